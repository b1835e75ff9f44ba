/* Which block of a layout holds what: searching, paths, and the ranges that clients enumerate. */
#include "layout_room.h"

#include <stdlib.h>
#include <string.h>

uint32_t fs_search(uint32_t count, uint32_t block, uint32_t (*start)(const void *context, uint32_t index),
                   const void *context)
{
    uint32_t low = 0, high = count;

    while (high - low > 1)
    {
        uint32_t middle = low + (high - low) / 2;

        if (start(context, middle) <= block) low = middle;
        else high = middle;
    }
    return low;
}

static uint32_t start_of_file(const void *context, uint32_t index)
{
    const struct fs_layout *layout = context;

    return layout->nodes[layout->files[index]].where;
}

uint32_t fs_layout_file_at(const struct fs_layout *layout, uint32_t block)
{
    return fs_search(layout->file_count, block, start_of_file, layout);
}

/* The folder that a node is in: children are consecutive, and so are the folders' ranges of them. */
static uint32_t start_of_children(const void *context, uint32_t index)
{
    return ((const struct fs_layout *)context)->folders[index].first;
}

uint32_t fs_layout_folder_of(const struct fs_layout *layout, uint32_t node)
{
    /* Of folders that begin at the same node all but the last are empty. */
    return fs_search(layout->folder_count, node, start_of_children, layout);
}

static const struct fs_folder *folder_of(const struct fs_layout *layout, uint32_t node)
{
    return &layout->folders[fs_layout_folder_of(layout, node)];
}

static uint32_t file_of_stream(const void *context, uint32_t index)
{
    return ((const struct fs_layout *)context)->stream_files[index];
}

uint32_t fs_layout_streams(const struct fs_layout *layout, uint32_t node, uint32_t *count)
{
    uint32_t last, first;

    *count = 0;
    if (!layout->stream_count) return 0;
    last = fs_search(layout->stream_count, node, file_of_stream, layout);
    if (layout->stream_files[last] != node) return 0;
    first = node ? fs_search(layout->stream_count, node - 1, file_of_stream, layout) : 0;
    if (layout->stream_files[first] != node) first++;
    *count = last - first + 1;
    return layout->first_stream + first;
}

enum oi_status fs_layout_path(const struct fs_layout *layout, uint32_t node, char16_t **out)
{
    const struct fs_entity *stream = NULL;
    const struct fs_folder *folder;
    size_t length = 0;
    char16_t *path, *at;
    uint32_t i;

    *out = NULL;
    if (node >= layout->first_boot)
    {
        return (*out = text_copy(layout->nodes[node].entity->name)) ? OI_OK : OI_NO_MEMORY;
    }
    if (node >= layout->first_stream)
    {
        stream = layout->nodes[node].entity;
        length = 1 + stream->name_length;
        node = layout->stream_files[node - layout->first_stream];
    }
    for (i = node, folder = folder_of(layout, node); i;
         i = folder->node, folder = &layout->folders[folder->parent])
    {
        length += 1 + layout->nodes[i].entity->name_length;
    }
    if (!(path = malloc((length + 1) * sizeof(*path)))) return OI_NO_MEMORY;
    at = path + length;
    *at = 0;
    if (stream)
    {
        at -= stream->name_length;
        memcpy(at, stream->name, stream->name_length * sizeof(*at));
        *--at = ':';
    }
    for (i = node, folder = folder_of(layout, node); i;
         i = folder->node, folder = &layout->folders[folder->parent])
    {
        const struct fs_entity *entity = layout->nodes[i].entity;

        at -= entity->name_length;
        memcpy(at, entity->name, entity->name_length * sizeof(*at));
        *--at = '\\';
    }
    *out = path;
    return OI_OK;
}

const struct fs_area *fs_layout_area_at(const struct fs_layout *layout, uint32_t block)
{
    unsigned i = block < layout->structures ? 0 : layout->areas_before;

    while (block - layout->areas[i].first >= layout->areas[i].blocks) i++;
    return &layout->areas[i];
}

static uint32_t node_of_serial(const void *context, uint32_t index)
{
    return ((const struct fs_layout *)context)->shortened[index].node;
}

uint32_t fs_layout_udf_serial(const struct fs_layout *layout, uint32_t node)
{
    if (layout->nodes[node].entity->udf_length) return 0;
    if (node >= layout->first_stream) return layout->nodes[node].serials[0];
    return layout->shortened[fs_search(layout->shortened_count, node, node_of_serial, layout)].serial;
}

/* --- ranges: areas, each file, and the areas behind the files ------------------------------------------- */

size_t fs_layout_range_count(const struct fs_layout *layout)
{
    return (size_t)layout->area_count + layout->file_count;
}

/* The area of a range; NULL: a file's, whose index it becomes. */
static const struct fs_area *area_of(const struct fs_layout *layout, size_t *index)
{
    if (*index < layout->areas_before) return &layout->areas[*index];
    *index -= layout->areas_before;
    if (*index < layout->file_count) return NULL;
    return &layout->areas[*index - layout->file_count + layout->areas_before];
}

static size_t range_of_area(const struct fs_layout *layout, const struct fs_area *area)
{
    size_t index = (size_t)(area - layout->areas);

    return index < layout->areas_before ? index : index + layout->file_count;
}

enum oi_status fs_layout_range(const struct fs_layout *layout, size_t index, struct fs_range *out)
{
    const struct fs_area *area;
    const struct fs_node *node;
    uint32_t blocks;

    if (index >= fs_layout_range_count(layout)) return OI_INVALID_ARGUMENT;
    if ((area = area_of(layout, &index)))
    {
        *out = (struct fs_range){ area->first, area->first + area->blocks - 1, 0 };
        return OI_OK;
    }
    node = &layout->nodes[layout->files[index]];
    blocks = (uint32_t)fs_blocks_of(fs_entity_size(node->entity));
    *out = (struct fs_range){ node->where, node->where + blocks - 1, index >= fs_layout_boot_count(layout) };
    return OI_OK;
}

enum oi_status fs_layout_range_description(const struct fs_layout *layout, size_t index, char16_t **out)
{
    const struct fs_area *area;

    *out = NULL;
    if (index >= fs_layout_range_count(layout)) return OI_INVALID_ARGUMENT;
    if (!(area = area_of(layout, &index))) return fs_layout_path(layout, layout->files[index], out);
    return (*out = text_copy(area->name)) ? OI_OK : OI_NO_MEMORY;
}

enum oi_status fs_layout_range_from_block(const struct fs_layout *layout, uint32_t block, size_t *index)
{
    if (block >= layout->blocks) return OI_NOT_FOUND;
    if (block >= layout->structures && block < layout->files_end)
    {
        *index = layout->areas_before + fs_layout_file_at(layout, block);
        return OI_OK;
    }
    *index = range_of_area(layout, fs_layout_area_at(layout, block));
    return OI_OK;
}

/* The stream of a file by its name; 0 if there is none. */
static uint32_t find_stream(const struct fs_layout *layout, uint32_t file, const char16_t *name)
{
    uint32_t count, first = fs_layout_streams(layout, file, &count);

    for (uint32_t i = first; i < first + count; i++)
    {
        if (!text_compare_fold(layout->nodes[i].entity->name, name)) return i;
    }
    return 0;
}

/* The node of a path that is written as fs_layout_path does; 0 if there is none. */
static uint32_t find_node(const struct fs_layout *layout, const char16_t *path)
{
    uint32_t node = 0;

    while (*path == '\\')
    {
        const struct fs_folder *folder = &layout->folders[layout->nodes[node].where];
        size_t length = 0;
        uint32_t i = 0;

        if (layout->nodes[node].entity->type != FS_DIRECTORY) return 0;
        for (path++; path[length] && path[length] != '\\' && path[length] != ':';) length++;
        for (; i < folder->count; i++)
        {
            const struct fs_entity *entity = layout->nodes[folder->first + i].entity;

            if (entity->name_length != length) continue;
            if (!text_compare_fold_n(entity->name, length, path, length)) break;
        }
        if (i == folder->count) return 0;
        node = folder->first + i;
        path += length;
    }
    if (*path == ':' && node) return find_stream(layout, node, path + 1);
    return *path ? 0 : node;
}

enum oi_status fs_layout_range_from_description(const struct fs_layout *layout, const char16_t *description,
                                                size_t *index)
{
    uint32_t node;
    size_t count;

    for (unsigned i = 0; i < layout->area_count; i++)
    {
        if (text_compare_fold(description, layout->areas[i].name)) continue;
        *index = range_of_area(layout, &layout->areas[i]);
        return OI_OK;
    }
    for (unsigned i = 0; i < fs_layout_boot_count(layout); i++)
    {
        if (text_compare_fold(description, layout->boot->images[i]->name)) continue;
        *index = layout->areas_before + i;
        return OI_OK;
    }
    node = find_node(layout, description);
    if (!node || !fs_entity_size(layout->nodes[node].entity)) return OI_NOT_FOUND;
    /* The image has no blocks of a file that stays on the disc. */
    if (fs_layout_staying(layout, &layout->nodes[node], &count)) return OI_NOT_FOUND;
    *index = layout->areas_before + fs_layout_file_at(layout, layout->nodes[node].where);
    return OI_OK;
}
