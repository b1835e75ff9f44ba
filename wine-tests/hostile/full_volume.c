/* The stash on a volume that has no room for it. check/full_volume makes the volume: 4 MiB of memory that
   OPENIMAPI_TEST_VOLUME names. Afterwards everything is as it was, and its room is free again. */
#include "../fsi.h"

#include <stdlib.h>

#define MIB (1u << 20)
#define VOLUME (4 * MIB)

static const WCHAR *const ID = L"IFsiDirectoryItem", *const I1 = L"IFileSystemImage";
static WCHAR volume[MAX_PATH];

#define IFACE &IID_IFsiDirectoryItem2

static ULONGLONG room(void)
{
    ULARGE_INTEGER bytes = { .QuadPart = ~0ull };

    GetDiskFreeSpaceExW(volume, &bytes, NULL, NULL);
    return bytes.QuadPart;
}

/* An image that stages its files on the volume. */
static BOOL begin(struct fsi *fsi)
{
    if (!GetEnvironmentVariableW(L"OPENIMAPI_TEST_VOLUME", volume, MAX_PATH))
    {
        skip("OPENIMAPI_TEST_VOLUME names no volume");
        return FALSE;
    }
    if (!ok_int(room(), VOLUME, "bytes free on the volume") || !fsi_open(fsi)) return FALSE;
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
    return ok_hr(IFileSystemImage3_put_WorkingDirectory(fsi->image, volume), S_OK, "WorkingDirectory");
}

static void end(struct fsi *fsi)
{
    fsi_close(fsi);
    ok_int(room(), VOLUME, "bytes free in the end");
}

static const WCHAR *system_text(DWORD error)
{
    static WCHAR text[512];
    size_t length;

    FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, (DWORD)HRESULT_FROM_WIN32(error), 0, text,
                   ARRAYSIZE(text), NULL);
    length = wcslen(text);
    while (length && wcschr(L"\r\n ", text[length - 1])) text[--length] = 0;
    return text;
}

TEST(stash_that_cannot_be_written_is_told_with_the_cause)
{
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi)) return;
    hr = fsi_add_file(&fsi, L"large", VOLUME + 1);
    check_told(hr, ID, L"AddFile", IMAPI_E_STASHFILE_WRITE_FAILURE, volume);
    hr = fsi_add_file(&fsi, L"large", VOLUME + 1);
    check_fail(hr, IMAPI_E_STASHFILE_WRITE_FAILURE, IFACE, system_text(ERROR_DISK_FULL));
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_int(room(), VOLUME, "bytes free after the failure");
    ok_hr(fsi_add_file(&fsi, L"as large as the volume", VOLUME), S_OK, "what fits");
    end(&fsi);
}

TEST(files_staged_before_stay_whole)
{
    BYTE *bytes = NULL;
    const BYTE *file;
    IFileSystemImageResult *result;
    IStream *stream = NULL;
    struct fsi fsi;
    size_t size;
    HRESULT hr;

    if (!begin(&fsi)) return;
    ok_hr(fsi_add_file(&fsi, L"before", MIB + 1), S_OK, "a file");
    hr = fsi_add_file(&fsi, L"large", VOLUME);
    check_fail(hr, IMAPI_E_STASHFILE_WRITE_FAILURE, IFACE, NULL);
    ok(room() >= VOLUME - MIB - 4096, "%llu bytes free after the failure", room());
    ok_hr(fsi_add_file(&fsi, L"after", MIB), S_OK, "another file");
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_ImageStream(result, &stream);
    bytes = fsi_read_all(stream, &size);
    file = bytes ? fsi_file_in(result, bytes, L"\\before") : NULL;
    for (ULONG i = 0; file && i <= MIB; i++)
        if (file[i] != fsi_byte(i) && !ok(0, "byte %lu of the first file", i)) break;
    file = bytes ? fsi_file_in(result, bytes, L"\\after") : NULL;
    for (ULONG i = 0; file && i < MIB; i++)
        if (file[i] != fsi_byte(i) && !ok(0, "byte %lu of the second file", i)) break;
    free(bytes);
    check_last_release(stream);
    check_last_release(result);
    end(&fsi);
}

TEST(tree_that_cannot_be_staged_is_taken_back)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    LONG point = 7;
    HRESULT hr;

    if (!begin(&fsi)) return;
    fsi_make_folder(folder);
    fsi_write(folder, L"Sub folder\\large.bin", VOLUME);
    ok_hr(fsi_add_file(&fsi, L"Read me.txt", 7), S_OK, "the file that is to be replaced");
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_STASHFILE_WRITE_FAILURE, volume);
    ok_int(fsi_file_count(&fsi), 1, "files");
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, 1, "change point");
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_FALSE);
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree without staging");
    end(&fsi);
    fsi_delete_tree(folder);
}

#undef IFACE
#define IFACE &IID_IFileSystemImage3

TEST(stash_does_not_move_to_a_volume_that_is_too_small)
{
    WCHAR folder[MAX_PATH];
    BSTR text = NULL;
    struct fsi fsi;
    HRESULT hr;

    if (!begin(&fsi)) return;
    fsi_folder(folder);
    ok_hr(IFileSystemImage3_put_WorkingDirectory(fsi.image, folder), S_OK, "another WorkingDirectory");
    ok_hr(fsi_add_file(&fsi, L"file", VOLUME + 1), S_OK, "AddFile");
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, volume);
    check_told(hr, I1, L"put_WorkingDirectory", IMAPI_E_WORKING_DIRECTORY_SPACE, volume);
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, volume);
    check_fail(hr, IMAPI_E_WORKING_DIRECTORY_SPACE, IFACE, L"4194304");
    hr = IFileSystemImage3_put_WorkingDirectory(fsi.image, volume);
    check_fail(hr, IMAPI_E_WORKING_DIRECTORY_SPACE, IFACE, L"4194305");
    ok_hr(IFileSystemImage3_get_WorkingDirectory(fsi.image, &text), S_OK, "get");
    ok_text(text, folder, "WorkingDirectory");
    SysFreeString(text);
    ok_hr(fsi_add_file(&fsi, L"more", 5000), S_OK, "AddFile after it");
    end(&fsi);
    fsi_delete_tree(folder);
}

TEST_MAIN(
    TEST_CASE(stash_that_cannot_be_written_is_told_with_the_cause),
    TEST_CASE(files_staged_before_stay_whole),
    TEST_CASE(tree_that_cannot_be_staged_is_taken_back),
    TEST_CASE(stash_does_not_move_to_a_volume_that_is_too_small))
