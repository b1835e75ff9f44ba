/* Volumes of tests/corpus/udf, unpacked by gzip. */
#define _XOPEN_SOURCE 700

#include "helpers/udf_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

uint8_t *udf_kit_load(const char *name, size_t *size)
{
    char command[200];
    size_t capacity = 8u << 20;
    uint8_t *bytes = malloc(capacity);
    FILE *pipe;

    assert_non_null(bytes);
    snprintf(command, sizeof(command), "gzip -dc tests/corpus/udf/%s.udf.gz", name);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    *size = fread(bytes, 1, capacity, pipe);
    assert_int_equal(pclose(pipe), 0);
    assert_in_range(*size, 1, capacity - 1);
    return bytes;
}

FILE *udf_kit_file(const uint8_t *bytes, size_t size)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fflush(file), 0);
    return file;
}
