/* READ and SEND DISC STRUCTURE, MMC-5 6.28 and 6.38. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define STRUCTURE_HEADER 4
#define TIMEOUT_SEND_STRUCTURE (180 * 1000)     /* some drives calibrate here */

/* The refusals that say "there is none". */
static bool sense_says_absent(const struct mmc_sense *sense)
{
    switch (mmc_sense_code(sense))
    {
    case MMC_SENSE(5, 0x20, 0x00):
    case MMC_SENSE(5, 0x24, 0x00):
    case MMC_SENSE(5, 0x30, 0x02): return true;
    default: return sense->key == MMC_KEY_NOT_READY && sense->asc == 0x30;
    }
}

enum oi_status mmc_read_structure(struct mmc_drive *drive, uint8_t medium, uint8_t format, uint32_t address,
                                  uint8_t layer, uint8_t agid, struct mmc_reply *reply)
{
    struct mmc_question question =
    {
        .cdb = { MMC_READ_DISC_STRUCTURE, medium & 0x0F, 0, 0, 0, 0, layer, format, 0, 0,
                 (uint8_t)(agid << 6) },
        .cdb_size = 12, .allocation = 8, .length = LENGTH_16_AT_0, .header = STRUCTURE_HEADER,
        .limit = 0xFFFF, .timeout = TIMEOUT_MEDIUM,
    };
    enum oi_status status;

    put_be32(question.cdb + 2, address);
    status = mmc_ask(drive, &question, reply);
    if (status == OI_SENSE && sense_says_absent(&drive->failure.sense)) return OI_NO_DISC_STRUCTURE;
    TRY(status);
    if (reply->size <= STRUCTURE_HEADER)
    {
        mmc_reply_free(reply);
        return OI_NO_DISC_STRUCTURE;
    }
    reply->size -= STRUCTURE_HEADER;
    memmove(reply->bytes, reply->bytes + STRUCTURE_HEADER, reply->size);
    return OI_OK;
}

enum oi_status mmc_send_structure(struct mmc_drive *drive, uint8_t format, const uint8_t *data, uint32_t size)
{
    uint8_t cdb[12] = { MMC_SEND_DISC_STRUCTURE, 0, 0, 0, 0, 0, 0, format };
    enum oi_status status;
    uint8_t *list;

    if (size > 0xFFFF - STRUCTURE_HEADER) return OI_INVALID_ARGUMENT;
    list = calloc(1, STRUCTURE_HEADER + size);
    if (!list) return OI_NO_MEMORY;
    put_be16(list, (uint16_t)(size + 2));       /* structure data length: what follows the field */
    if (size) memcpy(list + STRUCTURE_HEADER, data, size);
    put_be16(cdb + 8, (uint16_t)(STRUCTURE_HEADER + size));
    status = mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_DATA_OUT, list, STRUCTURE_HEADER + size,
                     TIMEOUT_SEND_STRUCTURE, NULL);
    free(list);
    return status;
}
