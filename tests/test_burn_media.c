/* core/burn on the virtual recorder: blank, append, close, verify, for each medium. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include <stdlib.h>
#include <string.h>

static struct rig rig;

/* What the medium must say after one session of 1000 blocks, options at their defaults. */
struct expectation
{
    const char *medium;
    uint32_t padding;
    uint32_t state;
    bool closed;
    bool calibrates, formats;
};

static const struct expectation expectations[] =
{
    { "cd-r", 150, MMC_STATE_APPENDABLE, false, true, false },
    { "cd-rw", 150, MMC_STATE_APPENDABLE, false, true, false },
    /* The default is the compatible way: closed. */
    { "dvd+r", 8, MMC_STATE_FINALIZED, true, true, false },
    { "dvd+rw", 0, MMC_STATE_OVERWRITABLE, false, false, true },
    { "bd-r", 24, MMC_STATE_APPENDABLE, false, true, false },
    { "bd-re", 0, MMC_STATE_OVERWRITABLE, false, false, true },
};

static void check_actions(const struct expectation *expected)
{
    assert_int_equal(rig_count_action(&rig, BURN_VALIDATING), 1);
    assert_int_equal(rig_count_action(&rig, BURN_FORMATTING), expected->formats);
    assert_int_equal(rig_count_action(&rig, BURN_INITIALIZING), 1);
    assert_int_equal(rig_count_action(&rig, BURN_CALIBRATING), expected->calibrates);
    assert_true(rig_count_action(&rig, BURN_WRITING) >= 2);
    assert_int_equal(rig_count_action(&rig, BURN_FINALIZING), 1);
    assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), 1);
    assert_int_equal(rig.events[0].action, BURN_VALIDATING);
    assert_int_equal(rig.events[rig.event_count - 1].action, BURN_COMPLETED);
}

static void a_blank_medium_takes_data_and_says_so_afterwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(expectations) / sizeof(expectations[0]); i++)
    {
        const struct expectation *expected = &expectations[i];
        struct mmc_medium medium;
        enum oi_status status;

        print_message("%s\n", expected->medium);
        rig_open(&rig, expected->medium);
        rig.burn.verify = BURN_VERIFY_FULL;
        status = rig_burn(&rig, 1000, 7);
        assert_string_equal(status_name(status), "OI_OK");
        assert_int_equal(rig.result.start, 0);
        assert_int_equal(rig.result.count, 1000);
        assert_int_equal(rig.result.padding, expected->padding);
        assert_int_equal(rig.result.closed, expected->closed);
        check_actions(expected);
        rig_check_image(&rig, 0, 1000, 7, 0);
        rig_check_zeros(&rig, 1000, expected->padding);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.state, expected->state);
        rig_close(&rig);
    }
}

static void a_second_session_is_appended_behind_the_first(void **state)
{
    static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "bd-r" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        struct mmc_medium medium;
        uint32_t start;

        print_message("%s\n", media[i]);
        rig_open(&rig, media[i]);
        rig.burn.no_compatibility = true;
        rig.burn.verify = BURN_VERIFY_QUICK;
        rig_expect(&rig, 500, 1, OI_OK);
        assert_false(rig.result.closed);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
        assert_int_equal(medium.sessions, 1);
        assert_int_equal(medium.tracks, 1);
        assert_int_equal(medium.previous_session, 0);
        assert_true(medium.last_written >= 499);
        start = medium.next_writable;
        assert_true(start > (uint32_t)medium.last_written);

        rig_expect(&rig, 600, 2, OI_OK);
        assert_int_equal(rig.result.start, start);
        rig_check_image(&rig, 0, 500, 1, 0);
        rig_check_image(&rig, start, 600, 2, 0);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.sessions, 2);
        assert_int_equal(medium.previous_session, start);

        rig.burn.force_close = true;
        rig.burn.verify = BURN_VERIFY_FULL;
        start = medium.next_writable;
        rig_expect(&rig, 700, 3, OI_OK);
        assert_true(rig.result.closed);
        rig_check_image(&rig, start, 700, 3, 0);
        rig_probe(&rig, &medium);
        assert_true(medium.state & MMC_STATE_FINALIZED);
        assert_int_equal(medium.sessions, 3);
        rig_expect(&rig, 500, 4, OI_MEDIUM_STATE);
        rig_close(&rig);
    }
}

static void a_second_session_may_fill_the_disc_to_the_last_block(void **state)
{
    static const char *const media[] = { "cd-r 20480", "cd-rw 20480", "dvd+r 12288", "bd-r 4096" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        struct mmc_medium medium;
        uint32_t room, start;

        rig_open(&rig, media[i]);
        rig.burn.no_compatibility = true;
        rig_expect(&rig, 500, 1, OI_OK);
        rig_probe(&rig, &medium);
        start = medium.next_writable;
        room = burn_data_free_blocks(&medium, &rig.burn);
        assert_in_range(room, 1000, 10000);
        rig_expect(&rig, room + 1, 2, OI_TOO_LARGE);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.next_writable, start);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, room, 2, OI_OK);
        /* Nothing is left: it is closed, whoever wanted to go on. */
        assert_true(rig.result.closed);
        rig_check_image(&rig, 0, 500, 1, 0);
        rig_check_image(&rig, start, room, 2, 0);
        rig_close(&rig);
    }
}

/* In every event, in whatever order the ranges come. */
static void a_burn_of_one_block_has_events_that_can_be_divided_by(void **state)
{
    static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-r", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        rig_open(&rig, media[i]);
        rig.burn.no_compatibility = true;
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, 1, 1, OI_OK);
        rig_check_image(&rig, 0, 1, 1, 0);
        rig.burn.force_overwrite = true;
        rig_expect(&rig, 1, 2, OI_OK);
        rig_check_image(&rig, rig.result.start, 1, 2, 0);
        assert_int_equal(rig.events[0].action, BURN_VALIDATING);
        assert_int_equal(rig.events[rig.event_count - 1].action, BURN_COMPLETED);
        rig_close(&rig);
    }
}

static void what_an_overwritable_medium_holds_is_kept_unless_told_otherwise(void **state)
{
    static const char *const media[] = { "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        rig_open(&rig, media[i]);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, 1000, 1, OI_OK);
        rig_expect(&rig, 900, 2, OI_MEDIUM_NOT_BLANK);
        rig_check_image(&rig, 0, 1000, 1, 0);
        assert_int_equal(rig_count_action(&rig, BURN_INITIALIZING), 0);
        rig.burn.force_overwrite = true;
        rig_expect(&rig, 900, 3, OI_OK);
        assert_int_equal(rig_count_action(&rig, BURN_FORMATTING), 0);
        rig_check_image(&rig, 0, 900, 3, 0);
        rig_close(&rig);
    }
}

static void ranges_are_written_in_order_and_nothing_else_is_touched(void **state)
{
    static const struct burn_range ranges[] = { { 1000, 1499 }, { 0, 39 }, { 262, 263 } };
    static const char *const media[] = { "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        rig_open(&rig, media[i]);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, 1000, 1, OI_OK);
        rig.burn.ranges = ranges;
        rig.burn.range_count = 3;
        rig_expect(&rig, 1500, 2, OI_OK);
        assert_int_equal(rig.result.start, 1000);
        assert_int_equal(rig.result.count, 542);
        rig_check_image(&rig, 1000, 500, 2, 1000);
        rig_check_image(&rig, 0, 40, 2, 0);
        rig_check_image(&rig, 40, 222, 1, 40);
        rig_check_image(&rig, 262, 2, 2, 262);
        rig_check_image(&rig, 264, 736, 1, 264);
        rig_close(&rig);
    }
}

static void ranges_that_are_the_whole_source_are_no_way_round_force_overwrite(void **state)
{
    static const struct burn_range ranges[] = { { 500, 999 }, { 0, 499 } };

    (void)state;
    rig_open(&rig, "dvd+rw");
    rig.burn.ranges = ranges;
    rig.burn.range_count = 2;
    rig_expect(&rig, 1000, 1, OI_OK);
    rig_check_image(&rig, 0, 1000, 1, 0);
    rig_expect(&rig, 1000, 2, OI_MEDIUM_NOT_BLANK);
    rig.burn.force_overwrite = true;
    rig_expect(&rig, 1000, 2, OI_OK);
    rig_check_image(&rig, 0, 1000, 2, 0);
    rig_close(&rig);
}

static void ranges_that_cannot_be_are_refused(void **state)
{
    static const struct burn_range turned[] = { { 10, 9 } }, outside[] = { { 0, 100 } };
    static const struct burn_range twice[] = { { 0, 99 }, { 0, 0 } }, fine[] = { { 0, 15 } };

    (void)state;
    rig_open(&rig, "dvd+rw");
    rig.burn.range_count = 1;
    rig.burn.ranges = turned;
    rig_expect(&rig, 100, 1, OI_INVALID_ARGUMENT);
    rig.burn.ranges = outside;
    rig_expect(&rig, 100, 1, OI_INVALID_ARGUMENT);
    rig.burn.ranges = twice;
    rig.burn.range_count = 2;
    rig_expect(&rig, 100, 1, OI_INVALID_ARGUMENT);
    rig_close(&rig);
    rig_open(&rig, "dvd+r");
    rig.burn.ranges = fine;
    rig.burn.range_count = 1;
    rig_expect(&rig, 100, 1, OI_NOT_SUPPORTED);
    rig_close(&rig);
}

static void dvd_plus_r_is_closed_as_the_two_options_say(void **state)
{
    static const struct
    {
        bool no_compatibility, force_close, closed;
    } rows[] =
    {
        { false, true, true }, { false, false, true }, { true, true, true }, { true, false, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        rig_open(&rig, "dvd+r");
        rig.burn.no_compatibility = rows[i].no_compatibility;
        rig.burn.force_close = rows[i].force_close;
        rig_expect(&rig, 160, 1, OI_OK);
        assert_int_equal(rig.result.closed, rows[i].closed);
        rig_close(&rig);
    }
}

static void a_disc_with_two_percent_left_is_closed_in_any_case(void **state)
{
    static const struct
    {
        const char *medium;
        uint32_t blocks;
        bool closed;
    } rows[] =
    {
        { "cd-r 30000", 18000, true }, { "cd-r 30000", 17000, false },
        { "bd-r 16384", 16064, true }, { "bd-r 16384", 15000, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        print_message("%s, %u blocks\n", rows[i].medium, rows[i].blocks);
        rig_open(&rig, rows[i].medium);
        rig_expect(&rig, rows[i].blocks, 1, OI_OK);
        assert_int_equal(rig.result.closed, rows[i].closed);
        rig_close(&rig);
    }
}

static void the_postgap_of_a_cd_may_be_in_the_source_already(void **state)
{
    (void)state;
    rig_open(&rig, "cd-r");
    rig.burn.postgap_in_source = true;
    rig_expect(&rig, 1000, 1, OI_OK);
    assert_int_equal(rig.result.padding, 0);
    rig_close(&rig);
    /* A track has 300 blocks at least. */
    rig_open(&rig, "cd-r");
    rig.burn.postgap_in_source = true;
    rig_expect(&rig, 10, 1, OI_OK);
    assert_int_equal(rig.result.padding, 290);
    rig_close(&rig);
}

static void a_test_write_leaves_the_disc_blank_and_the_bit_cleared(void **state)
{
    static const char *const media[] = { "dvd+r", "dvd+rw", "bd-r", "bd-re" };
    struct mmc_medium medium;
    struct mmc_reply page;

    (void)state;
    rig_open(&rig, "cd-r");
    rig.burn.test_write = true;
    rig.burn.verify = BURN_VERIFY_FULL;
    rig_expect(&rig, 1000, 1, OI_OK);
    assert_int_equal(rig_count_action(&rig, BURN_CALIBRATING), 0);
    assert_int_equal(rig_count_action(&rig, BURN_VERIFYING), 0);
    assert_int_equal(mmc_read_mode_page(&rig.drive, 5, MMC_PAGE_CURRENT, &page), OI_OK);
    assert_int_equal(page.bytes[2] & 0x10, 0);
    mmc_reply_free(&page);
    rig_probe(&rig, &medium);
    assert_int_equal(medium.state, MMC_STATE_BLANK);
    rig_close(&rig);
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        rig_open(&rig, media[i]);
        rig.burn.test_write = true;
        rig_expect(&rig, 1000, 1, OI_NOT_SUPPORTED);
        rig_close(&rig);
    }
}

static void the_nearest_speed_is_taken_and_told(void **state)
{
    (void)state;
    rig_open(&rig, "dvd+r");
    rig.burn.set_speed = true;
    rig.burn.speed = MMC_FASTEST;
    rig_expect(&rig, 100, 1, OI_OK);
    assert_false(rig.result.speed_adjusted);
    rig_close(&rig);
    rig_open(&rig, "dvd+r");
    rig.burn.set_speed = true;
    rig.burn.speed = 1234;
    rig_expect(&rig, 100, 1, OI_OK);
    assert_true(rig.result.speed_adjusted);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_blank_medium_takes_data_and_says_so_afterwards),
        cmocka_unit_test(a_second_session_is_appended_behind_the_first),
        cmocka_unit_test(a_second_session_may_fill_the_disc_to_the_last_block),
        cmocka_unit_test(a_burn_of_one_block_has_events_that_can_be_divided_by),
        cmocka_unit_test(what_an_overwritable_medium_holds_is_kept_unless_told_otherwise),
        cmocka_unit_test(ranges_are_written_in_order_and_nothing_else_is_touched),
        cmocka_unit_test(ranges_that_are_the_whole_source_are_no_way_round_force_overwrite),
        cmocka_unit_test(ranges_that_cannot_be_are_refused),
        cmocka_unit_test(dvd_plus_r_is_closed_as_the_two_options_say),
        cmocka_unit_test(a_disc_with_two_percent_left_is_closed_in_any_case),
        cmocka_unit_test(the_postgap_of_a_cd_may_be_in_the_source_already),
        cmocka_unit_test(a_test_write_leaves_the_disc_blank_and_the_bit_cleared),
        cmocka_unit_test(the_nearest_speed_is_taken_and_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
