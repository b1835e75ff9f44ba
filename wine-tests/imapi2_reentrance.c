/* What a sink may do with a drive that is being written: all is answered, and the write goes on unharmed. */
#include "recorders.h"

#include <string.h>

#define MIB (1024 * 1024)
#define RECORDER(call, method, code) check_pair(call, L"IDiscRecorder2", L##method, code)
#define WRITER(call, method, code)   check_pair(call, L"IDiscFormat2Data", L##method, code)
#define BUSY                         E_IMAPI_RECORDER_MEDIA_BUSY

/* A bench whose sink is called once, in the middle of the data. */
struct visit
{
    struct test_sink sink;
    struct test_bench bench;
    BOOL done;
    void (*body)(struct visit *visit);
};

static HRESULT on_update(struct test_sink *sink, const struct test_call *call)
{
    struct visit *visit = CONTAINING_RECORD(sink, struct visit, sink);
    VARIANT action;

    test_get(V_DISPATCH(&call->args[1]), L"CurrentAction", &action);
    if (visit->done || V_I4(&action) != IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA) return S_OK;
    visit->done = TRUE;
    visit->body(visit);
    return S_OK;
}

static void check_owner(IDiscRecorder2 *recorder, const WCHAR *expected)
{
    BSTR owner = NULL;

    RECORDER(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner), "get_ExclusiveAccessOwner", S_OK);
    ok_text(owner, expected, "owner");
    SysFreeString(owner);
}

static void begin(struct visit *visit, void (*body)(struct visit *), DWORD *cookie)
{
    memset(&visit->sink, 0, sizeof(visit->sink));
    visit->sink.on_call = on_update;
    visit->sink.event = &IID_DDiscFormat2DataEvents;
    test_sink_init(&visit->sink);
    visit->body = body;
    visit->done = FALSE;
    ok_hr(test_advise(visit->bench.writer, &IID_DDiscFormat2DataEvents, &visit->sink.iface, cookie), S_OK,
          "Advise");
}

/* A write of the bench's stream with the body called within it. The disc then holds the whole stream. */
static void write_with(const char *medium, void (*body)(struct visit *visit))
{
    static struct visit visit;
    DWORD cookie;

    if (!test_bench_begin(&visit.bench, medium, NULL, 2 * MIB)) return;
    begin(&visit, body, &cookie);
    WRITER(IDiscFormat2Data_Write(visit.bench.writer, &visit.bench.stream.iface), "Write", S_OK);
    ok(visit.done, "no event while data were written");
    ok(test_disc_holds(0, &visit.bench.stream, 0, 1024, 0), "disc differs from the image");
    check_owner(visit.bench.recorder, L"");
    ok_hr(test_unadvise(visit.bench.writer, &IID_DDiscFormat2DataEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(&visit.sink);
    ok_int(visit.sink.references, 1, "references to the sink");
    test_bench_end(&visit.bench);
}

/* --- the recorder --------------------------------------------------------------------------------------- */

static void use_recorder(struct visit *visit)
{
    IDiscRecorder2 *recorder = visit->bench.recorder;
    BYTE cdb[6] = { 0 }, sense[18], *data = NULL;
    IDiscRecorder2Ex *extended;
    SAFEARRAY *array = NULL;
    VARIANT_BOOL flag;
    ULONG size = 0;
    BSTR id;

    id = test_recorder_id(0);
    RECORDER(IDiscRecorder2_InitializeDiscRecorder(recorder, id), "InitializeDiscRecorder", BUSY);
    check_error_info(&IID_IDiscRecorder2, NULL, NULL);
    SysFreeString(id);
    RECORDER(IDiscRecorder2_EjectMedia(recorder), "EjectMedia", BUSY);
    check_error_info(&IID_IDiscRecorder2, NULL, L"Drive: ");
    RECORDER(IDiscRecorder2_CloseTray(recorder), "CloseTray", BUSY);
    RECORDER(IDiscRecorder2_get_SupportedProfiles(recorder, &array), "get_SupportedProfiles", BUSY);
    RECORDER(IDiscRecorder2_get_CurrentFeaturePages(recorder, &array), "get_CurrentFeaturePages", BUSY);
    RECORDER(IDiscRecorder2_get_SupportedModePages(recorder, &array), "get_SupportedModePages", BUSY);
    ok_hr(IDiscRecorder2_get_DeviceCanLoadMedia(recorder, &flag), BUSY, "DeviceCanLoadMedia");
    RECORDER(IDiscRecorder2_get_VolumePathNames(recorder, &array), "get_VolumePathNames", S_OK);
    SafeArrayDestroy(array);
    RECORDER(IDiscRecorder2_DisableMcn(recorder), "DisableMcn", S_OK);
    RECORDER(IDiscRecorder2_EnableMcn(recorder), "EnableMcn", S_OK);
    IDiscRecorder2_QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&extended);
    check_pair(IDiscRecorder2Ex_GetDiscInformation(extended, &data, &size), L"IDiscRecorder2Ex",
               L"GetDiscInformation", BUSY);
    ok_hr(IDiscRecorder2Ex_SendCommandNoData(extended, cdb, 6, sense, 10), BUSY, "SendCommandNoData");
    IDiscRecorder2Ex_Release(extended);
}

TEST(recorder_is_busy_for_a_sink)
{
    write_with("dvd+r", use_recorder);
}

/* What the write took is the write's: only the client's own claims can be given back. */
static void use_exclusive_access(struct visit *visit)
{
    IDiscRecorder2 *recorder = visit->bench.recorder;
    BSTR name = SysAllocString(L"openimapi test"), other = SysAllocString(L"somebody else");

    check_owner(recorder, name);
    ok(FAILED(IDiscRecorder2_ReleaseExclusiveAccess(recorder)), "the claim of the write is given back");
    check_owner(recorder, name);
    RECORDER(IDiscRecorder2_AcquireExclusiveAccess(recorder, VARIANT_TRUE, other), "AcquireExclusiveAccess",
             E_IMAPI_RECORDER_LOCKED);
    RECORDER(IDiscRecorder2_AcquireExclusiveAccess(recorder, VARIANT_TRUE, name), "AcquireExclusiveAccess",
             S_OK);
    RECORDER(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", S_OK);
    ok(FAILED(IDiscRecorder2_ReleaseExclusiveAccess(recorder)), "one release too many");
    check_owner(recorder, name);
    SysFreeString(name);
    SysFreeString(other);
}

TEST(exclusive_access_of_a_write_is_not_released_by_a_sink)
{
    write_with("dvd+r", use_exclusive_access);
}

/* --- the writer ----------------------------------------------------------------------------------------- */

static void use_writer(struct visit *visit)
{
    IDiscFormat2Data *writer = visit->bench.writer;
    IDiscFormat2 *format = (IDiscFormat2 *)writer;
    IMultisession *session;
    SAFEARRAY *array = NULL;
    VARIANT_BOOL flag;
    LONG value;

    WRITER(IDiscFormat2Data_SetWriteSpeed(writer, -1, VARIANT_FALSE), "SetWriteSpeed", BUSY);
    WRITER(IDiscFormat2Data_get_CurrentWriteSpeed(writer, &value), "get_CurrentWriteSpeed", S_OK);
    WRITER(IDiscFormat2Data_get_TotalSectorsOnMedia(writer, &value), "get_TotalSectorsOnMedia", S_OK);
    WRITER(IDiscFormat2Data_get_NextWritableAddress(writer, &value), "get_NextWritableAddress", S_OK);
    WRITER(IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &array), "get_SupportedWriteSpeeds", S_OK);
    SafeArrayDestroy(array);
    check_pair(IDiscFormat2_get_MediaPhysicallyBlank(format, &flag), L"IDiscFormat2",
               L"get_MediaPhysicallyBlank", S_OK);
    ok_hr(IDiscFormat2_IsRecorderSupported(format, visit->bench.recorder, &flag), BUSY,
          "IsRecorderSupported");
    ok_hr(IDiscFormat2_IsCurrentMediaSupported(format, visit->bench.recorder, &flag), BUSY,
          "IsCurrentMediaSupported");
    WRITER(IDiscFormat2Data_get_MultisessionInterfaces(writer, &array), "get_MultisessionInterfaces", S_OK);
    for (ULONG i = 0; array && i < array->rgsabound[0].cElements; i++)
    {
        IDispatch_QueryInterface(V_DISPATCH((VARIANT *)array->pvData + i), &IID_IMultisession,
                                 (void **)&session);
        check_pair(IMultisession_get_IsSupportedOnCurrentMediaState(session, &flag), L"IMultisession",
                   L"get_IsSupportedOnCurrentMediaState", BUSY);
        check_pair(IMultisession_put_InUse(session, VARIANT_TRUE), L"IMultisession", L"put_InUse", S_OK);
        IMultisession_Release(session);
    }
    SafeArrayDestroy(array);
}

TEST(writer_answers_its_sink)
{
    write_with("dvd+r", use_writer);
    write_with("dvd+rw", use_writer);
}

/* --- other writers -------------------------------------------------------------------------------------- */

/* A second writer: on the same recorder object, then on another one of the same drive, by the same client and
   by another. Two writes at once would spoil the disc. */
static void write_too(struct visit *visit)
{
    BSTR other = SysAllocString(L"somebody else");
    struct test_stream stream;
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;

    test_stream_init(&stream, MIB);
    stream.seed = 99;
    writer = test_writer_open(visit->bench.recorder);
    WRITER(IDiscFormat2Data_Write(writer, &stream.iface), "Write", BUSY);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
    check_last_release(writer);

    if (!(recorder = test_recorder_open(0))) return;
    writer = test_writer_open(recorder);
    WRITER(IDiscFormat2Data_Write(writer, &stream.iface), "Write", BUSY);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
    ok_hr(IDiscFormat2Data_put_ClientName(writer, other), S_OK, "ClientName");
    WRITER(IDiscFormat2Data_Write(writer, &stream.iface), "Write", E_IMAPI_RECORDER_LOCKED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"openimapi test");
    ok_int(stream.bytes_read, 0, "bytes read");
    ok_int(stream.references, 1, "references to the stream");
    check_last_release(writer);
    check_last_release(recorder);
    SysFreeString(other);
}

TEST(second_write_to_the_same_drive_is_refused)
{
    write_with("dvd+r", write_too);
    write_with("cd-r", write_too);
}

/* --- several drives ------------------------------------------------------------------------------------- */

static void write_other_drive(struct visit *visit)
{
    struct test_stream stream;
    IDiscRecorder2 *recorder = test_recorder_open(1);
    IDiscFormat2Data *writer;

    (void)visit;
    if (!recorder) return;
    test_stream_init(&stream, MIB);
    stream.seed = 7;
    writer = test_writer_open(recorder);
    WRITER(IDiscFormat2Data_Write(writer, &stream.iface), "Write", S_OK);
    ok(test_disc_holds(1, &stream, 0, 512, 0), "second disc differs from its image");
    check_last_release(writer);
    check_last_release(recorder);
}

TEST(another_drive_is_written_at_the_same_time)
{
    static const struct test_recorder recorders[] = { { "dvd+r", NULL }, { "cd-r", NULL } };
    static struct visit visit;
    DWORD cookie;

    test_recorders_set(recorders, 2);
    test_stream_init(&visit.bench.stream, 2 * MIB);
    if (!(visit.bench.recorder = test_recorder_open(0))) return;
    visit.bench.writer = test_writer_open(visit.bench.recorder);
    begin(&visit, write_other_drive, &cookie);
    WRITER(IDiscFormat2Data_Write(visit.bench.writer, &visit.bench.stream.iface), "Write", S_OK);
    ok(visit.done, "no event while data were written");
    ok(test_disc_holds(0, &visit.bench.stream, 0, 1024, 0), "disc differs from the image");
    ok_hr(test_unadvise(visit.bench.writer, &IID_DDiscFormat2DataEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(&visit.sink);
    test_bench_end(&visit.bench);
}

/* --- the last reference --------------------------------------------------------------------------------- */

static void let_go(struct visit *visit)
{
    test_sink_clear(&visit->sink); /* what the calls so far hold of writer and arguments */
    IDiscFormat2Data_Release(visit->bench.writer);
    IDiscRecorder2_Release(visit->bench.recorder);
}

TEST(sink_may_release_writer_and_recorder)
{
    static struct visit visit;
    DWORD cookie;

    if (!test_bench_begin(&visit.bench, "dvd+r", NULL, 2 * MIB)) return;
    begin(&visit, let_go, &cookie);
    WRITER(IDiscFormat2Data_Write(visit.bench.writer, &visit.bench.stream.iface), "Write", S_OK);
    ok(visit.done, "no event while data were written");
    test_sink_clear(&visit.sink); /* the calls kept their sender */
    ok_int(visit.sink.references, 1, "references to the sink");
    ok_int(visit.bench.stream.references, 1, "references to the stream");
    ok(test_disc_holds(0, &visit.bench.stream, 0, 1024, 0), "disc differs from the image");
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
    test_recorders_end();
}

TEST_MAIN(TEST_CASE(recorder_is_busy_for_a_sink),
          TEST_CASE(exclusive_access_of_a_write_is_not_released_by_a_sink),
          TEST_CASE(writer_answers_its_sink),
          TEST_CASE(second_write_to_the_same_drive_is_refused),
          TEST_CASE(another_drive_is_written_at_the_same_time),
          TEST_CASE(sink_may_release_writer_and_recorder))
