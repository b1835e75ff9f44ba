/* DFileSystemImageImportEvents: UpdateImport before each directory and after each file of a session, on its
   way into an image. */
#include "append.h"

#define IFACE &IID_IFileSystemImage3
#define UPDATE DISPID_DFILESYSTEMIMAGEIMPORTEVENTS_UPDATEIMPORT

static void fill(struct fsi *fsi)
{
    fsi_add_file(fsi, L"one", 10);
    IFsiDirectoryItem2_AddDirectory(fsi->root, B("dir"));
    fsi_add_file(fsi, L"dir\\two", 5000);
    IFsiDirectoryItem2_AddDirectory(fsi->root, B("dir\\below"));
    fsi_add_file(fsi, L"dir\\below\\three", 0);
}

static BOOL begin(struct append *bench, struct fsi *fsi, LONG file_systems, LONG revision)
{
    if (!append_begin(bench, "cd-r", NULL)) return FALSE;
    if (!append_open(fsi, file_systems, revision)) return FALSE;
    fill(fsi);
    ok_hr(append_burn(bench, fsi), S_OK, "burn");
    fsi_close(fsi);
    return append_next(bench, fsi);
}

static void end(struct append *bench, struct fsi *fsi)
{
    fsi_close(fsi);
    append_end(bench);
}

struct expected { const WCHAR *path; LONG directories, files; };

static void check_call(const struct test_call *call, const struct expected *expected, struct fsi *fsi,
                       LONG kind, LONG directories, LONG files)
{
    const VARIANT *args = call->args;
    IUnknown *sender = NULL, *image = NULL;

    ok_int(call->id, UPDATE, "DISPID");
    if (!ok_int(call->count, 7, "arguments")) return;
    ok_int(call->thread, GetCurrentThreadId(), "thread");
    if (ok_int(V_VT(&args[0]), VT_DISPATCH, "type of the sender"))
    {
        IDispatch_QueryInterface(V_DISPATCH(&args[0]), &IID_IUnknown, (void **)&sender);
        IFileSystemImage3_QueryInterface(fsi->image, &IID_IUnknown, (void **)&image);
        ok(sender == image, "another sender");
        IUnknown_Release(sender);
        IUnknown_Release(image);
    }
    for (UINT i = 1; i < 7; i++) ok_int(V_VT(&args[i]), i == 2 ? VT_BSTR : VT_I4, "type");
    ok_int(V_I4(&args[1]), kind, "file system");
    ok_text(V_BSTR(&args[2]), expected->path, "item");
    ok_int(V_I4(&args[3]), expected->directories, "directories");
    ok_int(V_I4(&args[4]), directories, "directories in all");
    ok_int(V_I4(&args[5]), expected->files, "files");
    ok_int(V_I4(&args[6]), files, "files in all");
}

static void check_calls(const struct test_sink *sink, const struct expected *expected, LONG count,
                        struct fsi *fsi, LONG kind, LONG directories, LONG files)
{
    ok_int(sink->total, count, "calls");
    for (LONG i = 0; i < count && i < sink->total; i++)
    {
        test_push("call %ld", i);
        check_call(&sink->calls[i], &expected[i], fsi, kind, directories, files);
        test_pop();
    }
}

static struct test_sink sink;

static void start_sink(struct fsi *fsi, DWORD *cookie)
{
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageImportEvents;
    test_sink_init(&sink);
    ok_hr(test_advise(fsi->image, &IID_DFileSystemImageImportEvents, &sink, cookie), S_OK, "Advise");
}

static void end_sink(struct fsi *fsi, DWORD cookie)
{
    ok_hr(test_unadvise(fsi->image, &IID_DFileSystemImageImportEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(&sink);
    ok_int(sink.references, 1, "references of the sink");
}

TEST(directories_are_told_before_and_files_after)
{
    static const struct expected calls[] =
    {
        { L"\\", 0, 0 }, { L"\\one", 1, 1 }, { L"\\dir\\", 1, 1 }, { L"\\dir\\two", 2, 2 },
        { L"\\dir\\below\\", 2, 2 }, { L"\\dir\\below\\three", 3, 3 },
    };
    static const struct { LONG file_systems, revision, kind, directories, files; } cases[] =
    {
        { 4, 0x102, 4, 3, 3 }, { 7, 0x250, 4, 3, 3 }, { 3, 0, 2, -1, -1 },
    };
    struct append bench;
    struct fsi fsi;
    DWORD cookie;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("%ld", cases[i].file_systems);
        if (begin(&bench, &fsi, cases[i].file_systems, cases[i].revision))
        {
            FsiFileSystems kind = 0;

            start_sink(&fsi, &cookie);
            ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
            check_pair(sink.result, L"DFileSystemImageImportEvents", L"UpdateImport", S_OK);
            check_calls(&sink, calls, ARRAYSIZE(calls), &fsi, cases[i].kind, cases[i].directories,
                        cases[i].files);
            end_sink(&fsi, cookie);
            end(&bench, &fsi);
        }
        test_pop();
    }
}

/* What is in capitals and short on the disc is told so. */
TEST(iso9660_tells_no_totals)
{
    static const struct expected calls[] =
    {
        { L"\\", 0, 0 }, { L"\\ONE", 1, 1 }, { L"\\DIR\\", 1, 1 }, { L"\\DIR\\TWO", 2, 2 },
        { L"\\DIR\\BELOW\\", 2, 2 }, { L"\\DIR\\BELOW\\THREE", 3, 3 },
    };
    struct append bench;
    struct fsi fsi;
    DWORD cookie;

    if (!begin(&bench, &fsi, 3, 0)) return;
    start_sink(&fsi, &cookie);
    ok_hr(IFileSystemImage3_ImportSpecificFileSystem(fsi.image, FsiFileSystemISO9660), S_OK, "import");
    ok_int(sink.total, ARRAYSIZE(calls), "calls");
    for (LONG i = 0, seen = 0; i < sink.total; i++)
    {
        /* ISO 9660 has its entries in the order of names. */
        ok_int(V_I4(&sink.calls[i].args[4]), -1, "directories in all");
        ok_int(V_I4(&sink.calls[i].args[6]), -1, "files in all");
        for (size_t j = 0; j < ARRAYSIZE(calls); j++)
            seen += !wcscmp(V_BSTR(&sink.calls[i].args[2]), calls[j].path);
        ok_int(seen, i + 1, "known items");
    }
    end_sink(&fsi, cookie);
    end(&bench, &fsi);
}

TEST(named_streams_are_not_told)
{
    struct append bench;
    IFsiFileItem2 *file;
    IStream *stream;
    struct fsi fsi;
    DWORD cookie;

    if (!append_begin(&bench, "cd-r", NULL) || !append_open(&fsi, 4, 0x200)) return;
    fsi_add_file(&fsi, L"one", 10);
    stream = fsi_stream(3000);
    if ((file = fsi_item(&fsi, L"one", &IID_IFsiFileItem2)))
    {
        ok_hr(IFsiFileItem2_AddStream(file, B("extra"), stream), S_OK, "AddStream");
        IFsiFileItem2_Release(file);
    }
    IStream_Release(stream);
    ok_hr(append_burn(&bench, &fsi), S_OK, "burn");
    fsi_close(&fsi);
    if (append_next(&bench, &fsi))
    {
        FsiFileSystems kind = 0;
        IFsiNamedStreams *streams = NULL;
        LONG count = 0;

        start_sink(&fsi, &cookie);
        ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
        ok_int(sink.total, 2, "calls");
        if ((file = fsi_item(&fsi, L"one", &IID_IFsiFileItem2)))
        {
            IFsiFileItem2_get_FsiNamedStreams(file, &streams);
            if (streams) IFsiNamedStreams_get_Count(streams, &count);
            ok_int(count, 1, "streams");
            if (streams) IFsiNamedStreams_Release(streams);
            IFsiFileItem2_Release(file);
        }
        end_sink(&fsi, cookie);
        fsi_close(&fsi);
    }
    append_end(&bench);
}

/* --- sinks that call back ---------------------------------------------------------------------------- */

static LONG seen_readonly, seen_counts;

/* Looking is allowed, changing is not; what the sink answers does not matter. */
static HRESULT call_back(struct test_sink *self, const struct test_call *call)
{
    struct fsi *fsi = self->context;
    FsiFileSystems kind = 0;
    IFileSystemImageResult *result = NULL;

    (void)call;
    if (fsi_file_count(fsi) >= 0) seen_counts++;
    if (fsi_add_file(fsi, L"from the sink", 1) == IMAPI_E_READONLY) seen_readonly++;
    if (IFileSystemImage3_ImportFileSystem(fsi->image, &kind) == IMAPI_E_READONLY) seen_readonly++;
    if (IFileSystemImage3_CreateResultImage(fsi->image, &result) == IMAPI_E_READONLY) seen_readonly++;
    if (result) IFileSystemImageResult_Release(result);
    if (IFileSystemImage3_RollbackToChangePoint(fsi->image, 0) == IMAPI_E_READONLY) seen_readonly++;
    return E_FAIL;
}

TEST(sink_that_changes_the_image_is_turned_away)
{
    FsiFileSystems kind = 0;
    struct append bench;
    struct fsi fsi;
    DWORD cookie;

    if (!begin(&bench, &fsi, 7, 0x102)) return;
    start_sink(&fsi, &cookie);
    sink.on_call = call_back;
    sink.context = &fsi;
    seen_readonly = seen_counts = 0;
    ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
    ok_int(sink.total, 6, "calls");
    ok_int(seen_counts, 6, "looks");
    ok_int(seen_readonly, 4 * 6, "refusals");
    ok_int(fsi_file_count(&fsi), 3, "files");
    end_sink(&fsi, cookie);
    end(&bench, &fsi);
}

static DWORD CALLBACK change_on_a_thread(void *context)
{
    struct fsi *fsi = context;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (fsi_add_file(fsi, L"from a thread", 1) == IMAPI_E_READONLY) InterlockedIncrement(&seen_readonly);
    CoUninitialize();
    return 0;
}

static HRESULT start_thread(struct test_sink *self, const struct test_call *call)
{
    HANDLE thread = CreateThread(NULL, 0, change_on_a_thread, self->context, 0, NULL);

    (void)call;
    WaitForSingleObject(thread, 10000);
    CloseHandle(thread);
    return S_OK;
}

TEST(change_on_another_thread_is_turned_away)
{
    FsiFileSystems kind = 0;
    struct append bench;
    struct fsi fsi;
    DWORD cookie;

    if (!begin(&bench, &fsi, 3, 0)) return;
    start_sink(&fsi, &cookie);
    sink.on_call = start_thread;
    sink.context = &fsi;
    seen_readonly = 0;
    ok_hr(IFileSystemImage3_ImportFileSystem(fsi.image, &kind), S_OK, "import");
    ok_int(seen_readonly, 6, "refusals");
    ok_int(fsi_file_count(&fsi), 3, "files");
    end_sink(&fsi, cookie);
    end(&bench, &fsi);
}

TEST_MAIN(
    TEST_CASE(directories_are_told_before_and_files_after),
    TEST_CASE(iso9660_tells_no_totals),
    TEST_CASE(named_streams_are_not_told),
    TEST_CASE(sink_that_changes_the_image_is_turned_away),
    TEST_CASE(change_on_another_thread_is_turned_away))
