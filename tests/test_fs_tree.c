/* The tree: adding, removing, counting, its order, its rules. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(char16_t *text, const char *expected)
{
    char *utf8 = text_to_utf8(text);

    assert_string_equal(utf8, expected);
    free(utf8);
}

static void assert_detail(struct fs_detail *detail, const char *item)
{
    assert_non_null(detail->item);
    assert_text(detail->item, item);
    fs_detail_clear(detail);
    assert_null(detail->item);
}

/* --- the empty tree ------------------------------------------------------------------------------------- */

static void an_empty_tree_is_a_root_alone(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *root = fs_tree_root(tree);
    struct fs_times times;
    char16_t *path;
    uint64_t blocks;

    (void)state;
    assert_true(fs_tree_file_count(tree) == 0);
    assert_true(fs_tree_directory_count(tree) == 1);
    assert_int_equal(fs_change_point(tree), 0);
    assert_int_equal(fs_item_type(root), FS_DIRECTORY);
    assert_int_equal(text_length(fs_item_name(root)), 0);
    assert_int_equal(fs_item_path(root, &path), OI_OK);
    assert_int_equal(text_length(path), 0);
    free(path);
    assert_null(fs_item_parent(root));
    assert_null(fs_item_first_child(root));
    assert_int_equal(fs_item_in_tree(root), 1);
    assert_int_equal(fs_item_hidden(root), 0);
    fs_item_times(root, &times);
    assert_true(times.created == FS_TIME_DATE_0 && times.accessed == FS_TIME_DATE_0);
    assert_true(times.modified == FS_TIME_DATE_0);
    /* System area 16, two descriptors and the terminator, two path tables of two volumes, two roots. */
    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    assert_true(blocks == 16 + 3 + 4 + 2);
    fs_tree_destroy(tree);
}

static void options_are_checked(void **state)
{
    struct fs_tree *tree = kit_tree(), *other;
    struct fs_options options = *fs_tree_options(tree);

    (void)state;
    assert_int_equal(options.file_systems, FS_ISO9660 | FS_JOLIET);
    assert_int_equal(options.iso9660_level, 1);
    for (unsigned mask = 0; mask <= 16; mask++)
    {
        int good = mask < 8 && (!(mask & FS_JOLIET) || (mask & FS_ISO9660));

        options.file_systems = mask;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), good ? OI_OK : OI_INVALID_ARGUMENT);
        if (!good) assert_int_not_equal(fs_tree_options(tree)->file_systems, mask);
    }
    options.file_systems = FS_JOLIET;
    assert_int_equal(fs_tree_create(&options, &other), OI_INVALID_ARGUMENT);
    assert_null(other);
    options.file_systems = 3;
    for (unsigned level = 0; level < 5; level++)
    {
        options.iso9660_level = level;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL),
                         level == 1 || level == 2 ? OI_OK : OI_INVALID_ARGUMENT);
    }
    fs_tree_destroy(tree);
}

/* --- adding --------------------------------------------------------------------------------------------- */

static void added_items_are_counted_and_keep_their_order(void **state)
{
    struct fs_tree *tree = kit_tree();
    const char *names[] = { "zebra", "Apple", "mango", "banana" };
    struct fs_item *item;
    int i = 0;

    (void)state;
    for (i = 0; i < 4; i++) kit_file(tree, names[i], 10);
    kit_folder(tree, "folder");
    kit_file(tree, "folder/inner", 20);
    assert_true(fs_tree_file_count(tree) == 5);
    assert_true(fs_tree_directory_count(tree) == 2);
    assert_int_equal(fs_item_child_count(fs_tree_root(tree)), 5);
    i = 0;
    for (item = fs_item_first_child(fs_tree_root(tree)); item; item = fs_item_next(item), i++)
    {
        if (i == 4) break;
        assert_ptr_equal(item, kit_find(tree, names[i]));
        assert_ptr_equal(fs_item_parent(item), fs_tree_root(tree));
    }
    assert_int_equal(i, 4);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void an_existing_name_is_refused_in_any_letter_case(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = kit_item(tree, FS_DIRECTORY, "\xC3\x89t\xC3\xA9");

    (void)state;
    kit_file(tree, "\xC3\xA9T\xC3\x89", 1);
    assert_int_equal(fs_add(fs_tree_root(tree), item, &detail), OI_NAME_EXISTS);
    assert_detail(&detail, "\xC3\x89t\xC3\xA9");
    assert_int_equal(fs_item_in_tree(item), 0);
    assert_true(fs_tree_directory_count(tree) == 1);
    assert_int_equal(fs_change_point(tree), 1);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

/* A folder of Windows holds them side by side, and so can be added as it is. */
static void names_that_file_systems_keep_apart_are_added(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_file(tree, "10 \xC2\xB5m", 1);          /* micro sign */
    kit_file(tree, "10 \xCE\xBCm", 1);          /* mu */
    kit_file(tree, "is", 1);
    kit_file(tree, "\xC4\xB1s", 1);             /* dotless i */
    kit_file(tree, "i\xC5\xBF", 1);             /* long s */
    assert_true(fs_tree_file_count(tree) == 5);
    fs_tree_destroy(tree);
}

static void additions_to_the_wrong_place_are_refused(void **state)
{
    struct fs_tree *tree = kit_tree(), *other = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *folder = kit_item(tree, FS_DIRECTORY, "free"), *item = kit_item(tree, FS_FILE, "item");
    struct fs_item *foreign = kit_item(other, FS_FILE, "foreign");

    (void)state;
    assert_int_equal(fs_add(folder, item, &detail), OI_NOT_IN_TREE);
    assert_detail(&detail, "free");
    assert_int_equal(fs_add(kit_file(tree, "file", 1), item, &detail), OI_NOT_DIRECTORY);
    assert_detail(&detail, "\\file");
    assert_int_equal(fs_add(fs_tree_root(tree), foreign, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_INVALID_ARGUMENT);
    fs_item_unref(folder);
    fs_item_unref(item);
    fs_item_unref(foreign);
    fs_tree_destroy(tree);
    fs_tree_destroy(other);
}

static void data_is_fixed_once_an_item_was_in_the_tree(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct kit_source *one = kit_source_create(1, 100), *other = kit_source_create(2, 5000000000u);
    struct fs_item *item = kit_item(tree, FS_FILE, "file"), *folder = kit_item(tree, FS_DIRECTORY, "folder");

    (void)state;
    assert_null(fs_item_data(item));
    assert_true(fs_item_size(item) == 0);
    assert_int_equal(fs_item_set_data(item, &one->base), OI_OK);
    assert_int_equal(fs_item_set_data(item, &other->base), OI_OK);
    assert_true(fs_item_size(item) == 5000000000u);
    source_unref(&one->base);
    assert_int_equal(kit_sources_alive, 1);
    kit_file(tree, "FILE", 1);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_NAME_EXISTS);
    assert_int_equal(fs_item_set_data(item, &other->base), OI_OK);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    assert_int_equal(fs_item_set_data(item, NULL), OI_INVALID_ARGUMENT);
    assert_ptr_equal(fs_item_data(item), &other->base);
    /* A rollback would bring it back. */
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_item_set_data(item, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_item_set_data(folder, &other->base), OI_NOT_FILE);
    fs_item_unref(item);
    fs_item_unref(folder);
    source_unref(&other->base);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* --- removing ------------------------------------------------------------------------------------------- */

static void remove_takes_files_and_empty_folders(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *file;

    (void)state;
    kit_folder(tree, "a");
    file = fs_item_ref(kit_file(tree, "a/file", 5000));
    assert_int_equal(fs_remove(kit_find(tree, "a"), &detail), OI_NOT_EMPTY);
    assert_detail(&detail, "\\a");
    assert_int_equal(fs_remove(file, NULL), OI_OK);
    assert_int_equal(fs_item_in_tree(file), 0);
    assert_null(fs_item_parent(file));
    assert_int_equal(fs_remove(file, &detail), OI_NOT_IN_TREE);
    assert_detail(&detail, "file");
    assert_int_equal(fs_remove(kit_find(tree, "a"), NULL), OI_OK);
    assert_int_equal(fs_remove(fs_tree_root(tree), NULL), OI_INVALID_ARGUMENT);
    assert_true(fs_tree_directory_count(tree) == 1 && fs_tree_file_count(tree) == 0);
    fs_tree_destroy(tree);
    fs_item_unref(file);
    assert_int_equal(kit_sources_alive, 0);
}

static void remove_tree_takes_all_and_empties_the_root(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *inner;

    (void)state;
    kit_folder(tree, "a");
    kit_folder(tree, "a/b");
    inner = fs_item_ref(kit_file(tree, "a/b/c", 1));
    kit_file(tree, "d", 1);
    assert_int_equal(fs_remove_tree(kit_find(tree, "a"), NULL), OI_OK);
    assert_int_equal(fs_item_in_tree(inner), 0);
    assert_true(fs_tree_directory_count(tree) == 1 && fs_tree_file_count(tree) == 1);
    kit_folder(tree, "e");
    assert_int_equal(fs_remove_tree(fs_tree_root(tree), NULL), OI_OK);
    assert_true(fs_tree_directory_count(tree) == 1 && fs_tree_file_count(tree) == 0);
    assert_null(fs_item_first_child(fs_tree_root(tree)));
    fs_tree_destroy(tree);
    fs_item_unref(inner);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_removed_folder_can_be_added_again_with_its_content(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *folder;

    (void)state;
    folder = fs_item_ref(kit_folder(tree, "a"));
    kit_folder(tree, "a/b");
    kit_file(tree, "a/b/c", 1);
    kit_folder(tree, "target");
    assert_int_equal(fs_remove_tree(folder, NULL), OI_OK);
    assert_int_equal(fs_add(kit_find(tree, "target"), folder, NULL), OI_OK);
    assert_non_null(kit_find(tree, "target/a/b/c"));
    assert_true(fs_tree_directory_count(tree) == 4 && fs_tree_file_count(tree) == 1);
    fs_item_unref(folder);
    fs_tree_destroy(tree);
}

/* --- rules ---------------------------------------------------------------------------------------------- */

static void iso9660_has_eight_levels(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = kit_item(tree, FS_DIRECTORY, "9");

    (void)state;
    kit_folder(tree, "2");
    kit_folder(tree, "2/3");
    kit_folder(tree, "2/3/4");
    kit_folder(tree, "2/3/4/5");
    kit_folder(tree, "2/3/4/5/6");
    kit_folder(tree, "2/3/4/5/6/7");
    kit_folder(tree, "2/3/4/5/6/7/8");
    kit_file(tree, "2/3/4/5/6/7/8/file", 1);
    assert_int_equal(fs_add(kit_find(tree, "2/3/4/5/6/7/8"), item, &detail), OI_TOO_DEEP);
    assert_detail(&detail, "\\2\\3\\4\\5\\6\\7\\8\\9");
    assert_true(fs_tree_directory_count(tree) == 8);
    options.file_systems = FS_UDF;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(kit_find(tree, "2/3/4/5/6/7/8"), item, NULL), OI_OK);
    options.file_systems = FS_ISO9660;
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_TOO_DEEP);
    assert_detail(&detail, "\\2\\3\\4\\5\\6\\7\\8\\9");
    assert_int_equal(fs_tree_options(tree)->file_systems, FS_UDF);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

/* Seven directories of 31, and files that make 7 * 32 + 31 + 1 (separator) + 2 (version) and less. */
static void strict_paths_have_255_bytes(void **state)
{
    static const char name[] = "0123456789012345678901234567890";
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 2, 1);
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = kit_item(tree, FS_FILE, "12345678901234567890.1234567"), *at = fs_tree_root(tree);

    (void)state;
    for (int level = 2; level <= 8; level++)
    {
        struct fs_item *folder = kit_item(tree, FS_DIRECTORY, name);

        assert_int_equal(fs_add(at, folder, NULL), OI_OK);
        fs_item_unref(folder);
        at = folder;
    }
    /* 224 + 28 + 2 = 254; one more fits, two do not. */
    assert_int_equal(fs_add(at, item, NULL), OI_OK);
    fs_item_unref(item);
    item = kit_item(tree, FS_FILE, "12345678901234567890.12345678");
    assert_int_equal(fs_add(at, item, NULL), OI_OK);
    fs_item_unref(item);
    item = kit_item(tree, FS_FILE, "12345678901234567890.123456789");
    assert_int_equal(fs_add(at, item, &detail), OI_PATH_INVALID);
    assert_int_equal(text_length(detail.item), 7 * 32 + 31);
    options.strict = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_add(at, item, NULL), OI_OK);
    options.strict = 1;
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_PATH_INVALID);
    fs_detail_clear(&detail);
    options.iso9660_level = 1;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

static void iso9660_has_65535_directories(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = kit_item(tree, FS_DIRECTORY, "one too many");
    char path[16];

    (void)state;
    for (int i = 1; i < 65535; i++)
    {
        sprintf(path, "%d", i);
        kit_folder(tree, path);
    }
    assert_true(fs_tree_directory_count(tree) == 65535);
    assert_int_equal(fs_add(fs_tree_root(tree), item, &detail), OI_TOO_MANY_DIRECTORIES);
    assert_int_equal(detail.file_systems, FS_ISO9660 | FS_JOLIET);
    assert_detail(&detail, "\\one too many");
    assert_true(fs_tree_directory_count(tree) == 65535);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

static void ten_thousand_levels_are_walked_without_a_stack(void **state)
{
    struct fs_tree *tree = kit_tree_with(0, 1, 0);
    struct fs_item *at = fs_tree_root(tree), *middle = NULL;
    char16_t *path;
    size_t seen = 0;

    (void)state;
    for (int i = 0; i < 10000; i++)
    {
        struct fs_item *item = kit_item(tree, FS_DIRECTORY, "deeper");

        assert_int_equal(fs_add(at, item, NULL), OI_OK);
        fs_item_unref(item);
        at = item;
        if (i == 5000) middle = fs_item_ref(item);
    }
    assert_true(fs_tree_directory_count(tree) == 10001);
    assert_int_equal(fs_item_path(at, &path), OI_OK);
    assert_int_equal(text_length(path), 70000);
    assert_int_equal(fs_find(fs_tree_root(tree), path, &at, NULL), OI_OK);
    free(path);
    for (at = fs_tree_root(tree); at; at = fs_item_walk(fs_tree_root(tree), at)) seen++;
    assert_int_equal(seen, 10001);
    assert_int_equal(fs_remove_tree(middle, NULL), OI_OK);
    assert_true(fs_tree_directory_count(tree) == 5001);
    fs_item_unref(middle);
    fs_tree_destroy(tree);
}

static void items_outlive_the_tree(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *folder, *file;
    char *path;

    (void)state;
    folder = fs_item_ref(kit_folder(tree, "a"));
    file = fs_item_ref(kit_file(tree, "a/file", 7));
    fs_tree_destroy(tree);
    assert_int_equal(fs_item_in_tree(file), 0);
    assert_true(fs_item_size(file) == 7);
    path = kit_path(file);
    assert_string_equal(path, "\\file");
    free(path);
    path = kit_recorded(file, FS_ISO9660);
    assert_string_equal(path, "FILE");
    free(path);
    fs_item_unref(folder);
    assert_null(fs_item_next(file));
    fs_item_unref(file);
    assert_int_equal(kit_sources_alive, 0);
}

static void properties_are_kept(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *file = kit_file(tree, "file", 1);
    struct fs_times times = { 1, -2, INT64_MAX }, read;

    (void)state;
    fs_item_set_times(file, &times);
    fs_item_set_hidden(file, 65535);
    fs_item_set_real_time(file, 1);
    fs_item_times(file, &read);
    assert_memory_equal(&times, &read, sizeof(times));
    assert_int_equal(fs_item_hidden(file), 1);
    assert_int_equal(fs_item_real_time(file), 1);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_tree_is_a_root_alone),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(added_items_are_counted_and_keep_their_order),
        cmocka_unit_test(an_existing_name_is_refused_in_any_letter_case),
        cmocka_unit_test(names_that_file_systems_keep_apart_are_added),
        cmocka_unit_test(additions_to_the_wrong_place_are_refused),
        cmocka_unit_test(data_is_fixed_once_an_item_was_in_the_tree),
        cmocka_unit_test(remove_takes_files_and_empty_folders),
        cmocka_unit_test(remove_tree_takes_all_and_empties_the_root),
        cmocka_unit_test(a_removed_folder_can_be_added_again_with_its_content),
        cmocka_unit_test(iso9660_has_eight_levels),
        cmocka_unit_test(strict_paths_have_255_bytes),
        cmocka_unit_test(iso9660_has_65535_directories),
        cmocka_unit_test(ten_thousand_levels_are_walked_without_a_stack),
        cmocka_unit_test(items_outlive_the_tree),
        cmocka_unit_test(properties_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
