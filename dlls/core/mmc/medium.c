/* The snapshot of the medium in the drive, and whether an overwritable one holds anything. */
#include "medium_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define POLL_PERIOD 500
#define BLANK_CHECK_BLOCKS 1024u        /* 2 MiB */
#define BLANK_CHECK_CHUNK 16u
#define BLANK_CHECK_TRIES 5
#define BLANK_CHECK_PAUSE 2000          /* milliseconds */

/* READ DISC STRUCTURE C0h, byte 0, and page 1Dh: who forbids writing. Both only where feature 0004h says
   that there is something to ask. */
static enum oi_status read_write_protection(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    struct mmc_reply reply;
    enum oi_status status;
    bool bd = mmc_feature_is_current(&probe->configuration, MMC_FEATURE_BD_READ);

    if (medium_profile(medium->profile)->kind == KIND_READ_ONLY)
    {
        medium->write_protect |= MMC_PROTECT_READ_ONLY_MEDIUM;
    }
    if (!mmc_feature_is_current(&probe->configuration, MMC_FEATURE_WRITE_PROTECT)) return OI_OK;
    if (bd || mmc_feature_is_current(&probe->configuration, MMC_FEATURE_DVD_READ))
    {
        status = mmc_read_structure(probe->drive, bd, 0xC0, 0, 0, 0, &reply);
        if (medium_is_fatal(probe->drive, status)) return status;
        if (!status)
        {
            uint8_t flags = reply.bytes[0];

            if (flags & 0x01) medium->write_protect |= MMC_PROTECT_UNTIL_POWERDOWN;
            if (flags & 0x02) medium->write_protect |= MMC_PROTECT_SOFTWARE;
            if (flags & 0x04) medium->write_protect |= MMC_PROTECT_CARTRIDGE;
            if (flags & 0x08) medium->write_protect |= MMC_PROTECT_MEDIA_SPECIFIC;
            mmc_reply_free(&reply);
        }
    }
    status = mmc_read_mode_page(probe->drive, MMC_PAGE_TIMEOUT_PROTECT, MMC_PAGE_CURRENT, &reply);
    if (medium_is_fatal(probe->drive, status)) return status;
    if (!status)
    {
        /* SWPP: software write protection until the power goes. */
        if (reply.size > 4 && reply.bytes[4] & 0x01) medium->write_protect |= MMC_PROTECT_UNTIL_POWERDOWN;
        mmc_reply_free(&reply);
    }
    return OI_OK;
}

/* Profile and features; a drive from before them is judged by its disc information. */
static enum oi_status read_profile(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;
    enum oi_status status = mmc_read_configuration(probe->drive, false, &probe->configuration);

    if (!status) medium->profile = probe->configuration.profile;
    else if (status != OI_NO_GET_CONFIGURATION) return status;

    status = mmc_read_disc_info(probe->drive, &medium->disc);
    if (medium_is_fatal(probe->drive, status)) return status;
    probe->disc_known = !status;
    if (!probe->configuration.reply.bytes)
    {
        bool writable = probe->disc_known && medium->disc.status < MMC_DISC_COMPLETE;

        medium->profile = writable ? MMC_PROFILE_CD_R : MMC_PROFILE_CD_ROM;
        if (probe->disc_known && medium->disc.erasable) medium->profile = MMC_PROFILE_CD_RW;
    }
    /* A drive may show a CD that it could still write as a CD-ROM: then the disc information is right. */
    else if (medium->profile == MMC_PROFILE_CD_ROM && probe->disc_known &&
             medium->disc.status < MMC_DISC_COMPLETE)
    {
        medium->profile = medium->disc.erasable ? MMC_PROFILE_CD_RW : MMC_PROFILE_CD_R;
    }
    return OI_OK;
}

static enum oi_status read_capacity(struct medium_probe *probe)
{
    uint32_t last = 0, size = 0;
    enum oi_status status = mmc_read_capacity(probe->drive, &last, &size);

    if (medium_is_fatal(probe->drive, status)) return status;
    if (!status && last && last != UINT32_MAX) probe->medium->recorded_blocks = last + 1;
    return OI_OK;
}

static enum oi_status read_state(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;

    switch (medium_profile(medium->profile)->kind)
    {
    case KIND_SEQUENTIAL:
        TRY(medium_read_sessions(probe));
        return medium_read_sequential(probe);
    case KIND_OVERWRITABLE: return medium_read_overwritable(probe);
    case KIND_READ_ONLY:
        /* Disc information of DVD-ROMs and BD-ROMs is unreliable: they are closed, whatever it says. */
        medium->state |= MMC_STATE_FINALIZED;
        medium->total_blocks = medium->recorded_blocks;
        if (medium->erasable && medium->type == MMC_MEDIUM_CD_RW) medium->state |= MMC_STATE_ERASE_REQUIRED;
        return medium->type <= MMC_MEDIUM_CD_RW ? medium_read_sessions(probe) : OI_OK;
    default:
        medium->state |= MMC_STATE_UNSUPPORTED;
        medium->total_blocks = medium->recorded_blocks;
        return OI_OK;
    }
}

static enum oi_status read_all(struct medium_probe *probe)
{
    struct mmc_medium *medium = probe->medium;

    TRY(read_profile(probe));
    medium->type = medium_physical_type(probe);
    medium->write_unit = mmc_profile_write_unit(medium->profile);
    medium->erasable = probe->disc_known && medium->disc.erasable;
    medium->pseudo_overwrite = mmc_feature_is_current(&probe->configuration, MMC_FEATURE_BD_R_POW);
    TRY(read_capacity(probe));
    TRY(read_state(probe));
    TRY(read_write_protection(probe));
    if (medium->write_protect) medium->state |= MMC_STATE_WRITE_PROTECTED;
    return mmc_read_speeds(probe->drive, medium->profile, &medium->speeds);
}

enum oi_status mmc_medium_probe(struct mmc_drive *drive, uint32_t patience, struct mmc_medium *medium)
{
    const struct mmc_wait wait = { .limit = patience, .period = POLL_PERIOD, .disc_information = patience };
    struct medium_probe probe = { .drive = drive, .medium = medium };
    enum oi_status status;

    memset(medium, 0, sizeof(*medium));
    medium->previous_session = -1;
    medium->last_written = -1;
    status = mmc_wait_ready(drive, &wait);
    /* What the drive said is worth more than that it took too long. */
    if (status == OI_TIMEOUT && drive->failure.status == OI_SENSE) return OI_SENSE;
    if (status) return status;
    status = read_all(&probe);
    mmc_configuration_free(&probe.configuration);
    if (!status) memset(&drive->failure, 0, sizeof(drive->failure));
    return status;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    return !bytes[0] && !memcmp(bytes, bytes + 1, size - 1);
}

/* Reads a few blocks, again while the drive is busy. */
static enum oi_status read_patiently(struct mmc_drive *drive, uint32_t first, uint32_t count, uint8_t *chunk)
{
    for (int i = 1;; i++)
    {
        enum oi_status status = mmc_read_10(drive, first, (uint16_t)count, chunk);
        enum mmc_action action = mmc_sense_rule(&drive->failure.sense)->action;

        if (status != OI_SENSE || i == BLANK_CHECK_TRIES) return status;
        if (action != MMC_ACTION_POLL && action != MMC_ACTION_REPEAT) return status;
        clock_sleep(drive->transport->clock, BLANK_CHECK_PAUSE);
    }
}

/* While a background format has not reached the end, what lies there cannot be read, and holds nothing. */
static bool holds_nothing(const struct mmc_drive *drive, const struct mmc_medium *medium, uint32_t first)
{
    const struct mmc_sense *sense = &drive->failure.sense;
    bool half_done = medium->disc.background_format == 1 || medium->disc.background_format == 2;
    bool far_end = first >= BLANK_CHECK_BLOCKS;

    if (sense->deferred) return false;
    if (sense->key == MMC_KEY_BLANK_CHECK) return true;
    return half_done && far_end && (sense->key == MMC_KEY_MEDIUM_ERROR ||
                                    (sense->key == MMC_KEY_ILLEGAL_REQUEST && sense->asc == 0x21));
}

static enum oi_status range_reads_blank(struct mmc_drive *drive, const struct mmc_medium *medium,
                                        uint32_t first, uint32_t count, bool *blank)
{
    uint8_t *chunk = malloc(BLANK_CHECK_CHUNK * MMC_BLOCK_SIZE);
    enum oi_status status = chunk ? OI_OK : OI_NO_MEMORY;

    *blank = true;
    while (!status && *blank && count)
    {
        uint32_t part = count < BLANK_CHECK_CHUNK ? count : BLANK_CHECK_CHUNK;

        status = read_patiently(drive, first, part, chunk);
        /* Nothing recorded there, or nothing that can be read: not blank for sure only in the second case. */
        if (status == OI_SENSE && holds_nothing(drive, medium, first)) status = OI_OK;
        else if (status == OI_SENSE && drive->failure.sense.key == MMC_KEY_MEDIUM_ERROR)
        {
            status = OI_OK;
            *blank = false;
        }
        else if (!status) *blank = all_zero(chunk, part * MMC_BLOCK_SIZE);
        first += part;
        count -= part;
    }
    free(chunk);
    return status;
}

enum oi_status mmc_medium_reads_blank(struct mmc_drive *drive, const struct mmc_medium *medium, bool *blank)
{
    uint32_t count = BLANK_CHECK_BLOCKS, blocks = medium->recorded_blocks;

    *blank = medium->state & MMC_STATE_BLANK;
    if (*blank || !(medium->state & MMC_STATE_OVERWRITABLE)) return OI_OK;
    if (blocks < count) count = blocks;
    TRY(range_reads_blank(drive, medium, 0, count, blank));
    if (*blank && blocks > count) TRY(range_reads_blank(drive, medium, blocks - count, count, blank));
    return OI_OK;
}
