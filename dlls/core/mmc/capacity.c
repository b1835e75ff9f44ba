/* READ CAPACITY, READ FORMAT CAPACITIES and READ BUFFER CAPACITY, MMC-5 6.25, 6.24 and 6.22. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define DESCRIPTOR_SIZE 8

enum oi_status mmc_read_capacity(struct mmc_drive *drive, uint32_t *last_block, uint32_t *block_size)
{
    static const uint8_t cdb[10] = { MMC_READ_CAPACITY };
    uint8_t bytes[8];
    uint32_t got;

    TRY(mmc_query(drive, cdb, sizeof(cdb), bytes, sizeof(bytes), TIMEOUT_MEDIUM, &got));
    if (got < sizeof(bytes)) return mmc_fail(drive, MMC_READ_CAPACITY, OI_INVALID_RESPONSE);
    *last_block = get_be32(bytes);
    *block_size = get_be32(bytes + 4);
    return OI_OK;
}

/* Blocks of another size are counted as 2048-byte ones. */
static uint32_t scale(uint32_t blocks, uint32_t block_size)
{
    uint64_t bytes = (uint64_t)blocks * block_size;

    if (!block_size || block_size == MMC_BLOCK_SIZE) return blocks;
    return bytes / MMC_BLOCK_SIZE > UINT32_MAX ? UINT32_MAX : (uint32_t)(bytes / MMC_BLOCK_SIZE);
}

enum oi_status mmc_format_capacities_parse(const uint8_t *bytes, size_t size,
                                           struct mmc_format_capacities *caps)
{
    const size_t room = sizeof(caps->formats) / sizeof(caps->formats[0]);
    size_t length;

    memset(caps, 0, sizeof(*caps));
    if (size < 4 + DESCRIPTOR_SIZE) return OI_INVALID_RESPONSE;
    length = bytes[3] + 4u;
    if (length < 4 + DESCRIPTOR_SIZE || length > size) return OI_INVALID_RESPONSE;

    caps->current.type = bytes[8] & 0x03;
    caps->current.parameter = get_be24(bytes + 9);
    caps->current.blocks = scale(get_be32(bytes + 4), caps->current.parameter);
    for (size_t offset = 4 + DESCRIPTOR_SIZE; length - offset >= DESCRIPTOR_SIZE; offset += DESCRIPTOR_SIZE)
    {
        struct mmc_format_capacity *format = &caps->formats[caps->count];

        if (caps->count == room) break;
        format->blocks = get_be32(bytes + offset);
        format->type = bytes[offset + 4] >> 2;
        format->parameter = get_be24(bytes + offset + 5);
        caps->count++;
    }
    return OI_OK;
}

enum oi_status mmc_read_format_capacities(struct mmc_drive *drive, struct mmc_format_capacities *caps)
{
    const struct mmc_question question =
    {
        .cdb = { MMC_READ_FORMAT_CAPACITIES }, .cdb_size = 10, .allocation = 7, .length = LENGTH_8_AT_3,
        .header = 4, .limit = 0xFFFF, .timeout = TIMEOUT_QUICK,
    };
    struct mmc_reply reply;
    enum oi_status status;

    TRY(mmc_ask(drive, &question, &reply));
    status = mmc_format_capacities_parse(reply.bytes, reply.size, caps);
    mmc_reply_free(&reply);
    return status ? mmc_fail(drive, MMC_READ_FORMAT_CAPACITIES, status) : OI_OK;
}

const struct mmc_format_capacity *mmc_find_format(const struct mmc_format_capacities *caps, uint8_t type)
{
    for (size_t i = 0; i < caps->count; i++)
    {
        if (caps->formats[i].type == type) return &caps->formats[i];
    }
    return NULL;
}

enum oi_status mmc_read_buffer_capacity(struct mmc_drive *drive, uint32_t *size, uint32_t *free_bytes)
{
    static const uint8_t cdb[10] = { MMC_READ_BUFFER_CAPACITY, 0, 0, 0, 0, 0, 0, 0, 12, 0 };
    uint8_t bytes[12];
    uint32_t got;

    /* Asked in mid-burn: a unit attention must not be swallowed here. */
    TRY(mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_DATA_IN, bytes, sizeof(bytes), TIMEOUT_QUICK, &got));
    if (got < sizeof(bytes)) return mmc_fail(drive, MMC_READ_BUFFER_CAPACITY, OI_INVALID_RESPONSE);
    *size = get_be32(bytes + 4);
    *free_bytes = get_be32(bytes + 8);
    if (!*size || *free_bytes > *size) return mmc_fail(drive, MMC_READ_BUFFER_CAPACITY, OI_INVALID_RESPONSE);
    return OI_OK;
}
