/* What else a failure says: names of file systems, and the detail that travels beside a status. */
#include "fs_room.h"

#include <stdlib.h>
#include <string.h>

const char *fs_kind_name(unsigned kinds)
{
    switch (kinds)
    {
    case FS_ISO9660: return "ISO9660";
    case FS_JOLIET: return "Joliet";
    case FS_ISO9660 | FS_JOLIET: return "ISO9660/Joliet";
    case FS_UDF: return "UDF";
    default: return "";
    }
}

void fs_detail_clear(struct fs_detail *detail)
{
    if (!detail) return;
    free(detail->item);
    memset(detail, 0, sizeof(*detail));
}

enum oi_status fs_fail(enum oi_status status, struct fs_detail *detail)
{
    fs_detail_clear(detail);
    return status;
}

enum oi_status fs_fail_item(enum oi_status status, struct fs_detail *detail, const struct fs_item *item,
                            unsigned file_systems)
{
    return fs_fail_numbers(status, detail, item, file_systems, 0, 0);
}

enum oi_status fs_fail_text(enum oi_status status, struct fs_detail *detail, const char16_t *text,
                            size_t length)
{
    if (!detail) return status;
    fs_detail_clear(detail);
    detail->item = text_copy_n(text, length);
    return status;
}

enum oi_status fs_fail_numbers(enum oi_status status, struct fs_detail *detail, const struct fs_item *item,
                               unsigned file_systems, uint64_t expected, uint64_t found)
{
    if (!detail) return status;
    fs_detail_clear(detail);
    if (item && fs_item_path(item, &detail->item)) detail->item = NULL;
    detail->file_systems = file_systems;
    detail->expected = expected;
    detail->found = found;
    return status;
}
