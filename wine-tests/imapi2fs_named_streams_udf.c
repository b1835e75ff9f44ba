/* Named streams and real-time marks, and which revisions of UDF record them. */
#include "named_streams.h"

#define IFACE &IID_IFsiFileItem2

TEST(udf_2_00_records_streams_and_2_01_the_mark)
{
    struct rig rig;
    LONG before;

    if (!rig_open(&rig)) return;
    fsi_udf(&rig.fsi, 0x200);
    before = used(&rig.fsi);
    check_pair(add(&rig, L"one", 100 * 2048), IF2, L"AddStream", S_OK);
    ok(used(&rig.fsi) >= before + 100, "%ld blocks are used, before %ld", used(&rig.fsi), before);
    check_pair(IFsiFileItem2_put_IsRealTime(rig.file, VARIANT_TRUE), IF2, L"put_IsRealTime",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_hr(IFileSystemImage3_put_UDFRevision(rig.fsi.image, 0x201), S_OK, "UDF 2.01");
    check_pair(IFsiFileItem2_put_IsRealTime(rig.file, VARIANT_TRUE), IF2, L"put_IsRealTime", S_OK);
    check_pair(IFsiFileItem2_RemoveStream(rig.file, B("one")), IF2, L"RemoveStream", S_OK);
    ok_int(used(&rig.fsi), before, "blocks without the stream");
    rig_close(&rig);
}

TEST(a_mask_that_leaves_something_out_says_so)
{
    struct rig rig;

    if (!rig_open(&rig)) return;
    fsi_udf(&rig.fsi, 0x201);
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(rig.fsi.image, 3), S_OK,
          "without UDF, nothing is left out");
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(rig.fsi.image, 7), S_OK, "with UDF");
    add(&rig, L"one", 10);
    check_pair(IFileSystemImage3_put_FileSystemsToCreate(rig.fsi.image, 3), L"IFileSystemImage",
               L"put_FileSystemsToCreate", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(rig.fsi.image, 7), S_OK, "with UDF again");
    ok_hr(IFileSystemImage3_put_UDFRevision(rig.fsi.image, 0x150), IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED,
          "UDF 1.50");
    ok_hr(IFileSystemImage3_put_UDFRevision(rig.fsi.image, 0x201), S_OK, "UDF 2.01");
    IFsiFileItem2_RemoveStream(rig.file, B("one"));
    IFsiFileItem2_put_IsRealTime(rig.file, VARIANT_TRUE);
    ok_hr(IFileSystemImage3_put_FileSystemsToCreate(rig.fsi.image, 1), IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED,
          "the real-time mark is left out");
    rig_close(&rig);
}

TEST(streams_that_are_recorded_must_fit)
{
    struct rig rig;
    LONG limit;

    if (!rig_open(&rig)) return;
    fsi_udf(&rig.fsi, 0x200);
    limit = used(&rig.fsi) + 50;
    ok_hr(IFileSystemImage3_put_FreeMediaBlocks(rig.fsi.image, limit), S_OK, "limit");
    check_told(add(&rig, L"big", 100 * 2048), IF2, L"AddStream", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\file:big");
    IFileSystemImage3_put_StageFiles(rig.fsi.image, VARIANT_TRUE);
    check_told(add(&rig, L"big", 100 * 2048), IF2, L"AddStream", IMAPI_E_IMAGE_SIZE_LIMIT, L"\\file:big");
    ok_int(count(&rig), 0, "Count");
    check_pair(add(&rig, L"small", 10 * 2048), IF2, L"AddStream", S_OK);
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(udf_2_00_records_streams_and_2_01_the_mark),
          TEST_CASE(a_mask_that_leaves_something_out_says_so), TEST_CASE(streams_that_are_recorded_must_fit))
