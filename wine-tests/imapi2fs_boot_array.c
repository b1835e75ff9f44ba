/* MsftFileSystemImage: several boot images, and what the two properties show. */
#include "boot.h"

#include <stdlib.h>

static const WCHAR *const I2 = L"IFileSystemImage2";

#define IFACE       &IID_IFileSystemImage3
#define MAX_OPTIONS 33

static BYTE *pattern(ULONG size)
{
    BYTE *bytes = malloc(size);

    for (ULONG i = 0; i < size; i++) bytes[i] = fsi_byte(i);
    return bytes;
}

TEST(an_array_keeps_the_objects_and_looks_at_them_for_each_result)
{
    struct fsi fsi;
    IBootOptions *options[2];
    IUnknown *first = NULL;
    BYTE *image, *bios = pattern(2048), *efi = pattern(1474560);
    const BYTE *catalog;

    if (!fsi_open(&fsi)) return;
    options[0] = boot_options_with(512);
    options[1] = boot_options_with(1474560);
    IBootOptions_put_PlatformId(options[1], PlatformEFI);
    check_pair(boot_put_array(fsi.image, (void **)options, 2, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
               S_OK);
    ok_int(boot_shown(fsi.image, &first), 2, "elements");
    ok(first == (IUnknown *)options[0], "the client's own object");

    IBootOptions_put_Emulation(options[1], EmulationNone); /* after the put: counts */
    image = boot_make(&fsi, &catalog);
    if (catalog)
    {
        ok(!memcmp(catalog, "\1\0\0\0", 4), "validation entry");
        ok(!memcmp(catalog + 32, "\x88\0\0\0\0\0\1\0", 8) && boot_leads_to(image, catalog + 32, bios, 512),
           "BIOS");
        ok(!memcmp(catalog + 64, "\x91\xEF\1\0", 4), "section of EFI");
        ok(!memcmp(catalog + 96, "\x88\0\0\0\0\0\x40\x0B", 8), "2880 sectors");
        ok(boot_leads_to(image, catalog + 96, efi, 1474560), "EFI");
    }
    free(image);
    IBootOptions_put_Emulation(options[1], Emulation144MFloppy);
    IBootOptions_put_Manufacturer(options[0], B("Late"));
    image = boot_make(&fsi, &catalog);
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
    IBootOptions *options[2] = {boot_options_with(512), boot_options_with(1024)}, *found = NULL;
    IUnknown *first = NULL;

    if (!image) return;
    ok_hr(boot_put_array(image, (void **)options, 2, VT_UNKNOWN), S_OK, "array of VT_UNKNOWN");
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok(found == options[0], "the first of the array");
    if (found) IBootOptions_Release(found);
    ok_hr(IFileSystemImage3_put_BootImageOptions(image, options[1]), S_OK, "single");
    ok_int(boot_shown(image, &first), 1, "elements");
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok((IUnknown *)found == first && found != options[1], "both show the copy");
    if (found) IBootOptions_Release(found);
    ok_hr(boot_put_array(image, (void **)options, 2, VT_DISPATCH | VT_BYREF), S_OK, "array by reference");
    ok_int(boot_shown(image, NULL), 2, "elements");
    check_pair(boot_put_array(image, NULL, 0, VT_DISPATCH), I2, L"put_BootImageOptionsArray", S_OK);
    found = (IBootOptions *)1;
    IFileSystemImage3_get_BootImageOptions(image, &found);
    ok(!found, "an empty array takes all away");
    ok_hr(boot_put_array(image, (void **)options, 1, VT_DISPATCH), S_OK, "one");
    ok_hr(IFileSystemImage3_put_BootImageOptionsArray(image, NULL), S_OK, "no array");
    ok_int(boot_shown(image, NULL), 0, "elements");
    check_last_release(image);
    check_last_release(options[0]);
    check_last_release(options[1]);
}

TEST(an_array_has_32_boot_options_at_most_and_nothing_else)
{
    IFileSystemImage3 *image = fsi_image();
    IBootOptions *options = boot_options_with(512);
    void *many[MAX_OPTIONS];

    if (!image || !options) return;
    for (int i = 0; i < MAX_OPTIONS; i++) many[i] = options;
    ok_hr(boot_put_array(image, many, 32, VT_DISPATCH), S_OK, "32 elements");
    check_fail(boot_put_array(image, many, 33, VT_DISPATCH), IMAPI_E_INVALID_PARAM, IFACE, L"'newVal'");
    many[1] = image;
    check_told(boot_put_array(image, many, 2, VT_DISPATCH), I2, L"put_BootImageOptionsArray", E_NOINTERFACE,
               NULL);
    ok_int(boot_shown(image, NULL), 32, "elements");
    ok_hr(boot_put_array(image, NULL, 0, VT_DISPATCH), S_OK, "none");
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
    options = boot_options_of(&stream.iface);
    check_pair(boot_put_array(fsi.image, (void **)&options, 1, VT_DISPATCH), I2, L"put_BootImageOptionsArray",
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

TEST_MAIN(TEST_CASE(an_array_keeps_the_objects_and_looks_at_them_for_each_result),
          TEST_CASE(the_last_put_counts_for_both_properties),
          TEST_CASE(an_array_has_32_boot_options_at_most_and_nothing_else),
          TEST_CASE(options_that_became_bad_are_told_by_the_result))
