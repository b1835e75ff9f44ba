/* Objects of imapi2.dll between threads and apartments, and recorders that are objects of another maker. */
#include "recorders.h"

#include <stdlib.h>
#include <string.h>

#define MIB     (1024 * 1024)
#define THREADS 4
#define ROUNDS  40

/* --- threads -------------------------------------------------------------------------------------------- */

struct crowd
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    LONG failures, calls;
    HRESULT failure;
};

static void count_call(struct crowd *crowd, HRESULT hr)
{
    InterlockedIncrement(&crowd->calls);
    if (hr == S_OK) return;
    InterlockedIncrement(&crowd->failures);
    crowd->failure = hr;
}

static DWORD WINAPI use_drive(void *context)
{
    struct crowd *crowd = context;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (int i = 0; i < ROUNDS; i++)
    {
        IMAPI_MEDIA_PHYSICAL_TYPE type = 0;
        SAFEARRAY *array = NULL;
        LONG sectors = 0;
        BSTR text = NULL;

        count_call(crowd, IDiscRecorder2_get_SupportedProfiles(crowd->recorder, &array));
        SafeArrayDestroy(array);
        count_call(crowd, IDiscFormat2Data_get_CurrentPhysicalMediaType(crowd->writer, &type));
        if (type != IMAPI_MEDIA_TYPE_DVDPLUSR) InterlockedIncrement(&crowd->failures);
        count_call(crowd, IDiscFormat2Data_get_FreeSectorsOnMedia(crowd->writer, &sectors));
        count_call(crowd, IDiscRecorder2_get_ActiveDiscRecorder(crowd->recorder, &text));
        SysFreeString(text);
        count_call(crowd, IDiscFormat2Data_put_ForceOverwrite(crowd->writer, VARIANT_TRUE));
    }
    CoUninitialize();
    return 0;
}

TEST(threads_take_turns_at_one_drive)
{
    struct crowd crowd = { 0 };
    HANDLE threads[THREADS];

    test_recorder_set("dvd+r", NULL);
    if (!(crowd.recorder = test_recorder_open(0)) || !(crowd.writer = test_writer_open(crowd.recorder)))
        return;
    for (size_t i = 0; i < THREADS; i++) threads[i] = CreateThread(NULL, 0, use_drive, &crowd, 0, NULL);
    ok(WaitForMultipleObjects(THREADS, threads, TRUE, 60000) != WAIT_TIMEOUT, "threads hang");
    for (size_t i = 0; i < THREADS; i++) CloseHandle(threads[i]);
    ok_int(crowd.calls, THREADS * ROUNDS * 5, "calls");
    ok(!crowd.failures, "%ld failures, the last 0x%08lX", crowd.failures, (unsigned long)crowd.failure);
    check_last_release(crowd.writer);
    check_last_release(crowd.recorder);
    test_recorders_end();
}

/* While one thread writes, others are told that the drive is busy, and none of them waits for it. */
struct visit
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    HRESULT eject, write, media;
};

static DWORD WINAPI visit_drive(void *context)
{
    struct visit *visit = context;
    struct test_stream stream;
    LONG state;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    test_stream_init(&stream, MIB);
    visit->eject = IDiscRecorder2_EjectMedia(visit->recorder);
    visit->write = IDiscFormat2Data_Write(visit->writer, &stream.iface);
    visit->media = IDiscFormat2Data_get_CurrentMediaStatus(visit->writer, (void *)&state);
    CoUninitialize();
    return 0;
}

static void let_visit(struct test_stream *stream, ULONGLONG position)
{
    HANDLE thread;

    if (position < MIB || !stream->context) return;
    thread = CreateThread(NULL, 0, visit_drive, stream->context, 0, NULL);
    stream->context = NULL;
    ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "a call on another thread hangs");
    CloseHandle(thread);
}

TEST(other_threads_do_not_wait_for_a_write)
{
    struct test_bench bench;
    struct visit visit = { 0 };

    if (!test_bench_begin(&bench, "dvd+r", NULL, 4 * MIB)) return;
    visit.recorder = bench.recorder;
    visit.writer = bench.writer;
    bench.stream.context = &visit;
    bench.stream.on_read = let_visit;
    ok_hr(IDiscFormat2Data_Write(bench.writer, &bench.stream.iface), S_OK, "Write");
    ok_hr(visit.eject, E_IMAPI_RECORDER_MEDIA_BUSY, "EjectMedia");
    ok_hr(visit.write, E_IMAPI_DF2DATA_WRITE_IN_PROGRESS, "a second Write");
    ok_hr(visit.media, S_OK, "CurrentMediaStatus");
    ok(test_disc_holds(0, &bench.stream, 0, 2048, 0), "disc differs from the image");
    test_bench_end(&bench);
}

/* --- a sink in an apartment ----------------------------------------------------------------------------- */

struct apartment
{
    IStream *marshalled;
    DWORD thread, writer_thread;
    HRESULT write;
    LONG events, elsewhere;
};

static HRESULT count_event(struct test_sink *sink, const struct test_call *call)
{
    struct apartment *apartment = sink->context;

    (void)call;
    apartment->events++;
    if (GetCurrentThreadId() != apartment->thread) apartment->elsewhere++;
    return S_OK;
}

static DWORD WINAPI write_elsewhere(void *context)
{
    struct apartment *apartment = context;
    IDiscFormat2Data *writer = NULL;
    struct test_stream stream;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    apartment->writer_thread = GetCurrentThreadId();
    test_stream_init(&stream, 2 * MIB);
    apartment->write =
        CoGetInterfaceAndReleaseStream(apartment->marshalled, &IID_IDiscFormat2Data, (void **)&writer);
    if (SUCCEEDED(apartment->write)) apartment->write = IDiscFormat2Data_Write(writer, &stream.iface);
    if (writer) IDiscFormat2Data_Release(writer);
    CoUninitialize();
    return 0;
}

static void wait_with_messages(HANDLE object)
{
    while (MsgWaitForMultipleObjects(1, &object, FALSE, 30000, QS_ALLINPUT) == WAIT_OBJECT_0 + 1)
    {
        MSG message;

        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
    }
}

/* The sink belongs to a single-threaded apartment, the write runs in another: the sink is called in its own.
 */
TEST(sinks_are_called_in_their_apartment)
{
    struct apartment apartment = { .thread = GetCurrentThreadId() };
    static struct test_sink sink;
    struct test_bench bench;
    DWORD cookie;
    HANDLE thread;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (!test_bench_begin(&bench, "dvd+r", NULL, MIB)) return;
    memset(&sink, 0, sizeof(sink));
    sink.on_call = count_event;
    sink.context = &apartment;
    test_sink_init(&sink);
    ok_hr(test_advise(bench.writer, &IID_DDiscFormat2DataEvents, &sink.iface, &cookie), S_OK, "Advise");
    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_IDiscFormat2Data, (IUnknown *)bench.writer,
                                                &apartment.marshalled),
          S_OK, "marshal");
    thread = CreateThread(NULL, 0, write_elsewhere, &apartment, 0, NULL);
    wait_with_messages(thread);
    CloseHandle(thread);
    ok_hr(apartment.write, S_OK, "Write in the other apartment");
    ok(apartment.events >= 4, "%ld events", apartment.events);
    ok_int(apartment.elsewhere, 0, "events in another apartment");
    ok_hr(test_unadvise(bench.writer, &IID_DDiscFormat2DataEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(&sink);
    ok_int(sink.references, 1, "references to the sink");
    test_bench_end(&bench);
    CoUninitialize();
}

/* --- another maker's recorder --------------------------------------------------------------------------- */

/* Knows which drive it stands for, and nothing else. */
struct foreign
{
    IDiscRecorder2 iface;
    IDiscRecorder2Vtbl vtbl;
    LONG references;
    BSTR id;
};

static HRESULT STDMETHODCALLTYPE foreign_QueryInterface(IDiscRecorder2 *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IDispatch) &&
        !IsEqualGUID(iid, &IID_IDiscRecorder2))
        return E_NOINTERFACE;
    *out = iface;
    InterlockedIncrement(&CONTAINING_RECORD(iface, struct foreign, iface)->references);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE foreign_AddRef(IDiscRecorder2 *iface)
{
    return (ULONG)InterlockedIncrement(&CONTAINING_RECORD(iface, struct foreign, iface)->references);
}

static ULONG STDMETHODCALLTYPE foreign_Release(IDiscRecorder2 *iface)
{
    return (ULONG)InterlockedDecrement(&CONTAINING_RECORD(iface, struct foreign, iface)->references);
}

static HRESULT STDMETHODCALLTYPE foreign_get_ActiveDiscRecorder(IDiscRecorder2 *iface, BSTR *value)
{
    struct foreign *foreign = CONTAINING_RECORD(iface, struct foreign, iface);

    *value = foreign->id ? SysAllocString(foreign->id) : NULL;
    return foreign->id ? S_OK : E_FAIL;
}

TEST(recorder_of_another_maker_is_known_by_its_drive)
{
    struct foreign foreign = { .references = 1 };
    IDiscFormat2Data *writer;
    IDiscRecorder2 *found = NULL;
    struct test_stream stream;
    VARIANT_BOOL supported;

    test_recorder_set("dvd+r", NULL);
    foreign.vtbl.QueryInterface = foreign_QueryInterface;
    foreign.vtbl.AddRef = foreign_AddRef;
    foreign.vtbl.Release = foreign_Release;
    foreign.vtbl.get_ActiveDiscRecorder = foreign_get_ActiveDiscRecorder;
    foreign.iface.lpVtbl = &foreign.vtbl;
    if (!(writer = test_writer_open(NULL))) return;
    check_pair(IDiscFormat2Data_put_Recorder(writer, &foreign.iface), L"IDiscFormat2Data", L"put_Recorder",
               E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED);
    foreign.id = test_recorder_id(0);
    ok_hr(IDiscFormat2Data_put_Recorder(writer, &foreign.iface), S_OK, "put_Recorder");
    ok_hr(IDiscFormat2Data_IsCurrentMediaSupported(writer, &foreign.iface, &supported), S_OK, "supported");
    ok_int(supported, VARIANT_TRUE, "supported");
    ok_hr(IDiscFormat2Data_get_Recorder(writer, &found), S_OK, "get_Recorder");
    ok(found == &foreign.iface, "another recorder");
    if (found) IDiscRecorder2_Release(found);
    test_stream_init(&stream, MIB);
    ok_hr(IDiscFormat2Data_Write(writer, &stream.iface), S_OK, "Write");
    ok(test_disc_holds(0, &stream, 0, 512, 0), "disc differs from the image");
    check_last_release(writer);
    ok_int(foreign.references, 1, "references to the recorder");
    SysFreeString(foreign.id);
    test_recorders_end();
}

/* --- what is left --------------------------------------------------------------------------------------- */

static void use_once(ULONGLONG size, const char *faults)
{
    struct test_bench bench;

    if (!test_bench_begin(&bench, "dvd+r", faults, size)) return;
    IDiscFormat2Data_Write(bench.writer, &bench.stream.iface);
    test_bench_end(&bench);
}

/* Handles are numbers in steps of 4, and a new one takes the lowest that is free. */
static ULONG_PTR next_handle(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

    CloseHandle(event);
    return (ULONG_PTR)event / 4;
}

TEST(writes_leave_no_handles_behind)
{
    static const char *const faults[] = { NULL, "WRITE(10) #2.. -> 04/44/00", "after 1 MiB -> gone" };
    ULONG_PTR before, after;

    for (size_t i = 0; i < ARRAYSIZE(faults); i++) use_once(2 * MIB, faults[i]);
    before = next_handle();
    for (size_t i = 0; i < 60; i++) use_once(2 * MIB, faults[i % ARRAYSIZE(faults)]);
    after = next_handle();
    ok(after < before + 20, "the next handle is number %lu before 60 writes, %lu after",
       (unsigned long)before, (unsigned long)after);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
}

TEST_MAIN(TEST_CASE(threads_take_turns_at_one_drive), TEST_CASE(other_threads_do_not_wait_for_a_write),
          TEST_CASE(sinks_are_called_in_their_apartment),
          TEST_CASE(recorder_of_another_maker_is_known_by_its_drive),
          TEST_CASE(writes_leave_no_handles_behind))
