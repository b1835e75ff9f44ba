/*
 * Building CD sectors: the sync pattern, the BCD header, and the error detection and correction codes of
 * ECMA-130 (14.3 to 14.6, annex A).
 */
#include "sector.h"

#include <string.h>

static const struct sector_parts mode_1 =
{
    { { 0x80, 0, 12 }, { 0x20, 12, 4 }, { 0x40, 0, 0 }, { 0x10, 16, 2048 }, { 0x08, 2064, 288 } },
};

static const struct sector_parts mode_2_form_1 =
{
    { { 0x80, 0, 12 }, { 0x20, 12, 4 }, { 0x40, 16, 8 }, { 0x10, 24, 2048 }, { 0x08, 2072, 280 } },
};

const struct sector_parts *sector_parts(uint8_t mode)
{
    return mode == 2 ? &mode_2_form_1 : &mode_1;
}

/* ECMA-130 14.3: P(x) = (x16 + x15 + x2 + 1)(x16 + x2 + x + 1), least significant bit first. */
static uint32_t edc(const uint8_t *bytes, size_t size)
{
    uint32_t crc = 0;

    for (size_t i = 0; i < size; ++i)
    {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xD8018001u : 0);
    }
    return crc;
}

static void put_edc(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; ++i) out[i] = (uint8_t)(value >> 8 * i);
}

/* Multiplication by alpha in GF(2^8) with x8 + x4 + x3 + x2 + 1. */
static uint8_t times_alpha(uint8_t x)
{
    return (uint8_t)(x << 1 ^ (x & 0x80 ? 0x1D : 0));
}

/* x / (alpha + 1): alpha + 1 = 3, whose inverse is F4h in this field. */
static uint8_t divide_by_3(uint8_t x)
{
    uint8_t result = 0, factor = 0xF4;

    for (int bit = 7; bit >= 0; --bit)
    {
        result = times_alpha(result);
        if (factor >> bit & 1) result ^= x;
    }
    return result;
}

/*
 * The two parity bytes of one code word: count data bytes, the i-th at start + i * step modulo modulus, in
 * units of words of which one byte plane is coded. Annex A: the sum of all is 0, and so is the sum weighted
 * with descending powers of alpha.
 */
static void code_word(uint8_t *coded, int plane, int start, int step, int modulus, int count, int parity_0,
                      int parity_1)
{
    uint8_t sum = 0, weighted = 0, first;

    for (int i = 0; i < count; ++i)
    {
        uint8_t byte = coded[2 * ((start + i * step) % modulus) + plane];

        sum ^= byte;
        weighted = times_alpha(weighted ^ byte);
    }
    /* weighted has every byte at one power of alpha too few: the two parities are still to come. */
    weighted = times_alpha(weighted);
    first = divide_by_3(sum ^ weighted);
    coded[2 * parity_0 + plane] = first;
    coded[2 * parity_1 + plane] = sum ^ first;
}

/* coded is byte 12 of the sector: 1032 words of header and data, 86 of P and 52 of Q behind them. */
static void put_ecc(uint8_t *coded)
{
    for (int plane = 0; plane < 2; ++plane)
    {
        for (int c = 0; c < 43; ++c) code_word(coded, plane, c, 43, 43 * 24, 24, 1032 + c, 1075 + c);
    }
    for (int plane = 0; plane < 2; ++plane)
    {
        for (int q = 0; q < 26; ++q) code_word(coded, plane, 43 * q, 44, 1118, 43, 1118 + q, 1144 + q);
    }
}

static uint8_t bcd(uint32_t value)
{
    return (uint8_t)(value / 10 << 4 | value % 10);
}

void sector_build(uint8_t sector[SECTOR_SIZE], uint32_t lba, uint8_t mode, const uint8_t *block, int with_ecc)
{
    uint32_t frames = lba + 150;
    uint8_t header[4] = { bcd(frames / 75 / 60 % 100), bcd(frames / 75 % 60), bcd(frames % 75), mode };

    memset(sector, 0, SECTOR_SIZE);
    memset(sector + 1, 0xFF, 10);
    if (mode == 2)
    {
        sector[18] = sector[22] = 0x08;         /* sub-mode: data */
        memcpy(sector + 24, block, 2048);
        if (with_ecc)
        {
            put_edc(sector + 2072, edc(sector + 16, 2056));
            put_ecc(sector + 12);               /* the header counts as zeros */
        }
        memcpy(sector + 12, header, 4);
        return;
    }
    memcpy(sector + 12, header, 4);
    memcpy(sector + 16, block, 2048);
    if (!with_ecc) return;
    put_edc(sector + 2064, edc(sector, 2064));
    put_ecc(sector + 12);
}
