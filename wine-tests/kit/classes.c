/* What kit.dll is made of, its small classes, and the export that leads tests to the kit's functions. */
#include "kit_room.h"

#include <string.h>

/* --- IKitBase alone ------------------------------------------------------------------------------------- */

struct part
{
    struct com_object base;
    LONG number;
};

static HRESULT STDMETHODCALLTYPE part_get_Number(IKitBase *iface, LONG *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    *value = COM_SELF(struct part, iface)->number;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE part_put_Number(IKitBase *iface, LONG value)
{
    COM_SELF(struct part, iface)->number = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE part_Double(IKitBase *iface, LONG *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    *value = 2 * COM_SELF(struct part, iface)->number;
    return S_OK;
}

static const IKitBaseVtbl part_vtbl =
{
    COM_DISPATCH(IKitBase),
    part_get_Number,
    part_put_Number,
    part_Double,
};

static const struct com_iface part_ifaces[] =
{
    { &IID_IKitBase, &part_vtbl },
    COM_STANDARD_IFACES,
};

static HRESULT part_init(struct com_object *object, void *args)
{
    ((struct part *)object)->number = args ? *(const LONG *)args : 0;
    return S_OK;
}

const struct com_class kit_part_class =
{
    .clsid = &CLSID_KitPart, .noncreatable = TRUE, .size = sizeof(struct part), .init = part_init,
    .ifaces = part_ifaces, .iface_count = COM_COUNT(part_ifaces),
};

HRESULT kit_part_create(LONG number, IKitBase **out)
{
    return com_create(&kit_part_class, &number, &IID_IKitBase, (void **)out);
}

HRESULT kit_anonymous_create(IKitBase **out)
{
    static const struct com_class class =
    {
        .noncreatable = TRUE, .size = sizeof(struct part), .ifaces = part_ifaces,
        .iface_count = COM_COUNT(part_ifaces),
    };

    return com_create(&class, NULL, &IID_IKitBase, (void **)out);
}

static HRESULT failing_init(struct com_object *object, void *args)
{
    (void)object;
    return *(const HRESULT *)args;
}

HRESULT kit_failing_init_create(HRESULT hr, IKitBase **out)
{
    static const struct com_class class =
    {
        .noncreatable = TRUE, .size = sizeof(struct part), .init = failing_init, .ifaces = part_ifaces,
        .iface_count = COM_COUNT(part_ifaces),
    };

    return com_create(&class, &hr, &IID_IKitBase, (void **)out);
}

/* --- IKitLoose ------------------------------------------------------------------------------------------ */

struct loose
{
    struct com_object base;
    BSTR path;
};

static HRESULT STDMETHODCALLTYPE loose_get_Path(IKitLoose *iface, BSTR *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    return com_return_text(COM_SELF(struct loose, iface)->path, value);
}

static HRESULT STDMETHODCALLTYPE loose_SetPath(IKitLoose *iface, BSTR value)
{
    struct loose *self = COM_SELF(struct loose, iface);

    SysFreeString(self->path);
    self->path = SysAllocString(value ? value : L"");
    return self->path ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE loose_Check(IKitLoose *iface, LONG value)
{
    return value < 0 ? com_fail(iface, KIT_E_PLAIN) : S_OK;
}

static void loose_destroy(struct com_object *object)
{
    SysFreeString(((struct loose *)object)->path);
}

static const IKitLooseVtbl loose_vtbl =
{
    COM_DISPATCH(IKitLoose),
    loose_get_Path,
    loose_SetPath,
    loose_Check,
};

static const struct com_iface loose_ifaces[] =
{
    { &IID_IKitLoose, &loose_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class kit_loose_class =
{
    .clsid = &CLSID_KitLoose, .progid = L"OpenImapiKit.KitLoose", .version = 1,
    .size = sizeof(struct loose), .destroy = loose_destroy,
    .ifaces = loose_ifaces, .iface_count = COM_COUNT(loose_ifaces),
};

/* --- IEnumKitThings ------------------------------------------------------------------------------------- */

COM_ENUM_CLASS(enum_class, NULL, &IID_IEnumKitThings);

HRESULT kit_enum_things(void *const *objects, size_t count, IEnumKitThings **out)
{
    return com_enum_create(&enum_class, objects, count, (void **)out);
}

/* --- the DLL -------------------------------------------------------------------------------------------- */

static const struct com_class *const classes[] = { &kit_thing_class, &kit_loose_class, &kit_part_class,
                                                   NULL };

static const GUID appid = { 0x5B0E7A60, 0x30F4, 0x4B3C, { 0x9C, 0x0B, 0x6D, 0x8B, 0x3E, 0x0C, 0x2A, 0x20 } };

const struct com_dll com_dll =
{
    .name = L"OpenImapiKit", .libid = &LIBID_KitLib, .major = 1, .minor = 0, .appid = &appid,
    .classes = classes,
};

static HRESULT message(HRESULT hr, LANGID language, HRESULT cause, const struct com_insert *inserts,
                       size_t count,
                       BSTR *out)
{
    *out = com_message(hr, language, cause, inserts, count);
    return *out ? S_OK : E_OUTOFMEMORY;
}

static struct com_object *own_thing(void *iface)
{
    return com_own_object(iface, &kit_thing_class);
}

static void set_log(log_sink *sink, void *context, enum log_level level)
{
    log_set_sink(sink, context);
    log_set_level(level);
}

static HRESULT stream_over(struct source *source, IStream **out)
{
    return stream_out_create(source, NULL, out);
}

const struct kit_tool *WINAPI KitTool(void);

const struct kit_tool *WINAPI KitTool(void)
{
    static const struct kit_tool tool =
    {
        .message = message,
        .live = com_live_count,
        .array_of_texts = com_array_of_texts,
        .array_of_longs = com_array_of_longs,
        .array_of_ulongs = com_array_of_ulongs,
        .array_of_objects = com_array_of_objects,
        .array_read_objects = com_array_read_objects,
        .free_objects = com_free_objects,
        .enum_variant = com_enum_variant_create,
        .enum_texts = com_enum_texts_create,
        .enum_objects = com_enum_objects_create,
        .enum_things = kit_enum_things,
        .part = kit_part_create,
        .anonymous = kit_anonymous_create,
        .failing_init = kit_failing_init_create,
        .own_thing = own_thing,
        .stream = kit_stream_create,
        .stream_over = stream_over,
        .stream_in = stream_in_create,
        .set_exclusive = stream_in_set_exclusive,
        .source_read = source_read,
        .source_error = stream_in_error,
        .source_stream = stream_in_get,
        .source_unref = source_unref,
        .fail_allocation = kit_fail_allocation,
        .allocations = kit_allocations,
        .set_log = set_log,
    };

    return &tool;
}
