/* Staged files: copies that are made at once, where they lie, and what becomes of a stash that fails. */
#include "fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem", *const ID2 = L"IFsiDirectoryItem2",
                          *const I1 = L"IFileSystemImage";

static int files_in(const WCHAR *folder)
{
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(fsi_path(folder, L"*"), &data);
    int count = 0;

    if (find == INVALID_HANDLE_VALUE) return 0;
    do count += !(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY);
    while (FindNextFileW(find, &data));
    FindClose(find);
    return count;
}

TEST(staged_files_live_in_the_working_directory_move_with_it_and_go_with_the_image)
{
    WCHAR first[MAX_PATH], second[MAX_PATH];
    struct test_stream stream;
    IStream *image;
    struct fsi fsi;

    fsi_folder(first);
    fsi_folder(second);
    if (!fsi_open(&fsi)) return;
    ok_hr(IFileSystemImage3_put_WorkingDirectory(fsi.image, first), S_OK, "the first");
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    test_stream_init(&stream, 1000 * 2048 + 1);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("file"), &stream.iface), S_OK, "AddFile");
    ok(stream.bytes_read >= 1000 * 2048 + 1, "the stream is read at once");
    ok_int(files_in(first), 1, "files in the first");
    check_pair(IFileSystemImage3_put_WorkingDirectory(fsi.image, second), I1, L"put_WorkingDirectory", S_OK);
    ok_int(files_in(first), 0, "files in the first");
    ok_int(files_in(second), 1, "files in the second");
    stream.fail_at = 1;
    stream.fail_with = E_FAIL;
    image = fsi_result_stream(&fsi);
    ok_hr(fsi_read_through(image), S_OK, "the copy is read, not the stream");
    check_last_release(fsi.root);
    IFileSystemImage3_Release(fsi.image);
    ok_int(files_in(second), 1, "files while the stream lives");
    check_last_release(image);
    ok_int(files_in(second), 0, "files when everything is gone");
    fsi_delete_tree(first);
    fsi_delete_tree(second);
}

/* Only what is added from then on. */
TEST(staging_begins_with_the_next_file)
{
    struct test_stream stream;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 10000);
    IFsiDirectoryItem2_AddFile(fsi.root, B("first"), &stream.iface);
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    ok_int(stream.reads, 0, "reads of the first");
    IFsiDirectoryItem2_AddFile(fsi.root, B("second"), &stream.iface);
    ok(stream.reads > 0, "reads of the second");
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_FALSE);
    fsi_close(&fsi);
}

#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2

TEST(what_cannot_be_staged_is_not_added)
{
    IFsiFileItem *item = NULL;
    struct test_stream stream;
    struct fsi fsi;
    LONG count = 7;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    test_stream_init(&stream, 2000 * 2048);
    stream.fail_at = 1500 * 2048;
    stream.fail_with = STG_E_READFAULT;
    hr = IFsiDirectoryItem2_AddFile(fsi.root, B("fails"), &stream.iface);
    check_fail(hr, IMAPI_E_DATA_STREAM_READ_FAILURE, IFACE, L"\\fails");
    IFileSystemImage3_CreateFileItem(fsi.image, B("item"), &item);
    IFsiFileItem_put_Data(item, &stream.iface);
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item);
    check_told(hr, ID, L"Add", IMAPI_E_DATA_STREAM_READ_FAILURE, L"\\item");
    stream.fail_at = 0;
    stream.end = 1000;
    hr = IFsiDirectoryItem2_AddFile(fsi.root, B("short"), &stream.iface);
    check_fail(hr, IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"1000");
    stream.end = 2000 * 2048 + 7;
    hr = IFsiDirectoryItem2_AddFile(fsi.root, B("long"), &stream.iface);
    check_fail(hr, IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"\\long");
    IFileSystemImage3_get_FileCount(fsi.image, &count);
    ok_int(count, 0, "files");
    stream.end = 0;
    ok_hr(IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item), S_OK, "when it can");
    check_last_release(item);
    fsi_close(&fsi);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(working_directory_that_is_gone_takes_no_files)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    IFileSystemImage3_put_WorkingDirectory(fsi.image, folder);
    fsi_delete_tree(folder);
    hr = fsi_add_file(&fsi, L"file", 10);
    check_fail(hr, IMAPI_E_STASHFILE_OPEN_FAILURE, IFACE, folder);
    ok_int(fsi_file_count(&fsi), 0, "files");
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_FALSE);
    ok_hr(fsi_add_file(&fsi, L"file", 10), S_OK, "without staging");
    fsi_close(&fsi);
}

TEST(named_streams_variant_stages_too)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    fsi_folder(folder);
    fsi_write(folder, L"file", 5000);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    hr = IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi.root, folder, VARIANT_FALSE);
    check_pair(hr, ID2, L"AddTreeWithNamedStreams", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(fsi_exists(&fsi, L"\\file"), FsiItemFile, "the file");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* --- a stash that fails ------------------------------------------------------------------------------ */

/* A file staged in a folder, of which the host then takes the staged bytes away, as a failing disk would. */
static BOOL lose_staged(struct fsi *fsi, WCHAR folder[MAX_PATH])
{
    fsi_folder(folder);
    if (!fsi_open(fsi)) return FALSE;
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
    ok_hr(IFileSystemImage3_put_WorkingDirectory(fsi->image, folder), S_OK, "WorkingDirectory");
    ok_hr(fsi_add_file(fsi, L"file", 5 << 20), S_OK, "AddFile");
    if (fsi_host_shell(folder, "truncate -s 1000 imapi*.tmp")) return TRUE;
    skip("nobody can cut the stash file here");
    fsi_close(fsi);
    fsi_delete_tree(folder);
    return FALSE;
}

#undef IFACE
#define IFACE &IID_IStream

TEST(staged_bytes_that_cannot_be_read_are_told_by_the_stash_file)
{
    WCHAR folder[MAX_PATH];
    IStream *stream;
    struct fsi fsi;
    HRESULT hr;

    if (!lose_staged(&fsi, folder)) return;
    stream = fsi_result_stream(&fsi);
    hr = fsi_read_through(stream);
    check_fail(hr, IMAPI_E_STASHFILE_READ_FAILURE, IFACE, folder);
    check_last_release(stream);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

#undef IFACE
#define IFACE &IID_IFileSystemImage3

TEST(stash_that_cannot_be_moved_stays_where_it_is)
{
    WCHAR folder[MAX_PATH], other[MAX_PATH];
    BSTR text = NULL;
    struct fsi fsi;
    HRESULT hr;

    if (!lose_staged(&fsi, folder)) return;
    fsi_folder(other);
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, other);
    check_fail(hr, IMAPI_E_STASHFILE_MOVE, IFACE, other);
    ok_int(files_in(other), 0, "files left behind by the attempt");
    ok_int(files_in(folder), 1, "files in the first folder");
    ok_hr(IFileSystemImage3_get_WorkingDirectory(fsi.image, &text), S_OK, "get");
    ok_text(text, folder, "WorkingDirectory");
    SysFreeString(text);
    ok_hr(fsi_add_file(&fsi, L"more", 1000), S_OK, "AddFile after it");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
    fsi_delete_tree(other);
}

/* The kernel's own file systems have no byte to give. */
TEST(stash_does_not_move_to_where_there_is_no_room)
{
    static WCHAR full[] = L"Z:\\sys";
    WCHAR folder[MAX_PATH];
    ULARGE_INTEGER room;
    BSTR text = NULL;
    struct fsi fsi;
    HRESULT hr;

    if (!GetDiskFreeSpaceExW(full, &room, NULL, NULL) || room.QuadPart)
    {
        skip("there is no full volume here");
        return;
    }
    fsi_folder(folder);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    IFileSystemImage3_put_WorkingDirectory(fsi.image, folder);
    ok_hr(fsi_add_file(&fsi, L"file", 5000), S_OK, "AddFile");
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, full);
    check_pair(hr, I1, L"put_WorkingDirectory", IMAPI_E_WORKING_DIRECTORY_SPACE);
    check_error_info(IFACE, NULL, full);
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, full);
    check_fail(hr, IMAPI_E_WORKING_DIRECTORY_SPACE, IFACE, L"5000");
    ok_hr(IFileSystemImage3_get_WorkingDirectory(fsi.image, &text), S_OK, "get");
    ok_text(text, folder, "WorkingDirectory");
    SysFreeString(text);
    ok_int(files_in(folder), 1, "the stash file is where it was");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

TEST_MAIN(
    TEST_CASE(staged_files_live_in_the_working_directory_move_with_it_and_go_with_the_image),
    TEST_CASE(staging_begins_with_the_next_file),
    TEST_CASE(what_cannot_be_staged_is_not_added),
    TEST_CASE(working_directory_that_is_gone_takes_no_files),
    TEST_CASE(named_streams_variant_stages_too),
    TEST_CASE(staged_bytes_that_cannot_be_read_are_told_by_the_stash_file),
    TEST_CASE(stash_that_cannot_be_moved_stays_where_it_is),
    TEST_CASE(stash_does_not_move_to_where_there_is_no_room))
