/*
 * Reads an image as ECMA-119 and the Joliet specification have it, field by field, and fails the running test
 * at the first thing that is not as it must be. Written from the standards; knows nothing of the writers.
 */
#ifndef OPENIMAPI_TESTS_FS_CHECK_H
#define OPENIMAPI_TESTS_FS_CHECK_H

#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

struct check_image
{
    const uint8_t *bytes;
    uint32_t blocks;
    uint32_t start;                     /* logical block number of the first byte */
    unsigned level;                     /* interchange level of the primary volume */
    size_t joliet_max;                  /* longest name there, in units */
};

struct check_entry
{
    const char16_t *path;               /* "/folder/file", names as recorded, without version */
    int is_directory, is_hidden;
    uint32_t extent, size;              /* logical block, bytes */
    const uint8_t *time;                /* the seven bytes */
    const uint8_t *data;                /* where the extent lies in the image; NULL when empty */
};

typedef void check_visit(void *context, const struct check_entry *entry);

/* The descriptor set: exactly a primary descriptor, with joliet a supplementary one, and the terminator. */
void check_descriptors(const struct check_image *image, int joliet);

/* Everything of one volume; visits each entry but the root, parents before children. */
void check_volume(const struct check_image *image, int joliet, check_visit *visit, void *context);

#endif
