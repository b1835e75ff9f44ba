/* DVD+RW and BD-RE: formatted when they must be, written anywhere, nothing to close but a running format. */
#include "burn_room.h"

#include "openimapi/log.h"

#define FORMAT_LIMIT (4 * 3600 * 1000)
#define PROBE_PATIENCE (60 * 1000)
#define DVD_PLUS_RW_BASIC 0x26
#define WHOLE_MEDIUM 0xFFFFFFFFu
#define RESTART 1u                      /* of a background format that was stopped, MMC-5 6.5.4.2.14 */

#define BACKGROUND_STOPPED 1            /* READ DISC INFORMATION: started, but does not run */

static uint32_t last_block(const struct burn_job *job)
{
    struct burn_walk walk = { 0 };
    struct burn_extent extent;
    uint32_t last = 0;

    while (burn_next_extent(job, &walk, &extent))
    {
        if (extent.lba + extent.count - 1 > last) last = extent.lba + extent.count - 1;
    }
    return last;
}

/* A stopped background format has to go on when the data reach behind what is formatted. */
static bool wants_restart(const struct burn_job *job)
{
    const struct mmc_medium *medium = &job->medium;

    if (medium->type != MMC_MEDIUM_DVD_PLUS_RW || medium->unformatted) return false;
    if (medium->disc.background_format != BACKGROUND_STOPPED) return false;
    return last_block(job) >= medium->formatted_blocks;
}

static enum oi_status format_as(struct burn_job *job, const struct mmc_format_capacities *caps, uint8_t type,
                                bool restart)
{
    const struct mmc_format_capacity *format = mmc_find_format(caps, type);

    if (type == DVD_PLUS_RW_BASIC)
    {
        return mmc_format_unit(job->drive, type, 0, format ? format->blocks : WHOLE_MEDIUM,
                               restart ? RESTART : 0, true);
    }
    if (!format) return OI_NOT_SUPPORTED;
    return mmc_format_unit(job->drive, type, 0, format->blocks, format->parameter, true);
}

/* True when another type may be taken instead. */
static bool try_next(const struct burn_job *job, enum oi_status status)
{
    enum mmc_action action;

    if (status == OI_NOT_SUPPORTED) return true;
    if (status != OI_SENSE) return false;
    action = mmc_sense_rule(&job->drive->failure.sense)->action;
    return action == MMC_ACTION_ANOTHER_PARAMETER || action == MMC_ACTION_ANOTHER_WAY;
}

static enum oi_status run_format(struct burn_job *job, bool restart)
{
    struct mmc_format_capacities caps;
    enum oi_status status = OI_NOT_SUPPORTED;

    TRY(mmc_read_format_capacities(job->drive, &caps));
    for (size_t i = 0; i < sizeof(job->rules->format_types) && job->rules->format_types[i] != 0xFF; i++)
    {
        status = format_as(job, &caps, job->rules->format_types[i], restart);
        if (!status || !try_next(job, status)) break;
    }
    if (status && try_next(job, status)) return OI_MEDIUM_NOT_FORMATTED;
    TRY(status);
    TRY(burn_wait(job, FORMAT_LIMIT, true, true));
    TRY(burn_flush(job));
    return mmc_medium_probe(job->drive, PROBE_PATIENCE, &job->medium);
}

static enum oi_status overwritable_format(struct burn_job *job)
{
    bool restart = wants_restart(job);

    if (!job->medium.unformatted && !restart) return OI_OK;
    TRY(burn_action(job, BURN_FORMATTING));
    TRY(run_format(job, restart));
    return job->medium.unformatted ? OI_MEDIUM_NOT_FORMATTED : OI_OK;
}

static enum oi_status overwritable_start(struct burn_job *job)
{
    uint32_t last = last_block(job);

    job->start = job->options->range_count ? job->options->ranges[0].first : 0;
    job->track = 1;
    job->room = last < job->medium.total_blocks ? job->data_blocks : 0;
    return OI_OK;
}

/* Ends the background format early; what is written is readable then, in old drives too. */
static enum oi_status stop_format(struct burn_job *job)
{
    static const enum mmc_close functions[] = { MMC_CLOSE_STOP_FORMAT, MMC_CLOSE_SESSION };

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
    {
        enum oi_status status = burn_close(job, functions[i], 0);

        /* Drives without background formatting, or with none running, know no such thing. */
        if (status == OI_SENSE && job->drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST) continue;
        TRY(status);
    }
    return OI_OK;
}

static enum oi_status overwritable_finish(struct burn_job *job)
{
    return job->rules->stop_format ? stop_format(job) : OI_OK;
}

static void overwritable_abandon(struct burn_job *job)
{
    if (burn_flush(job)) log_warning("the drive could not be flushed");
    if (overwritable_finish(job)) log_warning("the format could not be stopped");
}

const struct burn_family burn_family_overwritable =
{
    .format = overwritable_format,
    .start = overwritable_start,
    .finish = overwritable_finish,
    .abandon = overwritable_abandon,
};
