/* Finds the anchors of a UDF volume, and out of its descriptor sequences the descriptors that prevail. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define SEQUENCE_MAX 1024               /* blocks of one sequence with all its continuations */

void fs_udf_cover(struct udf_descriptors *descriptors, uint32_t start, uint32_t blocks)
{
    uint32_t end = blocks > UINT32_MAX - start ? UINT32_MAX : start + blocks;

    if (end > descriptors->end) descriptors->end = end;
}

/* --- descriptors of a sequence -------------------------------------------------------------------------- */

/* 3/10.5. Of the same partition the one with the higher number counts. */
static enum oi_status take_partition(struct udf_descriptors *descriptors, const uint8_t *bytes)
{
    uint32_t sequence = get_le32(bytes + 16);
    uint16_t number = get_le16(bytes + 22);
    unsigned i = 0;

    if (!fs_udf_entity_is(bytes + 24, "+NSR02") && !fs_udf_entity_is(bytes + 24, "+NSR03")) return OI_OK;
    while (i < descriptors->partition_count && descriptors->partitions[i].number != number) i++;
    if (i == UDF_PARTITIONS_MAX) return OI_NOT_SUPPORTED;
    if (i < descriptors->partition_count && sequence <= descriptors->partitions[i].sequence) return OI_OK;
    if (i == descriptors->partition_count) descriptors->partition_count++;
    descriptors->partitions[i].number = number;
    descriptors->partitions[i].sequence = sequence;
    descriptors->partitions[i].start = get_le32(bytes + 188);
    descriptors->partitions[i].length = get_le32(bytes + 192);
    return OI_OK;
}

/* 3/10.6 */
static void take_volume(struct udf_descriptors *descriptors, const uint8_t *bytes)
{
    uint32_t sequence = get_le32(bytes + 16);

    if (descriptors->has_volume && sequence <= descriptors->volume_sequence) return;
    descriptors->has_volume = 1;
    descriptors->volume_sequence = sequence;
    memcpy(descriptors->volume, bytes, FS_BLOCK_SIZE);
}

/* A block that nothing was written to: 3/8.4.2. */
static int is_blank(const uint8_t *bytes)
{
    for (unsigned i = 0; i < ECMA167_TAG_BYTES; i++)
    {
        if (bytes[i]) return 0;
    }
    return 1;
}

/* One sequence with what continues it, as far as it can be read; what is not good is passed over. */
static enum oi_status read_sequence(struct udf_reader *reader, struct udf_descriptors *descriptors,
                                    uint32_t start, uint32_t bytes_long)
{
    uint32_t left = bytes_long / FS_BLOCK_SIZE, block = start;

    fs_udf_cover(descriptors, start, left);
    for (unsigned steps = 0; left && steps < SEQUENCE_MAX; steps++, block++, left--)
    {
        const uint8_t *bytes;
        enum oi_status status = fs_udf_disc_block(reader, block, &bytes);
        int tag;

        if (status == OI_NO_MEMORY) return status;
        if (status)
        {
            descriptors->damaged = 1;
            if (status == OI_FORMAT) return OI_OK;      /* the disc ends here */
            descriptors->failure = status;
            continue;
        }
        tag = fs_udf_tag(bytes, FS_BLOCK_SIZE, block);
        if (tag < 0 && is_blank(bytes)) return OI_OK;
        switch (tag)
        {
        case -1: descriptors->damaged = 1; break;
        case ECMA167_TAG_TERMINATING: return OI_OK;
        case ECMA167_TAG_PARTITION: TRY(take_partition(descriptors, bytes)); break;
        case ECMA167_TAG_LOGICAL_VOLUME: take_volume(descriptors, bytes); break;
        case ECMA167_TAG_VOLUME_POINTER:                /* 3/10.3: it goes on elsewhere */
            left = get_le32(bytes + 20) / FS_BLOCK_SIZE;
            block = get_le32(bytes + 24);
            fs_udf_cover(descriptors, block, left);
            if (!left) return OI_OK;
            left++;
            block--;
            break;
        default: break;                                 /* names, dates and free space */
        }
    }
    return OI_OK;
}

/* --- anchors -------------------------------------------------------------------------------------------- */

/* 3/10.2: an anchor at a block, and the sequences that it leads to. *found: it led to a volume. */
static enum oi_status try_anchor(struct udf_reader *reader, struct udf_descriptors *descriptors,
                                 uint32_t block, int *found)
{
    uint32_t start[2], size[2];
    const uint8_t *bytes;
    enum oi_status status = fs_udf_disc_block(reader, block, &bytes);

    *found = 0;
    if (status == OI_NO_MEMORY) return status;
    if (status && status != OI_FORMAT) descriptors->failure = status;
    if (status || fs_udf_tag(bytes, FS_BLOCK_SIZE, block) != ECMA167_TAG_ANCHOR) return OI_OK;
    for (unsigned i = 0; i < 2; i++)
    {
        size[i] = get_le32(bytes + 16 + 8 * i);
        start[i] = get_le32(bytes + 20 + 8 * i);
    }
    fs_udf_cover(descriptors, block, 1);
    TRY(read_sequence(reader, descriptors, start[0], size[0]));
    /* The reserve says the same, and is read where the main one is not whole. */
    if (descriptors->damaged || !descriptors->has_volume || !descriptors->partition_count)
    {
        descriptors->damaged = 1;
        TRY(read_sequence(reader, descriptors, start[1], size[1]));
    }
    else
    {
        fs_udf_cover(descriptors, start[1], size[1] / FS_BLOCK_SIZE);
    }
    *found = descriptors->has_volume && descriptors->partition_count;
    return OI_OK;
}

/* A volume whose sectors have another size than ours has its anchor elsewhere. */
static enum oi_status other_sectors(struct udf_reader *reader, int *there)
{
    static const uint32_t places[] = { 64, 128 };   /* block 256 of 512 and of 1024 bytes */

    *there = 0;
    if (reader->volume.disc.session_start) return OI_OK;
    for (unsigned i = 0; i < 2 && !*there; i++)
    {
        const uint8_t *bytes;
        enum oi_status status = fs_udf_disc_block(reader, places[i], &bytes);

        if (status == OI_NO_MEMORY) return status;
        if (!status) *there = fs_udf_tag(bytes, 512, ECMA167_ANCHOR_BLOCK) == ECMA167_TAG_ANCHOR;
    }
    return OI_OK;
}

enum oi_status fs_udf_descriptors_read(struct udf_reader *reader, struct udf_descriptors *descriptors)
{
    uint32_t start = reader->volume.disc.session_start, end = reader->volume.disc.end;
    /* 3/8.4.2.1; UDF 2.2.3 has 512 while a disc that is written once is open. */
    const uint32_t places[] =
    {
        start + ECMA167_ANCHOR_BLOCK, end - 1, end - 1 - ECMA167_ANCHOR_BLOCK,
        start + 2 * ECMA167_ANCHOR_BLOCK,
    };
    int there;

    memset(descriptors, 0, sizeof(*descriptors));
    for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++)
    {
        if (places[i] < start || places[i] >= end) continue;
        TRY(try_anchor(reader, descriptors, places[i], &there));
        if (there) return OI_OK;
    }
    if (descriptors->failure) return descriptors->failure;
    TRY(other_sectors(reader, &there));
    return there ? OI_NOT_SUPPORTED : OI_FORMAT;
}
