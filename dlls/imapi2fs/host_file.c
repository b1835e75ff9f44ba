/* A source over a file of this computer, by Windows calls: opened at the first read and closed at its end, or
   kept open; held to the size that it had when it was added. */
#include "imapi2fs/imapi2fs_room.h"

/* The part of a path up to the last separator. The files of a folder share it: a tree has many. */
struct host_folder
{
    LONG references;
    size_t length;
    WCHAR path[];                       /* not zero-ended */
};

struct host_file
{
    struct source base;
    struct host_folder *folder;
    SRWLOCK lock;                       /* two result images may be read at once */
    HANDLE handle;                      /* INVALID_HANDLE_VALUE while it is closed */
    BOOL kept_open;
    uint64_t position;                  /* where the next read begins when nothing is said */
    DWORD error;                        /* of the last failure */
    WCHAR name[];                       /* of a named stream: with that of its file */
};

void host_folder_release(struct host_folder *folder)
{
    if (folder && !InterlockedDecrement(&folder->references)) free(folder);
}

/* The folder of a path whose name begins at length: the one that was used last, or a new one in its place. */
static struct host_folder *share_folder(struct host_folder **last, const WCHAR *path, size_t length)
{
    struct host_folder *folder = *last;

    if (!folder || folder->length != length || memcmp(folder->path, path, length * sizeof(*path)))
    {
        folder = malloc(sizeof(*folder) + length * sizeof(*path));
        if (!folder) return NULL;
        folder->references = 1;
        folder->length = length;
        memcpy(folder->path, path, length * sizeof(*path));
        host_folder_release(*last);
        *last = folder;
    }
    InterlockedIncrement(&folder->references);
    return folder;
}

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
    size_t length = file->folder->length, name = text_length(file->name) + 1;
    WCHAR *path;

    if (file->handle != INVALID_HANDLE_VALUE) return OI_OK;
    path = malloc((length + name) * sizeof(*path));
    if (!path) return OI_NO_MEMORY;
    memcpy(path, file->folder->path, length * sizeof(*path));
    memcpy(path + length, file->name, name * sizeof(*path));
    file->handle = open_file(path);
    file->position = 0;
    file->error = file->handle == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    free(path);
    return file->error ? OI_SOURCE_OPEN : OI_OK;
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
    struct host_file *file = (struct host_file *)source;

    close_file(file);
    host_folder_release(file->folder);
    free(file);
}

static const struct source_ops host_file_ops = { host_file_read, host_file_destroy };

enum oi_status host_file_create(struct host_folder **folder, const WCHAR *path, uint64_t size,
                                struct source **out)
{
    size_t length = text_length(path), name = length;
    struct host_file *file;

    *out = NULL;
    while (name && path[name - 1] != '\\') name--;
    file = malloc(sizeof(*file) + (length - name + 1) * sizeof(*path));
    if (!file) return OI_NO_MEMORY;
    file->folder = share_folder(folder, path, name);
    if (!file->folder)
    {
        free(file);
        return OI_NO_MEMORY;
    }
    source_init(&file->base, &host_file_ops, size);
    InitializeSRWLock(&file->lock);
    file->handle = INVALID_HANDLE_VALUE;
    file->kept_open = FALSE;
    file->error = 0;
    memcpy(file->name, path + name, (length - name + 1) * sizeof(*path));
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
    struct host_folder *folder = NULL;
    HANDLE handle = open_file(path);
    LARGE_INTEGER size;
    DWORD error = 0;

    *out = NULL;
    if (handle == INVALID_HANDLE_VALUE) return GetLastError();
    if (GetFileType(handle) != FILE_TYPE_DISK) error = ERROR_BAD_FILE_TYPE;
    else if (!GetFileSizeEx(handle, &size)) error = GetLastError();
    else if (host_file_create(&folder, path, (uint64_t)size.QuadPart, out)) error = ERROR_NOT_ENOUGH_MEMORY;
    host_folder_release(folder);
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
