/* El Torito: the boot record and the boot catalog byte by byte, boot images among the blocks of an image, the
   count of blocks, and what is refused. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SEED 77

static struct fs_boot_entry entry(uint8_t platform, uint8_t emulation, const char *manufacturer,
                                  uint64_t size)
{
    struct fs_boot_entry made = { .platform = platform, .emulation = emulation };

    memcpy(made.manufacturer, manufacturer, strlen(manufacturer));
    made.image = &kit_source_create(SEED, size)->base;
    return made;
}

/* Gives the entries, and this test's references to their images, to the tree. */
static void set_boot(struct fs_tree *tree, struct fs_boot_entry *entries, size_t count)
{
    assert_int_equal(fs_tree_set_boot(tree, entries, count, NULL), OI_OK);
    for (size_t i = 0; i < count; i++) source_unref(entries[i].image);
}

/* The image of an empty tree with these entries, which are given away. Blocks of ISO 9660 alone: 16 primary
   descriptor, 17 boot record, 18 terminator, 19 and 20 path tables, 21 root, 22 catalog, 23 first image. */
static uint8_t *read_bootable(unsigned file_systems, struct fs_boot_entry *entries, size_t count)
{
    struct fs_tree *tree = kit_tree_with(file_systems, 1, 0);
    struct fs_layout *layout;
    uint8_t *bytes;

    set_boot(tree, entries, count);
    layout = kit_layout(tree, 0);
    bytes = kit_read(layout, 65536);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
    return bytes;
}

#define CATALOG (22 * 2048)

static void the_boot_record_is_the_second_descriptor(void **state)
{
    static const uint8_t head[] =
    {
        0, 'C', 'D', '0', '0', '1', 1,
        'E', 'L', ' ', 'T', 'O', 'R', 'I', 'T', 'O', ' ', 'S', 'P', 'E', 'C', 'I', 'F', 'I', 'C', 'A', 'T',
        'I', 'O', 'N', 0, 0, 0, 0, 0, 0, 0, 0, 0,       /* 32 bytes */
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        22, 0, 0, 0,                                    /* the catalog's block, at 0x47 */
        0,
    };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 2048);
    uint8_t *image = read_bootable(FS_ISO9660, &one, 1), *record = image + 17 * 2048;

    (void)state;
    assert_memory_equal(image + 16 * 2048, "\1CD001\1", 7);
    assert_int_equal(sizeof(head), 0x4C);
    assert_memory_equal(record, head, sizeof(head));
    for (size_t i = sizeof(head); i < 2048; i++) assert_int_equal(record[i], 0);
    assert_memory_equal(image + 18 * 2048, "\xFF" "CD001\1", 7);
    free(image);
}

static void it_stands_before_the_supplementary_descriptor_of_joliet(void **state)
{
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 2048);
    uint8_t *image = read_bootable(FS_ISO9660 | FS_JOLIET, &one, 1);

    (void)state;
    assert_memory_equal(image + 16 * 2048, "\1CD001\1", 7);
    assert_memory_equal(image + 17 * 2048, "\0CD001\1EL TORITO", 16);
    assert_memory_equal(image + 17 * 2048 + 0x47, "\x17\0\0\0", 4);
    assert_memory_equal(image + 18 * 2048, "\2CD001\1", 7);
    assert_memory_equal(image + 19 * 2048, "\xFF" "CD001\1", 7);
    assert_memory_equal(image + 23 * 2048, "\1\0\0\0", 4);
    assert_int_equal(image[23 * 2048 + 0x28], 27);              /* behind the structures of both */
    free(image);
}

static void one_image_makes_a_validation_entry_and_a_default_entry(void **state)
{
    static const uint8_t catalog[] =
    {
        1, 0, 0, 0,                             /* header, 80x86 */
        'M', 'a', 'k', 'e', 'r', ' ', 'o', 'f', ' ', 'D', 'i', 's', 'c', 's', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x25, 0xDD, 0x55, 0xAA,                 /* checksum, key */
        0x88, 0, 0, 0, 0, 0, 8, 0,              /* bootable, no emulation, 0x7C0, 8 virtual sectors */
        23, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "Maker of Discs", 4096);
    uint8_t *image = read_bootable(FS_ISO9660, &one, 1);
    uint16_t sum = 0;

    (void)state;
    for (const uint8_t *at = image + CATALOG; at < image + CATALOG + 32; at += 2)
        sum = (uint16_t)(sum + at[0] + 256 * at[1]);
    assert_int_equal(sum, 0);
    assert_memory_equal(image + CATALOG, catalog, sizeof(catalog));
    for (size_t i = sizeof(catalog); i < 2048; i++) assert_int_equal(image[CATALOG + i], 0);
    for (size_t i = 0; i < 4096; i++) assert_int_equal(image[23 * 2048 + i], kit_byte(SEED, i));
    free(image);
}

static void further_images_stand_in_sections_by_platform_and_manufacturer(void **state)
{
    static const uint8_t rest[] =
    {
        /* 0x40: section header, more to come, EFI, two entries, maker "A" */
        0x90, 0xEF, 2, 0, 'A', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x88, 0, 0, 0, 0, 0, 6, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x88, 0, 0, 0, 0, 0, 1, 0, 26, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        /* the same platform, another maker, the last section */
        0x91, 0xEF, 1, 0, 'B', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0x88, 0, 0, 0, 0, 0, 4, 0, 27, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
    };
    struct fs_boot_entry entries[] =
    {
        entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "A", 2048),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "A", 3000),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "A", 1),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "B", 2048),
    };
    uint8_t *image = read_bootable(FS_ISO9660, entries, 4);

    (void)state;
    assert_memory_equal(image + CATALOG + 0x20, "\x88\0\0\0\0\0\4\0\x17\0\0\0", 12);
    assert_memory_equal(image + CATALOG + 0x40, rest, sizeof(rest));
    free(image);
}

static void a_second_image_of_the_first_platform_stands_in_a_section_too(void **state)
{
    struct fs_boot_entry entries[] =
    {
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 2048),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 2048),
    };
    uint8_t *image = read_bootable(FS_ISO9660, entries, 2);

    (void)state;
    assert_memory_equal(image + CATALOG, "\1\xEF\0\0", 4);
    assert_memory_equal(image + CATALOG + 0x40, "\x91\xEF\1\0", 4);
    assert_memory_equal(image + CATALOG + 0x60, "\x88\0\0\0\0\0\4\0\x18\0\0\0", 12);
    free(image);
}

static void thirty_two_platforms_fill_the_catalog_block_to_its_end(void **state)
{
    struct fs_boot_entry entries[FS_BOOT_ENTRIES_MAX];
    uint8_t *image;

    (void)state;
    for (unsigned i = 0; i < FS_BOOT_ENTRIES_MAX; i++)
        entries[i] = entry((uint8_t)i, FS_BOOT_NO_EMULATION, "", 1);
    image = read_bootable(FS_ISO9660, entries, FS_BOOT_ENTRIES_MAX);
    for (unsigned i = 1; i < FS_BOOT_ENTRIES_MAX; i++)
    {
        const uint8_t *at = image + CATALOG + 64 * i;

        assert_int_equal(at[0], i == 31 ? 0x91 : 0x90);
        assert_int_equal(at[1], i);
        assert_int_equal(at[2], 1);
        assert_int_equal(at[32], 0x88);
        assert_int_equal(at[40], 23 + i);
    }
    assert_int_equal(image[23 * 2048], kit_byte(SEED, 0));
    free(image);
}

/* Of the default entry of an image with one boot image. */
static unsigned sectors_of(uint8_t platform, uint8_t emulation, uint64_t size)
{
    struct fs_boot_entry one = entry(platform, emulation, "", size);
    uint8_t *image = read_bootable(FS_ISO9660, &one, 1);
    unsigned sectors = image[CATALOG + 0x26] + 256u * image[CATALOG + 0x27];

    assert_int_equal(image[CATALOG + 0x21], emulation);
    free(image);
    return sectors;
}

static void without_emulation_the_sector_count_is_the_size_in_512_bytes(void **state)
{
    (void)state;
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, 1), 1);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, 513), 2);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, 1474560), 2880);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, 65535 * 512), 65535);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, 65535 * 512 + 1), 65535);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, 65535 * 512 + 1), 0);
}

static void with_emulation_the_sector_count_is_1(void **state)
{
    (void)state;
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_FLOPPY_1_2, 1228800), 1);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_FLOPPY_1_44, 1474560), 1);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_FLOPPY_2_88, 2949120), 1);
    assert_int_equal(sectors_of(FS_BOOT_PLATFORM_X86, FS_BOOT_HARD_DISK, 5000), 1);
}

/* A hard disk of 1 MiB whose second partition is in use. */
static void the_system_type_of_a_hard_disk_is_that_of_its_partition(void **state)
{
    static uint8_t disk[1 << 20];
    struct fs_boot_entry one = { .emulation = FS_BOOT_HARD_DISK };
    uint8_t *image;

    (void)state;
    memset(disk, 0, sizeof(disk));
    disk[446 + 16 + 4] = 0x0E;
    disk[510] = 0x55;
    disk[511] = 0xAA;
    assert_int_equal(source_memory_create(disk, sizeof(disk), &one.image), OI_OK);
    assert_int_equal(fs_boot_system_type(one.image, &one.system_type), OI_OK);
    assert_int_equal(one.system_type, 0x0E);
    image = read_bootable(FS_ISO9660, &one, 1);
    assert_memory_equal(image + CATALOG + 0x20, "\x88\4\0\0\x0E\0\1\0\x17\0\0\0", 12);
    free(image);
}

static void no_partition_table_no_system_type(void **state)
{
    struct kit_source *small = kit_source_create(SEED, 511), *other = kit_source_create(SEED, 5000);
    uint8_t type = 1;

    (void)state;
    assert_int_equal(fs_boot_system_type(&small->base, &type), OI_OK);
    assert_int_equal(type, 0);
    type = 1;
    assert_int_equal(fs_boot_system_type(&other->base, &type), OI_OK);
    assert_int_equal(type, 0);
    other->fail_at = 3;
    other->failure = OI_SOURCE_READ;
    assert_int_equal(fs_boot_system_type(&other->base, &type), OI_SOURCE_READ);
    other->fail_at = UINT64_MAX;
    other->true_size = 100;
    assert_int_equal(fs_boot_system_type(&other->base, &type), OI_SOURCE_SIZE);
    source_unref(&small->base);
    source_unref(&other->base);
}

static void refused(struct fs_tree *tree, struct fs_boot_entry one, enum oi_status status)
{
    assert_int_equal(fs_tree_set_boot(tree, &one, 1, NULL), status);
    assert_int_equal(fs_tree_boot_count(tree), 1);
    source_unref(one.image);
}

static void what_cannot_boot_is_refused_and_changes_nothing(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_boot_entry good = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000), many[33];
    struct fs_boot_entry none = { .image = NULL };
    struct fs_detail detail = { 0 };
    uint64_t before, after;

    (void)state;
    set_boot(tree, &good, 1);
    assert_int_equal(fs_tree_used_blocks(tree, &before), OI_OK);
    refused(tree, none, OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_NO_EMULATION, "", 0), OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_HARD_DISK + 1, "", 512), OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_FLOPPY_1_44, "", 1474561), OI_INVALID_ARGUMENT);
    many[0] = entry(0, FS_BOOT_FLOPPY_1_2, "", 1228799);
    assert_int_equal(fs_tree_set_boot(tree, many, 1, &detail), OI_INVALID_ARGUMENT);
    assert_int_equal(detail.expected, 1228800);
    assert_int_equal(detail.found, 1228799);
    for (int i = 1; i < 33; i++) many[i] = many[0];
    assert_int_equal(fs_tree_set_boot(tree, many, 33, NULL), OI_INVALID_ARGUMENT);
    source_unref(many[0].image);
    assert_int_equal(fs_tree_used_blocks(tree, &after), OI_OK);
    assert_int_equal(after, before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void used_blocks_count_record_catalog_and_images(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_layout *layout;
    uint64_t plain, used;

    (void)state;
    kit_file(tree, "file", 3000);
    assert_int_equal(fs_tree_used_blocks(tree, &plain), OI_OK);
    set_boot(tree, &one, 1);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(used, plain + 1 + 1 + 3);
    layout = kit_layout(tree, 0);
    assert_int_equal(fs_layout_blocks(layout), used);
    fs_layout_unref(layout);
    assert_int_equal(fs_change_point(tree), 1);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_int_equal(fs_tree_boot_count(tree), 1);              /* not journalled */
    assert_int_equal(fs_tree_set_boot(tree, NULL, 0, NULL), OI_OK);
    assert_int_equal(fs_tree_boot_count(tree), 0);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(used, plain - 2);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void the_block_limit_holds_for_boot_images(void **state)
{
    struct fs_options options;
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_tree *tree;
    struct fs_detail detail = { 0 };

    (void)state;
    fs_options_init(&options);
    options.block_limit = 25 + 4;               /* the empty image has 25 */
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    assert_int_equal(fs_tree_set_boot(tree, &one, 1, &detail), OI_TOO_LARGE);
    assert_int_equal(detail.expected, 29);
    assert_int_equal(detail.found, 30);
    assert_int_equal(fs_tree_boot_count(tree), 0);
    options.block_limit = 30;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    set_boot(tree, &one, 1);
    options.block_limit = 29;
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_TOO_LARGE);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

static void only_an_image_from_block_0_may_be_bootable(void **state)
{
    struct fs_layout_params params = { u"Test", KIT_TIME, 1 };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_tree *tree = kit_tree();
    struct fs_layout *layout;

    (void)state;
    set_boot(tree, &one, 1);
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_INVALID_ARGUMENT);
    assert_null(layout);
    fs_tree_destroy(tree);
}

static void description_is(const struct fs_layout *layout, size_t index, const char *expected, uint32_t first,
                           uint32_t last, int is_file)
{
    struct fs_range range;
    char16_t *description;
    char *text;
    size_t found;

    assert_int_equal(fs_layout_range(layout, index, &range), OI_OK);
    assert_int_equal(range.first, first);
    assert_int_equal(range.last, last);
    assert_int_equal(range.is_file, is_file);
    assert_int_equal(fs_layout_range_description(layout, index, &description), OI_OK);
    text = text_to_utf8(description);
    assert_string_equal(text, expected);
    assert_int_equal(fs_layout_range_from_description(layout, description, &found), OI_OK);
    assert_int_equal(found, index);
    for (uint32_t block = first; block <= last; block++)
    {
        assert_int_equal(fs_layout_range_from_block(layout, block, &found), OI_OK);
        assert_int_equal(found, index);
    }
    free(description);
    free(text);
}

static void catalog_and_images_have_ranges_of_their_own(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_ISO9660, 1, 0);
    struct fs_boot_entry entries[] =
    {
        entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 1),
    };
    struct fs_layout *layout;
    size_t none;

    (void)state;
    kit_file(tree, "file", 3000);
    set_boot(tree, entries, 2);
    layout = kit_layout(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(fs_layout_range_count(layout), 7);
    description_is(layout, 0, "<system area>", 0, 15, 0);
    description_is(layout, 1, "<volume descriptors>", 16, 18, 0);
    description_is(layout, 2, "<ISO9660>", 19, 21, 0);
    description_is(layout, 3, "<boot catalog>", 22, 22, 0);
    description_is(layout, 4, "<boot image>", 23, 25, 0);
    description_is(layout, 5, "<boot image 2>", 26, 26, 0);
    description_is(layout, 6, "\\file", 27, 28, 1);
    assert_int_equal(fs_layout_range_from_description(layout, u"<boot image 3>", &none), OI_NOT_FOUND);
    fs_layout_unref(layout);
    assert_int_equal(kit_sources_alive, 0);
}

static void boot_images_are_read_when_their_blocks_are_and_checked_like_files(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_ISO9660, 1, 0);
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct kit_source *boot = (struct kit_source *)one.image;
    struct fs_detail detail = { 0 };
    struct fs_layout *layout;
    struct source *image;
    uint8_t bytes[8 * 2048];
    size_t got;

    (void)state;
    set_boot(tree, &one, 1);
    layout = kit_layout(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    fs_layout_unref(layout);
    assert_int_equal(source_read(image, 16 * 2048, bytes, 7 * 2048), OI_OK);
    assert_int_equal(boot->reads, 0);
    assert_int_equal(source_read(image, 23 * 2048, bytes, 3 * 2048), OI_OK);
    for (size_t i = 0; i < 3 * 2048; i++) assert_int_equal(bytes[i], i < 5000 ? kit_byte(SEED, i) : 0);

    boot->true_size = 4999;
    assert_int_equal(source_read_some(image, 22 * 2048, bytes, 4 * 2048, &got), OI_SOURCE_SIZE);
    assert_int_equal(got, 2048 + 4999);
    assert_int_equal(fs_image_failure(image, &detail), OI_OK);
    assert_memory_equal(detail.item, u"<boot image>", sizeof(u"<boot image>"));
    assert_int_equal(detail.expected, 5000);
    assert_int_equal(detail.found, 4999);
    assert_ptr_equal(fs_image_failed_source(image), &boot->base);
    fs_detail_clear(&detail);
    source_unref(image);
    assert_int_equal(kit_sources_alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_boot_record_is_the_second_descriptor),
        cmocka_unit_test(it_stands_before_the_supplementary_descriptor_of_joliet),
        cmocka_unit_test(one_image_makes_a_validation_entry_and_a_default_entry),
        cmocka_unit_test(further_images_stand_in_sections_by_platform_and_manufacturer),
        cmocka_unit_test(a_second_image_of_the_first_platform_stands_in_a_section_too),
        cmocka_unit_test(thirty_two_platforms_fill_the_catalog_block_to_its_end),
        cmocka_unit_test(without_emulation_the_sector_count_is_the_size_in_512_bytes),
        cmocka_unit_test(with_emulation_the_sector_count_is_1),
        cmocka_unit_test(the_system_type_of_a_hard_disk_is_that_of_its_partition),
        cmocka_unit_test(no_partition_table_no_system_type),
        cmocka_unit_test(what_cannot_boot_is_refused_and_changes_nothing),
        cmocka_unit_test(used_blocks_count_record_catalog_and_images),
        cmocka_unit_test(the_block_limit_holds_for_boot_images),
        cmocka_unit_test(only_an_image_from_block_0_may_be_bootable),
        cmocka_unit_test(catalog_and_images_have_ranges_of_their_own),
        cmocka_unit_test(boot_images_are_read_when_their_blocks_are_and_checked_like_files),
    };

    return cmocka_run_group_tests_name("fs_eltorito", tests, NULL, NULL);
}
