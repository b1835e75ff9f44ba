/* The three times of items: automation dates in UTC, what they can say and what they cannot. */
#include "fsi.h"

#include <math.h>

static const WCHAR *const II = L"IFsiItem";

TEST(times_come_back_as_they_were_put)
{
    static const DATE dates[] = { 46000.123456789, 0.0, 1.0, -1.25, -0.5, 2.999999, -657434.0, 2958465.999 };
    IFsiItem *item;
    struct fsi fsi;
    DATE date;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    item = fsi_item(&fsi, L"file", &IID_IFsiItem);
    for (size_t i = 0; i < ARRAYSIZE(dates); i++)
    {
        DATE back = dates[i] == -0.5 ? 0.5 : dates[i];  /* the day before 1899-12-30 begins with -1 */

        check_pair(IFsiItem_put_CreationTime(item, dates[i]), II, L"put_CreationTime", S_OK);
        check_pair(IFsiItem_put_LastAccessedTime(item, dates[i]), II, L"put_LastAccessedTime", S_OK);
        check_pair(IFsiItem_put_LastModifiedTime(item, dates[i]), II, L"put_LastModifiedTime", S_OK);
        IFsiItem_get_CreationTime(item, &date);
        ok(date - back < 1e-9 && back - date < 1e-9, "CreationTime %.12f, expected %.12f", date, back);
        IFsiItem_get_LastAccessedTime(item, &date);
        ok(date - back < 1e-9 && back - date < 1e-9, "LastAccessedTime %.12f, expected %.12f", date, back);
        IFsiItem_get_LastModifiedTime(item, &date);
        ok(date - back < 1e-9 && back - date < 1e-9, "LastModifiedTime %.12f, expected %.12f", date, back);
    }
    hr = IFsiItem_put_CreationTime(item, 1e9);
    check_fail(hr, IMAPI_E_INVALID_PARAM, &IID_IFsiFileItem2, L"'newVal'");
    check_last_release(item);
    fsi_close(&fsi);
}

/* What only a file of the host can have: no date put is like it. Gives the date that is shown of a time. */
static BOOL date_of_file(const SYSTEMTIME *when, ULONGLONG more, struct fsi *fsi, IFsiItem **item, DATE *date)
{
    WCHAR folder[MAX_PATH] = L"Z:\\dev\\shm\\oi-test-times"; /* Linux; other volumes know few years */
    FILETIME time = { 0 }, kept = { 0 };
    ULARGE_INTEGER sum;
    HANDLE file;
    BOOL same;

    if (!CreateDirectoryW(folder, NULL)) fsi_folder(folder);
    fsi_write(folder, L"old", 1);
    SystemTimeToFileTime(when, &time);
    sum.QuadPart = ((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime) + more;
    time = (FILETIME){ sum.LowPart, sum.HighPart };
    file = CreateFileW(fsi_path(folder, L"old"), GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                       NULL);
    SetFileTime(file, NULL, NULL, &time);
    GetFileTime(file, NULL, NULL, &kept);
    CloseHandle(file);
    same = !CompareFileTime(&time, &kept);
    if (!same)
        skip("no volume here keeps a time of the year %u", when->wYear);
    else if (fsi_open(fsi))
    {
        ok_hr(fsi_add_tree(fsi, folder, FALSE), S_OK, "AddTree");
        *item = fsi_item(fsi, L"old", &IID_IFsiItem);
        ok_hr(IFsiItem_get_LastModifiedTime(*item, date), S_OK, "get_LastModifiedTime");
    }
    fsi_delete_tree(folder);
    return same && *item;
}

/* Before 1899 a date's day counts backwards and its hours forwards; the last moments of a day are rounded to
   the next midnight, as they are today. */
TEST(moment_before_midnight_long_ago_is_shown_as_that_midnight)
{
    static const SYSTEMTIME evening =
    {
        .wYear = 1790, .wMonth = 6, .wDay = 22, .wHour = 23, .wMinute = 59, .wSecond = 59,
    };
    SYSTEMTIME next_day = { .wYear = 1790, .wMonth = 6, .wDay = 23 };
    DATE date = 0, midnight = 0;
    IFsiItem *item = NULL;
    struct fsi fsi;

    SystemTimeToVariantTime(&next_day, &midnight);
    if (!date_of_file(&evening, 9999999, &fsi, &item, &date)) return;
    ok(date == midnight, "LastModifiedTime %.12f, expected %.12f", date, midnight);
    ok_hr(IFsiItem_put_LastModifiedTime(item, midnight - 0.25), S_OK, "six o'clock of that day");
    IFsiItem_get_LastModifiedTime(item, &date);
    ok(date == midnight - 0.25, "LastModifiedTime %.12f, expected %.12f", date, midnight - 0.25);
    check_last_release(item);
    fsi_close(&fsi);
}

/* Damaged file systems have them. Dates end with the year 9999, and a script that gets a later one stops. */
TEST(times_after_the_last_date_are_shown_as_the_last)
{
    static const SYSTEMTIME late = { .wYear = 12345, .wMonth = 6, .wDay = 7 };
    IFsiItem *item = NULL;
    SYSTEMTIME shown;
    struct fsi fsi;
    DATE date = 0;

    if (!date_of_file(&late, 0, &fsi, &item, &date)) return;
    ok(VariantTimeToSystemTime(date, &shown), "LastModifiedTime %.12f is no date", date);
    ok(date > 2958465.9999 && date < 2958466, "LastModifiedTime %.12f", date);
    ok_hr(IFsiItem_put_LastModifiedTime(item, date), S_OK, "put of what get said");
    check_last_release(item);
    fsi_close(&fsi);
}

TEST(dates_that_are_no_dates_are_refused)
{
    const DATE dates[] = { NAN, INFINITY, -INFINITY, 2958466.0, -657435.0, 1e300, -1e300 };
    DATE date = 0, before = 0;
    IFsiItem *item;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    item = fsi_item(&fsi, L"file", &IID_IFsiItem);
    IFsiItem_get_CreationTime(item, &before);
    for (size_t i = 0; i < ARRAYSIZE(dates); i++)
    {
        test_push("date %f", dates[i]);
        hr = IFsiItem_put_CreationTime(item, dates[i]);
        check_fail(hr, IMAPI_E_INVALID_PARAM, &IID_IFsiFileItem2, L"'newVal'");
        IFsiItem_get_CreationTime(item, &date);
        ok(date == before, "CreationTime %.12f, expected %.12f", date, before);
        test_pop();
    }
    check_last_release(item);
    fsi_close(&fsi);
}

/* IMAPI_E_INVALID_DATE stands on no page: a creation time after the last change is what copies have, and is
   taken. */
TEST(no_time_is_compared_with_another)
{
    IFsiItem *item;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    item = fsi_item(&fsi, L"file", &IID_IFsiItem);
    ok_hr(IFsiItem_put_CreationTime(item, 46000), S_OK, "CreationTime");
    ok_hr(IFsiItem_put_LastModifiedTime(item, 40000), S_OK, "LastModifiedTime before it");
    check_last_release(item);
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(times_come_back_as_they_were_put),
    TEST_CASE(moment_before_midnight_long_ago_is_shown_as_that_midnight),
    TEST_CASE(times_after_the_last_date_are_shown_as_the_last),
    TEST_CASE(dates_that_are_no_dates_are_refused),
    TEST_CASE(no_time_is_compared_with_another))
