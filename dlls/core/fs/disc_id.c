/* A number that tells discs and their sessions apart: of everything in which the volume descriptors of two
   sessions differ (names, times, sizes, places). */
#include "openimapi/fs_import.h"

#include "openimapi/bytes.h"

#define DESCRIPTORS 16                  /* block of a session where its volume descriptors begin */
#define DESCRIPTOR_BLOCKS 16
#define ANCHOR 256                      /* ECMA-167 3/8.4.2.1 */
#define ANCHOR_TAG 2                    /* 3/7.2.1 */
#define SEQUENCE_BLOCKS_MAX 64          /* of a volume descriptor sequence that are looked at */

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t hash, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return hash;
}

/* A block that cannot be read tells the disc from others, too; gone is the disc that has none. */
static enum oi_status mix_block(const struct fs_disc *disc, uint64_t block, uint8_t *bytes, uint64_t *hash,
                                unsigned *read)
{
    enum oi_status status = source_read(disc->source, block * FS_BLOCK_SIZE, bytes, FS_BLOCK_SIZE);

    if (status == OI_NO_MEMORY) return status;
    if (status) return OI_OK;
    *hash = mix(*hash, bytes, FS_BLOCK_SIZE);
    (*read)++;
    return OI_OK;
}

enum oi_status fs_disc_identifier(const struct fs_disc *disc, uint64_t *identifier)
{
    uint8_t bytes[FS_BLOCK_SIZE], start[4];
    uint64_t hash = 0xCBF29CE484222325u;
    uint32_t sequence = 0, blocks = 0;
    unsigned read = 0, anchors = 0;

    put_le32(start, disc->session_start);
    hash = mix(hash, start, sizeof(start));
    for (uint32_t i = 0; i < DESCRIPTOR_BLOCKS; i++)
    {
        TRY(mix_block(disc, (uint64_t)disc->session_start + DESCRIPTORS + i, bytes, &hash, &read));
    }
    TRY(mix_block(disc, (uint64_t)disc->session_start + ANCHOR, bytes, &hash, &anchors));
    if (anchors && get_le16(bytes) == ANCHOR_TAG)
    {
        blocks = get_le32(bytes + 16) / FS_BLOCK_SIZE;
        sequence = get_le32(bytes + 20);
    }
    for (uint32_t i = 0; i < blocks && i < SEQUENCE_BLOCKS_MAX; i++)
    {
        TRY(mix_block(disc, (uint64_t)sequence + i, bytes, &hash, &read));
    }
    if (!read && !anchors) return OI_SOURCE_READ;
    *identifier = hash ? hash : 1;
    return OI_OK;
}
