/* Gives the children of a directory names that are unique in each file system, one item at a time. */
#include "fs_room.h"

#include <string.h>

#define FEW 16                          /* numbers tried one after the other before strides are taken */

static void enter(struct fs_directory *directory, struct fs_item *item, unsigned slot, const char16_t *name,
                  size_t length)
{
    unsigned index = FS_INDEX_SLOT + slot;

    fs_index_insert(&directory->indexes[index], index, &item->links[index], text_hash_fold(name, length));
}

static int is_free(struct fs_directory *directory, const struct fs_item *item, unsigned slot, uint32_t serial)
{
    struct fs_naming naming = fs_tree_naming(item->tree);
    char16_t name[FS_NAME_MAX + 1];
    size_t length = fs_name_derive(&naming, slot, item->entity, serial, name);

    return !fs_index_find(directory, FS_INDEX_SLOT + slot, name, length);
}

static uint32_t next_free(struct fs_directory *directory, const struct fs_item *item, unsigned slot,
                          uint32_t from, uint32_t to)
{
    for (uint32_t serial = from; serial <= to; serial++)
    {
        if (is_free(directory, item, slot, serial)) return serial;
    }
    return FS_SERIAL_NONE;
}

/*
 * Numbers are tried from the last one given behind the same natural name, so that thousands of equal names
 * cost one try each. Other natural names may have been numbered into the same ones (FILE0001 and FILE0002
 * both become FILE_100), tens of thousands in a row: behind a few that are taken, a free one is looked for in
 * strides that double, and then the first one behind those taken. When there is none, every number is tried.
 */
static uint32_t find_serial(struct fs_directory *directory, const struct fs_item *item, unsigned slot,
                            uint32_t last)
{
    uint32_t few = last < FS_SERIAL_MAX - FEW ? last + FEW : FS_SERIAL_MAX;
    uint32_t serial = next_free(directory, item, slot, last + 1, few), taken = few, found = few;

    if (serial != FS_SERIAL_NONE) return serial;
    for (uint32_t stride = 1; found == taken; stride *= 2)
    {
        if (stride > FS_SERIAL_MAX - taken) return next_free(directory, item, slot, 1, FS_SERIAL_MAX);
        found = taken + stride;
        if (!is_free(directory, item, slot, found)) taken = found;
    }
    while (found - taken > 1)
    {
        uint32_t middle = taken + (found - taken) / 2;

        if (is_free(directory, item, slot, middle)) found = middle;
        else taken = middle;
    }
    return found;
}

static void give(struct fs_directory *directory, struct fs_item *item, unsigned slot)
{
    struct fs_naming naming = fs_tree_naming(item->tree);
    char16_t name[FS_NAME_MAX + 1];
    size_t length = fs_name_derive(&naming, slot, item->entity, 0, name);
    struct fs_item *holder = fs_index_find(directory, FS_INDEX_SLOT + slot, name, length);
    uint32_t serial;

    item->recorded[slot].serial = 0;
    item->recorded[slot].last_serial = 0;
    if (holder)
    {
        serial = find_serial(directory, item, slot, holder->recorded[slot].last_serial);
        item->recorded[slot].serial = serial;
        if (serial == FS_SERIAL_NONE) return;
        holder->recorded[slot].last_serial = serial;
        length = fs_name_derive(&naming, slot, item->entity, serial, name);
    }
    enter(directory, item, slot, name, length);
}

void fs_naming_give(struct fs_directory *directory, struct fs_item *item)
{
    for (unsigned slot = 0; slot < FS_SLOTS; slot++) give(directory, item, slot);
    item->generation = item->tree->generation;
}

void fs_naming_restore(struct fs_directory *directory, struct fs_item *item)
{
    struct fs_naming naming = fs_tree_naming(item->tree);
    char16_t name[FS_NAME_MAX + 1];

    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        size_t length;

        if (item->recorded[slot].serial == FS_SERIAL_NONE) continue;
        length = fs_name_derive(&naming, slot, item->entity, item->recorded[slot].serial, name);
        enter(directory, item, slot, name, length);
    }
}

/* When the number given last comes back, it is the next to be given: a change taken back leaves no gap. */
static void give_back(struct fs_directory *directory, struct fs_item *item, unsigned slot)
{
    struct fs_naming naming = fs_tree_naming(item->tree);
    char16_t name[FS_NAME_MAX + 1];
    size_t length = fs_name_derive(&naming, slot, item->entity, 0, name);
    struct fs_item *holder = fs_index_find(directory, FS_INDEX_SLOT + slot, name, length);

    if (holder && holder->recorded[slot].last_serial == item->recorded[slot].serial)
    {
        holder->recorded[slot].last_serial--;
    }
}

void fs_naming_take(struct fs_directory *directory, struct fs_item *item)
{
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        unsigned index = FS_INDEX_SLOT + slot;

        if (item->recorded[slot].serial == FS_SERIAL_NONE) continue;
        fs_index_remove(&directory->indexes[index], index, &item->links[index]);
        if (item->recorded[slot].serial) give_back(directory, item, slot);
    }
}

void fs_naming_renew(struct fs_directory *directory, const struct fs_recorded (*names)[FS_SLOTS])
{
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        fs_index_clear(&directory->indexes[FS_INDEX_SLOT + slot]);
        directory->record_bytes[slot] = 2 * FS_DOT_BYTES;
    }
    for (struct fs_item *item = directory->first; item; item = item->next)
    {
        if (names)
        {
            memcpy(item->recorded, *names++, sizeof(item->recorded));
            item->generation = item->tree->generation;
            fs_naming_restore(directory, item);
        }
        else
        {
            fs_naming_give(directory, item);
        }
        for (unsigned slot = 0; slot < FS_SLOTS; slot++)
        {
            directory->record_bytes[slot] += fs_item_record_size(item, slot);
        }
    }
}
