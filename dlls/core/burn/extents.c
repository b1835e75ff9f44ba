/* Which blocks are written, and in which order: the whole source, or ranges of it. */
#include "burn_room.h"

enum oi_status burn_count_blocks(struct burn_job *job)
{
    const struct burn_options *options = job->options;
    uint64_t sum = 0;

    for (size_t i = 0; i < options->range_count; i++)
    {
        const struct burn_range *range = &options->ranges[i];

        if (range->first > range->last || range->last >= job->source_blocks) return OI_INVALID_ARGUMENT;
        sum += range->last - range->first + 1;
    }
    /* More than the source holds means that some are written twice; checksums could not be kept then. */
    if (sum > job->source_blocks) return OI_INVALID_ARGUMENT;
    job->data_blocks = options->range_count ? (uint32_t)sum : job->source_blocks;
    job->whole = job->data_blocks == job->source_blocks;
    return OI_OK;
}

bool burn_next_extent(const struct burn_job *job, struct burn_walk *walk, struct burn_extent *extent)
{
    const struct burn_options *options = job->options;

    if (!options->range_count)
    {
        if (walk->index++) return false;
        extent->source = 0;
        extent->lba = job->start;
        extent->count = job->source_blocks;
        extent->ordinal = 0;
        return true;
    }
    if (walk->index >= options->range_count) return false;
    extent->source = extent->lba = options->ranges[walk->index].first;
    extent->count = options->ranges[walk->index].last - extent->lba + 1;
    extent->ordinal = walk->ordinal;
    walk->ordinal += extent->count;
    walk->index++;
    return true;
}
