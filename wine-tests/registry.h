/* Looking at HKEY_CLASSES_ROOT in tests of registration. */
#ifndef WINE_TESTS_REGISTRY_H
#define WINE_TESTS_REGISTRY_H

#include "test.h"

/* The keys of classes, interfaces, type libraries and names, one a line, as the 64-bit and the 32-bit view
   show them; those whose name contains one of the parts (NULL at the end) with all that is in them. parts
   NULL: all of all keys, which takes seconds. Free it. */
char *registry_snapshot(const char *const *parts);

/* A check that two snapshots are the same; shows the first line that differs. */
#define check_same_registry(before, after, what) registry_same(__FILE__, __LINE__, before, after, what)
int registry_same(const char *file, int line, const char *before, const char *after, const char *what);

/* A text value (name NULL: the default one), valid for four calls; NULL when there is none. view: 0, or
   KEY_WOW64_32KEY or KEY_WOW64_64KEY. */
char *registry_get(const char *path, const char *name, REGSAM view);
int registry_set(const char *path, const char *name, const char *data);

#endif
