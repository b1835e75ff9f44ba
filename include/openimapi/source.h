/*
 * A source of bytes of known size that can be read at any offset: a client's stream, a host file, memory,
 * a finished image, a disc in a drive. It is what the file-system room and the burn room share; neither
 * knows the other.
 *
 * Sources are counted: who is given one and keeps it takes a reference. The count is atomic, so that the
 * last reference may go on any thread; reading is not, see source_read.
 */
#ifndef OPENIMAPI_SOURCE_H
#define OPENIMAPI_SOURCE_H

#include "openimapi/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct source;

struct source_ops
{
    /* Reads up to size bytes at offset; *got < size only at the end of what there really is, whatever
       source->size says. OI_SOURCE_READ, OI_SOURCE_OPEN or the status of the thing below on failure. */
    enum oi_status (*read)(struct source *source, uint64_t offset, void *buffer, size_t size, size_t *got);
    /* Last reference gone: free everything, the struct included. */
    void (*destroy)(struct source *source);
};

struct source
{
    const struct source_ops *ops;
    uint64_t size;                      /* announced size in bytes; fixed for the life of the source */
    int references;                     /* only through source_ref and source_unref */
};

/* For makers of sources: sets the fields, one reference held by the caller. */
void source_init(struct source *source, const struct source_ops *ops, uint64_t size);

struct source *source_ref(struct source *source);
void source_unref(struct source *source);               /* NULL is allowed */

/* As the operation: may give fewer bytes, at the end only. One caller at a time per source. */
enum oi_status source_read_some(struct source *source, uint64_t offset, void *buffer, size_t size,
                                size_t *got);

/* All of size bytes. OI_SOURCE_SIZE when the source holds fewer; the buffer may be half filled then. */
enum oi_status source_read(struct source *source, uint64_t offset, void *buffer, size_t size);

/* Bytes in memory: copied. */
enum oi_status source_memory_create(const void *bytes, size_t size, struct source **out);

/* Size zero bytes that cost nothing. */
enum oi_status source_zero_create(uint64_t size, struct source **out);

/* A host file, named in the way that fopen wants it on this system; opened at the first read and closed by
   the last reference. OI_SOURCE_OPEN when it is not there. The announced size is taken now. */
enum oi_status source_file_create(const char *path, struct source **out);

/* The parts one after the other; takes a reference to each. */
enum oi_status source_concat_create(struct source *const *parts, size_t count, struct source **out);

/* Size bytes of another source from offset on; takes a reference. OI_INVALID_ARGUMENT past its end. */
enum oi_status source_slice_create(struct source *whole, uint64_t offset, uint64_t size, struct source **out);

#ifdef __cplusplus
}
#endif

#endif
