/* The write loop: chunk by chunk out of the source onto the disc, in the drive's time. */
#include "burn_room.h"

#include <string.h>

#define WRITE_LIMIT (200 * 1000)        /* a drive that is busy longer than this will not come back */
#define WRITE_LONG 250
#define PAUSE_STEP 2
#define PAUSE_MAX 25
#define PAUSE_BUSY 300
#define PACE_BLOCKS_CD 64u
#define PACE_BLOCKS 1024u

/* --- filling a chunk ----------------------------------------------------------------------------------- */

/* Blocks that belong to a write unit but not to the range: as the disc has them. */
static enum oi_status keep_blocks(struct burn_job *job, uint32_t lba, uint32_t count, uint8_t *out)
{
    enum oi_status status;
    bool fua = false;

    if (!count) return OI_OK;
    memset(out, 0, (size_t)count * MMC_BLOCK_SIZE);
    if (!job->options->range_count) return OI_OK;
    status = burn_read(job, lba, count, out, &fua);
    if (status != OI_SENSE || job->drive->failure.sense.deferred) return status;
    /* Never written: there is nothing to keep. */
    if (job->drive->failure.sense.key == MMC_KEY_BLANK_CHECK) return OI_OK;
    return status;
}

static enum oi_status fill_chunk(struct burn_job *job, const struct burn_extent *extent, uint32_t lba,
                                 uint32_t count)
{
    uint32_t end = lba + count, first = extent->lba, last = extent->lba + extent->count, offset;
    uint8_t *bytes;

    if (first < lba) first = lba;
    if (first > end) first = end;
    if (last > end) last = end;
    if (last < first) last = first;
    TRY(keep_blocks(job, lba, first - lba, job->buffer));
    TRY(keep_blocks(job, last, end - last, job->buffer + (size_t)(last - lba) * MMC_BLOCK_SIZE));
    if (first == last) return OI_OK;

    offset = first - extent->lba;
    bytes = job->buffer + (size_t)(first - lba) * MMC_BLOCK_SIZE;
    TRY(source_read(job->source, (uint64_t)(extent->source + offset) * MMC_BLOCK_SIZE, bytes,
                    (size_t)(last - first) * MMC_BLOCK_SIZE));
    ledger_feed(&job->ledger, extent->ordinal + offset, last - first, bytes);
    job->meter.last_read = (int32_t)(last - 1);
    job->meter.in_chunk = count * MMC_BLOCK_SIZE;
    return OI_OK;
}

/* --- writing it ---------------------------------------------------------------------------------------- */

/* Once a drive has said that its buffer was full, it is asked for room before it has to say so again. */
static enum oi_status pace(struct burn_job *job, uint32_t *since)
{
    const struct mmc_sense *sense = &job->drive->failure.sense;
    uint32_t every = job->rules->unit == 1 ? PACE_BLOCKS_CD : PACE_BLOCKS, size, room;
    enum oi_status status;

    if (!job->long_write_seen || (*since += job->chunk) < every) return OI_OK;
    *since = 0;
    status = mmc_read_buffer_capacity(job->drive, &size, &room);
    /* What it tells of a WRITE, or of a reset after which it no longer knows how to write, counts. */
    if (status == OI_SENSE && (sense->deferred || sense->key == MMC_KEY_UNIT_ATTENTION)) return status;
    if (!status && room < job->chunk * MMC_BLOCK_SIZE) clock_sleep(job->drive->transport->clock, PAUSE_MAX);
    return OI_OK;
}

/* A command that takes long keeps events, and a request to stop, waiting. */
static void adapt_chunk(struct burn_job *job, uint64_t took)
{
    uint32_t half = job->chunk / 2 / job->rules->unit * job->rules->unit;

    if (took > WRITE_LONG && half >= job->rules->chunk) job->chunk = half;
}

/* One WRITE, repeated as long as the drive says that it is still writing. */
static enum oi_status write_chunk(struct burn_job *job, uint32_t lba, uint32_t count)
{
    struct clock *clock = job->drive->transport->clock;
    uint64_t start = clock_now(clock);
    uint32_t pause = 0;

    for (;;)
    {
        enum oi_status status = mmc_write_10(job->drive, lba, (uint16_t)count, job->buffer);
        enum mmc_action action;

        if (!status)
        {
            job->written = true;
            adapt_chunk(job, clock_now(clock) - start);
            return OI_OK;
        }
        if (status != OI_SENSE || job->drive->failure.sense.deferred) return status;
        action = mmc_sense_rule(&job->drive->failure.sense)->action;
        if (action != MMC_ACTION_POLL && action != MMC_ACTION_REPEAT) return status;
        if (clock_now(clock) - start >= WRITE_LIMIT) return status;
        job->long_write_seen = true;
        TRY(burn_tick(job, false));
        if (pause < PAUSE_MAX) pause += PAUSE_STEP;
        clock_sleep(clock, action == MMC_ACTION_POLL ? PAUSE_BUSY : pause);
    }
}

static void note_written(struct burn_job *job, const struct burn_extent *extent, uint32_t next)
{
    struct burn_meter *meter = &job->meter;
    uint32_t done = next > extent->lba ? next - extent->lba : 0;

    meter->last_written = (int32_t)next - 1;
    if (meter->last_written > meter->first + (int32_t)meter->count - 1)
    {
        meter->last_written = meter->first + (int32_t)meter->count - 1;
    }
    meter->done_blocks = extent->ordinal + done;
    if (meter->done_blocks > meter->total_blocks) meter->done_blocks = meter->total_blocks;
}

/* From begin to end, which are whole units around the extent (and the padding behind it). */
static enum oi_status write_extent(struct burn_job *job, const struct burn_extent *extent, uint32_t begin,
                                   uint32_t end)
{
    uint32_t position = begin, since = 0;

    while (position < end)
    {
        uint32_t count = end - position < job->chunk ? end - position : job->chunk;
        enum oi_status status;

        status = fill_chunk(job, extent, position, count);
        /* Reading what to keep may tell late of a WRITE that failed. */
        if (status && (status != OI_SENSE || !job->drive->failure.sense.deferred)) return status;
        if (!status) status = pace(job, &since);
        if (!status) status = write_chunk(job, position, count);
        if (status)
        {
            TRY(burn_recover(job, begin, &position, status));
            if (job->restart) return OI_OK;
            continue;
        }
        position += count;
        note_written(job, extent, position);
        TRY(burn_tick(job, false));
    }
    return OI_OK;
}

/* Flushes; a WRITE that failed late shows here at the latest, and part of the extent is written again. */
static enum oi_status write_and_flush(struct burn_job *job, const struct burn_extent *extent, uint32_t begin,
                                      uint32_t end)
{
    uint32_t position = begin;

    for (;;)
    {
        enum oi_status status;

        TRY(write_extent(job, extent, position, end));
        if (job->restart) return OI_OK;
        status = burn_flush(job);
        if (!status) return OI_OK;
        position = end;
        TRY(burn_recover(job, begin, &position, status));
        if (job->restart) return OI_OK;
    }
}

static enum oi_status write_all(struct burn_job *job)
{
    const uint32_t unit = job->rules->unit;
    struct burn_walk walk = { 0 };
    struct burn_extent extent;

    while (burn_next_extent(job, &walk, &extent))
    {
        uint32_t begin = extent.lba / unit * unit, end = extent.lba + extent.count + job->padding;
        bool last = walk.index >= job->options->range_count;

        end = (end + unit - 1) / unit * unit;
        job->meter.first = (int32_t)extent.lba;
        job->meter.count = extent.count + job->padding;
        job->meter.last_read = job->meter.last_written = job->meter.first;
        if (last) TRY(write_and_flush(job, &extent, begin, end));
        else TRY(write_extent(job, &extent, begin, end));
        if (job->restart) return OI_OK;
    }
    return OI_OK;
}

enum oi_status burn_write(struct burn_job *job)
{
    do
    {
        job->restart = false;
        TRY(write_all(job));
    } while (job->restart);
    job->meter.in_chunk = 0;
    job->meter.write_time = clock_now(job->drive->transport->clock) - job->meter.write_start;
    return burn_tick(job, true);
}
