/* Trees, sources and dumps for the tests of core/fs. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int kit_sources_alive;

uint8_t kit_byte(uint32_t seed, uint64_t offset)
{
    uint32_t value = seed + (uint32_t)(offset >> 2) * 2654435761u;

    value ^= value >> 15;
    value *= 2246822519u;
    value ^= value >> 13;
    return (uint8_t)(value >> 8 * (offset & 3));
}

static enum oi_status kit_source_read(struct source *base, uint64_t offset, void *buffer, size_t size,
                                      size_t *got)
{
    struct kit_source *source = (struct kit_source *)base;
    uint8_t *bytes = buffer;

    source->reads++;
    *got = 0;
    while (*got < size && offset + *got < source->true_size)
    {
        if (offset + *got == source->fail_at) return source->failure;
        bytes[*got] = kit_byte(source->seed, offset + *got);
        source->bytes++;
        ++*got;
    }
    return OI_OK;
}

static void kit_source_destroy(struct source *base)
{
    kit_sources_alive--;
    free(base);
}

static const struct source_ops kit_source_ops = { .read = kit_source_read, .destroy = kit_source_destroy };

struct kit_source *kit_source_create(uint32_t seed, uint64_t size)
{
    struct kit_source *source = calloc(1, sizeof(*source));

    assert_non_null(source);
    source_init(&source->base, &kit_source_ops, size);
    source->seed = seed;
    source->true_size = size;
    source->fail_at = UINT64_MAX;
    kit_sources_alive++;
    return source;
}

uint32_t kit_seed(const char *path)
{
    uint32_t seed = 2166136261u;

    while (*path) seed = (seed ^ (uint8_t)*path++) * 16777619u;
    return seed;
}

struct fs_tree *kit_tree(void)
{
    struct fs_tree *tree;

    assert_int_equal(fs_tree_create(NULL, &tree), OI_OK);
    return tree;
}

struct fs_tree *kit_tree_with(unsigned file_systems, unsigned level, int strict)
{
    struct fs_options options;
    struct fs_tree *tree;

    fs_options_init(&options);
    options.file_systems = file_systems;
    options.iso9660_level = level;
    options.strict = strict;
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    return tree;
}

struct fs_item *kit_item(struct fs_tree *tree, enum fs_type type, const char *name)
{
    char16_t *unicode = text_from_utf8(name);
    struct fs_item *item;

    assert_int_equal(fs_item_create(tree, type, unicode, &item, NULL), OI_OK);
    free(unicode);
    return item;
}

static struct fs_item *add(struct fs_tree *tree, const char *path, enum fs_type type, uint64_t size)
{
    char16_t *unicode = text_from_utf8(path);
    struct fs_item *parent, *item;
    const char16_t *name;
    size_t length;

    assert_int_equal(fs_find_parent(fs_tree_root(tree), unicode, &parent, &name, &length, NULL), OI_OK);
    assert_int_equal(fs_item_create(tree, type, name, &item, NULL), OI_OK);
    if (type == FS_FILE)
    {
        struct kit_source *source = kit_source_create(kit_seed(path), size);

        assert_int_equal(fs_item_set_data(item, &source->base), OI_OK);
        source_unref(&source->base);
    }
    assert_int_equal(fs_add(parent, item, NULL), OI_OK);
    fs_item_unref(item);
    free(unicode);
    return item;
}

void kit_set_udf(struct fs_tree *tree, unsigned file_systems, unsigned revision)
{
    struct fs_options options = *fs_tree_options(tree);

    options.file_systems = file_systems;
    options.udf_revision = revision;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
}

struct fs_item *kit_folder(struct fs_tree *tree, const char *path)
{
    return add(tree, path, FS_DIRECTORY, 0);
}

struct fs_item *kit_file(struct fs_tree *tree, const char *path, uint64_t size)
{
    return add(tree, path, FS_FILE, size);
}

struct fs_item *kit_stream(struct fs_tree *tree, struct fs_item *file, const char *name, uint64_t size)
{
    struct fs_item *item = kit_item(tree, FS_FILE, name);
    struct kit_source *source = kit_source_create(kit_seed(name), size);

    assert_int_equal(fs_item_set_data(item, &source->base), OI_OK);
    source_unref(&source->base);
    assert_int_equal(fs_stream_add(file, item, NULL), OI_OK);
    fs_item_unref(item);
    return item;
}

struct fs_item *kit_find(struct fs_tree *tree, const char *path)
{
    char16_t *unicode = text_from_utf8(path);
    struct fs_item *item;

    if (fs_find(fs_tree_root(tree), unicode, &item, NULL)) item = NULL;
    free(unicode);
    return item;
}

char *kit_recorded(const struct fs_item *item, enum fs_kind kind)
{
    char16_t name[FS_NAME_MAX + 1];

    assert_int_equal(fs_item_file_system_name(item, kind, name), OI_OK);
    return text_to_utf8(name);
}

char *kit_path(const struct fs_item *item)
{
    char16_t *path;
    char *text;

    assert_int_equal(fs_item_path(item, &path), OI_OK);
    text = text_to_utf8(path);
    free(path);
    return text;
}

char *kit_dump(struct fs_tree *tree)
{
    const struct fs_item *root = fs_tree_root(tree);
    size_t size = 0, capacity = 4096;
    char *dump = malloc(capacity);

    dump[0] = 0;
    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        char *path = kit_path(at), *iso = kit_recorded(at, FS_ISO9660), *joliet = kit_recorded(at, FS_JOLIET);

        while (capacity - size < strlen(path) + strlen(iso) + strlen(joliet) + 64)
        {
            dump = realloc(dump, capacity *= 2);
        }
        size += (size_t)sprintf(dump + size, "%s %d %llu %s %s\n", path, fs_item_type(at),
                                (unsigned long long)fs_item_size(at), iso, joliet);
        free(path);
        free(iso);
        free(joliet);
        for (const struct fs_item *stream = fs_stream_first(at); stream; stream = fs_item_next(stream))
        {
            path = kit_path(stream);
            while (capacity - size < strlen(path) + 64) dump = realloc(dump, capacity *= 2);
            size += (size_t)sprintf(dump + size, "%s %llu\n", path,
                                    (unsigned long long)fs_item_size(stream));
            free(path);
        }
    }
    return dump;
}

struct fs_layout *kit_layout(struct fs_tree *tree, uint32_t session_start)
{
    struct fs_layout_params params =
    {
        .volume_name = u"Test", .time = KIT_TIME, .session_start = session_start,
    };
    struct fs_layout *layout;

    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
    return layout;
}

uint8_t *kit_read(struct fs_layout *layout, size_t chunk)
{
    struct source *image;
    uint8_t *bytes;
    uint64_t at = 0;

    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_true(image->size == (uint64_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE);
    bytes = malloc((size_t)image->size);
    assert_non_null(bytes);
    while (at < image->size)
    {
        size_t wanted = image->size - at < chunk ? (size_t)(image->size - at) : chunk, got;

        assert_int_equal(source_read_some(image, at, bytes + at, wanted, &got), OI_OK);
        assert_int_equal(got, wanted);
        at += got;
    }
    source_unref(image);
    return bytes;
}

uint32_t kit_random(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(*state >> 8) * below >> 24);
}
