/* Reads file entries and extended file entries, from an ICB on through indirect entries to the last one. */
#include "udf_read_room.h"

#include "openimapi/bytes.h"

#include <string.h>

/* Where the fields are: 4/14.9 and 4/14.17. */
struct layout
{
    unsigned accessed, modified, created;       /* created 0: in an extended attribute only */
    unsigned streams;                           /* 0: there are none */
    unsigned unique_id;
    unsigned attributes_size, descriptors_size; /* L_EA, L_AD */
    unsigned attributes;                        /* what follows the fixed fields */
};

static const struct layout layout_of_entry =
{
    .accessed = 72, .modified = 84, .unique_id = 160, .attributes_size = 168, .descriptors_size = 172,
    .attributes = 176,
};
static const struct layout layout_of_extended_entry =
{
    .accessed = 80, .modified = 92, .created = 104, .streams = 152, .unique_id = 200, .attributes_size = 208,
    .descriptors_size = 212, .attributes = 216,
};

/* The creation time of a file times extended attribute, 4/14.10.5; 0 when there is none. */
static fs_time creation_time(const uint8_t *attributes, size_t size)
{
    size_t at = 24;                             /* behind the header descriptor: 4/14.10.1 */

    while (at <= size && size - at >= 12)
    {
        const uint8_t *attribute = attributes + at;
        uint32_t length = get_le32(attribute + 8);

        if (length < 12 || length > size - at) return 0;
        if (get_le32(attribute) == ECMA167_ATTRIBUTE_FILE_TIMES && attribute[4] == 1 && length >= 32 &&
            get_le32(attribute + 16) & ECMA167_FILE_TIME_CREATION)
        {
            return fs_udf_time(attribute + 20); /* the first of them: bits come in order */
        }
        at += length;
    }
    return 0;
}

static enum oi_status parse(struct udf_entry *entry, const struct layout *layout)
{
    const uint8_t *bytes = entry->block;
    uint32_t attributes = get_le32(bytes + layout->attributes_size);
    uint32_t descriptors = get_le32(bytes + layout->descriptors_size);
    uint32_t room = FS_BLOCK_SIZE - layout->attributes;

    if (attributes > room || descriptors > room - attributes) return OI_FORMAT;
    entry->type = bytes[27];                    /* 4/14.6.6 */
    entry->allocation = get_le16(bytes + 34) & ECMA167_ICB_ALLOCATION;
    entry->size = get_le64(bytes + 56);
    entry->unique_id = get_le64(bytes + layout->unique_id);
    entry->descriptors = layout->attributes + attributes;
    entry->descriptors_size = descriptors;
    entry->times.accessed = fs_udf_time(bytes + layout->accessed);
    entry->times.modified = fs_udf_time(bytes + layout->modified);
    entry->times.created = layout->created ? fs_udf_time(bytes + layout->created)
                                           : creation_time(bytes + layout->attributes, attributes);
    entry->has_streams = layout->streams && get_le32(bytes + layout->streams) & ECMA167_EXTENT_LENGTH;
    if (entry->has_streams) entry->streams = fs_udf_address(bytes + layout->streams + 4);
    if (entry->allocation > ECMA167_ALLOCATION_EMBEDDED) return OI_FORMAT;
    if (entry->allocation == ECMA167_ALLOCATION_EMBEDDED && entry->size > descriptors) return OI_FORMAT;
    return OI_OK;
}

/* Where an indirect entry leads: 4/14.7. */
static enum oi_status follow(const uint8_t *indirect, struct udf_address *at)
{
    if (!(get_le32(indirect + 36) & ECMA167_EXTENT_LENGTH)) return OI_FORMAT;
    *at = fs_udf_address(indirect + 40);
    return OI_OK;
}

/* Strategy 4096: behind an entry stands, once there is a newer one, the indirect entry that leads to it. */
static enum oi_status newer(struct udf_reader *reader, const struct udf_entry *entry, struct udf_address *at,
                            int *there)
{
    struct udf_address next = { .block = entry->at.block + 1, .partition = entry->at.partition };
    uint8_t bytes[FS_BLOCK_SIZE];
    enum oi_status status;
    int tag;

    *there = 0;
    if (get_le16(entry->block + 20) != UDF_STRATEGY_WORM || get_le16(entry->block + 24) < 2) return OI_OK;
    status = fs_udf_descriptor(reader, next, bytes, &tag);
    if (status == OI_NO_MEMORY) return status;
    if (status || tag != ECMA167_TAG_INDIRECT_ENTRY || follow(bytes, at)) return OI_OK;
    *there = 1;
    return OI_OK;
}

enum oi_status fs_udf_entry_read(struct udf_reader *reader, struct udf_address icb, struct udf_entry *entry)
{
    for (struct udf_address at = icb;;)
    {
        unsigned strategy;
        int tag, more = 1;

        TRY(fs_udf_descriptor(reader, at, entry->block, &tag));
        if (tag == ECMA167_TAG_INDIRECT_ENTRY)
        {
            TRY(follow(entry->block, &at));
        }
        else
        {
            if (tag != ECMA167_TAG_FILE_ENTRY && tag != ECMA167_TAG_EXTENDED_FILE_ENTRY) return OI_FORMAT;
            entry->at = at;
            TRY(parse(entry, tag == ECMA167_TAG_FILE_ENTRY ? &layout_of_entry : &layout_of_extended_entry));
            strategy = get_le16(entry->block + 20);
            if (strategy != ECMA167_STRATEGY_DIRECT && strategy != UDF_STRATEGY_WORM) return OI_NOT_SUPPORTED;
            TRY(newer(reader, entry, &at, &more));
        }
        if (!more) return OI_OK;
        TRY(fs_udf_spend(reader, 1));
    }
}
