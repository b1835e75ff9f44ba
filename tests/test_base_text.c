/* core/base/text.c: names are compared, copied and converted as the file systems of Windows do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/text.h"

#include <stdlib.h>
#include <string.h>

static void length_counts_units(void **state)
{
    (void)state;
    assert_int_equal(text_length(u""), 0);
    assert_int_equal(text_length(u"abc"), 3);
    assert_int_equal(text_length(u"\U0001F600"), 2);
}

static void copies_are_new_memory_with_an_end(void **state)
{
    static const char16_t text[] = u"name";
    char16_t *copy = text_copy(text), *part = text_copy_n(text, 2), *empty = text_copy_n(text, 0);

    (void)state;
    assert_memory_equal(copy, u"name", sizeof(text));
    assert_memory_equal(part, u"na", 3 * sizeof(char16_t));
    assert_int_equal(empty[0], 0);
    assert_ptr_not_equal(copy, text);
    free(copy);
    free(part);
    free(empty);
}

static void copy_of_more_than_memory_is_null(void **state)
{
    (void)state;
    assert_null(text_copy_n(u"x", SIZE_MAX));
    assert_null(text_copy_n(u"x", SIZE_MAX / 2));
}

static void compare_is_by_code_unit(void **state)
{
    (void)state;
    assert_int_equal(text_compare(u"a", u"a"), 0);
    assert_true(text_compare(u"a", u"b") < 0);
    assert_true(text_compare(u"b", u"a") > 0);
    assert_true(text_compare(u"a", u"ab") < 0);
    assert_true(text_compare(u"ab", u"a") > 0);
    assert_true(text_compare(u"", u"a") < 0);
    assert_true(text_compare(u"B", u"a") < 0);
    /* U+1F600 is D83D DE00, which is below U+FF21 as units. */
    assert_true(text_compare(u"\U0001F600", u"\uFF21") < 0);
}

static void compare_n_looks_at_no_unit_behind_the_length(void **state)
{
    (void)state;
    assert_int_equal(text_compare_n(u"abX", 2, u"abY", 2), 0);
    assert_int_equal(text_compare_fold_n(u"abX", 2, u"ABY", 2), 0);
    assert_true(text_compare_fold_n(u"ab", 2, u"ABY", 3) < 0);
    assert_true(text_compare_fold_n(u"abc", 3, u"AB", 2) > 0);
    assert_int_equal(text_compare_n(u"a\0b", 3, u"a\0b", 3), 0);
    assert_true(text_compare_n(u"a\0b", 3, u"a\0c", 3) < 0);
}

static void fold_ignores_letter_case(void **state)
{
    (void)state;
    assert_int_equal(text_compare_fold(u"ReadMe.TXT", u"rEADmE.txt"), 0);
    assert_int_equal(text_compare_fold(u"\u00E4\u00F6\u00FC", u"\u00C4\u00D6\u00DC"), 0);
    assert_int_equal(text_compare_fold(u"\u0436", u"\u0416"), 0);
    assert_true(text_compare_fold(u"a", u"B") < 0);
    assert_true(text_compare_fold(u"b", u"A") > 0);
    assert_true(text_compare_fold(u"a", u"ab") < 0);
    /* Upper case decides: '_' (5F) lies above 'Z' and below 'a'. */
    assert_true(text_compare_fold(u"z", u"_") < 0);
    /* No full mapping: sharp s has no upper-case unit of its own here. */
    assert_true(text_compare_fold(u"\u00DF", u"SS") != 0);
    assert_int_equal(text_compare_fold(u"\u00DF", u"\u00DF"), 0);
}

static void equal_by_fold_hashes_the_same(void **state)
{
    (void)state;
    assert_int_equal(text_hash_fold(u"ReadMe", 6), text_hash_fold(u"rEADmE", 6));
    assert_int_equal(text_hash_fold(u"\u00E4", 1), text_hash_fold(u"\u00C4", 1));
    assert_int_not_equal(text_hash_fold(u"ab", 2), text_hash_fold(u"ba", 2));
    assert_int_not_equal(text_hash_fold(u"a", 1), text_hash_fold(u"\u0161", 1));
}

static void check_utf8(const char16_t *text, const char *utf8)
{
    char *got = text_to_utf8(text);

    assert_string_equal(got, utf8);
    free(got);
}

static void utf16_becomes_utf8(void **state)
{
    static const char16_t lone_high[] = { 'a', 0xD83D, 'b', 0 };
    static const char16_t lone_low[] = { 0xDE00, 'b', 0 };
    static const char16_t high_at_the_end[] = { 'a', 0xDBFF, 0 };
    static const char16_t swapped[] = { 0xDE00, 0xD83D, 0 };

    (void)state;
    check_utf8(u"", "");
    check_utf8(u"\x7F\x80\u07FF\u0800\uFFFF", "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
    check_utf8(u"\U00010000\U0001F600\U0010FFFF", "\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF");
    check_utf8(lone_high, "a\xEF\xBF\xBD" "b");
    check_utf8(lone_low, "\xEF\xBF\xBD" "b");
    check_utf8(high_at_the_end, "a\xEF\xBF\xBD");
    check_utf8(swapped, "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void check_utf16(const char *utf8, const char16_t *text)
{
    char16_t *got = text_from_utf8(utf8);

    assert_int_equal(text_compare(got, text), 0);
    free(got);
}

static void utf8_becomes_utf16(void **state)
{
    (void)state;
    check_utf16("", u"");
    check_utf16("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF", u"\x7F\x80\u07FF\u0800\uFFFF");
    check_utf16("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", u"\U00010000\U0010FFFF");
}

static void malformed_utf8_becomes_replacements(void **state)
{
    (void)state;
    check_utf16("a\x80z", u"a\uFFFDz");                           /* a byte that only continues */
    check_utf16("\xC0\xAF", u"\uFFFD\uFFFD");                     /* longer than needed */
    check_utf16("\xE0\x80\xAF", u"\uFFFD\uFFFD\uFFFD");
    check_utf16("\xED\xA0\x80", u"\uFFFD\uFFFD\uFFFD");           /* a surrogate */
    check_utf16("\xF4\x90\x80\x80", u"\uFFFD\uFFFD\uFFFD\uFFFD"); /* above 10FFFF */
    check_utf16("\xF5z", u"\uFFFDz");
    check_utf16("\xE2\x82", u"\uFFFD");                           /* cut off: one maximal part */
    check_utf16("\xE2\x82z", u"\uFFFDz");
    check_utf16("\xF0\x9F\x98", u"\uFFFD");
    check_utf16("\xE2", u"\uFFFD");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(length_counts_units),
        cmocka_unit_test(copies_are_new_memory_with_an_end),
        cmocka_unit_test(copy_of_more_than_memory_is_null),
        cmocka_unit_test(compare_is_by_code_unit),
        cmocka_unit_test(compare_n_looks_at_no_unit_behind_the_length),
        cmocka_unit_test(fold_ignores_letter_case),
        cmocka_unit_test(equal_by_fold_hashes_the_same),
        cmocka_unit_test(utf16_becomes_utf8),
        cmocka_unit_test(utf8_becomes_utf16),
        cmocka_unit_test(malformed_utf8_becomes_replacements),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
