/* AddTree: what stands in the way of it, and that the image is then as it was. */
#include "fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem", *const ID2 = L"IFsiDirectoryItem2";

#define IFACE &IID_IFsiDirectoryItem2

/* --- sources ----------------------------------------------------------------------------------------- */

TEST(source_that_is_not_there_is_told_by_the_system)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_open(&fsi)) return;
    hr = fsi_add_tree(&fsi, fsi_path(folder, L"not there"), FALSE);
    check_fail(hr, HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND), IFACE, NULL);
    hr = fsi_add_tree(&fsi, fsi_path(folder, L"not\\there"), FALSE);
    check_fail(hr, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND), IFACE, NULL);
    ok(FAILED(fsi_add_tree(&fsi, fsi_path(folder, L"*.txt"), FALSE)), "a pattern is no source");
    hr = fsi_add_tree(&fsi, L"", FALSE);
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

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"Read me.txt", 7);
    lock =
        CreateFileW(fsi_path(folder, L"Sub folder\\data.bin"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(lock != INVALID_HANDLE_VALUE, "lock: %lu", GetLastError());
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"Sub folder\\data.bin");
    ok_int(fsi_file_count(&fsi), 1, "files");
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    ok_int(fsi_exists(&fsi, L"\\Read me.txt"), FsiItemFile, "the file that was to be replaced");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point");
    CloseHandle(lock);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "when the file is free again");
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

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    lock = CreateFileW(fsi_path(folder, L"empty"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), IMAPI_E_DATA_STREAM_CREATE_FAILURE, "AddTree");
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

    fsi_make_folder(folder);
    if (!fsi_host_shell(folder, "ln -s .. 'Sub folder/up'"))
        skip("no links can be made here");
    else if (fsi_open(&fsi))
    {
        IFileSystemImage3_put_FileSystemsToCreate(fsi.image,
                                                  FsiFileSystemNone); /* the depth is not the point */
        hr = fsi_add_tree(&fsi, folder, FALSE);
        check_told(hr, ID, L"AddTree", IMAPI_E_DIRECTORY_READ_FAILURE, L"Sub folder\\up");
        ok_int(fsi_file_count(&fsi), 0, "files");
        ok_int(fsi_directory_count(&fsi), 1, "directories");
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

    fsi_make_folder(folder);
    if (!fsi_host_shell(folder, "mkdir tree; ln -s ../'Sub folder' tree/one; ln -s ../'Sub folder' tree/two; "
                                "ln -s '../Sub folder/data.bin' tree/file"))
        skip("no links can be made here");
    else if (fsi_open(&fsi))
    {
        ok_hr(fsi_add_tree(&fsi, fsi_path(folder, L"tree"), FALSE), S_OK, "AddTree");
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
        hr = fsi_add_tree(&fsi, folder, FALSE);
        /* Wine's listing may leave it out; then there is nothing to fail. */
        if (hr != S_OK) check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"dangling");
        ok_int(fsi_file_count(&fsi), 0, "files");
        ok(fsi_host_shell(folder, "rm dangling; mkfifo pipe"), "a pipe");
        hr = fsi_add_tree(&fsi, folder, FALSE);
        if (hr != S_OK) check_told(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"pipe");
        ok_int(fsi_file_count(&fsi), 0, "files");
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
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_ISO9660_LEVELS, NULL);
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "with no file system to fit");
    ok_int(fsi_directory_count(&fsi), DEPTH + 1, "directories");
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
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\sub\\large");
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used + 600), S_OK, "limit");
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "with more room");
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

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, NULL, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_INVALID_PARAM, L"'sourceDirectory'");
    lock = CreateFileW(fsi_path(folder, L"empty"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"empty");
    CloseHandle(lock);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_pair(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(fsi_file_count(&fsi), 3, "files");
    IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\"));
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 30);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_IMAGE_SIZE_LIMIT, NULL);
    if (fsi_host_shell(folder, "echo 1 > EMPTY"))
    {
        IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
        hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
        check_told(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_DUP_NAME, NULL);
        fsi_host_shell(folder, "rm EMPTY");
    }
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* Spoils the file that is about to be staged: its size was asked for, its bytes were not read. */
static HRESULT cut_file(struct test_sink *sink, const struct test_call *call)
{
    if (!V_I4(&call->args[2])) fsi_write(sink->context, L"Read me.txt", 50);
    return S_OK;
}

static HRESULT delete_file(struct test_sink *sink, const struct test_call *call)
{
    if (!V_I4(&call->args[2])) DeleteFileW(fsi_path(sink->context, L"Read me.txt"));
    return S_OK;
}

/* What is staged is read at once, so that AddTree itself tells what is wrong with a file. */
static void check_spoiled(HRESULT (*spoil)(struct test_sink *, const struct test_call *), HRESULT expected,
                          const WCHAR *part)
{
    static struct test_sink sink;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    DWORD cookie;
    HRESULT hr;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageEvents;
    sink.on_call = spoil;
    sink.context = folder;
    test_sink_init(&sink);
    test_advise(fsi.image, &IID_DFileSystemImageEvents, &sink.iface, &cookie);
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", expected, part);
    fsi_write(folder, L"Read me.txt", 100);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_told(hr, ID2, L"AddTreeWithNamedStreams", expected, part);
    ok_int(fsi_file_count(&fsi), 0, "files");
    test_unadvise(fsi.image, &IID_DFileSystemImageEvents, cookie);
    test_sink_clear(&sink);
    fsi_write(folder, L"Read me.txt", 70);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "when nobody meddles");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST(file_that_vanishes_while_it_is_staged_takes_the_whole_tree_back)
{
    check_spoiled(delete_file, IMAPI_E_DATA_STREAM_READ_FAILURE, L"\\Read me.txt");
}

TEST(file_that_shrinks_while_it_is_staged_is_inconsistent)
{
    check_spoiled(cut_file, IMAPI_E_DATA_STREAM_INCONSISTENCY, L"100");
}

/* Names that the host has and Windows cannot: Wine shows them, or makes others of them. */
TEST(name_that_no_image_can_hold_is_refused_or_replaced_by_the_host)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_host_shell(folder, "echo 1 > 'a:b'"))
        skip("this host has no such names");
    else if (fsi_open(&fsi))
    {
        hr = fsi_add_tree(&fsi, folder, FALSE);
        if (hr != S_OK) check_told(hr, ID, L"AddTree", IMAPI_E_INVALID_PATH, L"a:b");
        ok_int(fsi_file_count(&fsi), hr == S_OK, "files");
        fsi_close(&fsi);
    }
    fsi_host_shell(folder, "rm 'a:b'");
    fsi_delete_tree(folder);
}

TEST_MAIN(
    TEST_CASE(source_that_is_not_there_is_told_by_the_system),
    TEST_CASE(file_that_cannot_be_opened_takes_the_whole_tree_back),
    TEST_CASE(text_of_a_file_that_cannot_be_opened_has_the_cause),
    TEST_CASE(path_that_leads_back_to_a_folder_above_is_refused),
    TEST_CASE(links_that_lead_elsewhere_are_followed),
    TEST_CASE(link_to_nothing_and_a_pipe_are_no_files),
    TEST_CASE(folders_a_thousand_deep),
    TEST_CASE(tree_that_does_not_fit_is_refused_by_the_item_that_is_too_much),
    TEST_CASE(named_streams_stay_out_and_the_tree_goes_in),
    TEST_CASE(file_that_vanishes_while_it_is_staged_takes_the_whole_tree_back),
    TEST_CASE(file_that_shrinks_while_it_is_staged_is_inconsistent),
    TEST_CASE(name_that_no_image_can_hold_is_refused_or_replaced_by_the_host))
