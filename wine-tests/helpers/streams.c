/* The client's stream and block range list of recorders.h. */
#include "../recorders.h"

#include <stdlib.h>
#include <string.h>

/* --- the stream ----------------------------------------------------------------------------------------- */

void test_stream_block(const struct test_stream *stream, ULONG block, BYTE bytes[2048])
{
    DWORD value = stream->seed * 2654435761u + block + 1;

    for (size_t i = 0; i < 2048; i += 4)
    {
        value ^= value << 13, value ^= value >> 17, value ^= value << 5;
        memcpy(bytes + i, &value, 4);
    }
}

static struct test_stream *from_stream(IStream *iface)
{
    return CONTAINING_RECORD(iface, struct test_stream, iface);
}

static HRESULT STDMETHODCALLTYPE stream_QueryInterface(IStream *iface, REFIID iid, void **out)
{
    struct test_stream *stream = from_stream(iface);

    *out = NULL;
    if (stream->ranges && IsEqualGUID(iid, &IID_IBlockRangeList))
        return IUnknown_QueryInterface(stream->ranges, iid, out);
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_ISequentialStream) &&
        !IsEqualGUID(iid, &IID_IStream))
        return E_NOINTERFACE;
    *out = iface;
    InterlockedIncrement(&stream->references);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE stream_AddRef(IStream *iface)
{
    return (ULONG)InterlockedIncrement(&from_stream(iface)->references);
}

static ULONG STDMETHODCALLTYPE stream_Release(IStream *iface)
{
    return (ULONG)InterlockedDecrement(&from_stream(iface)->references);
}

static HRESULT STDMETHODCALLTYPE stream_Read(IStream *iface, void *buffer, ULONG size, ULONG *read)
{
    struct test_stream *stream = from_stream(iface);
    ULONGLONG end = stream->end ? stream->end : stream->size;
    ULONG done = 0;

    stream->reads++;
    if (GetCurrentThreadId() != stream->thread) stream->wrong_thread++;
    if (stream->on_read) stream->on_read(stream, stream->position);
    while (done < size && stream->position < end)
    {
        ULONG within = (ULONG)(stream->position % 2048), piece = 2048 - within;
        BYTE block[2048];

        if (stream->fail_at && stream->position >= stream->fail_at) return stream->fail_with;
        test_stream_block(stream, (ULONG)(stream->position / 2048), block);
        if (piece > size - done) piece = size - done;
        if (piece > end - stream->position) piece = (ULONG)(end - stream->position);
        memcpy((BYTE *)buffer + done, block + within, piece);
        done += piece;
        stream->position += piece;
    }
    stream->bytes_read += done;
    if (read) *read = done;
    return done == size ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE stream_Write(IStream *iface, const void *buffer, ULONG size, ULONG *written)
{
    (void)iface, (void)buffer, (void)size, (void)written;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_Seek(IStream *iface, LARGE_INTEGER move, DWORD origin,
                                             ULARGE_INTEGER *position)
{
    struct test_stream *stream = from_stream(iface);

    if (origin != STREAM_SEEK_SET) return E_NOTIMPL;
    stream->position = (ULONGLONG)move.QuadPart;
    if (position) position->QuadPart = stream->position;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_Stat(IStream *iface, STATSTG *stat, DWORD flags)
{
    struct test_stream *stream = from_stream(iface);

    (void)flags;
    memset(stat, 0, sizeof(*stat));
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = stream->size;
    return stream->stat_result;
}

static HRESULT STDMETHODCALLTYPE stream_SetSize(IStream *iface, ULARGE_INTEGER size)
{
    (void)iface, (void)size;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_CopyTo(IStream *iface, IStream *to, ULARGE_INTEGER size,
                                               ULARGE_INTEGER *read, ULARGE_INTEGER *written)
{
    (void)iface, (void)to, (void)size, (void)read, (void)written;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_Commit(IStream *iface, DWORD flags)
{
    (void)iface, (void)flags;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_Revert(IStream *iface)
{
    (void)iface;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_region(IStream *iface, ULARGE_INTEGER at, ULARGE_INTEGER size,
                                               DWORD type)
{
    (void)iface, (void)at, (void)size, (void)type;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE stream_Clone(IStream *iface, IStream **out)
{
    (void)iface;
    *out = NULL;
    return E_NOTIMPL;
}

static const IStreamVtbl stream_vtbl =
{
    stream_QueryInterface, stream_AddRef,  stream_Release, stream_Read,   stream_Write,
    stream_Seek,           stream_SetSize, stream_CopyTo,  stream_Commit, stream_Revert,
    stream_region,         stream_region,  stream_Stat,    stream_Clone,
};

void test_stream_init(struct test_stream *stream, ULONGLONG size)
{
    memset(stream, 0, sizeof(*stream));
    stream->iface.lpVtbl = (IStreamVtbl *)&stream_vtbl;
    stream->references = 1;
    stream->size = size;
    stream->position = 4711; /* not where the data begin: the taker has to seek */
    stream->seed = 1;
    stream->thread = GetCurrentThreadId();
}

BOOL test_disc_holds(size_t index, const struct test_stream *stream, ULONG first, ULONG count, ULONG at)
{
    HANDLE file =
        CreateFileW(test_recorder_disc(index), GENERIC_READ,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER offset = { .QuadPart = (LONGLONG)at * 2048 };
    BYTE expected[2048], found[2048];
    BOOL same = file != INVALID_HANDLE_VALUE;
    DWORD got;

    if (same) same = SetFilePointerEx(file, offset, NULL, FILE_BEGIN);
    for (ULONG i = 0; i < count && same; i++)
    {
        test_stream_block(stream, first + i, expected);
        same = ReadFile(file, found, sizeof(found), &got, NULL) && got == sizeof(found) &&
               !memcmp(found, expected, sizeof(found));
        if (!same) test_note("block %lu of the disc differs", at + i);
    }
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    return same;
}

/* --- block ranges --------------------------------------------------------------------------------------- */

/* One object serves as list and as range: a list holds further ones. Only what a writer asks for is there. */
struct test_ranges
{
    IBlockRangeList list;
    IBlockRange range;
    LONG references;
    LONG first, last;
    IBlockRange **items;
    size_t count;
};

static HRESULT query(struct test_ranges *ranges, REFIID iid, void **out)
{
    BOOL is_list = ranges->items != NULL;

    *out = NULL;
    if (IsEqualGUID(iid, is_list ? &IID_IBlockRangeList : &IID_IBlockRange) ||
        IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch))
        *out = is_list ? (void *)&ranges->list : (void *)&ranges->range;
    if (*out) InterlockedIncrement(&ranges->references);
    return *out ? S_OK : E_NOINTERFACE;
}

static ULONG release(struct test_ranges *ranges)
{
    LONG left = InterlockedDecrement(&ranges->references);

    if (!left)
    {
        for (size_t i = 0; i < ranges->count; i++) IBlockRange_Release(ranges->items[i]);
        free(ranges->items);
        free(ranges);
    }
    return (ULONG)left;
}

#define DISPATCH_METHODS(I, prefix, member)                                                                  \
    static struct test_ranges *prefix##_self(I *iface)                                                       \
    {                                                                                                        \
        return CONTAINING_RECORD(iface, struct test_ranges, member);                                         \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE prefix##_QueryInterface(I *iface, REFIID iid, void **out)               \
    {                                                                                                        \
        return query(prefix##_self(iface), iid, out);                                                        \
    }                                                                                                        \
    static ULONG STDMETHODCALLTYPE prefix##_AddRef(I *iface)                                                 \
    {                                                                                                        \
        return (ULONG)InterlockedIncrement(&prefix##_self(iface)->references);                               \
    }                                                                                                        \
    static ULONG STDMETHODCALLTYPE prefix##_Release(I *iface)                                                \
    {                                                                                                        \
        return release(prefix##_self(iface));                                                                \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE prefix##_GetTypeInfoCount(I *iface, UINT *count)                        \
    {                                                                                                        \
        (void)iface;                                                                                         \
        *count = 0;                                                                                          \
        return S_OK;                                                                                         \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE prefix##_GetTypeInfo(I *iface, UINT index, LCID lcid, ITypeInfo **out)  \
    {                                                                                                        \
        (void)iface, (void)index, (void)lcid;                                                                \
        *out = NULL;                                                                                         \
        return E_NOTIMPL;                                                                                    \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE prefix##_GetIDsOfNames(I *iface, REFIID iid, LPOLESTR *names, UINT n,   \
                                                            LCID lcid, DISPID *ids)                          \
    {                                                                                                        \
        (void)iface, (void)iid, (void)names, (void)n, (void)lcid, (void)ids;                                 \
        return E_NOTIMPL;                                                                                    \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE prefix##_Invoke(I *iface, DISPID id, REFIID iid, LCID lcid, WORD flags, \
                                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *info,   \
                                                     UINT *bad)                                              \
    {                                                                                                        \
        (void)iface, (void)id, (void)iid, (void)lcid, (void)flags, (void)params, (void)result, (void)info;   \
        (void)bad;                                                                                           \
        return E_NOTIMPL;                                                                                    \
    }

#define DISPATCH_TABLE(prefix)                                                                               \
    prefix##_QueryInterface, prefix##_AddRef, prefix##_Release, prefix##_GetTypeInfoCount,                   \
        prefix##_GetTypeInfo, prefix##_GetIDsOfNames, prefix##_Invoke

DISPATCH_METHODS(IBlockRangeList, list, list)
DISPATCH_METHODS(IBlockRange, range, range)

static HRESULT STDMETHODCALLTYPE list_get_BlockRanges(IBlockRangeList *iface, SAFEARRAY **out)
{
    struct test_ranges *ranges = list_self(iface);
    VARIANT *items;

    if (!(*out = SafeArrayCreateVector(VT_VARIANT, 0, (ULONG)ranges->count))) return E_OUTOFMEMORY;
    SafeArrayAccessData(*out, (void **)&items);
    for (size_t i = 0; i < ranges->count; i++)
    {
        items[i] = test_v_disp(ranges->items[i]);
        IBlockRange_AddRef(ranges->items[i]);
    }
    SafeArrayUnaccessData(*out);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE range_get_StartLba(IBlockRange *iface, LONG *value)
{
    *value = range_self(iface)->first;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE range_get_EndLba(IBlockRange *iface, LONG *value)
{
    *value = range_self(iface)->last;
    return S_OK;
}

static const IBlockRangeListVtbl list_vtbl = { DISPATCH_TABLE(list), list_get_BlockRanges };
static const IBlockRangeVtbl range_vtbl = { DISPATCH_TABLE(range), range_get_StartLba, range_get_EndLba };

static struct test_ranges *create(void)
{
    struct test_ranges *ranges = calloc(1, sizeof(*ranges));

    ranges->list.lpVtbl = (IBlockRangeListVtbl *)&list_vtbl;
    ranges->range.lpVtbl = (IBlockRangeVtbl *)&range_vtbl;
    ranges->references = 1;
    return ranges;
}

IUnknown *test_ranges_create(const LONG (*pairs)[2], size_t count)
{
    struct test_ranges *list = create();

    list->items = calloc(count + 1, sizeof(*list->items));
    list->count = count;
    for (size_t i = 0; i < count; i++)
    {
        struct test_ranges *item = create();

        item->first = pairs[i][0];
        item->last = pairs[i][1];
        list->items[i] = &item->range;
    }
    return (IUnknown *)&list->list;
}
