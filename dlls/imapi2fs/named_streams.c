/* FsiNamedStreams: the collection of a file's named streams as it is now, and how a stream is added. The
   streams themselves are objects of the class FsiFileItem. */
#include "imapi2fs/imapi2fs_room.h"

#define SELF(iface) COM_SELF(struct item, iface)

static HRESULT STDMETHODCALLTYPE named_streams_get__NewEnum(IFsiNamedStreams *iface, IEnumVARIANT **value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, item_enum_variant(self->image, self->node, value));
}

static HRESULT STDMETHODCALLTYPE named_streams_get_Item(IFsiNamedStreams *iface, LONG index,
                                                        IFsiFileItem2 **value)
{
    struct item *self = SELF(iface);
    struct fs_item *stream = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%ld, %p", index, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    image_lock(self->image);
    if (index >= 0) stream = fs_stream_at(self->node, (size_t)index);
    if (stream) fs_item_ref(stream);
    image_unlock(self->image);
    if (!stream) return fsi_invalid(iface, L"index");
    hr = item_create(self->image, stream, &IID_IFsiFileItem2, (void **)value);
    fs_item_unref(stream);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE named_streams_get_Count(IFsiNamedStreams *iface, LONG *value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self->image);
    *value = (LONG)fs_stream_count(self->node);
    image_unlock(self->image);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE named_streams_get_EnumNamedStreams(IFsiNamedStreams *iface,
                                                                    IEnumFsiItems **value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, item_enum(self->image, self->node, value));
}

static const IFsiNamedStreamsVtbl named_streams_vtbl =
{
    COM_DISPATCH(IFsiNamedStreams),
    named_streams_get__NewEnum,
    named_streams_get_Item,
    named_streams_get_Count,
    named_streams_get_EnumNamedStreams,
};

static const struct com_iface named_streams_ifaces[] =
{
    { &IID_IFsiNamedStreams, &named_streams_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class named_streams_class =
{
    .clsid = &CLSID_FsiNamedStreams, .noncreatable = TRUE,
    .size = sizeof(struct item), .init = item_init, .destroy = item_destroy,
    .ifaces = named_streams_ifaces, .iface_count = COM_COUNT(named_streams_ifaces),
};

/* --- adding ------------------------------------------------------------------------------------------ */

/* A stream of the file, with these data. With the lock held. */
static enum oi_status add_stream(struct image *image, struct fs_item *file, const WCHAR *name,
                                 struct source *data, const struct fs_times *times, WCHAR **path,
                                 struct fs_detail *detail)
{
    struct fs_item *stream = NULL;
    enum oi_status status = fs_item_create(image->tree, FS_FILE, name, &stream, detail);

    if (!status) status = fs_item_set_data(stream, data);
    if (!status) fs_item_set_times(stream, times);
    if (!status) status = fs_stream_add(file, stream, detail);
    if (!status && path) status = fs_item_path(stream, path);
    fs_item_unref(stream);
    return status;
}

/* Would it fit in, by its name and its size? Gives its path. The tree is as it was. With the lock held. */
static enum oi_status try_stream(struct image *image, struct fs_item *file, const WCHAR *name,
                                 struct source *data, const struct fs_times *times, WCHAR **path,
                                 struct fs_detail *detail)
{
    size_t mark = fs_step_begin(image->tree);
    enum oi_status status = add_stream(image, file, name, data, times, path, detail);

    fs_step_end(image->tree, mark, FALSE);
    return status;
}

HRESULT named_stream_add(struct image *image, void *iface, struct fs_item *file, const WCHAR *name,
                         struct source *data, const struct fs_times *times, BOOL stage)
{
    struct image_progress silent = { .total = 0 };  /* the events are of files only */
    struct fs_detail detail = { 0 };
    struct source *staged = NULL;
    enum oi_status status = OI_OK;
    WCHAR *path = NULL;
    HRESULT hr = S_OK;

    if (stage)
    {
        image_lock(image);
        status = try_stream(image, file, name, data, times, &path, &detail);
        image_unlock(image);
        silent.path = path;
        hr = status ? fsi_fail(iface, status, &detail) : stash_copy(image, iface, data, &silent, &staged);
    }
    if (SUCCEEDED(hr))
    {
        image_lock(image);
        status = add_stream(image, file, name, staged ? staged : data, times, NULL, &detail);
        image_unlock(image);
        hr = fsi_fail(iface, status, &detail);
    }
    source_unref(staged);
    free(path);
    return hr;
}

HRESULT named_streams_done(struct image *image)
{
    BOOL recorded;

    image_lock(image);
    recorded = fs_options_streams(fs_tree_options(image->tree)) != 0;
    image_unlock(image);
    return recorded ? S_OK : IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED;
}

HRESULT named_streams_create(struct item *file, IFsiNamedStreams **out)
{
    return item_create_of(&named_streams_class, file->image, file->node, &IID_IFsiNamedStreams, (void **)out);
}
