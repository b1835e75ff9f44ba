/* The primary volume: ECMA-119 with d-characters, level 1 or 2. */
#include "layout_room.h"

#include <string.h>

/* 7.5.1: both separators are there even when the extension is empty; the version number is 1. */
static size_t identifier(enum fs_type type, const char16_t *name, size_t length, uint8_t *out)
{
    int period = 0;

    for (size_t i = 0; i < length; i++)
    {
        out[i] = (uint8_t)name[i];
        period |= name[i] == '.';
    }
    if (type == FS_DIRECTORY) return length;
    if (!period) out[length++] = '.';
    out[length++] = ';';
    out[length++] = '1';
    return length;
}

static void text(uint8_t *field, size_t size, const char16_t *units)
{
    memset(field, ' ', size);
    for (size_t i = 0; i < size && units[i]; i++) field[i] = (uint8_t)units[i];
}

const struct ecma119_format fs_iso9660_format =
{
    .slot = FS_SLOT_ISO9660, .descriptor_type = 1, .escape = "", .identifier = identifier, .text = text,
};
