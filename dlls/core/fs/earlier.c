/* The sessions that an image goes on from: which files stay where they are on the disc. */
#include "udf_room.h"

#define WRITE_UNIT_MAX 1024             /* discs have 1 to 32 */
#define EXTENTS_MAX 10000               /* a file in more pieces is better recorded anew, in one */

/* Is every piece within reach of the new volume? ISO 9660 records a file in one. */
static int can_stay(const struct fs_earlier *earlier, unsigned file_systems, const struct fs_extent *extents,
                    size_t count)
{
    if (count > EXTENTS_MAX) return 0;
    if (file_systems & (FS_ISO9660 | FS_JOLIET) && (count > 1 || extents->block == FS_EXTENT_HOLE)) return 0;
    if (!(file_systems & FS_UDF)) return 1;
    for (size_t i = 0; i < count; i++)
    {
        if (extents[i].block < earlier->partition_start) return 0;      /* a hole has the highest number */
    }
    return 1;
}

const struct fs_extent *fs_earlier_extents(const struct fs_earlier *earlier, unsigned file_systems,
                                           const struct fs_entity *entity, size_t *count)
{
    const struct fs_extent *extents;

    *count = 0;
    if (!earlier || !entity->data) return NULL;
    extents = fs_source_extents(entity->data, count);
    if (earlier->disc && fs_source_disc(entity->data) != earlier->disc) extents = NULL;
    if (extents && can_stay(earlier, file_systems, extents, *count)) return extents;
    *count = 0;
    return NULL;
}

uint64_t fs_earlier_extent_count(const struct fs_extent *extents, size_t count)
{
    uint64_t all = 0;

    for (size_t i = 0; i < count; i++) all += fs_udf_extents(extents[i].bytes);
    return all;
}

static const struct fs_extent *extents_of(const struct fs_item *item, size_t *count)
{
    const struct fs_tree *tree = item->tree;

    return fs_earlier_extents(tree->has_earlier ? &tree->earlier : NULL, tree->options.file_systems,
                              item->entity, count);
}

uint64_t fs_item_data_blocks(const struct fs_item *item)
{
    size_t count;

    return extents_of(item, &count) ? 0 : fs_blocks_of(fs_item_size(item));
}

uint64_t fs_item_allocation_blocks(const struct fs_item *item)
{
    size_t count;
    const struct fs_extent *extents = extents_of(item, &count);

    return fs_udf_allocation_blocks(extents ? fs_earlier_extent_count(extents, count)
                                            : fs_udf_extents(fs_item_size(item)));
}

void fs_earlier_recount(struct fs_tree *tree)
{
    const struct fs_item *root = &tree->root->item;

    tree->data_blocks = tree->stream_blocks = tree->udf_allocation_blocks = tree->udf_stream_blocks = 0;
    for (const struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        if (fs_is_directory(at)) continue;
        tree->data_blocks += fs_item_data_blocks(at);
        tree->udf_allocation_blocks += fs_item_allocation_blocks(at);
        if (fs_stream_first(at)) tree->udf_stream_blocks += at->streams->udf.blocks;
        for (const struct fs_item *stream = fs_stream_first(at); stream; stream = stream->next)
        {
            tree->stream_blocks += fs_item_data_blocks(stream);
            tree->udf_stream_blocks += fs_item_allocation_blocks(stream);
        }
    }
}

/* The next file or stream, in the order of fs_item_walk. */
static struct fs_item *next_data(struct fs_tree *tree, struct fs_item *at)
{
    struct fs_item *stream;

    if (!at) return fs_item_walk(&tree->root->item, &tree->root->item);
    if (fs_item_is_stream(at))
    {
        if (at->next) return at->next;
        at = fs_stream_file(at);
    }
    else if ((stream = fs_stream_first(at)))
        return stream;
    return fs_item_walk(&tree->root->item, at);
}

struct fs_item *fs_earlier_moving(struct fs_tree *tree, struct fs_item *at)
{
    size_t count;

    while ((at = next_data(tree, at)))
    {
        const struct source *data = at->entity->data;

        if (fs_item_is_stream(at) && !fs_options_streams(&tree->options)) continue; /* not recorded at all */
        if (data && data->size && fs_source_disc(data) && !extents_of(at, &count)) return at;
    }
    return NULL;
}

void fs_item_move(struct fs_item *item, struct source *copy)
{
    struct source *old = item->entity->data;

    item->entity->data = source_ref(copy);
    source_unref(old);
}

static int good(const struct fs_earlier *earlier)
{
    uint32_t unit = earlier->write_unit;

    if (!earlier->append) return !unit;
    return unit && !(unit & (unit - 1)) && unit <= WRITE_UNIT_MAX && !(earlier->append % unit)
           && earlier->append > FS_UDF_ANCHOR;
}

enum oi_status fs_tree_set_earlier(struct fs_tree *tree, const struct fs_earlier *earlier,
                                   struct fs_detail *detail)
{
    struct fs_earlier before = tree->earlier;
    int had = tree->has_earlier;
    enum oi_status status;

    if (earlier && !good(earlier)) return fs_fail(OI_INVALID_ARGUMENT, detail);
    tree->has_earlier = earlier != NULL;
    tree->earlier = earlier ? *earlier : (struct fs_earlier){ 0 };
    fs_earlier_recount(tree);
    if (!(status = fs_check_limit(tree, NULL, detail))) return OI_OK;
    tree->has_earlier = had;
    tree->earlier = before;
    fs_earlier_recount(tree);
    return status;
}
