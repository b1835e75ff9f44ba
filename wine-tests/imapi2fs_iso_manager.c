/* MsftIsoImageManager: files and streams as images, and what Validate says of good and bad ones. */
#include "fsi.h"

#include <shlwapi.h>

static const WCHAR *const IM = L"IIsoImageManager";

#define IFACE &IID_IIsoImageManager

/* --- helpers ----------------------------------------------------------------------------------------- */

static IIsoImageManager *manager(void)
{
    IIsoImageManager *out = NULL;

    ok_hr(com_test_create(DLL, &CLSID_MsftIsoImageManager, &IID_IIsoImageManager, (void **)&out), S_OK,
          "create MsftIsoImageManager");
    return out;
}

/* A memory stream of zeros with identifiers in the blocks from 16 on. */
static IStream *image(ULONG size, const char *const *descriptors)
{
    BYTE *bytes = calloc(1, size + 1);
    IStream *stream;

    for (ULONG i = 0; descriptors && descriptors[i]; i++) memcpy(bytes + (16 + i) * 2048, descriptors[i], 7);
    stream = SHCreateMemStream(bytes, size);
    free(bytes);
    return stream;
}

static const char *const iso[] = {"\1CD001\1",
                                  "\xFF"
                                  "CD001\1",
                                  NULL};

/* Validate of a stream that is the caller's last reference. */
static HRESULT validate(IIsoImageManager *iface, IStream *stream)
{
    HRESULT hr = IIsoImageManager_SetStream(iface, stream);

    IStream_Release(stream);
    return FAILED(hr) ? hr : IIsoImageManager_Validate(iface);
}

static void check_path(IIsoImageManager *iface, const WCHAR *expected)
{
    BSTR path = NULL;

    ok_hr(IIsoImageManager_get_Path(iface, &path), S_OK, "get_Path");
    ok_text(path ? path : L"", expected, "Path");
    SysFreeString(path);
}

/* --- the object -------------------------------------------------------------------------------------- */

TEST(the_object_answers_its_interfaces)
{
    static const IID *const has[] = {
        &IID_IUnknown,          &IID_IDispatch,          &IID_IIsoImageManager,
        &IID_ISupportErrorInfo, &IID_IProvideClassInfo2, NULL,
    };
    static const IID *const lacks[] = {&IID_IFileSystemImage, &IID_IStream, &IID_IConnectionPointContainer,
                                       NULL};
    IIsoImageManager *iface = manager();

    if (!iface) return;
    check_interfaces(iface, has, lacks);
    check_identity(iface, has);
    check_last_release(iface);
}

TEST(before_anything_is_set_there_is_no_image)
{
    IStream *stream = (void *)1;
    IIsoImageManager *iface = manager();

    if (!iface) return;
    check_told(IIsoImageManager_Validate(iface), IM, L"Validate", IMAPI_E_IMAGEMANAGER_NO_IMAGE, NULL);
    check_path(iface, L"");
    ok_hr(IIsoImageManager_get_Stream(iface, &stream), S_OK, "get_Stream");
    ok(!stream, "there is no stream");
    check_fail(IIsoImageManager_get_Path(iface, NULL), E_POINTER, IFACE, NULL);
    check_fail(IIsoImageManager_get_Stream(iface, NULL), E_POINTER, IFACE, NULL);
    check_fail(IIsoImageManager_SetStream(iface, NULL), E_POINTER, IFACE, NULL);
    check_told(IIsoImageManager_Validate(iface), IM, L"Validate", IMAPI_E_IMAGEMANAGER_NO_IMAGE, NULL);
    check_last_release(iface);
}

/* --- paths ------------------------------------------------------------------------------------------- */

TEST(any_file_becomes_a_stream)
{
    WCHAR folder[MAX_PATH];
    const WCHAR *path;
    IIsoImageManager *iface = manager();
    IStream *stream = NULL, *again = NULL;
    STATSTG stat;
    BYTE *bytes;
    size_t size;

    if (!iface) return;
    fsi_folder(folder);
    fsi_write(folder, L"no image.txt", 5001);
    path = fsi_path(folder, L"no image.txt");
    check_pair(IIsoImageManager_SetPath(iface, (BSTR)path), IM, L"SetPath", S_OK);
    check_path(iface, path);
    check_pair(IIsoImageManager_get_Stream(iface, &stream), IM, L"get_Stream", S_OK);
    ok_hr(IIsoImageManager_get_Stream(iface, &again), S_OK, "get_Stream again");
    ok(stream == again, "it is the same one");
    if (!stream || !again) return;
    IStream_Release(again);
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_DEFAULT), S_OK, "Stat");
    ok_text(stat.pwcsName, path, "its name");
    CoTaskMemFree(stat.pwcsName);
    bytes = fsi_read_all(stream, &size);
    ok(bytes && size == 5001 && bytes[5000] == fsi_byte(5000), "its bytes");
    free(bytes);
    check_told(IIsoImageManager_Validate(iface), IM, L"Validate", IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED,
               NULL);
    /* The stream outlives the manager, and holds the file. */
    check_last_release(iface);
    bytes = fsi_read_all(stream, &size);
    ok(bytes && size == 5001 && bytes[1] == fsi_byte(1), "its bytes again");
    free(bytes);
    check_last_release(stream);
    ok(DeleteFileW(path), "nothing holds the file any more");
    fsi_delete_tree(folder);
}

TEST(relative_paths_are_taken_at_once)
{
    WCHAR folder[MAX_PATH], before[MAX_PATH];
    IIsoImageManager *iface = manager();
    IStream *stream = NULL;
    BYTE *bytes;
    size_t size = 0;

    if (!iface) return;
    fsi_folder(folder);
    fsi_write(folder, L"a.iso", 4096);
    GetCurrentDirectoryW(MAX_PATH, before);
    SetCurrentDirectoryW(folder);
    ok_hr(IIsoImageManager_SetPath(iface, B("a.iso")), S_OK, "SetPath");
    SetCurrentDirectoryW(before);
    check_path(iface, L"a.iso");
    IIsoImageManager_get_Stream(iface, &stream);
    bytes = stream ? fsi_read_all(stream, &size) : NULL;
    ok(bytes && size == 4096, "the file is read from elsewhere");
    free(bytes);
    if (stream) IStream_Release(stream);
    check_last_release(iface);
    fsi_delete_tree(folder);
}

TEST(a_path_to_no_file_leaves_what_was_set)
{
    WCHAR folder[MAX_PATH];
    IIsoImageManager *iface = manager();
    IStream *stream = image(40 * 2048, iso);
    HANDLE lock;

    if (!iface) return;
    fsi_folder(folder);
    fsi_write(folder, L"locked", 10);
    IIsoImageManager_SetStream(iface, stream);
    check_told(IIsoImageManager_SetPath(iface, NULL), IM, L"SetPath", IMAPI_E_INVALID_PATH, NULL);
    check_told(IIsoImageManager_SetPath(iface, B("")), IM, L"SetPath", IMAPI_E_INVALID_PATH, NULL);
    check_told(IIsoImageManager_SetPath(iface, (BSTR)fsi_path(folder, L"nothing")), IM, L"SetPath",
               IMAPI_E_INVALID_PATH, L"nothing");
    check_told(IIsoImageManager_SetPath(iface, (BSTR)fsi_path(folder, L"no\\thing")), IM, L"SetPath",
               IMAPI_E_INVALID_PATH, L"no\\thing");
    check_told(IIsoImageManager_SetPath(iface, B("C:\\a|b?.iso")), IM, L"SetPath", IMAPI_E_INVALID_PATH,
               L"a|b?");
    check_told(IIsoImageManager_SetPath(iface, folder), IM, L"SetPath", IMAPI_E_INVALID_PATH, folder);
    lock = CreateFileW(fsi_path(folder, L"locked"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    check_told(IIsoImageManager_SetPath(iface, (BSTR)fsi_path(folder, L"locked")), IM, L"SetPath",
               IMAPI_E_INVALID_PATH, L"locked");
    CloseHandle(lock);
    check_path(iface, L"");
    ok_hr(IIsoImageManager_Validate(iface), S_OK, "the stream is still the image");
    check_last_release(iface);
    check_last_release(stream);
    fsi_delete_tree(folder);
}

/* --- streams ----------------------------------------------------------------------------------------- */

TEST(path_and_stream_replace_each_other)
{
    WCHAR folder[MAX_PATH];
    IIsoImageManager *iface = manager();
    IStream *stream = image(40 * 2048, iso), *got = NULL;

    if (!iface) return;
    fsi_folder(folder);
    fsi_write(folder, L"file", 2048);
    ok_hr(IIsoImageManager_SetPath(iface, (BSTR)fsi_path(folder, L"file")), S_OK, "SetPath");
    check_pair(IIsoImageManager_SetStream(iface, stream), IM, L"SetStream", S_OK);
    check_path(iface, L"");
    ok(DeleteFileW(fsi_path(folder, L"file")), "the file is let go");
    IIsoImageManager_get_Stream(iface, &got);
    ok(got == stream, "the stream is the client's own");
    if (got) IStream_Release(got);
    fsi_write(folder, L"other", 2048);
    ok_hr(IIsoImageManager_SetPath(iface, (BSTR)fsi_path(folder, L"other")), S_OK, "SetPath");
    check_last_release(stream);
    check_last_release(iface);
    fsi_delete_tree(folder);
}

TEST(validate_knows_the_standards)
{
    static const struct
    {
        const char *descriptors[6];
        HRESULT expected;
    } rows[] = {
        {{"\1CD001\1", "\xFF"
                       "CD001\1"},
         S_OK},
        {{"\0BEA01\1", "\0NSR02\1", "\0TEA01\1"}, S_OK},
        {{"\0BEA01\1", "\0NSR03\1", "\0TEA01\1"}, S_OK},
        {{"\0BEA01\1", "\0CDW02\1", "\0TEA01\1"}, S_OK},
        {{"\1CD001\1", "\2CD001\1",
          "\xFF"
          "CD001\1",
          "\0BEA01\1", "\0NSR02\1"},
         S_OK},
        {{"\0BEA01\1", "\0TEA01\1"}, IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND},
        {{"\xFF"
          "CD001\1"},
         IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND},
        {{"\0NSR02\1"}, IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND},
        {{"\1CD002\1"}, IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND},
    };
    IIsoImageManager *iface = manager();

    if (!iface) return;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("row %u", (unsigned)i);
        ok_hr(validate(iface, image(40 * 2048, rows[i].descriptors)), rows[i].expected, "Validate");
        test_pop();
    }
    check_told(validate(iface, image(0, NULL)), IM, L"Validate", IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND,
               NULL);
    ok_hr(validate(iface, image(16 * 2048, NULL)), IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND,
          "a system area alone");
    check_last_release(iface);
}

TEST(an_image_that_was_just_made_is_valid)
{
    IIsoImageManager *iface = manager();
    IFileSystemImageResult *result;
    IStream *stream = NULL;
    struct fsi fsi;

    if (!iface || !fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 5000);
    result = fsi_result(&fsi);
    if (!result) return;
    IFileSystemImageResult_get_ImageStream(result, &stream);
    IFileSystemImageResult_Release(result);
    ok_hr(validate(iface, stream), S_OK, "Validate");
    check_last_release(iface);
    fsi_close(&fsi);
}

/* Sectors of 2352 bytes: 12 of synchronization, 4 of header, 2048 of data, 288 of error correction. 128 of
   them have a length that is also one of plain sectors. */
TEST(raw_sectors_are_no_image)
{
    IIsoImageManager *iface = manager();
    BYTE *bytes = calloc(128, 2352);

    if (!iface || !bytes) return;
    memcpy(bytes + 16 * 2352 + 16, "\1CD001\1", 7);
    check_told(validate(iface, SHCreateMemStream(bytes, 100 * 2352)), IM, L"Validate",
               IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED, NULL);
    check_told(validate(iface, SHCreateMemStream(bytes, 128 * 2352)), IM, L"Validate",
               IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND, NULL);
    free(bytes);
    check_last_release(iface);
}

TEST(sizes_are_whole_sectors_and_at_most_maxlong_of_them)
{
    static const struct
    {
        ULONGLONG size;
        HRESULT expected;
    } rows[] = {
        {40 * 2048 + 1, IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED},
        {1, IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED},
        {2048ull * MAXLONG, IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND},
        {2048ull * MAXLONG + 2048, IMAPI_E_IMAGEMANAGER_IMAGE_TOO_BIG},
        {2048ull * MAXLONG + 2049, IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED},
        {~0ull - 2047, IMAPI_E_IMAGEMANAGER_IMAGE_TOO_BIG},
    };
    IIsoImageManager *iface = manager();

    if (!iface) return;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        struct test_stream stream = {.size = 0};

        test_stream_init(&stream, rows[i].size);
        ok_hr(IIsoImageManager_SetStream(iface, &stream.iface), S_OK, "SetStream");
        test_push("size %llu", rows[i].size);
        check_told(IIsoImageManager_Validate(iface), IM, L"Validate", rows[i].expected, NULL);
        test_pop();
        IIsoImageManager_SetPath(iface, NULL);
        ok_hr(validate(iface, image(0, NULL)), IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND, "another");
        ok_int(stream.references, 1, "references to the stream");
    }
    check_last_release(iface);
}

TEST(what_a_stream_says_when_it_fails_comes_through)
{
    struct test_stream stream = {.size = 0};
    IIsoImageManager *iface = manager();

    if (!iface) return;
    test_stream_init(&stream, 40 * 2048);
    stream.stat_result = STG_E_ACCESSDENIED;
    ok_hr(IIsoImageManager_SetStream(iface, &stream.iface), S_OK, "SetStream asks nothing");
    check_fail(IIsoImageManager_Validate(iface), STG_E_ACCESSDENIED, IFACE, NULL);
    stream.stat_result = S_OK;
    stream.fail_at = 1;
    stream.fail_with = STG_E_READFAULT;
    check_fail(IIsoImageManager_Validate(iface), STG_E_READFAULT, IFACE, NULL);
    /* Promises more than it has. */
    stream.fail_at = 0;
    stream.end = 10 * 2048;
    check_told(IIsoImageManager_Validate(iface), IM, L"Validate", IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND,
               NULL);
    check_last_release(iface);
    ok_int(stream.references, 1, "references to the stream");
}

TEST(validate_leaves_the_stream_where_it_was)
{
    LARGE_INTEGER move = {.QuadPart = 12345};
    ULARGE_INTEGER now = {.QuadPart = 0};
    IIsoImageManager *iface = manager();
    IStream *stream = image(40 * 2048, iso);

    if (!iface) return;
    IStream_Seek(stream, move, STREAM_SEEK_SET, NULL);
    IIsoImageManager_SetStream(iface, stream);
    ok_hr(IIsoImageManager_Validate(iface), S_OK, "Validate");
    move.QuadPart = 0;
    IStream_Seek(stream, move, STREAM_SEEK_CUR, &now);
    ok_int(now.QuadPart, 12345, "position");
    ok_hr(IIsoImageManager_Validate(iface), S_OK, "Validate again");
    check_last_release(iface);
    check_last_release(stream);
}

/* --- scripts ----------------------------------------------------------------------------------------- */

/* Not a dual interface: the object's IDispatch alone serves scripts. */
TEST(members_are_called_by_name)
{
    VARIANT argument = test_v_bstr(SysAllocString(L"C:\\no such file.iso")), value;
    IIsoImageManager *iface = manager();
    IStream *stream = image(40 * 2048, iso);

    if (!iface) return;
    ok_hr(test_invoke(iface, L"SetPath", DISPATCH_METHOD, &argument, 1, NULL), IMAPI_E_INVALID_PATH,
          "SetPath");
    VariantClear(&argument);
    ok_hr(test_invoke(iface, L"Validate", DISPATCH_METHOD, NULL, 0, NULL), IMAPI_E_IMAGEMANAGER_NO_IMAGE,
          "Validate");
    argument = test_v_unknown(stream);
    ok_hr(test_invoke(iface, L"SetStream", DISPATCH_METHOD, &argument, 1, NULL), S_OK, "SetStream");
    ok_hr(test_invoke(iface, L"validate", DISPATCH_METHOD, NULL, 0, NULL), S_OK, "Validate");
    ok_hr(test_get(iface, L"Stream", &value), S_OK, "Stream");
    ok(V_VT(&value) == VT_UNKNOWN && V_UNKNOWN(&value) == (IUnknown *)stream, "the stream as VT_UNKNOWN");
    VariantClear(&value);
    ok_hr(test_get(iface, L"Path", &value), S_OK, "Path");
    ok_int(V_VT(&value), VT_BSTR, "type of Path");
    VariantClear(&value);
    check_last_release(iface);
    check_last_release(stream);
}

TEST_MAIN(TEST_CASE(the_object_answers_its_interfaces), TEST_CASE(before_anything_is_set_there_is_no_image),
          TEST_CASE(any_file_becomes_a_stream), TEST_CASE(relative_paths_are_taken_at_once),
          TEST_CASE(a_path_to_no_file_leaves_what_was_set), TEST_CASE(path_and_stream_replace_each_other),
          TEST_CASE(validate_knows_the_standards), TEST_CASE(an_image_that_was_just_made_is_valid),
          TEST_CASE(raw_sectors_are_no_image), TEST_CASE(sizes_are_whole_sectors_and_at_most_maxlong_of_them),
          TEST_CASE(what_a_stream_says_when_it_fails_comes_through),
          TEST_CASE(validate_leaves_the_stream_where_it_was), TEST_CASE(members_are_called_by_name))
