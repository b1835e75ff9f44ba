/* Counting and reading of sources, and the two simplest: memory and zeros. */
#include "openimapi/source.h"

#include <stdlib.h>
#include <string.h>

void source_init(struct source *source, const struct source_ops *ops, uint64_t size)
{
    source->ops = ops;
    source->size = size;
    source->references = 1;
}

struct source *source_ref(struct source *source)
{
    __atomic_add_fetch(&source->references, 1, __ATOMIC_RELAXED);
    return source;
}

void source_unref(struct source *source)
{
    if (!source) return;
    if (!__atomic_sub_fetch(&source->references, 1, __ATOMIC_ACQ_REL)) source->ops->destroy(source);
}

enum oi_status source_read_some(struct source *source, uint64_t offset, void *buffer, size_t size,
                                size_t *got)
{
    *got = 0;
    if (!size) return OI_OK;
    return source->ops->read(source, offset, buffer, size, got);
}

enum oi_status source_read(struct source *source, uint64_t offset, void *buffer, size_t size)
{
    size_t got;

    TRY(source_read_some(source, offset, buffer, size, &got));
    return got == size ? OI_OK : OI_SOURCE_SIZE;
}

struct memory_source
{
    struct source base;
    uint8_t bytes[];
};

static enum oi_status memory_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                  size_t *got)
{
    const struct memory_source *memory = (const struct memory_source *)source;

    *got = 0;
    if (offset >= source->size) return OI_OK;
    *got = size < source->size - offset ? size : (size_t)(source->size - offset);
    memcpy(buffer, memory->bytes + offset, *got);
    return OI_OK;
}

static void memory_destroy(struct source *source)
{
    free(source);
}

static const struct source_ops memory_ops = { memory_read, memory_destroy };

enum oi_status source_memory_create(const void *bytes, size_t size, struct source **out)
{
    struct memory_source *memory;

    if (size > SIZE_MAX - sizeof(*memory)) return OI_NO_MEMORY;
    if (!(memory = malloc(sizeof(*memory) + size))) return OI_NO_MEMORY;
    source_init(&memory->base, &memory_ops, size);
    if (size) memcpy(memory->bytes, bytes, size);
    *out = &memory->base;
    return OI_OK;
}

static enum oi_status zero_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                size_t *got)
{
    *got = 0;
    if (offset >= source->size) return OI_OK;
    *got = size < source->size - offset ? size : (size_t)(source->size - offset);
    memset(buffer, 0, *got);
    return OI_OK;
}

static const struct source_ops zero_ops = { zero_read, memory_destroy };

enum oi_status source_zero_create(uint64_t size, struct source **out)
{
    struct source *source = malloc(sizeof(*source));

    if (!source) return OI_NO_MEMORY;
    source_init(source, &zero_ops, size);
    *out = source;
    return OI_OK;
}
