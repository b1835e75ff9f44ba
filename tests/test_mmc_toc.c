/* core/mmc/toc.c: table of contents, sessions, ATIP, time addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

#define READ_TOC(msf, format, number, size) 0x43, msf, format, 0, 0, 0, number, 0, size, 0

static const uint8_t toc_bytes[] =
{
    0, 18, 1, 1,                        /* length, first and last track */
    0, 0x14, 1, 0, 0, 0, 0, 0,          /* ADR 1, data track; track 1 at 0 */
    0, 0x14, 0xAA, 0, 0, 0, 0x2A, 0xF8, /* lead-out */
};

static void tracks_and_lead_out_are_listed(void **state)
{
    struct mmc_toc toc;

    (void)state;
    assert_int_equal(mmc_toc_parse(toc_bytes, sizeof(toc_bytes), &toc), OI_OK);
    assert_int_equal(toc.first, 1);
    assert_int_equal(toc.last, 1);
    assert_int_equal(toc.count, 2);
    assert_int_equal(toc.entries[0].adr, 1);
    assert_int_equal(toc.entries[0].control, 4);
    assert_int_equal(toc.entries[0].number, 1);
    assert_int_equal(toc.entries[1].number, 0xAA);
    assert_int_equal(toc.entries[1].start, 0x2AF8);
}

static void a_toc_that_cannot_be_is_refused(void **state)
{
    uint8_t bytes[4 + 101 * 8];
    struct mmc_toc toc;

    (void)state;
    assert_int_equal(mmc_toc_parse(toc_bytes, 11, &toc), OI_INVALID_RESPONSE);
    assert_int_equal(mmc_toc_parse(toc_bytes, sizeof(toc_bytes) - 1, &toc), OI_INVALID_RESPONSE);
    memcpy(bytes, toc_bytes, sizeof(toc_bytes));
    bytes[6] = 0;                       /* track 0 */
    assert_int_equal(mmc_toc_parse(bytes, sizeof(toc_bytes), &toc), OI_INVALID_RESPONSE);
    bytes[6] = 100;
    assert_int_equal(mmc_toc_parse(bytes, sizeof(toc_bytes), &toc), OI_INVALID_RESPONSE);
    bytes[6] = 1;
    bytes[2] = 2;                       /* first above last */
    assert_int_equal(mmc_toc_parse(bytes, sizeof(toc_bytes), &toc), OI_INVALID_RESPONSE);

    /* More entries than there are numbers. */
    for (int i = 0; i < 101; i++) memcpy(bytes + 4 + 8 * i, toc_bytes + 4, 8);
    bytes[0] = (sizeof(bytes) - 2) >> 8;
    bytes[1] = (sizeof(bytes) - 2) & 0xFF;
    bytes[2] = 1;
    bytes[3] = 1;
    assert_int_equal(mmc_toc_parse(bytes, sizeof(bytes), &toc), OI_INVALID_RESPONSE);
    bytes[0] = (sizeof(bytes) - 10) >> 8;
    bytes[1] = (sizeof(bytes) - 10) & 0xFF;
    assert_int_equal(mmc_toc_parse(bytes, sizeof(bytes) - 8, &toc), OI_OK);
    assert_int_equal(toc.count, 100);
}

static void half_an_entry_at_the_end_is_left_out(void **state)
{
    uint8_t bytes[sizeof(toc_bytes)];
    struct mmc_toc toc;

    (void)state;
    memcpy(bytes, toc_bytes, sizeof(bytes));
    bytes[1] = 15;
    assert_int_equal(mmc_toc_parse(bytes, 17, &toc), OI_OK);
    assert_int_equal(toc.count, 1);
}

static const uint8_t session_bytes[12] = { 0, 10, 1, 2, 0, 0x14, 3, 0, 0x00, 0x01, 0x5F, 0x90 };

static void session_information_tells_where_the_last_session_starts(void **state)
{
    struct mmc_session_info info;

    (void)state;
    assert_int_equal(mmc_session_info_parse(session_bytes, 12, &info), OI_OK);
    assert_int_equal(info.first, 1);
    assert_int_equal(info.last, 2);
    assert_int_equal(info.control, 4);
    assert_int_equal(info.first_track, 3);
    assert_int_equal(info.start, 90000);
    assert_int_equal(mmc_session_info_parse(session_bytes, 11, &info), OI_INVALID_RESPONSE);
}

static const uint8_t atip_bytes[28] =
{
    0, 26, 0, 0,
    0xD4,                               /* reference speed 4 */
    0x00,
    0xC8,                               /* CD-RW */
    0,
    97, 26, 65, 0,                      /* lead-in */
    79, 59, 74, 0,                      /* last possible lead-out */
};

static void atip_tells_kind_lead_in_and_lead_out(void **state)
{
    uint8_t bytes[28];
    struct mmc_atip atip;

    (void)state;
    assert_int_equal(mmc_atip_parse(atip_bytes, 28, &atip), OI_OK);
    assert_true(atip.rewritable);
    assert_int_equal(atip.reference_speed, 4);
    assert_int_equal(atip.lead_in, -11635);
    assert_int_equal(atip.lead_out, (79 * 60 + 59) * 75 + 74 - 150);

    memcpy(bytes, atip_bytes, sizeof(bytes));
    bytes[6] = 0x80;
    assert_int_equal(mmc_atip_parse(bytes, 28, &atip), OI_OK);
    assert_false(atip.rewritable);
    memset(bytes + 4, 0, 24);           /* all zero: there is none */
    assert_int_equal(mmc_atip_parse(bytes, 28, &atip), OI_INVALID_RESPONSE);
    memcpy(bytes, atip_bytes, sizeof(bytes));
    bytes[8] = 10;                      /* a lead-in inside the program area */
    assert_int_equal(mmc_atip_parse(bytes, 28, &atip), OI_INVALID_RESPONSE);
    assert_int_equal(mmc_atip_parse(atip_bytes, 14, &atip), OI_INVALID_RESPONSE);
}

static void the_commands_name_format_time_and_number(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(READ_TOC(0, 0, 0, 4)), REPLY(toc_bytes) }, { CDB(READ_TOC(0, 0, 0, 20)), REPLY(toc_bytes) },
        { CDB(READ_TOC(0, 1, 0, 4)), REPLY(session_bytes) }, { CDB(READ_TOC(0, 1, 0, 12)),
                                                              REPLY(session_bytes) },
        { CDB(READ_TOC(2, 4, 0, 4)), REPLY(atip_bytes) }, { CDB(READ_TOC(2, 4, 0, 28)), REPLY(atip_bytes) },
        { CDB(READ_TOC(2, 2, 1, 4)), SENSE(5, 0x24, 0) },
        { IN(0, 0, 0, 0) },
        { IN(0, 2, 1, 1) },
    };
    struct mmc_session_info session;
    struct script_drive script;
    struct mmc_reply reply;
    struct mmc_atip atip;
    struct mmc_toc toc;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_toc(&script.drive, &toc), OI_OK);
    assert_int_equal(mmc_read_session_info(&script.drive, &session), OI_OK);
    assert_int_equal(mmc_read_atip(&script.drive, &atip), OI_OK);
    assert_int_equal(mmc_read_toc_raw(&script.drive, 2, true, 1, &reply), OI_SENSE);
    assert_int_equal(mmc_read_toc(&script.drive, &toc), OI_INVALID_RESPONSE);
    assert_int_equal(mmc_read_toc(&script.drive, &toc), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static void times_and_addresses_convert_on_both_sides_of_zero(void **state)
{
    static const struct
    {
        int32_t lba;
        uint8_t msf[3];
    } rows[] =
    {
        { 0, { 0, 2, 0 } },
        { -150, { 0, 0, 0 } },
        { -151, { 99, 59, 74 } },
        { -11635, { 97, 26, 65 } },
        { 359849, { 79, 59, 74 } },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
    {
        uint8_t msf[3];

        mmc_lba_to_msf(rows[i].lba, msf);
        assert_memory_equal(msf, rows[i].msf, 3);
        assert_int_equal(mmc_msf_to_lba(msf[0], msf[1], msf[2]), rows[i].lba);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(tracks_and_lead_out_are_listed),
        cmocka_unit_test(a_toc_that_cannot_be_is_refused),
        cmocka_unit_test(half_an_entry_at_the_end_is_left_out),
        cmocka_unit_test(session_information_tells_where_the_last_session_starts),
        cmocka_unit_test(atip_tells_kind_lead_in_and_lead_out),
        cmocka_unit_test(the_commands_name_format_time_and_number),
        cmocka_unit_test(times_and_addresses_convert_on_both_sides_of_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
