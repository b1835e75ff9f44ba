/*
 * A folder in which programs that others wrote look at our discs and images, run by the shell.
 */
#ifndef OPENIMAPI_TESTS_PEER_STAGE_H
#define OPENIMAPI_TESTS_PEER_STAGE_H

#include "openimapi/fs.h"
#include "openimapi/mmc_medium.h"

/* Makes the folder, empty, and removes it. Both as cmocka wants them of a group. */
int peer_stage_make(void **state);
int peer_stage_remove(void **state);

/* Its path. */
extern char peer_folder[200];

/* Path of something below the folder of the build that this program is in (BUILD/san/tests/NAME). */
void peer_build_path(const char *name, char *path, size_t size);

/* Runs a shell command, made as printf does, in the folder; its exit status. What it says goes to a log. */
int peer_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and fails the test, with the end of the log, when the command fails. */
void peer_must_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Skips the test, and says so, where the program is not installed. */
void peer_need(const char *program);

void peer_write_file(const char *name, const char *text);

/* The same with all bytes of a source; what is empty takes no room on the disk. */
void peer_write_source(const char *name, struct source *source);

/* And with the image of a tree. */
void peer_write_tree(const char *name, struct fs_tree *tree);

/* What the core's own reader says of a virtual disc in the folder. */
void peer_look(const char *medium, const char *disc, struct mmc_medium *out);

#endif
