/* Where items enter and leave the tree: siblings, names, levels and all of the tree's sums. */
#include "fs_room.h"

#include <stdlib.h>
#include <string.h>

static void link_sibling(struct fs_directory *directory, struct fs_item *after, struct fs_item *item)
{
    struct fs_item *next = after ? after->next : directory->first;

    item->parent = directory;
    item->previous = after;
    item->next = next;
    if (after) after->next = item;
    else directory->first = item;
    if (next) next->previous = item;
    else directory->last = item;
    directory->child_count++;
}

static void unlink_sibling(struct fs_directory *directory, struct fs_item *item)
{
    if (item->previous) item->previous->next = item->next;
    else directory->first = item->next;
    if (item->next) item->next->previous = item->previous;
    else directory->last = item->previous;
    item->previous = item->next = NULL;
    item->parent = NULL;
    directory->child_count--;
}

static void count_in(struct fs_tree *tree, struct fs_item *item)
{
    item->in_tree = 1;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        tree->unnamed[slot] += item->recorded[slot].serial == FS_SERIAL_NONE;
    }
    if (fs_udf_name_of(item))
    {
        tree->udf_shortened++;
        tree->udf_unnamed += fs_udf_name_of(item)->serial == FS_SERIAL_NONE;
    }
    if (!fs_is_directory(item))
    {
        tree->udf_allocation_blocks += fs_item_allocation_blocks(item);
        tree->files++;
        tree->data_blocks += fs_item_data_blocks(item);
        tree->real_time_files += item->real_time;
        fs_streams_enter(item);
        return;
    }
    fs_directory_of(item)->level = item->parent ? item->parent->level + 1 : 1;
    tree->directories++;
    tree->deep += fs_directory_of(item)->level > FS_ISO9660_LEVELS_MAX;
    fs_size_enter(fs_directory_of(item));
}

static void count_out(struct fs_tree *tree, struct fs_item *item)
{
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        tree->unnamed[slot] -= item->recorded[slot].serial == FS_SERIAL_NONE;
    }
    if (fs_udf_name_of(item))
    {
        tree->udf_shortened--;
        tree->udf_unnamed -= fs_udf_name_of(item)->serial == FS_SERIAL_NONE;
    }
    if (!fs_is_directory(item))
    {
        tree->udf_allocation_blocks -= fs_item_allocation_blocks(item);
        tree->files--;
        tree->data_blocks -= fs_item_data_blocks(item);
        tree->real_time_files -= item->real_time;
        fs_streams_leave(item);
    }
    else
    {
        tree->directories--;
        tree->deep -= fs_directory_of(item)->level > FS_ISO9660_LEVELS_MAX;
        fs_size_leave(fs_directory_of(item));
    }
    item->in_tree = 0;
}

/* A part that was outside while the naming changed has old names throughout. */
static void renew_stale(struct fs_item *item)
{
    struct fs_directory *directory = fs_directory_of(item);

    if (!fs_is_directory(item) || !directory->first) return;
    if (directory->first->generation == item->tree->generation) return;
    fs_naming_renew(directory, NULL);
    fs_size_changed(directory);
}

static void add_records(struct fs_directory *directory, const struct fs_item *item)
{
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        directory->record_bytes[slot] += fs_item_record_size(item, slot);
    }
    fs_size_changed(directory);
}

void fs_attach(struct fs_directory *directory, struct fs_item *after, struct fs_item *item)
{
    struct fs_tree *tree = directory->item.tree;
    const struct fs_entity *entity = item->entity;

    link_sibling(directory, after, item);
    fs_index_insert(&directory->indexes[FS_INDEX_TRUE], FS_INDEX_TRUE, &item->links[FS_INDEX_TRUE],
                    text_hash_fold(entity->name, entity->name_length));
    fs_udf_attach(&directory->udf, &directory->indexes[FS_INDEX_TRUE], item, item->generation != 0);
    if (item->generation == tree->generation) fs_naming_restore(directory, item);
    else fs_naming_give(directory, item);
    add_records(directory, item);
    for (struct fs_item *at = item; at; at = fs_item_walk(item, at))
    {
        renew_stale(at);
        count_in(tree, at);
    }
}

void fs_detach(struct fs_item *item)
{
    struct fs_directory *directory = item->parent;
    struct fs_tree *tree = item->tree;

    for (struct fs_item *at = item; at; at = fs_item_walk(item, at)) count_out(tree, at);
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        directory->record_bytes[slot] -= fs_item_record_size(item, slot);
    }
    fs_udf_detach(&directory->udf, item);
    fs_size_changed(directory);
    fs_naming_take(directory, item);
    fs_index_remove(&directory->indexes[FS_INDEX_TRUE], FS_INDEX_TRUE, &item->links[FS_INDEX_TRUE]);
    unlink_sibling(directory, item);
}

struct fs_names *fs_names_save(const struct fs_tree *tree)
{
    const struct fs_item *root = &tree->root->item;
    uint64_t count = tree->files + tree->directories - 1;
    struct fs_names *names;
    size_t at = 0;

    if (count > (SIZE_MAX - sizeof(*names)) / sizeof(*names->recorded)) return NULL;
    if (!(names = malloc(sizeof(*names) + (size_t)count * sizeof(*names->recorded)))) return NULL;
    names->generation = tree->generation;
    for (const struct fs_item *folder = root; folder; folder = fs_item_walk(root, folder))
    {
        for (const struct fs_item *item = fs_item_first_child(folder); item; item = item->next)
        {
            memcpy(names->recorded[at++], item->recorded, sizeof(item->recorded));
        }
    }
    return names;
}

void fs_rename_all(struct fs_tree *tree, const struct fs_names *names)
{
    struct fs_item *root = &tree->root->item;
    size_t named = 0;

    for (struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        if (fs_is_directory(at)) fs_size_leave(fs_directory_of(at));
    }
    tree->generation = names ? names->generation : tree->generation + 1;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        tree->path_bytes[slot] = 0;
        tree->directory_blocks[slot] = 0;
        tree->unnamed[slot] = 0;
    }
    for (struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        for (unsigned slot = 0; slot < FS_SLOTS; slot++)
        {
            tree->unnamed[slot] += at->recorded[slot].serial == FS_SERIAL_NONE;
        }
        if (!fs_is_directory(at)) continue;
        fs_size_enter(fs_directory_of(at));
        fs_naming_renew(fs_directory_of(at), names ? &names->recorded[named] : NULL);
        named += fs_directory_of(at)->child_count;
        fs_size_changed(fs_directory_of(at));
    }
}
