/* core/mmc/mode_pages.c and write_parameters.c: MODE SENSE and MODE SELECT, pages 05h and 2Ah. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <stdlib.h>
#include <string.h>

#define MODE_SENSE(page, size) 0x5A, 0, page, 0, 0, 0, 0, (size) >> 8, (size) & 0xFF, 0

/* Header, no block descriptor, page 2Ah in the length of MMC-3 with one speed. */
static const uint8_t page_2a[8 + 2 + 0x22] =
{
    0, 8 + 0x22, 0, 0, 0, 0, 0, 0,
    0x2A, 0x22,
    0x3F,                               /* reads everything */
    0x37,                               /* writes CD-R, CD-RW, DVD-R, DVD-RAM; test write */
    0xF1, 0x77,
    0x29,                               /* tray, ejects, locks */
    0x23,
    0x10, 0x8A,                         /* fastest reading */
    0x01, 0x00,                         /* volume levels */
    0x08, 0x00,                         /* buffer 2048 KiB */
    0x10, 0x8A, 0x00, 0x10,
    0x10, 0x8A,                         /* fastest writing */
    0x10, 0x8A, 0, 1, 0, 0, 0,
    0x01,                               /* rotation: CAV */
    0x05, 0x69,                         /* current write speed 1385 kB/s */
    0x00, 0x01,                         /* one descriptor */
    0, 0, 0x05, 0x69,
};

static void a_page_comes_without_header(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(MODE_SENSE(0x2A, 8)), REPLY(page_2a) },
        { CDB(MODE_SENSE(0x2A, 44)), REPLY(page_2a) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_mode_page(&script.drive, 0x2A, MMC_PAGE_CURRENT, &reply), OI_OK);
    assert_int_equal(reply.size, 0x24);
    assert_memory_equal(reply.bytes, page_2a + 8, 0x24);
    mmc_reply_free(&reply);
    script_drive_close(&script);
}

static void page_control_is_in_the_upper_bits(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(MODE_SENSE(0x41, 8)), SENSE(5, 0x24, 0) },
        { CDB(MODE_SENSE(0x81, 8)), SENSE(5, 0x24, 0) },
        { CDB(MODE_SENSE(0xC1, 8)), SENSE(5, 0x39, 0) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_mode_page(&script.drive, 1, MMC_PAGE_CHANGEABLE, &reply), OI_SENSE);
    assert_int_equal(mmc_read_mode_page(&script.drive, 1, MMC_PAGE_DEFAULT, &reply), OI_SENSE);
    assert_int_equal(mmc_read_mode_page(&script.drive, 1, MMC_PAGE_SAVED, &reply), OI_SENSE);
    script_drive_close(&script);
}

static void block_descriptors_before_the_page_are_skipped(void **state)
{
    static const uint8_t bytes[8 + 8 + 4] =
    {
        0, 18, 0, 0, 0, 0, 0, 8,        /* one block descriptor */
        0, 0, 0, 0, 0, 0, 0x08, 0x00,
        0x1D, 2, 0x12, 0x34,
    };
    const struct transport_exchange exchanges[] = { { REPLY(bytes) }, { REPLY(bytes) } };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_mode_page(&script.drive, 0x1D, MMC_PAGE_CURRENT, &reply), OI_OK);
    assert_int_equal(reply.size, 4);
    assert_int_equal(reply.bytes[3], 0x34);
    mmc_reply_free(&reply);
    script_drive_close(&script);
}

static void a_header_that_announces_less_than_the_page_is_asked_again(void **state)
{
    static const uint8_t bytes[8 + 6] = { 0, 8, 0, 0, 0, 0, 0, 0, 0x1D, 4, 1, 2, 3, 4 };
    const struct transport_exchange exchanges[] =
    {
        { CDB(MODE_SENSE(0x1D, 8)), REPLY(bytes) },
        { CDB(MODE_SENSE(0x1D, 10)), REPLY(bytes) },
        { CDB(MODE_SENSE(0x1D, 14)), REPLY(bytes) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_mode_page(&script.drive, 0x1D, MMC_PAGE_CURRENT, &reply), OI_OK);
    assert_int_equal(reply.size, 6);
    assert_int_equal(reply.bytes[5], 4);
    mmc_reply_free(&reply);
    script_drive_close(&script);
}

static void wrong_missing_and_cut_pages_are_refused(void **state)
{
    static const uint8_t other[8 + 4] = { 0, 10, 0, 0, 0, 0, 0, 0, 0x1A, 2, 0, 0 };
    static const uint8_t empty[8] = { 0, 6, 0, 0, 0, 0, 0, 0 };
    static const uint8_t nothing[8] = { 0, 0, 0, 0, 0, 0, 0, 0 };
    static const uint8_t far_off[8 + 2] = { 0, 8, 0, 0, 0, 0, 0xFF, 0xFF, 0x1D, 2 };
    static const uint8_t lying[8 + 4] = { 0, 10, 0, 0, 0, 0, 0, 0, 0x1D, 200, 0, 0 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(other) }, { REPLY(other) },
        { REPLY(empty) },
        { REPLY(nothing) },
        { REPLY(far_off) }, { REPLY(far_off) },
        { REPLY(lying) }, { REPLY(lying) }, { REPLY(lying) },
    };
    static const enum oi_status expected[] =
    {
        OI_UNEXPECTED_RESPONSE, OI_UNEXPECTED_RESPONSE, OI_UNEXPECTED_RESPONSE, OI_UNEXPECTED_RESPONSE,
        OI_INVALID_RESPONSE,
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    for (size_t i = 0; i < COUNT(expected); i++)
    {
        assert_int_equal(mmc_read_mode_page(&script.drive, 0x1D, MMC_PAGE_CURRENT, &reply), expected[i]);
        assert_null(reply.bytes);
    }
    script_drive_close(&script);
}

static void mode_select_puts_an_empty_header_before_the_page(void **state)
{
    static const uint8_t page[4] = { 0x9D, 2, 0x55, 0x66 };     /* PS set, as MODE SENSE gives it */
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x55, 0x10, 0, 0, 0, 0, 0, 0, 12, 0), OUT(0, 0, 0, 0, 0, 0, 0, 0, 0x1D, 2, 0x55, 0x66) },
        { CDB(0x55, 0x11, 0, 0, 0, 0, 0, 0, 12, 0) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_write_mode_page(&script.drive, page, 4, false), OI_OK);
    assert_int_equal(mmc_write_mode_page(&script.drive, page, 4, true), OI_OK);
    assert_int_equal(mmc_write_mode_page(&script.drive, page, 3, false), OI_INVALID_ARGUMENT);
    assert_int_equal(mmc_write_mode_page(&script.drive, page, 1, false), OI_INVALID_ARGUMENT);
    script_drive_close(&script);
}

static void pages_are_listed_once_each_and_sub_pages_left_out(void **state)
{
    static const uint8_t bytes[] =
    {
        0, 23, 0, 0, 0, 0, 0, 0,
        0x81, 2, 0, 0,                  /* PS bit is not part of the code */
        0x45, 1, 0, 1, 0,               /* page 05h, sub-page 1, one byte */
        0x05, 2, 0, 0,
        0x2A, 200, 0, 0,                /* claims more than there is: still a page */
    };
    const struct transport_exchange exchanges[] = { { CDB(MODE_SENSE(0x3F, 8)), REPLY(bytes) },
                                                   { REPLY(bytes) } };
    struct script_drive script;
    uint8_t *codes;
    size_t count;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_list_mode_pages(&script.drive, MMC_PAGE_CURRENT, &codes, &count), OI_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(codes, "\x01\x05\x2A", 3);
    free(codes);
    script_drive_close(&script);
}

static void capabilities_are_read_at_their_places(void **state)
{
    const struct transport_exchange exchanges[] = { { REPLY(page_2a) }, { REPLY(page_2a) } };
    struct mmc_capabilities capabilities;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_capabilities(&script.drive, &capabilities), OI_OK);
    assert_true(capabilities.writes_cd_r && capabilities.writes_cd_rw && capabilities.writes_dvd_r);
    assert_true(capabilities.writes_dvd_ram && capabilities.test_write && capabilities.underrun_free);
    assert_true(capabilities.locks && capabilities.ejects && capabilities.pure_cav);
    assert_int_equal(capabilities.mechanism, 1);
    assert_int_equal(capabilities.buffer, 2048 * 1024);
    assert_int_equal(capabilities.current_write_speed, 1385);
    script_drive_close(&script);
}

static void a_page_2ah_of_18_bytes_is_enough_and_one_of_17_is_not(void **state)
{
    uint8_t minimal[8 + 2 + 0x12] = { 0, 6 + 2 + 0x12, 0, 0, 0, 0, 0, 0, 0x2A, 0x12, 0, 1 };
    uint8_t less[8 + 2 + 0x11] = { 0, 6 + 2 + 0x11, 0, 0, 0, 0, 0, 0, 0x2A, 0x11, 0, 1 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(minimal) }, { REPLY(minimal) }, { REPLY(less) }, { REPLY(less) },
    };
    struct mmc_capabilities capabilities;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_capabilities(&script.drive, &capabilities), OI_OK);
    assert_true(capabilities.writes_cd_r);
    assert_int_equal(capabilities.current_write_speed, 0);
    assert_int_equal(mmc_read_capabilities(&script.drive, &capabilities), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

/* Page 05h as a drive gives it, with things in it that a burn does not own. */
static const uint8_t page_05[8 + 2 + 0x36] =
{
    0, 6 + 2 + 0x36, 0, 0, 0, 0, 0, 0,
    0x05, 0x36,
    0x02, 0x05, 0x08, 0x00,
    0xAB,                               /* reserved: stays */
    0x00, 0x20, 0x00, 0, 0, 0, 16, 0x00, 0x7D,
    [8 + 16] = 0x80, [8 + 52] = 0xCD,   /* a catalog number; vendor bytes at the end: stay */
};

static void write_parameters_are_set_and_the_rest_of_the_page_stays(void **state)
{
    static const uint8_t expected[8 + 2 + 0x36] =
    {
        0, 0, 0, 0, 0, 0, 0, 0,
        0x05, 0x36,
        0x41,                           /* BUFE, track at once */
        0xC4,                           /* another session may follow, data track */
        0x08,                           /* mode 1 */
        0x00, 0xAB, 0x00, 0x00, 0x00, 0, 0, 0, 0,
        0x00, 0x96,                     /* audio pause 150 */
        [8 + 52] = 0xCD,
    };
    const struct mmc_write_parameters parameters =
    {
        .underrun_free = true, .write_type = 1, .multi_session = 3, .track_mode = 4, .block_type = 8,
    };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(page_05) }, { REPLY(page_05) },
        { CDB(0x55, 0x10, 0, 0, 0, 0, 0, 0, sizeof(expected), 0), .out = expected,
         .out_size = sizeof(expected) },
    };
    struct script_drive script;
    bool underrun_free = false;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_parameters(&script.drive, &parameters, &underrun_free), OI_OK);
    assert_true(underrun_free);
    script_drive_close(&script);
}

static void underrun_protection_is_dropped_when_refused(void **state)
{
    const struct mmc_write_parameters parameters = { .underrun_free = true, .write_type = 1,
                                                    .block_type = 8 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(page_05) }, { REPLY(page_05) }, { SENSE(5, 0x26, 0) }, { 0 },
        { REPLY(page_05) }, { REPLY(page_05) }, { SENSE(5, 0x26, 0) }, { SENSE(5, 0x26, 0) },
    };
    struct script_drive script;
    bool underrun_free = true;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_parameters(&script.drive, &parameters, &underrun_free), OI_OK);
    assert_false(underrun_free);
    assert_int_equal(mmc_set_write_parameters(&script.drive, &parameters, &underrun_free), OI_SENSE);
    script_drive_close(&script);
}

static void a_test_write_bit_that_did_not_stick_is_no_silent_real_burn(void **state)
{
    const struct mmc_write_parameters parameters = { .test_write = true, .write_type = 1, .block_type = 8 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(page_05) }, { REPLY(page_05) }, { 0 }, { REPLY(page_05) }, { REPLY(page_05) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_parameters(&script.drive, &parameters, NULL), OI_NOT_SUPPORTED);
    script_drive_close(&script);
}

static void a_page_05h_too_short_to_write_is_refused(void **state)
{
    static const uint8_t bytes[8 + 2 + 0x20] = { 0, 6 + 2 + 0x20, 0, 0, 0, 0, 0, 0, 0x05, 0x20 };
    const struct mmc_write_parameters parameters = { .write_type = 1, .block_type = 8 };
    const struct transport_exchange exchanges[] = { { REPLY(bytes) }, { REPLY(bytes) } };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_parameters(&script.drive, &parameters, NULL), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_page_comes_without_header),
        cmocka_unit_test(page_control_is_in_the_upper_bits),
        cmocka_unit_test(block_descriptors_before_the_page_are_skipped),
        cmocka_unit_test(a_header_that_announces_less_than_the_page_is_asked_again),
        cmocka_unit_test(wrong_missing_and_cut_pages_are_refused),
        cmocka_unit_test(mode_select_puts_an_empty_header_before_the_page),
        cmocka_unit_test(pages_are_listed_once_each_and_sub_pages_left_out),
        cmocka_unit_test(capabilities_are_read_at_their_places),
        cmocka_unit_test(a_page_2ah_of_18_bytes_is_enough_and_one_of_17_is_not),
        cmocka_unit_test(write_parameters_are_set_and_the_rest_of_the_page_stays),
        cmocka_unit_test(underrun_protection_is_dropped_when_refused),
        cmocka_unit_test(a_test_write_bit_that_did_not_stick_is_no_silent_real_burn),
        cmocka_unit_test(a_page_05h_too_short_to_write_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
