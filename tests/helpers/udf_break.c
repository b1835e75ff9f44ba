/* Places in a UDF volume, and mending of tags. The CRC is computed in another way than in the reader. */
#include "helpers/udf_break.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define BLOCK 2048u

struct target
{
    uint8_t *bytes;
    size_t size;
    const struct udf_check_tree *tree;
    const struct udf_breakage *breakage;
};

static uint32_t get(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes; i++) value |= (uint32_t)p[i] << 8 * i;
    return value;
}

static void put(uint8_t *p, unsigned bytes, uint64_t value)
{
    for (unsigned i = 0; i < bytes; i++) p[i] = (uint8_t)(value >> 8 * i);
}

static uint16_t crc_of(const uint8_t *p, size_t size)
{
    uint16_t crc = 0;

    for (size_t i = 0; i < 8 * size; i++)
    {
        unsigned bit = (p[i / 8] >> (7 - i % 8) & 1u) ^ crc >> 15;

        crc = (uint16_t)(crc << 1 ^ (bit ? 0x1021 : 0));
    }
    return crc;
}

static void seal(uint8_t *d, enum udf_seal how)
{
    unsigned sum = 0;

    if (how == RAW) return;
    if (how == SEALED) put(d + 8, 2, crc_of(d + 16, get(d + 10, 2)));
    for (int i = 0; i < 16; i++) sum += i == 4 ? 0 : d[i];
    d[4] = (uint8_t)sum;
}

static void apply(const struct target *target, uint8_t *d)
{
    const struct udf_breakage *b = target->breakage;

    assert_non_null(d);
    assert_true(d >= target->bytes && d + BLOCK <= target->bytes + target->size + BLOCK);
    if (b->edit) b->edit(d);
    else
    {
        uint8_t before[8];

        memcpy(before, d + b->offset, b->width);
        put(d + b->offset, b->width, b->value);
        if (!memcmp(before, d + b->offset, b->width)) fail_msg("%s: nothing is broken", b->name);
    }
    seal(d, b->seal);
}

static uint8_t *block(const struct target *target, uint32_t number)
{
    assert_true(((uint64_t)number + 1) * BLOCK <= target->size);
    return target->bytes + (size_t)number * BLOCK;
}

static uint8_t *descriptor(const struct target *target, uint32_t sequence, unsigned tag)
{
    for (uint32_t i = 0; i < 16; i++)
    {
        if (get(block(target, sequence + i), 2) == tag) return block(target, sequence + i);
    }
    fail_msg("no descriptor %u", tag);
    return NULL;
}

static const struct udf_check_node *node_of(const struct target *target, const char *path)
{
    const struct udf_check_node *node = udf_check_find(target->tree, path);

    if (!node) fail_msg("no %s", path);
    return node;
}

/* Where the content of an entry begins in it. */
static uint8_t *content(const struct target *target, const struct udf_check_node *node)
{
    uint8_t *d = block(target, node->icb);
    unsigned head = node->is_extended ? 216 : 176;

    return d + head + get(d + head - 8, 4);
}

/* The content of the two metadata files: blocks of the partition, by the maps and short descriptors. */
static uint8_t *metadata(const struct target *target, int is_mirror)
{
    const struct udf_check_volume *volume = udf_check_volume(target->tree);
    const uint8_t *map = descriptor(target, volume->main_sequence, 6) + 440 + 6;
    const uint8_t *d = block(target, volume->partition_start + get(map + (is_mirror ? 44 : 40), 4));

    return block(target, volume->partition_start + get(d + (get(d, 2) == 266 ? 216 : 176) + 4, 4));
}

/* A block that the directory structures address. */
static uint8_t *addressed(const struct target *target, uint32_t number)
{
    const struct udf_check_volume *volume = udf_check_volume(target->tree);

    if (volume->has_metadata) return metadata(target, 0) + (size_t)number * BLOCK;
    return block(target, volume->partition_start + number);
}

/* Where the descriptor of an entry's directory begins, or that of its streams. */
static uint8_t *names_of(const struct target *target, const char *folder, int is_streams, uint8_t **entry)
{
    const struct udf_check_node *node = node_of(target, folder);

    *entry = block(target, node->icb);
    if (is_streams)
    {
        *entry = addressed(target, get(*entry + 152 + 4, 4));
        return *entry + 216 + get(*entry + 208, 4);
    }
    return node->embedded ? content(target, node) : block(target, node->extents[0].block);
}

/* The identifier in its directory, and the entry too when it lies there. */
static void apply_to_name(const struct target *target, const char *path)
{
    size_t length = strlen(path), at = 0;
    int is_parent = length && strchr("/:", path[length - 1]);
    const struct udf_check_node *node = is_parent ? NULL : node_of(target, path);
    uint8_t *names, *entry;
    char folder[300];
    char *end;

    snprintf(folder, sizeof(folder), "%s", path);
    end = strrchr(folder, ':') ? strrchr(folder, ':') : strrchr(folder, '/');
    assert_non_null(end);
    *end = 0;
    names = names_of(target, folder, path[end - folder] == ':', &entry);
    while (node && addressed(target, get(names + at + 24, 4)) != block(target, node->icb))
    {
        at += (38 + get(names + at + 36, 2) + names[at + 19] + 3) / 4 * 4;
        assert_true(get(names + at, 2) == 257);
    }
    apply(target, names + at);
    if (names > entry && names < entry + BLOCK) seal(entry, target->breakage->seal);
}

/* The bitmap's position is in the partition descriptor's header: 4/14.3. */
static uint8_t *bitmap(const struct target *target)
{
    const struct udf_check_volume *volume = udf_check_volume(target->tree);

    return block(target,
                 volume->partition_start + get(descriptor(target, volume->main_sequence, 5) + 68, 4));
}

static uint8_t *continuation(const struct target *target, const struct udf_check_node *node)
{
    const uint8_t *ads = content(target, node);

    while (get(ads, 4) >> 30 != 3) ads += node->flags & 7 ? 16 : 8;
    return block(target, udf_check_volume(target->tree)->partition_start + get(ads + 4, 4));
}

void udf_break(uint8_t *bytes, size_t size, const struct udf_check_tree *tree,
               const struct udf_breakage *breakage)
{
    const struct udf_check_volume *volume = udf_check_volume(tree);
    const struct target target = { bytes, size, tree, breakage };
    uint32_t last = (uint32_t)(size / BLOCK) - 1;
    const uint8_t *logical = descriptor(&target, volume->main_sequence, 6);

    switch (breakage->place)
    {
    case AT_BLOCK: apply(&target, block(&target, breakage->number)); break;
    case AT_MAIN: apply(&target, descriptor(&target, volume->main_sequence, breakage->number)); break;
    case AT_RESERVE: apply(&target, descriptor(&target, volume->reserve_sequence, breakage->number)); break;
    case AT_BOTH:
        apply(&target, descriptor(&target, volume->main_sequence, breakage->number));
        apply(&target, descriptor(&target, volume->reserve_sequence, breakage->number));
        break;
    case AT_ANCHOR: apply(&target, block(&target, 256)); break;
    case AT_LAST_ANCHOR: apply(&target, block(&target, last)); break;
    case AT_ANCHORS:
        apply(&target, block(&target, 256));
        if (get(block(&target, last - 256), 2) == 2) apply(&target, block(&target, last - 256));
        apply(&target, block(&target, last));
        break;
    case AT_INTEGRITY: apply(&target, block(&target, volume->integrity_sequence)); break;
    case AT_FILE_SET: apply(&target, addressed(&target, get(logical + 252, 4))); break;
    case AT_METADATA: apply(&target, addressed(&target, breakage->number)); break;
    case AT_ENTRY: apply(&target, block(&target, node_of(&target, breakage->path)->icb)); break;
    case AT_NAME: apply_to_name(&target, breakage->path); break;
    case AT_CONTINUATION: apply(&target, continuation(&target, node_of(&target, breakage->path))); break;
    case AT_BITMAP: apply(&target, bitmap(&target)); break;
    }
    if (volume->has_metadata && breakage->place >= AT_FILE_SET)
        memcpy(metadata(&target, 1), metadata(&target, 0), (size_t)volume->metadata_blocks * BLOCK);
}
