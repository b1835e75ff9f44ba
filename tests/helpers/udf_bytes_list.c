/* What the reader says of the volumes of udf_bytes, as text. */
#include "helpers/udf_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char text[1 << 16];
static size_t text_size;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_size += (size_t)vsnprintf(text + text_size, sizeof(text) - text_size, format, arguments);
    va_end(arguments);
    assert_true(text_size < sizeof(text));
}

enum oi_status udf_bytes_open(struct udf_bytes *kit, struct fs_volume **volume)
{
    struct fs_detail detail = { 0 };
    enum oi_status status = fs_volume_open(&kit->disc, FS_UDF, volume, &detail);

    if (status && status != OI_NO_MEMORY) assert_int_equal(detail.file_systems, FS_UDF);
    fs_detail_clear(&detail);
    return status;
}

static enum oi_status take(void *context, const struct fs_found *found)
{
    char16_t *unicode = text_copy_n(found->name, found->name_length);
    char *name = unicode ? text_to_utf8(unicode) : NULL;
    struct fs_place *first = context;

    if (!name)
    {
        free(unicode);
        return OI_NO_MEMORY;
    }
    if (first && !first->key) *first = found->type == FS_DIRECTORY ? found->place : found->streams;
    say("%c %s", found->type == FS_DIRECTORY ? 'd' : 'f', name);
    if (found->type == FS_FILE && !found->fault) say(" %llu", (unsigned long long)found->size);
    for (size_t i = 0; i < found->extent_count && !found->fault; i++)
    {
        if (found->extents[i].block == FS_EXTENT_HOLE) say(" -");
        else say(" %u", found->extents[i].block);
        say("+%llu", (unsigned long long)found->extents[i].bytes);
        assert_int_equal(found->extents[i].skip, 0);
    }
    if (found->embedded && !found->fault) say(" [%.*s]", (int)found->size, (const char *)found->embedded);
    if (found->hidden) say(" hidden");
    if (found->real_time) say(" real-time");
    if (found->streams.key) say(" streams");
    if (found->fault) say(" %s", status_name(found->fault));
    say("\n");
    free(name);
    free(unicode);
    return OI_OK;
}

static void list_to(struct fs_volume *volume, const struct fs_place *place, struct fs_place *first)
{
    enum oi_status status;

    text_size = 0;
    text[0] = 0;
    status = volume->ops->list(volume, place, take, first);
    if (status) say("%s", status_name(status));
}

const char *udf_bytes_list(struct fs_volume *volume, const struct fs_place *place)
{
    list_to(volume, place, NULL);
    return text;
}

const char *udf_bytes_list_root(struct udf_bytes *kit)
{
    struct fs_volume *volume;
    enum oi_status status = udf_bytes_open(kit, &volume);

    if (status)
    {
        snprintf(text, sizeof(text), "%s", status_name(status));
        return text;
    }
    list_to(volume, &volume->root, NULL);
    fs_volume_close(volume);
    return text;
}

struct fs_place udf_bytes_first_place(struct fs_volume *volume)
{
    struct fs_place first = { 0, 0 };

    list_to(volume, &volume->root, &first);
    return first;
}

/* --- a volume as a whole -------------------------------------------------------------------------------- */

void udf_bytes_assert_opens(struct udf_bytes *kit, enum oi_status expected)
{
    struct fs_volume *volume;
    enum oi_status status = udf_bytes_open(kit, &volume);

    if (!status) fs_volume_close(volume);
    assert_string_equal(status_name(status), status_name(expected));
}

struct fs_volume_info udf_bytes_info(struct udf_bytes *kit)
{
    struct fs_volume_info result;
    struct fs_volume *volume;

    assert_int_equal(udf_bytes_open(kit, &volume), OI_OK);
    result = *fs_volume_info(volume);
    fs_volume_close(volume);
    return result;
}

int udf_bytes_is_named(struct udf_bytes *kit, const char16_t *name)
{
    struct fs_volume_info result = udf_bytes_info(kit);

    return !text_compare(result.name, name);
}
