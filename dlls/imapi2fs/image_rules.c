/* MsftFileSystemImage: what names and structures of the image may be like (levels, revisions, strictness). */
#include "imapi2fs/imapi2fs_room.h"

HRESULT STDMETHODCALLTYPE image_get_StrictFileSystemCompliance(IFileSystemImage3 *iface, VARIANT_BOOL *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = com_bool(fs_tree_options(self->tree)->strict);
    image_unlock(self);
    return S_OK;
}

/* Strictness can be asked for only while the image is empty; it can be given up at any time. */
HRESULT STDMETHODCALLTYPE image_put_StrictFileSystemCompliance(IFileSystemImage3 *iface, VARIANT_BOOL value)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    struct fs_options options;
    enum oi_status status = OI_OK;
    HRESULT hr;

    COM_TRACE(iface, "%d", value);
    image_lock(self);
    options = *fs_tree_options(self->tree);
    hr = !options.strict == !value ? S_FALSE : image_check_changeable(self);
    if (hr == S_OK && value && (fs_tree_file_count(self->tree) || fs_tree_directory_count(self->tree) > 1))
        hr = IMAPI_E_FILE_SYSTEM_NOT_EMPTY;
    if (hr == S_OK)
    {
        options.strict = value != VARIANT_FALSE;
        status = fs_tree_set_options(self->tree, &options, &detail);
    }
    image_unlock(self);
    return FAILED(hr) ? com_fail(iface, hr) : image_fail_options(iface, status, &detail);
}

HRESULT STDMETHODCALLTYPE image_get_UseRestrictedCharacterSet(IFileSystemImage3 *iface, VARIANT_BOOL *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = com_bool(fs_tree_options(self->tree)->restricted);
    image_unlock(self);
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_put_UseRestrictedCharacterSet(IFileSystemImage3 *iface, VARIANT_BOOL value)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    HRESULT hr;

    COM_TRACE(iface, "%d", value);
    image_lock(self);
    hr = image_check_changeable(self);
    if (SUCCEEDED(hr))
    {
        struct fs_options options = *fs_tree_options(self->tree);

        options.restricted = value != VARIANT_FALSE;
        status = fs_tree_set_options(self->tree, &options, &detail);
    }
    image_unlock(self);
    return FAILED(hr) ? com_fail(iface, hr) : image_fail_options(iface, status, &detail);
}

HRESULT image_check_revision(const struct image *image, unsigned revision)
{
    const struct imported *imported = image->imported;

    return imported && imported->volume.udf_revision && imported->volume.udf_revision != revision
               ? IMAPI_E_UDF_REVISION_CHANGE_NOT_ALLOWED
               : S_OK;
}

/* Sets what one caller changes of the options. IMAPI_E_IMAGE_TOO_BIG when the content does not fit then;
   IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED when a revision leaves a part of it out of the image. */
static HRESULT set_udf(struct image *self, void *iface, const LONG *revision, const BOOL *redundant)
{
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    struct fs_options options;
    BOOL left_out;
    HRESULT hr;

    image_lock(self);
    options = *fs_tree_options(self->tree);
    if (revision) options.udf_revision = (unsigned)*revision;
    if (redundant) options.udf_redundant = *redundant;
    hr = image_check_changeable(self);
    if (SUCCEEDED(hr) && revision) hr = image_check_revision(self, options.udf_revision);
    if (SUCCEEDED(hr)) status = fs_tree_set_options(self->tree, &options, &detail);
    left_out = revision && fs_tree_leaves_out(self->tree);
    image_unlock(self);
    if (FAILED(hr)) return com_fail(iface, hr);
    if (!status && left_out) return IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED;
    return image_fail_options(iface, status, &detail);
}

HRESULT STDMETHODCALLTYPE image_put_UDFRevision(IFileSystemImage3 *iface, LONG value)
{
    size_t i = 0;

    COM_TRACE(iface, "%#lx", value);
    while (fs_udf_revision(i) && fs_udf_revision(i) != (unsigned)value) i++;
    if (!fs_udf_revision(i)) return fsi_invalid(iface, L"newVal");
    return set_udf(IMAGE_SELF(iface), iface, &value, NULL);
}

HRESULT STDMETHODCALLTYPE image_get_UDFRevision(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = (LONG)fs_tree_options(self->tree)->udf_revision;
    image_unlock(self);
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_get_UDFRevisionsSupported(IFileSystemImage3 *iface, SAFEARRAY **value)
{
    LONG revisions[16];
    size_t count = 0;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    for (; count < COM_COUNT(revisions) && fs_udf_revision(count); count++)
    {
        revisions[count] = (LONG)fs_udf_revision(count);
    }
    return com_fail(iface, com_array_of_longs(revisions, count, value));
}

HRESULT STDMETHODCALLTYPE image_put_ISO9660InterchangeLevel(IFileSystemImage3 *iface, LONG value)
{
    struct image *self = IMAGE_SELF(iface);
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    HRESULT hr;

    COM_TRACE(iface, "%ld", value);
    if (value != 1 && value != 2) return fsi_invalid(iface, L"newVal");
    image_lock(self);
    hr = image_check_changeable(self);
    if (SUCCEEDED(hr))
    {
        struct fs_options options = *fs_tree_options(self->tree);

        options.iso9660_level = (unsigned)value;
        status = fs_tree_set_options(self->tree, &options, &detail);
    }
    image_unlock(self);
    return FAILED(hr) ? com_fail(iface, hr) : image_fail_options(iface, status, &detail);
}

HRESULT STDMETHODCALLTYPE image_get_ISO9660InterchangeLevel(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = (LONG)fs_tree_options(self->tree)->iso9660_level;
    image_unlock(self);
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_get_ISO9660InterchangeLevelsSupported(IFileSystemImage3 *iface,
                                                                      SAFEARRAY **value)
{
    static const ULONG levels[] = { 1, 2 };

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_array_of_ulongs(levels, COM_COUNT(levels), value));
}

HRESULT STDMETHODCALLTYPE image_get_CreateRedundantUdfMetadataFiles(IFileSystemImage3 *iface,
                                                                    VARIANT_BOOL *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = com_bool(fs_tree_options(self->tree)->udf_redundant);
    image_unlock(self);
    return S_OK;
}

/* Kept whatever is to be created; only UDF 2.50 and later has such files. */
HRESULT STDMETHODCALLTYPE image_put_CreateRedundantUdfMetadataFiles(IFileSystemImage3 *iface,
                                                                    VARIANT_BOOL value)
{
    struct image *self = IMAGE_SELF(iface);
    BOOL redundant = value != VARIANT_FALSE, has_metadata;
    HRESULT hr;

    COM_TRACE(iface, "%d", value);
    if (FAILED(hr = set_udf(self, iface, NULL, &redundant))) return hr;
    image_lock(self);
    has_metadata = (fs_tree_options(self->tree)->file_systems & FS_UDF) &&
                   fs_tree_options(self->tree)->udf_revision >= 0x250;
    image_unlock(self);
    return has_metadata ? S_OK : IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED;
}
