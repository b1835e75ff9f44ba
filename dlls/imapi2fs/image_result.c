/* The result of CreateResultImage: FileSystemImageResult, and FsiStream over the image. As long as a stream
   of a result lives (the result holds one itself), the tree that it was made from is read-only. */
#include "imapi2fs/imapi2fs_room.h"

struct result
{
    struct com_object base;
    struct fs_layout *layout;
    IStream *stream;                    /* at its start, never read: those handed out are its clones */
    uint64_t disc_identifier;           /* 0: no session was imported */
};

struct result_args
{
    struct image *image;
    struct fs_layout *layout;
    uint64_t disc_identifier;
};

/* --- the stream -------------------------------------------------------------------------------------- */

/* What all streams of one result share. */
struct hold
{
    struct image *image;                /* counted */
    struct fs_layout *layout;           /* borrowed from the source */
    struct source *source;              /* the image; borrowed from the streams, which live longer */
};

static HRESULT hold_map(void *context, IStream *stream, enum oi_status status)
{
    const struct hold *hold = context;
    struct fs_detail detail = { 0 };
    HRESULT hr;

    if (fs_image_failure(hold->source, &detail)) return fsi_fail(stream, status, &detail);
    hr = fsi_fail_source(stream, status, fs_image_failed_source(hold->source), detail.item, detail.found);
    fs_detail_clear(&detail);
    return hr;
}

static void hold_release(void *context)
{
    struct hold *hold = context;

    image_lock(hold->image);
    hold->image->results--;
    image_unlock(hold->image);
    image_drop_streams(hold->image);
    com_release(&hold->image->base);
    free(hold);
}

static const struct com_iface image_stream_ifaces[] =
{
    { &IID_IStream, &stream_out_vtbl },
    { &IID_ISequentialStream, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class image_stream_class =
{
    .clsid = &CLSID_FsiStream, .noncreatable = TRUE,
    .size = sizeof(struct stream_out), .init = stream_out_init, .destroy = stream_out_destroy,
    .ifaces = image_stream_ifaces, .iface_count = COM_COUNT(image_stream_ifaces),
};

/* The stream of an image of which only a part has to be recorded says which. */
static HRESULT STDMETHODCALLTYPE partial_stream_get_BlockRanges(IBlockRangeList *iface, SAFEARRAY **value)
{
    const struct hold *hold = stream_out_context(COM_SELF(struct stream_out, iface));

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, block_ranges_of(hold->layout, value));
}

static const IBlockRangeListVtbl partial_stream_vtbl =
{
    COM_DISPATCH(IBlockRangeList),
    partial_stream_get_BlockRanges,
};

static const struct com_iface partial_stream_ifaces[] =
{
    { &IID_IStream, &stream_out_vtbl },
    { &IID_ISequentialStream, NULL },
    { &IID_IBlockRangeList, &partial_stream_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class partial_stream_class =
{
    .clsid = &CLSID_FsiStream, .noncreatable = TRUE,
    .size = sizeof(struct stream_out), .init = stream_out_init, .destroy = stream_out_destroy,
    .ifaces = partial_stream_ifaces, .iface_count = COM_COUNT(partial_stream_ifaces),
};

/* The first stream of a result. Makes the image read-only; the last stream ends it. */
static HRESULT create_stream(struct image *image, struct fs_layout *layout, IStream **out)
{
    struct hold *hold = calloc(1, sizeof(*hold));
    struct stream_out_options options = { .map = hold_map, .context = hold, .release = hold_release };
    size_t ranges;
    HRESULT hr;

    if (!hold) return E_OUTOFMEMORY;
    if (fs_image_create(layout, &hold->source))
    {
        free(hold);
        return E_OUTOFMEMORY;
    }
    com_addref(&image->base);
    hold->image = image;
    hold->layout = layout;
    fs_layout_modified(layout, &ranges);
    image_lock(image);
    image->results++;
    image_unlock(image);
    options.clsid = CLSID_FsiStream;
    hr = com_create(ranges ? &partial_stream_class : &image_stream_class,
                    &(struct stream_out_args){.source = hold->source, .options = &options}, &IID_IStream,
                    (void **)out);
    source_unref(hold->source);
    if (FAILED(hr)) hold_release(hold);
    return hr;
}

/* --- the result -------------------------------------------------------------------------------------- */

static HRESULT result_init(struct com_object *object, void *args)
{
    struct result *self = (struct result *)object;
    const struct result_args *from = args;
    HRESULT hr = create_stream(from->image, from->layout, &self->stream);

    self->disc_identifier = from->disc_identifier;
    if (SUCCEEDED(hr)) self->layout = fs_layout_ref(from->layout);
    return hr;
}

static void result_destroy(struct com_object *object)
{
    struct result *self = (struct result *)object;

    fs_layout_unref(self->layout);
    IStream_Release(self->stream);
}

/* Every stream handed out starts at its beginning. */
static HRESULT STDMETHODCALLTYPE result_get_ImageStream(IFileSystemImageResult2 *iface, IStream **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, IStream_Clone(COM_SELF(struct result, iface)->stream, value));
}

static HRESULT STDMETHODCALLTYPE result_get_ProgressItems(IFileSystemImageResult2 *iface,
                                                          IProgressItems **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, progress_items_create(COM_SELF(struct result, iface)->layout, value));
}

static HRESULT STDMETHODCALLTYPE result_get_TotalBlocks(IFileSystemImageResult2 *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (LONG)fs_layout_blocks(COM_SELF(struct result, iface)->layout);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE result_get_BlockSize(IFileSystemImageResult2 *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FS_BLOCK_SIZE;
    return S_OK;
}

/* Of the disc whose session was imported; zeros when there is none to tell apart from others. */
static HRESULT STDMETHODCALLTYPE result_get_DiscId(IFileSystemImageResult2 *iface, BSTR *value)
{
    WCHAR text[17];

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    disc_identifier_text(COM_SELF(struct result, iface)->disc_identifier, text);
    return com_fail(iface, com_return_text(text, value));
}

/* E_NOTIMPL, as the reference has it, when the whole image has to be recorded. */
static HRESULT STDMETHODCALLTYPE result_get_ModifiedBlocks(IFileSystemImageResult2 *iface,
                                                           IBlockRangeList **value)
{
    struct fs_layout *layout = COM_SELF(struct result, iface)->layout;
    size_t count;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    fs_layout_modified(layout, &count);
    return com_fail(iface, count ? block_range_list_create(layout, value) : E_NOTIMPL);
}

static const IFileSystemImageResult2Vtbl result_vtbl =
{
    COM_DISPATCH(IFileSystemImageResult2),
    result_get_ImageStream,
    result_get_ProgressItems,
    result_get_TotalBlocks,
    result_get_BlockSize,
    result_get_DiscId,
    result_get_ModifiedBlocks,
};

static const struct com_iface result_ifaces[] =
{
    { &IID_IFileSystemImageResult2, &result_vtbl },
    { &IID_IFileSystemImageResult, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class result_class =
{
    .clsid = &CLSID_FileSystemImageResult, .noncreatable = TRUE,
    .size = sizeof(struct result), .init = result_init, .destroy = result_destroy,
    .ifaces = result_ifaces, .iface_count = COM_COUNT(result_ifaces),
};

/* --- CreateResultImage ------------------------------------------------------------------------------- */

static HRESULT create_result(void *iface, const struct fs_layout_params *params,
                             struct result_args *args, IFileSystemImageResult **out)
{
    struct fs_layout *layout = args->layout;

    if (fs_layout_blocks(layout) > MAXLONG) return com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);
    if (fs_layout_blocks(layout) > MAXLONG - params->session_start)
        return fsi_invalid(iface, L"SessionStartBlock");    /* block addresses are numbers of type LONG */
    return com_fail(iface, com_create(&result_class, args, &IID_IFileSystemImageResult, (void **)out));
}

/* A second result beside a living first one is another image of the same tree. */
HRESULT result_create(struct image *image, void *iface, IFileSystemImageResult **out)
{
    WCHAR volume_name[FS_VOLUME_NAME_MAX + 1];
    struct fs_layout_params params = { .volume_name = volume_name, .time = fsi_now() };
    struct fs_detail detail = { 0 };
    struct fs_layout *layout = NULL;
    enum oi_status status = OI_OK;
    uint64_t disc_identifier;
    HRESULT hr = image_boot_refresh(image, iface);

    if (SUCCEEDED(hr)) hr = image_fetch_moving(image, iface);
    if (SUCCEEDED(hr)) hr = image_take_disc(image, iface, &params.earlier, &disc_identifier);
    if (FAILED(hr)) return hr;
    image_lock(image);
    params.session_start = (uint32_t)image->session_start;
    lstrcpyW(volume_name, image->volume_name);
    if (image->busy) hr = IMAPI_E_READONLY;
    else hr = image_check_boot(image, fs_tree_boot_count(image->tree) != 0);
    if (SUCCEEDED(hr)) status = fs_layout_create(image->tree, &params, &layout, &detail);
    /* No other thread may change the tree before the stream counts itself. */
    if (layout) image->results++;
    image_unlock(image);
    source_unref(params.earlier);
    if (layout)
    {
        hr = create_result(iface, &params, &(struct result_args){ image, layout, disc_identifier }, out);
        image_lock(image);
        image->results--;
        image_unlock(image);
        fs_layout_unref(layout);
        return hr;
    }
    if (FAILED(hr)) return com_fail(iface, hr);
    if (status == OI_NAME_INVALID) /* of the volume: the file systems were changed after it was put */
    {
        fs_detail_clear(&detail);
        return com_fail(iface, IMAPI_E_INVALID_VOLUME_NAME);
    }
    if (status == OI_TOO_LARGE)
    {
        fs_detail_clear(&detail);
        return com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);
    }
    return fsi_fail(iface, status, &detail);
}
