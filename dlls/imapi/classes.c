/* What imapi.dll is made of. IMAPI version 1 has no classes here yet: nothing is registered, and every class id is
 * answered with CLASS_E_CLASSNOTAVAILABLE. */
#include <initguid.h>

#include "com/com.h"

/* Names the surrogate that will serve callers who ask for a local server only. */
DEFINE_GUID(imapi_appid, 0x5b1ee2a6, 0x1e9d, 0x4d5c, 0x8f, 0x37, 0x2d, 0x0e, 0x6c, 0x94, 0x7b, 0x11);

static const struct com_class *const classes[] = { NULL };

/* The library in the resource serves tools; the original registers none, so this one has no id here. */
const struct com_dll com_dll =
{
    .name = L"IMAPI", .appid = &imapi_appid, .classes = classes,
};
