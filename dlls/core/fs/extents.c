/* The data of files that lie on a disc: a source over their extents. */
#include "read_room.h"

#include <stdlib.h>
#include <string.h>

/* One allocation for each file, since a disc has many. It never changes: several threads may read it. */
struct extent_source
{
    struct source base;
    struct source *disc;
    uint32_t count;
    uint64_t *starts;                   /* of the extents in the file; stand behind them. NULL: one extent */
    struct fs_extent extents[];
};

/* The extent that holds an offset before the file's end. */
static uint32_t find(const struct extent_source *file, uint64_t offset)
{
    uint32_t low = 0, high = file->count - 1;

    while (low < high)
    {
        uint32_t middle = high - (high - low) / 2;

        if (file->starts[middle] <= offset) low = middle;
        else high = middle - 1;
    }
    return low;
}

static enum oi_status extent_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                  size_t *got)
{
    const struct extent_source *file = (const struct extent_source *)source;
    uint8_t *at = buffer;
    uint32_t index;

    *got = 0;
    if (offset >= source->size) return OI_OK;
    for (index = find(file, offset); *got < size && offset < source->size; index++)
    {
        const struct fs_extent *extent;
        uint64_t within, left;
        size_t want, have;

        extent = &file->extents[index];
        within = file->starts ? offset - file->starts[index] : offset;
        left = extent->bytes - within;
        want = have = size - *got < left ? size - *got : (size_t)left;
        if (extent->block == FS_EXTENT_HOLE)
        {
            memset(at, 0, want);
        }
        else
        {
            uint64_t start = (uint64_t)extent->block * FS_BLOCK_SIZE + extent->skip;

            TRY(source_read_some(file->disc, start + within, at, want, &have));
        }
        *got += have;
        at += have;
        offset += have;
        /* The disc is shorter than it said; what follows must not move up. */
        if (have < want) return OI_OK;
    }
    return OI_OK;
}

static void extent_destroy(struct source *source)
{
    source_unref(((struct extent_source *)source)->disc);
    free(source);
}

static const struct source_ops extent_ops = { extent_read, extent_destroy };

static int inside(const struct fs_disc *disc, const struct fs_extent *extent)
{
    uint64_t end = (uint64_t)disc->end * FS_BLOCK_SIZE;
    uint64_t start = (uint64_t)extent->block * FS_BLOCK_SIZE + extent->skip;

    if (extent->block == FS_EXTENT_HOLE) return extent->skip == 0;
    return extent->skip < FS_BLOCK_SIZE && start <= end && extent->bytes <= end - start;
}

/* Does one go on where the other ends? Then both can be read at once. */
static int adjacent(const struct fs_extent *a, const struct fs_extent *b)
{
    if (a->block == FS_EXTENT_HOLE || b->block == FS_EXTENT_HOLE) return a->block == b->block;
    return (uint64_t)a->block * FS_BLOCK_SIZE + a->skip + a->bytes
           == (uint64_t)b->block * FS_BLOCK_SIZE + b->skip;
}

/* Extents put together where they are adjacent, without empty ones; out may be NULL. Returns their number. */
static size_t join(const struct fs_found *found, struct fs_extent *out)
{
    struct fs_extent joined = { 0, 0, 0 };
    size_t count = 0;

    for (size_t i = 0; i < found->extent_count; i++)
    {
        const struct fs_extent *extent = &found->extents[i];

        if (!extent->bytes) continue;
        if (count && adjacent(&joined, extent))
        {
            joined.bytes += extent->bytes;
        }
        else
        {
            joined = *extent;
            count++;
        }
        if (out) out[count - 1] = joined;
    }
    return count;
}

static enum oi_status check(const struct fs_disc *disc, const struct fs_found *found)
{
    uint64_t left = found->size;

    for (size_t i = 0; i < found->extent_count; i++)
    {
        const struct fs_extent *extent = &found->extents[i];

        if (!extent->bytes) continue;
        if (!inside(disc, extent) || extent->bytes > left) return OI_FORMAT;
        left -= extent->bytes;
    }
    return left ? OI_FORMAT : OI_OK;
}

enum oi_status fs_extents_create(const struct fs_disc *disc, const struct fs_found *found,
                                 struct source **out)
{
    struct extent_source *file;
    size_t count, offsets;

    if (found->embedded)
    {
        if (found->size > SIZE_MAX) return OI_NO_MEMORY;
        return source_memory_create(found->embedded, (size_t)found->size, out);
    }
    TRY(check(disc, found));
    count = join(found, NULL);
    offsets = count > 1 ? count * sizeof(*file->starts) : 0;
    if (count > UINT32_MAX / (sizeof(*file->extents) + sizeof(*file->starts))) return OI_NO_MEMORY;
    if (!(file = malloc(sizeof(*file) + count * sizeof(*file->extents) + offsets))) return OI_NO_MEMORY;
    source_init(&file->base, &extent_ops, found->size);
    file->disc = source_ref(disc->source);
    file->count = (uint32_t)join(found, file->extents);
    file->starts = offsets ? (uint64_t *)&file->extents[count] : NULL;
    for (uint64_t i = 0, at = 0; offsets && i < count; at += file->extents[i++].bytes) file->starts[i] = at;
    *out = &file->base;
    return OI_OK;
}

const struct source *fs_source_disc(const struct source *source)
{
    return source->ops == &extent_ops ? ((const struct extent_source *)source)->disc : NULL;
}

const struct fs_extent *fs_source_extents(const struct source *source, size_t *count)
{
    const struct extent_source *file = (const struct extent_source *)source;

    *count = 0;
    if (source->ops != &extent_ops) return NULL;
    for (uint32_t i = 0; i < file->count; i++)
    {
        if (file->extents[i].skip) return NULL;
        if (i + 1 < file->count && file->extents[i].bytes % FS_BLOCK_SIZE) return NULL;
    }
    *count = file->count;
    return file->count ? file->extents : NULL;
}
