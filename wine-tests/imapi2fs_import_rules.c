/* What an import does to an image that is in use already: items that collide, boot images, changes meanwhile,
   going back, members that are fixed afterwards. */
#include "append.h"

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"

/* A disc with the files of append_fill, and an image that can import it. */
static BOOL begin(struct append *bench, struct fsi *fsi, LONG file_systems, LONG revision)
{
    if (!append_begin(bench, "cd-r", NULL)) return FALSE;
    append_first(bench, file_systems, revision);
    return append_next(bench, fsi);
}

static void end(struct append *bench, struct fsi *fsi)
{
    fsi_close(fsi);
    append_end(bench);
}

static HRESULT import(struct fsi *fsi)
{
    FsiFileSystems kind = FsiFileSystemNone;

    return IFileSystemImage3_ImportFileSystem(fsi->image, &kind);
}

static LONG change_point(struct fsi *fsi)
{
    LONG point = -1;

    IFileSystemImage3_get_ChangePoint(fsi->image, &point);
    return point;
}

TEST(any_one_of_the_file_systems_can_be_imported)
{
    static const struct { FsiFileSystems kind; const WCHAR *path;
    } kinds[] = {
        {FsiFileSystemUDF, L"A folder\\inside of it.text"},
        {FsiFileSystemJoliet, L"A folder\\inside of it.text"},
        {FsiFileSystemISO9660, L"A_FOLDER\\INSIDE_O.TEX"},
    };
    struct append bench;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(kinds); i++)
    {
        LONG revision = 0;

        if (!begin(&bench, &fsi, 7, 0x250)) return;
        check_pair(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, kinds[i].kind), I1,
                   L"ImportSpecificFileSystem", S_OK);
        IFileSystemImage3_get_UDFRevision(fsi.image, &revision);
        ok_int(revision, 0x250, "revision");
        check_fail(IFileSystemImage3_put_UDFRevision(fsi.image, 0x102),
                   IMAPI_E_UDF_REVISION_CHANGE_NOT_ALLOWED, IFACE, NULL);
        ok_int(fsi_file_count(&fsi), 7, "files");
        append_check_file(&fsi, kinds[i].path, 100);
        ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");
        fsi_close(&fsi);
        if (append_import(&bench, &fsi, FsiFileSystemUDF))
        {
            append_check_file(&fsi, kinds[i].path, 100);
            append_check_file(&fsi, L"kept.bin", 70000);
        }
        end(&bench, &fsi);
    }
}

TEST(file_system_that_is_not_there_is_named)
{
    struct append bench;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 1, 0)) return;
    check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemJoliet), I1,
               L"ImportSpecificFileSystem", IMAPI_E_FILE_SYSTEM_NOT_FOUND, L"Joliet");
    check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemUDF), I1,
               L"ImportSpecificFileSystem", IMAPI_E_FILE_SYSTEM_NOT_FOUND, L"UDF");
    check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, (FsiFileSystems)3), I1,
               L"ImportSpecificFileSystem", IMAPI_E_INVALID_PARAM, L"'fileSystemToUse'");
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_int(append_start(&fsi), 0, "start");
    end(&bench, &fsi);
}

TEST(item_in_memory_wins_over_an_imported_one)
{
    struct append bench;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 7, 0x102)) return;
    fsi_add_file(&fsi, L"KEPT.bin", 7);             /* in any letter case */
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("A FOLDER"));
    fsi_add_file(&fsi, L"A FOLDER\\mine", 8);
    ok_hr(import(&fsi), S_OK, "import");
    append_check_file(&fsi, L"kept.bin", 7);
    append_check_file(&fsi, L"a folder\\mine", 8);
    append_check_file(&fsi, L"a folder\\inside of it.text", 100);
    ok_int(fsi_file_count(&fsi), 8, "files");
    end(&bench, &fsi);
}

TEST(file_against_a_directory_is_a_collision)
{
    static const WCHAR *const names[] = { L"UDF", L"Joliet" };
    struct append bench;
    struct fsi fsi;
    LONG point;

    for (LONG i = 0; i < 2; i++)
    {
        if (!begin(&bench, &fsi, i ? 3 : 7, 0x102)) return;
        IFsiDirectoryItem2_AddDirectory(fsi.root, B("renamed.bin"));
        point = change_point(&fsi);
        check_fail(import(&fsi), IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY, IFACE,
                   L"\\renamed.bin");
        check_fail(import(&fsi), IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY, IFACE, names[i]);
        ok_int(fsi_file_count(&fsi), 0, "files");
        ok_int(change_point(&fsi), point, "change point");
        ok_int(append_start(&fsi), 0, "start of the session");
        append_remove(&fsi, L"renamed.bin");
        fsi_add_file(&fsi, L"A folder", 1);
        check_fail(import(&fsi), IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE, IFACE,
                   L"\\A folder");
        check_fail(import(&fsi), IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE, IFACE, names[i]);
        append_remove(&fsi, L"A folder");
        ok_hr(import(&fsi), S_OK, "without");
        ok_int(fsi_file_count(&fsi), 7, "files");
        end(&bench, &fsi);
    }
}

TEST(boot_images_and_imports_exclude_each_other)
{
    IBootOptions *boot = NULL;
    struct append bench;
    IStream *stream;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 3, 0)) return;
    ok_hr(com_test_create(DLL, &CLSID_BootOptions, &IID_IBootOptions, (void **)&boot), S_OK, "boot options");
    stream = fsi_stream(4000);
    ok_hr(IBootOptions_AssignBootImage(boot, stream), S_OK, "AssignBootImage");
    IStream_Release(stream);
    ok_hr(IFileSystemImage3_put_BootImageOptions(fsi.image, boot), S_OK, "BootImageOptions");
    check_told(import(&fsi), I1, L"ImportFileSystem", IMAPI_E_BOOT_OBJECT_CONFLICT, NULL);
    check_told(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemJoliet), I1,
               L"ImportSpecificFileSystem", IMAPI_E_BOOT_OBJECT_CONFLICT, NULL);
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_hr(IFileSystemImage3_put_BootImageOptions(fsi.image, NULL), S_OK, "none");
    ok_hr(import(&fsi), S_OK, "import");
    check_fail(IFileSystemImage3_put_BootImageOptions(fsi.image, boot), IMAPI_E_BOOT_OBJECT_CONFLICT, IFACE,
               NULL);
    ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");
    IBootOptions_Release(boot);
    end(&bench, &fsi);
}

TEST(import_is_one_change_that_can_be_taken_back)
{
    struct append bench;
    struct fsi fsi;
    LONG point;

    if (!begin(&bench, &fsi, 7, 0x102)) return;
    fsi_add_file(&fsi, L"mine", 5);
    point = change_point(&fsi);
    ok_hr(import(&fsi), S_OK, "import");
    ok_int(change_point(&fsi), point + 1, "change point");
    fsi_add_file(&fsi, L"later", 5);
    ok_hr(IFileSystemImage3_RollbackToChangePoint(fsi.image, point), S_OK, "rollback");
    ok_int(fsi_file_count(&fsi), 1, "files");
    ok_int(fsi_exists(&fsi, L"\\mine"), FsiItemFile, "what was there before");
    ok(append_start(&fsi) > 0, "the disc is what it is");
    ok_hr(import(&fsi), S_OK, "import again");
    ok_int(fsi_file_count(&fsi), 8, "files");
    append_check_file(&fsi, L"kept.bin", 70000);
    ok_hr(import(&fsi), S_OK, "and again");
    ok_int(fsi_file_count(&fsi), 8, "files");
    ok_hr(append_burn(&bench, &fsi), S_OK, "the next session");
    end(&bench, &fsi);
}

/* An image that goes on with what it burnt itself. */
TEST(one_image_makes_session_after_session)
{
    struct append bench;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 7, 0x102)) return;
    for (ULONG i = 0; i < 3; i++)
    {
        WCHAR name[] = L"new0";

        name[3] += (WCHAR)i;
        ok_hr(append_put(&bench, &fsi), S_OK, "put");
        ok_hr(import(&fsi), S_OK, "import");
        ok_hr(fsi_add_file(&fsi, name, 5000 + i), S_OK, "add");
        ok_hr(append_burn(&bench, &fsi), S_OK, "burn");
    }
    fsi_close(&fsi);
    if (append_import(&bench, &fsi, FsiFileSystemUDF))
    {
        ok_int(fsi_file_count(&fsi), 10, "files");
        append_check_file(&fsi, L"kept.bin", 70000);
        append_check_file(&fsi, L"new0", 5000);
        append_check_file(&fsi, L"new2", 5002);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

TEST(no_import_while_a_result_lives)
{
    IFileSystemImageResult *result;
    struct append bench;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 3, 0)) return;
    fsi_add_file(&fsi, L"mine", 5);
    if ((result = fsi_result(&fsi)))
    {
        check_fail(import(&fsi), IMAPI_E_READONLY, IFACE, NULL);
        check_last_release(result);
    }
    ok_hr(import(&fsi), S_OK, "import");
    ok_hr(IFileSystemImage3_put_MultisessionInterfaces(fsi.image, NULL), E_POINTER, "put");
    end(&bench, &fsi);
}

/* A session that does not fit in behind the one before. */
TEST(disc_that_is_too_small_for_more_says_so)
{
    struct test_session session;
    struct append bench;
    SAFEARRAY *array;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 3, 0)) return;
    test_session_init(&session, bench.recorder, 299);
    session.total_free = 10;
    array = test_array((void *[]){ &session.iface }, 1);
    ok_hr(IFileSystemImage3_put_MultisessionInterfaces(fsi.image, array), S_OK, "put");
    SafeArrayDestroy(array);
    check_told(import(&fsi), I1, L"ImportFileSystem", IMAPI_E_IMAGE_TOO_BIG, NULL);
    ok_int(fsi_file_count(&fsi), 0, "files");
    ok_int(change_point(&fsi), 0, "change point");
    end(&bench, &fsi);
}

TEST(files_of_an_imported_image_get_no_streams)
{
    IFsiFileItem2 *file;
    struct append bench;
    IStream *stream;
    struct fsi fsi;

    if (!begin(&bench, &fsi, 4, 0x250)) return;
    ok_hr(import(&fsi), S_OK, "import");
    fsi_add_file(&fsi, L"new", 5);
    stream = fsi_stream(10);
    for (int i = 0; i < 2; i++)
    {
        if (!(file = fsi_item(&fsi, i ? L"new" : L"kept.bin", &IID_IFsiFileItem2))) continue;
        check_pair(IFsiFileItem2_AddStream(file, B("stream"), stream), L"IFsiFileItem2", L"AddStream",
                   IMAPI_E_READONLY);
        check_error_info(&IID_IFsiFileItem2, NULL, NULL);
        IFsiFileItem2_Release(file);
    }
    IStream_Release(stream);
    end(&bench, &fsi);
}

TEST_MAIN(
    TEST_CASE(any_one_of_the_file_systems_can_be_imported),
    TEST_CASE(file_system_that_is_not_there_is_named),
    TEST_CASE(item_in_memory_wins_over_an_imported_one),
    TEST_CASE(file_against_a_directory_is_a_collision),
    TEST_CASE(boot_images_and_imports_exclude_each_other),
    TEST_CASE(import_is_one_change_that_can_be_taken_back),
    TEST_CASE(one_image_makes_session_after_session),
    TEST_CASE(no_import_while_a_result_lives),
    TEST_CASE(disc_that_is_too_small_for_more_says_so),
    TEST_CASE(files_of_an_imported_image_get_no_streams))
