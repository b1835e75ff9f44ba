/*
 * MODE SENSE(10) and MODE SELECT(10). Page 05h is checked against the medium, so that a host which tries
 * every write type learns which ones the drive really has.
 */
#include "emu_room.h"

#include <string.h>

#define HEADER 8

uint32_t emu_mode_sense(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t control = command->cdb[2] >> 6, code = command->cdb[2] & 0x3F;
    uint8_t reply[HEADER + 8 * EMU_PAGE_MAX] = { 0 };
    size_t size = HEADER;

    if (control == 3) return EMU_SAVING_NOT_SUPPORTED;
    if (command->cdb[3]) return EMU_INVALID_FIELD_IN_CDB;       /* no sub-pages */
    for (size_t i = 0; emu_page_codes[i]; ++i)
    {
        if (code != MMC_PAGE_ALL && code != emu_page_codes[i]) continue;
        size += emu_page_get(emu, emu_page_codes[i], (enum emu_page_control)control, reply + size);
    }
    if (size == HEADER) return EMU_INVALID_FIELD_IN_CDB;
    put_be16(reply, (uint16_t)(size - 2));
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}

/* MMC-5 7.5: write type, track mode and block type go together, and with the medium. */
static uint32_t check_write_parameters(const struct emu_recorder *emu, const uint8_t *page)
{
    const struct emu_medium *medium = emu_disc_present(emu) ? emu->disc.medium : &emu_media[0];
    const uint8_t *current = emu_write_parameters(emu);
    uint8_t type = page[2] & 0x0F, block = page[4] & 0x0F, track_mode = page[3] & 0x0F;

    if (page[3] >> 6 == 2) return EMU_INVALID_FIELD_IN_LIST;
    if (page[8] != 0x00 && page[8] != 0x10 && page[8] != 0x20) return EMU_INVALID_FIELD_IN_LIST;
    if (type > 1) return EMU_INVALID_FIELD_IN_LIST;             /* neither session at once nor raw */
    if (medium->family == EMU_CD)
    {
        if (!(track_mode & 0x04) || (block != 8 && block != 10)) return EMU_INVALID_FIELD_IN_LIST;
        if (block == 10 && page[8] != 0x20) return EMU_INVALID_FIELD_IN_LIST;
        if (type == 0 && (page[3] & 0x20) && get_be32(page + 10) != 32) return EMU_INVALID_FIELD_IN_LIST;
    }
    else
    {
        if (block != 8 || (page[2] & 0x10)) return EMU_INVALID_FIELD_IN_LIST;   /* no test writing */
    }
    if (emu_disc_present(emu) && emu->disc.writing && medium->family == EMU_CD &&
        ((current[4] ^ page[4]) & 0x0F || (current[2] ^ page[2]) & 0x0F))
    {
        return EMU_SEQUENCE_ERROR;
    }
    return 0;
}

static uint32_t check_page(const struct emu_recorder *emu, const uint8_t *page, size_t size)
{
    uint8_t current[EMU_PAGE_MAX], mask[EMU_PAGE_MAX];
    size_t length = emu_page_get(emu, page[0], EMU_PAGE_CURRENT, current);

    if (!length) return EMU_INVALID_FIELD_IN_LIST;
    if (page[1] + 2u != length || size < length) return EMU_PARAMETER_LIST_LENGTH;
    emu_page_get(emu, page[0], EMU_PAGE_CHANGEABLE, mask);
    for (size_t i = 2; i < length; ++i)
    {
        if ((page[i] ^ current[i]) & (uint8_t)~mask[i]) return EMU_INVALID_FIELD_IN_LIST;
    }
    return page[0] == MMC_PAGE_WRITE_PARAMETERS ? check_write_parameters(emu, page) : 0;
}

/* All pages are checked before the first takes effect. */
uint32_t emu_mode_select(struct emu_recorder *emu, struct transport_command *command)
{
    uint32_t size = get_be16(command->cdb + 7), at;
    uint8_t page[EMU_PAGE_MAX];

    if (!(command->cdb[1] & 0x10) || (command->cdb[1] & 0x01)) return EMU_INVALID_FIELD_IN_CDB;
    if (!size) return 0;
    if (command->direction != TRANSPORT_DATA_OUT || command->data_size < size) return EMU_DATA_PHASE_ERROR;
    if (size < HEADER) return EMU_PARAMETER_LIST_LENGTH;
    at = HEADER + get_be16(command->data + 6);          /* block descriptors mean nothing here */
    if (at > size) return EMU_PARAMETER_LIST_LENGTH;

    for (int pass = 0; pass < 2; ++pass)
    {
        for (uint32_t i = at; i < size; i += page[1] + 2u)
        {
            uint32_t left = size - i, sense;

            if (left < 2) return EMU_PARAMETER_LIST_LENGTH;
            if (left > sizeof(page)) left = sizeof(page);
            memcpy(page, command->data + i, left);
            page[0] &= 0x3F;                            /* PS is reserved here */
            sense = pass ? 0 : check_page(emu, page, left);
            if (sense) return sense;
            if (pass) emu_page_set(emu, page);
        }
    }
    command->transferred = size;
    return 0;
}
