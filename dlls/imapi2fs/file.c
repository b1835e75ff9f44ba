/* FsiFileItem: a file, or a named stream of one, and its data. UDF 2.00 records named streams, 2.01 the
   real-time mark. */
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
    hr = image_take_stream(self->image, value, &data);
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

/* --- named streams ----------------------------------------------------------------------------------- */

/* IMAPI_E_PROPERTY_NOT_ACCESSIBLE for an item that is a stream itself. */
static HRESULT check_no_stream(IFsiFileItem2 *iface, const WCHAR *property)
{
    if (!fs_item_is_stream(SELF(iface)->node)) return S_OK;
    return com_fail_with(iface, IMAPI_E_PROPERTY_NOT_ACCESSIBLE, COM_TEXT(property));
}

static HRESULT STDMETHODCALLTYPE file_get_FsiNamedStreams(IFsiFileItem2 *iface, IFsiNamedStreams **value)
{
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    hr = check_no_stream(iface, L"FsiNamedStreams");
    return FAILED(hr) ? hr : com_fail(iface, named_streams_create(SELF(iface), value));
}

static HRESULT STDMETHODCALLTYPE file_get_IsNamedStream(IFsiFileItem2 *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = com_bool(fs_item_is_stream(SELF(iface)->node));
    return S_OK;
}

/* What AddStream and RemoveStream check alike. A stream has no streams of its own. */
static HRESULT check_stream_call(IFsiFileItem2 *iface, BSTR name)
{
    struct item *self = SELF(iface);
    BOOL in_tree;
    HRESULT hr;

    if (!name) return com_fail(iface, E_POINTER);
    if (fs_name_check(name, 0)) return fsi_invalid(iface, L"name");
    hr = check_no_stream(iface, L"FsiNamedStreams");
    if (FAILED(hr)) return hr;
    image_lock(self->image);
    in_tree = fs_item_in_tree(self->node) != 0;
    image_unlock(self->image);
    return in_tree ? S_OK : item_not_in_image(iface, self);
}

/* IMAPI_E_READONLY, "for now", says the reference, for every file of an image that goes on from a session. */
static HRESULT check_not_imported(IFsiFileItem2 *iface)
{
    struct image *image = SELF(iface)->image;
    BOOL imported;

    image_lock(image);
    imported = image->imported != NULL;
    image_unlock(image);
    return imported ? com_fail(iface, IMAPI_E_READONLY) : S_OK;
}

static HRESULT STDMETHODCALLTYPE file_AddStream(IFsiFileItem2 *iface, BSTR name, IStream *stream)
{
    struct item *self = SELF(iface);
    fs_time now = fsi_now();
    BOOL stage = self->image->stage_files;
    struct source *data = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%s, %p", com_trace_text(name), stream);
    if (!stream) return com_fail(iface, E_POINTER);
    hr = check_stream_call(iface, name);
    if (SUCCEEDED(hr)) hr = check_not_imported(iface);
    if (SUCCEEDED(hr)) hr = image_begin(self->image, iface);
    if (FAILED(hr)) return hr;
    hr = image_take_stream(self->image, stream, &data);
    if (FAILED(hr) && hr != E_OUTOFMEMORY)
        hr = com_fail_cause(iface, IMAPI_E_DATA_STREAM_READ_FAILURE, hr, COM_TEXT(name));
    else if (FAILED(hr) || image_keep_stream(self->image, data))
        hr = com_fail(iface, E_OUTOFMEMORY);
    else
        hr = named_stream_add(self->image, iface, self->node, name, data, &(struct fs_times){ now, now, now },
                              stage);
    source_unref(data);
    image_end(self->image, SUCCEEDED(hr));
    if (stage) image_drop_streams(self->image);     /* there is a copy */
    return FAILED(hr) ? hr : named_streams_done(self->image);
}

/* For a name that no stream has the reference gives no code: it is a wrong parameter. */
static HRESULT STDMETHODCALLTYPE file_RemoveStream(IFsiFileItem2 *iface, BSTR name)
{
    struct item *self = SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    struct fs_item *stream = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(name));
    hr = check_stream_call(iface, name);
    if (FAILED(hr)) return hr;
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr)) stream = fs_stream_find(self->node, name);
    if (stream) status = fs_stream_remove(stream, &detail);
    image_unlock(self->image);
    image_drop_streams(self->image);
    if (FAILED(hr)) return com_fail(iface, hr);
    if (!stream) return fsi_invalid(iface, L"name");
    return status ? fsi_fail(iface, status, &detail) : named_streams_done(self->image);
}

/* --- the real-time mark ------------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE file_get_IsRealTime(IFsiFileItem2 *iface, VARIANT_BOOL *value)
{
    struct item *self = SELF(iface);
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    hr = check_no_stream(iface, L"IsRealTime");
    if (FAILED(hr)) return hr;
    image_lock(self->image);
    *value = com_bool(fs_item_real_time(self->node));
    image_unlock(self->image);
    return S_OK;
}

/* Taken while the image is read-only too, as the reference says. Without UDF 2.01 the mark stays out of the
   image; that there is none is recorded everywhere. */
static HRESULT STDMETHODCALLTYPE file_put_IsRealTime(IFsiFileItem2 *iface, VARIANT_BOOL value)
{
    struct item *self = SELF(iface);
    BOOL recorded;
    HRESULT hr;

    COM_TRACE(iface, "%d", value);
    hr = check_no_stream(iface, L"IsRealTime");
    if (FAILED(hr)) return hr;
    image_lock(self->image);
    fs_item_set_real_time(self->node, value != VARIANT_FALSE);
    recorded = fs_options_real_time(fs_tree_options(self->image->tree)) != 0;
    image_unlock(self->image);
    return value && !recorded ? IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED : S_OK;
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
