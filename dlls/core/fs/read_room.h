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
    enum oi_status fault;               /* what forbids its import, else OI_OK: told with its path */
    uint64_t size;                      /* FS_FILE: bytes */
    const struct fs_extent *extents;    /* FS_FILE; the import checks that they lie inside the disc and */
    size_t extent_count;                /* together have size bytes */
    const uint8_t *embedded;            /* FS_FILE: size bytes inside the file entry, instead of extents */
    struct fs_place streams;            /* FS_FILE: its stream directory; key 0: none */
};

typedef enum oi_status (*fs_take)(void *context, const struct fs_found *found);

struct fs_volume
{
    const struct fs_reader_ops *ops;
    struct fs_disc disc;                /* source counted; end never 0 */
    struct fs_volume_info info;
    struct fs_place root;
    uint64_t directories_total, files_total;    /* UINT64_MAX: not said */
    uint64_t spent;                     /* blocks read by fs_volume_read since an import began */
    uint32_t bad;                       /* the block at which fs_volume_read failed last */
};

struct fs_reader_ops
{
    /* Shows every entry of a directory, without itself and its parent, in recorded order; ends at the first
       failure of take. */
    enum oi_status (*list)(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context);
    /* Frees the struct around the volume. */
    void (*destroy)(struct fs_volume *volume);
};

/* The block behind the last one of a disc. */
uint32_t fs_disc_end(const struct fs_disc *disc);

/* Whole blocks of a disc; OI_FORMAT outside of it, so that no address needs checking before. *bad gets the
   first block that could not be read (may be NULL). */
enum oi_status fs_disc_read(const struct fs_disc *disc, uint32_t block, uint32_t count, uint8_t *bytes,
                            uint32_t *bad);

/* The same for lists. What describes the tree of a volume is read once, or a few times; when far more was
   read than the disc holds, structures overlap in order to keep us busy: OI_FORMAT. */
enum oi_status fs_volume_read(struct fs_volume *volume, uint32_t block, uint32_t count, uint8_t *bytes);

/* Data of a file that was found, as a source over the disc; OI_FORMAT for extents that are not inside it or
   have not the file's size in all. */
enum oi_status fs_extents_create(const struct fs_disc *disc, const struct fs_found *found,
                                 struct source **out);

/* Where a session's volume recognition sequence has the descriptors that count; 0: nowhere. */
struct fs_recognition
{
    uint32_t primary;                   /* ECMA-119 8.4 */
    uint32_t joliet;                    /* ECMA-119 8.5 with the escape sequences of Joliet */
    uint32_t nsr;                       /* ECMA-167 3/9.1 */
    uint32_t boot;                      /* ECMA-119 8.2 with the identifier of El Torito */
};

enum oi_status fs_recognize(const struct fs_disc *disc, struct fs_recognition *recognition,
                            struct fs_detail *detail);

/* For readers: everything zero or unknown, a reference to the source taken (fs_volume_close gives it back;
   readers do not). */
void fs_volume_init(struct fs_volume *volume, const struct fs_reader_ops *ops, const struct fs_disc *disc,
                    enum fs_kind kind);

/* One function per kind of volume: makes it when the session has it, else OI_NOT_FOUND. */
enum oi_status fs_ecma119_open(const struct fs_disc *disc, enum fs_kind kind, struct fs_volume **out,
                               struct fs_detail *detail);
enum oi_status fs_udf_open(const struct fs_disc *disc, struct fs_volume **out, struct fs_detail *detail);

/* --- ECMA-119 volumes: ISO 9660 and Joliet -------------------------------------------------------------- */

/* In what the two differ when they are read. */
struct ecma119_dialect
{
    enum fs_kind kind;
    /* Name of a file or directory out of its identifier of at most 255 bytes; returns its units, as many at
       most. */
    size_t (*name)(enum fs_type type, const uint8_t *identifier, size_t length, char16_t *out);
    /* Text of a descriptor's field of FS_IMPORTED_NAME_MAX bytes at most, without filler; zero-ended. */
    void (*text)(const uint8_t *field, size_t size, char16_t *out);
};

extern const struct ecma119_dialect fs_iso9660_dialect;
extern const struct ecma119_dialect fs_joliet_dialect;

/* Length of an identifier without its version number, both in units, which the function gives: 7.5.1. */
size_t fs_ecma119_without_version(size_t length, unsigned (*unit)(const uint8_t *identifier, size_t index),
                                  const uint8_t *identifier);

/* 9.1.5: the seven bytes of a recording date and time; 0 when it is not recorded, or no time at all. */
fs_time fs_ecma119_time_of(const uint8_t *bytes);

#endif
