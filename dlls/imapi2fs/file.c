/* FsiFileItem: a file and its data. Named streams and the real-time mark need UDF 2.00 and 2.01. */
#include "imapi2fs/imapi2fs_room.h"

#define SELF(iface) COM_SELF(struct item, iface)

/* --- size -------------------------------------------------------------------------------------------- */

static LONGLONG size_of(struct item *self)
{
    LONGLONG size;

    image_lock(self->image);
    size = (LONGLONG)fs_item_size(self->node);
    image_unlock(self->image);
    return size;
}

static HRESULT STDMETHODCALLTYPE file_get_DataSize(IFsiFileItem2 *iface, LONGLONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = size_of(SELF(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE file_get_DataSize32BitLow(IFsiFileItem2 *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)(size_of(SELF(iface)) & 0xFFFFFFFF);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE file_get_DataSize32BitHigh(IFsiFileItem2 *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)(size_of(SELF(iface)) >> 32);
    return S_OK;
}

/* --- data -------------------------------------------------------------------------------------------- */

/* NULL without data. Before the file is in the image it is the stream that was put, afterwards one of our
   own, which cannot be written to. */
static HRESULT STDMETHODCALLTYPE file_get_Data(IFsiFileItem2 *iface, IStream **value)
{
    struct item *self = SELF(iface);
    struct stream_out_options options = { .name = fs_item_name(self->node) };
    struct source *data;
    BOOL in_tree;
    HRESULT hr = S_FALSE;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    image_lock(self->image);
    data = fs_item_data(self->node);
    if (data) source_ref(data);
    in_tree = fs_item_in_tree(self->node) != 0;
    image_unlock(self->image);
    if (!data) return S_OK;
    if (!in_tree) hr = client_stream_get(data, value);
    if (!*value) hr = stream_out_create(data, &options, value);
    source_unref(data);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE file_put_Data(IFsiFileItem2 *iface, IStream *value)
{
    struct item *self = SELF(iface);
    struct source *data = NULL, *old = NULL;
    enum oi_status status = OI_OK;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    hr = client_stream_create(self->image->gate, value, &data);
    if (FAILED(hr))
        return hr == E_OUTOFMEMORY ? com_fail(iface, hr)
                                   : com_fail_cause(iface, IMAPI_E_DATA_STREAM_READ_FAILURE, hr,
                                                    COM_TEXT(fs_item_name(self->node)));
    status = image_keep_stream(self->image, data);
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr) && !status)
    {
        old = fs_item_data(self->node);
        if (old) source_ref(old);
        status = fs_item_set_data(self->node, data);
        if (status == OI_INVALID_ARGUMENT) hr = IMAPI_E_READONLY;   /* it is or was in the image */
    }
    image_unlock(self->image);
    source_unref(old);
    source_unref(data);
    image_drop_streams(self->image);
    return FAILED(hr) ? com_fail(iface, hr) : fsi_fail(iface, status, NULL);
}

/* --- UDF --------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE file_get_FsiNamedStreams(IFsiFileItem2 *iface, IFsiNamedStreams **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    return com_fail(iface, E_NOTIMPL);
}

static HRESULT STDMETHODCALLTYPE file_get_IsNamedStream(IFsiFileItem2 *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    return S_OK;
}

/* Arguments and state, then the code for "stays out of the image". */
static HRESULT named_stream(IFsiFileItem2 *iface, BSTR name)
{
    struct item *self = SELF(iface);
    BOOL in_tree;
    HRESULT hr;

    if (!name) return com_fail(iface, E_POINTER);
    if (fs_name_check(name, 0)) return fsi_invalid(iface, L"name");
    image_lock(self->image);
    in_tree = fs_item_in_tree(self->node) != 0;
    hr = image_check_changeable(self->image);
    image_unlock(self->image);
    if (!in_tree) return item_not_in_image(iface, self);
    return FAILED(hr) ? com_fail(iface, hr) : IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED;
}

static HRESULT STDMETHODCALLTYPE file_AddStream(IFsiFileItem2 *iface, BSTR name, IStream *stream)
{
    COM_TRACE(iface, "%s, %p", com_trace_text(name), stream);
    if (!stream) return com_fail(iface, E_POINTER);
    return named_stream(iface, name);
}

/* No stream is ever there to be removed. */
static HRESULT STDMETHODCALLTYPE file_RemoveStream(IFsiFileItem2 *iface, BSTR name)
{
    COM_TRACE(iface, "%s", com_trace_text(name));
    return named_stream(iface, name);
}

static HRESULT STDMETHODCALLTYPE file_get_IsRealTime(IFsiFileItem2 *iface, VARIANT_BOOL *value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self->image);
    *value = com_bool(fs_item_real_time(self->node));
    image_unlock(self->image);
    return S_OK;
}

/* Taken while the image is read-only too, as the reference says. The mark stays out of the image without
   UDF 2.01. */
static HRESULT STDMETHODCALLTYPE file_put_IsRealTime(IFsiFileItem2 *iface, VARIANT_BOOL value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%d", value);
    image_lock(self->image);
    fs_item_set_real_time(self->node, value != VARIANT_FALSE);
    image_unlock(self->image);
    return value ? IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED : S_OK;
}

/* --- the class --------------------------------------------------------------------------------------- */

static const IFsiFileItem2Vtbl file_vtbl =
{
    COM_DISPATCH(IFsiFileItem2),
    FSI_ITEM_METHODS(IFsiFileItem2),
    /* IFsiFileItem */
    file_get_DataSize,
    file_get_DataSize32BitLow,
    file_get_DataSize32BitHigh,
    file_get_Data,
    file_put_Data,
    /* IFsiFileItem2 */
    file_get_FsiNamedStreams,
    file_get_IsNamedStream,
    file_AddStream,
    file_RemoveStream,
    file_get_IsRealTime,
    file_put_IsRealTime,
};

static const struct com_iface file_ifaces[] =
{
    { &IID_IFsiFileItem2, &file_vtbl },
    { &IID_IFsiFileItem, NULL },
    { &IID_IFsiItem, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class file_item_class =
{
    .clsid = &CLSID_FsiFileItem, .noncreatable = TRUE,
    .size = sizeof(struct item), .init = item_init, .destroy = item_destroy,
    .ifaces = file_ifaces, .iface_count = COM_COUNT(file_ifaces),
};
