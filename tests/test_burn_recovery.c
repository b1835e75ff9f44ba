/* core/burn: errors that a burn gets over, errors that it must not get over, and what verification finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include "core/burn/burn_room.h"

#include <stdio.h>
#include <string.h>

static struct rig rig;

static void open_with(const char *medium, const char *faults)
{
    rig_prepare(&rig, medium);
    rig.burn.large_writes = false;
    rig.burn.no_compatibility = true;
    rig.burn.verify = BURN_VERIFY_FULL;
    rig_plug_in(&rig, faults);
}

/* --- writing -------------------------------------------------------------------------------------------- */

static void a_write_error_is_got_over_where_the_drive_knows_where_it_stands(void **state)
{
    static const char *const faults[] =
    {
        "WRITE(10) #5 -> 03/0C/00",     /* now */
        "WRITE(10) #5 -> 71/03/0C/00",  /* told late */
        "SYNCHRONIZE CACHE #1 -> 71/03/0C/00",
        "WRITE(10) #5 -> 0B/47/00",
        "WRITE(10) #1 -> 05/21/02",
        "WRITE(10) #5 -> 71/01/17/01",  /* recovered: only the command that told it was not done */
        "WRITE(10) #5 -> 05/2C/00",
    };
    static const char *const media[] = { "dvd+r", "bd-r", "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        for (size_t j = 0; j < sizeof(faults) / sizeof(faults[0]); j++)
        {
            const char *fault = faults[j];

            /* A format is flushed as well, twice, like all that is flushed. */
            if (i > 1 && !strncmp(fault, "SYNC", 4)) fault = "SYNCHRONIZE CACHE #3 -> 71/03/0C/00";
            open_with(media[i], fault);
            print_message("%s, %s\n", media[i], fault);
            rig_expect(&rig, 1000, 3, OI_OK);
            rig_check_image(&rig, 0, 1000, 3, 0);
            rig_close(&rig);
        }
    }
}

static void a_write_error_on_cd_ends_the_burn_and_the_session_is_closed(void **state)
{
    static const char *const faults[] = { "WRITE(10) #20 -> 03/0C/00", "WRITE(10) #20 -> 71/03/0C/00" };

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
    {
        struct mmc_medium medium;

        open_with("cd-r", faults[i]);
        rig_expect(&rig, 1000, 3, OI_SENSE);
        assert_int_equal(rig.drive.failure.opcode, MMC_WRITE_10);
        assert_int_equal(mmc_sense_code(&rig.drive.failure.sense), MMC_SENSE(3, 0x0C, 0));
        rig_probe(&rig, &medium);
        assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
        rig_check_image(&rig, 0, 300, 3, 0);
        rig_close(&rig);
    }
}

static void an_error_that_comes_back_at_the_same_place_is_not_got_over(void **state)
{
    static const char *const media[] = { "dvd+r", "bd-r", "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        open_with(media[i], "WRITE(10) lba 320 -> 03/0C/00");
        rig_expect(&rig, 1000, 3, OI_SENSE);
        assert_int_equal(rig.drive.failure.opcode, MMC_WRITE_10);
        assert_int_equal(mmc_sense_code(&rig.drive.failure.sense), MMC_SENSE(3, 0x0C, 0));
        rig_close(&rig);
    }
}

static void errors_all_over_the_place_are_not_got_over_for_ever(void **state)
{
    (void)state;
    open_with("dvd+r", "WRITE(10) #2 -> 0B/47/00\nWRITE(10) #4 -> 0B/47/00\nWRITE(10) #6 -> 0B/47/00\n"
                       "WRITE(10) #8 -> 0B/47/00\nWRITE(10) #10 -> 0B/47/00\nWRITE(10) #12 -> 0B/47/00\n"
                       "WRITE(10) #14 -> 0B/47/00\nWRITE(10) #16 -> 0B/47/00\nWRITE(10) #18 -> 0B/47/00\n");
    rig_expect(&rig, 1000, 3, OI_SENSE);
    rig_close(&rig);
}

static void a_late_error_between_ranges_writes_all_of_them_again(void **state)
{
    static const struct burn_range ranges[] = { { 64, 127 }, { 0, 31 }, { 256, 511 } };

    (void)state;
    open_with("dvd+rw", NULL);
    rig_expect(&rig, 1000, 1, OI_OK);
    rig_again(&rig, "WRITE(10) #3 -> 71/04/44/00");
    rig.burn.ranges = ranges;
    rig.burn.range_count = 3;
    rig_expect(&rig, 1000, 2, OI_OK);
    rig_check_image(&rig, 0, 32, 2, 0);
    rig_check_image(&rig, 32, 32, 1, 32);
    rig_check_image(&rig, 64, 64, 2, 64);
    rig_check_image(&rig, 128, 128, 1, 128);
    rig_check_image(&rig, 256, 256, 2, 256);
    rig_close(&rig);
}

static void a_drive_that_stays_busy_in_mid_write_is_given_up(void **state)
{
    (void)state;
    open_with("dvd+r", "WRITE(10) #5.. -> 02/04/08");
    rig_expect(&rig, 1000, 3, OI_SENSE);
    assert_int_equal(mmc_sense_code(&rig.drive.failure.sense), MMC_SENSE(2, 4, 8));
    assert_in_range(rig.clock.milliseconds, 200 * 1000, 400 * 1000);
    rig_close(&rig);
}

static void underrun_without_protection_is_loss_of_streaming(void **state)
{
    (void)state;
    open_with("cd-r", "WRITE(10) #5 -> 05/21/02");
    rig.burn.no_underrun_protection = true;
    rig_expect(&rig, 1000, 3, OI_LOSS_OF_STREAMING);
    rig_close(&rig);
    open_with("cd-r", "WRITE(10) #5 -> 03/0C/09");
    rig_expect(&rig, 1000, 3, OI_LOSS_OF_STREAMING);
    rig_close(&rig);
}

/* --- around it ------------------------------------------------------------------------------------------ */

static void refusals_that_do_not_matter_do_not_matter(void **state)
{
    static const char *const faults[] =
    {
        "SEND OPC INFORMATION -> 05/20/00", "SEND OPC INFORMATION -> 05/2C/00",
        "SEND OPC INFORMATION -> 07/27/00", "SEND OPC INFORMATION -> 06/5A/03",
        "SEND OPC INFORMATION -> 01/73/01", "SEND OPC INFORMATION #1 -> 03/73/03",
        "PREVENT ALLOW MEDIUM REMOVAL #1 -> 05/20/00", "START STOP UNIT -> 05/24/00",
        "SET STREAMING -> 05/24/00\nSET CD SPEED -> 05/24/00", "GET PERFORMANCE -> 05/20/00",
        "SYNCHRONIZE CACHE #2 -> 03/0C/09", "READ BUFFER CAPACITY -> 05/20/00",
        "MODE SENSE(10) #1 -> 05/24/00", "CLOSE TRACK/SESSION #1 -> 05/2C/00",
        "CLOSE TRACK/SESSION #1 -> 05/72/03", "CLOSE TRACK/SESSION #1 -> 03/72/01",
        "CLOSE TRACK/SESSION #1 -> 02/04/07",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
    {
        open_with("dvd+r", faults[i]);
        rig.burn.set_speed = true;
        rig.burn.speed = MMC_FASTEST;
        print_message("%s\n", faults[i]);
        rig_expect(&rig, 500, 3, OI_OK);
        rig_close(&rig);
    }
}

static void a_full_calibration_area_ends_the_burn_before_it_writes(void **state)
{
    struct mmc_medium medium;

    (void)state;
    open_with("dvd+r", "SEND OPC INFORMATION -> 03/73/02");
    rig_expect(&rig, 500, 3, OI_SENSE);
    assert_int_equal(rig.drive.failure.opcode, MMC_SEND_OPC_INFORMATION);
    assert_int_equal(rig_count_action(&rig, BURN_WRITING), 0);
    rig_probe(&rig, &medium);
    assert_int_equal(medium.state, MMC_STATE_BLANK);
    rig_close(&rig);
}

static void another_way_of_closing_is_taken_when_one_is_not_known(void **state)
{
    (void)state;
    open_with("dvd+r", "CLOSE TRACK/SESSION #2 -> 05/24/00");
    rig.burn.no_compatibility = false;
    rig_expect(&rig, 500, 3, OI_OK);
    assert_true(rig.result.closed);
    rig_close(&rig);
}

static void a_medium_that_cannot_be_formatted_is_told(void **state)
{
    static const char *const media[] = { "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        open_with(media[i], "FORMAT UNIT -> 05/26/00");
        rig_expect(&rig, 500, 3, OI_MEDIUM_NOT_FORMATTED);
        assert_int_equal(rig_count_action(&rig, BURN_FORMATTING), 1);
        rig_close(&rig);
    }
    /* The other type of format will do. */
    open_with("bd-re", "FORMAT UNIT #1 -> 05/26/00");
    rig_expect(&rig, 500, 3, OI_OK);
    rig_close(&rig);
}

static void a_stopped_background_format_goes_on_when_the_data_need_it(void **state)
{
    struct mmc_medium medium;

    (void)state;
    rig_prepare(&rig, "dvd+rw");
    rig.options.times = emu_times_realistic;
    rig_plug_in(&rig, NULL);
    rig.burn.verify = BURN_VERIFY_FULL;
    rig_expect(&rig, 500, 1, OI_OK);
    rig_probe(&rig, &medium);
    assert_int_equal(medium.disc.background_format, 1);
    rig.burn.force_overwrite = true;
    rig_expect(&rig, 20000, 2, OI_OK);
    rig_check_image(&rig, 0, 20000, 2, 0);
    rig_close(&rig);
}

static void a_drive_that_takes_everything_and_changes_nothing_is_found_out(void **state)
{
    (void)state;
    open_with("dvd+r", "WRITE(10) -> data 00");
    rig_expect(&rig, 500, 3, OI_UNEXPECTED_RESPONSE);
    assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), 0);
    rig_close(&rig);
}

/* --- verification --------------------------------------------------------------------------------------- */

static uint32_t damaged_block;

/* Somebody scratches the disc between burn and verification. */
static void scratch(struct rig *r, const struct burn_progress *progress)
{
    FILE *file;

    if (progress->action != BURN_VERIFYING || !(file = fopen(r->disc, "r+b"))) return;
    if (!fseek(file, (long)damaged_block * MMC_BLOCK_SIZE + 1000, SEEK_SET)) fputc(0xA5, file);
    fclose(file);
}

static void full_verification_finds_any_wrong_block(void **state)
{
    static const uint32_t blocks[] = { 0, 1, 777, 1998, 1999 };
    static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-re" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        for (size_t j = 0; j < sizeof(blocks) / sizeof(blocks[0]); j++)
        {
            open_with(media[i], NULL);
            rig.on_event = scratch;
            damaged_block = blocks[j];
            rig_expect(&rig, 2000, 3, OI_VERIFY_FAILED);
            assert_int_equal(rig_count_action(&rig, BURN_COMPLETED), 0);
            rig_close(&rig);
        }
    }
}

static void quick_verification_looks_at_first_and_last_block_and_a_few_between(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 2; i++)
    {
        open_with("dvd+r", NULL);
        rig.burn.verify = BURN_VERIFY_QUICK;
        rig.on_event = scratch;
        damaged_block = i * 1999;
        rig_expect(&rig, 2000, 3, OI_VERIFY_FAILED);
        rig_close(&rig);
    }
    open_with("dvd+r", NULL);
    rig.burn.verify = BURN_VERIFY_QUICK;
    rig.on_event = scratch;
    damaged_block = 1998;               /* not in the sample: quick is no full verification */
    rig_expect(&rig, 2000, 3, OI_OK);
    rig_close(&rig);
}

static void unreadable_blocks_fail_the_verification_and_passing_ones_do_not(void **state)
{
    (void)state;
    open_with("dvd+r", "READ(10) lba 700 -> 03/11/05");
    rig_expect(&rig, 1000, 3, OI_VERIFY_FAILED);
    rig_close(&rig);
    open_with("dvd+r", "READ(10) #2 -> 03/11/05\nREAD(10) #3 -> 03/11/05");
    rig_expect(&rig, 1000, 3, OI_OK);
    rig_close(&rig);
    open_with("dvd+r", "READ(10) #2.. -> garbage");
    rig_expect(&rig, 1000, 3, OI_VERIFY_FAILED);
    rig_close(&rig);
    open_with("dvd+r", "READ(10) #2.. -> 04/44/00");
    rig_expect(&rig, 1000, 3, OI_SENSE);
    rig_close(&rig);
}

static void a_drive_without_fua_is_read_without_it(void **state)
{
    (void)state;
    open_with("dvd+r", "READ(10) #1 -> 05/24/00");
    rig_expect(&rig, 1000, 3, OI_OK);
    rig_close(&rig);
}

static void an_appended_session_is_verified_for_itself(void **state)
{
    (void)state;
    open_with("cd-r", NULL);
    rig_expect(&rig, 1000, 3, OI_OK);
    rig.on_event = scratch;
    damaged_block = 10;                 /* in the first session */
    rig_expect(&rig, 1000, 4, OI_OK);
    rig_close(&rig);
}

/* --- checksums ------------------------------------------------------------------------------------------ */

static void the_ledger_gives_the_same_sums_however_the_blocks_come(void **state)
{
    static uint8_t bytes[1000 * MMC_BLOCK_SIZE];
    static const uint32_t totals[] = { 1, 2, 31, 32, 33, 255, 256, 257, 1000 };
    static struct burn_ledger whole, pieces;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) rig_block(9, i, bytes + (size_t)i * MMC_BLOCK_SIZE);
    for (int level = BURN_VERIFY_QUICK; level <= BURN_VERIFY_FULL; level++)
    {
        for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
        {
            uint32_t total = totals[i], covered = 0;

            ledger_init(&whole, (enum burn_verify)level, total);
            ledger_init(&pieces, (enum burn_verify)level, total);
            ledger_feed(&whole, 0, total, bytes);
            for (uint32_t at = 0; at < total; at += 7)
            {
                uint32_t from = at > 20 ? at - 20 : 0, count = total - from < 27 ? total - from : 27;

                /* Pieces that overlap what came before, as after a resync. */
                ledger_feed(&pieces, from, count, bytes + (size_t)from * MMC_BLOCK_SIZE);
            }
            assert_int_equal(whole.count, pieces.count);
            assert_memory_equal(whole.sums, pieces.sums, whole.count * sizeof(whole.sums[0]));
            assert_int_equal(ledger_spot_first(&whole, 0), 0);
            for (uint32_t spot = 0; spot < whole.count; spot++)
            {
                uint32_t first = ledger_spot_first(&whole, spot), length = ledger_spot_length(&whole, spot);
                uint64_t sum = ledger_sum(LEDGER_SEED, bytes + (size_t)first * MMC_BLOCK_SIZE,
                                          (size_t)length * MMC_BLOCK_SIZE);

                assert_true(sum == whole.sums[spot]);
                if (level == BURN_VERIFY_FULL) assert_int_equal(first, covered);
                covered = first + length;
            }
            assert_int_equal(covered, total);
        }
    }
}

static void every_bit_counts_in_a_sum(void **state)
{
    uint8_t block[MMC_BLOCK_SIZE];
    uint64_t sum;

    (void)state;
    rig_block(1, 1, block);
    sum = ledger_sum(LEDGER_SEED, block, sizeof(block));
    for (size_t bit = 0; bit < sizeof(block) * 8; bit++)
    {
        block[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(ledger_sum(LEDGER_SEED, block, sizeof(block)) != sum);
        block[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_write_error_is_got_over_where_the_drive_knows_where_it_stands),
        cmocka_unit_test(a_write_error_on_cd_ends_the_burn_and_the_session_is_closed),
        cmocka_unit_test(an_error_that_comes_back_at_the_same_place_is_not_got_over),
        cmocka_unit_test(errors_all_over_the_place_are_not_got_over_for_ever),
        cmocka_unit_test(a_late_error_between_ranges_writes_all_of_them_again),
        cmocka_unit_test(a_drive_that_stays_busy_in_mid_write_is_given_up),
        cmocka_unit_test(underrun_without_protection_is_loss_of_streaming),
        cmocka_unit_test(refusals_that_do_not_matter_do_not_matter),
        cmocka_unit_test(a_full_calibration_area_ends_the_burn_before_it_writes),
        cmocka_unit_test(another_way_of_closing_is_taken_when_one_is_not_known),
        cmocka_unit_test(a_medium_that_cannot_be_formatted_is_told),
        cmocka_unit_test(a_stopped_background_format_goes_on_when_the_data_need_it),
        cmocka_unit_test(a_drive_that_takes_everything_and_changes_nothing_is_found_out),
        cmocka_unit_test(full_verification_finds_any_wrong_block),
        cmocka_unit_test(quick_verification_looks_at_first_and_last_block_and_a_few_between),
        cmocka_unit_test(unreadable_blocks_fail_the_verification_and_passing_ones_do_not),
        cmocka_unit_test(a_drive_without_fua_is_read_without_it),
        cmocka_unit_test(an_appended_session_is_verified_for_itself),
        cmocka_unit_test(the_ledger_gives_the_same_sums_however_the_blocks_come),
        cmocka_unit_test(every_bit_counts_in_a_sum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
