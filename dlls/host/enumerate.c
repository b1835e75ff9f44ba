/* The one place that decides which drives exist: the real ones, then the virtual recorders. */
#include "host_room.h"

#include "openimapi/text.h"

#include <stdio.h>
#include <stdlib.h>

WCHAR *host_copy_text(const WCHAR *text)
{
    size_t size = ((size_t)lstrlenW(text) + 1) * sizeof(*text);
    WCHAR *copy = malloc(size);

    if (copy) CopyMemory(copy, text, size);
    return copy;
}

int host_same_id(const WCHAR *a, const WCHAR *b)
{
    return !text_compare_fold((const char16_t *)a, (const char16_t *)b);
}

struct host_drive_info *host_drives_add(struct host_drives *drives)
{
    struct host_drive_info *items = realloc(drives->items, (drives->count + 1) * sizeof(*items));

    if (!items) return NULL;
    drives->items = items;
    ZeroMemory(&items[drives->count], sizeof(*items));
    return &items[drives->count++];
}

void host_drive_info_clear(struct host_drive_info *info)
{
    for (size_t i = 0; i < info->path_count; i++) free(info->paths[i]);
    free(info->paths);
    free(info->volume_name);
    free(info->device);
    free(info->id);
    ZeroMemory(info, sizeof(*info));
}

enum oi_status host_drive_info_copy(struct host_drive_info *to, const struct host_drive_info *from)
{
    ZeroMemory(to, sizeof(*to));
    to->kind = from->kind;
    to->legacy_number = from->legacy_number;
    to->signature = from->signature;
    if (!(to->id = host_copy_text(from->id))) goto failed;
    if (!(to->volume_name = host_copy_text(from->volume_name))) goto failed;
    if (from->device && !(to->device = host_copy_text(from->device))) goto failed;
    if (from->path_count && !(to->paths = calloc(from->path_count, sizeof(*to->paths)))) goto failed;
    for (; to->path_count < from->path_count; to->path_count++)
    {
        if (!(to->paths[to->path_count] = host_copy_text(from->paths[to->path_count]))) goto failed;
    }
    return OI_OK;

failed:
    host_drive_info_clear(to);
    return OI_NO_MEMORY;
}

void host_drives_free(struct host_drives *drives)
{
    for (size_t i = 0; i < drives->count; i++) host_drive_info_clear(&drives->items[i]);
    free(drives->items);
    drives->items = NULL;
    drives->count = 0;
}

static DWORD letter_bit(char letter) { return letter ? 1u << (letter - 'A') : 0; }

/* The first letter from D on that is free; 0 when there is none. */
static char take_letter(DWORD *used)
{
    for (char letter = 'D'; letter <= 'Z'; letter++)
    {
        if (*used & letter_bit(letter)) continue;
        *used |= letter_bit(letter);
        return letter;
    }
    return 0;
}

/* What the system says when the letter is mounted, else a name that is the same each time. */
static WCHAR *make_volume_name(const struct emu_recorder_config *recorder, const WCHAR *path)
{
    ULONG hash = 2166136261u;
    WCHAR name[64];

    if (path && GetVolumeNameForVolumeMountPointW(path, name, sizeof(name) / sizeof(name[0])))
    {
        return host_copy_text(name);
    }
    for (const char *at = recorder->name; *at; at++) hash = (hash ^ (BYTE)*at) * 16777619u;
    _snwprintf(name, sizeof(name) / sizeof(name[0]), L"\\\\?\\Volume{%08lx-6f70-456e-894d-415049%06lx}\\",
               hash, (hash * 2654435761u) >> 8);
    return host_copy_text(name);
}

/* The number behind all of those in the list. */
static LONG next_number(const struct host_drives *drives)
{
    LONG number = 0;

    for (size_t i = 0; i < drives->count; i++)
    {
        if (drives->items[i].legacy_number >= number) number = drives->items[i].legacy_number + 1;
    }
    return number;
}

static enum oi_status add_virtual(struct host_drives *drives, const struct emu_recorder_config *recorder,
                                  char letter)
{
    WCHAR path[] = L"?:\\";
    LONG number = next_number(drives);
    struct host_drive_info *info = host_drives_add(drives);

    if (!info) return OI_NO_MEMORY;
    path[0] = (WCHAR)letter;
    info->kind = HOST_DRIVE_VIRTUAL;
    info->legacy_number = number;
    info->signature = host_config_signature(recorder);
    if (!(info->id = host_config_make_id(recorder))) return OI_NO_MEMORY;
    if (!(info->volume_name = make_volume_name(recorder, letter ? path : NULL))) return OI_NO_MEMORY;
    if (!letter) return OI_OK;
    if (!(info->paths = calloc(1, sizeof(*info->paths)))) return OI_NO_MEMORY;
    if (!(info->paths[0] = host_copy_text(path))) return OI_NO_MEMORY;
    info->path_count = 1;
    return OI_OK;
}

enum oi_status host_drives_look(struct host_drives *drives, enum host_voice voice)
{
    DWORD configured = 0, used;
    struct host_config config;
    enum oi_status status;

    ZeroMemory(drives, sizeof(*drives));
    TRY(host_config_read(&config, voice));
    for (size_t i = 0; i < config.count; i++) configured |= letter_bit(config.items[i].letter);
    status = host_real_list(drives, configured);
    used = configured | GetLogicalDrives();
    for (size_t i = 0; i < config.count && !status; i++)
    {
        const struct emu_recorder_config *recorder = &config.items[i];

        status = add_virtual(drives, recorder, recorder->letter ? recorder->letter : take_letter(&used));
    }
    host_config_free(&config);
    if (status) host_drives_free(drives);
    return status;
}

enum oi_status host_drives_list(struct host_drives *drives)
{
    return host_drives_look(drives, HOST_LOUD);
}
