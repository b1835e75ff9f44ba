/* MsftFileSystemImage: interfaces, the values of a fresh object, and its plain properties. */
#include "fsi.h"

static const WCHAR *const I1 = L"IFileSystemImage", *const I2 = L"IFileSystemImage2",
                          *const I3 = L"IFileSystemImage3";

#define IFACE &IID_IFileSystemImage3

/* --- the object -------------------------------------------------------------------------------------- */

TEST(image_answers_its_interfaces_and_no_others)
{
    static const IID *const has[] = {
        &IID_IUnknown,
        &IID_IDispatch,
        &IID_IFileSystemImage,
        &IID_IFileSystemImage2,
        &IID_IFileSystemImage3,
        &IID_ISupportErrorInfo,
        &IID_IProvideClassInfo,
        &IID_IProvideClassInfo2,
        &IID_IConnectionPointContainer,
        NULL,
    };
    static const IID *const lacks[] = { &IID_IFsiItem, &IID_IStream, &IID_IBootOptions, &IID_IPersist, NULL };
    IFileSystemImage3 *image = fsi_image();

    if (!image) return;
    check_interfaces(image, has, lacks);
    check_identity(image, has);
    check_last_release(image);
}

TEST(classes_that_come_from_other_objects_cannot_be_created)
{
    static const CLSID *const missing[] = {
        &CLSID_FsiStream,       &CLSID_FsiDirectoryItem, &CLSID_FsiFileItem,     &CLSID_FileSystemImageResult,
        &CLSID_ProgressItems,   &CLSID_FsiNamedStreams,  &CLSID_BlockRange,      &CLSID_BlockRangeList,
    };

    for (size_t i = 0; i < ARRAYSIZE(missing); i++)
    {
        void *out = (void *)1;

        ok_hr(com_test_create(DLL, missing[i], &IID_IUnknown, &out), CLASS_E_CLASSNOTAVAILABLE, "class %d",
              (int)i);
        ok(!out, "pointer is cleared");
    }
}

TEST(dll_can_unload_when_all_objects_are_gone)
{
    struct fsi fsi;
    IStream *stream;

    ok_hr(com_test_can_unload(DLL), S_OK, "before");
    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"\\a.txt", 10);
    stream = fsi_result_stream(&fsi);
    IFsiDirectoryItem2_Release(fsi.root);
    IFileSystemImage3_Release(fsi.image);
    ok_hr(com_test_can_unload(DLL), S_FALSE, "with a stream");
    check_last_release(stream);
    ok_hr(com_test_can_unload(DLL), S_OK, "after");
}

/* --- fresh values ------------------------------------------------------------------------------------ */

/* Those that were seen on the native object. */
TEST(fresh_image_has_the_documented_values)
{
    IFileSystemImage3 *image = fsi_image();
    VARIANT_BOOL flag = 7;
    IFsiDirectoryItem *root = NULL;
    FsiFileSystems kinds;
    IBootOptions *boot;
    LONG number;
    BSTR text;

    if (!image) return;
#define NUMBER(name, expected)                                                                               \
    number = 77;                                                                                             \
    check_pair(IFileSystemImage3_get_##name(image, &number), I1, L"get_" L## #name, S_OK);                   \
    ok_int(number, expected, #name);                                                                         \
    check_pair(IFileSystemImage3_get_##name(image, NULL), I1, L"get_" L## #name, E_POINTER)
    NUMBER(SessionStartBlock, 0);
    NUMBER(FreeMediaBlocks, 332800);
    NUMBER(FileCount, 0);
    NUMBER(DirectoryCount, 1);
    NUMBER(ChangePoint, 0);
    NUMBER(UDFRevision, 0x102);
    NUMBER(ISO9660InterchangeLevel, 1);
    NUMBER(UsedBlocks, 528);
#define FLAG(iface, name, expected)                                                                          \
    flag = 7;                                                                                                \
    check_pair(IFileSystemImage3_get_##name(image, &flag), iface, L"get_" L## #name, S_OK);                  \
    ok_int(flag, expected, #name);                                                                           \
    check_pair(IFileSystemImage3_get_##name(image, NULL), iface, L"get_" L## #name, E_POINTER)
    FLAG(I1, StrictFileSystemCompliance, VARIANT_FALSE);
    FLAG(I1, UseRestrictedCharacterSet, VARIANT_FALSE);
    FLAG(I1, StageFiles, VARIANT_FALSE);
    FLAG(I3, CreateRedundantUdfMetadataFiles, VARIANT_TRUE);
#define KINDS(name, expected)                                                                                \
    check_pair(IFileSystemImage3_get_##name(image, &kinds), I1, L"get_" L## #name, S_OK);                    \
    ok_int(kinds, expected, #name);                                                                          \
    check_pair(IFileSystemImage3_get_##name(image, NULL), I1, L"get_" L## #name, E_POINTER)
    KINDS(FileSystemsToCreate, FsiFileSystemISO9660 | FsiFileSystemJoliet | FsiFileSystemUDF);
    KINDS(FileSystemsSupported, FsiFileSystemISO9660 | FsiFileSystemJoliet | FsiFileSystemUDF);
#define EMPTY_TEXT(name)                                                                                     \
    text = (BSTR)1;                                                                                          \
    check_pair(IFileSystemImage3_get_##name(image, &text), I1, L"get_" L## #name, S_OK);                     \
    ok(SysStringLen(text) == 0, "%s is %s", #name, test_text(text));                                         \
    SysFreeString(text);                                                                                     \
    check_pair(IFileSystemImage3_get_##name(image, NULL), I1, L"get_" L## #name, E_POINTER)
    EMPTY_TEXT(VolumeName);
    EMPTY_TEXT(VolumeNameUDF);
    EMPTY_TEXT(VolumeNameJoliet);
    EMPTY_TEXT(VolumeNameISO9660);
    EMPTY_TEXT(ImportedVolumeName);
    boot = (IBootOptions *)1;
    check_pair(IFileSystemImage3_get_BootImageOptions(image, &boot), I1, L"get_BootImageOptions", S_OK);
    ok(!boot, "no boot image");
    check_pair(IFileSystemImage3_get_BootImageOptions(image, NULL), I1, L"get_BootImageOptions", E_POINTER);
    check_pair(IFileSystemImage3_get_Root(image, NULL), I1, L"get_Root", E_POINTER);
    check_pair(IFileSystemImage3_get_Root(image, &root), I1, L"get_Root", S_OK);
    if (root) check_last_release(root);
    check_last_release(image);
}

static void check_array(SAFEARRAY *array, VARTYPE type, const LONG *values, LONG count)
{
    VARIANT *elements = NULL;
    LONG upper = 99;

    if (!ok(array != NULL, "an array")) return;
    ok_int(SafeArrayGetDim(array), 1, "dimensions");
    ok_hr(SafeArrayGetUBound(array, 1, &upper), S_OK, "upper bound");
    ok_int(array->rgsabound[0].lLbound, 0, "lower bound");
    ok_int(upper, count - 1, "upper bound");
    SafeArrayAccessData(array, (void **)&elements);
    for (LONG i = 0; i < count && i <= upper; i++)
    {
        ok_int(V_VT(&elements[i]), type, "type");
        ok_int(V_I4(&elements[i]), values[i], "value");
    }
    SafeArrayUnaccessData(array);
    SafeArrayDestroy(array);
}

TEST(arrays_are_fresh_and_have_the_documented_types)
{
    static const LONG revisions[] = { 0x102, 0x150, 0x200, 0x201, 0x250, 0x260 };
    static const LONG levels[] = { 1, 2 };
    IFileSystemImage3 *image = fsi_image();
    SAFEARRAY *array = NULL;

    if (!image) return;
    check_pair(IFileSystemImage3_get_ISO9660InterchangeLevelsSupported(image, &array), I1,
               L"get_ISO9660InterchangeLevelsSupported", S_OK);
    check_array(array, VT_UI4, levels, 2);
    check_pair(IFileSystemImage3_get_UDFRevisionsSupported(image, &array), I1, L"get_UDFRevisionsSupported",
               S_OK);
    check_array(array, VT_I4, revisions, ARRAYSIZE(revisions));
    check_pair(IFileSystemImage3_get_MultisessionInterfaces(image, &array), I1, L"get_MultisessionInterfaces",
               S_OK);
    check_array(array, VT_DISPATCH, NULL, 0);
    check_pair(IFileSystemImage3_get_BootImageOptionsArray(image, &array), I2, L"get_BootImageOptionsArray",
               S_OK);
    check_array(array, VT_DISPATCH, NULL, 0);
    check_pair(IFileSystemImage3_get_ISO9660InterchangeLevelsSupported(image, NULL), I1,
               L"get_ISO9660InterchangeLevelsSupported", E_POINTER);
    check_pair(IFileSystemImage3_get_UDFRevisionsSupported(image, NULL), I1, L"get_UDFRevisionsSupported",
               E_POINTER);
    check_pair(IFileSystemImage3_get_MultisessionInterfaces(image, NULL), I1, L"get_MultisessionInterfaces",
               E_POINTER);
    check_pair(IFileSystemImage3_get_BootImageOptionsArray(image, NULL), I2, L"get_BootImageOptionsArray",
               E_POINTER);
    check_last_release(image);
}

/* --- volume names ------------------------------------------------------------------------------------ */

static void check_text(HRESULT hr, BSTR text, const WCHAR *expected, const char *what)
{
    if (ok_hr(hr, S_OK, "%s", what)) ok_text(text, expected, what);
    SysFreeString(text);
}

TEST(volume_names_are_derived_from_the_one_put)
{
    IFileSystemImage3 *image = fsi_image();
    BSTR text = NULL;
    HRESULT hr;

    if (!image) return;
    check_pair(IFileSystemImage3_put_VolumeName(image, B("Test_FileSystem")), I1, L"put_VolumeName", S_OK);
    hr = IFileSystemImage3_get_VolumeName(image, &text);
    check_text(hr, text, L"Test_FileSystem", "VolumeName");
    hr = IFileSystemImage3_get_VolumeNameUDF(image, &text);
    check_text(hr, text, L"Test_FileSystem", "VolumeNameUDF");
    hr = IFileSystemImage3_get_VolumeNameJoliet(image, &text);
    check_text(hr, text, L"Test_FileSystem", "VolumeNameJoliet");
    hr = IFileSystemImage3_get_VolumeNameISO9660(image, &text);
    check_text(hr, text, L"TEST_FILESYSTEM", "VolumeNameISO9660");
    ok_hr(IFileSystemImage3_put_VolumeName(image, NULL), S_OK, "no name");
    hr = IFileSystemImage3_get_VolumeName(image, &text);
    check_text(hr, text, L"", "VolumeName");
    check_last_release(image);
}

/* The documented limit is 15; programs give up to 32, which are taken. */
TEST(volume_names_too_long_or_with_forbidden_characters_are_refused)
{
    IFileSystemImage3 *image = fsi_image();
    BSTR text = NULL;
    HRESULT hr;

    if (!image) return;
    ok_hr(IFileSystemImage3_put_VolumeName(image, B("GOOD")), S_OK, "a good name");
    hr = IFileSystemImage3_put_VolumeName(image, B("A23456789012345678901234567890123"));
    check_pair(hr, I1, L"put_VolumeName", IMAPI_E_INVALID_VOLUME_NAME);
    check_error_info(IFACE, L"IMAPI2FS.MsftFileSystemImage", L"volume");
    hr = IFileSystemImage3_put_VolumeName(image, B("A/B"));
    check_fail(hr, IMAPI_E_INVALID_VOLUME_NAME, IFACE, NULL);
    hr = IFileSystemImage3_get_VolumeName(image, &text);
    check_text(hr, text, L"GOOD", "VolumeName after failures");
    ok_hr(IFileSystemImage3_put_VolumeName(image, B("A2345678901234567890123456789012")), S_OK,
          "32 characters");
    check_last_release(image);
}

/* --- rules ------------------------------------------------------------------------------------------- */

TEST(interchange_level_is_1_or_2)
{
    IFileSystemImage3 *image = fsi_image();
    LONG level = 0;
    HRESULT hr;

    if (!image) return;
    check_pair(IFileSystemImage3_put_ISO9660InterchangeLevel(image, 2), I1, L"put_ISO9660InterchangeLevel",
               S_OK);
    IFileSystemImage3_get_ISO9660InterchangeLevel(image, &level);
    ok_int(level, 2, "level");
    hr = IFileSystemImage3_put_ISO9660InterchangeLevel(image, 3);
    check_pair(hr, I1, L"put_ISO9660InterchangeLevel", IMAPI_E_INVALID_PARAM);
    check_error_info(IFACE, NULL, L"'newVal'");
    ok_hr(IFileSystemImage3_put_ISO9660InterchangeLevel(image, 0), IMAPI_E_INVALID_PARAM, "level 0");
    IFileSystemImage3_get_ISO9660InterchangeLevel(image, &level);
    ok_int(level, 2, "level after failures");
    check_last_release(image);
}

TEST(udf_revisions_are_those_supported)
{
    static const LONG good[] = { 0x150, 0x200, 0x201, 0x250, 0x260, 0x102 }, bad[] = { 0, 0x101, 0x300, -1 };
    IFileSystemImage3 *image = fsi_image();
    LONG value = 0;
    HRESULT hr;

    if (!image) return;
    for (size_t i = 0; i < ARRAYSIZE(good); i++)
    {
        check_pair(IFileSystemImage3_put_UDFRevision(image, good[i]), I1, L"put_UDFRevision", S_OK);
        IFileSystemImage3_get_UDFRevision(image, &value);
        ok_int(value, good[i], "UDFRevision");
    }
    for (size_t i = 0; i < ARRAYSIZE(bad); i++)
    {
        hr = IFileSystemImage3_put_UDFRevision(image, bad[i]);
        check_pair(hr, I1, L"put_UDFRevision", IMAPI_E_INVALID_PARAM);
        check_error_info(IFACE, NULL, L"'newVal'");
    }
    IFileSystemImage3_get_UDFRevision(image, &value);
    ok_int(value, 0x102, "UDFRevision after failures");
    check_last_release(image);
}

TEST(redundant_metadata_is_kept_but_stays_out_of_the_image)
{
    IFileSystemImage3 *image = fsi_image();
    VARIANT_BOOL flag = 7;

    if (!image) return;
    check_pair(IFileSystemImage3_put_CreateRedundantUdfMetadataFiles(image, VARIANT_FALSE), I3,
               L"put_CreateRedundantUdfMetadataFiles", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    IFileSystemImage3_get_CreateRedundantUdfMetadataFiles(image, &flag);
    ok_int(flag, VARIANT_FALSE, "flag");
    check_last_release(image);
}

TEST(strictness_can_be_asked_for_only_while_the_image_is_empty)
{
    struct fsi fsi;
    VARIANT_BOOL flag;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    check_pair(IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_TRUE), I1,
               L"put_StrictFileSystemCompliance", S_OK);
    IFileSystemImage3_get_StrictFileSystemCompliance(fsi.image, &flag);
    ok_int(flag, VARIANT_TRUE, "strict");
    ok_hr(IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_FALSE), S_OK, "off again");
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("folder"));
    hr = IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_TRUE);
    check_fail(hr, IMAPI_E_FILE_SYSTEM_NOT_EMPTY, IFACE, NULL);
    ok_hr(IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_FALSE), S_OK, "off");
    fsi_close(&fsi);
}

/* Any value but 0 counts as true: 65535, 1. */
TEST(booleans_are_read_leniently)
{
    IFileSystemImage3 *image = fsi_image();
    VARIANT_BOOL flag = 0;

    if (!image) return;
    check_pair(IFileSystemImage3_put_StageFiles(image, 1), I1, L"put_StageFiles", S_OK);
    IFileSystemImage3_get_StageFiles(image, &flag);
    ok_int(flag, VARIANT_TRUE, "StageFiles");
    check_pair(IFileSystemImage3_put_UseRestrictedCharacterSet(image, 2), I1,
               L"put_UseRestrictedCharacterSet", S_OK);
    IFileSystemImage3_get_UseRestrictedCharacterSet(image, &flag);
    ok_int(flag, VARIANT_TRUE, "UseRestrictedCharacterSet");
    check_last_release(image);
}

/* --- the working directory --------------------------------------------------------------------------- */

TEST(working_directory_is_the_temp_folder_and_can_be_another)
{
    IFileSystemImage3 *image = fsi_image();
    WCHAR temp[MAX_PATH + 1], folder[MAX_PATH];
    BSTR text = NULL;
    HRESULT hr;

    if (!image) return;
    GetTempPathW(ARRAYSIZE(temp), temp);
    hr = IFileSystemImage3_get_WorkingDirectory(image, &text);
    check_pair(hr, I1, L"get_WorkingDirectory", S_OK);
    check_text(hr, text, temp, "WorkingDirectory");
    check_pair(IFileSystemImage3_get_WorkingDirectory(image, NULL), I1, L"get_WorkingDirectory", E_POINTER);
    fsi_folder(folder);
    check_pair(IFileSystemImage3_put_WorkingDirectory(image, folder), I1, L"put_WorkingDirectory", S_OK);
    hr = IFileSystemImage3_get_WorkingDirectory(image, &text);
    check_text(hr, text, folder, "WorkingDirectory");
    hr = IFileSystemImage3_put_WorkingDirectory(image, NULL);
    check_pair(hr, I1, L"put_WorkingDirectory", IMAPI_E_INVALID_PARAM);
    check_error_info(IFACE, NULL, L"'newVal'");
    hr = IFileSystemImage3_put_WorkingDirectory(image, (BSTR)fsi_path(folder, L"not there"));
    check_pair(hr, I1, L"put_WorkingDirectory", IMAPI_E_INVALID_WORKING_DIRECTORY);
    check_error_info(IFACE, NULL, L"not there");
    fsi_write(folder, L"file", 3);
    hr = IFileSystemImage3_put_WorkingDirectory(image, (BSTR)fsi_path(folder, L"file"));
    check_fail(hr, IMAPI_E_INVALID_WORKING_DIRECTORY, IFACE, L"file");
    hr = IFileSystemImage3_get_WorkingDirectory(image, &text);
    check_text(hr, text, folder, "WorkingDirectory after failures");
    check_last_release(image);
    fsi_delete_tree(folder);
}

/* --- by name ----------------------------------------------------------------------------------------- */

TEST(members_are_reached_by_name)
{
    IFileSystemImage3 *image = fsi_image();
    VARIANT result, arg;

    if (!image) return;
    ok_hr(test_get(image, L"freemediablocks", &result), S_OK, "FreeMediaBlocks");
    ok_int(V_VT(&result), VT_I4, "type");
    ok_int(V_I4(&result), 332800, "FreeMediaBlocks");
    ok_hr(test_put(image, L"FreeMediaBlocks", test_v_i2(0)), S_OK, "put of a VT_I2");
    ok_hr(test_put(image, L"StageFiles", test_v_i4(1)), S_OK, "put of a VT_I4 as a boolean");
    ok_hr(test_put(image, L"FileSystemsToCreate", test_v_i4(1)), S_OK, "put of a mask");
    ok_hr(test_put(image, L"FileSystemsToCreate", test_v_i4(2)), IMAPI_E_INVALID_PARAM, "Joliet alone");
    ok_hr(test_get(image, L"Root", &result), S_OK, "Root");
    ok_int(V_VT(&result), VT_DISPATCH, "type of Root");
    arg = test_v_bstr(SysAllocString(L"by name"));
    ok_hr(test_invoke(V_DISPATCH(&result), L"AddDirectory", DISPATCH_METHOD, &arg, 1, NULL), S_OK,
          "AddDirectory");
    VariantClear(&arg);
    VariantClear(&result);
    arg = test_v_bstr(SysAllocString(L"\\by name"));
    ok_hr(test_invoke(image, L"Exists", DISPATCH_METHOD, &arg, 1, &result), S_OK, "Exists");
    ok_int(V_I4(&result), FsiItemDirectory, "Exists");
    VariantClear(&arg);
    ok_hr(test_get(image, L"UDFRevisionsSupported", &result), S_OK, "an array");
    ok_int(V_VT(&result), VT_ARRAY | VT_VARIANT, "type of an array");
    VariantClear(&result);
    check_last_release(image);
}

TEST_MAIN(
    TEST_CASE(image_answers_its_interfaces_and_no_others),
    TEST_CASE(classes_that_come_from_other_objects_cannot_be_created),
    TEST_CASE(dll_can_unload_when_all_objects_are_gone),
    TEST_CASE(fresh_image_has_the_documented_values),
    TEST_CASE(arrays_are_fresh_and_have_the_documented_types),
    TEST_CASE(volume_names_are_derived_from_the_one_put),
    TEST_CASE(volume_names_too_long_or_with_forbidden_characters_are_refused),
    TEST_CASE(interchange_level_is_1_or_2),
    TEST_CASE(udf_revisions_are_those_supported),
    TEST_CASE(redundant_metadata_is_kept_but_stays_out_of_the_image),
    TEST_CASE(strictness_can_be_asked_for_only_while_the_image_is_empty),
    TEST_CASE(booleans_are_read_leniently),
    TEST_CASE(working_directory_is_the_temp_folder_and_can_be_another),
    TEST_CASE(members_are_reached_by_name))
