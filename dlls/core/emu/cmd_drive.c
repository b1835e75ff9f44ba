/*
 * Commands about the drive itself: who it is, whether it is ready, its tray, its events.
 */
#include "emu_room.h"

#include <string.h>

/* Whether it is ready was checked for every command already. */
uint32_t emu_test_unit_ready(struct emu_recorder *emu, struct transport_command *command)
{
    (void)emu;
    (void)command;
    return 0;
}

static void put_padded(uint8_t *out, const char *text, size_t size)
{
    size_t length = strlen(text);

    memset(out, ' ', size);
    memcpy(out, text, length < size ? length : size);
}

/* SPC-3 6.4.4 to 6.4.6: vital product data. */
static uint32_t vital_product_data(const struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t reply[64] = { 0x05, command->cdb[2] };
    size_t size = 0;

    switch (command->cdb[2])
    {
    case 0x00:                          /* supported pages */
        reply[4] = 0x00;
        reply[5] = 0x80;
        reply[6] = 0x83;
        size = 3;
        break;
    case 0x80:                          /* unit serial number */
        size = strlen(emu->options.serial);
        memcpy(reply + 4, emu->options.serial, size);
        break;
    case 0x83:                          /* device identification: T10 vendor, ASCII, of the logical unit */
        size = 8 + strlen(emu->options.serial);
        reply[4] = 0x02;
        reply[5] = 0x01;
        reply[7] = (uint8_t)size;
        put_padded(reply + 8, emu->options.vendor, 8);
        memcpy(reply + 16, emu->options.serial, size - 8);
        size += 4;
        break;
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
    put_be16(reply + 2, (uint16_t)size);
    emu_reply(command, reply, size + 4, get_be16(command->cdb + 3));
    return 0;
}

/* SPC-3 6.4.2. ATAPI drives claim version 0 and response format 2. */
uint32_t emu_inquiry(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t reply[96] = { 0 };

    if (command->cdb[1] & 0x01) return vital_product_data(emu, command);
    if (command->cdb[2]) return EMU_INVALID_FIELD_IN_CDB;
    reply[0] = 0x05;                    /* CD/DVD device */
    reply[1] = 0x80;                    /* removable medium */
    reply[3] = 0x02;
    reply[4] = sizeof(reply) - 5;
    put_padded(reply + 8, emu->options.vendor, 8);
    put_padded(reply + 16, emu->options.product, 16);
    put_padded(reply + 32, emu->options.revision, 4);
    put_be16(reply + 58, 0x0300);       /* version descriptors: SPC-3, MMC-5 */
    put_be16(reply + 60, 0x0420);
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 3));
    return 0;
}

uint32_t emu_start_stop_unit(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t action = command->cdb[4];

    if (action & 0xF0) return 0;        /* a power condition: nothing to save here */
    if (action & 0x04) return EMU_INVALID_FIELD_IN_CDB;     /* format layers of hybrid discs */
    switch (action & 0x03)
    {
    case 0x00:                          /* stop: the next command that needs the disc spins it up again */
        return 0;
    case 0x01:                          /* start */
        break;
    case 0x02:                          /* eject */
        if (emu_disc_present(emu) && emu->unflushed) emu_sync(emu);
        return emu_open_tray(emu);
    default:                            /* load */
        if (emu->options.behaviour.no_fixed_tray) return EMU_INVALID_FIELD_IN_CDB;
        emu_close_tray(emu);
        break;
    }
    /* Without Immed the command ends when the disc is ready. */
    if (!(command->cdb[1] & 0x01) && emu->ready_at > emu_now(emu))
    {
        emu->wait = (uint32_t)(emu->ready_at - emu_now(emu));
    }
    return 0;
}

uint32_t emu_load_unload(struct emu_recorder *emu, struct transport_command *command)
{
    if (command->cdb[8]) return EMU_INVALID_FIELD_IN_CDB;   /* one slot only */
    switch (command->cdb[4] & 0x03)
    {
    case 0x02:
        return emu_open_tray(emu);
    case 0x03:
        return emu_close_tray(emu);
    default:
        return EMU_INVALID_FIELD_IN_CDB;
    }
}

uint32_t emu_prevent_allow(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t persistent = command->cdb[4] & 0x02, prevent = command->cdb[4] & 0x01;

    if (persistent) emu->prevent = (uint8_t)((emu->prevent & ~0x02) | (prevent ? 0x02 : 0));
    else emu->prevent = (uint8_t)((emu->prevent & ~0x01) | prevent);
    return 0;
}

uint32_t emu_seek(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t end = emu_disc_readable(&emu->disc);

    return get_be32(command->cdb + 2) < (end ? end : 1) ? 0 : EMU_LBA_OUT_OF_RANGE;
}

static int tray_open(const struct emu_recorder *emu)
{
    if (emu->medium && emu->medium_status == OI_OK) return emu->disc.tray_open;
    return emu->tray == EMU_TRAY_OPEN;
}

/* MMC-5 6.7: the lowest class asked for that has an event; else the lowest supported, without event. */
uint32_t emu_get_event_status(struct emu_recorder *emu, struct transport_command *command)
{
    const uint8_t supported = 0x5E;     /* operational change, power, external, media, busy */
    uint8_t asked = command->cdb[4] & supported, reply[8] = { 0, 6, 0x80, supported };
    int busy = emu_now(emu) < emu->busy_until;
    unsigned class = 0;

    if (!(command->cdb[1] & 0x01)) return EMU_INVALID_FIELD_IN_CDB;     /* asynchronous */
    if (!asked)
    {
        put_be16(reply, 2);
        emu_reply(command, reply, 4, get_be16(command->cdb + 7));
        return 0;
    }
    if ((asked & 0x10) && emu->event_count) class = 4;
    else if ((asked & 0x40) && busy) class = 6;
    else
    {
        while (!(asked >> class & 1)) ++class;
    }
    reply[2] = (uint8_t)class;
    switch (class)
    {
    case 1:
    case 3:
        break;
    case 2:
        reply[5] = 1;                   /* active */
        break;
    case 4:
        if (emu->event_count)
        {
            reply[4] = emu->events[0];
            memmove(emu->events, emu->events + 1, --emu->event_count);
        }
        reply[5] = (uint8_t)((emu->medium && !tray_open(emu) ? 0x02 : 0) | (tray_open(emu) ? 0x01 : 0));
        break;
    default:
        if (busy)
        {
            uint64_t left = (emu->busy_until - emu_now(emu)) / 100 + 1;

            reply[4] = 0x01;
            reply[5] = 0x01;
            put_be16(reply + 6, (uint16_t)(left > 0xFFFF ? 0xFFFF : left));
        }
        break;
    }
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 7));
    return 0;
}

uint32_t emu_mechanism_status(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t reply[8] = { 0 };

    reply[1] = (uint8_t)(tray_open(emu) ? 0x10 : 0);
    emu_reply(command, reply, sizeof(reply), get_be16(command->cdb + 8));
    return 0;
}
