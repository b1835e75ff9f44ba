/* Files whose bytes are read late, and what becomes of those that vanish, change or fail until then. */
#include "fsi.h"

#include <stdlib.h>
#include <string.h>

#define IFACE &IID_IStream

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
    check_fail(fsi_read_through(one.stream), IMAPI_E_DATA_STREAM_READ_FAILURE, IFACE, L"\\file.bin");
    fsi_write(one.folder, L"file.bin", 5000);
    ok_hr(fsi_read_through(one.stream), S_OK, "when it is back");
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
        hr = fsi_read_through(one.stream);
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
    ok_hr(fsi_read_through(one.stream), S_OK, "with its own size again");
    one_close(&one);
}

TEST(file_of_whole_blocks_that_grows_is_inconsistent)
{
    struct one one;

    if (!one_open(&one, 4096, FALSE)) return;
    ok_hr(fsi_read_through(one.stream), S_OK, "as it was");
    fsi_write(one.folder, L"file.bin", 4097);
    check_fail(fsi_read_through(one.stream), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"4097");
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

/* Of a file that is in no image any more: nobody would ask for it again. */
TEST(client_stream_of_a_free_item_goes_with_the_item)
{
    struct test_stream stream;
    IFsiFileItem *item = NULL;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    test_stream_init(&stream, 5000);
    ok_hr(IFileSystemImage3_CreateFileItem(fsi.image, B("free"), &item), S_OK, "CreateFileItem");
    ok_hr(IFsiFileItem_put_Data(item, &stream.iface), S_OK, "put_Data");
    ok(stream.references > 1, "the item holds the stream");
    check_last_release(item);
    ok_int(stream.references, 1, "references to the stream of an item that was never added");
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("file"), &stream.iface), S_OK, "AddFile");
    item = fsi_item(&fsi, L"file", &IID_IFsiFileItem);
    ok_hr(IFsiDirectoryItem2_Remove(fsi.root, B("file")), S_OK, "Remove");
    ok_hr(IFileSystemImage3_LockInChangePoint(fsi.image), S_OK, "LockInChangePoint");
    ok(stream.references > 1, "the removed item holds the stream");
    check_last_release(item);
    ok_int(stream.references, 1, "references to the stream of a removed item");
    fsi_close(&fsi);
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
    check_fail(fsi_read_through(image), IMAPI_E_DATA_STREAM_READ_FAILURE, IFACE, L"\\my file");
    stream.fail_at = 0;
    stream.end = 49 * 2048;
    check_fail(fsi_read_through(image), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"100352");
    stream.end = 50 * 2048 + 1;
    check_fail(fsi_read_through(image), IMAPI_E_DATA_STREAM_INCONSISTENCY, IFACE, L"102401");
    stream.end = 0;
    ok_hr(fsi_read_through(image), S_OK, "when it keeps its word");
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

    for (int i = 0; i < 5 && reader->hr == S_OK; i++) reader->hr = fsi_read_through(reader->stream);
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

TEST_MAIN(
    TEST_CASE(file_that_vanishes_is_a_read_failure),
    TEST_CASE(file_that_grows_or_shrinks_is_inconsistent),
    TEST_CASE(file_of_whole_blocks_that_grows_is_inconsistent),
    TEST_CASE(files_may_be_written_and_deleted_while_they_are_in_the_image),
    TEST_CASE(client_stream_is_read_when_the_image_is),
    TEST_CASE(client_stream_of_a_free_item_goes_with_the_item),
    TEST_CASE(client_stream_that_fails_or_ends_early_or_late_is_told),
    TEST_CASE(one_client_stream_in_several_results_is_read_by_one_thread_at_a_time),
    TEST_CASE(staged_file_is_the_one_that_was_added))
