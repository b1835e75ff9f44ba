/* Sense data, SPC-3 4.5: what is common to the fixed and the descriptor format, and the way between them. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

/* Response codes; bit 7 is VALID and some drives leave it out. */
enum
{
    RESPONSE_FIXED = 0x70,
    RESPONSE_FIXED_DEFERRED = 0x71,
    RESPONSE_DESCRIPTOR = 0x72,
    RESPONSE_DESCRIPTOR_DEFERRED = 0x73,
};

#define DESCRIPTOR_SENSE_KEY_SPECIFIC 0x02

static uint8_t at(const uint8_t *bytes, size_t size, size_t offset)
{
    return offset < size ? bytes[offset] : 0;
}

/* The sense-key specific bytes of fixed sense (15 to 17), or NULL. */
static const uint8_t *fixed_key_specific(const uint8_t *bytes, size_t size)
{
    return size >= 18 && bytes[15] & 0x80 ? bytes + 15 : NULL;
}

/* The same out of the descriptor list, SPC-3 4.5.2.4: type 02h, length 06h, the bytes at offset 4. */
static const uint8_t *descriptor_key_specific(const uint8_t *bytes, size_t size)
{
    size_t end = size >= 8 ? 8u + bytes[7] : 0;

    if (end > size) end = size;
    for (size_t offset = 8; offset + 2 <= end; offset += 2u + bytes[offset + 1])
    {
        if (bytes[offset] != DESCRIPTOR_SENSE_KEY_SPECIFIC) continue;
        return offset + 7 <= end && bytes[offset + 4] & 0x80 ? bytes + offset + 4 : NULL;
    }
    return NULL;
}

void mmc_sense_parse(const uint8_t *bytes, size_t size, struct mmc_sense *sense)
{
    const uint8_t *specific = NULL;
    uint8_t response = at(bytes, size, 0) & 0x7F;

    memset(sense, 0, sizeof(*sense));
    if (response == RESPONSE_FIXED || response == RESPONSE_FIXED_DEFERRED)
    {
        sense->key = at(bytes, size, 2) & 0x0F;
        sense->asc = at(bytes, size, 12);
        sense->ascq = at(bytes, size, 13);
        specific = fixed_key_specific(bytes, size);
    }
    else if (response == RESPONSE_DESCRIPTOR || response == RESPONSE_DESCRIPTOR_DEFERRED)
    {
        sense->key = at(bytes, size, 1) & 0x0F;
        sense->asc = at(bytes, size, 2);
        sense->ascq = at(bytes, size, 3);
        specific = descriptor_key_specific(bytes, size);
    }
    else return;

    sense->deferred = response == RESPONSE_FIXED_DEFERRED || response == RESPONSE_DESCRIPTOR_DEFERRED;
    /* Progress indication only with these two keys, SPC-3 4.5.2.4.4; else the bytes mean something else. */
    if (specific && (sense->key == MMC_KEY_NO_SENSE || sense->key == MMC_KEY_NOT_READY))
    {
        sense->progress_valid = true;
        sense->progress = get_be16(specific + 1);
    }
}

void mmc_sense_to_fixed(const uint8_t *bytes, size_t size, uint8_t fixed[MMC_FIXED_SENSE_SIZE])
{
    const uint8_t *specific;
    struct mmc_sense sense;
    uint8_t response = at(bytes, size, 0) & 0x7F;

    memset(fixed, 0, MMC_FIXED_SENSE_SIZE);
    if (response != RESPONSE_DESCRIPTOR && response != RESPONSE_DESCRIPTOR_DEFERRED)
    {
        if (size) memcpy(fixed, bytes, size < MMC_FIXED_SENSE_SIZE ? size : MMC_FIXED_SENSE_SIZE);
        return;
    }
    mmc_sense_parse(bytes, size, &sense);
    fixed[0] = sense.deferred ? RESPONSE_FIXED_DEFERRED : RESPONSE_FIXED;
    fixed[2] = sense.key;
    fixed[7] = MMC_FIXED_SENSE_SIZE - 8;    /* additional length */
    fixed[12] = sense.asc;
    fixed[13] = sense.ascq;
    specific = descriptor_key_specific(bytes, size);
    if (specific) memcpy(fixed + 15, specific, 3);
}

uint32_t mmc_sense_code(const struct mmc_sense *sense)
{
    return MMC_SENSE(sense->key, sense->asc, sense->ascq);
}
