/*
 * The recorder as a transport: the table of its commands, the conditions that are checked once for all of
 * them (unit attention, readiness, operations in progress, deferred errors), and the sense data.
 */
#include "emu_room.h"

#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

enum command_flags
{
    NEEDS_DISC = 0x01,                  /* 2/3A without a medium, 2/30 with one that cannot be read */
    ANY_ATTENTION = 0x02,               /* runs, and leaves a unit attention pending */
    WHILE_BUSY = 0x04,                  /* runs while a long operation is in progress */
    INFORMATION = 0x08,                 /* 51h, 52h: some drives answer while busy, or late */
    NO_LOCK = 0x10,                     /* does not look at the disc */
};

struct command_row
{
    uint8_t opcode;
    uint8_t flags;
    emu_handler *handler;
};

#define ALWAYS (ANY_ATTENTION | WHILE_BUSY)

static const struct command_row commands[] =
{
    { MMC_TEST_UNIT_READY, NEEDS_DISC, emu_test_unit_ready },
    { MMC_REQUEST_SENSE, ALWAYS, emu_request_sense },
    { MMC_FORMAT_UNIT, NEEDS_DISC, emu_format_unit },
    { MMC_INQUIRY, ALWAYS | NO_LOCK, emu_inquiry },
    { MMC_START_STOP_UNIT, 0, emu_start_stop_unit },
    { MMC_PREVENT_ALLOW_MEDIUM_REMOVAL, WHILE_BUSY, emu_prevent_allow },
    { MMC_READ_FORMAT_CAPACITIES, 0, emu_read_format_capacities },
    { MMC_READ_CAPACITY, NEEDS_DISC, emu_read_capacity },
    { MMC_READ_10, NEEDS_DISC, emu_read_10 },
    { MMC_SEEK_10, NEEDS_DISC, emu_seek },
    { MMC_WRITE_10, NEEDS_DISC, emu_write_10 },
    { MMC_WRITE_AND_VERIFY_10, NEEDS_DISC, emu_write_verify_10 },
    { MMC_VERIFY_10, NEEDS_DISC, emu_verify_10 },
    { MMC_SYNCHRONIZE_CACHE, NEEDS_DISC, emu_synchronize_cache },
    { MMC_READ_SUB_CHANNEL, NEEDS_DISC, emu_read_sub_channel },
    { MMC_READ_TOC, NEEDS_DISC, emu_read_toc },
    { MMC_GET_CONFIGURATION, ALWAYS, emu_get_configuration },
    { MMC_GET_EVENT_STATUS, ALWAYS, emu_get_event_status },
    { MMC_READ_DISC_INFORMATION, NEEDS_DISC | INFORMATION, emu_read_disc_information },
    { MMC_READ_TRACK_INFORMATION, NEEDS_DISC | INFORMATION, emu_read_track_information },
    { MMC_RESERVE_TRACK, NEEDS_DISC, emu_reserve_track },
    { MMC_SEND_OPC_INFORMATION, NEEDS_DISC, emu_send_opc },
    { MMC_MODE_SELECT_10, 0, emu_mode_select },
    { MMC_MODE_SENSE_10, WHILE_BUSY, emu_mode_sense },
    { MMC_CLOSE_TRACK_SESSION, NEEDS_DISC, emu_close_track_session },
    { MMC_READ_BUFFER_CAPACITY, NEEDS_DISC | WHILE_BUSY, emu_read_buffer_capacity },
    { MMC_BLANK, NEEDS_DISC, emu_blank },
    { MMC_LOAD_UNLOAD_MEDIUM, 0, emu_load_unload },
    { MMC_READ_12, NEEDS_DISC, emu_read_12 },
    { MMC_WRITE_12, NEEDS_DISC, emu_write_12 },
    { MMC_GET_PERFORMANCE, WHILE_BUSY, emu_get_performance },
    { MMC_READ_DISC_STRUCTURE, NEEDS_DISC, emu_read_disc_structure },
    { MMC_SET_STREAMING, 0, emu_set_streaming },
    { MMC_READ_CD_MSF, NEEDS_DISC, emu_read_cd_msf },
    { MMC_SET_CD_SPEED, 0, emu_set_cd_speed },
    { MMC_MECHANISM_STATUS, WHILE_BUSY, emu_mechanism_status },
    { MMC_READ_CD, NEEDS_DISC, emu_read_cd },
};

#define NO_PROGRESS 0x10000u

uint64_t emu_now(const struct emu_recorder *emu)
{
    return clock_now(emu->options.clock);
}

int emu_disc_present(const struct emu_recorder *emu)
{
    return emu->medium && emu->medium_status == OI_OK && !emu->disc.tray_open;
}

uint16_t emu_profile(const struct emu_recorder *emu)
{
    return emu_disc_present(emu) ? emu->disc.medium->profile : MMC_PROFILE_NONE;
}

/* A condition that is pending already is not told twice. */
void emu_attention(struct emu_recorder *emu, uint32_t sense)
{
    for (size_t i = 0; i < sizeof(emu->attention) / sizeof(emu->attention[0]); ++i)
    {
        if (emu->attention[i] == sense) return;
        if (emu->attention[i]) continue;
        emu->attention[i] = sense;
        return;
    }
}

static uint32_t take_attention(struct emu_recorder *emu)
{
    uint32_t sense = emu->attention[0];
    size_t count = sizeof(emu->attention) / sizeof(emu->attention[0]);

    memmove(emu->attention, emu->attention + 1, (count - 1) * sizeof(emu->attention[0]));
    emu->attention[count - 1] = 0;
    return sense;
}

void emu_event(struct emu_recorder *emu, uint8_t event)
{
    if (emu->event_count == EMU_EVENTS_MAX)
    {
        memmove(emu->events, emu->events + 1, EMU_EVENTS_MAX - 1);
        emu->event_count--;
    }
    emu->events[emu->event_count++] = event;
}

void emu_reply(struct transport_command *command, const uint8_t *data, size_t size, uint32_t allocation)
{
    if (size > allocation) size = allocation;
    if (size > command->data_size) size = command->data_size;
    if (command->direction != TRANSPORT_DATA_IN) size = 0;
    if (size) memcpy(command->data, data, size);
    command->transferred = (uint32_t)size;
}

void emu_take_time(struct emu_recorder *emu, uint32_t milliseconds, int immed, uint32_t sense)
{
    if (!milliseconds) return;
    if (!immed || emu->options.behaviour.immed_ignored)
    {
        emu->wait = milliseconds;
        return;
    }
    emu->busy_from = emu_now(emu);
    emu->busy_until = emu->busy_from + milliseconds;
    emu->busy_sense = sense;
}

uint32_t emu_commit(struct emu_recorder *emu)
{
    return emu_files_commit(&emu->files, &emu->disc) ? EMU_WRITE_ERROR : 0;
}

/* --- conditions ---------------------------------------------------------------------------------------- */

/* Brings the disc up to date and notices what other hosts did to the tray. 0, or sense. */
static uint32_t begin(struct emu_recorder *emu)
{
    enum oi_status status;

    if (!emu->medium) return 0;
    if (emu->medium_status == OI_LOCKED) emu_load(emu);         /* it was too busy when it was put in */
    if (emu->medium_status != OI_OK) return 0;
    status = emu_files_begin(&emu->files, &emu->disc);
    if (status == OI_LOCKED) return EMU_ABORTED;
    if (status)
    {
        log_error("%s: %s", emu->files.state_path, status_text(status));
        emu_files_close(&emu->files);
        emu->medium_status = status;
        return 0;
    }
    /* Begun by another host, or by one that has died: when it began nobody knows. */
    if (emu->disc.background != 2) emu->background_until = 0;
    else if (!emu->background_until)
    {
        emu->background_until = emu_now(emu) + emu->options.times.format_background;
    }
    if (emu->disc.background == 2 && emu_now(emu) >= emu->background_until)
    {
        emu->background_until = 0;
        emu->disc.background = 3;
        emu_commit(emu);
        emu_event(emu, 5);              /* background format completed */
    }
    if (emu->disc.changes == emu->changes_seen) return 0;

    emu->changes_seen = emu->disc.changes;
    emu->simulated_track = 0;
    emu->busy_until = 0;
    emu_pages_medium(emu);
    if (emu->disc.tray_open)
    {
        emu_event(emu, 3);
        return 0;
    }
    emu_event(emu, 2);
    emu_attention(emu, EMU_MEDIUM_CHANGED);
    emu->ready_at = emu_now(emu) + emu->options.times.load;
    return 0;
}

static void end(struct emu_recorder *emu)
{
    if (emu->medium && emu->medium_status == OI_OK) emu_files_end(&emu->files);
}

static uint32_t progress_of(uint64_t now, uint64_t from, uint64_t until)
{
    uint64_t done = now > from ? now - from : 0;

    return until > from ? (uint32_t)(done * 0xFFFF / (until - from)) : 0xFFFF;
}

/* Sense of a drive that cannot run a command of these flags now; 0 when it can. */
static uint32_t check_ready(struct emu_recorder *emu, unsigned flags)
{
    uint64_t now = emu_now(emu);

    if (now < emu->busy_until && !(flags & WHILE_BUSY) &&
        !((flags & INFORMATION) && emu->options.behaviour.info_while_busy))
    {
        emu->progress = progress_of(now, emu->busy_from, emu->busy_until);
        return emu->busy_sense;
    }
    if (emu->busy_until && (flags & INFORMATION) && now < emu->busy_until + emu->options.times.info_late &&
        !emu->options.behaviour.info_while_busy)
    {
        return emu->busy_sense;
    }
    if (!(flags & NEEDS_DISC)) return 0;
    if (!emu->medium) return emu->tray == EMU_TRAY_OPEN ? EMU_NO_MEDIUM_TRAY_OPEN : EMU_NO_MEDIUM_TRAY_CLOSED;
    if (emu->medium_status == OI_OK && emu->disc.tray_open) return EMU_NO_MEDIUM_TRAY_OPEN;
    if (emu->medium_status && emu->tray == EMU_TRAY_OPEN) return EMU_NO_MEDIUM_TRAY_OPEN;
    if (now < emu->ready_at) return EMU_BECOMING_READY;
    return emu->medium_status ? EMU_INCOMPATIBLE_MEDIUM : 0;
}

/* SPC-4 4.5.3, fixed format; SKS as progress indication (4.5.2.4.4) with 2/04/04 and 2/04/07. */
static void make_sense(const struct emu_recorder *emu, uint32_t sense, int deferred, uint8_t bytes[18])
{
    memset(bytes, 0, 18);
    bytes[0] = deferred ? 0x71 : 0x70;
    bytes[2] = (uint8_t)(sense >> 16 & 0x0F);
    bytes[7] = 10;
    bytes[12] = (uint8_t)(sense >> 8);
    bytes[13] = (uint8_t)sense;
    if (emu->progress == NO_PROGRESS) return;
    bytes[15] = 0x80;
    put_be16(bytes + 16, (uint16_t)emu->progress);
}

/* Sense that was delivered with its command is spent; what is pending is told, and spent with that. */
uint32_t emu_request_sense(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t sense = emu->deferred;
    int deferred = sense != 0;
    uint8_t bytes[18];

    if (command->cdb[1] & 0x01) return EMU_INVALID_FIELD_IN_CDB;
    emu->deferred = 0;
    if (!sense) sense = take_attention(emu);
    if (!sense)
    {
        sense = check_ready(emu, NEEDS_DISC);
        /* Only what will pass by itself is worth telling here. */
        if (sense >> 8 != 0x0204) sense = 0;
    }
    make_sense(emu, sense, deferred, bytes);
    emu_reply(command, bytes, sizeof(bytes), command->cdb[4]);
    emu->progress = NO_PROGRESS;
    return 0;
}

static const struct command_row *find_command(uint8_t opcode)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); ++i)
    {
        if (commands[i].opcode == opcode) return &commands[i];
    }
    return NULL;
}

/* SPC: the three high bits of the opcode are the length of the CDB. */
static uint8_t cdb_size_of(uint8_t opcode)
{
    static const uint8_t sizes[8] = { 6, 10, 10, 6, 16, 12, 6, 6 };

    return sizes[opcode >> 5];
}

static uint32_t run(struct emu_recorder *emu, struct transport_command *command, int *deferred)
{
    const struct command_row *row = find_command(command->cdb[0]);
    uint32_t sense = 0;

    if (!row) return EMU_INVALID_OPCODE;
    if (command->cdb_size < cdb_size_of(command->cdb[0])) return EMU_INVALID_FIELD_IN_CDB;
    if (emu->deferred && !(row->flags & ANY_ATTENTION))
    {
        sense = emu->deferred;
        emu->deferred = 0;
        *deferred = 1;
        return sense;
    }
    if (row->flags & NO_LOCK) return row->handler(emu, command);

    sense = begin(emu);
    if (sense) return sense;
    if (emu->attention[0] && !(row->flags & ANY_ATTENTION)) sense = take_attention(emu);
    if (!sense) sense = check_ready(emu, row->flags);
    if (!sense) sense = row->handler(emu, command);
    end(emu);
    return sense;
}

static enum oi_status execute(struct transport *transport, struct transport_command *command)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;
    int deferred = 0;
    uint32_t sense;

    if (emu->unplugged) return OI_DEVICE_GONE;
    emu->wait = 0;
    emu->progress = NO_PROGRESS;
    sense = run(emu, command, &deferred);
    if (emu->wait) clock_sleep(emu->options.clock, emu->wait);
    if (!sense) return OI_OK;
    make_sense(emu, sense, deferred, command->sense);
    command->sense_size = 18;
    if ((sense >> 16) != MMC_KEY_RECOVERED_ERROR) command->transferred = 0;
    return OI_SENSE;
}

static void close_recorder(struct transport *transport)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;

    emu_files_close(&emu->files);
    free((char *)emu->options.disc);
    free((char *)emu->options.vendor);
    free((char *)emu->options.product);
    free((char *)emu->options.revision);
    free((char *)emu->options.serial);
    free(emu);
}

static const struct transport_ops recorder_ops = { execute, close_recorder };

/* --- making one ---------------------------------------------------------------------------------------- */

/* A copy of at most limit characters; NULL when memory is out. */
static char *copy_text(const char *text, size_t limit)
{
    size_t length = text ? strlen(text) : 0;
    char *copy;

    if (length > limit) length = limit;
    copy = malloc(length + 1);
    if (!copy) return NULL;
    if (length) memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

enum oi_status emu_create(const struct emu_options *options, struct transport **out)
{
    struct emu_recorder *emu;
    uint32_t capacity;
    const char *name;

    *out = NULL;
    TRY(emu_medium_parse(options->medium, &name, &capacity));
    if (!options->clock || options->max_transfer < 0x10000 || options->max_transfer % 0x10000 ||
        options->buffer_size < 0x10000)
    {
        return OI_INVALID_ARGUMENT;
    }
    if (emu_medium_find(name) && (!options->store || !options->disc || !*options->disc))
    {
        return OI_INVALID_ARGUMENT;
    }

    emu = calloc(1, sizeof(*emu));
    if (!emu) return OI_NO_MEMORY;
    emu->options = *options;
    emu->options.medium = NULL;
    emu->options.disc = copy_text(options->disc, (size_t)-2);
    emu->options.vendor = copy_text(options->vendor, 8);
    emu->options.product = copy_text(options->product, 16);
    emu->options.revision = copy_text(options->revision, 4);
    emu->options.serial = copy_text(options->serial, 16);
    emu->transport.ops = &recorder_ops;
    emu->transport.clock = options->clock;
    emu->transport.max_transfer = options->max_transfer;
    if (!emu->options.disc || !emu->options.vendor || !emu->options.product || !emu->options.revision ||
        !emu->options.serial)
    {
        close_recorder(&emu->transport);
        return OI_NO_MEMORY;
    }
    emu->medium = emu_medium_find(name);
    emu->medium_capacity = capacity;
    emu->medium_status = OI_NO_MEDIUM;  /* until it was looked at */
    emu->tray = EMU_TRAY_CLOSED;
    emu_pages_reset(emu);
    emu_attention(emu, EMU_POWER_ON);
    emu_load(emu);
    *out = &emu->transport;
    return OI_OK;
}
