/* AddTree: folders and files of the host, and what becomes of them in the image. */
#include "fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem";

#define IFACE &IID_IFsiDirectoryItem2

static const WCHAR *last_component(const WCHAR *path)
{
    return wcsrchr(path, '\\') + 1;
}

/* --- what is added ----------------------------------------------------------------------------------- */

TEST(content_of_a_folder_is_mirrored)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    LONG point;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    check_pair(fsi_add_tree(&fsi, folder, FALSE), ID, L"AddTree", S_OK);
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "a file");
    ok_int(fsi_exists(&fsi, L"\\empty"), FsiItemFile, "an empty file");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\data.bin"), FsiItemFile, "a file in a folder");
    ok_int(fsi_exists(&fsi, L"\\Nothing in it"), FsiItemDirectory, "an empty folder");
    ok_int(fsi_file_count(&fsi), 3, "files");
    ok_int(fsi_directory_count(&fsi), 3, "directories");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point: one call is one step");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, 0), S_OK, "rollback");
    ok_int(fsi_file_count(&fsi), 0, "files after the rollback");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(base_directory_is_included_when_asked_for)
{
    WCHAR folder[MAX_PATH], upper[MAX_PATH], path[MAX_PATH];
    struct fsi fsi;
    BSTR name;
    IFsiItem *item;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    /* With a separator at the end, and in other letters than on the disk. */
    lstrcpyW(upper, folder);
    CharUpperW(upper + 3);
    lstrcatW(upper, L"\\");
    ok_hr(fsi_add_tree(&fsi, upper, TRUE), S_OK, "AddTree");
    _snwprintf(path, MAX_PATH, L"\\%ls\\Sub folder\\data.bin", last_component(folder));
    ok_int(fsi_exists(&fsi, path), FsiItemFile, "a file below the base");
    ok_int(fsi_directory_count(&fsi), 4, "directories");
    item = fsi_item(&fsi, last_component(folder), &IID_IFsiItem);
    IFsiItem_get_Name(item, &name);
    ok_text(name, last_component(folder), "name of the base is that on the disk");
    SysFreeString(name);
    IFsiItem_Release(item);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* Programs give the path of one file, with VARIANT_TRUE; with VARIANT_FALSE it is the same. */
TEST(one_file_is_added_by_its_path)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    ok_hr(fsi_add_tree(&fsi, fsi_path(folder, L"Sub folder\\data.bin"), TRUE), S_OK, "with base");
    ok_hr(fsi_add_tree(&fsi, fsi_path(folder, L"Read me.txt"), FALSE), S_OK, "without");
    ok_int(fsi_exists(&fsi, L"\\data.bin"), FsiItemFile, "the first");
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "the second");
    ok_int(fsi_file_count(&fsi), 2, "files");
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(tree_goes_below_the_directory_that_is_asked)
{
    IFsiDirectoryItem2 *directory;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("target"));
    directory = fsi_item(&fsi, L"target", &IID_IFsiDirectoryItem2);
    ok_hr(IFsiDirectoryItem2_AddTree(directory, folder, VARIANT_FALSE), S_OK, "AddTree");
    ok_int(fsi_exists(&fsi, L"\\target\\Sub folder\\data.bin"), FsiItemFile, "a file");
    check_last_release(directory);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(paths_may_be_relative_or_have_slashes_or_the_long_prefix)
{
    WCHAR folder[MAX_PATH], before[MAX_PATH], path[MAX_PATH + 8];
    struct fsi fsi;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    GetCurrentDirectoryW(MAX_PATH, before);
    SetCurrentDirectoryW(folder);
    ok_hr(fsi_add_tree(&fsi, L".", FALSE), S_OK, "the current folder");
    ok_hr(fsi_add_tree(&fsi, L"Sub folder/data.bin", TRUE), S_OK, "slashes");
    ok_hr(fsi_add_tree(&fsi, L"Sub folder\\..\\Nothing in it", TRUE), S_OK, "dots");
    SetCurrentDirectoryW(before);
    _snwprintf(path, ARRAYSIZE(path), L"\\\\?\\%ls", folder);
    ok_hr(fsi_add_tree(&fsi, path, TRUE), S_OK, "the prefix");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\data.bin"), FsiItemFile, "from the folder");
    ok_int(fsi_exists(&fsi, L"\\data.bin"), FsiItemFile, "from the file");
    _snwprintf(path, ARRAYSIZE(path), L"\\%ls\\Sub folder", last_component(folder));
    ok_int(fsi_exists(&fsi, path), FsiItemDirectory, "from the prefix");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* Decided: what is copied to a disc keeps its times and stays hidden. */
TEST(times_and_the_hidden_attribute_come_along)
{
    static const SYSTEMTIME when = {
        .wYear = 2001, .wMonth = 2, .wDay = 3, .wHour = 4, .wMinute = 5, .wSecond = 6};
    WCHAR folder[MAX_PATH];
    VARIANT_BOOL hidden;
    FILETIME time;
    DATE date, expected;
    HANDLE file;
    IFsiItem *item;
    struct fsi fsi;

    fsi_make_folder(folder);
    SystemTimeToFileTime(&when, &time);
    SystemTimeToVariantTime((SYSTEMTIME *)&when, &expected);
    file =
        CreateFileW(fsi_path(folder, L"Read me.txt"), FILE_WRITE_ATTRIBUTES, 7, NULL, OPEN_EXISTING, 0, NULL);
    ok(SetFileTime(file, NULL, NULL, &time), "SetFileTime: %lu", GetLastError());
    CloseHandle(file);
    SetFileAttributesW(fsi_path(folder, L"empty"), FILE_ATTRIBUTE_HIDDEN);
    if (!fsi_open(&fsi)) return;
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
    item = fsi_item(&fsi, L"Read me.txt", &IID_IFsiItem);
    IFsiItem_get_LastModifiedTime(item, &date);
    ok(date - expected < 1e-8 && expected - date < 1e-8, "LastModifiedTime %f, expected %f", date, expected);
    IFsiItem_get_IsHidden(item, &hidden);
    ok_int(hidden, VARIANT_FALSE, "a plain file is hidden");
    IFsiItem_Release(item);
    if (GetFileAttributesW(fsi_path(folder, L"empty")) & FILE_ATTRIBUTE_HIDDEN)
    {
        item = fsi_item(&fsi, L"empty", &IID_IFsiItem);
        IFsiItem_get_IsHidden(item, &hidden);
        ok_int(hidden, VARIANT_TRUE, "a hidden file is hidden");
        IFsiItem_Release(item);
    }
    else
        test_note("this host cannot hide files");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* --- collisions -------------------------------------------------------------------------------------- */

TEST(source_wins_and_replaces)
{
    WCHAR folder[MAX_PATH];
    LONGLONG size = 0;
    IFsiFileItem *file;
    struct fsi fsi;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"read ME.txt", 7);                      /* a file for a file */
    fsi_add_file(&fsi, L"Nothing in it", 7);                    /* a folder for a file */
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("empty"));      /* a file for a folder with something in it */
    fsi_add_file(&fsi, L"empty\\lost", 7);
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("SUB FOLDER")); /* folders become one */
    fsi_add_file(&fsi, L"SUB FOLDER\\kept", 7);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
    file = fsi_item(&fsi, L"Read me.txt", &IID_IFsiFileItem);
    IFsiFileItem_get_DataSize(file, &size);
    ok_int(size, 100, "size of the replaced file");
    IFsiFileItem_Release(file);
    ok_int(fsi_exists(&fsi, L"\\Nothing in it"), FsiItemDirectory, "a folder for a file");
    ok_int(fsi_exists(&fsi, L"\\empty"), FsiItemFile, "a file for a folder");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\kept"), FsiItemFile, "what only the image has");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\data.bin"), FsiItemFile, "what the source brings");
    ok_int(fsi_file_count(&fsi), 4, "files");
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "a second time");
    ok_int(fsi_file_count(&fsi), 4, "files");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* A host that tells letter cases apart can have both; the image cannot, and dropping one in silence would
   lose it. */
TEST(source_names_that_differ_in_letter_case_only_are_refused)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_host_shell(folder, "echo 1 > same; echo 2 > SAME"))
        skip("this host does not tell letter cases apart");
    else if (fsi_open(&fsi))
    {
        hr = fsi_add_tree(&fsi, folder, FALSE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DUP_NAME, NULL);
        ok_int(fsi_file_count(&fsi), 0, "files");
        hr = fsi_add_tree(&fsi, folder, TRUE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DUP_NAME, NULL);
        ok_int(fsi_directory_count(&fsi), 1, "directories");
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm -f same SAME");
    fsi_delete_tree(folder);
}

TEST_MAIN(
    TEST_CASE(content_of_a_folder_is_mirrored),
    TEST_CASE(base_directory_is_included_when_asked_for),
    TEST_CASE(one_file_is_added_by_its_path),
    TEST_CASE(tree_goes_below_the_directory_that_is_asked),
    TEST_CASE(paths_may_be_relative_or_have_slashes_or_the_long_prefix),
    TEST_CASE(times_and_the_hidden_attribute_come_along),
    TEST_CASE(source_wins_and_replaces),
    TEST_CASE(source_names_that_differ_in_letter_case_only_are_refused))
