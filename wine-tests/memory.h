/*
 * Memory that runs out in a DLL under test, as it ships: the entries of its import table for malloc and its
 * like lead here, and a spy watches the task allocator (BSTRs, SAFEARRAYs, also those that OLE makes for the
 * DLL). What the test itself allocates meanwhile with malloc does not count; task memory of anybody does.
 */
#ifndef WINE_TESTS_MEMORY_H
#define WINE_TESTS_MEMORY_H

#include "com_test.h"

/* From now on the DLL's allocations are seen. Once per program. FALSE and a failed check: it cannot be. */
BOOL memory_watch(const char *dll);

/* The nth allocation from now on fails, on this thread: 1 the next; 0 none. */
void memory_fail(LONG nth);

/* How many were asked for since memory_fail. */
LONG memory_asked(void);

/* Blocks that were allocated since memory_watch and are not free yet. */
LONG memory_live(void);

#endif
