/* The multi-session object of sessions.h. */
#include "../sessions.h"

static struct test_session *from_iface(IMultisessionSequential *iface)
{
    return CONTAINING_RECORD(iface, struct test_session, iface);
}

static HRESULT STDMETHODCALLTYPE session_QueryInterface(IMultisessionSequential *iface, REFIID iid,
                                                        void **out)
{
    struct test_session *session = from_iface(iface);
    BOOL known = IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch) ||
                 IsEqualGUID(iid, &IID_IMultisession) ||
                 (session->kind == TEST_SESSION_SEQUENTIAL && IsEqualGUID(iid, &IID_IMultisessionSequential));

    *out = known ? iface : NULL;
    if (known) IMultisessionSequential_AddRef(iface);
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE session_AddRef(IMultisessionSequential *iface)
{
    return (ULONG)InterlockedIncrement(&from_iface(iface)->references);
}

static ULONG STDMETHODCALLTYPE session_Release(IMultisessionSequential *iface)
{
    return (ULONG)InterlockedDecrement(&from_iface(iface)->references);
}

static HRESULT STDMETHODCALLTYPE session_get_IsSupported(IMultisessionSequential *iface, VARIANT_BOOL *value)
{
    *value = from_iface(iface)->supported;
    return from_iface(iface)->supported_result;
}

static HRESULT STDMETHODCALLTYPE session_put_InUse(IMultisessionSequential *iface, VARIANT_BOOL value)
{
    from_iface(iface)->in_use = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE session_get_InUse(IMultisessionSequential *iface, VARIANT_BOOL *value)
{
    *value = from_iface(iface)->in_use;
    return from_iface(iface)->in_use_result;
}

static HRESULT STDMETHODCALLTYPE session_get_ImportRecorder(IMultisessionSequential *iface,
                                                            IDiscRecorder2 **value)
{
    struct test_session *session = from_iface(iface);

    *value = FAILED(session->recorder_result) ? NULL : session->recorder;
    if (*value) IDiscRecorder2_AddRef(*value);
    return session->recorder_result;
}

static HRESULT STDMETHODCALLTYPE session_get_IsFirst(IMultisessionSequential *iface, VARIANT_BOOL *value)
{
    *value = from_iface(iface)->first;
    return from_iface(iface)->address_result;
}

static HRESULT STDMETHODCALLTYPE session_get_Start(IMultisessionSequential *iface, LONG *value)
{
    *value = from_iface(iface)->start;
    return from_iface(iface)->address_result;
}

static HRESULT STDMETHODCALLTYPE session_get_Last(IMultisessionSequential *iface, LONG *value)
{
    *value = from_iface(iface)->last;
    return from_iface(iface)->last_result;
}

static HRESULT STDMETHODCALLTYPE session_get_Next(IMultisessionSequential *iface, LONG *value)
{
    *value = from_iface(iface)->next;
    return from_iface(iface)->address_result;
}

static HRESULT STDMETHODCALLTYPE session_get_Free(IMultisessionSequential *iface, LONG *value)
{
    *value = from_iface(iface)->total_free;
    return from_iface(iface)->address_result;
}

/* Nobody calls these by name. */
static const IMultisessionSequentialVtbl session_vtbl =
{
    .QueryInterface = session_QueryInterface,
    .AddRef = session_AddRef,
    .Release = session_Release,
    .get_IsSupportedOnCurrentMediaState = session_get_IsSupported,
    .put_InUse = session_put_InUse,
    .get_InUse = session_get_InUse,
    .get_ImportRecorder = session_get_ImportRecorder,
    .get_IsFirstDataSession = session_get_IsFirst,
    .get_StartAddressOfPreviousSession = session_get_Start,
    .get_LastWrittenAddressOfPreviousSession = session_get_Last,
    .get_NextWritableAddress = session_get_Next,
    .get_FreeSectorsOnMedia = session_get_Free,
};

void test_session_init(struct test_session *session, IDiscRecorder2 *recorder, LONG last)
{
    *session = (struct test_session){
        .iface = { (IMultisessionSequentialVtbl *)&session_vtbl },
        .references = 1,
        .recorder = recorder,
        .supported = VARIANT_TRUE,
        .last = last,
        .next = last + 16,
        .total_free = 1000000,
    };
}

SAFEARRAY *test_array(void *const *objects, ULONG count)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, count);
    VARIANT *elements;

    SafeArrayAccessData(array, (void **)&elements);
    for (ULONG i = 0; i < count; i++)
    {
        V_VT(&elements[i]) = VT_DISPATCH;
        V_DISPATCH(&elements[i]) = objects[i];
        IDispatch_AddRef((IDispatch *)objects[i]);
    }
    SafeArrayUnaccessData(array);
    return array;
}
