/*
 * The files of virtual discs in memory, for tests that burn thousands of them.
 */
#ifndef OPENIMAPI_TESTS_STORE_MEMORY_H
#define OPENIMAPI_TESTS_STORE_MEMORY_H

#include "openimapi/emu.h"

/* There is one; its files stay until they are cleared, whoever opens and closes them. */
struct emu_store *store_memory(void);

/* Forgets all files. None may be open. */
void store_memory_clear(void);

/* Bytes of a file; returns how many there are, 0 when there is no such file. */
size_t store_memory_read(const char *path, uint64_t offset, void *buffer, size_t size);

#endif
