/* A host file as a source. The one place of the core where the system shows: seeking with 64-bit offsets. */
#ifndef _WIN32
#define _FILE_OFFSET_BITS 64
#define _POSIX_C_SOURCE 200809L
#endif
#include "openimapi/source.h"

#include "openimapi/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#define file_seek _fseeki64
#define file_tell _ftelli64
typedef long long file_offset;
#else
#define file_seek fseeko
#define file_tell ftello
typedef off_t file_offset;
#endif

struct file_source
{
    struct source base;
    FILE *file;                         /* NULL until the first read */
    uint64_t position;                  /* where the file stands */
    char path[];
};

static enum oi_status open_file(struct file_source *source)
{
    if (!(source->file = fopen(source->path, "rb")))
    {
        log_error("cannot open %s", source->path);
        return OI_SOURCE_OPEN;
    }
    source->position = 0;
    return OI_OK;
}

static enum oi_status file_read(struct source *base, uint64_t offset, void *buffer, size_t size, size_t *got)
{
    struct file_source *source = (struct file_source *)base;

    *got = 0;
    if (offset > INT64_MAX) return OI_OK;
    if (!source->file) TRY(open_file(source));
    if (offset != source->position && file_seek(source->file, (file_offset)offset, SEEK_SET))
    {
        log_error("cannot seek in %s", source->path);
        source->position = UINT64_MAX;
        return OI_SOURCE_READ;
    }
    *got = fread(buffer, 1, size, source->file);
    source->position = offset + *got;
    if (*got < size && ferror(source->file))
    {
        log_error("cannot read %s at %llu", source->path, (unsigned long long)source->position);
        clearerr(source->file);
        source->position = UINT64_MAX;
        *got = 0;
        return OI_SOURCE_READ;
    }
    return OI_OK;
}

static void file_destroy(struct source *base)
{
    struct file_source *source = (struct file_source *)base;

    if (source->file) fclose(source->file);
    free(source);
}

static const struct source_ops file_ops = { file_read, file_destroy };

enum oi_status source_file_create(const char *path, struct source **out)
{
    size_t length = strlen(path) + 1;
    struct file_source *source;
    file_offset size = -1;
    FILE *file;

    if (!(file = fopen(path, "rb")))
    {
        log_error("cannot open %s", path);
        return OI_SOURCE_OPEN;
    }
    /* A folder can be opened on some systems, but reading from it fails. */
    if (!file_seek(file, 0, SEEK_END)) size = file_tell(file);
    if (fseek(file, 0, SEEK_SET) || (fgetc(file) == EOF && ferror(file))) size = -1;
    fclose(file);
    if (size < 0)
    {
        log_error("cannot tell the size of %s", path);
        return OI_SOURCE_OPEN;
    }
    if (!(source = malloc(sizeof(*source) + length))) return OI_NO_MEMORY;
    source_init(&source->base, &file_ops, (uint64_t)size);
    source->file = NULL;
    source->position = 0;
    memcpy(source->path, path, length);
    *out = &source->base;
    return OI_OK;
}
