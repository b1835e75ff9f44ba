/* From the first look at the medium to a drive that is ready for the first WRITE. */
#include "burn_room.h"

#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define READY_LIMIT (60 * 1000)
#define LOAD_LIMIT (300 * 1000)
#define PROBE_PATIENCE (10 * 1000)
#define CALIBRATE_LIMIT (260 * 1000)
#define ALIGNMENT 4096u                 /* every host adapter takes pages */
#define CHUNK_MAX (1024u * 1024)

/* --- the medium --------------------------------------------------------------------------------------- */

/* ForceMediaToBeClosed, the 2 % rule and, for DVD+R, DisableConsumerDvdCompatibilityMode. */
static enum burn_closing choose_closing(const struct burn_job *job)
{
    const struct mmc_medium *medium = &job->medium;
    bool plus_r = medium->type == MMC_MEDIUM_DVD_PLUS_R || medium->type == MMC_MEDIUM_DVD_PLUS_R_DL;
    /* What lies between two sessions cannot hold data either. */
    uint32_t gap = medium->sessions ? job->rules->later_gap : job->rules->first_gap;
    uint64_t used = (uint64_t)job->data_blocks + job->padding + gap, left;

    if (plus_r && !job->options->no_compatibility) return CLOSING_DISC_COMPATIBLE;
    if (job->options->force_close || medium->type == MMC_MEDIUM_DVD_PLUS_R_DL) return CLOSING_DISC;
    left = medium->free_blocks > used ? medium->free_blocks - used : 0;
    if (left * 50 <= medium->total_blocks) return CLOSING_DISC;
    return medium->state & MMC_STATE_FINAL_SESSION ? CLOSING_DISC : CLOSING_SESSION;
}

/* Who has not said so does not lose what the medium holds. */
static enum oi_status check_blank(struct burn_job *job)
{
    bool blank;

    if (!(job->medium.state & MMC_STATE_OVERWRITABLE)) return OI_OK;
    if (job->options->force_overwrite || !job->whole) return OI_OK;
    TRY(mmc_medium_reads_blank(job->drive, &job->medium, &blank));
    return blank ? OI_OK : OI_MEDIUM_NOT_BLANK;
}

/* Looks at the medium and at whether it takes the job; again after each step that changes it. */
static enum oi_status look(struct burn_job *job)
{
    TRY(mmc_medium_probe(job->drive, PROBE_PATIENCE, &job->medium));
    TRY(burn_data_check(&job->medium, job->source_blocks, job->options));
    job->rules = burn_find_rules(job->medium.profile);
    job->padding = job->medium.state & MMC_STATE_OVERWRITABLE
                       ? 0 : burn_padding(job->rules, job->options, job->data_blocks);
    job->closing = choose_closing(job);
    job->meter.total_blocks = job->data_blocks + job->padding;
    job->meter.count = job->meter.total_blocks;
    job->meter.first = (int32_t)job->medium.next_writable;
    job->meter.speed = job->medium.speeds.current.sectors ? job->medium.speeds.current.sectors : 1000;
    return OI_OK;
}

static enum oi_status allocate(struct burn_job *job)
{
    uint32_t bytes = job->options->large_writes ? CHUNK_MAX : job->rules->chunk * MMC_BLOCK_SIZE;

    if (bytes > job->drive->transport->max_transfer) bytes = job->drive->transport->max_transfer;
    job->chunk = bytes / MMC_BLOCK_SIZE / job->rules->unit * job->rules->unit;
    if (!job->chunk) return OI_NOT_SUPPORTED;
    job->memory = malloc((size_t)job->chunk * MMC_BLOCK_SIZE + ALIGNMENT);
    if (!job->memory) return OI_NO_MEMORY;
    job->buffer = job->memory + (ALIGNMENT - (uintptr_t)job->memory % ALIGNMENT) % ALIGNMENT;
    return OI_OK;
}

enum oi_status burn_validate(struct burn_job *job)
{
    TRY(burn_count_blocks(job));
    TRY(burn_wait(job, LOAD_LIMIT, false, true));
    TRY(look(job));
    TRY(check_blank(job));
    TRY(allocate(job));
    ledger_init(&job->ledger, job->options->test_write ? BURN_VERIFY_NONE : job->options->verify,
                job->data_blocks);
    return burn_poll_cancel(job);
}

/* --- the drive ---------------------------------------------------------------------------------------- */

/* A refusal that a drive without the command, or with nothing to do, gives. */
static bool refused(const struct mmc_drive *drive, enum oi_status status)
{
    return status == OI_SENSE && drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST &&
           !drive->failure.sense.deferred;
}

/* An earlier run that ended in mid-session: its session is closed, then a new one can be appended. */
static enum oi_status close_open_session(struct burn_job *job)
{
    enum oi_status status;

    if (!(job->medium.state & MMC_STATE_NON_EMPTY_SESSION)) return OI_OK;
    if (job->options->test_write) return OI_MEDIUM_STATE;       /* closing it would be no test */
    log_info("closing a session that was left open");
    job->track = job->medium.next_track;
    job->closing = CLOSING_SESSION;
    if (job->rules->family->prepare) TRY(job->rules->family->prepare(job));
    status = burn_close(job, MMC_CLOSE_TRACK, job->track);
    if (status && !refused(job->drive, status)) return status;
    TRY(burn_close(job, MMC_CLOSE_SESSION, 0));
    TRY(look(job));
    return job->medium.state & MMC_STATE_NON_EMPTY_SESSION ? OI_MEDIUM_STATE : OI_OK;
}

/* Never a reason to fail, unless the drive itself is lost. */
static enum oi_status set_speed(struct burn_job *job)
{
    const struct burn_options *options = job->options;
    struct mmc_speed actual;
    enum oi_status status;

    if (!options->set_speed) return OI_OK;
    status = mmc_set_write_speed(job->drive, job->medium.profile, options->speed, options->pure_cav, &actual);
    if (status == OI_SENSE || status == OI_UNEXPECTED_RESPONSE || status == OI_INVALID_RESPONSE) return OI_OK;
    TRY(status);
    job->result->speed_adjusted = options->speed != MMC_FASTEST && actual.sectors != options->speed;
    job->result->rotation_adjusted = (actual.rotation == 1) != options->pure_cav;
    if (actual.sectors) job->meter.speed = actual.sectors;
    return OI_OK;
}

static enum oi_status spin_up(struct burn_job *job)
{
    struct mmc_capabilities capabilities;
    enum oi_status status = mmc_start_stop(job->drive, MMC_START, false);

    if (status && status != OI_SENSE) return status;
    TRY(burn_wait(job, READY_LIMIT, false, true));
    status = mmc_read_capabilities(job->drive, &capabilities);
    if (!status) job->drive_buffer = capabilities.buffer;
    return OI_OK;
}

enum oi_status burn_initialize(struct burn_job *job)
{
    const struct burn_family *family = job->rules->family;

    TRY(spin_up(job));
    TRY(close_open_session(job));
    TRY(set_speed(job));
    if (family->prepare) TRY(family->prepare(job));
    TRY(family->start(job));
    if ((uint64_t)job->data_blocks + job->padding > job->room) return OI_TOO_LARGE;
    job->meter.first = (int32_t)job->start;
    job->meter.last_read = job->meter.last_written = job->meter.first;
    job->result->start = job->start;
    job->result->count = job->data_blocks;
    job->result->padding = job->padding;
    return burn_poll_cancel(job);
}

void burn_slow_down(struct burn_job *job)
{
    struct mmc_speeds *speeds = &job->medium.speeds;

    for (size_t i = 0; i < speeds->count; i++)
    {
        struct mmc_speed speed = speeds->supported[i];

        if (speed.kilobytes >= speeds->current.kilobytes) continue;
        if (mmc_set_write_speed(job->drive, job->medium.profile, speed.sectors, speed.rotation == 1,
                                &speed)) return;
        log_info("the write speed is lowered to %u kB/s", speed.kilobytes);
        speeds->current = speed;
        job->result->speed_adjusted = true;
        return;
    }
}

/* Drives refuse OPC for many reasons that do not keep them from writing. */
static bool calibration_may_fail(const struct mmc_drive *drive)
{
    const struct mmc_sense *sense = &drive->failure.sense;

    if (sense->key == MMC_KEY_ILLEGAL_REQUEST) return true;
    if (sense->key == MMC_KEY_DATA_PROTECT) return true;        /* the first WRITE tells if that is true */
    return mmc_sense_code(sense) == MMC_SENSE(6, 0x5A, 0x03);
}

enum oi_status burn_calibrate(struct burn_job *job)
{
    enum oi_status status = mmc_calibrate(job->drive);

    if (status == OI_SENSE)
    {
        enum mmc_action action = mmc_sense_rule(&job->drive->failure.sense)->action;

        if (action == MMC_ACTION_POLL || action == MMC_ACTION_REPEAT) status = OI_OK;
        else if (action == MMC_ACTION_RETRY_SLOWER || action == MMC_ACTION_RETRY)
        {
            TRY(burn_wait(job, CALIBRATE_LIMIT, false, true));
            if (action == MMC_ACTION_RETRY_SLOWER) burn_slow_down(job);
            status = mmc_calibrate(job->drive);
        }
    }
    if (status == OI_SENSE && calibration_may_fail(job->drive)) status = OI_OK;
    TRY(status);
    return burn_wait(job, CALIBRATE_LIMIT, false, true);
}
