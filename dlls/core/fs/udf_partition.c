/* Partitions of a logical volume by their maps: on the disc itself, plain or sparable, and on others. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

/* --- sparable: UDF 2.2.9, 2.2.12 ------------------------------------------------------------------------ */

#define SPARING_ENTRIES 56              /* where the entries of a sparing table begin */
#define SPARING_UNUSED 0xfffffff0u      /* from here on: packets that are free, or no good */

struct sparing
{
    uint8_t *table;
    size_t count;                       /* entries */
    uint32_t sequence;
};

/* A table, when it is good and newer than the one that was found before. */
static enum oi_status read_sparing(struct udf_reader *reader, uint32_t block, uint32_t size,
                                   struct sparing *newest)
{
    uint32_t blocks = (uint32_t)fs_blocks_of(size);
    enum oi_status status = OI_OK;
    uint8_t *table;
    size_t count;

    /* 65,535 entries at most. */
    if (size < SPARING_ENTRIES || blocks > 257 || block >= reader->volume.disc.end) return OI_FORMAT;
    if (blocks > reader->volume.disc.end - block) blocks = reader->volume.disc.end - block;
    if (!(table = malloc((size_t)blocks * FS_BLOCK_SIZE))) return OI_NO_MEMORY;
    for (uint32_t i = 0; i < blocks && !status; i++)
    {
        const uint8_t *bytes;

        if (!(status = fs_udf_disc_block(reader, block + i, &bytes)))
        {
            memcpy(table + (size_t)i * FS_BLOCK_SIZE, bytes, FS_BLOCK_SIZE);
        }
    }
    count = status ? 0 : get_le16(table + 48);
    if (!status && (fs_udf_tag(table, (size_t)blocks * FS_BLOCK_SIZE, block) != ECMA167_TAG_UNSPECIFIED ||
                    !fs_udf_entity_is(table + 16, UDF_ID_SPARING_TABLE) ||
                    SPARING_ENTRIES + 8 * count > (size_t)blocks * FS_BLOCK_SIZE))
    {
        status = OI_FORMAT;
    }
    if (!status && (!newest->table || get_le32(table + 52) > newest->sequence))
    {
        free(newest->table);
        *newest = (struct sparing){ .table = table, .count = count, .sequence = get_le32(table + 52) };
        return OI_OK;
    }
    free(table);
    return status;
}

static int by_original(const void *a, const void *b)
{
    uint32_t first = get_le32(a), second = get_le32(b);

    return first < second ? -1 : first > second;
}

/* The blocks of the partition one after the other, with the packets that were replaced in their places. */
static enum oi_status map_packets(struct udf_reader *reader, struct udf_map *map,
                                  const struct sparing *sparing, uint32_t packet, uint32_t start,
                                  uint32_t length)
{
    uint32_t next = 0;

    for (size_t i = 0; i < sparing->count; i++)
    {
        uint32_t original = get_le32(sparing->table + SPARING_ENTRIES + 8 * i);
        uint32_t mapped = get_le32(sparing->table + SPARING_ENTRIES + 8 * i + 4), count = packet;

        if (original >= SPARING_UNUSED || original >= length) break;
        if (original < next) return OI_FORMAT;
        if (count > length - original) count = length - original;
        TRY(fs_udf_map_add(reader, map, next, original - next, start + next));
        TRY(fs_udf_map_add(reader, map, original, count, mapped));
        next = original + count;
    }
    return fs_udf_map_add(reader, map, next, length - next, start + next);
}

enum oi_status fs_udf_sparable_open(struct udf_reader *reader, struct udf_partition *partition,
                                    const uint8_t *map, uint32_t start, uint32_t length)
{
    uint32_t packet = get_le16(map + 40), size = get_le32(map + 44);
    unsigned tables = map[42];
    struct sparing sparing = { NULL, 0, 0 };
    enum oi_status status = OI_FORMAT;

    if (!packet || tables > 4) return OI_FORMAT;
    for (unsigned i = 0; i < tables; i++)
    {
        enum oi_status one = read_sparing(reader, get_le32(map + 48 + 4 * i), size, &sparing);

        if (one == OI_NO_MEMORY)
        {
            free(sparing.table);
            return one;
        }
        if (one) reader->damaged = 1;
        if (one && status == OI_FORMAT) status = one;
    }
    if (!sparing.table) return status;
    qsort(sparing.table + SPARING_ENTRIES, sparing.count, 8, by_original);
    status = map_packets(reader, &partition->map, &sparing, packet, start, length);
    free(sparing.table);
    return status;
}

/* --- the table of maps: 3/10.7 -------------------------------------------------------------------------- */

enum map_kind
{
    MAP_PHYSICAL,
    MAP_SPARABLE,
    MAP_VIRTUAL,
    MAP_METADATA,
};

struct maps
{
    struct
    {
        enum map_kind kind;
        const uint8_t *bytes;
        unsigned descriptor;            /* index of the partition descriptor */
    } items[UDF_PARTITIONS_MAX];
};

static enum oi_status kind_of(const uint8_t *map, size_t size, enum map_kind *kind, uint16_t *number)
{
    if (map[0] == 1 && size == 6)
    {
        *kind = MAP_PHYSICAL;
        *number = get_le16(map + 4);
        return OI_OK;
    }
    if (map[0] != 2 || size != 64) return OI_NOT_SUPPORTED;
    *number = get_le16(map + 38);
    if (fs_udf_entity_is(map + 4, UDF_ID_VIRTUAL)) *kind = MAP_VIRTUAL;
    else if (fs_udf_entity_is(map + 4, UDF_ID_SPARABLE)) *kind = MAP_SPARABLE;
    else if (fs_udf_entity_is(map + 4, UDF_ID_METADATA)) *kind = MAP_METADATA;
    else return OI_NOT_SUPPORTED;
    return OI_OK;
}

static enum oi_status parse_maps(struct udf_reader *reader, const struct udf_descriptors *descriptors,
                                 struct maps *maps)
{
    const uint8_t *map = descriptors->volume + 440;
    uint32_t left = get_le32(descriptors->volume + 264), count = get_le32(descriptors->volume + 268);

    if (left > FS_BLOCK_SIZE - 440 || !count) return OI_FORMAT;
    if (count > UDF_PARTITIONS_MAX) return OI_NOT_SUPPORTED;
    for (unsigned i = 0; i < count; i++)
    {
        unsigned at = 0;
        uint16_t number;

        if (left < 2 || map[1] < 2 || map[1] > left) return OI_FORMAT;
        TRY(kind_of(map, map[1], &maps->items[i].kind, &number));
        while (at < descriptors->partition_count && descriptors->partitions[at].number != number) at++;
        if (at == descriptors->partition_count) return OI_FORMAT;
        maps->items[i].bytes = map;
        maps->items[i].descriptor = at;
        reader->partitions[i].number = number;
        left -= map[1];
        map += map[1];
    }
    reader->partition_count = count;
    return OI_OK;
}

static enum oi_status open_physical(struct udf_reader *reader, const struct udf_descriptors *descriptors,
                                    const struct maps *maps, unsigned i)
{
    struct udf_partition *partition = &reader->partitions[i];
    uint32_t start = descriptors->partitions[maps->items[i].descriptor].start;
    uint32_t length = descriptors->partitions[maps->items[i].descriptor].length;

    partition->physical = 1;
    if (length > UINT32_MAX - start) return OI_FORMAT;
    if (maps->items[i].kind == MAP_SPARABLE)
    {
        return fs_udf_sparable_open(reader, partition, maps->items[i].bytes, start, length);
    }
    return fs_udf_map_add(reader, &partition->map, 0, length, start);
}

/* A partition that lies on another: the one of the same number that lies on the disc. */
static enum oi_status open_logical(struct udf_reader *reader, const struct udf_descriptors *descriptors,
                                   const struct maps *maps, unsigned i)
{
    struct udf_partition *partition = &reader->partitions[i];
    uint16_t on = 0;

    while (on < reader->partition_count &&
           !(reader->partitions[on].physical && reader->partitions[on].number == partition->number)) on++;
    if (on == reader->partition_count) return OI_FORMAT;
    if (maps->items[i].kind == MAP_METADATA)
    {
        return fs_udf_metadata_open(reader, partition, on, maps->items[i].bytes);
    }
    return fs_udf_virtual_open(reader, partition, on,
                               descriptors->partitions[maps->items[i].descriptor].start);
}

enum oi_status fs_udf_partitions_open(struct udf_reader *reader, const struct udf_descriptors *descriptors)
{
    struct maps maps;

    TRY(parse_maps(reader, descriptors, &maps));
    for (unsigned i = 0; i < reader->partition_count; i++)
    {
        if (maps.items[i].kind <= MAP_SPARABLE) TRY(open_physical(reader, descriptors, &maps, i));
    }
    for (unsigned i = 0; i < reader->partition_count; i++)
    {
        if (maps.items[i].kind > MAP_SPARABLE) TRY(open_logical(reader, descriptors, &maps, i));
    }
    return OI_OK;
}
