/*
 * UDF inside core/fs: the building blocks of ECMA-167 as OSTA UDF narrows them (ecma167.c), and the writer of
 * a UDF volume (udf_*.c). Numbers of clauses are those of ECMA-167, 3rd edition, unless "UDF" stands before
 * them.
 */
#ifndef UDF_ROOM_H
#define UDF_ROOM_H

#include "ecma167_codes.h"
#include "layout_room.h"

/* --- building blocks ------------------------------------------------------------------------------------ */

#define UDF_DESCRIPTOR_SIZE 512         /* of those in volume descriptor sequences: 3/10 */

/* 7.2.6: CRC of ITU-T V.41 */
uint16_t ecma167_crc(const uint8_t *bytes, size_t size);

/* 7.2: the tag of a descriptor whose other bytes stand already. version: 2 or 3; size: of all of it. */
void ecma167_tag(uint8_t *bytes, unsigned identifier, unsigned version, uint32_t location, size_t size);

/* 7.2.12, UDF 2.1.2 */
void ecma167_dstring(uint8_t *field, size_t size, const char16_t *text);

/* UDF 2.1.1: compression byte and characters, 8 bits each if all fit; bytes written. */
size_t ecma167_d_characters(uint8_t *out, const char16_t *name, size_t length);

void ecma167_charspec(uint8_t *field);                  /* 7.2.1, UDF 2.1.2: OSTA Compressed Unicode */

/* 7.3, UDF 2.1.4: a time without a year of 1 to 9999 and the zero of automation dates are replaced. */
void ecma167_time(uint8_t *field, fs_time time, fs_time otherwise);

/* 7.4, UDF 2.1.5: without suffix, with that of the domain, of UDF, of an implementation. */
void ecma167_entity(uint8_t *field, const char *identifier);
void ecma167_entity_domain(uint8_t *field, unsigned revision);
void ecma167_entity_udf(uint8_t *field, const char *identifier, unsigned revision);
void ecma167_entity_implementation(uint8_t *field);

/* 3/7.1, 4/14.14.1, 4/14.14.2; length in bytes. */
void ecma167_extent(uint8_t *field, uint32_t length, uint32_t location);
void ecma167_short_ad(uint8_t *field, uint32_t length, uint32_t location);
void ecma167_long_ad(uint8_t *field, uint32_t length, uint32_t location, uint16_t partition);

/* --- a volume ------------------------------------------------------------------------------------------- */

#define UDF_MAIN_SEQUENCE 32            /* blocks from the base on, each 16 long: UDF 2.2.3.1 */
#define UDF_RESERVE_SEQUENCE 48
#define UDF_INTEGRITY_SEQUENCE 64
#define UDF_TAIL_INTEGRITY_SEQUENCE 16  /* behind the partition: in front of them */
#define UDF_SEQUENCE_BLOCKS 16
#define UDF_RECOGNITION_DESCRIPTORS 3   /* beginning, NSR, terminating: 2/9.2, 3/9.1, 2/9.3 */
#define UDF_EXTENT_MAX (((uint64_t)1 << 30) - FS_BLOCK_SIZE)    /* 4/14.14.1.1: 30 bits, in whole blocks */
#define UDF_EXTENT_HOLE ((uint32_t)ECMA167_EXTENT_UNALLOCATED << 30)
#define UDF_EXTENT_CONTINUES ((uint32_t)ECMA167_EXTENT_CONTINUATION << 30)
#define UDF_ENTRY_EXTENTS 112           /* long allocation descriptors in a file entry of either kind */
#define UDF_ALLOCATION_EXTENTS 126      /* and in an allocation extent */
#define UDF_FIRST_UNIQUE_ID 16          /* UDF 3.2.1.1: those below are reserved */

struct udf_folder
{
    uint64_t bytes;                     /* of its file identifier descriptors */
    uint32_t first;                     /* block of these; behind them stand the entries of its children */
    uint32_t folders;                   /* among its children */
};

/* The named streams of a file: UDF 3.3.5. */
struct udf_stream_set
{
    uint64_t bytes;                     /* of the file identifier descriptors in its stream directory */
    uint64_t content;                   /* of all streams */
    uint32_t file;                      /* node */
    uint32_t stream, count;             /* nodes */
    uint32_t first;                     /* block of the stream directory's entry; its identifiers follow */
};

/* What names nodes: a folder or the stream directory of a file. Behind its file identifier descriptors stand
   the file entries of these. */
struct udf_list
{
    uint64_t bytes;
    uint32_t block;                     /* of its descriptors, in the image */
    uint32_t node, count;               /* what it names */
    uint32_t parent, parent_entry;      /* node and block */
};

/* A file that has more extents than its entry holds. */
struct udf_large
{
    uint32_t node;
    uint32_t first;                     /* block of its first allocation extent descriptor */
};

struct udf_volume
{
    struct fs_writer base;
    unsigned revision;
    unsigned version;                   /* of tags: 2 (NSR02), 3 (NSR03) */
    int extended;                       /* extended file entries */
    struct udf_plan plan;
    uint32_t allocation, allocation_end;        /* blocks of allocation extent descriptors */
    struct udf_folder *folders;
    uint64_t *steps;                    /* offsets of the identifiers of nodes UDF_STEP, 2 * UDF_STEP, ... */
    struct udf_large *large;
    uint32_t large_count;
    struct udf_stream_set *streams;     /* by file */
    uint32_t streams_first, stream_set_count;   /* block of the first set; none is the end of the folders */
};

/* Extents of a file or of anything else that is contiguous in the image. */
uint64_t udf_file_extents(const struct fs_layout *layout, uint32_t node);

#define UDF_STEP 512

/* Structures have addresses in the metadata partition, if there is one. */
static inline uint16_t udf_structure_partition(const struct udf_volume *volume)
{
    return volume->plan.metadata != 0;
}

/* Addresses of blocks of the image: in the physical partition, and of structures in theirs. */
static inline uint32_t udf_physical(const struct fs_layout *layout, uint64_t block)
{
    return (uint32_t)(layout->session_start + block - layout->partition_start);
}

static inline uint32_t udf_address(const struct udf_volume *volume, const struct fs_layout *layout,
                                   uint64_t block)
{
    if (volume->plan.metadata) return (uint32_t)(block - volume->plan.structures);
    return udf_physical(layout, block);
}

/* udf_volume.c: descriptors of the volume, by block of the image; bytes come zeroed. */
void udf_write_recognition(const struct udf_volume *volume, uint32_t number, uint8_t *bytes);
void udf_write_volume(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                      uint8_t *bytes);
void udf_write_anchor(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                      uint8_t *bytes);

/* udf_entry.c */
void udf_write_file_set(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes);
void udf_write_file_set_end(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes);
void udf_write_stream_directory(const struct udf_volume *volume, const struct fs_layout *layout,
                                const struct udf_stream_set *set, uint8_t *bytes);
void udf_write_entry(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t node,
                     uint32_t block, uint8_t *bytes);
void udf_write_metadata_entry(const struct udf_volume *volume, const struct fs_layout *layout, int mirror,
                              uint8_t *bytes);
void udf_write_allocation(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                          uint8_t *bytes);

/* The block of the entry of a node of the tree; what a node is known by: UDF 3.2.1.1, streams as their
   file. */
uint32_t udf_entry_of(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t node);
uint64_t udf_unique_id(const struct fs_layout *layout, uint32_t node);
uint64_t udf_next_unique_id(const struct fs_layout *layout);

/* udf_directory.c: sizes and steps of all lists; a run of blocks of one, offset from its first. */
enum oi_status udf_measure(struct udf_volume *volume, const struct fs_layout *layout);
struct udf_list udf_folder_list(const struct udf_volume *volume, const struct fs_layout *layout,
                                uint32_t number);
struct udf_list udf_stream_list(const struct udf_volume *volume, const struct fs_layout *layout,
                                uint32_t number);
void udf_write_list(const struct udf_volume *volume, const struct fs_layout *layout,
                    const struct udf_list *list, uint32_t offset, uint32_t blocks, uint8_t *bytes);

#endif
