/* The independent UDF reader: its entry, its memory, reading of blocks, and who owns which block. */
#include "helpers/udf_check_room.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* --- faults ----------------------------------------------------------------------------------------- */

void looking_at(struct udf_check_tree *t, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(t->where, sizeof(t->where), format, arguments);
    va_end(arguments);
}

_Noreturn static void fault_list(struct udf_check_tree *t, const char *format, va_list arguments)
{
    int used = snprintf(t->message, t->message_size, "%s: ", t->where);

    if (used > 0 && (size_t)used < t->message_size)
        vsnprintf(t->message + used, t->message_size - (size_t)used, format, arguments);
    longjmp(t->failed, 1);
}

_Noreturn void fault(struct udf_check_tree *t, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fault_list(t, format, arguments);
}

void require(struct udf_check_tree *t, int is_right, const char *format, ...)
{
    va_list arguments;

    if (is_right) return;
    va_start(arguments, format);
    fault_list(t, format, arguments);
}

int allows(const struct udf_check_tree *t, unsigned option)
{
    return (t->expect.allow & option) != 0;
}

/* --- memory ----------------------------------------------------------------------------------------- */

void *room_for_one(struct udf_check_tree *t, void *items, size_t count, size_t size)
{
    /* The capacity is the next power of two, so that it need not be remembered. */
    if (count & (count - 1) || count == 1) return items;
    items = realloc(items, (count ? 2 * count : 2) * size);
    if (!items) fault(t, "out of memory");
    return items;
}

void *keep(struct udf_check_tree *t, size_t size)
{
    t->kept = room_for_one(t, t->kept, t->kept_count, sizeof(*t->kept));
    t->kept[t->kept_count] = calloc(1, size ? size : 1);
    if (!t->kept[t->kept_count]) fault(t, "out of memory");
    return t->kept[t->kept_count++];
}

static void free_entry(const struct udf_entry *entry)
{
    free((void *)entry->node.extents);
    free(entry->logical);
}

void udf_check_free(struct udf_check_tree *tree)
{
    if (!tree) return;
    for (size_t i = 0; i < tree->kept_count; i++) free(tree->kept[i]);
    for (size_t i = 0; i < tree->entry_count; i++) free_entry(&tree->entries[i]);
    free_entry(&tree->metadata);
    free_entry(&tree->mirror);
    free_entry(&tree->bitmap);
    free(tree->ids);
    free(tree->kept);
    free(tree->entries);
    free(tree->nodes);
    free(tree->node_entries);
    free(tree->buckets);
    free(tree->claims);
    free(tree);
}

/* --- blocks ----------------------------------------------------------------------------------------- */

void read_blocks(struct udf_check_tree *t, uint32_t block, uint32_t count, uint8_t *bytes)
{
    for (uint32_t i = 0; i < count; i++, block++, bytes += BLOCK)
    {
        FILE *file = block < t->expect.start ? t->base : t->image;
        uint32_t at = block < t->expect.start ? block : block - t->expect.start;

        if (!file) fault(t, "block %u lies before the image, and nothing is there", block);
        if (block >= t->end) fault(t, "block %u lies beyond the image's end, %u", block, t->end);
        if (i == 0 || block == t->expect.start)
        {
            if (fseek(file, (long)at * (long)BLOCK, SEEK_SET)) fault(t, "cannot seek to block %u", block);
        }
        if (fread(bytes, BLOCK, 1, file) != 1) fault(t, "cannot read block %u", block);
    }
}

void claim(struct udf_check_tree *t, uint32_t block, uint32_t count, const char *what, uint32_t data_of)
{
    if (!count) return;
    if (block >= t->end || count > t->end - block)
        fault(t, "%s at block %u, %u blocks, reaches beyond the image's end, %u", what, block, count, t->end);
    if (block < t->expect.start && !t->base)
        fault(t, "%s at block %u lies before the image, and nothing is there", what, block);
    t->claims = room_for_one(t, t->claims, t->claim_count, sizeof(*t->claims));
    t->claims[t->claim_count++] = (struct udf_claim){ block, count, data_of != 0, what, data_of };
}

static int compare_claims(const void *a, const void *b)
{
    const struct udf_claim *x = a, *y = b;

    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    if (x->count != y->count) return x->count < y->count ? -1 : 1;
    return x->is_data - y->is_data;
}

/* No block has two owners; only the content of two files may be the same extent, whole. */
void check_claims(struct udf_check_tree *t)
{
    looking_at(t, "blocks");
    if (t->claim_count) qsort(t->claims, t->claim_count, sizeof(*t->claims), compare_claims);
    for (size_t i = 1; i < t->claim_count; i++)
    {
        const struct udf_claim *a = &t->claims[i - 1], *b = &t->claims[i];

        if (b->block >= a->block + a->count) continue;
        if (a->is_data && b->is_data && a->block == b->block && a->count == b->count && a->icb != b->icb)
            continue;
        fault(t, "%s of %u at %u, %u blocks, overlaps %s of %u at %u, %u blocks", a->what, a->icb, a->block,
              a->count, b->what, b->icb, b->block, b->count);
    }
}

/* --- entry ------------------------------------------------------------------------------------------ */

static void measure(struct udf_check_tree *t)
{
    long size;

    looking_at(t, "image");
    if (fseek(t->image, 0, SEEK_END) || (size = ftell(t->image)) < 0) fault(t, "cannot be measured");
    require(t, size % (long)BLOCK == 0, "%ld bytes are not a multiple of the block size", size);
    require(t, size / (long)BLOCK > 257, "%ld bytes are too few for a volume", size);
    t->end = t->expect.start + (uint32_t)(size / (long)BLOCK);
}

static void check_all(struct udf_check_tree *t)
{
    measure(t);
    check_recognition(t);
    check_volume_structure(t);
    check_integrity(t);
    check_metadata(t);
    check_partition_header(t);
    check_file_set(t);
    check_hierarchy(t);
    check_links(t);
    check_counts(t);
    check_claims(t);
    check_space(t);
    sort_nodes(t);
}

int udf_check(FILE *image, const struct udf_check_expect *expect, struct udf_check_tree **tree, char *message,
              size_t size)
{
    struct udf_check_tree *t = calloc(1, sizeof(*t));

    if (tree) *tree = NULL;
    snprintf(message, size, "out of memory");
    if (!t) return -1;
    t->image = image;
    t->base = expect->base;
    t->expect = *expect;
    t->message = message;
    t->message_size = size;
    if (setjmp(t->failed))
    {
        udf_check_free(t);
        return -1;
    }
    check_all(t);
    snprintf(message, size, "right");
    if (tree) *tree = t;
    else udf_check_free(t);
    return 0;
}
