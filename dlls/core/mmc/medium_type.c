/* What kind of medium it is: by profile, and for closed discs shown as ROM by what lies below. */
#include "medium_room.h"

#include "openimapi/bytes.h"

#include <string.h>

static const struct medium_profile profiles[] =
{
    { MMC_PROFILE_NON_REMOVABLE_DISK, MMC_MEDIUM_DISK, KIND_OVERWRITABLE, 1 },
    { MMC_PROFILE_REMOVABLE_DISK, MMC_MEDIUM_DISK, KIND_OVERWRITABLE, 1 },
    { MMC_PROFILE_MO_ERASABLE, MMC_MEDIUM_UNKNOWN, KIND_UNKNOWN, 1 },
    { MMC_PROFILE_MO_WRITE_ONCE, MMC_MEDIUM_UNKNOWN, KIND_UNKNOWN, 1 },
    { MMC_PROFILE_AS_MO, MMC_MEDIUM_UNKNOWN, KIND_UNKNOWN, 1 },
    { MMC_PROFILE_CD_ROM, MMC_MEDIUM_CD_ROM, KIND_READ_ONLY, 1 },
    { MMC_PROFILE_CD_R, MMC_MEDIUM_CD_R, KIND_SEQUENTIAL, 1 },
    { MMC_PROFILE_CD_RW, MMC_MEDIUM_CD_RW, KIND_SEQUENTIAL, 1 },
    { MMC_PROFILE_DVD_ROM, MMC_MEDIUM_DVD_ROM, KIND_READ_ONLY, 16 },
    { MMC_PROFILE_DVD_R, MMC_MEDIUM_DVD_R, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_DVD_RAM, MMC_MEDIUM_DVD_RAM, KIND_OVERWRITABLE, 16 },
    { MMC_PROFILE_DVD_RW_OVERWRITE, MMC_MEDIUM_DVD_RW, KIND_OVERWRITABLE, 16 },
    { MMC_PROFILE_DVD_RW_SEQUENTIAL, MMC_MEDIUM_DVD_RW, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_DVD_R_DL_SEQUENTIAL, MMC_MEDIUM_DVD_R_DL, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_DVD_R_DL_JUMP, MMC_MEDIUM_DVD_R_DL, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_DVD_PLUS_RW, MMC_MEDIUM_DVD_PLUS_RW, KIND_OVERWRITABLE, 16 },
    { MMC_PROFILE_DVD_PLUS_R, MMC_MEDIUM_DVD_PLUS_R, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_DVD_PLUS_RW_DL, MMC_MEDIUM_DVD_PLUS_RW_DL, KIND_OVERWRITABLE, 16 },
    { MMC_PROFILE_DVD_PLUS_R_DL, MMC_MEDIUM_DVD_PLUS_R_DL, KIND_SEQUENTIAL, 16 },
    { MMC_PROFILE_BD_ROM, MMC_MEDIUM_BD_ROM, KIND_READ_ONLY, 32 },
    { MMC_PROFILE_BD_R_SRM, MMC_MEDIUM_BD_R, KIND_SEQUENTIAL, 32 },
    /* Each block once, with spares behind them: nothing that may be overwritten at will. */
    { MMC_PROFILE_BD_R_RRM, MMC_MEDIUM_BD_R, KIND_UNKNOWN, 32 },
    { MMC_PROFILE_BD_RE, MMC_MEDIUM_BD_RE, KIND_OVERWRITABLE, 32 },
    { MMC_PROFILE_HD_DVD_ROM, MMC_MEDIUM_HD_DVD_ROM, KIND_READ_ONLY, 32 },
    { MMC_PROFILE_HD_DVD_R, MMC_MEDIUM_HD_DVD_R, KIND_UNKNOWN, 32 },
    { MMC_PROFILE_HD_DVD_RAM, MMC_MEDIUM_HD_DVD_RAM, KIND_UNKNOWN, 32 },
    { MMC_PROFILE_NONE, MMC_MEDIUM_UNKNOWN, KIND_UNKNOWN, 1 },
};

const struct medium_profile *medium_profile(uint16_t profile)
{
    const struct medium_profile *row = profiles;

    while (row->profile != MMC_PROFILE_NONE && row->profile != profile) row++;
    return row;
}

enum mmc_medium_type mmc_profile_type(uint16_t profile) { return medium_profile(profile)->type; }
uint32_t mmc_profile_write_unit(uint16_t profile) { return medium_profile(profile)->write_unit; }

/* A disc with a time in its pre-groove is recordable, whatever the profile says. */
static enum mmc_medium_type type_behind_cd_rom(struct medium_probe *probe)
{
    struct mmc_atip atip;

    if (probe->disc_known && probe->medium->disc.erasable) return MMC_MEDIUM_CD_RW;
    if (!mmc_read_atip(probe->drive, &atip)) return atip.rewritable ? MMC_MEDIUM_CD_RW : MMC_MEDIUM_CD_R;
    if (probe->disc_known && probe->medium->disc.status != MMC_DISC_COMPLETE) return MMC_MEDIUM_CD_R;
    return MMC_MEDIUM_CD_ROM;
}

/* Book type of the physical format information, ECMA-267 and its relatives: byte 0, bits 7 to 4. */
static enum mmc_medium_type type_of_book(uint8_t book, uint8_t layers)
{
    switch (book)
    {
    case 0x1: return MMC_MEDIUM_DVD_RAM;
    case 0x2: return layers > 1 ? MMC_MEDIUM_DVD_R_DL : MMC_MEDIUM_DVD_R;
    case 0x3: return MMC_MEDIUM_DVD_RW;
    case 0x9: return MMC_MEDIUM_DVD_PLUS_RW;
    case 0xA: return MMC_MEDIUM_DVD_PLUS_R;
    case 0xD: return MMC_MEDIUM_DVD_PLUS_RW_DL;
    case 0xE: return MMC_MEDIUM_DVD_PLUS_R_DL;
    default: return MMC_MEDIUM_DVD_ROM;
    }
}

static enum mmc_medium_type type_behind_dvd_rom(struct medium_probe *probe)
{
    const struct mmc_configuration *features = &probe->configuration;
    enum mmc_medium_type type = MMC_MEDIUM_DVD_ROM;
    struct mmc_reply structure;

    if (mmc_feature_is_current(features, MMC_FEATURE_DVD_PLUS_RW)) return MMC_MEDIUM_DVD_PLUS_RW;
    if (mmc_feature_is_current(features, MMC_FEATURE_DVD_PLUS_R_DL)) return MMC_MEDIUM_DVD_PLUS_R_DL;
    if (mmc_feature_is_current(features, MMC_FEATURE_DVD_PLUS_R)) return MMC_MEDIUM_DVD_PLUS_R;
    if (mmc_read_structure(probe->drive, 0, 0x00, 0, 0, 0, &structure)) return type;
    if (structure.size >= 3)
    {
        type = type_of_book(structure.bytes[0] >> 4, (uint8_t)((structure.bytes[2] >> 5 & 0x03) + 1));
    }
    mmc_reply_free(&structure);
    return type;
}

/* Disc information of a BD: its first unit carries a type of three letters at 8. */
static enum mmc_medium_type type_behind_bd_rom(struct medium_probe *probe)
{
    enum mmc_medium_type type = MMC_MEDIUM_BD_ROM;
    struct mmc_reply structure;

    if (mmc_read_structure(probe->drive, 1, 0x00, 0, 0, 0, &structure)) return type;
    if (structure.size >= 11 && !memcmp(structure.bytes, "DI", 2))
    {
        if (!memcmp(structure.bytes + 8, "BDR", 3)) type = MMC_MEDIUM_BD_R;
        if (!memcmp(structure.bytes + 8, "BDW", 3)) type = MMC_MEDIUM_BD_RE;
    }
    mmc_reply_free(&structure);
    return type;
}

enum mmc_medium_type medium_physical_type(struct medium_probe *probe)
{
    switch (probe->medium->profile)
    {
    case MMC_PROFILE_CD_ROM: return type_behind_cd_rom(probe);
    /* Structure commands lock up some drives unless a DVD or BD is really in: ask only when it is current. */
    case MMC_PROFILE_DVD_ROM:
        if (!mmc_feature_is_current(&probe->configuration, MMC_FEATURE_DVD_READ)) return MMC_MEDIUM_DVD_ROM;
        return type_behind_dvd_rom(probe);
    case MMC_PROFILE_BD_ROM:
        if (!mmc_feature_is_current(&probe->configuration, MMC_FEATURE_BD_READ)) return MMC_MEDIUM_BD_ROM;
        return type_behind_bd_rom(probe);
    default: return mmc_profile_type(probe->medium->profile);
    }
}
