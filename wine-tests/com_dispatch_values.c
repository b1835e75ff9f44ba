/* Values through IDispatch of the kit: every type that arrives in another, objects, streams and arrays. */
#include "kit/kit_test.h"

static VARIANT empty(void)
{
    return (VARIANT){ .vt = VT_EMPTY };
}

static VARIANT by_ref(VARIANT *value)
{
    return (VARIANT){ .vt = VT_VARIANT | VT_BYREF, .pvarVal = value };
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
    ok_hr(test_put(thing, L"Partner", (VARIANT){ .vt = VT_DISPATCH | VT_BYREF, .ppdispVal = &dispatch }),
          S_OK,
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
    ok_hr(test_invoke_ex(thing, 0x201, DISPATCH_METHOD, (VARIANT[]){ test_v_disp(part) }, 1, NULL, &exception,
                         &bad),
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
        both_stream_query, both_stream_addref, both_stream_release,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, both_Stat, NULL,
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
    ok_hr(test_put(other, L"Items", (VARIANT){ .vt = VT_ARRAY | VT_VARIANT | VT_BYREF, .pparray = &same }),
          S_OK,
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

TEST_MAIN(TEST_CASE(results_have_the_types_that_scripts_know),
          TEST_CASE(numbers_and_booleans_are_converted),
          TEST_CASE(arguments_by_reference_are_followed),
          TEST_CASE(objects_are_put_with_and_without_set),
          TEST_CASE(an_object_of_another_kind_is_a_type_mismatch),
          TEST_CASE(streams_arrive_as_unknown_and_as_dispatch),
          TEST_CASE(arrays_go_in_and_out),
          TEST_CASE(a_variant_argument_arrives_as_it_is))
