/*
 * Trees for tests, built by path ("folder/file", UTF-8, slashes), and sources whose bytes follow from their
 * offset, so that whoever reads an image can tell whether a byte is the right one without keeping it.
 */
#ifndef OPENIMAPI_TESTS_FS_KIT_H
#define OPENIMAPI_TESTS_FS_KIT_H

#include "openimapi/fs_image.h"

/* A source that behaves badly on demand. Set the fields after making it. */
struct kit_source
{
    struct source base;
    uint32_t seed;
    uint64_t true_size;                 /* what there really is; as announced at first */
    uint64_t fail_at;                   /* reading this byte fails; UINT64_MAX: never */
    enum oi_status failure;             /* with this */
    unsigned reads;                     /* calls so far */
    uint64_t bytes;                     /* given so far */
};

#define KIT_ISO_JOLIET (FS_ISO9660 | FS_JOLIET)

/* How many of them are alive: 0 at the end of a good test. */
extern int kit_sources_alive;

uint8_t kit_byte(uint32_t seed, uint64_t offset);
struct kit_source *kit_source_create(uint32_t seed, uint64_t size);

/* The seed that kit_file uses for a path. */
uint32_t kit_seed(const char *path);

struct fs_tree *kit_tree(void);                         /* default options */
struct fs_tree *kit_tree_with(unsigned file_systems, unsigned level, int strict);

/* Sets the mask and the UDF revision; asserts success. */
void kit_set_udf(struct fs_tree *tree, unsigned file_systems, unsigned revision);

/* Each asserts success. The parent must exist. Borrowed results. */
struct fs_item *kit_folder(struct fs_tree *tree, const char *path);
struct fs_item *kit_file(struct fs_tree *tree, const char *path, uint64_t size);
struct fs_item *kit_find(struct fs_tree *tree, const char *path);       /* NULL: not there */

/* A named stream behind those of a file; its data's seed is that of its name. */
struct fs_item *kit_stream(struct fs_tree *tree, struct fs_item *file, const char *name, uint64_t size);

/* A free item of the name; the caller's. */
struct fs_item *kit_item(struct fs_tree *tree, enum fs_type type, const char *name);

/* The same through text: UTF-8 of names, freed by the caller. */
char *kit_recorded(const struct fs_item *item, enum fs_kind kind);
char *kit_path(const struct fs_item *item);

/* Everything of a tree in one text, a line per item in order: path, type, size, recorded names. Of named
   streams, which come behind their file, path and size. */
char *kit_dump(struct fs_tree *tree);

/* Lays out at kit_time with the volume name "Test"; asserts success. */
#define KIT_TIME 17954784005000000      /* 2026-11-24 00:00:00.50 */
struct fs_layout *kit_layout(struct fs_tree *tree, uint32_t session_start);

/* All bytes of a layout's image, read in chunks of the given size. */
uint8_t *kit_read(struct fs_layout *layout, size_t chunk);

/* Small, repeatable random numbers. */
uint32_t kit_random(uint32_t *state, uint32_t below);

#endif
