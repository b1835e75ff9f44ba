/*
 * Bootable images that genisoimage, xorriso and our writer made: what the reader finds in them is what
 * xorriso reports, and what was asked for; and where the images lie are their bytes. A program that is not
 * there skips its tests.
 */
#include "helpers/boot_kit.h"
#include "helpers/disc_kit.h"
#include "helpers/peer_stage.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HD_BYTES 600064

static struct fs_boot_found found[40];
static struct fs_boot_catalog catalog;
static uint8_t file_bytes[1474560];

/* Boot images of every kind: bios (no multiple of a block), efi, floppy, hd with a partition of type 6. */
static int make_files(void **state)
{
    if (peer_stage_make(state)) return -1;
    return peer_run("mkdir tree && cd tree && echo text > file && head -c 3000 /dev/urandom > bios && "
                    "head -c 5000 /dev/urandom > efi && head -c 1474560 /dev/urandom > floppy && "
                    "head -c %d /dev/urandom > hd && head -c 66 /dev/zero > table && "
                    "printf '\\200\\1\\1\\0\\6\\17\\77\\2\\77\\0\\0\\0\\221\\13\\0\\0' | "
                    "dd of=table conv=notrunc status=none && "
                    "printf '\\125\\252' | dd of=table bs=1 seek=64 conv=notrunc status=none && "
                    "dd if=table of=hd bs=1 seek=446 conv=notrunc status=none && rm table", HD_BYTES);
}

static void read_image(const char *name)
{
    char path[300];
    struct kit_disc *disc;
    struct fs_disc session;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    disc = kit_disc_load(path);
    session = kit_session(disc, 0);
    assert_int_equal(fs_boot_read(&session, found, sizeof(found) / sizeof(*found), &catalog, NULL), OI_OK);
    source_unref(&disc->base);
}

static const char *platform_name(uint8_t platform)
{
    switch (platform)
    {
    case FS_BOOT_PLATFORM_X86: return "BIOS";
    case FS_BOOT_PLATFORM_POWERPC: return "PPC";
    case FS_BOOT_PLATFORM_MAC: return "Mac";
    case FS_BOOT_PLATFORM_EFI: return "UEFI";
    default: return "?";
    }
}

/* In the words of xorriso, which judges; then reads the image. */
static void assert_reported(const char *name, size_t count)
{
    static const char *const media[] = { "none", "fd1.2", "fd1.4", "fd2.8", "hd" };
    char text[4000];
    int length;

    peer_need("xorriso");
    read_image(name);
    assert_int_equal(catalog.count, count);
    length = sprintf(text, "catalog %" PRIu32 "\n", catalog.block);
    for (size_t i = 0; i < count; i++)
    {
        length += sprintf(text + length, "%zu %s %c %s 0x%04x 0x%02x %u %" PRIu32 "\n", i + 1,
                          platform_name(found[i].platform), found[i].bootable ? 'y' : 'n',
                          media[found[i].emulation], found[i].load_segment, found[i].system_type,
                          found[i].sector_count, found[i].block);
    }
    peer_write_file("found", text);
    peer_must_run("xorriso -indev %s -report_el_torito plain 2>/dev/null | awk '"
                  "/^El Torito catalog/ { print \"catalog\", $5 } "
                  "/^El Torito boot img/ { print $6, $7, $8, $9, $10, $11, $12, $13 }' > reported && "
                  "diff reported found", name);
}

/* An image lies where it is said to: as many bytes of the file as both have. */
static void assert_bytes(const char *image, size_t index, const char *file, uint64_t size)
{
    char path[300];
    struct kit_disc *disc;
    size_t length;
    FILE *stream;

    assert_int_equal(found[index].size, size);
    snprintf(path, sizeof(path), "%s/tree/%s", peer_folder, file);
    assert_non_null(stream = fopen(path, "rb"));
    length = fread(file_bytes, 1, size < sizeof(file_bytes) ? size : sizeof(file_bytes), stream);
    fclose(stream);
    assert_true(length > 0);
    snprintf(path, sizeof(path), "%s/%s", peer_folder, image);
    disc = kit_disc_load(path);
    assert_memory_equal(kit_block(disc, found[index].block), file_bytes, length);
    source_unref(&disc->base);
}

/* --- genisoimage ---------------------------------------------------------------------------------------- */

static void genisoimage_without_emulation(void **state)
{
    (void)state;
    peer_need("genisoimage");
    peer_must_run("genisoimage -quiet -o image.iso -b bios -c catalog -no-emul-boot tree");
    assert_reported("image.iso", 1);
    assert_bytes("image.iso", 0, "bios", 4096);
    peer_must_run("genisoimage -quiet -J -o image.iso -b bios -c catalog -no-emul-boot -boot-load-size 3 "
                  "-boot-load-seg 4660 tree");
    assert_reported("image.iso", 1);
    assert_int_equal(found[0].load_segment, 0x1234);
    assert_bytes("image.iso", 0, "bios", 1536);
    peer_must_run("genisoimage -quiet -o image.iso -b bios -c catalog -no-emul-boot -no-boot tree");
    assert_reported("image.iso", 1);
    assert_int_equal(found[0].bootable, 0);
}

static void genisoimage_with_emulation(void **state)
{
    (void)state;
    peer_need("genisoimage");
    peer_must_run("genisoimage -quiet -o image.iso -b floppy -c catalog tree");
    assert_reported("image.iso", 1);
    assert_int_equal(found[0].emulation, FS_BOOT_FLOPPY_1_44);
    assert_bytes("image.iso", 0, "floppy", 1474560);
    peer_must_run("genisoimage -quiet -o image.iso -b hd -hard-disk-boot -c catalog tree");
    assert_reported("image.iso", 1);
    assert_int_equal(found[0].emulation, FS_BOOT_HARD_DISK);
    assert_int_equal(found[0].system_type, 6);
    assert_bytes("image.iso", 0, "hd", 512);
}

static void genisoimage_with_several_images(void **state)
{
    static const uint8_t platforms[] = { 0, 0xEF, 0, 0 };

    (void)state;
    peer_need("genisoimage");
    peer_must_run("genisoimage -quiet -udf -o image.iso -b bios -c catalog -no-emul-boot -boot-load-size 4 "
                  "-eltorito-alt-boot -e efi -no-emul-boot -eltorito-alt-boot -b floppy "
                  "-eltorito-alt-boot -b hd -hard-disk-boot tree");
    assert_reported("image.iso", 4);
    for (unsigned i = 0; i < 4; i++)
    {
        assert_int_equal(found[i].section, i);
        assert_int_equal(found[i].platform, platforms[i]);
    }
    assert_bytes("image.iso", 0, "bios", 2048);
    assert_bytes("image.iso", 1, "efi", 6144);
    assert_bytes("image.iso", 2, "floppy", 1474560);
    assert_bytes("image.iso", 3, "hd", 512);
}

/* --- xorriso -------------------------------------------------------------------------------------------- */

static void xorriso_with_two_images(void **state)
{
    (void)state;
    peer_need("xorriso");
    peer_must_run("xorriso -as mkisofs -quiet -o image.iso -b bios -c catalog -no-emul-boot "
                  "-boot-load-size 4 -eltorito-alt-boot -e efi -no-emul-boot tree");
    assert_reported("image.iso", 2);
    assert_int_equal(found[1].section, 1);
    assert_bytes("image.iso", 0, "bios", 2048);
    assert_bytes("image.iso", 1, "efi", 6144);
}

static void xorriso_with_the_system_partition_as_image(void **state)
{
    (void)state;
    peer_need("xorriso");
    peer_must_run("xorriso -as mkisofs -quiet -o image.iso -e efi -c catalog -no-emul-boot tree");
    assert_reported("image.iso", 1);
    assert_int_equal(found[0].platform, FS_BOOT_PLATFORM_EFI);
    assert_bytes("image.iso", 0, "efi", 6144);
    peer_must_run("xorriso -as mkisofs -quiet -o image.iso -b bios -c catalog -no-emul-boot "
                  "-append_partition 2 0xef tree/floppy "
                  "-eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot tree");
    assert_reported("image.iso", 2);
    assert_bytes("image.iso", 1, "floppy", 1474560);
}

/* The boot record of the last session counts, on media that can be overwritten at block 16 as well. */
static void xorriso_with_two_sessions(void **state)
{
    char path[300];
    struct kit_disc *disc;
    struct fs_disc session;
    uint32_t newer;

    (void)state;
    peer_need("xorriso");
    peer_must_run("rm -f image.iso && xorriso -outdev image.iso -map tree / "
                  "-boot_image any bin_path=/bios -boot_image any load_size=2048");
    assert_reported("image.iso", 1);
    newer = catalog.block;
    peer_must_run("xorriso -dev image.iso -boot_image any discard -boot_image any bin_path=/efi "
                  "-boot_image any next -boot_image any bin_path=/bios");
    assert_reported("image.iso", 2);
    assert_true(catalog.block > newer);
    snprintf(path, sizeof(path), "%s/image.iso", peer_folder);
    disc = kit_disc_load(path);
    session = kit_session(disc, 32);
    assert_int_equal(fs_boot_read(&session, found, 1, &catalog, NULL), OI_OK);
    assert_int_equal(catalog.count, 1);
    assert_int_equal(catalog.block, newer);
    source_unref(&disc->base);
}

static void xorriso_with_most_images(void **state)
{
    (void)state;
    peer_need("xorriso");
    peer_must_run("mkdir -p many && "
                  "for i in $(seq 32); do head -c $((i * 100 + 2000)) /dev/zero > many/$i; done; "
                  "xorriso -as mkisofs -quiet -o image.iso -b 1 -c catalog -no-emul-boot "
                  "$(for i in $(seq 2 32); do echo \"-eltorito-alt-boot -b $i -no-emul-boot\"; done) many");
    assert_reported("image.iso", 32);
}

/* --- ours ----------------------------------------------------------------------------------------------- */

static void ours_with_every_medium(void **state)
{
    static uint8_t bytes[2949120];
    struct fs_boot_entry entries[5];

    (void)state;
    boot_loaded(bytes, 8192, 8000, "text");
    entries[0] = boot_entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, bytes, 8192);
    entries[1] = boot_entry(FS_BOOT_PLATFORM_X86, FS_BOOT_FLOPPY_1_2, bytes, 1228800);
    entries[2] = boot_entry(FS_BOOT_PLATFORM_X86, FS_BOOT_FLOPPY_2_88, bytes, 2949120);
    entries[3] = boot_entry(FS_BOOT_PLATFORM_MAC, FS_BOOT_HARD_DISK, bytes, 1000000);
    entries[4] = boot_entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, bytes, 1474560);
    boot_make("ours.iso", FS_ISO9660 | FS_JOLIET, 0x102, entries, 5);
    assert_reported("ours.iso", 5);
    assert_int_equal(found[0].size, 8192);
    assert_int_equal(found[1].size, 1228800);
    assert_int_equal(found[2].size, 2949120);
    assert_int_equal(found[4].size, 1474560);
    assert_int_equal(found[2].section, 1);
    assert_int_equal(found[4].section, 3);
}

static void ours_in_udf_alone(void **state)
{
    static uint8_t bytes[4096];
    struct fs_boot_entry entries[2];

    (void)state;
    boot_loaded(bytes, sizeof(bytes), 4000, "text");
    entries[0] = boot_entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, bytes, sizeof(bytes));
    entries[1] = boot_entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, bytes, sizeof(bytes));
    boot_make("ours.iso", FS_UDF, 0x250, entries, 2);
    read_image("ours.iso");
    assert_int_equal(catalog.count, 2);
    assert_int_equal(found[1].platform, FS_BOOT_PLATFORM_EFI);
    assert_int_equal(found[1].size, 4096);
}

static void lsimage_lists_boot_images(void **state)
{
    char lsimage[400];

    (void)state;
    peer_need("genisoimage");
    peer_build_path("san/tests/tools/lsimage", lsimage, sizeof(lsimage));
    peer_must_run("genisoimage -quiet -o image.iso -b bios -c catalog -no-emul-boot tree && "
                  "'%s' image.iso boot > list && "
                  "grep '^0 0x00 y 0 0x0000 0x00 8 [0-9]* 4096$' list && [ $(wc -l < list) = 2 ] && "
                  "genisoimage -quiet -o image.iso tree && ! '%s' image.iso boot > list 2> said && "
                  "grep OI_NOT_FOUND said", lsimage, lsimage);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(genisoimage_without_emulation),
        cmocka_unit_test(genisoimage_with_emulation),
        cmocka_unit_test(genisoimage_with_several_images),
        cmocka_unit_test(xorriso_with_two_images),
        cmocka_unit_test(xorriso_with_the_system_partition_as_image),
        cmocka_unit_test(xorriso_with_two_sessions),
        cmocka_unit_test(xorriso_with_most_images),
        cmocka_unit_test(ours_with_every_medium),
        cmocka_unit_test(ours_in_udf_alone),
        cmocka_unit_test(lsimage_lists_boot_images),
    };

    return cmocka_run_group_tests(tests, make_files, peer_stage_remove);
}
