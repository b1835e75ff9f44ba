/* The commands that move user data and change the medium. */
#include "mmc_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define FUA 0x08

static enum oi_status transfer(struct mmc_drive *drive, uint8_t opcode, uint8_t flags, uint32_t lba,
                               uint16_t blocks, enum transport_direction direction, void *data,
                               uint32_t timeout, uint32_t *transferred)
{
    uint8_t cdb[10] = { opcode, flags };

    put_be32(cdb + 2, lba);
    put_be16(cdb + 7, blocks);
    return mmc_run(drive, cdb, sizeof(cdb), direction, data, blocks * MMC_BLOCK_SIZE, timeout, transferred);
}

static enum oi_status read_blocks(struct mmc_drive *drive, uint8_t flags, uint32_t lba, uint16_t blocks,
                                  void *data)
{
    uint32_t got;

    TRY(transfer(drive, MMC_READ_10, flags, lba, blocks, TRANSPORT_DATA_IN, data, TIMEOUT_READ, &got));
    return got == blocks * MMC_BLOCK_SIZE ? OI_OK : mmc_fail(drive, MMC_READ_10, OI_INVALID_RESPONSE);
}

enum oi_status mmc_read_10(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, void *data)
{
    return read_blocks(drive, 0, lba, blocks, data);
}

enum oi_status mmc_read_10_from_medium(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, void *data)
{
    return read_blocks(drive, FUA, lba, blocks, data);
}

enum oi_status mmc_write_10(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, const void *data)
{
    /* The transport only reads from it. */
    return transfer(drive, MMC_WRITE_10, 0, lba, blocks, TRANSPORT_DATA_OUT, (void *)(uintptr_t)data,
                    TIMEOUT_WRITE, NULL);
}

enum oi_status mmc_synchronize_cache(struct mmc_drive *drive, bool immediate)
{
    uint8_t cdb[10] = { MMC_SYNCHRONIZE_CACHE };
    uint32_t timeout = immediate ? TIMEOUT_IMMEDIATE : TIMEOUT_SYNC_REST;
    enum oi_status status;

    if (drive->avoid_immediate) timeout = TIMEOUT_SYNC;
    cdb[1] = immediate && !drive->avoid_immediate ? 0x02 : 0;
    status = mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, timeout, NULL);
    /* Loss of streaming says nothing here: there was nothing more to stream. As a deferred error it does: an
       earlier WRITE has failed. */
    if (status == OI_SENSE && !drive->failure.sense.deferred &&
        mmc_sense_code(&drive->failure.sense) == MMC_SENSE(3, 0x0C, 0x09))
        return OI_OK;
    return status;
}

enum oi_status mmc_close(struct mmc_drive *drive, enum mmc_close function, uint16_t number, bool immediate)
{
    uint8_t cdb[10] = { MMC_CLOSE_TRACK_SESSION, 0, (uint8_t)function & 0x07 };

    immediate = immediate && !drive->avoid_immediate;
    cdb[1] = immediate;
    put_be16(cdb + 4, number);
    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0,
                   immediate ? TIMEOUT_IMMEDIATE : TIMEOUT_CLOSE, NULL);
}

enum oi_status mmc_calibrate(struct mmc_drive *drive)
{
    static const uint8_t cdb[10] = { MMC_SEND_OPC_INFORMATION, 0x01 };     /* DoOPC */

    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, TIMEOUT_CALIBRATE, NULL);
}

enum oi_status mmc_reserve_track(struct mmc_drive *drive, uint32_t blocks)
{
    uint8_t cdb[10] = { MMC_RESERVE_TRACK };

    put_be32(cdb + 5, blocks);
    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, TIMEOUT_RESERVE, NULL);
}

enum oi_status mmc_format_unit(struct mmc_drive *drive, uint8_t type, uint8_t sub_type, uint32_t blocks,
                               uint32_t parameter, bool immediate)
{
    static const uint8_t cdb[6] = { MMC_FORMAT_UNIT, 0x11 };    /* FmtData, format code 1 */
    uint8_t list[12] = { 0 };

    immediate = immediate && !drive->avoid_immediate;
    list[1] = immediate ? 0x02 : 0;
    put_be16(list + 2, 8);              /* one format descriptor */
    put_be32(list + 4, blocks);
    list[8] = (uint8_t)(type << 2 | (sub_type & 0x03));
    put_be24(list + 9, parameter);
    return mmc_run_patiently(drive, cdb, sizeof(cdb), TRANSPORT_DATA_OUT, list, sizeof(list),
                             immediate ? TIMEOUT_IMMEDIATE : TIMEOUT_FORMAT, NULL);
}

enum oi_status mmc_blank(struct mmc_drive *drive, enum mmc_blank type, bool immediate)
{
    uint8_t cdb[12] = { MMC_BLANK };

    immediate = immediate && !drive->avoid_immediate;
    cdb[1] = (uint8_t)((immediate ? 0x10 : 0) | ((uint8_t)type & 0x07));
    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0,
                   immediate ? TIMEOUT_IMMEDIATE : TIMEOUT_BLANK, NULL);
}
