/* Which names an item may have, and the name that each file system makes of one. */
#include "fs_room.h"

#define ISO9660_LEVEL1_NAME 8           /* ECMA-119 10.1: file name and directory identifier */
#define ISO9660_LEVEL1_EXTENSION 3
#define ISO9660_FILE 30                 /* 7.5.1: file name and extension together */
#define ISO9660_DIRECTORY 31            /* 7.6.3 */
#define ISO9660_KEPT 15                 /* of a long name beside a long extension */
#define JOLIET_STRICT 64
#define JOLIET_RELAXED 108              /* with ";1" the longest even identifier in a record of 254 bytes */
#define EXTENSION_KEPT 32               /* what is longer, period included, is no extension */
#define UDF_NARROW 254                  /* ECMA-167 4/14.4.4: 255 bytes with the compression byte */
#define UDF_WIDE 127

static int forbidden(char16_t unit)
{
    switch (unit)
    {
    case '\\': case '/': case ':': case '*': case '?': case '"': case '<': case '>': case '|': return 1;
    default: return unit < 32;
    }
}

enum oi_status fs_name_check_n(const char16_t *name, size_t length, int restricted)
{
    if (length == 0 || length > FS_NAME_MAX) return OI_NAME_INVALID;
    if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'))) return OI_NAME_INVALID;
    for (size_t i = 0; i < length; i++)
    {
        if (forbidden(name[i])) return OI_NAME_INVALID;
    }
    for (size_t i = 0; restricted && i < length; i++)
    {
        if (name[i] > 127) return OI_NAME_RESTRICTED;
    }
    return OI_OK;
}

enum oi_status fs_name_check(const char16_t *name, int restricted)
{
    return fs_name_check_n(name, text_length(name), restricted);
}

static int is_d_character(char16_t unit)
{
    return (unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9') || unit == '_';
}

static char16_t d_character(char16_t unit)
{
    if (unit >= 'a' && unit <= 'z') return (char16_t)(unit - 'a' + 'A');
    return is_d_character(unit) ? unit : '_';
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Where the extension's period is: the last one with something before it; the length if there is none. */
static size_t find_extension(const struct fs_entity *entity)
{
    size_t length = entity->name_length;

    if (entity->type == FS_DIRECTORY) return length;
    for (size_t i = length; i-- > 1;)
    {
        if (entity->name[i] == '.') return i;
    }
    return length;
}

/* Writes "_12" for mark '_' and serial 12; nothing for 0. */
static size_t put_serial(char16_t *out, char16_t mark, uint32_t serial)
{
    char16_t digits[10];
    size_t count = 0, at = 0;

    if (!serial) return 0;
    for (; serial; serial /= 10) digits[count++] = (char16_t)('0' + serial % 10);
    out[at++] = mark;
    while (count) out[at++] = digits[--count];
    return at;
}

static size_t derive_iso9660(const struct fs_naming *naming, const struct fs_entity *entity, uint32_t serial,
                             char16_t *out)
{
    size_t name = find_extension(entity);
    size_t extension = name < entity->name_length ? entity->name_length - name - 1u : 0;
    char16_t tail[11];
    size_t tail_length = put_serial(tail, '_', serial);
    size_t room, at = 0;

    if (entity->type == FS_DIRECTORY)
    {
        room = naming->iso9660_level == 1 ? ISO9660_LEVEL1_NAME : ISO9660_DIRECTORY;
    }
    else if (naming->iso9660_level == 1)
    {
        room = ISO9660_LEVEL1_NAME;
        extension = smaller(extension, ISO9660_LEVEL1_EXTENSION);
    }
    else
    {
        extension = smaller(extension, ISO9660_FILE - smaller(name + tail_length, ISO9660_KEPT));
        room = ISO9660_FILE - extension;
    }
    for (size_t i = 0, kept = smaller(name, room - tail_length); i < kept; i++)
    {
        out[at++] = d_character(entity->name[i]);
    }
    for (size_t i = 0; i < tail_length; i++) out[at++] = tail[i];
    if (extension) out[at++] = '.';
    for (size_t i = 0; i < extension; i++) out[at++] = d_character(entity->name[name + 1 + i]);
    out[at] = 0;
    return at;
}

/* Cuts to a limit, numbered, the extension kept. */
static size_t shorten(const struct fs_entity *entity, size_t limit, uint32_t serial, char16_t *out)
{
    size_t name = find_extension(entity);
    size_t extension = entity->name_length - name;
    char16_t tail[11];
    size_t tail_length = put_serial(tail, '~', serial);
    size_t kept, at = 0;

    if (extension > EXTENSION_KEPT)
    {
        name = entity->name_length;
        extension = 0;
    }
    kept = smaller(name, limit - extension - tail_length);
    /* Never half a surrogate pair. */
    if (kept < name && kept > 1 && (entity->name[kept - 1] & 0xFC00) == 0xD800
        && (entity->name[kept] & 0xFC00) == 0xDC00)
    {
        kept--;
    }
    for (size_t i = 0; i < kept; i++) out[at++] = entity->name[i];
    for (size_t i = 0; i < tail_length; i++) out[at++] = tail[i];
    for (size_t i = 0; i < extension; i++) out[at++] = entity->name[name + i];
    out[at] = 0;
    return at;
}

static size_t derive_joliet(const struct fs_naming *naming, const struct fs_entity *entity, uint32_t serial,
                            char16_t *out)
{
    size_t at = shorten(entity, naming->strict ? JOLIET_STRICT : JOLIET_RELAXED, serial, out);

    for (size_t i = 0; i < at; i++)
    {
        if (out[i] == ';') out[i] = '_';
    }
    /* Readers take a period at the end for the separator of an empty extension. */
    while (at && out[at - 1] == '.') at--;
    if (!at) out[at++] = '_';
    out[at] = 0;
    return at;
}

static size_t derive_udf(const struct fs_entity *entity, uint32_t serial, char16_t *out)
{
    size_t length = entity->name_length, limit = UDF_NARROW;

    if (entity->udf_length) return shorten(entity, length, 0, out);
    for (size_t i = 0; i < length; i++)
    {
        if (entity->name[i] > 0xFF) limit = UDF_WIDE;
    }
    return shorten(entity, limit, serial, out);
}

size_t fs_name_derive(const struct fs_naming *naming, unsigned slot, const struct fs_entity *entity,
                      uint32_t serial, char16_t out[FS_NAME_MAX + 1])
{
    if (slot == FS_SLOT_ISO9660) return derive_iso9660(naming, entity, serial, out);
    if (slot == FS_SLOT_UDF) return derive_udf(entity, serial, out);
    return derive_joliet(naming, entity, serial, out);
}
