/* Boot catalogs with sections as they are read, byte by byte, and what is wrong in them: El Torito 1.0. */
#include "helpers/eltorito_kit.h"

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

/* --- sections ------------------------------------------------------------------------------------------- */
static void sections_have_platforms_of_their_own(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(eltorito_entry(disc, 2), eltorito_sections, sizeof(eltorito_sections));
    memset(eltorito_entry(disc, 9), 0x88, 55 * ENTRY);        /* behind the last section nothing counts */
    eltorito_good(disc, 4);
    for (unsigned i = 0; i < 4; i++)
    {
        static const struct fs_boot_found expected[4] =
        {
            { 0, 0, 0, 0, 1, 0, 4, 30, 2048 },
            { 1, 0xEF, 0, 0, 1, 0, 2, 32, 1024 },
            { 1, 0xEF, 2, 6, 0, 0x1000, 1, 33, 7 * 2048 },
            { 2, 1, 0, 0, 1, 0, 1, 34, 512 },
        };

        assert_int_equal(eltorito_found[i].section, expected[i].section);
        assert_int_equal(eltorito_found[i].platform, expected[i].platform);
        assert_int_equal(eltorito_found[i].emulation, expected[i].emulation);
        assert_int_equal(eltorito_found[i].system_type, expected[i].system_type);
        assert_int_equal(eltorito_found[i].bootable, expected[i].bootable);
        assert_int_equal(eltorito_found[i].load_segment, expected[i].load_segment);
        assert_int_equal(eltorito_found[i].sector_count, expected[i].sector_count);
        assert_int_equal(eltorito_found[i].block, expected[i].block);
        assert_int_equal(eltorito_found[i].size, expected[i].size);
    }
}

static void a_section_may_end_with_extensions(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(eltorito_entry(disc, 2), eltorito_sections, 4 * ENTRY);      /* up to the extensions */
    eltorito_entry(disc, 2)[2] = 1;
    memcpy(eltorito_entry(disc, 6), eltorito_sections + 5 * ENTRY, 2 * ENTRY);
    eltorito_good(disc, 3);
    assert_int_equal(eltorito_found[1].block, 32);
    assert_int_equal(eltorito_found[2].block, 34);
}

static void a_section_may_have_no_entries(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(eltorito_entry(disc, 2), "\x90\0\0\0", 4);
    memcpy(eltorito_entry(disc, 3), "\x91\0\0\0", 4);
    eltorito_good(disc, 1);
}

static void no_more_entries_are_given_than_there_is_room_for(void **state)
{
    struct kit_disc *disc = eltorito_disc();
    struct fs_disc session = kit_session(disc, 0);

    (void)state;
    memcpy(eltorito_entry(disc, 2), eltorito_sections, sizeof(eltorito_sections));
    memset(eltorito_found, 0xEE, sizeof(eltorito_found));
    assert_int_equal(fs_boot_read(&session, eltorito_found, 2, &eltorito_catalog, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.count, 4);
    assert_int_equal(eltorito_found[1].block, 32);
    assert_int_equal(eltorito_found[2].block, 0xEEEEEEEE);
    assert_int_equal(fs_boot_read(&session, NULL, 0, &eltorito_catalog, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.count, 4);
    eltorito_drop(disc);
}

static void a_catalog_may_have_several_blocks(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    /* To the end of the disc, which is not passed. */
    eltorito_fill(disc, BLOCKS - CATALOG);
    eltorito_good(disc, (BLOCKS - CATALOG) * 64 - 2);
    disc = eltorito_disc();
    eltorito_fill(disc, BLOCKS - CATALOG);
    put_le16(eltorito_entry(disc, 2) + 2, (BLOCKS - CATALOG) * 64 - 2);     /* one more than there is */
    eltorito_refused(disc, OI_FORMAT, BLOCKS);
    disc = eltorito_disc();
    eltorito_fill(disc, 2);
    memset(eltorito_entry(disc, 127), 0x44, ENTRY);     /* an extension instead of the last entry */
    eltorito_refused(disc, OI_FORMAT, CATALOG + 2);
}

static void a_catalog_without_end_is_none(void **state)
{
    struct kit_disc *disc = eltorito_disc();
    struct kit_disc *large = kit_disc_create(2000);

    (void)state;
    memcpy(large->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    source_unref(&disc->base);
    eltorito_fill(large, 32);
    assert_int_equal(eltorito_read(large, 0, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.count, 32 * 64 - 2);
    eltorito_fill(large, 33);
    assert_int_equal(eltorito_read(large, 0, NULL), OI_FORMAT);
    eltorito_fill(large, 1000);
    put_le16(eltorito_entry(large, 2) + 2, 65535);
    large->reads = 0;
    assert_int_equal(eltorito_read(large, 0, NULL), OI_FORMAT);
    assert_int_equal(large->reads, 4 + 1 + 32);
    for (unsigned i = 2; i < 1900 * 64; i++) memcpy(eltorito_entry(large, i), "\x90\0\0\0", 4);
    assert_int_equal(eltorito_read(large, 0, NULL), OI_FORMAT);
    memcpy(eltorito_entry(large, 2), "\x90\0\1\0", 4);
    for (unsigned i = 3; i < 1900 * 64; i++) memcpy(eltorito_entry(large, i), "\x44\0\0\0", 4);
    large->reads = 0;
    assert_int_equal(eltorito_read(large, 0, NULL), OI_FORMAT);
    assert_int_equal(large->reads, 4 + 1 + 32);
    eltorito_drop(large);
}

/* --- what is wrong -------------------------------------------------------------------------------------- */

static void what_lies_is_not_believed(void **state)
{
    static const struct { uint16_t at; uint8_t value; uint32_t block; } lies[] =
    {
        { 0x00, 0, CATALOG }, { 0x00, 2, CATALOG },     /* validation: header ID */
        { 0x01, 1, CATALOG }, { 0x1C, 0xAB, CATALOG }, { 0x05, 'x', CATALOG },  /* checksum */
        { 0x1E, 0x54, CATALOG }, { 0x1F, 0xAB, CATALOG },                       /* key */
        { 0x20, 0x87, CATALOG }, { 0x20, 0x90, CATALOG }, { 0x20, 0x44, CATALOG },  /* default: indicator */
        { 0x21, 5, CATALOG }, { 0x21, 0x1F, CATALOG },  /* medium */
        { 0x28, BLOCKS, BLOCKS }, { 0x2B, 0x80, 0x8000001E },                   /* place */
        { 0x42, 1, CATALOG }, { 0x42, 3, CATALOG },     /* header: number of entries */
        { 0x60, 0x91, CATALOG }, { 0x60, 0x89, CATALOG },                       /* entry: indicator */
        { 0x61, 6, CATALOG }, { 0x68, BLOCKS, BLOCKS }, { 0x69, 1, 0x120 },     /* medium, place */
        { 0xE0, 0x00, CATALOG }, { 0xE0, 0x88, CATALOG }, { 0xE2, 2, CATALOG }, /* last header */
        { 0x100, 0x01, CATALOG },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
    {
        struct kit_disc *disc = eltorito_disc();

        memcpy(eltorito_entry(disc, 2), eltorito_sections, sizeof(eltorito_sections));
        kit_block(disc, CATALOG)[lies[i].at] = lies[i].value;
        eltorito_refused(disc, OI_FORMAT, lies[i].block);
    }
}

/* Nothing but one of them is wrong. */
static void header_and_key_count_when_the_checksum_is_right(void **state)
{
    static const struct { uint8_t at, value; uint16_t checksum; } lies[] =
    {
        { 0x00, 0, 0x55AB }, { 0x00, 2, 0x55A9 }, { 0x1E, 0x54, 0x55AB }, { 0x1F, 0xAB, 0x54AA },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
    {
        struct kit_disc *disc = eltorito_disc();

        eltorito_entry(disc, 0)[lies[i].at] = lies[i].value;
        put_le16(eltorito_entry(disc, 0) + 0x1C, lies[i].checksum);
        eltorito_refused(disc, OI_FORMAT, CATALOG);
    }
}

static void a_catalog_lies_inside_the_disc(void **state)
{
    static const uint32_t places[] = { BLOCKS, BLOCKS + 1, 0x7FFFFFFF, 0xFFFFFFFF };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
    {
        struct kit_disc *disc = eltorito_disc();

        put_le32(kit_block(disc, 17) + 0x47, places[i]);
        eltorito_refused(disc, OI_FORMAT, places[i]);
    }
}

/* Where other things are: in the system area, at the descriptors, in an empty block. */
static void what_is_no_catalog_is_not_taken_for_one(void **state)
{
    static const uint32_t places[] = { 0, 16, 17, 18, BLOCKS - 1 };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
    {
        struct kit_disc *disc = eltorito_disc();

        put_le32(kit_block(disc, 17) + 0x47, places[i]);
        eltorito_refused(disc, OI_FORMAT, places[i]);
    }
}

static void a_disc_may_end_anywhere(void **state)
{
    struct kit_disc *disc = eltorito_disc();
    struct fs_disc session = kit_session(disc, 0);

    (void)state;
    for (session.end = 1; session.end <= BLOCKS; session.end++)
    {
        enum oi_status expected = session.end <= 17 ? OI_NOT_FOUND : session.end <= 30 ? OI_FORMAT : OI_OK;

        assert_int_equal(fs_boot_read(&session, NULL, 0, &eltorito_catalog, NULL), expected);
    }
    eltorito_drop(disc);
}

static void each_read_can_fail(void **state)
{
    static const uint32_t blocks[] = { 16, 17, 18, 19, 17, CATALOG, CATALOG + 1, CATALOG + 2 };

    (void)state;
    for (long i = 0; i < 8; i++)
    {
        struct kit_disc *disc = eltorito_disc();

        eltorito_fill(disc, 3);
        disc->until_failure = i;                        /* and all reads after it */
        eltorito_refused(disc, OI_SOURCE_READ, i == 3 ? 17 : blocks[i]);
        disc = eltorito_disc();
        eltorito_fill(disc, 3);
        disc->bad = blocks[i];
        /* What follows the terminator may be unwritten. */
        if (i == 3) eltorito_good(disc, 3 * 64 - 2);
        else eltorito_refused(disc, OI_SENSE, blocks[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(sections_have_platforms_of_their_own),
        cmocka_unit_test(a_section_may_end_with_extensions),
        cmocka_unit_test(a_section_may_have_no_entries),
        cmocka_unit_test(no_more_entries_are_given_than_there_is_room_for),
        cmocka_unit_test(a_catalog_may_have_several_blocks),
        cmocka_unit_test(a_catalog_without_end_is_none),
        cmocka_unit_test(what_lies_is_not_believed),
        cmocka_unit_test(header_and_key_count_when_the_checksum_is_right),
        cmocka_unit_test(a_catalog_lies_inside_the_disc),
        cmocka_unit_test(what_is_no_catalog_is_not_taken_for_one),
        cmocka_unit_test(a_disc_may_end_anywhere),
        cmocka_unit_test(each_read_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
