/* Breaks one field of a UDF volume in memory, in a structure by its name, and mends checksums and CRCs. */
#ifndef OPENIMAPI_TESTS_UDF_BREAK_H
#define OPENIMAPI_TESTS_UDF_BREAK_H

#include "helpers/udf_check.h"

enum udf_place
{
    AT_BLOCK, /* by its number */
    AT_MAIN,
    AT_RESERVE,
    AT_BOTH, /* descriptor of a volume descriptor sequence, by its tag */
    AT_ANCHOR,
    AT_LAST_ANCHOR,
    AT_ANCHORS,
    AT_INTEGRITY,
    AT_FILE_SET,
    AT_ENTRY,        /* file entry, by its path */
    AT_NAME,         /* file identifier, by its path; "/folder/", "/file:" for the parent's */
    AT_METADATA,     /* block of the metadata partition, by its number */
    AT_CONTINUATION, /* first allocation extent of the file */
    AT_BITMAP
};

enum udf_seal
{
    RAW,                                /* as if a bit had flipped */
    CHECKSUM,                           /* the tag's checksum is right again */
    SEALED                              /* the CRC too: as a wrong writer would have it */
};

struct udf_breakage
{
    const char *name;
    enum udf_place place;
    unsigned number;                    /* of a block, or a tag identifier */
    const char *path;
    unsigned offset, width;             /* bytes; 0 for an edit */
    uint64_t value;
    enum udf_seal seal;
    const char *complaint;              /* what the reader says, or a part of it */
    void (*edit)(uint8_t *d);           /* instead of a value */
};

/* Breaks bytes, where tree tells, and in both copies of what lies in a metadata partition. The test fails
   when the place is not there. */
void udf_break(uint8_t *bytes, size_t size, const struct udf_check_tree *tree,
               const struct udf_breakage *breakage);

#endif
