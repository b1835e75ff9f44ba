/*
 * One opened drive: its stack of transports, from the top
 *     trace, guard, write-behind, faults (where configured), and pass-through or the virtual recorder,
 * and what goes with it: who it is, its limits, exclusive access.
 */
#include "host_room.h"

#include "openimapi/log.h"
#include "openimapi/mmc_codes.h"

#include <stdlib.h>
#include <string.h>

#define WRITE_BEHIND_SIZE (8u << 20)    /* bytes: a tenth of a second of the fastest discs */
#define FAULT_SCRIPT_MAX (1u << 20)     /* bytes */
#define INQUIRY_TIMEOUT 10000           /* milliseconds */

/* --- the leaves ----------------------------------------------------------------------------------------- */

static enum oi_status open_real(struct host_drive *drive, struct transport **out)
{
    enum oi_status status;

    drive->device = CreateFileW(drive->info.device, GENERIC_READ | GENERIC_WRITE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    if (drive->device == INVALID_HANDLE_VALUE)
    {
        DWORD error = GetLastError();

        drive->device = NULL;
        log_error("cannot open %ls: Windows error %lu", drive->info.device, error);
        status = host_status_from_win32(error);
        return status == OI_NOT_SUPPORTED || status == OI_INVALID_ARGUMENT ? OI_IO : status;
    }
    host_spti_get_limits(drive->device, &drive->limits);
    return host_spti_create(drive->device, out);
}

static enum oi_status open_virtual(struct host_drive *drive, const struct emu_recorder_config *recorder,
                                   struct transport **out)
{
    struct emu_options options;

    emu_options_init(&options);
    emu_options_from_config(recorder, &options);
    options.store = host_store();
    options.clock = host_clock();
    TRY(emu_create(&options, out));
    drive->limits.alignment_mask = (*out)->alignment_mask;
    drive->limits.max_transfer = (*out)->max_transfer;
    drive->limits.max_transfer_page_aligned = (*out)->max_transfer;
    return OI_OK;
}

static enum oi_status read_script(const char *path, char **script)
{
    const struct emu_store_ops *ops = host_store()->ops;
    struct emu_file *file;
    enum oi_status status;
    uint64_t size;
    size_t got;
    int writable;

    TRY(ops->open(host_store(), path, EMU_OPEN_EXISTING, &file, &writable));
    status = ops->get_size(file, &size);
    if (!status && size > FAULT_SCRIPT_MAX) status = OI_TOO_LARGE;
    if (!status && !(*script = calloc(1, (size_t)size + 1))) status = OI_NO_MEMORY;
    if (!status && (status = ops->read(file, 0, *script, (size_t)size, &got))) free(*script);
    ops->close(file);
    return status;
}

/* Takes over inner, also on failure. */
static enum oi_status add_faults(const struct emu_recorder_config *recorder, struct transport *inner,
                                 struct transport **out)
{
    enum oi_status status;
    char *script;

    *out = inner;
    if (!recorder->faults) return OI_OK;
    if ((status = read_script(recorder->faults, &script)))
    {
        log_error("fault script %s: %s", recorder->faults, status_text(status));
        transport_close(inner);
        return status == OI_NO_MEMORY ? status : OI_INVALID_ARGUMENT;
    }
    status = transport_fault_create(inner, script, NULL, out);
    free(script);
    return status;
}

/* --- who it is ------------------------------------------------------------------------------------------ */

static void set_text(WCHAR *text, const BYTE *bytes, size_t size)
{
    while (size && (bytes[size - 1] == ' ' || !bytes[size - 1])) size--;
    for (size_t i = 0; i < size; i++) text[i] = bytes[i];
    text[size] = 0;
}

/* SPC-4 6.4.2: vendor at 8, product at 16, revision at 32. Needs no medium and meets no unit attention. */
static enum oi_status inquire(struct transport *leaf, struct host_identity *identity)
{
    BYTE data[36] = { 0 };
    struct transport_command command = { .cdb = { MMC_INQUIRY, 0, 0, 0, sizeof(data) }, .cdb_size = 6,
                                         .direction = TRANSPORT_DATA_IN, .data = data,
                                         .data_size = sizeof(data), .timeout = INQUIRY_TIMEOUT };

    TRY(transport_execute(leaf, &command));
    set_text(identity->vendor, data + 8, 8);
    set_text(identity->product, data + 16, 16);
    set_text(identity->revision, data + 32, 4);
    return OI_OK;
}

/* The system's driver knows it even of a drive that is locked; where it does not, the drive tells. */
static enum oi_status identify(struct host_drive *drive, struct transport *leaf)
{
    enum oi_status status;
    void *bytes;
    ULONG size;
    int known;

    if (drive->device && !host_query_descriptor(drive->device, HOST_DEVICE_DESCRIPTOR, &bytes, &size))
    {
        known = host_read_device_descriptor(bytes, size, &drive->identity);
        free(bytes);
        if (known) return OI_OK;
    }
    status = inquire(leaf, &drive->identity);
    /* Somebody else's lock, or a drive that will not say, is no reason not to open it. */
    if (status == OI_LOCKED || status == OI_SENSE) return OI_OK;
    return status == OI_NOT_SUPPORTED || status == OI_INVALID_ARGUMENT ? OI_IO : status;
}

/* --- opening and closing -------------------------------------------------------------------------------- */

/* Stacks the decorators; on failure nothing is left open. */
static enum oi_status build_stack(struct host_drive *drive, const struct emu_recorder_config *recorder)
{
    struct transport *transport;
    enum oi_status status;

    TRY(recorder ? open_virtual(drive, recorder, &transport) : open_real(drive, &transport));
    if ((status = identify(drive, transport)))
    {
        transport_close(transport);
        return status;
    }
    if (recorder) TRY(add_faults(recorder, transport, &transport));
    TRY(host_write_behind_create(transport, &transport));
    drive->write_behind = transport;
    TRY(host_guard_create(transport, drive, &transport));
    drive->guard = transport;
    return transport_trace_create(transport, &drive->top);
}

static const struct emu_recorder_config *find_recorder(const struct host_config *config, const WCHAR *id,
                                                       ULONG signature)
{
    for (size_t i = 0; i < config->count; i++)
    {
        WCHAR *its_id = host_config_make_id(&config->items[i]);
        int found = its_id && host_same_id(its_id, id);

        if (host_config_signature(&config->items[i]) != signature) found = 0;
        free(its_id);
        if (found) return &config->items[i];
    }
    return NULL;
}

static enum oi_status open_stack(struct host_drive *drive)
{
    const struct emu_recorder_config *recorder = NULL;
    struct host_config config = { 0 };
    enum oi_status status = OI_NOT_FOUND;

    if (drive->info.kind == HOST_DRIVE_VIRTUAL)
    {
        TRY(host_config_read(&config, HOST_QUIET));
        recorder = find_recorder(&config, drive->info.id, drive->info.signature);
    }
    /* A configuration may change between the list and here. */
    if (recorder || drive->info.kind == HOST_DRIVE_REAL) status = build_stack(drive, recorder);
    host_config_free(&config);
    return status;
}

static enum oi_status find_info(const WCHAR *id, struct host_drive_info *info)
{
    enum oi_status status = OI_NOT_FOUND;
    struct host_drives drives;

    TRY(host_drives_list(&drives));
    for (size_t i = 0; i < drives.count && status == OI_NOT_FOUND; i++)
    {
        if (host_same_id(drives.items[i].id, id)) status = host_drive_info_copy(info, &drives.items[i]);
    }
    host_drives_free(&drives);
    return status;
}

static void destroy(struct host_drive *drive)
{
    /* Closes all that is below. */
    transport_close(drive->top);
    host_claim_release_all(&drive->claim);
    if (drive->device) CloseHandle(drive->device);
    DeleteCriticalSection(&drive->lock);
    host_drive_info_clear(&drive->info);
    free(drive);
}

enum oi_status host_drive_open(const WCHAR *id, struct host_drive **out)
{
    struct host_drive *drive;
    enum oi_status status;

    if (!id || !*id) return OI_NOT_FOUND;
    if (!(drive = calloc(1, sizeof(*drive)))) return OI_NO_MEMORY;
    drive->references = 1;
    InitializeCriticalSection(&drive->lock);
    status = find_info(id, &drive->info);
    if (!status) status = open_stack(drive);
    if (status)
    {
        destroy(drive);
        return status;
    }
    host_claim_init(&drive->claim, drive->info.id, drive->device);
    *out = drive;
    return OI_OK;
}

struct host_drive *host_drive_ref(struct host_drive *drive)
{
    InterlockedIncrement(&drive->references);
    return drive;
}

void host_drive_unref(struct host_drive *drive)
{
    if (drive && !InterlockedDecrement(&drive->references)) destroy(drive);
}

/* --- questions ------------------------------------------------------------------------------------------ */

const struct host_drive_info *host_drive_get_info(const struct host_drive *drive)
{
    return &drive->info;
}

const struct host_identity *host_drive_get_identity(const struct host_drive *drive)
{
    return &drive->identity;
}

struct transport *host_drive_get_transport(struct host_drive *drive)
{
    return drive->top;
}

void host_drive_get_limits(const struct host_drive *drive, struct host_limits *limits)
{
    *limits = drive->limits;
}

enum oi_status host_drive_get_descriptor(struct host_drive *drive, enum host_descriptor which, void **bytes,
                                         ULONG *size)
{
    enum oi_status status = OI_NOT_SUPPORTED;

    if (drive->device) status = host_query_descriptor(drive->device, which, bytes, size);
    if (status != OI_NOT_SUPPORTED) return status;
    if (which == HOST_ADAPTER_DESCRIPTOR) return host_make_adapter_descriptor(&drive->limits, bytes, size);
    return host_make_device_descriptor(&drive->identity, bytes, size);
}

/* --- exclusive access ----------------------------------------------------------------------------------- */

/* The driver of a real drive says so; a virtual one has none. */
static enum oi_status check_presence(const struct host_drive *drive)
{
    int gone;

    return host_guard_look(&drive->info, &gone) == OI_OK && gone ? OI_DEVICE_GONE : OI_OK;
}

enum oi_status host_drive_acquire(struct host_drive *drive, const WCHAR *client, int force)
{
    enum oi_status status;

    TRY(check_presence(drive));
    EnterCriticalSection(&drive->lock);
    status = host_claim_acquire(&drive->claim, client, force);
    LeaveCriticalSection(&drive->lock);
    return status;
}

enum oi_status host_drive_release(struct host_drive *drive)
{
    enum oi_status status;

    EnterCriticalSection(&drive->lock);
    status = host_claim_release(&drive->claim);
    LeaveCriticalSection(&drive->lock);
    return status;
}

enum oi_status host_drive_begin_job(struct host_drive *drive, const WCHAR *client, int *busy)
{
    enum oi_status status;

    EnterCriticalSection(&drive->lock);
    status = host_claim_begin_job(&drive->claim, client, busy);
    LeaveCriticalSection(&drive->lock);
    return status;
}

void host_drive_end_job(struct host_drive *drive)
{
    EnterCriticalSection(&drive->lock);
    host_claim_end_job(&drive->claim);
    LeaveCriticalSection(&drive->lock);
}

enum oi_status host_drive_get_owner(struct host_drive *drive, WCHAR **name)
{
    return host_claim_get_owner(&drive->claim, name);
}

ULONG host_drive_get_claims(const struct host_drive *drive)
{
    return drive->claim.count;
}

enum oi_status host_drive_disable_mcn(struct host_drive *drive)
{
    enum oi_status status;

    TRY(check_presence(drive));
    EnterCriticalSection(&drive->lock);
    status = host_claim_set_mcn(&drive->claim, 0);
    LeaveCriticalSection(&drive->lock);
    return status;
}

enum oi_status host_drive_enable_mcn(struct host_drive *drive)
{
    enum oi_status status;

    EnterCriticalSection(&drive->lock);
    status = host_claim_set_mcn(&drive->claim, 1);
    LeaveCriticalSection(&drive->lock);
    return status;
}

/* --- write-behind --------------------------------------------------------------------------------------- */

enum oi_status host_drive_start_write_behind(struct host_drive *drive)
{
    enum oi_status status;

    host_guard_enter(drive->guard);
    status = host_write_behind_start(drive->write_behind, WRITE_BEHIND_SIZE);
    host_guard_leave(drive->guard);
    return status;
}

enum oi_status host_drive_stop_write_behind(struct host_drive *drive)
{
    enum oi_status status;

    host_guard_enter(drive->guard);
    status = host_write_behind_stop(drive->write_behind);
    host_guard_leave(drive->guard);
    return status;
}

void host_drive_get_buffer(const struct host_drive *drive, struct host_buffer *buffer)
{
    host_write_behind_get_buffer(drive->write_behind, buffer);
}
