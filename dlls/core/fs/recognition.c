/* The volume recognition sequence of a session: ECMA-119 6.2.2 and 8, ECMA-167 2/8.3. One list serves both. */
#include "read_room.h"

#include <string.h>

#define FIRST_DESCRIPTOR 16             /* ECMA-119 6.7.1: behind the system area of the session */
#define DESCRIPTORS_MAX 256             /* a list as long as that is none */

/* ECMA-119 8.5.6 and Joliet: UCS-2 levels 1 to 3. */
static int is_joliet(const uint8_t *descriptor)
{
    const uint8_t *escape = descriptor + 88;

    return escape[0] == '%' && escape[1] == '/' && (escape[2] == '@' || escape[2] == 'C' || escape[2] == 'E');
}

/* Enters what a block says. 0: it is no part of the sequence, which ends before it. */
static int note(struct fs_recognition *recognition, uint32_t block, const uint8_t *bytes)
{
    const uint8_t *standard = bytes + 1;    /* standard identifier: ECMA-119 8.1.2, ECMA-167 2/9.1.2 */

    if (!memcmp(standard, "CD001", 5))
    {
        /* Type 2 with version 2 is the enhanced volume descriptor of the same files: ISO 9660:1999. */
        if (bytes[0] == 1 && bytes[6] == 1 && !recognition->primary) recognition->primary = block;
        if (bytes[0] == 2 && bytes[6] == 1 && !recognition->joliet && is_joliet(bytes)) recognition->joliet = block;
        return 1;
    }
    if (!memcmp(standard, "NSR02", 5) || !memcmp(standard, "NSR03", 5))
    {
        if (!recognition->nsr) recognition->nsr = block;
        return 1;
    }
    return !memcmp(standard, "BEA01", 5) || !memcmp(standard, "TEA01", 5) || !memcmp(standard, "BOOT2", 5)
           || !memcmp(standard, "CDW02", 5);
}

enum oi_status fs_recognize(const struct fs_disc *disc, struct fs_recognition *recognition,
                            struct fs_detail *detail)
{
    uint8_t bytes[FS_BLOCK_SIZE];

    memset(recognition, 0, sizeof(*recognition));
    if (disc->session_start > UINT32_MAX - FIRST_DESCRIPTOR - DESCRIPTORS_MAX) return OI_OK;
    for (uint32_t i = 0; i < DESCRIPTORS_MAX; i++)
    {
        uint32_t block = disc->session_start + FIRST_DESCRIPTOR + i, bad = 0;
        enum oi_status status = fs_disc_read(disc, block, 1, bytes, &bad);

        /* The disc ends here, or what follows the sequence was never written. */
        if (status == OI_FORMAT || (status && i)) return OI_OK;
        if (status) return fs_fail_numbers(status, detail, NULL, 0, 0, bad);
        if (!note(recognition, block, bytes)) return OI_OK;
    }
    return OI_OK;
}
