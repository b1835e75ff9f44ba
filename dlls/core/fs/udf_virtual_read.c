/* Virtual partitions, UDF 2.2.8 and 2.2.11: their blocks lie where the newest allocation table says. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define HEADER 152                      /* UDF 2.00 2.2.11: of the table, its fixed fields */
#define TRAILER 36                      /* UDF 1.50 2.2.10: what ends the table */
#define NOWHERE 0xffffffffu             /* an entry of a block that is not in use */

/* The data of a table, new memory. What is too much for a table is refused before anything is read. */
static enum oi_status read_table(struct udf_reader *reader, const struct udf_entry *entry, uint8_t **out)
{
    struct udf_stream stream;
    size_t done = 0, capacity = 0;
    uint8_t *table = NULL;
    enum oi_status status;

    /* There are no more entries than blocks; 64 KiB are for what stands around them. */
    if (entry->size > 4 * (uint64_t)reader->volume.disc.end + 65536) return OI_FORMAT;
    fs_udf_stream_start(&stream, reader, entry);
    for (;;)
    {
        const uint8_t *bytes;
        size_t count;

        if ((status = fs_udf_stream_next(&stream, &bytes, &count)) || !count) break;
        if (stream.in_hole)
        {
            status = OI_FORMAT;
            break;
        }
        if (count > capacity - done)
        {
            size_t larger = capacity ? capacity * 2 : 2 * FS_BLOCK_SIZE;
            uint8_t *grown = realloc(table, larger);

            if (!grown)
            {
                status = OI_NO_MEMORY;
                break;
            }
            table = grown;
            capacity = larger;
        }
        memcpy(table + done, bytes, count);
        done += count;
    }
    if (status) free(table);
    else *out = table;
    return status;
}

/* Where the entries of a table begin and end; what its header says goes to the volume. */
static enum oi_status frame(struct udf_reader *reader, const struct udf_entry *entry, const uint8_t *table,
                            size_t *begin, size_t *end)
{
    struct fs_volume *volume = &reader->volume;
    size_t size = (size_t)entry->size;
    char16_t name[FS_IMPORTED_NAME_MAX + 1];

    if (entry->type != UDF_FILE_VIRTUAL_TABLE)
    {
        if (size < TRAILER) return OI_FORMAT;
        if (!fs_udf_entity_is(table + size - TRAILER, UDF_ID_VIRTUAL_TABLE)) return OI_FORMAT;
        *begin = 0;
        *end = size - TRAILER;
        return OI_OK;
    }
    if (size < HEADER || get_le16(table) < HEADER || get_le16(table) > size) return OI_FORMAT;
    if (get_le16(table + 144) > UDF_REVISION_MAX) return OI_NOT_SUPPORTED;
    *begin = get_le16(table);
    *end = size;
    volume->files_total = get_le32(table + 136);
    volume->directories_total = get_le32(table + 140);
    if (fs_udf_field_text(table + 4, 128, name, FS_IMPORTED_NAME_MAX + 1))
    {
        memcpy(volume->info.name, name, sizeof(name));
    }
    return OI_OK;
}

static enum oi_status add_blocks(struct udf_reader *reader, struct udf_map *map, uint16_t on,
                                 const uint8_t *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        struct udf_address at = { .block = get_le32(entries + 4 * i), .partition = on };
        uint32_t block, more;

        /* One that leads nowhere does no harm until it is followed. */
        if (at.block == NOWHERE || fs_udf_locate(reader, at, &block, &more)) continue;
        TRY(fs_udf_map_add(reader, map, (uint32_t)i, 1, block));
    }
    return OI_OK;
}

static enum oi_status try_table(struct udf_reader *reader, struct udf_map *map, struct udf_address at)
{
    struct udf_entry entry;
    size_t begin, end;
    uint8_t *table;
    enum oi_status status;

    TRY(fs_udf_entry_read(reader, at, &entry));
    if ((entry.type != UDF_FILE_VIRTUAL_TABLE && entry.type != ECMA167_FILE_UNSPECIFIED) || !entry.size)
    {
        return OI_FORMAT;
    }
    TRY(read_table(reader, &entry, &table));
    status = frame(reader, &entry, table, &begin, &end);
    if (!status) status = add_blocks(reader, map, at.partition, table + begin, (end - begin) / 4);
    if (!status) reader->volume.info.next_unique_id = entry.unique_id;  /* UDF 2.00 3.2.1.1 */
    free(table);
    return status;
}

/*
 * The entry of the newest table is the last block that was written to the disc (UDF 2.2.11); but what a
 * drive or a file says to be the last block may be behind it: two blocks that end a track, 150 of a postgap,
 * or what fills a packet.
 */
#define BEHIND_MAX 160
#define FAILURES_MAX 4                  /* blocks that were not written take a drive seconds each */

enum oi_status fs_udf_virtual_open(struct udf_reader *reader, struct udf_partition *partition, uint16_t on,
                                   uint32_t start)
{
    uint32_t end = reader->volume.disc.end;
    enum oi_status first = OI_FORMAT;
    unsigned failures = 0;

    for (uint32_t behind = 1; behind <= BEHIND_MAX && end - behind >= start && end >= behind; behind++)
    {
        struct udf_address at = { .block = end - behind - start, .partition = on };
        const uint8_t *bytes;
        enum oi_status status = fs_udf_block(reader, at, 0, &bytes);
        int tag = -1;

        if (!status) tag = fs_udf_tag(bytes, FS_BLOCK_SIZE, at.block);
        else if (status != OI_FORMAT && ++failures == FAILURES_MAX) return status;
        if (tag == ECMA167_TAG_FILE_ENTRY || tag == ECMA167_TAG_EXTENDED_FILE_ENTRY)
        {
            status = try_table(reader, &partition->map, at);
            if (!status) return OI_OK;
            fs_udf_map_free(&partition->map);
        }
        if (status == OI_NO_MEMORY) return status;
        if (status && first == OI_FORMAT) first = status;
    }
    return first;
}
