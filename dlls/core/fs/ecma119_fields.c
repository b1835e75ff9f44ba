/* Fields of ECMA-119 records that ISO 9660 and Joliet have in common, as they are read. */
#include "read_room.h"

/* 9.1.5. */
fs_time fs_ecma119_time_of(const uint8_t *bytes)
{
    struct text_date date = { 1900 + bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5] };
    int zone = bytes[6] < 128 ? bytes[6] : bytes[6] - 256;      /* from Greenwich, in quarters of an hour */

    if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return 0;
    if (date.hour > 23 || date.minute > 59 || date.second > 59) return 0;
    if (zone < -48 || zone > 52) zone = 0;
    return (text_date_to_seconds(&date) - zone * 15 * 60) * FS_TIME_SECOND;
}

size_t fs_ecma119_without_version(size_t length, unsigned (*unit)(const uint8_t *identifier, size_t index),
                                  const uint8_t *identifier)
{
    size_t at = length;

    while (at && unit(identifier, at - 1) >= '0' && unit(identifier, at - 1) <= '9') at--;
    /* A name that is nothing but a version is a name. */
    return at > 1 && unit(identifier, at - 1) == ';' ? at - 1 : length;
}
