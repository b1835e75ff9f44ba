/* Names that mean something to Windows, working directories that go away, threads that meet in one image. */
#include "fsi.h"

#include <stdlib.h>

#define IFACE &IID_IFsiDirectoryItem2
#define DIRECTORY L"IFsiDirectoryItem"

/* --- names ------------------------------------------------------------------------------------------- */

TEST(names_that_lead_elsewhere_are_refused_and_named)
{
    static const WCHAR *const paths[] =
    {
        L"..", L".", L"..\\up",
        L"folder\\..\\up", L"C:\\file", L"C:", L"file:stream", L"a\tb", L"a\nb", L"what?",
        L"a*", L"<a>", L"a|b", L"\"a\"", L"a\\\\b", L"\x01",
    };
    static const WCHAR *const names[] = { L"..", L".", L"C:", L"a\\b", L"a/b", L"a*", L"", L"\x1F" };
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("folder"));
    for (size_t i = 0; i < ARRAYSIZE(paths); i++)
    {
        test_push("path %u", (unsigned)i);
        check_told(fsi_add_file(&fsi, paths[i], 1), DIRECTORY, L"AddFile", IMAPI_E_INVALID_PATH, paths[i]);
        check_told(IFsiDirectoryItem2_AddDirectory(fsi.root, (BSTR)paths[i]), DIRECTORY, L"AddDirectory",
                   IMAPI_E_INVALID_PATH, paths[i]);
        test_pop();
    }
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
    {
        IFsiFileItem *file = (IFsiFileItem *)1;

        test_push("name %u", (unsigned)i);
        check_error(IFileSystemImage3_CreateFileItem(fsi.image, (BSTR)names[i], &file), IMAPI_E_INVALID_PARAM,
                    &IID_IFileSystemImage3, L"'name'");
        ok(!file, "no item");
        test_pop();
    }
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_int(fsi_directory_count(&fsi), 2, "directories");
    fsi_close(&fsi);
}

/* Windows could not make or open such files by these names, but discs hold them, and other systems read them:
   they are recorded as they are. */
TEST(names_of_devices_dots_and_spaces_at_the_end_and_lone_surrogates_are_recorded)
{
    static const struct { const WCHAR *name, *joliet;
    } rows[] =
    {
        { L"CON", L"CON" }, { L"nul.txt", L"nul.txt" }, { L"COM1", L"COM1" }, { L"space ", L"space " },
        { L"dot.", L"dot" }, { L"dots...", L"dots" }, { L"high\xD83D", L"high\xD83D" },
        { L"\xDE00low", L"\xDE00low" }, { L"pair\xD83D\xDE00", L"pair\xD83D\xDE00" },
    };
    struct fsi fsi;
    IStream *stream;

    if (!fsi_open(&fsi)) return;
    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        IFsiItem *item;
        BSTR name = NULL;

        test_push("name %u", (unsigned)i);
        check_pair(fsi_add_file(&fsi, rows[i].name, 3), DIRECTORY, L"AddFile", S_OK);
        item = fsi_item(&fsi, rows[i].name, &IID_IFsiItem);
        if (item)
        {
            IFsiItem_get_Name(item, &name);
            ok_text(name, rows[i].name, "Name");
            SysFreeString(name);
            IFsiItem_FileSystemName(item, FsiFileSystemJoliet, &name);
            ok_text(name, rows[i].joliet, "in Joliet");
            SysFreeString(name);
            IFsiItem_FileSystemName(item, FsiFileSystemUDF, &name);
            ok_text(name, rows[i].name, "in UDF");
            SysFreeString(name);
            IFsiItem_Release(item);
        }
        test_pop();
    }
    if ((stream = fsi_result_stream(&fsi)))
    {
        ok_hr(fsi_read_through(stream), S_OK, "reading the image");
        IStream_Release(stream);
    }
    fsi_close(&fsi);
}

/* --- the working directory --------------------------------------------------------------------------- */

TEST(working_directory_that_is_gone_when_files_are_staged_is_named)
{
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_folder(folder);
    ok_hr(IFileSystemImage3_put_WorkingDirectory(fsi.image, folder), S_OK, "WorkingDirectory");
    IFileSystemImage3_put_StageFiles(fsi.image, VARIANT_TRUE);
    fsi_delete_tree(folder);
    hr = fsi_add_file(&fsi, L"file", 100);
    check_fail(hr, IMAPI_E_STASHFILE_OPEN_FAILURE, IFACE, folder);
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok(CreateDirectoryW(folder, NULL), "the folder again");
    ok_hr(fsi_add_file(&fsi, L"file", 100), S_OK, "and the file");
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* --- threads ----------------------------------------------------------------------------------------- */

#define THREADS 4
#define ROUNDS 150

struct worker
{
    struct fsi *fsi;
    unsigned number;
    LONG added, refused, odd;
};

/* Each adds files and folders of its own, looks, and takes every third away again. */
static DWORD WINAPI work(void *context)
{
    struct worker *worker = context;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (unsigned i = 0; i < ROUNDS; i++)
    {
        WCHAR path[40];
        FsiItemType type;
        LONG blocks;
        HRESULT hr;

        swprintf(path, ARRAYSIZE(path), L"file %u-%u", worker->number, i);
        hr = fsi_add_file(worker->fsi, path, 10 + i);
        if (hr == IMAPI_E_READONLY) worker->refused++;      /* another one reads its stream just now */
        else if (FAILED(hr)) worker->odd++;
        else worker->added++;
        IFileSystemImage3_Exists(worker->fsi->image, path, &type);
        IFileSystemImage3_get_UsedBlocks(worker->fsi->image, &blocks);
        if (SUCCEEDED(hr) && i % 3 == 0)
        {
            do hr = IFsiDirectoryItem2_Remove(worker->fsi->root, path);
            while (hr == IMAPI_E_READONLY);
            if (SUCCEEDED(hr)) worker->added--;
            else worker->odd++;
        }
    }
    CoUninitialize();
    return 0;
}

TEST(threads_that_change_one_image_are_served_or_turned_away)
{
    struct worker workers[THREADS];
    HANDLE threads[THREADS];
    LONG added = 0, odd = 0, before = 0, after = 0;
    struct fsi fsi;
    IStream *stream;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (!fsi_open(&fsi)) return;
    for (unsigned i = 0; i < THREADS; i++)
    {
        workers[i] = (struct worker){ .fsi = &fsi, .number = i };
        threads[i] = CreateThread(NULL, 0, work, &workers[i], 0, NULL);
    }
    for (unsigned i = 0; i < THREADS; i++)
    {
        ok_int(WaitForSingleObject(threads[i], 60000), WAIT_OBJECT_0, "a thread ends");
        CloseHandle(threads[i]);
        added += workers[i].added;
        odd += workers[i].odd;
    }
    ok_int(odd, 0, "failures other than a busy image");
    ok(added > 0, "%ld files", (long)added);
    ok_int(fsi_file_count(&fsi), added, "files");
    IFileSystemImage3_get_UsedBlocks(fsi.image, &before);
    if ((stream = fsi_result_stream(&fsi)))
    {
        STATSTG stat;

        ok_hr(fsi_read_through(stream), S_OK, "reading the image");
        IStream_Stat(stream, &stat, STATFLAG_NONAME);
        after = (LONG)(stat.cbSize.QuadPart / 2048);
        IStream_Release(stream);
    }
    ok_int(after, before, "blocks of the image");
    fsi_close(&fsi);
    CoUninitialize();
}

TEST_MAIN(
    TEST_CASE(names_that_lead_elsewhere_are_refused_and_named),
    TEST_CASE(names_of_devices_dots_and_spaces_at_the_end_and_lone_surrogates_are_recorded),
    TEST_CASE(working_directory_that_is_gone_when_files_are_staged_is_named),
    TEST_CASE(threads_that_change_one_image_are_served_or_turned_away))
