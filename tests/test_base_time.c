/* core/base/time.c: seconds and calendar dates, against values that date(1) gives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/text.h"

struct row
{
    int64_t seconds;
    struct text_date date;
};

static const struct row rows[] =
{
    { 0, { 1970, 1, 1, 0, 0, 0 } },
    { 1, { 1970, 1, 1, 0, 0, 1 } },
    { -1, { 1969, 12, 31, 23, 59, 59 } },
    { 951782400, { 2000, 2, 29, 0, 0, 0 } },            /* leap year: divisible by 400 */
    { 951868800, { 2000, 3, 1, 0, 0, 0 } },
    { -2203977600, { 1900, 2, 28, 0, 0, 0 } },          /* no leap year: divisible by 100 */
    { -2203891200, { 1900, 3, 1, 0, 0, 0 } },
    { 1795246022, { 2026, 11, 21, 7, 27, 2 } },
    { 2147483648, { 2038, 1, 19, 3, 14, 8 } },
    { 253402300799, { 9999, 12, 31, 23, 59, 59 } },
    { -11644473600, { 1601, 1, 1, 0, 0, 0 } },          /* where FILETIME begins */
    { -62135596800, { 1, 1, 1, 0, 0, 0 } },
    { -62167219200, { 0, 1, 1, 0, 0, 0 } },
    { -62167219201, { -1, 12, 31, 23, 59, 59 } },
};

static void assert_date_equal(const struct text_date *a, const struct text_date *b)
{
    assert_int_equal(a->year, b->year);
    assert_int_equal(a->month, b->month);
    assert_int_equal(a->day, b->day);
    assert_int_equal(a->hour, b->hour);
    assert_int_equal(a->minute, b->minute);
    assert_int_equal(a->second, b->second);
}

static void known_dates_come_out_of_seconds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        struct text_date date;

        text_date_from_seconds(rows[i].seconds, &date);
        assert_date_equal(&date, &rows[i].date);
    }
}

static void known_seconds_come_out_of_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        assert_true(text_date_to_seconds(&rows[i].date) == rows[i].seconds);
    }
}

static void every_day_of_eight_centuries_follows_the_one_before(void **state)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    struct text_date expected = { 1599, 12, 31, 12, 34, 56 };

    (void)state;
    for (int64_t seconds = text_date_to_seconds(&expected); expected.year < 2400; seconds += 86400)
    {
        int leap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0);
        struct text_date date;

        text_date_from_seconds(seconds, &date);
        assert_date_equal(&date, &expected);
        assert_true(text_date_to_seconds(&date) == seconds);
        if (expected.day++ < days[expected.month - 1] + (leap && expected.month == 2)) continue;
        expected.day = 1;
        if (expected.month++ < 12) continue;
        expected.month = 1;
        expected.year++;
    }
}

static void years_without_a_number_are_clamped(void **state)
{
    struct text_date date;

    (void)state;
    text_date_from_seconds(INT64_MAX, &date);
    assert_int_equal(date.year, INT32_MAX);
    text_date_from_seconds(INT64_MIN, &date);
    assert_int_equal(date.year, INT32_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(known_dates_come_out_of_seconds),
        cmocka_unit_test(known_seconds_come_out_of_dates),
        cmocka_unit_test(every_day_of_eight_centuries_follows_the_one_before),
        cmocka_unit_test(years_without_a_number_are_clamped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
