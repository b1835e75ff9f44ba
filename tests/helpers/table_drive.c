/* A drive that is a table of literal replies. */
#include "helpers/table_drive.h"

#include "openimapi/bytes.h"

#include <string.h>

struct table_drive
{
    struct transport base;
    struct clock_virtual clock;
    const struct answer *answers;
    size_t count;
    struct mmc_drive drive;
};

static int32_t selector_of(const uint8_t *cdb)
{
    switch (cdb[0])
    {
    case MMC_READ_TRACK_INFORMATION: return (int32_t)get_be32(cdb + 2);
    case MMC_READ_TOC: return cdb[2] & 0x0F;
    case MMC_MODE_SENSE_10: return cdb[2] & 0x3F;
    case MMC_READ_DISC_STRUCTURE: return cdb[7];
    default: return -1;
    }
}

static enum oi_status refuse(struct transport_command *command, uint32_t sense)
{
    command->sense_size = 18;
    command->sense[0] = 0x70;
    command->sense[2] = (uint8_t)(sense >> 16);
    command->sense[7] = 10;
    command->sense[12] = (uint8_t)(sense >> 8);
    command->sense[13] = (uint8_t)sense;
    return OI_SENSE;
}

static enum oi_status table_execute(struct transport *transport, struct transport_command *command)
{
    struct table_drive *table = (struct table_drive *)transport;
    int32_t selector = selector_of(command->cdb);

    if (command->cdb[0] == MMC_TEST_UNIT_READY) return OI_OK;
    for (size_t i = 0; i < table->count; i++)
    {
        const struct answer *answer = &table->answers[i];

        if (answer->opcode != command->cdb[0]) continue;
        if (answer->selector != -1 && answer->selector != selector) continue;
        if (!answer->bytes) return refuse(command, answer->sense);
        command->transferred = command->data_size;
        if (answer->size < command->data_size) command->transferred = (uint32_t)answer->size;
        memcpy(command->data, answer->bytes, command->transferred);
        return OI_OK;
    }
    return refuse(command, MMC_SENSE(5, 0x24, 0));
}

static void table_close(struct transport *transport) { (void)transport; }

static const struct transport_ops table_ops = { table_execute, table_close };

enum oi_status table_drive_probe(const struct answer *answers, size_t count, struct mmc_medium *medium)
{
    struct table_drive table = { .base = { .ops = &table_ops, .max_transfer = 65536 }, .answers = answers,
                                 .count = count };

    clock_virtual_init(&table.clock);
    table.base.clock = &table.clock.base;
    mmc_drive_init(&table.drive, &table.base);
    return mmc_medium_probe(&table.drive, 0, medium);
}
