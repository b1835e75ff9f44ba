/* The kit's stream that clients read. */
#include "kit/kit_test.h"

#include <shlwapi.h>

#define NEVER (~0ULL)

static LONG released;

static IStream *pattern(ULONGLONG size)
{
    IStream *stream = NULL;

    released = 0;
    ok_hr(kit_tool()->stream(size, NEVER, NULL, TRUE, &released, &stream), S_OK, "stream");
    return stream;
}

/* How many bytes of the buffer are those of the pattern from offset on. */
static size_t matching(const BYTE *bytes, size_t size, ULONGLONG offset)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (bytes[i] != (BYTE)((offset + i) * 7)) break;
    return i;
}

static HRESULT seek(IStream *stream, LONGLONG move, DWORD origin, ULONGLONG *position)
{
    LARGE_INTEGER by = { .QuadPart = move };
    ULARGE_INTEGER to = { .QuadPart = 0x5555 };
    HRESULT hr = IStream_Seek(stream, by, origin, &to);

    *position = to.QuadPart;
    return hr;
}

TEST(reading_gives_all_bytes_and_a_short_count_at_the_end_only)
{
    IStream *stream = pattern(10000);
    BYTE *buffer = malloc(20000);
    ULONG got = 77;

    ok_hr(IStream_Read(stream, buffer, 4096, &got), S_OK, "Read");
    ok(got == 4096 && matching(buffer, got, 0) == got, "got %lu", got);
    ok_hr(IStream_Read(stream, buffer, 0, &got), S_OK, "Read of nothing");
    ok_int(got, 0, "bytes");
    ok_hr(IStream_Read(stream, buffer, 1000, NULL), S_OK, "Read without count");
    ok_int(matching(buffer, 1000, 4096), 1000, "bytes that match");
    ok_hr(IStream_Read(stream, buffer, 20000, &got), S_OK, "Read past the end");
    ok(got == 10000 - 5096 && matching(buffer, got, 5096) == got, "got %lu", got);
    ok_hr(IStream_Read(stream, buffer, 1, &got), S_OK, "Read at the end");
    ok_int(got, 0, "bytes at the end");
    ok_hr(IStream_Read(stream, NULL, 1, &got), STG_E_INVALIDPOINTER, "Read to nowhere");
    free(buffer);
    kit_end(stream);
    ok_int(released, 1, "release of the context");
}

TEST(a_single_read_may_be_huge)
{
    IStream *stream = pattern(3000000);
    BYTE *buffer = malloc(4000000);
    ULONG got = 0;

    ok_hr(IStream_Read(stream, buffer, 512 << 20, &got), S_OK, "Read of 512 MiB");
    ok_int(got, 3000000, "bytes");
    ok_int(matching(buffer, got, 0), 3000000, "bytes that match");
    free(buffer);
    kit_end(stream);
}

TEST(seeking_works_from_every_origin)
{
    IStream *stream = pattern(5000000000ULL);
    LARGE_INTEGER move = { .QuadPart = 3 };
    ULONGLONG at;
    BYTE bytes[8];
    ULONG got;

    ok_hr(seek(stream, 0, STREAM_SEEK_END, &at), S_OK, "END");
    ok_int(at, 5000000000LL, "position");
    ok_hr(seek(stream, -4, STREAM_SEEK_CUR, &at), S_OK, "CUR");
    ok_int(at, 4999999996LL, "position");
    ok_hr(IStream_Read(stream, bytes, 8, &got), S_OK, "Read");
    ok(got == 4 && matching(bytes, 4, 4999999996ULL) == 4, "got %lu", got);
    ok_hr(seek(stream, 100, STREAM_SEEK_SET, &at), S_OK, "SET");
    ok_int(at, 100, "position");
    ok_hr(IStream_Seek(stream, move, STREAM_SEEK_CUR, NULL), S_OK, "without result");
    ok_hr(seek(stream, 0, STREAM_SEEK_CUR, &at), S_OK, "where");
    ok_int(at, 103, "position");
    ok_hr(seek(stream, -104, STREAM_SEEK_CUR, &at), STG_E_INVALIDFUNCTION, "before the start");
    ok_hr(seek(stream, -1, STREAM_SEEK_SET, &at), STG_E_INVALIDFUNCTION, "a negative place");
    ok_hr(seek(stream, 0, 3, &at), STG_E_INVALIDFUNCTION, "an unknown origin");
    ok_hr(seek(stream, 0, STREAM_SEEK_CUR, &at), S_OK, "where");
    ok_int(at, 103, "position after failures");
    ok_hr(seek(stream, 10, STREAM_SEEK_END, &at), S_OK, "past the end");
    ok_hr(IStream_Read(stream, bytes, 8, &got), S_OK, "Read there");
    ok_int(got, 0, "bytes");
    kit_end(stream);
}

TEST(stat_tells_the_exact_size_and_refuses_what_it_does_not_know)
{
    IStream *stream = pattern(4097);
    STATSTG stat;

    memset(&stat, 0x55, sizeof(stat));
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_NONAME), S_OK, "NONAME");
    ok(!stat.pwcsName && stat.type == STGTY_STREAM && stat.cbSize.QuadPart == 4097, "size %lld",
       (long long)stat.cbSize.QuadPart);
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_DEFAULT), S_OK, "DEFAULT");
    ok(!stat.pwcsName && stat.cbSize.QuadPart == 4097, "a name without one");
    ok_hr(IStream_Stat(stream, &stat, 7), STG_E_INVALIDFUNCTION, "bad flag");
    ok_hr(IStream_Stat(stream, NULL, STATFLAG_NONAME), E_POINTER, "NULL");
    kit_end(stream);

    ok_hr(kit_tool()->stream(1, NEVER, L"image.iso", TRUE, &released, &stream), S_OK, "stream with a name");
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_DEFAULT), S_OK, "DEFAULT");
    ok_text(stat.pwcsName, L"image.iso", "name");
    CoTaskMemFree(stat.pwcsName);
    ok_hr(IStream_Stat(stream, &stat, STATFLAG_NONAME), S_OK, "NONAME");
    ok(!stat.pwcsName, "a name all the same");
    kit_end(stream);
}

TEST(writing_is_refused_and_the_rest_harmless)
{
    ULARGE_INTEGER size = { .QuadPart = 1 };
    IStream *stream = pattern(100);
    ULONG written = 5;

    check_interfaces(stream,
                     ((const IID *[]){ &IID_IUnknown, &IID_ISequentialStream, &IID_IStream, &IID_IMarshal,
                                       NULL }),
                     ((const IID *[]){ &IID_IDispatch, &IID_IKitPlain, &IID_IProvideClassInfo, NULL }));
    check_identity(stream, ((const IID *[]){ &IID_IUnknown, &IID_ISequentialStream, &IID_IStream, NULL }));
    ok_hr(IStream_Write(stream, "x", 1, &written), STG_E_ACCESSDENIED, "Write");
    ok_int(written, 0, "written");
    ok_hr(IStream_Write(stream, "x", 1, NULL), STG_E_ACCESSDENIED, "Write without count");
    ok_hr(IStream_SetSize(stream, size), STG_E_ACCESSDENIED, "SetSize");
    ok_hr(IStream_Commit(stream, STGC_DEFAULT), S_OK, "Commit");
    ok_hr(IStream_Revert(stream), S_OK, "Revert");
    ok_hr(IStream_LockRegion(stream, size, size, LOCK_WRITE), STG_E_INVALIDFUNCTION, "LockRegion");
    ok_hr(IStream_UnlockRegion(stream, size, size, LOCK_WRITE), STG_E_INVALIDFUNCTION, "UnlockRegion");
    kit_end(stream);
}

TEST(copyto_copies_from_the_position_and_counts)
{
    ULARGE_INTEGER read, written, size = { .QuadPart = 700000 };
    IStream *stream = pattern(1000000), *memory;
    BYTE *bytes;
    HGLOBAL handle;
    ULONGLONG at;

    ok_hr(CreateStreamOnHGlobal(NULL, TRUE, &memory), S_OK, "memory");
    ok_hr(seek(stream, 1000, STREAM_SEEK_SET, &at), S_OK, "Seek");
    ok_hr(IStream_CopyTo(stream, memory, size, &read, &written), S_OK, "CopyTo");
    ok(read.QuadPart == 700000 && written.QuadPart == 700000, "counts");
    size.QuadPart = (ULONGLONG)-1;
    ok_hr(IStream_CopyTo(stream, memory, size, NULL, NULL), S_OK, "CopyTo of all, without counts");
    ok_hr(seek(stream, 0, STREAM_SEEK_CUR, &at), S_OK, "where");
    ok_int(at, 1000000, "position");
    ok_hr(seek(memory, 0, STREAM_SEEK_CUR, &at), S_OK, "where");
    ok_int(at, 999000, "bytes copied");
    GetHGlobalFromStream(memory, &handle);
    bytes = GlobalLock(handle);
    ok_int(matching(bytes, 999000, 1000), 999000, "bytes that match");
    GlobalUnlock(handle);
    ok_hr(IStream_CopyTo(stream, memory, size, &read, &written), S_OK, "CopyTo at the end");
    ok(!read.QuadPart && !written.QuadPart, "counts at the end");
    ok_hr(IStream_CopyTo(stream, NULL, size, &read, &written), STG_E_INVALIDPOINTER, "to nowhere");
    IStream_Release(memory);
    kit_end(stream);
}

/* CopyTo looks at the file of such a target first: it may neither be in its own way nor harm what is
   there. */
TEST(a_large_copy_goes_into_files_new_and_old_that_nobody_else_may_open)
{
    static const DWORD modes[] = { STGM_CREATE | STGM_WRITE | STGM_SHARE_EXCLUSIVE,
                                   STGM_WRITE | STGM_SHARE_DENY_WRITE };
    const size_t size = 20000003;
    BYTE *bytes = malloc(size);
    WCHAR path[MAX_PATH];

    test_temp_path(path, L".img");
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
    {
        ULARGE_INTEGER read, written, all = { .QuadPart = (ULONGLONG)-1 };
        IStream *stream = pattern(size), *file = NULL;
        DWORD got = 0;
        HANDLE handle;

        ok_hr(SHCreateStreamOnFileEx(path, modes[i], FILE_ATTRIBUTE_NORMAL, !i, NULL, &file), S_OK, "open");
        ok_hr(IStream_CopyTo(stream, file, all, &read, &written), S_OK, "CopyTo");
        ok(read.QuadPart == size && written.QuadPart == size, "counts");
        IStream_Release(file);
        kit_end(stream);
        handle = CreateFileW(path, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
        ok(ReadFile(handle, bytes, (DWORD)size, &got, NULL) && got == size, "%lu bytes in the file",
           (unsigned long)got);
        ok_int(GetFileSize(handle, NULL), size, "size of the file");
        ok(matching(bytes, size, 0) == size, "bytes that match");
        CloseHandle(handle);
        memset(bytes, 0, size);
    }
    DeleteFileW(path);
    free(bytes);
}

TEST(a_clone_stands_on_its_own_and_outlives_the_first)
{
    IStream *stream = pattern(1000), *copy = NULL;
    ULONGLONG at;
    BYTE bytes[10];
    ULONG got;

    ok_hr(seek(stream, 100, STREAM_SEEK_SET, &at), S_OK, "Seek");
    ok_hr(IStream_Clone(stream, NULL), E_POINTER, "NULL");
    ok_hr(IStream_Clone(stream, &copy), S_OK, "Clone");
    ok_hr(IStream_Read(stream, bytes, 10, &got), S_OK, "Read");
    check_last_release(stream);
    ok_int(released, 0, "release of the context");
    ok_hr(IStream_Read(copy, bytes, 10, &got), S_OK, "Read of the clone");
    ok_int(matching(bytes, 10, 100), 10, "bytes that match");
    kit_end(copy);
    ok_int(released, 1, "release of the context");
}

TEST(a_failing_source_gives_the_mapped_code_with_a_text)
{
    ULARGE_INTEGER read, written, size = { .QuadPart = (ULONGLONG)-1 };
    IStream *stream, *memory;
    BYTE bytes[256];
    ULONG got = 9;

    ok_hr(kit_tool()->stream(1 << 23, 6000000, NULL, TRUE, NULL, &stream), S_OK, "stream");
    ok_hr(CreateStreamOnHGlobal(NULL, TRUE, &memory), S_OK, "memory");
    ok_hr(IStream_CopyTo(stream, memory, size, &read, &written), (HRESULT)KIT_E_PLAIN, "CopyTo");
    check_error_info(&IID_IStream, NULL, L"The thing is broken.");
    ok(read.QuadPart == written.QuadPart && read.QuadPart <= 6000000 && read.QuadPart, "counts %lld",
       (long long)read.QuadPart);
    size.QuadPart = 0;
    ok_hr(IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 5999900 }, STREAM_SEEK_SET, NULL), S_OK, "Seek");
    ok_hr(IStream_Read(stream, bytes, 256, &got), (HRESULT)KIT_E_PLAIN, "Read");
    ok_int(got, 0, "bytes");
    ok_hr(IStream_Read(stream, bytes, 50, &got), S_OK, "Read of what is good");
    ok_int(matching(bytes, 50, 5999900), 50, "bytes that match");
    SetErrorInfo(0, NULL);
    IStream_Release(memory);
    kit_end(stream);
}

TEST(a_stream_can_have_further_interfaces_and_clones_too)
{
    IStream *stream, *copy;
    IKitPlain *plain;
    LONG value = 0;

    released = 0;
    ok_hr(kit_tool()->stream(10, NEVER, NULL, FALSE, &released, &stream), S_OK, "stream");
    check_identity(stream, ((const IID *[]){ &IID_IUnknown, &IID_IStream, &IID_IKitPlain, NULL }));
    ok_hr(IStream_Clone(stream, &copy), S_OK, "Clone");
    IStream_Release(stream);
    ok_hr(IStream_QueryInterface(copy, &IID_IKitPlain, (void **)&plain), S_OK, "IKitPlain of the clone");
    ok_hr(IKitPlain_Twice(plain, 8, &value), S_OK, "Twice");
    ok_int(value, 16, "with the context");
    IKitPlain_Release(plain);
    kit_end(copy);
    ok_int(released, 1, "release of the context");
}

struct reading
{
    IStream *stream;
    LONG bytes, bad;
};

static DWORD WINAPI read_on(void *argument)
{
    struct reading *reading = argument;
    BYTE bytes[1000];
    ULONG got;

    while (IStream_Read(reading->stream, bytes, sizeof(bytes), &got) == S_OK && got)
    {
        InterlockedExchangeAdd(&reading->bytes, (LONG)got);
        if (got != sizeof(bytes)) InterlockedIncrement(&reading->bad);
    }
    return 0;
}

TEST(several_threads_read_one_stream_without_gaps_or_doubles)
{
    struct reading reading = { 0 };
    HANDLE threads[3];
    int i;

    reading.stream = pattern(3000000);
    for (i = 0; i < 3; i++) threads[i] = CreateThread(NULL, 0, read_on, &reading, 0, NULL);
    for (i = 0; i < 3; i++)
    {
        WaitForSingleObject(threads[i], 60000);
        CloseHandle(threads[i]);
    }
    ok_int(reading.bytes, 3000000, "bytes by all");
    ok_int(reading.bad, 0, "short reads");
    kit_end(reading.stream);
}

TEST_MAIN(TEST_CASE(reading_gives_all_bytes_and_a_short_count_at_the_end_only),
          TEST_CASE(a_single_read_may_be_huge),
          TEST_CASE(seeking_works_from_every_origin),
          TEST_CASE(stat_tells_the_exact_size_and_refuses_what_it_does_not_know),
          TEST_CASE(writing_is_refused_and_the_rest_harmless),
          TEST_CASE(copyto_copies_from_the_position_and_counts),
          TEST_CASE(a_large_copy_goes_into_files_new_and_old_that_nobody_else_may_open),
          TEST_CASE(a_clone_stands_on_its_own_and_outlives_the_first),
          TEST_CASE(a_failing_source_gives_the_mapped_code_with_a_text),
          TEST_CASE(a_stream_can_have_further_interfaces_and_clones_too),
          TEST_CASE(several_threads_read_one_stream_without_gaps_or_doubles))
