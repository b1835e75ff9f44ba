/*
 * The recorded half of core/fs: a layout is a copy of the tree's shape, reduced to what the writers need, and
 * the blocks that each of them claimed. One writer per file system; all share the data of the files.
 */
#ifndef FS_LAYOUT_ROOM_H
#define FS_LAYOUT_ROOM_H

#include "fs_room.h"

/* An item as it is recorded. */
struct fs_node
{
    struct fs_entity *entity;
    fs_time modified;                   /* its other times: fs_layout.times */
    uint32_t serials[FS_SLOTS];
    uint32_t where;                     /* file: first block (0 without bytes); directory: its number */
    uint8_t hidden;
    uint8_t real_time;
};

/* Times that only UDF records. */
struct fs_node_times
{
    fs_time created, accessed;
};

/* A node whose name UDF shortens. */
struct fs_node_serial
{
    uint32_t node, serial;
};

/* The children of a directory are consecutive nodes. Directories are numbered parents first, each with all
   that is below it before its next sibling; the root is 0. */
struct fs_folder
{
    uint32_t node;
    uint32_t parent;                    /* number; the root's is 0 */
    uint32_t first, count;              /* nodes of the children */
};

/* A contiguous structure that is made in one go when one of its blocks is read. */
struct fs_piece
{
    uint32_t first, blocks;             /* in the image */
    uint32_t what, number, offset;      /* the writer's own names for it */
};

struct fs_layout;
struct fs_writer;

struct fs_writer_ops
{
    /* First pass: claims blocks from *next on and moves it. Before all structures (NULL: nothing), its
       structures, behind all files (likewise). */
    enum oi_status (*claim_head)(struct fs_writer *writer, struct fs_layout *layout, uint64_t *next);
    enum oi_status (*claim)(struct fs_writer *writer, const struct fs_layout *layout, uint64_t *next);
    enum oi_status (*claim_tail)(struct fs_writer *writer, struct fs_layout *layout, uint64_t *next);
    /* Second pass, in any order, as often as wanted: a descriptor, a structure. Bytes come zeroed. */
    void (*descriptor)(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t number,
                       uint8_t *bytes);
    void (*find)(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                 struct fs_piece *out);
    void (*write)(const struct fs_writer *writer, const struct fs_layout *layout,
                  const struct fs_piece *piece, uint8_t *bytes);
    void (*destroy)(struct fs_writer *writer);
};

struct fs_writer
{
    const struct fs_writer_ops *ops;
    enum fs_kind kind;                  /* 0: of none, the boot catalog's */
    unsigned descriptors;               /* in the volume recognition sequence */
    const char16_t *name;               /* of the area of its structures */
};

/* A part of the image that holds no file; nobody's is zeros or descriptors. */
struct fs_area
{
    uint32_t first, blocks;
    const char16_t *name;
    const struct fs_writer *writer;     /* NULL: nobody */
};

/* One of the blocks behind the system area: ECMA-119 6.7.1, ECMA-167 2/8.3. */
struct fs_descriptor
{
    const struct fs_writer *writer;     /* NULL: the terminator */
    uint32_t number;                    /* of the writer's own */
};

#define FS_WRITERS_MAX 4
#define FS_AREAS_MAX 10
#define FS_DESCRIPTORS_MAX 8

struct fs_layout
{
    int references;
    struct fs_naming naming;
    uint32_t session_start;
    fs_time time;
    char16_t volume_name[FS_VOLUME_NAME_MAX + 1];
    struct fs_boot *boot;               /* NULL: not bootable */
    struct fs_node *nodes;              /* of the tree, then those of named streams, then of boot images */
    struct fs_node_times *times;        /* of each node; NULL without UDF */
    struct fs_node_serial *shortened;   /* by UDF; ascending, without those of streams */
    struct fs_folder *folders;
    uint32_t *files;                    /* nodes with data, in the order of their blocks; boot images first */
    uint32_t *stream_files;             /* nodes of the streams' files, ascending, one for each stream */
    uint32_t node_count, folder_count, file_count, shortened_count;
    uint32_t first_stream, stream_count, first_boot;
    struct fs_writer *writers[FS_WRITERS_MAX];
    unsigned writer_count;
    struct fs_descriptor descriptors[FS_DESCRIPTORS_MAX];
    unsigned descriptor_count;
    struct fs_area areas[FS_AREAS_MAX]; /* ascending: areas_before files, then those behind them */
    unsigned area_count, areas_before;
    struct fs_options options;
    struct fs_earlier earlier;          /* where the image goes on from sessions before it */
    int has_earlier;
    struct source *before;              /* append: the blocks below; else NULL */
    uint8_t *anchor_unit;               /* append: the unit of blocks with the anchor, as it is to be */
    uint32_t partition_start;           /* UDF: logical block that its partition begins at */
    uint32_t structures;                /* blocks before the first file's */
    uint32_t files_end;                 /* behind the last file's */
    uint32_t blocks;
    struct fs_range *modified;          /* see fs_layout_modified; memory of the layout */
    size_t modified_count;
};

/* Makes [*next, end) an area and moves *next there. OI_TOO_LARGE. */
enum oi_status fs_layout_area(struct fs_layout *layout, const char16_t *name, const struct fs_writer *writer,
                              uint64_t *next, uint64_t end);

/* The area of a block that is no file's. */
const struct fs_area *fs_layout_area_at(const struct fs_layout *layout, uint32_t block);

/* Binary search: the last index below count whose start, as the function says, is not above block. */
uint32_t fs_search(uint32_t count, uint32_t block, uint32_t (*start)(const void *context, uint32_t index),
                   const void *context);

/* Index in files of the one that holds a block at or after structures. */
uint32_t fs_layout_file_at(const struct fs_layout *layout, uint32_t block);

/* Where a file stays on the disc; NULL: its data are in the image from its node's where on. */
const struct fs_extent *fs_layout_staying(const struct fs_layout *layout, const struct fs_node *node,
                                          size_t *count);

/* append: takes the unit with the anchor from the disc and lists what is modified, once everything has its
   place. Nothing to do for other layouts. */
enum oi_status fs_layout_append(struct fs_layout *layout);

/* append: bytes of the image in front of the new part. As source_read_some. */
enum oi_status fs_layout_read_before(const struct fs_layout *layout, uint64_t offset, uint8_t *buffer,
                                     size_t size, size_t *got);

/* The number of the folder that a node of the tree is in; the root's own for the root. */
uint32_t fs_layout_folder_of(const struct fs_layout *layout, uint32_t node);

/* The nodes of a file's named streams are consecutive: the first one; *count 0 when there is none. */
uint32_t fs_layout_streams(const struct fs_layout *layout, uint32_t node, uint32_t *count);

/* "\folder\file" or "\folder\file:stream" of a node, or what a boot image is called; new memory. */
enum oi_status fs_layout_path(const struct fs_layout *layout, uint32_t node, char16_t **out);

/* Calendar of a time, UTC. */
void fs_date_of(fs_time time, struct text_date *date);

/* What an unnamed volume is called: YYYYMMDD_HHMMSS. */
void fs_volume_name_of_time(fs_time time, char16_t out[FS_VOLUME_NAME_MAX + 1]);

/* The number behind the name that UDF shortens; 0 for a name that it does not. */
uint32_t fs_layout_udf_serial(const struct fs_layout *layout, uint32_t node);

/* --- El Torito ------------------------------------------------------------------------------------------ */

/* Of the boot record and the boot catalog. */
enum oi_status fs_eltorito_writer_create(struct fs_writer **out);

static inline unsigned fs_layout_boot_count(const struct fs_layout *layout)
{
    return layout->boot ? layout->boot->count : 0;
}

/* --- UDF ------------------------------------------------------------------------------------------------ */

#define FS_UDF_ANCHOR 256               /* ECMA-167 3/8.4.2.1: and as far before the last block, and that */

enum oi_status fs_udf_writer_create(const struct fs_layout *layout, struct fs_writer **out);

/* The anchor of a volume, as a block of its own. */
void fs_udf_anchor(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                   uint8_t *bytes);

/* --- ECMA-119 volumes: ISO 9660 and Joliet -------------------------------------------------------------- */

/* In what the two differ. */
struct ecma119_format
{
    unsigned slot;
    uint8_t descriptor_type;            /* 8.4.1, 8.5.1 */
    const char *escape;                 /* 8.5.6; "" in a primary descriptor */
    /* Identifier of a file or directory with separators and version: bytes written. */
    size_t (*identifier)(enum fs_type type, const char16_t *name, size_t length, uint8_t *out);
    /* Fills a text field of a descriptor. */
    void (*text)(uint8_t *field, size_t size, const char16_t *text);
};

extern const struct ecma119_format fs_iso9660_format;
extern const struct ecma119_format fs_joliet_format;

/* bare: nothing but an empty root, whatever the tree has. */
enum oi_status fs_ecma119_writer_create(const struct ecma119_format *format, int bare,
                                        struct fs_writer **out);

/* Terminator, 8.3. */
void fs_ecma119_terminator(uint8_t *bytes);

/* 9.1.5: seven bytes. A time that they cannot hold is replaced by the other, and that by zeros: unknown. */
void fs_ecma119_time(uint8_t *bytes, fs_time time, fs_time otherwise);

/* 8.4.26.1: seventeen bytes; digits 0 for a year that four digits cannot hold. */
void fs_ecma119_volume_time(uint8_t *bytes, fs_time time);
void fs_ecma119_no_volume_time(uint8_t *bytes);

#endif
