/* core/burn and core/mmc: errors told late that were none, at whatever command the drive tells them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include <stdio.h>

static struct rig rig;
static const char *const media[] = { "cd-r", "dvd+r", "dvd+rw", "bd-r", "bd-re" };

#define EACH_MEDIUM(i) for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++)

static void prepare(const char *medium, const char *faults)
{
    rig_prepare(&rig, medium);
    rig.burn.verify = BURN_VERIFY_QUICK;
    rig.burn.no_compatibility = true;
    rig.burn.set_speed = true;
    rig.burn.speed = MMC_FASTEST;
    rig_plug_in(&rig, faults);
}

/* SPC 4.5.5: the command that tells was not executed. An error that was recovered long ago is no reason to
   fail, and none to leave the command out. */
static void a_recovered_error_told_late_costs_a_repetition_and_nothing_else(void **state)
{
    static const char *const news[] = { "71/01/17/01", "73/01/18/00", "71/01/5D/00" };

    (void)state;
    EACH_MEDIUM(i)
    {
        uint64_t count;

        prepare(media[i], "");
        rig_expect(&rig, 400, 1, OI_OK);
        count = transport_fault_count(rig.transport);
        rig_close(&rig);
        for (uint64_t n = 1; n <= count; n++)
        {
            char faults[40];
            enum oi_status status;

            snprintf(faults, sizeof(faults), "any #%u -> %s", (unsigned int)n, news[n % 3]);
            prepare(media[i], faults);
            status = rig_burn(&rig, 400, 1);
            if (status) fail_msg("%s, %s: %s", media[i], faults, status_name(status));
            rig_check_image(&rig, 0, 400, 1, 0);
            rig_close(&rig);
        }
    }
}

static void a_drive_that_tells_nothing_else_is_given_up(void **state)
{
    (void)state;
    EACH_MEDIUM(i)
    {
        prepare(media[i], "any #20.. -> 71/01/17/01");
        rig_expect(&rig, 400, 1, OI_SENSE);
        assert_in_range(transport_fault_count(rig.transport), 20, 300);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_recovered_error_told_late_costs_a_repetition_and_nothing_else),
        cmocka_unit_test(a_drive_that_tells_nothing_else_is_given_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
