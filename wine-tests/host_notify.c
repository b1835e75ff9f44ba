/* dlls/host/notify.c: recorders that come and go are told of, and watches end when they shall. */
#include "host_test.h"

#define A VIRTUAL_ID(L"a")
#define B VIRTUAL_ID(L"b")
#define PATIENCE 8000                   /* milliseconds; a change is told within about one second */

static WCHAR config_path[MAX_PATH];

struct seen
{
    CRITICAL_SECTION lock;
    struct host_watch *watch;
    int stop_within;                    /* stop the watch in the first call */
    HANDLE event;
    LONG count;
    WCHAR text[512];                    /* "+id;" and "-id;" with the last letters only */
    DWORD thread;
};

static void changed(void *context, int arrived, const WCHAR *id)
{
    struct seen *seen = context;
    const WCHAR *name = wcschr(wcschr(id, '#') + 1, '#') + 1;

    EnterCriticalSection(&seen->lock);
    wsprintfW(seen->text + lstrlenW(seen->text), L"%c%c;", arrived ? '+' : '-', *name);
    seen->count++;
    seen->thread = GetCurrentThreadId();
    LeaveCriticalSection(&seen->lock);
    if (seen->stop_within) host_watch_stop(seen->watch);
    SetEvent(seen->event);
}

static void start(struct seen *seen, const char *config)
{
    memset(seen, 0, sizeof(*seen));
    InitializeCriticalSection(&seen->lock);
    seen->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    set_config(config_path, config);
    ok_int(host_watch_start(changed, seen, &seen->watch), OI_OK, "host_watch_start");
}

static void wait_for(struct seen *seen, LONG count)
{
    ULONGLONG end = GetTickCount64() + PATIENCE;

    while (seen->count < count && GetTickCount64() < end) WaitForSingleObject(seen->event, 200);
}

static void end(struct seen *seen)
{
    host_watch_stop(seen->watch);
    CloseHandle(seen->event);
    DeleteCriticalSection(&seen->lock);
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", NULL);
    DeleteFileW(config_path);
}

TEST(arrival_removal_and_change_are_told)
{
    struct seen seen;

    start(&seen, "[a]\nMedium = none\n");
    set_config(config_path, "[a]\nMedium = none\n[b]\nMedium = none\n");
    wait_for(&seen, 1);
    ok_text(seen.text, L"+b;", "told");
    ok(seen.thread && seen.thread != GetCurrentThreadId(), "on the thread of the test");
    *seen.text = 0;
    set_config(config_path, "[b]\nMedium = none\n");
    wait_for(&seen, 2);
    ok_text(seen.text, L"-a;", "told");
    *seen.text = 0;
    set_config(config_path, "[b]\nMedium = none\nLetter = Y\n");
    wait_for(&seen, 4);
    ok_text(seen.text, L"-b;+b;", "told");
    end(&seen);
    ok_int(seen.count, 4, "calls in all");
}

TEST(nothing_is_told_when_nothing_changes_or_after_the_end)
{
    struct seen seen;
    LONG before;

    start(&seen, "[a]\nMedium = none\n");
    Sleep(1500);
    ok_int(seen.count, 0, "calls");
    before = seen.count;
    end(&seen);
    set_config(config_path, "");
    Sleep(1500);
    ok_int(seen.count, before, "calls after the end");
    host_watch_stop(NULL);
    DeleteFileW(config_path);
}

TEST(a_watch_may_be_stopped_within_its_call)
{
    struct seen seen;
    HANDLE thread;
    LONG calls;

    start(&seen, "[a]\nMedium = none\n[b]\nMedium = none\n");
    seen.stop_within = 1;
    set_config(config_path, "");
    wait_for(&seen, 1);
    ok(seen.count == 1, "%ld calls", seen.count);
    thread = OpenThread(SYNCHRONIZE, FALSE, seen.thread);
    if (thread)
    {
        ok_int(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0, "the thread goes on");
        CloseHandle(thread);
    }
    calls = seen.count;
    set_config(config_path, "[a]\nMedium = none\n");
    Sleep(1500);
    ok_int(seen.count, calls, "calls after the stop");
    seen.watch = NULL;
    end(&seen);
}

TEST(several_watches_are_independent)
{
    struct seen one, two;

    start(&one, "");
    start(&two, "");
    set_config(config_path, "[a]\nMedium = none\n");
    wait_for(&one, 1);
    wait_for(&two, 1);
    ok_text(one.text, L"+a;", "first");
    ok_text(two.text, L"+a;", "second");
    host_watch_stop(one.watch);
    one.watch = NULL;
    set_config(config_path, "");
    wait_for(&two, 2);
    ok_text(one.text, L"+a;", "first");
    ok_text(two.text, L"+a;-a;", "second");
    end(&one);
    end(&two);
}

static void count_line(void *context, enum log_level level, const char *line)
{
    (void)level;
    (void)line;
    InterlockedIncrement(context);
}

TEST(a_wrong_configuration_does_not_fill_the_log)
{
    struct seen seen;
    LONG lines = 0;

    log_set_sink(count_line, &lines);
    start(&seen, "[a]\nMedium = none\n");
    set_config(config_path, "[a]\nMedium = vinyl\n");
    wait_for(&seen, 1);
    ok_text(seen.text, L"-a;", "told");
    Sleep(2500);
    ok_int(lines, 0, "lines logged");
    end(&seen);
    log_set_sink(NULL, NULL);
}

static DWORD count_handles(void)
{
    DWORD handles = 0;

    GetProcessHandleCount(GetCurrentProcess(), &handles);
    return handles;
}

TEST(watches_leave_no_handles_behind)
{
    struct seen seen;
    DWORD before;

    start(&seen, "");
    end(&seen);
    before = count_handles();
    for (int i = 0; i < 10; i++)
    {
        start(&seen, "");
        end(&seen);
    }
    ok(count_handles() <= before + 2, "%lu handles before, %lu after", before, count_handles());
}

TEST_MAIN(TEST_CASE(arrival_removal_and_change_are_told),
          TEST_CASE(nothing_is_told_when_nothing_changes_or_after_the_end),
          TEST_CASE(a_watch_may_be_stopped_within_its_call), TEST_CASE(several_watches_are_independent),
          TEST_CASE(a_wrong_configuration_does_not_fill_the_log),
          TEST_CASE(watches_leave_no_handles_behind))
