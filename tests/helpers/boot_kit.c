/* Programs of a few bytes, the discs around them, and the machine to boot them. */
#define _XOPEN_SOURCE 700

#include "helpers/boot_kit.h"

#include "helpers/fs_kit.h"
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

/* --- programs ------------------------------------------------------------------------------------------- */

/* From here on: writes the text at DS:SI to the first serial port and ends the machine. */
static const uint8_t print[] =
{
    0xBA, 0xF8, 0x03,                   /*       mov dx, 0x3F8 */
    0xAC,                               /* next: lodsb */
    0x84, 0xC0,                         /*       test al, al */
    0x74, 0x03,                         /*       jz end */
    0xEE,                               /*       out dx, al */
    0xEB, 0xF8,                         /*       jmp next */
    0xE6, 0xF4,                         /* end:  out 0xF4, al       the device isa-debug-exit */
    0xF4,                               /* halt: hlt */
    0xEB, 0xFD,                         /*       jmp halt */
};

static void finish(uint8_t *image, size_t size, size_t text_at, const char *text)
{
    memcpy(image + text_at, text, strlen(text) + 1);
    if (size >= 512) put_le16(image + 510, 0xAA55);
}

void boot_loaded(uint8_t *image, size_t size, size_t text_at, const char *text)
{
    static const uint8_t start[] =
    {
        0xFA,                           /* cli */
        0xFC,                           /* cld */
        0xE8, 0x00, 0x00,               /* call here */
        0x5E,                           /* here: pop si             5 */
        0x0E,                           /* push cs */
        0x1F,                           /* pop ds */
        0x81, 0xC6, 0x00, 0x00,         /* add si, text_at - 5 */
    };

    memset(image, 0, size);
    memcpy(image, start, sizeof(start));
    put_le16(image + 10, (uint16_t)(text_at - 5));
    memcpy(image + sizeof(start), print, sizeof(print));
    finish(image, size, text_at, text);
}

void boot_reads(uint8_t *image, size_t size, unsigned cylinder, unsigned head, unsigned sector,
                size_t text_at, const char *text)
{
    static const uint8_t start[] =
    {
        0x31, 0xC0,                     /* xor ax, ax */
        0x8E, 0xD8,                     /* mov ds, ax */
        0x8E, 0xC0,                     /* mov es, ax */
        0x8E, 0xD0,                     /* mov ss, ax */
        0xBC, 0x00, 0x7C,               /* mov sp, 0x7C00 */
        0xFB,                           /* sti */
        0xFC,                           /* cld */
        0xBB, 0x00, 0x7E,               /* mov bx, 0x7E00 */
        0xB8, 0x01, 0x02,               /* mov ax, 0x0201           read one sector */
        0xB9, 0x00, 0x00,               /* mov cx, cylinder and sector      20 */
        0xB6, 0x00,                     /* mov dh, head                     23; dl: the drive */
        0xCD, 0x13,                     /* int 0x13 */
        0xBE, 0x00, 0x7E,               /* mov si, 0x7E00 */
    };

    memset(image, 0, size);
    memcpy(image, start, sizeof(start));
    put_le16(image + 20, (uint16_t)(cylinder << 8 | sector));
    image[23] = (uint8_t)head;
    memcpy(image + sizeof(start), print, sizeof(print));
    finish(image, size, text_at, text);
}

void boot_make_fat(const char *name, unsigned kib)
{
    char source[600];

    peer_build_path("../tests/boot/hello.c", source, sizeof(source));
    peer_must_run("rm -f %s && x86_64-w64-mingw32-gcc -O2 -nostdlib -ffreestanding -Wl,--subsystem,10 "
                  "-Wl,-e,efi_main -o BOOTX64.EFI '%s' && mkfs.vfat -C %s %u && "
                  "mmd -i %s ::/EFI ::/EFI/BOOT && mcopy -i %s BOOTX64.EFI ::/EFI/BOOT",
                  name, source, name, kib, name, name);
}

/* --- discs ---------------------------------------------------------------------------------------------- */

struct fs_boot_entry boot_entry(uint8_t platform, uint8_t emulation, const uint8_t *bytes, size_t size)
{
    struct fs_boot_entry entry = { .platform = platform, .emulation = emulation };

    assert_int_equal(source_memory_create(bytes, size, &entry.image), OI_OK);
    assert_int_equal(fs_boot_system_type(entry.image, &entry.system_type), OI_OK);
    return entry;
}

struct fs_boot_entry boot_entry_file(uint8_t platform, uint8_t emulation, const char *name)
{
    struct fs_boot_entry entry = { .platform = platform, .emulation = emulation };
    char path[400];

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_int_equal(source_file_create(path, &entry.image), OI_OK);
    return entry;
}

void boot_make(const char *name, unsigned file_systems, unsigned udf_revision, struct fs_boot_entry *entries,
               size_t count)
{
    struct fs_options options;
    struct fs_tree *tree;
    struct fs_layout *layout;
    uint8_t *bytes;
    char path[400];
    uint64_t used;
    FILE *file;

    fs_options_init(&options);
    options.file_systems = file_systems;
    options.udf_revision = udf_revision;
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    kit_file(tree, "Read me.txt", 3000);
    assert_int_equal(fs_tree_set_boot(tree, entries, count, NULL), OI_OK);
    for (size_t i = 0; i < count; i++) source_unref(entries[i].image);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    layout = kit_layout(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(fs_layout_blocks(layout), used);
    bytes = kit_read(layout, 1 << 16);
    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(bytes, FS_BLOCK_SIZE, fs_layout_blocks(layout), file), used);
    assert_int_equal(fclose(file), 0);
    fs_layout_unref(layout);
    free(bytes);
}

/* --- the machine ---------------------------------------------------------------------------------------- */

/* The program ends it, or else the clock does. It has no network, no screen and nothing else to boot. */
static void boot(const char *options, unsigned seconds, const char *name, const char *text)
{
    peer_need("qemu-system-x86_64");
    peer_run("rm -f serial; timeout -k 5 %u qemu-system-x86_64 -accel tcg -nodefaults -display none "
             "-net none -no-reboot -device isa-debug-exit,iobase=0xF4,iosize=4 -serial file:serial %s "
             "-boot d -cdrom %s", seconds, options, name);
    peer_must_run("cat -v serial && grep -q -a '%s' serial", text);
}

void boot_by_bios(const char *name, const char *text) { boot("-m 32", 30, name, text); }

void boot_by_efi(const char *name, const char *text)
{
    if (peer_run("test -e /usr/share/ovmf/OVMF.fd"))
    {
        print_message("OVMF is not installed: SKIPPED\n");
        skip();
    }
    boot("-m 128 -bios /usr/share/ovmf/OVMF.fd", 90, name, text);
}
