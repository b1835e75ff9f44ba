/*
 * SYNCHRONIZE CACHE, CLOSE TRACK/SESSION, RESERVE TRACK and SEND OPC INFORMATION.
 */
#include "emu_room.h"

#define IMMED 0x01

static uint32_t check_writable(const struct emu_recorder *emu)
{
    if (emu->disc.write_protected || emu_software_write_protect(emu)) return EMU_WRITE_PROTECTED;
    return emu_files_writable(&emu->files) ? 0 : EMU_WRITE_PROTECTED;
}

static uint32_t nothing_to_close(const struct emu_recorder *emu)
{
    return emu->options.behaviour.close_nothing_is_error ? EMU_SEQUENCE_ERROR : 0;
}

/* Number of the track that is being written; EMU_NO_TRACK. */
static uint32_t open_track(const struct emu_disc *disc)
{
    for (uint32_t number = disc->track_count; number; --number)
    {
        if (disc->tracks[number - 1].state == EMU_TRACK_OPEN) return number;
    }
    return EMU_NO_TRACK;
}

uint32_t emu_sync(struct emu_recorder *emu)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t number = open_track(disc), sense = 0;

    if (emu->simulated_track)
    {
        emu->simulated_track = 0;
        return 0;
    }
    emu->buffer_level = 0;
    if (emu->unflushed && emu_files_flush(&emu->files)) return EMU_WRITE_ERROR;
    if (number != EMU_NO_TRACK && (disc->medium->flags & EMU_SYNC_CLOSES))
    {
        struct emu_track *track = &disc->tracks[number - 1];

        if (!track->packet) emu_disc_close_track(disc, number);
        else if (emu->unflushed)
        {
            /* Link, run-in and run-out of a packet take seven blocks. */
            uint32_t room = emu_disc_free(disc, track);

            track->next += room < 7 ? room : 7;
            track->end = track->next;
        }
        sense = emu_commit(emu);
    }
    emu->unflushed = 0;
    return sense;
}

uint32_t emu_synchronize_cache(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t time = emu_buffer_drain(emu), sense;

    if (emu->unflushed || emu->simulated_track) time += emu->options.times.sync;
    sense = emu_sync(emu);
    if (!sense) emu_take_time(emu, time, command->cdb[1] & 0x02, EMU_OPERATION_IN_PROGRESS);
    return sense;
}

static uint32_t close_track(struct emu_recorder *emu, uint32_t number)
{
    struct emu_disc *disc = &emu->disc;

    if (!number || number > emu_disc_track_count(disc)) return EMU_INVALID_FIELD_IN_CDB;
    if (number > disc->track_count || disc->tracks[number - 1].state == EMU_TRACK_COMPLETE)
    {
        return nothing_to_close(emu);
    }
    if (disc->tracks[number - 1].state == EMU_TRACK_RESERVED) return EMU_EMPTY_RESERVED_TRACK;
    emu_disc_close_track(disc, number);
    return emu_commit(emu);
}

static uint32_t close_session(struct emu_recorder *emu, int finalize)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t closed = disc->sessions_closed, sense;

    sense = emu_disc_close_session(disc, finalize);
    if (sense) return sense;
    if (disc->sessions_closed == closed && !disc->finalized) return nothing_to_close(emu);
    if (!disc->identification)
    {
        /* Drives make a number up; so that equal discs differ, the time is in it. */
        disc->identification = (emu_disc_lead_out(disc, 1) ^ (uint32_t)emu_now(emu)) * 2654435761u | 1;
    }
    sense = emu_commit(emu);
    if (!sense && emu_files_flush(&emu->files)) sense = EMU_WRITE_ERROR;
    return sense;
}

/* DVD+RW: stop the background format; make the disc readable for players. Nothing of it moves data. */
static uint32_t close_overwritable(struct emu_recorder *emu, uint8_t function)
{
    struct emu_disc *disc = &emu->disc;

    if (!(disc->medium->flags & EMU_BACKGROUND) || (function != 0 && function != 2))
    {
        return EMU_INVALID_FIELD_IN_CDB;
    }
    if (disc->background != 2) return 0;
    disc->background = 1;
    emu->background_until = 0;
    return emu_commit(emu);
}

/* MMC-5 6.3.2: which functions there are depends on the medium. */
static int function_exists(const struct emu_medium *medium, uint8_t function)
{
    if (function == 1 || function == 2) return 1;
    if (function == 5) return medium->family == EMU_DVD;
    return function == 6 && medium->family != EMU_CD;
}

uint32_t emu_close_track_session(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_times *times = &emu->options.times;
    uint8_t function = command->cdb[2] & 0x07;
    struct emu_disc *disc = &emu->disc;
    uint32_t sense = check_writable(emu), before, number = get_be16(command->cdb + 4);

    if (sense) return sense;
    if (disc->medium->flags & EMU_OVERWRITE) return close_overwritable(emu, function);
    if (!function_exists(disc->medium, function)) return EMU_INVALID_FIELD_IN_CDB;
    if (disc->finalized) return nothing_to_close(emu);

    sense = emu_sync(emu);
    if (sense) return sense;
    before = emu->files.generation;
    switch (function)
    {
    case 1:
        sense = close_track(emu, number);
        break;
    case 2:
        /* On CD the multi-session field of page 05h says whether another session may follow. */
        sense = close_session(emu, disc->medium->family == EMU_CD && !(emu_write_parameters(emu)[3] & 0xC0));
        break;
    default:
        sense = close_session(emu, 1);
        break;
    }
    if (!sense && emu->files.generation != before)
    {
        emu_take_time(emu, function == 1 ? times->close_track : times->close_session, command->cdb[1] & IMMED,
                      EMU_OPERATION_IN_PROGRESS);
    }
    return sense;
}

uint32_t emu_reserve_track(struct emu_recorder *emu, struct transport_command *command)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t sense = check_writable(emu);

    if (sense) return sense;
    if (command->cdb[1] & 0x03) return EMU_INVALID_FIELD_IN_CDB;        /* RMZ, ARSV: DVD-RW and layer jump */
    if (!(disc->medium->flags & EMU_SEQUENTIAL) || disc->finalized) return EMU_CANNOT_WRITE_INCOMPATIBLE;
    sense = emu_disc_reserve(disc, get_be32(command->cdb + 5));
    return sense ? sense : emu_commit(emu);
}

/* Power calibration: parameters given by the host are taken, and not needed. */
uint32_t emu_send_opc(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t size = get_be16(command->cdb + 7);

    if (size % 8) return EMU_PARAMETER_LIST_LENGTH;
    if (size && (command->direction != TRANSPORT_DATA_OUT || command->data_size < size))
    {
        return EMU_DATA_PHASE_ERROR;
    }
    command->transferred = size;
    if (!(command->cdb[1] & 0x01)) return 0;
    if (emu->disc.finalized) return EMU_CANNOT_WRITE_INCOMPATIBLE;
    emu_take_time(emu, emu->options.times.opc, 0, 0);
    return 0;
}
