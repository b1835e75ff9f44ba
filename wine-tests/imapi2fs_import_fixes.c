/* MsftFileSystemImage: what can no longer be put when the image goes on from a session. */
#include "fsi.h"

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

/* A disc with one session of UDF, open for another. */
static BOOL write_session(struct test_bench *bench)
{
    struct fsi fsi;
    IStream *stream;
    HRESULT hr = E_FAIL;

    if (!test_bench_begin(bench, "dvd+r", NULL, 2048) || !fsi_open(&fsi)) return FALSE;
    /* Else a DVD+R is closed, as players like it. */
    IDiscFormat2Data_put_DisableConsumerDvdCompatibilityMode(bench->writer, VARIANT_TRUE);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemUDF);
    fsi_add_file(&fsi, L"\\old", 5000);
    stream = fsi_result_stream(&fsi);
    if (stream)
    {
        hr = IDiscFormat2Data_Write(bench->writer, stream);
        IStream_Release(stream);
    }
    fsi_close(&fsi);
    return ok_hr(hr, S_OK, "the first session");
}

static BOOL import(struct fsi *fsi, struct test_bench *bench)
{
    FsiFileSystems kind = FsiFileSystemNone;
    SAFEARRAY *sessions = NULL;
    HRESULT hr;

    if (!fsi_open(fsi)) return FALSE;
    ok_hr(IDiscFormat2Data_get_MultisessionInterfaces(bench->writer, &sessions), S_OK, "sessions");
    hr = IFileSystemImage3_put_MultisessionInterfaces(fsi->image, sessions);
    SafeArrayDestroy(sessions);
    if (SUCCEEDED(hr)) hr = IFileSystemImage3_ImportFileSystem(fsi->image, &kind);
    return ok_hr(hr, S_OK, "import") && ok_int(kind, FsiFileSystemUDF, "file system");
}

TEST(an_imported_session_fixes_file_systems_and_revision_and_start)
{
    struct test_bench bench;
    IFileSystemImage3 *image;
    FsiFileSystems kinds = FsiFileSystemNone;
    LONG start = -1, revision = -1;
    struct fsi fsi;
    HRESULT hr;

    if (!write_session(&bench) || !import(&fsi, &bench)) return;
    image = fsi.image;
    hr = IFileSystemImage3_put_FileSystemsToCreate(image, FsiFileSystemISO9660);
    check_told(hr, I1, L"put_FileSystemsToCreate", IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED, NULL);
    hr = IFileSystemImage3_put_FileSystemsToCreate(image,
                                                   (FsiFileSystems)(FsiFileSystemUDF | FsiFileSystemISO9660));
    check_told(hr, I1, L"put_FileSystemsToCreate", IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED, NULL);
    check_pair(IFileSystemImage3_put_FileSystemsToCreate(image, FsiFileSystemUDF), I1,
               L"put_FileSystemsToCreate", S_OK);
    hr = IFileSystemImage3_ChooseImageDefaultsForMediaType(image, IMAPI_MEDIA_TYPE_CDR);
    check_fail(hr, IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED, IFACE, NULL);
    hr = IFileSystemImage3_put_UDFRevision(image, 0x201);
    check_fail(hr, IMAPI_E_UDF_REVISION_CHANGE_NOT_ALLOWED, IFACE, NULL);
    IFileSystemImage3_get_SessionStartBlock(image, &start);
    ok(start > 0, "the image starts at %ld", start);
    check_fail(IFileSystemImage3_put_SessionStartBlock(image, start + 16), IMAPI_E_READONLY, IFACE, NULL);
    ok_hr(IFileSystemImage3_put_SessionStartBlock(image, start), S_OK, "the same start");
    IFileSystemImage3_get_FileSystemsToCreate(image, &kinds);
    ok_int(kinds, FsiFileSystemUDF, "file systems");
    IFileSystemImage3_get_UDFRevision(image, &revision);
    ok_int(revision, 0x102, "revision");
    fsi_close(&fsi);
    test_bench_end(&bench);
}

TEST_MAIN(
    TEST_CASE(an_imported_session_fixes_file_systems_and_revision_and_start))
