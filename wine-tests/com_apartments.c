/* Sinks and apartments: a sink is called in the apartment that it was connected from. */
#include "kit/kit_test.h"

#include <stddef.h>

static struct test_sink sinks[1];

static struct test_sink *fresh_sink(int i, const IID *event)
{
    test_sink_clear(&sinks[i]);
    memset(&sinks[i], 0, offsetof(struct test_sink, calls));
    sinks[i].event = event;
    test_sink_init(&sinks[i]);
    return &sinks[i];
}

struct inside
{
    HRESULT hr;
};

struct firing
{
    IKitThing *thing;
    DWORD model;
    HRESULT hr;
};

static DWORD WINAPI fire_there(void *argument)
{
    struct firing *firing = argument;

    firing->hr = CoInitializeEx(NULL, firing->model);
    if (FAILED(firing->hr)) return 0;
    firing->hr = IKitThing_Fire(firing->thing, 8);
    CoUninitialize();
    return 0;
}

/* Waits for a thread as a window's thread does. */
static void pump_until(HANDLE thread)
{
    DWORD start = GetTickCount();
    MSG message;

    while (GetTickCount() - start < 60000 &&
           MsgWaitForMultipleObjects(1, &thread, FALSE, 1000, QS_ALLINPUT) != WAIT_OBJECT_0)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
}

static HRESULT read_sender(struct test_sink *sink, const struct test_call *call)
{
    struct inside *inside = sink->context;
    VARIANT value;

    inside->hr = test_get(call->args[0].pdispVal, L"Number", &value);
    if (SUCCEEDED(inside->hr) && (value.vt != VT_I4 || value.lVal != 77)) inside->hr = E_UNEXPECTED;
    return S_OK;
}

static void fire_from_elsewhere(DWORD model)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    struct inside inside = { .hr = E_FAIL };
    struct firing firing = { .model = model, .hr = E_FAIL };
    IKitThing *thing;
    HANDLE thread;
    DWORD cookie;

    ok_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK, "CoInitializeEx");
    sink->on_call = read_sender;
    sink->context = &inside;
    firing.thing = thing = kit_thing();
    ok_hr(IKitThing_put_Number(thing, 77), S_OK, "put_Number");
    ok_hr(test_advise(thing, &IID_DKitEvents, &sink->iface, &cookie), S_OK, "Advise");
    thread = CreateThread(NULL, 0, fire_there, &firing, 0, NULL);
    pump_until(thread);
    CloseHandle(thread);
    ok_hr(firing.hr, S_OK, "Fire");
    ok_int(sink->total, 1, "calls");
    ok_int(sink->calls[0].thread, GetCurrentThreadId(), "thread of the sink");
    ok_hr(inside.hr, S_OK, "a property of the sender, read by the sink");
    ok(sink->calls[0].args[0].vt == VT_DISPATCH, "type %d", sink->calls[0].args[0].vt);
    /* Wine marshals the arguments as if to another process, so that a free-threaded object has a proxy. */
    todo_wine ok(sink->calls[0].args[0].pdispVal == (IDispatch *)thing, "the sender came as a proxy");
    ok_int(sink->calls[0].args[1].lVal, 8, "value");
    ok_hr(IKitThing_Fire(thing, 9), S_OK, "Fire at home");
    ok_int(sink->calls[1].thread, GetCurrentThreadId(), "thread of the sink");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(sink);
    ok_int(sink->references, 1, "references of the sink");
    kit_end(thing);
    CoUninitialize();
}

TEST(a_sink_of_a_windows_thread_is_called_on_it_from_the_multithreaded_apartment)
{
    fire_from_elsewhere(COINIT_MULTITHREADED);
}

TEST(a_sink_of_a_windows_thread_is_called_on_it_from_another_windows_thread)
{
    fire_from_elsewhere(COINIT_APARTMENTTHREADED);
}

TEST(in_one_multithreaded_apartment_sinks_are_called_on_the_thread_that_fires)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    struct firing firing = { .model = COINIT_MULTITHREADED, .hr = E_FAIL };
    DWORD cookie, id;
    HANDLE thread;

    ok_hr(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK, "CoInitializeEx");
    firing.thing = kit_thing();
    ok_hr(test_advise(firing.thing, &IID_DKitEvents, &sink->iface, &cookie), S_OK, "Advise");
    thread = CreateThread(NULL, 0, fire_there, &firing, 0, &id);
    WaitForSingleObject(thread, 60000);
    CloseHandle(thread);
    ok_hr(firing.hr, S_OK, "Fire");
    ok_int(sink->total, 1, "calls");
    ok_int(sink->calls[0].thread, id, "thread of the sink");
    test_sink_clear(sink);
    kit_end(firing.thing);
    ok_int(sink->references, 1, "references of the sink");
    CoUninitialize();
}

/* --- careless clients ----------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE liar_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    IDispatch_AddRef(iface);
    return S_OK;
}

TEST(a_sink_that_answers_every_interface_with_itself_is_called_as_it_is)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    IDispatchVtbl vtbl = *sink->iface.lpVtbl;
    IKitThing *thing;
    DWORD cookie;

    vtbl.QueryInterface = liar_QueryInterface;
    sink->iface.lpVtbl = &vtbl;
    ok_hr(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), S_OK, "CoInitializeEx");
    thing = kit_thing();
    ok_hr(test_advise(thing, &IID_DKitEvents, &sink->iface, &cookie), S_OK, "Advise");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_int(sink->total, 1, "calls");
    test_sink_clear(sink);
    kit_end(thing);
    ok_int(sink->references, 1, "references");
    CoUninitialize();
}

TEST(a_thread_without_com_connects_and_fires)
{
    struct test_sink *sink = fresh_sink(0, NULL);
    IKitThing *thing = kit_thing();
    DWORD cookie;

    ok_hr(test_advise(thing, &IID_DKitEvents, &sink->iface, &cookie), S_OK, "Advise");
    ok_int(sink->references, 2, "references: the sink itself is held");
    ok_hr(IKitThing_Fire(thing, 1), S_OK, "Fire");
    ok_int(sink->total, 1, "calls");
    ok_hr(test_unadvise(thing, &IID_DKitEvents, cookie), S_OK, "Unadvise");
    test_sink_clear(sink);
    ok_int(sink->references, 1, "references");
    kit_end(thing);
}

TEST_MAIN(TEST_CASE(a_sink_of_a_windows_thread_is_called_on_it_from_the_multithreaded_apartment),
          TEST_CASE(a_sink_of_a_windows_thread_is_called_on_it_from_another_windows_thread),
          TEST_CASE(in_one_multithreaded_apartment_sinks_are_called_on_the_thread_that_fires),
          TEST_CASE(a_sink_that_answers_every_interface_with_itself_is_called_as_it_is),
          TEST_CASE(a_thread_without_com_connects_and_fires))
