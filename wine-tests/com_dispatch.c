/* IDispatch of the kit as script hosts use it: every way of calling, every type that arrives in another. */
#include "kit/kit_test.h"

static VARIANT empty(void)
{
    return (VARIANT){ .vt = VT_EMPTY };
}

static VARIANT by_ref(VARIANT *value)
{
    return (VARIANT){ .vt = VT_VARIANT | VT_BYREF, .pvarVal = value };
}

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

TEST(results_have_the_types_that_scripts_know)
{
    IKitThing *thing = kit_thing();
    VARIANT result;

    ok_hr(IKitThing_put_Big(thing, 0x123456789ALL), S_OK, "put_Big");
    ok_hr(IKitThing_put_Unsigned(thing, 0xFFFFFFFE), S_OK, "put_Unsigned");
    ok_hr(IKitThing_put_Flag(thing, VARIANT_TRUE), S_OK, "put_Flag");
    ok_hr(IKitThing_put_Kind(thing, KitKindLarge), S_OK, "put_Kind");
    ok_hr(test_get(thing, L"Big", &result), S_OK, "Big");
    ok(result.vt == VT_I8 && result.llVal == 0x123456789ALL, "Big: type %d", result.vt);
    ok_hr(test_get(thing, L"Unsigned", &result), S_OK, "Unsigned");
    ok(result.vt == VT_UI4 && result.ulVal == 0xFFFFFFFE, "Unsigned: type %d", result.vt);
    ok_hr(test_get(thing, L"Flag", &result), S_OK, "Flag");
    ok(result.vt == VT_BOOL && result.boolVal == VARIANT_TRUE, "Flag: type %d", result.vt);
    ok_hr(test_get(thing, L"Kind", &result), S_OK, "Kind");
    ok(result.vt == VT_I4 && result.lVal == KitKindLarge, "Kind: type %d value %ld", result.vt, result.lVal);
    ok_hr(IKitThing_put_When(thing, 40000.5), S_OK, "put_When");
    ok_hr(test_get(thing, L"When", &result), S_OK, "When");
    ok(result.vt == VT_DATE && result.date == 40000.5, "When: type %d", result.vt);
    ok_hr(test_get(thing, L"Plain", &result), S_OK, "Plain");
    ok(result.vt == VT_UNKNOWN && result.punkVal, "Plain: type %d", result.vt);
    VariantClear(&result);
    ok_hr(test_get(thing, L"Partner", &result), S_OK, "Partner");
    ok(result.vt == VT_DISPATCH && !result.pdispVal, "no Partner: type %d", result.vt);
    kit_end(thing);
}

TEST(numbers_and_booleans_are_converted)
{
    IKitThing *thing = kit_thing();
    VARIANT_BOOL flag;
    LONGLONG big;
    LONG number;
    ULONG unsigned_number;
    KitKind kind;
    BSTR text = SysAllocString(L"17");

    ok_hr(test_put(thing, L"Number", test_v_i2(-5)), S_OK, "VT_I2");
    IKitThing_get_Number(thing, &number);
    ok_int(number, -5, "from VT_I2");
    ok_hr(test_put(thing, L"Number", test_v_bstr(text)), S_OK, "VT_BSTR");
    IKitThing_get_Number(thing, &number);
    ok_int(number, 17, "from VT_BSTR");
    ok_hr(test_put(thing, L"Number", (VARIANT){ .vt = VT_R8, .dblVal = 3.0 }), S_OK, "VT_R8");
    IKitThing_get_Number(thing, &number);
    ok_int(number, 3, "from VT_R8");
    ok_hr(test_put(thing, L"Number", (VARIANT){ .vt = VT_UI4, .ulVal = 9 }), S_OK, "VT_UI4");
    IKitThing_get_Number(thing, &number);
    ok_int(number, 9, "from VT_UI4");
    ok_hr(test_put(thing, L"Unsigned", test_v_i4(8)), S_OK, "VT_I4 to VT_UI4");
    IKitThing_get_Unsigned(thing, &unsigned_number);
    ok_int(unsigned_number, 8, "to VT_UI4");
    ok_hr(test_put(thing, L"Kind", test_v_i2(1)), S_OK, "VT_I2 to an enum");
    IKitThing_get_Kind(thing, &kind);
    ok_int(kind, KitKindSmall, "to an enum");

    ok_hr(test_put(thing, L"Flag", test_v_i4(1)), S_OK, "VT_I4 to VT_BOOL");
    IKitThing_get_Flag(thing, &flag);
    ok_int(flag, VARIANT_TRUE, "flag of 1");
    ok_hr(test_put(thing, L"Flag", test_v_i2(0)), S_OK, "VT_I2 to VT_BOOL");
    IKitThing_get_Flag(thing, &flag);
    ok_int(flag, VARIANT_FALSE, "flag of 0");
    ok_hr(test_put(thing, L"Flag", (VARIANT){ .vt = VT_BOOL, .boolVal = 1 }), S_OK, "an odd true");
    IKitThing_get_Flag(thing, &flag);
    ok(flag != VARIANT_FALSE, "an odd true became false");

    ok_hr(test_put(thing, L"Big", test_v_i4(-2)), S_OK, "VT_I4 to VT_I8");
    IKitThing_get_Big(thing, &big);
    ok_int(big, -2, "to VT_I8");
    ok_hr(test_put(thing, L"Big", (VARIANT){ .vt = VT_R8, .dblVal = 8589934592.0 }), S_OK, "VT_R8 to VT_I8");
    IKitThing_get_Big(thing, &big);
    ok_int(big, 8589934592LL, "to VT_I8");
    SysFreeString(text);
    kit_end(thing);
}

TEST(arguments_by_reference_are_followed)
{
    IKitThing *thing = kit_thing(), *partner = kit_thing();
    VARIANT value = test_v_i4(6), args[2], result;
    BSTR text = SysAllocString(L"by reference");
    IDispatch *dispatch = (IDispatch *)partner;
    LONG number = 5;

    args[0] = by_ref(&value);
    args[1] = (VARIANT){ .vt = VT_I4 | VT_BYREF, .plVal = &number };
    ok_hr(test_invoke(thing, L"Add", DISPATCH_METHOD, args, 2, &result), S_OK, "Add");
    ok_int(result.lVal, 56, "6 and 5 by reference");
    value = test_v_i2(1);
    ok_hr(test_invoke(thing, L"Add", DISPATCH_METHOD, args, 2, &result), S_OK, "Add");
    ok_int(result.lVal, 51, "VT_I2 in a VARIANT by reference");
    ok_hr(test_put(thing, L"Text", (VARIANT){ .vt = VT_BSTR | VT_BYREF, .pbstrVal = &text }), S_OK, "Text");
    ok_hr(test_get(thing, L"Text", &result), S_OK, "Text");
    ok_text(result.bstrVal, L"by reference", "Text");
    VariantClear(&result);
    ok_hr(test_put(thing, L"Partner", (VARIANT){ .vt = VT_DISPATCH | VT_BYREF, .ppdispVal = &dispatch }), S_OK,
          "Partner");
    value = test_v_disp(partner);
    ok_hr(test_put(thing, L"Partner", by_ref(&value)), S_OK, "Partner in a VARIANT by reference");
    ok_hr(test_put(thing, L"Partner", test_v_disp(NULL)), S_OK, "Partner = Nothing");
    SysFreeString(text);
    IKitThing_Release(partner);
    kit_end(thing);
}

TEST(objects_are_put_with_and_without_set)
{
    IKitThing *thing = kit_thing(), *partner = kit_thing();
    VARIANT result;

    ok_hr(test_put(thing, L"Partner", test_v_disp(partner)), S_OK, "PROPERTYPUT");
    ok_hr(test_get(thing, L"Partner", &result), S_OK, "get");
    ok(result.vt == VT_DISPATCH && result.pdispVal == (IDispatch *)partner, "another partner");
    VariantClear(&result);
    ok_hr(test_put(thing, L"Partner", test_v_unknown(NULL)), S_OK, "NULL as VT_UNKNOWN");
    ok_hr(test_putref(thing, L"Partner", test_v_disp(partner)), S_OK, "PROPERTYPUTREF");
    ok_hr(test_invoke(thing, L"Partner", DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF,
                      (VARIANT[]){ test_v_unknown(partner) }, 1, NULL), S_OK, "both flags");
    ok_hr(test_putref(thing, L"Partner", test_v_disp(NULL)), S_OK, "Set = Nothing");
    ok_hr(test_putref(thing, L"Number", test_v_i4(3)), S_OK, "PROPERTYPUTREF of a number");
    check_last_release(partner);
    kit_end(thing);
}

TEST(an_object_of_another_kind_is_a_type_mismatch)
{
    IKitThing *thing = kit_thing();
    EXCEPINFO exception;
    IKitBase *part;
    UINT bad = 99;

    ok_hr(kit_tool()->part(1, &part), S_OK, "part");
    ok_hr(test_put(thing, L"Partner", test_v_disp(part)), DISP_E_TYPEMISMATCH, "wrong interface");
    ok_hr(test_put(thing, L"Partner", test_v_i4(5)), DISP_E_TYPEMISMATCH, "a number");
    ok_hr(test_put(thing, L"Stream", test_v_disp(part)), DISP_E_TYPEMISMATCH, "no stream");
    ok_hr(test_invoke_ex(thing, 0x201, DISPATCH_METHOD, (VARIANT[]){ test_v_disp(part) }, 1, NULL, &exception, &bad),
          DISP_E_TYPEMISMATCH, "no stream as argument");
    ok_int(bad, 0, "index of the bad argument");
    IKitBase_Release(part);
    kit_end(thing);
}

/* A client's object that answers IDispatch and IStream, as ADODB.Stream does, on different pointers. */
struct both
{
    IDispatch dispatch;
    IStream stream;
    LONG references;
};

static struct both *the_both;

static HRESULT STDMETHODCALLTYPE both_query(IDispatch *iface, REFIID iid, void **out)
{
    (void)iface;
    *out = NULL;
    if (IsEqualIID(iid, &IID_IStream) || IsEqualIID(iid, &IID_ISequentialStream)) *out = &the_both->stream;
    else if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IDispatch)) *out = &the_both->dispatch;
    if (*out) InterlockedIncrement(&the_both->references);
    return *out ? S_OK : E_NOINTERFACE;
}

static HRESULT STDMETHODCALLTYPE both_stream_query(IStream *iface, REFIID iid, void **out)
{
    (void)iface;
    return both_query(NULL, iid, out);
}

static ULONG STDMETHODCALLTYPE both_addref(IDispatch *iface)
{
    (void)iface;
    return (ULONG)InterlockedIncrement(&the_both->references);
}

static ULONG STDMETHODCALLTYPE both_release(IDispatch *iface)
{
    (void)iface;
    return (ULONG)InterlockedDecrement(&the_both->references);
}

static ULONG STDMETHODCALLTYPE both_stream_addref(IStream *iface)
{
    (void)iface;
    return both_addref(NULL);
}

static ULONG STDMETHODCALLTYPE both_stream_release(IStream *iface)
{
    (void)iface;
    return both_release(NULL);
}

static HRESULT STDMETHODCALLTYPE both_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
    (void)iface, (void)flag;
    memset(stat, 0, sizeof(*stat));
    stat->cbSize.QuadPart = 777;
    return S_OK;
}

TEST(streams_arrive_as_unknown_and_as_dispatch)
{
    static IDispatchVtbl dispatch_vtbl = { both_query, both_addref, both_release, NULL, NULL, NULL, NULL };
    static IStreamVtbl stream_vtbl =
    {
        both_stream_query, both_stream_addref, both_stream_release, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, both_Stat, NULL,
    };
    struct both both = { { &dispatch_vtbl }, { &stream_vtbl }, 1 };
    IKitThing *thing = kit_thing();
    VARIANT value, result, args[1];
    LONG released = 0;
    IStream *stream;

    the_both = &both;
    ok_hr(kit_tool()->stream(1234, ~0ULL, NULL, TRUE, &released, &stream), S_OK, "stream");
    args[0] = test_v_unknown(stream);
    ok_hr(test_invoke(thing, L"StreamSize", DISPATCH_METHOD, args, 1, &result), S_OK, "VT_UNKNOWN");
    ok_int(result.lVal, 1234, "size");
    value = args[0];
    args[0] = by_ref(&value);
    ok_hr(test_invoke(thing, L"StreamSize", DISPATCH_METHOD, args, 1, &result), S_OK, "VARIANT by reference");
    ok_int(result.lVal, 1234, "size");
    args[0] = test_v_disp(&both.dispatch);
    ok_hr(test_invoke(thing, L"StreamSize", DISPATCH_METHOD, args, 1, &result), S_OK, "VT_DISPATCH");
    ok_int(result.lVal, 777, "size");
    args[0] = test_v_unknown(&both.dispatch);
    ok_hr(test_invoke(thing, L"StreamSize", DISPATCH_METHOD, args, 1, &result), S_OK, "another IUnknown");
    ok_int(result.lVal, 777, "size");
    ok_int(both.references, 1, "references of the client's object");

    ok_hr(test_put(thing, L"Stream", test_v_unknown(stream)), S_OK, "put");
    ok_hr(test_get(thing, L"Stream", &result), S_OK, "get");
    ok(result.vt == VT_UNKNOWN && result.punkVal == (IUnknown *)stream, "type %d", result.vt);
    VariantClear(&result);
    ok_hr(test_putref(thing, L"Stream", test_v_unknown(stream)), S_OK, "putref");
    ok_hr(test_put(thing, L"Stream", empty()), DISP_E_TYPEMISMATCH, "put Empty");
    ok_hr(test_put(thing, L"Stream", test_v_unknown(NULL)), S_OK, "put Nothing");
    IStream_Release(stream);
    ok_int(released, 1, "streams gone");
    kit_end(thing);
}

TEST(arrays_go_in_and_out)
{
    IKitThing *thing = kit_thing(), *other = kit_thing();
    SAFEARRAY *array, *same;
    VARIANT result, value, *elements;
    void *objects[2] = { thing, other };

    ok_hr(test_get(thing, L"Items", &result), S_OK, "get, at first");
    ok(result.vt == (VT_ARRAY | VT_VARIANT), "type %#x", result.vt);
    ok_int(SafeArrayGetDim(result.parray), 1, "dimensions");
    ok_int(result.parray->rgsabound[0].cElements, 0, "elements");
    ok_int(result.parray->rgsabound[0].lLbound, 0, "lower bound");
    ok_hr(test_put(thing, L"Items", result), S_OK, "put of the empty one");
    VariantClear(&result);

    ok_hr(kit_tool()->array_of_objects(objects, 2, &array), S_OK, "array");
    value = (VARIANT){ .vt = VT_ARRAY | VT_VARIANT, .parray = array };
    ok_hr(test_put(other, L"Items", value), S_OK, "put");
    ok_hr(test_put(other, L"Items", by_ref(&value)), S_OK, "put in a VARIANT by reference");
    same = array;
    ok_hr(test_put(other, L"Items", (VARIANT){ .vt = VT_ARRAY | VT_VARIANT | VT_BYREF, .pparray = &same }), S_OK,
          "put of the array by reference");
    VariantClear(&value);
    ok_hr(test_get(other, L"Items", &result), S_OK, "get");
    ok_int(result.parray->rgsabound[0].cElements, 2, "elements");
    elements = result.parray->pvData;
    ok(elements[1].vt == VT_DISPATCH && elements[1].pdispVal == (IDispatch *)other, "another element");
    VariantClear(&result);
    ok_hr(kit_tool()->array_of_objects(NULL, 0, &array), S_OK, "empty array");
    value = (VARIANT){ .vt = VT_ARRAY | VT_VARIANT, .parray = array };
    ok_hr(test_put(other, L"Items", value), S_OK, "put of nothing");
    VariantClear(&value);
    check_last_release(other);
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
            ok_hr(IUnknown_QueryInterface(result.punkVal, &IID_IEnumVARIANT, (void **)&items), S_OK, "IEnumVARIANT");
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
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad), S_OK,
          "both named");
    ok_int(result.lVal, 43, "first is 3, second 4");
    named[0] = 1;
    named[1] = 0;
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad), S_OK,
          "the other way round");
    ok_int(result.lVal, 34, "second is 3, first 4");
    /* One by place (at the end of the list), one by name. */
    params.cNamedArgs = 1;
    named[0] = 1;
    ok_hr(IKitThing_Invoke(thing, 0x200, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &exception, &bad), S_OK,
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
    ok_hr(invoke_id(thing, 0x200, DISPATCH_PROPERTYPUT, args, 1, &result), DISP_E_MEMBERNOTFOUND, "put of a method");
    ok_hr(invoke_id(thing, 0x100, DISPATCH_PROPERTYPUT, args, 1, &result), DISP_E_MEMBERNOTFOUND, "read-only");
    args[0] = test_v_bstr(text);
    ok_hr(test_invoke_ex(thing, 0x200, DISPATCH_METHOD, args, 2, &result, &exception, &bad), DISP_E_TYPEMISMATCH,
          "text");
    todo_wine ok_int(bad, 1, "index of the bad argument, from the end");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_IUnknown, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
          DISP_E_UNKNOWNINTERFACE, "riid");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, NULL, NULL, NULL, NULL), E_INVALIDARG,
          "no parameters");
    ok_hr(IKitThing_Invoke(thing, 0x207, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK,
          "nothing asked back");
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

    ok_hr(test_invoke_ex(thing, 0x202, DISPATCH_METHOD, args, 1, &result, &exception, &bad), DISP_E_EXCEPTION, "Fail");
    ok_hr(exception.scode, KIT_E_PLAIN, "scode");
    ok_text(exception.bstrSource, L"OpenImapiKit.KitThing", "source");
    ok_text(exception.bstrDescription, L"The thing is broken.", "description");
    ok_int(exception.wCode, 0, "wCode");
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    args[0] = test_v_i4(E_ACCESSDENIED);
    ok_hr(IKitThing_Invoke(thing, 0x202, &IID_NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_EXCEPTION,
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

TEST(a_variant_argument_arrives_as_it_is)
{
    VARIANT args[4] = { test_v_i4(1), { .vt = VT_DATE, .date = 2.5 }, test_v_i2(2), test_v_i2(99) }, result;
    IKitThing *thing = kit_thing();
    VARIANT_BOOL flag;
    KitKind kind;
    DATE when;

    ok_hr(test_invoke(thing, L"Echo", DISPATCH_METHOD, args, 4, &result), S_OK, "Echo");
    ok(result.vt == VT_I2 && result.iVal == 99, "type %d", result.vt);
    IKitThing_get_Flag(thing, &flag);
    IKitThing_get_Kind(thing, &kind);
    IKitThing_get_When(thing, &when);
    ok(flag == VARIANT_TRUE && kind == 2 && when == 2.5, "flag %d, kind %d", flag, kind);
    kit_end(thing);
}

TEST_MAIN(TEST_CASE(type_information_is_that_of_the_interface),
          TEST_CASE(names_are_found_in_any_letter_case_with_their_parameters_and_those_of_the_base),
          TEST_CASE(properties_are_read_and_written_and_methods_called),
          TEST_CASE(results_have_the_types_that_scripts_know),
          TEST_CASE(numbers_and_booleans_are_converted),
          TEST_CASE(arguments_by_reference_are_followed),
          TEST_CASE(objects_are_put_with_and_without_set),
          TEST_CASE(an_object_of_another_kind_is_a_type_mismatch),
          TEST_CASE(streams_arrive_as_unknown_and_as_dispatch),
          TEST_CASE(arrays_go_in_and_out),
          TEST_CASE(a_collection_is_enumerated_in_every_way_hosts_ask),
          TEST_CASE(out_parameters_are_filled),
          TEST_CASE(named_arguments_find_their_place),
          TEST_CASE(calls_that_make_no_sense_get_the_documented_code),
          TEST_CASE(a_failing_method_is_an_exception_with_source_and_text),
          TEST_CASE(a_good_call_leaves_no_error_info_of_an_older_one),
          TEST_CASE(an_interface_that_is_not_dual_is_dispatched_too),
          TEST_CASE(a_variant_argument_arrives_as_it_is))
