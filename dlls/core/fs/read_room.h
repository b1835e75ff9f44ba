/*
 * Shared by the readers of core/fs (ECMA-119, UDF) and the import that drives them. A reader knows one file
 * system and nothing of trees; the import knows trees, guards against loops and too much of everything, and
 * nothing of descriptors.
 */
#ifndef FS_READ_ROOM_H
#define FS_READ_ROOM_H

#include "fs_room.h"

#include "openimapi/fs_import.h"

/* A directory as a reader finds it again: its own numbers, the same for the same directory. */
struct fs_place
{
    uint64_t key;                       /* of which no two directories of a volume have the same */
    uint64_t size;                      /* the reader's own */
};

/* One entry of a directory, as recorded. Everything in it lives until the call that shows it returns. */
struct fs_found
{
    enum fs_type type;
    const char16_t *name;
    size_t name_length;                 /* units; not checked against any rule of items */
    struct fs_times times;              /* what is not recorded is 0 */
    int hidden, real_time;
    struct fs_place place;              /* FS_DIRECTORY: to list it */
    uint64_t size;                      /* FS_FILE: bytes */
    const struct fs_extent *extents;    /* FS_FILE; inside the disc, together size bytes */
    size_t extent_count;
    const uint8_t *embedded;            /* FS_FILE: size bytes inside the file entry, instead of extents */
    struct fs_place streams;            /* FS_FILE: its stream directory, to be listed like any; key 0: none */
};

typedef enum oi_status (*fs_take)(void *context, const struct fs_found *found);

struct fs_volume
{
    const struct fs_reader_ops *ops;
    struct fs_disc disc;                /* source counted; end never 0 */
    struct fs_volume_info info;
    struct fs_place root;
    uint64_t directories_total, files_total;    /* UINT64_MAX: not said */
};

struct fs_reader_ops
{
    /* Shows every entry of a directory, without itself and its parent, in recorded order; ends at the first
       failure of take. */
    enum oi_status (*list)(struct fs_volume *volume, const struct fs_place *place, fs_take take, void *context);
    /* Frees the struct around the volume. */
    void (*destroy)(struct fs_volume *volume);
};

/* Whole blocks of a disc; OI_FORMAT outside of it, so that no address needs checking before. *bad gets the
   first block that could not be read (may be NULL). */
enum oi_status fs_disc_read(const struct fs_disc *disc, uint32_t block, uint32_t count, uint8_t *bytes,
                            uint32_t *bad);

/* One function per kind of volume: makes it when the session has it, else OI_NOT_FOUND. */
enum oi_status fs_ecma119_open(const struct fs_disc *disc, enum fs_kind kind, struct fs_volume **out,
                               struct fs_detail *detail);
enum oi_status fs_udf_open(const struct fs_disc *disc, struct fs_volume **out, struct fs_detail *detail);

#endif
