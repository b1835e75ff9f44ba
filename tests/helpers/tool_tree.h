/* Trees that give trouble to readers of images, and what their files hold, known by their paths alone. */
#ifndef OPENIMAPI_TESTS_TOOL_TREE_H
#define OPENIMAPI_TESTS_TOOL_TREE_H

#include "openimapi/fs.h"

/* Names of all scripts, lengths and dots, sizes around blocks, dates, depth. Pairs of surrogates are in the
   names below "pairs" only. */
struct fs_tree *tool_tree(void);

/* One file of more than an extent, with something in it at both of its ends and where the extents meet. */
#define TOOL_SPARSE_FILE "two extents"
struct fs_tree *tool_tree_sparse(void);

/* A tree of a session, whose names no file system shortens, and what the next one changes in it. */
struct fs_tree *tool_tree_session(unsigned file_systems, unsigned revision);
void tool_tree_change(struct fs_tree *tree);

/* What the file of such a tree holds; the caller's. */
struct source *tool_tree_data(const struct fs_item *file);

#endif
