/* A source of the core over a client's IStream. Of the stream only Stat, Seek from the start and Read are
   used: clients' streams often have nothing else. */
#include "com/com_room.h"
#include "com/stream.h"

#include <string.h>

struct stream_in
{
    struct source base;
    struct com_ref stream;
    BOOL exclusive;                     /* nobody else moves the stream */
    uint64_t position;                  /* where it stands then; POSITION_UNKNOWN before the first read */
    HRESULT error;
};

#define POSITION_UNKNOWN UINT64_MAX

/* What the stream said is kept for the caller. */
static enum oi_status failed(struct stream_in *self, HRESULT hr)
{
    self->error = hr;
    return hr == E_OUTOFMEMORY ? OI_NO_MEMORY : OI_SOURCE_READ;
}

/*
 * Streams that think in 32 bits exist (those of SHCreateStreamOnFile in Wine 8): beyond, their Seek fails, or
 * goes where the lower half of the number says and calls it success. So a stream that is ours alone is sought
 * only when it has to be, and one that went astray is not read.
 */
static enum oi_status seek_stream(struct stream_in *self, IStream *stream, uint64_t offset)
{
    LARGE_INTEGER move = { .QuadPart = (LONGLONG)offset };
    ULARGE_INTEGER position = { .QuadPart = offset };
    HRESULT hr;

    if (self->exclusive && self->position == offset) return OI_OK;
    self->position = POSITION_UNKNOWN;
    if (FAILED(hr = IStream_Seek(stream, move, STREAM_SEEK_SET, &position))) return failed(self, hr);
    if (offset > UINT32_MAX && position.QuadPart == (uint32_t)offset) return failed(self, STG_E_SEEKERROR);
    return OI_OK;
}

static enum oi_status read_stream(struct stream_in *self, IStream *stream, uint64_t offset, BYTE *buffer,
                                  size_t size, size_t *got)
{
    ULONG piece, count;
    HRESULT hr;

    TRY(seek_stream(self, stream, offset));
    self->position = POSITION_UNKNOWN;
    while (*got < size)
    {
        piece = size - *got > 0x40000000 ? 0x40000000 : (ULONG)(size - *got);
        count = 0;
        hr = IStream_Read(stream, buffer + *got, piece, &count);
        if (FAILED(hr)) return failed(self, hr);
        if (count > piece) return failed(self, E_UNEXPECTED);
        if (!count) break;
        *got += count;
    }
    self->position = offset + *got;
    return OI_OK;
}

static enum oi_status stream_in_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                     size_t *got)
{
    struct stream_in *self = (struct stream_in *)source;
    enum oi_status status;
    IStream *stream;
    HRESULT hr;

    *got = 0;
    if (offset > INT64_MAX) return OI_SOURCE_SIZE;
    if (FAILED(hr = com_ref_get(&self->stream, (void **)&stream))) return failed(self, hr);
    /* Afterwards IErrorInfo is what the stream said, and not of an older failure; see com_forward. */
    SetErrorInfo(0, NULL);
    status = read_stream(self, stream, offset, buffer, size, got);
    IStream_Release(stream);
    return status;
}

static void stream_in_destroy(struct source *source)
{
    struct stream_in *self = (struct stream_in *)source;

    com_ref_clear(&self->stream);
    free(self);
}

static const struct source_ops stream_in_ops =
{
    .read = stream_in_read,
    .destroy = stream_in_destroy,
};

HRESULT stream_in_create(IStream *stream, struct source **out)
{
    struct stream_in *self;
    STATSTG stat;
    HRESULT hr;

    *out = NULL;
    if (!stream) return E_POINTER;
    memset(&stat, 0, sizeof(stat));
    SetErrorInfo(0, NULL);
    if (FAILED(hr = IStream_Stat(stream, &stat, STATFLAG_NONAME))) return hr;
    if (!(self = calloc(1, sizeof(*self)))) return E_OUTOFMEMORY;
    source_init(&self->base, &stream_in_ops, stat.cbSize.QuadPart);
    com_ref_set(&self->stream, stream, &IID_IStream);
    *out = &self->base;
    return S_OK;
}

void stream_in_set_exclusive(struct source *source)
{
    struct stream_in *self = (struct stream_in *)source;

    if (source->ops != &stream_in_ops) return;
    self->exclusive = TRUE;
    self->position = POSITION_UNKNOWN;
}

HRESULT stream_in_error(struct source *source)
{
    if (source->ops != &stream_in_ops) return S_OK;
    return ((struct stream_in *)source)->error;
}

HRESULT stream_in_get(struct source *source, IStream **out)
{
    *out = NULL;
    if (source->ops != &stream_in_ops) return E_NOINTERFACE;
    return com_ref_get(&((struct stream_in *)source)->stream, (void **)out);
}
