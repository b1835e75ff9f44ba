/* Beginning of every test of the kit: the objects of kit.dll, and the end of each test with none alive. */
#ifndef WINE_TESTS_KIT_TEST_H
#define WINE_TESTS_KIT_TEST_H

#include "../com_test.h"
#include "kit_room.h"

#include <stdlib.h>
#include <string.h>

static inline const struct kit_tool *kit_tool(void)
{
    const struct kit_tool *(WINAPI * get)(void) = (void *)GetProcAddress(com_test_dll("kit.dll"), "KitTool");

    return get();
}

static inline IKitThing *kit_thing(void)
{
    IKitThing *thing = NULL;

    ok_hr(com_test_create("kit.dll", &CLSID_KitThing, &IID_IKitThing, (void **)&thing), S_OK, "KitThing");
    return thing;
}

/* The last reference of an object is released and nothing of the DLL is alive any more. */
#define kit_end(object)                                                                                      \
    do                                                                                                       \
    {                                                                                                        \
        check_last_release(object);                                                                          \
        ok_int(kit_tool()->live(), 0, "objects alive");                                                      \
    } while (0)

#endif
