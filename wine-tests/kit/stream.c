/* Streams over a source of known bytes that can be made to fail; one kind has a further interface. */
#include "kit_room.h"

#include <stdlib.h>

struct pattern
{
    struct source base;
    uint64_t fail_at;
};

static enum oi_status pattern_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                   size_t *got)
{
    struct pattern *self = (struct pattern *)source;
    uint8_t *bytes = buffer;

    for (*got = 0; *got < size && offset + *got < source->size; ++*got)
    {
        if (offset + *got >= self->fail_at) return OI_SOURCE_READ;
        bytes[*got] = (uint8_t)((offset + *got) * 7);
    }
    return OI_OK;
}

static void pattern_destroy(struct source *source)
{
    free(source);
}

static const struct source_ops pattern_ops = { .read = pattern_read, .destroy = pattern_destroy };

static HRESULT map(void *context, IStream *iface, enum oi_status status)
{
    (void)context, (void)status;
    return com_fail(iface, KIT_E_PLAIN);
}

static void released(void *context)
{
    if (context) *(LONG *)context += 1;
}

/* A further interface on the stream itself. */
static HRESULT STDMETHODCALLTYPE plain_Twice(IKitPlain *iface, LONG value, LONG *result)
{
    *result = stream_out_context(COM_SELF(struct stream_out, iface)) ? 2 * value : 0;
    return S_OK;
}

static const IKitPlainVtbl plain_vtbl = { COM_UNKNOWN(IKitPlain), plain_Twice };

static const struct com_iface ifaces[] =
{
    { &IID_IStream, &stream_out_vtbl },
    { &IID_ISequentialStream, NULL },
    { &IID_IKitPlain, &plain_vtbl },
    COM_STANDARD_IFACES,
};

static const struct com_class class =
{
    .noncreatable = TRUE, .size = sizeof(struct stream_out), .init = stream_out_init,
    .destroy = stream_out_destroy, .ifaces = ifaces, .iface_count = COM_COUNT(ifaces),
};

HRESULT kit_stream_create(ULONGLONG size, ULONGLONG fail_at, const WCHAR *name, BOOL plain, LONG *flag,
                          IStream **out)
{
    struct stream_out_options options = { .map = map, .context = flag, .release = released, .name = name };
    struct pattern *pattern = calloc(1, sizeof(*pattern));
    struct stream_out_args args = { .options = &options };
    HRESULT hr;

    *out = NULL;
    if (!pattern) return E_OUTOFMEMORY;
    source_init(&pattern->base, &pattern_ops, size);
    pattern->fail_at = fail_at;
    args.source = &pattern->base;
    if (plain) hr = stream_out_create(&pattern->base, &options, out);
    else hr = com_create(&class, &args, &IID_IStream, (void **)out);
    source_unref(&pattern->base);
    return hr;
}
