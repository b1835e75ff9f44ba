/*
 * What each kind of medium is: profile, units, limits, gaps, formats, current features, speeds. A new kind
 * of medium of a known nature is one more row here.
 */
#include "emu_room.h"

#include <string.h>

/* Last possible lead-out starts: 80 minutes ends at 79:59:74, as the common disc says in its ATIP. */
static const struct emu_capacity_name cd_capacities[] =
{
    { "80min", 359849 }, { "700mb", 359849 }, { "74min", 333000 }, { "650mb", 333000 }, { "90min", 405000 },
    { "800mb", 405000 }, { "99min", 445500 }, { "870mb", 445500 }, { "21min", 94500 }, { "185mb", 94500 },
    { NULL, 0 },
};

static const struct emu_capacity_name dvd_plus_capacities[] =
{
    { "4.7gb", 2295104 }, { "1.46gb", 714544 }, { NULL, 0 },
};

static const struct emu_capacity_name bd_capacities[] =
{
    { "25gb", 12219392 }, { "50gb", 24438784 }, { "7.8gb", 3804288 }, { NULL, 0 },
};

static const struct emu_format dvd_plus_rw_formats[] =
{
    { 0x26, 0x01, 0, 0 },
    { 0xFF, 0, 0, 0 },
};

/* Sequential recording with spares, sub-type 1; neither POW (0) nor random recording (2). The parameter is
   the number of spare clusters of 32 blocks. */
static const struct emu_format bd_r_formats[] =
{
    { 0x00, 0x02, 0x3000 * 32, 0x3000 },
    { 0x32, 0x02, 0x3000 * 32, 0x3000 },
    { 0x32, 0x02, 0x1000 * 32, 0x1000 },
    { 0xFF, 0, 0, 0 },
};

static const struct emu_format bd_re_formats[] =
{
    { 0x00, 0x01, 0x3000 * 32, 0x3000 },
    { 0x30, 0x0D, 0x3000 * 32, 0x3000 },
    { 0x30, 0x0D, 0x5000 * 32, 0x5000 },
    { 0x30, 0x0D, 0x1000 * 32, 0x1000 },
    { 0x31, 0x0F, 0, 0x0800 },
    { 0xFF, 0, 0, 0 },
};

static const uint16_t cd_r_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_CD_READ, MMC_FEATURE_INCREMENTAL_STREAMING_WRITABLE,
    MMC_FEATURE_CD_TRACK_AT_ONCE, 0,
};

static const uint16_t cd_rw_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_MULTI_READ, MMC_FEATURE_CD_READ,
    MMC_FEATURE_INCREMENTAL_STREAMING_WRITABLE, MMC_FEATURE_CD_TRACK_AT_ONCE,
    MMC_FEATURE_CD_RW_MEDIA_WRITE, 0,
};

static const uint16_t dvd_plus_r_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_DVD_READ, MMC_FEATURE_DVD_PLUS_R, 0,
};

static const uint16_t dvd_plus_rw_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_DVD_READ, MMC_FEATURE_RANDOM_WRITABLE, MMC_FEATURE_FORMATTABLE,
    MMC_FEATURE_DVD_PLUS_RW, 0,
};

static const uint16_t bd_r_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_INCREMENTAL_STREAMING_WRITABLE, MMC_FEATURE_FORMATTABLE,
    MMC_FEATURE_BD_READ, MMC_FEATURE_BD_WRITE, 0,
};

static const uint16_t bd_re_features[] =
{
    MMC_FEATURE_RANDOM_READABLE, MMC_FEATURE_RANDOM_WRITABLE, MMC_FEATURE_FORMATTABLE,
    MMC_FEATURE_DEFECT_MANAGEMENT, MMC_FEATURE_BD_READ, MMC_FEATURE_BD_WRITE, 0,
};

static const uint8_t cd_r_speeds[] = { 48, 32, 24, 16, 8, 4, 0 };
static const uint8_t cd_rw_speeds[] = { 24, 16, 10, 4, 0 };
static const uint8_t dvd_plus_r_speeds[] = { 16, 8, 4, 0 };
static const uint8_t dvd_plus_rw_speeds[] = { 8, 4, 0 };
static const uint8_t bd_r_speeds[] = { 6, 4, 2, 0 };
static const uint8_t bd_re_speeds[] = { 2, 0 };

const struct emu_medium emu_media[] =
{
    {
        .name = "cd-r", .profile = MMC_PROFILE_CD_R, .family = EMU_CD,
        .flags = EMU_SEQUENTIAL | EMU_SYNC_CLOSES,
        .unit = 1, .blocking = 1, .max_tracks = 99, .max_sessions = 99, .min_track = 300, .run_out = 2,
        .track_gap = 150, .first_gap = 11400, .next_gap = 6900, .capacity = 359849,
        .capacities = cd_capacities, .features = cd_r_features, .speeds = cd_r_speeds, .read_speed = 48,
    },
    {
        .name = "cd-rw", .profile = MMC_PROFILE_CD_RW, .family = EMU_CD,
        .flags = EMU_SEQUENTIAL | EMU_SYNC_CLOSES | EMU_ERASABLE | EMU_BLANKABLE,
        .unit = 1, .blocking = 1, .max_tracks = 99, .max_sessions = 99, .min_track = 300, .run_out = 2,
        .track_gap = 150, .first_gap = 11400, .next_gap = 6900, .capacity = 359849,
        .capacities = cd_capacities, .features = cd_rw_features, .speeds = cd_rw_speeds, .read_speed = 32,
    },
    {
        /* Sessions lie apart by a closure and an intro zone of 128 ECC blocks each (ECMA-349). */
        .name = "dvd+r", .profile = MMC_PROFILE_DVD_PLUS_R, .family = EMU_DVD, .flags = EMU_SEQUENTIAL,
        .unit = 16, .blocking = 16, .max_tracks = 168, .max_sessions = 153, .first_gap = 4096,
        .next_gap = 4096, .capacity = 2295104,
        .capacities = dvd_plus_capacities, .features = dvd_plus_r_features,
        .speeds = dvd_plus_r_speeds, .read_speed = 16, .book_type = 0xA1, .identity = "OPENIMAPR16",
    },
    {
        .name = "dvd+rw", .profile = MMC_PROFILE_DVD_PLUS_RW, .family = EMU_DVD,
        .flags = EMU_OVERWRITE | EMU_ERASABLE | EMU_FORMATTABLE | EMU_BACKGROUND,
        .unit = 1, .blocking = 16, .max_tracks = 1, .max_sessions = 1, .capacity = 2295104,
        .capacities = dvd_plus_capacities, .formats = dvd_plus_rw_formats, .features = dvd_plus_rw_features,
        .speeds = dvd_plus_rw_speeds, .read_speed = 12, .book_type = 0x92, .identity = "OPENIMAPW08",
    },
    {
        .name = "bd-r", .profile = MMC_PROFILE_BD_R_SRM, .family = EMU_BD,
        .flags = EMU_SEQUENTIAL | EMU_FORMATTABLE,
        .unit = 32, .blocking = 32, .max_tracks = 400, .max_sessions = 400, .capacity = 12219392,
        .capacities = bd_capacities, .formats = bd_r_formats, .features = bd_r_features,
        .speeds = bd_r_speeds, .read_speed = 6, .identity = "OPENIMAPR06",
    },
    {
        .name = "bd-re", .profile = MMC_PROFILE_BD_RE, .family = EMU_BD,
        .flags = EMU_OVERWRITE | EMU_ERASABLE | EMU_FORMATTABLE,
        .unit = 1, .blocking = 32, .max_tracks = 1, .max_sessions = 1, .capacity = 12219392,
        .capacities = bd_capacities, .formats = bd_re_formats, .features = bd_re_features,
        .speeds = bd_re_speeds, .read_speed = 6, .identity = "OPENIMAPE02",
    },
    { .name = NULL },
};

/* Known, but not made by this version: told apart from a misspelt name. */
static const char *const future_media[] =
{
    "dvd-r", "dvd-r-dl", "dvd-rw", "dvd-ram", "dvd+r-dl", "dvd+rw-dl", NULL,
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether the first length characters are the name, in any letter case. */
static int names(const char *text, size_t length, const char *name)
{
    if (strlen(name) != length) return 0;
    for (size_t i = 0; i < length; ++i)
    {
        if (lower(text[i]) != name[i]) return 0;
    }
    return 1;
}

const struct emu_medium *emu_medium_find(const char *name)
{
    for (const struct emu_medium *medium = emu_media; medium->name; ++medium)
    {
        if (names(name, strlen(name), medium->name)) return medium;
    }
    return NULL;
}

const char *emu_medium_name(size_t index)
{
    size_t count = 0;

    while (emu_media[count].name) ++count;
    if (index < count) return emu_media[index].name;
    return index == count ? "none" : NULL;
}

/* A capacity as sold, or a number of blocks that is a multiple of the write unit and fits the medium. */
static int parse_capacity(const struct emu_medium *medium, const char *text, size_t length,
                          uint32_t *capacity)
{
    uint32_t largest = 0;
    uint64_t blocks = 0;

    for (const struct emu_capacity_name *sold = medium->capacities; sold->text; ++sold)
    {
        if (sold->blocks > largest) largest = sold->blocks;
        if (!names(text, length, sold->text)) continue;
        *capacity = sold->blocks;
        return 1;
    }
    for (size_t i = 0; i < length; ++i)
    {
        if (text[i] < '0' || text[i] > '9' || i > 9) return 0;
        blocks = blocks * 10 + (uint64_t)(text[i] - '0');
    }
    /* Smaller discs than any sold are welcome: a full disc is quickly had. */
    if (blocks < 1024 || blocks > largest || blocks % medium->blocking) return 0;
    *capacity = (uint32_t)blocks;
    return 1;
}

enum oi_status emu_medium_parse(const char *text, const char **name, uint32_t *capacity)
{
    const struct emu_medium *medium = NULL;
    size_t word, rest;
    uint32_t blocks = 0;

    while (*text == ' ' || *text == '\t') ++text;
    word = strcspn(text, " \t");
    for (const struct emu_medium *m = emu_media; m->name && !medium; ++m)
    {
        if (names(text, word, m->name)) medium = m;
    }
    for (size_t i = 0; future_media[i]; ++i)
    {
        if (names(text, word, future_media[i])) return OI_NOT_SUPPORTED;
    }
    if (!medium && !names(text, word, "none")) return OI_INVALID_ARGUMENT;

    text += word;
    while (*text == ' ' || *text == '\t') ++text;
    rest = strlen(text);
    while (rest && (text[rest - 1] == ' ' || text[rest - 1] == '\t')) --rest;
    if (medium) blocks = medium->capacity;
    if (rest && (!medium || !parse_capacity(medium, text, rest, &blocks))) return OI_INVALID_ARGUMENT;

    if (name) *name = medium ? medium->name : "none";
    if (capacity) *capacity = blocks;
    return OI_OK;
}

uint32_t emu_kilobytes(enum emu_family family, uint32_t times)
{
    if (family == EMU_CD) return times * 1764 / 10;
    if (family == EMU_DVD) return times * 1385;
    return times * 8991 / 2;
}
