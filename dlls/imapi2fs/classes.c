/* The classes of imapi2fs.dll. */
#include "imapi2fs/imapi2fs_room.h"

static const struct com_class *const classes[] =
{
    &image_class,
    &boot_options_class,
    &directory_item_class,
    &file_item_class,
    &named_streams_class,
    &result_class,
    &image_stream_class,
    &partial_stream_class,
    &block_range_list_class,
    &block_range_class,
    &progress_items_class,
    &progress_item_class,
    &iso_manager_class,
    NULL,
};

/* Own: the reference has no AppID. */
static const GUID appid =
{
    0x5e0d3a0b, 0x6a4c, 0x4c39, { 0x9d, 0x52, 0x1f, 0x5b, 0x8d, 0x8a, 0x2f, 0x33 }
};

const struct com_dll com_dll = {
    .name = L"IMAPI2FS",
    .libid = &LIBID_IMAPI2FS,
    .major = 1,
    .minor = 0,
    .appid = &appid,
    .classes = classes,
};
