/* MsftFileSystemImage: earlier sessions and booting. Neither can be imported or recorded yet, so that these
   members answer what the reference has for a configuration without them. */
#include "imapi2fs/imapi2fs_room.h"

HRESULT STDMETHODCALLTYPE image_get_SessionStartBlock(IFileSystemImage3 *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = IMAGE_SELF(iface)->session_start;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_put_SessionStartBlock(IFileSystemImage3 *iface, LONG value)
{
    COM_TRACE(iface, "%ld", value);
    if (value < 0) return fsi_invalid(iface, L"newVal");
    IMAGE_SELF(iface)->session_start = value;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_get_ImportedVolumeName(IFileSystemImage3 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;                                  /* nothing was imported */
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_CalculateDiscIdentifier(IFileSystemImage3 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
}

HRESULT STDMETHODCALLTYPE image_IdentifyFileSystemsOnDisc(IFileSystemImage3 *iface, IDiscRecorder2 *recorder,
                                                          FsiFileSystems *value)
{
    COM_TRACE(iface, "%p, %p", recorder, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FsiFileSystemNone;
    return com_fail(iface, recorder ? E_NOTIMPL : IMAPI_E_MULTISESSION_NOT_SET);
}

/* The reference has the order for ImportFileSystem: UDF, then Joliet, then ISO9660. */
HRESULT STDMETHODCALLTYPE image_GetDefaultFileSystemForImport(IFileSystemImage3 *iface,
                                                              FsiFileSystems file_systems,
                                                              FsiFileSystems *value)
{
    COM_TRACE(iface, "%#x, %p", (unsigned)file_systems, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FsiFileSystemNone;
    if (file_systems & FsiFileSystemUDF) *value = FsiFileSystemUDF;
    else if (file_systems & FsiFileSystemJoliet) *value = FsiFileSystemJoliet;
    else if (file_systems & FsiFileSystemISO9660) *value = FsiFileSystemISO9660;
    else return fsi_invalid(iface, L"fileSystems");
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_ImportFileSystem(IFileSystemImage3 *iface, FsiFileSystems *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FsiFileSystemNone;
    return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
}

HRESULT STDMETHODCALLTYPE image_ImportSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value)
{
    COM_TRACE(iface, "%#x", (unsigned)value);
    if (value != FsiFileSystemISO9660 && value != FsiFileSystemJoliet && value != FsiFileSystemUDF)
        return fsi_invalid(iface, L"fileSystemToUse");
    return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
}

HRESULT STDMETHODCALLTYPE image_get_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_array_of_objects(NULL, 0, value));
}

HRESULT STDMETHODCALLTYPE image_put_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY *value)
{
    void **objects = NULL;
    size_t count = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    hr = com_array_read_objects(value, &IID_IMultisession, &objects, &count);
    com_free_objects(objects, count);
    if (hr == E_OUTOFMEMORY) return com_fail(iface, hr);
    if (FAILED(hr)) return com_fail(iface, IMAPI_E_BAD_MULTISESSION_PARAMETER);
    /* No type of multi-session can be used; an array without any offers none. */
    return com_fail(iface,
                    count ? IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE : IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE);
}

HRESULT STDMETHODCALLTYPE image_ProbeSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value,
                                                        VARIANT_BOOL *appendable)
{
    COM_TRACE(iface, "%#x, %p", (unsigned)value, appendable);
    if (!appendable) return com_fail(iface, E_POINTER);
    *appendable = VARIANT_FALSE;                    /* nothing can be appended to */
    return S_OK;
}

/* --- booting ----------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE image_get_BootImageOptions(IFileSystemImage3 *iface, IBootOptions **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE image_put_BootImageOptions(IFileSystemImage3 *iface, IBootOptions *value)
{
    COM_TRACE(iface, "%p", value);
    return com_fail(iface, value ? IMAPI_E_BOOT_IMAGE_DATA : S_OK);
}

HRESULT STDMETHODCALLTYPE image_get_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_array_of_objects(NULL, 0, value));
}

HRESULT STDMETHODCALLTYPE image_put_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY *value)
{
    void **objects = NULL;
    size_t count = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return S_OK;                        /* as NULL for the single one: no boot image */
    hr = com_array_read_objects(value, &IID_IBootOptions, &objects, &count);
    com_free_objects(objects, count);
    if (hr == E_OUTOFMEMORY) return com_fail(iface, hr);
    if (FAILED(hr)) return com_fail(iface, E_NOINTERFACE);
    return com_fail(iface, count ? IMAPI_E_BOOT_IMAGE_DATA : S_OK);
}
