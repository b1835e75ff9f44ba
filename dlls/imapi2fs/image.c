/* MsftFileSystemImage: its life, its change points, items and paths, and the vtable. The other members
   stand in image_media.c, image_rules.c, image_volume.c, image_boot.c and image_import.c. */
#include "imapi2fs/imapi2fs_room.h"

/* --- changes ----------------------------------------------------------------------------------------- */

HRESULT image_check_changeable(const struct image *image)
{
    return image->results || image->busy ? IMAPI_E_READONLY : S_OK;
}

HRESULT image_begin(struct image *image, void *iface)
{
    HRESULT hr;

    image_lock(image);
    hr = image_check_changeable(image);
    if (SUCCEEDED(hr))
    {
        image->busy = TRUE;
        image->step = fs_step_begin(image->tree);
    }
    image_unlock(image);
    return com_fail(iface, hr);
}

void image_end(struct image *image, BOOL keep)
{
    image_lock(image);
    fs_step_end(image->tree, image->step, keep);
    image->busy = FALSE;
    image_unlock(image);
    if (!keep) image_drop_streams(image);
}

enum oi_status image_keep_stream(struct image *image, struct source *stream)
{
    enum oi_status status = OI_OK;

    image_lock(image);
    if (image->stream_count == image->stream_room)
    {
        size_t room = image->stream_room ? 2 * image->stream_room : 16;
        struct source **streams = realloc(image->streams, room * sizeof(*streams));

        if (streams)
        {
            image->streams = streams;
            image->stream_room = room;
        }
        else
            status = OI_NO_MEMORY;
    }
    if (!status) image->streams[image->stream_count++] = source_ref(stream);
    image_unlock(image);
    return status;
}

void image_drop_streams(struct image *image)
{
    size_t at = 0;

    for (;;)
    {
        struct source *unused = NULL;

        image_lock(image);
        for (; at < image->stream_count && !unused; at++)
        {
            if (__atomic_load_n(&image->streams[at]->references, __ATOMIC_ACQUIRE) == 1)
            {
                unused = image->streams[at];
                image->streams[at] = image->streams[--image->stream_count];
                at--;
            }
        }
        image_unlock(image);
        if (!unused) return;
        source_unref(unused);
    }
}

fs_time fsi_now(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (fs_time)((ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime) - FS_TIME_FILETIME;
}

/* --- life -------------------------------------------------------------------------------------------- */

static void image_destroy(struct com_object *object)
{
    struct image *image = (struct image *)object;

    image_boot_release(image);
    fs_tree_destroy(image->tree);
    imported_free(image->imported);
    sessions_release(image->sessions);
    for (size_t i = 0; i < image->stream_count; i++) source_unref(image->streams[i]);
    free(image->streams);
    stash_release(image->stash);
    stream_gate_release(image->gate);
    free(image->working_directory);
}

static HRESULT image_init(struct com_object *object, void *args)
{
    struct image *image = (struct image *)object;
    struct fs_options options;
    WCHAR folder[MAX_PATH + 1];
    DWORD length = GetTempPathW(COM_COUNT(folder), folder);

    (void)args;
    if (!length || length >= COM_COUNT(folder)) lstrcpyW(folder, L".\\");
    image->free_blocks = 332800;                    /* 650 MiB, a CD of 74 minutes */
    fs_options_init(&options);
    options.file_systems = FS_SUPPORTED;
    options.block_limit = (uint64_t)image->free_blocks;
    image->gate = stream_gate_create();
    image->working_directory = text_copy(folder);
    if (!image->gate || !image->working_directory || fs_tree_create(&options, &image->tree))
    {
        image_destroy(object);
        return E_OUTOFMEMORY;
    }
    return S_OK;
}

/* --- counts and change points ------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE image_get_Root(IFileSystemImage3 *iface, IFsiDirectoryItem **value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface,
                    item_create(self, fs_tree_root(self->tree), &IID_IFsiDirectoryItem, (void **)value));
}

/* A count that no LONG holds is shown as the largest. */
static LONG clamp(uint64_t count)
{
    return count > MAXLONG ? MAXLONG : (LONG)count;
}

static HRESULT STDMETHODCALLTYPE image_get_FileCount(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = clamp(fs_tree_file_count(self->tree));
    image_unlock(self);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE image_get_DirectoryCount(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = clamp(fs_tree_directory_count(self->tree));
    image_unlock(self);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE image_get_ChangePoint(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = clamp(fs_change_point(self->tree));
    image_unlock(self);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE image_RollbackToChangePoint(IFileSystemImage3 *iface, LONG point)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_INVALID_ARGUMENT;
    HRESULT hr;

    COM_TRACE(iface, "%ld", point);
    image_lock(self);
    hr = image_check_changeable(self);
    if (SUCCEEDED(hr) && point >= 0) status = fs_rollback(self->tree, (uint32_t)point, &detail);
    image_unlock(self);
    image_drop_streams(self);
    if (FAILED(hr)) return com_fail(iface, hr);
    if (status == OI_INVALID_ARGUMENT)              /* a point to come, or one before a lock */
    {
        fs_detail_clear(&detail);
        return fsi_invalid(iface, L"changePoint");
    }
    return fsi_fail(iface, status, &detail);
}

static HRESULT STDMETHODCALLTYPE image_LockInChangePoint(IFileSystemImage3 *iface)
{
    struct image *self = IMAGE_SELF(iface);
    HRESULT hr;

    COM_TRACE(iface, "%s", "");
    image_lock(self);
    hr = image_check_changeable(self);
    if (SUCCEEDED(hr)) fs_lock_in(self->tree);
    image_unlock(self);
    image_drop_streams(self);
    return com_fail(iface, hr);
}

/* --- items and paths --------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE image_Exists(IFileSystemImage3 *iface, BSTR path, FsiItemType *type)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    struct fs_item *item;
    enum oi_status status;

    COM_TRACE(iface, "%s, %p", com_trace_text(path), type);
    if (!type) return com_fail(iface, E_POINTER);
    *type = FsiItemNotFound;
    if (!path) return fsi_invalid(iface, L"fullPath");
    if (*path != '\\' && *path != '/') return com_fail_with(iface, IMAPI_E_INVALID_PATH, COM_TEXT(path));
    image_lock(self);
    status = fs_find(fs_tree_root(self->tree), path, &item, &detail);
    if (!status) *type = fs_item_type(item) == FS_DIRECTORY ? FsiItemDirectory : FsiItemFile;
    image_unlock(self);
    if (status == OI_NOT_FOUND)                     /* "not there" is an answer, no failure */
    {
        fs_detail_clear(&detail);
        return S_OK;
    }
    return fsi_fail(iface, status, &detail);
}

/* An item that is not in the tree. Its times are those of now: "the time the item was added" is the default
   of the three, and nobody puts a file together much earlier than he adds it. */
static HRESULT create_item(IFileSystemImage3 *iface, enum fs_type type, BSTR name, REFIID iid, void **value)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    struct fs_item *item = NULL;
    fs_time now = fsi_now();
    enum oi_status status;
    HRESULT hr;

    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!name) return fsi_invalid(iface, L"name");
    image_lock(self);
    status = fs_item_create(self->tree, type, name, &item, &detail);
    if (!status) fs_item_set_times(item, &(struct fs_times){ now, now, now });
    image_unlock(self);
    if (status == OI_NAME_INVALID)
    {
        fs_detail_clear(&detail);
        return fsi_invalid(iface, L"name");
    }
    if (status) return fsi_fail(iface, status, &detail);
    hr = item_create(self, item, iid, value);
    fs_item_unref(item);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE image_CreateDirectoryItem(IFileSystemImage3 *iface, BSTR name,
                                                           IFsiDirectoryItem **value)
{
    COM_TRACE(iface, "%s, %p", com_trace_text(name), value);
    return create_item(iface, FS_DIRECTORY, name, &IID_IFsiDirectoryItem, (void **)value);
}

static HRESULT STDMETHODCALLTYPE image_CreateFileItem(IFileSystemImage3 *iface, BSTR name,
                                                      IFsiFileItem **value)
{
    COM_TRACE(iface, "%s, %p", com_trace_text(name), value);
    return create_item(iface, FS_FILE, name, &IID_IFsiFileItem, (void **)value);
}

static HRESULT STDMETHODCALLTYPE image_CreateResultImage(IFileSystemImage3 *iface,
                                                         IFileSystemImageResult **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    return result_create(IMAGE_SELF(iface), iface, value);
}

/* --- the class --------------------------------------------------------------------------------------- */

static const IFileSystemImage3Vtbl image_vtbl =
{
    COM_DISPATCH(IFileSystemImage3),
    /* IFileSystemImage */
    image_get_Root,
    image_get_SessionStartBlock,
    image_put_SessionStartBlock,
    image_get_FreeMediaBlocks,
    image_put_FreeMediaBlocks,
    image_SetMaxMediaBlocksFromDevice,
    image_get_UsedBlocks,
    image_get_VolumeName,
    image_put_VolumeName,
    image_get_ImportedVolumeName,
    image_get_BootImageOptions,
    image_put_BootImageOptions,
    image_get_FileCount,
    image_get_DirectoryCount,
    image_get_WorkingDirectory,
    image_put_WorkingDirectory,
    image_get_ChangePoint,
    image_get_StrictFileSystemCompliance,
    image_put_StrictFileSystemCompliance,
    image_get_UseRestrictedCharacterSet,
    image_put_UseRestrictedCharacterSet,
    image_get_FileSystemsToCreate,
    image_put_FileSystemsToCreate,
    image_get_FileSystemsSupported,
    image_put_UDFRevision,
    image_get_UDFRevision,
    image_get_UDFRevisionsSupported,
    image_ChooseImageDefaults,
    image_ChooseImageDefaultsForMediaType,
    image_put_ISO9660InterchangeLevel,
    image_get_ISO9660InterchangeLevel,
    image_get_ISO9660InterchangeLevelsSupported,
    image_CreateResultImage,
    image_Exists,
    image_CalculateDiscIdentifier,
    image_IdentifyFileSystemsOnDisc,
    image_GetDefaultFileSystemForImport,
    image_ImportFileSystem,
    image_ImportSpecificFileSystem,
    image_RollbackToChangePoint,
    image_LockInChangePoint,
    image_CreateDirectoryItem,
    image_CreateFileItem,
    image_get_VolumeNameUDF,
    image_get_VolumeNameJoliet,
    image_get_VolumeNameISO9660,
    image_get_StageFiles,
    image_put_StageFiles,
    image_get_MultisessionInterfaces,
    image_put_MultisessionInterfaces,
    /* IFileSystemImage2 */
    image_get_BootImageOptionsArray,
    image_put_BootImageOptionsArray,
    /* IFileSystemImage3 */
    image_get_CreateRedundantUdfMetadataFiles,
    image_put_CreateRedundantUdfMetadataFiles,
    image_ProbeSpecificFileSystem,
};

static const struct com_iface image_ifaces[] =
{
    { &IID_IFileSystemImage3, &image_vtbl },
    { &IID_IFileSystemImage2, NULL },
    { &IID_IFileSystemImage, NULL },
    COM_STANDARD_IFACES,
    COM_EVENT_IFACES,
};

static const IID *const image_events[] = {&IID_DFileSystemImageEvents, &IID_DFileSystemImageImportEvents,
                                          NULL};

/* The reference calls the ProgID IMAPI2.MsftFileSystemImage, programs and registries IMAPI2FS.: both lead
   here. */
const struct com_class image_class =
{
    .clsid = &CLSID_MsftFileSystemImage, .progid = L"IMAPI2FS.MsftFileSystemImage",
    .alias = L"IMAPI2.MsftFileSystemImage", .version = 1,
    .size = sizeof(struct image), .init = image_init, .destroy = image_destroy,
    .ifaces = image_ifaces, .iface_count = COM_COUNT(image_ifaces), .events = image_events,
};
