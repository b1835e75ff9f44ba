/*
 * File-system images: a tree of directories and files in memory (fs_tree, fs_item), and what is recorded of
 * it (fs_layout): which block holds what, as a source of bytes that is read lazily.
 *
 *   fs_tree   items, their names in each file system, limits, an exact block count, and a journal that takes
 *             changes back
 *   fs_layout an immutable plan made from a tree at one moment; needs the tree no more
 *   source    the image itself, as many readers as wanted on one layout
 *
 * Blocks have FS_BLOCK_SIZE bytes. Numbers of blocks in ranges count from the first block of the image; only
 * addresses inside the recorded structures add session_start.
 *
 * Threads: nothing here locks. One caller at a time for a tree and all of its items, except for fs_item_ref
 * and fs_item_unref, which may come from any thread. A layout depends on neither tree nor items; it is
 * immutable and may be let go on any thread, but the readers of one layout share the sources of the files:
 * one read at a time among them.
 */
#ifndef OPENIMAPI_FS_H
#define OPENIMAPI_FS_H

#include "openimapi/source.h"
#include "openimapi/status.h"
#include "openimapi/text.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FS_BLOCK_SIZE 2048
#define FS_NAME_MAX 255                 /* units of an item's name, without the ending zero */
#define FS_VOLUME_NAME_MAX 32           /* units of a volume name, likewise */
#define FS_ISO9660_LEVELS_MAX 8         /* ECMA-119 6.8.2.1; the root is the first level */
#define FS_DIRECTORIES_MAX 65535        /* ECMA-119 9.4.4: a 16-bit parent number */
#define FS_FILE_SIZE_MAX 2147483648u    /* bytes of a file in ISO 9660 and Joliet */

/* File systems, as bits of a mask. */
enum fs_kind
{
    FS_ISO9660 = 1,                     /* ECMA-119 */
    FS_JOLIET = 2,                      /* its supplementary volume in UCS-2; never without FS_ISO9660 */
    FS_UDF = 4,                         /* ECMA-167 as OSTA UDF has it */
};

#define FS_SUPPORTED (FS_ISO9660 | FS_JOLIET | FS_UDF)  /* what fs_layout_create can write */

/* "ISO9660", "Joliet", "UDF" or, for FS_ISO9660 | FS_JOLIET, "ISO9660/Joliet": the texts for inserts. Else
   "". */
const char *fs_kind_name(unsigned kinds);

/*
 * What else there is to say about a failure. Functions that take one set it when they fail, and leave it
 * alone when they succeed; NULL is allowed everywhere. Start with all zeros; fs_detail_clear frees and
 * zeroes.
 */
struct fs_detail
{
    char16_t *item;                     /* path or name of the thing that is at fault, or NULL */
    unsigned file_systems;              /* mask of those that are at fault, 0 when that is not the point */
    uint64_t expected, found;           /* bytes (OI_SOURCE_SIZE, OI_FILE_TOO_BIG) or blocks (OI_TOO_LARGE) */
};

void fs_detail_clear(struct fs_detail *detail);

/*
 * Times are counts of 100 nanoseconds since 1970-01-01 00:00 UTC, any sign. (A Windows FILETIME is the same
 * plus FS_TIME_FILETIME.) The core knows no clock: who makes an item sets its times.
 */
typedef int64_t fs_time;
#define FS_TIME_SECOND 10000000
#define FS_TIME_FILETIME 116444736000000000
#define FS_TIME_DATE_0 (-22091616000000000) /* 1899-12-30, the zero of automation dates: the root's times */

/* --- names ---------------------------------------------------------------------------------------------- */

/*
 * May an item be called so? 1 to FS_NAME_MAX units, none of them a control (below 32) or one of
 *   \ / : * ? " < > |
 * and not "." or "..": else OI_NAME_INVALID. With restricted set, units above 127 are OI_NAME_RESTRICTED.
 */
enum oi_status fs_name_check(const char16_t *name, int restricted);

/*
 * May a volume be called so? At most FS_VOLUME_NAME_MAX units, none of them forbidden by fs_name_check. The
 * empty name is good: the layout makes one of its time. More than the documented 15 of A-Z a-z 0-9 _ .
 * because programs put names like 20260131-120000.1234. OI_NAME_INVALID.
 */
enum oi_status fs_volume_name_check(const char16_t *name);

/* The name that one file system records for a volume name: upper case with everything else '_' in ISO 9660
   (32), cut to 16 units in Joliet, kept in UDF. Zero-ended; empty stays empty. kind is one bit. */
void fs_volume_name(const char16_t *name, enum fs_kind kind, char16_t out[FS_VOLUME_NAME_MAX + 1]);

/* --- tree ----------------------------------------------------------------------------------------------- */

/* What a tree is held against. */
struct fs_options
{
    unsigned file_systems;              /* mask; 0 sets no rules, and nothing can be laid out */
    unsigned iso9660_level;             /* 1: 8.3 characters; 2: 31 characters */
    int strict;                         /* Joliet: 64 characters instead of 108; paths of 255 at most */
    int restricted;                     /* names of items made from now on: only code points 32 to 127 */
    uint64_t block_limit;               /* blocks of the whole image; 0: no limit */
    unsigned udf_revision;              /* one of fs_udf_revision */
    int udf_redundant;                  /* from 2.50 on: the mirror of the metadata is a second copy of it */
};

struct fs_tree;                         /* root, journal, options, counts */
struct fs_item;                         /* a directory or a file; counted */

enum fs_type
{
    FS_NOTHING = 0,                     /* only as an answer */
    FS_DIRECTORY = 1,
    FS_FILE = 2,
};

/* The UDF revisions that can be written, 0x102 first; 0 behind the last. */
unsigned fs_udf_revision(size_t index);

/* ISO 9660 and Joliet, level 1, relaxed, no limit; UDF 1.02, if there is any, mirrored. */
void fs_options_init(struct fs_options *options);

/* Do the options record named streams (UDF 2.00 and later) and real-time marks (2.01)? */
int fs_options_streams(const struct fs_options *options);
int fs_options_real_time(const struct fs_options *options);

/* An empty tree. options may be NULL (fs_options_init). The root's times are FS_TIME_DATE_0, its name is
   empty. */
enum oi_status fs_tree_create(const struct fs_options *options, struct fs_tree **out);

/* NULL is allowed. Items that were in the tree and that somebody still holds live on, outside any tree; free
   ones may only be let go afterwards. */
void fs_tree_destroy(struct fs_tree *tree);

/* Valid while the tree lives and until the next fs_tree_set_options. */
const struct fs_options *fs_tree_options(const struct fs_tree *tree);

/*
 * Changes the options if the content allows it; else nothing is changed and the answer is one of
 *   OI_INVALID_ARGUMENT      unknown bits, Joliet without ISO 9660, level not 1 or 2, unknown UDF revision
 *   OI_TOO_DEEP              more than FS_ISO9660_LEVELS_MAX levels, ISO 9660 wanted (item: the directory)
 *   OI_TOO_MANY_DIRECTORIES  more than FS_DIRECTORIES_MAX (file_systems)
 *   OI_NAME_NOT_UNIQUE       (item, file_systems)
 *   OI_PATH_INVALID          strict: a path of more than the 255 bytes of ECMA-119 6.8.2.1 (item)
 *   OI_TOO_LARGE             block_limit is below the need of the content (expected: limit, found: need)
 * Depth and number of directories count only with ISO 9660. Not journalled.
 */
enum oi_status fs_tree_set_options(struct fs_tree *tree, const struct fs_options *options,
                                   struct fs_detail *detail);

/* Borrowed; always the same item. */
struct fs_item *fs_tree_root(struct fs_tree *tree);

uint64_t fs_tree_file_count(const struct fs_tree *tree);
uint64_t fs_tree_directory_count(const struct fs_tree *tree);   /* with the root: 1 in an empty tree */

/* Named streams of all files in the tree; fs_tree_file_count does not have them. */
uint64_t fs_tree_stream_count(const struct fs_tree *tree);

/* Is there something in the tree that its options leave out: named streams or files marked as real-time? */
int fs_tree_leaves_out(const struct fs_tree *tree);

/* The blocks that the image of this tree takes: exactly what fs_layout_blocks will say. Costs something only
   for directories of more than one block that were changed since the last call. OI_NO_MEMORY. */
enum oi_status fs_tree_used_blocks(struct fs_tree *tree, uint64_t *blocks);

/* --- items ---------------------------------------------------------------------------------------------- */

/*
 * A free item for this tree, one reference held by the caller, times 0, not hidden, without data (size 0).
 * Errors: those of fs_name_check (item: the name).
 */
enum oi_status fs_item_create(struct fs_tree *tree, enum fs_type type, const char16_t *name,
                              struct fs_item **out, struct fs_detail *detail);

struct fs_item *fs_item_ref(struct fs_item *item);
void fs_item_unref(struct fs_item *item);               /* NULL is allowed */

enum fs_type fs_item_type(const struct fs_item *item);
const char16_t *fs_item_name(const struct fs_item *item);       /* the item's own; the root's is empty */
int fs_item_in_tree(const struct fs_item *item);                /* not: free, removed, or the tree is gone */
struct fs_item *fs_item_parent(const struct fs_item *item);     /* borrowed; NULL: root, or not in the tree */

/* "\folder\file", new memory, free(); empty for the root; outside the tree the item's own name alone. */
enum oi_status fs_item_path(const struct fs_item *item, char16_t **out);

/*
 * The name that a file system records, without version number: natural if it fits and is free in its
 * directory, else shortened to a unique one. A free item shows its natural name. kind is one
 * bit, whether enabled or not; OI_INVALID_ARGUMENT for anything else.
 *
 * ISO 9660: the last period divides name and extension; upper case; what is no d-character (A-Z 0-9 _)
 * becomes '_'; cut to 8 and 3 (level 1) or 31 in all (level 2), no extension losing all of its characters; a
 * directory's period becomes '_', 8 or 31. Taken names end in _1, _2, ... before the extension: LONGFILE.TXT,
 * LONGFI_1.TXT, LONGF_10.TXT.
 *
 * Joliet: ';' becomes '_'; periods at the end are left out; cut to 108 or, strict, 64 units with the
 * extension kept; taken names end in ~1, ~2, ... before the extension.
 *
 * UDF: the name itself; only one of more than 254 characters, or 127 when some are above U+00FF, is cut so
 * and ends in ~1, ~2, ... before the extension, which is kept. It yields to an item that comes later with
 * just that name, and takes the next number.
 *
 * Names are given when an item enters the tree and stay until it leaves it, or level or strict change.
 * Numbers end with 999999: then OI_NAME_NOT_UNIQUE.
 */
enum oi_status fs_item_file_system_name(const struct fs_item *item, enum fs_kind kind,
                                        char16_t out[FS_NAME_MAX + 1]);

/* The path of such names; as fs_item_path. */
enum oi_status fs_item_file_system_path(const struct fs_item *item, enum fs_kind kind, char16_t **out);

struct fs_times
{
    fs_time created, accessed, modified;
};

/* Not journalled: they are the item's own and go with it. ISO 9660 and Joliet record modified. */
void fs_item_times(const struct fs_item *item, struct fs_times *out);
void fs_item_set_times(struct fs_item *item, const struct fs_times *times);
int fs_item_hidden(const struct fs_item *item);
void fs_item_set_hidden(struct fs_item *item, int hidden);
int fs_item_real_time(const struct fs_item *item);      /* recorded by UDF only */
void fs_item_set_real_time(struct fs_item *item, int real_time);

/*
 * A file's content. Its announced size counts. The item keeps a reference; NULL takes the data away.
 * OI_NOT_FILE for a directory; OI_INVALID_ARGUMENT once the item has been in the tree: a removed one may come
 * back by fs_rollback, and then as it was.
 */
enum oi_status fs_item_set_data(struct fs_item *item, struct source *data);
struct source *fs_item_data(const struct fs_item *item);        /* borrowed; NULL when there is none */
uint64_t fs_item_size(const struct fs_item *item);              /* bytes; 0 for a directory */

/* Direct children in the order in which they were added. Borrowed. A walk must not change the tree. */
size_t fs_item_child_count(const struct fs_item *directory);    /* 0 for a file */
struct fs_item *fs_item_first_child(const struct fs_item *directory);
struct fs_item *fs_item_next(const struct fs_item *item);       /* next sibling or NULL */

/* Everything below top, parents before children, without recursion: start with at = top; NULL at the end. */
struct fs_item *fs_item_walk(const struct fs_item *top, const struct fs_item *at);

/* A child by its name in any letter case, or by its ISO 9660 or Joliet name; the true name wins. NULL: no. */
struct fs_item *fs_item_child(const struct fs_item *directory, const char16_t *name);

/*
 * An item by path from a directory on: components between backslashes or slashes, matched as fs_item_child
 * does. One leading separator is allowed when base is the root, one at the end always; "" and "\" are base
 * itself.
 *   OI_PATH_INVALID         empty components or bad names (item: the path)
 *   OI_DIRECTORY_NOT_FOUND  something before the last one is missing or no directory (item: its path)
 *   OI_NOT_FOUND            only the last component is missing (item: the path)
 * *out is borrowed, NULL on failure.
 */
enum oi_status fs_find(struct fs_item *base, const char16_t *path, struct fs_item **out,
                       struct fs_detail *detail);

/*
 * For additions: the directory that a path's last component is to be made in, and that component (points into
 * path; *name_length units, a separator at the end is not part of it). Errors of fs_find; OI_PATH_INVALID
 * when there is no last component or it is no good name.
 */
enum oi_status fs_find_parent(struct fs_item *base, const char16_t *path, struct fs_item **parent,
                              const char16_t **name, size_t *name_length, struct fs_detail *detail);

/* --- named streams -------------------------------------------------------------------------------------- */

/*
 * A file in the tree may have named streams: items of type FS_FILE with data of their own, that are no
 * children of a directory, come and go with their file, and are recorded when fs_options_streams. Only then
 * do their blocks count. An item that was a stream once can only be a stream again. Its path is
 * "\folder\file:stream".
 */

/*
 * Puts a free or removed item behind the streams of a file; the tree takes its own reference. Nothing is
 * changed on failure:
 *   OI_NOT_FILE           file is a directory
 *   OI_NOT_IN_TREE        it is not in its tree (item: its name)
 *   OI_INVALID_ARGUMENT   it is a stream; or the item is a directory, in the tree, of another tree, or was in
 *                         the tree as a file
 *   OI_NAME_EXISTS        a stream of that name is there, in any letter case (item: the name)
 *   OI_TOO_LARGE          as fs_add
 */
enum oi_status fs_stream_add(struct fs_item *file, struct fs_item *stream, struct fs_detail *detail);

/* Takes a stream away from its file. OI_NOT_IN_TREE, OI_INVALID_ARGUMENT when it is none. */
enum oi_status fs_stream_remove(struct fs_item *stream, struct fs_detail *detail);

/* Of a file, in the order in which they were added, all borrowed; after the first, fs_item_next. A directory
   and a stream have none. By index and by name in any letter case: NULL when there is no such one. */
size_t fs_stream_count(const struct fs_item *file);
struct fs_item *fs_stream_first(const struct fs_item *file);
struct fs_item *fs_stream_at(const struct fs_item *file, size_t index);
struct fs_item *fs_stream_find(const struct fs_item *file, const char16_t *name);

int fs_item_is_stream(const struct fs_item *item);      /* or was one */

/* The file that a stream is of; borrowed. NULL: it is none, or not in the tree. */
struct fs_item *fs_stream_file(const struct fs_item *stream);

/* --- changes -------------------------------------------------------------------------------------------- */

/*
 * Puts a free or removed item, with whatever is below it, into a directory; the tree takes its own reference.
 * Nothing is changed on failure:
 *   OI_NOT_IN_TREE           directory is not in its tree (item: its name)
 *   OI_NOT_DIRECTORY         it is a file
 *   OI_INVALID_ARGUMENT      the item is in the tree already or belongs to another tree
 *   OI_NAME_EXISTS           a child of that name is there, in any letter case (item: the name)
 *   OI_NAME_NOT_UNIQUE, OI_TOO_DEEP, OI_TOO_MANY_DIRECTORIES, OI_PATH_INVALID   as fs_tree_set_options
 *   OI_TOO_LARGE             the image would pass block_limit, or 2^62 blocks without one (item: its path;
 *                            expected: limit, found: need)
 */
enum oi_status fs_add(struct fs_item *directory, struct fs_item *item, struct fs_detail *detail);

/*
 * Takes an item out of the tree, a directory only when it is empty. OI_NOT_EMPTY (item: the directory),
 * OI_NOT_IN_TREE, OI_INVALID_ARGUMENT for the root.
 */
enum oi_status fs_remove(struct fs_item *item, struct fs_detail *detail);

/* Takes a directory or file out with all that is below it; of the root only what is below. OI_NOT_IN_TREE. */
enum oi_status fs_remove_tree(struct fs_item *item, struct fs_detail *detail);

/*
 * Change points. Each fs_add, fs_remove, fs_remove_tree, fs_stream_add and fs_stream_remove that succeeds is
 * one step; between fs_step_begin and fs_step_end all changes together are one (none if nothing changed).
 * Pairs may be nested; the outermost makes the step. fs_step_end takes what its fs_step_begin gave, and with
 * keep 0 takes back everything since. So an operation of many changes is
 *   mark = fs_step_begin(tree); status = many(...); fs_step_end(tree, mark, !status);
 */
size_t fs_step_begin(struct fs_tree *tree);
void fs_step_end(struct fs_tree *tree, size_t mark, int keep);

uint32_t fs_change_point(const struct fs_tree *tree);   /* steps so far; 0 for a new tree */

/*
 * Takes back all steps after the given one; the tree, its order and its shortened names are as they were
 * (names are made anew when level or strict changed meanwhile). OI_INVALID_ARGUMENT for a point in the
 * future, before a lock, or inside a step. Options may have changed: then the rules of fs_tree_set_options
 * (without block_limit) may refuse the earlier tree, and nothing is taken back.
 */
enum oi_status fs_rollback(struct fs_tree *tree, uint32_t change_point, struct fs_detail *detail);

/* Nothing up to now can be taken back any more; frees the journal. The change point stays as it is. No effect
   inside a step. */
void fs_lock_in(struct fs_tree *tree);

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
    const struct source *disc;          /* only files imported from this source stay (compared, not read); NULL:
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
 * recorded, or on another disc): the image will have them again, and who records it may not be able to read them
 * meanwhile. A walk: at NULL gives the first one, NULL is the end. fs_item_move gives one of them other data
 * of the same size; no image may be read meanwhile.
 */
struct fs_item *fs_earlier_moving(struct fs_tree *tree, struct fs_item *at);
void fs_item_move(struct fs_item *item, struct source *copy);

/* The disc as fs_layout_params.earlier wants it, for who may not let fs_layout_create read it: what that reads is
   read here and now. append 0: the disc itself, counted once more. What the disc's source said. */
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
    struct source *earlier;             /* the disc, when fs_earlier has append: from block 0 to there at least */
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
 *   OI_SOURCE_READ ...    append: the unit of blocks around the anchor of the disc, or what else its source said
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

/* The blocks that are to be recorded, in this order, when the rest is on the disc already (fs_earlier.append):
   ranges of whole write units. Borrowed. NULL and 0: the whole image has to be recorded. */
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
