/* A real drive as a transport: IOCTL_SCSI_PASS_THROUGH_DIRECT on Windows and Wine. */
#include "host_room.h"

#include "openimapi/log.h"

#include <ntddscsi.h>
#include <stdlib.h>
#include <string.h>
#include <winioctl.h>

#define PAGE 4096u
#define DEFAULT_TRANSFER (64u * 1024)
#define LARGEST_TRANSFER (1024u * 1024)

/* SAM-4 5.3: what ends a command, besides GOOD (0). */
enum scsi_status
{
    SCSI_GOOD = 0x00,
    SCSI_CHECK_CONDITION = 0x02,
    SCSI_BUSY = 0x08,
    SCSI_RESERVATION_CONFLICT = 0x18,
    SCSI_TASK_SET_FULL = 0x28,
};

#define BUSY_PAUSE 50                   /* milliseconds until a busy drive is asked again */

struct spti
{
    struct transport base;
    HANDLE device;
    ULONG alignment_mask;
    ULONG max_any;                      /* bytes at any address; those on pages have base.max_transfer */
    BYTE *bounce;                       /* page-aligned, for data that cannot go from where they are */
};

struct request
{
    SCSI_PASS_THROUGH_DIRECT pass;
    ULONG filler;                       /* keeps the sense data aligned as drivers expect */
    BYTE sense[TRANSPORT_SENSE_MAX];
};

static int needs_bounce(const struct spti *spti, const struct transport_command *command)
{
    ULONG_PTR address = (ULONG_PTR)command->data;

    if (address & spti->alignment_mask) return 1;
    return command->data_size > spti->max_any && address % PAGE;
}

static enum oi_status pass_through(const struct spti *spti, struct transport_command *command, void *data,
                                   BYTE *scsi_status)
{
    struct request request;
    DWORD returned = 0;

    memset(&request, 0, sizeof(request));
    request.pass.Length = sizeof(request.pass);
    request.pass.CdbLength = command->cdb_size;
    request.pass.SenseInfoLength = sizeof(request.sense);
    request.pass.SenseInfoOffset = offsetof(struct request, sense);
    request.pass.DataIn = command->direction == TRANSPORT_DATA_IN    ? SCSI_IOCTL_DATA_IN
                          : command->direction == TRANSPORT_DATA_OUT ? SCSI_IOCTL_DATA_OUT
                                                                     : SCSI_IOCTL_DATA_UNSPECIFIED;
    request.pass.DataBuffer = command->data_size ? data : NULL;
    request.pass.DataTransferLength = command->data_size;
    request.pass.TimeOutValue = (command->timeout + 999) / 1000;
    if (!request.pass.TimeOutValue) request.pass.TimeOutValue = 1;
    memcpy(request.pass.Cdb, command->cdb, command->cdb_size);

    if (!DeviceIoControl(spti->device, IOCTL_SCSI_PASS_THROUGH_DIRECT, &request, sizeof(request), &request,
                         sizeof(request), &returned, NULL))
    {
        DWORD error = GetLastError();

        log_error("pass-through of command %02x: Windows error %lu", command->cdb[0], error);
        return host_status_from_win32(error);
    }
    *scsi_status = request.pass.ScsiStatus;
    command->transferred = request.pass.DataTransferLength;
    if (request.pass.ScsiStatus == SCSI_CHECK_CONDITION)
    {
        command->sense_size = request.pass.SenseInfoLength < sizeof(command->sense)
                                  ? request.pass.SenseInfoLength
                                  : sizeof(command->sense);
        memcpy(command->sense, request.sense, command->sense_size);
    }
    return OI_OK;
}

/* A status that is not GOOD, in terms of a transport. */
static enum oi_status judge(const struct transport_command *command, BYTE scsi_status)
{
    switch (scsi_status)
    {
    case SCSI_GOOD:
        /* Wine 8 shows a command that timed out, or that the adapter gave up, as GOOD with nothing moved.
           Other wrong numbers of bytes are no error: USB bridges are known to miscount. */
        if (command->direction != TRANSPORT_DATA_OUT || command->transferred || !command->data_size)
        {
            return OI_OK;
        }
        log_error("command %02x took nothing of %u bytes", command->cdb[0], (unsigned int)command->data_size);
        return OI_IO;
    case SCSI_CHECK_CONDITION: return OI_SENSE;
    case SCSI_BUSY:
    case SCSI_TASK_SET_FULL: return OI_TIMEOUT;
    case SCSI_RESERVATION_CONFLICT: return OI_LOCKED;
    default:
        log_error("command %02x ended with SCSI status %02x", command->cdb[0], scsi_status);
        return OI_IO;
    }
}

static enum oi_status spti_execute(struct transport *transport, struct transport_command *command)
{
    struct spti *spti = (struct spti *)transport;
    ULONGLONG end = GetTickCount64() + command->timeout;
    int bounced = command->data_size && needs_bounce(spti, command);
    void *data = bounced ? spti->bounce : command->data;
    BYTE scsi_status = SCSI_GOOD;

    if (bounced && command->direction == TRANSPORT_DATA_OUT) memcpy(data, command->data, command->data_size);
    for (;;)
    {
        TRY(pass_through(spti, command, data, &scsi_status));
        if (scsi_status != SCSI_BUSY && scsi_status != SCSI_TASK_SET_FULL) break;
        if (GetTickCount64() >= end) break;
        Sleep(BUSY_PAUSE);
    }
    if (command->transferred > command->data_size) command->transferred = command->data_size;
    if (bounced && command->direction == TRANSPORT_DATA_IN) memcpy(command->data, data, command->transferred);
    return judge(command, scsi_status);
}

static void spti_close(struct transport *transport)
{
    struct spti *spti = (struct spti *)transport;

    VirtualFree(spti->bounce, 0, MEM_RELEASE);
    free(spti);
}

static const struct transport_ops spti_ops = { spti_execute, spti_close };

static void limits_from_descriptor(HANDLE device, ULONG *length, ULONG *pages, ULONG *mask)
{
    const STORAGE_ADAPTER_DESCRIPTOR *adapter;
    void *bytes;
    ULONG size;

    if (host_query_descriptor(device, HOST_ADAPTER_DESCRIPTOR, &bytes, &size)) return;
    adapter = bytes;
    if (size >= offsetof(STORAGE_ADAPTER_DESCRIPTOR, AdapterUsesPio))
    {
        *length = adapter->MaximumTransferLength;
        *pages = adapter->MaximumPhysicalPages;
        *mask = adapter->AlignmentMask;
    }
    free(bytes);
}

void host_spti_get_limits(HANDLE device, struct host_limits *limits)
{
    ULONG length = DEFAULT_TRANSFER, pages = 0, mask = 0;
    IO_SCSI_CAPABILITIES capabilities = { 0 };
    DWORD returned;

    if (DeviceIoControl(device, IOCTL_SCSI_GET_CAPABILITIES, NULL, 0, &capabilities, sizeof(capabilities),
                        &returned, NULL) &&
        capabilities.MaximumTransferLength)
    {
        length = capabilities.MaximumTransferLength;
        pages = capabilities.MaximumPhysicalPages;
        mask = capabilities.AlignmentMask;
    }
    else limits_from_descriptor(device, &length, &pages, &mask);

    /* A mask is a power of two less one; what is none of a sane size is no mask. */
    if ((mask & (mask + 1)) || mask >= PAGE) mask = 0;
    if (length > LARGEST_TRANSFER) length = LARGEST_TRANSFER;
    limits->alignment_mask = mask;
    limits->max_transfer = limits->max_transfer_page_aligned = length;
    /* Data that begin within a page touch one page more. */
    if (pages > 1 && length > (pages - 1) * PAGE) limits->max_transfer = (pages - 1) * PAGE;
    if (pages && length > pages * PAGE) limits->max_transfer_page_aligned = pages * PAGE;
}

enum oi_status host_spti_create(HANDLE device, struct transport **out)
{
    struct host_limits limits;
    struct spti *spti = calloc(1, sizeof(*spti));

    if (!spti) return OI_NO_MEMORY;
    host_spti_get_limits(device, &limits);
    spti->base.ops = &spti_ops;
    spti->base.clock = host_clock();
    spti->base.max_transfer = limits.max_transfer_page_aligned;
    /* The interface promises as much; adapters that take less do not exist among those of optical drives. */
    if (spti->base.max_transfer < DEFAULT_TRANSFER) spti->base.max_transfer = DEFAULT_TRANSFER;
    spti->base.alignment_mask = 0;
    spti->device = device;
    spti->alignment_mask = limits.alignment_mask;
    spti->max_any = limits.max_transfer;
    spti->bounce = VirtualAlloc(NULL, spti->base.max_transfer, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!spti->bounce)
    {
        free(spti);
        return OI_NO_MEMORY;
    }
    *out = &spti->base;
    return OI_OK;
}
