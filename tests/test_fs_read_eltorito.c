/* Boot records and the default entries of boot catalogs as they are read, byte by byte: El Torito 1.0. */
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

/* --- the boot record ------------------------------------------------------------------------------------ */

static void a_session_without_boot_record_does_not_boot(void **state)
{
    uint8_t *next;

    (void)state;
    eltorito_refused(kit_iso(BLOCKS, &next), OI_NOT_FOUND, 0);
    eltorito_refused(kit_disc_create(BLOCKS), OI_NOT_FOUND, 0);
    eltorito_refused(kit_disc_create(0), OI_NOT_FOUND, 0);
    eltorito_refused(kit_disc_create(16), OI_NOT_FOUND, 0);
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
        struct kit_disc *disc = eltorito_disc();

        kit_block(disc, 17)[others[i].at] = others[i].value;
        eltorito_refused(disc, OI_NOT_FOUND, 0);
    }
}

static void the_identifier_may_be_filled_up_with_spaces(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memset(kit_block(disc, 17) + 30, ' ', 9);
    eltorito_good(disc, 1);
}

static void boot_records_of_other_systems_are_passed_over(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(kit_block(disc, 18), eltorito_record, sizeof(eltorito_record));
    memcpy(kit_block(disc, 17) + 7, "ANOTHER SYSTEM\0\0\0\0\0\0\0\0", 23);
    put_le32(kit_block(disc, 17) + 0x47, 0xFFFFFFFF);
    kit_terminator(disc, 19);
    eltorito_good(disc, 1);
}

static void the_first_of_two_boot_records_counts(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(kit_block(disc, 18), eltorito_record, sizeof(eltorito_record));
    put_le32(kit_block(disc, 18) + 0x47, 39);
    kit_terminator(disc, 19);
    eltorito_good(disc, 1);
}

static void what_stands_behind_the_descriptors_is_none_of_them(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memset(kit_block(disc, 17), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 18), eltorito_record, sizeof(eltorito_record));
    eltorito_refused(disc, OI_NOT_FOUND, 0);
}

static void a_session_has_a_boot_record_of_its_own(void **state)
{
    struct kit_disc *disc = eltorito_disc();
    struct kit_disc *later = kit_disc_create(140);

    (void)state;
    memcpy(later->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    kit_descriptor(later, 116, 1, "", 20, FS_BLOCK_SIZE);
    memcpy(kit_block(later, 117), eltorito_record, sizeof(eltorito_record));
    kit_terminator(later, 118);
    put_le32(kit_block(later, 117) + 0x47, 130);                /* from the beginning of the disc */
    memcpy(kit_block(later, 130), eltorito_head, sizeof(eltorito_head));
    put_le32(kit_block(later, 130) + 0x28, 131);
    assert_int_equal(eltorito_read(later, 100, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.block, 130);
    assert_int_equal(eltorito_catalog.count, 1);
    assert_int_equal(eltorito_found[0].block, 131);
    assert_int_equal(eltorito_read(later, 0, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.block, CATALOG);
    assert_int_equal(eltorito_read(later, 3, NULL), OI_NOT_FOUND);
    assert_int_equal(eltorito_read(later, UINT32_MAX, NULL), OI_NOT_FOUND);
    source_unref(&disc->base);
    eltorito_drop(later);
}

static void a_volume_of_udf_boots_too(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memset(kit_block(disc, 16), 0, FS_BLOCK_SIZE);
    memcpy(kit_block(disc, 16), "\0BEA01\1", 7);
    memcpy(kit_block(disc, 18), "\0NSR02\1", 7);
    memcpy(kit_block(disc, 19), "\0TEA01\1", 7);
    eltorito_good(disc, 1);
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
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    memcpy(eltorito_entry(disc, 0), all, sizeof(all));
    eltorito_good(disc, 1);
    assert_int_equal(eltorito_found[0].section, 0);
    assert_int_equal(eltorito_found[0].platform, 2);
    assert_int_equal(eltorito_found[0].emulation, FS_BOOT_HARD_DISK);
    assert_int_equal(eltorito_found[0].system_type, 0x0B);
    assert_int_equal(eltorito_found[0].bootable, 1);
    assert_int_equal(eltorito_found[0].load_segment, 0x1234);
    assert_int_equal(eltorito_found[0].sector_count, 3);
    assert_int_equal(eltorito_found[0].block, 31);
    assert_int_equal(eltorito_found[0].size, 3 * 512);
}

static void an_image_may_be_there_without_being_bootable(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    eltorito_entry(disc, 1)[0] = 0;
    eltorito_good(disc, 1);
    assert_int_equal(eltorito_found[0].bootable, 0);
    assert_int_equal(eltorito_found[0].size, 2048);
    disc = eltorito_disc();
    memset(eltorito_entry(disc, 1), 0, ENTRY);                /* but there is nothing */
    eltorito_refused(disc, OI_FORMAT, CATALOG);
}

static void a_catalog_may_be_the_last_thing_on_a_disc(void **state)
{
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    put_le32(kit_block(disc, 17) + 0x47, BLOCKS - 1);
    memcpy(kit_block(disc, BLOCKS - 1), eltorito_head, sizeof(eltorito_head));
    assert_int_equal(eltorito_read(disc, 0, NULL), OI_OK);
    assert_int_equal(eltorito_catalog.block, BLOCKS - 1);
    assert_int_equal(disc->reads, 6);                   /* 16 to 19, 17 once more, the catalog */
    eltorito_drop(disc);
}

static void without_sections_anything_may_follow(void **state)
{
    static const uint8_t first[] = { 0, 1, 0x44, 0x88, 0x92, 0xFF };

    (void)state;
    for (size_t i = 0; i < sizeof(first); i++)
    {
        struct kit_disc *disc = eltorito_disc();

        memset(eltorito_entry(disc, 2), 0xFF, 62 * ENTRY);
        eltorito_entry(disc, 2)[0] = first[i];
        eltorito_good(disc, 1);
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
    struct kit_disc *disc = eltorito_disc();
    struct kit_disc *large = kit_disc_create(20000);

    (void)state;
    memcpy(large->bytes, disc->bytes, BLOCKS * FS_BLOCK_SIZE);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        eltorito_entry(large, 0)[1] = cases[i].platform;
        eltorito_entry(large, 0)[0x1D] = cases[i].checksum;
        eltorito_entry(large, 1)[1] = cases[i].emulation;
        put_le16(eltorito_entry(large, 1) + 6, cases[i].sectors);
        assert_int_equal(eltorito_read(large, 0, NULL), OI_OK);
        assert_int_equal(eltorito_found[0].emulation, cases[i].emulation & 15);
        assert_int_equal(eltorito_found[0].size, cases[i].size);
    }
    source_unref(&disc->base);
    eltorito_drop(large);
}

static void no_image_is_longer_than_the_disc(void **state)
{
    struct fs_disc session;
    struct kit_disc *disc = eltorito_disc();

    (void)state;
    put_le16(eltorito_entry(disc, 1) + 6, 65535);
    assert_int_equal(eltorito_read(disc, 0, NULL), OI_OK);
    assert_int_equal(eltorito_found[0].size, 10 * 2048);
    eltorito_entry(disc, 1)[1] = 3;
    assert_int_equal(eltorito_read(disc, 0, NULL), OI_OK);
    assert_int_equal(eltorito_found[0].size, 10 * 2048);
    session = kit_session(disc, 0);
    session.end = 31;                                   /* so many are written */
    assert_int_equal(fs_boot_read(&session, eltorito_found, 1, &eltorito_catalog, NULL), OI_OK);
    assert_int_equal(eltorito_found[0].size, 2048);
    session.end = 30;
    assert_int_equal(fs_boot_read(&session, eltorito_found, 1, &eltorito_catalog, NULL), OI_FORMAT);
    eltorito_drop(disc);
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
