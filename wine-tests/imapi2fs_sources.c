/* Files whose bytes are read late: staged ones, and what becomes of those that vanish, change or fail until
   then. */
#include "fsi.h"

#include <stdlib.h>
#include <string.h>

#define IFACE &IID_IStream

static const WCHAR *const ID = L"IFsiDirectoryItem", *const ID2 = L"IFsiDirectoryItem2",
                          *const I1 = L"IFileSystemImage";

/* Reads the image to its end, a MiB at a time, or to the first failure. */
static HRESULT read_through(IStream *stream)
{
    LARGE_INTEGER zero = { .QuadPart = 0 };
    BYTE *piece = malloc(1 << 20);
    ULONG got = 1;
    HRESULT hr = IStream_Seek(stream, zero, STREAM_SEEK_SET, NULL);

    while (hr == S_OK && got) hr = IStream_Read(stream, piece, 1 << 20, &got);
    free(piece);
    return hr;
}

/* An image of one file in a folder, its result stream, and the folder. */
struct one
{
    struct fsi fsi;
    WCHAR folder[MAX_PATH];
    IStream *stream;
};

static BOOL one_open(struct one *one, ULONG size, BOOL stage)
{
    fsi_folder(one->folder);
    fsi_write(one->folder, L"file.bin", size);
    if (!fsi_open(&one->fsi)) return FALSE;
    IFileSystemImage3_put_StageFiles(one->fsi.image, stage ? VARIANT_TRUE : VARIANT_FALSE);
    ok_hr(IFsiDirectoryItem2_AddTree(one->fsi.root, one->folder, VARIANT_FALSE), S_OK, "AddTree");
    one->stream = fsi_result_stream(&one->fsi);
    return one->stream != NULL;
}

static void one_close(struct one *one)
{
    check_last_release(one->stream);
    fsi_close(&one->fsi);
    fsi_delete_tree(one->folder);
}

/* --- files of the host ------------------------------------------------------------------------------- */

/* Decided: a file that is gone at the time of reading is a failed read, with the cause behind it. */
TEST(file_that_vanishes_is_a_read_failure)
{
    struct one one;

    if (!one_open(&one, 5000, FALSE)) return;
    DeleteFileW(fsi_path(one.folder, L"file.bin"));
    check_fail(read_through(one.stream), IMAPI_E_DATA_STREAM_READ_FAILURE, IFACE, L"\\file.bin");
    fsi_write(one.folder, L"file.bin", 5000);
    ok_hr(read_through(one.stream), S_OK, "when it is back");
    one_close(&one);
}

TEST(file_that_grows_or_shrinks_is_inconsistent)
{
    static const ULONG sizes[] = { 0, 1, 4999, 5001, 6144, 6145, 100000 };
    struct one one;
    WCHAR found[32];

    if (!one_open(&one, 5000, FALSE)) return;
    for (size_t i = 0; i < ARRAYSIZE(sizes); i++)
    {
        HRESULT hr;

        fsi_write(one.folder, L"file.bin", sizes[i]);
        test_push("%lu bytes", sizes[i]);
        hr = read_through(one.stream);
        _snwprintf(found, ARRAYSIZE(found), L"%lu", sizes[i]);
        if (ok_hr(hr, IMAPI_E_DATA_STREAM_INCONSISTENCY, "Read"))
        {
            IErrorInfo *info = NULL;
            BSTR text = NULL;

            GetErrorInfo(0, &info);
            if (ok(info != NULL, "IErrorInfo"))
            {
                IErrorInfo_GetDescription(info, &text);
                ok(wcsstr(text, L"\\file.bin") && wcsstr(text, L"5000") && wcsstr(text, found), "text: %s",
                   test_text(text));
                SysFreeString(text);
                IErrorInfo_Release(info);
            }
        }
        test_pop();
    }
    fsi_write(one.folder, L"file.bin", 5000);
    ok_hr(read_through(one.stream), S_OK, "with its own size again");
    one_close(&one);
}

TEST(file_of_whole_blocks_that_grows_is_inconsistent)
{
    struct one one;

    if (!one_open(&one, 4096, FALSE)) return;
    ok_hr(read_through(one.stream), S_OK, "as it was");
    fsi_write(one.folder, L"file.bin", 4097);
    check_fail(read_through(one.stream), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"4097");
    one_close(&one);
}

TEST(files_may_be_written_and_deleted_while_they_are_in_the_image)
{
    struct one one;
    BYTE block[2048];

    if (!one_open(&one, 300000, FALSE)) return;
    ok_hr(IStream_Read(one.stream, block, 2048, NULL), S_OK, "Read");
    ok(DeleteFileW(fsi_path(one.folder, L"file.bin")), "delete: %lu", GetLastError());
    one_close(&one);
}

/* --- streams of clients ------------------------------------------------------------------------------ */

TEST(client_stream_is_read_when_the_image_is)
{
    struct test_stream stream;
    IFileSystemImageResult *result;
    const BYTE *file;
    BYTE *bytes, block[2048];
    IStream *image;
    struct fsi fsi;
    size_t size;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 100 * 2048 + 5);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("file"), &stream.iface), S_OK, "AddFile");
    result = fsi_result(&fsi);
    ok_int(stream.reads, 0, "reads before");
    IFileSystemImageResult_get_ImageStream(result, &image);
    bytes = fsi_read_all(image, &size);
    file = bytes ? fsi_file_in(result, bytes, L"\\file") : NULL;
    for (ULONG i = 0; file && i < 100; i++)
    {
        test_stream_block(&stream, i, block);
        if (!ok(!memcmp(file + 2048 * i, block, 2048), "block %lu", i)) break;
    }
    ok_int(stream.wrong_thread, 0, "reads on another thread");
    free(bytes);
    check_last_release(image);
    check_last_release(result);
    fsi_close(&fsi);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(client_stream_that_fails_or_ends_early_or_late_is_told)
{
    struct test_stream stream;
    IStream *image;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 50 * 2048);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("my file"), &stream.iface), S_OK, "AddFile");
    image = fsi_result_stream(&fsi);
    stream.fail_at = 10 * 2048;
    stream.fail_with = STG_E_LOCKVIOLATION;
    check_fail(read_through(image), IMAPI_E_DATA_STREAM_READ_FAILURE, IFACE, L"\\my file");
    stream.fail_at = 0;
    stream.end = 49 * 2048;
    check_fail(read_through(image), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"100352");
    stream.end = 50 * 2048 + 1;
    check_fail(read_through(image), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"102401");
    stream.end = 0;
    ok_hr(read_through(image), S_OK, "when it keeps its word");
    check_last_release(image);
    fsi_close(&fsi);
}

struct reader
{
    IStream *stream;
    HRESULT hr;
};

static DWORD WINAPI read_on_thread(void *context)
{
    struct reader *reader = context;

    for (int i = 0; i < 5 && reader->hr == S_OK; i++) reader->hr = read_through(reader->stream);
    return 0;
}

/* How many are in Read at once, of a stream that does not like it. */
static LONG inside, most_inside;

static void count_inside(struct test_stream *stream, ULONGLONG position)
{
    LONG now = InterlockedIncrement(&inside);

    (void)stream, (void)position;
    if (now > most_inside) most_inside = now;
    Sleep(3);
    InterlockedDecrement(&inside);
}

TEST(one_client_stream_in_several_results_is_read_by_one_thread_at_a_time)
{
    struct reader readers[2] = { { NULL, S_OK }, { NULL, S_OK } };
    struct test_stream stream;
    HANDLE threads[2];
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 200 * 2048);
    stream.on_read = count_inside;
    IFsiDirectoryItem2_AddFile(fsi.root, B("first"), &stream.iface);
    IFsiDirectoryItem2_AddFile(fsi.root, B("second"), &stream.iface);
    for (int i = 0; i < 2; i++)
    {
        readers[i].stream = fsi_result_stream(&fsi);
        threads[i] = CreateThread(NULL, 0, read_on_thread, &readers[i], 0, NULL);
    }
    WaitForMultipleObjects(2, threads, TRUE, 30000);
    for (int i = 0; i < 2; i++)
    {
        ok_hr(readers[i].hr, S_OK, "reader %d", i);
        CloseHandle(threads[i]);
        check_last_release(readers[i].stream);
    }
    ok_int(most_inside, 1, "threads in Read at once");
    fsi_close(&fsi);
}

/* --- staging ----------------------------------------------------------------------------------------- */

TEST(staged_file_is_the_one_that_was_added)
{
    IFileSystemImageResult *result = NULL;
    const BYTE *file;
    struct one one;
    size_t size;
    BYTE *bytes;
    ULONG i;

    if (!one_open(&one, 3000000, TRUE)) return;
    DeleteFileW(fsi_path(one.folder, L"file.bin"));
    ok_hr(IFileSystemImage3_CreateResultImage(one.fsi.image, &result), S_OK, "CreateResultImage");
    bytes = fsi_read_all(one.stream, &size);
    file = bytes ? fsi_file_in(result, bytes, L"\\file.bin") : NULL;
    for (i = 0; file && i < 3000000 && file[i] == fsi_byte(i); i++) {}
    ok_int(i, 3000000, "bytes of the file");
    free(bytes);
    check_last_release(result);
    one_close(&one);
}

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
    ok_hr(read_through(image), S_OK, "the copy is read, not the stream");
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

TEST_MAIN(
    TEST_CASE(file_that_vanishes_is_a_read_failure),
    TEST_CASE(file_that_grows_or_shrinks_is_inconsistent),
    TEST_CASE(file_of_whole_blocks_that_grows_is_inconsistent),
    TEST_CASE(files_may_be_written_and_deleted_while_they_are_in_the_image),
    TEST_CASE(client_stream_is_read_when_the_image_is),
    TEST_CASE(client_stream_that_fails_or_ends_early_or_late_is_told),
    TEST_CASE(one_client_stream_in_several_results_is_read_by_one_thread_at_a_time),
    TEST_CASE(staged_file_is_the_one_that_was_added),
    TEST_CASE(staged_files_live_in_the_working_directory_move_with_it_and_go_with_the_image),
    TEST_CASE(staging_begins_with_the_next_file),
    TEST_CASE(what_cannot_be_staged_is_not_added),
    TEST_CASE(working_directory_that_is_gone_takes_no_files),
    TEST_CASE(named_streams_variant_stages_too))
