/* Allocations that fail when told to. The linker leads malloc, calloc and realloc of kit.dll's files here. */
#include "kit_room.h"

#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static LONG asked, failing;

void kit_fail_allocation(LONG nth)
{
    asked = 0;
    failing = nth;
}

LONG kit_allocations(void)
{
    return asked;
}

static BOOL fails(void)
{
    return InterlockedIncrement(&asked) == failing;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}
