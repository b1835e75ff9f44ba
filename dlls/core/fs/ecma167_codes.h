/*
 * Numbers of ECMA-167 (third edition) and OSTA UDF 1.02 to 2.60, under the names they have there. Names
 * alone: the writer and the reader of UDF lay descriptors out apart from each other.
 */
#ifndef ECMA167_CODES_H
#define ECMA167_CODES_H

/* Tag identifiers: ECMA-167 3/7.2.1 and 4/7.2.1. */
#define ECMA167_TAG_UNSPECIFIED 0       /* UDF 2.2.12: a sparing table */
#define ECMA167_TAG_PRIMARY_VOLUME 1
#define ECMA167_TAG_ANCHOR 2
#define ECMA167_TAG_VOLUME_POINTER 3
#define ECMA167_TAG_IMPLEMENTATION_USE 4
#define ECMA167_TAG_PARTITION 5
#define ECMA167_TAG_LOGICAL_VOLUME 6
#define ECMA167_TAG_UNALLOCATED_SPACE 7
#define ECMA167_TAG_TERMINATING 8
#define ECMA167_TAG_INTEGRITY 9
#define ECMA167_TAG_FILE_SET 256
#define ECMA167_TAG_FILE_IDENTIFIER 257
#define ECMA167_TAG_ALLOCATION_EXTENT 258
#define ECMA167_TAG_INDIRECT_ENTRY 259
#define ECMA167_TAG_TERMINAL_ENTRY 260
#define ECMA167_TAG_FILE_ENTRY 261
#define ECMA167_TAG_EXTENDED_ATTRIBUTES 262
#define ECMA167_TAG_UNALLOCATED_ENTRY 263
#define ECMA167_TAG_SPACE_BITMAP 264
#define ECMA167_TAG_PARTITION_INTEGRITY 265
#define ECMA167_TAG_EXTENDED_FILE_ENTRY 266

/* File types of an ICB tag: 4/14.6.6, and those of UDF. */
#define ECMA167_FILE_UNSPECIFIED 0
#define ECMA167_FILE_DIRECTORY 4
#define ECMA167_FILE_REGULAR 5
#define ECMA167_FILE_BLOCK_DEVICE 6
#define ECMA167_FILE_CHARACTER_DEVICE 7
#define ECMA167_FILE_EXTENDED_ATTRIBUTES 8
#define ECMA167_FILE_FIFO 9
#define ECMA167_FILE_SOCKET 10
#define ECMA167_FILE_TERMINAL_ENTRY 11
#define ECMA167_FILE_SYMBOLIC_LINK 12
#define ECMA167_FILE_STREAM_DIRECTORY 13
#define UDF_FILE_VIRTUAL_TABLE 248      /* UDF 2.00 2.2.11 */
#define UDF_FILE_REAL_TIME 249          /* UDF 2.01 2.3.5.2 */
#define UDF_FILE_METADATA 250           /* UDF 2.50 2.2.13 */
#define UDF_FILE_METADATA_MIRROR 251
#define UDF_FILE_METADATA_BITMAP 252

/* Flags of an ICB tag: 4/14.6.8. */
#define ECMA167_ICB_ALLOCATION 0x0007
#define ECMA167_ALLOCATION_SHORT 0
#define ECMA167_ALLOCATION_LONG 1
#define ECMA167_ALLOCATION_EXTENDED 2
#define ECMA167_ALLOCATION_EMBEDDED 3
#define ECMA167_ICB_STREAM 0x2000

/* Strategies of an ICB hierarchy: 4/A, UDF 2.3.5.1. */
#define ECMA167_STRATEGY_DIRECT 4
#define UDF_STRATEGY_WORM 4096

/* Upper two bits of an extent length: 4/14.14.1.1. */
#define ECMA167_EXTENT_RECORDED 0
#define ECMA167_EXTENT_ALLOCATED 1      /* but not recorded */
#define ECMA167_EXTENT_UNALLOCATED 2
#define ECMA167_EXTENT_CONTINUATION 3   /* more allocation descriptors */
#define ECMA167_EXTENT_LENGTH 0x3fffffffu

/* File characteristics: 4/14.4.3. */
#define ECMA167_FID_HIDDEN 0x01         /* the Existence bit */
#define ECMA167_FID_DIRECTORY 0x02
#define ECMA167_FID_DELETED 0x04
#define ECMA167_FID_PARENT 0x08
#define ECMA167_FID_METADATA 0x10       /* of a stream */

/* Integrity types of a logical volume: 3/10.10.3. */
#define ECMA167_INTEGRITY_OPEN 0
#define ECMA167_INTEGRITY_CLOSE 1

/* Extended attributes: 4/14.10. */
#define ECMA167_ATTRIBUTE_FILE_TIMES 5
#define ECMA167_FILE_TIME_CREATION 0x01 /* 4/14.10.5.6 */

/* Flags of a domain identifier's suffix: UDF 2.1.5.3. */
#define UDF_DOMAIN_HARD_PROTECT 0x01
#define UDF_DOMAIN_SOFT_PROTECT 0x02

/* Flags of a metadata partition map: UDF 2.50 2.2.10. */
#define UDF_METADATA_DUPLICATE 0x01

/* Identifiers of entities (23 bytes, zero filled) and of volume structures (5). */
#define UDF_ID_DOMAIN "*OSTA UDF Compliant"
#define UDF_ID_VIRTUAL "*UDF Virtual Partition"
#define UDF_ID_SPARABLE "*UDF Sparable Partition"
#define UDF_ID_METADATA "*UDF Metadata Partition"
#define UDF_ID_VIRTUAL_TABLE "*UDF Virtual Alloc Tbl"
#define UDF_ID_SPARING_TABLE "*UDF Sparing Table"
#define UDF_ID_LV_INFO "*UDF LV Info"
#define ECMA167_ID_NSR02 "NSR02"
#define ECMA167_ID_NSR03 "NSR03"
#define ECMA167_ID_BEGIN "BEA01"
#define ECMA167_ID_TERMINATE "TEA01"
#define ECMA167_ID_BOOT "BOOT2"

#define ECMA167_ANCHOR_BLOCK 256        /* 3/8.4.2.1 */
#define ECMA167_TAG_BYTES 16

#endif
