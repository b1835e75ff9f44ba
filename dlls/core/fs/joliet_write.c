/* The supplementary volume of Joliet: the same structures with names in UCS-2, big-endian, level 3. */
#include "layout_room.h"

#include "openimapi/bytes.h"

#include <string.h>

static size_t identifier(enum fs_type type, const char16_t *name, size_t length, uint8_t *out)
{
    for (size_t i = 0; i < length; i++) put_be16(out + 2 * i, name[i]);
    if (type == FS_DIRECTORY) return 2 * length;
    put_be16(out + 2 * length, ';');
    put_be16(out + 2 * length + 2, '1');
    return 2 * length + 4;
}

/* Filled with spaces; the odd byte at the end of the 37-byte fields stays 0. */
static void text(uint8_t *field, size_t size, const char16_t *units)
{
    for (size_t i = 0; i < size / 2; i++) put_be16(field + 2 * i, *units ? *units++ : ' ');
    if (size % 2) field[size - 1] = 0;
}

const struct ecma119_format fs_joliet_format =
{
    .slot = FS_SLOT_JOLIET, .descriptor_type = 2, .escape = "%/E", .identifier = identifier, .text = text,
};
