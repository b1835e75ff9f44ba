/* Discs in memory for tests of sessions behind others. */
#include "helpers/append_kit.h"

#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GAP 4464                        /* blocks between sessions: what a drive leaves */

void append_put(struct append_disc *disc, uint32_t at, const uint8_t *bytes, uint32_t blocks)
{
    if (at + blocks > disc->blocks)
    {
        disc->bytes = realloc(disc->bytes, (size_t)(at + blocks) * FS_BLOCK_SIZE);
        assert_non_null(disc->bytes);
        if (at > disc->blocks)
            memset(disc->bytes + (size_t)disc->blocks * FS_BLOCK_SIZE, 0xEE,
                   (size_t)(at - disc->blocks) * FS_BLOCK_SIZE);
        disc->blocks = at + blocks;
    }
    memcpy(disc->bytes + (size_t)at * FS_BLOCK_SIZE, bytes, (size_t)blocks * FS_BLOCK_SIZE);
}

uint32_t append_next_start(const struct append_disc *disc)
{
    return (disc->blocks + GAP + 15) / 16 * 16;
}

struct fs_tree *append_tree(unsigned file_systems, unsigned revision)
{
    struct fs_options options;
    struct fs_tree *tree;

    fs_options_init(&options);
    options.file_systems = file_systems;
    options.iso9660_level = 2;
    options.udf_revision = revision;
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    return tree;
}

struct fs_layout *append_layout(struct fs_tree *tree, uint32_t start, struct source *earlier)
{
    struct fs_layout_params params = { .volume_name = u"Test", .time = KIT_TIME, .session_start = start,
                                       .earlier = earlier };
    struct fs_layout *layout;
    uint64_t used;

    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(used, fs_layout_blocks(layout));
    return layout;
}

struct source *append_open(const struct append_disc *disc, struct fs_disc *out)
{
    struct source *source;

    assert_int_equal(source_memory_create(disc->bytes, (size_t)disc->blocks * FS_BLOCK_SIZE, &source), OI_OK);
    *out = (struct fs_disc){ source, disc->last_start, disc->blocks };
    return source;
}

enum fs_kind append_newest(unsigned file_systems)
{
    return file_systems & FS_UDF ? FS_UDF : file_systems & FS_JOLIET ? FS_JOLIET : FS_ISO9660;
}

struct fs_tree *append_import(struct fs_disc *from, unsigned file_systems, unsigned revision, uint32_t unit)
{
    struct fs_tree *tree = append_tree(file_systems, revision);
    struct fs_earlier earlier = { 0 };
    struct fs_volume *volume;

    assert_int_equal(fs_volume_open(from, append_newest(file_systems), &volume, NULL), OI_OK);
    assert_true(fs_volume_info(volume)->writable);
    earlier.partition_start = fs_volume_info(volume)->partition_start;
    earlier.write_unit = unit;
    if (unit) earlier.append = (fs_volume_info(volume)->blocks + unit - 1) / unit * unit;
    assert_int_equal(fs_tree_set_earlier(tree, &earlier, NULL), OI_OK);
    assert_int_equal(fs_import(tree, volume, NULL, NULL), OI_OK);
    fs_volume_close(volume);
    return tree;
}
