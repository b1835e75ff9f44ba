/*
 * The table of what the tools of others make of our images: written as the README has it, and compared with
 * that. A column of a tool that is not there is neither written over nor compared.
 */
#ifndef OPENIMAPI_TESTS_TOOL_TABLE_H
#define OPENIMAPI_TESTS_TOOL_TABLE_H

#include "helpers/tool_readers.h"

#define TOOL_ROWS_MAX 60

struct tool_row
{
    char image[80], kind[20];
    struct tool_cell cells[TOOL_READERS];       /* text NULL: the tool is not there */
};

struct tool_table
{
    struct tool_row rows[TOOL_ROWS_MAX];
    size_t count;
};

struct tool_row *tool_table_row(struct tool_table *table, const char *image, enum fs_kind kind);

void tool_table_write(const struct tool_table *table, const char *path);

/* Holds it against the lines between the markers of a README. 0; else it has said what differs. */
int tool_table_compare(const struct tool_table *table, const char *path);

#endif
