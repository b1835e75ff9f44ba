/* What the system asks of a DLL that serves COM classes: the five entry points, and the class factory. */
#include "com/com_room.h"

#include <olectl.h>

static HMODULE module;
static LONG live;

HMODULE com_module(void)
{
    return module;
}

LONG com_live_count(void)
{
    return live;
}

void com_live_add(void)
{
    InterlockedIncrement(&live);
}

void com_live_remove(void)
{
    InterlockedDecrement(&live);
}

/* --- class factory -------------------------------------------------------------------------------------- */

struct factory
{
    struct com_object base;
    const struct com_class *makes;
};

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID iid,
                                                        void **out)
{
    if (!out) return E_POINTER;
    *out = NULL;
    if (outer) return CLASS_E_NOAGGREGATION;
    return com_create(COM_SELF(struct factory, iface)->makes, NULL, iid, out);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    if (lock) com_live_add();
    else com_live_remove();
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl =
{
    COM_UNKNOWN(IClassFactory),
    factory_CreateInstance,
    factory_LockServer,
};

static HRESULT factory_init(struct com_object *object, void *args)
{
    ((struct factory *)object)->makes = args;
    return S_OK;
}

static const struct com_iface factory_ifaces[] = { { &IID_IClassFactory, &factory_vtbl } };

static const struct com_class factory_class =
{
    .noncreatable = TRUE, .size = sizeof(struct factory), .init = factory_init,
    .ifaces = factory_ifaces, .iface_count = COM_COUNT(factory_ifaces),
};

/* --- entry points --------------------------------------------------------------------------------------- */

HRESULT WINAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    const struct com_class *const *class;

    if (!out) return E_POINTER;
    *out = NULL;
    for (class = com_dll.classes; *class; class++)
        if (!(*class)->noncreatable && IsEqualCLSID((*class)->clsid, clsid))
            return com_create(&factory_class, (void *)(ULONG_PTR)*class, iid, out);
    return CLASS_E_CLASSNOTAVAILABLE;
}

HRESULT WINAPI DllCanUnloadNow(void)
{
    return live ? S_FALSE : S_OK;
}

HRESULT WINAPI DllRegisterServer(void)
{
    return com_register();
}

HRESULT WINAPI DllUnregisterServer(void)
{
    return com_unregister();
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    if (reason == DLL_PROCESS_ATTACH)
    {
        module = instance;
        DisableThreadLibraryCalls(instance);
    }
    /* At the end of the process (reserved set) the type library's own DLL may have gone first. */
    else if (reason == DLL_PROCESS_DETACH && !reserved)
        com_types_release();
    return TRUE;
}
