/* Descriptor sequences of UDF volumes, their maps of partitions, and integrity: good, damaged and lying. */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct udf_bytes kit;

static int setup(void **state)
{
    (void)state;
    udf_bytes_create(&kit, 0x201);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    udf_bytes_destroy(&kit);
    return 0;
}

/* --- sequences ------------------------------------------------------------------------------------------ */

static void the_reserve_sequence_is_used(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
    {
        udf_bytes_block(&kit, KIT_MAIN + i)[100] ^= 1;
        udf_bytes_assert_opens(&kit, OI_OK);
    }
    assert_int_equal(udf_bytes_info(&kit).writable, 0);       /* it is damaged */
    udf_bytes_wipe(&kit, KIT_MAIN);
    udf_bytes_assert_opens(&kit, OI_OK);
    kit.bad_block = KIT_MAIN + 1;
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void without_both_sequences_the_volume_is_damaged(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, KIT_MAIN);
    udf_bytes_wipe(&kit, KIT_RESERVE);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void the_descriptor_with_the_highest_number_prevails(void **state)
{
    uint8_t *other = udf_bytes_block(&kit, KIT_MAIN + 3);

    (void)state;
    memcpy(other, udf_bytes_block(&kit, KIT_MAIN + 2), FS_BLOCK_SIZE);
    other[85] = 'X';
    put_le32(other + 16, 4);
    udf_bytes_seal(other, 6, 446, KIT_MAIN + 3);
    assert_true(udf_bytes_is_named(&kit, u"Xogical"));
    put_le32(other + 16, 2);
    udf_bytes_reseal(other);
    assert_true(udf_bytes_is_named(&kit, u"Logical"));
    memcpy(other, udf_bytes_block(&kit, KIT_MAIN + 1), FS_BLOCK_SIZE);
    put_le32(other + 188, 0);                   /* another partition of the same number */
    udf_bytes_seal(other, 5, 512, KIT_MAIN + 3);
    udf_bytes_assert_opens(&kit, OI_OK);
    put_le32(other + 16, 9);
    udf_bytes_reseal(other);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_pointer_continues_a_sequence(void **state)
{
    uint8_t *pointer = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    memcpy(udf_bytes_block(&kit, 100), pointer, FS_BLOCK_SIZE);
    udf_bytes_reseal(udf_bytes_block(&kit, 100));
    udf_bytes_seal(udf_bytes_block(&kit, 100), 6, 446, 100);
    memset(pointer, 0, FS_BLOCK_SIZE);
    put_le32(pointer + 20, FS_BLOCK_SIZE);
    put_le32(pointer + 24, 100);
    udf_bytes_seal(pointer, 3, 512, KIT_MAIN + 2);
    udf_bytes_wipe(&kit, KIT_RESERVE);
    udf_bytes_assert_opens(&kit, OI_OK);
    assert_int_equal(udf_bytes_info(&kit).writable, 1);
    put_le32(pointer + 20, 0);
    udf_bytes_reseal(pointer);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void pointers_in_a_circle_end(void **state)
{
    uint8_t *pointer = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    udf_bytes_wipe(&kit, KIT_RESERVE);
    memset(pointer, 0, FS_BLOCK_SIZE);
    put_le32(pointer + 20, 16 * FS_BLOCK_SIZE);
    put_le32(pointer + 24, KIT_MAIN);
    udf_bytes_seal(pointer, 3, 512, KIT_MAIN + 2);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_sequence_behind_the_end_of_the_disc_ends(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++)
    {
        uint8_t *anchor = udf_bytes_block(&kit, i ? KIT_ANCHOR : KIT_BLOCKS - 1);

        put_le32(anchor + 16, UINT32_MAX);
        put_le32(anchor + 20, UINT32_MAX);
        put_le32(anchor + 24, UINT32_MAX);
        put_le32(anchor + 28, KIT_BLOCKS - 2);
        udf_bytes_reseal(anchor);
    }
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void maps_must_be_whole_and_known(void **state)
{
    (void)state;
    udf_bytes_change32(&kit, 2, 264, 5);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    udf_bytes_change32(&kit, 2, 264, UINT32_MAX);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    udf_bytes_change32(&kit, 2, 264, 6);
    udf_bytes_change32(&kit, 2, 268, 0);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    udf_bytes_change32(&kit, 2, 268, 2);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    udf_bytes_change32(&kit, 2, 268, UINT32_MAX);
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
    udf_bytes_change32(&kit, 2, 268, 1);
    udf_bytes_assert_opens(&kit, OI_OK);
    udf_bytes_block(&kit, KIT_MAIN + 2)[440] = 3;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
    udf_bytes_block(&kit, KIT_MAIN + 2)[440] = 1;
    udf_bytes_block(&kit, KIT_MAIN + 2)[444] = 1;     /* a partition that has no descriptor */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_map_of_a_kind_that_nobody_knows_is_not_supported(void **state)
{
    (void)state;
    udf_bytes_map(&kit, "*UDF Some Partition", 0);
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
}

static void a_partition_that_is_no_partition_of_udf_does_not_count(void **state)
{
    (void)state;
    memcpy(udf_bytes_block(&kit, KIT_MAIN + 1) + 25, "+CD001", 6);
    memcpy(udf_bytes_block(&kit, KIT_RESERVE + 1) + 25, "+CD001", 6);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 1));
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_RESERVE + 1));
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_partition_behind_the_end_of_the_disc_holds_nothing(void **state)
{
    (void)state;
    udf_bytes_change32(&kit, 1, 188, KIT_BLOCKS);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    udf_bytes_change32(&kit, 1, 188, UINT32_MAX - 10);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_partition_may_be_longer_than_the_disc(void **state)
{
    (void)state;
    udf_bytes_change32(&kit, 1, 192, 1000000);
    udf_bytes_assert_opens(&kit, OI_OK);
    assert_int_equal(udf_bytes_info(&kit).blocks, KIT_BLOCKS);
}

/* --- integrity ------------------------------------------------------------------------------------------ */

static void an_open_volume_is_for_reading_only(void **state)
{
    (void)state;
    put_le32(udf_bytes_block(&kit, KIT_INTEGRITY) + 28, 0);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_INTEGRITY));
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
}

static void a_volume_without_integrity_is_for_reading_only(void **state)
{
    struct fs_volume *volume;

    (void)state;
    udf_bytes_wipe(&kit, KIT_INTEGRITY);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_int_equal(volume->info.writable, 0);
    assert_true(volume->files_total == UINT64_MAX && volume->directories_total == UINT64_MAX);
    fs_volume_close(volume);
    kit.bad_block = KIT_INTEGRITY;
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
}

static void the_newest_integrity_counts(void **state)
{
    uint8_t *first = udf_bytes_block(&kit, KIT_INTEGRITY), *next = udf_bytes_block(&kit, KIT_INTEGRITY + 1);

    (void)state;
    memcpy(next, first, FS_BLOCK_SIZE);
    put_le64(next + 40, 55);
    udf_bytes_seal(next, 9, 134, KIT_INTEGRITY + 1);
    assert_int_equal(udf_bytes_info(&kit).next_unique_id, 55);
    put_le32(next + 32, 2 * FS_BLOCK_SIZE);     /* it goes on elsewhere */
    put_le32(next + 36, 120);
    udf_bytes_reseal(next);
    assert_int_equal(udf_bytes_info(&kit).next_unique_id, 55);
    memcpy(udf_bytes_block(&kit, 120), first, FS_BLOCK_SIZE);
    put_le64(udf_bytes_block(&kit, 120) + 40, 66);
    udf_bytes_seal(udf_bytes_block(&kit, 120), 9, 134, 120);
    assert_int_equal(udf_bytes_info(&kit).next_unique_id, 66);
}

static void integrity_in_a_circle_ends(void **state)
{
    uint8_t *bytes = udf_bytes_block(&kit, KIT_INTEGRITY);

    (void)state;
    put_le32(bytes + 32, FS_BLOCK_SIZE);
    put_le32(bytes + 36, KIT_INTEGRITY);
    udf_bytes_reseal(bytes);
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void integrity_that_lies_about_its_size_is_damaged(void **state)
{
    uint8_t *bytes = udf_bytes_block(&kit, KIT_INTEGRITY);

    (void)state;
    put_le32(bytes + 72, 246);
    udf_bytes_reseal(bytes);
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
    put_le32(bytes + 72, UINT32_MAX);
    udf_bytes_reseal(bytes);
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
    put_le32(bytes + 72, 1);
    put_le32(bytes + 76, 1961);
    udf_bytes_reseal(bytes);
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
    put_le32(bytes + 76, 45);                   /* too little for UDF: nothing is said */
    udf_bytes_reseal(bytes);
    assert_int_equal(udf_bytes_info(&kit).writable, 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(the_reserve_sequence_is_used),
        T(without_both_sequences_the_volume_is_damaged),
        T(the_descriptor_with_the_highest_number_prevails),
        T(a_pointer_continues_a_sequence),
        T(pointers_in_a_circle_end),
        T(a_sequence_behind_the_end_of_the_disc_ends),
        T(maps_must_be_whole_and_known),
        T(a_map_of_a_kind_that_nobody_knows_is_not_supported),
        T(a_partition_that_is_no_partition_of_udf_does_not_count),
        T(a_partition_behind_the_end_of_the_disc_holds_nothing),
        T(a_partition_may_be_longer_than_the_disc),
        T(an_open_volume_is_for_reading_only),
        T(a_volume_without_integrity_is_for_reading_only),
        T(the_newest_integrity_counts),
        T(integrity_in_a_circle_ends),
        T(integrity_that_lies_about_its_size_is_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
