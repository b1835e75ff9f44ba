/* Enumerators and arrays of the kit: IEnumVARIANT, those of interface pointers, SAFEARRAYs of VARIANT. */
#include "kit/kit_test.h"

static const WCHAR *const words[] = { L"zero", L"one", L"two", L"three", L"four" };

static IEnumVARIANT *word_list(void)
{
    IEnumVARIANT *list = NULL;

    ok_hr(kit_tool()->enum_texts(words, 5, &list), S_OK, "enumerator");
    return list;
}

static void clear_all(VARIANT *values, int count)
{
    while (count--) VariantClear(&values[count]);
}

/* --- IEnumVARIANT --------------------------------------------------------------------------------------- */

TEST(next_gives_what_is_left_and_says_so)
{
    IEnumVARIANT *list = word_list();
    VARIANT values[6];
    ULONG fetched = 9;
    int i;

    check_interfaces(list, ((const IID *[]){ &IID_IUnknown, &IID_IEnumVARIANT, &IID_IMarshal, NULL }),
                     ((const IID *[]){ &IID_IDispatch, &IID_IEnumUnknown, &IID_IProvideClassInfo, NULL }));
    check_identity(list, ((const IID *[]){ &IID_IUnknown, &IID_IEnumVARIANT, NULL }));
    ok_hr(IEnumVARIANT_Next(list, 2, values, &fetched), S_OK, "Next(2)");
    ok_int(fetched, 2, "fetched");
    ok(values[1].vt == VT_BSTR, "type %d", values[1].vt);
    ok_text(values[1].bstrVal, L"one", "second");
    clear_all(values, 2);
    memset(values, 0x55, sizeof(values));
    ok_hr(IEnumVARIANT_Next(list, 6, values, &fetched), S_FALSE, "Next(6)");
    ok_int(fetched, 3, "fetched");
    ok_text(values[2].bstrVal, L"four", "last");
    for (i = 3; i < 6; i++) ok_int(values[i].vt, VT_EMPTY, "type past the end");
    clear_all(values, 3);
    values[0].vt = VT_I4;
    ok_hr(IEnumVARIANT_Next(list, 1, values, &fetched), S_FALSE, "Next at the end");
    ok_int(fetched, 0, "fetched");
    ok_int(values[0].vt, VT_EMPTY, "type at the end");
    kit_end(list);
}

TEST(the_count_may_be_left_out)
{
    IEnumVARIANT *list = word_list();
    VARIANT values[3];

    ok_hr(IEnumVARIANT_Next(list, 1, values, NULL), S_OK, "Next(1)");
    ok_text(values[0].bstrVal, L"zero", "first");
    VariantClear(&values[0]);
    ok_hr(IEnumVARIANT_Next(list, 3, values, NULL), S_OK, "Next(3): for IEnumVARIANT it is optional");
    clear_all(values, 3);
    ok_hr(IEnumVARIANT_Next(list, 0, values, NULL), S_OK, "Next(0)");
    kit_end(list);
}

TEST(skip_reset_and_clone_move_each_on_its_own)
{
    IEnumVARIANT *list = word_list(), *copy = NULL;
    VARIANT value;

    ok_hr(IEnumVARIANT_Skip(list, 3), S_OK, "Skip(3)");
    ok_hr(IEnumVARIANT_Clone(list, &copy), S_OK, "Clone");
    ok_hr(IEnumVARIANT_Skip(list, 3), S_FALSE, "Skip past the end");
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_FALSE, "Next at the end");
    ok_hr(IEnumVARIANT_Skip(list, 0), S_OK, "Skip(0)");
    ok_hr(IEnumVARIANT_Next(copy, 1, &value, NULL), S_OK, "Next of the copy");
    ok_text(value.bstrVal, L"three", "position of the copy");
    VariantClear(&value);
    ok_hr(IEnumVARIANT_Reset(list), S_OK, "Reset");
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_OK, "Next");
    ok_text(value.bstrVal, L"zero", "after Reset");
    VariantClear(&value);
    IEnumVARIANT_Release(list);
    ok_hr(IEnumVARIANT_Next(copy, 1, &value, NULL), S_OK, "the copy lives on");
    ok_text(value.bstrVal, L"four", "position of the copy");
    VariantClear(&value);
    kit_end(copy);
}

TEST(bad_arguments_get_their_code)
{
    IEnumVARIANT *list = word_list();
    ULONG fetched = 7;
    VARIANT value;

    ok_hr(IEnumVARIANT_Next(list, 1, NULL, &fetched), E_POINTER, "no output");
    ok_int(fetched, 0, "fetched");
    ok_hr(IEnumVARIANT_Next(list, 0x80000000, &value, &fetched), E_INVALIDARG, "more than there can be");
    ok_hr(IEnumVARIANT_Clone(list, NULL), E_POINTER, "Clone(NULL)");
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_OK, "nothing moved");
    ok_text(value.bstrVal, L"zero", "first");
    VariantClear(&value);
    kit_end(list);
}

TEST(an_empty_list_ends_at_once)
{
    IEnumVARIANT *list;
    VARIANT value;

    ok_hr(kit_tool()->enum_variant(NULL, 0, &list), S_OK, "enumerator");
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_FALSE, "Next");
    ok_hr(IEnumVARIANT_Reset(list), S_OK, "Reset");
    ok_hr(IEnumVARIANT_Skip(list, 1), S_FALSE, "Skip");
    kit_end(list);
}

TEST(items_are_copies_of_then)
{
    IKitThing *thing = kit_thing();
    BSTR text = SysAllocString(L"before");
    VARIANT items[3] = { test_v_bstr(text), test_v_disp(thing), test_v_i4(5) }, value;
    IEnumVARIANT *list;
    void *objects[1] = { thing };

    ok_hr(kit_tool()->enum_variant(items, 3, &list), S_OK, "enumerator");
    text[0] = L'X';
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_OK, "Next");
    ok_text(value.bstrVal, L"before", "text");
    VariantClear(&value);
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_OK, "Next");
    ok(value.vt == VT_DISPATCH && value.pdispVal == (IDispatch *)thing, "object");
    VariantClear(&value);
    IEnumVARIANT_Release(list);
    SysFreeString(text);

    ok_hr(kit_tool()->enum_objects(objects, 1, &list), S_OK, "of objects");
    IKitThing_Release(thing);
    ok_hr(IEnumVARIANT_Next(list, 1, &value, NULL), S_OK, "Next");
    ok_int(value.vt, VT_DISPATCH, "type");
    VariantClear(&value);
    kit_end(list);
}

/* --- enumerators of interface pointers ------------------------------------------------------------------ */

TEST(pointers_are_enumerated_under_the_interfaces_own_iid)
{
    IKitThing *first = kit_thing(), *second = kit_thing(), *out[3];
    void *objects[2] = { first, second };
    IEnumKitThings *list, *copy;
    ULONG fetched = 9;

    ok_hr(kit_tool()->enum_things(objects, 2, &list), S_OK, "enumerator");
    check_interfaces(list, ((const IID *[]){ &IID_IUnknown, &IID_IEnumKitThings, NULL }),
                     ((const IID *[]){ &IID_IEnumUnknown, &IID_IEnumVARIANT, &IID_IDispatch, NULL }));
    ok_hr(IEnumKitThings_Next(list, 2, out, NULL), E_POINTER, "the count is needed for more than one");
    ok_hr(IEnumKitThings_Next(list, 0, out, NULL), E_POINTER, "and for none");
    ok_hr(IEnumKitThings_Next(list, 1, NULL, &fetched), E_POINTER, "no output");
    ok_hr(IEnumKitThings_Next(list, 0xFFFFFFFF, out, &fetched), E_INVALIDARG, "more than there can be");
    ok_hr(IEnumKitThings_Next(list, 0, out, &fetched), S_OK, "Next(0)");
    ok_int(fetched, 0, "fetched");
    ok_hr(IEnumKitThings_Next(list, 1, out, NULL), S_OK, "Next(1)");
    ok(out[0] == first, "another object");
    IKitThing_Release(out[0]);
    ok_hr(IEnumKitThings_Clone(list, &copy), S_OK, "Clone");
    ok_hr(IEnumKitThings_Next(list, 3, out, &fetched), S_FALSE, "Next(3)");
    ok_int(fetched, 1, "fetched");
    ok(out[0] == second && !out[1] && !out[2], "outputs");
    IKitThing_Release(out[0]);
    out[0] = first;
    ok_hr(IEnumKitThings_Next(list, 1, out, NULL), S_FALSE, "Next at the end");
    ok(!out[0], "output not cleared");
    ok_hr(IEnumKitThings_Skip(copy, 1), S_OK, "Skip");
    ok_hr(IEnumKitThings_Skip(copy, 1), S_FALSE, "Skip at the end");
    ok_hr(IEnumKitThings_Reset(copy), S_OK, "Reset");
    ok_hr(IEnumKitThings_Next(copy, 1, out, NULL), S_OK, "Next");
    ok(out[0] == first, "after Reset");
    IKitThing_Release(out[0]);
    IEnumKitThings_Release(copy);
    IKitThing_Release(first);
    IKitThing_Release(second);
    kit_end(list);
}

static DWORD WINAPI take_all(void *argument)
{
    IEnumKitThings *list = argument;
    IKitThing *thing;
    DWORD taken = 0;

    while (IEnumKitThings_Next(list, 1, &thing, NULL) == S_OK)
    {
        taken++;
        IKitThing_Release(thing);
    }
    return taken;
}

TEST(two_threads_share_one_enumerator_without_doubles)
{
    static void *objects[3000];
    IKitThing *thing = kit_thing();
    IEnumKitThings *list;
    HANDLE threads[2];
    DWORD taken[2];
    int i;

    for (i = 0; i < 3000; i++) objects[i] = thing;
    ok_hr(kit_tool()->enum_things(objects, 3000, &list), S_OK, "enumerator");
    for (i = 0; i < 2; i++) threads[i] = CreateThread(NULL, 0, take_all, list, 0, NULL);
    for (i = 0; i < 2; i++)
    {
        WaitForSingleObject(threads[i], 60000);
        GetExitCodeThread(threads[i], &taken[i]);
        CloseHandle(threads[i]);
    }
    ok_int(taken[0] + taken[1], 3000, "taken by both");
    IEnumKitThings_Release(list);
    kit_end(thing);
}

/* --- arrays --------------------------------------------------------------------------------------------- */

static VARIANT *elements_of(SAFEARRAY *array, ULONG count, VARTYPE type)
{
    VARTYPE found = VT_EMPTY;
    ULONG i;

    ok_int(SafeArrayGetDim(array), 1, "dimensions");
    ok_int(array->rgsabound[0].lLbound, 0, "lower bound");
    ok_int(array->rgsabound[0].cElements, count, "elements");
    ok_hr(SafeArrayGetVartype(array, &found), S_OK, "SafeArrayGetVartype");
    ok_int(found, VT_VARIANT, "type of the array");
    for (i = 0; i < count; i++) ok_int(((VARIANT *)array->pvData)[i].vt, type, "type of an element");
    return array->pvData;
}

TEST(arrays_have_one_dimension_from_0_and_the_types_asked_for)
{
    LONG longs[] = { -1, 2, 0x7FFFFFFF };
    ULONG ulongs[] = { 0xFFFFFFFF, 2 };
    IKitThing *thing = kit_thing();
    void *objects[2] = { thing, thing };
    SAFEARRAY *array;
    VARIANT *values;

    ok_hr(kit_tool()->array_of_texts(words, 5, &array), S_OK, "texts");
    values = elements_of(array, 5, VT_BSTR);
    ok_text(values[4].bstrVal, L"four", "last");
    ok_hr(SafeArrayDestroy(array), S_OK, "SafeArrayDestroy");
    ok_hr(kit_tool()->array_of_longs(longs, 3, &array), S_OK, "longs");
    values = elements_of(array, 3, VT_I4);
    ok(values[0].lVal == -1 && values[2].lVal == 0x7FFFFFFF, "values");
    SafeArrayDestroy(array);
    ok_hr(kit_tool()->array_of_ulongs(ulongs, 2, &array), S_OK, "ulongs");
    values = elements_of(array, 2, VT_UI4);
    ok(values[0].ulVal == 0xFFFFFFFF, "values");
    SafeArrayDestroy(array);
    ok_hr(kit_tool()->array_of_longs(NULL, 0, &array), S_OK, "none");
    elements_of(array, 0, VT_I4);
    SafeArrayDestroy(array);
    ok_hr(kit_tool()->array_of_objects(objects, 2, &array), S_OK, "objects");
    values = elements_of(array, 2, VT_DISPATCH);
    ok(values[1].pdispVal == (IDispatch *)thing, "another object");
    IKitThing_Release(thing);
    ok(kit_tool()->live() == 1, "the array holds no reference");
    SafeArrayDestroy(array);
    ok_int(kit_tool()->live(), 0, "objects alive");
}

static HRESULT read(SAFEARRAY *array, void ***objects, size_t *count)
{
    *objects = (void **)(ULONG_PTR)1;
    *count = 77;
    return kit_tool()->array_read_objects(array, &IID_IKitThing, objects, count);
}

/* An array of VARIANTs that takes over the values. */
static SAFEARRAY *array_of(VARIANT *values, LONG count, LONG lower)
{
    SAFEARRAYBOUND bound = { (ULONG)count, lower };
    SAFEARRAY *array = SafeArrayCreate(VT_VARIANT, 1, &bound);

    memcpy(array->pvData, values, (size_t)count * sizeof(*values));
    return array;
}

TEST(objects_are_read_from_arrays_of_every_make)
{
    IKitThing *thing = kit_thing();
    IUnknown *unknown = (IUnknown *)thing;
    IDispatch *dispatch = (IDispatch *)thing;
    VARIANT inner = test_v_disp(thing), values[5];
    SAFEARRAY *array;
    void **objects;
    size_t count, i;

    values[0] = test_v_disp(thing);
    values[1] = test_v_unknown(thing);
    IKitThing_AddRef(thing);
    IKitThing_AddRef(thing);
    values[2] = (VARIANT){ .vt = VT_DISPATCH | VT_BYREF, .ppdispVal = &dispatch };
    values[3] = (VARIANT){ .vt = VT_UNKNOWN | VT_BYREF, .ppunkVal = &unknown };
    values[4] = (VARIANT){ .vt = VT_VARIANT | VT_BYREF, .pvarVal = &inner };
    array = array_of(values, 5, -3);
    ok_hr(read(array, &objects, &count), S_OK, "VARIANTs");
    ok_int(count, 5, "count");
    for (i = 0; i < count; i++) ok(objects[i] == thing, "element %u", (unsigned)i);
    kit_tool()->free_objects(objects, count);
    SafeArrayDestroy(array);

    array = SafeArrayCreateVector(VT_DISPATCH, 1, 1);
    ((IDispatch **)array->pvData)[0] = dispatch;
    IDispatch_AddRef(dispatch);
    ok_hr(read(array, &objects, &count), S_OK, "an array of VT_DISPATCH");
    ok_int(count, 1, "count");
    kit_tool()->free_objects(objects, count);
    SafeArrayDestroy(array);

    array = array_of(values, 0, 0);
    ok_hr(read(array, &objects, &count), S_OK, "an empty array");
    ok(!objects && !count, "something in it");
    kit_tool()->free_objects(objects, count);
    SafeArrayDestroy(array);
    kit_end(thing);
}

TEST(arrays_that_hold_something_else_are_refused)
{
    SAFEARRAYBOUND bounds[2] = { { 1, 0 }, { 1, 0 } };
    IKitThing *thing = kit_thing();
    VARIANT values[2];
    SAFEARRAY *array;
    IKitBase *part;
    void **objects;
    size_t count;

    ok_hr(read(NULL, &objects, &count), E_POINTER, "no array");
    ok(!objects && !count, "outputs not cleared");
    array = SafeArrayCreate(VT_VARIANT, 2, bounds);
    ok_hr(read(array, &objects, &count), E_INVALIDARG, "two dimensions");
    SafeArrayDestroy(array);
    if (ok_hr(SafeArrayAllocDescriptorEx(VT_VARIANT, 1, &array), S_OK, "SafeArrayAllocDescriptorEx"))
    {
        array->rgsabound[0].cElements = 3;
        ok_hr(read(array, &objects, &count), E_INVALIDARG, "an array without data");
        array->rgsabound[0].cElements = 0;
        SafeArrayDestroyDescriptor(array);
    }
    array = SafeArrayCreateVector(VT_I4, 0, 2);
    ok_hr(read(array, &objects, &count), E_INVALIDARG, "an array of numbers");
    SafeArrayDestroy(array);

    values[0] = test_v_disp(thing);
    values[1] = (VARIANT){ .vt = VT_EMPTY };
    IKitThing_AddRef(thing);
    array = array_of(values, 2, 0);
    ok_hr(read(array, &objects, &count), E_INVALIDARG, "an element without value");
    ok(!objects && !count, "outputs not cleared");
    ((VARIANT *)array->pvData)[1] = test_v_disp(NULL);
    ok_hr(read(array, &objects, &count), E_INVALIDARG, "an element NULL");
    ((VARIANT *)array->pvData)[1] = test_v_i4(4);
    ok_hr(read(array, &objects, &count), E_INVALIDARG, "a number");
    ok_hr(kit_tool()->part(1, &part), S_OK, "part");
    ((VARIANT *)array->pvData)[1] = test_v_disp(part);
    ok_hr(read(array, &objects, &count), E_NOINTERFACE, "another class");
    ok(!objects && !count, "outputs not cleared");
    SafeArrayDestroy(array);
    kit_end(thing);
}

TEST_MAIN(TEST_CASE(next_gives_what_is_left_and_says_so),
          TEST_CASE(the_count_may_be_left_out),
          TEST_CASE(skip_reset_and_clone_move_each_on_its_own),
          TEST_CASE(bad_arguments_get_their_code),
          TEST_CASE(an_empty_list_ends_at_once),
          TEST_CASE(items_are_copies_of_then),
          TEST_CASE(pointers_are_enumerated_under_the_interfaces_own_iid),
          TEST_CASE(two_threads_share_one_enumerator_without_doubles),
          TEST_CASE(arrays_have_one_dimension_from_0_and_the_types_asked_for),
          TEST_CASE(objects_are_read_from_arrays_of_every_make),
          TEST_CASE(arrays_that_hold_something_else_are_refused))
