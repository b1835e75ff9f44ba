/* Directories and stream directories of a UDF volume: file identifier descriptors, made in runs of blocks. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define FID_HEAD 38                     /* 4/14.4 */
#define FID_MAX (FID_HEAD + 255 + 3)

/* --- sizes ---------------------------------------------------------------------------------------------- */

static size_t identifier_of(const struct fs_layout *layout, uint32_t node, uint8_t *out)
{
    const struct fs_entity *entity = layout->nodes[node].entity;
    char16_t name[FS_NAME_MAX + 1];
    size_t length;

    if (entity->udf_length) return ecma167_d_characters(out, entity->name, entity->name_length);
    length = fs_name_derive(NULL, FS_SLOT_UDF, entity, fs_layout_udf_serial(layout, node), name);
    return ecma167_d_characters(out, name, length);
}

static size_t record_size(const struct fs_layout *layout, uint32_t node)
{
    uint8_t identifier[256];
    size_t length = layout->nodes[node].entity->udf_length;

    return fs_udf_record_size(length ? length : identifier_of(layout, node, identifier));
}

/* The bytes of descriptors for nodes from one on. */
static uint64_t measure(struct udf_volume *volume, const struct fs_layout *layout, uint32_t first,
                        uint32_t count)
{
    uint64_t bytes = FS_PARENT_FID_BYTES;

    for (uint32_t node = first; node < first + count; node++)
    {
        if (node % UDF_STEP == 0) volume->steps[node / UDF_STEP] = bytes;
        bytes += record_size(layout, node);
    }
    return bytes;
}

static void measure_folder(struct udf_volume *volume, const struct fs_layout *layout, uint32_t number)
{
    const struct fs_folder *folder = &layout->folders[number];

    volume->folders[number].bytes = measure(volume, layout, folder->first, folder->count);
    for (uint32_t node = folder->first; node < folder->first + folder->count; node++)
    {
        volume->folders[number].folders += layout->nodes[node].entity->type == FS_DIRECTORY;
    }
}

/* Streams of one file are consecutive. */
static void gather_streams(struct udf_volume *volume, const struct fs_layout *layout)
{
    for (uint32_t i = 0; i < layout->stream_count; i++)
    {
        struct udf_stream_set *set = volume->streams + volume->stream_set_count;

        if (i && layout->stream_files[i] == layout->stream_files[i - 1])
        {
            set--;
        }
        else
        {
            volume->stream_set_count++;
            *set = (struct udf_stream_set){ .file = layout->stream_files[i],
                                            .stream = layout->first_stream + i };
        }
        set->count++;
        set->content += fs_entity_size(layout->nodes[layout->first_stream + i].entity);
    }
    for (uint32_t i = 0; i < volume->stream_set_count; i++)
    {
        struct udf_stream_set *set = &volume->streams[i];

        set->bytes = measure(volume, layout, set->stream, set->count);
    }
}

enum oi_status udf_measure(struct udf_volume *volume, const struct fs_layout *layout)
{
    size_t nodes = (size_t)layout->node_count + layout->stream_count;

    volume->folders = calloc(layout->folder_count, sizeof(*volume->folders));
    volume->steps = malloc((nodes / UDF_STEP + 1) * sizeof(*volume->steps));
    volume->streams = malloc(layout->stream_count * sizeof(*volume->streams) + 1);
    if (!volume->folders || !volume->steps || !volume->streams) return OI_NO_MEMORY;
    for (uint32_t i = 0; i < layout->folder_count; i++) measure_folder(volume, layout, i);
    gather_streams(volume, layout);
    return OI_OK;
}

struct udf_list udf_folder_list(const struct udf_volume *volume, const struct fs_layout *layout,
                                uint32_t number)
{
    const struct fs_folder *folder = &layout->folders[number];
    uint32_t parent = layout->folders[folder->parent].node;

    return (struct udf_list){
        .bytes = volume->folders[number].bytes, .block = volume->folders[number].first, .node = folder->first,
        .count = folder->count, .parent = parent, .parent_entry = udf_entry_of(volume, layout, parent),
    };
}

struct udf_list udf_stream_list(const struct udf_volume *volume, const struct fs_layout *layout,
                                uint32_t number)
{
    const struct udf_stream_set *set = &volume->streams[number];

    return (struct udf_list){
        .bytes = set->bytes, .block = set->first + 1, .node = set->stream, .count = set->count,
        .parent = set->file, .parent_entry = udf_entry_of(volume, layout, set->file),
    };
}

/* --- descriptors ---------------------------------------------------------------------------------------- */

/* What part of a list is being made: bytes at begin to end of it. */
struct run
{
    const struct udf_volume *volume;
    const struct fs_layout *layout;
    const struct udf_list *list;
    uint64_t begin, end;
    uint8_t *bytes;
};

/* 4/14.4 around an identifier; entry: block of the file entry. Places as much of it as lies in the run. */
static uint64_t put_record(const struct run *run, uint64_t at, const uint8_t *identifier, size_t length,
                           uint8_t characteristics, uint32_t node, uint32_t entry)
{
    const struct udf_volume *volume = run->volume;
    const struct fs_layout *layout = run->layout;
    size_t size = fs_udf_record_size(length);
    uint64_t first = at > run->begin ? at : run->begin, last = at + size < run->end ? at + size : run->end;
    uint32_t location = udf_address(volume, layout, run->list->block + at / FS_BLOCK_SIZE);
    uint8_t record[FID_MAX] = { 0 };

    if (first >= last) return at + size;
    put_le16(record + 16, 1);                                   /* file version number */
    record[18] = characteristics;
    record[19] = (uint8_t)length;
    ecma167_long_ad(record + 20, FS_BLOCK_SIZE, udf_address(volume, layout, entry),
                    udf_structure_partition(volume));
    /* UDF 2.00 2.3.4.3 */
    if (volume->revision >= 0x200) put_le32(record + 32, (uint32_t)udf_unique_id(layout, node));
    if (length) memcpy(record + FID_HEAD, identifier, length);
    ecma167_tag(record, ECMA167_TAG_FILE_IDENTIFIER, volume->version, location, size);
    memcpy(run->bytes + (first - run->begin), record + (first - at), (size_t)(last - first));
    return at + size;
}

/* The last node from which a run can be made: *at becomes the offset of its descriptor. */
static uint32_t first_of_run(const struct run *run, uint64_t *at)
{
    const struct udf_list *list = run->list;
    uint32_t low = list->node / UDF_STEP, high = (list->node + list->count - 1) / UDF_STEP;

    *at = FS_PARENT_FID_BYTES;
    if (!list->count || run->begin < FS_PARENT_FID_BYTES) return list->node;
    /* Steps above low are inside the list. */
    while (low < high)
    {
        uint32_t middle = high - (high - low) / 2;

        if (run->volume->steps[middle] <= run->begin) low = middle;
        else high = middle - 1;
    }
    if (low == list->node / UDF_STEP) return list->node;
    *at = run->volume->steps[low];
    return low * UDF_STEP;
}

void udf_write_list(const struct udf_volume *volume, const struct fs_layout *layout,
                    const struct udf_list *list, uint32_t offset, uint32_t blocks, uint8_t *bytes)
{
    uint32_t entries = list->block + (uint32_t)fs_blocks_of(list->bytes);
    struct run run = { volume, layout, list, (uint64_t)offset * FS_BLOCK_SIZE, 0, bytes };
    uint8_t identifier[256];
    uint64_t at;

    run.end = run.begin + (uint64_t)blocks * FS_BLOCK_SIZE;
    put_record(&run, 0, NULL, 0, ECMA167_FID_PARENT | ECMA167_FID_DIRECTORY, list->parent,
               list->parent_entry);
    for (uint32_t node = first_of_run(&run, &at); node < list->node + list->count; node++)
    {
        const struct fs_node *named = &layout->nodes[node];
        uint8_t characteristics = named->hidden ? ECMA167_FID_HIDDEN : 0;
        size_t length;

        if (at >= run.end) break;
        length = identifier_of(layout, node, identifier);
        if (named->entity->type == FS_DIRECTORY) characteristics |= ECMA167_FID_DIRECTORY;
        at = put_record(&run, at, identifier, length, characteristics, node, entries + node - list->node);
    }
}
