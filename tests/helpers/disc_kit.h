/*
 * Discs for tests of the readers: blocks in memory that can be written at will, fail to be read, and count
 * how often they were; and ECMA-119 volumes on them, built byte by byte and without any writer of ours.
 */
#ifndef OPENIMAPI_TESTS_DISC_KIT_H
#define OPENIMAPI_TESTS_DISC_KIT_H

#include "openimapi/fs_import.h"

struct kit_disc
{
    struct source base;
    uint8_t *bytes;
    uint32_t bad;                       /* this block fails with OI_SENSE; UINT32_MAX: none */
    long until_failure;                 /* so many reads succeed, the next fails; -1: none */
    unsigned reads;
    uint64_t given;                     /* bytes */
};

extern int kit_discs_alive;

struct kit_disc *kit_disc_create(uint32_t blocks);      /* of zeros */
struct kit_disc *kit_disc_load(const char *path);       /* an image file */
uint8_t *kit_block(struct kit_disc *disc, uint32_t block);
struct fs_disc kit_session(struct kit_disc *disc, uint32_t start);

/* Opens, imports, closes. */
enum oi_status kit_import(struct kit_disc *disc, uint32_t start, enum fs_kind kind, struct fs_tree *tree,
                          struct fs_detail *detail);

/* The same into a new tree without rules; asserts success, and lets the disc go: sources keep it. */
struct fs_tree *kit_imported(struct kit_disc *disc, uint32_t start, enum fs_kind kind);

/* Imports, asserts the failure and the path that it tells (NULL: none). */
void kit_refused(struct kit_disc *disc, enum fs_kind kind, enum oi_status status, const char *path);

/* All bytes of a file read at once; asserts that it has so many. The caller frees. */
uint8_t *kit_data(const struct fs_item *file, size_t size);

/* "/a d|/a/b f 17|..." of all items. The caller frees. */
char *kit_list(struct fs_tree *tree);

/* --- ECMA-119 ------------------------------------------------------------------------------------------- */

/* 8.4 with type 1, 8.5 with type 2 and an escape sequence: at a block, the root's directory at another, of so
   many bytes, logical blocks of 2048. */
uint8_t *kit_descriptor(struct kit_disc *disc, uint32_t block, uint8_t type, const char *escape,
                        uint32_t root, uint32_t bytes);
void kit_terminator(struct kit_disc *disc, uint32_t block);

/* Puts a directory record (9.1) of 2001-02-03 04:05:06 UTC somewhere; returns where the next one goes. */
uint8_t *kit_record(uint8_t *at, const char *identifier, size_t length, uint32_t location, uint32_t size,
                    uint8_t flags);
/* Those of a directory itself and its parent. */
uint8_t *kit_dots(uint8_t *at, uint32_t self, uint32_t parent);

/* A disc of so many blocks with a primary descriptor at 16, and the root at 20 of one block, which has its
   dots; *next gets the place of the next record. The Joliet one has its root at 21, its descriptor at 17. */
struct kit_disc *kit_iso(uint32_t blocks, uint8_t **next);
struct kit_disc *kit_joliet(uint32_t blocks, uint8_t **next);

#endif
