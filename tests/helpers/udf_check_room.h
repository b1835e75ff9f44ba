/* What the parts of the independent UDF reader share. Clauses are ECMA-167's (part/clause), or OSTA UDF's. */
#ifndef OPENIMAPI_TESTS_UDF_CHECK_ROOM_H
#define OPENIMAPI_TESTS_UDF_CHECK_ROOM_H

#include "helpers/udf_check.h"

#include <setjmp.h>

#define BLOCK 2048u

enum udf_tag
{
    TAG_PRIMARY = 1,
    TAG_ANCHOR = 2,
    TAG_IMPLEMENTATION = 4,
    TAG_PARTITION = 5,
    TAG_LOGICAL = 6,
    TAG_UNALLOCATED = 7,
    TAG_TERMINATING = 8,
    TAG_INTEGRITY = 9,
    TAG_FILE_SET = 256,
    TAG_FILE_IDENTIFIER = 257,
    TAG_ALLOCATION_EXTENT = 258,
    TAG_FILE_ENTRY = 261,
    TAG_ATTRIBUTES = 262,
    TAG_SPACE_BITMAP = 264,
    TAG_EXTENDED_ENTRY = 266
};

enum udf_file_type
{
    FILE_DIRECTORY = 4, FILE_BYTES = 5, FILE_SYMLINK = 12, FILE_STREAM_DIRECTORY = 13, FILE_REAL_TIME = 249,
    FILE_METADATA = 250, FILE_METADATA_MIRROR = 251, FILE_METADATA_BITMAP = 252
};

enum udf_suffix
{
    SUFFIX_DOMAIN, SUFFIX_UDF, SUFFIX_IMPLEMENTATION, SUFFIX_APPLICATION, SUFFIX_NONE
};

struct udf_address
{
    uint32_t length;                    /* with the type in the two highest bits, as recorded */
    uint32_t block;
    unsigned partition;
    unsigned flags;                     /* UDF 2.3.10.1, of the six bytes of implementation use */
    uint32_t id;
};

struct udf_claim
{
    uint32_t block, count;
    int is_data;                        /* file content, which two files may share whole */
    const char *what;
    uint32_t icb;
};

/* A file entry as it stands on the disc, without its names. */
struct udf_entry
{
    struct udf_check_node node;
    unsigned partition;                 /* where the entry lies, and its short allocation descriptors lead */
    uint32_t block;
    unsigned named;                     /* identifier descriptors that lead here */
    int is_named_id;                    /* one of them carries the entry's own unique id */
    int named_by_streams;               /* as the parent of its stream directory */
    int is_stream, is_stream_directory;
    uint64_t object_size;
    struct udf_address streams;
    int has_streams;
    struct udf_address *logical;        /* its recorded extents, as addressed */
    size_t logical_count;
};

struct udf_map
{
    int is_metadata;
    uint32_t blocks;
};

struct udf_check_tree
{
    FILE *image, *base;
    struct udf_check_expect expect;
    uint32_t end;                       /* absolute block behind the image's last one */
    unsigned version;                   /* of descriptors: 2 or 3 */
    unsigned serial;
    struct udf_check_volume volume;

    struct udf_map maps[2];
    unsigned map_count;
    unsigned partition_number;
    struct udf_address file_set, root, system_streams;
    uint32_t sequence_length, integrity_length;
    uint8_t header[128];                /* partition header descriptor */
    uint32_t mirror_location, metadata_location, bitmap_location;
    struct udf_entry metadata;          /* the file whose content is the metadata partition */
    struct udf_entry mirror, bitmap;
    uint32_t size_table[2], free_table[2];

    struct udf_check_node *nodes;
    size_t *node_entries;               /* entry of each node */
    size_t node_count;
    const struct udf_check_node **sorted; /* by path */
    struct udf_entry *entries;
    size_t entry_count;
    size_t system_entry;                /* the system stream directory's, 0 when there is none */
    size_t *buckets;                    /* entry number + 1 by absolute block */
    size_t bucket_count;
    uint64_t *ids;                      /* of names whose id is not the entry's */
    size_t id_count;
    struct udf_claim *claims;
    size_t claim_count;
    uint32_t found_files, found_directories;

    void **kept;                        /* memory of the tree's life */
    size_t kept_count;
    char where[160];
    char *message;
    size_t message_size;
    jmp_buf failed;
};

#define PRINTF(at) __attribute__((format(printf, at, at + 1)))

/* --- udf_check.c ------------------------------------------------------------------------------------ */

/* What the next faults are about. */
void looking_at(struct udf_check_tree *t, const char *format, ...) PRINTF(2);
_Noreturn void fault(struct udf_check_tree *t, const char *format, ...) PRINTF(2);
void require(struct udf_check_tree *t, int is_right, const char *format, ...) PRINTF(3);
int allows(const struct udf_check_tree *t, unsigned option);
void *keep(struct udf_check_tree *t, size_t size);
/* Makes room for one more in an array of the tree. */
void *room_for_one(struct udf_check_tree *t, void *items, size_t count, size_t size);
/* Reads from absolute blocks; fails where nothing is. */
void read_blocks(struct udf_check_tree *t, uint32_t block, uint32_t count, uint8_t *bytes);
void claim(struct udf_check_tree *t, uint32_t block, uint32_t count, const char *what, uint32_t data_of);
void check_claims(struct udf_check_tree *t);

/* --- udf_check_basic.c ------------------------------------------------------------------------------ */

uint32_t le(const uint8_t *p, unsigned bytes);
uint64_t le64(const uint8_t *p);
void zeros(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what);
uint16_t udf_crc(const uint8_t *p, size_t size);
/* length is the descriptor's, room the bytes that can be read. */
void check_tag(struct udf_check_tree *t, const uint8_t *d, unsigned id, uint32_t location, size_t length,
               size_t room);
void check_charspec(struct udf_check_tree *t, const uint8_t *p, const char *what);
/* 1/7.2.12; text is UTF-8 and may be NULL. */
void check_dstring(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what, char *text);
/* UDF 2.1.1: size bytes behind the compression id; units may be NULL, else has room for size and the end. */
size_t check_unicode(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what,
                     char16_t *units);
void to_utf8(const char16_t *units, size_t count, char *text);
void check_entity(struct udf_check_tree *t, const uint8_t *p, const char *identifier, enum udf_suffix suffix,
                  const char *what);
void check_time(struct udf_check_tree *t, const uint8_t *p, const char *what, struct udf_check_time *time);
struct udf_address long_address(const uint8_t *p);

/* --- udf_check_volume.c, _logical.c, _space.c, _metadata.c ------------------------------------------ */

void check_recognition(struct udf_check_tree *t);
void check_volume_structure(struct udf_check_tree *t);
void check_logical_volume(struct udf_check_tree *t, const uint8_t *d);
void check_integrity(struct udf_check_tree *t);
void check_counts(struct udf_check_tree *t);
void check_partition_header(struct udf_check_tree *t);
void check_space(struct udf_check_tree *t);
void check_metadata(struct udf_check_tree *t);

/* --- udf_check_entry.c, _directory.c, _tree.c ------------------------------------------------------- */

/* The absolute block of a block of a partition. */
uint32_t absolute(struct udf_check_tree *t, unsigned partition, uint32_t block);
/* An extent of a partition may be in several pieces on the disc: each one becomes an extent of the entry. */
void check_entry(struct udf_check_tree *t, unsigned partition, uint32_t block, struct udf_entry *entry);
/* All bytes of a directory's content, kept. */
uint8_t *read_entry(struct udf_check_tree *t, const struct udf_entry *entry);
void check_file_set(struct udf_check_tree *t);
/* Every directory from the root on. */
void check_hierarchy(struct udf_check_tree *t);
/* The directory that entry holds: of the node itself, or of its streams. */
void check_directory(struct udf_check_tree *t, size_t node, size_t entry, int is_streams);
size_t add_entry(struct udf_check_tree *t, const struct udf_address *icb);
size_t add_node(struct udf_check_tree *t, size_t entry, size_t parent, const char16_t *name, size_t length,
                char separator);
void add_id(struct udf_check_tree *t, size_t entry, uint32_t id);
void check_streams(struct udf_check_tree *t, size_t node);
void sort_nodes(struct udf_check_tree *t);
void check_links(struct udf_check_tree *t);

#endif
