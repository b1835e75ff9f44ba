/* What ECMA-119 volumes have in common: descriptors, directories, blocks, and the lies told there. */
#include "helpers/disc_kit.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER 2

#define NAME(text) text, sizeof(text) - 1

static void assert_list(struct kit_disc *disc, const char *expected)
{
    struct fs_tree *tree = kit_imported(disc, 0, FS_ISO9660);
    char *list = kit_list(tree);

    assert_string_equal(list, expected);
    free(list);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static unsigned identified(struct kit_disc *disc)
{
    struct fs_disc session = kit_session(disc, 0);
    unsigned kinds;

    assert_int_equal(fs_identify(&session, &kinds, NULL), OI_OK);
    return kinds;
}

static uint64_t identifier(struct kit_disc *disc)
{
    struct fs_disc session = kit_session(disc, 0);
    uint64_t number = 0;

    assert_int_equal(fs_disc_identifier(&session, &number), OI_OK);
    assert_true(number != 0);
    return number;
}

/* --- which file systems there are ----------------------------------------------------------------------- */

static void file_systems_are_known_by_their_descriptors(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_disc_create(40);

    (void)state;
    assert_int_equal(identified(disc), 0);
    kit_descriptor(disc, 16, 1, "", 30, 2048);
    assert_int_equal(identified(disc), FS_ISO9660);
    kit_block(disc, 17)[0] = 0;
    memcpy(kit_block(disc, 17), "\0CD001\1EL TORITO SPECIFICATION", 30);
    at = kit_descriptor(disc, 18, 2, "%/@", 31, 2048);
    assert_int_equal(identified(disc), FS_ISO9660 | FS_JOLIET);
    at[90] = 'C';
    assert_int_equal(identified(disc), FS_ISO9660 | FS_JOLIET);
    at[90] = 'E';
    assert_int_equal(identified(disc), FS_ISO9660 | FS_JOLIET);
    kit_terminator(disc, 19);
    memcpy(kit_block(disc, 20), "\0BEA01\1", 7);
    memcpy(kit_block(disc, 21), "\0NSR02\1", 7);
    memcpy(kit_block(disc, 22), "\0TEA01\1", 7);
    assert_int_equal(identified(disc), FS_ISO9660 | FS_JOLIET | FS_UDF);
    memset(kit_block(disc, 16), 0, 4 * 2048);
    memcpy(kit_block(disc, 16), "\0BEA01\1", 7);
    memcpy(kit_block(disc, 17), "\0NSR03\1", 7);
    memcpy(kit_block(disc, 18), "\0TEA01\1", 7);
    assert_int_equal(identified(disc), FS_UDF);
    source_unref(&disc->base);
}

static void other_supplementary_descriptors_are_not_joliet(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    at = kit_descriptor(disc, 17, 2, "", 21, 2048);
    kit_terminator(disc, 18);
    assert_int_equal(identified(disc), FS_ISO9660);
    at[6] = 2;                          /* the enhanced descriptor of ISO 9660:1999 */
    memcpy(at + 88, "%/E", 3);
    assert_int_equal(identified(disc), FS_ISO9660);
    at[6] = 1;
    at[90] = 'A';
    assert_int_equal(identified(disc), FS_ISO9660);
    at[0] = 3;                          /* a partition */
    assert_int_equal(identified(disc), FS_ISO9660);
    at[5] = '2';                        /* no descriptor: the list ends, and what follows does not count */
    kit_descriptor(disc, 18, 2, "%/E", 21, 2048);
    assert_int_equal(identified(disc), FS_ISO9660);
    source_unref(&disc->base);
}

static void the_first_descriptors_of_a_kind_count(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);
    struct fs_disc session = kit_session(disc, 0);
    struct fs_volume *volume;

    (void)state;
    memcpy(kit_descriptor(disc, 17, 2, "", 0, 0) + 40, "\0N\0O", 4);
    memcpy(kit_descriptor(disc, 18, 2, "%/E", 20, 2048) + 40, "\0O\0N\0E\0\0", 8);
    memcpy(kit_descriptor(disc, 19, 2, "%/E", 20, 2048) + 40, "\0T\0W\0O", 6);
    assert_int_equal(fs_volume_open(&session, FS_JOLIET, &volume, NULL), OI_OK);
    assert_int_equal(text_compare(fs_volume_info(volume)->name, u"ONE"), 0);
    fs_volume_close(volume);
    source_unref(&disc->base);
}

static void lists_of_descriptors_end(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(2000, &at);

    (void)state;
    for (uint32_t block = 17; block < 2000; block++) kit_terminator(disc, block);
    assert_int_equal(identified(disc), FS_ISO9660);
    assert_true(disc->reads < 300);
    source_unref(&disc->base);
    disc = kit_disc_create(18);
    kit_descriptor(disc, 16, 1, "", 17, 2048);
    kit_terminator(disc, 17);
    assert_int_equal(identified(disc), FS_ISO9660);
    source_unref(&disc->base);
    disc = kit_disc_create(16);
    assert_int_equal(identified(disc), 0);
    source_unref(&disc->base);
}

static void blocks_behind_the_list_may_be_unreadable_its_own_may_not(void **state)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);
    struct fs_disc session = kit_session(disc, 0);
    struct fs_volume *volume;
    uint64_t number;
    unsigned kinds;

    (void)state;
    disc->bad = 18;
    assert_int_equal(identified(disc), FS_ISO9660);
    identifier(disc);
    disc->bad = 17;                     /* the terminator: there might be another descriptor */
    assert_int_equal(fs_identify(&session, &kinds, &detail), OI_SENSE);
    assert_int_equal(detail.found, 17);
    disc->bad = 16;
    assert_int_equal(fs_identify(&session, &kinds, &detail), OI_SENSE);
    assert_int_equal(detail.found, 16);
    assert_int_equal(fs_volume_open(&session, FS_ISO9660, &volume, &detail), OI_SENSE);
    assert_null(volume);
    assert_int_equal(fs_disc_identifier(&session, &number), OI_SOURCE_READ);
    session.session_start = UINT32_MAX - 5;
    assert_int_equal(fs_disc_identifier(&session, &number), OI_SOURCE_READ);
    assert_int_equal(fs_identify(&session, &kinds, &detail), OI_OK);
    assert_int_equal(kinds, 0);
    assert_int_equal(fs_volume_open(&session, FS_ISO9660 | FS_JOLIET, &volume, &detail), OI_INVALID_ARGUMENT);
    source_unref(&disc->base);
}

static void discs_have_different_numbers(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(300, &at);
    uint64_t first = identifier(disc), second;

    (void)state;
    assert_true(identifier(disc) == first);
    kit_block(disc, 16)[813] = '2';
    second = identifier(disc);
    assert_true(second != first);
    /* UDF: its descriptors behind the anchor differ. */
    memcpy(kit_block(disc, 18), "\0BEA01\1", 7);
    memcpy(kit_block(disc, 19), "\0NSR02\1", 7);
    put_le16(kit_block(disc, 256), 2);
    put_le32(kit_block(disc, 256) + 20, 260);
    first = identifier(disc);
    kit_block(disc, 260)[100] = 1;
    assert_true(identifier(disc) != first);
    source_unref(&disc->base);
    disc = kit_disc_create(20);
    identifier(disc);
    source_unref(&disc->base);
}

/* --- descriptors ---------------------------------------------------------------------------------------- */

static void impossible_descriptors_are_refused(void **state)
{
    static const uint16_t sizes[] = { 0, 1, 256, 511, 1536, 4096, 0xFFFF };
    uint8_t *at;
    struct kit_disc *disc;

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
    {
        disc = kit_iso(30, &at);
        put_le16(kit_block(disc, 16) + 128, sizes[i]);
        kit_refused(disc, FS_ISO9660, OI_FORMAT, NULL);
    }
    disc = kit_iso(30, &at);
    kit_block(disc, 16)[156] = 33;      /* length of the root's record */
    kit_refused(disc, FS_ISO9660, OI_FORMAT, NULL);
    disc = kit_iso(30, &at);
    kit_block(disc, 16)[156 + 32] = 2;  /* length of its identifier */
    kit_refused(disc, FS_ISO9660, OI_FORMAT, NULL);
}

static void the_little_endian_numbers_count(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    put_be16(kit_block(disc, 16) + 130, 17);
    put_be32(kit_block(disc, 16) + 156 + 6, 17);
    put_be32(kit_block(disc, 16) + 156 + 14, 17);
    kit_record(at, NAME("A"), 22, 5, 0);
    put_be32(at + 6, 1000000);
    put_be32(at + 14, 1000000);
    assert_list(disc, "/A f 5|");
}

static void path_tables_are_not_looked_at(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    memset(kit_block(disc, 16) + 132, 0xFF, 24);        /* size and places of path tables */
    kit_record(at, NAME("A"), 22, 5, 0);
    assert_list(disc, "/A f 5|");
}

static void logical_blocks_may_be_smaller_than_sectors(void **state)
{
    for (unsigned size = 512; size <= 1024; size *= 2)
    {
        unsigned ratio = 2048 / size;
        uint8_t *at, *data;
        struct kit_disc *disc = kit_iso(40, &at);
        struct fs_disc session = kit_session(disc, 0);
        struct fs_volume *volume;
        struct fs_tree *tree;
        size_t count;
        char *list;

        (void)state;
        put_le16(kit_block(disc, 16) + 128, (uint16_t)size);
        put_le32(kit_block(disc, 16) + 80, 39 * ratio + 1);
        put_le32(kit_block(disc, 16) + 158, 20 * ratio);
        at = kit_record(at, NAME("A"), 30 * ratio + 1, 3000, 0);
        at = kit_record(at, NAME("B"), 31 * ratio, 10, 0);
        kit_record(at, NAME("C"), 21 * ratio + 1, 2048, FOLDER);
        /* A directory that begins within a sector: its records still fill the sectors. */
        at = kit_dots(kit_block(disc, 21) + size, 0, 0);
        kit_record(at, NAME("D"), 0, 0, 0);
        kit_record(kit_block(disc, 22), NAME("E"), 0, 0, 0);
        memset(kit_block(disc, 30) + size, 'x', 3000);
        assert_int_equal(fs_volume_open(&session, FS_ISO9660, &volume, NULL), OI_OK);
        assert_int_equal(fs_volume_info(volume)->blocks, 40);
        fs_volume_close(volume);
        tree = kit_imported(disc, 0, FS_ISO9660);
        list = kit_list(tree);
        assert_string_equal(list, "/A f 3000|/B f 10|/C d|/C/D f 0|/C/E f 0|");
        data = kit_data(fs_item_first_child(fs_tree_root(tree)), 3000);
        for (size_t i = 0; i < 3000; i++) assert_int_equal(data[i], 'x');
        /* A new session could not refer to it. */
        assert_null(fs_source_extents(fs_item_data(fs_item_first_child(fs_tree_root(tree))), &count));
        assert_int_equal(count, 0);
        free(data);
        free(list);
        fs_tree_destroy(tree);
    }
}

/* --- directories ---------------------------------------------------------------------------------------- */

static void records_fill_many_blocks(void **state)
{
    enum { BLOCKS = 50, EACH = 50 };
    struct kit_disc *disc = kit_disc_create(20 + BLOCKS);
    struct fs_tree *tree;

    (void)state;
    kit_descriptor(disc, 16, 1, "", 20, BLOCKS * 2048);
    for (uint32_t block = 0; block < BLOCKS; block++)
    {
        uint8_t *at = kit_block(disc, 20 + block);

        if (!block) at = kit_dots(at, 20, 20);
        for (int i = 0; i < EACH - 2; i++)
        {
            char name[40];

            sprintf(name, "F%u_%d", block, i);
            at = kit_record(at, name, strlen(name), 0, 0, 0);
        }
    }
    disc->given = 0;
    tree = kit_imported(disc, 0, FS_ISO9660);
    assert_int_equal(fs_tree_file_count(tree), BLOCKS * (EACH - 2));
    fs_tree_destroy(tree);
}

static void records_that_cross_a_block_are_read(void **state)
{
    struct kit_disc *disc = kit_disc_create(60);
    struct fs_tree *tree;
    uint8_t *at;

    (void)state;
    kit_descriptor(disc, 16, 1, "", 20, 40 * 2048);
    at = kit_dots(kit_block(disc, 20), 20, 20);
    for (int i = 0; at + 50 < kit_block(disc, 60); i++)
    {
        char name[40];

        sprintf(name, "FILE%d", i + 1000);
        at = kit_record(at, name, strlen(name), 0, 0, 0);
    }
    tree = kit_imported(disc, 0, FS_ISO9660);
    assert_true(fs_tree_file_count(tree) > 1900);
    fs_tree_destroy(tree);
}

static void lying_records_are_refused(void **state)
{
    static const struct { size_t at; uint8_t value; } lies[] =
    {
        { 0, 1 }, { 0, 33 }, { 0, 35 }, { 32, 0 }, { 32, 6 }, { 32, 255 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++)
    {
        uint8_t *at, *folder;
        struct kit_disc *disc = kit_iso(30, &at);

        kit_record(at, NAME("FOLDER"), 21, 2048, FOLDER);
        folder = kit_dots(kit_block(disc, 21), 21, 20);
        kit_record(folder, NAME("ABCDE"), 0, 0, 0);
        folder[lies[i].at] = lies[i].value;
        kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\FOLDER");
    }
}

static void records_end_with_their_directory(void **state)
{
    uint8_t *at, *end;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    end = kit_record(at, NAME("ABC"), 0, 0, 0);
    put_le32(kit_block(disc, 16) + 156 + 10, (uint32_t)(end - kit_block(disc, 20)));
    assert_list(disc, "/ABC f 0|");
    disc = kit_iso(30, &at);
    end = kit_record(at, NAME("ABC"), 0, 0, 0);
    put_le32(kit_block(disc, 16) + 156 + 10, (uint32_t)(end - kit_block(disc, 20)) - 1);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\");
}

static void a_directory_that_does_not_begin_with_itself_is_none(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 22, 2048, FOLDER);
    kit_record(kit_block(disc, 22), NAME("FILE"), 0, 0, 0);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
}

static void directories_lie_on_the_disc(void **state)
{
    static const uint32_t cases[][2] = {{29, 2049}, {30, 1}, {0xFFFFFFFF, 0xFFFFFFFF}, {22, 0xFFFFFFFF}};
    uint8_t *at;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        struct kit_disc *disc = kit_iso(30, &at);

        kit_record(at, NAME("A"), cases[i][0], cases[i][1], FOLDER);
        kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
        disc = kit_iso(30, &at);
        put_le32(kit_block(disc, 16) + 158, cases[i][0]);
        put_le32(kit_block(disc, 16) + 166, cases[i][1]);
        kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\");
    }
}

static void loops_are_refused(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 20, 2048, FOLDER);        /* the root in itself */
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
    disc = kit_iso(30, &at);
    kit_record(at, NAME("A"), 21, 2048, FOLDER);
    kit_record(kit_dots(kit_block(disc, 21), 21, 20), NAME("B"), 22, 2048, FOLDER);
    kit_record(kit_dots(kit_block(disc, 22), 22, 21), NAME("C"), 21, 2048, FOLDER);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A\\B\\C");
    disc = kit_iso(30, &at);
    at = kit_record(at, NAME("A"), 21, 2048, FOLDER);
    kit_record(at, NAME("B"), 21, 1000, FOLDER);
    kit_dots(kit_block(disc, 21), 21, 20);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\B");
}

static void a_block_that_cannot_be_read_is_told(void **state)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint8_t *at;
    struct kit_disc *disc = kit_iso(40, &at);
    struct fs_tree *tree;

    (void)state;
    kit_record(at, NAME("A"), 21, 8 * 2048, FOLDER);
    kit_dots(kit_block(disc, 21), 21, 20);
    disc->bad = 25;
    assert_int_equal(fs_tree_create(NULL, &tree), OI_OK);
    assert_int_equal(kit_import(disc, 0, FS_ISO9660, tree, &detail), OI_SENSE);
    assert_int_equal(detail.found, 25);
    assert_int_equal(text_compare(detail.item, u"\\A"), 0);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    source_unref(&disc->base);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(file_systems_are_known_by_their_descriptors),
        cmocka_unit_test(other_supplementary_descriptors_are_not_joliet),
        cmocka_unit_test(the_first_descriptors_of_a_kind_count),
        cmocka_unit_test(lists_of_descriptors_end),
        cmocka_unit_test(blocks_behind_the_list_may_be_unreadable_its_own_may_not),
        cmocka_unit_test(discs_have_different_numbers),
        cmocka_unit_test(impossible_descriptors_are_refused),
        cmocka_unit_test(the_little_endian_numbers_count),
        cmocka_unit_test(path_tables_are_not_looked_at),
        cmocka_unit_test(logical_blocks_may_be_smaller_than_sectors),
        cmocka_unit_test(records_fill_many_blocks),
        cmocka_unit_test(records_that_cross_a_block_are_read),
        cmocka_unit_test(lying_records_are_refused),
        cmocka_unit_test(records_end_with_their_directory),
        cmocka_unit_test(a_directory_that_does_not_begin_with_itself_is_none),
        cmocka_unit_test(directories_lie_on_the_disc),
        cmocka_unit_test(loops_are_refused),
        cmocka_unit_test(a_block_that_cannot_be_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
