/*
 * Reader of boot catalogs: what a session boots by El Torito 1.0, and where the images lie. Clauses without a
 * standard are El Torito's.
 */
#include "read_room.h"

#include "openimapi/bytes.h"

#define ENTRY 32                        /* bytes of everything in a catalog: 2.0 */
#define ENTRIES (FS_BLOCK_SIZE / ENTRY)
#define BLOCKS_MAX 32                   /* no limit is standardized; a catalog as long as that is none */
#define VIRTUAL_SECTOR 512              /* 2.2 */

/* What an entry begins with: 2.1 to 2.5. */
#define VALIDATION 0x01
#define BOOTABLE 0x88
#define NOT_BOOTABLE 0x00
#define SECTION 0x90
#define LAST_SECTION 0x91
#define EXTENSION 0x44

struct reader
{
    const struct fs_disc *disc;
    struct fs_boot_catalog catalog;
    struct fs_boot_found *found;
    size_t room;
    unsigned index;                     /* of the entry that is read next */
    uint32_t at;                        /* block that is looked at: at fault when something is */
    uint8_t bytes[FS_BLOCK_SIZE];       /* the catalog's block with the last entry that was read */
};

/* --- entries -------------------------------------------------------------------------------------------- */

/* The next one, good until the one after. No block is read before something is wanted of it: a catalog may
   end with the disc. */
static enum oi_status step(struct reader *reader, const uint8_t **entry)
{
    unsigned index = reader->index++;

    if (index % ENTRIES == 0)
    {
        if (index / ENTRIES == BLOCKS_MAX) return OI_FORMAT;
        reader->at = reader->catalog.block + index / ENTRIES;
        TRY(fs_disc_read(reader->disc, reader->at, 1, reader->bytes, NULL));
    }
    *entry = reader->bytes + index % ENTRIES * ENTRY;
    return OI_OK;
}

/* The same behind the extensions of a section entry: 2.5. They hold criteria of selection, which belong to
   the firmware of one maker, and do not count as entries of the section. */
static enum oi_status step_over_extensions(struct reader *reader, const uint8_t **entry)
{
    do
    {
        TRY(step(reader, entry));
    }
    while ((*entry)[0] == EXTENSION);
    return OI_OK;
}

/* 2.1: the words add up to 0. */
static int is_validation(const uint8_t *entry)
{
    uint16_t sum = 0;

    for (unsigned i = 0; i < ENTRY; i += 2) sum = (uint16_t)(sum + get_le16(entry + i));
    return entry[0x00] == VALIDATION && entry[0x1E] == 0x55 && entry[0x1F] == 0xAA && !sum;
}

/* --- images --------------------------------------------------------------------------------------------- */

static uint64_t size_of(const struct fs_boot_found *image, uint32_t end)
{
    /* Tracks, sides, sectors. */
    static const uint16_t floppies[FS_BOOT_HARD_DISK + 1] =
    {
        [FS_BOOT_FLOPPY_1_2] = 80 * 2 * 15,
        [FS_BOOT_FLOPPY_1_44] = 80 * 2 * 18,
        [FS_BOOT_FLOPPY_2_88] = 80 * 2 * 36,
    };
    uint64_t most = (uint64_t)(end - image->block) * FS_BLOCK_SIZE;
    uint64_t size = (uint64_t)image->sector_count * VIRTUAL_SECTOR;

    if (floppies[image->emulation]) size = (uint64_t)floppies[image->emulation] * VIRTUAL_SECTOR;
    /* UEFI 13.3.2.1: 0 and 1 mean "to the end of the disc". */
    else if (image->emulation == FS_BOOT_NO_EMULATION && image->platform == FS_BOOT_PLATFORM_EFI
             && image->sector_count <= 1)
        size = most;
    return size < most ? size : most;
}

/* An initial entry or a section entry: 2.2, 2.4. */
static enum oi_status take_image(struct reader *reader, const uint8_t *entry, unsigned section,
                                 uint8_t platform)
{
    struct fs_boot_found image = {
        .section = section, .platform = platform, .bootable = entry[0x00] == BOOTABLE,
        .emulation = entry[0x01] & 0x0F,            /* above that: which drivers an image has */
        .load_segment = get_le16(entry + 0x02), .system_type = entry[0x04],
        .sector_count = get_le16(entry + 0x06), .block = get_le32(entry + 0x08),
    };
    uint32_t end = fs_disc_end(reader->disc);

    if (entry[0x00] != BOOTABLE && entry[0x00] != NOT_BOOTABLE) return OI_FORMAT;
    if (image.emulation > FS_BOOT_HARD_DISK) return OI_FORMAT;
    if (!image.bootable && !image.block) return OI_FORMAT;          /* zeros: nothing was recorded here */
    if (image.block >= end)
    {
        reader->at = image.block;
        return OI_FORMAT;
    }
    image.size = size_of(&image, end);
    if (reader->catalog.count < reader->room) reader->found[reader->catalog.count] = image;
    reader->catalog.count++;
    return OI_OK;
}

/* --- the catalog ---------------------------------------------------------------------------------------- */

/* 2.3, and the entries that it counts. */
static enum oi_status read_section(struct reader *reader, const uint8_t *header, unsigned section)
{
    uint8_t platform = header[0x01];
    unsigned count = get_le16(header + 0x02);
    const uint8_t *entry;

    for (unsigned i = 0; i < count; i++)
    {
        TRY(step_over_extensions(reader, &entry));
        TRY(take_image(reader, entry, section, platform));
    }
    return OI_OK;
}

static enum oi_status read_catalog(struct reader *reader)
{
    const uint8_t *entry;
    unsigned section = 0;
    uint8_t platform;
    int last;

    TRY(step(reader, &entry));
    if (!is_validation(entry)) return OI_FORMAT;
    platform = entry[0x01];
    TRY(step(reader, &entry));
    TRY(take_image(reader, entry, section, platform));
    /* Without sections nothing tells where the catalog ends, and anything may follow. */
    TRY(step(reader, &entry));
    if (entry[0x00] != SECTION && entry[0x00] != LAST_SECTION) return OI_OK;
    for (;;)
    {
        last = entry[0x00] == LAST_SECTION;
        TRY(read_section(reader, entry, ++section));
        if (last) return OI_OK;
        TRY(step_over_extensions(reader, &entry));
        if (entry[0x00] != SECTION && entry[0x00] != LAST_SECTION) return OI_FORMAT;
    }
}

enum oi_status fs_boot_read(const struct fs_disc *disc, struct fs_boot_found *found, size_t room,
                            struct fs_boot_catalog *catalog, struct fs_detail *detail)
{
    struct reader reader = { .disc = disc, .found = found, .room = room };
    struct fs_recognition recognition;
    enum oi_status status;

    *catalog = (struct fs_boot_catalog){ 0, 0 };
    TRY(fs_recognize(disc, &recognition, detail));
    if (!recognition.boot) return fs_fail(OI_NOT_FOUND, detail);
    reader.at = recognition.boot;
    status = fs_disc_read(disc, reader.at, 1, reader.bytes, NULL);
    if (!status)
    {
        reader.catalog.block = get_le32(reader.bytes + 0x47);       /* figure 7 */
        status = read_catalog(&reader);
    }
    if (status) return fs_fail_numbers(status, detail, NULL, 0, 0, reader.at);
    *catalog = reader.catalog;
    return OI_OK;
}
