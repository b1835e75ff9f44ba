/* The logical volume integrity descriptors, ECMA-167 3/10.10: is the volume whole, and how much is in it? */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define FIXED 80                        /* where the two tables of one number for each partition begin */
#define IMPLEMENTATION 46               /* UDF 2.2.6.4: bytes that UDF has in the implementation use */
#define BLOCKS_MAX 4096                 /* of descriptors, in all extents that follow each other */

static enum oi_status take(struct udf_reader *reader, const uint8_t *bytes)
{
    struct fs_volume *volume = &reader->volume;
    uint32_t partitions = get_le32(bytes + 72), size = get_le32(bytes + 76);
    const uint8_t *use;

    if (partitions > (FS_BLOCK_SIZE - FIXED) / 8 || size > FS_BLOCK_SIZE - FIXED - 8 * partitions)
    {
        reader->damaged = 1;
        return OI_OK;
    }
    reader->closed = get_le32(bytes + 28) == ECMA167_INTEGRITY_CLOSE;
    volume->info.next_unique_id = get_le64(bytes + 40);
    if (size < IMPLEMENTATION) return OI_OK;
    use = bytes + FIXED + 8 * partitions;
    volume->files_total = get_le32(use + 32);
    volume->directories_total = get_le32(use + 36);
    return get_le16(use + 40) > UDF_REVISION_MAX ? OI_NOT_SUPPORTED : OI_OK;
}

/* One extent of them. The last good one counts, and says where there are newer ones: 3/10.10.4. */
static enum oi_status read_extent(struct udf_reader *reader, uint32_t start, uint32_t blocks,
                                  uint8_t newest[FS_BLOCK_SIZE], int *there)
{
    *there = 0;
    for (uint32_t i = 0; i < blocks; i++)
    {
        const uint8_t *bytes;
        enum oi_status status = fs_udf_disc_block(reader, start + i, &bytes);

        if (status == OI_NO_MEMORY) return status;
        if (status || fs_udf_tag(bytes, FS_BLOCK_SIZE, start + i) != ECMA167_TAG_INTEGRITY) return OI_OK;
        memcpy(newest, bytes, FS_BLOCK_SIZE);
        *there = 1;
    }
    return OI_OK;
}

enum oi_status fs_udf_integrity_read(struct udf_reader *reader, struct udf_descriptors *descriptors)
{
    uint32_t blocks = get_le32(descriptors->volume + 432) / FS_BLOCK_SIZE;
    uint32_t start = get_le32(descriptors->volume + 436), left = BLOCKS_MAX;
    uint8_t newest[FS_BLOCK_SIZE];
    int there, any = 0;

    while (blocks)
    {
        fs_udf_cover(descriptors, start, blocks);
        if (blocks > left) blocks = left;
        left -= blocks;
        TRY(read_extent(reader, start, blocks, newest, &there));
        if (!there) break;
        any = 1;
        blocks = get_le32(newest + 32) / FS_BLOCK_SIZE;
        start = get_le32(newest + 36);
    }
    return any ? take(reader, newest) : OI_OK;
}
