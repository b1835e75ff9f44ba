/* Sources made of other sources: several one after the other, and a part of one. */
#include "openimapi/source.h"

#include <stdlib.h>

struct concat_part
{
    struct source *source;
    uint64_t start;                     /* offset of the first byte within the whole */
};

struct concat_source
{
    struct source base;
    size_t count;
    size_t last;                        /* the part read last: reading goes forward mostly */
    struct concat_part parts[];
};

/* Index of the part that holds offset; parts without bytes hold none. */
static size_t part_at(struct concat_source *concat, uint64_t offset)
{
    size_t low = 0, high = concat->count;

    if (offset >= concat->parts[concat->last].start &&
        offset - concat->parts[concat->last].start < concat->parts[concat->last].source->size)
    {
        return concat->last;
    }
    while (high - low > 1)
    {
        size_t middle = low + (high - low) / 2;

        if (concat->parts[middle].start <= offset) low = middle;
        else high = middle;
    }
    return low;
}

static enum oi_status concat_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                  size_t *got)
{
    struct concat_source *concat = (struct concat_source *)source;
    uint8_t *at = buffer;

    *got = 0;
    while (*got < size && offset < source->size)
    {
        const struct concat_part *part;
        uint64_t within, left;
        size_t want, have = 0;

        concat->last = part_at(concat, offset);
        part = &concat->parts[concat->last];
        within = offset - part->start;
        left = part->source->size - within;
        want = size - *got < left ? size - *got : (size_t)left;
        TRY(source_read_some(part->source, within, at, want, &have));
        *got += have;
        at += have;
        offset += have;
        /* A part shorter than announced would shift all that follows: the source ends there. */
        if (have < want) return OI_OK;
    }
    return OI_OK;
}

static void concat_destroy(struct source *source)
{
    struct concat_source *concat = (struct concat_source *)source;

    for (size_t i = 0; i < concat->count; i++) source_unref(concat->parts[i].source);
    free(concat);
}

static const struct source_ops concat_ops = { concat_read, concat_destroy };

enum oi_status source_concat_create(struct source *const *parts, size_t count, struct source **out)
{
    struct concat_source *concat;
    uint64_t size = 0;

    if (!count) return source_zero_create(0, out);
    if (count > (SIZE_MAX - sizeof(*concat)) / sizeof(concat->parts[0])) return OI_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
    {
        if (parts[i]->size > UINT64_MAX - size) return OI_INVALID_ARGUMENT;
        size += parts[i]->size;
    }
    if (!(concat = malloc(sizeof(*concat) + count * sizeof(concat->parts[0])))) return OI_NO_MEMORY;
    source_init(&concat->base, &concat_ops, size);
    concat->count = count;
    concat->last = 0;
    size = 0;
    for (size_t i = 0; i < count; i++)
    {
        concat->parts[i].source = source_ref(parts[i]);
        concat->parts[i].start = size;
        size += parts[i]->size;
    }
    *out = &concat->base;
    return OI_OK;
}

struct slice_source
{
    struct source base;
    struct source *whole;
    uint64_t offset;
};

static enum oi_status slice_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                 size_t *got)
{
    const struct slice_source *slice = (const struct slice_source *)source;

    *got = 0;
    if (offset >= source->size) return OI_OK;
    if (size > source->size - offset) size = (size_t)(source->size - offset);
    return source_read_some(slice->whole, slice->offset + offset, buffer, size, got);
}

static void slice_destroy(struct source *source)
{
    source_unref(((struct slice_source *)source)->whole);
    free(source);
}

static const struct source_ops slice_ops = { slice_read, slice_destroy };

enum oi_status source_slice_create(struct source *whole, uint64_t offset, uint64_t size, struct source **out)
{
    struct slice_source *slice;

    if (offset > whole->size || size > whole->size - offset) return OI_INVALID_ARGUMENT;
    if (!(slice = malloc(sizeof(*slice)))) return OI_NO_MEMORY;
    source_init(&slice->base, &slice_ops, size);
    slice->whole = source_ref(whole);
    slice->offset = offset;
    *out = &slice->base;
    return OI_OK;
}
