/* Golden bytes of a small UDF volume, spelled out from ECMA-167 and OSTA UDF field by field, and its
   ranges. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TIME 0x00, 0x10, 0xEA, 0x07, 11, 24, 0, 0, 0, 50, 0, 0  /* KIT_TIME, UTC */
#define ZEROS_8 0, 0, 0, 0, 0, 0, 0, 0
#define ZEROS_16 ZEROS_8, ZEROS_8
#define ZEROS_24 ZEROS_16, ZEROS_8
#define US                      /* entity identifier of the implementation, on NT */                    \
    0, '*', 'o', 'p', 'e', 'n', 'i', 'm', 'a', 'p', 'i', 0, 0, 0, 0, 0, ZEROS_8, 6, 0, 0, 0, 0, 0, 0, 0
#define DOMAIN(low, high)                                                                                    \
    0, '*', 'O', 'S', 'T', 'A', ' ', 'U', 'D', 'F', ' ', 'C', 'o', 'm', 'p', 'l', 'i', 'a', 'n', 't', 0, 0,  \
        0, 0, low, high, 0, 0, 0, 0, 0, 0
#define ICB(type)               /* 4/14.6: strategy 4, one entry, short descriptors */                       \
    0, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, type, 0, 0, 0, 0, 0, 0, 0, 0
#define ANYBODY 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xA5, 0x14, 0, 0        /* and permissions */

/*
 * Volume "Test": \Read me.txt (3000 bytes) and \Folder with \Folder\Ā (1 byte, hidden). Behind the
 * partition's start stand: 0 file set, 1 its terminator, 2 entry of the root, 3 its identifiers, 4 and 5
 * entries of the two, 6 identifiers of \Folder, 7 entry of \Folder\Ā, 8-9 and 10 the data.
 */
static struct fs_layout *sample(unsigned revision, uint32_t start)
{
    static const char *const paths[] = { "Read me.txt", "Folder", "Folder/\xC4\x80" };
    struct fs_times times = { KIT_TIME, KIT_TIME, KIT_TIME };
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_options options = *fs_tree_options(tree);
    struct fs_layout *layout;

    options.udf_revision = revision;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    kit_file(tree, paths[0], 3000);
    kit_folder(tree, paths[1]);
    kit_file(tree, paths[2], 1);
    for (size_t i = 0; i < 3; i++) fs_item_set_times(kit_find(tree, paths[i]), &times);
    fs_item_set_hidden(kit_find(tree, paths[2]), 1);
    layout = kit_layout(tree, start);
    fs_tree_destroy(tree);
    return layout;
}

static uint8_t *read_sample(unsigned revision, uint32_t start)
{
    struct fs_layout *layout = sample(revision, start);
    uint8_t *bytes = kit_read(layout, 65536);

    fs_layout_unref(layout);
    return bytes;
}

#define BLOCK(image, number) ((image) + (size_t)(number) * FS_BLOCK_SIZE)
#define ASSERT_BLOCK(image, number, offset, expected)                                                        \
    assert_memory_equal(BLOCK(image, number) + (offset), expected, sizeof(expected))

/* --- the volume ----------------------------------------------------------------------------------------- */

static void the_recognition_sequence_begins_behind_the_system_area(void **state)
{
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    assert_memory_equal(BLOCK(image, 16), "\0BEA01\1\0", 8);
    assert_memory_equal(BLOCK(image, 17), "\0NSR02\1\0", 8);
    assert_memory_equal(BLOCK(image, 18), "\0TEA01\1\0", 8);
    free(image);
    image = read_sample(0x200, 0);
    assert_memory_equal(BLOCK(image, 17), "\0NSR03\1\0", 8);
    free(image);
}

static void anchors_are_at_256_and_at_both_ends_of_the_tail(void **state)
{
    static const uint8_t anchor[] =
    {
        2, 0, 2, 0, 0xCF, 0, 1, 0, 0x01, 0xD7, 0xF0, 0x01, 0, 1, 0, 0,          /* tag, at 256 */
        0, 0x80, 0, 0, 32, 0, 0, 0,                                             /* main sequence: 16 blocks */
        0, 0x80, 0, 0, 48, 0, 0, 0,                                             /* reserve sequence */
    };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    ASSERT_BLOCK(image, 256, 0, anchor);
    assert_memory_equal(BLOCK(image, 271) + 16, anchor + 16, 16);
    assert_memory_equal(BLOCK(image, 527) + 16, anchor + 16, 16);
    assert_memory_equal(BLOCK(image, 271) + 12, "\x0F\x01\0", 4);
    assert_memory_equal(BLOCK(image, 527) + 12, "\x0F\x02\0", 4);
    free(image);
}

static void the_primary_descriptor_is_as_10_1_has_it(void **state)
{
    static const uint8_t head[] =
    {
        1, 0, 2, 0, 0xC9, 0, 1, 0, 0x5F, 0x55, 0xF0, 0x01, 32, 0, 0, 0,         /* tag */
        0, 0, 0, 0, 0, 0, 0, 0,                 /* sequence number, number of this descriptor */
        8, 'T', 'e', 's', 't', 0, 0, 0, ZEROS_16, 0, 0, 0, 0, 0, 0, 0, 5,       /* volume identifier */
        1, 0, 1, 0,                             /* volume sequence numbers: this one, the last */
        2, 0, 2, 0,                             /* interchange levels */
        1, 0, 0, 0, 1, 0, 0, 0,                 /* character sets: CS0 */
        8, '6', 'B', '0', '4', 'D', '3', '8', '0',                              /* volume set: its time */
    };
    static const uint8_t tail[] = { TIME, US };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    ASSERT_BLOCK(image, 32, 0, head);
    assert_int_equal(BLOCK(image, 32)[72 + 127], 21);           /* compression, 16 that are unique, "Test" */
    assert_memory_equal(BLOCK(image, 32) + 72 + 17, "Test", 5);
    assert_memory_equal(BLOCK(image, 32) + 200, "\0OSTA Compressed Unicode", 25);
    ASSERT_BLOCK(image, 32, 376, tail);
    /* The reserve sequence says the same. */
    assert_memory_equal(BLOCK(image, 48) + 16, BLOCK(image, 32) + 16, 496);
    free(image);
}

static void the_partition_is_as_10_5_has_it(void **state)
{
    static const uint8_t head[] =
    {
        2, 0, 0, 0, 1, 0, 0, 0,                 /* sequence number, allocated, partition 0 */
        0, '+', 'N', 'S', 'R', '0', '2', 0,     /* contents */
    };
    /* Read-only; 14 blocks from 257 on. */
    static const uint8_t where[] = { 1, 0, 0, 0, 1, 1, 0, 0, 14, 0, 0, 0, US };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    assert_memory_equal(BLOCK(image, 34), "\5\0\2\0", 4);
    ASSERT_BLOCK(image, 34, 16, head);
    ASSERT_BLOCK(image, 34, 184, where);
    free(image);
}

static void the_logical_volume_is_as_10_6_has_it(void **state)
{
    static const uint8_t tail[] =
    {
        0, 8, 0, 0,                             /* logical block size */
        DOMAIN(0x02, 0x01),
        0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,        /* file set: two blocks at 0 of partition 0 */
        6, 0, 0, 0, 1, 0, 0, 0,                 /* length and number of partition maps */
        US,
    };
    static const uint8_t maps[] =
    {
        0, 0x80, 0, 0, 64, 0, 0, 0,             /* integrity sequence: 16 blocks */
        1, 6, 1, 0, 0, 0,                       /* type 1: volume 1, partition 0 */
        0, 0,
    };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    assert_memory_equal(BLOCK(image, 35), "\6\0\2\0", 4);
    assert_memory_equal(BLOCK(image, 35) + 84, "\10Test\0", 6);
    assert_int_equal(BLOCK(image, 35)[84 + 127], 5);
    ASSERT_BLOCK(image, 35, 212, tail);
    ASSERT_BLOCK(image, 35, 432, maps);
    free(image);
}

static void the_integrity_descriptor_is_as_10_10_has_it(void **state)
{
    static const uint8_t all[] =
    {
        TIME, 1, 0, 0, 0, ZEROS_8,              /* closed, no next one */
        19, 0, 0, 0, 0, 0, 0, 0, ZEROS_24,      /* next unique id: 16 to 18 are given */
        1, 0, 0, 0, 46, 0, 0, 0,                /* partitions, length of implementation use */
        0, 0, 0, 0, 14, 0, 0, 0,                /* free blocks, blocks */
        US,
        2, 0, 0, 0, 2, 0, 0, 0,                 /* files, directories */
        0x02, 0x01, 0x02, 0x01, 0x02, 0x01,     /* revisions: least to read, least and most to write */
        0, 0,
    };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    assert_memory_equal(BLOCK(image, 64), "\x09\0\2\0", 4);
    ASSERT_BLOCK(image, 64, 16, all);
    assert_memory_equal(BLOCK(image, 65), "\x08\0\2\0", 4);
    free(image);
}

/* --- the files ------------------------------------------------------------------------------------------ */

static void identifiers_are_as_14_4_has_them(void **state)
{
    static const uint8_t root[] =
    {
        1, 1, 2, 0, 0xC9, 0, 1, 0, 0x47, 0x62, 24, 0, 3, 0, 0, 0,               /* tag, at 3 */
        1, 0, 0x0A, 0,                          /* version, parent and directory, no name */
        0, 8, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,                         /* entry: 2 of partition 0 */
        0, 0, 0, 0,                             /* no implementation use; filled up */
        1, 1, 2, 0, 0xE2, 0, 1, 0, 0x0F, 0xA7, 36, 0, 3, 0, 0, 0,
        1, 0, 0x00, 12,
        0, 8, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 8, 'R', 'e', 'a', 'd', ' ', 'm', 'e', '.', 't', 'x', 't', 0, 0,
        1, 1, 2, 0, 0x80, 0, 1, 0, 0x89, 0xCF, 32, 0, 3, 0, 0, 0,
        1, 0, 0x02, 7,
        0, 8, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 8, 'F', 'o', 'l', 'd', 'e', 'r', 0, 0, 0,
        0, 0, 0, 0,
    };
    static const uint8_t wide[] =
    {
        1, 0, 0x01, 3,                          /* hidden */
        0, 8, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 18, 0, 0, 0,                        /* unique id from 2.00 on */
        0, 0, 16, 0x01, 0x00, 0, 0, 0,          /* 16 bits, big-endian */
    };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    ASSERT_BLOCK(image, 260, 0, root);
    free(image);
    image = read_sample(0x201, 0);
    ASSERT_BLOCK(image, 263, 40 + 16, wide);
    free(image);
}

static void file_entries_are_as_14_9_has_them(void **state)
{
    static const uint8_t file[] =
    {
        5, 1, 2, 0, 0x48, 0, 1, 0, 0xD3, 0xC0, 168, 0, 4, 0, 0, 0,              /* tag, at 4 */
        ICB(5), ANYBODY,
        1, 0, 0, 0, 0, 0, 0, 0,                 /* links; no records */
        0xB8, 0x0B, 0, 0, 0, 0, 0, 0,           /* information length */
        2, 0, 0, 0, 0, 0, 0, 0,                 /* blocks */
        TIME, TIME, TIME,                       /* access, modification, attributes */
        1, 0, 0, 0, ZEROS_16,                   /* checkpoint, no extended attributes' entry */
        US,
        16, 0, 0, 0, 0, 0, 0, 0,                /* unique id */
        0, 0, 0, 0, 8, 0, 0, 0,                 /* bytes of extended attributes, of allocation descriptors */
        0xB8, 0x0B, 0, 0, 8, 0, 0, 0,           /* 3000 bytes at 8 */
        ZEROS_8,
    };
    static const uint8_t root[] = { ICB(4), ANYBODY, 2, 0, 0, 0, 0, 0, 0, 0, 140, 0, 0, 0, 0, 0, 0, 0 };
    uint8_t *image = read_sample(0x102, 0);

    (void)state;
    ASSERT_BLOCK(image, 261, 0, file);
    ASSERT_BLOCK(image, 259, 16, root);
    for (size_t i = 0; i < 4096; i++)
    {
        assert_int_equal(BLOCK(image, 265)[i], i < 3000 ? kit_byte(kit_seed("Read me.txt"), i) : 0);
    }
    free(image);
}

static void extended_file_entries_are_as_14_17_has_them(void **state)
{
    static const uint8_t file[] =
    {
        10, 1, 3, 0, 0xDA, 0, 1, 0, 0x40, 0xB7, 208, 0, 4, 0, 0, 0,
        ICB(5), ANYBODY,
        1, 0, 0, 0, 0, 0, 0, 0,
        0xB8, 0x0B, 0, 0, 0, 0, 0, 0,           /* information length */
        0xB8, 0x0B, 0, 0, 0, 0, 0, 0,           /* object size */
        2, 0, 0, 0, 0, 0, 0, 0,
        TIME, TIME, TIME, TIME,                 /* access, modification, creation, attributes */
        1, 0, 0, 0, 0, 0, 0, 0,
        ZEROS_16, ZEROS_16,                     /* no entries of extended attributes, of streams */
        US,
        16, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 8, 0, 0, 0,
        0xB8, 0x0B, 0, 0, 8, 0, 0, 0,
        ZEROS_8,
    };
    uint8_t *image = read_sample(0x201, 0);

    (void)state;
    ASSERT_BLOCK(image, 261, 0, file);
    free(image);
}

/* --- metadata ------------------------------------------------------------------------------------------- */

static void the_metadata_partition_is_as_udf_2_50_has_it(void **state)
{
    static const uint8_t maps[] =
    {
        1, 6, 1, 0, 0, 0,
        2, 64, 0, 0,
        0, '*', 'U', 'D', 'F', ' ', 'M', 'e', 't', 'a', 'd', 'a', 't', 'a', ' ',
        'P', 'a', 'r', 't', 'i', 't', 'i', 'o', 'n', 0x50, 0x02, 6, 0, 0, 0, 0, 0,
        1, 0, 0, 0,                             /* volume 1, partition 0 */
        0, 0, 0, 0,                             /* metadata file */
        128, 0, 0, 0,                           /* its mirror */
        0xFF, 0xFF, 0xFF, 0xFF,                 /* no bitmap */
        32, 0, 0, 0, 32, 0,                     /* units of allocation and alignment */
        1, 0,                                   /* the mirror is a copy */
    };
    static const uint8_t metadata[] = { 0, 0, 1, 0, 32, 0, 0, 0, ZEROS_8 };     /* 32 blocks at 32 */
    static const uint8_t mirror[] = { 0, 0, 1, 0, 96, 0, 0, 0, ZEROS_8 };
    static const uint8_t file[] = { 0xB8, 0x0B, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ZEROS_8 };
    uint8_t *image = read_sample(0x250, 0);

    (void)state;
    ASSERT_BLOCK(image, 35, 440, maps);
    assert_memory_equal(BLOCK(image, 35) + 248, "\0\20\0\0\0\0\0\0\1\0", 10);   /* file set in partition 1 */
    assert_memory_equal(BLOCK(image, 288), "\x0A\1\3\0", 4);
    assert_int_equal(BLOCK(image, 288)[27], 250);
    ASSERT_BLOCK(image, 288, 216, metadata);
    assert_int_equal(BLOCK(image, 288 + 128)[27], 251);
    ASSERT_BLOCK(image, 288 + 128, 216, mirror);
    assert_memory_equal(BLOCK(image, 320), BLOCK(image, 384), 32 * FS_BLOCK_SIZE);
    /* The data are in partition 0: a long allocation descriptor. */
    assert_int_equal(BLOCK(image, 320 + 4)[34], 1);
    ASSERT_BLOCK(image, 320 + 4, 216, file);
    free(image);
}

static void a_later_session_counts_from_its_start(void **state)
{
    uint8_t *image = read_sample(0x102, 1000);

    (void)state;
    assert_memory_equal(BLOCK(image, 256) + 12, "\xE8\4\0", 4);                 /* 1256 */
    assert_memory_equal(BLOCK(image, 256) + 20, "\x08\4\0", 4);                 /* 1032 */
    assert_memory_equal(BLOCK(image, 34) + 188, "\xE9\4\0", 4);                 /* 1257 */
    assert_memory_equal(BLOCK(image, 35) + 436, "\x28\4\0", 4);                 /* 1064 */
    assert_memory_equal(BLOCK(image, 261) + 12, "\4\0\0", 4);                   /* within the partition */
    free(image);
}

/* --- ranges --------------------------------------------------------------------------------------------- */

struct row
{
    uint32_t first, last;
    const char16_t *description;
};

static void assert_ranges(unsigned revision, const struct row *rows, size_t count)
{
    struct fs_layout *layout = sample(revision, 0);
    struct fs_range range;
    char16_t *text;
    size_t index;

    assert_int_equal(fs_layout_range_count(layout), count);
    for (size_t i = 0; i < count; i++)
    {
        assert_int_equal(fs_layout_range(layout, i, &range), OI_OK);
        assert_int_equal(range.first, rows[i].first);
        assert_int_equal(range.last, rows[i].last);
        assert_int_equal(range.is_file, rows[i].description[0] == '\\');
        assert_int_equal(fs_layout_range_description(layout, i, &text), OI_OK);
        assert_int_equal(text_compare(text, rows[i].description), 0);
        free(text);
        assert_int_equal(fs_layout_range_from_description(layout, rows[i].description, &index), OI_OK);
        assert_int_equal(index, i);
        for (uint32_t block = range.first; block <= range.last; block++)
        {
            assert_int_equal(fs_layout_range_from_block(layout, block, &index), OI_OK);
            assert_int_equal(index, i);
        }
    }
    assert_int_equal(rows[count - 1].last + 1, fs_layout_blocks(layout));
    fs_layout_unref(layout);
}

static void ranges_cover_every_block_once(void **state)
{
    static const struct row plain[] =
    {
        { 0, 15, u"<system area>" }, { 16, 18, u"<volume descriptors>" }, { 19, 256, u"<UDF volume>" },
        { 257, 264, u"<UDF>" }, { 265, 266, u"\\Read me.txt" }, { 267, 267, u"\\Folder\\\u0100" },
        { 268, 527, u"<UDF anchor>" },
    };
    static const struct row metadata[] =
    {
        { 0, 15, u"<system area>" }, { 16, 18, u"<volume descriptors>" }, { 19, 287, u"<UDF volume>" },
        { 288, 351, u"<UDF>" }, { 352, 353, u"\\Read me.txt" }, { 354, 354, u"\\Folder\\\u0100" },
        { 355, 416, u"<UDF mirror>" }, { 417, 703, u"<UDF anchor>" },
    };

    (void)state;
    assert_ranges(0x102, plain, sizeof(plain) / sizeof(*plain));
    assert_ranges(0x250, metadata, sizeof(metadata) / sizeof(*metadata));
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_recognition_sequence_begins_behind_the_system_area),
        cmocka_unit_test(anchors_are_at_256_and_at_both_ends_of_the_tail),
        cmocka_unit_test(the_primary_descriptor_is_as_10_1_has_it),
        cmocka_unit_test(the_partition_is_as_10_5_has_it),
        cmocka_unit_test(the_logical_volume_is_as_10_6_has_it),
        cmocka_unit_test(the_integrity_descriptor_is_as_10_10_has_it),
        cmocka_unit_test(identifiers_are_as_14_4_has_them),
        cmocka_unit_test(file_entries_are_as_14_9_has_them),
        cmocka_unit_test(extended_file_entries_are_as_14_17_has_them),
        cmocka_unit_test(the_metadata_partition_is_as_udf_2_50_has_it),
        cmocka_unit_test(a_later_session_counts_from_its_start),
        cmocka_unit_test(ranges_cover_every_block_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
