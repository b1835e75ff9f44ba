/* The media that data can be written onto, and what is particular to each. */
#include "burn_room.h"

#include <stddef.h>

#define NO_FORMAT { 0xFF, 0xFF, 0xFF }

static const struct burn_rules rules[] =
{
    {
        .profile = MMC_PROFILE_CD_R, .family = &burn_family_cd, .unit = 1, .chunk = 16, .minimum = 300,
        .postgap = 150, .run_out = 2, .first_gap = 11400, .later_gap = 6900, .calibrate = true,
        .test_write = true,
        /* On CD the multi-session field of page 05h tells what CLOSE SESSION means. */
        .close = { { MMC_CLOSE_SESSION }, { MMC_CLOSE_SESSION }, { MMC_CLOSE_SESSION } },
        .format_types = NO_FORMAT,
    },
    {
        .profile = MMC_PROFILE_CD_RW, .family = &burn_family_cd, .unit = 1, .chunk = 16, .minimum = 300,
        .postgap = 150, .run_out = 2, .first_gap = 11400, .later_gap = 6900, .calibrate = true,
        .test_write = true,
        .close = { { MMC_CLOSE_SESSION }, { MMC_CLOSE_SESSION }, { MMC_CLOSE_SESSION } },
        .format_types = NO_FORMAT,
    },
    {
        .profile = MMC_PROFILE_DVD_PLUS_R, .family = &burn_family_sequential, .unit = 16, .chunk = 32,
        .calibrate = true, .resumable = true,
        .close =
        {
            { MMC_CLOSE_SESSION },
            { MMC_CLOSE_FINALIZE_MINIMAL, MMC_CLOSE_FINALIZE },
            { MMC_CLOSE_FINALIZE, MMC_CLOSE_FINALIZE_MINIMAL },
        },
        .format_types = NO_FORMAT,
    },
    {
        .profile = MMC_PROFILE_BD_R_SRM, .family = &burn_family_sequential, .unit = 32, .chunk = 32,
        .calibrate = true, .resumable = true,
        .close = { { MMC_CLOSE_SESSION }, { MMC_CLOSE_FINALIZE }, { MMC_CLOSE_FINALIZE } },
        .format_types = NO_FORMAT,
    },
    {
        .profile = MMC_PROFILE_DVD_PLUS_RW, .family = &burn_family_overwritable, .unit = 16, .chunk = 32,
        .stop_format = true, .format_types = { 0x26, 0xFF, 0xFF },
    },
    {
        .profile = MMC_PROFILE_BD_RE, .family = &burn_family_overwritable, .unit = 32, .chunk = 32,
        .format_types = { 0x00, 0x31, 0xFF },
    },
};

const struct burn_rules *burn_find_rules(uint16_t profile)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
    {
        if (rules[i].profile == profile) return &rules[i];
    }
    return NULL;
}

bool burn_data_knows_profile(uint16_t profile) { return burn_find_rules(profile) != NULL; }

bool burn_data_knows_type(enum mmc_medium_type type)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
    {
        if (mmc_profile_type(rules[i].profile) == type) return true;
    }
    return false;
}
