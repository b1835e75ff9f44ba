/* AddTree and the stash where the user may not read, list or write: for a process that the permissions of the
   host hold back (check/permissions sees to that). The image is as it was. */
#include "../fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem", *const ID2 = L"IFsiDirectoryItem2";

#define IFACE &IID_IFsiDirectoryItem2

/* An image with one file that the tree is going to replace, and a folder of the host in which the script was
   run. */
static BOOL begin(struct fsi *fsi, WCHAR folder[MAX_PATH], const char *script)
{
    fsi_make_folder(folder);
    if (!ok(fsi_host_shell(folder, script), "the host's shell: %s", script) || !fsi_open(fsi)) return FALSE;
    ok_hr(fsi_add_file(fsi, L"Read me.txt", 7), S_OK, "AddFile");
    return TRUE;
}

static void check_as_before(struct fsi *fsi)
{
    LONGLONG size = 0;
    IFsiFileItem *file;
    LONG point = 0;

    ok_int(fsi_file_count(fsi), 1, "files");
    ok_int(fsi_directory_count(fsi), 1, "directories");
    IFileSystemImage3_get_ChangePoint(fsi->image, &point);
    ok_int(point, 1, "change point");
    file = fsi_item(fsi, L"Read me.txt", &IID_IFsiFileItem);
    if (!file) return;
    IFsiFileItem_get_DataSize(file, &size);
    ok_int(size, 7, "size of the file that was to be replaced");
    IFsiFileItem_Release(file);
}

/* The failure names the thing and says the system's "access denied". */
#define check_denied(hr, interface_, method, expected, part)                                                 \
    do                                                                                                       \
    {                                                                                                        \
        IErrorInfo *info_ = NULL;                                                                            \
                                                                                                             \
        check_pair(hr, interface_, method, expected);                                                        \
        if (GetErrorInfo(0, &info_) == S_OK) SetErrorInfo(0, info_);                                         \
        check_error_info(IFACE, NULL, part);                                                                 \
        SetErrorInfo(0, info_);                                                                              \
        check_error_info(IFACE, NULL, denied_text());                                                        \
        if (info_) IErrorInfo_Release(info_);                                                                \
    } while (0)

static const WCHAR *denied_text(void)
{
    static WCHAR text[512];
    size_t length;

    FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, (DWORD)E_ACCESSDENIED, 0, text, ARRAYSIZE(text), NULL);
    length = wcslen(text);
    while (length && wcschr(L"\r\n ", text[length - 1])) text[--length] = 0;
    return text;
}

static void end(struct fsi *fsi, WCHAR folder[MAX_PATH])
{
    ok(fsi_host_shell(folder, "chmod -R u+rwX ."), "permissions given back");
    ok_hr(fsi_add_tree(fsi, folder, FALSE), S_OK, "AddTree when it may");
    ok_int(fsi_file_count(fsi), 3, "files");
    fsi_close(fsi);
    fsi_delete_tree(folder);
}

TEST(folder_that_may_not_be_listed_takes_the_whole_tree_back)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, "chmod 000 'Sub folder'")) return;
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_denied(hr, ID, L"AddTree", IMAPI_E_DIRECTORY_READ_FAILURE, fsi_path(folder, L"Sub folder"));
    check_as_before(&fsi);
    hr = fsi_add_tree(&fsi, folder, TRUE);
    check_denied(hr, ID, L"AddTree", IMAPI_E_DIRECTORY_READ_FAILURE, L"Sub folder");
    check_as_before(&fsi);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_fail(hr, IMAPI_E_DIRECTORY_READ_FAILURE, IFACE, L"Sub folder");
    check_as_before(&fsi);
    end(&fsi, folder);
}

TEST(file_that_may_not_be_read_takes_the_whole_tree_back)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, "chmod 000 'Sub folder/data.bin'")) return;
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_denied(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE,
                 fsi_path(folder, L"Sub folder\\data.bin"));
    check_as_before(&fsi);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_TRUE);
    check_denied(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"data.bin");
    check_as_before(&fsi);
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_denied(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"data.bin");
    check_as_before(&fsi);
    end(&fsi, folder);
}

TEST(source_that_may_not_be_read_is_named_itself)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, "chmod 000 'Sub folder' 'Read me.txt'")) return;
    for (int with_base = 0; with_base < 2; with_base++)
    {
        hr = fsi_add_tree(&fsi, fsi_path(folder, L"Sub folder"), with_base);
        check_denied(hr, ID, L"AddTree", IMAPI_E_DIRECTORY_READ_FAILURE, L"Sub folder");
        check_as_before(&fsi);
        hr = fsi_add_tree(&fsi, fsi_path(folder, L"Read me.txt"), with_base);
        check_denied(hr, ID, L"AddTree", IMAPI_E_DATA_STREAM_CREATE_FAILURE, L"Read me.txt");
        check_as_before(&fsi);
    }
    end(&fsi, folder);
}

/* Read when the image is read: then it is the image's stream that fails. */
TEST(file_that_may_no_longer_be_read_fails_the_image)
{
    WCHAR folder[MAX_PATH];
    IStream *stream;
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, ":")) return;
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
    ok(fsi_host_shell(folder, "chmod 000 'Sub folder/data.bin'"), "permission taken away");
    stream = fsi_result_stream(&fsi);
    hr = fsi_read_through(stream);
    check_fail(hr, IMAPI_E_DATA_STREAM_READ_FAILURE, &IID_IStream, L"\\Sub folder\\data.bin");
    ok(fsi_host_shell(folder, "chmod 600 'Sub folder/data.bin'"), "permission given back");
    ok_hr(fsi_read_through(stream), S_OK, "when it may");
    check_last_release(stream);
    IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\"));
    end(&fsi, folder);
}

#undef IFACE
#define IFACE &IID_IFileSystemImage3

TEST(folder_that_may_not_be_written_is_no_working_directory)
{
    WCHAR folder[MAX_PATH];
    BSTR text = NULL;
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, "chmod 500 'Nothing in it'")) return;
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, (BSTR)fsi_path(folder, L"Nothing in it"));
    check_pair(hr, L"IFileSystemImage", L"put_WorkingDirectory", IMAPI_E_INVALID_WORKING_DIRECTORY);
    check_error_info(IFACE, NULL, L"Nothing in it");
    hr = IFileSystemImage3_get_WorkingDirectory(fsi.image, &text);
    ok(hr == S_OK && !wcsstr(text, L"Nothing in it"), "WorkingDirectory is %s", test_text(text));
    SysFreeString(text);
    end(&fsi, folder);
}

#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2

TEST(stash_file_that_may_not_be_made_is_told_with_the_cause)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi, folder, ":")) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, (BSTR)fsi_path(folder, L"Nothing in it"));
    ok_hr(hr, S_OK, "WorkingDirectory");
    ok(fsi_host_shell(folder, "chmod 500 'Nothing in it'"), "permission taken away");
    hr = fsi_add_file(&fsi, L"file", 10);
    check_denied(hr, ID, L"AddFile", IMAPI_E_STASHFILE_OPEN_FAILURE, L"Nothing in it");
    check_as_before(&fsi);
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_FALSE);
    end(&fsi, folder);
}

TEST_MAIN(
    TEST_CASE(folder_that_may_not_be_listed_takes_the_whole_tree_back),
    TEST_CASE(file_that_may_not_be_read_takes_the_whole_tree_back),
    TEST_CASE(source_that_may_not_be_read_is_named_itself),
    TEST_CASE(file_that_may_no_longer_be_read_fails_the_image),
    TEST_CASE(folder_that_may_not_be_written_is_no_working_directory),
    TEST_CASE(stash_file_that_may_not_be_made_is_told_with_the_cause))
