/*
 * Exclusive access to a drive, by client name, across objects and processes: whoever holds a drive keeps a
 * named section open that holds the client's name; the system closes it when the process dies. A real drive
 * is locked in the system's driver as well, where the driver knows how.
 */
#include "host_room.h"

#include "openimapi/log.h"
#include "openimapi/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <winioctl.h>

/* From the public reference of the CD-ROM class driver; the headers of MinGW lack them. */
#define EXCLUSIVE_ACCESS_IOCTL                                                                               \
    CTL_CODE(FILE_DEVICE_CD_ROM, 0x0017, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)
#define EXCLUSIVE_IGNORE_VOLUME 1u
#define EXCLUSIVE_CALLER_LENGTH 64

enum exclusive_request
{
    EXCLUSIVE_QUERY_STATE,
    EXCLUSIVE_LOCK,
    EXCLUSIVE_UNLOCK,
};

struct exclusive_access
{
    ULONG request;
    ULONG flags;
};

struct exclusive_lock
{
    struct exclusive_access access;
    char caller[EXCLUSIVE_CALLER_LENGTH];
};

struct exclusive_state
{
    BOOLEAN locked;
    char caller[EXCLUSIVE_CALLER_LENGTH];
};

/* What the section holds. */
struct shared_claim
{
    WCHAR client[HOST_CLIENT_NAME_MAX + 1];
};

#define GATE_WAIT 10000                 /* milliseconds; whoever is inside leaves in microseconds */

/* Sections in "Global\" need a right that few programs have; "Local\" is then one session's. */
static const WCHAR *const scopes[] = { L"Global\\", L"Local\\" };

#define SCOPE_COUNT (sizeof(scopes) / sizeof(scopes[0]))

static void make_name(const struct host_claim *claim, size_t scope, const WCHAR *kind, WCHAR name[64])
{
    _snwprintf(name, 64, L"%ls%ls-%ls", scopes[scope], claim->key, kind);
}

void host_claim_init(struct host_claim *claim, const WCHAR *id, HANDLE device)
{
    ULONGLONG hash = 14695981039346656037u;     /* FNV-1a, 64 bits */

    for (; *id; id++) hash = (hash ^ text_upper(*id)) * 1099511628211u;
    memset(claim, 0, sizeof(*claim));
    _snwprintf(claim->key, sizeof(claim->key) / sizeof(claim->key[0]), L"openimapi-%08lx%08lx",
               (ULONG)(hash >> 32), (ULONG)hash);
    claim->device = device;
}

int host_client_name_is_valid(const WCHAR *name)
{
    int length = 0;

    for (; name && *name; name++, length++)
    {
        int good = (*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z') ||
                   (*name >= '0' && *name <= '9');

        if (!good && (*name > 0x7F || !strchr(" .,:;-_", *name))) return 0;
        if (length == HOST_CLIENT_NAME_MAX) return 0;
    }
    return length > 0;
}

/* --- the section ---------------------------------------------------------------------------------------- */

/* A handle to the section if anybody holds the drive. *unreadable: somebody does, but we may not look. */
static HANDLE find_section(const struct host_claim *claim, int *unreadable)
{
    *unreadable = 0;
    for (size_t scope = 0; scope < SCOPE_COUNT; scope++)
    {
        WCHAR name[64];
        HANDLE section;

        make_name(claim, scope, L"claim", name);
        if ((section = OpenFileMappingW(FILE_MAP_READ, FALSE, name))) return section;
        if (GetLastError() == ERROR_ACCESS_DENIED) *unreadable = 1;
    }
    return NULL;
}

static int read_client(HANDLE section, WCHAR client[HOST_CLIENT_NAME_MAX + 1])
{
    const struct shared_claim *shared = MapViewOfFile(section, FILE_MAP_READ, 0, 0, sizeof(*shared));

    if (!shared) return 0;
    memcpy(client, shared->client, sizeof(shared->client));
    client[HOST_CLIENT_NAME_MAX] = 0;
    UnmapViewOfFile(shared);
    return 1;
}

/* Makes the section with the client's name in it. Nobody else has it: the gate is closed. */
static HANDLE make_section(const struct host_claim *claim, const WCHAR *client)
{
    struct shared_claim *shared;
    HANDLE section = NULL;
    WCHAR name[64];

    for (size_t scope = 0; scope < SCOPE_COUNT && !section; scope++)
    {
        make_name(claim, scope, L"claim", name);
        section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof(*shared), name);
    }
    if (!section) return NULL;
    if (!(shared = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, sizeof(*shared))))
    {
        CloseHandle(section);
        return NULL;
    }
    lstrcpynW(shared->client, client, HOST_CLIENT_NAME_MAX + 1);
    UnmapViewOfFile(shared);
    return section;
}

/* Between looking for the section and making it nobody else may do so. */
static HANDLE close_gate(const struct host_claim *claim)
{
    HANDLE gate = NULL;
    WCHAR name[64];

    for (size_t scope = 0; scope < SCOPE_COUNT && !gate; scope++)
    {
        make_name(claim, scope, L"gate", name);
        gate = CreateMutexW(NULL, FALSE, name);
    }
    if (!gate) return NULL;
    switch (WaitForSingleObject(gate, GATE_WAIT))
    {
    case WAIT_OBJECT_0:
    case WAIT_ABANDONED: return gate;
    default: CloseHandle(gate); return NULL;
    }
}

static void open_gate(HANDLE gate)
{
    ReleaseMutex(gate);
    CloseHandle(gate);
}

/* Joins those who hold the drive under that name, or becomes the first. */
static enum oi_status take_section(struct host_claim *claim, const WCHAR *client, int *joined)
{
    WCHAR holder[HOST_CLIENT_NAME_MAX + 1];
    enum oi_status status = OI_OK;
    int unreadable;
    HANDLE gate, section;

    *joined = 0;
    if (!(gate = close_gate(claim))) return OI_TIMEOUT;
    section = find_section(claim, &unreadable);
    if (section)
    {
        *joined = 1;
        if (!read_client(section, holder) || wcscmp(holder, client)) status = OI_LOCKED;
    }
    else if (unreadable) status = OI_LOCKED;
    else if (!(section = make_section(claim, client))) status = OI_NO_MEMORY;
    open_gate(gate);
    if (status && section) CloseHandle(section);
    if (!status) claim->section = section;
    return status;
}

int host_claim_is_foreign(const struct host_claim *claim)
{
    int unreadable;
    HANDLE section;

    if (claim->count) return 0;
    if (!(section = find_section(claim, &unreadable))) return unreadable;
    CloseHandle(section);
    return 1;
}

/* --- the system's driver -------------------------------------------------------------------------------- */

static enum oi_status driver_lock(struct host_claim *claim, const WCHAR *client, int force)
{
    struct exclusive_lock lock = { { EXCLUSIVE_LOCK, force ? EXCLUSIVE_IGNORE_VOLUME : 0 }, "" };
    DWORD returned;

    if (!claim->device) return OI_OK;
    for (size_t i = 0; client[i]; i++) lock.caller[i] = (char)client[i];
    if (DeviceIoControl(claim->device, EXCLUSIVE_ACCESS_IOCTL, &lock, sizeof(lock), NULL, 0, &returned, NULL))
    {
        claim->driver_locked = 1;
        return OI_OK;
    }
    switch (GetLastError())
    {
    case ERROR_ACCESS_DENIED:           /* another program has it */
    case ERROR_BAD_COMMAND: return OI_LOCKED;   /* a volume is mounted, and force is off */
    case ERROR_INVALID_HANDLE: return OI_DEVICE_HANDLE;
    case ERROR_DEV_NOT_EXIST: return OI_DEVICE_GONE;
    case ERROR_SEM_TIMEOUT: return OI_TIMEOUT;
    default: return OI_OK;              /* a driver that does not know the request: the section does */
    }
}

static void driver_unlock(struct host_claim *claim)
{
    struct exclusive_access access = { EXCLUSIVE_UNLOCK, 0 };
    DWORD returned;

    if (!claim->driver_locked) return;
    if (!DeviceIoControl(claim->device, EXCLUSIVE_ACCESS_IOCTL, &access, sizeof(access), NULL, 0, &returned,
                         NULL))
    {
        log_error("cannot unlock the drive: Windows error %lu", GetLastError());
    }
    claim->driver_locked = 0;
}

static int driver_get_owner(const struct host_claim *claim, WCHAR client[HOST_CLIENT_NAME_MAX + 1])
{
    struct exclusive_access access = { EXCLUSIVE_QUERY_STATE, 0 };
    struct exclusive_state state = { 0 };
    DWORD returned;
    size_t i;

    if (!claim->device || !DeviceIoControl(claim->device, EXCLUSIVE_ACCESS_IOCTL, &access, sizeof(access),
                                           &state, sizeof(state), &returned, NULL))
    {
        return 0;
    }
    if (returned < sizeof(state) || !state.locked) return 0;
    for (i = 0; i < HOST_CLIENT_NAME_MAX && state.caller[i]; i++) client[i] = (BYTE)state.caller[i];
    client[i] = 0;
    return 1;
}

static void driver_set_mcn(const struct host_claim *claim, int enable)
{
    PREVENT_MEDIA_REMOVAL request = { .PreventMediaRemoval = !enable };
    DWORD returned;

    /* A system without these notifications has nothing to switch off. */
    if (claim->device)
    {
        DeviceIoControl(claim->device, IOCTL_STORAGE_MCN_CONTROL, &request, sizeof(request), NULL, 0,
                        &returned, NULL);
    }
}

/* --- both ----------------------------------------------------------------------------------------------- */

enum oi_status host_claim_acquire(struct host_claim *claim, const WCHAR *client, int force)
{
    enum oi_status status;
    int joined;

    if (!host_client_name_is_valid(client)) return OI_INVALID_ARGUMENT;
    if (claim->count)
    {
        if (wcscmp(claim->client, client)) return OI_LOCKED;
        claim->count++;
        return OI_OK;
    }
    TRY(take_section(claim, client, &joined));
    status = driver_lock(claim, client, force);
    /* The driver refuses a second handle even if it is of the same client: the first one holds for both. */
    if (status && !(joined && status == OI_LOCKED))
    {
        CloseHandle(claim->section);
        claim->section = NULL;
        return status;
    }
    lstrcpyW(claim->client, client);
    claim->count = 1;
    return OI_OK;
}

enum oi_status host_claim_release(struct host_claim *claim)
{
    if (claim->count <= (claim->job ? 1u : 0u)) return OI_INVALID_ARGUMENT;
    if (--claim->count) return OI_OK;
    driver_unlock(claim);
    CloseHandle(claim->section);
    claim->section = NULL;
    return OI_OK;
}

/* The mark is a named object that the first one makes; the system takes it away when the process dies. */
enum oi_status host_claim_begin_job(struct host_claim *claim, const WCHAR *client, int *busy)
{
    int exists = 0;

    *busy = 0;
    TRY(host_claim_acquire(claim, client, TRUE));
    for (size_t scope = 0; scope < SCOPE_COUNT && !claim->job && !exists; scope++)
    {
        HANDLE mark;
        WCHAR name[64];

        make_name(claim, scope, L"job", name);
        mark = CreateEventW(NULL, TRUE, FALSE, name);
        exists = mark ? GetLastError() == ERROR_ALREADY_EXISTS : GetLastError() == ERROR_ACCESS_DENIED;
        if (mark && exists) CloseHandle(mark);
        else claim->job = mark;
    }
    if (claim->job) return OI_OK;
    *busy = exists;
    host_claim_release(claim);
    return exists ? OI_LOCKED : OI_NO_MEMORY;
}

void host_claim_end_job(struct host_claim *claim)
{
    if (!claim->job) return;
    CloseHandle(claim->job);
    claim->job = NULL;
    host_claim_release(claim);
}

enum oi_status host_claim_get_owner(const struct host_claim *claim, WCHAR **name)
{
    WCHAR client[HOST_CLIENT_NAME_MAX + 1] = L"";
    int unreadable;
    HANDLE section = find_section(claim, &unreadable);

    if (section)
    {
        read_client(section, client);
        CloseHandle(section);
    }
    else driver_get_owner(claim, client);
    return (*name = host_copy_text(client)) ? OI_OK : OI_NO_MEMORY;
}

enum oi_status host_claim_set_mcn(struct host_claim *claim, int enable)
{
    if (enable && !claim->mcn_disabled) return OI_INVALID_ARGUMENT;
    if (enable ? !--claim->mcn_disabled : !claim->mcn_disabled++) driver_set_mcn(claim, enable);
    return OI_OK;
}

void host_claim_release_all(struct host_claim *claim)
{
    if (claim->mcn_disabled) driver_set_mcn(claim, 1);
    claim->mcn_disabled = 0;
    if (claim->job) CloseHandle(claim->job);
    claim->job = NULL;
    if (!claim->count) return;
    claim->count = 1;
    host_claim_release(claim);
}
