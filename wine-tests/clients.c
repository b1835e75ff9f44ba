/* What programs in C++ and Delphi do with the registered classes and no script can: activation by CLSID in
   this process and in another, type libraries by LIBID, class information, enumerators without a count,
   interfaces that go to other apartments, a stream that outlives all it came from. */
#include "fsi.h"
#include "registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN64
#define OWN "\\x86_64\\"
#define OTHER "\\i686\\"
#define OTHER_SYSTEM "syswow64"
#else
#define OWN "\\i686\\"
#define OTHER "\\x86_64\\"
#define OTHER_SYSTEM "sysnative"
#endif

static const char *const dlls[] = { "imapi2.dll", "imapi2fs.dll" };

static BOOL begin(void)
{
    HRESULT(WINAPI * function)(void);
    size_t i;

    if (registry_get("CLSID\\{2735412E-7F64-5B0F-8F00-5D77AFBE261E}\\InprocServer32", NULL, 0))
    {
        skip("imapi2.dll is registered on this system already");
        return FALSE;
    }
    for (i = 0; i < ARRAYSIZE(dlls); i++)
    {
        function = (void *)GetProcAddress(com_test_dll(dlls[i]), "DllRegisterServer");
        if (!ok(function && function() == S_OK, "%s is not registered", dlls[i])) return FALSE;
    }
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    return TRUE;
}

static void end(void)
{
    HRESULT(WINAPI * function)(void);
    size_t i;

    for (i = 0; i < ARRAYSIZE(dlls); i++)
    {
        function = (void *)GetProcAddress(com_test_dll(dlls[i]), "DllUnregisterServer");
        ok(function && function() == S_OK, "%s is not unregistered", dlls[i]);
        ok_hr(com_test_can_unload(dlls[i]), S_OK, dlls[i]);
    }
    CoUninitialize();
}

/* --- what an object says about itself ------------------------------------------------------------------- */

static void check_described(const CLSID *clsid, const IID *iid, const IID *event, const GUID *libid)
{
    IProvideClassInfo2 *class_info;
    ITypeLib *library;
    ITypeInfo *info;
    IDispatch *object;
    TYPEATTR *attr;
    HRESULT hr;
    GUID guid;

    if (!ok_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, (void **)&object), S_OK, "create"))
        return;
    if (ok_hr(IDispatch_GetTypeInfo(object, 0, 0, &info), S_OK, "GetTypeInfo"))
    {
        ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK, "GetTypeAttr");
        ok(attr->typekind == TKIND_DISPATCH, "kind %d", attr->typekind);
        ITypeInfo_ReleaseTypeAttr(info, attr);
        ITypeInfo_Release(info);
    }
    hr = IDispatch_QueryInterface(object, &IID_IProvideClassInfo2, (void **)&class_info);
    if (ok_hr(hr, S_OK, "IProvideClassInfo2"))
    {
        if (event)
        {
            hr = IProvideClassInfo2_GetGUID(class_info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid);
            ok_hr(hr, S_OK, "GetGUID");
            ok(IsEqualGUID(&guid, event), "another event interface");
        }
        if (ok_hr(IProvideClassInfo2_GetClassInfo(class_info, &info), S_OK, "GetClassInfo"))
        {
            ok_hr(ITypeInfo_GetTypeAttr(info, &attr), S_OK, "GetTypeAttr");
            ok(attr->typekind == TKIND_COCLASS && IsEqualGUID(&attr->guid, clsid), "another class");
            ITypeInfo_ReleaseTypeAttr(info, attr);
            ITypeInfo_Release(info);
        }
        IProvideClassInfo2_Release(class_info);
    }
    /* Sinks of ATL and AutoIt take the event's description from the library that is registered. */
    if (ok_hr(LoadRegTypeLib(libid, 1, 0, 0, &library), S_OK, "LoadRegTypeLib"))
    {
        if (event && ok_hr(ITypeLib_GetTypeInfoOfGuid(library, event, &info), S_OK, "events"))
            ITypeInfo_Release(info);
        ITypeLib_Release(library);
    }
    check_last_release(object);
}

TEST(objects_and_their_libraries_describe_classes_and_events)
{
    if (!begin()) return;
    check_described(&CLSID_MsftDiscMaster2, &IID_IDiscMaster2, &IID_DDiscMaster2Events, &LIBID_IMAPI2);
    check_described(&CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, NULL, &LIBID_IMAPI2);
    check_described(&CLSID_MsftDiscFormat2Data, &IID_IDiscFormat2Data, &IID_DDiscFormat2DataEvents,
                    &LIBID_IMAPI2);
    check_described(&CLSID_MsftFileSystemImage, &IID_IFileSystemImage, &IID_DFileSystemImageEvents,
                    &LIBID_IMAPI2FS);
    end();
}

TEST(enumerators_need_no_count_and_end_with_nothing)
{
    IDiscMaster2 *master;
    IEnumVARIANT *list;
    VARIANT value;
    HRESULT hr;

    test_recorder_set("dvd+r", NULL);
    if (!begin()) return;
    hr = CoCreateInstance(&CLSID_MsftDiscMaster2, NULL, CLSCTX_INPROC_SERVER, &IID_IDiscMaster2,
                          (void **)&master);
    if (ok_hr(hr, S_OK, "disc master"))
    {
        ok_hr(IDiscMaster2_get__NewEnum(master, &list), S_OK, "_NewEnum");
        while ((hr = IEnumVARIANT_Next(list, 1, &value, NULL)) == S_OK)
        {
            ok(value.vt == VT_BSTR && SysStringLen(value.bstrVal), "type %d", value.vt);
            VariantClear(&value);
        }
        ok_hr(hr, S_FALSE, "the end");
        ok_int(value.vt, VT_EMPTY, "type at the end");
        check_last_release(list);
        check_last_release(master);
    }
    end();
    test_recorders_end();
}

/* --- other apartments ----------------------------------------------------------------------------------- */

struct journey
{
    IStream *recorder, *writer, *stream;
    HRESULT hr, recorder_hr, writer_hr, read_hr;
    ULONG block, mode, got;
    IMAPI_BURN_VERIFICATION_LEVEL level;
    BYTE bytes[2048];
};

/* Interfaces that no proxy knows, of objects that belong to another apartment. */
static DWORD WINAPI travel(void *argument)
{
    struct journey *journey = argument;
    IDiscRecorder2Ex *recorder;
    IBurnVerification *writer;
    LARGE_INTEGER descriptor = { .QuadPart = 16 * 2048 };

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    journey->hr =
        CoGetInterfaceAndReleaseStream(journey->recorder, &IID_IDiscRecorder2Ex, (void **)&recorder);
    if (SUCCEEDED(journey->hr))
    {
        journey->recorder_hr = IDiscRecorder2Ex_GetByteAlignmentMask(recorder, &journey->mode);
        IDiscRecorder2Ex_Release(recorder);
        journey->hr =
            CoGetInterfaceAndReleaseStream(journey->writer, &IID_IBurnVerification, (void **)&writer);
    }
    if (SUCCEEDED(journey->hr))
    {
        journey->writer_hr =
            IBurnVerification_put_BurnVerificationLevel(writer, IMAPI_BURN_VERIFICATION_QUICK);
        IBurnVerification_get_BurnVerificationLevel(writer, &journey->level);
        IBurnVerification_Release(writer);
    }
    /* As programs do it, which hand a plain pointer to a thread of theirs. */
    IStream_Seek(journey->stream, descriptor, STREAM_SEEK_SET, NULL);
    journey->read_hr = IStream_Read(journey->stream, journey->bytes, 2048, &journey->got);
    CoUninitialize();
    return 0;
}

static IStream *image_stream(void)
{
    IFsiDirectoryItem *root;
    IFileSystemImageResult *result;
    IFileSystemImage *image;
    IStream *stream = NULL, *content = fsi_stream(5000);
    HRESULT hr;

    hr = CoCreateInstance(&CLSID_MsftFileSystemImage, NULL, CLSCTX_INPROC_SERVER, &IID_IFileSystemImage,
                          (void **)&image);
    if (!ok_hr(hr, S_OK, "image")) return NULL;
    ok_hr(IFileSystemImage_put_FileSystemsToCreate(image, FsiFileSystemISO9660 | FsiFileSystemJoliet), S_OK,
          "put_FileSystemsToCreate");
    ok_hr(IFileSystemImage_get_Root(image, &root), S_OK, "get_Root");
    ok_hr(IFsiDirectoryItem_AddFile(root, B("file"), content), S_OK, "AddFile");
    ok_hr(IFileSystemImage_CreateResultImage(image, &result), S_OK, "CreateResultImage");
    ok_hr(IFileSystemImageResult_get_ImageStream(result, &stream), S_OK, "get_ImageStream");
    IStream_Release(content);
    IFileSystemImageResult_Release(result);
    IFsiDirectoryItem_Release(root);
    IFileSystemImage_Release(image);
    return stream;
}

TEST(interfaces_without_a_proxy_and_streams_serve_other_apartments)
{
    static struct journey journey;
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    DWORD start = GetTickCount();
    HANDLE thread;
    MSG message;
    HRESULT hr;

    test_recorder_set("dvd+r", NULL);
    if (!begin()) return;
    journey.mode = 0x5555;
    journey.stream = image_stream();
    recorder = test_recorder_open(0);
    writer = recorder ? test_writer_open(recorder) : NULL;
    if (!ok(writer && journey.stream, "no objects")) return;
    hr = CoMarshalInterThreadInterfaceInStream(&IID_IDiscRecorder2Ex, (IUnknown *)recorder,
                                               &journey.recorder);
    ok_hr(hr, S_OK, "IDiscRecorder2Ex goes");
    hr = CoMarshalInterThreadInterfaceInStream(&IID_IBurnVerification, (IUnknown *)writer, &journey.writer);
    ok_hr(hr, S_OK, "IBurnVerification goes");
    thread = CreateThread(NULL, 0, travel, &journey, 0, NULL);
    while (GetTickCount() - start < 60000 &&
           MsgWaitForMultipleObjects(1, &thread, FALSE, 1000, QS_ALLINPUT) != WAIT_OBJECT_0)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) DispatchMessageW(&message);
    CloseHandle(thread);
    ok_hr(journey.hr, S_OK, "the interfaces arrive");
    ok_hr(journey.recorder_hr, S_OK, "IDiscRecorder2Ex::GetByteAlignmentMask");
    ok(journey.mode != 0x5555, "no mask");
    ok_hr(journey.writer_hr, S_OK, "IBurnVerification::put_BurnVerificationLevel");
    ok_int(journey.level, IMAPI_BURN_VERIFICATION_QUICK, "level");
    ok_hr(journey.read_hr, S_OK, "Read of the image");
    ok_int(journey.got, 2048, "bytes");
    ok(!memcmp(journey.bytes, "\1CD001\1", 7), "no volume descriptor");
    check_last_release(writer);
    check_last_release(recorder);
    check_last_release(journey.stream);
    end();
    test_recorders_end();
}

/* --- another process ------------------------------------------------------------------------------------ */

/* regsvr32 of the other bitness; FALSE when it cannot be had. */
static BOOL register_other(const char *dll, const char *option)
{
    STARTUPINFOA startup = { .cb = sizeof(startup) };
    PROCESS_INFORMATION process;
    char command[2 * MAX_PATH], windows[MAX_PATH], own[MAX_PATH], *at;
    DWORD code = 99;

    GetModuleFileNameA(com_test_dll(dll), own, sizeof(own));
    if (!(at = strstr(own, OWN))) return FALSE;
    *at = 0;
    GetWindowsDirectoryA(windows, sizeof(windows));
    snprintf(command, sizeof(command), "%s\\" OTHER_SYSTEM "\\regsvr32.exe /s %s \"%s" OTHER "%s\"", windows,
             option, own, dll);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) return FALSE;
    WaitForSingleObject(process.hProcess, 60000);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return code == 0;
}

static void check_local_server(const CLSID *clsid, const IID *iid, const WCHAR *property)
{
    IDispatch *object = NULL;
    VARIANT value;
    HRESULT hr;

    hr = CoCreateInstance(clsid, NULL, CLSCTX_LOCAL_SERVER, iid, (void **)&object);
    if (!ok_hr(hr, S_OK, "local server")) return;
    ok_hr(test_get(object, property, &value), S_OK, "a property");
    ok(value.vt == VT_I4, "type %d", value.vt);
    IDispatch_Release(object);
}

/* Wine's surrogate is a 32-bit process whatever the caller is; see register.c. */
TEST(the_disc_master_and_the_image_are_served_by_another_process_when_that_is_asked_for)
{
    BOOL other = TRUE;
    size_t i;

    if (!begin()) return;
    for (i = 0; sizeof(void *) == 8 && i < ARRAYSIZE(dlls); i++) other = register_other(dlls[i], "") && other;
    if (!other && test_is_wine()) skip("there is no 32-bit DLL or regsvr32");
    else
    {
        check_local_server(&CLSID_MsftDiscMaster2, &IID_IDiscMaster2, L"Count");
        check_local_server(&CLSID_MsftFileSystemImage, &IID_IFileSystemImage, L"FreeMediaBlocks");
    }
    for (i = 0; sizeof(void *) == 8 && i < ARRAYSIZE(dlls); i++) register_other(dlls[i], "/u");
    end();
}

TEST_MAIN(TEST_CASE(objects_and_their_libraries_describe_classes_and_events),
          TEST_CASE(enumerators_need_no_count_and_end_with_nothing),
          TEST_CASE(interfaces_without_a_proxy_and_streams_serve_other_apartments),
          TEST_CASE(the_disc_master_and_the_image_are_served_by_another_process_when_that_is_asked_for))
