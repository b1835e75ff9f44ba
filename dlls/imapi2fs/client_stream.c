/* Sources over clients' streams. Two results of one image, and the Data of its items, may be read on
   several threads at once, and a client may have given one stream for several files: so of all streams of
   an image one is read at a time. */
#include "imapi2fs/imapi2fs_room.h"

struct stream_gate
{
    LONG references;
    struct com_turn turn;               /* the thread that reads now; no lock is held meanwhile */
};

struct client_stream
{
    struct source base;
    struct source *inner;
    struct stream_gate *gate;
};

/* --- the gate ---------------------------------------------------------------------------------------- */

struct stream_gate *stream_gate_create(void)
{
    struct stream_gate *gate = calloc(1, sizeof(*gate));

    if (!gate) return NULL;
    gate->references = 1;
    if (SUCCEEDED(com_turn_init(&gate->turn))) return gate;
    free(gate);
    return NULL;
}

void stream_gate_release(struct stream_gate *gate)
{
    if (!gate || InterlockedDecrement(&gate->references)) return;
    com_turn_clear(&gate->turn);
    free(gate);
}

/* --- the source -------------------------------------------------------------------------------------- */

static enum oi_status client_stream_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                         size_t *got)
{
    struct client_stream *stream = (struct client_stream *)source;
    enum oi_status status;

    *got = 0;
    /* Not when this thread is inside already: a stream that reads an image that it is part of. */
    if (!com_turn_take(&stream->gate->turn)) return OI_SOURCE_READ;
    status = source_read_some(stream->inner, offset, buffer, size, got);
    com_turn_give(&stream->gate->turn);
    return status;
}

static void client_stream_destroy(struct source *source)
{
    struct client_stream *stream = (struct client_stream *)source;

    source_unref(stream->inner);
    stream_gate_release(stream->gate);
    free(stream);
}

static const struct source_ops client_stream_ops = { client_stream_read, client_stream_destroy };

HRESULT client_stream_create(struct stream_gate *gate, IStream *client, struct source **out)
{
    struct client_stream *stream = calloc(1, sizeof(*stream));
    HRESULT hr;

    *out = NULL;
    if (!stream) return E_OUTOFMEMORY;
    hr = stream_in_create(client, &stream->inner);
    if (FAILED(hr))
    {
        free(stream);
        return hr;
    }
    source_init(&stream->base, &client_stream_ops, stream->inner->size);
    stream->gate = gate;
    InterlockedIncrement(&gate->references);
    *out = &stream->base;
    return S_OK;
}

HRESULT image_take_stream(struct image *image, IStream *client, struct source **out)
{
    struct source *own = client ? stream_out_source(client) : NULL;
    BOOL imported;

    image_lock(image);
    imported = own && image->imported && fs_source_disc(own) == image->imported->disc;
    image_unlock(image);
    if (!imported) return client_stream_create(image->gate, client, out);
    *out = source_ref(own);
    return S_OK;
}

HRESULT client_stream_error(struct source *source)
{
    return source->ops == &client_stream_ops ? stream_in_error(((struct client_stream *)source)->inner)
                                             : S_OK;
}

HRESULT client_stream_get(struct source *source, IStream **out)
{
    *out = NULL;
    if (source->ops != &client_stream_ops) return E_NOINTERFACE;
    return stream_in_get(((struct client_stream *)source)->inner, out);
}
