/*
 * READ TOC/PMA/ATIP, READ SUB-CHANNEL, READ TRACK INFORMATION by its three kinds of address, and the types of
 * READ DISC INFORMATION.
 */
#include "helpers/emu_kit.h"

static uint32_t toc(struct kit *kit, uint8_t msf, uint8_t format, uint8_t number, uint16_t allocation)
{
    return kit_in(kit, 4096, 0x43, msf, format, 0, 0, 0, number, (uint8_t)(allocation >> 8),
                  (uint8_t)allocation, 0);
}

/* Two sessions: tracks at 0 (400 blocks) and 552 (300), lead-out 854; one at 12254 (350), lead-out 12606. */
static void burn_two_sessions(struct kit *kit)
{
    kit_open(kit, "cd-r");
    assert_done(kit_write(kit, 0, 400, 1));
    assert_done(kit_sync(kit));
    assert_done(kit_write(kit, 552, 300, 1));
    assert_done(kit_finish(kit, 2, 0));
    assert_done(kit_write(kit, 12254, 350, 1));
    assert_done(kit_finish(kit, 2, 0));
}

static void a_blank_disc_has_no_toc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    for (uint8_t format = 0; format < 4; ++format) assert_sense(toc(&kit, 0, format, 0, 4096), 5, 0x24, 0x00);
    assert_done(kit_write(&kit, 0, 400, 1));
    assert_done(kit_sync(&kit));
    assert_sense(toc(&kit, 0, 0, 0, 4096), 5, 0x24, 0x00);              /* nor one whose session is open */
    assert_sense(toc(&kit, 0, 6, 0, 4096), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void format_0_lists_tracks_and_lead_out(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(toc(&kit, 0, 0, 0, 4096));
    assert_int_equal(kit.got, 36);
    assert_bytes(&kit, 0, 0, 34, 1, 3,
                 0, 0x14, 1, 0, 0, 0, 0, 0,
                 0, 0x14, 2, 0, 0, 0, 0x02, 0x28,
                 0, 0x14, 3, 0, 0, 0, 0x2F, 0xDE,
                 0, 0x14, 0xAA, 0, 0, 0, 0x31, 0x3E);
    assert_done(toc(&kit, 2, 0, 3, 4096));                              /* from track 3 on, in MSF */
    assert_bytes(&kit, 0, 0, 18, 1, 3, 0, 0x14, 3, 0, 0, 2, 45, 29, 0, 0x14, 0xAA, 0, 0, 2, 50, 6);
    assert_done(toc(&kit, 0, 0, 0xAA, 4096));
    assert_int_equal(kit.got, 12);
    assert_sense(toc(&kit, 0, 0, 4, 4096), 5, 0x24, 0x00);
    assert_done(toc(&kit, 0, 0, 0, 5));
    assert_int_equal(kit.got, 5);
    assert_bytes(&kit, 0, 0, 34);
    kit_close(&kit);
}

static void format_1_tells_the_last_session(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(toc(&kit, 0, 1, 0, 4096));
    assert_int_equal(kit.got, 12);
    assert_bytes(&kit, 0, 0, 10, 1, 2, 0, 0x14, 3, 0, 0, 0, 0x2F, 0xDE);
    /* The format in the last byte of the CDB, as hosts of old put it. */
    assert_done(kit_in(&kit, 4096, 0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40));
    assert_bytes(&kit, 0, 0, 10, 1, 2);
    kit_close(&kit);
}

static void format_2_is_the_raw_toc(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(toc(&kit, 0, 2, 0, 4096));
    assert_int_equal(kit.got, 4 + 11 * (7 + 5));
    assert_bytes(&kit, 0, 0, 134, 1, 2,
                 1, 0x14, 0, 0xA0, 0, 0, 0, 0, 1, 0x00, 0,
                 1, 0x14, 0, 0xA1, 0, 0, 0, 0, 2, 0, 0,
                 1, 0x14, 0, 0xA2, 0, 0, 0, 0, 0, 13, 29,               /* lead-out 854 */
                 1, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0,
                 1, 0x14, 0, 2, 0, 0, 0, 0, 0, 9, 27,
                 1, 0x54, 0, 0xB0, 2, 45, 29, 2, 79, 59, 74,            /* next program area 12254 */
                 1, 0x54, 0, 0xC0, 0, 0, 0, 0, 97, 26, 65,
                 2, 0x14, 0, 0xA0, 0, 0, 0, 0, 3, 0x00, 0,
                 2, 0x14, 0, 0xA1, 0, 0, 0, 0, 3, 0, 0,
                 2, 0x14, 0, 0xA2, 0, 0, 0, 0, 2, 50, 6,
                 2, 0x14, 0, 3, 0, 0, 0, 0, 2, 45, 29,
                 2, 0x54, 0, 0xB0, 4, 22, 6, 1, 79, 59, 74);
    assert_done(toc(&kit, 0, 2, 2, 4096));                              /* from session 2 on */
    assert_int_equal(kit.got, 4 + 11 * 5);
    assert_sense(toc(&kit, 0, 2, 3, 4096), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void a_single_finalized_session_points_nowhere(void **state)
{
    static struct kit kit;
    static const uint8_t list[60] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x05, 0x32, 0x41, 0x04, 8 };

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_out(&kit, list, 60, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0));
    assert_done(kit_write(&kit, 0, 400, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(toc(&kit, 0, 2, 0, 4096));
    assert_int_equal(kit.got, 4 + 11 * 4);
    kit_close(&kit);
}

static void format_4_is_the_atip(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r 74min");
    assert_done(toc(&kit, 0, 4, 0, 4096));
    assert_int_equal(kit.got, 28);
    assert_bytes(&kit, 0, 0, 26, 0, 0, 0xD0, 0x40, 0x80, 0, 97, 26, 65, 0, 74, 2, 0, 0);
    kit_close(&kit);
    kit_open(&kit, "cd-rw");
    assert_done(toc(&kit, 0, 4, 0, 4096));
    assert_bytes(&kit, 4, 0xD3, 0x40, 0xC4, 0, 97, 26, 65, 0, 79, 59, 74, 0, 0x24);
    kit_close(&kit);
    kit_open(&kit, "dvd+r");
    assert_sense(toc(&kit, 0, 4, 0, 4096), 5, 0x24, 0x00);
    assert_sense(toc(&kit, 0, 2, 0, 4096), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void dvd_and_bd_have_a_made_up_toc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(kit_write(&kit, 0, 160, 1));
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(toc(&kit, 0, 0, 0, 4096));
    assert_bytes(&kit, 0, 0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xAA, 0, 0, 0, 0, 160);
    assert_done(toc(&kit, 0, 1, 0, 4096));
    assert_bytes(&kit, 0, 0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_sense(toc(&kit, 0, 0, 0, 4096), 5, 0x24, 0x00);              /* not formatted */
    kit_close(&kit);
}

static void tracks_are_found_by_address_number_and_session(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(kit_in(&kit, 36, 0x52, 0, 0, 0, 0x02, 0x30, 0, 0, 36, 0));      /* LBA 560 */
    assert_bytes(&kit, 2, 2, 1);
    assert_bytes(&kit, 8, 0, 0, 0x02, 0x28);
    assert_done(kit_in(&kit, 36, 0x52, 2, 0, 0, 0, 2, 0, 0, 36, 0));            /* session 2 */
    assert_bytes(&kit, 2, 3, 2);
    assert_done(kit_in(&kit, 36, 0x52, 2, 0, 0, 0, 3, 0, 0, 36, 0));            /* the empty session */
    assert_bytes(&kit, 2, 4, 3, 0, 0x04, 0x4F, 0x01);
    assert_sense(kit_in(&kit, 36, 0x52, 2, 0, 0, 0, 4, 0, 0, 36, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 36, 0x52, 1, 0, 0, 0, 5, 0, 0, 36, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 36, 0x52, 1, 0, 0, 0, 0, 0, 0, 36, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 36, 0x52, 3, 0, 0, 0, 1, 0, 0, 36, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 36, 0x52, 0, 0x7F, 0, 0, 0, 0, 0, 36, 0), 5, 0x21, 0x00);
    assert_sense(kit_in(&kit, 36, 0x52, 0, 0, 0, 4, 0, 0, 0, 36, 0), 5, 0x21, 0x00);    /* between sessions */
    assert_done(kit_in(&kit, 36, 0x52, 1, 0, 0, 0, 1, 0, 0, 7, 0));
    assert_int_equal(kit.got, 7);
    assert_bytes(&kit, 0, 0, 34, 1, 1);
    assert_bytes(&kit, 7, 0xEE);
    kit_close(&kit);
}

static void disc_information_has_types_and_lengths(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 0, 0, 32, 0x01, 1, 3, 4, 4, 0xA0, 0x00);
    assert_bytes(&kit, 16, 0, 3, 20, 6, 0, 79, 59, 74);                 /* lead-in of session 3 */
    assert_done(kit_in(&kit, 34, 0x51, 0, 0, 0, 0, 0, 0, 0, 3, 0));
    assert_int_equal(kit.got, 3);
    assert_done(kit_in(&kit, 34, 0x51, 1, 0, 0, 0, 0, 0, 0, 34, 0));
    assert_int_equal(kit.got, 12);
    assert_bytes(&kit, 0, 0, 10, 0x20, 0, 0, 99, 0, 4, 0, 99, 0, 96);
    assert_sense(kit_in(&kit, 34, 0x51, 2, 0, 0, 0, 0, 0, 0, 34, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void many_sessions_are_told_apart(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-r");
    for (uint32_t session = 0; session < 300; ++session)
    {
        assert_done(kit_write(&kit, session * 32, 32, 1));
        assert_done(
            kit_none(&kit, 0x5B, 0, 1, 0, (uint8_t)((session + 1) >> 8), (uint8_t)(session + 1), 0, 0, 0, 0));
        assert_done(kit_finish(&kit, 2, 0));
    }
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 0x2D, 0x2D, 0x2D);                   /* 301 */
    assert_bytes(&kit, 9, 1, 1, 1);
    assert_done(kit_in(&kit, 48, 0x52, 1, 0, 0, 1, 0x2D, 0, 0, 48, 0));
    assert_bytes(&kit, 2, 0x2D, 0x2D);
    assert_bytes(&kit, 32, 1, 1);
    kit_restart(&kit);
    kit_compare(&kit, 299 * 32, 32, 1);
    kit_close(&kit);
}

static void the_sub_channel_tells_that_nothing_plays(void **state)
{
    static struct kit kit;

    (void)state;
    burn_two_sessions(&kit);
    assert_done(kit_in(&kit, 64, 0x42, 0, 0, 0, 0, 0, 0, 0, 64, 0));
    assert_int_equal(kit.got, 4);
    assert_bytes(&kit, 0, 0, 0x15, 0, 0);
    assert_done(kit_in(&kit, 64, 0x42, 0, 0x40, 2, 0, 0, 0, 0, 64, 0));
    assert_int_equal(kit.got, 24);
    assert_bytes(&kit, 0, 0, 0x15, 0, 20, 2, 0, 0, 0, 0x00);            /* no catalogue number */
    assert_done(kit_in(&kit, 64, 0x42, 0, 0x40, 3, 0, 0, 1, 0, 64, 0));
    assert_bytes(&kit, 3, 20, 3, 0x14, 1, 0, 0x00);
    assert_done(kit_in(&kit, 64, 0x42, 2, 0x40, 1, 0, 0, 0, 0, 64, 0));
    assert_bytes(&kit, 3, 12, 1, 0x14, 1, 1, 0, 0, 2, 0);
    assert_sense(kit_in(&kit, 64, 0x42, 0, 0x40, 9, 0, 0, 0, 0, 64, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_blank_disc_has_no_toc),
        cmocka_unit_test(format_0_lists_tracks_and_lead_out),
        cmocka_unit_test(format_1_tells_the_last_session),
        cmocka_unit_test(format_2_is_the_raw_toc),
        cmocka_unit_test(a_single_finalized_session_points_nowhere),
        cmocka_unit_test(format_4_is_the_atip),
        cmocka_unit_test(dvd_and_bd_have_a_made_up_toc),
        cmocka_unit_test(tracks_are_found_by_address_number_and_session),
        cmocka_unit_test(disc_information_has_types_and_lengths),
        cmocka_unit_test(many_sessions_are_told_apart),
        cmocka_unit_test(the_sub_channel_tells_that_nothing_plays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
