/*
 * The import, driven by a reader that invents its volumes: how trees merge, what is told on the way, and that
 * nothing a volume may claim keeps it busy or breaks the tree.
 */
#include "helpers/disc_kit.h"
#include "helpers/fs_kit.h"

#include "core/fs/read_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One entry of the invented volume, in the directory of a key. */
struct entry
{
    uint64_t in;
    struct fs_found found;
};

struct invention
{
    struct fs_volume base;
    const struct entry *entries;
    size_t count;
    /* Instead of entries: what a directory lists. */
    enum oi_status (*list)(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context);
};

static enum oi_status list_entries(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                   void *context)
{
    struct invention *invention = (struct invention *)volume;

    if (invention->list) return invention->list(volume, place, take, context);
    for (size_t i = 0; i < invention->count; i++)
    {
        struct fs_found found = invention->entries[i].found;

        if (invention->entries[i].in != place->key) continue;
        found.name_length = text_length(found.name);
        TRY(take(context, &found));
    }
    return OI_OK;
}

static void no_destroy(struct fs_volume *volume) { (void)volume; }

static const struct fs_reader_ops ops = { list_entries, no_destroy };

/* On a disc of 100 blocks, the root under key 1. */
static struct kit_disc *invent(struct invention *invention, const struct entry *entries, size_t count)
{
    struct kit_disc *disc = kit_disc_create(100);
    struct fs_disc session = kit_session(disc, 0);

    session.end = 100;
    *invention = (struct invention){ .entries = entries, .count = count };
    fs_volume_init(&invention->base, &ops, &session, FS_UDF);
    invention->base.root.key = 1;
    source_unref(&disc->base);
    for (size_t i = 0; i < 100 * FS_BLOCK_SIZE; i++) disc->bytes[i] = (uint8_t)(i / FS_BLOCK_SIZE);
    return disc;
}

#define INVENT(invention, entries) invent(invention, entries, sizeof(entries) / sizeof(*(entries)))

static const struct fs_extent ten[] = { { 10, 0, 2048 }, { 20, 0, 1000 } };

#define FILE_IN(key, text)                                                                                   \
    {                                                                                                        \
        key,                                                                                                 \
        {                                                                                                    \
            .type = FS_FILE, .name = text, .size = 3048, .extents = ten, .extent_count = 2                   \
        }                                                                                                    \
    }
#define FOLDER_IN(key, text, own) { key, { .type = FS_DIRECTORY, .name = text, .place = { own, 0 } } }

static void assert_list(struct fs_tree *tree, const char *expected)
{
    char *list = kit_list(tree);

    assert_string_equal(list, expected);
    free(list);
}

static struct fs_tree *tree_of_udf(void)
{
    struct fs_options options = { .file_systems = FS_UDF, .iso9660_level = 1, .udf_revision = 0x201 };
    struct fs_tree *tree;

    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    return tree;
}

/* Imports into a tree, asserts the failure with its path and that nothing has changed. */
static void assert_refused(struct fs_tree *tree, struct invention *invention, enum oi_status status,
                           const char16_t *path)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    char *before = kit_dump(tree), *after;
    uint32_t point = fs_change_point(tree);

    assert_string_equal(status_name(fs_import(tree, &invention->base, NULL, &detail)), status_name(status));
    if (path) assert_int_equal(text_compare(detail.item, path), 0);
    after = kit_dump(tree);
    assert_string_equal(after, before);
    assert_int_equal(fs_change_point(tree), point);
    free(before);
    free(after);
    fs_detail_clear(&detail);
}

/* --- merging -------------------------------------------------------------------------------------------- */

static void an_import_is_one_step_that_can_be_taken_back(void **state)
{
    static const struct entry entries[] = {FOLDER_IN(1, u"folder", 2), FILE_IN(2, u"inner"),
                                           FILE_IN(1, u"outer")};
    struct fs_tree *tree = kit_tree();
    struct invention invention;
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
    static const struct entry entries[] =
    {
        FOLDER_IN(1, u"FOLDER", 2), FILE_IN(2, u"ONE"), FILE_IN(2, u"two"),
        { 1, { .type = FS_FILE, .name = u"MINE", .size = 1, .extents = beyond, .extent_count = 1 } },
    };
    struct fs_tree *tree = kit_tree();
    struct invention invention;

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
    static const struct entry file[] = { FOLDER_IN(1, u"a", 2), FILE_IN(2, u"x"), FILE_IN(2, u"Folder") };
    static const struct entry folder[] = {FOLDER_IN(1, u"a", 2), FILE_IN(2, u"x"), FOLDER_IN(2, u"File", 3)};
    struct fs_tree *tree = kit_tree();
    struct invention invention;

    (void)state;
    kit_folder(tree, "a");
    kit_folder(tree, "a/folder");
    kit_file(tree, "a/file", 1);
    INVENT(&invention, file);
    assert_refused(tree, &invention, OI_NOT_FILE, u"\\a\\Folder");
    fs_volume_close(&invention.base);
    INVENT(&invention, folder);
    assert_refused(tree, &invention, OI_NOT_DIRECTORY, u"\\a\\File");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void items_have_the_times_and_marks_that_were_found(void **state)
{
    static const struct entry entries[] =
    {
        { 1, { .type = FS_FILE, .name = u"a", .times = { 1, 2, 3 }, .real_time = 1 } },
        { 1, { .type = FS_DIRECTORY, .name = u"b", .times = { 4, 5, 6 }, .hidden = 1, .place = { 2, 0 } } },
    };
    struct fs_tree *tree = kit_tree();
    struct invention invention;
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
    static const struct entry entries[] =
    {
        FOLDER_IN(1, u"2", 2), FOLDER_IN(2, u"3", 3), FOLDER_IN(3, u"4", 4), FOLDER_IN(4, u"5", 5),
        FOLDER_IN(5, u"6", 6), FOLDER_IN(6, u"7", 7), FOLDER_IN(7, u"8", 8), FOLDER_IN(8, u"9", 9),
        FILE_IN(9, u"file"),
    };
    struct fs_options options;
    struct fs_tree *tree = kit_tree();
    struct invention invention;

    (void)state;
    INVENT(&invention, entries);
    assert_refused(tree, &invention, OI_TOO_DEEP, u"\\2\\3\\4\\5\\6\\7\\8\\9");
    fs_tree_destroy(tree);
    tree = tree_of_udf();
    options = *fs_tree_options(tree);
    assert_int_equal(fs_tree_used_blocks(tree, &options.block_limit), OI_OK);
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_refused(tree, &invention, OI_TOO_LARGE, NULL);
    options.block_limit = 0;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_import(tree, &invention.base, NULL, NULL), OI_OK);
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void faults_that_a_reader_finds_are_told_with_their_path(void **state)
{
    static const struct entry file[] =
    {
        FOLDER_IN(1, u"a", 2), { 2, { .type = FS_FILE, .name = u"b", .fault = OI_NOT_SUPPORTED } },
    };
    static const struct entry folder[] = {
        FOLDER_IN(1, u"a", 2),
        {2, {.type = FS_DIRECTORY, .name = u"b", .fault = OI_FORMAT, .place = {3, 0}}},
    };
    struct fs_tree *tree = kit_tree();
    struct invention invention;

    (void)state;
    INVENT(&invention, file);
    assert_refused(tree, &invention, OI_NOT_SUPPORTED, u"\\a\\b");
    fs_volume_close(&invention.base);
    INVENT(&invention, folder);
    assert_refused(tree, &invention, OI_FORMAT, u"\\a\\b");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

/* --- streams -------------------------------------------------------------------------------------------- */

static void streams_come_with_their_file(void **state)
{
    static const struct entry entries[] =
    {
        { 1, { .type = FS_FILE, .name = u"new", .streams = { 2, 0 } } },
        { 1, { .type = FS_FILE, .name = u"mine", .streams = { 3, 0 } } },
        FILE_IN(2, u"one"), FILE_IN(2, u"two"), FILE_IN(2, u"TWO"), FILE_IN(2, u"*UDF Backup"),
        FILE_IN(3, u"not for mine"),
    };
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;
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
    static const struct entry folder[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } }, FOLDER_IN(2, u"folder", 3),
    };
    static const struct entry name[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } }, FILE_IN(2, u"a:b"),
    };
    static const struct entry shared[] =
    {
        { 1, { .type = FS_FILE, .name = u"file", .streams = { 2, 0 } } },
        { 1, { .type = FS_FILE, .name = u"other", .streams = { 2, 0 } } },
    };
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;

    (void)state;
    INVENT(&invention, folder);
    assert_refused(tree, &invention, OI_FORMAT, u"\\file:folder");
    fs_volume_close(&invention.base);
    INVENT(&invention, name);
    assert_refused(tree, &invention, OI_NAME_INVALID, u"\\file:a:b");
    fs_volume_close(&invention.base);
    INVENT(&invention, shared);
    assert_refused(tree, &invention, OI_FORMAT, u"\\other");
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

static const struct entry told[] =
{
    FILE_IN(1, u"mine"), FOLDER_IN(1, u"a", 2), FILE_IN(1, u"b"), FILE_IN(2, u"c"), FOLDER_IN(2, u"d", 3),
    { 2, { .type = FS_FILE, .name = u"e", .streams = { 4, 0 } } }, FILE_IN(4, u"stream"),
};

static void progress_goes_before_directories_and_after_files(void **state)
{
    struct witness witness = { .until_cancel = -1 };
    struct fs_import_events events = { witness_progress, witness_lock, &witness };
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;

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
    struct fs_tree *tree = tree_of_udf();
    char *before;

    (void)state;
    kit_file(tree, "mine", 1);
    before = kit_dump(tree);
    for (int i = 0; i < 7; i++)
    {
        struct witness witness = { .until_cancel = i };
        struct fs_import_events events = { witness_progress, i % 2 ? witness_lock : NULL, &witness };
        struct fs_detail detail = { NULL, 0, 0, 0 };
        struct invention invention;
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

/* --- bombs ---------------------------------------------------------------------------------------------- */

/* Every directory has one more. */
static enum oi_status list_deeper(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                  void *context)
{
    struct fs_found found = {
        .type = FS_DIRECTORY, .name = u"d", .name_length = 1, .place = {place->key + 1, 0}};

    (void)volume;
    return take(context, &found);
}

static void depth_ends_where_paths_do(void **state)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;

    (void)state;
    invent(&invention, NULL, 0);
    invention.list = list_deeper;
    assert_int_equal(fs_import(tree, &invention.base, NULL, &detail), OI_TOO_DEEP);
    assert_true(text_length(detail.item) > 32000);
    assert_int_equal(fs_tree_directory_count(tree), 1);
    fs_detail_clear(&detail);
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

/* Every directory reads all of the disc, and has two more. */
static enum oi_status list_bomb(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                void *context)
{
    static uint8_t bytes[100 * FS_BLOCK_SIZE];
    struct fs_found found = {
        .type = FS_DIRECTORY, .name = u"a", .name_length = 1, .place = {place->key * 2, 0}};

    TRY(fs_volume_read(volume, 0, 100, bytes));
    TRY(take(context, &found));
    found.name = u"b";
    found.place.key++;
    return take(context, &found);
}

static void directories_that_overlap_end_soon(void **state)
{
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;
    struct kit_disc *disc;

    (void)state;
    disc = invent(&invention, NULL, 0);
    invention.list = list_bomb;
    assert_refused(tree, &invention, OI_FORMAT, u"\\b\\b");
    assert_true(disc->given <= 10 * 100 * FS_BLOCK_SIZE);
    /* The next import has its own measure. */
    assert_refused(tree, &invention, OI_FORMAT, u"\\b\\b");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void directories_met_twice_are_refused(void **state)
{
    static const struct entry entries[] = {FOLDER_IN(1, u"a", 2), FOLDER_IN(2, u"b", 3),
                                           FOLDER_IN(3, u"c", 2)};
    static const struct entry root[] = { FOLDER_IN(1, u"a", 1) };
    struct fs_tree *tree = tree_of_udf();
    struct invention invention;

    (void)state;
    INVENT(&invention, entries);
    assert_refused(tree, &invention, OI_FORMAT, u"\\a\\b\\c");
    fs_volume_close(&invention.base);
    INVENT(&invention, root);
    assert_refused(tree, &invention, OI_FORMAT, u"\\a");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
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
        cmocka_unit_test(depth_ends_where_paths_do),
        cmocka_unit_test(directories_that_overlap_end_soon),
        cmocka_unit_test(directories_met_twice_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
