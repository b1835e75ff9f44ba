/*
 * GET CONFIGURATION: the feature descriptors of the drive, and which of them the medium makes current.
 */
#include "emu_room.h"

#include <string.h>

#define REPLY_MAX 1024

/* Writes additional data behind a descriptor's header; returns its length, a multiple of 4. */
typedef size_t feature_data(const struct emu_recorder *emu, uint8_t *data);

struct feature
{
    uint16_t code;
    uint8_t version, persistent;
    feature_data *data;
};

static const struct emu_disc *disc_of(const struct emu_recorder *emu)
{
    return emu_disc_present(emu) ? &emu->disc : NULL;
}

/* Highest preference first; the ROM profiles are what the drive reads too. */
static const uint16_t profiles[] =
{
    MMC_PROFILE_BD_RE, MMC_PROFILE_BD_R_SRM, MMC_PROFILE_BD_ROM, MMC_PROFILE_DVD_PLUS_R,
    MMC_PROFILE_DVD_PLUS_RW, MMC_PROFILE_DVD_ROM, MMC_PROFILE_CD_RW, MMC_PROFILE_CD_R, MMC_PROFILE_CD_ROM,
};

static size_t profile_list(const struct emu_recorder *emu, uint8_t *data)
{
    size_t count = sizeof(profiles) / sizeof(profiles[0]);

    for (size_t i = 0; i < count; ++i)
    {
        put_be16(data + 4 * i, profiles[i]);
        data[4 * i + 2] = profiles[i] == emu_profile(emu);
    }
    return 4 * count;
}

static size_t core(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    put_be32(data, 2);                  /* ATAPI */
    data[4] = 0x01;                     /* DBE; no INQ2 */
    return 8;
}

static size_t morphing(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x00;                     /* polled events only */
    return 4;
}

static size_t removable_medium(const struct emu_recorder *emu, uint8_t *data)
{
    data[0] = emu->options.behaviour.no_fixed_tray ? 0x49 : 0x39;      /* mechanism, load, eject, lock */
    return 4;
}

static size_t write_protect(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x01;                     /* SSWPP: page 1Dh */
    return 4;
}

static size_t random_readable(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_disc *disc = disc_of(emu);

    put_be32(data, MMC_BLOCK_SIZE);
    put_be16(data + 4, disc ? disc->medium->blocking : 1);
    data[6] = 0x01;                     /* page 01h present */
    return 8;
}

static size_t nothing(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    (void)data;
    return 0;
}

static size_t four_zeros(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    (void)data;
    return 4;
}

static size_t random_writable(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_disc *disc = disc_of(emu);

    put_be32(data, disc && disc->formatted ? disc->formatted - 1 : 0);
    put_be32(data + 4, MMC_BLOCK_SIZE);
    put_be16(data + 8, disc ? disc->medium->blocking : 16);
    data[10] = 0x01;
    return 12;
}

/* Data block types 8 and 10; link of 7 blocks on CD, none on BD. */
static size_t incremental_streaming(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_disc *disc = disc_of(emu);
    int cd = !disc || disc->medium->family == EMU_CD;

    put_be16(data, cd ? 0x0500 : 0x0100);
    data[2] = cd ? 0x01 : 0x00;         /* BUF */
    data[3] = cd ? 1 : 0;
    data[4] = cd ? 7 : 0;
    return cd ? 8 : 4;
}

static size_t formattable(const struct emu_recorder *emu, uint8_t *data)
{
    const struct emu_disc *disc = disc_of(emu);

    /* BD-RE: formatting without spares, with certification, with a quick one. */
    if (disc && disc->medium->profile == MMC_PROFILE_BD_RE) data[0] = 0x0B;
    return 8;
}

static size_t defect_management(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x80;                     /* SSA: the spare area can be asked for */
    return 4;
}

static size_t plus_rw(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x01;
    data[1] = 0x02;                     /* quick start */
    return 4;
}

static size_t plus_r(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x01;
    return 4;
}

static size_t track_at_once(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x46;                     /* BUF, test write, CD-RW */
    put_be16(data + 2, 0x0500);         /* data block types 8 and 10 */
    return 4;
}

static size_t cd_rw_media(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[1] = 0x07;                     /* sub-types 0, 1, 2 */
    return 4;
}

/* MMC-5 5.3.29, 5.3.30: bit maps of class 0 versions; BD-RE, BD-R and BD-ROM of version 1 on. */
static size_t bd_read(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    put_be16(data + 4, 0x00FE);
    put_be16(data + 12, 0x00FE);
    put_be16(data + 20, 0x00FE);
    return 28;
}

static size_t bd_write(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    put_be16(data + 4, 0x00FE);
    put_be16(data + 12, 0x00FE);
    return 20;
}

static size_t timeout(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x00;
    return 4;
}

static size_t real_time_streaming(const struct emu_recorder *emu, uint8_t *data)
{
    (void)emu;
    data[0] = 0x1F;                     /* RBCB, SCS, MP2A, WSPD, SW */
    return 4;
}

static size_t serial_number(const struct emu_recorder *emu, uint8_t *data)
{
    size_t length = strlen(emu->options.serial);

    memcpy(data, emu->options.serial, length);
    while (length % 4) data[length++] = ' ';
    return length;
}

/* Ascending by code, as the standard wants them. */
static const struct feature features[] =
{
    { MMC_FEATURE_PROFILE_LIST, 0, 1, profile_list },
    { MMC_FEATURE_CORE, 2, 1, core },
    { MMC_FEATURE_MORPHING, 1, 1, morphing },
    { MMC_FEATURE_REMOVABLE_MEDIUM, 1, 1, removable_medium },
    { MMC_FEATURE_WRITE_PROTECT, 1, 0, write_protect },
    { MMC_FEATURE_RANDOM_READABLE, 0, 0, random_readable },
    { MMC_FEATURE_MULTI_READ, 0, 0, nothing },
    { MMC_FEATURE_CD_READ, 2, 0, four_zeros },
    { MMC_FEATURE_DVD_READ, 1, 0, four_zeros },
    { MMC_FEATURE_RANDOM_WRITABLE, 1, 0, random_writable },
    { MMC_FEATURE_INCREMENTAL_STREAMING_WRITABLE, 3, 0, incremental_streaming },
    { MMC_FEATURE_FORMATTABLE, 1, 0, formattable },
    { MMC_FEATURE_DEFECT_MANAGEMENT, 1, 0, defect_management },
    { MMC_FEATURE_DVD_PLUS_RW, 0, 0, plus_rw },
    { MMC_FEATURE_DVD_PLUS_R, 0, 0, plus_r },
    { MMC_FEATURE_CD_TRACK_AT_ONCE, 2, 0, track_at_once },
    { MMC_FEATURE_CD_RW_MEDIA_WRITE, 0, 0, cd_rw_media },
    { MMC_FEATURE_BD_READ, 0, 0, bd_read },
    { MMC_FEATURE_BD_WRITE, 0, 0, bd_write },
    { MMC_FEATURE_POWER_MANAGEMENT, 0, 1, nothing },
    { MMC_FEATURE_TIMEOUT, 1, 1, timeout },
    { MMC_FEATURE_REAL_TIME_STREAMING, 5, 1, real_time_streaming },
    { MMC_FEATURE_SERIAL_NUMBER, 0, 1, serial_number },
};

static int is_current(const struct emu_recorder *emu, const struct feature *feature)
{
    const struct emu_disc *disc = disc_of(emu);

    if (feature->persistent) return 1;
    if (!disc) return 0;
    if (feature->code == MMC_FEATURE_WRITE_PROTECT) return 1;
    /* Formatted without spares there are no defects to manage. */
    if (feature->code == MMC_FEATURE_DEFECT_MANAGEMENT && disc->format_type == 0x31) return 0;
    for (const uint16_t *code = disc->medium->features; *code; ++code)
    {
        if (*code == feature->code) return 1;
    }
    return 0;
}

uint32_t emu_get_configuration(struct emu_recorder *emu, struct transport_command *command)
{
    uint8_t requested = command->cdb[1] & 0x03, reply[REPLY_MAX] = { 0 };
    uint16_t start = get_be16(command->cdb + 2);
    size_t size = 8;

    if (requested == 3) return EMU_INVALID_FIELD_IN_CDB;
    for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); ++i)
    {
        const struct feature *feature = &features[i];
        int current = is_current(emu, feature);
        size_t length;

        if (feature->code < start || (requested == 1 && !current)) continue;
        if (requested == 2 && feature->code != start) continue;
        length = feature->data(emu, reply + size + 4);
        put_be16(reply + size, feature->code);
        reply[size + 2] = (uint8_t)(feature->version << 2 | feature->persistent << 1 | current);
        reply[size + 3] = (uint8_t)length;
        size += 4 + length;
    }
    put_be32(reply, (uint32_t)(size - 4));
    put_be16(reply + 6, emu_profile(emu));
    emu_reply(command, reply, size, get_be16(command->cdb + 7));
    return 0;
}
