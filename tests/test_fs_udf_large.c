/*
 * Files that need several extents, and more than a file entry holds. Their images are sparse files in which
 * only structures are recorded, for the independent reader, which looks at no data.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include "helpers/fs_kit.h"
#include "helpers/udf_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define KIB ((uint64_t)1 << 10)
#define GIB ((uint64_t)1 << 30)
#define TIB ((uint64_t)1 << 40)
#define EXTENT_MAX (GIB - FS_BLOCK_SIZE)

static FILE *structures_of(struct fs_layout *layout)
{
    FILE *file = tmpfile();
    static uint8_t bytes[FS_BLOCK_SIZE];
    struct source *image;

    assert_non_null(file);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    if (ftruncate(fileno(file), (off_t)image->size))
    {
        print_message("no sparse file of %llu bytes here: SKIPPED\n", (unsigned long long)image->size);
        skip();
    }
    for (size_t i = 0; i < fs_layout_range_count(layout); i++)
    {
        struct fs_range range;

        assert_int_equal(fs_layout_range(layout, i, &range), OI_OK);
        for (uint32_t block = range.first; !range.is_file && block <= range.last; block++)
        {
            uint64_t at = (uint64_t)block * FS_BLOCK_SIZE;

            assert_int_equal(source_read(image, at, bytes, sizeof(bytes)), OI_OK);
            assert_int_equal(fseeko(file, (off_t)at, SEEK_SET), 0);
            assert_int_equal(fwrite(bytes, 1, sizeof(bytes), file), sizeof(bytes));
        }
    }
    source_unref(image);
    rewind(file);
    return file;
}

/* The extents of a file follow each other, each but the last as long as can be. */
static void assert_extents(const struct udf_check_node *node, uint64_t size)
{
    uint64_t count = size / EXTENT_MAX + (size % EXTENT_MAX != 0);

    assert_int_equal(node->size, size);
    assert_int_equal(node->extent_count, count);
    for (size_t i = 0; i < count; i++)
    {
        assert_int_equal(node->extents[i].bytes, i + 1 < count ? EXTENT_MAX : size - i * EXTENT_MAX);
        assert_int_equal(node->extents[i].block, node->extents[0].block + i * (EXTENT_MAX / FS_BLOCK_SIZE));
        assert_true(node->extents[i].is_recorded);
    }
}

/* Files 0, 1, ... of these sizes and, from 2.00 on, a stream of the first, in every revision. */
static void assert_sizes(const uint64_t *sizes, size_t count, uint64_t stream)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    char name[40];

    for (size_t i = 0; i < count; i++)
    {
        sprintf(name, "%zu", i);
        kit_file(tree, name, sizes[i]);
    }
    if (stream) kit_stream(tree, kit_find(tree, "0"), "stream", stream);
    for (size_t i = 0; fs_udf_revision(i); i++)
    {
        struct udf_check_expect expect = { fs_udf_revision(i), 0, 0, NULL };
        struct udf_check_tree *found;
        struct fs_layout *layout;
        char message[500];
        uint64_t blocks;
        FILE *file;

        options.udf_revision = expect.revision;
        assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
        layout = kit_layout(tree, 0);
        assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
        assert_int_equal(fs_layout_blocks(layout), blocks);
        file = structures_of(layout);
        if (udf_check(file, &expect, &found, message, sizeof(message)))
        {
            fail_msg("%X: %s", expect.revision, message);
        }
        for (size_t j = 0; j < count; j++)
        {
            sprintf(name, "/%zu", j);
            assert_extents(udf_check_find(found, name), sizes[j]);
        }
        if (stream && expect.revision >= 0x200) assert_extents(udf_check_find(found, "/0:stream"), stream);
        udf_check_free(found);
        fclose(file);
        fs_layout_unref(layout);
    }
    fs_tree_destroy(tree);
}

static void an_extent_ends_before_a_gibibyte(void **state)
{
    static const uint64_t sizes[] =
    {
        EXTENT_MAX - 1, EXTENT_MAX, EXTENT_MAX + 1, GIB, 2 * EXTENT_MAX, 2 * GIB + 1, 5 * GIB,
    };

    (void)state;
    assert_sizes(sizes, sizeof(sizes) / sizeof(*sizes), 3 * GIB);
}

/* 112 extents stand in a file entry; 111 with one that leads to others. */
static void more_extents_than_an_entry_holds_go_on_elsewhere(void **state)
{
    static const uint64_t sizes[] = { 112 * EXTENT_MAX, 112 * EXTENT_MAX + 1, 3, 150 * GIB };

    (void)state;
    assert_sizes(sizes, sizeof(sizes) / sizeof(*sizes), 113 * EXTENT_MAX);
}

/* 126 stand in an allocation extent, 125 with one that leads to the next. */
static void allocation_extents_form_a_chain(void **state)
{
    static const uint64_t sizes[] =
    {
        (111 + 126) * EXTENT_MAX, (111 + 126) * EXTENT_MAX + 1, (111 + 125 + 126) * EXTENT_MAX,
        (111 + 125 + 126) * EXTENT_MAX + 1, 2 * TIB,
    };

    (void)state;
    assert_sizes(sizes, sizeof(sizes) / sizeof(*sizes), 0);
}

/* 2^32 - 1 blocks are the end; with ISO 9660 it comes earlier. */
static void sizes_end_with_the_addresses(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_layout_params params = { .volume_name = u"Test", .time = KIT_TIME };
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_layout *layout;

    (void)state;
    kit_file(tree, "most", 8 * TIB - 2048 * KIB);
    assert_int_equal(fs_layout_create(tree, &params, &layout, &detail), OI_OK);
    assert_true(fs_layout_blocks(layout) > UINT32_MAX - 1024);
    fs_layout_unref(layout);
    options.file_systems = FS_UDF | FS_ISO9660;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_layout_create(tree, &params, &layout, &detail), OI_FILE_TOO_BIG);
    assert_string_equal(fs_kind_name(detail.file_systems), "ISO9660/Joliet");
    options.file_systems = FS_UDF;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    kit_file(tree, "more", 2048 * KIB);
    assert_int_equal(fs_layout_create(tree, &params, &layout, &detail), OI_TOO_LARGE);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_extent_ends_before_a_gibibyte),
        cmocka_unit_test(more_extents_than_an_entry_holds_go_on_elsewhere),
        cmocka_unit_test(allocation_extents_form_a_chain),
        cmocka_unit_test(sizes_end_with_the_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
