/* The count of blocks: always what a layout takes, and what the limit is held against. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t used(struct fs_tree *tree)
{
    uint64_t blocks;

    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    return blocks;
}

static void assert_exact(struct fs_tree *tree)
{
    struct fs_layout *layout = kit_layout(tree, 0);

    assert_int_equal(fs_layout_blocks(layout), used(tree));
    fs_layout_unref(layout);
}

static void files_take_whole_blocks(void **state)
{
    struct fs_tree *tree = kit_tree();
    uint64_t empty = used(tree);

    (void)state;
    kit_file(tree, "0", 0);
    assert_true(used(tree) == empty);
    kit_file(tree, "1", 1);
    assert_true(used(tree) == empty + 1);
    kit_file(tree, "2048", 2048);
    assert_true(used(tree) == empty + 2);
    kit_file(tree, "2049", 2049);
    assert_true(used(tree) == empty + 4);
    assert_exact(tree);
    fs_tree_destroy(tree);
}

static void the_file_systems_count_for_themselves(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);

    (void)state;
    assert_true(used(tree) == 16 + 3 + 4 + 2);
    options.file_systems = FS_ISO9660;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_true(used(tree) == 16 + 2 + 2 + 1);
    assert_exact(tree);
    fs_tree_destroy(tree);
}

static void the_count_is_exact_for_random_trees(void **state)
{
    uint32_t random = 99;

    (void)state;
    for (int round = 0; round < 60; round++)
    {
        static const unsigned masks[] = { 1, 3, 4, 5, 7 };
        struct fs_tree *tree =
            kit_tree_with(masks[round % 5], 1 + (unsigned)round % 2, round % 7 == 0);
        struct fs_options options = *fs_tree_options(tree);

        options.udf_revision = fs_udf_revision((size_t)(round / 5) % 6);
        options.udf_redundant = round % 2;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        kit_folder(tree, "folder");
        for (int i = 0; i < 300; i++)
        {
            char path[300] = "", *at = path;
            size_t length = 1 + kit_random(&random, round % 4 ? 20 : 200);

            if (kit_random(&random, 3)) at += sprintf(at, "folder/");
            for (size_t j = 0; j < length; j++) *at++ = (char)('a' + kit_random(&random, 4));
            if (kit_random(&random, 2)) at += sprintf(at, ".%u", kit_random(&random, 5000));
            *at = 0;
            if (kit_find(tree, path)) assert_int_equal(fs_remove_tree(kit_find(tree, path), NULL), OI_OK);
            if (!kit_find(tree, "folder")) kit_folder(tree, "folder");
            if (kit_random(&random, 8) == 0) kit_folder(tree, path);
            else kit_file(tree, path, kit_random(&random, 10000));
            if (kit_random(&random, 50) == 0) assert_exact(tree);
        }
        assert_exact(tree);
        options.iso9660_level = 3 - options.iso9660_level;
        options.strict = !options.strict;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        assert_exact(tree);
        assert_int_equal(fs_rollback(tree, fs_change_point(tree) / 2, NULL), OI_OK);
        assert_exact(tree);
        fs_tree_destroy(tree);
    }
    assert_int_equal(kit_sources_alive, 0);
}

static void an_addition_past_the_limit_is_refused(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = kit_item(tree, FS_FILE, "file");
    struct kit_source *data = kit_source_create(1, 10 * 2048 + 1);
    uint64_t empty = used(tree);

    (void)state;
    fs_item_set_data(item, &data->base);
    source_unref(&data->base);
    options.block_limit = empty + 10;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, &detail), OI_TOO_LARGE);
    assert_int_equal(text_compare(detail.item, u"\\file"), 0);
    assert_true(detail.expected == empty + 10 && detail.found == empty + 11);
    fs_detail_clear(&detail);
    assert_true(used(tree) == empty);
    options.block_limit++;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    options.block_limit--;
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_TOO_LARGE);
    assert_true(detail.expected == empty + 10 && detail.found == empty + 11);
    assert_true(fs_tree_options(tree)->block_limit == empty + 11);
    options.block_limit = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

/* The sum has an upper bound for large directories; additions between the two must not be refused. */
static void the_limit_is_exact_in_large_directories(void **state)
{
    struct fs_tree *full = kit_tree(), *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    char name[160];

    (void)state;
    for (int pass = 0; pass < 2; pass++)
    {
        if (pass)
        {
            options.block_limit = used(full);
            assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        }
        for (int i = 0; i < 500; i++)
        {
            sprintf(name, "%0*d", 40 + i % 60, i);
            kit_file(pass ? tree : full, name, 3);
        }
    }
    assert_true(used(tree) == options.block_limit);
    fs_tree_destroy(full);
    fs_tree_destroy(tree);
}

static void huge_files_do_not_overflow_the_count(void **state)
{
    struct fs_tree *tree = kit_tree();
    uint64_t empty = used(tree);

    (void)state;
    kit_file(tree, "huge", UINT64_MAX);
    assert_true(used(tree) == empty + ((uint64_t)1 << 53));
    fs_tree_destroy(tree);
}

/* As many as there may be of the largest: the sum does not come round to a small one. */
static void the_sum_of_huge_files_is_refused_before_it_overflows(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    enum oi_status status = OI_OK;
    uint64_t before = 0;
    char name[20];

    (void)state;
    for (int i = 0; i < 4096 && !status; i++)
    {
        struct kit_source *data = kit_source_create(1, UINT64_MAX);
        struct fs_item *item;

        before = used(tree);
        sprintf(name, "%d", i);
        item = kit_item(tree, FS_FILE, name);
        assert_int_equal(fs_item_set_data(item, &data->base), OI_OK);
        status = fs_add(fs_tree_root(tree), item, &detail);
        if (!status) assert_true(used(tree) > before);
        source_unref(&data->base);
        fs_item_unref(item);
    }
    assert_int_equal(status, OI_TOO_LARGE);
    assert_true(detail.expected < detail.found && used(tree) == before);
    options.block_limit = UINT64_MAX;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(files_take_whole_blocks),
        cmocka_unit_test(the_file_systems_count_for_themselves),
        cmocka_unit_test(the_count_is_exact_for_random_trees),
        cmocka_unit_test(an_addition_past_the_limit_is_refused),
        cmocka_unit_test(the_limit_is_exact_in_large_directories),
        cmocka_unit_test(huge_files_do_not_overflow_the_count),
        cmocka_unit_test(the_sum_of_huge_files_is_refused_before_it_overflows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
