/*
 * Recorded images: what a tree of fs.h is recorded with (earlier sessions of the disc, boot images), its
 * layout, and the image itself as a source of bytes.
 */
#ifndef OPENIMAPI_FS_IMAGE_H
#define OPENIMAPI_FS_IMAGE_H

#include "openimapi/fs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- earlier sessions ----------------------------------------------------------------------------------- */

/* The sessions of a disc that an image goes on from. */
struct fs_earlier
{
    uint32_t partition_start;           /* UDF: block of the disc that the partition begins at; new addresses
                                           count from there too, and so reach the files of old */
    /* On rewritable media all sessions share one: its image begins at block 0 with what is there already, and
       only a part of it is new (fs_layout_modified). Else both are 0. */
    uint32_t append;                    /* block where the new part begins, a multiple of the next */
    uint32_t write_unit;                /* blocks that such a disc takes at least at once; a power of two */
    const struct source *disc; /* only files imported from this source stay (compared, not read); NULL:
                                           from any */
};

/*
 * From now on the tree is that of a session behind others on the same disc: files that were imported from it
 * (fs_import.h) stay where they are, and only what is new takes blocks. To be said before they are imported.
 * NULL: no longer. OI_INVALID_ARGUMENT; OI_TOO_LARGE as fs_tree_set_options.
 */
enum oi_status fs_tree_set_earlier(struct fs_tree *tree, const struct fs_earlier *earlier,
                                   struct fs_detail *detail);

/*
 * Files and streams whose data lie on a disc without staying there (in several pieces while ISO 9660 is
 * recorded, or on another disc): the image will have them again, and who records it may not be able to read
 * them meanwhile. A walk: at NULL gives the first one, NULL is the end. fs_item_move gives one of them other
 * data of the same size; no image may be read meanwhile.
 */
struct fs_item *fs_earlier_moving(struct fs_tree *tree, struct fs_item *at);
void fs_item_move(struct fs_item *item, struct source *copy);

/* The disc as fs_layout_params.earlier wants it, for who may not let fs_layout_create read it: what that
   reads is read here and now. append 0: the disc itself, counted once more. What the disc's source said. */
enum oi_status fs_earlier_source(const struct fs_earlier *earlier, struct source *disc, struct source **out);

/* --- booting -------------------------------------------------------------------------------------------- */

#define FS_BOOT_ENTRIES_MAX 32
#define FS_BOOT_MANUFACTURER 24         /* bytes */

/* El Torito 2.1, and UEFI for the last. */
enum fs_boot_platform
{
    FS_BOOT_PLATFORM_X86 = 0,
    FS_BOOT_PLATFORM_POWERPC = 1,
    FS_BOOT_PLATFORM_MAC = 2,
    FS_BOOT_PLATFORM_EFI = 0xEF,
};

/* Boot media types: 2.2. */
enum fs_boot_emulation
{
    FS_BOOT_NO_EMULATION = 0,
    FS_BOOT_FLOPPY_1_2 = 1,
    FS_BOOT_FLOPPY_1_44 = 2,
    FS_BOOT_FLOPPY_2_88 = 3,
    FS_BOOT_HARD_DISK = 4,
};

struct fs_boot_entry
{
    uint8_t platform;                   /* any value, enum fs_boot_platform or not */
    uint8_t emulation;
    uint8_t system_type;                /* of a hard disk, from fs_boot_system_type; else of no meaning */
    uint8_t manufacturer[FS_BOOT_MANUFACTURER];     /* filled up with zeros */
    struct source *image;
};

/* Bytes of the medium that a floppy image must fill exactly; 0 for the others, of which any size is good. */
uint64_t fs_boot_medium_size(unsigned emulation);

/* Reads the type of the first partition in use from a hard disk image; 0 when there is no partition table. */
enum oi_status fs_boot_system_type(struct source *image, uint8_t *type);

/*
 * Makes the image bootable: entries in the order of the boot catalog, the first one the default. References
 * to the boot images are taken. None: not bootable any more. What was set before goes. Not journalled.
 * Nothing is changed on failure:
 *   OI_INVALID_ARGUMENT   too many, an empty boot image, an unknown emulation, or a floppy image of another
 *                         size (expected, found)
 *   OI_TOO_LARGE          as fs_add
 *   OI_NO_MEMORY
 */
enum oi_status fs_tree_set_boot(struct fs_tree *tree, const struct fs_boot_entry *entries, size_t count,
                                struct fs_detail *detail);
size_t fs_tree_boot_count(const struct fs_tree *tree);

/* --- layout and image ----------------------------------------------------------------------------------- */

struct fs_layout;                       /* counted */

struct fs_layout_params
{
    const char16_t *volume_name;        /* as put by the user; NULL or empty: made of time, YYYYMMDD_HHMMSS */
    fs_time time;                       /* now: the volume's own; also where an item's cannot be recorded */
    uint32_t session_start;             /* logical block that the image's first block will be recorded at */
    struct source *earlier;             /* the disc, when fs_earlier has append: up to there at least */
};

/*
 * Plans the image of a tree as it is now: claims blocks for every structure and file, holds the sources. No
 * source is read.
 *   OI_NO_FILE_SYSTEM     the mask is empty
 *   OI_NAME_INVALID       the volume name
 *   OI_FILE_TOO_BIG       (item: the path; file_systems: ISO9660/Joliet; expected: the most, found: its size)
 *   OI_TOO_LARGE          more than 2^32 - 1 blocks with session_start, or than block_limit (expected, found)
 *   OI_INVALID_ARGUMENT   append: a session_start, no disc, or another file system than UDF; bootable, but no
 *                         first session, which is the only one that firmware looks at
 *   OI_SOURCE_READ ...    append: the blocks around the anchor of the disc, or what else its source said
 */
enum oi_status fs_layout_create(struct fs_tree *tree, const struct fs_layout_params *params,
                                struct fs_layout **out, struct fs_detail *detail);
struct fs_layout *fs_layout_ref(struct fs_layout *layout);
void fs_layout_unref(struct fs_layout *layout);         /* NULL is allowed */

uint32_t fs_layout_blocks(const struct fs_layout *layout);

/*
 * The image as a source of fs_layout_blocks * FS_BLOCK_SIZE bytes, which holds a reference to the layout.
 * Every call gives an independent reader. Files are read as the image is read, any chunk size, any order;
 * read forward, each file is read once, from its first byte to its true end: a source that keeps something
 * open for reading should close it when a read has come up short, so that an image of 50,000 files does not
 * hold 50,000 of them.
 *
 * A read fails with OI_SOURCE_OPEN or OI_SOURCE_READ (or whatever else the file's source answered) and with
 * OI_SOURCE_SIZE when a file holds fewer or more bytes than announced; fs_image_failure tells more. *got then
 * counts the bytes before the fault, which are good. Reading the same place again tries again.
 */
enum oi_status fs_image_create(struct fs_layout *layout, struct source **out);

/* About the last read of this image that failed: item is the path in the image, expected and found are bytes
   (for OI_SOURCE_SIZE). Copies into detail; OI_NOT_FOUND when no read has failed or image is no source of
   fs_image_create. */
enum oi_status fs_image_failure(const struct source *image, struct fs_detail *detail);

/* The file's source that failed then, which may know more. Borrowed from the image. NULL: none. */
struct source *fs_image_failed_source(const struct source *image);

/*
 * Which block holds what: contiguous ranges from block 0 to the last, in order. A file has one range with its
 * path as description ("\folder\file"; files without bytes have none); structures have one for each kind, in
 * angle brackets, which no item's name can hold: "<system area>", "<ISO9660>", "<Joliet>", "<UDF>",
 * "<boot catalog>", "<boot image>", "<boot image 2>", ...
 */
struct fs_range
{
    uint32_t first, last;               /* blocks, inclusive */
    int is_file;
};

size_t fs_layout_range_count(const struct fs_layout *layout);

/* By index. OI_INVALID_ARGUMENT past the end. */
enum oi_status fs_layout_range(const struct fs_layout *layout, size_t index, struct fs_range *out);

/* The blocks that are to be recorded, in this order, when the rest is on the disc already
   (fs_earlier.append): ranges of whole write units. Borrowed. NULL and 0: the whole image has to be. */
const struct fs_range *fs_layout_modified(const struct fs_layout *layout, size_t *count);

/* New memory, free(). */
enum oi_status fs_layout_range_description(const struct fs_layout *layout, size_t index, char16_t **out);

/* Index of the range that holds a block, or that has a description (any letter case). OI_NOT_FOUND. */
enum oi_status fs_layout_range_from_block(const struct fs_layout *layout, uint32_t block, size_t *index);
enum oi_status fs_layout_range_from_description(const struct fs_layout *layout, const char16_t *description,
                                                size_t *index);

#ifdef __cplusplus
}
#endif

#endif
