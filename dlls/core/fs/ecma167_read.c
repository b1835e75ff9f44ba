/* Decodes what all descriptors of ECMA-167 have: tags, entity identifiers, texts and timestamps. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <string.h>

/* --- tags ----------------------------------------------------------------------------------------------- */

/* 3/7.2.6: the polynomial x^16 + x^12 + x^5 + 1, half a byte at a time. */
static uint16_t crc_of(const uint8_t *bytes, size_t size)
{
    static const uint16_t steps[16] =
    {
        0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7,
        0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef,
    };
    uint16_t crc = 0;

    for (size_t i = 0; i < size; i++)
    {
        crc = (uint16_t)(crc << 4 ^ steps[crc >> 12 ^ bytes[i] >> 4]);
        crc = (uint16_t)(crc << 4 ^ steps[crc >> 12 ^ (bytes[i] & 15)]);
    }
    return crc;
}

int fs_udf_tag(const uint8_t *bytes, size_t size, uint32_t location)
{
    uint16_t version = get_le16(bytes + 2), crc_size = get_le16(bytes + 10);
    uint8_t sum = 0;

    if (version != 2 && version != 3) return -1;
    for (unsigned i = 0; i < ECMA167_TAG_BYTES; i++) sum = (uint8_t)(sum + (i == 4 ? 0 : bytes[i]));
    if (sum != bytes[4] || get_le32(bytes + 12) != location) return -1;
    if (crc_size > size - ECMA167_TAG_BYTES) return -1;
    if (crc_of(bytes + ECMA167_TAG_BYTES, crc_size) != get_le16(bytes + 8)) return -1;
    return get_le16(bytes);
}

int fs_udf_entity_is(const uint8_t *entity, const char *name)
{
    char field[24] = "";

    strcpy(field, name);
    return !memcmp(entity + 1, field, 23);      /* 1/7.4.2 */
}

struct udf_address fs_udf_address(const uint8_t *bytes)
{
    return (struct udf_address){ .block = get_le32(bytes), .partition = get_le16(bytes + 4) };
}

/* --- texts ---------------------------------------------------------------------------------------------- */

size_t fs_udf_text(const uint8_t *bytes, size_t length, char16_t *out, size_t size)
{
    size_t count = 0;

    /* 254 and 255 stand for 8 and 16 in names of deleted files: UDF 2.00 2.3.4.2. */
    if (length && (bytes[0] == 8 || bytes[0] == 254))
    {
        for (size_t i = 1; i < length && count < size - 1; i++) out[count++] = bytes[i];
    }
    else if (length && (bytes[0] == 16 || bytes[0] == 255))
    {
        for (size_t i = 1; i + 1 < length && count < size - 1; i += 2) out[count++] = get_be16(bytes + i);
    }
    out[count] = 0;
    return count;
}

size_t fs_udf_field_text(const uint8_t *field, size_t size, char16_t *out, size_t out_size)
{
    size_t length = field[size - 1];

    if (length > size - 1) length = size - 1;
    length = fs_udf_text(field, length, out, out_size);
    return length;
}

/* --- times ---------------------------------------------------------------------------------------------- */

fs_time fs_udf_time(const uint8_t *bytes)
{
    struct text_date date =
    {
        .year = (int16_t)get_le16(bytes + 2),
        .month = bytes[4],
        .day = bytes[5],
        .hour = bytes[6],
        .minute = bytes[7],
        .second = bytes[8],
    };
    unsigned type = get_le16(bytes) >> 12;
    int zone = get_le16(bytes) & 0x0fff;
    unsigned micros = bytes[9] * 10000u + bytes[10] * 100u + bytes[11];
    int64_t seconds;

    if (date.year < 1 || date.year > 9999) return 0;
    if (!date.month || date.month > 12 || !date.day || date.day > 31) return 0;
    if (date.hour > 23 || date.minute > 59 || date.second > 59) return 0;
    if (bytes[9] > 99 || bytes[10] > 99 || bytes[11] > 99) micros = 0;
    seconds = text_date_to_seconds(&date);
    if (zone >= 0x0800) zone -= 0x1000;
    /* 1/7.3.1: type 1 is local time with its distance from UTC in minutes; -2047: nobody knows it. */
    if (type == 1 && zone >= -1440 && zone <= 1440) seconds -= zone * 60;
    return seconds * FS_TIME_SECOND + micros * (FS_TIME_SECOND / 1000000);
}
