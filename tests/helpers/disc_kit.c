/* Discs in memory, and ECMA-119 volumes out of single bytes. */
#include "helpers/disc_kit.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int kit_discs_alive;

static enum oi_status disc_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                size_t *got)
{
    struct kit_disc *disc = (struct kit_disc *)source;

    *got = 0;
    disc->reads++;
    if (disc->until_failure == 0) return OI_SOURCE_READ;
    if (disc->until_failure > 0) disc->until_failure--;
    if (offset / FS_BLOCK_SIZE <= disc->bad && (offset + size - 1) / FS_BLOCK_SIZE >= disc->bad)
        return OI_SENSE;
    assert_true(offset <= source->size);
    *got = size < source->size - offset ? size : (size_t)(source->size - offset);
    memcpy(buffer, disc->bytes + offset, *got);
    disc->given += *got;
    return OI_OK;
}

static void disc_destroy(struct source *source)
{
    kit_discs_alive--;
    free(((struct kit_disc *)source)->bytes);
    free(source);
}

static const struct source_ops disc_ops = { disc_read, disc_destroy };

struct kit_disc *kit_disc_create(uint32_t blocks)
{
    struct kit_disc *disc = calloc(1, sizeof(*disc));

    assert_non_null(disc);
    assert_non_null(disc->bytes = calloc(blocks, FS_BLOCK_SIZE));
    source_init(&disc->base, &disc_ops, (uint64_t)blocks * FS_BLOCK_SIZE);
    disc->bad = UINT32_MAX;
    disc->until_failure = -1;
    kit_discs_alive++;
    return disc;
}

struct kit_disc *kit_disc_load(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct kit_disc *disc;
    long size;

    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    rewind(file);
    disc = kit_disc_create((uint32_t)(size / FS_BLOCK_SIZE));
    assert_int_equal(fread(disc->bytes, FS_BLOCK_SIZE, (size_t)size / FS_BLOCK_SIZE, file),
                     size / FS_BLOCK_SIZE);
    fclose(file);
    return disc;
}

uint8_t *kit_block(struct kit_disc *disc, uint32_t block)
{
    return disc->bytes + (size_t)block * FS_BLOCK_SIZE;
}

struct fs_disc kit_session(struct kit_disc *disc, uint32_t start)
{
    return (struct fs_disc){ .source = &disc->base, .session_start = start };
}

enum oi_status kit_import(struct kit_disc *disc, uint32_t start, enum fs_kind kind, struct fs_tree *tree,
                          struct fs_detail *detail)
{
    struct fs_disc session = kit_session(disc, start);
    struct fs_volume *volume;
    enum oi_status status;

    TRY(fs_volume_open(&session, kind, &volume, detail));
    status = fs_import(tree, volume, NULL, detail);
    fs_volume_close(volume);
    return status;
}

static struct fs_tree *free_tree(void)
{
    struct fs_options options;
    struct fs_tree *tree;

    fs_options_init(&options);
    options.file_systems = 0;
    options.iso9660_level = 2;
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    return tree;
}

struct fs_tree *kit_imported(struct kit_disc *disc, uint32_t start, enum fs_kind kind)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = free_tree();
    enum oi_status status = kit_import(disc, start, kind, tree, &detail);

    if (status)
    {
        char *path = detail.item ? text_to_utf8(detail.item) : NULL;

        fail_msg("%s at %s", status_name(status), path ? path : "nothing");
    }
    source_unref(&disc->base);
    return tree;
}

void kit_refused(struct kit_disc *disc, enum fs_kind kind, enum oi_status status, const char *path)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = free_tree();
    enum oi_status found = kit_import(disc, 0, kind, tree, &detail);
    char *told = detail.item ? text_to_utf8(detail.item) : NULL;

    assert_string_equal(status_name(found), status_name(status));
    if (path) assert_string_equal(told ? told : "nothing", path);
    else assert_null(told);
    assert_int_equal(detail.file_systems, kind);
    assert_int_equal(fs_tree_file_count(tree) + fs_tree_directory_count(tree), 1);
    free(told);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    source_unref(&disc->base);
    assert_int_equal(kit_discs_alive, 0);
}

uint8_t *kit_data(const struct fs_item *file, size_t size)
{
    uint8_t *bytes = malloc(size + 1);
    size_t got;

    assert_non_null(file);
    assert_int_equal(fs_item_size(file), size);
    assert_int_equal(source_read_some(fs_item_data(file), 0, bytes, size + 1, &got), OI_OK);
    assert_int_equal(got, size);
    return bytes;
}

char *kit_list(struct fs_tree *tree)
{
    struct fs_item *root = fs_tree_root(tree);
    size_t length = 0, capacity = 1 << 16;
    char *list = calloc(1, capacity);

    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        char16_t *unicode;
        char *path;

        assert_int_equal(fs_item_path(at, &unicode), OI_OK);
        assert_non_null(path = text_to_utf8(unicode));
        for (char *c = path; *c; c++) *c = *c == '\\' ? '/' : *c;
        if (length + strlen(path) + 40 > capacity) assert_non_null(list = realloc(list, capacity *= 2));
        if (fs_item_type(at) == FS_DIRECTORY) length += (size_t)sprintf(list + length, "%s d|", path);
        else
            length +=
                (size_t)sprintf(list + length, "%s f %llu|", path, (unsigned long long)fs_item_size(at));
        free(path);
        free(unicode);
    }
    return list;
}

/* --- ECMA-119 ------------------------------------------------------------------------------------------- */

uint8_t *kit_record(uint8_t *at, const char *identifier, size_t length, uint32_t location, uint32_t size,
                    uint8_t flags)
{
    static const uint8_t time[7] = { 101, 2, 3, 4, 5, 6, 0 };

    memset(at, 0, 33 + length + (length % 2 == 0));
    at[0] = (uint8_t)(33 + length + (length % 2 == 0));
    put_le32(at + 2, location);
    put_be32(at + 6, location);
    put_le32(at + 10, size);
    put_be32(at + 14, size);
    memcpy(at + 18, time, 7);
    at[25] = flags;
    put_le16(at + 28, 1);
    put_be16(at + 30, 1);
    at[32] = (uint8_t)length;
    memcpy(at + 33, identifier, length);
    return at + at[0];
}

uint8_t *kit_dots(uint8_t *at, uint32_t self, uint32_t parent)
{
    at = kit_record(at, "\0", 1, self, FS_BLOCK_SIZE, 2);
    return kit_record(at, "\1", 1, parent, FS_BLOCK_SIZE, 2);
}

uint8_t *kit_descriptor(struct kit_disc *disc, uint32_t block, uint8_t type, const char *escape,
                        uint32_t root, uint32_t bytes)
{
    uint8_t *at = kit_block(disc, block);
    uint32_t blocks = (uint32_t)(disc->base.size / FS_BLOCK_SIZE);

    at[0] = type;
    memcpy(at + 1, "CD001\1", 6);
    memset(at + 8, ' ', 64);
    put_le32(at + 80, blocks);
    put_be32(at + 84, blocks);
    memcpy(at + 88, escape, strlen(escape));
    put_le16(at + 120, 1);              /* volume set size */
    put_be16(at + 122, 1);
    put_le16(at + 124, 1);              /* volume sequence number */
    put_be16(at + 126, 1);
    put_le16(at + 128, 2048);           /* logical block size */
    put_be16(at + 130, 2048);
    kit_record(at + 156, "\0", 1, root, bytes, 2);
    at[881] = 1;                        /* file structure version */
    return at;
}

void kit_terminator(struct kit_disc *disc, uint32_t block)
{
    memcpy(kit_block(disc, block), "\377CD001\1", 7);
}

struct kit_disc *kit_iso(uint32_t blocks, uint8_t **next)
{
    struct kit_disc *disc = kit_disc_create(blocks);

    memcpy(kit_descriptor(disc, 16, 1, "", 20, FS_BLOCK_SIZE) + 40, "VOLUME", 6);
    kit_terminator(disc, 17);
    *next = kit_dots(kit_block(disc, 20), 20, 20);
    return disc;
}

struct kit_disc *kit_joliet(uint32_t blocks, uint8_t **next)
{
    struct kit_disc *disc = kit_iso(blocks, next);
    uint8_t *at = kit_descriptor(disc, 17, 2, "%/E", 21, FS_BLOCK_SIZE);

    memcpy(at + 40, "\0V\0\344\0 \0B\0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 \0 ", 32);
    kit_terminator(disc, 18);
    *next = kit_dots(kit_block(disc, 21), 21, 21);
    return disc;
}
