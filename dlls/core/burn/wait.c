/* Waiting for the drive, flushing and closing: long commands, each with Immed, a wait and a limit. */
#include "burn_room.h"

#include "openimapi/log.h"

#include <stddef.h>

#define POLL_PERIOD 500
#define BUSY_LIMIT (5 * 1000)           /* for a drive that said that it was ready */
#define BUSY_PERIOD 100
#define FLUSH_LIMIT (900 * 1000)
#define CLOSE_LIMIT (3600 * 1000)
#define GRACE (180 * 1000)              /* for a disc to be brought in order when somebody wants to stop */

static bool tick(void *context, int32_t progress)
{
    (void)progress;
    return !burn_poll_cancel(context);
}

/* The disc is of no use until the drive has done this; but a drive that hangs must not hold its user. */
static bool patient_tick(void *context, int32_t progress)
{
    struct burn_job *job = context;

    (void)progress;
    if (!burn_poll_cancel(job)) return true;
    return clock_now(job->drive->transport->clock) - job->cancelled_at < GRACE;
}

static bool tick_between(void *context, int32_t progress)
{
    const struct burn_job *job = context;

    return job->tidying ? patient_tick(context, progress) : tick(context, progress);
}

void burn_init_patience(struct burn_job *job, struct mmc_wait *patience)
{
    *patience = (struct mmc_wait){ .limit = BUSY_LIMIT, .period = BUSY_PERIOD, .tick = tick_between,
                                   .context = job };
}

enum oi_status burn_wait(struct burn_job *job, uint32_t limit, bool disc_information, bool heed_cancel)
{
    const struct mmc_wait wait =
    {
        .limit = limit, .period = POLL_PERIOD, .disc_information = disc_information,
        .tick = heed_cancel ? tick : patient_tick, .context = job,
    };

    return mmc_wait_ready(job->drive, &wait);
}

/* Drives with nothing in the cache may refuse to flush it. */
static bool nothing_to_flush(const struct mmc_drive *drive)
{
    const struct mmc_sense *sense = &drive->failure.sense;

    if (sense->deferred || sense->key != MMC_KEY_ILLEGAL_REQUEST) return false;
    return sense->asc == 0x20 || sense->asc == 0x2C;
}

static enum oi_status flush_once(struct burn_job *job, bool immediate)
{
    enum oi_status status = mmc_synchronize_cache(job->drive, immediate);

    if (status == OI_SENSE && !job->drive->failure.sense.deferred)
    {
        enum mmc_action action = mmc_sense_rule(&job->drive->failure.sense)->action;

        if (nothing_to_flush(job->drive)) return OI_OK;
        /* It is still writing what it has: wait for that, then ask once more. */
        if (action == MMC_ACTION_POLL || action == MMC_ACTION_REPEAT)
        {
            TRY(burn_wait(job, FLUSH_LIMIT, false, false));
            status = mmc_synchronize_cache(job->drive, immediate);
            if (status == OI_SENSE && nothing_to_flush(job->drive)) return OI_OK;
        }
    }
    return status;
}

enum oi_status burn_flush(struct burn_job *job)
{
    if (!job->drive->avoid_immediate)
    {
        TRY(flush_once(job, true));
        TRY(burn_wait(job, FLUSH_LIMIT, false, false));
    }
    /* Some drives come back early from the one with Immed; this one returns when all is on the medium. */
    return flush_once(job, false);
}

/* OI_OK with *again when the same close may be tried once more. */
static enum oi_status close_failed(struct burn_job *job, enum oi_status status, bool *again)
{
    const struct mmc_sense *sense = &job->drive->failure.sense;
    const struct mmc_sense_rule *rule = mmc_sense_rule(sense);

    *again = false;
    if (status != OI_SENSE) return status;
    if (sense->key == MMC_KEY_ILLEGAL_REQUEST && sense->asc == 0x2C) return OI_OK;      /* nothing to close */
    switch (rule->action)
    {
    case MMC_ACTION_POLL:
    case MMC_ACTION_REPEAT:
    case MMC_ACTION_RETRY:
        *again = true;
        return burn_wait(job, CLOSE_LIMIT, false, false);
    case MMC_ACTION_CLOSE_TRACK:
        *again = true;
        TRY(mmc_close(job->drive, MMC_CLOSE_TRACK, job->track, true));
        return burn_wait(job, CLOSE_LIMIT, false, false);
    default: return status;
    }
}

enum oi_status burn_close(struct burn_job *job, enum mmc_close function, uint16_t number)
{
    bool again = true;

    for (int i = 0; i < 2 && again; i++)
    {
        enum oi_status status = mmc_close(job->drive, function, number, true);

        /* The error of a close with Immed comes with the first answer after it. */
        if (!status) status = burn_wait(job, CLOSE_LIMIT, true, false);
        if (!status) return OI_OK;
        if (i) return status;
        TRY(close_failed(job, status, &again));
    }
    return OI_OK;
}

enum oi_status burn_close_as_wanted(struct burn_job *job)
{
    const uint8_t *functions = job->rules->close[job->closing];
    enum oi_status status = OI_OK;

    for (size_t i = 0; i < sizeof(job->rules->close[0]) && functions[i]; i++)
    {
        status = burn_close(job, (enum mmc_close)functions[i], 0);
        if (status != OI_SENSE) return status;
        if (mmc_sense_rule(&job->drive->failure.sense)->action != MMC_ACTION_ANOTHER_WAY) return status;
        log_info("the drive does not know how to close by function %u", functions[i]);
    }
    return status;
}
