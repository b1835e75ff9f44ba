/* Metadata partitions, UDF 2.50 2.2.10 and 2.2.13: what lies in them is the data of a file on the disc. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

static enum oi_status add_extent(struct udf_reader *reader, struct udf_map *map, uint32_t first,
                                 struct udf_extent from)
{
    uint32_t left = (uint32_t)fs_blocks_of(from.bytes);

    while (left)
    {
        uint32_t block, count;

        TRY(fs_udf_spend(reader, 1));
        TRY(fs_udf_locate(reader, from.at, &block, &count));
        if (count > left) count = left;
        TRY(fs_udf_map_add(reader, map, first, count, block));
        first += count;
        from.at.block += count;
        left -= count;
    }
    return OI_OK;
}

/* A metadata file, or its mirror. Blocks that it has no record of are not there. */
static enum oi_status add_file(struct udf_reader *reader, struct udf_address at, unsigned type,
                               struct udf_map *map)
{
    struct udf_allocations list;
    struct udf_entry entry;
    uint64_t done = 0;

    TRY(fs_udf_entry_read(reader, at, &entry));
    if (entry.type != type || entry.allocation == ECMA167_ALLOCATION_EMBEDDED) return OI_FORMAT;
    if (entry.size / FS_BLOCK_SIZE > UINT32_MAX) return OI_FORMAT;
    fs_udf_allocations_start(&list, reader, &entry);
    while (done < entry.size)
    {
        struct udf_extent extent;

        TRY(fs_udf_allocations_next(&list, &extent));
        if (!extent.bytes) return OI_FORMAT;
        if (extent.bytes > entry.size - done) extent.bytes = (uint32_t)(entry.size - done);
        if (extent.type == ECMA167_EXTENT_RECORDED)
        {
            TRY(add_extent(reader, map, (uint32_t)(done / FS_BLOCK_SIZE), extent));
        }
        done += extent.bytes;
        if (done < entry.size && done % FS_BLOCK_SIZE) return OI_FORMAT;
    }
    return map->count ? OI_OK : OI_FORMAT;
}

enum oi_status fs_udf_metadata_open(struct udf_reader *reader, struct udf_partition *partition, uint16_t on,
                                    const uint8_t *map)
{
    struct udf_address file = { .block = get_le32(map + 40), .partition = on };
    struct udf_address mirror = { .block = get_le32(map + 44), .partition = on };
    int duplicate = map[58] & UDF_METADATA_DUPLICATE;
    enum oi_status status = add_file(reader, file, UDF_FILE_METADATA, &partition->map), other;

    if (status == OI_NO_MEMORY) return status;
    partition->metadata = 1;
    reader->volume.info.redundant_metadata = duplicate;
    if (status)
    {
        fs_udf_map_free(&partition->map);
        reader->damaged = 1;
        other = add_file(reader, mirror, UDF_FILE_METADATA_MIRROR, &partition->map);
        return other && other != OI_NO_MEMORY ? status : other;
    }
    if (!duplicate) return OI_OK;                       /* the mirror has the same blocks */
    other = add_file(reader, mirror, UDF_FILE_METADATA_MIRROR, &partition->mirror);
    if (!other || other == OI_NO_MEMORY) return other;
    fs_udf_map_free(&partition->mirror);
    reader->damaged = 1;
    return OI_OK;
}
