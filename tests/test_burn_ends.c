/* core/burn: every way in which a burn is refused, stopped or cut short, and what it leaves behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include <stdio.h>
#include <string.h>

static struct rig rig;
static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "dvd+rw", "bd-r", "bd-re" };

#define EACH_MEDIUM(i) for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)

static bool is_overwritable(const char *medium)
{
    return !strcmp(medium, "dvd+rw") || !strcmp(medium, "bd-re");
}

/* --- refused before anything is written ----------------------------------------------------------------- */

static void an_empty_drive_is_told(void **state)
{
    (void)state;
    rig_open(&rig, "none");
    rig_expect(&rig, 100, 1, OI_NO_MEDIUM);
    assert_int_equal(rig.drive.failure.sense.asc, 0x3A);
    assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), 0);
    rig_close(&rig);
}

static void a_source_that_is_no_whole_number_of_blocks_is_refused(void **state)
{
    struct source *odd, *empty;

    (void)state;
    rig_open(&rig, "dvd+r");
    assert_int_equal(source_zero_create(2047, &odd), OI_OK);
    assert_int_equal(source_zero_create(0, &empty), OI_OK);
    assert_int_equal(burn_data(&rig.drive, odd, NULL, NULL, NULL), OI_NOT_ALIGNED);
    assert_int_equal(burn_data(&rig.drive, empty, NULL, NULL, NULL), OI_NOT_ALIGNED);
    source_unref(odd);
    source_unref(empty);
    rig_close(&rig);
}

static void options_callbacks_and_result_may_be_left_out(void **state)
{
    struct source *source;

    (void)state;
    rig_open(&rig, "cd-r");
    assert_int_equal(source_zero_create(300 * 2048, &source), OI_OK);
    assert_int_equal(burn_data(&rig.drive, source, NULL, NULL, NULL), OI_OK);
    source_unref(source);
    rig_close(&rig);
}

static void what_does_not_fit_is_refused_and_what_just_fits_is_not(void **state)
{
    static const char *const small[] =
    {
        "cd-r 4096", "cd-rw 4096", "dvd+r 4096", "dvd+rw 4096", "bd-r 4096", "bd-re 4096",
    };
    struct mmc_medium medium;

    (void)state;
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
    {
        uint32_t room;

        print_message("%s\n", small[i]);
        rig_open(&rig, small[i]);
        rig_probe(&rig, &medium);
        room = burn_data_free_blocks(&medium, &rig.burn);
        assert_in_range(room, 3900, 4096);
        assert_int_equal(burn_data_check(&medium, room + 1, &rig.burn), OI_TOO_LARGE);
        rig_expect(&rig, room + 1, 1, OI_TOO_LARGE);
        assert_int_equal(rig_count_action(&rig, BURN_WRITING), 0);
        assert_int_equal(rig.source.bytes_read, 0);
        rig_probe(&rig, &medium);
        assert_true(medium.state & MMC_STATE_BLANK);

        assert_int_equal(burn_data_check(&medium, room, &rig.burn), OI_OK);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, room, 1, OI_OK);
        rig_check_image(&rig, 0, room, 1, 0);
        rig_close(&rig);
    }
}

static void a_write_protected_disc_is_told_and_stays_as_it_is(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        struct mmc_medium medium;

        rig_open(&rig, media[i]);
        assert_int_equal(emu_set_write_protect(rig.emu, 1), OI_OK);
        rig_expect(&rig, 100, 1, OI_MEDIUM_PROTECTED);
        assert_int_equal(emu_set_write_protect(rig.emu, 0), OI_OK);
        rig_probe(&rig, &medium);
        assert_true(medium.state & MMC_STATE_BLANK);
        rig_close(&rig);
    }
}

static void a_finished_disc_is_told(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        if (is_overwritable(media[i])) continue;
        rig_open(&rig, media[i]);
        rig.burn.force_close = true;
        rig.burn.force_overwrite = true;
        rig_expect(&rig, 500, 1, OI_OK);
        rig_expect(&rig, 500, 2, OI_MEDIUM_STATE);
        rig_check_image(&rig, 0, 500, 1, 0);
        rig_close(&rig);
    }
}

static void a_drive_that_stays_busy_is_not_waited_for_for_ever(void **state)
{
    (void)state;
    rig_prepare(&rig, "dvd+r");
    rig_plug_in(&rig, "TEST UNIT READY -> 02/04/01");
    rig_expect(&rig, 100, 1, OI_TIMEOUT);
    assert_in_range(rig.clock.milliseconds, 1, 400 * 1000);
    rig_close(&rig);
}

/* --- stopped -------------------------------------------------------------------------------------------- */

/* The disc is of use: appendable, or still blank, or overwritable; and its tray is free. */
static void check_left_in_order(const char *name)
{
    static const uint32_t bad = MMC_STATE_NON_EMPTY_SESSION | MMC_STATE_DAMAGED;
    const struct mmc_wait wait = { .limit = 60000, .period = 500 };
    struct mmc_medium medium;

    assert_int_equal(mmc_wait_ready(&rig.drive, &wait), OI_OK);
    assert_int_equal(mmc_start_stop(&rig.drive, MMC_EJECT, false), OI_OK);
    assert_int_equal(mmc_start_stop(&rig.drive, MMC_LOAD, false), OI_OK);
    rig_probe(&rig, &medium);
    if (medium.state & bad) fail_msg("%s left in state %04X", name, (unsigned int)medium.state);
    if (is_overwritable(name)) return;
    assert_true(medium.state & (MMC_STATE_BLANK | MMC_STATE_APPENDABLE));
}

static void cancelling_at_any_action_ends_the_burn_in_good_order(void **state)
{
    static const enum burn_action actions[] =
    {
        BURN_VALIDATING, BURN_FORMATTING, BURN_INITIALIZING, BURN_CALIBRATING, BURN_WRITING, BURN_FINALIZING,
        BURN_VERIFYING,
    };

    (void)state;
    EACH_MEDIUM(i)
    {
        for (size_t j = 0; j < sizeof(actions) / sizeof(actions[0]); j++)
        {
            enum oi_status status;

            rig_open(&rig, media[i]);
            rig.burn.verify = BURN_VERIFY_FULL;
            rig.burn.no_compatibility = true;
            rig.cancel_at_action = (int)actions[j];
            status = rig_burn(&rig, 1000, 1);
            /* Not every medium has every action. */
            if (status != (rig_count_action(&rig, actions[j]) ? OI_CANCELLED : OI_OK))
            {
                fail_msg("%s, action %d: %s", media[i], actions[j], status_name(status));
            }
            assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), status == OI_OK);
            check_left_in_order(media[i]);
            rig_close(&rig);
        }
    }
}

static bool cancelled_later(void *context)
{
    int *left = context;

    return --*left < 0;
}

static void cancelling_in_mid_write_leaves_what_was_written_readable(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        struct burn_callbacks callbacks = { .cancelled = cancelled_later };
        struct mmc_medium medium;
        int polls = 14;

        rig_open(&rig, media[i]);
        rig.burn.no_compatibility = true;
        callbacks.context = &polls;
        rig.callbacks = callbacks;
        rig_expect(&rig, 20000, 1, OI_CANCELLED);
        assert_in_range(rig.source.bytes_read, 2048, 20000 * 2048 - 1);
        rig_check_image(&rig, 0, (uint32_t)(rig.source.bytes_read / 2048) - 1, 1, 0);
        check_left_in_order(media[i]);
        rig_probe(&rig, &medium);
        if (!is_overwritable(media[i]))
        {
            assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
            assert_int_equal(medium.sessions, 1);
            /* And the next burn goes behind it. */
            rig.callbacks.cancelled = NULL;
            rig_expect(&rig, 300, 2, OI_OK);
            assert_int_equal(rig.result.start, medium.next_writable);
        }
        rig_close(&rig);
    }
}

/* --- cut short ------------------------------------------------------------------------------------------ */

static void a_source_that_fails_or_ends_early_ends_the_burn_in_good_order(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        for (int shorter = 0; shorter < 2; shorter++)
        {
            rig_open(&rig, media[i]);
            rig.burn.no_compatibility = true;
            if (shorter) rig.source.real_size = 5000 * 2048 + 7;
            else rig.source.fails_at = 5000 * 2048;
            rig_expect(&rig, 10000, 1, shorter ? OI_SOURCE_SIZE : OI_SOURCE_READ);
            assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), 0);
            check_left_in_order(media[i]);
            rig_close(&rig);

            /* From the very beginning: nothing is written at all. */
            rig_open(&rig, media[i]);
            if (shorter) rig.source.real_size = 7;
            else rig.source.fails_at = 1;
            rig_expect(&rig, 10000, 1, shorter ? OI_SOURCE_SIZE : OI_SOURCE_READ);
            check_left_in_order(media[i]);
            rig_close(&rig);
        }
    }
}

static void a_disc_removed_in_mid_burn_is_told(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        rig_prepare(&rig, media[i]);
        rig_plug_in(&rig, "after 4 MiB -> removed");
        rig_expect(&rig, 10000, 1, OI_NO_MEDIUM);
        assert_int_equal(rig.drive.failure.opcode, MMC_WRITE_10);
        assert_int_equal(mmc_sense_code(&rig.drive.failure.sense), MMC_SENSE(2, 0x3A, 2));
        rig_close(&rig);
    }
}

static void a_device_that_goes_away_is_told(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        rig_prepare(&rig, media[i]);
        rig_plug_in(&rig, "after 4 MiB -> gone");
        rig_expect(&rig, 10000, 1, OI_DEVICE_GONE);
        rig_close(&rig);
    }
}

static void a_burn_that_was_killed_is_put_in_order_by_the_next_one(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        struct mmc_medium medium;

        if (is_overwritable(media[i])) continue;
        rig_prepare(&rig, media[i]);
        rig_plug_in(&rig, "after 4 MiB -> gone");
        rig.burn.no_compatibility = true;
        rig_expect(&rig, 10000, 1, OI_DEVICE_GONE);
        rig_probe(&rig, &medium);
        assert_true(medium.state & MMC_STATE_NON_EMPTY_SESSION);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, 400, 2, OI_OK);
        rig_check_image(&rig, rig.result.start, 400, 2, 0);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
        assert_int_equal(medium.sessions, 2);
        rig_close(&rig);
    }
}

/* --- time ----------------------------------------------------------------------------------------------- */

static void progress_comes_every_half_second_while_writing(void **state)
{
    size_t writing;

    (void)state;
    rig_prepare(&rig, "cd-r");
    rig.options.speed = 4;              /* 300 blocks a second */
    rig.options.times = emu_times_realistic;
    rig.options.buffer_size = 64 * 1024;
    rig_plug_in(&rig, NULL);
    rig_expect(&rig, 3000, 1, OI_OK);
    writing = rig_count_action(&rig, BURN_WRITING);
    assert_in_range(writing, 15, 25);
    for (size_t i = 1; i < rig.event_count; i++)
    {
        const struct burn_progress *event = &rig.events[i];

        if (event->action != BURN_WRITING || event[-1].action != BURN_WRITING) continue;
        assert_true(event->last_written >= event[-1].last_written);
        assert_true(event->total >= event->elapsed);
    }
    rig_close(&rig);
}

static void a_drive_with_a_full_buffer_is_waited_for(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        rig_prepare(&rig, media[i]);
        rig.options.speed = 2;
        rig.options.behaviour.report_long_write = 1;
        rig.options.times = emu_times_realistic;
        rig_plug_in(&rig, NULL);
        rig.burn.verify = BURN_VERIFY_FULL;
        rig_expect(&rig, 8000, 1, OI_OK);
        rig_check_image(&rig, 0, 8000, 1, 0);
        rig_close(&rig);
    }
}

static void drives_differ_and_all_of_them_are_written(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        for (int kind = 0; kind < 5; kind++)
        {
            rig_prepare(&rig, media[i]);
            rig.options.times = emu_times_realistic;
            if (kind == 0) rig.options.behaviour.immed_ignored = 1;
            if (kind == 1) rig.options.behaviour.close_nothing_is_error = 1;
            if (kind == 2) rig.options.behaviour.info_while_busy = 1;
            if (kind == 3) rig.options.times.info_late = 3000;
            if (kind == 4) rig.burn.large_writes = false;
            rig_plug_in(&rig, NULL);
            rig.burn.verify = BURN_VERIFY_FULL;
            rig.burn.no_compatibility = true;
            rig_expect(&rig, 700, 1, OI_OK);
            if (!is_overwritable(media[i])) rig_expect(&rig, 700, 2, OI_OK);
            rig_check_image(&rig, rig.result.start, 700, is_overwritable(media[i]) ? 1 : 2, 0);
            rig_close(&rig);
        }
        rig_prepare(&rig, media[i]);
        rig_plug_in(&rig, NULL);
        rig.drive.avoid_immediate = true;
        rig_expect(&rig, 700, 1, OI_OK);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_drive_is_told),
        cmocka_unit_test(a_source_that_is_no_whole_number_of_blocks_is_refused),
        cmocka_unit_test(options_callbacks_and_result_may_be_left_out),
        cmocka_unit_test(what_does_not_fit_is_refused_and_what_just_fits_is_not),
        cmocka_unit_test(a_write_protected_disc_is_told_and_stays_as_it_is),
        cmocka_unit_test(a_finished_disc_is_told),
        cmocka_unit_test(a_drive_that_stays_busy_is_not_waited_for_for_ever),
        cmocka_unit_test(cancelling_at_any_action_ends_the_burn_in_good_order),
        cmocka_unit_test(cancelling_in_mid_write_leaves_what_was_written_readable),
        cmocka_unit_test(a_source_that_fails_or_ends_early_ends_the_burn_in_good_order),
        cmocka_unit_test(a_disc_removed_in_mid_burn_is_told),
        cmocka_unit_test(a_device_that_goes_away_is_told),
        cmocka_unit_test(a_burn_that_was_killed_is_put_in_order_by_the_next_one),
        cmocka_unit_test(progress_comes_every_half_second_while_writing),
        cmocka_unit_test(a_drive_with_a_full_buffer_is_waited_for),
        cmocka_unit_test(drives_differ_and_all_of_them_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
