/* Named streams of files: adding, finding, removing, the life shared with their file, and what they count. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_dump(struct fs_tree *tree, const char *expected)
{
    char *dump = kit_dump(tree);

    assert_string_equal(dump, expected);
    free(dump);
}

static uint64_t used(struct fs_tree *tree)
{
    uint64_t blocks;

    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    return blocks;
}

static void a_file_holds_streams_in_order(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file, *one, *two;

    (void)state;
    kit_folder(tree, "folder");
    file = kit_file(tree, "folder/file", 1);
    assert_int_equal(fs_stream_count(file), 0);
    assert_null(fs_stream_first(file));
    assert_null(fs_stream_at(file, 0));
    assert_null(fs_stream_find(file, u"one"));
    one = kit_stream(tree, file, "one", 3000);
    two = kit_stream(tree, file, "Two", 0);
    assert_int_equal(fs_stream_count(file), 2);
    assert_ptr_equal(fs_stream_first(file), one);
    assert_ptr_equal(fs_item_next(one), two);
    assert_null(fs_item_next(two));
    assert_ptr_equal(fs_stream_at(file, 0), one);
    assert_ptr_equal(fs_stream_at(file, 1), two);
    assert_null(fs_stream_at(file, 2));
    assert_ptr_equal(fs_stream_find(file, u"tWO"), two);
    assert_null(fs_stream_find(file, u"three"));
    assert_true(fs_item_is_stream(one) && !fs_item_is_stream(file));
    assert_ptr_equal(fs_stream_file(one), file);
    assert_null(fs_stream_file(file));
    assert_null(fs_item_parent(one));
    assert_int_equal(fs_item_type(one), FS_FILE);
    assert_int_equal(fs_item_in_tree(one), 1);
    assert_int_equal(fs_item_size(one), 3000);
    assert_int_equal(fs_stream_count(one), 0);
    assert_null(fs_stream_first(one));
    assert_dump(tree, "\\folder 1 0 FOLDER folder\n"
                      "\\folder\\file 2 1 FILE file\n"
                      "\\folder\\file:one 3000\n"
                      "\\folder\\file:Two 0\n");
    assert_true(fs_tree_file_count(tree) == 1 && fs_tree_stream_count(tree) == 2);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void what_cannot_be_added_changes_nothing(void **state)
{
    struct fs_tree *tree = kit_tree(), *other = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1), *folder = kit_folder(tree, "folder");
    struct fs_item *removed = fs_item_ref(kit_file(tree, "removed", 1));
    struct fs_item *free_file = kit_item(tree, FS_FILE, "free"), *item = kit_item(tree, FS_FILE, "ONE");
    struct fs_item *directory = kit_item(tree, FS_DIRECTORY, "x"), *foreign = kit_item(other, FS_FILE, "x");
    struct fs_item *one = kit_stream(tree, file, "one", 1);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint32_t point;
    char *before;

    (void)state;
    assert_int_equal(fs_remove(removed, NULL), OI_OK);
    before = kit_dump(tree);
    point = fs_change_point(tree);
    assert_int_equal(fs_stream_add(file, item, &detail), OI_NAME_EXISTS);
    assert_int_equal(text_compare(detail.item, u"ONE"), 0);
    assert_int_equal(fs_stream_add(free_file, item, &detail), OI_NOT_IN_TREE);
    assert_int_equal(text_compare(detail.item, u"free"), 0);
    assert_int_equal(fs_stream_add(removed, item, NULL), OI_NOT_IN_TREE);
    assert_int_equal(fs_stream_add(folder, item, &detail), OI_NOT_FILE);
    assert_int_equal(text_compare(detail.item, u"\\folder"), 0);
    assert_int_equal(fs_stream_add(one, item, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(file, directory, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(file, foreign, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(file, file, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(file, one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(file, removed, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_remove(file, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_remove(item, &detail), OI_NOT_IN_TREE);
    assert_int_equal(text_compare(detail.item, u"ONE"), 0);
    /* A stream is no child. */
    assert_int_equal(fs_remove(one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_remove_tree(one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_add(folder, one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_item_is_stream(item), 0);
    assert_int_equal(fs_change_point(tree), point);
    assert_dump(tree, before);
    free(before);
    fs_detail_clear(&detail);
    fs_item_unref(removed);
    fs_item_unref(free_file);
    fs_item_unref(item);
    fs_item_unref(directory);
    fs_item_unref(foreign);
    fs_tree_destroy(tree);
    fs_tree_destroy(other);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_stream_stays_a_stream_with_its_data(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1), *other = kit_file(tree, "other", 1);
    struct fs_item *one = fs_item_ref(kit_stream(tree, file, "one", 5));
    char *path;

    (void)state;
    assert_int_equal(fs_stream_remove(one, NULL), OI_OK);
    assert_int_equal(fs_item_in_tree(one), 0);
    assert_null(fs_stream_file(one));
    assert_int_equal(fs_item_set_data(one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_add(fs_tree_root(tree), one, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_stream_add(other, one, NULL), OI_OK);
    path = kit_path(one);
    assert_string_equal(path, "\\other:one");
    free(path);
    assert_int_equal(fs_rollback(tree, 3, NULL), OI_OK);
    assert_ptr_equal(fs_stream_file(one), file);
    assert_int_equal(fs_stream_count(other), 0);
    fs_item_unref(one);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void streams_come_and_go_with_their_file(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file, *one;
    uint64_t blocks;
    char *before;

    (void)state;
    kit_set_udf(tree, KIT_ISO_JOLIET | FS_UDF, 0x200);
    kit_folder(tree, "folder");
    file = kit_file(tree, "folder/file", 1);
    one = kit_stream(tree, file, "one", 2049);
    kit_stream(tree, file, "two", 1);
    before = kit_dump(tree);
    blocks = used(tree);
    assert_int_equal(fs_remove_tree(kit_find(tree, "folder"), NULL), OI_OK);
    assert_true(fs_tree_stream_count(tree) == 0);
    assert_int_equal(fs_item_in_tree(one), 0);
    assert_null(fs_stream_file(one));
    assert_int_equal(fs_stream_remove(one, NULL), OI_NOT_IN_TREE);
    assert_int_equal(fs_stream_count(file), 2);
    /* The same file under another name's folder. */
    kit_folder(tree, "other");
    assert_int_equal(fs_remove(file, NULL), OI_NOT_IN_TREE);
    assert_int_equal(fs_rollback(tree, 4, NULL), OI_OK);
    assert_dump(tree, before);
    assert_true(used(tree) == blocks);
    assert_true(fs_tree_stream_count(tree) == 2);
    assert_ptr_equal(fs_stream_file(one), file);
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void removed_streams_come_back_to_their_places(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1);
    char *before;

    (void)state;
    for (char name[] = "a"; *name < 'g'; ++*name) kit_stream(tree, file, name, 1);
    before = kit_dump(tree);
    assert_int_equal(fs_stream_remove(fs_stream_find(file, u"C"), NULL), OI_OK);
    assert_int_equal(fs_stream_remove(fs_stream_find(file, u"f"), NULL), OI_OK);
    assert_int_equal(fs_stream_remove(fs_stream_find(file, u"A"), NULL), OI_OK);
    kit_stream(tree, file, "C", 9);
    assert_int_equal(fs_change_point(tree), 11);
    assert_int_equal(fs_remove(file, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, 7, NULL), OI_OK);
    assert_dump(tree, before);
    assert_int_equal(fs_rollback(tree, 1, NULL), OI_OK);
    assert_dump(tree, "\\file 2 1 FILE file\n");
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_rollback_that_is_refused_makes_additions_of_streams_again(void **state)
{
    struct fs_tree *tree = kit_tree_with(0, 1, 0);
    struct fs_item *at = fs_tree_root(tree), *file;
    char *before;

    (void)state;
    file = kit_file(tree, "file", 1);
    kit_stream(tree, file, "kept", 1);
    for (int i = 0; i < 9; i++)
    {
        struct fs_item *item = kit_item(tree, FS_DIRECTORY, "x");

        assert_int_equal(fs_add(at, item, NULL), OI_OK);
        fs_item_unref(item);
        at = item;
    }
    kit_stream(tree, file, "one", 1);
    assert_int_equal(fs_remove_tree(kit_find(tree, "x"), NULL), OI_OK);
    kit_stream(tree, file, "two", 1);
    assert_int_equal(fs_stream_remove(fs_stream_find(file, u"kept"), NULL), OI_OK);
    assert_int_equal(fs_stream_remove(fs_stream_find(file, u"one"), NULL), OI_OK);
    kit_set_udf(tree, KIT_ISO_JOLIET, 0x102);
    before = kit_dump(tree);
    assert_int_equal(fs_rollback(tree, 11, NULL), OI_TOO_DEEP);
    assert_dump(tree, before);
    assert_int_equal(fs_stream_count(file), 1);
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void streams_outlive_file_and_tree_in_other_hands(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1), *one = fs_item_ref(kit_stream(tree, file, "one", 1));
    struct fs_item *last;

    (void)state;
    kit_stream(tree, file, "two", 1);
    assert_int_equal(fs_remove(file, NULL), OI_OK);
    fs_lock_in(tree);
    assert_int_equal(kit_sources_alive, 1);
    assert_int_equal(fs_item_in_tree(one), 0);
    file = kit_file(tree, "again", 1);
    assert_int_equal(fs_stream_add(file, one, NULL), OI_OK);
    assert_ptr_equal(fs_stream_file(one), file);
    last = fs_item_ref(kit_stream(tree, file, "last", 1));
    assert_int_equal(fs_stream_remove(last, NULL), OI_OK);
    fs_tree_destroy(tree);
    assert_int_equal(fs_item_in_tree(one), 0);
    assert_null(fs_stream_file(one));
    assert_int_equal(fs_item_size(one), 1);
    assert_int_equal(kit_sources_alive, 2);
    fs_item_unref(one);
    fs_item_unref(last);
    assert_int_equal(kit_sources_alive, 0);
}

static void only_udf_2_00_records_streams(void **state)
{
    static const struct
    {
        unsigned file_systems, revision;
        int streams, real_time;
    } rows[] =
    {
        { FS_ISO9660, 0x260, 0, 0 },
        { FS_ISO9660 | FS_JOLIET, 0x201, 0, 0 },
        { FS_UDF, 0x102, 0, 0 },
        { FS_UDF, 0x150, 0, 0 },
        { FS_UDF, 0x200, 1, 0 },
        { FS_UDF | FS_ISO9660 | FS_JOLIET, 0x201, 1, 1 },
        { FS_UDF, 0x250, 1, 1 },
        { FS_UDF, 0x260, 1, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        struct fs_tree *tree = kit_tree();
        struct fs_item *file;
        uint64_t before;

        kit_set_udf(tree, rows[i].file_systems, rows[i].revision);
        assert_int_equal(fs_options_streams(fs_tree_options(tree)), rows[i].streams);
        assert_int_equal(fs_options_real_time(fs_tree_options(tree)), rows[i].real_time);
        file = kit_file(tree, "file", 1);
        assert_int_equal(fs_tree_leaves_out(tree), 0);
        before = used(tree);
        kit_stream(tree, file, "one", 95 * FS_BLOCK_SIZE + 1);
        assert_true(rows[i].streams ? used(tree) >= before + 96 : used(tree) == before);
        assert_int_equal(fs_tree_leaves_out(tree), !rows[i].streams);
        assert_int_equal(fs_stream_remove(fs_stream_first(file), NULL), OI_OK);
        assert_true(used(tree) == before);
        fs_item_set_real_time(file, 1);
        assert_int_equal(fs_tree_leaves_out(tree), !rows[i].real_time);
        assert_int_equal(fs_remove(file, NULL), OI_OK);
        assert_int_equal(fs_tree_leaves_out(tree), 0);
        assert_int_equal(fs_add(fs_tree_root(tree), file, NULL), OI_OK);
        assert_int_equal(fs_tree_leaves_out(tree), !rows[i].real_time);
        fs_item_set_real_time(file, 0);
        assert_int_equal(fs_tree_leaves_out(tree), 0);
        fs_tree_destroy(tree);
    }
    assert_int_equal(kit_sources_alive, 0);
}

static void streams_that_are_recorded_are_held_to_the_limit(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1), *big = kit_item(tree, FS_FILE, "big");
    struct kit_source *data = kit_source_create(1, 32 * FS_BLOCK_SIZE);
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint64_t before;

    (void)state;
    assert_int_equal(fs_item_set_data(big, &data->base), OI_OK);
    options.file_systems = KIT_ISO_JOLIET | FS_UDF;
    options.udf_revision = 0x200;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    options.block_limit = (before = used(tree)) + 31;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_stream_add(file, big, &detail), OI_TOO_LARGE);
    assert_int_equal(text_compare(detail.item, u"\\file:big"), 0);
    assert_true(detail.expected == before + 31 && detail.found >= before + 32);
    assert_int_equal(fs_stream_count(file), 0);
    assert_int_equal(fs_item_is_stream(big), 0);
    assert_int_equal(fs_change_point(tree), 1);
    assert_true(used(tree) == before);
    /* Kept while it stays out of the image; then it is the options that do not fit. */
    options.file_systems = KIT_ISO_JOLIET;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_stream_add(file, big, NULL), OI_OK);
    options.file_systems = KIT_ISO_JOLIET | FS_UDF;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_TOO_LARGE);
    options.udf_revision = 0x150;
    options.block_limit = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    fs_detail_clear(&detail);
    fs_item_unref(big);
    source_unref(&data->base);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* 2^53 blocks each: 600 of them would pass what can be counted safely. */
static void streams_cannot_overflow_the_count(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1);
    struct kit_source *data = kit_source_create(1, UINT64_MAX);
    enum oi_status status = OI_OK;
    int count = 0;

    (void)state;
    for (; count < 3000 && !status; count++)
    {
        struct fs_item *item;
        char name[20];

        sprintf(name, "%d", count);
        item = kit_item(tree, FS_FILE, name);
        assert_int_equal(fs_item_set_data(item, &data->base), OI_OK);
        status = fs_stream_add(file, item, NULL);
        fs_item_unref(item);
    }
    assert_int_equal(status, OI_TOO_LARGE);
    assert_int_equal(count, 513);
    source_unref(&data->base);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void file_systems_without_streams_leave_them_out(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_layout *layout;
    uint8_t *with, *without;
    uint32_t blocks;
    size_t index;

    (void)state;
    kit_file(tree, "file", 5000);
    layout = kit_layout(tree, 0);
    blocks = fs_layout_blocks(layout);
    without = kit_read(layout, 4096);
    fs_layout_unref(layout);
    kit_stream(tree, kit_find(tree, "file"), "one", 5000);
    layout = kit_layout(tree, 0);
    assert_int_equal(fs_layout_blocks(layout), blocks);
    with = kit_read(layout, 4096);
    assert_memory_equal(with, without, (size_t)blocks * FS_BLOCK_SIZE);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\file:one", &index), OI_NOT_FOUND);
    assert_int_equal(fs_layout_range_from_description(layout, u"\\file", &index), OI_OK);
    fs_layout_unref(layout);
    free(with);
    free(without);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_file_holds_streams_in_order),
        cmocka_unit_test(what_cannot_be_added_changes_nothing),
        cmocka_unit_test(a_stream_stays_a_stream_with_its_data),
        cmocka_unit_test(streams_come_and_go_with_their_file),
        cmocka_unit_test(removed_streams_come_back_to_their_places),
        cmocka_unit_test(a_rollback_that_is_refused_makes_additions_of_streams_again),
        cmocka_unit_test(streams_outlive_file_and_tree_in_other_hands),
        cmocka_unit_test(only_udf_2_00_records_streams),
        cmocka_unit_test(streams_that_are_recorded_are_held_to_the_limit),
        cmocka_unit_test(streams_cannot_overflow_the_count),
        cmocka_unit_test(file_systems_without_streams_leave_them_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
