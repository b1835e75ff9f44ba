/* burn_data: the steps of a burn, and what is put in order when one of them fails. */
#include "burn_room.h"

#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define ABANDON_PATIENCE (60 * 1000)
#define ALLOW_TRIES 5
#define ALLOW_PAUSE 1000

static void prevent_removal(struct burn_job *job)
{
    /* A drive that cannot lock its tray can burn all the same. */
    job->prevented = true;
    if (mmc_prevent_removal(job->drive, true)) log_info("the drive does not lock its tray");
}

/* Once closing has begun it is not broken off: a request to stop is heeded when the disc is in order. */
static enum oi_status finalize(struct burn_job *job)
{
    job->tidying = true;
    (void)burn_action(job, BURN_FINALIZING);
    TRY(job->rules->family->finish(job));
    job->finished = true;
    if (job->options->test_write) return burn_poll_cancel(job);
    TRY(burn_check_result(job));
    job->tidying = false;
    return burn_poll_cancel(job);
}

static enum oi_status run(struct burn_job *job)
{
    TRY(burn_action(job, BURN_VALIDATING));
    TRY(burn_validate(job));
    prevent_removal(job);
    if (job->rules->family->format) TRY(job->rules->family->format(job));
    TRY(burn_action(job, BURN_INITIALIZING));
    TRY(burn_initialize(job));
    if (job->rules->calibrate && !job->options->test_write)
    {
        TRY(burn_action(job, BURN_CALIBRATING));
        TRY(burn_calibrate(job));
    }
    TRY(burn_action(job, BURN_WRITING));
    TRY(burn_write(job));
    TRY(finalize(job));
    if (job->ledger.count)
    {
        TRY(burn_action(job, BURN_VERIFYING));
        TRY(burn_verify_disc(job));
    }
    return OI_OK;
}

/* The status that says most: the table's own word for a sense that has one. */
static enum oi_status final_status(const struct burn_job *job, enum oi_status status)
{
    const struct mmc_failure *failure = &job->drive->failure;
    const struct mmc_sense_rule *rule;

    if (status != OI_SENSE) return status;
    if (!job->underrun_free && job->written && mmc_sense_code(&failure->sense) == MMC_SENSE(5, 0x21, 0x02))
    {
        return OI_LOSS_OF_STREAMING;
    }
    rule = mmc_sense_rule(&failure->sense);
    return rule->status ? rule->status : OI_SENSE;
}

/* A drive that does not answer any more needs no farewell. */
static bool drive_is_lost(enum oi_status status)
{
    return status == OI_DEVICE_GONE || status == OI_DEVICE_HANDLE || status == OI_NO_MEDIUM;
}

/* Nobody wants a tray that stays locked for one refusal. */
static void allow_removal(struct burn_job *job)
{
    for (int i = 0; i < ALLOW_TRIES; i++)
    {
        enum oi_status status = mmc_prevent_removal(job->drive, false);

        if (!status || status == OI_DEVICE_GONE || status == OI_DEVICE_HANDLE) return;
        /* A drive without a lock has nothing to open. */
        if (status == OI_SENSE && job->drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST && i) return;
        clock_sleep(job->drive->transport->clock, ALLOW_PAUSE);
    }
}

static void clean_up(struct burn_job *job, enum oi_status status)
{
    job->tidying = true;
    if (status && job->written && !job->finished && !drive_is_lost(status))
    {
        if (!burn_wait(job, ABANDON_PATIENCE, false, false)) job->rules->family->abandon(job);
    }
    if (job->rules && job->rules->family->leave && !drive_is_lost(status)) job->rules->family->leave(job);
    if (job->prevented) allow_removal(job);
    free(job->memory);
}

enum oi_status burn_data(struct mmc_drive *drive, struct source *source, const struct burn_options *options,
                         const struct burn_callbacks *callbacks, struct burn_result *result)
{
    static const struct burn_options defaults = { 0 };
    struct burn_job job = { .drive = drive, .source = source, .callbacks = callbacks, .underrun_free = true };
    const struct mmc_wait *previous = drive->patience;
    struct mmc_wait patience;
    struct burn_result unwanted;
    struct mmc_failure failure;
    enum oi_status status;

    if (!source->size || source->size % MMC_BLOCK_SIZE) return OI_NOT_ALIGNED;
    if (source->size / MMC_BLOCK_SIZE > INT32_MAX) return OI_TOO_LARGE;
    job.source_blocks = (uint32_t)(source->size / MMC_BLOCK_SIZE);
    job.options = options ? options : &defaults;
    job.result = result ? result : &unwanted;
    memset(job.result, 0, sizeof(*job.result));
    memset(&drive->failure, 0, sizeof(drive->failure));
    burn_meter_init(&job);
    burn_init_patience(&job, &patience);
    drive->patience = &patience;

    status = run(&job);
    status = final_status(&job, status);
    /* What ended the burn is what is to be told, not how the cleaning up went. */
    failure = drive->failure;
    clean_up(&job, status);
    drive->patience = previous;
    drive->failure = failure;
    if (status)
    {
        log_warning("burn: %s", status_text(status));
        return status;
    }
    memset(&drive->failure, 0, sizeof(drive->failure));
    (void)burn_action(&job, BURN_COMPLETED);
    return OI_OK;
}
