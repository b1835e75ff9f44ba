/* Self-registration: what is written, that a client finds the classes by it, and that exactly that goes away
   again, in both bitnesses and in either order. kit.dll stands for all; the real DLLs follow. */
#include "com_test.h"
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#ifdef _WIN64
#define OWN "x86_64"
#define OTHER "i686"
#define OTHER_VIEW KEY_WOW64_32KEY
#define OTHER_SYSTEM "syswow64"
#define OWN_PLATFORM "win64"
#define OTHER_PLATFORM "win32"
#else
#define OWN "i686"
#define OTHER "x86_64"
#define OTHER_VIEW KEY_WOW64_64KEY
#define OTHER_SYSTEM "sysnative"
#define OWN_PLATFORM "win32"
#define OTHER_PLATFORM "win64"
#endif

struct class
{
    const char *clsid, *progid;
    BOOL built;                         /* false: answers CLASS_E_CLASSNOTAVAILABLE and is not registered */
};

struct library
{
    const char *dll, *libid;
    struct class classes[12];
};

static const struct library libraries[] =
{
    { "imapi.dll", NULL,
      { { "{520CCA63-51A5-11D3-9144-00104BA11C5E}", NULL, FALSE },
        { "{520CCA61-51A5-11D3-9144-00104BA11C5E}", NULL, FALSE },
        { "{8A03567A-63CB-4BA8-BAF6-52119816D1EF}", NULL, FALSE } } },
    { "imapi2.dll", "{2735412F-7F64-5B0F-8F00-5D77AFBE261E}",
      { { "{2735412E-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscMaster2", TRUE },
        { "{2735412D-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscRecorder2", TRUE },
        { "{2735412A-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscFormat2Data", TRUE },
        { "{2735412C-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftWriteEngine2", FALSE },
        { "{2735412B-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscFormat2Erase", FALSE },
        { "{27354129-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscFormat2TrackAtOnce", FALSE },
        { "{27354128-7F64-5B0F-8F00-5D77AFBE261E}", "IMAPI2.MsftDiscFormat2RawCD", FALSE },
        { "{27354123-7F64-5B0F-8F00-5D77AFBE261E}", NULL, FALSE },
        { "{27354122-7F64-5B0F-8F00-5D77AFBE261E}", NULL, FALSE },
        { "{B507CA24-2204-11DD-966A-001AA01BBC58}", NULL, FALSE },
        { "{25983561-9D65-49CE-B335-40630D901227}", "IMAPI2.MsftRawCDImageCreator", FALSE } } },
    { "imapi2fs.dll", "{2C941FD0-975B-59BE-A960-9A2A262853A5}",
      { { "{2C941FC5-975B-59BE-A960-9A2A262853A5}", "IMAPI2FS.MsftFileSystemImage", TRUE },
        { "{2C941FCE-975B-59BE-A960-9A2A262853A5}", "IMAPI2FS.BootOptions", TRUE },
        { "{CEEE3B62-8F56-4056-869B-EF16917E3EFC}", "IMAPI2FS.MsftIsoImageManager", TRUE },
        { "{2C941FCC-975B-59BE-A960-9A2A262853A5}", NULL, FALSE },
        { "{2C941FC8-975B-59BE-A960-9A2A262853A5}", NULL, FALSE } } },
    { "kit.dll", "{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A10}",
      { { "{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A11}", "OpenImapiKit.KitThing", TRUE },
        { "{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A12}", "OpenImapiKit.KitLoose", TRUE },
        { "{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A13}", NULL, FALSE } } },
};

#define KIT (&libraries[3])
#define THING "{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A11}"
#define THING_KEY "CLSID\\" THING
#define KIT_LIB "TypeLib\\{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A10}\\1.0"
#define KIT_INTERFACE "Interface\\{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A02}"

static HRESULT call_export(const char *dll, const char *name)
{
    HRESULT(WINAPI * function)(void) = (void *)GetProcAddress(com_test_dll(dll), name);

    if (!ok(function != NULL, "%s has no %s", dll, name)) return E_UNEXPECTED;
    return function();
}

static const char *module_path(const char *dll)
{
    static char path[MAX_PATH];

    GetModuleFileNameA(com_test_dll(dll), path, sizeof(path));
    return path;
}

/* The DLL of the other bitness, beside ours in the build; NULL when it is not there. */
static const char *other_path(const char *dll)
{
    static char path[MAX_PATH];
    char own[MAX_PATH], *at;

    strcpy(own, module_path(dll));
    if (!(at = strstr(own, "\\" OWN "\\"))) return NULL;
    *at = 0;
    snprintf(path, sizeof(path), "%s\\" OTHER "\\%s", own, at + strlen("\\" OWN "\\"));
    return GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES ? NULL : path;
}

/* regsvr32 of the other bitness; FALSE when it cannot be had. */
static BOOL register_other(const char *dll, const char *option)
{
    STARTUPINFOA startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    char command[2 * MAX_PATH], windows[MAX_PATH];
    DWORD code = 99;

    if (!other_path(dll)) return FALSE;
    GetWindowsDirectoryA(windows, sizeof(windows));
    snprintf(command, sizeof(command), "%s\\" OTHER_SYSTEM "\\regsvr32.exe /s %s \"%s\"", windows, option,
             other_path(dll));
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return FALSE;
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code == 0;
}

/* Registered by somebody before, which these tests would take away. */
static BOOL is_taken(const struct library *library)
{
    char key[128];

    snprintf(key, sizeof(key), "CLSID\\%s\\InprocServer32", library->classes[0].clsid);
    if (!registry_get(key, NULL, 0) && !registry_get(key, NULL, OTHER_VIEW)) return FALSE;
    skip("%s is registered on this system already", library->dll);
    return TRUE;
}

static void check_value(const char *key, const char *name, const char *expected)
{
    const char *found = registry_get(key, name, 0);

    ok(found && !lstrcmpiA(found, expected), "%s [%s] is \"%s\", expected \"%s\"", key, name ? name : "",
       found ? found : "(none)", expected);
}

static void check_class(const struct library *library, const struct class *class)
{
    char key[200], versioned[100];

    test_push("%s", class->clsid);
    snprintf(key, sizeof(key), "CLSID\\%s\\InprocServer32", class->clsid);
    if (!class->built)
    {
        ok(!registry_get(key, NULL, 0), "registered, but not built");
        test_pop();
        return;
    }
    check_value(key, NULL, module_path(library->dll));
    check_value(key, "ThreadingModel", "Both");
    snprintf(versioned, sizeof(versioned), "%s.1", class->progid);
    snprintf(key, sizeof(key), "CLSID\\%s\\ProgID", class->clsid);
    check_value(key, NULL, versioned);
    snprintf(key, sizeof(key), "CLSID\\%s\\VersionIndependentProgID", class->clsid);
    check_value(key, NULL, class->progid);
    snprintf(key, sizeof(key), "CLSID\\%s\\TypeLib", class->clsid);
    check_value(key, NULL, library->libid);
    snprintf(key, sizeof(key), "%s\\CLSID", class->progid);
    check_value(key, NULL, class->clsid);
    snprintf(key, sizeof(key), "%s\\CurVer", class->progid);
    check_value(key, NULL, versioned);
    snprintf(key, sizeof(key), "%s\\CLSID", versioned);
    check_value(key, NULL, class->clsid);
    test_pop();
}

static BOOL key_exists(const char *path)
{
    HKEY key;

    if (RegOpenKeyExA(HKEY_CLASSES_ROOT, path, 0, KEY_READ, &key)) return FALSE;
    RegCloseKey(key);
    return TRUE;
}

/* What a class needs beyond CLSID and ProgID: the surrogate, the mark for scripts. */
static void check_surrogate(const struct class *class)
{
    char key[200];
    const char *appid;

    snprintf(key, sizeof(key), "CLSID\\%s", class->clsid);
    appid = registry_get(key, "AppID", 0);
    if (!ok(appid != NULL, "%s has no AppID", class->clsid)) return;
    snprintf(key, sizeof(key), "AppID\\%s", appid);
    check_value(key, "DllSurrogate", "");
    snprintf(key, sizeof(key), "CLSID\\%s\\Programmable", class->clsid);
    ok(key_exists(key), "%s is missing", key);
}

/* A client that knows names only. */
static void check_activation(const struct class *class)
{
    WCHAR progid[120];
    IDispatch *object;
    CLSID clsid;
    HRESULT hr;
    int i;

    test_push("%s", class->progid);
    for (i = 0; i < 2; i++)
    {
        swprintf(progid, ARRAYSIZE(progid), L"%hs%ls", class->progid, i ? L".1" : L"");
        ok_hr(CLSIDFromProgID(progid, &clsid), S_OK, "CLSIDFromProgID");
        hr = CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, (void **)&object);
        if (!ok_hr(hr, S_OK, "CoCreateInstance")) continue;
        check_last_release(object);
    }
    test_pop();
}

static void check_typelib(const struct library *library)
{
    WCHAR text[40];
    ITypeLib *typelib;
    char key[128];
    GUID libid;

    snprintf(key, sizeof(key), "TypeLib\\%s\\1.0\\0\\" OWN_PLATFORM, library->libid);
    check_value(key, NULL, module_path(library->dll));
    MultiByteToWideChar(CP_ACP, 0, library->libid, -1, text, ARRAYSIZE(text));
    CLSIDFromString(text, &libid);
    if (!ok_hr(LoadRegTypeLib(&libid, 1, 0, 0, &typelib), S_OK, "LoadRegTypeLib")) return;
    ITypeLib_Release(typelib);
}

/* All that has to do with kit.dll. */
static char *kit_snapshot(void)
{
    static const char *const parts[] = { "5B0E7A60-30F4", "OpenImapiKit", NULL };

    return registry_snapshot(parts);
}

static void check_library(const struct library *library)
{
    const struct class *class;

    test_push("%s", library->dll);
    for (class = library->classes; class->clsid; class++)
    {
        check_class(library, class);
        if (!class->built) continue;
        check_surrogate(class);
        check_activation(class);
    }
    if (library->libid) check_typelib(library);
    test_pop();
}

TEST(all_that_registering_writes_goes_away_again)
{
    char *before, *registered, *after;

    if (is_taken(KIT)) return;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    before = kit_snapshot();
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    registered = kit_snapshot();
    ok(strstr(registered, "OpenImapiKit.KitThing.1") != NULL, "nothing was written");
    check_library(KIT);
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "a second time");
    after = kit_snapshot();
    check_same_registry(registered, after, "registered twice");
    free(after);
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    after = kit_snapshot();
    check_same_registry(before, after, "unregistered");
    free(after);
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "a second time");
    after = kit_snapshot();
    check_same_registry(before, after, "unregistered twice");
    free(after);
    free(before);
    free(registered);
    CoUninitialize();
}

TEST(the_three_libraries_register_side_by_side_and_leave_the_registry_as_it_was)
{
    char *before, *after;
    int i;

    for (i = 0; i < 3; i++)
        if (is_taken(&libraries[i])) return;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    before = registry_snapshot(NULL);
    for (i = 0; i < 3; i++) ok_hr(call_export(libraries[i].dll, "DllRegisterServer"), S_OK,
                                  "DllRegisterServer");
    for (i = 0; i < 3; i++) check_library(&libraries[i]);
    for (i = 0; i < 3; i++)
        ok_hr(call_export(libraries[i].dll, "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    after = registry_snapshot(NULL);
    check_same_registry(before, after, "unregistered");
    free(before);
    free(after);
    CoUninitialize();
}

TEST(classes_that_are_not_built_are_not_available)
{
    const struct class *class;
    IUnknown *object;
    WCHAR text[40];
    CLSID clsid;
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(libraries); i++)
        for (class = libraries[i].classes; class->clsid; class++)
        {
            test_push("%s", class->clsid);
            MultiByteToWideChar(CP_ACP, 0, class->clsid, -1, text, ARRAYSIZE(text));
            ok_hr(CLSIDFromString(text, &clsid), S_OK, "CLSIDFromString");
            hr = com_test_create(libraries[i].dll, &clsid, &IID_IUnknown, (void **)&object);
            ok_hr(hr, class->built ? S_OK : CLASS_E_CLASSNOTAVAILABLE, "DllGetClassObject");
            if (object) IUnknown_Release(object);
            test_pop();
        }
}

/* --- others' keys --------------------------------------------------------------------------------------- */

TEST(what_others_put_beside_stays)
{
    char *before, *after;

    if (is_taken(KIT)) return;
    ok(registry_set(THING_KEY "\\TreatAs", NULL, "of somebody else"), "cannot write");
    ok(registry_set("OpenImapiKit.KitThing", "Comment", "of somebody else"), "cannot write");
    before = kit_snapshot();
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    after = kit_snapshot();
    check_same_registry(before, after, "unregistered");
    free(before);
    free(after);
    RegDeleteKeyA(HKEY_CLASSES_ROOT, THING_KEY "\\TreatAs");
    RegDeleteKeyA(HKEY_CLASSES_ROOT, THING_KEY);
    RegDeleteKeyA(HKEY_CLASSES_ROOT, "OpenImapiKit.KitThing");
}

TEST(a_class_that_another_dll_took_over_stays_with_it)
{
    char *before, *after;

    if (is_taken(KIT)) return;
    before = kit_snapshot();
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    ok(registry_set(THING_KEY "\\InprocServer32", NULL, "C:\\elsewhere\\kit.dll"), "cannot write");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    check_value(THING_KEY "\\InprocServer32", NULL, "C:\\elsewhere\\kit.dll");
    check_value(THING_KEY "\\InprocServer32", "ThreadingModel", "Both");
    check_value("OpenImapiKit.KitThing\\CLSID", NULL, THING);
    check_surrogate(&KIT->classes[0]);
    ok(!key_exists("CLSID\\{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A12}"), "the other class is still there");
    ok(!key_exists("OpenImapiKit.KitLoose"), "the other class's name is still there");
    ok(registry_set(THING_KEY "\\InprocServer32", NULL, module_path("kit.dll")), "cannot write");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    after = kit_snapshot();
    check_same_registry(before, after, "all taken back");
    free(before);
    free(after);
}

/* --- both bitnesses ------------------------------------------------------------------------------------- */

TEST(each_bitness_comes_and_goes_without_the_other)
{
    char *nothing, *own, *after;

    if (is_taken(KIT)) return;
    nothing = kit_snapshot();
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    own = kit_snapshot();
    if (!register_other("kit.dll", ""))
    {
        skip("there is no kit.dll or regsvr32 for " OTHER);
        call_export("kit.dll", "DllUnregisterServer");
        free(nothing);
        free(own);
        return;
    }
    ok(registry_get(THING_KEY "\\InprocServer32", NULL, OTHER_VIEW) != NULL,
       "the other's class is not registered");
    check_value(KIT_LIB "\\0\\" OTHER_PLATFORM, NULL, other_path("kit.dll"));
    check_value(KIT_LIB "\\0\\" OWN_PLATFORM, NULL, module_path("kit.dll"));

    ok(register_other("kit.dll", "/u"), "regsvr32 /u of the other");
    after = kit_snapshot();
    check_same_registry(own, after, "the other came and went");
    free(after);

    ok(register_other("kit.dll", ""), "regsvr32 of the other");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    ok(!registry_get(THING_KEY "\\InprocServer32", NULL, 0), "our class is still there");
    ok(!registry_get(KIT_LIB "\\0\\" OWN_PLATFORM, NULL, 0), "our type library is still there");
    ok(registry_get(THING_KEY "\\InprocServer32", NULL, OTHER_VIEW) != NULL, "the other's class is gone");
    check_value("OpenImapiKit.KitThing\\CLSID", NULL, THING);
    check_value(KIT_LIB "\\0\\" OTHER_PLATFORM, NULL, other_path("kit.dll"));
    check_value(KIT_LIB "\\FLAGS", NULL, "0");
    ok(register_other("kit.dll", "/u"), "regsvr32 /u of the other");
    after = kit_snapshot();
    check_same_registry(nothing, after, "both went");
    free(after);
    free(own);
    free(nothing);
}

TEST(interfaces_have_the_marshaler_that_fits_them)
{
    if (is_taken(KIT)) return;
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    check_value(KIT_INTERFACE, NULL, "IKitThing");
    check_value(KIT_INTERFACE "\\ProxyStubClsid32", NULL, "{00020424-0000-0000-C000-000000000046}");
    check_value(KIT_INTERFACE "\\TypeLib", NULL, KIT->libid);
    check_value(KIT_INTERFACE "\\TypeLib", "Version", "1.0");
    ok(!key_exists("Interface\\{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A03}"), "IKitPlain cannot be marshalled");
    ok(!key_exists("Interface\\{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A04}"), "IKitLoose cannot be marshalled");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
}

TEST(an_interface_that_another_library_registered_stays_with_it)
{
    char *before, *after;

    if (is_taken(KIT)) return;
    ok(registry_set(KIT_INTERFACE, NULL, "IKitThing"), "cannot write");
    ok(registry_set(KIT_INTERFACE "\\TypeLib", NULL, "{11111111-2222-3333-4444-555555555555}"),
       "cannot write");
    before = kit_snapshot();
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    check_value(KIT_INTERFACE "\\TypeLib", NULL, "{11111111-2222-3333-4444-555555555555}");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    after = kit_snapshot();
    check_same_registry(before, after, "unregistered");
    free(before);
    free(after);
    RegDeleteKeyA(HKEY_CLASSES_ROOT, KIT_INTERFACE "\\TypeLib");
    RegDeleteKeyA(HKEY_CLASSES_ROOT, KIT_INTERFACE);
}

/* --- local server --------------------------------------------------------------------------------------- */

/* Wine's surrogate is a 32-bit process whatever the caller is, so that a 64-bit caller needs both DLLs
   registered, as make install does. */
TEST(a_caller_that_wants_a_local_server_only_is_served_by_the_surrogate)
{
    IDispatch *object = NULL, *typed;
    VARIANT value;
    CLSID clsid;
    BOOL other;
    HRESULT hr;
    IID iid;

    if (is_taken(KIT)) return;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    ok_hr(call_export("kit.dll", "DllRegisterServer"), S_OK, "DllRegisterServer");
    other = sizeof(void *) == 8 && register_other("kit.dll", "");
    ok_hr(CLSIDFromProgID(L"OpenImapiKit.KitThing", &clsid), S_OK, "CLSIDFromProgID");
    hr = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&object);
    if (sizeof(void *) == 8 && !other && test_is_wine()) skip("there is no 32-bit kit.dll or regsvr32");
    else ok_hr(hr, S_OK, "CoCreateInstance");
    if (object)
    {
        ok_hr(test_put(object, L"Number", test_v_i4(21)), S_OK, "put Number");
        ok_hr(test_invoke(object, L"Double", DISPATCH_METHOD, NULL, 0, &value), S_OK, "Double");
        ok(value.vt == VT_I4 && value.lVal == 42, "type %d, value %ld", value.vt, value.lVal);
        CLSIDFromString(L"{5B0E7A60-30F4-4B3C-9C0B-6D8B3E0C2A02}", &iid);
        ok_hr(IDispatch_QueryInterface(object, &iid, (void **)&typed), S_OK, "the dual interface");
        if (typed) IDispatch_Release(typed);
        IDispatch_Release(object);
    }
    if (other) ok(register_other("kit.dll", "/u"), "regsvr32 /u of the other");
    ok_hr(call_export("kit.dll", "DllUnregisterServer"), S_OK, "DllUnregisterServer");
    CoUninitialize();
}

TEST_MAIN(TEST_CASE(all_that_registering_writes_goes_away_again),
          TEST_CASE(the_three_libraries_register_side_by_side_and_leave_the_registry_as_it_was),
          TEST_CASE(classes_that_are_not_built_are_not_available),
          TEST_CASE(what_others_put_beside_stays),
          TEST_CASE(a_class_that_another_dll_took_over_stays_with_it),
          TEST_CASE(each_bitness_comes_and_goes_without_the_other),
          TEST_CASE(interfaces_have_the_marshaler_that_fits_them),
          TEST_CASE(an_interface_that_another_library_registered_stays_with_it),
          TEST_CASE(a_caller_that_wants_a_local_server_only_is_served_by_the_surrogate))
