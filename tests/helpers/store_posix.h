/*
 * The files of virtual discs on a POSIX system, for tests and native tools.
 */
#ifndef OPENIMAPI_TESTS_STORE_POSIX_H
#define OPENIMAPI_TESTS_STORE_POSIX_H

#include "openimapi/emu.h"

/* There is one, without state of its own; nothing to free. Paths are passed on as they are. */
struct emu_store *store_posix(void);

#endif
