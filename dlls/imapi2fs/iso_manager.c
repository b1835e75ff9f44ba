/* MsftIsoImageManager: any file or stream as an image, and whether it can be one. */
#include "imapi2fs/imapi2fs_room.h"

#include "openimapi/fs_import.h"

/* What SetPath or SetStream took; does not change. Counted: the stream of a client is called, and let go,
   with no lock held. */
struct taken
{
    LONG references;
    struct com_ref stream;
    WCHAR path[];                       /* empty after SetStream */
};

struct iso_manager
{
    struct com_object base;
    struct taken *taken;                /* NULL: nothing yet; under base.lock */
};

#define SELF(iface) COM_SELF(struct iso_manager, iface)

static void taken_release(struct taken *taken)
{
    if (!taken || InterlockedDecrement(&taken->references)) return;
    com_ref_clear(&taken->stream);
    free(taken);
}

/* Counted, for the caller to release; NULL when there is none. */
static struct taken *taken_of(struct iso_manager *self)
{
    struct taken *taken;

    com_lock(&self->base);
    taken = self->taken;
    if (taken) InterlockedIncrement(&taken->references);
    com_unlock(&self->base);
    return taken;
}

static HRESULT take(struct iso_manager *self, IStream *stream, const WCHAR *path)
{
    size_t bytes = (text_length(path) + 1) * sizeof(*path);
    struct taken *taken = calloc(1, sizeof(*taken) + bytes), *before;

    if (!taken) return E_OUTOFMEMORY;
    taken->references = 1;
    memcpy(taken->path, path, bytes);
    com_ref_set(&taken->stream, stream, &IID_IStream);
    com_lock(&self->base);
    before = self->taken;
    self->taken = taken;
    com_unlock(&self->base);
    taken_release(before);
    return S_OK;
}

static void iso_manager_destroy(struct com_object *object)
{
    taken_release(((struct iso_manager *)object)->taken);
}

/* --- properties -------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE iso_manager_get_Path(IIsoImageManager *iface, BSTR *value)
{
    struct taken *taken;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    taken = taken_of(SELF(iface));
    hr = com_return_text(taken ? taken->path : L"", value);
    taken_release(taken);
    return com_fail(iface, hr);
}

/* The one stream of this image, wherever it stands; NULL before there is an image. */
static HRESULT STDMETHODCALLTYPE iso_manager_get_Stream(IIsoImageManager *iface, IStream **value)
{
    struct taken *taken;
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    taken = taken_of(SELF(iface));
    if (taken) hr = com_ref_get(&taken->stream, (void **)value);
    taken_release(taken);
    return com_fail(iface, hr);
}

/* --- taking an image --------------------------------------------------------------------------------- */

/* Any file will do: programs use this as the way from a file to a stream. A path that leads to none, or to
   one that cannot be opened, leaves the image that was taken before. */
static HRESULT STDMETHODCALLTYPE iso_manager_SetPath(IIsoImageManager *iface, BSTR path)
{
    struct host_path absolute = { 0 };
    struct source *source = NULL;
    IStream *stream = NULL;
    DWORD error;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(path));
    if (!path || !*path) return com_fail_with(iface, IMAPI_E_INVALID_PATH, COM_TEXT(path));
    error = host_path_start(&absolute, path);
    if (!error) error = host_file_open(absolute.text, &source);
    host_path_clear(&absolute);
    if (error == ERROR_NOT_ENOUGH_MEMORY) return com_fail(iface, E_OUTOFMEMORY);
    if (error) return com_fail_with(iface, IMAPI_E_INVALID_PATH, COM_TEXT(path));
    hr = stream_out_create(source, &(struct stream_out_options){ .name = path }, &stream);
    source_unref(source);
    if (SUCCEEDED(hr))
    {
        hr = take(SELF(iface), stream, path);
        IStream_Release(stream);
    }
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE iso_manager_SetStream(IIsoImageManager *iface, IStream *stream)
{
    COM_TRACE(iface, "%p", stream);
    if (!stream) return com_fail(iface, E_POINTER);
    return com_fail(iface, take(SELF(iface), stream, L""));
}

/* --- checking ---------------------------------------------------------------------------------------- */

/* Where the stream stands; its start when it does not say. */
static LARGE_INTEGER position_of(IStream *stream)
{
    LARGE_INTEGER position = { .QuadPart = 0 };
    ULARGE_INTEGER now = { .QuadPart = 0 };

    if (SUCCEEDED(IStream_Seek(stream, position, STREAM_SEEK_CUR, &now)))
        position.QuadPart = (LONGLONG)now.QuadPart;
    return position;
}

/* Files of audio or raw sectors have headers where the descriptors should be. */
static HRESULT validate(void *iface, IStream *stream)
{
    struct source *source = NULL;
    LARGE_INTEGER position;
    enum oi_status status;
    unsigned standards;
    HRESULT hr = stream_in_create(stream, &source);

    if (FAILED(hr)) return com_forward(iface, hr);
    if (source->size % FS_BLOCK_SIZE)
        hr = com_fail(iface, IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED);
    else if (source->size / FS_BLOCK_SIZE > MAXLONG)
        hr = com_fail(iface, IMAPI_E_IMAGEMANAGER_IMAGE_TOO_BIG);
    else
    {
        position = position_of(stream);
        status = fs_recognize_standards(source, 0, &standards);
        IStream_Seek(stream, position, STREAM_SEEK_SET, NULL);
        if (status == OI_NO_MEMORY) hr = com_fail(iface, E_OUTOFMEMORY);
        else if (status) hr = com_forward(iface, stream_in_error(source));
        else if (!standards) hr = com_fail(iface, IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND);
    }
    source_unref(source);
    return hr;
}

/* The stream stands afterwards where it stood before. */
static HRESULT STDMETHODCALLTYPE iso_manager_Validate(IIsoImageManager *iface)
{
    struct taken *taken = taken_of(SELF(iface));
    IStream *stream = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%s", "");
    if (!taken) return com_fail(iface, IMAPI_E_IMAGEMANAGER_NO_IMAGE);
    hr = com_ref_get(&taken->stream, (void **)&stream);
    taken_release(taken);
    if (FAILED(hr)) return com_fail(iface, hr);
    hr = validate(iface, stream);
    IStream_Release(stream);
    return hr;
}

/* --- the class --------------------------------------------------------------------------------------- */

static const IIsoImageManagerVtbl iso_manager_vtbl =
{
    COM_DISPATCH(IIsoImageManager),
    iso_manager_get_Path,
    iso_manager_get_Stream,
    iso_manager_SetPath,
    iso_manager_SetStream,
    iso_manager_Validate,
};

static const struct com_iface iso_manager_ifaces[] =
{
    { &IID_IIsoImageManager, &iso_manager_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class iso_manager_class =
{
    .clsid = &CLSID_MsftIsoImageManager, .progid = L"IMAPI2FS.MsftIsoImageManager", .version = 1,
    .size = sizeof(struct iso_manager), .destroy = iso_manager_destroy,
    .ifaces = iso_manager_ifaces, .iface_count = COM_COUNT(iso_manager_ifaces),
};
