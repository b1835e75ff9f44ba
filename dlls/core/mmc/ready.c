/* Whether a drive is ready, waiting until it is, and its tray. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define UNIT_ATTENTIONS_MAX 8           /* a drive with more than these has gone mad */
#define PAUSE_MAX 5000
#define TICK_MAX 500                    /* ms between two chances to break off a pause */
#define UNKNOWN_CAUSE_LIMIT 5000        /* ms for what may stay for ever: 2/04/00, half an answer */

enum oi_status mmc_test_unit_ready(struct mmc_drive *drive)
{
    static const uint8_t cdb[6] = { MMC_TEST_UNIT_READY };

    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, TIMEOUT_QUICK, NULL);
}

enum oi_status mmc_request_sense(struct mmc_drive *drive, struct mmc_sense *sense)
{
    static const uint8_t cdb[6] = { MMC_REQUEST_SENSE, 0, 0, 0, MMC_FIXED_SENSE_SIZE, 0 };
    uint8_t bytes[MMC_FIXED_SENSE_SIZE];
    uint32_t got;

    TRY(mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_DATA_IN, bytes, sizeof(bytes), TIMEOUT_QUICK, &got));
    if (got < 8) return mmc_fail(drive, MMC_REQUEST_SENSE, OI_INVALID_RESPONSE);
    mmc_sense_parse(bytes, got, sense);
    return OI_OK;
}

enum oi_status mmc_start_stop(struct mmc_drive *drive, enum mmc_start_stop what, bool immediate)
{
    const uint8_t cdb[6] = { MMC_START_STOP_UNIT, immediate, 0, 0, (uint8_t)what & 0x03, 0 };

    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0,
                   what == MMC_LOAD ? TIMEOUT_LOAD : TIMEOUT_START, NULL);
}

enum oi_status mmc_prevent_removal(struct mmc_drive *drive, bool prevent)
{
    const uint8_t cdb[6] = { MMC_PREVENT_ALLOW_MEDIUM_REMOVAL, 0, 0, 0, prevent, 0 };

    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, TIMEOUT_QUICK, NULL);
}

enum oi_status mmc_media_event(struct mmc_drive *drive, struct mmc_media_event *event)
{
    /* Polled, class 4 (media). */
    static const uint8_t cdb[10] = { MMC_GET_EVENT_STATUS, 0x01, 0, 0, 0x10, 0, 0, 0, 8, 0 };
    uint8_t bytes[8];
    uint32_t got;

    memset(event, 0, sizeof(*event));
    TRY(mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_DATA_IN, bytes, sizeof(bytes), TIMEOUT_QUICK, &got));
    if (got < 4) return mmc_fail(drive, MMC_GET_EVENT_STATUS, OI_INVALID_RESPONSE);
    if (bytes[2] & 0x80) return OI_OK;  /* NEA: no event available */
    if ((bytes[2] & 0x07) != 4 || got < 6 || get_be16(bytes) < 4)
    {
        return mmc_fail(drive, MMC_GET_EVENT_STATUS, OI_UNEXPECTED_RESPONSE);
    }
    event->event = bytes[4] & 0x0F;
    event->present = bytes[5] & 0x02;
    event->door_open = bytes[5] & 0x01;
    return OI_OK;
}

/* What one round of polling found. */
struct poll_state
{
    int unit_attentions;
    bool started, retried, unknown;
    uint64_t unknown_since;
};

/* True when waiting may help. */
static bool worth_waiting(struct mmc_drive *drive, struct poll_state *state, uint64_t now)
{
    const struct mmc_sense *sense = &drive->failure.sense;
    bool unknown = drive->failure.status != OI_SENSE || mmc_sense_code(sense) == MMC_SENSE(2, 4, 0);

    if (unknown)
    {
        if (!state->unknown) state->unknown_since = now;
        state->unknown = true;
        return now - state->unknown_since < UNKNOWN_CAUSE_LIMIT;
    }
    state->unknown = false;
    switch (mmc_sense_rule(sense)->action)
    {
    case MMC_ACTION_POLL:
    case MMC_ACTION_REPEAT: return true;
    case MMC_ACTION_START:
        if (!state->started) mmc_start_stop(drive, MMC_START, true);
        state->started = true;
        return true;
    case MMC_ACTION_MEDIUM_CHANGED:
    case MMC_ACTION_RETRY:
        if (sense->key == MMC_KEY_UNIT_ATTENTION) return ++state->unit_attentions <= UNIT_ATTENTIONS_MAX;
        if (state->retried) return false;
        return state->retried = true;
    default: return false;
    }
}

static enum oi_status ask_ready(struct mmc_drive *drive, const struct mmc_wait *wait)
{
    struct mmc_disc_info info;
    enum oi_status status;

    TRY(mmc_test_unit_ready(drive));
    if (!wait->disc_information) return OI_OK;
    status = mmc_read_disc_info(drive, &info);
    /* A drive that does not know the command is ready when it says so. */
    if (status == OI_SENSE && drive->failure.sense.key == MMC_KEY_ILLEGAL_REQUEST) return OI_OK;
    return status;
}

/* What takes minutes already need not be asked for twice a second. No pause goes beyond the limit. */
static uint32_t pause_after(const struct mmc_wait *wait, uint64_t waited)
{
    uint32_t pause = wait->period ? wait->period : 1;
    uint64_t longer = waited / 60;

    if (longer > PAUSE_MAX) longer = PAUSE_MAX;
    if (longer > pause) pause = (uint32_t)longer;
    return pause < wait->limit - waited ? pause : (uint32_t)(wait->limit - waited);
}

/* False when the wait was broken off. */
static bool sleep_and_tick(struct clock *clock, const struct mmc_wait *wait, uint32_t pause, int32_t progress)
{
    while (pause)
    {
        uint32_t part = pause < TICK_MAX ? pause : TICK_MAX;

        if (wait->tick && !wait->tick(wait->context, progress)) return false;
        clock_sleep(clock, part);
        pause -= part;
    }
    return true;
}

enum oi_status mmc_wait_ready(struct mmc_drive *drive, const struct mmc_wait *wait)
{
    struct clock *clock = drive->transport->clock;
    uint64_t start = clock_now(clock);
    struct poll_state state = { 0 };

    for (;;)
    {
        enum oi_status status = ask_ready(drive, wait);
        struct mmc_failure failure = drive->failure;
        const struct mmc_sense *sense = &failure.sense;
        uint64_t now = clock_now(clock);

        if (!status) return OI_OK;
        if (status == OI_SENSE && sense->key == MMC_KEY_NOT_READY && sense->asc == 0x3A) return OI_NO_MEDIUM;
        /* Drives exist that say ready while their disc information is still half made. */
        if (status != OI_SENSE && status != OI_INVALID_RESPONSE) return status;
        if (!worth_waiting(drive, &state, now))
        {
            drive->failure = failure;
            return status;
        }
        /* Cleared by having been told. */
        if (status == OI_SENSE && sense->key == MMC_KEY_UNIT_ATTENTION && sense->asc != 0x2E) continue;
        if (now - start >= wait->limit)
        {
            /* Without patience the caller wants to hear what the drive said; else that it took too long. */
            drive->failure = failure;
            return wait->limit && status == OI_SENSE ? OI_TIMEOUT : status;
        }
        if (!sleep_and_tick(clock, wait, pause_after(wait, now - start),
                            sense->progress_valid ? sense->progress : -1)) return OI_CANCELLED;
    }
}
