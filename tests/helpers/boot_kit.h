/* Boot images that tell on the serial port what was loaded, and qemu to boot them. On the stage of peers. */
#ifndef OPENIMAPI_TESTS_BOOT_KIT_H
#define OPENIMAPI_TESTS_BOOT_KIT_H

#include "openimapi/fs_image.h"

#include <stddef.h>

/* A program that writes the text at an offset of the image itself to the serial port and ends the machine:
   what it prints has been loaded. Fills size bytes, the text included. */
void boot_loaded(uint8_t *image, size_t size, size_t text_at, const char *text);

/* One that reads a sector of the drive that it was booted from, by the BIOS, and writes the text there. */
void boot_reads(uint8_t *image, size_t size, unsigned cylinder, unsigned head, unsigned sector,
                size_t text_at, const char *text);

/* Writes the image of a tree with one small file and these entries to a file on the stage. */
void boot_make(const char *name, unsigned file_systems, unsigned udf_revision, struct fs_boot_entry *entries,
               size_t count);

/* An entry with an image of these bytes, or of a file on the stage. boot_make takes the reference. */
struct fs_boot_entry boot_entry(uint8_t platform, uint8_t emulation, const uint8_t *bytes, size_t size);
struct fs_boot_entry boot_entry_file(uint8_t platform, uint8_t emulation, const char *name);

/* A FAT file system on the stage, of so many KiB, with EFI/BOOT/BOOTX64.EFI (tests/boot/hello.c). */
void boot_make_fat(const char *name, unsigned kib);

/* Boots a disc image on the stage in qemu; the test fails unless this text comes out of the serial port. */
void boot_by_bios(const char *name, const char *text);
void boot_by_efi(const char *name, const char *text);

#endif
