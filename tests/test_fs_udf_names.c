/* Names in UDF: those that fit are kept, longer ones are cut and numbered. */
#include "helpers/fs_volume.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_udf_name(struct fs_item *item, const char *start, const char *end, size_t units)
{
    char *name = kit_recorded(item, FS_UDF);
    char16_t out[FS_NAME_MAX + 1];

    assert_int_equal(fs_item_file_system_name(item, FS_UDF, out), OI_OK);
    assert_int_equal(text_length(out), units);
    assert_memory_equal(name, start, strlen(start));
    assert_string_equal(name + strlen(name) - strlen(end), end);
    free(name);
}

/* count times the same text, and something behind it. */
static char *repeated(const char *text, int count, const char *end)
{
    char *name = malloc(strlen(text) * (size_t)count + strlen(end) + 1), *at = name;

    while (count--) at += sprintf(at, "%s", text);
    strcpy(at, end);
    return name;
}

static void names_that_fit_are_kept(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char *narrow = repeated("n", 250, ".txt"), *wide = repeated("\xE6\xBC\xA2", 127, "");

    (void)state;
    assert_udf_name(kit_file(tree, narrow, 0), "nnn", "n.txt", 254);
    assert_udf_name(kit_folder(tree, wide), "\xE6\xBC\xA2", "\xE6\xBC\xA2", 127);
    volume_check(tree, 0);
    free(narrow);
    free(wide);
    fs_tree_destroy(tree);
}

static void longer_names_are_cut_and_numbered(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char *names[] =
    {
        repeated("n", 251, ".txt"), repeated("\xE6\xBC\xA2", 124, ".txt"),
        repeated("\xE6\xBC\xA2", 200, "1.txt"), repeated("\xE6\xBC\xA2", 200, "2"),
        repeated("n", 200, "\xE6\xBC\xA2"),
    };
    static const char *const ends[] = { "n~1.txt", ".~2", "\xA2~3.txt", "\xA2~4", "n~5" };
    static const size_t units[] = { 254, 127, 127, 127, 127 };

    (void)state;
    for (size_t i = 0; i < 5; i++)
    {
        struct fs_item *item = i % 2 ? kit_folder(tree, names[i]) : kit_file(tree, names[i], 5);

        assert_udf_name(item, i == 0 || i == 4 ? "n" : "\xE6\xBC\xA2", ends[i], units[i]);
    }
    volume_check_all(tree, 0);
    for (size_t i = 0; i < 5; i++) free(names[i]);
    fs_tree_destroy(tree);
}

/* A pair of surrogates is kept whole: then there is a unit less. */
static void no_pair_of_surrogates_is_cut(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char *name = repeated("\xF0\x9F\x98\x80", 120, "");

    (void)state;
    assert_udf_name(kit_file(tree, name, 0), "\xF0\x9F\x98\x80", "\x80~1", 126);
    volume_check(tree, 0);
    free(name);
    fs_tree_destroy(tree);
}

static void a_name_that_fits_takes_it_from_one_that_was_cut(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char *long_name = repeated("n", 255, ""), *exact = repeated("n", 252, "~1");
    char *upper = repeated("N", 252, "~2");
    struct fs_item *item = kit_file(tree, long_name, 1);
    uint32_t point = fs_change_point(tree);

    (void)state;
    assert_udf_name(item, "n", "n~1", 254);
    assert_udf_name(kit_file(tree, upper, 1), "N", "N~2", 254);
    assert_udf_name(kit_file(tree, exact, 1), "n", "n~1", 254);
    assert_udf_name(item, "n", "n~3", 254);
    assert_ptr_equal(fs_item_child(fs_tree_root(tree), fs_item_name(item)), item);
    volume_check(tree, 0);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    assert_udf_name(item, "n", "n~3", 254);
    volume_check(tree, 0);
    free(long_name);
    free(exact);
    free(upper);
    fs_tree_destroy(tree);
}

static void an_item_is_found_by_its_cut_name(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    char *name = repeated("n", 255, "");
    struct fs_item *item = kit_folder(tree, name);
    char *path = volume_path(item);

    (void)state;
    assert_ptr_equal(kit_find(tree, path), item);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_null(kit_find(tree, path));
    assert_int_equal(fs_rollback(tree, fs_change_point(tree) - 1, NULL), OI_OK);
    assert_ptr_equal(kit_find(tree, path), item);
    free(name);
    free(path);
    fs_tree_destroy(tree);
}

static void streams_are_cut_too(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    struct fs_item *file;
    char *names[2] = { repeated("s", 254, "1"), repeated("s", 254, "2") };

    (void)state;
    options.udf_revision = 0x200;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    file = kit_file(tree, "file", 1);
    for (int i = 0; i < 2; i++) kit_stream(tree, file, names[i], 10);
    assert_udf_name(fs_stream_at(file, 0), "s", "s~1", 254);
    assert_udf_name(fs_stream_at(file, 1), "s", "s~2", 254);
    volume_check(tree, 0);
    for (int i = 0; i < 2; i++) free(names[i]);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(names_that_fit_are_kept),
        cmocka_unit_test(longer_names_are_cut_and_numbered),
        cmocka_unit_test(no_pair_of_surrogates_is_cut),
        cmocka_unit_test(a_name_that_fits_takes_it_from_one_that_was_cut),
        cmocka_unit_test(an_item_is_found_by_its_cut_name),
        cmocka_unit_test(streams_are_cut_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
