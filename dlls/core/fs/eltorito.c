/*
 * Booting by El Torito 1.0: the set of boot images that a tree has, the boot record among the volume
 * descriptors, and the boot catalog. The images themselves are recorded as files are, without a name.
 */
#include "layout_room.h"

#include "openimapi/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY 32                        /* bytes of everything in a catalog: 2.0 */
#define VIRTUAL_SECTOR 512              /* what sector counts count: 2.2 */
#define PARTITION_TABLE 446             /* of a hard disk image, in its first virtual sector */
#define PARTITIONS 4
#define PARTITION_TYPE 4                /* in each of their 16 bytes */

/* --- boot images ---------------------------------------------------------------------------------------- */

uint64_t fs_boot_medium_size(unsigned emulation)
{
    switch (emulation)
    {
    case FS_BOOT_FLOPPY_1_2: return 1228800;
    case FS_BOOT_FLOPPY_1_44: return 1474560;
    case FS_BOOT_FLOPPY_2_88: return 2949120;
    default: return 0;
    }
}

enum oi_status fs_boot_system_type(struct source *image, uint8_t *type)
{
    uint8_t sector[VIRTUAL_SECTOR];

    *type = 0;
    if (image->size < sizeof(sector)) return OI_OK;
    TRY(source_read(image, 0, sector, sizeof(sector)));
    if (get_le16(sector + 510) != 0xAA55) return OI_OK;
    for (unsigned i = 0; i < PARTITIONS && !*type; i++)
    {
        *type = sector[PARTITION_TABLE + 16 * i + PARTITION_TYPE];
    }
    return OI_OK;
}

struct fs_boot *fs_boot_ref(struct fs_boot *boot)
{
    if (boot) __atomic_add_fetch(&boot->references, 1, __ATOMIC_RELAXED);
    return boot;
}

void fs_boot_unref(struct fs_boot *boot)
{
    if (!boot || __atomic_sub_fetch(&boot->references, 1, __ATOMIC_ACQ_REL)) return;
    for (unsigned i = 0; i < boot->count; i++) fs_entity_unref(boot->images[i]);
    free(boot);
}

static enum oi_status check_entry(const struct fs_boot_entry *entry, struct fs_detail *detail)
{
    uint64_t size = fs_boot_medium_size(entry->emulation);

    if (!entry->image || !entry->image->size || entry->emulation > FS_BOOT_HARD_DISK)
        return fs_fail(OI_INVALID_ARGUMENT, detail);
    if (size && entry->image->size != size)
        return fs_fail_numbers(OI_INVALID_ARGUMENT, detail, NULL, 0, size, entry->image->size);
    return OI_OK;
}

/* What a range of blocks and a failure call the image. */
static struct fs_entity *name_image(unsigned index, struct source *image)
{
    char16_t name[32];
    char text[32];
    size_t length = 0;
    struct fs_entity *entity;

    if (index) snprintf(text, sizeof(text), "<boot image %u>", index + 1);
    else snprintf(text, sizeof(text), "<boot image>");
    for (; text[length]; length++) name[length] = (char16_t)text[length];
    if ((entity = fs_entity_create(FS_FILE, name, length))) entity->data = source_ref(image);
    return entity;
}

static enum oi_status make(const struct fs_boot_entry *entries, size_t count, struct fs_boot **out)
{
    struct fs_boot *boot = calloc(1, sizeof(*boot));

    if (!boot) return OI_NO_MEMORY;
    boot->references = 1;
    boot->blocks = FS_BOOT_CATALOG_BLOCKS;
    for (; boot->count < count; boot->count++)
    {
        const struct fs_boot_entry *entry = &entries[boot->count];

        boot->entries[boot->count] = *entry;
        boot->entries[boot->count].image = NULL;
        if (!(boot->images[boot->count] = name_image(boot->count, entry->image)))
        {
            fs_boot_unref(boot);
            return OI_NO_MEMORY;
        }
        boot->blocks += fs_blocks_of(entry->image->size);
    }
    *out = boot;
    return OI_OK;
}

enum oi_status fs_tree_set_boot(struct fs_tree *tree, const struct fs_boot_entry *entries, size_t count,
                                struct fs_detail *detail)
{
    struct fs_boot *before = tree->boot, *boot = NULL;
    enum oi_status status;

    if (count > FS_BOOT_ENTRIES_MAX) return fs_fail(OI_INVALID_ARGUMENT, detail);
    for (size_t i = 0; i < count; i++) TRY(check_entry(&entries[i], detail));
    if (count && (status = make(entries, count, &boot))) return fs_fail(status, detail);
    tree->boot = boot;
    if (boot && (status = fs_check_limit(tree, NULL, detail)))
    {
        tree->boot = before;
        fs_boot_unref(boot);
        return status;
    }
    fs_boot_unref(before);
    return OI_OK;
}

size_t fs_tree_boot_count(const struct fs_tree *tree) { return tree->boot ? tree->boot->count : 0; }

/* --- the boot catalog: 2.0 ------------------------------------------------------------------------------ */

/* 2.1: the words of the entry add up to 0. */
static void put_validation(uint8_t *at, const struct fs_boot_entry *entry)
{
    uint16_t sum = 0;

    at[0x00] = 1;
    at[0x01] = entry->platform;
    memcpy(at + 0x04, entry->manufacturer, sizeof(entry->manufacturer));
    at[0x1E] = 0x55;
    at[0x1F] = 0xAA;
    for (unsigned i = 0; i < ENTRY; i += 2) sum = (uint16_t)(sum + get_le16(at + i));
    put_le16(at + 0x1C, (uint16_t)-sum);
}

/*
 * How many virtual sectors the firmware loads. Of a floppy or a hard disk the boot sector, which fetches the
 * rest by itself. Without emulation all of the image, as much as 16 bits can say. UEFI 13.3.2.1 takes the
 * number for the size of the partition that the image is, and 0 as "to the end of the disc": that is what
 * stands for an image of more than 65,535 sectors, which a smaller number would cut off.
 */
static uint16_t sector_count(const struct fs_boot_entry *entry, uint64_t size)
{
    uint64_t sectors = (size + VIRTUAL_SECTOR - 1) / VIRTUAL_SECTOR;

    if (entry->emulation != FS_BOOT_NO_EMULATION) return 1;
    if (sectors <= UINT16_MAX) return (uint16_t)sectors;
    return entry->platform == FS_BOOT_PLATFORM_EFI ? 0 : UINT16_MAX;
}

/* 2.2 and 2.4, which agree in everything that is set here. */
static void put_entry(const struct fs_layout *layout, unsigned index, uint8_t *at)
{
    const struct fs_boot_entry *entry = &layout->boot->entries[index];

    at[0x00] = 0x88;                                /* bootable */
    at[0x01] = entry->emulation;
    put_le16(at + 0x02, 0);                         /* load segment: the usual one, 0x7C0 */
    at[0x04] = entry->emulation == FS_BOOT_HARD_DISK ? entry->system_type : 0;
    put_le16(at + 0x06, sector_count(entry, fs_entity_size(layout->boot->images[index])));
    put_le32(at + 0x08, layout->nodes[layout->first_boot + index].where);
}

/* A section is a row of entries that share what its header says. */
static unsigned section_length(const struct fs_boot *boot, unsigned from)
{
    const struct fs_boot_entry *first = &boot->entries[from];
    unsigned length = 1;

    while (from + length < boot->count && boot->entries[from + length].platform == first->platform &&
           !memcmp(boot->entries[from + length].manufacturer, first->manufacturer,
                   sizeof(first->manufacturer)))
    {
        length++;
    }
    return length;
}

/* 2.3; the identifier has 28 bytes here, of which the maker's name takes the same 24 as above. */
static void put_section(const struct fs_boot *boot, unsigned from, unsigned length, uint8_t *at)
{
    at[0x00] = from + length < boot->count ? 0x90 : 0x91;
    at[0x01] = boot->entries[from].platform;
    put_le16(at + 0x02, (uint16_t)length);
    memcpy(at + 0x04, boot->entries[from].manufacturer, sizeof(boot->entries[from].manufacturer));
}

/* The most that can be, 32 entries that all differ in their platform, is exactly one block. */
static void write_catalog(const struct fs_layout *layout, uint8_t *bytes)
{
    const struct fs_boot *boot = layout->boot;
    uint8_t *at = bytes;
    unsigned index = 1;

    put_validation(at, &boot->entries[0]);
    put_entry(layout, 0, at += ENTRY);
    while (index < boot->count)
    {
        unsigned end = index + section_length(boot, index);

        put_section(boot, index, end - index, at += ENTRY);
        for (; index < end; index++) put_entry(layout, index, at += ENTRY);
    }
}

/* --- the writer ----------------------------------------------------------------------------------------- */

struct eltorito
{
    struct fs_writer base;
    uint32_t catalog;                   /* its block */
};

static enum oi_status claim(struct fs_writer *writer, const struct fs_layout *layout, uint64_t *next)
{
    (void)layout;
    ((struct eltorito *)writer)->catalog = (uint32_t)*next;
    *next += FS_BOOT_CATALOG_BLOCKS;
    return OI_OK;
}

/* The boot record: figure 7. */
static void descriptor(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t number,
                       uint8_t *bytes)
{
    (void)layout;
    (void)number;
    bytes[0] = 0;                       /* ECMA-119 8.2.1: a boot record */
    memcpy(bytes + 1, "CD001", 5);
    bytes[6] = 1;
    memcpy(bytes + 7, "EL TORITO SPECIFICATION", 23);           /* the rest of the 32 bytes is zero */
    put_le32(bytes + 0x47, ((const struct eltorito *)writer)->catalog);
}

static void find(const struct fs_writer *writer, const struct fs_layout *layout, uint32_t block,
                 struct fs_piece *out)
{
    (void)writer;
    (void)layout;
    *out = (struct fs_piece){ block, FS_BOOT_CATALOG_BLOCKS, 0, 0, 0 };
}

static void write_piece(const struct fs_writer *writer, const struct fs_layout *layout,
                        const struct fs_piece *piece, uint8_t *bytes)
{
    (void)writer;
    (void)piece;
    write_catalog(layout, bytes);
}

static void destroy(struct fs_writer *writer) { free(writer); }

static const struct fs_writer_ops eltorito_ops =
{
    .claim = claim, .descriptor = descriptor, .find = find, .write = write_piece, .destroy = destroy,
};

enum oi_status fs_eltorito_writer_create(struct fs_writer **out)
{
    struct eltorito *eltorito = calloc(1, sizeof(*eltorito));

    if (!eltorito) return OI_NO_MEMORY;
    eltorito->base.ops = &eltorito_ops;
    eltorito->base.descriptors = 1;
    eltorito->base.name = u"<boot catalog>";
    *out = &eltorito->base;
    return OI_OK;
}
