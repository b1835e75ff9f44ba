/* Whole images, read by programs that others wrote: what they extract is the tree that was added. Under
   Wine only, where the host has such programs (xorriso, 7z, isoinfo). */
#include "fsi.h"

#include <shlwapi.h>
#include <stdlib.h>

/* Names of every kind and files of every critical size, below folder\tree. */
static const char *const make_tree =
    "rm -rf tree x y out.iso; mkdir -p tree/sub/'Empty folder' tree/a/b/c/d/e/f/g tree/many && cd tree && "
    "for s in 0 1 2047 2048 2049 4096 65535 65536 65537 1048576 3000001; do head -c $s /dev/urandom > "
    "size$s.bin; done && "
    "i=0; while [ $i -lt 300 ]; do echo $i > many/'A long file name, number '$i.text; i=$((i+1)); done; "
    "echo 1 > a/b/c/d/e/f/g/deep.txt; echo 2 > 'spaces and (brackets) [1] {2} ~#&+=@!$%^.tar.gz'; echo 3 > "
    ".hidden; "
    "echo 4 > README; echo 5 > readme.TXT; "
    "echo 6 > 'gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac \xce\xb1.txt'; "
    "touch -d @1234567890 README; cd ..";

static BOOL have(const WCHAR *folder, const char *program)
{
    char script[64];

    sprintf(script, "command -v %s > /dev/null", program);
    return fsi_host_shell(folder, script);
}

/* The image of folder\tree as folder\out.iso. */
static BOOL make_image(const WCHAR *folder, LONG kinds, LONG level, BOOL stage)
{
    ULARGE_INTEGER all = { .QuadPart = ~0ull }, written = { .QuadPart = 0 };
    IStream *stream, *file = NULL;
    struct fsi fsi;
    STATSTG stat;
    HRESULT hr;

    if (!fsi_open(&fsi)) return FALSE;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, (FsiFileSystems)kinds);
    IFileSystemImage3_put_ISO9660InterchangeLevel(fsi.image, level);
    IFileSystemImage3_put_StageFiles(fsi.image, stage ? VARIANT_TRUE : VARIANT_FALSE);
    IFileSystemImage3_put_VolumeName(fsi.image, B("EXTRACT"));
    hr = IFsiDirectoryItem2_AddTree(fsi.root, (BSTR)fsi_path(folder, L"tree"), VARIANT_FALSE);
    ok_hr(hr, S_OK, "AddTree");
    stream = fsi_result_stream(&fsi);
    SHCreateStreamOnFileEx(fsi_path(folder, L"out.iso"), STGM_CREATE | STGM_WRITE, FILE_ATTRIBUTE_NORMAL,
                           TRUE, NULL, &file);
    if (!ok(stream && file, "streams")) return FALSE;
    IStream_Stat(stream, &stat, STATFLAG_NONAME);
    ok_hr(IStream_CopyTo(stream, file, all, NULL, &written), S_OK, "CopyTo");
    ok_int(written.QuadPart, stat.cbSize.QuadPart, "bytes written");
    IStream_Release(file);
    check_last_release(stream);
    fsi_close(&fsi);
    return hr == S_OK;
}

/* A folder with the tree; FALSE and skipped when there is no shell, or not that program. */
static BOOL start(WCHAR folder[MAX_PATH], const char *program)
{
    fsi_folder(folder);
    if (!fsi_host_shell(folder, "true")) skip("there is no host to ask");
    else if (!have(folder, program)) skip("%s is not installed", program);
    else if (ok(fsi_host_shell(folder, make_tree), "a tree")) return TRUE;
    fsi_delete_tree(folder);
    return FALSE;
}

static void finish(const WCHAR *folder)
{
    fsi_host_shell(folder, "chmod -R u+w . ; rm -rf tree x y out.iso");
    fsi_delete_tree(folder);
}

TEST(xorriso_extracts_the_tree)
{
    WCHAR folder[MAX_PATH];

    if (!start(folder, "xorriso")) return;
    if (make_image(folder, 3, 1, FALSE))
    {
        ok(fsi_host_shell(folder, "xorriso -osirrox on -indev out.iso -extract / x 2> log && diff -r tree x"),
           "what xorriso extracts is the tree");
        ok(fsi_host_shell(folder, "[ $(stat -c %Y x/README) = 1234567890 ]"), "with its times");
        ok(fsi_host_shell(folder, "xorriso -indev out.iso -toc 2>&1 | grep -q 'Volume id    : .EXTRACT'"),
           "and its name");
    }
    finish(folder);
}

TEST(seven_zip_extracts_the_tree)
{
    WCHAR folder[MAX_PATH];

    if (!start(folder, "7z")) return;
    if (make_image(folder, 3, 1, FALSE))
        ok(fsi_host_shell(folder,
                          "LC_ALL=C.UTF-8 7z x -ox out.iso > log && rm -rf x/'[BOOT]' && diff -r tree x"),
           "what 7z extracts is the tree");
    finish(folder);
}

TEST(staged_tree_is_the_same)
{
    WCHAR folder[MAX_PATH];

    if (!start(folder, "xorriso")) return;
    if (make_image(folder, 3, 2, TRUE))
        ok(fsi_host_shell(folder, "xorriso -osirrox on -indev out.iso -extract / x 2> log && diff -r tree x"),
           "what xorriso extracts is the tree");
    finish(folder);
}

/* Without Joliet the names are others, the contents the same; both levels. */
TEST(iso9660_alone_has_all_contents)
{
    WCHAR folder[MAX_PATH];

    if (!start(folder, "xorriso")) return;
    for (LONG level = 1; level <= 2; level++)
    {
        if (!make_image(folder, 1, level, FALSE)) break;
        ok(fsi_host_shell(folder,
                          "xorriso -osirrox on -indev out.iso -extract / x 2> log && "
                          "(cd tree; find . -type f -exec md5sum {} +) | cut -c1-32 | sort > a && "
                          "(cd x; find . -type f -exec md5sum {} +) | cut -c1-32 | sort > b && cmp a b && "
                          "chmod -R u+w x && rm -rf x a b log"),
           "contents at level %ld", level);
    }
    finish(folder);
}

TEST(isoinfo_lists_plain_names_at_level_1)
{
    WCHAR folder[MAX_PATH];

    if (!start(folder, "isoinfo")) return;
    if (make_image(folder, 3, 1, FALSE))
        ok(fsi_host_shell(folder, "isoinfo -f -i out.iso > x && [ $(wc -l < x) -gt 300 ] && "
                                  "! grep -vE '^(/[A-Z0-9_]{1,8}([.][A-Z0-9_]{0,3}(;1)?)?)+$' x"),
           "names of 8 and 3 d-characters");
    finish(folder);
}

TEST_MAIN(
    TEST_CASE(xorriso_extracts_the_tree),
    TEST_CASE(seven_zip_extracts_the_tree),
    TEST_CASE(staged_tree_is_the_same),
    TEST_CASE(iso9660_alone_has_all_contents),
    TEST_CASE(isoinfo_lists_plain_names_at_level_1))
