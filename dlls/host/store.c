/* The files of virtual recorders on Windows: shared with everybody, with holes, locked for one command. */
#include "host_room.h"

#include "openimapi/log.h"
#include "openimapi/text.h"

#include <stdlib.h>
#include <winioctl.h>

struct emu_file
{
    HANDLE handle;
    int locked;
};

static enum oi_status fail(const char *what, const char *path)
{
    log_error("%s %s: Windows error %lu", what, path, GetLastError());
    return OI_IO;
}

static int is_missing(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND || error == ERROR_INVALID_DRIVE;
}

static int is_read_only(DWORD error)
{
    return error == ERROR_ACCESS_DENIED || error == ERROR_WRITE_PROTECT || error == ERROR_SHARING_VIOLATION;
}

static HANDLE open_handle(const WCHAR *path, DWORD access, DWORD disposition)
{
    return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       disposition, FILE_ATTRIBUTE_NORMAL, NULL);
}

/* Wine lets root write to a file whose attribute forbids it. */
static int has_read_only_attribute(HANDLE handle)
{
    BY_HANDLE_FILE_INFORMATION info;

    return GetFileInformationByHandle(handle, &info) && (info.dwFileAttributes & FILE_ATTRIBUTE_READONLY);
}

static HANDLE open_for_writing(const WCHAR *path, enum emu_open_mode mode)
{
    HANDLE handle = open_handle(path, GENERIC_READ | GENERIC_WRITE,
                                mode == EMU_OPEN_CREATE ? OPEN_ALWAYS : OPEN_EXISTING);
    int made = mode == EMU_OPEN_CREATE && GetLastError() != ERROR_ALREADY_EXISTS;
    DWORD returned;

    if (handle == INVALID_HANDLE_VALUE) return handle;
    if (!made && has_read_only_attribute(handle))
    {
        CloseHandle(handle);
        SetLastError(ERROR_WRITE_PROTECT);
        return INVALID_HANDLE_VALUE;
    }
    /* Where the file system can: what is never written takes no room. */
    if (made) DeviceIoControl(handle, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &returned, NULL);
    return handle;
}

static enum oi_status store_open(struct emu_store *store, const char *path, enum emu_open_mode mode,
                                 struct emu_file **out, int *writable)
{
    struct emu_file *file = calloc(1, sizeof(*file));
    WCHAR *wide = (WCHAR *)text_from_utf8(path);
    enum oi_status status = OI_OK;

    (void)store;
    if (!file || !wide)
    {
        free(wide);
        free(file);
        return OI_NO_MEMORY;
    }
    file->handle = open_for_writing(wide, mode);
    *writable = file->handle != INVALID_HANDLE_VALUE;
    if (!*writable && is_read_only(GetLastError()))
    {
        file->handle = open_handle(wide, GENERIC_READ, OPEN_EXISTING);
    }
    if (file->handle == INVALID_HANDLE_VALUE)
    {
        status = is_missing(GetLastError()) ? OI_NOT_FOUND : fail("cannot open", path);
    }
    free(wide);
    if (status) free(file);
    else *out = file;
    return status;
}

static OVERLAPPED at_offset(uint64_t offset)
{
    OVERLAPPED place = { 0 };

    place.Offset = (DWORD)offset;
    place.OffsetHigh = (DWORD)(offset >> 32);
    return place;
}

static void store_unlock(struct emu_file *file)
{
    OVERLAPPED place = at_offset(EMU_LOCK_OFFSET);

    if (file->locked) UnlockFileEx(file->handle, 0, EMU_LOCK_SIZE, 0, &place);
    file->locked = 0;
}

static void store_close(struct emu_file *file)
{
    store_unlock(file);
    CloseHandle(file->handle);
    free(file);
}

#define PIECE (16u << 20)               /* bytes in one call of the system */

static enum oi_status store_read(struct emu_file *file, uint64_t offset, void *buffer, size_t size,
                                 size_t *got)
{
    *got = 0;
    while (*got < size)
    {
        OVERLAPPED place = at_offset(offset + *got);
        DWORD want = size - *got < PIECE ? (DWORD)(size - *got) : PIECE, have = 0;

        if (!ReadFile(file->handle, (BYTE *)buffer + *got, want, &have, &place))
        {
            return GetLastError() == ERROR_HANDLE_EOF ? OI_OK : fail("cannot read", "a disc file");
        }
        if (!have) return OI_OK;
        *got += have;
    }
    return OI_OK;
}

static enum oi_status store_write(struct emu_file *file, uint64_t offset, const void *buffer, size_t size)
{
    size_t done = 0;

    while (done < size)
    {
        OVERLAPPED place = at_offset(offset + done);
        DWORD want = size - done < PIECE ? (DWORD)(size - done) : PIECE, have = 0;

        if (!WriteFile(file->handle, (const BYTE *)buffer + done, want, &have, &place) || !have)
        {
            return fail("cannot write", "a disc file");
        }
        done += have;
    }
    return OI_OK;
}

static enum oi_status store_get_size(struct emu_file *file, uint64_t *size)
{
    LARGE_INTEGER value;

    if (!GetFileSizeEx(file->handle, &value)) return fail("cannot tell the size of", "a disc file");
    *size = (uint64_t)value.QuadPart;
    return OI_OK;
}

static enum oi_status store_set_size(struct emu_file *file, uint64_t size)
{
    LARGE_INTEGER value;

    value.QuadPart = (LONGLONG)size;
    if (!SetFilePointerEx(file->handle, value, NULL, FILE_BEGIN) || !SetEndOfFile(file->handle))
    {
        return fail("cannot change the size of", "a disc file");
    }
    return OI_OK;
}

static enum oi_status store_flush(struct emu_file *file)
{
    return FlushFileBuffers(file->handle) ? OI_OK : fail("cannot flush", "a disc file");
}

static enum oi_status store_lock(struct emu_file *file, uint32_t milliseconds)
{
    ULONGLONG end = GetTickCount64() + milliseconds;

    for (;;)
    {
        OVERLAPPED place = at_offset(EMU_LOCK_OFFSET);

        file->locked = LockFileEx(file->handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0,
                                  EMU_LOCK_SIZE, 0, &place) != 0;
        if (file->locked) return OI_OK;
        if (GetLastError() != ERROR_LOCK_VIOLATION && GetLastError() != ERROR_IO_PENDING)
        {
            return fail("cannot lock", "a disc file");
        }
        if (GetTickCount64() >= end) return OI_LOCKED;
        Sleep(1);
    }
}

static const struct emu_store_ops store_ops =
{
    store_open,
    store_close,
    store_read,
    store_write,
    store_get_size,
    store_set_size,
    store_flush,
    store_lock,
    store_unlock,
};

static struct emu_store the_store = { &store_ops };

struct emu_store *host_store(void)
{
    return &the_store;
}
