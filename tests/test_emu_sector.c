/*
 * CD sectors against vectors of independent encoders: EDC, first and last bytes of P and Q, and a CRC-32 over
 * the whole sector.
 */
#include "helpers/emu_kit.h"

#include "core/emu/sector.h"

static uint32_t crc_32(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFF;

    for (size_t i = 0; i < size; ++i)
    {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

#define assert_at(sector, offset, ...)                                                                       \
    assert_memory_equal((sector) + (offset), KIT_BYTES(__VA_ARGS__), sizeof(KIT_BYTES(__VA_ARGS__)))

static void mode_1_of_zeros(void **state)
{
    uint8_t sector[SECTOR_SIZE], block[2048] = { 0 };

    (void)state;
    sector_build(sector, 0, 1, block, 1);
    assert_at(sector, 2064, 0xC5, 0x13, 0x68, 0x2B);
    assert_at(sector, 2076, 0x00, 0xF7, 0x00, 0xF5, 0x00, 0x00, 0x00, 0x00);
    assert_at(sector, 2248, 0x00, 0x41, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
    assert_at(sector, 2344, 0x00, 0x00, 0x00, 0x90, 0x00, 0xC1, 0x00, 0x12);
    assert_int_equal(crc_32(sector, SECTOR_SIZE), 0xD12AD343);
}

static void mode_1_of_counting_bytes(void **state)
{
    uint8_t sector[SECTOR_SIZE], block[2048];

    (void)state;
    for (int i = 0; i < 2048; ++i) block[i] = (uint8_t)i;
    sector_build(sector, 0, 1, block, 1);
    assert_at(sector, 2064, 0x27, 0x97, 0x39, 0xE6);
    assert_at(sector, 2344, 0xD9, 0xD2, 0x2A, 0x7D, 0xD0, 0x7C, 0x65, 0x23);
    assert_int_equal(crc_32(sector, SECTOR_SIZE), 0x8C41A08F);
}

static void mode_2_form_1_of_counting_bytes(void **state)
{
    uint8_t sector[SECTOR_SIZE], block[2048];

    (void)state;
    for (int i = 0; i < 2048; ++i) block[i] = (uint8_t)i;
    sector_build(sector, 0, 2, block, 1);
    assert_at(sector, 2072, 0xE9, 0x0C, 0xD0, 0x59);
    assert_at(sector, 2344, 0xEC, 0x81, 0x02, 0x0D, 0x61, 0x61, 0xD3, 0x87);
    assert_int_equal(crc_32(sector, SECTOR_SIZE), 0x8A32B319);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(mode_1_of_zeros),
        cmocka_unit_test(mode_1_of_counting_bytes),
        cmocka_unit_test(mode_2_form_1_of_counting_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
