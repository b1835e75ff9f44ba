/* A tree as a whole: making, options and their rules, counts. */
#include "fs_room.h"

#include <stdlib.h>

#define PATH_LENGTH_MAX 255
#define BLOCKS_MAX ((uint64_t)1 << 62)  /* two trees as large as that can be put together without overflow */

void fs_options_init(struct fs_options *options)
{
    *options = (struct fs_options){ .file_systems = FS_ISO9660 | FS_JOLIET, .iso9660_level = 1,
                                    .udf_revision = 0x102, .udf_redundant = 1 };
}

static enum oi_status check_options(const struct fs_options *options)
{
    if (options->file_systems & ~(unsigned)(FS_ISO9660 | FS_JOLIET | FS_UDF)) return OI_INVALID_ARGUMENT;
    if ((options->file_systems & FS_JOLIET) && !(options->file_systems & FS_ISO9660))
        return OI_INVALID_ARGUMENT;
    if (!fs_udf_revision_known(options->udf_revision)) return OI_INVALID_ARGUMENT;
    if (options->iso9660_level != 1 && options->iso9660_level != 2) return OI_INVALID_ARGUMENT;
    return OI_OK;
}

enum oi_status fs_tree_create(const struct fs_options *options, struct fs_tree **out)
{
    struct fs_tree *tree = calloc(1, sizeof(*tree));

    *out = NULL;
    if (!tree) return OI_NO_MEMORY;
    fs_options_init(&tree->options);
    if (options)
    {
        enum oi_status status = check_options(options);

        if (status)
        {
            free(tree);
            return status;
        }
        tree->options = *options;
    }
    if (!(tree->root = fs_directory_of(fs_item_make(tree, FS_DIRECTORY, u"", 0))))
    {
        free(tree);
        return OI_NO_MEMORY;
    }
    tree->generation = 1;
    tree->directories = 1;
    tree->root->level = 1;
    tree->root->item.in_tree = 1;
    tree->root->item.generation = 1;
    tree->root->item.times = (struct fs_times){ FS_TIME_DATE_0, FS_TIME_DATE_0, FS_TIME_DATE_0 };
    fs_size_enter(tree->root);
    *out = tree;
    return OI_OK;
}

/* Items may live on in other hands. */
static void forget_tree(struct fs_item *top)
{
    for (struct fs_item *at = top; at; at = fs_item_walk(top, at))
    {
        for (struct fs_item *stream = fs_stream_first(at); stream; stream = stream->next)
        {
            stream->in_tree = 0;
            stream->tree = NULL;
        }
        at->in_tree = 0;
        at->tree = NULL;
    }
}

void fs_tree_destroy(struct fs_tree *tree)
{
    struct fs_item *root;

    if (!tree) return;
    root = &tree->root->item;
    for (size_t i = 0; i < tree->change_count; i++) forget_tree(fs_change_item(&tree->changes[i]));
    forget_tree(root);
    fs_journal_clear(tree);
    fs_boot_unref(tree->boot);
    fs_item_unref(root);
    free(tree);
}

const struct fs_options *fs_tree_options(const struct fs_tree *tree) { return &tree->options; }
struct fs_item *fs_tree_root(struct fs_tree *tree) { return &tree->root->item; }
uint64_t fs_tree_file_count(const struct fs_tree *tree) { return tree->files; }
uint64_t fs_tree_directory_count(const struct fs_tree *tree) { return tree->directories; }

static const struct fs_item *find_deep(const struct fs_tree *tree)
{
    const struct fs_item *root = &tree->root->item;

    for (const struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        if (fs_is_directory(at) && fs_directory_of(at)->level > FS_ISO9660_LEVELS_MAX) return at;
    }
    return NULL;
}

static const struct fs_item *find_unnamed(const struct fs_tree *tree, unsigned slot)
{
    const struct fs_item *root = &tree->root->item;

    for (const struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        const struct fs_udf_name *shortened = fs_udf_name_of(at);

        if (slot != FS_SLOT_UDF && at->recorded[slot].serial == FS_SERIAL_NONE) return at;
        if (slot == FS_SLOT_UDF && shortened && shortened->serial == FS_SERIAL_NONE) return at;
    }
    return NULL;
}

/* ECMA-119 6.8.2.1: identifiers of a file and its directories and the number of these make 255 at most. Only
   level 2 can pass that, and only in the deepest directories. */
static int path_too_long(const struct fs_item *file)
{
    size_t length = fs_item_identifier_size(file, FS_SLOT_ISO9660);

    if (fs_is_directory(file) || file->parent->level < FS_ISO9660_LEVELS_MAX) return 0;
    for (const struct fs_directory *at = file->parent; at->item.parent; at = at->item.parent)
    {
        length += fs_item_identifier_size(&at->item, FS_SLOT_ISO9660) + 1;
    }
    return length > PATH_LENGTH_MAX;
}

static enum oi_status check_paths(const struct fs_item *top, struct fs_detail *detail)
{
    for (const struct fs_item *at = top; at; at = fs_item_walk(top, at))
    {
        if (path_too_long(at)) return fs_fail_item(OI_PATH_INVALID, detail, at, FS_ISO9660);
    }
    return OI_OK;
}

enum oi_status fs_check_rules(const struct fs_tree *tree, const struct fs_item *culprit,
                              struct fs_detail *detail)
{
    unsigned kinds = tree->options.file_systems & (FS_ISO9660 | FS_JOLIET);

    if (kinds && tree->deep)
    {
        return fs_fail_item(OI_TOO_DEEP, detail, culprit ? culprit : find_deep(tree), FS_ISO9660);
    }
    if (kinds && tree->directories > FS_DIRECTORIES_MAX)
    {
        return fs_fail_item(OI_TOO_MANY_DIRECTORIES, detail, culprit, kinds);
    }
    for (unsigned slot = 0; slot < FS_SLOTS; slot++)
    {
        if (!(kinds & fs_slot_kind(slot)) || !tree->unnamed[slot]) continue;
        return fs_fail_item(OI_NAME_NOT_UNIQUE, detail, culprit ? culprit : find_unnamed(tree, slot),
                            fs_slot_kind(slot));
    }
    if ((tree->options.file_systems & FS_UDF) && tree->udf_unnamed)
    {
        return fs_fail_item(OI_NAME_NOT_UNIQUE, detail, culprit ? culprit : find_unnamed(tree, FS_SLOT_UDF),
                            FS_UDF);
    }
    if (!kinds || !tree->options.strict || tree->options.iso9660_level == 1) return OI_OK;
    return check_paths(culprit ? culprit : &tree->root->item, detail);
}

enum oi_status fs_check_limit(struct fs_tree *tree, const struct fs_item *culprit, struct fs_detail *detail)
{
    uint64_t limit = tree->options.block_limit;

    if (!limit || limit > BLOCKS_MAX) limit = BLOCKS_MAX;
    if (tree->stream_blocks > BLOCKS_MAX)       /* whether they are recorded or not */
    {
        return fs_fail_numbers(OI_TOO_LARGE, detail, culprit, 0, BLOCKS_MAX, tree->stream_blocks);
    }
    return fs_check_blocks(tree, limit, culprit, detail);
}

enum oi_status fs_check_blocks(struct fs_tree *tree, uint64_t limit, const struct fs_item *culprit,
                               struct fs_detail *detail)
{
    enum oi_status status;
    uint64_t used;

    if (fs_size_estimate(tree) <= limit) return OI_OK;
    if ((status = fs_tree_used_blocks(tree, &used))) return fs_fail(status, detail);
    if (used <= limit) return OI_OK;
    return fs_fail_numbers(OI_TOO_LARGE, detail, culprit, 0, limit, used);
}

static int names_differ(const struct fs_options *a, const struct fs_options *b)
{
    return a->iso9660_level != b->iso9660_level || !a->strict != !b->strict;
}

enum oi_status fs_tree_set_options(struct fs_tree *tree, const struct fs_options *options,
                                   struct fs_detail *detail)
{
    int renamed = names_differ(options, &tree->options);
    struct fs_options before = tree->options;
    enum oi_status status = check_options(options);
    struct fs_names *names = NULL;

    if (!status && renamed && !(names = fs_names_save(tree))) status = OI_NO_MEMORY;
    if (status) return fs_fail(status, detail);
    tree->options = *options;
    if (renamed) fs_rename_all(tree, NULL);
    if (tree->has_earlier) fs_earlier_recount(tree);
    status = fs_check_rules(tree, NULL, detail);
    if (!status) status = fs_check_limit(tree, NULL, detail);
    if (status)
    {
        tree->options = before;
        if (renamed) fs_rename_all(tree, names);
        if (tree->has_earlier) fs_earlier_recount(tree);
    }
    free(names);
    return status;
}
