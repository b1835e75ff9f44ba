/* core/mmc/recording.c and drive_source.c: every CDB byte by byte, and the disc as a source. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

static uint8_t blocks[40 * 2048];

static void read10_and_write10_put_lba_at_2_and_blocks_at_7(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x2A, 0, 0x01, 0x02, 0x03, 0x04, 0, 0x00, 0x02, 0), .out = blocks, .out_size = 4096 },
        { CDB(0x28, 0, 0x01, 0x02, 0x03, 0x04, 0, 0x00, 0x02, 0), .in = blocks, .in_size = 4096 },
        { CDB(0x28, 0x08, 0, 0, 0, 5, 0, 0x00, 0x01, 0), .in = blocks, .in_size = 2048 },     /* FUA */
        { .in = blocks, .in_size = 4095 },
    };
    struct script_drive script;
    uint8_t data[4096];

    (void)state;
    for (size_t i = 0; i < sizeof(blocks); i++) blocks[i] = (uint8_t)(i * 7 + i / 2048);
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_write_10(&script.drive, 0x01020304, 2, blocks), OI_OK);
    assert_int_equal(mmc_read_10(&script.drive, 0x01020304, 2, data), OI_OK);
    assert_memory_equal(data, blocks, 4096);
    assert_int_equal(mmc_read_10_from_medium(&script.drive, 5, 1, data), OI_OK);
    assert_int_equal(mmc_read_10(&script.drive, 0x01020304, 2, data), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static void long_commands_carry_immed_where_it_belongs(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x35, 0x02, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0x35, 0x00, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0x5B, 0x01, 0x01, 0, 0x01, 0x02, 0, 0, 0, 0) },
        { CDB(0x5B, 0x00, 0x06, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0xA1, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0xA1, 0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0x04, 0x11, 0, 0, 0, 0),
          OUT(0, 0x02, 0, 8,            /* Immed; one descriptor */
              0xFF, 0xFF, 0xFF, 0xFF, 0x26 << 2, 0, 0, 1) },
        { CDB(0x04, 0x11, 0, 0, 0, 0), OUT(0, 0, 0, 8, 0, 0xB4, 0x73, 0, 0x30 << 2 | 3, 0, 0x50, 0) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_synchronize_cache(&script.drive, true), OI_OK);
    assert_int_equal(mmc_synchronize_cache(&script.drive, false), OI_OK);
    assert_int_equal(mmc_close(&script.drive, MMC_CLOSE_TRACK, 0x0102, true), OI_OK);
    assert_int_equal(mmc_close(&script.drive, MMC_CLOSE_FINALIZE, 0, false), OI_OK);
    assert_int_equal(mmc_blank(&script.drive, MMC_BLANK_MINIMAL, true), OI_OK);
    assert_int_equal(mmc_blank(&script.drive, MMC_BLANK_DISC, false), OI_OK);
    assert_int_equal(mmc_format_unit(&script.drive, 0x26, 0, 0xFFFFFFFF, 1, true), OI_OK);
    assert_int_equal(mmc_format_unit(&script.drive, 0x30, 3, 0xB47300, 0x5000, false), OI_OK);
    script_drive_close(&script);
}

static void immed_is_left_out_where_it_is_mishandled(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0x5B, 0, 0x02, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0xA1, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
        { OUT(0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    script.drive.avoid_immediate = true;
    assert_int_equal(mmc_synchronize_cache(&script.drive, true), OI_OK);
    assert_int_equal(mmc_close(&script.drive, MMC_CLOSE_SESSION, 0, true), OI_OK);
    assert_int_equal(mmc_blank(&script.drive, MMC_BLANK_MINIMAL, true), OI_OK);
    assert_int_equal(mmc_format_unit(&script.drive, 0, 0, 0, 0, true), OI_OK);
    script_drive_close(&script);
}

static void loss_of_streaming_at_a_flush_is_no_error(void **state)
{
    const struct transport_exchange exchanges[] = { { SENSE(3, 0x0C, 9) }, { SENSE(3, 0x0C, 0) } };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_synchronize_cache(&script.drive, false), OI_OK);
    assert_int_equal(mmc_synchronize_cache(&script.drive, false), OI_SENSE);
    script_drive_close(&script);
}

/* Fixed format, 71h: what an earlier WRITE met. */
static void deferred_loss_of_streaming_at_a_flush_is_an_error(void **state)
{
    static const uint8_t sense[18] = { 0x71, 0, 0x03, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0C, 0x09 };
    const struct transport_exchange exchanges[] = {
        { .status = OI_SENSE, .sense = sense, .sense_size = sizeof(sense) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_synchronize_cache(&script.drive, false), OI_SENSE);
    assert_true(script.drive.failure.sense.deferred);
    script_drive_close(&script);
}

static void calibration_and_reservation(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x54, 0x01, 0, 0, 0, 0, 0, 0, 0, 0) },
        { CDB(0x53, 0, 0, 0, 0, 0x00, 0x01, 0x02, 0x03, 0) },
    };
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_calibrate(&script.drive), OI_OK);
    assert_int_equal(mmc_reserve_track(&script.drive, 0x010203), OI_OK);
    script_drive_close(&script);
}

static void the_disc_is_read_in_commands_of_32_blocks_at_its_own_address(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(0x28, 0, 0, 0, 0x10, 0x00, 0, 0, 32, 0), .in = blocks, .in_size = 32 * 2048 },
        { CDB(0x28, 0, 0, 0, 0x10, 0x20, 0, 0, 8, 0), .in = blocks + 32 * 2048, .in_size = 8 * 2048 },
    };
    static uint8_t data[40 * 2048];
    struct script_drive script;
    struct source *source;
    size_t got;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_drive_source_create(&script.drive, 0x1000, 40, &source), OI_OK);
    assert_int_equal(source->size, sizeof(blocks));
    assert_int_equal(source_read(source, 5, data, 100), OI_OK);
    assert_memory_equal(data, blocks + 5, 100);
    assert_int_equal(source_read(source, 31 * 2048, data, 4096), OI_OK);
    assert_memory_equal(data, blocks + 31 * 2048, 4096);
    assert_int_equal(source_read_some(source, sizeof(blocks) - 10, data, 100, &got), OI_OK);
    assert_int_equal(got, 10);
    assert_int_equal(source_read_some(source, sizeof(blocks), data, 100, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(source);
    script_drive_close(&script);
}

static void one_bad_block_does_not_hide_the_one_before_it(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { SENSE(3, 0x11, 5) },
        { CDB(0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0), .in = blocks, .in_size = 2048 },
        { SENSE(3, 0x11, 5) }, { SENSE(3, 0x11, 5) },
        { .status = OI_DEVICE_GONE },
    };
    struct script_drive script;
    struct source *source;
    uint8_t data[2048];

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_drive_source_create(&script.drive, 0, 40, &source), OI_OK);
    assert_int_equal(source_read(source, 0, data, 2048), OI_OK);
    assert_int_equal(source_read(source, 2048, data, 2048), OI_SENSE);
    assert_int_equal(source_read(source, 2048, data, 2048), OI_DEVICE_GONE);
    source_unref(source);
    script_drive_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(read10_and_write10_put_lba_at_2_and_blocks_at_7),
        cmocka_unit_test(long_commands_carry_immed_where_it_belongs),
        cmocka_unit_test(immed_is_left_out_where_it_is_mishandled),
        cmocka_unit_test(loss_of_streaming_at_a_flush_is_no_error),
        cmocka_unit_test(deferred_loss_of_streaming_at_a_flush_is_an_error),
        cmocka_unit_test(calibration_and_reservation),
        cmocka_unit_test(the_disc_is_read_in_commands_of_32_blocks_at_its_own_address),
        cmocka_unit_test(one_bad_block_does_not_hide_the_one_before_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
