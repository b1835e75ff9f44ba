/* El Torito: the boot record, the boot catalog and the volume around them, byte by byte. */
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

/* UDF 1.02 has the blocks from 257 to 266; behind them 267 and 268 path tables, 269 root, 270 catalog, 271
   boot image. */
static void beside_udf_alone_stands_an_empty_volume(void **state)
{
    static const uint8_t root[] =
    {
        34, 0, 13, 1, 0, 0, 0, 0, 1, 13, 0x00, 0x08, 0, 0, 0, 0, 0x08, 0x00, 126, 11, 24, 0, 0, 0, 0, 2, 0, 0,
        1, 0, 0, 1, 1, 0,
    };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 2048);
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_layout *layout;
    uint8_t *image;
    uint64_t used;

    (void)state;
    for (int deep = 0; deep < 2; deep++)
    {
        kit_folder(tree, deep ? "folder/below" : "folder");
        kit_file(tree, deep ? "folder/below/file" : "folder/file", 100);
    }
    set_boot(tree, &one, 1);
    layout = kit_layout(tree, 0);
    image = kit_read(layout, 65536);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(fs_layout_blocks(layout), used);
    assert_memory_equal(image + 16 * 2048, "\1CD001\1", 7);
    assert_memory_equal(image + 16 * 2048 + 132, "\12\0\0\0\0\0\0\12\x0B\1\0\0", 12);
    assert_memory_equal(image + 16 * 2048 + 156, root, 18);
    assert_memory_equal(image + 17 * 2048, "\0CD001\1EL TORITO", 16);
    assert_memory_equal(image + 17 * 2048 + 0x47, "\x0E\1\0\0", 4);
    assert_memory_equal(image + 18 * 2048, "\xFF" "CD001\1", 7);
    assert_memory_equal(image + 19 * 2048, "\0BEA01\1", 7);
    assert_memory_equal(image + 20 * 2048, "\0NSR02\1", 7);
    assert_memory_equal(image + 269 * 2048, root, 18);
    assert_memory_equal(image + 269 * 2048 + 34, root, 18);
    for (int i = 68; i < 2048; i++) assert_int_equal(image[269 * 2048 + i], 0);
    assert_memory_equal(image + 270 * 2048 + 0x20, "\x88\0\0\0\0\0\4\0\x0F\1\0\0", 12);
    assert_int_equal(image[271 * 2048], kit_byte(SEED, 0));
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
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

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_boot_record_is_the_second_descriptor),
        cmocka_unit_test(it_stands_before_the_supplementary_descriptor_of_joliet),
        cmocka_unit_test(beside_udf_alone_stands_an_empty_volume),
        cmocka_unit_test(one_image_makes_a_validation_entry_and_a_default_entry),
        cmocka_unit_test(further_images_stand_in_sections_by_platform_and_manufacturer),
        cmocka_unit_test(a_second_image_of_the_first_platform_stands_in_a_section_too),
        cmocka_unit_test(thirty_two_platforms_fill_the_catalog_block_to_its_end),
        cmocka_unit_test(without_emulation_the_sector_count_is_the_size_in_512_bytes),
        cmocka_unit_test(with_emulation_the_sector_count_is_1),
        cmocka_unit_test(the_system_type_of_a_hard_disk_is_that_of_its_partition),
        cmocka_unit_test(no_partition_table_no_system_type),
    };

    return cmocka_run_group_tests_name("fs_eltorito", tests, NULL, NULL);
}
