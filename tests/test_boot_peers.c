/*
 * Bootable images judged by programs that others wrote: xorriso and isoinfo report what boots, 7z takes the
 * boot images out, and a catalog that genisoimage makes of the same images is the same but for the places.
 */
#include "helpers/boot_kit.h"
#include "helpers/peer_stage.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define X86 FS_BOOT_PLATFORM_X86
#define EFI FS_BOOT_PLATFORM_EFI

static uint8_t program[8192];
static uint8_t disk[2949120];           /* of any medium */

static int make_all(void **state)
{
    static const uint8_t partition[] = { 0x80, 1, 1, 0, 0x0B, 15, 63, 2, 63, 0, 0, 0, 0x91, 0x0B, 0, 0 };
    struct fs_boot_entry entries[4];

    if (peer_stage_make(state)) return -1;
    boot_loaded(program, sizeof(program), sizeof(program) - 100, "text");
    boot_reads(disk, sizeof(disk), 1, 1, 1, 1024, "text");
    entries[0] = boot_entry(X86, FS_BOOT_NO_EMULATION, program, sizeof(program));
    entries[1] = boot_entry(EFI, FS_BOOT_NO_EMULATION, disk, 1474560);
    memcpy(entries[0].manufacturer, "Maker", 5);
    boot_make("both.iso", FS_ISO9660 | FS_JOLIET, 0x102, entries, 2);

    entries[0] = boot_entry(X86, FS_BOOT_FLOPPY_1_2, disk, 1228800);
    entries[1] = boot_entry(X86, FS_BOOT_FLOPPY_1_44, disk, 1474560);
    entries[2] = boot_entry(X86, FS_BOOT_FLOPPY_2_88, disk, 2949120);
    memcpy(disk + 446, partition, sizeof(partition));
    entries[3] = boot_entry(X86, FS_BOOT_HARD_DISK, disk, 2000000);
    memset(disk + 446, 0, sizeof(partition));
    boot_make("media.iso", FS_ISO9660, 0x102, entries, 4);

    entries[0] = boot_entry(X86, FS_BOOT_NO_EMULATION, program, sizeof(program));
    entries[1] = boot_entry(EFI, FS_BOOT_NO_EMULATION, disk, 1474560);
    boot_make("udf.iso", FS_UDF, 0x102, entries, 2);
    return 0;
}

/* The lines about boot images, without those of a bridge that differ in places. */
static void report_is(const char *image, const char *lines)
{
    peer_need("xorriso");
    peer_write_file("expected", lines);
    peer_must_run("xorriso -indev %s -report_el_torito plain 2>/dev/null | grep 'boot img' > reported && "
                  "diff expected reported", image);
}

static void xorriso_reports_bios_and_efi(void **state)
{
    (void)state;
    report_is("both.iso",
              "El Torito boot img :   1  BIOS  y   none  0x0000  0x00     16          27\n"
              "El Torito boot img :   2  UEFI  y   none  0x0000  0x00   2880          31\n");
    peer_must_run("xorriso -indev both.iso -report_el_torito plain 2>/dev/null | "
                  "grep '^El Torito catalog  : 23  1$'");
}

static void xorriso_reports_every_medium(void **state)
{
    (void)state;
    report_is("media.iso",
              "El Torito boot img :   1  BIOS  y  fd1.2  0x0000  0x00      1          23\n"
              "El Torito boot img :   2  BIOS  y  fd1.4  0x0000  0x00      1         623\n"
              "El Torito boot img :   3  BIOS  y  fd2.8  0x0000  0x00      1        1343\n"
              "El Torito boot img :   4  BIOS  y     hd  0x0000  0x0b      1        2783\n");
}

static void isoinfo_shows_the_default_entry(void **state)
{
    (void)state;
    peer_need("isoinfo");
    peer_must_run("isoinfo -d -i both.iso > info && grep 'El Torito VD version 1 found, boot catalog is in "
                  "sector 23' info && grep \"ID 'Maker'\" info && grep 'Arch 0 (x86)' info && "
                  "grep 'Bootid 88 (bootable)' info && grep 'Boot media 0 (No Emulation Boot)' info && "
                  "grep 'Nsect 10$' info && grep 'Bootoff 1B 27' info");
}

static void seven_zip_takes_the_boot_images_out(void **state)
{
    FILE *file;
    char path[300];

    (void)state;
    peer_need("7z");
    snprintf(path, sizeof(path), "%s/program", peer_folder);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(program, 1, sizeof(program), file), sizeof(program));
    fclose(file);
    snprintf(path, sizeof(path), "%s/floppy", peer_folder);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(disk, 1, 1474560, file), 1474560);
    fclose(file);
    peer_must_run("rm -rf out && 7z x -y -oout -tiso both.iso && cd 'out/[BOOT]' && "
                  "cmp ../../program 1-Boot-NoEmul.img && cmp ../../floppy 2-Boot-NoEmul.img");
    peer_must_run("rm -rf out && 7z x -y -oout -tiso udf.iso && [ $(find out -type f | wc -l) = 2 ] && "
                  "cmp program 'out/[BOOT]/1-Boot-NoEmul.img'");
}

/* The empty volume beside it does not hide UDF. */
static void seven_zip_reads_the_files_of_udf_alone(void **state)
{
    (void)state;
    peer_need("7z");
    peer_must_run("rm -rf out && 7z x -y -oout udf.iso && [ $(stat -c %%s 'out/Read me.txt') = 3000 ]");
}

/* The block that the boot record leads to. */
static void read_catalog(const char *name, uint8_t catalog[FS_BLOCK_SIZE])
{
    uint8_t record[FS_BLOCK_SIZE];
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(file = fopen(path, "rb"));
    assert_int_equal(fseek(file, 17 * FS_BLOCK_SIZE, SEEK_SET), 0);
    assert_int_equal(fread(record, 1, sizeof(record), file), sizeof(record));
    assert_int_equal(fseek(file, (long)get_le32(record + 0x47) * FS_BLOCK_SIZE, SEEK_SET), 0);
    assert_int_equal(fread(catalog, 1, FS_BLOCK_SIZE, file), FS_BLOCK_SIZE);
    fclose(file);
}

static void genisoimage_makes_the_same_catalog(void **state)
{
    static uint8_t ours[FS_BLOCK_SIZE], theirs[FS_BLOCK_SIZE];

    (void)state;
    peer_need("genisoimage");
    peer_must_run("mkdir -p folder && head -c 8192 /dev/zero > folder/bios && "
                  "head -c 1474560 /dev/zero > folder/efi && "
                  "genisoimage -quiet -o theirs.iso -b bios -no-emul-boot -boot-load-size 16 -c catalog "
                  "-eltorito-alt-boot -e efi -no-emul-boot folder");
    read_catalog("udf.iso", ours);
    read_catalog("theirs.iso", theirs);
    for (unsigned entry = 1; entry <= 3; entry += 2)
    {
        assert_true(get_le32(theirs + 32 * entry + 8) != 0);
        put_le32(theirs + 32 * entry + 8, get_le32(ours + 32 * entry + 8));
    }
    assert_memory_equal(ours, theirs, sizeof(ours));
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(xorriso_reports_bios_and_efi),
        cmocka_unit_test(xorriso_reports_every_medium),
        cmocka_unit_test(isoinfo_shows_the_default_entry),
        cmocka_unit_test(seven_zip_takes_the_boot_images_out),
        cmocka_unit_test(seven_zip_reads_the_files_of_udf_alone),
        cmocka_unit_test(genisoimage_makes_the_same_catalog),
    };

    return cmocka_run_group_tests_name("boot_peers", tests, make_all, peer_stage_remove);
}
