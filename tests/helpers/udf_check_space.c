/* The independent UDF reader: the space tables of the partition, against what was found in it. */
#include "helpers/udf_check_room.h"

#include <string.h>

/* 4/14.3, UDF 2.3.3: none on a read-only partition. */
void check_partition_header(struct udf_check_tree *t)
{
    looking_at(t, "partition header descriptor");
    if (t->volume.access_type == 1 && !allows(t, UDF_CHECK_ALLOW_WRITABLE))
        zeros(t, t->header, 40, "space table");
    zeros(t, t->header + 16, 8, "partition integrity table");
    zeros(t, t->header + 40, 88, "reserved bytes");
}

static void mark(const struct udf_check_tree *t, uint8_t *used, uint32_t block, uint32_t count)
{
    uint32_t from = t->volume.partition_start;

    for (uint32_t i = 0; i < count; i++)
    {
        if (block + i >= from && block + i < from + t->volume.partition_blocks) used[block + i - from] = 1;
    }
}

/* 4/14.12, UDF 2.3.8: a bit for each block, one for a free one. */
static void check_bitmap(struct udf_check_tree *t, const uint8_t *position)
{
    uint32_t blocks = t->volume.partition_blocks, length = le(position, 4), at = le(position + 4, 4),
             free = 0;
    uint32_t whole = (length + BLOCK - 1) / BLOCK, start = t->volume.partition_start;
    uint8_t *d = keep(t, (size_t)whole * BLOCK + BLOCK), *used = keep(t, blocks);

    looking_at(t, "space bitmap at block %u", start + at);
    require(t, length >= 24 && length < 1u << 30 && at < blocks && whole <= blocks - at, "%u bytes", length);
    read_blocks(t, start + at, whole, d);
    require(t, le(d, 2) == TAG_SPACE_BITMAP && le(d + 12, 4) == at, "tag %u at %u", le(d, 2), le(d + 12, 4));
    require(t, le(d + 16, 4) == blocks, "%u bits for %u blocks", le(d + 16, 4), blocks);
    require(t, le(d + 20, 4) >= (blocks + 7) / 8 && le(d + 20, 4) <= length - 24, "%u bytes of bits",
            le(d + 20, 4));
    claim(t, start + at, whole, "space bitmap", 0);
    check_claims(t);
    looking_at(t, "space bitmap at block %u", start + at);
    for (size_t i = 0; i < t->claim_count; i++) mark(t, used, t->claims[i].block, t->claims[i].count);
    for (uint32_t i = 0; i < blocks; i++)
    {
        int is_free = d[24 + i / 8] >> i % 8 & 1;

        free += (uint32_t)is_free;
        require(t, is_free == !used[i], "block %u is %s, the bitmap says otherwise", start + i,
                used[i] ? "in use" : "free");
    }
    require(t, free == t->free_table[0], "%u blocks free, the integrity descriptor says %u", free,
            t->free_table[0]);
}

void check_space(struct udf_check_tree *t)
{
    if (le(t->header + 8, 4)) check_bitmap(t, t->header + 8);
    else if (le(t->header + 32, 4)) check_bitmap(t, t->header + 32);
    else if (!le(t->header, 4) && !le(t->header + 24, 4))
    {
        looking_at(t, "logical volume integrity descriptor");
        require(t, t->free_table[0] == 0, "%u blocks are free, of which no space table knows",
                t->free_table[0]);
    }
}
