/* The independent UDF reader: directories, stream directories and the file identifiers in them. */
#include "helpers/udf_check_room.h"

#include <stdlib.h>
#include <string.h>

enum
{
    NAME_HIDDEN = 1, NAME_DIRECTORY = 2, NAME_DELETED = 4, NAME_PARENT = 8, NAME_METADATA = 16
};

/* One file identifier descriptor. */
struct identifier
{
    unsigned characteristics;
    struct udf_address icb;
    size_t size, length;                /* of the descriptor; of the name in units */
    char16_t *name;
};

struct directory
{
    size_t node, entry;                 /* whose names these are, and the entry that holds them */
    int is_streams, is_system;
    const uint8_t *bytes;
    size_t size;
    char16_t **names;
    size_t name_count;
};

/* The logical block of a byte of a directory: what the tags of its descriptors say. */
static uint32_t location(const struct udf_entry *entry, size_t at)
{
    if (entry->node.embedded) return entry->block;
    for (size_t i = 0; i < entry->logical_count; i++)
    {
        uint32_t bytes = entry->logical[i].length & 0x3FFFFFFF;

        if (at < bytes) return entry->logical[i].block + (uint32_t)(at / BLOCK);
        at -= bytes;
    }
    return 0;
}

/* UDF 2.1.1, 2.3.4: a name that systems can show. */
static void check_name(struct udf_check_tree *t, const struct identifier *identifier)
{
    const char16_t *name = identifier->name;

    for (size_t i = 0; i < identifier->length; i++)
        require(t, name[i] != '/', "a name with a slash");
    require(t, name[0] != '.' || (name[1] && (name[1] != '.' || name[2])), "a name of dots");
}

/* 4/14.4, UDF 2.3.4 */
static struct identifier check_identifier(struct udf_check_tree *t, const struct directory *directory,
                                          size_t at)
{
    const uint8_t *d = directory->bytes + at;
    size_t room = directory->size - at, use, length, all;
    struct identifier identifier = { d[18], long_address(d + 20), 0, 0, NULL };

    require(t, room >= 40, "%zu bytes are left, too few for an identifier", room);
    length = d[19];
    use = le(d + 36, 2);
    all = (38 + use + length + 3) / 4 * 4;
    require(t, use % 4 == 0, "implementation use of %zu bytes", use);
    require(t, all <= room && all <= BLOCK, "identifier of %zu bytes, %zu are left", all, room);
    check_tag(t, d, TAG_FILE_IDENTIFIER, location(&t->entries[directory->entry], at), all, room);
    require(t, le(d + 16, 2) == 1, "file version number %u", le(d + 16, 2));
    require(t, d[18] < (t->version == 2 ? 16 : 32), "file characteristics %02X", d[18]);
    if (use) check_entity(t, d + 38, NULL, SUFFIX_IMPLEMENTATION, "implementation use of an identifier");
    zeros(t, d + 38 + use + length, all - 38 - use - length, "padding of an identifier");
    identifier.size = all;
    if (d[18] & NAME_PARENT)
    {
        require(t, length == 0, "the parent's identifier has a name");
        return identifier;
    }
    if (d[18] & NAME_DELETED) return identifier;
    identifier.name = keep(t, (length + 1) * sizeof(char16_t));
    identifier.length = check_unicode(t, d + 38 + use, length, "file identifier", identifier.name);
    check_name(t, &identifier);
    return identifier;
}

static void check_icb_address(struct udf_check_tree *t, const struct udf_address *icb)
{
    require(t, icb->length == BLOCK, "ICB of %u bytes", icb->length);
    require(t, icb->flags == 0, "flags %04X of an ICB address", icb->flags);
}

/* The unique id in the address: UDF 2.3.4.3, 3.2.1.1. */
static void check_address_id(struct udf_check_tree *t, const struct udf_address *icb,
                             const struct udf_entry *entry, const char *what)
{
    if (t->volume.revision < 0x0200 || allows(t, UDF_CHECK_ALLOW_ODD_UNIQUE_IDS)) return;
    require(t, icb->id == (uint32_t)entry->node.unique_id, "%s: unique id %u, the entry's is %llu", what,
            icb->id, (unsigned long long)entry->node.unique_id);
}

/* 4/8.6: the first descriptor, and only it, leads up: from the root to itself, from streams to their file,
   and from the system's streams, which have none, to themselves or the root. */
static void check_parent(struct udf_check_tree *t, const struct directory *directory,
                         const struct identifier *identifier)
{
    size_t up = directory->is_streams ? directory->node : t->nodes[directory->node].parent;
    struct udf_entry *entry = &t->entries[t->node_entries[up]];
    uint32_t block = absolute(t, identifier->icb.partition, identifier->icb.block);

    if (directory->is_system && block != entry->node.icb) entry = &t->entries[directory->entry];
    require(t, (identifier->characteristics & ~NAME_DIRECTORY) == NAME_PARENT,
            "characteristics %02X of the parent's identifier", identifier->characteristics);
    require(t, (identifier->characteristics & NAME_DIRECTORY) || directory->is_streams,
            "the parent is no directory");
    check_icb_address(t, &identifier->icb);
    require(t, block == entry->node.icb, "parent at %u, not %u", block, entry->node.icb);
    check_address_id(t, &identifier->icb, entry, "parent");
    if (directory->is_system) entry->named_by_streams |= entry == &t->entries[directory->entry];
    else if (directory->is_streams) entry->named_by_streams = 1;
    else entry->named++;
}

/* Streams have no unique id of their own: UDF 3.3.5 leaves open whether it is the file's or zero. */
static void check_stream(struct udf_check_tree *t, const struct directory *directory,
                         const struct identifier *identifier, const struct udf_entry *entry)
{
    const struct udf_check_node *file = &t->nodes[directory->node];
    char16_t start[6] = { 0 };

    for (size_t i = 0; i < 5 && i < identifier->length; i++) start[i] = identifier->name[i];
    require(t, !(identifier->characteristics & NAME_METADATA) || !memcmp(start, u"*UDF ", sizeof(start)),
            "metadata characteristic of a stream that is not UDF's");
    require(t, !entry->has_streams, "a stream with streams");
    require(t, entry->object_size == entry->node.size, "object size %llu of a stream",
            (unsigned long long)entry->object_size);
    require(t, entry->node.type == UDF_CHECK_FILE || entry->node.type == UDF_CHECK_REAL_TIME_FILE,
            "a stream of file type %u", entry->node.file_type);
    require(t, entry->node.flags & 0x2000, "a stream without the stream flag");
    require(t, entry->node.unique_id == 0 || entry->node.unique_id == file->unique_id ||
                   entry->node.unique_id >= 16, "unique id %llu of a stream",
            (unsigned long long)entry->node.unique_id);
    require(t, identifier->icb.id == 0 || identifier->icb.id == (uint32_t)entry->node.unique_id,
            "unique id %u in a stream's address, %llu in its entry", identifier->icb.id,
            (unsigned long long)entry->node.unique_id);
}

/* A name that leads down. */
static void check_child(struct udf_check_tree *t, const struct directory *directory,
                        const struct identifier *identifier)
{
    int is_directory = (identifier->characteristics & NAME_DIRECTORY) != 0;
    size_t before = t->entry_count, number, node;
    struct udf_entry *entry;

    check_icb_address(t, &identifier->icb);
    number = add_entry(t, &identifier->icb);
    entry = &t->entries[number];
    looking_at(t, "identifier of block %u in %s \"%s\"", entry->node.icb,
               directory->is_streams ? "streams of" : "directory", t->nodes[directory->node].path);
    require(t, is_directory == (entry->node.type == UDF_CHECK_DIRECTORY),
            "directory characteristic %d of file type %u", is_directory, entry->node.file_type);
    require(t, number == before || (!is_directory && !directory->is_streams),
            "a second name of a directory or stream");
    entry->named++;
    node = add_node(t, number, directory->node, identifier->name, identifier->length,
                    directory->is_streams ? ':' : '/');
    t->nodes[node].is_hidden = (identifier->characteristics & NAME_HIDDEN) != 0;
    t->nodes[node].is_metadata = (identifier->characteristics & NAME_METADATA) != 0;
    if (directory->is_streams)
    {
        entry->is_stream = 1;
        t->nodes[node].type = UDF_CHECK_STREAM;
        check_stream(t, directory, identifier, entry);
        return;
    }
    require(t, !entry->is_stream && !(entry->node.flags & 0x2000), "a stream in a directory");
    require(t, !t->nodes[node].is_metadata, "metadata characteristic of a file");
    add_id(t, number, identifier->icb.id);
    if (is_directory) t->found_directories++;
    else t->found_files += number == before;
    check_streams(t, node);
}

static int compare_names(const void *a, const void *b)
{
    const char16_t *x = *(char16_t *const *)a, *y = *(char16_t *const *)b;

    while (*x && *x == *y) x++, y++;
    return *x < *y ? -1 : *x > *y;
}

static void check_unique(struct udf_check_tree *t, struct directory *directory)
{
    if (directory->name_count)
        qsort(directory->names, directory->name_count, sizeof(char16_t *), compare_names);
    for (size_t i = 1; i < directory->name_count; i++)
    {
        size_t length = 0;
        char name[1024];

        if (compare_names(&directory->names[i - 1], &directory->names[i])) continue;
        while (directory->names[i][length]) length++;
        to_utf8(directory->names[i], length, name);
        fault(t, "the name \"%s\" is there twice", name);
    }
}

void check_directory(struct udf_check_tree *t, size_t node, size_t entry, int is_streams)
{
    struct directory directory = { node, entry, is_streams, is_streams && entry == t->system_entry, NULL,
                                   (size_t)t->entries[entry].node.size, NULL, 0 };
    size_t at = 0;

    looking_at(t, "%s \"%s\"", is_streams ? "streams of" : "directory", t->nodes[node].path);
    directory.bytes = read_entry(t, &t->entries[entry]);
    directory.names = keep(t, (directory.size / 40 + 1) * sizeof(char16_t *));
    while (at < directory.size)
    {
        struct identifier identifier;

        looking_at(t, "%s \"%s\", byte %zu", is_streams ? "streams of" : "directory", t->nodes[node].path,
                   at);
        identifier = check_identifier(t, &directory, at);
        if (!at) check_parent(t, &directory, &identifier);
        else if (identifier.characteristics & NAME_PARENT) fault(t, "a second identifier of the parent");
        else if (identifier.characteristics & NAME_DELETED)
            require(t, allows(t, UDF_CHECK_ALLOW_WRITABLE), "a deleted name");
        else
        {
            directory.names[directory.name_count++] = identifier.name;
            check_child(t, &directory, &identifier);
        }
        at += identifier.size;
    }
    looking_at(t, "%s \"%s\"", is_streams ? "streams of" : "directory", t->nodes[node].path);
    require(t, at > 0, "no identifier of the parent");
    check_unique(t, &directory);
}
