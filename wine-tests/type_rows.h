/* Type libraries and the tables of wine-tests/data as lists of text rows, so that the two can be compared. */
#ifndef WINE_TESTS_TYPE_ROWS_H
#define WINE_TESTS_TYPE_ROWS_H

#include "test.h"

#include <oleauto.h>

struct rows
{
    char **items;
    size_t count;
};

/* Adds a copy, made like printf. */
void rows_add(struct rows *rows, const char *format, ...) TEST_PRINTF(2, 3);
void rows_sort(struct rows *rows);
void rows_free(struct rows *rows);

/* Column `index` of a row, from 0, cut off at size; "" when the row has fewer. Returns buffer. */
const char *rows_field(const char *row, unsigned index, char *buffer, size_t size);

/* Reads a table of OPENIMAPI_TEST_DATA, one row a line. A failure is a failed check. */
BOOL rows_load(struct rows *rows, const char *file);

/* True when a row of that kind (first column) and name (second column) is there. */
BOOL rows_have(const struct rows *rows, const char *kind, const char *name);

/*
 * What a loaded library holds, in the format of the tables:
 *   library  name  {guid}  major.minor
 *   type  name  dual|oleautomation|interface|coclass|enum|record|alias|union  {guid}|-  [flag]
 *   base  name  base
 *   method  type  name  method|propget|propput  dispid=..  slot=..  [flags] type ...
 *   const  type  name  value
 *   implements  coclass  interface  [default,source]
 * With names, a parameter's name follows its type. Of records, aliases and unions only the first row is made.
 */
void rows_of_library(struct rows *rows, ITypeLib *library, BOOL names);

#endif
