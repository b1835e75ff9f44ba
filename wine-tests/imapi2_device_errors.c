/*
 * The codes that a failing drive leads to: for each method that talks to the drive, for each way of failing,
 * the one command that the method depends on is made to fail, and the result code compared.
 */
#include "recorders.h"

#include <string.h>

#define DATA  (1u << 0) /* the command brings data, so that it can bring too little */
#define RAW   (1u << 1) /* sense data go to the caller as they are */
#define PROBE (1u << 2) /* waits a while for a drive that is busy */

struct bench
{
    IDiscRecorder2 *recorder; /* initialized, but in tests of that */
    IDiscRecorder2Ex *extended;
    IDiscFormat2Data *writer;
    IMultisessionSequential2 *sequential;
    IMultisessionRandomWrite *random;
    BSTR id;
};

struct method
{
    const WCHAR *interface_, *name;
    HRESULT (*call)(struct bench *bench);
    const char *command; /* by the name in a fault script */
    const char *medium;
    unsigned flags;
};

/* --- the methods ---------------------------------------------------------------------------------------- */

#define LIST(name)                                                                                           \
    static HRESULT call_##name(struct bench *bench)                                                          \
    {                                                                                                        \
        SAFEARRAY *array = NULL;                                                                             \
        HRESULT hr = IDiscRecorder2_get_##name(bench->recorder, &array);                                     \
                                                                                                             \
        SafeArrayDestroy(array);                                                                             \
        return hr;                                                                                           \
    }

#define BUFFER(name, arguments)                                                                              \
    static HRESULT call_##name(struct bench *bench)                                                          \
    {                                                                                                        \
        BYTE *data = NULL;                                                                                   \
        ULONG size = 0;                                                                                      \
        HRESULT hr = IDiscRecorder2Ex_##name arguments;                                                      \
                                                                                                             \
        CoTaskMemFree(data);                                                                                 \
        return hr;                                                                                           \
    }

#define VALUE(prefix, object, name)                                                                          \
    static HRESULT call_##prefix##_##name(struct bench *bench)                                               \
    {                                                                                                        \
        LONG value[4] = { 0 };                                                                               \
                                                                                                             \
        return bench->object->lpVtbl->get_##name(bench->object, (void *)value);                              \
    }

#define ARRAY(name)                                                                                          \
    static HRESULT call_writer_##name(struct bench *bench)                                                   \
    {                                                                                                        \
        SAFEARRAY *array = NULL;                                                                             \
        HRESULT hr = IDiscFormat2Data_get_##name(bench->writer, &array);                                     \
                                                                                                             \
        SafeArrayDestroy(array);                                                                             \
        return hr;                                                                                           \
    }

static HRESULT call_InitializeDiscRecorder(struct bench *bench)
{
    return IDiscRecorder2_InitializeDiscRecorder(bench->recorder, bench->id);
}

static HRESULT call_EjectMedia(struct bench *bench)
{
    return IDiscRecorder2_EjectMedia(bench->recorder);
}

static HRESULT call_CloseTray(struct bench *bench)
{
    return IDiscRecorder2_CloseTray(bench->recorder);
}

LIST(SupportedFeaturePages)
LIST(CurrentFeaturePages)
LIST(SupportedProfiles)
LIST(CurrentProfiles)
LIST(SupportedModePages)

BUFFER(ReadDvdStructure, (bench->extended, 0, 0, 0, 0, &data, &size))
BUFFER(GetDiscInformation, (bench->extended, &data, &size))
BUFFER(GetTrackInformation, (bench->extended, 1, IMAPI_READ_TRACK_ADDRESS_TYPE_TRACK, &data, &size))
BUFFER(GetFeaturePage, (bench->extended, IMAPI_FEATURE_PAGE_TYPE_CORE, FALSE, &data, &size))
BUFFER(GetModePage, (bench->extended, IMAPI_MODE_PAGE_TYPE_WRITE_PARAMETERS, 0, &data, &size))
BUFFER(GetSupportedFeaturePages, (bench->extended, FALSE, (void *)&data, &size))
BUFFER(GetSupportedProfiles, (bench->extended, FALSE, (void *)&data, &size))
BUFFER(GetSupportedModePages, (bench->extended, 0, (void *)&data, &size))

static HRESULT call_SendDvdStructure(struct bench *bench)
{
    BYTE data[16] = { 0 };

    return IDiscRecorder2Ex_SendDvdStructure(bench->extended, 0x20, data, sizeof(data));
}

static HRESULT call_SetModePage(struct bench *bench)
{
    BYTE page[10] = { 0x01, 8 };

    return IDiscRecorder2Ex_SetModePage(bench->extended, 0, page, sizeof(page));
}

static HRESULT call_SendCommandNoData(struct bench *bench)
{
    BYTE cdb[6] = { 0x1B, 0, 0, 0, 1, 0 }, sense[18];

    return IDiscRecorder2Ex_SendCommandNoData(bench->extended, cdb, 6, sense, 10);
}

static HRESULT call_SendCommandSendDataToDevice(struct bench *bench)
{
    BYTE cdb[10] = { 0x55, 0x10, 0, 0, 0, 0, 0, 0, 8, 0 }, sense[18], data[8] = { 0 };

    return IDiscRecorder2Ex_SendCommandSendDataToDevice(bench->extended, cdb, 10, sense, 10, data, 8);
}

static HRESULT call_SendCommandGetDataFromDevice(struct bench *bench)
{
    BYTE cdb[10] = { 0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0 }, sense[18], data[34];
    ULONG got;

    return IDiscRecorder2Ex_SendCommandGetDataFromDevice(bench->extended, cdb, 10, sense, 10, data, 34, &got);
}

VALUE(format, writer, MediaPhysicallyBlank)
VALUE(format, writer, MediaHeuristicallyBlank)
VALUE(writer, writer, CurrentMediaStatus)
VALUE(writer, writer, WriteProtectStatus)
VALUE(writer, writer, TotalSectorsOnMedia)
VALUE(writer, writer, FreeSectorsOnMedia)
VALUE(writer, writer, NextWritableAddress)
VALUE(writer, writer, StartAddressOfPreviousSession)
VALUE(writer, writer, CurrentPhysicalMediaType)
VALUE(writer, writer, CurrentWriteSpeed)
VALUE(writer, writer, CurrentRotationTypeIsPureCAV)
ARRAY(SupportedWriteSpeeds)
ARRAY(SupportedWriteSpeedDescriptors)
VALUE(base, sequential, IsSupportedOnCurrentMediaState)
VALUE(sequential, sequential, IsFirstDataSession)
VALUE(sequential, sequential, StartAddressOfPreviousSession)
VALUE(sequential, sequential, NextWritableAddress)
VALUE(sequential, sequential, FreeSectorsOnMedia)
VALUE(sequential, sequential, WriteUnitSize)
VALUE(random, random, WriteUnitSize)
VALUE(random, random, LastWrittenAddress)
VALUE(random, random, TotalSectorsOnMedia)

static HRESULT call_writer_SetWriteSpeed(struct bench *bench)
{
    return IDiscFormat2Data_SetWriteSpeed(bench->writer, -1, VARIANT_FALSE);
}

#define INFO   "READ DISC INFORMATION"
#define CONFIG "GET CONFIGURATION"
#define SENSE  "MODE SENSE(10)"
#define SELECT "MODE SELECT(10)"
#define START  "START STOP UNIT"
#define RECORDER(name, command, flags)                                                                       \
    {                                                                                                        \
        L"IDiscRecorder2", L## #name, call_##name, command, "dvd+r", flags                                   \
    }
#define LISTED(name, command)                                                                                \
    {                                                                                                        \
        L"IDiscRecorder2", L"get_" L## #name, call_##name, command, "dvd+r", DATA                            \
    }
#define EXTENDED(name, command, flags)                                                                       \
    {                                                                                                        \
        L"IDiscRecorder2Ex", L## #name, call_##name, command, "dvd+r", flags                                 \
    }
#define GET(i, prefix, name, medium)                                                                         \
    {                                                                                                        \
        i, L"get_" L## #name, call_##prefix##_##name, INFO, medium, DATA | PROBE                             \
    }
#define FORMAT(name)     GET(L"IDiscFormat2", format, name, "dvd+r")
#define WRITER(name)     GET(L"IDiscFormat2Data", writer, name, "dvd+r")
#define SEQUENTIAL(name) GET(L"IMultisessionSequential", sequential, name, "dvd+r")
#define RANDOM(name)     GET(L"IMultisessionRandomWrite", random, name, "dvd+rw")

static const struct method methods[] =
{
    RECORDER(InitializeDiscRecorder, "INQUIRY", DATA),
    RECORDER(EjectMedia, START, 0),
    RECORDER(CloseTray, START, 0),
    LISTED(SupportedFeaturePages, CONFIG),
    LISTED(CurrentFeaturePages, CONFIG),
    LISTED(SupportedProfiles, CONFIG),
    LISTED(CurrentProfiles, CONFIG),
    LISTED(SupportedModePages, SENSE),
    EXTENDED(SendCommandNoData, START, RAW),
    EXTENDED(SendCommandSendDataToDevice, SELECT, RAW),
    EXTENDED(SendCommandGetDataFromDevice, INFO, RAW),
    EXTENDED(ReadDvdStructure, "READ DISC STRUCTURE", DATA),
    EXTENDED(SendDvdStructure, "SEND DISC STRUCTURE", 0),
    EXTENDED(GetDiscInformation, INFO, DATA),
    EXTENDED(GetTrackInformation, "READ TRACK INFORMATION", DATA),
    EXTENDED(GetFeaturePage, CONFIG, DATA),
    EXTENDED(GetModePage, SENSE, DATA),
    EXTENDED(SetModePage, SELECT, 0),
    EXTENDED(GetSupportedFeaturePages, CONFIG, DATA),
    EXTENDED(GetSupportedProfiles, CONFIG, DATA),
    EXTENDED(GetSupportedModePages, SENSE, DATA),
    FORMAT(MediaPhysicallyBlank),
    FORMAT(MediaHeuristicallyBlank),
    WRITER(CurrentMediaStatus),
    WRITER(WriteProtectStatus),
    WRITER(TotalSectorsOnMedia),
    WRITER(FreeSectorsOnMedia),
    WRITER(NextWritableAddress),
    WRITER(StartAddressOfPreviousSession),
    WRITER(CurrentPhysicalMediaType),
    WRITER(CurrentWriteSpeed),
    WRITER(CurrentRotationTypeIsPureCAV),
    WRITER(SupportedWriteSpeeds),
    WRITER(SupportedWriteSpeedDescriptors),
    { L"IDiscFormat2Data", L"SetWriteSpeed", call_writer_SetWriteSpeed, INFO, "dvd+r", DATA | PROBE },
    GET(L"IMultisession", base, IsSupportedOnCurrentMediaState, "dvd+r"),
    SEQUENTIAL(IsFirstDataSession),
    SEQUENTIAL(StartAddressOfPreviousSession),
    SEQUENTIAL(NextWritableAddress),
    SEQUENTIAL(FreeSectorsOnMedia),
    GET(L"IMultisessionSequential2", sequential, WriteUnitSize, "dvd+r"),
    RANDOM(WriteUnitSize),
    RANDOM(LastWrittenAddress),
    RANDOM(TotalSectorsOnMedia),
};

/* --- the failures --------------------------------------------------------------------------------------- */

#define HOST  (1u << 3) /* the command came to no end: no sense data */
#define SHORT (1u << 4) /* too little data */

static const struct failure
{
    const char *outcome;
    HRESULT hr;
    const char *only; /* with that command; NULL: with all that no later row names */
    unsigned flags;
} failures[] =
{
    { "02/04/01", E_IMAPI_RECORDER_MEDIA_BECOMING_READY, NULL, 0 },
    { "02/04/03", E_IMAPI_RECORDER_MEDIA_NO_MEDIA, NULL, 0 },
    { "02/04/04", E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS, NULL, 0 },
    { "02/04/07", E_IMAPI_RECORDER_MEDIA_BUSY, NULL, 0 },
    { "06/28/00", E_IMAPI_RECORDER_MEDIA_BECOMING_READY, NULL, 0 },
    { "02/3A/01", E_IMAPI_RECORDER_MEDIA_NO_MEDIA, NULL, 0 },
    { "04/02/06", E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN, NULL, 0 },
    { "04/09/01", E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN, NULL, 0 },
    { "04/09/02", E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE, NULL, 0 },
    { "05/30/05", E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE, NULL, 0 },
    { "03/0C/09", E_IMAPI_LOSS_OF_STREAMING, NULL, 0 },
    { "05/64/00", E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS, NULL, 0 },
    { "05/26/01", E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS, "MODE SELECT(10)", 0 },
    { "07/27/00", E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED, NULL, 0 },
    { "04/73/03", E_IMAPI_RECORDER_MEDIA_SPEED_MISMATCH, NULL, 0 },
    { "04/44/00", E_FAIL, NULL, 0 },
    { "05/20/00", E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED, "GET CONFIGURATION", 0 },
    { "05/20/00", E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT, "READ DISC STRUCTURE", 0 },
    { "05/24/00", E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT, "READ DISC STRUCTURE", 0 },
    { "05/30/02", E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT, "READ DISC STRUCTURE", 0 },
    { "02/30/00", E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT, "READ DISC STRUCTURE", 0 },
    { "02/30/00", E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE, "GET CONFIGURATION", 0 },
    { "05/24/00", E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE, "MODE SENSE(10)", 0 },
    { "timeout", E_IMAPI_RECORDER_COMMAND_TIMEOUT, NULL, HOST },
    { "gone", HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST), NULL, HOST },
    { "handle", HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE), NULL, HOST },
    { "locked", E_IMAPI_RECORDER_LOCKED, NULL, HOST },
    { "io", E_FAIL, NULL, HOST },
    { "short 2", E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE, NULL, SHORT },
};

static BOOL applies(const struct method *method, const struct failure *failure)
{
    if (failure->flags & SHORT) return (method->flags & DATA) != 0;
    /* A drive that does not know READ DISC INFORMATION is one for reading only, and no failure. */
    if (method->flags & PROBE && !strncmp(failure->outcome, "05/", 3)) return FALSE;
    if (failure->only && strcmp(failure->only, method->command)) return FALSE;
    return TRUE;
}

static HRESULT expected_of(const struct method *method, const struct failure *failure)
{
    if (method->flags & RAW && !(failure->flags & HOST)) return S_IMAPI_COMMAND_HAS_SENSE_DATA;
    /* INQUIRY is answered by a drive that somebody else holds, or is not needed then. */
    if (!strcmp(failure->outcome, "locked") && !strcmp(method->command, "INQUIRY")) return S_OK;
    return failure->hr;
}

/* --- the loop ------------------------------------------------------------------------------------------- */

static void bench_close(struct bench *bench)
{
    if (bench->sequential) check_last_release(bench->sequential);
    if (bench->random) check_last_release(bench->random);
    if (bench->writer) check_last_release(bench->writer);
    if (bench->extended) IDiscRecorder2Ex_Release(bench->extended);
    if (bench->recorder) check_last_release(bench->recorder);
    SysFreeString(bench->id);
}

static BOOL bench_open(struct bench *bench, const struct method *method)
{
    SAFEARRAY *array = NULL;
    const VARIANT *items;

    memset(bench, 0, sizeof(*bench));
    if (!(bench->id = test_recorder_id(0))) return FALSE;
    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2,
                          (void **)&bench->recorder),
          S_OK, "recorder");
    if (method->call == call_InitializeDiscRecorder) return TRUE;
    if (!ok_hr(IDiscRecorder2_InitializeDiscRecorder(bench->recorder, bench->id), S_OK, "initialize"))
        return FALSE;
    IDiscRecorder2_QueryInterface(bench->recorder, &IID_IDiscRecorder2Ex, (void **)&bench->extended);
    if (!(method->flags & PROBE)) return TRUE;
    if (!(bench->writer = test_writer_open(bench->recorder))) return FALSE;
    if (!ok_hr(IDiscFormat2Data_get_MultisessionInterfaces(bench->writer, &array), S_OK, "interfaces"))
        return FALSE;
    items = array->pvData;
    for (ULONG i = 0; i < array->rgsabound[0].cElements; i++)
    {
        if (!bench->sequential)
            IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IMultisessionSequential2,
                                     (void **)&bench->sequential);
        if (!bench->random)
            IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IMultisessionRandomWrite,
                                     (void **)&bench->random);
    }
    SafeArrayDestroy(array);
    return bench->sequential && bench->random;
}

static void inject(const struct method *method, const struct failure *failure)
{
    HRESULT hr, expected = expected_of(method, failure);
    struct bench bench;
    char script[128];

    snprintf(script, sizeof(script), "%s -> %s", method->command, failure->outcome);
    test_push("%s::%s, %s", test_text(method->interface_), test_text(method->name), script);
    test_recorder_set(method->medium, script);
    if (bench_open(&bench, method))
    {
        SetErrorInfo(0, NULL);
        hr = method->call(&bench);
        check_pair(hr, method->interface_, method->name, expected);
        if (FAILED(expected))
        {
            IErrorInfo *info = NULL;
            BSTR text = NULL;

            if (ok(GetErrorInfo(0, &info) == S_OK && info, "no IErrorInfo"))
            {
                IErrorInfo_GetDescription(info, &text);
                ok(text && wcsstr(text, L"Drive: "), "the text \"%s\" names no drive", test_text(text));
                SysFreeString(text);
                IErrorInfo_Release(info);
            }
        }
    }
    bench_close(&bench);
    test_pop();
}

static void inject_all(unsigned flag, unsigned value)
{
    for (size_t i = 0; i < ARRAYSIZE(methods); i++)
    {
        if ((methods[i].flags & flag) != value) continue;
        for (size_t j = 0; j < ARRAYSIZE(failures); j++)
            if (applies(&methods[i], &failures[j])) inject(&methods[i], &failures[j]);
    }
    test_recorders_end();
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "nothing is left");
}

/* Failures of a command that a method sends beside its own. */
TEST(features_that_are_missing_have_their_codes)
{
    /* GET CONFIGURATION: the header, the profile list with CD-R alone, and CD read. */
    static const char cd[] = "data 00000014 00000009 00000304 00090100 001E0904 00000000";
    static const char empty[] = "data 00000004 00000000";
    static const struct
    {
        HRESULT (*call)(struct bench *bench);
        const char *outcome;
        HRESULT hr;
    } rows[] =
    {
        { call_ReadDvdStructure, "05/20/00", E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED },
        { call_ReadDvdStructure, cd, E_IMAPI_RECORDER_NO_SUCH_FEATURE },
        { call_SupportedProfiles, empty, E_IMAPI_RECORDER_NO_SUCH_FEATURE },
        { call_CurrentProfiles, empty, E_IMAPI_RECORDER_NO_SUCH_FEATURE },
        { call_GetSupportedProfiles, empty, E_IMAPI_RECORDER_NO_SUCH_FEATURE },
        { call_GetFeaturePage, empty, E_IMAPI_RECORDER_NO_SUCH_FEATURE },
    };

    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        for (size_t j = 0; j < ARRAYSIZE(methods); j++)
        {
            const struct failure failure = { .outcome = rows[i].outcome, .hr = rows[i].hr };
            struct method method = methods[j];

            if (method.call != rows[i].call) continue;
            method.command = CONFIG;
            inject(&method, &failure);
        }
    }
    test_recorders_end();
}

/* Whatever a drive delivers instead of its answer: a method succeeds or fails, and nothing is read past it.
 */
TEST(answers_that_are_cut_or_garbage_do_no_harm)
{
    static const char *const outcomes[] = { "garbage",  "short 0",  "short 1",  "short 3",
                                            "short 7",  "short 8",  "short 11", "short 12",
                                            "short 17", "short 23", "short 27" };

    for (size_t i = 0; i < ARRAYSIZE(methods); i++)
    {
        if ((methods[i].flags & (PROBE | DATA)) != DATA) continue;
        for (size_t j = 0; j < ARRAYSIZE(outcomes); j++)
        {
            struct bench bench;
            char script[128];

            snprintf(script, sizeof(script), "%s -> %s", methods[i].command, outcomes[j]);
            test_push("%s, %s", test_text(methods[i].name), script);
            test_recorder_set(methods[i].medium, script);
            if (bench_open(&bench, &methods[i]))
            {
                HRESULT hr = methods[i].call(&bench);

                ok(hr == S_OK || FAILED(hr), "0x%08lX", (unsigned long)hr);
            }
            bench_close(&bench);
            test_pop();
        }
    }
    test_recorders_end();
    ok_hr(com_test_can_unload("imapi2.dll"), S_OK, "nothing is left");
}

TEST(methods_that_send_one_command_translate_its_failure)
{
    inject_all(PROBE, 0);
}

TEST(methods_that_look_at_the_disc_translate_the_failure_of_a_command)
{
    inject_all(PROBE, PROBE);
}

TEST_MAIN(TEST_CASE(features_that_are_missing_have_their_codes),
          TEST_CASE(answers_that_are_cut_or_garbage_do_no_harm),
          TEST_CASE(methods_that_send_one_command_translate_its_failure),
          TEST_CASE(methods_that_look_at_the_disc_translate_the_failure_of_a_command))
