/* MsftDiscFormat2Data at work: burns onto virtual discs, events, cancelling, and all that can go wrong. */
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

static LONG free_sectors(IDiscFormat2Data *writer)
{
    LONG sectors = -1;

    ok_hr(IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &sectors), S_OK, "FreeSectorsOnMedia");
    return sectors;
}

/* --- burns ---------------------------------------------------------------------------------------------- */

TEST(every_medium_takes_an_image)
{
    static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "dvd+rw", "bd-r", "bd-re" };
    struct test_bench bench;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (test_bench_begin(&bench, media[i], NULL, 3 * MIB + 2048))
        {
            ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK, "blank before");
            WRITE(bench.writer, bench.stream, S_OK);
            check_no_error_info();
            ok(test_disc_holds(0, &bench.stream, 0, 1537, 0), "disc differs from the image");
            ok(!(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK), "blank after");
            test_bench_end(&bench);
        }
        test_pop();
    }
}

TEST(stream_is_read_once_from_its_start)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 2 * MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(bench.stream.bytes_read, 2 * MIB, "bytes read");
    test_bench_end(&bench);
}

TEST(disc_is_closed_or_left_open_as_asked)
{
    /* What is left of the disc, by DisableConsumerDvdCompatibilityMode and ForceMediaToBeClosed. */
    static const struct
    {
        const char *medium;
        int no_compatibility, force_close, closed;
    } cases[] =
    {
        { "dvd+r", 0, 0, 1 }, { "dvd+r", 0, 1, 1 }, { "dvd+r", 1, 0, 0 }, { "dvd+r", 1, 1, 1 },
        { "cd-r", 0, 0, 0 },  { "cd-r", 0, 1, 1 },  { "cd-r", 1, 0, 0 },  { "bd-r", 0, 1, 1 },
    };
    struct test_bench bench;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s, no compatibility %d, close %d", cases[i].medium, cases[i].no_compatibility,
                  cases[i].force_close);
        if (test_bench_begin(&bench, cases[i].medium, NULL, MIB))
        {
            IDiscFormat2Data_put_DisableConsumerDvdCompatibilityMode(bench.writer,
                                                                     (SHORT)-cases[i].no_compatibility);
            IDiscFormat2Data_put_ForceMediaToBeClosed(bench.writer, (SHORT)-cases[i].force_close);
            WRITE(bench.writer, bench.stream, S_OK);
            ok_int(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED,
                   cases[i].closed ? IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED : 0, "finalized");
            test_bench_end(&bench);
        }
        test_pop();
    }
}

TEST(second_session_follows_the_first)
{
    struct test_bench bench;
    LONG next = 0, start = 0;

    if (!test_bench_begin(&bench, "cd-r", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_APPENDABLE, "appendable");
    ok_hr(IDiscFormat2Data_get_NextWritableAddress(bench.writer, &next), S_OK, "next");
    ok_hr(IDiscFormat2Data_get_StartAddressOfPreviousSession(bench.writer, &start), S_OK, "start");
    ok_int(start, 0, "start of the first session");
    ok(next > 512, "next writable address is %ld", next);
    bench.stream.seed = 2;
    WRITE(bench.writer, bench.stream, S_OK);
    ok(test_disc_holds(0, &bench.stream, 0, 512, (ULONG)next), "second session differs");
    ok_hr(IDiscFormat2Data_get_StartAddressOfPreviousSession(bench.writer, &start), S_OK, "start");
    ok_int(start, next, "start of the second session");
    bench.stream.seed = 1;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "first session differs");
    test_bench_end(&bench);
}

/* --- overwriting ---------------------------------------------------------------------------------------- */

TEST(overwritable_disc_that_is_not_blank_needs_force)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+rw", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    bench.stream.seed = 2;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), E_IMAPI_DF2DATA_MEDIA_NOT_BLANK,
          "Write");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+RW");
    bench.stream.seed = 1;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "what was on the disc is lost");
    bench.stream.seed = 2;
    IDiscFormat2Data_put_ForceOverwrite(bench.writer, VARIANT_TRUE);
    WRITE(bench.writer, bench.stream, S_OK);
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "disc differs from the second image");
    test_bench_end(&bench);
}

/* Open point: ranges that leave something out add a logical session, which needs no ForceOverwrite; those
   that cover everything are an image like any other. */
TEST(block_ranges_of_the_stream_are_written_and_no_others)
{
    static const LONG part[][2] = { { 480, 511 }, { 0, 31 } }, all[][2] = { { 256, 511 }, { 0, 255 } };
    static const LONG wrong[][2] = { { 0, 512 } }, backward[][2] = { { 32, 31 } };
    struct test_stream first;
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+rw", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    first = bench.stream;
    bench.stream.seed = 2;
    bench.stream.bytes_read = 0;

    bench.stream.ranges = test_ranges_create(all, 2);
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), E_IMAPI_DF2DATA_MEDIA_NOT_BLANK,
          "everything");
    check_last_release(bench.stream.ranges);
    bench.stream.ranges = test_ranges_create(wrong, 1);
    WRITE(bench.writer, bench.stream, E_INVALIDARG);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"512");
    check_last_release(bench.stream.ranges);
    bench.stream.ranges = test_ranges_create(backward, 1);
    WRITE(bench.writer, bench.stream, E_INVALIDARG);
    check_last_release(bench.stream.ranges);

    bench.stream.ranges = test_ranges_create(part, 2);
    WRITE(bench.writer, bench.stream, S_OK);
    check_last_release(bench.stream.ranges);
    ok_int(bench.stream.bytes_read, 64 * 2048, "bytes read");
    ok(test_disc_holds(0, &bench.stream, 0, 32, 0), "first range");
    ok(test_disc_holds(0, &first, 32, 448, 32), "what lies between");
    ok(test_disc_holds(0, &bench.stream, 480, 32, 480), "last range");

    IDiscFormat2Data_put_ForceOverwrite(bench.writer, VARIANT_TRUE);
    bench.stream.seed = 3;
    bench.stream.ranges = test_ranges_create(all, 2);
    WRITE(bench.writer, bench.stream, S_OK);
    check_last_release(bench.stream.ranges);
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "whole image");
    bench.stream.ranges = NULL;
    test_bench_end(&bench);
}

TEST(block_ranges_do_not_matter_on_sequential_discs)
{
    static const LONG part[][2] = { { 0, 31 } };
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    bench.stream.ranges = test_ranges_create(part, 1);
    WRITE(bench.writer, bench.stream, S_OK);
    check_last_release(bench.stream.ranges);
    bench.stream.ranges = NULL;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "disc differs from the image");
    test_bench_end(&bench);
}

/* --- what is refused ------------------------------------------------------------------------------------ */

TEST(write_needs_stream_recorder_and_name)
{
    IDiscFormat2Data *writer;
    BSTR name = SysAllocString(L"test");
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    check_pair(IDiscFormat2Data_Write(bench.writer, NULL), L"IDiscFormat2Data", L"Write", E_POINTER);
    check_error_info(&IID_IDiscFormat2Data, L"IMAPI2.MsftDiscFormat2Data", NULL);
    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscFormat2Data, &IID_IDiscFormat2Data, (void **)&writer),
          S_OK, "writer");
    WRITE(writer, bench.stream, E_IMAPI_RECORDER_REQUIRED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"recorder");
    ok_hr(IDiscFormat2Data_put_Recorder(writer, bench.recorder), S_OK, "Recorder");
    ok_hr(IDiscFormat2Data_Write(writer, &bench.stream.iface), E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID,
          "no name");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"ClientName");
    ok_hr(IDiscFormat2Data_put_ClientName(writer, name), S_OK, "ClientName");
    WRITE(writer, bench.stream, S_OK);
    SysFreeString(name);
    check_last_release(writer);
    test_bench_end(&bench);
}

TEST(size_of_the_stream_has_to_be_a_multiple_of_2048)
{
    static const ULONGLONG sizes[] = { 0, 1, 2047, 2049, 3 * MIB + 512 };
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    for (size_t i = 0; i < ARRAYSIZE(sizes); i++)
    {
        bench.stream.size = sizes[i];
        WRITE(bench.writer, bench.stream, E_IMAPI_DF2DATA_STREAM_NOT_SUPPORTED);
        check_error_info(&IID_IDiscFormat2Data, NULL, L"2048");
    }
    bench.stream.size = MIB;
    bench.stream.stat_result = STG_E_ACCESSDENIED;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), STG_E_ACCESSDENIED, "Stat fails");
    ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK, "disc is still blank");
    test_bench_end(&bench);
}

TEST(image_larger_than_the_disc_is_refused_before_anything_is_written)
{
    static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-r" };
    struct test_bench bench;
    WCHAR text[32];
    LONG room;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (test_bench_begin(&bench, media[i], NULL, MIB))
        {
            room = free_sectors(bench.writer);
            ok(room > 0, "%ld free sectors", room);
            bench.stream.size = (ULONGLONG)(room + 32) * 2048;
            ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface),
                  E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA, "Write");
            swprintf(text, ARRAYSIZE(text), L"%ld", room + 32);
            check_error_info(&IID_IDiscFormat2Data, NULL, text);
            ok_int(bench.stream.bytes_read, 0, "bytes read");
            ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK, "disc is still blank");
            bench.stream.size = 0x7FFFFFFFull * 2048 + 2048;
            ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface),
                  E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA, "no LONG holds it");
            test_bench_end(&bench);
        }
        test_pop();
    }
}

TEST(no_disc_and_finished_discs_are_refused)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "none", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    test_bench_end(&bench);

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(status_of(bench.writer), IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED, "state");
    bench.stream.seed = 2;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), E_IMAPI_DF2DATA_INVALID_MEDIA_STATE,
          "full disc");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+R");
    bench.stream.seed = 1;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "what was on the disc is lost");
    test_bench_end(&bench);
}

TEST(drive_of_another_client_is_refused_and_that_of_the_same_name_is_not)
{
    BSTR other = SysAllocString(L"somebody else"), same = SysAllocString(L"openimapi test"), owner;
    IDiscRecorder2 *holder;
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+rw", NULL, MIB)) return;
    holder = test_recorder_open(0);
    ok_hr(IDiscRecorder2_AcquireExclusiveAccess(holder, VARIANT_TRUE, other), S_OK, "acquire");
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_LOCKED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"somebody else");
    ok_hr(IDiscRecorder2_ReleaseExclusiveAccess(holder), S_OK, "release");
    ok_hr(IDiscRecorder2_AcquireExclusiveAccess(bench.recorder, VARIANT_TRUE, same), S_OK, "acquire");
    WRITE(bench.writer, bench.stream, S_OK);
    /* The write's own claim counted on top of the client's. */
    ok_hr(IDiscRecorder2_get_ExclusiveAccessOwner(holder, &owner), S_OK, "owner");
    ok_text(owner, same, "owner after the write");
    SysFreeString(owner);
    ok_hr(IDiscRecorder2_ReleaseExclusiveAccess(bench.recorder), S_OK, "release");
    SysFreeString(other);
    SysFreeString(same);
    check_last_release(holder);
    test_bench_end(&bench);
}

TEST(drive_that_could_not_be_asked_is_asked_by_the_write)
{
    static const char reader[] = "GET CONFIGURATION -> data 0000000C 00000008 00000304 00080100\n";
    BSTR other = SysAllocString(L"somebody else");
    IDiscRecorder2 *holder;
    struct test_bench bench;

    test_recorder_set("dvd+r", reader);
    test_stream_init(&bench.stream, MIB);
    holder = test_recorder_open(0);
    bench.recorder = test_recorder_open(0);
    if (!holder || !bench.recorder) return;
    ok_hr(IDiscRecorder2_AcquireExclusiveAccess(holder, VARIANT_TRUE, other), S_OK, "acquire");
    bench.writer = test_writer_open(bench.recorder); /* a drive that is locked can be attached */
    check_last_release(holder);
    WRITE(bench.writer, bench.stream, E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
    SysFreeString(other);
    test_bench_end(&bench);
}

/* An HD DVD-R in a drive that also writes DVD+R. */
TEST(disc_of_a_type_that_cannot_be_written_is_refused)
{
    static const char faults[] = "GET CONFIGURATION -> data 00000010 00000051 00000308 00510100 001B0000\n";
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", faults, MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"HD DVD-R");
    test_bench_end(&bench);
}

TEST_MAIN(TEST_CASE(every_medium_takes_an_image), TEST_CASE(stream_is_read_once_from_its_start),
          TEST_CASE(disc_is_closed_or_left_open_as_asked), TEST_CASE(second_session_follows_the_first),
          TEST_CASE(overwritable_disc_that_is_not_blank_needs_force),
          TEST_CASE(block_ranges_of_the_stream_are_written_and_no_others),
          TEST_CASE(block_ranges_do_not_matter_on_sequential_discs),
          TEST_CASE(write_needs_stream_recorder_and_name),
          TEST_CASE(size_of_the_stream_has_to_be_a_multiple_of_2048),
          TEST_CASE(image_larger_than_the_disc_is_refused_before_anything_is_written),
          TEST_CASE(no_disc_and_finished_discs_are_refused),
          TEST_CASE(drive_of_another_client_is_refused_and_that_of_the_same_name_is_not),
          TEST_CASE(drive_that_could_not_be_asked_is_asked_by_the_write),
          TEST_CASE(disc_of_a_type_that_cannot_be_written_is_refused))
