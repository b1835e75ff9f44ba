/* Imports of discs that cannot be read everywhere, that are damaged, or whose drive has other things to say
   first. */
#include "append.h"

#include <stdlib.h>

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

static ULONG le32(const BYTE *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (ULONG)bytes[3] << 24;
}

static HRESULT import(struct fsi *fsi)
{
    FsiFileSystems kind = FsiFileSystemNone;
    HRESULT hr = IFileSystemImage3_ImportFileSystem(fsi->image, &kind);

    ok((kind != FsiFileSystemNone) == SUCCEEDED(hr), "kind %d", kind);
    return hr;
}

static void check_untouched(struct fsi *fsi)
{
    LONG point = -1;
    BSTR name = NULL;

    IFileSystemImage3_get_ChangePoint(fsi->image, &point);
    ok_int(point, 0, "change point");
    ok_int(fsi_file_count(fsi), 0, "files");
    ok_int(append_start(fsi), 0, "start");
    IFileSystemImage3_get_ImportedVolumeName(fsi->image, &name);
    ok(!name, "a name was imported");
}

/* --- reading ----------------------------------------------------------------------------------------- */

/* The block of Joliet's root directory: ECMA-119 8.5, 9.1.3. */
static void find_root(HANDLE disc, void *context)
{
    BYTE bytes[2048];

    append_disc_read(disc, 17, bytes, sizeof(bytes));
    *(ULONG *)context = le32(bytes + 156 + 2);
}

TEST(block_that_cannot_be_read_is_named)
{
    WCHAR number[16];
    struct append bench;
    struct fsi fsi;
    char faults[64];
    ULONG root = 0;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    append_again(&bench, NULL, find_root, &root);
    snprintf(faults, sizeof(faults), "READ(10) lba %lu -> 03/11/05", root);
    swprintf(number, 16, L"%lu", root);
    ok(root > 17, "root at %lu", root);
    if (append_again(&bench, faults, NULL, NULL) && append_next(&bench, &fsi))
    {
        check_fail(import(&fsi), IMAPI_E_IMPORT_READ_FAILURE, IFACE, number);
        check_untouched(&fsi);
        ok_hr(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemISO9660), S_OK,
              "the other one");
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* Trouble on the way to the file systems is told as none that can be used. */
TEST(session_whose_beginning_cannot_be_read_has_no_file_system)
{
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    if (append_again(&bench, "READ(10) lba 16 -> 03/11/05", NULL, NULL) && append_next(&bench, &fsi))
    {
        check_told(import(&fsi), I1, L"ImportFileSystem", IMAPI_E_NO_SUPPORTED_FILE_SYSTEM, NULL);
        check_untouched(&fsi);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* What a drive has to say of a new disc, or while it is busy, is no failure. */
TEST(drive_with_news_is_asked_again)
{
    static const char *const faults[] = {
        "READ(10) #1 -> 06/28/00",      "READ(10) #1 -> 06/29/00\nREAD(10) #2 -> 06/28/00",
        "READ(10) #2 -> 02/04/01",      "READ(10) -> busy 600 ms",
        "READ(10) #1 -> short 100",     "READ TOC/PMA/ATIP #1 -> 06/28/00",
        "READ CAPACITY #1 -> 06/28/00",
    };
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    for (size_t i = 0; i < ARRAYSIZE(faults); i++)
    {
        FsiFileSystems kinds = FsiFileSystemNone;

        test_push("%s", faults[i]);
        if (append_again(&bench, faults[i], NULL, NULL) && fsi_open(&fsi))
        {
            ok_hr(IFileSystemImage3_IdentifyFileSystemsOnDisc(fsi.image, bench.recorder, &kinds), S_OK,
                  "identify");
            ok_int(kinds, 3, "file systems");
            fsi_close(&fsi);
        }
        if (append_again(&bench, faults[i], NULL, NULL) && append_next(&bench, &fsi))
        {
            ok_hr(import(&fsi), S_OK, "import");
            ok_int(fsi_file_count(&fsi), 7, "files");
            append_check_file(&fsi, L"kept.bin", 70000);
            fsi_close(&fsi);
        }
        test_pop();
    }
    append_end(&bench);
}

TEST(data_that_cannot_be_read_are_no_matter_for_the_import)
{
    IFileSystemImageResult *result;
    IProgressItems *items = NULL;
    IFsiFileItem *file;
    struct append bench;
    IStream *stream = NULL;
    IProgressItem *item = NULL;
    struct fsi fsi;
    char faults[64];
    ULONG first = 0;

    if (!append_begin(&bench, "dvd+r", NULL) || !append_open(&fsi, 4, 0x102)) return;
    append_fill(&fsi);
    if (!(result = fsi_result(&fsi))) return;
    IFileSystemImageResult_get_ProgressItems(result, &items);
    IProgressItems_ProgressItemFromDescription(items, B("\\kept.bin"), &item);
    IProgressItem_get_FirstBlock(item, &first);
    IProgressItem_Release(item);
    IProgressItems_Release(items);
    IFileSystemImageResult_Release(result);
    ok_hr(append_burn(&bench, &fsi), S_OK, "burn");
    fsi_close(&fsi);
    snprintf(faults, sizeof(faults), "READ(10) lba %lu -> 03/11/05", first + 3);
    if (append_again(&bench, faults, NULL, NULL) && append_import(&bench, &fsi, FsiFileSystemUDF))
    {
        if ((file = fsi_item(&fsi, L"kept.bin", &IID_IFsiFileItem)))
        {
            IFsiFileItem_get_Data(file, &stream);
            ok(FAILED(fsi_read_through(stream)), "the file can be read");
            IStream_Release(stream);
            IFsiFileItem_Release(file);
        }
        append_check_file(&fsi, L"renamed.bin", 6000);
        ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");    /* the file stays where it is */
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* --- damage ------------------------------------------------------------------------------------------ */

/* ECMA-167 4/14.9: the first file entry is that of the root. */
static void damage_file_entry(HANDLE disc, void *context)
{
    BYTE bytes[2048];

    (void)context;
    for (ULONG block = 257; block < 400; block++)
    {
        append_disc_read(disc, block, bytes, sizeof(bytes));
        if (bytes[0] != (261 & 255) || bytes[1] != 261 >> 8) continue;
        bytes[100] ^= 0x55;                         /* the CRC does not fit any more */
        append_disc_write(disc, block, bytes, sizeof(bytes));
        return;
    }
    ok(FALSE, "no file entry");
}

TEST(damaged_udf_is_inconsistent)
{
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 4, 0x102);
    if (append_again(&bench, NULL, damage_file_entry, NULL) && append_next(&bench, &fsi))
    {
        check_fail(import(&fsi), IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR, IFACE, L"UDF");
        check_untouched(&fsi);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* Joliet's name of kept.bin, in UCS-2 with the high byte first, gets a character that no name may have. */
static void spoil_name(HANDLE disc, void *context)
{
    static const BYTE name[] = { 0, 'k', 0, 'e', 0, 'p', 0, 't' };
    BYTE bytes[2048];
    ULONG root = 0;

    (void)context;
    find_root(disc, &root);
    append_disc_read(disc, root, bytes, sizeof(bytes));
    for (size_t i = 0; i + sizeof(name) < sizeof(bytes); i++)
    {
        if (memcmp(bytes + i, name, sizeof(name))) continue;
        bytes[i + 3] = '?';
        append_disc_write(disc, root, bytes, sizeof(bytes));
        return;
    }
    ok(FALSE, "no such name");
}

TEST(name_that_no_item_can_have_is_told)
{
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    if (append_again(&bench, NULL, spoil_name, NULL) && append_next(&bench, &fsi))
    {
        check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemJoliet), I1,
                   L"ImportSpecificFileSystem", IMAPI_E_INVALID_PATH, L"\\k?pt.bin");
        check_untouched(&fsi);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

TEST_MAIN(
    TEST_CASE(block_that_cannot_be_read_is_named),
    TEST_CASE(session_whose_beginning_cannot_be_read_has_no_file_system),
    TEST_CASE(drive_with_news_is_asked_again),
    TEST_CASE(data_that_cannot_be_read_are_no_matter_for_the_import),
    TEST_CASE(damaged_udf_is_inconsistent),
    TEST_CASE(name_that_no_item_can_have_is_told))
