/* INQUIRY, SPC-3 6.4: who the drive is. */
#include "mmc_room.h"

#include <string.h>

#define INQUIRY_SIZE 36

/* Copies an ASCII field without the spaces that fill it; bytes that are no printable ASCII become '?'. */
static void copy_field(char *out, const uint8_t *field, size_t size)
{
    while (size && (field[size - 1] == ' ' || !field[size - 1])) size--;
    for (size_t i = 0; i < size; i++) out[i] = field[i] >= 0x20 && field[i] < 0x7F ? (char)field[i] : '?';
    out[size] = 0;
}

enum oi_status mmc_inquiry(struct mmc_drive *drive, struct mmc_inquiry *inquiry)
{
    static const uint8_t cdb[6] = { MMC_INQUIRY, 0, 0, 0, INQUIRY_SIZE, 0 };
    uint8_t bytes[INQUIRY_SIZE];
    uint32_t got;

    TRY(mmc_query(drive, cdb, sizeof(cdb), bytes, sizeof(bytes), TIMEOUT_QUICK, &got));
    /* The additional length (byte 4) counts from byte 5; a drive that announces less than it has to has
       nothing to tell in the rest. */
    if (got < INQUIRY_SIZE || bytes[4] + 5u < INQUIRY_SIZE)
    {
        return mmc_fail(drive, MMC_INQUIRY, OI_INVALID_RESPONSE);
    }
    memset(inquiry, 0, sizeof(*inquiry));
    inquiry->device_type = bytes[0] & 0x1F;
    inquiry->removable = bytes[1] & 0x80;
    inquiry->version = bytes[2];
    inquiry->response_format = bytes[3] & 0x0F;
    copy_field(inquiry->vendor, bytes + 8, 8);
    copy_field(inquiry->product, bytes + 16, 16);
    copy_field(inquiry->revision, bytes + 32, 4);
    return OI_OK;
}
