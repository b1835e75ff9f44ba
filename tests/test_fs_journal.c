/* Change points: steps, rollback, locks; the tree is afterwards exactly what it was. */
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

static void each_change_is_a_step(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    assert_int_equal(fs_change_point(tree), 0);
    kit_folder(tree, "a");
    assert_int_equal(fs_change_point(tree), 1);
    kit_file(tree, "a/b", 1);
    assert_int_equal(fs_change_point(tree), 2);
    assert_int_equal(fs_remove(kit_find(tree, "a/b"), NULL), OI_OK);
    assert_int_equal(fs_change_point(tree), 3);
    assert_int_equal(fs_remove(kit_find(tree, "a"), NULL), OI_OK);
    assert_int_equal(fs_change_point(tree), 4);
    assert_int_equal(fs_remove_tree(fs_tree_root(tree), NULL), OI_OK);
    assert_int_equal(fs_change_point(tree), 4);
    fs_tree_destroy(tree);
}

static void rollback_restores_order_names_and_counts(void **state)
{
    struct fs_tree *tree = kit_tree();
    char *before, path[64];
    uint64_t blocks;
    uint32_t point;

    (void)state;
    kit_folder(tree, "folder");
    for (int i = 0; i < 30; i++)
    {
        sprintf(path, "folder/a long file name %d", i);
        kit_file(tree, path, 1000u * (unsigned)i);
    }
    before = kit_dump(tree);
    blocks = used(tree);
    point = fs_change_point(tree);
    assert_int_equal(fs_remove(kit_find(tree, "folder/a long file name 7"), NULL), OI_OK);
    assert_int_equal(fs_remove(kit_find(tree, "folder/a long file name 0"), NULL), OI_OK);
    assert_int_equal(fs_remove(kit_find(tree, "folder/a long file name 29"), NULL), OI_OK);
    kit_file(tree, "folder/a long file name 7", 99);
    kit_file(tree, "folder/a long file name x", 99);
    assert_int_equal(fs_remove_tree(kit_find(tree, "folder"), NULL), OI_OK);
    kit_file(tree, "folder", 1);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    assert_int_equal(fs_change_point(tree), point);
    assert_dump(tree, before);
    assert_true(used(tree) == blocks);
    assert_true(fs_tree_file_count(tree) == 30 && fs_tree_directory_count(tree) == 2);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_dump(tree, "");
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_moved_item_goes_back(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *item;
    char *before;

    (void)state;
    kit_folder(tree, "one");
    kit_folder(tree, "two");
    kit_file(tree, "one/same name at first a", 1);
    item = kit_file(tree, "one/same name at first b", 1);
    kit_file(tree, "one/same name at first c", 1);
    kit_file(tree, "two/same name at first d", 1);
    before = kit_dump(tree);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_add(kit_find(tree, "two"), item, NULL), OI_OK);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_add(kit_find(tree, "one"), item, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, 6, NULL), OI_OK);
    assert_dump(tree, before);
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_step_of_many_changes_counts_once(void **state)
{
    struct fs_tree *tree = kit_tree();
    size_t mark = fs_step_begin(tree), inner;

    (void)state;
    kit_folder(tree, "a");
    inner = fs_step_begin(tree);
    kit_file(tree, "a/b", 1);
    fs_step_end(tree, inner, 1);
    kit_file(tree, "a/c", 1);
    assert_int_equal(fs_change_point(tree), 0);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_INVALID_ARGUMENT);
    fs_step_end(tree, mark, 1);
    assert_int_equal(fs_change_point(tree), 1);
    mark = fs_step_begin(tree);
    fs_step_end(tree, mark, 1);
    assert_int_equal(fs_change_point(tree), 1);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_dump(tree, "");
    fs_tree_destroy(tree);
}

static void a_failed_step_leaves_nothing(void **state)
{
    struct fs_tree *tree = kit_tree();
    size_t outer, inner;
    char *before;

    (void)state;
    kit_file(tree, "kept", 10);
    before = kit_dump(tree);
    outer = fs_step_begin(tree);
    kit_folder(tree, "a");
    assert_int_equal(fs_remove(kit_find(tree, "kept"), NULL), OI_OK);
    fs_step_end(tree, outer, 0);
    assert_dump(tree, before);
    assert_int_equal(fs_change_point(tree), 1);
    free(before);
    /* Only the inner one is taken back. */
    outer = fs_step_begin(tree);
    kit_folder(tree, "a");
    before = kit_dump(tree);
    inner = fs_step_begin(tree);
    kit_file(tree, "a/b", 1);
    fs_step_end(tree, inner, 0);
    fs_step_end(tree, outer, 1);
    assert_dump(tree, before);
    assert_int_equal(fs_change_point(tree), 2);
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_lock_cannot_be_gone_below(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_file(tree, "a", 1);
    kit_file(tree, "b", 1);
    assert_int_equal(fs_remove(kit_find(tree, "a"), NULL), OI_OK);
    assert_int_equal(kit_sources_alive, 2);
    fs_lock_in(tree);
    assert_int_equal(kit_sources_alive, 1);
    assert_int_equal(fs_change_point(tree), 3);
    kit_file(tree, "c", 1);
    assert_int_equal(fs_rollback(tree, 2, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_rollback(tree, 5, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_rollback(tree, 4, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, 3, NULL), OI_OK);
    assert_null(kit_find(tree, "c"));
    assert_non_null(kit_find(tree, "b"));
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void an_item_taken_back_can_be_added_again(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *item = fs_item_ref(kit_file(tree, "a", 1));

    (void)state;
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_int_equal(fs_item_in_tree(item), 0);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    assert_int_equal(fs_change_point(tree), 1);
    assert_ptr_equal(kit_find(tree, "a"), item);
    fs_item_unref(item);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_rollback_that_breaks_a_rule_changes_nothing(void **state)
{
    struct fs_tree *tree = kit_tree_with(0, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *at = fs_tree_root(tree);
    char *before;

    (void)state;
    for (int i = 0; i < 9; i++)
    {
        struct fs_item *item = kit_item(tree, FS_DIRECTORY, "x");

        assert_int_equal(fs_add(at, item, NULL), OI_OK);
        fs_item_unref(item);
        at = item;
    }
    kit_file(tree, "y", 1);
    assert_int_equal(fs_remove_tree(kit_find(tree, "x"), NULL), OI_OK);
    kit_file(tree, "z", 1);
    options.file_systems = KIT_ISO_JOLIET;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    before = kit_dump(tree);
    assert_int_equal(fs_rollback(tree, 10, &detail), OI_TOO_DEEP);
    assert_non_null(detail.item);
    fs_detail_clear(&detail);
    assert_int_equal(fs_change_point(tree), 12);
    assert_dump(tree, before);
    assert_int_equal(fs_rollback(tree, 11, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, 5, NULL), OI_OK);
    assert_true(fs_tree_directory_count(tree) == 6);
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void names_are_made_anew_when_the_level_changed_meanwhile(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    uint32_t point;
    char *name;

    (void)state;
    kit_folder(tree, "folder");
    kit_file(tree, "folder/a long file name", 1);
    kit_file(tree, "folder/a long file name too", 1);
    point = fs_change_point(tree);
    assert_int_equal(fs_remove_tree(kit_find(tree, "folder"), NULL), OI_OK);
    options.iso9660_level = 2;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    name = kit_recorded(kit_find(tree, "folder/a long file name too"), FS_ISO9660);
    assert_string_equal(name, "A_LONG_FILE_NAME_TOO");
    free(name);
    assert_non_null(kit_find(tree, "FOLDER/A_LONG_FILE_NAME_TOO"));
    fs_tree_destroy(tree);
}

/* --- many random changes, each state remembered --------------------------------------------------------- */

enum { STEPS = 400 };

static struct fs_item *pick(struct fs_tree *tree, uint32_t *random, int folder)
{
    struct fs_item *root = fs_tree_root(tree), *best = folder ? root : NULL;
    uint32_t seen = 1;

    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        if (folder && fs_item_type(at) != FS_DIRECTORY) continue;
        if (kit_random(random, ++seen) == 0) best = at;
    }
    return best;
}

/* Adds one of six names to a file, or takes one away. */
static int random_stream(struct fs_tree *tree, struct fs_item *file, uint32_t *random)
{
    size_t count = fs_stream_count(file);
    char name[] = "stream 0";
    char16_t *unicode;
    int taken;

    if (count && kit_random(random, 3) == 0)
    {
        return !fs_stream_remove(fs_stream_at(file, kit_random(random, (uint32_t)count)), NULL);
    }
    name[7] = (char)('0' + kit_random(random, 6));
    unicode = text_from_utf8(name);
    taken = fs_stream_find(file, unicode) != NULL;
    free(unicode);
    if (!taken && fs_item_type(file) == FS_FILE) kit_stream(tree, file, name, kit_random(random, 9000));
    return !taken && fs_item_type(file) == FS_FILE;
}

static int random_change(struct fs_tree *tree, uint32_t *random)
{
    uint32_t what = kit_random(random, 14);
    struct fs_item *item, *folder = pick(tree, random, 1);
    struct kit_source *data;
    enum oi_status status;
    char name[64];

    if (what < 7)
    {
        sprintf(name, "%s %u", what < 3 ? "the same long beginning" : "n", kit_random(random, 40));
        item = kit_item(tree, what % 3 ? FS_FILE : FS_DIRECTORY, name);
        data = kit_source_create(1, kit_random(random, 9000));
        if (what % 3) assert_int_equal(fs_item_set_data(item, &data->base), OI_OK);
        source_unref(&data->base);
        status = fs_add(folder, item, NULL);
        fs_item_unref(item);
        return !status;
    }
    item = pick(tree, random, 0);
    if (!item) return 0;
    if (what < 9) return !fs_remove(item, NULL);
    if (what < 10) return !fs_remove_tree(item, NULL);
    return random_stream(tree, item, random);
}

static void any_earlier_state_comes_back(void **state)
{
    uint32_t random = 12345;

    (void)state;
    for (int round = 0; round < 20; round++)
    {
        struct fs_tree *tree = kit_tree();
        struct fs_options options = *fs_tree_options(tree);
        char *dumps[STEPS + 1];
        uint64_t blocks[STEPS + 1];
        uint32_t point = 0;

        options.file_systems |= round % 2 ? FS_UDF : 0;
        options.udf_revision = 0x200;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        dumps[0] = kit_dump(tree);
        blocks[0] = used(tree);
        for (int i = 0; i < STEPS; i++)
        {
            if (point && kit_random(&random, 20) == 0)
            {
                uint32_t back = kit_random(&random, point + 1);

                assert_int_equal(fs_rollback(tree, back, NULL), OI_OK);
                assert_dump(tree, dumps[back]);
                assert_true(used(tree) == blocks[back]);
                for (; point > back; point--) free(dumps[point]);
            }
            if (point == STEPS || !random_change(tree, &random)) continue;
            assert_int_equal(fs_change_point(tree), ++point);
            dumps[point] = kit_dump(tree);
            blocks[point] = used(tree);
        }
        for (uint32_t i = 0; i <= point; i++) free(dumps[i]);
        fs_tree_destroy(tree);
        assert_int_equal(kit_sources_alive, 0);
    }
}

/* Level, strictness and file systems change between the changes: whatever was removed under one and comes
   back under the other has good names, and all sums are right. */
static void assert_consistent(struct fs_tree *tree)
{
    struct fs_item *root = fs_tree_root(tree);
    struct fs_layout *layout = kit_layout(tree, 0);
    uint64_t files = 0, directories = 1, streams = 0;

    assert_true(used(tree) == fs_layout_blocks(layout));
    fs_layout_unref(layout);
    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        if (fs_item_type(at) == FS_FILE) files++;
        else directories++;
        streams += fs_stream_count(at);
        for (int kind = FS_ISO9660; kind <= FS_JOLIET; kind++)
        {
            char16_t name[FS_NAME_MAX + 1];
            struct fs_item *found;

            fs_item_file_system_name(at, (enum fs_kind)kind, name);
            found = fs_item_child(fs_item_parent(at), name);
            /* Another one may have the name truly. */
            assert_non_null(found);
            assert_true(found == at || !text_compare_fold(fs_item_name(found), name));
        }
    }
    assert_true(files == fs_tree_file_count(tree));
    assert_true(directories == fs_tree_directory_count(tree));
    assert_true(streams == fs_tree_stream_count(tree));
}

static void try_options(struct fs_tree *tree, struct fs_options *options, int refused)
{
    char *before = kit_dump(tree);

    options->block_limit = refused ? 1 : 0;
    assert_int_equal(fs_tree_set_options(tree, options, NULL), refused ? OI_TOO_LARGE : OI_OK);
    if (refused) assert_dump(tree, before);
    free(before);
}

static void changes_of_options_in_between_do_no_harm(void **state)
{
    uint32_t random = 4711;

    (void)state;
    for (int round = 0; round < 20; round++)
    {
        struct fs_tree *tree = kit_tree();

        for (int i = 0; i < 300; i++)
        {
            struct fs_options options = *fs_tree_options(tree);
            uint32_t what = kit_random(&random, 40);

            options.iso9660_level = 1 + kit_random(&random, 2);
            options.strict = (int)kit_random(&random, 2);
            options.file_systems = kit_random(&random, 2) ? KIT_ISO_JOLIET : FS_ISO9660;
            if (what == 0) fs_rollback(tree, kit_random(&random, fs_change_point(tree) + 1), NULL);
            else if (what == 1 && kit_random(&random, 4) == 0) fs_lock_in(tree);
            else if (what < 6) try_options(tree, &options, what < 4);
            else random_change(tree, &random);
            if (what < 10) assert_consistent(tree);
        }
        fs_tree_destroy(tree);
        assert_int_equal(kit_sources_alive, 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(each_change_is_a_step),
        cmocka_unit_test(rollback_restores_order_names_and_counts),
        cmocka_unit_test(a_moved_item_goes_back),
        cmocka_unit_test(a_step_of_many_changes_counts_once),
        cmocka_unit_test(a_failed_step_leaves_nothing),
        cmocka_unit_test(a_lock_cannot_be_gone_below),
        cmocka_unit_test(an_item_taken_back_can_be_added_again),
        cmocka_unit_test(a_rollback_that_breaks_a_rule_changes_nothing),
        cmocka_unit_test(names_are_made_anew_when_the_level_changed_meanwhile),
        cmocka_unit_test(any_earlier_state_comes_back),
        cmocka_unit_test(changes_of_options_in_between_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
