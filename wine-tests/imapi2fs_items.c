/* FsiDirectoryItem and FsiFileItem: children, adding and removing, names, data, and change points. */
#include "fsi.h"

#include <shlwapi.h>

static const WCHAR *const ID = L"IFsiDirectoryItem", *const IF = L"IFsiFileItem",
                          *const IF2 = L"IFsiFileItem2", *const II = L"IFsiItem",
                          *const I1 = L"IFileSystemImage";

#define IFACE &IID_IFsiDirectoryItem2

/* --- the objects ------------------------------------------------------------------------------------- */

TEST(items_answer_their_interfaces_and_no_others)
{
    static const IID *const directory_has[] =
    {
        &IID_IUnknown, &IID_IDispatch, &IID_IFsiItem, &IID_IFsiDirectoryItem, &IID_IFsiDirectoryItem2,
        &IID_ISupportErrorInfo, NULL,
    };
    static const IID *const file_has[] = {
        &IID_IUnknown,      &IID_IDispatch,         &IID_IFsiItem, &IID_IFsiFileItem,
        &IID_IFsiFileItem2, &IID_ISupportErrorInfo, NULL,
    };
    static const IID *const directory_lacks[] = { &IID_IFsiFileItem, &IID_IConnectionPointContainer, NULL };
    static const IID *const file_lacks[] = { &IID_IFsiDirectoryItem, &IID_IStream, NULL };
    IFsiFileItem2 *file;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    file = fsi_item(&fsi, L"file", &IID_IFsiFileItem2);
    check_interfaces(fsi.root, directory_has, directory_lacks);
    check_identity(fsi.root, directory_has);
    check_interfaces(file, file_has, file_lacks);
    check_identity(file, file_has);
    check_last_release(file);
    fsi_close(&fsi);
}

TEST(root_has_no_name_and_the_times_of_date_0)
{
    VARIANT_BOOL hidden = VARIANT_TRUE;
    struct fsi fsi;
    BSTR text;
    DATE date;
    LONG count;

    if (!fsi_open(&fsi)) return;
    check_pair(IFsiDirectoryItem2_get_Name(fsi.root, &text), II, L"get_Name", S_OK);
    ok_int(SysStringLen(text), 0, "length of the name");
    SysFreeString(text);
    check_pair(IFsiDirectoryItem2_get_FullPath(fsi.root, &text), II, L"get_FullPath", S_OK);
    ok_int(SysStringLen(text), 0, "length of the path");
    SysFreeString(text);
    date = 5;
    check_pair(IFsiDirectoryItem2_get_CreationTime(fsi.root, &date), II, L"get_CreationTime", S_OK);
    ok(date == 0, "CreationTime %f", date);
    date = 5;
    check_pair(IFsiDirectoryItem2_get_LastAccessedTime(fsi.root, &date), II, L"get_LastAccessedTime", S_OK);
    ok(date == 0, "LastAccessedTime %f", date);
    date = 5;
    check_pair(IFsiDirectoryItem2_get_LastModifiedTime(fsi.root, &date), II, L"get_LastModifiedTime", S_OK);
    ok(date == 0, "LastModifiedTime %f", date);
    check_pair(IFsiDirectoryItem2_get_IsHidden(fsi.root, &hidden), II, L"get_IsHidden", S_OK);
    ok_int(hidden, VARIANT_FALSE, "IsHidden");
    check_pair(IFsiDirectoryItem2_get_Count(fsi.root, &count), ID, L"get_Count", S_OK);
    ok_int(count, 0, "Count");
    fsi_close(&fsi);
}

TEST(null_out_pointers_are_refused)
{
    IFsiFileItem2 *file;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    check_pair(IFsiDirectoryItem2_get_Name(fsi.root, NULL), II, L"get_Name", E_POINTER);
    check_pair(IFsiDirectoryItem2_get_FullPath(fsi.root, NULL), II, L"get_FullPath", E_POINTER);
    check_pair(IFsiDirectoryItem2_get_CreationTime(fsi.root, NULL), II, L"get_CreationTime", E_POINTER);
    check_pair(IFsiDirectoryItem2_get_LastAccessedTime(fsi.root, NULL), II, L"get_LastAccessedTime",
               E_POINTER);
    check_pair(IFsiDirectoryItem2_get_LastModifiedTime(fsi.root, NULL), II, L"get_LastModifiedTime",
               E_POINTER);
    check_pair(IFsiDirectoryItem2_get_IsHidden(fsi.root, NULL), II, L"get_IsHidden", E_POINTER);
    check_pair(IFsiDirectoryItem2_FileSystemName(fsi.root, FsiFileSystemJoliet, NULL), II, L"FileSystemName",
               E_POINTER);
    check_pair(IFsiDirectoryItem2_FileSystemPath(fsi.root, FsiFileSystemJoliet, NULL), II, L"FileSystemPath",
               E_POINTER);
    check_pair(IFsiDirectoryItem2_get_Count(fsi.root, NULL), ID, L"get_Count", E_POINTER);
    check_pair(IFsiDirectoryItem2_get__NewEnum(fsi.root, NULL), ID, L"get__NewEnum", E_POINTER);
    check_pair(IFsiDirectoryItem2_get_EnumFsiItems(fsi.root, NULL), ID, L"get_EnumFsiItems", E_POINTER);
    check_pair(IFsiDirectoryItem2_get_Item(fsi.root, B("file"), NULL), ID, L"get_Item", E_POINTER);
    check_pair(IFsiDirectoryItem2_Add(fsi.root, NULL), ID, L"Add", E_POINTER);
    check_pair(IFsiDirectoryItem2_AddFile(fsi.root, B("x"), NULL), ID, L"AddFile", E_POINTER);
    check_pair(IFsiDirectoryItem2_AddTree(fsi.root, NULL, VARIANT_TRUE), ID, L"AddTree", E_POINTER);
    check_pair(IFsiDirectoryItem2_RemoveTree(fsi.root, NULL), ID, L"RemoveTree", E_POINTER);
    check_pair(IFileSystemImage3_Exists(fsi.image, B("\\file"), NULL), I1, L"Exists", E_POINTER);
    check_pair(IFileSystemImage3_CreateFileItem(fsi.image, B("x"), NULL), I1, L"CreateFileItem", E_POINTER);
    check_pair(IFileSystemImage3_CreateDirectoryItem(fsi.image, B("x"), NULL), I1, L"CreateDirectoryItem",
               E_POINTER);
    file = fsi_item(&fsi, L"file", &IID_IFsiFileItem2);
    check_pair(IFsiFileItem2_get_DataSize(file, NULL), IF, L"get_DataSize", E_POINTER);
    check_pair(IFsiFileItem2_get_DataSize32BitLow(file, NULL), IF, L"get_DataSize32BitLow", E_POINTER);
    check_pair(IFsiFileItem2_get_DataSize32BitHigh(file, NULL), IF, L"get_DataSize32BitHigh", E_POINTER);
    check_pair(IFsiFileItem2_get_Data(file, NULL), IF, L"get_Data", E_POINTER);
    check_pair(IFsiFileItem2_put_Data(file, NULL), IF, L"put_Data", E_POINTER);
    check_pair(IFsiFileItem2_get_FsiNamedStreams(file, NULL), IF2, L"get_FsiNamedStreams", E_POINTER);
    check_pair(IFsiFileItem2_get_IsNamedStream(file, NULL), IF2, L"get_IsNamedStream", E_POINTER);
    check_pair(IFsiFileItem2_get_IsRealTime(file, NULL), IF2, L"get_IsRealTime", E_POINTER);
    check_pair(IFsiFileItem2_AddStream(file, B("s"), NULL), IF2, L"AddStream", E_POINTER);
    check_last_release(file);
    fsi_close(&fsi);
}

/* --- paths ------------------------------------------------------------------------------------------- */

TEST(paths_take_both_separators_any_letter_case_and_shortened_names)
{
    struct fsi fsi;
    BSTR text;
    IFsiItem *item;

    if (!fsi_open(&fsi)) return;
    check_pair(IFsiDirectoryItem2_AddDirectory(fsi.root, B("\\A folder of long name")), ID, L"AddDirectory",
               S_OK);
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, B("a folder of long name/Sub")), S_OK,
          "AddDirectory with slash");
    check_pair(fsi_add_file(&fsi, L"\\A FOLDER of long name\\sub\\Read me first.text", 5), ID, L"AddFile",
               S_OK);
    ok_int(fsi_exists(&fsi, L"\\A folder of long name\\Sub\\Read me first.text"), FsiItemFile, "as added");
    ok_int(fsi_exists(&fsi, L"/a folder of LONG name/sub/read ME first.text"), FsiItemFile, "otherwise");
    ok_int(fsi_exists(&fsi, L"\\A folder of long name\\Sub"), FsiItemDirectory, "directory");
    ok_int(fsi_exists(&fsi, L"\\"), FsiItemDirectory, "root");
    item = fsi_item(&fsi, L"\\A folder of long name\\Sub\\Read me first.text", &IID_IFsiItem);
    IFsiItem_get_FullPath(item, &text);
    ok_text(text, L"\\A folder of long name\\Sub\\Read me first.text", "FullPath");
    SysFreeString(text);
    IFsiItem_get_Name(item, &text);
    ok_text(text, L"Read me first.text", "Name");
    SysFreeString(text);
    check_pair(IFsiItem_FileSystemPath(item, FsiFileSystemISO9660, &text), II, L"FileSystemPath", S_OK);
    ok_text(text, L"\\A_FOLDER\\SUB\\READ_ME_.TEX", "path in ISO9660");
    ok_int(fsi_exists(&fsi, text), FsiItemFile, "by the path in ISO9660");
    SysFreeString(text);
    check_pair(IFsiItem_FileSystemName(item, FsiFileSystemJoliet, &text), II, L"FileSystemName", S_OK);
    ok_text(text, L"Read me first.text", "name in Joliet");
    SysFreeString(text);
    check_pair(IFsiItem_FileSystemPath(item, FsiFileSystemUDF, &text), II, L"FileSystemPath", S_OK);
    ok_text(text, L"\\A folder of long name\\Sub\\Read me first.text", "path in UDF");
    SysFreeString(text);
    text = (BSTR)1;
    check_pair(IFsiItem_FileSystemName(item, FsiFileSystemUnknown, &text), II, L"FileSystemName",
               IMAPI_E_INVALID_PARAM);
    check_error_info(&IID_IFsiFileItem2, NULL, L"'fileSystem'");
    ok(!text, "text is cleared");
    check_pair(IFsiItem_FileSystemPath(item, FsiFileSystemISO9660 | FsiFileSystemJoliet, &text), II,
               L"FileSystemPath", IMAPI_E_INVALID_PARAM);
    check_last_release(item);
    fsi_close(&fsi);
}

TEST(exists_says_nothing_for_a_missing_item_and_fails_for_a_missing_directory)
{
    FsiItemType type = FsiItemFile;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    check_pair(IFileSystemImage3_Exists(fsi.image, B("\\not there"), &type), I1, L"Exists", S_OK);
    ok_int(type, FsiItemNotFound, "type");
#undef IFACE
#define IFACE &IID_IFileSystemImage3
    hr = IFileSystemImage3_Exists(fsi.image, B("\\no folder\\file"), &type);
    check_told(hr, I1, L"Exists", IMAPI_E_DIR_NOT_FOUND, L"no folder");
    hr = IFileSystemImage3_Exists(fsi.image, B("relative"), &type);
    check_told(hr, I1, L"Exists", IMAPI_E_INVALID_PATH, L"relative");
    hr = IFileSystemImage3_Exists(fsi.image, NULL, &type);
    check_told(hr, I1, L"Exists", IMAPI_E_INVALID_PARAM, L"'fullPath'");
    hr = IFileSystemImage3_Exists(fsi.image, B("\\a*b"), &type);
    check_told(hr, I1, L"Exists", IMAPI_E_INVALID_PATH, L"a*b");
#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2
    fsi_close(&fsi);
}

TEST(item_tells_missing_items_and_bad_paths)
{
    IFsiItem *item = (IFsiItem *)1;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    hr = IFsiDirectoryItem2_get_Item(fsi.root, B("not there"), &item);
    check_told(hr, ID, L"get_Item", IMAPI_E_ITEM_NOT_FOUND, L"not there");
    ok(!item, "item is cleared");
    hr = IFsiDirectoryItem2_get_Item(fsi.root, B("no folder\\file"), &item);
    check_told(hr, ID, L"get_Item", IMAPI_E_ITEM_NOT_FOUND, L"no folder\\file");
    hr = IFsiDirectoryItem2_get_Item(fsi.root, B("a\\\\b"), &item);
    check_told(hr, ID, L"get_Item", IMAPI_E_INVALID_PATH, L"a\\\\b");
    hr = IFsiDirectoryItem2_get_Item(fsi.root, NULL, &item);
    check_told(hr, ID, L"get_Item", IMAPI_E_INVALID_PARAM, L"'path'");
    check_pair(IFsiDirectoryItem2_get_Item(fsi.root, B("\\"), &item), ID, L"get_Item", S_OK);
    check_last_release(item);
    fsi_close(&fsi);
}

/* --- enumerators ------------------------------------------------------------------------------------- */

static void check_name(IFsiItem *item, const WCHAR *expected)
{
    BSTR text = NULL;

    if (!ok(item != NULL, "an item")) return;
    IFsiItem_get_Name(item, &text);
    ok_text(text, expected, "name");
    SysFreeString(text);
    IFsiItem_Release(item);
}

TEST(new_enum_gives_the_children_as_objects)
{
    IEnumVARIANT *enumerator = NULL;
    VARIANT values[4];
    struct fsi fsi;
    ULONG got = 9;

    if (!fsi_open(&fsi)) return;
    fsi_add_three(&fsi);
    check_pair(IFsiDirectoryItem2_get__NewEnum(fsi.root, &enumerator), ID, L"get__NewEnum", S_OK);
    IFsiDirectoryItem2_Remove(fsi.root, B("first"));            /* a snapshot: this does not show */
    ok_hr(IEnumVARIANT_Next(enumerator, 4, values, &got), S_FALSE, "Next of 4");
    ok_int(got, 3, "fetched");
    for (ULONG i = 0; i < got; i++)
    {
        IFsiItem *item = NULL;

        ok_int(V_VT(&values[i]), VT_DISPATCH, "type");
        IDispatch_QueryInterface(V_DISPATCH(&values[i]), &IID_IFsiItem, (void **)&item);
        check_name(item, i == 0 ? L"first" : i == 1 ? L"second" : L"third");
        VariantClear(&values[i]);
    }
    check_last_release(enumerator);
    fsi_close(&fsi);
}

TEST(enum_fsi_items_walks_skips_and_clones)
{
    static const WCHAR *const IE = L"IEnumFsiItems";
    IEnumFsiItems *enumerator = NULL, *clone = NULL;
    IFsiItem *items[4] = { 0 };
    struct fsi fsi;
    ULONG got = 9;

    if (!fsi_open(&fsi)) return;
    fsi_add_three(&fsi);
    check_pair(IFsiDirectoryItem2_get_EnumFsiItems(fsi.root, &enumerator), ID, L"get_EnumFsiItems", S_OK);
    check_pair(IEnumFsiItems_Next(enumerator, 1, items, NULL), IE, L"Next", S_OK);
    check_name(items[0], L"first");
    check_pair(IEnumFsiItems_Clone(enumerator, &clone), IE, L"Clone", S_OK);
    check_pair(IEnumFsiItems_Clone(enumerator, NULL), IE, L"Clone", E_POINTER);
    ok_hr(IEnumFsiItems_Next(enumerator, 4, items, &got), S_FALSE, "the rest");
    ok_int(got, 2, "fetched");
    check_name(items[0], L"second");
    check_name(items[1], L"third");
    items[0] = (IFsiItem *)1;
    ok_hr(IEnumFsiItems_Next(enumerator, 1, items, &got), S_FALSE, "at the end");
    ok_int(got, 0, "fetched");
    ok(!items[0], "item is cleared");
    check_pair(IEnumFsiItems_Skip(clone, 1), IE, L"Skip", S_OK);
    ok_hr(IEnumFsiItems_Next(clone, 1, items, NULL), S_OK, "the clone went its own way");
    check_name(items[0], L"third");
    check_pair(IEnumFsiItems_Skip(clone, 1), IE, L"Skip", S_FALSE);
    check_pair(IEnumFsiItems_Reset(clone), IE, L"Reset", S_OK);
    ok_hr(IEnumFsiItems_Next(clone, 1, items, NULL), S_OK, "after Reset");
    check_name(items[0], L"first");
    check_pair(IEnumFsiItems_Next(clone, 1, NULL, &got), IE, L"Next", E_POINTER);
    check_pair(IEnumFsiItems_Next(clone, 2, items, NULL), IE, L"Next", E_POINTER);
    check_pair(IEnumFsiItems_Next(clone, 0x80000000, items, &got), IE, L"Next", E_INVALIDARG);
    check_last_release(clone);
    check_last_release(enumerator);
    fsi_close(&fsi);
}

/* --- attributes -------------------------------------------------------------------------------------- */

TEST(hidden_and_real_time_are_kept)
{
    IFsiFileItem2 *file;
    VARIANT_BOOL flag;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    file = fsi_item(&fsi, L"file", &IID_IFsiFileItem2);
    check_pair(IFsiFileItem2_put_IsHidden(file, 65535 - 65536), II, L"put_IsHidden", S_OK);
    IFsiFileItem2_get_IsHidden(file, &flag);
    ok_int(flag, VARIANT_TRUE, "IsHidden");
    check_pair(IFsiFileItem2_get_IsRealTime(file, &flag), IF2, L"get_IsRealTime", S_OK);
    ok_int(flag, VARIANT_FALSE, "IsRealTime");
    check_pair(IFsiFileItem2_put_IsRealTime(file, VARIANT_TRUE), IF2, L"put_IsRealTime",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    IFsiFileItem2_get_IsRealTime(file, &flag);
    ok_int(flag, VARIANT_TRUE, "IsRealTime");
    check_pair(IFsiFileItem2_put_IsRealTime(file, VARIANT_FALSE), IF2, L"put_IsRealTime", S_OK);
    check_pair(IFsiFileItem2_get_IsNamedStream(file, &flag), IF2, L"get_IsNamedStream", S_OK);
    ok_int(flag, VARIANT_FALSE, "IsNamedStream");
    check_last_release(file);
    fsi_close(&fsi);
}

TEST(named_streams_stay_out_of_the_image)
{
    IFsiFileItem2 *file;
    IFsiFileItem *free_file;
    IFsiFileItem2 *free_file2 = NULL;
    IStream *stream = fsi_stream(10);
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    file = fsi_item(&fsi, L"file", &IID_IFsiFileItem2);
#undef IFACE
#define IFACE &IID_IFsiFileItem2
    check_pair(IFsiFileItem2_AddStream(file, B("s"), stream), IF2, L"AddStream",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    check_pair(IFsiFileItem2_RemoveStream(file, B("s")), IF2, L"RemoveStream",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    hr = IFsiFileItem2_AddStream(file, B("a\\b"), stream);
    check_told(hr, IF2, L"AddStream", IMAPI_E_INVALID_PARAM, L"'name'");
    hr = IFsiFileItem2_RemoveStream(file, B("a/b"));
    check_told(hr, IF2, L"RemoveStream", IMAPI_E_INVALID_PARAM, L"'name'");
    check_pair(IFsiFileItem2_RemoveStream(file, NULL), IF2, L"RemoveStream", E_POINTER);
    IFileSystemImage3_CreateFileItem(fsi.image, B("free"), &free_file);
    IFsiFileItem_QueryInterface(free_file, &IID_IFsiFileItem2, (void **)&free_file2);
    hr = IFsiFileItem2_AddStream(free_file2, B("s"), stream);
    check_told(hr, IF2, L"AddStream", IMAPI_E_NOT_IN_FILE_SYSTEM, L"free");
    hr = IFsiFileItem2_RemoveStream(free_file2, B("s"));
    check_told(hr, IF2, L"RemoveStream", IMAPI_E_NOT_IN_FILE_SYSTEM, L"free");
    IFsiFileItem2_Release(free_file2);
    check_last_release(free_file);
    check_last_release(file);
    fsi_close(&fsi);
    check_last_release(stream);
}

TEST(size_comes_in_halves_for_scripts)
{
    struct test_stream stream;
    LONG low = 0, high = 0;
    LONGLONG size = 0;
    IFsiFileItem2 *file;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    test_stream_init(&stream, 0x2F0000001ull);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("huge"), &stream.iface), S_OK, "12 GB");
    file = fsi_item(&fsi, L"huge", &IID_IFsiFileItem2);
    check_pair(IFsiFileItem2_get_DataSize(file, &size), IF, L"get_DataSize", S_OK);
    ok_int(size, 0x2F0000001ll, "DataSize");
    check_pair(IFsiFileItem2_get_DataSize32BitLow(file, &low), IF, L"get_DataSize32BitLow", S_OK);
    ok_int(low, (LONG)0xF0000001, "low half");
    check_pair(IFsiFileItem2_get_DataSize32BitHigh(file, &high), IF, L"get_DataSize32BitHigh", S_OK);
    ok_int(high, 2, "high half");
    check_last_release(file);
    fsi_close(&fsi);
    ok_int(stream.references, 1, "references to the stream");
}

TEST_MAIN(
    TEST_CASE(items_answer_their_interfaces_and_no_others),
    TEST_CASE(root_has_no_name_and_the_times_of_date_0),
    TEST_CASE(null_out_pointers_are_refused),
    TEST_CASE(paths_take_both_separators_any_letter_case_and_shortened_names),
    TEST_CASE(exists_says_nothing_for_a_missing_item_and_fails_for_a_missing_directory),
    TEST_CASE(item_tells_missing_items_and_bad_paths),
    TEST_CASE(new_enum_gives_the_children_as_objects),
    TEST_CASE(enum_fsi_items_walks_skips_and_clones),
    TEST_CASE(hidden_and_real_time_are_kept),
    TEST_CASE(named_streams_stay_out_of_the_image),
    TEST_CASE(size_comes_in_halves_for_scripts))
