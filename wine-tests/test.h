/*
 * The harness of programs that run under Wine and on Windows. A program is a list of tests:
 *
 *     TEST(count_of_an_empty_list_is_0)
 *     {
 *         ok(count == 0, "count is %ld", count);
 *     }
 *
 *     TEST_MAIN(TEST_CASE(count_of_an_empty_list_is_0), TEST_CASE(...))
 *
 * Arguments of the program are parts of names: only tests that contain one of them run. A test passes when no
 * check failed, is skipped when it said skip and none failed, and fails when it checked nothing at all. The
 * program's last line is "N passed, N failed, N skipped", its exit status 0 when none failed.
 */
#ifndef WINE_TESTS_TEST_H
#define WINE_TESTS_TEST_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#include <stdio.h>

#define TEST_PRINTF(format_at, first) __attribute__((format(gnu_printf, format_at, first)))

struct test_case
{
    const char *name;
    void (*run)(void);
};

#define TEST(name) static void name(void)
#define TEST_CASE(name) { #name, name }
#define TEST_MAIN(...)                                                                                       \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        static const struct test_case cases[] = { __VA_ARGS__ };                                             \
                                                                                                             \
        return test_run(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);                                \
    }

int test_run(const struct test_case *cases, size_t count, int argc, char **argv);

/* The check: true, or the text and its place are printed. Gives the condition back, so that a test can leave
   when going on makes no sense: if (!ok(...)) return; */
#define ok(condition, ...) test_check(__FILE__, __LINE__, (condition) ? 1 : 0, __VA_ARGS__)
int test_check(const char *file, int line, int condition, const char *format, ...) TEST_PRINTF(4, 5);

/* A result code, shown in hexadecimal when it is another one: ok_hr(hr, E_POINTER, "get_Count(NULL)"). */
#define ok_hr(hr, expected, ...) test_check_hr(__FILE__, __LINE__, hr, expected, __VA_ARGS__)
int test_check_hr(const char *file, int line, HRESULT hr, HRESULT expected, const char *format, ...)
    TEST_PRINTF(5, 6);

#define ok_int(value, expected, what)                                                                        \
    test_check_int(__FILE__, __LINE__, (LONGLONG)(value), (LONGLONG)(expected), what)
int test_check_int(const char *file, int line, LONGLONG value, LONGLONG expected, const char *what);
#define ok_text(value, expected, what) test_check_text(__FILE__, __LINE__, value, expected, what)
int test_check_text(const char *file, int line, const WCHAR *value, const WCHAR *expected, const char *what);

/* What cannot be tested here, and why. Printed and counted: the test is then no pass. */
void test_skip(const char *format, ...) TEST_PRINTF(1, 2);
#define skip(...) test_skip(__VA_ARGS__)

/* Known gaps: the checks of the statement are expected to fail, at least one of them; when none does, the
   test fails, so that the mark goes when the gap goes. todo { ok(...); }, and todo_wine under Wine only. */
#define todo_if(condition)                                                                                   \
    for (test_todo_begin(condition); test_todo_open(); test_todo_end(__FILE__, __LINE__))
#define todo todo_if(1)
#define todo_wine todo_if(test_is_wine())
void test_todo_begin(int condition);
int test_todo_open(void);
void test_todo_end(const char *file, int line);

/* Printed in front of failures until popped: the case of a table that a loop is at. */
void test_push(const char *format, ...) TEST_PRINTF(1, 2);
void test_pop(void);

/* A line for the reader, no check. */
void test_note(const char *format, ...) TEST_PRINTF(1, 2);

/* Wide text for a "%s", valid for a while (16 calls). NULL gives "(null)". */
const char *test_text(const WCHAR *text);

int test_is_wine(void);

/* A fresh path in the temp folder, which nothing occupies yet; ends with the suffix (L".iso"). */
void test_temp_path(WCHAR path[MAX_PATH], const WCHAR *suffix);

#endif
