/* Volume recognition sequences: which standards they name, and what is none. */
#include "helpers/fs_kit.h"

#include "openimapi/fs_import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The first seven bytes of each block from 16 on, for ECMA-119 8.1 and ECMA-167 2/9.1: type, identifier,
   version; NULL at the end. */
#define PRIMARY "\1CD001\1"
#define BOOT_RECORD "\0CD001\1"
#define JOLIET "\2CD001\1"
#define ENHANCED "\2CD001\2"
#define PARTITION "\3CD001\1"
#define TERMINATOR "\xFF" "CD001\1"
#define BEA "\0BEA01\1"
#define TEA "\0TEA01\1"
#define NSR2 "\0NSR02\1"
#define NSR3 "\0NSR03\1"
#define CDW "\0CDW02\1"
#define BOOT2 "\0BOOT2\1"

#define BLOCKS_MAX 12

static struct source *sequence(uint32_t first, const char *const *descriptors)
{
    size_t size = (first + 16 + BLOCKS_MAX) * FS_BLOCK_SIZE;
    uint8_t *bytes = calloc(1, size);
    struct source *source;

    for (uint32_t i = 0; descriptors[i]; i++)
    {
        memcpy(bytes + (first + 16 + i) * FS_BLOCK_SIZE, descriptors[i], 7);
    }
    assert_int_equal(source_memory_create(bytes, size, &source), OI_OK);
    free(bytes);
    return source;
}

static void sequences_name_standards(void **state)
{
    static const struct
    {
        const char *descriptors[BLOCKS_MAX];
        unsigned standards;
    } rows[] =
    {
        { { PRIMARY, TERMINATOR }, FS_STANDARD_ECMA119 },
        { { PRIMARY }, FS_STANDARD_ECMA119 },
        { { BOOT_RECORD }, FS_STANDARD_ECMA119 },
        { { JOLIET }, FS_STANDARD_ECMA119 },
        { { ENHANCED }, FS_STANDARD_ECMA119 },
        { { PARTITION }, FS_STANDARD_ECMA119 },
        { { TERMINATOR, TERMINATOR }, 0 },
        { { BEA, NSR2, TEA }, FS_STANDARD_ECMA167 },
        { { BEA, NSR3, TEA }, FS_STANDARD_ECMA167 },
        { { BEA, NSR3 }, FS_STANDARD_ECMA167 },
        { { BEA, BOOT2, NSR3, TEA }, FS_STANDARD_ECMA167 },
        { { BEA, CDW, TEA }, FS_STANDARD_ECMA168 },
        { { BEA, CDW, NSR2, TEA }, FS_STANDARD_ECMA167 | FS_STANDARD_ECMA168 },
        { { BEA, CDW, TEA, BEA, NSR2, TEA }, FS_STANDARD_ECMA167 | FS_STANDARD_ECMA168 },
        { { PRIMARY, JOLIET, TERMINATOR, BEA, NSR2, TEA }, FS_STANDARD_ECMA119 | FS_STANDARD_ECMA167 },
        { { BEA, TEA }, 0 },
        { { BEA, BOOT2, TEA }, 0 },
        { { NSR2 }, 0 },
        { { BEA, TEA, NSR2 }, 0 },
        { { CDW }, 0 },
        /* A block that is no descriptor ends the sequence. */
        { { PRIMARY, "\0\0\0\0\0\0\0", BEA, NSR2, TEA }, FS_STANDARD_ECMA119 },
        { { "\0\0\0\0\0\0\0", PRIMARY }, 0 },
        { { "\0\0\0\0\0\0\0" }, 0 },
        /* Types and versions that there are not. */
        { { "\4CD001\1" }, 0 },
        { { "\1CD001\2" }, 0 },
        { { "\1CD001\0" }, 0 },
        { { "\1cd001\1" }, 0 },
        { { "\1CD002\1" }, 0 },
        { { "\1BEA01\1", NSR2 }, 0 },
        { { BEA, "\1NSR02\1" }, 0 },
        { { BEA, "\0NSR02\2" }, 0 },
        { { BEA, "\0NSR01\1" }, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        for (uint32_t first = 0; first <= 100; first += 100)
        {
            struct source *source = sequence(first, rows[i].descriptors);
            unsigned standards = 99;

            assert_int_equal(fs_recognize_standards(source, first, &standards), OI_OK);
            if (standards != rows[i].standards) print_error("row %u\n", (unsigned)i);
            assert_int_equal(standards, rows[i].standards);
            source_unref(source);
        }
    }
}

static void an_image_of_ours_is_iso_9660(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_layout *layout = kit_layout(tree, 0);
    struct source *image;
    unsigned standards;

    (void)state;
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_int_equal(fs_recognize_standards(image, 0, &standards), OI_OK);
    assert_int_equal(standards, FS_STANDARD_ECMA119);
    source_unref(image);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void short_sources_have_none(void **state)
{
    static const uint64_t sizes[] = { 0, 1, 32768, 32768 + 2047 };

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
    {
        struct kit_source *source = kit_source_create(1, sizes[i]);
        unsigned standards = 99;

        assert_int_equal(fs_recognize_standards(&source->base, 0, &standards), OI_OK);
        assert_int_equal(standards, 0);
        /* Far behind the end, where a number of 32 bits would overflow. */
        assert_int_equal(fs_recognize_standards(&source->base, UINT32_MAX, &standards), OI_OK);
        assert_int_equal(standards, 0);
        source_unref(&source->base);
    }
}

static void a_failure_counts_before_a_volume_is_found(void **state)
{
    static const char *const descriptors[] = { BEA, NSR2, TEA, NULL };
    struct source *good = sequence(0, descriptors), *parts[2], *whole;
    struct kit_source *bad = kit_source_create(1, 100 * FS_BLOCK_SIZE);

    (void)state;
    bad->fail_at = 0;
    bad->failure = OI_SOURCE_READ;
    for (uint64_t blocks = 16; blocks < 20; blocks++)
    {
        unsigned standards = 99;

        assert_int_equal(source_slice_create(good, 0, blocks * FS_BLOCK_SIZE, &parts[0]), OI_OK);
        parts[1] = &bad->base;
        assert_int_equal(source_concat_create(parts, 2, &whole), OI_OK);
        assert_int_equal(fs_recognize_standards(whole, 0, &standards), blocks < 18 ? OI_SOURCE_READ : OI_OK);
        assert_int_equal(standards, blocks < 18 ? 0 : FS_STANDARD_ECMA167);
        source_unref(whole);
        source_unref(parts[0]);
    }
    source_unref(&bad->base);
    source_unref(good);
}

/* A source whose every block is a descriptor. */
static uint64_t blocks_read;

static enum oi_status endless_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                   size_t *got)
{
    (void)source;
    (void)offset;
    memset(buffer, 0, size);
    memcpy(buffer, TERMINATOR, 7);
    blocks_read += size / FS_BLOCK_SIZE;
    *got = size;
    return OI_OK;
}

static void endless_destroy(struct source *source) { (void)source; }

static void an_endless_sequence_ends(void **state)
{
    static const struct source_ops ops = { endless_read, endless_destroy };
    struct source source;
    unsigned standards = 99;

    (void)state;
    source_init(&source, &ops, UINT64_MAX);
    assert_int_equal(fs_recognize_standards(&source, 0, &standards), OI_OK);
    assert_int_equal(standards, 0);
    assert_true(blocks_read == 240);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(sequences_name_standards),
        cmocka_unit_test(an_image_of_ours_is_iso_9660),
        cmocka_unit_test(short_sources_have_none),
        cmocka_unit_test(a_failure_counts_before_a_volume_is_found),
        cmocka_unit_test(an_endless_sequence_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
