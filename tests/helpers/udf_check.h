/*
 * Reads an image as ECMA-167 and OSTA UDF 1.02 to 2.60 have it, field by field, and stops at the first thing
 * that is not as it must be. Written from the standards; knows nothing of the project's writers and readers.
 */
#ifndef OPENIMAPI_TESTS_UDF_CHECK_H
#define OPENIMAPI_TESTS_UDF_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <uchar.h>

/* Rules that other people's images break, or that hold for read-only volumes alone. Ours need none of it. */
enum udf_check_allow
{
    UDF_CHECK_ALLOW_WRITABLE = 1 << 0,      /* other access types, space bitmaps and tables, deleted names */
    UDF_CHECK_ALLOW_SPARABLE = 1 << 1,      /* a sparable partition, with no packet remapped */
    UDF_CHECK_ALLOW_SPARSE = 1 << 2,        /* extents that are not recorded */
    UDF_CHECK_ALLOW_SYMLINKS = 1 << 3,      /* symbolic links, devices and their like */
    UDF_CHECK_ALLOW_LONG_CRC = 1 << 4,      /* a CRC over more bytes than the descriptor has */
    UDF_CHECK_ALLOW_ODD_RESERVE = 1 << 5,   /* a reserve sequence that says other things */
    UDF_CHECK_ALLOW_ODD_UNIQUE_IDS = 1 << 6, /* unique ids that do not follow UDF 3.2.1.1 */
};

struct udf_check_expect
{
    unsigned revision;                  /* 0x0102 and so on; 0 for the one that the image states */
    unsigned allow;                     /* of enum udf_check_allow */
    uint32_t start;                     /* one session of a disc: block number of the image's first block */
    FILE *base; /* the blocks before start; NULL when the volume must not use them */
};

enum udf_check_type
{
    UDF_CHECK_DIRECTORY, UDF_CHECK_FILE, UDF_CHECK_REAL_TIME_FILE, UDF_CHECK_STREAM, UDF_CHECK_OTHER
};

struct udf_check_extent
{
    uint32_t block;                     /* absolute; of an extent that is not recorded 0 */
    uint32_t bytes;
    int is_recorded;
};

struct udf_check_time
{
    int year, month, day, hour, minute, second, microseconds;
    int zone;                           /* minutes east of UTC; -2047 when not stated */
};

/* One name: a file with two names is there twice, with the same ICB. */
struct udf_check_node
{
    const char *path;                   /* UTF-8: "" for the root, "/folder/file", "/folder/file:stream" */
    const char16_t *name;               /* the last component as recorded, ends in 0 */
    size_t parent;                      /* index; the root's is 0; a stream's is the file */
    enum udf_check_type type;
    unsigned file_type;                 /* 14.6.6 */
    int is_hidden, is_metadata;         /* 14.4.3 */
    int is_extended;                    /* an extended file entry */
    uint32_t icb;                       /* absolute block of the file entry */
    uint64_t size, blocks_recorded, unique_id;
    uint32_t uid, gid, permissions, flags;
    unsigned links;
    struct udf_check_time accessed, modified, changed;
    struct udf_check_time created;      /* of an extended file entry */
    const uint8_t *embedded;            /* the content when it lies in the file entry, else NULL */
    const struct udf_check_extent *extents;
    size_t extent_count;
};

/* Names in UTF-8, empty when not stated. */
struct udf_check_volume
{
    unsigned revision, min_read, min_write, max_write;
    unsigned access_type;
    uint32_t partition_start, partition_blocks;
    uint32_t main_sequence, reserve_sequence, integrity_sequence;
    int has_metadata, metadata_is_duplicated;
    uint32_t metadata_blocks, metadata_unit, metadata_alignment;
    char volume[256], volume_set[512], logical_volume[512], file_set[256];
    char application[24], implementation[24];
    uint32_t files, directories, free_blocks;
    uint64_t next_unique_id;
    struct udf_check_time recorded;
};

struct udf_check_tree;

/* 0, or -1 and what is wrong in message. tree may be NULL; else it reads from the FILEs until it is freed,
   and is NULL after a failure. */
int udf_check(FILE *image, const struct udf_check_expect *expect, struct udf_check_tree **tree, char *message,
              size_t size);
void udf_check_free(struct udf_check_tree *tree);

const struct udf_check_volume *udf_check_volume(const struct udf_check_tree *tree);
/* The root is number 0; parents come before children, and streams behind their file. */
size_t udf_check_count(const struct udf_check_tree *tree);
const struct udf_check_node *udf_check_node(const struct udf_check_tree *tree, size_t index);
/* NULL when there is no such path. */
const struct udf_check_node *udf_check_find(const struct udf_check_tree *tree, const char *path);
/* Bytes of the content from offset on; how many there were. Holes read as zeros. */
size_t udf_check_read(const struct udf_check_tree *tree, const struct udf_check_node *node, uint64_t offset,
                      void *bytes, size_t size);

#endif
