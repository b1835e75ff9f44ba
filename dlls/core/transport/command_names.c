/* What the decorators know about commands: their names, and where a CDB holds a range of blocks. */
#include "transport_room.h"

#include "openimapi/bytes.h"
#include "openimapi/mmc_codes.h"

static const struct
{
    uint8_t opcode;
    const char *name;
} commands[] =
{
#define X(name, value, text) { value, text },
    MMC_OPCODE_LIST(X)
#undef X
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

const char *command_name(uint8_t opcode)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
    {
        if (commands[i].opcode == opcode) return commands[i].name;
    }
    return NULL;
}

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c; }

int command_opcode(const char *name, size_t length)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
    {
        size_t at = 0;

        while (at < length && commands[i].name[at] && upper(name[at]) == upper(commands[i].name[at])) at++;
        if (at == length && !commands[i].name[at]) return commands[i].opcode;
    }
    return -1;
}

int command_is_write(uint8_t opcode)
{
    return opcode == MMC_WRITE_10 || opcode == MMC_WRITE_12 || opcode == MMC_WRITE_AND_VERIFY_10;
}

int command_has_range(uint8_t opcode)
{
    switch (opcode)
    {
    case MMC_READ_10:
    case MMC_READ_12:
    case MMC_READ_CD:
    case MMC_WRITE_10:
    case MMC_WRITE_12:
    case MMC_WRITE_AND_VERIFY_10:
    case MMC_VERIFY_10: return 1;
    default: return 0;
    }
}

int command_range(const uint8_t *cdb, uint32_t *first, uint32_t *count)
{
    if (!command_has_range(cdb[0])) return 0;
    *first = get_be32(cdb + 2);
    if (cdb[0] == MMC_READ_CD) *count = get_be24(cdb + 6);
    else if (cdb[0] == MMC_READ_12 || cdb[0] == MMC_WRITE_12) *count = get_be32(cdb + 6);
    else *count = get_be16(cdb + 7);
    return 1;
}
