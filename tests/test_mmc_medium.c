/* core/mmc/medium*.c: what the snapshot makes of the replies of a drive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/table_drive.h"

static void an_appendable_disc_tells_sessions_addresses_and_room(void **state)
{
    const struct answer answers[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_PLUS_R, MMC_FEATURE_DVD_PLUS_R),
        DISC(0x01, 3, 4, 4, 0),
        TRACK(0xFF, 4, 3, 4, 0x01, 0x6000, 0x6000, 0x8000, 0x8000),
        TRACK(3, 3, 2, 4, 0x00, 0x4000, 0, 0, 0x1000),
        TRACK(2, 2, 2, 4, 0x00, 0x3000, 0, 0, 0x0800),
        TRACK(1, 1, 1, 4, 0x00, 0x0000, 0, 0, 0x0800),
        CAPACITY(0x4FFF),
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(answers, &medium), OI_OK);
    assert_int_equal(medium.type, MMC_MEDIUM_DVD_PLUS_R);
    assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
    assert_int_equal(medium.write_unit, 16);
    assert_int_equal(medium.next_writable, 0x6000);
    assert_int_equal(medium.free_blocks, 0x8000);
    assert_int_equal(medium.total_blocks, 0xE000);
    assert_int_equal(medium.sessions, 2);
    assert_int_equal(medium.tracks, 3);
    assert_int_equal(medium.next_track, 4);
    /* The last complete session has two tracks; it begins with the first of them. */
    assert_int_equal(medium.previous_session, 0x3000);
    assert_int_equal(medium.last_written, 0x4FFF);
    assert_int_equal(medium.recorded_blocks, 0x5000);
}

static void states_follow_from_disc_and_track_information(void **state)
{
    const struct
    {
        struct answer answers[3];
        uint32_t state;
    } rows[] =
    {
        { { CONFIGURATION(0x09, 0x2D), DISC(0x00, 1, 1, 1, 0), TRACK(0xFF, 1, 1, 4, 1, 0, 0, 900, 900) },
          MMC_STATE_BLANK },
        { { CONFIGURATION(0x09, 0x2D), DISC(0x01, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 1, 50, 50, 900, 900) },
          MMC_STATE_APPENDABLE },
        /* The last session has something in it. */
        { { CONFIGURATION(0x09, 0x2D), DISC(0x05, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 1, 50, 60, 900, 900) },
          MMC_STATE_APPENDABLE | MMC_STATE_NON_EMPTY_SESSION },
        /* Damaged: the session, or a track without a next writable address; with one it can go on. */
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x09, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 1, 50, 50, 900, 900) },
          MMC_STATE_DAMAGED },
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x01, 2, 2, 2, 0), TRACK(-1, 2, 2, 0x24, 0, 50, 0, 0, 900) },
          MMC_STATE_DAMAGED },
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x01, 2, 2, 2, 0), TRACK(-1, 2, 2, 0x24, 1, 48, 48, 900, 900) },
          MMC_STATE_APPENDABLE },
        /* Not closed, but full. */
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x01, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 0, 50, 0, 0, 0) },
          MMC_STATE_FINALIZED },
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x0E, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 0, 50, 0, 0, 900) },
          MMC_STATE_FINALIZED },
        { { CONFIGURATION(0x0A, 0x2D), DISC(0x1E, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 0, 50, 0, 0, 900) },
          MMC_STATE_FINALIZED | MMC_STATE_ERASE_REQUIRED },
        /* Formatted, nothing in it yet: one empty session and no block to read. */
        { { CONFIGURATION(0x41, 0x41), DISC(0x01, 1, 1, 1, 0), TRACK(1, 1, 1, 4, 1, 0, 0, 900, 900) },
          MMC_STATE_BLANK },
        /* Next writable address in front of its track, room beyond all discs: nonsense,
        nothing to write to. */
        { { CONFIGURATION(0x1B, 0x2B), DISC(0x01, 2, 2, 2, 0), TRACK(-1, 2, 2, 4, 1, 900, 800, 900, 900) },
          MMC_STATE_FINALIZED },
        /* Written once per block, anywhere: not for us. */
        { { CONFIGURATION(0x42, 0x41), DISC(0x01, 1, 1, 1, 0), TRACK(1, 1, 1, 4, 1, 0, 0, 900, 900) },
          MMC_STATE_UNSUPPORTED },
        { { CONFIGURATION(0x51, 0x51), DISC(0x00, 1, 1, 1, 0), TRACK(1, 1, 1, 4, 1, 0, 0, 900, 900) },
          MMC_STATE_UNSUPPORTED },
        { { CONFIGURATION(0x10, 0x1F), DISC(0x0E, 1, 1, 1, 0), TRACK(1, 1, 1, 4, 0, 0, 0, 0, 900) },
          MMC_STATE_FINALIZED | MMC_STATE_WRITE_PROTECTED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        struct mmc_medium medium;

        assert_int_equal(PROBE(rows[i].answers, &medium), OI_OK);
        if (medium.state != rows[i].state) fail_msg("row %zu: %04X", i, (unsigned int)medium.state);
    }
}

static void a_blank_cd_may_claim_that_writing_starts_in_its_pre_gap(void **state)
{
    static const uint8_t track[] =
    {
        0, 34, 1, 1, 0, 4, 0x41, 0x01,
        0, 0, 0, 0,                     /* start */
        0xFF, 0xFF, 0xFF, 0x6A,         /* next writable: -150 */
        0, 0x05, 0x7D, 0x09, 0, 0, 0, 0, 0, 0x05, 0x7D, 0x09, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    static const uint8_t disc[34] = { 0, 32, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, [16] = 0, 97, 26, 65, 0, 79, 59,
                                     74 };
    const struct answer answers[] =
    {
        CONFIGURATION(MMC_PROFILE_CD_R, MMC_FEATURE_CD_TRACK_AT_ONCE),
        { MMC_READ_DISC_INFORMATION, -1, disc, sizeof(disc), 0 },
        { MMC_READ_TRACK_INFORMATION, 0xFF, track, sizeof(track), 0 },
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(answers, &medium), OI_OK);
    assert_int_equal(medium.state, MMC_STATE_BLANK);
    assert_int_equal(medium.next_writable, 0);
    /* The last possible lead-out tells the capacity. */
    assert_int_equal(medium.total_blocks, (79 * 60 + 59) * 75 + 74 - 150);
    assert_int_equal(medium.free_blocks, 0x57D09);
    assert_int_equal(medium.previous_session, -1);
    assert_int_equal(medium.last_written, -1);
}

/* No disc has so much room; numbers made of it would come out negative. */
static void a_blank_cd_with_more_room_than_there_can_be_is_nothing_to_write_to(void **state)
{
    static const uint8_t track[] =
    {
        0, 34, 1, 1, 0, 4, 1, 0x01, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x6A, 0xFF, 0xFF, 0xFF, 0xF0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    const struct answer answers[] =
    {
        CONFIGURATION(MMC_PROFILE_CD_R, 0x2D),
        DISC(0x00, 1, 1, 1, 0),
        { MMC_READ_TRACK_INFORMATION, -1, track, sizeof(track), 0 },
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(answers, &medium), OI_OK);
    assert_int_equal(medium.free_blocks, 0);
    assert_false(medium.state & (MMC_STATE_BLANK | MMC_STATE_APPENDABLE));
}

static void drives_from_before_get_configuration_are_judged_by_disc_information(void **state)
{
    static const struct
    {
        uint8_t status;
        enum mmc_medium_type type;
    } rows[] =
    {
        { 0x00, MMC_MEDIUM_CD_R }, { 0x01, MMC_MEDIUM_CD_R },
        { 0x0E, MMC_MEDIUM_CD_ROM }, { 0x10, MMC_MEDIUM_CD_RW },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        const struct answer answers[] =
        {
            { MMC_GET_CONFIGURATION, -1, NULL, 0, MMC_SENSE(5, 0x20, 0) },
            DISC(rows[i].status, 1, 1, 1, 0),
            TRACK(0xFF, 1, 1, 4, 1, 0, 0, 900, 900),
        };
        struct mmc_medium medium;

        assert_int_equal(PROBE(answers, &medium), OI_OK);
        assert_int_equal(medium.type, rows[i].type);
    }
}

static void a_closed_disc_shown_as_rom_is_known_by_what_lies_below(void **state)
{
    static const uint8_t atip[28] = { 0, 26, 0, 0, 0xD0, 0, 0x80, 0, 97, 26, 65, 0, 79, 59, 74 };
    const struct answer cd[] =
    {
        CONFIGURATION(MMC_PROFILE_CD_ROM, MMC_FEATURE_CD_READ), DISC(0x0E, 1, 1, 1, 0),
        TRACK(1, 1, 1, 4, 0, 0, 0, 0, 900), { MMC_READ_TOC, 4, atip, sizeof(atip), 0 },
    };
    const struct answer dvd[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_ROM, MMC_FEATURE_DVD_READ), DISC(0x0E, 1, 1, 1, 0),
        { MMC_READ_DISC_STRUCTURE, 0, BYTES(0, 5, 0, 0, 0x25, 0x0F, 0x21) },
    };
    const struct answer bd[] =
    {
        CONFIGURATION(MMC_PROFILE_BD_ROM, MMC_FEATURE_BD_READ), DISC(0x0E, 1, 1, 1, 0),
        { MMC_READ_DISC_STRUCTURE, 0, BYTES(0, 13, 0, 0, 'D', 'I', 1, 0, 0, 0, 0, 0, 'B', 'D', 'R') },
    };
    const struct answer short_one[] =
    {
        CONFIGURATION(MMC_PROFILE_BD_ROM, MMC_FEATURE_BD_READ), DISC(0x0E, 1, 1, 1, 0),
        { MMC_READ_DISC_STRUCTURE, 0, BYTES(0, 5, 0, 0, 'D', 'I', 1) },
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(cd, &medium), OI_OK);
    assert_int_equal(medium.type, MMC_MEDIUM_CD_R);
    assert_int_equal(medium.profile, MMC_PROFILE_CD_ROM);
    assert_int_equal(medium.previous_session, 0);
    assert_int_equal(PROBE(dvd, &medium), OI_OK);
    assert_int_equal(medium.type, MMC_MEDIUM_DVD_R_DL);     /* book type 2, two layers */
    assert_int_equal(PROBE(bd, &medium), OI_OK);
    assert_int_equal(medium.type, MMC_MEDIUM_BD_R);
    assert_int_equal(PROBE(short_one, &medium), OI_OK);
    assert_int_equal(medium.type, MMC_MEDIUM_BD_ROM);
    assert_int_equal(medium.write_protect, MMC_PROTECT_READ_ONLY_MEDIUM);
}

static void a_cd_that_can_still_be_written_is_no_cd_rom(void **state)
{
    const struct answer answers[] =
    {
        CONFIGURATION(MMC_PROFILE_CD_ROM, MMC_FEATURE_CD_READ), DISC(0x01, 2, 2, 2, 0),
        TRACK(0xFF, 2, 2, 4, 1, 50, 50, 900, 900), TRACK(1, 1, 1, 4, 0, 0, 0, 0, 40),
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(answers, &medium), OI_OK);
    assert_int_equal(medium.profile, MMC_PROFILE_CD_R);
    assert_int_equal(medium.state, MMC_STATE_APPENDABLE);
    /* Two run-out blocks belong to the track but cannot be read. */
    assert_int_equal(medium.last_written, 37);
}

static void reasons_for_write_protection_are_collected(void **state)
{
    static const struct
    {
        uint8_t flags;
        uint32_t reasons;
    } rows[] =
    {
        { 0x00, 0 },
        { 0x01, MMC_PROTECT_UNTIL_POWERDOWN },
        { 0x02, MMC_PROTECT_SOFTWARE },
        { 0x0C, MMC_PROTECT_CARTRIDGE | MMC_PROTECT_MEDIA_SPECIFIC },
    };
    static const uint8_t page[] = { 0, 16, 0, 0, 0, 0, 0, 0, 0x1D, 8, 0, 0, 0x01, 0, 0, 0, 0, 0 };
    static const uint8_t features[] =
    {
        0, 0, 0, 20, 0, 0, 0, MMC_PROFILE_DVD_RAM,
        0x00, 0x04, 0x01, 4, 0, 0, 0, 0, 0x00, 0x1F, 0x01, 4, 0, 0, 0, 0,
    };
    struct mmc_medium medium;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        const struct answer answers[] =
        {
            { MMC_GET_CONFIGURATION, -1, features, sizeof(features), 0 }, DISC(0x0E, 1, 1, 1, 0),
            { MMC_READ_DISC_STRUCTURE, 0xC0, BYTES(0, 6, 0, 0, rows[i].flags, 0, 0, 0) },
        };

        assert_int_equal(PROBE(answers, &medium), OI_OK);
        assert_int_equal(medium.write_protect, rows[i].reasons);
        assert_int_equal(!!(medium.state & MMC_STATE_WRITE_PROTECTED), !!rows[i].reasons);
    }
    {
        const struct answer answers[] =
        {
            { MMC_GET_CONFIGURATION, -1, features, sizeof(features), 0 }, DISC(0x0E, 1, 1, 1, 0),
            { MMC_MODE_SENSE_10, 0x1D, page, sizeof(page), 0 },
        };

        assert_int_equal(PROBE(answers, &medium), OI_OK);
        assert_int_equal(medium.write_protect, MMC_PROTECT_UNTIL_POWERDOWN);
    }
}

static void overwritable_media_have_all_their_room_and_know_their_format(void **state)
{
    const struct answer formatted[] =
    {
        CONFIGURATION(MMC_PROFILE_BD_RE, MMC_FEATURE_BD_WRITE), DISC(0x0E, 1, 1, 1, 0), CAPACITY(0x7FFF),
        { MMC_READ_FORMAT_CAPACITIES, -1, BYTES(0, 0, 0, 8, 0, 0, 0x80, 0, 2, 0, 8, 0) },
    };
    const struct answer unformatted[] =
    {
        CONFIGURATION(MMC_PROFILE_BD_RE, MMC_FEATURE_BD_WRITE), DISC(0x00, 1, 1, 1, 0),
        { MMC_READ_FORMAT_CAPACITIES, -1, BYTES(0, 0, 0, 16, 0, 0, 0x90, 0, 1, 0, 8, 0, 0, 0, 0x80, 0, 0, 0,
                                                0x30, 0) },
    };
    const struct answer stopped[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_PLUS_RW, MMC_FEATURE_DVD_PLUS_RW), DISC(0x0E, 1, 1, 1, 1),
        CAPACITY(0x0FFF),
        { MMC_READ_FORMAT_CAPACITIES, -1,
          BYTES(0, 0, 0, 16, 0, 0, 0x10, 0, 2, 0, 8, 0, 0, 0, 0x80, 0, 0x26 << 2, 0, 0, 0) },
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(formatted, &medium), OI_OK);
    assert_int_equal(medium.state, MMC_STATE_OVERWRITABLE);
    assert_int_equal(medium.total_blocks, 0x8000);
    assert_int_equal(medium.free_blocks, 0x8000);
    assert_int_equal(medium.next_writable, 0);
    assert_int_equal(medium.previous_session, -1);
    assert_false(medium.unformatted);

    assert_int_equal(PROBE(unformatted, &medium), OI_OK);
    assert_int_equal(medium.state, MMC_STATE_OVERWRITABLE | MMC_STATE_BLANK);
    assert_true(medium.unformatted);
    assert_int_equal(medium.total_blocks, 0x8000);

    assert_int_equal(PROBE(stopped, &medium), OI_OK);
    assert_false(medium.unformatted);
    assert_int_equal(medium.total_blocks, 0x8000);
    assert_int_equal(medium.formatted_blocks, 0x1000);
}

static void a_drive_that_answers_too_little_is_no_drive_to_judge_by(void **state)
{
    const struct answer no_disc[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_PLUS_R, MMC_FEATURE_DVD_PLUS_R),
        { MMC_READ_DISC_INFORMATION, -1, BYTES(0, 32, 1) },
    };
    const struct answer no_track[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_PLUS_R, MMC_FEATURE_DVD_PLUS_R), DISC(0x00, 1, 1, 1, 0),
        { MMC_READ_TRACK_INFORMATION, -1, BYTES(0, 34, 1, 1) },
    };
    const struct answer nothing[] = { { MMC_GET_CONFIGURATION, -1, BYTES(0) } };
    const struct answer broken[] =
    {
        CONFIGURATION(MMC_PROFILE_DVD_PLUS_R, MMC_FEATURE_DVD_PLUS_R),
        { MMC_READ_DISC_INFORMATION, -1, NULL, 0, MMC_SENSE(4, 0x44, 0) },
    };
    struct mmc_medium medium;

    (void)state;
    assert_int_equal(PROBE(no_disc, &medium), OI_INVALID_RESPONSE);
    assert_int_equal(PROBE(no_track, &medium), OI_INVALID_RESPONSE);
    assert_int_equal(PROBE(nothing, &medium), OI_INVALID_RESPONSE);
    assert_int_equal(PROBE(broken, &medium), OI_SENSE);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_appendable_disc_tells_sessions_addresses_and_room),
        cmocka_unit_test(states_follow_from_disc_and_track_information),
        cmocka_unit_test(a_blank_cd_may_claim_that_writing_starts_in_its_pre_gap),
        cmocka_unit_test(a_blank_cd_with_more_room_than_there_can_be_is_nothing_to_write_to),
        cmocka_unit_test(drives_from_before_get_configuration_are_judged_by_disc_information),
        cmocka_unit_test(a_closed_disc_shown_as_rom_is_known_by_what_lies_below),
        cmocka_unit_test(a_cd_that_can_still_be_written_is_no_cd_rom),
        cmocka_unit_test(reasons_for_write_protection_are_collected),
        cmocka_unit_test(overwritable_media_have_all_their_room_and_know_their_format),
        cmocka_unit_test(a_drive_that_answers_too_little_is_no_drive_to_judge_by),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
