/* core/burn: drives that are busy, reset or odd at moments when few others are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include <string.h>

static struct rig rig;

static void open_with(const char *medium, const char *faults)
{
    rig_prepare(&rig, medium);
    rig.burn.large_writes = false;
    rig.burn.no_compatibility = true;
    rig_plug_in(&rig, faults);
}

static bool test_write_bit(void)
{
    struct mmc_reply page;
    bool set;

    assert_int_equal(mmc_read_mode_page(&rig.drive, MMC_PAGE_WRITE_PARAMETERS, MMC_PAGE_CURRENT, &page),
                     OI_OK);
    set = page.bytes[2] & 0x10;
    mmc_reply_free(&page);
    return set;
}

/* Who writes next without setting the page would write nothing at all. */
static void a_test_write_that_ends_before_its_first_block_takes_its_bit_back(void **state)
{
    static const char *const media[] = { "cd-r", "cd-rw" };

    (void)state;
    for (size_t i = 0; i < 2; i++)
    {
        open_with(media[i], NULL);
        rig.burn.test_write = true;
        rig.cancel_at_action = BURN_WRITING;
        rig_expect(&rig, 400, 1, OI_CANCELLED);
        assert_false(test_write_bit());
        rig_close(&rig);

        open_with(media[i], NULL);
        rig.burn.test_write = true;
        rig.source.fails_at = 1;
        rig_expect(&rig, 400, 1, OI_SOURCE_READ);
        assert_false(test_write_bit());
        rig_close(&rig);

        open_with(media[i], "READ TRACK INFORMATION #2.. -> 04/44/00");
        rig.burn.test_write = true;
        rig_expect(&rig, 400, 1, OI_SENSE);
        assert_int_equal(rig.drive.failure.opcode, MMC_READ_TRACK_INFORMATION);
        assert_false(test_write_bit());
        rig_close(&rig);
    }
}

/* Closing it would be no test any more. */
static void a_test_write_does_not_close_what_another_run_left_open(void **state)
{
    struct mmc_medium medium;

    (void)state;
    open_with("cd-r", "after 1 MiB -> gone");
    rig_expect(&rig, 2000, 1, OI_DEVICE_GONE);
    rig_probe(&rig, &medium);
    assert_true(medium.state & MMC_STATE_NON_EMPTY_SESSION);
    rig.burn.test_write = true;
    rig_expect(&rig, 400, 1, OI_MEDIUM_STATE);
    assert_false(test_write_bit());
    rig_probe(&rig, &medium);
    assert_true(medium.state & MMC_STATE_NON_EMPTY_SESSION);
    rig_close(&rig);
}

/* It has forgotten how it was to write. READ BUFFER CAPACITY may be what it tells that to. */
static void a_reset_told_while_pacing_ends_the_burn(void **state)
{
    static const char *const media[] = { "cd-r", "dvd+r", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        rig_prepare(&rig, media[i]);
        rig.options.speed = 2;
        rig.options.behaviour.report_long_write = 1;
        rig.burn.no_compatibility = true;
        rig_plug_in(&rig, "READ BUFFER CAPACITY #1 -> 06/29/00");
        rig_expect(&rig, 8000, 1, OI_SENSE);
        assert_int_equal(rig.drive.failure.opcode, MMC_READ_BUFFER_CAPACITY);
        rig_close(&rig);
    }
}

/* Drives that are still writing cannot read yet. */
static void the_rest_of_a_write_unit_is_read_as_soon_as_the_drive_can(void **state)
{
    static const struct burn_range ranges[] = { { 0, 3 }, { 100, 130 }, { 290, 299 } };
    static const char *const faults[] =
    {
        "READ(10) #1 -> 02/04/08\nREAD(10) #4 -> 02/04/07", "READ(10) #2 -> busy 3 s",
        "READ(10) #1 -> 03/11/05", "READ(10) #3 -> 0B/47/00", "READ(10) #2 -> 71/03/0C/00",
    };
    static const char *const media[] = { "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        for (size_t j = 0; j < sizeof(faults) / sizeof(faults[0]); j++)
        {
            open_with(media[i], NULL);
            rig_expect(&rig, 400, 1, OI_OK);
            rig_again(&rig, faults[j]);
            rig.burn.ranges = ranges;
            rig.burn.range_count = 3;
            rig_expect(&rig, 400, 2, OI_OK);
            rig_check_image(&rig, 0, 4, 2, 0);
            rig_check_image(&rig, 4, 96, 1, 4);
            rig_check_image(&rig, 100, 31, 2, 100);
            rig_check_image(&rig, 131, 159, 1, 131);
            rig_check_image(&rig, 290, 10, 2, 290);
            rig_check_image(&rig, 300, 100, 1, 300);
            rig_close(&rig);
        }
    }
}

static void a_rest_of_a_write_unit_that_cannot_be_read_is_not_written_over(void **state)
{
    static const struct burn_range range = { 8, 11 };

    (void)state;
    open_with("dvd+rw", NULL);
    rig_expect(&rig, 400, 1, OI_OK);
    rig_again(&rig, "READ(10) -> 03/11/05");
    rig.burn.ranges = &range;
    rig.burn.range_count = 1;
    rig_expect(&rig, 400, 2, OI_SENSE);
    assert_int_equal(rig.drive.failure.opcode, MMC_READ_10);
    rig_check_image(&rig, 0, 400, 1, 0);
    rig_close(&rig);
}

/* Four seconds are the least that a CD player finds; the drive's buffer may be full just then. */
static void a_track_cut_short_is_filled_up_by_a_busy_drive_too(void **state)
{
    struct mmc_medium medium;

    (void)state;
    /* The device goes when 300 blocks have come, so that the session stays open just then. */
    open_with("cd-r", "WRITE(10) #3 -> 02/04/08\nWRITE(10) #4 -> 02/04/08\nWRITE(10) #8 -> 02/04/07\n"
                      "after 600 KiB -> gone");
    rig.source.fails_at = 32 * 2048;
    rig_expect(&rig, 2000, 1, OI_SOURCE_READ);
    rig_probe(&rig, &medium);
    assert_true(medium.state & MMC_STATE_NON_EMPTY_SESSION);
    rig_check_image(&rig, 0, 32, 1, 0);
    rig_check_zeros(&rig, 32, 268);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_test_write_that_ends_before_its_first_block_takes_its_bit_back),
        cmocka_unit_test(a_test_write_does_not_close_what_another_run_left_open),
        cmocka_unit_test(a_reset_told_while_pacing_ends_the_burn),
        cmocka_unit_test(the_rest_of_a_write_unit_is_read_as_soon_as_the_drive_can),
        cmocka_unit_test(a_rest_of_a_write_unit_that_cannot_be_read_is_not_written_over),
        cmocka_unit_test(a_track_cut_short_is_filled_up_by_a_busy_drive_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
