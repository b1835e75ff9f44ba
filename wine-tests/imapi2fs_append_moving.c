/* Imported files that a new session records anew, because they lie in several pieces while ISO 9660 wants
   one: their data are fetched before a recorder writes, since it cannot read meanwhile. */
#include "append.h"

#include <stdlib.h>
#include <string.h>

#define IFACE &IID_IFileSystemImage3

#define SIZE 70000
#define PIECE (16 * 2048)               /* of it, then a block that is none of its, then the rest */

struct file
{
    ULONG first;                        /* block */
    BYTE bytes[SIZE];                   /* as the file is read from then on */
};

static ULONG le32(const BYTE *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (ULONG)bytes[3] << 24;
}

static void put_le32(BYTE *bytes, ULONG value)
{
    for (int i = 0; i < 4; i++) bytes[i] = (BYTE)(value >> 8 * i);
}

/* ECMA-167 1/7.2.6: x^16 + x^12 + x^5 + 1. */
static ULONG crc(const BYTE *bytes, size_t size)
{
    ULONG value = 0;

    for (size_t i = 0; i < size; i++)
    {
        value ^= (ULONG)bytes[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 0x8000 ? value << 1 ^ 0x1021 : value << 1) & 0xFFFF;
    }
    return value;
}

/* A tag whose descriptor was changed: 3/7.2. */
static void seal(BYTE *descriptor, ULONG size)
{
    ULONG value = crc(descriptor + 16, size - 16);
    BYTE sum = 0;

    descriptor[8] = (BYTE)value;
    descriptor[9] = (BYTE)(value >> 8);
    descriptor[10] = (BYTE)(size - 16);
    descriptor[11] = (BYTE)((size - 16) >> 8);
    for (int i = 0; i < 16; i++) sum += i == 4 ? 0 : descriptor[i];
    descriptor[4] = sum;
}

/* Two allocation descriptors instead of one in the file entry of that size: 4/14.9, 4/14.14.1. */
static void break_up(HANDLE disc, void *context)
{
    struct file *file = context;
    BYTE bytes[2048], *extent;

    for (ULONG block = 257; block < 600; block++)
    {
        append_disc_read(disc, block, bytes, sizeof(bytes));
        if (bytes[0] != (261 & 255) || bytes[1] != 261 >> 8 || le32(bytes + 56) != SIZE) continue;
        ok_int(le32(bytes + 172), 8, "one descriptor");
        extent = bytes + 176 + le32(bytes + 168);
        put_le32(bytes + 172, 16);
        put_le32(extent, PIECE);
        put_le32(extent + 8, SIZE - PIECE);
        put_le32(extent + 12, le32(extent + 4) + PIECE / 2048 + 1);
        seal(bytes, (ULONG)(extent + 16 - bytes));
        append_disc_write(disc, block, bytes, sizeof(bytes));
        append_disc_read(disc, file->first, file->bytes, PIECE);
        append_disc_read(disc, file->first + PIECE / 2048 + 1, file->bytes + PIECE, SIZE - PIECE);
        return;
    }
    ok(FALSE, "no file entry");
}

/* Of a file in the image; 0 when it has no blocks there. */
static ULONG first_block(struct fsi *fsi, const WCHAR *path)
{
    IFileSystemImageResult *result = fsi_result(fsi);
    IProgressItems *items = NULL;
    IProgressItem *item = NULL;
    ULONG first = 0;

    if (!result) return 0;
    IFileSystemImageResult_get_ProgressItems(result, &items);
    IProgressItems_ProgressItemFromDescription(items, (BSTR)path, &item);
    if (item) IProgressItem_get_FirstBlock(item, &first);
    if (item) IProgressItem_Release(item);
    IProgressItems_Release(items);
    IFileSystemImageResult_Release(result);
    return first;
}

static void check_bytes(struct fsi *fsi, const WCHAR *path, const struct file *file)
{
    IFsiFileItem *item = fsi_item(fsi, path, &IID_IFsiFileItem);
    BYTE *bytes = malloc(SIZE + 1);
    IStream *stream = NULL;
    ULONG got = 0;

    if (!item) return;
    IFsiFileItem_get_Data(item, &stream);
    ok_hr(IStream_Read(stream, bytes, SIZE + 1, &got), S_OK, "Read");
    ok(got == SIZE && !memcmp(bytes, file->bytes, SIZE), "%lu other bytes", got);
    IStream_Release(stream);
    IFsiFileItem_Release(item);
    free(bytes);
}

/* A first session with the file in pieces. */
static BOOL begin(struct append *bench, struct file *file, LONG file_systems)
{
    struct fsi fsi;

    if (!append_begin(bench, "cd-r", NULL) || !append_open(&fsi, file_systems, 0x102)) return FALSE;
    append_fill(&fsi);
    file->first = first_block(&fsi, L"\\kept.bin");
    ok_hr(append_burn(bench, &fsi), S_OK, "burn");
    fsi_close(&fsi);
    return append_again(bench, NULL, break_up, file);
}

TEST(file_in_pieces_is_fetched_for_iso9660)
{
    IDiscRecorder2 *other;
    IStream *stream;
    struct append bench;
    struct fsi fsi;
    struct file *file = malloc(sizeof(*file));
    size_t size;
    BYTE *image;
    LONG used;

    if (!begin(&bench, file, 7) || !append_import(&bench, &fsi, FsiFileSystemUDF)) return;
    check_bytes(&fsi, L"kept.bin", file);
    used = append_used(&fsi);
    ok(first_block(&fsi, L"\\kept.bin") > 16, "the file is not in the image");
    if ((stream = fsi_result_stream(&fsi)))
    {
        /* The recorder is gone now, as if it wrote. */
        other = test_recorder_open(0);
        ok_hr(IDiscRecorder2_AcquireExclusiveAccess(other, VARIANT_FALSE, B("writer")), S_OK, "acquire");
        if ((image = fsi_read_all(stream, &size)))
        {
            ok_int(size, used * 2048, "bytes of the image");
            free(image);
        }
        IDiscRecorder2_ReleaseExclusiveAccess(other);
        check_last_release(other);
        IStream_Release(stream);
    }
    ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");
    fsi_close(&fsi);

    for (LONG kind = 1; kind <= 4; kind *= 2)
    {
        if (!append_next(&bench, &fsi)) continue;
        ok_hr(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, (FsiFileSystems)kind), S_OK, "import");
        check_bytes(&fsi, L"kept.bin", file);
        append_check_file(&fsi, L"renamed.bin", 6000);
        fsi_close(&fsi);
    }
    append_end(&bench);
    free(file);
}

/* UDF alone has files in pieces: it stays, and its blocks are not taken again. */
TEST(file_in_pieces_stays_where_udf_is_alone)
{
    struct file *file = malloc(sizeof(*file));
    struct append bench;
    struct fsi fsi;

    if (!begin(&bench, file, 4) || !append_import(&bench, &fsi, FsiFileSystemUDF)) return;
    ok_int(first_block(&fsi, L"\\kept.bin"), 0, "the file's block in the image");
    ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");
    fsi_close(&fsi);
    if (append_import(&bench, &fsi, FsiFileSystemUDF))
    {
        check_bytes(&fsi, L"kept.bin", file);
        fsi_close(&fsi);
    }
    append_end(&bench);
    free(file);
}

TEST(file_that_cannot_be_fetched_fails_the_result)
{
    struct file *file = malloc(sizeof(*file));
    IFileSystemImageResult *result = NULL;
    WCHAR number[16];
    struct append bench;
    struct fsi fsi;
    char faults[64];

    if (!begin(&bench, file, 7)) return;
    snprintf(faults, sizeof(faults), "READ(10) lba %lu -> 03/11/05", file->first + 20);
    swprintf(number, 16, L"%lu", file->first + 20);
    if (append_again(&bench, faults, NULL, NULL) && append_import(&bench, &fsi, FsiFileSystemUDF))
    {
        check_fail(IFileSystemImage3_CreateResultImage(fsi.image, &result), IMAPI_E_IMPORT_READ_FAILURE,
                   IFACE, number);
        ok(!result, "no result");
        ok_hr(append_remove(&fsi, L"kept.bin"), S_OK, "the image can be changed");
        ok_hr(append_burn(&bench, &fsi), S_OK, "without it");
        fsi_close(&fsi);
    }
    append_end(&bench);
    free(file);
}

/* The Data of a file may go into another image: that is a plain stream there. */
TEST(data_of_an_imported_file_for_another_image)
{
    struct append bench;
    struct fsi from, to;
    IFsiFileItem *item;
    IStream *stream = NULL;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    if (append_import(&bench, &from, FsiFileSystemJoliet))
    {
        item = fsi_item(&from, L"kept.bin", &IID_IFsiFileItem);
        IFsiFileItem_get_Data(item, &stream);
        IFsiFileItem_Release(item);
        if (fsi_open(&to))
        {
            ok_hr(IFsiDirectoryItem2_AddFile(to.root, B("copy"), stream), S_OK, "AddFile");
            append_check_file(&to, L"copy", 70000);
            ok(first_block(&to, L"\\copy") > 16, "the copy has its blocks");
            fsi_close(&to);
        }
        if (append_import(&bench, &to, FsiFileSystemJoliet))
        {
            LONG used = append_used(&to);

            ok_hr(IFsiDirectoryItem2_AddFile(to.root, B("copy"), stream), S_OK, "AddFile");
            ok_int(append_used(&to), used + 35, "blocks for a copy");
            fsi_close(&to);
        }
        /* In its own image it is a second name of what lies on the disc. */
        {
            LONG used = append_used(&from);

            ok_hr(IFileSystemImage3_put_StageFiles(from.image, VARIANT_TRUE), S_OK, "StageFiles");
            ok_hr(IFsiDirectoryItem2_AddFile(from.root, B("copy"), stream), S_OK, "AddFile");
            ok_int(append_used(&from), used, "blocks for a second name");
            append_check_file(&from, L"copy", 70000);
        }
        IStream_Release(stream);
        ok_hr(append_burn(&bench, &from), S_OK, "the next session");
        fsi_close(&from);
    }
    if (append_import(&bench, &from, FsiFileSystemJoliet))
    {
        append_check_file(&from, L"copy", 70000);
        append_check_file(&from, L"kept.bin", 70000);
        fsi_close(&from);
    }
    append_end(&bench);
}

TEST_MAIN(
    TEST_CASE(file_in_pieces_is_fetched_for_iso9660),
    TEST_CASE(file_in_pieces_stays_where_udf_is_alone),
    TEST_CASE(file_that_cannot_be_fetched_fails_the_result),
    TEST_CASE(data_of_an_imported_file_for_another_image))
