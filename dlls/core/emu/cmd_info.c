/*
 * READ DISC INFORMATION, READ TRACK INFORMATION and READ CAPACITY: all from the one disc, so that they never
 * disagree.
 */
#include "emu_room.h"

#include <string.h>

/* MSF of an LBA, as MMC-5 annex A has it: 75 frames a second, 150 blocks before LBA 0. */
static void put_msf(uint8_t *out, int64_t lba)
{
    int64_t frames = lba >= -150 ? lba + 150 : lba + 450150;

    out[0] = 0;
    out[1] = (uint8_t)(frames / 75 / 60);
    out[2] = (uint8_t)(frames / 75 % 60);
    out[3] = (uint8_t)(frames % 75);
}

/* Bits 3-2 (last session) and 1-0 (disc) of byte 2. */
static uint8_t disc_status(const struct emu_disc *disc)
{
    struct emu_track track;

    if (disc->medium->flags & EMU_OVERWRITE) return disc->formatted ? 0x0E : 0x00;
    if (disc->finalized) return 0x0E;
    if (!emu_disc_is_appendable(disc)) return 0x00;
    /* Appendable: the last session is empty, or has tracks already. */
    if (emu_disc_track(disc, disc->track_count, &track) && track.session > disc->sessions_closed) return 0x05;
    return 0x01;
}

/* Lead-in of the session that is open, and last possible lead-out: CD addresses. */
static void put_cd_addresses(const struct emu_disc *disc, uint8_t *reply)
{
    struct emu_track track;
    uint32_t first;

    memset(reply + 16, 0xFF, 8);
    if (disc->finalized) return;
    put_msf(reply + 20, disc->capacity);
    if (!disc->sessions_closed)
    {
        static const uint8_t atip_lead_in[4] = { 0, 97, 26, 65 };

        memcpy(reply + 16, atip_lead_in, 4);
        return;
    }
    first = emu_disc_first_track_of(disc, disc->sessions_closed + 1);
    if (emu_disc_track(disc, first, &track)) put_msf(reply + 16, (int64_t)track.start - 4650);
}

/* MMC-5 6.22.3.1. No OPC tables: the drive wants SEND OPC INFORMATION. */
static uint32_t standard_information(const struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_disc *disc = &emu->disc;
    uint32_t sessions = emu_disc_session_count(disc);
    uint32_t first = emu_disc_first_track_of(disc, sessions), last = emu_disc_last_track_of(disc, sessions);
    uint8_t reply[34] = { 0 };

    put_be16(reply, sizeof(reply) - 2);
    reply[2] = disc_status(disc);
    if (disc->medium->flags & EMU_ERASABLE) reply[2] |= 0x10;
    reply[3] = 1;
    reply[4] = (uint8_t)sessions;
    reply[5] = (uint8_t)first;
    reply[6] = (uint8_t)last;
    reply[7] = (uint8_t)(0x20 | disc->background);          /* URU: anything may be written */
    if (disc->identification)
    {
        reply[7] |= 0x80;
        put_be32(reply + 12, disc->identification);
    }
    reply[8] = disc->medium->family == EMU_CD && !disc->track_count ? 0xFF : 0x00;
    reply[9] = (uint8_t)(sessions >> 8);
    reply[10] = (uint8_t)(first >> 8);
    reply[11] = (uint8_t)(last >> 8);
    if (disc->medium->family == EMU_CD) put_cd_addresses(disc, reply);
    else if (disc->medium->flags & EMU_SEQUENTIAL)
    {
        uint32_t usable = disc->formatted ? disc->formatted : disc->capacity;

        put_be32(reply + 20, disc->finalized ? 0xFFFFFFFF : usable);
    }
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 7));
    return 0;
}

/* MMC-5 6.22.3.2. */
static uint32_t track_resources(const struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_disc *disc = &emu->disc;
    uint8_t reply[12] = { 0, 10, 0x20 };

    put_be16(reply + 4, disc->medium->max_tracks);
    put_be16(reply + 6, (uint16_t)emu_disc_track_count(disc));
    put_be16(reply + 8, disc->medium->max_tracks);
    put_be16(reply + 10, (uint16_t)(disc->medium->max_tracks - disc->track_count));
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 7));
    return 0;
}

uint32_t emu_read_disc_information(struct emu_recorder *emu, struct transport_command *command)
{
    switch (command->cdb[1] & 0x07)
    {
    case 0:
        return standard_information(emu, command);
    case 1:
        return track_resources(emu, command);
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
}

/* The track that is asked for; EMU_NO_TRACK and sense when there is none. */
static uint32_t find_track(const struct emu_disc *disc, const uint8_t *cdb, uint32_t *sense)
{
    uint32_t number = get_be32(cdb + 2), count = emu_disc_track_count(disc);
    struct emu_track track;

    *sense = EMU_INVALID_FIELD_IN_CDB;
    switch (cdb[1] & 0x03)
    {
    case 0:
        *sense = EMU_LBA_OUT_OF_RANGE;
        return emu_disc_track_at(disc, number);
    case 1:
        if (number == 0xFF && !(disc->medium->flags & EMU_OVERWRITE) && count < 0xFF)
        {
            /* The incomplete or the invisible track. */
            if (!emu_disc_track(disc, count, &track) || track.state == EMU_TRACK_COMPLETE)
                return EMU_NO_TRACK;
            return count;
        }
        return number && number <= count ? number : EMU_NO_TRACK;
    case 2:
        if (!number || number > emu_disc_session_count(disc)) return EMU_NO_TRACK;
        number = emu_disc_first_track_of(disc, number);
        return number <= count ? number : EMU_NO_TRACK;
    default:
        return EMU_NO_TRACK;
    }
}

/* MMC-5 6.27.3. */
uint32_t emu_read_track_information(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_disc *disc = &emu->disc;
    int cd = disc->medium->family == EMU_CD;
    uint8_t reply[48] = { 0 };
    size_t size = cd ? 36 : 48;
    struct emu_track track;
    uint32_t sense, number = find_track(disc, command->cdb, &sense), room;

    if (number == EMU_NO_TRACK || !emu_disc_track(disc, number, &track)) return sense;
    if (emu->simulated_track == number)
    {
        track.state = EMU_TRACK_OPEN;
        track.next = emu->simulated_next;
    }
    room = emu_disc_free(disc, &track);
    put_be16(reply, (uint16_t)(size - 2));
    reply[2] = (uint8_t)number;
    reply[3] = (uint8_t)track.session;
    reply[5] = (uint8_t)((track.damaged ? 0x20 : 0) | (track.control & 0x0F));
    reply[6] = track.mode;
    if (track.state == EMU_TRACK_INVISIBLE || track.state == EMU_TRACK_RESERVED)
        reply[6] = 0x40 | (cd ? 0x0F : 1);
    if (track.reserved) reply[6] |= 0x80;
    if (track.packet) reply[6] |= 0x20;
    if (room && !(disc->medium->flags & EMU_OVERWRITE)) reply[7] |= 0x01;
    put_be32(reply + 8, track.start);
    if (reply[7] & 0x01)
    {
        put_be32(reply + 12, track.next);
        put_be32(reply + 16, room);
    }
    if (!cd) put_be32(reply + 20, disc->medium->blocking);
    put_be32(reply + 24, track.state == EMU_TRACK_INVISIBLE ? room : track.size);
    if (!cd && track.next > track.start && !(disc->medium->flags & EMU_OVERWRITE))
    {
        reply[7] |= 0x02;
        put_be32(reply + 28, track.next - 1);
    }
    reply[32] = (uint8_t)(number >> 8);
    reply[33] = (uint8_t)(track.session >> 8);
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}

uint32_t emu_read_capacity(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t blocks = emu_disc_readable(&emu->disc);
    uint8_t reply[8];

    put_be32(reply, blocks ? blocks - 1 : 0);
    put_be32(reply + 4, MMC_BLOCK_SIZE);
    emu_reply(command, reply, sizeof(reply), sizeof(reply));
    return 0;
}
