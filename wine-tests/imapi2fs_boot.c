/* MsftFileSystemImage: BootImageOptions and BootImageOptionsArray, and what stands in the image. */
#include "fsi.h"

#include <stdlib.h>

static const WCHAR *const I1 = L"IFileSystemImage", *const I2 = L"IFileSystemImage2";

#define IFACE       &IID_IFileSystemImage3
#define MAX_OPTIONS 33

static IBootOptions *options_of(IStream *stream)
{
    IBootOptions *options = NULL;

    ok_hr(com_test_create(DLL, &CLSID_BootOptions, &IID_IBootOptions, (void **)&options), S_OK, "create");
    if (options && stream) ok_hr(IBootOptions_AssignBootImage(options, stream), S_OK, "AssignBootImage");
    return options;
}

/* With a boot image of fsi_byte. */
static IBootOptions *options_with(ULONG size)
{
    IStream *stream = fsi_stream(size);
    IBootOptions *options = options_of(stream);

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

static HRESULT put_array(IFileSystemImage3 *image, void *const *objects, ULONG count, VARTYPE type)
{
    SAFEARRAY *array = array_of(objects, count, type);
    HRESULT hr = IFileSystemImage3_put_BootImageOptionsArray(image, array);

    SafeArrayDestroy(array);
    return hr;
}

static LONG used_blocks(IFileSystemImage3 *image)
{
    LONG blocks = -1;

    IFileSystemImage3_get_UsedBlocks(image, &blocks);
    return blocks;
}

/* Elements of the array that the image shows; the first of them, not counted. */
static LONG shown(IFileSystemImage3 *image, IUnknown **first)
{
    SAFEARRAY *array = NULL;
    LONG count = -1;
    VARIANT *elements;

    check_pair(IFileSystemImage3_get_BootImageOptionsArray(image, &array), I2, L"get_BootImageOptionsArray",
               S_OK);
    if (!array) return -1;
    count = (LONG)array->rgsabound[0].cElements;
    SafeArrayAccessData(array, (void **)&elements);
    for (LONG i = 0; i < count; i++) ok_int(V_VT(&elements[i]), VT_DISPATCH, "type of an element");
    if (first) *first = count ? V_UNKNOWN(&elements[0]) : NULL;
    SafeArrayUnaccessData(array);
    SafeArrayDestroy(array);
    return count;
}

/* The image; the catalog stands where the boot record in block 17 says. */
static BYTE *make(struct fsi *fsi, const BYTE **catalog)
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

/* Whether an entry of the catalog leads to these bytes. */
static BOOL leads_to(const BYTE *image, const BYTE *entry, const BYTE *expected, ULONG size)
{
    return !memcmp(image + 2048 * *(const DWORD *)(entry + 8), expected, size);
}

static BYTE *pattern(ULONG size)
{
    BYTE *bytes = malloc(size);

    for (ULONG i = 0; i < size; i++) bytes[i] = fsi_byte(i);
    return bytes;
}

/* --- one boot image ---------------------------------------------------------------------------------- */

TEST(no_boot_image_at_first_and_after_null)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = options_with(512), *found = (IBootOptions *)1;

    if (!image || !options) return;
    check_pair(IFileSystemImage3_get_BootImageOptions(image, &found), I1, L"get_BootImageOptions", S_OK);
    ok(!found, "none");
    ok_int(shown(image, NULL), 0, "elements");
    check_told(IFileSystemImage3_get_BootImageOptions(image, NULL), I1, L"get_BootImageOptions", E_POINTER,
               NULL);
    check_told(IFileSystemImage3_get_BootImageOptionsArray(image, NULL), I2, L"get_BootImageOptionsArray",
               E_POINTER, NULL);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "put");
    ok_int(shown(image, NULL), 1, "elements");
    check_pair(IFileSystemImage3_put_BootImageOptions(image, NULL), I1, L"put_BootImageOptions", S_OK);
    ok_int(shown(image, NULL), 0, "elements");
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
    options = options_of(&stream.iface);
    if (!options) return;
    IBootOptions_put_Manufacturer(options, B("Maker"));
    IBootOptions_put_PlatformId(options, PlatformEFI);
    before = used_blocks(fsi.image);
    check_pair(IFileSystemImage3_put_BootImageOptions(fsi.image, options), I1, L"put_BootImageOptions", S_OK);
    ok_int(used_blocks(fsi.image), before + 2 + 2, "blocks with record, catalog and image");
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

    image = make(&fsi, &catalog);
    if (catalog)
    {
        ok(!memcmp(catalog, "\1\xEF\0\0Maker\0", 10), "validation entry");
        ok(!memcmp(catalog + 32, "\x88\0\0\0\0\0\6\0", 8), "default entry");
        ok(leads_to(image, catalog + 32, block, 2048), "the image");
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
    options = options_of(&stream.iface);
    if (!options) return;
    IBootOptions_put_PlatformId(options, PlatformEFI);
    ok_hr(IFileSystemImage3_put_BootImageOptions(fsi.image, options), S_OK, "put");
    check_last_release(options);
    image = make(&fsi, &catalog);
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
    IBootOptions *none = options_of(NULL), *options;
    struct test_stream stream;
    LONG before;

    if (!image || !none) return;
    before = used_blocks(image);
    check_told(IFileSystemImage3_put_BootImageOptions(image, none), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    test_stream_init(&stream, 5000);
    options = options_of(&stream.iface);
    stream.fail_at = 2048;
    stream.fail_with = STG_E_READFAULT;
    check_told(IFileSystemImage3_put_BootImageOptions(image, options), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_IMAGE_DATA, L"boot image");
    ok_hr(put_array(image, (void **)&options, 1, VT_DISPATCH), IMAPI_E_BOOT_IMAGE_DATA, "array");
    stream.fail_at = 0;
    stream.end = 4999;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_BOOT_IMAGE_DATA, "too short");
    stream.end = 5001;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_BOOT_IMAGE_DATA, "too long");
    stream.end = 0;
    stream.fail_at = 2048;
    stream.fail_with = E_OUTOFMEMORY;
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), E_OUTOFMEMORY, "out of memory");
    ok_int(used_blocks(image), before, "blocks");
    ok_int(shown(image, NULL), 0, "elements");
    check_last_release(options);
    check_last_release(none);
    check_last_release(image);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(a_boot_image_must_fit_the_medium)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = options_with(4096);
    LONG before;

    if (!image || !options) return;
    before = used_blocks(image);
    IFileSystemImage3_put_FreeMediaBlocks(image, before + 3);
    check_fail(IFileSystemImage3_put_BootImageOptions(image, options), IMAPI_E_IMAGE_SIZE_LIMIT, IFACE,
               L"<boot image>");
    ok_int(used_blocks(image), before, "blocks");
    IFileSystemImage3_put_FreeMediaBlocks(image, before + 4);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "with one more block");
    check_last_release(options);
    check_last_release(image);
}

/* --- several ----------------------------------------------------------------------------------------- */

TEST(an_array_keeps_the_objects_and_looks_at_them_for_each_result)
{
    struct fsi fsi;
    IBootOptions *options[2];
    IUnknown *first = NULL;
    BYTE *image, *bios = pattern(2048), *efi = pattern(1474560);
    const BYTE *catalog;

    if (!fsi_open(&fsi)) return;
    options[0] = options_with(512);
    options[1] = options_with(1474560);
    IBootOptions_put_PlatformId(options[1], PlatformEFI);
    check_pair(put_array(fsi.image, (void **)options, 2, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               S_OK);
    ok_int(shown(fsi.image, &first), 2, "elements");
    ok(first == (IUnknown *)options[0], "the client's own object");

    IBootOptions_put_Emulation(options[1], EmulationNone); /* after the put: counts */
    image = make(&fsi, &catalog);
    if (catalog)
    {
        ok(!memcmp(catalog, "\1\0\0\0", 4), "validation entry");
        ok(!memcmp(catalog + 32, "\x88\0\0\0\0\0\1\0", 8) && leads_to(image, catalog + 32, bios, 512),
           "BIOS");
        ok(!memcmp(catalog + 64, "\x91\xEF\1\0", 4), "section of EFI");
        ok(!memcmp(catalog + 96, "\x88\0\0\0\0\0\x40\x0B", 8), "2880 sectors");
        ok(leads_to(image, catalog + 96, efi, 1474560), "EFI");
    }
    free(image);
    IBootOptions_put_Emulation(options[1], Emulation144MFloppy);
    IBootOptions_put_Manufacturer(options[0], B("Late"));
    image = make(&fsi, &catalog);
    if (catalog) ok(!memcmp(catalog, "\1\0\0\0Late\0", 9) && catalog[97] == 2, "as they are now");
    free(image);
    free(bios);
    free(efi);
    fsi_close(&fsi);
    check_last_release(options[0]);
    check_last_release(options[1]);
}

TEST(the_last_put_counts_for_both_properties)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options[2] = {options_with(512), options_with(1024)}, *found = NULL;
    IUnknown *first = NULL;

    if (!image) return;
    ok_hr(put_array(image, (void **)options, 2, VT_UNKNOWN), S_OK, "array of VT_UNKNOWN");
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok(found == options[0], "the first of the array");
    if (found) IBootOptions_Release(found);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options[1]), S_OK, "single");
    ok_int(shown(image, &first), 1, "elements");
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok((IUnknown *)found == first && found != options[1], "both show the copy");
    if (found) IBootOptions_Release(found);
    ok_hr(put_array(image, (void **)options, 2, VT_DISPATCH | VT_BYREF), S_OK, "array by reference");
    ok_int(shown(image, NULL), 2, "elements");
    check_pair(put_array(image, NULL, 0, VT_DISPATCH), I2, L"put_BootImageOptionsArray", S_OK);
    found = (IBootOptions *)1;
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok(!found, "an empty array takes all away");
    ok_hr(put_array(image, (void **)options, 1, VT_DISPATCH), S_OK, "one");
    ok_hr(IFileSystemImage3_put_BootImageOptionsArray(image, NULL), S_OK, "no array");
    ok_int(shown(image, NULL), 0, "elements");
    check_last_release(image);
    check_last_release(options[0]);
    check_last_release(options[1]);
}

TEST(an_array_has_32_boot_options_at_most_and_nothing_else)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = options_with(512);
    void *many[MAX_OPTIONS];

    if (!image || !options) return;
    for (int i = 0; i < MAX_OPTIONS; i++) many[i] = options;
    ok_hr(put_array(image, many, 32, VT_DISPATCH), S_OK, "32 elements");
    check_fail(put_array(image, many, 33, VT_DISPATCH), IMAPI_E_INVALID_PARAM, IFACE, L"'newVal'");
    many[1] = image;
    check_told(put_array(image, many, 2, VT_DISPATCH), I2, L"put_BootImageOptionsArray", E_NOINTERFACE, NULL);
    ok_int(shown(image, NULL), 32, "elements");
    ok_hr(put_array(image, NULL, 0, VT_DISPATCH), S_OK, "none");
    check_last_release(options);
    check_last_release(image);
}

TEST(options_that_became_bad_are_told_by_the_result)
{
    struct fsi fsi;
    IBootOptions *options;
    struct test_stream stream;
    IFileSystemImageResult *result = (IFileSystemImageResult *)1;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 4096);
    options = options_of(&stream.iface);
    check_pair(put_array(fsi.image, (void **)&options, 1, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               S_OK);
    stream.fail_at = 1;
    stream.fail_with = STG_E_READFAULT;
    check_fail(IFileSystemImage3_CreateResultImage(fsi.image, &result), IMAPI_E_BOOT_IMAGE_DATA, IFACE,
               L"boot image");
    ok(!result, "no result");
    stream.fail_at = 0;
    result = fsi_result(&fsi);
    if (result) IFileSystemImageResult_Release(result);
    fsi_close(&fsi);
    check_last_release(options);
}

/* --- when ------------------------------------------------------------------------------------------- */

TEST(nothing_is_put_while_a_result_lives)
{
    struct fsi fsi;
    IBootOptions *options = options_with(512);
    IStream *stream;

    if (!fsi_open(&fsi) || !options) return;
    ok_hr(put_array(fsi.image, (void **)&options, 1, VT_DISPATCH), S_OK, "before");
    stream = fsi_result_stream(&fsi);
    check_fail(IFileSystemImage3_put_BootImageOptions(fsi.image, options), IMAPI_E_READONLY, IFACE, NULL);
    check_fail(IFileSystemImage3_put_BootImageOptions(fsi.image, NULL), IMAPI_E_READONLY, IFACE, NULL);
    check_fail(put_array(fsi.image, NULL, 0, VT_DISPATCH), IMAPI_E_READONLY, IFACE, NULL);
    ok_int(shown(fsi.image, NULL), 1, "elements");
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
    IBootOptions *options = options_with(512);
    IFileSystemImageResult *result = NULL;

    if (!image || !options) return;
    IFileSystemImage3_put_SessionStartBlock(image, 10000);
    check_told(IFileSystemImage3_put_BootImageOptions(image, options), I1, L"put_BootImageOptions",
               IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    check_told(put_array(image, (void **)&options, 1, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               IMAPI_E_BOOT_OBJECT_CONFLICT, L"earlier session");
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, NULL), S_OK, "none can always be put");
    IFileSystemImage3_put_SessionStartBlock(image, 0);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options), S_OK, "at block 0");
    IFileSystemImage3_put_SessionStartBlock(image, 10000);
    check_fail(IFileSystemImage3_CreateResultImage(image, &result), IMAPI_E_BOOT_OBJECT_CONFLICT, IFACE,
               L"earlier session");
    ok_int(shown(image, NULL), 1, "elements");
    check_last_release(options);
    check_last_release(image);
}

TEST_MAIN(TEST_CASE(no_boot_image_at_first_and_after_null),
          TEST_CASE(one_boot_image_is_copied_with_everything),
          TEST_CASE(a_large_boot_image_goes_into_the_working_directory),
          TEST_CASE(a_boot_image_that_cannot_be_read_is_told_and_changes_nothing),
          TEST_CASE(a_boot_image_must_fit_the_medium),
          TEST_CASE(an_array_keeps_the_objects_and_looks_at_them_for_each_result),
          TEST_CASE(the_last_put_counts_for_both_properties),
          TEST_CASE(an_array_has_32_boot_options_at_most_and_nothing_else),
          TEST_CASE(options_that_became_bad_are_told_by_the_result),
          TEST_CASE(nothing_is_put_while_a_result_lives),
          TEST_CASE(only_an_image_that_starts_at_block_0_boots))
