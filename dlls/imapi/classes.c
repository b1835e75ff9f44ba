/* What imapi.dll is made of. IMAPI version 1 has no classes yet: nothing is registered, and every class id is
 * answered with CLASS_E_CLASSNOTAVAILABLE. */
#include "com/com.h"

/* {8AFF08EB-E715-491D-BAAC-78C81BA00BF3}: the surrogate for callers that ask for a local server only. */
static const GUID appid = { 0x8aff08eb, 0xe715, 0x491d, { 0xba, 0xac, 0x78, 0xc8, 0x1b, 0xa0, 0x0b, 0xf3 } };

static const struct com_class *const classes[] = { NULL };

/* No libid: the library in the resource is for tools and is not registered, as the original has none. */
const struct com_dll com_dll = { .name = L"IMAPI", .appid = &appid, .classes = classes };
