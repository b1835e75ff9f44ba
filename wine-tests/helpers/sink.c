/* The recording sink of com_test.h, and connecting it. */
#include "../com_test.h"

#include <string.h>

static struct test_sink *from_iface(IDispatch *iface)
{
    return CONTAINING_RECORD(iface, struct test_sink, iface);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    struct test_sink *sink = from_iface(iface);
    int known = IsEqualGUID(iid, &IID_IUnknown) || (IsEqualGUID(iid, &IID_IDispatch) && !sink->no_dispatch) ||
                (sink->event && IsEqualGUID(iid, sink->event));

    *out = known ? iface : NULL;
    if (known) IDispatch_AddRef(iface);
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IDispatch *iface)
{
    return (ULONG)InterlockedIncrement(&from_iface(iface)->references);
}

static ULONG STDMETHODCALLTYPE sink_Release(IDispatch *iface)
{
    return (ULONG)InterlockedDecrement(&from_iface(iface)->references);
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)iface, (void)index, (void)lcid;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names, UINT count,
                                                    LCID lcid, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)count, (void)lcid, (void)ids;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE sink_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                             UINT *bad)
{
    struct test_sink *sink = from_iface(iface);
    struct test_call spare, *call = &spare;
    LONG index = InterlockedIncrement(&sink->total) - 1;
    HRESULT hr;
    UINT i;

    (void)iid, (void)lcid, (void)result, (void)exception, (void)bad;
    if (index < TEST_SINK_CALLS) call = &sink->calls[index];
    memset(call, 0, sizeof(*call));
    call->id = id;
    call->flags = flags;
    call->count = params->cArgs;
    call->thread = GetCurrentThreadId();
    for (i = 0; i < params->cArgs && i < TEST_SINK_ARGS; i++)
        VariantCopy(&call->args[i], &params->rgvarg[params->cArgs - 1 - i]);
    hr = sink->on_call ? sink->on_call(sink, call) : sink->result;
    if (call == &spare)
        for (i = 0; i < TEST_SINK_ARGS; i++) VariantClear(&spare.args[i]);
    return hr;
}

static IDispatchVtbl sink_vtbl =
{
    sink_QueryInterface,
    sink_AddRef,
    sink_Release,
    sink_GetTypeInfoCount,
    sink_GetTypeInfo,
    sink_GetIDsOfNames,
    sink_Invoke,
};

void test_sink_init(struct test_sink *sink)
{
    sink->iface.lpVtbl = &sink_vtbl;
    sink->references = 1;
}

void test_sink_clear(struct test_sink *sink)
{
    LONG i;
    UINT k;

    for (i = 0; i < sink->total && i < TEST_SINK_CALLS; i++)
        for (k = 0; k < TEST_SINK_ARGS; k++) VariantClear(&sink->calls[i].args[k]);
    sink->total = 0;
}

static HRESULT find_point(void *object, REFIID event, IConnectionPoint **point)
{
    IConnectionPointContainer *container;
    HRESULT hr;

    *point = NULL;
    hr = IUnknown_QueryInterface((IUnknown *)object, &IID_IConnectionPointContainer, (void **)&container);
    if (FAILED(hr)) return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, event, point);
    IConnectionPointContainer_Release(container);
    return hr;
}

HRESULT test_advise(void *object, REFIID event, void *sink, DWORD *cookie)
{
    IConnectionPoint *point;
    HRESULT hr;

    *cookie = 0;
    if (FAILED(hr = find_point(object, event, &point))) return hr;
    hr = IConnectionPoint_Advise(point, (IUnknown *)sink, cookie);
    IConnectionPoint_Release(point);
    return hr;
}

HRESULT test_unadvise(void *object, REFIID event, DWORD cookie)
{
    IConnectionPoint *point;
    HRESULT hr;

    if (FAILED(hr = find_point(object, event, &point))) return hr;
    hr = IConnectionPoint_Unadvise(point, cookie);
    IConnectionPoint_Release(point);
    return hr;
}
