/* AddTreeWithNamedStreams over a host that has such streams. */
#include "fsi.h"

#include <shlwapi.h>

static const WCHAR *const ID2 = L"IFsiDirectoryItem2";

#define IFACE &IID_IFsiDirectoryItem2

/* --- the host ---------------------------------------------------------------------------------------- */

/*
 * Wine has no named streams. So the DLL is given a system that has: of its imports, GetProcAddress is led to
 * functions of the test for FindFirstStreamW and FindNextStreamW, and CreateFileW to files of another folder
 * for paths with a stream's name.
 */
static struct
{
    const WCHAR *const *names;     /* as the system gives them, NULL at the end */
    unsigned numbered;             /* then so many, ":number:$DATA" */
    DWORD first_error, next_error; /* instead of the listing, of its second entry */
    BOOL absent;                   /* the system has no such functions */
    WCHAR folder[MAX_PATH];        /* of what is in the streams: files named like them */
    unsigned at;
} host;

static BOOL give(WIN32_FIND_STREAM_DATA *data)
{
    unsigned fixed = 0;

    while (host.names[fixed]) fixed++;
    if (host.at >= fixed + host.numbered)
    {
        SetLastError(ERROR_HANDLE_EOF);
        return FALSE;
    }
    memset(data, 0, sizeof(*data));
    if (host.at < fixed)
        lstrcpyW(data->cStreamName, host.names[host.at]);
    else
        wsprintfW(data->cStreamName, L":%u:$DATA", host.at - fixed);
    host.at++;
    return TRUE;
}

/* A handle that FindClose takes. */
static HANDLE WINAPI find_first(LPCWSTR path, STREAM_INFO_LEVELS level, LPVOID data, DWORD flags)
{
    WIN32_FIND_DATAW found;

    ok(level == FindStreamInfoStandard && !flags, "arguments of FindFirstStreamW");
    ok(!StrStrW(path, L"Read me.txt:"), "a path of a file: %s", test_text(path));
    host.at = 0;
    if (!StrStrW(path, L"Read me.txt"))
        SetLastError(ERROR_HANDLE_EOF);
    else if (host.first_error)
        SetLastError(host.first_error);
    else if (give(data))
        return FindFirstFileW(L"C:\\*", &found);
    return INVALID_HANDLE_VALUE;
}

static BOOL WINAPI find_next(HANDLE find, LPVOID data)
{
    (void)find;
    if (!host.next_error) return give(data);
    SetLastError(host.next_error);
    return FALSE;
}

static FARPROC WINAPI get_proc_address(HMODULE module, LPCSTR name)
{
    if (!lstrcmpA(name, "FindFirstStreamW")) return host.absent ? NULL : (FARPROC)(void *)find_first;
    if (!lstrcmpA(name, "FindNextStreamW")) return host.absent ? NULL : (FARPROC)(void *)find_next;
    return GetProcAddress(module, name);
}

static HANDLE WINAPI create_file(LPCWSTR path, DWORD access, DWORD share, LPSECURITY_ATTRIBUTES security,
                                 DWORD creation, DWORD flags, HANDLE template)
{
    const WCHAR *stream = wcsrchr(path, ':');

    if (stream && StrStrW(path, L"Read me.txt:"))
        path = fsi_path(host.folder, stream[1] >= '0' && stream[1] <= '9' ? L"number" : stream + 1);
    return CreateFileW(path, access, share, security, creation, flags, template);
}

/* Leads an import of the DLL somewhere else. Gives where it led before. */
static void *lead(const char *name, void *to)
{
    BYTE *base = (BYTE *)com_test_dll(DLL);
    IMAGE_NT_HEADERS *headers = (IMAGE_NT_HEADERS *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    IMAGE_IMPORT_DESCRIPTOR *from =
        (IMAGE_IMPORT_DESCRIPTOR *)(base + headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
                                               .VirtualAddress);

    for (; from->Name; from++)
    {
        IMAGE_THUNK_DATA *names = (IMAGE_THUNK_DATA *)(base + from->OriginalFirstThunk);
        IMAGE_THUNK_DATA *thunk = (IMAGE_THUNK_DATA *)(base + from->FirstThunk);

        for (; names->u1.AddressOfData; names++, thunk++)
        {
            void *before = (void *)thunk->u1.Function;
            DWORD protection;

            if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal)) continue;
            if (lstrcmpA((char *)((IMAGE_IMPORT_BY_NAME *)(base + names->u1.AddressOfData))->Name, name))
                continue;
            VirtualProtect(&thunk->u1.Function, sizeof(void *), PAGE_READWRITE, &protection);
            thunk->u1.Function = (ULONG_PTR)to;
            VirtualProtect(&thunk->u1.Function, sizeof(void *), protection, &protection);
            return before;
        }
    }
    ok(0, "the DLL does not import %s", name);
    return NULL;
}

static struct
{
    void *get_proc_address, *create_file;
} true_imports;

/* A host folder whose file "Read me.txt" has streams of these names, and an image to add it to. */
static BOOL host_open(struct fsi *fsi, WCHAR folder[MAX_PATH], const WCHAR *const *names)
{
    memset(&host, 0, sizeof(host));
    host.names = names;
    fsi_folder(host.folder);
    fsi_write(host.folder, L"one", 10);
    fsi_write(host.folder, L"two", 5000);
    fsi_write(host.folder, L"number", 3);
    fsi_make_folder(folder);
    if (!fsi_open(fsi)) return FALSE;
    true_imports.get_proc_address = lead("GetProcAddress", (void *)get_proc_address);
    true_imports.create_file = lead("CreateFileW", (void *)create_file);
    return TRUE;
}

static void host_close(struct fsi *fsi, const WCHAR *folder)
{
    lead("GetProcAddress", true_imports.get_proc_address);
    lead("CreateFileW", true_imports.create_file);
    fsi_close(fsi);
    fsi_delete_tree(folder);
    fsi_delete_tree(host.folder);
}

static HRESULT add_tree(struct fsi *fsi, const WCHAR *folder)
{
    return IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi->root, (BSTR)folder, VARIANT_FALSE);
}

/* The streams of a file in the image, -1 when the file is not there. */
static LONG count_of(struct fsi *fsi, const WCHAR *path)
{
    IFsiFileItem2 *file = fsi_item(fsi, path, &IID_IFsiFileItem2);
    IFsiNamedStreams *streams = NULL;
    LONG value = -1;

    if (!file) return -1;
    IFsiFileItem2_get_FsiNamedStreams(file, &streams);
    if (streams)
    {
        IFsiNamedStreams_get_Count(streams, &value);
        IFsiNamedStreams_Release(streams);
    }
    IFsiFileItem2_Release(file);
    return value;
}

/* --- the method -------------------------------------------------------------------------------------- */

static const WCHAR *const two_streams[] = {L"::$DATA", L":one:$DATA", L":odd:$OTHER", L":two:$DATA", NULL};

TEST(addtree_takes_the_streams_of_files)
{
    IFsiFileItem2 *file, *stream = NULL;
    IFsiNamedStreams *streams = NULL;
    WCHAR folder[MAX_PATH];
    LONGLONG size = 0;
    struct fsi fsi;
    BSTR name = NULL;
    DATE of_file = 0, of_stream = 1;

    if (!host_open(&fsi, folder, two_streams)) return;
    check_pair(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(fsi_file_count(&fsi), 3, "files");
    ok_int(count_of(&fsi, L"Read me.txt"), 2, "streams");
    ok_int(count_of(&fsi, L"empty"), 0, "streams of another file");
    file = fsi_item(&fsi, L"Read me.txt", &IID_IFsiFileItem2);
    IFsiFileItem2_get_FsiNamedStreams(file, &streams);
    IFsiNamedStreams_get_Item(streams, 1, &stream);
    IFsiFileItem2_get_Name(stream, &name);
    ok_text(name, L"two", "Name");
    SysFreeString(name);
    IFsiFileItem2_get_DataSize(stream, &size);
    ok_int(size, 5000, "DataSize");
    IFsiFileItem2_get_LastModifiedTime(file, &of_file);
    IFsiFileItem2_get_LastModifiedTime(stream, &of_stream);
    ok(of_file == of_stream, "the stream has the time of its file");
    IFsiFileItem2_Release(stream);
    IFsiNamedStreams_Release(streams);
    IFsiFileItem2_Release(file);
    /* The plain one does not take them, and one change point brings all back. */
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, 0), S_OK, "Rollback");
    ok_hr(fsi_add_tree(&fsi, folder, FALSE), S_OK, "AddTree");
    ok_int(count_of(&fsi, L"Read me.txt"), 0, "streams after AddTree");
    host_close(&fsi, folder);
}

TEST(addtree_says_whether_streams_are_recorded)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    if (!host_open(&fsi, folder, two_streams)) return;
    fsi_udf(&fsi, 0x200);
    check_pair(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", S_OK);
    ok_int(count_of(&fsi, L"Read me.txt"), 2, "streams");
    host_close(&fsi, folder);
}

TEST(addtree_takes_a_thousand_streams_of_a_file)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    if (!host_open(&fsi, folder, two_streams)) return;
    host.numbered = 998;
    ok(SUCCEEDED(add_tree(&fsi, folder)), "with 1000");
    ok_int(count_of(&fsi, L"Read me.txt"), 1000, "streams");
    host.numbered = 1100;
    ok(SUCCEEDED(add_tree(&fsi, folder)), "with more, the rest of which is lost");
    ok_int(count_of(&fsi, L"Read me.txt"), 1000, "streams");
    host_close(&fsi, folder);
}

TEST(addtree_stages_streams_too)
{
    IFsiFileItem2 *file, *stream = NULL;
    IFsiNamedStreams *streams = NULL;
    IStream *data = NULL;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    if (!host_open(&fsi, folder, two_streams)) return;
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    ok(SUCCEEDED(add_tree(&fsi, folder)), "AddTreeWithNamedStreams");
    DeleteFileW(fsi_path(host.folder, L"two"));
    file = fsi_item(&fsi, L"Read me.txt", &IID_IFsiFileItem2);
    IFsiFileItem2_get_FsiNamedStreams(file, &streams);
    IFsiNamedStreams_get_Item(streams, 1, &stream);
    IFsiFileItem2_get_Data(stream, &data);
    if (ok(data != NULL, "Data"))
    {
        size_t size;
        BYTE *bytes = fsi_read_all(data, &size);

        ok(bytes && size == 5000 && bytes[4999] == fsi_byte(4999), "the copy");
        free(bytes);
        IStream_Release(data);
    }
    IFsiFileItem2_Release(stream);
    IFsiNamedStreams_Release(streams);
    IFsiFileItem2_Release(file);
    host_close(&fsi, folder);
}

TEST(a_host_without_streams_is_no_failure)
{
    static const DWORD errors[] = {
        ERROR_HANDLE_EOF,
        ERROR_INVALID_PARAMETER,
        ERROR_CALL_NOT_IMPLEMENTED,
        ERROR_NOT_SUPPORTED,
    };
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    if (!host_open(&fsi, folder, two_streams)) return;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
    {
        host.first_error = errors[i];
        ok(SUCCEEDED(add_tree(&fsi, folder)), "error %lu", errors[i]);
        ok_int(count_of(&fsi, L"Read me.txt"), 0, "streams");
    }
    host.absent = TRUE;
    ok(SUCCEEDED(add_tree(&fsi, folder)), "without the functions");
    ok_int(count_of(&fsi, L"Read me.txt"), 0, "streams");
    host_close(&fsi, folder);
}

TEST(addtree_fails_wholly_when_a_stream_does)
{
    static const WCHAR *const missing[] = {L"::$DATA", L":one:$DATA", L":not there:$DATA", NULL};
    static const WCHAR *const twice[] = {L"::$DATA", L":one:$DATA", L":ONE:$DATA", NULL};
    static const WCHAR *const odd[] = {L"::$DATA", L":a*b:$DATA", NULL};
    WCHAR folder[MAX_PATH];
    struct fsi fsi;

    if (!host_open(&fsi, folder, missing)) return;
    check_told(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE,
               L"Read me.txt:not there");
    fsi_write(host.folder, L"ONE", 4);
    host.names = twice;
    check_told(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", IMAPI_E_DUP_NAME, L"ONE");
    host.names = odd;
    check_fail(add_tree(&fsi, folder), IMAPI_E_INVALID_PATH, IFACE, L"Read me.txt:a*b");
    host.names = two_streams;
    host.first_error = ERROR_ACCESS_DENIED;
    check_told(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE,
               L"Read me.txt");
    host.first_error = 0;
    host.next_error = ERROR_ACCESS_DENIED;
    check_told(add_tree(&fsi, folder), ID2, L"AddTreeWithNamedStreams", IMAPI_E_DATA_STREAM_CREATE_FAILURE,
               L"Read me.txt");
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    host_close(&fsi, folder);
}

TEST_MAIN(TEST_CASE(addtree_takes_the_streams_of_files), TEST_CASE(addtree_says_whether_streams_are_recorded),
          TEST_CASE(addtree_takes_a_thousand_streams_of_a_file), TEST_CASE(addtree_stages_streams_too),
          TEST_CASE(a_host_without_streams_is_no_failure), TEST_CASE(addtree_fails_wholly_when_a_stream_does))
