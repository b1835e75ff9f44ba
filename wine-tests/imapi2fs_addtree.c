/* AddTree: folders and files of the host, what becomes of them in the image, and what stands in the way. */
#include "fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem", *const ID2 = L"IFsiDirectoryItem2";

#define IFACE &IID_IFsiDirectoryItem2

static HRESULT add_tree(struct fsi *fsi, const WCHAR *path, BOOL with_base)
{
    return IFsiDirectoryItem2_AddTree(fsi->root, (BSTR)path, with_base ? VARIANT_TRUE : VARIANT_FALSE);
}

/* A folder with two files, a folder with a third, and an empty folder. */
static void make_folder(WCHAR folder[MAX_PATH])
{
    fsi_folder(folder);
    fsi_write(folder, L"Read me.txt", 100);
    fsi_write(folder, L"empty", 0);
    fsi_mkdir(folder, L"Sub folder");
    fsi_write(folder, L"Sub folder\\data.bin", 5000);
    fsi_mkdir(folder, L"Nothing in it");
}

static const WCHAR *last_component(const WCHAR *path)
{
    return wcsrchr(path, '\\') + 1;
}

static LONG file_count(struct fsi *fsi)
{
    LONG count = -1;

    IFileSystemImage3_get_FileCount(fsi->image, &count);
    return count;
}

static LONG directory_count(struct fsi *fsi)
{
    LONG count = -1;

    IFileSystemImage3_get_DirectoryCount(fsi->image, &count);
    return count;
}

/* --- what is added ----------------------------------------------------------------------------------- */

TEST(content_of_a_folder_is_mirrored)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    LONG point;

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    check_pair(add_tree(&fsi, folder, FALSE), ID, L"AddTree", S_OK);
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "a file");
    ok_int(fsi_exists(&fsi, L"\\empty"), FsiItemFile, "an empty file");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\data.bin"), FsiItemFile, "a file in a folder");
    ok_int(fsi_exists(&fsi, L"\\Nothing in it"), FsiItemDirectory, "an empty folder");
    ok_int(file_count(&fsi), 3, "files");
    ok_int(directory_count(&fsi), 3, "directories");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point: one call is one step");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, 0), S_OK, "rollback");
    ok_int(file_count(&fsi), 0, "files after the rollback");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(base_directory_is_included_when_asked_for)
{
    WCHAR folder[MAX_PATH], upper[MAX_PATH], path[MAX_PATH];
    struct fsi fsi;
    BSTR name;
    IFsiItem *item;

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    /* With a separator at the end, and in other letters than on the disk. */
    lstrcpyW(upper, folder);
    CharUpperW(upper + 3);
    lstrcatW(upper, L"\\");
    ok_hr(add_tree(&fsi, upper, TRUE), S_OK, "AddTree");
    _snwprintf(path, MAX_PATH, L"\\%ls\\Sub folder\\data.bin", last_component(folder));
    ok_int(fsi_exists(&fsi, path), FsiItemFile, "a file below the base");
    ok_int(directory_count(&fsi), 4, "directories");
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

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    ok_hr(add_tree(&fsi, fsi_path(folder, L"Sub folder\\data.bin"), TRUE), S_OK, "with base");
    ok_hr(add_tree(&fsi, fsi_path(folder, L"Read me.txt"), FALSE), S_OK, "without");
    ok_int(fsi_exists(&fsi, L"\\data.bin"), FsiItemFile, "the first");
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "the second");
    ok_int(file_count(&fsi), 2, "files");
    ok_int(directory_count(&fsi), 1, "directories");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(tree_goes_below_the_directory_that_is_asked)
{
    IFsiDirectoryItem2 *directory;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    make_folder(folder);
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

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    GetCurrentDirectoryW(MAX_PATH, before);
    SetCurrentDirectoryW(folder);
    ok_hr(add_tree(&fsi, L".", FALSE), S_OK, "the current folder");
    ok_hr(add_tree(&fsi, L"Sub folder/data.bin", TRUE), S_OK, "slashes");
    ok_hr(add_tree(&fsi, L"Sub folder\\..\\Nothing in it", TRUE), S_OK, "dots");
    SetCurrentDirectoryW(before);
    _snwprintf(path, ARRAYSIZE(path), L"\\\\?\\%ls", folder);
    ok_hr(add_tree(&fsi, path, TRUE), S_OK, "the prefix");
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

    make_folder(folder);
    SystemTimeToFileTime(&when, &time);
    SystemTimeToVariantTime((SYSTEMTIME *)&when, &expected);
    file =
        CreateFileW(fsi_path(folder, L"Read me.txt"), FILE_WRITE_ATTRIBUTES, 7, NULL, OPEN_EXISTING, 0, NULL);
    ok(SetFileTime(file, NULL, NULL, &time), "SetFileTime: %lu", GetLastError());
    CloseHandle(file);
    SetFileAttributesW(fsi_path(folder, L"empty"), FILE_ATTRIBUTE_HIDDEN);
    if (!fsi_open(&fsi)) return;
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
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

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"read ME.txt", 7);                      /* a file for a file */
    fsi_add_file(&fsi, L"Nothing in it", 7);                    /* a folder for a file */
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("empty"));      /* a file for a folder with something in it */
    fsi_add_file(&fsi, L"empty\\lost", 7);
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("SUB FOLDER")); /* folders become one */
    fsi_add_file(&fsi, L"SUB FOLDER\\kept", 7);
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
    file = fsi_item(&fsi, L"Read me.txt", &IID_IFsiFileItem);
    IFsiFileItem_get_DataSize(file, &size);
    ok_int(size, 100, "size of the replaced file");
    IFsiFileItem_Release(file);
    ok_int(fsi_exists(&fsi, L"\\Nothing in it"), FsiItemDirectory, "a folder for a file");
    ok_int(fsi_exists(&fsi, L"\\empty"), FsiItemFile, "a file for a folder");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\kept"), FsiItemFile, "what only the image has");
    ok_int(fsi_exists(&fsi, L"\\Sub folder\\data.bin"), FsiItemFile, "what the source brings");
    ok_int(file_count(&fsi), 4, "files");
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "a second time");
    ok_int(file_count(&fsi), 4, "files");
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
        hr = add_tree(&fsi, folder, FALSE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DUP_NAME, NULL);
        ok_int(file_count(&fsi), 0, "files");
        hr = add_tree(&fsi, folder, TRUE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DUP_NAME, NULL);
        ok_int(directory_count(&fsi), 1, "directories");
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm -f same SAME");
    fsi_delete_tree(folder);
}

/* --- failures ---------------------------------------------------------------------------------------- */

TEST(source_that_is_not_there_is_told_by_the_system)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_open(&fsi)) return;
    hr = add_tree(&fsi, fsi_path(folder, L"not there"), FALSE);
    check_fail(hr, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), IFACE, NULL);
    hr = add_tree(&fsi, fsi_path(folder, L"not\\there"), FALSE);
    check_fail(hr, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), IFACE, NULL);
    ok(FAILED(add_tree(&fsi, fsi_path(folder, L"*.txt"), FALSE)), "a pattern is no source");
    hr = add_tree(&fsi, L"", FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_INVALID_PARAM, L"'sourceDirectory'");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(file_that_cannot_be_opened_takes_the_whole_tree_back)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HANDLE lock;
    LONG point;
    HRESULT hr;

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"Read me.txt", 7);
    lock =
        CreateFileW(fsi_path(folder, L"Sub folder\\data.bin"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(lock != INVALID_HANDLE_VALUE, "lock: %lu", GetLastError());
    hr = add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"Sub folder\\data.bin");
    ok_int(file_count(&fsi), 1, "files");
    ok_int(directory_count(&fsi), 1, "directories");
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "the file that was to be replaced");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point");
    CloseHandle(lock);
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "when the file is free again");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* The text of the code ends with a colon; the system's text of the cause follows it. */
TEST(text_of_a_file_that_cannot_be_opened_has_the_cause)
{
    WCHAR folder[MAX_PATH], cause[512] = L"";
    IErrorInfo *info = NULL;
    BSTR text = NULL;
    struct fsi fsi;
    HANDLE lock;

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    lock = CreateFileW(fsi_path(folder, L"empty"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok_hr(add_tree(&fsi, folder, FALSE), IMAPI_E_DATA_STREAM_CREATE_FAILURE, "AddTree");
    GetErrorInfo(0, &info);
    if (ok(info != NULL, "IErrorInfo"))
    {
        IErrorInfo_GetDescription(info, &text);
        FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION), 0,
                       cause, 512, NULL);
        while (*cause && wcschr(L"\r\n ", cause[lstrlenW(cause) - 1])) cause[lstrlenW(cause) - 1] = 0;
        ok(wcsstr(text, L": ") && wcsstr(text, cause), "text is %s", test_text(text));
        SysFreeString(text);
        IErrorInfo_Release(info);
    }
    CloseHandle(lock);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(path_that_leads_back_to_a_folder_above_is_refused)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    make_folder(folder);
    if (!fsi_host_shell(folder, "ln -s .. 'Sub folder/up'"))
        skip("no links can be made here");
    else if (fsi_open(&fsi))
    {
        IFileSystemImage3_put_FileSystemsToCreate(fsi.image,
                                                  FsiFileSystemNone); /* the depth is not the point */
        hr = add_tree(&fsi, folder, FALSE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DIRECTORY_READ_FAILURE, L"Sub folder\\up");
        ok_int(file_count(&fsi), 0, "files");
        ok_int(directory_count(&fsi), 1, "directories");
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm 'Sub folder/up'");
    fsi_delete_tree(folder);
}

TEST(links_that_lead_elsewhere_are_followed)
{
    WCHAR folder[MAX_PATH];
    LONGLONG size = 0;
    IFsiFileItem *file;
    struct fsi fsi;

    make_folder(folder);
    if (!fsi_host_shell(folder, "mkdir tree; ln -s ../'Sub folder' tree/one; ln -s ../'Sub folder' tree/two; "
                                "ln -s '../Sub folder/data.bin' tree/file"))
        skip("no links can be made here");
    else if (fsi_open(&fsi))
    {
        ok_hr(add_tree(&fsi, fsi_path(folder, L"tree"), FALSE), S_OK, "AddTree");
        ok_int(fsi_exists(&fsi, L"\\one\\data.bin"), FsiItemFile, "a file in a linked folder");
        ok_int(fsi_exists(&fsi, L"\\two\\data.bin"), FsiItemFile, "the same folder linked again");
        file = fsi_item(&fsi, L"file", &IID_IFsiFileItem);
        IFsiFileItem_get_DataSize(file, &size);
        ok_int(size, 5000, "size of a linked file");
        IFsiFileItem_Release(file);
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm -r tree");
    fsi_delete_tree(folder);
}

TEST(link_to_nothing_and_a_pipe_are_no_files)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_host_shell(folder, "ln -s nowhere dangling"))
        skip("no links can be made here");
    else if (fsi_open(&fsi))
    {
        hr = add_tree(&fsi, folder, FALSE);
        /* Wine's listing may leave it out; then there is nothing to fail. */
        if (hr != S_OK) check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"dangling");
        ok_int(file_count(&fsi), 0, "files");
        ok(fsi_host_shell(folder, "rm dangling; mkfifo pipe"), "a pipe");
        hr = add_tree(&fsi, folder, FALSE);
        if (hr != S_OK) check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"pipe");
        ok_int(file_count(&fsi), 0, "files");
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm -f dangling pipe");
    fsi_delete_tree(folder);
}

/* The walk itself has no limit: with no file system chosen, 1,000 levels go in; with ISO9660 it is refused.
   */
TEST(folders_a_thousand_deep)
{
    enum { DEPTH = 1000 };
    WCHAR folder[MAX_PATH], path[MAX_PATH + 3 * DEPTH];
    BOOL by_host;
    struct fsi fsi;
    LONG made = 0;
    HRESULT hr;

    fsi_folder(folder);
    _snwprintf(path, MAX_PATH, L"\\\\?\\%ls", folder);
    /* The host's shell is faster at it than Wine, which looks at every component each time. */
    by_host = fsi_host_shell(folder, "p=d; for i in 1 2 3 4 5 6 7 8 9; do p=$p/d; done; q=$p; "
                                     "for i in 1 2 3 4 5 6 7 8 9; do q=$q/$p; done; p=$q; "
                                     "for i in 1 2 3 4 5 6 7 8 9; do p=$p/$q; done; mkdir -p $p");
    for (; !by_host && made < DEPTH; made++)
    {
        lstrcatW(path, L"\\d");
        if (!CreateDirectoryW(path, NULL)) break;
    }
    if (!ok(by_host || made == DEPTH, "%ld levels made, error %lu", made, GetLastError()) || !fsi_open(&fsi))
        return;
    hr = add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_ISO9660_LEVELS, NULL);
    ok_int(directory_count(&fsi), 1, "directories");
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone);
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "with no file system to fit");
    ok_int(directory_count(&fsi), DEPTH + 1, "directories");
    fsi_close(&fsi);
    if (by_host) fsi_host_shell(folder, "rm -r d");
    for (; made; made--)
    {
        RemoveDirectoryW(path);
        *wcsrchr(path, '\\') = 0;
    }
    fsi_delete_tree(folder);
}

TEST(tree_that_does_not_fit_is_refused_by_the_item_that_is_too_much)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    LONG used;
    HRESULT hr;

    fsi_folder(folder);
    fsi_write(folder, L"small", 2048);
    fsi_mkdir(folder, L"sub");
    fsi_write(folder, L"sub\\large", 500 * 2048);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_get_UsedBlocks(fsi.image, &used);
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used + 100), S_OK, "limit");
    hr = add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\sub\\large");
    ok_int(file_count(&fsi), 0, "files");
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used + 600), S_OK, "limit");
    ok_hr(add_tree(&fsi, folder, FALSE), S_OK, "with more room");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* --- AddTreeWithNamedStreams ------------------------------------------------------------------------- */

TEST(named_streams_stay_out_and_the_tree_goes_in)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HANDLE lock;
    HRESULT hr;

    make_folder(folder);
    if (!fsi_open(&fsi)) return;
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, NULL, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_INVALID_PARAM, L"'sourceDirectory'");
    lock = CreateFileW(fsi_path(folder, L"empty"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"empty");
    CloseHandle(lock);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_pair(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(file_count(&fsi), 3, "files");
    fsi_close(&fsi);
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
    TEST_CASE(source_names_that_differ_in_letter_case_only_are_refused),
    TEST_CASE(source_that_is_not_there_is_told_by_the_system),
    TEST_CASE(file_that_cannot_be_opened_takes_the_whole_tree_back),
    TEST_CASE(text_of_a_file_that_cannot_be_opened_has_the_cause),
    TEST_CASE(path_that_leads_back_to_a_folder_above_is_refused),
    TEST_CASE(links_that_lead_elsewhere_are_followed),
    TEST_CASE(link_to_nothing_and_a_pipe_are_no_files),
    TEST_CASE(folders_a_thousand_deep),
    TEST_CASE(tree_that_does_not_fit_is_refused_by_the_item_that_is_too_much),
    TEST_CASE(named_streams_stay_out_and_the_tree_goes_in))
