/* The kit without memory: for each use of it, every allocation is made to fail in turn. The answer is
   E_OUTOFMEMORY, and nothing is left over. */
#include "kit/kit_test.h"

static const WCHAR *const words[] = { L"one", L"two" };
static struct test_sink sink;
static IKitThing *thing;

/* Makes the n-th allocation fail, for n from 1 until the use needs fewer. The use gives all back. */
static void without_memory(HRESULT (*use)(void))
{
    const struct kit_tool *kit = kit_tool();
    HRESULT hr = E_FAIL;
    LONG n, live = kit->live(), asked = 0;

    for (n = 1; n < 100; n++)
    {
        test_push("allocation %ld", n);
        kit->fail_allocation(n);
        hr = use();
        asked = kit->allocations();
        kit->fail_allocation(0);
        ok_int(kit->live(), live, "objects alive");
        if (asked < n) ok_hr(hr, S_OK, "with all memory");
        else ok_hr(hr, E_OUTOFMEMORY, "without");
        test_pop();
        if (asked < n) break;
    }
    ok(n > 1, "nothing was allocated");
    SetErrorInfo(0, NULL);
}

static HRESULT use_create(void)
{
    IKitThing *made = (IKitThing *)(ULONG_PTR)1;
    HRESULT hr = com_test_create("kit.dll", &CLSID_KitThing, &IID_IKitThing, (void **)&made);

    if (SUCCEEDED(hr)) IKitThing_Release(made);
    else ok(!made, "pointer not cleared");
    return hr;
}

TEST(creating_an_object)
{
    without_memory(use_create);
}

static HRESULT use_enumerators(void)
{
    void *one[1] = { thing };
    IEnumVARIANT *items, *copy;
    IEnumKitThings *things;
    HRESULT hr;

    if (FAILED(hr = kit_tool()->enum_texts(words, 2, &items))) return hr;
    hr = IEnumVARIANT_Clone(items, &copy);
    if (SUCCEEDED(hr)) IEnumVARIANT_Release(copy);
    IEnumVARIANT_Release(items);
    if (FAILED(hr)) return hr;
    if (FAILED(hr = kit_tool()->enum_objects(one, 1, &items))) return hr;
    IEnumVARIANT_Release(items);
    if (FAILED(hr = kit_tool()->enum_things(one, 1, &things))) return hr;
    IEnumKitThings_Release(things);
    return S_OK;
}

TEST(enumerating)
{
    thing = kit_thing();
    without_memory(use_enumerators);
    kit_end(thing);
}

static HRESULT use_arrays(void)
{
    void *one[1] = { thing }, **objects;
    SAFEARRAY *array;
    size_t count;
    HRESULT hr;

    if (FAILED(hr = kit_tool()->array_of_objects(one, 1, &array))) return hr;
    hr = kit_tool()->array_read_objects(array, &IID_IKitThing, &objects, &count);
    if (SUCCEEDED(hr)) kit_tool()->free_objects(objects, count);
    else ok(!objects && !count, "outputs not cleared");
    SafeArrayDestroy(array);
    return hr;
}

TEST(arrays)
{
    thing = kit_thing();
    without_memory(use_arrays);
    kit_end(thing);
}

static HRESULT use_container(void)
{
    IConnectionPointContainer *container;
    IEnumConnectionPoints *points;
    IEnumConnections *list;
    IConnectionPoint *point;
    IKitThing *made;
    DWORD cookie;
    HRESULT hr;

    hr = com_test_create("kit.dll", &CLSID_KitThing, &IID_IKitThing, (void **)&made);
    if (FAILED(hr)) return hr;
    IKitThing_QueryInterface(made, &IID_IConnectionPointContainer, (void **)&container);
    hr = IConnectionPointContainer_EnumConnectionPoints(container, &points);
    if (SUCCEEDED(hr)) IEnumConnectionPoints_Release(points);
    if (SUCCEEDED(hr)) hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &point);
    if (SUCCEEDED(hr))
    {
        hr = IConnectionPoint_Advise(point, (IUnknown *)&sink.iface, &cookie);
        if (FAILED(hr)) ok_int(cookie, 0, "cookie");
        if (SUCCEEDED(hr)) hr = IConnectionPoint_EnumConnections(point, &list);
        if (SUCCEEDED(hr)) IEnumConnections_Release(list);
        IConnectionPoint_Release(point);
    }
    IConnectionPointContainer_Release(container);
    IKitThing_Release(made);
    ok_int(sink.references, 1, "references of the sink");
    return hr;
}

TEST(connecting_a_sink)
{
    test_sink_init(&sink);
    without_memory(use_container);
}

static HRESULT use_streams(void)
{
    IStream *stream, *memory, *clone;
    ULARGE_INTEGER all = { .QuadPart = 100 };
    struct source *source;
    HRESULT hr;

    hr = kit_tool()->stream(100, ~0ULL, L"name", TRUE, NULL, &stream);
    if (FAILED(hr)) return hr;
    hr = IStream_Clone(stream, &clone);
    if (SUCCEEDED(hr)) IStream_Release(clone);
    if (SUCCEEDED(hr)) hr = kit_tool()->stream_in(stream, &source);
    if (SUCCEEDED(hr)) kit_tool()->source_unref(source);
    if (SUCCEEDED(hr) && SUCCEEDED(CreateStreamOnHGlobal(NULL, TRUE, &memory)))
    {
        hr = IStream_CopyTo(stream, memory, all, NULL, NULL);
        IStream_Release(memory);
    }
    IStream_Release(stream);
    return hr;
}

TEST(streams)
{
    without_memory(use_streams);
}

static HRESULT use_texts(void)
{
    struct com_insert inserts[] = { COM_TEXT(L"a path"), COM_NUMBER(5), COM_TEXT(L"it") };
    BSTR text = NULL;
    HRESULT hr = kit_tool()->message(KIT_E_INSERTS, 0, E_ACCESSDENIED, inserts, 3, &text);

    ok(FAILED(hr) || SysStringLen(text) > 40, "half a text");
    SysFreeString(text);
    return hr;
}

TEST(texts_of_errors)
{
    without_memory(use_texts);
}

TEST(a_failure_keeps_its_code_when_there_is_no_memory_for_its_text)
{
    thing = kit_thing();
    ok_hr(IKitThing_Fail(thing, E_ABORT), E_ABORT, "an older failure");
    kit_tool()->fail_allocation(1);
    ok_hr(IKitThing_Fail(thing, KIT_E_PLAIN), KIT_E_PLAIN, "Fail");
    kit_tool()->fail_allocation(0);
    check_no_error_info();
    kit_end(thing);
}

TEST(events_arrive_without_memory)
{
    DWORD cookie;

    memset(&sink, 0, sizeof(sink));
    test_sink_init(&sink);
    thing = kit_thing();
    ok_hr(test_advise(thing, &IID_DKitEvents, &sink.iface, &cookie), S_OK, "Advise");
    kit_tool()->fail_allocation(1);
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    kit_tool()->fail_allocation(0);
    ok_int(sink.total, 1, "calls without memory");
    ok_hr(IKitThing_Fire(thing, 2), S_OK, "Fire");
    ok_int(sink.total, 2, "calls");
    test_sink_clear(&sink);
    kit_end(thing);
    ok_int(sink.references, 1, "references of the sink");
}

TEST_MAIN(TEST_CASE(creating_an_object), TEST_CASE(enumerating), TEST_CASE(arrays),
          TEST_CASE(connecting_a_sink),
          TEST_CASE(streams), TEST_CASE(texts_of_errors),
          TEST_CASE(a_failure_keeps_its_code_when_there_is_no_memory_for_its_text),
          TEST_CASE(events_arrive_without_memory))
