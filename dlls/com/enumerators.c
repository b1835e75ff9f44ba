/* Enumerators: a shared list of elements that never changes, and a position in it. All interfaces with Next,
   Skip, Reset and Clone have the same vtable shape, so one implementation serves VARIANTs, interface pointers
   and whatever else can be copied. */
#include "com/com_room.h"
#include "com/values.h"

#include <string.h>

struct com_enum_items
{
    LONG references;
    const struct com_enum_ops *ops;
    size_t count;
    BYTE *elements;
};

struct enum_args
{
    struct com_enum_items *items;
    size_t position;
};

static void items_release(struct com_enum_items *items)
{
    size_t i;

    if (InterlockedDecrement(&items->references)) return;
    for (i = 0; i < items->count; i++) items->ops->clear(items->elements + i * items->ops->size);
    free(items->elements);
    free(items);
}

HRESULT com_enum_init(struct com_object *object, void *args)
{
    struct com_enum *self = (struct com_enum *)object;
    struct enum_args *init = args;

    self->items = init->items;
    self->position = init->position;
    InterlockedIncrement(&self->items->references);
    return S_OK;
}

void com_enum_destroy(struct com_object *object)
{
    items_release(((struct com_enum *)object)->items);
}

/* --- Next, Skip, Reset, Clone --------------------------------------------------------------------------- */

static HRESULT copy_elements(const struct com_enum_items *items, size_t from, BYTE *to, size_t count)
{
    size_t size = items->ops->size, i;
    HRESULT hr;

    for (i = 0; i < count; i++)
    {
        hr = items->ops->copy(to + i * size, items->elements + (from + i) * size);
        if (SUCCEEDED(hr)) continue;
        while (i--) items->ops->clear(to + i * size);
        return hr;
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_Next(IEnumUnknown *iface, ULONG wanted, IUnknown **elements,
                                           ULONG *fetched)
{
    struct com_enum *self = COM_SELF(struct com_enum, iface);
    const struct com_enum_items *items = self->items;
    size_t count, from;
    HRESULT hr;

    if (fetched) *fetched = 0;
    if (wanted > 0x7FFFFFFF) return E_INVALIDARG;
    if (!elements) return E_POINTER;
    memset(elements, 0, wanted * items->ops->size);
    if (!fetched && wanted != 1 && !items->ops->fetched_optional) return E_POINTER;

    com_lock(&self->base);
    from = self->position;
    count = items->count - from;
    if (count > wanted) count = wanted;
    self->position += count;
    com_unlock(&self->base);

    if (FAILED(hr = copy_elements(items, from, (BYTE *)elements, count)))
    {
        com_lock(&self->base);
        self->position = from;
        com_unlock(&self->base);
        memset(elements, 0, wanted * items->ops->size);
        return hr;
    }
    if (fetched) *fetched = (ULONG)count;
    return count == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_Skip(IEnumUnknown *iface, ULONG wanted)
{
    struct com_enum *self = COM_SELF(struct com_enum, iface);
    size_t count;

    com_lock(&self->base);
    count = self->items->count - self->position;
    if (count > wanted) count = wanted;
    self->position += count;
    com_unlock(&self->base);
    return count == wanted ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_Reset(IEnumUnknown *iface)
{
    struct com_enum *self = COM_SELF(struct com_enum, iface);

    com_lock(&self->base);
    self->position = 0;
    com_unlock(&self->base);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_Clone(IEnumUnknown *iface, IEnumUnknown **out)
{
    struct com_enum *self = COM_SELF(struct com_enum, iface);
    struct enum_args args = { .items = self->items };

    if (!out) return E_POINTER;
    com_lock(&self->base);
    args.position = self->position;
    com_unlock(&self->base);
    return com_create(self->base.class, &args, self->base.class->ifaces[0].iid, (void **)out);
}

const IEnumUnknownVtbl com_enum_vtbl =
{
    COM_UNKNOWN(IEnumUnknown),
    enum_Next,
    enum_Skip,
    enum_Reset,
    enum_Clone,
};

/* --- making --------------------------------------------------------------------------------------------- */

HRESULT com_enum_make(const struct com_class *class, const struct com_enum_ops *ops, const void *elements,
                      size_t count, void **out)
{
    struct com_enum_items *items = calloc(1, sizeof(*items));
    struct enum_args args = { .items = items };
    HRESULT hr = E_OUTOFMEMORY;

    *out = NULL;
    if (!items) return hr;
    items->references = 1;
    items->ops = ops;
    if ((items->elements = calloc(count ? count : 1, ops->size)))
    {
        struct com_enum_items from = { .ops = ops, .elements = (BYTE *)(ULONG_PTR)elements };

        if (SUCCEEDED(hr = copy_elements(&from, 0, items->elements, count)))
        {
            items->count = count;
            hr = com_create(class, &args, class->ifaces[0].iid, out);
        }
    }
    items_release(items);
    return hr;
}

static HRESULT pointer_copy(void *to, const void *from)
{
    IUnknown *pointer = *(IUnknown *const *)from;

    if (pointer) IUnknown_AddRef(pointer);
    *(IUnknown **)to = pointer;
    return S_OK;
}

static void pointer_clear(void *element)
{
    IUnknown **pointer = element;

    if (*pointer) IUnknown_Release(*pointer);
    *pointer = NULL;
}

HRESULT com_enum_create(const struct com_class *class, void *const *items, size_t count, void **out)
{
    static const struct com_enum_ops ops =
    {
        .size = sizeof(IUnknown *), .copy = pointer_copy, .clear = pointer_clear,
    };

    return com_enum_make(class, &ops, items, count, out);
}

/* --- IEnumVARIANT --------------------------------------------------------------------------------------- */

static HRESULT variant_copy(void *to, const void *from)
{
    VariantInit(to);
    return VariantCopy(to, (VARIANT *)(ULONG_PTR)from);
}

static void variant_clear(void *element)
{
    VariantClear(element);
}

COM_ENUM_CLASS(enum_variant_class, NULL, &IID_IEnumVARIANT);

HRESULT com_enum_variant_create(const VARIANT *items, size_t count, IEnumVARIANT **out)
{
    static const struct com_enum_ops ops =
    {
        .size = sizeof(VARIANT), .fetched_optional = TRUE, .copy = variant_copy, .clear = variant_clear,
    };

    return com_enum_make(&enum_variant_class, &ops, items, count, (void **)out);
}
