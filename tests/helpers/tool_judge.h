/*
 * Compares what a tool makes of an image with the tree that it was made of: each name in the way that the
 * file system records it, each byte, each date. A tool has faults of its own: what it is known to fail at
 * has to be said (excused), and it has to fail at all of that.
 */
#ifndef OPENIMAPI_TESTS_TOOL_JUDGE_H
#define OPENIMAPI_TESTS_TOOL_JUDGE_H

#include "openimapi/fs.h"

#include <stdio.h>

/* How a tool writes names. */
enum
{
    TOOL_VERSIONS = 1,                  /* of files, with the version that ECMA-119 has: NAME.;1 */
    TOOL_LOWER = 2,                     /* those of ISO 9660 in lower case */
};

/* What is to be shown of an item. */
enum
{
    TOOL_NAME = 1,
    TOOL_BYTES = 2,                     /* of files */
    TOOL_DATE = 4,
};

struct tool_want
{
    const struct fs_item *item;
    char *path;                         /* as the tool writes it, with slashes, from the root's on */
    unsigned shown;
    int excused;
};

struct tool_judge
{
    struct tool_want *wants;            /* by path */
    size_t count;
    size_t strange;                     /* names that no item has */
    char first[600];                    /* of them */
};

/* Does a tool fail at this item? */
typedef int (*tool_excuse)(const struct fs_item *item, enum fs_kind kind);

void tool_judge_open(struct tool_judge *judge, const struct fs_tree *tree, enum fs_kind kind, unsigned names,
                     tool_excuse excuse);

/* The tool has named something; what it is, or NULL. */
struct tool_want *tool_judge_name(struct tool_judge *judge, const char *path, enum fs_type type);

/* The same of each line of a list on the stage, of which the tool does not say what they are. */
void tool_judge_list(struct tool_judge *judge, const char *name);

/* The bytes of one, read to the end: 0 there. */
typedef size_t tool_read(void *from, void *buffer, size_t size);
void tool_judge_bytes(struct tool_want *want, tool_read *read, void *from);
void tool_judge_file(struct tool_want *want, const char *path);

/* A folder on the stage into which it has extracted all: names, bytes and dates. */
void tool_judge_extracted(struct tool_judge *judge, const char *folder);

/* The verdict: everything that is not excused shows all of that, and nothing excused does; nothing is there
   that should not be, but for the names of the excused. Frees all. */
void tool_judge_close(struct tool_judge *judge, unsigned all);

#endif
