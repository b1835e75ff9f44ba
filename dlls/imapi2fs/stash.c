/* Staged files: one temporary file per image, in its working directory, that copies of files are appended
   to. It disappears when the image and all results made from it are gone. */
#include "imapi2fs/imapi2fs_room.h"

#define CHUNK (1u << 20)

struct stash
{
    LONG references;
    SRWLOCK lock;                       /* for file and path, which a move changes */
    HANDLE file;
    WCHAR *path;
    uint64_t end;                       /* bytes in use; only the image's one change at a time writes */
};

struct stashed
{
    struct source base;
    struct stash *stash;
    uint64_t offset;
};

/* --- the file ---------------------------------------------------------------------------------------- */

/* Makes a file of a name that is free, gone when it is closed. The path is set on failure too, when there
   is memory. */
static HANDLE create_file(const WCHAR *folder, WCHAR **path)
{
    size_t length = text_length(folder);
    const WCHAR *separator = length && folder[length - 1] != '\\' && folder[length - 1] != '/' ? L"\\" : L"";
    HANDLE file = INVALID_HANDLE_VALUE;

    *path = malloc((length + 32) * sizeof(**path));
    if (!*path)
    {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return file;
    }
    for (unsigned attempt = 0; attempt < 1000; attempt++)
    {
        _snwprintf(*path, length + 32, L"%ls%lsimapi%08x.tmp", folder, separator,
                   (unsigned)(GetTickCount() + 7919 * GetCurrentThreadId() + attempt));
        file = CreateFileW(*path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                           CREATE_NEW, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
        if (file != INVALID_HANDLE_VALUE || GetLastError() != ERROR_FILE_EXISTS) break;
    }
    return file;
}

static OVERLAPPED position_of(uint64_t at)
{
    return (OVERLAPPED){ .Offset = (DWORD)at, .OffsetHigh = (DWORD)(at >> 32) };
}

static BOOL write_all(HANDLE file, uint64_t at, const uint8_t *bytes, size_t size)
{
    while (size)
    {
        OVERLAPPED position = position_of(at);
        DWORD done = 0;

        if (!WriteFile(file, bytes, (DWORD)size, &done, &position) || !done) return FALSE;
        at += done;
        bytes += done;
        size -= done;
    }
    return TRUE;
}

static BOOL read_all(HANDLE file, uint64_t at, uint8_t *bytes, size_t size)
{
    while (size)
    {
        OVERLAPPED position = position_of(at);
        DWORD done = 0;

        if (!ReadFile(file, bytes, (DWORD)min(size, 64 * CHUNK), &done, &position) || !done) return FALSE;
        at += done;
        bytes += done;
        size -= done;
    }
    return TRUE;
}

/* Gives back what was written behind the bytes in use. In one call: one that moves the position of the handle
   first would have it moved by whoever reads meanwhile. */
static void cut(struct stash *stash)
{
    FILE_END_OF_FILE_INFO end = { .EndOfFile.QuadPart = (LONGLONG)stash->end };

    SetFileInformationByHandle(stash->file, FileEndOfFileInfo, &end, sizeof(end));
}

/* --- life -------------------------------------------------------------------------------------------- */

void stash_release(struct stash *stash)
{
    if (!stash || InterlockedDecrement(&stash->references)) return;
    CloseHandle(stash->file);
    free(stash->path);
    free(stash);
}

/* The image's stash file, made when it is first needed. The image is busy: nobody else makes one. */
static HRESULT stash_of(struct image *image, void *iface, struct stash **out)
{
    struct stash *stash = image->stash;

    *out = stash;
    if (stash) return S_OK;
    stash = calloc(1, sizeof(*stash));
    if (!stash) return com_fail(iface, E_OUTOFMEMORY);
    stash->references = 1;
    InitializeSRWLock(&stash->lock);
    stash->file = create_file(image->working_directory, &stash->path);
    if (stash->file == INVALID_HANDLE_VALUE)
    {
        HRESULT cause = HRESULT_FROM_WIN32(GetLastError());
        HRESULT hr = stash->path ? com_fail_cause(iface, IMAPI_E_STASHFILE_OPEN_FAILURE, cause,
                                                  COM_TEXT(stash->path))
                                 : com_fail(iface, E_OUTOFMEMORY);

        free(stash->path);
        free(stash);
        return hr;
    }
    *out = image->stash = stash;
    return S_OK;
}

/* --- sources ----------------------------------------------------------------------------------------- */

static enum oi_status stashed_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                   size_t *got)
{
    struct stashed *stashed = (struct stashed *)source;
    BOOL good;

    *got = offset >= source->size ? 0 : (size_t)min(size, source->size - offset);
    AcquireSRWLockShared(&stashed->stash->lock);
    good = read_all(stashed->stash->file, stashed->offset + offset, buffer, *got);
    ReleaseSRWLockShared(&stashed->stash->lock);
    return good ? OI_OK : OI_IO;
}

static void stashed_destroy(struct source *source)
{
    stash_release(((struct stashed *)source)->stash);
    free(source);
}

static const struct source_ops stashed_ops = { stashed_read, stashed_destroy };

WCHAR *stash_path(const struct source *source)
{
    struct stash *stash;
    WCHAR *path;

    if (source->ops != &stashed_ops) return NULL;
    stash = ((const struct stashed *)source)->stash;
    AcquireSRWLockShared(&stash->lock);
    path = text_copy(stash->path);
    ReleaseSRWLockShared(&stash->lock);
    return path;
}

/* Copies all of a source to the end of the stash file, without making it count. */
static HRESULT append(struct image *image, void *iface, struct stash *stash, struct source *source,
                      struct image_progress *progress)
{
    uint8_t *buffer = malloc(CHUNK);
    uint64_t at = 0;
    size_t got = 0;
    HRESULT hr = S_OK;

    if (!buffer) return com_fail(iface, E_OUTOFMEMORY);
    if (progress) image_progress(image, progress, 0);
    while (SUCCEEDED(hr))
    {
        /* Asks for more than there should be, to see that there is no more. */
        enum oi_status status = source_read_some(source, at, buffer, CHUNK, &got);

        if (!status && (got < CHUNK ? at + got != source->size : at + got > source->size))
            status = OI_SOURCE_SIZE;
        if (status)
            hr = fsi_fail_source(iface, status, source, progress ? progress->path : L"", at + got);
        else if (!write_all(stash->file, stash->end + at, buffer, got))
            hr = com_fail_cause(iface, IMAPI_E_STASHFILE_WRITE_FAILURE, HRESULT_FROM_WIN32(GetLastError()),
                                COM_TEXT(stash->path));
        else
        {
            at += got;
            if (progress) image_progress(image, progress, at);
            if (got < CHUNK) break;
        }
    }
    free(buffer);
    return hr;
}

HRESULT stash_copy(struct image *image, void *iface, struct source *source, struct image_progress *progress,
                   struct source **out)
{
    struct stashed *stashed;
    struct stash *stash;
    HRESULT hr = stash_of(image, iface, &stash);

    *out = NULL;
    if (FAILED(hr)) return hr;
    stashed = calloc(1, sizeof(*stashed));
    if (!stashed) return com_fail(iface, E_OUTOFMEMORY);
    hr = append(image, iface, stash, source, progress);
    if (FAILED(hr))
    {
        cut(stash);
        free(stashed);
        return hr;
    }
    source_init(&stashed->base, &stashed_ops, source->size);
    stashed->stash = stash;
    stashed->offset = stash->end;
    InterlockedIncrement(&stash->references);
    stash->end += source->size;
    *out = &stashed->base;
    return S_OK;
}

/* --- moving ------------------------------------------------------------------------------------------ */

static HRESULT copy_bytes(HANDLE from, HANDLE to, uint64_t size)
{
    uint8_t *buffer = malloc(CHUNK);
    BOOL good = TRUE;

    if (!buffer) return E_OUTOFMEMORY;
    for (uint64_t at = 0; good && at < size; at += CHUNK)
    {
        size_t piece = (size_t)min(size - at, CHUNK);

        good = read_all(from, at, buffer, piece) && write_all(to, at, buffer, piece);
    }
    free(buffer);
    return good ? S_OK : IMAPI_E_STASHFILE_MOVE;
}

HRESULT stash_move(void *iface, struct stash *stash, const WCHAR *folder)
{
    DWORD attributes = GetFileAttributesW(folder);
    ULARGE_INTEGER room;
    WCHAR *path = NULL;
    HANDLE file;
    HRESULT hr = S_OK;

    if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return com_fail_with(iface, IMAPI_E_INVALID_WORKING_DIRECTORY, COM_TEXT(folder));
    if (stash && GetDiskFreeSpaceExW(folder, &room, NULL, NULL) && room.QuadPart < stash->end)
        return com_fail_with(iface, IMAPI_E_WORKING_DIRECTORY_SPACE, COM_TEXT(folder),
                             COM_NUMBER(room.QuadPart), COM_NUMBER(stash->end));
    file = create_file(folder, &path);
    if (file == INVALID_HANDLE_VALUE)
        hr = path ? IMAPI_E_INVALID_WORKING_DIRECTORY : E_OUTOFMEMORY;
    else if (stash)
        hr = copy_bytes(stash->file, file, stash->end);
    if (stash && SUCCEEDED(hr))
    {
        HANDLE old_file = stash->file;
        WCHAR *old_path = stash->path;

        AcquireSRWLockExclusive(&stash->lock);
        stash->file = file;
        stash->path = path;
        ReleaseSRWLockExclusive(&stash->lock);
        file = old_file;
        path = old_path;
    }
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    free(path);
    return com_fail_with(iface, hr, COM_TEXT(folder));
}
