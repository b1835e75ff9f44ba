/* Images, host folders and streams of fsi.h. */
#include "../fsi.h"

#include <shlwapi.h>
#include <stdlib.h>

IFileSystemImage3 *fsi_image(void)
{
    IFileSystemImage3 *image = NULL;
    HRESULT hr = com_test_create(DLL, &CLSID_MsftFileSystemImage, &IID_IFileSystemImage3, (void **)&image);

    ok_hr(hr, S_OK, "create MsftFileSystemImage");
    return image;
}

IFsiDirectoryItem2 *fsi_root(IFileSystemImage3 *image)
{
    IFsiDirectoryItem *root = NULL;
    IFsiDirectoryItem2 *root2 = NULL;

    ok_hr(IFileSystemImage3_get_Root(image, &root), S_OK, "get_Root");
    if (!root) return NULL;
    ok_hr(IFsiDirectoryItem_QueryInterface(root, &IID_IFsiDirectoryItem2, (void **)&root2), S_OK,
          "IFsiDirectoryItem2");
    IFsiDirectoryItem_Release(root);
    return root2;
}

BOOL fsi_open(struct fsi *fsi)
{
    fsi->image = fsi_image();
    fsi->root = fsi->image ? fsi_root(fsi->image) : NULL;
    return fsi->root != NULL;
}

void fsi_close_at(const char *file, int line, struct fsi *fsi)
{
    if (fsi->root) test_last_release(file, line, fsi->root);
    if (fsi->image) test_last_release(file, line, fsi->image);
    fsi->root = NULL;
    fsi->image = NULL;
}

void *fsi_item(struct fsi *fsi, const WCHAR *path, REFIID iid)
{
    IFsiItem *item = NULL;
    void *out = NULL;

    ok_hr(IFsiDirectoryItem2_get_Item(fsi->root, (BSTR)path, &item), S_OK, "Item(%s)", test_text(path));
    if (!item) return NULL;
    ok_hr(IFsiItem_QueryInterface(item, iid, &out), S_OK, "interface of %s", test_text(path));
    IFsiItem_Release(item);
    return out;
}

LONG fsi_exists(struct fsi *fsi, const WCHAR *path)
{
    FsiItemType type = FsiItemFile;
    HRESULT hr = IFileSystemImage3_Exists(fsi->image, (BSTR)path, &type);

    return FAILED(hr) ? (LONG)hr : (LONG)type;
}

void fsi_add_three(struct fsi *fsi)
{
    fsi_add_file(fsi, L"first", 1);
    IFsiDirectoryItem2_AddDirectory(fsi->root, B("second"));
    fsi_add_file(fsi, L"third", 3);
}

void fsi_udf(struct fsi *fsi, LONG revision)
{
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi->image, 7), S_OK, "all file systems");
    ok_hr(IFileSystemImage3_put_UDFRevision(fsi->image, revision), S_OK, "revision %#lx", revision);
}

LONG fsi_file_count(struct fsi *fsi)
{
    LONG count = -1;

    IFileSystemImage3_get_FileCount(fsi->image, &count);
    return count;
}

LONG fsi_directory_count(struct fsi *fsi)
{
    LONG count = -1;

    IFileSystemImage3_get_DirectoryCount(fsi->image, &count);
    return count;
}

HRESULT fsi_add_tree(struct fsi *fsi, const WCHAR *path, BOOL with_base)
{
    return IFsiDirectoryItem2_AddTree(fsi->root, (BSTR)path, with_base ? VARIANT_TRUE : VARIANT_FALSE);
}

/* --- streams ----------------------------------------------------------------------------------------- */

BYTE fsi_byte(ULONG at)
{
    return (BYTE)(at * 31 + (at >> 8) * 17 + (at >> 16) + 7);
}

static BYTE *pattern(ULONG size)
{
    BYTE *bytes = malloc(size + 1);

    for (ULONG i = 0; bytes && i < size; i++) bytes[i] = fsi_byte(i);
    return bytes;
}

IStream *fsi_stream(ULONG size)
{
    BYTE *bytes = pattern(size);
    IStream *stream = SHCreateMemStream(bytes, size);

    free(bytes);
    ok(stream != NULL, "a memory stream of %lu bytes", size);
    return stream;
}

HRESULT fsi_add_file(struct fsi *fsi, const WCHAR *path, ULONG size)
{
    IStream *stream = fsi_stream(size);
    HRESULT hr = IFsiDirectoryItem2_AddFile(fsi->root, (BSTR)path, stream);

    IStream_Release(stream);
    return hr;
}

IFileSystemImageResult *fsi_result(struct fsi *fsi)
{
    IFileSystemImageResult *result = NULL;

    ok_hr(IFileSystemImage3_CreateResultImage(fsi->image, &result), S_OK, "CreateResultImage");
    return result;
}

IStream *fsi_result_stream(struct fsi *fsi)
{
    IFileSystemImageResult *result = fsi_result(fsi);
    IStream *stream = NULL;

    if (!result) return NULL;
    ok_hr(IFileSystemImageResult_get_ImageStream(result, &stream), S_OK, "get_ImageStream");
    IFileSystemImageResult_Release(result);
    return stream;
}

HRESULT fsi_read_through(IStream *stream)
{
    LARGE_INTEGER zero = { .QuadPart = 0 };
    BYTE *piece = malloc(1 << 20);
    ULONG got = 1;
    HRESULT hr = IStream_Seek(stream, zero, STREAM_SEEK_SET, NULL);

    while (hr == S_OK && got) hr = IStream_Read(stream, piece, 1 << 20, &got);
    free(piece);
    return hr;
}

BYTE *fsi_read_all(IStream *stream, size_t *size)
{
    LARGE_INTEGER start = { .QuadPart = 0 };
    BYTE *bytes;
    STATSTG stat;
    ULONG got = 0;
    HRESULT hr;

    *size = 0;
    if (!ok_hr(IStream_Stat(stream, &stat, STATFLAG_NONAME), S_OK, "Stat")) return NULL;
    *size = (size_t)stat.cbSize.QuadPart;
    bytes = malloc(*size + 1);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    hr = IStream_Read(stream, bytes, (ULONG)*size, &got);
    if (ok_hr(hr, S_OK, "Read of all") && ok_int(got, *size, "bytes read")) return bytes;
    free(bytes);
    return NULL;
}

const BYTE *fsi_file_in(IFileSystemImageResult *result, const BYTE *image, const WCHAR *description)
{
    IProgressItems *items = NULL;
    IProgressItem *item = NULL;
    ULONG first = 0;

    IFileSystemImageResult_get_ProgressItems(result, &items);
    if (!items) return NULL;
    ok_hr(IProgressItems_ProgressItemFromDescription(items, (BSTR)description, &item), S_OK, "blocks of %s",
          test_text(description));
    IProgressItems_Release(items);
    if (!item) return NULL;
    IProgressItem_get_FirstBlock(item, &first);
    IProgressItem_Release(item);
    return image + (size_t)first * 2048;
}

/* --- host folders ------------------------------------------------------------------------------------ */

const WCHAR *fsi_path(const WCHAR *folder, const WCHAR *path)
{
    static WCHAR paths[8][1024];
    static unsigned next;
    WCHAR *out = paths[next++ % 8];

    _snwprintf(out, 1024, L"%ls\\%ls", folder, path);
    return out;
}

void fsi_folder(WCHAR folder[MAX_PATH])
{
    test_temp_path(folder, L".dir");
    ok(CreateDirectoryW(folder, NULL), "create folder %s: %lu", test_text(folder), GetLastError());
}

BOOL fsi_write(const WCHAR *folder, const WCHAR *path, ULONG size)
{
    HANDLE file = CreateFileW(fsi_path(folder, path), GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    BYTE *bytes = pattern(size);
    DWORD done = 0;
    BOOL good = file != INVALID_HANDLE_VALUE && WriteFile(file, bytes, size, &done, NULL) && done == size;

    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    free(bytes);
    return ok(good, "write %s: %lu", test_text(path), GetLastError());
}

BOOL fsi_mkdir(const WCHAR *folder, const WCHAR *path)
{
    return ok(CreateDirectoryW(fsi_path(folder, path), NULL), "create folder %s: %lu", test_text(path),
              GetLastError());
}

void fsi_make_folder(WCHAR folder[MAX_PATH])
{
    fsi_folder(folder);
    fsi_write(folder, L"Read me.txt", 100);
    fsi_write(folder, L"empty", 0);
    fsi_mkdir(folder, L"Sub folder");
    fsi_write(folder, L"Sub folder\\data.bin", 5000);
    fsi_mkdir(folder, L"Nothing in it");
}

/* Wine starts programs of the host, but gives no handle to wait for: a file tells the end. */
BOOL fsi_host_shell(const WCHAR *folder, const char *script)
{
    char *(CDECL * unix_name)(const WCHAR *) =
        (void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_unix_file_name");
    STARTUPINFOA startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process = { 0 };
    char command[2048];
    const WCHAR *done = fsi_path(folder, L"done.tmp"), *failed = fsi_path(folder, L"failed.tmp");
    char *name;
    BOOL good = FALSE;

    if (!unix_name || !(name = unix_name(folder))) return FALSE;
    _snprintf(command, sizeof(command),
              "/bin/sh -c \"cd '%s' && { %s; } && : > done.tmp || : > '%s/failed.tmp'\"", name, script, name);
    HeapFree(GetProcessHeap(), 0, name);
    command[sizeof(command) - 1] = 0;
    if (!CreateProcessA("Z:\\bin\\sh", command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return FALSE;
    if (process.hProcess) CloseHandle(process.hProcess);
    if (process.hThread) CloseHandle(process.hThread);
    for (int i = 0; i < 3000 && !good && !DeleteFileW(failed); i++)
    {
        good = DeleteFileW(done);
        if (!good) Sleep(20);
    }
    return good;
}

void fsi_delete_tree(const WCHAR *folder)
{
    WCHAR *path = malloc(32768 * sizeof(*path));
    WIN32_FIND_DATAW data;
    HANDLE find;

    _snwprintf(path, 32768, L"%ls\\*", folder);
    find = FindFirstFileW(path, &data);
    if (find != INVALID_HANDLE_VALUE)
    {
        do
        {
            if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..")) continue;
            _snwprintf(path, 32768, L"%ls\\%ls", folder, data.cFileName);
            SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
            if (!(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) DeleteFileW(path);
            else if (data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) RemoveDirectoryW(path);
            else fsi_delete_tree(path);
        } while (FindNextFileW(find, &data));
        FindClose(find);
    }
    RemoveDirectoryW(folder);
    free(path);
}
