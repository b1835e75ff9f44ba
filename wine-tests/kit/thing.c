/* KitThing: a dual interface with members of every type that the real ones use, a second one, events. */
#include "kit_room.h"

#include <stdlib.h>
#include <string.h>

struct thing
{
    struct com_object base;
    LONG number;
    BSTR text;
    VARIANT_BOOL flag;
    LONGLONG big;
    ULONG unsigned_number;
    KitKind kind;
    IKitThing *partner;
    struct com_ref stream;
    void **items;
    size_t item_count;
    DATE when;
};

static struct thing *self_of(IKitThing *iface)
{
    return COM_SELF(struct thing, iface);
}

/* --- IKitBase ------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE thing_get_Number(IKitThing *iface, LONG *value)
{
    COM_TRACE(iface, "%p", (void *)value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = self_of(iface)->number;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_put_Number(IKitThing *iface, LONG value)
{
    COM_TRACE(iface, "%ld", value);
    self_of(iface)->number = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_Double(IKitThing *iface, LONG *value)
{
    COM_ENTER(iface);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 2 * self_of(iface)->number;
    return S_OK;
}

/* --- a list --------------------------------------------------------------------------------------------- */

static const WCHAR *const list[] = { L"one", L"two", L"three" };

static HRESULT STDMETHODCALLTYPE thing_get__NewEnum(IKitThing *iface, IEnumVARIANT **value)
{
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_enum_texts_create(list, COM_COUNT(list), value));
}

static HRESULT STDMETHODCALLTYPE thing_get_Item(IKitThing *iface, LONG index, BSTR *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (index < 0 || (size_t)index >= COM_COUNT(list)) return com_fail(iface, E_INVALIDARG);
    return com_return_text(list[index], value);
}

static HRESULT STDMETHODCALLTYPE thing_get_Count(IKitThing *iface, LONG *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    *value = COM_COUNT(list);
    return S_OK;
}

/* --- values --------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE thing_get_Text(IKitThing *iface, BSTR *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    return com_return_text(self_of(iface)->text, value);
}

static HRESULT STDMETHODCALLTYPE thing_put_Text(IKitThing *iface, BSTR value)
{
    BSTR copy = SysAllocString(value ? value : L"");

    COM_TRACE(iface, "%s", com_trace_text(value));
    if (!copy) return com_fail(iface, E_OUTOFMEMORY);
    SysFreeString(self_of(iface)->text);
    self_of(iface)->text = copy;
    return S_OK;
}

#define VALUE(name, type, field)                                                                             \
    static HRESULT STDMETHODCALLTYPE thing_get_##name(IKitThing *iface, type *value)                         \
    {                                                                                                        \
        if (!value) return com_fail(iface, E_POINTER);                                                       \
        *value = self_of(iface)->field;                                                                      \
        return S_OK;                                                                                         \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE thing_put_##name(IKitThing *iface, type value)                          \
    {                                                                                                        \
        self_of(iface)->field = value;                                                                       \
        return S_OK;                                                                                         \
    }

VALUE(Flag, VARIANT_BOOL, flag)
VALUE(Big, LONGLONG, big)
VALUE(Unsigned, ULONG, unsigned_number)
VALUE(Kind, KitKind, kind)
VALUE(When, DATE, when)

/* --- objects and arrays --------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE thing_get_Partner(IKitThing *iface, IKitThing **value)
{
    if (!value) return com_fail(iface, E_POINTER);
    return com_return_object(self_of(iface)->partner, value);
}

static HRESULT STDMETHODCALLTYPE thing_put_Partner(IKitThing *iface, IKitThing *value)
{
    struct thing *self = self_of(iface);

    if (value) IKitThing_AddRef(value);
    if (self->partner) IKitThing_Release(self->partner);
    self->partner = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_get_Stream(IKitThing *iface, IStream **value)
{
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!self_of(iface)->stream.direct) return S_OK;
    return com_forward(iface, com_ref_get(&self_of(iface)->stream, (void **)value));
}

static HRESULT STDMETHODCALLTYPE thing_put_Stream(IKitThing *iface, IStream *value)
{
    com_ref_clear(&self_of(iface)->stream);
    if (value) com_ref_set(&self_of(iface)->stream, value, &IID_IStream);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_get_Items(IKitThing *iface, SAFEARRAY **value)
{
    struct thing *self = self_of(iface);

    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_array_of_objects(self->items, self->item_count, value));
}

static HRESULT STDMETHODCALLTYPE thing_put_Items(IKitThing *iface, SAFEARRAY *value)
{
    struct thing *self = self_of(iface);
    size_t count;
    void **items;
    HRESULT hr;

    hr = com_array_read_objects(value, &IID_IKitBase, &items, &count);
    if (FAILED(hr)) return com_fail(iface, hr);
    com_free_objects(self->items, self->item_count);
    self->items = items;
    self->item_count = count;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_get_Plain(IKitThing *iface, IUnknown **value)
{
    if (!value) return com_fail(iface, E_POINTER);
    return IKitThing_QueryInterface(iface, &IID_IKitPlain, (void **)value);
}

/* --- methods -------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE thing_Add(IKitThing *iface, LONG first, LONG second, LONG *sum)
{
    if (!sum) return com_fail(iface, E_POINTER);
    *sum = first + 10 * second;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_StreamSize(IKitThing *iface, IStream *data, LONG *size)
{
    STATSTG stat;
    HRESULT hr;

    if (!size) return com_fail(iface, E_POINTER);
    *size = 0;
    if (!data) return com_fail(iface, E_POINTER);
    hr = IStream_Stat(data, &stat, STATFLAG_NONAME);
    if (SUCCEEDED(hr)) *size = (LONG)stat.cbSize.QuadPart;
    return com_forward(iface, hr);
}

static HRESULT STDMETHODCALLTYPE thing_Fail(IKitThing *iface, LONG code)
{
    return com_fail(iface, code);
}

static HRESULT STDMETHODCALLTYPE thing_FailWith(IKitThing *iface, BSTR path, LONGLONG number, LONG cause)
{
    if (cause) return com_fail_cause(iface, KIT_E_CAUSE, cause, COM_TEXT(path));
    return com_fail_with(iface, KIT_E_INSERTS, COM_TEXT(path), COM_NUMBER(number), COM_TEXT(L"it"));
}

static HRESULT STDMETHODCALLTYPE thing_Fire(IKitThing *iface, LONG value)
{
    VARIANT args[3] = { COM_ARG_DISPATCH(iface), COM_ARG_LONG(value), COM_ARG_LONG(100) };

    com_fire(COM_OBJECT(iface), &IID_DKitEvents, 0x200, args, 3);
    return com_has_sinks(COM_OBJECT(iface), &IID_DKitEvents) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE thing_FireImport(IKitThing *iface, BSTR text)
{
    VARIANT args[1] = { COM_ARG_BSTR(text) };

    com_fire(COM_OBJECT(iface), &IID_DKitImportEvents, 0x201, args, 1);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_Split(IKitThing *iface, LONG value, LONG *tens, LONG *ones)
{
    if (!tens || !ones) return com_fail(iface, E_POINTER);
    *tens = value / 10;
    *ones = value % 10;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_Nothing(IKitThing *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE thing_Echo(IKitThing *iface, VARIANT_BOOL both, DATE when, KitKind kind,
                                            VARIANT any, VARIANT *seen)
{
    struct thing *self = self_of(iface);

    if (!seen) return com_fail(iface, E_POINTER);
    self->flag = both;
    self->when = when;
    self->kind = kind;
    VariantInit(seen);
    return VariantCopyInd(seen, &any);
}

static const IKitThingVtbl thing_vtbl =
{
    COM_DISPATCH(IKitThing),
    thing_get_Number,
    thing_put_Number,
    thing_Double,
    thing_get__NewEnum,
    thing_get_Item,
    thing_get_Count,
    thing_get_Text,
    thing_put_Text,
    thing_get_Flag,
    thing_put_Flag,
    thing_get_Big,
    thing_put_Big,
    thing_get_Unsigned,
    thing_put_Unsigned,
    thing_get_Kind,
    thing_put_Kind,
    thing_get_Partner,
    thing_put_Partner,
    thing_get_Stream,
    thing_put_Stream,
    thing_get_Items,
    thing_put_Items,
    thing_get_When,
    thing_put_When,
    thing_get_Plain,
    thing_Add,
    thing_StreamSize,
    thing_Fail,
    thing_FailWith,
    thing_Fire,
    thing_FireImport,
    thing_Split,
    thing_Nothing,
    thing_Echo,
};

/* --- IKitPlain ------------------------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE plain_Twice(IKitPlain *iface, LONG value, LONG *result)
{
    if (!result) return com_fail(iface, E_POINTER);
    *result = 2 * value;
    return S_OK;
}

static const IKitPlainVtbl plain_vtbl = { COM_UNKNOWN(IKitPlain), plain_Twice };

/* --- the class ------------------------------------------------------------------------------------------ */

static void thing_destroy(struct com_object *object)
{
    struct thing *self = (struct thing *)object;

    SysFreeString(self->text);
    if (self->partner) IKitThing_Release(self->partner);
    com_ref_clear(&self->stream);
    com_free_objects(self->items, self->item_count);
}

static const struct com_iface thing_ifaces[] =
{
    { &IID_IKitThing, &thing_vtbl },
    { &IID_IKitBase, NULL },
    { &IID_IKitPlain, &plain_vtbl },
    COM_STANDARD_IFACES,
    COM_EVENT_IFACES,
};

static const IID *const thing_events[] = { &IID_DKitEvents, &IID_DKitImportEvents, NULL };

const struct com_class kit_thing_class =
{
    .clsid = &CLSID_KitThing, .progid = L"OpenImapiKit.KitThing", .alias = L"OpenImapiKit2.KitThing",
    .version = 1, .size = sizeof(struct thing), .destroy = thing_destroy,
    .ifaces = thing_ifaces, .iface_count = COM_COUNT(thing_ifaces), .events = thing_events,
};
