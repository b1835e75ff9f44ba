/* FreeMediaBlocks and file systems as a recorder and the disc in it have them. */
#include "fsi.h"

static const WCHAR *const I1 = L"IFileSystemImage";

#define IFACE &IID_IFileSystemImage3

static LONG free_blocks(struct fsi *fsi)
{
    LONG blocks = -7;

    IFileSystemImage3_get_FreeMediaBlocks(fsi->image, &blocks);
    return blocks;
}

static LONG kinds(struct fsi *fsi)
{
    FsiFileSystems value = FsiFileSystemUnknown;

    IFileSystemImage3_get_FileSystemsToCreate(fsi->image, &value);
    return value;
}

/* The data writer of imapi2.dll, as if it were registered: for this process only. */
static DWORD register_writer(void)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **);
    HMODULE dll = com_test_dll("imapi2.dll");
    IUnknown *factory = NULL;
    DWORD cookie = 0;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);     /* a class object needs an apartment */
    get = dll ? (void *)GetProcAddress(dll, "DllGetClassObject") : NULL;
    if (!get || FAILED(get(&CLSID_MsftDiscFormat2Data, &IID_IUnknown, (void **)&factory))) return 0;
    CoRegisterClassObject(&CLSID_MsftDiscFormat2Data, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                          &cookie);
    IUnknown_Release(factory);
    return cookie;
}

static void unregister_writer(DWORD cookie)
{
    CoRevokeClassObject(cookie);
    CoUninitialize();
}

TEST(recorder_null_is_refused)
{
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    check_pair(IFileSystemImage3_ChooseImageDefaults(fsi.image, NULL), I1, L"ChooseImageDefaults", E_POINTER);
    check_pair(IFileSystemImage3_SetMaxMediaBlocksFromDevice(fsi.image, NULL), I1,
               L"SetMaxMediaBlocksFromDevice", E_POINTER);
    fsi_close(&fsi);
}

TEST(defaults_come_from_the_disc_in_the_recorder)
{
    DWORD cookie = register_writer();
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    struct fsi fsi;
    LONG on_media = 0;
    HRESULT hr;

    if (!ok(cookie != 0, "the data writer is there")) return;
    test_recorder_set("dvd+r 2048", NULL);
    recorder = test_recorder_open(0);
    if (!recorder || !fsi_open(&fsi)) return;
    writer = test_writer_open(recorder);
    IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &on_media);
    IDiscFormat2Data_Release(writer);
    IFileSystemImage3_put_FileSystemsToCreate(fsi.image, FsiFileSystemISO9660);
    check_pair(IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder), I1, L"ChooseImageDefaults", S_OK);
    ok_int(kinds(&fsi), FsiFileSystemUDF, "FileSystemsToCreate");
    ok_int(free_blocks(&fsi), on_media, "FreeMediaBlocks");
    ok(on_media > 1000 && on_media <= 2048, "free sectors %ld", on_media);

    IFileSystemImage3_put_FreeMediaBlocks(fsi.image, 0);
    fsi_add_file(&fsi, L"file", 3000 * 2048);
    hr = IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder);
    check_told(hr, I1, L"ChooseImageDefaults", IMAPI_E_IMAGE_TOO_BIG, NULL);
    ok_int(free_blocks(&fsi), 0, "FreeMediaBlocks stays");
    IFsiDirectoryItem2_Remove(fsi.root, B("file"));

    /* Whatever lies in it: the drive can write BD of two layers. */
    check_pair(IFileSystemImage3_SetMaxMediaBlocksFromDevice(fsi.image, recorder), I1,
               L"SetMaxMediaBlocksFromDevice", S_OK);
    ok(free_blocks(&fsi) >= 2295104, "the most that the drive writes: %ld", free_blocks(&fsi));
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
    unregister_writer(cookie);
    test_recorders_end();
}

TEST(recorder_without_a_disc_says_so)
{
    DWORD cookie = register_writer();
    IDiscRecorder2 *recorder;
    struct fsi fsi;
    HRESULT hr;

    if (!ok(cookie != 0, "the data writer is there")) return;
    test_recorder_set("none", NULL);
    recorder = test_recorder_open(0);
    if (!recorder || !fsi_open(&fsi)) return;
    hr = IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder);
    ok_hr(hr, E_IMAPI_RECORDER_MEDIA_NO_MEDIA, "ChooseImageDefaults");
    ok_int(free_blocks(&fsi), 332800, "FreeMediaBlocks stays");
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
    unregister_writer(cookie);
    test_recorders_end();
}

TEST(disc_that_cannot_be_written_any_more_is_incompatible)
{
    DWORD cookie = register_writer();
    struct test_stream stream;
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer;
    struct fsi fsi;
    HRESULT hr;

    if (!ok(cookie != 0, "the data writer is there")) return;
    test_recorder_set("dvd+r 2048", NULL);
    recorder = test_recorder_open(0);
    if (!recorder || !fsi_open(&fsi)) return;
    writer = test_writer_open(recorder);
    test_stream_init(&stream, 500 * 2048);
    IDiscFormat2Data_put_ForceMediaToBeClosed(writer, VARIANT_TRUE);
    ok_hr(IDiscFormat2Data_Write(writer, &stream.iface), S_OK, "Write");
    IDiscFormat2Data_Release(writer);
    hr = IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder);
    check_told(hr, I1, L"ChooseImageDefaults", E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE, L"disc");
    ok_int(free_blocks(&fsi), 332800, "FreeMediaBlocks stays");
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
    unregister_writer(cookie);
    test_recorders_end();
}

/* A data writer that cannot, and leaves no IErrorInfo. */
static HRESULT STDMETHODCALLTYPE mute_QueryInterface(IDiscFormat2Data *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE mute_count(IDiscFormat2Data *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE mute_put_Recorder(IDiscFormat2Data *iface, IDiscRecorder2 *recorder)
{
    (void)iface, (void)recorder;
    return E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID iid,
                                                        void **out)
{
    static IDiscFormat2DataVtbl vtbl =
    {
        .QueryInterface = mute_QueryInterface, .AddRef = mute_count, .Release = mute_count,
        .put_Recorder = mute_put_Recorder,
    };
    static IDiscFormat2Data mute = { &vtbl };

    (void)iface, (void)outer, (void)iid;
    *out = &mute;
    return S_OK;
}

static DWORD register_mute_writer(void)
{
    static IClassFactoryVtbl vtbl =
    {
        (void *)mute_QueryInterface, (void *)mute_count, (void *)mute_count, factory_CreateInstance, NULL,
    };
    static IClassFactory factory = { &vtbl };
    DWORD cookie = 0;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    CoRegisterClassObject(&CLSID_MsftDiscFormat2Data, (IUnknown *)&factory, CLSCTX_INPROC_SERVER,
                          REGCLS_MULTIPLEUSE, &cookie);
    return cookie;
}

TEST(failure_of_a_writer_without_words_is_not_told_in_those_of_an_older_one)
{
    DWORD cookie = register_mute_writer();
    IDiscRecorder2 *recorder = NULL;
    IErrorInfo *info = NULL;
    BSTR text = NULL;
    struct fsi fsi;
    HRESULT hr;

    com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&recorder);
    if (!ok(recorder && cookie, "a recorder and a writer") || !fsi_open(&fsi)) return;
    hr = IFileSystemImage3_put_ISO9660InterchangeLevel(fsi.image, 3);
    ok_hr(hr, IMAPI_E_INVALID_PARAM, "an older failure");
    ok_hr(IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder), E_ACCESSDENIED, "ChooseImageDefaults");
    GetErrorInfo(0, &info);
    if (info) IErrorInfo_GetDescription(info, &text);
    if (info) IErrorInfo_Release(info);
    ok(text && !wcsstr(text, L"'newVal'"), "text is %s", test_text(text));
    SysFreeString(text);
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
    unregister_writer(cookie);
}

/* State comes before work: no drive is asked for what cannot be put. */
TEST(defaults_of_an_image_that_is_read_only_ask_no_drive)
{
    DWORD cookie = register_mute_writer();
    IFileSystemImageResult *result;
    IDiscRecorder2 *recorder = NULL;
    struct fsi fsi;
    HRESULT hr;

    com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&recorder);
    if (!ok(recorder && cookie, "a recorder and a writer") || !fsi_open(&fsi)) return;
    result = fsi_result(&fsi);
    hr = IFileSystemImage3_ChooseImageDefaults(fsi.image, recorder);
    check_fail(hr, IMAPI_E_READONLY, IFACE, NULL);
    check_last_release(result);
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
    unregister_writer(cookie);
}

/* An uninitialized recorder, or one that is no recorder of ours, fails in its own words; what the drive can
   do is then unknown. */
TEST(recorder_that_cannot_answer)
{
    IDiscRecorder2 *recorder = NULL;
    struct fsi fsi;
    HRESULT hr;

    com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&recorder);
    if (!ok(recorder != NULL, "a recorder") || !fsi_open(&fsi)) return;
    hr = IFileSystemImage3_SetMaxMediaBlocksFromDevice(fsi.image, recorder);
    check_told(hr, I1, L"SetMaxMediaBlocksFromDevice", IMAPI_E_FSI_INTERNAL_ERROR, NULL);
    ok_int(free_blocks(&fsi), 332800, "FreeMediaBlocks stays");
    IDiscRecorder2_Release(recorder);
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(recorder_null_is_refused),
    TEST_CASE(defaults_come_from_the_disc_in_the_recorder),
    TEST_CASE(recorder_without_a_disc_says_so),
    TEST_CASE(disc_that_cannot_be_written_any_more_is_incompatible),
    TEST_CASE(failure_of_a_writer_without_words_is_not_told_in_those_of_an_older_one),
    TEST_CASE(defaults_of_an_image_that_is_read_only_ask_no_drive),
    TEST_CASE(recorder_that_cannot_answer))
