/* MsftDiscFormat2Data at work: streams and drives that fail on the way, and verification. */
#include "recorders.h"

#include <string.h>

#define WRITE(writer, stream, code)                                                                          \
    check_pair(IDiscFormat2Data_Write(writer, &(stream).iface), L"IDiscFormat2Data", L"Write", code)
#define MIB (1024 * 1024)

static LONG status_of(IDiscFormat2Data *writer)
{
    IMAPI_FORMAT2_DATA_MEDIA_STATE state = 0;

    ok_hr(IDiscFormat2Data_get_CurrentMediaStatus(writer, &state), S_OK, "CurrentMediaStatus");
    return state;
}

/* --- streams that fail ---------------------------------------------------------------------------------- */

TEST(stream_that_fails_ends_the_write_with_its_code)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 4 * MIB)) return;
    bench.stream.fail_at = 2 * MIB;
    bench.stream.fail_with = STG_E_READFAULT;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), STG_E_READFAULT, "Write");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"8003001E");
    ok(!(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_NON_EMPTY_SESSION), "session is closed");
    test_bench_end(&bench);
}

TEST(stream_that_shortens_ends_the_write)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 4 * MIB)) return;
    bench.stream.end = 3 * MIB + 100;
    WRITE(bench.writer, bench.stream, E_FAIL);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"4194304");
    test_bench_end(&bench);
}

/* What was on the disc stays, and the disc takes another session afterwards. */
TEST(stream_that_fails_loses_nothing_of_what_was_on_the_disc)
{
    static const char *const media[] = { "cd-r", "cd-rw", "bd-r" };
    struct test_bench bench;
    LONG next = 0;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (test_bench_begin(&bench, media[i], NULL, 4 * MIB))
        {
            WRITE(bench.writer, bench.stream, S_OK);
            bench.stream.seed = 2;
            bench.stream.fail_at = 2 * MIB;
            bench.stream.fail_with = STG_E_READFAULT;
            ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), STG_E_READFAULT, "Write");
            bench.stream.seed = 1;
            ok(test_disc_holds(0, &bench.stream, 0, 2048, 0), "first session differs");
            bench.stream.fail_at = 0;
            bench.stream.seed = 3;
            ok_hr(IDiscFormat2Data_get_NextWritableAddress(bench.writer, &next), S_OK, "next");
            WRITE(bench.writer, bench.stream, S_OK);
            ok(test_disc_holds(0, &bench.stream, 0, 2048, (ULONG)next), "last session differs");
            bench.stream.seed = 1;
            ok(test_disc_holds(0, &bench.stream, 0, 2048, 0), "first session differs");
            test_bench_end(&bench);
        }
        test_pop();
    }
}

/* --- drives that fail ----------------------------------------------------------------------------------- */

TEST(failures_of_the_drive_have_their_codes)
{
    static const struct
    {
        const char *faults;
        HRESULT hr;
    } cases[] =
    {
        { "WRITE(10) #3.. -> 04/44/00", E_FAIL },
        { "WRITE(10) #3.. -> 03/0C/00", E_FAIL },
        { "WRITE(10) #3.. -> 03/73/03", E_IMAPI_RECORDER_MEDIA_SPEED_MISMATCH },
        { "WRITE(10) #3.. -> 07/27/00", E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED },
        { "WRITE(10) #3.. -> 02/3A/02", E_IMAPI_RECORDER_MEDIA_NO_MEDIA },
        { "WRITE(10) #3.. -> 04/09/02", E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE },
        { "WRITE(10) #3.. -> 04/09/01", E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN },
        { "WRITE(10) #3.. -> 03/0C/09", E_IMAPI_LOSS_OF_STREAMING },
        { "WRITE(10) #3.. -> 06/28/00", E_IMAPI_RECORDER_MEDIA_BECOMING_READY },
        { "READ TRACK INFORMATION -> short 2", E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE },
        { "WRITE(10) #3.. -> timeout", E_IMAPI_RECORDER_COMMAND_TIMEOUT },
        { "WRITE(10) #3 -> handle", HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE) },
        /* Busy for longer than the write waits. */
        { "READ TRACK INFORMATION #3.. -> 02/04/04", E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS },
        { "READ TRACK INFORMATION #3.. -> 02/04/07", E_IMAPI_RECORDER_MEDIA_BUSY },
        { "after 1 MiB -> removed", E_IMAPI_RECORDER_MEDIA_NO_MEDIA },
        { "after 1 MiB -> gone", HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST) },
    };
    struct test_bench bench;
    BSTR owner = NULL;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s", cases[i].faults);
        if (test_bench_begin(&bench, "dvd+r", cases[i].faults, 4 * MIB))
        {
            WRITE(bench.writer, bench.stream, cases[i].hr);
            check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
            ok_hr(IDiscRecorder2_get_ExclusiveAccessOwner(bench.recorder, &owner), S_OK, "owner");
            ok_text(owner, L"", "owner after the failure");
            SysFreeString(owner);
            test_bench_end(&bench);
        }
        test_pop();
    }
}

/* The drive accepts everything, and yet its disc is as blank as before: a burn that only seems to succeed. */
TEST(drive_that_does_not_write_is_found_out)
{
    char script[256] = "READ DISC INFORMATION -> data ";
    IDiscRecorder2Ex *recorder;
    struct test_bench bench;
    BYTE *info = NULL;
    ULONG size = 0;

    if (!test_bench_begin(&bench, "cd-r", NULL, MIB)) return;
    IDiscRecorder2_QueryInterface(bench.recorder, &IID_IDiscRecorder2Ex, (void **)&recorder);
    ok_hr(IDiscRecorder2Ex_GetDiscInformation(recorder, &info, &size), S_OK, "disc information");
    for (ULONG i = 0; i < size && i < 64; i++) sprintf(script + strlen(script), "%02X", info[i]);
    CoTaskMemFree(info);
    IDiscRecorder2Ex_Release(recorder);
    test_bench_end(&bench);

    if (!test_bench_begin(&bench, "cd-r", script, MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
    test_bench_end(&bench);
}

/* MMC-5 7.5: SWPP of the page for time-outs and protection. */
TEST(disc_that_is_write_protected_is_refused)
{
    IMAPI_MEDIA_WRITE_PROTECT_STATE protection = 0;
    IDiscRecorder2Ex *recorder;
    struct test_bench bench;
    VARIANT_BOOL supported;
    BYTE *page = NULL;
    ULONG size = 0;

    if (!test_bench_begin(&bench, "dvd+rw", NULL, MIB)) return;
    IDiscRecorder2_QueryInterface(bench.recorder, &IID_IDiscRecorder2Ex, (void **)&recorder);
    ok_hr(IDiscRecorder2Ex_GetModePage(recorder, IMAPI_MODE_PAGE_TYPE_TIMEOUT_AND_PROTECT,
                                       IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, &page, &size),
          S_OK, "GetModePage");
    if (ok(size > 4, "page of %lu bytes", size))
    {
        page[4] |= 1;
        ok_hr(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, page, size),
              S_OK, "SetModePage");
    }
    CoTaskMemFree(page);
    IDiscRecorder2Ex_Release(recorder);
    check_pair(IDiscFormat2Data_get_WriteProtectStatus(bench.writer, &protection), L"IDiscFormat2Data",
               L"get_WriteProtectStatus", S_OK);
    ok_int(protection & IMAPI_WRITEPROTECTED_UNTIL_POWERDOWN, IMAPI_WRITEPROTECTED_UNTIL_POWERDOWN,
           "protection");
    ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_WRITE_PROTECTED, "state");
    check_pair(IDiscFormat2Data_IsCurrentMediaSupported(bench.writer, bench.recorder, &supported),
               L"IDiscFormat2", L"IsCurrentMediaSupported", S_FALSE);
    ok_int(supported, VARIANT_FALSE, "supported");
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+RW");
    ok_int(bench.stream.bytes_read, 0, "bytes read");
    test_bench_end(&bench);
}

TEST(write_parameters_that_a_drive_refuses_end_the_write)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "cd-r", "MODE SELECT(10) -> 05/26/00", MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"5/26/00");
    test_bench_end(&bench);
    if (!test_bench_begin(&bench, "cd-r", "MODE SENSE(10) -> 05/24/00", MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE);
    test_bench_end(&bench);
}

/* --- verification --------------------------------------------------------------------------------------- */

TEST(verification_finds_a_disc_that_reads_back_differently)
{
    static const struct
    {
        IMAPI_BURN_VERIFICATION_LEVEL level;
        const char *faults;
        HRESULT hr;
    } cases[] =
    {
        { IMAPI_BURN_VERIFICATION_NONE, "READ(10) -> garbage", S_OK },
        { IMAPI_BURN_VERIFICATION_QUICK, NULL, S_OK },
        { IMAPI_BURN_VERIFICATION_QUICK, "READ(10) -> garbage", E_IMAPI_BURN_VERIFICATION_FAILED },
        { IMAPI_BURN_VERIFICATION_FULL, NULL, S_OK },
        { IMAPI_BURN_VERIFICATION_FULL, "READ(10) lba 1500 -> 03/11/05", E_IMAPI_BURN_VERIFICATION_FAILED },
    };
    IBurnVerification *verification;
    struct test_bench bench;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("level %d, %s", cases[i].level, cases[i].faults ? cases[i].faults : "good");
        if (test_bench_begin(&bench, "dvd+r", cases[i].faults, 4 * MIB))
        {
            IDiscFormat2Data_QueryInterface(bench.writer, &IID_IBurnVerification, (void **)&verification);
            IBurnVerification_put_BurnVerificationLevel(verification, cases[i].level);
            IBurnVerification_Release(verification);
            if (cases[i].hr == S_OK)
                WRITE(bench.writer, bench.stream, S_OK);
            else
            {
                ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), cases[i].hr, "Write");
                check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+R");
            }
            test_bench_end(&bench);
        }
        test_pop();
    }
}

TEST_MAIN(TEST_CASE(stream_that_fails_ends_the_write_with_its_code),
          TEST_CASE(stream_that_shortens_ends_the_write),
          TEST_CASE(stream_that_fails_loses_nothing_of_what_was_on_the_disc),
          TEST_CASE(disc_that_is_write_protected_is_refused),
          TEST_CASE(failures_of_the_drive_have_their_codes),
          TEST_CASE(drive_that_does_not_write_is_found_out),
          TEST_CASE(write_parameters_that_a_drive_refuses_end_the_write),
          TEST_CASE(verification_finds_a_disc_that_reads_back_differently))
