/* Counted pointers to clients' objects that outlive the call. Objects of ours are free-threaded, so they may
   be used from another apartment than the one a pointer came from; then it must be called through a proxy,
   which the global interface table makes. Within its own apartment the pointer itself is used. */
#include "com/com_room.h"

#include <objidl.h>
#include <string.h>

static const CLSID clsid_free_threaded = { 0x0000033A, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
static const CLSID clsid_interface_table = { 0x00000323, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* No object has it: one that answers it answers anything with itself, and must not be marshalled. */
static const IID iid_of_nothing =
    { 0x6E2C53A1, 0x0D0B, 0x4C55, { 0x9D, 0x3A, 0x51, 0x0C, 0xB2, 0x77, 0xE4, 0x18 } };

/* Thread numbers are multiples of 4. */
#define CONTEXT_NONE 0
#define CONTEXT_MULTITHREADED 1
#define CONTEXT_NEUTRAL 2

static ULONG_PTR current_context(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    if (FAILED(CoGetApartmentType(&type, &qualifier))) return CONTEXT_NONE;
    if (type == APTTYPE_MTA) return CONTEXT_MULTITHREADED;
    if (type == APTTYPE_NA) return CONTEXT_NEUTRAL;
    return GetCurrentThreadId();
}

static BOOL answers(IUnknown *unknown, REFIID iid)
{
    IUnknown *found;

    if (FAILED(IUnknown_QueryInterface(unknown, iid, (void **)&found)) || !found) return FALSE;
    IUnknown_Release(found);
    return TRUE;
}

/* May be called from any apartment, or from none but by hand. */
static BOOL is_agile(IUnknown *unknown, REFIID iid)
{
    IMarshal *marshal;
    CLSID clsid;
    HRESULT hr;

    if (answers(unknown, &iid_of_nothing) || answers(unknown, &com_iid_agile)) return TRUE;
    if (FAILED(IUnknown_QueryInterface(unknown, &IID_IMarshal, (void **)&marshal))) return FALSE;
    hr = IMarshal_GetUnmarshalClass(marshal, iid, unknown, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL, &clsid);
    IMarshal_Release(marshal);
    return SUCCEEDED(hr) && IsEqualCLSID(&clsid, &clsid_free_threaded);
}

static HRESULT interface_table(IGlobalInterfaceTable **out)
{
    return CoCreateInstance(&clsid_interface_table, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalInterfaceTable,
                            (void **)out);
}

void com_ref_set(struct com_ref *ref, void *pointer, REFIID iid)
{
    IUnknown *unknown = pointer;
    IGlobalInterfaceTable *table;

    memset(ref, 0, sizeof(*ref));
    ref->direct = unknown;
    ref->iid = *iid;
    ref->context = current_context();
    if (ref->context != CONTEXT_NONE && !is_agile(unknown, iid) && SUCCEEDED(interface_table(&table)))
    {
        if (FAILED(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, unknown, iid, &ref->cookie)))
            ref->cookie = 0;
        IGlobalInterfaceTable_Release(table);
    }
    if (!ref->cookie) IUnknown_AddRef(unknown);
}

HRESULT com_ref_get(const struct com_ref *ref, void **out)
{
    IGlobalInterfaceTable *table;
    ULONG_PTR context;
    HRESULT hr;

    *out = NULL;
    if (!ref->direct) return E_POINTER;
    /* A thread that never entered an apartment has no proxies; a client that calls from one has chosen. */
    context = ref->cookie ? current_context() : ref->context;
    if (context == ref->context || context == CONTEXT_NONE)
    {
        IUnknown_AddRef(ref->direct);
        *out = ref->direct;
        return S_OK;
    }
    if (FAILED(hr = interface_table(&table))) return hr;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, ref->cookie, &ref->iid, out);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

void com_ref_clear(struct com_ref *ref)
{
    IGlobalInterfaceTable *table;

    if (ref->cookie && SUCCEEDED(interface_table(&table)))
    {
        IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, ref->cookie);
        IGlobalInterfaceTable_Release(table);
    }
    else if (!ref->cookie && ref->direct)
        IUnknown_Release(ref->direct);
    memset(ref, 0, sizeof(*ref));
}
