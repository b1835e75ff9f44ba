/*
 * What takes time on the virtual recorder: commands that go on after their answer, the drive's buffer and its
 * speed.
 */
#include "helpers/emu_kit.h"

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)

static void an_immediate_command_leaves_the_drive_busy_with_progress(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_write(&kit, 0, 16, 1));
    assert_done(kit_none(&kit, 0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0));       /* Immed */
    assert_sense(TUR(&kit), 2, 0x04, 0x07);
    assert_sense(kit_write(&kit, 16, 16, 1), 2, 0x04, 0x07);
    kit_settle(&kit);
    clock_sleep(&kit.clock.base, 1000);
    assert_done(kit_none(&kit, 0x5B, 0, 1, 0, 0, 1, 0, 0, 0, 0));       /* not Immed: 5 s */
    assert_done(TUR(&kit));
    assert_done(kit_none(&kit, 0x5B, 1, 2, 0, 0, 0, 0, 0, 0, 0));
    clock_sleep(&kit.clock.base, 5000);
    assert_sense(TUR(&kit), 2, 0x04, 0x07);
    assert_memory_equal(kit.command.sense + 15, KIT_BYTES(0x80, 0x3F, 0xFF), 3);        /* a quarter done */
    assert_done(kit_in(&kit, 18, 0x03, 0, 0, 0, 18, 0));                /* REQUEST SENSE tells it too */
    assert_bytes(&kit, 0, 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x07, 0, 0x80, 0x3F, 0xFF);
    assert_sense(kit_disc(&kit), 2, 0x04, 0x07);
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x40, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 2, 6, 0x5E, 1, 1, 0, 151);                       /* busy for 15 s more */
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 96, 0));
    clock_sleep(&kit.clock.base, 15000);
    assert_done(TUR(&kit));
    assert_sense(kit_disc(&kit), 2, 0x04, 0x07);                        /* 51h comes a little late */
    clock_sleep(&kit.clock.base, 500);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 2);
    kit_close(&kit);
}

static void some_drives_answer_51h_while_busy_and_some_ignore_immed(void **state)
{
    static struct kit kit;
    uint64_t before;

    (void)state;
    kit_prepare(&kit, "cd-rw");
    kit.options.times = emu_times_realistic;
    kit.options.behaviour.info_while_busy = 1;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_none(&kit, 0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_sense(TUR(&kit), 2, 0x04, 0x07);
    assert_done(kit_disc(&kit));
    kit_close(&kit);

    kit_prepare(&kit, "cd-rw");
    kit.options.times = emu_times_realistic;
    kit.options.behaviour.immed_ignored = 1;
    kit_plug_in(&kit);
    kit_settle(&kit);
    before = kit.clock.milliseconds;
    assert_done(kit_none(&kit, 0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_int_equal(kit.clock.milliseconds - before, 30000);
    assert_done(TUR(&kit));
    kit_close(&kit);
}

static void a_throttled_drive_writes_at_its_speed(void **state)
{
    static struct kit kit;
    uint64_t before;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    kit.options.speed = 4;
    kit_plug_in(&kit);
    kit_settle(&kit);
    before = kit.clock.milliseconds;
    assert_done(kit_write(&kit, 0, 16384, 1));                          /* 32 MiB, 4 of them in the buffer */
    assert_in_range(kit.clock.milliseconds - before, 5290, 5310);       /* at 5540 kB/s */
    assert_done(kit_in(&kit, 12, 0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0));
    assert_bytes(&kit, 0, 0, 10, 0, 0, 0, 0x40, 0, 0);
    assert_in_range(get_be32(kit.data + 8), 0, 70000);
    assert_done(kit_sync(&kit));
    assert_in_range(kit.clock.milliseconds - before, 6040, 6070);
    assert_done(kit_in(&kit, 12, 0x5C, 1, 0, 0, 0, 0, 0, 0, 12, 0));
    assert_bytes(&kit, 0, 0, 10, 0, 1, 0, 0, 0, 0, 0, 0, 8, 0);         /* 2048 blocks free */
    kit_close(&kit);
}

static void a_full_buffer_can_be_reported(void **state)
{
    static struct kit kit;
    uint32_t at = 0, busy = 0;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    kit.options.speed = 16;
    kit.options.behaviour.report_long_write = 1;
    kit_plug_in(&kit);
    kit_settle(&kit);
    while (at < 4096)
    {
        uint32_t sense = kit_write(&kit, at, 32, 1);

        if (sense == KIT_DONE)
        {
            at += 32;
            continue;
        }
        assert_sense(sense, 2, 0x04, 0x08);
        clock_sleep(&kit.clock.base, 5);
        ++busy;
    }
    assert_true(busy > 10);
    kit_compare(&kit, 0, 4096, 1);
    kit_close(&kit);
}

static void an_underrun_hurts_only_without_protection(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-r");
    kit.options.speed = 16;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_write(&kit, 0, 32, 1));
    clock_sleep(&kit.clock.base, 10000);
    assert_done(kit_write(&kit, 32, 32, 1));
    assert_done(kit_sync(&kit));
    kit_select_write_parameters(&kit, 0x01, 0xC4);
    assert_done(kit_write(&kit, 452, 32, 1));
    clock_sleep(&kit.clock.base, 10000);
    assert_sense(kit_write(&kit, 484, 32, 1), 3, 0x0C, 0x09);
    assert_done(kit_track(&kit, 2));
    assert_bytes(&kit, 5, 0x24, 0x01, 0x01);                            /* damaged, but writable still */
    kit_close(&kit);
}

static void opc_takes_its_time_and_checks_its_list(void **state)
{
    static struct kit kit;
    static const uint8_t values[8] = { 0 };
    uint64_t before;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    kit_settle(&kit);
    before = kit.clock.milliseconds;
    assert_done(kit_none(&kit, 0x54, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_int_equal(kit.clock.milliseconds - before, 5000);
    assert_done(kit_out(&kit, values, 8, 0x54, 0, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_sense(kit_out(&kit, values, 7, 0x54, 0, 0, 0, 0, 0, 0, 0, 7, 0), 5, 0x1A, 0x00);
    kit_close(&kit);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_immediate_command_leaves_the_drive_busy_with_progress),
        cmocka_unit_test(some_drives_answer_51h_while_busy_and_some_ignore_immed),
        cmocka_unit_test(a_throttled_drive_writes_at_its_speed),
        cmocka_unit_test(a_full_buffer_can_be_reported),
        cmocka_unit_test(an_underrun_hurts_only_without_protection),
        cmocka_unit_test(opc_takes_its_time_and_checks_its_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
