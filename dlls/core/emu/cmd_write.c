/*
 * WRITE: at the next writable address of a track, or anywhere on an overwritable medium. Blocks go to the
 * image at once; the state file is touched only when a track begins, for while it is open the end of the
 * image tells how far it has come, to this recorder, to others, and after a kill.
 */
#include "emu_room.h"

/* What forbids writing as such. 0 when nothing does. */
static uint32_t check_protection(const struct emu_recorder *emu)
{
    if (emu->disc.write_protected || emu_software_write_protect(emu)) return EMU_WRITE_PROTECTED;
    return emu_files_writable(&emu->files) ? 0 : EMU_WRITE_PROTECTED;
}

static uint32_t write_anywhere(struct emu_recorder *emu, const uint8_t *data, uint32_t lba, uint32_t count)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t sense;

    if (!disc->formatted) return EMU_NOT_FORMATTED;
    if (lba >= disc->formatted || count > disc->formatted - lba) return EMU_LBA_OUT_OF_RANGE;
    sense = emu_buffer_take(emu, count * MMC_BLOCK_SIZE);
    if (sense) return sense;
    if (emu_files_write(&emu->files, lba, data, count)) return EMU_WRITE_ERROR;
    emu->unflushed = 1;
    if (disc->used) return 0;
    disc->used = 1;
    return emu_commit(emu);
}

/* Whether the end of the image tells how far this track has come: no track behind it holds data. */
static int ends_image(const struct emu_disc *disc, uint32_t number)
{
    for (uint32_t i = number; i < disc->track_count; ++i)
    {
        if (disc->tracks[i].next > disc->tracks[i].start) return 0;
    }
    return 1;
}

/* Opens the track for writing, with what page 05h says about it. */
static uint32_t begin_track(struct emu_recorder *emu, uint32_t number)
{
    const uint8_t *page = emu_write_parameters(emu);
    struct emu_disc *disc = &emu->disc;
    int cd = disc->medium->family == EMU_CD;
    struct emu_track *track;
    uint32_t sense;

    sense = emu_disc_begin_track(disc, number, cd && !(page[2] & 0x0F));
    if (sense) return sense;
    track = &disc->tracks[number - 1];
    if (cd)
    {
        track->control = page[3] & 0x0F;
        track->mode = (page[4] & 0x0F) == 10 ? 2 : 1;
    }
    if (!ends_image(disc, number)) return emu_commit(emu);
    /* What an erasure that was cut off has left there would pass for data of this track. */
    if (track->next == track->start && emu_files_trim(&emu->files, track->start)) return EMU_WRITE_ERROR;
    disc->writing = number;
    return emu_commit(emu);
}

/* A test write: everything is checked, nothing is recorded. */
static uint32_t simulate(struct emu_recorder *emu, uint32_t number, uint32_t lba, uint32_t count)
{
    struct emu_track track;

    emu_disc_track(&emu->disc, number, &track);
    if (track.state == EMU_TRACK_OPEN) return EMU_SEQUENCE_ERROR;
    if (emu->simulated_track == number) track.next = emu->simulated_next;
    if (lba != track.next) return EMU_INVALID_WRITE_ADDRESS;
    if (count > emu_disc_free(&emu->disc, &track)) return EMU_END_OF_USER_AREA;
    emu->simulated_track = number;
    emu->simulated_next = lba + count;
    return emu_buffer_take(emu, count * MMC_BLOCK_SIZE);
}

static uint32_t write_sequentially(struct emu_recorder *emu, const uint8_t *data, uint32_t lba,
                                   uint32_t count)
{
    const uint8_t *page = emu_write_parameters(emu);
    struct emu_disc *disc = &emu->disc;
    int cd = disc->medium->family == EMU_CD;
    uint32_t number, sense;
    struct emu_track track;

    if (disc->finalized) return EMU_CANNOT_WRITE_INCOMPATIBLE;
    number = emu_disc_track_at(disc, lba);
    if (number == EMU_NO_TRACK || !emu_disc_track(disc, number, &track))
    {
        return lba >= disc->capacity ? EMU_LBA_OUT_OF_RANGE : EMU_INVALID_WRITE_ADDRESS;
    }
    if (cd && (page[2] & 0x10)) return simulate(emu, number, lba, count);
    if (track.state == EMU_TRACK_COMPLETE || lba != track.next) return EMU_INVALID_WRITE_ADDRESS;
    if (count > emu_disc_free(disc, &track)) return EMU_END_OF_USER_AREA;
    if (cd)
    {
        int packet = !(page[2] & 0x0F);

        if (track.state == EMU_TRACK_OPEN && packet != track.packet) return EMU_ILLEGAL_MODE_FOR_TRACK;
        if (packet && (page[3] & 0x20) && count % 32) return EMU_INVALID_PACKET_SIZE;
    }
    sense = emu_buffer_take(emu, count * MMC_BLOCK_SIZE);
    if (sense == EMU_LOSS_OF_STREAMING)
    {
        disc->tracks[number - 1].damaged = 1;
        emu_commit(emu);
    }
    if (!sense && (track.state != EMU_TRACK_OPEN || (disc->writing != number && ends_image(disc, number))))
    {
        sense = begin_track(emu, number);
    }
    if (sense) return sense;
    if (emu_files_write(&emu->files, lba, data, count)) return EMU_WRITE_ERROR;
    disc->tracks[number - 1].next = disc->tracks[number - 1].end = lba + count;
    emu->unflushed = 1;
    return disc->writing == number ? 0 : emu_commit(emu);
}

static uint32_t write_blocks(struct emu_recorder *emu, struct transport_command *command, uint32_t lba,
                             uint32_t count)
{
    const struct emu_medium *medium = emu->disc.medium;
    uint64_t size = (uint64_t)count * MMC_BLOCK_SIZE;
    uint32_t sense = check_protection(emu);

    if (sense || !count) return sense;
    if (command->direction != TRANSPORT_DATA_OUT || command->data_size != size) return EMU_DATA_PHASE_ERROR;
    if (lba % medium->unit || count % medium->unit) return EMU_INVALID_PACKET_SIZE;
    if (medium->flags & EMU_OVERWRITE) sense = write_anywhere(emu, command->data, lba, count);
    else sense = write_sequentially(emu, command->data, lba, count);
    if (!sense) command->transferred = (uint32_t)size;
    return sense;
}

uint32_t emu_write_10(struct emu_recorder *emu, struct transport_command *command)
{
    return write_blocks(emu, command, get_be32(command->cdb + 2), get_be16(command->cdb + 7));
}

uint32_t emu_write_12(struct emu_recorder *emu, struct transport_command *command)
{
    return write_blocks(emu, command, get_be32(command->cdb + 2), get_be32(command->cdb + 6));
}

/* What was written is what the image holds, so that there is nothing more to verify. Not for sequential
   media: MMC-5 6.48 has it with random writing only. */
uint32_t emu_write_verify_10(struct emu_recorder *emu, struct transport_command *command)
{
    if (!(emu->disc.medium->flags & EMU_OVERWRITE)) return EMU_INVALID_OPCODE;
    return emu_write_10(emu, command);
}
