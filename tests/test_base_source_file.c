/* core/base/source_file.c: host files as sources, also large ones and ones that change behind our back. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/log.h"
#include "openimapi/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/openimapi-source-XXXXXX";

static void quiet(void *context, enum log_level level, const char *line)
{
    (void)level;
    (void)line;
    ++*(int *)context;
}

static int errors;

static int make_file(void **state)
{
    int file;

    (void)state;
    log_set_sink(quiet, &errors);
    file = mkstemp(path);
    if (file < 0 || write(file, "0123456789", 10) != 10) return -1;
    return close(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void a_file_is_read_anywhere(void **state)
{
    struct source *source;
    char buffer[16];
    size_t got;

    (void)state;
    assert_int_equal(source_file_create(path, &source), OI_OK);
    assert_int_equal(source->size, 10);
    assert_int_equal(source_read(source, 4, buffer, 3), OI_OK);
    assert_memory_equal(buffer, "456", 3);
    assert_int_equal(source_read(source, 7, buffer, 3), OI_OK);         /* goes on without seeking */
    assert_memory_equal(buffer, "789", 3);
    assert_int_equal(source_read(source, 0, buffer, 2), OI_OK);
    assert_memory_equal(buffer, "01", 2);
    assert_int_equal(source_read_some(source, 8, buffer, 16, &got), OI_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source_read_some(source, 10, buffer, 16, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source_read_some(source, UINT64_MAX, buffer, 16, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source_read(source, 1, buffer, 3), OI_OK);         /* also after the end was met */
    assert_memory_equal(buffer, "123", 3);
    source_unref(source);
}

static void a_missing_file_and_a_folder_are_no_sources(void **state)
{
    struct source *source = NULL;
    int before = errors;

    (void)state;
    assert_int_equal(source_file_create("/tmp/openimapi/there/is/no/such", &source), OI_SOURCE_OPEN);
    assert_int_equal(source_file_create("/tmp", &source), OI_SOURCE_OPEN);
    assert_null(source);
    assert_int_equal(errors, before + 2);
}

static void an_empty_file_is_a_source(void **state)
{
    struct source *source;
    FILE *file = fopen(path, "wb");
    char buffer[4];
    size_t got;

    (void)state;
    fclose(file);
    assert_int_equal(source_file_create(path, &source), OI_OK);
    assert_int_equal(source->size, 0);
    assert_int_equal(source_read_some(source, 0, buffer, 4, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(source);
}

static void offsets_past_4_gib_are_reached(void **state)
{
    const uint64_t far = ((uint64_t)5 << 30) + 7;
    struct source *source;
    FILE *file = fopen(path, "wb");
    char buffer[4];

    (void)state;
    assert_int_equal(fseeko(file, (off_t)far, SEEK_SET), 0);
    fputs("far", file);
    fclose(file);
    assert_int_equal(source_file_create(path, &source), OI_OK);
    assert_true(source->size == far + 3);
    assert_int_equal(source_read(source, far, buffer, 3), OI_OK);
    assert_memory_equal(buffer, "far", 3);
    assert_int_equal(source_read(source, far - 1, buffer, 4), OI_OK);
    assert_memory_equal(buffer, "\0far", 4);
    source_unref(source);
    assert_int_equal(truncate(path, 0), 0);
}

static void a_file_that_shrinks_is_short(void **state)
{
    struct source *source;
    FILE *file = fopen(path, "wb");
    char buffer[10];

    (void)state;
    fputs("0123456789", file);
    fclose(file);
    assert_int_equal(source_file_create(path, &source), OI_OK);
    assert_int_equal(truncate(path, 4), 0);
    assert_int_equal(source->size, 10);
    assert_int_equal(source_read(source, 0, buffer, 10), OI_SOURCE_SIZE);
    source_unref(source);
}

static void a_file_that_vanishes_before_the_first_read_cannot_be_opened(void **state)
{
    char other[] = "/tmp/openimapi-source-XXXXXX", buffer[1];
    int file = mkstemp(other), before = errors;
    struct source *source;

    (void)state;
    assert_int_equal(write(file, "x", 1), 1);
    close(file);
    assert_int_equal(source_file_create(other, &source), OI_OK);
    unlink(other);
    assert_int_equal(source_read(source, 0, buffer, 1), OI_SOURCE_OPEN);
    assert_int_equal(errors, before + 1);
    source_unref(source);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_file_is_read_anywhere),
        cmocka_unit_test(a_missing_file_and_a_folder_are_no_sources),
        cmocka_unit_test(an_empty_file_is_a_source),
        cmocka_unit_test(offsets_past_4_gib_are_reached),
        cmocka_unit_test(a_file_that_shrinks_is_short),
        cmocka_unit_test(a_file_that_vanishes_before_the_first_read_cannot_be_opened),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
