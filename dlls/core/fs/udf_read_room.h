/*
 * Shared by the files of the UDF reader. From the outside in: blocks of the disc through a cache, blocks of
 * partitions through maps, descriptors by their tags, file entries, what their allocation descriptors cover.
 *
 * Every loop over what the disc says either goes forward through bytes that were read, or pays for its steps
 * (fs_udf_spend) out of a budget in proportion to the disc: so all of them end.
 */
#ifndef FS_UDF_READ_ROOM_H
#define FS_UDF_READ_ROOM_H

#include "read_room.h"

#include "ecma167_codes.h"

/* --- numbers and texts of ECMA-167 ---------------------------------------------------------------------- */

/* The identifier of a descriptor's tag (3/7.2), after its checksum, version, location and the CRC, which has
   to lie inside of size bytes. -1: not valid. */
int fs_udf_tag(const uint8_t *bytes, size_t size, uint32_t location);

/* Does an entity identifier (1/7.4) hold this name? */
int fs_udf_entity_is(const uint8_t *entity, const char *name);

/* OSTA compressed unicode (UDF 2.1.1) to at most size - 1 units; ends it with zero and returns its length. */
size_t fs_udf_text(const uint8_t *bytes, size_t length, char16_t *out, size_t size);

/* The same of a field of fixed length (dstring, 1/7.2.12). */
size_t fs_udf_field_text(const uint8_t *field, size_t size, char16_t *out, size_t out_size);

/* A timestamp (1/7.3); 0 when it is none. */
fs_time fs_udf_time(const uint8_t *bytes);

/* --- blocks --------------------------------------------------------------------------------------------- */

/* A block of a partition, which is named by its number in the table of partition maps. */
struct udf_address
{
    uint32_t block;
    uint16_t partition;
};

/* lb_addr: 4/7.1. */
struct udf_address fs_udf_address(const uint8_t *bytes);

/* Neighbours in a partition that are neighbours on the disc. */
struct udf_run
{
    uint32_t first, count;              /* blocks of the partition */
    uint32_t block;                     /* of the disc */
};

/* Where the blocks of a partition lie: runs in ascending order, with gaps where there is nothing. */
struct udf_map
{
    struct udf_run *runs;
    size_t count, capacity;
    size_t last;                        /* the run that was found last */
};

struct udf_partition
{
    uint16_t number;                    /* as its map says: 3/10.7.2 */
    int physical;                       /* type 1 or sparable: other maps stand on it */
    int metadata;                       /* its blocks are a file in another one */
    struct udf_map map;
    struct udf_map mirror;              /* another copy of everything; empty: none */
};

#define UDF_REVISION_MAX 0x260
#define UDF_PARTITIONS_MAX 16
#define UDF_CACHE_SLOTS 16
#define UDF_CACHE_BLOCKS 32             /* read at once: 64 KiB, what a drive gives in one command */

/* Blocks of the disc that were read last. */
struct udf_cache
{
    struct
    {
        uint32_t first, count;          /* count 0: empty */
        uint64_t used;                  /* when, by the clock */
    } slots[UDF_CACHE_SLOTS];
    uint64_t clock;
    uint64_t ahead;                     /* blocks that were read without need, since a walk began */
    unsigned last;                      /* slot */
    uint8_t *bytes;                     /* of all slots */
};

struct udf_reader
{
    struct fs_volume volume;            /* first */
    struct udf_cache cache;
    struct udf_partition partitions[UDF_PARTITIONS_MAX];
    unsigned partition_count;
    int closed;                         /* the integrity descriptor says that the volume is whole */
    int damaged;                        /* something had to be read from its second copy */
};

static inline struct udf_reader *fs_udf_reader(struct fs_volume *volume)
{
    return (struct udf_reader *)volume;
}

/* Something was read from its second copy: nobody should go on writing here. */
static inline void fs_udf_damaged(struct udf_reader *reader)
{
    reader->damaged = 1;
    reader->volume.info.writable = 0;
}

/* Before everything that may not go on forever; OI_FORMAT when the budget is used up. */
enum oi_status fs_udf_spend(struct udf_reader *reader, uint64_t steps);

/* A block of the disc; *bytes lives until the next call of anything that reads. */
enum oi_status fs_udf_disc_block(struct udf_reader *reader, uint32_t block, const uint8_t **bytes);

/* Adds a run behind those that are there; what lies outside of the disc is left out. OI_FORMAT when it does
   not come behind them. */
enum oi_status fs_udf_map_add(const struct udf_reader *reader, struct udf_map *map, uint32_t first,
                              uint32_t count, uint32_t block);
void fs_udf_map_free(struct udf_map *map);

/* Where a block of a partition lies, and how many that follow it lie behind it. OI_FORMAT: nowhere. */
enum oi_status fs_udf_map_find(struct udf_map *map, uint32_t first, uint32_t *block, uint32_t *count);
enum oi_status fs_udf_locate(struct udf_reader *reader, struct udf_address at, uint32_t *block,
                             uint32_t *count);

/* Copies of the blocks of a partition: 1 or 2; and a block from one of them (0 or 1). */
unsigned fs_udf_copies(const struct udf_reader *reader, uint16_t partition);
enum oi_status fs_udf_block(struct udf_reader *reader, struct udf_address at, unsigned copy,
                            const uint8_t **bytes);

/* A descriptor of one block, copied, its tag checked, from whichever copy is good. OI_FORMAT: of none. */
enum oi_status fs_udf_descriptor(struct udf_reader *reader, struct udf_address at,
                                 uint8_t out[FS_BLOCK_SIZE], int *tag);

/* --- file entries --------------------------------------------------------------------------------------- */

/* A file entry (4/14.9) or extended file entry (4/14.17). */
struct udf_entry
{
    struct udf_address at;              /* where it lies: at the end of a chain of indirect entries */
    unsigned type;                      /* ECMA167_FILE_REGULAR ... */
    unsigned allocation;                /* ECMA167_ALLOCATION_SHORT ... */
    uint64_t size;                      /* the information length */
    uint64_t unique_id;
    struct fs_times times;
    int has_streams;
    struct udf_address streams;
    size_t descriptors, descriptors_size;   /* the allocation descriptors, or the data: in block */
    uint8_t block[FS_BLOCK_SIZE];
};

/* Follows the chain from an ICB on. */
enum oi_status fs_udf_entry_read(struct udf_reader *reader, struct udf_address icb, struct udf_entry *entry);

/* --- allocation descriptors ----------------------------------------------------------------------------- */

struct udf_extent
{
    unsigned type;                      /* ECMA167_EXTENT_RECORDED ... but never CONTINUATION */
    struct udf_address at;
    uint32_t bytes;                     /* 0: there is no more */
};

/* Goes over the allocation descriptors of an entry, through all extents of them. */
struct udf_allocations
{
    struct udf_reader *reader;
    unsigned form;
    uint16_t partition;                 /* of short allocation descriptors */
    const uint8_t *next;
    size_t left;
    uint8_t block[FS_BLOCK_SIZE];       /* an allocation extent descriptor, once there was one */
};

/* The entry has to outlive it. */
void fs_udf_allocations_start(struct udf_allocations *list, struct udf_reader *reader,
                              const struct udf_entry *entry);
enum oi_status fs_udf_allocations_next(struct udf_allocations *list, struct udf_extent *extent);

/* The data of an entry block by block, as far as its information length goes. */
struct udf_stream
{
    struct udf_allocations list;
    struct udf_extent extent;           /* what is left of the one that is being read */
    const struct udf_entry *entry;
    uint64_t left;
    struct udf_address at;              /* of the block that came last */
    int in_hole;                        /* it is recorded nowhere */
};

void fs_udf_stream_start(struct udf_stream *stream, struct udf_reader *reader, const struct udf_entry *entry);

/* *count 0: the end. Each block but the last has FS_BLOCK_SIZE bytes. */
enum oi_status fs_udf_stream_next(struct udf_stream *stream, const uint8_t **bytes, size_t *count);

/* Extents of a file on the disc. */
struct udf_extents
{
    struct fs_extent *items;
    size_t count, capacity;
};

/* Those of an entry whose data are not embedded, instead of what was there; the memory is kept. */
enum oi_status fs_udf_extents_of(struct udf_reader *reader, const struct udf_entry *entry,
                                 struct udf_extents *extents);

/* --- volumes -------------------------------------------------------------------------------------------- */

/* What a volume descriptor sequence says: of each kind, the prevailing descriptor (3/8.4.3). */
struct udf_descriptors
{
    int has_volume;
    uint32_t volume_sequence;           /* the number by which it prevails */
    uint8_t volume[FS_BLOCK_SIZE];      /* the logical volume descriptor */
    struct
    {
        uint16_t number;
        uint32_t sequence, start, length;
    } partitions[UDF_PARTITIONS_MAX];
    unsigned partition_count;
    uint32_t end;                       /* block behind the last one of the sequences */
    int damaged;                        /* not all that is there is good */
    enum oi_status failure;             /* of a block that could not be read */
};

/* Volume structures reach as far as these blocks, too. */
void fs_udf_cover(struct udf_descriptors *descriptors, uint32_t start, uint32_t blocks);

/* Looks for the anchors of a volume and reads its sequences. */
enum oi_status fs_udf_descriptors_read(struct udf_reader *reader, struct udf_descriptors *descriptors);

/* Makes the reader's partitions of the maps of a logical volume. */
enum oi_status fs_udf_partitions_open(struct udf_reader *reader, const struct udf_descriptors *descriptors);

/* Of those that stand on another partition, whose number in the table is on. */
enum oi_status fs_udf_metadata_open(struct udf_reader *reader, struct udf_partition *partition, uint16_t on,
                                    const uint8_t *map);
enum oi_status fs_udf_virtual_open(struct udf_reader *reader, struct udf_partition *partition, uint16_t on,
                                   uint32_t start);
enum oi_status fs_udf_sparable_open(struct udf_reader *reader, struct udf_partition *partition,
                                    const uint8_t *map, uint32_t start, uint32_t length);

/* The logical volume integrity descriptors: what they say of the volume, into the reader. That none is good
   is no failure. */
enum oi_status fs_udf_integrity_read(struct udf_reader *reader, struct udf_descriptors *descriptors);

/* Shows the entries of a directory or a stream directory: fs_reader_ops. */
enum oi_status fs_udf_list(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context);

/* The place of a directory; streams: of a stream directory. */
struct fs_place fs_udf_place(struct udf_address at, int streams);

#endif
