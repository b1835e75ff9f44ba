/*
 * The drive itself: identity, unit attentions, readiness, tray, events, sense data.
 */
#include "helpers/emu_kit.h"

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)
#define MEDIA_EVENT(kit) kit_in(kit, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0)

static void inquiry_tells_a_cd_dvd_device(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "none");
    kit.options.vendor = "ACME";
    kit.options.product = "Burner 3000";
    kit.options.revision = "2.5";
    kit_plug_in(&kit);
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 96, 0));
    assert_int_equal(kit.got, 96);
    assert_bytes(&kit, 0, 0x05, 0x80, 0x00, 0x02, 91);
    assert_memory_equal(kit.data + 8, "ACME    Burner 3000     2.5 ", 28);
    /* Two bytes of allocation length, any number of bytes. */
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 5, 0));
    assert_int_equal(kit.got, 5);
    assert_bytes(&kit, 4, 91, 0xEE);
    assert_done(kit_in(&kit, 7, 0x12, 0, 0, 0, 96, 0));
    assert_int_equal(kit.got, 7);
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 0, 0));
    assert_int_equal(kit.got, 0);
    assert_sense(kit_in(&kit, 96, 0x12, 0, 0x80, 0, 96, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void inquiry_has_vital_product_data(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "none");
    kit.options.serial = "AB12";
    kit_plug_in(&kit);
    assert_done(kit_in(&kit, 96, 0x12, 1, 0x00, 0, 96, 0));
    assert_int_equal(kit.got, 7);
    assert_bytes(&kit, 0, 0x05, 0x00, 0, 3, 0x00, 0x80, 0x83);
    assert_done(kit_in(&kit, 96, 0x12, 1, 0x80, 0, 96, 0));
    assert_int_equal(kit.got, 8);
    assert_bytes(&kit, 0, 0x05, 0x80, 0, 4, 'A', 'B', '1', '2');
    assert_done(kit_in(&kit, 96, 0x12, 1, 0x83, 0, 96, 0));
    assert_bytes(&kit, 0, 0x05, 0x83, 0, 16, 0x02, 0x01, 0, 12, 'O', 'P', 'E', 'N', 'I', 'M', 'A', 'P', 'A');
    assert_sense(kit_in(&kit, 96, 0x12, 1, 0xB0, 0, 96, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void unit_attentions_come_once_each_and_spare_some_commands(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    kit_plug_in(&kit);
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 96, 0));
    assert_done(MEDIA_EVENT(&kit));
    assert_bytes(&kit, 0, 0, 6, 4, 0x5E, 2, 2, 0, 0);               /* new media; present, tray closed */
    assert_done(MEDIA_EVENT(&kit));
    assert_bytes(&kit, 0, 0, 6, 4, 0x5E, 0, 2, 0, 0);
    assert_done(kit_in(&kit, 8, 0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_sense(kit_disc(&kit), 6, 0x29, 0x00);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_done(TUR(&kit));
    emu_reset(kit.drive);
    /* REQUEST SENSE tells it, and spends it. */
    assert_done(kit_in(&kit, 18, 0x03, 0, 0, 0, 18, 0));
    assert_int_equal(kit.got, 18);
    assert_bytes(&kit, 0, 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 0, 0, 0, 0, 0);
    assert_done(TUR(&kit));
    assert_done(kit_in(&kit, 18, 0x03, 0, 0, 0, 18, 0));
    assert_bytes(&kit, 0, 0x70, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    assert_done(kit_in(&kit, 18, 0x03, 0, 0, 0, 14, 0));
    assert_int_equal(kit.got, 14);
    assert_sense(kit_in(&kit, 18, 0x03, 1, 0, 0, 18, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void an_empty_drive_says_so(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "none");
    assert_sense(TUR(&kit), 6, 0x29, 0x00);
    assert_sense(TUR(&kit), 2, 0x3A, 0x01);
    assert_sense(kit_disc(&kit), 2, 0x3A, 0x01);
    assert_sense(kit_read(&kit, 0), 2, 0x3A, 0x01);
    assert_sense(kit_write(&kit, 0, 16, 0), 2, 0x3A, 0x01);
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 2, 0));
    assert_sense(TUR(&kit), 2, 0x3A, 0x02);
    assert_done(MEDIA_EVENT(&kit));
    assert_bytes(&kit, 4, 3, 1);                                    /* removal; tray open */
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 3, 0));
    assert_sense(TUR(&kit), 2, 0x3A, 0x01);
    assert_int_equal(emu_medium_status(kit.drive), OI_NO_MEDIUM);
    kit_close(&kit);
}

static void the_tray_takes_its_time_to_load(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-r");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    assert_sense(TUR(&kit), 6, 0x29, 0x00);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_sense(TUR(&kit), 2, 0x04, 0x01);
    assert_sense(kit_disc(&kit), 2, 0x04, 0x01);
    clock_sleep(&kit.clock.base, 7999);
    assert_sense(TUR(&kit), 2, 0x04, 0x01);
    clock_sleep(&kit.clock.base, 1);
    assert_done(TUR(&kit));

    /* Out; in with Immed; in without. */
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 2, 0));
    assert_sense(TUR(&kit), 2, 0x3A, 0x02);
    assert_done(kit_none(&kit, 0x1B, 1, 0, 0, 3, 0));
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_sense(TUR(&kit), 2, 0x04, 0x01);
    kit_settle(&kit);
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 2, 0));
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 3, 0));
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_done(TUR(&kit));
    kit_close(&kit);
}

static void a_stopped_disc_spins_up_on_demand(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 0, 0));
    assert_done(TUR(&kit));
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 1, 0));
    assert_done(TUR(&kit));
    kit_close(&kit);
}

static void prevent_keeps_the_tray_closed(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    MEDIA_EVENT(&kit);
    assert_done(kit_none(&kit, 0x1E, 0, 0, 0, 1, 0));
    assert_sense(kit_none(&kit, 0x1B, 0, 0, 0, 2, 0), 5, 0x53, 0x02);
    assert_done(MEDIA_EVENT(&kit));
    assert_bytes(&kit, 4, 1, 2);                                    /* eject request; present, closed */
    assert_int_equal(emu_press_button(kit.drive), OI_LOCKED);
    assert_done(MEDIA_EVENT(&kit));
    assert_bytes(&kit, 4, 1, 2);
    assert_done(TUR(&kit));
    assert_done(kit_none(&kit, 0x1E, 0, 0, 0, 0, 0));
    assert_int_equal(emu_press_button(kit.drive), OI_OK);
    assert_sense(TUR(&kit), 2, 0x3A, 0x02);
    assert_done(kit_in(&kit, 8, 0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0));
    assert_bytes(&kit, 0, 0x00, 0x10, 0, 0, 0, 0, 0, 0);            /* door open */
    assert_int_equal(emu_press_button(kit.drive), OI_OK);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_done(kit_in(&kit, 8, 0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0));
    assert_bytes(&kit, 0, 0x00, 0x00, 0, 0, 0, 0, 0, 0);
    kit_close(&kit);
}

static void load_unload_moves_the_tray_too(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_none(&kit, 0xA6, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0));
    assert_sense(TUR(&kit), 2, 0x3A, 0x02);
    assert_done(kit_none(&kit, 0xA6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0));
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_sense(kit_none(&kit, 0xA6, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0), 5, 0x24, 0x00);     /* slot 1 */
    kit_close(&kit);
}

static void events_are_polled_by_class(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "none");
    assert_sense(kit_in(&kit, 8, 0x4A, 0, 0, 0, 0x10, 0, 0, 0, 8, 0), 5, 0x24, 0x00);      /* not polled */
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x00, 0, 0, 0, 8, 0));
    assert_int_equal(kit.got, 4);
    assert_bytes(&kit, 0, 0, 2, 0x80, 0x5E);                        /* no event available */
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x20, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 0, 0, 2, 0x80, 0x5E);                        /* multi-host is not supported */
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x04, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 0, 0, 6, 2, 0x5E, 0, 1, 0, 0);               /* power: active */
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x7E, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 2, 1, 0x5E, 0);                              /* nothing new: the lowest class */
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 5, 0));
    assert_int_equal(kit.got, 5);
    kit_close(&kit);
}

static void unknown_and_short_commands_are_refused(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_sense(kit_none(&kit, 0x8F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 5, 0x20, 0x00);
    assert_sense(kit_none(&kit, 0x5D, 0, 0, 0, 0, 0, 0, 0, 0, 0), 5, 0x20, 0x00);
    assert_sense(kit_in(&kit, 34, 0x51, 0, 0, 0, 0, 0), 5, 0x24, 0x00);         /* six bytes of ten */
    kit_close(&kit);
}

static void deferred_errors_come_with_the_next_command_as_71h(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    emu_defer(kit.drive, MMC_SENSE(3, 0x0C, 0x00));
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 96, 0));
    assert_sense(kit_write(&kit, 0, 16, 1), 3, 0x0C, 0x00);
    assert_int_equal(kit.command.sense[0], 0x71);
    assert_int_equal(kit.got, 0);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00);                                    /* that WRITE did not run */
    kit_close(&kit);
}

static void an_unplugged_drive_is_gone_and_comes_back_reset(void **state)
{
    static struct kit kit;
    struct transport_command command = { .cdb_size = 6, .timeout = 1000 };

    (void)state;
    kit_open(&kit, "cd-r");
    emu_unplug(kit.drive, 1);
    assert_int_equal(transport_execute(kit.drive, &command), OI_DEVICE_GONE);
    emu_unplug(kit.drive, 0);
    assert_sense(TUR(&kit), 6, 0x29, 0x00);
    assert_done(TUR(&kit));
    kit_close(&kit);
}

static void another_disc_can_be_inserted(void **state)
{
    static struct kit kit;
    char other[100], other_state[110];

    (void)state;
    kit_open(&kit, "cd-r");
    snprintf(other, sizeof(other), "%s/other.iso", kit.folder);
    snprintf(other_state, sizeof(other_state), "%s.state", other);
    assert_done(kit_none(&kit, 0x1E, 0, 0, 0, 1, 0));
    assert_int_equal(emu_insert(kit.drive, "dvd+rw", other), OI_OK);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_done(TUR(&kit));
    assert_done(kit_in(&kit, 8, 0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 6, 0x00, 0x1A);
    assert_int_equal(emu_insert(kit.drive, "floppy", other), OI_INVALID_ARGUMENT);
    assert_int_equal(emu_insert(kit.drive, "dvd-ram", other), OI_NOT_SUPPORTED);
    assert_int_equal(emu_insert(kit.drive, "cd-r", NULL), OI_INVALID_ARGUMENT);
    assert_done(TUR(&kit));
    assert_int_equal(emu_insert(kit.drive, "none", NULL), OI_OK);
    assert_sense(TUR(&kit), 2, 0x3A, 0x01);
    unlink(other_state);
    kit_close(&kit);
}

static void a_disc_pulled_out_is_missed_at_once(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(kit_none(&kit, 0x1E, 0, 0, 0, 1, 0));
    assert_done(kit_write(&kit, 0, 32, 1));
    emu_pull_out(kit.drive);
    assert_sense(kit_write(&kit, 32, 32, 1), 2, 0x3A, 0x02);
    assert_sense(kit_sync(&kit), 2, 0x3A, 0x02);
    assert_int_equal(emu_press_button(kit.drive), OI_OK);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 12, 0, 0, 0, 32);
    kit_close(&kit);
}

static void seek_stays_on_the_disc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-re 25gb");
    assert_sense(kit_none(&kit, 0x2B, 0, 0, 0, 0, 1, 0, 0, 0, 0), 5, 0x21, 0x00);
    assert_done(kit_none(&kit, 0x2B, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    kit_close(&kit);
}

static void bad_options_make_no_recorder(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-r 12 apples");
    assert_int_equal(emu_create(&kit.options, &kit.drive), OI_INVALID_ARGUMENT);
    assert_null(kit.drive);
    kit.options.medium = "cd-r";
    kit.options.disc = NULL;
    assert_int_equal(emu_create(&kit.options, &kit.drive), OI_INVALID_ARGUMENT);
    kit.options.disc = kit.disc;
    kit.options.max_transfer = 1000;
    assert_int_equal(emu_create(&kit.options, &kit.drive), OI_INVALID_ARGUMENT);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(inquiry_tells_a_cd_dvd_device),
        cmocka_unit_test(inquiry_has_vital_product_data),
        cmocka_unit_test(unit_attentions_come_once_each_and_spare_some_commands),
        cmocka_unit_test(an_empty_drive_says_so),
        cmocka_unit_test(the_tray_takes_its_time_to_load),
        cmocka_unit_test(a_stopped_disc_spins_up_on_demand),
        cmocka_unit_test(prevent_keeps_the_tray_closed),
        cmocka_unit_test(load_unload_moves_the_tray_too),
        cmocka_unit_test(events_are_polled_by_class),
        cmocka_unit_test(unknown_and_short_commands_are_refused),
        cmocka_unit_test(deferred_errors_come_with_the_next_command_as_71h),
        cmocka_unit_test(an_unplugged_drive_is_gone_and_comes_back_reset),
        cmocka_unit_test(another_disc_can_be_inserted),
        cmocka_unit_test(a_disc_pulled_out_is_missed_at_once),
        cmocka_unit_test(seek_stays_on_the_disc),
        cmocka_unit_test(bad_options_make_no_recorder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
