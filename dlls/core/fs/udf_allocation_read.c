/* What allocation descriptors cover: extents of partitions, the data in them, and extents of the disc. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

/* --- descriptors ---------------------------------------------------------------------------------------- */

void fs_udf_allocations_start(struct udf_allocations *list, struct udf_reader *reader,
                              const struct udf_entry *entry)
{
    list->reader = reader;
    list->form = entry->allocation;
    list->partition = entry->at.partition;
    list->next = entry->block + entry->descriptors;
    list->left = entry->descriptors_size;
}

/* One descriptor: 4/14.14.1 to 4/14.14.3. */
static enum oi_status decode(struct udf_allocations *list, struct udf_extent *extent)
{
    static const uint8_t sizes[] = { 8, 16, 20 };
    const uint8_t *bytes = list->next;
    size_t size = sizes[list->form];

    extent->bytes = 0;
    if (list->left < size) return OI_OK;
    list->next += size;
    list->left -= size;
    extent->type = get_le32(bytes) >> 30;
    extent->bytes = get_le32(bytes) & ECMA167_EXTENT_LENGTH;
    if (list->form == ECMA167_ALLOCATION_SHORT)
    {
        extent->at = (struct udf_address){ .block = get_le32(bytes + 4), .partition = list->partition };
    }
    else if (list->form == ECMA167_ALLOCATION_LONG)
    {
        extent->at = fs_udf_address(bytes + 4);
    }
    else
    {
        /* Of the extent, what is recorded and what the information in it is: more when it is compressed. */
        if ((get_le32(bytes + 4) & ECMA167_EXTENT_LENGTH) != get_le32(bytes + 8)) return OI_NOT_SUPPORTED;
        extent->at = fs_udf_address(bytes + 12);
    }
    return OI_OK;
}

/* 4/14.5: an allocation extent descriptor with more of them behind it. */
static enum oi_status continue_at(struct udf_allocations *list, const struct udf_extent *extent)
{
    uint32_t size;
    int tag;

    TRY(fs_udf_spend(list->reader, 1));
    TRY(fs_udf_descriptor(list->reader, extent->at, list->block, &tag));
    size = get_le32(list->block + 20);
    if (tag != ECMA167_TAG_ALLOCATION_EXTENT || size > FS_BLOCK_SIZE - 24) return OI_FORMAT;
    list->partition = extent->at.partition;
    list->next = list->block + 24;
    list->left = size;
    return OI_OK;
}

enum oi_status fs_udf_allocations_next(struct udf_allocations *list, struct udf_extent *extent)
{
    for (;;)
    {
        TRY(decode(list, extent));
        if (!extent->bytes || extent->type != ECMA167_EXTENT_CONTINUATION) return OI_OK;
        TRY(continue_at(list, extent));
    }
}

/* The next extent of a file of which so much is still to come: cut to that. */
static enum oi_status next_of(struct udf_allocations *list, uint64_t left, struct udf_extent *extent)
{
    TRY(fs_udf_allocations_next(list, extent));
    if (!extent->bytes) return OI_FORMAT;               /* there should be more */
    if (extent->bytes > left) extent->bytes = (uint32_t)left;
    /* 4/12.1: all but the last fill their blocks. */
    return extent->bytes < left && extent->bytes % FS_BLOCK_SIZE ? OI_FORMAT : OI_OK;
}

/* --- data ----------------------------------------------------------------------------------------------- */

void fs_udf_stream_start(struct udf_stream *stream, struct udf_reader *reader, const struct udf_entry *entry)
{
    stream->entry = entry;
    stream->left = entry->size;
    stream->extent.bytes = 0;
    fs_udf_allocations_start(&stream->list, reader, entry);
}

/* A block from whichever copy of it can be read. */
static enum oi_status read_block(struct udf_reader *reader, struct udf_address at, const uint8_t **bytes)
{
    enum oi_status status = fs_udf_block(reader, at, 0, bytes);

    if (!status || status == OI_NO_MEMORY || fs_udf_copies(reader, at.partition) < 2) return status;
    if (fs_udf_block(reader, at, 1, bytes)) return status;
    fs_udf_damaged(reader);
    return OI_OK;
}

enum oi_status fs_udf_stream_next(struct udf_stream *stream, const uint8_t **bytes, size_t *count)
{
    static const uint8_t zeros[FS_BLOCK_SIZE];
    struct udf_extent *extent = &stream->extent;

    *count = 0;
    if (!stream->left) return OI_OK;
    if (stream->entry->allocation == ECMA167_ALLOCATION_EMBEDDED)
    {
        *bytes = stream->entry->block + stream->entry->descriptors;
        *count = (size_t)stream->left;
        stream->at = stream->entry->at;
        stream->in_hole = 0;
        stream->left = 0;
        return OI_OK;
    }
    TRY(fs_udf_spend(stream->list.reader, 1));
    if (!extent->bytes) TRY(next_of(&stream->list, stream->left, extent));
    stream->at = extent->at;
    stream->in_hole = extent->type != ECMA167_EXTENT_RECORDED;
    if (stream->in_hole) *bytes = zeros;
    else TRY(read_block(stream->list.reader, extent->at, bytes));
    *count = extent->bytes < FS_BLOCK_SIZE ? extent->bytes : FS_BLOCK_SIZE;
    extent->at.block++;
    extent->bytes -= (uint32_t)*count;
    stream->left -= *count;
    return OI_OK;
}

/* --- extents of the disc -------------------------------------------------------------------------------- */

#define EXTENTS_FREE 8                  /* so many cost nothing: an entry was read for them */

static enum oi_status add(struct udf_reader *reader, struct udf_extents *extents, uint32_t block,
                          uint64_t bytes)
{
    struct fs_extent *last = extents->count ? &extents->items[extents->count - 1] : NULL;

    if (last && block == FS_EXTENT_HOLE ? last->block == block
                                        : last && last->block != FS_EXTENT_HOLE &&
                                              last->block + last->bytes / FS_BLOCK_SIZE == block)
    {
        last->bytes += bytes;
        return OI_OK;
    }
    if (extents->count >= EXTENTS_FREE) TRY(fs_udf_spend(reader, 1));
    if (extents->count == extents->capacity)
    {
        size_t capacity = extents->capacity ? extents->capacity * 2 : 8;
        struct fs_extent *items = realloc(extents->items, capacity * sizeof(*items));

        if (!items) return OI_NO_MEMORY;
        extents->items = items;
        extents->capacity = capacity;
    }
    extents->items[extents->count++] = (struct fs_extent){ .block = block, .bytes = bytes };
    return OI_OK;
}

static enum oi_status add_recorded(struct udf_reader *reader, struct udf_extents *extents,
                                   struct udf_extent from, uint64_t *blocks)
{
    while (from.bytes)
    {
        uint32_t block, count;
        uint64_t bytes;

        TRY(fs_udf_locate(reader, from.at, &block, &count));
        bytes = (uint64_t)count * FS_BLOCK_SIZE;
        if (bytes > from.bytes) bytes = from.bytes;
        TRY(add(reader, extents, block, bytes));
        *blocks += fs_blocks_of(bytes);
        from.at.block += count;
        from.bytes -= (uint32_t)bytes;
    }
    /* A file that takes more than the disc has the same blocks twice. */
    return *blocks > reader->volume.disc.end ? OI_FORMAT : OI_OK;
}

enum oi_status fs_udf_extents_of(struct udf_reader *reader, const struct udf_entry *entry,
                                 struct udf_extents *extents)
{
    struct udf_allocations list;
    uint64_t left = entry->size, blocks = 0;

    extents->count = 0;
    fs_udf_allocations_start(&list, reader, entry);
    while (left)
    {
        struct udf_extent extent;

        TRY(next_of(&list, left, &extent));
        left -= extent.bytes;
        if (extent.type != ECMA167_EXTENT_RECORDED) TRY(add(reader, extents, FS_EXTENT_HOLE, extent.bytes));
        else TRY(add_recorded(reader, extents, extent, &blocks));
    }
    return OI_OK;
}
