/*
 * Beside the SG_IO bridge in LD_PRELOAD, for native burners: the file that the bridge takes for its device
 * appears as the block device /dev/sr0, so that programs find it where they look for drives.
 * OPENIMAPI_BRIDGE_DEVICE names the file. Without it nothing is changed.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/scsi.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define NODE "/dev/sr0"
#define EXPORT __attribute__((visibility("default")))

/* linux/major.h, and linux/cdrom.h: values of the kernel's interface. */
enum
{
    CDROM_MAJOR = 11,
    GET_IDLUN = 0x5382,
    GET_BUS_NUMBER = 0x5386,
};

struct id_lun
{
    int four_in_one, host_unique_id;
};

static const char *device(void)
{
    return getenv("OPENIMAPI_BRIDGE_DEVICE");
}

static const char *real_path(const char *path)
{
    return path && device() && !strcmp(path, NODE) ? device() : path;
}

/* ISO C knows no way from an object to a function. */
#define NEXT(function, name)                                                                                 \
    do                                                                                                       \
    {                                                                                                        \
        void *symbol = dlsym(RTLD_NEXT, name);                                                               \
        memcpy(&(function), &symbol, sizeof(function));                                                      \
    } while (0)

static int open_next(const char *name, const char *path, int flags, va_list args)
{
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
    int (*next)(const char *, int, ...);

    NEXT(next, name);
    /* A device is opened exclusively by the kernel's own rules; a file with O_EXCL is to be made. */
    if (real_path(path) != path) flags &= ~O_EXCL;
    return next(real_path(path), flags, mode);
}

#define OPEN(name)                                                                                           \
    EXPORT int name(const char *path, int flags, ...);                                                       \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        va_list args;                                                                                        \
        int file;                                                                                            \
                                                                                                             \
        va_start(args, flags);                                                                               \
        file = open_next(#name, path, flags, args);                                                          \
        va_end(args);                                                                                        \
        return file;                                                                                         \
    }

OPEN(open)
OPEN(open64)

/* What programs call that were built to check their calls. */
OPEN(__open_2)
OPEN(__open64_2)

static void show_as_drive(mode_t *mode, dev_t *number)
{
    *mode = S_IFBLK | 0660;
    *number = makedev(CDROM_MAJOR, 0);
}

#define STAT(name, type)                                                                                     \
    EXPORT int name(const char *path, struct type *out);                                                     \
    int name(const char *path, struct type *out)                                                             \
    {                                                                                                        \
        int (*next)(const char *, struct type *), result;                                                    \
                                                                                                             \
        NEXT(next, #name);                                                                                   \
        result = next(real_path(path), out);                                                                 \
        if (!result && real_path(path) != path) show_as_drive(&out->st_mode, &out->st_rdev);                 \
        return result;                                                                                       \
    }

STAT(stat, stat)
STAT(stat64, stat64)
STAT(lstat, stat)
STAT(lstat64, stat64)

/* The same in programs built with a glibc of before 2.33. */
#define XSTAT(name, type)                                                                                    \
    EXPORT int name(int version, const char *path, struct type *out);                                        \
    int name(int version, const char *path, struct type *out)                                                \
    {                                                                                                        \
        int (*next)(int, const char *, struct type *), result;                                               \
                                                                                                             \
        NEXT(next, #name);                                                                                   \
        result = next(version, real_path(path), out);                                                        \
        if (!result && real_path(path) != path) show_as_drive(&out->st_mode, &out->st_rdev);                 \
        return result;                                                                                       \
    }

XSTAT(__xstat, stat)
XSTAT(__xstat64, stat64)
XSTAT(__lxstat, stat)
XSTAT(__lxstat64, stat64)

static int is_device(int file)
{
    struct stat asked, its;
    int (*next)(const char *, struct stat *);

    NEXT(next, "stat");
    if (!device() || fstat(file, &asked) || next(device(), &its)) return 0;
    return asked.st_dev == its.st_dev && asked.st_ino == its.st_ino;
}

/* Where the drive is attached; commands go on to the bridge. */
EXPORT int ioctl(int file, unsigned long request, ...);
int ioctl(int file, unsigned long request, ...)
{
    int (*next)(int, unsigned long, ...);
    void *argument;
    va_list args;

    va_start(args, request);
    argument = va_arg(args, void *);
    va_end(args);
    if ((request == GET_IDLUN || request == GET_BUS_NUMBER) && is_device(file))
    {
        if (request == GET_IDLUN) memset(argument, 0, sizeof(struct id_lun));
        else *(int *)argument = 0;
        return 0;
    }
    NEXT(next, "ioctl");
    return next(file, request, argument);
}
