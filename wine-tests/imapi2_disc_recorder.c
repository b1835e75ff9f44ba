/* MsftDiscRecorder2 by its default interface: initializing, names, lists, tray, exclusive access. */
#include "recorders.h"

#include <string.h>

#define PAIR(call, method, code) check_pair(call, L"IDiscRecorder2", L##method, code)
#define NOT_INITIALIZED          HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE)
#define DEVICE_GONE              HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST)

static const IID *const has[] = { &IID_IDiscRecorder2,    &IID_IDiscRecorder2Ex,   &IID_IDispatch,
                                  &IID_ISupportErrorInfo, &IID_IProvideClassInfo2, NULL };
static const IID *const lacks[] = { &IID_IDiscMaster2, &IID_IConnectionPointContainer, &IID_IDiscFormat2,
                                    NULL };

static IDiscRecorder2 *create(void)
{
    IDiscRecorder2 *recorder = NULL;

    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&recorder),
          S_OK, "MsftDiscRecorder2");
    return recorder;
}

static HRESULT initialize(IDiscRecorder2 *recorder, const WCHAR *id)
{
    BSTR text = SysAllocString(id);
    HRESULT hr = IDiscRecorder2_InitializeDiscRecorder(recorder, text);

    SysFreeString(text);
    return hr;
}

static HRESULT acquire(IDiscRecorder2 *recorder, int force, const WCHAR *name)
{
    BSTR text = name ? SysAllocString(name) : NULL;
    HRESULT hr = IDiscRecorder2_AcquireExclusiveAccess(recorder, force ? VARIANT_TRUE : VARIANT_FALSE, text);

    SysFreeString(text);
    return hr;
}

TEST(object_obeys_the_rules_of_com)
{
    IDiscRecorder2 *recorder = create();

    if (!recorder) return;
    check_interfaces(recorder, has, lacks);
    check_identity(recorder, has);
    check_last_release(recorder);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
}

/* --- initializing --------------------------------------------------------------------------------------- */

TEST(unusable_ids_are_refused)
{
    IDiscRecorder2 *recorder = create();

    if (!recorder) return;
    PAIR(IDiscRecorder2_InitializeDiscRecorder(recorder, NULL), "InitializeDiscRecorder", E_INVALIDARG);
    check_error_info(&IID_IDiscRecorder2, L"IMAPI2.MsftDiscRecorder2", NULL);
    PAIR(initialize(recorder, L""), "InitializeDiscRecorder", E_INVALIDARG);
    /* A device that is not there, or no longer. */
    PAIR(initialize(recorder, L"\\\\?\\no#such#drive"), "InitializeDiscRecorder", DEVICE_GONE);
    check_error_info(&IID_IDiscRecorder2, NULL, L"no#such#drive");
    check_last_release(recorder);
}

/* Open point: members that talk to the drive say that there is no handle, the others E_FAIL, each as listed.
 */
TEST(nothing_works_before_initializing)
{
    IDiscRecorder2 *recorder = create();
    SAFEARRAY *array = (SAFEARRAY *)1;
    VARIANT_BOOL flag = 17;
    BSTR text = (BSTR)1;
    LONG number = 17;

    if (!recorder) return;
    PAIR(IDiscRecorder2_EjectMedia(recorder), "EjectMedia", NOT_INITIALIZED);
    check_error_info(&IID_IDiscRecorder2, NULL, L"InitializeDiscRecorder");
    PAIR(IDiscRecorder2_CloseTray(recorder), "CloseTray", NOT_INITIALIZED);
    PAIR(acquire(recorder, 0, L"test"), "AcquireExclusiveAccess", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_DisableMcn(recorder), "DisableMcn", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_EnableMcn(recorder), "EnableMcn", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &text), "get_ExclusiveAccessOwner",
         NOT_INITIALIZED);
    ok(!text, "text is cleared");
    PAIR(IDiscRecorder2_get_SupportedFeaturePages(recorder, &array), "get_SupportedFeaturePages",
         NOT_INITIALIZED);
    ok(!array, "array is cleared");
    PAIR(IDiscRecorder2_get_CurrentFeaturePages(recorder, &array), "get_CurrentFeaturePages",
         NOT_INITIALIZED);
    PAIR(IDiscRecorder2_get_SupportedProfiles(recorder, &array), "get_SupportedProfiles", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_get_CurrentProfiles(recorder, &array), "get_CurrentProfiles", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_get_SupportedModePages(recorder, &array), "get_SupportedModePages", NOT_INITIALIZED);
    PAIR(IDiscRecorder2_get_DeviceCanLoadMedia(recorder, &flag), "get_DeviceCanLoadMedia", E_FAIL);
    ok_int(flag, VARIANT_FALSE, "flag");

    text = (BSTR)1;
    PAIR(IDiscRecorder2_get_ActiveDiscRecorder(recorder, &text), "get_ActiveDiscRecorder", E_FAIL);
    ok(!text, "text is cleared");
    check_error_info(&IID_IDiscRecorder2, NULL, L"InitializeDiscRecorder");
    PAIR(IDiscRecorder2_get_VendorId(recorder, &text), "get_VendorId", E_FAIL);
    PAIR(IDiscRecorder2_get_ProductId(recorder, &text), "get_ProductId", E_FAIL);
    PAIR(IDiscRecorder2_get_ProductRevision(recorder, &text), "get_ProductRevision", E_FAIL);
    PAIR(IDiscRecorder2_get_VolumeName(recorder, &text), "get_VolumeName", E_FAIL);
    PAIR(IDiscRecorder2_get_VolumePathNames(recorder, &array), "get_VolumePathNames", E_FAIL);
    PAIR(IDiscRecorder2_get_LegacyDeviceNumber(recorder, &number), "get_LegacyDeviceNumber", E_FAIL);
    ok_int(number, 0, "number");
    check_last_release(recorder);
}

TEST(null_out_pointers_are_refused)
{
    IDiscRecorder2 *recorder;

    test_recorder_set("none", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    /* ActiveDiscRecorder is the only getter whose page lists E_INVALIDARG instead. */
    PAIR(IDiscRecorder2_get_ActiveDiscRecorder(recorder, NULL), "get_ActiveDiscRecorder", E_INVALIDARG);
    PAIR(IDiscRecorder2_get_VendorId(recorder, NULL), "get_VendorId", E_POINTER);
    check_error_info(&IID_IDiscRecorder2, NULL, NULL);
    PAIR(IDiscRecorder2_get_ProductId(recorder, NULL), "get_ProductId", E_POINTER);
    PAIR(IDiscRecorder2_get_ProductRevision(recorder, NULL), "get_ProductRevision", E_POINTER);
    PAIR(IDiscRecorder2_get_VolumeName(recorder, NULL), "get_VolumeName", E_POINTER);
    PAIR(IDiscRecorder2_get_VolumePathNames(recorder, NULL), "get_VolumePathNames", E_POINTER);
    PAIR(IDiscRecorder2_get_DeviceCanLoadMedia(recorder, NULL), "get_DeviceCanLoadMedia", E_POINTER);
    PAIR(IDiscRecorder2_get_LegacyDeviceNumber(recorder, NULL), "get_LegacyDeviceNumber", E_POINTER);
    PAIR(IDiscRecorder2_get_SupportedFeaturePages(recorder, NULL), "get_SupportedFeaturePages", E_POINTER);
    PAIR(IDiscRecorder2_get_CurrentFeaturePages(recorder, NULL), "get_CurrentFeaturePages", E_POINTER);
    PAIR(IDiscRecorder2_get_SupportedProfiles(recorder, NULL), "get_SupportedProfiles", E_POINTER);
    PAIR(IDiscRecorder2_get_CurrentProfiles(recorder, NULL), "get_CurrentProfiles", E_POINTER);
    PAIR(IDiscRecorder2_get_SupportedModePages(recorder, NULL), "get_SupportedModePages", E_POINTER);
    PAIR(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, NULL), "get_ExclusiveAccessOwner", E_POINTER);
    check_error_info(&IID_IDiscRecorder2, NULL, NULL);
    check_last_release(recorder);
    test_recorders_end();
}

/* Open point: scripts use one object for one drive after the other, so initializing again is allowed; a drive
   that cannot be had leaves the object with the one that it has. */
TEST(initializing_again_takes_the_other_drive)
{
    static const struct test_recorder two[] = { { .medium = "none" }, { .medium = "none" } };
    IDiscRecorder2 *recorder;
    BSTR ids[2], id;

    test_recorders_set(two, 2);
    ids[0] = test_recorder_id(0);
    ids[1] = test_recorder_id(1);
    if (!(recorder = create())) return;
    for (int i = 0; i < 2; i++)
    {
        PAIR(initialize(recorder, ids[i]), "InitializeDiscRecorder", S_OK);
        PAIR(IDiscRecorder2_get_ActiveDiscRecorder(recorder, &id), "get_ActiveDiscRecorder", S_OK);
        ok_text(id, ids[i], "id");
        SysFreeString(id);
    }
    PAIR(initialize(recorder, L"x"), "InitializeDiscRecorder", DEVICE_GONE);
    PAIR(IDiscRecorder2_get_ActiveDiscRecorder(recorder, &id), "get_ActiveDiscRecorder", S_OK);
    ok_text(id, ids[1], "id after a failure");
    SysFreeString(id);
    SysFreeString(ids[0]);
    SysFreeString(ids[1]);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(id_is_given_back_as_it_was_given)
{
    IDiscRecorder2 *recorder;
    BSTR id, found;

    test_recorder_set("none", NULL);
    id = test_recorder_id(0);
    if (!id || !(recorder = create())) return;
    CharUpperW(id);
    PAIR(initialize(recorder, id), "InitializeDiscRecorder", S_OK);
    PAIR(IDiscRecorder2_get_ActiveDiscRecorder(recorder, &found), "get_ActiveDiscRecorder", S_OK);
    ok_text(found, id, "id");
    SysFreeString(found);
    SysFreeString(id);
    check_last_release(recorder);
    test_recorders_end();
}

/* --- names ---------------------------------------------------------------------------------------------- */

static void check_name(HRESULT hr, const WCHAR *method, BSTR text, size_t most)
{
    check_pair(hr, L"IDiscRecorder2", method, S_OK);
    if (FAILED(hr)) return;
    ok(text && *text && wcslen(text) <= most && text[wcslen(text) - 1] != ' ', "%s is \"%s\"",
       test_text(method), test_text(text));
    SysFreeString(text);
}

TEST(names_are_those_of_the_drive)
{
    IDiscRecorder2 *recorder;
    SAFEARRAY *array = NULL;
    VARIANT_BOOL flag = 17;
    BSTR text = NULL;
    LONG number = -1;
    HRESULT hr;

    test_recorder_set("none", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    /* Trailing spaces of INQUIRY data are left out: they are padding. */
    hr = IDiscRecorder2_get_VendorId(recorder, &text);
    check_name(hr, L"get_VendorId", text, 8);
    hr = IDiscRecorder2_get_ProductId(recorder, &text);
    check_name(hr, L"get_ProductId", text, 16);
    hr = IDiscRecorder2_get_ProductRevision(recorder, &text);
    check_name(hr, L"get_ProductRevision", text, 4);
    PAIR(IDiscRecorder2_get_VolumeName(recorder, &text), "get_VolumeName", S_OK);
    ok(text != NULL, "no text");
    SysFreeString(text);
    PAIR(IDiscRecorder2_get_LegacyDeviceNumber(recorder, &number), "get_LegacyDeviceNumber", S_OK);
    ok(number >= 0, "number is %ld", number);
    PAIR(IDiscRecorder2_get_VolumePathNames(recorder, &array), "get_VolumePathNames", S_OK);
    ok(array && SafeArrayGetDim(array) == 1 && array->fFeatures & FADF_VARIANT, "not an array of VARIANT");
    if (array) ok_int(array->rgsabound[0].lLbound, 0, "lower bound");
    SafeArrayDestroy(array);
    PAIR(IDiscRecorder2_get_DeviceCanLoadMedia(recorder, &flag), "get_DeviceCanLoadMedia", S_OK);
    ok_int(flag, VARIANT_TRUE, "a tray");
    check_last_release(recorder);
    test_recorders_end();
}

/* --- lists ---------------------------------------------------------------------------------------------- */

static BOOL contains(SAFEARRAY *array, LONG wanted)
{
    const VARIANT *items = array ? array->pvData : NULL;

    for (ULONG i = 0; array && i < array->rgsabound[0].cElements; i++)
        if (V_VT(&items[i]) == VT_I4 && V_I4(&items[i]) == wanted) return TRUE;
    return FALSE;
}

static void check_list(IDiscRecorder2 *recorder,
                       HRESULT(STDMETHODCALLTYPE *get)(IDiscRecorder2 *, SAFEARRAY **), const WCHAR *method,
                       LONG in, LONG out)
{
    SAFEARRAY *array = NULL, *again = NULL;

    check_pair(get(recorder, &array), L"IDiscRecorder2", method, S_OK);
    check_pair(get(recorder, &again), L"IDiscRecorder2", method, S_OK);
    ok(array != again, "%s: the same array twice", test_text(method));
    ok(contains(array, in), "%s: no 0x%lx", test_text(method), in);
    ok(!contains(array, out), "%s: has 0x%lx", test_text(method), out);
    SafeArrayDestroy(array);
    SafeArrayDestroy(again);
}

TEST(lists_hold_the_codes_that_the_drive_tells)
{
    IDiscRecorder2 *recorder;

    test_recorder_set("dvd+r", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    check_list(recorder, recorder->lpVtbl->get_SupportedFeaturePages, L"get_SupportedFeaturePages",
               IMAPI_FEATURE_PAGE_TYPE_CD_TRACK_AT_ONCE, 0x7777);
    check_list(recorder, recorder->lpVtbl->get_CurrentFeaturePages, L"get_CurrentFeaturePages",
               IMAPI_FEATURE_PAGE_TYPE_DVD_PLUS_R, IMAPI_FEATURE_PAGE_TYPE_CD_TRACK_AT_ONCE);
    check_list(recorder, recorder->lpVtbl->get_SupportedProfiles, L"get_SupportedProfiles",
               IMAPI_PROFILE_TYPE_CD_RECORDABLE, 0x7777);
    check_list(recorder, recorder->lpVtbl->get_CurrentProfiles, L"get_CurrentProfiles",
               IMAPI_PROFILE_TYPE_DVD_PLUS_R, IMAPI_PROFILE_TYPE_CD_RECORDABLE);
    check_list(recorder, recorder->lpVtbl->get_SupportedModePages, L"get_SupportedModePages",
               IMAPI_MODE_PAGE_TYPE_WRITE_PARAMETERS, IMAPI_MODE_PAGE_TYPE_MRW);
    check_last_release(recorder);
    test_recorders_end();
}

/* --- tray ----------------------------------------------------------------------------------------------- */

TEST(tray_opens_and_closes)
{
    BYTE cdb[6] = { 0 }, sense[18]; /* TEST UNIT READY */
    IDiscRecorder2Ex *commands;
    IDiscRecorder2 *recorder;

    test_recorder_set("cd-r", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    IDiscRecorder2_QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&commands);
    ok_hr(IDiscRecorder2Ex_SendCommandNoData(commands, cdb, 6, sense, 10), S_OK, "ready at first");
    PAIR(IDiscRecorder2_EjectMedia(recorder), "EjectMedia", S_OK);
    ok_hr(IDiscRecorder2Ex_SendCommandNoData(commands, cdb, 6, sense, 10), S_IMAPI_COMMAND_HAS_SENSE_DATA,
          "tray open");
    ok(sense[2] == 2 && sense[12] == 0x3A, "sense %x/%02x", sense[2], sense[12]);
    PAIR(IDiscRecorder2_CloseTray(recorder), "CloseTray", S_OK);
    for (int i = 0; i < 4; i++)
        if (IDiscRecorder2Ex_SendCommandNoData(commands, cdb, 6, sense, 10) == S_OK) break;
    ok_hr(IDiscRecorder2Ex_SendCommandNoData(commands, cdb, 6, sense, 10), S_OK, "ready again");
    IDiscRecorder2Ex_Release(commands);
    check_last_release(recorder);
    test_recorders_end();
}

/* --- exclusive access ----------------------------------------------------------------------------------- */

static void check_owner(IDiscRecorder2 *recorder, const WCHAR *expected)
{
    BSTR owner = NULL;

    PAIR(IDiscRecorder2_get_ExclusiveAccessOwner(recorder, &owner), "get_ExclusiveAccessOwner", S_OK);
    ok_text(owner, expected, "owner");
    SysFreeString(owner);
}

TEST(exclusive_access_is_counted_and_shows_its_owner)
{
    IDiscRecorder2 *recorder, *other;

    test_recorder_set("cd-r", NULL);
    recorder = test_recorder_open(0);
    other = test_recorder_open(0);
    if (!recorder || !other) return;
    check_owner(other, L""); /* open point: nobody is no name */
    PAIR(acquire(recorder, 1, L"first client"), "AcquireExclusiveAccess", S_OK);
    PAIR(acquire(recorder, 1, L"first client"), "AcquireExclusiveAccess", S_OK);
    check_owner(recorder, L"first client");
    check_owner(other, L"first client");
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", S_OK);
    check_owner(other, L"first client");
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", S_OK);
    check_owner(other, L"");
    /* One release too many. */
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", E_FAIL);
    check_error_info(&IID_IDiscRecorder2, NULL, NULL);
    check_last_release(recorder);
    check_last_release(other);
    test_recorders_end();
}

TEST(drive_of_another_client_is_locked)
{
    IDiscRecorder2 *holder, *other;
    SAFEARRAY *array = NULL;
    BSTR text = NULL;

    test_recorder_set("cd-r", NULL);
    holder = test_recorder_open(0);
    if (!holder) return;
    PAIR(acquire(holder, 1, L"holder"), "AcquireExclusiveAccess", S_OK);
    other = test_recorder_open(0); /* initializing works on a locked drive */
    if (!other) return;
    PAIR(acquire(other, 1, L"somebody else"), "AcquireExclusiveAccess", E_IMAPI_RECORDER_LOCKED);
    check_error_info(&IID_IDiscRecorder2, NULL, L"holder");
    PAIR(acquire(other, 0, L"somebody else"), "AcquireExclusiveAccess", E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(other), "ReleaseExclusiveAccess",
         HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    PAIR(IDiscRecorder2_EjectMedia(other), "EjectMedia", E_IMAPI_RECORDER_LOCKED);
    check_error_info(&IID_IDiscRecorder2, NULL, L"holder");
    PAIR(IDiscRecorder2_CloseTray(other), "CloseTray", E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_get_SupportedFeaturePages(other, &array), "get_SupportedFeaturePages",
         E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_get_CurrentFeaturePages(other, &array), "get_CurrentFeaturePages",
         E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_get_SupportedProfiles(other, &array), "get_SupportedProfiles",
         E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_get_CurrentProfiles(other, &array), "get_CurrentProfiles", E_IMAPI_RECORDER_LOCKED);
    PAIR(IDiscRecorder2_get_SupportedModePages(other, &array), "get_SupportedModePages",
         E_IMAPI_RECORDER_LOCKED);
    ok(!array, "array is cleared");
    check_owner(other, L"holder");
    PAIR(IDiscRecorder2_get_VendorId(other, &text), "get_VendorId", S_OK);
    SysFreeString(text);
    /* The same name is the same client. */
    PAIR(acquire(other, 0, L"holder"), "AcquireExclusiveAccess", S_OK);
    PAIR(IDiscRecorder2_EjectMedia(other), "EjectMedia", S_OK);
    check_last_release(holder); /* an object that goes lets go */
    check_owner(other, L"holder");
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(other), "ReleaseExclusiveAccess", S_OK);
    check_owner(other, L"");
    check_last_release(other);
    test_recorders_end();
}

TEST(drive_that_was_taken_away_cannot_be_held)
{
    IDiscRecorder2 *recorder;

    test_recorder_set("cd-r", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    PAIR(acquire(recorder, 1, L"client"), "AcquireExclusiveAccess", S_OK);
    test_recorders_set(NULL, 0);
    PAIR(acquire(recorder, 1, L"client"), "AcquireExclusiveAccess", DEVICE_GONE);
    check_error_info(&IID_IDiscRecorder2, NULL, L"Drive: ");
    PAIR(IDiscRecorder2_DisableMcn(recorder), "DisableMcn", DEVICE_GONE);
    /* What is held is given back all the same. */
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", S_OK);
    check_owner(recorder, L"");
    check_last_release(recorder);
    test_recorders_end();
}

TEST(client_names_obey_their_rules)
{
    static const WCHAR *const bad[] = { L"a/b", L"tab\t", L"\x00FC", L"plus+", L"under\x2014score" };
    WCHAR name[65];
    IDiscRecorder2 *recorder;

    test_recorder_set("cd-r", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    /* The absence of a name has a code of its own, a bad one is a bad argument. */
    ok_hr(acquire(recorder, 1, NULL), E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID, "NULL");
    check_error_info(&IID_IDiscRecorder2, NULL, L"client name");
    ok_hr(acquire(recorder, 1, L""), E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID, "empty");
    for (size_t i = 0; i < ARRAYSIZE(bad); i++)
        PAIR(acquire(recorder, 1, bad[i]), "AcquireExclusiveAccess", E_INVALIDARG);
    for (size_t i = 0; i < 63; i++) name[i] = L'x';
    name[63] = 0;
    PAIR(acquire(recorder, 1, name), "AcquireExclusiveAccess", E_INVALIDARG);
    name[62] = 0;
    PAIR(acquire(recorder, 1, name), "AcquireExclusiveAccess", S_OK);
    check_owner(recorder, name);
    PAIR(IDiscRecorder2_ReleaseExclusiveAccess(recorder), "ReleaseExclusiveAccess", S_OK);
    PAIR(acquire(recorder, 1, L"AZ az 09.,:;-_"), "AcquireExclusiveAccess", S_OK);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(media_change_notification_is_counted)
{
    IDiscRecorder2 *recorder;

    test_recorder_set("cd-r", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    PAIR(IDiscRecorder2_DisableMcn(recorder), "DisableMcn", S_OK);
    PAIR(IDiscRecorder2_DisableMcn(recorder), "DisableMcn", S_OK);
    PAIR(IDiscRecorder2_EnableMcn(recorder), "EnableMcn", S_OK);
    PAIR(IDiscRecorder2_EnableMcn(recorder), "EnableMcn", S_OK);
    PAIR(IDiscRecorder2_EnableMcn(recorder), "EnableMcn", E_FAIL);
    check_error_info(&IID_IDiscRecorder2, NULL, NULL);
    check_last_release(recorder);
    test_recorders_end();
}

/* --- scripts -------------------------------------------------------------------------------------------- */

TEST(members_are_found_by_name)
{
    VARIANT result, args[2];
    IDiscRecorder2 *recorder = create();
    BSTR id;

    test_recorder_set("dvd+r", NULL);
    id = test_recorder_id(0);
    if (!id || !recorder) return;
    args[0] = test_v_bstr(id);
    ok_hr(test_invoke(recorder, L"initializediscrecorder", DISPATCH_METHOD, args, 1, &result), S_OK,
          "initialize");
    ok_hr(test_get(recorder, L"VendorID", &result), S_OK, "VendorId");
    ok_int(V_VT(&result), VT_BSTR, "type");
    VariantClear(&result);
    ok_hr(test_get(recorder, L"SupportedProfiles", &result), S_OK, "SupportedProfiles");
    ok_int(V_VT(&result), VT_ARRAY | VT_VARIANT, "type");
    VariantClear(&result);
    args[0] = test_v_bool(1);
    args[1] = test_v_bstr(SysAllocString(L"a script"));
    ok_hr(test_invoke(recorder, L"AcquireExclusiveAccess", DISPATCH_METHOD, args, 2, &result), S_OK,
          "acquire");
    check_owner(recorder, L"a script");
    VariantClear(&args[1]);
    ok_hr(test_invoke(recorder, L"ReleaseExclusiveAccess", DISPATCH_METHOD, NULL, 0, &result), S_OK,
          "release");
    /* What the default member of the recorder is. */
    ok_hr(test_get(recorder, L"ActiveDiscRecorder", &result), S_OK, "ActiveDiscRecorder");
    ok_text(V_BSTR(&result), id, "id");
    VariantClear(&result);
    SysFreeString(id);
    check_last_release(recorder);
    test_recorders_end();
}

TEST_MAIN(TEST_CASE(object_obeys_the_rules_of_com), TEST_CASE(unusable_ids_are_refused),
          TEST_CASE(nothing_works_before_initializing), TEST_CASE(null_out_pointers_are_refused),
          TEST_CASE(initializing_again_takes_the_other_drive), TEST_CASE(id_is_given_back_as_it_was_given),
          TEST_CASE(names_are_those_of_the_drive), TEST_CASE(lists_hold_the_codes_that_the_drive_tells),
          TEST_CASE(tray_opens_and_closes), TEST_CASE(exclusive_access_is_counted_and_shows_its_owner),
          TEST_CASE(drive_of_another_client_is_locked), TEST_CASE(drive_that_was_taken_away_cannot_be_held),
          TEST_CASE(client_names_obey_their_rules),
          TEST_CASE(media_change_notification_is_counted), TEST_CASE(members_are_found_by_name))
