/* MsftDiscFormat2Data at rest: properties, what it says about recorders, discs and speeds. */
#include "recorders.h"

#include <string.h>

#define PAIR(call, method, code)   check_pair(call, L"IDiscFormat2Data", L##method, code)
#define FORMAT(call, method, code) check_pair(call, L"IDiscFormat2", L##method, code)
#define VERIFY(call, method, code) check_pair(call, L"IBurnVerification", L##method, code)

static const IID *const has[] = { &IID_IDiscFormat2Data,   &IID_IDiscFormat2,
                                  &IID_IBurnVerification,  &IID_IDispatch,
                                  &IID_ISupportErrorInfo,  &IID_IConnectionPointContainer,
                                  &IID_IProvideClassInfo2, NULL };
static const IID *const lacks[] = { &IID_IDiscFormat2Erase, &IID_IDiscRecorder2, &IID_IMultisession,
                                    &IID_IStream, NULL };

static IDiscFormat2Data *create(void)
{
    IDiscFormat2Data *writer = NULL;

    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscFormat2Data, &IID_IDiscFormat2Data, (void **)&writer),
          S_OK, "MsftDiscFormat2Data");
    return writer;
}

static HRESULT put_name(IDiscFormat2Data *writer, const WCHAR *name)
{
    BSTR text = name ? SysAllocString(name) : NULL;
    HRESULT hr = IDiscFormat2Data_put_ClientName(writer, text);

    SysFreeString(text);
    return hr;
}

TEST(object_obeys_the_rules_of_com)
{
    ISupportErrorInfo *support;
    IDiscFormat2Data *writer = create();

    if (!writer) return;
    check_interfaces(writer, has, lacks);
    check_identity(writer, has);
    ok_hr(IDiscFormat2Data_QueryInterface(writer, &IID_ISupportErrorInfo, (void **)&support), S_OK,
          "support");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IDiscFormat2Data), S_OK,
          "IDiscFormat2Data");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IDiscFormat2), S_OK, "IDiscFormat2");
    ok_hr(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &IID_IStream), S_FALSE, "IStream");
    ISupportErrorInfo_Release(support);
    check_last_release(writer);
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "DllCanUnloadNow");
}

TEST(null_out_pointers_are_refused)
{
    IDiscFormat2Data *writer = create();
    IBurnVerification *verification;

    if (!writer) return;
#define NONE(member)                                                                                         \
    PAIR(IDiscFormat2Data_get_##member(writer, NULL), "get_" #member, E_POINTER);                            \
    check_error_info(&IID_IDiscFormat2Data, L"IMAPI2.MsftDiscFormat2Data", NULL)
    NONE(Recorder);
    NONE(BufferUnderrunFreeDisabled);
    NONE(PostgapAlreadyInImage);
    NONE(CurrentMediaStatus);
    NONE(WriteProtectStatus);
    NONE(TotalSectorsOnMedia);
    NONE(FreeSectorsOnMedia);
    NONE(NextWritableAddress);
    NONE(StartAddressOfPreviousSession);
    NONE(ForceMediaToBeClosed);
    NONE(DisableConsumerDvdCompatibilityMode);
    NONE(CurrentPhysicalMediaType);
    NONE(ClientName);
    NONE(RequestedWriteSpeed);
    NONE(RequestedRotationTypeIsPureCAV);
    NONE(CurrentWriteSpeed);
    NONE(CurrentRotationTypeIsPureCAV);
    NONE(SupportedWriteSpeeds);
    NONE(SupportedWriteSpeedDescriptors);
    NONE(ForceOverwrite);
    NONE(MultisessionInterfaces);
#undef NONE
    ok_hr(IDiscFormat2Data_get_LastWrittenAddressOfPreviousSession(writer, NULL), E_POINTER, "last address");
    FORMAT(IDiscFormat2Data_get_MediaPhysicallyBlank(writer, NULL), "get_MediaPhysicallyBlank", E_POINTER);
    FORMAT(IDiscFormat2Data_get_MediaHeuristicallyBlank(writer, NULL), "get_MediaHeuristicallyBlank",
           E_POINTER);
    FORMAT(IDiscFormat2Data_get_SupportedMediaTypes(writer, NULL), "get_SupportedMediaTypes", E_POINTER);
    IDiscFormat2Data_QueryInterface(writer, &IID_IBurnVerification, (void **)&verification);
    ok_hr(IBurnVerification_get_BurnVerificationLevel(verification, NULL), E_POINTER, "level");
    check_error_info(&IID_IBurnVerification, NULL, NULL);
    IBurnVerification_Release(verification);
    check_last_release(writer);
}

/* --- properties ----------------------------------------------------------------------------------------- */

TEST(switches_have_their_defaults_and_keep_what_they_are_given)
{
    VARIANT_BOOL value = 17;
    IDiscFormat2Data *writer = create();

    if (!writer) return;
#define SWITCH(member)                                                                                       \
    PAIR(IDiscFormat2Data_get_##member(writer, &value), "get_" #member, S_OK);                               \
    ok_int(value, VARIANT_FALSE, "default of " #member);                                                     \
    PAIR(IDiscFormat2Data_put_##member(writer, 1), "put_" #member, S_OK);                                    \
    PAIR(IDiscFormat2Data_get_##member(writer, &value), "get_" #member, S_OK);                               \
    ok_int(value, VARIANT_TRUE, #member);                                                                    \
    PAIR(IDiscFormat2Data_put_##member(writer, VARIANT_FALSE), "put_" #member, S_OK);                        \
    PAIR(IDiscFormat2Data_get_##member(writer, &value), "get_" #member, S_OK);                               \
    ok_int(value, VARIANT_FALSE, #member)
    SWITCH(BufferUnderrunFreeDisabled);
    SWITCH(PostgapAlreadyInImage);
    SWITCH(ForceMediaToBeClosed);
    SWITCH(DisableConsumerDvdCompatibilityMode);
    SWITCH(ForceOverwrite);
#undef SWITCH
    check_last_release(writer);
}

TEST(client_name_obeys_its_rules)
{
    static const WCHAR *const bad[] = { NULL, L"", L"a/b", L"tab\t", L"\x00FC", L"plus+" };
    IDiscFormat2Data *writer = create();
    WCHAR name[65];
    BSTR text = (BSTR)1;

    if (!writer) return;
    PAIR(IDiscFormat2Data_get_ClientName(writer, &text), "get_ClientName", S_OK);
    ok_text(text, L"", "name before it is set");
    SysFreeString(text);
    PAIR(put_name(writer, L"AZ az 09.,:;-_"), "put_ClientName", S_OK);
    for (size_t i = 0; i < ARRAYSIZE(bad); i++)
    {
        PAIR(put_name(writer, bad[i]), "put_ClientName", E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID);
        check_error_info(&IID_IDiscFormat2Data, NULL, L"client name");
    }
    PAIR(IDiscFormat2Data_get_ClientName(writer, &text), "get_ClientName", S_OK);
    ok_text(text, L"AZ az 09.,:;-_", "name after bad ones");
    SysFreeString(text);
    for (size_t i = 0; i < 63; i++) name[i] = L'x';
    name[63] = 0;
    PAIR(put_name(writer, name), "put_ClientName", E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID);
    name[62] = 0;
    PAIR(put_name(writer, name), "put_ClientName", S_OK);
    /* Some clients pass a plain wide string where a BSTR belongs. */
    PAIR(IDiscFormat2Data_put_ClientName(writer, (BSTR)L"plain text"), "put_ClientName", S_OK);
    PAIR(IDiscFormat2Data_get_ClientName(writer, &text), "get_ClientName", S_OK);
    ok_text(text, L"plain text", "name");
    SysFreeString(text);
    check_last_release(writer);
}

/* Open point: the level is NONE at first. */
TEST(verification_level_is_kept)
{
    IMAPI_BURN_VERIFICATION_LEVEL level = 17;
    IBurnVerification *verification;

    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscFormat2Data, &IID_IBurnVerification,
                          (void **)&verification),
          S_OK, "writer");
    if (!verification) return;
    VERIFY(IBurnVerification_get_BurnVerificationLevel(verification, &level), "get_BurnVerificationLevel",
           S_OK);
    ok_int(level, IMAPI_BURN_VERIFICATION_NONE, "default");
    for (int i = IMAPI_BURN_VERIFICATION_FULL; i >= 0; i--)
    {
        VERIFY(IBurnVerification_put_BurnVerificationLevel(verification, i), "put_BurnVerificationLevel",
               S_OK);
        VERIFY(IBurnVerification_get_BurnVerificationLevel(verification, &level), "get_BurnVerificationLevel",
               S_OK);
        ok_int(level, i, "level");
    }
    ok_hr(IBurnVerification_put_BurnVerificationLevel(verification, 3), E_INVALIDARG, "no such level");
    ok_hr(IBurnVerification_put_BurnVerificationLevel(verification, -1), E_INVALIDARG, "no such level");
    check_last_release(verification);
}

/* --- the recorder --------------------------------------------------------------------------------------- */

TEST(recorder_is_given_back_and_can_be_taken_away)
{
    IDiscRecorder2 *recorder, *found = (IDiscRecorder2 *)1, *empty;
    IDiscFormat2Data *writer = create();

    test_recorder_set("dvd+r", NULL);
    recorder = test_recorder_open(0);
    if (!writer || !recorder) return;
    PAIR(IDiscFormat2Data_get_Recorder(writer, &found), "get_Recorder", S_OK);
    ok(!found, "a recorder before one is set");
    PAIR(IDiscFormat2Data_put_Recorder(writer, recorder), "put_Recorder", S_OK);
    PAIR(IDiscFormat2Data_get_Recorder(writer, &found), "get_Recorder", S_OK);
    ok(found == recorder, "another recorder");
    if (found) IDiscRecorder2_Release(found);
    /* One that has no drive, and afterwards the first one is still there. */
    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&empty), S_OK,
          "recorder");
    PAIR(IDiscFormat2Data_put_Recorder(writer, empty), "put_Recorder",
         E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED);
    check_error_info(&IID_IDiscFormat2Data, NULL, NULL);
    check_last_release(empty);
    PAIR(IDiscFormat2Data_get_Recorder(writer, &found), "get_Recorder", S_OK);
    ok(found == recorder, "another recorder");
    if (found) IDiscRecorder2_Release(found);
    PAIR(IDiscFormat2Data_put_Recorder(writer, NULL), "put_Recorder", S_OK);
    PAIR(IDiscFormat2Data_get_Recorder(writer, &found), "get_Recorder", S_OK);
    ok(!found, "a recorder after it was taken away");
    PAIR(IDiscFormat2Data_put_Recorder(writer, recorder), "put_Recorder", S_OK);
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(drive_that_cannot_write_is_refused)
{
    /* GET CONFIGURATION with one profile, CD-ROM: header, then feature 0000h. */
    static const char reader[] = "GET CONFIGURATION -> data 0000000C 00000008 00000304 00080100\n";
    /* A drive from before GET CONFIGURATION tells in mode page 2Ah what it writes. */
    static const char old[] = "GET CONFIGURATION -> 05/20/00\n";
    IDiscRecorder2 *recorder;
    IDiscFormat2Data *writer = create();
    VARIANT_BOOL value = 17;

    if (!writer) return;
    test_recorder_set("cd-r", reader);
    if ((recorder = test_recorder_open(0)))
    {
        PAIR(IDiscFormat2Data_put_Recorder(writer, recorder), "put_Recorder",
             E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED);
        check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
        FORMAT(IDiscFormat2Data_IsRecorderSupported(writer, recorder, &value), "IsRecorderSupported",
               S_FALSE);
        ok_int(value, VARIANT_FALSE, "value");
        value = 17;
        FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, &value), "IsCurrentMediaSupported",
               S_FALSE);
        ok_int(value, VARIANT_FALSE, "value");
        check_last_release(recorder);
    }
    test_recorder_set("cd-r", old);
    if ((recorder = test_recorder_open(0)))
    {
        PAIR(IDiscFormat2Data_put_Recorder(writer, recorder), "put_Recorder", S_OK);
        PAIR(IDiscFormat2Data_put_Recorder(writer, NULL), "put_Recorder", S_OK);
        check_last_release(recorder);
    }
    check_last_release(writer);
    test_recorders_end();
}

TEST(recorder_and_disc_are_judged)
{
    static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "dvd+rw", "bd-r", "bd-re" };
    IDiscFormat2Data *writer = create();
    IDiscRecorder2 *recorder;
    VARIANT_BOOL value = 17;

    if (!writer) return;
    for (size_t i = 0; i < ARRAYSIZE(media); i++)
    {
        test_push("%s", media[i]);
        test_recorder_set(media[i], NULL);
        if (!(recorder = test_recorder_open(0))) return;
        FORMAT(IDiscFormat2Data_IsRecorderSupported(writer, recorder, &value), "IsRecorderSupported", S_OK);
        ok_int(value, VARIANT_TRUE, "recorder");
        value = 17;
        FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, &value), "IsCurrentMediaSupported",
               S_OK);
        ok_int(value, VARIANT_TRUE, "disc");
        check_last_release(recorder);
        test_pop();
    }
    test_recorder_set("none", NULL);
    if (!(recorder = test_recorder_open(0))) return;
    value = 17;
    FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, &value), "IsCurrentMediaSupported",
           E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"no disc");
    ok_int(value, VARIANT_FALSE, "value");
    value = 17;
    FORMAT(IDiscFormat2Data_IsRecorderSupported(writer, NULL, &value), "IsRecorderSupported", E_POINTER);
    ok_int(value, VARIANT_FALSE, "value");
    FORMAT(IDiscFormat2Data_IsRecorderSupported(writer, recorder, NULL), "IsRecorderSupported", E_POINTER);
    FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, NULL, &value), "IsCurrentMediaSupported",
           E_POINTER);
    FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, NULL), "IsCurrentMediaSupported",
           E_POINTER);
    check_last_release(recorder);
    check_last_release(writer);
    test_recorders_end();
}

/* --- scripts -------------------------------------------------------------------------------------------- */

TEST(scripts_put_and_get_by_name)
{
    IDiscFormat2Data *writer = create();
    IDiscRecorder2 *recorder;
    VARIANT result;
    BSTR name;

    test_recorder_set("dvd+r", NULL);
    if (!(recorder = test_recorder_open(0)) || !writer) return;
    /* writer.Recorder = recorder, and with Set. */
    ok_hr(test_put(writer, L"recorder", test_v_disp(recorder)), S_OK, "put");
    ok_hr(test_putref(writer, L"Recorder", test_v_disp(recorder)), S_OK, "putref");
    ok_hr(test_put(writer, L"Recorder", test_v_unknown(recorder)), S_OK, "put of an unknown");
    ok_hr(test_get(writer, L"Recorder", &result), S_OK, "get");
    ok(V_VT(&result) == VT_DISPATCH && V_DISPATCH(&result), "type %d", V_VT(&result));
    VariantClear(&result);
    name = SysAllocString(L"a script");
    ok_hr(test_put(writer, L"ClientName", test_v_bstr(name)), S_OK, "name");
    SysFreeString(name);
    /* Booleans come as numbers as well. */
    ok_hr(test_put(writer, L"ForceMediaToBeClosed", test_v_i4(1)), S_OK, "put of a number");
    ok_hr(test_get(writer, L"ForceMediaToBeClosed", &result), S_OK, "get");
    ok(V_VT(&result) == VT_BOOL && V_BOOL(&result) == VARIANT_TRUE, "type %d", V_VT(&result));
    ok_hr(test_get(writer, L"FreeSectorsOnMedia", &result), S_OK, "FreeSectorsOnMedia");
    ok(V_VT(&result) == VT_I4 && V_I4(&result) > 0, "type %d", V_VT(&result));
    ok_hr(test_get(writer, L"CurrentPhysicalMediaType", &result), S_OK, "CurrentPhysicalMediaType");
    ok(V_VT(&result) == VT_I4 && V_I4(&result) == IMAPI_MEDIA_TYPE_DVDPLUSR, "type %d", V_VT(&result));
    ok_hr(test_get(writer, L"BurnVerificationLevel", &result), DISP_E_UNKNOWNNAME, "not for scripts");
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(failures_reach_scripts_with_their_text)
{
    IDiscFormat2Data *writer = create();
    EXCEPINFO exception;
    VARIANT result;
    UINT bad = 0;

    if (!writer) return;
    ok_hr(test_invoke_ex(writer, 0x10F, DISPATCH_PROPERTYGET, NULL, 0, &result, &exception, &bad),
          DISP_E_EXCEPTION, "CurrentPhysicalMediaType");
    ok_hr(exception.scode, E_IMAPI_RECORDER_REQUIRED, "scode");
    ok(exception.bstrDescription && wcsstr(exception.bstrDescription, L"recorder"), "text is \"%s\"",
       test_text(exception.bstrDescription));
    ok_text(exception.bstrSource, L"IMAPI2.MsftDiscFormat2Data", "source");
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    check_last_release(writer);
}

/* --- texts ---------------------------------------------------------------------------------------------- */

TEST(every_result_code_has_a_text_in_the_module)
{
    static const HRESULT codes[] =
    {
        S_IMAPI_SPEEDADJUSTED,
        E_IMAPI_REQUEST_CANCELLED,
        E_IMAPI_RECORDER_REQUIRED,
        E_IMAPI_BURN_VERIFICATION_FAILED,
        S_IMAPI_COMMAND_HAS_SENSE_DATA,
        E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE,
        E_IMAPI_RECORDER_MEDIA_NOT_FORMATTED,
        E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE,
        E_IMAPI_LOSS_OF_STREAMING,
        S_IMAPI_WRITE_NOT_IN_PROGRESS,
        E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID,
        E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID,
        E_IMAPI_DF2RAW_RECORDER_NOT_SUPPORTED,
        E_IMAPI_ERASE_RECORDER_IN_USE,
        E_IMAPI_ERASE_CLIENT_NAME_IS_NOT_VALID,
        E_IMAPI_RAW_IMAGE_IS_READ_ONLY,
        E_IMAPI_RAW_IMAGE_TRACK_INDEX_TOO_CLOSE_TO_OTHER_INDEX,
    };
    HMODULE module = com_test_dll("imapi2.dll");
    WCHAR text[512];

    for (size_t i = 0; i < ARRAYSIZE(codes); i++)
    {
        DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS, module,
                                      (DWORD)codes[i], 0, text, ARRAYSIZE(text), NULL);

        ok(length > 10, "no text for 0x%08lX: error %lu", (unsigned long)codes[i], GetLastError());
    }
    /* The details that stand behind them: all numbers without a gap. */
    for (DWORD id = 0x40AA1000; id <= 0x40AA1014; id++)
        ok(FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS, module, id, 0, text,
                          ARRAYSIZE(text), NULL) > 10,
           "no text for 0x%08lX", id);
}

TEST_MAIN(TEST_CASE(object_obeys_the_rules_of_com), TEST_CASE(null_out_pointers_are_refused),
          TEST_CASE(switches_have_their_defaults_and_keep_what_they_are_given),
          TEST_CASE(client_name_obeys_its_rules), TEST_CASE(verification_level_is_kept),
          TEST_CASE(recorder_is_given_back_and_can_be_taken_away),
          TEST_CASE(drive_that_cannot_write_is_refused), TEST_CASE(recorder_and_disc_are_judged),
          TEST_CASE(scripts_put_and_get_by_name), TEST_CASE(failures_reach_scripts_with_their_text),
          TEST_CASE(every_result_code_has_a_text_in_the_module))
