/* A source over the disc in a recorder, read with READ(10) through the recorder's COM interface: whoever made
   the recorder object, this library or another, it is asked in the documented way. */
#include "imapi2fs/imapi2fs_room.h"

#include "openimapi/bytes.h"

#define READ_10 0x28                    /* MMC-6 6.19 */
#define READ_TIMEOUT 60                 /* seconds: a drive may have to spin up first */
#define WINDOW_BLOCKS 32                /* 64 KiB: what every host adapter transfers at once */

/* --- commands ---------------------------------------------------------------------------------------- */

#define KEY_RECOVERED 1                 /* SPC-3 4.5.6 */
#define KEY_NOT_READY 2
#define KEY_UNIT_ATTENTION 6
#define ATTENTIONS_MAX 4                /* a reset and a new disc may both be told */
#define PATIENCE 30                     /* seconds for a disc that was just put in */
#define PAUSE 250                       /* milliseconds */

/* MMC-6 F.2, 04h: 01h, becoming ready; 07h and 08h, an operation or a long write in progress. */
static BOOL becomes_ready(const BYTE sense[18])
{
    return (sense[2] & 15) == KEY_NOT_READY && sense[12] == 4 &&
           (sense[13] == 1 || sense[13] == 7 || sense[13] == 8);
}

/* The whole reply, or a failure. What a drive says of a new disc is listened to, and no failure. */
static HRESULT read_reply(IDiscRecorder2Ex *recorder, BYTE *cdb, BYTE *reply, ULONG size)
{
    unsigned attentions = 0, waited = 0;

    for (;;)
    {
        BYTE sense[18] = { 0 };
        ULONG fetched = 0;
        HRESULT hr = IDiscRecorder2Ex_SendCommandGetDataFromDevice(recorder, cdb, 10, sense, READ_TIMEOUT,
                                                                   reply, size, &fetched);
        BYTE key = hr == S_IMAPI_COMMAND_HAS_SENSE_DATA ? sense[2] & 15 : 0;

        if (FAILED(hr)) return hr;
        if (key == KEY_UNIT_ATTENTION && ++attentions < ATTENTIONS_MAX) continue;
        if (becomes_ready(sense) && waited < PATIENCE * 1000)
        {
            Sleep(PAUSE);
            waited += PAUSE;
            continue;
        }
        if (fetched < size || (key && key != KEY_RECOVERED))
            return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
        return S_OK;
    }
}

/* --- the source -------------------------------------------------------------------------------------- */

struct disc_source
{
    struct source base;
    struct com_ref recorder;            /* IDiscRecorder2Ex */
    struct com_turn turn;               /* the thread that reads now; no lock is held meanwhile */
    uint8_t *memory, *window;           /* window: memory as the adapter wants it aligned */
    uint32_t first, count;              /* blocks in the window */
    HRESULT error;                      /* of the last failed read */
    uint32_t failed_block;
};

static HRESULT send_read(struct disc_source *disc, IDiscRecorder2Ex *recorder, uint32_t block, uint32_t count)
{
    BYTE cdb[10] = { READ_10 };
    HRESULT hr;

    put_be32(cdb + 2, block);
    put_be16(cdb + 7, (uint16_t)count);
    disc->count = 0;
    if (FAILED(hr = read_reply(recorder, cdb, disc->window, count * FS_BLOCK_SIZE))) return hr;
    disc->first = block;
    disc->count = count;
    return S_OK;
}

/* Brings a block, with those behind it, into the window. What lies behind may never have been written: then
   the block alone is asked for. */
static HRESULT fill_window(struct disc_source *disc, uint32_t block)
{
    uint32_t left = (uint32_t)(disc->base.size / FS_BLOCK_SIZE) - block;
    uint32_t count = left < WINDOW_BLOCKS ? left : WINDOW_BLOCKS;
    IDiscRecorder2Ex *recorder;
    HRESULT hr;

    if (block - disc->first < disc->count) return S_OK;
    if (FAILED(hr = com_ref_get(&disc->recorder, (void **)&recorder))) return hr;
    hr = send_read(disc, recorder, block, count);
    if (FAILED(hr) && count > 1 && hr != E_IMAPI_RECORDER_LOCKED) hr = send_read(disc, recorder, block, 1);
    IDiscRecorder2Ex_Release(recorder);
    return hr;
}

static enum oi_status disc_source_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                       size_t *got)
{
    struct disc_source *disc = (struct disc_source *)source;
    HRESULT hr = S_OK;

    *got = 0;
    if (offset >= source->size) return OI_OK;
    if (size > source->size - offset) size = (size_t)(source->size - offset);
    if (!com_turn_take(&disc->turn)) return OI_SOURCE_READ;
    while (*got < size)
    {
        uint64_t at = offset + *got;
        uint32_t block = (uint32_t)(at / FS_BLOCK_SIZE);
        size_t inside, part;

        if (FAILED(hr = fill_window(disc, block)))
        {
            disc->failed_block = block;
            break;
        }
        inside = (size_t)(at - (uint64_t)disc->first * FS_BLOCK_SIZE);
        part = min(size - *got, (size_t)disc->count * FS_BLOCK_SIZE - inside);
        memcpy((uint8_t *)buffer + *got, disc->window + inside, part);
        *got += part;
    }
    disc->error = hr;
    com_turn_give(&disc->turn);
    return FAILED(hr) ? OI_SOURCE_READ : OI_OK;
}

static void disc_source_destroy(struct source *source)
{
    struct disc_source *disc = (struct disc_source *)source;

    com_ref_clear(&disc->recorder);
    com_turn_clear(&disc->turn);
    free(disc->memory);
    free(disc);
}

static const struct source_ops disc_source_ops = { disc_source_read, disc_source_destroy };

/* Memory that begins where the adapter wants it to: at a multiple of mask + 1. */
static BOOL take_memory(struct disc_source *disc, ULONG mask)
{
    if (mask > 0xFFFF) mask = 0xFFFF;
    if (!(disc->memory = malloc(WINDOW_BLOCKS * FS_BLOCK_SIZE + (size_t)mask))) return FALSE;
    disc->window = (uint8_t *)(((uintptr_t)disc->memory + mask) & ~(uintptr_t)mask);
    return TRUE;
}

HRESULT disc_source_create(IDiscRecorder2 *recorder, uint32_t blocks, struct source **out)
{
    struct disc_source *disc = NULL;
    IDiscRecorder2Ex *extended;
    ULONG alignment = 1;
    HRESULT hr = IDiscRecorder2_QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&extended);

    *out = NULL;
    if (FAILED(hr)) return hr;
    hr = IDiscRecorder2Ex_GetByteAlignmentMask(extended, &alignment);
    /* The documentation calls it a mask and the value is a power of two: both are understood. */
    if (alignment && !(alignment & (alignment - 1))) alignment--;
    if (SUCCEEDED(hr) && !(disc = calloc(1, sizeof(*disc)))) hr = E_OUTOFMEMORY;
    if (SUCCEEDED(hr) && (FAILED(com_turn_init(&disc->turn)) || !take_memory(disc, alignment)))
        hr = E_OUTOFMEMORY;
    if (SUCCEEDED(hr))
    {
        source_init(&disc->base, &disc_source_ops, (uint64_t)blocks * FS_BLOCK_SIZE);
        com_ref_set(&disc->recorder, extended, &IID_IDiscRecorder2Ex);
        *out = &disc->base;
    }
    else if (disc)
    {
        com_turn_clear(&disc->turn);
        free(disc);
    }
    IDiscRecorder2Ex_Release(extended);
    return hr;
}

HRESULT disc_source_error(const struct source *source, uint32_t *block)
{
    const struct disc_source *disc = (const struct disc_source *)source;

    if (source->ops != &disc_source_ops) return S_OK;
    *block = disc->failed_block;
    return disc->error;
}

/* --- where the last session lies --------------------------------------------------------------------- */

#define READ_CAPACITY 0x25              /* MMC-6 6.24 */
#define READ_TOC 0x43                   /* MMC-6 6.26 */
#define TOC_SESSIONS 1                  /* format 0001b: the last complete session */

HRESULT disc_extent(IDiscRecorder2 *recorder, uint32_t *session_start, uint32_t *end)
{
    BYTE capacity_cdb[10] = { READ_CAPACITY }, toc_cdb[10] = { READ_TOC, 0, TOC_SESSIONS };
    BYTE capacity[8] = { 0 }, toc[12] = { 0 };
    IDiscRecorder2Ex *extended;
    uint32_t start = 0, last;
    HRESULT hr = IDiscRecorder2_QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&extended);

    *session_start = *end = 0;
    if (FAILED(hr)) return hr;
    put_be16(toc_cdb + 7, sizeof(toc));
    hr = read_reply(extended, toc_cdb, toc, sizeof(toc));
    if (SUCCEEDED(hr)) start = get_be32(toc + 8);           /* of the first track in it */
    if (SUCCEEDED(hr)) hr = read_reply(extended, capacity_cdb, capacity, sizeof(capacity));
    IDiscRecorder2Ex_Release(extended);
    if (FAILED(hr)) return hr;
    last = get_be32(capacity);
    if (last == UINT32_MAX || get_be32(capacity + 4) != FS_BLOCK_SIZE || start > last)
        return E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE;
    *session_start = start;
    *end = last + 1;
    return S_OK;
}
