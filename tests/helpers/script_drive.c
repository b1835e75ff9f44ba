/* A drive handle over a scripted transport and a virtual clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

void script_drive_open(struct script_drive *script, const struct transport_exchange *exchanges, size_t count)
{
    clock_virtual_init(&script->clock);
    assert_int_equal(transport_script_create(exchanges, count, &script->clock.base, &script->transport),
                     OI_OK);
    mmc_drive_init(&script->drive, script->transport);
}

void script_drive_close(struct script_drive *script)
{
    size_t left = transport_script_left(script->transport);

    transport_close(script->transport);
    assert_int_equal(left, 0);
}
