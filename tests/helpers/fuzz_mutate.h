/*
 * Mutation of disc images, most bytes of which are zero and mean nothing: changes are made where something
 * is recorded. A fuzzer's LLVMFuzzerCustomMutator calls it and then repairs the checksums of its file system.
 */
#ifndef OPENIMAPI_TESTS_FUZZ_MUTATE_H
#define OPENIMAPI_TESTS_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* Of libFuzzer; and what a fuzzer may define. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned seed);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* As LLVMFuzzerCustomMutator. */
size_t fuzz_mutate(uint8_t *bytes, size_t size, size_t max, unsigned seed);

#endif
