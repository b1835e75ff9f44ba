/* UDF volumes of every revision, alone and beside ISO 9660 and Joliet, as the independent reader finds them. */
#include "helpers/fs_kit.h"
#include "helpers/udf_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned masks[] = { FS_UDF, FS_ISO9660 | FS_UDF, FS_ISO9660 | FS_JOLIET | FS_UDF };

/* --- an image and what the reader finds in it ----------------------------------------------------------- */

struct volume
{
    FILE *file;
    struct udf_check_tree *found;
};

static FILE *image_file(struct fs_layout *layout)
{
    FILE *file = tmpfile();
    static uint8_t bytes[1 << 16];
    struct source *image;

    assert_non_null(file);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    for (uint64_t at = 0; at < image->size;)
    {
        size_t got;

        assert_int_equal(source_read_some(image, at, bytes, sizeof(bytes), &got), OI_OK);
        assert_int_equal(fwrite(bytes, 1, got, file), got);
        at += got;
    }
    source_unref(image);
    rewind(file);
    return file;
}

static struct volume open_volume(struct fs_tree *tree, uint32_t start)
{
    struct udf_check_expect expect = { fs_tree_options(tree)->udf_revision, 0, start, NULL };
    struct fs_layout *layout = kit_layout(tree, start);
    struct volume volume = { image_file(layout), NULL };
    char message[500];

    if (udf_check(volume.file, &expect, &volume.found, message, sizeof(message)))
    {
        fail_msg("mask %u, revision %X: %s", fs_tree_options(tree)->file_systems, expect.revision, message);
    }
    fs_layout_unref(layout);
    return volume;
}

static void close_volume(struct volume *volume)
{
    udf_check_free(volume->found);
    fclose(volume->file);
}

/* The path that the reader gives to an item. */
static char *path_in_udf(const struct fs_item *item)
{
    char16_t *units;
    char *path;

    assert_int_equal(fs_item_file_system_path(item, FS_UDF, &units), OI_OK);
    path = text_to_utf8(units);
    for (char *at = path; *at; at++)
    {
        if (*at == '\\') *at = '/';
    }
    free(units);
    return path;
}

static void assert_time(const struct udf_check_time *found, fs_time expected)
{
    struct text_date date;

    if (expected == FS_TIME_DATE_0) expected = KIT_TIME;
    text_date_from_seconds(expected / FS_TIME_SECOND, &date);
    assert_int_equal(found->zone, 0);
    assert_int_equal(found->year, date.year);
    assert_int_equal(found->month, date.month);
    assert_int_equal(found->day, date.day);
    assert_int_equal(found->hour, date.hour);
    assert_int_equal(found->minute, date.minute);
    assert_int_equal(found->second, date.second);
    assert_int_equal(found->microseconds, expected % FS_TIME_SECOND / 10);
}

static void assert_content(const struct volume *volume, const struct udf_check_node *node,
                           struct fs_item *item)
{
    static uint8_t found[1 << 16], expected[1 << 16];
    struct source *data = fs_item_data(item);

    assert_int_equal(node->size, fs_item_size(item));
    for (uint64_t at = 0; at < node->size; at += sizeof(found))
    {
        size_t got = udf_check_read(volume->found, node, at, found, sizeof(found)), there;

        assert_int_equal(source_read_some(data, at, expected, sizeof(expected), &there), OI_OK);
        assert_int_equal(got, there);
        assert_memory_equal(found, expected, got);
    }
}

static void assert_item(const struct volume *volume, struct fs_item *item, unsigned revision)
{
    char *path = path_in_udf(item);
    const struct udf_check_node *node = udf_check_find(volume->found, path);
    int is_file = fs_item_type(item) == FS_FILE;
    enum udf_check_type type = is_file ? UDF_CHECK_FILE : UDF_CHECK_DIRECTORY;
    struct fs_times times;

    if (!node) fail_msg("%s is not there", path);
    free(path);
    if (is_file && fs_item_real_time(item) && revision >= 0x201) type = UDF_CHECK_REAL_TIME_FILE;
    if (fs_item_is_stream(item)) type = UDF_CHECK_STREAM;
    assert_int_equal(node->type, type);
    assert_int_equal(node->is_hidden, fs_item_hidden(item));
    assert_int_equal(node->is_extended, revision >= 0x200);
    fs_item_times(item, &times);
    assert_time(&node->accessed, times.accessed);
    assert_time(&node->modified, times.modified);
    if (node->is_extended) assert_time(&node->created, times.created);
    if (is_file) assert_content(volume, node, item);
}

/* Everything of the tree is in the volume as it is in the tree, and nothing else. */
static void assert_volume(struct fs_tree *tree, uint32_t start)
{
    const struct fs_options *options = fs_tree_options(tree);
    struct volume volume = open_volume(tree, start);
    const struct udf_check_volume *found = udf_check_volume(volume.found);
    uint64_t streams = fs_options_streams(options) ? fs_tree_stream_count(tree) : 0;
    struct fs_item *root = fs_tree_root(tree);

    assert_int_equal(found->revision, options->udf_revision);
    assert_int_equal(found->has_metadata, options->udf_revision >= 0x250);
    assert_int_equal(found->metadata_is_duplicated, options->udf_revision >= 0x250 && options->udf_redundant);
    assert_int_equal(found->partition_start, start + (found->has_metadata ? 288 : 257));
    assert_string_equal(found->volume, "Test");
    assert_string_equal(found->logical_volume, "Test");
    assert_int_equal(found->files, fs_tree_file_count(tree));
    assert_int_equal(found->directories, fs_tree_directory_count(tree));
    assert_int_equal(udf_check_count(volume.found),
                     fs_tree_file_count(tree) + fs_tree_directory_count(tree) + streams);
    for (struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        assert_item(&volume, at, options->udf_revision);
        if (!streams || fs_item_type(at) != FS_FILE) continue;
        for (struct fs_item *stream = fs_stream_first(at); stream; stream = fs_item_next(stream))
        {
            assert_item(&volume, stream, options->udf_revision);
        }
    }
    close_volume(&volume);
}

/* With every mask and revision, mirrored and not. */
static void assert_volumes(struct fs_tree *tree, uint32_t start)
{
    struct fs_options options = *fs_tree_options(tree);

    for (size_t mask = 0; mask < sizeof(masks) / sizeof(*masks); mask++)
    {
        for (size_t i = 0; fs_udf_revision(i); i++)
        {
            for (int redundant = 0; redundant <= (fs_udf_revision(i) >= 0x250); redundant++)
            {
                options.file_systems = masks[mask];
                options.udf_revision = fs_udf_revision(i);
                options.udf_redundant = redundant;
                assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
                assert_volume(tree, start);
            }
        }
    }
}

/* --- trees ---------------------------------------------------------------------------------------------- */

static void an_empty_volume_is_right(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    assert_volumes(tree, 0);
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

    times.created = (fs_time)kit_random(random, 2000000000) * FS_TIME_SECOND + kit_random(random, 999999) * 10;
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
    assert_volumes(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_later_session_counts_from_its_start(void **state)
{
    struct fs_tree *tree = various();

    (void)state;
    assert_volumes(tree, 32 * 5000);
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
    assert_volumes(tree, 0);
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
        assert_volume(tree, 0);
    }
    options.file_systems = 7;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_TOO_DEEP);
    fs_tree_destroy(tree);
}

/* --- names that are too long ---------------------------------------------------------------------------- */

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
    assert_volume(tree, 0);
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
    assert_volumes(tree, 0);
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
    assert_volume(tree, 0);
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
    assert_volume(tree, 0);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    assert_int_equal(fs_remove(item, NULL), OI_OK);
    assert_int_equal(fs_rollback(tree, point, NULL), OI_OK);
    assert_udf_name(item, "n", "n~3", 254);
    assert_volume(tree, 0);
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
    char *path = path_in_udf(item);

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
    assert_volume(tree, 0);
    for (int i = 0; i < 2; i++) free(names[i]);
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
        cmocka_unit_test(names_that_fit_are_kept),
        cmocka_unit_test(longer_names_are_cut_and_numbered),
        cmocka_unit_test(no_pair_of_surrogates_is_cut),
        cmocka_unit_test(a_name_that_fits_takes_it_from_one_that_was_cut),
        cmocka_unit_test(an_item_is_found_by_its_cut_name),
        cmocka_unit_test(streams_are_cut_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
