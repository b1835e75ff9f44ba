/* Import: the tree of a volume put into an fs_tree, breadth first, on guard against whatever discs hold. */
#include "fs_room.h"
#include "read_room.h"

#include <stdlib.h>
#include <string.h>

#define PATH_UNITS_MAX 32767            /* units; no program of Windows can open what has more */

/* A directory that was found, or the stream directory of a file. The tree holds the item. */
struct folder
{
    struct fs_item *item;
    struct fs_place place;
};

struct import
{
    struct fs_tree *tree;
    struct fs_volume *volume;
    const struct fs_import_events *events;
    struct fs_detail *detail;
    struct folder *folders;             /* in the order in which they were found, and are listed */
    size_t folder_count, folder_capacity;
    size_t at;                          /* the one being listed */
    uint32_t *table;                    /* hash table of places' keys: index in folders + 1, 0 is free */
    size_t table_mask;
    char16_t *path;                     /* of the one being listed, "\folder\" or "\file:"; room for a name */
    size_t path_length;
    struct fs_import_progress progress;
    int told;                           /* the failure is in detail already */
};

static void lock(const struct import *import, int locked)
{
    if (import->events && import->events->lock) import->events->lock(import->events->context, locked);
}

/* --- telling -------------------------------------------------------------------------------------------- */

/* With a name: of that entry; without: of the directory that is being listed. */
static enum oi_status fail(struct import *import, enum oi_status status, const struct fs_found *found)
{
    size_t length = import->path_length;

    import->told = 1;
    if (!import->detail) return status;
    if (found)
    {
        size_t name = found->name_length < FS_NAME_MAX ? found->name_length : FS_NAME_MAX;

        memcpy(import->path + length, found->name, name * sizeof(*found->name));
        length += name;
    }
    else if (length)
    {
        length -= length > 1;           /* only the root ends in a separator */
    }
    fs_fail_text(status, import->detail, import->path, length);
    import->detail->file_systems = import->volume->info.kind;
    return status;
}

static enum oi_status progress(struct import *import, const struct fs_found *found)
{
    const struct fs_import_events *events = import->events;
    size_t length = import->path_length;

    if (!events || !events->progress) return OI_OK;
    if (found)
    {
        memcpy(import->path + length, found->name, found->name_length * sizeof(*found->name));
        length += found->name_length;
    }
    import->path[length] = 0;
    import->progress.path = import->path;
    return events->progress(events->context, &import->progress) ? fail(import, OI_CANCELLED, found) : OI_OK;
}

/* --- directories to be listed --------------------------------------------------------------------------- */

static size_t slot_of(const struct import *import, uint64_t key)
{
    size_t slot = (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & import->table_mask;

    while (import->table[slot] && import->folders[import->table[slot] - 1].place.key != key)
    {
        slot = (slot + 1) & import->table_mask;
    }
    return slot;
}

static int grow(struct import *import)
{
    size_t capacity = import->folder_capacity ? import->folder_capacity * 2 : 32;
    struct folder *folders;
    uint32_t *table;

    if (import->folder_count < import->folder_capacity) return 1;
    if (capacity > UINT32_MAX / (2 * sizeof(*folders))) return 0;
    if (!(folders = realloc(import->folders, capacity * sizeof(*folders)))) return 0;
    import->folders = folders;
    if (!(table = calloc(capacity * 2, sizeof(*table)))) return 0;
    free(import->table);
    import->table = table;
    import->table_mask = capacity * 2 - 1;
    import->folder_capacity = capacity;
    for (size_t i = 0; i < import->folder_count; i++)
    {
        table[slot_of(import, folders[i].place.key)] = (uint32_t)i + 1;
    }
    return 1;
}

/* OI_FORMAT for a directory that was met before: a loop, or one that two directories share. */
static enum oi_status put_folder(struct import *import, struct fs_item *item, const struct fs_place *place)
{
    size_t slot;

    if (!grow(import)) return OI_NO_MEMORY;
    slot = slot_of(import, place->key);
    if (import->table[slot]) return OI_FORMAT;
    import->folders[import->folder_count++] = (struct folder){ item, *place };
    import->table[slot] = (uint32_t)import->folder_count;
    return OI_OK;
}

/* --- one entry ------------------------------------------------------------------------------------------ */

static struct fs_item *here(const struct import *import) { return import->folders[import->at].item; }

/* A new item of the tree; *out is borrowed. data: taken over. */
static enum oi_status add(struct import *import, const struct fs_found *found, struct source *data,
                          struct fs_item **out)
{
    struct fs_item *item = fs_item_make(import->tree, found->type, found->name, found->name_length);
    enum oi_status status;

    if (!item)
    {
        source_unref(data);
        return fail(import, OI_NO_MEMORY, found);
    }
    item->entity->data = data;
    item->times = found->times;
    item->hidden = found->hidden != 0;
    item->real_time = found->real_time != 0;
    status = (fs_is_directory(here(import)) ? fs_add : fs_stream_add)(here(import), item, import->detail);
    import->told = status != OI_OK;
    *out = item;
    fs_item_unref(item);
    return status;
}

static enum oi_status take_directory(struct import *import, const struct fs_found *found,
                                     struct fs_item *item)
{
    enum oi_status status = found->fault;

    if (item && !fs_is_directory(item)) return fail(import, OI_NOT_DIRECTORY, found);
    if (status) return fail(import, status, found);
    if (!item) TRY(add(import, found, NULL, &item));
    if ((status = put_folder(import, item, &found->place))) return fail(import, status, found);
    return OI_OK;
}

static enum oi_status add_file(struct import *import, const struct fs_found *found, struct fs_item **out)
{
    enum oi_status status = found->fault;
    struct source *data;

    if (!status) status = fs_extents_create(&import->volume->disc, found, &data);
    if (status) return fail(import, status, found);
    return add(import, found, data, out);
}

/* The streams of a file that is in the tree already are its own. */
static enum oi_status take_file(struct import *import, const struct fs_found *found, struct fs_item *item)
{
    enum oi_status status;

    if (item) return fs_is_directory(item) ? fail(import, OI_NOT_FILE, found) : OI_OK;
    TRY(add_file(import, found, &item));
    if (!found->streams.key) return OI_OK;
    if ((status = put_folder(import, item, &found->streams))) return fail(import, status, found);
    return OI_OK;
}

/* Streams of UDF itself mean nothing here: 3.3.6 and the following. */
static int is_reserved(const struct fs_found *found)
{
    return found->name_length >= 5 && !text_compare_n(found->name, 5, u"*UDF ", 5);
}

static enum oi_status take_stream(struct import *import, const struct fs_found *found)
{
    const struct fs_streams *streams = here(import)->streams;
    struct fs_item *item;

    if (found->type != FS_FILE) return fail(import, OI_FORMAT, found);
    if (streams && fs_index_find_true(&streams->index, found->name, found->name_length)) return OI_OK;
    return add_file(import, found, &item);
}

static enum oi_status take_entry(struct import *import, const struct fs_found *found)
{
    enum oi_status status = fs_name_check_n(found->name, found->name_length, 0);
    int is_stream = !fs_is_directory(here(import));
    struct fs_item *item;

    if (is_stream && is_reserved(found)) return OI_OK;
    if (!status && import->path_length + found->name_length > PATH_UNITS_MAX) status = OI_TOO_DEEP;
    if (status) return fail(import, status, found);
    if (is_stream) return take_stream(import, found);
    item = fs_index_find(fs_directory_of(here(import)), FS_INDEX_TRUE, found->name, found->name_length);
    if (found->type == FS_DIRECTORY) return take_directory(import, found, item);
    return take_file(import, found, item);
}

static enum oi_status take(void *context, const struct fs_found *found)
{
    struct import *import = context;
    enum oi_status status;

    lock(import, 1);
    status = take_entry(import, found);
    lock(import, 0);
    if (status || found->type != FS_FILE || !fs_is_directory(here(import))) return status;
    import->progress.files++;
    return progress(import, found);
}

/* --- all of them ---------------------------------------------------------------------------------------- */

static enum oi_status set_path(struct import *import)
{
    char16_t *path, *larger;
    enum oi_status status;

    free(import->path);
    import->path = NULL;
    import->path_length = 0;
    lock(import, 1);
    status = fs_item_path(here(import), &path);
    lock(import, 0);
    if (status) return status;
    import->path_length = text_length(path) + 1;
    if (!(larger = realloc(path, (import->path_length + FS_NAME_MAX + 1) * sizeof(*path))))
    {
        free(path);
        return OI_NO_MEMORY;
    }
    import->path = larger;
    import->path[import->path_length - 1] = fs_is_directory(here(import)) ? '\\' : ':';
    return OI_OK;
}

static enum oi_status list(struct import *import)
{
    struct fs_volume *volume = import->volume;
    struct fs_place place = import->folders[import->at].place;
    enum oi_status status = set_path(import);

    if (status) return fs_fail(status, import->detail);
    if (fs_is_directory(here(import)))
    {
        TRY(progress(import, NULL));
        import->progress.directories++;
    }
    volume->bad = 0;
    status = volume->ops->list(volume, &place, take, import);
    if (!status || import->told) return status;
    fail(import, status, NULL);
    if (import->detail) import->detail->found = volume->bad;
    return status;
}

enum oi_status fs_import(struct fs_tree *tree, struct fs_volume *volume,
                         const struct fs_import_events *events, struct fs_detail *detail)
{
    struct import import = { .tree = tree, .volume = volume, .events = events, .detail = detail };
    enum oi_status status = put_folder(&import, &tree->root->item, &volume->root);
    size_t mark;

    if (status) fs_fail(status, detail);
    lock(&import, 1);
    mark = fs_step_begin(tree);
    lock(&import, 0);
    volume->spent = 0;
    import.progress.directories_total = volume->directories_total;
    import.progress.files_total = volume->files_total;
    for (; !status && import.at < import.folder_count; import.at++) status = list(&import);
    lock(&import, 1);
    fs_step_end(tree, mark, !status);
    lock(&import, 0);
    free(import.folders);
    free(import.table);
    free(import.path);
    return status;
}
