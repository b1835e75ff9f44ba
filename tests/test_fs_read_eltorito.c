/* Boot catalogs as they are read, byte by byte: El Torito 1.0. */
#include "helpers/disc_kit.h"

#include "openimapi/bytes.h"
#include "openimapi/fs_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CATALOG 22
#define BLOCKS 40
#define ENTRY 32

static const uint8_t record[] =
{
    0, 'C', 'D', '0', '0', '1', 1,
    'E', 'L', ' ', 'T', 'O', 'R', 'I', 'T', 'O', ' ', 'S', 'P', 'E', 'C', 'I', 'F', 'I', 'C', 'A', 'T',
    'I', 'O', 'N', 0, 0, 0, 0, 0, 0, 0, 0, 0,           /* 32 bytes */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    CATALOG, 0, 0, 0,                                   /* the catalog's block, at 0x47 */
};

static const uint8_t head[2 * ENTRY] =
{
    1, 0, 0, 0,                                         /* validation entry, x86 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xAA, 0x55, 0x55, 0xAA,                             /* checksum, key */
    0x88, 0, 0, 0, 0, 0,                                /* bootable, no emulation */
    4, 0, 30, 0, 0, 0,                                  /* four virtual sectors at block 30 */
};

/* A volume with nothing in it and a boot record: 16 primary descriptor, 17 boot record, 18 terminator, 22
   catalog with one entry. */
static struct kit_disc *bootable(void)
{
    uint8_t *next;
    struct kit_disc *disc = kit_iso(BLOCKS, &next);

    assert_int_equal(sizeof(record), 0x4B);
    memset(kit_block(disc, 17), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 17), record, sizeof(record));
    kit_terminator(disc, 18);
    memcpy(kit_block(disc, CATALOG), head, sizeof(head));
    return disc;
}

static uint8_t *entry_of(struct kit_disc *disc, unsigned index)
{
    return kit_block(disc, CATALOG) + (size_t)index * ENTRY;
}

static struct fs_boot_found found[64];
static struct fs_boot_catalog catalog;

static enum oi_status read_session(struct kit_disc *disc, uint32_t start, struct fs_detail *detail)
{
    struct fs_disc session = kit_session(disc, start);

    memset(found, 0xEE, sizeof(found));
    memset(&catalog, 0xEE, sizeof(catalog));
    return fs_boot_read(&session, found, sizeof(found) / sizeof(*found), &catalog, detail);
}

static void drop(struct kit_disc *disc)
{
    source_unref(&disc->base);
    assert_int_equal(kit_discs_alive, 0);
}

/* Reads, and lets the disc go. */
static void read_good(struct kit_disc *disc, size_t count)
{
    assert_string_equal(status_name(read_session(disc, 0, NULL)), "OI_OK");
    assert_int_equal(catalog.block, CATALOG);
    assert_int_equal(catalog.count, count);
    drop(disc);
}

static void refused(struct kit_disc *disc, enum oi_status status, uint32_t block)
{
    struct fs_detail detail = { NULL, 0, 99, 99 };

    assert_string_equal(status_name(read_session(disc, 0, &detail)), status_name(status));
    assert_int_equal(detail.found, block);
    assert_int_equal(detail.expected, 0);
    assert_int_equal(catalog.count, 0);
    assert_int_equal(catalog.block, 0);
    drop(disc);
}

/* --- the boot record ------------------------------------------------------------------------------------ */

static void a_session_without_boot_record_does_not_boot(void **state)
{
    uint8_t *next;

    (void)state;
    refused(kit_iso(BLOCKS, &next), OI_NOT_FOUND, 0);
    refused(kit_disc_create(BLOCKS), OI_NOT_FOUND, 0);
    refused(kit_disc_create(0), OI_NOT_FOUND, 0);
    refused(kit_disc_create(16), OI_NOT_FOUND, 0);
}

static void a_boot_record_has_its_type_version_and_identifier(void **state)
{
    static const struct { uint8_t at, value; } others[] =
    {
        { 0, 3 }, { 6, 0 }, { 6, 2 }, { 7, 'e' }, { 29, 'M' }, { 30, 'S' },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
    {
        struct kit_disc *disc = bootable();

        kit_block(disc, 17)[others[i].at] = others[i].value;
        refused(disc, OI_NOT_FOUND, 0);
    }
}

static void the_identifier_may_be_filled_up_with_spaces(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memset(kit_block(disc, 17) + 30, ' ', 9);
    read_good(disc, 1);
}

static void boot_records_of_other_systems_are_passed_over(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memcpy(kit_block(disc, 18), record, sizeof(record));
    memcpy(kit_block(disc, 17) + 7, "ANOTHER SYSTEM\0\0\0\0\0\0\0\0", 23);
    put_le32(kit_block(disc, 17) + 0x47, 0xFFFFFFFF);
    kit_terminator(disc, 19);
    read_good(disc, 1);
}

static void the_first_of_two_boot_records_counts(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memcpy(kit_block(disc, 18), record, sizeof(record));
    put_le32(kit_block(disc, 18) + 0x47, 39);
    kit_terminator(disc, 19);
    read_good(disc, 1);
}

static void what_stands_behind_the_descriptors_is_none_of_them(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memset(kit_block(disc, 17), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 18), record, sizeof(record));
    refused(disc, OI_NOT_FOUND, 0);
}

static void a_session_has_a_boot_record_of_its_own(void **state)
{
    struct kit_disc *disc = bootable();
    struct kit_disc *later = kit_disc_create(140);

    (void)state;
    memcpy(later->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    kit_descriptor(later, 116, 1, "", 20, FS_BLOCK_SIZE);
    memcpy(kit_block(later, 117), record, sizeof(record));
    kit_terminator(later, 118);
    put_le32(kit_block(later, 117) + 0x47, 130);                /* from the beginning of the disc */
    memcpy(kit_block(later, 130), head, sizeof(head));
    put_le32(kit_block(later, 130) + 0x28, 131);
    assert_int_equal(read_session(later, 100, NULL), OI_OK);
    assert_int_equal(catalog.block, 130);
    assert_int_equal(catalog.count, 1);
    assert_int_equal(found[0].block, 131);
    assert_int_equal(read_session(later, 0, NULL), OI_OK);
    assert_int_equal(catalog.block, CATALOG);
    assert_int_equal(read_session(later, 3, NULL), OI_NOT_FOUND);
    assert_int_equal(read_session(later, UINT32_MAX, NULL), OI_NOT_FOUND);
    source_unref(&disc->base);
    drop(later);
}

static void a_volume_of_udf_boots_too(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memset(kit_block(disc, 16), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 16), "\0BEA01\1", 7);
    memcpy(kit_block(disc, 18), "\0NSR02\1", 7);
    memcpy(kit_block(disc, 19), "\0TEA01\1", 7);
    read_good(disc, 1);
}

/* --- the default entry ---------------------------------------------------------------------------------- */

static void the_default_entry_is_told_as_recorded(void **state)
{
    static const uint8_t all[2 * ENTRY] =
    {
        1, 2, 0, 0,                                     /* validation entry, Mac */
        'M', 'A', 'K', 'E', 'R', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xC0, 0xCC, 0x55, 0xAA,
        0x88, 4, 0x34, 0x12, 0x0B, 0,                   /* hard disk, segment 1234h, partition of type 0Bh */
        3, 0, 31, 0, 0, 0,
    };
    struct kit_disc *disc = bootable();

    (void)state;
    memcpy(entry_of(disc, 0), all, sizeof(all));
    read_good(disc, 1);
    assert_int_equal(found[0].section, 0);
    assert_int_equal(found[0].platform, 2);
    assert_int_equal(found[0].emulation, FS_BOOT_HARD_DISK);
    assert_int_equal(found[0].system_type, 0x0B);
    assert_int_equal(found[0].bootable, 1);
    assert_int_equal(found[0].load_segment, 0x1234);
    assert_int_equal(found[0].sector_count, 3);
    assert_int_equal(found[0].block, 31);
    assert_int_equal(found[0].size, 3 * 512);
}

static void an_image_may_be_there_without_being_bootable(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    entry_of(disc, 1)[0] = 0;
    read_good(disc, 1);
    assert_int_equal(found[0].bootable, 0);
    assert_int_equal(found[0].size, 2048);
    disc = bootable();
    memset(entry_of(disc, 1), 0, ENTRY);                /* but there is nothing */
    refused(disc, OI_FORMAT, CATALOG);
}

static void a_catalog_may_be_the_last_thing_on_a_disc(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    put_le32(kit_block(disc, 17) + 0x47, BLOCKS - 1);
    memcpy(kit_block(disc, BLOCKS - 1), head, sizeof(head));
    assert_int_equal(read_session(disc, 0, NULL), OI_OK);
    assert_int_equal(catalog.block, BLOCKS - 1);
    assert_int_equal(disc->reads, 6);                   /* 16 to 19, 17 once more, the catalog */
    drop(disc);
}

static void without_sections_anything_may_follow(void **state)
{
    static const uint8_t first[] = { 0, 1, 0x44, 0x88, 0x92, 0xFF };

    (void)state;
    for (size_t i = 0; i < sizeof(first); i++)
    {
        struct kit_disc *disc = bootable();

        memset(entry_of(disc, 2), 0xFF, 62 * ENTRY);
        entry_of(disc, 2)[0] = first[i];
        read_good(disc, 1);
    }
}

static void sizes_are_of_the_medium_or_of_what_is_loaded(void **state)
{
    static const struct { uint8_t platform, checksum, emulation; uint16_t sectors; uint64_t size; } cases[] =
    {
        { 0, 0x55, 0, 0, 0 },
        { 0, 0x55, 0, 1, 512 },
        { 0, 0x55, 0, 65535, 65535 * 512 },
        { 0, 0x55, 1, 1, 1228800 },
        { 0, 0x55, 2, 1, 1474560 },
        { 0, 0x55, 2, 65535, 1474560 },
        { 0, 0x55, 3, 0, 2949120 },
        { 0, 0x55, 0x83, 1, 2949120 },                  /* 2.4, byte 1: with a driver for SCSI */
        { 0, 0x55, 4, 1, 512 },
        { 0xEF, 0x66, 0, 2, 1024 },
        { 0xEF, 0x66, 0, 0, 19970 * 2048 },             /* UEFI: to the end of the disc */
        { 0xEF, 0x66, 0, 1, 19970 * 2048 },
        { 0xEF, 0x66, 2, 1, 1474560 },
        { 0xEF, 0x66, 4, 1, 512 },
    };
    struct kit_disc *disc = bootable();
    struct kit_disc *large = kit_disc_create(20000);

    (void)state;
    memcpy(large->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        entry_of(large, 0)[1] = cases[i].platform;
        entry_of(large, 0)[0x1D] = cases[i].checksum;
        entry_of(large, 1)[1] = cases[i].emulation;
        put_le16(entry_of(large, 1) + 6, cases[i].sectors);
        assert_int_equal(read_session(large, 0, NULL), OI_OK);
        assert_int_equal(found[0].emulation, cases[i].emulation & 15);
        assert_int_equal(found[0].size, cases[i].size);
    }
    source_unref(&disc->base);
    drop(large);
}

static void no_image_is_longer_than_the_disc(void **state)
{
    struct fs_disc session;
    struct kit_disc *disc = bootable();

    (void)state;
    put_le16(entry_of(disc, 1) + 6, 65535);
    assert_int_equal(read_session(disc, 0, NULL), OI_OK);
    assert_int_equal(found[0].size, 10 * 2048);
    entry_of(disc, 1)[1] = 3;
    assert_int_equal(read_session(disc, 0, NULL), OI_OK);
    assert_int_equal(found[0].size, 10 * 2048);
    session = kit_session(disc, 0);
    session.end = 31;                                   /* so many are written */
    assert_int_equal(fs_boot_read(&session, found, 1, &catalog, NULL), OI_OK);
    assert_int_equal(found[0].size, 2048);
    session.end = 30;
    assert_int_equal(fs_boot_read(&session, found, 1, &catalog, NULL), OI_FORMAT);
    drop(disc);
}

/* --- sections ------------------------------------------------------------------------------------------- */

/* Of two and one entries, the first of which has two extensions. */
static const uint8_t sections[7 * ENTRY] =
{
    0x90, 0xEF, 2, 0,                                   /* header, UEFI, more follow, two entries */
    'I', 'D', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x88, 0x20, 0, 0, 0, 0, 2, 0, 32, 0, 0, 0,          /* no emulation, goes on */
    1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    0x44, 0x20, 0x91, 0x91, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
    0x44, 0x00, 0x88, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
    0x00, 0x02, 0x00, 0x10, 0x06, 0, 1, 0, 33, 0, 0, 0, /* a floppy, not bootable */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x91, 0x01, 1, 0,                                   /* the last header, PowerPC, one entry */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x88, 0, 0, 0, 0, 0, 1, 0, 34, 0, 0, 0,
};

static void sections_have_platforms_of_their_own(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memcpy(entry_of(disc, 2), sections, sizeof(sections));
    memset(entry_of(disc, 9), 0x88, 55 * ENTRY);        /* behind the last section nothing counts */
    read_good(disc, 4);
    for (unsigned i = 0; i < 4; i++)
    {
        static const struct fs_boot_found expected[4] =
        {
            { 0, 0, 0, 0, 1, 0, 4, 30, 2048 },
            { 1, 0xEF, 0, 0, 1, 0, 2, 32, 1024 },
            { 1, 0xEF, 2, 6, 0, 0x1000, 1, 33, 7 * 2048 },
            { 2, 1, 0, 0, 1, 0, 1, 34, 512 },
        };

        assert_int_equal(found[i].section, expected[i].section);
        assert_int_equal(found[i].platform, expected[i].platform);
        assert_int_equal(found[i].emulation, expected[i].emulation);
        assert_int_equal(found[i].system_type, expected[i].system_type);
        assert_int_equal(found[i].bootable, expected[i].bootable);
        assert_int_equal(found[i].load_segment, expected[i].load_segment);
        assert_int_equal(found[i].sector_count, expected[i].sector_count);
        assert_int_equal(found[i].block, expected[i].block);
        assert_int_equal(found[i].size, expected[i].size);
    }
}

static void a_section_may_have_no_entries(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    memcpy(entry_of(disc, 2), "\x90\0\0\0", 4);
    memcpy(entry_of(disc, 3), "\x91\0\0\0", 4);
    read_good(disc, 1);
}

static void no_more_entries_are_given_than_there_is_room_for(void **state)
{
    struct kit_disc *disc = bootable();
    struct fs_disc session = kit_session(disc, 0);

    (void)state;
    memcpy(entry_of(disc, 2), sections, sizeof(sections));
    memset(found, 0xEE, sizeof(found));
    assert_int_equal(fs_boot_read(&session, found, 2, &catalog, NULL), OI_OK);
    assert_int_equal(catalog.count, 4);
    assert_int_equal(found[1].block, 32);
    assert_int_equal(found[2].block, 0xEEEEEEEE);
    assert_int_equal(fs_boot_read(&session, NULL, 0, &catalog, NULL), OI_OK);
    assert_int_equal(catalog.count, 4);
    drop(disc);
}

/* One section that fills the blocks from CATALOG on with entries, the last of all one included. */
static void fill(struct kit_disc *disc, unsigned blocks)
{
    unsigned entries = blocks * (FS_BLOCK_SIZE / ENTRY);

    memcpy(entry_of(disc, 2), "\x91\0\0\0", 4);
    put_le16(entry_of(disc, 2) + 2, (uint16_t)(entries - 3));
    for (unsigned i = 3; i < entries; i++) memcpy(entry_of(disc, i), head + ENTRY, ENTRY);
}

static void a_catalog_may_have_several_blocks(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    fill(disc, BLOCKS - CATALOG);                       /* to the end of the disc, which is not passed */
    read_good(disc, (BLOCKS - CATALOG) * 64 - 2);
    disc = bootable();
    fill(disc, BLOCKS - CATALOG);
    put_le16(entry_of(disc, 2) + 2, (BLOCKS - CATALOG) * 64 - 2);       /* one more than there is */
    refused(disc, OI_FORMAT, BLOCKS);
    disc = bootable();
    fill(disc, 2);
    memset(entry_of(disc, 127), 0x44, ENTRY);           /* an extension instead of the last entry */
    refused(disc, OI_FORMAT, CATALOG + 2);
}

static void a_catalog_without_end_is_none(void **state)
{
    struct kit_disc *disc = bootable();
    struct kit_disc *large = kit_disc_create(2000);

    (void)state;
    memcpy(large->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    source_unref(&disc->base);
    fill(large, 32);
    assert_int_equal(read_session(large, 0, NULL), OI_OK);
    assert_int_equal(catalog.count, 32 * 64 - 2);
    fill(large, 33);
    assert_int_equal(read_session(large, 0, NULL), OI_FORMAT);
    fill(large, 1000);
    put_le16(entry_of(large, 2) + 2, 65535);
    large->reads = 0;
    assert_int_equal(read_session(large, 0, NULL), OI_FORMAT);
    assert_int_equal(large->reads, 4 + 1 + 32);
    for (unsigned i = 2; i < 1900 * 64; i++) memcpy(entry_of(large, i), "\x90\0\0\0", 4);
    assert_int_equal(read_session(large, 0, NULL), OI_FORMAT);
    memcpy(entry_of(large, 2), "\x90\0\1\0", 4);
    for (unsigned i = 3; i < 1900 * 64; i++) memcpy(entry_of(large, i), "\x44\0\0\0", 4);
    large->reads = 0;
    assert_int_equal(read_session(large, 0, NULL), OI_FORMAT);
    assert_int_equal(large->reads, 4 + 1 + 32);
    drop(large);
}

/* --- what is wrong -------------------------------------------------------------------------------------- */

static void what_lies_is_not_believed(void **state)
{
    static const struct { uint16_t at; uint8_t value; uint32_t block; } lies[] =
    {
        { 0x00, 0, CATALOG }, { 0x00, 2, CATALOG },     /* validation: header ID, */
        { 0x01, 1, CATALOG }, { 0x1C, 0xAB, CATALOG }, { 0x05, 'x', CATALOG },  /* checksum, */
        { 0x1E, 0x54, CATALOG }, { 0x1F, 0xAB, CATALOG },                       /* key */
        { 0x20, 0x87, CATALOG }, { 0x20, 0x90, CATALOG }, { 0x20, 0x44, CATALOG },      /* default: indicator, */
        { 0x21, 5, CATALOG }, { 0x21, 0x1F, CATALOG },  /* medium, */
        { 0x28, BLOCKS, BLOCKS }, { 0x2B, 0x80, 0x8000001E },                   /* place */
        { 0x42, 1, CATALOG }, { 0x42, 3, CATALOG },     /* header: number of entries */
        { 0x60, 0x91, CATALOG }, { 0x60, 0x89, CATALOG },                       /* entry: indicator, */
        { 0x61, 6, CATALOG }, { 0x68, BLOCKS, BLOCKS }, { 0x69, 1, 0x120 },     /* medium, place */
        { 0xE0, 0x00, CATALOG }, { 0xE0, 0x88, CATALOG }, { 0xE2, 2, CATALOG }, /* last header */
        { 0x100, 0x01, CATALOG },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
    {
        struct kit_disc *disc = bootable();

        memcpy(entry_of(disc, 2), sections, sizeof(sections));
        kit_block(disc, CATALOG)[lies[i].at] = lies[i].value;
        refused(disc, OI_FORMAT, lies[i].block);
    }
}

static void two_wrong_words_of_the_key_do_not_make_it_right(void **state)
{
    struct kit_disc *disc = bootable();

    (void)state;
    put_le16(entry_of(disc, 0) + 0x1C, 0xFFFF);         /* the sum is right, but there is no key */
    put_le16(entry_of(disc, 0) + 0x1E, 0);
    refused(disc, OI_FORMAT, CATALOG);
}

static void a_catalog_lies_inside_the_disc(void **state)
{
    static const uint32_t places[] = { BLOCKS, BLOCKS + 1, 0x7FFFFFFF, 0xFFFFFFFF };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
    {
        struct kit_disc *disc = bootable();

        put_le32(kit_block(disc, 17) + 0x47, places[i]);
        refused(disc, OI_FORMAT, places[i]);
    }
}

/* Where other things are: in the system area, at the descriptors, in an empty block. */
static void what_is_no_catalog_is_not_taken_for_one(void **state)
{
    static const uint32_t places[] = { 0, 16, 17, 18, BLOCKS - 1 };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
    {
        struct kit_disc *disc = bootable();

        put_le32(kit_block(disc, 17) + 0x47, places[i]);
        refused(disc, OI_FORMAT, places[i]);
    }
}

static void a_disc_may_end_anywhere(void **state)
{
    struct kit_disc *disc = bootable();
    struct fs_disc session = kit_session(disc, 0);

    (void)state;
    for (session.end = 1; session.end <= BLOCKS; session.end++)
    {
        enum oi_status expected = session.end <= 17 ? OI_NOT_FOUND : session.end <= 30 ? OI_FORMAT : OI_OK;

        assert_int_equal(fs_boot_read(&session, NULL, 0, &catalog, NULL), expected);
    }
    drop(disc);
}

static void each_read_can_fail(void **state)
{
    static const uint32_t blocks[] = { 16, 17, 18, 19, 17, CATALOG, CATALOG + 1, CATALOG + 2 };

    (void)state;
    for (long i = 0; i < 8; i++)
    {
        struct kit_disc *disc = bootable();

        fill(disc, 3);
        disc->until_failure = i;                        /* and all reads after it */
        refused(disc, OI_SOURCE_READ, i == 3 ? 17 : blocks[i]);
        disc = bootable();
        fill(disc, 3);
        disc->bad = blocks[i];
        /* What follows the terminator may be unwritten. */
        if (i == 3) read_good(disc, 3 * 64 - 2);
        else refused(disc, OI_SENSE, blocks[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_session_without_boot_record_does_not_boot),
        cmocka_unit_test(a_boot_record_has_its_type_version_and_identifier),
        cmocka_unit_test(the_identifier_may_be_filled_up_with_spaces),
        cmocka_unit_test(boot_records_of_other_systems_are_passed_over),
        cmocka_unit_test(the_first_of_two_boot_records_counts),
        cmocka_unit_test(what_stands_behind_the_descriptors_is_none_of_them),
        cmocka_unit_test(a_session_has_a_boot_record_of_its_own),
        cmocka_unit_test(a_volume_of_udf_boots_too),
        cmocka_unit_test(the_default_entry_is_told_as_recorded),
        cmocka_unit_test(an_image_may_be_there_without_being_bootable),
        cmocka_unit_test(a_catalog_may_be_the_last_thing_on_a_disc),
        cmocka_unit_test(without_sections_anything_may_follow),
        cmocka_unit_test(sizes_are_of_the_medium_or_of_what_is_loaded),
        cmocka_unit_test(no_image_is_longer_than_the_disc),
        cmocka_unit_test(sections_have_platforms_of_their_own),
        cmocka_unit_test(a_section_may_have_no_entries),
        cmocka_unit_test(no_more_entries_are_given_than_there_is_room_for),
        cmocka_unit_test(a_catalog_may_have_several_blocks),
        cmocka_unit_test(a_catalog_without_end_is_none),
        cmocka_unit_test(what_lies_is_not_believed),
        cmocka_unit_test(two_wrong_words_of_the_key_do_not_make_it_right),
        cmocka_unit_test(a_catalog_lies_inside_the_disc),
        cmocka_unit_test(what_is_no_catalog_is_not_taken_for_one),
        cmocka_unit_test(a_disc_may_end_anywhere),
        cmocka_unit_test(each_read_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
