/* Objects of the kit: creation, identity, counting, factories, what an object says about itself, threads. */
#include "kit/kit_test.h"

static const IID *const thing_has[] =
{
    &IID_IUnknown, &IID_IDispatch, &IID_IKitThing, &IID_IKitBase, &IID_IKitPlain, &IID_ISupportErrorInfo,
    &IID_IProvideClassInfo, &IID_IProvideClassInfo2, &IID_IConnectionPointContainer, NULL,
};
static const IID *const thing_lacks[] =
{
    &IID_IKitLoose, &IID_IStream, &IID_IClassFactory, &IID_IPersist, &IID_IConnectionPoint, &IID_IEnumVARIANT,
    NULL,
};

TEST(interfaces_of_the_table_and_the_standard_ones_are_answered)
{
    IKitThing *thing = kit_thing();

    check_interfaces(thing, thing_has, thing_lacks);
    check_interfaces(thing, ((const IID *[]){ &IID_IMarshal, NULL }), NULL);
    kit_end(thing);
}

TEST(identity_holds_over_all_interfaces)
{
    IKitThing *thing = kit_thing();

    check_identity(thing, thing_has);
    kit_end(thing);
}

TEST(a_base_interface_shares_the_slot_and_a_second_one_does_not)
{
    IKitThing *thing = kit_thing();
    IDispatch *dispatch;
    IKitPlain *plain;
    IKitBase *base;
    LONG value;

    ok_hr(IKitThing_QueryInterface(thing, &IID_IKitBase, (void **)&base), S_OK, "IKitBase");
    ok((void *)base == (void *)thing, "the base has a slot of its own");
    ok_hr(IKitThing_QueryInterface(thing, &IID_IDispatch, (void **)&dispatch), S_OK, "IDispatch");
    ok((void *)dispatch == (void *)thing, "IDispatch is not the default interface");
    ok_hr(IKitThing_QueryInterface(thing, &IID_IKitPlain, (void **)&plain), S_OK, "IKitPlain");
    ok((void *)plain != (void *)thing, "the second interface has no slot of its own");

    ok_hr(IKitBase_put_Number(base, 21), S_OK, "put_Number");
    ok_hr(IKitThing_Double(thing, &value), S_OK, "Double");
    ok_int(value, 42, "Double");
    ok_hr(IKitPlain_Twice(plain, 4, &value), S_OK, "Twice");
    ok_int(value, 8, "Twice");
    IKitPlain_Release(plain);
    IDispatch_Release(dispatch);
    IKitBase_Release(base);
    kit_end(thing);
}

TEST(factory_follows_the_rules)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **) =
        (void *)GetProcAddress(com_test_dll("kit.dll"), "DllGetClassObject");
    IUnknown *unknown = (IUnknown *)(ULONG_PTR)1;
    IClassFactory *factory;
    IKitThing *thing;

    ok_hr(get(&CLSID_KitThing, &IID_IClassFactory, (void **)&factory), S_OK, "DllGetClassObject");
    check_interfaces(factory, ((const IID *[]){ &IID_IUnknown, &IID_IClassFactory, NULL }),
                     ((const IID *[]){ &IID_IDispatch, &IID_IKitThing, NULL }));
    check_identity(factory, ((const IID *[]){ &IID_IUnknown, &IID_IClassFactory, NULL }));

    thing = kit_thing();
    ok_hr(IClassFactory_CreateInstance(factory, (IUnknown *)thing, &IID_IUnknown, (void **)&unknown),
          CLASS_E_NOAGGREGATION, "aggregation");
    ok(!unknown, "pointer not cleared");
    unknown = (IUnknown *)(ULONG_PTR)1;
    ok_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IStream, (void **)&unknown), E_NOINTERFACE,
          "wrong IID");
    ok(!unknown, "pointer not cleared");
    ok_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, NULL), E_POINTER, "NULL");
    IKitThing_Release(thing);
    kit_end(factory);

    unknown = (IUnknown *)(ULONG_PTR)1;
    ok_hr(get(&CLSID_KitThing, &IID_IStream, (void **)&unknown), E_NOINTERFACE, "wrong IID of the factory");
    ok(!unknown, "pointer not cleared");
    ok_hr(get(&CLSID_KitThing, &IID_IClassFactory, NULL), E_POINTER, "NULL");
}

TEST(classes_that_are_not_creatable_or_unknown_have_no_factory)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **) =
        (void *)GetProcAddress(com_test_dll("kit.dll"), "DllGetClassObject");
    IUnknown *unknown = (IUnknown *)(ULONG_PTR)1;
    IKitBase *part;
    LONG value;

    ok_hr(get(&CLSID_KitPart, &IID_IClassFactory, (void **)&unknown), CLASS_E_CLASSNOTAVAILABLE, "KitPart");
    ok(!unknown, "pointer not cleared");
    ok_hr(get(&IID_IStream, &IID_IClassFactory, (void **)&unknown), CLASS_E_CLASSNOTAVAILABLE,
          "unknown class");

    ok_hr(kit_tool()->part(7, &part), S_OK, "the DLL itself can make it");
    ok_hr(IKitBase_Double(part, &value), S_OK, "Double");
    ok_int(value, 14, "Double");
    kit_end(part);
}

TEST(a_failing_constructor_leaves_nothing)
{
    IKitBase *part = (IKitBase *)(ULONG_PTR)1;

    ok_hr(kit_tool()->failing_init(STG_E_MEDIUMFULL, &part), STG_E_MEDIUMFULL, "code of the constructor");
    ok(!part, "pointer not cleared");
    ok_int(kit_tool()->live(), 0, "objects alive");
}

TEST(the_dll_can_unload_when_no_object_no_factory_and_no_lock_is_left)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **) =
        (void *)GetProcAddress(com_test_dll("kit.dll"), "DllGetClassObject");
    IClassFactory *factory;
    IKitThing *thing;

    ok_hr(com_test_can_unload("kit.dll"), S_OK, "at first");
    ok_hr(get(&CLSID_KitThing, &IID_IClassFactory, (void **)&factory), S_OK, "DllGetClassObject");
    ok_hr(com_test_can_unload("kit.dll"), S_FALSE, "with a factory");
    ok_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IKitThing, (void **)&thing), S_OK,
          "CreateInstance");
    ok_hr(IClassFactory_LockServer(factory, TRUE), S_OK, "lock");
    IClassFactory_Release(factory);
    ok_hr(com_test_can_unload("kit.dll"), S_FALSE, "with an object and a lock");
    check_last_release(thing);
    ok_hr(com_test_can_unload("kit.dll"), S_FALSE, "with a lock");
    ok_hr(get(&CLSID_KitThing, &IID_IClassFactory, (void **)&factory), S_OK, "DllGetClassObject");
    ok_hr(IClassFactory_LockServer(factory, FALSE), S_OK, "unlock");
    check_last_release(factory);
    ok_hr(com_test_can_unload("kit.dll"), S_OK, "at the end");
}

TEST(error_info_is_supported_for_the_interfaces_of_the_class_only)
{
    IKitThing *thing = kit_thing();
    ISupportErrorInfo *support;

    ok_hr(IKitThing_QueryInterface(thing, &IID_ISupportErrorInfo, (void **)&support), S_OK,
          "ISupportErrorInfo");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IKitThing), S_OK, "IKitThing");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IKitBase), S_OK, "IKitBase");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IKitPlain), S_OK, "IKitPlain");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IKitLoose), S_FALSE, "IKitLoose");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IProvideClassInfo2), S_FALSE,
          "kit's own");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IUnknown), S_FALSE, "IUnknown");
    ISupportErrorInfo_Release(support);
    kit_end(thing);
}

TEST(class_info_names_the_coclass_and_the_default_events)
{
    IKitThing *thing = kit_thing();
    IProvideClassInfo2 *class_info;
    ITypeInfo *info = NULL;
    TYPEATTR *attr;
    GUID guid;

    ok_hr(IKitThing_QueryInterface(thing, &IID_IProvideClassInfo2, (void **)&class_info), S_OK, "class info");
    ok_hr(IProvideClassInfo2_GetClassInfo(class_info, &info), S_OK, "GetClassInfo");
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK, "GetTypeAttr");
    ok(attr->typekind == TKIND_COCLASS && IsEqualGUID(&attr->guid, &CLSID_KitThing), "not the coclass");
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ITypeInfo_Release(info);
    ok_hr(IProvideClassInfo2_GetClassInfo(class_info, NULL), E_POINTER, "GetClassInfo(NULL)");

    ok_hr(IProvideClassInfo2_GetGUID(class_info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK, "GetGUID");
    ok(IsEqualGUID(&guid, &IID_DKitEvents), "another source");
    ok_hr(IProvideClassInfo2_GetGUID(class_info, 77, &guid), E_INVALIDARG, "another kind");
    ok(IsEqualGUID(&guid, &GUID_NULL), "GUID not cleared");
    ok_hr(IProvideClassInfo2_GetGUID(class_info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, NULL), E_POINTER, "NULL");
    IProvideClassInfo2_Release(class_info);
    kit_end(thing);
}

TEST(a_class_without_events_or_clsid_says_so)
{
    IProvideClassInfo2 *class_info;
    IKitBase *part;
    GUID guid;

    ok_hr(kit_tool()->part(1, &part), S_OK, "part");
    check_interfaces(part, NULL, ((const IID *[]){ &IID_IConnectionPointContainer, &IID_IKitThing, NULL }));
    ok_hr(IKitBase_QueryInterface(part, &IID_IProvideClassInfo2, (void **)&class_info), S_OK, "class info");
    ok_hr(IProvideClassInfo2_GetGUID(class_info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), E_FAIL,
          "no source");
    IProvideClassInfo2_Release(class_info);
    kit_end(part);

    ok_hr(kit_tool()->anonymous(&part), S_OK, "anonymous");
    check_interfaces(part, ((const IID *[]){ &IID_IKitBase, &IID_IDispatch, &IID_ISupportErrorInfo, NULL }),
                     ((const IID *[]){ &IID_IProvideClassInfo, &IID_IProvideClassInfo2, NULL }));
    kit_end(part);
}

TEST(own_objects_are_told_from_foreign_ones)
{
    IKitThing *thing = kit_thing();
    struct test_sink sink = { 0 };
    IKitPlain *plain;
    IKitBase *part;

    test_sink_init(&sink);
    ok_hr(kit_tool()->part(1, &part), S_OK, "part");
    ok_hr(IKitThing_QueryInterface(thing, &IID_IKitPlain, (void **)&plain), S_OK, "IKitPlain");
    ok(kit_tool()->own_thing(thing) != NULL, "default interface");
    ok(kit_tool()->own_thing(plain) == kit_tool()->own_thing(thing), "second interface");
    ok(!kit_tool()->own_thing(part), "an object of another class");
    ok(!kit_tool()->own_thing(&sink.iface), "an object of the client");
    ok(!kit_tool()->own_thing(NULL), "NULL");
    IKitPlain_Release(plain);
    IKitBase_Release(part);
    kit_end(thing);
}

/* --- threads -------------------------------------------------------------------------------------------- */

static DWORD WINAPI hammer(void *argument)
{
    IKitThing *thing = argument;
    IUnknown *found;
    int i;

    for (i = 0; i < 2000; i++)
    {
        if (FAILED(IKitThing_QueryInterface(thing, thing_has[i % 9], (void **)&found))) return 1;
        IUnknown_Release(found);
        if (FAILED(IKitThing_QueryInterface(thing, &IID_IMarshal, (void **)&found))) return 1;
        IUnknown_Release(found);
    }
    return 0;
}

TEST(counting_is_safe_on_several_threads)
{
    IKitThing *thing = kit_thing();
    HANDLE threads[4];
    DWORD code;
    int i;

    for (i = 0; i < 4; i++) threads[i] = CreateThread(NULL, 0, hammer, thing, 0, NULL);
    for (i = 0; i < 4; i++)
    {
        WaitForSingleObject(threads[i], 60000);
        GetExitCodeThread(threads[i], &code);
        ok_int(code, 0, "exit code of the thread");
        CloseHandle(threads[i]);
    }
    kit_end(thing);
}

struct passing
{
    IStream *stream;
    IKitThing *arrived;
    HRESULT hr;
};

static DWORD WINAPI receive(void *argument)
{
    struct passing *passing = argument;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    passing->hr = CoGetInterfaceAndReleaseStream(passing->stream, &IID_IKitThing, (void **)&passing->arrived);
    if (SUCCEEDED(passing->hr)) passing->hr = IKitThing_put_Number(passing->arrived, 5);
    if (passing->arrived) IKitThing_Release(passing->arrived);
    CoUninitialize();
    return 0;
}

TEST(an_object_goes_to_another_apartment_as_itself)
{
    struct passing passing = { 0 };
    IKitThing *thing;
    HANDLE thread;
    LONG number;

    ok_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK, "CoInitializeEx");
    thing = kit_thing();
    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_IKitThing, (IUnknown *)thing, &passing.stream), S_OK,
          "CoMarshalInterThreadInterfaceInStream");
    thread = CreateThread(NULL, 0, receive, &passing, 0, NULL);
    WaitForSingleObject(thread, 60000);
    CloseHandle(thread);
    ok_hr(passing.hr, S_OK, "in the other apartment");
    ok(passing.arrived == thing, "arrived as a proxy");
    ok_hr(IKitThing_get_Number(thing, &number), S_OK, "get_Number");
    ok_int(number, 5, "Number");
    kit_end(thing);
    CoUninitialize();
}

/* --- the log -------------------------------------------------------------------------------------------- */

static void keep_line(void *context, enum log_level level, const char *line)
{
    (void)level;
    strncpy(context, line, 299);
}

TEST(methods_trace_their_entry_and_failures_are_logged_once)
{
    IKitThing *thing = kit_thing();
    char line[300] = "";

    kit_tool()->set_log(keep_line, line, LOG_TRACE);
    ok_hr(IKitThing_put_Number(thing, 1234), S_OK, "put_Number");
    ok(strstr(line, "OpenImapiKit.KitThing") && strstr(line, "put_Number(1234)"), "trace is \"%s\"", line);
    kit_tool()->set_log(keep_line, line, LOG_INFO);
    line[0] = 0;
    ok_hr(IKitThing_put_Number(thing, 1235), S_OK, "put_Number");
    ok(!line[0], "trace at level info: \"%s\"", line);
    ok_hr(IKitThing_Fail(thing, E_ABORT), E_ABORT, "Fail");
    ok(strstr(line, "0x80004004") != NULL, "failure is \"%s\"", line);
    kit_tool()->set_log(NULL, NULL, LOG_ERROR);
    check_error_info(&IID_IKitThing, NULL, NULL);
    kit_end(thing);
}

/* --- unloading ------------------------------------------------------------------------------------------ */

TEST(the_dll_goes_after_use_and_comes_again)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **);
    WCHAR from[MAX_PATH], copy[MAX_PATH];
    IClassFactory *factory;
    HMODULE module;
    VARIANT value;
    IDispatch *object;
    int i;

    GetModuleFileNameW(com_test_dll("kit.dll"), from, MAX_PATH);
    test_temp_path(copy, L".dll");
    if (!ok(CopyFileW(from, copy, TRUE), "cannot copy: error %lu", GetLastError())) return;
    for (i = 0; i < 3; i++)
    {
        if (!ok((module = LoadLibraryW(copy)) != NULL, "cannot load: error %lu", GetLastError())) break;
        get = (void *)GetProcAddress(module, "DllGetClassObject");
        ok_hr(get(&CLSID_KitThing, &IID_IClassFactory, (void **)&factory), S_OK, "DllGetClassObject");
        ok_hr(IClassFactory_CreateInstance(factory, NULL, &IID_IDispatch, (void **)&object), S_OK, "object");
        ok_hr(test_get(object, L"Count", &value), S_OK, "by name, which loads the type library");
        IDispatch_Release(object);
        IClassFactory_Release(factory);
        ok(FreeLibrary(module), "FreeLibrary");
        ok(!GetModuleHandleW(copy), "still loaded");
    }
    ok(DeleteFileW(copy), "the file is still in use: error %lu", GetLastError());
}

/* --- the harness ---------------------------------------------------------------------------------------- */

TEST(a_pair_is_logged_when_its_code_was_the_expected_one)
{
    char old[MAX_PATH] = "", path[MAX_PATH], text[200] = "";
    IKitThing *thing = kit_thing();
    WCHAR wide[MAX_PATH];
    FILE *file;

    GetEnvironmentVariableA("OPENIMAPI_PAIRS", old, sizeof(old));
    test_temp_path(wide, L".log");
    WideCharToMultiByte(CP_ACP, 0, wide, -1, path, sizeof(path), NULL, NULL);
    SetEnvironmentVariableA("OPENIMAPI_PAIRS", path);
    check_pair(IKitThing_get_Count(thing, NULL), L"IKitThing", L"get_Count", E_POINTER);
    check_pair(IKitThing_Nothing(thing), L"IKitThing", L"Nothing", S_OK);
    SetEnvironmentVariableA("OPENIMAPI_PAIRS", old[0] ? old : NULL);
    if ((file = fopen(path, "rb")))
    {
        text[fread(text, 1, sizeof(text) - 1, file)] = 0;
        fclose(file);
    }
    ok(!strcmp(text, "IKitThing\tget_Count\t0x80004003\nIKitThing\tNothing\t0x00000000\n"), "logged \"%s\"",
       text);
    DeleteFileW(wide);
    SetErrorInfo(0, NULL);
    kit_end(thing);
}

TEST_MAIN(TEST_CASE(interfaces_of_the_table_and_the_standard_ones_are_answered),
          TEST_CASE(identity_holds_over_all_interfaces),
          TEST_CASE(a_base_interface_shares_the_slot_and_a_second_one_does_not),
          TEST_CASE(factory_follows_the_rules),
          TEST_CASE(classes_that_are_not_creatable_or_unknown_have_no_factory),
          TEST_CASE(a_failing_constructor_leaves_nothing),
          TEST_CASE(the_dll_can_unload_when_no_object_no_factory_and_no_lock_is_left),
          TEST_CASE(error_info_is_supported_for_the_interfaces_of_the_class_only),
          TEST_CASE(class_info_names_the_coclass_and_the_default_events),
          TEST_CASE(a_class_without_events_or_clsid_says_so),
          TEST_CASE(own_objects_are_told_from_foreign_ones),
          TEST_CASE(counting_is_safe_on_several_threads),
          TEST_CASE(an_object_goes_to_another_apartment_as_itself),
          TEST_CASE(methods_trace_their_entry_and_failures_are_logged_once),
          TEST_CASE(the_dll_goes_after_use_and_comes_again),
          TEST_CASE(a_pair_is_logged_when_its_code_was_the_expected_one))
