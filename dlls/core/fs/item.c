/* Items: making, counting, properties, and walking from one to the next. */
#include "fs_room.h"

#include <stdlib.h>
#include <string.h>

struct fs_entity *fs_entity_ref(struct fs_entity *entity)
{
    __atomic_add_fetch(&entity->references, 1, __ATOMIC_RELAXED);
    return entity;
}

void fs_entity_unref(struct fs_entity *entity)
{
    if (__atomic_sub_fetch(&entity->references, 1, __ATOMIC_ACQ_REL)) return;
    source_unref(entity->data);
    free(entity);
}

struct fs_entity *fs_entity_create(enum fs_type type, const char16_t *name, size_t length)
{
    struct fs_entity *entity = malloc(sizeof(*entity) + (length + 1) * sizeof(*name));

    if (!entity) return NULL;
    entity->references = 1;
    entity->type = (uint8_t)type;
    entity->name_length = (uint8_t)length;
    entity->udf_length = fs_udf_length(name, length);
    entity->data = NULL;
    memcpy(entity->name, name, length * sizeof(*name));
    entity->name[length] = 0;
    return entity;
}

/* Also for the root, whose name fs_name_check would refuse. */
struct fs_item *fs_item_make(struct fs_tree *tree, enum fs_type type, const char16_t *name, size_t length)
{
    struct fs_entity *entity = fs_entity_create(type, name, length);
    size_t size = type == FS_DIRECTORY ? sizeof(struct fs_directory) : sizeof(struct fs_item);
    struct fs_item *item;

    if (!entity) return NULL;
    if (!(item = calloc(1, size + (entity->udf_length ? 0 : sizeof(struct fs_udf_name)))))
    {
        fs_entity_unref(entity);
        return NULL;
    }
    item->entity = entity;
    item->references = 1;
    item->tree = tree;
    if (!entity->udf_length) fs_udf_name_of(item)->item = item;
    if (type == FS_DIRECTORY) fs_udf_names_init(&fs_directory_of(item)->udf);
    for (unsigned slot = 0; type == FS_DIRECTORY && slot < FS_SLOTS; slot++)
    {
        fs_directory_of(item)->record_bytes[slot] = 2 * FS_DOT_BYTES;
        fs_directory_of(item)->blocks[slot] = 1;
        fs_directory_of(item)->exact = 1;
    }
    return item;
}

enum oi_status fs_item_create(struct fs_tree *tree, enum fs_type type, const char16_t *name,
                              struct fs_item **out, struct fs_detail *detail)
{
    size_t length = text_length(name);
    enum oi_status status = fs_name_check_n(name, length, tree->options.restricted);

    *out = NULL;
    if (type != FS_DIRECTORY && type != FS_FILE) return fs_fail(OI_INVALID_ARGUMENT, detail);
    if (status) return fs_fail_text(status, detail, name, length);
    if (!(*out = fs_item_make(tree, type, name, length))) return fs_fail(OI_NO_MEMORY, detail);
    return OI_OK;
}

struct fs_item *fs_item_ref(struct fs_item *item)
{
    __atomic_add_fetch(&item->references, 1, __ATOMIC_RELAXED);
    return item;
}

static int drop(struct fs_item *item)
{
    return !__atomic_sub_fetch(&item->references, 1, __ATOMIC_ACQ_REL);
}

/* Lets the children go; those that nobody holds join the list of the dying, so that depth costs no stack. */
static struct fs_item *orphan(struct fs_directory *directory, struct fs_item *dying)
{
    struct fs_item *child = directory->first;

    while (child)
    {
        struct fs_item *next = child->next;

        /* Last the parent: without one, a child that somebody holds may be added to the tree again. */
        child->previous = child->next = NULL;
        __atomic_store_n(&child->parent, NULL, __ATOMIC_RELEASE);
        if (drop(child))
        {
            child->next = dying;
            dying = child;
        }
        child = next;
    }
    for (unsigned i = 0; i < FS_INDEXES; i++) fs_index_free(&directory->indexes[i]);
    fs_index_free(&directory->udf.shortened);
    return dying;
}

void fs_item_unref(struct fs_item *item)
{
    if (!item || !drop(item)) return;
    item->next = NULL;
    while (item)
    {
        struct fs_item *dead = item;

        item = dead->next;
        if (fs_is_directory(dead)) item = orphan(fs_directory_of(dead), item);
        else item = fs_streams_orphan(dead, item);
        fs_entity_unref(dead->entity);
        free(dead);
    }
}

enum fs_type fs_item_type(const struct fs_item *item) { return item->entity->type; }
const char16_t *fs_item_name(const struct fs_item *item) { return item->entity->name; }
int fs_item_in_tree(const struct fs_item *item) { return item->in_tree; }
void fs_item_times(const struct fs_item *item, struct fs_times *out) { *out = item->times; }
void fs_item_set_times(struct fs_item *item, const struct fs_times *times) { item->times = *times; }
int fs_item_hidden(const struct fs_item *item) { return item->hidden; }
void fs_item_set_hidden(struct fs_item *item, int hidden) { item->hidden = hidden != 0; }
int fs_item_real_time(const struct fs_item *item) { return item->real_time; }

void fs_item_set_real_time(struct fs_item *item, int real_time)
{
    int counts = item->in_tree && !fs_is_directory(item) && !item->is_stream;

    if (counts) item->tree->real_time_files -= item->real_time;
    item->real_time = real_time != 0;
    if (counts) item->tree->real_time_files += item->real_time;
}

struct fs_item *fs_item_parent(const struct fs_item *item)
{
    return item->in_tree && item->parent ? &item->parent->item : NULL;
}

enum oi_status fs_item_set_data(struct fs_item *item, struct source *data)
{
    if (fs_is_directory(item)) return OI_NOT_FILE;
    if (item->generation) return OI_INVALID_ARGUMENT;
    if (data) source_ref(data);
    source_unref(item->entity->data);
    item->entity->data = data;
    return OI_OK;
}

struct source *fs_item_data(const struct fs_item *item) { return item->entity->data; }
uint64_t fs_item_size(const struct fs_item *item) { return fs_entity_size(item->entity); }

size_t fs_item_child_count(const struct fs_item *directory)
{
    return fs_is_directory(directory) ? fs_directory_of(directory)->child_count : 0;
}

struct fs_item *fs_item_first_child(const struct fs_item *directory)
{
    return fs_is_directory(directory) ? fs_directory_of(directory)->first : NULL;
}

struct fs_item *fs_item_next(const struct fs_item *item) { return item->next; }

struct fs_item *fs_item_walk(const struct fs_item *top, const struct fs_item *at)
{
    struct fs_item *child = fs_item_first_child(at);

    if (child) return child;
    while (at != top)
    {
        if (at->next) return at->next;
        at = &at->parent->item;
    }
    return NULL;
}

struct fs_item *fs_item_child(const struct fs_item *directory, const char16_t *name)
{
    if (!fs_is_directory(directory)) return NULL;
    return fs_item_child_n(fs_directory_of(directory), name, text_length(name));
}
