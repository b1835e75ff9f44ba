/* Lists of text rows: reading the tables of wine-tests/data, sorting, columns. */
#include "../type_rows.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void rows_add(struct rows *rows, const char *format, ...)
{
    char text[2048];
    char **items = realloc(rows->items, (rows->count + 1) * sizeof(*items));
    va_list args;

    if (!items) abort();
    rows->items = items;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (!(items[rows->count++] = strdup(text))) abort();
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void rows_sort(struct rows *rows)
{
    if (rows->count) qsort(rows->items, rows->count, sizeof(*rows->items), compare);
}

void rows_free(struct rows *rows)
{
    size_t i;

    for (i = 0; i < rows->count; i++) free(rows->items[i]);
    free(rows->items);
    rows->items = NULL;
    rows->count = 0;
}

const char *rows_field(const char *row, unsigned index, char *buffer, size_t size)
{
    size_t length;

    while (index-- && *row)
    {
        row += strcspn(row, "\t");
        if (*row) row++;
    }
    length = strcspn(row, "\t");
    if (length >= size) length = size - 1;
    memcpy(buffer, row, length);
    buffer[length] = 0;
    return buffer;
}

BOOL rows_load(struct rows *rows, const char *file)
{
    const char *folder = getenv("OPENIMAPI_TEST_DATA");
    char path[MAX_PATH], line[2048];
    FILE *stream;

    if (!ok(folder != NULL, "OPENIMAPI_TEST_DATA is not set")) return FALSE;
    snprintf(path, sizeof(path), "%s\\%s", folder, file);
    if (!ok((stream = fopen(path, "r")) != NULL, "cannot open %s", path)) return FALSE;
    while (fgets(line, sizeof(line), stream))
    {
        line[strcspn(line, "\r\n")] = 0;
        if (line[0]) rows_add(rows, "%s", line);
    }
    fclose(stream);
    return ok(rows->count > 0, "%s is empty", path);
}

BOOL rows_have(const struct rows *rows, const char *kind, const char *name)
{
    char text[128];
    size_t i;

    for (i = 0; i < rows->count; i++)
    {
        if (strcmp(rows_field(rows->items[i], 0, text, sizeof(text)), kind)) continue;
        if (!strcmp(rows_field(rows->items[i], 1, text, sizeof(text)), name)) return TRUE;
    }
    return FALSE;
}
