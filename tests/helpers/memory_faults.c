/* Allocations that fail on demand: the linker leads malloc, calloc, realloc and free here. */
#include "helpers/memory_faults.h"

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);

long memory_alive;
static long until_failure = -1;         /* successes to come before it; -1: none fails */
static int only_one;
static int refused;                     /* so many since memory_arm */

static int refuse(void)
{
    if (until_failure < 0 || (refused && only_one)) return 0;
    if (until_failure && until_failure--) return 0;
    refused++;
    return 1;
}

void *__wrap_malloc(size_t size)
{
    void *memory = refuse() ? NULL : __real_malloc(size);

    memory_alive += memory != NULL;
    return memory;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *memory = refuse() ? NULL : __real_calloc(count, size);

    memory_alive += memory != NULL;
    return memory;
}

void *__wrap_realloc(void *old, size_t size)
{
    void *memory = refuse() ? NULL : __real_realloc(old, size);

    memory_alive += memory && !old;
    return memory;
}

void __wrap_free(void *memory)
{
    memory_alive -= memory != NULL;
    __real_free(memory);
}

void memory_arm(long successes, int alone)
{
    until_failure = successes;
    only_one = alone;
    refused = 0;
}

int memory_disarm(void)
{
    until_failure = -1;
    return refused;
}
