/* Discs in memory that get one session behind the other, and trees that go on from what is on them. */
#ifndef OPENIMAPI_TESTS_APPEND_KIT_H
#define OPENIMAPI_TESTS_APPEND_KIT_H

#include "openimapi/fs_image.h"
#include "openimapi/fs_import.h"

struct append_disc
{
    uint8_t *bytes;                     /* to be freed */
    uint32_t blocks;
    uint32_t last_start;                /* of its last session */
};

/* Records blocks; what lies before them and was never recorded is no zeros. */
void append_put(struct append_disc *disc, uint32_t at, const uint8_t *bytes, uint32_t blocks);

/* Where a drive would begin the next session of a disc that is written once. */
uint32_t append_next_start(const struct append_disc *disc);

/* An empty tree, of level 2. */
struct fs_tree *append_tree(unsigned file_systems, unsigned revision);

/* Checked against the blocks that the tree announces. */
struct fs_layout *append_layout(struct fs_tree *tree, uint32_t start, struct source *earlier);

/* Opens the last session of the disc; the source is the caller's. */
struct source *append_open(const struct append_disc *disc, struct fs_disc *out);

/* The file system with the best names. */
enum fs_kind append_newest(unsigned file_systems);

/* What is on the disc, in a tree that goes on from it; with unit on rewritable media. */
struct fs_tree *append_import(struct fs_disc *from, unsigned file_systems, unsigned revision, uint32_t unit);

#endif
