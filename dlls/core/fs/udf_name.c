/*
 * Names in UDF: an item's own, but for the few that are longer than a file identifier holds. These are cut and
 * numbered, and only they pay for it: with room behind the item, and with an index of their own. A name that
 * fits is never changed; who was shortened to it before yields.
 */
#include "fs_room.h"

#define FID_HEAD 38                     /* ECMA-167 4/14.4 */
#define FID_LENGTH_MAX 255              /* 4/14.4.4, with the compression byte */

static size_t d_characters(const char16_t *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
    {
        if (name[i] > 0xFF) return 1 + 2 * length;
    }
    return 1 + length;
}

uint8_t fs_udf_length(const char16_t *name, size_t length)
{
    size_t size = d_characters(name, length);

    return size <= FID_LENGTH_MAX ? (uint8_t)size : 0;
}

size_t fs_udf_record_size(size_t identifier) { return (FID_HEAD + identifier + 3) / 4 * 4; }

static size_t derive(const struct fs_item *item, uint32_t serial, char16_t out[FS_NAME_MAX + 1])
{
    return fs_name_derive(NULL, FS_SLOT_UDF, item->entity, serial, out);
}

size_t fs_udf_item_record_size(const struct fs_item *item)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);
    char16_t name[FS_NAME_MAX + 1];
    size_t length;

    if (!shortened) return fs_udf_record_size(item->entity->udf_length);
    if (shortened->serial == FS_SERIAL_NONE) return 0;
    length = derive(item, shortened->serial, name);
    return fs_udf_record_size(d_characters(name, length));
}

struct fs_item *fs_udf_find(const struct fs_directory *directory, const char16_t *name, size_t length)
{
    uint32_t hash = text_hash_fold(name, length);
    struct fs_link *link = fs_index_bucket(&directory->shortened, hash);
    char16_t other[FS_NAME_MAX + 1];

    for (; link; link = link->next)
    {
        struct fs_udf_name *shortened = (struct fs_udf_name *)link;
        size_t other_length;

        if (link->hash != hash) continue;
        other_length = derive(shortened->item, shortened->serial, other);
        if (!text_compare_fold_n(name, length, other, other_length)) return shortened->item;
    }
    return NULL;
}

static void enter(struct fs_directory *directory, struct fs_udf_name *shortened)
{
    char16_t name[FS_NAME_MAX + 1];
    size_t length = derive(shortened->item, shortened->serial, name);

    fs_index_insert(&directory->shortened, &shortened->link, text_hash_fold(name, length));
}

static int is_free(struct fs_directory *directory, const struct fs_item *item, uint32_t serial)
{
    char16_t name[FS_NAME_MAX + 1];
    size_t length = derive(item, serial, name);

    return !fs_index_find(directory, FS_INDEX_TRUE, name, length) && !fs_udf_find(directory, name, length);
}

/* Numbers run through the directory, so that thousands of long names cost one try each. */
static void give(struct fs_directory *directory, struct fs_item *item)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);
    uint32_t serial = directory->shortened_last + 1;

    while (serial <= FS_SERIAL_MAX && !is_free(directory, item, serial)) serial++;
    if (serial > FS_SERIAL_MAX)
    {
        for (serial = 1; serial <= FS_SERIAL_MAX && !is_free(directory, item, serial);) serial++;
    }
    if (serial > FS_SERIAL_MAX)
    {
        shortened->serial = FS_SERIAL_NONE;
        return;
    }
    shortened->serial = serial;
    directory->shortened_last = serial;
    enter(directory, shortened);
}

void fs_udf_attach(struct fs_directory *directory, struct fs_item *item, int restore)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);
    const struct fs_entity *entity = item->entity;
    struct fs_item *other;

    if (shortened)
    {
        if (restore && shortened->serial == FS_SERIAL_NONE) return;
        if (!restore || !is_free(directory, item, shortened->serial)) give(directory, item);
        else enter(directory, shortened);
        return;
    }
    if (!directory->shortened.count) return;
    other = fs_udf_find(directory, entity->name, entity->name_length);
    if (!other) return;
    directory->fid_bytes -= fs_udf_item_record_size(other);
    fs_index_remove(&directory->shortened, &fs_udf_name_of(other)->link);
    give(directory, other);
    directory->item.tree->udf_unnamed += fs_udf_name_of(other)->serial == FS_SERIAL_NONE;
    directory->fid_bytes += fs_udf_item_record_size(other);
}

/* When the number given last comes back, it is the next to be given: a change taken back leaves no gap. */
void fs_udf_detach(struct fs_directory *directory, struct fs_item *item)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);

    if (!shortened || shortened->serial == FS_SERIAL_NONE) return;
    fs_index_remove(&directory->shortened, &shortened->link);
    if (directory->shortened_last == shortened->serial) directory->shortened_last--;
}
