/* READ DISC INFORMATION, MMC-5 6.26. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define DISC_INFO_MIN 24

enum oi_status mmc_disc_info_parse(const uint8_t *bytes, size_t size, struct mmc_disc_info *info)
{
    size_t length;

    memset(info, 0, sizeof(*info));
    if (size < DISC_INFO_MIN) return OI_INVALID_RESPONSE;
    length = get_be16(bytes) + 2u;      /* the field does not count itself */
    if (length < DISC_INFO_MIN || length > size) return OI_INVALID_RESPONSE;

    info->erasable = bytes[2] & 0x10;
    info->last_session = (enum mmc_session_status)(bytes[2] >> 2 & 0x03);
    info->status = (enum mmc_disc_status)(bytes[2] & 0x03);
    info->first_track = bytes[3];
    info->sessions = (uint16_t)(bytes[9] << 8 | bytes[4]);
    info->first_track_of_last = (uint16_t)(bytes[10] << 8 | bytes[5]);
    info->last_track_of_last = (uint16_t)(bytes[11] << 8 | bytes[6]);
    info->identification_valid = bytes[7] & 0x80;
    info->background_format = bytes[7] & 0x03;
    info->disc_type = bytes[8];
    info->identification = get_be32(bytes + 12);
    info->last_lead_out = get_be32(bytes + 20);
    info->last_lead_out_valid = info->last_lead_out && (info->last_lead_out & 0x00FFFFFF) != 0x00FFFFFF;
    if (length > 33)
    {
        size_t room = (length - 34) / 8;

        info->opc_tables = bytes[33] < room ? bytes[33] : (uint8_t)room;
    }
    return OI_OK;
}

enum oi_status mmc_read_disc_info_raw(struct mmc_drive *drive, struct mmc_reply *reply)
{
    const struct mmc_question question =
    {
        .cdb = { MMC_READ_DISC_INFORMATION }, .cdb_size = 10, .allocation = 7, .length = LENGTH_16_AT_0,
        .header = 4, .limit = 0xFFFF, .timeout = TIMEOUT_MEDIUM,
    };

    TRY(mmc_ask(drive, &question, reply));
    if (reply->size >= DISC_INFO_MIN) return OI_OK;
    mmc_reply_free(reply);
    return mmc_fail(drive, MMC_READ_DISC_INFORMATION, OI_INVALID_RESPONSE);
}

enum oi_status mmc_read_disc_info(struct mmc_drive *drive, struct mmc_disc_info *info)
{
    struct mmc_reply reply;
    enum oi_status status;

    TRY(mmc_read_disc_info_raw(drive, &reply));
    status = mmc_disc_info_parse(reply.bytes, reply.size, info);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_DISC_INFORMATION, status) : OI_OK;
}
