/* CreateResultImage: the result object, its stream, the read-only state, progress items, and sources that
   change. */
#include "fsi.h"

#include <stdlib.h>
#include <string.h>

static const WCHAR *const I1 = L"IFileSystemImage", *const IR = L"IFileSystemImageResult",
                          *const IR2 = L"IFileSystemImageResult2",
                          *const II = L"IFsiItem", *const ID = L"IFsiDirectoryItem";

#define IFACE &IID_IFileSystemImage3

/* --- the result object ------------------------------------------------------------------------------- */

TEST(result_answers_its_interfaces_and_no_others)
{
    static const IID *const has[] =
    {
        &IID_IUnknown, &IID_IDispatch, &IID_IFileSystemImageResult, &IID_IFileSystemImageResult2,
        &IID_ISupportErrorInfo, NULL,
    };
    static const IID *const stream_has[] = { &IID_IUnknown, &IID_ISequentialStream, &IID_IStream, NULL };
    static const IID *const lacks[] = { &IID_IFileSystemImage, &IID_IConnectionPointContainer, NULL };
    static const IID *const stream_lacks[] = { &IID_IDispatch, &IID_IBlockRangeList, NULL };
    IFileSystemImageResult *result;
    IStream *stream = NULL;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    result = fsi_result(&fsi);
    check_interfaces(result, has, lacks);
    check_identity(result, has);
    check_pair(IFileSystemImageResult_get_ImageStream(result, &stream), IR, L"get_ImageStream", S_OK);
    check_interfaces(stream, stream_has, stream_lacks);
    check_identity(stream, stream_has);
    check_last_release(stream);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST(result_has_the_documented_values)
{
    IFileSystemImageResult2 *result2 = NULL;
    IFileSystemImageResult *result;
    IBlockRangeList *ranges = (IBlockRangeList *)1;
    LONG blocks = 0, size = 0, used = 0;
    IStream *stream;
    struct fsi fsi;
    STATSTG stat;
    BSTR text;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 5000);
    IFileSystemImage3_get_UsedBlocks(fsi.image, &used);
    check_pair(IFileSystemImage3_CreateResultImage(fsi.image, &result), I1, L"CreateResultImage", S_OK);
    check_pair(IFileSystemImageResult_get_TotalBlocks(result, &blocks), IR, L"get_TotalBlocks", S_OK);
    check_pair(IFileSystemImageResult_get_BlockSize(result, &size), IR, L"get_BlockSize", S_OK);
    ok_int(size, 2048, "BlockSize");
    ok_int(blocks, used, "TotalBlocks is what UsedBlocks said");
    check_pair(IFileSystemImageResult_get_DiscId(result, &text), IR, L"get_DiscId", S_OK);
    ok_text(text, L"0000000000000000", "DiscId");
    SysFreeString(text);
    IFileSystemImageResult_QueryInterface(result, &IID_IFileSystemImageResult2, (void **)&result2);
    check_pair(IFileSystemImageResult2_get_ModifiedBlocks(result2, &ranges), IR2, L"get_ModifiedBlocks",
               E_NOTIMPL);
    ok(!ranges, "ranges are cleared");
    check_pair(IFileSystemImageResult2_get_ModifiedBlocks(result2, NULL), IR2, L"get_ModifiedBlocks",
               E_POINTER);
    IFileSystemImageResult2_Release(result2);
    check_pair(IFileSystemImageResult_get_TotalBlocks(result, NULL), IR, L"get_TotalBlocks", E_POINTER);
    check_pair(IFileSystemImageResult_get_BlockSize(result, NULL), IR, L"get_BlockSize", E_POINTER);
    check_pair(IFileSystemImageResult_get_DiscId(result, NULL), IR, L"get_DiscId", E_POINTER);
    check_pair(IFileSystemImageResult_get_ImageStream(result, NULL), IR, L"get_ImageStream", E_POINTER);
    check_pair(IFileSystemImageResult_get_ProgressItems(result, NULL), IR, L"get_ProgressItems", E_POINTER);
    ok_hr(IFileSystemImage3_CreateResultImage(fsi.image, NULL), E_POINTER, "CreateResultImage(NULL)");
    IFileSystemImageResult_get_ImageStream(result, &stream);
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_DEFAULT), S_OK, "Stat");
    ok_int(stat.cbSize.QuadPart, (LONGLONG)blocks * 2048, "size of the stream");
    ok_int(stat.type, STGTY_STREAM, "type of the stream");
    CoTaskMemFree(stat.pwcsName);
    /* The page of ImageStream lists what Stat answers. */
    check_pair(IStream_Stat(stream, NULL, 0), IR, L"get_ImageStream", E_POINTER);
    check_pair(IStream_Stat(stream, &stat, 77), IR, L"get_ImageStream", STG_E_INVALIDFUNCTION);
    check_last_release(stream);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST(no_file_system_no_image)
{
    IFileSystemImageResult *result = (IFileSystemImageResult *)1;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone);
    hr = IFileSystemImage3_CreateResultImage(fsi.image, &result);
    check_fail(hr, IMAPI_E_NO_OUTPUT, IFACE, NULL);
    ok(!result, "result is cleared");
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, B("d")), S_OK,
          "the image is no more read-only than before");
    fsi_close(&fsi);
}

TEST(file_of_2_gib_is_taken_and_one_byte_more_is_not)
{
    IFileSystemImageResult *result = NULL;
    struct test_stream fits, over;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    test_stream_init(&fits, 2147483648ull);
    test_stream_init(&over, 2147483649ull);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("fits"), &fits.iface), S_OK, "AddFile of 2 GiB");
    ok_hr(IFileSystemImage3_CreateResultImage(fsi.image, &result), S_OK, "CreateResultImage");
    if (result) check_last_release(result);
    ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("over"), &over.iface), S_OK, "AddFile of 2 GiB and a byte");
    hr = IFileSystemImage3_CreateResultImage(fsi.image, &result);
    check_fail(hr, IMAPI_E_DATA_TOO_BIG, IFACE, L"ISO9660/Joliet");
    ok_int(fits.reads + over.reads, 0, "reads: nothing is looked at before the image is");
    fsi_close(&fsi);
}

/* --- the image --------------------------------------------------------------------------------------- */

TEST(image_holds_the_descriptors_and_the_files)
{
    IFileSystemImageResult *result;
    const BYTE *file;
    IStream *stream;
    struct fsi fsi;
    size_t size;
    BYTE *bytes;
    ULONG i;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_VolumeName(fsi.image, B("Test_Volume"));
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("folder"));
    fsi_add_file(&fsi, L"folder\\data.bin", 5001);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_ImageStream(result, &stream);
    bytes = fsi_read_all(stream, &size);
    if (bytes)
    {
        ok(!memcmp(bytes + 16 * 2048, "\1CD001\1", 7), "a primary descriptor in sector 16");
        ok(!memcmp(bytes + 16 * 2048 + 40, "TEST_VOLUME      ", 17), "its volume name");
        ok(!memcmp(bytes + 17 * 2048, "\2CD001\1", 7), "a supplementary one in sector 17");
        ok(!memcmp(bytes + 17 * 2048 + 88, "%/", 2), "of Joliet");
        file = fsi_file_in(result, bytes, L"\\folder\\data.bin");
        for (i = 0; i < 5001 && file[i] == fsi_byte(i); i++) {}
        ok_int(i, 5001, "bytes of the file");
        for (; i < 6144 && !file[i]; i++) {}
        ok_int(i, 6144, "with zeros to the end of its last block");
    }
    free(bytes);
    check_last_release(stream);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST(unset_volume_name_is_made_of_the_time)
{
    SYSTEMTIME now;
    IStream *stream;
    struct fsi fsi;
    size_t size;
    BYTE *bytes;
    char year[8];
    BSTR name;

    if (!fsi_open(&fsi)) return;
    stream = fsi_result_stream(&fsi);
    bytes = fsi_read_all(stream, &size);
    GetSystemTime(&now);
    sprintf(year, "%04d", now.wYear);
    ok(bytes && !memcmp(bytes + 16 * 2048 + 40, year, 4), "the name begins with the year");
    ok(bytes && bytes[16 * 2048 + 40 + 8] == '_', "YYYYMMDD_HHMMSS");
    IFileSystemImage3_get_VolumeName(fsi.image, &name);
    ok_int(SysStringLen(name), 0, "the property stays empty");
    SysFreeString(name);
    free(bytes);
    IStream_Release(stream);
    fsi_close(&fsi);
}

TEST(session_start_moves_the_addresses_inside)
{
    struct fsi fsi;
    IStream *stream;
    size_t size;
    BYTE *bytes;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_SessionStartBlock(fsi.image, 100000);
    stream = fsi_result_stream(&fsi);
    bytes = fsi_read_all(stream, &size);
    if (bytes)
    {
        const BYTE *root = bytes + 16 * 2048 + 156;     /* ECMA-119 8.4.18 */
        ULONG where = root[2] | root[3] << 8 | root[4] << 16 | (ULONG)root[5] << 24;

        ok(where > 100000 && where < 100300, "root directory at %lu", where);
    }
    free(bytes);
    IStream_Release(stream);
    fsi_close(&fsi);
}

TEST(session_start_that_leaves_no_addresses_is_refused)
{
    IFileSystemImageResult *result = (IFileSystemImageResult *)1;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_SessionStartBlock(fsi.image, MAXLONG - 10);
    hr = IFileSystemImage3_CreateResultImage(fsi.image, &result);
    check_told(hr, I1, L"CreateResultImage", IMAPI_E_INVALID_PARAM, L"'SessionStartBlock'");
    ok(!result, "result is cleared");
    fsi_close(&fsi);
}

/* --- the stream -------------------------------------------------------------------------------------- */

static DWORD WINAPI read_elsewhere(void *context)
{
    IStream *stream = context;
    ULARGE_INTEGER end;
    LARGE_INTEGER zero = { .QuadPart = 0 };
    BYTE block[2048];
    ULONG got = 0;

    IStream_Seek(stream, zero, STREAM_SEEK_END, &end);
    zero.QuadPart = 16 * 2048;
    IStream_Seek(stream, zero, STREAM_SEEK_SET, NULL);
    IStream_Read(stream, block, 2048, &got);
    IStream_Release(stream);
    return got == 2048 && !memcmp(block + 1, "CD001", 5);
}

TEST(stream_outlives_everything_and_serves_other_threads)
{
    DWORD good = 0;
    IStream *stream;
    struct fsi fsi;
    HANDLE thread;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 100000);
    stream = fsi_result_stream(&fsi);
    IFsiDirectoryItem2_Release(fsi.root);
    IFileSystemImage3_Release(fsi.image);
    thread = CreateThread(NULL, 0, read_elsewhere, stream, 0, NULL);
    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &good);
    CloseHandle(thread);
    ok_int(good, 1, "the other thread read the descriptor");
    ok_hr(com_test_can_unload(DLL), S_OK, "nothing is left");
}

TEST(stream_is_read_in_any_pieces_again_and_by_clones)
{
    static const ULONG pieces[] = { 2048, 1, 4095, 1 << 20, 512u << 20 };
    LARGE_INTEGER zero = { .QuadPart = 0 };
    IStream *stream, *clone = NULL;
    BYTE *whole, *piece;
    struct fsi fsi;
    size_t size;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 700001);
    stream = fsi_result_stream(&fsi);
    whole = fsi_read_all(stream, &size);
    piece = malloc(size + 1);
    for (size_t i = 0; whole && i < ARRAYSIZE(pieces); i++)
    {
        size_t at = 0;
        ULONG got = 1;
        BOOL same = TRUE;
        HRESULT hr = S_OK;

        if (pieces[i] == 1) continue;               /* 700,000 calls say no more than one */
        IStream_Seek(stream, zero, STREAM_SEEK_SET, NULL);
        /* A buffer of the announced size is enough: no more than there is is written to it. */
        for (; got && hr == S_OK && at <= size; at += got)
        {
            hr = IStream_Read(stream, piece, pieces[i], &got);
            same = same && !memcmp(piece, whole + at, got);
        }
        ok(same && at == size && hr == S_OK, "pieces of %lu: %u bytes, 0x%08lX", pieces[i], (unsigned)at, hr);
    }
    ok_hr(IStream_Clone(stream, &clone), S_OK, "Clone");
    IStream_Seek(clone, zero, STREAM_SEEK_SET, NULL);
    ok_hr(IStream_Read(clone, piece, 1000, NULL), S_OK, "Read without a counter");
    ok(whole && !memcmp(piece, whole, 1000), "the clone's bytes");
    ok_hr(IStream_Write(stream, piece, 1, NULL), STG_E_ACCESSDENIED, "Write");
    free(piece);
    free(whole);
    check_last_release(clone);
    check_last_release(stream);
    fsi_close(&fsi);
}

TEST(stream_copies_itself_into_another)
{
    ULARGE_INTEGER all = { .QuadPart = ~0ull }, read, written;
    IStream *stream, *target = fsi_stream(0);
    struct fsi fsi;
    STATSTG stat;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 300000);
    stream = fsi_result_stream(&fsi);
    IStream_Stat(stream, &stat, STATFLAG_NONAME);
    ok_hr(IStream_CopyTo(stream, target, all, &read, &written), S_OK, "CopyTo");
    ok_int(read.QuadPart, stat.cbSize.QuadPart, "read");
    ok_int(written.QuadPart, stat.cbSize.QuadPart, "written");
    check_last_release(stream);
    check_last_release(target);
    fsi_close(&fsi);
}

/* --- the read-only state ----------------------------------------------------------------------------- */

static void check_readonly(struct fsi *fsi, IFsiItem *item)
{
    IStream *data = fsi_stream(1);

#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2
    check_told(IFsiDirectoryItem2_AddDirectory(fsi->root, B("x")), ID, L"AddDirectory", IMAPI_E_READONLY,
               NULL);
    check_told(IFsiDirectoryItem2_AddFile(fsi->root, B("x"), data), ID, L"AddFile", IMAPI_E_READONLY, NULL);
    check_told(IFsiDirectoryItem2_AddTree(fsi->root, B("C:\\windows\\system.ini"), VARIANT_TRUE), ID,
               L"AddTree", IMAPI_E_READONLY, NULL);
    check_told(IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi->root, B("C:\\windows"), VARIANT_TRUE),
               L"IFsiDirectoryItem2", L"AddTreeWithNamedStreams", IMAPI_E_READONLY, NULL);
    check_told(IFsiDirectoryItem2_Add(fsi->root, item), ID, L"Add", IMAPI_E_READONLY, NULL);
    check_told(IFsiDirectoryItem2_Remove(fsi->root, B("file")), ID, L"Remove", IMAPI_E_READONLY, NULL);
    check_told(IFsiDirectoryItem2_RemoveTree(fsi->root, B("\\")), ID, L"RemoveTree", IMAPI_E_READONLY, NULL);
#undef IFACE
#define IFACE &IID_IFsiFileItem2
    check_told(IFsiItem_put_CreationTime(item, 40000), II, L"put_CreationTime", IMAPI_E_READONLY, NULL);
    check_told(IFsiItem_put_LastAccessedTime(item, 40000), II, L"put_LastAccessedTime", IMAPI_E_READONLY,
               NULL);
    check_told(IFsiItem_put_LastModifiedTime(item, 40000), II, L"put_LastModifiedTime", IMAPI_E_READONLY,
               NULL);
    check_told(IFsiItem_put_IsHidden(item, VARIANT_TRUE), II, L"put_IsHidden", IMAPI_E_READONLY, NULL);
    {
        IFsiFileItem2 *file = NULL;

        IFsiItem_QueryInterface(item, &IID_IFsiFileItem2, (void **)&file);
        check_told(IFsiFileItem2_AddStream(file, B("s"), data), L"IFsiFileItem2", L"AddStream",
                   IMAPI_E_READONLY, NULL);
        check_told(IFsiFileItem2_RemoveStream(file, B("s")), L"IFsiFileItem2", L"RemoveStream",
                   IMAPI_E_READONLY, NULL);
        ok_hr(IFsiFileItem2_put_IsRealTime(file, VARIANT_FALSE), S_OK,
              "the real-time mark is taken even now");
        IFsiFileItem2_Release(file);
    }
#undef IFACE
#define IFACE &IID_IFileSystemImage3
    check_fail(IFileSystemImage3_put_FileSystemsToCreate(fsi->image, FsiFileSystemISO9660), IMAPI_E_READONLY,
               IFACE, NULL);
    check_fail(IFileSystemImage3_put_UseRestrictedCharacterSet(fsi->image, VARIANT_TRUE), IMAPI_E_READONLY,
               IFACE, NULL);
    check_fail(IFileSystemImage3_put_WorkingDirectory(fsi->image, B("C:\\")), IMAPI_E_READONLY, IFACE, NULL);
    check_fail(IFileSystemImage3_RollbackToChangePoint(fsi->image, 0), IMAPI_E_READONLY, IFACE, NULL);
    check_last_release(data);
}

TEST(image_is_read_only_while_a_result_or_one_of_its_streams_lives)
{
    IFileSystemImageResult *result, *second;
    IProgressItems *items = NULL;
    IFsiItem *item;
    IStream *stream, *clone;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    item = fsi_item(&fsi, L"file", &IID_IFsiItem);
    result = fsi_result(&fsi);
    check_readonly(&fsi, item);
    IFileSystemImageResult_get_ImageStream(result, &stream);
    IFileSystemImageResult_get_ProgressItems(result, &items);
    check_last_release(result);
    check_readonly(&fsi, item);
    second = fsi_result(&fsi);
    IStream_Clone(stream, &clone);
    check_last_release(stream);
    check_last_release(second);
    ok_hr(IFsiItem_put_IsHidden(item, VARIANT_TRUE), IMAPI_E_READONLY, "a clone is left");
    check_last_release(clone);
    ok_hr(IFsiItem_put_IsHidden(item, VARIANT_TRUE), S_OK, "progress items alone hold nothing");
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi.root, B("x")), S_OK, "changes are possible again");
    result = fsi_result(&fsi);
    ok(result != NULL, "and another result");
    check_last_release(result);
    check_last_release(items);
    check_last_release(item);
    fsi_close(&fsi);
}

TEST(result_keeps_the_tree_as_it_was)
{
    IFileSystemImageResult *result;
    IStream *stream;
    struct fsi fsi;
    LONG before, after;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    fsi_add_file(&fsi, L"file", 10000);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_TotalBlocks(result, &before);
    check_last_release(result);
    stream = NULL;
    fsi_add_file(&fsi, L"more", 100000);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_TotalBlocks(result, &after);
    ok_int(after - before, 49, "blocks that the second file needs");
    IFileSystemImageResult_get_ImageStream(result, &stream);
    check_last_release(stream);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(result_answers_its_interfaces_and_no_others),
    TEST_CASE(result_has_the_documented_values),
    TEST_CASE(no_file_system_no_image),
    TEST_CASE(file_of_2_gib_is_taken_and_one_byte_more_is_not),
    TEST_CASE(image_holds_the_descriptors_and_the_files),
    TEST_CASE(unset_volume_name_is_made_of_the_time),
    TEST_CASE(session_start_moves_the_addresses_inside),
    TEST_CASE(session_start_that_leaves_no_addresses_is_refused),
    TEST_CASE(stream_outlives_everything_and_serves_other_threads),
    TEST_CASE(stream_is_read_in_any_pieces_again_and_by_clones),
    TEST_CASE(stream_copies_itself_into_another),
    TEST_CASE(image_is_read_only_while_a_result_or_one_of_its_streams_lives),
    TEST_CASE(result_keeps_the_tree_as_it_was))
