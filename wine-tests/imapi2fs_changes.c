/* What is added to an image and removed from it, its limits, and the change points that take changes back. */
#include "fsi.h"

#include <stdlib.h>

static const WCHAR *const ID = L"IFsiDirectoryItem", *const IF = L"IFsiFileItem",
                          *const I1 = L"IFileSystemImage";

#define IFACE &IID_IFsiDirectoryItem2

/* --- adding ------------------------------------------------------------------------------------------ */

TEST(add_directory_wants_a_parent_and_a_free_good_name)
{
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, B("one")), S_OK, "AddDirectory");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("ONE"));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_DUP_NAME, L"ONE");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("two\\three"));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_DIR_NOT_FOUND, L"two");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("a?b"));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_INVALID_PATH, L"a?b");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("one\\.."));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_INVALID_PATH, L"..");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, NULL);
    check_told(hr, ID, L"AddDirectory", IMAPI_E_INVALID_PARAM, L"'path'");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B(""));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_INVALID_PARAM, L"'path'");
    ok_int(fsi_exists(&fsi, L"\\one"), FsiItemDirectory, "the good one");
    fsi_close(&fsi);
}

TEST(add_file_wants_a_parent_a_free_good_name_and_a_stream_with_a_size)
{
    struct test_stream bad;
    struct fsi fsi;
    LONG count, point;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    ok_hr(fsi_add_file(&fsi, L"one", 3), S_OK, "AddFile");
    check_told(fsi_add_file(&fsi, L"ONE", 3), ID, L"AddFile", IMAPI_E_DUP_NAME, L"ONE");
    check_told(fsi_add_file(&fsi, L"two\\three", 3), ID, L"AddFile", IMAPI_E_DIR_NOT_FOUND, L"two");
    check_told(fsi_add_file(&fsi, L"a|b", 3), ID, L"AddFile", IMAPI_E_INVALID_PATH, L"a|b");
    check_told(fsi_add_file(&fsi, L"", 3), ID, L"AddFile", IMAPI_E_INVALID_PARAM, L"'path'");
    test_stream_init(&bad, 100);
    bad.stat_result = STG_E_ACCESSDENIED;
    hr = IFsiDirectoryItem2_AddFile(fsi.root, B("no size"), &bad.iface);
    check_told(hr, ID, L"AddFile", IMAPI_E_DATA_STREAM_READ_FAILURE, L"no size");
    ok_int(bad.references, 1, "references to the stream");
    IFileSystemImage3_get_FileCount(fsi.image, &count);
    ok_int(count, 1, "files");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point: failures count for nothing");
    fsi_close(&fsi);
}

TEST(restricted_names_have_code_points_32_to_127)
{
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, (BSTR)L"gr\x00fcn"), S_OK, "before");
    IFileSystemImage3_put_UseRestrictedCharacterSet(fsi.image, VARIANT_TRUE);
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, (BSTR)L"bla\x00fc");
    check_fail(hr, IMAPI_E_RESTRICTED_NAME_VIOLATION, IFACE, L"bla\x00fc");
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, B("blue")), S_OK, "a plain name");
    ok_int(fsi_exists(&fsi, L"\\gr\x00fcn"), FsiItemDirectory, "what was there stays");
    fsi_close(&fsi);
}

TEST(items_made_by_the_image_are_added_to_a_directory)
{
    IFsiDirectoryItem *directory = NULL;
    IFsiFileItem *file = NULL;
    struct fsi fsi, other;
    IStream *stream, *back;
    DATE date = 0, now;
    SYSTEMTIME system;
    LONGLONG size;
    BSTR text;
    HRESULT hr;

    if (!fsi_open(&fsi) || !fsi_open(&other)) return;
    check_pair(IFileSystemImage3_CreateDirectoryItem(fsi.image, B("dir"), &directory), I1,
               L"CreateDirectoryItem", S_OK);
    check_pair(IFileSystemImage3_CreateFileItem(fsi.image, B("file.bin"), &file), I1, L"CreateFileItem",
               S_OK);
    IFsiFileItem_get_FullPath(file, &text);
    ok(SysStringLen(text) > 0, "path of a free item is %s", test_text(text));
    SysFreeString(text);
    GetSystemTime(&system);
    SystemTimeToVariantTime(&system, &now);
    IFsiFileItem_get_CreationTime(file, &date);
    ok(date > now - 1.0 / 1440 && date < now + 1.0 / 1440, "CreationTime %f is about now, %f", date, now);

    hr = IFsiDirectoryItem_AddDirectory(directory, B("sub"));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem_AddFile(directory, B("sub"), (IStream *)1);
    check_told(hr, ID, L"AddFile", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem_AddTree(directory, B("C:\\"), VARIANT_FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem_Add(directory, (IFsiItem *)file);
    check_told(hr, ID, L"Add", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem_Remove(directory, B("sub"));
    check_told(hr, ID, L"Remove", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem_RemoveTree(directory, B("sub"));
    check_told(hr, ID, L"RemoveTree", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams((IFsiDirectoryItem2 *)directory, B("C:\\"),
                                                    VARIANT_FALSE);
    check_told(hr, L"IFsiDirectoryItem2", L"AddTreeWithNamedStreams", IMAPI_E_NOT_IN_FILE_SYSTEM, L"dir");

    check_pair(IFsiFileItem_get_Data(file, &back), IF, L"get_Data", S_OK);
    ok(!back, "no data yet");
    stream = fsi_stream(5000);
    check_pair(IFsiFileItem_put_Data(file, stream), IF, L"put_Data", S_OK);
    IFsiFileItem_get_Data(file, &back);
    ok(back == stream, "the stream that was put");
    if (back) IStream_Release(back);
    check_pair(IFsiFileItem_get_DataSize(file, &size), IF, L"get_DataSize", S_OK);
    ok_int(size, 5000, "size");

    check_pair(IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)directory), ID, L"Add", S_OK);
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)directory);
    check_told(hr, ID, L"Add", IMAPI_E_DUP_NAME, L"dir");
    ok_hr(IFsiDirectoryItem_Add(directory, (IFsiItem *)file), S_OK, "Add to the added one");
    ok_int(fsi_exists(&fsi, L"\\dir\\file.bin"), FsiItemFile, "the file");
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)file);
    check_fail(hr, IMAPI_E_INVALID_PARAM, IFACE, L"'item'");     /* it is elsewhere already */
    hr = IFsiDirectoryItem2_Add(other.root, (IFsiItem *)file);
    check_fail(hr, IMAPI_E_INVALID_PARAM, IFACE, L"'item'");     /* of another image */
    check_pair(IFsiFileItem_put_Data(file, stream), IF, L"put_Data", IMAPI_E_READONLY);
    IFsiFileItem_get_Data(file, &back);
    ok(back && back != stream, "another stream once it is in the image");
    if (back)
    {
        size_t got;
        BYTE *bytes = fsi_read_all(back, &got);

        ok(bytes && got == 5000 && bytes[4999] == fsi_byte(4999), "the same bytes");
        free(bytes);
        check_last_release(back);
    }
    check_last_release(file);
    check_last_release(directory);
    fsi_close(&other);
    fsi_close(&fsi);
    check_last_release(stream);
}

TEST(names_of_new_items_are_one_good_component)
{
    static const WCHAR *const bad[] = { L"a\\b", L"a/b", L"a:b", L"", L".", L"..", L"a\tb", L"\"" };
    IFsiFileItem *file = (IFsiFileItem *)1;
    IFsiDirectoryItem *directory = (IFsiDirectoryItem *)1;
    WCHAR long_name[300];
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
#undef IFACE
#define IFACE &IID_IFileSystemImage3
    for (size_t i = 0; i < ARRAYSIZE(bad); i++)
    {
        test_push("%s", test_text(bad[i]));
        hr = IFileSystemImage3_CreateFileItem(fsi.image, (BSTR)bad[i], &file);
        check_told(hr, I1, L"CreateFileItem", IMAPI_E_INVALID_PARAM, L"'name'");
        ok(!file, "pointer is cleared");
        hr = IFileSystemImage3_CreateDirectoryItem(fsi.image, (BSTR)bad[i], &directory);
        check_told(hr, I1, L"CreateDirectoryItem", IMAPI_E_INVALID_PARAM, L"'name'");
        test_pop();
    }
    hr = IFileSystemImage3_CreateFileItem(fsi.image, NULL, &file);
    check_told(hr, I1, L"CreateFileItem", IMAPI_E_INVALID_PARAM, L"'name'");
    for (size_t i = 0; i < 299; i++) long_name[i] = 'a';
    long_name[299] = 0;
    hr = IFileSystemImage3_CreateFileItem(fsi.image, long_name, &file);
    check_told(hr, I1, L"CreateFileItem", IMAPI_E_INVALID_PARAM, L"'name'");
#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2
    fsi_close(&fsi);
}

/* --- limits ------------------------------------------------------------------------------------------ */

/* Builds \d\d\d... of so many levels below the root; the code of the AddDirectory that failed, else S_OK. */
static HRESULT nest(struct fsi *fsi, unsigned levels)
{
    WCHAR path[256] = L"";
    HRESULT hr = S_OK;

    for (unsigned i = 0; i < levels && SUCCEEDED(hr); i++)
    {
        lstrcatW(path, L"\\d");
        hr = IFsiDirectoryItem2_AddDirectory(fsi->root, path);
    }
    return hr;
}

TEST(iso9660_has_eight_levels)
{
    IFsiDirectoryItem *bottom, *item = NULL;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    ok_hr(nest(&fsi, 7), S_OK, "seven below the root");
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("\\d\\d\\d\\d\\d\\d\\d\\d"));
    check_fail(hr, IMAPI_E_ISO9660_LEVELS, IFACE, NULL);
    bottom = fsi_item(&fsi, L"\\d\\d\\d\\d\\d\\d\\d", &IID_IFsiDirectoryItem);
    IFileSystemImage3_CreateDirectoryItem(fsi.image, B("d"), &item);
    if (!bottom || !item) return;
    check_told(IFsiDirectoryItem_Add(bottom, (IFsiItem *)item), ID, L"Add", IMAPI_E_ISO9660_LEVELS, NULL);
    check_last_release(item);
    check_last_release(bottom);
    ok_hr(fsi_add_file(&fsi, L"\\d\\d\\d\\d\\d\\d\\d\\file", 1), S_OK, "a file at the bottom");
    fsi_close(&fsi);
}

/* ECMA-119 6.8.2.1: 255 bytes for the identifiers of a file and its directories, and their number. */
TEST(strict_paths_of_level_2_are_255_bytes_at_most)
{
    static const WCHAR *const directory = L"\\directory_with_a_name_of_31_char";
    IFsiDirectoryItem *bottom = NULL;
    IFsiFileItem *item = NULL;
    WCHAR path[MAX_PATH] = L"";
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_TRUE);
    IFileSystemImage3_put_ISO9660InterchangeLevel(fsi.image, 2);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    for (int i = 0; i < 7; i++)
    {
        lstrcatW(path, directory);
        ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, path), S_OK, "level %d", i + 2);
    }
    bottom = fsi_item(&fsi, path, &IID_IFsiDirectoryItem);
    IFileSystemImage3_CreateFileItem(fsi.image, B("file_of_a_name_of_30_chars.text"), &item);
    if (!bottom || !item) return;
    check_told(IFsiDirectoryItem_Add(bottom, (IFsiItem *)item), ID, L"Add", IMAPI_E_INVALID_PATH,
               L"file_of_a_name_of_30_chars.text");
    lstrcatW(path, L"\\short.txt");
    ok_hr(fsi_add_file(&fsi, path, 1), S_OK, "a short name");
    check_last_release(item);
    check_last_release(bottom);
    fsi_close(&fsi);
}

TEST(levels_are_checked_again_when_iso9660_is_enabled)
{
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone), S_OK, "no file system");
    ok_hr(nest(&fsi, 20), S_OK, "twenty levels");
    hr = IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    check_pair(hr, I1, L"put_FileSystemsToCreate", IMAPI_E_ISO9660_LEVELS);
    fsi_close(&fsi);
}

TEST(rollback_checks_levels_against_the_file_systems_of_now)
{
    struct fsi fsi;
    LONG deep;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone);
    ok_hr(nest(&fsi, 9), S_OK, "nine levels");
    IFileSystemImage3_get_ChangePoint(fsi.image, &deep);
    ok_hr(IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\d")), S_OK, "RemoveTree");
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660), S_OK, "ISO9660");
    hr = IFileSystemImage3_RollbackToChangePoint(fsi.image, deep);
    check_pair(hr, I1, L"RollbackToChangePoint", IMAPI_E_ISO9660_LEVELS);
    ok_int(fsi_exists(&fsi, L"\\d"), FsiItemNotFound, "nothing came back");
    fsi_close(&fsi);
}

/* --- removing ---------------------------------------------------------------------------------------- */

TEST(remove_takes_files_and_empty_directories)
{
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    nest(&fsi, 2);
    fsi_add_file(&fsi, L"\\d\\file", 1);
    hr = IFsiDirectoryItem2_Remove(fsi.root, B("\\d"));
    check_told(hr, ID, L"Remove", IMAPI_E_DIR_NOT_EMPTY, L"d");
    check_pair(IFsiDirectoryItem2_Remove(fsi.root, B("\\d\\file")), ID, L"Remove", S_OK);
    ok_hr(IFsiDirectoryItem2_Remove(fsi.root, B("d/d")), S_OK, "an empty directory");
    ok_hr(IFsiDirectoryItem2_Remove(fsi.root, B("d")), S_OK, "the other one");
    hr = IFsiDirectoryItem2_Remove(fsi.root, B("d"));
    check_fail(hr, IMAPI_E_ITEM_NOT_FOUND, IFACE, L"d");
    hr = IFsiDirectoryItem2_Remove(fsi.root, B("\\"));
    check_told(hr, ID, L"Remove", IMAPI_E_INVALID_PARAM, L"'path'");
    hr = IFsiDirectoryItem2_Remove(fsi.root, NULL);
    check_told(hr, ID, L"Remove", IMAPI_E_INVALID_PARAM, L"'path'");
    hr = IFsiDirectoryItem2_Remove(fsi.root, B("a<b"));
    check_told(hr, ID, L"Remove", IMAPI_E_INVALID_PATH, L"a<b");
    fsi_close(&fsi);
}

TEST(remove_tree_takes_a_directory_with_everything_and_empties_the_root)
{
    struct fsi fsi;
    LONG count;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    nest(&fsi, 3);
    fsi_add_file(&fsi, L"\\d\\d\\file", 1);
    fsi_add_file(&fsi, L"\\file", 1);
    hr = IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\file"));
    check_told(hr, ID, L"RemoveTree", IMAPI_E_NOT_DIR, L"file");
    hr = IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\not there"));
    check_told(hr, ID, L"RemoveTree", IMAPI_E_DIR_NOT_FOUND, L"not there");
    hr = IFsiDirectoryItem2_RemoveTree(fsi.root, B(""));
    check_told(hr, ID, L"RemoveTree", IMAPI_E_INVALID_PARAM, L"'path'");
    hr = IFsiDirectoryItem2_RemoveTree(fsi.root, B("a*"));
    check_told(hr, ID, L"RemoveTree", IMAPI_E_INVALID_PATH, L"a*");
    check_pair(IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\d\\d")), ID, L"RemoveTree", S_OK);
    ok_int(fsi_exists(&fsi, L"\\d"), FsiItemDirectory, "the parent");
    ok_int(fsi_exists(&fsi, L"\\d\\d"), FsiItemNotFound, "the directory");
    ok_hr(IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\")), S_OK, "all");
    IFsiDirectoryItem2_get_Count(fsi.root, &count);
    ok_int(count, 0, "children of the root");
    IFileSystemImage3_get_DirectoryCount(fsi.image, &count);
    ok_int(count, 1, "directories");
    fsi_close(&fsi);
}

TEST(removed_items_keep_working_and_can_be_added_again)
{
    IFsiDirectoryItem2 *directory;
    struct fsi fsi;
    BSTR text;
    LONG count;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    nest(&fsi, 2);
    directory = fsi_item(&fsi, L"\\d", &IID_IFsiDirectoryItem2);
    ok_hr(IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\d")), S_OK, "RemoveTree");
    IFsiDirectoryItem2_get_Name(directory, &text);
    ok_text(text, L"d", "name of a removed item");
    SysFreeString(text);
    IFsiDirectoryItem2_get_Count(directory, &count);
    ok_int(count, 1, "children of a removed item");
    hr = IFsiDirectoryItem2_AddDirectory(directory, B("new"));
    check_told(hr, ID, L"AddDirectory", IMAPI_E_NOT_IN_FILE_SYSTEM, L"d");
    ok_hr(IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)directory), S_OK, "added again");
    ok_int(fsi_exists(&fsi, L"\\d\\d"), FsiItemDirectory, "with its child");
    /* The image may go first. */
    IFsiDirectoryItem2_Release(fsi.root);
    IFileSystemImage3_Release(fsi.image);
    IFsiDirectoryItem2_get_FullPath(directory, &text);
    ok_text(text, L"\\d", "path without the image object");
    SysFreeString(text);
    ok_hr(IFsiDirectoryItem2_AddDirectory(directory, B("new")), S_OK, "the tree lives as long as an item");
    check_last_release(directory);
    ok_hr(com_test_can_unload(DLL), S_OK, "nothing is left");
}

/* --- change points ----------------------------------------------------------------------------------- */

TEST(rollback_takes_changes_back)
{
    LONG start, middle, now;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_get_ChangePoint(fsi.image, &start);
    ok_int(start, 0, "change point of a new image");
    fsi_add_three(&fsi);
    IFileSystemImage3_get_ChangePoint(fsi.image, &middle);
    ok_int(middle, 3, "change point after three additions");
    IFsiDirectoryItem2_Remove(fsi.root, B("first"));
    fsi_add_file(&fsi, L"second\\fourth", 4);
    check_pair(IFileSystemImage3_RollbackToChangePoint(fsi.image, middle), I1, L"RollbackToChangePoint",
               S_OK);
    IFileSystemImage3_get_ChangePoint(fsi.image, &now);
    ok_int(now, middle, "change point after the rollback");
    ok_int(fsi_exists(&fsi, L"\\first"), FsiItemFile, "what was removed");
    ok_int(fsi_exists(&fsi, L"\\second\\fourth"), FsiItemNotFound, "what was added");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, start), S_OK, "to the start");
    ok_int(fsi_exists(&fsi, L"\\first"), FsiItemNotFound, "nothing is there");
    fsi_close(&fsi);
}

TEST(locked_in_changes_stay)
{
    struct fsi fsi;
    LONG point, later;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_add_three(&fsi);
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    check_pair(IFileSystemImage3_LockInChangePoint(fsi.image), I1, L"LockInChangePoint", S_OK);
    IFileSystemImage3_get_ChangePoint(fsi.image, &later);
    ok_int(later, point, "the lock leaves the number");
    hr = IFileSystemImage3_RollbackToChangePoint(fsi.image, 1);
    check_fail(hr, IMAPI_E_INVALID_PARAM, &IID_IFileSystemImage3, L"'changePoint'");
    hr = IFileSystemImage3_RollbackToChangePoint(fsi.image, point + 1);
    check_fail(hr, IMAPI_E_INVALID_PARAM, &IID_IFileSystemImage3, L"'changePoint'");
    hr = IFileSystemImage3_RollbackToChangePoint(fsi.image, -1);
    check_fail(hr, IMAPI_E_INVALID_PARAM, &IID_IFileSystemImage3, L"'changePoint'");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, point), S_OK, "to the lock itself");
    ok_int(fsi_exists(&fsi, L"\\third"), FsiItemFile, "what was locked in");
    fsi_close(&fsi);
}

/* A stream is let go of when nothing can bring its file back, and not from inside a call that holds a lock.
   */
TEST(streams_are_released_with_the_last_way_back)
{
    struct test_stream stream;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 100);
    IFsiDirectoryItem2_AddFile(fsi.root, B("file"), &stream.iface);
    ok(stream.references > 1, "references while in the image");
    IFsiDirectoryItem2_Remove(fsi.root, B("file"));
    ok(stream.references > 1, "references while a rollback is possible");
    IFileSystemImage3_LockInChangePoint(fsi.image);
    ok_int(stream.references, 1, "references after the lock");
    IFsiDirectoryItem2_AddFile(fsi.root, B("file"), &stream.iface);
    IFileSystemImage3_RollbackToChangePoint(fsi.image, 2);
    ok_int(stream.references, 1, "references after a rollback");
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(add_directory_wants_a_parent_and_a_free_good_name),
    TEST_CASE(add_file_wants_a_parent_a_free_good_name_and_a_stream_with_a_size),
    TEST_CASE(restricted_names_have_code_points_32_to_127),
    TEST_CASE(items_made_by_the_image_are_added_to_a_directory),
    TEST_CASE(names_of_new_items_are_one_good_component),
    TEST_CASE(iso9660_has_eight_levels),
    TEST_CASE(strict_paths_of_level_2_are_255_bytes_at_most),
    TEST_CASE(levels_are_checked_again_when_iso9660_is_enabled),
    TEST_CASE(rollback_checks_levels_against_the_file_systems_of_now),
    TEST_CASE(remove_takes_files_and_empty_directories),
    TEST_CASE(remove_tree_takes_a_directory_with_everything_and_empties_the_root),
    TEST_CASE(removed_items_keep_working_and_can_be_added_again),
    TEST_CASE(rollback_takes_changes_back),
    TEST_CASE(locked_in_changes_stay),
    TEST_CASE(streams_are_released_with_the_last_way_back))
