/*
 * READ, VERIFY, READ CD and READ CD MSF.
 */
#include "helpers/emu_kit.h"

static uint32_t read_cd(struct kit *kit, uint8_t type, uint32_t lba, uint8_t count, uint8_t selection,
                        uint32_t room)
{
    return kit_in(kit, room, 0xBE, (uint8_t)(type << 2), (uint8_t)(lba >> 24), (uint8_t)(lba >> 16),
                  (uint8_t)(lba >> 8), (uint8_t)lba, 0, 0, count, selection, 0, 0);
}

static void open_with_400_blocks(struct kit *kit, const char *medium)
{
    kit_open(kit, medium);
    assert_done(kit_write(kit, 0, 416, 1));
    assert_done(kit_sync(kit));
}

static void both_reads_give_blocks_and_refuse_the_rest(void **state)
{
    static struct kit kit;
    uint8_t block[2048];

    (void)state;
    open_with_400_blocks(&kit, "dvd+r");
    kit_fill(block, 3, 1);
    assert_done(kit_in(&kit, 4096, 0x28, 0, 0, 0, 0, 3, 0, 0, 2, 0));
    assert_int_equal(kit.got, 4096);
    assert_memory_equal(kit.data, block, 2048);
    assert_done(kit_in(&kit, 2048, 0xA8, 0, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0));
    assert_memory_equal(kit.data, block, 2048);
    assert_done(kit_none(&kit, 0x28, 0, 0, 0, 0, 3, 0, 0, 0, 0));
    assert_sense(kit_in(&kit, 4095, 0x28, 0, 0, 0, 0, 3, 0, 0, 2, 0), 0x0B, 0x4B, 0x00);
    assert_sense(kit_in(&kit, 4096, 0x28, 0, 0, 0, 0x01, 0x9F, 0, 0, 2, 0), 5, 0x21, 0x00);
    assert_int_equal(kit.got, 0);
    assert_sense(kit_in(&kit, 4096, 0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 2, 0), 5, 0x21, 0x00);
    kit_close(&kit);
}

static void verify_tries_or_compares(void **state)
{
    static struct kit kit;
    uint8_t blocks[2 * 2048];

    (void)state;
    open_with_400_blocks(&kit, "cd-r");
    kit_fill(blocks, 5, 1);
    kit_fill(blocks + 2048, 6, 1);
    assert_done(kit_none(&kit, 0x2F, 0, 0, 0, 0, 5, 0, 0, 2, 0));
    assert_done(kit_out(&kit, blocks, 4096, 0x2F, 2, 0, 0, 0, 5, 0, 0, 2, 0));
    blocks[4000] ^= 1;
    assert_sense(kit_out(&kit, blocks, 4096, 0x2F, 2, 0, 0, 0, 5, 0, 0, 2, 0), 0x0E, 0x1D, 0x00);
    assert_sense(kit_out(&kit, blocks, 2048, 0x2F, 2, 0, 0, 0, 5, 0, 0, 2, 0), 0x0B, 0x4B, 0x00);
    assert_sense(kit_none(&kit, 0x2F, 0, 0, 0, 0x10, 0, 0, 0, 2, 0), 5, 0x21, 0x00);
    kit_close(&kit);
}

static void read_cd_gives_whole_sectors_of_mode_1(void **state)
{
    static struct kit kit;
    uint8_t block[2048];

    (void)state;
    open_with_400_blocks(&kit, "cd-r");
    kit_fill(block, 300, 1);
    assert_done(read_cd(&kit, 0, 300, 1, 0xF8, 2352));
    assert_int_equal(kit.got, 2352);
    assert_bytes(&kit, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0);
    assert_bytes(&kit, 12, 0x00, 0x06, 0x00, 0x01);                     /* 00:06:00 in BCD, mode 1 */
    assert_memory_equal(kit.data + 16, block, 2048);
    assert_bytes(&kit, 2068, 0, 0, 0, 0, 0, 0, 0, 0);

    /* Parts of it. */
    assert_done(read_cd(&kit, 2, 300, 1, 0x10, 2352));
    assert_int_equal(kit.got, 2048);
    assert_memory_equal(kit.data, block, 2048);
    assert_done(read_cd(&kit, 2, 300, 2, 0x20, 2352));
    assert_int_equal(kit.got, 8);
    assert_bytes(&kit, 0, 0x00, 0x06, 0x00, 0x01, 0x00, 0x06, 0x01, 0x01);
    assert_done(read_cd(&kit, 0, 300, 1, 0x12, 4096));                  /* with C2 bits */
    assert_int_equal(kit.got, 2048 + 294);
    assert_done(read_cd(&kit, 0, 300, 1, 0x00, 4096));
    assert_int_equal(kit.got, 0);
    kit_close(&kit);
}

static void read_cd_is_strict(void **state)
{
    static struct kit kit;

    (void)state;
    open_with_400_blocks(&kit, "cd-r");
    assert_sense(read_cd(&kit, 1, 300, 1, 0xF8, 2352), 5, 0x64, 0x00);  /* audio */
    assert_sense(read_cd(&kit, 4, 300, 1, 0xF8, 2352), 5, 0x64, 0x00);  /* mode 2 form 1 */
    assert_sense(read_cd(&kit, 6, 300, 1, 0xF8, 2352), 5, 0x24, 0x00);
    assert_sense(read_cd(&kit, 0, 300, 1, 0x16, 4096), 5, 0x24, 0x00);
    assert_sense(read_cd(&kit, 0, 416, 1, 0xF8, 2352), 5, 0x64, 0x00);  /* run-out */
    assert_sense(read_cd(&kit, 0, 300, 2, 0xF8, 2352), 0x0B, 0x4B, 0x00);
    assert_sense(kit_in(&kit, 4096, 0xBE, 0, 0, 0, 0, 0, 0, 0, 1, 0xF8, 1, 0), 5, 0x24,
                 0x00); /* sub-channel */
    kit_close(&kit);
    open_with_400_blocks(&kit, "dvd+r");
    assert_sense(read_cd(&kit, 0, 0, 1, 0xF8, 2352), 5, 0x30, 0x02);
    kit_close(&kit);
}

static void read_cd_msf_counts_from_two_seconds(void **state)
{
    static struct kit kit;
    uint8_t block[2048];

    (void)state;
    open_with_400_blocks(&kit, "cd-r");
    kit_fill(block, 1, 1);
    assert_done(kit_in(&kit, 4096, 0xB9, 0, 0, 0, 2, 1, 0, 2, 2, 0x10, 0, 0));
    assert_int_equal(kit.got, 2048);
    assert_memory_equal(kit.data, block, 2048);
    assert_sense(kit_in(&kit, 4096, 0xB9, 0, 0, 0, 2, 75, 0, 3, 2, 0x10, 0, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 4096, 0xB9, 0, 0, 0, 3, 1, 0, 2, 2, 0x10, 0, 0), 5, 0x24, 0x00);
    assert_sense(kit_in(&kit, 4096, 0xB9, 0, 0, 0, 1, 0, 0, 2, 2, 0x10, 0, 0), 5, 0x21, 0x00);
    kit_close(&kit);
}

static void xa_tracks_have_sub_headers(void **state)
{
    static struct kit kit;
    static const uint8_t list[60] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x05, 0x32, 0x41, 0xC4, 10, 0, 0, 0, 0x20 };

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(kit_out(&kit, list, 60, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0));
    assert_done(kit_write(&kit, 0, 310, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_track(&kit, 1));
    assert_bytes(&kit, 5, 0x04, 0x02);                                  /* data mode 2 */
    assert_done(read_cd(&kit, 4, 0, 1, 0xF8, 2352));
    assert_bytes(&kit, 12, 0x00, 0x02, 0x00, 0x02, 0, 0, 8, 0, 0, 0, 8, 0);
    assert_done(read_cd(&kit, 0, 0, 1, 0x40, 2352));
    assert_int_equal(kit.got, 8);
    assert_done(kit_in(&kit, 4096, 0x43, 0, 2, 0, 0, 0, 0, 0x10, 0, 0));
    assert_bytes(&kit, 12, 1, 0x20);                                    /* disc type: CD-ROM XA */
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(both_reads_give_blocks_and_refuse_the_rest),
        cmocka_unit_test(verify_tries_or_compares),
        cmocka_unit_test(read_cd_gives_whole_sectors_of_mode_1),
        cmocka_unit_test(read_cd_is_strict),
        cmocka_unit_test(read_cd_msf_counts_from_two_seconds),
        cmocka_unit_test(xa_tracks_have_sub_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
