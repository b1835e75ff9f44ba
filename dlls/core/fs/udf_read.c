/* Opens UDF volumes: the logical volume, its partitions, the file set in it, and the root of that. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

static void destroy(struct fs_volume *volume)
{
    struct udf_reader *reader = fs_udf_reader(volume);

    for (unsigned i = 0; i < UDF_PARTITIONS_MAX; i++)
    {
        fs_udf_map_free(&reader->partitions[i].map);
        fs_udf_map_free(&reader->partitions[i].mirror);
    }
    free(reader->cache.bytes);
    free(reader);
}

static const struct fs_reader_ops ops = { fs_udf_list, destroy };

/* --- logical volume: 3/10.6 ----------------------------------------------------------------------------- */

static int is_protected(const uint8_t *domain)
{
    return (domain[26] & (UDF_DOMAIN_HARD_PROTECT | UDF_DOMAIN_SOFT_PROTECT)) != 0;
}

static enum oi_status read_volume(struct udf_reader *reader, const struct udf_descriptors *descriptors)
{
    struct fs_volume_info *info = &reader->volume.info;
    const uint8_t *bytes = descriptors->volume;

    if (get_le32(bytes + 212) != FS_BLOCK_SIZE) return OI_NOT_SUPPORTED;
    if (!fs_udf_entity_is(bytes + 216, UDF_ID_DOMAIN)) return OI_NOT_SUPPORTED;
    info->udf_revision = get_le16(bytes + 240);         /* UDF 2.1.5.3 */
    if (info->udf_revision > UDF_REVISION_MAX) return OI_NOT_SUPPORTED;
    fs_udf_field_text(bytes + 84, 128, info->name, FS_IMPORTED_NAME_MAX + 1);
    return OI_OK;
}

/* --- file set: 4/14.1 ----------------------------------------------------------------------------------- */

struct file_set
{
    int there;
    uint32_t number, descriptor;        /* by which one prevails: UDF 2.3.2, 4/8.3.1 */
    int is_protected;
    struct udf_address root;
};

static void take_file_set(struct file_set *set, const uint8_t *bytes)
{
    uint32_t number = get_le32(bytes + 40), descriptor = get_le32(bytes + 44);

    if (set->there && number < set->number) return;
    if (set->there && number == set->number && descriptor < set->descriptor) return;
    set->there = 1;
    set->number = number;
    set->descriptor = descriptor;
    set->is_protected = is_protected(bytes + 416);
    set->root = fs_udf_address(bytes + 404);
}

static enum oi_status read_file_sets(struct udf_reader *reader, const uint8_t *extent, struct file_set *set)
{
    uint32_t bytes_left = get_le32(extent) & ECMA167_EXTENT_LENGTH;
    struct udf_address at = fs_udf_address(extent + 4);
    uint8_t bytes[FS_BLOCK_SIZE];
    enum oi_status status = OI_OK;
    int tag;

    set->there = 0;
    for (; bytes_left >= FS_BLOCK_SIZE; bytes_left -= FS_BLOCK_SIZE)
    {
        TRY(fs_udf_spend(reader, 1));
        if ((status = fs_udf_descriptor(reader, at, bytes, &tag)) || tag != ECMA167_TAG_FILE_SET) break;
        take_file_set(set, bytes);
        at.block++;
        if (!(get_le32(bytes + 448) & ECMA167_EXTENT_LENGTH)) continue;
        bytes_left = FS_BLOCK_SIZE + (get_le32(bytes + 448) & ECMA167_EXTENT_LENGTH);
        at = fs_udf_address(bytes + 452);
    }
    if (status == OI_NO_MEMORY || !set->there) return status ? status : OI_FORMAT;
    return OI_OK;                       /* what follows the last one may be no descriptor, or not written */
}

/* --- all of it ------------------------------------------------------------------------------------------ */

/* A session can be appended where it may take over the partition as it stands. */
static int is_writable(const struct udf_reader *reader, const struct udf_descriptors *descriptors,
                       const struct file_set *set)
{
    unsigned maps = reader->partition_count;

    if (reader->damaged || descriptors->damaged || !reader->closed) return 0;
    if (set->is_protected || is_protected(descriptors->volume + 216)) return 0;
    if (descriptors->partition_count != 1 || descriptors->volume[440] != 1) return 0;
    return maps == 1 || (maps == 2 && reader->partitions[1].metadata);
}

static enum oi_status read_root(struct udf_reader *reader, struct udf_address icb)
{
    struct udf_entry root;

    TRY(fs_udf_entry_read(reader, icb, &root));
    if (root.type != ECMA167_FILE_DIRECTORY) return OI_FORMAT;
    reader->volume.root = fs_udf_place(root.at, 0);
    return OI_OK;
}

static enum oi_status read_all(struct udf_reader *reader, struct udf_descriptors *descriptors)
{
    struct fs_volume_info *info = &reader->volume.info;
    struct file_set set;

    TRY(fs_udf_descriptors_read(reader, descriptors));
    TRY(read_volume(reader, descriptors));
    TRY(fs_udf_integrity_read(reader, descriptors));
    TRY(fs_udf_partitions_open(reader, descriptors));
    TRY(read_file_sets(reader, descriptors->volume + 248, &set));
    TRY(read_root(reader, set.root));
    info->partition_start = descriptors->partitions[0].start;
    for (unsigned i = 0; i < descriptors->partition_count; i++)
    {
        fs_udf_cover(descriptors, descriptors->partitions[i].start, descriptors->partitions[i].length);
    }
    info->blocks = descriptors->end < reader->volume.disc.end ? descriptors->end : reader->volume.disc.end;
    info->writable = (unsigned)is_writable(reader, descriptors, &set);
    return OI_OK;
}

enum oi_status fs_udf_open(const struct fs_disc *disc, struct fs_volume **out, struct fs_detail *detail)
{
    struct fs_recognition recognition;
    struct udf_descriptors *descriptors;
    struct udf_reader *reader;
    enum oi_status status = fs_recognize(disc, &recognition, detail);

    if (status) return status;
    if (!recognition.nsr) return fs_fail_numbers(OI_NOT_FOUND, detail, NULL, FS_UDF, 0, 0);
    if (!(reader = calloc(1, sizeof(*reader)))) return fs_fail(OI_NO_MEMORY, detail);
    fs_volume_init(&reader->volume, &ops, disc, FS_UDF);
    descriptors = malloc(sizeof(*descriptors));
    reader->cache.bytes = malloc((size_t)UDF_CACHE_SLOTS * UDF_CACHE_BLOCKS * FS_BLOCK_SIZE);
    status = descriptors && reader->cache.bytes ? read_all(reader, descriptors) : OI_NO_MEMORY;
    free(descriptors);
    if (status)
    {
        uint32_t bad = reader->volume.bad;

        fs_volume_close(&reader->volume);
        return fs_fail_numbers(status, detail, NULL, FS_UDF, 0, bad);
    }
    *out = &reader->volume;
    return OI_OK;
}
