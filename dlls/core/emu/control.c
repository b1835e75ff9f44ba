/*
 * Discs going in and out: by commands, and by the hand of a person who stands in front of the drive.
 */
#include "emu_room.h"

#include <stdlib.h>
#include <string.h>

/* The configured disc, from its files. The drive is in order whatever becomes of it. */
enum oi_status emu_load(struct emu_recorder *emu)
{
    emu_files_close(&emu->files);
    emu->medium_status = OI_NO_MEDIUM;
    emu->simulated_track = 0;
    emu->busy_until = 0;
    if (!emu->medium) return OI_NO_MEDIUM;

    emu->medium_status = emu_files_open(&emu->files, emu->options.store, emu->options.disc,
                                        emu->options.lock_timeout, emu->medium, emu->medium_capacity,
                                        &emu->disc);
    if (!emu->medium_status)
    {
        emu->changes_seen = emu->disc.changes;
        if (emu->disc.tray_open)
        {
            emu_pages_medium(emu);
            return OI_OK;
        }
    }
    else if (emu->tray == EMU_TRAY_OPEN) return emu->medium_status;
    emu_pages_medium(emu);
    emu->ready_at = emu_now(emu) + emu->options.times.load;
    emu_attention(emu, EMU_MEDIUM_CHANGED);
    emu_event(emu, 2);
    return emu->medium_status;
}

/* Where the tray is: remembered by the disc, so that every host of it sees the same, else by the drive. */
static int tray_is_open(const struct emu_recorder *emu)
{
    if (emu->medium && emu->medium_status == OI_OK) return emu->disc.tray_open;
    return emu->tray == EMU_TRAY_OPEN;
}

/* Sets the tray; the files are locked when there are any. A disc that cannot be stored forgets it when the
   recorder is closed. */
static void move_tray(struct emu_recorder *emu, int open)
{
    emu->tray = open ? EMU_TRAY_OPEN : EMU_TRAY_CLOSED;
    emu->busy_until = 0;
    emu->simulated_track = 0;
    emu->buffer_level = 0;
    if (emu->medium && emu->medium_status == OI_OK)
    {
        emu->disc.tray_open = (uint8_t)open;
        emu->disc.changes++;
        emu->changes_seen = emu->disc.changes;
        if (emu_files_writable(&emu->files)) emu_files_commit(&emu->files, &emu->disc);
    }
    if (open)
    {
        emu_event(emu, 3);
        return;
    }
    if (!emu->medium) return;
    emu->ready_at = emu_now(emu) + emu->options.times.load;
    emu_pages_medium(emu);
    emu_attention(emu, EMU_MEDIUM_CHANGED);
    emu_event(emu, 2);
}

uint32_t emu_open_tray(struct emu_recorder *emu)
{
    if (tray_is_open(emu)) return 0;
    if (emu->prevent & 1)
    {
        emu_event(emu, 1);
        return EMU_REMOVAL_PREVENTED;
    }
    move_tray(emu, 1);
    return 0;
}

uint32_t emu_close_tray(struct emu_recorder *emu)
{
    if (!tray_is_open(emu)) return 0;
    move_tray(emu, 0);
    /* A disc that could not be used may have been put right meanwhile. */
    if (emu->medium && emu->medium_status != OI_OK) emu_load(emu);
    return 0;
}

/* --- by hand ------------------------------------------------------------------------------------------- */

/* OI_LOCKED: not now. A disc that went bad is found out, and the drive goes on without it. */
static enum oi_status begin(struct emu_recorder *emu)
{
    enum oi_status status;

    if (!emu->medium || emu->medium_status != OI_OK) return OI_OK;
    status = emu_files_begin(&emu->files, &emu->disc);
    if (!status || status == OI_LOCKED) return status;
    emu_files_close(&emu->files);
    emu->medium_status = status;
    return OI_OK;
}

static void end(struct emu_recorder *emu)
{
    if (emu->medium && emu->medium_status == OI_OK) emu_files_end(&emu->files);
}

enum oi_status emu_medium_status(struct transport *transport)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;

    if (!emu->medium) return OI_NO_MEDIUM;
    if (emu->medium_status != OI_OK) return emu_load(emu);
    TRY(emu_files_begin(&emu->files, &emu->disc));
    emu_files_end(&emu->files);
    return emu->disc.tray_open ? OI_NO_MEDIUM : OI_OK;
}

enum oi_status emu_insert(struct transport *transport, const char *text, const char *disc)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;
    const struct emu_medium *medium;
    uint32_t capacity;
    const char *name;
    char *path;

    TRY(emu_medium_parse(text, &name, &capacity));
    medium = emu_medium_find(name);
    if (medium && (!emu->options.store || !disc || !*disc)) return OI_INVALID_ARGUMENT;
    path = malloc(disc ? strlen(disc) + 1 : 1);
    if (!path) return OI_NO_MEMORY;
    strcpy(path, disc ? disc : "");

    if (!tray_is_open(emu)) emu_event(emu, 3);
    free((char *)emu->options.disc);
    emu->options.disc = path;
    emu->medium = medium;
    emu->medium_capacity = capacity;
    emu->tray = EMU_TRAY_CLOSED;
    emu->prevent = 0;
    emu_load(emu);
    if (emu->medium_status == OI_OK && emu->disc.tray_open)
    {
        TRY(begin(emu));
        if (emu->medium_status == OI_OK) move_tray(emu, 0);
        end(emu);
    }
    return OI_OK;
}

enum oi_status emu_press_button(struct transport *transport)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;
    uint32_t sense;

    TRY(begin(emu));
    sense = tray_is_open(emu) ? emu_close_tray(emu) : emu_open_tray(emu);
    end(emu);
    return sense ? OI_LOCKED : OI_OK;
}

enum oi_status emu_pull_out(struct transport *transport)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;

    TRY(begin(emu));
    if (!tray_is_open(emu)) move_tray(emu, 1);
    end(emu);
    return OI_OK;
}

enum oi_status emu_set_write_protect(struct transport *transport, int on)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;
    enum oi_status status;

    if (!emu->medium) return OI_NO_MEDIUM;
    if (emu->medium_status != OI_OK) return emu->medium_status;
    TRY(emu_files_begin(&emu->files, &emu->disc));
    emu->disc.write_protected = on != 0;
    status = emu_files_commit(&emu->files, &emu->disc);
    emu_files_end(&emu->files);
    return status;
}

void emu_reset(struct transport *transport)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;

    emu->prevent = 0;
    emu->busy_until = 0;
    emu->deferred = 0;
    emu->buffer_level = 0;
    emu->simulated_track = 0;
    emu_pages_reset(emu);
    emu_pages_medium(emu);
    emu_attention(emu, EMU_POWER_ON);
}

void emu_unplug(struct transport *transport, int unplugged)
{
    struct emu_recorder *emu = (struct emu_recorder *)transport;

    if (!unplugged && emu->unplugged) emu_reset(transport);
    emu->unplugged = unplugged != 0;
}

void emu_defer(struct transport *transport, uint32_t sense)
{
    ((struct emu_recorder *)transport)->deferred = sense;
}
