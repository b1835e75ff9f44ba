/* CD-R and CD-RW, track at once: the flush ends the track, CLOSE SESSION the session. */
#include "burn_room.h"

#include "openimapi/log.h"

#define FILL_LIMIT (60 * 1000)          /* milliseconds */
#define FILL_PAUSE 100

enum
{
    TRACK_AT_ONCE = 1,
    DATA_TRACK = 4,                     /* CONTROL: data, copying prohibited */
    MODE_1 = 8,                         /* data block type: 2048 bytes of user data */
    MULTI_SESSION_OPEN = 3,
};

static enum oi_status set_parameters(struct burn_job *job, enum burn_closing closing, bool test_write)
{
    const struct mmc_write_parameters parameters =
    {
        .underrun_free = !job->options->no_underrun_protection,
        .test_write = test_write,
        .write_type = TRACK_AT_ONCE,
        .multi_session = closing == CLOSING_SESSION ? MULTI_SESSION_OPEN : 0,
        .track_mode = DATA_TRACK,
        .block_type = MODE_1,
    };

    return mmc_set_write_parameters(job->drive, &parameters, &job->underrun_free);
}

static enum oi_status cd_prepare(struct burn_job *job)
{
    job->simulating = job->options->test_write;
    return set_parameters(job, job->closing, job->simulating);
}

static enum oi_status cd_finish(struct burn_job *job)
{
    /* A simulation leaves nothing to close. */
    return job->simulating ? OI_OK : burn_close_as_wanted(job);
}

/* The bit must not stay for the next who writes. */
static void cd_leave(struct burn_job *job)
{
    if (!job->simulating) return;
    if (set_parameters(job, CLOSING_SESSION, false)) log_warning("the drive goes on testing");
    job->simulating = false;
}

/* Its buffer may be full of what came before. */
static bool write_patiently(struct burn_job *job, uint32_t lba, uint32_t count)
{
    for (uint32_t waited = 0; waited < FILL_LIMIT; waited += FILL_PAUSE)
    {
        enum oi_status status = mmc_write_10(job->drive, lba, (uint16_t)count, job->buffer);
        enum mmc_action action = mmc_sense_rule(&job->drive->failure.sense)->action;

        if (status != OI_SENSE) return !status;
        if (action != MMC_ACTION_POLL && action != MMC_ACTION_REPEAT) return false;
        clock_sleep(job->drive->transport->clock, FILL_PAUSE);
    }
    return false;
}

/* A track shorter than the standard's four seconds is filled up, else nobody can read it. */
static void fill_up(struct burn_job *job)
{
    uint32_t next = (uint32_t)job->meter.last_written + 1, end = job->start + job->rules->minimum;

    for (size_t i = 0; i < (size_t)job->chunk * MMC_BLOCK_SIZE; i++) job->buffer[i] = 0;
    while (next < end)
    {
        uint32_t count = end - next < job->chunk ? end - next : job->chunk;

        if (!write_patiently(job, next, count)) return;
        next += count;
    }
}

static void cd_abandon(struct burn_job *job)
{
    if (!job->simulating) fill_up(job);
    if (burn_flush(job)) log_warning("the track could not be ended");
    if (job->simulating) return;
    /* Room for another session, whatever this one was to be. */
    if (set_parameters(job, CLOSING_SESSION, false) || burn_close(job, MMC_CLOSE_SESSION, 0))
    {
        log_warning("the session could not be closed");
    }
}

const struct burn_family burn_family_cd =
{
    .prepare = cd_prepare,
    .start = burn_read_next_writable,
    .finish = cd_finish,
    .leave = cd_leave,
    .abandon = cd_abandon,
};
