/* MsftFileSystemImage: one boot image, by whom it may be, and when it may be put. */
#include "boot.h"
#include "sessions.h"

#include <stdlib.h>

static const WCHAR *const I1 = L"IFileSystemImage", *const I2 = L"IFileSystemImage2";

#define IFACE &IID_IFileSystemImage3

/* --- one boot image ---------------------------------------------------------------------------------- */

TEST(no_boot_image_at_first_and_after_null)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = boot_options_with(512), *found = (IBootOptions *)1;

    if (!image || !options) return;
    check_pair(IFileSystemImage3_get_BootImageOptions(image, &found), I1, L"get_BootImageOptions", S_OK);
    ok(!found, "none");
    ok_int(boot_shown(image, NULL), 0, "elements");
    check_told(IFileSystemImage3_get_BootImageOptions(image, NULL), I1, L"get_BootImageOptions", E_POINTER,
               NULL);
    check_told(IFileSystemImage3_get_BootImageOptionsArray(image, NULL), I2, L"get_BootImageOptionsArray",
               E_POINTER, NULL);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "put");
    ok_int(boot_shown(image, NULL), 1, "elements");
    check_pair(IFileSystemImage3_put_BootImageOptions(image, NULL), I1, L"put_BootImageOptions", S_OK);
    ok_int(boot_shown(image, NULL), 0, "elements");
    check_last_release(options);
    check_last_release(image);
}

TEST(one_boot_image_is_copied_with_everything)
{
    struct fsi fsi;
    IBootOptions *options, *kept = NULL;
    struct test_stream stream;
    IStream *copy = NULL;
    BYTE block[2048], *image, *content;
    const BYTE *catalog;
    size_t size;
    LONG before, changes = -1;
    BSTR text = NULL;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 3000);
    options = boot_options_of(&stream.iface);
    if (!options) return;
    IBootOptions_put_Manufacturer(options, B("Maker"));
    IBootOptions_put_PlatformId(options, PlatformEFI);
    /* UDF fills images up to whole units. */
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    before = boot_used_blocks(fsi.image);
    check_pair(IFileSystemImage3_put_BootImageOptions(fsi.image, options), I1, L"put_BootImageOptions", S_OK);
    ok_int(boot_used_blocks(fsi.image), before + 2 + 2, "blocks with record, catalog and image");
    IFileSystemImage3_get_ChangePoint(fsi.image, &changes);
    ok_int(changes, 0, "not a change of the tree");

    /* Afterwards it is the image's own. */
    IBootOptions_put_Manufacturer(options, B("Other"));
    IBootOptions_put_PlatformId(options, PlatformX86);
    stream.seed = 2;
    check_last_release(options);
    ok_int(stream.references, 1, "references to the stream");
    ok_hr(IFileSystemImage3_get_BootImageOptions(fsi.image, &kept), S_OK, "get");
    if (!kept) return;
    IBootOptions_get_Manufacturer(kept, &text);
    ok_text(text, L"Maker", "manufacturer");
    SysFreeString(text);
    ok_hr(IBootOptions_get_BootImage(kept, &copy), S_OK, "BootImage of the copy");
    content = fsi_read_all(copy, &size);
    ok_int(size, 3000, "its size");
    stream.seed = 1;
    test_stream_block(&stream, 0, block);
    ok(content && !memcmp(content, block, 2048), "its bytes");
    free(content);
    IStream_Release(copy);
    IBootOptions_Release(kept);

    image = boot_make(&fsi, &catalog);
    if (catalog)
    {
        ok(!memcmp(catalog, "\1\xEF\0\0Maker\0", 10), "validation entry");
        ok(!memcmp(catalog + 32, "\x88\0\0\0\0\0\6\0", 8), "default entry");
        ok(boot_leads_to(image, catalog + 32, block, 2048), "the image");
    }
    free(image);
    fsi_close(&fsi);
}

TEST(a_large_boot_image_goes_into_the_working_directory)
{
    struct fsi fsi;
    IBootOptions *options;
    struct test_stream stream;
    BYTE block[2048], *image;
    const BYTE *catalog;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 32u << 20);
    options = boot_options_of(&stream.iface);
    if (!options) return;
    IBootOptions_put_PlatformId(options, PlatformEFI);
    ok_hr(IFileSystemImage3_put_BootImageOptions(fsi.image, options), S_OK, "put");
    check_last_release(options);
    image = boot_make(&fsi, &catalog);
    if (catalog)
    {
        ok(!memcmp(catalog + 32, "\x88\0\0\0\0\0\0\0", 8),
           "to the end of the disc: more than 65,535 sectors");
        for (ULONG i = 0; i < 32u << 9; i += 1000)
        {
            test_stream_block(&stream, i, block);
            ok(!memcmp(image + 2048 * (*(const DWORD *)(catalog + 40) + i), block, 2048), "block %lu", i);
        }
    }
    free(image);
    fsi_close(&fsi);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(a_boot_image_that_cannot_be_read_is_told_and_changes_nothing)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *none = boot_options_of(NULL), *options;
    struct test_stream stream;
    LONG before;

    if (!image || !none) return;
    before = boot_used_blocks(image);
    check_told(IFileSystemImage3_put_BootImageOptions(image, none), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    test_stream_init(&stream, 5000);
    options = boot_options_of(&stream.iface);
    stream.fail_at = 2048;
    stream.fail_with = STG_E_READFAULT;
    check_told(IFileSystemImage3_put_BootImageOptions(image, options), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    check_told(boot_put_array(image, (void **)&options, 1, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    stream.fail_at = 0;
    stream.end = 4999;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_BOOT_IMAGE_DATA, "too short");
    stream.end = 5001;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_BOOT_IMAGE_DATA, "too long");
    stream.end = 0;
    stream.fail_at = 2048;
    stream.fail_with = E_OUTOFMEMORY;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), E_OUTOFMEMORY, "out of memory");
    ok_int(boot_used_blocks(image), before, "blocks");
    ok_int(boot_shown(image, NULL), 0, "elements");
    check_last_release(options);
    check_last_release(none);
    check_last_release(image);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(a_boot_image_must_fit_the_medium)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = boot_options_with(4096);
    LONG before;

    if (!image || !options) return;
    IFileSystemImage3_put_FileSystemsToCreate(image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    before = boot_used_blocks(image);
    IFileSystemImage3_put_FreeMediaBlocks(image, before + 3);
    check_fail(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_IMAGE_SIZE_LIMIT, IFACE,
               L"<boot image>");
    ok_int(boot_used_blocks(image), before, "blocks");
    IFileSystemImage3_put_FreeMediaBlocks(image, before + 4);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "with one more block");
    check_last_release(options);
    check_last_release(image);
}

/* --- options by others -------------------------------------------------------------------------------- */

/* A client's own IBootOptions: it has no more than what an image asks for. */
struct own_options
{
    IBootOptions iface;
    LONG references;
    IStream *image;
    const WCHAR *manufacturer;
    LONG platform, emulation;
};

static HRESULT STDMETHODCALLTYPE own_QueryInterface(IBootOptions *iface, REFIID iid, void **out)
{
    *out = IsEqualGUID(iid, &IID_IBootOptions) || IsEqualGUID(iid, &IID_IDispatch) ||
                   IsEqualGUID(iid, &IID_IUnknown)
               ? iface
               : NULL;
    if (!*out) return E_NOINTERFACE;
    IBootOptions_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE own_AddRef(IBootOptions *iface)
{
    return (ULONG)InterlockedIncrement(&((struct own_options *)iface)->references);
}

static ULONG STDMETHODCALLTYPE own_Release(IBootOptions *iface)
{
    return (ULONG)InterlockedDecrement(&((struct own_options *)iface)->references);
}

static HRESULT STDMETHODCALLTYPE own_get_BootImage(IBootOptions *iface, IStream **value)
{
    *value = ((struct own_options *)iface)->image;
    if (*value) IStream_AddRef(*value);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE own_get_Manufacturer(IBootOptions *iface, BSTR *value)
{
    *value = SysAllocString(((struct own_options *)iface)->manufacturer);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE own_get_PlatformId(IBootOptions *iface, PlatformId *value)
{
    *value = (PlatformId)((struct own_options *)iface)->platform;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE own_get_Emulation(IBootOptions *iface, EmulationType *value)
{
    *value = (EmulationType)((struct own_options *)iface)->emulation;
    return S_OK;
}

static const IBootOptionsVtbl own_vtbl = {
    .QueryInterface = own_QueryInterface,
    .AddRef = own_AddRef,
    .Release = own_Release,
    .get_BootImage = own_get_BootImage,
    .get_Manufacturer = own_get_Manufacturer,
    .get_PlatformId = own_get_PlatformId,
    .get_Emulation = own_get_Emulation,
};

static HRESULT put_own(IFileSystemImage3 *image, IStream *stream, const WCHAR *manufacturer, LONG platform,
                       LONG emulation)
{
    struct own_options own = {{(IBootOptionsVtbl *)&own_vtbl}, 1, stream, manufacturer, platform, emulation};
    HRESULT hr = IFileSystemImage3_put_BootImageOptions(image, &own.iface);

    ok_int(own.references, 1, "references");
    return hr;
}

TEST(options_of_another_maker_are_copied_and_checked)
{
    struct fsi fsi;
    IStream *stream = fsi_stream(3000);
    IBootOptions *kept = NULL;
    BSTR text = NULL;

    if (!fsi_open(&fsi)) return;
    ok_hr(put_own(fsi.image, NULL, L"", 0, 0), IMAPI_E_BOOT_IMAGE_DATA, "no stream");
    ok_hr(put_own(fsi.image, stream, L"1234567890123456789012345", 0, 0), IMAPI_E_BOOT_IMAGE_DATA,
          "25 bytes");
    ok_hr(put_own(fsi.image, stream, NULL, 0x100, 0), IMAPI_E_BOOT_IMAGE_DATA, "two bytes of platform");
    ok_hr(put_own(fsi.image, stream, NULL, 0, 5), IMAPI_E_BOOT_IMAGE_DATA, "an unknown medium");
    check_fail(put_own(fsi.image, stream, NULL, 0, Emulation12MFloppy),
               IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH, IFACE, L"size");
    ok_int(boot_shown(fsi.image, NULL), 0, "elements");
    ok_hr(put_own(fsi.image, stream, L"Maker", 0xEF, EmulationHardDisk), S_OK, "good ones");
    IFileSystemImage3_get_BootImageOptions(fsi.image, &kept);
    if (kept)
    {
        IBootOptions_get_Manufacturer(kept, &text);
        ok_text(text, L"Maker", "manufacturer");
        SysFreeString(text);
        IBootOptions_Release(kept);
    }
    fsi_close(&fsi);
    check_last_release(stream);
}

/* --- when ------------------------------------------------------------------------------------------- */

TEST(nothing_is_put_while_a_result_lives)
{
    struct fsi fsi;
    IBootOptions *options = boot_options_with(512);
    IStream *stream;

    if (!fsi_open(&fsi) || !options) return;
    ok_hr(boot_put_array(fsi.image, (void **)&options, 1, VT_DISPATCH), S_OK, "before");
    stream = fsi_result_stream(&fsi);
    check_fail(IFileSystemImage3_put_BootImageOptions(fsi.image, options), IMAPI_E_READONLY, IFACE, NULL);
    check_fail(IFileSystemImage3_put_BootImageOptions(fsi.image, NULL), IMAPI_E_READONLY, IFACE, NULL);
    check_fail(boot_put_array(fsi.image, NULL, 0, VT_DISPATCH), IMAPI_E_READONLY, IFACE, NULL);
    ok_int(boot_shown(fsi.image, NULL), 1, "elements");
    if (stream)
    {
        IFileSystemImageResult *second = fsi_result(&fsi);

        if (second) IFileSystemImageResult_Release(second);
        IStream_Release(stream);
    }
    ok_hr(IFileSystemImage3_put_BootImageOptions(fsi.image, NULL), S_OK, "afterwards");
    fsi_close(&fsi);
    check_last_release(options);
}

TEST(only_an_image_that_starts_at_block_0_boots)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = boot_options_with(512);
    IFileSystemImageResult *result = NULL;

    if (!image || !options) return;
    IFileSystemImage3_put_SessionStartBlock(image, 10000);
    check_told(IFileSystemImage3_put_BootImageOptions(image, options), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    check_told(boot_put_array(image, (void **)&options, 1, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, NULL), S_OK, "none can always be put");
    IFileSystemImage3_put_SessionStartBlock(image, 0);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "at block 0");
    IFileSystemImage3_put_SessionStartBlock(image, 10000);
    check_fail(IFileSystemImage3_CreateResultImage(image, &result), IMAPI_E_BOOT_OBJECT_CONFLICT, IFACE,
               L"earlier session");
    ok_int(boot_shown(image, NULL), 1, "elements");
    check_last_release(options);
    check_last_release(image);
}

TEST(no_session_is_imported_into_an_image_that_boots)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = boot_options_with(512);
    FsiFileSystems kind = FsiFileSystemNone;
    struct test_session session;
    void *object = &session.iface;
    SAFEARRAY *array;

    if (!image || !options) return;
    test_session_init(&session, NULL, 999);
    array = test_array(&object, 1);
    ok_hr(IFileSystemImage3_put_MultisessionInterfaces(image, array), S_OK, "put");
    SafeArrayDestroy(array);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "boot options");
    check_told(IFileSystemImage3_ImportFileSystem(image, &kind), I1, L"ImportFileSystem",
               IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    check_told(IFileSystemImage3_ImportSpecificFileSystem(image, FsiFileSystemUDF), I1,
               L"ImportSpecificFileSystem", IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    check_last_release(options);
    check_last_release(image);
    ok_int(session.references, 1, "references to the session");
}

TEST_MAIN(TEST_CASE(no_boot_image_at_first_and_after_null),
          TEST_CASE(one_boot_image_is_copied_with_everything),
          TEST_CASE(a_large_boot_image_goes_into_the_working_directory),
          TEST_CASE(a_boot_image_that_cannot_be_read_is_told_and_changes_nothing),
          TEST_CASE(a_boot_image_must_fit_the_medium),
          TEST_CASE(options_of_another_maker_are_copied_and_checked),
          TEST_CASE(nothing_is_put_while_a_result_lives),
          TEST_CASE(only_an_image_that_starts_at_block_0_boots),
          TEST_CASE(no_session_is_imported_into_an_image_that_boots))
