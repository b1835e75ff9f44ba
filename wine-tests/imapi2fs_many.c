/* As many directories as ISO9660 can number, and one more; and a folder of many files. */
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
    TEST_CASE(directories_are_counted_again_when_iso9660_is_enabled_and_when_changes_are_taken_back))
