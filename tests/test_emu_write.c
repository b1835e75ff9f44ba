/*
 * WRITE and what ends it, strictly: addresses, units, room, simulation, packets, reservations.
 */
#include "helpers/emu_kit.h"

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)

static uint32_t next_address(struct kit *kit)
{
    assert_done(kit_track(kit, 0xFF));
    assert_int_equal(kit->data[7] & 0x01, 1);
    return get_be32(kit->data + 12);
}

static void only_the_next_address_is_taken(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_sense(kit_write(&kit, 16, 16, 1), 5, 0x21, 0x02);
    assert_done(kit_write(&kit, 0, 32, 1));
    assert_sense(kit_write(&kit, 0, 16, 1), 5, 0x21, 0x02);
    assert_sense(kit_write(&kit, 48, 16, 1), 5, 0x21, 0x02);
    assert_sense(kit_write(&kit, 2295104, 16, 1), 5, 0x21, 0x00);
    assert_done(kit_write(&kit, 32, 16, 1));
    assert_int_equal(next_address(&kit), 48);
    kit_close(&kit);
}

static void whole_units_are_wanted(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_sense(kit_write(&kit, 0, 15, 1), 5, 0x64, 0x01);
    assert_done(kit_write(&kit, 0, 16, 1));
    kit_close(&kit);
    kit_open(&kit, "bd-r");
    assert_sense(kit_write(&kit, 0, 16, 1), 5, 0x64, 0x01);
    assert_done(kit_write(&kit, 0, 32, 1));
    kit_close(&kit);
    kit_open(&kit, "cd-r");
    assert_done(kit_write(&kit, 0, 7, 1));
    kit_close(&kit);
}

static void the_data_must_be_as_long_as_the_command_says(void **state)
{
    static struct kit kit;
    static uint8_t data[32 * 2048];

    (void)state;
    kit_open(&kit, "cd-r");
    assert_sense(kit_out(&kit, data, 2048, 0x2A, 0, 0, 0, 0, 0, 0, 0, 2, 0), 0x0B, 0x4B, 0x00);
    assert_sense(kit_out(&kit, data, 3 * 2048, 0x2A, 0, 0, 0, 0, 0, 0, 0, 2, 0), 0x0B, 0x4B, 0x00);
    assert_sense(kit_none(&kit, 0x2A, 0, 0, 0, 0, 0, 0, 0, 2, 0), 0x0B, 0x4B, 0x00);
    assert_done(kit_none(&kit, 0x2A, 0, 0, 0, 0, 0, 0, 0, 0, 0));       /* nothing is no error */
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00);
    assert_done(kit_out(&kit, data, 2 * 2048, 0xAA, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0));
    assert_int_equal(kit.got, 2 * 2048);
    assert_int_equal(next_address(&kit), 2);
    kit_close(&kit);
}

static void a_full_disc_ends_where_it_said(void **state)
{
    static struct kit kit;
    uint32_t room;

    (void)state;
    kit_open(&kit, "dvd+r 1024");
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 16, 0, 0, 4, 0);
    assert_done(kit_write(&kit, 0, 1008, 1));
    assert_sense(kit_write(&kit, 1008, 32, 1), 5, 0x63, 0x00);
    assert_done(kit_write(&kit, 1008, 16, 1));
    assert_sense(kit_write(&kit, 1024, 16, 1), 5, 0x21, 0x00);
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 6, 0x01, 0x02);                                  /* no next address any more */
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_track(&kit, 2));                                    /* a next track without room */
    assert_bytes(&kit, 7, 0x00);
    assert_done(kit_finish(&kit, 6, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x0E);
    kit_compare(&kit, 0, 1024, 1);
    kit_close(&kit);

    /* On CD two blocks of run-out must fit too. */
    kit_open(&kit, "cd-r 1024");
    assert_done(kit_track(&kit, 0xFF));
    room = get_be32(kit.data + 16);
    assert_int_equal(room, 1022);
    assert_done(kit_write(&kit, 0, 1, 1));
    assert_done(kit_write(&kit, 1, 1021, 1));
    assert_sense(kit_write(&kit, 1022, 1, 1), 5, 0x63, 0x00);
    assert_done(kit_sync(&kit));
    assert_done(kit_finish(&kit, 2, 0));
    kit_compare(&kit, 0, 1022, 1);
    kit_close(&kit);
}

static void short_cd_tracks_are_padded_to_300_blocks(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_write(&kit, 0, 10, 1));
    assert_done(kit_sync(&kit));
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 24, 0, 0, 0x01, 0x2E);                           /* 302 with run-out */
    assert_int_equal(next_address(&kit), 452);
    assert_done(kit_read(&kit, 299));
    assert_bytes(&kit, 0, 0, 0, 0, 0);
    assert_sense(kit_read(&kit, 300), 5, 0x64, 0x00);
    kit_close(&kit);
}

/* Padding must not push the track's end behind the end of the disc: nobody would understand its state
   then. */
static void a_short_cd_track_at_the_end_of_the_disc_is_padded_to_its_end(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r 1024");
    kit_select_write_parameters(&kit, 0x01, 0xC4);
    assert_done(kit_write(&kit, 0, 700, 1));
    assert_done(kit_sync(&kit));
    assert_int_equal(next_address(&kit), 852);
    assert_done(kit_write(&kit, 852, 10, 2));
    assert_done(kit_sync(&kit));
    assert_done(kit_track(&kit, 2));
    assert_int_equal(get_be32(kit.data + 8), 852);
    assert_int_equal(get_be32(kit.data + 24), 172);
    assert_done(kit_read(&kit, 1021));
    assert_sense(kit_read(&kit, 1022), 5, 0x64, 0x00);

    kit_restart(&kit);
    kit_compare(&kit, 852, 10, 2);
    assert_done(kit_finish(&kit, 2, 0));
    kit_restart(&kit);
    kit_compare(&kit, 0, 700, 1);
    kit_compare(&kit, 852, 10, 2);
    kit_close(&kit);
}

static void a_test_write_checks_and_keeps_nothing(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    kit_select_write_parameters(&kit, 0x51, 0xC4);
    assert_done(kit_write(&kit, 0, 100, 1));
    assert_sense(kit_write(&kit, 0, 100, 1), 5, 0x21, 0x02);
    assert_done(kit_write(&kit, 100, 100, 1));
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 12, 0, 0, 0, 200);                               /* told while it lasts */
    assert_done(kit_sync(&kit));
    assert_int_equal(next_address(&kit), 0);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x10);
    assert_int_equal(kit_file_size(kit.disc), -1);
    kit_close(&kit);
}

static void packets_leave_links_and_keep_the_track_open(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    kit_select_write_parameters(&kit, 0x40, 0xC5);
    assert_done(kit_write(&kit, 0, 100, 1));
    assert_done(kit_sync(&kit));
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 5, 0x05, 0x21, 0x01);                            /* packet, incremental */
    assert_bytes(&kit, 12, 0, 0, 0, 107);
    assert_done(kit_sync(&kit));                                        /* nothing new: no further link */
    assert_int_equal(next_address(&kit), 107);
    assert_done(kit_write(&kit, 107, 300, 1));
    assert_sense(kit_finish(&kit, 2, 0), 5, 0x72, 0x03);
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 2, 0));
    kit_compare(&kit, 107, 300, 1);
    kit_close(&kit);

    kit_open(&kit, "cd-rw");
    kit_select_write_parameters(&kit, 0x40, 0xE5);
    assert_sense(kit_write(&kit, 0, 20, 1), 5, 0x64, 0x01);
    assert_done(kit_write(&kit, 0, 64, 1));
    kit_close(&kit);
}

static void a_reserved_track_keeps_its_size(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(kit_none(&kit, 0x53, 0, 0, 0, 0, 0, 0, 0, 100, 0));     /* 100 blocks: 112 in units */
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 2, 1, 1, 0, 0x05, 0xC1, 0x01);
    assert_bytes(&kit, 16, 0, 0, 0, 112);
    assert_bytes(&kit, 24, 0, 0, 0, 112);
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 2, 2, 1, 0, 0x05, 0x41, 0x01);
    assert_bytes(&kit, 12, 0, 0, 0, 112);

    /* Both tracks in turn: each has its own next address. */
    assert_done(kit_write(&kit, 112, 32, 1));
    assert_done(kit_write(&kit, 0, 32, 1));
    assert_done(kit_write(&kit, 144, 32, 1));
    assert_done(kit_write(&kit, 32, 16, 1));
    kit_restart(&kit);                                                  /* as after a kill */
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 12, 0, 0, 0, 48);
    assert_done(kit_track(&kit, 2));
    assert_bytes(&kit, 12, 0, 0, 0, 176);
    assert_done(kit_write(&kit, 48, 48, 1));
    assert_sense(kit_write(&kit, 96, 32, 1), 5, 0x63, 0x00);
    assert_sense(kit_finish(&kit, 2, 0), 5, 0x72, 0x03);
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 1, 2));
    assert_done(kit_finish(&kit, 6, 0));
    kit_compare(&kit, 0, 96, 1);
    kit_compare(&kit, 112, 64, 1);
    assert_done(kit_read(&kit, 100));                                   /* the rest of it is padding */
    assert_bytes(&kit, 0, 0, 0, 0, 0);
    kit_close(&kit);
}

static void reservations_have_limits(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_sense(kit_none(&kit, 0x53, 0, 0, 0, 0, 0, 0, 0, 0, 0), 5, 0x24, 0x00);
    assert_sense(kit_none(&kit, 0x53, 0, 0, 0, 0, 0x7F, 0, 0, 0, 0), 5, 0x24, 0x00);
    assert_sense(kit_none(&kit, 0x53, 2, 0, 0, 0, 0, 0, 0, 16, 0), 5, 0x24, 0x00);      /* RMZ */
    assert_done(kit_none(&kit, 0x53, 0, 0, 0, 0, 0, 0, 0, 16, 0));
    assert_sense(kit_finish(&kit, 1, 1), 5, 0x72, 0x04);
    assert_sense(kit_finish(&kit, 2, 0), 5, 0x72, 0x04);
    assert_done(kit_write(&kit, 16, 16, 1));
    assert_sense(kit_none(&kit, 0x53, 0, 0, 0, 0, 0, 0, 0, 16, 0), 5, 0x72, 0x05);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_sense(kit_none(&kit, 0x53, 0, 0, 0, 0, 0, 0, 0, 32, 0), 5, 0x30, 0x05);
    kit_close(&kit);
}

static void closing_nothing_is_good_or_an_error_as_the_drive_likes(void **state)
{
    static struct kit kit;

    (void)state;
    for (uint8_t strict = 0; strict < 2; ++strict)
    {
        uint32_t nothing = strict ? MMC_SENSE(5, 0x2C, 0x00) : KIT_DONE;

        kit_prepare(&kit, "dvd+r");
        kit.options.behaviour.close_nothing_is_error = strict;
        kit_plug_in(&kit);
        kit_settle(&kit);
        assert_int_equal(kit_finish(&kit, 1, 1), nothing);
        assert_int_equal(kit_finish(&kit, 2, 0), nothing);
        assert_int_equal(kit_finish(&kit, 6, 0), nothing);
        assert_done(kit_disc(&kit));
        assert_bytes(&kit, 2, 0x00);
        assert_done(kit_write(&kit, 0, 16, 1));
        assert_done(kit_finish(&kit, 1, 1));
        assert_int_equal(kit_finish(&kit, 1, 1), nothing);
        assert_done(kit_finish(&kit, 6, 0));
        assert_int_equal(kit_finish(&kit, 6, 0), nothing);
        assert_sense(kit_finish(&kit, 3, 0), 5, 0x24, 0x00);            /* DVD-RW only */
        assert_sense(kit_finish(&kit, 0, 0), 5, 0x24, 0x00);            /* background formats only */
        kit_close(&kit);
    }
    kit_open(&kit, "cd-r");
    assert_sense(kit_finish(&kit, 6, 0), 5, 0x24, 0x00);
    assert_sense(kit_finish(&kit, 5, 0), 5, 0x24, 0x00);
    assert_sense(kit_finish(&kit, 1, 0), 5, 0x24, 0x00);
    assert_sense(kit_finish(&kit, 1, 9), 5, 0x24, 0x00);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_sense(kit_finish(&kit, 2, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void closing_a_cd_session_ends_its_open_track_too(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_write(&kit, 0, 310, 1));
    kit_restart(&kit);                                                  /* killed before the flush */
    assert_int_equal(next_address(&kit), 310);
    assert_done(kit_write(&kit, 310, 10, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 24, 0, 0, 0x01, 0x42);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 2);
    kit_compare(&kit, 0, 320, 1);
    kit_close(&kit);
}

/* --- time ---------------------------------------------------------------------------------------------- */

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(only_the_next_address_is_taken),
        cmocka_unit_test(whole_units_are_wanted),
        cmocka_unit_test(the_data_must_be_as_long_as_the_command_says),
        cmocka_unit_test(a_full_disc_ends_where_it_said),
        cmocka_unit_test(short_cd_tracks_are_padded_to_300_blocks),
        cmocka_unit_test(a_short_cd_track_at_the_end_of_the_disc_is_padded_to_its_end),
        cmocka_unit_test(a_test_write_checks_and_keeps_nothing),
        cmocka_unit_test(packets_leave_links_and_keep_the_track_open),
        cmocka_unit_test(a_reserved_track_keeps_its_size),
        cmocka_unit_test(reservations_have_limits),
        cmocka_unit_test(closing_nothing_is_good_or_an_error_as_the_drive_likes),
        cmocka_unit_test(closing_a_cd_session_ends_its_open_track_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
