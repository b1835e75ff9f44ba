/*
 * Arrival and removal of drives: a thread that compares snapshots, once a second and whenever the system
 * announces a device. Each watch has its own thread, which keeps this module loaded until it has ended.
 */
#include "host_room.h"

#include "openimapi/log.h"

#include <dbt.h>
#include <objbase.h>
#include <stdlib.h>

#define PERIOD 1000                     /* milliseconds */

struct host_watch
{
    host_changed *changed;
    void *context;
    struct host_drives drives;          /* as it was told last */
    HMODULE module;                     /* held by the thread */
    HANDLE thread, stop;
    DWORD thread_id;
    int orphan;                         /* stopped from within a call: the thread frees the watch */
};

static const struct host_drive_info *find(const struct host_drives *drives,
                                          const struct host_drive_info *wanted)
{
    for (size_t i = 0; i < drives->count; i++)
    {
        const struct host_drive_info *info = &drives->items[i];

        if (host_same_id(info->id, wanted->id) && info->signature == wanted->signature) return info;
    }
    return NULL;
}

static int is_stopped(const struct host_watch *watch)
{
    return WaitForSingleObject(watch->stop, 0) == WAIT_OBJECT_0;
}

/* Tells of everything in one list that is not in the other. */
static void tell(struct host_watch *watch, const struct host_drives *in, const struct host_drives *not_in,
                 int arrived)
{
    for (size_t i = 0; i < in->count && !is_stopped(watch); i++)
    {
        if (!find(not_in, &in->items[i])) watch->changed(watch->context, arrived, in->items[i].id);
    }
}

static void compare(struct host_watch *watch)
{
    struct host_drives now, before = watch->drives;

    if (host_drives_look(&now, HOST_QUIET)) return;
    /* Before the calls, so that one that changes the drives is no reason to tell twice. */
    watch->drives = now;
    tell(watch, &before, &now, 0);
    tell(watch, &now, &before, 1);
    host_drives_free(&before);
}

/* --- announcements of the system ------------------------------------------------------------------------ */

static const GUID cdrom_class =
{
    0x53f56308, 0xb6bf, 0x11d0, { 0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b },
};

struct listener
{
    HWND window;
    HDEVNOTIFY notification;
};

/* A window that gets WM_DEVICECHANGE; without one the period alone has to do. Any message wakes the thread,
   so that the window need not do anything. */
static void start_listening(struct listener *listener)
{
    DEV_BROADCAST_DEVICEINTERFACE_W filter = { .dbcc_size = sizeof(filter),
                                               .dbcc_devicetype = DBT_DEVTYP_DEVICEINTERFACE,
                                               .dbcc_classguid = cdrom_class };

    listener->notification = NULL;
    listener->window = CreateWindowExW(0, L"STATIC", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    if (listener->window)
    {
        listener->notification =
            RegisterDeviceNotificationW(listener->window, &filter, DEVICE_NOTIFY_WINDOW_HANDLE);
    }
}

static void stop_listening(const struct listener *listener)
{
    if (listener->notification) UnregisterDeviceNotification(listener->notification);
    if (listener->window) DestroyWindow(listener->window);
}

/* --- the thread ----------------------------------------------------------------------------------------- */

static void free_watch(struct host_watch *watch)
{
    host_drives_free(&watch->drives);
    if (watch->stop) CloseHandle(watch->stop);
    if (watch->thread) CloseHandle(watch->thread);
    free(watch);
}

static DWORD WINAPI run(void *context)
{
    struct host_watch *watch = context;
    HMODULE module = watch->module;
    struct listener listener;
    MSG message;

    start_listening(&listener);
    while (MsgWaitForMultipleObjects(1, &watch->stop, FALSE, PERIOD, QS_ALLINPUT) != WAIT_OBJECT_0)
    {
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
        compare(watch);
    }
    stop_listening(&listener);
    if (watch->orphan) free_watch(watch);
    FreeLibraryAndExitThread(module, 0);
}

enum oi_status host_watch_start(host_changed *changed, void *context, struct host_watch **out)
{
    struct host_watch *watch = calloc(1, sizeof(*watch));
    enum oi_status status;

    if (!watch) return OI_NO_MEMORY;
    watch->changed = changed;
    watch->context = context;
    status = host_drives_look(&watch->drives, HOST_QUIET);
    if (!status && !(watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL))) status = OI_NO_MEMORY;
    if (!status && !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)(ULONG_PTR)run,
                                       &watch->module))
    {
        status = OI_IO;
    }
    if (!status && !(watch->thread = CreateThread(NULL, 0, run, watch, 0, &watch->thread_id)))
    {
        FreeLibrary(watch->module);
        status = OI_NO_MEMORY;
    }
    if (status)
    {
        log_error("drives are not watched: %s", status_text(status));
        free_watch(watch);
        return status;
    }
    *out = watch;
    return OI_OK;
}

void host_watch_stop(struct host_watch *watch)
{
    DWORD index;

    if (!watch) return;
    if (GetCurrentThreadId() == watch->thread_id)
    {
        watch->orphan = 1;
        SetEvent(watch->stop);
        return;
    }
    SetEvent(watch->stop);
    /* The thread may be in a call that comes back to this apartment: its messages have to go on meanwhile. */
    if (FAILED(CoWaitForMultipleHandles(0, INFINITE, 1, &watch->thread, &index)))
    {
        WaitForSingleObject(watch->thread, INFINITE);
    }
    free_watch(watch);
}
