/* What tests of booting share: boot options, arrays of them, and the image that they are made for. */
#ifndef WINE_TESTS_BOOT_H
#define WINE_TESTS_BOOT_H

#include "fsi.h"

/* New BootOptions with that boot image; NULL: without. The caller's. */
IBootOptions *boot_options_of(IStream *stream);

/* With a boot image of fsi_byte. */
IBootOptions *boot_options_with(ULONG size);

/* put_BootImageOptionsArray of an array of VARIANTs of that type. */
HRESULT boot_put_array(IFileSystemImage3 *image, void *const *objects, ULONG count, VARTYPE type);

LONG boot_used_blocks(IFileSystemImage3 *image);

/* How many elements the array has that the image shows; the first of them, not counted. */
LONG boot_shown(IFileSystemImage3 *image, IUnknown **first);

/* The image. Free with free(). The catalog stands where the boot record in block 17 says; NULL: a failed
   check. */
BYTE *boot_make(struct fsi *fsi, const BYTE **catalog);

/* Whether an entry of the catalog leads to these bytes. */
BOOL boot_leads_to(const BYTE *image, const BYTE *entry, const BYTE *expected, ULONG size);

#endif
