/* A source over a file of this computer, by Windows calls: opened at the first read and closed at its end, or
   kept open; held to the size that it had when it was added. */
#include "imapi2fs/imapi2fs_room.h"

struct host_file
{
    struct source base;
    SRWLOCK lock;                       /* two result images may be read at once */
    HANDLE handle;                      /* INVALID_HANDLE_VALUE while it is closed */
    BOOL kept_open;
    uint64_t position;                  /* where the next read begins when nothing is said */
    DWORD error;                        /* of the last failure */
    WCHAR path[];
};

/* Others may write, rename or delete the file meanwhile: this library only looks, and says when the size is
   another. */
static HANDLE open_file(const WCHAR *path)
{
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, FILE_FLAG_SEQUENTIAL_SCAN, NULL);
}

static void close_file(struct host_file *file)
{
    if (file->handle != INVALID_HANDLE_VALUE) CloseHandle(file->handle);
    file->handle = INVALID_HANDLE_VALUE;
}

static enum oi_status open_if_needed(struct host_file *file)
{
    if (file->handle != INVALID_HANDLE_VALUE) return OI_OK;
    file->handle = open_file(file->path);
    file->position = 0;
    if (file->handle != INVALID_HANDLE_VALUE) return OI_OK;
    file->error = GetLastError();
    return OI_SOURCE_OPEN;
}

/* Where the next read begins. Reads that say it themselves (OVERLAPPED) cost more: under Wine each of these
   tells another process that it ended. */
static BOOL move_to(struct host_file *file, uint64_t offset)
{
    LARGE_INTEGER to = { .QuadPart = (LONGLONG)offset };

    if (offset == file->position) return TRUE;
    if (!SetFilePointerEx(file->handle, to, NULL, FILE_BEGIN)) return FALSE;
    file->position = offset;
    return TRUE;
}

/* Reads on until it has all or the file ends. */
static enum oi_status read_at(struct host_file *file, uint64_t offset, uint8_t *buffer, size_t size,
                              size_t *got)
{
    BOOL good = move_to(file, offset);

    while (good && *got < size)
    {
        DWORD piece = (DWORD)min(size - *got, 64u << 20), done = 0;

        good = ReadFile(file->handle, buffer + *got, piece, &done, NULL);
        if (!done) break;
        file->position += done;
        *got += done;
    }
    if (!good)
    {
        file->error = GetLastError();
        return OI_SOURCE_READ;
    }
    return OI_OK;
}

static enum oi_status host_file_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                     size_t *got)
{
    struct host_file *file = (struct host_file *)source;
    enum oi_status status;

    *got = 0;
    AcquireSRWLockExclusive(&file->lock);
    file->error = 0;
    status = open_if_needed(file);
    if (!status) status = read_at(file, offset, buffer, size, got);
    /* The end was seen, or something is wrong: an image of many files must not hold them all open. Whoever
       reads just up to the announced end will look behind it next. */
    if (!file->kept_open && (status || *got < size || offset + *got > source->size)) close_file(file);
    ReleaseSRWLockExclusive(&file->lock);
    return status;
}

static void host_file_destroy(struct source *source)
{
    close_file((struct host_file *)source);
    free(source);
}

static const struct source_ops host_file_ops = { host_file_read, host_file_destroy };

enum oi_status host_file_create(const WCHAR *path, uint64_t size, struct source **out)
{
    size_t bytes = (text_length(path) + 1) * sizeof(*path);
    struct host_file *file = malloc(sizeof(*file) + bytes);

    *out = NULL;
    if (!file) return OI_NO_MEMORY;
    source_init(&file->base, &host_file_ops, size);
    InitializeSRWLock(&file->lock);
    file->handle = INVALID_HANDLE_VALUE;
    file->kept_open = FALSE;
    file->error = 0;
    memcpy(file->path, path, bytes);
    *out = &file->base;
    return OI_OK;
}

DWORD host_file_probe(const WCHAR *path, DWORD attributes, uint64_t *size)
{
    HANDLE handle = open_file(path);
    WIN32_FILE_ATTRIBUTE_DATA data;
    LARGE_INTEGER length = { .QuadPart = 0 };
    DWORD error = 0;

    *size = 0;
    if (handle == INVALID_HANDLE_VALUE) return GetLastError();
    /* By the name it is faster where each question about a handle goes to another process (Wine). What a
       link leads to only its handle tells. */
    if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT) &&
        GetFileAttributesExW(path, GetFileExInfoStandard, &data))
    {
        length.LowPart = data.nFileSizeLow;
        length.HighPart = (LONG)data.nFileSizeHigh;
    }
    else if (!GetFileSizeEx(handle, &length))
        error = GetLastError();
    *size = (uint64_t)length.QuadPart;
    /* A pipe or a device among the files has no size and might never end. */
    if (!error && !*size && GetFileType(handle) != FILE_TYPE_DISK) error = ERROR_BAD_FILE_TYPE;
    CloseHandle(handle);
    return error;
}

DWORD host_file_open(const WCHAR *path, struct source **out)
{
    HANDLE handle = open_file(path);
    LARGE_INTEGER size;
    DWORD error = 0;

    *out = NULL;
    if (handle == INVALID_HANDLE_VALUE) return GetLastError();
    if (GetFileType(handle) != FILE_TYPE_DISK) error = ERROR_BAD_FILE_TYPE;
    else if (!GetFileSizeEx(handle, &size)) error = GetLastError();
    else if (host_file_create(path, (uint64_t)size.QuadPart, out)) error = ERROR_NOT_ENOUGH_MEMORY;
    if (error)
    {
        CloseHandle(handle);
        return error;
    }
    ((struct host_file *)*out)->handle = handle;
    ((struct host_file *)*out)->kept_open = TRUE;
    return 0;
}

DWORD host_file_error(const struct source *source)
{
    return source->ops == &host_file_ops ? ((const struct host_file *)source)->error : 0;
}
