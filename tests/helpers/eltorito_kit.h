/*
 * A disc that boots, built byte by byte and without any writer of ours, for tests of the reader of boot
 * catalogs; and what it finds there.
 */
#ifndef OPENIMAPI_TESTS_ELTORITO_KIT_H
#define OPENIMAPI_TESTS_ELTORITO_KIT_H

#include "helpers/disc_kit.h"

#define CATALOG 22                      /* the catalog's block */
#define BLOCKS 40
#define ENTRY 32                        /* bytes: 2.0 */

extern const uint8_t eltorito_record[0x4B];             /* up to the catalog's block, which stands last */
extern const uint8_t eltorito_head[2 * ENTRY];          /* validation entry and default entry */
extern const uint8_t eltorito_sections[7 * ENTRY];      /* for entry 2 on: sections of two and one
                                                           entries, the first with two extensions */

/* A volume with nothing in it and a boot record: 16 primary descriptor, 17 boot record, 18 terminator, 22
   catalog with the default entry, whose image is at 30. */
struct kit_disc *eltorito_disc(void);

/* 32 bytes of the catalog. */
uint8_t *eltorito_entry(struct kit_disc *disc, unsigned index);

/* One section that fills so many blocks from CATALOG on with entries. */
void eltorito_fill(struct kit_disc *disc, unsigned blocks);

/* What was read last. */
extern struct fs_boot_found eltorito_found[64];
extern struct fs_boot_catalog eltorito_catalog;
enum oi_status eltorito_read(struct kit_disc *disc, uint32_t start, struct fs_detail *detail);

/* Reads the session at 0, asserts the number of images, lets the disc go. */
void eltorito_good(struct kit_disc *disc, size_t count);

/* Likewise, and asserts the failure and the block that it tells. */
void eltorito_refused(struct kit_disc *disc, enum oi_status status, uint32_t block);

/* Lets the disc go, and asserts that nobody keeps it. */
void eltorito_drop(struct kit_disc *disc);

#endif
