/* The named streams of files: items of their own, which enter and leave the tree with their file. */
#include "fs_room.h"

#include <stdlib.h>

int fs_options_streams(const struct fs_options *options)
{
    return (options->file_systems & FS_UDF) && options->udf_revision >= 0x200;
}

int fs_options_real_time(const struct fs_options *options)
{
    return (options->file_systems & FS_UDF) && options->udf_revision >= 0x201;
}

int fs_tree_leaves_out(const struct fs_tree *tree)
{
    return (tree->streams && !fs_options_streams(&tree->options)) ||
           (tree->real_time_files && !fs_options_real_time(&tree->options));
}

uint64_t fs_tree_stream_count(const struct fs_tree *tree) { return tree->streams; }

/* --- the set of a file ---------------------------------------------------------------------------------- */

static struct fs_streams *set_of(const struct fs_item *file)
{
    return file->is_stream ? NULL : file->streams;
}

static enum oi_status make_set(struct fs_item *file)
{
    if (file->streams) return OI_OK;
    if (!(file->streams = calloc(1, sizeof(*file->streams)))) return OI_NO_MEMORY;
    file->streams->file = file;
    fs_udf_names_init(&file->streams->udf);
    return OI_OK;
}

struct fs_item *fs_streams_orphan(struct fs_item *file, struct fs_item *dying)
{
    struct fs_streams *set = set_of(file);

    if (!set) return dying;
    for (struct fs_item *stream = set->first, *next; stream; stream = next)
    {
        next = stream->next;
        stream->previous = stream->next = NULL;
        __atomic_store_n(&stream->streams, NULL, __ATOMIC_RELEASE);
        if (__atomic_sub_fetch(&stream->references, 1, __ATOMIC_ACQ_REL)) continue;
        stream->next = dying;
        dying = stream;
    }
    fs_index_free(&set->index);
    fs_index_free(&set->udf.shortened);
    free(set);
    return dying;
}

size_t fs_stream_count(const struct fs_item *file) { return set_of(file) ? set_of(file)->count : 0; }

struct fs_item *fs_stream_first(const struct fs_item *file)
{
    return set_of(file) ? set_of(file)->first : NULL;
}

struct fs_item *fs_stream_at(const struct fs_item *file, size_t index)
{
    struct fs_item *stream = fs_stream_first(file);

    while (stream && index--) stream = stream->next;
    return stream;
}

struct fs_item *fs_stream_find(const struct fs_item *file, const char16_t *name)
{
    return set_of(file) ? fs_index_find_true(&set_of(file)->index, name, text_length(name)) : NULL;
}

int fs_item_is_stream(const struct fs_item *item) { return item->is_stream; }

struct fs_item *fs_stream_file(const struct fs_item *stream)
{
    return stream->is_stream && stream->in_tree ? stream->streams->file : NULL;
}

/* --- in the tree's sums --------------------------------------------------------------------------------- */

static void count_in(struct fs_tree *tree, struct fs_item *stream)
{
    stream->in_tree = 1;
    tree->streams++;
    tree->stream_blocks += fs_item_data_blocks(stream);
    tree->udf_stream_blocks += fs_item_allocation_blocks(stream);
    tree->udf_shortened += fs_udf_name_of(stream) != NULL;
}

static void count_out(struct fs_tree *tree, struct fs_item *stream)
{
    stream->in_tree = 0;
    tree->streams--;
    tree->stream_blocks -= fs_item_data_blocks(stream);
    tree->udf_stream_blocks -= fs_item_allocation_blocks(stream);
    tree->udf_shortened -= fs_udf_name_of(stream) != NULL;
}

/* The set of a file in the tree has so many streams, or none. */
static void count_set(struct fs_streams *set)
{
    struct fs_tree *tree = set->file->tree;

    tree->stream_files++;
    set->udf.blocks = fs_blocks_of(set->udf.bytes);
    tree->udf_stream_blocks += set->udf.blocks;
}

static void discount_set(const struct fs_streams *set)
{
    struct fs_tree *tree = set->file->tree;

    tree->stream_files--;
    tree->udf_stream_blocks -= set->udf.blocks;
}

void fs_streams_enter(struct fs_item *file)
{
    struct fs_item *stream = fs_stream_first(file);

    if (stream) count_set(file->streams);
    for (; stream; stream = stream->next) count_in(file->tree, stream);
}

void fs_streams_leave(struct fs_item *file)
{
    struct fs_item *stream = fs_stream_first(file);

    if (stream) discount_set(file->streams);
    for (; stream; stream = stream->next) count_out(file->tree, stream);
}

void fs_stream_attach(struct fs_item *file, struct fs_item *after, struct fs_item *stream)
{
    struct fs_streams *set = file->streams;
    struct fs_item *next = after ? after->next : set->first;

    if (set->count) discount_set(set);
    stream->is_stream = 1;
    stream->streams = set;
    stream->previous = after;
    stream->next = next;
    if (after) after->next = stream;
    else set->first = stream;
    if (next) next->previous = stream;
    else set->last = stream;
    fs_index_insert(&set->index, FS_INDEX_TRUE, &stream->links[FS_INDEX_TRUE],
                    text_hash_fold(stream->entity->name, stream->entity->name_length));
    fs_udf_attach(&set->udf, &set->index, stream, stream->generation != 0);
    stream->generation = file->tree->generation;
    set->count++;
    count_set(set);
    count_in(file->tree, stream);
}

void fs_stream_detach(struct fs_item *stream)
{
    struct fs_streams *set = stream->streams;

    count_out(stream->tree, stream);
    discount_set(set);
    fs_udf_detach(&set->udf, stream);
    if (--set->count) count_set(set);
    fs_index_remove(&set->index, FS_INDEX_TRUE, &stream->links[FS_INDEX_TRUE]);
    if (stream->previous) stream->previous->next = stream->next;
    else set->first = stream->next;
    if (stream->next) stream->next->previous = stream->previous;
    else set->last = stream->previous;
    stream->previous = stream->next = NULL;
    stream->streams = NULL;
}

/* --- changes -------------------------------------------------------------------------------------------- */

static enum oi_status check_addition(const struct fs_item *file, struct fs_item *stream,
                                     struct fs_detail *detail)
{
    if (fs_is_directory(file)) return fs_fail_item(OI_NOT_FILE, detail, file, 0);
    if (file->is_stream || fs_is_directory(stream) || stream->tree != file->tree || stream->in_tree)
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    /* Nor one that is below something outside the tree, or that was a file. */
    if (__atomic_load_n(&stream->parent, __ATOMIC_ACQUIRE) ||
        __atomic_load_n(&stream->streams, __ATOMIC_ACQUIRE) || (stream->generation && !stream->is_stream))
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    if (!file->in_tree)
    {
        return fs_fail_text(OI_NOT_IN_TREE, detail, file->entity->name, file->entity->name_length);
    }
    if (fs_stream_find(file, stream->entity->name))
    {
        return fs_fail_text(OI_NAME_EXISTS, detail, stream->entity->name, stream->entity->name_length);
    }
    if (fs_stream_count(file) == UINT32_MAX) return fs_fail(OI_NO_MEMORY, detail);
    return OI_OK;
}

enum oi_status fs_stream_add(struct fs_item *file, struct fs_item *stream, struct fs_detail *detail)
{
    struct fs_tree *tree = file->tree;
    uint32_t generation = stream->generation;
    uint8_t was_stream = stream->is_stream;
    enum oi_status status;

    TRY(check_addition(file, stream, detail));
    status = make_set(file);
    if (!status) status = fs_journal_reserve(tree);
    if (status) return fs_fail(status, detail);
    stream->generation = 0;             /* a name that it had elsewhere means nothing here */
    fs_stream_attach(file, file->streams->last, stream);
    if ((status = fs_check_limit(tree, stream, detail)))
    {
        fs_stream_detach(stream);
        stream->generation = generation;
        stream->is_stream = was_stream;
        return status;
    }
    fs_item_ref(stream);
    fs_journal_put(tree, stream, NULL);
    return OI_OK;
}

enum oi_status fs_stream_remove(struct fs_item *stream, struct fs_detail *detail)
{
    if (!stream->in_tree)
    {
        return fs_fail_text(OI_NOT_IN_TREE, detail, stream->entity->name, stream->entity->name_length);
    }
    if (!stream->is_stream) return fs_fail(OI_INVALID_ARGUMENT, detail);
    return fs_remove_one(stream, detail);
}
