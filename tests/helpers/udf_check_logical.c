/* The independent UDF reader: the logical volume, its integrity, and the space of its partition. */
#include "helpers/udf_check_room.h"

#include <stdlib.h>
#include <string.h>

/* --- logical volume descriptor ---------------------------------------------------------------------- */

/* UDF 2.2.10 (2.50): the map of a metadata partition. */
static void check_metadata_map(struct udf_check_tree *t, const uint8_t *map)
{
    struct udf_check_volume *volume = &t->volume;

    require(t, t->volume.revision >= 0x0250, "a metadata partition in revision %04X", t->volume.revision);
    check_entity(t, map + 4, "*UDF Metadata Partition", SUFFIX_UDF, "partition map");
    require(t, t->map_count == 1 && !t->maps[0].is_metadata,
            "a metadata partition map that is not the second");
    require(t, le(map + 38, 2) == t->partition_number, "metadata partition of partition %u", le(map + 38, 2));
    t->metadata_location = le(map + 40, 4);
    t->mirror_location = le(map + 44, 4);
    t->bitmap_location = le(map + 48, 4);
    volume->has_metadata = 1;
    volume->metadata_unit = le(map + 52, 4);
    volume->metadata_alignment = le(map + 56, 2);
    require(t, volume->metadata_unit > 0 && volume->metadata_alignment > 0,
            "allocation unit %u, alignment %u", volume->metadata_unit, volume->metadata_alignment);
    require(t, map[58] <= 1, "flags %02X of the metadata partition map", map[58]);
    volume->metadata_is_duplicated = map[58] & 1;
    zeros(t, map + 59, 5, "metadata partition map");
}

/* UDF 2.2.9: sparing tables that remap nothing leave the partition as it is. */
static void check_sparable_map(struct udf_check_tree *t, const uint8_t *map)
{
    unsigned tables = map[42];
    uint32_t size = le(map + 44, 4), blocks = (size + BLOCK - 1) / BLOCK;

    require(t, allows(t, UDF_CHECK_ALLOW_SPARABLE), "a sparable partition");
    require(t, t->volume.revision >= 0x0150, "a sparable partition in revision %04X", t->volume.revision);
    check_entity(t, map + 4, "*UDF Sparable Partition", SUFFIX_UDF, "partition map");
    require(t, tables >= 1 && tables <= 4 && size >= 56, "%u sparing tables of %u bytes", tables, size);
    for (unsigned i = 0; i < tables; i++)
    {
        uint32_t at = le(map + 48 + 4 * i, 4);
        uint8_t *table;

        claim(t, at, blocks, "sparing table", 0);
        table = keep(t, (size_t)blocks * BLOCK);
        read_blocks(t, at, blocks, table);
        check_entity(t, table + 16, "*UDF Sparing Table", SUFFIX_UDF, "sparing table");
        require(t, 56 + 8 * le(table + 48, 2) <= size, "sparing table of %u entries in %u bytes",
                le(table + 48, 2), size);
        for (unsigned j = 0; j < le(table + 48, 2); j++)
            require(t, le(table + 56 + 8 * j, 4) >= 0xFFFFFFF0, "sparing table remaps packet %u",
                    le(table + 56 + 8 * j, 4));
    }
}

static void check_map(struct udf_check_tree *t, const uint8_t *map)
{
    unsigned at = map[0] == 1 ? 2 : 36;

    if (map[0] == 1) require(t, map[1] == 6, "partition map of type 1 with %u bytes", map[1]);
    else
    {
        require(t, map[0] == 2 && map[1] == 64, "partition map of type %u with %u bytes", map[0], map[1]);
        zeros(t, map + 2, 2, "partition map");
    }
    require(t, le(map + at, 2) == 1, "partition map: volume %u", le(map + at, 2));
    if (map[0] == 2 && !memcmp(map + 5, "*UDF Metadata", 13))
    {
        check_metadata_map(t, map);
        t->maps[t->map_count++].is_metadata = 1;
        return;
    }
    require(t, t->map_count == 0, "partition map %u is of the physical partition", t->map_count);
    if (map[0] == 2) check_sparable_map(t, map);
    t->partition_number = le(map + at + 2, 2);
    t->map_count++;
}

/* 3/10.6, UDF 2.2.4 */
void check_logical_volume(struct udf_check_tree *t, const uint8_t *d)
{
    uint32_t length = le(d + 264, 4), count = le(d + 268, 4), used = 0;
    unsigned revision;

    check_charspec(t, d + 20, "descriptor character set");
    check_dstring(t, d + 84, 128, "logical volume identifier", t->volume.logical_volume);
    require(t, t->volume.logical_volume[0], "empty logical volume identifier");
    require(t, le(d + 212, 4) == BLOCK, "logical block size %u", le(d + 212, 4));
    if (t->expect.revision) t->volume.revision = t->expect.revision;
    check_entity(t, d + 216, "*OSTA UDF Compliant", SUFFIX_DOMAIN, "domain identifier");
    revision = t->volume.revision;
    require(t, revision == 0x0102 || revision == 0x0150 || revision == 0x0200 || revision == 0x0201 ||
                   revision == 0x0250 || revision == 0x0260, "revision %04X", revision);
    require(t, (revision < 0x0200) == (t->version == 2), "revision %04X and NSR0%u", revision, t->version);
    t->file_set = long_address(d + 248);
    require(t, !t->file_set.flags && !t->file_set.id, "implementation use of the file set's address");
    check_entity(t, d + 272, NULL, SUFFIX_IMPLEMENTATION, "implementation identifier");
    t->integrity_length = le(d + 432, 4);
    t->volume.integrity_sequence = le(d + 436, 4);
    require(t, length <= BLOCK - 440, "partition maps of %u bytes", length);
    require(t, count == 1 || count == 2, "%u partition maps", count);
    while (count--)
    {
        require(t, used + 2 <= length && d[440 + used + 1] >= 6 && used + d[440 + used + 1] <= length,
                "partition maps overrun their %u bytes", length);
        check_map(t, d + 440 + used);
        used += d[440 + used + 1];
    }
    require(t, used == length, "partition maps of %u bytes in %u", used, length);
    zeros(t, d + 440 + length, BLOCK - 440 - length, "rest of the block");
}

/* --- logical volume integrity descriptor ------------------------------------------------------------ */

static int is_revision(unsigned value)
{
    return value == 0x0102 || value == 0x0150 || (value >= 0x0200 && value <= 0x0201) || value == 0x0250 ||
           value == 0x0260;
}

/* 3/10.10, UDF 2.2.6 */
static void check_integrity_descriptor(struct udf_check_tree *t, const uint8_t *d)
{
    struct udf_check_volume *volume = &t->volume;
    uint32_t maps = le(d + 72, 4), use = le(d + 76, 4);
    const uint8_t *u = d + 80 + 8 * (size_t)t->map_count;

    require(t, maps == t->map_count, "%u partitions, the logical volume has %u", maps, t->map_count);
    require(t, use >= 46 && use <= BLOCK - 80 - 8 * maps, "implementation use of %u bytes", use);
    require(t, le(d + 28, 4) == 1, "integrity type %u: not closed", le(d + 28, 4));
    check_time(t, d + 16, "recording time", NULL);
    volume->next_unique_id = le64(d + 40);
    zeros(t, d + 48, 24, "logical volume header descriptor");
    for (uint32_t i = 0; i < maps; i++)
    {
        t->free_table[i] = le(d + 80 + 4 * i, 4);
        t->size_table[i] = le(d + 80 + 4 * maps + 4 * i, 4);
    }
    require(t, t->size_table[0] == volume->partition_blocks, "size table: %u blocks, the partition has %u",
            t->size_table[0], volume->partition_blocks);
    volume->free_blocks = t->free_table[0];
    require(t, volume->free_blocks <= volume->partition_blocks, "free space table: %u blocks of %u",
            volume->free_blocks, volume->partition_blocks);
    check_entity(t, u, NULL, SUFFIX_IMPLEMENTATION, "implementation identifier");
    volume->files = le(u + 32, 4);
    volume->directories = le(u + 36, 4);
    volume->min_read = le(u + 40, 2);
    volume->min_write = le(u + 42, 2);
    volume->max_write = le(u + 44, 2);
    require(t, is_revision(volume->min_read) && volume->min_read <= volume->revision,
            "minimum read revision %04X of %04X", volume->min_read, volume->revision);
    require(t, is_revision(volume->min_write) && volume->min_write <= volume->revision,
            "minimum write revision %04X of %04X", volume->min_write, volume->revision);
    require(t, is_revision(volume->max_write) && volume->max_write >= volume->min_write,
            "maximum write revision %04X", volume->max_write);
    zeros(t, d + 80 + 8 * maps + use, BLOCK - 80 - 8 * maps - use, "rest of the block");
}

/* 3/8.8.2: the last descriptor of the sequence prevails; UDF 2.2.4.6. */
void check_integrity(struct udf_check_tree *t)
{
    uint32_t block = t->volume.integrity_sequence, count = t->integrity_length / BLOCK, found = 0;
    uint8_t d[BLOCK], last[BLOCK];

    looking_at(t, "logical volume integrity sequence");
    require(t, count > 0 && t->integrity_length % BLOCK == 0, "%u bytes", t->integrity_length);
    if (t->volume.access_type > 2)
        require(t, t->integrity_length >= 8192, "%u bytes, below 8192", t->integrity_length);
    claim(t, block, count, "logical volume integrity sequence", 0);
    for (uint32_t i = 0; i < count; i++)
    {
        looking_at(t, "logical volume integrity sequence, block %u", block + i);
        read_blocks(t, block + i, 1, d);
        if (le(d, 2) == TAG_TERMINATING)
        {
            check_tag(t, d, TAG_TERMINATING, block + i, 512, BLOCK);
            zeros(t, d + 16, BLOCK - 16, "reserved bytes");
            break;
        }
        if (le(d, 4) == 0)
        {
            zeros(t, d, BLOCK, "unrecorded block");
            break;
        }
        check_tag(t, d, TAG_INTEGRITY, block + i, 80 + 8 * (size_t)le(d + 72, 4) + le(d + 76, 4), BLOCK);
        zeros(t, d + 32, 8, "next integrity extent");
        memcpy(last, d, BLOCK);
        found = block + i;
    }
    require(t, found, "no descriptor");
    looking_at(t, "logical volume integrity descriptor at block %u", found);
    check_integrity_descriptor(t, last);
}

/* What the hierarchy must have been walked for. UDF 2.2.6.4, 3.2.1.1 */
void check_counts(struct udf_check_tree *t)
{
    const struct udf_check_volume *volume = &t->volume;

    looking_at(t, "logical volume integrity descriptor");
    require(t, volume->next_unique_id >= 16, "next unique id %llu",
            (unsigned long long)volume->next_unique_id);
    for (size_t i = 0; i < t->entry_count; i++)
        require(t, t->entries[i].node.unique_id < volume->next_unique_id,
                "next unique id %llu, %llu is in use", (unsigned long long)volume->next_unique_id,
                (unsigned long long)t->entries[i].node.unique_id);
    require(t, volume->files == t->found_files, "%u files, there are %u", volume->files, t->found_files);
    require(t, volume->directories == t->found_directories, "%u directories, there are %u",
            volume->directories, t->found_directories);
}
