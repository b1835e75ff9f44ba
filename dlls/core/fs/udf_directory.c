/* Directories of a UDF volume: sequences of file identifier descriptors, made in runs of blocks. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define FID_HEAD 38                     /* 4/14.4 */
#define FID_MAX (FID_HEAD + 255 + 3)
#define HIDDEN 0x01                     /* 4/14.4.3 */
#define DIRECTORY 0x02
#define PARENT 0x08

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

enum oi_status udf_measure_folders(struct udf_volume *volume, const struct fs_layout *layout)
{
    volume->folders = calloc(layout->folder_count, sizeof(*volume->folders));
    volume->steps = malloc((layout->node_count / UDF_STEP + 1) * sizeof(*volume->steps));
    if (!volume->folders || !volume->steps) return OI_NO_MEMORY;
    for (uint32_t i = 0; i < layout->folder_count; i++)
    {
        const struct fs_folder *folder = &layout->folders[i];
        uint64_t bytes = FS_PARENT_FID_BYTES;

        for (uint32_t node = folder->first; node < folder->first + folder->count; node++)
        {
            if (node % UDF_STEP == 0) volume->steps[node / UDF_STEP] = bytes;
            bytes += record_size(layout, node);
            volume->folders[i].folders += layout->nodes[node].entity->type == FS_DIRECTORY;
        }
        volume->folders[i].bytes = bytes;
    }
    return OI_OK;
}

/* --- descriptors ---------------------------------------------------------------------------------------- */

/* What part of a folder is being made: bytes at begin to end of it. */
struct run
{
    const struct udf_volume *volume;
    const struct fs_layout *layout;
    uint32_t folder;
    uint64_t begin, end;
    uint8_t *bytes;
};

/* 4/14.4 around an identifier; entry: block of the file entry. Places as much of it as lies in the run. */
static uint64_t put_record(const struct run *run, uint64_t at, const uint8_t *identifier, size_t length,
                           uint8_t characteristics, uint32_t node, uint32_t entry)
{
    const struct udf_volume *volume = run->volume;
    size_t size = fs_udf_record_size(length);
    uint64_t first = at > run->begin ? at : run->begin, last = at + size < run->end ? at + size : run->end;
    uint64_t block = volume->folders[run->folder].first + at / FS_BLOCK_SIZE;
    uint8_t record[FID_MAX] = { 0 };

    if (first >= last) return at + size;
    put_le16(record + 16, 1);                                   /* file version number */
    record[18] = characteristics;
    record[19] = (uint8_t)length;
    ecma167_long_ad(record + 20, FS_BLOCK_SIZE, udf_address(volume, run->layout, entry),
                    udf_structure_partition(volume));
    /* UDF 2.00 2.3.4.3 */
    if (volume->revision >= 0x200) put_le32(record + 32, (uint32_t)udf_unique_id(node));
    if (length) memcpy(record + FID_HEAD, identifier, length);
    ecma167_tag(record, UDF_TAG_FILE_IDENTIFIER, volume->version, udf_address(volume, run->layout, block), size);
    memcpy(run->bytes + (first - run->begin), record + (first - at), (size_t)(last - first));
    return at + size;
}

/* The last child from which a run can be made: *at becomes the offset of its descriptor. */
static uint32_t first_of_run(const struct run *run, uint64_t *at)
{
    const struct fs_folder *folder = &run->layout->folders[run->folder];
    uint32_t low = folder->first / UDF_STEP, high = (folder->first + folder->count - 1) / UDF_STEP;

    *at = FS_PARENT_FID_BYTES;
    if (!folder->count || run->begin < FS_PARENT_FID_BYTES) return folder->first;
    /* Steps above low are inside the folder. */
    while (low < high)
    {
        uint32_t middle = high - (high - low) / 2;

        if (run->volume->steps[middle] <= run->begin) low = middle;
        else high = middle - 1;
    }
    if (low == folder->first / UDF_STEP) return folder->first;
    *at = run->volume->steps[low];
    return low * UDF_STEP;
}

void udf_write_folder(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t number,
                      uint32_t offset, uint32_t blocks, uint8_t *bytes)
{
    const struct fs_folder *folder = &layout->folders[number], *parent = &layout->folders[folder->parent];
    uint32_t entries = volume->folders[number].first + (uint32_t)fs_blocks_of(volume->folders[number].bytes);
    struct run run = { volume, layout, number, (uint64_t)offset * FS_BLOCK_SIZE, 0, bytes };
    uint8_t identifier[256];
    uint64_t at;

    run.end = run.begin + (uint64_t)blocks * FS_BLOCK_SIZE;
    put_record(&run, 0, NULL, 0, PARENT | DIRECTORY, parent->node,
               udf_folder_entry(volume, layout, folder->parent));
    for (uint32_t node = first_of_run(&run, &at); node < folder->first + folder->count; node++)
    {
        const struct fs_node *child = &layout->nodes[node];
        uint8_t characteristics = child->hidden ? HIDDEN : 0;
        size_t length = identifier_of(layout, node, identifier);

        if (at >= run.end) break;
        if (child->entity->type == FS_DIRECTORY) characteristics |= DIRECTORY;
        at = put_record(&run, at, identifier, length, characteristics, node, entries + node - folder->first);
    }
}
