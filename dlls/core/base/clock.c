/* The clock of tests: it stands still except when somebody waits. */
#include "openimapi/clock.h"

static uint64_t virtual_now(struct clock *clock)
{
    return ((struct clock_virtual *)clock)->milliseconds;
}

static void virtual_sleep(struct clock *clock, uint32_t milliseconds)
{
    ((struct clock_virtual *)clock)->milliseconds += milliseconds;
}

static const struct clock_ops virtual_ops = { virtual_now, virtual_sleep };

void clock_virtual_init(struct clock_virtual *clock)
{
    clock->base.ops = &virtual_ops;
    clock->milliseconds = 0;
}
