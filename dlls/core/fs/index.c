/* The hash tables by which a directory finds its children under their true and their recorded names. */
#include "fs_room.h"

#include <stdlib.h>

#define LINKS_PER_BUCKET 2              /* on average, at most: hashes are compared before names are */

static struct fs_item *item_of(struct fs_link *link, unsigned kind)
{
    return (struct fs_item *)((char *)(link - kind) - offsetof(struct fs_item, links));
}

static uint32_t *hash_of(struct fs_link *link, unsigned kind)
{
    if (kind == FS_INDEX_SHORTENED) return &((struct fs_udf_name *)link)->hash;
    return &item_of(link, kind)->hashes[kind];
}

static struct fs_link **head(struct fs_index *index, uint32_t hash)
{
    return index->buckets ? &index->buckets[hash & index->mask] : &index->one;
}

struct fs_link *fs_index_bucket(const struct fs_index *index, uint32_t hash)
{
    return index->buckets ? index->buckets[hash & index->mask] : index->one;
}

static void grow(struct fs_index *index, unsigned kind)
{
    uint32_t count = index->buckets ? (index->mask + 1) * 2 : 8;
    struct fs_index larger = { calloc(count, sizeof(*larger.buckets)), NULL, count - 1, index->count };

    if (!larger.buckets) return;
    for (uint32_t i = 0; i <= index->mask; i++)
    {
        struct fs_link *link = index->buckets ? index->buckets[i] : index->one;

        while (link)
        {
            struct fs_link *next = link->next, **at = head(&larger, *hash_of(link, kind));

            link->next = *at;
            *at = link;
            link = next;
        }
    }
    free(index->buckets);
    *index = larger;
}

void fs_index_insert(struct fs_index *index, unsigned kind, struct fs_link *link, uint32_t hash)
{
    struct fs_link **at;

    if (index->count / LINKS_PER_BUCKET > index->mask && index->mask < UINT32_MAX / 4) grow(index, kind);
    at = head(index, hash);
    *hash_of(link, kind) = hash;
    link->next = *at;
    *at = link;
    index->count++;
}

void fs_index_remove(struct fs_index *index, unsigned kind, struct fs_link *link)
{
    struct fs_link **at = head(index, *hash_of(link, kind));

    while (*at != link) at = &(*at)->next;
    *at = link->next;
    index->count--;
}

void fs_index_clear(struct fs_index *index)
{
    for (uint32_t i = 0; index->buckets && i <= index->mask; i++) index->buckets[i] = NULL;
    index->one = NULL;
    index->count = 0;
}

void fs_index_free(struct fs_index *index)
{
    free(index->buckets);
    *index = (struct fs_index){ NULL, NULL, 0, 0 };
}

struct fs_item *fs_index_find_true(const struct fs_index *index, const char16_t *name, size_t length)
{
    uint32_t hash = text_hash_fold(name, length);

    for (struct fs_link *link = fs_index_bucket(index, hash); link; link = link->next)
    {
        struct fs_item *item = item_of(link, FS_INDEX_TRUE);
        const struct fs_entity *entity = item->entity;

        if (item->hashes[FS_INDEX_TRUE] != hash || entity->name_length != length) continue;
        if (!text_compare_fold_n(name, length, entity->name, length)) return item;
    }
    return NULL;
}

struct fs_item *fs_index_find(const struct fs_directory *directory, unsigned index, const char16_t *name,
                              size_t length)
{
    uint32_t hash = text_hash_fold(name, length);
    unsigned slot = index - FS_INDEX_SLOT;
    struct fs_link *link;

    if (index == FS_INDEX_TRUE) return fs_index_find_true(&directory->indexes[index], name, length);
    for (link = fs_index_bucket(&directory->indexes[index], hash); link; link = link->next)
    {
        struct fs_item *item = item_of(link, index);
        struct fs_naming naming = fs_tree_naming(item->tree);
        char16_t other[FS_NAME_MAX + 1];
        size_t other_length;

        if (item->hashes[index] != hash) continue;
        other_length = fs_name_derive(&naming, slot, item->entity, item->recorded[slot].serial, other);
        if (other_length == length && !text_compare_fold_n(name, length, other, other_length)) return item;
    }
    return NULL;
}

struct fs_item *fs_item_child_n(const struct fs_directory *directory, const char16_t *name, size_t length)
{
    for (unsigned index = 0; index < FS_INDEXES; index++)
    {
        struct fs_item *item = fs_index_find(directory, index, name, length);

        if (item) return item;
    }
    return fs_udf_find(&directory->udf, name, length);
}
