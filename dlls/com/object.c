/* The life of an object: creation, identity, counting, and the slots that its interface pointers point at. */
#include "com/com_room.h"

#include <objidl.h>

const IID com_iid_agile = { 0x94EA2B94, 0xE9CC, 0x49E0, { 0xC0, 0xFF, 0xEE, 0x64, 0xCA, 0x8F, 0x5B, 0x90 } };

/* While destroy runs, whatever is called back counts from here and cannot end the object a second time. */
#define DYING 0x40000000

HRESULT com_new(const struct com_class *class, void *args, struct com_object **out)
{
    size_t align = sizeof(struct com_slot) - 1, at = (class->size + align) / sizeof(struct com_slot);
    struct com_object *object;
    HRESULT hr;
    unsigned i;

    *out = NULL;
    if (!(object = calloc(at + class->iface_count, sizeof(struct com_slot)))) return E_OUTOFMEMORY;
    object->class = class;
    object->references = 1;
    object->slots = (struct com_slot *)object + at;
    InitializeSRWLock(&object->lock);
    for (i = 0; i < class->iface_count; i++)
    {
        object->slots[i].vtbl = class->ifaces[i].vtbl;
        object->slots[i].object = object;
        object->slots[i].row = &class->ifaces[i];
    }
    com_live_add();
    if (class->init && FAILED(hr = class->init(object, args)))
    {
        if (object->marshaler) IUnknown_Release(object->marshaler);
        com_events_free(object->events);
        free(object);
        com_live_remove();
        return hr;
    }
    *out = object;
    return S_OK;
}

HRESULT com_create(const struct com_class *class, void *args, REFIID iid, void **out)
{
    struct com_object *object;
    HRESULT hr;

    if (!out) return E_POINTER;
    *out = NULL;
    if (FAILED(hr = com_new(class, args, &object))) return hr;
    hr = com_QueryInterface(COM_IFACE(IUnknown, object, 0), iid, out);
    com_release(object);
    return hr;
}

ULONG com_addref(struct com_object *object)
{
    return (ULONG)InterlockedIncrement(&object->references);
}

ULONG com_release(struct com_object *object)
{
    LONG left = InterlockedDecrement(&object->references);

    if (left) return (ULONG)left;
    object->references = DYING;
    if (object->class->destroy) object->class->destroy(object);
    com_events_free(object->events);
    if (object->marshaler) IUnknown_Release(object->marshaler);
    free(object);
    com_live_remove();
    return 0;
}

BOOL com_is_dispatch(const void *vtbl)
{
    /* The fourth entry tells a vtable with IDispatch from one without; it is there in every vtable that has
       a method of its own. */
    return ((void *const *)vtbl)[3] == (void *)com_GetTypeInfoCount;
}

static HRESULT answer(struct com_object *object, unsigned row, void **out)
{
    while (!object->slots[row].vtbl) row--;
    com_addref(object);
    *out = &object->slots[row];
    return S_OK;
}

HRESULT com_marshaler(IUnknown *outer, IUnknown **kept, REFIID iid, void **out)
{
    IUnknown *made;
    HRESULT hr;

    if (!*(IUnknown *volatile *)kept)
    {
        if (FAILED(hr = CoCreateFreeThreadedMarshaler(outer, &made))) return hr;
        if (InterlockedCompareExchangePointer((void *volatile *)kept, made, NULL)) IUnknown_Release(made);
    }
    return IUnknown_QueryInterface(*kept, iid, out);
}

HRESULT STDMETHODCALLTYPE com_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    struct com_object *object = COM_OBJECT(iface);
    const struct com_class *class = object->class;
    unsigned i;

    if (!out) return E_POINTER;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &com_iid_agile)) return answer(object, 0, out);
    if (IsEqualIID(iid, &IID_IMarshal))
        return com_marshaler(COM_IFACE(IUnknown, object, 0), &object->marshaler, iid, out);
    if (IsEqualIID(iid, &IID_IProvideClassInfo) || IsEqualIID(iid, &IID_IProvideClassInfo2))
        if (!class->clsid) return E_NOINTERFACE;
    for (i = 0; i < class->iface_count; i++)
        if (IsEqualIID(iid, class->ifaces[i].iid)) return answer(object, i, out);
    if (IsEqualIID(iid, &IID_IDispatch))
        for (i = 0; i < class->iface_count; i++)
            if (class->ifaces[i].vtbl && com_is_dispatch(class->ifaces[i].vtbl))
                return answer(object, i, out);
    return E_NOINTERFACE;
}

ULONG STDMETHODCALLTYPE com_AddRef(IUnknown *iface)
{
    return com_addref(COM_OBJECT(iface));
}

ULONG STDMETHODCALLTYPE com_Release(IUnknown *iface)
{
    return com_release(COM_OBJECT(iface));
}

struct com_object *com_own_object(void *iface, const struct com_class *class)
{
    unsigned i;

    if (!iface) return NULL;
    /* Any interface pointer points at its vtable; only a slot of ours points at one of this class's, and only
       an object of the class itself has the class. */
    for (i = 0; i < class->iface_count; i++)
        if (class->ifaces[i].vtbl && *(void *const *)iface == class->ifaces[i].vtbl)
            return COM_OBJECT(iface)->class == class ? COM_OBJECT(iface) : NULL;
    return NULL;
}
