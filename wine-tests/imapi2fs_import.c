/* MsftFileSystemImage: members for earlier sessions, without a disc. */
#include "fsi.h"

static const WCHAR *const I1 = L"IFileSystemImage", *const I3 = L"IFileSystemImage3";

#define IFACE &IID_IFileSystemImage3

TEST(session_start_is_any_block)
{
    IFileSystemImage3 *image = fsi_image();
    LONG start = 0;

    if (!image) return;
    check_pair(IFileSystemImage3_put_SessionStartBlock(image, 12345), I1, L"put_SessionStartBlock", S_OK);
    IFileSystemImage3_get_SessionStartBlock(image, &start);
    ok_int(start, 12345, "start");
    check_fail(IFileSystemImage3_put_SessionStartBlock(image, -1), IMAPI_E_INVALID_PARAM, IFACE, L"'newVal'");
    check_last_release(image);
}

TEST(nothing_can_be_imported)
{
    IFileSystemImage3 *image = fsi_image();
    FsiFileSystems kinds = FsiFileSystemUDF;
    VARIANT_BOOL flag = 7;
    BSTR text = (BSTR)1;
    SAFEARRAY *array;
    HRESULT hr;

    if (!image) return;
    hr = IFileSystemImage3_CalculateDiscIdentifier(image, &text);
    check_pair(hr, I1, L"CalculateDiscIdentifier", IMAPI_E_MULTISESSION_NOT_SET);
    check_error_info(IFACE, NULL, NULL);
    ok(!text, "no identifier");
    check_pair(IFileSystemImage3_CalculateDiscIdentifier(image, NULL), I1, L"CalculateDiscIdentifier",
               E_POINTER);
    hr = IFileSystemImage3_ImportFileSystem(image, &kinds);
    check_pair(hr, I1, L"ImportFileSystem", IMAPI_E_MULTISESSION_NOT_SET);
    check_error_info(IFACE, NULL, NULL);
    check_pair(IFileSystemImage3_ImportFileSystem(image, NULL), I1, L"ImportFileSystem", E_POINTER);
    hr = IFileSystemImage3_ImportSpecificFileSystem(image, FsiFileSystemJoliet);
    check_pair(hr, I1, L"ImportSpecificFileSystem", IMAPI_E_MULTISESSION_NOT_SET);
    hr = IFileSystemImage3_ImportSpecificFileSystem(image, FsiFileSystemUnknown);
    check_pair(hr, I1, L"ImportSpecificFileSystem", IMAPI_E_INVALID_PARAM);
    check_error_info(IFACE, NULL, L"'fileSystemToUse'");
    check_pair(IFileSystemImage3_IdentifyFileSystemsOnDisc(image, NULL, NULL), I1,
               L"IdentifyFileSystemsOnDisc", E_POINTER);
    hr = IFileSystemImage3_IdentifyFileSystemsOnDisc(image, NULL, &kinds);
    check_fail(hr, IMAPI_E_MULTISESSION_NOT_SET, IFACE, NULL);
    check_pair(IFileSystemImage3_ProbeSpecificFileSystem(image, FsiFileSystemUDF, &flag), I3,
               L"ProbeSpecificFileSystem", S_OK);
    ok_int(flag, VARIANT_FALSE, "appendable");

    check_pair(IFileSystemImage3_put_MultisessionInterfaces(image, NULL), I1, L"put_MultisessionInterfaces",
               E_POINTER);
    array = SafeArrayCreateVector(VT_VARIANT, 0, 0);
    hr = IFileSystemImage3_put_MultisessionInterfaces(image, array);
    check_pair(hr, I1, L"put_MultisessionInterfaces", IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE);
    check_error_info(IFACE, NULL, NULL);
    SafeArrayDestroy(array);
    array = SafeArrayCreateVector(VT_VARIANT, 0, 1);
    hr = IFileSystemImage3_put_MultisessionInterfaces(image, array);
    check_pair(hr, I1, L"put_MultisessionInterfaces", IMAPI_E_BAD_MULTISESSION_PARAMETER);
    SafeArrayDestroy(array);
    check_last_release(image);
}

TEST(default_for_import_is_the_newest_file_system_of_the_mask)
{
    static const struct { LONG mask, expected;
    } rows[] = {
        {7, FsiFileSystemUDF},
        {3, FsiFileSystemJoliet},
        {1, FsiFileSystemISO9660},
        {5, FsiFileSystemUDF},
    };
    IFileSystemImage3 *image = fsi_image();
    FsiFileSystems kind;
    HRESULT hr;

    if (!image) return;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        kind = FsiFileSystemNone;
        check_pair(
            IFileSystemImage3_GetDefaultFileSystemForImport(image, (FsiFileSystems)rows[i].mask, &kind), I1,
            L"GetDefaultFileSystemForImport", S_OK);
        ok_int(kind, rows[i].expected, "default");
    }
    hr = IFileSystemImage3_GetDefaultFileSystemForImport(image, FsiFileSystemNone, &kind);
    check_pair(hr, I1, L"GetDefaultFileSystemForImport", IMAPI_E_INVALID_PARAM);
    check_error_info(IFACE, NULL, L"'fileSystems'");
    check_pair(IFileSystemImage3_GetDefaultFileSystemForImport(image, FsiFileSystemUDF, NULL), I1,
               L"GetDefaultFileSystemForImport", E_POINTER);
    check_last_release(image);
}

TEST_MAIN(
    TEST_CASE(session_start_is_any_block),
    TEST_CASE(nothing_can_be_imported),
    TEST_CASE(default_for_import_is_the_newest_file_system_of_the_mask))
