/*
 * GET CONFIGURATION: profiles, features, which are current, and how much comes back.
 */
#include "helpers/emu_kit.h"

/* RT in byte 1, starting feature in 2-3, allocation length in 7-8. */
static uint32_t configuration(struct kit *kit, uint8_t requested, uint16_t start, uint16_t allocation)
{
    return kit_in(kit, 4096, 0x46, requested, (uint8_t)(start >> 8), (uint8_t)start, 0, 0, 0,
                  (uint8_t)(allocation >> 8), (uint8_t)allocation, 0);
}

/* Feature codes of the reply, in order. */
static size_t codes(const struct kit *kit, uint16_t *out)
{
    size_t count = 0;

    for (uint32_t at = 8; at + 4 <= kit->got; at += 4u + kit->data[at + 3])
    {
        out[count++] = get_be16(kit->data + at);
    }
    return count;
}

static void assert_current(struct kit *kit, const uint16_t *expected, size_t count)
{
    uint16_t found[64];

    assert_done(configuration(kit, 1, 0, 4096));
    assert_int_equal(codes(kit, found), count);
    assert_memory_equal(found, expected, count * sizeof(*expected));
}

#define assert_current_features(kit, ...)                                                                    \
    assert_current(kit, (const uint16_t[]){ __VA_ARGS__ },                                                   \
                   sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))

static void an_empty_drive_has_no_profile_and_persistent_features_only(void **state)
{
    static struct kit kit;
    uint16_t all[64];

    (void)state;
    kit_open(&kit, "none");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 4, 0, 0, 0, 0);
    assert_done(configuration(&kit, 0, 0, 4096));
    assert_int_equal(codes(&kit, all), 23);
    assert_int_equal(get_be32(kit.data), kit.got - 4);
    /* Profile list: BD-RE BD-R BD-ROM DVD+R DVD+RW DVD-ROM CD-RW CD-R CD-ROM, none current. */
    assert_bytes(&kit, 8, 0, 0, 0x03, 36, 0, 0x43, 0, 0, 0, 0x41, 0, 0, 0, 0x40, 0, 0, 0, 0x1B, 0, 0, 0, 0x1A,
                 0, 0, 0, 0x10, 0, 0, 0, 0x0A, 0, 0, 0, 0x09, 0, 0, 0, 0x08, 0, 0);
    kit_close(&kit);
}

static void each_medium_makes_its_features_current(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x001E, 0x0021, 0x002D,
                            0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x09);
    kit_close(&kit);
    kit_open(&kit, "cd-rw");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x001D, 0x001E, 0x0021,
                            0x002D, 0x0037, 0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x0A);
    kit_close(&kit);
    kit_open(&kit, "dvd+r");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x001F, 0x002B, 0x0100,
                            0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x1B);
    kit_close(&kit);
    kit_open(&kit, "dvd+rw");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x001F, 0x0020, 0x0023,
                            0x002A, 0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x1A);
    kit_close(&kit);
    kit_open(&kit, "bd-r");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x0021, 0x0023, 0x0040,
                            0x0041, 0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x41);
    kit_close(&kit);
    kit_open(&kit, "bd-re");
    assert_current_features(&kit, 0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0010, 0x0020, 0x0023, 0x0024,
                            0x0040, 0x0041, 0x0100, 0x0105, 0x0107, 0x0108);
    assert_bytes(&kit, 6, 0x00, 0x43);
    kit_close(&kit);
}

static void one_feature_can_be_asked_for(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_done(configuration(&kit, 2, 0x0010, 4096));
    assert_int_equal(kit.got, 20);
    assert_bytes(&kit, 0, 0, 0, 0, 16, 0, 0, 0x00, 0x1B);
    assert_bytes(&kit, 8, 0x00, 0x10, 0x01, 8, 0, 0, 8, 0, 0, 16, 0x01, 0);     /* 2048 bytes, blocking 16 */
    assert_done(configuration(&kit, 2, 0x002B, 4096));
    assert_bytes(&kit, 8, 0x00, 0x2B, 0x01, 4, 0x01, 0, 0, 0);
    assert_done(configuration(&kit, 2, 0x002D, 4096));                          /* there, not current */
    assert_bytes(&kit, 8, 0x00, 0x2D, 0x08, 4, 0x46, 0, 0x05, 0x00);
    assert_done(configuration(&kit, 2, 0x0003, 4096));
    assert_bytes(&kit, 8, 0x00, 0x03, 0x07, 4, 0x39, 0, 0, 0); /* tray, loads, ejects, locks */
    assert_done(configuration(&kit, 2, 0x0107, 4096));
    assert_bytes(&kit, 8, 0x01, 0x07, 0x17, 4, 0x1F);
    assert_done(configuration(&kit, 2, 0x0108, 4096));
    assert_bytes(&kit, 8, 0x01, 0x08, 0x03, 12, 'O', 'I', '0');
    /* A feature that the drive does not have: the header alone. */
    assert_done(configuration(&kit, 2, 0x002F, 4096));
    assert_int_equal(kit.got, 8);
    assert_bytes(&kit, 0, 0, 0, 0, 4, 0, 0, 0x00, 0x1B);
    assert_sense(configuration(&kit, 3, 0, 4096), 5, 0x24, 0x00);
    kit_close(&kit);
}

static void the_start_feature_and_the_allocation_length_are_kept(void **state)
{
    static struct kit kit;
    uint16_t found[64];
    uint32_t whole;

    (void)state;
    kit_open(&kit, "cd-r");
    assert_done(configuration(&kit, 0, 0x0100, 4096));
    assert_int_equal(codes(&kit, found), 4);
    assert_int_equal(found[0], 0x0100);
    assert_done(configuration(&kit, 0, 0, 4096));
    whole = kit.got;
    assert_done(configuration(&kit, 0, 0, 8));
    assert_int_equal(kit.got, 8);
    assert_int_equal(get_be32(kit.data), whole - 4);        /* the length field tells the full length */
    assert_bytes(&kit, 8, 0xEE);
    assert_done(configuration(&kit, 0, 0, 13));
    assert_int_equal(kit.got, 13);
    assert_bytes(&kit, 13, 0xEE);
    assert_done(configuration(&kit, 0, 0, 0));
    assert_int_equal(kit.got, 0);
    kit_close(&kit);
}

static void writable_features_follow_the_format(void **state)
{
    static struct kit kit;
    static const uint8_t without_spares[12] = { 0, 0, 0, 8, 0x00, 0xBA, 0x74, 0x00, 0x31 << 2, 0, 8, 0 };

    (void)state;
    kit_open(&kit, "bd-re");
    assert_done(configuration(&kit, 2, 0x0020, 4096));
    assert_bytes(&kit, 8, 0x00, 0x20, 0x05, 12, 0, 0, 0, 0, 0, 0, 8, 0, 0, 32, 0x01, 0); /* not formatted */
    assert_done(kit_out(&kit, without_spares, 12, 0x04, 0x11, 0, 0, 0, 0));
    assert_done(configuration(&kit, 2, 0x0020, 4096));
    assert_bytes(&kit, 12, 0x00, 0xBA, 0x73, 0xFF);
    assert_done(configuration(&kit, 2, 0x0024, 4096));
    assert_bytes(&kit, 8, 0x00, 0x24, 0x04, 4, 0x80);       /* no defect management in this format */
    assert_done(configuration(&kit, 2, 0x0023, 4096));
    assert_bytes(&kit, 8, 0x00, 0x23, 0x05, 8, 0x0B);
    kit_close(&kit);
}

static void a_drive_without_a_tray_says_so(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-r");
    kit.options.behaviour.no_fixed_tray = 1;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(configuration(&kit, 2, 0x0003, 4096));
    assert_bytes(&kit, 12, 0x49);                           /* pop-up, ejects, locks, cannot load */
    assert_sense(kit_none(&kit, 0x1B, 0, 0, 0, 3, 0), 5, 0x24, 0x00);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_drive_has_no_profile_and_persistent_features_only),
        cmocka_unit_test(each_medium_makes_its_features_current),
        cmocka_unit_test(one_feature_can_be_asked_for),
        cmocka_unit_test(the_start_feature_and_the_allocation_length_are_kept),
        cmocka_unit_test(writable_features_follow_the_format),
        cmocka_unit_test(a_drive_without_a_tray_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
