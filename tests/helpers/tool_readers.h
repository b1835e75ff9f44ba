/* The programs of others, and a library, that read images of ours: what each makes of one, as cell of a
   table. */
#ifndef OPENIMAPI_TESTS_TOOL_READERS_H
#define OPENIMAPI_TESTS_TOOL_READERS_H

#include "helpers/tool_judge.h"

/* An image on the stage, in the file "image.iso". */
struct tool_image
{
    struct fs_tree *tree;               /* what is in it; of several sessions in the last one */
    struct fs_tree *first;              /* what is in the first session of several, else NULL */
    uint32_t session_start;             /* of the last one */
    unsigned file_systems, revision;
    int redundant;                      /* UDF: there are two copies of the metadata */
    int sparse;                         /* its one file is too large to be extracted onto a disk */
};

/* What a tool is known to fail at or to be, said below the table. */
enum tool_note
{
    TOOL_NOTE_NONE,
    TOOL_NOTE_FIRST_SESSION,
    TOOL_NOTE_ISOINFO_8_BIT,
    TOOL_NOTE_7Z_JOLIET,
    TOOL_NOTE_7Z_SECOND_COPY,
    TOOL_NOTE_UDFINFO,
    TOOL_NOTE_UDFINFO_OVERLAP,
    TOOL_NOTE_CDIO_JOLIET,
    TOOL_NOTE_CDIO_UDF,
    TOOL_NOTE_CDIO_UDF_200,
    TOOL_NOTES,
};

const char *tool_note(enum tool_note note);

struct tool_cell
{
    const char *text;
    enum tool_note note;
};

/* Cells. */
#define TOOL_ALL "all"                  /* every name and byte */
#define TOOL_ALL_DATES "all, dates"
#define TOOL_LATIN_1 "Latin-1"          /* the same, but where a name has another character */
#define TOOL_NAMES "names"
#define TOOL_FILES "files"              /* the bytes of each by its path; it does not list */
#define TOOL_COUNTS "counts"
#define TOOL_NOTHING "\xE2\x80\x93"     /* a dash */

struct tool_reader
{
    const char *title, *program;        /* no program: it is linked to us */
    /* Has it read one file system of an image and compares. The test fails when it reads less, or more, than
       the cell says. */
    struct tool_cell (*judge)(const struct tool_image *image, enum fs_kind kind);
};

#define TOOL_READERS 6
extern const struct tool_reader tool_readers[TOOL_READERS];

/* One of them: the program of libudfread. */
struct tool_cell tool_judge_udfread(const struct tool_image *image, enum fs_kind kind);

#endif
