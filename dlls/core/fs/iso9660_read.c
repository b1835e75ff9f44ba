/* Names of an ISO 9660 volume as they are read: what its rules allow, and what discs have beyond them. */
#include "read_room.h"

static unsigned byte_at(const uint8_t *identifier, size_t index) { return identifier[index]; }

/* One character of UTF-8; returns its bytes, 0 if it is none. */
static size_t decode(const uint8_t *at, size_t left, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t count = at[0] < 0x80 ? 1 : at[0] < 0xC0 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;

    if (!count || count > left || at[0] > 0xF4) return 0;
    *code = count == 1 ? at[0] : at[0] & (0x7Fu >> count);
    for (size_t i = 1; i < count; i++)
    {
        if ((at[i] & 0xC0) != 0x80) return 0;
        *code = *code << 6 | (at[i] & 0x3F);
    }
    if (*code < least[count] || *code > 0x10FFFF || (*code & 0xFFFFF800) == 0xD800) return 0;
    return count;
}

/* Bytes above 127 are no part of the standard. Discs that have them have UTF-8 or, if it is none, a character
   set that they do not tell: then Latin-1 loses nothing. */
static size_t to_unicode(const uint8_t *bytes, size_t length, char16_t *out)
{
    size_t count = 0;

    for (size_t i = 0; i < length;)
    {
        uint32_t code;
        size_t used = decode(bytes + i, length - i, &code);

        if (!used)
        {
            for (i = 0; i < length; i++) out[i] = bytes[i];
            return length;
        }
        i += used;
        if (code >= 0x10000)
        {
            out[count++] = (char16_t)(0xD7C0 + (code >> 10));
            out[count++] = (char16_t)(0xDC00 | (code & 0x3FF));
        }
        else out[count++] = (char16_t)code;
    }
    return count;
}

/* 7.5.1: FILE.TXT;1, and FILE.;1 for a name without extension. */
static size_t name(enum fs_type type, const uint8_t *identifier, size_t length, char16_t *out)
{
    if (type == FS_FILE)
    {
        length = fs_ecma119_without_version(length, byte_at, identifier);
        while (length > 1 && identifier[length - 1] == '.') length--;
    }
    return to_unicode(identifier, length, out);
}

static void text(const uint8_t *field, size_t size, char16_t *out)
{
    while (size && (field[size - 1] == ' ' || !field[size - 1])) size--;
    for (size_t i = 0; i < size; i++)
    {
        if (!field[i]) size = i;
    }
    out[to_unicode(field, size, out)] = 0;
}

const struct ecma119_dialect fs_iso9660_dialect = { FS_ISO9660, name, text };
