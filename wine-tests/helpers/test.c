/* The harness of test.h: counting, messages, known gaps, and a last word even after a crash. */
#include "../test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static struct
{
    unsigned passed, failed, skipped;           /* tests */
    unsigned checks, failures, skips, gaps;     /* of the test that runs */
    int gap_expected, gap_open;
    unsigned gap_failures;
    unsigned depth;
    char context[8][160];
    const char *name;
} state;

static void print_place(const char *file, int line, const char *kind)
{
    const char *base = strrchr(file, '/');
    unsigned i;

    printf("%s:%d: %s: %s: ", base ? base + 1 : file, line, state.name ? state.name : "main", kind);
    for (i = 0; i < state.depth && i < ARRAYSIZE(state.context); i++) printf("%s: ", state.context[i]);
}

static int check(const char *file, int line, int condition, const char *text)
{
    state.checks++;
    if (condition) return 1;
    if (state.gap_expected)
    {
        state.gap_failures++;
        print_place(file, line, "known gap");
    }
    else
    {
        state.failures++;
        print_place(file, line, "FAILED");
    }
    printf("%s\n", text);
    return 0;
}

int test_check(const char *file, int line, int condition, const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return check(file, line, condition, text);
}

int test_check_hr(const char *file, int line, HRESULT hr, HRESULT expected, const char *format, ...)
{
    char text[1024], whole[1100];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    snprintf(whole, sizeof(whole), "%s: 0x%08lX, expected 0x%08lX", text, (unsigned long)hr,
             (unsigned long)expected);
    return check(file, line, hr == expected, whole);
}

int test_check_int(const char *file, int line, LONGLONG value, LONGLONG expected, const char *what)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s is %lld, expected %lld", what, value, expected);
    return check(file, line, value == expected, text);
}

int test_check_text(const char *file, int line, const WCHAR *value, const WCHAR *expected, const char *what)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s is \"%s\", expected \"%s\"", what, test_text(value),
             test_text(expected));
    return check(file, line, value && expected ? !wcscmp(value, expected) : value == expected, text);
}

void test_skip(const char *format, ...)
{
    va_list args;

    printf("%s: SKIPPED: ", state.name);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
    state.skips++;
}

void test_todo_begin(int condition)
{
    state.gap_expected = condition;
    state.gap_open = 1;
    state.gap_failures = 0;
}

int test_todo_open(void)
{
    return state.gap_open;
}

void test_todo_end(const char *file, int line)
{
    int fixed = state.gap_expected && !state.gap_failures;

    if (state.gap_expected && state.gap_failures) state.gaps++;
    state.gap_expected = state.gap_open = 0;
    if (fixed) check(file, line, 0, "a known gap is gone: take the mark away");
}

void test_push(const char *format, ...)
{
    va_list args;

    if (state.depth < ARRAYSIZE(state.context))
    {
        va_start(args, format);
        vsnprintf(state.context[state.depth], sizeof(state.context[0]), format, args);
        va_end(args);
    }
    state.depth++;
}

void test_pop(void)
{
    if (state.depth) state.depth--;
}

void test_note(const char *format, ...)
{
    va_list args;

    printf("%s: ", state.name);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

const char *test_text(const WCHAR *text)
{
    static char buffers[16][512];
    static unsigned next;
    char *buffer = buffers[next++ % ARRAYSIZE(buffers)];

    if (!text) return "(null)";
    if (!WideCharToMultiByte(CP_UTF8, 0, text, -1, buffer, sizeof(buffers[0]), NULL, NULL))
        strcpy(buffer, "(too long)");
    return buffer;
}

int test_is_wine(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    return ntdll && GetProcAddress(ntdll, "wine_get_version");
}

void test_temp_path(WCHAR path[MAX_PATH], const WCHAR *suffix)
{
    static unsigned next;
    WCHAR folder[MAX_PATH];

    GetTempPathW(MAX_PATH, folder);
    do swprintf(path, MAX_PATH, L"%lsoi-test-%lu-%u%ls", folder, GetCurrentProcessId(), next++, suffix);
    while (GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES);
}

static void count_case(void)
{
    if (!state.checks && !state.skips)
    {
        state.failures++;
        printf("%s: FAILED: checked nothing\n", state.name);
    }
    if (state.failures) state.failed++;
    else if (state.skips) state.skipped++;
    else state.passed++;
}

static int finish(void)
{
    printf("%u passed, %u failed, %u skipped\n", state.passed, state.failed, state.skipped);
    fflush(stdout);
    return state.failed ? 1 : 0;
}

/* A crash is a failed test; those after it do not run. */
static LONG WINAPI crashed(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    HMODULE module = NULL;
    WCHAR path[MAX_PATH] = L"";

    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       record->ExceptionAddress, &module);
    if (module) GetModuleFileNameW(module, path, MAX_PATH);
    printf("%s: FAILED: crashed with 0x%08lX at %p (%s+0x%lx)\n", state.name ? state.name : "main",
           record->ExceptionCode, record->ExceptionAddress, test_text(path),
           (unsigned long)((ULONG_PTR)record->ExceptionAddress - (ULONG_PTR)module));
    state.failed++;
    finish();
    _exit(3);
}

static int selected(const char *name, int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++)
        if (strstr(name, argv[i])) return 1;
    return argc < 2;
}

int test_run(const struct test_case *cases, size_t count, int argc, char **argv)
{
    size_t i;

    setvbuf(stdout, NULL, _IONBF, 0);
    SetUnhandledExceptionFilter(crashed);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    for (i = 0; i < count; i++)
    {
        if (!selected(cases[i].name, argc, argv)) continue;
        state.name = cases[i].name;
        state.checks = state.failures = state.skips = state.gaps = state.depth = 0;
        cases[i].run();
        count_case();
    }
    return finish();
}
