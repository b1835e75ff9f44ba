/* Loads what the tests of UDF images start from: volumes that others made, packed in tests/corpus/udf. */
#ifndef OPENIMAPI_TESTS_UDF_KIT_H
#define OPENIMAPI_TESTS_UDF_KIT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The bytes of one, by its name without the ending; the test fails when it is not there. To be freed. */
uint8_t *udf_kit_load(const char *name, size_t *size);
/* A temporary file of those bytes. */
FILE *udf_kit_file(const uint8_t *bytes, size_t size);

#endif
