/* MsftDiscMaster2: which recorders there are at the moment, and news of those that come and go. */
#include "imapi2_room.h"

struct disc_master
{
    struct com_object base;
    struct host_watch *watch; /* runs from the time when somebody looks for a place to advise */
};

/* --- arrival and removal -------------------------------------------------------------------------------- */

/* A reference, unless the last one is gone already and the object only waits for its watch to end. */
static BOOL addref_while_alive(struct com_object *object)
{
    LONG count = object->references;

    while (count > 0)
    {
        LONG seen = InterlockedCompareExchange(&object->references, count + 1, count);

        if (seen == count) return TRUE;
        count = seen;
    }
    return FALSE;
}

/* On the watch's thread. The reference keeps the object for its sinks, which may let go of it meanwhile. */
static void disc_master_changed(void *context, int arrived, const WCHAR *id)
{
    struct disc_master *self = context;
    BSTR text;

    if (!com_has_sinks(&self->base, &IID_DDiscMaster2Events) || !addref_while_alive(&self->base)) return;
    if ((text = SysAllocString(id)))
    {
        VARIANT args[2] = { COM_ARG_DISPATCH(COM_IFACE(IDispatch, &self->base, 0)), COM_ARG_BSTR(text) };
        HRESULT initialized = CoInitializeEx(NULL, COINIT_MULTITHREADED);

        com_fire(&self->base, &IID_DDiscMaster2Events,
                 arrived ? DISPID_DDISCMASTER2EVENTS_DEVICEADDED : DISPID_DDISCMASTER2EVENTS_DEVICEREMOVED,
                 args, COM_COUNT(args));
        if (SUCCEEDED(initialized)) CoUninitialize();
        SysFreeString(text);
    }
    com_release(&self->base);
}

static void disc_master_start_watch(struct disc_master *self)
{
    struct host_watch *watch = NULL;

    com_lock(&self->base);
    watch = self->watch;
    com_unlock(&self->base);
    if (watch || host_watch_start(disc_master_changed, self, &watch)) return;
    com_lock(&self->base);
    if (!self->watch)
    {
        self->watch = watch;
        watch = NULL;
    }
    com_unlock(&self->base);
    host_watch_stop(watch); /* another thread was faster */
}

/* The kit's container, but for the moment when the first client asks: from then on drives are watched. */
static HRESULT STDMETHODCALLTYPE disc_master_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                  IEnumConnectionPoints **out)
{
    disc_master_start_watch(COM_SELF(struct disc_master, iface));
    return com_container_vtbl.EnumConnectionPoints(iface, out);
}

static HRESULT STDMETHODCALLTYPE disc_master_FindConnectionPoint(IConnectionPointContainer *iface, REFIID iid,
                                                                 IConnectionPoint **out)
{
    disc_master_start_watch(COM_SELF(struct disc_master, iface));
    return com_container_vtbl.FindConnectionPoint(iface, iid, out);
}

static const IConnectionPointContainerVtbl disc_master_container_vtbl =
{
    COM_UNKNOWN(IConnectionPointContainer),
    disc_master_EnumConnectionPoints,
    disc_master_FindConnectionPoint,
};

/* --- the list ------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE disc_master_get__NewEnum(IDiscMaster2 *iface, IEnumVARIANT **value)
{
    const WCHAR **ids;
    struct host_drives drives;
    HRESULT hr = E_OUTOFMEMORY;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (host_drives_list(&drives)) return com_fail(iface, E_OUTOFMEMORY);
    ids = CoTaskMemAlloc((drives.count + 1) * sizeof(*ids));
    if (ids)
    {
        for (size_t i = 0; i < drives.count; i++) ids[i] = drives.items[i].id;
        hr = com_enum_texts_create(ids, drives.count, value);
    }
    CoTaskMemFree(ids);
    host_drives_free(&drives);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE disc_master_get_Item(IDiscMaster2 *iface, LONG index, BSTR *value)
{
    struct host_drives drives;
    HRESULT hr;

    COM_TRACE(iface, "%ld, %p", index, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (host_drives_list(&drives)) return com_fail(iface, E_OUTOFMEMORY);
    if (index < 0 || (size_t)index >= drives.count)
        hr = imapi2_fail(iface, E_INVALIDARG, DETAIL_INDEX, COM_NUMBER(index), COM_NUMBER(drives.count));
    else
        hr = com_fail(iface, com_return_text(drives.items[index].id, value));
    host_drives_free(&drives);
    return hr;
}

static HRESULT STDMETHODCALLTYPE disc_master_get_Count(IDiscMaster2 *iface, LONG *value)
{
    struct host_drives drives;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    if (host_drives_list(&drives)) return com_fail(iface, E_OUTOFMEMORY);
    *value = (LONG)drives.count;
    host_drives_free(&drives);
    return S_OK;
}

/* True when at least one recorder can be initialized. */
static HRESULT STDMETHODCALLTYPE disc_master_get_IsSupportedEnvironment(IDiscMaster2 *iface,
                                                                        VARIANT_BOOL *value)
{
    struct host_drives drives;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    if (host_drives_list(&drives)) return com_fail(iface, E_OUTOFMEMORY);
    for (size_t i = 0; i < drives.count && !*value; i++)
        *value = com_bool(disc_recorder_try(drives.items[i].id) == OI_OK);
    host_drives_free(&drives);
    return S_OK;
}

static void disc_master_destroy(struct com_object *object)
{
    host_watch_stop(((struct disc_master *)object)->watch);
}

static const IDiscMaster2Vtbl disc_master_vtbl =
{
    COM_DISPATCH(IDiscMaster2),
    disc_master_get__NewEnum,
    disc_master_get_Item,
    disc_master_get_Count,
    disc_master_get_IsSupportedEnvironment,
};

static const struct com_iface disc_master_ifaces[] =
{
    { &IID_IDiscMaster2, &disc_master_vtbl },
    COM_STANDARD_IFACES,
    { &IID_IConnectionPointContainer, &disc_master_container_vtbl },
};

static const IID *const disc_master_events[] = { &IID_DDiscMaster2Events, NULL };

const struct com_class disc_master_class =
{
    .clsid = &CLSID_MsftDiscMaster2,
    .progid = L"IMAPI2.MsftDiscMaster2",
    .version = 1,
    .size = sizeof(struct disc_master),
    .destroy = disc_master_destroy,
    .ifaces = disc_master_ifaces,
    .iface_count = COM_COUNT(disc_master_ifaces),
    .events = disc_master_events,
};
