/* Golden bytes of every structure, spelled out from ECMA-119 and Joliet; sessions; ranges. */
#include "helpers/fs_kit.h"

#include "openimapi/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TIME 126, 11, 24, 0, 0, 0, 0            /* KIT_TIME in a directory record: 1900 + 126 */

/* \Read me.txt (3000 bytes) and \Folder with \Folder\x (1 byte), times those of the layout. */
static struct fs_tree *sample(void)
{
    struct fs_tree *tree = kit_tree();
    struct fs_times times = { KIT_TIME, KIT_TIME, KIT_TIME };

    kit_file(tree, "Read me.txt", 3000);
    kit_folder(tree, "Folder");
    kit_file(tree, "Folder/x", 1);
    fs_item_set_times(kit_find(tree, "Read me.txt"), &times);
    fs_item_set_times(kit_find(tree, "Folder"), &times);
    fs_item_set_times(kit_find(tree, "Folder/x"), &times);
    fs_item_set_hidden(kit_find(tree, "Folder/x"), 1);
    return tree;
}

/*
 * Blocks of the sample: 0-15 system area, 16 PVD, 17 SVD, 18 terminator, 19 and 20 path tables, 21 root and
 * 22 \Folder of ISO 9660, 23 and 24 path tables, 25 root and 26 \Folder of Joliet, 27-28 Read me.txt, 29 x.
 */
static uint8_t *read_sample(uint32_t start)
{
    struct fs_tree *tree = sample();
    struct fs_layout *layout = kit_layout(tree, start);
    uint8_t *bytes = kit_read(layout, 65536);

    assert_int_equal(fs_layout_blocks(layout), 30);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
    return bytes;
}

static void the_primary_descriptor_is_as_8_4_has_it(void **state)
{
    static const uint8_t head[] = { 1, 'C', 'D', '0', '0', '1', 1, 0 };
    static const uint8_t numbers[] =
    {
        1, 0, 0, 1,                             /* volume set size */
        1, 0, 0, 1,                             /* volume sequence number */
        0x00, 0x08, 0x08, 0x00,                 /* logical block size */
        24, 0, 0, 0, 0, 0, 0, 24,               /* path table size: 10 for the root, 8 + 6 */
        19, 0, 0, 0, 0, 0, 0, 0,                /* type L, optional type L */
        0, 0, 0, 20, 0, 0, 0, 0,                /* type M, optional type M */
    };
    static const uint8_t root[] =
    {
        34, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 1, 0,
    };
    uint8_t *image = read_sample(0), *d = image + 16 * 2048;

    (void)state;
    assert_memory_equal(d, head, 8);
    assert_memory_equal(d + 8, "                                ", 32);
    assert_memory_equal(d + 40, "TEST                            ", 32);
    assert_memory_equal(d + 80, "\x1E\0\0\0\0\0\0\x1E", 8);
    assert_memory_equal(d + 120, numbers, sizeof(numbers));
    assert_memory_equal(d + 156, root, 34);
    assert_memory_equal(d + 190, "TEST    ", 8);
    assert_memory_equal(d + 574, "OPENIMAPI " OPENIMAPI_VERSION_TEXT "  ",
                        12 + strlen(OPENIMAPI_VERSION_TEXT));
    assert_memory_equal(d + 813, "2026112400000050\0", 17);
    assert_memory_equal(d + 830, "2026112400000050\0", 17);
    assert_memory_equal(d + 847, "0000000000000000\0", 17);
    assert_memory_equal(d + 864, "2026112400000050\0", 17);
    assert_int_equal(d[881], 1);
    free(image);
}

static void the_supplementary_descriptor_is_as_joliet_has_it(void **state)
{
    static const uint8_t name[] =
    {
        0, 'T', 0, 'e', 0, 's', 0, 't', 0, ' ', 0, ' ', 0, ' ', 0, ' ',
        0, ' ', 0, ' ', 0, ' ', 0, ' ', 0, ' ', 0, ' ', 0, ' ', 0, ' ',
    };
    static const uint8_t numbers[] =
    {
        30, 0, 0, 0, 0, 0, 0, 30,               /* path table size: 10 for the root, 8 + 12 */
        23, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24,
    };
    uint8_t *image = read_sample(0), *d = image + 17 * 2048;

    (void)state;
    assert_memory_equal(d, "\2CD001\1\0", 8);
    assert_memory_equal(d + 40, name, 32);
    assert_memory_equal(d + 80, "\x1E\0\0\0\0\0\0\x1E", 8);
    assert_memory_equal(d + 88, "%/E\0", 4);
    assert_memory_equal(d + 132, numbers, sizeof(numbers));
    assert_int_equal(d[156 + 2], 25);
    assert_memory_equal(d + 702 + 34, "\0 \0", 3);
    assert_memory_equal(image + 18 * 2048, "\xFF" "CD001\1\0", 8);
    free(image);
}

static void path_tables_are_as_9_4_has_them(void **state)
{
    static const uint8_t l[] =
    {
        1, 0, 21, 0, 0, 0, 1, 0, 0, 0,
        6, 0, 22, 0, 0, 0, 1, 0, 'F', 'O', 'L', 'D', 'E', 'R', 0,
    };
    static const uint8_t m[] =
    {
        1, 0, 0, 0, 0, 21, 0, 1, 0, 0,
        6, 0, 0, 0, 0, 22, 0, 1, 'F', 'O', 'L', 'D', 'E', 'R', 0,
    };
    static const uint8_t joliet[] =
    {
        1, 0, 0, 0, 0, 25, 0, 1, 0, 0,
        12, 0, 0, 0, 0, 26, 0, 1, 0, 'F', 0, 'o', 0, 'l', 0, 'd', 0, 'e', 0, 'r', 0,
    };
    uint8_t *image = read_sample(0);

    (void)state;
    assert_memory_equal(image + 19 * 2048, l, sizeof(l));
    assert_memory_equal(image + 20 * 2048, m, sizeof(m));
    assert_memory_equal(image + 24 * 2048, joliet, sizeof(joliet));
    free(image);
}

static void directory_records_are_as_9_1_has_them(void **state)
{
    static const uint8_t root[] =
    {
        34, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 1, 0,
        34, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 1, 1,
        40, 0, 22, 0, 0, 0, 0, 0, 0, 22, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 6,
        'F', 'O', 'L', 'D', 'E', 'R', 0,
        46, 0, 27, 0, 0, 0, 0, 0, 0, 27, 0xB8, 0x0B, 0, 0, 0, 0, 0x0B, 0xB8, TIME, 0, 0, 0, 1, 0, 0, 1, 13,
        'R', 'E', 'A', 'D', '_', 'M', 'E', '.', 'T', 'X', 'T', ';', '1',
        0,
    };
    static const uint8_t folder[] =
    {
        34, 0, 22, 0, 0, 0, 0, 0, 0, 22, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 1, 0,
        34, 0, 21, 0, 0, 0, 0, 0, 0, 21, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, TIME, 2, 0, 0, 1, 0, 0, 1, 1, 1,
        38, 0, 29, 0, 0, 0, 0, 0, 0, 29, 1, 0, 0, 0, 0, 0, 0, 1, TIME, 1, 0, 0, 1, 0, 0, 1, 4,
        'X', '.', ';', '1', 0,
        0,
    };
    static const uint8_t joliet[] =
    {
        40, 0, 29, 0, 0, 0, 0, 0, 0, 29, 1, 0, 0, 0, 0, 0, 0, 1, TIME, 1, 0, 0, 1, 0, 0, 1, 6,
        0, 'x', 0, ';', 0, '1', 0,
        0,
    };
    uint8_t *image = read_sample(0);

    (void)state;
    assert_memory_equal(image + 21 * 2048, root, sizeof(root));
    assert_memory_equal(image + 22 * 2048, folder, sizeof(folder));
    assert_memory_equal(image + 26 * 2048 + 68, joliet, sizeof(joliet));
    free(image);
}

static void data_follow_and_are_filled_with_zeros(void **state)
{
    uint8_t *image = read_sample(0);

    (void)state;
    for (size_t i = 0; i < 4096; i++)
    {
        assert_int_equal(image[27 * 2048 + i], i < 3000 ? kit_byte(kit_seed("Read me.txt"), i) : 0);
    }
    assert_int_equal(image[29 * 2048], kit_byte(kit_seed("Folder/x"), 0));
    assert_int_equal(image[29 * 2048 + 1], 0);
    free(image);
}

static void a_later_session_counts_from_its_start(void **state)
{
    uint8_t *image = read_sample(100000), *d = image + 16 * 2048;

    (void)state;
    /* 100030 = 0x186BE; 100019, 100020, 100021, 100027 */
    assert_memory_equal(d + 80, "\xBE\x86\x01\0\0\x01\x86\xBE", 8);
    assert_memory_equal(d + 140, "\xB3\x86\x01\0", 4);
    assert_memory_equal(d + 148, "\0\x01\x86\xB4", 4);
    assert_memory_equal(d + 158, "\xB5\x86\x01\0\0\x01\x86\xB5", 8);
    assert_memory_equal(image + 21 * 2048 + 68 + 40 + 2, "\xBB\x86\x01\0\0\x01\x86\xBB", 8);
    assert_memory_equal(image + 19 * 2048 + 2, "\xB5\x86\x01\0", 4);
    free(image);
}

static void times_that_cannot_be_recorded_become_the_layouts(void **state)
{
    static const struct { fs_time time; uint8_t expected[7]; } rows[] =
    {
        { FS_TIME_DATE_0, { TIME } },                                           /* 1899 */
        { -22074336000000000, { 0, 1, 19, 0, 0, 0, 0 } },                       /* 1900-01-19 */
        { -1, { 69, 12, 31, 23, 59, 59, 0 } },
        { 0, { 70, 1, 1, 0, 0, 0, 0 } },
        { 9999999, { 70, 1, 1, 0, 0, 0, 0 } },
        { 58695839990000000, { 255, 12, 31, 23, 59, 59, 0 } },                  /* 2155 */
        { 58695840000000000, { TIME } },                                        /* 2156 */
        { INT64_MAX, { TIME } },
        { INT64_MIN, { TIME } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
    {
        struct fs_tree *tree = kit_tree();
        struct fs_times times = { 0, 0, rows[i].time };
        struct fs_layout *layout;
        uint8_t *image;

        fs_item_set_times(kit_file(tree, "a", 0), &times);
        layout = kit_layout(tree, 0);
        image = kit_read(layout, 65536);
        assert_memory_equal(image + 21 * 2048 + 68 + 18, rows[i].expected, 7);
        free(image);
        fs_layout_unref(layout);
        fs_tree_destroy(tree);
    }
}

static void an_unnamed_volume_is_named_by_its_time(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_layout_params params = { .volume_name = u"", .time = KIT_TIME };
    struct fs_layout *layout;
    uint8_t *image;

    (void)state;
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
    image = kit_read(layout, 65536);
    assert_memory_equal(image + 16 * 2048 + 40, "20261124_000000  ", 17);
    free(image);
    fs_layout_unref(layout);
    params.time = INT64_MIN;            /* no year of four digits */
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
    image = kit_read(layout, 65536);
    assert_memory_equal(image + 16 * 2048 + 40, "00000419_", 9);
    free(image);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

/* --- what is refused ------------------------------------------------------------------------------------ */

static enum oi_status try_layout(struct fs_tree *tree, const char16_t *name, uint32_t start,
                                 struct fs_detail *detail)
{
    struct fs_layout_params params = { .volume_name = name, .time = KIT_TIME, .session_start = start };
    struct fs_layout *layout;
    enum oi_status status = fs_layout_create(tree, &params, &layout, detail);

    if (status) assert_null(layout);
    fs_layout_unref(layout);
    return status;
}

static void what_cannot_be_laid_out_is_refused(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };

    (void)state;
    assert_int_equal(try_layout(tree, u"a/b", 0, &detail), OI_NAME_INVALID);
    assert_int_equal(text_compare(detail.item, u"a/b"), 0);
    options.file_systems = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(try_layout(tree, NULL, 0, &detail), OI_NO_FILE_SYSTEM);
    options.file_systems = 3;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(try_layout(tree, NULL, UINT32_MAX - 24, &detail), OI_TOO_LARGE);
    assert_true(detail.expected == 24 && detail.found == 25);
    assert_int_equal(try_layout(tree, NULL, UINT32_MAX - 25, NULL), OI_OK);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

static void files_have_at_most_two_gibibytes(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };

    (void)state;
    kit_file(tree, "most", 2147483648u);
    assert_int_equal(try_layout(tree, NULL, 0, NULL), OI_OK);
    kit_folder(tree, "folder");
    kit_file(tree, "folder/more", 2147483649u);
    assert_int_equal(try_layout(tree, NULL, 0, &detail), OI_FILE_TOO_BIG);
    assert_int_equal(text_compare(detail.item, u"\\folder\\more"), 0);
    assert_string_equal(fs_kind_name(detail.file_systems), "ISO9660/Joliet");
    assert_true(detail.expected == 2147483648u && detail.found == 2147483649u);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

/* 4,096 files of 2 GiB, none of them at fault alone. */
static void images_have_less_than_two_to_the_32_blocks(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint64_t blocks;
    char name[20];

    (void)state;
    for (int i = 0; i < 4095; i++)
    {
        sprintf(name, "%d", i);
        kit_file(tree, name, FS_FILE_SIZE_MAX);
    }
    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    assert_int_equal(try_layout(tree, NULL, (uint32_t)(UINT32_MAX - blocks), NULL), OI_OK);
    assert_int_equal(try_layout(tree, NULL, (uint32_t)(UINT32_MAX - blocks) + 1, NULL), OI_TOO_LARGE);
    kit_file(tree, "last", FS_FILE_SIZE_MAX);
    assert_int_equal(try_layout(tree, NULL, 7, &detail), OI_TOO_LARGE);
    assert_null(detail.item);
    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    assert_true(detail.expected == UINT32_MAX - 7 && detail.found == blocks && blocks > UINT32_MAX);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

/* --- ranges --------------------------------------------------------------------------------------------- */

static void ranges_cover_every_block_once(void **state)
{
    static const struct { uint32_t first, last; const char16_t *description; } rows[] =
    {
        { 0, 15, u"<system area>" }, { 16, 18, u"<volume descriptors>" }, { 19, 22, u"<ISO9660>" },
        { 23, 26, u"<Joliet>" }, { 27, 28, u"\\Read me.txt" }, { 29, 29, u"\\Folder\\x" },
    };
    struct fs_tree *tree = sample();
    struct fs_layout *layout;
    struct fs_range range;
    char16_t *text;
    size_t index;

    (void)state;
    kit_file(tree, "Folder/empty", 0);
    layout = kit_layout(tree, 1000);
    assert_int_equal(fs_layout_range_count(layout), 6);
    for (size_t i = 0; i < 6; i++)
    {
        assert_int_equal(fs_layout_range(layout, i, &range), OI_OK);
        assert_int_equal(range.first, rows[i].first);
        assert_int_equal(range.last, rows[i].last);
        assert_int_equal(range.is_file, i >= 4);
        assert_int_equal(fs_layout_range_description(layout, i, &text), OI_OK);
        assert_int_equal(text_compare(text, rows[i].description), 0);
        free(text);
        for (uint32_t block = range.first; block <= range.last; block++)
        {
            assert_int_equal(fs_layout_range_from_block(layout, block, &index), OI_OK);
            assert_int_equal(index, i);
        }
        assert_int_equal(fs_layout_range_from_description(layout, rows[i].description, &index), OI_OK);
        assert_int_equal(index, i);
    }
    assert_int_equal(fs_layout_range(layout, 6, &range), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_layout_range_description(layout, 6, &text), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_layout_range_from_block(layout, 30, &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\FOLDER\\X", &index), OI_OK);
    assert_int_equal(index, 5);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\Folder", &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\Folder\\empty", &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\Read me.txt\\x", &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"", &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"x", &index), OI_NOT_FOUND);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_primary_descriptor_is_as_8_4_has_it),
        cmocka_unit_test(the_supplementary_descriptor_is_as_joliet_has_it),
        cmocka_unit_test(path_tables_are_as_9_4_has_them),
        cmocka_unit_test(directory_records_are_as_9_1_has_them),
        cmocka_unit_test(data_follow_and_are_filled_with_zeros),
        cmocka_unit_test(a_later_session_counts_from_its_start),
        cmocka_unit_test(times_that_cannot_be_recorded_become_the_layouts),
        cmocka_unit_test(an_unnamed_volume_is_named_by_its_time),
        cmocka_unit_test(what_cannot_be_laid_out_is_refused),
        cmocka_unit_test(files_have_at_most_two_gibibytes),
        cmocka_unit_test(images_have_less_than_two_to_the_32_blocks),
        cmocka_unit_test(ranges_cover_every_block_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
