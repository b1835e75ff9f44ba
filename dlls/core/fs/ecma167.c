/* The building blocks of ECMA-167 and OSTA UDF, byte by byte: tags, texts, times, entity identifiers. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define TAG_SERIAL 1                    /* UDF 2.2.1.1: the same in all descriptors of a volume */
#define OS_CLASS 6                      /* UDF 6.3.1: Windows NT */
#define OS_IDENTIFIER 0                 /* UDF 6.3.2: generic */
#define LOCAL_TIME 0x1000               /* 7.3.1: type 1, and 0 minutes from UTC */

/* The remainder of a byte is the sum of those of its bits. The tables have them for bytes with no, one, two
   and three more behind, so that four bytes take one step. */
#define SUM(i, a, b, c, d, e, f, g, h)                                                                       \
    (((i) & 1 ? a : 0) ^ ((i) & 2 ? b : 0) ^ ((i) & 4 ? c : 0) ^ ((i) & 8 ? d : 0) ^ ((i) & 16 ? e : 0) ^    \
     ((i) & 32 ? f : 0) ^ ((i) & 64 ? g : 0) ^ ((i) & 128 ? h : 0))
#define NONE_BEHIND(i) SUM(i, 0x1021, 0x2042, 0x4084, 0x8108, 0x1231, 0x2462, 0x48C4, 0x9188)
#define ONE_BEHIND(i) SUM(i, 0x3331, 0x6662, 0xCCC4, 0x89A9, 0x0373, 0x06E6, 0x0DCC, 0x1B98)
#define TWO_BEHIND(i) SUM(i, 0x3730, 0x6E60, 0xDCC0, 0xA9A1, 0x4363, 0x86C6, 0x1DAD, 0x3B5A)
#define THREE_BEHIND(i) SUM(i, 0x76B4, 0xED68, 0xCAF1, 0x85C3, 0x1BA7, 0x374E, 0x6E9C, 0xDD38)
#define FOUR(row, i) row(i), row((i) + 1), row((i) + 2), row((i) + 3)
#define SIXTEEN(row, i) FOUR(row, i), FOUR(row, (i) + 4), FOUR(row, (i) + 8), FOUR(row, (i) + 12)
#define SIXTY_FOUR(row, i)                                                                                   \
    SIXTEEN(row, i), SIXTEEN(row, (i) + 16), SIXTEEN(row, (i) + 32), SIXTEEN(row, (i) + 48)
#define ALL(row) SIXTY_FOUR(row, 0), SIXTY_FOUR(row, 64), SIXTY_FOUR(row, 128), SIXTY_FOUR(row, 192)

static const uint16_t crc_tables[4][256] =
{
    { ALL(NONE_BEHIND) },
    { ALL(ONE_BEHIND) },
    { ALL(TWO_BEHIND) },
    { ALL(THREE_BEHIND) },
};

uint16_t ecma167_crc(const uint8_t *bytes, size_t size)
{
    uint16_t crc = 0;

    for (; size >= 4; size -= 4, bytes += 4)
    {
        crc = crc_tables[3][crc >> 8 ^ bytes[0]] ^ crc_tables[2][(crc & 0xFF) ^ bytes[1]]
              ^ crc_tables[1][bytes[2]] ^ crc_tables[0][bytes[3]];
    }
    while (size--) crc = (uint16_t)(crc << 8 ^ crc_tables[0][crc >> 8 ^ *bytes++]);
    return crc;
}

void ecma167_tag(uint8_t *bytes, unsigned identifier, unsigned version, uint32_t location, size_t size)
{
    uint8_t sum = 0;

    put_le16(bytes, (uint16_t)identifier);
    put_le16(bytes + 2, (uint16_t)version);
    bytes[4] = 0;
    bytes[5] = 0;
    put_le16(bytes + 6, TAG_SERIAL);
    put_le16(bytes + 8, ecma167_crc(bytes + ECMA167_TAG_BYTES, size - ECMA167_TAG_BYTES));
    put_le16(bytes + 10, (uint16_t)(size - ECMA167_TAG_BYTES));
    put_le32(bytes + 12, location);
    for (unsigned i = 0; i < ECMA167_TAG_BYTES; i++) sum = (uint8_t)(sum + bytes[i]);
    bytes[4] = sum;                     /* 7.2.3: of all but itself */
}

/* --- texts ---------------------------------------------------------------------------------------------- */

static int is_narrow(const char16_t *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
    {
        if (text[i] > 0xFF) return 0;
    }
    return 1;
}

size_t ecma167_d_characters(uint8_t *out, const char16_t *name, size_t length)
{
    if (is_narrow(name, length))
    {
        out[0] = 8;
        for (size_t i = 0; i < length; i++) out[1 + i] = (uint8_t)name[i];
        return 1 + length;
    }
    out[0] = 16;
    for (size_t i = 0; i < length; i++) put_be16(out + 1 + 2 * i, name[i]);
    return 1 + 2 * length;
}

void ecma167_dstring(uint8_t *field, size_t size, const char16_t *text)
{
    size_t length = text_length(text), room = size - 2;

    memset(field, 0, size);
    if (!length) return;
    if (!is_narrow(text, length)) room /= 2;
    if (length > room)
    {
        length = room;
        /* Never half a surrogate pair. */
        if ((text[length - 1] & 0xFC00) == 0xD800 && (text[length] & 0xFC00) == 0xDC00) length--;
    }
    field[size - 1] = (uint8_t)ecma167_d_characters(field, text, length);
}

void ecma167_charspec(uint8_t *field)
{
    memset(field, 0, 64);
    memcpy(field + 1, "OSTA Compressed Unicode", 23);
}

/* --- times ---------------------------------------------------------------------------------------------- */

static int recordable(fs_time time, struct text_date *date)
{
    fs_date_of(time, date);
    return time != FS_TIME_DATE_0 && date->year >= 1 && date->year <= 9999;
}

void ecma167_time(uint8_t *field, fs_time time, fs_time otherwise)
{
    struct text_date date;
    int64_t microseconds;

    memset(field, 0, 12);
    if (!recordable(time, &date) && !recordable(time = otherwise, &date)) return;
    microseconds = time % FS_TIME_SECOND;
    if (microseconds < 0) microseconds += FS_TIME_SECOND;
    microseconds /= 10;
    put_le16(field, LOCAL_TIME);
    put_le16(field + 2, (uint16_t)date.year);
    field[4] = date.month;
    field[5] = date.day;
    field[6] = date.hour;
    field[7] = date.minute;
    field[8] = date.second;
    field[9] = (uint8_t)(microseconds / 10000);
    field[10] = (uint8_t)(microseconds / 100 % 100);
    field[11] = (uint8_t)(microseconds % 100);
}

/* --- entity identifiers --------------------------------------------------------------------------------- */

void ecma167_entity(uint8_t *field, const char *identifier)
{
    memset(field, 0, 32);
    memcpy(field + 1, identifier, strlen(identifier));
}

void ecma167_entity_domain(uint8_t *field, unsigned revision)
{
    ecma167_entity(field, UDF_ID_DOMAIN);
    put_le16(field + 24, (uint16_t)revision);
}

void ecma167_entity_udf(uint8_t *field, const char *identifier, unsigned revision)
{
    ecma167_entity(field, identifier);
    put_le16(field + 24, (uint16_t)revision);
    field[26] = OS_CLASS;
    field[27] = OS_IDENTIFIER;
}

void ecma167_entity_implementation(uint8_t *field)
{
    ecma167_entity(field, "*openimapi");
    field[24] = OS_CLASS;
    field[25] = OS_IDENTIFIER;
}

/* --- extents -------------------------------------------------------------------------------------------- */

void ecma167_extent(uint8_t *field, uint32_t length, uint32_t location)
{
    put_le32(field, length);
    put_le32(field + 4, location);
}

void ecma167_short_ad(uint8_t *field, uint32_t length, uint32_t location)
{
    put_le32(field, length);
    put_le32(field + 4, location);
}

void ecma167_long_ad(uint8_t *field, uint32_t length, uint32_t location, uint16_t partition)
{
    put_le32(field, length);
    put_le32(field + 4, location);
    put_le16(field + 8, partition);
    memset(field + 10, 0, 6);
}
