/* Paths: of items, in their own and in a file system's names, and finding items by them. */
#include "fs_room.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_TRUE (FS_SLOT_UDF + 1)     /* an item's own name */

/* The name that a path is made of. */
static size_t name_of(const struct fs_item *item, unsigned slot, char16_t name[FS_NAME_MAX + 1])
{
    size_t length = item->entity->name_length;
    uint32_t serial = 0;
    struct fs_naming naming = { 1, 0 };

    if (slot == SLOT_TRUE || !length || (slot == FS_SLOT_UDF && item->entity->udf_length))
    {
        memcpy(name, item->entity->name, (length + 1) * sizeof(*name));
        return length;
    }
    if (item->tree) naming = fs_tree_naming(item->tree);
    if (slot == FS_SLOT_UDF)
    {
        const struct fs_udf_name *shortened = fs_udf_name_of(item);

        if (item->in_tree && shortened->serial != FS_SERIAL_NONE) serial = shortened->serial;
    }
    else if (item->in_tree && item->recorded[slot].serial != FS_SERIAL_NONE)
    {
        serial = item->recorded[slot].serial;
    }
    return fs_name_derive(&naming, slot, item->entity, serial, name);
}

static enum oi_status slot_of(enum fs_kind kind, unsigned *slot)
{
    switch (kind)
    {
    case FS_ISO9660: *slot = FS_SLOT_ISO9660; return OI_OK;
    case FS_JOLIET: *slot = FS_SLOT_JOLIET; return OI_OK;
    case FS_UDF: *slot = FS_SLOT_UDF; return OI_OK;
    }
    return OI_INVALID_ARGUMENT;
}

enum oi_status fs_item_file_system_name(const struct fs_item *item, enum fs_kind kind,
                                        char16_t out[FS_NAME_MAX + 1])
{
    unsigned slot = 0;

    out[0] = 0;
    TRY(slot_of(kind, &slot));
    name_of(item, slot, out);
    return OI_OK;
}

static const struct fs_item *above(const struct fs_item *item)
{
    return item->is_stream ? item->streams->file : &item->parent->item;
}

/* What is above an item outside the tree may be going on another thread, so its path is its name. */
static enum oi_status make_path(const struct fs_item *item, unsigned slot, char16_t **out)
{
    char16_t name[FS_NAME_MAX + 1], *path, *at;
    size_t length = 0;

    for (const struct fs_item *i = item; i->entity->name_length; i = above(i))
    {
        length += 1 + name_of(i, slot, name);
        if (!item->in_tree) break;
    }
    if (!(path = malloc((length + 1) * sizeof(*path)))) return OI_NO_MEMORY;
    at = path + length;
    *at = 0;
    for (const struct fs_item *i = item; i->entity->name_length; i = above(i))
    {
        size_t units = name_of(i, slot, name);

        at -= units;
        memcpy(at, name, units * sizeof(*name));
        *--at = i->is_stream ? ':' : '\\';
        if (!item->in_tree) break;
    }
    *out = path;
    return OI_OK;
}

enum oi_status fs_item_path(const struct fs_item *item, char16_t **out)
{
    *out = NULL;
    return make_path(item, SLOT_TRUE, out);
}

enum oi_status fs_item_file_system_path(const struct fs_item *item, enum fs_kind kind, char16_t **out)
{
    unsigned slot = 0;

    *out = NULL;
    TRY(slot_of(kind, &slot));
    return make_path(item, slot, out);
}

/* --- finding -------------------------------------------------------------------------------------------- */

static int is_separator(char16_t unit) { return unit == '\\' || unit == '/'; }

/* A path without the separators that may stand at its ends. */
struct path
{
    const char16_t *text;
    size_t length;
};

static enum oi_status trim(const struct fs_item *base, const char16_t *text, struct path *out)
{
    size_t length = text_length(text);

    if (length && is_separator(text[0]))
    {
        if (base->parent) return OI_PATH_INVALID;
        text++;
        length--;
    }
    if (length && is_separator(text[length - 1])) length--;
    *out = (struct path){ text, length };
    return OI_OK;
}

/* Cuts the first component off. */
static enum oi_status next_component(struct path *path, struct path *out)
{
    size_t length = 0;

    while (length < path->length && !is_separator(path->text[length])) length++;
    *out = (struct path){ path->text, length };
    if (fs_name_check_n(out->text, out->length, 0)) return OI_PATH_INVALID;
    path->text += length;
    path->length -= length;
    if (path->length)
    {
        path->text++;
        path->length--;
        if (!path->length) return OI_PATH_INVALID;      /* a second separator at the end */
    }
    return OI_OK;
}

/* Everything but the last component. All of the path is checked before any of it is looked for. */
static enum oi_status find_directory(struct fs_item *base, const char16_t *text, struct fs_item **out,
                                     struct path *last, struct fs_detail *detail)
{
    struct path path, component, check;
    struct fs_item *at = base;

    if (trim(base, text, &path)) goto bad;
    *last = (struct path){ path.text, 0 };
    for (check = path; check.length;)
    {
        if (next_component(&check, &component)) goto bad;
    }
    while (path.length)
    {
        next_component(&path, last);
        if (!path.length) break;
        at = fs_is_directory(at) ? fs_item_child_n(fs_directory_of(at), last->text, last->length) : NULL;
        if (!at || !fs_is_directory(at))
        {
            return fs_fail_text(OI_DIRECTORY_NOT_FOUND, detail, text,
                                (size_t)(last->text + last->length - text));
        }
    }
    *out = at;
    return OI_OK;

bad:
    return fs_fail_text(OI_PATH_INVALID, detail, text, text_length(text));
}

enum oi_status fs_find(struct fs_item *base, const char16_t *path, struct fs_item **out,
                       struct fs_detail *detail)
{
    struct path last;
    struct fs_item *at;

    *out = NULL;
    TRY(find_directory(base, path, &at, &last, detail));
    if (last.length)
    {
        at = fs_is_directory(at) ? fs_item_child_n(fs_directory_of(at), last.text, last.length) : NULL;
    }
    if (!at) return fs_fail_text(OI_NOT_FOUND, detail, path, text_length(path));
    *out = at;
    return OI_OK;
}

enum oi_status fs_find_parent(struct fs_item *base, const char16_t *path, struct fs_item **parent,
                              const char16_t **name, size_t *name_length, struct fs_detail *detail)
{
    struct path last;
    struct fs_item *at;

    *parent = NULL;
    TRY(find_directory(base, path, &at, &last, detail));
    if (!last.length) return fs_fail_text(OI_PATH_INVALID, detail, path, text_length(path));
    *parent = at;
    *name = last.text;
    *name_length = last.length;
    return OI_OK;
}
