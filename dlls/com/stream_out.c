/* A read-only IStream over a source of the core: what clients copy into a file or hand to a writer. */
#include "com/com_room.h"
#include "com/stream.h"

#include <string.h>

/* CopyTo goes in pieces of this many bytes: they stay in a processor's cache between reading and writing, and
   systems keep them in memory that is in use already. */
#define COPY_SIZE (128 * 1024)

/* From so many bytes on it pays to prepare a target. */
#define LARGE_COPY (16 * 1024 * 1024)

/* The bytes, shared by a stream and its clones. A source is read by one caller at a time. */
struct stream_out_shared
{
    LONG references;
    struct source *source;
    struct stream_out_options options;
    WCHAR *name;
    struct com_turn turn;
};

static void shared_release(struct stream_out_shared *shared)
{
    if (InterlockedDecrement(&shared->references)) return;
    source_unref(shared->source);
    if (shared->options.release) shared->options.release(shared->options.context);
    com_turn_clear(&shared->turn);
    free(shared->name);
    free(shared);
}

/* On failure the context of the options stays the caller's. */
static HRESULT shared_create(const struct stream_out_args *args, struct stream_out_shared **out)
{
    struct stream_out_shared *shared = calloc(1, sizeof(*shared));
    const WCHAR *name = args->options ? args->options->name : NULL;

    if (!shared) return E_OUTOFMEMORY;
    if ((name && !(shared->name = _wcsdup(name))) || FAILED(com_turn_init(&shared->turn)))
    {
        free(shared->name);
        free(shared);
        return E_OUTOFMEMORY;
    }
    if (args->options) shared->options = *args->options;
    shared->references = 1;
    shared->source = source_ref(args->source);
    *out = shared;
    return S_OK;
}

static HRESULT map_status(struct stream_out *self, enum oi_status status)
{
    const struct stream_out_options *options = &self->shared->options;

    if (!status) return S_OK;
    if (options->map) return options->map(options->context, COM_IFACE(IStream, &self->base, 0), status);
    return status == OI_NO_MEMORY ? E_OUTOFMEMORY : STG_E_READFAULT;
}

static uint64_t position(struct stream_out *self)
{
    uint64_t value;

    com_lock(&self->base);
    value = self->position;
    com_unlock(&self->base);
    return value;
}

static void set_position(struct stream_out *self, uint64_t value)
{
    com_lock(&self->base);
    self->position = value;
    com_unlock(&self->base);
}

/* The next bytes, and on by as many. At the end of the bytes, and only there, *got is less than size. */
static HRESULT read_next(struct stream_out *self, void *buffer, size_t size, size_t *got)
{
    struct stream_out_shared *shared = self->shared;
    enum oi_status status = OI_OK;
    uint64_t at, left;

    *got = 0;
    /* Not our turn: a source that is being read has called back. */
    if (!com_turn_take(&shared->turn)) return STG_E_ACCESSDENIED;
    at = position(self);
    left = at < shared->source->size ? shared->source->size - at : 0;
    if (size > left) size = (size_t)left;
    if (size) status = source_read(shared->source, at, buffer, size);
    if (!status)
    {
        *got = size;
        set_position(self, at + size);
    }
    com_turn_give(&shared->turn);
    return map_status(self, status);
}

/* --- IStream -------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE stream_Read(IStream *iface, void *buffer, ULONG size, ULONG *read)
{
    struct stream_out *self = COM_SELF(struct stream_out, iface);
    size_t got;
    HRESULT hr;

    if (read) *read = 0;
    if (!buffer) return STG_E_INVALIDPOINTER;
    hr = read_next(self, buffer, size, &got);
    if (read) *read = (ULONG)got;
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_Write(IStream *iface, const void *buffer, ULONG size, ULONG *written)
{
    (void)iface, (void)buffer, (void)size;
    if (written) *written = 0;
    return STG_E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE stream_Seek(IStream *iface, LARGE_INTEGER move, DWORD origin,
                                             ULARGE_INTEGER *new_position)
{
    struct stream_out *self = COM_SELF(struct stream_out, iface);
    uint64_t base, to;

    if (origin == STREAM_SEEK_SET) base = 0;
    else if (origin == STREAM_SEEK_CUR) base = position(self);
    else if (origin == STREAM_SEEK_END) base = self->shared->source->size;
    else return STG_E_INVALIDFUNCTION;
    to = base + (uint64_t)move.QuadPart;
    /* Before the start, or past what a signed number tells. Past the end is allowed, as everywhere. */
    if ((move.QuadPart < 0 && to > base) || to > INT64_MAX) return STG_E_INVALIDFUNCTION;
    set_position(self, to);
    if (new_position) new_position->QuadPart = to;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_SetSize(IStream *iface, ULARGE_INTEGER size)
{
    (void)iface, (void)size;
    return STG_E_ACCESSDENIED;
}

/* A file that was emptied when it was opened, as a new one mostly is, is written to its disk by Linux's file
   systems (ext4, XFS, Btrfs) the next time that anybody closes it, who waits for that. Closed once now, while
   it is empty still, it leaves nobody waiting behind the last byte. The name is a hint only: it is opened for
   its attributes, which no other's sharing mode forbids, and nothing that fails matters. */
static void prepare_target(IStream *target)
{
    STATSTG stat = { 0 };
    const WCHAR *name;
    HANDLE file;

    if (FAILED(IStream_Stat(target, &stat, STATFLAG_DEFAULT)) || !(name = stat.pwcsName)) return;
    if (*name && name[1] == ':' && name[2] == '\\' && !stat.cbSize.QuadPart)
    {
        file = CreateFileW(name, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                           NULL, OPEN_EXISTING, 0, NULL);
        if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    }
    CoTaskMemFree(stat.pwcsName);
}

/* All of a piece into the client's stream, however little it takes at once. */
static HRESULT write_piece(IStream *target, const BYTE *piece, size_t size, uint64_t *written)
{
    ULONG count;
    HRESULT hr;

    while (size)
    {
        count = 0;
        hr = IStream_Write(target, piece, (ULONG)size, &count);
        if (count > size) count = (ULONG)size;
        *written += count;
        if (FAILED(hr)) return hr;
        if (!count) return STG_E_MEDIUMFULL;
        piece += count;
        size -= count;
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_CopyTo(IStream *iface, IStream *target, ULARGE_INTEGER size,
                                               ULARGE_INTEGER *read, ULARGE_INTEGER *written)
{
    struct stream_out *self = COM_SELF(struct stream_out, iface);
    uint64_t left = size.QuadPart, taken = 0, put = 0;
    HRESULT hr = S_OK;
    size_t got;
    BYTE *piece;

    if (read) read->QuadPart = 0;
    if (written) written->QuadPart = 0;
    if (!target) return STG_E_INVALIDPOINTER;
    if (!(piece = malloc(COPY_SIZE))) return E_OUTOFMEMORY;
    if (left >= LARGE_COPY && self->shared->source->size >= LARGE_COPY) prepare_target(target);
    while (left)
    {
        hr = read_next(self, piece, left < COPY_SIZE ? (size_t)left : COPY_SIZE, &got);
        if (FAILED(hr) || !got) break;
        taken += got;
        left -= got;
        if (FAILED(hr = write_piece(target, piece, got, &put))) break;
    }
    free(piece);
    if (read) read->QuadPart = taken;
    if (written) written->QuadPart = put;
    return hr;
}

static HRESULT STDMETHODCALLTYPE stream_Commit(IStream *iface, DWORD flags)
{
    (void)iface, (void)flags;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_Revert(IStream *iface)
{
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_LockRegion(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                   DWORD type)
{
    (void)iface, (void)offset, (void)size, (void)type;
    return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE stream_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
    struct stream_out_shared *shared = COM_SELF(struct stream_out, iface)->shared;
    size_t size;

    if (!stat) return E_POINTER;
    memset(stat, 0, sizeof(*stat));
    if (flag != STATFLAG_DEFAULT && flag != STATFLAG_NONAME) return STG_E_INVALIDFUNCTION;
    if (flag == STATFLAG_DEFAULT && shared->name)
    {
        size = (wcslen(shared->name) + 1) * sizeof(WCHAR);
        if (!(stat->pwcsName = CoTaskMemAlloc(size))) return E_OUTOFMEMORY;
        memcpy(stat->pwcsName, shared->name, size);
    }
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = shared->source->size;
    stat->grfMode = STGM_READ;
    stat->clsid = shared->options.clsid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE stream_Clone(IStream *iface, IStream **out)
{
    struct stream_out *self = COM_SELF(struct stream_out, iface);
    struct stream_out_args args = { .original = self };

    if (!out) return E_POINTER;
    return com_create(self->base.class, &args, &IID_IStream, (void **)out);
}

const IStreamVtbl stream_out_vtbl =
{
    COM_UNKNOWN(IStream),
    stream_Read,
    stream_Write,
    stream_Seek,
    stream_SetSize,
    stream_CopyTo,
    stream_Commit,
    stream_Revert,
    stream_LockRegion,
    stream_LockRegion,                  /* UnlockRegion */
    stream_Stat,
    stream_Clone,
};

/* --- life ----------------------------------------------------------------------------------------------- */

HRESULT stream_out_init(struct com_object *object, void *args)
{
    struct stream_out *self = (struct stream_out *)object;
    const struct stream_out_args *init = args;

    if (!init->original) return shared_create(init, &self->shared);
    self->shared = init->original->shared;
    InterlockedIncrement(&self->shared->references);
    self->position = position(init->original);
    return S_OK;
}

void stream_out_destroy(struct com_object *object)
{
    shared_release(((struct stream_out *)object)->shared);
}

struct source *stream_out_source(IStream *stream)
{
    struct stream_out_shared *shared;

    if (stream->lpVtbl != &stream_out_vtbl) return NULL;
    shared = COM_SELF(struct stream_out, stream)->shared;
    return shared->options.context ? NULL : shared->source;
}

void *stream_out_context(struct stream_out *stream)
{
    return stream->shared->options.context;
}

static const struct com_iface stream_out_ifaces[] =
{
    { &IID_IStream, &stream_out_vtbl },
    { &IID_ISequentialStream, NULL },
    COM_STANDARD_IFACES,
};

static const struct com_class stream_out_class =
{
    .noncreatable = TRUE, .size = sizeof(struct stream_out), .init = stream_out_init,
    .destroy = stream_out_destroy, .ifaces = stream_out_ifaces, .iface_count = COM_COUNT(stream_out_ifaces),
};

HRESULT stream_out_create(struct source *source, const struct stream_out_options *options, IStream **out)
{
    struct stream_out_args args = { .source = source, .options = options };

    return com_create(&stream_out_class, &args, &IID_IStream, (void **)out);
}
