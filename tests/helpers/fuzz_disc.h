/*
 * What the fuzzers of file systems share: an input is what stands on a disc behind the 16 blocks of its
 * system area, which no reader looks at. It is imported into a tree that is not empty, and these hold: the
 * import ends, after reading little more than there is; a tree whose import failed is as it was, and so is
 * one whose import was taken back; files read no byte outside of the disc.
 */
#ifndef OPENIMAPI_TESTS_FUZZ_DISC_H
#define OPENIMAPI_TESTS_FUZZ_DISC_H

#include "openimapi/fs_import.h"

/* Aborts when one of them does not. */
void fuzz_import(const uint8_t *bytes, size_t size, enum fs_kind kind);

/* The same of what boots: the catalog is read, after few blocks, or refused; and nothing lies outside. */
void fuzz_boot(const uint8_t *bytes, size_t size);

#endif
