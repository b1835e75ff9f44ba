/* What the files of the transport room share: names of commands, and the rules of the fault decorator. */
#ifndef OPENIMAPI_TRANSPORT_ROOM_H
#define OPENIMAPI_TRANSPORT_ROOM_H

#include "openimapi/transport.h"

/* The command's name in the standard, NULL for an unknown opcode. */
const char *command_name(uint8_t opcode);

/* The opcode that has this name, in any letter case, or -1. The name ends after length characters. */
int command_opcode(const char *name, size_t length);

/* True for the commands that put user data onto the medium: WRITE(10), WRITE(12), WRITE AND VERIFY(10). */
int command_is_write(uint8_t opcode);

/* True when a command with this opcode addresses a range of blocks. */
int command_has_range(uint8_t opcode);

/* First block and number of blocks that a CDB addresses; false for a command without a range. */
int command_range(const uint8_t *cdb, uint32_t *first, uint32_t *count);

enum fault_outcome
{
    FAULT_SENSE,                        /* not executed; answers rule->bytes as sense data */
    FAULT_SHORT,                        /* executed; delivers rule->number bytes */
    FAULT_GARBAGE,                      /* executed; the bytes delivered are wrong */
    FAULT_STATUS,                       /* not executed; rule->status */
    FAULT_DATA,                         /* not executed; rule->bytes are the reply */
    FAULT_BUSY,                         /* not executed for rule->number ms: 02/04/07 */
    FAULT_DELAY,                        /* executed rule->number ms later */
    FAULT_REMOVED,                      /* the medium is out from now on */
};

#define FAULT_ANY_COMMAND (-1)

struct fault_rule
{
    /* Which commands. */
    int opcode;                         /* or FAULT_ANY_COMMAND */
    int after_bytes;                    /* "after N": from is a number of bytes written, not of a command */
    int has_lba;
    uint32_t lba;
    uint64_t from, to;                  /* numbers of the matching command, from 1 */

    /* What becomes of them. */
    enum fault_outcome outcome;
    enum oi_status status;
    uint64_t number;
    uint8_t *bytes;
    size_t size;

    /* So far. */
    uint64_t matched;
    int busy;                           /* the wait has begun; it ends at until */
    uint64_t until;
};

/* Reads one line of a fault script, length characters. OI_OK with *used = 0 for one that holds no rule.
   A rule's bytes are the caller's to free. */
enum oi_status fault_rule_parse(const char *text, size_t length, struct fault_rule *rule, int *used);

#endif
