/*
 * UDF volumes made of trees (fs_kit.h), read by the independent reader (udf_check.h) and held against the
 * tree: names, types, times, marks and every byte.
 */
#ifndef OPENIMAPI_TESTS_FS_VOLUME_H
#define OPENIMAPI_TESTS_FS_VOLUME_H

#include "helpers/fs_kit.h"

/* With the options of the tree: everything of it is in the volume, and nothing else. */
void volume_check(struct fs_tree *tree, uint32_t start);

/* With every mask that has UDF, every revision, mirrored and not: sets the tree's options. */
void volume_check_all(struct fs_tree *tree, uint32_t start);

/* The path of an item there, with slashes, as UTF-8; the caller's. */
char *volume_path(const struct fs_item *item);

#endif
