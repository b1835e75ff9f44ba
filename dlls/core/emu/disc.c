/*
 * Tracks and sessions of one disc: where the next one starts, how much room there is, what closing does.
 * Nothing here touches a file; whoever changes a disc stores it afterwards.
 */
#include "emu_room.h"

#include <string.h>

/* Data, copy prohibited; DVD and BD record incrementally (bit 0). */
static uint8_t control_of(const struct emu_medium *medium)
{
    return medium->family == EMU_CD ? 4 : 5;
}

static uint32_t round_up(uint32_t blocks, uint32_t unit)
{
    return (blocks + unit - 1) / unit * unit;
}

void emu_disc_blank(struct emu_disc *disc, const struct emu_medium *medium, uint32_t capacity)
{
    memset(disc, 0, sizeof(*disc));
    disc->medium = medium;
    disc->capacity = capacity;
    if (!(medium->flags & EMU_FORMATTABLE)) disc->formatted = capacity;
}

void emu_disc_finished(struct emu_disc *disc, const struct emu_medium *medium, uint32_t capacity,
                       uint32_t blocks)
{
    struct emu_track *track = &disc->tracks[0];

    if (capacity < blocks) capacity = round_up(blocks, medium->blocking);
    emu_disc_blank(disc, medium, capacity);
    disc->formatted = capacity;
    if (medium->flags & EMU_OVERWRITE)
    {
        disc->format_type = medium->formats[0].type;
        disc->background = medium->flags & EMU_BACKGROUND ? 3 : 0;
        disc->used = 1;
        return;
    }
    disc->finalized = 1;
    disc->sessions_closed = 1;
    disc->track_count = 1;
    track->state = EMU_TRACK_COMPLETE;
    track->session = 1;
    track->next = blocks;
    track->end = track->size = round_up(blocks, medium->blocking);
    track->control = control_of(medium);
    track->mode = 1;
}

int emu_disc_is_blank(const struct emu_disc *disc)
{
    if (disc->medium->flags & EMU_OVERWRITE) return !disc->used;
    return !disc->track_count && !disc->sessions_closed && !disc->finalized;
}

int emu_disc_is_appendable(const struct emu_disc *disc)
{
    return (disc->medium->flags & EMU_SEQUENTIAL) && !disc->finalized &&
           (disc->track_count || disc->sessions_closed || (disc->medium->formats && disc->formatted));
}

uint32_t emu_disc_session_count(const struct emu_disc *disc)
{
    if (disc->medium->flags & EMU_OVERWRITE) return 1;
    return disc->finalized ? disc->sessions_closed : disc->sessions_closed + 1;
}

uint32_t emu_disc_lead_out(const struct emu_disc *disc, uint32_t session)
{
    uint32_t lead_out = 0;

    for (uint32_t i = 0; i < disc->track_count && disc->tracks[i].session <= session; ++i)
    {
        lead_out = disc->tracks[i].start + disc->tracks[i].size;
    }
    return lead_out;
}

/* Where a track would begin that nobody has begun yet. 0 when there can be none. */
static int invisible_track(const struct emu_disc *disc, struct emu_track *track)
{
    const struct emu_medium *medium = disc->medium;
    const struct emu_track *last = disc->track_count ? &disc->tracks[disc->track_count - 1] : NULL;
    uint64_t start = 0;

    if (disc->finalized || (medium->flags & EMU_OVERWRITE)) return 0;
    if (last && last->state == EMU_TRACK_OPEN && !last->reserved) return 0;
    if (disc->track_count >= medium->max_tracks || disc->track_count >= EMU_TRACKS_MAX) return 0;
    if (disc->sessions_closed >= medium->max_sessions) return 0;

    memset(track, 0, sizeof(*track));
    if (last)
    {
        start = (uint64_t)last->start + last->size;
        if (last->session > disc->sessions_closed) start += medium->track_gap;
        else start += disc->sessions_closed == 1 ? medium->first_gap : medium->next_gap;
        start = (start + medium->blocking - 1) / medium->blocking * medium->blocking;
    }
    track->state = EMU_TRACK_INVISIBLE;
    track->session = disc->sessions_closed + 1;
    track->start = track->next = track->end = start < disc->capacity ? (uint32_t)start : disc->capacity;
    /* A disc not formatted yet has all of its capacity: writing formats it without spares. */
    track->size = (disc->formatted ? disc->formatted : disc->capacity);
    track->size = track->size > track->start ? track->size - track->start : 0;
    track->control = control_of(medium);
    track->mode = 1;
    return 1;
}

uint32_t emu_disc_track_count(const struct emu_disc *disc)
{
    struct emu_track track;

    if (disc->medium->flags & EMU_OVERWRITE) return 1;
    return disc->track_count + (uint32_t)invisible_track(disc, &track);
}

int emu_disc_track(const struct emu_disc *disc, uint32_t number, struct emu_track *track)
{
    if (!number) return 0;
    if (disc->medium->flags & EMU_OVERWRITE)
    {
        if (number != 1) return 0;
        memset(track, 0, sizeof(*track));
        track->state = disc->formatted ? EMU_TRACK_COMPLETE : EMU_TRACK_INVISIBLE;
        track->session = 1;
        track->size = disc->formatted ? disc->formatted : disc->capacity;
        track->end = track->next = disc->formatted;
        track->control = control_of(disc->medium);
        track->mode = 1;
        return 1;
    }
    if (number <= disc->track_count)
    {
        *track = disc->tracks[number - 1];
        return 1;
    }
    return number == disc->track_count + 1 && invisible_track(disc, track);
}

uint32_t emu_disc_track_at(const struct emu_disc *disc, uint32_t lba)
{
    uint32_t count = emu_disc_track_count(disc);
    struct emu_track track;

    for (uint32_t number = 1; number <= count; ++number)
    {
        if (!emu_disc_track(disc, number, &track)) break;
        if (lba >= track.start && lba - track.start < track.size) return number;
    }
    return EMU_NO_TRACK;
}

uint32_t emu_disc_first_track_of(const struct emu_disc *disc, uint32_t session)
{
    uint32_t count = emu_disc_track_count(disc);
    struct emu_track track;

    for (uint32_t number = 1; number <= count; ++number)
    {
        if (emu_disc_track(disc, number, &track) && track.session == session) return number;
    }
    return count ? count : 1;
}

uint32_t emu_disc_last_track_of(const struct emu_disc *disc, uint32_t session)
{
    struct emu_track track;

    for (uint32_t number = emu_disc_track_count(disc); number; --number)
    {
        if (emu_disc_track(disc, number, &track) && track.session == session) return number;
    }
    return emu_disc_track_count(disc);
}

uint32_t emu_disc_free(const struct emu_disc *disc, const struct emu_track *track)
{
    uint32_t end = track->start + track->size;

    if (track->state == EMU_TRACK_COMPLETE) return 0;
    /* Run-out blocks must fit behind the data, in front of the last possible lead-out. */
    if (!track->reserved) end = end > disc->medium->run_out ? end - disc->medium->run_out : 0;
    return end > track->next ? end - track->next : 0;
}

uint32_t emu_disc_readable(const struct emu_disc *disc)
{
    uint32_t end = 0;

    if (disc->medium->flags & EMU_OVERWRITE) return disc->formatted;
    if (disc->medium->family != EMU_BD) return emu_disc_lead_out(disc, disc->sessions_closed);
    /* BD-R: what was recorded, in an open session too. */
    for (uint32_t i = 0; i < disc->track_count; ++i)
    {
        if (disc->tracks[i].state != EMU_TRACK_RESERVED) end = disc->tracks[i].end;
    }
    return end;
}

void emu_disc_follow_image(struct emu_disc *disc, uint64_t image_size)
{
    struct emu_track *track;
    uint64_t blocks = (image_size + MMC_BLOCK_SIZE - 1) / MMC_BLOCK_SIZE;
    uint64_t end;

    if (!disc->writing || disc->writing > disc->track_count) return;
    track = &disc->tracks[disc->writing - 1];
    end = (uint64_t)track->start + track->size;
    /* A unit that was written in part is spent: the next address is behind it. */
    blocks = (blocks + disc->medium->unit - 1) / disc->medium->unit * disc->medium->unit;
    if (blocks > end) blocks = end;
    if (blocks > track->next) track->next = track->end = (uint32_t)blocks;
}

uint32_t emu_disc_begin_track(struct emu_disc *disc, uint32_t number, int packet)
{
    struct emu_track track;

    if (!emu_disc_track(disc, number, &track)) return EMU_INVALID_WRITE_ADDRESS;
    if (track.state == EMU_TRACK_INVISIBLE)
    {
        if (!track.size) return EMU_END_OF_USER_AREA;
        disc->formatted = disc->formatted ? disc->formatted : disc->capacity;
        disc->track_count = number;
    }
    track.state = EMU_TRACK_OPEN;
    track.packet = (uint8_t)packet;
    disc->tracks[number - 1] = track;
    return 0;
}

uint32_t emu_disc_reserve(struct emu_disc *disc, uint32_t blocks)
{
    struct emu_track track;
    uint32_t room;

    if (!invisible_track(disc, &track)) return EMU_NO_MORE_RESERVATIONS;
    room = emu_disc_free(disc, &track);
    blocks = round_up(blocks, disc->medium->unit);
    if (!blocks || blocks > room) return EMU_INVALID_FIELD_IN_CDB;
    track.state = EMU_TRACK_RESERVED;
    track.reserved = 1;
    track.size = blocks;
    disc->formatted = disc->formatted ? disc->formatted : disc->capacity;
    disc->tracks[disc->track_count++] = track;
    return 0;
}

uint32_t emu_disc_close_track(struct emu_disc *disc, uint32_t number)
{
    const struct emu_medium *medium = disc->medium;
    struct emu_track *track = &disc->tracks[number - 1];
    uint32_t data = track->next - track->start, length = data < medium->min_track ? medium->min_track : data;
    uint32_t run_out = track->reserved ? 0 : medium->run_out, room = track->size;

    length = round_up(length, medium->blocking);
    if (track->reserved && length < room) length = room;
    /* Padding gives way where the disc ends; data never do. */
    if (length > room || run_out > room - length) length = room > run_out ? room - run_out : 0;
    if (length < data) length = data;
    track->end = track->start + length;
    track->size = run_out < room - length ? length + run_out : room;
    track->state = EMU_TRACK_COMPLETE;
    if (disc->writing == number) disc->writing = 0;
    return 0;
}

uint32_t emu_disc_close_session(struct emu_disc *disc, int finalize)
{
    uint32_t open = disc->sessions_closed + 1;
    int empty = 1;

    for (uint32_t i = 0; i < disc->track_count; ++i)
    {
        if (disc->tracks[i].session != open) continue;
        empty = 0;
        if (disc->tracks[i].state == EMU_TRACK_OPEN) return EMU_INCOMPLETE_TRACK_IN_SESSION;
        if (disc->tracks[i].state == EMU_TRACK_RESERVED) return EMU_EMPTY_RESERVED_TRACK;
    }
    if (!empty) disc->sessions_closed = open;
    if (finalize && disc->sessions_closed) disc->finalized = 1;
    return 0;
}
