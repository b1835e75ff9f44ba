/* Directories and stream directories of UDF: file identifiers that are good, short, lying and without end. */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HIDDEN 1
#define DIRECTORY 2
#define DELETED 4
#define PARENT 8
#define METADATA 16

#define FILE_AT KIT_FREE
#define FOLDER_AT (KIT_FREE + 1)

static struct udf_bytes kit;

static void put_file(uint32_t at, const char *data)
{
    udf_bytes_entry(udf_bytes_logical(&kit, at), at, 1, 5, strlen(data), 3, data, strlen(data));
}

/* A directory or stream directory whose data are inside its entry: none yet. */
static void put_folder(uint32_t at, unsigned type)
{
    uint8_t fid[40];
    size_t size = udf_bytes_fid(fid, at, DIRECTORY | PARENT, "", KIT_ROOT, 0);

    udf_bytes_entry(udf_bytes_logical(&kit, at), at, 1, type, size, 3, fid, size);
}

static void put_into_folder(uint32_t folder, const char *name, unsigned characteristics, uint32_t icb)
{
    uint8_t *entry = udf_bytes_logical(&kit, folder);
    uint32_t size = get_le32(entry + 212);

    size += (uint32_t)udf_bytes_fid(entry + 216 + size, folder, characteristics, name, icb, 0);
    put_le64(entry + 56, size);
    put_le32(entry + 212, size);
    udf_bytes_seal(entry, 266, 216 + size, folder);
}

static int setup(void **state)
{
    (void)state;
    udf_bytes_create(&kit, 0x201);
    put_file(FILE_AT, "data");
    put_folder(FOLDER_AT, 4);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    udf_bytes_destroy(&kit);
    return 0;
}

static uint8_t *directory(void) { return udf_bytes_logical(&kit, KIT_ROOT + 1); }

/* The directory's own size, and that of its only extent. */
static void set_size(uint64_t size, uint32_t extent)
{
    uint8_t *root = udf_bytes_logical(&kit, KIT_ROOT);

    put_le64(root + 56, size);
    put_le32(root + 216, extent);
    udf_bytes_reseal(root);
}

static uint64_t size_of_root(void) { return get_le64(udf_bytes_logical(&kit, KIT_ROOT) + 56); }

#define assert_root(expected) assert_string_equal(udf_bytes_list_root(&kit), expected)

/* --- names ---------------------------------------------------------------------------------------------- */

static void entries_come_in_recorded_order(void **state)
{
    (void)state;
    udf_bytes_name(&kit, "b", 0, FILE_AT, 0);
    udf_bytes_name(&kit, "folder", DIRECTORY, FOLDER_AT, 0);
    udf_bytes_name(&kit, "a", HIDDEN, FILE_AT, 0);
    udf_bytes_name(&kit, "hidden folder", HIDDEN | DIRECTORY, FOLDER_AT, 0);
    assert_root("f b 4 [data]\nd folder\nf a 4 [data] hidden\nd hidden folder hidden\n");
}

static void deleted_ones_parents_and_those_without_an_icb_are_left_out(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "a", DELETED, UINT32_MAX, 99);
    udf_bytes_name(&kit, "p", DIRECTORY | PARENT, KIT_ROOT, 0);
    udf_bytes_name(&kit, "b", 0, FILE_AT, 0);
    assert_root("f b 4 [data]\n");
    fid += 40 + 40;
    put_le32(fid + 20, 0);
    udf_bytes_reseal(fid);
    assert_root("");
}

static void names_of_8_and_of_16_bits_are_read(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "x\xe9yz7", 0, FILE_AT, 0);
    assert_root("f x\xc3\xa9yz7 4 [data]\n");
    memcpy(fid + 38, "\x10\x4e\x2d\xd8\x3d", 5);    /* then half of a pair, which stays as it is */
    fid[19] = 5;
    udf_bytes_reseal(fid);
    assert_root("f \xe4\xb8\xad\xef\xbf\xbd 4 [data]\n");
    fid[19] = 6;                                    /* half a character */
    udf_bytes_reseal(fid);
    assert_root("f \xe4\xb8\xad\xef\xbf\xbd 4 [data]\n");
}

static void a_name_of_254_characters_is_read(void **state)
{
    char name[255], expected[300];

    (void)state;
    memset(name, 'n', 254);
    name[254] = 0;
    udf_bytes_name(&kit, name, 0, FILE_AT, 0);
    snprintf(expected, sizeof(expected), "f %s 4 [data]\n", name);
    assert_root(expected);
}

static void a_name_of_no_kind_is_empty(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "name", 0, FILE_AT, 0);
    fid[38] = 9;
    udf_bytes_reseal(fid);
    assert_root("f  4 [data]\n");
    fid[19] = 0;
    udf_bytes_reseal(fid);
    assert_root("OI_FORMAT");                       /* what was the name is no descriptor */
}

static void implementation_use_comes_before_the_name(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "0123456789abcdefghij", 0, FILE_AT, 0);
    put_le16(fid + 36, 4);
    memcpy(fid + 38, "impl\x08xyz", 8);
    fid[19] = 17;
    udf_bytes_reseal(fid);
    assert_root("f xyz789abcdefghij 4 [data]\n");
}

static void the_list_of_defects_is_no_file(void **state)
{
    (void)state;
    udf_bytes_name(&kit, "Non-Allocatable Space", HIDDEN, FILE_AT, 0);
    assert_root("");
    udf_bytes_name(&kit, "Non-Allocatable Space", 0, FILE_AT, 0);
    assert_root("f Non-Allocatable Space 4 [data]\n");
}

/* --- sizes ---------------------------------------------------------------------------------------------- */

static void descriptors_lie_across_blocks_and_extents(void **state)
{
    uint8_t bytes[3 * FS_BLOCK_SIZE], extents[24], *root = udf_bytes_logical(&kit, KIT_ROOT);
    static const uint32_t blocks[3] = { 50, 20, 90 };
    char expected[8000] = "";
    uint32_t size = 0;

    (void)state;
    memset(bytes, 0, sizeof(bytes));
    for (unsigned i = 0; size < 2 * FS_BLOCK_SIZE + 500; i++)
    {
        char name[40];

        snprintf(name, sizeof(name), "name %u%.*s", i, (int)(i * 5 % 30), "..............................");
        snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "f %s 4 [data]\n", name);
        size += (uint32_t)udf_bytes_fid(bytes + size, blocks[size / FS_BLOCK_SIZE], 0, name, FILE_AT, 0);
    }
    for (unsigned i = 0; i < 3; i++)
    {
        memcpy(udf_bytes_logical(&kit, blocks[i]), bytes + i * FS_BLOCK_SIZE, FS_BLOCK_SIZE);
        udf_bytes_short(extents + 8 * i, i == 2 ? size - 2 * FS_BLOCK_SIZE : FS_BLOCK_SIZE, blocks[i]);
    }
    udf_bytes_entry(root, KIT_ROOT, 1, 4, size, 0, extents, 24);
    assert_root(expected);
}

static void a_directory_may_be_empty(void **state)
{
    (void)state;
    set_size(0, 0);
    assert_root("");
}

static void a_directory_that_ends_inside_a_descriptor_is_damaged(void **state)
{
    uint64_t size;

    (void)state;
    udf_bytes_name(&kit, "a", 0, FILE_AT, 0);
    size = size_of_root();
    for (uint64_t i = size - 39; i < size; i++)
    {
        set_size(i, FS_BLOCK_SIZE);
        assert_root("OI_FORMAT");
    }
    set_size(size - 40, FS_BLOCK_SIZE);
    assert_root("");
    set_size(size + 4, FS_BLOCK_SIZE);
    assert_root("f a 4 [data]\nOI_FORMAT");
    set_size(UINT64_MAX, FS_BLOCK_SIZE);
    assert_root("f a 4 [data]\nOI_FORMAT");
}

static void every_byte_of_a_descriptor_is_checked(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "a", 0, FILE_AT, 0);
    for (unsigned i = 0; i < 40; i++)
    {
        fid[i] ^= 4;
        assert_root("OI_FORMAT");
        fid[i] ^= 4;
    }
    udf_bytes_seal(fid, 258, 40, KIT_ROOT + 1);
    assert_root("OI_FORMAT");
    udf_bytes_seal(fid, 257, 40, KIT_ROOT);
    assert_root("OI_FORMAT");
    udf_bytes_seal(fid, 257, 40, KIT_ROOT + 1);
    put_le16(fid + 10, 25);                         /* a CRC of more than the descriptor */
    fid[4]++;
    assert_root("OI_FORMAT");
}

static void a_descriptor_is_no_longer_than_a_block(void **state)
{
    uint8_t *fid = directory() + 40;

    (void)state;
    udf_bytes_name(&kit, "a", 0, FILE_AT, 0);
    put_le16(fid + 36, 2048);
    udf_bytes_reseal(fid);
    set_size(3 * FS_BLOCK_SIZE, 3 * FS_BLOCK_SIZE);
    assert_root("OI_FORMAT");
    put_le16(fid + 36, UINT16_MAX);
    udf_bytes_reseal(fid);
    assert_root("OI_FORMAT");
}

static void a_directory_in_a_hole_is_damaged(void **state)
{
    (void)state;
    set_size(1 << 29, 2u << 30 | 1 << 29);
    assert_root("OI_FORMAT");
}

static void a_directory_of_the_same_block_again_and_again_ends(void **state)
{
    uint8_t *root = udf_bytes_logical(&kit, KIT_ROOT), *more = udf_bytes_logical(&kit, 50);
    struct fs_volume *volume;
    uint64_t reads;

    (void)state;
    memset(directory(), 0, FS_BLOCK_SIZE);
    for (unsigned at = 0; at < FS_BLOCK_SIZE; at += 64)
    {
        udf_bytes_fid(directory() + at, KIT_ROOT + 1, DELETED, "a name with as many letters", 0, 0);
    }
    for (unsigned i = 0; i < 252; i++) udf_bytes_short(more + 24 + 8 * i, FS_BLOCK_SIZE, KIT_ROOT + 1);
    udf_bytes_short(more + 24 + 8 * 252, 3u << 30 | FS_BLOCK_SIZE, 50);
    put_le32(more + 20, 8 * 253);
    udf_bytes_seal(more, 258, 2048, 50);
    udf_bytes_short(root + 216, 3u << 30 | FS_BLOCK_SIZE, 50);
    put_le64(root + 56, UINT64_MAX);
    udf_bytes_reseal(root);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    reads = kit.reads;
    assert_string_equal(udf_bytes_list(volume, &volume->root), "OI_FORMAT");
    assert_true(kit.reads - reads < 100);           /* and it came out of the cache */
    fs_volume_close(volume);
}

static void a_block_of_a_directory_that_cannot_be_read_is_named(void **state)
{
    struct fs_volume *volume;

    (void)state;
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    fs_volume_close(volume);
    kit.bad_block = KIT_PARTITION + KIT_ROOT + 1;
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_string_equal(udf_bytes_list(volume, &volume->root), "OI_SOURCE_READ");
    assert_int_equal(volume->bad, KIT_PARTITION + KIT_ROOT + 1);
    fs_volume_close(volume);
}

/* --- what is named -------------------------------------------------------------------------------------- */

static void folders_are_listed_by_their_place(void **state)
{
    struct fs_volume *volume;
    struct fs_place place;

    (void)state;
    udf_bytes_name(&kit, "folder", DIRECTORY, FOLDER_AT, 0);
    put_into_folder(FOLDER_AT, "inside", 0, FILE_AT);
    put_into_folder(FOLDER_AT, "itself", DIRECTORY, FOLDER_AT);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    place = udf_bytes_first_place(volume);
    assert_true(place.key && place.key != volume->root.key);
    assert_string_equal(udf_bytes_list(volume, &place), "f inside 4 [data]\nd itself\n");
    fs_volume_close(volume);
}

static void a_folder_by_another_way_has_the_same_key(void **state)
{
    uint8_t *indirect = udf_bytes_logical(&kit, 60);
    struct fs_place direct, other;
    struct fs_volume *volume;

    (void)state;
    udf_bytes_name(&kit, "folder", DIRECTORY, FOLDER_AT, 0);
    udf_bytes_long(indirect + 36, FS_BLOCK_SIZE, FOLDER_AT, 0);
    udf_bytes_seal(indirect, 259, 52, 60);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    direct = udf_bytes_first_place(volume);
    fs_volume_close(volume);
    udf_bytes_fid(directory() + 40, KIT_ROOT + 1, DIRECTORY, "folder", 60, 0);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    other = udf_bytes_first_place(volume);
    fs_volume_close(volume);
    assert_true(direct.key == other.key);
}

static void a_folder_that_is_a_file_is_at_fault(void **state)
{
    (void)state;
    udf_bytes_name(&kit, "folder", DIRECTORY, FILE_AT, 0);
    udf_bytes_name(&kit, "nothing", DIRECTORY, 60, 0);
    udf_bytes_name(&kit, "outside", DIRECTORY, KIT_LENGTH, 0);
    udf_bytes_name(&kit, "nowhere", 0, 0, 1);
    assert_root("d folder OI_FORMAT\nd nothing OI_FORMAT\nd outside OI_FORMAT\nf nowhere OI_FORMAT\n");
}

/* --- streams -------------------------------------------------------------------------------------------- */

#define STREAMS_AT (KIT_FREE + 2)

static void named_streams_are_listed(void **state)
{
    uint8_t *entry = udf_bytes_logical(&kit, FILE_AT);
    struct fs_volume *volume;
    struct fs_place place;

    (void)state;
    udf_bytes_name(&kit, "file", 0, FILE_AT, 0);
    put_folder(STREAMS_AT, 13);
    udf_bytes_long(entry + 152, FS_BLOCK_SIZE, STREAMS_AT, 0);
    udf_bytes_reseal(entry);
    put_file(20, "one");
    put_file(21, "two");
    put_into_folder(STREAMS_AT, "first", 0, 20);
    put_into_folder(STREAMS_AT, "*UDF Macintosh Resource Fork", 0, 21);
    put_into_folder(STREAMS_AT, "of the system", METADATA, 21);
    put_into_folder(STREAMS_AT, "second", 0, 21);
    put_into_folder(STREAMS_AT, "a folder", DIRECTORY, FOLDER_AT);
    put_into_folder(STREAMS_AT, "with streams", 0, FILE_AT);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    place = udf_bytes_first_place(volume);
    assert_string_equal(udf_bytes_list(volume, &place),
                        "f first 3 [one]\nf second 3 [two]\nd a folder\nf with streams 4 [data]\n");
    assert_string_equal(udf_bytes_list(volume, &volume->root), "f file 4 [data] streams\n");
    fs_volume_close(volume);
}

static void a_folder_is_no_stream_directory_nor_the_reverse(void **state)
{
    uint8_t *entry = udf_bytes_logical(&kit, FILE_AT);
    struct fs_volume *volume;
    struct fs_place place;

    (void)state;
    udf_bytes_name(&kit, "file", 0, FILE_AT, 0);
    udf_bytes_long(entry + 152, FS_BLOCK_SIZE, FOLDER_AT, 0);
    udf_bytes_reseal(entry);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    place = udf_bytes_first_place(volume);
    assert_string_equal(udf_bytes_list(volume, &place), "OI_FORMAT");
    fs_volume_close(volume);
    put_folder(STREAMS_AT, 13);
    udf_bytes_name(&kit, "streams", DIRECTORY, STREAMS_AT, 0);
    assert_root("f file 4 [data] streams\n");       /* a thing that no tree has */
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(entries_come_in_recorded_order),
        T(deleted_ones_parents_and_those_without_an_icb_are_left_out),
        T(names_of_8_and_of_16_bits_are_read),
        T(a_name_of_254_characters_is_read),
        T(a_name_of_no_kind_is_empty),
        T(implementation_use_comes_before_the_name),
        T(the_list_of_defects_is_no_file),
        T(descriptors_lie_across_blocks_and_extents),
        T(a_directory_may_be_empty),
        T(a_directory_that_ends_inside_a_descriptor_is_damaged),
        T(every_byte_of_a_descriptor_is_checked),
        T(a_descriptor_is_no_longer_than_a_block),
        T(a_directory_in_a_hole_is_damaged),
        T(a_directory_of_the_same_block_again_and_again_ends),
        T(a_block_of_a_directory_that_cannot_be_read_is_named),
        T(folders_are_listed_by_their_place),
        T(a_folder_by_another_way_has_the_same_key),
        T(a_folder_that_is_a_file_is_at_fault),
        T(named_streams_are_listed),
        T(a_folder_is_no_stream_directory_nor_the_reverse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
