/* DFileSystemImageEvents and DFileSystemImageImportEvents: how far the taking in of a file, and of a session,
   is. */
#include "imapi2fs/imapi2fs_room.h"

#define MEGABYTE 512                    /* in sectors */

static void tell(struct image *image, const struct image_progress *progress, uint64_t sectors, uint64_t total)
{
    VARIANT args[4] =
    {
        COM_ARG_DISPATCH(COM_IFACE(IDispatch, &image->base, 0)),
        COM_ARG_BSTR(SysAllocString(progress->path)),
        COM_ARG_LONG((LONG)min(sectors, MAXLONG)),
        COM_ARG_LONG((LONG)min(total, MAXLONG)),
    };

    com_fire(&image->base, &IID_DFileSystemImageEvents, DISPID_DFILESYSTEMIMAGEEVENTS_UPDATE, args,
             COM_COUNT(args));
    SysFreeString(args[1].bstrVal);
}

/* An empty file has no sectors to tell of: its total would be a 0 that sinks divide by. */
void image_progress(struct image *image, struct image_progress *progress, uint64_t copied)
{
    uint64_t total = (progress->total + FS_BLOCK_SIZE - 1) / FS_BLOCK_SIZE;
    uint64_t sectors = copied >= progress->total ? total : copied / FS_BLOCK_SIZE;

    if (!total || !com_has_sinks(&image->base, &IID_DFileSystemImageEvents)) return;
    if (!progress->begun)
    {
        progress->begun = TRUE;
        tell(image, progress, 0, total);
    }
    while (progress->told + MEGABYTE <= sectors)
    {
        progress->told += MEGABYTE;
        tell(image, progress, progress->told, total);
    }
    if (sectors == total && progress->told < total)
    {
        progress->told = total;
        tell(image, progress, total, total);
    }
}

/* Totals that the file system does not say are -1. */
static LONG count_of(uint64_t count)
{
    return count == UINT64_MAX ? -1 : (LONG)min(count, MAXLONG);
}

void image_import_progress(struct image *image, enum fs_kind kind, const struct fs_import_progress *progress)
{
    VARIANT args[7] =
    {
        COM_ARG_DISPATCH(COM_IFACE(IDispatch, &image->base, 0)),
        COM_ARG_LONG((LONG)kind),
        COM_ARG_BSTR(NULL),
        COM_ARG_LONG(count_of(progress->directories)),
        COM_ARG_LONG(count_of(progress->directories_total)),
        COM_ARG_LONG(count_of(progress->files)),
        COM_ARG_LONG(count_of(progress->files_total)),
    };

    if (!com_has_sinks(&image->base, &IID_DFileSystemImageImportEvents)) return;
    args[2].bstrVal = SysAllocString(progress->path);
    com_fire(&image->base, &IID_DFileSystemImageImportEvents,
             DISPID_DFILESYSTEMIMAGEIMPORTEVENTS_UPDATEIMPORT, args, COM_COUNT(args));
    SysFreeString(args[2].bstrVal);
}
