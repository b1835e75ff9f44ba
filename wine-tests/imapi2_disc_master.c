/* MsftDiscMaster2: the list of recorders, its enumerator, and the events about those that come and go. */
#include "recorders.h"

#include <olectl.h>

#include <string.h>

static const IID *const has[] = { &IID_IDiscMaster2,
                                  &IID_IDispatch,
                                  &IID_ISupportErrorInfo,
                                  &IID_IConnectionPointContainer,
                                  &IID_IProvideClassInfo,
                                  &IID_IProvideClassInfo2,
                                  NULL };
static const IID *const lacks[] = { &IID_IDiscRecorder2, &IID_IDiscFormat2Data, &IID_IStream, NULL };

static IDiscMaster2 *create(void)
{
    IDiscMaster2 *master = NULL;
    HRESULT hr = com_test_create("imapi2.dll", &CLSID_MsftDiscMaster2, &IID_IDiscMaster2, (void **)&master);

    ok_hr(hr, S_OK, "MsftDiscMaster2");
    return master;
}

static LONG count_of(IDiscMaster2 *master)
{
    LONG count = -1;

    check_pair(IDiscMaster2_get_Count(master, &count), L"IDiscMaster2", L"get_Count", S_OK);
    return count;
}

TEST(object_obeys_the_rules_of_com)
{
    IDiscMaster2 *master;

    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow before");
    if (!(master = create())) return;
    ok_hr(com_test_can_unload("imapi2.dll"), S_FALSE, "DllCanUnloadNow while an object lives");
    check_interfaces(master, has, lacks);
    check_identity(master, has);
    check_last_release(master);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow after");
}

TEST(classes_that_are_not_there_are_not_available)
{
    static const struct
    {
        const CLSID *clsid;
        const char *name;
    } classes[] =
    {
        { &CLSID_MsftWriteSpeedDescriptor, "MsftWriteSpeedDescriptor" },
        { &CLSID_MsftMultisessionSequential, "MsftMultisessionSequential" },
        { &CLSID_MsftMultisessionRandomWrite, "MsftMultisessionRandomWrite" },
        { &CLSID_MsftDiscFormat2Erase, "MsftDiscFormat2Erase" },
        { &CLSID_MsftDiscFormat2TrackAtOnce, "MsftDiscFormat2TrackAtOnce" },
        { &CLSID_MsftDiscFormat2RawCD, "MsftDiscFormat2RawCD" },
        { &CLSID_MsftWriteEngine2, "MsftWriteEngine2" },
        { &CLSID_MsftRawCDImageCreator, "MsftRawCDImageCreator" },
    };

    for (size_t i = 0; i < ARRAYSIZE(classes); i++)
    {
        IUnknown *object = NULL;

        ok_hr(com_test_create("imapi2.dll", classes[i].clsid, &IID_IUnknown, (void **)&object),
              CLASS_E_CLASSNOTAVAILABLE, "%s", classes[i].name);
        if (object) IUnknown_Release(object);
    }
}

TEST(null_out_pointers_are_refused)
{
    IDiscMaster2 *master = create();

    if (!master) return;
    check_pair(IDiscMaster2_get__NewEnum(master, NULL), L"IDiscMaster2", L"get__NewEnum", E_POINTER);
    check_error_info(&IID_IDiscMaster2, L"IMAPI2.MsftDiscMaster2", NULL);
    check_pair(IDiscMaster2_get_Item(master, 0, NULL), L"IDiscMaster2", L"get_Item", E_POINTER);
    check_error_info(&IID_IDiscMaster2, NULL, NULL);
    check_pair(IDiscMaster2_get_Count(master, NULL), L"IDiscMaster2", L"get_Count", E_POINTER);
    check_error_info(&IID_IDiscMaster2, NULL, NULL);
    check_pair(IDiscMaster2_get_IsSupportedEnvironment(master, NULL), L"IDiscMaster2",
               L"get_IsSupportedEnvironment", E_POINTER);
    check_error_info(&IID_IDiscMaster2, NULL, NULL);
    check_last_release(master);
}

TEST(list_follows_the_recorders_that_there_are)
{
    static const struct test_recorder two[] = { { .medium = "none" }, { .medium = "none" } };
    IDiscMaster2 *master;
    BSTR first, second;
    LONG real;

    test_recorders_set(NULL, 0);
    if (!(master = create())) return;
    real = count_of(master);
    test_recorders_set(two, 2);
    ok_int(count_of(master), real + 2, "count with two recorders");
    check_pair(IDiscMaster2_get_Item(master, real, &first), L"IDiscMaster2", L"get_Item", S_OK);
    check_pair(IDiscMaster2_get_Item(master, real + 1, &second), L"IDiscMaster2", L"get_Item", S_OK);
    ok(first && second && *first && wcscmp(first, second), "ids are %s and %s", test_text(first),
       test_text(second));
    test_recorders_set(two, 1);
    ok_int(count_of(master), real + 1, "count after one went");
    SysFreeString(second);
    second = NULL;
    check_pair(IDiscMaster2_get_Item(master, real, &second), L"IDiscMaster2", L"get_Item", S_OK);
    ok_text(second, first, "id, which is stable");
    SysFreeString(first);
    SysFreeString(second);
    check_last_release(master);
    test_recorders_end();
}

TEST(index_out_of_range_is_refused_with_the_number_in_the_text)
{
    IDiscMaster2 *master;
    BSTR id = (BSTR)1;
    LONG count;

    test_recorder_set("none", NULL);
    if (!(master = create())) return;
    count = count_of(master);
    check_pair(IDiscMaster2_get_Item(master, count, &id), L"IDiscMaster2", L"get_Item", E_INVALIDARG);
    ok(!id, "value is cleared");
    check_error_info(&IID_IDiscMaster2, NULL, L"There is no item");
    check_pair(IDiscMaster2_get_Item(master, -1, &id), L"IDiscMaster2", L"get_Item", E_INVALIDARG);
    check_error_info(&IID_IDiscMaster2, NULL, L"-1");
    check_last_release(master);
    test_recorders_end();
}

TEST(enumerator_is_a_snapshot)
{
    static const struct test_recorder two[] = { { .medium = "none" }, { .medium = "none" } };
    IEnumVARIANT *list = NULL;
    IDiscMaster2 *master;
    VARIANT items[64];
    ULONG got = 0;
    LONG count;

    test_recorders_set(two, 2);
    if (!(master = create())) return;
    count = count_of(master);
    check_pair(IDiscMaster2_get__NewEnum(master, &list), L"IDiscMaster2", L"get__NewEnum", S_OK);
    test_recorders_set(NULL, 0);
    if (list)
    {
        ok_int(count_of(master), count - 2, "count when both have gone");
        /* Fewer than asked for is S_FALSE, as everywhere in COM. */
        ok_hr(IEnumVARIANT_Next(list, ARRAYSIZE(items), items, &got), S_FALSE, "Next");
        ok_int(got, count, "items of the enumerator");
        for (ULONG i = 0; i < got; i++)
        {
            ok(V_VT(&items[i]) == VT_BSTR && *V_BSTR(&items[i]), "item %lu is of type %d", i,
               V_VT(&items[i]));
            VariantClear(&items[i]);
        }
        ok_hr(IEnumVARIANT_Reset(list), S_OK, "Reset");
        ok_hr(IEnumVARIANT_Next(list, 1, items, NULL), count ? S_OK : S_FALSE, "Next without a count");
        VariantClear(&items[0]);
        check_last_release(list);
    }
    check_last_release(master);
    test_recorders_end();
}

TEST(environment_is_supported_when_a_recorder_opens)
{
    VARIANT_BOOL value = 17;
    IDiscMaster2 *master;

    test_recorders_set(NULL, 0);
    if (!(master = create())) return;
    if (!count_of(master))
    {
        check_pair(IDiscMaster2_get_IsSupportedEnvironment(master, &value), L"IDiscMaster2",
                   L"get_IsSupportedEnvironment", S_OK);
        ok_int(value, VARIANT_FALSE, "without a recorder");
    }
    test_recorder_set("none", NULL);
    check_pair(IDiscMaster2_get_IsSupportedEnvironment(master, &value), L"IDiscMaster2",
               L"get_IsSupportedEnvironment", S_OK);
    ok_int(value, VARIANT_TRUE, "with a recorder");
    /* One that InitializeDiscRecorder would refuse does not count. */
    if (count_of(master) == 1)
    {
        test_recorder_set("none", "INQUIRY -> timeout");
        check_pair(IDiscMaster2_get_IsSupportedEnvironment(master, &value), L"IDiscMaster2",
                   L"get_IsSupportedEnvironment", S_OK);
        ok_int(value, VARIANT_FALSE, "with a recorder that does not answer");
    }
    check_last_release(master);
    test_recorders_end();
}

TEST(members_are_found_by_name_in_any_case)
{
    VARIANT result, index = test_v_i2(0);
    IDiscMaster2 *master;
    EXCEPINFO exception;
    UINT bad;

    test_recorder_set("none", NULL);
    if (!(master = create())) return;
    ok_hr(test_get(master, L"cOUNT", &result), S_OK, "count");
    ok(V_VT(&result) == VT_I4 && V_I4(&result) >= 1, "count is of type %d", V_VT(&result));
    ok_hr(test_get(master, L"IsSupportedEnvironment", &result), S_OK, "IsSupportedEnvironment");
    ok(V_VT(&result) == VT_BOOL && V_BOOL(&result) == VARIANT_TRUE, "type %d", V_VT(&result));
    /* A script's master.Item(0), and its master(0): the default member. */
    ok_hr(test_invoke(master, L"Item", DISPATCH_METHOD | DISPATCH_PROPERTYGET, &index, 1, &result), S_OK,
          "Item");
    ok(V_VT(&result) == VT_BSTR, "type %d", V_VT(&result));
    VariantClear(&result);
    ok_hr(test_invoke_ex(master, DISPID_VALUE, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &index, 1, &result,
                         &exception, &bad),
          S_OK, "default member");
    ok(V_VT(&result) == VT_BSTR, "type %d", V_VT(&result));
    VariantClear(&result);
    /* JScript's Enumerator asks with DISPATCH_METHOD alone. */
    ok_hr(test_invoke_ex(master, DISPID_NEWENUM, DISPATCH_METHOD, NULL, 0, &result, &exception, &bad), S_OK,
          "_NewEnum");
    ok(V_VT(&result) == VT_UNKNOWN || V_VT(&result) == VT_DISPATCH, "type %d", V_VT(&result));
    VariantClear(&result);
    check_last_release(master);
    test_recorders_end();
}

/* --- events --------------------------------------------------------------------------------------------- */

static BOOL wait_for_calls(struct test_sink *sink, LONG total)
{
    for (int i = 0; i < 100 && InterlockedCompareExchange(&sink->total, 0, 0) < total; i++) Sleep(100);
    return sink->total >= total;
}

TEST(arrival_and_removal_are_announced)
{
    static struct test_sink sink;
    IDiscMaster2 *master, *sender;
    DWORD cookie = 0;
    BSTR id;

    memset(&sink, 0, sizeof(sink));
    test_sink_init(&sink);
    test_recorders_set(NULL, 0);
    if (!(master = create())) return;
    ok_hr(test_advise(master, &IID_DDiscMaster2Events, &sink.iface, &cookie), S_OK, "Advise");
    Sleep(1500);
    ok_int(sink.total, 0, "events before anything changed");

    test_recorder_set("none", NULL);
    id = test_recorder_id(0);
    if (ok(wait_for_calls(&sink, 1), "no event on arrival"))
    {
        const struct test_call *call = &sink.calls[0];

        ok_int(call->id, 0x100, "NotifyDeviceAdded");
        ok_int(call->flags, DISPATCH_METHOD, "flags");
        ok_int(call->count, 2, "arguments");
        ok(V_VT(&call->args[0]) == VT_DISPATCH, "sender is of type %d", V_VT(&call->args[0]));
        ok_hr(IDispatch_QueryInterface(V_DISPATCH(&call->args[0]), &IID_IDiscMaster2, (void **)&sender), S_OK,
              "sender");
        ok(sender == master, "the sender is the master");
        IDiscMaster2_Release(sender);
        ok(V_VT(&call->args[1]) == VT_BSTR, "id is of type %d", V_VT(&call->args[1]));
        ok_text(V_BSTR(&call->args[1]), id, "id");
    }
    test_recorders_set(NULL, 0);
    if (ok(wait_for_calls(&sink, 2), "no event on removal"))
    {
        ok_int(sink.calls[1].id, 0x101, "NotifyDeviceRemoved");
        ok_text(V_BSTR(&sink.calls[1].args[1]), id, "id");
    }
    SysFreeString(id);
    ok_hr(test_unadvise(master, &IID_DDiscMaster2Events, cookie), S_OK, "Unadvise");
    test_sink_clear(&sink);
    test_recorder_set("none", NULL);
    Sleep(2500);
    ok_int(sink.total, 0, "events after Unadvise");
    ok_int(sink.references, 1, "references to the sink");
    check_last_release(master);
    test_recorders_end();
}

static HRESULT release_in_event(struct test_sink *sink, const struct test_call *call)
{
    IDiscMaster2 *master = InterlockedExchangePointer(&sink->context, NULL);

    (void)call;
    if (master)
    {
        test_unadvise(master, &IID_DDiscMaster2Events, 1);
        IDiscMaster2_Release(master);
    }
    return S_OK;
}

TEST(master_may_be_released_by_its_sink)
{
    static struct test_sink sink;
    IDiscMaster2 *master;
    DWORD cookie = 0;

    memset(&sink, 0, sizeof(sink));
    sink.on_call = release_in_event;
    test_sink_init(&sink);
    test_recorders_set(NULL, 0);
    if (!(master = create())) return;
    sink.context = master;
    ok_hr(test_advise(master, &IID_DDiscMaster2Events, &sink.iface, &cookie), S_OK, "Advise");
    test_recorder_set("none", NULL);
    ok(wait_for_calls(&sink, 1), "no event on arrival");
    test_sink_clear(&sink); /* the calls hold references to their sender */
    for (int i = 0; i < 50 && com_test_can_unload("imapi2.dll") != S_OK; i++) Sleep(100);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "the master is gone");
    test_recorders_end();
}

TEST(sink_of_another_kind_is_refused)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point = (IConnectionPoint *)1;
    IDiscMaster2 *master = create();

    if (!master) return;
    IDiscMaster2_QueryInterface(master, &IID_IConnectionPointContainer, (void **)&container);
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DDiscFormat2DataEvents, &point),
          CONNECT_E_NOCONNECTION, "FindConnectionPoint");
    ok(!point, "pointer is cleared");
    IConnectionPointContainer_Release(container);
    check_last_release(master);
}

TEST_MAIN(TEST_CASE(object_obeys_the_rules_of_com), TEST_CASE(classes_that_are_not_there_are_not_available),
          TEST_CASE(null_out_pointers_are_refused), TEST_CASE(list_follows_the_recorders_that_there_are),
          TEST_CASE(index_out_of_range_is_refused_with_the_number_in_the_text),
          TEST_CASE(enumerator_is_a_snapshot), TEST_CASE(environment_is_supported_when_a_recorder_opens),
          TEST_CASE(members_are_found_by_name_in_any_case), TEST_CASE(arrival_and_removal_are_announced),
          TEST_CASE(master_may_be_released_by_its_sink), TEST_CASE(sink_of_another_kind_is_refused))
