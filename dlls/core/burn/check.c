/* Whether a medium takes a job, judged by the snapshot alone: kind, state, protection, size. */
#include "burn_room.h"

static uint32_t round_up(uint32_t blocks, uint32_t unit)
{
    return (uint32_t)(((uint64_t)blocks + unit - 1) / unit * unit);
}

static uint32_t postgap(const struct burn_rules *rules, const struct burn_options *options)
{
    return options && options->postgap_in_source ? 0 : rules->postgap;
}

uint32_t burn_padding(const struct burn_rules *rules, const struct burn_options *options, uint32_t blocks)
{
    uint32_t total = blocks + postgap(rules, options);

    if (total < rules->minimum) total = rules->minimum;
    return round_up(total, rules->unit) - blocks;
}

uint32_t burn_data_free_blocks(const struct mmc_medium *medium, const struct burn_options *options)
{
    const struct burn_rules *rules = burn_find_rules(medium->profile);
    uint32_t free_blocks = medium->free_blocks, overhead;

    if (!rules) return 0;
    if (medium->state & MMC_STATE_OVERWRITABLE) return medium->total_blocks / rules->unit * rules->unit;
    overhead = rules->run_out + postgap(rules, options);
    return free_blocks <= overhead ? 0 : (free_blocks - overhead) / rules->unit * rules->unit;
}

static enum oi_status check_state(const struct mmc_medium *medium)
{
    const uint32_t closed = MMC_STATE_FINALIZED | MMC_STATE_ERASE_REQUIRED | MMC_STATE_DAMAGED;

    if (!burn_find_rules(medium->profile) || medium->state & MMC_STATE_UNSUPPORTED)
    {
        /* A closed recordable disc that the drive shows as ROM is of the right kind all the same. */
        bool closed_one = burn_data_knows_type(medium->type) && medium->state & MMC_STATE_FINALIZED;

        return closed_one ? OI_MEDIUM_STATE : OI_MEDIUM_UNSUPPORTED;
    }
    if (medium->write_protect) return OI_MEDIUM_PROTECTED;
    return medium->state & closed ? OI_MEDIUM_STATE : OI_OK;
}

enum oi_status burn_data_check(const struct mmc_medium *medium, uint32_t blocks,
                               const struct burn_options *options)
{
    const struct burn_rules *rules = burn_find_rules(medium->profile);
    bool overwritable = medium->state & MMC_STATE_OVERWRITABLE;

    TRY(check_state(medium));
    if (options && options->test_write && !rules->test_write) return OI_NOT_SUPPORTED;
    if (options && options->range_count && !overwritable) return OI_NOT_SUPPORTED;
    if (!blocks) return OI_OK;
    if (blocks > burn_data_free_blocks(medium, options)) return OI_TOO_LARGE;
    if (!overwritable && rules->minimum + rules->run_out > medium->free_blocks) return OI_TOO_LARGE;
    return OI_OK;
}
