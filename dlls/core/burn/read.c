/* Reading while a burn runs: what a write unit holds beside the data, and what verification reads back. */
#include "burn_room.h"

#define PATIENCE (60 * 1000)
#define PAUSE 100
#define TRIES 3

static bool field_refused(const struct mmc_drive *drive)
{
    return drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST && drive->failure.sense.asc == 0x24;
}

enum oi_status burn_read(struct burn_job *job, uint32_t lba, uint32_t count, void *data, bool *fua)
{
    const struct mmc_sense *sense = &job->drive->failure.sense;
    struct clock *clock = job->drive->transport->clock;
    uint64_t start = clock_now(clock);
    enum oi_status status = OI_OK;
    int tries = 0;

    while (tries < TRIES)
    {
        status = *fua ? mmc_read_10_from_medium(job->drive, lba, (uint16_t)count, data)
                      : mmc_read_10(job->drive, lba, (uint16_t)count, data);
        if (status != OI_SENSE) return status;
        /* In mid-burn a late error is that of a WRITE, and for whoever writes. */
        if (sense->deferred && !job->finished) return status;
        if (*fua && field_refused(job->drive))
        {
            *fua = false;
            continue;
        }
        switch (mmc_sense_rule(sense)->action)
        {
        case MMC_ACTION_POLL:
        case MMC_ACTION_REPEAT:
            /* A drive may be ready and yet not read before it has written what it holds. */
            if (clock_now(clock) - start >= PATIENCE) return status;
            TRY(burn_wait(job, PATIENCE, false, true));
            TRY(burn_tick(job, false));
            clock_sleep(clock, PAUSE);
            break;
        case MMC_ACTION_RETRY:
        case MMC_ACTION_RETRY_SLOWER: tries++; break;
        default: return status;
        }
    }
    return status;
}
