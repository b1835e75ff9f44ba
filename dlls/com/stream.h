/*
 * Streams in both directions: an IStream that clients read, over a source of the core; and a source of the
 * core, over an IStream that a client gave.
 */
#ifndef OPENIMAPI_COM_STREAM_H
#define OPENIMAPI_COM_STREAM_H

#include "com/com.h"

#include "openimapi/source.h"

/* --- handed out ----------------------------------------------------------------------------------------- */

/* What a stream needs beside its bytes. All may be NULL or zero. */
struct stream_out_options
{
    /* The result code of a failed read, with IErrorInfo set if it likes (com_fail on iface). NULL:
       STG_E_READFAULT, E_OUTOFMEMORY for OI_NO_MEMORY. */
    HRESULT (*map)(void *context, IStream *iface, enum oi_status status);
    void *context;                      /* for map, release and stream_out_context */
    void (*release)(void *context);     /* the last stream over these bytes (clones included) is gone */
    const WCHAR *name;                  /* pwcsName of Stat, copied; NULL: none */
    CLSID clsid;                        /* of Stat */
};

/*
 * A read-only IStream over a source, of which it takes a reference. Read of any size: a short count with S_OK
 * at the end and only there, pcbRead may be NULL. Seek SET, CUR, END. CopyTo with NULL counters. Clone with a
 * position of its own. Stat: exact size, flags 0 and 1. Write, SetSize: STG_E_ACCESSDENIED. Usable from any
 * thread: reads of the same bytes wait for each other. On failure E_OUTOFMEMORY, and context is not released.
 */
HRESULT stream_out_create(struct source *source, const struct stream_out_options *options, IStream **out);

/*
 * A class of one's own with further interfaces on the stream: the struct below, stream_out_vtbl in a row, and
 * com_create with these arguments. Clone makes another object of the same class.
 *
 *     static const struct com_iface image_stream_ifaces[] =
 *     {
 *         { &IID_IStream, &stream_out_vtbl },
 *         { &IID_ISequentialStream, NULL },
 *         { &IID_IBlockRangeList, &image_stream_ranges_vtbl },
 *         COM_STANDARD_IFACES,
 *     };
 *     const struct com_class image_stream_class =
 *     {
 *         .clsid = &CLSID_FsiStream, .noncreatable = TRUE, .size = sizeof(struct stream_out),
 *         .init = stream_out_init, .destroy = stream_out_destroy, .ifaces = ..., .iface_count = ...,
 *     };
 *     struct stream_out_args args = { .source = source, .options = &options };
 *     hr = com_create(&image_stream_class, &args, &IID_IStream, (void **)out);
 */
struct stream_out_args
{
    struct source *source;
    const struct stream_out_options *options; /* copied; NULL: all zero */
    struct stream_out *original;        /* NULL; set by Clone, then the two above are not looked at */
};

struct stream_out_shared;

struct stream_out
{
    struct com_object base;
    struct stream_out_shared *shared;   /* the bytes and the options, shared with clones */
    uint64_t position;                  /* under base.lock */
};

extern const IStreamVtbl stream_out_vtbl;
HRESULT stream_out_init(struct com_object *object, void *args);
void stream_out_destroy(struct com_object *object);

/* The context of the options, for further interfaces of the same object. */
void *stream_out_context(struct stream_out *stream);

/* The bytes of a stream that this DLL made without a context, borrowed from it. NULL: a stream of any other
   kind. */
struct source *stream_out_source(IStream *stream);

/* --- taken ---------------------------------------------------------------------------------------------- */

/*
 * A source over a client's stream, of which it takes a reference. Uses Stat (for the size), Seek(SET) and
 * Read, nothing else, and reads on until it has all or the stream gives no more. May be read on any thread.
 * Fails with what Stat said; E_POINTER for NULL, E_OUTOFMEMORY.
 */
HRESULT stream_in_create(IStream *stream, struct source **out);

/* From now on nobody but this source (one of stream_in_create) moves the stream: reads that follow each other
   need no Seek. Without it every read begins with one, for streams that several sources or a client use. */
void stream_in_set_exclusive(struct source *source);

/* What the stream said when a read last failed with OI_SOURCE_READ; S_OK if none did, or when source is not
   one of stream_in_create. */
HRESULT stream_in_error(struct source *source);

/* The client's stream again, counted, usable on this thread: for get_Data and its like. */
HRESULT stream_in_get(struct source *source, IStream **out);

#endif
