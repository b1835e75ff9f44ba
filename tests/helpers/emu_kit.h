/*
 * A virtual recorder on files in a folder of its own, driven by literal CDBs. Replies are looked at byte by
 * byte: nothing here knows a layout.
 */
#ifndef OPENIMAPI_TESTS_EMU_KIT_H
#define OPENIMAPI_TESTS_EMU_KIT_H

#define _XOPEN_SOURCE 700               /* mkdtemp; so this header comes first */

#include "store_posix.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"
#include "openimapi/mmc_codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define KIT_DATA (512u * 1024u)
#define KIT_DONE 0u                     /* "sense" of a command that ended well */

struct kit
{
    struct clock_virtual clock;
    struct emu_options options;
    struct transport *drive;
    char folder[64], disc[80], state[96];
    struct transport_command command;   /* the last one, with its sense */
    uint8_t data[KIT_DATA];             /* what came in, 0xEE behind it */
    uint32_t got;
};

static inline uint32_t kit_run(struct kit *kit, enum transport_direction direction, const uint8_t *data,
                               uint32_t size, const uint8_t *cdb, size_t cdb_size)
{
    struct transport_command *command = &kit->command;
    enum oi_status status;

    memset(command, 0, sizeof(*command));
    memcpy(command->cdb, cdb, cdb_size);
    command->cdb_size = (uint8_t)cdb_size;
    command->direction = direction;
    command->data = direction == TRANSPORT_NO_DATA ? NULL : direction == TRANSPORT_DATA_IN ? kit->data
                                                                                          : (uint8_t *)data;
    command->data_size = size;
    command->timeout = 60000;
    if (direction == TRANSPORT_DATA_IN) memset(kit->data, 0xEE, KIT_DATA);
    status = transport_execute(kit->drive, command);
    kit->got = command->transferred;
    if (status == OI_OK) return KIT_DONE;
    assert_int_equal(status, OI_SENSE);
    assert_int_equal(command->sense_size, 18);
    return MMC_SENSE(command->sense[2] & 0x0F, command->sense[12], command->sense[13]);
}

#define KIT_BYTES(...) ((const uint8_t[]){ __VA_ARGS__ })
#define KIT_CDB(...) KIT_BYTES(__VA_ARGS__), sizeof(KIT_BYTES(__VA_ARGS__))

/* The three kinds of command; each gives the sense as one number, or KIT_DONE. */
#define kit_none(kit, ...) kit_run(kit, TRANSPORT_NO_DATA, NULL, 0, KIT_CDB(__VA_ARGS__))
#define kit_in(kit, room, ...) kit_run(kit, TRANSPORT_DATA_IN, NULL, room, KIT_CDB(__VA_ARGS__))
#define kit_out(kit, data, size, ...) kit_run(kit, TRANSPORT_DATA_OUT, data, size, KIT_CDB(__VA_ARGS__))

#define assert_sense(sense, key, asc, ascq) assert_int_equal(sense, MMC_SENSE(key, asc, ascq))
#define assert_done(sense) assert_int_equal(sense, KIT_DONE)

/* The first bytes of what came in. */
#define assert_bytes(kit, offset, ...)                                                                       \
    assert_memory_equal((kit)->data + (offset), KIT_BYTES(__VA_ARGS__), sizeof(KIT_BYTES(__VA_ARGS__)))

/* Until TEST UNIT READY is good: takes in unit attentions and waits for the disc. */
static inline void kit_settle(struct kit *kit)
{
    for (int i = 0; i < 2000; ++i)
    {
        if (kit_none(kit, 0, 0, 0, 0, 0, 0) == KIT_DONE) return;
        clock_sleep(&kit->clock.base, 100);
    }
    fail_msg("never ready: %02X/%02X/%02X", kit->command.sense[2], kit->command.sense[12],
             kit->command.sense[13]);
}

/* Options and a new folder, no recorder yet; the disc of tests is disc.iso in it. */
static inline void kit_prepare(struct kit *kit, const char *medium)
{
    const char *folder = getenv("TMPDIR");

    memset(kit, 0, sizeof(*kit));
    clock_virtual_init(&kit->clock);
    snprintf(kit->folder, sizeof(kit->folder), "%s/openimapi-XXXXXX", folder ? folder : "/tmp");
    assert_non_null(mkdtemp(kit->folder));
    snprintf(kit->disc, sizeof(kit->disc), "%s/disc.iso", kit->folder);
    snprintf(kit->state, sizeof(kit->state), "%s.state", kit->disc);
    emu_options_init(&kit->options);
    kit->options.store = store_posix();
    kit->options.clock = &kit->clock.base;
    kit->options.medium = medium;
    kit->options.disc = kit->disc;
    kit->options.lock_timeout = 20;
}

static inline void kit_plug_in(struct kit *kit)
{
    assert_int_equal(emu_create(&kit->options, &kit->drive), OI_OK);
}

/* A recorder with that medium, ready. */
static inline void kit_open(struct kit *kit, const char *medium)
{
    kit_prepare(kit, medium);
    kit_plug_in(kit);
    if (strcmp(medium, "none")) kit_settle(kit);
}

/* Switched off and on again, without a word to the disc. */
static inline void kit_restart(struct kit *kit)
{
    transport_close(kit->drive);
    kit->drive = NULL;
    kit_plug_in(kit);
    kit_settle(kit);
}

static inline void kit_close(struct kit *kit)
{
    transport_close(kit->drive);
    unlink(kit->disc);
    unlink(kit->state);
    rmdir(kit->folder);
}

/* A second recorder, with the same disc. */
static inline void kit_open_beside(struct kit *kit, const struct kit *first)
{
    memset(kit, 0, sizeof(*kit));
    *kit = *first;
    kit->options.disc = kit->disc;
    kit->options.clock = &kit->clock.base;
    kit->drive = NULL;
    kit_plug_in(kit);
    kit_settle(kit);
}

/* Block n of a stream with that seed: every block differs. */
static inline void kit_fill(uint8_t *block, uint32_t n, uint32_t seed)
{
    uint32_t x = n * 2654435761u ^ seed ^ 0x9E3779B9u;

    for (int i = 0; i < 2048; i += 4)
    {
        x = x * 1664525u + 1013904223u;
        put_be32(block + i, x);
    }
}

/* WRITE(10) of blocks from lba on, 32 at a time; the first sense that is not good. */
static inline uint32_t kit_write(struct kit *kit, uint32_t lba, uint32_t blocks, uint32_t seed)
{
    static uint8_t data[32 * 2048];

    while (blocks)
    {
        uint32_t count = blocks < 32 ? blocks : 32, sense;
        uint8_t cdb[10] = { 0x2A };

        for (uint32_t i = 0; i < count; ++i) kit_fill(data + 2048 * i, lba + i, seed);
        put_be32(cdb + 2, lba);
        put_be16(cdb + 7, (uint16_t)count);
        sense = kit_run(kit, TRANSPORT_DATA_OUT, data, count * 2048, cdb, sizeof(cdb));
        if (sense) return sense;
        lba += count;
        blocks -= count;
    }
    return KIT_DONE;
}

/* READ(10) of one block. */
static inline uint32_t kit_read(struct kit *kit, uint32_t lba)
{
    uint8_t cdb[10] = { 0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0 };

    put_be32(cdb + 2, lba);
    return kit_run(kit, TRANSPORT_DATA_IN, NULL, 2048, cdb, sizeof(cdb));
}

/* Reads all blocks and compares them with what kit_write wrote. */
static inline void kit_compare(struct kit *kit, uint32_t lba, uint32_t blocks, uint32_t seed)
{
    uint8_t expected[2048];

    for (uint32_t i = 0; i < blocks; ++i)
    {
        assert_done(kit_read(kit, lba + i));
        assert_int_equal(kit->got, 2048);
        kit_fill(expected, lba + i, seed);
        assert_memory_equal(kit->data, expected, 2048);
    }
}

static inline uint32_t kit_sync(struct kit *kit)
{
    return kit_none(kit, 0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/* CLOSE TRACK/SESSION. */
static inline uint32_t kit_finish(struct kit *kit, uint8_t function, uint8_t number)
{
    return kit_none(kit, 0x5B, 0, function, 0, 0, number, 0, 0, 0, 0);
}

/* READ TRACK INFORMATION of a track number; the reply is in kit->data. */
static inline uint32_t kit_track(struct kit *kit, uint8_t number)
{
    return kit_in(kit, 48, 0x52, 0x01, 0, 0, 0, number, 0, 0, 48, 0);
}

/* READ DISC INFORMATION; the reply is in kit->data. */
static inline uint32_t kit_disc(struct kit *kit)
{
    return kit_in(kit, 34, 0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0);
}

static inline void kit_swallow(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
}

/* Around what is expected to be logged as an error. */
static inline void kit_quiet(int quiet)
{
    log_set_sink(quiet ? kit_swallow : NULL, NULL);
}

/* Size of a file in bytes, -1 without one. */
static inline long long kit_file_size(const char *path)
{
    struct stat status;

    return stat(path, &status) ? -1 : (long long)status.st_size;
}

/* MODE SELECT of page 05h: byte 2 (write type and bits), byte 3 (track mode and bits), 2048-byte blocks. */
static inline void kit_select_write_parameters(struct kit *kit, uint8_t type, uint8_t track_mode)
{
    uint8_t list[60] = { 0, 0, 0, 0, 0, 0, 0, 0, 0x05, 0x32, type, track_mode, 8 };

    if (track_mode & 0x20) list[21] = 32;               /* fixed packets of 32 blocks */
    assert_done(kit_out(kit, list, 60, 0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0));
}

#endif
