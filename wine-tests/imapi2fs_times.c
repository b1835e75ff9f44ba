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

/* Before 1899 a date's day counts backwards and its hours forwards; the last moments of a day are rounded to
   the next midnight, as they are today. Only a file of the host can have such a time: no date says it. */
TEST(moment_before_midnight_long_ago_is_shown_as_that_midnight)
{
    SYSTEMTIME long_ago =
    {
        .wYear = 1790, .wMonth = 6, .wDay = 22, .wHour = 23, .wMinute = 59, .wSecond = 59,
    };
    WCHAR folder[MAX_PATH] = L"Z:\\dev\\shm\\oi-test-times"; /* Linux; other volumes know no such time */
    FILETIME time = { 0 }, kept = { 0 };
    ULARGE_INTEGER last;
    DATE date = 0, midnight = 0;
    struct fsi fsi;
    IFsiItem *item;
    HANDLE file;

    if (!CreateDirectoryW(folder, NULL)) fsi_folder(folder);
    fsi_write(folder, L"old", 1);
    SystemTimeToFileTime(&long_ago, &time);
    last.QuadPart = ((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime) + 9999999;
    time = (FILETIME){ last.LowPart, last.HighPart };
    file = CreateFileW(fsi_path(folder, L"old"), GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                       NULL);
    SetFileTime(file, NULL, NULL, &time);
    GetFileTime(file, NULL, NULL, &kept);
    CloseHandle(file);
    long_ago = (SYSTEMTIME){ .wYear = 1790, .wMonth = 6, .wDay = 23 };
    SystemTimeToVariantTime(&long_ago, &midnight);
    if (CompareFileTime(&time, &kept))
        skip("no volume here keeps such a time");
    else if (fsi_open(&fsi))
    {
        ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
        item = fsi_item(&fsi, L"old", &IID_IFsiItem);
        ok_hr(IFsiItem_get_LastModifiedTime(item, &date), S_OK, "get_LastModifiedTime");
        ok(date == midnight, "LastModifiedTime %.12f, expected %.12f", date, midnight);
        ok_hr(IFsiItem_put_LastModifiedTime(item, date - 0.25), S_OK, "six o'clock of that day");
        IFsiItem_get_LastModifiedTime(item, &date);
        ok(date == midnight - 0.25, "LastModifiedTime %.12f, expected %.12f", date, midnight - 0.25);
        check_last_release(item);
        fsi_close(&fsi);
    }
    fsi_delete_tree(folder);
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
    TEST_CASE(dates_that_are_no_dates_are_refused),
    TEST_CASE(no_time_is_compared_with_another))
