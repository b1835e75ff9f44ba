/*
 * mmc and burn before a drive that answers at random,
 and parsers before random bytes: nothing is read that is
 * not there (the sanitizers look), and everything comes to an end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/burn.h"
#include "openimapi/bytes.h"
#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 200000
#define TIME_MAX (24u * 3600 * 1000)

static uint64_t seed;

static uint32_t random_number(uint32_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % below;
}

static void mute(void *context, enum log_level level, const char *line)
{
    (void)context, (void)level, (void)line;
}

static int set_up(void **state)
{
    (void)state;
    log_set_sink(mute, NULL);
    return 0;
}

/* --- bytes ---------------------------------------------------------------------------------------------- */

/* Random bytes whose length fields are often nearly right, in memory that ends where they end. */
static uint8_t *random_bytes(size_t size)
{
    uint8_t *bytes = malloc(size ? size : 1);

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)(random_number(3) ? random_number(256) : 0);
    if (size >= 4 && random_number(2)) put_be16(bytes, (uint16_t)(size + 2 - random_number(5)));
    if (size >= 4 && !random_number(4)) bytes[3] = (uint8_t)size;
    return bytes;
}

static void no_parser_reads_what_is_not_there(void **state)
{
    (void)state;
    seed = 1;
    for (int round = 0; round < 20000; round++)
    {
        size_t size = random_number(random_number(4) ? 64 : 900);
        uint8_t *bytes = random_bytes(size), fixed[MMC_FIXED_SENSE_SIZE];
        struct mmc_configuration configuration = { .reply = { bytes, (uint32_t)size } };
        struct mmc_format_capacities capacities;
        struct mmc_session_info session;
        struct mmc_feature_info feature;
        struct mmc_track_info track;
        struct mmc_disc_info disc;
        struct mmc_sense sense;
        struct mmc_atip atip;
        struct mmc_toc toc;
        uint32_t position = 0, features = 0;

        mmc_sense_parse(bytes, size, &sense);
        mmc_sense_to_fixed(bytes, size, fixed);
        (void)mmc_disc_info_parse(bytes, size, &disc);
        (void)mmc_track_info_parse(bytes, size, &track);
        (void)mmc_session_info_parse(bytes, size, &session);
        (void)mmc_atip_parse(bytes, size, &atip);
        if (!mmc_toc_parse(bytes, size, &toc)) assert_in_range(toc.count, 1, 100);
        if (!mmc_format_capacities_parse(bytes, size, &capacities)) assert_in_range(capacities.count, 0, 31);
        while (mmc_next_feature(&configuration, &position, &feature)) features += 1u + feature.size;
        assert_true(features <= size);
        free(bytes);
    }
}

/* --- a drive -------------------------------------------------------------------------------------------- */

struct random_drive
{
    struct transport base;
    struct clock_virtual clock;
    uint32_t commands;
    uint32_t sanity;                    /* of 100 commands so many are answered in a way that makes sense */
    uint16_t profile;
};

/* A plausible reply, so that the burn gets beyond its first question. */
static void sane_reply(const struct random_drive *drive, struct transport_command *command)
{
    uint8_t reply[64] = { 0 };
    uint32_t size = 0;

    switch (command->cdb[0])
    {
    case MMC_GET_CONFIGURATION:
        size = 8;
        put_be32(reply, 4);
        put_be16(reply + 6, drive->profile);
        break;
    case MMC_READ_DISC_INFORMATION:
        size = 34;
        put_be16(reply, 32);
        reply[2] = (uint8_t)random_number(3);
        reply[3] = reply[4] = reply[5] = reply[6] = 1;
        break;
    case MMC_READ_TRACK_INFORMATION:
        size = 36;
        put_be16(reply, 34);
        reply[2] = reply[3] = reply[7] = 1;
        put_be32(reply + 12, random_number(4) * 32);
        put_be32(reply + 16, 100000);
        put_be32(reply + 24, 100000);
        break;
    case MMC_READ_CAPACITY:
        size = 8;
        put_be32(reply, random_number(100000));
        put_be32(reply + 4, 2048);
        break;
    case MMC_READ_FORMAT_CAPACITIES:
        size = 12;
        reply[3] = 8;
        put_be32(reply + 4, 100000);
        put_be32(reply + 8, (1 + random_number(2)) << 24 | 2048);
        break;
    case MMC_MODE_SENSE_10:
        size = 60;
        put_be16(reply, 58);
        reply[8] = command->cdb[2] & 0x3F;
        reply[9] = 50;
        break;
    default:
        size = command->data_size < sizeof(reply) ? command->data_size : sizeof(reply);
        break;
    }
    if (command->direction != TRANSPORT_DATA_IN) return;
    memset(command->data, 0, command->data_size);
    if (command->cdb[0] == MMC_READ_10) size = command->data_size;
    command->transferred = size < command->data_size ? size : command->data_size;
    if (size <= sizeof(reply)) memcpy(command->data, reply, command->transferred);
}

static enum oi_status random_execute(struct transport *transport, struct transport_command *command)
{
    static const enum oi_status others[] = { OI_TIMEOUT, OI_IO, OI_LOCKED, OI_DEVICE_GONE, OI_DEVICE_HANDLE };
    static const uint32_t senses[] =
    {
        MMC_SENSE(2, 4, 7), MMC_SENSE(2, 4, 8), MMC_SENSE(2, 4, 1), MMC_SENSE(3, 0x0C, 0), MMC_SENSE(5, 0x2C,
                                                                                                     0),
        MMC_SENSE(5, 0x24, 0), MMC_SENSE(6, 0x28, 0), MMC_SENSE(5, 0x72, 3), MMC_SENSE(1, 0x17, 0),
        MMC_SENSE(0xB, 4, 0), MMC_SENSE(3, 0x73, 3), MMC_SENSE(0, 0, 0),
    };
    struct random_drive *drive = (struct random_drive *)transport;
    uint32_t sense;

    drive->commands++;
    drive->clock.milliseconds += random_number(20);
    if (random_number(100) < drive->sanity)
    {
        sane_reply(drive, command);
        return OI_OK;
    }
    if (!random_number(40)) return others[random_number(sizeof(others) / sizeof(others[0]))];
    if (random_number(2))
    {
        if (command->direction != TRANSPORT_DATA_IN) return OI_OK;
        command->transferred = random_number(command->data_size + 1);
        for (uint32_t i = 0; i < command->transferred; i++) command->data[i] = (uint8_t)random_number(256);
        return OI_OK;
    }
    sense = random_number(4) ? senses[random_number(sizeof(senses) / sizeof(senses[0]))]
                             : random_number(0x100000);
    command->sense_size = (uint8_t)random_number(TRANSPORT_SENSE_MAX + 1);
    for (int i = 0; i < TRANSPORT_SENSE_MAX; i++) command->sense[i] = (uint8_t)random_number(256);
    if (!random_number(10)) return OI_SENSE;
    command->sense_size = 18;
    command->sense[0] = random_number(5) ? 0x70 : 0x71;
    command->sense[2] = (uint8_t)(sense >> 16);
    command->sense[12] = (uint8_t)(sense >> 8);
    command->sense[13] = (uint8_t)sense;
    return OI_SENSE;
}

static void random_close(struct transport *transport) { (void)transport; }

static const struct transport_ops random_ops = { random_execute, random_close };

static void a_drive_that_answers_at_random_is_survived(void **state)
{
    static const uint16_t profiles[] =
    {
        MMC_PROFILE_CD_R, MMC_PROFILE_CD_RW, MMC_PROFILE_DVD_PLUS_R, MMC_PROFILE_DVD_PLUS_RW,
        MMC_PROFILE_BD_R_SRM,
        MMC_PROFILE_BD_RE, MMC_PROFILE_DVD_ROM, MMC_PROFILE_NONE,
    };
    uint32_t successes = 0, started = 0;

    (void)state;
    for (uint32_t round = 0; round < 3000; round++)
    {
        struct random_drive random =
        {
            .base = { .ops = &random_ops, .max_transfer = 65536, .alignment_mask = round % 3 ? 0 : 3 },
            .sanity = round % 10 ? 85 + round % 15 : 0,
            .profile = profiles[round % (sizeof(profiles) / sizeof(profiles[0]))],
        };
        const struct burn_options options =
        {
            .force_overwrite = true, .verify = (enum burn_verify)(round % 3), .set_speed = true,
            .speed = MMC_FASTEST, .no_compatibility = round % 2,
        };
        struct source *source;
        struct mmc_drive drive;
        struct burn_result result;
        enum oi_status status;

        seed = round + 1;
        clock_virtual_init(&random.clock);
        random.base.clock = &random.clock.base;
        mmc_drive_init(&drive, &random.base);
        assert_int_equal(source_zero_create(400 * 2048, &source), OI_OK);
        status = burn_data(&drive, source, &options, NULL, &result);
        source_unref(source);
        if (random.commands > COMMANDS_MAX || random.clock.milliseconds > TIME_MAX)
        {
            fail_msg("round %u: %u commands, %u s", round, random.commands,
                     (unsigned int)(random.clock.milliseconds / 1000));
        }
        successes += !status;
        started += result.count != 0;
    }
    /* Else the test would not get where it wants to. */
    print_message("%u burns began to write, %u came to a good end\n", started, successes);
    assert_true(started > 100);
    assert_true(successes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(no_parser_reads_what_is_not_there),
        cmocka_unit_test(a_drive_that_answers_at_random_is_survived),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
