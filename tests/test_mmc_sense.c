/* core/mmc/sense.c and sense_rules.c: both formats say the same, and every sense has one answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/mmc.h"

#include <string.h>

static void fixed_sense_has_key_at_2_and_codes_at_12_and_13(void **state)
{
    static const uint8_t bytes[18] =
    {
        0xF0,                           /* valid, current, fixed */
        0x00,
        0x23,                           /* ILI, key 3 */
        0, 0, 0, 0,                     /* information */
        10,                             /* additional length */
        0, 0, 0, 0,
        0x0C, 0x07,                     /* ASC, ASCQ */
        0x00, 0x00, 0x00, 0x00,
    };
    struct mmc_sense sense;

    (void)state;
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(3, 0x0C, 0x07));
    assert_false(sense.deferred);
    assert_false(sense.progress_valid);
}

static void descriptor_sense_says_the_same(void **state)
{
    static const uint8_t bytes[] =
    {
        0x73,                           /* deferred, descriptor */
        0x02,                           /* key */
        0x04, 0x07,                     /* ASC, ASCQ */
        0, 0, 0,
        20,                             /* additional length */
        0x00, 0x0A, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 9,    /* information descriptor */
        0x02, 0x06, 0, 0,               /* sense-key specific */
        0x80, 0x40, 0x01,               /* SKSV, progress */
        0x00,
    };
    static const uint8_t expected[18] =
    {
        0x71, 0, 0x02, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x07, 0, 0x80, 0x40, 0x01,
    };
    uint8_t fixed[MMC_FIXED_SENSE_SIZE];
    struct mmc_sense sense;

    (void)state;
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(2, 4, 7));
    assert_true(sense.deferred);
    assert_true(sense.progress_valid);
    assert_int_equal(sense.progress, 0x4001);
    mmc_sense_to_fixed(bytes, sizeof(bytes), fixed);
    assert_memory_equal(fixed, expected, sizeof(fixed));
}

static void the_valid_bit_is_not_needed_and_71h_is_deferred(void **state)
{
    static const uint8_t bytes[18] = { 0x71, 0, 0x03, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0x00 };
    struct mmc_sense sense;

    (void)state;
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(3, 0x0C, 0));
    assert_true(sense.deferred);
}

static void progress_is_read_only_where_it_means_progress(void **state)
{
    uint8_t bytes[18] = { 0x70, 0, 0x02, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x04, 0, 0x80, 0x7F, 0xFF };
    struct mmc_sense sense;

    (void)state;
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_true(sense.progress_valid);
    assert_int_equal(sense.progress, 0x7FFF);
    bytes[2] = 0x05;                    /* here the field is a pointer to the wrong byte of the CDB */
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_false(sense.progress_valid);
    bytes[2] = 0x02;
    bytes[15] = 0;
    mmc_sense_parse(bytes, sizeof(bytes), &sense);
    assert_false(sense.progress_valid);
}

static void short_garbage_and_lying_sense_is_read_no_further_than_it_goes(void **state)
{
    static const uint8_t lying[10] = { 0x72, 0x05, 0x24, 0x00, 0, 0, 0, 0xFF, 0x02, 0x06 };
    static const uint8_t endless[12] = { 0x72, 0x05, 0x24, 0x00, 0, 0, 0, 0xFF, 0x01, 0xFF, 0x02, 0x06 };
    uint8_t fixed[MMC_FIXED_SENSE_SIZE], heap[4] = { 0x70, 0, 0x05, 0 };
    struct mmc_sense sense;

    (void)state;
    mmc_sense_parse(NULL, 0, &sense);
    assert_int_equal(mmc_sense_code(&sense), 0);
    mmc_sense_parse(heap, 3, &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(5, 0, 0));
    mmc_sense_parse((const uint8_t *)"\x12\x34\x56\x78", 4, &sense);
    assert_int_equal(mmc_sense_code(&sense), 0);
    mmc_sense_parse(lying, sizeof(lying), &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(5, 0x24, 0));
    assert_false(sense.progress_valid);
    mmc_sense_parse(endless, sizeof(endless), &sense);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(5, 0x24, 0));
    mmc_sense_to_fixed(lying, sizeof(lying), fixed);
    assert_int_equal(fixed[2], 5);
    mmc_sense_to_fixed(NULL, 0, fixed);
    assert_int_equal(fixed[0], 0);
    mmc_sense_to_fixed(heap, sizeof(heap), fixed);
    assert_int_equal(fixed[2], 5);
    assert_int_equal(fixed[17], 0);
}

static const struct mmc_sense_rule *rule_of(uint32_t code)
{
    const struct mmc_sense sense = { .key = (uint8_t)(code >> 16), .asc = (uint8_t)(code >> 8),
                                     .ascq = (uint8_t)code };

    return mmc_sense_rule(&sense);
}

static void the_rules_say_what_to_do(void **state)
{
    static const struct
    {
        uint32_t code;
        enum mmc_action action;
        enum oi_status status;
    } rows[] =
    {
        { MMC_SENSE(0, 0, 0), MMC_ACTION_GO_ON, OI_OK },
        { MMC_SENSE(1, 0x17, 1), MMC_ACTION_GO_ON, OI_OK },
        { MMC_SENSE(1, 0x5D, 0xFF), MMC_ACTION_GO_ON, OI_OK },
        { MMC_SENSE(2, 0x04, 0), MMC_ACTION_POLL, OI_SENSE },
        { MMC_SENSE(2, 0x04, 1), MMC_ACTION_POLL, OI_SENSE },
        { MMC_SENSE(2, 0x04, 2), MMC_ACTION_START, OI_SENSE },
        { MMC_SENSE(2, 0x04, 3), MMC_ACTION_FAIL, OI_SENSE },
        { MMC_SENSE(2, 0x04, 7), MMC_ACTION_POLL, OI_SENSE },
        { MMC_SENSE(2, 0x04, 8), MMC_ACTION_REPEAT, OI_SENSE },
        { MMC_SENSE(2, 0x3A, 2), MMC_ACTION_FAIL, OI_NO_MEDIUM },
        { MMC_SENSE(3, 0x0C, 0), MMC_ACTION_RESYNC, OI_SENSE },
        { MMC_SENSE(3, 0x0C, 9), MMC_ACTION_RESYNC, OI_LOSS_OF_STREAMING },
        { MMC_SENSE(3, 0x0C, 0x0D), MMC_ACTION_GO_ON, OI_OK },
        { MMC_SENSE(3, 0x73, 3), MMC_ACTION_RETRY_SLOWER, OI_SENSE },
        { MMC_SENSE(3, 0x31, 0), MMC_ACTION_FORMAT, OI_MEDIUM_NOT_FORMATTED },
        { MMC_SENSE(5, 0x21, 2), MMC_ACTION_RESYNC, OI_SENSE },
        { MMC_SENSE(5, 0x2C, 0), MMC_ACTION_FLUSH_AND_RETRY, OI_SENSE },
        { MMC_SENSE(5, 0x72, 3), MMC_ACTION_CLOSE_TRACK, OI_SENSE },
        { MMC_SENSE(5, 0x63, 0), MMC_ACTION_FAIL, OI_TOO_LARGE },
        { MMC_SENSE(6, 0x28, 0), MMC_ACTION_MEDIUM_CHANGED, OI_SENSE },
        { MMC_SENSE(7, 0x27, 0), MMC_ACTION_FAIL, OI_MEDIUM_PROTECTED },
        { MMC_SENSE(0xB, 0x04, 0), MMC_ACTION_POLL, OI_SENSE },
        { MMC_SENSE(0xB, 0x47, 0), MMC_ACTION_RETRY, OI_SENSE },
        { MMC_SENSE(0xE, 0x77, 0x77), MMC_ACTION_FAIL, OI_SENSE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        const struct mmc_sense_rule *rule = rule_of(rows[i].code);

        if (rule->action != rows[i].action || rule->status != rows[i].status)
        {
            fail_msg("%06X: action %d, status %s", (unsigned int)rows[i].code, rule->action,
                     status_name(rule->status));
        }
    }
}

static void every_possible_sense_meets_a_rule(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 0x100000; code++)
    {
        const struct mmc_sense_rule *rule = rule_of(code);

        /* What is no error ends as success, and nothing else does. */
        if ((rule->action == MMC_ACTION_GO_ON) != (rule->status == OI_OK)) fail_msg("%06X",
                                                                                    (unsigned int)code);
        if (!rule->text) fail_msg("%06X has no text", (unsigned int)code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(fixed_sense_has_key_at_2_and_codes_at_12_and_13),
        cmocka_unit_test(descriptor_sense_says_the_same),
        cmocka_unit_test(the_valid_bit_is_not_needed_and_71h_is_deferred),
        cmocka_unit_test(progress_is_read_only_where_it_means_progress),
        cmocka_unit_test(short_garbage_and_lying_sense_is_read_no_further_than_it_goes),
        cmocka_unit_test(the_rules_say_what_to_do),
        cmocka_unit_test(every_possible_sense_meets_a_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
