/*
 * A drive handle over a scripted transport and a virtual clock, and short ways to write exchanges down.
 * A reply that is asked for in two steps is given whole in both exchanges: the script cuts it.
 */
#ifndef TESTS_SCRIPT_DRIVE_H
#define TESTS_SCRIPT_DRIVE_H

#include "openimapi/mmc.h"

struct script_drive
{
    struct clock_virtual clock;
    struct transport *transport;
    struct mmc_drive drive;
};

void script_drive_open(struct script_drive *script, const struct transport_exchange *exchanges, size_t count);

/* Asserts that every exchange was used. */
void script_drive_close(struct script_drive *script);

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }
#define SIZE(...) sizeof((const uint8_t[]){ __VA_ARGS__ })
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Members of struct transport_exchange. */
#define CDB(...) .cdb = BYTES(__VA_ARGS__), .cdb_size = SIZE(__VA_ARGS__)
#define OUT(...) .out = BYTES(__VA_ARGS__), .out_size = SIZE(__VA_ARGS__)
#define IN(...) .in = BYTES(__VA_ARGS__), .in_size = SIZE(__VA_ARGS__)
#define REPLY(table) .in = (table), .in_size = sizeof(table)
#define SENSE(key, asc, ascq) \
    .status = OI_SENSE, .sense = BYTES(0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0), \
    .sense_size = 18

#endif
