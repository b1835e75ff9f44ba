/* File entries of UDF, good, short, lying and without end: as listings show them. */
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

/* --- entries -------------------------------------------------------------------------------------------- */

static void entries_that_are_not_extended_are_read(void **state)
{
    (void)state;
    udf_bytes_short(descriptors, 9, 20);
    udf_bytes_entry(udf_bytes_logical(&kit, FILE_AT), FILE_AT, 0, REGULAR, 9, 0, descriptors, 8);
    assert_file("f f 9 320+9");
}

static void extended_attributes_come_before_descriptors(void **state)
{
    uint8_t bytes[56] = { 0 };
    uint8_t *entry;

    (void)state;
    udf_bytes_short(bytes + 48, 9, 20);
    memcpy(descriptors, bytes, 56);
    entry = file(REGULAR, 9, 0, 56);
    put_le32(entry + 208, 48);                  /* L_EA, L_AD */
    put_le32(entry + 212, 8);
    reseal(FILE_AT);
    assert_file("f f 9 320+9");
    put_le32(entry + 208, 1825);                /* one byte more than there is room for */
    reseal(FILE_AT);
    assert_file("f f OI_FORMAT");
    put_le32(entry + 208, UINT32_MAX);
    reseal(FILE_AT);
    assert_file("f f OI_FORMAT");
    put_le32(entry + 208, 0);
    put_le32(entry + 212, 1833);
    reseal(FILE_AT);
    assert_file("f f OI_FORMAT");
    put_le32(entry + 212, UINT32_MAX);
    reseal(FILE_AT);
    assert_file("f f OI_FORMAT");
}

static void types_of_files_are_told_apart(void **state)
{
    (void)state;
    memcpy(descriptors, "x", 1);
    file(249, 1, 3, 1);
    assert_file("f f 1 [x] real-time");
    file(0, 1, 3, 1);
    assert_file("f f 1 [x]");
    for (unsigned type = 0; type < 256; type++)
    {
        if (type == 0 || type == 4 || type == 5 || type == 249) continue;
        file(type, 1, 3, 1);
        assert_file("");                        /* links, devices and the like are left out */
    }
    file(4, 1, 3, 1);
    assert_file("f f OI_FORMAT");               /* the name says that it is a file */
}

static void an_entry_that_is_none_is_the_fault_of_its_file(void **state)
{
    uint8_t *entry = file(REGULAR, 0, 0, 0);

    (void)state;
    entry[100] ^= 1;
    assert_file("f f OI_FORMAT");
    entry[100] ^= 1;
    udf_bytes_seal(entry, 266, 216, FILE_AT + 1);
    assert_file("f f OI_FORMAT");
    udf_bytes_seal(entry, 260, 216, FILE_AT);
    assert_file("f f OI_FORMAT");
    udf_bytes_seal(entry, 266, 216, FILE_AT);
    put_le16(entry + 20, 3);                    /* strategy */
    reseal(FILE_AT);
    assert_file("f f OI_NOT_SUPPORTED");
    put_le16(entry + 20, 4);
    put_le16(entry + 34, 4);                    /* form of allocation descriptors */
    reseal(FILE_AT);
    assert_file("f f OI_FORMAT");
}

static void a_file_whose_entry_cannot_be_read_ends_the_listing(void **state)
{
    (void)state;
    file(REGULAR, 0, 0, 0);
    kit.bad_block = P + FILE_AT;
    assert_file("OI_SOURCE_READ");
}

static void indirect(uint32_t at, uint32_t to)
{
    uint8_t *block = udf_bytes_logical(&kit, at);

    memset(block, 0, FS_BLOCK_SIZE);
    udf_bytes_long(block + 36, 2048, to, 0);
    udf_bytes_seal(block, 259, 52, at);
}

static void indirect_entries_lead_on(void **state)
{
    (void)state;
    memcpy(descriptors, "x", 1);
    udf_bytes_entry(udf_bytes_logical(&kit, 60), 60, 1, REGULAR, 1, 3, descriptors, 1);
    indirect(FILE_AT, 50);
    indirect(50, 60);
    assert_file("f f 1 [x]");
    indirect(50, FILE_AT);
    assert_file("f f OI_FORMAT");
    indirect(50, UINT32_MAX);
    assert_file("f f OI_FORMAT");
    put_le32(udf_bytes_logical(&kit, 50) + 36, 0);
    reseal(50);
    assert_file("f f OI_FORMAT");
}

static void strategy_4096_has_its_newest_entry_at_the_end(void **state)
{
    uint8_t *entry;

    (void)state;
    memcpy(descriptors, "old", 3);
    entry = file(REGULAR, 3, 3, 3);
    put_le16(entry + 20, 4096);
    put_le16(entry + 24, 2);
    reseal(FILE_AT);
    assert_file("f f 3 [old]");
    kit.bad_block = P + FILE_AT + 1;            /* not written yet */
    assert_file("f f 3 [old]");
    kit.bad_block = 0;
    indirect(FILE_AT + 1, 60);
    entry = udf_bytes_logical(&kit, 60);
    memcpy(descriptors, "new", 3);
    udf_bytes_entry(entry, 60, 1, REGULAR, 3, 3, descriptors, 3);
    assert_file("f f 3 [new]");
    put_le16(entry + 20, 4096);
    put_le16(entry + 24, 2);
    reseal(60);
    indirect(61, FILE_AT);                      /* and around again */
    assert_file("f f OI_FORMAT");
}

/* --- times ---------------------------------------------------------------------------------------------- */

static struct fs_times times;

static enum oi_status take_times(void *context, const struct fs_found *found)
{
    (void)context;
    times = found->times;
    return OI_OK;
}

static void read_times(void)
{
    struct fs_volume *volume;

    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_int_equal(volume->ops->list(volume, &volume->root, take_times, NULL), OI_OK);
    fs_volume_close(volume);
}

#define NOVEMBER_1 1793536215               /* 2026-11-01 12:30:15 UTC */
#define DAY 86400

static void times_are_those_of_the_entry(void **state)
{
    (void)state;
    file(REGULAR, 0, 0, 0);
    read_times();
    assert_int_equal(times.created, (int64_t)NOVEMBER_1 * FS_TIME_SECOND);
    assert_int_equal(times.modified, (int64_t)(NOVEMBER_1 + DAY) * FS_TIME_SECOND);
    assert_int_equal(times.accessed, (int64_t)(NOVEMBER_1 + 2 * DAY) * FS_TIME_SECOND);
    udf_bytes_entry(udf_bytes_logical(&kit, FILE_AT), FILE_AT, 0, REGULAR, 0, 0, descriptors, 0);
    read_times();
    assert_int_equal(times.created, 0);
    assert_int_equal(times.modified, (int64_t)(NOVEMBER_1 + DAY) * FS_TIME_SECOND);
    assert_int_equal(times.accessed, (int64_t)(NOVEMBER_1 + 2 * DAY) * FS_TIME_SECOND);
}

static int64_t modified(const char *timestamp)
{
    uint8_t *entry = file(REGULAR, 0, 0, 0);

    memcpy(entry + 92, timestamp, 12);
    reseal(FILE_AT);
    read_times();
    return times.modified;
}

static void times_have_zones_and_fractions(void **state)
{
    int64_t noon = (int64_t)NOVEMBER_1 * FS_TIME_SECOND;

    (void)state;
    assert_int_equal(modified("\x00\x10\xea\x07\x0b\x01\x0c\x1e\x0f\x0c\x22\x38"), noon + 1234560);
    assert_int_equal(modified("\x3c\x10\xea\x07\x0b\x01\x0d\x1e\x0f\0\0\0"), noon);     /* +60 minutes */
    assert_int_equal(modified("\xc4\x1f\xea\x07\x0b\x01\x0b\x1e\x0f\0\0\0"), noon);     /* -60 */
    assert_int_equal(modified("\x01\x18\xea\x07\x0b\x01\x0c\x1e\x0f\0\0\0"), noon);     /* -2047: not known */
    assert_int_equal(modified("\x3c\x00\xea\x07\x0b\x01\x0c\x1e\x0f\0\0\0"), noon);     /* UTC: no zone */
    assert_int_equal(modified("\x00\x10\xea\x07\x0b\x01\x0c\x1e\x0f\xff\xff\xff"), noon);
}

static void a_time_that_is_none_is_not_recorded(void **state)
{
    static const char *const bad[] =
    {
        "\0\0\0\0\0\0\0\0\0\0\0\0",                             "\x00\x10\x00\x80\x0b\x01\x0c\x1e\x0f\0\0\0",
        "\x00\x10\xea\x07\x00\x01\x0c\x1e\x0f\0\0\0",           "\x00\x10\xea\x07\x0d\x01\x0c\x1e\x0f\0\0\0",
        "\x00\x10\xea\x07\x0b\x00\x0c\x1e\x0f\0\0\0",           "\x00\x10\xea\x07\x0b\x20\x0c\x1e\x0f\0\0\0",
        "\x00\x10\xea\x07\x0b\x01\x18\x1e\x0f\0\0\0",           "\x00\x10\xea\x07\x0b\x01\x0c\x3c\x0f\0\0\0",
        "\x00\x10\xea\x07\x0b\x01\x0c\x1e\x3c\0\0\0",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) assert_int_equal(modified(bad[i]), 0);
}

/* 4/14.10.1 and 4/14.10.5 */
static void creation_may_stand_in_an_extended_attribute(void **state)
{
    static const uint8_t creation[12] = { 0x00, 0x10, 0xea, 0x07, 11, 1, 12, 30, 15, 0, 0, 0 };
    uint8_t *entry = udf_bytes_logical(&kit, FILE_AT), *attribute = descriptors + 24;

    (void)state;
    put_le32(attribute, 2048);                      /* one for an implementation */
    attribute[4] = 1;
    put_le32(attribute + 8, 12);
    attribute += 12;
    put_le32(attribute, 5);
    attribute[4] = 1;
    put_le32(attribute + 8, 32);                    /* length */
    put_le32(attribute + 12, 12);                   /* of the times; which: creation */
    put_le32(attribute + 16, 1);
    memcpy(attribute + 20, creation, 12);
    udf_bytes_entry(entry, FILE_AT, 0, REGULAR, 0, 0, descriptors, 68);
    put_le32(entry + 168, 68);
    put_le32(entry + 172, 0);
    reseal(FILE_AT);
    read_times();
    assert_int_equal(times.created, (int64_t)NOVEMBER_1 * FS_TIME_SECOND);
    for (unsigned size = 0; size < 68; size++)
    {
        put_le32(entry + 168, size);
        reseal(FILE_AT);
        read_times();
        assert_int_equal(times.created, 0);
    }
    put_le32(entry + 168, 68);
    put_le32(entry + 176 + 24 + 8, 0);              /* an attribute without length does not keep us */
    reseal(FILE_AT);
    read_times();
    assert_int_equal(times.created, 0);
    put_le32(entry + 176 + 24 + 8, UINT32_MAX);
    reseal(FILE_AT);
    read_times();
    assert_int_equal(times.created, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(entries_that_are_not_extended_are_read),
        T(extended_attributes_come_before_descriptors),
        T(types_of_files_are_told_apart),
        T(an_entry_that_is_none_is_the_fault_of_its_file),
        T(a_file_whose_entry_cannot_be_read_ends_the_listing),
        T(indirect_entries_lead_on),
        T(strategy_4096_has_its_newest_entry_at_the_end),
        T(times_are_those_of_the_entry),
        T(times_have_zones_and_fractions),
        T(a_time_that_is_none_is_not_recorded),
        T(creation_may_stand_in_an_extended_attribute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
