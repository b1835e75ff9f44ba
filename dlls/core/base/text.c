/* UTF-16 names: copying, comparing with and without regard to case, and the way to UTF-8 and back. */
#include "openimapi/text.h"

#include <stdlib.h>
#include <string.h>

#define REPLACEMENT 0xFFFD

size_t text_length(const char16_t *text)
{
    size_t length = 0;

    while (text[length]) length++;
    return length;
}

char16_t *text_copy_n(const char16_t *text, size_t length)
{
    char16_t *copy;

    if (length >= SIZE_MAX / sizeof(*copy)) return NULL;
    if (!(copy = malloc((length + 1) * sizeof(*copy)))) return NULL;
    memcpy(copy, text, length * sizeof(*copy));
    copy[length] = 0;
    return copy;
}

char16_t *text_copy(const char16_t *text)
{
    return text_copy_n(text, text_length(text));
}

int text_compare_n(const char16_t *a, size_t a_length, const char16_t *b, size_t b_length)
{
    size_t common = a_length < b_length ? a_length : b_length;

    for (size_t i = 0; i < common; i++)
    {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return a_length == b_length ? 0 : a_length < b_length ? -1 : 1;
}

int text_compare(const char16_t *a, const char16_t *b)
{
    return text_compare_n(a, text_length(a), b, text_length(b));
}

int text_compare_fold_n(const char16_t *a, size_t a_length, const char16_t *b, size_t b_length)
{
    size_t common = a_length < b_length ? a_length : b_length;

    for (size_t i = 0; i < common; i++)
    {
        char16_t x, y;

        if (a[i] == b[i]) continue;
        x = text_upper(a[i]);
        y = text_upper(b[i]);
        if (x != y) return x < y ? -1 : 1;
    }
    return a_length == b_length ? 0 : a_length < b_length ? -1 : 1;
}

int text_compare_fold(const char16_t *a, const char16_t *b)
{
    return text_compare_fold_n(a, text_length(a), b, text_length(b));
}

uint32_t text_hash_fold(const char16_t *text, size_t length)
{
    uint32_t hash = 2166136261u;        /* FNV-1a, one step for each byte */

    for (size_t i = 0; i < length; i++)
    {
        char16_t unit = text_upper(text[i]);

        hash = (hash ^ (unit & 0xFF)) * 16777619u;
        hash = (hash ^ (unit >> 8)) * 16777619u;
    }
    return hash;
}

static int is_high(uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
static int is_low(uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/* The code point at *text, which is moved behind it. */
static uint32_t next_of_utf16(const char16_t **text)
{
    uint32_t unit = *(*text)++;

    if (is_high(unit) && is_low(**text)) return 0x10000 + ((unit - 0xD800) << 10) + (*(*text)++ - 0xDC00u);
    return is_high(unit) || is_low(unit) ? REPLACEMENT : unit;
}

char *text_to_utf8(const char16_t *text)
{
    size_t length = text_length(text);
    char *utf8, *at;

    /* Three bytes for each unit at most: a pair of two units takes four. */
    if (length > (SIZE_MAX - 1) / 3 || !(utf8 = malloc(length * 3 + 1))) return NULL;
    for (at = utf8; *text;)
    {
        uint32_t point = next_of_utf16(&text);

        if (point < 0x80) *at++ = (char)point;
        else if (point < 0x800)
        {
            *at++ = (char)(0xC0 | point >> 6);
            *at++ = (char)(0x80 | (point & 0x3F));
        }
        else
        {
            if (point < 0x10000) *at++ = (char)(0xE0 | point >> 12);
            else
            {
                *at++ = (char)(0xF0 | point >> 18);
                *at++ = (char)(0x80 | (point >> 12 & 0x3F));
            }
            *at++ = (char)(0x80 | (point >> 6 & 0x3F));
            *at++ = (char)(0x80 | (point & 0x3F));
        }
    }
    *at = 0;
    return utf8;
}

/* The code point at *utf8, which is moved behind it; U+FFFD for each maximal part that no character begins
   with (Unicode 3.9, table 3-7 gives the bytes allowed second). */
static uint32_t next_of_utf8(const uint8_t **utf8)
{
    uint8_t lead = *(*utf8)++;
    uint8_t low = 0x80, high = 0xBF;
    uint32_t point;
    int more;

    if (lead < 0x80) return lead;
    if (lead < 0xC2 || lead > 0xF4) return REPLACEMENT;
    more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    point = lead & (0x3Fu >> more);
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    while (more--)
    {
        if (**utf8 < low || **utf8 > high) return REPLACEMENT;
        point = point << 6 | (*(*utf8)++ & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    return point;
}

char16_t *text_from_utf8(const char *utf8)
{
    const uint8_t *from = (const uint8_t *)utf8;
    size_t size = strlen(utf8);
    char16_t *text, *at;

    /* One unit for each byte at most. */
    if (size >= SIZE_MAX / sizeof(*text) || !(text = malloc((size + 1) * sizeof(*text)))) return NULL;
    for (at = text; *from;)
    {
        uint32_t point = next_of_utf8(&from);

        if (point >= 0x10000)
        {
            *at++ = (char16_t)(0xD800 + ((point - 0x10000) >> 10));
            *at++ = (char16_t)(0xDC00 + ((point - 0x10000) & 0x3FF));
        }
        else *at++ = (char16_t)point;
    }
    *at = 0;
    return text;
}
