/*
 * MODE SENSE(10) and MODE SELECT(10): the pages, their controls, and what page 05h may say on which medium.
 */
#include "helpers/emu_kit.h"

/* Page control in bits 7-6, page code in bits 5-0. */
static uint32_t sense_page(struct kit *kit, uint8_t control, uint8_t code, uint16_t allocation)
{
    return kit_in(kit, 4096, 0x5A, 0x08, (uint8_t)(control << 6 | code), 0, 0, 0, 0,
                  (uint8_t)(allocation >> 8), (uint8_t)allocation, 0);
}

static uint32_t select_bytes(struct kit *kit, const uint8_t *list, uint8_t size)
{
    return kit_out(kit, list, size, 0x55, 0x10, 0, 0, 0, 0, 0, 0, size, 0);
}

/* The current page 05h with three bytes exchanged. */
static uint32_t select_05(struct kit *kit, uint8_t type, uint8_t track_mode, uint8_t block_type)
{
    uint8_t list[60];

    assert_done(sense_page(kit, 0, 0x05, 60));
    memcpy(list, kit->data, 60);
    list[0] = list[1] = 0;
    list[10] = type;
    list[11] = track_mode;
    list[12] = block_type;
    return select_bytes(kit, list, 60);
}

static void page_05_tells_how_the_medium_is_written(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(sense_page(&kit, 0, 0x05, 60));
    assert_int_equal(kit.got, 60);
    assert_bytes(&kit, 0, 0, 58, 0, 0, 0, 0, 0, 0, 0x05, 0x32, 0x41, 0xC4, 8, 0, 0, 0, 0); /* TAO, BUFE */
    assert_bytes(&kit, 22, 0, 150);                                                             /* pause */
    kit_close(&kit);
    kit_open(&kit, "dvd+r");
    assert_done(sense_page(&kit, 0, 0x05, 60));
    assert_bytes(&kit, 8, 0x05, 0x32, 0x40, 0xC5, 8, 0x10);
    kit_close(&kit);
}

static void each_page_is_there_in_each_control(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(sense_page(&kit, 0, 0x01, 4096));
    assert_int_equal(kit.got, 20);
    assert_bytes(&kit, 8, 0x01, 0x0A, 0x80, 0x20);
    assert_done(sense_page(&kit, 1, 0x01, 4096));
    assert_bytes(&kit, 8, 0x01, 0x0A, 0x3D, 0xFF);
    assert_done(sense_page(&kit, 0, 0x08, 4096));
    assert_bytes(&kit, 8, 0x08, 0x0A, 0x04);
    assert_done(sense_page(&kit, 0, 0x1A, 4096));
    assert_bytes(&kit, 8, 0x1A, 0x0A, 0x00, 0x00);
    assert_done(sense_page(&kit, 0, 0x1D, 4096));
    assert_int_equal(kit.got, 18);
    assert_bytes(&kit, 8, 0x1D, 0x08, 0, 0, 0, 0, 0, 8, 0, 120);
    assert_done(sense_page(&kit, 2, 0x05, 4096));
    assert_bytes(&kit, 8, 0x05, 0x32, 0x41, 0xC4, 8);
    assert_done(sense_page(&kit, 1, 0x2A, 4096));
    assert_bytes(&kit, 10, 0, 0, 0, 0, 0);
    assert_sense(sense_page(&kit, 3, 0x05, 4096), 5, 0x39, 0x00);       /* nothing is saved */
    assert_sense(sense_page(&kit, 0, 0x0D, 4096), 5, 0x24, 0x00);
    assert_done(sense_page(&kit, 0, 0x3F, 4096));                       /* all, ascending */
    assert_int_equal(kit.got, 8 + 12 + 52 + 12 + 12 + 10 + 56);
    assert_bytes(&kit, 0, 0, 160);
    assert_bytes(&kit, 20, 0x05, 0x32);
    assert_bytes(&kit, 72, 0x08, 0x0A);
    assert_bytes(&kit, 106, 0x2A, 54);
    kit_close(&kit);
}

static void allocation_lengths_cut_the_reply(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(sense_page(&kit, 0, 0x2A, 8));
    assert_int_equal(kit.got, 8);
    assert_bytes(&kit, 0, 0, 62, 0, 0, 0, 0, 0, 0, 0xEE);
    assert_done(sense_page(&kit, 0, 0x2A, 15));
    assert_int_equal(kit.got, 15);
    assert_done(sense_page(&kit, 0, 0x2A, 0));
    assert_int_equal(kit.got, 0);
    kit_close(&kit);
}

static void page_2a_tells_capabilities_and_speeds(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(sense_page(&kit, 0, 0x2A, 4096));
    assert_bytes(&kit, 8, 0x2A, 54, 0x0F, 0x07, 0xD0, 0x00, 0x29, 0x00);
    assert_bytes(&kit, 16, 0x21, 0x13, 0, 0, 0x10, 0x00, 0x21, 0x13);   /* read 8467 kB/s, buffer 4096 KiB */
    assert_bytes(&kit, 26, 0x21, 0x13, 0x21, 0x13);
    assert_bytes(&kit, 36, 0x21, 0x13, 0, 6);                           /* write 48x, six speeds */
    assert_bytes(&kit, 40, 0, 0, 0x21, 0x13, 0, 0, 0x16, 0x0C, 0, 0, 0x10, 0x89, 0, 0, 0x0B, 0x06, 0, 0, 0x05,
                 0x83, 0, 0, 0x02, 0xC1);
    assert_done(kit_none(&kit, 0x1E, 0, 0, 0, 1, 0));
    assert_done(sense_page(&kit, 0, 0x2A, 4096));
    assert_bytes(&kit, 14, 0x2B);                                       /* locked now */
    kit_close(&kit);
}

static void track_at_once_and_packets_are_taken_on_cd_and_nothing_else(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    assert_done(select_05(&kit, 0x41, 0xC4, 8));
    assert_done(select_05(&kit, 0x01, 0x04, 8));
    assert_done(select_05(&kit, 0x51, 0x04, 8));                        /* test write */
    assert_done(select_05(&kit, 0x40, 0xC5, 8));                        /* variable packets */
    assert_sense(select_05(&kit, 0x42, 0xC4, 8), 5, 0x26, 0x00);        /* session at once */
    assert_sense(select_05(&kit, 0x43, 0xC4, 1), 5, 0x26, 0x00);        /* raw */
    assert_sense(select_05(&kit, 0x44, 0xC4, 8), 5, 0x26, 0x00);        /* layer jump */
    assert_sense(select_05(&kit, 0x41, 0xC0, 0), 5, 0x26, 0x00);        /* audio */
    assert_sense(select_05(&kit, 0x41, 0xC4, 9), 5, 0x26, 0x00);
    assert_sense(select_05(&kit, 0x41, 0x84, 8), 5, 0x26, 0x00);        /* multi-session 10b is reserved */
    assert_done(sense_page(&kit, 0, 0x05, 60));
    assert_bytes(&kit, 10, 0x40, 0xC5, 8);                              /* the last good one stands */
    kit_close(&kit);
}

static void other_media_know_no_test_write(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(select_05(&kit, 0x40, 0x05, 8));
    assert_sense(select_05(&kit, 0x50, 0x05, 8), 5, 0x26, 0x00);
    assert_sense(select_05(&kit, 0x42, 0x05, 8), 5, 0x26, 0x00);
    assert_sense(select_05(&kit, 0x40, 0x05, 10), 5, 0x26, 0x00);
    kit_close(&kit);
}

static void lists_that_are_wrong_change_nothing(void **state)
{
    static struct kit kit;
    uint8_t list[8 + 52 + 12] = { 0 };

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(sense_page(&kit, 0, 0x05, 60));
    memcpy(list + 8, kit.data + 8, 52);
    assert_sense(kit_out(&kit, list, 60, 0x55, 0x00, 0, 0, 0, 0, 0, 0, 60, 0), 5, 0x24, 0x00);  /* PF */
    assert_sense(kit_out(&kit, list, 60, 0x55, 0x11, 0, 0, 0, 0, 0, 0, 60, 0), 5, 0x24, 0x00);  /* SP */
    assert_done(kit_none(&kit, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_sense(select_bytes(&kit, list, 4), 5, 0x1A, 0x00);
    assert_sense(select_bytes(&kit, list, 59), 5, 0x1A, 0x00);
    assert_sense(kit_out(&kit, list, 20, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0), 0x0B, 0x4B, 0x00);
    list[9] = 0x31;
    assert_sense(select_bytes(&kit, list, 60), 5, 0x1A, 0x00);
    list[9] = 0x32;
    list[8] = 0x0D;
    assert_sense(select_bytes(&kit, list, 60), 5, 0x26, 0x00);
    list[8] = 0x05;
    list[16] = 0x55;                                                    /* session format */
    assert_sense(select_bytes(&kit, list, 60), 5, 0x26, 0x00);
    list[16] = 0x00;
    list[17] = 0x01;                                                    /* reserved byte */
    assert_sense(select_bytes(&kit, list, 60), 5, 0x26, 0x00);
    list[17] = 0x00;

    /* Two pages, the second wrong: the first does not take effect either. */
    list[10] = 0x01;
    list[60] = 0x01;
    list[61] = 0x0A;
    list[62] = 0xFF;
    assert_sense(select_bytes(&kit, list, 72), 5, 0x26, 0x00);
    assert_done(sense_page(&kit, 0, 0x05, 60));
    assert_bytes(&kit, 10, 0x41);
    list[62] = 0xA0;
    assert_done(select_bytes(&kit, list, 72));
    assert_done(sense_page(&kit, 0, 0x05, 60));
    assert_bytes(&kit, 10, 0x01);
    assert_done(sense_page(&kit, 0, 0x01, 60));
    assert_bytes(&kit, 10, 0xA0);
    emu_reset(kit.drive);
    kit_settle(&kit);
    assert_done(sense_page(&kit, 0, 0x01, 60));
    assert_bytes(&kit, 10, 0x80);
    kit_close(&kit);
}

static void the_block_type_cannot_change_in_mid_track(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_write(&kit, 0, 32, 1));
    assert_sense(select_05(&kit, 0x40, 0xC4, 8), 5, 0x2C, 0x00);
    assert_done(select_05(&kit, 0x41, 0x04, 8));                        /* the multi-session field may */
    assert_done(kit_sync(&kit));
    assert_done(select_05(&kit, 0x40, 0xC4, 8));
    kit_close(&kit);
}

static void software_write_protection_is_in_page_1d(void **state)
{
    static struct kit kit;
    uint8_t list[18] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x1D, 0x08, 0, 0, 0x01, 0, 0, 8, 0, 120 };

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(select_bytes(&kit, list, 18));
    assert_sense(kit_write(&kit, 0, 16, 1), 7, 0x27, 0x00);
    list[12] = 0;
    assert_done(select_bytes(&kit, list, 18));
    assert_done(kit_write(&kit, 0, 16, 1));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(page_05_tells_how_the_medium_is_written),
        cmocka_unit_test(each_page_is_there_in_each_control),
        cmocka_unit_test(allocation_lengths_cut_the_reply),
        cmocka_unit_test(page_2a_tells_capabilities_and_speeds),
        cmocka_unit_test(track_at_once_and_packets_are_taken_on_cd_and_nothing_else),
        cmocka_unit_test(other_media_know_no_test_write),
        cmocka_unit_test(lists_that_are_wrong_change_nothing),
        cmocka_unit_test(the_block_type_cannot_change_in_mid_track),
        cmocka_unit_test(software_write_protection_is_in_page_1d),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
