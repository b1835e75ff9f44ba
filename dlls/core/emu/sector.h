/*
 * CD sectors of 2352 bytes around blocks of 2048: sync, header, sub-header, EDC and ECC (ECMA-130 14 and
 * annex A; XA form 1 as well). Private to the room.
 */
#ifndef OPENIMAPI_EMU_SECTOR_H
#define OPENIMAPI_EMU_SECTOR_H

#include <stddef.h>
#include <stdint.h>

#define SECTOR_SIZE 2352
#define SECTOR_PART_COUNT 5

/* Parts of a sector in their order, and the bit of READ CD byte 9 that selects each. */
struct sector_parts
{
    struct
    {
        uint8_t selection;
        uint16_t offset, size;
    } part[SECTOR_PART_COUNT];
};

/* Of mode 1, or of mode 2 (XA form 1). */
const struct sector_parts *sector_parts(uint8_t mode);

/* A whole sector; EDC and ECC stay zero unless wanted, for they cost most. */
void sector_build(uint8_t sector[SECTOR_SIZE], uint32_t lba, uint8_t mode, const uint8_t *block,
                  int with_ecc);

#endif
