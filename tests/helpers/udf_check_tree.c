/* The independent UDF reader: the file set, the hierarchy below its root, and what must hold of it all. */
#include "helpers/udf_check_room.h"

#include <stdlib.h>
#include <string.h>

/* --- file set descriptor ---------------------------------------------------------------------------- */

/* 4/14.1, UDF 2.3.2 */
static void check_file_set_descriptor(struct udf_check_tree *t, const uint8_t *d)
{
    char name[512];

    check_time(t, d + 16, "recording time", NULL);
    require(t, le(d + 28, 2) == 3 && le(d + 30, 2) == 3, "interchange level %u of %u", le(d + 28, 2),
            le(d + 30, 2));
    require(t, le(d + 32, 4) == 1 && le(d + 36, 4) == 1, "character sets %08X of %08X, not CS0",
            le(d + 32, 4), le(d + 36, 4));
    require(t, le(d + 40, 4) == 0 && le(d + 44, 4) == 0, "file set %u, descriptor %u", le(d + 40, 4),
            le(d + 44, 4));
    check_charspec(t, d + 48, "logical volume character set");
    check_dstring(t, d + 112, 128, "logical volume identifier", name);
    require(t, !strcmp(name, t->volume.logical_volume), "logical volume \"%s\", not \"%s\"", name,
            t->volume.logical_volume);
    check_charspec(t, d + 240, "file set character set");
    check_dstring(t, d + 304, 32, "file set identifier", t->volume.file_set);
    check_dstring(t, d + 336, 32, "copyright file identifier", NULL);
    check_dstring(t, d + 368, 32, "abstract file identifier", NULL);
    t->root = long_address(d + 400);
    require(t, t->root.length == BLOCK && !t->root.flags && !t->root.id, "root ICB of %u bytes",
            t->root.length);
    check_entity(t, d + 416, "*OSTA UDF Compliant", SUFFIX_DOMAIN, "domain identifier");
    zeros(t, d + 448, 16, "next extent");
    t->system_streams = long_address(d + 464);
    if (t->version == 2 || !t->system_streams.length) zeros(t, d + 464, 16, "system stream directory ICB");
    zeros(t, d + 480, BLOCK - 480, "reserved bytes");
}

/* 4/8.3.1: a sequence of one descriptor; a terminating one, a blank block or the extent's end ends it. */
void check_file_set(struct udf_check_tree *t)
{
    struct udf_address at = t->file_set;
    uint32_t count = at.length / BLOCK, block;
    uint8_t d[BLOCK];

    looking_at(t, "logical volume descriptor: file set");
    require(t, at.length % BLOCK == 0 && count > 0 && count < 1024, "sequence of %u bytes", at.length);
    for (uint32_t i = 0; i < count; i++)
    {
        block = absolute(t, at.partition, at.block + i);
        looking_at(t, "file set sequence, block %u", block);
        claim(t, block, 1, "file set sequence", 0);
        read_blocks(t, block, 1, d);
        if (!i)
        {
            check_tag(t, d, TAG_FILE_SET, at.block, 512, BLOCK);
            check_file_set_descriptor(t, d);
        }
        else if (le(d, 2) == TAG_TERMINATING)
        {
            check_tag(t, d, TAG_TERMINATING, at.block + i, 512, BLOCK);
            zeros(t, d + 16, BLOCK - 16, "reserved bytes");
        }
        else zeros(t, d, BLOCK, "behind the file set descriptor");
    }
}

/* --- entries and nodes ------------------------------------------------------------------------------ */

static void grow_buckets(struct udf_check_tree *t)
{
    size_t count = t->bucket_count ? 2 * t->bucket_count : 256, *buckets = calloc(count, sizeof(*buckets));

    if (!buckets) fault(t, "out of memory");
    for (size_t i = 0; i < t->entry_count; i++)
    {
        size_t at = t->entries[i].node.icb * 2654435761u % count;

        while (buckets[at]) at = (at + 1) % count;
        buckets[at] = i + 1;
    }
    free(t->buckets);
    t->buckets = buckets;
    t->bucket_count = count;
}

size_t add_entry(struct udf_check_tree *t, const struct udf_address *icb)
{
    uint32_t block = absolute(t, icb->partition, icb->block);
    size_t at, number = t->entry_count;

    if (2 * number >= t->bucket_count) grow_buckets(t);
    for (at = block * 2654435761u % t->bucket_count; t->buckets[at]; at = (at + 1) % t->bucket_count)
    {
        if (t->entries[t->buckets[at] - 1].node.icb == block) return t->buckets[at] - 1;
    }
    t->entries = room_for_one(t, t->entries, number, sizeof(*t->entries));
    t->entries[number] = (struct udf_entry){ .block = icb->block };
    t->entry_count++;
    check_entry(t, icb->partition, icb->block, &t->entries[number]);
    t->buckets[at] = number + 1;
    return number;
}

size_t add_node(struct udf_check_tree *t, size_t entry, size_t parent, const char16_t *name, size_t length,
                char separator)
{
    size_t above = t->node_count ? strlen(t->nodes[parent].path) : 0;
    char *path = keep(t, above + 3 * length + 2);
    struct udf_check_node *node;

    if (t->node_count)
    {
        memcpy(path, t->nodes[parent].path, above);
        path[above] = separator;
        to_utf8(name, length, path + above + 1);
    }
    t->nodes = room_for_one(t, t->nodes, t->node_count, sizeof(*t->nodes));
    t->node_entries = room_for_one(t, t->node_entries, t->node_count, sizeof(*t->node_entries));
    node = &t->nodes[t->node_count];
    *node = t->entries[entry].node;
    node->path = path;
    node->name = name;
    node->parent = parent;
    t->node_entries[t->node_count] = entry;
    return t->node_count++;
}

/* UDF 3.2.1.1: in 2.00 and above the address in a name carries an id too. */
void add_id(struct udf_check_tree *t, size_t entry, uint32_t id)
{
    if (t->volume.revision < 0x0200) return;
    if (id == (uint32_t)t->entries[entry].node.unique_id)
    {
        t->entries[entry].is_named_id = 1;
        return;
    }
    t->ids = room_for_one(t, t->ids, t->id_count, sizeof(*t->ids));
    t->ids[t->id_count++] = id;
}

/* --- the hierarchy ---------------------------------------------------------------------------------- */

static void check_stream_directory(struct udf_check_tree *t, size_t node, const struct udf_address *icb)
{
    size_t before = t->entry_count, entry = add_entry(t, icb), first = t->node_count, streams = 0;
    struct udf_entry *directory = &t->entries[entry];
    const struct udf_entry *main;
    uint64_t size = 0;

    looking_at(t, "stream directory of \"%s\"", t->nodes[node].path);
    require(t, entry == before, "it is a directory elsewhere too");
    require(t, directory->node.file_type == FILE_STREAM_DIRECTORY, "file type %u", directory->node.file_type);
    require(t, !directory->has_streams, "streams of a stream directory");
    require(t, directory->object_size == directory->node.size, "object size %llu",
            (unsigned long long)directory->object_size);
    require(t, directory->node.unique_id == 0 || directory->node.unique_id >= 16, "unique id %llu",
            (unsigned long long)directory->node.unique_id);
    require(t, icb->length == BLOCK && icb->flags == 0, "ICB of %u bytes", icb->length);
    directory->is_stream = directory->is_stream_directory = 1;
    check_directory(t, node, entry, 1);
    for (size_t i = first; i < t->node_count; i++, streams++) size += t->nodes[i].size;
    main = &t->entries[t->node_entries[node]];
    looking_at(t, "file entry at block %u", main->node.icb);
    if (entry != t->system_entry)
        require(t, main->object_size == main->node.size + size, "object size %llu, with the streams %llu",
                (unsigned long long)main->object_size, (unsigned long long)(main->node.size + size));
    looking_at(t, "stream directory of \"%s\"", t->nodes[node].path);
    require(t, streams > 0 || entry == t->system_entry, "no streams");
}

/* 4/9.2, UDF 3.3.5; a file with two names is looked at once. */
void check_streams(struct udf_check_tree *t, size_t node)
{
    struct udf_entry *entry = &t->entries[t->node_entries[node]];

    if (!entry->has_streams)
    {
        looking_at(t, "file entry at block %u", entry->node.icb);
        require(t, entry->object_size == entry->node.size, "object size %llu, information length %llu",
                (unsigned long long)entry->object_size, (unsigned long long)entry->node.size);
    }
    else if (!entry->named_by_streams)
    {
        struct udf_address streams = entry->streams;

        check_stream_directory(t, node, &streams);
    }
}

void check_hierarchy(struct udf_check_tree *t)
{
    size_t root = add_entry(t, &t->root);

    looking_at(t, "root directory");
    require(t, t->entries[root].node.type == UDF_CHECK_DIRECTORY, "file type %u",
            t->entries[root].node.file_type);
    if (!allows(t, UDF_CHECK_ALLOW_ODD_UNIQUE_IDS))
        require(t, t->entries[root].node.unique_id == 0, "unique id %llu",
            (unsigned long long)t->entries[root].node.unique_id);
    add_node(t, root, 0, u"", 0, 0);
    t->entries[root].is_named_id = 1;
    t->found_directories = 1;
    check_streams(t, 0);
    if (t->system_streams.length)
    {
        t->system_entry = t->entry_count;
        check_stream_directory(t, 0, &t->system_streams);
    }
    for (size_t i = 0; i < t->node_count; i++)
    {
        if (t->nodes[i].type == UDF_CHECK_DIRECTORY) check_directory(t, i, t->node_entries[i], 0);
    }
}

static int compare_ids(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* UDF 3.2.1.1: no id twice, none below 16 but the root's. */
static void check_ids(struct udf_check_tree *t)
{
    size_t count = 0;
    uint64_t *ids = keep(t, (t->entry_count + t->id_count) * sizeof(*ids));

    for (size_t i = 0; i < t->id_count; i++) ids[count++] = t->ids[i];
    for (size_t i = 0; i < t->entry_count; i++)
    {
        const struct udf_entry *entry = &t->entries[i];

        if (entry->is_stream) continue;
        looking_at(t, "file entry at block %u", entry->node.icb);
        if (t->volume.revision >= 0x0200)
            require(t, entry->is_named_id, "no name carries its unique id, %llu",
                    (unsigned long long)entry->node.unique_id);
        ids[count++] = entry->node.unique_id;
    }
    looking_at(t, "unique ids");
    qsort(ids, count, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < count; i++)
    {
        require(t, (uint32_t)ids[i] >= 16, "id %llu is reserved", (unsigned long long)ids[i]);
        require(t, ids[i] != ids[i - 1], "id %llu is there twice", (unsigned long long)ids[i]);
    }
}

/* 4/14.9.6: as many links as identifiers that lead to the entry. Whether the one of the parent in a stream
   directory counts is left open; none leads to a stream directory. */
void check_links(struct udf_check_tree *t)
{
    for (size_t i = 0; i < t->entry_count; i++)
    {
        const struct udf_entry *entry = &t->entries[i];

        looking_at(t, "file entry at block %u", entry->node.icb);
        if (entry->is_stream_directory) require(t, entry->node.links <= 1, "%u links", entry->node.links);
        else
            require(t, entry->node.links == entry->named ||
                           (entry->named_by_streams && entry->node.links == entry->named + 1u),
                    "%u links, %u identifiers", entry->node.links, entry->named);
    }
    if (!allows(t, UDF_CHECK_ALLOW_ODD_UNIQUE_IDS)) check_ids(t);
}

/* --- for tests -------------------------------------------------------------------------------------- */

const struct udf_check_volume *udf_check_volume(const struct udf_check_tree *tree)
{
    return &tree->volume;
}

size_t udf_check_count(const struct udf_check_tree *tree)
{
    return tree->node_count;
}

const struct udf_check_node *udf_check_node(const struct udf_check_tree *tree, size_t index)
{
    return &tree->nodes[index];
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp((*(const struct udf_check_node *const *)a)->path,
                  (*(const struct udf_check_node *const *)b)->path);
}

/* So that a test of many files finds each one soon. */
void sort_nodes(struct udf_check_tree *t)
{
    t->sorted = keep(t, t->node_count * sizeof(*t->sorted));
    for (size_t i = 0; i < t->node_count; i++) t->sorted[i] = &t->nodes[i];
    qsort(t->sorted, t->node_count, sizeof(*t->sorted), compare_paths);
}

const struct udf_check_node *udf_check_find(const struct udf_check_tree *tree, const char *path)
{
    const struct udf_check_node wanted = { .path = path }, *key = &wanted, **found;

    found = bsearch(&key, tree->sorted, tree->node_count, sizeof(*tree->sorted), compare_paths);
    return found ? *found : NULL;
}
