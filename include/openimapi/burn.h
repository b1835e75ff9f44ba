/*
 * Burning: a struct source becomes a session, or the content of an overwritable medium. The burn validates
 * the medium, formats it when it must be, sets the drive up, writes, closes and, when asked to, verifies.
 *
 * One call does it all on the caller's thread, reads the source and calls back on that thread only, and
 * holds constant memory. Every wait has a limit. However it ends, removal is allowed again, and a medium
 * that can be left readable or appendable is left so.
 */
#ifndef OPENIMAPI_BURN_H
#define OPENIMAPI_BURN_H

#include "openimapi/mmc_medium.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is being done. The values are those of IMAPI_FORMAT2_DATA_WRITE_ACTION. Order of a burn:
   0, 1 if needed, 2, 3 where the medium has it, 4, 5, 7 if asked for, 6. */
enum burn_action
{
    BURN_VALIDATING = 0,
    BURN_FORMATTING = 1,
    BURN_INITIALIZING = 2,
    BURN_CALIBRATING = 3,
    BURN_WRITING = 4,
    BURN_FINALIZING = 5,
    BURN_COMPLETED = 6,                 /* only after success */
    BURN_VERIFYING = 7,
};

/* The values are those of IMAPI_BURN_VERIFICATION_LEVEL. */
enum burn_verify
{
    BURN_VERIFY_NONE = 0,
    BURN_VERIFY_QUICK = 1,              /* disc and track information, and a sample of sectors */
    BURN_VERIFY_FULL = 2,               /* and every block that was written */
};

/* Blocks of the source that go to the same blocks of the disc, both ends included. */
struct burn_range
{
    uint32_t first, last;
};

struct burn_options
{
    bool force_close;                   /* ForceMediaToBeClosed */
    bool no_compatibility;              /* DisableConsumerDvdCompatibilityMode */
    bool force_overwrite;               /* ForceOverwrite */
    bool no_underrun_protection;        /* BufferUnderrunFreeDisabled; heeded on CD only */
    bool postgap_in_source;             /* PostgapAlreadyInImage: no 150 blocks behind the data of a CD */
    bool test_write;                    /* laser off; OI_NOT_SUPPORTED where the drive cannot */
    bool large_writes;                  /* for virtual recorders: WRITEs as large as the transport takes; else
                                           64 KiB at most, which every adapter and bridge bears */
    enum burn_verify verify;

    bool set_speed;                     /* false: leave the drive at what it has */
    uint32_t speed;                     /* blocks a second, or MMC_FASTEST */
    bool pure_cav;

    /* Overwritable media only (OI_NOT_SUPPORTED elsewhere): write these ranges, in this order, instead of
       the whole source. They need no force_overwrite, unless together they are the whole source. Where one
       does not fill its write units, what the disc holds in the rest of them stays. They do not overlap.
       OI_INVALID_ARGUMENT for one that is turned round or past the end of the source. */
    const struct burn_range *ranges;    /* the caller's */
    size_t range_count;
};

struct burn_progress
{
    enum burn_action action;
    int32_t start;                      /* first LBA of this burn */
    uint32_t count;                     /* blocks to write, never 0 */
    int32_t last_read, last_written;    /* LBAs, never below start */
    uint32_t elapsed, remaining, total; /* seconds; total is never 0 */
    uint32_t buffer_total, buffer_used; /* bytes */
};

/* Any member may be NULL. */
struct burn_callbacks
{
    void *context;
    /* On each change of action, and every 500 ms while writing and verifying. False asks to stop. */
    bool (*progress)(void *context, const struct burn_progress *progress);
    /* Asked often, in long waits too. True asks to stop: at once, but while the disc is brought in order the
       drive is given up to three minutes for that. */
    bool (*cancelled)(void *context);
    /* Fills in the levels of a buffer between burn and drive; without it the burn's own chunk is shown. */
    void (*buffer)(void *context, uint32_t *total, uint32_t *used);
};

struct burn_result
{
    uint32_t start, count;              /* blocks of the disc that hold the source, padding left out */
    uint32_t padding;                   /* blocks written behind them */
    bool speed_adjusted, rotation_adjusted;
    bool closed;                        /* the disc takes no further session */
};

/*
 * Burns. The drive is the caller's alone for the time of the call. The result (may be NULL) is valid with
 * OI_OK. When it fails for what a command answered, drive->failure tells which and what.
 *
 * OI_NOT_ALIGNED          the size of the source is 0 or no multiple of 2048
 * OI_NO_MEDIUM            also when it is removed on the way
 * OI_MEDIUM_UNSUPPORTED   no way to write data onto this kind of medium
 * OI_MEDIUM_PROTECTED     write protected
 * OI_MEDIUM_STATE         finalized, damaged, or left in a state that takes no data
 * OI_MEDIUM_NOT_BLANK     overwritable, holds something, and force_overwrite is off
 * OI_MEDIUM_NOT_FORMATTED could not be formatted
 * OI_TOO_LARGE            does not fit, padding and overhead included
 * OI_SOURCE_SIZE, OI_SOURCE_READ, ...     the source failed; its status as it is
 * OI_CANCELLED            asked to stop
 * OI_LOSS_OF_STREAMING    data came too slowly with underrun protection off
 * OI_VERIFY_FAILED        what was read back differs
 * OI_UNEXPECTED_RESPONSE  all commands succeeded, and yet the medium did not change
 * OI_SENSE, OI_TIMEOUT, OI_DEVICE_GONE, OI_INVALID_RESPONSE, ...
 */
enum oi_status burn_data(struct mmc_drive *drive, struct source *source, const struct burn_options *options,
                         const struct burn_callbacks *callbacks, struct burn_result *result);

/* True when burn_data knows how to write media of that type / profile. */
bool burn_data_knows_type(enum mmc_medium_type type);
bool burn_data_knows_profile(uint16_t profile);

/* Whether this medium, in its present state, would be accepted: the status that burn_data would give before
   writing anything, for a source of blocks blocks (0: just the medium). Sends no command, and so does not
   know whether an overwritable medium holds something: OI_MEDIUM_NOT_BLANK is left to burn_data. */
enum oi_status burn_data_check(const struct mmc_medium *medium, uint32_t blocks,
                               const struct burn_options *options);

/* Blocks that a burn may fill: free ones less run-out, post-gap and padding to whole units. */
uint32_t burn_data_free_blocks(const struct mmc_medium *medium, const struct burn_options *options);

#ifdef __cplusplus
}
#endif

#endif
