/* Additions and removals, and the journal that takes them back. */
#include "fs_room.h"

#include <stdlib.h>

enum oi_status fs_journal_reserve(struct fs_tree *tree)
{
    size_t capacity = tree->change_capacity ? tree->change_capacity * 2 : 16;
    struct fs_change *larger;

    if (tree->change_count < tree->change_capacity) return OI_OK;
    if (!(larger = realloc(tree->changes, capacity * sizeof(*larger)))) return OI_NO_MEMORY;
    tree->changes = larger;
    tree->change_capacity = capacity;
    return OI_OK;
}

void fs_journal_put(struct fs_tree *tree, struct fs_item *added, struct fs_removal *removal)
{
    struct fs_change *change = &tree->changes[tree->change_count++];

    *change = (struct fs_change){ .added = added, .step = tree->step + 1, .is_removal = removal != NULL };
    if (removal) change->removal = removal;
    if (!tree->nesting) tree->step++;
}

static enum oi_status check_addition(struct fs_item *directory, struct fs_item *item,
                                     struct fs_detail *detail)
{
    const struct fs_entity *entity = item->entity;

    if (!fs_is_directory(directory)) return fs_fail_item(OI_NOT_DIRECTORY, detail, directory, 0);
    if (!directory->in_tree)
    {
        return fs_fail_text(OI_NOT_IN_TREE, detail, directory->entity->name, directory->entity->name_length);
    }
    if (item->in_tree || __atomic_load_n(&item->parent, __ATOMIC_ACQUIRE) || item->is_stream ||
        item->tree != directory->tree)
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    if (fs_index_find(fs_directory_of(directory), FS_INDEX_TRUE, entity->name, entity->name_length))
    {
        return fs_fail_text(OI_NAME_EXISTS, detail, entity->name, entity->name_length);
    }
    if (fs_directory_of(directory)->child_count == UINT32_MAX) return fs_fail(OI_NO_MEMORY, detail);
    return OI_OK;
}

enum oi_status fs_add(struct fs_item *directory, struct fs_item *item, struct fs_detail *detail)
{
    struct fs_tree *tree = directory->tree;
    uint32_t generation = item->generation;
    enum oi_status status;

    TRY(check_addition(directory, item, detail));
    if ((status = fs_journal_reserve(tree))) return fs_fail(status, detail);
    item->generation = 0;               /* names that it had elsewhere mean nothing here */
    fs_attach(fs_directory_of(directory), fs_directory_of(directory)->last, item);
    status = fs_check_rules(tree, item, detail);
    if (!status) status = fs_check_limit(tree, item, detail);
    if (status)
    {
        fs_detach(item);
        item->generation = generation;
        return status;
    }
    fs_item_ref(item);
    fs_journal_put(tree, item, NULL);
    return OI_OK;
}

static void detach(struct fs_item *item)
{
    if (item->is_stream) fs_stream_detach(item);
    else fs_detach(item);
}

static void attach(struct fs_item *home, struct fs_item *after, struct fs_item *item)
{
    if (item->is_stream) fs_stream_attach(home, after, item);
    else fs_attach(fs_directory_of(home), after, item);
}

/* The directory that an item of the tree is in, or the file whose stream it is. */
static struct fs_item *home_of(const struct fs_item *item)
{
    return item->is_stream ? item->streams->file : &item->parent->item;
}

enum oi_status fs_remove_one(struct fs_item *item, struct fs_detail *detail)
{
    struct fs_removal *removal = malloc(sizeof(*removal));
    enum oi_status status = removal ? fs_journal_reserve(item->tree) : OI_NO_MEMORY;

    if (status)
    {
        free(removal);
        return fs_fail(status, detail);
    }
    removal->item = item;
    removal->home = home_of(item);
    removal->after = item->previous;
    removal->generation = item->generation;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++) removal->serials[slot] = item->recorded[slot].serial;
    removal->udf_serial = fs_udf_name_of(item) ? fs_udf_name_of(item)->serial : 0;
    detach(item);
    fs_journal_put(item->tree, NULL, removal);
    return OI_OK;
}

static enum oi_status check_removal(const struct fs_item *item, struct fs_detail *detail)
{
    if (item->in_tree) return OI_OK;
    return fs_fail_text(OI_NOT_IN_TREE, detail, item->entity->name, item->entity->name_length);
}

enum oi_status fs_remove(struct fs_item *item, struct fs_detail *detail)
{
    TRY(check_removal(item, detail));
    if (!item->parent) return fs_fail(OI_INVALID_ARGUMENT, detail);
    if (fs_item_first_child(item)) return fs_fail_item(OI_NOT_EMPTY, detail, item, 0);
    return fs_remove_one(item, detail);
}

enum oi_status fs_remove_tree(struct fs_item *item, struct fs_detail *detail)
{
    enum oi_status status = OI_OK;
    size_t mark;

    TRY(check_removal(item, detail));
    if (item->is_stream) return fs_fail(OI_INVALID_ARGUMENT, detail);
    if (item->parent) return fs_remove_one(item, detail);
    mark = fs_step_begin(item->tree);
    while (!status && fs_item_first_child(item)) status = fs_remove_one(fs_item_first_child(item), detail);
    fs_step_end(item->tree, mark, !status);
    return status;
}

/* --- taking back ---------------------------------------------------------------------------------------- */

static void undo(const struct fs_change *change)
{
    struct fs_item *item = fs_change_item(change);
    struct fs_removal *removal = change->removal;

    if (!change->is_removal)
    {
        detach(item);
        return;
    }
    item->generation = removal->generation;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++) item->recorded[slot].serial = removal->serials[slot];
    if (fs_udf_name_of(item)) fs_udf_name_of(item)->serial = removal->udf_serial;
    attach(removal->home, removal->after, item);
}

static void redo(const struct fs_change *change, struct fs_item *home)
{
    struct fs_item *item = fs_change_item(change), *last;

    if (change->is_removal)
    {
        detach(item);
        return;
    }
    last = item->is_stream ? home->streams->last : fs_directory_of(home)->last;
    attach(home, last, item);
}

/* Forgets changes that have been taken back. */
static void forget(struct fs_tree *tree, size_t from)
{
    while (tree->change_count > from)
    {
        struct fs_change *change = &tree->changes[--tree->change_count];

        if (change->is_removal) free(change->removal);
        else fs_item_unref(change->added);
    }
}

enum oi_status fs_rollback(struct fs_tree *tree, uint32_t change_point, struct fs_detail *detail)
{
    size_t from = tree->change_count;
    struct fs_item **homes;
    enum oi_status status;

    if (tree->nesting || change_point > tree->step || change_point < tree->locked)
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    while (from && tree->changes[from - 1].step > change_point) from--;
    /* Where additions went, in case that they must be made again. */
    homes = malloc((tree->change_count - from) * sizeof(*homes) + 1);
    if (!homes) return fs_fail(OI_NO_MEMORY, detail);
    for (size_t i = tree->change_count; i-- > from;)
    {
        homes[i - from] = tree->changes[i].is_removal ? NULL : home_of(tree->changes[i].added);
        undo(&tree->changes[i]);
    }
    if ((status = fs_check_rules(tree, NULL, detail)))
    {
        for (size_t i = from; i < tree->change_count; i++) redo(&tree->changes[i], homes[i - from]);
    }
    else
    {
        forget(tree, from);
        tree->step = change_point;
    }
    free(homes);
    return status;
}

void fs_lock_in(struct fs_tree *tree)
{
    if (tree->nesting) return;
    fs_journal_clear(tree);
    tree->locked = tree->step;
}

void fs_journal_clear(struct fs_tree *tree)
{
    for (size_t i = 0; i < tree->change_count; i++)
    {
        struct fs_change *change = &tree->changes[i];

        if (!change->is_removal) continue;
        fs_item_unref(change->removal->item);
        free(change->removal);
    }
    free(tree->changes);
    tree->changes = NULL;
    tree->change_count = tree->change_capacity = 0;
}

uint32_t fs_change_point(const struct fs_tree *tree) { return tree->step; }

size_t fs_step_begin(struct fs_tree *tree)
{
    tree->nesting++;
    return tree->change_count;
}

void fs_step_end(struct fs_tree *tree, size_t mark, int keep)
{
    tree->nesting--;
    if (!keep)
    {
        for (size_t i = tree->change_count; i-- > mark;) undo(&tree->changes[i]);
        forget(tree, mark);
    }
    else if (!tree->nesting && tree->change_count > mark)
    {
        tree->step++;
    }
}
