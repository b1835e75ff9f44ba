/* The independent UDF reader: file entries, their extended attributes and their extents. */
#include "helpers/udf_check_room.h"

#include <stdlib.h>
#include <string.h>

/* --- addresses -------------------------------------------------------------------------------------- */

/* The absolute block of a block of a partition, and how many of count follow it there in a row. */
static uint32_t map_run(struct udf_check_tree *t, unsigned partition, uint32_t block, uint32_t count,
                        uint32_t *run)
{
    uint32_t all = t->volume.partition_blocks, skip = block;

    require(t, partition < t->map_count, "partition reference %u of %u", partition, t->map_count);
    if (!t->maps[partition].is_metadata)
    {
        require(t, block < all && count <= all - block, "%u blocks at %u in a partition of %u", count, block,
                all);
        *run = count;
        return t->volume.partition_start + block;
    }
    require(t, block < t->maps[partition].blocks && count <= t->maps[partition].blocks - block,
            "%u blocks at %u in a metadata partition of %u", count, block, t->maps[partition].blocks);
    for (size_t i = 0; i < t->metadata.node.extent_count; i++)
    {
        const struct udf_check_extent *extent = &t->metadata.node.extents[i];
        uint32_t blocks = extent->bytes / BLOCK;

        if (skip < blocks)
        {
            *run = blocks - skip < count ? blocks - skip : count;
            return extent->block + skip;
        }
        skip -= blocks;
    }
    fault(t, "block %u of the metadata partition is in no extent", block);
}

uint32_t absolute(struct udf_check_tree *t, unsigned partition, uint32_t block)
{
    uint32_t run;

    return map_run(t, partition, block, 1, &run);
}

/* --- extents ---------------------------------------------------------------------------------------- */

static void add_extent(struct udf_check_tree *t, struct udf_entry *entry, uint32_t block, uint32_t bytes,
                       int is_recorded)
{
    struct udf_check_node *node = &entry->node;
    struct udf_check_extent *extents = (struct udf_check_extent *)node->extents;

    node->extents = extents = room_for_one(t, extents, node->extent_count, sizeof(*extents));
    extents[node->extent_count++] = (struct udf_check_extent){ block, bytes, is_recorded };
}

/* 4/14.14.1.1: the two highest bits of the length are the extent's type. */
static void check_extent(struct udf_check_tree *t, struct udf_entry *entry, struct udf_address ad,
                         uint64_t *body, uint64_t *blocks)
{
    uint32_t bytes = ad.length & 0x3FFFFFFF, count = (bytes + BLOCK - 1) / BLOCK, type = ad.length >> 30;
    uint64_t size = entry->node.size;

    require(t, *body < size, "an extent behind the %llu bytes of the content", (unsigned long long)size);
    require(t, *body % BLOCK == 0, "the extent before the one at %u is no multiple of the block size",
            ad.block);
    require(t, bytes <= size - *body, "extents of more than the %llu bytes of the content",
            (unsigned long long)size);
    *body += bytes;
    require(t, ad.flags == 0 && ad.id == 0, "implementation use of an allocation descriptor");
    if (type) require(t, allows(t, UDF_CHECK_ALLOW_SPARSE), "extent of type %u at %u", type, ad.block);
    if (type == 2)
    {
        require(t, ad.block == 0, "extent not allocated, but at %u", ad.block);
        add_extent(t, entry, 0, bytes, 0);
        return;
    }
    if (!type) *blocks += count;
    entry->logical = room_for_one(t, entry->logical, entry->logical_count, sizeof(*entry->logical));
    entry->logical[entry->logical_count++] = ad;
    while (count)
    {
        uint32_t run, block = map_run(t, ad.partition, ad.block, count, &run);
        uint32_t piece = run < count ? run * BLOCK : bytes;

        claim(t, block, run, "content", entry->node.icb);
        add_extent(t, entry, type ? 0 : block, piece, !type);
        ad.block += run;
        count -= run;
        bytes -= piece;
    }
}

/* 4/14.5: where the allocation descriptors go on. */
static uint8_t *check_continuation(struct udf_check_tree *t, struct udf_address ad, uint32_t *length)
{
    uint32_t run, block = map_run(t, ad.partition, ad.block, 1, &run);
    uint8_t *d = keep(t, BLOCK);

    require(t, (ad.length & 0x3FFFFFFF) == BLOCK, "allocation extent of %u bytes", ad.length & 0x3FFFFFFF);
    claim(t, block, 1, "allocation extent", 0);
    read_blocks(t, block, 1, d);
    *length = le(d + 20, 4);
    require(t, *length <= BLOCK - 24, "allocation extent: %u bytes of descriptors", *length);
    /* UDF 2.3.11: with the descriptors or without them. */
    check_tag(t, d, TAG_ALLOCATION_EXTENT, ad.block, le(d + 10, 2) == 8 ? 24 : 24 + *length, BLOCK);
    require(t, le(d + 16, 4) == 0 || le(d + 16, 4) < t->volume.partition_blocks, "previous extent at %u",
            le(d + 16, 4));
    return d + 24;
}

/* 4/12, 4/14.14; UDF 2.3.10 */
static void check_extents(struct udf_check_tree *t, struct udf_entry *entry, const uint8_t *ads,
                          uint32_t length)
{
    uint32_t size = (entry->node.flags & 7) == 0 ? 8 : 16;
    uint64_t body = 0, blocks = 0;
    unsigned continuations = 0;

    for (uint32_t at = 0; at < length; at += size)
    {
        struct udf_address ad = { le(ads + at, 4), le(ads + at + 4, 4), entry->partition, 0, 0 };

        require(t, length - at >= size, "%u bytes of allocation descriptors, each %u", length, size);
        if (size == 16) ad = long_address(ads + at);
        if (!(ad.length & 0x3FFFFFFF))
        {
            zeros(t, ads + at, length - at, "unused allocation descriptors");
            break;
        }
        if (ad.length >> 30 == 3)
        {
            zeros(t, ads + at + size, length - at - size, "behind the descriptor of a continuation");
            require(t, ++continuations < 100000, "the allocation extents form a ring");
            ads = check_continuation(t, ad, &length);
            at = 0u - size;
            continue;
        }
        check_extent(t, entry, ad, &body, &blocks);
    }
    require(t, body == entry->node.size, "extents of %llu bytes, information length %llu",
            (unsigned long long)body, (unsigned long long)entry->node.size);
    require(t, blocks == entry->node.blocks_recorded, "%llu blocks in extents, recorded %llu",
            (unsigned long long)blocks, (unsigned long long)entry->node.blocks_recorded);
}

/* --- extended attributes ---------------------------------------------------------------------------- */

/* 4/14.10, UDF 3.3.4 */
static void check_attributes(struct udf_check_tree *t, const struct udf_entry *entry, const uint8_t *d,
                             uint32_t length)
{
    uint32_t implementation, application, at = 24;

    if (!length) return;
    require(t, length >= 24 && length % 4 == 0, "extended attributes of %u bytes", length);
    check_tag(t, d, TAG_ATTRIBUTES, entry->block, 24, length);
    implementation = le(d + 16, 4);
    application = le(d + 20, 4);
    while (at < length)
    {
        uint32_t type = le(d + at, 4), bytes = le(d + at + 8, 4), sum = 0;

        require(t, length - at >= 12 && bytes >= 12 && bytes % 4 == 0 && bytes <= length - at,
                "extended attribute of %u bytes at %u of %u", bytes, at, length);
        require(t, d[at + 4] == 1, "extended attribute %u: subtype %u", type, d[at + 4]);
        zeros(t, d + at + 5, 3, "extended attribute");
        require(t, (type >= 2048) == (at >= implementation) && (type >= 65536) == (at >= application),
                "extended attribute %u at %u of areas at %u and %u", type, at, implementation, application);
        if (type == 2048 || type == 65536)
        {
            require(t, bytes >= 52, "implementation use attribute of %u bytes", bytes);
            require(t, d[at + 16] == 0 && d[at + 17] == '*', "extended attribute of \"%.23s\"",
                    (const char *)d + at + 17);
            for (uint32_t i = 0; i < 48; i++) sum += d[at + i];
            require(t, le(d + at + 48, 2) == (sum & 0xFFFF), "header checksum %04X, not %04X",
                    le(d + at + 48, 2), sum & 0xFFFF);
        }
        else require(t, type == 1 || type == 3 || type == 5 || type == 6 || type == 12,
                     "extended attribute of type %u", type);
        at += bytes;
    }
}

/* --- the entry -------------------------------------------------------------------------------------- */

/* 4/14.6, UDF 2.3.5 */
static void check_icb_tag(struct udf_check_tree *t, const uint8_t *d, struct udf_entry *entry)
{
    unsigned type = d[11], flags = le(d + 18, 2);

    require(t, le(d, 4) == 0, "%u prior entries", le(d, 4));
    require(t, le(d + 4, 2) == 4, "strategy %u", le(d + 4, 2));
    zeros(t, d + 6, 2, "strategy parameter");
    require(t, le(d + 8, 2) == 1, "%u entries at most", le(d + 8, 2));
    require(t, d[10] == 0, "reserved byte of the ICB tag");
    require(t, (flags & 7) == 0 || (flags & 7) == 1 || (flags & 7) == 3, "allocation descriptors of kind %u",
            flags & 7);
    /* Sorted, transformed, multi-versions, reserved. */
    require(t, (flags & 0xD808) == 0, "ICB flags %04X", flags);
    require(t, t->version == 3 || (flags & 0x2000) == 0, "stream flag in revision %04X", t->volume.revision);
    zeros(t, d + 12, 6, "parent ICB location");
    entry->node.file_type = type;
    entry->node.flags = flags;
}

static void check_type(struct udf_check_tree *t, struct udf_entry *entry)
{
    unsigned type = entry->node.file_type, revision = t->volume.revision;

    if (type == FILE_BYTES) entry->node.type = UDF_CHECK_FILE;
    else if (type == FILE_DIRECTORY) entry->node.type = UDF_CHECK_DIRECTORY;
    else if (type == FILE_REAL_TIME && revision >= 0x0201) entry->node.type = UDF_CHECK_REAL_TIME_FILE;
    else if (type == FILE_STREAM_DIRECTORY && revision >= 0x0200) entry->node.type = UDF_CHECK_OTHER;
    else if (type >= FILE_METADATA && type <= FILE_METADATA_BITMAP && revision >= 0x0250)
        entry->node.type = UDF_CHECK_OTHER;
    else
    {
        require(t, allows(t, UDF_CHECK_ALLOW_SYMLINKS) && type >= 6 && type <= FILE_SYMLINK, "file type %u",
                type);
        entry->node.type = UDF_CHECK_OTHER;
    }
}

/* What follows the tag and stands in both kinds at the same place: 4/14.9.3 to 4/14.9.10. */
static void check_common(struct udf_check_tree *t, const uint8_t *d, struct udf_check_node *node)
{
    node->uid = le(d + 36, 4);
    node->gid = le(d + 40, 4);
    node->permissions = le(d + 44, 4);
    require(t, node->permissions < 1 << 15, "permissions %08X", node->permissions);
    node->links = le(d + 48, 2);
    zeros(t, d + 50, 6, "record format, display attributes and length");
    node->size = le64(d + 56);
}

/* 4/14.9 and 4/14.17, from the access time on. */
static void check_rest(struct udf_check_tree *t, const uint8_t *d, struct udf_entry *entry)
{
    struct udf_check_node *node = &entry->node;
    unsigned checkpoint, times = node->is_extended ? 80 : 72, behind = node->is_extended ? 128 : 108;

    node->blocks_recorded = le64(d + times - 8);
    entry->object_size = node->is_extended ? le64(d + 64) : node->size;
    check_time(t, d + times, "access time", &node->accessed);
    check_time(t, d + times + 12, "modification time", &node->modified);
    if (node->is_extended) check_time(t, d + times + 24, "creation time", &node->created);
    check_time(t, d + behind - 12, "attribute time", &node->changed);
    checkpoint = le(d + behind, 4);
    require(t, checkpoint == 1, "checkpoint %u", checkpoint);
    if (node->is_extended)
    {
        zeros(t, d + 132, 4, "reserved bytes");
        entry->streams = long_address(d + 152);
        entry->has_streams = entry->streams.length != 0;
        if (!entry->has_streams) zeros(t, d + 152, 16, "stream directory ICB");
    }
    zeros(t, d + (node->is_extended ? 136 : 112), 16, "extended attribute ICB");
    check_entity(t, d + (node->is_extended ? 168 : 128), NULL, SUFFIX_IMPLEMENTATION,
                 "implementation identifier");
    node->unique_id = le64(d + (node->is_extended ? 200 : 160));
}

static void check_content(struct udf_check_tree *t, const uint8_t *d, struct udf_entry *entry)
{
    struct udf_check_node *node = &entry->node;
    uint32_t head = node->is_extended ? 216 : 176, attributes = le(d + head - 8, 4),
             ads = le(d + head - 4, 4);
    uint8_t *embedded;

    require(t, attributes <= BLOCK - head && ads <= BLOCK - head - attributes,
            "%u bytes of attributes and %u of allocation descriptors", attributes, ads);
    check_tag(t, d, node->is_extended ? TAG_EXTENDED_ENTRY : TAG_FILE_ENTRY, entry->block,
              head + attributes + ads, BLOCK);
    check_attributes(t, entry, d + head, attributes);
    zeros(t, d + head + attributes + ads, BLOCK - head - attributes - ads, "rest of the block");
    if ((node->flags & 7) != 3)
    {
        check_extents(t, entry, d + head + attributes, ads);
        return;
    }
    require(t, ads == node->size, "%u bytes in the entry, information length %llu", ads,
            (unsigned long long)node->size);
    require(t, node->blocks_recorded == 0, "%llu blocks recorded for content in the entry",
            (unsigned long long)node->blocks_recorded);
    embedded = keep(t, ads);
    memcpy(embedded, d + head + attributes, ads);
    node->embedded = embedded;
}

void check_entry(struct udf_check_tree *t, unsigned partition, uint32_t block, struct udf_entry *entry)
{
    uint8_t d[BLOCK];

    *entry = (struct udf_entry){ .partition = partition, .block = block };
    entry->node.icb = absolute(t, partition, block);
    looking_at(t, "file entry at block %u", entry->node.icb);
    read_blocks(t, entry->node.icb, 1, d);
    entry->node.is_extended = le(d, 2) == TAG_EXTENDED_ENTRY;
    require(t, le(d, 2) == TAG_FILE_ENTRY || (entry->node.is_extended && t->version == 3),
            "tag identifier %u, no file entry", le(d, 2));
    claim(t, entry->node.icb, 1, "file entry", 0);
    check_icb_tag(t, d + 16, entry);
    check_type(t, entry);
    check_common(t, d, &entry->node);
    check_rest(t, d, entry);
    check_content(t, d, entry);
}

uint8_t *read_entry(struct udf_check_tree *t, const struct udf_entry *entry)
{
    const struct udf_check_node *node = &entry->node;
    uint8_t *bytes = keep(t, (size_t)node->size + BLOCK);
    size_t at = 0;

    require(t, node->size < 1u << 30, "%llu bytes", (unsigned long long)node->size);
    if (node->embedded) memcpy(bytes, node->embedded, (size_t)node->size);
    for (size_t i = 0; i < node->extent_count; i++)
    {
        require(t, node->extents[i].is_recorded, "an extent that is not recorded");
        read_blocks(t, node->extents[i].block, (node->extents[i].bytes + BLOCK - 1) / BLOCK, bytes + at);
        at += node->extents[i].bytes;
    }
    return bytes;
}
