/* MsftDiscFormat2Data at work: burns onto virtual discs, events, cancelling, and all that can go wrong. */
#include "recorders.h"

#include <string.h>

#define WRITE(writer, stream, code)                                                                          \
    check_pair(IDiscFormat2Data_Write(writer, &(stream).iface), L"IDiscFormat2Data", L"Write", code)
#define MIB (1024 * 1024)

struct bench
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    struct test_stream stream;
};

static BOOL begin(struct bench *bench, const char *medium, const char *faults, ULONGLONG size)
{
    test_recorder_set(medium, faults);
    test_stream_init(&bench->stream, size);
    bench->writer = NULL;
    if (!(bench->recorder = test_recorder_open(0))) return FALSE;
    bench->writer = test_writer_open(bench->recorder);
    return bench->writer != NULL;
}

static void end(struct bench *bench)
{
    ok_int(bench->stream.references, 1, "references to the stream");
    ok_int(bench->stream.wrong_thread, 0, "reads on another thread");
    check_last_release(bench->writer);
    check_last_release(bench->recorder);
    test_recorders_end();
}

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
    struct bench bench;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (begin(&bench, media[i], NULL, 3 * MIB + 2048))
        {
            ok(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK, "blank before");
            WRITE(bench.writer, bench.stream, S_OK);
            check_no_error_info();
            ok(test_disc_holds(0, &bench.stream, 0, 1537, 0), "disc differs from the image");
            ok(!(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_BLANK), "blank after");
            end(&bench);
        }
        test_pop();
    }
}

TEST(stream_is_read_once_from_its_start)
{
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, 2 * MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(bench.stream.bytes_read, 2 * MIB, "bytes read");
    end(&bench);
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
    struct bench bench;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s, no compatibility %d, close %d", cases[i].medium, cases[i].no_compatibility,
                  cases[i].force_close);
        if (begin(&bench, cases[i].medium, NULL, MIB))
        {
            IDiscFormat2Data_put_DisableConsumerDvdCompatibilityMode(bench.writer,
                                                                     (SHORT)-cases[i].no_compatibility);
            IDiscFormat2Data_put_ForceMediaToBeClosed(bench.writer, (SHORT)-cases[i].force_close);
            WRITE(bench.writer, bench.stream, S_OK);
            ok_int(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED,
                   cases[i].closed ? IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED : 0, "finalized");
            end(&bench);
        }
        test_pop();
    }
}

TEST(second_session_follows_the_first)
{
    struct bench bench;
    LONG next = 0, start = 0;

    if (!begin(&bench, "cd-r", NULL, MIB)) return;
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
    end(&bench);
}

/* --- overwriting ---------------------------------------------------------------------------------------- */

TEST(overwritable_disc_that_is_not_blank_needs_force)
{
    struct bench bench;

    if (!begin(&bench, "dvd+rw", NULL, MIB)) return;
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
    end(&bench);
}

/* Open point: ranges that leave something out add a logical session, which needs no ForceOverwrite; those
   that cover everything are an image like any other. */
TEST(block_ranges_of_the_stream_are_written_and_no_others)
{
    static const LONG part[][2] = { { 480, 511 }, { 0, 31 } }, all[][2] = { { 256, 511 }, { 0, 255 } };
    static const LONG wrong[][2] = { { 0, 512 } }, backward[][2] = { { 32, 31 } };
    struct test_stream first;
    struct bench bench;

    if (!begin(&bench, "dvd+rw", NULL, MIB)) return;
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
    end(&bench);
}

TEST(block_ranges_do_not_matter_on_sequential_discs)
{
    static const LONG part[][2] = { { 0, 31 } };
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
    bench.stream.ranges = test_ranges_create(part, 1);
    WRITE(bench.writer, bench.stream, S_OK);
    check_last_release(bench.stream.ranges);
    bench.stream.ranges = NULL;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "disc differs from the image");
    end(&bench);
}

/* --- what is refused ------------------------------------------------------------------------------------ */

TEST(write_needs_stream_recorder_and_name)
{
    IDiscFormat2Data *writer;
    BSTR name = SysAllocString(L"test");
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
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
    end(&bench);
}

TEST(size_of_the_stream_has_to_be_a_multiple_of_2048)
{
    static const ULONGLONG sizes[] = { 0, 1, 2047, 2049, 3 * MIB + 512 };
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
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
    end(&bench);
}

TEST(image_larger_than_the_disc_is_refused_before_anything_is_written)
{
    static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-r" };
    struct bench bench;
    WCHAR text[32];
    LONG room;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (begin(&bench, media[i], NULL, MIB))
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
            end(&bench);
        }
        test_pop();
    }
}

TEST(no_disc_and_finished_discs_are_refused)
{
    struct bench bench;

    if (!begin(&bench, "none", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    end(&bench);

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(status_of(bench.writer), IMAPI_FORMAT2_DATA_MEDIA_STATE_FINALIZED, "state");
    bench.stream.seed = 2;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), E_IMAPI_DF2DATA_INVALID_MEDIA_STATE,
          "full disc");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+R");
    bench.stream.seed = 1;
    ok(test_disc_holds(0, &bench.stream, 0, 512, 0), "what was on the disc is lost");
    end(&bench);
}

TEST(drive_of_another_client_is_refused_and_that_of_the_same_name_is_not)
{
    BSTR other = SysAllocString(L"somebody else"), same = SysAllocString(L"openimapi test"), owner;
    IDiscRecorder2 *holder;
    struct bench bench;

    if (!begin(&bench, "dvd+rw", NULL, MIB)) return;
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
    end(&bench);
}

/* --- streams that fail ---------------------------------------------------------------------------------- */

TEST(stream_that_fails_ends_the_write_with_its_code)
{
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, 4 * MIB)) return;
    bench.stream.fail_at = 2 * MIB;
    bench.stream.fail_with = STG_E_READFAULT;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), STG_E_READFAULT, "Write");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"8003001E");
    ok(!(status_of(bench.writer) & IMAPI_FORMAT2_DATA_MEDIA_STATE_NON_EMPTY_SESSION), "session is closed");
    end(&bench);
}

TEST(stream_that_shortens_ends_the_write)
{
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, 4 * MIB)) return;
    bench.stream.end = 3 * MIB + 100;
    WRITE(bench.writer, bench.stream, E_FAIL);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"4194304");
    end(&bench);
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
        { "WRITE(10) #3.. -> timeout", E_IMAPI_RECORDER_COMMAND_TIMEOUT },
        { "WRITE(10) #3 -> handle", HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE) },
        { "after 1 MiB -> removed", E_IMAPI_RECORDER_MEDIA_NO_MEDIA },
        { "after 1 MiB -> gone", HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST) },
    };
    struct bench bench;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%s", cases[i].faults);
        if (begin(&bench, "dvd+r", cases[i].faults, 4 * MIB))
        {
            WRITE(bench.writer, bench.stream, cases[i].hr);
            check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
            end(&bench);
        }
        test_pop();
    }
}

/* --- events --------------------------------------------------------------------------------------------- */

struct watch
{
    struct test_sink sink;
    IDiscFormat2Data *writer;
    LONG actions[8], bad, last_action;
    int cancel_at; /* action; -1: never */
    DWORD thread;
    void (*in_event)(struct watch *watch, LONG action);
};

static LONG number(IDiscFormat2DataEventArgs *args,
                   HRESULT(STDMETHODCALLTYPE *get)(IDiscFormat2DataEventArgs *, LONG *),
                   const WCHAR *interface_, const WCHAR *method)
{
    LONG value = -1;

    check_pair(get(args, &value), interface_, method, S_OK);
    return value;
}

#define BASE(member) number(args, args->lpVtbl->get_##member, L"IWriteEngine2EventArgs", L"get_" L## #member)
#define OWN(member)                                                                                          \
    number(args, args->lpVtbl->get_##member, L"IDiscFormat2DataEventArgs", L"get_" L## #member)

static HRESULT on_update(struct test_sink *sink, const struct test_call *call)
{
    struct watch *watch = CONTAINING_RECORD(sink, struct watch, sink);
    IMAPI_FORMAT2_DATA_WRITE_ACTION action = -1;
    IDiscFormat2DataEventArgs *args = NULL;
    VARIANT value;
    LONG start, count, read, written;

    if (GetCurrentThreadId() != watch->thread) watch->bad++;
    ok_int(call->id, 0x200, "DISPID");
    ok_int(call->count, 2, "arguments");
    if (!ok_hr(IDispatch_QueryInterface(V_DISPATCH(&call->args[1]), &IID_IDiscFormat2DataEventArgs,
                                        (void **)&args),
               S_OK, "arguments of the event"))
        return S_OK;
    check_pair(IDiscFormat2DataEventArgs_get_CurrentAction(args, &action), L"IDiscFormat2DataEventArgs",
               L"get_CurrentAction", S_OK);
    start = BASE(StartLba), count = BASE(SectorCount), read = BASE(LastReadLba),
    written = BASE(LastWrittenLba);
    ok(count > 0, "action %d: SectorCount is %ld", action, count);
    ok(written >= start && written < start + count + 64, "written %ld of %ld from %ld", written, count,
       start);
    ok(read >= start && read < start + count + 64, "read %ld of %ld from %ld", read, count, start);
    ok_int(BASE(UsedSystemBuffer) + BASE(FreeSystemBuffer), BASE(TotalSystemBuffer), "used and free buffer");
    ok(OWN(TotalTime) > 0 && OWN(ElapsedTime) >= 0 && OWN(RemainingTime) >= 0, "times");
    if (action == IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA) ok(BASE(TotalSystemBuffer) > 0, "no buffer");
    /* By name, as a script reads it. */
    ok_hr(test_get(args, L"currentaction", &value), S_OK, "CurrentAction by name");
    ok(V_VT(&value) == VT_I4 && V_I4(&value) == (LONG)action, "type %d, value %ld", V_VT(&value),
       V_I4(&value));
    ok_hr(test_get(args, L"SectorCount", &value), S_OK, "SectorCount by name");
    ok_int(V_I4(&value), count, "SectorCount by name");
    IDiscFormat2DataEventArgs_Release(args);
    if ((ULONG)action < ARRAYSIZE(watch->actions)) watch->actions[action]++;
    watch->last_action = action;
    if (watch->in_event) watch->in_event(watch, action);
    if ((int)action == watch->cancel_at)
        check_pair(IDiscFormat2Data_CancelWrite(watch->writer), L"IDiscFormat2Data", L"CancelWrite", S_OK);
    return E_FAIL; /* what a sink returns does not matter */
}

static void watch_begin(struct watch *watch, IDiscFormat2Data *writer, DWORD *cookie)
{
    memset(watch, 0, sizeof(*watch));
    watch->sink.on_call = on_update;
    watch->sink.event = &IID_DDiscFormat2DataEvents;
    test_sink_init(&watch->sink);
    watch->writer = writer;
    watch->cancel_at = -1;
    watch->thread = GetCurrentThreadId();
    ok_hr(test_advise(writer, &IID_DDiscFormat2DataEvents, &watch->sink.iface, cookie), S_OK, "Advise");
}

static void watch_end(struct watch *watch, DWORD cookie)
{
    ok_hr(test_unadvise(watch->writer, &IID_DDiscFormat2DataEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(&watch->sink);
    ok_int(watch->sink.references, 1, "references to the sink");
    ok_int(watch->bad, 0, "events on another thread");
}

TEST(events_tell_each_action_in_order)
{
    static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-re" };
    IBurnVerification *verification;
    static struct watch watch;
    struct bench bench;
    IUnknown *a, *b;
    DWORD cookie;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (begin(&bench, media[i], NULL, 2 * MIB))
        {
            IDiscFormat2Data_QueryInterface(bench.writer, &IID_IBurnVerification, (void **)&verification);
            IBurnVerification_put_BurnVerificationLevel(verification, IMAPI_BURN_VERIFICATION_FULL);
            IBurnVerification_Release(verification);
            watch_begin(&watch, bench.writer, &cookie);
            WRITE(bench.writer, bench.stream, S_OK);
            ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_VALIDATING_MEDIA] >= 1, "validating");
            ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_INITIALIZING_HARDWARE] >= 1, "initializing");
            ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA] >= 1, "writing");
            ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_FINALIZATION] >= 1, "finalizing");
            ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_VERIFYING] >= 1, "verifying");
            ok_int(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_COMPLETED], 1, "completed");
            ok_int(watch.last_action, IMAPI_FORMAT2_DATA_WRITE_ACTION_COMPLETED, "last action");
            if (watch.sink.total)
            {
                IDispatch_QueryInterface(V_DISPATCH(&watch.sink.calls[0].args[0]), &IID_IUnknown,
                                         (void **)&a);
                IDiscFormat2Data_QueryInterface(bench.writer, &IID_IUnknown, (void **)&b);
                ok(a == b, "the sender is not the writer");
                IUnknown_Release(a);
                IUnknown_Release(b);
            }
            watch_end(&watch, cookie);
            end(&bench);
        }
        test_pop();
    }
}

TEST(arguments_of_events_refuse_null_pointers_and_outlive_the_write)
{
    IMAPI_FORMAT2_DATA_WRITE_ACTION *no_action = NULL;
    IDiscFormat2DataEventArgs *args;
    static struct watch watch;
    struct bench bench;
    DWORD cookie;

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
    watch_begin(&watch, bench.writer, &cookie);
    WRITE(bench.writer, bench.stream, S_OK);
    if (ok(watch.sink.total > 0, "no event"))
    {
        static const IID *const has[] = { &IID_IDiscFormat2DataEventArgs, &IID_IWriteEngine2EventArgs,
                                          &IID_IDispatch, &IID_ISupportErrorInfo, NULL };
        static const IID *const lacks[] = { &IID_IDiscFormat2Data, &IID_IConnectionPointContainer, NULL };

        IDispatch_QueryInterface(V_DISPATCH(&watch.sink.calls[0].args[1]), &IID_IDiscFormat2DataEventArgs,
                                 (void **)&args);
        check_interfaces(args, has, lacks);
        check_identity(args, has);
#define NONE(interface_, member)                                                                             \
    check_pair(args->lpVtbl->get_##member(args, NULL), interface_, L"get_" L## #member, E_POINTER)
        NONE(L"IWriteEngine2EventArgs", StartLba);
        NONE(L"IWriteEngine2EventArgs", SectorCount);
        NONE(L"IWriteEngine2EventArgs", LastReadLba);
        NONE(L"IWriteEngine2EventArgs", LastWrittenLba);
        NONE(L"IWriteEngine2EventArgs", TotalSystemBuffer);
        NONE(L"IWriteEngine2EventArgs", UsedSystemBuffer);
        NONE(L"IWriteEngine2EventArgs", FreeSystemBuffer);
        NONE(L"IDiscFormat2DataEventArgs", ElapsedTime);
        NONE(L"IDiscFormat2DataEventArgs", RemainingTime);
        NONE(L"IDiscFormat2DataEventArgs", TotalTime);
        check_pair(IDiscFormat2DataEventArgs_get_CurrentAction(args, no_action), L"IDiscFormat2DataEventArgs",
                   L"get_CurrentAction", E_POINTER);
#undef NONE
        check_error_info(&IID_IDiscFormat2DataEventArgs, NULL, NULL);
        IDiscFormat2DataEventArgs_Release(args);
    }
    watch_end(&watch, cookie);
    end(&bench);
}

/* --- during a write ------------------------------------------------------------------------------------- */

static void use_everything(struct watch *watch, LONG action)
{
    IDiscFormat2Data *writer = watch->writer;
    IMAPI_FORMAT2_DATA_MEDIA_STATE state;
    IMAPI_MEDIA_PHYSICAL_TYPE type = 0;
    IBurnVerification *verification;
    IDiscRecorder2 *recorder = NULL;
    struct test_stream stream;
    BSTR name = NULL;
    LONG value = 0;

    if (action != IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA ||
        watch->actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA] != 1)
        return;
#define BUSY(call, method) check_pair(call, L"IDiscFormat2Data", L##method, E_IMAPI_DF2DATA_WRITE_IN_PROGRESS)
    test_stream_init(&stream, MIB);
    BUSY(IDiscFormat2Data_Write(writer, &stream.iface), "Write");
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    BUSY(IDiscFormat2Data_put_Recorder(writer, NULL), "put_Recorder");
    BUSY(IDiscFormat2Data_put_BufferUnderrunFreeDisabled(writer, VARIANT_TRUE),
         "put_BufferUnderrunFreeDisabled");
    BUSY(IDiscFormat2Data_put_PostgapAlreadyInImage(writer, VARIANT_TRUE), "put_PostgapAlreadyInImage");
    BUSY(IDiscFormat2Data_put_ForceMediaToBeClosed(writer, VARIANT_TRUE), "put_ForceMediaToBeClosed");
    BUSY(IDiscFormat2Data_put_DisableConsumerDvdCompatibilityMode(writer, VARIANT_TRUE),
         "put_DisableConsumerDvdCompatibilityMode");
    name = SysAllocString(L"another name");
    BUSY(IDiscFormat2Data_put_ClientName(writer, name), "put_ClientName");
    SysFreeString(name);
#undef BUSY
    check_pair(IDiscFormat2Data_put_ForceOverwrite(writer, VARIANT_TRUE), L"IDiscFormat2Data",
               L"put_ForceOverwrite", S_OK);
    IDiscFormat2Data_QueryInterface(writer, &IID_IBurnVerification, (void **)&verification);
    check_pair(IBurnVerification_put_BurnVerificationLevel(verification, IMAPI_BURN_VERIFICATION_NONE),
               L"IBurnVerification", L"put_BurnVerificationLevel", S_OK);
    IBurnVerification_Release(verification);
    /* Getters go on, with what was known of the disc when the write began. */
    ok_hr(IDiscFormat2Data_get_CurrentMediaStatus(writer, &state), S_OK, "CurrentMediaStatus");
    ok_hr(IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, &type), S_OK, "CurrentPhysicalMediaType");
    ok_int(type, IMAPI_MEDIA_TYPE_DVDPLUSR, "type");
    ok_hr(IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &value), S_OK, "FreeSectorsOnMedia");
    ok_hr(IDiscFormat2Data_get_ClientName(writer, &name), S_OK, "ClientName");
    ok_text(name, L"openimapi test", "name");
    SysFreeString(name);
    ok_hr(IDiscFormat2Data_get_Recorder(writer, &recorder), S_OK, "Recorder");
    /* The drive itself belongs to the write. */
    ok_hr(IDiscRecorder2_EjectMedia(recorder), E_IMAPI_RECORDER_MEDIA_BUSY, "EjectMedia");
    ok_hr(IDiscRecorder2_get_VendorId(recorder, &name), S_OK, "VendorId");
    SysFreeString(name);
    ok_hr(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &name), S_OK, "owner");
    ok_text(name, L"openimapi test", "owner");
    SysFreeString(name);
    IDiscRecorder2_Release(recorder);
}

TEST(writer_stays_usable_from_within_an_event)
{
    static struct watch watch;
    struct bench bench;
    VARIANT_BOOL flag;
    DWORD cookie;

    if (!begin(&bench, "dvd+r", NULL, 2 * MIB)) return;
    watch_begin(&watch, bench.writer, &cookie);
    watch.in_event = use_everything;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_hr(IDiscFormat2Data_get_ForceMediaToBeClosed(bench.writer, &flag), S_OK, "ForceMediaToBeClosed");
    ok_int(flag, VARIANT_FALSE, "what was refused is not stored");
    watch_end(&watch, cookie);
    check_pair(IDiscFormat2Data_CancelWrite(bench.writer), L"IDiscFormat2Data", L"CancelWrite",
               E_IMAPI_DF2DATA_WRITE_NOT_IN_PROGRESS);
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    end(&bench);
}

TEST(cancelling_within_an_event_ends_the_write)
{
    static const int actions[] = { 0, 2, 4 };
    static struct watch watch;
    struct bench bench;
    DWORD cookie;

    for (size_t i = 0; i < ARRAYSIZE(actions); i++)
    {
        test_push("in action %d", actions[i]);
        if (begin(&bench, "dvd+rw", NULL, 8 * MIB))
        {
            watch_begin(&watch, bench.writer, &cookie);
            watch.cancel_at = actions[i];
            WRITE(bench.writer, bench.stream, E_IMAPI_REQUEST_CANCELLED);
            check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
            ok_int(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_COMPLETED], 0, "completed events");
            ok(bench.stream.bytes_read < 8 * MIB, "all was read");
            watch_end(&watch, cookie);
            /* The writer is good for another one. */
            IDiscFormat2Data_put_ForceOverwrite(bench.writer, VARIANT_TRUE);
            WRITE(bench.writer, bench.stream, S_OK);
            ok(test_disc_holds(0, &bench.stream, 0, 4096, 0), "disc differs from the image");
            end(&bench);
        }
        test_pop();
    }
}

static DWORD WINAPI cancel_thread(void *context)
{
    return (DWORD)IDiscFormat2Data_CancelWrite((IDiscFormat2Data *)context);
}

static void cancel_from_thread(struct test_stream *stream, ULONGLONG position)
{
    HANDLE thread;
    DWORD code = 0;

    if (position < 2 * MIB || !stream->context) return;
    thread = CreateThread(NULL, 0, cancel_thread, stream->context, 0, NULL);
    WaitForSingleObject(thread, 10000);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    ok_hr((HRESULT)code, S_OK, "CancelWrite on another thread");
    stream->context = NULL;
}

TEST(cancelling_from_another_thread_ends_the_write)
{
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, 64 * MIB)) return;
    bench.stream.context = bench.writer;
    bench.stream.on_read = cancel_from_thread;
    WRITE(bench.writer, bench.stream, E_IMAPI_REQUEST_CANCELLED);
    ok(bench.stream.bytes_read < 64 * MIB, "all was read");
    bench.stream.on_read = NULL;
    end(&bench);
}

static void release_writer(struct test_stream *stream, ULONGLONG position)
{
    IDiscFormat2Data *writer = stream->context;

    (void)position;
    stream->context = NULL;
    if (writer) IDiscFormat2Data_Release(writer);
}

TEST(writer_may_be_released_while_it_writes)
{
    struct bench bench;

    if (!begin(&bench, "dvd+r", NULL, MIB)) return;
    bench.stream.context = bench.writer;
    bench.stream.on_read = release_writer;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(bench.stream.references, 1, "references to the stream");
    check_last_release(bench.recorder);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
    test_recorders_end();
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
    struct bench bench;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("level %d, %s", cases[i].level, cases[i].faults ? cases[i].faults : "good");
        if (begin(&bench, "dvd+r", cases[i].faults, 4 * MIB))
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
            end(&bench);
        }
        test_pop();
    }
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
          TEST_CASE(stream_that_fails_ends_the_write_with_its_code),
          TEST_CASE(stream_that_shortens_ends_the_write), TEST_CASE(failures_of_the_drive_have_their_codes),
          TEST_CASE(events_tell_each_action_in_order),
          TEST_CASE(arguments_of_events_refuse_null_pointers_and_outlive_the_write),
          TEST_CASE(writer_stays_usable_from_within_an_event),
          TEST_CASE(cancelling_within_an_event_ends_the_write),
          TEST_CASE(cancelling_from_another_thread_ends_the_write),
          TEST_CASE(writer_may_be_released_while_it_writes),
          TEST_CASE(verification_finds_a_disc_that_reads_back_differently))
