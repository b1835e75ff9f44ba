/* Checksums of what was written: all of it in a few hundred pieces, or a sample of single blocks. */
#include "burn_room.h"

#include <string.h>

#define SAMPLES 32u

void ledger_init(struct burn_ledger *ledger, enum burn_verify level, uint32_t total)
{
    memset(ledger, 0, sizeof(*ledger));
    ledger->total = total;
    if (level == BURN_VERIFY_NONE || !total) return;
    if (level == BURN_VERIFY_FULL)
    {
        ledger->stride = ledger->length = (total - 1) / LEDGER_SPOTS + 1;
        ledger->count = (total - 1) / ledger->stride + 1;
    }
    else
    {
        ledger->length = 1;
        ledger->count = total < SAMPLES ? total : SAMPLES;
    }
    for (uint32_t i = 0; i < ledger->count; i++) ledger->sums[i] = LEDGER_SEED;
}

/* Samples are spread evenly, the first and the last block among them. */
uint32_t ledger_spot_first(const struct burn_ledger *ledger, uint32_t spot)
{
    if (ledger->stride) return spot * ledger->stride;
    return ledger->count < 2 ? 0 : (uint32_t)((uint64_t)(ledger->total - 1) * spot / (ledger->count - 1));
}

uint32_t ledger_spot_length(const struct burn_ledger *ledger, uint32_t spot)
{
    uint32_t left = ledger->total - ledger_spot_first(ledger, spot);

    return ledger->length < left ? ledger->length : left;
}

uint64_t ledger_sum(uint64_t sum, const uint8_t *bytes, size_t size)
{
    /* FNV-1a over words of 8 bytes, with the high half folded back so that every bit reaches every other. */
    for (size_t i = 0; i + 8 <= size; i += 8)
    {
        uint64_t word;

        memcpy(&word, bytes + i, sizeof(word));
        sum = (sum ^ word) * 0x100000001B3u;
        sum ^= sum >> 32;
    }
    return sum;
}

/* The first spot that ends behind a block. */
static uint32_t spot_at(const struct burn_ledger *ledger, uint32_t block)
{
    uint32_t low = 0, high = ledger->count;

    while (low < high)
    {
        uint32_t middle = low + (high - low) / 2;

        if (ledger_spot_first(ledger, middle) + ledger_spot_length(ledger, middle) > block) high = middle;
        else low = middle + 1;
    }
    return low;
}

void ledger_feed(struct burn_ledger *ledger, uint32_t ordinal, uint32_t count, const uint8_t *bytes)
{
    uint32_t end = ordinal + count, from = ordinal > ledger->fed ? ordinal : ledger->fed;

    if (!ledger->count || from >= end) return;
    for (uint32_t spot = spot_at(ledger, from); spot < ledger->count; spot++)
    {
        uint32_t first = ledger_spot_first(ledger, spot), last = first + ledger_spot_length(ledger, spot);

        if (first >= end) break;
        if (first < from) first = from;
        if (last > end) last = end;
        ledger->sums[spot] = ledger_sum(ledger->sums[spot],
                                        bytes + (size_t)(first - ordinal) * MMC_BLOCK_SIZE,
                                        (size_t)(last - first) * MMC_BLOCK_SIZE);
    }
    ledger->fed = end;
}
