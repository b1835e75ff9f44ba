/* What ECMA-119 volumes have in common byte by byte: times, and the terminator of the descriptor set. */
#include "layout_room.h"

#include "openimapi/bytes.h"

#include <string.h>

void fs_date_of(fs_time time, struct text_date *date)
{
    int64_t seconds = time / FS_TIME_SECOND;

    if (time % FS_TIME_SECOND < 0) seconds--;
    text_date_from_seconds(seconds, date);
}

void fs_ecma119_time(uint8_t *bytes, fs_time time, fs_time otherwise)
{
    struct text_date date;

    fs_date_of(time, &date);
    if (date.year < 1900 || date.year > 1900 + 255) fs_date_of(otherwise, &date);
    memset(bytes, 0, 7);
    if (date.year < 1900 || date.year > 1900 + 255) return;
    bytes[0] = (uint8_t)(date.year - 1900);
    bytes[1] = date.month;
    bytes[2] = date.day;
    bytes[3] = date.hour;
    bytes[4] = date.minute;
    bytes[5] = date.second;
    bytes[6] = 0;                       /* offset from Greenwich */
}

static uint8_t *put_digits(uint8_t *at, unsigned number, unsigned digits)
{
    for (unsigned i = digits; i--; number /= 10) at[i] = (uint8_t)('0' + number % 10);
    return at + digits;
}

void fs_ecma119_no_volume_time(uint8_t *bytes)
{
    memset(bytes, '0', 16);
    bytes[16] = 0;
}

void fs_ecma119_volume_time(uint8_t *bytes, fs_time time)
{
    int64_t fraction = time % FS_TIME_SECOND;
    struct text_date date;
    uint8_t *at = bytes;

    if (fraction < 0) fraction += FS_TIME_SECOND;
    fs_ecma119_no_volume_time(bytes);
    fs_date_of(time, &date);
    if (date.year < 1 || date.year > 9999) return;
    at = put_digits(at, (unsigned)date.year, 4);
    at = put_digits(at, date.month, 2);
    at = put_digits(at, date.day, 2);
    at = put_digits(at, date.hour, 2);
    at = put_digits(at, date.minute, 2);
    at = put_digits(at, date.second, 2);
    put_digits(at, (unsigned)(fraction / (FS_TIME_SECOND / 100)), 2);
}

void fs_ecma119_terminator(uint8_t *bytes)
{
    bytes[0] = 255;                     /* 8.3.1 */
    memcpy(bytes + 1, "CD001", 5);
    bytes[6] = 1;
}
