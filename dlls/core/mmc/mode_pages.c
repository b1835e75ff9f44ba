/* MODE SENSE(10) and MODE SELECT(10), SPC-3 6.10 and 6.8: whole pages, and the capabilities page 2Ah. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define MODE_HEADER 8

static struct mmc_question mode_sense(uint8_t page, enum mmc_page_control control)
{
    /* DBD stays 0: drives that know no block descriptors send none, and some choke on the bit. */
    struct mmc_question question =
    {
        .cdb = { MMC_MODE_SENSE_10, 0, (uint8_t)(control << 6 | (page & 0x3F)) }, .cdb_size = 10,
        .allocation = 7, .length = LENGTH_16_AT_0, .header = MODE_HEADER, .limit = 0xFFFF,
        .timeout = TIMEOUT_QUICK,
    };
    return question;
}

/* Where the first page begins: behind the block descriptors, which ATAPI drives should not send but do. */
static uint32_t first_page(const struct mmc_reply *reply)
{
    return reply->size < MODE_HEADER ? UINT32_MAX : MODE_HEADER + (uint32_t)get_be16(reply->bytes + 6);
}

/* Some firmware announces less than its page holds: asks once more for what the page itself claims. */
static enum oi_status read_rest(struct mmc_drive *drive, struct mmc_question *question, uint32_t size,
                                struct mmc_reply *reply)
{
    uint8_t *bytes;
    uint32_t got;
    enum oi_status status;

    if (size > 0xFFFF) return mmc_fail(drive, MMC_MODE_SENSE_10, OI_INVALID_RESPONSE);
    bytes = malloc(size);
    if (!bytes) return OI_NO_MEMORY;
    put_be16(question->cdb + question->allocation, (uint16_t)size);
    status = mmc_query(drive, question->cdb, question->cdb_size, bytes, size, question->timeout, &got);
    if (!status && got < size) status = mmc_fail(drive, MMC_MODE_SENSE_10, OI_INVALID_RESPONSE);
    if (status)
    {
        free(bytes);
        return status;
    }
    free(reply->bytes);
    reply->bytes = bytes;
    reply->size = size;
    return OI_OK;
}

enum oi_status mmc_read_mode_page(struct mmc_drive *drive, uint8_t page, enum mmc_page_control control,
                                  struct mmc_reply *reply)
{
    struct mmc_question question = mode_sense(page, control);
    uint32_t start, size;
    enum oi_status status;

    TRY(mmc_ask(drive, &question, reply));
    start = first_page(reply);
    if (start >= reply->size || reply->size - start < 2)
    {
        /* A header without a page. */
        status = mmc_fail(drive, MMC_MODE_SENSE_10, OI_UNEXPECTED_RESPONSE);
        goto done;
    }
    size = reply->bytes[start + 1] + 2u;
    if (start + size > reply->size)
    {
        status = read_rest(drive, &question, start + size, reply);
        if (status) goto done;
        if (first_page(reply) != start || reply->bytes[start + 1] + 2u != size)
        {
            status = mmc_fail(drive, MMC_MODE_SENSE_10, OI_INVALID_RESPONSE);
            goto done;
        }
    }
    if ((reply->bytes[start] & 0x3F) != page)
    {
        status = mmc_fail(drive, MMC_MODE_SENSE_10, OI_UNEXPECTED_RESPONSE);
        goto done;
    }
    memmove(reply->bytes, reply->bytes + start, size);
    reply->size = size;
    status = OI_OK;

done:
    if (status) mmc_reply_free(reply);
    return status;
}

enum oi_status mmc_write_mode_page(struct mmc_drive *drive, const uint8_t *page, uint32_t size, bool save)
{
    uint8_t cdb[10] = { MMC_MODE_SELECT_10, (uint8_t)(0x10 | save) };      /* PF, SP */
    uint8_t list[MODE_HEADER + 2 + 255] = { 0 };

    if (size < 2 || page[1] + 2u != size) return OI_INVALID_ARGUMENT;
    memcpy(list + MODE_HEADER, page, size);
    list[MODE_HEADER] &= 0x3F;          /* PS is reserved in MODE SELECT */
    put_be16(cdb + 7, (uint16_t)(MODE_HEADER + size));
    return mmc_run_patiently(drive, cdb, sizeof(cdb), TRANSPORT_DATA_OUT, list, MODE_HEADER + size,
                             TIMEOUT_QUICK, NULL);
}

enum oi_status mmc_list_mode_pages(struct mmc_drive *drive, enum mmc_page_control control, uint8_t **codes,
                                   size_t *count)
{
    struct mmc_question question = mode_sense(MMC_PAGE_ALL, control);
    struct mmc_reply reply;
    uint32_t offset, length;
    enum oi_status status;

    *codes = NULL;
    *count = 0;
    status = mmc_ask(drive, &question, &reply);
    if (status) return status;
    *codes = malloc(reply.size / 2 + 1);
    offset = first_page(&reply);
    for (; *codes && offset < reply.size && reply.size - offset >= 2; offset += length)
    {
        /* SPF: the long form with a sub-page code, SPC-3 7.4.5. */
        bool sub_page = reply.bytes[offset] & 0x40;

        if (sub_page && reply.size - offset < 4) break;
        length = sub_page ? get_be16(reply.bytes + offset + 2) + 4u : reply.bytes[offset + 1] + 2u;
        if (!sub_page) (*codes)[(*count)++] = reply.bytes[offset] & 0x3F;
    }
    mmc_reply_free(&reply);
    return *codes ? OI_OK : OI_NO_MEMORY;
}

enum oi_status mmc_read_capabilities(struct mmc_drive *drive, struct mmc_capabilities *capabilities)
{
    struct mmc_reply page;

    memset(capabilities, 0, sizeof(*capabilities));
    TRY(mmc_read_mode_page(drive, MMC_PAGE_CAPABILITIES, MMC_PAGE_CURRENT, &page));
    if (page.size < 2 + 0x12)
    {
        mmc_reply_free(&page);
        return mmc_fail(drive, MMC_MODE_SENSE_10, OI_INVALID_RESPONSE);
    }
    capabilities->writes_cd_r = page.bytes[3] & 0x01;
    capabilities->writes_cd_rw = page.bytes[3] & 0x02;
    capabilities->test_write = page.bytes[3] & 0x04;
    capabilities->writes_dvd_r = page.bytes[3] & 0x10;
    capabilities->writes_dvd_ram = page.bytes[3] & 0x20;
    capabilities->underrun_free = page.bytes[4] & 0x80;
    capabilities->locks = page.bytes[6] & 0x01;
    capabilities->ejects = page.bytes[6] & 0x08;
    capabilities->mechanism = page.bytes[6] >> 5;
    capabilities->buffer = get_be16(page.bytes + 12) * 1024u;
    /* MMC-3 moved the current write speed; only from page length 1Ch on is the new place there. */
    if (page.size >= 2 + 0x1C)
    {
        capabilities->pure_cav = (page.bytes[27] & 0x03) == 1;
        capabilities->current_write_speed = get_be16(page.bytes + 28);
    }
    else if (page.size >= 22) capabilities->current_write_speed = get_be16(page.bytes + 20);
    mmc_reply_free(&page);
    return OI_OK;
}
