/* FreeMediaBlocks, the file systems to create, and both by the type of a medium. */
#include "fsi.h"

static const WCHAR *const I1 = L"IFileSystemImage", *const ID = L"IFsiDirectoryItem";

#define IFACE &IID_IFileSystemImage3

#define NUMBER(name, property)                                                                               \
    static LONG name(struct fsi *fsi)                                                                        \
    {                                                                                                        \
        LONG value = -7;                                                                                     \
                                                                                                             \
        IFileSystemImage3_get_##property(fsi->image, &value);                                                \
        return value;                                                                                        \
    }
NUMBER(free_blocks, FreeMediaBlocks)
NUMBER(used_blocks, UsedBlocks)
NUMBER(revision, UDFRevision)

static LONG kinds(struct fsi *fsi)
{
    FsiFileSystems value = FsiFileSystemUnknown;

    IFileSystemImage3_get_FileSystemsToCreate(fsi->image, &value);
    return value;
}

/* --- limits ------------------------------------------------------------------------------------------ */

TEST(limit_is_checked_when_it_is_put)
{
    struct fsi fsi;
    HRESULT hr;
    LONG used;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 100 * 2048);
    used = used_blocks(&fsi);
    hr = IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used - 1);
    check_told(hr, I1, L"put_FreeMediaBlocks", IMAPI_E_IMAGE_TOO_BIG, NULL);
    ok_int(free_blocks(&fsi), 332800, "the limit stays");
    check_pair(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used), I1, L"put_FreeMediaBlocks", S_OK);
    ok_int(free_blocks(&fsi), used, "the limit");
    fsi_close(&fsi);
}

TEST(limit_is_checked_with_every_addition)
{
    IFsiFileItem *item = NULL;
    IStream *stream;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used_blocks(&fsi) + 10);
    ok_hr(fsi_add_file(&fsi, L"fits", 10 * 2048), S_OK, "ten blocks");
    hr = fsi_add_file(&fsi, L"one more", 1);
#undef IFACE
#define IFACE &IID_IFsiDirectoryItem2
    check_told(hr, ID, L"AddFile", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\one more");
    IFileSystemImage3_CreateFileItem(fsi.image, B("item"), &item);
    stream = fsi_stream(1);
    IFsiFileItem_put_Data(item, stream);
    hr = IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item);
    check_told(hr, ID, L"Add", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\item");
#undef IFACE
#define IFACE &IID_IFileSystemImage3
    ok_hr(IFsiDirectoryItem2_Remove(fsi.root, B("fits")), S_OK, "Remove");
    ok_hr(IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item), S_OK, "when there is room again");
    check_last_release(item);
    fsi_close(&fsi);
    check_last_release(stream);
}

/* 0 by the reference, negative numbers by habit of programs; 0x7FFFFFFF is large enough for anything. */
TEST(zero_and_negative_numbers_lift_the_limit)
{
    static const LONG limits[] = { 0, -1, MINLONG, MAXLONG };
    struct test_stream huge;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(limits); i++)
    {
        if (!fsi_open(&fsi)) return;
        test_stream_init(&huge, 2000000000);
        test_push("limit %ld", limits[i]);
        ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, limits[i]), S_OK, "put_FreeMediaBlocks");
        ok_int(free_blocks(&fsi), limits[i], "the limit");
        ok_hr(IFsiDirectoryItem2_AddFile(fsi.root, B("huge"), &huge.iface), S_OK, "AddFile");
        fsi_close(&fsi);
        test_pop();
    }
}

/* A rule given up, or a higher level, makes names longer, and so directories. */
TEST(rules_that_make_the_content_too_big_stay_as_they_are)
{
    VARIANT_BOOL strict = VARIANT_FALSE;
    struct fsi fsi;
    LONG level = 0;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_TRUE);
    for (unsigned i = 0; i < 100; i++)
    {
        WCHAR name[101];

        swprintf(name, ARRAYSIZE(name), L"%02u%098u", i, 0);
        fsi_add_file(&fsi, name, 0);
    }
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(fsi.image, used_blocks(&fsi)), S_OK, "limit");
    hr = IFileSystemImage3_put_ISO9660InterchangeLevel(fsi.image, 2);
    check_fail(hr, IMAPI_E_IMAGE_TOO_BIG, IFACE, NULL);
    IFileSystemImage3_get_ISO9660InterchangeLevel(fsi.image, &level);
    ok_int(level, 1, "level");
    hr = IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_FALSE);
    check_fail(hr, IMAPI_E_IMAGE_TOO_BIG, IFACE, NULL);
    IFileSystemImage3_get_StrictFileSystemCompliance(fsi.image, &strict);
    ok_int(strict, VARIANT_TRUE, "strict");
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    ok_hr(IFileSystemImage3_put_ISO9660InterchangeLevel(fsi.image, 2), S_OK, "level 2 without a limit");
    ok_hr(IFileSystemImage3_put_StrictFileSystemCompliance(fsi.image, VARIANT_FALSE), S_OK, "relaxed");
    fsi_close(&fsi);
}

/* The estimate is exact: it is what the result will have. */
TEST(used_blocks_follow_the_content)
{
    IFileSystemImageResult *result;
    struct fsi fsi;
    LONG empty, total;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    empty = used_blocks(&fsi);
    fsi_add_file(&fsi, L"file", 10 * 2048 + 1);
    ok_int(used_blocks(&fsi), empty + 11, "with a file of 11 blocks");
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("directory"));
    ok_int(used_blocks(&fsi), empty + 13, "with a directory in two file systems");
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_TotalBlocks(result, &total);
    ok_int(total, empty + 13, "TotalBlocks");
    IFileSystemImageResult_Release(result);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    ok(used_blocks(&fsi) < empty + 13, "less without Joliet");
    fsi_close(&fsi);
}

/* --- file systems ------------------------------------------------------------------------------------ */

/* 2 and 6 have Joliet without ISO9660. */
TEST(masks_that_can_be_created)
{
    static const LONG good[] = { 1, 3, 4, 5, 7, 0 }, bad[] = { 2, 6, 8, FsiFileSystemUnknown, -1 };
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);                 /* content does not matter */
    for (size_t i = 0; i < ARRAYSIZE(good); i++)
    {
        hr = IFileSystemImage3_put_FileSystemsToCreate(fsi.image, (FsiFileSystems)good[i]);
        check_pair(hr, I1, L"put_FileSystemsToCreate", S_OK);
        ok_int(kinds(&fsi), good[i], "mask");
    }
    for (size_t i = 0; i < ARRAYSIZE(bad); i++)
    {
        test_push("mask %ld", bad[i]);
        hr = IFileSystemImage3_put_FileSystemsToCreate(fsi.image, (FsiFileSystems)bad[i]);
        check_told(hr, I1, L"put_FileSystemsToCreate", IMAPI_E_INVALID_PARAM, L"'newVal'");
        ok_int(kinds(&fsi), 0, "mask");
        test_pop();
    }
    fsi_close(&fsi);
}

/* --- defaults by type -------------------------------------------------------------------------------- */

/* CD gets ISO9660 and Joliet, everything else UDF, which is 2.50 on BD; the limit is the usual capacity of
   the type, and a hard disk has none. */
TEST(media_types_have_their_defaults)
{
    static const LONG blocks[] = {
        -1,      359844,  359844, 359844,  2295104, 2236704, 2295104, 2295104,  4173824,  2298496,
        2297888, 4171712, 0,      4173824, 7324218, 7324218, 7324218, 12219392, 12219392, 11826176,
    };
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    for (LONG type = 1; type <= IMAPI_MEDIA_TYPE_MAX; type++)
    {
        test_push("type %ld", type);
        IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
        check_pair(
            IFileSystemImage3_ChooseImageDefaultsForMediaType(fsi.image, (IMAPI_MEDIA_PHYSICAL_TYPE)type), I1,
            L"ChooseImageDefaultsForMediaType", S_OK);
        ok_int(kinds(&fsi), type > 3 ? FsiFileSystemUDF : FsiFileSystemISO9660 | FsiFileSystemJoliet,
               "FileSystemsToCreate");
        ok_int(revision(&fsi), type >= IMAPI_MEDIA_TYPE_BDROM ? 0x250 : 0x102, "UDFRevision");
        ok_int(free_blocks(&fsi), blocks[type], "FreeMediaBlocks");
        test_pop();
    }
    fsi_close(&fsi);
}

TEST(media_types_that_do_not_exist_are_refused)
{
    static const LONG types[] = { 0, 0x14, 0x1000, -1 };
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    for (size_t i = 0; i < ARRAYSIZE(types); i++)
    {
        hr =
            IFileSystemImage3_ChooseImageDefaultsForMediaType(fsi.image, (IMAPI_MEDIA_PHYSICAL_TYPE)types[i]);
        check_told(hr, I1, L"ChooseImageDefaultsForMediaType", IMAPI_E_INVALID_PARAM, L"'value'");
    }
    ok_int(free_blocks(&fsi), 332800, "FreeMediaBlocks");
    fsi_close(&fsi);
}

/* Programs try CD, DVD and BD in turn on one image that is full already. */
TEST(media_type_that_is_too_small_leaves_the_image_as_it_was)
{
    struct test_stream stream;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_open(&fsi)) return;
    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    test_stream_init(&stream, 1000000000);
    IFsiDirectoryItem2_AddFile(fsi.root, B("large"), &stream.iface);
    hr = IFileSystemImage3_ChooseImageDefaultsForMediaType(fsi.image, IMAPI_MEDIA_TYPE_CDR);
    check_told(hr, I1, L"ChooseImageDefaultsForMediaType", IMAPI_E_IMAGE_TOO_BIG, NULL);
    ok_int(free_blocks(&fsi), 0, "FreeMediaBlocks");
    ok_int(kinds(&fsi), FsiFileSystemISO9660, "FileSystemsToCreate");
    ok_hr(IFileSystemImage3_ChooseImageDefaultsForMediaType(fsi.image, IMAPI_MEDIA_TYPE_DVDPLUSR), S_OK,
          "DVD+R");
    ok_int(free_blocks(&fsi), 2295104, "FreeMediaBlocks");
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(limit_is_checked_when_it_is_put),
    TEST_CASE(limit_is_checked_with_every_addition),
    TEST_CASE(zero_and_negative_numbers_lift_the_limit),
    TEST_CASE(rules_that_make_the_content_too_big_stay_as_they_are),
    TEST_CASE(used_blocks_follow_the_content),
    TEST_CASE(masks_that_can_be_created),
    TEST_CASE(media_types_have_their_defaults),
    TEST_CASE(media_types_that_do_not_exist_are_refused),
    TEST_CASE(media_type_that_is_too_small_leaves_the_image_as_it_was))
