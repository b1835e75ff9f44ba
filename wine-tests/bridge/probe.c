/* A drive through Wine's own pass-through: listed, identified, asked for its disc, written to, read back. The
   script beside it runs this with the SG_IO bridge, which is what answers. */
#include "../host_test.h"

#define BLOCKS 160u                     /* of 2048 bytes; ten ECC blocks of a DVD */
#define CHUNK 32u

static struct host_drive *open_bridged(void)
{
    struct host_drive *drive = NULL;
    struct host_drives drives;
    size_t found = 0;

    ok_int(host_drives_list(&drives), OI_OK, "host_drives_list");
    for (size_t i = 0; i < drives.count; i++)
    {
        const struct host_drive_info *info = &drives.items[i];

        if (info->kind != HOST_DRIVE_REAL || !info->path_count || lstrcmpiW(info->paths[0], L"D:\\"))
        {
            continue;
        }
        found++;
        ok_int(host_drive_open(info->id, &drive), OI_OK, "host_drive_open");
    }
    ok_int(found, 1, "drives at D:");
    host_drives_free(&drives);
    return drive;
}

TEST(the_drive_is_listed_and_says_who_it_is)
{
    struct host_drive *drive = open_bridged();
    struct host_limits limits;
    WCHAR volume[64];
    void *bytes;
    ULONG size;

    if (!drive) return;
    ok_text(host_drive_get_identity(drive)->vendor, L"BRIDGED", "vendor");
    ok_text(host_drive_get_identity(drive)->product, L"Virtual Recorder", "product");
    ok_int(host_drive_get_info(drive)->path_count, 1, "paths");
    if (GetVolumeNameForVolumeMountPointW(L"D:\\", volume, 64))
    {
        ok_text(host_drive_get_info(drive)->volume_name, volume, "volume name");
    }
    host_drive_get_limits(drive, &limits);
    ok(limits.max_transfer >= 4096 && limits.max_transfer <= limits.max_transfer_page_aligned,
       "max_transfer %lu", limits.max_transfer);
    test_note("limits: %lu bytes, page-aligned %lu, mask %lx; CdRom%ld", limits.max_transfer,
              limits.max_transfer_page_aligned, limits.alignment_mask,
              host_drive_get_info(drive)->legacy_number);
    ok_int(host_drive_get_descriptor(drive, HOST_ADAPTER_DESCRIPTOR, &bytes, &size), OI_OK,
           "adapter descriptor");
    free(bytes);
    ok_int(host_drive_get_descriptor(drive, HOST_DEVICE_DESCRIPTOR, &bytes, &size), OI_OK,
           "device descriptor");
    free(bytes);
    host_drive_unref(drive);
}

TEST(commands_carry_data_and_sense)
{
    static const BYTE inquiry[6] = { 0x12, 0, 0, 0, 96 }, ready[6] = { 0x00 }, unknown[10] = { 0x5F };
    static const BYTE information[10] = { 0x51, 0, 0, 0, 0, 0, 0, 0, 34 };
    struct host_drive *drive = open_bridged();
    struct transport_command command;
    struct transport *transport;
    BYTE data[96];

    if (!drive) return;
    transport = host_drive_get_transport(drive);
    memset(data, 0xEE, sizeof(data));
    ok_int(send_cdb(transport, inquiry, 6, data, 96, &command), OI_OK, "INQUIRY");
    ok(command.transferred >= 36 && command.transferred <= 96, "%u bytes", command.transferred);
    ok(!memcmp(data + 8, "BRIDGED ", 8), "vendor");
    ok(command.transferred == 96 || data[command.transferred] == 0xEE,
       "a byte behind the answer was touched");

    ok_int(get_ready(transport), OI_OK, "TEST UNIT READY");
    ok_int(send_cdb(transport, ready, 6, NULL, 0, &command), OI_OK, "TEST UNIT READY");
    ok_int(send_cdb(transport, unknown, 10, NULL, 0, &command), OI_SENSE, "unknown command");
    ok(command.sense_size >= 14, "%u bytes of sense", command.sense_size);
    ok_int(command.sense[0] & 0x7F, 0x70, "response code");
    ok_int(command.sense[2] & 0xF, 5, "sense key");
    ok_int(command.sense[12], 0x20, "ASC");

    ok_int(send_cdb(transport, information, 10, data, 34, &command), OI_OK, "READ DISC INFORMATION");
    ok_int(command.transferred, 34, "bytes");
    ok_int(data[2] & 3, 0, "disc status: blank");
    host_drive_unref(drive);
}

static void fill(BYTE *block, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count * 2048; i++) block[i] = (BYTE)((first + i / 2048) * 7 + i);
}

static enum oi_status send_out(struct transport *transport, const BYTE *cdb, BYTE *data, uint32_t size)
{
    struct transport_command command = { .cdb_size = 10, .data = data, .data_size = size, .timeout = 60000,
                                         .direction = size ? TRANSPORT_DATA_OUT : TRANSPORT_NO_DATA };

    memcpy(command.cdb, cdb, 10);
    return transport_execute(transport, &command);
}

TEST(blocks_written_are_read_back)
{
    static const BYTE synchronize[10] = { 0x35 }, close_track[10] = { 0x5B, 0, 1, 0, 0, 1 };
    static const BYTE close_disc[10] = { 0x5B, 0, 6 };
    struct host_drive *drive = open_bridged();
    /* Not at the start of a page: transfers from anywhere have to work. */
    BYTE *memory = malloc(CHUNK * 2048 + 8), *data = memory + 4, *expected = malloc(CHUNK * 2048);
    struct transport_command command;
    struct transport *transport;

    if (!drive) return;
    transport = host_drive_get_transport(drive);
    ok_int(get_ready(transport), OI_OK, "TEST UNIT READY");
    ok_int(host_drive_acquire(drive, L"bridge test", TRUE), OI_OK, "acquire");
    ok_int(host_drive_disable_mcn(drive), OI_OK, "disable MCN");
    ok_int(host_drive_start_write_behind(drive), OI_OK, "write-behind");
    for (uint32_t lba = 0; lba < BLOCKS; lba += CHUNK)
    {
        BYTE write[10] = { 0x2A, 0, 0, 0, (BYTE)(lba >> 8), (BYTE)lba, 0, 0, CHUNK };

        fill(data, lba, CHUNK);
        ok_int(send_out(transport, write, data, CHUNK * 2048), OI_OK, "WRITE(10)");
    }
    ok_int(send_out(transport, synchronize, NULL, 0), OI_OK, "SYNCHRONIZE CACHE");
    ok_int(host_drive_stop_write_behind(drive), OI_OK, "write-behind ends");
    ok_int(send_out(transport, close_track, NULL, 0), OI_OK, "CLOSE TRACK");
    ok_int(send_out(transport, close_disc, NULL, 0), OI_OK, "CLOSE SESSION, finalize");
    ok_int(get_ready(transport), OI_OK, "TEST UNIT READY");
    for (uint32_t lba = 0; lba < BLOCKS; lba += CHUNK)
    {
        BYTE read[10] = { 0x28, 0, 0, 0, (BYTE)(lba >> 8), (BYTE)lba, 0, 0, CHUNK };

        memset(data, 0, CHUNK * 2048);
        fill(expected, lba, CHUNK);
        ok_int(send_cdb(transport, read, 10, data, CHUNK * 2048, &command), OI_OK, "READ(10)");
        ok_int(command.transferred, CHUNK * 2048, "bytes");
        ok(!memcmp(data, expected, CHUNK * 2048), "block %u is another one", lba);
    }
    ok_int(host_drive_release(drive), OI_OK, "release");
    host_drive_unref(drive);
    free(memory);
    free(expected);
}

/* As the fault script says that the bridge is started with. */
TEST(failures_of_the_device_are_noticed)
{
    static const BYTE status_cdb[12] = { 0xBD, 0, 0, 0, 0, 0, 0, 0, 0, 8 };     /* MECHANISM STATUS */
    static const BYTE capacity[10] = { 0x25 }, select[10] = { 0x55, 0x10, 0, 0, 0, 0, 0, 0, 8 };
    struct host_drive *drive = open_bridged();
    struct transport_command command;
    struct transport *transport;
    enum oi_status status;
    BYTE data[8] = { 0 };

    if (!drive) return;
    transport = host_drive_get_transport(drive);
    ok_int(get_ready(transport), OI_OK, "TEST UNIT READY");

    /* A command that timed out, or that the adapter gave up. Wine 8 hides it: GOOD, and nothing moved. */
    for (int i = 0; i < 2; i++)
    {
        status = send_cdb(transport, status_cdb, 12, data, 8, &command);
        ok(status == OI_TIMEOUT || status == OI_IO || (status == OI_OK && !command.transferred),
           "status %d, %u bytes", status, command.transferred);
        status = send_out(transport, select, data, 8);
        ok(status == OI_TIMEOUT || status == OI_IO, "status %d of data to the drive", status);
    }
    ok_int(send_cdb(transport, status_cdb, 12, data, 8, &command), OI_LOCKED, "busy");
    ok_int(send_cdb(transport, status_cdb, 12, data, 8, &command), OI_DEVICE_GONE, "no such device");
    ok_int(command.sense_size, 0, "bytes of sense");
    ok_int(send_cdb(transport, status_cdb, 12, data, 8, &command), OI_OK, "status behind them");
    ok_int(send_cdb(transport, capacity, 10, data, 8, &command), OI_OK, "READ CAPACITY");
    ok_int(command.transferred, 3, "bytes of a short answer");
    host_drive_unref(drive);
}

TEST_MAIN(TEST_CASE(the_drive_is_listed_and_says_who_it_is), TEST_CASE(commands_carry_data_and_sense),
          TEST_CASE(blocks_written_are_read_back), TEST_CASE(failures_of_the_device_are_noticed))
