/* Sessions one after the other: append.h. */
#include "../append.h"

#include <stdlib.h>

BOOL append_begin(struct append *bench, const char *medium, const char *faults)
{
    test_recorder_set(medium, faults);
    bench->writer = NULL;
    if (!(bench->recorder = test_recorder_open(0))) return FALSE;
    if (!(bench->writer = test_writer_open(bench->recorder))) return FALSE;
    /* A DVD+R would be closed otherwise: players do not like open ones. */
    ok_hr(IDiscFormat2Data_put_DisableConsumerDvdCompatibilityMode(bench->writer, VARIANT_TRUE), S_OK,
          "no compatibility with players");
    return TRUE;
}

void append_end(struct append *bench)
{
    if (bench->writer) check_last_release(bench->writer);
    if (bench->recorder) check_last_release(bench->recorder);
    test_recorders_end();
}

static void seek(HANDLE disc, ULONG block)
{
    LARGE_INTEGER to = { .QuadPart = (LONGLONG)block * 2048 };

    ok(SetFilePointerEx(disc, to, NULL, FILE_BEGIN), "block %lu", block);
}

void append_disc_read(HANDLE disc, ULONG block, void *bytes, ULONG size)
{
    DWORD got = 0;

    seek(disc, block);
    ok(ReadFile(disc, bytes, size, &got, NULL) && got == size, "cannot read block %lu", block);
}

void append_disc_write(HANDLE disc, ULONG block, const void *bytes, ULONG size)
{
    DWORD done = 0;

    seek(disc, block);
    ok(WriteFile(disc, bytes, size, &done, NULL) && done == size, "cannot write block %lu", block);
}

BOOL append_again(struct append *bench, const char *faults, void (*change)(HANDLE disc, void *context),
                  void *context)
{
    check_last_release(bench->writer);
    check_last_release(bench->recorder);
    bench->writer = NULL;
    bench->recorder = NULL;
    if (change)
    {
        HANDLE disc =
            CreateFileW(test_recorder_disc(0), GENERIC_READ | GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);

        if (!ok(disc != INVALID_HANDLE_VALUE, "the disc: error %lu", GetLastError())) return FALSE;
        change(disc, context);
        CloseHandle(disc);
    }
    test_recorder_faults(0, faults);
    if (!(bench->recorder = test_recorder_open(0))) return FALSE;
    return (bench->writer = test_writer_open(bench->recorder)) != NULL;
}

BOOL append_open(struct fsi *fsi, LONG file_systems, LONG revision)
{
    if (!fsi_open(fsi)) return FALSE;
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi->image, 0), S_OK, "no limit");
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi->image, (FsiFileSystems)file_systems), S_OK,
          "file systems %#lx", file_systems);
    if (file_systems & FsiFileSystemUDF)
        ok_hr(IFileSystemImage3_put_UDFRevision(fsi->image, revision), S_OK, "revision %#lx", revision);
    return TRUE;
}

HRESULT append_burn(struct append *bench, struct fsi *fsi)
{
    IFileSystemImageResult *result = NULL;
    IStream *stream = NULL;
    HRESULT hr = IFileSystemImage3_CreateResultImage(fsi->image, &result);

    if (FAILED(hr)) return hr;
    hr = IFileSystemImageResult_get_ImageStream(result, &stream);
    IFileSystemImageResult_Release(result);
    if (FAILED(hr)) return hr;
    hr = IDiscFormat2Data_Write(bench->writer, stream);
    IStream_Release(stream);
    return hr;
}

void append_fill(struct fsi *fsi)
{
    IFsiItem *item;

    ok_hr(IFileSystemImage3_put_VolumeName(fsi->image, B("First_Session")), S_OK, "VolumeName");
    ok_hr(fsi_add_file(fsi, L"kept.bin", 70000), S_OK, "kept.bin");
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi->root, B("A folder")), S_OK, "folder");
    ok_hr(fsi_add_file(fsi, L"A folder\\inside of it.text", 100), S_OK, "inside");
    ok_hr(fsi_add_file(fsi, L"replaced.bin", 3000), S_OK, "replaced.bin");
    ok_hr(fsi_add_file(fsi, L"removed.bin", 10), S_OK, "removed.bin");
    ok_hr(fsi_add_file(fsi, L"renamed.bin", 6000), S_OK, "renamed.bin");
    ok_hr(fsi_add_file(fsi, L"empty", 0), S_OK, "empty");
    ok_hr(fsi_add_file(fsi, L"secret", 5), S_OK, "secret");
    if (!(item = fsi_item(fsi, L"secret", &IID_IFsiItem))) return;
    ok_hr(IFsiItem_put_IsHidden(item, VARIANT_TRUE), S_OK, "IsHidden");
    ok_hr(IFsiItem_put_LastModifiedTime(item, 36557.5), S_OK, "LastModifiedTime");  /* 2000-02-01 12:00 */
    IFsiItem_Release(item);
}

void append_first(struct append *bench, LONG file_systems, LONG revision)
{
    struct fsi fsi;

    if (!append_open(&fsi, file_systems, revision)) return;
    append_fill(&fsi);
    ok_hr(append_burn(bench, &fsi), S_OK, "the first session");
    fsi_close(&fsi);
}

HRESULT append_put(struct append *bench, struct fsi *fsi)
{
    SAFEARRAY *array = NULL;
    HRESULT hr = IDiscFormat2Data_get_MultisessionInterfaces(bench->writer, &array);

    if (FAILED(hr)) return hr;
    hr = IFileSystemImage3_put_MultisessionInterfaces(fsi->image, array);
    SafeArrayDestroy(array);
    return hr;
}

BOOL append_next(struct append *bench, struct fsi *fsi)
{
    if (!fsi_open(fsi)) return FALSE;
    if (ok_hr(append_put(bench, fsi), S_OK, "MultisessionInterfaces")) return TRUE;
    fsi_close(fsi);
    return FALSE;
}

BOOL append_import(struct append *bench, struct fsi *fsi, LONG expected)
{
    FsiFileSystems kind = FsiFileSystemNone;

    if (!append_next(bench, fsi)) return FALSE;
    if (check_pair(IFileSystemImage3_ImportFileSystem(fsi->image, &kind), L"IFileSystemImage",
                   L"ImportFileSystem", S_OK) &&
        ok_int(kind, expected, "imported file system"))
        return TRUE;
    fsi_close(fsi);
    return FALSE;
}

static BOOL same_bytes(IStream *stream, ULONG size)
{
    BYTE *bytes = malloc(size + 1);
    ULONG got = 0, at = 0;
    HRESULT hr = IStream_Read(stream, bytes, size + 1, &got);

    while (at < got && bytes[at] == fsi_byte(at)) at++;
    free(bytes);
    return SUCCEEDED(hr) && got == size && at == size;
}

void append_check_file_at(const char *file, int line, struct fsi *fsi, const WCHAR *path, ULONG size)
{
    IFsiFileItem *item = fsi_item(fsi, path, &IID_IFsiFileItem);
    IStream *stream = NULL;
    LONGLONG found = -1;
    HRESULT hr;

    if (!item) return;
    IFsiFileItem_get_DataSize(item, &found);
    test_check_int(file, line, found, size, "size");
    hr = IFsiFileItem_get_Data(item, &stream);
    if (test_check_hr(file, line, hr, S_OK, "Data of %s", test_text(path)))
    {
        test_check(file, line, stream ? same_bytes(stream, size) : !size, "bytes of %s", test_text(path));
        if (stream) IStream_Release(stream);
    }
    IFsiFileItem_Release(item);
}

HRESULT append_remove(struct fsi *fsi, const WCHAR *path)
{
    return IFsiDirectoryItem2_Remove(fsi->root, (BSTR)path);
}

LONG append_start(struct fsi *fsi)
{
    LONG block = -1;
    HRESULT hr = IFileSystemImage3_get_SessionStartBlock(fsi->image, &block);

    return FAILED(hr) ? (LONG)hr : block;
}

LONG append_used(struct fsi *fsi)
{
    LONG blocks = -1;
    HRESULT hr = IFileSystemImage3_get_UsedBlocks(fsi->image, &blocks);

    return FAILED(hr) ? (LONG)hr : blocks;
}
