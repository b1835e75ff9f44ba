/* core/base/log.c and status.c: levels, the sink, and the names of results. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/log.h"
#include "openimapi/status.h"

#include <stdlib.h>
#include <string.h>

struct seen
{
    int count;
    enum log_level level;
    char line[2048];
};

static void remember(void *context, enum log_level level, const char *line)
{
    struct seen *seen = context;

    seen->count++;
    seen->level = level;
    strncpy(seen->line, line, sizeof(seen->line) - 1);
}

/* Runs first: the environment is read once. */
static void the_environment_names_the_level(void **state)
{
    struct seen seen = { 0 };

    (void)state;
    setenv("OPENIMAPI_LOG", "warning", 1);
    log_set_sink(remember, &seen);
    assert_true(log_enabled(LOG_ERROR));
    assert_true(log_enabled(LOG_WARNING));
    assert_false(log_enabled(LOG_INFO));
    setenv("OPENIMAPI_LOG", "trace", 1);
    log_info("not %d", 1);
    assert_int_equal(seen.count, 0);
    log_warning("text %d of %s", 7, "nine");
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.level, LOG_WARNING);
    assert_string_equal(seen.line, "text 7 of nine");
}

static void the_program_sets_the_level(void **state)
{
    struct seen seen = { 0 };

    (void)state;
    log_set_sink(remember, &seen);
    log_set_level(LOG_ERROR);
    log_warning("no");
    log_trace("no");
    assert_int_equal(seen.count, 0);
    log_error("yes");
    assert_int_equal(seen.count, 1);
    log_set_level(LOG_TRACE);
    log_trace("%s", "traced");
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.line, "traced");
}

static void a_long_line_is_cut(void **state)
{
    struct seen seen = { 0 };
    char text[3000];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    log_set_sink(remember, &seen);
    log_set_level(LOG_INFO);
    log_info("%s", text);
    assert_int_equal(strlen(seen.line), 1023);
    assert_string_equal(seen.line + 1019, "x...");
}

static void bytes_are_shown_in_hexadecimal(void **state)
{
    static const uint8_t bytes[65] = { 0x00, 0x7F, 0xA5, 0xFF };
    struct seen seen = { 0 };

    (void)state;
    log_set_sink(remember, &seen);
    log_set_level(LOG_INFO);
    log_bytes(LOG_INFO, "cdb", bytes, 4);
    assert_string_equal(seen.line, "cdb: 00 7f a5 ff");
    log_bytes(LOG_INFO, "cdb", bytes, 0);
    assert_string_equal(seen.line, "cdb:");
    log_bytes(LOG_INFO, "cdb", bytes, 64);
    assert_int_equal(strlen(seen.line), 4 + 64 * 3);
    log_bytes(LOG_INFO, "cdb", bytes, 65);
    assert_int_equal(strlen(seen.line), 4 + 64 * 3 + 4);
    assert_string_equal(seen.line + 4 + 63 * 3, " 00 ...");
    log_bytes(LOG_TRACE, "cdb", bytes, 4);
    assert_int_equal(seen.count, 4);
}

static void results_have_names_and_texts(void **state)
{
    (void)state;
    assert_string_equal(status_name(OI_OK), "OI_OK");
    assert_string_equal(status_text(OI_OK), "success");
    assert_string_equal(status_name(OI_FORMAT), "OI_FORMAT");
    assert_string_equal(status_text(OI_TIMEOUT), "the drive did not answer in time");
    for (int i = 0; i < OI_STATUS_COUNT; i++)
    {
        assert_int_equal(strncmp(status_name((enum oi_status)i), "OI_", 3), 0);
        assert_true(strlen(status_text((enum oi_status)i)) > 3);
    }
    assert_string_equal(status_name(OI_STATUS_COUNT), "unknown status");
    assert_string_equal(status_text((enum oi_status)-1), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_environment_names_the_level),
        cmocka_unit_test(the_program_sets_the_level),
        cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(bytes_are_shown_in_hexadecimal),
        cmocka_unit_test(results_have_names_and_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
