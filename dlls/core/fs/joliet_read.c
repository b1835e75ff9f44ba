/* Names of a Joliet volume as they are read: UCS-2, in practice UTF-16, big-endian. */
#include "read_room.h"

#include "openimapi/bytes.h"

static unsigned unit_at(const uint8_t *identifier, size_t index) { return get_be16(identifier + 2 * index); }

static size_t units(const uint8_t *bytes, size_t count, char16_t *out)
{
    for (size_t i = 0; i < count; i++) out[i] = get_be16(bytes + 2 * i);
    return count;
}

/* An odd last byte is half a unit, which says nothing. */
static size_t name(enum fs_type type, const uint8_t *identifier, size_t length, char16_t *out)
{
    length /= 2;
    if (type == FS_FILE) length = fs_ecma119_without_version(length, unit_at, identifier);
    return units(identifier, length, out);
}

static void text(const uint8_t *field, size_t size, char16_t *out)
{
    size_t count = 0;

    while (count < size / 2 && unit_at(field, count)) count++;
    while (count && unit_at(field, count - 1) == ' ') count--;
    out[units(field, count, out)] = 0;
}

const struct ecma119_dialect fs_joliet_dialect = { FS_JOLIET, name, text };
