/* Every command of a burn made to fail in turn, in every way in which commands fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_faults.h"

#include "helpers/burn_rig.h"

#include "openimapi/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 400
#define SEED 5
#define COMMANDS_MAX 20000              /* a burn that is all right needs less than 100 */
#define HOURS (3600u * 1000)
#define TIME_MAX (10 * HOURS)           /* the longest wait allowed is that for a format */

static struct rig rig;

static void mute(void *context, enum log_level level, const char *line)
{
    (void)context, (void)level, (void)line;
}

static void prepare(const char *medium, const char *faults)
{
    rig_prepare_in_memory(&rig, medium);
    rig.burn.large_writes = false;
    rig.burn.verify = BURN_VERIFY_QUICK;
    rig.burn.no_compatibility = true;
    rig.burn.set_speed = true;
    rig.burn.speed = MMC_FASTEST;
    rig_plug_in(&rig, faults);
}

/* Statuses that a user can make sense of when a drive fails. */
static bool is_sensible(enum oi_status status)
{
    switch (status)
    {
    case OI_OK:
    case OI_SENSE:
    case OI_TIMEOUT:
    case OI_DEVICE_GONE:
    case OI_IO:
    case OI_LOCKED:
    case OI_INVALID_RESPONSE:
    case OI_UNEXPECTED_RESPONSE:
    case OI_NO_MEDIUM:
    case OI_MEDIUM_UNSUPPORTED:
    case OI_MEDIUM_STATE:
    case OI_MEDIUM_NOT_BLANK:
    case OI_MEDIUM_NOT_FORMATTED:
    case OI_MEDIUM_PROTECTED:
    case OI_TOO_LARGE:
    case OI_LOSS_OF_STREAMING:
    case OI_VERIFY_FAILED: return true;
    default: return false;
    }
}

/* The disc after it: another program finds it usable, and can burn onto it or is told why not. */
static void check_disc(const char *what)
{
    struct mmc_medium medium;
    enum oi_status status;
    uint32_t start;

    rig_probe(&rig, &medium);
    rig.burn.force_overwrite = true;
    rig.burn.verify = BURN_VERIFY_NONE;
    status = rig_burn(&rig, 300, SEED + 1);
    if (medium.state & MMC_STATE_FINALIZED)
    {
        if (status != OI_MEDIUM_STATE) fail_msg("%s: finished, then %s", what, status_name(status));
        return;
    }
    if (status) fail_msg("%s: state %04X, the next burn: %s", what, (unsigned int)medium.state,
                         status_name(status));
    start = rig.result.start;
    rig_check_image(&rig, start, 300, SEED + 1, 0);
}

/* Busy for a moment, or an error that was none: no reason for a burn to fail. */
static bool passes_by_itself(const char *faults)
{
    static const char *const outcomes[] =
    {
        "-> 02/04/00", "-> 02/04/01", "-> 02/04/04", "-> 02/04/07", "-> 02/04/08", "-> 0B/04/00",
        "-> 71/01/17/01", "-> busy 2 s", "-> delay 2 s",
    };

    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
    {
        if (strstr(faults, outcomes[i])) return true;
    }
    return false;
}

static void check_burn(const char *medium, const char *faults, bool once)
{
    char what[160];
    enum oi_status status;
    uint64_t count;
    bool writing;

    snprintf(what, sizeof(what), "%s, %s", medium, faults);
    prepare(medium, faults);
    status = rig_burn(&rig, BLOCKS, SEED);
    count = transport_fault_count(rig.transport);
    writing = rig_count_action(&rig, BURN_WRITING);
    if (status && once && passes_by_itself(faults))
    {
        fail_msg("%s: %s of %s", what, status_name(status), mmc_opcode_name(rig.drive.failure.opcode));
    }
    if (!is_sensible(status)) fail_msg("%s: %s", what, status_name(status));
    if (count > COMMANDS_MAX) fail_msg("%s: %u commands", what, (unsigned int)count);
    if (rig.clock.milliseconds > TIME_MAX)
    {
        fail_msg("%s: %u s", what, (unsigned int)(rig.clock.milliseconds / 1000));
    }
    if (rig_count_action(&rig, BURN_COMPLETED) != (status == OI_OK)) fail_msg("%s: completed?", what);
    /* What is told in the end is what ended it. */
    if (status == OI_SENSE && !rig.drive.failure.size) fail_msg("%s: sense got lost", what);
    if (!status)
    {
        rig_check_image(&rig, rig.result.start, BLOCKS, SEED, 0);
        if (rig.result.start) fail_msg("%s: burned at %u", what, rig.result.start);
    }
    if (once)
    {
        const struct mmc_wait wait = { .limit = 60000, .period = 500 };

        if (mmc_wait_ready(&rig.drive, &wait)) fail_msg("%s: not ready any more", what);
        if (mmc_start_stop(&rig.drive, MMC_EJECT, false)) fail_msg("%s: the tray is locked", what);
        if (mmc_start_stop(&rig.drive, MMC_LOAD, false)) fail_msg("%s: the tray stays open", what);
    }
    if (writing) check_disc(what);
    rig_close(&rig);
}

static uint64_t count_commands(const char *medium)
{
    uint64_t count;

    prepare(medium, "");
    rig_expect(&rig, BLOCKS, SEED, OI_OK);
    count = transport_fault_count(rig.transport);
    rig_close(&rig);
    assert_in_range(count, 20, 200);
    return count;
}

/* OPENIMAPI_FAULTS=medium:outcome runs one alone, both ways. */
static bool skipped(const char *medium, const char *outcome)
{
    const char *only = getenv("OPENIMAPI_FAULTS");
    char name[80];

    snprintf(name, sizeof(name), "%s:%s", medium, outcome);
    return only && strcmp(only, name);
}

static const char *const once[] =
{
    "02/04/00", "02/04/01", "02/04/04", "02/04/07", "02/04/08", "02/30/00", "02/3A/02", "03/0C/00",
    "03/11/05", "03/31/00", "03/73/03", "04/44/00", "05/20/00", "05/21/02", "05/24/00", "05/26/00",
    "05/2C/00", "05/30/05", "05/63/00", "05/64/00", "05/72/03", "06/28/00", "06/29/00", "06/2A/01",
    "07/27/00", "08/00/00", "0B/04/00", "0B/47/00", "71/01/17/01", "71/03/0C/00", "71/04/44/00",
    "73/02/04/08", "timeout", "io", "locked", "short 0", "short 3", "short 9", "garbage", "busy 2 s",
    "delay 2 s",
};

static const char *const from_then_on[] =
{
    "02/04/00", "02/04/07", "02/04/08", "02/3A/01", "03/0C/00", "04/44/00", "05/20/00", "06/29/00",
    "71/03/0C/00", "timeout", "gone", "short 0", "garbage",
};

static void fail_each(const char *medium, uint64_t count, const char *outcome, bool lasting)
{
    char faults[80];

    if (skipped(medium, outcome)) return;
    for (uint64_t n = 1; n <= count; n++)
    {
        snprintf(faults, sizeof(faults), "any #%u%s -> %s", (unsigned int)n, lasting ? ".." : "", outcome);
        check_burn(medium, faults, !lasting);
    }
}

void burn_fail_each_command(const char *medium)
{
    uint64_t count;

    /* Thousands of failures would fill the log. */
    log_set_sink(mute, NULL);
    count = count_commands(medium);
    for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) fail_each(medium, count, once[i], false);
    for (size_t i = 0; i < sizeof(from_then_on) / sizeof(from_then_on[0]); i++)
    {
        fail_each(medium, count, from_then_on[i], true);
    }
}
