/* Mutations of disc images; of libFuzzer, so linked into fuzzers only. */
#include "helpers/fuzz_mutate.h"

#include <string.h>

#define BLOCK 2048
#define TRIES 200

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Where something is recorded, most probably. */
static size_t place(const uint8_t *bytes, size_t size, uint32_t *state)
{
    size_t at = 0;

    for (int i = 0; i < TRIES; i++)
    {
        at = next(state) % size;
        if (bytes[at]) break;
    }
    return at;
}

static void change_number(uint8_t *bytes, size_t left, uint32_t *state)
{
    static const uint8_t telling[] = { 0, 1, 2, 7, 16, 33, 34, 127, 128, 254, 255 };
    size_t width = (size_t)1 << next(state) % 3;

    for (size_t i = 0; i < width && i < left; i++)
    {
        switch (next(state) % 4)
        {
        case 0: bytes[i] = telling[next(state) % sizeof(telling)]; break;
        case 1: bytes[i] ^= (uint8_t)(1 << next(state) % 8); break;
        case 2: bytes[i] = (uint8_t)(bytes[i] + next(state) % 9 - 4); break;
        default: break;
        }
    }
}

/* Structures that overlap, repeat, or stand in one another's place. */
static void copy_part(uint8_t *bytes, size_t size, uint32_t *state)
{
    size_t unit = next(state) % 2 ? BLOCK : 4;
    size_t from = place(bytes, size, state) / unit * unit, to = place(bytes, size, state) / unit * unit;

    if (from + unit <= size && to + unit <= size) memmove(bytes + to, bytes + from, unit);
}

size_t fuzz_mutate(uint8_t *bytes, size_t size, size_t max, unsigned seed)
{
    uint32_t state = seed;
    unsigned changes = 1 + next(&state) % 4;

    if (!size || next(&state) % 8 == 0) return LLVMFuzzerMutate(bytes, size, max);
    while (changes--)
    {
        size_t at = place(bytes, size, &state);

        if (next(&state) % 8 == 0)
        {
            copy_part(bytes, size, &state);
        }
        else if (next(&state) % 4 == 0)
        {
            size_t part = size - at < 16 ? size - at : 16;

            LLVMFuzzerMutate(bytes + at, part, part);
        }
        else
        {
            change_number(bytes + at, size - at, &state);
        }
    }
    return size;
}
