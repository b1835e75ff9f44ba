/*
 * Reading file systems that lie on a disc: which ones there are (fs_identify), one of them in detail
 * (fs_volume), and its tree as items of an fs_tree (fs_import), whose data stay on the disc; and what a
 * session boots (fs_boot_read).
 *
 * Nothing that stands on a disc is believed: it may have been written by others, by mistake or by an enemy.
 * Whatever it holds, every function here ends after work and memory in proportion to what was really read,
 * with OI_OK or one of
 *   OI_FORMAT         inconsistent (file_systems; item: the path of the thing that is at fault, where known)
 *   OI_NOT_SUPPORTED  consistent, but uses a feature that is not known here (file_systems)
 *   OI_NOT_FOUND      the disc has no such file system (file_systems), or does not boot
 *   OI_SOURCE_READ    or what else the disc's source answered (found: the block that could not be read)
 *   OI_NO_MEMORY
 *
 * Blocks have FS_BLOCK_SIZE bytes; their numbers are logical block addresses of the disc.
 */
#ifndef OPENIMAPI_FS_IMPORT_H
#define OPENIMAPI_FS_IMPORT_H

#include "openimapi/fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A disc, and which of its sessions to look at. */
struct fs_disc
{
    struct source *source;              /* all of the disc from block 0 on; unwritten blocks may fail */
    uint32_t session_start;             /* first block of the session: of the last one, to import it */
    uint32_t end;                       /* the block behind the last written one; 0: the source's end */
};

/* What an extent of a file is made of. */
#define FS_EXTENT_HOLE UINT32_MAX       /* as block: bytes that are zero and recorded nowhere */

struct fs_extent
{
    uint32_t block;                     /* first block on the disc */
    uint32_t skip;                      /* bytes of it before the extent: ECMA-119 has blocks of 512 bytes */
    uint64_t bytes;
};

/* Mask of the file systems of a session, by their descriptors: FS_ISO9660, FS_JOLIET, FS_UDF. 0 and OI_OK
   when there is none. */
enum oi_status fs_identify(const struct fs_disc *disc, unsigned *kinds, struct fs_detail *detail);

/* The standards that volume recognition sequences know. */
enum fs_standard
{
    FS_STANDARD_ECMA119 = 1,            /* CD001: ISO 9660 */
    FS_STANDARD_ECMA167 = 2,            /* NSR02, NSR03: UDF */
    FS_STANDARD_ECMA168 = 4,            /* CDW02 */
};

/* By which of them (a mask) an image can be read that begins at block first of a source: from its volume
   recognition sequence, whatever the source says about its size. 0 and OI_OK: no such sequence, or one
   without a volume. What the source answered when it could not be read. */
enum oi_status fs_recognize_standards(struct source *source, uint32_t first, unsigned *standards);

/* A number that the discs and sessions of this world differ in, most probably: of the descriptors of a
   session. Never 0. OI_SOURCE_READ when none of them can be read. */
enum oi_status fs_disc_identifier(const struct fs_disc *disc, uint64_t *identifier);

/* --- one file system ------------------------------------------------------------------------------------ */

struct fs_volume;

#define FS_IMPORTED_NAME_MAX 127        /* units: a logical volume identifier of ECMA-167 */

struct fs_volume_info
{
    enum fs_kind kind;
    char16_t name[FS_IMPORTED_NAME_MAX + 1];
    unsigned udf_revision;              /* UDF: 0x102 ...; else 0 */
    int redundant_metadata;             /* UDF 2.50: the mirror has blocks of its own */
    uint32_t partition_start;           /* UDF: block of the physical partition that holds the data; else 0 */
    uint64_t next_unique_id;            /* UDF: of the logical volume integrity descriptor; else 0 */
    uint32_t blocks;                    /* how far the volume reaches: the block behind its last one */
    unsigned writable;                  /* 1: a session can be appended; 0: a kind of UDF volume (sparable,
                                           virtual, open, damaged ...) that may only be read */
};

/* Opens one file system (one bit) of a session; takes a reference to the disc's source. */
enum oi_status fs_volume_open(const struct fs_disc *disc, enum fs_kind kind, struct fs_volume **out,
                              struct fs_detail *detail);
void fs_volume_close(struct fs_volume *volume);         /* NULL is allowed */
const struct fs_volume_info *fs_volume_info(const struct fs_volume *volume);

/* --- import --------------------------------------------------------------------------------------------- */

/* How far an import is; called before each directory (the root's path is "\") and after each file. Not 0
   cancels: OI_CANCELLED. */
struct fs_import_progress
{
    const char16_t *path;               /* "\folder\" or "\folder\file" */
    uint64_t directories, directories_total;    /* begun before this one; the root counts */
    uint64_t files, files_total;        /* totals: UINT64_MAX where the file system does not say */
};

struct fs_import_events
{
    int (*progress)(void *context, const struct fs_import_progress *progress);
    /* Around each touch of the tree, locked 1 before it and 0 after, so that other threads may look at the
       tree while the disc is read. NULL: not wanted. */
    void (*lock)(void *context, int locked);
    void *context;
};

/*
 * Puts the items of a volume into a tree, as one step of its journal. An item that is in the tree already
 * wins over an imported one of the same path and kind, and directories merge. events may be NULL. The data of
 * imported files are sources over the disc (fs_source_extents knows where); the volume may be closed after.
 * On failure the tree is as it was; besides the statuses above:
 *   OI_NOT_FILE       a file on the disc is a directory in the tree (item: the path)
 *   OI_NOT_DIRECTORY  the reverse
 *   OI_NAME_INVALID   a name that no item can have (item: the path)
 *   OI_NAME_NOT_UNIQUE, OI_TOO_DEEP, OI_TOO_MANY_DIRECTORIES, OI_PATH_INVALID, OI_TOO_LARGE   as fs_add;
 *   OI_TOO_DEEP             also a path of more than 32,767 units, the most that Windows has
 * Of several entries of a directory that have the same name in any letter case the first wins: it is the
 * newest version of a file in ECMA-119. Streams that UDF itself defines ("*UDF ...") are left out.
 */
enum oi_status fs_import(struct fs_tree *tree, struct fs_volume *volume,
                         const struct fs_import_events *events, struct fs_detail *detail);

/* Where the bytes of an imported file lie on its disc: extents that begin with a block, and all but the last
   of which end with one. NULL and 0 for a file that lies otherwise (also: without bytes, or with them inside
   its file entry), and for any other source. Borrowed from the source. */
const struct fs_extent *fs_source_extents(const struct source *source, size_t *count);

/* The disc that an imported file is read from; borrowed. NULL: its bytes were in its file entry and are in
   memory now, or it is any other source. */
const struct source *fs_source_disc(const struct source *source);

/* --- booting: El Torito --------------------------------------------------------------------------------- */

/* A boot image, as the boot catalog has it. */
struct fs_boot_found
{
    unsigned section;                   /* 0: the default entry; else the section that it is in, from 1 on */
    uint8_t platform;                   /* enum fs_boot_platform of fs_image.h, or another */
    uint8_t emulation;                  /* enum fs_boot_emulation */
    uint8_t system_type;                /* of the partition of a hard disk */
    int bootable;                       /* 0: there, but not to be booted */
    uint16_t load_segment;              /* 0: the usual one, 0x7C0 */
    uint16_t sector_count;              /* of 512 bytes, that are loaded at first */
    uint32_t block;                     /* the first one of the image, which is inside the disc */
    uint64_t size;                      /* bytes, none of them behind the disc's end: of a floppy all, else as
                                           many as are loaded; 0 is possible */
};

struct fs_boot_catalog
{
    uint32_t block;                     /* the first one of the catalog */
    size_t count;                       /* of images */
};

/*
 * What the firmware boots from a session, in the order of its catalog; the first one is the default. Of the
 * images as many as there is room for get into found, which may be NULL with room 0. On failure the catalog
 * is zero, and found is not to be looked at:
 *   OI_NOT_FOUND      no boot record
 *   OI_FORMAT         a catalog that is none, or says more than it holds, or an image outside the disc
 *                     (detail's found: the block)
 */
enum oi_status fs_boot_read(const struct fs_disc *disc, struct fs_boot_found *found, size_t room,
                            struct fs_boot_catalog *catalog, struct fs_detail *detail);

#ifdef __cplusplus
}
#endif

#endif
