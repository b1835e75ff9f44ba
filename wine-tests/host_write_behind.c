/* dlls/host/write_behind.c: order, failures, waiting and the end of the queue. */
#include "host_test.h"

#include "openimapi/bytes.h"

#define BLOCK 65536u
#define RING (4u << 20)

/* A drive that remembers its WRITE commands and does each when it is let. */
struct slow_drive
{
    struct transport base;
    HANDLE permits;                     /* NULL: at once */
    volatile LONG writes, others, closed, inside, together;
    uint32_t next;                      /* LBA expected next */
    int disorder, spoiled;
    LONG fail_at;                       /* number of the write that fails, from 1 */
    enum oi_status fail_with;
    LONG long_writes;                   /* so often 2/04/08 first */
    int recovers;                       /* every write is done, but ends with 1/18/00 */
    int recovered_late;                 /* the next write is not done, and ends with 1/18/00 deferred */
    DWORD writer;                       /* the thread */
};

static enum oi_status answer(struct transport_command *command, BYTE key, BYTE asc, BYTE ascq)
{
    command->sense[0] = 0x70;
    command->sense[2] = key;
    command->sense[7] = 10;
    command->sense[12] = asc;
    command->sense[13] = ascq;
    command->sense_size = 18;
    return OI_SENSE;
}

static enum oi_status slow_execute(struct transport *transport, struct transport_command *command)
{
    struct slow_drive *drive = (struct slow_drive *)transport;
    uint32_t lba = get_be32(command->cdb + 2);
    enum oi_status status = OI_OK;

    if (InterlockedIncrement(&drive->inside) > 1) drive->together = 1;
    if (command->cdb[0] != 0x2A) InterlockedIncrement(&drive->others);
    else
    {
        if (drive->permits) WaitForSingleObject(drive->permits, 20000);
        drive->writer = GetCurrentThreadId();
        if (drive->long_writes && drive->long_writes--) status = answer(command, 2, 0x04, 0x08);
        else if (drive->recovered_late)
        {
            drive->recovered_late = 0;
            status = answer(command, 1, 0x18, 0);
            command->sense[0] = 0x71;
        }
        else if (InterlockedIncrement(&drive->writes) == drive->fail_at)
        {
            status = drive->fail_with;
            if (status == OI_SENSE) answer(command, 3, 0x0C, 0);
        }
        else
        {
            if (lba != drive->next) drive->disorder = 1;
            drive->next = lba + command->data_size / 2048;
            for (uint32_t i = 0; i < command->data_size; i += 509)
            {
                if (command->data[i] != (BYTE)(lba + i)) drive->spoiled = 1;
            }
            command->transferred = command->data_size;
            if (drive->recovers) status = answer(command, 1, 0x18, 0);
        }
    }
    InterlockedDecrement(&drive->inside);
    return status;
}

static void slow_close(struct transport *transport)
{
    ((struct slow_drive *)transport)->closed++;
}

static const struct transport_ops slow_ops = { slow_execute, slow_close };

static struct slow_drive drive;
static struct transport *behind;
static BYTE *block;

static void start(HANDLE permits)
{
    memset(&drive, 0, sizeof(drive));
    drive.base.ops = &slow_ops;
    drive.base.clock = host_clock();
    drive.base.max_transfer = BLOCK;
    drive.permits = permits;
    block = malloc(BLOCK);
    log_set_sink(ignore_log, NULL);
    ok_int(host_write_behind_create(&drive.base, &behind), OI_OK, "create");
}

static void end(void)
{
    transport_close(behind);
    ok_int(drive.closed, 1, "closed");
    ok(!drive.together, "two commands at a time");
    if (drive.permits) CloseHandle(drive.permits);
    free(block);
    log_set_sink(NULL, NULL);
}

static enum oi_status write_at(uint32_t lba, uint32_t size, struct transport_command *command)
{
    memset(command, 0, sizeof(*command));
    command->cdb[0] = 0x2A;
    command->cdb[2] = (BYTE)(lba >> 24);
    command->cdb[3] = (BYTE)(lba >> 16);
    command->cdb[4] = (BYTE)(lba >> 8);
    command->cdb[5] = (BYTE)lba;
    command->cdb_size = 10;
    command->direction = TRANSPORT_DATA_OUT;
    command->data = block;
    command->data_size = size;
    command->timeout = 10000;
    for (uint32_t i = 0; i < size; i++) block[i] = (BYTE)(lba + i);
    return transport_execute(behind, command);
}

static enum oi_status synchronize(struct transport_command *command)
{
    static const BYTE cdb[10] = { 0x35 };

    return send_cdb(behind, cdb, 10, NULL, 0, command);
}

TEST(not_started_it_passes_all_through)
{
    struct transport_command command;
    struct host_buffer buffer;

    start(NULL);
    ok_int(write_at(0, BLOCK, &command), OI_OK, "write");
    ok_int(drive.writes, 1, "writes");
    ok_int(drive.writer, GetCurrentThreadId(), "thread");
    drive.fail_at = 2;
    drive.fail_with = OI_SENSE;
    ok_int(write_at(32, BLOCK, &command), OI_SENSE, "failing write");
    ok_int(command.sense[0], 0x70, "response code");
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    host_write_behind_get_buffer(behind, &buffer);
    ok(!buffer.total && !buffer.used && !buffer.free, "a buffer that is not there");
    ok_int(host_write_behind_stop(behind), OI_OK, "stop");
    end();
}

TEST(writes_come_in_order_and_unspoiled)
{
    struct transport_command command;
    uint32_t lba = 0, sizes[] = { BLOCK, 2048, 32768, BLOCK, 6144, 4096, 63488 };

    start(NULL);
    ok_int(host_write_behind_start(behind, 300000), OI_OK, "start");
    ok_int(host_write_behind_start(behind, 300000), OI_OK, "start again");
    for (int i = 0; i < 2000; i++)
    {
        uint32_t size = sizes[i % 7];

        if (write_at(lba, size, &command)) break;
        if (command.transferred != size) break;
        lba += size / 2048;
    }
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, 2000, "writes");
    ok_int(drive.next, lba, "blocks");
    ok(!drive.disorder, "not in order");
    ok(!drive.spoiled, "other data");
    ok(drive.writer != GetCurrentThreadId(), "written by the caller");
    ok_int(host_write_behind_stop(behind), OI_OK, "stop");
    ok_int(write_at(lba, 2048, &command), OI_OK, "write after stop");
    ok_int(drive.writer, GetCurrentThreadId(), "thread after stop");
    end();
}

TEST(the_caller_runs_ahead_by_the_size_of_the_queue)
{
    struct transport_command command;
    struct host_buffer buffer;
    HANDLE permits = CreateSemaphoreW(NULL, 0, 1000000, NULL);

    start(permits);
    ok_int(host_write_behind_start(behind, RING), OI_OK, "start");
    host_write_behind_get_buffer(behind, &buffer);
    ok_int(buffer.total, RING, "total");
    ok_int(buffer.used, 0, "used");
    ok_int(buffer.free, RING, "free");
    for (uint32_t i = 0; i < RING / BLOCK; i++) ok_int(write_at(i * 32, BLOCK, &command), OI_OK, "write");
    ok_int(drive.writes, 0, "writes that the drive did");
    host_write_behind_get_buffer(behind, &buffer);
    ok_int(buffer.used, RING, "used");
    ok_int(buffer.free, 0, "free");
    ReleaseSemaphore(permits, 1, NULL);
    ok_int(write_at(RING / 2048, BLOCK, &command), OI_OK, "write when one has gone");
    ok_int(drive.writes, 1, "writes that the drive did");
    ReleaseSemaphore(permits, 1000, NULL);
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, RING / BLOCK + 1, "writes at the end");
    host_write_behind_get_buffer(behind, &buffer);
    ok_int(buffer.used, 0, "used at the end");
    ok(!drive.disorder && !drive.spoiled, "not as it was");
    end();
}

TEST(other_commands_wait_for_the_queue)
{
    static const BYTE capacity[10] = { 0x5C, 0, 0, 0, 0, 0, 0, 0, 12 };
    struct transport_command command;
    BYTE data[12];

    start(NULL);
    ok_int(host_write_behind_start(behind, RING), OI_OK, "start");
    for (uint32_t i = 0; i < 50; i++) write_at(i * 32, BLOCK, &command);
    ok_int(send_cdb(behind, capacity, 10, data, 12, &command), OI_OK, "READ BUFFER CAPACITY");
    ok_int(drive.writes, 50, "writes before it");
    ok_int(drive.others, 1, "other commands");
    end();
}

TEST(a_failed_write_is_told_to_the_next_command_once)
{
    struct transport_command command;
    struct host_buffer buffer;
    HANDLE permits = CreateSemaphoreW(NULL, 0, 1000000, NULL);

    start(permits);
    drive.fail_at = 3;
    drive.fail_with = OI_SENSE;
    host_write_behind_start(behind, RING);
    for (uint32_t i = 0; i < 10; i++) ok_int(write_at(i * 32, BLOCK, &command), OI_OK, "write");
    ReleaseSemaphore(permits, 1000, NULL);
    ok_int(synchronize(&command), OI_SENSE, "SYNCHRONIZE CACHE");
    ok_int(drive.others, 0, "it was not executed; others");
    ok_int(command.sense_size, 18, "sense size");
    ok_int(command.sense[0], 0x71, "response code: deferred");
    ok_int(command.sense[2], 3, "key");
    ok_int(command.sense[12], 0x0C, "ASC");
    ok_int(drive.writes, 3, "writes: what was behind it is dropped");
    host_write_behind_get_buffer(behind, &buffer);
    ok_int(buffer.used, 0, "used");
    ok_int(synchronize(&command), OI_OK, "the next one");
    /* The queue goes on working. */
    drive.next = 500;
    ok_int(write_at(500, BLOCK, &command), OI_OK, "write");
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, 4, "writes");
    ok(!drive.disorder && !drive.spoiled, "not as it was");
    end();
}

TEST(a_failed_write_stops_the_next_write)
{
    static const enum oi_status statuses[] =
    {
        OI_TIMEOUT, OI_DEVICE_GONE, OI_DEVICE_HANDLE, OI_LOCKED, OI_IO,
    };

    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
    {
        struct transport_command command;
        enum oi_status status = OI_OK;
        uint32_t sent = 0;

        start(NULL);
        drive.fail_at = 2;
        drive.fail_with = statuses[i];
        host_write_behind_start(behind, RING);
        for (; sent < 10000 && !status; sent++) status = write_at(sent * 32, BLOCK, &command);
        ok_int(status, statuses[i], "status");
        ok_int(command.transferred, 0, "transferred");
        ok_int(command.sense_size, 0, "sense size");
        ok(sent < 10000, "nothing stopped the writing");
        ok_int(drive.writes, 2, "writes");
        end();
    }
}

TEST(stop_tells_of_a_failure_that_nobody_heard_of)
{
    struct transport_command command;

    start(NULL);
    drive.fail_at = 1;
    drive.fail_with = OI_TIMEOUT;
    host_write_behind_start(behind, RING);
    write_at(0, BLOCK, &command);
    ok_int(host_write_behind_stop(behind), OI_TIMEOUT, "stop");
    ok_int(host_write_behind_stop(behind), OI_OK, "stop again");
    ok_int(synchronize(&command), OI_OK, "a command behind it");
    end();
}

TEST(a_long_write_is_repeated_until_the_drive_takes_it)
{
    struct transport_command command;

    start(NULL);
    drive.long_writes = 5;
    host_write_behind_start(behind, RING);
    ok_int(write_at(0, BLOCK, &command), OI_OK, "write");
    ok_int(write_at(32, BLOCK, &command), OI_OK, "write");
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, 2, "writes");
    ok(!drive.disorder && !drive.spoiled, "not as it was");
    end();
}

/* What is queued is dropped then anyway, and the command may have a timeout of minutes. */
TEST(closing_does_not_wait_for_a_drive_whose_buffer_stays_full)
{
    struct transport_command command;
    ULONGLONG before;

    start(NULL);
    drive.long_writes = 0x7FFFFFFF;
    host_write_behind_start(behind, RING);
    for (uint32_t i = 0; i < 4; i++) ok_int(write_at(i * 32, BLOCK, &command), OI_OK, "write");
    Sleep(200);                         /* the worker has begun */
    before = GetTickCount64();
    end();
    ok(GetTickCount64() - before < 5000, "closing took %u ms", (unsigned int)(GetTickCount64() - before));
}

TEST(a_recovered_error_is_no_failure)
{
    struct transport_command command;

    start(NULL);
    drive.recovers = 1;
    host_write_behind_start(behind, RING);
    for (uint32_t i = 0; i < 20; i++) ok_int(write_at(i * 32, BLOCK, &command), OI_OK, "write");
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, 20, "writes");
    ok(!drive.disorder && !drive.spoiled, "not as it was");
    end();
}

TEST(a_write_that_told_of_an_earlier_recovered_error_is_repeated)
{
    struct transport_command command;

    start(NULL);
    drive.recovered_late = 1;
    host_write_behind_start(behind, RING);
    for (uint32_t i = 0; i < 5; i++) ok_int(write_at(i * 32, BLOCK, &command), OI_OK, "write");
    ok_int(synchronize(&command), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(drive.writes, 5, "writes");
    ok(!drive.disorder && !drive.spoiled, "not as it was");
    end();
}

TEST(a_write_that_is_long_for_ever_ends_with_its_timeout)
{
    struct transport_command command;

    start(NULL);
    drive.long_writes = 1000000;
    host_write_behind_start(behind, RING);
    write_at(0, 2048, &command);
    command.timeout = 100;
    command.data_size = 2048;
    ok_int(transport_execute(behind, &command), OI_OK, "write");
    ok_int(host_write_behind_stop(behind), OI_SENSE, "stop");
    ok(drive.writes == 0, "%ld writes", drive.writes);
    end();
}

static DWORD WINAPI let_go_on_later(void *permits)
{
    Sleep(300);
    ReleaseSemaphore(permits, 1000, NULL);
    return 0;
}

TEST(closing_ends_the_write_under_way_and_drops_the_others)
{
    struct transport_command command;
    HANDLE permits = CreateSemaphoreW(NULL, 0, 1000000, NULL), thread;
    ULONGLONG before;

    start(permits);
    host_write_behind_start(behind, RING);
    for (uint32_t i = 0; i < 20; i++) write_at(i * 32, BLOCK, &command);
    ReleaseSemaphore(permits, 1, NULL);
    Sleep(100);
    ok_int(drive.writes, 1, "writes");
    thread = CreateThread(NULL, 0, let_go_on_later, permits, 0, NULL);
    before = GetTickCount64();
    transport_close(behind);
    ok(GetTickCount64() - before < 5000, "closing took %u ms", (unsigned int)(GetTickCount64() - before));
    ok_int(drive.writes, 2, "writes");
    ok_int(drive.closed, 1, "closed");
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CloseHandle(permits);
    free(block);
    log_set_sink(NULL, NULL);
}

TEST_MAIN(TEST_CASE(not_started_it_passes_all_through), TEST_CASE(writes_come_in_order_and_unspoiled),
          TEST_CASE(the_caller_runs_ahead_by_the_size_of_the_queue),
          TEST_CASE(other_commands_wait_for_the_queue),
          TEST_CASE(a_failed_write_is_told_to_the_next_command_once),
          TEST_CASE(a_failed_write_stops_the_next_write),
          TEST_CASE(stop_tells_of_a_failure_that_nobody_heard_of),
          TEST_CASE(a_long_write_is_repeated_until_the_drive_takes_it),
          TEST_CASE(a_recovered_error_is_no_failure),
          TEST_CASE(closing_does_not_wait_for_a_drive_whose_buffer_stays_full),
          TEST_CASE(a_write_that_told_of_an_earlier_recovered_error_is_repeated),
          TEST_CASE(a_write_that_is_long_for_ever_ends_with_its_timeout),
          TEST_CASE(closing_ends_the_write_under_way_and_drops_the_others))
