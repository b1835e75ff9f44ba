/* Layouts behind earlier sessions of a disc: what stays where it is, and, on rewritable media, the part of
   the image that is there already. Of that one unit of blocks changes: the one with the anchor, which leads
   to the new volume from then on. */
#include "layout_room.h"

#include <stdlib.h>
#include <string.h>

const struct fs_extent *fs_layout_staying(const struct fs_layout *layout, const struct fs_node *node,
                                          size_t *count)
{
    return fs_earlier_extents(layout->has_earlier ? &layout->earlier : NULL, layout->options.file_systems,
                              node->entity, count);
}

static uint32_t anchor_unit(const struct fs_earlier *earlier)
{
    return FS_UDF_ANCHOR / earlier->write_unit * earlier->write_unit;
}

enum oi_status fs_earlier_source(const struct fs_earlier *earlier, struct source *disc, struct source **out)
{
    uint64_t first, size = (uint64_t)earlier->write_unit * FS_BLOCK_SIZE;
    struct source *parts[3] = { NULL, NULL, NULL };
    enum oi_status status;
    uint8_t *unit;

    if (!earlier->append)
    {
        *out = source_ref(disc);
        return OI_OK;
    }
    first = (uint64_t)anchor_unit(earlier) * FS_BLOCK_SIZE;
    if (!(unit = malloc((size_t)size))) return OI_NO_MEMORY;
    status = source_read(disc, first, unit, (size_t)size);
    if (!status) status = source_slice_create(disc, 0, first, &parts[0]);
    if (!status) status = source_memory_create(unit, (size_t)size, &parts[1]);
    if (!status) status = source_slice_create(disc, first + size, disc->size - first - size, &parts[2]);
    if (!status) status = source_concat_create(parts, 3, out);
    for (size_t i = 0; i < 3; i++) source_unref(parts[i]);
    free(unit);
    return status;
}

static enum oi_status take_anchor_unit(struct fs_layout *layout)
{
    uint32_t first = anchor_unit(&layout->earlier);
    size_t size = (size_t)layout->earlier.write_unit * FS_BLOCK_SIZE;
    uint8_t *anchor;

    if (!(layout->anchor_unit = malloc(size))) return OI_NO_MEMORY;
    TRY(source_read(layout->before, (uint64_t)first * FS_BLOCK_SIZE, layout->anchor_unit, size));
    anchor = layout->anchor_unit + (size_t)(FS_UDF_ANCHOR - first) * FS_BLOCK_SIZE;
    memset(anchor, 0, FS_BLOCK_SIZE);
    fs_udf_anchor(layout->writers[0], layout, FS_UDF_ANCHOR, anchor);
    return OI_OK;
}

enum oi_status fs_layout_read_before(const struct fs_layout *layout, uint64_t offset, uint8_t *buffer,
                                     size_t size, size_t *got)
{
    uint64_t first = (uint64_t)anchor_unit(&layout->earlier) * FS_BLOCK_SIZE;
    uint64_t end = first + (uint64_t)layout->earlier.write_unit * FS_BLOCK_SIZE;
    uint64_t limit = offset < first ? first : offset < end ? end
                                                           : (uint64_t)layout->earlier.append * FS_BLOCK_SIZE;

    if (size > limit - offset) size = (size_t)(limit - offset);
    if (offset < first || offset >= end)
    {
        enum oi_status status = source_read_some(layout->before, offset, buffer, size, got);

        return !status && *got < size ? OI_SOURCE_SIZE : status;
    }
    memcpy(buffer, layout->anchor_unit + (offset - first), size);
    *got = size;
    return OI_OK;
}

/* The anchor comes last: until it is written the disc is as it was. */
static enum oi_status list_modified(struct fs_layout *layout)
{
    uint32_t first = anchor_unit(&layout->earlier);

    if (!(layout->modified = malloc(2 * sizeof(*layout->modified)))) return OI_NO_MEMORY;
    layout->modified[0] = (struct fs_range){ layout->earlier.append, layout->blocks - 1, 0 };
    layout->modified[1] = (struct fs_range){ first, first + layout->earlier.write_unit - 1, 0 };
    layout->modified_count = 2;
    return OI_OK;
}

enum oi_status fs_layout_append(struct fs_layout *layout)
{
    if (!layout->earlier.append) return OI_OK;
    TRY(take_anchor_unit(layout));
    return list_modified(layout);
}

const struct fs_range *fs_layout_modified(const struct fs_layout *layout, size_t *count)
{
    *count = layout->modified_count;
    return layout->modified;
}
