/*
 * The life of a disc of each kind, from blank to finished, by the commands that burning programs send, and
 * looked at in between through the literal bytes of the drive's replies.
 */
#include "helpers/emu_kit.h"

static void dvd_plus_r_from_blank_to_finalized(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");

    /* Blank: status 0, one empty session, invisible track 1 with all of the disc. */
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 0, 0x00, 0x20, 0x00, 1, 1, 1, 1);
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 0, 0, 46, 1, 1, 0, 0x05, 0x41, 0x01);
    assert_bytes(&kit, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x23, 0x05, 0x40); /* start, next, 2295104 free */
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0, 0, 0, 0, 0, 8, 0);
    assert_int_equal(kit_file_size(kit.disc), -1);

    /* Session 1: 160 blocks. */
    assert_done(kit_write(&kit, 0, 160, 1));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x05, 1, 1, 1, 1);                /* appendable, session incomplete */
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 2, 1, 1, 0, 0x05, 0x01, 0x03);       /* open track: NWA and last recorded are valid */
    assert_bytes(&kit, 12, 0, 0, 0, 160);
    assert_bytes(&kit, 28, 0, 0, 0, 159);
    assert_done(kit_sync(&kit));
    assert_sense(kit_finish(&kit, 2, 0), 5, 0x72, 0x03);    /* the track is open still */
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 2, 2, 2);                /* appendable, session 2 empty */
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0, 0, 159, 0, 0, 8, 0);

    /* Session 2 begins 4096 blocks further on. */
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 2, 2, 2, 0, 0x05, 0x41, 0x01);
    assert_bytes(&kit, 8, 0, 0, 0x10, 0xA0, 0, 0, 0x10, 0xA0);
    assert_done(kit_write(&kit, 4256, 64, 2));
    assert_done(kit_sync(&kit));
    assert_done(kit_finish(&kit, 1, 2));
    assert_done(kit_finish(&kit, 6, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x0E, 1, 2, 2, 2);                /* complete, finalized */
    assert_bytes(&kit, 20, 0xFF, 0xFF, 0xFF, 0xFF);
    assert_sense(kit_track(&kit, 0xFF), 5, 0x24, 0x00);
    assert_sense(kit_write(&kit, 4320, 16, 3), 5, 0x30, 0x05);

    kit_compare(&kit, 0, 160, 1);
    kit_compare(&kit, 4256, 64, 2);
    assert_sense(kit_read(&kit, 160), 8, 0x00, 0x00);       /* between the sessions */
    assert_sense(kit_read(&kit, 4320), 5, 0x21, 0x00);
    assert_int_equal(kit_file_size(kit.disc), 4320 * 2048);
    kit_close(&kit);
}

/* MODE SELECT of a page 05h for track at once; multi is the multi-session field, 0 or 3. */
static void select_track_at_once(struct kit *kit, uint8_t multi)
{
    uint8_t list[8 + 52] = { 0 };

    list[8] = 0x05;
    list[9] = 0x32;
    list[10] = 0x41;
    list[11] = (uint8_t)(multi << 6 | 4);
    list[12] = 8;
    list[23] = 150;
    assert_done(kit_out(kit, list, sizeof(list), 0x55, 0x10, 0, 0, 0, 0, 0, 0, sizeof(list), 0));
}

static void cd_r_from_blank_to_finalized(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    select_track_at_once(&kit, 3);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00, 1, 1, 1, 1);
    assert_bytes(&kit, 16, 0, 97, 26, 65, 0, 79, 59, 74);   /* lead-in, last possible lead-out */
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 0, 0, 34, 1, 1, 0, 0x04, 0x4F, 0x01);
    assert_bytes(&kit, 12, 0, 0, 0, 0, 0x00, 0x05, 0x7D, 0xA7);     /* 359849 less two run-out blocks */

    /* Two tracks, each ended by a flush: the next starts 152 blocks behind the data. */
    assert_done(kit_write(&kit, 0, 400, 1));
    assert_done(kit_sync(&kit));
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 6, 0x01, 0x00);
    assert_bytes(&kit, 24, 0, 0, 0x01, 0x92);               /* 402 blocks with run-out */
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 2, 2, 1);
    assert_bytes(&kit, 12, 0, 0, 0x02, 0x28);               /* 552 */
    assert_done(kit_write(&kit, 552, 300, 2));
    assert_done(kit_sync(&kit));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x05, 1, 1, 1, 3);
    assert_done(kit_finish(&kit, 2, 0));

    /* Lead-out at 854; session 2 is 11400 behind it. */
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x01, 1, 2, 3, 3);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0, 0x03, 0x55, 0, 0, 8, 0);
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 12, 0, 0, 0x2F, 0xDE);               /* 12254 */
    select_track_at_once(&kit, 0);
    assert_done(kit_write(&kit, 12254, 350, 3));
    assert_done(kit_sync(&kit));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x0E, 1, 2, 3, 3);
    assert_bytes(&kit, 16, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);

    kit_compare(&kit, 0, 400, 1);
    kit_compare(&kit, 552, 300, 2);
    kit_compare(&kit, 12254, 350, 3);
    assert_sense(kit_read(&kit, 400), 5, 0x64, 0x00);       /* run-out */
    assert_sense(kit_read(&kit, 500), 5, 0x64, 0x00);       /* pre-gap */
    assert_sense(kit_read(&kit, 12606), 5, 0x21, 0x00);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(dvd_plus_r_from_blank_to_finalized),
        cmocka_unit_test(cd_r_from_blank_to_finalized),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
