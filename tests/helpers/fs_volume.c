/* The volumes that trees become, looked at by the independent reader. */
#include "helpers/fs_volume.h"

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

char *volume_path(const struct fs_item *item)
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
    char *path = volume_path(item);
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

void volume_check(struct fs_tree *tree, uint32_t start)
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

void volume_check_all(struct fs_tree *tree, uint32_t start)
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
                volume_check(tree, start);
            }
        }
    }
}
