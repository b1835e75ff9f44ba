/*
 * MsftDiscFormat2Data: Write, from the client's stream to the finished disc, and CancelWrite. All runs on the
 * caller's thread: there the stream is read and the sinks are called. Only the commands go through a queue
 * (write-behind), whose level the events show.
 */
#include "imapi2_room.h"

#include <stdlib.h>

#define DISPID_UPDATE DISPID_DDISCFORMAT2DATAEVENTS_UPDATE
#define LOAD_PATIENCE 30000 /* milliseconds for a disc that has just been put in */

/* One write, from its beginning to its end. */
struct write_job
{
    struct format_data *self;
    IDiscFormat2Data *iface;
    struct disc_recorder *recorder;
    struct host_drive *host;
    struct source *source;
    uint32_t blocks;
    struct mmc_medium medium;
    struct burn_range *ranges;
    size_t range_count;
};

/* --- progress ------------------------------------------------------------------------------------------- */

static bool write_cancelled(void *context)
{
    struct write_job *job = context;

    return format_is_cancelled(&job->self->format) != FALSE;
}

static void write_buffer(void *context, uint32_t *total, uint32_t *used)
{
    struct write_job *job = context;
    struct host_buffer buffer;

    host_drive_get_buffer(job->host, &buffer);
    if (!buffer.total) return; /* no queue: the burn shows its own buffer */
    *total = buffer.total;
    *used = buffer.used;
}

static bool write_progress(void *context, const struct burn_progress *progress)
{
    struct write_job *job = context;
    struct data_progress snapshot =
    {
        .start_lba = progress->start,
        .sector_count = (LONG)progress->count,
        .last_read_lba = progress->last_read,
        .last_written_lba = progress->last_written,
        .buffer_total = (LONG)progress->buffer_total,
        .buffer_used = (LONG)progress->buffer_used,
        .buffer_free = (LONG)(progress->buffer_total - progress->buffer_used),
        .elapsed = (LONG)progress->elapsed,
        .remaining = (LONG)progress->remaining,
        .total = (LONG)progress->total,
        .action = (IMAPI_FORMAT2_DATA_WRITE_ACTION)progress->action,
    };
    IDispatch *args;

    if (com_has_sinks(&job->self->format.base, &IID_DDiscFormat2DataEvents) &&
        SUCCEEDED(com_create(&data_event_args_class, &snapshot, &IID_IDispatch, (void **)&args)))
    {
        VARIANT values[2] = { COM_ARG_DISPATCH(job->iface), COM_ARG_DISPATCH(args) };

        com_fire(&job->self->format.base, &IID_DDiscFormat2DataEvents, DISPID_UPDATE, values,
                 COM_COUNT(values));
        IDispatch_Release(args);
    }
    return !write_cancelled(job);
}

/* --- the stream ----------------------------------------------------------------------------------------- */

static HRESULT take_stream(struct write_job *job, IStream *stream)
{
    uint64_t size;
    HRESULT hr;

    if (FAILED(hr = stream_in_create(stream, &job->source))) return com_forward(job->iface, hr);
    stream_in_set_exclusive(job->source);
    size = job->source->size;
    if (!size || size % IMAPI_SECTOR_SIZE)
        return imapi2_fail(job->iface, E_IMAPI_DF2DATA_STREAM_NOT_SUPPORTED, DETAIL_STREAM_SIZE,
                           COM_NUMBER(size));
    if (size / IMAPI_SECTOR_SIZE > INT32_MAX)
        return imapi2_fail(job->iface, E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA, DETAIL_STREAM_SIZE,
                           COM_NUMBER(size));
    job->blocks = (uint32_t)(size / IMAPI_SECTOR_SIZE);
    return S_OK;
}

static HRESULT add_range(struct write_job *job, IBlockRange *range)
{
    LONG first = 0, last = 0;
    HRESULT hr = IBlockRange_get_StartLba(range, &first);

    if (SUCCEEDED(hr)) hr = IBlockRange_get_EndLba(range, &last);
    if (FAILED(hr)) return com_forward(job->iface, hr);
    if (first < 0 || last < first || (uint32_t)last >= job->blocks)
        return imapi2_fail(job->iface, E_INVALIDARG, DETAIL_BLOCK_RANGE, COM_NUMBER(first), COM_NUMBER(last),
                           COM_NUMBER(job->blocks));
    job->ranges[job->range_count++] = (struct burn_range){ .first = (uint32_t)first, .last = (uint32_t)last };
    return S_OK;
}

/* Whether the ranges leave nothing of the stream out: then it is an image of its own, not a new logical
   session on top of what the disc has, and the rules for overwriting hold. */
static BOOL ranges_are_everything(const struct write_job *job)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < job->range_count; i++) sum += job->ranges[i].last - job->ranges[i].first + 1;
    return sum >= job->blocks;
}

/* The ranges that the stream lists for an overwritable disc. Without a list, or with an empty one, the whole
   stream is written. */
static HRESULT take_ranges(struct write_job *job, IStream *stream)
{
    IBlockRangeList *list = NULL;
    SAFEARRAY *array = NULL;
    void **objects = NULL;
    size_t count = 0;
    HRESULT hr;

    if (!(job->medium.state & MMC_STATE_OVERWRITABLE)) return S_OK;
    if (FAILED(IStream_QueryInterface(stream, &IID_IBlockRangeList, (void **)&list))) return S_OK;
    hr = IBlockRangeList_get_BlockRanges(list, &array);
    if (SUCCEEDED(hr)) hr = com_array_read_objects(array, &IID_IBlockRange, &objects, &count);
    IBlockRangeList_Release(list);
    if (array) SafeArrayDestroy(array);
    if (FAILED(hr)) return com_forward(job->iface, hr);
    if (count && !(job->ranges = malloc(count * sizeof(*job->ranges))))
        hr = com_fail(job->iface, E_OUTOFMEMORY);
    for (size_t i = 0; i < count && SUCCEEDED(hr); i++) hr = add_range(job, objects[i]);
    com_free_objects(objects, count);
    return hr;
}

/* --- the burn ------------------------------------------------------------------------------------------- */

/* Why the burn failed, with a text that names what it failed for. */
static HRESULT write_failed(struct write_job *job, enum oi_status status)
{
    const struct mmc_failure *failure = &job->recorder->drive.failure;
    const WCHAR *disc = imapi2_medium_name(job->medium.type);
    WCHAR name[RECORDER_NAME_MAX];
    struct burn_options options;
    HRESULT error;

    disc_recorder_name(job->recorder, name);
    switch (status)
    {
    case OI_SOURCE_OPEN:
    case OI_SOURCE_READ:
        error = stream_in_error(job->source);
        return imapi2_fail(job->iface, FAILED(error) ? error : E_FAIL, DETAIL_STREAM_READ,
                           COM_NUMBER(job->source->size), COM_NUMBER((ULONG)error));
    case OI_SOURCE_SIZE:
        return imapi2_fail(job->iface, E_FAIL, DETAIL_STREAM_SHORT, COM_NUMBER(job->source->size));
    case OI_TOO_LARGE:
        format_data_options(job->self, &options);
        return imapi2_fail(job->iface, E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA, DETAIL_SIZES,
                           COM_TEXT(name), COM_TEXT(disc), COM_NUMBER(job->blocks),
                           COM_NUMBER(burn_data_free_blocks(&job->medium, &options)));
    case OI_CANCELLED:
    case OI_MEDIUM_UNSUPPORTED:
    case OI_MEDIUM_STATE:
    case OI_MEDIUM_NOT_BLANK:
    case OI_MEDIUM_PROTECTED:
    case OI_VERIFY_FAILED:
        return imapi2_fail(job->iface, imapi2_result(status, 0, 0), DETAIL_DISC, COM_TEXT(name),
                           COM_TEXT(disc));
    default: return disc_recorder_fail(job->recorder, job->iface, status, failure);
    }
}

static HRESULT burn(struct write_job *job)
{
    struct burn_callbacks callbacks =
    {
        .context = job,
        .progress = write_progress,
        .cancelled = write_cancelled,
        .buffer = write_buffer,
    };
    struct burn_options options;
    struct burn_result result = { 0 };
    enum oi_status status, late;

    format_data_options(job->self, &options);
    options.large_writes = host_drive_get_info(job->host)->kind == HOST_DRIVE_VIRTUAL;
    options.ranges = job->ranges;
    options.range_count = job->range_count;
    if (job->range_count && ranges_are_everything(job) && !options.force_overwrite)
    {
        struct burn_options whole = options;

        whole.range_count = 0;
        if ((status = burn_data_check(&job->medium, job->blocks, &whole))) return write_failed(job, status);
    }
    host_drive_start_write_behind(job->host); /* without memory for it the burn is only slower */
    status = burn_data(&job->recorder->drive, job->source, &options, &callbacks, &result);
    late = host_drive_stop_write_behind(job->host);
    if (!status) status = late;
    if (status) return write_failed(job, status);
    if (result.speed_adjusted && result.rotation_adjusted) return S_IMAPI_BOTHADJUSTED;
    return result.speed_adjusted      ? S_IMAPI_SPEEDADJUSTED
           : result.rotation_adjusted ? S_IMAPI_ROTATIONADJUSTED
                                      : S_OK;
}

/* What the getters answer while the drive is at work. */
static void show_medium(struct write_job *job, const struct mmc_medium *medium)
{
    com_lock(&job->self->format.base);
    job->self->format.medium = medium;
    com_unlock(&job->self->format.base);
}

/* With the recorder entered for the job, and exclusive access. */
static HRESULT write_medium(struct write_job *job, IStream *stream)
{
    const struct format_kind *kind = job->self->format.kind;
    struct mmc_drive *drive = &job->recorder->drive;
    WCHAR name[RECORDER_NAME_MAX];
    enum oi_status status;
    BOOL suits = TRUE;
    int tries = 0;
    HRESULT hr;

    /* Known already, but for a drive that could not be asked when it was attached. */
    do
        status = format_drive_suits(kind, drive, &suits);
    while (disc_recorder_again(job->recorder, status, &tries));
    if (!suits && !status)
        return imapi2_fail(job->iface, kind->recorder_not_supported, DETAIL_DRIVE,
                           COM_TEXT(disc_recorder_name(job->recorder, name)));
    if (!status) status = mmc_medium_probe(drive, LOAD_PATIENCE, &job->medium);
    if (status) return disc_recorder_fail(job->recorder, job->iface, status, &drive->failure);
    if (FAILED(hr = take_ranges(job, stream))) return hr;
    show_medium(job, &job->medium);
    hr = burn(job);
    show_medium(job, NULL);
    return hr;
}

static HRESULT write_stream(struct write_job *job, IStream *stream)
{
    WCHAR client[CLIENT_NAME_MAX + 1];
    HRESULT hr;

    com_lock(&job->self->format.base);
    wcscpy(client, job->self->format.client_name);
    com_unlock(&job->self->format.base);
    if (!(job->recorder = format_recorder(&job->self->format)))
        return com_fail(job->iface, E_IMAPI_RECORDER_REQUIRED);
    if (!*client)
        return imapi2_fail_args(job->iface, E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID,
                                DETAIL_CLIENT_NAME_MISSING, NULL, 0);
    if (FAILED(hr = take_stream(job, stream))) return hr;
    if (FAILED(hr = disc_recorder_begin_job(job->recorder, job->iface))) return hr;
    job->host = disc_recorder_host(job->recorder);
    hr = disc_recorder_claim(job->recorder, job->iface, client);
    if (SUCCEEDED(hr))
    {
        hr = write_medium(job, stream);
        host_drive_end_job(job->host);
    }
    host_drive_unref(job->host);
    disc_recorder_leave(job->recorder);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_Write(IDiscFormat2Data *iface, IStream *data)
{
    struct format_data *self = FORMAT_DATA(iface);
    struct write_job *job;
    HRESULT hr;

    COM_TRACE(iface, "%p", data);
    if (!data) return com_fail(iface, E_POINTER);
    if (FAILED(hr = format_begin(&self->format, iface))) return hr;
    IDiscFormat2Data_AddRef(iface); /* a sink may let go of the last pointer to the writer */
    if ((job = calloc(1, sizeof(*job))))
    {
        job->self = self;
        job->iface = iface;
        hr = write_stream(job, data);
        source_unref(job->source);
        if (job->recorder) com_release(&job->recorder->base);
        free(job->ranges);
        free(job);
    }
    else
        hr = com_fail(iface, E_OUTOFMEMORY);
    format_end(&self->format);
    IDiscFormat2Data_Release(iface);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_CancelWrite(IDiscFormat2Data *iface)
{
    struct format_data *self = FORMAT_DATA(iface);

    COM_TRACE(iface, "%s", "");
    return format_cancel(&self->format) ? S_OK : com_fail(iface, E_IMAPI_DF2DATA_WRITE_NOT_IN_PROGRESS);
}
