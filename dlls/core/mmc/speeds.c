/* Write speeds: GET PERFORMANCE, SET STREAMING and SET CD SPEED, MMC-5 6.8, 6.39 and 6.37. */
#include "mmc_room.h"

#include "openimapi/bytes.h"
#include "openimapi/log.h"

#include <string.h>

#define PERFORMANCE_HEADER 8
#define PERFORMANCE_DESCRIPTOR 16
#define TYPE_WRITE_SPEED 0x03
#define FASTEST_KILOBYTES 0xFFFF

static bool is_cd(uint16_t profile)
{
    return profile == MMC_PROFILE_NONE || (profile >= MMC_PROFILE_CD_ROM && profile <= MMC_PROFILE_CD_RW);
}

/* kB/s a block: CDs count 2352 bytes (their speeds are those of audio), others 2048. */
static uint32_t bytes_a_block(uint16_t profile) { return is_cd(profile) ? 2352 : 2048; }

uint32_t mmc_speed_to_sectors(uint16_t profile, uint32_t kilobytes)
{
    uint32_t size = bytes_a_block(profile);

    return (uint32_t)(((uint64_t)kilobytes * 1000 + size / 2) / size);
}

uint32_t mmc_speed_to_kilobytes(uint16_t profile, uint32_t sectors)
{
    return (uint32_t)(((uint64_t)sectors * bytes_a_block(profile) + 999) / 1000);
}

/* Keeps the list ordered, fastest first, without doubles. */
static void add_speed(struct mmc_speeds *speeds, const struct mmc_speed *speed)
{
    size_t at = 0;

    if (!speed->kilobytes || !speed->sectors) return;
    while (at < speeds->count && speeds->supported[at].kilobytes > speed->kilobytes) at++;
    for (size_t i = at; i < speeds->count && speeds->supported[i].kilobytes == speed->kilobytes; i++)
    {
        if (speeds->supported[i].rotation == speed->rotation) return;
    }
    if (speeds->count == MMC_SPEED_MAX) return;
    memmove(&speeds->supported[at + 1], &speeds->supported[at],
            (speeds->count - at) * sizeof(speeds->supported[0]));
    speeds->supported[at] = *speed;
    speeds->count++;
}

/* Type 03h with room for so many descriptors; *total is what the drive announces. */
static enum oi_status get_performance(struct mmc_drive *drive, uint16_t room, uint8_t *bytes, uint32_t *got,
                                      uint32_t *total)
{
    uint8_t cdb[12] = { MMC_GET_PERFORMANCE, 0, 0, 0, 0, 0, 0, 0, 0, 0, TYPE_WRITE_SPEED };
    uint32_t length;

    put_be16(cdb + 8, room);
    TRY(mmc_query(drive, cdb, sizeof(cdb), bytes, PERFORMANCE_HEADER + room * PERFORMANCE_DESCRIPTOR,
                  TIMEOUT_QUICK, got));
    if (*got < PERFORMANCE_HEADER) return mmc_fail(drive, MMC_GET_PERFORMANCE, OI_INVALID_RESPONSE);
    length = get_be32(bytes);           /* of what follows the field: 4 + 16 n */
    *total = length < 4 ? 0 : (length - 4) / PERFORMANCE_DESCRIPTOR;
    return OI_OK;
}

static enum oi_status read_performance(struct mmc_drive *drive, uint16_t profile, struct mmc_speeds *speeds)
{
    uint8_t bytes[PERFORMANCE_HEADER + MMC_SPEED_MAX * PERFORMANCE_DESCRIPTOR];
    uint32_t got, total, room;

    TRY(get_performance(drive, 0, bytes, &got, &total));
    /* Some drives announce one to who asks for none, and the rest to who asks for one. */
    for (int i = 0; i < 2; i++)
    {
        if (!total) return OI_OK;
        room = total < MMC_SPEED_MAX ? total : MMC_SPEED_MAX;
        TRY(get_performance(drive, (uint16_t)room, bytes, &got, &total));
        if (total <= room || room == MMC_SPEED_MAX) break;
    }
    if (total > room) total = room;
    if (total > (got - PERFORMANCE_HEADER) / PERFORMANCE_DESCRIPTOR)
    {
        return mmc_fail(drive, MMC_GET_PERFORMANCE, OI_INVALID_RESPONSE);
    }
    for (uint32_t i = 0; i < total; i++)
    {
        const uint8_t *d = bytes + PERFORMANCE_HEADER + i * PERFORMANCE_DESCRIPTOR;
        struct mmc_speed speed = { 0 };

        speed.rotation = d[0] >> 3 & 0x03;
        speed.end = get_be32(d + 4);
        speed.read_kilobytes = get_be32(d + 8);
        speed.kilobytes = get_be32(d + 12);
        speed.sectors = mmc_speed_to_sectors(profile, speed.kilobytes);
        add_speed(speeds, &speed);
    }
    return OI_OK;
}

/* Page 2Ah: the current speed, and where GET PERFORMANCE told nothing, the list as well. */
static enum oi_status read_page_2a(struct mmc_drive *drive, uint16_t profile, struct mmc_speeds *speeds)
{
    bool want_list = !speeds->count;
    struct mmc_speed speed = { 0 };
    struct mmc_reply page;

    TRY(mmc_read_mode_page(drive, MMC_PAGE_CAPABILITIES, MMC_PAGE_CURRENT, &page));
    if (page.size >= 2 + 0x1C)
    {
        speeds->current.rotation = page.bytes[27] & 0x03;
        speeds->current.kilobytes = get_be16(page.bytes + 28);
    }
    else if (page.size >= 22) speeds->current.kilobytes = get_be16(page.bytes + 20);
    speeds->current.sectors = mmc_speed_to_sectors(profile, speeds->current.kilobytes);

    if (want_list && page.size >= 32)
    {
        uint32_t count = get_be16(page.bytes + 30);

        for (uint32_t i = 0; i < count && 32 + 4 * i + 4 <= page.size; i++)
        {
            speed.rotation = page.bytes[32 + 4 * i + 1] & 0x07;
            speed.kilobytes = get_be16(page.bytes + 32 + 4 * i + 2);
            speed.sectors = mmc_speed_to_sectors(profile, speed.kilobytes);
            add_speed(speeds, &speed);
        }
    }
    if (want_list && !speeds->count && page.size >= 20)
    {
        memset(&speed, 0, sizeof(speed));
        speed.kilobytes = get_be16(page.bytes + 18);    /* the fastest it can, MMC-1 and 2 */
        speed.sectors = mmc_speed_to_sectors(profile, speed.kilobytes);
        add_speed(speeds, &speed);
    }
    mmc_reply_free(&page);
    return OI_OK;
}

static uint32_t distance(uint32_t a, uint32_t b) { return a > b ? a - b : b - a; }

/* The nearest supported speed; among equally near ones the wished kind of rotation. */
static const struct mmc_speed *nearest(const struct mmc_speeds *speeds, uint32_t sectors, bool pure_cav)
{
    const struct mmc_speed *best = NULL;

    for (size_t i = 0; i < speeds->count; i++)
    {
        const struct mmc_speed *speed = &speeds->supported[i];
        uint32_t far = distance(speed->sectors, sectors), least = best ? distance(best->sectors, sectors) : 0;

        if (!best || far < least || (far == least && (speed->rotation == 1) == pure_cav &&
                                     (best->rotation == 1) != pure_cav))
        {
            best = speed;
        }
    }
    return best;
}

enum oi_status mmc_read_speeds(struct mmc_drive *drive, uint16_t profile, struct mmc_speeds *speeds)
{
    const struct mmc_speed *match;
    enum oi_status status;

    memset(speeds, 0, sizeof(*speeds));
    status = read_performance(drive, profile, speeds);
    if (status && status != OI_SENSE && status != OI_INVALID_RESPONSE) return status;
    status = read_page_2a(drive, profile, speeds);
    if (status && status != OI_SENSE && status != OI_INVALID_RESPONSE && status != OI_UNEXPECTED_RESPONSE)
    {
        return status;
    }
    /* Page 2Ah rounds its way: when it means a listed speed, that is the current one. */
    match = nearest(speeds, speeds->current.sectors, speeds->current.rotation == 1);
    if (!speeds->current.kilobytes && speeds->count) speeds->current = speeds->supported[0];
    else if (match && distance(match->kilobytes, speeds->current.kilobytes) * 50 <= match->kilobytes)
    {
        uint8_t rotation = speeds->current.rotation;

        speeds->current = *match;
        speeds->current.rotation = rotation;
    }
    drive->failure.status = OI_OK;      /* what is not told is not known; that is no failure */
    return OI_OK;
}

/* SET STREAMING with the descriptor's own range: an end behind the medium is refused by some drives. */
static enum oi_status set_streaming(struct mmc_drive *drive, const struct mmc_speed *speed)
{
    uint8_t cdb[12] = { MMC_SET_STREAMING, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28 };
    uint8_t list[28] = { 0 };
    uint32_t end = speed->end, last_block, block_size;

    if (!end && !mmc_read_capacity(drive, &last_block, &block_size)) end = last_block;
    list[0] = (uint8_t)((speed->rotation & 0x03) << 3);
    put_be32(list + 8, end);
    put_be32(list + 12, speed->read_kilobytes ? speed->read_kilobytes : speed->kilobytes);
    put_be32(list + 16, 1000);          /* in so many milliseconds */
    put_be32(list + 20, speed->kilobytes);
    put_be32(list + 24, 1000);
    return mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_DATA_OUT, list, sizeof(list), TIMEOUT_QUICK, NULL);
}

static enum oi_status set_cd_speed(struct mmc_drive *drive, uint16_t profile, const struct mmc_speed *speed)
{
    uint8_t cdb[12] = { MMC_SET_CD_SPEED, speed->rotation == 1 };
    /* Drives truncate to their next speed below, so ask for a little more than it is. */
    uint32_t step = is_cd(profile) ? 177 : 1390, kilobytes = speed->kilobytes;
    enum oi_status status = OI_OK;

    for (int i = 0; i < 2; i++, kilobytes += step)
    {
        if (kilobytes > FASTEST_KILOBYTES) kilobytes = FASTEST_KILOBYTES;
        put_be16(cdb + 2, FASTEST_KILOBYTES);           /* reading */
        put_be16(cdb + 4, (uint16_t)kilobytes);
        status = mmc_run(drive, cdb, sizeof(cdb), TRANSPORT_NO_DATA, NULL, 0, TIMEOUT_QUICK, NULL);
        if (status != OI_SENSE || mmc_sense_code(&drive->failure.sense) != MMC_SENSE(5, 0x24, 0)) break;
    }
    return status;
}

enum oi_status mmc_set_write_speed(struct mmc_drive *drive, uint16_t profile, uint32_t sectors, bool pure_cav,
                                   struct mmc_speed *actual)
{
    struct mmc_speeds speeds;
    struct mmc_speed wish;
    enum oi_status status;

    TRY(mmc_read_speeds(drive, profile, &speeds));
    if (!speeds.count) return mmc_fail(drive, MMC_GET_PERFORMANCE, OI_UNEXPECTED_RESPONSE);
    wish = *nearest(&speeds, sectors == MMC_FASTEST ? speeds.supported[0].sectors : sectors, pure_cav);

    /* SET STREAMING is the way for DVD and BD, SET CD SPEED for CDs; each drive knows one of the two. */
    status = is_cd(profile) ? set_cd_speed(drive, profile, &wish) : set_streaming(drive, &wish);
    if (status == OI_SENSE)
    {
        status = is_cd(profile) ? set_streaming(drive, &wish) : set_cd_speed(drive, profile, &wish);
    }
    if (status && status != OI_SENSE) return status;
    if (status) log_warning("the drive takes no write speed");
    TRY(mmc_read_speeds(drive, profile, &speeds));
    *actual = speeds.current;
    return OI_OK;
}
