/* Virtual and sparable partitions of UDF: good, damaged and lying. */
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

static void put_file(uint32_t at, uint32_t location, const char *data)
{
    udf_bytes_entry(udf_bytes_logical(&kit, at), location, 1, 5, strlen(data), 3, data, strlen(data));
}

static void copy(uint32_t from, uint32_t to)
{
    memcpy(udf_bytes_logical(&kit, to), udf_bytes_logical(&kit, from), FS_BLOCK_SIZE);
}

/* The tag of a descriptor with another location. */
static void move_tag(uint32_t block, size_t offset, uint32_t location)
{
    uint8_t *descriptor = udf_bytes_logical(&kit, block) + offset;

    udf_bytes_seal(descriptor, get_le16(descriptor), (size_t)get_le16(descriptor + 10) + 16, location);
}

static void set_file_set(uint32_t block, unsigned partition)
{
    uint8_t *volume = udf_bytes_block(&kit, KIT_MAIN + 2);

    udf_bytes_long(volume + 248, FS_BLOCK_SIZE, block, partition);
    udf_bytes_reseal(volume);
}

/* --- virtual: UDF 2.2.8 --------------------------------------------------------------------------------- */

#define TABLE_AT 390                    /* file entry of the virtual allocation table */

/* The virtual blocks 0, 1, 2, 3: a file set, the root, nothing, a file; the root's names are inside it. */
static const uint32_t virtual_blocks[] = { 100, 101, UINT32_MAX, 103 };

static void make_virtual(void)
{
    uint8_t *set = udf_bytes_logical(&kit, 100), *root = udf_bytes_logical(&kit, 101), fids[200];
    size_t size = udf_bytes_fid(fids, 1, 0x0a, "", 1, 1);

    udf_bytes_map(&kit, "*UDF Virtual Partition", 0);
    set_file_set(0, 1);
    copy(KIT_SET, 100);
    udf_bytes_long(set + 400, FS_BLOCK_SIZE, 1, 1);
    udf_bytes_reseal(set);
    size += udf_bytes_fid(fids + size, 1, 0, "file", 3, 1);
    udf_bytes_entry(root, 1, 1, 4, size, 3, fids, size);
    put_file(103, 3, "data");
    memset(udf_bytes_logical(&kit, KIT_SET), 0, 4 * FS_BLOCK_SIZE);
    kit.disc.end = P + TABLE_AT + 1;
}

static void put_entries(uint8_t *at)
{
    for (unsigned i = 0; i < 4; i++) put_le32(at + 4 * i, virtual_blocks[i]);
}

/* UDF 1.50 2.2.10: entries, an identifier, and where the table before this one is. */
static size_t old_table(uint8_t *bytes)
{
    put_entries(bytes);
    udf_bytes_entity(bytes + 16, "*UDF Virtual Alloc Tbl");
    put_le32(bytes + 48, UINT32_MAX);
    return 52;
}

/* UDF 2.00 2.2.11: a header, then entries. */
static size_t new_table(uint8_t *bytes)
{
    memset(bytes, 0, 200);
    put_le16(bytes, 152);
    memcpy(bytes + 4, "\x08Virtual", 8);
    bytes[131] = 8;
    put_le32(bytes + 132, UINT32_MAX);
    put_le32(bytes + 136, 11);          /* files, directories */
    put_le32(bytes + 140, 22);
    put_le16(bytes + 144, 0x200);       /* revision to read */
    put_entries(bytes + 152);
    return 168;
}

static void put_table(unsigned type, const uint8_t *bytes, size_t size)
{
    udf_bytes_entry(udf_bytes_logical(&kit, TABLE_AT), TABLE_AT, 1, type, size, 3, bytes, size);
}

static void a_virtual_table_of_1_50_is_read(void **state)
{
    uint8_t table[200];

    (void)state;
    make_virtual();
    put_table(0, table, old_table(table));
    assert_root("f file 4 [data]\n");
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
    assert_int_equal(udf_bytes_info(&kit).next_unique_id, 77);
}

static void a_virtual_table_of_2_00_is_read(void **state)
{
    struct fs_volume *volume;
    uint8_t table[200];

    (void)state;
    make_virtual();
    put_table(248, table, new_table(table));
    assert_root("f file 4 [data]\n");
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_int_equal(volume->files_total, 11);
    assert_int_equal(volume->directories_total, 22);
    assert_int_equal(text_compare(volume->info.name, u"Virtual"), 0);
    assert_int_equal(volume->info.partition_start, P);
    fs_volume_close(volume);
}

static void a_virtual_table_may_lie_in_extents(void **state)
{
    uint8_t extent[8];
    size_t size;

    (void)state;
    make_virtual();
    size = new_table(udf_bytes_logical(&kit, 200));
    udf_bytes_short(extent, (uint32_t)size, 200);
    udf_bytes_entry(udf_bytes_logical(&kit, TABLE_AT), TABLE_AT, 1, 248, size, 0, extent, 8);
    assert_root("f file 4 [data]\n");
    udf_bytes_short(extent, 2u << 30 | (uint32_t)size, 200);
    udf_bytes_entry(udf_bytes_logical(&kit, TABLE_AT), TABLE_AT, 1, 248, size, 0, extent, 8);
    assert_root("OI_FORMAT");
    udf_bytes_short(extent, 0x3ffff800, 0);
    udf_bytes_entry(udf_bytes_logical(&kit, TABLE_AT), TABLE_AT, 1, 248, UINT64_MAX, 0, extent, 8);
    assert_root("OI_FORMAT");
}

static void the_table_is_looked_for_before_the_end(void **state)
{
    uint8_t table[200];

    (void)state;
    make_virtual();
    put_table(248, table, new_table(table));
    kit.disc.end = P + TABLE_AT + 3;            /* two blocks end a track */
    assert_root("f file 4 [data]\n");
    kit.disc.end = KIT_BLOCKS;                  /* 77 more that were never written */
    assert_root("f file 4 [data]\n");
    kit.bad_block = KIT_BLOCKS - 1;
    assert_root("f file 4 [data]\n");
    kit.bad_block = P + TABLE_AT;
    assert_root("OI_SOURCE_READ");
}

static void a_table_that_is_damaged_gives_way_to_the_one_before(void **state)
{
    uint8_t table[200];

    (void)state;
    make_virtual();
    put_table(248, table, new_table(table));
    copy(TABLE_AT, TABLE_AT - 5);
    move_tag(TABLE_AT - 5, 0, TABLE_AT - 5);
    udf_bytes_logical(&kit, TABLE_AT)[300] ^= 1;
    assert_root("f file 4 [data]\n");
}

static void a_virtual_table_that_lies_is_none(void **state)
{
    uint8_t table[200];
    size_t size;

    (void)state;
    make_virtual();
    size = new_table(table);
    for (size_t i = 0; i < 152; i++)
    {
        put_table(248, table, i);
        assert_root("OI_FORMAT");
    }
    put_le16(table, 151);
    put_table(248, table, size);
    assert_root("OI_FORMAT");
    put_le16(table, 169);
    put_table(248, table, size);
    assert_root("OI_FORMAT");
    put_le16(table, 152);
    put_le16(table + 144, 0x270);
    put_table(248, table, size);
    assert_root("OI_NOT_SUPPORTED");
    size = old_table(table);
    table[20] = 'x';
    put_table(0, table, size);
    assert_root("OI_FORMAT");
    put_table(0, table, 35);
    assert_root("OI_FORMAT");
    size = old_table(table);
    put_table(5, table, size);
    assert_root("OI_FORMAT");
}

static void a_virtual_block_that_is_not_in_use_is_nowhere(void **state)
{
    static const uint32_t blocks[] = { UINT32_MAX, KIT_LENGTH, 104 };
    uint8_t table[200];
    size_t size;

    (void)state;
    make_virtual();
    size = new_table(table);
    for (unsigned i = 0; i < 3; i++)
    {
        put_le32(table + 152 + 12, blocks[i]);
        put_table(248, table, size);
        assert_root("f file OI_FORMAT\n");
    }
    put_table(248, table, size - 4);
    assert_root("f file OI_FORMAT\n");
}

/* --- sparable: UDF 2.2.9 -------------------------------------------------------------------------------- */

#define SPARING_AT 200                  /* two tables, disc blocks */
#define SPARE_AT 720                    /* a packet that is not in the partition */

static void put_sparing(unsigned table, uint32_t sequence, uint32_t original, uint32_t mapped)
{
    uint32_t at = SPARING_AT + table;
    uint8_t *bytes = udf_bytes_block(&kit, at);

    memset(bytes, 0, FS_BLOCK_SIZE);
    udf_bytes_entity(bytes + 16, "*UDF Sparing Table");
    put_le16(bytes + 48, 3);
    put_le32(bytes + 52, sequence);
    for (unsigned i = 0; i < 3; i++)
    {
        put_le32(bytes + 56 + 8 * i, 0xffffffff - 15 * (i == 1));   /* free, or no good */
        put_le32(bytes + 60 + 8 * i, SPARE_AT + 16 + 16 * i);
    }
    put_le32(bytes + 56 + 16, original);
    put_le32(bytes + 60 + 16, mapped);
    udf_bytes_seal(bytes, 0, 80, at);
}

static uint8_t *make_sparable(void)
{
    uint8_t *map = udf_bytes_map(&kit, "*UDF Sparable Partition", 1);

    put_le16(map + 40, 16);             /* packet */
    map[42] = 2;                        /* tables, and their size */
    put_le32(map + 44, FS_BLOCK_SIZE);
    put_le32(map + 48, SPARING_AT);
    put_le32(map + 52, SPARING_AT + 1);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    put_sparing(0, 1, 16, SPARE_AT);
    put_sparing(1, 1, 16, SPARE_AT);
    return map;
}

static void packets_are_read_from_where_they_were_moved(void **state)
{
    uint8_t extent[8];

    (void)state;
    make_sparable();
    udf_bytes_name(&kit, "f", 0, FILE_AT, 0);
    udf_bytes_short(extent, 40 * FS_BLOCK_SIZE, 10);
    udf_bytes_entry(udf_bytes_logical(&kit, FILE_AT), FILE_AT, 1, 5, 40 * FS_BLOCK_SIZE, 0, extent, 8);
    /* 310 to 315, 720 to 735 instead of 316 to 331, 332 to 349 */
    assert_root("f f 81920 310+12288 720+32768 332+36864\n");
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
}

static void the_newest_sparing_table_counts(void **state)
{
    uint8_t extent[8];

    (void)state;
    make_sparable();
    udf_bytes_name(&kit, "f", 0, FILE_AT, 0);
    udf_bytes_short(extent, FS_BLOCK_SIZE, 17);
    udf_bytes_entry(udf_bytes_logical(&kit, FILE_AT), FILE_AT, 1, 5, FS_BLOCK_SIZE, 0, extent, 8);
    assert_root("f f 2048 721+2048\n");
    put_sparing(1, 2, 16, SPARE_AT + 16);
    assert_root("f f 2048 737+2048\n");
    udf_bytes_block(&kit, SPARING_AT + 1)[60] ^= 1;
    assert_root("f f 2048 721+2048\n");
    udf_bytes_block(&kit, SPARING_AT)[60] ^= 1;
    assert_root("OI_FORMAT");
    kit.bad_block = SPARING_AT;
    assert_root("OI_SOURCE_READ");
}

static void sparing_tables_that_lie_are_none(void **state)
{
    uint8_t *map = make_sparable(), *table = udf_bytes_block(&kit, SPARING_AT);

    (void)state;
    map[42] = 1;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("");
    put_le16(table + 48, 250);          /* entries: one more than there is room for */
    udf_bytes_reseal(table);
    assert_root("OI_FORMAT");
    put_le16(table + 48, UINT16_MAX);
    udf_bytes_reseal(table);
    assert_root("OI_FORMAT");
    put_le16(table + 48, 3);
    put_le32(table + 56, 17);           /* a packet inside of another */
    udf_bytes_reseal(table);
    assert_root("OI_FORMAT");
    put_sparing(0, 1, 16, UINT32_MAX);  /* moved to nowhere */
    assert_root("");
    map[42] = 0;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    map[42] = 5;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    map[42] = 1;
    put_le16(map + 40, 0);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    put_le16(map + 40, 16);
    put_le32(map + 44, UINT32_MAX);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    put_le32(map + 44, 55);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
    put_le32(map + 44, FS_BLOCK_SIZE);
    put_le32(map + 48, UINT32_MAX);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_root("OI_FORMAT");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(a_virtual_table_of_1_50_is_read),
        T(a_virtual_table_of_2_00_is_read),
        T(a_virtual_table_may_lie_in_extents),
        T(the_table_is_looked_for_before_the_end),
        T(a_table_that_is_damaged_gives_way_to_the_one_before),
        T(a_virtual_table_that_lies_is_none),
        T(a_virtual_block_that_is_not_in_use_is_nowhere),
        T(packets_are_read_from_where_they_were_moved),
        T(the_newest_sparing_table_counts),
        T(sparing_tables_that_lie_are_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
