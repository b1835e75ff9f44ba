/* Mode page 05h, MMC-5 7.5: how sequential media are written. */
#include "mmc_room.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"

#include <string.h>

#define PAGE_SIZE_MIN (2 + 0x32)
#define AUDIO_PAUSE 150                 /* blocks; some drives come with an illegal default */

enum
{
    BIT_BUFE = 0x40,
    BIT_LS_V = 0x20,
    BIT_TEST_WRITE = 0x10,
    BIT_FP = 0x20,
    BIT_COPY = 0x10,
};

static void fill_page(uint8_t *page, const struct mmc_write_parameters *p)
{
    page[2] = (uint8_t)((p->underrun_free ? BIT_BUFE : 0) | (p->link_size_valid ? BIT_LS_V : 0) |
                        (p->test_write ? BIT_TEST_WRITE : 0) | (p->write_type & 0x0F));
    page[3] = (uint8_t)((p->multi_session & 0x03) << 6 | (p->fixed_packet ? BIT_FP : 0) |
                        (p->copy ? BIT_COPY : 0) | (p->track_mode & 0x0F));
    page[4] = p->block_type & 0x0F;
    page[5] = p->link_size;
    page[7] = 0;                        /* host application code: unrestricted */
    page[8] = p->session_format;
    put_be32(page + 10, p->packet_size);
    put_be16(page + 14, AUDIO_PAUSE);
    memset(page + 16, 0, 36);           /* no catalog number, no ISRC, no sub-header */
}

static enum oi_status test_write_is_set(struct mmc_drive *drive)
{
    struct mmc_reply page;
    bool set;

    TRY(mmc_read_mode_page(drive, MMC_PAGE_WRITE_PARAMETERS, MMC_PAGE_CURRENT, &page));
    set = page.size > 2 && page.bytes[2] & BIT_TEST_WRITE;
    mmc_reply_free(&page);
    return set ? OI_OK : OI_NOT_SUPPORTED;
}

enum oi_status mmc_set_write_parameters(struct mmc_drive *drive,
                                        const struct mmc_write_parameters *parameters, bool *underrun_free)
{
    struct mmc_write_parameters wanted = *parameters;
    struct mmc_reply page;
    enum oi_status status;

    TRY(mmc_read_mode_page(drive, MMC_PAGE_WRITE_PARAMETERS, MMC_PAGE_CURRENT, &page));
    if (page.size < PAGE_SIZE_MIN)
    {
        mmc_reply_free(&page);
        return mmc_fail(drive, MMC_MODE_SENSE_10, OI_INVALID_RESPONSE);
    }
    fill_page(page.bytes, &wanted);
    status = mmc_write_mode_page(drive, page.bytes, page.size, false);
    if (status == OI_SENSE && wanted.underrun_free && drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST)
    {
        log_info("the drive refuses underrun protection");
        wanted.underrun_free = false;
        fill_page(page.bytes, &wanted);
        status = mmc_write_mode_page(drive, page.bytes, page.size, false);
    }
    mmc_reply_free(&page);
    /* A drive that ignores the bit would burn for real. */
    if (!status && wanted.test_write) status = test_write_is_set(drive);
    if (!status && underrun_free) *underrun_free = wanted.underrun_free;
    return status;
}
