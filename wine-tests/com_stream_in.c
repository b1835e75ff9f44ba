/* The kit's source over a stream that a client gave. */
#include "kit/kit_test.h"

#define NEVER (~0ULL)

/* How many bytes of the buffer are those of the pattern from offset on. */
static size_t matching(const BYTE *bytes, size_t size, ULONGLONG offset)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (bytes[i] != (BYTE)((offset + i) * 7)) break;
    return i;
}

/* A client's stream with Stat, Seek and Read only; anything else ends the test. */
struct client
{
    IStream iface;
    LONG references;
    ULONGLONG size, announced, position;
    ULONG most;                         /* bytes that one Read gives at most */
    ULONGLONG fail_at;                  /* Read fails from here on */
    HRESULT stat_hr, seek_hr;
    ULONGLONG seeks_to;                 /* Seek fails from here on with seek_hr; 0: everywhere */
    BOOL short_sighted;                 /* Seek looks at the lower 32 bits only */
    LONG misused, reads, seeks;
    DWORD thread;                       /* of the last Read */
};

static struct client *from_client(IStream *iface)
{
    return CONTAINING_RECORD(iface, struct client, iface);
}

static HRESULT STDMETHODCALLTYPE client_QueryInterface(IStream *iface, REFIID iid, void **out)
{
    BOOL known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_ISequentialStream) ||
                 IsEqualIID(iid, &IID_IStream);

    *out = known ? iface : NULL;
    if (known) InterlockedIncrement(&from_client(iface)->references);
    return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE client_AddRef(IStream *iface)
{
    return (ULONG)InterlockedIncrement(&from_client(iface)->references);
}

static ULONG STDMETHODCALLTYPE client_Release(IStream *iface)
{
    return (ULONG)InterlockedDecrement(&from_client(iface)->references);
}

static HRESULT STDMETHODCALLTYPE client_Read(IStream *iface, void *buffer, ULONG size, ULONG *read)
{
    struct client *client = from_client(iface);
    BYTE *bytes = buffer;
    ULONG i;

    client->reads++;
    client->thread = GetCurrentThreadId();
    if (client->position >= client->fail_at) return STG_E_READFAULT;
    if (size > client->most) size = client->most;
    if (client->position + size > client->size) size = (ULONG)(client->size - client->position);
    for (i = 0; i < size; i++) bytes[i] = (BYTE)((client->position + i) * 7);
    client->position += size;
    *read = size;
    return size ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE client_Write(IStream *iface, const void *buffer, ULONG size, ULONG *written)
{
    (void)buffer, (void)size, (void)written;
    from_client(iface)->misused++;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE client_Seek(IStream *iface, LARGE_INTEGER move, DWORD origin,
                                             ULARGE_INTEGER *position)
{
    struct client *client = from_client(iface);

    client->seeks++;
    if (origin != STREAM_SEEK_SET) client->misused++;
    if (FAILED(client->seek_hr) && (ULONGLONG)move.QuadPart >= client->seeks_to) return client->seek_hr;
    client->position = client->short_sighted ? move.LowPart : (ULONGLONG)move.QuadPart;
    if (client->short_sighted && position) position->QuadPart = client->position;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE client_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
    struct client *client = from_client(iface);

    if (flag != STATFLAG_NONAME) client->misused++;
    stat->cbSize.QuadPart = client->announced;
    return client->stat_hr;
}

static IStreamVtbl client_vtbl =
{
    client_QueryInterface, client_AddRef, client_Release, client_Read, client_Write, client_Seek,
    NULL, NULL, NULL, NULL, NULL, NULL, client_Stat, NULL,
};

static struct client make_client(ULONGLONG size)
{
    return (struct client){
        .iface = { &client_vtbl }, .references = 1, .size = size, .announced = size, .most = ~0u,
        .fail_at = NEVER,
    };
}

TEST(a_clients_stream_is_read_by_stat_seek_and_read_alone)
{
    struct client client = make_client(100000);
    struct source *source;
    BYTE bytes[5000];

    client.position = 333;
    client.most = 777;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    ok_int(source->size, 100000, "size");
    ok_int(kit_tool()->source_read(source, 95000, bytes, 5000), OI_OK, "read of the end");
    ok_int(matching(bytes, 5000, 95000), 5000, "bytes that match");
    ok_int(client.reads, 7, "reads of 777 bytes");
    ok_int(kit_tool()->source_read(source, 0, bytes, 5000), OI_OK, "read of the start");
    ok_int(matching(bytes, 5000, 0), 5000, "bytes that match");
    ok_int(kit_tool()->source_read(source, 99999, bytes, 2), OI_SOURCE_SIZE, "read past the end");
    ok_hr(kit_tool()->source_error(source), S_OK, "nothing failed");
    ok_int(client.misused, 0, "calls of other methods");
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

/* --- a stream that nobody else moves -------------------------------------------------------------------- */

#define GIB (1ULL << 30)

TEST(reads_that_follow_each_other_seek_once_when_nobody_else_moves_the_stream)
{
    struct client client = make_client(100000);
    struct source *source;
    BYTE bytes[5000];
    int i;

    client.position = 333;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    for (i = 0; i < 3; i++)
        ok_int(kit_tool()->source_read(source, 5000 * (unsigned)i, bytes, 5000), OI_OK, "read");
    ok_int(client.seeks, 3, "seeks of a stream that others may move");

    kit_tool()->set_exclusive(source);
    for (i = 3; i < 8; i++)
    {
        ok_int(kit_tool()->source_read(source, 5000 * (unsigned)i, bytes, 5000), OI_OK, "read");
        ok_int(matching(bytes, 5000, 5000 * (unsigned)i), 5000, "bytes that match");
    }
    ok_int(client.seeks, 4, "seeks of one's own");
    ok_int(kit_tool()->source_read(source, 5000, bytes, 5000), OI_OK, "read of another place");
    ok_int(matching(bytes, 5000, 5000), 5000, "bytes that match");
    ok_int(kit_tool()->source_read(source, 5000, bytes, 5000), OI_OK, "read of the same place");
    ok_int(matching(bytes, 5000, 5000), 5000, "bytes that match");
    ok_int(client.seeks, 6, "seeks elsewhere");
    ok_int(client.misused, 0, "calls of other methods");
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

/* Where it stands after a failure nobody knows. */
TEST(after_a_failed_read_the_stream_is_sought_again)
{
    struct client client = make_client(1000);
    struct source *source;
    BYTE bytes[200];

    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    kit_tool()->set_exclusive(source);
    ok_int(kit_tool()->source_read(source, 0, bytes, 200), OI_OK, "read");
    client.fail_at = 300;
    client.most = 100;
    ok_int(kit_tool()->source_read(source, 200, bytes, 200), OI_SOURCE_READ, "read that fails half-way");
    client.fail_at = NEVER;
    ok_int(kit_tool()->source_read(source, 200, bytes, 200), OI_OK, "the same again");
    ok_int(matching(bytes, 200, 200), 200, "bytes that match");
    ok_int(client.seeks, 2, "seeks");
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

/* From offset on in four reads: what they said, and whether all bytes were the right ones. */
static enum oi_status read_on(struct source *source, ULONGLONG offset)
{
    enum oi_status status = OI_OK;
    BYTE bytes[4096];
    int i;

    for (i = 0; i < 4 && !status; i++, offset += sizeof(bytes))
    {
        status = kit_tool()->source_read(source, offset, bytes, sizeof(bytes));
        if (!status) ok_int(matching(bytes, sizeof(bytes), offset), sizeof(bytes), "bytes that match");
    }
    return status;
}

/* The client is set to a place near the limit, as if it had been read so far. */
static void check_near_limit(struct client *client, ULONGLONG limit, HRESULT expected)
{
    struct source *source;
    BYTE byte;

    ok_hr(kit_tool()->stream_in(&client->iface, &source), S_OK, "source");
    kit_tool()->set_exclusive(source);
    ok_int(read_on(source, limit - 8192), OI_OK, "over the limit in order");
    ok_int(client->position, (LONGLONG)limit + 8192, "position");
    ok_int(read_on(source, limit + 100000), OI_SOURCE_READ, "a jump beyond the limit");
    ok_hr(kit_tool()->source_error(source), expected, "its reason");
    ok_int(kit_tool()->source_read(source, client->size - 1, &byte, 1), OI_SOURCE_READ, "the last byte");
    ok_int(read_on(source, 4096), OI_OK, "back below the limit");
    kit_tool()->source_unref(source);
    ok_int(client->references, 1, "references");
}

TEST(a_stream_that_cannot_seek_beyond_2_gib_is_read_on_in_order)
{
    struct client client = make_client(5 * GIB);

    client.seek_hr = STG_E_SEEKERROR;
    client.seeks_to = 2 * GIB;
    check_near_limit(&client, 2 * GIB, STG_E_SEEKERROR);
}

TEST(a_stream_that_seeks_by_the_lower_32_bits_is_never_read_at_the_wrong_place)
{
    struct client client = make_client(5 * GIB);
    struct source *source;
    LONG reads;

    client.short_sighted = TRUE;
    check_near_limit(&client, 4 * GIB, STG_E_SEEKERROR);

    /* Nor when others may move it, so that every read begins with a Seek. */
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    reads = client.reads;
    ok_int(read_on(source, 4 * GIB + 4096), OI_SOURCE_READ, "beyond 4 GiB");
    ok_int(client.reads, reads, "reads at the wrong place");
    kit_tool()->source_unref(source);
}

TEST(a_stream_that_is_shorter_than_it_said_is_noticed)
{
    struct client client = make_client(100);
    struct source *source;
    BYTE bytes[200];

    client.announced = 200;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    ok_int(kit_tool()->source_read(source, 0, bytes, 200), OI_SOURCE_SIZE, "read");
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

TEST(what_a_failing_stream_says_is_kept)
{
    struct client client = make_client(1000);
    struct source *source = (struct source *)(ULONG_PTR)1;
    BYTE bytes[1000];

    client.stat_hr = E_NOTIMPL;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), E_NOTIMPL, "failing Stat");
    ok(!source, "pointer not cleared");
    ok_hr(kit_tool()->stream_in(NULL, &source), E_POINTER, "NULL");
    client.stat_hr = S_OK;
    client.fail_at = 500;
    client.most = 100;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    ok_int(kit_tool()->source_read(source, 0, bytes, 500), OI_OK, "the good part");
    ok_int(kit_tool()->source_read(source, 0, bytes, 501), OI_SOURCE_READ, "the bad part");
    ok_hr(kit_tool()->source_error(source), STG_E_READFAULT, "kept");
    client.seek_hr = STG_E_REVERTED;
    ok_int(kit_tool()->source_read(source, 0, bytes, 1), OI_SOURCE_READ, "failing Seek");
    ok_hr(kit_tool()->source_error(source), STG_E_REVERTED, "kept");
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

/* So that nobody passes it on as what the stream said. */
TEST(an_older_failures_error_info_does_not_outlive_a_failing_stream)
{
    struct client client = make_client(1000);
    IKitThing *thing = kit_thing();
    struct source *source;
    BYTE byte;

    client.stat_hr = E_NOTIMPL;
    ok_hr(IKitThing_Fail(thing, KIT_E_PLAIN), KIT_E_PLAIN, "an older failure");
    ok_hr(kit_tool()->stream_in(&client.iface, &source), E_NOTIMPL, "failing Stat");
    check_no_error_info();
    client.stat_hr = S_OK;
    client.fail_at = 0;
    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    ok_hr(IKitThing_Fail(thing, KIT_E_PLAIN), KIT_E_PLAIN, "an older failure");
    ok_int(kit_tool()->source_read(source, 0, &byte, 1), OI_SOURCE_READ, "failing Read");
    check_no_error_info();
    kit_tool()->source_unref(source);
    kit_end(thing);
}

TEST(the_clients_stream_can_be_had_back)
{
    struct client client = make_client(10);
    struct source *source;
    IStream *back;

    ok_hr(kit_tool()->stream_in(&client.iface, &source), S_OK, "source");
    ok_hr(kit_tool()->source_stream(source, &back), S_OK, "stream");
    ok(back == &client.iface, "another stream");
    IStream_Release(back);
    kit_tool()->source_unref(source);
    ok_int(client.references, 1, "references");
}

struct elsewhere
{
    struct source *source;
    enum oi_status status;
    BYTE bytes[3000];
};

static DWORD WINAPI read_elsewhere(void *argument)
{
    struct elsewhere *elsewhere = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    elsewhere->status = kit_tool()->source_read(elsewhere->source, 7, elsewhere->bytes, 3000);
    CoUninitialize();
    return 0;
}

TEST(a_stream_of_a_windows_thread_is_read_on_that_thread)
{
    static struct elsewhere elsewhere;
    struct client client = make_client(5000);
    DWORD start = GetTickCount();
    HANDLE thread;
    MSG message;

    ok_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK, "CoInitializeEx");
    ok_hr(kit_tool()->stream_in(&client.iface, &elsewhere.source), S_OK, "source");
    thread = CreateThread(NULL, 0, read_elsewhere, &elsewhere, 0, NULL);
    while (GetTickCount() - start < 60000 &&
           MsgWaitForMultipleObjects(1, &thread, FALSE, 1000, QS_ALLINPUT) != WAIT_OBJECT_0)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
    CloseHandle(thread);
    ok_int(elsewhere.status, OI_OK, "status");
    ok_int(matching(elsewhere.bytes, 3000, 7), 3000, "bytes that match");
    ok_int(client.thread, GetCurrentThreadId(), "thread of Read");
    ok_int(client.misused, 0, "calls of other methods");
    kit_tool()->source_unref(elsewhere.source);
    ok_int(client.references, 1, "references");
    CoUninitialize();
}

/* Two threads read one stream over a client's stream of the first one's apartment: while it waits for its
   turn, the first lets the second's call in. */
struct turns
{
    struct client client;
    IStream *stream;
    HANDLE began;
    HRESULT hr[2];
    ULONG got[2];
    BYTE bytes[2][3000];
};

static DWORD WINAPI read_second(void *argument)
{
    struct turns *turns = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    SetEvent(turns->began);
    turns->hr[1] = IStream_Read(turns->stream, turns->bytes[1], 3000, &turns->got[1]);
    CoUninitialize();
    return 0;
}

static DWORD WINAPI read_first(void *argument)
{
    struct turns *turns = argument;
    struct source *source;
    HANDLE thread;
    MSG message;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    kit_tool()->stream_in(&turns->client.iface, &source);
    kit_tool()->stream_over(source, &turns->stream);
    kit_tool()->source_unref(source);
    thread = CreateThread(NULL, 0, read_second, turns, 0, NULL);
    WaitForSingleObject(turns->began, INFINITE);
    Sleep(300);
    turns->hr[0] = IStream_Read(turns->stream, turns->bytes[0], 3000, &turns->got[0]);
    while (MsgWaitForMultipleObjects(1, &thread, FALSE, INFINITE, QS_ALLINPUT) != WAIT_OBJECT_0)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
    CloseHandle(thread);
    IStream_Release(turns->stream);
    CoUninitialize();
    return 0;
}

TEST(who_waits_for_its_turn_to_read_does_not_hold_up_the_one_that_reads)
{
    static struct turns turns;
    size_t first;
    HANDLE thread;

    turns.client = make_client(6000);
    turns.began = CreateEventW(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, read_first, &turns, 0, NULL);
    if (!ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "the two wait for each other")) return;
    CloseHandle(thread);
    CloseHandle(turns.began);
    ok_hr(turns.hr[0], S_OK, "Read of the stream's own apartment");
    ok_hr(turns.hr[1], S_OK, "Read of the other thread");
    ok(turns.got[0] == 3000 && turns.got[1] == 3000, "got %lu and %lu", turns.got[0], turns.got[1]);
    first = matching(turns.bytes[1], 3000, 0) == 3000;
    ok_int(matching(turns.bytes[first], 3000, 0), 3000, "bytes of the first half");
    ok_int(matching(turns.bytes[!first], 3000, 3000), 3000, "bytes of the second half");
    ok_int(turns.client.references, 1, "references");
    ok_int(kit_tool()->live(), 0, "objects alive");
}

TEST_MAIN(TEST_CASE(a_clients_stream_is_read_by_stat_seek_and_read_alone),
          TEST_CASE(reads_that_follow_each_other_seek_once_when_nobody_else_moves_the_stream),
          TEST_CASE(after_a_failed_read_the_stream_is_sought_again),
          TEST_CASE(a_stream_that_cannot_seek_beyond_2_gib_is_read_on_in_order),
          TEST_CASE(a_stream_that_seeks_by_the_lower_32_bits_is_never_read_at_the_wrong_place),
          TEST_CASE(a_stream_that_is_shorter_than_it_said_is_noticed),
          TEST_CASE(what_a_failing_stream_says_is_kept),
          TEST_CASE(an_older_failures_error_info_does_not_outlive_a_failing_stream),
          TEST_CASE(the_clients_stream_can_be_had_back),
          TEST_CASE(a_stream_of_a_windows_thread_is_read_on_that_thread),
          TEST_CASE(who_waits_for_its_turn_to_read_does_not_hold_up_the_one_that_reads))
