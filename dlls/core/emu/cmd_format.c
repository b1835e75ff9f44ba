/*
 * BLANK, FORMAT UNIT and READ FORMAT CAPACITIES.
 */
#include "emu_room.h"

#define LAYER_BLOCKS 12219392u          /* of a BD */

static uint32_t check_erasable(const struct emu_recorder *emu, unsigned flag)
{
    if (!(emu->disc.medium->flags & flag)) return EMU_CANNOT_FORMAT_INCOMPATIBLE;
    if (emu->disc.write_protected || emu_software_write_protect(emu)) return EMU_WRITE_PROTECTED;
    return emu_files_writable(&emu->files) ? 0 : EMU_WRITE_PROTECTED;
}

/* The state first: killed in between, a disc is blank and the image is cut by the next blank or format. */
static uint32_t store_and_cut(struct emu_recorder *emu, uint32_t blocks)
{
    uint32_t sense = emu_commit(emu);

    if (sense) return sense;
    return emu_files_cut(&emu->files, blocks) ? EMU_WRITE_ERROR : 0;
}

/* --- BLANK --------------------------------------------------------------------------------------------- */

static uint32_t blank_disc(struct emu_recorder *emu)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t changes = disc->changes;

    emu_disc_blank(disc, disc->medium, disc->capacity);
    disc->changes = changes;
    return store_and_cut(emu, 0);
}

/* Opens the last session again, so that it can be continued or closed otherwise. */
static uint32_t unclose_session(struct emu_recorder *emu)
{
    struct emu_disc *disc = &emu->disc;

    if (!disc->sessions_closed) return EMU_SEQUENCE_ERROR;
    if (disc->track_count && disc->tracks[disc->track_count - 1].session > disc->sessions_closed)
    {
        return EMU_SEQUENCE_ERROR;      /* the last one is open already */
    }
    disc->sessions_closed--;
    disc->finalized = 0;
    return emu_commit(emu);
}

static uint32_t erase_session(struct emu_recorder *emu)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t session, end = 0;

    if (!disc->track_count) return EMU_SEQUENCE_ERROR;
    session = disc->tracks[disc->track_count - 1].session;
    while (disc->track_count && disc->tracks[disc->track_count - 1].session == session) disc->track_count--;
    disc->sessions_closed = session - 1;
    disc->finalized = 0;
    disc->writing = 0;
    if (disc->track_count) end = disc->tracks[disc->track_count - 1].end;
    return store_and_cut(emu, end);
}

uint32_t emu_blank(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_times *times = &emu->options.times;
    uint8_t type = command->cdb[1] & 0x07;
    uint32_t sense = check_erasable(emu, EMU_BLANKABLE);

    if (sense) return sense;
    switch (type)
    {
    case 0:
    case 1:
        sense = blank_disc(emu);
        break;
    case 5:
        sense = unclose_session(emu);
        break;
    case 6:
        sense = erase_session(emu);
        break;
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
    emu->unflushed = 0;
    emu->simulated_track = 0;
    if (!sense)
    {
        emu_take_time(emu, type ? times->blank_quick : times->blank_full, command->cdb[1] & 0x10,
                      EMU_OPERATION_IN_PROGRESS);
    }
    return sense;
}

/* --- formats ------------------------------------------------------------------------------------------- */

static uint32_t format_blocks(const struct emu_disc *disc, const struct emu_format *format)
{
    return disc->capacity - format->spare * (disc->capacity > LAYER_BLOCKS ? 2 : 1);
}

/* A disc too small for so many spares does not offer that format. */
static int format_fits(const struct emu_disc *disc, const struct emu_format *format)
{
    return disc->capacity > format->spare * (disc->capacity > LAYER_BLOCKS ? 2 : 1);
}

/* MMC-5 6.20: without a medium the largest capacity of the drive, as type 3. */
uint32_t emu_read_format_capacities(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_disc *disc = &emu->disc;
    uint8_t reply[4 + 8 * 33] = { 0 };
    size_t size = 12;

    put_be24(reply + 9, MMC_BLOCK_SIZE);
    if (!emu_disc_present(emu))
    {
        put_be32(reply + 4, LAYER_BLOCKS * 2);
        reply[8] = 3;
    }
    else if ((disc->medium->flags & EMU_FORMATTABLE) ? !disc->formatted : emu_disc_is_blank(disc))
    {
        put_be32(reply + 4, disc->capacity);
        reply[8] = 1;
    }
    else
    {
        put_be32(reply + 4, disc->medium->flags & EMU_OVERWRITE ? disc->formatted : emu_disc_readable(disc));
        reply[8] = 2;
    }
    /* A write-once disc can be formatted once, as long as nothing is on it. */
    if (emu_disc_present(emu) && disc->medium->formats &&
        ((disc->medium->flags & EMU_OVERWRITE) || !disc->formatted))
    {
        for (const struct emu_format *format = disc->medium->formats; format->type != 0xFF; ++format)
        {
            if (!format_fits(disc, format)) continue;
            put_be32(reply + size, format_blocks(disc, format));
            reply[size + 4] = (uint8_t)(format->type << 2);
            put_be24(reply + size + 5, format->parameter);
            size += 8;
        }
    }
    reply[3] = (uint8_t)(size - 4);
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}

/* The parameter of DVD+RW is the restart bit; others repeat the list's, the block length, or nothing. */
static int parameter_fits(const struct emu_format *format, uint32_t parameter)
{
    if (format->type == 0x26) return parameter <= 1;
    return !parameter || parameter == format->parameter || parameter == MMC_BLOCK_SIZE;
}

/* The format that a descriptor asks for, and its size; NULL when the medium does not have it. */
static const struct emu_format *find_format(const struct emu_disc *disc, const uint8_t *descriptor,
                                            uint32_t *blocks)
{
    uint8_t type = descriptor[4] >> 2, sub = descriptor[4] & 0x03;
    uint32_t wanted = get_be32(descriptor), parameter = get_be24(descriptor + 5), least = 0, most = 0;
    const struct emu_format *first = NULL;

    for (const struct emu_format *format = disc->medium->formats; format->type != 0xFF; ++format)
    {
        uint32_t offered = format_blocks(disc, format);

        if (format->type != type || !(format->sub_types >> sub & 1) || !format_fits(disc, format)) continue;
        if (!first) first = format;
        if (!least || offered < least) least = offered;
        if (offered > most) most = offered;
        if (wanted != offered && wanted != 0xFFFFFFFF) continue;
        if (!parameter_fits(format, parameter)) continue;
        *blocks = offered;
        return format;
    }
    /* An own size of whole clusters, between the smallest and the largest offered. */
    if (!first || type == 0x26 || parameter || wanted % disc->medium->blocking) return NULL;
    if (wanted < least || wanted > most) return NULL;
    *blocks = wanted;
    return first;
}

/* DVD+RW: formats in the background once it has begun; a restart goes on with what was stopped. */
static uint32_t format_background(struct emu_recorder *emu, int restart)
{
    struct emu_disc *disc = &emu->disc;
    uint32_t time = emu->options.times.format_background;

    if (restart && disc->background == 0) return EMU_SEQUENCE_ERROR;
    if (!restart || disc->background == 1)
    {
        disc->background = time ? 2 : 3;
        emu->background_until = time ? emu_now(emu) + time : 0;
    }
    disc->formatted = disc->capacity;
    if (restart) return emu_commit(emu);
    disc->used = 0;
    return store_and_cut(emu, 0);
}

static uint32_t format_disc(struct emu_recorder *emu, const uint8_t *descriptor)
{
    struct emu_disc *disc = &emu->disc;
    const struct emu_format *format;
    uint32_t blocks;

    if (!(disc->medium->flags & EMU_OVERWRITE) && (disc->formatted || disc->track_count))
    {
        return EMU_CANNOT_FORMAT_INCOMPATIBLE;
    }
    format = find_format(disc, descriptor, &blocks);
    if (!format) return EMU_INVALID_FIELD_IN_LIST;
    disc->format_type = format->type;
    disc->format_sub = descriptor[4] & 0x03;
    if (disc->medium->flags & EMU_BACKGROUND) return format_background(emu, get_be24(descriptor + 5) == 1);
    disc->formatted = blocks;
    disc->used = 0;
    return store_and_cut(emu, 0);
}

uint32_t emu_format_unit(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t sense = check_erasable(emu, EMU_FORMATTABLE);

    if (sense) return sense;
    if ((command->cdb[1] & 0x17) != 0x11) return EMU_INVALID_FIELD_IN_CDB;
    if (command->direction != TRANSPORT_DATA_OUT || command->data_size < 12) return EMU_PARAMETER_LIST_LENGTH;
    if (command->data[0] || get_be16(command->data + 2) != 8) return EMU_INVALID_FIELD_IN_LIST;
    sense = format_disc(emu, command->data + 4);
    if (sense) return sense;
    emu->unflushed = 0;
    command->transferred = 12;
    emu_take_time(emu, emu->options.times.format, command->data[1] & 0x02, EMU_FORMAT_IN_PROGRESS);
    return 0;
}
