/* The volume recognition sequence of an image, taken strictly: by which standards the image can be read.
   ECMA-119 6.7.1, ECMA-167 2/8.3, and ECMA-168 2/8.3, which is the same. (recognition.c finds them.) */
#include "openimapi/fs_import.h"

#include <string.h>

#define FIRST_DESCRIPTOR 16             /* ECMA-119 6.2.1; byte 32768: ECMA-167 2/8.3 */
#define DESCRIPTORS_MAX 240             /* up to the anchor of ECMA-167 3/8.4.2.1, block 256 */
#define TERMINATOR 255                  /* ECMA-119 8.3.1 */

struct sequence
{
    unsigned standards;
    int extended;                       /* between BEA01 and TEA01: ECMA-167 2/8.3.1.2 */
};

static int is(const uint8_t *descriptor, const char *identifier)
{
    return !memcmp(descriptor + 1, identifier, 5);
}

/* ECMA-119 8.1: boot record, primary, supplementary (version 2: enhanced) and partition descriptors say that
   there is a volume, the terminator does not. */
static int note_ecma119(struct sequence *sequence, const uint8_t *descriptor)
{
    uint8_t type = descriptor[0], version = descriptor[6];

    if (type == TERMINATOR) return version == 1;
    if (type > 3 || (version != 1 && !(type == 2 && version == 2))) return 0;
    sequence->standards |= FS_STANDARD_ECMA119;
    return 1;
}

/* What the descriptor says. 0: it is none, the sequence ends before it. */
static int note(struct sequence *sequence, const uint8_t *descriptor)
{
    if (is(descriptor, "CD001")) return note_ecma119(sequence, descriptor);
    /* ECMA-167 2/9.1: structure type 0, structure version 1. */
    if (descriptor[0] != 0 || descriptor[6] != 1) return 0;
    if (is(descriptor, "BEA01")) sequence->extended = 1;
    else if (is(descriptor, "TEA01")) sequence->extended = 0;
    else if (!sequence->extended) return 0;
    else if (is(descriptor, "NSR02") || is(descriptor, "NSR03")) sequence->standards |= FS_STANDARD_ECMA167;
    else if (is(descriptor, "CDW02")) sequence->standards |= FS_STANDARD_ECMA168;
    else return is(descriptor, "BOOT2");
    return 1;
}

enum oi_status fs_recognize_standards(struct source *source, uint32_t first, unsigned *standards)
{
    uint64_t at = ((uint64_t)first + FIRST_DESCRIPTOR) * FS_BLOCK_SIZE;
    struct sequence sequence = { 0, 0 };
    enum oi_status status = OI_OK;

    for (uint32_t i = 0; i < DESCRIPTORS_MAX; i++)
    {
        uint8_t descriptor[FS_BLOCK_SIZE];
        size_t got = 0;

        status = source_read_some(source, at + (uint64_t)i * FS_BLOCK_SIZE, descriptor, sizeof(descriptor),
                                  &got);
        if (status || got < sizeof(descriptor) || !note(&sequence, descriptor)) break;
    }
    *standards = sequence.standards;
    /* What follows a sequence need not be there, nor be readable. */
    return sequence.standards ? OI_OK : status;
}
