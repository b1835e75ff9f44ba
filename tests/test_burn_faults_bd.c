/* core/burn: the fault loop on BD media. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_faults.h"

static void each_command_of_a_bd_r_burn_may_fail(void **state)
{
    (void)state;
    burn_fail_each_command("bd-r");
}

static void each_command_of_a_bd_re_burn_may_fail(void **state)
{
    (void)state;
    burn_fail_each_command("bd-re");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(each_command_of_a_bd_r_burn_may_fail),
        cmocka_unit_test(each_command_of_a_bd_re_burn_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
