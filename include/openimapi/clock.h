/*
 * Time, as the core sees it: milliseconds since some start, and waiting. The core itself knows no system
 * clock; dlls/host gives it a real one, native tests the virtual one below, in which a wait is an addition.
 */
#ifndef OPENIMAPI_CLOCK_H
#define OPENIMAPI_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct clock;

struct clock_ops
{
    uint64_t (*now)(struct clock *clock);                    /* milliseconds, never going back */
    void (*sleep)(struct clock *clock, uint32_t milliseconds);
};

struct clock
{
    const struct clock_ops *ops;
};

static inline uint64_t clock_now(struct clock *clock) { return clock->ops->now(clock); }

static inline void clock_sleep(struct clock *clock, uint32_t milliseconds)
{
    clock->ops->sleep(clock, milliseconds);
}

/* A clock that stands still except when somebody waits. */
struct clock_virtual
{
    struct clock base;
    uint64_t milliseconds;
};

/* Starts at 0. Nothing to free. */
void clock_virtual_init(struct clock_virtual *clock);

#ifdef __cplusplus
}
#endif

#endif
