/* What imapi2.dll is made of. A class that is not in the list is not registered and has no class factory. */
#include "imapi2_room.h"

static const struct com_class *const classes[] =
{
    &disc_master_class,
    &disc_recorder_class,
    &format_data_class,
    &speed_descriptor_class,
    &multisession_sequential_class,
    &multisession_random_class,
    NULL,
};

/* {6D9B1C0E-6A0B-4F0C-9B52-4A2F6E1D7C34}: the surrogate for callers that want a local server only. */
static const GUID appid = { 0x6d9b1c0e, 0x6a0b, 0x4f0c, { 0x9b, 0x52, 0x4a, 0x2f, 0x6e, 0x1d, 0x7c, 0x34 } };

const struct com_dll com_dll =
{
    .name = L"IMAPI2",
    .libid = &LIBID_IMAPI2,
    .major = 1,
    .minor = 0,
    .appid = &appid,
    .classes = classes,
};
