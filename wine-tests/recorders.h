/*
 * Virtual recorders for one test: a configuration file in the temp folder, named by OPENIMAPI_RECORDERS, and
 * beside it the discs and the fault scripts.
 */
#ifndef WINE_TESTS_RECORDERS_H
#define WINE_TESTS_RECORDERS_H

#include "com_test.h"

#include "imapi2.h"
#include "imapi2error.h"

struct test_recorder
{
    const char *medium; /* "dvd+r 4 mb" is not for sale, but "dvd+r 2048" (blocks) is */
    const char *faults; /* a fault script; NULL: none */
};

/* These recorders and no others from now on, on fresh discs. count 0: none. At most 8. */
void test_recorders_set(const struct test_recorder *recorders, size_t count);

/* One recorder. */
void test_recorder_set(const char *medium, const char *faults);

/* Other faults for a recorder, from the next InitializeDiscRecorder on; the disc stays. */
void test_recorder_faults(size_t index, const char *faults);

/* Its disc, as a Windows path. */
const WCHAR *test_recorder_disc(size_t index);

/* Its identifier, as the disc master lists it; the caller frees. NULL and a failed check when it is not
 * there. */
BSTR test_recorder_id(size_t index);

/* An initialized MsftDiscRecorder2 on it; NULL and a failed check. */
IDiscRecorder2 *test_recorder_open(size_t index);

/* A MsftDiscFormat2Data with that recorder and a client name. */
IDiscFormat2Data *test_writer_open(IDiscRecorder2 *recorder);

/* Ends the use of recorders: no files are left. */
void test_recorders_end(void);

/* --- streams -------------------------------------------------------------------------------------------- */

/*
 * A client's stream that implements Stat, Seek(SET) and Read and nothing else. Block n is filled with numbers
 * that test_stream_block tells. Zero it, set the fields, test_stream_init.
 */
struct test_stream
{
    IStream iface;
    LONG references;
    ULONGLONG size;    /* what Stat says */
    ULONGLONG end;     /* where the data really end; 0: at size */
    ULONGLONG fail_at; /* Read fails from there on; 0: never */
    HRESULT fail_with;
    HRESULT stat_result; /* of Stat, S_OK */
    IUnknown *ranges;    /* what QueryInterface gives for IBlockRangeList; NULL: E_NOINTERFACE */
    DWORD seed;
    /* Seen: */
    ULONGLONG position, bytes_read;
    LONG wrong_thread, reads;
    DWORD thread;
    void (*on_read)(struct test_stream *stream, ULONGLONG position);
    void *context;
};

void test_stream_init(struct test_stream *stream, ULONGLONG size);
void test_stream_block(const struct test_stream *stream, ULONG block, BYTE bytes[2048]);

/* Whether the disc file holds the stream from that block on. */
BOOL test_disc_holds(size_t index, const struct test_stream *stream, ULONG first, ULONG count, ULONG at);

/* A recorder with a writer and a stream of size bytes for it. False when something is missing. */
struct test_bench
{
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    struct test_stream stream;
};

BOOL test_bench_begin(struct test_bench *bench, const char *medium, const char *faults, ULONGLONG size);

/* Checks that nothing was left over, and that the stream was read on the right thread only. */
void test_bench_end(struct test_bench *bench);

/* An IBlockRangeList over pairs of first and last block; counted, one reference. */
IUnknown *test_ranges_create(const LONG (*pairs)[2], size_t count);

#endif
