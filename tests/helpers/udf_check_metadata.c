/* The independent UDF reader: the metadata partition of UDF 2.50, and reading what files hold. */
#include "helpers/udf_check_room.h"

#include <string.h>

/* UDF 2.2.13.1: a file of the physical partition, in short extents of whole units, all recorded. */
static void check_metadata_file(struct udf_check_tree *t, uint32_t location, unsigned type,
                                struct udf_entry *entry)
{
    uint32_t unit = t->volume.metadata_unit, alignment = t->volume.metadata_alignment;

    check_entry(t, 0, location, entry);
    looking_at(t, "metadata file of type %u at block %u", type, entry->node.icb);
    require(t, entry->node.file_type == type, "file type %u", entry->node.file_type);
    require(t, (entry->node.flags & 7) == 0, "allocation descriptors are not short");
    require(t, entry->node.links == 0 && entry->node.unique_id == 0, "%u links, unique id %llu",
            entry->node.links, (unsigned long long)entry->node.unique_id);
    require(t, !entry->has_streams && entry->object_size == entry->node.size, "streams");
    if (type == FILE_METADATA_BITMAP) return;
    require(t, entry->node.size > 0, "no content");
    for (size_t i = 0; i < entry->logical_count; i++)
    {
        const struct udf_address *ad = &entry->logical[i];
        uint32_t bytes = ad->length & 0x3FFFFFFF;

        require(t, bytes % BLOCK == 0 && bytes / BLOCK % unit == 0,
                "extent of %u bytes, the unit is %u blocks", bytes, unit);
        require(t, ad->block % alignment == 0, "extent at %u, aligned to %u blocks", ad->block, alignment);
    }
}

/* The mirror has the same content: in other blocks when it is a duplicate, else in the same ones. */
static void compare_mirror(struct udf_check_tree *t, const struct udf_entry *main,
                           const struct udf_entry *mirror)
{
    uint8_t *a, *b;

    looking_at(t, "metadata mirror file");
    require(t, main->node.size == mirror->node.size, "%llu bytes, the metadata file has %llu",
            (unsigned long long)mirror->node.size, (unsigned long long)main->node.size);
    if (!t->volume.metadata_is_duplicated)
    {
        require(t, main->node.extent_count == mirror->node.extent_count, "other extents, but no duplicate");
        for (size_t i = 0; i < main->node.extent_count; i++)
            require(t, main->node.extents[i].block == mirror->node.extents[i].block &&
                           main->node.extents[i].bytes == mirror->node.extents[i].bytes,
                    "other extents, but no duplicate");
        return;
    }
    for (size_t i = 0; i < mirror->node.extent_count; i++)
    {
        for (size_t j = 0; j < main->node.extent_count; j++)
            require(t, mirror->node.extents[i].block != main->node.extents[j].block,
                    "a duplicate in the same extent");
    }
    a = read_entry(t, main);
    b = read_entry(t, mirror);
    for (size_t i = 0; i < main->node.size; i++)
        require(t, a[i] == b[i], "byte %zu is %02X, in the metadata file %02X", i, b[i], a[i]);
}

void check_metadata(struct udf_check_tree *t)
{
    struct udf_check_volume *volume = &t->volume;
    size_t kept_claims = t->claim_count;

    if (!volume->has_metadata) return;
    looking_at(t, "metadata partition map");
    require(t, t->metadata_location != t->mirror_location, "metadata file and mirror are one entry");
    check_metadata_file(t, t->metadata_location, FILE_METADATA, &t->metadata);
    check_metadata_file(t, t->mirror_location, FILE_METADATA_MIRROR, &t->mirror);
    compare_mirror(t, &t->metadata, &t->mirror);
    looking_at(t, "metadata bitmap file");
    if (volume->access_type == 1)
        require(t, t->bitmap_location == 0xFFFFFFFF, "at %u on a read-only partition", t->bitmap_location);
    if (t->bitmap_location != 0xFFFFFFFF)
        check_metadata_file(t, t->bitmap_location, FILE_METADATA_BITMAP, &t->bitmap);
    t->maps[1].blocks = volume->metadata_blocks = (uint32_t)(t->metadata.node.size / BLOCK);
    looking_at(t, "logical volume integrity descriptor");
    require(t, t->size_table[1] == volume->metadata_blocks, "size table: %u blocks of metadata, there are %u",
            t->size_table[1], volume->metadata_blocks);
    require(t, t->free_table[1] <= volume->metadata_blocks, "free space table: %u blocks of %u",
            t->free_table[1], volume->metadata_blocks);
    /* What lies in the metadata file claims its blocks itself; the mirror's are its own. */
    t->claim_count = kept_claims;
    claim(t, t->metadata.node.icb, 1, "metadata file entry", 0);
    claim(t, t->mirror.node.icb, 1, "metadata mirror file entry", 0);
    for (size_t i = 0; volume->metadata_is_duplicated && i < t->mirror.node.extent_count; i++)
        claim(t, t->mirror.node.extents[i].block, t->mirror.node.extents[i].bytes / BLOCK, "metadata mirror",
              0);
}

size_t udf_check_read(const struct udf_check_tree *tree, const struct udf_check_node *node, uint64_t offset,
                      void *bytes, size_t size)
{
    uint8_t *to = bytes;
    size_t done = 0;

    if (offset >= node->size) return 0;
    if (size > node->size - offset) size = (size_t)(node->size - offset);
    if (node->embedded)
    {
        memcpy(to, node->embedded + offset, size);
        return size;
    }
    for (size_t i = 0; i < node->extent_count && done < size; i++)
    {
        const struct udf_check_extent *extent = &node->extents[i];
        size_t part = size - done;

        if (offset >= extent->bytes)
        {
            offset -= extent->bytes;
            continue;
        }
        if (part > extent->bytes - offset) part = (size_t)(extent->bytes - offset);
        if (!extent->is_recorded) memset(to + done, 0, part);
        else
        {
            int is_base = extent->block < tree->expect.start;
            FILE *file = is_base ? tree->base : tree->image;
            uint64_t at = (extent->block - (is_base ? 0 : tree->expect.start)) * (uint64_t)BLOCK + offset;

            if (fseek(file, (long)at, SEEK_SET) || fread(to + done, part, 1, file) != 1) return done;
        }
        done += part;
        offset = 0;
    }
    return done;
}
