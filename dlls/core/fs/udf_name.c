/*
 * Names in UDF: an item's own, but for the few that are longer than a file identifier holds. These are cut
 * and numbered, and only they pay for it: with room behind the item, and with an index of their own. A name
 * that fits is never changed; who was shortened to it before yields.
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

void fs_udf_names_init(struct fs_udf_names *names)
{
    names->bytes = FS_PARENT_FID_BYTES;
    names->blocks = 1;
}

struct fs_item *fs_udf_find(const struct fs_udf_names *names, const char16_t *name, size_t length)
{
    uint32_t hash = text_hash_fold(name, length);
    struct fs_link *link = fs_index_bucket(&names->shortened, hash);
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

static void enter(struct fs_udf_names *names, struct fs_udf_name *shortened)
{
    char16_t name[FS_NAME_MAX + 1];
    size_t length = derive(shortened->item, shortened->serial, name);

    fs_index_insert(&names->shortened, &shortened->link, text_hash_fold(name, length));
}

static int is_free(const struct fs_udf_names *names, const struct fs_index *true_names,
                   const struct fs_item *item, uint32_t serial)
{
    char16_t name[FS_NAME_MAX + 1];
    size_t length = derive(item, serial, name);

    return !fs_index_find_true(true_names, name, length) && !fs_udf_find(names, name, length);
}

/* Numbers run through the directory, so that thousands of long names cost one try each. */
static void give(struct fs_udf_names *names, const struct fs_index *true_names, struct fs_item *item)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);
    uint32_t serial = names->last + 1;

    while (serial <= FS_SERIAL_MAX && !is_free(names, true_names, item, serial)) serial++;
    if (serial > FS_SERIAL_MAX)
    {
        for (serial = 1; serial <= FS_SERIAL_MAX && !is_free(names, true_names, item, serial);) serial++;
    }
    if (serial > FS_SERIAL_MAX)
    {
        shortened->serial = FS_SERIAL_NONE;
        return;
    }
    shortened->serial = serial;
    names->last = serial;
    enter(names, shortened);
}

static void attach_shortened(struct fs_udf_names *names, const struct fs_index *true_names,
                             struct fs_item *item, int restore)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);

    if (restore && shortened->serial == FS_SERIAL_NONE) return;
    if (restore && is_free(names, true_names, item, shortened->serial)) enter(names, shortened);
    else give(names, true_names, item);
}

/* Whoever was shortened to the name of an item that comes. */
static void yield(struct fs_udf_names *names, const struct fs_index *true_names, const struct fs_item *item)
{
    struct fs_item *other = fs_udf_find(names, item->entity->name, item->entity->name_length);

    if (!other) return;
    names->bytes -= fs_udf_item_record_size(other);
    fs_index_remove(&names->shortened, &fs_udf_name_of(other)->link);
    give(names, true_names, other);
    other->tree->udf_unnamed += fs_udf_name_of(other)->serial == FS_SERIAL_NONE;
    names->bytes += fs_udf_item_record_size(other);
}

void fs_udf_attach(struct fs_udf_names *names, const struct fs_index *true_names, struct fs_item *item,
                   int restore)
{
    if (fs_udf_name_of(item)) attach_shortened(names, true_names, item, restore);
    else if (names->shortened.count) yield(names, true_names, item);
    names->bytes += fs_udf_item_record_size(item);
}

/* When the number given last comes back, it is the next to be given: a change taken back leaves no gap. */
void fs_udf_detach(struct fs_udf_names *names, struct fs_item *item)
{
    struct fs_udf_name *shortened = fs_udf_name_of(item);

    names->bytes -= fs_udf_item_record_size(item);
    if (!shortened || shortened->serial == FS_SERIAL_NONE) return;
    fs_index_remove(&names->shortened, &shortened->link);
    if (names->last == shortened->serial) names->last--;
}
