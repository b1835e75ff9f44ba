/*
 * The independent UDF reader notices faults: of good volumes one field is broken at a time, with checksums
 * and CRCs mended as a wrong writer would have them, and the reader must name that fault.
 */
#include "helpers/udf_break.h"
#include "helpers/udf_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A field as a wrong writer would fill it; as if bits had flipped; and more than a field. */
#define FIELD(name, place, number, offset, width, value, complaint) \
    { name, place, number, NULL, offset, width, value, SEALED, complaint, NULL }
#define FILE_FIELD(name, place, path, offset, width, value, complaint) \
    { name, place, 0, path, offset, width, value, SEALED, complaint, NULL }
#define FLIP(name, place, number, offset, width, value, complaint) \
    { name, place, number, NULL, offset, width, value, RAW, complaint, NULL }
#define EDIT(name, place, number, path, edit, complaint) \
    { name, place, number, path, 0, 0, 0, SEALED, complaint, edit }

/* --- edits that are more than a field --------------------------------------------------------------- */

/* Another one of the descriptor before it, with a sequence number of its own. */
static void repeat_previous(uint8_t *d)
{
    uint8_t location[4];

    memcpy(location, d + 12, 4);
    memcpy(d, d - 2048, 2048);
    memcpy(d + 12, location, 4);
    d[16] = 99;
}

static void shorten_set_name(uint8_t *d)
{
    memset(d + 72, 0, 128);
    memcpy(d + 72, "\10A", 2);
    d[72 + 127] = 2;
}

/* Two entries for one content, the second of which begins within it. */
static void lengthen_extent(uint8_t *d)
{
    d[56] += 1;                         /* information length, over the end of a block */
    d[57] += 8;
    d[64] += 1;
    d[176] += 1;
    d[177] += 8;
}

static void call_it_nothing(uint8_t *d)
{
    memcpy(d + 39, "nothing", 7);
}

/* One descriptor, and the CRC over that one alone. */
static void shorten_continuation(uint8_t *d)
{
    d[10] = 24;
    d[11] = 0;
    d[20] = 16;
    d[21] = 0;
}

static void put_slash(uint8_t *d)
{
    d[38 + 2] = '/';
}

static void free_a_used_block(uint8_t *d)
{
    d[24] |= 1;
}

static void use_a_free_block(uint8_t *d)
{
    unsigned i = 24;

    while (!d[i]) i++;
    d[i] &= (uint8_t)(d[i] - 1);
}

/* --- the volume ------------------------------------------------------------------------------------- */

static const struct udf_breakage bridge_volume_faults[] =
{
    FLIP("first extended area", AT_BLOCK, 19, 1, 1, 'C', "not BEA01"),
    FLIP("structure type", AT_BLOCK, 19, 0, 1, 1, "structure type 1"),
    FLIP("structure version", AT_BLOCK, 20, 6, 1, 2, "structure version 2"),
    FLIP("structure data", AT_BLOCK, 20, 2047, 1, 1, "NSR02: byte 2040"),
    FLIP("unknown NSR", AT_BLOCK, 20, 5, 1, '1', "not NSR03"),
    FLIP("NSR03 before old descriptors", AT_BLOCK, 20, 5, 1, '3', "descriptor version 2"),
    FLIP("no TEA01", AT_BLOCK, 21, 1, 1, 0, "not TEA01"),
    FLIP("CD001 set without end", AT_BLOCK, 18, 0, 1, 2, "no terminator"),
    FLIP("CD001 version", AT_BLOCK, 16, 6, 1, 3, "CD001 descriptor of version 3"),
    FLIP("structure behind TEA01", AT_BLOCK, 22, 1, 1, 'B', "behind the volume"),

    FLIP("anchor: checksum", AT_ANCHOR, 0, 4, 1, 0, "tag checksum 00"),
    { "anchor: CRC", AT_ANCHOR, 0, NULL, 8, 2, 0, CHECKSUM, "CRC 0000", NULL },
    FLIP("anchor: flipped bit", AT_ANCHOR, 0, 40, 1, 4, "CRC "),
    FIELD("anchor: CRC length", AT_ANCHOR, 0, 10, 2, 480, "CRC length 480"),
    FIELD("anchor: location", AT_ANCHOR, 0, 12, 4, 257, "tag location 257"),
    FIELD("anchor: version", AT_ANCHOR, 0, 2, 2, 3, "descriptor version 3"),
    FIELD("anchor: reserved byte", AT_ANCHOR, 0, 5, 1, 1, "reserved byte of the tag"),
    FIELD("anchor: reserved bytes", AT_ANCHOR, 0, 40, 1, 1, "reserved bytes"),
    FLIP("anchor: rest of the block", AT_ANCHOR, 0, 1024, 1, 1, "reserved bytes"),
    FIELD("anchor: serial number", AT_LAST_ANCHOR, 0, 6, 2, 7, "tag serial number 7"),
    FLIP("anchor: alone", AT_LAST_ANCHOR, 0, 0, 2, 0, "one alone"),
    FIELD("anchor: other extents", AT_LAST_ANCHOR, 0, 20, 4, 48, "other extents"),
    FIELD("anchor: short sequence", AT_ANCHORS, 0, 24, 4, 15 * 2048, "below 16"),
    FIELD("anchor: reserve on main", AT_ANCHORS, 0, 28, 4, 32, "overlaps"),
    FIELD("anchor: no sequence there", AT_ANCHORS, 0, 20, 4, 9999999, "image's end"),

    FIELD("sequence: no end", AT_MAIN, 8, 0, 2, 0, "tag identifier 0"),
    FIELD("sequence: number twice", AT_BOTH, 1, 16, 4, 1, "sequence number 1 is"),
    EDIT("sequence: two of a kind", AT_BOTH, 7, NULL, repeat_previous, "a second one"),
    EDIT("sequence: descriptor missing", AT_BOTH, 6, NULL, repeat_previous, "no logical volume descriptor"),

    FIELD("primary: character set", AT_BOTH, 1, 201, 1, 'o', "not OSTA Compressed"),
    FIELD("primary: character set type", AT_BOTH, 1, 264, 1, 1, "not CS0"),
    FIELD("primary: volume number", AT_BOTH, 1, 58, 2, 2, "volume 1 of 2"),
    FIELD("logical: unknown revision", AT_BOTH, 6, 240, 2, 0x0103, "revision 0103"),
    FIELD("primary: length of name", AT_BOTH, 1, 55, 1, 40, "length 40"),
    FIELD("primary: compression", AT_BOTH, 1, 24, 1, 9, "compression 9"),
    FIELD("primary: rest of name", AT_BOTH, 1, 52, 1, 'x', "volume identifier: byte"),
    EDIT("primary: set name", AT_BOTH, 1, NULL, shorten_set_name, "is not unique"),
    FIELD("primary: interchange level", AT_BOTH, 1, 60, 2, 3, "interchange level 3"),
    FIELD("primary: character sets", AT_BOTH, 1, 64, 4, 3, "not CS0"),
    FIELD("primary: flags", AT_BOTH, 1, 488, 2, 2, "flags 0002"),
    FIELD("primary: dirty identifier", AT_BOTH, 1, 388, 1, 1, "flags 01 of"),
    FIELD("primary: developer", AT_BOTH, 1, 389, 1, 'g', "names no developer"),
    FIELD("primary: system class", AT_BOTH, 1, 412, 1, 7, "system class 7"),
    FIELD("primary: system", AT_BOTH, 1, 413, 1, 99, "operating system 99"),
    FIELD("primary: month", AT_BOTH, 1, 380, 1, 13, "month 13"),
    FIELD("primary: day", AT_BOTH, 1, 380, 2, 0x1E02, "day 30"),
    FIELD("primary: hour", AT_BOTH, 1, 382, 1, 24, "24:"),
    FIELD("primary: hundredths", AT_BOTH, 1, 387, 1, 100, "100 hundredths"),
    FIELD("primary: time zone", AT_BOTH, 1, 376, 2, 0x1000 + 1441, "time zone 1441"),
    FIELD("primary: type of time", AT_BOTH, 1, 376, 2, 0, "type 0 of the time"),
    FIELD("primary: reserved", AT_BOTH, 1, 511, 1, 1, "reserved bytes"),

    FIELD("logical: block size", AT_BOTH, 6, 212, 4, 512, "block size 512"),
    FIELD("logical: domain", AT_BOTH, 6, 218, 1, 'o', "not *OSTA UDF Compliant"),
    FIELD("logical: domain flags", AT_BOTH, 6, 242, 1, 4, "domain flags 04"),
    FIELD("logical: revision", AT_BOTH, 6, 240, 2, 0x0250, "revision 0250 and NSR02"),
    FIELD("logical: file set", AT_BOTH, 6, 256, 2, 1, "partition reference 1 of 1"),
    FIELD("logical: file set length", AT_BOTH, 6, 248, 4, 100, "sequence of 100"),
    FIELD("logical: two maps", AT_BOTH, 6, 268, 4, 2, "overrun their 6"),
    FIELD("logical: kind of map", AT_BOTH, 6, 440, 1, 3, "partition map of type 3"),
    FIELD("logical: map's volume", AT_BOTH, 6, 442, 2, 2, "partition map: volume 2"),
    FIELD("logical: map's partition", AT_BOTH, 6, 444, 2, 5, "the map says 5"),
    FIELD("logical: no integrity", AT_BOTH, 6, 432, 4, 0, "integrity sequence: 0 bytes"),

    FIELD("information: identifier", AT_BOTH, 4, 22, 1, 'u', "not *UDF LV Info"),
    FIELD("information: revision", AT_BOTH, 4, 44, 2, 0x0150, "elsewhere 0102"),
    FIELD("information: name", AT_BOTH, 4, 117, 1, 'X', "logical volume \"X"),

    FIELD("partition: contents", AT_BOTH, 5, 29, 1, '3', "not +NSR02"),
    FIELD("partition: flags", AT_BOTH, 5, 20, 2, 0, "partition flags"),
    FIELD("partition: access", AT_BOTH, 5, 184, 4, 4, "not read-only"),
    FIELD("partition: space table", AT_BOTH, 5, 64, 4, 2048, "space table"),
    FIELD("partition: start", AT_BOTH, 5, 188, 4, 256, "hold the anchor"),
    FIELD("partition: length", AT_BOTH, 5, 192, 4, 99999, "reach beyond"),
    FIELD("partition: short", AT_BOTH, 5, 192, 4, 3, "size table"),

    FIELD("integrity: open", AT_INTEGRITY, 0, 28, 4, 0, "not closed"),
    FIELD("integrity: partitions", AT_INTEGRITY, 0, 72, 4, 0, "CRC length"),
    FIELD("integrity: unique id", AT_INTEGRITY, 0, 40, 8, 270, "is in use"),
    FIELD("integrity: free space", AT_INTEGRITY, 0, 80, 4, 1, "1 blocks are free"),
    FIELD("integrity: size", AT_INTEGRITY, 0, 84, 4, 1, "size table: 1"),
    FIELD("integrity: files", AT_INTEGRITY, 0, 120, 4, 7, "7 files"),
    FIELD("integrity: directories", AT_INTEGRITY, 0, 124, 4, 4, "4 directories"),
    FIELD("integrity: read revision", AT_INTEGRITY, 0, 128, 2, 0x0150, "minimum read"),
    FIELD("integrity: write revision", AT_INTEGRITY, 0, 130, 2, 0x0201, "minimum write"),
    FIELD("integrity: decimal revision", AT_INTEGRITY, 0, 132, 2, 102, "maximum write"),
};

static const struct udf_breakage linux_volume_faults[] =
{
    FIELD("sequence: reserve differs", AT_RESERVE, 6, 86, 1, '!', "differs from the main"),
    FIELD("sequence: kind differs", AT_RESERVE, 1, 0, 2, 4, "main one's kind"),
    FIELD("logical: short integrity", AT_BOTH, 6, 432, 4, 4096, "below 8192"),
    EDIT("space: used block free", AT_BITMAP, 0, NULL, free_a_used_block, "bitmap says otherwise"),
    EDIT("space: lost block", AT_BITMAP, 0, NULL, use_a_free_block, "bitmap says otherwise"),
    FIELD("space: free blocks", AT_INTEGRITY, 0, 80, 4, 5, "integrity descriptor says 5"),
};

/* --- the files -------------------------------------------------------------------------------------- */

static const struct udf_breakage bridge_file_faults[] = {
    FIELD("file set: level", AT_FILE_SET, 0, 28, 2, 2, "interchange level 2"),
    FIELD("file set: number", AT_FILE_SET, 0, 40, 4, 1, "file set 1"),
    FIELD("file set: name", AT_FILE_SET, 0, 113, 1, 'X', "logical volume \"X"),
    FIELD("file set: revision", AT_FILE_SET, 0, 440, 2, 0x0201, "elsewhere 0102"),
    FIELD("file set: root", AT_FILE_SET, 0, 404, 4, 12, "root directory: file type 5"),
    FIELD("file set: root's length", AT_FILE_SET, 0, 400, 4, 1024, "root ICB of 1024"),
    FIELD("file set: next", AT_FILE_SET, 0, 448, 4, 2048, "next extent"),
    FIELD("file set: old with streams", AT_FILE_SET, 0, 464, 4, 2048, "system stream"),
    FIELD("file set: location", AT_FILE_SET, 0, 12, 4, 257, "tag location 257"),

    FILE_FIELD("entry: strategy", AT_ENTRY, "/small.txt", 20, 2, 4096, "strategy 4096"),
    FILE_FIELD("entry: entries", AT_ENTRY, "/small.txt", 24, 2, 2, "2 entries at most"),
    FILE_FIELD("entry: file type", AT_ENTRY, "/small.txt", 27, 1, 8, "file type 8"),
    FILE_FIELD("entry: real-time in 1.02", AT_ENTRY, "/small.txt", 27, 1, 249, "file type 249"),
    FILE_FIELD("entry: directory", AT_ENTRY, "/small.txt", 27, 1, 4, "directory characteristic 0"),
    FILE_FIELD("entry: sorted", AT_ENTRY, "/folder", 34, 2, 8, "ICB flags 0008"),
    FILE_FIELD("entry: kind of descriptors", AT_ENTRY, "/folder", 34, 2, 2, "of kind 2"),
    FILE_FIELD("entry: permissions", AT_ENTRY, "/folder", 44, 4, 0x8000, "permissions 00008000"),
    FILE_FIELD("entry: links", AT_ENTRY, "/small.txt", 48, 2, 2, "2 links, 1 identifiers"),
    FILE_FIELD("entry: directory's links", AT_ENTRY, "/folder", 48, 2, 1, "1 links"),
    FILE_FIELD("entry: record format", AT_ENTRY, "/small.txt", 50, 1, 1, "record format"),
    FILE_FIELD("entry: length", AT_ENTRY, "/small.txt", 56, 8, 7, "information length 7"),
    FILE_FIELD("entry: short length", AT_ENTRY, "/small.txt", 56, 8, 5, "of more than the 5"),
    FILE_FIELD("entry: blocks", AT_ENTRY, "/small.txt", 64, 8, 2, "recorded 2"),
    FILE_FIELD("entry: access time", AT_ENTRY, "/small.txt", 76, 1, 0, "access time: month 0"),
    FILE_FIELD("entry: year", AT_ENTRY, "/small.txt", 86, 2, 0, "modification time: year 0"),
    FILE_FIELD("entry: attribute time", AT_ENTRY, "/small.txt", 104, 1, 60, "attribute time"),
    FILE_FIELD("entry: checkpoint", AT_ENTRY, "/small.txt", 108, 4, 0, "checkpoint 0"),
    FILE_FIELD("entry: attribute ICB", AT_ENTRY, "/small.txt", 112, 4, 1, "extended attribute ICB"),
    FILE_FIELD("entry: implementation", AT_ENTRY, "/small.txt", 129, 1, 0,
               "implementation identifier: byte 1"),
    FILE_FIELD("entry: unique id of root", AT_ENTRY, "", 160, 8, 20, "unique id 20"),
    FILE_FIELD("entry: unique id below 16", AT_ENTRY, "/small.txt", 160, 8, 15, "id 15 is reserved"),
    FILE_FIELD("entry: unique id twice", AT_ENTRY, "/small.txt", 160, 8, 270, "id 270 is there twice"),
    FILE_FIELD("entry: half a descriptor", AT_ENTRY, "/small.txt", 172, 4, 4, "CRC length"),
    FILE_FIELD("entry: attributes", AT_ENTRY, "/small.txt", 168, 4, 9999, "9999 bytes of attributes"),
    { "entry: rest of the block", AT_ENTRY, 0, "/small.txt", 2047, 1, 1, RAW, "rest of the block", NULL },
    FILE_FIELD("entry: location", AT_ENTRY, "/small.txt", 12, 4, 1, "tag location 1"),
    FILE_FIELD("entry: extended in 1.02", AT_ENTRY, "/small.txt", 0, 2, 266, "no file entry"),

    FILE_FIELD("extent: type", AT_ENTRY, "/small.txt", 176, 4, 0x40000006, "extent of type 1"),
    FILE_FIELD("extent: beyond", AT_ENTRY, "/small.txt", 180, 4, 99999, "in a partition of"),
    FILE_FIELD("extent: on the file set", AT_ENTRY, "/small.txt", 180, 4, 0, "overlaps"),
    FILE_FIELD("extent: on its own entry", AT_ENTRY, "/small.txt", 180, 4, 12, "overlaps"),
    EDIT("extent: into the next file", AT_ENTRY, 0, "/small.txt", lengthen_extent, "overlaps"),

    FILE_FIELD("name: version", AT_NAME, "/small.txt", 16, 2, 2, "file version number 2"),
    FILE_FIELD("name: deleted", AT_NAME, "/small.txt", 18, 1, 4, "a deleted name"),
    FILE_FIELD("name: directory", AT_NAME, "/small.txt", 18, 1, 2, "directory characteristic 1"),
    FILE_FIELD("name: no directory", AT_NAME, "/folder", 18, 1, 0, "directory characteristic 0"),
    FILE_FIELD("name: metadata in 1.02", AT_NAME, "/small.txt", 18, 1, 16, "characteristics 10"),
    FILE_FIELD("name: parent with a name", AT_NAME, "/small.txt", 18, 1, 10, "has a name"),
    FILE_FIELD("name: too long", AT_NAME, "/small.txt", 19, 1, 255, "identifier of "),
    FILE_FIELD("name: empty", AT_NAME, "/small.txt", 19, 1, 0, "CRC length"),
    FILE_FIELD("name: compression", AT_NAME, "/small.txt", 38, 1, 0, "compression 0"),
    FILE_FIELD("name: half a character", AT_NAME, "/small.txt", 38, 1, 16, "half a character"),
    FILE_FIELD("name: zero", AT_NAME, "/small.txt", 40, 1, 0, "unit 0000"),
    EDIT("name: slash", AT_NAME, 0, "/small.txt", put_slash, "a slash"),
    FILE_FIELD("name: padding", AT_NAME, "/folder/deep/deeper", 45, 1, 1, "padding"),
    FILE_FIELD("name: use", AT_NAME, "/small.txt", 36, 2, 2, "implementation use of 2"),
    FILE_FIELD("name: location", AT_NAME, "/small.txt", 12, 4, 0, "tag location 0"),
    FILE_FIELD("name: ICB's partition", AT_NAME, "/small.txt", 28, 2, 1, "partition reference 1"),
    FILE_FIELD("name: ICB's length", AT_NAME, "/small.txt", 20, 4, 4096, "ICB of 4096"),
    FILE_FIELD("name: ICB elsewhere", AT_NAME, "/small.txt", 24, 4, 0, "no file entry"),
    FILE_FIELD("name: ICB beyond", AT_NAME, "/small.txt", 24, 4, 99999, "in a partition of"),
    FILE_FIELD("name: directory again", AT_NAME, "/empty", 24, 4, 2, "second name of a directory"),
    FILE_FIELD("name: parent's parent", AT_NAME, "/folder/deep/", 24, 4, 2, "parent at 259"),
    FILE_FIELD("name: no parent first", AT_NAME, "/folder/", 18, 1, 2, "no character"),
};

static const struct udf_breakage linux_file_faults[] =
{
    FILE_FIELD("name: reserved bit", AT_NAME, "/small.txt", 18, 1, 32, "characteristics 20"),
    FILE_FIELD("name: metadata", AT_NAME, "/small.txt", 18, 1, 16, "metadata characteristic"),
    FILE_FIELD("name: unique id", AT_NAME, "/nothing", 32, 4, 9999, "no name carries its unique id"),
    FILE_FIELD("name: parent's unique id", AT_NAME, "/folder/deep/", 32, 4, 9, "parent: unique id 9"),
    EDIT("name: twice", AT_NAME, 0, "/symlink", call_it_nothing, "\"nothing\" is there twice"),
    FILE_FIELD("extended: object size", AT_ENTRY, "/nothing", 64, 8, 1, "object size 1"),
    FILE_FIELD("extended: reserved", AT_ENTRY, "/nothing", 132, 4, 1, "reserved bytes"),
    FILE_FIELD("extended: creation time", AT_ENTRY, "/nothing", 109, 1, 40, "creation time: day 40"),
    FILE_FIELD("extended: streams", AT_ENTRY, "/nothing", 152, 4, 2048, "no file entry"),
    FILE_FIELD("extended: stream in folder", AT_ENTRY, "/nothing", 34, 2, 0x2003, "stream in a dir"),
    FILE_FIELD("extended: embedded length", AT_ENTRY, "/in-icb.txt", 56, 8, 1499, "1500 bytes in the"),
    FILE_FIELD("extended: embedded blocks", AT_ENTRY, "/in-icb.txt", 72, 8, 1, "1 blocks recorded"),
    FILE_FIELD("continuation: tag", AT_CONTINUATION, "/fragments.bin", 0, 2, 261, "tag identifier"),
    FILE_FIELD("continuation: location", AT_CONTINUATION, "/fragments.bin", 12, 4, 0, "location 0"),
    EDIT("continuation: length", AT_CONTINUATION, 0, "/fragments.bin", shorten_continuation, "extents of"),
};

/* --- the metadata partition and streams ------------------------------------------------------------- */

static const struct udf_breakage metadata_faults[] = {
    FIELD("unallocated: nothing", AT_BOTH, 7, 20, 4, 1, "0 bytes unallocated"),
    FIELD("map: identifier", AT_BOTH, 6, 452, 1, 'u', "map 1 is of the physical partition"),
    FIELD("map: revision", AT_BOTH, 6, 474, 2, 0x0260, "elsewhere 0250"),
    FIELD("map: partition", AT_BOTH, 6, 484, 2, 1, "of partition 1"),
    FIELD("map: metadata file", AT_BOTH, 6, 486, 4, 1, "no file entry"),
    FIELD("map: mirror", AT_BOTH, 6, 490, 4, 0, "are one entry"),
    FIELD("map: bitmap", AT_BOTH, 6, 494, 4, 5, "on a read-only partition"),
    FIELD("map: no unit", AT_BOTH, 6, 498, 4, 0, "allocation unit 0"),
    FIELD("map: unit", AT_BOTH, 6, 498, 4, 64, "the unit is 64 blocks"),
    FIELD("map: huge unit", AT_BOTH, 6, 498, 4, 1 << 21, "the unit is 2097152 blocks"),
    FIELD("map: alignment", AT_BOTH, 6, 502, 2, 64, "aligned to 64"),
    FIELD("map: flags", AT_BOTH, 6, 504, 1, 3, "flags 03"),
    FIELD("map: no duplicate", AT_BOTH, 6, 504, 1, 0, "other extents, but no duplicate"),
    FIELD("map: reserved", AT_BOTH, 6, 505, 1, 1, "metadata partition map: byte 0"),
    FIELD("metadata: type", AT_BLOCK, 288, 27, 1, 251, "file type 251"),
    FIELD("metadata: links", AT_BLOCK, 288, 48, 2, 1, "1 links"),
    FIELD("metadata: size", AT_BLOCK, 288, 56, 8, 31 * 2048, "of more than"),
    FIELD("metadata: long descriptors", AT_BLOCK, 288, 34, 2, 1, "8 bytes of allocation descriptors"),
    FIELD("metadata: elsewhere", AT_BLOCK, 288, 220, 4, 64, "byte 0 is"),
    FIELD("mirror: type", AT_BLOCK, 588, 27, 1, 250, "file type 250"),
    FIELD("mirror: on the original", AT_BLOCK, 588, 220, 4, 32, "a duplicate in the same extent"),
    FLIP("mirror: flipped bit", AT_BLOCK, 611, 300, 1, 1, "in the metadata file 00"),
    FIELD("integrity: metadata", AT_INTEGRITY, 0, 92, 4, 31, "31 blocks of metadata"),
    FIELD("integrity: free metadata", AT_INTEGRITY, 0, 84, 4, 33, "33 blocks of 32"),
    FIELD("file set: in the partition", AT_BOTH, 6, 256, 2, 0, "tag identifier"),
    FILE_FIELD("name: ICB in the partition", AT_NAME, "/small.txt", 28, 2, 0, "no file entry"),
    FILE_FIELD("name: ICB beyond", AT_NAME, "/small.txt", 24, 4, 32, "in a metadata partition of 32"),
    FILE_FIELD("extent: in the metadata", AT_ENTRY, "/large.bin", 224, 2, 1, "in a metadata partition of 32"),
    FILE_FIELD("extent: use", AT_ENTRY, "/large.bin", 226, 2, 1, "implementation use of an"),
    FILE_FIELD("extent: on the mirror", AT_ENTRY, "/large.bin", 220, 4, 320, "overlaps metadata mirror"),
    FILE_FIELD("extent: on the metadata", AT_ENTRY, "/large.bin", 220, 4, 34, "overlaps"),
    FILE_FIELD("real-time: type", AT_ENTRY, "/real-time.bin", 27, 1, 248, "file type 248"),

    FILE_FIELD("streams: file", AT_ENTRY, "/small.txt", 156, 4, 4, "file type 5"),
    FILE_FIELD("streams: ICB", AT_ENTRY, "/small.txt", 152, 4, 4096, "ICB of 4096"),
    FILE_FIELD("streams: object size", AT_ENTRY, "/small.txt", 64, 8, 6, "object size 6"),
    FIELD("streams: type", AT_METADATA, 7, 27, 1, 4, "file type 4"),
    FIELD("streams: their object size", AT_METADATA, 7, 64, 8, 9, "object size 9"),
    FIELD("streams: unique id", AT_METADATA, 7, 200, 8, 3, "unique id 3"),
    FIELD("streams: links", AT_METADATA, 7, 48, 2, 2, "2 links"),
    FIELD("streams: streams", AT_METADATA, 7, 152, 4, 2048, "streams of a stream directory"),
    FILE_FIELD("streams: parent", AT_NAME, "/small.txt:", 24, 4, 2, "parent at 322"),
    FILE_FIELD("streams: parent's unique id", AT_NAME, "/small.txt:", 32, 4, 17, "parent: unique id 17"),
    FILE_FIELD("stream: metadata", AT_NAME, "/small.txt:author", 18, 1, 16, "that is not UDF's"),
    FILE_FIELD("stream: directory", AT_NAME, "/small.txt:author", 18, 1, 2, "directory characteristic 1"),
    FILE_FIELD("stream: another's", AT_NAME, "/small.txt:author", 24, 4, 9, "second name"),
    FILE_FIELD("stream: unique id of name", AT_NAME, "/small.txt:author", 32, 4, 5,
               "unique id 5 in a stream's"),
    FILE_FIELD("stream: flag", AT_ENTRY, "/small.txt:author", 34, 2, 3, "without the stream flag"),
    FILE_FIELD("stream: unique id", AT_ENTRY, "/small.txt:author", 200, 8, 5, "unique id 5 of a stream"),
    FILE_FIELD("stream: streams", AT_ENTRY, "/small.txt:author", 152, 4, 2048, "a stream with streams"),
    FILE_FIELD("stream: object size", AT_ENTRY, "/small.txt:author", 64, 8, 9, "object size 9 of a stream"),
    FILE_FIELD("stream: links", AT_ENTRY, "/small.txt:author", 48, 2, 0, "0 links"),
};

/* --- all of them ------------------------------------------------------------------------------------ */

/* The bytes are whole again behind each. */
static unsigned count_missed(const char *volume, unsigned allow, const struct udf_breakage *breakages,
                             size_t count)
{
    struct udf_check_expect expect = { 0, allow, 0, NULL };
    struct udf_check_tree *tree;
    char message[500];
    size_t size;
    uint8_t *good = udf_kit_load(volume, &size), *bytes = malloc(size);
    FILE *file = udf_kit_file(good, size);
    unsigned missed = 0;

    assert_non_null(bytes);
    assert_int_equal(udf_check(file, &expect, &tree, message, sizeof(message)), 0);
    for (size_t i = 0; i < count; i++)
    {
        int failed;

        memcpy(bytes, good, size);
        udf_break(bytes, size, tree, &breakages[i]);
        rewind(file);
        assert_int_equal(fwrite(bytes, 1, size, file), size);
        assert_int_equal(fflush(file), 0);
        failed = udf_check(file, &expect, NULL, message, sizeof(message));
        if (failed && strstr(message, breakages[i].complaint)) continue;
        print_error("%s: \"%s\", not \"%s\"\n", breakages[i].name, message, breakages[i].complaint);
        missed++;
    }
    udf_check_free(tree);
    fclose(file);
    free(bytes);
    free(good);
    return missed;
}

#define COUNT_MISSED(volume, allow, breakages) \
    count_missed(volume, allow, breakages, sizeof(breakages) / sizeof(*(breakages)))

static void faults_of_a_bridge_volume_are_noticed(void **state)
{
    (void)state;
    assert_int_equal(COUNT_MISSED("genisoimage-102", UDF_CHECK_ALLOW_ODD_RESERVE, bridge_volume_faults), 0);
}

static void faults_of_a_bridge_volumes_files_are_noticed(void **state)
{
    (void)state;
    assert_int_equal(COUNT_MISSED("genisoimage-102", UDF_CHECK_ALLOW_ODD_RESERVE, bridge_file_faults), 0);
}

static void faults_of_a_writable_volume_are_noticed(void **state)
{
    unsigned allow = UDF_CHECK_ALLOW_WRITABLE | UDF_CHECK_ALLOW_SPARSE | UDF_CHECK_ALLOW_SYMLINKS;

    (void)state;
    assert_int_equal(COUNT_MISSED("linux-201-hd", allow, linux_volume_faults), 0);
    assert_int_equal(COUNT_MISSED("linux-201-hd", allow, linux_file_faults), 0);
}

static void faults_of_metadata_and_streams_are_noticed(void **state)
{
    (void)state;
    assert_int_equal(COUNT_MISSED("metadata-250", 0, metadata_faults), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(faults_of_a_bridge_volume_are_noticed),
        cmocka_unit_test(faults_of_a_bridge_volumes_files_are_noticed),
        cmocka_unit_test(faults_of_a_writable_volume_are_noticed),
        cmocka_unit_test(faults_of_metadata_and_streams_are_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
