/* What becomes of a burn when a WRITE, or the flush behind the last one, fails. */
#include "burn_room.h"

#include "openimapi/log.h"

#define RECOVERIES_MAX 8                /* in one burn; more, and the medium or the drive is bad */
#define READY_LIMIT (60 * 1000)
#define REWIND_MIN (16u * 1024 * 1024)  /* bytes that may be on their way when an error is told late */

/* Goes on where the drive says that it stands. What it has not got yet is read from the source again. */
static bool resync(struct burn_job *job, uint32_t begin, uint32_t *position)
{
    struct mmc_track_info track;

    if (mmc_read_track_info(job->drive, MMC_ADDRESS_TRACK, job->track, &track)) return false;
    if (!track.next_writable_valid || track.next_writable % job->rules->unit) return false;
    if (track.next_writable < begin || track.next_writable > *position) return false;
    *position = track.next_writable;
    return true;
}

static bool flush_and_settle(struct burn_job *job)
{
    enum oi_status status = mmc_synchronize_cache(job->drive, false);

    if (status && status != OI_SENSE) return false;
    return !burn_wait(job, READY_LIMIT, false, true);
}

/* An overwritable medium has no next address: a late error may belong to whatever was still in a buffer. */
static void rewind_writing(struct burn_job *job, uint32_t begin, uint32_t *position)
{
    uint32_t bytes = job->drive_buffer > REWIND_MIN / 2 ? job->drive_buffer * 2 : REWIND_MIN;
    uint32_t blocks = bytes / MMC_BLOCK_SIZE / job->rules->unit * job->rules->unit;

    if (*position - begin > blocks) *position -= blocks;
    else if (job->options->range_count > 1) job->restart = true;
    else *position = begin;
}

static bool recover_late_error(struct burn_job *job, const struct mmc_sense_rule *rule, uint32_t begin,
                               uint32_t *position)
{
    if (rule->action == MMC_ACTION_GO_ON) return true;  /* only the command that told it was not done */
    switch (rule->action)
    {
    case MMC_ACTION_RESYNC:
        if (job->medium.state & MMC_STATE_OVERWRITABLE) break;
        return job->rules->resumable && flush_and_settle(job) && resync(job, begin, position);
    case MMC_ACTION_RETRY:
    case MMC_ACTION_POLL:
    case MMC_ACTION_REPEAT:
        if (job->medium.state & MMC_STATE_OVERWRITABLE) break;
        return resync(job, begin, position);
    default: return false;
    }
    rewind_writing(job, begin, position);
    return true;
}

static bool recover_error(struct burn_job *job, const struct mmc_sense_rule *rule, uint32_t begin,
                          uint32_t *position)
{
    switch (rule->action)
    {
    case MMC_ACTION_RETRY: return true;
    case MMC_ACTION_RETRY_SLOWER:
        burn_slow_down(job);
        return true;
    case MMC_ACTION_FLUSH_AND_RETRY:
        /* On CD a flush would end the track. */
        return job->rules->family != &burn_family_cd && flush_and_settle(job);
    case MMC_ACTION_RESYNC:
        if (job->medium.state & MMC_STATE_OVERWRITABLE) return flush_and_settle(job);
        return job->rules->resumable && flush_and_settle(job) && resync(job, begin, position);
    default: return false;
    }
}

enum oi_status burn_recover(struct burn_job *job, uint32_t begin, uint32_t *position, enum oi_status status)
{
    const struct mmc_failure failure = job->drive->failure;
    const struct mmc_sense_rule *rule = mmc_sense_rule(&failure.sense);
    uint32_t failed_at = *position;
    bool recovered;

    if (status != OI_SENSE || !failure.size || job->recoveries >= RECOVERIES_MAX) return status;
    /* Once at each place. */
    if (job->recoveries && failed_at == job->recovered_at) return status;
    if (failure.sense.deferred) recovered = recover_late_error(job, rule, begin, position);
    else recovered = recover_error(job, rule, begin, position);
    job->drive->failure = failure;
    /* Who asked to stop while it was tried hears that it stopped. */
    if (!recovered) return job->cancelled ? OI_CANCELLED : status;
    job->recoveries++;
    job->recovered_at = failed_at;
    log_warning("%s at block %u, the next to write being %u: trying again", rule->text, failed_at, *position);
    return OI_OK;
}
