/*
 * Discs that boot: a BIOS (SeaBIOS) and a UEFI firmware (OVMF) in qemu load our boot images from our images,
 * with every kind of emulation and every set of file systems. The programs print what they were loaded with.
 */
#include "helpers/boot_kit.h"
#include "helpers/peer_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define X86 FS_BOOT_PLATFORM_X86
#define EFI FS_BOOT_PLATFORM_EFI
#define EFI_TEXT "openimapi booted by EFI"

/* Four blocks, of which the last sector holds the text: all of them are loaded. */
static struct fs_boot_entry no_emulation(const char *text)
{
    static uint8_t image[8192];

    boot_loaded(image, sizeof(image), sizeof(image) - 100, text);
    return boot_entry(X86, FS_BOOT_NO_EMULATION, image, sizeof(image));
}

static void no_emulation_loads_all_of_the_image(void **state)
{
    struct fs_boot_entry entry = no_emulation("openimapi booted from ISO 9660");

    (void)state;
    boot_make("iso9660.iso", FS_ISO9660, 0x102, &entry, 1);
    boot_by_bios("iso9660.iso", "^openimapi booted from ISO 9660$");
}

static void joliet_beside_does_not_hide_the_boot_record(void **state)
{
    struct fs_boot_entry entry = no_emulation("openimapi booted from Joliet");

    (void)state;
    boot_make("joliet.iso", FS_ISO9660 | FS_JOLIET, 0x102, &entry, 1);
    boot_by_bios("joliet.iso", "^openimapi booted from Joliet$");
}

/* The boot record stands behind the primary descriptor of an empty volume. */
static void beside_udf_alone_stands_what_firmware_looks_for(void **state)
{
    struct fs_boot_entry old = no_emulation("openimapi booted from UDF 1.02");
    struct fs_boot_entry new = no_emulation("openimapi booted from UDF 2.50");

    (void)state;
    boot_make("udf102.iso", FS_UDF, 0x102, &old, 1);
    boot_by_bios("udf102.iso", "^openimapi booted from UDF 1.02$");
    boot_make("udf250.iso", FS_UDF, 0x250, &new, 1);
    boot_by_bios("udf250.iso", "^openimapi booted from UDF 2.50$");
}

/* The last sector of a floppy of so many cylinders, two heads. */
static void floppy(uint8_t emulation, unsigned sectors, const char *text)
{
    static uint8_t image[2949120];
    size_t size = (size_t)fs_boot_medium_size(emulation);
    struct fs_boot_entry entry;

    assert_int_equal(size, 80 * 2 * sectors * 512);
    boot_reads(image, size, 79, 1, sectors, size - 512, text);
    entry = boot_entry(X86, emulation, image, size);
    boot_make("floppy.iso", FS_ISO9660 | FS_JOLIET, 0x102, &entry, 1);
    boot_by_bios("floppy.iso", text);
}

static void a_floppy_of_1_2_mb_is_read_to_its_last_sector(void **state)
{
    (void)state;
    floppy(FS_BOOT_FLOPPY_1_2, 15, "openimapi booted from 1.2 MB");
}

static void a_floppy_of_1_44_mb_is_read_to_its_last_sector(void **state)
{
    (void)state;
    floppy(FS_BOOT_FLOPPY_1_44, 18, "openimapi booted from 1.44 MB");
}

static void a_floppy_of_2_88_mb_is_read_to_its_last_sector(void **state)
{
    (void)state;
    floppy(FS_BOOT_FLOPPY_2_88, 36, "openimapi booted from 2.88 MB");
}

/* One partition of 10 cylinders, 16 heads, 63 sectors; its last sector holds the text. */
static void a_hard_disk_is_read_to_the_end_of_its_partition(void **state)
{
    static const uint8_t partition[] = { 0x80, 1, 1, 0, 0x06, 15, 63, 9, 63, 0, 0, 0, 0x21, 0x27, 0, 0 };
    static uint8_t image[10 * 16 * 63 * 512];
    struct fs_boot_entry entry;

    (void)state;
    boot_reads(image, sizeof(image), 9, 15, 63, sizeof(image) - 512, "openimapi booted from a hard disk");
    memcpy(image + 446, partition, sizeof(partition));
    entry = boot_entry(X86, FS_BOOT_HARD_DISK, image, sizeof(image));
    assert_int_equal(entry.system_type, 6);
    boot_make("disk.iso", FS_ISO9660, 0x102, &entry, 1);
    boot_by_bios("disk.iso", "openimapi booted from a hard disk");
}

static void one_disc_boots_by_bios_and_by_efi(unsigned file_systems)
{
    struct fs_boot_entry entries[2];

    peer_need("mcopy");
    peer_need("mkfs.vfat");
    peer_need("x86_64-w64-mingw32-gcc");
    boot_make_fat("floppy.fat", 1440);
    entries[0] = no_emulation("openimapi booted by BIOS");
    entries[1] = boot_entry_file(EFI, FS_BOOT_NO_EMULATION, "floppy.fat");
    boot_make("both.iso", file_systems, 0x102, entries, 2);
    boot_by_bios("both.iso", "^openimapi booted by BIOS$");
    boot_by_efi("both.iso", EFI_TEXT);
}

static void one_disc_of_all_file_systems_boots_by_bios_and_by_efi(void **state)
{
    (void)state;
    one_disc_boots_by_bios_and_by_efi(FS_ISO9660 | FS_JOLIET | FS_UDF);
}

/* As discs that set up Windows are. */
static void one_disc_of_udf_alone_boots_by_bios_and_by_efi(void **state)
{
    (void)state;
    one_disc_boots_by_bios_and_by_efi(FS_UDF);
}

/* Its size in sectors needs more than 16 bits: 0 stands there. */
static void efi_boots_an_image_of_more_than_32_mib(void **state)
{
    struct fs_boot_entry entry;

    (void)state;
    peer_need("mcopy");
    peer_need("mkfs.vfat");
    peer_need("x86_64-w64-mingw32-gcc");
    boot_make_fat("large.fat", 34 * 1024);
    entry = boot_entry_file(EFI, FS_BOOT_NO_EMULATION, "large.fat");
    boot_make("large.iso", FS_ISO9660, 0x102, &entry, 1);
    boot_by_efi("large.iso", EFI_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(no_emulation_loads_all_of_the_image),
        cmocka_unit_test(joliet_beside_does_not_hide_the_boot_record),
        cmocka_unit_test(beside_udf_alone_stands_what_firmware_looks_for),
        cmocka_unit_test(a_floppy_of_1_2_mb_is_read_to_its_last_sector),
        cmocka_unit_test(a_floppy_of_1_44_mb_is_read_to_its_last_sector),
        cmocka_unit_test(a_floppy_of_2_88_mb_is_read_to_its_last_sector),
        cmocka_unit_test(a_hard_disk_is_read_to_the_end_of_its_partition),
        cmocka_unit_test(one_disc_of_all_file_systems_boots_by_bios_and_by_efi),
        cmocka_unit_test(one_disc_of_udf_alone_boots_by_bios_and_by_efi),
        cmocka_unit_test(efi_boots_an_image_of_more_than_32_mib),
    };

    return cmocka_run_group_tests_name("boot_qemu", tests, peer_stage_make, peer_stage_remove);
}
