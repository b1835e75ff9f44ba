/*
 * READ, VERIFY and READ CD. Blocks can be read where something was recorded, and where a format made the
 * whole medium readable; each other place has its own sense.
 */
#include "emu_room.h"

#include "sector.h"

#include <stdlib.h>
#include <string.h>

/* 0 when all blocks can be read. */
static uint32_t check_range(const struct emu_disc *disc, uint32_t lba, uint32_t count)
{
    struct emu_track track;
    uint32_t number, left;

    if (disc->medium->flags & EMU_OVERWRITE)
    {
        if (!disc->formatted) return EMU_NOT_FORMATTED;
        return lba < disc->formatted && count <= disc->formatted - lba ? 0 : EMU_LBA_OUT_OF_RANGE;
    }
    while (count)
    {
        number = emu_disc_track_at(disc, lba);
        if (number == EMU_NO_TRACK || !emu_disc_track(disc, number, &track))
        {
            /* Between sessions, or behind everything. */
            if (lba >= emu_disc_lead_out(disc, 0xFFFFFFFF)) return EMU_LBA_OUT_OF_RANGE;
            return disc->medium->family == EMU_CD ? EMU_ILLEGAL_MODE_FOR_TRACK : EMU_BLANK_CHECK;
        }
        if (lba >= track.end)
        {
            if (track.state == EMU_TRACK_COMPLETE) return EMU_ILLEGAL_MODE_FOR_TRACK;       /* run-out */
            return number == emu_disc_track_count(disc) ? EMU_LBA_OUT_OF_RANGE : EMU_BLANK_CHECK;
        }
        left = track.end - lba;
        if (left > count) left = count;
        lba += left;
        count -= left;
    }
    return 0;
}

static uint32_t read_blocks(struct emu_recorder *emu, struct transport_command *command, uint32_t lba,
                            uint32_t count)
{
    uint64_t size = (uint64_t)count * MMC_BLOCK_SIZE;
    uint32_t sense;

    if (!count) return 0;
    sense = check_range(&emu->disc, lba, count);
    if (sense) return sense;
    if (command->direction != TRANSPORT_DATA_IN || command->data_size < size) return EMU_DATA_PHASE_ERROR;
    if (emu_files_read(&emu->files, lba, command->data, count)) return EMU_UNRECOVERED_READ;
    command->transferred = (uint32_t)size;
    return 0;
}

uint32_t emu_read_10(struct emu_recorder *emu, struct transport_command *command)
{
    return read_blocks(emu, command, get_be32(command->cdb + 2), get_be16(command->cdb + 7));
}

uint32_t emu_read_12(struct emu_recorder *emu, struct transport_command *command)
{
    return read_blocks(emu, command, get_be32(command->cdb + 2), get_be32(command->cdb + 6));
}

/* MMC-5 6.44: without BytChk only whether the blocks can be read; with it, a comparison. */
uint32_t emu_verify_10(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t lba = get_be32(command->cdb + 2), count = get_be16(command->cdb + 7), sense;
    uint8_t block[MMC_BLOCK_SIZE];

    sense = check_range(&emu->disc, lba, count);
    if (sense || !count) return sense;
    if (!(command->cdb[1] & 0x02))
    {
        /* The ends are tried: what lies between them is in the same image. */
        if (emu_files_read(&emu->files, lba, block, 1)) return EMU_UNRECOVERED_READ;
        return emu_files_read(&emu->files, lba + count - 1, block, 1) ? EMU_UNRECOVERED_READ : 0;
    }
    if (command->direction != TRANSPORT_DATA_OUT || command->data_size < count * MMC_BLOCK_SIZE)
    {
        return EMU_DATA_PHASE_ERROR;
    }
    for (uint32_t i = 0; i < count; ++i)
    {
        if (emu_files_read(&emu->files, lba + i, block, 1)) return EMU_UNRECOVERED_READ;
        if (memcmp(block, command->data + (size_t)i * MMC_BLOCK_SIZE, sizeof(block))) return EMU_MISCOMPARE;
    }
    command->transferred = count * MMC_BLOCK_SIZE;
    return 0;
}

/* What byte 9 of READ CD selects out of one sector, in the order of the sector. Returns its length. */
static size_t select_parts(const uint8_t *sector, uint8_t mode, uint8_t selection, uint8_t *out)
{
    const struct sector_parts *parts = sector_parts(mode);
    size_t size = 0;

    for (size_t i = 0; i < SECTOR_PART_COUNT; ++i)
    {
        if (!(selection & parts->part[i].selection)) continue;
        memcpy(out + size, sector + parts->part[i].offset, parts->part[i].size);
        size += parts->part[i].size;
    }
    return size;
}

/* Bytes of C2 data per sector for bits 2-1 of byte 9: none, 294 of flags, and those with block flags. */
static int c2_size(uint8_t selection, size_t *size)
{
    static const size_t sizes[4] = { 0, 294, 296, 0 };

    *size = sizes[selection >> 1 & 3];
    return (selection >> 1 & 3) != 3;
}

static uint32_t read_cd(struct emu_recorder *emu, struct transport_command *command, uint32_t lba,
                        uint32_t count)
{
    uint8_t type = command->cdb[1] >> 2 & 7, selection = command->cdb[9];
    uint8_t block[MMC_BLOCK_SIZE], sector[SECTOR_SIZE], out[SECTOR_SIZE + 296];
    size_t c2, size = 0;
    struct emu_track track;
    uint32_t sense;

    if (emu->disc.medium->family != EMU_CD) return EMU_CANNOT_READ_FORMAT;
    if ((command->cdb[10] & 0x07) || type > 5 || !c2_size(selection, &c2)) return EMU_INVALID_FIELD_IN_CDB;
    if (!count) return 0;
    sense = check_range(&emu->disc, lba, count);
    if (sense) return sense;
    for (uint32_t i = 0; i < count; ++i)
    {
        emu_disc_track(&emu->disc, emu_disc_track_at(&emu->disc, lba + i), &track);
        if (type && type != (track.mode == 2 ? 4 : 2)) return EMU_ILLEGAL_MODE_FOR_TRACK;
        if (emu_files_read(&emu->files, lba + i, block, 1)) return EMU_UNRECOVERED_READ;
        sector_build(sector, lba + i, track.mode, block, (selection & 0x08) != 0);
        size = select_parts(sector, track.mode, selection, out);
        memset(out + size, 0, c2);
        size += c2;
        if (!size) return 0;
        if (command->direction != TRANSPORT_DATA_IN || command->data_size / count < size)
        {
            return EMU_DATA_PHASE_ERROR;
        }
        memcpy(command->data + i * size, out, size);
    }
    command->transferred = (uint32_t)(size * count);
    return 0;
}

uint32_t emu_read_cd(struct emu_recorder *emu, struct transport_command *command)
{
    return read_cd(emu, command, get_be32(command->cdb + 2), get_be24(command->cdb + 6));
}

uint32_t emu_read_cd_msf(struct emu_recorder *emu, struct transport_command *command)
{
    const uint8_t *cdb = command->cdb;
    int64_t start = (cdb[3] * 60 + cdb[4]) * 75 + cdb[5] - 150;
    int64_t end = (cdb[6] * 60 + cdb[7]) * 75 + cdb[8] - 150;

    if (cdb[4] > 59 || cdb[5] > 74 || cdb[7] > 59 || cdb[8] > 74 || end < start)
        return EMU_INVALID_FIELD_IN_CDB;
    if (start < 0) return EMU_LBA_OUT_OF_RANGE;
    return read_cd(emu, command, (uint32_t)start, (uint32_t)(end - start));
}
