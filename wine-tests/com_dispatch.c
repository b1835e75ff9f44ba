/* IDispatch of the kit as script hosts use it: names, every way of calling, failures. */
#include "kit/kit_test.h"

static HRESULT invoke_id(void *object, DISPID id, WORD flags, VARIANT *args, UINT count, VARIANT *result)
{
    EXCEPINFO exception;
    UINT bad = 99;
    HRESULT hr = test_invoke_ex(object, id, flags, args, count, result, &exception, &bad);

    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    return hr;
}

TEST(type_information_is_that_of_the_interface)
{
    IKitThing *thing = kit_thing();
    ITypeInfo *info, *again;
    TYPEATTR *attr;
    UINT count = 0;

    ok_hr(IKitThing_GetTypeInfoCount(thing, &count), S_OK, "GetTypeInfoCount");
    ok_int(count, 1, "count");
    ok_hr(IKitThing_GetTypeInfoCount(thing, NULL), E_POINTER, "NULL");
    ok_hr(IKitThing_GetTypeInfo(thing, 0, LOCALE_USER_DEFAULT, &info), S_OK, "GetTypeInfo");
    ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK, "GetTypeAttr");
    ok(IsEqualGUID(&attr->guid, &IID_IKitThing), "another interface");
    ITypeInfo_ReleaseTypeAttr(info, attr);
    ok_hr(IKitThing_GetTypeInfo(thing, 0, 0, &again), S_OK, "again");
    ok(again == info, "loaded twice");
    ITypeInfo_Release(again);
    ITypeInfo_Release(info);
    ok_hr(IKitThing_GetTypeInfo(thing, 1, 0, &again), DISP_E_BADINDEX, "index 1");
    ok(!again, "pointer not cleared");
    ok_hr(IKitThing_GetTypeInfo(thing, 0, 0, NULL), E_POINTER, "NULL");
    kit_end(thing);
}

TEST(names_are_found_in_any_letter_case_with_their_parameters_and_those_of_the_base)
{
    WCHAR *names[] = { (WCHAR *)L"ADD", (WCHAR *)L"second", (WCHAR *)L"First" };
    WCHAR *unknown[] = { (WCHAR *)L"NoSuchMember" };
    WCHAR *base[] = { (WCHAR *)L"double" };
    IKitThing *thing = kit_thing();
    DISPID ids[3] = { 9, 9, 9 };

    ok_hr(IKitThing_GetIDsOfNames(thing, &IID_NULL, names, 3, 0, ids), S_OK, "ADD");
    ok_int(ids[0], 0x200, "Add");
    ok_int(ids[1], 1, "second");
    ok_int(ids[2], 0, "First");
    ok_hr(IKitThing_GetIDsOfNames(thing, &IID_NULL, base, 1, 0, ids), S_OK, "double");
    ok_int(ids[0], 2, "double");
    ok_hr(IKitThing_GetIDsOfNames(thing, &IID_NULL, unknown, 1, 0, ids), DISP_E_UNKNOWNNAME, "unknown");
    ok_int(ids[0], DISPID_UNKNOWN, "id of an unknown name");
    ok_hr(IKitThing_GetIDsOfNames(thing, &IID_IUnknown, names, 1, 0, ids), DISP_E_UNKNOWNINTERFACE, "riid");
    kit_end(thing);
}

TEST(properties_are_read_and_written_and_methods_called)
{
    IKitThing *thing = kit_thing();
    VARIANT result, args[2] = { test_v_i4(3), test_v_i4(4) };
    BSTR text = SysAllocString(L"a text");

    ok_hr(test_put(thing, L"number", test_v_i4(7)), S_OK, "put Number, of the base");
    ok_hr(test_get(thing, L"Number", &result), S_OK, "get Number");
    ok(result.vt == VT_I4 && result.lVal == 7, "type %d, value %ld", result.vt, result.lVal);
    ok_hr(test_invoke(thing, L"Number", DISPATCH_PROPERTYGET, NULL, 0, &result), S_OK, "PROPERTYGET alone");
    ok_int(result.lVal, 7, "Number");
    ok_hr(test_invoke(thing, L"Double", DISPATCH_METHOD, NULL, 0, &result), S_OK, "Double, of the base");
    ok_int(result.lVal, 14, "Double");

    ok_hr(test_put(thing, L"Text", test_v_bstr(text)), S_OK, "put Text");
    ok_hr(test_get(thing, L"Text", &result), S_OK, "get Text");
    ok(result.vt == VT_BSTR, "type %d", result.vt);
    ok_text(result.bstrVal, L"a text", "Text");
    VariantClear(&result);
    SysFreeString(text);

    ok_hr(test_invoke(thing, L"Add", DISPATCH_METHOD, args, 2, &result), S_OK, "Add");
    ok_int(result.lVal, 43, "3 and 4 in declared order");
    ok_hr(test_invoke(thing, L"Add", DISPATCH_METHOD, args, 2, NULL), S_OK, "Add without result");
    ok_hr(test_invoke(thing, L"Nothing", DISPATCH_METHOD, NULL, 0, &result), S_OK, "Nothing");
    ok_int(result.vt, VT_EMPTY, "result of a method without one");
    kit_end(thing);
}

TEST(a_collection_is_enumerated_in_every_way_hosts_ask)
{
    static const WORD ways[] =
    {
        DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_METHOD | DISPATCH_PROPERTYGET,
    };
    IKitThing *thing = kit_thing();
    VARIANT result, args[1] = { test_v_i2(1) };
    IEnumVARIANT *items;
    size_t i;

    for (i = 0; i < COM_COUNT(ways); i++)
    {
        test_push("flags %d", ways[i]);
        ok_hr(invoke_id(thing, DISPID_NEWENUM, ways[i], NULL, 0, &result), S_OK, "_NewEnum");
        ok(result.vt == VT_UNKNOWN && result.punkVal, "type %d", result.vt);
        if (result.vt == VT_UNKNOWN)
        {
            ok_hr(IUnknown_QueryInterface(result.punkVal, &IID_IEnumVARIANT, (void **)&items), S_OK,
                  "IEnumVARIANT");
            IEnumVARIANT_Release(items);
        }
        VariantClear(&result);
        ok_hr(invoke_id(thing, DISPID_VALUE, ways[i], args, 1, &result), S_OK, "the default member");
        ok_text(result.vt == VT_BSTR ? result.bstrVal : NULL, L"two", "Item(1)");
        VariantClear(&result);
        test_pop();
    }
    kit_end(thing);
}

TEST(out_parameters_are_filled)
{
    IKitThing *thing = kit_thing();
    LONG tens = 0, ones = 0;
    VARIANT args[3] =
    {
        test_v_i4(42), { .vt = VT_I4 | VT_BYREF, .plVal = &tens }, { .vt = VT_I4 | VT_BYREF, .plVal = &ones },
    };

    ok_hr(test_invoke(thing, L"Split", DISPATCH_METHOD, args, 3, NULL), S_OK, "Split");
    ok_int(tens, 4, "tens");
    ok_int(ones, 2, "ones");
    kit_end(thing);
}

TEST(named_arguments_find_their_place)
{
    IKitThing *thing = kit_thing();
    VARIANT list[2] = { test_v_i4(3), test_v_i4(4) }, result;
    DISPID named[2] = { 0, 1 };
    DISPPARAMS params = { list, named, 2, 2 };
    EXCEPINFO exception = { 0 };
    UINT bad;

    VariantInit(&result);
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad),
          S_OK,
          "both named");
    ok_int(result.lVal, 43, "first is 3, second 4");
    named[0] = 1;
    named[1] = 0;
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad),
          S_OK,
          "the other way round");
    ok_int(result.lVal, 34, "second is 3, first 4");
    /* One by place (at the end of the list), one by name. */
    params.cNamedArgs = 1;
    named[0] = 1;
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad),
          S_OK,
          "one named");
    ok_int(result.lVal, 34, "first by place is 4, second by name is 3");
    kit_end(thing);
}

TEST(calls_that_make_no_sense_get_the_documented_code)
{
    IKitThing *thing = kit_thing();
    VARIANT args[3] = { test_v_i4(1), test_v_i4(2), test_v_i4(3) }, result;
    BSTR text = SysAllocString(L"no number");
    DISPPARAMS params = { 0 };
    EXCEPINFO exception;
    UINT bad = 99;

    ok_hr(invoke_id(thing, 0x999, DISPATCH_METHOD, NULL, 0, &result), DISP_E_MEMBERNOTFOUND, "unknown id");
    ok_hr(invoke_id(thing, 0x200, DISPATCH_METHOD, args, 1, &result), DISP_E_BADPARAMCOUNT, "too few");
    ok_hr(invoke_id(thing, 0x200, DISPATCH_METHOD, args, 3, &result), DISP_E_BADPARAMCOUNT, "too many");
    ok_hr(invoke_id(thing, 0x200, DISPATCH_PROPERTYPUT, args, 1, &result), DISP_E_MEMBERNOTFOUND,
          "put of a method");
    ok_hr(invoke_id(thing, 0x100, DISPATCH_PROPERTYPUT, args, 1, &result), DISP_E_MEMBERNOTFOUND,
          "read-only");
    args[0] = test_v_bstr(text);
    ok_hr(test_invoke_ex(thing, 0x200, DISPATCH_METHOD, args, 2, &result, &exception, &bad),
          DISP_E_TYPEMISMATCH,
          "text");
    todo_wine ok_int(bad, 1, "index of the bad argument, from the end");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_IUnknown, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          DISP_E_UNKNOWNINTERFACE, "riid");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, NULL, NULL, NULL, NULL), E_INVALIDARG,
          "no parameters");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK,
          "nothing asked back");
    params.cArgs = 1;
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          E_INVALIDARG, "arguments that are not there");
    params = (DISPPARAMS){ .rgvarg = args, .cArgs = 1, .cNamedArgs = 1 };
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          E_INVALIDARG, "names that are not there");
    SysFreeString(text);
    kit_end(thing);
}

TEST(a_failing_method_is_an_exception_with_source_and_text)
{
    VARIANT args[1] = { test_v_i4(KIT_E_PLAIN) }, result;
    IKitThing *thing = kit_thing();
    DISPPARAMS params = { args, NULL, 1, 0 };
    EXCEPINFO exception;
    UINT bad = 99;

    ok_hr(test_invoke_ex(thing, 0x202, DISPATCH_METHOD, args, 1, &result, &exception, &bad), DISP_E_EXCEPTION,
          "Fail");
    ok_hr(exception.scode, KIT_E_PLAIN, "scode");
    ok_text(exception.bstrSource, L"OpenImapiKit.KitThing", "source");
    ok_text(exception.bstrDescription, L"The thing is broken.", "description");
    ok_int(exception.wCode, 0, "wCode");
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    args[0] = test_v_i4(E_ACCESSDENIED);
    ok_hr(IKitThing_Invoke(thing, 0x202, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          DISP_E_EXCEPTION,
          "without EXCEPINFO");
    SetErrorInfo(0, NULL);
    kit_end(thing);
}

TEST(a_good_call_leaves_no_error_info_of_an_older_one)
{
    IKitThing *thing = kit_thing();
    VARIANT result;

    ok_hr(IKitThing_Fail(thing, KIT_E_PLAIN), KIT_E_PLAIN, "Fail");
    ok_hr(test_get(thing, L"Number", &result), S_OK, "get");
    check_no_error_info();
    kit_end(thing);
}

TEST(an_interface_that_is_not_dual_is_dispatched_too)
{
    BSTR text = SysAllocString(L"C:\\x.iso");
    VARIANT args[1] = { test_v_bstr(text) }, result;
    IKitLoose *loose;

    ok_hr(com_test_create("kit.dll", &CLSID_KitLoose, &IID_IKitLoose, (void **)&loose), S_OK, "KitLoose");
    check_interfaces(loose, ((const IID *[]){ &IID_IDispatch, &IID_ISupportErrorInfo, NULL }), NULL);
    ok_hr(test_invoke(loose, L"SetPath", DISPATCH_METHOD, args, 1, NULL), S_OK, "SetPath");
    ok_hr(test_get(loose, L"path", &result), S_OK, "Path");
    ok_text(result.vt == VT_BSTR ? result.bstrVal : NULL, L"C:\\x.iso", "Path");
    VariantClear(&result);
    args[0] = test_v_i2(3);
    ok_hr(test_invoke(loose, L"Check", DISPATCH_METHOD, args, 1, NULL), S_OK, "Check");
    args[0] = test_v_i2(-3);
    ok_hr(test_invoke(loose, L"Check", DISPATCH_METHOD, args, 1, NULL), KIT_E_PLAIN, "failing Check");
    SysFreeString(text);
    kit_end(loose);
}

TEST_MAIN(TEST_CASE(type_information_is_that_of_the_interface),
          TEST_CASE(names_are_found_in_any_letter_case_with_their_parameters_and_those_of_the_base),
          TEST_CASE(properties_are_read_and_written_and_methods_called),
          TEST_CASE(a_collection_is_enumerated_in_every_way_hosts_ask),
          TEST_CASE(out_parameters_are_filled),
          TEST_CASE(named_arguments_find_their_place),
          TEST_CASE(calls_that_make_no_sense_get_the_documented_code),
          TEST_CASE(a_failing_method_is_an_exception_with_source_and_text),
          TEST_CASE(a_good_call_leaves_no_error_info_of_an_older_one),
          TEST_CASE(an_interface_that_is_not_dual_is_dispatched_too))
