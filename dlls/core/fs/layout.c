/* Makes a layout: copies the tree's shape, lets each writer claim its blocks, and gives the files theirs. */
#include "layout_room.h"

#include <stdlib.h>
#include <string.h>

/* --- the tree's shape ----------------------------------------------------------------------------------- */

struct pending
{
    const struct fs_item *item;
    uint32_t node;
    uint32_t parent;
};

static void fill_node(struct fs_node *node, const struct fs_item *item)
{
    node->entity = fs_entity_ref(item->entity);
    node->modified = item->times.modified;
    for (unsigned slot = 0; slot < FS_SLOTS; slot++) node->serials[slot] = item->recorded[slot].serial;
    node->where = 0;
    node->hidden = item->hidden;
    node->real_time = item->real_time;
}

/* What only UDF wants to know of a node. */
static void fill_udf(struct fs_layout *layout, uint32_t node, const struct fs_item *item)
{
    const struct fs_udf_name *shortened = fs_udf_name_of(item);

    layout->times[node] = (struct fs_node_times){ item->times.created, item->times.accessed };
    if (!shortened) return;
    if (node < layout->first_stream)
    {
        layout->shortened[layout->shortened_count++] = (struct fs_node_serial){ node, shortened->serial };
    }
    else
    {
        layout->nodes[node].serials[0] = shortened->serial;     /* a stream has no other recorded name */
    }
}

/* Files are filled in the order of their nodes, and so the streams are in that of their files. */
static void add_streams(struct fs_layout *layout, const struct fs_item *file, uint32_t node)
{
    for (const struct fs_item *stream = fs_stream_first(file); stream; stream = stream->next)
    {
        uint32_t at = layout->first_stream + layout->stream_count;

        fill_node(&layout->nodes[at], stream);
        fill_udf(layout, at, stream);
        layout->stream_files[layout->stream_count++] = node;
    }
}

/* Adds a folder with the nodes of its children; folders among these are stacked, the first on top. */
static void add_folder(struct fs_layout *layout, struct pending from, struct pending *stack, uint32_t *depth)
{
    const struct fs_directory *directory = fs_directory_of(from.item);
    uint32_t number = layout->folder_count++, first = layout->node_count, count = directory->child_count;
    uint32_t i = 0;

    layout->nodes[from.node].where = number;
    layout->folders[number] = (struct fs_folder){ from.node, from.parent, first, count };
    for (const struct fs_item *item = directory->first; item; item = item->next)
    {
        if (layout->stream_files) add_streams(layout, item, first + i);
        if (layout->times) fill_udf(layout, first + i, item);
        fill_node(&layout->nodes[first + i++], item);
    }
    layout->node_count += count;
    for (const struct fs_item *item = directory->last; item; item = item->previous)
    {
        i--;
        if (fs_is_directory(item)) stack[(*depth)++] = (struct pending){ item, first + i, number };
    }
}

static enum oi_status make_udf_room(struct fs_layout *layout, const struct fs_tree *tree, uint64_t nodes)
{
    if (!(layout->options.file_systems & FS_UDF)) return OI_OK;
    layout->times = malloc((size_t)nodes * sizeof(*layout->times));
    layout->shortened = malloc((size_t)tree->udf_shortened * sizeof(*layout->shortened) + 1);
    return layout->times && layout->shortened ? OI_OK : OI_NO_MEMORY;
}

static enum oi_status copy_tree(struct fs_layout *layout, const struct fs_tree *tree)
{
    uint64_t streams = fs_options_streams(&tree->options) ? tree->streams : 0;
    uint64_t nodes = tree->files + tree->directories;
    uint64_t all = nodes + streams + fs_tree_boot_count(tree);
    struct pending *stack;
    uint32_t depth = 0;

    if (all > UINT32_MAX / sizeof(*layout->nodes)) return OI_NO_MEMORY;
    layout->first_stream = (uint32_t)nodes;
    layout->first_boot = (uint32_t)(nodes + streams);
    layout->nodes = malloc((size_t)all * sizeof(*layout->nodes));
    if (streams && !(layout->stream_files = malloc((size_t)streams * sizeof(*layout->stream_files))))
    {
        return OI_NO_MEMORY;
    }
    TRY(make_udf_room(layout, tree, nodes + streams));
    layout->folders = malloc((size_t)tree->directories * sizeof(*layout->folders));
    stack = malloc((size_t)tree->directories * sizeof(*stack));
    if (!layout->nodes || !layout->folders || !stack)
    {
        free(stack);
        return OI_NO_MEMORY;
    }
    fill_node(&layout->nodes[0], &tree->root->item);
    if (layout->times) fill_udf(layout, 0, &tree->root->item);
    layout->node_count = 1;
    stack[depth++] = (struct pending){ &tree->root->item, 0, 0 };
    while (depth)
    {
        struct pending from = stack[--depth];

        add_folder(layout, from, stack, &depth);
    }
    free(stack);
    layout->boot = fs_boot_ref(tree->boot);
    for (unsigned i = 0; i < fs_layout_boot_count(layout); i++)
    {
        layout->nodes[layout->first_boot + i] = (struct fs_node){ .entity = layout->boot->images[i] };
    }
    return OI_OK;
}

/* --- claiming ------------------------------------------------------------------------------------------- */

static enum oi_status add_writer(struct fs_layout *layout, enum oi_status status)
{
    if (!status) layout->writer_count++;
    return status;
}

/* In the order of their descriptors, but for UDF, whose own come last. Firmware wants the boot record to be
   the second, behind a primary descriptor: for it there is one, of an empty volume, beside UDF alone. */
static enum oi_status create_writers(struct fs_layout *layout)
{
    unsigned file_systems = layout->options.file_systems;
    struct fs_writer **next = layout->writers;

    if (file_systems & FS_UDF)
    {
        TRY(add_writer(layout, fs_udf_writer_create(layout, next++)));
    }
    if ((file_systems & FS_ISO9660) || layout->boot)
    {
        int bare = !(file_systems & FS_ISO9660);

        TRY(add_writer(layout, fs_ecma119_writer_create(&fs_iso9660_format, bare, next++)));
    }
    if (layout->boot) TRY(add_writer(layout, fs_eltorito_writer_create(next++)));
    if (file_systems & FS_JOLIET)
    {
        TRY(add_writer(layout, fs_ecma119_writer_create(&fs_joliet_format, 0, next)));
    }
    return OI_OK;
}

static void add_descriptors(struct fs_layout *layout, const struct fs_writer *writer)
{
    for (uint32_t i = 0; i < (writer ? writer->descriptors : 1); i++)
    {
        layout->descriptors[layout->descriptor_count++] = (struct fs_descriptor){ writer, i };
    }
}

/* Those of ECMA-119 come first, with their terminator: ECMA-167 2/8.3.1 goes on behind them. */
static void list_descriptors(struct fs_layout *layout)
{
    for (unsigned i = 0; i < layout->writer_count; i++)
    {
        if (layout->writers[i]->kind != FS_UDF) add_descriptors(layout, layout->writers[i]);
    }
    if (layout->descriptor_count) add_descriptors(layout, NULL);
    for (unsigned i = 0; i < layout->writer_count; i++)
    {
        if (layout->writers[i]->kind == FS_UDF) add_descriptors(layout, layout->writers[i]);
    }
}

enum oi_status fs_layout_area(struct fs_layout *layout, const char16_t *name, const struct fs_writer *writer,
                              uint64_t *next, uint64_t end)
{
    if (end > UINT32_MAX - (uint64_t)layout->session_start) return OI_TOO_LARGE;
    if (end == *next) return OI_OK;
    layout->areas[layout->area_count++] =
        (struct fs_area){ (uint32_t)*next, (uint32_t)(end - *next), name, writer };
    *next = end;
    return OI_OK;
}

static enum oi_status claim_structures(struct fs_layout *layout, uint64_t *next)
{
    *next = 0;
    if (layout->earlier.append)
    {
        TRY(fs_layout_area(layout, u"<earlier sessions>", NULL, next, layout->earlier.append));
    }
    else
    {
        list_descriptors(layout);
        TRY(fs_layout_area(layout, u"<system area>", NULL, next, FS_SYSTEM_AREA_BLOCKS));
        TRY(fs_layout_area(layout, u"<volume descriptors>", NULL, next, *next + layout->descriptor_count));
    }
    for (unsigned i = 0; i < layout->writer_count; i++)
    {
        struct fs_writer *writer = layout->writers[i];
        uint64_t at;

        if (writer->ops->claim_head) TRY(writer->ops->claim_head(writer, layout, next));
        at = *next;
        TRY(writer->ops->claim(writer, layout, &at));
        TRY(fs_layout_area(layout, writer->name, writer, next, at));
    }
    layout->areas_before = layout->area_count;
    layout->structures = (uint32_t)*next;
    return OI_OK;
}

static enum oi_status claim_file(struct fs_layout *layout, uint32_t node, uint64_t *next)
{
    uint64_t size = fs_entity_size(layout->nodes[node].entity);
    size_t count;

    if (!size || fs_layout_staying(layout, &layout->nodes[node], &count)) return OI_OK;
    layout->nodes[node].where = (uint32_t)*next;
    layout->files[layout->file_count++] = node;
    *next += fs_blocks_of(size);
    return *next > UINT32_MAX - (uint64_t)layout->session_start ? OI_TOO_LARGE : OI_OK;
}

/* Boot images come first: some firmware reaches only the front of a disc. */
static enum oi_status claim_files(struct fs_layout *layout, uint64_t *next)
{
    uint64_t most = UINT32_MAX - (uint64_t)layout->session_start;
    /* The nodes of streams and boot images follow those of the tree, all of which are there by now. */
    uint32_t end = layout->first_boot + fs_layout_boot_count(layout);

    if (!(layout->files = malloc(end * sizeof(*layout->files)))) return OI_NO_MEMORY;
    for (uint32_t i = layout->first_boot; i < end; i++) TRY(claim_file(layout, i, next));
    for (uint32_t i = 0; i < layout->first_boot; i++) TRY(claim_file(layout, i, next));
    if (*next > most) return OI_TOO_LARGE;
    layout->files_end = (uint32_t)*next;
    return OI_OK;
}

static enum oi_status claim_tail(struct fs_layout *layout, uint64_t *next)
{
    for (unsigned i = 0; i < layout->writer_count; i++)
    {
        struct fs_writer *writer = layout->writers[i];

        if (writer->ops->claim_tail) TRY(writer->ops->claim_tail(writer, layout, next));
    }
    layout->blocks = (uint32_t)*next;
    return OI_OK;
}

/* --- a layout ------------------------------------------------------------------------------------------- */

static enum oi_status check_files(const struct fs_tree *tree, struct fs_detail *detail)
{
    const struct fs_item *root = &tree->root->item;

    if (!(tree->options.file_systems & (FS_ISO9660 | FS_JOLIET))) return OI_OK;
    for (const struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        if (fs_item_size(at) <= FS_FILE_SIZE_MAX) continue;
        return fs_fail_numbers(OI_FILE_TOO_BIG, detail, at, FS_ISO9660 | FS_JOLIET, FS_FILE_SIZE_MAX,
                               fs_item_size(at));
    }
    return OI_OK;
}

static enum oi_status check(struct fs_tree *tree, const struct fs_layout_params *params,
                            struct fs_detail *detail)
{
    if (!tree->options.file_systems) return fs_fail(OI_NO_FILE_SYSTEM, detail);
    if (params->volume_name && fs_volume_name_check(params->volume_name))
    {
        return fs_fail_text(OI_NAME_INVALID, detail, params->volume_name, text_length(params->volume_name));
    }
    if (tree->boot && (params->session_start || tree->earlier.append))
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    TRY(fs_check_rules(tree, NULL, detail));
    TRY(fs_check_limit(tree, NULL, detail));
    TRY(check_files(tree, detail));
    if (tree->earlier.append
        && (params->session_start || !params->earlier || tree->options.file_systems != FS_UDF))
    {
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
    return fs_check_blocks(tree, UINT32_MAX - params->session_start, NULL, detail);
}

static enum oi_status plan(struct fs_layout *layout, const struct fs_tree *tree)
{
    uint64_t next;

    TRY(copy_tree(layout, tree));
    TRY(create_writers(layout));
    TRY(claim_structures(layout, &next));
    TRY(claim_files(layout, &next));
    TRY(claim_tail(layout, &next));
    return fs_layout_append(layout);
}

enum oi_status fs_layout_create(struct fs_tree *tree, const struct fs_layout_params *params,
                                struct fs_layout **out, struct fs_detail *detail)
{
    struct fs_layout *layout;
    enum oi_status status;

    *out = NULL;
    TRY(check(tree, params, detail));
    if (!(layout = calloc(1, sizeof(*layout)))) return fs_fail(OI_NO_MEMORY, detail);
    layout->references = 1;
    layout->naming = fs_tree_naming(tree);
    layout->session_start = params->session_start;
    layout->options = tree->options;
    layout->earlier = tree->earlier;
    layout->has_earlier = tree->has_earlier;
    if (tree->earlier.append) layout->before = source_ref(params->earlier);
    layout->time = params->time;
    if (params->volume_name && *params->volume_name)
    {
        memcpy(layout->volume_name, params->volume_name,
               text_length(params->volume_name) * sizeof(*params->volume_name));
    }
    else
    {
        fs_volume_name_of_time(params->time, layout->volume_name);
    }
    if ((status = plan(layout, tree)))
    {
        fs_layout_unref(layout);
        return fs_fail(status, detail);
    }
    *out = layout;
    return OI_OK;
}

struct fs_layout *fs_layout_ref(struct fs_layout *layout)
{
    __atomic_add_fetch(&layout->references, 1, __ATOMIC_RELAXED);
    return layout;
}

void fs_layout_unref(struct fs_layout *layout)
{
    if (!layout || __atomic_sub_fetch(&layout->references, 1, __ATOMIC_ACQ_REL)) return;
    for (unsigned i = 0; i < layout->writer_count; i++) layout->writers[i]->ops->destroy(layout->writers[i]);
    for (uint32_t i = 0; i < layout->node_count; i++) fs_entity_unref(layout->nodes[i].entity);
    for (uint32_t i = 0; i < layout->stream_count; i++)
    {
        fs_entity_unref(layout->nodes[layout->first_stream + i].entity);
    }
    source_unref(layout->before);
    free(layout->anchor_unit);
    fs_boot_unref(layout->boot);
    free(layout->nodes);
    free(layout->stream_files);
    free(layout->times);
    free(layout->shortened);
    free(layout->modified);
    free(layout->folders);
    free(layout->files);
    free(layout);
}

uint32_t fs_layout_blocks(const struct fs_layout *layout) { return layout->blocks; }
