/* After the burn: whether the medium changed as it must, and whether it gives back what was written. */
#include "burn_room.h"

#include "openimapi/log.h"

#include <string.h>

#define PATIENCE (60 * 1000)
#define EVICT_MAX (16u * 1024 * 1024)   /* bytes; no drive's buffer is larger */

/* FUA where the drive takes it. What cannot be read after some tries is bad. */
static enum oi_status read_back(struct burn_job *job, uint32_t lba, uint32_t count, bool *fua)
{
    enum oi_status status = burn_read(job, lba, count, job->buffer, fua);

    if (status != OI_SENSE) return status;
    switch (job->drive->failure.sense.key)
    {
    case MMC_KEY_MEDIUM_ERROR:
    case MMC_KEY_BLANK_CHECK:
    case MMC_KEY_ILLEGAL_REQUEST: return OI_VERIFY_FAILED;
    default: return status;
    }
}

/* Faster than the drive says it can: perhaps nothing was written at all. Then both ends must be readable. */
static enum oi_status check_time(struct burn_job *job)
{
    const struct mmc_speeds *speeds = &job->medium.speeds;
    uint64_t least = speeds->count ? (uint64_t)job->data_blocks * 500 / speeds->supported[0].sectors : 0;
    const uint32_t ends[] = { job->start, job->start + job->data_blocks - 1 };
    bool fua = true;

    if (job->meter.write_time >= least || job->ledger.count) return OI_OK;
    log_info("written in %u ms, where half a second for each %u blocks was to be expected at best",
             (unsigned int)job->meter.write_time, speeds->supported[0].sectors);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
    {
        enum oi_status status = read_back(job, ends[i], 1, &fua);

        if (status) return status == OI_VERIFY_FAILED ? OI_UNEXPECTED_RESPONSE : status;
    }
    return OI_OK;
}

/* Drives exist that accept a whole burn and leave the disc as it was. */
enum oi_status burn_check_result(struct burn_job *job)
{
    struct mmc_medium *medium = &job->medium;
    uint32_t end = job->start + job->data_blocks;

    TRY(mmc_medium_probe(job->drive, PATIENCE, medium));
    job->result->closed = medium->state & MMC_STATE_FINALIZED;
    if (medium->state & MMC_STATE_OVERWRITABLE) return medium->unformatted ? OI_UNEXPECTED_RESPONSE : OI_OK;
    if (medium->state & MMC_STATE_FINALIZED) return check_time(job);
    if (medium->state & MMC_STATE_BLANK || medium->next_writable < end)
    {
        log_error("the drive took every command, and yet the disc did not change");
        return OI_UNEXPECTED_RESPONSE;
    }
    return check_time(job);
}

static enum oi_status read_through(struct burn_job *job, uint32_t first, uint32_t count, bool *fua)
{
    while (count)
    {
        uint32_t part = count < job->chunk ? count : job->chunk;
        enum oi_status status = read_back(job, first, part, fua);

        /* Gaps between sessions cannot be read; they do not matter here. */
        if (status && status != OI_VERIFY_FAILED) return status;
        first += part;
        count -= part;
        TRY(burn_tick(job, false));
    }
    return OI_OK;
}

/* Pushes the last blocks written out of the drive's buffer: as much as it holds is read elsewhere, before
   the session or, where nothing is, at its far end. */
static enum oi_status evict(struct burn_job *job, bool *fua)
{
    uint32_t bytes = job->drive_buffer < EVICT_MAX ? job->drive_buffer : EVICT_MAX;
    uint32_t left = bytes / MMC_BLOCK_SIZE, before = job->start, own = job->data_blocks / 2;

    if (job->options->range_count) return OI_OK;
    if (before > left) before = left;
    TRY(read_through(job, 0, before, fua));
    left -= before;
    if (own > left) own = left;
    return read_through(job, job->start, own, fua);
}

/* Where an ordinal lies on the disc, and how many blocks from there on lie together. */
struct locator
{
    struct burn_walk walk;
    struct burn_extent extent;
};

static bool locate(const struct burn_job *job, struct locator *locator, uint32_t ordinal, uint32_t *lba,
                   uint32_t *together)
{
    while (!locator->extent.count || ordinal >= locator->extent.ordinal + locator->extent.count)
    {
        if (!burn_next_extent(job, &locator->walk, &locator->extent)) return false;
    }
    *lba = locator->extent.lba + (ordinal - locator->extent.ordinal);
    *together = locator->extent.count - (ordinal - locator->extent.ordinal);
    return true;
}

static enum oi_status verify_spot(struct burn_job *job, struct locator *locator, uint32_t spot, bool *fua)
{
    uint32_t ordinal = ledger_spot_first(&job->ledger, spot), left = ledger_spot_length(&job->ledger, spot);
    uint32_t lba = 0, count, first = UINT32_MAX;
    uint64_t sum = LEDGER_SEED;

    for (; left; left -= count, ordinal += count)
    {
        if (!locate(job, locator, ordinal, &lba, &count)) return OI_VERIFY_FAILED;
        if (first == UINT32_MAX) first = lba;
        if (count > left) count = left;
        if (count > job->chunk) count = job->chunk;
        TRY(read_back(job, lba, count, fua));
        sum = ledger_sum(sum, job->buffer, (size_t)count * MMC_BLOCK_SIZE);
        TRY(burn_tick(job, false));
    }
    if (sum == job->ledger.sums[spot]) return OI_OK;
    log_error("what was read back from block %u on differs from what was written", first);
    return OI_VERIFY_FAILED;
}

/* READ DISC and READ TRACK INFORMATION work, and say what can be. */
static enum oi_status verify_information(struct burn_job *job)
{
    struct mmc_disc_info disc;
    struct mmc_track_info track;
    uint32_t tracks, last, block_size;

    TRY(mmc_read_disc_info(job->drive, &disc));
    tracks = job->medium.state & MMC_STATE_OVERWRITABLE ? 1 : job->medium.tracks;
    for (uint32_t i = 1; i <= tracks; i++)
    {
        TRY(mmc_read_track_info(job->drive, MMC_ADDRESS_TRACK, i, &track));
        if (track.track != i || track.damage) return OI_VERIFY_FAILED;
        TRY(burn_tick(job, false));
    }
    /* Asked anew, so that a drive that keeps the old capacity forgets it. */
    TRY(mmc_read_capacity(job->drive, &last, &block_size));
    if (block_size != MMC_BLOCK_SIZE || last < job->start + job->data_blocks - 1)
    {
        return job->options->range_count ? OI_OK : OI_VERIFY_FAILED;
    }
    return OI_OK;
}

enum oi_status burn_verify_disc(struct burn_job *job)
{
    struct locator locator = { { 0 }, { 0 } };
    bool fua = true;

    TRY(verify_information(job));
    TRY(evict(job, &fua));
    for (uint32_t i = 0; i < job->ledger.count; i++) TRY(verify_spot(job, &locator, i, &fua));
    return OI_OK;
}
