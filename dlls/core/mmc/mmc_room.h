/* What the files of the mmc room share: running commands, asking in two steps, time limits. */
#ifndef OPENIMAPI_MMC_ROOM_H
#define OPENIMAPI_MMC_ROOM_H

#include "openimapi/mmc.h"

/* Time limits in milliseconds, longer than any drive known to work has needed. */
enum
{
    TIMEOUT_QUICK = 10 * 1000,          /* answered by the drive's processor alone */
    TIMEOUT_MEDIUM = 30 * 1000,         /* may read the medium */
    TIMEOUT_TRACK_INFO = 60 * 1000,
    TIMEOUT_READ = 60 * 1000,
    TIMEOUT_WRITE = 200 * 1000,         /* the first WRITE may calibrate and write a lead-in */
    TIMEOUT_START = 60 * 1000,
    TIMEOUT_LOAD = 300 * 1000,
    TIMEOUT_CALIBRATE = 260 * 1000,
    TIMEOUT_RESERVE = 200 * 1000,
    TIMEOUT_IMMEDIATE = 200 * 1000,     /* a long command with Immed */
    TIMEOUT_SYNC_REST = 260 * 1000,     /* SYNCHRONIZE CACHE behind one with Immed that was waited for */
    TIMEOUT_SYNC = 3600 * 1000,         /* long commands without it */
    TIMEOUT_CLOSE = 3600 * 1000,
    TIMEOUT_FORMAT = 4 * 3600 * 1000,
    TIMEOUT_BLANK = 5 * 3600 * 1000,
};

/* Writes status into drive->failure, for an answer that came but says the wrong thing; returns it. */
enum oi_status mmc_fail(struct mmc_drive *drive, uint8_t opcode, enum oi_status status);

/* As mmc_execute_cdb; senses that are no errors (recovered ones) count as success, and when they are told
   late the command is sent again. */
enum oi_status mmc_run(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                       enum transport_direction direction, void *data, uint32_t data_size, uint32_t timeout,
                       uint32_t *transferred);

/* As mmc_run; a busy drive is asked again as drive->patience says. OI_CANCELLED when its tick ends it. */
enum oi_status mmc_run_patiently(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                                 enum transport_direction direction, void *data, uint32_t data_size,
                                 uint32_t timeout, uint32_t *transferred);

/* As mmc_run_patiently, for commands that only ask: pending unit attentions are cleared by asking again. */
enum oi_status mmc_query(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size, void *data,
                         uint32_t data_size, uint32_t timeout, uint32_t *transferred);

/* Where a reply says how long it is. */
enum mmc_length_field
{
    LENGTH_16_AT_0,                     /* 2 bytes that do not count themselves */
    LENGTH_32_AT_0,                     /* 4 bytes that do not count themselves */
    LENGTH_8_AT_3,                      /* READ FORMAT CAPACITIES: what follows the 4-byte header */
};

/* A command whose reply has to be asked for in two steps: drives and bridges exist that stall when more
   is asked for than they deliver. */
struct mmc_question
{
    uint8_t cdb[12];
    uint8_t cdb_size;
    uint8_t allocation;                 /* offset of the 2-byte allocation length in the CDB */
    enum mmc_length_field length;
    uint8_t header;                     /* bytes asked for first, at most 16 */
    uint32_t limit;                     /* more than this is OI_INVALID_RESPONSE */
    uint32_t timeout;
};

/* The reply has exactly the announced length; one that delivers less than it announces, or less than its
   header, is OI_INVALID_RESPONSE. A reply that announces less than its header comes out that short. */
enum oi_status mmc_ask(struct mmc_drive *drive, const struct mmc_question *question, struct mmc_reply *reply);

#endif
