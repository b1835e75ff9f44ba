/* MsftDiscFormat2Data at rest: what it says about the disc in the drive, and about the speeds for it. */
#include "recorders.h"

#include <string.h>

#define PAIR(call, method, code)   check_pair(call, L"IDiscFormat2Data", L##method, code)
#define FORMAT(call, method, code) check_pair(call, L"IDiscFormat2", L##method, code)

static IDiscFormat2Data *create(void)
{
    IDiscFormat2Data *writer = NULL;

    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscFormat2Data, &IID_IDiscFormat2Data, (void **)&writer),
          S_OK, "MsftDiscFormat2Data");
    return writer;
}

/* --- the disc ------------------------------------------------------------------------------------------- */

/* Open point: members whose pages do not list it say RECORDER_REQUIRED too. */
TEST(members_that_need_a_recorder_say_so)
{
    IDiscFormat2Data *writer = create();
    SAFEARRAY *array = (SAFEARRAY *)1;
    VARIANT_BOOL flag = 17;
    LONG value = 17;

    if (!writer) return;
    PAIR(IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, (void *)&value),
         "get_CurrentPhysicalMediaType", E_IMAPI_RECORDER_REQUIRED);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"recorder");
    ok_int(value, 0, "value");
    PAIR(IDiscFormat2Data_get_CurrentWriteSpeed(writer, &value), "get_CurrentWriteSpeed",
         E_IMAPI_RECORDER_REQUIRED);
    PAIR(IDiscFormat2Data_get_CurrentRotationTypeIsPureCAV(writer, &flag), "get_CurrentRotationTypeIsPureCAV",
         E_IMAPI_RECORDER_REQUIRED);
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &array), "get_SupportedWriteSpeeds",
         E_IMAPI_RECORDER_REQUIRED);
    ok(!array, "array is cleared");
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeedDescriptors(writer, &array),
         "get_SupportedWriteSpeedDescriptors", E_IMAPI_RECORDER_REQUIRED);
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, -1, VARIANT_FALSE), "SetWriteSpeed",
         E_IMAPI_RECORDER_REQUIRED);
    ok_hr(IDiscFormat2Data_get_CurrentMediaStatus(writer, (void *)&value), E_IMAPI_RECORDER_REQUIRED,
          "status");
    ok_hr(IDiscFormat2Data_get_WriteProtectStatus(writer, (void *)&value), E_IMAPI_RECORDER_REQUIRED,
          "protection");
    ok_hr(IDiscFormat2Data_get_TotalSectorsOnMedia(writer, &value), E_IMAPI_RECORDER_REQUIRED, "total");
    ok_hr(IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &value), E_IMAPI_RECORDER_REQUIRED, "free");
    ok_hr(IDiscFormat2Data_get_NextWritableAddress(writer, &value), E_IMAPI_RECORDER_REQUIRED, "next");
    ok_hr(IDiscFormat2Data_get_StartAddressOfPreviousSession(writer, &value), E_IMAPI_RECORDER_REQUIRED,
          "start");
    ok_hr(IDiscFormat2Data_get_LastWrittenAddressOfPreviousSession(writer, &value), E_IMAPI_RECORDER_REQUIRED,
          "last");
    ok_hr(IDiscFormat2Data_get_MediaPhysicallyBlank(writer, &flag), E_IMAPI_RECORDER_REQUIRED, "blank");
    ok_hr(IDiscFormat2Data_get_MediaHeuristicallyBlank(writer, &flag), E_IMAPI_RECORDER_REQUIRED, "blank");
    check_last_release(writer);
}

TEST(types_that_can_be_written_are_listed_without_a_recorder)
{
    IDiscFormat2Data *writer = create();
    SAFEARRAY *array = NULL;
    ULONG seen = 0;

    if (!writer) return;
    FORMAT(IDiscFormat2Data_get_SupportedMediaTypes(writer, &array), "get_SupportedMediaTypes", S_OK);
    if (ok(array && SafeArrayGetDim(array) == 1 && !array->rgsabound[0].lLbound, "no array"))
    {
        const VARIANT *items = array->pvData;

        for (ULONG i = 0; i < array->rgsabound[0].cElements; i++)
            if (ok(V_VT(&items[i]) == VT_I4, "type %d", V_VT(&items[i]))) seen |= 1u << V_I4(&items[i]);
        SafeArrayDestroy(array);
    }
    ok(seen & 1u << IMAPI_MEDIA_TYPE_CDR && seen & 1u << IMAPI_MEDIA_TYPE_DVDPLUSR &&
           seen & 1u << IMAPI_MEDIA_TYPE_BDRE,
       "types are 0x%lx", seen);
    ok(!(seen &
         (1u << IMAPI_MEDIA_TYPE_UNKNOWN | 1u << IMAPI_MEDIA_TYPE_CDROM | 1u << IMAPI_MEDIA_TYPE_DVDROM)),
       "types are 0x%lx", seen);
    check_last_release(writer);
}

TEST(blank_discs_are_described)
{
    static const struct
    {
        const char *medium;
        LONG type, state, total;
        BOOL overwritable;
    } cases[] =
    {
        { "cd-r", IMAPI_MEDIA_TYPE_CDR, 2, 330000, FALSE },
        { "cd-rw", IMAPI_MEDIA_TYPE_CDRW, 2, 330000, FALSE },
        { "dvd+r", IMAPI_MEDIA_TYPE_DVDPLUSR, 2, 2295104, FALSE },
        { "dvd+rw", IMAPI_MEDIA_TYPE_DVDPLUSRW, 3, 2295104, TRUE },
        { "bd-r", IMAPI_MEDIA_TYPE_BDR, 2, 11826176, FALSE },
        { "bd-re", IMAPI_MEDIA_TYPE_BDRE, 3, 11826176, TRUE },
    };
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    VARIANT_BOOL flag;
    LONG value;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        LONG total = 0, room = 0;

        test_push("%s", cases[i].medium);
        test_recorder_set(cases[i].medium, NULL);
        if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
        PAIR(IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, (void *)&value),
             "get_CurrentPhysicalMediaType", S_OK);
        ok_int(value, cases[i].type, "type");
        PAIR(IDiscFormat2Data_get_CurrentMediaStatus(writer, (void *)&value), "get_CurrentMediaStatus", S_OK);
        ok_int(value, cases[i].state, "state");
        PAIR(IDiscFormat2Data_get_WriteProtectStatus(writer, (void *)&value), "get_WriteProtectStatus", S_OK);
        ok_int(value, 0, "write protection");
        PAIR(IDiscFormat2Data_get_TotalSectorsOnMedia(writer, &total), "get_TotalSectorsOnMedia", S_OK);
        ok(total >= cases[i].total, "total is %ld", total);
        PAIR(IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &room), "get_FreeSectorsOnMedia", S_OK);
        ok(room > cases[i].total - 1000 && room <= total, "free are %ld of %ld", room, total);
        value = -1;
        PAIR(IDiscFormat2Data_get_NextWritableAddress(writer, &value), "get_NextWritableAddress", S_OK);
        ok_int(value, 0, "next writable address");
        PAIR(IDiscFormat2Data_get_StartAddressOfPreviousSession(writer, &value),
             "get_StartAddressOfPreviousSession", S_OK);
        ok_int(value, -1, "start of the previous session");
        PAIR(IDiscFormat2Data_get_LastWrittenAddressOfPreviousSession(writer, &value),
             "get_LastWrittenAddressOfPreviousSession", S_OK);
        ok_int(value, -1, "last address of the previous session");
        FORMAT(IDiscFormat2Data_get_MediaHeuristicallyBlank(writer, &flag), "get_MediaHeuristicallyBlank",
               S_OK);
        ok_int(flag, VARIANT_TRUE, "heuristically blank");
        FORMAT(IDiscFormat2Data_get_MediaPhysicallyBlank(writer, &flag), "get_MediaPhysicallyBlank", S_OK);
        if (!cases[i].overwritable) ok_int(flag, VARIANT_TRUE, "physically blank");
        check_last_release(writer);
        check_last_release(recorder);
        test_pop();
    }
    test_recorders_end();
}

TEST(disc_that_is_not_blank_is_seen_by_its_data)
{
    struct test_stream stream;
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    VARIANT_BOOL flag;

    test_recorder_set("bd-re", NULL);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    test_stream_init(&stream, 1024 * 1024);
    ok_hr(IDiscFormat2Data_Write(writer, &stream.iface), S_OK, "Write");
    FORMAT(IDiscFormat2Data_get_MediaHeuristicallyBlank(writer, &flag), "get_MediaHeuristicallyBlank", S_OK);
    ok_int(flag, VARIANT_FALSE, "heuristically blank");
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(finished_disc_has_no_addresses)
{
    struct test_stream stream;
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    VARIANT_BOOL flag = 17;
    LONG value = 17;

    test_recorder_set("dvd+r", NULL);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    test_stream_init(&stream, 1024 * 1024);
    ok_hr(IDiscFormat2Data_Write(writer, &stream.iface), S_OK, "Write");
    PAIR(IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, (void *)&value),
         "get_CurrentPhysicalMediaType", S_OK);
    ok_int(value, IMAPI_MEDIA_TYPE_DVDPLUSR, "type");
    FORMAT(IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, &flag), "IsCurrentMediaSupported",
           S_FALSE);
    ok_int(flag, VARIANT_FALSE, "supported");
    FORMAT(IDiscFormat2Data_get_MediaPhysicallyBlank(writer, &flag), "get_MediaPhysicallyBlank", S_OK);
    ok_int(flag, VARIANT_FALSE, "blank");
#define REFUSED(member)                                                                                      \
    value = 17;                                                                                              \
    PAIR(IDiscFormat2Data_get_##member(writer, &value), "get_" #member,                                      \
         E_IMAPI_DF2DATA_INVALID_MEDIA_STATE);                                                               \
    ok_int(value, 0, #member);                                                                               \
    check_error_info(&IID_IDiscFormat2Data, NULL, L"DVD+R")
    REFUSED(TotalSectorsOnMedia);
    REFUSED(FreeSectorsOnMedia);
    REFUSED(NextWritableAddress);
    REFUSED(StartAddressOfPreviousSession);
#undef REFUSED
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(empty_drive_says_so)
{
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    LONG value = 17;

    test_recorder_set("none", NULL);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    PAIR(IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, (void *)&value),
         "get_CurrentPhysicalMediaType", E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    check_error_info(&IID_IDiscFormat2Data, NULL, L"There is no disc in the drive.");
    PAIR(IDiscFormat2Data_get_CurrentMediaStatus(writer, (void *)&value), "get_CurrentMediaStatus",
         E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    ok_int(value, 0, "value");
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

/* --- speeds --------------------------------------------------------------------------------------------- */

TEST(speeds_are_sectors_a_second)
{
    SAFEARRAY *speeds = NULL, *descriptors = NULL;
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    const VARIANT *items;
    VARIANT_BOOL flag;
    LONG value = 0, fastest = 0;

    test_recorder_set("dvd+r", NULL);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &speeds), "get_SupportedWriteSpeeds", S_OK);
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeedDescriptors(writer, &descriptors),
         "get_SupportedWriteSpeedDescriptors", S_OK);
    if (!speeds || !descriptors) return;
    ok(speeds->rgsabound[0].cElements > 0, "no speeds");
    ok_int(descriptors->rgsabound[0].cElements, speeds->rgsabound[0].cElements, "descriptors");
    items = speeds->pvData;
    for (ULONG i = 0; i < speeds->rgsabound[0].cElements; i++)
    {
        ok(V_VT(&items[i]) == VT_UI4, "type %d", V_VT(&items[i]));
        ok(V_UI4(&items[i]) >= 680 && V_UI4(&items[i]) < 680 * 30, "speed %lu", V_UI4(&items[i]));
        if ((LONG)V_UI4(&items[i]) > fastest) fastest = (LONG)V_UI4(&items[i]);
    }
    SafeArrayDestroy(speeds);
    items = descriptors->pvData;
    for (ULONG i = 0; i < descriptors->rgsabound[0].cElements; i++)
    {
        static const IID *const its[] = { &IID_IWriteSpeedDescriptor, &IID_IDispatch, &IID_ISupportErrorInfo,
                                          NULL };
        IMAPI_MEDIA_PHYSICAL_TYPE type = 0;
        IWriteSpeedDescriptor *descriptor;

        if (!ok(V_VT(&items[i]) == VT_DISPATCH, "type %d", V_VT(&items[i]))) continue;
        ok_hr(
            IDispatch_QueryInterface(V_DISPATCH(&items[i]), &IID_IWriteSpeedDescriptor, (void **)&descriptor),
            S_OK, "descriptor");
        check_identity(descriptor, its);
        check_pair(IWriteSpeedDescriptor_get_MediaType(descriptor, &type), L"IWriteSpeedDescriptor",
                   L"get_MediaType", S_OK);
        ok_int(type, IMAPI_MEDIA_TYPE_DVDPLUSR, "type");
        check_pair(IWriteSpeedDescriptor_get_WriteSpeed(descriptor, &value), L"IWriteSpeedDescriptor",
                   L"get_WriteSpeed", S_OK);
        ok(value >= 680, "speed %ld", value);
        check_pair(IWriteSpeedDescriptor_get_RotationTypeIsPureCAV(descriptor, &flag),
                   L"IWriteSpeedDescriptor", L"get_RotationTypeIsPureCAV", S_OK);
        check_pair(IWriteSpeedDescriptor_get_MediaType(descriptor, NULL), L"IWriteSpeedDescriptor",
                   L"get_MediaType", E_POINTER);
        check_pair(IWriteSpeedDescriptor_get_WriteSpeed(descriptor, NULL), L"IWriteSpeedDescriptor",
                   L"get_WriteSpeed", E_POINTER);
        check_pair(IWriteSpeedDescriptor_get_RotationTypeIsPureCAV(descriptor, NULL),
                   L"IWriteSpeedDescriptor", L"get_RotationTypeIsPureCAV", E_POINTER);
        check_error_info(&IID_IWriteSpeedDescriptor, NULL, NULL);
        IWriteSpeedDescriptor_Release(descriptor);
    }
    SafeArrayDestroy(descriptors);
    PAIR(IDiscFormat2Data_get_CurrentWriteSpeed(writer, &value), "get_CurrentWriteSpeed", S_OK);
    ok(value > 0 && value <= fastest, "current speed is %ld", value);
    PAIR(IDiscFormat2Data_get_CurrentRotationTypeIsPureCAV(writer, &flag), "get_CurrentRotationTypeIsPureCAV",
         S_OK);
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(speed_is_set_to_the_nearest_one)
{
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    SAFEARRAY *speeds = NULL;
    VARIANT_BOOL flag = 17;
    LONG value = 0, one;

    test_recorder_set("dvd+r", NULL);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    PAIR(IDiscFormat2Data_get_RequestedWriteSpeed(writer, &value), "get_RequestedWriteSpeed", S_OK);
    ok_int(value, -1, "default speed");
    PAIR(IDiscFormat2Data_get_RequestedRotationTypeIsPureCAV(writer, &flag),
         "get_RequestedRotationTypeIsPureCAV", S_OK);
    ok_int(flag, VARIANT_FALSE, "default rotation");
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, 0, VARIANT_FALSE), "SetWriteSpeed", E_INVALIDARG);
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, -2, VARIANT_FALSE), "SetWriteSpeed", E_INVALIDARG);

    IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &speeds);
    if (!speeds) return;
    one = (LONG)V_UI4(&((VARIANT *)speeds->pvData)[speeds->rgsabound[0].cElements - 1]);
    SafeArrayDestroy(speeds);
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, one, VARIANT_FALSE), "SetWriteSpeed", S_OK);
    PAIR(IDiscFormat2Data_get_CurrentWriteSpeed(writer, &value), "get_CurrentWriteSpeed", S_OK);
    ok_int(value, one, "current speed");
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, one + 1, VARIANT_FALSE), "SetWriteSpeed",
         S_IMAPI_SPEEDADJUSTED);
    PAIR(IDiscFormat2Data_get_RequestedWriteSpeed(writer, &value), "get_RequestedWriteSpeed", S_OK);
    ok_int(value, one + 1, "requested speed");
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, one, VARIANT_TRUE), "SetWriteSpeed",
         S_IMAPI_ROTATIONADJUSTED);
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, one + 1, VARIANT_TRUE), "SetWriteSpeed",
         S_IMAPI_BOTHADJUSTED);
    PAIR(IDiscFormat2Data_get_RequestedRotationTypeIsPureCAV(writer, &flag),
         "get_RequestedRotationTypeIsPureCAV", S_OK);
    ok_int(flag, VARIANT_TRUE, "requested rotation");
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, -1, VARIANT_FALSE), "SetWriteSpeed", S_OK);
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST(write_takes_the_requested_speed)
{
    static const struct
    {
        LONG off;
        VARIANT_BOOL cav;
        HRESULT hr;
    } cases[] =
    {
        { 0, VARIANT_FALSE, S_OK },
        { 1, VARIANT_FALSE, S_IMAPI_SPEEDADJUSTED },
        { 0, VARIANT_TRUE, S_IMAPI_ROTATIONADJUSTED },
        { 1, VARIANT_TRUE, S_IMAPI_BOTHADJUSTED },
    };
    struct test_stream stream;
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    SAFEARRAY *speeds;
    LONG slowest;

    for (size_t i = 0; i < ARRAYSIZE(cases); i++)
    {
        test_push("case %u", (unsigned)i);
        test_recorder_set("dvd+r", NULL);
        if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
        if (FAILED(IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &speeds))) return;
        slowest = (LONG)V_UI4(&((VARIANT *)speeds->pvData)[speeds->rgsabound[0].cElements - 1]);
        SafeArrayDestroy(speeds);
        ok_hr(IDiscFormat2Data_SetWriteSpeed(writer, slowest + cases[i].off, cases[i].cav), cases[i].hr,
              "speed");
        test_stream_init(&stream, 1024 * 1024);
        PAIR(IDiscFormat2Data_Write(writer, &stream.iface), "Write", cases[i].hr);
        check_last_release(writer);
        check_last_release(recorder);
        test_pop();
    }
    test_recorders_end();
}

TEST(drive_that_tells_no_speeds_is_no_use_for_them)
{
    static const char faults[] = "GET PERFORMANCE -> 05/20/00\nMODE SENSE(10) -> 05/24/00\n";
    IDiscFormat2Data *writer;
    IDiscRecorder2 *recorder;
    SAFEARRAY *array = (SAFEARRAY *)1;
    VARIANT_BOOL flag = 17;
    LONG value = 17;

    test_recorder_set("dvd+r", faults);
    if (!(recorder = test_recorder_open(0)) || !(writer = test_writer_open(recorder))) return;
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeeds(writer, &array), "get_SupportedWriteSpeeds",
         E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE);
    ok(!array, "array is cleared");
    check_error_info(&IID_IDiscFormat2Data, NULL, L"Drive: ");
    PAIR(IDiscFormat2Data_get_SupportedWriteSpeedDescriptors(writer, &array),
         "get_SupportedWriteSpeedDescriptors", E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE);
    PAIR(IDiscFormat2Data_get_CurrentWriteSpeed(writer, &value), "get_CurrentWriteSpeed",
         E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE);
    ok_int(value, 0, "value");
    ok_hr(IDiscFormat2Data_get_CurrentRotationTypeIsPureCAV(writer, &flag),
          E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE, "rotation");
    PAIR(IDiscFormat2Data_SetWriteSpeed(writer, 680, VARIANT_FALSE), "SetWriteSpeed",
         E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE);
    PAIR(IDiscFormat2Data_get_RequestedWriteSpeed(writer, &value), "get_RequestedWriteSpeed", S_OK);
    ok_int(value, -1, "requested speed after a failure");
    check_last_release(writer);
    check_last_release(recorder);
    test_recorders_end();
}

TEST_MAIN(TEST_CASE(members_that_need_a_recorder_say_so),
          TEST_CASE(types_that_can_be_written_are_listed_without_a_recorder),
          TEST_CASE(blank_discs_are_described), TEST_CASE(disc_that_is_not_blank_is_seen_by_its_data),
          TEST_CASE(finished_disc_has_no_addresses), TEST_CASE(empty_drive_says_so),
          TEST_CASE(speeds_are_sectors_a_second), TEST_CASE(speed_is_set_to_the_nearest_one),
          TEST_CASE(write_takes_the_requested_speed),
          TEST_CASE(drive_that_tells_no_speeds_is_no_use_for_them))
