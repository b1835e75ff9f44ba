/* core/burn: the fault loop on CD media. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_faults.h"

static void each_command_of_a_cd_r_burn_may_fail(void **state)
{
    (void)state;
    burn_fail_each_command("cd-r");
}

static void each_command_of_a_cd_rw_burn_may_fail(void **state)
{
    (void)state;
    burn_fail_each_command("cd-rw");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(each_command_of_a_cd_r_burn_may_fail),
        cmocka_unit_test(each_command_of_a_cd_rw_burn_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
