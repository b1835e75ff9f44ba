/* MsftDiscFormat2Data at work: the events of a write, what may be done from within one, cancelling. */
#include "recorders.h"

#include <string.h>

#define WRITE(writer, stream, code)                                                                          \
    check_pair(IDiscFormat2Data_Write(writer, &(stream).iface), L"IDiscFormat2Data", L"Write", code)
#define MIB (1024 * 1024)

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
    struct test_bench bench;
    IUnknown *a, *b;
    DWORD cookie;

    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        if (test_bench_begin(&bench, media[i], NULL, 2 * MIB))
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
            test_bench_end(&bench);
        }
        test_pop();
    }
}

/* A stream that takes three seconds. */
static void dawdle(struct test_stream *stream, ULONGLONG position)
{
    const DWORD *start = stream->context;

    while (GetTickCount() - *start < position * 3000 / stream->size) Sleep(5);
}

TEST(progress_is_told_every_half_second)
{
    static struct watch watch;
    struct test_bench bench;
    DWORD cookie, start;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 8 * MIB)) return;
    watch_begin(&watch, bench.writer, &cookie);
    start = GetTickCount();
    bench.stream.context = &start;
    bench.stream.on_read = dawdle;
    WRITE(bench.writer, bench.stream, S_OK);
    ok(watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA] >= 4 &&
           watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA] <= 9,
       "%ld events in 3 s of writing", watch.actions[IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA]);
    watch_end(&watch, cookie);
    test_bench_end(&bench);
}

TEST(arguments_of_events_refuse_null_pointers_and_outlive_the_write)
{
    IMAPI_FORMAT2_DATA_WRITE_ACTION *no_action = NULL;
    IDiscFormat2DataEventArgs *args;
    static struct watch watch;
    struct test_bench bench;
    DWORD cookie;

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
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
    test_bench_end(&bench);
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
    struct test_bench bench;
    VARIANT_BOOL flag;
    DWORD cookie;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 2 * MIB)) return;
    watch_begin(&watch, bench.writer, &cookie);
    watch.in_event = use_everything;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_hr(IDiscFormat2Data_get_ForceMediaToBeClosed(bench.writer, &flag), S_OK, "ForceMediaToBeClosed");
    ok_int(flag, VARIANT_FALSE, "what was refused is not stored");
    watch_end(&watch, cookie);
    check_pair(IDiscFormat2Data_CancelWrite(bench.writer), L"IDiscFormat2Data", L"CancelWrite",
               E_IMAPI_DF2DATA_WRITE_NOT_IN_PROGRESS);
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    test_bench_end(&bench);
}

TEST(cancelling_within_an_event_ends_the_write)
{
    static const int actions[] = { 0, 2, 4 };
    static struct watch watch;
    struct test_bench bench;
    DWORD cookie;

    for (size_t i = 0; i < ARRAYSIZE(actions); i++)
    {
        test_push("in action %d", actions[i]);
        if (test_bench_begin(&bench, "dvd+rw", NULL, 8 * MIB))
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
            test_bench_end(&bench);
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
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, 64 * MIB)) return;
    bench.stream.context = bench.writer;
    bench.stream.on_read = cancel_from_thread;
    WRITE(bench.writer, bench.stream, E_IMAPI_REQUEST_CANCELLED);
    ok(bench.stream.bytes_read < 64 * MIB, "all was read");
    bench.stream.on_read = NULL;
    test_bench_end(&bench);
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
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    bench.stream.context = bench.writer;
    bench.stream.on_read = release_writer;
    WRITE(bench.writer, bench.stream, S_OK);
    ok_int(bench.stream.references, 1, "references to the stream");
    check_last_release(bench.recorder);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
    test_recorders_end();
}

TEST_MAIN(TEST_CASE(events_tell_each_action_in_order), TEST_CASE(progress_is_told_every_half_second),
          TEST_CASE(arguments_of_events_refuse_null_pointers_and_outlive_the_write),
          TEST_CASE(writer_stays_usable_from_within_an_event),
          TEST_CASE(cancelling_within_an_event_ends_the_write),
          TEST_CASE(cancelling_from_another_thread_ends_the_write),
          TEST_CASE(writer_may_be_released_while_it_writes))
