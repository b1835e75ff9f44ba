/* What is told while a burn runs, and whether it is asked to stop. */
#include "burn_room.h"

#include "openimapi/log.h"

#define EVENT_PERIOD 500                /* milliseconds */

void burn_meter_init(struct burn_job *job)
{
    job->meter.start = clock_now(job->drive->transport->clock);
    job->meter.last_event = job->meter.start;
    job->meter.speed = 1;
    job->meter.count = job->source_blocks ? job->source_blocks : 1;
}

/* By the rate so far; before there is one, by the speed of the drive. */
static uint32_t remaining(const struct burn_job *job, uint64_t now)
{
    const struct burn_meter *meter = &job->meter;
    uint32_t left = meter->total_blocks - meter->done_blocks;
    uint64_t writing = now - meter->write_start;

    if (meter->action >= BURN_FINALIZING) return 0;
    if (meter->action == BURN_WRITING && meter->done_blocks && writing >= 1000)
    {
        uint64_t seconds = writing * left / meter->done_blocks / 1000;

        return seconds > INT32_MAX ? INT32_MAX : (uint32_t)seconds;
    }
    return left / meter->speed;
}

static void fill(struct burn_job *job, struct burn_progress *progress)
{
    const struct burn_meter *meter = &job->meter;
    uint64_t now = clock_now(job->drive->transport->clock);

    progress->action = meter->action;
    progress->start = meter->first;
    progress->count = meter->count;
    progress->last_read = meter->last_read > meter->first ? meter->last_read : meter->first;
    progress->last_written = meter->last_written > meter->first ? meter->last_written : meter->first;
    progress->elapsed = (uint32_t)((now - meter->start) / 1000);
    progress->remaining = remaining(job, now);
    progress->total = progress->elapsed + progress->remaining;
    if (!progress->total) progress->total = 1;
    progress->buffer_total = job->chunk * MMC_BLOCK_SIZE;
    progress->buffer_used = meter->in_chunk;
    if (job->callbacks && job->callbacks->buffer)
    {
        job->callbacks->buffer(job->callbacks->context, &progress->buffer_total, &progress->buffer_used);
    }
    if (progress->buffer_used > progress->buffer_total) progress->buffer_used = progress->buffer_total;
}

static void note_cancel(struct burn_job *job)
{
    if (!job->cancelled) job->cancelled_at = clock_now(job->drive->transport->clock);
    job->cancelled = true;
}

enum oi_status burn_poll_cancel(struct burn_job *job)
{
    const struct burn_callbacks *callbacks = job->callbacks;

    if (callbacks && callbacks->cancelled && callbacks->cancelled(callbacks->context)) note_cancel(job);
    return job->cancelled ? OI_CANCELLED : OI_OK;
}

/* For a person who waits and whose program shows nothing: scripts on Wine, for example, get no events. */
static void log_progress(const struct burn_progress *progress)
{
    static const char *const names[] =
    {
        "looking at the medium", "formatting", "setting the drive up", "calibrating", "writing", "finalizing",
        "completed", "verifying",
    };
    uint32_t done = (uint32_t)(progress->last_written - progress->start);

    if (progress->action == BURN_WRITING)
        log_info("burn: writing, %u of %u blocks, %u s left", done, progress->count, progress->remaining);
    else
        log_info("burn: %s", names[progress->action]);
}

static enum oi_status tell(struct burn_job *job)
{
    struct burn_progress progress;

    job->meter.last_event = clock_now(job->drive->transport->clock);
    fill(job, &progress);
    if (log_enabled(LOG_INFO)) log_progress(&progress);
    if (job->callbacks && job->callbacks->progress)
    {
        if (!job->callbacks->progress(job->callbacks->context, &progress)) note_cancel(job);
    }
    return burn_poll_cancel(job);
}

enum oi_status burn_action(struct burn_job *job, enum burn_action action)
{
    job->meter.action = action;
    if (action == BURN_WRITING) job->meter.write_start = clock_now(job->drive->transport->clock);
    return tell(job);
}

enum oi_status burn_tick(struct burn_job *job, bool now)
{
    if (!now && clock_now(job->drive->transport->clock) - job->meter.last_event < EVENT_PERIOD)
    {
        return burn_poll_cancel(job);
    }
    return tell(job);
}
