/* Connection points of the kit, and calling the sinks: who is called, with what, on which thread. */
#include "kit/kit_test.h"

#include <olectl.h>
#include <stddef.h>

static struct test_sink sinks[3];

static struct test_sink *fresh_sink(int i, const IID *event)
{
    test_sink_clear(&sinks[i]);
    memset(&sinks[i], 0, offsetof(struct test_sink, calls));
    sinks[i].event = event;
    test_sink_init(&sinks[i]);
    return &sinks[i];
}

static IConnectionPointContainer *container_of(IKitThing *thing)
{
    IConnectionPointContainer *container = NULL;

    ok_hr(IKitThing_QueryInterface(thing, &IID_IConnectionPointContainer, (void **)&container), S_OK,
          "container");
    return container;
}

TEST(points_are_found_by_their_interface)
{
    IConnectionPointContainer *container, *back;
    IKitThing *thing = kit_thing();
    IConnectionPoint *point, *again;
    IID iid;

    container = container_of(thing);
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &point), S_OK,
          "DKitEvents");
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &again), S_OK, "again");
    ok(point == again, "another point");
    IConnectionPoint_Release(again);
    ok_hr(IConnectionPoint_GetConnectionInterface(point, &iid), S_OK, "GetConnectionInterface");
    ok(IsEqualIID(&iid, &IID_DKitEvents), "another interface");
    ok_hr(IConnectionPoint_GetConnectionInterface(point, NULL), E_POINTER, "NULL");
    ok_hr(IConnectionPoint_GetConnectionPointContainer(point, &back), S_OK, "GetConnectionPointContainer");
    ok(back == container, "another container");
    IConnectionPointContainer_Release(back);
    ok_hr(IConnectionPoint_GetConnectionPointContainer(point, NULL), E_POINTER, "NULL");
    check_identity(point, ((const IID *[]){ &IID_IUnknown, &IID_IConnectionPoint, NULL }));
    check_interfaces(point, ((const IID *[]){ &IID_IMarshal, NULL }),
                     ((const IID *[]){ &IID_IKitThing, &IID_IDispatch, &IID_IConnectionPointContainer,
                                       NULL }));
    IConnectionPoint_Release(point);

    point = (IConnectionPoint *)(ULONG_PTR)1;
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_IDispatch, &point),
          CONNECT_E_NOCONNECTION,
          "unknown interface");
    ok(!point, "pointer not cleared");
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, NULL), E_POINTER, "NULL");
    IConnectionPointContainer_Release(container);
    kit_end(thing);
}

TEST(a_point_keeps_its_object_alive)
{
    IConnectionPointContainer *container;
    IKitThing *thing = kit_thing();
    IConnectionPoint *point;
    IID iid;

    container = container_of(thing);
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &point), S_OK,
          "DKitEvents");
    IConnectionPointContainer_Release(container);
    IKitThing_Release(thing);
    ok_hr(IConnectionPoint_GetConnectionInterface(point, &iid), S_OK, "still there");
    kit_end(point);
}

TEST(all_points_are_enumerated_the_default_first)
{
    IConnectionPointContainer *container;
    IKitThing *thing = kit_thing();
    IConnectionPoint *points[4];
    IEnumConnectionPoints *list;
    ULONG fetched = 9;
    IID iid;

    container = container_of(thing);
    ok_hr(IConnectionPointContainer_EnumConnectionPoints(container, NULL), E_POINTER, "NULL");
    ok_hr(IConnectionPointContainer_EnumConnectionPoints(container, &list), S_OK, "EnumConnectionPoints");
    ok_hr(IEnumConnectionPoints_Next(list, 4, points, &fetched), S_FALSE, "Next(4)");
    ok_int(fetched, 2, "points");
    ok(!points[2] && !points[3], "outputs not cleared");
    IConnectionPoint_GetConnectionInterface(points[0], &iid);
    ok(IsEqualIID(&iid, &IID_DKitEvents), "first");
    IConnectionPoint_GetConnectionInterface(points[1], &iid);
    ok(IsEqualIID(&iid, &IID_DKitImportEvents), "second");
    IConnectionPoint_Release(points[0]);
    IConnectionPoint_Release(points[1]);
    IEnumConnectionPoints_Release(list);
    IConnectionPointContainer_Release(container);
    kit_end(thing);
}

TEST(a_sink_gets_the_arguments_in_reverse_by_invoke)
{
    struct test_sink *sink = fresh_sink(0, &IID_DKitEvents);
    IKitThing *thing = kit_thing();
    struct test_call *call = &sink->calls[0];
    DWORD cookie;

    ok_hr(test_advise(thing, &IID_DKitEvents, &sink->iface, &cookie), S_OK, "Advise");
    ok(cookie != 0, "cookie 0");
    ok_hr(IKitThing_Fire(thing, 33), S_OK, "Fire");
    ok_int(sink->total, 1, "calls");
    ok_int(call->id, 0x200, "id");
    ok_int(call->flags, DISPATCH_METHOD, "flags");
    ok_int(call->count, 3, "arguments");
    ok_int(call->thread, GetCurrentThreadId(), "thread");
    ok(call->args[0].vt == VT_DISPATCH && call->args[0].pdispVal == (IDispatch *)thing, "sender");
    ok(call->args[1].vt == VT_I4 && call->args[1].lVal == 33, "value");
    ok(call->args[2].vt == VT_I4 && call->args[2].lVal == 100, "total");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, cookie), S_OK, "Unadvise");
    ok_hr(IKitThing_Fire(thing, 34), S_FALSE, "Fire to nobody");
    ok_int(sink->total, 1, "calls");
    test_sink_clear(sink);
    ok_int(sink->references, 1, "references of the sink");
    kit_end(thing);
}

TEST(points_are_apart)
{
    struct test_sink *first = fresh_sink(0, &IID_DKitEvents), *second = fresh_sink(1, &IID_DKitImportEvents);
    BSTR text = SysAllocString(L"item");
    IKitThing *thing = kit_thing();
    DWORD cookies[2];

    ok_hr(test_advise(thing, &IID_DKitEvents, &first->iface, &cookies[0]), S_OK, "Advise");
    ok_hr(test_advise(thing, &IID_DKitImportEvents, &second->iface, &cookies[1]), S_OK, "Advise");
    ok_hr(IKitThing_FireImport(thing, text), S_OK, "FireImport");
    ok_int(first->total, 0, "calls of the first");
    ok_int(second->total, 1, "calls of the second");
    ok_int(second->calls[0].id, 0x201, "id");
    ok_text(second->calls[0].args[0].bstrVal, L"item", "argument");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, cookies[1]), CONNECT_E_NOCONNECTION,
          "the other point's cookie");
    ok_hr(test_unadvise(thing, &IID_DKitImportEvents, cookies[1]), S_OK, "Unadvise");
    ok_hr(test_unadvise(thing, &IID_DKitImportEvents, cookies[1]), CONNECT_E_NOCONNECTION, "a second time");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, 0), CONNECT_E_NOCONNECTION, "cookie 0");
    test_sink_clear(second);
    SysFreeString(text);
    kit_end(thing);
    ok_int(first->references, 1, "references of a sink whose object went");
    ok_int(second->references, 1, "references of the other");
}

TEST(a_sink_may_have_dispatch_only_or_the_event_interface_only)
{
    struct test_sink *dispatch_only = fresh_sink(0, NULL), *event_only = fresh_sink(1, &IID_DKitEvents);
    struct test_sink *neither = fresh_sink(2, NULL);
    IKitThing *thing = kit_thing();
    DWORD cookies[3];

    event_only->no_dispatch = TRUE;
    neither->no_dispatch = TRUE;
    ok_hr(test_advise(thing, &IID_DKitEvents, &dispatch_only->iface, &cookies[0]), S_OK, "IDispatch");
    ok_hr(test_advise(thing, &IID_DKitEvents, &event_only->iface, &cookies[1]), S_OK, "DKitEvents");
    ok_hr(test_advise(thing, &IID_DKitEvents, &neither->iface, &cookies[2]), CONNECT_E_CANNOTCONNECT,
          "neither");
    ok_int(cookies[2], 0, "cookie");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_int(dispatch_only->total, 1, "calls");
    ok_int(event_only->total, 1, "calls");
    test_sink_clear(dispatch_only);
    test_sink_clear(event_only);
    kit_end(thing);
    ok_int(dispatch_only->references + event_only->references + neither->references, 3, "references");
}

TEST(bad_pointers_are_refused)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    IConnectionPointContainer *container;
    IKitThing *thing = kit_thing();
    IConnectionPoint *point;
    DWORD cookie = 5;

    container = container_of(thing);
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &point), S_OK,
          "DKitEvents");
    ok_hr(IConnectionPoint_Advise(point, NULL, &cookie), E_POINTER, "no sink");
    ok_int(cookie, 0, "cookie");
    ok_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->iface, NULL), E_POINTER, "no cookie");
    ok_hr(IConnectionPoint_EnumConnections(point, NULL), E_POINTER, "no enumerator");
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    kit_end(thing);
    ok_int(sink->references, 1, "references");
}

TEST(connections_are_enumerated)
{
    struct test_sink *first = fresh_sink(0, NULL), *second = fresh_sink(1, NULL);
    IConnectionPointContainer *container;
    IKitThing *thing = kit_thing();
    IConnectionPoint *point;
    IEnumConnections *list, *copy;
    CONNECTDATA data[3];
    DWORD cookies[2];
    ULONG fetched;

    container = container_of(thing);
    ok_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_DKitEvents, &point), S_OK,
          "DKitEvents");
    ok_hr(IConnectionPoint_EnumConnections(point, &list), S_OK, "without any");
    ok_hr(IEnumConnections_Next(list, 1, data, NULL), S_FALSE, "Next");
    IEnumConnections_Release(list);
    ok_hr(IConnectionPoint_Advise(point, (IUnknown *)&first->iface, &cookies[0]), S_OK, "Advise");
    ok_hr(IConnectionPoint_Advise(point, (IUnknown *)&second->iface, &cookies[1]), S_OK, "Advise");
    ok_hr(IConnectionPoint_EnumConnections(point, &list), S_OK, "EnumConnections");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, cookies[0]), S_OK, "the list is of then");
    ok_hr(IEnumConnections_Next(list, 1, data, NULL), S_OK, "Next(1)");
    ok(data[0].pUnk == (IUnknown *)&first->iface && data[0].dwCookie == cookies[0], "first");
    IUnknown_Release(data[0].pUnk);
    ok_hr(IEnumConnections_Clone(list, &copy), S_OK, "Clone");
    ok_hr(IEnumConnections_Next(copy, 3, data, &fetched), S_FALSE, "Next(3)");
    ok_int(fetched, 1, "fetched");
    ok(data[0].pUnk == (IUnknown *)&second->iface && data[0].dwCookie == cookies[1], "second");
    ok(!data[1].pUnk && !data[2].pUnk, "outputs not cleared");
    IUnknown_Release(data[0].pUnk);
    IEnumConnections_Release(copy);
    IEnumConnections_Release(list);
    IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    kit_end(thing);
    ok_int(first->references + second->references, 2, "references");
}

/* --- from inside a call --------------------------------------------------------------------------------- */

struct inside
{
    IKitThing *thing;
    DWORD cookies[2];
    HRESULT hr;
};

static HRESULT unadvise_all(struct test_sink *sink, const struct test_call *call)
{
    struct inside *inside = sink->context;

    (void)call;
    inside->hr = test_unadvise(inside->thing, &IID_DKitEvents, inside->cookies[0]);
    if (SUCCEEDED(inside->hr)) inside->hr = test_unadvise(inside->thing, &IID_DKitEvents, inside->cookies[1]);
    return S_OK;
}

TEST(a_sink_may_take_itself_and_others_away)
{
    struct test_sink *first = fresh_sink(0, NULL), *second = fresh_sink(1, NULL);
    struct inside inside = { .hr = E_FAIL };
    IKitThing *thing = kit_thing();

    inside.thing = thing;
    first->on_call = unadvise_all;
    first->context = &inside;
    ok_hr(test_advise(thing, &IID_DKitEvents, &first->iface, &inside.cookies[0]), S_OK, "Advise");
    ok_hr(test_advise(thing, &IID_DKitEvents, &second->iface, &inside.cookies[1]), S_OK, "Advise");
    ok_hr(IKitThing_Fire(thing, 1), S_FALSE, "Fire: nobody is left at the end");
    ok_hr(inside.hr, S_OK, "Unadvise in the call");
    ok_int(first->total, 1, "calls of the first");
    ok_int(second->total, 0, "calls of the second, which was gone");
    test_sink_clear(first);
    kit_end(thing);
    ok_int(first->references + second->references, 2, "references");
}

static HRESULT call_back(struct test_sink *sink, const struct test_call *call)
{
    struct inside *inside = sink->context;
    IKitThing *sender;
    LONG value = 0;

    inside->hr = IDispatch_QueryInterface(call->args[0].pdispVal, &IID_IKitThing, (void **)&sender);
    if (FAILED(inside->hr)) return S_OK;
    inside->hr = IKitThing_put_Number(sender, call->args[1].lVal);
    if (call->args[1].lVal < 3) IKitThing_Fire(sender, call->args[1].lVal + 1);
    IKitThing_get_Number(sender, &value);
    if (value != 3) inside->hr = E_FAIL;
    IKitThing_Release(sender);
    return E_FAIL;
}

TEST(a_sink_may_call_the_object_and_fail)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    struct inside inside = { .hr = E_FAIL };
    IKitThing *thing = kit_thing();

    sink->on_call = call_back;
    sink->context = &inside;
    ok_hr(test_advise(thing, &IID_DKitEvents, &sink->iface, &inside.cookies[0]), S_OK, "Advise");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire, whatever the sink returns");
    ok_hr(inside.hr, S_OK, "in the sink");
    ok_int(sink->total, 3, "calls, one in the other");
    test_sink_clear(sink);
    kit_end(thing);
}

static HRESULT advise_another(struct test_sink *sink, const struct test_call *call)
{
    struct inside *inside = sink->context;

    (void)call;
    if (!inside->cookies[1])
        inside->hr = test_advise(inside->thing, &IID_DKitEvents, &sinks[1].iface, &inside->cookies[1]);
    return S_OK;
}

TEST(a_sink_that_is_added_in_a_call_hears_the_next_one)
{
    struct test_sink *first = fresh_sink(0, NULL), *second = fresh_sink(1, NULL);
    struct inside inside = { .hr = E_FAIL };
    IKitThing *thing = kit_thing();

    inside.thing = thing;
    first->on_call = advise_another;
    first->context = &inside;
    ok_hr(test_advise(thing, &IID_DKitEvents, &first->iface, &inside.cookies[0]), S_OK, "Advise");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_hr(inside.hr, S_OK, "Advise in the call");
    ok_int(second->total, 0, "calls of the second");
    ok_hr(IKitThing_Fire(thing, 2), S_OK, "Fire");
    ok_int(second->total, 1, "calls of the second");
    test_sink_clear(first);
    test_sink_clear(second);
    kit_end(thing);
    ok_int(first->references + second->references, 2, "references");
}

TEST(three_hundred_sinks_are_all_called_and_let_go)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    IKitThing *thing = kit_thing();
    DWORD cookies[300];
    int i, bad = 0;

    for (i = 0; i < 300; i++) bad += test_advise(thing, &IID_DKitEvents, &sink->iface, &cookies[i]) != S_OK;
    ok_int(bad, 0, "failures of Advise");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_int(sink->total, 300, "calls");
    for (i = 299; i >= 0; i -= 2) bad += test_unadvise(thing, &IID_DKitEvents, cookies[i]) != S_OK;
    ok_int(bad, 0, "failures of Unadvise");
    test_sink_clear(sink);
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_int(sink->total, 150, "calls");
    test_sink_clear(sink);
    kit_end(thing);
    ok_int(sink->references, 1, "references");
}

TEST_MAIN(TEST_CASE(points_are_found_by_their_interface),
          TEST_CASE(a_point_keeps_its_object_alive),
          TEST_CASE(all_points_are_enumerated_the_default_first),
          TEST_CASE(a_sink_gets_the_arguments_in_reverse_by_invoke),
          TEST_CASE(points_are_apart),
          TEST_CASE(a_sink_may_have_dispatch_only_or_the_event_interface_only),
          TEST_CASE(bad_pointers_are_refused),
          TEST_CASE(connections_are_enumerated),
          TEST_CASE(a_sink_may_take_itself_and_others_away),
          TEST_CASE(a_sink_may_call_the_object_and_fail),
          TEST_CASE(a_sink_that_is_added_in_a_call_hears_the_next_one),
          TEST_CASE(three_hundred_sinks_are_all_called_and_let_go))
