/* MsftFileSystemImage: the names of the volume, and where temporary files go. */
#include "imapi2fs/imapi2fs_room.h"

/* --- volume names ------------------------------------------------------------------------------------ */

HRESULT STDMETHODCALLTYPE image_get_VolumeName(IFileSystemImage3 *iface, BSTR *value)
{
    struct image *self = IMAGE_SELF(iface);
    WCHAR name[FS_VOLUME_NAME_MAX + 1];

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    lstrcpyW(name, self->volume_name);
    image_unlock(self);
    return com_fail(iface, com_return_text(name, value));
}

/* The reference has a limit of 15 characters, which comes from one of the fields of UDF. Programs give up
   to 32, which the fields of ISO 9660 hold: so that is taken, and Joliet's shorter field gets its
   beginning. */
HRESULT STDMETHODCALLTYPE image_put_VolumeName(IFileSystemImage3 *iface, BSTR value)
{
    struct image *self = IMAGE_SELF(iface);
    const WCHAR *name = value ? value : L"";

    COM_TRACE(iface, "%s", com_trace_text(value));
    if (fs_volume_name_check(name)) return com_fail(iface, IMAPI_E_INVALID_VOLUME_NAME);
    image_lock(self);
    lstrcpyW(self->volume_name, name);
    image_unlock(self);
    return S_OK;
}

static HRESULT derived_name(IFileSystemImage3 *iface, enum fs_kind kind, BSTR *value)
{
    struct image *self = IMAGE_SELF(iface);
    WCHAR name[FS_VOLUME_NAME_MAX + 1];

    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    fs_volume_name(self->volume_name, kind, name);
    image_unlock(self);
    return com_fail(iface, com_return_text(name, value));
}

HRESULT STDMETHODCALLTYPE image_get_VolumeNameUDF(IFileSystemImage3 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return derived_name(iface, FS_UDF, value);
}

HRESULT STDMETHODCALLTYPE image_get_VolumeNameJoliet(IFileSystemImage3 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return derived_name(iface, FS_JOLIET, value);
}

HRESULT STDMETHODCALLTYPE image_get_VolumeNameISO9660(IFileSystemImage3 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return derived_name(iface, FS_ISO9660, value);
}

/* --- temporary files --------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE image_get_WorkingDirectory(IFileSystemImage3 *iface, BSTR *value)
{
    struct image *self = IMAGE_SELF(iface);
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    hr = com_return_text(self->working_directory, value);
    image_unlock(self);
    return com_fail(iface, hr);
}

/* What was staged so far moves along. get shows the text as it was put. */
HRESULT STDMETHODCALLTYPE image_put_WorkingDirectory(IFileSystemImage3 *iface, BSTR value)
{
    struct image *self = IMAGE_SELF(iface);
    WCHAR *folder, *old;
    HRESULT hr;

    COM_TRACE(iface, "%s", com_trace_text(value));
    if (!value || !*value) return fsi_invalid(iface, L"newVal");
    folder = text_copy(value);
    if (!folder) return com_fail(iface, E_OUTOFMEMORY);
    hr = image_begin(self, iface);
    if (FAILED(hr))
    {
        free(folder);
        return hr;
    }
    hr = stash_move(iface, self->stash, folder);
    old = folder;
    if (SUCCEEDED(hr))
    {
        image_lock(self);
        old = self->working_directory;
        self->working_directory = folder;
        image_unlock(self);
    }
    image_end(self, TRUE);
    free(old);
    return hr;
}

HRESULT STDMETHODCALLTYPE image_get_StageFiles(IFileSystemImage3 *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = com_bool(IMAGE_SELF(iface)->stage_files);
    return S_OK;
}

/* For files added from now on. */
HRESULT STDMETHODCALLTYPE image_put_StageFiles(IFileSystemImage3 *iface, VARIANT_BOOL value)
{
    COM_TRACE(iface, "%d", value);
    IMAGE_SELF(iface)->stage_files = value != VARIANT_FALSE;
    return S_OK;
}
