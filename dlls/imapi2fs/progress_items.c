/* ProgressItems and ProgressItem: which blocks of a result image belong to which file. The structures of
   the file systems are items too, described in angle brackets, so that every block has one. */
#include "imapi2fs/imapi2fs_room.h"

struct progress_items
{
    struct com_object base;
    struct fs_layout *layout;
};

struct progress_item
{
    struct com_object base;
    struct fs_layout *layout;           /* knows the description, which is made when it is asked for */
    size_t index;
    struct fs_range range;
};

#define ITEMS(iface) COM_SELF(struct progress_items, iface)
#define ITEM(iface) COM_SELF(struct progress_item, iface)

/* --- one item ---------------------------------------------------------------------------------------- */

struct item_args
{
    struct fs_layout *layout;
    size_t index;
};

static HRESULT progress_item_init(struct com_object *object, void *args)
{
    struct progress_item *self = (struct progress_item *)object;
    const struct item_args *from = args;

    if (fs_layout_range(from->layout, from->index, &self->range)) return E_INVALIDARG;
    self->index = from->index;
    self->layout = fs_layout_ref(from->layout);
    return S_OK;
}

static void progress_item_destroy(struct com_object *object)
{
    fs_layout_unref(((struct progress_item *)object)->layout);
}

static HRESULT STDMETHODCALLTYPE progress_item_get_Description(IProgressItem *iface, BSTR *value)
{
    struct progress_item *self = ITEM(iface);
    enum oi_status status;
    WCHAR *text;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    status = fs_layout_range_description(self->layout, self->index, &text);
    if (status) return fsi_fail(iface, status, NULL);
    hr = com_return_text(text, value);
    free(text);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE progress_item_get_FirstBlock(IProgressItem *iface, ULONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = ITEM(iface)->range.first;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE progress_item_get_LastBlock(IProgressItem *iface, ULONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = ITEM(iface)->range.last;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE progress_item_get_BlockCount(IProgressItem *iface, ULONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = ITEM(iface)->range.last - ITEM(iface)->range.first + 1;
    return S_OK;
}

static const IProgressItemVtbl progress_item_vtbl =
{
    COM_DISPATCH(IProgressItem),
    progress_item_get_Description,
    progress_item_get_FirstBlock,
    progress_item_get_LastBlock,
    progress_item_get_BlockCount,
};

static const struct com_iface progress_item_ifaces[] =
{
    { &IID_IProgressItem, &progress_item_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class progress_item_class =
{
    .clsid = &CLSID_ProgressItem, .noncreatable = TRUE,
    .size = sizeof(struct progress_item), .init = progress_item_init, .destroy = progress_item_destroy,
    .ifaces = progress_item_ifaces, .iface_count = COM_COUNT(progress_item_ifaces),
};

static HRESULT create_item(struct fs_layout *layout, size_t index, IProgressItem **out)
{
    return com_create(&progress_item_class, &(struct item_args){layout, index}, &IID_IProgressItem,
                      (void **)out);
}

/* --- the collection ---------------------------------------------------------------------------------- */

static HRESULT progress_items_init(struct com_object *object, void *args)
{
    ((struct progress_items *)object)->layout = fs_layout_ref(args);
    return S_OK;
}

static void progress_items_destroy(struct com_object *object)
{
    fs_layout_unref(((struct progress_items *)object)->layout);
}

static HRESULT snapshot(struct fs_layout *layout, IProgressItem ***items, size_t *count)
{
    size_t n = fs_layout_range_count(layout);
    HRESULT hr = S_OK;

    *count = 0;
    *items = calloc(n + 1, sizeof(**items));
    if (!*items) return E_OUTOFMEMORY;
    for (; *count < n; ++*count)
    {
        hr = create_item(layout, *count, &(*items)[*count]);
        if (FAILED(hr)) break;
    }
    return hr;
}

static void free_snapshot(IProgressItem **items, size_t count)
{
    for (size_t i = 0; i < count; i++) IProgressItem_Release(items[i]);
    free(items);
}

static HRESULT STDMETHODCALLTYPE progress_items_get__NewEnum(IProgressItems *iface, IEnumVARIANT **value)
{
    IProgressItem **items;
    size_t count;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    hr = snapshot(ITEMS(iface)->layout, &items, &count);
    if (SUCCEEDED(hr)) hr = com_enum_objects_create((void *const *)items, count, value);
    free_snapshot(items, count);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE progress_items_get_Item(IProgressItems *iface, LONG index,
                                                         IProgressItem **value)
{
    struct fs_layout *layout = ITEMS(iface)->layout;

    COM_TRACE(iface, "%ld, %p", index, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (index < 0 || (size_t)index >= fs_layout_range_count(layout)) return com_fail(iface, E_INVALIDARG);
    return com_fail(iface, create_item(layout, (size_t)index, value));
}

static HRESULT STDMETHODCALLTYPE progress_items_get_Count(IProgressItems *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)fs_layout_range_count(ITEMS(iface)->layout);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE progress_items_ProgressItemFromBlock(IProgressItems *iface, ULONG block,
                                                                      IProgressItem **value)
{
    struct fs_layout *layout = ITEMS(iface)->layout;
    size_t index;

    COM_TRACE(iface, "%lu, %p", block, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (fs_layout_range_from_block(layout, block, &index)) return com_fail(iface, E_INVALIDARG);
    return com_fail(iface, create_item(layout, index, value));
}

/* NULL is E_FAIL, as the reference has it. Letter case does not count, as nowhere with paths. */
static HRESULT STDMETHODCALLTYPE progress_items_ProgressItemFromDescription(IProgressItems *iface,
                                                                            BSTR description,
                                                                            IProgressItem **value)
{
    struct fs_layout *layout = ITEMS(iface)->layout;
    size_t index;

    COM_TRACE(iface, "%s, %p", com_trace_text(description), value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!description) return com_fail(iface, E_FAIL);
    if (fs_layout_range_from_description(layout, description, &index)) return com_fail(iface, E_INVALIDARG);
    return com_fail(iface, create_item(layout, index, value));
}

COM_ENUM_CLASS(enum_progress_items_class, &CLSID_EnumProgressItems, &IID_IEnumProgressItems);

static HRESULT STDMETHODCALLTYPE progress_items_get_EnumProgressItems(IProgressItems *iface,
                                                                      IEnumProgressItems **value)
{
    IProgressItem **items;
    size_t count;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    hr = snapshot(ITEMS(iface)->layout, &items, &count);
    if (SUCCEEDED(hr))
        hr = com_enum_create(&enum_progress_items_class, (void *const *)items, count, (void **)value);
    free_snapshot(items, count);
    return com_fail(iface, hr);
}

static const IProgressItemsVtbl progress_items_vtbl =
{
    COM_DISPATCH(IProgressItems),
    progress_items_get__NewEnum,
    progress_items_get_Item,
    progress_items_get_Count,
    progress_items_ProgressItemFromBlock,
    progress_items_ProgressItemFromDescription,
    progress_items_get_EnumProgressItems,
};

static const struct com_iface progress_items_ifaces[] =
{
    { &IID_IProgressItems, &progress_items_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class progress_items_class =
{
    .clsid = &CLSID_ProgressItems, .noncreatable = TRUE,
    .size = sizeof(struct progress_items), .init = progress_items_init, .destroy = progress_items_destroy,
    .ifaces = progress_items_ifaces, .iface_count = COM_COUNT(progress_items_ifaces),
};

HRESULT progress_items_create(struct fs_layout *layout, IProgressItems **out)
{
    return com_create(&progress_items_class, layout, &IID_IProgressItems, (void **)out);
}
