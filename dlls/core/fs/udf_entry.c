/* File structures of a UDF volume other than directories: the file set, file entries, allocation extents. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define ANYBODY UINT32_MAX              /* UDF 3.3.3.1: no user, no group */
#define READ_AND_EXECUTE 0x14A5         /* 4/14.9.5: for owner, group and others */
#define ENTRY_HEAD 176                  /* 4/14.9 */
#define EXTENDED_ENTRY_HEAD 216         /* 4/14.17 */
#define ALLOCATION_HEAD 24              /* 4/14.5 */

uint64_t udf_unique_id(const struct fs_layout *layout, uint32_t node)
{
    if (node >= layout->first_stream) node = layout->stream_files[node - layout->first_stream];
    return node ? UDF_FIRST_UNIQUE_ID - 1 + (uint64_t)node : 0;
}

uint64_t udf_next_unique_id(const struct fs_layout *layout)
{
    return UDF_FIRST_UNIQUE_ID - 1 + (uint64_t)layout->node_count;
}

uint32_t udf_entry_of(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t node)
{
    uint32_t number = fs_layout_folder_of(layout, node);
    const struct udf_folder *folder = &volume->folders[number];

    if (!node) return (uint32_t)volume->plan.structures + FS_UDF_FIXED_BLOCKS - 1;
    return folder->first + (uint32_t)fs_blocks_of(folder->bytes) + node - layout->folders[number].first;
}

/* 4/14.1 */
void udf_write_file_set(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    char16_t name[FS_VOLUME_NAME_MAX + 1];

    fs_volume_name(layout->volume_name, FS_UDF, name);
    ecma167_time(bytes + 16, layout->time, layout->time);
    put_le16(bytes + 28, 3);                                    /* interchange level */
    put_le16(bytes + 30, 3);                                    /* maximum */
    put_le32(bytes + 32, 1);                                    /* character set list: CS0 */
    put_le32(bytes + 36, 1);                                    /* maximum */
    ecma167_charspec(bytes + 48);
    ecma167_dstring(bytes + 112, 128, name);
    ecma167_charspec(bytes + 240);
    ecma167_dstring(bytes + 304, 32, name);
    ecma167_long_ad(bytes + 400, FS_BLOCK_SIZE,
                    udf_address(volume, layout, udf_entry_of(volume, layout, 0)),
                    udf_structure_partition(volume));
    ecma167_entity_domain(bytes + 416, volume->revision);
    ecma167_tag(bytes, ECMA167_TAG_FILE_SET, volume->version,
                udf_address(volume, layout, volume->plan.structures), UDF_DESCRIPTOR_SIZE);
}

void udf_write_file_set_end(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    ecma167_tag(bytes, ECMA167_TAG_TERMINATING, volume->version,
                udf_address(volume, layout, volume->plan.structures + 1), UDF_DESCRIPTOR_SIZE);
}

/* --- extents -------------------------------------------------------------------------------------------- */

/* Bytes as allocation descriptors: contiguous ones, or those of a file that stays on the disc. */
struct extents
{
    uint64_t bytes;
    uint32_t address;                   /* in its partition */
    uint16_t partition;
    int are_long;                       /* the partition is not that of the entry */
    uint64_t most;                      /* bytes of one of them */
    const struct fs_extent *staying;    /* NULL: contiguous; else address means nothing */
    size_t staying_count;
    uint32_t partition_start;           /* block of the disc that address 0 is */
};

static size_t ad_size(const struct extents *extents) { return extents->are_long ? 16 : 8; }

static size_t put_ad(const struct extents *extents, uint8_t *at, uint32_t length, uint32_t address,
                     uint16_t partition)
{
    if (extents->are_long) ecma167_long_ad(at, length, address, partition);
    else ecma167_short_ad(at, length, address);
    return ad_size(extents);
}

static uint64_t extent_count(const struct extents *extents)
{
    if (extents->staying) return fs_earlier_extent_count(extents->staying, extents->staying_count);
    return extents->bytes / extents->most + (extents->bytes % extents->most != 0);
}

/* 4/14.8.10: a hole has none. */
static uint64_t recorded_blocks(const struct extents *extents)
{
    uint64_t blocks = 0;

    if (!extents->staying) return fs_blocks_of(extents->bytes);
    for (size_t i = 0; i < extents->staying_count; i++)
    {
        if (extents->staying[i].block != FS_EXTENT_HOLE) blocks += fs_blocks_of(extents->staying[i].bytes);
    }
    return blocks;
}

/* Finds one by its number among all. */
static void find_extent(const struct extents *extents, uint64_t number, uint32_t *length, uint32_t *address)
{
    uint64_t bytes = extents->bytes, begin;
    uint32_t start = extents->address;
    size_t i = 0;

    if (extents->staying)
    {
        for (uint64_t here; number >= (here = fs_udf_extents(extents->staying[i].bytes)); i++) number -= here;
        bytes = extents->staying[i].bytes;
        start = extents->staying[i].block;
    }
    begin = number * extents->most;
    *length = (uint32_t)(bytes - begin > extents->most ? extents->most : bytes - begin);
    if (extents->staying && start == FS_EXTENT_HOLE)
    {
        *length |= UDF_EXTENT_HOLE;
        *address = 0;
        return;
    }
    *address = start + (uint32_t)(begin / FS_BLOCK_SIZE);
    if (extents->staying) *address -= extents->partition_start;
}

/* Descriptors from the first-th on, at most room of them; if they do not end there, the last leads to another
   allocation extent, which has an address in the partition of the structures. Bytes written. */
static size_t put_extents(const struct extents *extents, uint64_t first, uint64_t room, uint32_t next,
                          uint16_t next_partition, uint8_t *at)
{
    uint64_t count = extent_count(extents) - first;
    size_t written = 0;

    for (uint64_t i = first; i < first + (count > room ? room - 1 : count); i++)
    {
        uint32_t length, address;

        find_extent(extents, i, &length, &address);
        written += put_ad(extents, at + written, length, address, extents->partition);
    }
    if (count > room)
    {
        written += put_ad(extents, at + written, UDF_EXTENT_CONTINUES | FS_BLOCK_SIZE, next, next_partition);
    }
    return written;
}

static struct extents extents_of(const struct udf_volume *volume, const struct fs_layout *layout,
                                 uint32_t node)
{
    const struct fs_node *self = &layout->nodes[node];
    struct extents extents = { .most = UDF_EXTENT_MAX, .partition_start = layout->partition_start };

    if (self->entity->type == FS_DIRECTORY)
    {
        const struct udf_folder *folder = &volume->folders[self->where];

        extents.bytes = folder->bytes;
        extents.address = udf_address(volume, layout, folder->first);
        return extents;
    }
    extents.bytes = fs_entity_size(self->entity);
    extents.address = udf_physical(layout, self->where);
    extents.are_long = volume->plan.metadata;
    extents.staying = fs_layout_staying(layout, self, &extents.staying_count);
    return extents;
}

uint64_t udf_file_extents(const struct fs_layout *layout, uint32_t node)
{
    size_t count;
    const struct fs_extent *staying = fs_layout_staying(layout, &layout->nodes[node], &count);

    return staying ? fs_earlier_extent_count(staying, count)
                   : fs_udf_extents(fs_entity_size(layout->nodes[node].entity));
}

/* --- entries -------------------------------------------------------------------------------------------- */

struct entry
{
    uint8_t file_type;
    uint16_t links, flags;
    fs_time created, accessed, modified;
    uint64_t unique_id;
    uint64_t streams;                   /* bytes of all of its named streams */
    uint32_t stream_directory;          /* address of its entry */
    int has_streams;
    uint32_t location;
    struct extents extents;
    uint32_t continuation;              /* address of its first allocation extent, if it has any */
};

/* 4/14.6 */
static void put_icb_tag(uint8_t *bytes, const struct entry *entry)
{
    put_le16(bytes + 4, ECMA167_STRATEGY_DIRECT);
    put_le16(bytes + 8, 1);                                     /* maximum number of entries */
    bytes[11] = entry->file_type;
    put_le16(bytes + 18, entry->flags | (entry->extents.are_long ? ECMA167_ALLOCATION_LONG : 0));
}

/* What 4/14.9 and 4/14.17 have at the same place. */
static void put_common(uint8_t *bytes, const struct entry *entry)
{
    put_icb_tag(bytes + 16, entry);
    put_le32(bytes + 36, ANYBODY);
    put_le32(bytes + 40, ANYBODY);
    put_le32(bytes + 44, READ_AND_EXECUTE);
    put_le16(bytes + 48, entry->links);
    put_le64(bytes + 56, entry->extents.bytes);                 /* information length */
}

static void write_entry(const struct udf_volume *volume, const struct fs_layout *layout,
                        const struct entry *entry, uint8_t *bytes)
{
    uint64_t blocks = recorded_blocks(&entry->extents);
    size_t head = volume->extended ? EXTENDED_ENTRY_HEAD : ENTRY_HEAD;
    size_t length = put_extents(&entry->extents, 0, UDF_ENTRY_EXTENTS, entry->continuation,
                                udf_structure_partition(volume), bytes + head);

    put_common(bytes, entry);
    if (volume->extended)
    {
        put_le64(bytes + 64, entry->extents.bytes + entry->streams);    /* object size */
        put_le64(bytes + 72, blocks);
        ecma167_time(bytes + 80, entry->accessed, layout->time);
        ecma167_time(bytes + 92, entry->modified, layout->time);
        ecma167_time(bytes + 104, entry->created, layout->time);
        ecma167_time(bytes + 116, entry->modified, layout->time);       /* attributes */
        put_le32(bytes + 128, 1);                               /* checkpoint */
        if (entry->has_streams)
        {
            ecma167_long_ad(bytes + 152, FS_BLOCK_SIZE, entry->stream_directory,
                            udf_structure_partition(volume));
        }
        ecma167_entity_implementation(bytes + 168);
        put_le64(bytes + 200, entry->unique_id);
        put_le32(bytes + 212, (uint32_t)length);
    }
    else
    {
        put_le64(bytes + 64, blocks);
        ecma167_time(bytes + 72, entry->accessed, layout->time);
        ecma167_time(bytes + 84, entry->modified, layout->time);
        ecma167_time(bytes + 96, entry->modified, layout->time);        /* attributes */
        put_le32(bytes + 108, 1);                               /* checkpoint */
        ecma167_entity_implementation(bytes + 128);
        put_le64(bytes + 160, entry->unique_id);
        put_le32(bytes + 172, (uint32_t)length);
    }
    ecma167_tag(bytes, volume->extended ? ECMA167_TAG_EXTENDED_FILE_ENTRY : ECMA167_TAG_FILE_ENTRY,
                volume->version, entry->location, head + length);
}

static uint32_t node_of_large(const void *context, uint32_t index)
{
    return ((const struct udf_large *)context)[index].node;
}

static uint8_t file_type(const struct udf_volume *volume, const struct fs_node *node)
{
    if (node->entity->type == FS_DIRECTORY) return ECMA167_FILE_DIRECTORY;
    return node->real_time && volume->revision >= 0x201 ? UDF_FILE_REAL_TIME : ECMA167_FILE_REGULAR;
}

static uint32_t file_of_set(const void *context, uint32_t index)
{
    return ((const struct udf_stream_set *)context)[index].file;
}

/* The streams of a node; NULL: it has none. */
static const struct udf_stream_set *set_of(const struct udf_volume *volume, uint32_t node)
{
    const struct udf_stream_set *set;

    if (!volume->stream_set_count) return NULL;
    set = &volume->streams[fs_search(volume->stream_set_count, node, file_of_set, volume->streams)];
    return set->file == node ? set : NULL;
}

/* A directory is named by its parent, and by each of its subdirectories as theirs; the root by itself. */
static uint16_t links_of(const struct udf_volume *volume, const struct fs_node *node)
{
    uint32_t links = 1;

    if (node->entity->type == FS_DIRECTORY) links += volume->folders[node->where].folders;
    return links > UINT16_MAX ? UINT16_MAX : (uint16_t)links;
}

void udf_write_entry(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t node,
                     uint32_t block, uint8_t *bytes)
{
    const struct fs_node *self = &layout->nodes[node];
    const struct fs_node_times *times = &layout->times[node];
    const struct udf_stream_set *set;
    struct entry entry =
    {
        .file_type = file_type(volume, self), .links = links_of(volume, self), .created = times->created,
        .accessed = times->accessed, .modified = self->modified, .unique_id = udf_unique_id(layout, node),
        .flags = node >= layout->first_stream ? ECMA167_ICB_STREAM : 0,
        .location = udf_address(volume, layout, block), .extents = extents_of(volume, layout, node),
    };

    if (extent_count(&entry.extents) > UDF_ENTRY_EXTENTS && self->entity->type == FS_FILE)
    {
        uint32_t large = fs_search(volume->large_count, node, node_of_large, volume->large);

        entry.continuation = udf_address(volume, layout, volume->large[large].first);
    }
    set = set_of(volume, node);
    if (set)
    {
        entry.has_streams = 1;
        entry.streams = set->content;
        entry.stream_directory = udf_address(volume, layout, set->first);
    }
    write_entry(volume, layout, &entry, bytes);
}

/* UDF 3.3.5; no name leads to it. */
void udf_write_stream_directory(const struct udf_volume *volume, const struct fs_layout *layout,
                                const struct udf_stream_set *set, uint8_t *bytes)
{
    const struct fs_node_times *times = &layout->times[set->file];
    struct entry entry =
    {
        .file_type = ECMA167_FILE_STREAM_DIRECTORY, .flags = ECMA167_ICB_STREAM, .created = times->created,
        .accessed = times->accessed, .modified = layout->nodes[set->file].modified,
        .unique_id = udf_unique_id(layout, set->file), .location = udf_address(volume, layout, set->first),
        .extents = { .bytes = set->bytes, .address = udf_address(volume, layout, set->first + 1),
                     .most = UDF_EXTENT_MAX },
    };

    write_entry(volume, layout, &entry, bytes);
}

/* UDF 2.50 2.2.13: no name leads to these; their extents are whole allocation units. */
void udf_write_metadata_entry(const struct udf_volume *volume, const struct fs_layout *layout, int mirror,
                              uint8_t *bytes)
{
    const struct udf_plan *plan = &volume->plan;
    uint64_t at = mirror && plan->redundant ? plan->mirror : plan->structures;
    uint64_t unit = (uint64_t)plan->unit * FS_BLOCK_SIZE;
    struct entry entry =
    {
        .file_type = mirror ? UDF_FILE_METADATA_MIRROR : UDF_FILE_METADATA, .created = layout->time,
        .accessed = layout->time, .modified = layout->time,
        .location = udf_physical(layout, mirror ? plan->mirror_file : plan->metadata_file),
        .extents = { .bytes = plan->structure_blocks * FS_BLOCK_SIZE, .address = udf_physical(layout, at),
                     .most = UDF_EXTENT_MAX / unit * unit },
    };

    write_entry(volume, layout, &entry, bytes);
}

/* --- allocation extents, 4/14.5 ------------------------------------------------------------------------- */

static uint32_t start_of_large(const void *context, uint32_t index)
{
    return ((const struct udf_large *)context)[index].first;
}

void udf_write_allocation(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                          uint8_t *bytes)
{
    const struct udf_large *large =
        &volume->large[fs_search(volume->large_count, block, start_of_large, volume->large)];
    struct extents extents = extents_of(volume, layout, large->node);
    uint32_t number = block - large->first, location = udf_address(volume, layout, block);
    uint64_t first = UDF_ENTRY_EXTENTS - 1 + (uint64_t)number * (UDF_ALLOCATION_EXTENTS - 1);
    size_t length = put_extents(&extents, first, UDF_ALLOCATION_EXTENTS, location + 1,
                                udf_structure_partition(volume), bytes + ALLOCATION_HEAD);

    put_le32(bytes + 20, (uint32_t)length);
    ecma167_tag(bytes, ECMA167_TAG_ALLOCATION_EXTENT, volume->version, location, ALLOCATION_HEAD);
}
