/* The order of records in a directory (ECMA-119 9.3; Joliet: filler 0), and the blocks that they take. */
#include "fs_room.h"

#include <stdlib.h>

/* A name as it compares: file name, filler, extension. The filler stands below every character that a name
   has, so that a shorter file name comes first, as padding it would have it. */
struct key
{
    uint64_t head;                      /* the first four units: most comparisons end here */
    uint32_t start, length;             /* in the text */
    uint16_t record;                    /* size of the directory record */
    uint32_t rank;
};

struct sorter
{
    char16_t *text;
    size_t used, capacity;
    struct key *keys, *spare;
};

static enum oi_status add_key(struct sorter *sorter, struct key *key, const char16_t *name, size_t length,
                              enum fs_type type)
{
    size_t period = length;
    char16_t *at;

    if (sorter->capacity - sorter->used < length)
    {
        size_t capacity = sorter->capacity * 2 + FS_NAME_MAX;
        char16_t *larger = realloc(sorter->text, capacity * sizeof(*larger));

        if (!larger) return OI_NO_MEMORY;
        sorter->text = larger;
        sorter->capacity = capacity;
    }
    at = sorter->text + sorter->used;
    for (size_t i = 0; i < length; i++) at[i] = name[i];
    for (size_t i = length; type == FS_FILE && i-- > 1;)
    {
        if (name[i] != '.') continue;
        period = i;
        break;
    }
    if (period < length) at[period] = 0;
    key->start = (uint32_t)sorter->used;
    key->length = (uint32_t)length;
    key->head = 0;
    for (size_t i = 0; i < 4; i++) key->head = key->head << 16 | (i < length ? at[i] : 0);
    sorter->used += length;
    return OI_OK;
}

static int before(const struct sorter *sorter, const struct key *a, const struct key *b)
{
    const char16_t *x = sorter->text + a->start, *y = sorter->text + b->start;

    if (a->head != b->head) return a->head < b->head;
    return text_compare_n(x, a->length, y, b->length) < 0;
}

/* Merges runs of doubling length; never more than n log n steps, whatever the names. */
static void sort(struct sorter *sorter, uint32_t count)
{
    for (uint64_t width = 1; width < count; width *= 2)
    {
        struct key *from = sorter->keys, *to = sorter->spare;

        for (uint64_t start = 0; start < count; start += 2 * width)
        {
            uint64_t middle = start + width < count ? start + width : count;
            uint64_t end = middle + width < count ? middle + width : count;
            uint64_t a = start, b = middle;

            for (uint64_t i = start; i < end; i++)
            {
                if (a < middle && (b >= end || !before(sorter, &from[b], &from[a]))) to[i] = from[a++];
                else to[i] = from[b++];
            }
        }
        sorter->keys = to;
        sorter->spare = from;
    }
}

enum oi_status fs_order(const struct fs_naming *naming, unsigned slot, const struct fs_order_entry *entries,
                        uint32_t count, uint32_t *ranks, uint64_t *blocks)
{
    struct sorter sorter = { NULL, 0, 0, malloc(count * sizeof(struct key) + 1), NULL };
    enum oi_status status = OI_NO_MEMORY;
    uint64_t at = 2 * FS_DOT_BYTES;

    sorter.spare = malloc(count * sizeof(struct key) + 1);
    if (!sorter.keys || !sorter.spare) goto done;
    for (uint32_t i = 0; i < count; i++)
    {
        enum fs_type type = entries[i].entity->type;
        char16_t name[FS_NAME_MAX + 1];
        size_t length = fs_name_derive(naming, slot, entries[i].entity, entries[i].serial, name);

        sorter.keys[i].rank = i;
        sorter.keys[i].record = (uint16_t)fs_record_size(fs_identifier_size(slot, type, name, length));
        if ((status = add_key(&sorter, &sorter.keys[i], name, length, type))) goto done;
    }
    sort(&sorter, count);
    for (uint32_t i = 0; i < count; i++)
    {
        ranks[i] = sorter.keys[i].rank;
        at = fs_record_place(at, sorter.keys[i].record) + sorter.keys[i].record;
    }
    *blocks = fs_blocks_of(at);
    status = OI_OK;

done:
    free(sorter.text);
    free(sorter.keys);
    free(sorter.spare);
    return status;
}
