/* core/transport/fault.c and fault_script.c: every kind of rule, and every way to write one wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/log.h"
#include "openimapi/transport.h"

#include <string.h>

/* A drive that does everything it is told: DATA IN is filled with 00 01 02 ..., but GET EVENT STATUS tells of
   a medium. */
struct good_drive
{
    struct transport base;
    int executed, closed;
};

static enum oi_status good_execute(struct transport *transport, struct transport_command *command)
{
    ((struct good_drive *)transport)->executed++;
    command->transferred = command->data_size;
    if (command->direction == TRANSPORT_DATA_IN)
    {
        for (uint32_t i = 0; i < command->data_size; i++) command->data[i] = (uint8_t)i;
        if (command->cdb[0] == 0x4A) memcpy(command->data, "\0\6\4\x10\2\2\0\0", command->data_size);
    }
    return OI_OK;
}

static void good_close(struct transport *transport)
{
    ((struct good_drive *)transport)->closed++;
}

static const struct transport_ops good_ops = { good_execute, good_close };

static struct clock_virtual virtual_clock;
static struct good_drive drive;
static struct transport *fault;
static struct transport_command command;
static uint8_t data[65536];

static void start(const char *script)
{
    size_t line = 0;

    memset(&drive, 0, sizeof(drive));
    clock_virtual_init(&virtual_clock);
    drive.base.ops = &good_ops;
    drive.base.clock = &virtual_clock.base;
    drive.base.max_transfer = sizeof(data);
    assert_int_equal(transport_fault_create(&drive.base, script, &line, &fault), OI_OK);
}

static int stop(void **state)
{
    (void)state;
    transport_close(fault);
    fault = NULL;
    return drive.closed == 1 ? 0 : -1;
}

static enum oi_status send(uint8_t opcode, enum transport_direction direction, uint32_t size)
{
    memset(&command, 0, sizeof(command));
    command.cdb[0] = opcode;
    command.cdb_size = 10;
    command.direction = direction;
    command.data = data;
    command.data_size = size;
    command.timeout = 1000;
    return transport_execute(fault, &command);
}

static enum oi_status ready(void) { return send(0x00, TRANSPORT_NO_DATA, 0); }

static enum oi_status read_10(uint32_t lba, uint16_t blocks)
{
    memset(&command, 0, sizeof(command));
    command.cdb[0] = 0x28;
    command.cdb[2] = (uint8_t)(lba >> 24);
    command.cdb[3] = (uint8_t)(lba >> 16);
    command.cdb[4] = (uint8_t)(lba >> 8);
    command.cdb[5] = (uint8_t)lba;
    command.cdb[7] = (uint8_t)(blocks >> 8);
    command.cdb[8] = (uint8_t)blocks;
    command.cdb_size = 10;
    command.direction = TRANSPORT_DATA_IN;
    command.data = data;
    command.data_size = blocks * 2048u;
    return transport_execute(fault, &command);
}

static enum oi_status write_10(uint32_t size) { return send(0x2A, TRANSPORT_DATA_OUT, size); }

static void assert_sense(uint8_t key, uint8_t asc, uint8_t ascq)
{
    assert_int_equal(command.sense_size, 18);
    assert_int_equal(command.sense[0], 0x70);
    assert_int_equal(command.sense[2], key);
    assert_int_equal(command.sense[7], 10);
    assert_int_equal(command.sense[12], asc);
    assert_int_equal(command.sense[13], ascq);
}

static void without_rules_everything_passes(void **state)
{
    (void)state;
    start("");
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(write_10(2048), OI_OK);
    assert_int_equal(command.transferred, 2048);
    assert_int_equal(drive.executed, 2);
    assert_true(transport_fault_count(fault) == 2);
}

static void comments_blank_lines_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    start("\xEF\xBB\xBF# WRITE(10) -> 03/0C/00\r\n\n   \t\r\n #3 -> io\n"
          "write(10)  #2->  03/0c/00  # the second\r\n");
    assert_int_equal(write_10(1), OI_OK);
    assert_int_equal(write_10(1), OI_SENSE);
    assert_sense(3, 0x0C, 0);
}

static void the_nth_command_fails_once(void **state)
{
    (void)state;
    start("WRITE(10) #3 -> 03/0C/00");
    assert_int_equal(write_10(1), OI_OK);
    assert_int_equal(write_10(1), OI_OK);
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(write_10(1), OI_SENSE);
    assert_sense(3, 0x0C, 0);
    assert_int_equal(command.transferred, 0);
    assert_int_equal(drive.executed, 3);
    assert_int_equal(write_10(1), OI_OK);
}

static void from_the_nth_command_on_all_fail(void **state)
{
    (void)state;
    start("WRITE(10) #2.. -> 04/44/00");
    assert_int_equal(write_10(1), OI_OK);
    for (int i = 0; i < 5; i++) assert_int_equal(write_10(1), OI_SENSE);
    assert_sense(4, 0x44, 0);
}

static void every_command_of_a_name_fails(void **state)
{
    (void)state;
    start("READ DISC INFORMATION -> 71/03/0C/00");
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(send(0x51, TRANSPORT_DATA_IN, 34), OI_SENSE);
    assert_int_equal(command.sense[0], 0x71);
    assert_int_equal(command.sense[2], 3);
    assert_int_equal(send(0x51, TRANSPORT_DATA_IN, 34), OI_SENSE);
}

static void descriptor_sense_is_built_too(void **state)
{
    (void)state;
    start("any -> 72/05/24/00");
    assert_int_equal(ready(), OI_SENSE);
    assert_int_equal(command.sense_size, 8);
    assert_memory_equal(command.sense, "\x72\x05\x24\x00\x00\x00\x00\x00", 8);
}

static void a_short_answer_leaves_nothing_behind_it(void **state)
{
    (void)state;
    start("READ DISC INFORMATION #1 -> short 8");
    assert_int_equal(send(0x51, TRANSPORT_DATA_IN, 34), OI_OK);
    assert_int_equal(command.transferred, 8);
    assert_memory_equal(data, "\0\1\2\3\4\5\6\7", 8);
    for (int i = 8; i < 34; i++) assert_int_equal(data[i], 0xA5);
    assert_int_equal(drive.executed, 1);
    assert_int_equal(send(0x51, TRANSPORT_DATA_IN, 34), OI_OK);
    assert_int_equal(command.transferred, 34);
}

static void a_short_answer_is_never_longer_than_the_real_one(void **state)
{
    (void)state;
    start("READ DISC INFORMATION -> short 100\nINQUIRY -> short 0");
    assert_int_equal(send(0x51, TRANSPORT_DATA_IN, 34), OI_OK);
    assert_int_equal(command.transferred, 34);
    assert_int_equal(send(0x12, TRANSPORT_DATA_IN, 36), OI_OK);
    assert_int_equal(command.transferred, 0);
}

static void garbage_has_the_right_size_and_no_right_byte(void **state)
{
    (void)state;
    start("MODE SENSE(10) -> garbage");
    assert_int_equal(send(0x5A, TRANSPORT_DATA_IN, 256), OI_OK);
    assert_int_equal(command.transferred, 256);
    for (int i = 0; i < 256; i++) assert_int_not_equal(data[i], i);
}

static void a_bad_block_fails_each_range_that_holds_it(void **state)
{
    (void)state;
    start("READ(10) lba 4096 -> 03/11/05");
    assert_int_equal(read_10(4064, 32), OI_OK);
    assert_int_equal(read_10(4065, 32), OI_SENSE);
    assert_sense(3, 0x11, 5);
    assert_int_equal(read_10(4096, 1), OI_SENSE);
    assert_int_equal(read_10(4097, 1), OI_OK);
    assert_int_equal(read_10(4096, 0), OI_OK);
}

static void a_bad_block_may_be_met_for_the_nth_time(void **state)
{
    (void)state;
    start("any lba 7 #2 -> io");
    assert_int_equal(read_10(7, 1), OI_OK);
    assert_int_equal(read_10(8, 1), OI_OK);
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(read_10(0, 16), OI_IO);
    assert_int_equal(read_10(7, 1), OI_OK);
}

static void ranges_of_the_long_commands_are_known(void **state)
{
    (void)state;
    start("any lba 66051 -> io");               /* 010203h */
    memset(&command, 0, sizeof(command));
    command.cdb_size = 12;
    memcpy(command.cdb, "\xAA\0\0\1\2\2\0\0\0\1", 10);          /* WRITE(12), one block before */
    assert_int_equal(transport_execute(fault, &command), OI_OK);
    memcpy(command.cdb, "\xAA\0\0\1\2\2\0\0\0\2", 10);
    assert_int_equal(transport_execute(fault, &command), OI_IO);
    memcpy(command.cdb, "\xBE\0\0\1\2\2\0\0\1\xF8", 10);        /* READ CD */
    assert_int_equal(transport_execute(fault, &command), OI_OK);
    memcpy(command.cdb, "\xBE\0\0\1\2\2\0\0\2\xF8", 10);
    assert_int_equal(transport_execute(fault, &command), OI_IO);
}

static void opcodes_may_be_numbers(void **state)
{
    (void)state;
    start("0x46 #2 -> timeout\n0xFf -> gone");
    assert_int_equal(send(0x46, TRANSPORT_DATA_IN, 8), OI_OK);
    assert_int_equal(send(0x46, TRANSPORT_DATA_IN, 8), OI_TIMEOUT);
    assert_int_equal(send(0xFF, TRANSPORT_NO_DATA, 0), OI_DEVICE_GONE);
    assert_int_equal(ready(), OI_OK);
}

static void every_status_can_be_had(void **state)
{
    (void)state;
    start("any #1 -> timeout\nany #2 -> gone\nany #3 -> handle\nany #4 -> locked\nany #5 -> io");
    assert_int_equal(ready(), OI_TIMEOUT);
    assert_int_equal(ready(), OI_DEVICE_GONE);
    assert_int_equal(ready(), OI_DEVICE_HANDLE);
    assert_int_equal(ready(), OI_LOCKED);
    assert_int_equal(ready(), OI_IO);
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(drive.executed, 1);
}

static void any_counts_all_commands_failed_ones_too(void **state)
{
    (void)state;
    start("TEST UNIT READY #1 -> io\nany #3 -> 04/44/00");
    assert_int_equal(ready(), OI_IO);
    assert_int_equal(write_10(1), OI_OK);
    assert_int_equal(ready(), OI_SENSE);
    assert_true(transport_fault_count(fault) == 3);
}

static void the_first_rule_that_applies_decides(void **state)
{
    (void)state;
    start("TEST UNIT READY #2 -> timeout\nTEST UNIT READY -> io");
    assert_int_equal(ready(), OI_IO);
    assert_int_equal(ready(), OI_TIMEOUT);
    assert_int_equal(ready(), OI_IO);
}

static void the_medium_goes_when_so_much_was_written(void **state)
{
    (void)state;
    start("after 64 KiB -> removed");
    assert_int_equal(write_10(32768), OI_OK);
    assert_int_equal(write_10(32767), OI_OK);
    assert_int_equal(write_10(1), OI_OK);
    assert_int_equal(write_10(1), OI_SENSE);
    assert_sense(2, 0x3A, 2);
    assert_int_equal(ready(), OI_SENSE);
    assert_int_equal(read_10(0, 1), OI_SENSE);
    /* The drive itself still answers, but sees no disc. */
    assert_int_equal(send(0x12, TRANSPORT_DATA_IN, 36), OI_OK);
    assert_int_equal(send(0x46, TRANSPORT_DATA_IN, 8), OI_OK);
    assert_int_equal(data[6] << 8 | data[7], 0);
    assert_int_equal(drive.executed, 5);
}

static void events_tell_of_the_missing_medium(void **state)
{
    (void)state;
    start("WRITE(10) #1 -> removed");
    assert_int_equal(send(0x4A, TRANSPORT_DATA_IN, 8), OI_OK);
    assert_int_equal(data[5], 2);                       /* medium present, tray closed */
    assert_int_equal(write_10(1), OI_SENSE);
    assert_sense(2, 0x3A, 2);
    assert_int_equal(send(0x4A, TRANSPORT_DATA_IN, 8), OI_OK);
    assert_int_equal(data[5], 1);                       /* no medium, tray open */
    assert_int_equal(send(0x4A, TRANSPORT_DATA_IN, 4), OI_OK);
}

static void the_device_goes_when_so_much_was_written(void **state)
{
    (void)state;
    start("after 4096 -> gone");
    assert_int_equal(write_10(4096), OI_OK);
    assert_int_equal(ready(), OI_DEVICE_GONE);
    assert_int_equal(send(0x12, TRANSPORT_DATA_IN, 36), OI_DEVICE_GONE);
    assert_int_equal(drive.executed, 1);
}

static void only_what_reached_the_medium_counts_as_written(void **state)
{
    (void)state;
    start("WRITE(10) #1 -> 03/0C/00\nafter 2 -> gone");
    assert_int_equal(write_10(2), OI_SENSE);
    assert_int_equal(send(0x55, TRANSPORT_DATA_OUT, 60), OI_OK);
    assert_int_equal(write_10(2), OI_OK);
    assert_int_equal(ready(), OI_DEVICE_GONE);
}

static void busy_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    start("TEST UNIT READY #2 -> busy 2 s");
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(ready(), OI_SENSE);
    assert_sense(2, 0x04, 7);
    assert_int_equal(write_10(1), OI_OK);
    clock_sleep(&virtual_clock.base, 1999);
    assert_int_equal(ready(), OI_SENSE);
    clock_sleep(&virtual_clock.base, 1);
    assert_int_equal(ready(), OI_OK);
    assert_int_equal(ready(), OI_OK);
}

static void a_delay_passes_before_the_command(void **state)
{
    (void)state;
    start("WRITE(10) #2 -> delay 1500 ms");
    assert_int_equal(write_10(1), OI_OK);
    assert_true(clock_now(&virtual_clock.base) == 0);
    assert_int_equal(write_10(1), OI_OK);
    assert_true(clock_now(&virtual_clock.base) == 1500);
    assert_int_equal(drive.executed, 2);
}

static void given_data_take_the_place_of_the_answer(void **state)
{
    (void)state;
    start("READ CAPACITY -> data 0000FFFF 00000800");
    assert_int_equal(send(0x25, TRANSPORT_DATA_IN, 8), OI_OK);
    assert_int_equal(command.transferred, 8);
    assert_memory_equal(data, "\x00\x00\xFF\xFF\x00\x00\x08\x00", 8);
    assert_int_equal(send(0x25, TRANSPORT_DATA_IN, 4), OI_OK);
    assert_int_equal(command.transferred, 4);
    assert_int_equal(send(0x25, TRANSPORT_DATA_IN, 16), OI_OK);
    assert_int_equal(command.transferred, 8);
    assert_int_equal(drive.executed, 0);
}

static void lines_that_are_not_understood_are_named(void **state)
{
    static const char *const bad[] =
    {
        "WRITE(10)", "WRITE(10) 03/0C/00", "-> io", "WRITE(10) ->", "WRITE 10 -> io", "WRITE(10) -> nothing",
        "WRITE(10) # -> io", "WRITE(10) #0 -> io", "WRITE(10) #x -> io", "WRITE(10) #1. -> io",
        "WRITE(10) #1... -> io", "WRITE(10) #1..2 -> io", "WRITE(10) #-1 -> io",
        "WRITE(10) #18446744073709551616 -> io", "WRITE(10) -> 03/0C", "WRITE(10) -> 03/0C/00/00",
        "WRITE(10) -> 70/03/0C/00/00", "WRITE(10) -> 10/0C/00",
        "WRITE(10) -> 03/0C/000", "WRITE(10) -> 03/0C/", "WRITE(10) -> 3G/0C/00", "WRITE(10) -> 03/0C/00 x",
        "WRITE(10) -> io x", "WRITE(10) -> iox", "WRITE(10) -> short", "WRITE(10) -> short x",
        "WRITE(10) -> short 1 x",
        "READ(10) lba -> io", "READ(10) lba x -> io", "READ(10) lba 4294967296 -> io", "INQUIRY lba 1 -> io",
        "0x100 -> io", "0x -> io", "0xg1 -> io", "0x1 -> io", "anything -> io", "any 3 -> io",
        "after -> gone", "after x -> gone", "after 10 XiB -> gone", "after 10 MiB -> short 3",
        "after 10 MiB x -> gone",
        "after 10 MiB -> 03/0C/00", "after 18446744073709551615 KiB -> gone",
        "any -> busy", "any -> busy 2", "any -> busy 2 h", "any -> delay s", "any -> delay 4294968 s",
        "any -> data", "any -> data 0", "any -> data 000", "any -> data 0x00", "any -> data 00 0 00",
    };
    char script[128];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
    {
        size_t line = 0;

        memset(&drive, 0, sizeof(drive));
        drive.base.ops = &good_ops;
        strcpy(script, "# first\nINQUIRY -> data 00\n");
        strcat(script, bad[i]);
        strcat(script, "\nREAD(10) -> io\n");
        fault = NULL;
        assert_int_equal(transport_fault_create(&drive.base, script, &line, &fault), OI_INVALID_ARGUMENT);
        assert_null(fault);
        assert_int_equal(line, 3);
        assert_int_equal(drive.closed, 1);
    }
    memset(&drive, 0, sizeof(drive));
    drive.base.ops = &good_ops;
    assert_int_equal(transport_fault_create(&drive.base, "what?", NULL, &fault), OI_INVALID_ARGUMENT);
}

static void quiet(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test_teardown(without_rules_everything_passes, stop),
        cmocka_unit_test_teardown(comments_blank_lines_and_line_ends_do_not_matter, stop),
        cmocka_unit_test_teardown(the_nth_command_fails_once, stop),
        cmocka_unit_test_teardown(from_the_nth_command_on_all_fail, stop),
        cmocka_unit_test_teardown(every_command_of_a_name_fails, stop),
        cmocka_unit_test_teardown(descriptor_sense_is_built_too, stop),
        cmocka_unit_test_teardown(a_short_answer_leaves_nothing_behind_it, stop),
        cmocka_unit_test_teardown(a_short_answer_is_never_longer_than_the_real_one, stop),
        cmocka_unit_test_teardown(garbage_has_the_right_size_and_no_right_byte, stop),
        cmocka_unit_test_teardown(a_bad_block_fails_each_range_that_holds_it, stop),
        cmocka_unit_test_teardown(a_bad_block_may_be_met_for_the_nth_time, stop),
        cmocka_unit_test_teardown(ranges_of_the_long_commands_are_known, stop),
        cmocka_unit_test_teardown(opcodes_may_be_numbers, stop),
        cmocka_unit_test_teardown(every_status_can_be_had, stop),
        cmocka_unit_test_teardown(any_counts_all_commands_failed_ones_too, stop),
        cmocka_unit_test_teardown(the_first_rule_that_applies_decides, stop),
        cmocka_unit_test_teardown(the_medium_goes_when_so_much_was_written, stop),
        cmocka_unit_test_teardown(events_tell_of_the_missing_medium, stop),
        cmocka_unit_test_teardown(the_device_goes_when_so_much_was_written, stop),
        cmocka_unit_test_teardown(only_what_reached_the_medium_counts_as_written, stop),
        cmocka_unit_test_teardown(busy_lasts_as_long_as_it_says, stop),
        cmocka_unit_test_teardown(a_delay_passes_before_the_command, stop),
        cmocka_unit_test_teardown(given_data_take_the_place_of_the_answer, stop),
        cmocka_unit_test(lines_that_are_not_understood_are_named),
    };

    log_set_sink(quiet, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
