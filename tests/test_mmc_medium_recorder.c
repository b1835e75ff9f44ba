/* core/mmc/medium*.c: snapshots of media in the virtual recorder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

static struct rig rig;

static void blank_media_are_what_they_were_bought_as(void **state)
{
    static const struct
    {
        const char *name;
        enum mmc_medium_type type;
        uint32_t state, blocks, unit;
    } rows[] =
    {
        { "cd-r", MMC_MEDIUM_CD_R, MMC_STATE_BLANK, 359849, 1 },
        { "cd-rw", MMC_MEDIUM_CD_RW, MMC_STATE_BLANK, 359849, 1 },
        { "dvd+r", MMC_MEDIUM_DVD_PLUS_R, MMC_STATE_BLANK, 2295104, 16 },
        { "dvd+rw", MMC_MEDIUM_DVD_PLUS_RW, MMC_STATE_BLANK | MMC_STATE_OVERWRITABLE, 2295104, 16 },
        { "bd-r", MMC_MEDIUM_BD_R, MMC_STATE_BLANK, 12219392, 32 },
        { "bd-re", MMC_MEDIUM_BD_RE, MMC_STATE_BLANK | MMC_STATE_OVERWRITABLE, 0, 32 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        struct mmc_medium medium;
        bool blank = false;

        rig_open(&rig, rows[i].name);
        rig_probe(&rig, &medium);
        assert_int_equal(medium.type, rows[i].type);
        assert_int_equal(medium.state, rows[i].state);
        assert_int_equal(medium.write_unit, rows[i].unit);
        if (rows[i].blocks) assert_int_equal(medium.total_blocks, rows[i].blocks);
        assert_true(medium.free_blocks > rows[i].blocks / 100 * 99);
        assert_int_equal(medium.next_writable, 0);
        assert_int_equal(medium.write_protect, 0);
        assert_true(medium.speeds.count > 0);
        assert_true(medium.speeds.current.sectors > 0);
        assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
        assert_true(blank);
        assert_true(burn_data_knows_type(medium.type) && burn_data_knows_profile(medium.profile));
        rig_close(&rig);
    }
}

static void an_empty_drive_has_no_medium(void **state)
{
    struct mmc_medium medium;

    (void)state;
    rig_open(&rig, "none");
    assert_int_equal(mmc_medium_probe(&rig.drive, 0, &medium), OI_NO_MEDIUM);
    assert_int_equal(medium.type, MMC_MEDIUM_UNKNOWN);
    rig_close(&rig);
}

static void patience_decides_whether_a_loading_drive_is_waited_for(void **state)
{
    struct mmc_medium medium;

    (void)state;
    rig_prepare(&rig, "dvd+r");
    rig.options.times = emu_times_realistic;
    rig_plug_in(&rig, NULL);
    assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
    assert_int_equal(mmc_start_stop(&rig.drive, MMC_EJECT, false), OI_OK);
    assert_int_equal(mmc_start_stop(&rig.drive, MMC_LOAD, true), OI_OK);
    assert_int_equal(mmc_medium_probe(&rig.drive, 0, &medium), OI_SENSE);
    assert_int_equal(mmc_sense_code(&rig.drive.failure.sense), MMC_SENSE(2, 4, 1));
    assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
    rig_close(&rig);
}

static void zeros_on_an_overwritable_medium_read_as_blank(void **state)
{
    struct source *zeros;
    struct mmc_medium medium;
    bool blank;

    (void)state;
    rig_open(&rig, "dvd+rw");
    assert_int_equal(source_zero_create(3000 * 2048, &zeros), OI_OK);
    assert_int_equal(burn_data(&rig.drive, zeros, NULL, NULL, NULL), OI_OK);
    source_unref(zeros);
    rig_probe(&rig, &medium);
    assert_int_equal(medium.state, MMC_STATE_OVERWRITABLE);
    assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
    assert_true(blank);
    rig_expect(&rig, 100, 5, OI_OK);    /* and so needs no force */
    rig_probe(&rig, &medium);
    assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
    assert_false(blank);
    rig_close(&rig);
}

static void a_disc_that_cannot_be_read_is_not_taken_for_blank(void **state)
{
    struct mmc_medium medium;
    bool blank = true;

    (void)state;
    rig_open(&rig, "dvd+rw");
    rig_expect(&rig, 100, 5, OI_OK);
    rig_again(&rig, "READ(10) -> 03/11/05");
    assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
    assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
    assert_false(blank);
    rig_close(&rig);
}

/* Formatted in the background, and not yet to the end: nothing can lie where nothing can be read. */
static void what_is_not_formatted_yet_is_blank(void **state)
{
    static const char *const faults[] =
    {
        "READ(10) lba 2294080 -> 05/21/00", "READ(10) lba 2294080 -> 03/11/00",
        "READ(10) lba 2294080 -> 08/00/00",
    };
    struct mmc_medium medium;
    bool blank;

    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
    {
        rig_prepare(&rig, "dvd+rw");
        rig.options.times.format_background = 3600 * 1000;
        rig_plug_in(&rig, NULL);
        rig.cancel_at_action = BURN_INITIALIZING;
        rig_expect(&rig, 400, 1, OI_CANCELLED);
        rig_probe(&rig, &medium);
        assert_in_range(medium.disc.background_format, 1, 2);
        assert_false(medium.unformatted);
        rig_again(&rig, faults[i]);
        assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
        assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
        assert_true(blank);
        rig.cancel_at_action = -1;
        rig_expect(&rig, 400, 1, OI_OK);
        rig_close(&rig);
    }
}

static void a_drive_that_cannot_read_just_now_is_asked_again(void **state)
{
    struct mmc_medium medium;
    bool blank;

    (void)state;
    rig_open(&rig, "dvd+rw");
    rig_expect(&rig, 400, 1, OI_OK);
    rig_again(&rig, "READ(10) #1 -> 02/04/07\nREAD(10) #2 -> 02/04/08");
    assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
    assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_OK);
    assert_false(blank);
    rig_again(&rig, "READ(10) #1.. -> 02/04/07");
    assert_int_equal(mmc_medium_probe(&rig.drive, 60000, &medium), OI_OK);
    assert_int_equal(mmc_medium_reads_blank(&rig.drive, &medium, &blank), OI_SENSE);
    assert_in_range(rig.clock.milliseconds, 1, 60000);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(blank_media_are_what_they_were_bought_as),
        cmocka_unit_test(an_empty_drive_has_no_medium),
        cmocka_unit_test(patience_decides_whether_a_loading_drive_is_waited_for),
        cmocka_unit_test(zeros_on_an_overwritable_medium_read_as_blank),
        cmocka_unit_test(a_disc_that_cannot_be_read_is_not_taken_for_blank),
        cmocka_unit_test(what_is_not_formatted_yet_is_blank),
        cmocka_unit_test(a_drive_that_cannot_read_just_now_is_asked_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
