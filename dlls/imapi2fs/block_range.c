/* BlockRange and BlockRangeList: which blocks of an image are to be recorded, when others are on the disc. */
#include "imapi2fs/imapi2fs_room.h"

/* --- a range ----------------------------------------------------------------------------------------- */

struct block_range
{
    struct com_object base;
    struct fs_range range;
};

static HRESULT block_range_init(struct com_object *object, void *args)
{
    ((struct block_range *)object)->range = *(const struct fs_range *)args;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE block_range_get_StartLba(IBlockRange *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)COM_SELF(struct block_range, iface)->range.first;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE block_range_get_EndLba(IBlockRange *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)COM_SELF(struct block_range, iface)->range.last;
    return S_OK;
}

static const IBlockRangeVtbl block_range_vtbl =
{
    COM_DISPATCH(IBlockRange),
    block_range_get_StartLba,
    block_range_get_EndLba,
};

static const struct com_iface block_range_ifaces[] =
{
    { &IID_IBlockRange, &block_range_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class block_range_class =
{
    .clsid = &CLSID_BlockRange, .noncreatable = TRUE,
    .size = sizeof(struct block_range), .init = block_range_init,
    .ifaces = block_range_ifaces, .iface_count = COM_COUNT(block_range_ifaces),
};

/* --- the list ---------------------------------------------------------------------------------------- */

struct block_range_list
{
    struct com_object base;
    struct fs_layout *layout;           /* counted */
};

HRESULT block_ranges_of(const struct fs_layout *layout, SAFEARRAY **out)
{
    size_t count, made = 0;
    const struct fs_range *ranges = fs_layout_modified(layout, &count);
    void **objects = calloc(count + 1, sizeof(*objects));
    HRESULT hr = objects ? S_OK : E_OUTOFMEMORY;

    *out = NULL;
    for (; SUCCEEDED(hr) && made < count; made++)
    {
        hr = com_create(&block_range_class, (void *)&ranges[made], &IID_IBlockRange, &objects[made]);
        if (FAILED(hr)) break;
    }
    if (SUCCEEDED(hr)) hr = com_array_of_objects(objects, count, out);
    com_free_objects(objects, made);
    return hr;
}

static HRESULT block_range_list_init(struct com_object *object, void *args)
{
    ((struct block_range_list *)object)->layout = fs_layout_ref(args);
    return S_OK;
}

static void block_range_list_destroy(struct com_object *object)
{
    fs_layout_unref(((struct block_range_list *)object)->layout);
}

static HRESULT STDMETHODCALLTYPE block_range_list_get_BlockRanges(IBlockRangeList *iface, SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, block_ranges_of(COM_SELF(struct block_range_list, iface)->layout, value));
}

static const IBlockRangeListVtbl block_range_list_vtbl =
{
    COM_DISPATCH(IBlockRangeList),
    block_range_list_get_BlockRanges,
};

static const struct com_iface block_range_list_ifaces[] =
{
    { &IID_IBlockRangeList, &block_range_list_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class block_range_list_class =
{
    .clsid = &CLSID_BlockRangeList, .noncreatable = TRUE,
    .size = sizeof(struct block_range_list),
    .init = block_range_list_init, .destroy = block_range_list_destroy,
    .ifaces = block_range_list_ifaces, .iface_count = COM_COUNT(block_range_list_ifaces),
};

HRESULT block_range_list_create(struct fs_layout *layout, IBlockRangeList **out)
{
    return com_create(&block_range_list_class, layout, &IID_IBlockRangeList, (void **)out);
}
