/* Lists directories and stream directories: file identifier descriptors, and the entries that they name. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define FID_FIXED 38                    /* 4/14.4: the bytes before implementation use and name */

struct list
{
    struct udf_reader *reader;
    int of_streams;
    struct udf_entry directory, found;
    struct udf_stream stream;
    struct udf_extents extents;
    char16_t name[FS_NAME_MAX + 1];

    /* The piece of the directory that is looked at: a block, embedded data, or two blocks around a descriptor
       that begins in one of them and ends in the other. */
    uint8_t window[2 * FS_BLOCK_SIZE];
    size_t at, end;
    struct udf_address pieces[2];       /* where they come from; whether that is anywhere */
    int holes[2];
    size_t first;                       /* bytes of the first one */
};

/* --- descriptors of the directory ----------------------------------------------------------------------- */

/* One more piece, behind what is left of the present one. */
static enum oi_status more(struct list *list)
{
    const uint8_t *bytes;
    size_t count, piece = 0;

    TRY(fs_udf_stream_next(&list->stream, &bytes, &count));
    if (!count) return OI_OK;
    if (list->at >= list->first && list->end > list->first)
    {
        /* The first piece is done with. */
        memmove(list->window, list->window + list->first, list->end - list->first);
        list->at -= list->first;
        list->end -= list->first;
        list->pieces[0] = list->pieces[1];
        list->holes[0] = list->holes[1];
        list->first = list->end;
    }
    if (list->at == list->end) list->at = list->end = 0;
    if (list->end)
    {
        if (list->end > list->first) return OI_FORMAT;
        piece = 1;
    }
    memcpy(list->window + list->end, bytes, count);
    list->end += count;
    list->pieces[piece] = list->stream.at;
    list->holes[piece] = list->stream.in_hole;
    if (!piece) list->first = count;
    return OI_OK;
}

/* Pieces until there are so many bytes at the place; OI_FORMAT when the directory ends before. */
static enum oi_status need(struct list *list, size_t size)
{
    while (list->end - list->at < size)
    {
        size_t before = list->end - list->at;

        TRY(more(list));
        if (list->end - list->at == before) return OI_FORMAT;
    }
    return OI_OK;
}

/* The bytes of the window out of the second copy of the partition. */
static enum oi_status reload(struct list *list)
{
    for (unsigned i = 0; i < (list->end > list->first ? 2u : 1u); i++)
    {
        size_t begin = i ? list->first : 0, end = i ? list->end : list->first;
        const uint8_t *bytes;

        if (list->holes[i] || fs_udf_copies(list->reader, list->pieces[i].partition) < 2) return OI_FORMAT;
        TRY(fs_udf_block(list->reader, list->pieces[i], 1, &bytes));
        memcpy(list->window + begin, bytes, end - begin);
    }
    fs_udf_damaged(list->reader);
    return OI_OK;
}

static size_t fid_size(const uint8_t *fid)
{
    return ((size_t)FID_FIXED + fid[19] + get_le16(fid + 36) + 3) & ~(size_t)3;
}

static enum oi_status check(struct list *list, size_t *size)
{
    uint32_t location;

    TRY(need(list, FID_FIXED));
    *size = fid_size(list->window + list->at);
    if (*size > FS_BLOCK_SIZE) return OI_FORMAT;        /* UDF 2.3.4 */
    TRY(need(list, *size));
    location = list->pieces[list->at >= list->first].block;
    if (fs_udf_tag(list->window + list->at, *size, location) != ECMA167_TAG_FILE_IDENTIFIER) return OI_FORMAT;
    return OI_OK;
}

/* The next one; NULL at the end. It stays in the window until the next call. */
static enum oi_status next_fid(struct list *list, const uint8_t **fid)
{
    enum oi_status status;
    size_t size;

    *fid = NULL;
    if (list->at == list->end)
    {
        TRY(more(list));
        if (list->at == list->end) return OI_OK;
    }
    status = check(list, &size);
    if (status == OI_FORMAT && !reload(list)) status = check(list, &size);
    if (status) return status;
    *fid = list->window + list->at;
    list->at += size;
    return OI_OK;
}

/* --- what they name ------------------------------------------------------------------------------------- */

struct fs_place fs_udf_place(struct udf_address at, int streams)
{
    return (struct fs_place){ .key = ((uint64_t)at.partition + 1) << 32 | at.block, .size = streams != 0 };
}

static enum oi_status describe_file(struct list *list, struct fs_found *found)
{
    const struct udf_entry *entry = &list->found;

    found->size = entry->size;
    found->real_time = entry->type == UDF_FILE_REAL_TIME;
    if (entry->has_streams && !list->of_streams) found->streams = fs_udf_place(entry->streams, 1);
    if (!entry->size) return OI_OK;
    if (entry->allocation == ECMA167_ALLOCATION_EMBEDDED)
    {
        found->embedded = entry->block + entry->descriptors;
        return OI_OK;
    }
    TRY(fs_udf_extents_of(list->reader, entry, &list->extents));
    found->extents = list->extents.items;
    found->extent_count = list->extents.count;
    return OI_OK;
}

/* Things that a tree has no items for are left out, as other readers on Windows do. */
static void skip(const struct list *list, const char *what)
{
    char *name;

    if (!log_enabled(LOG_INFO)) return;
    name = text_to_utf8(list->name);
    log_info("UDF: %s is left out: %s", name ? name : "something", what);
    free(name);
}

/* UDF 1.50 2.3.13: defects of the medium, as a hidden file in the root. */
static int is_not_allocatable(const struct list *list, const struct fs_found *found)
{
    struct fs_place here = fs_udf_place(list->directory.at, list->of_streams);

    return found->hidden && found->type == FS_FILE && here.key == list->reader->volume.root.key &&
           !text_compare(list->name, u"Non-Allocatable Space");
}

/* What kind of thing an entry is that a tree has no items for; NULL: it has. */
static const char *oddity(unsigned type)
{
    switch (type)
    {
    case ECMA167_FILE_UNSPECIFIED:
    case ECMA167_FILE_DIRECTORY:
    case ECMA167_FILE_REGULAR:
    case UDF_FILE_REAL_TIME: return NULL;
    case ECMA167_FILE_BLOCK_DEVICE:
    case ECMA167_FILE_CHARACTER_DEVICE: return "a device";
    case ECMA167_FILE_FIFO:
    case ECMA167_FILE_SOCKET: return "a pipe or socket";
    case ECMA167_FILE_SYMBOLIC_LINK: return "a symbolic link";
    default: return "of a type that is not known";
    }
}

/* Reads the entry that a file identifier descriptor leads to. */
static enum oi_status describe(struct list *list, const uint8_t *fid, struct fs_found *found)
{
    const struct udf_entry *entry = &list->found;

    TRY(fs_udf_spend(list->reader, 1));
    TRY(fs_udf_entry_read(list->reader, fs_udf_address(fid + 24), &list->found));
    found->times = entry->times;
    if (oddity(entry->type)) return OI_OK;
    if ((entry->type == ECMA167_FILE_DIRECTORY) != (found->type == FS_DIRECTORY)) return OI_FORMAT;
    if (found->type == FS_FILE) return describe_file(list, found);
    found->place = fs_udf_place(entry->at, 0);
    return OI_OK;
}

static enum oi_status show(struct list *list, const uint8_t *fid, fs_take take, void *context)
{
    struct fs_found found = { .name = list->name };

    found.type = fid[18] & ECMA167_FID_DIRECTORY ? FS_DIRECTORY : FS_FILE;
    found.name_length = fs_udf_text(fid + FID_FIXED + get_le16(fid + 36), fid[19], list->name,
                                    FS_NAME_MAX + 1);
    found.hidden = fid[18] & ECMA167_FID_HIDDEN;
    if (is_not_allocatable(list, &found)) return OI_OK;
    found.fault = describe(list, fid, &found);
    /* What is wrong with one thing is told with its name; what is wrong with the disc or with us is not. */
    if (found.fault && found.fault != OI_FORMAT && found.fault != OI_NOT_SUPPORTED) return found.fault;
    if (!found.fault && oddity(list->found.type))
    {
        skip(list, oddity(list->found.type));
        return OI_OK;
    }
    return take(context, &found);
}

/* Streams that are not the user's: their names begin so, or they are marked (UDF 2.00 3.3.5, 3.3.7). */
static int of_system(const uint8_t *fid)
{
    char16_t name[6];

    if (fid[18] & ECMA167_FID_METADATA) return 1;
    return fs_udf_text(fid + FID_FIXED + get_le16(fid + 36), fid[19], name, 6) == 5 &&
           !text_compare(name, u"*UDF ");
}

static enum oi_status list_all(struct list *list, struct udf_address at, fs_take take, void *context)
{
    unsigned type = list->of_streams ? ECMA167_FILE_STREAM_DIRECTORY : ECMA167_FILE_DIRECTORY;

    TRY(fs_udf_entry_read(list->reader, at, &list->directory));
    if (list->directory.type != type) return OI_FORMAT;
    fs_udf_stream_start(&list->stream, list->reader, &list->directory);
    for (;;)
    {
        const uint8_t *fid;

        TRY(next_fid(list, &fid));
        if (!fid) return OI_OK;
        if (fid[18] & (ECMA167_FID_DELETED | ECMA167_FID_PARENT)) continue;
        if (!(get_le32(fid + 20) & ECMA167_EXTENT_LENGTH)) continue;    /* 4/14.4.5: it names no file */
        if (list->of_streams && of_system(fid)) continue;
        TRY(show(list, fid, take, context));
    }
}

enum oi_status fs_udf_list(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context)
{
    struct udf_reader *reader = fs_udf_reader(volume);
    struct udf_address at =
    {
        .block = (uint32_t)place->key,
        .partition = (uint16_t)((place->key >> 32) - 1),
    };
    struct list *list;
    enum oi_status status;

    if (!(list = calloc(1, sizeof(*list)))) return OI_NO_MEMORY;
    if (place->key == volume->root.key) reader->cache.ahead = 0;        /* a walk begins */
    list->reader = reader;
    list->of_streams = place->size != 0;
    status = list_all(list, at, take, context);
    free(list->extents.items);
    free(list);
    return status;
}
