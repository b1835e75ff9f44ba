/* Sessions one after the other on rewritable discs: a new part behind what is there, and an anchor that leads
   to it, recorded last and by ranges alone. */
#include "append.h"

#include <stdlib.h>

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

static const struct disc
{
    const char *medium;
    LONG revision, unit;
} discs[] =
{
    { "dvd+rw", 0x102, 16 }, { "dvd+rw", 0x250, 16 }, { "bd-re", 0x200, 32 }, { "bd-re", 0x260, 32 },
};

struct range { LONG first, last; };

static size_t read_ranges(IBlockRangeList *list, struct range *ranges, size_t room)
{
    SAFEARRAY *array = NULL;
    VARIANT *items;
    ULONG count = 0;

    check_pair(IBlockRangeList_get_BlockRanges(list, &array), L"IBlockRangeList", L"get_BlockRanges", S_OK);
    if (!array) return 0;
    items = array->pvData;
    count = array->rgsabound[0].cElements;
    for (ULONG i = 0; i < count && i < room; i++)
    {
        IBlockRange *range = NULL;

        ok_int(V_VT(&items[i]), VT_DISPATCH, "type of a range");
        IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IBlockRange, (void **)&range);
        if (!ok(range != NULL, "a range")) break;
        check_pair(IBlockRange_get_StartLba(range, &ranges[i].first), L"IBlockRange", L"get_StartLba", S_OK);
        check_pair(IBlockRange_get_EndLba(range, &ranges[i].last), L"IBlockRange", L"get_EndLba", S_OK);
        check_pair(IBlockRange_get_StartLba(range, NULL), L"IBlockRange", L"get_StartLba", E_POINTER);
        check_error_info(&IID_IBlockRange, NULL, NULL);
        check_pair(IBlockRange_get_EndLba(range, NULL), L"IBlockRange", L"get_EndLba", E_POINTER);
        IBlockRange_Release(range);
    }
    SafeArrayDestroy(array);
    return count;
}

/* What the stream says and what the result says are the same. */
static LONG check_ranges(IFileSystemImageResult *result, const struct disc *disc, LONG blocks)
{
    static const IID *const its[] = { &IID_IStream, &IID_ISequentialStream, &IID_IBlockRangeList, NULL };
    static const IID *const list_its[] = {&IID_IBlockRangeList, &IID_IDispatch, &IID_ISupportErrorInfo, NULL};
    IFileSystemImageResult2 *result2 = NULL;
    struct range ranges[4], again[4];
    IBlockRangeList *list = NULL;
    IStream *stream = NULL;
    size_t count;

    IFileSystemImageResult_QueryInterface(result, &IID_IFileSystemImageResult2, (void **)&result2);
    check_pair(IFileSystemImageResult2_get_ModifiedBlocks(result2, &list), L"IFileSystemImageResult2",
               L"get_ModifiedBlocks", S_OK);
    check_pair(IFileSystemImageResult2_get_ModifiedBlocks(result2, NULL), L"IFileSystemImageResult2",
               L"get_ModifiedBlocks", E_POINTER);
    if (!list) return 0;
    check_identity(list, list_its);
    count = read_ranges(list, ranges, 4);
    ok_int(count, 2, "ranges");
    check_pair(IBlockRangeList_get_BlockRanges(list, NULL), L"IBlockRangeList", L"get_BlockRanges",
               E_POINTER);
    check_last_release(list);
    ok_int(ranges[0].last, blocks - 1, "end of the new part");
    ok_int(ranges[1].first, 256, "the unit with the anchor");
    for (size_t i = 0; i < 2; i++)
    {
        ok_int(ranges[i].first % disc->unit, 0, "begins with a unit");
        ok_int((ranges[i].last + 1) % disc->unit, 0, "ends with one");
    }
    ok_int(ranges[1].last - ranges[1].first + 1, disc->unit, "of the anchor one unit");
    IFileSystemImageResult2_Release(result2);

    IFileSystemImageResult_get_ImageStream(result, &stream);
    check_interfaces(stream, its, NULL);
    check_identity(stream, its);
    IStream_QueryInterface(stream, &IID_IBlockRangeList, (void **)&list);
    ok_int(read_ranges(list, again, 4), 2, "ranges of the stream");
    ok(!memcmp(ranges, again, 2 * sizeof(*ranges)), "the stream has other ranges");
    IBlockRangeList_Release(list);
    IStream_Release(stream);
    return ranges[0].first;
}

/* The image holds all of the old volume, from the first block of the disc on. */
static void check_old_part(IStream *stream, LONG before)
{
    HANDLE file = CreateFileW(test_recorder_disc(0), GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    size_t size = 0;
    BYTE *image = fsi_read_all(stream, &size), *disc = malloc((size_t)before * 2048);
    DWORD got = 0;

    if (!image || !ok(file != INVALID_HANDLE_VALUE, "the disc")) return;
    ReadFile(file, disc, (DWORD)before * 2048, &got, NULL);
    ok_int(got, before * 2048, "bytes of the disc");
    ok(!memcmp(image, disc, 256 * 2048), "other blocks before the anchor");
    ok(memcmp(image + 256 * 2048, disc + 256 * 2048, 2048) != 0, "the same anchor");
    ok(!memcmp(image + 257 * 2048, disc + 257 * 2048, (size_t)(before - 257) * 2048),
       "other blocks behind it");
    CloseHandle(file);
    free(image);
    free(disc);
}

static LONG blocks_of(IFileSystemImageResult *result)
{
    LONG blocks = -1;

    IFileSystemImageResult_get_TotalBlocks(result, &blocks);
    return blocks;
}

static void change(struct fsi *fsi)
{
    ok_hr(append_remove(fsi, L"replaced.bin"), S_OK, "Remove");
    ok_hr(fsi_add_file(fsi, L"replaced.bin", 4500), S_OK, "replaced.bin");
    ok_hr(append_remove(fsi, L"removed.bin"), S_OK, "Remove");
    ok_hr(IFileSystemImage3_put_VolumeName(fsi->image, B("SECOND")), S_OK, "VolumeName");
}

static void check_second(struct fsi *fsi)
{
    ok_int(fsi_file_count(fsi), 6, "files");
    append_check_file(fsi, L"kept.bin", 70000);
    append_check_file(fsi, L"A folder\\inside of it.text", 100);
    append_check_file(fsi, L"replaced.bin", 4500);
    append_check_file(fsi, L"renamed.bin", 6000);
}

static LONG first_session(struct append *bench, const struct disc *disc)
{
    IFileSystemImageResult *result;
    IStream *stream = NULL;
    struct fsi fsi;
    LONG blocks = 0;

    if (!append_open(&fsi, FsiFileSystemUDF, disc->revision)) return 0;
    append_fill(&fsi);
    if ((result = fsi_result(&fsi)))
    {
        blocks = blocks_of(result);
        IFileSystemImageResult_get_ImageStream(result, &stream);
        ok_hr(IDiscFormat2Data_Write(bench->writer, stream), S_OK, "the first session");
        IStream_Release(stream);
        IFileSystemImageResult_Release(result);
    }
    fsi_close(&fsi);
    return blocks;
}

static void append_twice(struct append *bench, const struct disc *disc)
{
    LONG before = first_session(bench, disc), room = 0, total = 0, blocks, append;
    IFileSystemImageResult *result;
    IStream *stream = NULL;
    struct fsi fsi;

    if (!append_import(bench, &fsi, FsiFileSystemUDF)) return;
    ok_int(append_start(&fsi), 0, "start of the session");
    IFileSystemImage3_get_FreeMediaBlocks(fsi.image, &room);
    IDiscFormat2Data_get_TotalSectorsOnMedia(bench->writer, &total);
    ok_int(room, total, "free blocks");
    append_check_file(&fsi, L"removed.bin", 10);
    change(&fsi);
    if (!(result = fsi_result(&fsi))) return;
    blocks = blocks_of(result);
    ok_int(append_used(&fsi), blocks, "used blocks");
    append = check_ranges(result, disc, blocks);
    /* What fills the first image up, so that it ends in an anchor, is not needed any more. */
    ok(append >= before - 256 - disc->unit && append <= before,
       "the new part begins at %ld, the old one ends at %ld", append, before);
    IFileSystemImageResult_get_ImageStream(result, &stream);
    check_old_part(stream, append);
    ok_hr(IDiscFormat2Data_Write(bench->writer, stream), S_OK, "the second session");
    IStream_Release(stream);
    IFileSystemImageResult_Release(result);
    fsi_close(&fsi);

    if (!append_import(bench, &fsi, FsiFileSystemUDF)) return;
    check_second(&fsi);
    ok_hr(fsi_add_file(&fsi, L"third.bin", 2049), S_OK, "third.bin");
    ok_hr(append_burn(bench, &fsi), S_OK, "the third session");
    fsi_close(&fsi);

    if (!append_import(bench, &fsi, FsiFileSystemUDF)) return;
    ok_int(fsi_file_count(&fsi), 7, "files");
    append_check_file(&fsi, L"kept.bin", 70000);
    append_check_file(&fsi, L"third.bin", 2049);
    fsi_close(&fsi);
}

TEST(sessions_follow_each_other)
{
    struct append bench;

    for (size_t i = 0; i < ARRAYSIZE(discs); i++)
    {
        test_push("%s, %lx", discs[i].medium, discs[i].revision);
        if (append_begin(&bench, discs[i].medium, NULL)) append_twice(&bench, &discs[i]);
        append_end(&bench);
        test_pop();
    }
}

/* A block outside of the ranges that cannot be written does not matter. */
TEST(no_other_block_is_written)
{
    static const char faults[] = "WRITE(10) lba 0 -> 03/0C/00\nWRITE(12) lba 0 -> 03/0C/00\n"
                                 "WRITE(10) lba 255 -> 03/0C/00\nWRITE(12) lba 255 -> 03/0C/00\n"
                                 "WRITE(10) lba 272 -> 03/0C/00\nWRITE(12) lba 272 -> 03/0C/00\n"
                                 "WRITE(10) lba 319 -> 03/0C/00\nWRITE(12) lba 319 -> 03/0C/00\n";
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "dvd+rw", NULL)) return;
    append_first(&bench, FsiFileSystemUDF, 0x102);
    if (append_again(&bench, faults, NULL, NULL) && append_import(&bench, &fsi, FsiFileSystemUDF))
    {
        change(&fsi);
        ok_hr(append_burn(&bench, &fsi), S_OK, "the second session");
        fsi_close(&fsi);
        if (append_import(&bench, &fsi, FsiFileSystemUDF))
        {
            check_second(&fsi);
            ok_hr(IDiscFormat2Data_put_ForceOverwrite(bench.writer, VARIANT_TRUE), S_OK, "ForceOverwrite");
            fsi_close(&fsi);
        }
        /* The faults work: a fresh image needs these blocks. */
        if (append_open(&fsi, FsiFileSystemUDF, 0x102))
        {
            ok(FAILED(append_burn(&bench, &fsi)), "blocks that fail were written");
            fsi_close(&fsi);
        }
    }
    append_end(&bench);
}

/* The anchor comes last, and with it everything or nothing. */
TEST(write_that_ends_between_the_ranges_leaves_the_old_session)
{
    static const char *const media[] = { "dvd+rw", "bd-re" };
    struct append bench;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (append_begin(&bench, media[i], NULL))
        {
            append_first(&bench, FsiFileSystemUDF, 0x250);
            if (append_again(&bench, "WRITE(10) lba 256 -> 03/0C/00\nWRITE(12) lba 256 -> 03/0C/00\n", NULL,
                             NULL) &&
                append_import(&bench, &fsi, FsiFileSystemUDF))
            {
                change(&fsi);
                ok(FAILED(append_burn(&bench, &fsi)), "a write without its end");
                fsi_close(&fsi);
            }
            if (append_again(&bench, NULL, NULL, NULL) && append_import(&bench, &fsi, FsiFileSystemUDF))
            {
                ok_int(fsi_file_count(&fsi), 7, "files");
                append_check_file(&fsi, L"replaced.bin", 3000);
                append_check_file(&fsi, L"kept.bin", 70000);
                append_check_file(&fsi, L"removed.bin", 10);
                change(&fsi);
                ok_hr(append_burn(&bench, &fsi), S_OK, "and once more");
                fsi_close(&fsi);
            }
            if (append_import(&bench, &fsi, FsiFileSystemUDF))
            {
                check_second(&fsi);
                fsi_close(&fsi);
            }
        }
        append_end(&bench);
        test_pop();
    }
}

TEST(session_with_iso9660_takes_no_other)
{
    FsiFileSystems kind = FsiFileSystemUDF;
    VARIANT_BOOL appendable = VARIANT_TRUE;
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "dvd+rw", NULL)) return;
    append_first(&bench, 7, 0x102);
    if (append_next(&bench, &fsi))
    {
        check_told(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), I1, L"ImportFileSystem",
                   IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION, NULL);
        ok_int(kind, FsiFileSystemNone, "imported");
        check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemUDF), I1,
                   L"ImportSpecificFileSystem", IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION, NULL);
        IFileSystemImage3_ProbeSpecificFileSystem(fsi.image, FsiFileSystemUDF, &appendable);
        ok_int(appendable, VARIANT_FALSE, "appendable");
        ok_int(fsi_file_count(&fsi), 0, "files");
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* A blank one can be written at once: there is nothing to import, and that is said. */
TEST(blank_disc_is_empty)
{
    FsiFileSystems kind = FsiFileSystemUDF;
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "bd-re", NULL)) return;
    if (append_next(&bench, &fsi))
    {
        check_told(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), I1, L"ImportFileSystem",
                   IMAPI_E_EMPTY_DISC, NULL);
        check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemUDF), I1,
                   L"ImportSpecificFileSystem", IMAPI_E_EMPTY_DISC, NULL);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

TEST_MAIN(
    TEST_CASE(sessions_follow_each_other),
    TEST_CASE(no_other_block_is_written),
    TEST_CASE(write_that_ends_between_the_ranges_leaves_the_old_session),
    TEST_CASE(session_with_iso9660_takes_no_other),
    TEST_CASE(blank_disc_is_empty))
