/*
 * Decorator that lets commands of several threads take turns, as the queue of a system's driver does, and
 * refuses them while somebody else has exclusive access or when the virtual recorder was taken away.
 */
#include "host_room.h"

#include <stdlib.h>

#define CONFIG_PERIOD 500               /* milliseconds for which a look at the configuration is good */

struct guard
{
    struct transport base;
    struct transport *inner;
    struct host_drive *drive;
    CRITICAL_SECTION turn;
    ULONGLONG looked;                   /* when the configuration was looked at, 0 = never */
    int gone;
};

enum oi_status host_guard_look(const struct host_drive_info *info, int *gone)
{
    struct host_config config;

    *gone = 0;
    if (info->kind != HOST_DRIVE_VIRTUAL) return OI_OK;
    TRY(host_config_read(&config, HOST_QUIET));
    *gone = 1;
    for (size_t i = 0; i < config.count && *gone; i++)
    {
        WCHAR *id = host_config_make_id(&config.items[i]);

        if (id && host_same_id(id, info->id))
        {
            *gone = host_config_signature(&config.items[i]) != info->signature;
        }
        free(id);
    }
    host_config_free(&config);
    return OI_OK;
}

static int is_gone(struct guard *guard)
{
    ULONGLONG now = GetTickCount64();
    int gone;

    if (guard->looked && now - guard->looked < CONFIG_PERIOD) return guard->gone;
    if (host_guard_look(&guard->drive->info, &gone)) return guard->gone;
    guard->looked = now;
    guard->gone = gone;
    return gone;
}

static enum oi_status guard_execute(struct transport *transport, struct transport_command *command)
{
    struct guard *guard = (struct guard *)transport;
    enum oi_status status;
    int foreign;

    EnterCriticalSection(&guard->turn);
    EnterCriticalSection(&guard->drive->lock);
    foreign = host_claim_is_foreign(&guard->drive->claim);
    LeaveCriticalSection(&guard->drive->lock);
    if (is_gone(guard)) status = OI_DEVICE_GONE;
    else if (foreign) status = OI_LOCKED;
    else status = transport_execute(guard->inner, command);
    LeaveCriticalSection(&guard->turn);
    return status;
}

void host_guard_enter(struct transport *guard)
{
    EnterCriticalSection(&((struct guard *)guard)->turn);
}

void host_guard_leave(struct transport *guard)
{
    LeaveCriticalSection(&((struct guard *)guard)->turn);
}

static void guard_close(struct transport *transport)
{
    struct guard *guard = (struct guard *)transport;

    transport_close(guard->inner);
    DeleteCriticalSection(&guard->turn);
    free(guard);
}

static const struct transport_ops guard_ops = { guard_execute, guard_close };

enum oi_status host_guard_create(struct transport *inner, struct host_drive *drive, struct transport **out)
{
    struct guard *guard = calloc(1, sizeof(*guard));

    if (!guard)
    {
        transport_close(inner);
        return OI_NO_MEMORY;
    }
    guard->base = *inner;
    guard->base.ops = &guard_ops;
    guard->inner = inner;
    guard->drive = drive;
    InitializeCriticalSection(&guard->turn);
    *out = &guard->base;
    return OI_OK;
}
