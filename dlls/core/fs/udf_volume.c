/* Descriptors of a UDF volume: recognition sequence, the two volume descriptor sequences, integrity,
   anchors. */
#include "udf_room.h"

#include "openimapi/bytes.h"

#include <string.h>

#define READ_ONLY 1                     /* 3/10.5.7 */
#define NO_BITMAP UINT32_MAX            /* UDF 2.50 2.2.10 */

/* 2/9.1 */
void udf_write_recognition(const struct udf_volume *volume, uint32_t number, uint8_t *bytes)
{
    static const char *const identifiers[] = { ECMA167_ID_BEGIN, ECMA167_ID_NSR02, ECMA167_ID_TERMINATE };

    memcpy(bytes + 1, identifiers[number], 5);
    if (number == 1 && volume->version == 3) memcpy(bytes + 1, ECMA167_ID_NSR03, 5);
    bytes[6] = 1;
}

static char16_t *put_hex(char16_t *at, uint32_t number)
{
    for (unsigned shift = 32; shift; at++)
    {
        shift -= 4;
        *at = u"0123456789ABCDEF"[number >> shift & 15];
    }
    return at;
}

/* UDF 2.2.2.5: 16 characters that make it unique, the first half the time, then a name. */
static void set_identifier(const struct fs_layout *layout, uint8_t *field)
{
    char16_t text[16 + FS_VOLUME_NAME_MAX + 1], name[FS_VOLUME_NAME_MAX + 1], *at = text;
    uint32_t fraction = (uint32_t)(layout->time % FS_TIME_SECOND);

    fs_volume_name(layout->volume_name, FS_UDF, name);
    at = put_hex(at, (uint32_t)(layout->time / FS_TIME_SECOND));
    at = put_hex(at, text_hash_fold(name, text_length(name)) ^ fraction ^ layout->session_start);
    memcpy(at, name, sizeof(name));
    ecma167_dstring(field, 128, text);
}

static void name_dstring(const struct fs_layout *layout, uint8_t *field, size_t size)
{
    char16_t name[FS_VOLUME_NAME_MAX + 1];

    fs_volume_name(layout->volume_name, FS_UDF, name);
    ecma167_dstring(field, size, name);
}

/* --- volume descriptor sequence, 3/8.4.2 ---------------------------------------------------------------- */

/* 3/10.1 */
static void primary(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    (void)volume;
    name_dstring(layout, bytes + 24, 32);
    put_le16(bytes + 56, 1);                                    /* volume sequence number */
    put_le16(bytes + 58, 1);                                    /* maximum */
    put_le16(bytes + 60, 2);                                    /* interchange level: a single volume */
    put_le16(bytes + 62, 2);                                    /* maximum */
    put_le32(bytes + 64, 1);                                    /* character set list: CS0 */
    put_le32(bytes + 68, 1);                                    /* maximum */
    set_identifier(layout, bytes + 72);
    ecma167_charspec(bytes + 200);
    ecma167_charspec(bytes + 264);
    ecma167_entity(bytes + 344, "*openimapi");                  /* application */
    ecma167_time(bytes + 376, layout->time, layout->time);
    ecma167_entity_implementation(bytes + 388);
}

/* 3/10.4, UDF 2.2.7 */
static void implementation_use(const struct udf_volume *volume, const struct fs_layout *layout,
                               uint8_t *bytes)
{
    ecma167_entity_udf(bytes + 20, UDF_ID_LV_INFO, volume->revision);
    ecma167_charspec(bytes + 52);
    name_dstring(layout, bytes + 116, 128);
    ecma167_entity_implementation(bytes + 352);
}

/* 3/7.1: a sequence of descriptors, by its offset from the base. */
static void put_sequence(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *field,
                         uint32_t offset)
{
    ecma167_extent(field, UDF_SEQUENCE_BLOCKS * FS_BLOCK_SIZE,
                   layout->session_start + (uint32_t)volume->plan.base + offset);
}

static uint32_t partition_blocks(const struct udf_volume *volume, const struct fs_layout *layout)
{
    return udf_physical(layout, volume->plan.tail);
}

/* 3/10.5; without a space bitmap: nothing is free on a disc that is only read. */
static void partition(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    put_le16(bytes + 20, 1);                                    /* allocated */
    put_le16(bytes + 22, 0);                                    /* partition number */
    ecma167_entity(bytes + 24, volume->version == 3 ? "+" ECMA167_ID_NSR03 : "+" ECMA167_ID_NSR02);
    put_le32(bytes + 184, READ_ONLY);
    put_le32(bytes + 188, layout->partition_start);
    put_le32(bytes + 192, partition_blocks(volume, layout));
    ecma167_entity_implementation(bytes + 196);
}

/* 3/10.7.2, UDF 2.50 2.2.10 */
static size_t partition_maps(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    const struct udf_plan *plan = &volume->plan;

    bytes[0] = 1;
    bytes[1] = 6;
    put_le16(bytes + 2, 1);                                     /* volume sequence number */
    put_le16(bytes + 4, 0);                                     /* partition number */
    if (!plan->metadata) return 6;
    bytes += 6;
    bytes[0] = 2;
    bytes[1] = 64;
    ecma167_entity_udf(bytes + 4, UDF_ID_METADATA, volume->revision);
    put_le16(bytes + 36, 1);
    put_le16(bytes + 38, 0);
    put_le32(bytes + 40, udf_physical(layout, plan->metadata_file));
    put_le32(bytes + 44, udf_physical(layout, plan->mirror_file));
    put_le32(bytes + 48, NO_BITMAP);
    put_le32(bytes + 52, plan->unit);                           /* allocation unit */
    put_le16(bytes + 56, (uint16_t)plan->unit);                 /* alignment unit */
    bytes[58] = plan->redundant ? UDF_METADATA_DUPLICATE : 0;
    return 70;
}

/* 3/10.6; returns its size. */
static size_t logical_volume(const struct udf_volume *volume, const struct fs_layout *layout, uint8_t *bytes)
{
    size_t maps = partition_maps(volume, layout, bytes + 440);

    ecma167_charspec(bytes + 20);
    name_dstring(layout, bytes + 84, 128);
    put_le32(bytes + 212, FS_BLOCK_SIZE);
    ecma167_entity_domain(bytes + 216, volume->revision);
    ecma167_long_ad(bytes + 248, 2 * FS_BLOCK_SIZE, udf_address(volume, layout, volume->plan.structures),
                    udf_structure_partition(volume));           /* 4/3.1: the file set descriptor sequence */
    put_le32(bytes + 264, (uint32_t)maps);
    put_le32(bytes + 268, volume->plan.metadata ? 2 : 1);
    ecma167_entity_implementation(bytes + 272);
    put_sequence(volume, layout, bytes + 432, volume->plan.integrity);
    return 440 + maps;
}

static void write_in_sequence(const struct udf_volume *volume, const struct fs_layout *layout,
                              uint32_t number, uint32_t location, uint8_t *bytes)
{
    unsigned tag = ECMA167_TAG_TERMINATING;
    size_t size = UDF_DESCRIPTOR_SIZE;

    switch (number)
    {
    case 0:
        tag = ECMA167_TAG_PRIMARY_VOLUME;
        primary(volume, layout, bytes);
        break;
    case 1:
        tag = ECMA167_TAG_IMPLEMENTATION_USE;
        implementation_use(volume, layout, bytes);
        break;
    case 2:
        tag = ECMA167_TAG_PARTITION;
        partition(volume, layout, bytes);
        break;
    case 3:
        tag = ECMA167_TAG_LOGICAL_VOLUME;
        size = logical_volume(volume, layout, bytes);
        break;
    case 4:
        tag = ECMA167_TAG_UNALLOCATED_SPACE;                    /* 3/10.8: no extents */
        size = 24;
        break;
    case 5: break;
    default: return;
    }
    if (tag != ECMA167_TAG_TERMINATING) put_le32(bytes + 16, number);   /* sequence number: 3/8.4.2 */
    ecma167_tag(bytes, tag, volume->version, location, size);
}

/* --- integrity, 3/10.10, UDF 2.2.6 ---------------------------------------------------------------------- */

static void write_integrity(const struct udf_volume *volume, const struct fs_layout *layout,
                            uint32_t location, uint8_t *bytes)
{
    uint32_t partitions = volume->plan.metadata ? 2 : 1, files = layout->node_count - layout->folder_count;
    /* UDF 2.60 2.2.6.4: without a pseudo-overwrite partition a reader of 2.50 will do. */
    unsigned read_revision = volume->revision > 0x250 ? 0x250 : volume->revision;
    uint8_t *use = bytes + 80 + 8 * partitions;

    ecma167_time(bytes + 16, layout->time, layout->time);
    put_le32(bytes + 28, ECMA167_INTEGRITY_CLOSE);
    put_le64(bytes + 40, udf_next_unique_id(layout));
    put_le32(bytes + 72, partitions);
    put_le32(bytes + 76, 46);                                   /* length of implementation use */
    put_le32(bytes + 80, 0);                                    /* nothing is free */
    put_le32(bytes + 80 + 4 * partitions, partition_blocks(volume, layout));
    if (partitions == 2) put_le32(bytes + 92, (uint32_t)volume->plan.structure_blocks);
    ecma167_entity_implementation(use);
    put_le32(use + 32, files);
    put_le32(use + 36, layout->folder_count);
    put_le16(use + 40, (uint16_t)read_revision);
    put_le16(use + 42, (uint16_t)volume->revision);             /* minimum to write */
    put_le16(use + 44, (uint16_t)volume->revision);             /* maximum to write */
    ecma167_tag(bytes, ECMA167_TAG_INTEGRITY, volume->version, location,
                80 + 8 * partitions + 46);
}

void udf_write_volume(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                      uint8_t *bytes)
{
    uint32_t location = layout->session_start + block;

    block -= (uint32_t)volume->plan.base;
    if (block - UDF_MAIN_SEQUENCE < UDF_SEQUENCE_BLOCKS)
    {
        write_in_sequence(volume, layout, block - UDF_MAIN_SEQUENCE, location, bytes);
    }
    else if (block - UDF_RESERVE_SEQUENCE < UDF_SEQUENCE_BLOCKS)
    {
        write_in_sequence(volume, layout, block - UDF_RESERVE_SEQUENCE, location, bytes);
    }
    else if (block == volume->plan.integrity)
    {
        write_integrity(volume, layout, location, bytes);
    }
    else if (block == volume->plan.integrity + 1)
    {
        ecma167_tag(bytes, ECMA167_TAG_TERMINATING, volume->version, location, UDF_DESCRIPTOR_SIZE);
    }
}

/* 3/10.2 */
void udf_write_anchor(const struct udf_volume *volume, const struct fs_layout *layout, uint32_t block,
                      uint8_t *bytes)
{
    put_sequence(volume, layout, bytes + 16, UDF_MAIN_SEQUENCE);
    put_sequence(volume, layout, bytes + 24, UDF_RESERVE_SEQUENCE);
    ecma167_tag(bytes, ECMA167_TAG_ANCHOR, volume->version, layout->session_start + block,
                UDF_DESCRIPTOR_SIZE);
}
