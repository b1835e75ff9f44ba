/*
 * READ DISC STRUCTURE: what is embossed or recorded outside the user data of DVD and BD.
 */
#include "emu_room.h"

#include <string.h>

#define DATA_MAX 4096

/* Writes the data of a structure, at most DATA_MAX bytes of zeros before; returns their length. */
typedef size_t structure_data(const struct emu_recorder *emu, uint8_t *data);

struct structure
{
    uint8_t code;
    uint16_t size;
    structure_data *data;
};

static size_t physical(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_disc *disc = &emu->disc;

    data[0] = disc->medium->book_type;
    data[1] = 0x0F;                     /* 120 mm; no maximum rate given */
    data[2] = disc->medium->flags & EMU_ERASABLE ? 0x04 : 0x02;     /* one layer: rewritable, recordable */
    put_be24(data + 5, 0x030000);
    put_be24(data + 9, 0x030000 + disc->capacity - 1);
    return 2048;
}

/* The same fields as physical format information, and who made the disc. */
static size_t adip(const struct emu_recorder *emu, uint8_t *data)
{
    physical(emu, data);
    memcpy(data + 19, emu->disc.medium->identity, 11);
    return 256;
}

static size_t physical_plus(const struct emu_recorder *emu, uint8_t *data)
{
    adip(emu, data);
    return 2048;
}

static size_t copyright(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    (void)data;
    return 4;
}

/* MMC-5 6.21.3.2.23: software protection until power-down, the tab of the disc. */
static size_t write_protection(const struct emu_recorder *emu, uint8_t *data)
{
    if (emu_software_write_protect(emu)) data[0] |= 0x01;
    if (emu->disc.write_protected) data[0] |= 0x04;
    return 4;
}

static size_t bd_disc_information(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_medium *medium = emu->disc.medium;

    memcpy(data, "DI", 2);
    data[2] = 1;                        /* format number */
    data[3] = 1;                        /* units in this block */
    data[6] = 112;                      /* bytes of the unit in use */
    memcpy(data + 8, medium->flags & EMU_ERASABLE ? "BDW" : "BDR", 3);
    data[11] = 0x11;                    /* 120 mm, class 0, version 1 */
    data[12] = (uint8_t)(emu->disc.capacity > medium->capacity ? 0x22 : 0x12);   /* layers, recordable */
    memcpy(data + 100, medium->identity, 6);
    memcpy(data + 106, medium->identity + 8, 3);
    return 4096;
}

/* Blocks set aside by the present format. */
static uint32_t spare_blocks(const struct emu_disc *disc)
{
    return disc->formatted ? disc->capacity - disc->formatted : 0;
}

static size_t bd_spare_area(const struct emu_recorder *emu, uint8_t *data)
{
    put_be32(data + 4, spare_blocks(&emu->disc));
    put_be32(data + 8, spare_blocks(&emu->disc));
    return 12;
}

static size_t bd_cartridge(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    (void)data;
    return 4;                           /* no cartridge */
}

static const struct structure dvd_structures[] =
{
    { 0x00, 2048, physical_plus },
    { 0x01, 4, copyright },
    { 0x11, 256, adip },
    { 0xC0, 4, write_protection },
    { 0xFF, 0, NULL },
};

static const struct structure bd_structures[] =
{
    { 0x00, 4096, bd_disc_information },
    { 0x09, 4, bd_cartridge },
    { 0x0A, 12, bd_spare_area },
    { 0xC0, 4, write_protection },
    { 0xFF, 0, NULL },
};

/* Format FFh: all of them; bit 6 of byte 1: can be read. */
static size_t list_of(const struct structure *structures, uint8_t *data)
{
    size_t size = 0;

    for (const struct structure *s = structures; s->data; ++s)
    {
        data[size] = s->code;
        data[size + 1] = 0x40;
        put_be16(data + size + 2, (uint16_t)(s->size + 4));
        size += 4;
    }
    return size;
}

uint32_t emu_read_disc_structure(struct emu_recorder *emu, struct transport_command *command)
{
    const struct emu_medium *medium = emu->disc.medium;
    const struct structure *s = medium->family == EMU_BD ? bd_structures : dvd_structures;
    uint8_t format = command->cdb[7], reply[4 + DATA_MAX] = { 0 };
    size_t size = 0;

    if (medium->family == EMU_CD) return EMU_CANNOT_READ_FORMAT;
    /* The formats from C0h on mean the same for every kind of medium. */
    if ((command->cdb[1] & 0x0F) != (medium->family == EMU_BD) && format < 0xC0)
        return EMU_INVALID_FIELD_IN_CDB;
    if (format < 0xC0 && command->cdb[6]) return EMU_INVALID_FIELD_IN_CDB;      /* layer 0 only */
    if (format == 0xFF) size = list_of(s, reply + 4);
    else
    {
        while (s->data && s->code != format) ++s;
        if (!s->data) return EMU_INVALID_FIELD_IN_CDB;
        if (format == 0x0A && !spare_blocks(&emu->disc)) return EMU_INVALID_FIELD_IN_CDB;
        size = s->data(emu, reply + 4);
    }
    put_be16(reply, (uint16_t)(size + 2));
    emu_reply(command, reply, size + 4, get_be16(command->cdb + 8));
    return 0;
}
