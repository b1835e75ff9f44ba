/* The volume recognition sequence of a session: ECMA-119 6.7.1, ECMA-167 2/8.3. One list serves both. */
#include "read_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define FIRST_DESCRIPTOR 16             /* ECMA-119 6.7.1: behind the system area of the session */
#define DESCRIPTORS_MAX 256             /* a list as long as that is none */

/* ECMA-119 8.5.6 and Joliet: UCS-2 levels 1 to 3. */
static int is_joliet(const uint8_t *descriptor)
{
    const uint8_t *escape = descriptor + 88;

    return escape[0] == '%' && escape[1] == '/' && (escape[2] == '@' || escape[2] == 'C' || escape[2] == 'E');
}

/* ECMA-119 8.2.4 and El Torito, figure 7. What fills the field up is zero, and a space on some discs. */
static int is_el_torito(const uint8_t *descriptor)
{
    return !memcmp(descriptor + 7, "EL TORITO SPECIFICATION", 23)
           && (!descriptor[30] || descriptor[30] == ' ');
}

/* Enters what a block says. 0: it is no part of the sequence, which ends before it. */
static int note(struct fs_recognition *recognition, uint32_t block, const uint8_t *bytes)
{
    const uint8_t *standard = bytes + 1;    /* standard identifier: ECMA-119 8.1.2, ECMA-167 2/9.1.2 */

    if (!memcmp(standard, "CD001", 5))
    {
        /* Type 2 with version 2 is the enhanced volume descriptor of the same files: ISO 9660:1999. */
        if (bytes[0] == 1 && bytes[6] == 1 && !recognition->primary) recognition->primary = block;
        if (bytes[0] == 2 && bytes[6] == 1 && !recognition->joliet && is_joliet(bytes))
        {
            recognition->joliet = block;
        }
        if (bytes[0] == 0 && bytes[6] == 1 && !recognition->boot && is_el_torito(bytes))
        {
            recognition->boot = block;
        }
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
    int complete = 0;

    memset(recognition, 0, sizeof(*recognition));
    if (disc->session_start > UINT32_MAX - FIRST_DESCRIPTOR - DESCRIPTORS_MAX) return OI_OK;
    for (uint32_t i = 0; i < DESCRIPTORS_MAX; i++)
    {
        uint32_t block = disc->session_start + FIRST_DESCRIPTOR + i, bad = 0;
        enum oi_status status = fs_disc_read(disc, block, 1, bytes, &bad);

        /* The disc ends here, or what follows the sequence was never written. */
        if (status == OI_FORMAT || (status && complete)) return OI_OK;
        if (status) return fs_fail_numbers(status, detail, NULL, 0, 0, bad);
        if (!note(recognition, block, bytes)) return OI_OK;
        complete = bytes[0] == 255 || !memcmp(bytes + 1, "TEA01", 5);   /* 8.3, 2/9.3 */
    }
    return OI_OK;
}

/* --- telling discs apart -------------------------------------------------------------------------------- */

#define ANCHOR 256                      /* ECMA-167 3/8.4.2.1 */
#define TAG_ANCHOR 2                    /* 3/7.2.1 */
#define SEQUENCE_MAX 16                 /* blocks of a volume descriptor sequence; 3/8.4.2.2: no less */

/* FNV-1a. */
static uint64_t mix(uint64_t hash, const uint8_t *bytes)
{
    for (size_t i = 0; i < FS_BLOCK_SIZE; i++) hash = (hash ^ bytes[i]) * 0x100000001B3;
    return hash;
}

enum oi_status fs_disc_identifier(const struct fs_disc *disc, uint64_t *identifier)
{
    uint64_t hash = 0xCBF29CE484222325;
    uint32_t first = disc->session_start, blocks = 0;
    struct fs_recognition recognition = { 0, 0, 0, 0 };
    uint8_t bytes[FS_BLOCK_SIZE];

    if (first > UINT32_MAX - ANCHOR) return OI_SOURCE_READ;
    for (; blocks < DESCRIPTORS_MAX; blocks++)
    {
        uint32_t block = first + FIRST_DESCRIPTOR + blocks;

        if (fs_disc_read(disc, block, 1, bytes, NULL)) break;
        if (!note(&recognition, block, bytes) && blocks) break;
        hash = mix(hash, bytes);
    }
    /* ECMA-119 volumes are told apart by times and names in these; those of UDF by the descriptors behind the
       anchor: 3/10.2. */
    if (recognition.nsr && !fs_disc_read(disc, first + ANCHOR, 1, bytes, NULL)
        && get_le16(bytes) == TAG_ANCHOR)
    {
        uint32_t sequence = get_le32(bytes + 20);

        for (uint32_t i = 0; i < SEQUENCE_MAX && sequence <= UINT32_MAX - i; i++)
        {
            if (fs_disc_read(disc, sequence + i, 1, bytes, NULL)) break;
            hash = mix(hash, bytes);
        }
    }
    if (!blocks) return OI_SOURCE_READ;
    *identifier = hash ? hash : 1;
    return OI_OK;
}
