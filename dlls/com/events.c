/* Connection points: who listens to an object, and calling them. */
#include "com/com_room.h"
#include "com/values.h"

#include <olectl.h>
#include <string.h>

/* Counted on its own, so that a call can outlive Unadvise. */
struct sink
{
    LONG references;
    LONG gone;                          /* unadvised: not called any more */
    DWORD cookie;
    struct com_ref ref;
};

/* One outgoing interface. A part of its object for life and counting, with an identity of its own. */
struct point
{
    const IConnectionPointVtbl *vtbl;
    struct com_object *owner;
    const IID *event;
    IUnknown *marshaler;
    struct sink **sinks;
    size_t count, capacity;
};

struct com_events
{
    SRWLOCK lock;                       /* of all the points */
    DWORD last_cookie;
    size_t count;
    struct point points[];
};

static const IConnectionPointVtbl point_vtbl;

/* --- sinks ---------------------------------------------------------------------------------------------- */

static void sink_release(struct sink *sink)
{
    if (InterlockedDecrement(&sink->references)) return;
    com_ref_clear(&sink->ref);
    free(sink);
}

/* The event interface where the sink has it, for one object may listen to several; else IDispatch, which is
   all that is ever called. */
static HRESULT sink_create(IUnknown *client, const IID *event, struct sink **out)
{
    IUnknown *found;
    const IID *iid = event;

    if (!(*out = calloc(1, sizeof(**out)))) return E_OUTOFMEMORY;
    if (FAILED(IUnknown_QueryInterface(client, iid, (void **)&found)) &&
        FAILED(IUnknown_QueryInterface(client, iid = &IID_IDispatch, (void **)&found)))
    {
        free(*out);
        *out = NULL;
        return CONNECT_E_CANNOTCONNECT;
    }
    (*out)->references = 1;
    com_ref_set(&(*out)->ref, found, iid);
    IUnknown_Release(found);
    return S_OK;
}

/* The sinks of now, each counted, in a list to be freed (NULL when there are none). E_OUTOFMEMORY. */
static HRESULT copy_sinks(struct com_events *events, struct point *point, struct sink ***out, size_t *count)
{
    HRESULT hr = S_OK;
    size_t i;

    *out = NULL;
    AcquireSRWLockShared(&events->lock);
    *count = point->count;
    if (*count && !(*out = malloc(*count * sizeof(**out))))
    {
        *count = 0;
        hr = E_OUTOFMEMORY;
    }
    for (i = 0; i < *count; i++)
    {
        (*out)[i] = point->sinks[i];
        InterlockedIncrement(&point->sinks[i]->references);
    }
    ReleaseSRWLockShared(&events->lock);
    return hr;
}

/* --- IConnectionPoint ----------------------------------------------------------------------------------- */

static struct point *from_point(IConnectionPoint *iface)
{
    return (struct point *)iface;
}

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *iface, REFIID iid, void **out)
{
    if (!out) return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return com_marshaler((IUnknown *)iface, &from_point(iface)->marshaler, iid, out);
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IConnectionPoint)) return E_NOINTERFACE;
    *out = iface;
    com_addref(from_point(iface)->owner);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    return com_addref(from_point(iface)->owner);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    return com_release(from_point(iface)->owner);
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (!iid) return E_POINTER;
    *iid = *from_point(iface)->event;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionPointContainer(IConnectionPoint *iface,
                                                                   IConnectionPointContainer **out)
{
    if (!out) return E_POINTER;
    return com_QueryInterface(COM_IFACE(IUnknown, from_point(iface)->owner, 0),
                              &IID_IConnectionPointContainer, (void **)out);
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *client, DWORD *cookie)
{
    struct point *point = from_point(iface);
    struct com_events *events = point->owner->events;
    struct sink *sink, **more;
    HRESULT hr = S_OK;
    size_t capacity;

    if (!cookie) return E_POINTER;
    *cookie = 0;
    if (!client) return E_POINTER;
    if (FAILED(hr = sink_create(client, point->event, &sink))) return hr;

    AcquireSRWLockExclusive(&events->lock);
    if (point->count == point->capacity)
    {
        capacity = point->capacity ? point->capacity * 2 : 4;
        if ((more = realloc(point->sinks, capacity * sizeof(*more))))
        {
            point->sinks = more;
            point->capacity = capacity;
        }
        else
            hr = E_OUTOFMEMORY;
    }
    if (SUCCEEDED(hr))
    {
        sink->cookie = *cookie = ++events->last_cookie;
        point->sinks[point->count++] = sink;
    }
    ReleaseSRWLockExclusive(&events->lock);
    if (FAILED(hr)) sink_release(sink);
    return hr;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct point *point = from_point(iface);
    struct com_events *events = point->owner->events;
    struct sink *sink = NULL;
    size_t i;

    AcquireSRWLockExclusive(&events->lock);
    for (i = 0; i < point->count && !sink; i++)
        if (point->sinks[i]->cookie == cookie)
        {
            sink = point->sinks[i];
            memmove(&point->sinks[i], &point->sinks[i + 1], (--point->count - i) * sizeof(*point->sinks));
        }
    ReleaseSRWLockExclusive(&events->lock);
    if (!sink) return CONNECT_E_NOCONNECTION;
    InterlockedExchange(&sink->gone, 1);
    sink_release(sink);
    return S_OK;
}

static HRESULT connection_copy(void *to, const void *from)
{
    *(CONNECTDATA *)to = *(const CONNECTDATA *)from;
    IUnknown_AddRef(((const CONNECTDATA *)from)->pUnk);
    return S_OK;
}

static void connection_clear(void *element)
{
    CONNECTDATA *connection = element;

    if (connection->pUnk) IUnknown_Release(connection->pUnk);
    memset(connection, 0, sizeof(*connection));
}

static const struct com_enum_ops connection_ops =
{
    .size = sizeof(CONNECTDATA), .copy = connection_copy, .clear = connection_clear,
};

COM_ENUM_CLASS(enum_connections_class, NULL, &IID_IEnumConnections);

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface, IEnumConnections **out)
{
    struct point *point = from_point(iface);
    struct sink **sinks;
    CONNECTDATA *list;
    size_t count, i, used = 0;
    HRESULT hr;

    if (!out) return E_POINTER;
    *out = NULL;
    if (FAILED(hr = copy_sinks(point->owner->events, point, &sinks, &count))) return hr;
    list = calloc(count ? count : 1, sizeof(*list));
    for (i = 0; i < count; i++)
    {
        if (list && SUCCEEDED(com_ref_get(&sinks[i]->ref, (void **)&list[used].pUnk)))
            list[used++].dwCookie = sinks[i]->cookie;
        sink_release(sinks[i]);
    }
    free(sinks);
    if (!list) hr = E_OUTOFMEMORY;
    else hr = com_enum_make(&enum_connections_class, &connection_ops, list, used, (void **)out);
    while (used) connection_clear(&list[--used]);
    free(list);
    return hr;
}

static const IConnectionPointVtbl point_vtbl =
{
    point_QueryInterface,
    point_AddRef,
    point_Release,
    point_GetConnectionInterface,
    point_GetConnectionPointContainer,
    point_Advise,
    point_Unadvise,
    point_EnumConnections,
};

/* --- the points of an object ---------------------------------------------------------------------------- */

void com_events_free(struct com_events *events)
{
    size_t i, k;

    if (!events) return;
    for (i = 0; i < events->count; i++)
    {
        for (k = 0; k < events->points[i].count; k++) sink_release(events->points[i].sinks[k]);
        free(events->points[i].sinks);
        if (events->points[i].marshaler) IUnknown_Release(events->points[i].marshaler);
    }
    free(events);
}

/* Made when first asked for. NULL when memory is out. */
static struct com_events *object_events(struct com_object *object)
{
    const IID *const *iids = object->class->events;
    struct com_events *events = *(struct com_events *volatile *)&object->events, *first;
    size_t count = 0, i;

    if (events) return events;
    while (iids && iids[count]) count++;
    if (!(events = calloc(1, sizeof(*events) + count * sizeof(events->points[0])))) return NULL;
    InitializeSRWLock(&events->lock);
    events->count = count;
    for (i = 0; i < count; i++)
    {
        events->points[i].vtbl = &point_vtbl;
        events->points[i].owner = object;
        events->points[i].event = iids[i];
    }
    first = InterlockedCompareExchangePointer((void *volatile *)&object->events, events, NULL);
    if (!first) return events;
    free(events);
    return first;
}

static struct point *find_point(struct com_events *events, REFIID event)
{
    size_t i;

    for (i = 0; i < events->count; i++)
        if (IsEqualIID(events->points[i].event, event)) return &events->points[i];
    return NULL;
}

COM_ENUM_CLASS(enum_points_class, NULL, &IID_IEnumConnectionPoints);

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                IEnumConnectionPoints **out)
{
    struct com_events *events;
    void **points;
    HRESULT hr;
    size_t i;

    if (!out) return E_POINTER;
    *out = NULL;
    if (!(events = object_events(COM_OBJECT(iface)))) return E_OUTOFMEMORY;
    if (!(points = calloc(events->count + 1, sizeof(*points)))) return E_OUTOFMEMORY;
    for (i = 0; i < events->count; i++) points[i] = &events->points[i];
    hr = com_enum_create(&enum_points_class, points, events->count, (void **)out);
    free(points);
    return hr;
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *iface, REFIID event,
                                                               IConnectionPoint **out)
{
    struct com_events *events;
    struct point *point;

    if (!out) return E_POINTER;
    *out = NULL;
    if (!(events = object_events(COM_OBJECT(iface)))) return E_OUTOFMEMORY;
    if (!(point = find_point(events, event))) return CONNECT_E_NOCONNECTION;
    com_addref(COM_OBJECT(iface));
    *out = (IConnectionPoint *)point;
    return S_OK;
}

const IConnectionPointContainerVtbl com_container_vtbl =
{
    COM_UNKNOWN(IConnectionPointContainer),
    container_EnumConnectionPoints,
    container_FindConnectionPoint,
};

/* --- calling -------------------------------------------------------------------------------------------- */

BOOL com_has_sinks(struct com_object *object, const IID *event)
{
    struct com_events *events = *(struct com_events *volatile *)&object->events;
    struct point *point = events ? find_point(events, event) : NULL;
    BOOL some;

    if (!point) return FALSE;
    AcquireSRWLockShared(&events->lock);
    some = point->count > 0;
    ReleaseSRWLockShared(&events->lock);
    return some;
}

/* The sink after that cookie, counted, of those that came up to the last one; NULL when there is none. They
   stand in the order of their cookies, so a walk needs no list of its own, and no memory. */
static struct sink *next_sink(struct com_events *events, const struct point *point, DWORD after, DWORD last)
{
    struct sink *found = NULL;
    size_t i;

    AcquireSRWLockShared(&events->lock);
    for (i = 0; i < point->count && !found; i++)
        if (point->sinks[i]->cookie > after) found = point->sinks[i];
    if (found && found->cookie > last) found = NULL;
    if (found) InterlockedIncrement(&found->references);
    ReleaseSRWLockShared(&events->lock);
    return found;
}

static void call_sink(struct sink *sink, DISPID id, VARIANT *reversed, unsigned count)
{
    DISPPARAMS params = { .rgvarg = reversed, .cArgs = count };
    IDispatch *dispatch;
    VARIANT result;

    /* The event interface is a dispinterface, so its first seven methods are those of IDispatch. */
    if (FAILED(com_ref_get(&sink->ref, (void **)&dispatch))) return;
    VariantInit(&result);
    IDispatch_Invoke(dispatch, id, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD, &params, &result, NULL,
                     NULL);
    VariantClear(&result);
    IDispatch_Release(dispatch);
}

void com_fire(struct com_object *object, const IID *event, DISPID id, const VARIANT *args, unsigned count)
{
    struct com_events *events = *(struct com_events *volatile *)&object->events;
    struct point *point = events ? find_point(events, event) : NULL;
    VARIANT reversed[16];
    struct sink *sink;
    DWORD last;
    unsigned i;

    if (!point || count > COM_COUNT(reversed)) return;
    AcquireSRWLockShared(&events->lock);
    last = events->last_cookie;
    ReleaseSRWLockShared(&events->lock);
    for (sink = next_sink(events, point, 0, last); sink;)
    {
        DWORD cookie = sink->cookie;

        /* Afresh for each: a sink may write to what it was given. */
        for (i = 0; i < count; i++) reversed[i] = args[count - 1 - i];
        if (!sink->gone) call_sink(sink, id, reversed, count);
        sink_release(sink);
        sink = next_sink(events, point, cookie, last);
    }
}
