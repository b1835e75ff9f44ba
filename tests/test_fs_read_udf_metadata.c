/* Metadata partitions of UDF and their mirrors: good, damaged and lying. */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define P KIT_PARTITION
#define FILE_AT KIT_FREE

static struct udf_bytes kit;

static int setup(void **state)
{
    (void)state;
    udf_bytes_create(&kit, 0x250);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    udf_bytes_destroy(&kit);
    return 0;
}

#define assert_root(expected) assert_string_equal(udf_bytes_list_root(&kit), expected)

static void copy(uint32_t from, uint32_t to)
{
    memcpy(udf_bytes_logical(&kit, to), udf_bytes_logical(&kit, from), FS_BLOCK_SIZE);
}

static void set_file_set(uint32_t block, unsigned partition)
{
    uint8_t *volume = udf_bytes_block(&kit, KIT_MAIN + 2);

    udf_bytes_long(volume + 248, FS_BLOCK_SIZE, block, partition);
    udf_bytes_reseal(volume);
}

/* --- metadata: UDF 2.50 2.2.10 -------------------------------------------------------------------------- */

#define MAIN_FILE 300                   /* file entries of the metadata file and of its mirror */
#define MIRROR_FILE 301
#define MAIN_DATA 310                   /* and what is in it: two extents of two blocks */
#define MIRROR_DATA 350

static void put_metadata_file(uint32_t at, unsigned type, uint32_t data)
{
    uint8_t extents[24];

    udf_bytes_short(extents, 2 * FS_BLOCK_SIZE, data);
    udf_bytes_short(extents + 8, 1u << 30 | 4 * FS_BLOCK_SIZE, 0);    /* nothing */
    udf_bytes_short(extents + 16, 2 * FS_BLOCK_SIZE, data + 10);
    udf_bytes_entry(udf_bytes_logical(&kit, at), at, 1, type, 8 * FS_BLOCK_SIZE, 0, extents, 24);
}

/* Metadata blocks 0, 1: file set, root; 6: its directory, 7: an entry of a file whose data are outside. */
static uint8_t *make_metadata(int duplicate)
{
    uint8_t *map = udf_bytes_map(&kit, "*UDF Metadata Partition", 0), extent[16], *at;
    size_t size;

    put_le32(map + 40, MAIN_FILE);
    put_le32(map + 44, MIRROR_FILE);
    put_le32(map + 48, UINT32_MAX);     /* no bitmap */
    map[58] = duplicate ? 1 : 0;
    set_file_set(0, 1);
    put_metadata_file(MAIN_FILE, 250, MAIN_DATA);
    put_metadata_file(MIRROR_FILE, 251, duplicate ? MIRROR_DATA : MAIN_DATA);
    copy(KIT_SET, MAIN_DATA);
    at = udf_bytes_logical(&kit, MAIN_DATA);
    udf_bytes_long(at + 400, FS_BLOCK_SIZE, 1, 1);
    udf_bytes_reseal(at);
    at = udf_bytes_logical(&kit, MAIN_DATA + 10);
    size = udf_bytes_fid(at, 6, 0x0a, "", 1, 1);
    size += udf_bytes_fid(at + size, 6, 0, "file", 7, 1);
    udf_bytes_short(extent, (uint32_t)size, 6);
    udf_bytes_entry(udf_bytes_logical(&kit, MAIN_DATA + 1), 1, 1, 4, size, 0, extent, 8);
    udf_bytes_long(extent, 100, 20, 0);
    udf_bytes_entry(udf_bytes_logical(&kit, MAIN_DATA + 11), 7, 1, 5, 100, 1, extent, 16);
    for (unsigned i = 0; i < 12 && duplicate; i++) copy(MAIN_DATA + i, MIRROR_DATA + i);
    memset(udf_bytes_logical(&kit, KIT_SET), 0, 4 * FS_BLOCK_SIZE);
    return map;
}

#define WHOLE "f file 100 320+100\n"

static void a_metadata_partition_is_read(void **state)
{
    (void)state;
    make_metadata(0);
    assert_root(WHOLE);
    assert_int_equal(udf_bytes_info(&kit).redundant_metadata, 0);
    assert_int_equal(udf_bytes_info(&kit).writable, 1);
    assert_int_equal(udf_bytes_info(&kit).partition_start, P);
}

static void a_mirror_is_only_there_when_it_is_needed(void **state)
{
    (void)state;
    make_metadata(1);
    assert_root(WHOLE);
    assert_int_equal(udf_bytes_info(&kit).redundant_metadata, 1);
    assert_int_equal(udf_bytes_info(&kit).writable, 1);
    udf_bytes_logical(&kit, MIRROR_FILE)[60] ^= 1;
    assert_root(WHOLE);
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
}

static void the_mirror_file_stands_in_for_the_main_one(void **state)
{
    (void)state;
    for (int duplicate = 0; duplicate < 2; duplicate++)
    {
        make_metadata(duplicate);
        udf_bytes_logical(&kit, MAIN_FILE)[60] ^= 1;
        assert_root(WHOLE);
        assert_int_equal(udf_bytes_info(&kit).writable, 0);
        kit.bad_block = P + MAIN_FILE;
        assert_root(WHOLE);
        udf_bytes_logical(&kit, MIRROR_FILE)[60] ^= 1;
        assert_root("OI_SOURCE_READ");
        kit.bad_block = 0;
        assert_root("OI_FORMAT");
        udf_bytes_destroy(&kit);
        udf_bytes_create(&kit, 0x250);
    }
}

static void every_block_of_the_mirror_stands_in_for_its_like(void **state)
{
    static const uint32_t blocks[] = { 0, 1, 10, 11 };

    (void)state;
    make_metadata(1);
    for (unsigned i = 0; i < 4; i++)
    {
        udf_bytes_logical(&kit, MAIN_DATA + blocks[i])[60] ^= 1;
        assert_root(WHOLE);
        kit.bad_block = P + MAIN_DATA + blocks[i];
        assert_root(WHOLE);
        kit.bad_block = 0;
    }
    udf_bytes_logical(&kit, MIRROR_DATA + 11)[60] ^= 1;
    assert_root("f file OI_FORMAT\n");
    udf_bytes_logical(&kit, MIRROR_DATA + 10)[60] ^= 1;
    assert_root("OI_FORMAT");
}

static void metadata_that_lie_are_damaged(void **state)
{
    uint8_t *file;

    (void)state;
    make_metadata(0);
    put_metadata_file(MAIN_FILE, 251, MAIN_DATA);       /* of the type of the other */
    put_metadata_file(MIRROR_FILE, 250, MAIN_DATA);
    assert_root("OI_FORMAT");
    put_metadata_file(MAIN_FILE, 250, KIT_LENGTH);      /* outside */
    assert_root("OI_FORMAT");
    put_metadata_file(MAIN_FILE, 250, MAIN_DATA);
    assert_root(WHOLE);
    file = udf_bytes_logical(&kit, MAIN_FILE);
    put_le64(file + 56, 8 * FS_BLOCK_SIZE + 1);         /* more than its extents */
    udf_bytes_reseal(file);
    assert_root("OI_FORMAT");
    put_le64(file + 56, UINT64_MAX);
    udf_bytes_reseal(file);
    assert_root("OI_FORMAT");
    put_le64(file + 56, 8 * FS_BLOCK_SIZE);
    put_le32(file + 216, 2 * FS_BLOCK_SIZE - 1);
    udf_bytes_reseal(file);
    assert_root("OI_FORMAT");
    put_le32(file + 216, 1u << 30 | 2 * FS_BLOCK_SIZE); /* the file set in a hole */
    udf_bytes_reseal(file);
    assert_root("OI_FORMAT");
}

static void a_partition_on_a_partition_that_is_not_there_is_damaged(void **state)
{
    uint8_t *map = make_metadata(0);

    (void)state;
    put_le16(map + 38, 1);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    map = udf_bytes_map(&kit, "*UDF Metadata Partition", 1);      /* alone */
    put_le32(map + 40, MAIN_FILE);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(a_metadata_partition_is_read),
        T(a_mirror_is_only_there_when_it_is_needed),
        T(the_mirror_file_stands_in_for_the_main_one),
        T(every_block_of_the_mirror_stands_in_for_its_like),
        T(metadata_that_lie_are_damaged),
        T(a_partition_on_a_partition_that_is_not_there_is_damaged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
