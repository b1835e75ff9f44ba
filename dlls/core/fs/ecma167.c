/* The building blocks of ECMA-167 and OSTA UDF, byte by byte: tags, texts, times, entity identifiers. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define TAG_SERIAL 1                    /* UDF 2.2.1.1: the same in all descriptors of a volume */
#define OS_CLASS 6                      /* UDF 6.3.1: Windows NT */
#define OS_IDENTIFIER 0                 /* UDF 6.3.2: generic */
#define LOCAL_TIME 0x1000               /* 7.3.1: type 1, and 0 minutes from UTC */

/* The remainders of x^16 + x^12 + x^5 + 1 for each byte. */
static const uint16_t crc_table[256] =
{
    0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50A5, 0x60C6, 0x70E7, 0x8108, 0x9129, 0xA14A, 0xB16B,
    0xC18C, 0xD1AD, 0xE1CE, 0xF1EF, 0x1231, 0x0210, 0x3273, 0x2252, 0x52B5, 0x4294, 0x72F7, 0x62D6,
    0x9339, 0x8318, 0xB37B, 0xA35A, 0xD3BD, 0xC39C, 0xF3FF, 0xE3DE, 0x2462, 0x3443, 0x0420, 0x1401,
    0x64E6, 0x74C7, 0x44A4, 0x5485, 0xA56A, 0xB54B, 0x8528, 0x9509, 0xE5EE, 0xF5CF, 0xC5AC, 0xD58D,
    0x3653, 0x2672, 0x1611, 0x0630, 0x76D7, 0x66F6, 0x5695, 0x46B4, 0xB75B, 0xA77A, 0x9719, 0x8738,
    0xF7DF, 0xE7FE, 0xD79D, 0xC7BC, 0x48C4, 0x58E5, 0x6886, 0x78A7, 0x0840, 0x1861, 0x2802, 0x3823,
    0xC9CC, 0xD9ED, 0xE98E, 0xF9AF, 0x8948, 0x9969, 0xA90A, 0xB92B, 0x5AF5, 0x4AD4, 0x7AB7, 0x6A96,
    0x1A71, 0x0A50, 0x3A33, 0x2A12, 0xDBFD, 0xCBDC, 0xFBBF, 0xEB9E, 0x9B79, 0x8B58, 0xBB3B, 0xAB1A,
    0x6CA6, 0x7C87, 0x4CE4, 0x5CC5, 0x2C22, 0x3C03, 0x0C60, 0x1C41, 0xEDAE, 0xFD8F, 0xCDEC, 0xDDCD,
    0xAD2A, 0xBD0B, 0x8D68, 0x9D49, 0x7E97, 0x6EB6, 0x5ED5, 0x4EF4, 0x3E13, 0x2E32, 0x1E51, 0x0E70,
    0xFF9F, 0xEFBE, 0xDFDD, 0xCFFC, 0xBF1B, 0xAF3A, 0x9F59, 0x8F78, 0x9188, 0x81A9, 0xB1CA, 0xA1EB,
    0xD10C, 0xC12D, 0xF14E, 0xE16F, 0x1080, 0x00A1, 0x30C2, 0x20E3, 0x5004, 0x4025, 0x7046, 0x6067,
    0x83B9, 0x9398, 0xA3FB, 0xB3DA, 0xC33D, 0xD31C, 0xE37F, 0xF35E, 0x02B1, 0x1290, 0x22F3, 0x32D2,
    0x4235, 0x5214, 0x6277, 0x7256, 0xB5EA, 0xA5CB, 0x95A8, 0x8589, 0xF56E, 0xE54F, 0xD52C, 0xC50D,
    0x34E2, 0x24C3, 0x14A0, 0x0481, 0x7466, 0x6447, 0x5424, 0x4405, 0xA7DB, 0xB7FA, 0x8799, 0x97B8,
    0xE75F, 0xF77E, 0xC71D, 0xD73C, 0x26D3, 0x36F2, 0x0691, 0x16B0, 0x6657, 0x7676, 0x4615, 0x5634,
    0xD94C, 0xC96D, 0xF90E, 0xE92F, 0x99C8, 0x89E9, 0xB98A, 0xA9AB, 0x5844, 0x4865, 0x7806, 0x6827,
    0x18C0, 0x08E1, 0x3882, 0x28A3, 0xCB7D, 0xDB5C, 0xEB3F, 0xFB1E, 0x8BF9, 0x9BD8, 0xABBB, 0xBB9A,
    0x4A75, 0x5A54, 0x6A37, 0x7A16, 0x0AF1, 0x1AD0, 0x2AB3, 0x3A92, 0xFD2E, 0xED0F, 0xDD6C, 0xCD4D,
    0xBDAA, 0xAD8B, 0x9DE8, 0x8DC9, 0x7C26, 0x6C07, 0x5C64, 0x4C45, 0x3CA2, 0x2C83, 0x1CE0, 0x0CC1,
    0xEF1F, 0xFF3E, 0xCF5D, 0xDF7C, 0xAF9B, 0xBFBA, 0x8FD9, 0x9FF8, 0x6E17, 0x7E36, 0x4E55, 0x5E74,
    0x2E93, 0x3EB2, 0x0ED1, 0x1EF0,
};

uint16_t ecma167_crc(const uint8_t *bytes, size_t size)
{
    uint16_t crc = 0;

    while (size--) crc = (uint16_t)(crc << 8 ^ crc_table[crc >> 8 ^ *bytes++]);
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
