/* Allocation descriptors of UDF, good, short, lying and without end: as listings show them. */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define P KIT_PARTITION
#define FILE_AT KIT_FREE                /* file entry of the file "f" */
#define REGULAR 5

static struct udf_bytes kit;
static uint8_t descriptors[FS_BLOCK_SIZE];

static int setup(void **state)
{
    (void)state;
    udf_bytes_create(&kit, 0x201);
    memset(descriptors, 0, sizeof(descriptors));
    udf_bytes_name(&kit, "f", 0, FILE_AT, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    udf_bytes_destroy(&kit);
    return 0;
}

static uint8_t *file(unsigned type, uint64_t size, unsigned form, size_t descriptors_size)
{
    uint8_t *block = udf_bytes_logical(&kit, FILE_AT);

    udf_bytes_entry(block, FILE_AT, 1, type, size, form, descriptors, descriptors_size);
    return block;
}

static void assert_file(const char *expected)
{
    char line[2000];

    snprintf(line, sizeof(line), "%s%s", expected, strncmp(expected, "OI_", 3) && *expected ? "\n" : "");
    assert_string_equal(udf_bytes_list_root(&kit), line);
}

static void reseal(uint32_t block) { udf_bytes_reseal(udf_bytes_logical(&kit, block)); }

/* --- allocation descriptors ----------------------------------------------------------------------------- */

static void an_empty_file_has_no_extents(void **state)
{
    (void)state;
    file(REGULAR, 0, 0, 0);
    assert_file("f f 0");
    file(REGULAR, 0, 3, 0);
    assert_file("f f 0");
}

static void short_descriptors_are_of_the_partition_of_the_entry(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 4096, 20);
    udf_bytes_short(descriptors + 8, 904, 40);
    file(REGULAR, 5000, 0, 16);
    assert_file("f f 5000 320+4096 340+904");
}

static void long_descriptors_name_their_partition(void **state)
{
    (void)state;
    udf_bytes_long(descriptors, 2048, 20, 0);
    udf_bytes_long(descriptors + 16, 1, 40, 0);
    file(REGULAR, 2049, 1, 32);
    assert_file("f f 2049 320+2048 340+1");
    udf_bytes_long(descriptors + 16, 1, 40, 1);
    file(REGULAR, 2049, 1, 32);
    assert_file("f f OI_FORMAT");
}

static void extended_descriptors_are_read_unless_compressed(void **state)
{
    (void)state;
    put_le32(descriptors, 2048);
    put_le32(descriptors + 4, 2000);
    put_le32(descriptors + 8, 2000);
    put_le32(descriptors + 12, 33);
    file(REGULAR, 2000, 2, 20);
    assert_file("f f 2000 333+2000");
    put_le32(descriptors + 8, 2001);
    file(REGULAR, 2000, 2, 20);
    assert_file("f f OI_NOT_SUPPORTED");
}

static void embedded_data_are_the_files(void **state)
{
    (void)state;
    memcpy(descriptors, "hello", 5);
    file(REGULAR, 5, 3, 5);
    assert_file("f f 5 [hello]");
    file(REGULAR, 4, 3, 5);
    assert_file("f f 4 [hell]");
    file(REGULAR, 6, 3, 5);
    assert_file("f f OI_FORMAT");
    file(REGULAR, UINT64_MAX, 3, 5);
    assert_file("f f OI_FORMAT");
}

static void neighbours_become_one_extent(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 4096, 20);
    udf_bytes_short(descriptors + 8, 2048, 22);
    udf_bytes_short(descriptors + 16, 100, 23);
    file(REGULAR, 6244, 0, 24);
    assert_file("f f 6244 320+6244");
}

static void what_is_not_recorded_is_a_hole(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 1u << 30 | 2048, 20);        /* allocated, not recorded */
    udf_bytes_short(descriptors + 8, 2u << 30 | 4096, 0);     /* not allocated */
    udf_bytes_short(descriptors + 16, 2048, 20);
    udf_bytes_short(descriptors + 24, 2u << 30 | 5, 0);
    file(REGULAR, 8197, 0, 32);
    assert_file("f f 8197 -+6144 320+2048 -+5");
}

static void holes_may_be_larger_than_the_disc(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 200; i++) udf_bytes_short(descriptors + 8 * i, 2u << 30 | 0x3ffff800, 12345);
    file(REGULAR, 200 * (uint64_t)0x3ffff800, 0, 1600);
    assert_file("f f 214747955200 -+214747955200");
}

static void an_extent_behind_the_end_of_the_data_does_not_count(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 2048, 20);
    udf_bytes_short(descriptors + 8, 2048, UINT32_MAX);       /* allocated in advance: 4/12.1 */
    file(REGULAR, 2048, 0, 16);
    assert_file("f f 2048 320+2048");
    udf_bytes_short(descriptors, 8192, 20);
    file(REGULAR, 100, 0, 8);
    assert_file("f f 100 320+100");
}

static void data_must_be_as_many_as_the_entry_says(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 2048, 20);
    file(REGULAR, 2049, 0, 8);
    assert_file("f f OI_FORMAT");
    file(REGULAR, UINT64_MAX, 0, 8);
    assert_file("f f OI_FORMAT");
    file(REGULAR, 2049, 0, 16);                             /* the second has no length: the end */
    assert_file("f f OI_FORMAT");
    file(REGULAR, 2048, 0, 7);
    assert_file("f f OI_FORMAT");
}

static void only_the_last_extent_may_end_inside_a_block(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 2000, 20);
    udf_bytes_short(descriptors + 8, 2048, 30);
    file(REGULAR, 4048, 0, 16);
    assert_file("f f OI_FORMAT");
}

static void extents_lie_inside_the_partition(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 2048, KIT_LENGTH - 1);
    file(REGULAR, 2048, 0, 8);
    assert_file("f f 2048 699+2048");
    udf_bytes_short(descriptors, 2049, KIT_LENGTH - 1);
    file(REGULAR, 2049, 0, 8);
    assert_file("f f OI_FORMAT");
    udf_bytes_short(descriptors, 2048, UINT32_MAX);
    file(REGULAR, 2048, 0, 8);
    assert_file("f f OI_FORMAT");
    udf_bytes_short(descriptors, 0x3fffffff, 0);
    file(REGULAR, 0x3fffffff, 0, 8);
    assert_file("f f OI_FORMAT");
}

static void a_file_larger_than_the_disc_has_blocks_twice(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 300 * 2048, 50);
    udf_bytes_short(descriptors + 8, 300 * 2048, 50);
    file(REGULAR, 600 * 2048, 0, 16);
    assert_file("f f 1228800 350+614400 350+614400");
    udf_bytes_short(descriptors + 16, 300 * 2048, 50);
    file(REGULAR, 900 * 2048, 0, 24);
    assert_file("f f OI_FORMAT");
}

static void more_descriptors_follow_in_other_extents(void **state)
{
    uint8_t *more = udf_bytes_logical(&kit, 50);

    (void)state;
    udf_bytes_short(descriptors, 2048, 20);
    udf_bytes_short(descriptors + 8, 3u << 30 | 2048, 50);
    udf_bytes_short(descriptors + 16, 2048, 99);              /* what follows is none: 4/14.14.1.1 */
    file(REGULAR, 6144, 0, 24);
    put_le32(more + 20, 16);
    udf_bytes_short(more + 24, 2048, 30);
    udf_bytes_short(more + 32, 3u << 30 | 2048, 51);
    udf_bytes_seal(more, 258, 40, 50);
    more = udf_bytes_logical(&kit, 51);
    put_le32(more + 20, 8);
    udf_bytes_short(more + 24, 2048, 40);
    udf_bytes_seal(more, 258, 32, 51);
    assert_file("f f 6144 320+2048 330+2048 340+2048");
    put_le32(more + 20, 7);
    reseal(51);
    assert_file("f f OI_FORMAT");
    put_le32(more + 20, 2025);
    reseal(51);
    assert_file("f f OI_FORMAT");
    put_le32(more + 20, 8);
    udf_bytes_seal(more, 258, 32, 50);                        /* of another place */
    assert_file("f f OI_FORMAT");
    udf_bytes_seal(more, 257, 32, 51);
    assert_file("f f OI_FORMAT");
}

static void descriptors_in_a_circle_end(void **state)
{
    uint8_t *more = udf_bytes_logical(&kit, 50);

    (void)state;
    udf_bytes_short(descriptors, 3u << 30 | 2048, 50);
    file(REGULAR, 1u << 30, 0, 8);
    put_le32(more + 20, 8);
    udf_bytes_short(more + 24, 3u << 30 | 2048, 50);
    udf_bytes_seal(more, 258, 32, 50);
    assert_file("f f OI_FORMAT");
    put_le32(more + 20, 16);
    udf_bytes_short(more + 24, 2u << 30 | 2048, 0);
    udf_bytes_short(more + 32, 3u << 30 | 2048, 50);
    reseal(50);
    file(REGULAR, UINT64_MAX, 0, 8);
    assert_file("f f OI_FORMAT");
}

struct sum
{
    uint64_t extents, faults;
};

static enum oi_status take_sum(void *context, const struct fs_found *found)
{
    struct sum *sum = context;

    sum->extents += found->fault ? 0 : found->extent_count;
    sum->faults += found->fault == OI_FORMAT;
    return OI_OK;
}

static void many_names_of_one_fragmented_file_do_not_take_all_memory(void **state)
{
    struct sum sum = { 0, 0 };
    struct fs_volume *volume;

    (void)state;
    /* Blocks and holes by turns, in a chain of tables, and fifty names for that: 15,000 extents. */
    for (unsigned i = 0; i < 100; i++)
    {
        uint8_t *more = udf_bytes_logical(&kit, 50 + i);

        for (unsigned k = 0; k < 250; k++)
        {
            udf_bytes_short(more + 24 + 8 * k, (k & 1 ? 2u << 30 : 0) | 2048, k);
        }
        udf_bytes_short(more + 24 + 8 * 250, 3u << 30 | 2048, 51 + i);
        put_le32(more + 20, 8 * 251);
        udf_bytes_seal(more, 258, 24 + 8 * 251, 50 + i);
    }
    udf_bytes_short(descriptors, 3u << 30 | 2048, 50);
    file(REGULAR, 300 * 2048, 0, 8);
    for (unsigned i = 0; i < 48; i++) udf_bytes_name(&kit, "g", 0, FILE_AT, 0);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_int_equal(volume->ops->list(volume, &volume->root, take_sum, &sum), OI_OK);
    assert_true(sum.faults > 0 && sum.faults < 40);
    assert_in_range(sum.extents, 3000, 4 * KIT_BLOCKS + 1024 + 49 * 8);
    fs_volume_close(volume);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(an_empty_file_has_no_extents),
        T(short_descriptors_are_of_the_partition_of_the_entry),
        T(long_descriptors_name_their_partition),
        T(extended_descriptors_are_read_unless_compressed),
        T(embedded_data_are_the_files),
        T(neighbours_become_one_extent),
        T(what_is_not_recorded_is_a_hole),
        T(holes_may_be_larger_than_the_disc),
        T(an_extent_behind_the_end_of_the_data_does_not_count),
        T(data_must_be_as_many_as_the_entry_says),
        T(only_the_last_extent_may_end_inside_a_block),
        T(extents_lie_inside_the_partition),
        T(a_file_larger_than_the_disc_has_blocks_twice),
        T(more_descriptors_follow_in_other_extents),
        T(descriptors_in_a_circle_end),
        T(many_names_of_one_fragmented_file_do_not_take_all_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
