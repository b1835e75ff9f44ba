/* Blocks for the UDF reader: of the disc through a cache, of partitions through their maps; the budget. */
#include "udf_read_room.h"

#include <stdlib.h>
#include <string.h>

/* --- budget --------------------------------------------------------------------------------------------- */

/* Descriptors that tell the truth lie in blocks of their own: no walk over all of them takes more steps than
   there are blocks. Links to one file make several walks over its descriptors, so there is room for more. */
enum oi_status fs_udf_spend(struct udf_reader *reader, uint64_t steps)
{
    reader->volume.spent += steps;
    return reader->volume.spent > 4 * (uint64_t)reader->volume.disc.end + 1024 ? OI_FORMAT : OI_OK;
}

/* --- cache ---------------------------------------------------------------------------------------------- */

static const uint8_t *cached(struct udf_cache *cache, unsigned slot, uint32_t block)
{
    uint32_t at = block - cache->slots[slot].first;

    if (block < cache->slots[slot].first || at >= cache->slots[slot].count) return NULL;
    cache->slots[slot].used = ++cache->clock;
    cache->last = slot;
    return cache->bytes + ((size_t)slot * UDF_CACHE_BLOCKS + at) * FS_BLOCK_SIZE;
}

static unsigned oldest(const struct udf_cache *cache)
{
    unsigned slot = 0;

    for (unsigned i = 1; i < UDF_CACHE_SLOTS; i++)
    {
        if (cache->slots[i].used < cache->slots[slot].used) slot = i;
    }
    return slot;
}

/* Blocks read with a neighbour that nobody has asked for yet: worth it, unless the walk leaps about so much
   that they are never asked for. */
static int may_read_ahead(const struct udf_reader *reader)
{
    return reader->cache.ahead <= 2 * (uint64_t)reader->volume.disc.end;
}

static enum oi_status fill(struct udf_reader *reader, unsigned slot, uint32_t block)
{
    const struct fs_disc *disc = &reader->volume.disc;
    uint8_t *bytes = reader->cache.bytes + (size_t)slot * UDF_CACHE_BLOCKS * FS_BLOCK_SIZE;
    uint32_t first = block, count = 1;
    enum oi_status status = OI_FORMAT;

    if (block >= disc->end) return OI_FORMAT;
    reader->cache.slots[slot].count = 0;
    if (may_read_ahead(reader))
    {
        first = block - block % UDF_CACHE_BLOCKS;
        count = disc->end - first < UDF_CACHE_BLOCKS ? disc->end - first : UDF_CACHE_BLOCKS;
        reader->cache.ahead += count - 1;
        status = source_read(disc->source, (uint64_t)first * FS_BLOCK_SIZE, bytes,
                             (size_t)count * FS_BLOCK_SIZE);
        if (status == OI_NO_MEMORY) return status;
    }
    /* Where one of them cannot be read, it alone. */
    if (status)
    {
        first = block;
        count = 1;
        if ((status = fs_disc_read(disc, block, 1, bytes, &reader->volume.bad))) return status;
    }
    reader->cache.slots[slot].first = first;
    reader->cache.slots[slot].count = count;
    return OI_OK;
}

enum oi_status fs_udf_disc_block(struct udf_reader *reader, uint32_t block, const uint8_t **bytes)
{
    struct udf_cache *cache = &reader->cache;
    unsigned slot;

    if ((*bytes = cached(cache, cache->last, block))) return OI_OK;
    for (slot = 0; slot < UDF_CACHE_SLOTS; slot++)
    {
        if ((*bytes = cached(cache, slot, block))) return OI_OK;
    }
    slot = oldest(cache);
    TRY(fill(reader, slot, block));
    *bytes = cached(cache, slot, block);
    return OI_OK;
}

/* --- maps ----------------------------------------------------------------------------------------------- */

enum oi_status fs_udf_map_add(const struct udf_reader *reader, struct udf_map *map, uint32_t first,
                              uint32_t count, uint32_t block)
{
    uint32_t end = reader->volume.disc.end;
    struct udf_run *last = map->count ? &map->runs[map->count - 1] : NULL;

    if (block >= end || !count) return OI_OK;
    if (count > end - block) count = end - block;
    if (count > UINT32_MAX - first) count = UINT32_MAX - first;
    if (last && first - last->first < last->count) return OI_FORMAT;
    if (last && first < last->first) return OI_FORMAT;
    if (last && last->first + last->count == first && last->block + last->count == block)
    {
        last->count += count;
        return OI_OK;
    }
    if (map->count == map->capacity)
    {
        size_t capacity = map->capacity ? map->capacity * 2 : 4;
        struct udf_run *runs = realloc(map->runs, capacity * sizeof(*runs));

        if (!runs) return OI_NO_MEMORY;
        map->runs = runs;
        map->capacity = capacity;
    }
    map->runs[map->count++] = (struct udf_run){ .first = first, .count = count, .block = block };
    return OI_OK;
}

void fs_udf_map_free(struct udf_map *map)
{
    free(map->runs);
    memset(map, 0, sizeof(*map));
}

enum oi_status fs_udf_map_find(struct udf_map *map, uint32_t first, uint32_t *block, uint32_t *count)
{
    const struct udf_run *run = map->last < map->count ? &map->runs[map->last] : NULL;

    if (!run || first < run->first || first - run->first >= run->count)
    {
        size_t low = 0, high = map->count;      /* the run is the last of those that begin at or before it */

        while (low < high)
        {
            size_t middle = low + (high - low) / 2;

            if (map->runs[middle].first <= first) low = middle + 1;
            else high = middle;
        }
        if (!low || first - map->runs[low - 1].first >= map->runs[low - 1].count) return OI_FORMAT;
        map->last = low - 1;
        run = &map->runs[map->last];
    }
    *block = run->block + (first - run->first);
    *count = run->count - (first - run->first);
    return OI_OK;
}

enum oi_status fs_udf_locate(struct udf_reader *reader, struct udf_address at, uint32_t *block,
                             uint32_t *count)
{
    if (at.partition >= reader->partition_count) return OI_FORMAT;
    return fs_udf_map_find(&reader->partitions[at.partition].map, at.block, block, count);
}

unsigned fs_udf_copies(const struct udf_reader *reader, uint16_t partition)
{
    return partition < reader->partition_count && reader->partitions[partition].mirror.count ? 2 : 1;
}

enum oi_status fs_udf_block(struct udf_reader *reader, struct udf_address at, unsigned copy,
                            const uint8_t **bytes)
{
    struct udf_partition *partition;
    uint32_t block, count;

    if (at.partition >= reader->partition_count) return OI_FORMAT;
    partition = &reader->partitions[at.partition];
    TRY(fs_udf_map_find(copy ? &partition->mirror : &partition->map, at.block, &block, &count));
    return fs_udf_disc_block(reader, block, bytes);
}

enum oi_status fs_udf_descriptor(struct udf_reader *reader, struct udf_address at, uint8_t out[FS_BLOCK_SIZE],
                                 int *tag)
{
    enum oi_status status = OI_FORMAT;

    for (unsigned copy = 0; copy < fs_udf_copies(reader, at.partition); copy++)
    {
        const uint8_t *bytes;
        enum oi_status one = fs_udf_block(reader, at, copy, &bytes);

        if (one == OI_NO_MEMORY) return one;
        if (!one && (*tag = fs_udf_tag(bytes, FS_BLOCK_SIZE, at.block)) < 0) one = OI_FORMAT;
        if (!one)
        {
            if (copy) fs_udf_damaged(reader);
            memcpy(out, bytes, FS_BLOCK_SIZE);
            return OI_OK;
        }
        if (!copy) status = one;
    }
    return status;
}
