/* A disc that boots, byte by byte. */
#include "helpers/eltorito_kit.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const uint8_t eltorito_record[0x4B] =
{
    0, 'C', 'D', '0', '0', '1', 1,
    'E', 'L', ' ', 'T', 'O', 'R', 'I', 'T', 'O', ' ', 'S', 'P', 'E', 'C', 'I', 'F', 'I', 'C', 'A', 'T',
    'I', 'O', 'N', 0, 0, 0, 0, 0, 0, 0, 0, 0,           /* 32 bytes */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    CATALOG, 0, 0, 0,                                   /* the catalog's block, at 0x47 */
};

const uint8_t eltorito_head[2 * ENTRY] =
{
    1, 0, 0, 0,                                         /* validation entry, x86 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xAA, 0x55, 0x55, 0xAA,                             /* checksum, key */
    0x88, 0, 0, 0, 0, 0,                                /* bootable, no emulation */
    4, 0, 30, 0, 0, 0,                                  /* four virtual sectors at block 30 */
};

const uint8_t eltorito_sections[7 * ENTRY] =
{
    0x90, 0xEF, 2, 0,                                   /* header, UEFI, more follow, two entries */
    'I', 'D', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x88, 0x20, 0, 0, 0, 0, 2, 0, 32, 0, 0, 0,          /* no emulation, goes on */
    1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    0x44, 0x20, 0x91, 0x91, 1, 0,                       /* an extension that goes on */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
    0x44, 0x00, 0x88, 0x88,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
    0x00, 0x02, 0x00, 0x10, 0x06, 0, 1, 0, 33, 0, 0, 0, /* a floppy, not bootable */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x91, 0x01, 1, 0,                                   /* the last header, PowerPC, one entry */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x88, 0, 0, 0, 0, 0, 1, 0, 34, 0, 0, 0,
};

struct fs_boot_found eltorito_found[64];
struct fs_boot_catalog eltorito_catalog;

struct kit_disc *eltorito_disc(void)
{
    uint8_t *next;
    struct kit_disc *disc = kit_iso(BLOCKS, &next);

    memset(kit_block(disc, 17), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 17), eltorito_record, sizeof(eltorito_record));
    kit_terminator(disc, 18);
    memcpy(kit_block(disc, CATALOG), eltorito_head, sizeof(eltorito_head));
    return disc;
}

uint8_t *eltorito_entry(struct kit_disc *disc, unsigned index)
{
    return kit_block(disc, CATALOG) + (size_t)index * ENTRY;
}

enum oi_status eltorito_read(struct kit_disc *disc, uint32_t start, struct fs_detail *detail)
{
    struct fs_disc session = kit_session(disc, start);

    memset(eltorito_found, 0xEE, sizeof(eltorito_found));
    memset(&eltorito_catalog, 0xEE, sizeof(eltorito_catalog));
    return fs_boot_read(&session, eltorito_found, sizeof(eltorito_found) / sizeof(*eltorito_found),
                        &eltorito_catalog, detail);
}

void eltorito_drop(struct kit_disc *disc)
{
    source_unref(&disc->base);
    assert_int_equal(kit_discs_alive, 0);
}

void eltorito_good(struct kit_disc *disc, size_t count)
{
    assert_string_equal(status_name(eltorito_read(disc, 0, NULL)), "OI_OK");
    assert_int_equal(eltorito_catalog.block, CATALOG);
    assert_int_equal(eltorito_catalog.count, count);
    eltorito_drop(disc);
}

void eltorito_refused(struct kit_disc *disc, enum oi_status status, uint32_t block)
{
    struct fs_detail detail = { NULL, 0, 99, 99 };

    assert_string_equal(status_name(eltorito_read(disc, 0, &detail)), status_name(status));
    assert_int_equal(detail.found, block);
    assert_int_equal(detail.expected, 0);
    assert_int_equal(eltorito_catalog.count, 0);
    assert_int_equal(eltorito_catalog.block, 0);
    eltorito_drop(disc);
}

void eltorito_fill(struct kit_disc *disc, unsigned blocks)
{
    unsigned entries = blocks * (FS_BLOCK_SIZE / ENTRY);

    memcpy(eltorito_entry(disc, 2), "\x91\0\0\0", 4);
    put_le16(eltorito_entry(disc, 2) + 2, (uint16_t)(entries - 3));
    for (unsigned i = 3; i < entries; i++) memcpy(eltorito_entry(disc, i), eltorito_head + ENTRY, ENTRY);
}
