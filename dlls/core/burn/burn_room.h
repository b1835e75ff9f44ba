/*
 * What the files of the burn room share: the job, the rules of each medium, and the strategy of each family
 * of media. A burn goes job.c -> family (prepare, start) -> write.c -> family (finish) -> verify.c.
 */
#ifndef OPENIMAPI_BURN_ROOM_H
#define OPENIMAPI_BURN_ROOM_H

#include "openimapi/burn.h"

struct burn_job;

/* What becomes of the disc at the end. */
enum burn_closing
{
    CLOSING_SESSION,                    /* another session may follow */
    CLOSING_DISC,
    CLOSING_DISC_COMPATIBLE,            /* with all that old players want */
};

/* How a family of media is written. Each step may be NULL: there is nothing to do. */
struct burn_family
{
    /* Makes the medium ready to take data, when it is not; may start a format. */
    enum oi_status (*format)(struct burn_job *job);
    /* Tells the drive how it is going to be written; before anybody asks for addresses. */
    enum oi_status (*prepare)(struct burn_job *job);
    /* Finds out where writing begins: job->start, job->room. */
    enum oi_status (*start)(struct burn_job *job);
    /* Everything is written and flushed: closes as job->closing says. */
    enum oi_status (*finish)(struct burn_job *job);
    /* However the job ended: takes back what prepare set and others must not find. */
    void (*leave)(struct burn_job *job);
    /* Something was written and the job ends early: leaves the medium readable or appendable. */
    void (*abandon)(struct burn_job *job);
};

/* What is particular to one profile. */
struct burn_rules
{
    uint16_t profile;
    const struct burn_family *family;
    uint8_t unit;                       /* blocks; starts and lengths are multiples of it */
    uint8_t chunk;                      /* blocks in a command that every real drive and bridge takes */
    uint16_t minimum;                   /* blocks that a track must have */
    uint16_t postgap;                   /* blocks behind the data that read-ahead may run into */
    uint16_t run_out;                   /* blocks that the drive puts behind a track */
    uint16_t first_gap, later_gap;      /* blocks between the first and second session, and later ones */
    bool calibrate;                     /* OPC makes sense */
    bool test_write;                    /* can be simulated */
    bool stop_format;                   /* a background format is stopped at the end */
    bool resumable;                     /* after a write error goes on at the next writable address */
    /* CLOSE functions per enum burn_closing, in the order in which they are tried; 0 ends the list. */
    uint8_t close[3][3];
    uint8_t format_types[3];            /* tried in this order; 0xFF ends the list */
};

/* NULL: burn cannot write data onto it. */
const struct burn_rules *burn_find_rules(uint16_t profile);

extern const struct burn_family burn_family_cd;
extern const struct burn_family burn_family_sequential;
extern const struct burn_family burn_family_overwritable;

/* Checksums of what was written, taken as it passes, to compare what is read back with. */
#define LEDGER_SPOTS 256

struct burn_ledger
{
    uint32_t total;                     /* blocks of the job, in the order of writing */
    uint32_t fed;                       /* blocks seen so far */
    uint32_t stride, length;            /* spot i covers length blocks from i * stride on */
    uint32_t count;                     /* spots */
    uint64_t sums[LEDGER_SPOTS];
};

void ledger_init(struct burn_ledger *ledger, enum burn_verify level, uint32_t total);

/* Blocks count from ordinal on. What was fed already (a piece written twice) is passed over. */
void ledger_feed(struct burn_ledger *ledger, uint32_t ordinal, uint32_t count, const uint8_t *bytes);

uint32_t ledger_spot_first(const struct burn_ledger *ledger, uint32_t spot);
uint32_t ledger_spot_length(const struct burn_ledger *ledger, uint32_t spot);

/* Start with LEDGER_SEED. Size is a multiple of 8. */
#define LEDGER_SEED 0xCBF29CE484222325u
uint64_t ledger_sum(uint64_t sum, const uint8_t *bytes, size_t size);

/* A run of blocks: source to disc. */
struct burn_extent
{
    uint32_t source, lba, count;
    uint32_t ordinal;                   /* of its first block, in the order of writing */
};

/* Remaining time is worked out from this. */
struct burn_meter
{
    uint64_t start, write_start, last_event;    /* on the clock */
    uint64_t write_time;                /* milliseconds, the flush included */
    enum burn_action action;
    uint32_t total_blocks, done_blocks;
    uint32_t speed;                     /* blocks a second expected, never 0 */
    int32_t first, last_read, last_written;
    uint32_t count;
    uint32_t in_chunk;                  /* bytes */
};

struct burn_job
{
    struct mmc_drive *drive;
    struct source *source;
    const struct burn_options *options;
    const struct burn_callbacks *callbacks;
    struct burn_result *result;

    struct mmc_medium medium;
    const struct burn_rules *rules;
    enum burn_closing closing;
    uint32_t source_blocks;             /* of the whole source */
    uint32_t data_blocks;               /* of it that are written */
    uint32_t padding;                   /* zero blocks behind them, on sequential media */
    bool whole;                         /* no ranges, or ranges that leave nothing out */
    uint32_t start, room;               /* first LBA; blocks free from there on */
    uint16_t track;                     /* number of the track written */
    bool underrun_free;                 /* as the drive took it */

    uint8_t *memory, *buffer;           /* buffer: the aligned part */
    uint32_t chunk;                     /* blocks it holds */
    uint32_t drive_buffer;              /* bytes */
    bool prevented;
    bool simulating;                    /* the drive was told not to write */
    bool written;                       /* a WRITE was accepted: the medium has changed ... */
    bool tidying;                       /* what is done now is not broken off when somebody wants to stop */
    bool finished;                      /* ... and is closed as it should be */
    bool cancelled;
    uint64_t cancelled_at;              /* on the clock */
    bool long_write_seen;
    int recoveries;
    uint32_t recovered_at;              /* position of the last one */
    bool restart;
    struct burn_meter meter;
    struct burn_ledger ledger;
};

/* --- progress.c -------------------------------------------------------------------------------------- */

void burn_meter_init(struct burn_job *job);
/* Changes the action and tells. OI_CANCELLED when asked to stop. */
enum oi_status burn_action(struct burn_job *job, enum burn_action action);
/* Tells when half a second is over (or now), and asks whether to stop. */
enum oi_status burn_tick(struct burn_job *job, bool now);
/* Asks only. */
enum oi_status burn_poll_cancel(struct burn_job *job);

/* --- wait.c ------------------------------------------------------------------------------------------ */

/* Waits until the drive is ready, at most limit milliseconds. A request to stop is heeded at once when
   heed_cancel, else after three minutes. */
enum oi_status burn_wait(struct burn_job *job, uint32_t limit, bool disc_information, bool heed_cancel);
/* For drive->patience: how busy drives are asked again in between. */
void burn_init_patience(struct burn_job *job, struct mmc_wait *patience);
/* SYNCHRONIZE CACHE, twice, as it needs; OI_OK too when there was nothing to flush. */
enum oi_status burn_flush(struct burn_job *job);
/* One CLOSE function, waited for. A disc on which there is nothing to close is closed. */
enum oi_status burn_close(struct burn_job *job, enum mmc_close function, uint16_t number);
/* The function for job->closing, or the next one when the drive does not know it. */
enum oi_status burn_close_as_wanted(struct burn_job *job);

/* --- the rest ---------------------------------------------------------------------------------------- */

/* check.c: what free_blocks and check agree on. */
uint32_t burn_padding(const struct burn_rules *rules, const struct burn_options *options, uint32_t blocks);

/* setup.c: before the first WRITE. */
enum oi_status burn_validate(struct burn_job *job);
enum oi_status burn_initialize(struct burn_job *job);
enum oi_status burn_calibrate(struct burn_job *job);

/* Takes the next lower write speed, if there is one. */
void burn_slow_down(struct burn_job *job);

/* sequential.c: asks the drive where it wants the next block. */
enum oi_status burn_read_next_writable(struct burn_job *job);

/* extents.c: the next run of blocks of the job; false behind the last. The walk starts all zero. */
struct burn_walk
{
    size_t index;
    uint32_t ordinal;
};

bool burn_next_extent(const struct burn_job *job, struct burn_walk *walk, struct burn_extent *extent);
/* Checks the ranges and counts the blocks; sets data_blocks and whole. */
enum oi_status burn_count_blocks(struct burn_job *job);

/* write.c: all extents, and the flush behind them. */
enum oi_status burn_write(struct burn_job *job);

/*
 * recover.c: what to do about a failed WRITE or flush, the next block to write being *position of an extent
 * written from begin on. OI_OK when writing may go on at *position, which may have moved back, or, with
 * job->restart, from the first extent; else the status, with the drive's failure as it was.
 */
enum oi_status burn_recover(struct burn_job *job, uint32_t begin, uint32_t *position, enum oi_status status);

/* read.c: READ(10), again where that may help; with *fua from the medium itself, until the drive refuses the
   bit. OI_SENSE with the last refusal; a late error before the job is finished comes back at once. */
enum oi_status burn_read(struct burn_job *job, uint32_t lba, uint32_t count, void *data, bool *fua);

/* verify.c */
enum oi_status burn_check_result(struct burn_job *job);
enum oi_status burn_verify_disc(struct burn_job *job);

#endif
