/* core/mmc/capacity.c and structures.c: what fits, how it may be formatted, and disc structures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

static void capacity_is_last_block_and_block_size(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0), IN(0x00, 0x23, 0x04, 0xFF, 0, 0, 0x08, 0) },
        { IN(0x00, 0x23, 0x04, 0xFF, 0, 0, 0x08) },
    };
    struct script_drive script;
    uint32_t last, size;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_capacity(&script.drive, &last, &size), OI_OK);
    assert_int_equal(last, 0x2304FF);
    assert_int_equal(size, 2048);
    assert_int_equal(mmc_read_capacity(&script.drive, &last, &size), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static const uint8_t formats[] =
{
    0, 0, 0, 24,                        /* list length */
    0x00, 0x23, 0x05, 0x40,             /* 2295104 blocks */
    0x02,                               /* formatted */
    0x00, 0x08, 0x00,                   /* of 2048 bytes */
    0x00, 0x23, 0x05, 0x40, 0x26 << 2, 0, 0, 0,
    0x00, 0xB4, 0x73, 0x00, 0x30 << 2, 0x00, 0x50, 0x00,
};

static void format_capacities_are_listed_with_type_and_parameter(void **state)
{
    struct mmc_format_capacities caps;

    (void)state;
    assert_int_equal(mmc_format_capacities_parse(formats, sizeof(formats), &caps), OI_OK);
    assert_int_equal(caps.current.type, 2);
    assert_int_equal(caps.current.blocks, 2295104);
    assert_int_equal(caps.count, 2);
    assert_ptr_equal(mmc_find_format(&caps, 0x26), &caps.formats[0]);
    assert_int_equal(mmc_find_format(&caps, 0x30)->parameter, 0x5000);
    assert_int_equal(mmc_find_format(&caps, 0x30)->blocks, 0xB47300);
    assert_null(mmc_find_format(&caps, 0x31));
}

static void a_current_capacity_in_other_blocks_is_scaled(void **state)
{
    static const uint8_t bytes[] = { 0, 0, 0, 8, 0x00, 0x00, 0x10, 0x00, 0x02, 0x00, 0x02, 0x00 };
    static const uint8_t huge[] = { 0, 0, 0, 8, 0xFF, 0xFF, 0xFF, 0xFF, 0x02, 0xFF, 0xFF, 0xFF };
    struct mmc_format_capacities caps;

    (void)state;
    assert_int_equal(mmc_format_capacities_parse(bytes, sizeof(bytes), &caps), OI_OK);
    assert_int_equal(caps.current.blocks, 0x400);
    assert_int_equal(mmc_format_capacities_parse(huge, sizeof(huge), &caps), OI_OK);
    assert_int_equal(caps.current.blocks, UINT32_MAX);
}

static void format_capacities_cut_short_or_lying_are_refused(void **state)
{
    uint8_t bytes[4 + 255] = { 0 };
    struct mmc_format_capacities caps;

    (void)state;
    assert_int_equal(mmc_format_capacities_parse(formats, 11, &caps), OI_INVALID_RESPONSE);
    assert_int_equal(mmc_format_capacities_parse(formats, sizeof(formats) - 1, &caps), OI_INVALID_RESPONSE);
    bytes[3] = 4;
    assert_int_equal(mmc_format_capacities_parse(bytes, sizeof(bytes), &caps), OI_INVALID_RESPONSE);
    bytes[3] = 255;                     /* no multiple of 8: the odd bytes are left out */
    assert_int_equal(mmc_format_capacities_parse(bytes, sizeof(bytes), &caps), OI_OK);
    assert_int_equal(caps.count, 30);
}

static void format_capacities_are_asked_for_in_two_steps(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x23, 0, 0, 0, 0, 0, 0, 0, 4, 0), REPLY(formats) },
        { CDB(0x23, 0, 0, 0, 0, 0, 0, 0, 28, 0), REPLY(formats) },
    };
    struct mmc_format_capacities caps;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_format_capacities(&script.drive, &caps), OI_OK);
    assert_int_equal(caps.count, 2);
    script_drive_close(&script);
}

static void buffer_levels_that_cannot_be_are_refused(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0), IN(0, 10, 0, 0, 0, 0x20, 0, 0, 0, 0x10, 0, 0) },
        { IN(0, 10, 0, 0, 0, 0x20, 0, 0, 0, 0x20, 0, 1) },
        { IN(0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
        { IN(0, 10, 0, 0, 0, 0x20, 0, 0) },
    };
    struct script_drive script;
    uint32_t size, free_bytes;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_buffer_capacity(&script.drive, &size, &free_bytes), OI_OK);
    assert_int_equal(size, 0x200000);
    assert_int_equal(free_bytes, 0x100000);
    for (int i = 0; i < 3; i++)
    {
        assert_int_equal(mmc_read_buffer_capacity(&script.drive, &size, &free_bytes), OI_INVALID_RESPONSE);
    }
    script_drive_close(&script);
}

static void a_structure_comes_without_its_header(void **state)
{
    static const uint8_t structure[] = { 0, 5, 0, 0, 0xA1, 0x02, 0x03 };
    const struct transport_exchange exchanges[] =
    {
        { CDB(0xAD, 1, 0x01, 0x02, 0x03, 0x04, 5, 0xC0, 0, 4, 0x80, 0), REPLY(structure) },
        { CDB(0xAD, 1, 0x01, 0x02, 0x03, 0x04, 5, 0xC0, 0, 7, 0x80, 0), REPLY(structure) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_structure(&script.drive, 1, 0xC0, 0x01020304, 5, 2, &reply), OI_OK);
    assert_int_equal(reply.size, 3);
    assert_memory_equal(reply.bytes, "\xA1\x02\x03", 3);
    mmc_reply_free(&reply);
    script_drive_close(&script);
}

static void a_structure_that_is_not_there_is_told_apart_from_failures(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { SENSE(5, 0x24, 0) }, { SENSE(5, 0x20, 0) }, { SENSE(5, 0x30, 2) }, { SENSE(2, 0x30, 5) },
        { IN(0, 0, 0, 0) }, { IN(0, 2, 0, 0) },
        { SENSE(5, 0x6F, 1) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    for (int i = 0; i < 6; i++)
    {
        assert_int_equal(mmc_read_structure(&script.drive, 0, 0, 0, 0, 0, &reply), OI_NO_DISC_STRUCTURE);
        assert_null(reply.bytes);
    }
    assert_int_equal(mmc_read_structure(&script.drive, 0, 0, 0, 0, 0, &reply), OI_SENSE);
    script_drive_close(&script);
}

static void a_structure_is_sent_with_a_header(void **state)
{
    static uint8_t large[0xFFFF];
    const struct transport_exchange exchanges[] =
    {
        { CDB(0xBF, 0, 0, 0, 0, 0, 0, 0x22, 0, 7, 0, 0), OUT(0, 5, 0, 0, 1, 2, 3) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_send_structure(&script.drive, 0x22, BYTES(1, 2, 3), 3), OI_OK);
    assert_int_equal(mmc_send_structure(&script.drive, 0x22, large, sizeof(large)), OI_INVALID_ARGUMENT);
    script_drive_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(capacity_is_last_block_and_block_size),
        cmocka_unit_test(format_capacities_are_listed_with_type_and_parameter),
        cmocka_unit_test(a_current_capacity_in_other_blocks_is_scaled),
        cmocka_unit_test(format_capacities_cut_short_or_lying_are_refused),
        cmocka_unit_test(format_capacities_are_asked_for_in_two_steps),
        cmocka_unit_test(buffer_levels_that_cannot_be_are_refused),
        cmocka_unit_test(a_structure_comes_without_its_header),
        cmocka_unit_test(a_structure_that_is_not_there_is_told_apart_from_failures),
        cmocka_unit_test(a_structure_is_sent_with_a_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
