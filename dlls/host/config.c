/* The virtual recorders as configured: a file named by the environment, else the registry. */
#include "host_room.h"

#include "openimapi/log.h"
#include "openimapi/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_PATH L"Software\\openimapi\\Recorders"
#define FILE_VARIABLE L"OPENIMAPI_RECORDERS"
#define FILE_MAX (1u << 20)             /* bytes of a configuration file */
#define TEXT_MAX 32767                  /* characters of an environment variable or a value */

/* --- the file ------------------------------------------------------------------------------------------- */

static char *read_file(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER length;
    char *text = NULL;

    if (file == INVALID_HANDLE_VALUE) return NULL;
    if (GetFileSizeEx(file, &length) && length.QuadPart <= FILE_MAX &&
        (text = malloc((size_t)length.QuadPart + 1)) &&
        !ReadFile(file, text, (DWORD)length.QuadPart, size, NULL))
    {
        free(text);
        text = NULL;
    }
    CloseHandle(file);
    return text;
}

static enum oi_status read_from_file(const WCHAR *path, struct host_config *config)
{
    char *name = text_to_utf8((const char16_t *)path);
    enum oi_status status = OI_OK;
    size_t line = 0;
    DWORD size = 0;
    char *text;

    if (!name) return OI_NO_MEMORY;
    text = read_file(path, &size);
    if (text) status = emu_config_parse(text, size, &config->items, &config->count, &line);
    if (config->voice == HOST_LOUD)
    {
        if (!text) log_error("cannot read the recorders from %s", name);
        if (status) log_error("%s, line %u: %s", name, (unsigned int)line, status_text(status));
    }
    free(text);
    free(name);
    return status == OI_NO_MEMORY ? status : OI_OK;
}

/* --- the registry --------------------------------------------------------------------------------------- */

static const char *const value_names[] = { "Medium", "Disc", "Letter", "Speed", "Faults" };
static const WCHAR *const wide_value_names[] = { L"Medium", L"Disc", L"Letter", L"Speed", L"Faults" };

/* The value as UTF-8 text in new memory; numbers in decimal. *out is NULL when there is none. */
static enum oi_status read_value(HKEY key, const WCHAR *name, WCHAR *buffer, char **out)
{
    DWORD size = TEXT_MAX * sizeof(WCHAR), number, number_size = sizeof(number);

    *out = NULL;
    if (!RegGetValueW(key, NULL, name, RRF_RT_REG_SZ, NULL, buffer, &size))
    {
        *out = text_to_utf8((const char16_t *)buffer);
    }
    else if (!RegGetValueW(key, NULL, name, RRF_RT_REG_DWORD, NULL, &number, &number_size))
    {
        if ((*out = malloc(16))) snprintf(*out, 16, "%lu", number);
    }
    else return OI_OK;
    return *out ? OI_OK : OI_NO_MEMORY;
}

static enum oi_status read_recorder(HKEY key, WCHAR *buffer, enum host_voice voice,
                                    struct emu_recorder_config *recorder)
{
    enum oi_status status;

    for (size_t i = 0; i < sizeof(value_names) / sizeof(value_names[0]); i++)
    {
        char *value;

        TRY(read_value(key, wide_value_names[i], buffer, &value));
        if (!value || !*value)
        {
            free(value);
            continue;
        }
        status = emu_config_set(recorder, value_names[i], value);
        if (status && voice == HOST_LOUD)
        {
            log_error("recorder %s: %s = %s: %s", recorder->name, value_names[i], value, status_text(status));
        }
        free(value);
        if (status) return status;
    }
    status = emu_config_check(recorder);
    if (status && voice == HOST_LOUD) log_error("recorder %s: %s", recorder->name, status_text(status));
    return status;
}

static int has_name(const struct host_config *config, const WCHAR *name)
{
    int found = 0;

    for (size_t i = 0; i < config->count && !found; i++)
    {
        char16_t *other = text_from_utf8(config->items[i].name);

        found = other && host_same_id((const WCHAR *)other, name);
        free(other);
    }
    return found;
}

/* A letter is one drive's only: the recorder that comes later gets a free one. */
static void check_letter(const struct host_config *config, struct emu_recorder_config *recorder)
{
    for (size_t i = 0; i < config->count && recorder->letter; i++)
    {
        if (config->items[i].letter != recorder->letter) continue;
        if (config->voice == HOST_LOUD)
        {
            log_warning("recorder %s: the letter %c is that of %s", recorder->name, recorder->letter,
                        config->items[i].name);
        }
        recorder->letter = 0;
    }
}

static enum oi_status add_recorder(HKEY parent, const WCHAR *name, WCHAR *buffer, REGSAM view,
                                   struct host_config *config)
{
    struct emu_recorder_config recorder = { 0 }, *items;
    enum oi_status status;
    HKEY key;

    if (has_name(config, name) || RegOpenKeyExW(parent, name, 0, KEY_READ | view, &key)) return OI_OK;
    if (!(recorder.name = text_to_utf8((const char16_t *)name)))
    {
        RegCloseKey(key);
        return OI_NO_MEMORY;
    }
    status = read_recorder(key, buffer, config->voice, &recorder);
    RegCloseKey(key);
    if (!status)
    {
        check_letter(config, &recorder);
        items = realloc(config->items, (config->count + 1) * sizeof(*items));
        if (items)
        {
            config->items = items;
            config->items[config->count++] = recorder;
            return OI_OK;
        }
        status = OI_NO_MEMORY;
    }
    emu_config_clear(&recorder);
    return status == OI_NO_MEMORY ? status : OI_OK;     /* what is wrong has been logged */
}

static enum oi_status read_from_key(HKEY root, REGSAM view, WCHAR *buffer, struct host_config *config)
{
    enum oi_status status = OI_OK;
    HKEY key;

    if (RegOpenKeyExW(root, KEY_PATH, 0, KEY_READ | view, &key)) return OI_OK;
    for (DWORD i = 0; !status; i++)
    {
        WCHAR name[256];
        DWORD length = sizeof(name) / sizeof(name[0]);

        if (RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL)) break;
        status = add_recorder(key, name, buffer, view, config);
    }
    RegCloseKey(key);
    return status;
}

/* Both views of HKLM, so that 32-bit and 64-bit programs see the same drives whoever wrote the key. */
static enum oi_status read_from_registry(WCHAR *buffer, struct host_config *config)
{
    TRY(read_from_key(HKEY_CURRENT_USER, 0, buffer, config));
    TRY(read_from_key(HKEY_LOCAL_MACHINE, KEY_WOW64_64KEY, buffer, config));
    return read_from_key(HKEY_LOCAL_MACHINE, KEY_WOW64_32KEY, buffer, config);
}

enum oi_status host_config_read(struct host_config *config, enum host_voice voice)
{
    WCHAR *buffer = malloc((TEXT_MAX + 1) * sizeof(*buffer));
    enum oi_status status;
    DWORD length;

    memset(config, 0, sizeof(*config));
    config->voice = voice;
    if (!buffer) return OI_NO_MEMORY;
    length = GetEnvironmentVariableW(FILE_VARIABLE, buffer, TEXT_MAX);
    if (length && length < TEXT_MAX) status = read_from_file(buffer, config);
    else status = read_from_registry(buffer, config);
    free(buffer);
    if (status) host_config_free(config);
    return status;
}

void host_config_free(struct host_config *config)
{
    emu_config_free(config->items, config->count);
    config->items = NULL;
    config->count = 0;
}

/* --- one recorder --------------------------------------------------------------------------------------- */

WCHAR *host_config_make_id(const struct emu_recorder_config *recorder)
{
    static const WCHAR before[] = L"\\\\?\\openimapi#cdrom&ven_openimap&prod_virtual_recorder#";
    static const WCHAR after[] = L"#{53f56308-b6bf-11d0-94f2-00a0c91efb8b}"; /* class of CD-ROM devices */
    char16_t *name = text_from_utf8(recorder->name);
    WCHAR *id = NULL;

    if (name && (id = malloc(sizeof(before) + sizeof(after) + text_length(name) * sizeof(*id))))
    {
        lstrcpyW(id, before);
        lstrcatW(id, (const WCHAR *)name);
        lstrcatW(id, after);
    }
    free(name);
    return id;
}

static ULONG mix(ULONG hash, const char *text)
{
    for (; text && *text; text++) hash = (hash ^ (BYTE)*text) * 16777619u;
    return (hash ^ 0xFF) * 16777619u;   /* no text has this byte: where it ends matters */
}

ULONG host_config_signature(const struct emu_recorder_config *recorder)
{
    ULONG hash = mix(mix(mix(2166136261u, recorder->medium), recorder->disc), recorder->faults);

    hash = (hash ^ recorder->speed) * 16777619u;
    return (hash ^ (BYTE)recorder->letter) * 16777619u;
}
