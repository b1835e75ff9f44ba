/*
 * Large trees: 50,000 files in one directory, 200,000 in all. Nothing here may cost the square of a number of
 * items: then these tests do not take seconds but hours.
 */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define SECONDS_MAX 60                  /* of processor time, sanitized, on a slow machine; it takes 2 */

static clock_t started;

static int start_clock(void **state)
{
    (void)state;
    started = clock();
    return 0;
}

static int check_clock(void **state)
{
    (void)state;
    return (clock() - started) / CLOCKS_PER_SEC > SECONDS_MAX;
}

static void fill(struct fs_tree *tree, const char *folder, int count, const char *format)
{
    char path[100], name[60];

    kit_folder(tree, folder);
    for (int i = 0; i < count; i++)
    {
        snprintf(name, sizeof(name), format, i);
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        kit_file(tree, path, 1);
    }
}

static void read_whole(struct fs_tree *tree)
{
    struct fs_layout *layout = kit_layout(tree, 0);
    struct source *image;
    uint8_t *bytes = malloc(1 << 20);
    uint64_t blocks;

    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    assert_true(blocks == fs_layout_blocks(layout));
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    for (uint64_t at = 0; at < image->size; at += 1 << 20)
    {
        size_t got;

        assert_int_equal(source_read_some(image, at, bytes, 1 << 20, &got), OI_OK);
    }
    free(bytes);
    source_unref(image);
    fs_layout_unref(layout);
}

static void fifty_thousand_files_in_one_folder(void **state)
{
    struct fs_tree *tree = kit_tree();
    char path[60];

    (void)state;
    fill(tree, "folder", 50000, "distinct %06d");
    for (int i = 0; i < 50000; i += 7)
    {
        sprintf(path, "FOLDER/DISTINCT %06d", i);
        assert_non_null(kit_find(tree, path));
    }
    read_whole(tree);
    for (int i = 0; i < 50000; i += 2)
    {
        sprintf(path, "folder/distinct %06d", i);
        assert_int_equal(fs_remove(kit_find(tree, path), NULL), OI_OK);
    }
    assert_int_equal(fs_rollback(tree, 1, NULL), OI_OK);
    assert_true(fs_tree_file_count(tree) == 0);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void fifty_thousand_names_that_begin_alike(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);

    (void)state;
    fill(tree, "folder", 50000, "all of them begin in the same way %d.text");
    options.iso9660_level = 2;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    read_whole(tree);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* Five thousand natural names of eight characters, whose numbered ones meet: FILE0000 and FILE0001 both
   become FILE00_1, FILE0_10 and so on. In order, as folders are listed, and mixed. */
static void fifty_thousand_names_that_end_in_numbers(void **state)
{
    (void)state;
    for (int step = 1; step <= 7919; step += 7918)
    {
        struct fs_tree *tree = kit_tree();
        char path[60];

        kit_folder(tree, "folder");
        for (int i = 0; i < 50000; i++)
        {
            sprintf(path, "folder/file%05d.text", (int)((int64_t)i * step % 50000));
            kit_file(tree, path, 1);
        }
        read_whole(tree);
        fs_tree_destroy(tree);
    }
    assert_int_equal(kit_sources_alive, 0);
}

/* Alone and beside the others, of the first and the last revision. */
static void fifty_thousand_files_in_udf(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++)
    {
        struct fs_tree *tree = kit_tree_with(round % 2 ? FS_UDF : FS_UDF | KIT_ISO_JOLIET, 1, 0);
        struct fs_options options = *fs_tree_options(tree);

        options.udf_revision = round / 2 ? 0x260 : 0x102;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        fill(tree, "folder", 50000, "distinct %06d");
        read_whole(tree);
        fs_tree_destroy(tree);
    }
    assert_int_equal(kit_sources_alive, 0);
}

/* 20,000 names that UDF shortens to the same beginning. */
static void twenty_thousand_names_that_udf_shortens(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char path[300] = "folder/";

    (void)state;
    kit_folder(tree, "folder");
    memset(path + 7, 'n', 250);
    for (int i = 0; i < 20000; i++)
    {
        sprintf(path + 7 + 250, "%05d", i);
        kit_file(tree, path, 1);
    }
    read_whole(tree);
    assert_int_equal(fs_rollback(tree, 1, NULL), OI_OK);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* Directories one below the other: nothing costs their depth for each of them but what names the path. */
static void five_thousand_levels(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_item *at = fs_tree_root(tree);

    (void)state;
    for (int i = 0; i < 5000; i++)
    {
        struct fs_item *item = kit_item(tree, FS_DIRECTORY, "d");

        assert_int_equal(fs_add(at, item, NULL), OI_OK);
        fs_item_unref(item);
        at = item;
    }
    read_whole(tree);
    fs_tree_destroy(tree);
}

static void two_hundred_thousand_files(void **state)
{
    struct fs_tree *tree = kit_tree();
    char folder[20];

    (void)state;
    for (int i = 0; i < 200; i++)
    {
        sprintf(folder, "folder %d", i);
        fill(tree, folder, 1000, "file %d.data");
    }
    assert_true(fs_tree_file_count(tree) == 200000);
    read_whole(tree);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* Additions whose upper bound is past the limit while the truth is not: each counts the directory exactly. */
static void a_tight_limit_is_bearable(void **state)
{
    static const char format[] = "a name that makes a record of some length %06d";
    struct fs_tree *full = kit_tree(), *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);

    (void)state;
    fill(full, "folder", 10000, format);
    assert_int_equal(fs_tree_used_blocks(full, &options.block_limit), OI_OK);
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    fill(tree, "folder", 10000, format);
    fs_tree_destroy(full);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* 999,999 numbers stand behind a name; then there is no unique one, unless nobody asks for it. */
static void a_million_names_run_out_of_numbers(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item;
    char name[60];

    (void)state;
    for (int i = 0; i <= 1000000; i++)
    {
        enum oi_status status;

        sprintf(name, "the same name %d", i);
        item = kit_item(tree, FS_FILE, name);
        status = fs_add(fs_tree_root(tree), item, &detail);
        assert_int_equal(status, i < 1000000 ? OI_OK : OI_NAME_NOT_UNIQUE);
        if (!status) fs_item_unref(item);
    }
    assert_int_equal(text_compare(detail.item, u"\\the same name 1000000"), 0);
    assert_int_equal(detail.file_systems, FS_ISO9660);
    options.file_systems = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    options.file_systems = KIT_ISO_JOLIET;
    fs_detail_clear(&detail);
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_NAME_NOT_UNIQUE);
    assert_int_equal(text_compare(detail.item, u"\\the same name 1000000"), 0);
    assert_int_equal(fs_tree_options(tree)->file_systems, 0);
    fs_detail_clear(&detail);
    /* The number of one that leaves is found again. */
    assert_int_equal(fs_remove(kit_find(tree, "the same name 70000"), NULL), OI_OK);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

int main(void)
{
#define SCALE_TEST(test) cmocka_unit_test_setup_teardown(test, start_clock, check_clock)
    static const struct CMUnitTest tests[] =
    {
        SCALE_TEST(fifty_thousand_files_in_one_folder),
        SCALE_TEST(fifty_thousand_names_that_begin_alike),
        SCALE_TEST(fifty_thousand_names_that_end_in_numbers),
        SCALE_TEST(fifty_thousand_files_in_udf),
        SCALE_TEST(twenty_thousand_names_that_udf_shortens),
        SCALE_TEST(five_thousand_levels),
        SCALE_TEST(two_hundred_thousand_files),
        SCALE_TEST(a_tight_limit_is_bearable),
        SCALE_TEST(a_million_names_run_out_of_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
