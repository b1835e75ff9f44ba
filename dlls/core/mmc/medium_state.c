/* State, capacity and addresses of a medium, for those written in order and those written anywhere. */
#include "medium_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define CD_TRACKS_MAX 99
#define DVD_PLUS_R_SESSIONS_MAX 153
#define TRACKS_WALKED_MAX 512           /* backwards through one session; far above any real one */

bool medium_is_fatal(const struct mmc_drive *drive, enum oi_status status)
{
    if (!status || status == OI_NO_DISC_STRUCTURE) return false;
    if (status != OI_SENSE) return true;
    switch (drive->failure.sense.key)
    {
    case MMC_KEY_MEDIUM_ERROR:
    case MMC_KEY_ILLEGAL_REQUEST:
    case MMC_KEY_DATA_PROTECT:
    case MMC_KEY_BLANK_CHECK: return false;
    default: return true;
    }
}

static bool is_cd(const struct mmc_medium *medium)
{
    return medium->type <= MMC_MEDIUM_CD_RW;
}

/* The track to be written next. Drives from before the invisible track know it by number only. */
static enum oi_status read_next_track(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    uint32_t number = mmc_next_track_number(medium->profile, &medium->disc);
    enum oi_status status = mmc_read_track_info(probe->drive, MMC_ADDRESS_TRACK, number, &medium->track);

    if (status == OI_SENSE && number == MMC_INVISIBLE_TRACK)
    {
        number = medium->disc.last_track_of_last;
        status = mmc_read_track_info(probe->drive, MMC_ADDRESS_TRACK, number, &medium->track);
    }
    if (status) memset(&medium->track, 0, sizeof(medium->track));
    return status;
}

/* True when READ TRACK INFORMATION contradicts itself, as some emulated and bridged drives' does. */
static bool track_is_nonsense(const struct mmc_track_info *track)
{
    if (!track->next_writable_valid) return false;
    if (track->free_blocks > INT32_MAX) return true;
    return (int32_t)track->next_writable >= 0 && (track->next_writable < track->start ||
                                                  track->next_writable > INT32_MAX - track->free_blocks);
}

static void take_next_writable(struct mmc_medium *medium)
{
    const struct mmc_track_info *track = &medium->track;

    /* Some drives answer -150 on a blank CD, the start of the pre-gap: data begin at the track's start. */
    medium->next_writable = (int32_t)track->next_writable < (int32_t)track->start ? track->start
                                                                                : track->next_writable;
    medium->free_blocks = track->free_blocks;
    medium->next_track = track->track;
    medium->total_blocks = medium->next_writable + medium->free_blocks;
    /* On a CD the last possible lead-out tells the capacity, in minutes, seconds, frames. */
    if (is_cd(medium) && medium->disc.last_lead_out_valid)
    {
        uint32_t msf = medium->disc.last_lead_out;
        int32_t lba = mmc_msf_to_lba((uint8_t)(msf >> 16), (uint8_t)(msf >> 8), (uint8_t)msf);

        if (lba > 0 && (uint32_t)lba > medium->next_writable) medium->total_blocks = (uint32_t)lba;
    }
}

/* One more session, and the medium is full, whatever room is left on it. */
static bool last_one(const struct mmc_medium *medium)
{
    if (is_cd(medium)) return medium->tracks + 1 >= CD_TRACKS_MAX;
    if (medium->type == MMC_MEDIUM_DVD_PLUS_R || medium->type == MMC_MEDIUM_DVD_PLUS_R_DL)
    {
        return medium->sessions + 1 >= DVD_PLUS_R_SESSIONS_MAX;
    }
    return false;
}

static void derive_writable_state(struct mmc_medium *medium)
{
    const struct mmc_disc_info *disc = &medium->disc;
    bool blank = disc->status == MMC_DISC_BLANK;

    /* A BD-R that was only formatted says appendable, with one empty session and nothing to read. */
    if (medium->type == MMC_MEDIUM_BD_R && disc->status == MMC_DISC_APPENDABLE && !medium->recorded_blocks &&
        disc->sessions <= 1 && disc->last_session == MMC_SESSION_EMPTY)
    {
        blank = true;
    }
    if (disc->last_session == MMC_SESSION_DAMAGED ||
        (medium->track.damage && !medium->track.next_writable_valid))
    {
        /* Damage with a next writable address can still be recorded; without one nothing can be. */
        medium->state |= MMC_STATE_DAMAGED;
        return;
    }
    if (!medium->track.next_writable_valid)
    {
        /* Full: not closed, but nothing more goes onto it. */
        medium->state |= MMC_STATE_FINALIZED;
        if (medium->erasable) medium->state |= MMC_STATE_ERASE_REQUIRED;
        medium->total_blocks = medium->recorded_blocks;
        return;
    }
    take_next_writable(medium);
    if (blank) medium->state |= MMC_STATE_BLANK;
    else medium->state |= MMC_STATE_APPENDABLE;
    if (!blank && disc->last_session == MMC_SESSION_INCOMPLETE) medium->state |= MMC_STATE_NON_EMPTY_SESSION;
    if (last_one(medium)) medium->state |= MMC_STATE_FINAL_SESSION;
}

enum oi_status medium_read_sequential(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    const struct mmc_disc_info *disc = &medium->disc;
    enum oi_status status;

    if (!probe->disc_known || disc->status == MMC_DISC_OTHER)
    {
        medium->state |= MMC_STATE_UNSUPPORTED;
        return OI_OK;
    }
    if (disc->status == MMC_DISC_COMPLETE)
    {
        medium->state |= MMC_STATE_FINALIZED;
        if (medium->erasable) medium->state |= MMC_STATE_ERASE_REQUIRED;
        medium->total_blocks = medium->recorded_blocks;
        return OI_OK;
    }
    status = read_next_track(probe);
    if (medium_is_fatal(probe->drive, status)) return status;
    if (!status && track_is_nonsense(&medium->track)) medium->track.next_writable_valid = false;
    derive_writable_state(medium);
    return OI_OK;
}

/* What an overwritable medium holds: when formatted, and when it may have to be. */
static void take_format(struct mmc_medium *medium, const struct mmc_format_capacities *caps)
{
    const struct mmc_format_capacity *full = NULL;
    bool plus = medium->type == MMC_MEDIUM_DVD_PLUS_RW || medium->type == MMC_MEDIUM_DVD_PLUS_RW_DL;

    if (plus)
    {
        full = mmc_find_format(caps, 0x26);
        medium->unformatted = medium->disc.background_format == 0 && caps->current.type != 2;
    }
    else
    {
        medium->unformatted = caps->current.type == 1;
        if (medium->unformatted || medium->type == MMC_MEDIUM_DVD_RW) full = mmc_find_format(caps, 0x00);
    }
    if (full && full->blocks) medium->total_blocks = full->blocks;
    else medium->total_blocks = caps->current.blocks;
    if (caps->current.type == 2) medium->formatted_blocks = caps->current.blocks;
}

enum oi_status medium_read_overwritable(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    struct mmc_format_capacities caps;
    enum oi_status status;

    medium->state |= MMC_STATE_OVERWRITABLE;
    status = mmc_read_format_capacities(probe->drive, &caps);
    if (medium_is_fatal(probe->drive, status)) return status;
    if (!status) take_format(medium, &caps);
    if (!medium->formatted_blocks && !medium->unformatted) medium->formatted_blocks = medium->recorded_blocks;
    if (medium->total_blocks < medium->formatted_blocks) medium->total_blocks = medium->formatted_blocks;
    medium->free_blocks = medium->total_blocks;
    medium->next_track = 1;
    if (medium->unformatted) medium->state |= MMC_STATE_BLANK;

    status = mmc_read_track_info(probe->drive, MMC_ADDRESS_TRACK, 1, &medium->track);
    if (status) memset(&medium->track, 0, sizeof(medium->track));
    return medium_is_fatal(probe->drive, status) ? status : OI_OK;
}

/* The last block of data in a recorded track. */
static int32_t last_of_track(const struct mmc_medium *medium, const struct mmc_track_info *track)
{
    uint32_t run_out = is_cd(medium) && track->track_mode & 0x04 ? 2 : 0;

    if (track->last_recorded_valid && track->last_recorded >= track->start)
    {
        return (int32_t)track->last_recorded;
    }
    /* A track written at once ends with two blocks that belong to it and cannot be read. */
    if (track->size <= run_out) return -1;
    return (int32_t)(track->start + track->size - 1 - run_out);
}

enum oi_status medium_read_sessions(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    const struct mmc_disc_info *disc = &medium->disc;
    bool complete = disc->status == MMC_DISC_COMPLETE;
    uint16_t last = complete ? disc->last_track_of_last : (uint16_t)(disc->first_track_of_last - 1);
    struct mmc_track_info track;
    uint16_t session;
    enum oi_status status;

    if (!probe->disc_known || disc->status == MMC_DISC_BLANK || disc->status == MMC_DISC_OTHER) return OI_OK;
    medium->sessions = complete || !disc->sessions ? disc->sessions : (uint16_t)(disc->sessions - 1);
    if (!medium->sessions || !last || last == 0xFFFF) return OI_OK;
    medium->tracks = last;

    /* Drives invent the answers of READ TOC for DVDs; their track information can be relied on. */
    status = mmc_read_track_info(probe->drive, MMC_ADDRESS_TRACK, last, &track);
    if (status) return medium_is_fatal(probe->drive, status) ? status : OI_OK;
    session = track.session;
    medium->last_written = last_of_track(medium, &track);
    medium->previous_session = (int32_t)track.start;
    for (int i = 0; i < TRACKS_WALKED_MAX && last > 1; i++)
    {
        status = mmc_read_track_info(probe->drive, MMC_ADDRESS_TRACK, --last, &track);
        if (medium_is_fatal(probe->drive, status)) return status;
        if (status || track.session != session) break;
        medium->previous_session = (int32_t)track.start;
    }
    return OI_OK;
}
