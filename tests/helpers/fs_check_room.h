/* What the two halves of the independent reader share. */
#ifndef OPENIMAPI_TESTS_FS_CHECK_ROOM_H
#define OPENIMAPI_TESTS_FS_CHECK_ROOM_H

#include "helpers/fs_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECTOR 2048u

static inline uint32_t lsb(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;

    while (bytes--) value = value * 256 + p[bytes];
    return value;
}

static inline uint32_t msb(const uint8_t *p, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes; i++) value = value * 256 + p[i];
    return value;
}

/* Both-byte orders: 7.2.3, 7.3.3. */
static inline uint32_t both(const uint8_t *p, unsigned bytes)
{
    assert_int_equal(lsb(p, bytes), msb(p + bytes, bytes));
    return lsb(p, bytes);
}

static inline void assert_all(const uint8_t *p, size_t size, uint8_t value)
{
    for (size_t i = 0; i < size; i++) assert_int_equal(p[i], value);
}

static inline const uint8_t *block(const struct check_image *image, uint32_t logical, uint32_t count)
{
    assert_true(logical >= image->start);
    assert_true((uint64_t)logical - image->start + count <= image->blocks);
    return image->bytes + (size_t)(logical - image->start) * SECTOR;
}

/* Checks a primary or supplementary descriptor; its bytes. */
const uint8_t *check_descriptor(const struct check_image *image, int joliet);

#endif
