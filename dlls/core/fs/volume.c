/* A disc as readers see it, which file systems it has, and one of them that is open for reading. */
#include "read_room.h"

#include <stdlib.h>

/* --- blocks --------------------------------------------------------------------------------------------- */

static enum oi_status read_blocks(const struct fs_disc *disc, uint32_t block, uint32_t count, uint8_t *bytes)
{
    enum oi_status status = source_read(disc->source, (uint64_t)block * FS_BLOCK_SIZE, bytes,
                                        (size_t)count * FS_BLOCK_SIZE);

    return status == OI_SOURCE_SIZE ? OI_SOURCE_READ : status;
}

uint32_t fs_disc_end(const struct fs_disc *disc)
{
    uint64_t blocks = disc->source->size / FS_BLOCK_SIZE;

    if (disc->end) return disc->end;
    return blocks < FS_EXTENT_HOLE ? (uint32_t)blocks : FS_EXTENT_HOLE;
}

enum oi_status fs_disc_read(const struct fs_disc *disc, uint32_t block, uint32_t count, uint8_t *bytes,
                            uint32_t *bad)
{
    uint32_t end = fs_disc_end(disc);
    enum oi_status status;

    if (block > end || count > end - block) return OI_FORMAT;
    if (!(status = read_blocks(disc, block, count, bytes))) return OI_OK;
    if (bad) *bad = block;
    if (count == 1) return status;
    /* Which one was it? It may also have been a moment's weakness. */
    for (uint32_t i = 0; i < count; i++)
    {
        if (bad) *bad = block + i;
        TRY(read_blocks(disc, block + i, 1, bytes + (size_t)i * FS_BLOCK_SIZE));
    }
    return OI_OK;
}

/* How often a volume's structures may be read: a file entry with hard links once for each, that of a
   directory when it is found and when it is listed. */
#define TIMES_READ 4
#define BLOCKS_ALWAYS 256               /* small discs: whole chunks are read where a few bytes would do */

enum oi_status fs_volume_read(struct fs_volume *volume, uint32_t block, uint32_t count, uint8_t *bytes)
{
    volume->spent += count;
    if (volume->spent > (uint64_t)volume->disc.end * TIMES_READ + BLOCKS_ALWAYS) return OI_FORMAT;
    return fs_disc_read(&volume->disc, block, count, bytes, &volume->bad);
}

/* --- which file systems there are ----------------------------------------------------------------------- */

enum oi_status fs_identify(const struct fs_disc *disc, unsigned *kinds, struct fs_detail *detail)
{
    struct fs_recognition recognition;
    enum oi_status status;

    *kinds = 0;
    if ((status = fs_recognize(disc, &recognition, detail))) return status;
    if (recognition.primary) *kinds |= FS_ISO9660;
    if (recognition.joliet) *kinds |= FS_JOLIET;
    if (recognition.nsr) *kinds |= FS_UDF;
    return OI_OK;
}

/* --- one of them ---------------------------------------------------------------------------------------- */

enum oi_status fs_volume_open(const struct fs_disc *disc, enum fs_kind kind, struct fs_volume **out,
                              struct fs_detail *detail)
{
    struct fs_disc whole = *disc;

    *out = NULL;
    whole.end = fs_disc_end(disc);
    switch (kind)
    {
    case FS_ISO9660: case FS_JOLIET: return fs_ecma119_open(&whole, kind, out, detail);
    case FS_UDF: return fs_udf_open(&whole, out, detail);
    default: return fs_fail(OI_INVALID_ARGUMENT, detail);
    }
}

void fs_volume_init(struct fs_volume *volume, const struct fs_reader_ops *ops, const struct fs_disc *disc,
                    enum fs_kind kind)
{
    *volume = (struct fs_volume){ .ops = ops, .disc = *disc, .directories_total = UINT64_MAX,
                                  .files_total = UINT64_MAX, .info.kind = kind };
    source_ref(disc->source);
}

void fs_volume_close(struct fs_volume *volume)
{
    struct source *source;

    if (!volume) return;
    source = volume->disc.source;
    volume->ops->destroy(volume);
    source_unref(source);
}

const struct fs_volume_info *fs_volume_info(const struct fs_volume *volume) { return &volume->info; }
