/*
 * Shared inside core/fs: what items and trees are made of, the names that file systems record, the accounting
 * of blocks, and the order of directory records. layout_room.h has the other half, the recorded image.
 */
#ifndef FS_ROOM_H
#define FS_ROOM_H

#include "openimapi/fs_image.h"
#include "openimapi/fs_import.h"

/* File systems whose names are kept for each item. UDF keeps only those that it shortens: udf_name.c. */
enum fs_slot
{
    FS_SLOT_ISO9660,
    FS_SLOT_JOLIET,
    FS_SLOTS,
    FS_SLOT_UDF = FS_SLOTS,
};

static inline enum fs_kind fs_slot_kind(unsigned slot)
{
    return slot == FS_SLOT_ISO9660 ? FS_ISO9660 : slot == FS_SLOT_JOLIET ? FS_JOLIET : FS_UDF;
}

/* --- entity: what an item is, without where it is ------------------------------------------------------- */

/* Shared by an item and the layouts made while it was in the tree; does not change once it is in a tree. */
struct fs_entity
{
    int references;                     /* atomic: layouts are let go on any thread */
    uint8_t type;                       /* enum fs_type */
    uint8_t name_length;                /* units, FS_NAME_MAX at most */
    uint8_t udf_length;                 /* bytes of the name in a file identifier; 0: too long for one */
    struct source *data;                /* NULL: none */
    char16_t name[];                    /* zero-ended */
};

/* One reference, no data; NULL when memory is out. */
struct fs_entity *fs_entity_create(enum fs_type type, const char16_t *name, size_t length);
struct fs_entity *fs_entity_ref(struct fs_entity *entity);
void fs_entity_unref(struct fs_entity *entity);

static inline uint64_t fs_entity_size(const struct fs_entity *entity)
{
    return entity->data ? entity->data->size : 0;
}

/* Blocks that so many bytes take. */
static inline uint64_t fs_blocks_of(uint64_t bytes)
{
    return bytes / FS_BLOCK_SIZE + (bytes % FS_BLOCK_SIZE != 0);
}

/* --- names ---------------------------------------------------------------------------------------------- */

/* What decides about recorded names. */
struct fs_naming
{
    unsigned iso9660_level;
    int strict;
};

#define FS_SERIAL_MAX 999999            /* the highest number behind a shortened name */
#define FS_SERIAL_NONE UINT32_MAX       /* no unique name was found */

/* The name recorded for an entity: natural with serial 0, else numbered. Writes a zero-ended name, returns
   its length. It depends on nothing but its arguments, so that a serial is all that need be remembered.
   naming means nothing to UDF, and serial nothing where the name fits there. */
size_t fs_name_derive(const struct fs_naming *naming, unsigned slot, const struct fs_entity *entity,
                      uint32_t serial, char16_t out[FS_NAME_MAX + 1]);

/* fs_name_check for a name that does not end in zero. */
enum oi_status fs_name_check_n(const char16_t *name, size_t length, int restricted);

/* --- directories' indexes of names ---------------------------------------------------------------------- */

/* The hash of a link's name stands elsewhere in its item: side by side the hashes take less. */
struct fs_link
{
    struct fs_link *next;
};

/* Which index: of the true names, of those of a slot, or of those that UDF shortens. */
enum fs_index_kind
{
    FS_INDEX_TRUE,
    FS_INDEX_SLOT,                      /* + slot */
    FS_INDEXES = FS_INDEX_SLOT + FS_SLOTS,
    FS_INDEX_SHORTENED = FS_INDEXES,    /* whose links are in struct fs_udf_name */
};

/* A hash table of links that live in the items. With no memory to grow it becomes slow, not wrong. */
struct fs_index
{
    struct fs_link **buckets;           /* NULL: the one below */
    struct fs_link *one;
    uint32_t mask;                      /* buckets - 1 */
    uint32_t count;
};

/* kind: enum fs_index_kind, which says where a link is in its item. */
void fs_index_insert(struct fs_index *index, unsigned kind, struct fs_link *link, uint32_t hash);
void fs_index_remove(struct fs_index *index, unsigned kind, struct fs_link *link);
void fs_index_clear(struct fs_index *index);            /* forgets the links, keeps the buckets */
void fs_index_free(struct fs_index *index);
struct fs_link *fs_index_bucket(const struct fs_index *index, uint32_t hash);

/* --- items ---------------------------------------------------------------------------------------------- */

/* How an item is called in a slot, while its generation is the tree's. */
struct fs_recorded
{
    uint32_t serial;
    uint32_t last_serial;               /* last one given to another that has the same natural name */
};

struct fs_item
{
    int references;
    uint8_t in_tree;
    uint8_t hidden;
    uint8_t real_time;
    uint8_t is_stream;                  /* it is, or was, a named stream of a file */
    uint32_t generation;                /* of the names below, from 1; 0: never was in the tree */
    uint32_t hashes[FS_INDEXES];        /* of the links below */
    struct fs_tree *tree;               /* the one it was made for; NULL when that is gone */
    struct fs_directory *parent;
    struct fs_item *previous, *next;    /* siblings */
    struct fs_entity *entity;
    struct fs_streams *streams;         /* a file's, NULL: never had any; of a stream: those it is among */
    struct fs_link links[FS_INDEXES];
    struct fs_recorded recorded[FS_SLOTS];
    struct fs_times times;
};

/* Stands behind an item whose name UDF shortens. */
struct fs_udf_name
{
    struct fs_link link;                /* in the directory's index of these; first: a link leads here */
    struct fs_item *item;
    uint32_t hash;
    uint32_t serial;
};

/* What UDF records of the names in a directory or of the streams of a file. */
struct fs_udf_names
{
    struct fs_index shortened;          /* of names that are */
    uint32_t last;                      /* number given last */
    uint64_t bytes;                     /* of all file identifier descriptors, the parent's included */
    uint64_t blocks;                    /* what the tree's sum holds of them */
};

struct fs_directory
{
    struct fs_item item;                /* first: an item of type FS_DIRECTORY is one of these */
    struct fs_item *first, *last;       /* children */
    uint32_t child_count;
    uint32_t level;                     /* the root's is 1; valid in the tree */
    struct fs_index indexes[FS_INDEXES];
    uint64_t record_bytes[FS_SLOTS];    /* of all directory records, dot and dotdot included */
    uint64_t blocks[FS_SLOTS];          /* what the tree's sum holds for this one: exact or an upper bound */
    struct fs_udf_names udf;
    struct fs_directory *dirty_previous, *dirty_next;
    uint8_t exact;                      /* blocks is */
    uint8_t dirty;                      /* in the tree's list of those to be made exact */
};

/* The named streams of a file: its stream directory, in terms of ECMA-167 and UDF 3.3.5. */
struct fs_streams
{
    struct fs_item *file;
    struct fs_item *first, *last;
    uint32_t count;
    struct fs_index index;              /* of true names */
    struct fs_udf_names udf;
};

static inline int fs_is_directory(const struct fs_item *item) { return item->entity->type == FS_DIRECTORY; }

static inline struct fs_directory *fs_directory_of(const struct fs_item *item)
{
    return (struct fs_directory *)item;
}

static inline struct fs_udf_name *fs_udf_name_of(const struct fs_item *item)
{
    if (item->entity->udf_length) return NULL;
    return fs_is_directory(item) ? (struct fs_udf_name *)(fs_directory_of(item) + 1)
                                 : (struct fs_udf_name *)(item + 1);
}

/* An item with one reference, NULL when memory is out; does not look at the name. */
struct fs_item *fs_item_make(struct fs_tree *tree, enum fs_type type, const char16_t *name, size_t length);

/* A child by a name of given length, in one index. */
struct fs_item *fs_index_find(const struct fs_directory *directory, unsigned index, const char16_t *name,
                              size_t length);

/* The same in an index of true names that may be a directory's or a file's. */
struct fs_item *fs_index_find_true(const struct fs_index *index, const char16_t *name, size_t length);

/* fs_item_child for a name that does not end in zero. */
struct fs_item *fs_item_child_n(const struct fs_directory *directory, const char16_t *name, size_t length);

/* --- booting -------------------------------------------------------------------------------------------- */

#define FS_BOOT_CATALOG_BLOCKS 1

/* Shared by a tree and the layouts made of it; does not change. */
struct fs_boot
{
    int references;                     /* atomic, as those of entities */
    unsigned count;                     /* not 0 */
    struct fs_boot_entry entries[FS_BOOT_ENTRIES_MAX];      /* their images stand below */
    struct fs_entity *images[FS_BOOT_ENTRIES_MAX];
    uint64_t blocks;                    /* with the catalog */
};

struct fs_boot *fs_boot_ref(struct fs_boot *boot);      /* NULL is allowed, gives NULL */
void fs_boot_unref(struct fs_boot *boot);               /* likewise */

/* --- tree ----------------------------------------------------------------------------------------------- */

/* One change, so that it can be taken back. */
struct fs_change
{
    union
    {
        struct fs_item *added;          /* held by the tree */
        struct fs_removal *removal;
    };
    uint32_t step;                      /* change point that this change leads to */
    uint32_t is_removal;
};

struct fs_removal
{
    struct fs_item *item;               /* held by the journal */
    struct fs_item *home;               /* the directory that it was in, or the file whose stream it was */
    struct fs_item *after;              /* the sibling before it; NULL: it was the first */
    uint32_t serials[FS_SLOTS];
    uint32_t udf_serial;
    uint32_t generation;
};

struct fs_tree
{
    struct fs_options options;
    struct fs_earlier earlier;
    int has_earlier;
    struct fs_directory *root;
    uint32_t generation;                /* of names; one more whenever the naming changes */

    /* Sums over the tree. */
    uint64_t files, directories;
    uint64_t deep;                      /* directories below level FS_ISO9660_LEVELS_MAX */
    uint64_t data_blocks;
    uint64_t streams, stream_files;     /* named streams, and files that have any */
    uint64_t stream_blocks;             /* of their data: counts when fs_options_streams; likewise */
    uint64_t udf_stream_blocks;         /* of file identifiers and allocation extents */
    uint64_t real_time_files;
    uint64_t unnamed[FS_SLOTS];         /* items without a unique name */
    uint64_t path_bytes[FS_SLOTS];      /* of one path table */
    uint64_t directory_blocks[FS_SLOTS];
    uint64_t udf_directory_blocks;
    uint64_t udf_allocation_blocks;     /* of what has more extents than its file entry holds */
    uint64_t udf_shortened, udf_unnamed;
    struct fs_directory *dirty;

    struct fs_boot *boot;               /* NULL: not bootable */

    /* Journal. */
    struct fs_change *changes;
    size_t change_count, change_capacity;
    uint32_t step;                      /* the change point */
    uint32_t locked;                    /* the change point that cannot be gone below */
    uint32_t nesting;                   /* fs_step_begin without fs_step_end */
};

static inline struct fs_naming fs_tree_naming(const struct fs_tree *tree)
{
    return (struct fs_naming){ tree->options.iso9660_level, tree->options.strict };
}

/* Puts an item with what is below it behind a sibling (NULL: first) of a directory that is in the tree, names
   it where it has no name of the present generation, and counts it. Takes over the reference. Cannot fail:
   what breaks a rule shows in fs_check_rules. */
void fs_attach(struct fs_directory *directory, struct fs_item *after, struct fs_item *item);

/* The reverse; the reference goes to the caller. */
void fs_detach(struct fs_item *item);

/* All recorded names of a tree at one moment, in the order in which fs_rename_all goes. */
struct fs_names
{
    uint32_t generation;
    struct fs_recorded recorded[][FS_SLOTS];
};

/* New memory, free(); NULL when that is out. */
struct fs_names *fs_names_save(const struct fs_tree *tree);

/* Names everything anew after a change of level or strictness; with names, as it was then. */
void fs_rename_all(struct fs_tree *tree, const struct fs_names *names);

/* Depth, number of directories and names; then the block limit, or another. culprit: who made the change, or
   NULL. */
enum oi_status fs_check_rules(const struct fs_tree *tree, const struct fs_item *culprit,
                              struct fs_detail *detail);
enum oi_status fs_check_limit(struct fs_tree *tree, const struct fs_item *culprit, struct fs_detail *detail);
enum oi_status fs_check_blocks(struct fs_tree *tree, uint64_t limit, const struct fs_item *culprit,
                               struct fs_detail *detail);

/* --- naming --------------------------------------------------------------------------------------------- */

/* Gives an item unique names in its directory's slots, or FS_SERIAL_NONE. */
void fs_naming_give(struct fs_directory *directory, struct fs_item *item);

/* Enters the names that an item had; they are known to be free. */
void fs_naming_restore(struct fs_directory *directory, struct fs_item *item);

/* Takes the item's names out of the directory. */
void fs_naming_take(struct fs_directory *directory, struct fs_item *item);

/* All children anew; with names, which are as many, these. */
void fs_naming_renew(struct fs_directory *directory, const struct fs_recorded (*names)[FS_SLOTS]);

/* --- named streams -------------------------------------------------------------------------------------- */

/* Puts a stream behind another (NULL: first) of a file that is in the tree and has a set. Takes over the
   reference. Cannot fail. */
void fs_stream_attach(struct fs_item *file, struct fs_item *after, struct fs_item *stream);

/* The reverse; the reference goes to the caller. */
void fs_stream_detach(struct fs_item *stream);

/* The streams of a file that enters or leaves the tree, in the tree's sums. */
void fs_streams_enter(struct fs_item *file);
void fs_streams_leave(struct fs_item *file);

/* A file dies: lets its streams go. Those that nobody else holds come before the list of the dying, linked by
   next, which is returned. */
struct fs_item *fs_streams_orphan(struct fs_item *file, struct fs_item *dying);

/* --- names in UDF --------------------------------------------------------------------------------------- */

/* The bytes of a name in a file identifier, compression byte included; 0 when it is too long. */
uint8_t fs_udf_length(const char16_t *name, size_t length);

/* Of a file identifier descriptor around an identifier; of that of an item in the tree, 0 without a name. */
size_t fs_udf_record_size(size_t identifier);
size_t fs_udf_item_record_size(const struct fs_item *item);

/* No names: the parent's file identifier descriptor alone. */
void fs_udf_names_init(struct fs_udf_names *names);

/* An item by its shortened name. */
struct fs_item *fs_udf_find(const struct fs_udf_names *names, const char16_t *name, size_t length);

/* An item comes, whose true name is in the other index already, or goes; restore: with the number that it
   had, if that is free. Others may get other numbers. The sum of bytes follows, that of blocks does not. */
void fs_udf_attach(struct fs_udf_names *names, const struct fs_index *true_names, struct fs_item *item,
                   int restore);
void fs_udf_detach(struct fs_udf_names *names, struct fs_item *item);

/* --- where UDF stands ----------------------------------------------------------------------------------- */

#define FS_SYSTEM_AREA_BLOCKS 16        /* ECMA-119 6.2.1 */
#define FS_UDF_FIXED_BLOCKS 3           /* file set descriptor, its terminator, file entry of the root */

/* What a revision asks of an image, and where its parts come to stand. */
struct udf_plan
{
    int metadata;                       /* structures in a metadata file (2.50) */
    int redundant;                      /* and a second time in its mirror */
    int in_tail;                        /* the volume's descriptors stand behind the partition */
    uint64_t base;                      /* block that they are counted from */
    uint32_t integrity;                 /* of the integrity sequence, counted so */
    uint32_t partition;                 /* first block of the partition, in the image; of its new part */
    uint32_t unit;                      /* alignment of metadata */
    uint32_t end_unit;                  /* the image is a multiple of this */

    /* Set by the claims: first blocks, 0 when there is no such thing. */
    uint64_t structures, structure_blocks;      /* the latter padded */
    uint64_t metadata_file, mirror_file;        /* file entries */
    uint64_t mirror;                            /* second structures */
    uint64_t tail;                              /* the anchor at N - 256 */
};

int fs_udf_revision_known(unsigned revision);
void fs_udf_plan(const struct fs_options *options, const struct fs_earlier *earlier, struct udf_plan *out);

/* Where the next thing may stand: behind structures from a block on, and behind an image whose files end at a
   block. */
uint64_t fs_udf_claim_structures(struct udf_plan *plan, uint64_t at, uint64_t blocks);
uint64_t fs_udf_claim_tail(struct udf_plan *plan, uint64_t at);

/* Extents of so many contiguous bytes; blocks of allocation extent descriptors for so many extents. */
uint64_t fs_udf_extents(uint64_t bytes);
uint64_t fs_udf_allocation_blocks(uint64_t extents);

/* --- earlier sessions ----------------------------------------------------------------------------------- */

/* Where the data of a file lie that stays on the disc. NULL: they are recorded with the image. earlier may be
   NULL: there is no session. */
const struct fs_extent *fs_earlier_extents(const struct fs_earlier *earlier, unsigned file_systems,
                                           const struct fs_entity *entity, size_t *count);

/* What a file adds to the sums of its tree: blocks of data, blocks of allocation extents. */
uint64_t fs_item_data_blocks(const struct fs_item *item);
uint64_t fs_item_allocation_blocks(const struct fs_item *item);
uint64_t fs_earlier_extent_count(const struct fs_extent *extents, size_t count);        /* as UDF has them */

/* Sums anew, after a change of what the two above depend on. */
void fs_earlier_recount(struct fs_tree *tree);

/* --- sizes ---------------------------------------------------------------------------------------------- */

#define FS_DOT_BYTES 34                 /* record of a directory itself or its parent: 6.8.2.2 */
#define FS_PARENT_FID_BYTES 40          /* ECMA-167 4/14.4 without a name */

/* Bytes of an identifier in a slot (with separators and version number), of a directory record, and of a path
   table record around it. */
size_t fs_identifier_size(unsigned slot, enum fs_type type, const char16_t *name, size_t length);
size_t fs_record_size(size_t identifier);
size_t fs_path_record_size(size_t identifier);

/* Of an item in the tree: its identifier, and what it takes in its parent's records; 0 without a name. */
size_t fs_item_identifier_size(const struct fs_item *item, unsigned slot);
size_t fs_item_record_size(const struct fs_item *item, unsigned slot);

/* Another size of records in a directory: its blocks, and the tree's sum if it is in it. */
void fs_size_changed(struct fs_directory *directory);

/* A directory enters or leaves the tree's sums. */
void fs_size_enter(struct fs_directory *directory);
void fs_size_leave(struct fs_directory *directory);

/* Blocks of the image, at most; exact when no directory is dirty. */
uint64_t fs_size_estimate(const struct fs_tree *tree);

/* Bytes of an extent of directory records: places the next record so that none crosses a block (6.8.1.1). */
static inline uint64_t fs_record_place(uint64_t at, size_t record)
{
    return at % FS_BLOCK_SIZE + record > FS_BLOCK_SIZE ? (at / FS_BLOCK_SIZE + 1) * FS_BLOCK_SIZE : at;
}

/* --- order ---------------------------------------------------------------------------------------------- */

struct fs_order_entry
{
    const struct fs_entity *entity;
    uint32_t serial;
};

/*
 * The order of directory records, ECMA-119 9.3: ranks[i] becomes the number of the entry that comes i-th.
 * *blocks gets the blocks of the directory with these records behind dot and dotdot. OI_NO_MEMORY.
 */
enum oi_status fs_order(const struct fs_naming *naming, unsigned slot, const struct fs_order_entry *entries,
                        uint32_t count, uint32_t *ranks, uint64_t *blocks);

/* --- journal -------------------------------------------------------------------------------------------- */

/* Room for one more change; the put that follows cannot fail. removal: taken over, NULL for an addition. */
enum oi_status fs_journal_reserve(struct fs_tree *tree);
void fs_journal_put(struct fs_tree *tree, struct fs_item *added, struct fs_removal *removal);

static inline struct fs_item *fs_change_item(const struct fs_change *change)
{
    return change->is_removal ? change->removal->item : change->added;
}

/* Takes a child or a stream out and puts that into the journal. OI_NO_MEMORY. */
enum oi_status fs_remove_one(struct fs_item *item, struct fs_detail *detail);

/* Forgets all changes; what was removed goes. */
void fs_journal_clear(struct fs_tree *tree);

/* --- details -------------------------------------------------------------------------------------------- */

/* Sets what is given (path and text: copied; at most one of them), clears the rest; no memory leaves item
   NULL. Always returns status, so that "return fs_fail(...)" reads well. */
enum oi_status fs_fail(enum oi_status status, struct fs_detail *detail);
enum oi_status fs_fail_item(enum oi_status status, struct fs_detail *detail, const struct fs_item *item,
                            unsigned file_systems);
enum oi_status fs_fail_text(enum oi_status status, struct fs_detail *detail, const char16_t *text,
                            size_t length);
enum oi_status fs_fail_numbers(enum oi_status status, struct fs_detail *detail, const struct fs_item *item,
                               unsigned file_systems, uint64_t expected, uint64_t found);

#endif
