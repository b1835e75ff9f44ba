/*
 * The seam between whoever speaks MMC and whatever executes it: a real drive (dlls/host), the emulated
 * recorder (core/emu), a list of prepared answers (script), or a decorator in front of any of them
 * (trace, fault, write-behind). One command at a time; whoever shares a transport serialises.
 */
#ifndef OPENIMAPI_TRANSPORT_H
#define OPENIMAPI_TRANSPORT_H

#include "openimapi/clock.h"
#include "openimapi/status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRANSPORT_CDB_MAX 16
#define TRANSPORT_SENSE_MAX 32          /* fixed format needs 18, descriptor format more */

enum transport_direction
{
    TRANSPORT_NO_DATA,
    TRANSPORT_DATA_IN,                  /* from the drive */
    TRANSPORT_DATA_OUT,                 /* to the drive */
};

struct transport_command
{
    uint8_t cdb[TRANSPORT_CDB_MAX];
    uint8_t cdb_size;                   /* 6 to 16: ATAPI hosts send short commands padded to 12 */
    enum transport_direction direction;
    uint8_t *data;                      /* the caller's; DATA_OUT is only read from */
    uint32_t data_size;                 /* bytes */
    uint32_t timeout;                   /* milliseconds */

    /* Results. */
    uint32_t transferred;               /* bytes really moved; never more than data_size; those of data
                                           behind them hold nothing */
    uint8_t sense[TRANSPORT_SENSE_MAX]; /* as the drive gave it, zero filled; valid when OI_SENSE */
    uint8_t sense_size;                 /* bytes valid in sense, 0 if there are none */
};

struct transport;

struct transport_ops
{
    /* OI_OK: the drive said GOOD. OI_SENSE: CHECK CONDITION, see sense. OI_TIMEOUT, OI_DEVICE_GONE,
       OI_DEVICE_HANDLE, OI_LOCKED, OI_IO: the command never came to an end. */
    enum oi_status (*execute)(struct transport *transport, struct transport_command *command);
    /* Frees the transport, and for a decorator whatever it wraps. */
    void (*close)(struct transport *transport);
};

struct transport
{
    const struct transport_ops *ops;
    struct clock *clock;                /* outlives the transport; a decorator has that of what it wraps */
    uint32_t max_transfer;              /* bytes in one command; at least 64 KiB */
    uint32_t alignment_mask;            /* data buffers: address & mask == 0; 0 = any */
};

/* Executes after checking sizes and clearing the results; OI_INVALID_ARGUMENT for a malformed command. */
enum oi_status transport_execute(struct transport *transport, struct transport_command *command);

/* NULL is allowed. */
void transport_close(struct transport *transport);

/* Decorator: logs every CDB, its data (the first bytes), its sense and its time at level trace.
   Takes over inner, also on failure. */
enum oi_status transport_trace_create(struct transport *inner, struct transport **out);

/*
 * Decorator: makes commands fail as a text script says. Takes over inner, also on failure. One rule a line,
 * '#' starts a comment. A rule names commands and, behind an arrow, what becomes of them:
 *
 *   WRITE(10) #3 -> 03/0C/00            the third one answers this sense (key/ASC/ASCQ in hex)
 *   WRITE(10) #3.. -> 03/0C/00          the third and all later ones
 *   WRITE(10) -> 71/03/0C/00            every one; four numbers: response code first (71: deferred error)
 *   READ DISC INFORMATION #1 -> short 8 delivers 8 bytes
 *   MODE SENSE(10) -> garbage           delivers the right number of wrong bytes
 *   READ(10) lba 4096 -> 03/11/05       when the addressed range holds that LBA
 *   0x46 #2 -> timeout                  an opcode by number; outcomes: timeout, gone, handle, locked, io
 *   any #17 -> 04/44/00                 the seventeenth command of all
 *   after 10 MiB -> removed             once so much was written: medium removed (02/3A/02 from then on)
 *   after 10 MiB -> gone                ... the whole device
 *   TEST UNIT READY #1 -> busy 2 s      02/04/07 until so much time went by on the clock
 *   WRITE(10) #5 -> delay 2 s           executed after a wait
 *   READ CAPACITY -> data 0000FFFF00000800   these bytes instead
 *
 * Command names are those of MMC_OPCODE_LIST (mmc_codes.h). Every rule counts the commands that it names,
 * whatever became of them; the first rule that applies decides. Nothing is executed for a sense, a status,
 * busy or data. A busy time begins with the first command that the rule applies to, holds for all commands of
 * that name and comes once. Bytes behind a short answer are overwritten. "removed" may stand for any rule and
 * lasts from then on: commands that need a medium answer 02/3A/02. An "after" rule lasts too; it has no other
 * outcomes than removed and the statuses. Sizes are in bytes or KiB, MiB, GiB, times in s or ms.
 *
 * The script text is copied. OI_INVALID_ARGUMENT for a line that is not understood; *line (may be NULL) is
 * then its number, from 1. Words may be written in any letter case.
 */
enum oi_status transport_fault_create(struct transport *inner, const char *script, size_t *line,
                                      struct transport **out);

/* How many commands have passed through a fault decorator so far: bounds the loop "make the n-th fail". */
uint64_t transport_fault_count(const struct transport *fault);

/* One prepared exchange of a scripted transport. */
struct transport_exchange
{
    const uint8_t *cdb;                 /* expected bytes; NULL accepts any */
    size_t cdb_size;
    const uint8_t *out;                 /* expected data from the host; NULL accepts any */
    size_t out_size;
    enum oi_status status;              /* the answer */
    const uint8_t *in;                  /* data for the host */
    size_t in_size;
    const uint8_t *sense;
    size_t sense_size;
};

/* Leaf: answers the exchanges in order, each once; anything unexpected is OI_UNEXPECTED_RESPONSE and
   logged. The exchanges stay the caller's and are not copied. */
enum oi_status transport_script_create(const struct transport_exchange *exchanges, size_t count,
                                       struct clock *clock, struct transport **out);

/* Exchanges not used yet: 0 at the end of a good test. */
size_t transport_script_left(const struct transport *script);

#ifdef __cplusplus
}
#endif

#endif
