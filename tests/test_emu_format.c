/*
 * BLANK, FORMAT UNIT, READ FORMAT CAPACITIES, and the life of the media that need them: CD-RW, DVD+RW, BD-R,
 * BD-RE.
 */
#include "helpers/emu_kit.h"

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)

static uint32_t capacities(struct kit *kit)
{
    return kit_in(kit, 4096, 0x23, 0, 0, 0, 0, 0, 0, 0x10, 0, 0);
}

/* FORMAT UNIT of so many blocks; flags go into byte 1 of the list: 2 is Immed. */
static uint32_t format_unit(struct kit *kit, uint8_t flags, uint32_t blocks, uint8_t type, uint8_t sub_type,
                            uint32_t parameter)
{
    uint8_t list[12] = { 0, flags, 0, 8 };

    put_be32(list + 4, blocks);
    list[8] = (uint8_t)(type << 2 | sub_type);
    put_be24(list + 9, parameter);
    return kit_out(kit, list, 12, 0x04, 0x11, 0, 0, 0, 0);
}

static uint32_t blank(struct kit *kit, uint8_t flags_and_type)
{
    return kit_none(kit, 0xA1, flags_and_type, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/* --- capacities ---------------------------------------------------------------------------------------- */

static void capacities_are_listed_for_each_medium(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "none");
    TUR(&kit);
    assert_done(capacities(&kit));
    assert_int_equal(kit.got, 12);
    assert_bytes(&kit, 0, 0, 0, 0, 8, 0x01, 0x74, 0xE8, 0x00, 3, 0, 8, 0); /* none: the most there can be */
    kit_close(&kit);
    kit_open(&kit, "dvd+r");
    assert_done(capacities(&kit));
    assert_bytes(&kit, 0, 0, 0, 0, 8, 0x00, 0x23, 0x05, 0x40, 1, 0, 8, 0);
    kit_close(&kit);
    kit_open(&kit, "dvd+rw");
    assert_done(capacities(&kit));
    assert_int_equal(kit.got, 20);
    assert_bytes(&kit, 0, 0, 0, 0, 16, 0x00, 0x23, 0x05, 0x40, 1, 0, 8, 0,
                 0x00, 0x23, 0x05, 0x40, 0x26 << 2, 0, 0, 0);
    assert_done(kit_in(&kit, 4096, 0x23, 0, 0, 0, 0, 0, 0, 0, 13, 0));
    assert_int_equal(kit.got, 13);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_done(capacities(&kit));
    assert_bytes(&kit, 0, 0, 0, 0, 48, 0x00, 0xBA, 0x74, 0x00, 1, 0, 8, 0,      /* 12219392, not formatted */
                 0x00, 0xB4, 0x74, 0x00, 0x00 << 2, 0, 0x30, 0x00,             /* 11826176 */
                 0x00, 0xB4, 0x74, 0x00, 0x30 << 2, 0, 0x30, 0x00,
                 0x00, 0xB0, 0x74, 0x00, 0x30 << 2, 0, 0x50, 0x00,             /* 11564032 */
                 0x00, 0xB8, 0x74, 0x00, 0x30 << 2, 0, 0x10, 0x00,             /* 12088320 */
                 0x00, 0xBA, 0x74, 0x00, 0x31 << 2, 0, 0x08, 0x00);
    kit_close(&kit);
    kit_open(&kit, "bd-r 50gb");
    assert_done(capacities(&kit));
    assert_bytes(&kit, 0, 0, 0, 0, 32, 0x01, 0x74, 0xE8, 0x00, 1, 0, 8, 0,
                 0x01, 0x68, 0xE8, 0x00, 0x00 << 2, 0, 0x30, 0x00);
    kit_close(&kit);
}

/* --- CD-RW --------------------------------------------------------------------------------------------- */

static void cd_rw_is_written_blanked_and_written_again(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x10);
    for (uint8_t type = 0; type < 2; ++type)
    {
        assert_done(kit_write(&kit, 0, 320, type));
        assert_done(kit_sync(&kit));
        assert_done(kit_finish(&kit, 2, 0));
        assert_done(kit_disc(&kit));
        assert_bytes(&kit, 2, 0x11, 1, 2);
        kit_compare(&kit, 0, 320, type);
        assert_done(blank(&kit, type));
        assert_done(kit_disc(&kit));
        assert_bytes(&kit, 2, 0x10, 1, 1, 1, 1);
        assert_sense(kit_read(&kit, 0), 5, 0x21, 0x00);
        assert_int_equal(kit_file_size(kit.disc), 0);
    }
    kit_close(&kit);
}

static void the_last_session_can_be_opened_or_erased(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    assert_sense(blank(&kit, 5), 5, 0x2C, 0x00);
    assert_sense(blank(&kit, 6), 5, 0x2C, 0x00);
    assert_sense(blank(&kit, 2), 5, 0x24, 0x00);
    assert_done(kit_write(&kit, 0, 320, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_write(&kit, 11722, 320, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x11, 1, 3);
    assert_done(blank(&kit, 5));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x15, 1, 2, 2, 3);                /* session 2 is open again, track 2 in it */
    assert_sense(blank(&kit, 5), 5, 0x2C, 0x00);
    assert_done(blank(&kit, 6));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x11, 1, 2, 2, 2);
    assert_int_equal(kit_file_size(kit.disc), 320 * 2048);
    kit_compare(&kit, 0, 320, 1);
    kit_close(&kit);
}

static void write_once_media_are_neither_blanked_nor_formatted_twice(void **state)
{
    static const char *const media[] = { "cd-r", "dvd+r", "bd-r", "dvd+rw", "bd-re" };
    static struct kit kit;

    (void)state;
    for (size_t m = 0; m < 5; ++m)
    {
        kit_open(&kit, media[m]);
        assert_sense(blank(&kit, 0), 5, 0x30, 0x06);
        if (m < 2) assert_sense(format_unit(&kit, 0, 0xFFFFFFFF, 0x26, 0, 0), 5, 0x30, 0x06);
        kit_close(&kit);
    }
}

static void blanking_shows_progress(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-rw");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(blank(&kit, 0x11));
    clock_sleep(&kit.clock.base, 15000);
    assert_sense(TUR(&kit), 2, 0x04, 0x07);
    assert_memory_equal(kit.command.sense + 15, KIT_BYTES(0x80, 0x7F, 0xFF), 3);
    emu_reset(kit.drive);                                   /* broken off */
    assert_sense(TUR(&kit), 6, 0x29, 0x00);
    assert_done(TUR(&kit));
    kit_close(&kit);
}

/* --- DVD+RW -------------------------------------------------------------------------------------------- */

static void dvd_plus_rw_is_formatted_in_the_background(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "dvd+rw");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x10);
    assert_int_equal(kit.data[7] & 3, 0);
    assert_sense(kit_write(&kit, 0, 16, 1), 3, 0x31, 0x00);
    assert_sense(kit_read(&kit, 0), 3, 0x31, 0x00);

    assert_done(format_unit(&kit, 2, 0xFFFFFFFF, 0x26, 0, 0));
    assert_sense(TUR(&kit), 2, 0x04, 0x04);
    assert_sense(kit_write(&kit, 0, 16, 1), 2, 0x04, 0x04);
    kit_settle(&kit);
    clock_sleep(&kit.clock.base, 1000);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x1E, 1, 1, 1, 1, 0x22);          /* complete; background format runs */
    assert_done(kit_write(&kit, 16000, 16, 1));             /* anywhere, meanwhile */
    assert_done(kit_write(&kit, 0, 17, 1));                 /* single blocks are legal */
    assert_done(kit_finish(&kit, 0, 0));
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 1);                   /* stopped */
    assert_done(format_unit(&kit, 2, 0xFFFFFFFF, 0x26, 0, 1));
    kit_settle(&kit);
    clock_sleep(&kit.clock.base, 1000);
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 2);                   /* restarted */
    clock_sleep(&kit.clock.base, 15 * 60000);
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 3);
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0));
    assert_done(kit_in(&kit, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 4, 5);                               /* background format completed */
    kit_compare(&kit, 16000, 16, 1);
    kit_compare(&kit, 0, 17, 1);
    kit_close(&kit);
}

/* The drive goes on formatting when the host that began it has died, and another one finds it done. */
static void a_background_format_ends_without_the_host_that_began_it(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "dvd+rw");
    kit.options.times = emu_times_realistic;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(format_unit(&kit, 2, 0xFFFFFFFF, 0x26, 0, 0));
    kit_settle(&kit);
    kit_restart(&kit);
    clock_sleep(&kit.clock.base, 1000);
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 2);
    clock_sleep(&kit.clock.base, 15 * 60000);
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 3);
    kit_close(&kit);
}

static void dvd_plus_rw_is_overwritten_and_formatted_again(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+rw");
    assert_sense(format_unit(&kit, 0, 0xFFFFFFFF, 0x26, 0, 1), 5, 0x2C, 0x00);  /* nothing to restart */
    assert_sense(format_unit(&kit, 0, 0xFFFFFFFF, 0x00, 0, 0), 5, 0x26, 0x00);
    assert_sense(format_unit(&kit, 0, 1000, 0x26, 0, 0), 5, 0x26, 0x00);
    assert_done(format_unit(&kit, 0, 0xFFFFFFFF, 0x26, 0, 0));
    assert_done(kit_disc(&kit));
    assert_int_equal(kit.data[7] & 3, 3);
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 2, 1, 1, 0, 0x05, 0x01, 0x00);       /* no next address: any will do */
    assert_bytes(&kit, 24, 0x00, 0x23, 0x05, 0x40);
    assert_done(kit_write(&kit, 0, 64, 1));
    assert_done(kit_write(&kit, 32, 32, 2));
    assert_done(kit_sync(&kit));
    assert_done(kit_finish(&kit, 2, 0));
    kit_compare(&kit, 0, 32, 1);
    kit_compare(&kit, 32, 32, 2);
    assert_sense(kit_write(&kit, 2295104 - 16, 32, 1), 5, 0x21, 0x00);
    assert_done(kit_write(&kit, 2295104 - 16, 16, 1));
    kit_restart(&kit);
    kit_compare(&kit, 2295104 - 16, 16, 1);
    assert_done(format_unit(&kit, 0, 2295104, 0x26, 0, 0));
    assert_done(kit_read(&kit, 0));
    assert_bytes(&kit, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    kit_close(&kit);
}

/* --- BD ------------------------------------------------------------------------------------------------ */

static void bd_re_is_formatted_with_or_without_spares(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-re");
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x10);
    assert_sense(kit_write(&kit, 0, 32, 1), 3, 0x31, 0x00);
    assert_sense(format_unit(&kit, 0, 11826176, 0x30, 1, 0x3000), 5, 0x26, 0x00);   /* no such sub-type */
    assert_sense(format_unit(&kit, 0, 11826175, 0x30, 0, 0), 5, 0x26, 0x00);        /* no whole clusters */
    assert_sense(format_unit(&kit, 0, 12219392, 0x30, 0, 0), 5, 0x26, 0x00);        /* too many */
    assert_done(format_unit(&kit, 0, 11826176, 0x00, 0, 0x3000));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x1E, 1, 1, 1, 1);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0x00, 0xB4, 0x73, 0xFF, 0, 0, 8, 0);
    assert_done(capacities(&kit));
    assert_bytes(&kit, 4, 0x00, 0xB4, 0x74, 0x00, 2, 0, 8, 0);
    assert_done(kit_write(&kit, 3, 2, 1));                  /* parts of a cluster: the drive fills it up */
    kit_compare(&kit, 3, 2, 1);
    assert_sense(kit_write(&kit, 11826176, 32, 1), 5, 0x21, 0x00);
    assert_done(kit_write(&kit, 64, 64, 1));
    assert_done(kit_write(&kit, 64, 32, 2));
    kit_compare(&kit, 64, 32, 2);
    kit_compare(&kit, 96, 32, 1);
    assert_done(kit_none(&kit, 0x2E, 0, 0, 0, 0, 0, 0, 0, 0, 0));       /* WRITE AND VERIFY exists */
    kit_restart(&kit);
    kit_compare(&kit, 64, 32, 2);
    assert_done(format_unit(&kit, 0, 11564032, 0x30, 3, 0x5000));
    assert_done(format_unit(&kit, 0, 11600000, 0x30, 0, 0));            /* an own size */
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0x00, 0xB1, 0x00, 0x7F);
    assert_done(format_unit(&kit, 0, 12219392, 0x31, 0, 0x0800));
    assert_done(kit_write(&kit, 12219392 - 32, 32, 1));
    kit_compare(&kit, 12219392 - 32, 32, 1);
    kit_close(&kit);
}

static void bd_r_is_written_with_or_without_a_format(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-r");
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00, 1, 1, 1, 1);
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 2, 1, 1, 0, 0x05, 0x41, 0x01);
    assert_bytes(&kit, 16, 0x00, 0xBA, 0x74, 0x00);         /* all of it: no spares */
    assert_done(kit_write(&kit, 0, 64, 1));
    assert_sense(format_unit(&kit, 0, 11826176, 0x00, 1, 0x3000), 5, 0x30, 0x06);
    assert_done(capacities(&kit));
    assert_int_equal(kit.got, 12);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0, 0, 63);                     /* readable before the session is closed */
    assert_done(kit_sync(&kit));
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 2, 2, 2);
    assert_done(kit_write(&kit, 64, 32, 1));                /* the next session follows at once */
    assert_done(kit_finish(&kit, 1, 2));
    assert_sense(kit_finish(&kit, 5, 0), 5, 0x24, 0x00);
    assert_done(kit_finish(&kit, 6, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x0E, 1, 2, 2, 2);
    assert_sense(kit_write(&kit, 96, 32, 1), 5, 0x30, 0x05);
    kit_compare(&kit, 0, 96, 1);
    kit_close(&kit);

    kit_open(&kit, "bd-r");
    assert_sense(format_unit(&kit, 0, 11826176, 0x00, 0, 0x3000), 5, 0x26, 0x00);       /* no POW */
    assert_sense(format_unit(&kit, 0, 11826176, 0x00, 2, 0x3000), 5, 0x26, 0x00);       /* no RRM */
    assert_done(format_unit(&kit, 0, 11826176, 0x00, 1, 0x3000));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 1, 1, 1);                /* appendable, its one session empty */
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 16, 0x00, 0xB4, 0x74, 0x00);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0, 0, 0);
    assert_done(kit_in(&kit, 64, 0xAD, 1, 0, 0, 0, 0, 0, 0x0A, 0, 64, 0, 0));
    assert_bytes(&kit, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0x00, 0x06, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00);
    assert_sense(kit_write(&kit, 32, 32, 1), 5, 0x21, 0x02);
    assert_done(kit_write(&kit, 0, 32, 1));
    kit_close(&kit);
}

static void format_lists_are_checked(void **state)
{
    static struct kit kit;
    uint8_t list[12] = { 0, 0, 0, 8, 0, 0, 0, 0, 0x26 << 2, 0, 0, 0 };

    (void)state;
    kit_open(&kit, "dvd+rw");
    assert_sense(kit_out(&kit, list, 12, 0x04, 0x10, 0, 0, 0, 0), 5, 0x24, 0x00);
    assert_sense(kit_out(&kit, list, 8, 0x04, 0x11, 0, 0, 0, 0), 5, 0x1A, 0x00);
    list[3] = 16;
    assert_sense(kit_out(&kit, list, 12, 0x04, 0x11, 0, 0, 0, 0), 5, 0x26, 0x00);
    list[3] = 8;
    assert_sense(kit_out(&kit, list, 12, 0x04, 0x11, 0, 0, 0, 0), 5, 0x26, 0x00);       /* 0 blocks */
    assert_done(emu_set_write_protect(kit.drive, 1));
    assert_sense(kit_out(&kit, list, 12, 0x04, 0x11, 0, 0, 0, 0), 7, 0x27, 0x00);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(capacities_are_listed_for_each_medium),
        cmocka_unit_test(cd_rw_is_written_blanked_and_written_again),
        cmocka_unit_test(the_last_session_can_be_opened_or_erased),
        cmocka_unit_test(write_once_media_are_neither_blanked_nor_formatted_twice),
        cmocka_unit_test(blanking_shows_progress),
        cmocka_unit_test(dvd_plus_rw_is_formatted_in_the_background),
        cmocka_unit_test(a_background_format_ends_without_the_host_that_began_it),
        cmocka_unit_test(dvd_plus_rw_is_overwritten_and_formatted_again),
        cmocka_unit_test(bd_re_is_formatted_with_or_without_spares),
        cmocka_unit_test(bd_r_is_written_with_or_without_a_format),
        cmocka_unit_test(format_lists_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
