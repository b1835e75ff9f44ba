/*
 * Writer of a UDF volume: claims its blocks and says which of them is what. Behind the volume's descriptors
 * stand the file set, the root's file entry, and for each folder its file identifiers with the file entries
 * of its children behind them, so that addresses follow from few numbers and one folder is read in one go;
 * then the stream directory of each file that has one, likewise, and allocation extents.
 */
#include "udf_room.h"

#include <stdlib.h>

#define LIST_BLOCKS 32                  /* of a directory in one piece */

enum what
{
    NOTHING,                            /* zeros */
    VOLUME,
    ANCHOR,
    METADATA_FILE,
    METADATA_MIRROR,
    FILE_SET,
    FILE_SET_END,
    ENTRY,                              /* number: node; offset: block, never the mirror's */
    FOLDER,                             /* number: folder; offset: of its blocks */
    STREAM_DIRECTORY,                   /* number: set */
    STREAMS,                            /* number: set; offset: of its blocks */
    ALLOCATION,
};

/* --- first pass ----------------------------------------------------------------------------------------- */

static enum oi_status claim_head(struct fs_writer *writer, struct fs_layout *layout, uint64_t *next)
{
    struct udf_volume *volume = (struct udf_volume *)writer;

    layout->partition_start = layout->session_start + volume->plan.partition;
    /* It reaches back to the files that stay; metadata keep their alignment to it: UDF 2.50 2.2.13. */
    if (layout->has_earlier && layout->earlier.partition_start < layout->partition_start)
    {
        uint32_t back = layout->partition_start - layout->earlier.partition_start, unit = volume->plan.unit;

        if (volume->plan.metadata) back = (back + unit - 1) / unit * unit;
        layout->partition_start = back < layout->partition_start ? layout->partition_start - back : 0;
    }
    return fs_layout_area(layout, u"<UDF volume>", writer, next, volume->plan.partition);
}

static enum oi_status find_large(struct udf_volume *volume, const struct fs_layout *layout)
{
    uint32_t nodes = layout->node_count + layout->stream_count;

    for (uint32_t i = 0; i < nodes; i++)
    {
        volume->large_count += fs_udf_allocation_blocks(udf_file_extents(layout, i)) != 0;
    }
    if (!volume->large_count) return OI_OK;
    if (!(volume->large = malloc(volume->large_count * sizeof(*volume->large)))) return OI_NO_MEMORY;
    for (uint32_t i = 0, j = 0; i < nodes; i++)
    {
        if (!fs_udf_allocation_blocks(udf_file_extents(layout, i))) continue;
        volume->large[j++].node = i;
    }
    return OI_OK;
}

static uint64_t folder_blocks(const struct udf_volume *volume, const struct fs_layout *layout,
                              uint32_t folder)
{
    return fs_blocks_of(volume->folders[folder].bytes) + layout->folders[folder].count;
}

static uint64_t set_blocks(const struct udf_stream_set *set)
{
    return 1 + fs_blocks_of(set->bytes) + set->count;
}

static uint64_t large_blocks(const struct fs_layout *layout, const struct udf_large *large)
{
    return fs_udf_allocation_blocks(udf_file_extents(layout, large->node));
}

/* From a block on, all of which are known to be there. */
static void place(struct udf_volume *volume, const struct fs_layout *layout, uint64_t at)
{
    for (uint32_t i = 0; i < layout->folder_count; i++)
    {
        volume->folders[i].first = (uint32_t)at;
        at += folder_blocks(volume, layout, i);
    }
    volume->streams_first = (uint32_t)at;
    for (uint32_t i = 0; i < volume->stream_set_count; i++)
    {
        volume->streams[i].first = (uint32_t)at;
        at += set_blocks(&volume->streams[i]);
    }
    volume->allocation = (uint32_t)at;
    for (uint32_t i = 0; i < volume->large_count; i++)
    {
        volume->large[i].first = (uint32_t)at;
        at += large_blocks(layout, &volume->large[i]);
    }
    volume->allocation_end = (uint32_t)at;
}

static enum oi_status claim(struct fs_writer *writer, const struct fs_layout *layout, uint64_t *next)
{
    struct udf_volume *volume = (struct udf_volume *)writer;
    uint64_t blocks = FS_UDF_FIXED_BLOCKS, start = *next;

    TRY(udf_measure(volume, layout));
    TRY(find_large(volume, layout));
    for (uint32_t i = 0; i < layout->folder_count; i++) blocks += folder_blocks(volume, layout, i);
    for (uint32_t i = 0; i < volume->stream_set_count; i++) blocks += set_blocks(&volume->streams[i]);
    for (uint32_t i = 0; i < volume->large_count; i++) blocks += large_blocks(layout, &volume->large[i]);
    *next = fs_udf_claim_structures(&volume->plan, start, blocks);
    if (*next > UINT32_MAX) return OI_TOO_LARGE;
    place(volume, layout, volume->plan.structures + FS_UDF_FIXED_BLOCKS);
    return OI_OK;
}

static enum oi_status claim_tail(struct fs_writer *writer, struct fs_layout *layout, uint64_t *next)
{
    struct udf_volume *volume = (struct udf_volume *)writer;
    uint64_t end = fs_udf_claim_tail(&volume->plan, *next), mirrored = volume->plan.mirror_file + 1;

    if (volume->plan.redundant) TRY(fs_layout_area(layout, u"<UDF mirror>", writer, next, mirrored));
    return fs_layout_area(layout, u"<UDF anchor>", writer, next, end);
}

/* --- second pass ---------------------------------------------------------------------------------------- */

static uint32_t start_of_folder(const void *context, uint32_t index)
{
    return ((const struct udf_folder *)context)[index].first;
}

static uint32_t start_of_set(const void *context, uint32_t index)
{
    return ((const struct udf_stream_set *)context)[index].first;
}

static struct fs_piece find_in_list(const struct udf_list *list, enum what what, uint32_t number,
                                    uint32_t block)
{
    uint32_t offset = block - list->block, blocks = (uint32_t)fs_blocks_of(list->bytes);

    if (offset >= blocks) return (struct fs_piece){ block, 1, ENTRY, list->node + offset - blocks, block };
    offset -= offset % LIST_BLOCKS;
    blocks -= offset;
    if (blocks > LIST_BLOCKS) blocks = LIST_BLOCKS;
    return (struct fs_piece){ list->block + offset, blocks, what, number, offset };
}

static struct fs_piece find_in_folders(const struct udf_volume *volume, const struct fs_layout *layout,
                                       uint32_t block)
{
    uint32_t number = fs_search(layout->folder_count, block, start_of_folder, volume->folders);
    struct udf_list list = udf_folder_list(volume, layout, number);

    return find_in_list(&list, FOLDER, number, block);
}

static struct fs_piece find_in_streams(const struct udf_volume *volume, const struct fs_layout *layout,
                                       uint32_t block)
{
    uint32_t number = fs_search(volume->stream_set_count, block, start_of_set, volume->streams);
    struct udf_list list = udf_stream_list(volume, layout, number);

    if (block < list.block) return (struct fs_piece){ block, 1, STREAM_DIRECTORY, number, 0 };
    return find_in_list(&list, STREAMS, number, block);
}

static struct fs_piece find_structure(const struct udf_volume *volume, const struct fs_layout *layout,
                                      uint32_t block)
{
    switch (block - (uint32_t)volume->plan.structures)
    {
    case 0: return (struct fs_piece){ block, 1, FILE_SET, 0, 0 };
    case 1: return (struct fs_piece){ block, 1, FILE_SET_END, 0, 0 };
    case 2: return (struct fs_piece){ block, 1, ENTRY, 0, block };
    default: break;
    }
    if (block < volume->streams_first) return find_in_folders(volume, layout, block);
    if (block < volume->allocation) return find_in_streams(volume, layout, block);
    return (struct fs_piece){ block, 1, block < volume->allocation_end ? ALLOCATION : NOTHING, block, 0 };
}

static void find(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                 struct fs_piece *out)
{
    const struct udf_volume *volume = (const struct udf_volume *)writer;
    const struct udf_plan *plan = &volume->plan;

    *out = (struct fs_piece){ block, 1, NOTHING, block, 0 };
    if (block == FS_UDF_ANCHOR || block == plan->tail || block == layout->blocks - 1) out->what = ANCHOR;
    else if (plan->in_tail ? block > plan->tail : block < plan->partition) out->what = VOLUME;
    else if (plan->metadata && block == plan->metadata_file) out->what = METADATA_FILE;
    else if (plan->metadata && block == plan->mirror_file) out->what = METADATA_MIRROR;
    else if (block - plan->structures < plan->structure_blocks) *out = find_structure(volume, layout, block);
    else if (plan->redundant && block - plan->mirror < plan->structure_blocks)
    {
        uint32_t distance = (uint32_t)(plan->mirror - plan->structures);

        *out = find_structure(volume, layout, block - distance);
        out->first += distance;
    }
}

static void write_piece(const struct fs_writer *writer, const struct fs_layout *layout,
                        const struct fs_piece *piece, uint8_t *bytes)
{
    const struct udf_volume *volume = (const struct udf_volume *)writer;
    struct udf_list list;

    switch ((enum what)piece->what)
    {
    case NOTHING: break;
    case VOLUME: udf_write_volume(volume, layout, piece->number, bytes); break;
    case ANCHOR: udf_write_anchor(volume, layout, piece->number, bytes); break;
    case METADATA_FILE: udf_write_metadata_entry(volume, layout, 0, bytes); break;
    case METADATA_MIRROR: udf_write_metadata_entry(volume, layout, 1, bytes); break;
    case FILE_SET: udf_write_file_set(volume, layout, bytes); break;
    case FILE_SET_END: udf_write_file_set_end(volume, layout, bytes); break;
    case ENTRY: udf_write_entry(volume, layout, piece->number, piece->offset, bytes); break;
    case FOLDER:
        list = udf_folder_list(volume, layout, piece->number);
        udf_write_list(volume, layout, &list, piece->offset, piece->blocks, bytes);
        break;
    case STREAM_DIRECTORY:
        udf_write_stream_directory(volume, layout, &volume->streams[piece->number], bytes);
        break;
    case STREAMS:
        list = udf_stream_list(volume, layout, piece->number);
        udf_write_list(volume, layout, &list, piece->offset, piece->blocks, bytes);
        break;
    case ALLOCATION: udf_write_allocation(volume, layout, piece->number, bytes); break;
    }
}

static void descriptor(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t number,
                       uint8_t *bytes)
{
    (void)layout;
    udf_write_recognition((const struct udf_volume *)writer, number, bytes);
}

static void destroy(struct fs_writer *writer)
{
    struct udf_volume *volume = (struct udf_volume *)writer;

    free(volume->folders);
    free(volume->steps);
    free(volume->large);
    free(volume->streams);
    free(volume);
}

static const struct fs_writer_ops volume_ops =
{
    .claim_head = claim_head, .claim = claim, .claim_tail = claim_tail, .descriptor = descriptor,
    .find = find, .write = write_piece, .destroy = destroy,
};

void fs_udf_anchor(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                   uint8_t *bytes)
{
    udf_write_anchor((const struct udf_volume *)writer, layout, block, bytes);
}

enum oi_status fs_udf_writer_create(const struct fs_layout *layout, struct fs_writer **out)
{
    const struct fs_options *options = &layout->options;
    struct udf_volume *volume = calloc(1, sizeof(*volume));

    if (!volume) return OI_NO_MEMORY;
    volume->base.ops = &volume_ops;
    volume->base.kind = FS_UDF;
    volume->base.descriptors = UDF_RECOGNITION_DESCRIPTORS;
    volume->base.name = u"<UDF>";
    volume->revision = options->udf_revision;
    volume->extended = options->udf_revision >= 0x200;
    volume->version = volume->extended ? 3 : 2;
    fs_udf_plan(options, layout->has_earlier ? &layout->earlier : NULL, &volume->plan);
    *out = &volume->base;
    return OI_OK;
}
