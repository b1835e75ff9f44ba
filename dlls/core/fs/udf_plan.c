/*
 * Where the parts of a UDF volume stand in an image: said once, for the count of blocks that a tree keeps and
 * for the layout that takes them.
 */
#include "udf_room.h"

#define PARTITION 257                   /* behind the anchor at 256: ECMA-167 3/8.4.2.1 */
#define UNIT 16                         /* blocks of an ECC block of DVD */
#define METADATA_PARTITION 288          /* the next multiple of the metadata's unit */
#define METADATA_UNIT 32                /* UDF 2.50 2.2.10: 64 KiB; an ECC block of BD has as many */

static const unsigned revisions[] = { 0x102, 0x150, 0x200, 0x201, 0x250, 0x260 };

unsigned fs_udf_revision(size_t index)
{
    return index < sizeof(revisions) / sizeof(*revisions) ? revisions[index] : 0;
}

int fs_udf_revision_known(unsigned revision)
{
    for (size_t i = 0; fs_udf_revision(i); i++)
    {
        if (fs_udf_revision(i) == revision) return 1;
    }
    return 0;
}

static uint64_t round_up(uint64_t blocks, uint32_t unit) { return (blocks + unit - 1) / unit * unit; }

/* The partition of a new part reaches back to the old one, so that its descriptors stand behind it, between
   the last two anchors. The volume descriptor sequences are the last of them: readers that look for nothing
   but an anchor behind these are content. */
void fs_udf_plan(const struct fs_options *options, const struct fs_earlier *earlier, struct udf_plan *out)
{
    int metadata = options->udf_revision >= 0x250;

    *out = (struct udf_plan){
        .metadata = metadata,
        .redundant = metadata && options->udf_redundant,
        .partition = metadata ? METADATA_PARTITION : PARTITION,
        .unit = metadata ? METADATA_UNIT : UNIT,
        .integrity = UDF_INTEGRITY_SEQUENCE,
    };
    out->end_unit = out->unit;
    if (!earlier || !earlier->append) return;
    out->in_tail = 1;
    out->integrity = UDF_TAIL_INTEGRITY_SEQUENCE;
    out->partition = (uint32_t)round_up(earlier->append, out->unit);
    if (earlier->write_unit > out->end_unit) out->end_unit = earlier->write_unit;
}

/* The metadata's extents begin and end at multiples of their unit, counted from the partition, which is at
   one itself: UDF 2.50 2.2.13. The file entry has a unit for itself, and at its other end, when there is
   but one copy, the mirror's: with nothing between the files and the last anchors, readers that know no
   mirror find these. */
uint64_t fs_udf_claim_structures(struct udf_plan *plan, uint64_t at, uint64_t blocks)
{
    if (plan->metadata)
    {
        plan->metadata_file = at;
        at += plan->unit;
        plan->mirror_file = at - 1;
        blocks = round_up(blocks, plan->unit);
    }
    plan->structures = at;
    plan->structure_blocks = blocks;
    return at + blocks;
}

/* A second copy is as far from the first as can be: UDF 2.50 2.2.13. Then the image is filled up, so that its
   last block is one of an ECC block, and ends in the second and third anchors. */
uint64_t fs_udf_claim_tail(struct udf_plan *plan, uint64_t at)
{
    uint64_t end;

    if (plan->redundant)
    {
        plan->mirror = round_up(at, plan->unit);
        plan->mirror_file = plan->mirror + plan->structure_blocks;
        at = plan->mirror_file + 1;
    }
    end = round_up(at + FS_UDF_ANCHOR + 1, plan->end_unit);
    plan->tail = end - 1 - FS_UDF_ANCHOR;
    if (plan->in_tail) plan->base = plan->tail + 1 - plan->integrity;
    return end;
}

uint64_t fs_udf_extents(uint64_t bytes) { return bytes / UDF_EXTENT_MAX + (bytes % UDF_EXTENT_MAX != 0); }

/* The last descriptor of a file entry, and of each but the last allocation extent, leads to the next. */
uint64_t fs_udf_allocation_blocks(uint64_t extents)
{
    uint64_t rest;

    if (extents <= UDF_ENTRY_EXTENTS) return 0;
    rest = extents - (UDF_ENTRY_EXTENTS - 1);
    if (rest <= UDF_ALLOCATION_EXTENTS) return 1;
    return 1 + (rest - UDF_ALLOCATION_EXTENTS + UDF_ALLOCATION_EXTENTS - 2) / (UDF_ALLOCATION_EXTENTS - 1);
}
