/* DVD+R and BD-R: written in order from the next writable address, then track and session are closed. */
#include "burn_room.h"

#include "openimapi/log.h"

static enum oi_status read_track(struct burn_job *job, struct mmc_track_info *track)
{
    uint32_t number = mmc_next_track_number(job->medium.profile, &job->medium.disc);
    enum oi_status status = mmc_read_track_info(job->drive, MMC_ADDRESS_TRACK, number, track);

    if (status != OI_SENSE || number != MMC_INVISIBLE_TRACK) return status;
    return mmc_read_track_info(job->drive, MMC_ADDRESS_TRACK, job->medium.disc.last_track_of_last, track);
}

enum oi_status burn_read_next_writable(struct burn_job *job)
{
    struct mmc_track_info track;

    TRY(read_track(job, &track));
    if (!track.next_writable_valid) return OI_MEDIUM_STATE;
    /* Some drives answer -150 on a blank CD, the start of the pre-gap. */
    job->start = (int32_t)track.next_writable < (int32_t)track.start ? track.start : track.next_writable;
    job->room = track.free_blocks;
    job->track = track.track;
    if (job->start > INT32_MAX || job->room > INT32_MAX) return OI_INVALID_RESPONSE;
    /* Into what is recorded already, or off the write units: the drive does not know what it says. */
    if ((int32_t)job->start <= job->medium.last_written || job->start % job->rules->unit)
    {
        return OI_UNEXPECTED_RESPONSE;
    }
    if (job->room < job->rules->run_out) job->room = 0;
    else job->room -= job->rules->run_out;
    return OI_OK;
}

static enum oi_status sequential_finish(struct burn_job *job)
{
    TRY(burn_close(job, MMC_CLOSE_TRACK, job->track));
    return burn_close_as_wanted(job);
}

static void sequential_abandon(struct burn_job *job)
{
    if (burn_flush(job)) log_warning("the drive could not be flushed");
    if (burn_close(job, MMC_CLOSE_TRACK, job->track)) log_warning("the track could not be closed");
    if (burn_close(job, MMC_CLOSE_SESSION, 0)) log_warning("the session could not be closed");
}

const struct burn_family burn_family_sequential =
{
    .start = burn_read_next_writable,
    .finish = sequential_finish,
    .abandon = sequential_abandon,
};
