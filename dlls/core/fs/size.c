/*
 * How many blocks an image takes, kept up to date while the tree changes. For a directory of more than one
 * block the number depends on the order of all of its records; then an upper bound stands in the sum until
 * somebody needs it exactly.
 */
#include "fs_room.h"

#include <stdlib.h>

#define PATH_TABLES 2                   /* type L and type M, no optional ones: 6.9 */
#define RECORD_HEAD 33                  /* 9.1 */
#define PATH_RECORD_HEAD 8              /* 9.4 */
#define RECORD_MAX 254                  /* an even number in one byte */

size_t fs_identifier_size(unsigned slot, enum fs_type type, const char16_t *name, size_t length)
{
    int period = 0;

    if (slot == FS_SLOT_JOLIET) return 2 * (length + (type == FS_FILE ? 2 : 0));
    if (type == FS_DIRECTORY) return length;
    for (size_t i = 0; i < length; i++) period |= name[i] == '.';
    return length + (period ? 2 : 3);   /* both separators are always there: 7.5.1 */
}

size_t fs_record_size(size_t identifier) { return RECORD_HEAD + identifier + (identifier % 2 == 0); }

size_t fs_path_record_size(size_t identifier) { return PATH_RECORD_HEAD + identifier + identifier % 2; }

size_t fs_item_identifier_size(const struct fs_item *item, unsigned slot)
{
    struct fs_naming naming = fs_tree_naming(item->tree);
    char16_t name[FS_NAME_MAX + 1];
    size_t length;

    if (item->recorded[slot].serial == FS_SERIAL_NONE) return 0;
    length = fs_name_derive(&naming, slot, item->entity, item->recorded[slot].serial, name);
    return fs_identifier_size(slot, item->entity->type, name, length);
}

size_t fs_item_record_size(const struct fs_item *item, unsigned slot)
{
    size_t identifier = fs_item_identifier_size(item, slot);

    return identifier ? fs_record_size(identifier) : 0;
}

static size_t path_bytes(const struct fs_directory *directory, unsigned slot)
{
    if (directory == directory->item.tree->root) return fs_path_record_size(1);
    return fs_path_record_size(fs_item_identifier_size(&directory->item, slot));
}

/* Every block but the last is filled to less than one record from its end. */
static uint64_t most_blocks(uint64_t bytes)
{
    uint64_t filled = FS_BLOCK_SIZE - RECORD_MAX + 2;

    return bytes <= FS_BLOCK_SIZE ? 1 : (bytes + filled - 1) / filled;
}

static void mark_dirty(struct fs_directory *directory)
{
    struct fs_tree *tree = directory->item.tree;

    if (directory->dirty || directory->exact) return;
    directory->dirty = 1;
    directory->dirty_previous = NULL;
    directory->dirty_next = tree->dirty;
    if (tree->dirty) tree->dirty->dirty_previous = directory;
    tree->dirty = directory;
}

static void unmark_dirty(struct fs_directory *directory)
{
    if (!directory->dirty) return;
    directory->dirty = 0;
    if (directory->dirty_next) directory->dirty_next->dirty_previous = directory->dirty_previous;
    if (directory->dirty_previous) directory->dirty_previous->dirty_next = directory->dirty_next;
    else directory->item.tree->dirty = directory->dirty_next;
}

void fs_size_changed(struct fs_directory *directory)
{
    struct fs_tree *tree = directory->item.tree;
    uint64_t blocks;

    directory->exact = 1;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        blocks = most_blocks(directory->record_bytes[slot]);
        if (blocks > 1) directory->exact = 0;
        if (directory->item.in_tree) tree->directory_blocks[slot] += blocks - directory->blocks[slot];
        directory->blocks[slot] = blocks;
    }
    blocks = fs_blocks_of(directory->udf.bytes);
    if (directory->item.in_tree) tree->udf_directory_blocks += blocks - directory->udf.blocks;
    directory->udf.blocks = blocks;
    if (!directory->item.in_tree) return;
    if (directory->exact) unmark_dirty(directory);
    else mark_dirty(directory);
}

void fs_size_enter(struct fs_directory *directory)
{
    struct fs_tree *tree = directory->item.tree;

    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        tree->directory_blocks[slot] += directory->blocks[slot];
        tree->path_bytes[slot] += path_bytes(directory, slot);
    }
    tree->udf_directory_blocks += directory->udf.blocks;
    mark_dirty(directory);
}

void fs_size_leave(struct fs_directory *directory)
{
    struct fs_tree *tree = directory->item.tree;

    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        tree->directory_blocks[slot] -= directory->blocks[slot];
        tree->path_bytes[slot] -= path_bytes(directory, slot);
    }
    tree->udf_directory_blocks -= directory->udf.blocks;
    unmark_dirty(directory);
}

/* What is recorded between the first structure of UDF and the end of its image. */
static uint64_t udf_blocks(const struct fs_tree *tree, uint64_t others)
{
    struct udf_plan plan;
    uint64_t at, structures = tree->udf_directory_blocks + tree->udf_allocation_blocks;

    fs_udf_plan(&tree->options, tree->has_earlier ? &tree->earlier : NULL, &plan);
    structures += FS_UDF_FIXED_BLOCKS + tree->files + tree->directories - 1;
    if (fs_options_streams(&tree->options))
    {
        structures += tree->stream_files + tree->streams + tree->udf_stream_blocks;
    }
    at = fs_udf_claim_structures(&plan, plan.partition, structures);
    return fs_udf_claim_tail(&plan, at + others);
}

uint64_t fs_size_estimate(const struct fs_tree *tree)
{
    unsigned file_systems = tree->options.file_systems;
    uint64_t blocks = tree->data_blocks, descriptors = 0;

    if (fs_options_streams(&tree->options)) blocks += tree->stream_blocks;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        if (!(file_systems & fs_slot_kind(slot))) continue;
        blocks += PATH_TABLES * fs_blocks_of(tree->path_bytes[slot]) + tree->directory_blocks[slot];
        descriptors++;
    }
    if (tree->boot)
    {
        blocks += tree->boot->blocks;
        /* The empty volume has a root of one block, and path tables of as many. */
        if (file_systems && !(file_systems & FS_ISO9660)) blocks += PATH_TABLES + 1;
        descriptors++;
    }
    if (file_systems & FS_UDF) return udf_blocks(tree, blocks);
    if (descriptors) blocks += FS_SYSTEM_AREA_BLOCKS + descriptors + 1;     /* and the terminator */
    return blocks;
}

static enum oi_status make_exact(struct fs_directory *directory)
{
    struct fs_tree *tree = directory->item.tree;
    struct fs_naming naming = fs_tree_naming(tree);
    uint32_t count = directory->child_count;
    struct fs_order_entry *entries = malloc(count * sizeof(*entries));
    uint32_t *ranks = malloc(count * sizeof(*ranks));
    enum oi_status status = entries && ranks ? OI_OK : OI_NO_MEMORY;
    uint64_t blocks[FS_SLOTS];

    for (unsigned slot = 0; slot < FS_SLOTS && !status; slot++)
    {
        uint32_t used = 0;

        for (struct fs_item *item = directory->first; item; item = item->next)
        {
            if (item->recorded[slot].serial == FS_SERIAL_NONE) continue;
            entries[used++] = (struct fs_order_entry){ item->entity, item->recorded[slot].serial };
        }
        status = fs_order(&naming, slot, entries, used, ranks, &blocks[slot]);
    }
    for (unsigned slot = 0; slot < FS_SLOTS && !status; slot++)
    {
        tree->directory_blocks[slot] += blocks[slot] - directory->blocks[slot];
        directory->blocks[slot] = blocks[slot];
    }
    free(entries);
    free(ranks);
    if (status) return status;
    directory->exact = 1;
    unmark_dirty(directory);
    return OI_OK;
}

enum oi_status fs_tree_used_blocks(struct fs_tree *tree, uint64_t *blocks)
{
    while (tree->dirty) TRY(make_exact(tree->dirty));
    *blocks = fs_size_estimate(tree);
    return OI_OK;
}
