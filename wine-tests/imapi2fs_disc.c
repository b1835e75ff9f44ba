/* What can be told of a disc without an import: its file systems, whether they can be appended to, and which
   disc it is. */
#include "append.h"

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"
#define I3 L"IFileSystemImage3"

static LONG identify(IFileSystemImage3 *image, IDiscRecorder2 *recorder)
{
    FsiFileSystems kinds = (FsiFileSystems)-1;

    check_pair(IFileSystemImage3_IdentifyFileSystemsOnDisc(image, recorder, &kinds), I1,
               L"IdentifyFileSystemsOnDisc", S_OK);
    return kinds;
}

/* A mask of what can be appended to. */
static LONG appendable(IFileSystemImage3 *image)
{
    LONG mask = 0;

    for (LONG kind = 1; kind <= 4; kind *= 2)
    {
        VARIANT_BOOL flag = 7;

        check_pair(IFileSystemImage3_ProbeSpecificFileSystem(image, (FsiFileSystems)kind, &flag), I3,
                   L"ProbeSpecificFileSystem", S_OK);
        ok(flag == VARIANT_TRUE || flag == VARIANT_FALSE, "flag %d", flag);
        if (flag) mask |= kind;
    }
    return mask;
}

TEST(file_systems_of_a_disc_are_told)
{
    static const struct
    {
        const char *medium;
        LONG file_systems, revision, appendable;
    } discs[] = {
        {"cd-r", 1, 0, 1},       {"cd-r", 3, 0, 3},   {"dvd+r", 7, 0x102, 7}, {"bd-r", 4, 0x250, 4},
        {"dvd+rw", 4, 0x102, 4}, {"dvd+rw", 3, 0, 0}, {"bd-re", 7, 0x200, 0}, {"cd-rw", 5, 0x201, 5},
    };
    struct append bench;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(discs); i++)
    {
        test_push("%s, %ld", discs[i].medium, discs[i].file_systems);
        if (append_begin(&bench, discs[i].medium, NULL))
        {
            append_first(&bench, discs[i].file_systems, discs[i].revision);
            if (append_next(&bench, &fsi))
            {
                ok_int(identify(fsi.image, bench.recorder), discs[i].file_systems, "by a recorder");
                ok_int(identify(fsi.image, NULL), discs[i].file_systems, "by the multi-session objects");
                ok_int(appendable(fsi.image), discs[i].appendable, "appendable");
                ok_int(fsi_file_count(&fsi), 0, "files");
                fsi_close(&fsi);
            }
        }
        append_end(&bench);
        test_pop();
    }
}

/* The last session counts. */
TEST(sessions_before_the_last_do_not_count)
{
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 7, 0x102);
    if (append_open(&fsi, 1, 0))
    {
        LONG next = 0;

        IDiscFormat2Data_get_NextWritableAddress(bench.writer, &next);
        IFileSystemImage3_put_SessionStartBlock(fsi.image, next);
        fsi_add_file(&fsi, L"alone", 3000);
        ok_hr(append_burn(&bench, &fsi), S_OK, "a session without an import");
        ok_int(identify(fsi.image, bench.recorder), FsiFileSystemISO9660, "file systems");
        fsi_close(&fsi);
    }
    if (append_import(&bench, &fsi, FsiFileSystemISO9660))
    {
        ok_int(fsi_file_count(&fsi), 1, "files");
        append_check_file(&fsi, L"alone", 3000);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

TEST(discs_without_a_file_system)
{
    static const char *const media[] = { "cd-r", "dvd+rw", "bd-r", "none" };
    IFileSystemImage3 *image = fsi_image();
    FsiFileSystems kind = FsiFileSystemUDF;
    struct test_bench foreign;
    struct append bench;
    struct fsi fsi;

    if (!image) return;
    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        test_recorder_set(media[i], NULL);
        if ((bench.recorder = test_recorder_open(0)))
        {
            ok_int(identify(image, bench.recorder), FsiFileSystemNone, "on a blank disc");
            check_last_release(bench.recorder);
        }
        test_recorders_end();
        test_pop();
    }
    check_last_release(image);

    if (!test_bench_begin(&foreign, "cd-r", NULL, 700 * 2048)) return;
    foreign.stream.seed = 3;
    ok_hr(IDiscFormat2Data_Write(foreign.writer, &foreign.stream.iface), S_OK, "other data");
    bench = (struct append){ foreign.recorder, foreign.writer };
    if (append_next(&bench, &fsi))
    {
        ok_int(identify(fsi.image, foreign.recorder), FsiFileSystemUnknown, "with other data");
        ok_int(appendable(fsi.image), 0, "appendable");
        check_told(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), I1, L"ImportFileSystem",
                   IMAPI_E_NO_SUPPORTED_FILE_SYSTEM, NULL);
        ok_int(kind, FsiFileSystemNone, "imported");
        check_fail(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemUDF),
                   IMAPI_E_NO_SUPPORTED_FILE_SYSTEM, IFACE, NULL);
        fsi_close(&fsi);
    }
    test_bench_end(&foreign);
}

/* Blank, written once: refused before anybody can ask for more. No disc at all is another matter. */
TEST(multisession_objects_of_blank_discs_and_no_discs)
{
    static const struct
    {
        const char *medium;
        HRESULT hr;
    } cases[] =
    {
        { "cd-r", IMAPI_E_IMPORT_SEEK_FAILURE },  { "dvd+r", IMAPI_E_IMPORT_SEEK_FAILURE },
        { "bd-r", IMAPI_E_IMPORT_SEEK_FAILURE },  { "none", IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE },
        { "dvd+rw", S_OK },
    };
    struct append bench;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s", cases[i].medium);
        if (append_begin(&bench, cases[i].medium, NULL) && fsi_open(&fsi))
        {
            HRESULT hr = append_put(&bench, &fsi);

            check_pair(hr, I1, L"put_MultisessionInterfaces", cases[i].hr);
            if (FAILED(hr)) check_error_info(IFACE, NULL, NULL);
            fsi_close(&fsi);
        }
        append_end(&bench);
        test_pop();
    }
}

/* Finished discs take no session; what was never for writing says more. */
TEST(multisession_objects_of_finished_discs)
{
    struct append bench;
    struct fsi fsi;

    if (!append_begin(&bench, "dvd+r", NULL)) return;
    IDiscFormat2Data_put_ForceMediaToBeClosed(bench.writer, VARIANT_TRUE);
    append_first(&bench, 4, 0x102);
    if (fsi_open(&fsi))
    {
        check_told(append_put(&bench, &fsi), I1, L"put_MultisessionInterfaces",
                   IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, NULL);
        ok_int(identify(fsi.image, bench.recorder), FsiFileSystemUDF, "still there");
        fsi_close(&fsi);
    }
    append_end(&bench);
}

static void identifier(IFileSystemImage3 *image, WCHAR out[40])
{
    BSTR text = NULL;

    *out = 0;
    check_pair(IFileSystemImage3_CalculateDiscIdentifier(image, &text), I1, L"CalculateDiscIdentifier", S_OK);
    ok_int(SysStringLen(text), 16, "its length");
    if (text) lstrcpynW(out, text, 40);
    SysFreeString(text);
}

static void identifier_of(struct append *bench, WCHAR out[40])
{
    struct fsi fsi;

    *out = 0;
    if (!append_next(bench, &fsi)) return;
    identifier(fsi.image, out);
    fsi_close(&fsi);
}

TEST(identifiers_are_those_of_disc_and_session)
{
    static const char *const media[] = { "cd-r", "dvd+rw" };
    WCHAR first[40], again[40], second[40], other[40];
    struct append bench;
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (append_begin(&bench, media[i], NULL))
        {
            append_first(&bench, FsiFileSystemUDF, 0x102);
            identifier_of(&bench, first);
            identifier_of(&bench, again);
            ok_text(again, first, "the same disc");
            if (append_import(&bench, &fsi, FsiFileSystemUDF))
            {
                append_burn(&bench, &fsi);
                fsi_close(&fsi);
            }
            identifier_of(&bench, second);
            ok(wcscmp(second, first) != 0, "the same after another session");
        }
        append_end(&bench);
        if (append_begin(&bench, media[i], NULL) && append_open(&fsi, FsiFileSystemUDF, 0x102))
        {
            fsi_add_file(&fsi, L"other", 1);
            append_burn(&bench, &fsi);
            fsi_close(&fsi);
            identifier_of(&bench, other);
            ok(wcscmp(other, first) != 0, "the same on another disc");
        }
        append_end(&bench);
        test_pop();
    }
}

/* --- the wrong disc ---------------------------------------------------------------------------------- */

/* Two recorders, with a disc each. */
static BOOL burn_two(IDiscRecorder2 *recorders[2])
{
    static const struct test_recorder two[] = { { "cd-r", NULL }, { "cd-r", NULL } };

    test_recorders_set(two, 2);
    for (size_t i = 0; i < 2; i++)
    {
        struct append bench;
        struct fsi fsi;

        if (!(bench.recorder = recorders[i] = test_recorder_open(i))) return FALSE;
        if (!(bench.writer = test_writer_open(bench.recorder))) return FALSE;
        if (!append_open(&fsi, 3, 0)) return FALSE;
        IFileSystemImage3_put_VolumeName(fsi.image, i ? B("OTHER") : B("ONE"));
        fsi_add_file(&fsi, i ? L"other" : L"one", 5000);
        ok_hr(append_burn(&bench, &fsi), S_OK, "disc %u", (unsigned)i);
        fsi_close(&fsi);
        check_last_release(bench.writer);
    }
    return TRUE;
}

TEST(disc_that_is_another_one_by_now_is_found_out)
{
    IDiscRecorder2 *recorders[2] = { NULL, NULL };
    IFileSystemImageResult *result = NULL;
    FsiFileSystems kind = FsiFileSystemNone;
    struct test_session session;
    SAFEARRAY *array;
    struct fsi fsi;
    BSTR text = NULL;

    if (!burn_two(recorders) || !fsi_open(&fsi)) return;
    test_session_init(&session, recorders[0], 299);
    array = test_array((void *[]){ &session.iface }, 1);
    ok_hr(IFileSystemImage3_put_MultisessionInterfaces(fsi.image, array), S_OK, "put");
    SafeArrayDestroy(array);
    ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
    session.recorder = recorders[1];
    check_fail(IFileSystemImage3_CreateResultImage(fsi.image, &result), IMAPI_E_DISC_MISMATCH, IFACE, NULL);
    ok(!result, "no result");
    check_fail(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), IMAPI_E_DISC_MISMATCH, IFACE, NULL);
    ok_int(fsi_exists(&fsi, L"\\other"), 0, "a file of the other disc");
    ok_hr(IFileSystemImage3_CalculateDiscIdentifier(fsi.image, &text), S_OK, "of the other disc");
    SysFreeString(text);
    session.first = VARIANT_TRUE;                   /* a blank one */
    check_fail(IFileSystemImage3_CreateResultImage(fsi.image, &result), IMAPI_E_DISC_MISMATCH, IFACE, NULL);
    session.first = VARIANT_FALSE;
    session.recorder = recorders[0];
    ok_hr(IFileSystemImage3_CreateResultImage(fsi.image, &result), S_OK, "the right one again");
    if (result) check_last_release(result);
    fsi_close(&fsi);
    ok_int(session.references, 1, "references of the session");
    for (size_t i = 0; i < 2; i++) check_last_release(recorders[i]);
    test_recorders_end();
}

/* The recorder's own words come through. */
static void check_locked(HRESULT hr)
{
    IErrorInfo *info = NULL;
    BSTR text = NULL;

    ok_hr(hr, E_IMAPI_RECORDER_LOCKED, "with the recorder locked");
    GetErrorInfo(0, &info);
    if (!ok(info != NULL, "no error info")) return;
    IErrorInfo_GetDescription(info, &text);
    ok(text && wcsstr(text, L"somebody else"), "text: %s", test_text(text));
    SysFreeString(text);
    IErrorInfo_Release(info);
}

/* Whoever holds the recorder is no reason to call the disc unreadable. */
TEST(recorder_that_another_program_holds_says_so)
{
    FsiFileSystems kind = FsiFileSystemNone;
    IFileSystemImageResult *result = NULL;
    struct test_session session;
    struct append bench;
    IDiscRecorder2 *other;
    BSTR text = NULL;
    SAFEARRAY *array;
    struct fsi fsi;

    if (!append_begin(&bench, "cd-r", NULL)) return;
    append_first(&bench, 3, 0);
    test_session_init(&session, bench.recorder, 299);
    if ((other = test_recorder_open(0)) && fsi_open(&fsi))
    {
        array = test_array((void *[]){ &session.iface }, 1);
        ok_hr(IFileSystemImage3_put_MultisessionInterfaces(fsi.image, array), S_OK, "put");
        SafeArrayDestroy(array);
        ok_hr(IDiscRecorder2_AcquireExclusiveAccess(other, VARIANT_FALSE, B("somebody else")), S_OK,
              "acquire");
        check_locked(IFileSystemImage3_ImportFileSystem(fsi.image, &kind));
        check_locked(IFileSystemImage3_CalculateDiscIdentifier(fsi.image, &text));
        check_locked(IFileSystemImage3_IdentifyFileSystemsOnDisc(fsi.image, bench.recorder, &kind));
        ok_hr(IDiscRecorder2_ReleaseExclusiveAccess(other), S_OK, "release");
        ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
        ok_hr(IDiscRecorder2_AcquireExclusiveAccess(other, VARIANT_FALSE, B("somebody else")), S_OK,
              "acquire");
        check_locked(IFileSystemImage3_CreateResultImage(fsi.image, &result));
        IDiscRecorder2_ReleaseExclusiveAccess(other);
        fsi_close(&fsi);
    }
    if (other) check_last_release(other);
    append_end(&bench);
}

TEST_MAIN(
    TEST_CASE(file_systems_of_a_disc_are_told),
    TEST_CASE(sessions_before_the_last_do_not_count),
    TEST_CASE(discs_without_a_file_system),
    TEST_CASE(multisession_objects_of_blank_discs_and_no_discs),
    TEST_CASE(multisession_objects_of_finished_discs),
    TEST_CASE(identifiers_are_those_of_disc_and_session),
    TEST_CASE(disc_that_is_another_one_by_now_is_found_out),
    TEST_CASE(recorder_that_another_program_holds_says_so))
