/* dlls/host/drive.c, claim.c, guard.c: opening a virtual recorder, and who may use it. */
#include "host_test.h"

#include <ctype.h>
#include <winioctl.h>

#define A VIRTUAL_ID(L"a")
#define B VIRTUAL_ID(L"b")

static WCHAR config_path[MAX_PATH], disc_path[MAX_PATH], fault_path[MAX_PATH];

static void configure(const char *more)
{
    char text[1024];

    if (!*disc_path) test_temp_path(disc_path, L".iso");
    snprintf(text, sizeof(text), "[a]\nMedium = dvd+r\nDisc = %ls\n%s[b]\nMedium = none\n", disc_path, more);
    set_config(config_path, text);
}

static struct host_drive *open_drive(const WCHAR *id)
{
    struct host_drive *drive = NULL;

    ok_int(host_drive_open(id, &drive), OI_OK, "host_drive_open");
    return drive;
}

static void end(void)
{
    WCHAR state[MAX_PATH];

    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", NULL);
    DeleteFileW(config_path);
    DeleteFileW(disc_path);
    wsprintfW(state, L"%s.state", disc_path);
    DeleteFileW(state);
}

TEST(an_unknown_id_is_not_found)
{
    struct host_drive *drive = NULL;

    configure("");
    ok_int(host_drive_open(VIRTUAL_ID(L"c"), &drive), OI_NOT_FOUND, "unknown id");
    ok_int(host_drive_open(L"", &drive), OI_NOT_FOUND, "empty id");
    ok_int(host_drive_open(NULL, &drive), OI_NOT_FOUND, "no id");
    ok_int(host_drive_open(L"D:\\", &drive), OI_NOT_FOUND, "a path");
    ok(!drive, "a drive was handed out");
    end();
}

TEST(an_open_drive_says_who_it_is)
{
    const struct host_identity *identity;
    struct host_limits limits;
    struct host_drive *drive;

    configure("");
    drive = open_drive(L"\\\\?\\OPENIMAPI#CDROM&VEN_OPENIMAP&PROD_VIRTUAL_RECORDER#A#{53F56308-B6BF-11D0-"
                       L"94F2-00A0C91EFB8B}");
    if (!drive) return;
    ok_text(host_drive_get_info(drive)->id, A, "id");
    identity = host_drive_get_identity(drive);
    ok_text(identity->vendor, L"OPENIMAP", "vendor");
    ok_text(identity->product, L"Virtual Recorder", "product");
    ok(*identity->revision != 0, "no revision");
    host_drive_get_limits(drive, &limits);
    ok(limits.max_transfer >= 65536 && limits.max_transfer_page_aligned >= limits.max_transfer, "limits");
    ok_int(host_drive_get_transport(drive)->max_transfer, limits.max_transfer, "the transport's limit");
    host_drive_unref(drive);
    host_drive_unref(NULL);
    end();
}

TEST(descriptors_are_as_the_system_would_give_them)
{
    const STORAGE_ADAPTER_DESCRIPTOR *adapter;
    const STORAGE_DEVICE_DESCRIPTOR *device;
    struct host_drive *drive;
    struct host_identity identity = { L"", L"", L"" };
    void *bytes;
    ULONG size;

    configure("");
    if (!(drive = open_drive(A))) return;
    ok_int(host_drive_get_descriptor(drive, HOST_ADAPTER_DESCRIPTOR, &bytes, &size), OI_OK, "adapter");
    adapter = bytes;
    ok(size == sizeof(*adapter) && adapter->Size == size, "size %lu", size);
    ok(adapter->MaximumTransferLength >= 65536, "MaximumTransferLength %lu", adapter->MaximumTransferLength);
    free(bytes);
    ok_int(host_drive_get_descriptor(drive, HOST_DEVICE_DESCRIPTOR, &bytes, &size), OI_OK, "device");
    device = bytes;
    ok(device->Size == size, "size %lu", size);
    ok_int(device->DeviceType, 5, "DeviceType");
    ok(!strcmp((const char *)bytes + device->ProductIdOffset, "Virtual Recorder"), "product");
    ok(host_read_device_descriptor(bytes, size, &identity), "not read");
    ok_text(identity.vendor, L"OPENIMAP", "vendor");
    ok(!host_read_device_descriptor(bytes, 20, &identity), "a short descriptor was read");
    free(bytes);
    host_drive_unref(drive);
    end();
}

TEST(commands_reach_the_recorder_and_its_disc)
{
    static const BYTE get_configuration[10] = { 0x46, 0, 0, 0, 0, 0, 0, 0, 8 };
    static const BYTE inquiry[6] = { 0x12, 0, 0, 0, 36 };
    struct transport_command command;
    struct host_drive *drive;
    BYTE data[36];

    configure("");
    if (!(drive = open_drive(A))) return;
    ok_int(send_cdb(host_drive_get_transport(drive), inquiry, 6, data, 36, &command), OI_OK, "INQUIRY");
    ok_int(command.transferred, 36, "bytes");
    ok_int(data[0] & 0x1F, 5, "device type");
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "TEST UNIT READY");
    ok_int(send_cdb(host_drive_get_transport(drive), get_configuration, 10, data, 8, &command), OI_OK,
           "GET CONFIGURATION");
    ok_int(data[6] << 8 | data[7], 0x1B, "profile of DVD+R");
    host_drive_unref(drive);

    if (!(drive = open_drive(B))) return;
    ok_int(get_ready(host_drive_get_transport(drive)), OI_SENSE, "TEST UNIT READY without a disc");
    host_drive_unref(drive);
    end();
}

TEST(faults_of_the_configuration_happen)
{
    char text[MAX_PATH + 20];
    static const BYTE inquiry[6] = { 0x12, 0, 0, 0, 36 };
    struct transport_command command;
    struct host_drive *drive = NULL;
    BYTE data[36];

    if (!*fault_path) test_temp_path(fault_path, L".txt");
    snprintf(text, sizeof(text), "Faults = %ls\n", fault_path);
    configure(text);

    write_file(fault_path, "INQUIRY #1 -> timeout\n");
    if (!(drive = open_drive(A))) return;
    ok_text(host_drive_get_identity(drive)->vendor, L"OPENIMAP", "faults begin above the identity; vendor");
    ok_int(send_cdb(host_drive_get_transport(drive), inquiry, 6, data, 36, &command), OI_TIMEOUT,
           "first INQUIRY");
    ok_int(send_cdb(host_drive_get_transport(drive), inquiry, 6, data, 36, &command), OI_OK,
           "second INQUIRY");
    host_drive_unref(drive);

    log_set_sink(ignore_log, NULL);
    drive = NULL;
    write_file(fault_path, "INQUIRY #1 -> nothing\n");
    ok_int(host_drive_open(A, &drive), OI_INVALID_ARGUMENT, "a wrong script");
    DeleteFileW(fault_path);
    ok_int(host_drive_open(A, &drive), OI_INVALID_ARGUMENT, "a missing script");
    ok(!drive, "a drive was handed out");
    log_set_sink(NULL, NULL);
    end();
}

TEST(a_recorder_taken_away_is_gone_and_comes_back)
{
    struct host_drive *drive;

    configure("");
    if (!(drive = open_drive(A))) return;
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "TEST UNIT READY");
    set_config(config_path, "[b]\nMedium = none\n");
    Sleep(600);
    ok_int(get_ready(host_drive_get_transport(drive)), OI_DEVICE_GONE, "TEST UNIT READY after the removal");
    configure("Speed = 2\n");
    Sleep(600);
    ok_int(get_ready(host_drive_get_transport(drive)), OI_DEVICE_GONE, "with another configuration");
    configure("");
    Sleep(600);
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "TEST UNIT READY after the return");
    host_drive_unref(drive);
    end();
}

static DWORD WINAPI ask_often(void *transport)
{
    static const BYTE inquiry[6] = { 0x12, 0, 0, 0, 36 };
    struct transport_command command;
    DWORD failures = 0;
    BYTE data[36];

    for (int i = 0; i < 300; i++)
    {
        enum oi_status status = send_cdb(transport, inquiry, 6, data, 36, &command);

        failures += status || command.transferred != 36 || memcmp(data + 8, "OPENIMAP", 8);
        failures += get_ready(transport) != OI_OK;
    }
    return failures;
}

TEST(commands_of_several_threads_take_turns)
{
    struct host_drive *drive;
    HANDLE threads[4];
    DWORD failures;

    configure("");
    if (!(drive = open_drive(A))) return;
    get_ready(host_drive_get_transport(drive));
    for (int i = 0; i < 4; i++)
    {
        threads[i] = CreateThread(NULL, 0, ask_often, host_drive_get_transport(drive), 0, NULL);
    }
    for (int i = 0; i < 4; i++)
    {
        ok_int(WaitForSingleObject(threads[i], 60000), WAIT_OBJECT_0, "the thread");
        ok(GetExitCodeThread(threads[i], &failures) && !failures, "%lu commands failed", failures);
        CloseHandle(threads[i]);
    }
    host_drive_unref(drive);
    end();
}

static enum oi_status write_blocks(struct host_drive *drive, uint32_t lba, BYTE *data, uint32_t blocks,
                                   struct transport_command *command)
{
    const BYTE cdb[10] = { 0x2A, 0, 0, 0, (BYTE)(lba >> 8), (BYTE)lba, 0, 0, (BYTE)blocks };

    memset(command, 0, sizeof(*command));
    memcpy(command->cdb, cdb, 10);
    command->cdb_size = 10;
    command->direction = TRANSPORT_DATA_OUT;
    command->data = data;
    command->data_size = blocks * 2048;
    command->timeout = 10000;
    return transport_execute(host_drive_get_transport(drive), command);
}

TEST(a_write_that_fails_behind_is_told_of_and_the_drive_goes_on)
{
    static const BYTE synchronize[10] = { 0x35 };
    BYTE *data = calloc(32, 2048);
    struct transport_command command;
    char text[MAX_PATH + 20];
    struct host_drive *drive;
    struct host_buffer buffer;
    enum oi_status status = OI_OK;

    if (!*fault_path) test_temp_path(fault_path, L".txt");
    snprintf(text, sizeof(text), "Faults = %ls\n", fault_path);
    write_file(fault_path, "WRITE(10) #3 -> 03/0C/00\n");
    configure(text);
    if (!(drive = open_drive(A))) return;
    get_ready(host_drive_get_transport(drive));
    ok_int(host_drive_start_write_behind(drive), OI_OK, "start");
    host_drive_get_buffer(drive, &buffer);
    ok(buffer.total >= 1 << 20 && buffer.free == buffer.total, "buffer of %lu bytes, %lu free", buffer.total,
       buffer.free);
    for (uint32_t i = 0; i < 4 && !status; i++) status = write_blocks(drive, i * 32, data, 32, &command);
    if (!status) status = send_cdb(host_drive_get_transport(drive), synchronize, 10, NULL, 0, &command);
    ok_int(status, OI_SENSE, "status");
    ok_int(command.sense[0], 0x71, "response code: deferred");
    ok_int(command.sense[2], 3, "key");
    /* What the drive has is 64 blocks; from there it goes on. */
    ok_int(write_blocks(drive, 64, data, 32, &command), OI_OK, "write");
    ok_int(send_cdb(host_drive_get_transport(drive), synchronize, 10, NULL, 0, &command), OI_OK, "flush");
    ok_int(write_blocks(drive, 96, data, 32, &command), OI_OK, "write");
    /* The last reference ends the queue. */
    host_drive_unref(drive);
    DeleteFileW(fault_path);
    free(data);
    end();
}

/* --- exclusive access ----------------------------------------------------------------------------------- */

TEST(client_names_follow_the_rules_of_the_driver)
{
    WCHAR name[80];

    ok(host_client_name_is_valid(L"x"), "one letter");
    ok(host_client_name_is_valid(L"Az09 .,:;-_"), "all allowed");
    ok(!host_client_name_is_valid(NULL), "NULL");
    ok(!host_client_name_is_valid(L""), "empty");
    for (WCHAR c = 1; c < 0x180; c++)
    {
        WCHAR text[] = { 'a', c, 0 };
        int good = (c < 0x80 && isalnum(c)) || wcschr(L" .,:;-_", c) != NULL;

        ok(!host_client_name_is_valid(text) == !good, "character %04x", c);
    }
    for (int i = 0; i < 63; i++) name[i] = 'n';
    name[62] = 0;
    ok(host_client_name_is_valid(name), "62 characters");
    name[62] = 'n';
    name[63] = 0;
    ok(!host_client_name_is_valid(name), "63 characters");
}

static void check_owner(struct host_drive *drive, const WCHAR *expected)
{
    WCHAR *owner = NULL;

    ok_int(host_drive_get_owner(drive, &owner), OI_OK, "host_drive_get_owner");
    ok_text(owner, expected, "owner");
    free(owner);
}

TEST(exclusive_access_is_counted)
{
    struct host_drive *drive;

    configure("");
    if (!(drive = open_drive(A))) return;
    check_owner(drive, L"");
    ok_int(host_drive_release(drive), OI_INVALID_ARGUMENT, "release of nothing");
    ok_int(host_drive_acquire(drive, L"no/slash", TRUE), OI_INVALID_ARGUMENT, "bad name");
    ok_int(host_drive_acquire(drive, L"one", FALSE), OI_OK, "first acquire");
    ok_int(host_drive_acquire(drive, L"one", TRUE), OI_OK, "second acquire");
    ok_int(host_drive_acquire(drive, L"ONE", TRUE), OI_LOCKED, "acquire by another client");
    ok_int(host_drive_get_claims(drive), 2, "claims");
    check_owner(drive, L"one");
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "a command of the owner");
    ok_int(host_drive_release(drive), OI_OK, "release");
    check_owner(drive, L"one");
    ok_int(host_drive_release(drive), OI_OK, "release");
    check_owner(drive, L"");
    ok_int(host_drive_release(drive), OI_INVALID_ARGUMENT, "one release too many");
    host_drive_unref(drive);
    end();
}

TEST(exclusive_access_keeps_other_objects_out_unless_they_have_the_name)
{
    struct host_drive *one, *two, *other;

    configure("");
    one = open_drive(A);
    other = open_drive(B);
    if (!one || !other) return;
    ok_int(host_drive_acquire(one, L"client", FALSE), OI_OK, "acquire");
    /* Opening is allowed, and tells who it is. */
    if (!(two = open_drive(A))) return;
    ok_text(host_drive_get_identity(two)->vendor, L"OPENIMAP", "vendor");
    check_owner(two, L"client");
    check_owner(other, L"");
    ok_int(get_ready(host_drive_get_transport(two)), OI_LOCKED, "a command of another object");
    ok_int(host_drive_acquire(two, L"stranger", TRUE), OI_LOCKED, "acquire under another name");
    ok_int(host_drive_get_claims(two), 0, "claims");
    ok_int(host_drive_acquire(other, L"stranger", TRUE), OI_OK, "acquire of another drive");
    ok_int(host_drive_acquire(two, L"client", FALSE), OI_OK, "acquire under the same name");
    ok_int(get_ready(host_drive_get_transport(two)), OI_OK, "a command under the same name");
    ok_int(host_drive_release(one), OI_OK, "release of the first");
    ok_int(get_ready(host_drive_get_transport(one)), OI_LOCKED, "a command of who has released");
    check_owner(one, L"client");
    /* The last reference releases, too. */
    host_drive_unref(two);
    check_owner(one, L"");
    ok_int(get_ready(host_drive_get_transport(one)), OI_OK, "a command after the end of the claim");
    ok_int(host_drive_acquire(one, L"stranger", FALSE), OI_OK, "acquire under another name, now free");
    host_drive_unref(one);
    host_drive_unref(other);
    end();
}

/* The other process: holds the drive until it is ended. */
static int hold(void)
{
    struct host_drive *drive;
    HANDLE ready = OpenEventW(EVENT_MODIFY_STATE, FALSE, L"openimapi-test-ready");

    if (!ready || host_drive_open(A, &drive) || host_drive_acquire(drive, L"other process", FALSE)) return 1;
    SetEvent(ready);
    Sleep(60000);
    return 2;
}

TEST(exclusive_access_holds_across_processes_and_ends_with_them)
{
    STARTUPINFOW startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    struct host_drive *drive;
    WCHAR command[MAX_PATH + 16], program[MAX_PATH];
    HANDLE ready;

    configure("");
    if (!(drive = open_drive(A))) return;
    ready = CreateEventW(NULL, TRUE, FALSE, L"openimapi-test-ready");
    GetModuleFileNameW(NULL, program, MAX_PATH);
    wsprintfW(command, L"\"%s\" --hold", program);
    if (!ok(CreateProcessW(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process),
            "CreateProcess"))
    {
        return;
    }
    ok_int(WaitForSingleObject(ready, 30000), WAIT_OBJECT_0, "the other process");
    check_owner(drive, L"other process");
    ok_int(get_ready(host_drive_get_transport(drive)), OI_LOCKED, "a command");
    ok_int(host_drive_acquire(drive, L"this one", TRUE), OI_LOCKED, "acquire");
    ok_int(host_drive_acquire(drive, L"other process", TRUE), OI_OK, "acquire under its name");
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "a command under its name");
    ok_int(host_drive_release(drive), OI_OK, "release");
    TerminateProcess(process.hProcess, 0);
    WaitForSingleObject(process.hProcess, 10000);
    check_owner(drive, L"");
    ok_int(get_ready(host_drive_get_transport(drive)), OI_OK, "a command after its death");
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    CloseHandle(ready);
    host_drive_unref(drive);
    end();
}

TEST(media_change_notification_is_counted)
{
    struct host_drive *drive;

    configure("");
    if (!(drive = open_drive(A))) return;
    ok_int(host_drive_enable_mcn(drive), OI_INVALID_ARGUMENT, "enable when it is on");
    ok_int(host_drive_disable_mcn(drive), OI_OK, "disable");
    ok_int(host_drive_disable_mcn(drive), OI_OK, "disable");
    ok_int(host_drive_enable_mcn(drive), OI_OK, "enable");
    ok_int(host_drive_enable_mcn(drive), OI_OK, "enable");
    ok_int(host_drive_enable_mcn(drive), OI_INVALID_ARGUMENT, "enable when it is on");
    host_drive_unref(drive);
    end();
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] =
    {
        TEST_CASE(an_unknown_id_is_not_found),
        TEST_CASE(an_open_drive_says_who_it_is),
        TEST_CASE(descriptors_are_as_the_system_would_give_them),
        TEST_CASE(commands_reach_the_recorder_and_its_disc),
        TEST_CASE(faults_of_the_configuration_happen),
        TEST_CASE(a_recorder_taken_away_is_gone_and_comes_back),
        TEST_CASE(commands_of_several_threads_take_turns),
        TEST_CASE(a_write_that_fails_behind_is_told_of_and_the_drive_goes_on),
        TEST_CASE(client_names_follow_the_rules_of_the_driver),
        TEST_CASE(exclusive_access_is_counted),
        TEST_CASE(exclusive_access_keeps_other_objects_out_unless_they_have_the_name),
        TEST_CASE(exclusive_access_holds_across_processes_and_ends_with_them),
        TEST_CASE(media_change_notification_is_counted),
    };

    if (argc > 1 && !strcmp(argv[1], "--hold")) return hold();
    return test_run(cases, sizeof(cases) / sizeof(cases[0]), argc, argv);
}
