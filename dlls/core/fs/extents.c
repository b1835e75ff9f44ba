/* The data of files that lie on a disc: a source over their extents. */
#include "read_room.h"

#include <stdlib.h>
#include <string.h>

/* One allocation for each file, since a disc has many. */
struct extent_source
{
    struct source base;
    struct source *disc;
    uint32_t count;
    uint32_t last;                      /* the extent read last: reading goes forward mostly */
    uint64_t last_start;                /* offset of its first byte within the file */
    struct fs_extent extents[];
};

static void seek(struct extent_source *file, uint64_t offset)
{
    if (offset < file->last_start) file->last = 0, file->last_start = 0;
    while (offset - file->last_start >= file->extents[file->last].bytes)
    {
        file->last_start += file->extents[file->last++].bytes;
    }
}

static enum oi_status extent_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                  size_t *got)
{
    struct extent_source *file = (struct extent_source *)source;
    uint8_t *at = buffer;

    *got = 0;
    while (*got < size && offset < source->size)
    {
        const struct fs_extent *extent;
        uint64_t within, left;
        size_t want, have;

        seek(file, offset);
        extent = &file->extents[file->last];
        within = offset - file->last_start;
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
    size_t count;

    if (found->embedded)
    {
        if (found->size > SIZE_MAX) return OI_NO_MEMORY;
        return source_memory_create(found->embedded, (size_t)found->size, out);
    }
    TRY(check(disc, found));
    count = join(found, NULL);
    if (count > UINT32_MAX / sizeof(*file->extents)) return OI_NO_MEMORY;
    if (!(file = malloc(sizeof(*file) + count * sizeof(*file->extents)))) return OI_NO_MEMORY;
    source_init(&file->base, &extent_ops, found->size);
    file->disc = source_ref(disc->source);
    file->count = (uint32_t)join(found, file->extents);
    file->last = 0;
    file->last_start = 0;
    *out = &file->base;
    return OI_OK;
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
