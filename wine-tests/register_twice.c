/* Registration of interfaces that the libraries of imapi2.dll and imapi2fs.dll describe both: whichever comes
   or goes first, they stay registered, and callable from other apartments, as long as one is there. */
#include "com_test.h"
#include "registry.h"

#include <stdio.h>
#include <stdlib.h>

struct library
{
    const char *dll, *libid, *clsid;    /* clsid: of one of its classes */
};

static const struct library libraries[2] =
{
    { "imapi2.dll", "{2735412F-7F64-5B0F-8F00-5D77AFBE261E}", "{2735412E-7F64-5B0F-8F00-5D77AFBE261E}" },
    { "imapi2fs.dll", "{2C941FD0-975B-59BE-A960-9A2A262853A5}", "{2C941FC5-975B-59BE-A960-9A2A262853A5}" },
};

static const struct
{
    const char *name, *iid;
} interfaces[] =
{
    { "IBlockRange", "{B507CA25-2204-11DD-966A-001AA01BBC58}" },
    { "IBlockRangeList", "{B507CA26-2204-11DD-966A-001AA01BBC58}" },
};

static void call_export(const struct library *library, const char *name)
{
    HRESULT(WINAPI * function)(void) = (void *)GetProcAddress(com_test_dll(library->dll), name);

    if (ok(function != NULL, "%s has no %s", library->dll, name)) ok_hr(function(), S_OK, name);
}

static void check_value(const char *key, const char *name, const char *expected)
{
    const char *found = registry_get(key, name, 0);

    ok(found && !lstrcmpiA(found, expected), "%s [%s] is \"%s\", expected \"%s\"", key, name ? name : "",
       found ? found : "(none)", expected);
}

/* All that marshalling needs: the marshaler, and a library that can be loaded and knows the interface. */
static void check_described_by(const struct library *library)
{
    WCHAR wide[40];
    ITypeInfo *info;
    ITypeLib *typelib;
    GUID libid, iid;
    char key[128];
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        snprintf(key, sizeof(key), "Interface\\%s", interfaces[i].iid);
        check_value(key, NULL, interfaces[i].name);
        snprintf(key, sizeof(key), "Interface\\%s\\ProxyStubClsid32", interfaces[i].iid);
        check_value(key, NULL, "{00020424-0000-0000-C000-000000000046}");
        snprintf(key, sizeof(key), "Interface\\%s\\TypeLib", interfaces[i].iid);
        check_value(key, NULL, library->libid);
        check_value(key, "Version", "1.0");

        MultiByteToWideChar(CP_ACP, 0, library->libid, -1, wide, ARRAYSIZE(wide));
        CLSIDFromString(wide, &libid);
        MultiByteToWideChar(CP_ACP, 0, interfaces[i].iid, -1, wide, ARRAYSIZE(wide));
        CLSIDFromString(wide, &iid);
        if (!ok_hr(LoadRegTypeLib(&libid, 1, 0, 0, &typelib), S_OK, "LoadRegTypeLib")) continue;
        hr = ITypeLib_GetTypeInfoOfGuid(typelib, &iid, &info);
        if (ok_hr(hr, S_OK, "GetTypeInfoOfGuid")) ITypeInfo_Release(info);
        ITypeLib_Release(typelib);
    }
}

static BOOL is_taken(void)
{
    char key[128];
    size_t i;

    for (i = 0; i < ARRAYSIZE(libraries); i++)
    {
        snprintf(key, sizeof(key), "CLSID\\%s\\InprocServer32", libraries[i].clsid);
        if (!registry_get(key, NULL, 0)) continue;
        skip("%s is registered on this system already", libraries[i].dll);
        return TRUE;
    }
    return FALSE;
}

/* All of both libraries, by the common ends of their GUIDs and by their names. */
static char *snapshot(void)
{
    static const char *const parts[] =
        { "8F00-5D77AFBE261E", "A960-9A2A262853A5", "966A-001AA01BBC58", "IMAPI2", NULL };

    return registry_snapshot(parts);
}

/* One comes first, one goes first: what is left is as if the one that went had never been there. */
static void come_and_go(const struct library *first, const struct library *second, const struct library *goes,
                        const struct library *stays)
{
    char *nothing = snapshot(), *alone, *after;

    test_push("%s comes first, %s goes first", first->dll, goes->dll);
    call_export(stays, "DllRegisterServer");
    alone = snapshot();
    call_export(stays, "DllUnregisterServer");

    call_export(first, "DllRegisterServer");
    call_export(second, "DllRegisterServer");
    check_described_by(first);
    call_export(second, "DllRegisterServer");
    check_described_by(first);
    call_export(goes, "DllUnregisterServer");
    check_described_by(stays);
    after = snapshot();
    check_same_registry(alone, after, "one is left");
    free(after);
    call_export(stays, "DllUnregisterServer");
    after = snapshot();
    check_same_registry(nothing, after, "both are gone");
    free(after);
    free(alone);
    free(nothing);
    test_pop();
}

TEST(the_first_to_come_may_go_first)
{
    if (is_taken()) return;
    come_and_go(&libraries[0], &libraries[1], &libraries[0], &libraries[1]);
    come_and_go(&libraries[1], &libraries[0], &libraries[1], &libraries[0]);
}

TEST(the_last_to_come_may_go_first)
{
    if (is_taken()) return;
    come_and_go(&libraries[0], &libraries[1], &libraries[1], &libraries[0]);
    come_and_go(&libraries[1], &libraries[0], &libraries[0], &libraries[1]);
}

TEST_MAIN(TEST_CASE(the_first_to_come_may_go_first), TEST_CASE(the_last_to_come_may_go_first))
