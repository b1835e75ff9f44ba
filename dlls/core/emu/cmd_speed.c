/*
 * Speeds: GET PERFORMANCE, SET STREAMING, SET CD SPEED, and READ BUFFER CAPACITY.
 */
#include "emu_room.h"

static const struct emu_medium *medium_of(const struct emu_recorder *emu)
{
    return emu_disc_present(emu) ? emu->disc.medium : &emu_media[0];
}

static uint32_t last_block(const struct emu_recorder *emu)
{
    return emu_disc_present(emu) ? emu->disc.capacity - 1 : emu_media[0].capacity - 1;
}

/* The fastest speed of the medium not above what was asked for; the slowest if all are. */
static uint32_t choose_speed(const struct emu_medium *medium, uint32_t kilobytes)
{
    uint32_t speed = 0;

    for (const uint8_t *times = medium->speeds; *times; ++times)
    {
        speed = emu_kilobytes(medium->family, *times);
        if (speed <= kilobytes) break;
    }
    return speed;
}

static uint32_t choose_read_speed(const struct emu_medium *medium, uint32_t kilobytes)
{
    uint32_t most = emu_kilobytes(medium->family, medium->read_speed);
    uint32_t least = emu_kilobytes(medium->family, 1);

    if (kilobytes > most) return most;
    return kilobytes < least ? least : kilobytes;
}

/* MMC-5 6.8.3.2: nominal performance, one descriptor for all of the medium. */
static size_t nominal_performance(const struct emu_recorder *emu, int write, uint8_t *out)
{
    uint32_t speed = write ? emu->write_speed : emu->read_speed;

    put_be32(out, 0);
    put_be32(out + 4, speed);
    put_be32(out + 8, last_block(emu));
    put_be32(out + 12, speed);
    return 16;
}

/* MMC-5 6.8.3.5: one descriptor per write speed, the fastest first. */
static size_t write_speeds(const struct emu_recorder *emu, uint8_t *out)
{
    const struct emu_medium *medium = medium_of(emu);
    size_t size = 0;

    for (const uint8_t *times = medium->speeds; *times; ++times)
    {
        out[size] = 0x02;                               /* exact; constant linear velocity */
        put_be32(out + size + 4, last_block(emu));
        put_be32(out + size + 8, emu->read_speed);
        put_be32(out + size + 12, emu_kilobytes(medium->family, *times));
        size += 16;
    }
    return size;
}

uint32_t emu_get_performance(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t flags = command->cdb[1], reply[8 + 16 * 16] = { 0 };
    uint32_t most = get_be16(command->cdb + 8);
    size_t size = 0;

    switch (command->cdb[10])
    {
    case 0x00:
        if ((flags & 0x03) == 3 || ((flags >> 3) & 3) != 2) return EMU_INVALID_FIELD_IN_CDB;
        if (!(flags & 0x03)) size = nominal_performance(emu, flags & 0x04, reply + 8);
        reply[4] = (uint8_t)((flags & 0x04 ? 0x02 : 0) | (flags & 0x03 ? 0x01 : 0));
        break;
    case 0x03:
        size = write_speeds(emu, reply + 8);
        break;
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
    put_be32(reply, (uint32_t)(size + 4));
    if (size > most * 16) size = most * 16;
    emu_reply(command, reply, 8 + size, 0xFFFFFFFF);
    return 0;
}

/* kB a second out of a size in kB and a time in ms. */
static uint32_t rate(const uint8_t *size_and_time)
{
    uint64_t time = get_be32(size_and_time + 4), kilobytes;

    if (!time) return 0;
    kilobytes = (uint64_t)get_be32(size_and_time) * 1000 / time;
    return kilobytes > 0xFFFFFFFF ? 0xFFFFFFFF : (uint32_t)kilobytes;
}

uint32_t emu_set_streaming(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_medium *medium = medium_of(emu);
    const uint8_t *list = command->data;

    if (command->cdb[8]) return EMU_INVALID_FIELD_IN_CDB;
    if (get_be16(command->cdb + 9) != 28) return EMU_PARAMETER_LIST_LENGTH;
    if (command->direction != TRANSPORT_DATA_OUT || command->data_size < 28) return EMU_DATA_PHASE_ERROR;
    command->transferred = 28;
    if (list[0] & 0x04)                                 /* RDD: back to the defaults */
    {
        emu->read_speed = emu_kilobytes(medium->family, medium->read_speed);
        emu->write_speed = emu_kilobytes(medium->family, medium->speeds[0]);
        return 0;
    }
    if (get_be32(list + 8) > last_block(emu) || get_be32(list + 4) > get_be32(list + 8))
        return EMU_LBA_OUT_OF_RANGE;
    if (!rate(list + 12) || !rate(list + 20)) return EMU_INVALID_FIELD_IN_LIST;
    emu->read_speed = choose_read_speed(medium, rate(list + 12));
    emu->write_speed = choose_speed(medium, rate(list + 20));
    return 0;
}

uint32_t emu_set_cd_speed(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_medium *medium = medium_of(emu);

    if ((command->cdb[1] & 0x03) > 1) return EMU_INVALID_FIELD_IN_CDB;
    emu->read_speed = choose_read_speed(medium, get_be16(command->cdb + 2));
    emu->write_speed = choose_speed(medium, get_be16(command->cdb + 4));
    return 0;
}

/* MMC-5 6.16.3. In blocks only the free part is told. */
uint32_t emu_read_buffer_capacity(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t room = emu_buffer_free(emu);
    uint8_t reply[12] = { 0, 10 };

    if (command->cdb[1] & 0x01)
    {
        reply[3] = 0x01;
        put_be32(reply + 8, room / MMC_BLOCK_SIZE);
    }
    else
    {
        put_be32(reply + 4, emu->options.buffer_size);
        put_be32(reply + 8, room);
    }
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 7));
    return 0;
}
