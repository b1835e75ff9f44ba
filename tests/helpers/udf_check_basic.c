/* The independent UDF reader: tags, character sets, names, entity identifiers and times. */
#include "helpers/udf_check_room.h"

#include <string.h>

uint32_t le(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;

    while (bytes--) value = value * 256 + p[bytes];
    return value;
}

uint64_t le64(const uint8_t *p)
{
    return (uint64_t)le(p + 4, 4) << 32 | le(p, 4);
}

void zeros(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what)
{
    for (size_t i = 0; i < size; i++)
    {
        if (p[i]) fault(t, "%s: byte %zu is %02X, not zero", what, i, p[i]);
    }
}

/* 1/7.2.6: x^16 + x^12 + x^5 + 1, begins with zero, highest bit first. */
uint16_t udf_crc(const uint8_t *p, size_t size)
{
    unsigned crc = 0;

    while (size--)
    {
        crc ^= (unsigned)*p++ << 8;
        for (int i = 0; i < 8; i++) crc = crc & 0x8000 ? (crc << 1 ^ 0x1021) & 0xFFFF : crc << 1;
    }
    return (uint16_t)crc;
}

/* 3/7.2, 4/7.2; UDF 2.2.1, 2.3.1 */
void check_tag(struct udf_check_tree *t, const uint8_t *d, unsigned id, uint32_t location, size_t length,
               size_t room)
{
    unsigned sum = 0, crc_length = le(d + 10, 2), serial = le(d + 6, 2);

    require(t, le(d, 2) == id, "tag identifier %u, not %u", le(d, 2), id);
    require(t, le(d + 2, 2) == t->version, "descriptor version %u, not %u", le(d + 2, 2), t->version);
    for (int i = 0; i < 16; i++) sum += i == 4 ? 0 : d[i];
    require(t, d[4] == sum % 256, "tag checksum %02X, not %02X", d[4], sum % 256);
    require(t, d[5] == 0, "reserved byte of the tag %02X", d[5]);
    require(t, crc_length + 16u <= room, "CRC length %u leaves the %zu bytes", crc_length, room);
    if (allows(t, UDF_CHECK_ALLOW_LONG_CRC))
        require(t, crc_length + 16u >= length, "CRC length %u for a descriptor of %zu", crc_length, length);
    else require(t, crc_length + 16u == length, "CRC length %u for a descriptor of %zu", crc_length, length);
    require(t, le(d + 8, 2) == udf_crc(d + 16, crc_length), "CRC %04X, not %04X", le(d + 8, 2),
            udf_crc(d + 16, crc_length));
    require(t, le(d + 12, 4) == location, "tag location %u, not %u", le(d + 12, 4), location);
    if (id == TAG_ANCHOR && !t->serial) t->serial = serial | 0x10000;
    require(t, serial == (t->serial & 0xFFFF), "tag serial number %u, the anchor's is %u", serial,
            t->serial & 0xFFFF);
}

/* 1/7.2.1, UDF 2.1.2 */
void check_charspec(struct udf_check_tree *t, const uint8_t *p, const char *what)
{
    require(t, p[0] == 0, "%s: character set type %u, not CS0", what, p[0]);
    require(t, !memcmp(p + 1, "OSTA Compressed Unicode", 24), "%s: not OSTA Compressed Unicode", what);
    zeros(t, p + 24, 40, what);
}

void to_utf8(const char16_t *units, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++)
    {
        uint32_t c = units[i];

        if (c >= 0xD800 && c < 0xDC00 && i + 1 < count && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00u);
        if (c < 0x80)
        {
            *text++ = (char)c;
            continue;
        }
        if (c < 0x800) *text++ = (char)(0xC0 | c >> 6);
        else
        {
            if (c < 0x10000) *text++ = (char)(0xE0 | c >> 12);
            else
            {
                *text++ = (char)(0xF0 | c >> 18);
                *text++ = (char)(0x80 | (c >> 12 & 63));
            }
            *text++ = (char)(0x80 | (c >> 6 & 63));
        }
        *text++ = (char)(0x80 | (c & 63));
    }
    *text = 0;
}

size_t check_unicode(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what,
                     char16_t *units)
{
    size_t width, count;

    require(t, size > 1, "%s: no character behind the compression", what);
    require(t, p[0] == 8 || p[0] == 16, "%s: compression %u", what, p[0]);
    width = p[0] / 8u;
    count = (size - 1) / width;
    require(t, (size - 1) % width == 0, "%s: half a character at the end", what);
    for (size_t i = 0; i < count; i++)
    {
        unsigned unit = width == 1 ? p[1 + i] : p[1 + 2 * i] * 256u + p[2 + 2 * i];

        require(t, unit && unit != 0xFEFF && unit != 0xFFFE, "%s: unit %04X at %zu", what, unit, i);
        if (units) units[i] = (char16_t)unit;
    }
    if (units) units[count] = 0;
    return count;
}

void check_dstring(struct udf_check_tree *t, const uint8_t *p, size_t size, const char *what, char *text)
{
    char16_t units[256];
    size_t used = p[size - 1], count;

    if (text) *text = 0;
    if (!used)
    {
        zeros(t, p, size, what);
        return;
    }
    require(t, used < size, "%s: length %zu of %zu bytes", what, used, size);
    count = check_unicode(t, p, used, what, units);
    zeros(t, p + used, size - 1 - used, what);
    if (text) to_utf8(units, count, text);
}

/* UDF 2.1.5.3 and 6.3: operating system class and identifier. */
static void check_system(struct udf_check_tree *t, unsigned class, unsigned identifier, const char *what)
{
    static const unsigned most[] = { 0, 0, 0, 1, 8, 0, 0, 0, 0, 0 };
    unsigned classes = t->version == 2 && t->volume.revision <= 0x0102 ? 7 : 10;

    require(t, class < classes, "%s: operating system class %u", what, class);
    require(t, identifier <= most[class], "%s: operating system %u of class %u", what, identifier, class);
}

/* 1/7.4, UDF 2.1.5; the revision must be the same wherever it stands. */
void check_entity(struct udf_check_tree *t, const uint8_t *p, const char *identifier, enum udf_suffix suffix,
                  const char *what)
{
    const uint8_t *s = p + 24;
    size_t length = 0;

    /* Dirty is never right; protected are the standards' own identifiers in some volumes. */
    require(t, p[0] == 0 || (p[0] == 2 && suffix == SUFFIX_NONE), "%s: flags %02X of the entity identifier",
            what, p[0]);
    while (length < 23 && p[1 + length]) length++;
    for (size_t i = 0; i < length; i++)
        require(t, p[1 + i] >= 0x20 && p[1 + i] < 0x7F, "%s: byte %02X in the identifier", what, p[1 + i]);
    zeros(t, p + 1 + length, 23 - length, what);
    if (identifier)
        require(t, length == strlen(identifier) && !memcmp(p + 1, identifier, length),
                "%s: \"%.23s\", not %s", what, (const char *)p + 1, identifier);
    else if (suffix == SUFFIX_APPLICATION && !length) zeros(t, p, 32, what);
    else require(t, length > 1 && p[1] == '*', "%s: \"%.23s\" names no developer", what, (const char *)p + 1);
    switch (suffix)
    {
    case SUFFIX_DOMAIN:
    case SUFFIX_UDF:
        if (!t->volume.revision) t->volume.revision = le(s, 2);
        require(t, le(s, 2) == t->volume.revision, "%s: revision %04X, elsewhere %04X", what, le(s, 2),
                t->volume.revision);
        if (suffix == SUFFIX_DOMAIN)
        {
            require(t, s[2] < 4, "%s: domain flags %02X", what, s[2]);
            zeros(t, s + 3, 5, what);
            break;
        }
        check_system(t, s[2], s[3], what);
        zeros(t, s + 4, 4, what);
        break;
    case SUFFIX_IMPLEMENTATION: check_system(t, s[0], s[1], what); break;
    case SUFFIX_NONE: zeros(t, s, 8, what); break;
    case SUFFIX_APPLICATION: break;
    }
}

/* 1/7.3, UDF 2.1.4 */
void check_time(struct udf_check_tree *t, const uint8_t *p, const char *what, struct udf_check_time *time)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    unsigned zone = le(p, 2) & 0xFFF;
    struct udf_check_time at = { (int)le(p + 2, 2), p[4], p[5], p[6], p[7], p[8], 0,
                                 zone < 0x800 ? (int)zone : (int)zone - 0x1000 };
    int leap = at.year % 4 == 0 && (at.year % 100 || at.year % 400 == 0);

    require(t, le(p, 2) >> 12 == 1, "%s: type %u of the time", what, le(p, 2) >> 12);
    require(t, (at.zone >= -1440 && at.zone <= 1440) || at.zone == -2047, "%s: time zone %d", what, at.zone);
    require(t, at.year >= 1 && at.year <= 9999, "%s: year %d", what, at.year);
    require(t, at.month >= 1 && at.month <= 12, "%s: month %d", what, at.month);
    require(t, at.day >= 1 && at.day <= days[at.month - 1] + (at.month == 2 && leap), "%s: day %d", what,
            at.day);
    require(t, at.hour <= 23 && at.minute <= 59 && at.second <= 59, "%s: %d:%d:%d", what, at.hour, at.minute,
            at.second);
    require(t, p[9] <= 99 && p[10] <= 99 && p[11] <= 99, "%s: %u, %u, %u hundredths", what, p[9], p[10],
            p[11]);
    at.microseconds = p[9] * 10000 + p[10] * 100 + p[11];
    if (time) *time = at;
}

/* 4/14.14.2 with UDF 2.3.10.1 and 2.3.4.3 */
struct udf_address long_address(const uint8_t *p)
{
    return (struct udf_address){ le(p, 4), le(p + 4, 4), le(p + 8, 2), le(p + 10, 2), le(p + 12, 4) };
}
