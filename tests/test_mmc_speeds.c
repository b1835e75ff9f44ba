/* core/mmc/speeds.c: what speeds there are, which is nearest, and how it is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

#define GET_PERFORMANCE(count) 0xAC, 0, 0, 0, 0, 0, 0, 0, 0, count, 3, 0

/* 16x (22160 kB/s, CAV), 8x and 8x again, 4x. */
static const uint8_t performance[8 + 4 * 16] =
{
    0, 0, 0, 4 + 4 * 16, 0x02, 0, 0, 0,
    0x08, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x2B, 0x48,     /* 11080 */
    0x08, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x56, 0x90,     /* 22160 */
    0x08, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x2B, 0x48,     /* 11080 again */
    0x00, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x15, 0xA4,     /* 5540, CLV */
};

/* Page 2Ah of 1Ch bytes: current write speed at 28. */
#define PAGE_2A(high, low) \
    IN(0, 6 + 2 + 0x1E, 0, 0, 0, 0, 0, 0, 0x2A, 0x1E, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
       0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low, 0, 0)

static void speeds_are_listed_fastest_first_without_doubles(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(GET_PERFORMANCE(0)), REPLY(performance) },
        { CDB(GET_PERFORMANCE(4)), REPLY(performance) },
        { PAGE_2A(0x2B, 0x48) }, { PAGE_2A(0x2B, 0x48) },
    };
    struct script_drive script;
    struct mmc_speeds speeds;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_speeds(&script.drive, MMC_PROFILE_DVD_PLUS_R, &speeds), OI_OK);
    assert_int_equal(speeds.count, 3);
    assert_int_equal(speeds.supported[0].kilobytes, 22160);
    assert_int_equal(speeds.supported[0].rotation, 1);
    assert_int_equal(speeds.supported[0].end, 0x23053F);
    assert_int_equal(speeds.supported[0].sectors, 10820);
    assert_int_equal(speeds.supported[1].kilobytes, 11080);
    assert_int_equal(speeds.supported[2].kilobytes, 5540);
    assert_int_equal(speeds.supported[2].rotation, 0);
    assert_int_equal(speeds.current.kilobytes, 11080);
    script_drive_close(&script);
}

/* Asked for none, some drives announce one, and all of them only to who asks for one. */
static void a_drive_that_announces_more_the_second_time_is_asked_a_third(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(GET_PERFORMANCE(0)), IN(0, 0, 0, 4 + 16, 0x02, 0, 0, 0) },
        { CDB(GET_PERFORMANCE(1)), REPLY(performance) },
        { CDB(GET_PERFORMANCE(4)), REPLY(performance) },
        { PAGE_2A(0x2B, 0x48) }, { PAGE_2A(0x2B, 0x48) },
    };
    struct script_drive script;
    struct mmc_speeds speeds;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_speeds(&script.drive, MMC_PROFILE_DVD_PLUS_R, &speeds), OI_OK);
    assert_int_equal(speeds.count, 3);
    assert_int_equal(speeds.supported[0].kilobytes, 22160);
    script_drive_close(&script);
}

static void without_get_performance_page_2ah_lists_the_speeds(void **state)
{
    static const uint8_t page[8 + 2 + 0x26] =
    {
        0, 6 + 2 + 0x26, 0, 0, 0, 0, 0, 0, 0x2A, 0x26,
        [8 + 18] = 0x1B, 0x90,          /* fastest 7056 */
        [8 + 28] = 0x0B, 0x06,          /* current 2822 */
        0x00, 0x09,                     /* claims nine descriptors, two fit */
        0, 1, 0x1B, 0x90, 0, 0, 0x0B, 0x06,
    };
    const struct transport_exchange exchanges[] =
    {
        { CDB(GET_PERFORMANCE(0)), SENSE(5, 0x20, 0) }, { REPLY(page) }, { REPLY(page) },
    };
    struct script_drive script;
    struct mmc_speeds speeds;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_speeds(&script.drive, MMC_PROFILE_CD_R, &speeds), OI_OK);
    assert_int_equal(speeds.count, 2);
    assert_int_equal(speeds.supported[0].kilobytes, 7056);
    assert_int_equal(speeds.supported[0].rotation, 1);
    assert_int_equal(speeds.supported[0].sectors, 3000);        /* 40x */
    assert_int_equal(speeds.current.kilobytes, 2822);
    assert_int_equal(speeds.current.sectors, 1200);             /* 16x */
    script_drive_close(&script);
}

static void a_drive_that_tells_nothing_has_no_speeds_and_no_failure(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { IN(0, 0, 0, 0, 0, 0, 0, 0) }, { SENSE(5, 0x24, 0) },
        { IN(0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0) }, { .in = performance, .in_size = 24 }, { SENSE(5, 0x24,
                                                                                                  0) },
        { IN(0, 0, 0, 20) }, { SENSE(5, 0x24, 0) },
    };
    struct script_drive script;
    struct mmc_speeds speeds;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    for (int i = 0; i < 3; i++)
    {
        assert_int_equal(mmc_read_speeds(&script.drive, MMC_PROFILE_CD_R, &speeds), OI_OK);
        assert_int_equal(speeds.count, 0);
        assert_int_equal(script.drive.failure.status, OI_OK);
    }
    script_drive_close(&script);
}

static void a_dvd_speed_is_set_by_streaming_with_the_descriptors_range(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { REPLY(performance) }, { REPLY(performance) }, { PAGE_2A(0x56, 0x90) }, { PAGE_2A(0x56, 0x90) },
        { CDB(0xB6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0),
          OUT(0x00, 0, 0, 0,            /* rotation of the descriptor: CLV */
              0, 0, 0, 0, 0x00, 0x23, 0x05, 0x3F, 0, 0, 0x56, 0x90, 0, 0, 0x03, 0xE8,
              0, 0, 0x15, 0xA4, 0, 0, 0x03, 0xE8) },
        { REPLY(performance) }, { REPLY(performance) }, { PAGE_2A(0x15, 0xA4) }, { PAGE_2A(0x15, 0xA4) },
    };
    struct script_drive script;
    struct mmc_speed actual;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_speed(&script.drive, MMC_PROFILE_DVD_PLUS_R, 2700, false, &actual), OI_OK);
    assert_int_equal(actual.kilobytes, 5540);
    assert_int_equal(actual.sectors, 2705);
    script_drive_close(&script);
}

static void a_cd_speed_is_set_by_its_own_command_and_raised_when_refused(void **state)
{
    static const uint8_t cd[8 + 16] =
    {
        0, 0, 0, 20, 2, 0, 0, 0,
        0x00, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0xC1,       /* 705: 4x */
    };
    const struct transport_exchange exchanges[] =
    {
        { REPLY(cd) }, { REPLY(cd) }, { PAGE_2A(0, 0) }, { PAGE_2A(0, 0) },
        { CDB(0xBB, 0, 0xFF, 0xFF, 0x02, 0xC1, 0, 0, 0, 0, 0, 0), SENSE(5, 0x24, 0) },
        { CDB(0xBB, 0, 0xFF, 0xFF, 0x03, 0x72, 0, 0, 0, 0, 0, 0) },
        { REPLY(cd) }, { REPLY(cd) }, { PAGE_2A(0, 0) }, { PAGE_2A(0, 0) },
    };
    struct script_drive script;
    struct mmc_speed actual;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_speed(&script.drive, MMC_PROFILE_CD_R, MMC_FASTEST, true, &actual), OI_OK);
    assert_int_equal(actual.kilobytes, 705);
    assert_int_equal(actual.sectors, 300);
    script_drive_close(&script);
}

static void setting_a_speed_needs_speeds(void **state)
{
    const struct transport_exchange exchanges[] = { { SENSE(5, 0x20, 0) }, { SENSE(5, 0x24, 0) } };
    struct script_drive script;
    struct mmc_speed actual;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_set_write_speed(&script.drive, MMC_PROFILE_CD_R, 300, false, &actual),
                     OI_UNEXPECTED_RESPONSE);
    script_drive_close(&script);
}

static void units_convert_by_the_medium(void **state)
{
    (void)state;
    assert_int_equal(mmc_speed_to_sectors(MMC_PROFILE_CD_R, 176), 75);
    assert_int_equal(mmc_speed_to_sectors(MMC_PROFILE_BD_R_SRM, 4496), 2195);
    assert_int_equal(mmc_speed_to_kilobytes(MMC_PROFILE_CD_R, 75), 177);
    assert_int_equal(mmc_speed_to_kilobytes(MMC_PROFILE_DVD_PLUS_R, 680), 1393);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(speeds_are_listed_fastest_first_without_doubles),
        cmocka_unit_test(a_drive_that_announces_more_the_second_time_is_asked_a_third),
        cmocka_unit_test(without_get_performance_page_2ah_lists_the_speeds),
        cmocka_unit_test(a_drive_that_tells_nothing_has_no_speeds_and_no_failure),
        cmocka_unit_test(a_dvd_speed_is_set_by_streaming_with_the_descriptors_range),
        cmocka_unit_test(a_cd_speed_is_set_by_its_own_command_and_raised_when_refused),
        cmocka_unit_test(setting_a_speed_needs_speeds),
        cmocka_unit_test(units_convert_by_the_medium),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
