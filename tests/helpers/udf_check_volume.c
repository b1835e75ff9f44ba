/* The independent UDF reader: volume recognition, anchors and the volume descriptor sequences. */
#include "helpers/udf_check_room.h"

#include <string.h>

/* --- volume recognition ----------------------------------------------------------------------------- */

/* 2/9, ECMA-119 8: a descriptor of ISO 9660 before the extended area. */
static int check_iso9660(struct udf_check_tree *t, const uint8_t *d, int *is_ended)
{
    if (memcmp(d + 1, "CD001", 5)) return 0;
    require(t, !*is_ended, "a CD001 descriptor behind the terminator of the set");
    require(t, d[0] <= 3 || d[0] == 255, "CD001 descriptor of type %u", d[0]);
    require(t, d[6] == 1 || (d[0] == 2 && d[6] == 2), "CD001 descriptor of version %u", d[6]);
    *is_ended = d[0] == 255;
    return 1;
}

static void check_structure(struct udf_check_tree *t, const uint8_t *d, const char *identifier)
{
    require(t, !memcmp(d + 1, identifier, 5), "\"%.5s\", not %s", (const char *)d + 1, identifier);
    require(t, d[0] == 0, "%s: structure type %u", identifier, d[0]);
    require(t, d[6] == 1, "%s: structure version %u", identifier, d[6]);
    zeros(t, d + 7, BLOCK - 7, identifier);
}

/* 2/8.3, 2/9, 3/9; UDF 2.1.7: one extended area with one NSR descriptor, and a blank block behind it. */
void check_recognition(struct udf_check_tree *t)
{
    uint32_t first = t->expect.start + 16, block = first;
    uint8_t d[BLOCK];
    int is_ended = 0;

    for (;;)
    {
        looking_at(t, "volume recognition sequence, block %u", block);
        read_blocks(t, block, 1, d);
        if (!check_iso9660(t, d, &is_ended)) break;
        block++;
    }
    if (block > first) require(t, is_ended, "no terminator behind the CD001 descriptors");
    check_structure(t, d, "BEA01");
    looking_at(t, "volume recognition sequence, block %u", ++block);
    read_blocks(t, block, 1, d);
    t->version = d[5] == '2' ? 2 : 3;
    check_structure(t, d, t->version == 2 ? "NSR02" : "NSR03");
    looking_at(t, "volume recognition sequence, block %u", ++block);
    read_blocks(t, block, 1, d);
    check_structure(t, d, "TEA01");
    looking_at(t, "block %u, behind the volume recognition sequence", ++block);
    read_blocks(t, block, 1, d);
    zeros(t, d, 7, "next structure");
    claim(t, first, block - first, "volume recognition sequence", 0);
}

/* --- anchors ---------------------------------------------------------------------------------------- */

/* 3/10.2; UDF 2.2.3 */
static int check_anchor(struct udf_check_tree *t, uint32_t block, uint8_t *extents)
{
    uint8_t d[BLOCK];

    if (block < t->expect.start || block >= t->end) return 0;
    looking_at(t, "anchor at block %u", block);
    read_blocks(t, block, 1, d);
    if (le(d, 2) != TAG_ANCHOR) return 0;
    check_tag(t, d, TAG_ANCHOR, block, 512, BLOCK);
    zeros(t, d + 32, BLOCK - 32, "reserved bytes");
    memcpy(extents, d + 16, 16);
    claim(t, block, 1, "anchor", 0);
    return 1;
}

/* 3/8.4.2.1 and UDF 2.2.3: at two of 256, N - 256 and N; all say the same. */
static void check_anchors(struct udf_check_tree *t, uint8_t *extents)
{
    uint32_t places[] = { t->expect.start + 256, t->end - 1, t->end - 1 - 256 };
    uint8_t other[16];
    int found = 0;

    for (int i = 0; i < 3; i++)
    {
        if (i == 2 && places[2] == places[0]) continue;
        if (!check_anchor(t, places[i], found ? other : extents)) continue;
        if (found++) require(t, !memcmp(extents, other, 16), "other extents than in the first one");
    }
    looking_at(t, "anchors");
    require(t, found > 0, "none at blocks %u, %u and %u", places[0], places[1], places[2]);
    require(t, found > 1, "one alone of blocks %u, %u and %u", places[0], places[1], places[2]);
    looking_at(t, "anchor");
    require(t, le(extents, 4) >= 16 * BLOCK && le(extents + 8, 4) >= 16 * BLOCK,
            "sequences of %u and %u bytes, below 16 blocks", le(extents, 4), le(extents + 8, 4));
    require(t, le(extents, 4) % BLOCK == 0 && le(extents + 8, 4) % BLOCK == 0, "sequences of broken blocks");
}

/* --- descriptors ------------------------------------------------------------------------------------ */

/* 3/10.1, UDF 2.2.2 */
static void check_primary(struct udf_check_tree *t, const uint8_t *d)
{
    struct udf_check_volume *volume = &t->volume;
    char set[512];

    require(t, le(d + 20, 4) == 0, "primary volume descriptor number %u", le(d + 20, 4));
    check_dstring(t, d + 24, 32, "volume identifier", volume->volume);
    require(t, volume->volume[0], "empty volume identifier");
    require(t, le(d + 56, 2) == 1 && le(d + 58, 2) == 1, "volume %u of %u", le(d + 56, 2), le(d + 58, 2));
    require(t, le(d + 60, 2) == 2, "interchange level %u", le(d + 60, 2));
    require(t, le(d + 62, 2) == 2 || le(d + 62, 2) == 3, "maximum interchange level %u", le(d + 62, 2));
    require(t, le(d + 64, 4) == 1 && le(d + 68, 4) == 1, "character sets %08X of %08X, not CS0",
            le(d + 64, 4), le(d + 68, 4));
    check_dstring(t, d + 72, 128, "volume set identifier", set);
    memcpy(volume->volume_set, set, sizeof(set));
    require(t, strlen(set) >= 16, "volume set identifier \"%s\" is not unique in 16 characters", set);
    check_charspec(t, d + 200, "descriptor character set");
    check_charspec(t, d + 264, "explanatory character set");
    zeros(t, d + 328, 16, "volume abstract and copyright notice");
    check_entity(t, d + 344, NULL, SUFFIX_APPLICATION, "application identifier");
    snprintf(volume->application, sizeof(volume->application), "%.23s", (const char *)d + 345);
    check_time(t, d + 376, "recording time", &volume->recorded);
    check_entity(t, d + 388, NULL, SUFFIX_IMPLEMENTATION, "implementation identifier");
    snprintf(volume->implementation, sizeof(volume->implementation), "%.23s", (const char *)d + 389);
    require(t, le(d + 484, 4) == 0, "predecessor sequence at %u", le(d + 484, 4));
    require(t, le(d + 488, 2) <= 1, "flags %04X", le(d + 488, 2));
    zeros(t, d + 490, BLOCK - 490, "reserved bytes");
}

/* 3/10.4, UDF 2.2.7 */
static void check_information(struct udf_check_tree *t, const uint8_t *d)
{
    char name[512];

    check_entity(t, d + 20, "*UDF LV Info", SUFFIX_UDF, "implementation identifier");
    check_charspec(t, d + 52, "information character set");
    check_dstring(t, d + 116, 128, "logical volume identifier", name);
    require(t, !strcmp(name, t->volume.logical_volume), "logical volume \"%s\", not \"%s\"", name,
            t->volume.logical_volume);
    check_dstring(t, d + 244, 36, "owner", NULL);
    check_dstring(t, d + 280, 36, "organization", NULL);
    check_dstring(t, d + 316, 36, "contact", NULL);
    check_entity(t, d + 352, NULL, SUFFIX_IMPLEMENTATION, "implementation identifier");
    zeros(t, d + 512, BLOCK - 512, "rest of the block");
}

/* 3/10.5, UDF 2.2.14 */
static void check_partition(struct udf_check_tree *t, const uint8_t *d)
{
    struct udf_check_volume *volume = &t->volume;

    require(t, le(d + 20, 2) == 1, "partition flags %04X", le(d + 20, 2));
    require(t, le(d + 22, 2) == t->partition_number, "partition %u, the map says %u", le(d + 22, 2),
            t->partition_number);
    check_entity(t, d + 24, t->version == 2 ? "+NSR02" : "+NSR03", SUFFIX_NONE, "partition contents");
    memcpy(t->header, d + 56, sizeof(t->header));
    volume->access_type = le(d + 184, 4);
    require(t, volume->access_type <= 4, "access type %u", volume->access_type);
    if (!allows(t, UDF_CHECK_ALLOW_WRITABLE))
        require(t, volume->access_type == 1, "access type %u, not read-only", volume->access_type);
    volume->partition_start = le(d + 188, 4);
    volume->partition_blocks = le(d + 192, 4);
    check_entity(t, d + 196, NULL, SUFFIX_IMPLEMENTATION, "implementation identifier");
    zeros(t, d + 356, BLOCK - 356, "reserved bytes");
    require(t, volume->partition_blocks > 0, "no blocks");
    if (volume->partition_start >= t->end || volume->partition_blocks > t->end - volume->partition_start)
        fault(t, "%u blocks at %u reach beyond the image's end, %u", volume->partition_blocks,
              volume->partition_start, t->end);
}

/* 3/10.8, UDF 2.2.5 */
static void check_unallocated(struct udf_check_tree *t, const uint8_t *d)
{
    uint32_t count = le(d + 20, 4);

    require(t, count <= (BLOCK - 24) / 8, "%u extents", count);
    for (uint32_t i = 0; i < count; i++)
    {
        uint32_t length = le(d + 24 + 8 * i, 4);

        require(t, length && length % BLOCK == 0 && length < 1u << 30, "%u bytes unallocated", length);
        claim(t, le(d + 28 + 8 * i, 4), length / BLOCK, "unallocated volume space", 0);
    }
    zeros(t, d + 24 + 8 * count, BLOCK - 24 - 8 * count, "rest of the block");
}

/* --- sequences -------------------------------------------------------------------------------------- */

#define SEQUENCE_MOST 16

static const char *const names[] =
{
    "", "primary volume descriptor", "", "", "implementation use volume descriptor", "partition descriptor",
    "logical volume descriptor", "unallocated space descriptor", "terminating descriptor",
};

/* CRCs cover the whole of these descriptors, or 512 bytes: UDF 2.2.1.2. */
static size_t descriptor_length(const uint8_t *d)
{
    size_t length = 512;

    if (le(d, 2) == TAG_LOGICAL) length = 440 + le(d + 264, 4);
    if (le(d, 2) == TAG_UNALLOCATED) length = 24 + 8 * (size_t)le(d + 20, 4);
    return length != 512 && le(d + 10, 2) == 496 && length < 512 ? 512 : length;
}

/* 3/8.4.2.2; the number of descriptors before the terminating one. */
static unsigned read_sequence(struct udf_check_tree *t, const uint8_t *extent, const char *which,
                              uint8_t (*blocks)[BLOCK])
{
    uint32_t first = le(extent + 4, 4), count = le(extent, 4) / BLOCK;

    claim(t, first, count, which, 0);
    for (unsigned i = 0; i < count && i < SEQUENCE_MOST; i++)
    {
        uint8_t *d = blocks[i];
        unsigned id;

        looking_at(t, "%s, block %u", which, first + i);
        read_blocks(t, first + i, 1, d);
        id = le(d, 2);
        require(t, id == 1 || (id >= 4 && id <= 8), "tag identifier %u in a volume descriptor sequence", id);
        looking_at(t, "%s, %s at block %u", which, names[id], first + i);
        check_tag(t, d, id, first + i, descriptor_length(d), BLOCK);
        if (id == TAG_TERMINATING)
        {
            zeros(t, d + 16, BLOCK - 16, "reserved bytes");
            return i;
        }
    }
    fault(t, "no terminating descriptor");
}

/* The one of that kind. */
static const uint8_t *the_one(struct udf_check_tree *t, uint8_t (*blocks)[BLOCK], unsigned count, unsigned id)
{
    const uint8_t *found = NULL;

    for (unsigned i = 0; i < count; i++)
    {
        if (le(blocks[i], 2) != id) continue;
        looking_at(t, "%s", names[id]);
        require(t, !found, "a second one");
        found = blocks[i];
    }
    looking_at(t, "main volume descriptor sequence");
    require(t, found != NULL, "no %s", names[id]);
    looking_at(t, "%s", names[id]);
    return found;
}

/* UDF 2.2.3: both sequences say the same, in the same order. */
static void compare_sequences(struct udf_check_tree *t, uint8_t (*main)[BLOCK], uint8_t (*reserve)[BLOCK],
                              unsigned count, unsigned reserve_count)
{
    looking_at(t, "reserve volume descriptor sequence");
    require(t, count == reserve_count, "%u descriptors, %u in the main one", reserve_count, count);
    for (unsigned i = 0; i < count; i++)
    {
        require(t, le(main[i], 2) == le(reserve[i], 2), "descriptor %u is not of the main one's kind", i);
        if (!allows(t, UDF_CHECK_ALLOW_ODD_RESERVE))
            require(t, !memcmp(main[i] + 16, reserve[i] + 16, BLOCK - 16), "%s differs from the main one's",
                    names[le(main[i], 2)]);
    }
}

void check_volume_structure(struct udf_check_tree *t)
{
    uint8_t(*main)[BLOCK] = keep(t, SEQUENCE_MOST * BLOCK),
    (*reserve)[BLOCK] = keep(t, SEQUENCE_MOST * BLOCK);
    uint8_t extents[16];
    unsigned count, reserve_count;

    check_anchors(t, extents);
    t->volume.main_sequence = le(extents + 4, 4);
    t->volume.reserve_sequence = le(extents + 12, 4);
    count = read_sequence(t, extents, "main volume descriptor sequence", main);
    reserve_count = read_sequence(t, extents + 8, "reserve volume descriptor sequence", reserve);
    compare_sequences(t, main, reserve, count, reserve_count);
    for (unsigned i = 0; i < count; i++)
    {
        for (unsigned j = 0; j < i; j++)
        {
            looking_at(t, "%s", names[le(main[i], 2)]);
            require(t, le(main[i] + 16, 4) != le(main[j] + 16, 4), "sequence number %u is that of the %s too",
                    le(main[i] + 16, 4), names[le(main[j], 2)]);
        }
    }
    check_logical_volume(t, the_one(t, main, count, TAG_LOGICAL));
    check_primary(t, the_one(t, main, count, TAG_PRIMARY));
    check_information(t, the_one(t, main, count, TAG_IMPLEMENTATION));
    check_partition(t, the_one(t, main, count, TAG_PARTITION));
    check_unallocated(t, the_one(t, main, count, TAG_UNALLOCATED));
    looking_at(t, "partition");
    if (!t->expect.start)
    {
        uint32_t from = t->volume.partition_start, to = from + t->volume.partition_blocks;

        for (size_t i = 0; i < t->claim_count; i++)
            require(t, t->claims[i].block + t->claims[i].count <= from || t->claims[i].block >= to,
                    "blocks %u to %u hold the %s at %u", from, to, t->claims[i].what, t->claims[i].block);
    }
}
