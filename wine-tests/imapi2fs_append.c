/* Sessions one after the other on discs that are written once: burnt by our writer, imported, changed,
   appended, and imported again. */
#include "append.h"

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

static const struct disc
{
    const char *medium;
    LONG file_systems, revision;
} discs[] =
{
    { "cd-r", 3, 0 },      { "cd-r", 7, 0x102 },   { "cd-rw", 4, 0x250 },  { "cd-rw", 1, 0 },
    { "dvd+r", 3, 0 },     { "dvd+r", 7, 0x102 },  { "dvd+r", 4, 0x102 },  { "dvd+r", 4, 0x260 },
    { "bd-r", 7, 0x200 },  { "bd-r", 7, 0x250 },   { "bd-r", 4, 0x201 },   { "cd-r", 5, 0x150 },
};

static LONG newest(const struct disc *disc)
{
    if (disc->file_systems & FsiFileSystemUDF) return FsiFileSystemUDF;
    return disc->file_systems & FsiFileSystemJoliet ? FsiFileSystemJoliet : FsiFileSystemISO9660;
}

/* ISO 9660 alone has short names in capitals; those are what comes back from it. */
static const WCHAR *name_on(const struct disc *disc, const WCHAR *name)
{
    static const WCHAR *const names[][2] =
    {
        { L"A folder\\inside of it.text", L"A_FOLDER\\INSIDE_O.TEX" }, { L"\\A folder", L"\\A_FOLDER" },
    };

    for (size_t i = 0; disc->file_systems == 1 && i < ARRAYSIZE(names); i++)
        if (!wcscmp(name, names[i][0])) return names[i][1];
    return name;
}

static void check_secret(struct fsi *fsi)
{
    IFsiItem *item = fsi_item(fsi, L"secret", &IID_IFsiItem);
    VARIANT_BOOL hidden = VARIANT_FALSE;
    DATE time = 0;

    if (!item) return;
    IFsiItem_get_IsHidden(item, &hidden);
    ok_int(hidden, VARIANT_TRUE, "hidden");
    IFsiItem_get_LastModifiedTime(item, &time);
    ok_int(time * 1000, 36557500, "time");
    IFsiItem_Release(item);
}

static void check_first_session(struct fsi *fsi, const struct disc *disc)
{
    ok_int(fsi_file_count(fsi), 7, "files");
    ok_int(fsi_directory_count(fsi), 2, "directories");
    append_check_file(fsi, L"kept.bin", 70000);
    append_check_file(fsi, name_on(disc, L"A folder\\inside of it.text"), 100);
    append_check_file(fsi, L"replaced.bin", 3000);
    append_check_file(fsi, L"removed.bin", 10);
    append_check_file(fsi, L"renamed.bin", 6000);
    append_check_file(fsi, L"empty", 0);
    append_check_file(fsi, L"secret", 5);
    check_secret(fsi);
}

/* The session before fixes what comes behind it. */
static void check_fixed(struct fsi *fsi, const struct disc *disc)
{
    FsiFileSystems kinds = FsiFileSystemNone;
    LONG other = disc->file_systems == 7 ? 3 : 7, revision = 0;

    IFileSystemImage3_get_FileSystemsToCreate(fsi->image, &kinds);
    ok_int(kinds, disc->file_systems, "file systems to create");
    check_told(IFileSystemImage3_put_FileSystemsToCreate(fsi->image, (FsiFileSystems)other), I1,
               L"put_FileSystemsToCreate", IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED, NULL);
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(fsi->image, kinds), S_OK, "the same again");
    if (!(kinds & FsiFileSystemUDF)) return;
    IFileSystemImage3_get_UDFRevision(fsi->image, &revision);
    ok_int(revision, disc->revision, "revision");
    other = revision == 0x102 ? 0x150 : 0x102;
    check_fail(IFileSystemImage3_put_UDFRevision(fsi->image, other), IMAPI_E_UDF_REVISION_CHANGE_NOT_ALLOWED,
               IFACE, NULL);
    ok_hr(IFileSystemImage3_put_UDFRevision(fsi->image, revision), S_OK, "the same again");
}

static void check_place(struct append *bench, struct fsi *fsi)
{
    LONG next = -1, room = -1, value = -1;

    IDiscFormat2Data_get_NextWritableAddress(bench->writer, &next);
    IDiscFormat2Data_get_FreeSectorsOnMedia(bench->writer, &room);
    ok(next > 0, "next writable %ld", next);
    check_pair(IFileSystemImage3_get_SessionStartBlock(fsi->image, &value), I1, L"get_SessionStartBlock",
               S_OK);
    ok_int(value, next, "start of the session");
    check_fail(IFileSystemImage3_put_SessionStartBlock(fsi->image, next + 1), IMAPI_E_READONLY, IFACE, NULL);
    ok_hr(IFileSystemImage3_put_SessionStartBlock(fsi->image, next), S_OK, "the same again");
    IFileSystemImage3_get_FreeMediaBlocks(fsi->image, &value);
    ok_int(value, room, "free blocks");
}

static void check_name(struct fsi *fsi, const WCHAR *name)
{
    BSTR text = NULL;

    check_pair(IFileSystemImage3_get_ImportedVolumeName(fsi->image, &text), I1, L"get_ImportedVolumeName",
               S_OK);
    ok_text(text, name, "imported name");
    SysFreeString(text);
}

/* As programs rename a file: no data move when they lie on the disc already. */
static void rename_file(struct fsi *fsi)
{
    IFsiFileItem *old = fsi_item(fsi, L"renamed.bin", &IID_IFsiFileItem), *item = NULL;
    LONG used = append_used(fsi);
    IStream *stream = NULL;

    if (!old) return;
    IFsiFileItem_get_Data(old, &stream);
    ok_hr(IFileSystemImage3_CreateFileItem(fsi->image, B("newname.bin"), &item), S_OK, "CreateFileItem");
    ok_hr(IFsiFileItem_put_Data(item, stream), S_OK, "Data");
    ok_hr(IFsiDirectoryItem2_Add(fsi->root, (IFsiItem *)item), S_OK, "Add");
    ok_hr(append_remove(fsi, L"renamed.bin"), S_OK, "Remove");
    ok_int(append_used(fsi), used, "blocks used");
    IStream_Release(stream);
    IFsiFileItem_Release(item);
    IFsiFileItem_Release(old);
}

static void change(struct fsi *fsi, const struct disc *disc)
{
    ok_hr(append_remove(fsi, L"replaced.bin"), S_OK, "Remove");
    ok_hr(fsi_add_file(fsi, L"replaced.bin", 4500), S_OK, "replaced.bin");
    ok_hr(append_remove(fsi, L"removed.bin"), S_OK, "Remove");
    rename_file(fsi);
    ok_hr(IFsiDirectoryItem2_AddDirectory(fsi->root, B("new")), S_OK, "AddDirectory");
    ok_hr(fsi_add_file(fsi, L"new\\file.bin", 12345), S_OK, "file.bin");
    ok_hr(IFileSystemImage3_put_VolumeName(fsi->image, B("SECOND")), S_OK, "VolumeName");
    ok_int(fsi_exists(fsi, name_on(disc, L"\\A folder")), FsiItemDirectory, "the folder");
}

/* Nobody looks at its end alone: on sequential media all of the image is new. */
static void check_result(struct fsi *fsi)
{
    IFileSystemImageResult2 *result2 = NULL;
    IBlockRangeList *list = (IBlockRangeList *)1;
    IFileSystemImageResult *result = fsi_result(fsi);
    BSTR of_result = NULL, of_disc = NULL;

    if (!result) return;
    IFileSystemImageResult_QueryInterface(result, &IID_IFileSystemImageResult2, (void **)&result2);
    check_pair(IFileSystemImageResult2_get_ModifiedBlocks(result2, &list), L"IFileSystemImageResult2",
               L"get_ModifiedBlocks", E_NOTIMPL);
    ok(!list, "no list");
    check_pair(IFileSystemImageResult_get_DiscId(result, &of_result), L"IFileSystemImageResult",
               L"get_DiscId", S_OK);
    check_pair(IFileSystemImageResult_get_DiscId(result, NULL), L"IFileSystemImageResult", L"get_DiscId",
               E_POINTER);
    check_pair(IFileSystemImage3_CalculateDiscIdentifier(fsi->image, &of_disc), I1,
               L"CalculateDiscIdentifier", S_OK);
    ok_text(of_result, of_disc, "identifier");
    ok_int(SysStringLen(of_result), 16, "its length");
    SysFreeString(of_result);
    SysFreeString(of_disc);
    IFileSystemImageResult2_Release(result2);
    check_last_release(result);
}

static void check_second_session(struct fsi *fsi, const struct disc *disc)
{
    ok_int(fsi_file_count(fsi), 7, "files");
    ok_int(fsi_directory_count(fsi), 3, "directories");
    append_check_file(fsi, L"kept.bin", 70000);
    append_check_file(fsi, name_on(disc, L"A folder\\inside of it.text"), 100);
    append_check_file(fsi, L"replaced.bin", 4500);
    append_check_file(fsi, L"newname.bin", 6000);
    append_check_file(fsi, L"new\\file.bin", 12345);
    append_check_file(fsi, L"empty", 0);
    check_secret(fsi);
}

static void append_twice(struct append *bench, const struct disc *disc)
{
    LONG kind = newest(disc), first;
    struct fsi fsi;

    append_first(bench, disc->file_systems, disc->revision);
    if (!append_import(bench, &fsi, kind)) return;
    check_first_session(&fsi, disc);
    check_fixed(&fsi, disc);
    check_place(bench, &fsi);
    check_name(&fsi, disc->file_systems == 1 ? L"FIRST_SESSION" : L"First_Session");
    first = append_used(&fsi);
    change(&fsi, disc);
    ok(append_used(&fsi) >= first && append_used(&fsi) < first + 40, "%ld and %ld blocks used", first,
       append_used(&fsi));
    check_result(&fsi);
    ok_hr(append_burn(bench, &fsi), S_OK, "the second session");
    fsi_close(&fsi);

    if (!append_import(bench, &fsi, kind)) return;
    check_second_session(&fsi, disc);
    check_place(bench, &fsi);
    check_name(&fsi, L"SECOND");
    ok_hr(fsi_add_file(&fsi, L"third.bin", 2049), S_OK, "third.bin");
    ok_hr(append_burn(bench, &fsi), S_OK, "the third session");
    fsi_close(&fsi);

    if (!append_import(bench, &fsi, kind)) return;
    ok_int(fsi_file_count(&fsi), 8, "files");
    append_check_file(&fsi, L"kept.bin", 70000);
    append_check_file(&fsi, L"third.bin", 2049);
    append_check_file(&fsi, L"newname.bin", 6000);
    fsi_close(&fsi);
}

TEST(sessions_follow_each_other)
{
    struct append bench;

    for (size_t i = 0; i < ARRAYSIZE(discs); i++)
    {
        test_push("%s, %ld, %lx", discs[i].medium, discs[i].file_systems, discs[i].revision);
        if (append_begin(&bench, discs[i].medium, NULL)) append_twice(&bench, &discs[i]);
        append_end(&bench);
        test_pop();
    }
}

TEST_MAIN(
    TEST_CASE(sessions_follow_each_other))
