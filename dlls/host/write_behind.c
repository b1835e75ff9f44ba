/*
 * Decorator that queues WRITE commands to a worker thread, so that reading the source and writing to the
 * drive overlap. One caller at a time (the guard in front of it sees to that) fills a ring of bytes, the
 * worker empties it; the ring's size is fixed, and nothing is allocated for a command.
 */
#include "host_room.h"

#include "openimapi/log.h"
#include "openimapi/mmc.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 4096u                      /* data begin on pages: every adapter takes them from there */
#define ENTRIES 512u
#define LONG_WRITE_PAUSE 20             /* milliseconds until a drive with a full buffer is asked again */

struct entry
{
    struct transport_command command;
    uint32_t span;                      /* bytes of the ring, those skipped at its end included */
};

struct write_behind
{
    struct transport base;
    struct transport *inner;
    HANDLE thread;                      /* there while it is started */

    SRWLOCK lock;                       /* for all below */
    CONDITION_VARIABLE work;            /* for the worker: an entry came, or the end */
    CONDITION_VARIABLE progress;        /* for the caller: an entry went */
    BYTE *ring;
    uint32_t size, head, occupied;      /* bytes: of the ring; where the next data go; in use */
    uint32_t queued;                    /* bytes of data in it */
    struct entry *entries;
    uint32_t first, count;
    int ending, dropping;

    /* A write that failed and that nobody has heard of. */
    enum oi_status failed;
    uint8_t sense[TRANSPORT_SENSE_MAX];
    uint8_t sense_size;
};

/* --- the worker's side ---------------------------------------------------------------------------------- */

/* What is to be done about the sense of a WRITE. No sense tells nothing, certainly not that all is well. */
static enum mmc_action action_of(const struct transport_command *command)
{
    struct mmc_sense sense;
    enum mmc_action action;

    if (!command->sense_size) return MMC_ACTION_FAIL;
    mmc_sense_parse(command->sense, command->sense_size, &sense);
    action = mmc_sense_rule(&sense)->action;
    if (!sense.deferred) return action;
    /* A command that tells of an earlier one was not done itself. */
    return action == MMC_ACTION_GO_ON ? MMC_ACTION_REPEAT : MMC_ACTION_FAIL;
}

static int is_dropping(struct write_behind *behind)
{
    int dropping;

    AcquireSRWLockShared(&behind->lock);
    dropping = behind->dropping;
    ReleaseSRWLockShared(&behind->lock);
    return dropping;
}

/* Sends a WRITE, again and again while the drive's own buffer is full. What is no error must not end up as
   one: the caller would go on behind the writes that were dropped. Without the lock. */
static enum oi_status write_out(struct write_behind *behind, struct transport_command *command)
{
    uint64_t start = clock_now(behind->base.clock);

    for (;;)
    {
        enum oi_status status = transport_execute(behind->inner, command);
        enum mmc_action action = status == OI_SENSE ? action_of(command) : MMC_ACTION_FAIL;

        if (status != OI_SENSE) return status;
        if (action == MMC_ACTION_GO_ON) return OI_OK;
        if (action != MMC_ACTION_POLL && action != MMC_ACTION_REPEAT) return status;
        if (clock_now(behind->base.clock) - start >= command->timeout || is_dropping(behind)) return status;
        clock_sleep(behind->base.clock, LONG_WRITE_PAUSE);
    }
}

static void remember_failure(struct write_behind *behind, enum oi_status status,
                             const struct transport_command *command)
{
    behind->failed = status;
    memcpy(behind->sense, command->sense, sizeof(behind->sense));
    behind->sense_size = command->sense_size;
    /* SPC 4.5.5: it will be told to a later command. */
    if (behind->sense_size && (behind->sense[0] & 0x7E) == 0x70) behind->sense[0] |= 1;
    if (behind->sense_size && (behind->sense[0] & 0x7E) == 0x72) behind->sense[0] |= 1;
    if (behind->count) log_info("%u queued writes are dropped", (unsigned int)behind->count);
    behind->count = behind->occupied = behind->queued = 0;
}

static DWORD WINAPI worker(void *context)
{
    struct write_behind *behind = context;

    AcquireSRWLockExclusive(&behind->lock);
    for (;;)
    {
        struct entry *entry = &behind->entries[behind->first];
        enum oi_status status;

        if (behind->dropping) break;
        if (!behind->count)
        {
            if (behind->ending) break;
            SleepConditionVariableSRW(&behind->work, &behind->lock, INFINITE, 0);
            continue;
        }
        ReleaseSRWLockExclusive(&behind->lock);
        status = write_out(behind, &entry->command);
        AcquireSRWLockExclusive(&behind->lock);
        behind->first = (behind->first + 1) % ENTRIES;
        behind->count--;
        behind->occupied -= entry->span;
        behind->queued -= entry->command.data_size;
        if (status) remember_failure(behind, status, &entry->command);
        WakeConditionVariable(&behind->progress);
    }
    ReleaseSRWLockExclusive(&behind->lock);
    return 0;
}

/* --- the caller's side, with the lock held -------------------------------------------------------------- */

/* Tells a command of the failure of an earlier one. */
static enum oi_status report_failure(struct write_behind *behind, struct transport_command *command)
{
    enum oi_status status = behind->failed;

    behind->failed = OI_OK;
    memcpy(command->sense, behind->sense, sizeof(command->sense));
    command->sense_size = behind->sense_size;
    return status;
}

static void wait_until_empty(struct write_behind *behind)
{
    while (behind->count && !behind->failed)
    {
        SleepConditionVariableSRW(&behind->progress, &behind->lock, INFINITE, 0);
    }
}

/* Bytes of the ring that the data take, with what is skipped because they do not fit before its end. */
static uint32_t span_of(const struct write_behind *behind, uint32_t data_size)
{
    uint32_t room = (data_size + PAGE - 1) / PAGE * PAGE, to_the_end = behind->size - behind->head;

    return room <= to_the_end ? room : to_the_end + room;
}

static enum oi_status enqueue(struct write_behind *behind, struct transport_command *command)
{
    uint32_t span = span_of(behind, command->data_size), room, offset;
    struct entry *entry;

    while (!behind->failed && (behind->count == ENTRIES || behind->size - behind->occupied < span))
    {
        SleepConditionVariableSRW(&behind->progress, &behind->lock, INFINITE, 0);
    }
    if (behind->failed) return report_failure(behind, command);

    /* The worker only frees: what is free now stays so, and the copying needs no lock. */
    room = (command->data_size + PAGE - 1) / PAGE * PAGE;
    offset = span > room ? 0 : behind->head;
    ReleaseSRWLockExclusive(&behind->lock);
    memcpy(behind->ring + offset, command->data, command->data_size);
    AcquireSRWLockExclusive(&behind->lock);
    if (behind->failed) return report_failure(behind, command);

    entry = &behind->entries[(behind->first + behind->count) % ENTRIES];
    entry->command = *command;
    entry->command.data = behind->ring + offset;
    entry->span = span;
    behind->head = (behind->head + span) % behind->size;
    behind->occupied += span;
    behind->queued += command->data_size;
    behind->count++;
    WakeConditionVariable(&behind->work);
    command->transferred = command->data_size;
    return OI_OK;
}

static int can_wait(const struct transport_command *command)
{
    return (command->cdb[0] == MMC_WRITE_10 || command->cdb[0] == MMC_WRITE_12) &&
           command->direction == TRANSPORT_DATA_OUT && command->data_size;
}

static enum oi_status write_behind_execute(struct transport *transport, struct transport_command *command)
{
    struct write_behind *behind = (struct write_behind *)transport;
    enum oi_status status = OI_OK;
    int queue;

    AcquireSRWLockExclusive(&behind->lock);
    queue = behind->thread && can_wait(command);
    if (queue) status = enqueue(behind, command);
    else
    {
        wait_until_empty(behind);
        if (behind->failed) status = report_failure(behind, command);
    }
    ReleaseSRWLockExclusive(&behind->lock);
    if (queue || status) return status;
    /* The worker has nothing to do, and nothing new comes while this caller is in here. */
    return transport_execute(behind->inner, command);
}

/* --- start, end ----------------------------------------------------------------------------------------- */

static void free_queue(struct write_behind *behind)
{
    VirtualFree(behind->ring, 0, MEM_RELEASE);
    free(behind->entries);
    behind->ring = NULL;
    behind->entries = NULL;
    behind->size = behind->head = behind->occupied = behind->queued = 0;
    behind->first = behind->count = 0;
    behind->ending = behind->dropping = 0;
}

/* Ends the worker, with the rest of the queue or without. */
static void end_worker(struct write_behind *behind, int drop)
{
    AcquireSRWLockExclusive(&behind->lock);
    behind->ending = 1;
    behind->dropping = drop;
    WakeConditionVariable(&behind->work);
    ReleaseSRWLockExclusive(&behind->lock);
    WaitForSingleObject(behind->thread, INFINITE);
    CloseHandle(behind->thread);

    AcquireSRWLockExclusive(&behind->lock);
    behind->thread = NULL;
    free_queue(behind);
    ReleaseSRWLockExclusive(&behind->lock);
}

enum oi_status host_write_behind_start(struct transport *transport, ULONG size)
{
    struct write_behind *behind = (struct write_behind *)transport;
    HANDLE thread = NULL;

    if (behind->thread) return OI_OK;
    AcquireSRWLockExclusive(&behind->lock);
    behind->size = size / PAGE * PAGE;
    if (behind->size < 4 * behind->base.max_transfer)
    {
        behind->size = 4 * behind->base.max_transfer / PAGE * PAGE;
    }
    behind->ring = VirtualAlloc(NULL, behind->size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    behind->entries = calloc(ENTRIES, sizeof(*behind->entries));
    /* The worker waits at the lock until all is set. */
    if (behind->ring && behind->entries) thread = CreateThread(NULL, 0, worker, behind, 0, NULL);
    behind->thread = thread;
    if (!thread) free_queue(behind);
    ReleaseSRWLockExclusive(&behind->lock);
    return thread ? OI_OK : OI_NO_MEMORY;
}

enum oi_status host_write_behind_stop(struct transport *transport)
{
    struct write_behind *behind = (struct write_behind *)transport;
    enum oi_status status;

    if (behind->thread) end_worker(behind, 0);
    status = behind->failed;
    behind->failed = OI_OK;
    return status;
}

void host_write_behind_get_buffer(struct transport *transport, struct host_buffer *buffer)
{
    struct write_behind *behind = (struct write_behind *)transport;

    AcquireSRWLockShared(&behind->lock);
    buffer->total = behind->size;
    buffer->used = behind->queued;
    buffer->free = behind->size - behind->queued;
    ReleaseSRWLockShared(&behind->lock);
}

static void write_behind_close(struct transport *transport)
{
    struct write_behind *behind = (struct write_behind *)transport;

    if (behind->thread) end_worker(behind, 1);
    transport_close(behind->inner);
    free(behind);
}

static const struct transport_ops write_behind_ops = { write_behind_execute, write_behind_close };

enum oi_status host_write_behind_create(struct transport *inner, struct transport **out)
{
    struct write_behind *behind = calloc(1, sizeof(*behind));

    if (!behind)
    {
        transport_close(inner);
        return OI_NO_MEMORY;
    }
    behind->base = *inner;
    behind->base.ops = &write_behind_ops;
    behind->inner = inner;
    InitializeSRWLock(&behind->lock);
    InitializeConditionVariable(&behind->work);
    InitializeConditionVariable(&behind->progress);
    *out = &behind->base;
    return OI_OK;
}
