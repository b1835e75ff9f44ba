/* core/mmc/features.c: GET CONFIGURATION whole, by one feature, and the lists made from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <stdlib.h>
#include <string.h>

#define GET_CONFIGURATION(type, feature, size) \
    0x46, type, (feature) >> 8, (feature) & 0xFF, 0, 0, 0, (size) >> 8, (size) & 0xFF, 0

static const uint8_t whole[] =
{
    0, 0, 0, 36,                        /* length after this field */
    0, 0,
    0x00, 0x1B,                         /* current profile: DVD+R */
    0x00, 0x00, 0x03, 8,                /* profile list, persistent and current */
    0x00, 0x1B, 0x01, 0x00,             /* DVD+R, current */
    0x00, 0x09, 0x00, 0x00,             /* CD-R */
    0x00, 0x2A, 0x00, 4,                /* DVD+RW, not current */
    0x01, 0x00, 0x00, 0x00,
    0x00, 0x2B, 0x0D, 4,                /* DVD+R, version 3, current */
    0x01, 0x00, 0x00, 0x00,
    0x01, 0x05, 0x03, 0,                /* time-out, no data */
};

static void the_configuration_is_walked_feature_by_feature(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(GET_CONFIGURATION(0, 0, 8)), REPLY(whole) },
        { CDB(GET_CONFIGURATION(0, 0, 40)), REPLY(whole) },
    };
    struct mmc_configuration configuration;
    struct mmc_feature_info feature;
    struct script_drive script;
    uint32_t position = 0;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_configuration(&script.drive, false, &configuration), OI_OK);
    assert_int_equal(configuration.profile, 0x1B);
    assert_true(mmc_next_feature(&configuration, &position, &feature));
    assert_int_equal(feature.code, 0);
    assert_int_equal(feature.size, 8);
    assert_true(feature.persistent && feature.current);
    assert_true(mmc_next_feature(&configuration, &position, &feature));
    assert_int_equal(feature.code, 0x2A);
    assert_false(feature.persistent || feature.current);
    assert_true(mmc_next_feature(&configuration, &position, &feature));
    assert_int_equal(feature.version, 3);
    assert_int_equal(feature.data[0], 0x01);
    assert_true(mmc_next_feature(&configuration, &position, &feature));
    assert_int_equal(feature.size, 0);
    assert_false(mmc_next_feature(&configuration, &position, &feature));

    assert_true(mmc_feature_is_current(&configuration, 0x2B));
    assert_false(mmc_feature_is_current(&configuration, 0x2A));
    assert_false(mmc_feature_is_current(&configuration, 0x40));
    assert_true(mmc_find_feature(&configuration, 0x105, &feature));
    mmc_configuration_free(&configuration);
    assert_false(mmc_find_feature(&configuration, 0x105, &feature));
    script_drive_close(&script);
}

static void a_feature_that_reaches_past_the_reply_ends_the_walk(void **state)
{
    static const uint8_t lying[] = { 0, 0, 0, 12, 0, 0, 0, 0x09, 0x00, 0x00, 0x03, 200, 0, 9, 1, 0 };
    const struct transport_exchange exchanges[] = { { REPLY(lying) }, { REPLY(lying) } };
    struct mmc_configuration configuration;
    struct mmc_feature_info feature;
    struct script_drive script;
    uint32_t position = 0;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_configuration(&script.drive, false, &configuration), OI_OK);
    assert_false(mmc_next_feature(&configuration, &position, &feature));
    mmc_configuration_free(&configuration);
    script_drive_close(&script);
}

static void a_length_beyond_reason_or_below_the_header_is_refused(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { IN(0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0) },
        { IN(0, 0, 0x20, 0, 0, 0, 0, 0) },
        { IN(0, 0, 0, 3, 0, 0, 0, 0) },
        { IN(0, 0, 0, 4, 0, 0, 0) },
    };
    struct mmc_configuration configuration;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    for (size_t i = 0; i < COUNT(exchanges); i++)
    {
        assert_int_equal(mmc_read_configuration(&script.drive, false, &configuration), OI_INVALID_RESPONSE);
        assert_null(configuration.reply.bytes);
    }
    script_drive_close(&script);
}

static void a_drive_without_the_command_is_told_apart(void **state)
{
    const struct transport_exchange exchanges[] = { { SENSE(5, 0x20, 0) }, { SENSE(5, 0x24, 0) } };
    struct mmc_configuration configuration;
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_feature(&script.drive, 1, false, &reply), OI_NO_GET_CONFIGURATION);
    assert_int_equal(mmc_read_configuration(&script.drive, false, &configuration), OI_SENSE);
    script_drive_close(&script);
}

/* Header and one descriptor of feature 0021h, not current. */
static const uint8_t one[] =
{
    0, 0, 0, 16, 0, 0, 0, 0x1B,
    0x00, 0x21, 0x00, 8, 0x01, 0x00, 0x01, 0x01, 16, 0, 0, 0,
};

static void one_feature_comes_with_its_own_header_only(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(GET_CONFIGURATION(2, 0x21, 8)), REPLY(one) }, { CDB(GET_CONFIGURATION(2, 0x21, 20)),
                                                             REPLY(one) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_feature(&script.drive, 0x21, false, &reply), OI_OK);
    assert_int_equal(reply.size, 12);
    assert_memory_equal(reply.bytes, one + 8, 12);
    mmc_reply_free(&reply);
    script_drive_close(&script);
}

static void a_feature_may_be_missing_other_not_current_or_cut_off(void **state)
{
    static const uint8_t none[] = { 0, 0, 0, 4, 0, 0, 0, 0x1B };
    static const uint8_t cut[] = { 0, 0, 0, 10, 0, 0, 0, 0x1B, 0x00, 0x21, 0x01, 8, 0, 0 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(none) },
        { REPLY(one) }, { REPLY(one) },
        { REPLY(one) }, { REPLY(one) },
        { REPLY(cut) }, { REPLY(cut) },
    };
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_feature(&script.drive, 0x21, false, &reply), OI_NO_FEATURE);
    assert_int_equal(mmc_read_feature(&script.drive, 0x20, false, &reply), OI_NO_FEATURE);
    assert_int_equal(mmc_read_feature(&script.drive, 0x21, true, &reply), OI_FEATURE_NOT_CURRENT);
    assert_int_equal(mmc_read_feature(&script.drive, 0x21, false, &reply), OI_INVALID_RESPONSE);
    assert_null(reply.bytes);
    script_drive_close(&script);
}

static void features_are_listed_in_the_drives_order(void **state)
{
    static const uint16_t all[] = { 0x00, 0x2A, 0x2B, 0x105 }, current[] = { 0x00, 0x2B, 0x105 };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(whole) }, { REPLY(whole) },
        { CDB(GET_CONFIGURATION(1, 0, 8)), REPLY(whole) }, { REPLY(whole) },
    };
    struct script_drive script;
    uint16_t *codes;
    size_t count;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_list_features(&script.drive, false, &codes, &count), OI_OK);
    assert_int_equal(count, 4);
    assert_memory_equal(codes, all, sizeof(all));
    free(codes);
    assert_int_equal(mmc_list_features(&script.drive, true, &codes, &count), OI_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(codes, current, sizeof(current));
    free(codes);
    script_drive_close(&script);
}

static void profiles_are_listed_all_or_current(void **state)
{
    static const uint8_t profiles[] =
    {
        0, 0, 0, 18, 0, 0, 0, 0x1B,
        0x00, 0x00, 0x03, 10,           /* two and a half entries: the half one is dropped */
        0x00, 0x1B, 0x01, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x0A,
    };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(profiles) }, { REPLY(profiles) }, { REPLY(profiles) }, { REPLY(profiles) },
    };
    struct script_drive script;
    uint16_t *codes;
    size_t count;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_list_profiles(&script.drive, false, &codes, &count), OI_OK);
    assert_int_equal(count, 2);
    assert_int_equal(codes[0], 0x1B);
    assert_int_equal(codes[1], 0x09);
    free(codes);
    assert_int_equal(mmc_list_profiles(&script.drive, true, &codes, &count), OI_OK);
    assert_int_equal(count, 1);
    assert_int_equal(codes[0], 0x1B);
    free(codes);
    script_drive_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_configuration_is_walked_feature_by_feature),
        cmocka_unit_test(a_feature_that_reaches_past_the_reply_ends_the_walk),
        cmocka_unit_test(a_length_beyond_reason_or_below_the_header_is_refused),
        cmocka_unit_test(a_drive_without_the_command_is_told_apart),
        cmocka_unit_test(one_feature_comes_with_its_own_header_only),
        cmocka_unit_test(a_feature_may_be_missing_other_not_current_or_cut_off),
        cmocka_unit_test(features_are_listed_in_the_drives_order),
        cmocka_unit_test(profiles_are_listed_all_or_current),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
