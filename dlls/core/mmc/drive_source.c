/* The disc in a drive as a source: reads by READ(10), in commands of a size that every drive takes. */
#include "mmc_room.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BLOCKS 32u
#define ALIGNMENT 4096u

struct drive_source
{
    struct source base;
    struct mmc_drive *drive;
    uint32_t first;
    uint8_t *memory, *chunk;            /* chunk: the aligned part */
    uint64_t held_first;                /* blocks in the chunk, relative to the source */
    uint32_t held;
};

static enum oi_status fill(struct drive_source *source, uint64_t block)
{
    uint64_t left = source->base.size / MMC_BLOCK_SIZE - block;
    uint32_t count = left < CHUNK_BLOCKS ? (uint32_t)left : CHUNK_BLOCKS;
    enum oi_status status;

    source->held = 0;
    status = mmc_read_10(source->drive, source->first + (uint32_t)block, (uint16_t)count, source->chunk);
    if (status == OI_SENSE && count > 1 && source->drive->failure.sense.key != MMC_KEY_NOT_READY)
    {
        /* One bad block must not hide its neighbours: the caller may want just those. */
        count = 1;
        status = mmc_read_10(source->drive, source->first + (uint32_t)block, 1, source->chunk);
    }
    if (status) return status;
    source->held_first = block;
    source->held = count;
    return OI_OK;
}

static enum oi_status drive_source_read(struct source *base, uint64_t offset, void *buffer, size_t size,
                                        size_t *got)
{
    struct drive_source *source = (struct drive_source *)base;
    uint8_t *out = buffer;

    *got = 0;
    if (offset >= base->size) return OI_OK;
    if (size > base->size - offset) size = (size_t)(base->size - offset);
    while (size)
    {
        uint64_t block = offset / MMC_BLOCK_SIZE;
        size_t in_chunk, part;

        if (block < source->held_first || block - source->held_first >= source->held)
        {
            TRY(fill(source, block));
        }
        in_chunk = (size_t)(offset - source->held_first * MMC_BLOCK_SIZE);
        part = (size_t)source->held * MMC_BLOCK_SIZE - in_chunk;
        if (part > size) part = size;
        memcpy(out, source->chunk + in_chunk, part);
        out += part;
        offset += part;
        size -= part;
        *got += part;
    }
    return OI_OK;
}

static void drive_source_destroy(struct source *base)
{
    struct drive_source *source = (struct drive_source *)base;

    free(source->memory);
    free(source);
}

static const struct source_ops drive_source_ops = { drive_source_read, drive_source_destroy };

enum oi_status mmc_drive_source_create(struct mmc_drive *drive, uint32_t first, uint32_t count,
                                       struct source **out)
{
    struct drive_source *source = calloc(1, sizeof(*source));

    if (!source) return OI_NO_MEMORY;
    source->memory = malloc(CHUNK_BLOCKS * MMC_BLOCK_SIZE + ALIGNMENT);
    if (!source->memory)
    {
        free(source);
        return OI_NO_MEMORY;
    }
    source->chunk = source->memory + (ALIGNMENT - (uintptr_t)source->memory % ALIGNMENT) % ALIGNMENT;
    source->drive = drive;
    source->first = first;
    source_init(&source->base, &drive_source_ops, (uint64_t)count * MMC_BLOCK_SIZE);
    *out = &source->base;
    return OI_OK;
}
