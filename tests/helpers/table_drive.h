/*
 * A drive that is a table of literal replies: it is always ready, gives the first answer that fits, cut to
 * what is asked for, and refuses everything else with 5/24/00.
 */
#ifndef TESTS_TABLE_DRIVE_H
#define TESTS_TABLE_DRIVE_H

#include "openimapi/mmc_medium.h"

struct answer
{
    uint8_t opcode;
    int32_t selector;                   /* track, TOC format, mode page, structure; -1: any */
    const uint8_t *bytes;               /* NULL: sense */
    size_t size;
    uint32_t sense;
};

/* Takes a snapshot of the medium in it, without patience. */
enum oi_status table_drive_probe(const struct answer *answers, size_t count, struct mmc_medium *medium);

#define PROBE(answers, medium) table_drive_probe(answers, sizeof(answers) / sizeof((answers)[0]), medium)
#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }), 0

/* Current profile and one current feature. */
#define CONFIGURATION(profile, feature) \
    { MMC_GET_CONFIGURATION, -1, BYTES(0, 0, 0, 12, 0, 0, (profile) >> 8, (profile) & 0xFF, (feature) >> 8, \
                                       (feature) & 0xFF, 0x01, 4, 0, 0, 0, 0) }
/* READ DISC INFORMATION: byte 2; sessions; first and last track of the last one; background format. */
#define DISC(status, sessions, first, last, background) \
    { MMC_READ_DISC_INFORMATION, -1, BYTES(0, 32, status, 1, sessions, first, last, background, 0, 0, 0, 0, \
                                           0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, \
                                           0, 0, 0, 0) }
/* READ TRACK INFORMATION: session, byte 5, byte 7, start, next writable, free and size (16 bits each). */
#define TRACK(asked, number, session, mode, valid, start, next, room, length) \
    { MMC_READ_TRACK_INFORMATION, asked, BYTES(0, 34, number, session, 0, mode, 1, valid, \
                                               0, 0, (start) >> 8, (start) & 0xFF, \
                                               0, 0, (next) >> 8, (next) & 0xFF, \
                                               0, 0, (room) >> 8, (room) & 0xFF, 0, 0, 0, 0, \
                                               0, 0, (length) >> 8, (length) & 0xFF, 0, 0, 0, 0, 0, 0, 0, 0) }
#define CAPACITY(last) { MMC_READ_CAPACITY, -1, BYTES(0, 0, (last) >> 8, (last) & 0xFF, 0, 0, 8, 0) }

#endif
