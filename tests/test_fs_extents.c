/* Sources over extents of a disc: which are taken, how they are read, and what they tell of themselves. */
#include "helpers/disc_kit.h"

#include "core/fs/read_room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct kit_disc *disc;           /* of 50 blocks; a byte tells its block */

static int make_disc(void **state)
{
    (void)state;
    disc = kit_disc_create(50);
    for (uint32_t i = 0; i < 50; i++) memset(kit_block(disc, i), (int)i, 2048);
    return 0;
}

static int drop_disc(void **state)
{
    (void)state;
    source_unref(&disc->base);
    return kit_discs_alive != 0;
}

static enum oi_status create(const struct fs_extent *extents, size_t count, uint64_t size,
                             struct source **out)
{
    struct fs_found found = { .type = FS_FILE, .size = size, .extents = extents, .extent_count = count };
    struct fs_disc session = { &disc->base, 0, 50 };

    return fs_extents_create(&session, &found, out);
}

#define CREATE(extents, size, out) create(extents, sizeof(extents) / sizeof(*(extents)), size, out)

static void files_lie_inside_the_disc_and_have_their_size(void **state)
{
    static const struct { struct fs_extent extent; uint64_t size; } cases[] =
    {
        { { 49, 0, 2049 }, 2049 }, { { 50, 0, 1 }, 1 }, { { 49, 1, 2048 }, 2048 }, { { 10, 2048, 1 }, 1 },
        { { 0, 0, UINT64_MAX }, UINT64_MAX }, { { 10, 0, UINT64_MAX - 5 }, UINT64_MAX - 5 },
        { { FS_EXTENT_HOLE - 1, 0, 1 }, 1 }, { { FS_EXTENT_HOLE, 1, 5 }, 5 },
        { { 10, 0, 5 }, 4 }, { { 10, 0, 5 }, 6 }, { { 10, 0, 0 }, 1 },
    };
    static const struct fs_extent wrap[] = { { FS_EXTENT_HOLE, 0, UINT64_MAX }, { FS_EXTENT_HOLE, 0, 6 } };
    struct source *source;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        assert_int_equal(create(&cases[i].extent, 1, cases[i].size, &source), OI_FORMAT);
    }
    assert_int_equal(CREATE(wrap, 5, &source), OI_FORMAT);
    assert_int_equal(create(NULL, 0, 1, &source), OI_FORMAT);
    assert_int_equal(disc->base.references, 1);
}

static void bytes_come_from_their_extents_in_any_order(void **state)
{
    static const struct fs_extent extents[] =
    {
        { 10, 0, 2048 }, { FS_EXTENT_HOLE, 0, 3000 }, { 5, 7, 1 }, { 30, 0, 0 }, { 20, 0, 4096 }, { 3, 0, 1 },
    };
    const size_t size = 2048 + 3000 + 1 + 4096 + 1;
    uint8_t expected[9146], bytes[9146];
    struct source *source;
    uint32_t random = 1;
    size_t got, count;

    (void)state;
    memset(expected, 0, sizeof(expected));
    memset(expected, 10, 2048);
    expected[5048] = 5;
    memset(expected + 5049, 20, 2048);
    memset(expected + 7097, 21, 2048);
    expected[9145] = 3;
    assert_int_equal(CREATE(extents, size, &source), OI_OK);
    for (int i = 0; i < 2000; i++)
    {
        size_t offset, want;

        random = random * 1664525u + 1013904223u;
        offset = (random >> 8) % (size + 1);
        random = random * 1664525u + 1013904223u;
        want = (random >> 8) % sizeof(bytes);
        assert_int_equal(source_read_some(source, offset, bytes, want, &got), OI_OK);
        assert_int_equal(got, want < size - offset ? want : size - offset);
        assert_memory_equal(bytes, expected + offset, got);
    }
    assert_int_equal(source_read_some(source, UINT64_MAX, bytes, 1, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_null(fs_source_extents(source, &count));             /* one begins within a block */
    assert_int_equal(count, 0);
    source_unref(source);
}

static void adjacent_extents_are_one_and_are_read_at_once(void **state)
{
    static const struct fs_extent extents[] =
    {
        { 40, 0, 0 }, { 10, 0, 2048 }, { 12, 0, 0 }, { 11, 0, 4096 }, { 13, 0, 1000 }, { 13, 1000, 1048 },
        { 14, 0, 5 }, { 14, 0, 0 },
    };
    static const struct fs_extent holes[] =
    {
        { FS_EXTENT_HOLE, 0, 2048 }, { FS_EXTENT_HOLE, 0, 2048 }, { 0, 0, 1 },
    };
    const struct fs_extent *told;
    uint8_t bytes[8197];
    struct source *source;
    size_t count, got;

    (void)state;
    assert_int_equal(CREATE(extents, 8197, &source), OI_OK);
    told = fs_source_extents(source, &count);
    assert_int_equal(count, 1);
    assert_int_equal(told[0].block, 10);
    assert_int_equal(told[0].bytes, 8197);
    assert_int_equal(source_read_some(source, 0, bytes, 8197, &got), OI_OK);
    assert_int_equal(disc->reads, 1);
    assert_int_equal(bytes[8196], 14);
    source_unref(source);
    assert_int_equal(CREATE(holes, 4097, &source), OI_OK);
    told = fs_source_extents(source, &count);
    assert_int_equal(count, 2);
    assert_true(told[0].block == FS_EXTENT_HOLE);
    assert_int_equal(told[0].bytes, 4096);
    assert_int_equal(told[1].block, 0);
    source_unref(source);
}

/* Empty extents between two that are not adjacent must not make them so, nor the other way round. */
static void empty_extents_are_nothing(void **state)
{
    static const struct fs_extent extents[] =
    {
        { 10, 0, 2048 }, { 20, 0, 0 }, { 20, 0, 2048 }, { 31, 0, 0 }, { 21, 0, 2048 }, { 30, 0, 1 },
    };
    const struct fs_extent *told;
    struct source *source;
    size_t count;

    (void)state;
    assert_int_equal(CREATE(extents, 6145, &source), OI_OK);
    told = fs_source_extents(source, &count);
    assert_int_equal(count, 3);
    assert_int_equal(told[1].block, 20);
    assert_int_equal(told[1].bytes, 4096);
    assert_int_equal(told[2].block, 30);
    source_unref(source);
    assert_int_equal(create(NULL, 0, 0, &source), OI_OK);
    assert_null(fs_source_extents(source, &count));
    assert_int_equal(source_read_some(source, 0, &count, 1, &count), OI_OK);
    assert_int_equal(count, 0);
    source_unref(source);
}

static void embedded_bytes_are_copied(void **state)
{
    uint8_t bytes[] = "inside";
    struct fs_found found = { .type = FS_FILE, .size = 6, .embedded = bytes };
    struct fs_disc session = { &disc->base, 0, 50 };
    struct source *source;
    uint8_t read[7];
    size_t count;

    (void)state;
    assert_int_equal(fs_extents_create(&session, &found, &source), OI_OK);
    memset(bytes, 0, sizeof(bytes));
    assert_int_equal(source_read(source, 0, read, 6), OI_OK);
    assert_memory_equal(read, "inside", 6);
    assert_null(fs_source_extents(source, &count));
    source_unref(source);
}

static void what_the_disc_answers_is_passed_on(void **state)
{
    static const struct fs_extent extents[] = { { 10, 0, 2048 }, { 20, 0, 2048 } };
    uint8_t bytes[4096];
    struct source *source;
    size_t got;

    (void)state;
    assert_int_equal(CREATE(extents, 4096, &source), OI_OK);
    disc->bad = 20;
    assert_int_equal(source_read_some(source, 0, bytes, 4096, &got), OI_SENSE);
    assert_int_equal(got, 2048);
    disc->bad = UINT32_MAX;
    assert_int_equal(source_read_some(source, 0, bytes, 4096, &got), OI_OK);
    assert_int_equal(got, 4096);
    /* A disc that is shorter than it said. */
    disc->base.size = 15 * 2048;
    assert_int_equal(source_read_some(source, 1000, bytes, 1048, &got), OI_OK);
    disc->base.size = 10 * 2048 + 500;
    assert_int_equal(source_read_some(source, 0, bytes, 4096, &got), OI_OK);
    assert_int_equal(got, 500);
    source_unref(source);
}

int main(void)
{
#define DISC_TEST(test) cmocka_unit_test_setup_teardown(test, make_disc, drop_disc)
    static const struct CMUnitTest tests[] =
    {
        DISC_TEST(files_lie_inside_the_disc_and_have_their_size),
        DISC_TEST(bytes_come_from_their_extents_in_any_order),
        DISC_TEST(adjacent_extents_are_one_and_are_read_at_once),
        DISC_TEST(empty_extents_are_nothing),
        DISC_TEST(embedded_bytes_are_copied),
        DISC_TEST(what_the_disc_answers_is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
