/*
 * UDF volumes for tests of the reader, byte by byte: a small whole one with an empty root, and what puts
 * descriptors, file entries and file identifiers into it. Nothing here is shared with the core.
 */
#ifndef OPENIMAPI_TESTS_UDF_BYTES_H
#define OPENIMAPI_TESTS_UDF_BYTES_H

#include "core/fs/read_room.h"

/* Where things are in the volume of udf_bytes_create; disc blocks. */
#define KIT_MAIN 32                     /* main sequence: primary, partition, logical volume, terminating */
#define KIT_RESERVE 48
#define KIT_INTEGRITY 64                /* of two blocks */
#define KIT_ANCHOR 256
#define KIT_PARTITION 300
#define KIT_LENGTH 400
#define KIT_BLOCKS 768
/* Blocks of the partition. */
#define KIT_SET 0
#define KIT_ROOT 2                      /* file entry; its directory is in the block behind it */
#define KIT_FREE 8                      /* from here on nothing is used */

struct udf_bytes
{
    uint8_t *bytes;
    struct fs_disc disc;                /* its source reads bytes as they are at that moment */
    uint32_t bad_block;                 /* reading it fails; 0: none */
    uint64_t reads;                     /* blocks that were read */
};

/* revision: 0x102 ...; extended entries from 0x200 on. */
void udf_bytes_create(struct udf_bytes *kit, unsigned revision);
void udf_bytes_destroy(struct udf_bytes *kit);

uint8_t *udf_bytes_block(struct udf_bytes *kit, uint32_t block);            /* of the disc */
uint8_t *udf_bytes_logical(struct udf_bytes *kit, uint32_t block);          /* of the partition */

/* Makes a tag for what is behind its 16 bytes. */
void udf_bytes_seal(uint8_t *descriptor, unsigned identifier, size_t size, uint32_t location);
/* Again, as it is: after a change. */
void udf_bytes_reseal(uint8_t *descriptor);

void udf_bytes_entity(uint8_t *at, const char *identifier);
void udf_bytes_short(uint8_t *at, uint32_t length, uint32_t block);
void udf_bytes_long(uint8_t *at, uint32_t length, uint32_t block, unsigned partition);

/* A file entry, extended or not, with allocation descriptors or data of some bytes. form: 0 short, 1 long,
   2 extended, 3 data. */
void udf_bytes_entry(uint8_t *block, uint32_t location, int extended, unsigned type, uint64_t size,
                     unsigned form, const void *descriptors, size_t descriptors_size);

/* A file identifier descriptor; its size. The name is of bytes, recorded with compression 8. */
size_t udf_bytes_fid(uint8_t *at, uint32_t location, unsigned characteristics, const char *name, uint32_t icb,
                   unsigned partition);

/* One more of them in the root, whose entry grows: a file or directory at an ICB. */
void udf_bytes_name(struct udf_bytes *kit, const char *name, unsigned characteristics, uint32_t icb,
                  unsigned partition);

/* The same with a map of 64 bytes behind the map of type 1, or instead of it. */
uint8_t *udf_bytes_map(struct udf_bytes *kit, const char *identifier, int instead);

enum oi_status udf_bytes_open(struct udf_bytes *kit, struct fs_volume **volume);

/* Opens, looks, closes; the last two assert that it opens. */
void udf_bytes_assert_opens(struct udf_bytes *kit, enum oi_status expected);
struct fs_volume_info udf_bytes_info(struct udf_bytes *kit);
int udf_bytes_is_named(struct udf_bytes *kit, const char16_t *name);

/* A number in a descriptor of the main sequence, sealed again: the one in the reserve stays as it is. */
void udf_bytes_change32(struct udf_bytes *kit, unsigned descriptor, unsigned offset, uint32_t value);
void udf_bytes_wipe(struct udf_bytes *kit, uint32_t block);                 /* of the disc */

/*
 * What a directory lists, a line for each entry: "d NAME", or "f NAME SIZE" and its extents as BLOCK+BYTES (a
 * hole: -+BYTES) or embedded bytes in brackets, then "hidden", "real-time", "streams" and the fault. At the
 * end the status, when it is none. Lives until the next call.
 */
const char *udf_bytes_list(struct fs_volume *volume, const struct fs_place *place);
const char *udf_bytes_list_root(struct udf_bytes *kit);                     /* opens, lists, closes */

/* The place of the first directory or stream directory that the root lists. */
struct fs_place udf_bytes_first_place(struct fs_volume *volume);

#endif
