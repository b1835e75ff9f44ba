/*
 * Disc files by POSIX calls. Locks are open file description locks (F_OFD_SETLK), which hold against other
 * handles of the same process and against the classic locks that Wine takes for LockFileEx.
 */
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64

#include "store_posix.h"

#include "openimapi/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct emu_file
{
    int fd;
};

static enum oi_status posix_open(struct emu_store *store, const char *path, enum emu_open_mode mode,
                                 struct emu_file **out, int *writable)
{
    int flags = O_CLOEXEC | (mode == EMU_OPEN_CREATE ? O_CREAT : 0);
    struct stat stat;
    int fd;

    (void)store;
    *writable = 1;
    fd = open(path, flags | O_RDWR, 0666);
    if (fd < 0 && (errno == EACCES || errno == EROFS || errno == EPERM))
    {
        *writable = 0;
        fd = open(path, O_CLOEXEC | O_RDONLY);
    }
    if (fd < 0 && errno == ENOENT) return OI_NOT_FOUND;
    if (fd < 0 || fstat(fd, &stat) || !S_ISREG(stat.st_mode))
    {
        log_error("%s: %s", path, fd < 0 ? strerror(errno) : "not a file");
        if (fd >= 0) close(fd);
        return OI_IO;
    }
    *out = malloc(sizeof(**out));
    if (!*out)
    {
        close(fd);
        return OI_NO_MEMORY;
    }
    (*out)->fd = fd;
    return OI_OK;
}

static void posix_close(struct emu_file *file)
{
    close(file->fd);
    free(file);
}

static enum oi_status posix_read(struct emu_file *file, uint64_t offset, void *buffer, size_t size,
                                 size_t *got)
{
    *got = 0;
    while (*got < size)
    {
        ssize_t n = pread(file->fd, (char *)buffer + *got, size - *got, (off_t)(offset + *got));

        if (!n) break;
        if (n > 0) *got += (size_t)n;
        else if (errno != EINTR) return OI_IO;
    }
    return OI_OK;
}

static enum oi_status posix_write(struct emu_file *file, uint64_t offset, const void *buffer, size_t size)
{
    size_t done = 0;

    while (done < size)
    {
        ssize_t n = pwrite(file->fd, (const char *)buffer + done, size - done, (off_t)(offset + done));

        if (n > 0) done += (size_t)n;
        else if (n == 0 || errno != EINTR) return OI_IO;
    }
    return OI_OK;
}

static enum oi_status posix_get_size(struct emu_file *file, uint64_t *size)
{
    struct stat stat;

    if (fstat(file->fd, &stat)) return OI_IO;
    *size = (uint64_t)stat.st_size;
    return OI_OK;
}

static enum oi_status posix_set_size(struct emu_file *file, uint64_t size)
{
    return ftruncate(file->fd, (off_t)size) ? OI_IO : OI_OK;
}

static enum oi_status posix_flush(struct emu_file *file)
{
    return fdatasync(file->fd) ? OI_IO : OI_OK;
}

static int set_lock(struct emu_file *file, short type)
{
    struct flock lock;

    memset(&lock, 0, sizeof(lock));
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = (off_t)EMU_LOCK_OFFSET;
    lock.l_len = EMU_LOCK_SIZE;
    return fcntl(file->fd, F_OFD_SETLK, &lock);
}

/* Tries again each millisecond: a blocking lock could not give up in time. */
static enum oi_status posix_lock(struct emu_file *file, uint32_t milliseconds)
{
    const struct timespec pause = { 0, 1000000 };

    while (set_lock(file, F_WRLCK))
    {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR) return OI_IO;
        if (!milliseconds--) return OI_LOCKED;
        nanosleep(&pause, NULL);
    }
    return OI_OK;
}

static void posix_unlock(struct emu_file *file)
{
    set_lock(file, F_UNLCK);
}

struct emu_store *store_posix(void)
{
    static const struct emu_store_ops ops =
    {
        .open = posix_open, .close = posix_close, .read = posix_read, .write = posix_write,
        .get_size = posix_get_size, .set_size = posix_set_size, .flush = posix_flush, .lock = posix_lock,
        .unlock = posix_unlock,
    };
    static struct emu_store store = { &ops };

    return &store;
}
