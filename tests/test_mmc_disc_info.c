/* core/mmc/disc_info.c and track_info.c: READ DISC INFORMATION and READ TRACK INFORMATION. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/script_drive.h"

#include <string.h>

#define READ_DISC(size) 0x51, 0, 0, 0, 0, 0, 0, 0, size, 0
#define READ_TRACK(kind, number, size) 0x52, kind, 0, 0, (number) >> 8, (number) & 0xFF, 0, 0, size, 0

static const uint8_t disc[34 + 8] =
{
    0, 40,                              /* length after this field */
    0x15,                               /* erasable, last session incomplete, appendable */
    1,                                  /* first track */
    0x02, 0x03, 0x04,                   /* sessions; first and last track of the last one, low bytes */
    0x82,                               /* DID_V, background format 2 */
    0x20,                               /* disc type */
    0x01, 0x02, 0x03,                   /* the high bytes */
    0xDE, 0xAD, 0xBE, 0xEF,             /* disc identification */
    0x00, 0x61, 0x1A, 0x41,             /* last session lead-in start */
    0x00, 0x4F, 0x3B, 0x4A,             /* last possible lead-out start */
    0, 0, 0, 0, 0, 0, 0, 0,             /* bar code */
    0,
    1,                                  /* one OPC table */
    0, 0, 1, 2, 3, 4, 5, 6,
};

static void disc_information_is_read_at_its_offsets(void **state)
{
    struct mmc_disc_info info;

    (void)state;
    assert_int_equal(mmc_disc_info_parse(disc, sizeof(disc), &info), OI_OK);
    assert_int_equal(info.status, MMC_DISC_APPENDABLE);
    assert_int_equal(info.last_session, MMC_SESSION_INCOMPLETE);
    assert_true(info.erasable);
    assert_int_equal(info.first_track, 1);
    assert_int_equal(info.sessions, 0x0102);
    assert_int_equal(info.first_track_of_last, 0x0203);
    assert_int_equal(info.last_track_of_last, 0x0304);
    assert_int_equal(info.background_format, 2);
    assert_int_equal(info.disc_type, 0x20);
    assert_true(info.identification_valid);
    assert_int_equal(info.identification, 0xDEADBEEF);
    assert_true(info.last_lead_out_valid);
    assert_int_equal(info.last_lead_out, 0x004F3B4A);
    assert_int_equal(info.opc_tables, 1);
}

static void minimal_disc_information_has_24_bytes(void **state)
{
    uint8_t bytes[24] = { 0, 22, 0x0E, 1, 1, 1, 1, 0, 0, 0, 0, 0, [21] = 0xFF, 0xFF, 0xFF };
    struct mmc_disc_info info;

    (void)state;
    assert_int_equal(mmc_disc_info_parse(bytes, 24, &info), OI_OK);
    assert_int_equal(info.status, MMC_DISC_COMPLETE);
    assert_int_equal(info.last_session, MMC_SESSION_COMPLETE);
    assert_false(info.last_lead_out_valid);
    assert_int_equal(info.opc_tables, 0);
    assert_int_equal(mmc_disc_info_parse(bytes, 23, &info), OI_INVALID_RESPONSE);
    bytes[1] = 21;                      /* says it is shorter */
    assert_int_equal(mmc_disc_info_parse(bytes, 24, &info), OI_INVALID_RESPONSE);
    bytes[1] = 23;                      /* says it is longer */
    assert_int_equal(mmc_disc_info_parse(bytes, 24, &info), OI_INVALID_RESPONSE);
    assert_int_equal(mmc_disc_info_parse(bytes, 0, &info), OI_INVALID_RESPONSE);
}

static void opc_tables_that_are_not_there_are_not_counted(void **state)
{
    uint8_t bytes[34 + 8];
    struct mmc_disc_info info;

    (void)state;
    memcpy(bytes, disc, sizeof(bytes));
    bytes[33] = 200;
    assert_int_equal(mmc_disc_info_parse(bytes, sizeof(bytes), &info), OI_OK);
    assert_int_equal(info.opc_tables, 1);
}

static void disc_information_is_asked_for_in_two_steps(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(READ_DISC(4)), REPLY(disc) }, { CDB(READ_DISC(42)), REPLY(disc) },
        { CDB(READ_DISC(4)), SENSE(2, 0x3A, 1) },
        { IN(0, 10, 0, 0) }, { IN(0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) },
    };
    struct mmc_disc_info info;
    struct script_drive script;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_disc_info(&script.drive, &info), OI_OK);
    assert_int_equal(info.sessions, 0x0102);
    assert_int_equal(mmc_read_disc_info(&script.drive, &info), OI_SENSE);
    assert_int_equal(mmc_read_disc_info(&script.drive, &info), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static const uint8_t track[36] =
{
    0, 34,                              /* length after this field */
    0x02, 0x03,                         /* track and session, low bytes */
    0,
    0x35,                               /* damage, copy, track mode 5 */
    0xF1,                               /* reserved, blank, packet, fixed packet, data mode 1 */
    0x03,                               /* LRA_V, NWA_V */
    0x00, 0x00, 0x10, 0x00,             /* start */
    0x00, 0x00, 0x20, 0x00,             /* next writable */
    0x00, 0x22, 0x00, 0x00,             /* free */
    0x00, 0x00, 0x00, 0x10,             /* fixed packet size */
    0x00, 0x23, 0x00, 0x00,             /* size */
    0x00, 0x00, 0x1F, 0xFF,             /* last recorded */
    0x01, 0x00,                         /* track and session, high bytes */
    0, 0,
};

static void track_information_is_read_at_its_offsets(void **state)
{
    struct mmc_track_info info;

    (void)state;
    assert_int_equal(mmc_track_info_parse(track, sizeof(track), &info), OI_OK);
    assert_int_equal(info.track, 0x0102);
    assert_int_equal(info.session, 3);
    assert_true(info.damage && info.copy && info.reserved && info.blank && info.packet && info.fixed_packet);
    assert_int_equal(info.track_mode, 5);
    assert_int_equal(info.data_mode, 1);
    assert_true(info.next_writable_valid && info.last_recorded_valid);
    assert_int_equal(info.start, 0x1000);
    assert_int_equal(info.next_writable, 0x2000);
    assert_int_equal(info.free_blocks, 0x220000);
    assert_int_equal(info.fixed_packet_size, 16);
    assert_int_equal(info.size, 0x230000);
    assert_int_equal(info.last_recorded, 0x1FFF);
}

static void minimal_track_information_has_28_bytes_and_no_last_recorded_address(void **state)
{
    uint8_t bytes[28];
    struct mmc_track_info info;

    (void)state;
    memcpy(bytes, track, sizeof(bytes));
    bytes[1] = 26;
    assert_int_equal(mmc_track_info_parse(bytes, 28, &info), OI_OK);
    assert_int_equal(info.track, 2);
    assert_false(info.last_recorded_valid);
    assert_int_equal(mmc_track_info_parse(bytes, 27, &info), OI_INVALID_RESPONSE);
    bytes[1] = 25;
    assert_int_equal(mmc_track_info_parse(bytes, 28, &info), OI_INVALID_RESPONSE);
    bytes[1] = 27;
    assert_int_equal(mmc_track_info_parse(bytes, 28, &info), OI_INVALID_RESPONSE);
}

static void track_information_is_asked_for_by_address_track_or_session(void **state)
{
    const struct transport_exchange exchanges[] =
    {
        { CDB(READ_TRACK(1, 0xFF, 4)), REPLY(track) }, { CDB(READ_TRACK(1, 0xFF, 36)), REPLY(track) },
        { CDB(READ_TRACK(0, 0x1234, 4)), REPLY(track) }, { CDB(READ_TRACK(0, 0x1234, 36)), REPLY(track) },
        { CDB(READ_TRACK(2, 1, 4)), SENSE(5, 0x24, 0) },
        { IN(0, 2, 0, 0) },
    };
    struct mmc_track_info info;
    struct script_drive script;
    struct mmc_reply reply;

    (void)state;
    script_drive_open(&script, exchanges, COUNT(exchanges));
    assert_int_equal(mmc_read_track_info(&script.drive, MMC_ADDRESS_TRACK, 0xFF, &info), OI_OK);
    assert_int_equal(mmc_read_track_info_raw(&script.drive, MMC_ADDRESS_LBA, 0x1234, &reply), OI_OK);
    assert_int_equal(reply.size, 36);
    mmc_reply_free(&reply);
    assert_int_equal(mmc_read_track_info(&script.drive, MMC_ADDRESS_SESSION, 1, &info), OI_SENSE);
    assert_int_equal(mmc_read_track_info(&script.drive, MMC_ADDRESS_TRACK, 1, &info), OI_INVALID_RESPONSE);
    script_drive_close(&script);
}

static void the_track_to_write_next_is_asked_for_by_the_number_its_profile_wants(void **state)
{
    const struct mmc_disc_info info = { .last_track_of_last = 7 };

    (void)state;
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_CD_R, &info), 0xFF);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_CD_RW, &info), 0xFF);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_DVD_PLUS_R, &info), 0xFF);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_DVD_PLUS_R_DL, &info), 0xFF);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_DVD_R, &info), 7);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_DVD_RW_SEQUENTIAL, &info), 7);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_BD_R_SRM, &info), 7);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_DVD_PLUS_RW, &info), 1);
    assert_int_equal(mmc_next_track_number(MMC_PROFILE_BD_RE, &info), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(disc_information_is_read_at_its_offsets),
        cmocka_unit_test(minimal_disc_information_has_24_bytes),
        cmocka_unit_test(opc_tables_that_are_not_there_are_not_counted),
        cmocka_unit_test(disc_information_is_asked_for_in_two_steps),
        cmocka_unit_test(track_information_is_read_at_its_offsets),
        cmocka_unit_test(minimal_track_information_has_28_bytes_and_no_last_recorded_address),
        cmocka_unit_test(track_information_is_asked_for_by_address_track_or_session),
        cmocka_unit_test(the_track_to_write_next_is_asked_for_by_the_number_its_profile_wants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
