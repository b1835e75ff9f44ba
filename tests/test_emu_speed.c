/*
 * GET PERFORMANCE, SET STREAMING, SET CD SPEED, READ BUFFER CAPACITY and READ DISC STRUCTURE.
 */
#include "helpers/emu_kit.h"

static uint32_t performance(struct kit *kit, uint8_t flags, uint8_t type, uint8_t most, uint32_t room)
{
    return kit_in(kit, room, 0xAC, flags, 0, 0, 0, 0, 0, 0, 0, most, type, 0);
}

static void write_speeds_are_listed_fastest_first(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(performance(&kit, 0, 3, 0, 8));                         /* how many are there? */
    assert_int_equal(kit.got, 8);
    assert_bytes(&kit, 0, 0, 0, 0, 52, 0, 0, 0, 0);
    assert_done(performance(&kit, 0, 3, 3, 4096));
    assert_int_equal(kit.got, 56);
    assert_bytes(&kit, 0, 0, 0, 0, 52, 0, 0, 0, 0,
                 0x02, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x56, 0x90,    /* 22160 */
                 0x02, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x2B, 0x48,    /* 11080 */
                 0x02, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x15, 0xA4);   /* 5540 */
    assert_done(performance(&kit, 0, 3, 1, 4096));
    assert_int_equal(kit.got, 24);
    assert_bytes(&kit, 0, 0, 0, 0, 52);
    kit_close(&kit);
}

static void nominal_performance_is_one_descriptor(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-r");
    assert_done(performance(&kit, 0x14, 0, 4, 4096));                   /* writing */
    assert_int_equal(kit.got, 24);
    assert_bytes(&kit, 0, 0, 0, 0, 20, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x69, 0x5D, 0x00, 0xBA, 0x73, 0xFF, 0,
                 0, 0x69, 0x5D); /* 26973 kB/s */
    assert_done(performance(&kit, 0x10, 0, 4, 4096));
    assert_bytes(&kit, 4, 0x00);
    assert_done(performance(&kit, 0x11, 0, 4, 4096));                   /* exceptions: none */
    assert_bytes(&kit, 0, 0, 0, 0, 4, 0x01);
    assert_sense(performance(&kit, 0x04, 0, 4, 4096), 5, 0x24, 0x00);   /* tolerance */
    assert_sense(performance(&kit, 0x10, 1, 4, 4096), 5, 0x24, 0x00);
    kit_close(&kit);
}

/* Bytes 28-29 of page 2Ah: the current write speed. */
static uint32_t write_speed(struct kit *kit)
{
    assert_done(kit_in(kit, 4096, 0x5A, 8, 0x2A, 0, 0, 0, 0, 0, 200, 0));
    return get_be16(kit->data + 8 + 28);
}

static void set_cd_speed_takes_the_next_lower(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_int_equal(write_speed(&kit), 8467);
    assert_done(kit_none(&kit, 0xBB, 0, 0xFF, 0xFF, 16 * 177 >> 8, 16 * 177 & 0xFF, 0, 0, 0, 0, 0, 0));
    assert_int_equal(write_speed(&kit), 2822);
    assert_done(kit_none(&kit, 0xBB, 1, 0x00, 0xB0, 0x00, 0x01, 0, 0, 0, 0, 0, 0));
    assert_int_equal(write_speed(&kit), 705);                           /* the slowest there is */
    assert_bytes(&kit, 8 + 14, 0x00, 0xB0);
    assert_done(kit_none(&kit, 0xBB, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0));
    assert_int_equal(write_speed(&kit), 8467);
    assert_sense(kit_none(&kit, 0xBB, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void set_streaming_sets_speeds_of_a_range(void **state)
{
    static struct kit kit;
    uint8_t list[28] = { 0 };

    (void)state;
    kit_open(&kit, "dvd+r");
    put_be32(list + 8, 2295103);
    put_be32(list + 12, 11080);
    put_be32(list + 16, 1000);
    put_be32(list + 20, 5600);
    put_be32(list + 24, 1000);
    assert_done(kit_out(&kit, list, 28, 0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0));
    assert_int_equal(write_speed(&kit), 5540);
    assert_bytes(&kit, 8 + 14, 0x2B, 0x48);
    put_be32(list + 8, 2295104);
    assert_sense(kit_out(&kit, list, 28, 0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0), 5, 0x21, 0x00);
    put_be32(list + 8, 2295103);
    put_be32(list + 24, 0);
    assert_sense(kit_out(&kit, list, 28, 0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0), 5, 0x26, 0x00);
    assert_sense(kit_out(&kit, list, 20, 0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0), 5, 0x1A, 0x00);
    assert_sense(kit_out(&kit, list, 28, 0xB6, 0, 0, 0, 0, 0, 0, 0, 5, 0, 28, 0), 5, 0x24, 0x00);
    list[0] = 0x04;                                                     /* RDD */
    assert_done(kit_out(&kit, list, 28, 0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0));
    assert_int_equal(write_speed(&kit), 22160);
    kit_close(&kit);
}

static void an_idle_buffer_is_empty(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(kit_in(&kit, 12, 0x5C, 0, 0, 0, 0, 0, 0, 0, 12, 0));
    assert_bytes(&kit, 0, 0, 10, 0, 0, 0, 0x40, 0, 0, 0, 0x40, 0, 0);
    assert_done(kit_in(&kit, 12, 0x5C, 0, 0, 0, 0, 0, 0, 0, 3, 0));
    assert_int_equal(kit.got, 3);
    kit_close(&kit);
}

static uint32_t structure(struct kit *kit, uint8_t media, uint8_t format, uint16_t allocation)
{
    return kit_in(kit, 8192, 0xAD, media, 0, 0, 0, 0, 0, format, (uint8_t)(allocation >> 8),
                  (uint8_t)allocation, 0, 0);
}

static void dvd_structures_tell_the_book_and_the_maker(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(structure(&kit, 0, 0x00, 8192));
    assert_int_equal(kit.got, 2052);
    assert_bytes(&kit, 0, 0x08, 0x02, 0, 0, 0xA1, 0x0F, 0x02, 0x00, 0, 0x03, 0x00, 0x00, 0, 0x26, 0x05, 0x3F);
    assert_done(structure(&kit, 0, 0x11, 8192));
    assert_int_equal(kit.got, 260);
    assert_memory_equal(kit.data + 4 + 19, "OPENIMAPR16", 11);
    assert_done(structure(&kit, 0, 0x01, 8192));
    assert_bytes(&kit, 0, 0, 6, 0, 0, 0, 0, 0, 0);
    assert_done(structure(&kit, 0, 0xFF, 8192));
    assert_bytes(&kit, 0, 0, 18, 0, 0, 0x00, 0x40, 0x08, 0x04, 0x01, 0x40, 0x00, 0x08, 0x11, 0x40, 0x01, 0x04,
                 0xC0, 0x40, 0x00, 0x08);
    assert_done(structure(&kit, 0, 0x00, 9));
    assert_int_equal(kit.got, 9);
    assert_bytes(&kit, 0, 0x08, 0x02);
    assert_sense(structure(&kit, 1, 0x00, 8192), 5, 0x24, 0x00);
    assert_sense(structure(&kit, 0, 0x0E, 8192), 5, 0x24, 0x00);
    kit_close(&kit);
    kit_open(&kit, "dvd+rw");
    assert_done(structure(&kit, 0, 0x00, 8192));
    assert_bytes(&kit, 4, 0x92, 0x0F, 0x04);
    kit_close(&kit);
}

static void bd_structures_tell_the_type(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-r");
    assert_done(structure(&kit, 1, 0x00, 8192));
    assert_int_equal(kit.got, 4100);
    assert_bytes(&kit, 0, 0x10, 0x02, 0, 0, 'D', 'I', 1);
    assert_memory_equal(kit.data + 4 + 8, "BDR", 3);
    assert_memory_equal(kit.data + 4 + 100, "OPENIMR06", 9);
    assert_sense(structure(&kit, 0, 0x00, 8192), 5, 0x24, 0x00);
    assert_sense(structure(&kit, 1, 0x0A, 8192), 5, 0x24, 0x00);        /* no spares without a format */
    assert_done(structure(&kit, 1, 0xFF, 8192));
    assert_bytes(&kit, 0, 0, 18, 0, 0, 0x00, 0x40, 0x10, 0x04, 0x09, 0x40, 0, 8, 0x0A, 0x40, 0, 16, 0xC0);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_done(structure(&kit, 1, 0x00, 8192));
    assert_memory_equal(kit.data + 4 + 8, "BDW", 3);
    kit_close(&kit);
}

static void write_protection_is_a_structure_too(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "bd-re");
    assert_done(structure(&kit, 1, 0xC0, 8192));
    assert_bytes(&kit, 0, 0, 6, 0, 0, 0x00, 0, 0, 0);
    assert_int_equal(emu_set_write_protect(kit.drive, 1), OI_OK);
    assert_done(structure(&kit, 0, 0xC0, 8192));
    assert_bytes(&kit, 0, 0, 6, 0, 0, 0x04, 0, 0, 0);
    kit_close(&kit);
    kit_open(&kit, "cd-r");
    assert_sense(structure(&kit, 0, 0x00, 8192), 5, 0x30, 0x02);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(write_speeds_are_listed_fastest_first),
        cmocka_unit_test(nominal_performance_is_one_descriptor),
        cmocka_unit_test(set_cd_speed_takes_the_next_lower),
        cmocka_unit_test(set_streaming_sets_speeds_of_a_range),
        cmocka_unit_test(an_idle_buffer_is_empty),
        cmocka_unit_test(dvd_structures_tell_the_book_and_the_maker),
        cmocka_unit_test(bd_structures_tell_the_type),
        cmocka_unit_test(write_protection_is_a_structure_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
