/* core/mmc/drive.c and inquiry.c: running commands, failures kept, two-step questions, alignment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

#define TEST_UNIT_READY 0x00, 0, 0, 0, 0, 0
#define DISC_INFORMATION(size) 0x51, 0, 0, 0, 0, 0, 0, 0, size, 0

static const uint8_t inquiry_reply[36] =
{
    0x05,                               /* CD/DVD */
    0x80,                               /* removable */
    0x02, 0x02,                         /* version, response format */
    31,                                 /* additional length */
    0, 0, 0,
    'M', 'A', 'K', 'E', 'R', ' ', ' ', ' ',
    'D', 'i', 's', 'c', ' ', 'W', 'r', 'i', 't', 'e', 'r', ' ', ' ', ' ', ' ', ' ',
    '1', '.', '0', '2',
};

static void inquiry_asks_for_36_bytes_and_trims_the_names(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x12, 0, 0, 0, 36, 0), REPLY(inquiry_reply) },
    };
    struct mmc_inquiry inquiry;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_inquiry(&script.drive, &inquiry), OI_OK);
    assert_int_equal(inquiry.device_type, 5);
    assert_true(inquiry.removable);
    assert_string_equal(inquiry.vendor, "MAKER");
    assert_string_equal(inquiry.product, "Disc Writer");
    assert_string_equal(inquiry.revision, "1.02");
    script_drive_close(&script);
}

static void inquiry_that_is_too_short_or_says_so_is_refused(void **state)
{
    uint8_t lying[36];
    struct mmc_inquiry inquiry;
    struct script_drive script;

    (void)state;
    memcpy(lying, inquiry_reply, sizeof(lying));
    lying[4] = 10;
    {
        const struct transport_exchange exchanges[] =
        {
            { .in = inquiry_reply, .in_size = 35 },
            { REPLY(lying) },
        };

        script_drive_open(&script, exchanges, COUNT(exchanges));
        assert_int_equal(mmc_inquiry(&script.drive, &inquiry), OI_INVALID_RESPONSE);
        assert_int_equal(script.drive.failure.status, OI_INVALID_RESPONSE);
        assert_int_equal(script.drive.failure.opcode, 0x12);
        assert_int_equal(mmc_inquiry(&script.drive, &inquiry), OI_INVALID_RESPONSE);
        script_drive_close(&script);
    }
}

static void a_failure_keeps_opcode_and_sense_and_success_clears_it(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(TEST_UNIT_READY), SENSE(2, 0x3A, 1) },
        { CDB(TEST_UNIT_READY) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_test_unit_ready(&script.drive), OI_SENSE);
    assert_int_equal(script.drive.failure.status, OI_SENSE);
    assert_int_equal(script.drive.failure.opcode, 0x00);
    assert_int_equal(script.drive.failure.size, 18);
    assert_int_equal(mmc_sense_code(&script.drive.failure.sense), MMC_SENSE(2, 0x3A, 1));
    assert_int_equal(mmc_test_unit_ready(&script.drive), OI_OK);
    assert_int_equal(script.drive.failure.status, OI_OK);
    assert_int_equal(script.drive.failure.size, 0);
    script_drive_close(&script);
}

static void a_recovered_error_is_success_but_not_in_a_raw_command(void **state)
{
    static const uint8_t cdb[6] = { 0 };
    const struct transport_exchange exchanges[] =
    {
        { CDB(TEST_UNIT_READY), SENSE(1, 0x17, 1) },
        { CDB(TEST_UNIT_READY), SENSE(1, 0x17, 1) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_test_unit_ready(&script.drive), OI_OK);
    assert_int_equal(mmc_execute_cdb(&script.drive, cdb, 6, TRANSPORT_NO_DATA, NULL, 0, 1000, NULL),
                     OI_SENSE);
    script_drive_close(&script);
}

static void check_condition_without_sense_is_no_success(void **state)
{
    const struct transport_exchange exchanges[] = { { CDB(TEST_UNIT_READY), .status = OI_SENSE } };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_test_unit_ready(&script.drive), OI_SENSE);
    script_drive_close(&script);
}

static const uint8_t disc_info[34] = { 0, 32, 0x0E, 1, 1, 1, 1 };

static void a_question_asks_for_the_header_and_then_for_what_it_announces(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(DISC_INFORMATION(4)), REPLY(disc_info) },
        { CDB(DISC_INFORMATION(34)), REPLY(disc_info) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_disc_info_raw(&script.drive, &reply), OI_OK);
    assert_int_equal(reply.size, 34);
    assert_memory_equal(reply.bytes, disc_info, 34);
    mmc_reply_free(&reply);
    assert_null(reply.bytes);
    script_drive_close(&script);
}

static void a_question_gets_past_pending_unit_attentions_but_not_past_endless_ones(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(DISC_INFORMATION(4)), SENSE(6, 0x29, 0) },
        { CDB(DISC_INFORMATION(4)), SENSE(6, 0x28, 0) },
        { CDB(DISC_INFORMATION(4)), REPLY(disc_info) },
        { CDB(DISC_INFORMATION(34)), REPLY(disc_info) },
        { SENSE(6, 0x29, 0) }, { SENSE(6, 0x29, 0) }, { SENSE(6, 0x29, 0) }, { SENSE(6, 0x29, 0) },
        { SENSE(6, 0x29, 0) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_disc_info_raw(&script.drive, &reply), OI_OK);
    mmc_reply_free(&reply);
    assert_int_equal(mmc_read_disc_info_raw(&script.drive, &reply), OI_SENSE);
    assert_null(reply.bytes);
    script_drive_close(&script);
}

static void an_answer_shorter_than_header_or_announcement_is_refused(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { .in = disc_info, .in_size = 3 },
        { .in = disc_info, .in_size = 4 }, { .in = disc_info, .in_size = 33 },
        { .in = disc_info, .in_size = 0 },
        { IN(0, 0, 0, 0) },             /* announces nothing */
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    for (int i = 0; i < 4; i++)
    {
        assert_int_equal(mmc_read_disc_info_raw(&script.drive, &reply), OI_INVALID_RESPONSE);
        assert_int_equal(script.drive.failure.status, OI_INVALID_RESPONSE);
        assert_int_equal(script.drive.failure.opcode, 0x51);
        assert_null(reply.bytes);
    }
    script_drive_close(&script);
}

static void a_misaligned_buffer_is_copied(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { IN(1, 2, 3, 4) },
        { OUT(5, 6, 7, 8) },
    };
    static const uint8_t cdb[6] = { 0x12 };
    _Alignas(8) uint8_t buffer[16] = { 0 };
    struct script_drive script;
    uint32_t got;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    script.transport->alignment_mask = 3;
    assert_int_equal(mmc_execute_cdb(&script.drive, cdb, 6, TRANSPORT_DATA_IN, buffer + 1, 4, 1000, &got),
                     OI_OK);
    assert_int_equal(got, 4);
    assert_memory_equal(buffer, "\0\1\2\3\4\0", 6);
    memcpy(buffer + 1, "\5\6\7\10", 4);
    assert_int_equal(mmc_execute_cdb(&script.drive, cdb, 6, TRANSPORT_DATA_OUT, buffer + 1, 4, 1000, NULL),
                     OI_OK);
    script_drive_close(&script);
}

static void a_cdb_of_impossible_size_is_refused_before_the_transport(void **state)
{
    static const uint8_t cdb[17] = { 0 };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, NULL, 0);
    assert_int_equal(mmc_execute_cdb(&script.drive, cdb, 17, TRANSPORT_NO_DATA, NULL, 0, 1, NULL),
                     OI_INVALID_ARGUMENT);
    assert_int_equal(mmc_execute_cdb(&script.drive, cdb, 0, TRANSPORT_NO_DATA, NULL, 0, 1, NULL),
                     OI_INVALID_ARGUMENT);
    script_drive_close(&script);
}

static void opcodes_have_names(void **state)
{
    (void)state;
    assert_string_equal(mmc_opcode_name(0x28), "READ(10)");
    assert_string_equal(mmc_opcode_name(0xFF), "command");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(inquiry_asks_for_36_bytes_and_trims_the_names),
        cmocka_unit_test(inquiry_that_is_too_short_or_says_so_is_refused),
        cmocka_unit_test(a_failure_keeps_opcode_and_sense_and_success_clears_it),
        cmocka_unit_test(a_recovered_error_is_success_but_not_in_a_raw_command),
        cmocka_unit_test(check_condition_without_sense_is_no_success),
        cmocka_unit_test(a_question_asks_for_the_header_and_then_for_what_it_announces),
        cmocka_unit_test(a_question_gets_past_pending_unit_attentions_but_not_past_endless_ones),
        cmocka_unit_test(an_answer_shorter_than_header_or_announcement_is_refused),
        cmocka_unit_test(a_misaligned_buffer_is_copied),
        cmocka_unit_test(a_cdb_of_impossible_size_is_refused_before_the_transport),
        cmocka_unit_test(opcodes_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
