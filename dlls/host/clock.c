/* The system's clock, for all transports of this room. */
#include "host/host.h"

static uint64_t host_now(struct clock *clock)
{
    (void)clock;
    return GetTickCount64();
}

static void host_sleep(struct clock *clock, uint32_t milliseconds)
{
    (void)clock;
    Sleep(milliseconds);
}

static const struct clock_ops host_clock_ops = { host_now, host_sleep };

static struct clock the_clock = { &host_clock_ops };

struct clock *host_clock(void)
{
    return &the_clock;
}
