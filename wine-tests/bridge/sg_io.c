/*
 * A SCSI drive where the kernel has none: loaded with LD_PRELOAD, this library answers the SG_IO requests
 * that Wine sends to one file with the virtual recorder. The environment says which:
 *
 *   OPENIMAPI_BRIDGE_DEVICE   the file that stands for the device (dosdevices/d:: leads to it)
 *   OPENIMAPI_BRIDGE_MEDIUM   "dvd+r" and so on; default "none"
 *   OPENIMAPI_BRIDGE_DISC     path of the disc
 *   OPENIMAPI_BRIDGE_FAULTS   path of a fault script; may be missing
 *
 * All else goes to the C library. Every process has a recorder of its own on the same disc.
 */
#define _GNU_SOURCE
#include "helpers/store_posix.h"

#include "openimapi/log.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* Values of the kernel's SCSI layer, which no header for programs has. */
enum
{
    STATUS_CHECK_CONDITION = 0x02,
    DRIVER_SENSE = 0x08,
    HOST_TIME_OUT = 0x03,
    HOST_ERROR = 0x07,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct transport *drive;

/* --- the recorder --------------------------------------------------------------------------------------- */

static uint64_t monotonic_now(struct clock *clock)
{
    struct timespec now;

    (void)clock;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void monotonic_sleep(struct clock *clock, uint32_t milliseconds)
{
    struct timespec time = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L };

    (void)clock;
    nanosleep(&time, NULL);
}

static const struct clock_ops monotonic_ops = { monotonic_now, monotonic_sleep };
static struct clock monotonic = { &monotonic_ops };

/* The fault script in new memory; empty when there is none. */
static char *read_faults(void)
{
    const char *path = getenv("OPENIMAPI_BRIDGE_FAULTS");
    FILE *file = path ? fopen(path, "rb") : NULL;
    char *text = calloc(1, 65536);

    if (file && text) text[fread(text, 1, 65535, file)] = 0;
    if (file) fclose(file);
    return text;
}

static enum oi_status open_drive(void)
{
    const char *medium = getenv("OPENIMAPI_BRIDGE_MEDIUM");
    struct emu_options options;
    enum oi_status status;
    char *faults = read_faults();

    emu_options_init(&options);
    options.store = store_posix();
    options.clock = &monotonic;
    options.disc = getenv("OPENIMAPI_BRIDGE_DISC");
    options.vendor = "BRIDGED";
    if (medium) options.medium = medium;
    status = faults ? emu_create(&options, &drive) : OI_NO_MEMORY;
    if (!status && (status = transport_fault_create(drive, faults, NULL, &drive))) drive = NULL;
    free(faults);
    if (status) log_error("the bridge has no drive: %s", status_text(status));
    return status;
}

/* --- the kernel's side ---------------------------------------------------------------------------------- */

static int is_device(int file)
{
    const char *path = getenv("OPENIMAPI_BRIDGE_DEVICE");
    struct stat asked, device;

    if (!path || fstat(file, &asked) || stat(path, &device)) return 0;
    return asked.st_dev == device.st_dev && asked.st_ino == device.st_ino;
}

static enum transport_direction direction_of(const sg_io_hdr_t *header)
{
    switch (header->dxfer_direction)
    {
    case SG_DXFER_TO_DEV: return TRANSPORT_DATA_OUT;
    case SG_DXFER_FROM_DEV:
    case SG_DXFER_TO_FROM_DEV: return TRANSPORT_DATA_IN;
    default: return TRANSPORT_NO_DATA;
    }
}

static int fail(int error)
{
    errno = error;
    return -1;
}

/* SG_IO as the kernel's documentation has it: 0 whenever the command was sent, whatever became of it. */
static int execute(sg_io_hdr_t *header)
{
    struct transport_command command = { .cdb_size = header->cmd_len, .direction = direction_of(header),
                                         .data = header->dxferp, .data_size = header->dxfer_len,
                                         .timeout = header->timeout };
    enum oi_status status;

    if (header->interface_id != 'S' || header->cmd_len < 6 || header->cmd_len > TRANSPORT_CDB_MAX)
    {
        return fail(EINVAL);
    }
    if (header->iovec_count) return fail(ENOSYS);
    if (!drive && open_drive()) return fail(ENODEV);
    if (command.direction == TRANSPORT_NO_DATA) command.data_size = 0;
    memcpy(command.cdb, header->cmdp, header->cmd_len);
    status = transport_execute(drive, &command);

    header->status = header->masked_status = header->msg_status = header->sb_len_wr = 0;
    header->host_status = header->driver_status = 0;
    header->info = SG_INFO_OK;
    header->duration = 0;
    header->resid = (int)(command.data_size - command.transferred);
    switch (status)
    {
    case OI_OK: return 0;
    case OI_SENSE:
        header->status = STATUS_CHECK_CONDITION;
        header->masked_status = STATUS_CHECK_CONDITION >> 1;
        header->driver_status = DRIVER_SENSE;
        header->info = SG_INFO_CHECK;
        header->sb_len_wr = command.sense_size < header->mx_sb_len ? command.sense_size : header->mx_sb_len;
        if (header->sbp) memcpy(header->sbp, command.sense, header->sb_len_wr);
        return 0;
    case OI_DEVICE_GONE: return fail(ENODEV);
    case OI_LOCKED: return fail(EBUSY);
    case OI_INVALID_ARGUMENT: return fail(EINVAL);
    case OI_TIMEOUT: header->host_status = HOST_TIME_OUT; break;
    default: header->host_status = HOST_ERROR; break;
    }
    header->info = SG_INFO_CHECK;
    return 0;
}

static int answer(const char *real_name, int file, unsigned long request, void *argument)
{
    int (*real)(int, unsigned long, ...);
    void *symbol;
    int result;

    if (request == SG_IO && is_device(file))
    {
        pthread_mutex_lock(&lock);
        result = execute(argument);
        pthread_mutex_unlock(&lock);
        return result;
    }
    symbol = dlsym(RTLD_NEXT, real_name);
    memcpy(&real, &symbol, sizeof(real));       /* ISO C knows no way from an object to a function */
    return real ? real(file, request, argument) : fail(ENOSYS);
}

#define EXPORT __attribute__((visibility("default")))

EXPORT int ioctl(int file, unsigned long request, ...);
EXPORT int __ioctl_time64(int file, unsigned long request, ...);

int ioctl(int file, unsigned long request, ...)
{
    va_list args;
    void *argument;

    va_start(args, request);
    argument = va_arg(args, void *);
    va_end(args);
    return answer("ioctl", file, request, argument);
}

/* What programs with 64-bit time call on 32-bit systems, Wine's among them. */
int __ioctl_time64(int file, unsigned long request, ...)
{
    va_list args;
    void *argument;

    va_start(args, request);
    argument = va_arg(args, void *);
    va_end(args);
    return answer("__ioctl_time64", file, request, argument);
}
