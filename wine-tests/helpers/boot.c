/* Boot options, arrays of them, and bootable images. */
#include "../boot.h"

#include <stdlib.h>

IBootOptions *boot_options_of(IStream *stream)
{
    IBootOptions *options = NULL;

    ok_hr(com_test_create(DLL, &CLSID_BootOptions, &IID_IBootOptions, (void **)&options), S_OK, "create");
    if (options && stream) ok_hr(IBootOptions_AssignBootImage(options, stream), S_OK, "AssignBootImage");
    return options;
}

IBootOptions *boot_options_with(ULONG size)
{
    IStream *stream = fsi_stream(size);
    IBootOptions *options = boot_options_of(stream);

    IStream_Release(stream);
    return options;
}

static SAFEARRAY *array_of(void *const *objects, ULONG count, VARTYPE type)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, count);
    VARIANT *elements;

    SafeArrayAccessData(array, (void **)&elements);
    for (ULONG i = 0; i < count; i++)
    {
        V_VT(&elements[i]) = type;
        if (type & VT_BYREF)
        {
            V_BYREF(&elements[i]) = (void *)&objects[i];
            continue;
        }
        V_UNKNOWN(&elements[i]) = objects[i];
        IUnknown_AddRef((IUnknown *)objects[i]);
    }
    SafeArrayUnaccessData(array);
    return array;
}

HRESULT boot_put_array(IFileSystemImage3 *image, void *const *objects, ULONG count, VARTYPE type)
{
    SAFEARRAY *array = array_of(objects, count, type);
    HRESULT hr = IFileSystemImage3_put_BootImageOptionsArray(image, array);

    SafeArrayDestroy(array);
    return hr;
}

LONG boot_used_blocks(IFileSystemImage3 *image)
{
    LONG blocks = -1;

    IFileSystemImage3_get_UsedBlocks(image, &blocks);
    return blocks;
}

LONG boot_shown(IFileSystemImage3 *image, IUnknown **first)
{
    SAFEARRAY *array = NULL;
    LONG count = -1;
    VARIANT *elements;

    check_pair(IFileSystemImage3_get_BootImageOptionsArray(image, &array), L"IFileSystemImage2",
               L"get_BootImageOptionsArray", S_OK);
    if (!array) return -1;
    count = (LONG)array->rgsabound[0].cElements;
    SafeArrayAccessData(array, (void **)&elements);
    for (LONG i = 0; i < count; i++) ok_int(V_VT(&elements[i]), VT_DISPATCH, "type of an element");
    if (first) *first = count ? V_UNKNOWN(&elements[0]) : NULL;
    SafeArrayUnaccessData(array);
    SafeArrayDestroy(array);
    return count;
}

BYTE *boot_make(struct fsi *fsi, const BYTE **catalog)
{
    IStream *stream = fsi_result_stream(fsi);
    size_t size = 0;
    BYTE *bytes = stream ? fsi_read_all(stream, &size) : NULL;

    *catalog = NULL;
    if (bytes && ok(!memcmp(bytes + 17 * 2048, "\0CD001\1EL TORITO SPECIFICATION", 31), "a boot record"))
        *catalog = bytes + 2048 * *(const DWORD *)(bytes + 17 * 2048 + 0x47);
    if (stream) IStream_Release(stream);
    return bytes;
}

BOOL boot_leads_to(const BYTE *image, const BYTE *entry, const BYTE *expected, ULONG size)
{
    return !memcmp(image + 2048 * *(const DWORD *)(entry + 8), expected, size);
}
