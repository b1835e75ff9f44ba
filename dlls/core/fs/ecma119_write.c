/*
 * Writer of one ECMA-119 volume: claims path tables and directories, and makes each of them, and the volume
 * descriptor, when it is read.
 */
#include "layout_room.h"

#include "openimapi/bytes.h"
#include "openimapi/version.h"

#include <stdlib.h>
#include <string.h>

#define DIRECTORY_BLOCKS_MAX (UINT32_MAX / FS_BLOCK_SIZE)       /* the data length has 32 bits */
#define FLAG_HIDDEN 0x01                /* 9.1.6 */
#define FLAG_DIRECTORY 0x02

/* What is recorded of a directory in this volume. */
struct extent
{
    uint32_t first, blocks;             /* in the image */
    uint32_t number;                    /* in the path table, from 1: 6.9.1 */
};

struct ecma119_volume
{
    struct fs_writer base;
    const struct ecma119_format *format;
    uint32_t *order;                    /* children of each folder in record order: offsets from its first */
    struct extent *extents;             /* by folder */
    uint32_t *folders;                  /* in the order of the path table */
    uint32_t path_bytes;
    uint32_t path_l, path_m, path_blocks;
    int bare;                           /* the root alone, without children */
    uint32_t folder_count;              /* of the layout's folders */
};

enum what
{
    PATH_TABLE_L,
    PATH_TABLE_M,
    DIRECTORY,                          /* number: of the folder */
};

static uint32_t child_count(const struct ecma119_volume *volume, const struct fs_folder *folder)
{
    return volume->bare ? 0 : folder->count;
}

static size_t identifier_of(const struct ecma119_volume *volume, const struct fs_layout *layout,
                            const struct fs_node *node, uint8_t *out)
{
    char16_t name[FS_NAME_MAX + 1];
    unsigned slot = volume->format->slot;
    size_t length = fs_name_derive(&layout->naming, slot, node->entity, node->serials[slot], name);

    return volume->format->identifier(node->entity->type, name, length, out);
}

/* --- first pass ----------------------------------------------------------------------------------------- */

static enum oi_status order_folders(struct ecma119_volume *volume, const struct fs_layout *layout)
{
    unsigned slot = volume->format->slot;
    struct fs_order_entry *entries;
    enum oi_status status = OI_OK;
    uint32_t most = 0;

    for (uint32_t i = 0; i < volume->folder_count; i++)
    {
        if (layout->folders[i].count > most) most = layout->folders[i].count;
    }
    if (!(entries = malloc(most * sizeof(*entries) + 1))) return OI_NO_MEMORY;
    for (uint32_t i = 0; i < volume->folder_count && !status; i++)
    {
        const struct fs_folder *folder = &layout->folders[i];
        uint32_t count = child_count(volume, folder);
        uint64_t blocks = 0;

        for (uint32_t j = 0; j < count; j++)
        {
            const struct fs_node *node = &layout->nodes[folder->first + j];

            entries[j] = (struct fs_order_entry){ node->entity, node->serials[slot] };
        }
        status = fs_order(&layout->naming, slot, entries, count, volume->order + folder->first, &blocks);
        if (!status && blocks > DIRECTORY_BLOCKS_MAX) status = OI_TOO_LARGE;
        volume->extents[i].blocks = (uint32_t)blocks;
    }
    free(entries);
    return status;
}

/* 6.9.1: by level, within it by the parent's number, then by identifier: the order in which a queue sees. */
static void number_folders(struct ecma119_volume *volume, const struct fs_layout *layout)
{
    uint8_t identifier[2 * FS_NAME_MAX];
    uint32_t count = 0;
    size_t bytes = fs_path_record_size(1);

    volume->folders[count++] = 0;
    for (uint32_t i = 0; i < count; i++)
    {
        const struct fs_folder *folder = &layout->folders[volume->folders[i]];

        volume->extents[volume->folders[i]].number = i + 1;
        for (uint32_t j = 0; j < child_count(volume, folder); j++)
        {
            const struct fs_node *node = &layout->nodes[folder->first + volume->order[folder->first + j]];

            if (node->entity->type != FS_DIRECTORY) continue;
            volume->folders[count++] = node->where;
            bytes += fs_path_record_size(identifier_of(volume, layout, node, identifier));
        }
    }
    volume->path_bytes = (uint32_t)bytes;
}

static enum oi_status claim(struct fs_writer *writer, const struct fs_layout *layout, uint64_t *next)
{
    struct ecma119_volume *volume = (struct ecma119_volume *)writer;
    uint64_t at = *next;

    volume->folder_count = volume->bare ? 1 : layout->folder_count;
    volume->order = malloc(layout->node_count * sizeof(*volume->order));
    volume->extents = malloc(volume->folder_count * sizeof(*volume->extents));
    volume->folders = malloc(volume->folder_count * sizeof(*volume->folders));
    if (!volume->order || !volume->extents || !volume->folders) return OI_NO_MEMORY;
    TRY(order_folders(volume, layout));
    number_folders(volume, layout);
    volume->path_blocks = (uint32_t)fs_blocks_of(volume->path_bytes);
    volume->path_l = (uint32_t)at;
    volume->path_m = volume->path_l + volume->path_blocks;
    at += 2 * (uint64_t)volume->path_blocks;
    for (uint32_t i = 0; i < volume->folder_count; i++)
    {
        volume->extents[i].first = (uint32_t)at;
        at += volume->extents[i].blocks;
        if (at > UINT32_MAX) return OI_TOO_LARGE;
    }
    *next = at;
    return OI_OK;
}

/* --- second pass ---------------------------------------------------------------------------------------- */

/* 9.1; returns its size. */
static size_t put_record(uint8_t *at, const uint8_t *identifier, size_t length, uint32_t location,
                         uint32_t bytes, fs_time time, fs_time otherwise, uint8_t flags)
{
    size_t size = fs_record_size(length);

    at[0] = (uint8_t)size;
    at[1] = 0;                          /* no extended attribute record */
    put_both32(at + 2, location);
    put_both32(at + 10, bytes);
    fs_ecma119_time(at + 18, time, otherwise);
    at[25] = flags;
    at[26] = 0;                         /* not interleaved */
    at[27] = 0;
    put_both16(at + 28, 1);             /* volume sequence number */
    at[32] = (uint8_t)length;
    memcpy(at + 33, identifier, length);
    if (length % 2 == 0) at[33 + length] = 0;
    return size;
}

/* The record of a directory under the name 00 (itself) or 01 (the parent): 6.8.2.2. */
static size_t put_dot(const struct ecma119_volume *volume, const struct fs_layout *layout, uint8_t *at,
                      uint8_t name, uint32_t folder)
{
    const struct fs_node *node = &layout->nodes[layout->folders[folder].node];
    const struct extent *extent = &volume->extents[folder];

    return put_record(at, &name, 1, layout->session_start + extent->first, extent->blocks * FS_BLOCK_SIZE,
                      node->modified, layout->time, FLAG_DIRECTORY | (node->hidden ? FLAG_HIDDEN : 0));
}

static void write_directory(const struct ecma119_volume *volume, const struct fs_layout *layout,
                            uint32_t number, uint8_t *bytes)
{
    const struct fs_folder *folder = &layout->folders[number];
    uint8_t identifier[2 * FS_NAME_MAX];
    size_t at = 0;

    at += put_dot(volume, layout, bytes + at, 0, number);
    at += put_dot(volume, layout, bytes + at, 1, folder->parent);
    for (uint32_t i = 0; i < child_count(volume, folder); i++)
    {
        const struct fs_node *node = &layout->nodes[folder->first + volume->order[folder->first + i]];
        size_t length = identifier_of(volume, layout, node, identifier);
        uint32_t location = 0, size = (uint32_t)fs_entity_size(node->entity);
        uint8_t flags = node->hidden ? FLAG_HIDDEN : 0;

        if (node->entity->type == FS_DIRECTORY)
        {
            location = layout->session_start + volume->extents[node->where].first;
            size = volume->extents[node->where].blocks * FS_BLOCK_SIZE;
            flags |= FLAG_DIRECTORY;
        }
        else if (size)
        {
            size_t count;
            const struct fs_extent *staying = fs_layout_staying(layout, node, &count);

            location = staying ? staying->block : layout->session_start + node->where;
        }
        at = (size_t)fs_record_place(at, fs_record_size(length));
        at += put_record(bytes + at, identifier, length, location, size, node->modified, layout->time, flags);
    }
}

/* 9.4, type L little-endian and type M big-endian: 6.9.2. */
static void write_path_table(const struct ecma119_volume *volume, const struct fs_layout *layout,
                             int big_endian, uint8_t *bytes)
{
    uint8_t identifier[2 * FS_NAME_MAX] = { 0 };

    for (uint32_t i = 0; i < volume->folder_count; i++)
    {
        uint32_t number = volume->folders[i];
        const struct fs_folder *folder = &layout->folders[number];
        uint32_t location = layout->session_start + volume->extents[number].first;
        uint16_t parent = (uint16_t)volume->extents[folder->parent].number;
        size_t length = 1;

        if (number) length = identifier_of(volume, layout, &layout->nodes[folder->node], identifier);
        bytes[0] = (uint8_t)length;
        bytes[1] = 0;
        (big_endian ? put_be32 : put_le32)(bytes + 2, location);
        (big_endian ? put_be16 : put_le16)(bytes + 6, parent);
        memcpy(bytes + 8, identifier, length);
        bytes += fs_path_record_size(length);
    }
}

static void write_piece(const struct fs_writer *writer, const struct fs_layout *layout,
                        const struct fs_piece *piece, uint8_t *bytes)
{
    const struct ecma119_volume *volume = (const struct ecma119_volume *)writer;

    if (piece->what == DIRECTORY) write_directory(volume, layout, piece->number, bytes);
    else write_path_table(volume, layout, piece->what == PATH_TABLE_M, bytes);
}

static uint32_t start_of_folder(const void *context, uint32_t index)
{
    return ((const struct extent *)context)[index].first;
}

static void find(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                 struct fs_piece *out)
{
    const struct ecma119_volume *volume = (const struct ecma119_volume *)writer;
    uint32_t folder;

    (void)layout;
    if (block < volume->path_m)
    {
        *out = (struct fs_piece){ volume->path_l, volume->path_blocks, PATH_TABLE_L, 0, 0 };
        return;
    }
    if (block - volume->path_m < volume->path_blocks)
    {
        *out = (struct fs_piece){ volume->path_m, volume->path_blocks, PATH_TABLE_M, 0, 0 };
        return;
    }
    folder = fs_search(volume->folder_count, block, start_of_folder, volume->extents);
    *out = (struct fs_piece){ volume->extents[folder].first, volume->extents[folder].blocks, DIRECTORY,
                              folder, 0 };
}

/* 8.4 and, with escape sequences, 8.5. */
static void descriptor(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t number,
                       uint8_t *bytes)
{
    const struct ecma119_volume *volume = (const struct ecma119_volume *)writer;
    const struct ecma119_format *format = volume->format;
    char16_t name[FS_VOLUME_NAME_MAX + 1];

    (void)number;
    fs_volume_name(layout->volume_name, fs_slot_kind(format->slot), name);
    bytes[0] = format->descriptor_type;
    memcpy(bytes + 1, "CD001", 5);
    bytes[6] = 1;
    format->text(bytes + 8, 32, u"");                           /* system identifier */
    format->text(bytes + 40, 32, name);                         /* volume identifier */
    put_both32(bytes + 80, layout->session_start + layout->blocks);
    memcpy(bytes + 88, format->escape, strlen(format->escape));
    put_both16(bytes + 120, 1);                                 /* volume set size */
    put_both16(bytes + 124, 1);                                 /* volume sequence number */
    put_both16(bytes + 128, FS_BLOCK_SIZE);
    put_both32(bytes + 132, volume->path_bytes);
    put_le32(bytes + 140, layout->session_start + volume->path_l);
    put_be32(bytes + 148, layout->session_start + volume->path_m);
    put_dot(volume, layout, bytes + 156, 0, 0);
    format->text(bytes + 190, 128, name);                       /* volume set identifier */
    format->text(bytes + 318, 128, u"");                        /* publisher */
    format->text(bytes + 446, 128, u"");                        /* data preparer */
    format->text(bytes + 574, 128, u"OPENIMAPI " OPENIMAPI_VERSION_TEXT);
    format->text(bytes + 702, 37, u"");                         /* copyright file */
    format->text(bytes + 739, 37, u"");                         /* abstract file */
    format->text(bytes + 776, 37, u"");                         /* bibliographic file */
    fs_ecma119_volume_time(bytes + 813, layout->time);          /* creation */
    fs_ecma119_volume_time(bytes + 830, layout->time);          /* modification */
    fs_ecma119_no_volume_time(bytes + 847);                     /* expiration */
    fs_ecma119_volume_time(bytes + 864, layout->time);          /* effective */
    bytes[881] = 1;                                             /* file structure version */
}

static void destroy(struct fs_writer *writer)
{
    struct ecma119_volume *volume = (struct ecma119_volume *)writer;

    free(volume->order);
    free(volume->extents);
    free(volume->folders);
    free(volume);
}

static const struct fs_writer_ops volume_ops =
{
    .claim = claim, .descriptor = descriptor, .find = find, .write = write_piece, .destroy = destroy,
};

enum oi_status fs_ecma119_writer_create(const struct ecma119_format *format, int bare,
                                        struct fs_writer **out)
{
    struct ecma119_volume *volume = calloc(1, sizeof(*volume));

    if (!volume) return OI_NO_MEMORY;
    volume->base.ops = &volume_ops;
    volume->base.kind = fs_slot_kind(format->slot);
    volume->base.descriptors = 1;
    volume->base.name = format->slot == FS_SLOT_ISO9660 ? u"<ISO9660>" : u"<Joliet>";
    volume->format = format;
    volume->bare = bare;
    *out = &volume->base;
    return OI_OK;
}
