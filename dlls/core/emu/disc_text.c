/*
 * A disc as text, the record in its state file: "Key = number" lines and one line for each track. Only what
 * the writer would have written is read back, so that damage never passes for a disc.
 */
#include "emu_room.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_SIZE 128
#define CAPACITY_MAX 0x80000000u        /* blocks: the largest image that is taken for a disc */

struct field
{
    const char *key;
    size_t offset;
    size_t size;                        /* of the member: 1 or 4 bytes */
};

#define FIELD(key, member) { key, offsetof(struct emu_disc, member), sizeof(((struct emu_disc *)0)->member) }
#define TRACK_FIELD(key, member)                                                                             \
    { key, offsetof(struct emu_track, member), sizeof(((struct emu_track *)0)->member) }

static const struct field disc_fields[] =
{
    FIELD("Capacity", capacity),
    FIELD("Formatted", formatted),
    FIELD("FormatType", format_type),
    FIELD("FormatSubType", format_sub),
    FIELD("BackgroundFormat", background),
    FIELD("Used", used),
    FIELD("Finalized", finalized),
    FIELD("WriteProtected", write_protected),
    FIELD("TrayOpen", tray_open),
    FIELD("Identification", identification),
    FIELD("Changes", changes),
    FIELD("SessionsClosed", sessions_closed),
    FIELD("WritingTrack", writing),
    FIELD("Tracks", track_count),
};

static const struct field track_fields[] =
{
    TRACK_FIELD("session", session),
    TRACK_FIELD("start", start),
    TRACK_FIELD("size", size),
    TRACK_FIELD("next", next),
    TRACK_FIELD("end", end),
    TRACK_FIELD("control", control),
    TRACK_FIELD("mode", mode),
    TRACK_FIELD("reserved", reserved),
    TRACK_FIELD("packet", packet),
    TRACK_FIELD("damaged", damaged),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* By enum emu_track_state; an invisible track is never stored. */
static const char *const state_names[] = { "reserved", "open", "complete" };

static uint32_t get_field(const void *object, const struct field *field)
{
    const uint8_t *member = (const uint8_t *)object + field->offset;
    uint32_t value;

    if (field->size == 1) return *member;
    memcpy(&value, member, sizeof(value));
    return value;
}

static void set_field(void *object, const struct field *field, uint32_t value)
{
    uint8_t *member = (uint8_t *)object + field->offset;

    if (field->size == 1) *member = (uint8_t)value;
    else memcpy(member, &value, sizeof(value));
}

struct text_out
{
    char *text;
    size_t size, room;
    int failed;
};

#if defined(__MINGW32__)
__attribute__((format(gnu_printf, 2, 3)))
#elif defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
put(struct text_out *out, const char *format, ...)
{
    va_list arguments;
    int length;

    if (out->room - out->size < LINE_MAX_SIZE)
    {
        char *larger = realloc(out->text, out->room + 4096);

        if (!larger)
        {
            out->failed = 1;
            return;
        }
        out->text = larger;
        out->room += 4096;
    }
    va_start(arguments, format);
    length = vsnprintf(out->text + out->size, LINE_MAX_SIZE, format, arguments);
    va_end(arguments);
    if (length > 0 && length < LINE_MAX_SIZE) out->size += (size_t)length;
    else out->failed = 1;
}

char *emu_disc_to_text(const struct emu_disc *disc)
{
    struct text_out out = { NULL, 0, 0, 0 };

    put(&out, "Medium = %s\n", disc->medium->name);
    for (size_t i = 0; i < COUNT(disc_fields) && !out.failed; ++i)
    {
        put(&out, "%s = %u\n", disc_fields[i].key, (unsigned)get_field(disc, &disc_fields[i]));
    }
    for (uint32_t i = 0; i < disc->track_count && !out.failed; ++i)
    {
        const struct emu_track *track = &disc->tracks[i];

        put(&out, "Track = %s", state_names[track->state]);
        for (size_t k = 0; k < COUNT(track_fields) && !out.failed; ++k)
        {
            put(&out, " %s %u", track_fields[k].key, (unsigned)get_field(track, &track_fields[k]));
        }
        put(&out, "\n");
    }
    if (!out.failed) return out.text;
    free(out.text);
    return NULL;
}

struct text_in
{
    const char *at, *end;
};

/* Takes the literal if it comes next. */
static int take(struct text_in *in, const char *literal)
{
    size_t length = strlen(literal);

    if ((size_t)(in->end - in->at) < length || memcmp(in->at, literal, length)) return 0;
    in->at += length;
    return 1;
}

/* A number as %u writes it, that fits into size bytes. */
static int take_number(struct text_in *in, size_t size, uint32_t *value)
{
    const char *start = in->at;
    uint64_t number = 0;

    while (in->at < in->end && *in->at >= '0' && *in->at <= '9' && in->at - start < 11)
    {
        number = number * 10 + (uint64_t)(*in->at++ - '0');
    }
    if (in->at == start || (*start == '0' && in->at - start > 1)) return 0;
    *value = (uint32_t)number;
    return number <= (size == 1 ? 0xFFu : 0xFFFFFFFFu);
}

static int take_track(struct text_in *in, struct emu_track *track)
{
    uint32_t value;
    size_t state = 0;

    memset(track, 0, sizeof(*track));
    if (!take(in, "Track = ")) return 0;
    while (state < COUNT(state_names) && !take(in, state_names[state])) ++state;
    if (state == COUNT(state_names)) return 0;
    track->state = (enum emu_track_state)state;
    for (size_t k = 0; k < COUNT(track_fields); ++k)
    {
        if (!take(in, " ") || !take(in, track_fields[k].key) || !take(in, " ")) return 0;
        if (!take_number(in, track_fields[k].size, &value)) return 0;
        set_field(track, &track_fields[k], value);
    }
    return take(in, "\n");
}

/* What the rest of the room relies on: ascending tracks inside the disc, sessions in order. */
static int plausible(const struct emu_disc *disc)
{
    uint64_t at = 0;
    uint32_t session = 1;

    if (!disc->capacity || disc->capacity > CAPACITY_MAX) return 0;
    if (disc->formatted > disc->capacity || disc->writing > disc->track_count) return 0;
    if (disc->background > 3 || disc->used > 1 || disc->finalized > 1 || disc->tray_open > 1) return 0;
    if (disc->sessions_closed > disc->medium->max_sessions) return 0;
    if ((disc->medium->flags & EMU_OVERWRITE) && (disc->track_count || disc->sessions_closed)) return 0;
    for (uint32_t i = 0; i < disc->track_count; ++i)
    {
        const struct emu_track *track = &disc->tracks[i];
        uint64_t end = (uint64_t)track->start + track->size;

        if (track->start < at || end > disc->capacity) return 0;
        if (track->next < track->start || track->next > end) return 0;
        if (track->end < track->next || track->end > end) return 0;
        if (track->session < session || track->session > session + 1) return 0;
        if (track->session > disc->sessions_closed + 1) return 0;
        if (track->session <= disc->sessions_closed && track->state != EMU_TRACK_COMPLETE) return 0;
        session = track->session;
        at = end;
    }
    if (disc->writing && disc->tracks[disc->writing - 1].state != EMU_TRACK_OPEN) return 0;
    return !disc->track_count || session >= disc->sessions_closed;
}

enum oi_status emu_disc_from_text(struct emu_disc *disc, const char *text, size_t size)
{
    struct text_in in = { text, text + size };
    uint32_t value;

    memset(disc, 0, sizeof(*disc));
    if (!take(&in, "Medium = ")) return OI_FORMAT;
    for (const struct emu_medium *medium = emu_media; medium->name && !disc->medium; ++medium)
    {
        struct text_in before = in;

        if (take(&in, medium->name) && take(&in, "\n")) disc->medium = medium;
        else in = before;
    }
    if (!disc->medium) return OI_FORMAT;
    for (size_t i = 0; i < COUNT(disc_fields); ++i)
    {
        if (!take(&in, disc_fields[i].key) || !take(&in, " = ")) return OI_FORMAT;
        if (!take_number(&in, disc_fields[i].size, &value) || !take(&in, "\n")) return OI_FORMAT;
        set_field(disc, &disc_fields[i], value);
    }
    if (disc->track_count > EMU_TRACKS_MAX || disc->track_count > disc->medium->max_tracks) return OI_FORMAT;
    for (uint32_t i = 0; i < disc->track_count; ++i)
    {
        if (!take_track(&in, &disc->tracks[i])) return OI_FORMAT;
    }
    return in.at == in.end && plausible(disc) ? OI_OK : OI_FORMAT;
}
