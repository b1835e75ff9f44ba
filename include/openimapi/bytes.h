/*
 * Reading and writing numbers in wire data, byte by byte: the only way that wire data is touched.
 * "be" is big-endian (MMC, SPC), "le" little-endian (ECMA-119 7.2.1, ECMA-167). "both" writes the
 * both-byte orders of ECMA-119 7.2.3 and 7.3.3: little-endian first. No pointer needs alignment.
 */
#ifndef OPENIMAPI_BYTES_H
#define OPENIMAPI_BYTES_H

#include <stdint.h>

static inline uint16_t get_be16(const uint8_t *p) { return (uint16_t)(p[0] << 8 | p[1]); }
static inline uint32_t get_be24(const uint8_t *p) { return (uint32_t)p[0] << 16 | get_be16(p + 1); }
static inline uint32_t get_be32(const uint8_t *p) { return (uint32_t)p[0] << 24 | get_be24(p + 1); }
static inline uint64_t get_be64(const uint8_t *p) { return (uint64_t)get_be32(p) << 32 | get_be32(p + 4); }
static inline uint16_t get_le16(const uint8_t *p) { return (uint16_t)(p[1] << 8 | p[0]); }
static inline uint32_t get_le32(const uint8_t *p) { return (uint32_t)get_le16(p + 2) << 16 | get_le16(p); }
static inline uint64_t get_le64(const uint8_t *p) { return (uint64_t)get_le32(p + 4) << 32 | get_le32(p); }

static inline void put_be16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void put_be24(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 16);
    put_be16(p + 1, (uint16_t)v);
}

static inline void put_be32(uint8_t *p, uint32_t v)
{
    put_be16(p, (uint16_t)(v >> 16));
    put_be16(p + 2, (uint16_t)v);
}

static inline void put_be64(uint8_t *p, uint64_t v)
{
    put_be32(p, (uint32_t)(v >> 32));
    put_be32(p + 4, (uint32_t)v);
}

static inline void put_le16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void put_le32(uint8_t *p, uint32_t v)
{
    put_le16(p, (uint16_t)v);
    put_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void put_le64(uint8_t *p, uint64_t v)
{
    put_le32(p, (uint32_t)v);
    put_le32(p + 4, (uint32_t)(v >> 32));
}

/* ECMA-119 7.2.3: 4 bytes, the 16-bit number in both orders. */
static inline void put_both16(uint8_t *p, uint16_t v)
{
    put_le16(p, v);
    put_be16(p + 2, v);
}

/* ECMA-119 7.3.3: 8 bytes, the 32-bit number in both orders. */
static inline void put_both32(uint8_t *p, uint32_t v)
{
    put_le32(p, v);
    put_be32(p + 4, v);
}

#endif
