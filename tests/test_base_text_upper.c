/* core/base/text_upper.c: the table against what another implementation of Unicode 14.0 says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/text.h"

static void letters_of_several_scripts_are_mapped(void **state)
{
    static const struct { char16_t lower, upper; } pairs[] =
    {
        { 'a', 'A' }, { 'z', 'Z' },
        { 0x00E0, 0x00C0 }, { 0x00FE, 0x00DE },
        { 0x00FF, 0x0178 },             /* y with diaeresis */
        { 0x0101, 0x0100 },             /* every second one */
        { 0x01C6, 0x01C4 },
        { 0x0250, 0x2C6F },
        { 0x03AC, 0x0386 }, { 0x03C3, 0x03A3 }, { 0x03C9, 0x03A9 },
        { 0x0430, 0x0410 }, { 0x045F, 0x040F }, { 0x04CF, 0x04C0 },
        { 0x0561, 0x0531 }, { 0x10D0, 0x1C90 }, { 0x13F8, 0x13F0 },
        { 0x1E01, 0x1E00 },
        { 0x1F80, 0x1F88 }, { 0x1FB3, 0x1FBC }, /* simple mapping, though the full one has two units */
        { 0x2170, 0x2160 }, { 0x24D0, 0x24B6 },
        { 0x2D00, 0x10A0 }, { 0xA641, 0xA640 }, { 0xAB70, 0x13A0 },
        { 0xFF41, 0xFF21 }, { 0xFF5A, 0xFF3A },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
    {
        assert_int_equal(text_upper(pairs[i].lower), pairs[i].upper);
        assert_int_equal(text_upper(pairs[i].upper), pairs[i].upper);
    }
}

static void other_units_stay(void **state)
{
    static const char16_t units[] = { 0, ' ', '0', 'A', '[', '`', '{', 0x7F, 0x80, 0xD7, 0xDF, 0xF7, 0x0130,
                                      0x0149, 0x0390, 0x4E00, 0xAC00, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000,
                                      0xFB00, 0xFF3B, 0xFF5B, 0xFFFD, 0xFFFF };

    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
    {
        assert_int_equal(text_upper(units[i]), units[i]);
    }
}

/* Micro sign, dotless i, long s, title case, final sigma, long s with dot: names with them and names with the
   common letter stand side by side in a folder of Windows. */
static void units_that_the_way_back_misses_stay(void **state)
{
    static const char16_t units[] = { 0x00B5, 0x0131, 0x017F, 0x01C5, 0x0345, 0x03C2, 0x03D0, 0x1C80,
                                      0x1E9B };

    (void)state;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
    {
        assert_int_equal(text_upper(units[i]), units[i]);
    }
    assert_int_not_equal(text_compare_fold(u"10 \x00B5m", u"10 \x03BCm"), 0);
}

/* Python 3.11, without what its lower-case mapping does not take back: FNV-1a over the low and the high byte
   of what each of the 65536 units is mapped to. */
static void the_whole_plane_agrees_with_python(void **state)
{
    uint32_t hash = 2166136261u;
    unsigned int mapped = 0;

    (void)state;
    for (uint32_t unit = 0; unit < 0x10000; unit++)
    {
        char16_t upper = text_upper((char16_t)unit);

        mapped += upper != unit;
        hash = (hash ^ (upper & 0xFF)) * 16777619u;
        hash = (hash ^ (upper >> 8)) * 16777619u;
    }
    assert_int_equal(mapped, 1163);
    assert_int_equal(hash, 0x2B089F32);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(letters_of_several_scripts_are_mapped),
        cmocka_unit_test(other_units_stay),
        cmocka_unit_test(units_that_the_way_back_misses_stay),
        cmocka_unit_test(the_whole_plane_agrees_with_python),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
