/* UDF volumes of every revision, alone and beside ISO 9660 and Joliet, as an independent reader finds
   them. */
#include "helpers/fs_volume.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_empty_volume_is_right(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    volume_check_all(tree, 0);
    fs_tree_destroy(tree);
}

static void empty_images_have_the_size_of_the_native_ones(void **state)
{
    struct fs_tree *tree = kit_tree_with(7, 1, 0);
    struct fs_layout *layout = kit_layout(tree, 0);
    uint64_t blocks;

    (void)state;
    assert_int_equal(fs_layout_blocks(layout), 528);
    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    assert_int_equal(blocks, 528);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void set_times(struct fs_item *item, uint32_t *random)
{
    struct fs_times times;

    times.created = (fs_time)kit_random(random, 2000000000) * FS_TIME_SECOND;
    times.created += kit_random(random, 999999) * 10;
    times.modified = times.created + (fs_time)kit_random(random, 100000) * FS_TIME_SECOND;
    times.accessed = times.modified + kit_random(random, 1000000) * 10;
    fs_item_set_times(item, &times);
}

static struct fs_tree *various(void)
{
    static const char *const names[] =
    {
        "Read me.txt", "no extension", "\xE6\xBC\xA2\xE5\xAD\x97.txt", "\xC3\xBC\xC3\xBF", "a;b", ".hidden",
        "trailing.", "UPPER", "\xF0\x9F\x98\x80",
    };
    struct fs_tree *tree = kit_tree();
    uint32_t random = 5;
    char path[200];

    kit_folder(tree, "folder");
    kit_folder(tree, "folder/below");
    kit_folder(tree, "folder/empty");
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
    {
        sprintf(path, "folder/%s", names[i]);
        set_times(kit_file(tree, path, i * 1000), &random);
        sprintf(path, "folder/below/%s", names[i]);
        set_times(kit_file(tree, path, 2048 * i), &random);
    }
    fs_item_set_hidden(kit_find(tree, "folder/empty"), 1);
    fs_item_set_hidden(kit_find(tree, "folder/UPPER"), 1);
    fs_item_set_real_time(kit_find(tree, "folder/a;b"), 1);
    set_times(kit_find(tree, "folder"), &random);
    kit_stream(tree, kit_find(tree, "folder/UPPER"), "a stream", 5000);
    kit_stream(tree, kit_find(tree, "folder/UPPER"), "another, empty", 0);
    kit_stream(tree, kit_find(tree, "folder/below/UPPER"), "\xE6\xBC\xA2", 2048);
    return tree;
}

static void names_times_and_marks_are_recorded(void **state)
{
    struct fs_tree *tree = various();

    (void)state;
    volume_check_all(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_later_session_counts_from_its_start(void **state)
{
    struct fs_tree *tree = various();

    (void)state;
    volume_check_all(tree, 32 * 5000);
    fs_tree_destroy(tree);
}

/* Several pieces for one directory, and names that cross blocks and pieces. */
static void large_directories_are_complete(void **state)
{
    struct fs_tree *tree = kit_tree();
    uint32_t random = 1;
    char path[300];

    (void)state;
    kit_folder(tree, "folder");
    for (int i = 0; i < 3000; i++)
    {
        sprintf(path, "%s%0*d", i % 3 ? "folder/" : "", 5 + (int)kit_random(&random, 100), i);
        if (i % 50) kit_file(tree, path, i % 7 ? 0 : 1);
        else kit_folder(tree, path);
    }
    for (int i = 0; i < 1200; i++)
    {
        sprintf(path, "%0*d", 5 + (int)kit_random(&random, 100), i);
        kit_stream(tree, kit_find(tree, "folder/00001") ? kit_find(tree, "folder/00001")
                                                        : kit_file(tree, "folder/00001", 1), path, 1);
    }
    volume_check_all(tree, 0);
    fs_tree_destroy(tree);
}

/* Reading backwards, in odd pieces, gives the same bytes. */
static void every_block_can_be_read_alone(void **state)
{
    struct fs_tree *tree = kit_tree_with(7, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    char path[80];

    (void)state;
    kit_folder(tree, "folder");
    for (int i = 0; i < 1500; i++)
    {
        sprintf(path, "folder/a name of some length, so that there are many blocks %d", i);
        kit_file(tree, path, 1);
    }
    for (size_t i = 0; fs_udf_revision(i); i++)
    {
        uint8_t *whole, block[FS_BLOCK_SIZE];
        struct fs_layout *layout;
        struct source *image;

        options.udf_revision = fs_udf_revision(i);
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        layout = kit_layout(tree, 0);
        whole = kit_read(layout, 70000);
        assert_int_equal(fs_image_create(layout, &image), OI_OK);
        for (uint32_t at = fs_layout_blocks(layout); at-- > 0;)
        {
            assert_int_equal(source_read(image, (uint64_t)at * FS_BLOCK_SIZE, block, FS_BLOCK_SIZE), OI_OK);
            assert_memory_equal(block, whole + (size_t)at * FS_BLOCK_SIZE, FS_BLOCK_SIZE);
        }
        source_unref(image);
        fs_layout_unref(layout);
        free(whole);
    }
    fs_tree_destroy(tree);
}

/* 400 levels, more than there may be with ISO 9660. */
static void depth_has_no_limit_in_udf(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    char path[2000] = "d";

    (void)state;
    for (int i = 0; i < 400; i++)
    {
        kit_folder(tree, path);
        strcat(path, "/d");
    }
    kit_file(tree, path, 10);
    for (size_t i = 0; fs_udf_revision(i); i++)
    {
        options.udf_revision = fs_udf_revision(i);
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        volume_check(tree, 0);
    }
    options.file_systems = 7;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_TOO_DEEP);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_volume_is_right),
        cmocka_unit_test(empty_images_have_the_size_of_the_native_ones),
        cmocka_unit_test(names_times_and_marks_are_recorded),
        cmocka_unit_test(a_later_session_counts_from_its_start),
        cmocka_unit_test(large_directories_are_complete),
        cmocka_unit_test(every_block_can_be_read_alone),
        cmocka_unit_test(depth_has_no_limit_in_udf),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
