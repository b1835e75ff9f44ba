/* READ TRACK INFORMATION, MMC-5 6.27, and which track to ask for. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define TRACK_INFO_MIN 28

enum oi_status mmc_track_info_parse(const uint8_t *bytes, size_t size, struct mmc_track_info *info)
{
    size_t length;

    memset(info, 0, sizeof(*info));
    if (size < TRACK_INFO_MIN) return OI_INVALID_RESPONSE;
    length = get_be16(bytes) + 2u;
    if (length < TRACK_INFO_MIN || length > size) return OI_INVALID_RESPONSE;

    info->track = bytes[2];
    info->session = bytes[3];
    info->damage = bytes[5] & 0x20;
    info->copy = bytes[5] & 0x10;
    info->track_mode = bytes[5] & 0x0F;
    info->reserved = bytes[6] & 0x80;
    info->blank = bytes[6] & 0x40;
    info->packet = bytes[6] & 0x20;
    info->fixed_packet = bytes[6] & 0x10;
    info->data_mode = bytes[6] & 0x0F;
    info->last_recorded_valid = bytes[7] & 0x02;
    info->next_writable_valid = bytes[7] & 0x01;
    info->start = get_be32(bytes + 8);
    info->next_writable = get_be32(bytes + 12);
    info->free_blocks = get_be32(bytes + 16);
    info->fixed_packet_size = get_be32(bytes + 20);
    info->size = get_be32(bytes + 24);
    if (length >= 32) info->last_recorded = get_be32(bytes + 28);
    else info->last_recorded_valid = false;
    if (length >= 34)
    {
        info->track = (uint16_t)(bytes[32] << 8 | bytes[2]);
        info->session = (uint16_t)(bytes[33] << 8 | bytes[3]);
    }
    return OI_OK;
}

enum oi_status mmc_read_track_info_raw(struct mmc_drive *drive, enum mmc_track_address kind, uint32_t address,
                                       struct mmc_reply *reply)
{
    struct mmc_question question =
    {
        .cdb = { MMC_READ_TRACK_INFORMATION, (uint8_t)kind & 0x03 }, .cdb_size = 10, .allocation = 7,
        .length = LENGTH_16_AT_0, .header = 4, .limit = 0xFFFF, .timeout = TIMEOUT_TRACK_INFO,
    };

    put_be32(question.cdb + 2, address);
    TRY(mmc_ask(drive, &question, reply));
    if (reply->size >= TRACK_INFO_MIN) return OI_OK;
    mmc_reply_free(reply);
    return mmc_fail(drive, MMC_READ_TRACK_INFORMATION, OI_INVALID_RESPONSE);
}

enum oi_status mmc_read_track_info(struct mmc_drive *drive, enum mmc_track_address kind, uint32_t address,
                                   struct mmc_track_info *info)
{
    struct mmc_reply reply;
    enum oi_status status;

    TRY(mmc_read_track_info_raw(drive, kind, address, &reply));
    status = mmc_track_info_parse(reply.bytes, reply.size, info);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_TRACK_INFORMATION, status) : OI_OK;
}

uint32_t mmc_next_track_number(uint16_t profile, const struct mmc_disc_info *disc)
{
    switch (profile)
    {
    case MMC_PROFILE_NONE:              /* a drive from before GET CONFIGURATION: a CD */
    case MMC_PROFILE_CD_R:
    case MMC_PROFILE_CD_RW:
    case MMC_PROFILE_DVD_PLUS_R:
    case MMC_PROFILE_DVD_PLUS_R_DL: return MMC_INVISIBLE_TRACK;
    case MMC_PROFILE_DVD_R:
    case MMC_PROFILE_DVD_RW_SEQUENTIAL:
    case MMC_PROFILE_DVD_R_DL_SEQUENTIAL:
    case MMC_PROFILE_DVD_R_DL_JUMP:
    case MMC_PROFILE_BD_R_SRM: return disc->last_track_of_last;
    default: return 1;
    }
}
