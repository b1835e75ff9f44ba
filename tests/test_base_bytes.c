/* include/openimapi/bytes.h and core/base/clock.c: numbers lie in memory as the standards say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/bytes.h"
#include "openimapi/clock.h"

static const uint8_t bytes[] = { 0xF1, 0xE2, 0xD3, 0xC4, 0xB5, 0xA6, 0x97, 0x88, 0x79 };

static void numbers_are_read_from_any_address(void **state)
{
    (void)state;
    assert_int_equal(get_be16(bytes), 0xF1E2);
    assert_int_equal(get_be24(bytes + 1), 0xE2D3C4);
    assert_int_equal(get_be32(bytes + 1), 0xE2D3C4B5);
    assert_true(get_be64(bytes + 1) == 0xE2D3C4B5A6978879);
    assert_int_equal(get_le16(bytes), 0xE2F1);
    assert_int_equal(get_le32(bytes + 1), 0xB5C4D3E2);
    assert_true(get_le64(bytes + 1) == 0x798897A6B5C4D3E2);
}

static void numbers_are_written_to_any_address(void **state)
{
    uint8_t out[10] = { 0 };

    (void)state;
    put_be16(out + 1, 0xF1E2);
    assert_memory_equal(out, "\x00\xF1\xE2\x00", 4);
    put_be24(out + 1, 0xE2D3C4);
    assert_memory_equal(out, "\x00\xE2\xD3\xC4\x00", 5);
    put_be32(out + 1, 0xE2D3C4B5);
    assert_memory_equal(out, "\x00\xE2\xD3\xC4\xB5\x00", 6);
    put_be64(out + 1, 0xE2D3C4B5A6978879);
    assert_memory_equal(out, "\x00\xE2\xD3\xC4\xB5\xA6\x97\x88\x79\x00", 10);
    put_le16(out + 1, 0xF1E2);
    assert_memory_equal(out, "\x00\xE2\xF1\xC4", 4);
    put_le32(out + 1, 0xE2D3C4B5);
    assert_memory_equal(out, "\x00\xB5\xC4\xD3\xE2\xA6", 6);
    put_le64(out + 1, 0xE2D3C4B5A6978879);
    assert_memory_equal(out, "\x00\x79\x88\x97\xA6\xB5\xC4\xD3\xE2\x00", 10);
}

static void both_byte_orders_have_the_little_end_first(void **state)
{
    uint8_t out[8];

    (void)state;
    put_both16(out, 0x1234);
    assert_memory_equal(out, "\x34\x12\x12\x34", 4);
    put_both32(out, 0x12345678);
    assert_memory_equal(out, "\x78\x56\x34\x12\x12\x34\x56\x78", 8);
}

static void a_virtual_clock_moves_by_waiting_only(void **state)
{
    struct clock_virtual clock;

    (void)state;
    clock_virtual_init(&clock);
    assert_true(clock_now(&clock.base) == 0);
    clock_sleep(&clock.base, 1500);
    clock_sleep(&clock.base, UINT32_MAX);
    assert_true(clock_now(&clock.base) == (uint64_t)UINT32_MAX + 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(numbers_are_read_from_any_address),
        cmocka_unit_test(numbers_are_written_to_any_address),
        cmocka_unit_test(both_byte_orders_have_the_little_end_first),
        cmocka_unit_test(a_virtual_clock_moves_by_waiting_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
