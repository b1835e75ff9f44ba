/* core/mmc/ready.c: waiting has an end, and only what waiting cures is waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

#define TEST_UNIT_READY CDB(0x00, 0, 0, 0, 0, 0)

static const uint8_t test_unit_ready[6] = { 0x00 };

/* The same refusal, many times. */
static void fill(struct transport_exchange *exchanges, size_t count, const uint8_t sense[18])
{
    for (size_t i = 0; i < count; i++)
    {
        exchanges[i] = (struct transport_exchange){ .cdb = test_unit_ready, .cdb_size = 6, .status = OI_SENSE,
                                                    .sense = sense, .sense_size = 18 };
    }
}

static const uint8_t disc_info[34] = { 0, 32, 0x0E, 1, 1, 1, 1 };

static void start_stop_and_prevent_put_their_bits_at_4(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x1B, 1, 0, 0, 0x03, 0) }, { CDB(0x1B, 0, 0, 0, 0x02, 0) }, { CDB(0x1B, 0, 0, 0, 0x01, 0) },
        { CDB(0x1B, 0, 0, 0, 0x00, 0) }, { CDB(0x1E, 0, 0, 0, 1, 0) }, { CDB(0x1E, 0, 0, 0, 0, 0) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_start_stop(&script.drive, MMC_LOAD, true), OI_OK);
    assert_int_equal(mmc_start_stop(&script.drive, MMC_EJECT, false), OI_OK);
    assert_int_equal(mmc_start_stop(&script.drive, MMC_START, false), OI_OK);
    assert_int_equal(mmc_start_stop(&script.drive, MMC_STOP, false), OI_OK);
    assert_int_equal(mmc_prevent_removal(&script.drive, true), OI_OK);
    assert_int_equal(mmc_prevent_removal(&script.drive, false), OI_OK);
    script_drive_close(&script);
}

static void unit_attentions_are_cleared_and_loading_is_waited_for(void **state)
{
    const struct mmc_wait wait = { .limit = 10000, .period = 500 };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY, SENSE(6, 0x29, 0) },
        { TEST_UNIT_READY, SENSE(6, 0x28, 0) },
        { TEST_UNIT_READY, SENSE(2, 4, 1) },
        { TEST_UNIT_READY, SENSE(2, 4, 1) },
        { TEST_UNIT_READY },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_OK);
    assert_int_equal(script.clock.milliseconds, 1000);
    script_drive_close(&script);
}

static void waiting_ends_at_the_limit(void **state)
{
    const struct mmc_wait wait = { .limit = 2000, .period = 500 };
    struct transport_exchange exchanges[5];
    struct script_drive script;

    (void)state;
    fill(exchanges, COUNT(exchanges), BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 7, 0, 0, 0, 0));
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_TIMEOUT);
    assert_int_equal(script.clock.milliseconds, 2000);
    assert_int_equal(mmc_sense_code(&script.drive.failure.sense), MMC_SENSE(2, 4, 7));
    script_drive_close(&script);
}

static void without_patience_the_drives_own_word_is_the_answer(void **state)
{
    const struct mmc_wait wait = { 0 };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY, SENSE(6, 0x29, 0) }, { TEST_UNIT_READY, SENSE(2, 4, 1) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_SENSE);
    assert_int_equal(mmc_sense_code(&script.drive.failure.sense), MMC_SENSE(2, 4, 1));
    script_drive_close(&script);
}

static void an_empty_drive_and_a_hopeless_one_end_the_wait_at_once(void **state)
{
    const struct mmc_wait wait = { .limit = 60000, .period = 500 };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY, SENSE(2, 0x3A, 2) },
        { TEST_UNIT_READY, SENSE(2, 0x30, 0) },
        { TEST_UNIT_READY, SENSE(2, 4, 3) },
        { TEST_UNIT_READY, .status = OI_DEVICE_GONE },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_NO_MEDIUM);
    assert_int_equal(mmc_sense_code(&script.drive.failure.sense), MMC_SENSE(2, 0x3A, 2));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_SENSE);
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_SENSE);
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_DEVICE_GONE);
    assert_int_equal(script.clock.milliseconds, 0);
    script_drive_close(&script);
}

static void endless_unit_attentions_end_too(void **state)
{
    const struct mmc_wait wait = { .limit = 60000, .period = 500 };
    struct transport_exchange exchanges[9];
    struct script_drive script;

    (void)state;
    fill(exchanges, COUNT(exchanges), BYTES(0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x28, 0, 0, 0, 0, 0));
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_SENSE);
    script_drive_close(&script);
}

static void not_ready_without_a_cause_is_waited_for_five_seconds(void **state)
{
    const struct mmc_wait wait = { .limit = 60000, .period = 500 };
    struct transport_exchange exchanges[11];
    struct script_drive script;

    (void)state;
    fill(exchanges, COUNT(exchanges), BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0));
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_SENSE);
    assert_in_range(script.clock.milliseconds, 4500, 5500);
    script_drive_close(&script);
}

/* The five seconds are those of one stretch: in between the drive has said what keeps it. */
static void a_cause_told_in_between_starts_the_five_seconds_anew(void **state)
{
    const struct mmc_wait wait = { .limit = 60000, .period = 500 };
    struct transport_exchange exchanges[22];
    struct script_drive script;

    (void)state;
    fill(exchanges, 20, BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 7, 0, 0, 0, 0));
    fill(exchanges, 1, BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0));
    fill(exchanges + 20, 1, BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0));
    exchanges[21] = (struct transport_exchange){ TEST_UNIT_READY };
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_OK);
    assert_int_equal(script.clock.milliseconds, 10500);
    script_drive_close(&script);
}

static void a_drive_that_wants_to_be_started_is_started_once(void **state)
{
    const struct mmc_wait wait = { .limit = 2000, .period = 500 };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY, SENSE(2, 4, 2) },
        { CDB(0x1B, 1, 0, 0, 1, 0) },
        { TEST_UNIT_READY, SENSE(2, 4, 2) },
        { TEST_UNIT_READY },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_OK);
    script_drive_close(&script);
}

static void ready_can_mean_that_disc_information_answers_too(void **state)
{
    const struct mmc_wait wait = { .limit = 10000, .period = 500, .disc_information = true };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY }, { SENSE(2, 4, 7) },
        { TEST_UNIT_READY }, { IN(0, 2) },              /* half made */
        { TEST_UNIT_READY }, { REPLY(disc_info) }, { REPLY(disc_info) },
        { TEST_UNIT_READY }, { SENSE(5, 0x20, 0) },     /* does not know the command */
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_OK);
    assert_int_equal(script.clock.milliseconds, 1000);
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_OK);
    script_drive_close(&script);
}

static bool count_ticks(void *context, int32_t progress)
{
    int32_t *ticks = context;

    ticks[1] = progress;
    return ++ticks[0] < 3;
}

static void a_tick_sees_progress_and_may_end_the_wait(void **state)
{
    int32_t ticks[2] = { 0, 0 };
    const struct mmc_wait wait = { .limit = 10000, .period = 100, .tick = count_ticks, .context = ticks };
    const struct transport_exchange exchanges[] =
    {
        { TEST_UNIT_READY, SENSE(2, 4, 4) },
        { TEST_UNIT_READY, SENSE(2, 4, 4) },
        { TEST_UNIT_READY, .status = OI_SENSE, .sense_size = 18,
          .sense = BYTES(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 4, 0, 0x80, 0x12, 0x34) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_wait_ready(&script.drive, &wait), OI_CANCELLED);
    assert_int_equal(ticks[0], 3);
    assert_int_equal(ticks[1], 0x1234);
    script_drive_close(&script);
}

static void request_sense_is_parsed(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x03, 0, 0, 0, 18, 0), IN(0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 7, 0, 0x80, 1, 2) },
        { IN(0x70, 0, 2) },
    };
    struct script_drive script;
    struct mmc_sense sense;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_request_sense(&script.drive, &sense), OI_OK);
    assert_int_equal(mmc_sense_code(&sense), MMC_SENSE(2, 4, 7));
    assert_int_equal(sense.progress, 0x0102);
    assert_int_equal(mmc_request_sense(&script.drive, &sense), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static void media_events_are_polled(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0), IN(0, 6, 0x04, 0x5E, 0x02, 0x02, 0, 0) },
        { IN(0, 2, 0x80, 0x5E) },
        { IN(0, 6, 0x02, 0x5E, 1, 1, 0, 0) },
        { IN(0, 6) },
    };
    struct mmc_media_event event;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_media_event(&script.drive, &event), OI_OK);
    assert_int_equal(event.event, 2);
    assert_true(event.present);
    assert_false(event.door_open);
    assert_int_equal(mmc_media_event(&script.drive, &event), OI_OK);
    assert_int_equal(event.event, 0);
    assert_int_equal(mmc_media_event(&script.drive, &event), OI_UNEXPECTED_RESPONSE);
    assert_int_equal(mmc_media_event(&script.drive, &event), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(start_stop_and_prevent_put_their_bits_at_4),
        cmocka_unit_test(unit_attentions_are_cleared_and_loading_is_waited_for),
        cmocka_unit_test(waiting_ends_at_the_limit),
        cmocka_unit_test(without_patience_the_drives_own_word_is_the_answer),
        cmocka_unit_test(an_empty_drive_and_a_hopeless_one_end_the_wait_at_once),
        cmocka_unit_test(endless_unit_attentions_end_too),
        cmocka_unit_test(not_ready_without_a_cause_is_waited_for_five_seconds),
        cmocka_unit_test(a_cause_told_in_between_starts_the_five_seconds_anew),
        cmocka_unit_test(a_drive_that_wants_to_be_started_is_started_once),
        cmocka_unit_test(ready_can_mean_that_disc_information_answers_too),
        cmocka_unit_test(a_tick_sees_progress_and_may_end_the_wait),
        cmocka_unit_test(request_sense_is_parsed),
        cmocka_unit_test(media_events_are_polled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
