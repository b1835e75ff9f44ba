/* core/transport/transport.c, trace.c, script.c: what is checked, what is logged, what a script expects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/log.h"
#include "openimapi/transport.h"

#include <stdio.h>
#include <string.h>

/* A leaf that claims whatever the test wants. */
struct fake
{
    struct transport base;
    int executed, closed;
    enum oi_status status;
    uint32_t transferred;
    uint8_t sense_size;
};

static enum oi_status fake_execute(struct transport *transport, struct transport_command *command)
{
    struct fake *fake = (struct fake *)transport;

    fake->executed++;
    command->transferred = fake->transferred;
    command->sense_size = fake->sense_size;
    clock_sleep(transport->clock, 25);
    return fake->status;
}

static void fake_close(struct transport *transport)
{
    ((struct fake *)transport)->closed++;
}

static const struct transport_ops fake_ops = { fake_execute, fake_close };

static struct clock_virtual virtual_clock;

static void fake_init(struct fake *fake)
{
    memset(fake, 0, sizeof(*fake));
    clock_virtual_init(&virtual_clock);
    fake->base.ops = &fake_ops;
    fake->base.clock = &virtual_clock.base;
    fake->base.max_transfer = 65536;
}

static struct transport_command make_command(enum transport_direction direction, void *data, uint32_t size)
{
    struct transport_command command = { .cdb = { 0x12 }, .cdb_size = 6, .direction = direction, .data = data,
                                         .data_size = size, .timeout = 1000 };
    return command;
}

static void results_are_cleared_before_the_command(void **state)
{
    struct transport_command command = make_command(TRANSPORT_NO_DATA, NULL, 0);
    struct fake fake;

    (void)state;
    fake_init(&fake);
    command.transferred = 7;
    command.sense_size = 18;
    memset(command.sense, 0xFF, sizeof(command.sense));
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
    assert_int_equal(command.transferred, 0);
    assert_int_equal(command.sense_size, 0);
    for (size_t i = 0; i < sizeof(command.sense); i++) assert_int_equal(command.sense[i], 0);
}

static void claims_larger_than_the_buffers_are_cut(void **state)
{
    uint8_t data[4];
    struct transport_command command = make_command(TRANSPORT_DATA_IN, data, 4);
    struct fake fake;

    (void)state;
    fake_init(&fake);
    fake.transferred = 5;
    fake.sense_size = 255;
    fake.status = OI_SENSE;
    assert_int_equal(transport_execute(&fake.base, &command), OI_SENSE);
    assert_int_equal(command.transferred, 4);
    assert_int_equal(command.sense_size, TRANSPORT_SENSE_MAX);
}

static void malformed_commands_are_not_executed(void **state)
{
    uint8_t data[8];
    struct transport_command command;
    struct fake fake;

    (void)state;
    fake_init(&fake);
    command = make_command(TRANSPORT_NO_DATA, NULL, 0);
    command.cdb_size = 5;
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command.cdb_size = 17;
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command = make_command(TRANSPORT_NO_DATA, data, 1);
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command = make_command(TRANSPORT_DATA_IN, NULL, 1);
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command = make_command(TRANSPORT_DATA_OUT, data, 65537);
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command = make_command((enum transport_direction)3, data, 1);
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    assert_int_equal(fake.executed, 0);
}

static void misaligned_data_are_refused(void **state)
{
    _Alignas(16) uint8_t data[32];
    struct transport_command command = make_command(TRANSPORT_DATA_IN, data, 4);
    struct fake fake;

    (void)state;
    fake_init(&fake);
    fake.base.alignment_mask = 3;
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
    command.data = data + 4;
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
    command.data = data + 2;
    assert_int_equal(transport_execute(&fake.base, &command), OI_INVALID_ARGUMENT);
    command.data_size = 0;
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
}

static void data_commands_may_move_nothing(void **state)
{
    struct transport_command command = make_command(TRANSPORT_DATA_IN, NULL, 0);
    struct fake fake;

    (void)state;
    fake_init(&fake);
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
    command.cdb_size = 16;
    assert_int_equal(transport_execute(&fake.base, &command), OI_OK);
    assert_int_equal(fake.executed, 2);
}

static void close_accepts_null(void **state)
{
    struct fake fake;

    (void)state;
    fake_init(&fake);
    transport_close(NULL);
    transport_close(&fake.base);
    assert_int_equal(fake.closed, 1);
}

struct lines
{
    int count;
    char text[16][256];
};

static void remember(void *context, enum log_level level, const char *line)
{
    struct lines *lines = context;

    (void)level;
    if (lines->count < 16) snprintf(lines->text[lines->count], sizeof(lines->text[0]), "%s", line);
    lines->count++;
}

static void trace_logs_command_data_and_end(void **state)
{
    uint8_t data[4] = { 5, 0x80, 0, 0x21 };
    struct transport_command command = make_command(TRANSPORT_DATA_IN, data, 4);
    struct lines lines = { 0 };
    struct transport *trace;
    struct fake fake;

    (void)state;
    fake_init(&fake);
    fake.base.max_transfer = 131072;
    fake.base.alignment_mask = 1;
    fake.transferred = 3;
    assert_int_equal(transport_trace_create(&fake.base, &trace), OI_OK);
    assert_int_equal(trace->max_transfer, 131072);
    assert_int_equal(trace->alignment_mask, 1);
    assert_ptr_equal(trace->clock, fake.base.clock);

    log_set_sink(remember, &lines);
    log_set_level(LOG_TRACE);
    assert_int_equal(transport_execute(trace, &command), OI_OK);
    assert_int_equal(lines.count, 3);
    assert_string_equal(lines.text[0], "INQUIRY: 12 00 00 00 00 00");
    assert_string_equal(lines.text[1], "  OI_OK, 3 of 4 bytes, 25 ms");
    assert_string_equal(lines.text[2], "  in: 05 80 00");

    lines.count = 0;
    command.cdb[0] = 0xFE;
    command.direction = TRANSPORT_DATA_OUT;
    fake.status = OI_SENSE;
    fake.sense_size = 3;
    fake.transferred = 0;
    assert_int_equal(transport_execute(trace, &command), OI_SENSE);
    assert_int_equal(lines.count, 4);
    assert_string_equal(lines.text[0], "unknown command: fe 00 00 00 00 00");
    assert_string_equal(lines.text[1], "  out: 05 80 00 21");
    assert_string_equal(lines.text[2], "  OI_SENSE, 0 of 4 bytes, 25 ms");
    assert_string_equal(lines.text[3], "  sense: 00 00 00");

    lines.count = 0;
    log_set_level(LOG_ERROR);
    assert_int_equal(transport_execute(trace, &command), OI_SENSE);
    assert_int_equal(lines.count, 0);
    transport_close(trace);
    assert_int_equal(fake.closed, 1);
}

static void a_script_answers_in_order(void **state)
{
    static const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 4, 0 }, parameters[] = { 1, 2, 3 },
                         reply[] = { 5, 6, 7, 8, 9 };
    static const uint8_t sense[18] = { 0x70, 0, 2 };
    const struct transport_exchange exchanges[] =
    {
        { .cdb = inquiry, .cdb_size = 6, .in = reply, .in_size = 5 },
        { .out = parameters, .out_size = 3 },
        { .status = OI_SENSE, .sense = sense, .sense_size = 18 },
        { .status = OI_TIMEOUT },
    };
    uint8_t data[4] = { 1, 2, 3, 4 };
    struct transport_command command = make_command(TRANSPORT_DATA_IN, data, 4);
    struct transport *script;

    (void)state;
    clock_virtual_init(&virtual_clock);
    assert_int_equal(transport_script_create(exchanges, 4, &virtual_clock.base, &script), OI_OK);
    assert_true(script->max_transfer >= 65536);
    assert_int_equal(transport_script_left(script), 4);

    command.cdb[4] = 4;
    assert_int_equal(transport_execute(script, &command), OI_OK);
    assert_int_equal(command.transferred, 4);
    assert_memory_equal(data, "\5\6\7\10", 4);

    memcpy(data, parameters, 3);
    command = make_command(TRANSPORT_DATA_OUT, data, 3);
    assert_int_equal(transport_execute(script, &command), OI_OK);
    assert_int_equal(command.transferred, 3);

    command = make_command(TRANSPORT_NO_DATA, NULL, 0);
    assert_int_equal(transport_execute(script, &command), OI_SENSE);
    assert_int_equal(command.sense_size, 18);
    assert_memory_equal(command.sense, sense, 18);
    assert_int_equal(transport_execute(script, &command), OI_TIMEOUT);
    assert_int_equal(transport_script_left(script), 0);
    transport_close(script);
}

static void a_script_refuses_what_it_does_not_expect(void **state)
{
    static const uint8_t cdb[6] = { 0x12, 0, 0, 0, 4, 0 }, out[] = { 1, 2, 3 }, in[] = { 4 };
    const struct transport_exchange exchanges[] =
    {
        { .cdb = cdb, .cdb_size = 6, .out = out, .out_size = 3 },
    };
    const struct transport_exchange reading[] = { { .in = in, .in_size = 1 } };
    struct lines lines = { 0 };
    uint8_t data[4] = { 1, 2, 4 };
    struct transport_command command = make_command(TRANSPORT_DATA_OUT, data, 3);
    struct transport *script;

    (void)state;
    clock_virtual_init(&virtual_clock);
    log_set_sink(remember, &lines);
    assert_int_equal(transport_script_create(exchanges, 1, &virtual_clock.base, &script), OI_OK);
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE); /* byte 4 of the CDB */
    command.cdb[4] = 4;
    command.cdb_size = 10;
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE);
    command.cdb_size = 6;
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE); /* the last byte of data */
    data[2] = 3;
    command.data_size = 2;
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE);
    command.data_size = 3;
    command.direction = TRANSPORT_DATA_IN;
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE);
    assert_int_equal(transport_script_left(script), 1);
    assert_true(lines.count > 5);
    command.direction = TRANSPORT_DATA_OUT;
    assert_int_equal(transport_execute(script, &command), OI_OK);
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE);      /* one too many */
    transport_close(script);

    assert_int_equal(transport_script_create(reading, 1, &virtual_clock.base, &script), OI_OK);
    assert_int_equal(transport_execute(script, &command), OI_UNEXPECTED_RESPONSE);
    transport_close(script);
    log_set_sink(NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(results_are_cleared_before_the_command),
        cmocka_unit_test(claims_larger_than_the_buffers_are_cut),
        cmocka_unit_test(malformed_commands_are_not_executed),
        cmocka_unit_test(misaligned_data_are_refused),
        cmocka_unit_test(data_commands_may_move_nothing),
        cmocka_unit_test(close_accepts_null),
        cmocka_unit_test(trace_logs_command_data_and_end),
        cmocka_unit_test(a_script_answers_in_order),
        cmocka_unit_test(a_script_refuses_what_it_does_not_expect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
