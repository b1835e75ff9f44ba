/* FsiDirectoryItem: the children of a directory, and adding and removing by path. AddTree stands in
   directory_tree.c. */
#include "imapi2fs/imapi2fs_room.h"

#define SELF(iface) COM_SELF(struct item, iface)

/* --- children ---------------------------------------------------------------------------------------- */

/* For Each reaches this one: it gives objects, as the other collections do and as loops over a folder use
   them. (The reference says paths as VT_BSTR here, and the same items as EnumFsiItems there.) */
static HRESULT STDMETHODCALLTYPE directory_get__NewEnum(IFsiDirectoryItem2 *iface, IEnumVARIANT **value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, item_enum_variant(self->image, self->node, value));
}

static HRESULT STDMETHODCALLTYPE directory_get_EnumFsiItems(IFsiDirectoryItem2 *iface, IEnumFsiItems **value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, item_enum(self->image, self->node, value));
}

static HRESULT STDMETHODCALLTYPE directory_get_Item(IFsiDirectoryItem2 *iface, BSTR path, IFsiItem **value)
{
    struct item *self = SELF(iface);
    struct fs_detail detail = { 0 };
    struct fs_item *node;
    enum oi_status status;
    HRESULT hr;

    COM_TRACE(iface, "%s, %p", com_trace_text(path), value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!path || !*path) return fsi_invalid(iface, L"path");
    image_lock(self->image);
    status = fs_find(self->node, path, &node, &detail);
    if (!status) fs_item_ref(node);
    image_unlock(self->image);
    if (status == OI_DIRECTORY_NOT_FOUND)           /* here it is the item that is missed */
    {
        fs_detail_clear(&detail);
        return com_fail_with(iface, IMAPI_E_ITEM_NOT_FOUND, COM_TEXT(path));
    }
    if (status) return fsi_fail(iface, status, &detail);
    hr = item_create(self->image, node, &IID_IFsiItem, (void **)value);
    fs_item_unref(node);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE directory_get_Count(IFsiDirectoryItem2 *iface, LONG *value)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self->image);
    *value = (LONG)fs_item_child_count(self->node);
    image_unlock(self->image);
    return S_OK;
}

/* --- adding ------------------------------------------------------------------------------------------ */

/* A new item named by the end of path, and the directory that it goes into. With the lock held. */
static enum oi_status create_at(struct item *self, const WCHAR *path, enum fs_type type,
                                struct fs_item **directory, struct fs_item **item, struct fs_detail *detail)
{
    fs_time now = fsi_now();
    const WCHAR *name;
    size_t length;
    WCHAR *copy;
    enum oi_status status;

    *item = NULL;
    TRY(fs_find_parent(self->node, path, directory, &name, &length, detail));
    copy = text_copy_n(name, length);
    if (!copy) return OI_NO_MEMORY;
    status = fs_item_create(self->image->tree, type, copy, item, detail);
    free(copy);
    if (!status) fs_item_set_times(*item, &(struct fs_times){ now, now, now });
    return status;
}

static BOOL in_tree(struct item *self)
{
    BOOL in;

    image_lock(self->image);
    in = fs_item_in_tree(self->node) != 0;
    image_unlock(self->image);
    return in;
}

static HRESULT STDMETHODCALLTYPE directory_AddDirectory(IFsiDirectoryItem2 *iface, BSTR path)
{
    struct item *self = SELF(iface);
    struct fs_item *directory, *item = NULL;
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(path));
    if (!path || !*path) return fsi_invalid(iface, L"path");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr))
    {
        status = create_at(self, path, FS_DIRECTORY, &directory, &item, &detail);
        if (!status) status = fs_add(directory, item, &detail);
    }
    image_unlock(self->image);
    fs_item_unref(item);
    return FAILED(hr) ? com_fail(iface, hr) : fsi_fail(iface, status, &detail);
}

/* Would the file fit in, by its name and its size? Gives its path. The tree is as it was. Lock held. */
static enum oi_status try_file(struct image *image, struct fs_item *directory, struct fs_item *file,
                               WCHAR **path, struct fs_detail *detail)
{
    struct fs_item *trial = NULL;
    enum oi_status status = fs_item_create(image->tree, FS_FILE, fs_item_name(file), &trial, detail);

    if (!status) status = fs_item_set_data(trial, fs_item_data(file));
    if (!status)
    {
        size_t mark = fs_step_begin(image->tree);

        status = fs_add(directory, trial, detail);
        if (!status) status = fs_item_path(trial, path);
        fs_step_end(image->tree, mark, FALSE);
    }
    fs_item_unref(trial);
    return status;
}

/* Exchanges the data of a file that is not in the tree yet for a copy. */
static HRESULT stage_file(struct image *image, void *iface, struct fs_item *directory, struct fs_item *file)
{
    struct image_progress progress = { .total = fs_item_size(file) };
    struct source *data = source_ref(fs_item_data(file)), *staged = NULL;
    struct fs_detail detail = { 0 };
    enum oi_status status;
    WCHAR *path = NULL;
    HRESULT hr;

    image_lock(image);
    status = try_file(image, directory, file, &path, &detail);
    image_unlock(image);
    progress.path = path;
    hr = status ? fsi_fail(iface, status, &detail) : stash_copy(image, iface, data, &progress, &staged);
    if (SUCCEEDED(hr))
    {
        image_lock(image);
        status = fs_item_set_data(file, staged);
        image_unlock(image);
        hr = fsi_fail(iface, status, NULL);
    }
    source_unref(staged);
    source_unref(data);
    free(path);
    return hr;
}

HRESULT directory_add_file(struct image *image, void *iface, struct fs_item *directory, struct fs_item *file,
                           BOOL stage)
{
    struct image_progress progress = { .total = fs_item_size(file) };
    struct source *data = fs_item_data(file);
    struct fs_detail detail = { 0 };
    enum oi_status status;
    WCHAR *path = NULL;

    /* The data of a file that was in the image once are what they are, staged or not, and a disc is as good
       as a stash. */
    image_lock(image);
    stage = stage && data && !fs_source_disc(data) && !fs_item_set_data(file, data);
    image_unlock(image);
    if (stage)
    {
        HRESULT hr = stage_file(image, iface, directory, file);

        if (FAILED(hr)) return hr;
        progress.total = 0;                         /* all was reported */
    }
    image_lock(image);
    status = fs_add(directory, file, &detail);
    if (!status) status = fs_item_path(file, &path);
    image_unlock(image);
    progress.path = path;
    if (!status) image_progress(image, &progress, 0);
    if (!status) image_progress(image, &progress, progress.total);
    free(path);
    return fsi_fail(iface, status, &detail);
}

/* path is that of the new file, as programs have it. (The reference says that of the containing directory.)
   */
static HRESULT STDMETHODCALLTYPE directory_AddFile(IFsiDirectoryItem2 *iface, BSTR path, IStream *stream)
{
    struct item *self = SELF(iface);
    struct fs_item *directory, *item = NULL;
    struct fs_detail detail = { 0 };
    struct source *source = NULL;
    enum oi_status status;
    HRESULT hr;

    COM_TRACE(iface, "%s, %p", com_trace_text(path), stream);
    if (!stream) return com_fail(iface, E_POINTER);
    if (!path || !*path) return fsi_invalid(iface, L"path");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    hr = image_begin(self->image, iface);
    if (FAILED(hr)) return hr;
    hr = image_take_stream(self->image, stream, &source);
    if (FAILED(hr))
    {
        image_end(self->image, FALSE);
        return hr == E_OUTOFMEMORY
                   ? com_fail(iface, hr)
                   : com_fail_cause(iface, IMAPI_E_DATA_STREAM_READ_FAILURE, hr, COM_TEXT(path));
    }
    status = image_keep_stream(self->image, source);
    if (!status)
    {
        image_lock(self->image);
        status = create_at(self, path, FS_FILE, &directory, &item, &detail);
        if (!status) status = fs_item_set_data(item, source);
        image_unlock(self->image);
    }
    hr = status ? fsi_fail(iface, status, &detail)
                : directory_add_file(self->image, iface, directory, item, self->image->stage_files);
    fs_item_unref(item);
    source_unref(source);
    image_end(self->image, SUCCEEDED(hr));
    return hr;
}

static HRESULT STDMETHODCALLTYPE directory_Add(IFsiDirectoryItem2 *iface, IFsiItem *item)
{
    struct item *self = SELF(iface), *added;
    struct fs_detail detail = { 0 };
    BOOL elsewhere, here;
    HRESULT hr;

    COM_TRACE(iface, "%p", item);
    if (!item) return com_fail(iface, E_POINTER);
    added = item_of_client(self->image, item);
    if (!added) return fsi_invalid(iface, L"item"); /* of another image, or of another maker */
    if (!in_tree(self)) return item_not_in_image(iface, self);
    hr = image_begin(self->image, iface);
    if (FAILED(hr)) return hr;
    image_lock(self->image);
    here = fs_item_parent(added->node) == self->node;
    elsewhere = !here && (fs_item_in_tree(added->node) || fs_item_is_stream(added->node));
    image_unlock(self->image);
    if (here)
        hr = com_fail_with(iface, IMAPI_E_DUP_NAME, COM_TEXT(fs_item_name(added->node)));
    else if (elsewhere)
        hr = fsi_invalid(iface, L"item");
    else if (fs_item_type(added->node) == FS_FILE)
        hr = directory_add_file(self->image, iface, self->node, added->node, self->image->stage_files);
    else
    {
        enum oi_status status;

        image_lock(self->image);
        status = fs_add(self->node, added->node, &detail);
        image_unlock(self->image);
        hr = fsi_fail(iface, status, &detail);
    }
    image_end(self->image, SUCCEEDED(hr));
    return hr;
}

static HRESULT STDMETHODCALLTYPE directory_AddTree(IFsiDirectoryItem2 *iface, BSTR source,
                                                   VARIANT_BOOL with_base)
{
    struct item *self = SELF(iface);

    COM_TRACE(iface, "%s, %d", com_trace_text(source), with_base);
    if (!source) return com_fail(iface, E_POINTER);
    if (!*source) return fsi_invalid(iface, L"sourceDirectory");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    return directory_add_tree(self, iface, source, with_base != VARIANT_FALSE, FALSE);
}

/* Named streams need UDF 2.00: without it they are kept and stay out of the image, which the code says. */
static HRESULT STDMETHODCALLTYPE directory_AddTreeWithNamedStreams(IFsiDirectoryItem2 *iface, BSTR source,
                                                                   VARIANT_BOOL with_base)
{
    struct item *self = SELF(iface);
    HRESULT hr;

    COM_TRACE(iface, "%s, %d", com_trace_text(source), with_base);
    if (!source || !*source) return fsi_invalid(iface, L"sourceDirectory");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    hr = directory_add_tree(self, iface, source, with_base != VARIANT_FALSE, TRUE);
    return FAILED(hr) ? hr : named_streams_done(self->image);
}

/* --- removing ---------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE directory_Remove(IFsiDirectoryItem2 *iface, BSTR path)
{
    struct item *self = SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    struct fs_item *node = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(path));
    if (!path || !*path) return fsi_invalid(iface, L"path");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr)) status = fs_find(self->node, path, &node, &detail);
    if (SUCCEEDED(hr) && !status) status = fs_remove(node, &detail);
    image_unlock(self->image);
    image_drop_streams(self->image);
    if (FAILED(hr)) return com_fail(iface, hr);
    if (status != OI_INVALID_ARGUMENT) return fsi_fail(iface, status, &detail);
    fs_detail_clear(&detail);                       /* the root itself */
    return fsi_invalid(iface, L"path");
}

static HRESULT STDMETHODCALLTYPE directory_RemoveTree(IFsiDirectoryItem2 *iface, BSTR path)
{
    struct item *self = SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    struct fs_item *node = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(path));
    if (!path) return com_fail(iface, E_POINTER);
    if (!*path) return fsi_invalid(iface, L"path");
    if (!in_tree(self)) return item_not_in_image(iface, self);
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr))
    {
        status = fs_find(self->node, path, &node, &detail);
        if (status == OI_NOT_FOUND) status = OI_DIRECTORY_NOT_FOUND;
        if (!status && fs_item_type(node) != FS_DIRECTORY)
        {
            status = OI_NOT_DIRECTORY;
            detail.item = text_copy(path);
        }
        if (!status) status = fs_remove_tree(node, &detail);
    }
    image_unlock(self->image);
    image_drop_streams(self->image);
    return FAILED(hr) ? com_fail(iface, hr) : fsi_fail(iface, status, &detail);
}

/* --- the class --------------------------------------------------------------------------------------- */

static const IFsiDirectoryItem2Vtbl directory_vtbl =
{
    COM_DISPATCH(IFsiDirectoryItem2),
    FSI_ITEM_METHODS(IFsiDirectoryItem2),
    /* IFsiDirectoryItem */
    directory_get__NewEnum,
    directory_get_Item,
    directory_get_Count,
    directory_get_EnumFsiItems,
    directory_AddDirectory,
    directory_AddFile,
    directory_AddTree,
    directory_Add,
    directory_Remove,
    directory_RemoveTree,
    /* IFsiDirectoryItem2 */
    directory_AddTreeWithNamedStreams,
};

static const struct com_iface directory_ifaces[] =
{
    { &IID_IFsiDirectoryItem2, &directory_vtbl },
    { &IID_IFsiDirectoryItem, NULL },
    { &IID_IFsiItem, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class directory_item_class =
{
    .clsid = &CLSID_FsiDirectoryItem, .noncreatable = TRUE,
    .size = sizeof(struct item), .init = item_init, .destroy = item_destroy,
    .ifaces = directory_ifaces, .iface_count = COM_COUNT(directory_ifaces),
};
