/*
 * The buffer between host and disc as it would be at the writing speed chosen: it fills with every WRITE and
 * drains by the clock. Without a throttle it is always empty. The data themselves do not wait in it.
 */
#include "emu_room.h"

/* Bytes a second; 0: no throttle. */
static uint64_t rate(const struct emu_recorder *emu)
{
    uint32_t most, speed;

    if (!emu->options.speed || !emu_disc_present(emu)) return 0;
    most = emu_kilobytes(emu->disc.medium->family, emu->options.speed);
    speed = emu->write_speed < most ? emu->write_speed : most;
    return (uint64_t)speed * 1000;
}

/* Brings the level up to date; 1 when the buffer has run empty since. */
static int drain(struct emu_recorder *emu)
{
    uint64_t now = emu_now(emu), gone = (now - emu->buffer_time) * rate(emu) / 1000;
    int empty = emu->buffer_level && gone > emu->buffer_level;

    emu->buffer_level -= gone < emu->buffer_level ? gone : emu->buffer_level;
    emu->buffer_time = now;
    return empty;
}

uint32_t emu_buffer_take(struct emu_recorder *emu, uint32_t bytes)
{
    uint64_t size = emu->options.buffer_size, speed = rate(emu);
    int ran_empty;

    if (!speed) return 0;
    ran_empty = drain(emu);
    /* Without underrun protection (BUFE) the laser has stopped in mid-track. */
    if (ran_empty && emu->disc.medium->family == EMU_CD && !(emu_write_parameters(emu)[2] & 0x40))
    {
        emu->buffer_level = 0;
        return EMU_LOSS_OF_STREAMING;
    }
    if (emu->buffer_level + bytes > size && emu->buffer_level)
    {
        uint64_t excess = emu->buffer_level + bytes - size;

        if (emu->options.behaviour.report_long_write) return EMU_LONG_WRITE_IN_PROGRESS;
        if (excess > emu->buffer_level) excess = emu->buffer_level;
        emu->wait += (uint32_t)((excess * 1000 + speed - 1) / speed);
    }
    emu->buffer_level += bytes;
    return 0;
}

uint32_t emu_buffer_free(struct emu_recorder *emu)
{
    if (!rate(emu)) return emu->options.buffer_size;
    drain(emu);
    return emu->buffer_level < emu->options.buffer_size
               ? emu->options.buffer_size - (uint32_t)emu->buffer_level : 0;
}

uint32_t emu_buffer_drain(struct emu_recorder *emu)
{
    uint64_t speed = rate(emu), time;

    if (!speed) return 0;
    drain(emu);
    time = (emu->buffer_level * 1000 + speed - 1) / speed;
    return (uint32_t)time;
}
