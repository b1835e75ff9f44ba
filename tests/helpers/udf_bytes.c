/* UDF volumes for tests of the reader, put together byte by byte. */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the disc ------------------------------------------------------------------------------------------- */

struct kit_disc
{
    struct source base;
    struct udf_bytes *kit;
};

static enum oi_status kit_disc_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                    size_t *got)
{
    struct udf_bytes *kit = ((struct kit_disc *)source)->kit;
    uint64_t bad = (uint64_t)kit->bad_block * FS_BLOCK_SIZE;

    *got = 0;
    kit->reads += size / FS_BLOCK_SIZE;
    if (bad && bad >= offset && bad < offset + size) return OI_SOURCE_READ;
    memcpy(buffer, kit->bytes + offset, size);
    *got = size;
    return OI_OK;
}

static void kit_disc_destroy(struct source *source) { free(source); }

static const struct source_ops kit_disc_ops = { kit_disc_read, kit_disc_destroy };

uint8_t *udf_bytes_block(struct udf_bytes *kit, uint32_t block)
{
    assert_true(block < KIT_BLOCKS);
    return kit->bytes + (size_t)block * FS_BLOCK_SIZE;
}

uint8_t *udf_bytes_logical(struct udf_bytes *kit, uint32_t block)
{
    return udf_bytes_block(kit, KIT_PARTITION + block);
}

/* --- descriptors ---------------------------------------------------------------------------------------- */

/* Bit by bit: ECMA-167 3/7.2.6, which gives 0x3299 for 70 6A 77. */
static uint16_t crc(const uint8_t *bytes, size_t size)
{
    unsigned value = 0;

    for (size_t i = 0; i < size * 8; i++)
    {
        unsigned bit = bytes[i / 8] >> (7 - i % 8) & 1;

        value = (value << 1 & 0xffff) ^ ((value >> 15 ^ bit) ? 0x1021 : 0);
    }
    return (uint16_t)value;
}

void udf_bytes_seal(uint8_t *descriptor, unsigned identifier, size_t size, uint32_t location)
{
    unsigned sum = 0;

    memset(descriptor, 0, 16);
    put_le16(descriptor, (uint16_t)identifier);
    put_le16(descriptor + 2, 3);
    put_le16(descriptor + 8, crc(descriptor + 16, size - 16));
    put_le16(descriptor + 10, (uint16_t)(size - 16));
    put_le32(descriptor + 12, location);
    for (unsigned i = 0; i < 16; i++) sum += descriptor[i];
    descriptor[4] = (uint8_t)sum;
}

void udf_bytes_reseal(uint8_t *descriptor)
{
    udf_bytes_seal(descriptor, get_le16(descriptor), (size_t)get_le16(descriptor + 10) + 16,
                   get_le32(descriptor + 12));
}

void udf_bytes_entity(uint8_t *at, const char *identifier)
{
    memset(at, 0, 32);
    memcpy(at + 1, identifier, strlen(identifier));
}

void udf_bytes_short(uint8_t *at, uint32_t length, uint32_t block)
{
    put_le32(at, length);
    put_le32(at + 4, block);
}

void udf_bytes_long(uint8_t *at, uint32_t length, uint32_t block, unsigned partition)
{
    memset(at, 0, 16);
    udf_bytes_short(at, length, block);
    put_le16(at + 8, (uint16_t)partition);
}

static void timestamp(uint8_t *at, unsigned day)
{
    static const uint8_t noon[12] = { 0x00, 0x10, 0xea, 0x07, 11, 1, 12, 30, 15, 0, 0, 0 };  /* 2026-11 */

    memcpy(at, noon, 12);
    at[5] = (uint8_t)day;
}

void udf_bytes_entry(uint8_t *block, uint32_t location, int extended, unsigned type, uint64_t size,
                     unsigned form, const void *descriptors, size_t descriptors_size)
{
    unsigned fixed = extended ? 216 : 176;

    memset(block, 0, FS_BLOCK_SIZE);
    put_le16(block + 20, 4);                    /* strategy */
    put_le16(block + 24, 1);                    /* entries at most */
    block[27] = (uint8_t)type;
    put_le16(block + 34, (uint16_t)form);
    put_le64(block + 56, size);
    if (extended) put_le64(block + 64, size);
    timestamp(block + (extended ? 80 : 72), 3);     /* access */
    timestamp(block + (extended ? 92 : 84), 2);     /* modification */
    if (extended) timestamp(block + 104, 1);        /* creation */
    put_le64(block + (extended ? 200 : 160), 77);   /* unique id */
    put_le32(block + (extended ? 212 : 172), (uint32_t)descriptors_size);
    memcpy(block + fixed, descriptors, descriptors_size);
    udf_bytes_seal(block, extended ? 266 : 261, fixed + descriptors_size, location);
}

size_t udf_bytes_fid(uint8_t *at, uint32_t location, unsigned characteristics, const char *name, uint32_t icb,
                   unsigned partition)
{
    size_t length = strlen(name) ? strlen(name) + 1 : 0, size = (38 + length + 3) / 4 * 4;

    memset(at, 0, size);
    put_le16(at + 16, 1);
    at[18] = (uint8_t)characteristics;
    at[19] = (uint8_t)length;
    udf_bytes_long(at + 20, FS_BLOCK_SIZE, icb, partition);
    if (length) at[38] = 8;
    memcpy(at + 39, name, strlen(name));
    udf_bytes_seal(at, 257, size, location);
    return size;
}

/* --- the volume ----------------------------------------------------------------------------------------- */

static void sequence(struct udf_bytes *kit, uint32_t at, unsigned revision)
{
    uint8_t *block = udf_bytes_block(kit, at);

    put_le32(block + 16, 1);                                    /* primary: sequence number */
    put_le16(block + 56, 1);                                    /* volume sequence number */
    udf_bytes_seal(block, 1, 512, at);
    block = udf_bytes_block(kit, at + 1);
    put_le32(block + 16, 2);
    put_le16(block + 20, 1);                                    /* allocated */
    put_le16(block + 22, 0);                                    /* partition number */
    udf_bytes_entity(block + 24, revision < 0x200 ? "+NSR02" : "+NSR03");
    put_le32(block + 184, 1);                                   /* read only */
    put_le32(block + 188, KIT_PARTITION);
    put_le32(block + 192, KIT_LENGTH);
    udf_bytes_seal(block, 5, 512, at + 1);
    block = udf_bytes_block(kit, at + 2);
    put_le32(block + 16, 3);
    memcpy(block + 84, "\x08Logical", 8);
    block[84 + 127] = 8;
    put_le32(block + 212, FS_BLOCK_SIZE);
    udf_bytes_entity(block + 216, "*OSTA UDF Compliant");
    put_le16(block + 240, (uint16_t)revision);
    udf_bytes_long(block + 248, 2 * FS_BLOCK_SIZE, KIT_SET, 0);
    put_le32(block + 264, 6);                                   /* bytes of maps; maps */
    put_le32(block + 268, 1);
    put_le32(block + 432, 2 * FS_BLOCK_SIZE);                   /* integrity sequence */
    put_le32(block + 436, KIT_INTEGRITY);
    memcpy(block + 440, "\x01\x06\x01\x00\x00\x00", 6);
    udf_bytes_seal(block, 6, 446, at + 2);
    udf_bytes_seal(udf_bytes_block(kit, at + 3), 8, 512, at + 3);
}

static void anchor(struct udf_bytes *kit, uint32_t at)
{
    uint8_t *block = udf_bytes_block(kit, at);

    put_le32(block + 16, 16 * FS_BLOCK_SIZE);
    put_le32(block + 20, KIT_MAIN);
    put_le32(block + 24, 16 * FS_BLOCK_SIZE);
    put_le32(block + 28, KIT_RESERVE);
    udf_bytes_seal(block, 2, 512, at);
}

static void integrity(struct udf_bytes *kit, unsigned revision)
{
    uint8_t *block = udf_bytes_block(kit, KIT_INTEGRITY);

    put_le32(block + 28, 1);                                    /* closed */
    put_le64(block + 40, 0x123456789);                          /* next unique id */
    put_le32(block + 72, 1);                                    /* partitions */
    put_le32(block + 76, 46);
    put_le32(block + 80, 0);                                    /* free, size */
    put_le32(block + 84, KIT_LENGTH);
    put_le32(block + 88 + 32, 5);                               /* files */
    put_le32(block + 88 + 36, 7);                               /* directories */
    put_le16(block + 88 + 40, (uint16_t)revision);
    udf_bytes_seal(block, 9, 88 + 46, KIT_INTEGRITY);
    udf_bytes_seal(udf_bytes_block(kit, KIT_INTEGRITY + 1), 8, 512, KIT_INTEGRITY + 1);
}

static void file_set(struct udf_bytes *kit)
{
    uint8_t *block = udf_bytes_logical(kit, KIT_SET);

    udf_bytes_long(block + 400, FS_BLOCK_SIZE, KIT_ROOT, 0);
    udf_bytes_entity(block + 416, "*OSTA UDF Compliant");
    udf_bytes_seal(block, 256, 512, KIT_SET);
    udf_bytes_seal(udf_bytes_logical(kit, KIT_SET + 1), 8, 512, KIT_SET + 1);
}

void udf_bytes_create(struct udf_bytes *kit, unsigned revision)
{
    struct kit_disc *disc = malloc(sizeof(*disc));
    uint8_t extent[8];
    size_t size;

    assert_non_null(disc);
    assert_non_null(kit->bytes = calloc(KIT_BLOCKS, FS_BLOCK_SIZE));
    source_init(&disc->base, &kit_disc_ops, (uint64_t)KIT_BLOCKS * FS_BLOCK_SIZE);
    disc->kit = kit;
    kit->disc = (struct fs_disc){ &disc->base, 0, 0 };
    kit->bad_block = 0;
    kit->reads = 0;
    memcpy(udf_bytes_block(kit, 16), "\0BEA01\1", 7);
    memcpy(udf_bytes_block(kit, 17), revision < 0x200 ? "\0NSR02\1" : "\0NSR03\1", 7);
    memcpy(udf_bytes_block(kit, 18), "\0TEA01\1", 7);
    sequence(kit, KIT_MAIN, revision);
    sequence(kit, KIT_RESERVE, revision);
    integrity(kit, revision);
    anchor(kit, KIT_ANCHOR);
    anchor(kit, KIT_BLOCKS - 1);
    file_set(kit);
    size = udf_bytes_fid(udf_bytes_logical(kit, KIT_ROOT + 1), KIT_ROOT + 1, 0x0a, "", KIT_ROOT, 0);
    udf_bytes_short(extent, (uint32_t)size, KIT_ROOT + 1);
    udf_bytes_entry(udf_bytes_logical(kit, KIT_ROOT), KIT_ROOT, revision >= 0x200, 4, size, 0, extent, 8);
}

void udf_bytes_destroy(struct udf_bytes *kit)
{
    source_unref(kit->disc.source);
    free(kit->bytes);
}

void udf_bytes_name(struct udf_bytes *kit, const char *name, unsigned characteristics, uint32_t icb,
                  unsigned partition)
{
    uint8_t *entry = udf_bytes_logical(kit, KIT_ROOT);
    uint8_t *extent = entry + (get_le16(entry) == 266 ? 216 : 176);
    uint32_t size = get_le32(extent);

    size += (uint32_t)udf_bytes_fid(udf_bytes_logical(kit, KIT_ROOT + 1) + size, KIT_ROOT + 1,
                                    characteristics, name, icb, partition);
    assert_true(size <= FS_BLOCK_SIZE);
    put_le32(extent, size);
    put_le64(entry + 56, size);
    udf_bytes_reseal(entry);
}

uint8_t *udf_bytes_map(struct udf_bytes *kit, const char *identifier, int instead)
{
    uint8_t *volume = udf_bytes_block(kit, KIT_MAIN + 2), *map = volume + 440 + (instead ? 0 : 6);

    memset(map, 0, 64);
    map[0] = 2;
    map[1] = 64;
    udf_bytes_entity(map + 4, identifier);
    put_le16(map + 36, 1);                      /* volume sequence number; partition number is 0 */
    put_le32(volume + 264, instead ? 64 : 70);
    put_le32(volume + 268, instead ? 1 : 2);
    udf_bytes_seal(volume, 6, instead ? 504 : 510, KIT_MAIN + 2);
    return map;
}

void udf_bytes_change32(struct udf_bytes *kit, unsigned descriptor, unsigned offset, uint32_t value)
{
    put_le32(udf_bytes_block(kit, KIT_MAIN + descriptor) + offset, value);
    udf_bytes_reseal(udf_bytes_block(kit, KIT_MAIN + descriptor));
}

void udf_bytes_wipe(struct udf_bytes *kit, uint32_t block)
{
    memset(udf_bytes_block(kit, block), 0, FS_BLOCK_SIZE);
}
