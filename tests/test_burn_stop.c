/* core/burn: a request to stop made while a drive hangs in one wait or another, and how soon it is heeded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include <string.h>

#define SECOND 1000u
#define GRACE (180 * SECOND)            /* CancelWrite: up to three more minutes */
#define ASKED_AT (400 * SECOND)

static struct rig rig;
static uint32_t ask_at = ASKED_AT;

/* From the first command of one kind on, the drive says that it is busy, and no more. */
struct hanging_drive
{
    struct transport base;
    struct transport *inner;
    uint8_t from;
    bool hangs;
};

static enum oi_status hang(struct transport *base, struct transport_command *command)
{
    struct hanging_drive *drive = (struct hanging_drive *)base;
    static const uint8_t busy[18] = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x04, 0x07 };

    /* Nothing can break off a command: each must end by itself before long. */
    assert_in_range(command->timeout, 1, 300 * SECOND);
    if (command->cdb[0] == drive->from && !drive->hangs)
    {
        drive->hangs = true;
        return transport_execute(drive->inner, command);
    }
    if (!drive->hangs || command->cdb[0] == MMC_PREVENT_ALLOW_MEDIUM_REMOVAL)
    {
        return transport_execute(drive->inner, command);
    }
    memcpy(command->sense, busy, sizeof(busy));
    command->sense_size = sizeof(busy);
    return OI_SENSE;
}

static void hang_close(struct transport *base) { (void)base; }

static const struct transport_ops hanging_ops = { hang, hang_close };

static bool asked(void *context)
{
    struct rig *r = context;

    return r->clock.milliseconds >= ask_at;
}

/* Milliseconds from the request to the end of the call, with a drive that hangs from a command on. */
static uint32_t stop(const char *medium, uint8_t opcode)
{
    struct hanging_drive drive = { .from = opcode };
    enum oi_status status;
    uint32_t took;

    rig_open(&rig, medium);
    rig.callbacks.cancelled = asked;
    rig.burn.no_compatibility = true;
    drive.base = *rig.transport;
    drive.base.ops = &hanging_ops;
    drive.inner = rig.transport;
    rig.drive.transport = &drive.base;
    status = rig_burn(&rig, 500, 1);
    took = (uint32_t)(rig.clock.milliseconds - ASKED_AT);
    print_message("%s, %s: %s after %u ms\n", medium, mmc_opcode_name(opcode), status_name(status), took);
    assert_true(drive.hangs);
    assert_int_equal(status, OI_CANCELLED);
    rig.drive.transport = rig.transport;
    assert_int_equal(mmc_start_stop(&rig.drive, MMC_EJECT, false), OI_OK);
    rig_close(&rig);
    return took;
}

static void a_wait_for_the_format_ends_within_a_second(void **state)
{
    (void)state;
    assert_in_range(stop("bd-re", MMC_FORMAT_UNIT), 0, SECOND);
    assert_in_range(stop("dvd+rw", MMC_FORMAT_UNIT), 0, SECOND);
}

/* The drive may still bring the disc in order; for hours nobody waits who wants to stop. */
static void a_wait_for_the_end_of_the_disc_ends_within_three_minutes(void **state)
{
    static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "dvd+rw", "bd-r" };

    (void)state;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        assert_in_range(stop(media[i], MMC_CLOSE_TRACK_SESSION), 0, GRACE + SECOND);
        if (i != 3) assert_in_range(stop(media[i], MMC_SYNCHRONIZE_CACHE), 0, GRACE + SECOND);
    }
}

/* The wait behind a write error that might have been got over. */
static void stopping_during_a_recovery_is_no_failure(void **state)
{
    static const char *const media[] = { "dvd+r", "dvd+rw", "bd-r", "bd-re" };

    (void)state;
    ask_at = 20 * SECOND;
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)
    {
        struct hanging_drive drive = { .from = MMC_WRITE_10 };

        rig_prepare(&rig, media[i]);
        rig.callbacks.cancelled = asked;
        rig.burn.no_compatibility = true;
        rig_plug_in(&rig, "WRITE(10) #1 -> 03/0C/00");
        drive.base = *rig.transport;
        drive.base.ops = &hanging_ops;
        drive.inner = rig.transport;
        rig.drive.transport = &drive.base;
        rig_expect(&rig, 500, 1, OI_CANCELLED);
        assert_in_range(rig.clock.milliseconds, ask_at, ask_at + SECOND);
        rig_close(&rig);
    }
    ask_at = ASKED_AT;
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_wait_for_the_format_ends_within_a_second),
        cmocka_unit_test(stopping_during_a_recovery_is_no_failure),
        cmocka_unit_test(a_wait_for_the_end_of_the_disc_ends_within_three_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
