/*
 * Volumes that a reader invents, for tests of the import: entries by the keys of their directories, on a disc
 * of 100 blocks whose bytes tell their block.
 */
#ifndef OPENIMAPI_TESTS_VOLUME_KIT_H
#define OPENIMAPI_TESTS_VOLUME_KIT_H

#include "helpers/disc_kit.h"

#include "core/fs/read_room.h"

/* One entry of an invented volume, in the directory of a key. Its name ends in zero, without a length. */
struct kit_entry
{
    uint64_t in;
    struct fs_found found;
};

struct kit_volume
{
    struct fs_volume base;
    const struct kit_entry *entries;
    size_t count;
    /* Instead of entries: what a directory lists. */
    enum oi_status (*list)(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context);
};

/* The root has key 1. fs_volume_close lets the disc go, which is returned, borrowed. */
struct kit_disc *kit_volume_init(struct kit_volume *volume, const struct kit_entry *entries, size_t count);

#define INVENT(volume, entries) kit_volume_init(volume, entries, sizeof(entries) / sizeof(*(entries)))

/* Of 3048 bytes in blocks 10 and 20. */
extern const struct fs_extent kit_extents[2];
#define FILE_IN(key, text)                                                                                   \
    {                                                                                                        \
        key, { .type = FS_FILE, .name = text, .size = 3048, .extents = kit_extents, .extent_count = 2 }      \
    }
#define FOLDER_IN(key, text, own)                                                                            \
    {                                                                                                        \
        key, { .type = FS_DIRECTORY, .name = text, .place = { own, 0 } }                                     \
    }

/* For UDF 2.01: no limit of depth, and streams. */
struct fs_tree *kit_tree_of_udf(void);

/* Imports into a tree, asserts the failure with its path (NULL: any) and that nothing has changed. */
void kit_import_refused(struct fs_tree *tree, struct kit_volume *volume, enum oi_status status,
                        const char16_t *path);

#endif
