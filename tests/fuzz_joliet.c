/* Fuzzer of the Joliet reader; see helpers/fuzz_disc.h. */
#include "helpers/fuzz_disc.h"
#include "helpers/fuzz_mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_import(bytes, size, FS_JOLIET);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max, unsigned seed)
{
    return fuzz_mutate(bytes, size, max, seed);
}
