/*
 * Commands at random: whatever a host sends, the drive answers, writes no byte past the buffer, and the disc
 * stays one that can be loaded again.
 */
#include "helpers/emu_kit.h"

static uint32_t seed;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static const uint8_t opcodes[] =
{
    0x00, 0x03, 0x04, 0x12, 0x1B, 0x1E, 0x23, 0x25, 0x28, 0x2A, 0x2B, 0x2E, 0x2F, 0x35, 0x42, 0x43, 0x46,
    0x4A, 0x51, 0x52, 0x53, 0x54, 0x55, 0x58, 0x5A, 0x5B, 0x5C, 0xA1, 0xA6, 0xA8, 0xAA, 0xAC, 0xAD, 0xB6,
    0xB9, 0xBB, 0xBD, 0xBE, 0xBF,
};

/* A CDB that is half sensible: mostly small numbers, a known opcode most of the time. */
static void make_cdb(struct transport_command *command)
{
    static const uint8_t sizes[8] = { 6, 10, 10, 6, 16, 12, 6, 6 };

    memset(command, 0, sizeof(*command));
    command->cdb[0] = next_random() % 16 ? opcodes[next_random() % sizeof(opcodes)] : (uint8_t)next_random();
    command->cdb_size = sizes[command->cdb[0] >> 5];
    for (int i = 1; i < command->cdb_size; ++i)
    {
        switch (next_random() % 8)
        {
        case 0:
            command->cdb[i] = (uint8_t)next_random();
            break;
        case 1:
            command->cdb[i] = (uint8_t)(next_random() % 33);
            break;
        case 2:
            command->cdb[i] = (uint8_t)(1u << next_random() % 8);
            break;
        default:
            break;
        }
    }
    command->timeout = 1000;
}

/* Executes with a buffer of exactly the size announced, so that a byte too many is noticed. */
static void run_one(struct kit *kit)
{
    struct transport_command command;
    uint32_t size = next_random() % 4 ? next_random() % 200 : 2048 * (next_random() % 40);
    uint8_t *buffer = NULL;
    enum oi_status status;

    make_cdb(&command);
    if (size)
    {
        buffer = malloc(size);
        assert_non_null(buffer);
        memset(buffer, 0, size);
        for (uint32_t i = 0; i < size && i < 80; ++i)
        {
            if (next_random() % 3 == 0) buffer[i] = (uint8_t)next_random();
        }
        command.data = buffer;
        command.data_size = size;
        command.direction = next_random() % 2 ? TRANSPORT_DATA_IN : TRANSPORT_DATA_OUT;
    }
    status = transport_execute(kit->drive, &command);
    assert_true(status == OI_OK || status == OI_SENSE);
    assert_true(command.transferred <= size);
    if (status == OI_SENSE) assert_int_equal(command.sense[0] & 0x7F, 0x70);
    clock_sleep(&kit->clock.base, next_random() % 50);
    free(buffer);
}

static void a_drive_survives(const char *medium, uint32_t start)
{
    static struct kit kit;

    seed = start;
    kit_prepare(&kit, medium);
    kit.options.times = emu_times_realistic;
    kit.options.times.load = 10;
    kit.options.times.blank_full = 10;
    kit.options.times.format_background = 100;
    kit_plug_in(&kit);
    for (int i = 0; i < 4000; ++i)
    {
        run_one(&kit);
        if (i % 500) continue;
        transport_close(kit.drive);
        kit_plug_in(&kit);
        if (strcmp(medium, "none")) assert_true(emu_medium_status(kit.drive) != OI_FORMAT);
    }
    /* With a tray that may be open by now. */
    if (strcmp(medium, "none"))
    {
        kit_none(&kit, 0x1E, 0, 0, 0, 0, 0);
        kit_none(&kit, 0x1B, 0, 0, 0, 3, 0);
        kit_settle(&kit);
        clock_sleep(&kit.clock.base, 1000000);
        assert_done(kit_disc(&kit));
    }
    kit_close(&kit);
}

static void garbage_hurts_no_drive(void **state)
{
    (void)state;
    for (size_t m = 0; emu_medium_name(m); ++m)
    {
        for (uint32_t start = 1; start <= 3; ++start) a_drive_survives(emu_medium_name(m), start * 7919);
    }
}

/* Small discs, so that the ends are met. */
static void garbage_hurts_no_small_disc(void **state)
{
    (void)state;
    a_drive_survives("cd-rw 1024", 4);
    a_drive_survives("dvd+r 1024", 5);
    a_drive_survives("dvd+rw 1024", 6);
    a_drive_survives("bd-r 1024", 7);
    a_drive_survives("bd-re 1024", 8);
}

static uint32_t crc_32(const char *bytes, size_t size)
{
    uint32_t crc = 0xFFFFFFFF;

    for (size_t i = 0; i < size; ++i)
    {
        crc ^= (uint8_t)bytes[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

/* A state file of good form with that record. */
static void put_state(const struct kit *kit, const char *record, size_t size)
{
    FILE *file = fopen(kit->state, "wb");
    char header[128];
    int length;

    length = snprintf(header, sizeof(header), "openimapi-disc 1 generation 7 at 128 size %u crc %08x",
                      (unsigned)size, (unsigned)crc_32(record, size));
    memset(header + length, ' ', sizeof(header) - (size_t)length);
    header[127] = '\n';
    assert_non_null(file);
    assert_int_equal(fwrite(header, 1, 128, file), 128);
    assert_int_equal(fwrite(record, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Records with a good checksum and numbers that lie are refused, or make a disc that nothing can break. */
static void lying_records_hurt_no_drive(void **state)
{
    static struct kit kit;
    char record[4096], lie[4096];
    int refused = 0, taken = 0;
    size_t size;
    FILE *file;

    (void)state;
    kit_quiet(1);
    kit_open(&kit, "cd-rw");
    assert_done(kit_write(&kit, 0, 400, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_done(kit_write(&kit, 11802, 350, 1));
    transport_close(kit.drive);
    file = fopen(kit.state, "rb");
    assert_non_null(file);
    fseek(file, 128, SEEK_SET);
    size = fread(record, 1, sizeof(record), file);
    fclose(file);

    seed = 12345;
    for (int i = 0; i < 400; ++i)
    {
        memcpy(lie, record, size);
        for (uint32_t changes = 1 + next_random() % 3; changes;)
        {
            uint32_t at = next_random() % (uint32_t)size;

            if (lie[at] < '0' || lie[at] > '9') continue;
            lie[at] = (char)('0' + next_random() % 10);
            --changes;
        }
        put_state(&kit, lie, size);
        kit_plug_in(&kit);
        if (emu_medium_status(kit.drive) == OI_FORMAT) ++refused;
        else ++taken;
        for (int k = 0; k < 60; ++k) run_one(&kit);
        transport_close(kit.drive);
    }
    assert_true(refused > 50);
    assert_true(taken > 50);
    kit_plug_in(&kit);
    kit_close(&kit);
    kit_quiet(0);
}

/* Nobody makes such discs; addresses at their ends would wrap around. */
static void a_disc_without_blocks_or_with_too_many_is_refused(void **state)
{
    static const char *const capacities[] = { "0", "2147483649", "4294967295" };
    static struct kit kit;
    char record[600];

    (void)state;
    kit_quiet(1);
    kit_prepare(&kit, "cd-r");
    for (size_t i = 0; i < 3; ++i)
    {
        int size = snprintf(record, sizeof(record),
                            "Medium = dvd+r\nCapacity = %s\nFormatted = %s\nFormatType = 0\n"
                            "FormatSubType = 0\nBackgroundFormat = 0\nUsed = 0\nFinalized = 0\n"
                            "WriteProtected = 0\nTrayOpen = 0\nIdentification = 0\nChanges = 1\n"
                            "SessionsClosed = 0\nWritingTrack = 0\nTracks = 0\n", capacities[i],
                            capacities[i]);

        put_state(&kit, record, (size_t)size);
        kit_plug_in(&kit);
        assert_int_equal(emu_medium_status(kit.drive), OI_FORMAT);
        transport_close(kit.drive);
    }
    kit_plug_in(&kit);
    kit_close(&kit);
    kit_quiet(0);
}

static void garbage_is_no_configuration(void **state)
{
    static const char words[][12] =
    {
        "[", "]", "Medium", "=", "dvd+r", "\n", "Disc", "x", "Letter", "D:", " ", "\r",
    };
    struct emu_recorder_config *configs;
    char text[400];
    size_t count, line;

    (void)state;
    seed = 99;
    for (int i = 0; i < 20000; ++i)
    {
        size_t size = 0;

        while (size < 300 && next_random() % 40)
        {
            size += (size_t)sprintf(text + size, "%s", words[next_random() % 12]);
        }
        if (emu_config_parse(text, size, &configs, &count, &line) == OI_OK) emu_config_free(configs, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(garbage_hurts_no_drive),
        cmocka_unit_test(garbage_hurts_no_small_disc),
        cmocka_unit_test(lying_records_hurt_no_drive),
        cmocka_unit_test(a_disc_without_blocks_or_with_too_many_is_refused),
        cmocka_unit_test(garbage_is_no_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
