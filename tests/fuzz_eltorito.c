/*
 * Fuzzer of the reader of boot catalogs; see helpers/fuzz_disc.h. Most changes are made where the boot record
 * leads to, to entries and to the order of them, and the checksum of the catalog is then made right again,
 * mostly.
 */
#include "helpers/fuzz_disc.h"
#include "helpers/fuzz_mutate.h"

#include "openimapi/bytes.h"

#include <string.h>

#define RECORD (1 * FS_BLOCK_SIZE)      /* of the input: block 17 */
#define FIRST_BLOCK 16
#define ENTRY 32
#define NEAR 24                         /* entries, of which most catalogs have fewer */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_boot(bytes, size);
    return 0;
}

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* What decides most: indicators, media, counts, places. */
static void change_entry(uint8_t *entry, uint32_t *state)
{
    static const uint8_t indicators[] = { 0x00, 0x01, 0x44, 0x88, 0x90, 0x91 };

    switch (next(state) % 8)
    {
    case 0: entry[0] = indicators[next(state) % sizeof(indicators)]; break;
    case 1: entry[1] = (uint8_t)(next(state) % 7); break;
    case 2: put_le16(entry + 2, (uint16_t)(next(state) % 8 ? next(state) % 6 : next(state))); break;
    case 3: put_le16(entry + 6, (uint16_t)(next(state) % 4 ? next(state) % 20 : next(state))); break;
    case 4: put_le32(entry + 8, next(state) % 4 ? next(state) % 80 : next(state)); break;
    case 5: memset(entry, 0, ENTRY); break;
    default: fuzz_mutate(entry, ENTRY, ENTRY, next(state)); break;
    }
}

/* El Torito 2.1. */
static void seal(uint8_t *validation)
{
    uint16_t sum = 0;

    put_le16(validation + 0x1C, 0);
    for (unsigned i = 0; i < ENTRY; i += 2) sum = (uint16_t)(sum + get_le16(validation + i));
    put_le16(validation + 0x1C, (uint16_t)-sum);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned seed)
{
    uint32_t state = seed, block;
    uint8_t *catalog;
    size_t entries;

    if (size < RECORD + FS_BLOCK_SIZE || next(&state) % 16 == 0)
        return fuzz_mutate(bytes, size, max, next(&state));
    /* The end of the disc comes nearer. */
    if (next(&state) % 32 == 0) return size - next(&state) % size / FS_BLOCK_SIZE * FS_BLOCK_SIZE;
    block = get_le32(bytes + RECORD + 0x47);
    if (block < FIRST_BLOCK || block - FIRST_BLOCK >= size / FS_BLOCK_SIZE)
    {
        put_le32(bytes + RECORD + 0x47, FIRST_BLOCK + next(&state) % (uint32_t)(size / FS_BLOCK_SIZE));
        return size;
    }
    catalog = bytes + (size_t)(block - FIRST_BLOCK) * FS_BLOCK_SIZE;
    entries = (size - (size_t)(block - FIRST_BLOCK) * FS_BLOCK_SIZE) / ENTRY;
    if (next(&state) % 8) entries = NEAR;
    for (unsigned i = 1 + next(&state) % 4; i--;)
    {
        uint8_t *one = catalog + next(&state) % entries * ENTRY;
        uint8_t *other = catalog + next(&state) % entries * ENTRY;

        if (next(&state) % 4) change_entry(one, &state);
        else memmove(one, other, ENTRY);
    }
    if (next(&state) % 16) seal(catalog);
    return size;
}
