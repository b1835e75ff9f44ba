/*
 * Fuzzer of the UDF reader; see helpers/fuzz_disc.h. A UDF volume is large, and nearly all of it is empty: so
 * an input is the number of the disc's blocks (16 bits, little-endian), then for each block that is not empty
 * its number and how many bytes of it there are (16 bits each), and these. tests/corpus/make-udf-blocks makes
 * such of images. Changes are made inside of blocks, to blocks as a whole, and to their places; checksums and
 * CRCs of descriptors are then made right again, mostly, so that what lies behind them is reached.
 */
#include "helpers/fuzz_disc.h"
#include "helpers/fuzz_mutate.h"

#include "openimapi/bytes.h"

#include <string.h>

#define BLOCKS_MAX 4096
#define RECORDS_MAX 2048
#define HEADER 4                        /* of a record: block, length */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned seed);

struct record
{
    size_t at;                          /* of its bytes, in the input */
    size_t length;
    uint32_t block;
};

static size_t parse(const uint8_t *bytes, size_t size, struct record *records)
{
    size_t count = 0, at = 2;

    while (count < RECORDS_MAX && size >= HEADER && at <= size - HEADER)
    {
        size_t length = get_le16(bytes + at + 2);

        if (length > FS_BLOCK_SIZE) length = FS_BLOCK_SIZE;
        if (length > size - at - HEADER) length = size - at - HEADER;
        records[count++] = (struct record){ at + HEADER, length, get_le16(bytes + at) };
        at += HEADER + length;
    }
    return count;
}

/* --- the disc ------------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint8_t disc[BLOCKS_MAX * FS_BLOCK_SIZE];
    static struct record records[RECORDS_MAX];
    size_t count = parse(bytes, size, records);
    uint32_t blocks = size < 2 ? 0 : get_le16(bytes);

    if (blocks > BLOCKS_MAX) blocks = BLOCKS_MAX;
    if (blocks < 16) return 0;
    for (size_t i = 0; i < count; i++)
    {
        if (records[i].block >= blocks) continue;
        memcpy(disc + (size_t)records[i].block * FS_BLOCK_SIZE, bytes + records[i].at, records[i].length);
    }
    fuzz_import(disc + 16 * FS_BLOCK_SIZE, (size_t)(blocks - 16) * FS_BLOCK_SIZE, FS_UDF);
    for (size_t i = 0; i < count; i++)
    {
        if (records[i].block >= blocks) continue;
        memset(disc + (size_t)records[i].block * FS_BLOCK_SIZE, 0, records[i].length);
    }
    return 0;
}

/* --- tags: ECMA-167 3/7.2 ------------------------------------------------------------------------------- */

static uint16_t crc_of(const uint8_t *bytes, size_t size)
{
    uint16_t crc = 0;

    for (size_t i = 0; i < size; i++)
    {
        crc ^= (uint16_t)(bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0));
    }
    return crc;
}

static int is_tag(const uint8_t *bytes)
{
    unsigned identifier = get_le16(bytes), version = get_le16(bytes + 2);

    return (version == 2 || version == 3) && (identifier <= 9 || (identifier >= 256 && identifier <= 266));
}

static void seal(uint8_t *tag, size_t left)
{
    uint16_t covered = get_le16(tag + 10);
    uint8_t sum = 0;

    if (covered <= left - 16) put_le16(tag + 8, crc_of(tag + 16, covered));
    for (int i = 0; i < 16; i++) sum = (uint8_t)(sum + (i == 4 ? 0 : tag[i]));
    tag[4] = sum;
}

/* File identifiers first, which may lie inside of a file entry; then what the block begins with. */
static void seal_block(uint8_t *bytes, size_t length)
{
    uint8_t block[FS_BLOCK_SIZE] = { 0 };

    memcpy(block, bytes, length);
    for (size_t at = 0; at + 38 <= FS_BLOCK_SIZE; at += 4)
    {
        if (is_tag(block + at) && get_le16(block + at) == 257) seal(block + at, FS_BLOCK_SIZE - at);
    }
    if (is_tag(block)) seal(block, FS_BLOCK_SIZE);
    memcpy(bytes, block, length);
}

/* --- changes -------------------------------------------------------------------------------------------- */

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void change_inside(uint8_t *bytes, const struct record *record, uint32_t *state)
{
    uint8_t *at = bytes + record->at;
    size_t length = fuzz_mutate(at, record->length, record->length, next(state));

    memset(at + length, 0, record->length - length);
    if (next(state) % 16) seal_block(at, record->length);
}

/* One more of a block that is there, in another place, where it may say that it belongs. */
static size_t copy_block(uint8_t *bytes, size_t size, size_t max, const struct record *from, uint32_t to,
                         uint32_t *state)
{
    uint8_t *at = bytes + size;

    if (max - size < HEADER + from->length) return size;
    put_le16(at, (uint16_t)to);
    put_le16(at + 2, (uint16_t)from->length);
    memcpy(at + HEADER, bytes + from->at, from->length);
    if (from->length >= 16 && is_tag(at + HEADER) && next(state) % 2)
    {
        put_le32(at + HEADER + 12, get_le32(at + HEADER + 12) + to - from->block);
        seal_block(at + HEADER, from->length);
    }
    return size + HEADER + from->length;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned seed)
{
    static struct record records[RECORDS_MAX];
    size_t count = parse(bytes, size, records);
    uint32_t state = seed;
    const struct record *one, *other;

    if (!count || next(&state) % 32 == 0) return fuzz_mutate(bytes, size, max, next(&state));
    one = &records[next(&state) % count];
    other = &records[next(&state) % count];
    switch (next(&state) % 16)
    {
    case 0: put_le16(bytes, (uint16_t)(next(&state) % 2 ? next(&state) % 4097 : one->block + 1)); break;
    case 1: put_le16(bytes + one->at - HEADER, (uint16_t)(other->block + next(&state) % 3 - 1)); break;
    case 2: return copy_block(bytes, size, max, one, other->block + next(&state) % 3, &state);
    case 3: memset(bytes + one->at, 0, one->length); break;
    default:
        for (unsigned i = 1 + next(&state) % 3; i--; one = &records[next(&state) % count])
        {
            if (one->length) change_inside(bytes, one, &state);
        }
    }
    return size;
}
