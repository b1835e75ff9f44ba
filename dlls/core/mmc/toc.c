/* READ TOC/PMA/ATIP, MMC-5 6.30: formats 0, 1 and 4, and the time addresses of CDs. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define TOC_HEADER 4
#define TOC_ENTRY 8
#define LEAD_OUT_TRACK 0xAA

#define FRAMES_A_MINUTE (60 * 75)
#define PREGAP 150
#define LEAD_IN_WRAP 450150             /* times from 90 minutes on lie before LBA -150 */

enum toc_format
{
    TOC_FORMATTED = 0,
    TOC_SESSION_INFO = 1,
    TOC_ATIP = 4,
};

int32_t mmc_msf_to_lba(uint8_t minute, uint8_t second, uint8_t frame)
{
    int32_t frames = minute * FRAMES_A_MINUTE + second * 75 + frame;

    return minute < 90 ? frames - PREGAP : frames - LEAD_IN_WRAP;
}

void mmc_lba_to_msf(int32_t lba, uint8_t msf[3])
{
    int32_t frames = lba >= -PREGAP ? lba + PREGAP : lba + LEAD_IN_WRAP;

    msf[0] = (uint8_t)(frames / FRAMES_A_MINUTE);
    msf[1] = (uint8_t)(frames / 75 % 60);
    msf[2] = (uint8_t)(frames % 75);
}

enum oi_status mmc_read_toc_raw(struct mmc_drive *drive, uint8_t format, bool msf, uint8_t number,
                                struct mmc_reply *reply)
{
    const struct mmc_question question =
    {
        .cdb = { MMC_READ_TOC, msf ? 0x02 : 0, format & 0x0F, 0, 0, 0, number }, .cdb_size = 10,
        .allocation = 7, .length = LENGTH_16_AT_0, .header = TOC_HEADER, .limit = 0xFFFF,
        .timeout = TIMEOUT_MEDIUM,
    };

    TRY(mmc_ask(drive, &question, reply));
    if (reply->size >= TOC_HEADER) return OI_OK;
    mmc_reply_free(reply);
    return mmc_fail(drive, MMC_READ_TOC, OI_INVALID_RESPONSE);
}

/* Bytes that the reply announces; 0 when that is less than least, or more than there is. */
static size_t toc_length(const uint8_t *bytes, size_t size, size_t least)
{
    size_t length;

    if (size < least || size < 2) return 0;
    length = get_be16(bytes) + 2u;
    return length < least || length > size ? 0 : length;
}

enum oi_status mmc_toc_parse(const uint8_t *bytes, size_t size, struct mmc_toc *toc)
{
    const size_t room = sizeof(toc->entries) / sizeof(toc->entries[0]);
    size_t length = toc_length(bytes, size, TOC_HEADER + TOC_ENTRY);

    memset(toc, 0, sizeof(*toc));
    if (!length) return OI_INVALID_RESPONSE;
    toc->first = bytes[2];
    toc->last = bytes[3];
    if (toc->first > toc->last) return OI_INVALID_RESPONSE;
    for (size_t offset = TOC_HEADER; length - offset >= TOC_ENTRY; offset += TOC_ENTRY)
    {
        struct mmc_toc_entry *entry = &toc->entries[toc->count];
        uint8_t number = bytes[offset + 2];

        if (toc->count == room) return OI_INVALID_RESPONSE;
        if (!number || (number > 99 && number != LEAD_OUT_TRACK)) return OI_INVALID_RESPONSE;
        entry->adr = bytes[offset + 1] >> 4;
        entry->control = bytes[offset + 1] & 0x0F;
        entry->number = number;
        entry->start = get_be32(bytes + offset + 4);
        toc->count++;
    }
    return OI_OK;
}

enum oi_status mmc_session_info_parse(const uint8_t *bytes, size_t size, struct mmc_session_info *info)
{
    memset(info, 0, sizeof(*info));
    if (!toc_length(bytes, size, TOC_HEADER + TOC_ENTRY)) return OI_INVALID_RESPONSE;
    info->first = bytes[2];
    info->last = bytes[3];
    info->control = bytes[TOC_HEADER + 1] & 0x0F;
    info->first_track = bytes[TOC_HEADER + 2];
    info->start = get_be32(bytes + TOC_HEADER + 4);
    return info->first > info->last ? OI_INVALID_RESPONSE : OI_OK;
}

enum oi_status mmc_atip_parse(const uint8_t *bytes, size_t size, struct mmc_atip *atip)
{
    const uint8_t *d = bytes + TOC_HEADER;
    int32_t lead_out;

    memset(atip, 0, sizeof(*atip));
    /* The three pairs of extra bytes are optional; the lead-out address ends at 10. */
    if (!toc_length(bytes, size, TOC_HEADER + 11)) return OI_INVALID_RESPONSE;
    atip->reference_speed = d[0] & 0x07;
    atip->rewritable = d[2] & 0x40;
    atip->lead_in = mmc_msf_to_lba(d[4], d[5], d[6]);
    lead_out = mmc_msf_to_lba(d[8], d[9], d[10]);
    /* All zero: there is none. A lead-in at or behind the lead-out comes from pressed discs. */
    if (!(d[4] | d[5] | d[6]) || lead_out <= 0 || atip->lead_in >= 0) return OI_INVALID_RESPONSE;
    atip->lead_out = (uint32_t)lead_out;
    return OI_OK;
}

enum oi_status mmc_read_toc(struct mmc_drive *drive, struct mmc_toc *toc)
{
    struct mmc_reply reply;
    enum oi_status status;

    TRY(mmc_read_toc_raw(drive, TOC_FORMATTED, false, 0, &reply));
    status = mmc_toc_parse(reply.bytes, reply.size, toc);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_TOC, status) : OI_OK;
}

enum oi_status mmc_read_session_info(struct mmc_drive *drive, struct mmc_session_info *info)
{
    struct mmc_reply reply;
    enum oi_status status;

    TRY(mmc_read_toc_raw(drive, TOC_SESSION_INFO, false, 0, &reply));
    status = mmc_session_info_parse(reply.bytes, reply.size, info);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_TOC, status) : OI_OK;
}

enum oi_status mmc_read_atip(struct mmc_drive *drive, struct mmc_atip *atip)
{
    struct mmc_reply reply;
    enum oi_status status;

    /* MSF must be 1 for this format, MMC-5 6.30.2.6. */
    TRY(mmc_read_toc_raw(drive, TOC_ATIP, true, 0, &reply));
    status = mmc_atip_parse(reply.bytes, reply.size, atip);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_TOC, status) : OI_OK;
}
