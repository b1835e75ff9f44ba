/* The named streams of files of this computer ("alternate data streams"), for AddTreeWithNamedStreams. Not
   every system knows them, nor every file system: then a file has none. */
#include "imapi2fs/imapi2fs_room.h"

typedef HANDLE(WINAPI *find_first_t)(LPCWSTR path, STREAM_INFO_LEVELS level, LPVOID data, DWORD flags);
typedef BOOL(WINAPI *find_next_t)(HANDLE find, LPVOID data);

/* Not linked against: Windows XP, which the DLL is for as well, has no such functions. */
static find_first_t find_first_of(HMODULE kernel)
{
    return (find_first_t)(void *)GetProcAddress(kernel, "FindFirstStreamW");
}

static find_next_t find_next_of(HMODULE kernel)
{
    return (find_next_t)(void *)GetProcAddress(kernel, "FindNextStreamW");
}

/* Cuts ":name:$DATA" down to the name; FALSE for the file's own content, "::$DATA", and for streams of other
   types than data. */
static BOOL cut_name(WCHAR *text, const WCHAR **name)
{
    WCHAR *type = *text == ':' ? wcschr(text + 1, ':') : NULL;

    if (!type || lstrcmpiW(type, L":$DATA")) return FALSE;
    *type = 0;
    *name = text + 1;
    return **name != 0;
}

/* Answers of systems and file systems that have no named streams: FAT says "parameter". */
static BOOL means_none(DWORD error)
{
    switch (error)
    {
    case ERROR_HANDLE_EOF:
    case ERROR_INVALID_PARAMETER:
    case ERROR_INVALID_FUNCTION:
    case ERROR_NOT_SUPPORTED:
    case ERROR_CALL_NOT_IMPLEMENTED:
        return TRUE;
    default:
        return FALSE;
    }
}

HRESULT host_streams_each(const WCHAR *path, DWORD *error, HRESULT (*take)(void *context, const WCHAR *name),
                          void *context)
{
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    find_first_t find_first = kernel ? find_first_of(kernel) : NULL;
    find_next_t find_next = kernel ? find_next_of(kernel) : NULL;
    WIN32_FIND_STREAM_DATA data;
    unsigned taken = 0;
    HANDLE find;
    HRESULT hr = S_OK;

    *error = 0;
    if (!find_first || !find_next) return S_OK;
    find = find_first(path, FindStreamInfoStandard, &data, 0);
    if (find == INVALID_HANDLE_VALUE)
    {
        *error = GetLastError();
        if (means_none(*error)) *error = 0;
        return S_OK;
    }
    do
    {
        const WCHAR *name;

        if (!cut_name(data.cStreamName, &name)) continue;
        if (taken++ == HOST_STREAMS_MAX)
        {
            log_warning("imapi2fs: a file has more than %u named streams", HOST_STREAMS_MAX);
            break;
        }
        hr = take(context, name);
    } while (SUCCEEDED(hr) && find_next(find, &data));
    if (SUCCEEDED(hr) && taken <= HOST_STREAMS_MAX && GetLastError() != ERROR_HANDLE_EOF)
        *error = GetLastError();
    FindClose(find);
    return hr;
}
