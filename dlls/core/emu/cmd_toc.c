/*
 * READ TOC/PMA/ATIP, formats 0, 1, 2 and 4, and READ SUB-CHANNEL. A blank disc has no table of contents.
 */
#include "emu_room.h"

#include <string.h>

/* 100 descriptors of 8 bytes, or 103 of 11 for one session; more sessions bring three each. */
#define REPLY_MAX (4 + 11 * (99 + 5 * 99))

/* An address: LBA, or 0, M, S, F. */
static void put_address(uint8_t *out, uint32_t lba, int msf)
{
    uint32_t frames = lba + 150;

    put_be32(out, lba);
    if (!msf) return;
    out[0] = 0;
    out[1] = (uint8_t)(frames / 75 / 60);
    out[2] = (uint8_t)(frames / 75 % 60);
    out[3] = (uint8_t)(frames % 75);
}

/* Tracks of complete sessions: what a TOC knows of. */
static uint32_t toc_tracks(const struct emu_disc *disc)
{
    uint32_t count = 0;

    if (disc->medium->flags & EMU_OVERWRITE) return disc->formatted ? 1 : 0;
    while (count < disc->track_count && disc->tracks[count].session <= disc->sessions_closed) ++count;
    return count;
}

/* ADR 1, and CONTROL: a data track; incremental where it was written in packets. DVD and BD, whose tracks are
   all incremental, show theirs as plain data, as drives do. */
static uint8_t toc_control(const struct emu_track *track)
{
    return track->packet ? 0x15 : 0x14;
}

static uint32_t formatted_toc(const struct emu_disc *disc, struct transport_command *command, uint8_t *reply,
                              int msf)
{
    uint32_t count = toc_tracks(disc), first = command->cdb[6], last = count < 99 ? count : 99;
    struct emu_track track;
    size_t size = 4;

    if (!count || (first > last && first != 0xAA)) return EMU_INVALID_FIELD_IN_CDB;
    reply[2] = 1;
    reply[3] = (uint8_t)last;
    for (uint32_t number = first ? first : 1; number <= last; ++number)
    {
        emu_disc_track(disc, number, &track);
        reply[size + 1] = toc_control(&track);
        reply[size + 2] = (uint8_t)number;
        put_address(reply + size + 4, track.start, msf);
        size += 8;
    }
    emu_disc_track(disc, count, &track);
    reply[size + 1] = toc_control(&track);
    reply[size + 2] = 0xAA;
    put_address(reply + size + 4, track.start + track.size, msf);
    size += 8;
    put_be16(reply, (uint16_t)(size - 2));
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}

static uint32_t session_information(const struct emu_disc *disc, struct transport_command *command,
                                    uint8_t *reply, int msf)
{
    uint32_t count = toc_tracks(disc), sessions = disc->sessions_closed ? disc->sessions_closed : 1, first;
    struct emu_track track;

    if (!count) return EMU_INVALID_FIELD_IN_CDB;
    first = emu_disc_first_track_of(disc, sessions);
    emu_disc_track(disc, first, &track);
    put_be16(reply, 10);
    reply[2] = 1;
    reply[3] = (uint8_t)(sessions > 0xFF ? 0xFF : sessions);
    reply[5] = toc_control(&track);
    reply[6] = (uint8_t)(first > 0xFF ? 0xFF : first);
    put_address(reply + 8, track.start, msf);
    emu_reply(command, reply, 12, get_be16(command->cdb + 7));
    return 0;
}

/* One entry of the raw TOC: session, ADR and CONTROL, TNO, POINT, M, S, F, zero, PMIN, PSEC, PFRAME. */
static size_t raw_entry(uint8_t *out, uint32_t session, uint8_t adr_control, uint8_t point,
                        const uint8_t *msf, const uint8_t *pmsf)
{
    out[0] = (uint8_t)session;
    out[1] = adr_control;
    out[3] = point;
    if (msf) memcpy(out + 4, msf, 3);
    memcpy(out + 8, pmsf, 3);
    return 11;
}

static size_t raw_session(const struct emu_disc *disc, uint32_t session, uint8_t *out)
{
    uint32_t first = emu_disc_first_track_of(disc, session), last = emu_disc_last_track_of(disc, session);
    uint32_t lead_out = emu_disc_lead_out(disc, session), next;
    static const uint8_t lead_in[3] = { 97, 26, 65 };
    uint8_t address[4], last_lead_out[4], pmsf[3] = { 0 };
    struct emu_track track;
    size_t size = 0;

    emu_disc_track(disc, first, &track);
    pmsf[0] = (uint8_t)first;
    pmsf[1] = track.mode == 2 ? 0x20 : 0x00;            /* disc type: CD-ROM, or XA */
    size += raw_entry(out + size, session, toc_control(&track), 0xA0, NULL, pmsf);
    pmsf[0] = (uint8_t)last;
    pmsf[1] = 0;
    size += raw_entry(out + size, session, toc_control(&track), 0xA1, NULL, pmsf);
    put_address(address, lead_out, 1);
    size += raw_entry(out + size, session, toc_control(&track), 0xA2, NULL, address + 1);
    for (uint32_t number = first; number <= last; ++number)
    {
        emu_disc_track(disc, number, &track);
        put_address(address, track.start, 1);
        size += raw_entry(out + size, session, toc_control(&track), (uint8_t)number, NULL, address + 1);
    }
    if (disc->finalized && session == 1 && disc->sessions_closed == 1) return size;

    /* B0: where the next program area may begin; C0: the lead-in of the first session. */
    next = lead_out + (session == 1 ? disc->medium->first_gap : disc->medium->next_gap);
    put_address(address, next, 1);
    if (disc->finalized && session == disc->sessions_closed) memset(address, 0xFF, sizeof(address));
    put_address(last_lead_out, disc->capacity, 1);
    size += raw_entry(out + size, session, 0x54, 0xB0, address + 1, last_lead_out + 1);
    out[size - 11 + 7] = session == 1 ? 2 : 1;          /* how many mode-5 entries there are */
    if (session > 1) return size;
    return size + raw_entry(out + size, session, 0x54, 0xC0, NULL, lead_in);
}

static uint32_t raw_toc(const struct emu_disc *disc, struct transport_command *command, uint8_t *reply)
{
    uint32_t from = command->cdb[6] ? command->cdb[6] : 1;
    size_t size = 4;

    if (disc->medium->family != EMU_CD) return EMU_INVALID_FIELD_IN_CDB;
    if (!disc->sessions_closed || from > disc->sessions_closed) return EMU_INVALID_FIELD_IN_CDB;
    reply[2] = 1;
    reply[3] = (uint8_t)disc->sessions_closed;
    for (uint32_t session = from; session <= disc->sessions_closed; ++session)
    {
        size += raw_session(disc, session, reply + size);
    }
    put_be16(reply, (uint16_t)(size - 2));
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}

/* MMC-5 6.26.3.6: what is pressed into the groove of a recordable CD. */
static uint32_t atip(const struct emu_disc *disc, struct transport_command *command, uint8_t *reply)
{
    int rewritable = (disc->medium->flags & EMU_BLANKABLE) != 0;
    uint8_t address[4];

    if (disc->medium->family != EMU_CD) return EMU_INVALID_FIELD_IN_CDB;
    put_be16(reply, 26);
    reply[4] = (uint8_t)(rewritable ? 0xD3 : 0xD0);     /* writing power; reference speed of CD-RW: 4x */
    reply[5] = 0x40;                                    /* URU */
    reply[6] = (uint8_t)(0x80 | (rewritable ? 0x44 : 0x00));    /* CD-RW; A1 valid */
    reply[8] = 97;                                      /* lead-in start */
    reply[9] = 26;
    reply[10] = 65;
    put_address(address, disc->capacity, 1);
    memcpy(reply + 12, address + 1, 3);                 /* last possible lead-out start */
    if (rewritable) reply[16] = 0x24;                   /* CLV 4x to 8x */
    emu_reply(command, reply, 28, get_be16(command->cdb + 7));
    return 0;
}

uint32_t emu_read_toc(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t format = command->cdb[2] & 0x0F, reply[REPLY_MAX] = { 0 };
    int msf = command->cdb[1] & 0x02;

    /* Hosts from before MMC-3 put the format into the control byte. */
    if (!format) format = command->cdb[9] >> 6;
    switch (format)
    {
    case 0:
        return formatted_toc(&emu->disc, command, reply, msf);
    case 1:
        return session_information(&emu->disc, command, reply, msf);
    case 2:
        return raw_toc(&emu->disc, command, reply);
    case 4:
        return atip(&emu->disc, command, reply);
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
}

/* MMC-5 6.24: there is no audio, so nothing plays, and neither catalogue number nor ISRC. */
uint32_t emu_read_sub_channel(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t reply[24] = { 0 };
    size_t size = 4;

    if (emu->disc.medium->family != EMU_CD) return EMU_INVALID_FIELD_IN_CDB;
    reply[1] = 0x15;                    /* no audio status to return */
    if (command->cdb[2] & 0x40)
    {
        reply[4] = command->cdb[3];
        switch (command->cdb[3])
        {
        case 1:
            reply[5] = 0x14;
            reply[6] = 1;
            reply[7] = 1;
            put_address(reply + 8, 0, command->cdb[1] & 0x02);
            size = 16;
            break;
        case 2:
            size = 24;
            break;
        case 3:
            reply[5] = 0x14;
            reply[6] = command->cdb[6];
            size = 24;
            break;
        default:
            return EMU_INVALID_FIELD_IN_CDB;
        }
    }
    put_be16(reply + 2, (uint16_t)(size - 4));
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}
