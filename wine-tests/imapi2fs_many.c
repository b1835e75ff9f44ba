/* As many directories as ISO9660 can number, and as many files as get names of their own there, and one
   more. */
#include "fsi.h"

static const WCHAR *const ID = L"IFsiDirectoryItem", *const I1 = L"IFileSystemImage";

enum { MOST = 65535 };                  /* ECMA-119 9.4.4, with the root */

/* Directories below the root, so many in all. */
static void add_directories(struct fsi *fsi, LONG count)
{
    WCHAR name[16];
    HRESULT hr = S_OK;

    for (LONG i = fsi_directory_count(fsi); i < count && hr == S_OK; i++)
    {
        _snwprintf(name, ARRAYSIZE(name), L"d%ld", i);
        hr = IFsiDirectoryItem2_AddDirectory(fsi->root, name);
    }
    ok_hr(hr, S_OK, "AddDirectory");
    ok_int(fsi_directory_count(fsi), count, "directories");
}

#define IFACE &IID_IFsiDirectoryItem2

TEST(one_directory_too_many_is_refused_however_it_comes)
{
    IFsiDirectoryItem *item = NULL;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    LONG used;
    HRESULT hr;

    fsi_folder(folder);
    fsi_mkdir(folder, L"one more");
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    add_directories(&fsi, MOST);
    hr = IFsiDirectoryItem2_AddDirectory(fsi.root, B("one more"));
    check_fail(hr, IMAPI_E_TOO_MANY_DIRS, IFACE, L"ISO9660");
    IFileSystemImage3_CreateDirectoryItem(fsi.image, B("one more"), &item);
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item);
    check_told(hr, ID, L"Add", IMAPI_E_TOO_MANY_DIRS, L"ISO9660");
    hr = fsi_add_tree(&fsi, folder, FALSE);
    check_told(hr, ID, L"AddTree", IMAPI_E_TOO_MANY_DIRS, L"ISO9660");
    check_last_release(item);
    IFileSystemImage3_get_UsedBlocks(fsi.image, &used);
    ok(used > MOST, "blocks %ld", used);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

/* Shortened names are told apart by numbers of six digits. */
TEST(the_file_behind_the_last_number_has_no_unique_name)
{
    static const WCHAR *const one_more = L"the same name 1000000";
    WCHAR name[32], folder[MAX_PATH];
    IFsiFileItem *item = NULL;
    HRESULT hr = S_OK;
    struct fsi fsi;

    fsi_folder(folder);
    fsi_write(folder, one_more, 0);
    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    for (LONG i = 0; i < 1000000 && hr == S_OK; i++)
    {
        _snwprintf(name, ARRAYSIZE(name), L"the same name %ld", i);
        hr = IFileSystemImage3_CreateFileItem(fsi.image, name, &item);
        if (hr == S_OK) hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item);
        if (item) IFsiFileItem_Release(item);
        item = NULL;
    }
    ok_hr(hr, S_OK, "a million");
    IFileSystemImage3_CreateFileItem(fsi.image, (BSTR)one_more, &item);
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item);
    check_told(hr, ID, L"Add", IMAPI_E_NO_UNIQUE_NAME, one_more);
    check_told(fsi_add_tree(&fsi, folder, FALSE), ID, L"AddTree", IMAPI_E_NO_UNIQUE_NAME, L"ISO9660");
    ok_int(fsi_file_count(&fsi), 1000000, "files");
    check_last_release(item);
    fsi_close(&fsi);
    fsi_delete_tree(folder);
}

#undef IFACE
#define IFACE &IID_IFileSystemImage3

TEST(directories_are_counted_again_when_iso9660_is_enabled_and_when_changes_are_taken_back)
{
    struct fsi fsi;
    LONG point;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemNone);
    add_directories(&fsi, MOST + 1);
    hr = IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    check_told(hr, I1, L"put_FileSystemsToCreate", IMAPI_E_TOO_MANY_DIRS, L"ISO9660");
    IFileSystemImage3_get_ChangePoint(fsi.image, &point);
    ok_int(point, MOST, "change point");
    ok_hr(IFsiDirectoryItem2_RemoveTree(fsi.root, B("\\")), S_OK, "RemoveTree");
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660), S_OK, "ISO9660");
    hr = IFileSystemImage3_RollbackToChangePoint(fsi.image, point);
    check_told(hr, I1, L"RollbackToChangePoint", IMAPI_E_TOO_MANY_DIRS, L"ISO9660");
    ok_int(fsi_directory_count(&fsi), 1, "directories");
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(one_directory_too_many_is_refused_however_it_comes),
    TEST_CASE(the_file_behind_the_last_number_has_no_unique_name),
    TEST_CASE(directories_are_counted_again_when_iso9660_is_enabled_and_when_changes_are_taken_back))
