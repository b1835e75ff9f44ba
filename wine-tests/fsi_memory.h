/*
 * imapi2fs.dll without memory: for a use of it, every allocation is made to fail in turn. The answer is
 * E_OUTOFMEMORY, the image is as it was and does the same when there is memory again, and nothing is left
 * over.
 */
#ifndef WINE_TESTS_FSI_MEMORY_H
#define WINE_TESTS_FSI_MEMORY_H

#include "fsi.h"
#include "memory.h"

struct fsi_use
{
    void (*prepare)(struct fsi *fsi);   /* with memory; NULL: nothing */
    HRESULT (*run)(struct fsi *fsi);    /* gives back all that it is handed */
    void (*finish)(void);               /* gives back what prepare made; NULL: nothing */
    HRESULT expected;                   /* with memory, and when what failed does not matter */
    const WCHAR *of, *method;           /* run is this call alone, which documents E_OUTOFMEMORY; or NULL */
};

void fsi_without_memory(const struct fsi_use *use);

/* An image of three items, one of them a directory with a file in it, prepared. */
BOOL fsi_memory_begin(struct fsi *fsi, const struct fsi_use *use);

/* Its end, and that of everything prepared. */
void fsi_memory_end(struct fsi *fsi, const struct fsi_use *use);

/* A stream to add, three blocks and a byte; fresh after fsi_memory_begin, given back at fsi_memory_end. */
extern struct test_stream fsi_memory_stream;

#endif
