/* Paths of this computer, with the \\?\ prefix that lifts the limit of MAX_PATH and ends the search for 8.3
   names. */
#include "imapi2fs/imapi2fs_room.h"

const WCHAR *host_path_shown(struct host_path *path)
{
    if (path->prefix == 6) path->text[6] = '\\';
    return path->text + path->prefix;
}

static enum oi_status reserve(struct host_path *path, size_t units)
{
    WCHAR *grown;

    if (units < path->room) return OI_OK;
    grown = realloc(path->text, 2 * (units + 1) * sizeof(*grown));
    if (!grown) return OI_NO_MEMORY;
    path->text = grown;
    path->room = 2 * (units + 1);
    return OI_OK;
}

enum oi_status host_path_append(struct host_path *path, size_t length, WCHAR separator, const WCHAR *text)
{
    size_t more = text_length(text);

    TRY(reserve(path, length + 1 + more));
    if (path->text[length - 1] != separator) path->text[length++] = separator;
    memcpy(path->text + length, text, (more + 1) * sizeof(*text));
    path->length = length + more;
    return OI_OK;
}

enum oi_status host_path_set(struct host_path *path, size_t length, const WCHAR *component)
{
    return host_path_append(path, length, '\\', component);
}

void host_path_cut(struct host_path *path, size_t length)
{
    path->text[length] = 0;
    path->length = length;
}

/* The full path without a prefix, new memory; NULL and the last error. */
static WCHAR *full_path(const WCHAR *source)
{
    DWORD units = GetFullPathNameW(source, 0, NULL, NULL), error;
    WCHAR *full;

    if (!units) return NULL;
    full = malloc((units + 1) * sizeof(*full));
    if (full && GetFullPathNameW(source, units + 1, full, NULL)) return full;
    error = full ? GetLastError() : ERROR_NOT_ENOUGH_MEMORY;
    free(full);
    SetLastError(error);
    return NULL;
}

DWORD host_path_start(struct host_path *path, const WCHAR *source)
{
    BOOL has_prefix = !wcsncmp(source, L"\\\\?\\", 4) || !wcsncmp(source, L"\\\\.\\", 4);
    WCHAR *full = has_prefix ? text_copy(source) : full_path(source);

    if (!full) return has_prefix ? ERROR_NOT_ENOUGH_MEMORY : GetLastError();
    if (reserve(path, text_length(full) + 8))
    {
        free(full);
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (has_prefix)
        lstrcpyW(path->text, full);
    else if (full[0] == '\\' && full[1] == '\\')
    {
        path->prefix = 6;
        lstrcpyW(path->text, L"\\\\?\\UNC");
        lstrcpyW(path->text + 7, full + 1);
    }
    else
    {
        path->prefix = 4;
        lstrcpyW(path->text, L"\\\\?\\");
        lstrcpyW(path->text + 4, full);
    }
    free(full);
    path->length = text_length(path->text);
    /* A separator at the end says nothing, but at the end of a drive's root it belongs to the path. */
    while (path->length > 1 &&
           (path->text[path->length - 1] == '\\' || path->text[path->length - 1] == '/') &&
           path->text[path->length - 2] != ':')
        host_path_cut(path, path->length - 1);
    return 0;
}

void host_path_clear(struct host_path *path)
{
    free(path->text);
    memset(path, 0, sizeof(*path));
}

BOOL host_path_is_removable(const struct host_path *path)
{
    /* Whoever wrote the prefix, the drive stands behind it. */
    size_t at = path->text[0] == '\\' ? 4 : 0;
    WCHAR root[] = L"?:\\";
    UINT type;

    if (path->length < at + 2 || path->text[at + 1] != ':') return FALSE;
    root[0] = path->text[at];
    type = GetDriveTypeW(root);
    return type == DRIVE_REMOVABLE || type == DRIVE_CDROM;
}

