/* The table of tools as text of a README. */
#include "helpers/tool_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LINE_SIZE 1000
#define BEGIN "<!-- tools begin -->\n"
#define END "<!-- tools end -->\n"

struct tool_row *tool_table_row(struct tool_table *table, const char *image, enum fs_kind kind)
{
    struct tool_row *row = &table->rows[table->count++];

    assert_true(table->count <= TOOL_ROWS_MAX);
    *row = (struct tool_row){ 0 };
    snprintf(row->image, sizeof(row->image), "%s", image);
    snprintf(row->kind, sizeof(row->kind), "%s", kind == FS_ISO9660 ? "ISO 9660" : fs_kind_name(kind));
    return row;
}

/* --- text ----------------------------------------------------------------------------------------------- */

static void write_cell(FILE *file, struct tool_cell cell)
{
    fprintf(file, " %s%s", cell.text ? cell.text : "not installed", cell.note ? "" : " |");
    if (cell.note) fprintf(file, " (%d) |", (int)cell.note);
}

static void write_lines(const struct tool_table *table, FILE *file)
{
    fputs("| Image | Read as |", file);
    for (size_t i = 0; i < TOOL_READERS; i++) fprintf(file, " %s |", tool_readers[i].title);
    fputs("\n|---|---|", file);
    for (size_t i = 0; i < TOOL_READERS; i++) fputs("---|", file);
    fputs("\n", file);
    for (size_t i = 0; i < table->count; i++)
    {
        fprintf(file, "| %s | %s |", table->rows[i].image, table->rows[i].kind);
        for (size_t j = 0; j < TOOL_READERS; j++) write_cell(file, table->rows[i].cells[j]);
        fputs("\n", file);
    }
    fputs("\n", file);
    for (int i = 1; i < TOOL_NOTES; i++) fprintf(file, "%d. %s\n", i, tool_note((enum tool_note)i));
}

void tool_table_write(const struct tool_table *table, const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file) fail_msg("cannot write %s", path);
    write_lines(table, file);
    assert_int_equal(fclose(file), 0);
}

/* --- comparing ------------------------------------------------------------------------------------------ */

/* The field of a line of a table, without the blanks around it; 0 is in front of the first bar. */
static void field_of(const char *line, size_t index, char *out)
{
    const char *end;

    for (; index; index--)
    {
        line = strchr(line, '|');
        if (!line) line = "";
        if (*line) line++;
    }
    while (*line == ' ') line++;
    end = line + strcspn(line, "|\n");
    while (end > line && end[-1] == ' ') end--;
    memcpy(out, line, (size_t)(end - line));
    out[end - line] = 0;
}

/* Whole lines where they are of no table; fields, but for those of tools that are not there. */
static int lines_differ(const char *ours, const char *theirs)
{
    char a[LINE_SIZE], b[LINE_SIZE];

    if (*ours != '|') return strcmp(ours, theirs) != 0;
    for (size_t i = 0; i < TOOL_READERS + 4; i++)
    {
        field_of(ours, i, a);
        field_of(theirs, i, b);
        if (strcmp(a, "not installed") && strcmp(a, b)) return 1;
    }
    return 0;
}

int tool_table_compare(const struct tool_table *table, const char *path)
{
    FILE *readme = fopen(path, "r"), *lines = tmpfile();
    char ours[LINE_SIZE], theirs[LINE_SIZE] = "";
    int differ = 0;

    if (!readme) fail_msg("%s is not there", path);
    assert_non_null(lines);
    write_lines(table, lines);
    rewind(lines);
    while (strcmp(theirs, BEGIN) && fgets(theirs, sizeof(theirs), readme)) {}
    if (strcmp(theirs, BEGIN)) fail_msg("%s has no line %s", path, BEGIN);
    while (!differ && fgets(ours, sizeof(ours), lines))
    {
        if (!fgets(theirs, sizeof(theirs), readme)) theirs[0] = 0;
        if (!(differ = lines_differ(ours, theirs))) continue;
        print_message("%s says:\n%swhere the tools say:\n%s", path, theirs, ours);
    }
    if (!differ && (!fgets(theirs, sizeof(theirs), readme) || strcmp(theirs, END)))
    {
        print_message("%s says more than the tools: %s", path, theirs);
        differ = 1;
    }
    fclose(lines);
    fclose(readme);
    return differ;
}
