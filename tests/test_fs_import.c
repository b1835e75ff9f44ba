/* The import, driven by a reader that invents its volumes: how trees merge, and what is told on the way. */
#include "helpers/fs_kit.h"
#include "helpers/volume_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_list(struct fs_tree *tree, const char *expected)
{
    char *list = kit_list(tree);

    assert_string_equal(list, expected);
    free(list);
}

/* --- merging -------------------------------------------------------------------------------------------- */

static void an_import_is_one_step_that_can_be_taken_back(void **state)
{
    static const struct kit_entry entries[] = {FOLDER_IN(1, u"folder", 2), FILE_IN(2, u"inner"),
                                           FILE_IN(1, u"outer")};
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;
    uint32_t point;
    char *before;

    (void)state;
    kit_file(tree, "mine", 5);
    before = kit_dump(tree);
    point = fs_change_point(tree);
    INVENT(&invention, entries);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    assert_list(tree, "/mine f 5|/folder d|/folder/inner f 3048|/outer f 3048|");
    assert_int_equal(fs_change_point(tree), point + 1);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    {
        char *after = kit_dump(tree);

        assert_string_equal(after, before);
        free(after);
    }
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static void what_is_in_the_tree_wins_and_directories_merge(void **state)
{
    static const struct fs_extent beyond[] = { { 1000, 0, 1 } };
    static const struct kit_entry entries[] =
    {
        FOLDER_IN(1, u"FOLDER", 2), FILE_IN(2, u"ONE"), FILE_IN(2, u"two"),
        { 1, { .type = FS_FILE, .name = u"MINE", .size = 1, .extents = beyond, .extent_count = 1 } },
    };
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;

    (void)state;
    kit_folder(tree, "folder");
    kit_file(tree, "folder/one", 5);
    kit_file(tree, "mine", 6);
    INVENT(&invention, entries);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    assert_list(tree, "/folder d|/folder/one f 5|/folder/two f 3048|/mine f 6|");
    fs_tree_destroy(tree);
}

static void a_file_and_a_directory_do_not_merge(void **state)
{
    static const struct kit_entry file[] = { FOLDER_IN(1, u"a", 2), FILE_IN(2, u"x"), FILE_IN(2, u"Folder") };
    static const struct kit_entry folder[] = {FOLDER_IN(1, u"a", 2), FILE_IN(2, u"x"),
                                              FOLDER_IN(2, u"File", 3)};
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;

    (void)state;
    kit_folder(tree, "a");
    kit_folder(tree, "a/folder");
    kit_file(tree, "a/file", 1);
    INVENT(&invention, file);
    kit_import_refused(tree, &invention, OI_NOT_FILE, u"\\a\\Folder");
    fs_volume_close(&invention.base);
    INVENT(&invention, folder);
    kit_import_refused(tree, &invention, OI_NOT_DIRECTORY, u"\\a\\File");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void items_have_the_times_and_marks_that_were_found(void **state)
{
    static const struct kit_entry entries[] =
    {
        { 1, { .type = FS_FILE, .name = u"a", .times = { 1, 2, 3 }, .real_time = 1 } },
        { 1, { .type = FS_DIRECTORY, .name = u"b", .times = { 4, 5, 6 }, .hidden = 1, .place = { 2, 0 } } },
    };
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;
    struct fs_times times;
    struct fs_item *item;

    (void)state;
    INVENT(&invention, entries);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    item = fs_item_first_child(fs_tree_root(tree));
    fs_item_times(item, &times);
    assert_true(times.created == 1 && times.accessed == 2 && times.modified == 3);
    assert_true(fs_item_real_time(item) && !fs_item_hidden(item));
    assert_non_null(fs_item_data(item));
    item = fs_item_next(item);
    fs_item_times(item, &times);
    assert_true(times.created == 4 && times.accessed == 5 && times.modified == 6);
    assert_true(!fs_item_real_time(item) && fs_item_hidden(item));
    fs_tree_destroy(tree);
}

static void rules_of_the_tree_hold(void **state)
{
    static const struct kit_entry entries[] =
    {
        FOLDER_IN(1, u"2", 2), FOLDER_IN(2, u"3", 3), FOLDER_IN(3, u"4", 4), FOLDER_IN(4, u"5", 5),
        FOLDER_IN(5, u"6", 6), FOLDER_IN(6, u"7", 7), FOLDER_IN(7, u"8", 8), FOLDER_IN(8, u"9", 9),
        FILE_IN(9, u"file"),
    };
    struct fs_options options;
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;

    (void)state;
    INVENT(&invention, entries);
    kit_import_refused(tree, &invention, OI_TOO_DEEP, u"\\2\\3\\4\\5\\6\\7\\8\\9");
    fs_tree_destroy(tree);
    tree = kit_tree_of_udf();
    options = *fs_tree_options(tree);
    assert_int_equal(fs_tree_used_blocks(tree, &options.block_limit), OI_OK);
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    kit_import_refused(tree, &invention, OI_TOO_LARGE, NULL);
    options.block_limit = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void faults_that_a_reader_finds_are_told_with_their_path(void **state)
{
    static const struct kit_entry file[] =
    {
        FOLDER_IN(1, u"a", 2), { 2, { .type = FS_FILE, .name = u"b", .fault = OI_NOT_SUPPORTED } },
    };
    static const struct kit_entry folder[] = {
        FOLDER_IN(1, u"a", 2),
        {2, {.type = FS_DIRECTORY, .name = u"b", .fault = OI_FORMAT, .place = {3, 0}}},
    };
    struct fs_tree *tree = kit_tree();
    struct kit_volume invention;

    (void)state;
    INVENT(&invention, file);
    kit_import_refused(tree, &invention, OI_NOT_SUPPORTED, u"\\a\\b");
    fs_volume_close(&invention.base);
    INVENT(&invention, folder);
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\a\\b");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

/* --- streams -------------------------------------------------------------------------------------------- */

static void streams_come_with_their_file(void **state)
{
    static const struct kit_entry entries[] =
    {
        { 1, { .type = FS_FILE, .name = u"new", .streams = { 2, 0 } } },
        { 1, { .type = FS_FILE, .name = u"mine", .streams = { 3, 0 } } },
        FILE_IN(2, u"one"), FILE_IN(2, u"two"), FILE_IN(2, u"TWO"), FILE_IN(2, u"*UDF Backup"),
        FILE_IN(3, u"not for mine"),
    };
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;
    struct fs_item *file;

    (void)state;
    kit_stream(tree, kit_file(tree, "mine", 1), "own", 2);
    INVENT(&invention, entries);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    file = kit_find(tree, "new");
    assert_int_equal(fs_stream_count(file), 2);
    assert_int_equal(text_compare(fs_item_name(fs_stream_at(file, 0)), u"one"), 0);
    assert_int_equal(text_compare(fs_item_name(fs_stream_at(file, 1)), u"two"), 0);
    assert_int_equal(fs_item_size(fs_stream_at(file, 1)), 3048);
    assert_int_equal(fs_stream_count(kit_find(tree, "mine")), 1);
    assert_int_equal(fs_rollback(tree, 2, NULL), OI_OK);
    assert_int_equal(fs_tree_stream_count(tree), 1);
    fs_tree_destroy(tree);
}

static void impossible_streams_are_refused(void **state)
{
    static const struct kit_entry folder[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } }, FOLDER_IN(2, u"folder", 3),
    };
    static const struct kit_entry name[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } }, FILE_IN(2, u"a:b"),
    };
    static const struct kit_entry shared[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } },
        { 1, { .type = FS_FILE, .name = u"other", .streams = { 2, 0 } } },
    };
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;

    (void)state;
    INVENT(&invention, folder);
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\file:folder");
    fs_volume_close(&invention.base);
    INVENT(&invention, name);
    kit_import_refused(tree, &invention, OI_NAME_INVALID, u"\\file:a:b");
    fs_volume_close(&invention.base);
    INVENT(&invention, shared);
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\other");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

/* --- what is told on the way ---------------------------------------------------------------------------- */

struct witness
{
    char text[1000];
    int until_cancel;                   /* calls */
    int locked, locks;
};

static int witness_progress(void *context, const struct fs_import_progress *progress)
{
    struct witness *witness = context;
    char *path = text_to_utf8(progress->path);

    assert_int_equal(witness->locked, 0);
    sprintf(witness->text + strlen(witness->text), "%s %d/%d %d/%d|", path, (int)progress->directories,
            (int)progress->directories_total, (int)progress->files, (int)progress->files_total);
    free(path);
    return witness->until_cancel-- == 0;
}

static void witness_lock(void *context, int locked)
{
    struct witness *witness = context;

    assert_int_equal(witness->locked, !locked);
    witness->locked = locked;
    witness->locks++;
}

static const struct kit_entry told[] =
{
    FILE_IN(1, u"mine"), FOLDER_IN(1, u"a", 2), FILE_IN(1, u"b"), FILE_IN(2, u"c"), FOLDER_IN(2, u"d", 3),
    { 2, { .type = FS_FILE, .name = u"e", .streams = { 4, 0 } } }, FILE_IN(4, u"stream"),
};

static void progress_goes_before_directories_and_after_files(void **state)
{
    struct witness witness = { .until_cancel = -1 };
    struct fs_import_events events = { witness_progress, witness_lock, &witness };
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;

    (void)state;
    kit_file(tree, "mine", 1);
    INVENT(&invention, told);
    invention.base.directories_total = 3;
    assert_int_equal(fs_import(tree, &invention.base, &events, NULL), OI_OK);
    fs_volume_close(&invention.base);
    assert_string_equal(witness.text,
                        "\\ 0/3 0/-1|\\mine 1/3 1/-1|\\b 1/3 2/-1|\\a\\ 1/3 2/-1|\\a\\c 2/3 3/-1|"
                        "\\a\\e 2/3 4/-1|\\a\\d\\ 2/3 4/-1|");
    assert_int_equal(witness.locked, 0);
    assert_true(witness.locks > 10);
    fs_tree_destroy(tree);
}

static void each_call_may_cancel(void **state)
{
    static const char16_t *const paths[] = {u"\\",     u"\\mine", u"\\b",   u"\\a",
                                            u"\\a\\c", u"\\a\\e", u"\\a\\d"};
    struct fs_tree *tree = kit_tree_of_udf();
    char *before;

    (void)state;
    kit_file(tree, "mine", 1);
    before = kit_dump(tree);
    for (int i = 0; i < 7; i++)
    {
        struct witness witness = { .until_cancel = i };
        struct fs_import_events events = { witness_progress, i % 2 ? witness_lock : NULL, &witness };
        struct fs_detail detail = { NULL, 0, 0, 0 };
        struct kit_volume invention;
        char *after;

        INVENT(&invention, told);
        assert_int_equal(fs_import(tree, &invention.base, &events, &detail), OI_CANCELLED);
        fs_volume_close(&invention.base);
        assert_int_equal(text_compare(detail.item, paths[i]), 0);
        assert_int_equal(witness.until_cancel, -1);
        assert_int_equal(witness.locked, 0);
        after = kit_dump(tree);
        assert_string_equal(after, before);
        free(after);
        fs_detail_clear(&detail);
    }
    free(before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_import_is_one_step_that_can_be_taken_back),
        cmocka_unit_test(what_is_in_the_tree_wins_and_directories_merge),
        cmocka_unit_test(a_file_and_a_directory_do_not_merge),
        cmocka_unit_test(items_have_the_times_and_marks_that_were_found),
        cmocka_unit_test(rules_of_the_tree_hold),
        cmocka_unit_test(faults_that_a_reader_finds_are_told_with_their_path),
        cmocka_unit_test(streams_come_with_their_file),
        cmocka_unit_test(impossible_streams_are_refused),
        cmocka_unit_test(progress_goes_before_directories_and_after_files),
        cmocka_unit_test(each_call_may_cancel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
