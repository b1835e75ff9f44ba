/* Files whose data lie on a disc, in images that go on from a session of it: which of them stay there, and
   which are recorded anew. */
#include "helpers/disc_kit.h"
#include "helpers/fs_kit.h"

#include "core/fs/read_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct kit_disc *disc, *other;

static int make_discs(void **state)
{
    (void)state;
    disc = kit_disc_create(700);
    other = kit_disc_create(700);
    return 0;
}

static int drop_discs(void **state)
{
    (void)state;
    source_unref(&disc->base);
    source_unref(&other->base);
    return kit_discs_alive != 0;
}

static const struct fs_extent whole[] = { { 300, 0, 10000 } };
static const struct fs_extent pieces[] = { { 310, 0, 4096 }, { 320, 0, 1000 } };
static const struct fs_extent before[] = { { 20, 0, 5000 } };           /* the partition */

/* A file in the tree, or a stream of one, over extents of a disc. */
static struct fs_item *put(struct fs_tree *tree, const char16_t *name, struct kit_disc *from,
                           const struct fs_extent *extents, size_t count, struct fs_item *stream_of)
{
    struct fs_found found = { .type = FS_FILE, .extents = extents, .extent_count = count };
    struct fs_disc session = { &from->base, 0, 700 };
    struct source *source;
    struct fs_item *item;

    for (size_t i = 0; i < count; i++) found.size += extents[i].bytes;
    assert_int_equal(fs_extents_create(&session, &found, &source), OI_OK);
    assert_ptr_equal(fs_source_disc(source), &from->base);
    assert_int_equal(fs_item_create(tree, FS_FILE, name, &item, NULL), OI_OK);
    assert_int_equal(fs_item_set_data(item, source), OI_OK);
    source_unref(source);
    if (stream_of) assert_int_equal(fs_stream_add(stream_of, item, NULL), OI_OK);
    else assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    fs_item_unref(item);
    return item;
}

static struct fs_tree *tree_of(unsigned file_systems, const struct source *from)
{
    struct fs_earlier earlier = { .partition_start = 257, .disc = from };
    struct fs_options options;
    struct fs_tree *tree;

    fs_options_init(&options);
    options.file_systems = file_systems;
    options.udf_revision = 0x201;
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    assert_int_equal(fs_tree_set_earlier(tree, &earlier, NULL), OI_OK);
    return tree;
}

/* The moving items of a tree, as a text of their names. */
static void check_moving(struct fs_tree *tree, const char *expected)
{
    char names[100];
    size_t length = 0;

    for (struct fs_item *at = fs_earlier_moving(tree, NULL); at; at = fs_earlier_moving(tree, at))
    {
        names[length++] = (char)fs_item_name(at)[0];
    }
    names[length] = 0;
    assert_string_equal(names, expected);
}

static void fill(struct fs_tree *tree)
{
    struct fs_item *file = put(tree, u"a", disc, whole, 1, NULL);

    put(tree, u"s", disc, pieces, 2, file);
    put(tree, u"t", disc, whole, 1, file);
    put(tree, u"b", disc, pieces, 2, NULL);
    kit_file(tree, "memory", 5000);
    put(tree, u"c", other, whole, 1, NULL);
    put(tree, u"d", disc, before, 1, NULL);
}

static void only_what_lies_well_on_the_same_disc_stays(void **state)
{
    struct fs_tree *tree;

    (void)state;
    tree = tree_of(FS_ISO9660 | FS_UDF, &disc->base);
    fill(tree);
    check_moving(tree, "sbcd");
    fs_tree_destroy(tree);
    tree = tree_of(FS_UDF, &disc->base);
    fill(tree);
    check_moving(tree, "cd");
    fs_tree_destroy(tree);
    tree = tree_of(FS_ISO9660, &disc->base);
    fill(tree);
    check_moving(tree, "bc");                       /* which has no streams */
    fs_tree_destroy(tree);
    tree = tree_of(FS_UDF, NULL);                   /* any disc */
    fill(tree);
    check_moving(tree, "d");
    assert_int_equal(fs_tree_set_earlier(tree, NULL, NULL), OI_OK);
    check_moving(tree, "astbcd");                   /* no session: all of it is recorded */
    fs_tree_destroy(tree);
}

static void moved_file_has_its_copy_from_then_on(void **state)
{
    struct fs_tree *tree = tree_of(FS_ISO9660 | FS_UDF, &disc->base);
    struct fs_item *item = put(tree, u"b", disc, pieces, 2, NULL);
    uint64_t used, again;
    struct source *copy;

    (void)state;
    assert_int_equal(source_zero_create(5096, &copy), OI_OK);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    fs_item_move(item, copy);
    assert_ptr_equal(fs_item_data(item), copy);
    assert_null(fs_source_disc(copy));
    source_unref(copy);
    check_moving(tree, "");
    assert_int_equal(fs_tree_used_blocks(tree, &again), OI_OK);
    assert_int_equal(again, used);
    fs_tree_destroy(tree);
}

static void file_that_stays_has_no_blocks_in_the_image(void **state)
{
    struct fs_tree *tree = tree_of(FS_UDF, &disc->base);
    struct fs_layout_params params = { .time = KIT_TIME, .session_start = 5000 };
    struct fs_layout *layout;
    size_t index;

    (void)state;
    put(tree, u"a", disc, whole, 1, NULL);
    for (int files = 0; files < 2; files++)         /* without any, and with one that has blocks */
    {
        if (files) kit_file(tree, "memory", 5000);
        assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
        assert_int_equal(fs_layout_range_from_description(layout, u"\\a", &index), OI_NOT_FOUND);
        assert_int_equal(fs_layout_range_from_description(layout, u"\\memory", &index),
                         files ? OI_OK : OI_NOT_FOUND);
        fs_layout_unref(layout);
    }
    fs_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test_setup_teardown(only_what_lies_well_on_the_same_disc_stays, make_discs, drop_discs),
        cmocka_unit_test_setup_teardown(moved_file_has_its_copy_from_then_on, make_discs, drop_discs),
        cmocka_unit_test_setup_teardown(file_that_stays_has_no_blocks_in_the_image, make_discs, drop_discs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
