/* Volume names: which may be put, and what each file system records of one. */
#include "layout_room.h"

#include <string.h>

#define JOLIET_VOLUME_NAME 16           /* units in the 32 bytes of ECMA-119 8.4.7 */

enum oi_status fs_volume_name_check(const char16_t *name)
{
    size_t length = text_length(name);

    if (!length) return OI_OK;
    if (length > FS_VOLUME_NAME_MAX) return OI_NAME_INVALID;
    return fs_name_check_n(name, length, 0);
}

static char16_t d_character(char16_t unit)
{
    if (unit >= 'a' && unit <= 'z') return (char16_t)(unit - 'a' + 'A');
    if ((unit >= 'A' && unit <= 'Z') || (unit >= '0' && unit <= '9')) return unit;
    return '_';
}

void fs_volume_name(const char16_t *name, enum fs_kind kind, char16_t out[FS_VOLUME_NAME_MAX + 1])
{
    size_t limit = kind == FS_JOLIET ? JOLIET_VOLUME_NAME : FS_VOLUME_NAME_MAX, length = 0;

    for (; length < limit && name[length]; length++)
    {
        out[length] = kind == FS_ISO9660 ? d_character(name[length]) : name[length];
        if (kind == FS_JOLIET && out[length] == ';') out[length] = '_';
    }
    /* Never half a surrogate pair. */
    if (kind == FS_JOLIET && length && (out[length - 1] & 0xFC00) == 0xD800
        && (name[length] & 0xFC00) == 0xDC00)
    {
        length--;
    }
    out[length] = 0;
}

static char16_t *put_number(char16_t *at, int32_t number, unsigned digits)
{
    for (unsigned i = digits; i--; number /= 10) at[i] = (char16_t)('0' + number % 10);
    return at + digits;
}

void fs_volume_name_of_time(fs_time time, char16_t out[FS_VOLUME_NAME_MAX + 1])
{
    struct text_date date;
    char16_t *at = out;

    fs_date_of(time, &date);
    at = put_number(at, date.year < 0 || date.year > 9999 ? 0 : date.year, 4);
    at = put_number(at, date.month, 2);
    at = put_number(at, date.day, 2);
    *at++ = '_';
    at = put_number(at, date.hour, 2);
    at = put_number(at, date.minute, 2);
    at = put_number(at, date.second, 2);
    *at = 0;
}
