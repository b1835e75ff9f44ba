/* Reading an image: chunks, clones, sources that fail, shrink or grow, and what holds what. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct fs_tree *sample(void)
{
    struct fs_tree *tree = kit_tree();

    kit_folder(tree, "folder");
    kit_file(tree, "folder/one", 5000);
    kit_file(tree, "two", 2048);
    kit_file(tree, "empty", 0);
    kit_file(tree, "three", 1);
    kit_file(tree, "folder/four", 100000);
    return tree;
}

static void any_chunk_size_gives_the_same_bytes(void **state)
{
    static const size_t chunks[] = { 1, 7, 100, 2047, 2048, 2049, 4096, 65536, 1 << 20 };
    struct fs_tree *tree = sample();
    struct fs_layout *layout = kit_layout(tree, 0);
    size_t size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    uint8_t *whole = kit_read(layout, size);

    (void)state;
    for (size_t i = 0; i < sizeof(chunks) / sizeof(*chunks); i++)
    {
        uint8_t *bytes = kit_read(layout, chunks[i]);

        assert_memory_equal(bytes, whole, size);
        free(bytes);
    }
    free(whole);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void blocks_can_be_read_in_any_order(void **state)
{
    struct fs_tree *tree = sample();
    struct fs_layout *layout = kit_layout(tree, 0);
    size_t size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    uint8_t *whole = kit_read(layout, size), part[5000];
    struct source *image, *clone;
    uint32_t random = 5;

    (void)state;
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_int_equal(fs_image_create(layout, &clone), OI_OK);
    for (int i = 0; i < 2000; i++)
    {
        size_t at = kit_random(&random, (uint32_t)size), wanted = kit_random(&random, sizeof(part)), got;

        assert_int_equal(source_read_some(i % 2 ? image : clone, at, part, wanted, &got), OI_OK);
        assert_int_equal(got, wanted < size - at ? wanted : size - at);
        assert_memory_equal(part, whole + at, got);
    }
    source_unref(image);
    source_unref(clone);
    free(whole);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void the_end_is_the_end(void **state)
{
    struct fs_tree *tree = sample();
    struct fs_layout *layout = kit_layout(tree, 0);
    struct source *image;
    uint8_t bytes[64];
    size_t got = 9;

    (void)state;
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_int_equal(source_read_some(image, image->size - 10, bytes, 64, &got), OI_OK);
    assert_int_equal(got, 10);
    assert_int_equal(source_read_some(image, image->size, bytes, 64, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source_read_some(image, UINT64_MAX - 5, bytes, 64, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(image);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void an_image_outlives_layout_and_tree(void **state)
{
    struct fs_tree *tree = sample();
    struct fs_layout *layout = kit_layout(tree, 0);
    size_t size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    uint8_t *whole = kit_read(layout, size), *again = malloc(size);
    struct source *image;

    (void)state;
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_int_equal(fs_remove_tree(fs_tree_root(tree), NULL), OI_OK);
    fs_tree_destroy(tree);
    fs_layout_unref(layout);
    assert_int_equal(source_read(image, 0, again, size), OI_OK);
    assert_memory_equal(again, whole, size);
    source_unref(image);
    assert_int_equal(kit_sources_alive, 0);
    free(whole);
    free(again);
}

static void laying_out_reads_nothing_and_reading_reads_each_file_once(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct kit_source *sources[3];
    static const char *const names[] = { "folder", "folder/odd", "even" };
    struct fs_layout *layout;
    uint8_t *bytes;

    (void)state;
    kit_folder(tree, "folder");
    kit_file(tree, names[1], 3 * 2048 + 5);
    kit_file(tree, names[2], 2 * 2048);
    for (int i = 1; i < 3; i++) sources[i] = (struct kit_source *)fs_item_data(kit_find(tree, names[i]));
    layout = kit_layout(tree, 0);
    assert_int_equal(sources[1]->reads + sources[2]->reads, 0);
    bytes = kit_read(layout, 1 << 20);
    /* One read for all; when nothing is left of the last block, one more to see that nothing follows. */
    assert_int_equal(sources[1]->reads, 1);
    assert_true(sources[1]->bytes == 3 * 2048 + 5);
    assert_int_equal(sources[2]->reads, 2);
    assert_true(sources[2]->bytes == 2 * 2048);
    free(bytes);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

/* --- sources that fail ---------------------------------------------------------------------------------- */

struct faulty
{
    struct fs_tree *tree;
    struct fs_layout *layout;
    struct source *image;
    struct kit_source *source;
    uint64_t start;                     /* of the bad file in the image */
};

static void open_faulty(struct faulty *faulty, uint64_t size)
{
    struct fs_range range;
    size_t index;

    faulty->tree = sample();
    kit_folder(faulty->tree, "folder/sub");
    faulty->source = (struct kit_source *)fs_item_data(kit_file(faulty->tree, "folder/sub/bad file", size));
    faulty->layout = kit_layout(faulty->tree, 0);
    assert_int_equal(fs_layout_range_from_description(faulty->layout, u"\\folder\\sub\\bad file", &index),
                     OI_OK);
    assert_int_equal(fs_layout_range(faulty->layout, index, &range), OI_OK);
    faulty->start = (uint64_t)range.first * FS_BLOCK_SIZE;
    assert_int_equal(fs_image_create(faulty->layout, &faulty->image), OI_OK);
    assert_int_equal(fs_image_failure(faulty->image, NULL), OI_NOT_FOUND);
    assert_null(fs_image_failed_source(faulty->image));
}

static void close_faulty(struct faulty *faulty)
{
    source_unref(faulty->image);
    fs_layout_unref(faulty->layout);
    fs_tree_destroy(faulty->tree);
    assert_int_equal(kit_sources_alive, 0);
}

/* Reads all of the image in chunks: the failure comes with status, the good bytes before it at good. */
static void assert_failure(struct faulty *faulty, size_t chunk, enum oi_status expected, uint64_t good,
                           uint64_t announced, uint64_t found)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    uint8_t *bytes = malloc(chunk);
    enum oi_status status = OI_OK;
    uint64_t at = 0;
    size_t got = 0;

    for (; !status; at += got)
    {
        assert_true(at < faulty->image->size);
        status = source_read_some(faulty->image, at, bytes, chunk, &got);
    }
    assert_int_equal(status, expected);
    assert_true(at == faulty->start + good);
    assert_int_equal(fs_image_failure(faulty->image, &detail), OI_OK);
    assert_int_equal(text_compare(detail.item, u"\\folder\\sub\\bad file"), 0);
    assert_true(detail.expected == announced);
    assert_true(detail.found == found);
    assert_ptr_equal(fs_image_failed_source(faulty->image), &faulty->source->base);
    fs_detail_clear(&detail);
    free(bytes);
}

static const size_t fault_chunks[] = { 512, 2048, 6000, 1 << 20 };

static void a_source_that_fails_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(fault_chunks) / sizeof(*fault_chunks); i++)
    {
        struct faulty faulty;

        open_faulty(&faulty, 10000);
        faulty.source->fail_at = 7000;
        faulty.source->failure = OI_SOURCE_READ;
        assert_failure(&faulty, fault_chunks[i], OI_SOURCE_READ, 7000, 10000, 7000);
        faulty.source->fail_at = 0;
        faulty.source->failure = OI_SOURCE_OPEN;
        assert_failure(&faulty, fault_chunks[i], OI_SOURCE_OPEN, 0, 10000, 0);
        /* Good again: read again. */
        faulty.source->fail_at = UINT64_MAX;
        free(kit_read(faulty.layout, fault_chunks[i]));
        close_faulty(&faulty);
    }
}

static void a_source_that_shrank_is_named_with_both_sizes(void **state)
{
    static const uint64_t sizes[] = { 1, 2048, 2049, 10000, 10240 };

    (void)state;
    for (size_t i = 0; i < sizeof(fault_chunks) / sizeof(*fault_chunks); i++)
    {
        for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++)
        {
            struct faulty faulty;

            open_faulty(&faulty, sizes[j]);
            faulty.source->true_size = sizes[j] - 1;
            assert_failure(&faulty, fault_chunks[i], OI_SOURCE_SIZE, sizes[j] - 1, sizes[j], sizes[j] - 1);
            faulty.source->true_size = 0;
            assert_failure(&faulty, fault_chunks[i], OI_SOURCE_SIZE, 0, sizes[j], 0);
            close_faulty(&faulty);
        }
    }
}

static void a_source_that_grew_is_named_with_both_sizes(void **state)
{
    static const uint64_t sizes[] = { 1, 2047, 2048, 10000, 10240 }, more[] = { 1, 2, 3, 2048, 123456789 };

    (void)state;
    for (size_t i = 0; i < sizeof(fault_chunks) / sizeof(*fault_chunks); i++)
    {
        for (size_t j = 0; j < sizeof(sizes) / sizeof(*sizes); j++)
        {
            struct faulty faulty;

            open_faulty(&faulty, sizes[j]);
            faulty.source->true_size = sizes[j] + more[j];
            assert_failure(&faulty, fault_chunks[i], OI_SOURCE_SIZE, sizes[j], sizes[j], sizes[j] + more[j]);
            close_faulty(&faulty);
        }
    }
}

static void only_images_have_failures(void **state)
{
    struct kit_source *source = kit_source_create(1, 1);

    (void)state;
    assert_int_equal(fs_image_failure(&source->base, NULL), OI_NOT_FOUND);
    assert_null(fs_image_failed_source(&source->base));
    source_unref(&source->base);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(any_chunk_size_gives_the_same_bytes),
        cmocka_unit_test(blocks_can_be_read_in_any_order),
        cmocka_unit_test(the_end_is_the_end),
        cmocka_unit_test(an_image_outlives_layout_and_tree),
        cmocka_unit_test(laying_out_reads_nothing_and_reading_reads_each_file_once),
        cmocka_unit_test(a_source_that_fails_is_named),
        cmocka_unit_test(a_source_that_shrank_is_named_with_both_sizes),
        cmocka_unit_test(a_source_that_grew_is_named_with_both_sizes),
        cmocka_unit_test(only_images_have_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
