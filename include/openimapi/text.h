/*
 * Names and texts. Inside the core a name is UTF-16 in host byte order, as COM and Joliet have it, ended by
 * a zero unit (char16_t is the same type as WCHAR on Windows). Lone surrogates are kept, never an error:
 * Windows file systems allow them. UTF-8 appears only at the edges (logs, host paths of native tools).
 */
#ifndef OPENIMAPI_TEXT_H
#define OPENIMAPI_TEXT_H

#include "openimapi/status.h"

#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <uchar.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Units before the ending zero. */
size_t text_length(const char16_t *text);

/* Copies; the caller frees with free(). NULL when memory is out. text_copy_n takes length units. */
char16_t *text_copy(const char16_t *text);
char16_t *text_copy_n(const char16_t *text, size_t length);

/* Order by code unit: below, equal to or above 0. */
int text_compare(const char16_t *a, const char16_t *b);
int text_compare_n(const char16_t *a, size_t a_length, const char16_t *b, size_t b_length);

/* The same without regard to letter case (simple upper-case mapping of Unicode, as file systems do). */
int text_compare_fold(const char16_t *a, const char16_t *b);
int text_compare_fold_n(const char16_t *a, size_t a_length, const char16_t *b, size_t b_length);

/* Simple upper-case mapping of one unit; units without one, surrogates included, stay, and so do those that
   are not the lower case of what they are mapped to: file systems of Windows keep them apart. */
char16_t text_upper(char16_t unit);

/* A hash under which texts equal by text_compare_fold_n are equal. */
uint32_t text_hash_fold(const char16_t *text, size_t length);

/* UTF-16 to UTF-8, new memory, the caller frees; a lone surrogate becomes U+FFFD. NULL when memory is out. */
char *text_to_utf8(const char16_t *text);

/* UTF-8 to UTF-16, new memory, the caller frees; malformed bytes become U+FFFD. NULL when memory is out. */
char16_t *text_from_utf8(const char *utf8);

/* Calendar, UTC: seconds since 1970-01-01 to fields and back (proleptic Gregorian, any sign). */
struct text_date
{
    int32_t year;                       /* 2026 */
    uint8_t month, day;                 /* from 1 */
    uint8_t hour, minute, second;
};

void text_date_from_seconds(int64_t seconds, struct text_date *date);
int64_t text_date_to_seconds(const struct text_date *date);

#ifdef __cplusplus
}
#endif

#endif
