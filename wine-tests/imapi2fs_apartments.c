/* Enumerators of imapi2fs.dll in another apartment: they are called there directly, so that RemoteNext, the
   form that Next has between a proxy and its stub, is never called. */
#include "fsi.h"

struct journey
{
    const IID *iid;
    IStream *stream;
    void *arrived;
    HRESULT hr, next_hr;
};

static DWORD WINAPI travel(void *argument)
{
    struct journey *journey = argument;
    IUnknown *element = NULL;

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    journey->hr = CoGetInterfaceAndReleaseStream(journey->stream, journey->iid, &journey->arrived);
    if (SUCCEEDED(journey->hr))
    {
        /* Both have the same members in the same places. */
        IEnumFsiItems *items = journey->arrived;

        journey->next_hr = IEnumFsiItems_Next(items, 1, (IFsiItem **)&element, NULL);
        if (element) IUnknown_Release(element);
        IUnknown_Release((IUnknown *)journey->arrived);
    }
    CoUninitialize();
    return 0;
}

static void check_journey(void *enumerator, const IID *iid)
{
    struct journey journey = { .iid = iid, .next_hr = E_FAIL };
    LARGE_INTEGER start = { .QuadPart = 0 };
    IStream *stream = NULL;
    HANDLE thread;
    HRESULT hr;

    hr = CoMarshalInterThreadInterfaceInStream(iid, (IUnknown *)enumerator, &journey.stream);
    if (!ok_hr(hr, S_OK, "to another thread")) return;
    thread = CreateThread(NULL, 0, travel, &journey, 0, NULL);
    ok_int(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0, "the thread");
    CloseHandle(thread);
    ok_hr(journey.hr, S_OK, "it arrives");
    ok(journey.arrived == enumerator, "a pointer of its own: a proxy");
    ok_hr(journey.next_hr, S_OK, "Next in the other apartment");
    /* To another process it would go by a proxy, which automation cannot make of its type information. */
    if (!ok_hr(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK, "a stream")) return;
    hr = CoMarshalInterface(stream, iid, (IUnknown *)enumerator, MSHCTX_LOCAL, NULL, MSHLFLAGS_NORMAL);
    ok(FAILED(hr), "to another process: %#lx", hr);
    if (SUCCEEDED(hr) && SUCCEEDED(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL)))
        CoReleaseMarshalData(stream);
    IStream_Release(stream);
}

TEST(enumerators_are_called_directly_in_every_apartment)
{
    IEnumProgressItems *progress = NULL;
    IProgressItems *collection = NULL;
    IFileSystemImageResult *result;
    IEnumFsiItems *items = NULL;
    struct fsi fsi;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (!fsi_open(&fsi)) return;
    fsi_add_three(&fsi);
    IFsiDirectoryItem2_get_EnumFsiItems(fsi.root, &items);
    if (!ok(items != NULL, "items") || !(result = fsi_result(&fsi))) return;
    check_journey(items, &IID_IEnumFsiItems);
    IFileSystemImageResult_get_ProgressItems(result, &collection);
    if (collection) IProgressItems_get_EnumProgressItems(collection, &progress);
    if (!ok(progress != NULL, "progress items")) return;
    check_journey(progress, &IID_IEnumProgressItems);
    check_last_release(progress);
    check_last_release(collection);
    check_last_release(result);
    check_last_release(items);
    fsi_close(&fsi);
    CoUninitialize();
}

TEST_MAIN(
    TEST_CASE(enumerators_are_called_directly_in_every_apartment))
