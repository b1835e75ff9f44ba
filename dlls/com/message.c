/* Texts of result codes: from the message table in the DLL's resource in the best language it has, with their
   inserts filled in; else the system's. The table is read here and not by FormatMessage, which in 32 bit
   takes no 64-bit number from an array, and whose way of choosing a language depends on the system. */
#include "com/com_room.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* --- a text that grows ---------------------------------------------------------------------------------- */

struct text
{
    WCHAR *units;
    size_t length, capacity;
    BOOL failed;                        /* out of memory: what was put since is lost */
};

static void put(struct text *text, const WCHAR *units, size_t count)
{
    WCHAR *more;

    if (text->failed) return;
    if (text->length + count + 1 > text->capacity)
    {
        text->capacity = (text->length + count + 1) * 2;
        if (!(more = realloc(text->units, text->capacity * sizeof(WCHAR))))
        {
            text->failed = TRUE;
            return;
        }
        text->units = more;
    }
    memcpy(text->units + text->length, units, count * sizeof(WCHAR));
    text->length += count;
    text->units[text->length] = 0;
}

static void put_text(struct text *text, const WCHAR *units)
{
    put(text, units, wcslen(units));
}

/* --- finding it ----------------------------------------------------------------------------------------- */

struct choice
{
    LANGID wanted, found;
    int score;                          /* of found: 0 none, 1 English, 2 the language, 3 its very country */
};

/* Chinese is two written languages; the countries fall into two groups. */
static BOOL same_language(LANGID a, LANGID b)
{
    if (PRIMARYLANGID(a) != PRIMARYLANGID(b)) return FALSE;
    if (PRIMARYLANGID(a) != LANG_CHINESE) return TRUE;
    return (SUBLANGID(a) == SUBLANG_CHINESE_SIMPLIFIED || SUBLANGID(a) == SUBLANG_CHINESE_SINGAPORE) ==
           (SUBLANGID(b) == SUBLANG_CHINESE_SIMPLIFIED || SUBLANGID(b) == SUBLANG_CHINESE_SINGAPORE);
}

static BOOL CALLBACK consider(HMODULE module, const WCHAR *type, const WCHAR *name, WORD language,
                              LONG_PTR param)
{
    struct choice *choice = (struct choice *)param;
    int score = 0;

    (void)module, (void)type, (void)name;
    if (language == choice->wanted) score = 3;
    else if (same_language(language, choice->wanted)) score = 2;
    else if (PRIMARYLANGID(language) == LANG_ENGLISH) score = 1;
    if (score > choice->score)
    {
        choice->score = score;
        choice->found = language;
    }
    return TRUE;
}

/* The entry's text in the table of one language, not to be freed; NULL when there is none. */
static const WCHAR *table_text(LANGID language, DWORD id)
{
    const MESSAGE_RESOURCE_ENTRY *entry;
    const MESSAGE_RESOURCE_DATA *data;
    const MESSAGE_RESOURCE_BLOCK *block;
    HRSRC resource;
    HGLOBAL loaded;
    DWORD i, k;

    resource = FindResourceExW(com_module(), (const WCHAR *)RT_MESSAGETABLE, MAKEINTRESOURCEW(1), language);
    if (!resource || !(loaded = LoadResource(com_module(), resource))) return NULL;
    data = LockResource(loaded);
    for (i = 0; data && i < data->NumberOfBlocks; i++)
    {
        block = &data->Blocks[i];
        if (id < block->LowId || id > block->HighId) continue;
        entry = (const MESSAGE_RESOURCE_ENTRY *)((const BYTE *)data + block->OffsetToEntries);
        for (k = block->LowId; k < id; k++)
            entry = (const MESSAGE_RESOURCE_ENTRY *)((const BYTE *)entry + entry->Length);
        return entry->Flags & MESSAGE_RESOURCE_UNICODE ? (const WCHAR *)entry->Text : NULL;
    }
    return NULL;
}

static const WCHAR *find_text(HRESULT hr, LANGID language)
{
    struct choice choice = { .wanted = language ? language : GetUserDefaultUILanguage() };
    const WCHAR *found;

    EnumResourceLanguagesW(com_module(), (const WCHAR *)RT_MESSAGETABLE, MAKEINTRESOURCEW(1), consider,
                           (LONG_PTR)&choice);
    if (!choice.score) return NULL;
    if ((found = table_text(choice.found, (DWORD)hr))) return found;
    /* A table that lacks this one. */
    choice = (struct choice){ .wanted = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US) };
    EnumResourceLanguagesW(com_module(), (const WCHAR *)RT_MESSAGETABLE, MAKEINTRESOURCEW(1), consider,
                           (LONG_PTR)&choice);
    return table_text(choice.found, (DWORD)hr);
}

/* --- filling it in -------------------------------------------------------------------------------------- */

/* The number as a printf type says, "08X" or "I64d" for example. */
static void put_number(struct text *text, LONGLONG number, const WCHAR *type, size_t length)
{
    BOOL wide = wcsstr(type, L"I64") && wcsstr(type, L"I64") < type + length;
    WCHAR last = length ? type[length - 1] : L'd';
    unsigned width = 0;
    WCHAR buffer[80];
    size_t i = 0;

    while (i < length && (type[i] == L'#' || type[i] == L'0' || type[i] == L'-')) i++;
    for (; i < length && type[i] >= L'0' && type[i] <= L'9' && width < 64; i++)
        width = width * 10 + type[i] - L'0';
    if (width > 64) width = 64;
    if (last == L'x' || last == L'X')
        _snwprintf(buffer, ARRAYSIZE(buffer), last == L'x' ? L"%0*llx" : L"%0*llX", (int)width,
                   wide ? (unsigned long long)number : (unsigned long long)(uint32_t)number);
    else if (last == L'u')
        _snwprintf(buffer, ARRAYSIZE(buffer), L"%*llu", (int)width,
                   wide ? (unsigned long long)number : (unsigned long long)(uint32_t)number);
    else
        _snwprintf(buffer, ARRAYSIZE(buffer), L"%*lld", (int)width, (long long)number);
    buffer[ARRAYSIZE(buffer) - 1] = 0;
    put_text(text, buffer);
}

/* "%1" or "%1!type!" at the percent sign; gives what comes after it. */
static const WCHAR *put_insert(struct text *text, const WCHAR *at, const struct com_insert *inserts,
                               size_t count)
{
    const WCHAR *end = at + 1, *type = NULL;
    size_t index = 0, length = 0;

    for (; *end >= L'0' && *end <= L'9' && end < at + 3; end++) index = index * 10 + (size_t)(*end - L'0');
    if (*end == L'!' && wcschr(end + 1, L'!'))
    {
        type = end + 1;
        end = wcschr(type, L'!');
        length = (size_t)(end++ - type);
    }
    if (index > count)
        put(text, at, (size_t)(end - at));
    else if (inserts[index - 1].text)
        put_text(text, inserts[index - 1].text);
    else
        put_number(text, inserts[index - 1].number, type ? type : L"", length);
    return end;
}

/* The escapes of a message table: %1..%99, %n newline, %r, %t, %b space, %0 end without newline, any other
   character itself (%%, %., %!). */
static void put_message(struct text *text, const WCHAR *at, const struct com_insert *inserts, size_t count)
{
    while (*at)
    {
        if (*at != L'%' || !at[1])
        {
            put(text, at++, 1);
            continue;
        }
        if (at[1] >= L'1' && at[1] <= L'9')
        {
            at = put_insert(text, at, inserts, count);
            continue;
        }
        if (at[1] == L'0') return;
        if (at[1] == L'n') put_text(text, L"\r\n");
        else if (at[1] == L'r') put_text(text, L"\r");
        else if (at[1] == L't') put_text(text, L"\t");
        else if (at[1] == L'b') put_text(text, L" ");
        else put(text, at + 1, 1);
        at += 2;
    }
}

static void put_system_text(struct text *text, HRESULT hr)
{
    WCHAR buffer[512];

    if (!FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, (DWORD)hr, 0,
                        buffer, ARRAYSIZE(buffer), NULL))
        _snwprintf(buffer, ARRAYSIZE(buffer), L"0x%08lX", (unsigned long)hr);
    put_text(text, buffer);
}

static void trim(struct text *text)
{
    while (text->length && wcschr(L"\r\n \t", text->units[text->length - 1])) text->length--;
}

BSTR com_message(HRESULT hr, LANGID language, HRESULT cause, const struct com_insert *inserts, size_t count)
{
    const WCHAR *found = find_text(hr, language);
    struct text text = { 0 };
    BSTR result = NULL;

    if (found) put_message(&text, found, inserts, count);
    else put_system_text(&text, hr);
    trim(&text);
    if (FAILED(cause))
    {
        put_text(&text, L" ");
        if ((found = find_text(cause, language))) put_message(&text, found, NULL, 0);
        else put_system_text(&text, cause);
        trim(&text);
    }
    if (!text.failed && text.units) result = SysAllocStringLen(text.units, (UINT)text.length);
    free(text.units);
    return result;
}
