/*
 * Discs that get one session after the other: a virtual recorder with a data writer, images burnt by it, and
 * new images that go on from what it burnt.
 */
#ifndef WINE_TESTS_APPEND_H
#define WINE_TESTS_APPEND_H

#include "fsi.h"
#include "sessions.h"

struct append
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;           /* leaves discs open for further sessions */
};

BOOL append_begin(struct append *bench, const char *medium, const char *faults);
void append_end(struct append *bench);

/* Ends it and begins it again with other faults, on the same disc; change (NULL: nothing) may write to the
   disc's file meanwhile. */
BOOL append_again(struct append *bench, const char *faults, void (*change)(HANDLE disc, void *context),
                  void *context);

/* Blocks of a disc's file. */
void append_disc_read(HANDLE disc, ULONG block, void *bytes, ULONG size);
void append_disc_write(HANDLE disc, ULONG block, const void *bytes, ULONG size);

/* A fresh image with these file systems, and this revision when UDF is among them. */
BOOL append_open(struct fsi *fsi, LONG file_systems, LONG revision);

/* Writes the image. The code of whatever fails first. */
HRESULT append_burn(struct append *bench, struct fsi *fsi);

/* The same, of a fresh image with the files of append_fill; checks that it works. */
void append_first(struct append *bench, LONG file_systems, LONG revision);
void append_fill(struct fsi *fsi);

/* The writer's multi-session objects, put into an image. */
HRESULT append_put(struct append *bench, struct fsi *fsi);

/* A fresh image with those, not imported yet. */
BOOL append_next(struct append *bench, struct fsi *fsi);

/* The same with the newest file system imported, which must be this one. */
BOOL append_import(struct append *bench, struct fsi *fsi, LONG expected);

/* Does the file have so many bytes, those of fsi_byte? Read through its Data. */
#define append_check_file(fsi, path, size) append_check_file_at(__FILE__, __LINE__, fsi, path, size)
void append_check_file_at(const char *file, int line, struct fsi *fsi, const WCHAR *path, ULONG size);

HRESULT append_remove(struct fsi *fsi, const WCHAR *path);

/* Numbers of an image; negative: the code. */
LONG append_start(struct fsi *fsi);
LONG append_used(struct fsi *fsi);

#endif
