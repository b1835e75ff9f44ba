/* IDiscRecorder2Ex: structures, information, features and mode pages, in task memory. */
#include "recorders.h"

#include <string.h>

#define PAIR(call, method, code) check_pair(call, L"IDiscRecorder2Ex", L##method, code)

/* The extended interface of recorder 0. */
static IDiscRecorder2Ex *open_ex(const char *medium, const char *faults)
{
    IDiscRecorder2Ex *recorder = NULL;
    IDiscRecorder2 *plain;

    test_recorder_set(medium, faults);
    if (!(plain = test_recorder_open(0))) return NULL;
    ok_hr(IDiscRecorder2_QueryInterface(plain, &IID_IDiscRecorder2Ex, (void **)&recorder), S_OK,
          "IDiscRecorder2Ex");
    IDiscRecorder2_Release(plain);
    return recorder;
}

static void close_ex(IDiscRecorder2Ex *recorder)
{
    check_last_release(recorder);
    test_recorders_end();
}

static ULONG be16(const BYTE *bytes)
{
    return bytes[0] * 256u + bytes[1];
}

/* --- information ---------------------------------------------------------------------------------------- */

TEST(disc_and_track_information_come_with_their_length)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+r", NULL);
    BYTE *data = NULL;
    ULONG size = 0;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_GetDiscInformation(recorder, &data, &size), "GetDiscInformation", S_OK);
    if (data)
    {
        ok(size >= 24 && be16(data) + 2 == size, "length %lu of %lu", be16(data), size);
        ok_int(data[2] & 3, 0, "disc status: blank");
        CoTaskMemFree(data);
    }
    data = NULL;
    PAIR(IDiscRecorder2Ex_GetTrackInformation(recorder, 1, IMAPI_READ_TRACK_ADDRESS_TYPE_TRACK, &data, &size),
         "GetTrackInformation", S_OK);
    if (data)
    {
        ok(size >= 28 && be16(data) + 2 == size, "length %lu of %lu", be16(data), size);
        ok_int(data[2], 1, "track");
        CoTaskMemFree(data);
    }
    data = (BYTE *)1;
    ok_hr(IDiscRecorder2Ex_GetTrackInformation(recorder, 1, 3, &data, &size), E_INVALIDARG, "address type");
    ok(!data && !size, "out parameters are cleared");
    check_error_info(&IID_IDiscRecorder2Ex, NULL, L"addressType");
    close_ex(recorder);
}

TEST(features_come_without_the_header_of_the_reply)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+r", NULL);
    BYTE *data = NULL;
    ULONG size = 0;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_GetFeaturePage(recorder, IMAPI_FEATURE_PAGE_TYPE_DVD_PLUS_R, TRUE, &data, &size),
         "GetFeaturePage", S_OK);
    if (data)
    {
        ok_int(be16(data), IMAPI_FEATURE_PAGE_TYPE_DVD_PLUS_R, "feature code");
        ok_int(size, 4u + data[3], "size");
        ok(data[2] & 1, "current bit");
        CoTaskMemFree(data);
    }
    data = (BYTE *)1;
    PAIR(IDiscRecorder2Ex_GetFeaturePage(recorder, IMAPI_FEATURE_PAGE_TYPE_CD_TRACK_AT_ONCE, TRUE, &data,
                                         &size),
         "GetFeaturePage", E_IMAPI_RECORDER_FEATURE_IS_NOT_CURRENT);
    ok(!data && !size, "out parameters are cleared");
    check_error_info(&IID_IDiscRecorder2Ex, NULL, L"0x002D");
    PAIR(IDiscRecorder2Ex_GetFeaturePage(recorder, IMAPI_FEATURE_PAGE_TYPE_CD_TRACK_AT_ONCE, FALSE, &data,
                                         &size),
         "GetFeaturePage", S_OK);
    CoTaskMemFree(data);
    PAIR(IDiscRecorder2Ex_GetFeaturePage(recorder, 0x7777, FALSE, &data, &size), "GetFeaturePage",
         E_IMAPI_RECORDER_NO_SUCH_FEATURE);
    check_error_info(&IID_IDiscRecorder2Ex, NULL, L"0x7777");
    ok_hr(IDiscRecorder2Ex_GetFeaturePage(recorder, 0x10000, FALSE, &data, &size), E_INVALIDARG,
          "feature code");
    close_ex(recorder);
}

TEST(mode_pages_are_read_and_written_without_a_header)
{
    IDiscRecorder2Ex *recorder = open_ex("cd-r", NULL);
    BYTE *data = NULL, *mask = NULL, *again = NULL;
    ULONG size = 0;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, IMAPI_MODE_PAGE_TYPE_WRITE_PARAMETERS,
                                      IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, &data, &size),
         "GetModePage", S_OK);
    if (!data) return;
    ok_int(data[0] & 0x3F, 5, "page code");
    ok_int(size, 2u + data[1], "size");
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, IMAPI_MODE_PAGE_TYPE_WRITE_PARAMETERS,
                                      IMAPI_MODE_PAGE_REQUEST_TYPE_CHANGEABLE_VALUES, &mask, &size),
         "GetModePage", S_OK);
    CoTaskMemFree(mask);
    data[0] &= 0x3F;
    data[2] ^= 0x40; /* BUFE */
    PAIR(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, data, size),
         "SetModePage", S_OK);
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, IMAPI_MODE_PAGE_TYPE_WRITE_PARAMETERS,
                                      IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, &again, &size),
         "GetModePage", S_OK);
    if (again) ok_int(again[2], data[2], "byte 2 as written");
    CoTaskMemFree(again);
    data[2] = 0x0F;
    PAIR(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, data, size),
         "SetModePage", E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS);
    check_error_info(&IID_IDiscRecorder2Ex, NULL, L"5/26/");
    /* Open point: only what a client may set is accepted, the current and the saved values. */
    ok_hr(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CHANGEABLE_VALUES, data, size),
          E_INVALIDARG, "changeable");
    ok_hr(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_DEFAULT_VALUES, data, size),
          E_INVALIDARG, "default");
    ok_hr(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, data, size - 1),
          E_INVALIDARG, "size that is not the page's");
    ok_hr(IDiscRecorder2Ex_SetModePage(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, data, 1),
          E_INVALIDARG, "too short");
    CoTaskMemFree(data);
    data = (BYTE *)1;
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, IMAPI_MODE_PAGE_TYPE_MRW,
                                      IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, &data, &size),
         "GetModePage", E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE);
    ok(!data && !size, "out parameters are cleared");
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, 0x3F, IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES, &data,
                                      &size),
         "GetModePage", E_INVALIDARG);
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, 5, 4, &data, &size), "GetModePage", E_INVALIDARG);
    close_ex(recorder);
}

TEST(lists_are_arrays_of_32_bit_codes)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+rw", NULL);
    IMAPI_FEATURE_PAGE_TYPE *features = NULL, *current = NULL;
    IMAPI_PROFILE_TYPE *profiles = NULL;
    IMAPI_MODE_PAGE_TYPE *pages = NULL;
    ULONG count = 0, current_count = 0, found = 0;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_GetSupportedFeaturePages(recorder, FALSE, &features, &count),
         "GetSupportedFeaturePages", S_OK);
    PAIR(IDiscRecorder2Ex_GetSupportedFeaturePages(recorder, TRUE, &current, &current_count),
         "GetSupportedFeaturePages", S_OK);
    ok(current_count && current_count < count, "%lu features, %lu current", count, current_count);
    for (ULONG i = 0; features && i < count; i++) found += features[i] == IMAPI_FEATURE_PAGE_TYPE_CORE;
    ok_int(found, 1, "core feature");
    CoTaskMemFree(features);
    CoTaskMemFree(current);
    PAIR(IDiscRecorder2Ex_GetSupportedProfiles(recorder, FALSE, &profiles, &count), "GetSupportedProfiles",
         S_OK);
    ok(count > 5, "%lu profiles", count);
    CoTaskMemFree(profiles);
    PAIR(IDiscRecorder2Ex_GetSupportedProfiles(recorder, TRUE, &profiles, &count), "GetSupportedProfiles",
         S_OK);
    ok(count == 1 && profiles && profiles[0] == IMAPI_PROFILE_TYPE_DVD_PLUS_RW, "%lu current profiles",
       count);
    CoTaskMemFree(profiles);
    PAIR(IDiscRecorder2Ex_GetSupportedModePages(recorder, IMAPI_MODE_PAGE_REQUEST_TYPE_DEFAULT_VALUES, &pages,
                                                &count),
         "GetSupportedModePages", S_OK);
    ok(count && pages, "%lu mode pages", count);
    CoTaskMemFree(pages);
    pages = (IMAPI_MODE_PAGE_TYPE *)1;
    PAIR(IDiscRecorder2Ex_GetSupportedModePages(recorder, 4, &pages, &count), "GetSupportedModePages",
         E_INVALIDARG);
    ok(!pages && !count, "out parameters are cleared");
    close_ex(recorder);
}

/* --- structures and descriptors ------------------------------------------------------------------------- */

TEST(disc_structures_come_without_header)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+r", NULL);
    BYTE *data = NULL, bytes[4] = { 0 };
    ULONG size = 0;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0, 0, &data, &size), "ReadDvdStructure", S_OK);
    if (data)
    {
        ok_int(data[0] >> 4, 0xA, "book type of a DVD+R");
        ok(size > 4, "%lu bytes", size);
        CoTaskMemFree(data);
    }
    data = NULL;
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0x100, 0, 0, 0, &data, &size), "ReadDvdStructure", S_OK);
    CoTaskMemFree(data); /* the format is cut to 8 bits */
    data = (BYTE *)1;
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0x77, 0, 0, 0, &data, &size), "ReadDvdStructure",
         E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT);
    ok(!data && !size, "out parameters are cleared");
    ok_hr(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0x100, 0, &data, &size), E_INVALIDARG, "layer");
    ok_hr(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0, 4, &data, &size), E_INVALIDARG, "agid");
    ok_hr(IDiscRecorder2Ex_SendDvdStructure(recorder, 0x30, bytes, 0), E_INVALIDARG, "no data");
    ok_hr(IDiscRecorder2Ex_SendDvdStructure(recorder, 0x30, bytes, 0x10000), E_INVALIDARG, "too much data");
    PAIR(IDiscRecorder2Ex_SendDvdStructure(recorder, 0x77, bytes, sizeof(bytes)), "SendDvdStructure", E_FAIL);
    close_ex(recorder);

    if (!(recorder = open_ex("cd-r", NULL))) return;
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0, 0, &data, &size), "ReadDvdStructure",
         E_IMAPI_RECORDER_FEATURE_IS_NOT_CURRENT);
    close_ex(recorder);
    if (!(recorder = open_ex("none", NULL))) return;
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0, 0, &data, &size), "ReadDvdStructure",
         E_IMAPI_RECORDER_MEDIA_NO_MEDIA);
    close_ex(recorder);
}

/* STORAGE_DEVICE_DESCRIPTOR begins with Version and Size, STORAGE_ADAPTER_DESCRIPTOR too. */
TEST(descriptors_are_those_of_the_storage_stack)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+r", NULL);
    BYTE *data = NULL;
    ULONG size = 0, offset;

    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_GetAdapterDescriptor(recorder, &data, &size), "GetAdapterDescriptor", S_OK);
    ok(data && size >= 20 && *(ULONG *)(data + 4) >= 20, "%lu bytes", size);
    if (data) ok(*(ULONG *)(data + 8) >= 2048, "MaximumTransferLength is %lu", *(ULONG *)(data + 8));
    CoTaskMemFree(data);
    data = NULL;
    PAIR(IDiscRecorder2Ex_GetDeviceDescriptor(recorder, &data, &size), "GetDeviceDescriptor", S_OK);
    if (ok(data && size >= 36, "%lu bytes", size))
    {
        ok_int(data[8], 5, "DeviceType");
        ok_int(data[10], 1, "RemovableMedia");
        offset = *(ULONG *)(data + 12);
        ok(offset && offset < size && memchr(data + offset, 0, size - offset), "VendorIdOffset is %lu",
           offset);
    }
    CoTaskMemFree(data);
    close_ex(recorder);
}

TEST(transfer_limits_are_told)
{
    IDiscRecorder2Ex *recorder = open_ex("dvd+r", NULL);
    ULONG value = 0, aligned = 0;

    if (!recorder) return;
    /* Open point: the page tests addresses with value - 1, so it is a power of two. */
    PAIR(IDiscRecorder2Ex_GetByteAlignmentMask(recorder, &value), "GetByteAlignmentMask", S_OK);
    ok(value && !(value & (value - 1)), "alignment is %lu", value);
    PAIR(IDiscRecorder2Ex_GetMaximumNonPageAlignedTransferSize(recorder, &value),
         "GetMaximumNonPageAlignedTransferSize", S_OK);
    PAIR(IDiscRecorder2Ex_GetMaximumPageAlignedTransferSize(recorder, &aligned),
         "GetMaximumPageAlignedTransferSize", S_OK);
    ok(value >= 2048 && aligned >= value, "%lu and %lu bytes", value, aligned);
    close_ex(recorder);
}

/* --- what is the same for all --------------------------------------------------------------------------- */

TEST(null_out_pointers_are_refused)
{
    IDiscRecorder2Ex *recorder = open_ex("none", NULL);
    BYTE *data = (BYTE *)1;
    ULONG size = 17;

    if (!recorder) return;
#define BOTH(method, without_data, without_size)                                                             \
    PAIR(IDiscRecorder2Ex_##method without_data, #method, E_POINTER);                                        \
    PAIR(IDiscRecorder2Ex_##method without_size, #method, E_POINTER);                                        \
    ok(!data && !size, "%s clears its out parameters", #method);                                             \
    check_error_info(&IID_IDiscRecorder2Ex, NULL, NULL);                                                     \
    data = (BYTE *)1, size = 17
    BOTH(ReadDvdStructure, (recorder, 0, 0, 0, 0, NULL, &size), (recorder, 0, 0, 0, 0, &data, NULL));
    BOTH(GetAdapterDescriptor, (recorder, NULL, &size), (recorder, &data, NULL));
    BOTH(GetDeviceDescriptor, (recorder, NULL, &size), (recorder, &data, NULL));
    BOTH(GetDiscInformation, (recorder, NULL, &size), (recorder, &data, NULL));
    BOTH(GetTrackInformation, (recorder, 1, 1, NULL, &size), (recorder, 1, 1, &data, NULL));
    BOTH(GetFeaturePage, (recorder, 0, FALSE, NULL, &size), (recorder, 0, FALSE, &data, NULL));
    BOTH(GetModePage, (recorder, 5, 0, NULL, &size), (recorder, 5, 0, &data, NULL));
    BOTH(GetSupportedFeaturePages, (recorder, 0, NULL, &size), (recorder, 0, (void *)&data, NULL));
    BOTH(GetSupportedProfiles, (recorder, 0, NULL, &size), (recorder, 0, (void *)&data, NULL));
    BOTH(GetSupportedModePages, (recorder, 0, NULL, &size), (recorder, 0, (void *)&data, NULL));
#undef BOTH
    PAIR(IDiscRecorder2Ex_SendDvdStructure(recorder, 0, NULL, 4), "SendDvdStructure", E_POINTER);
    PAIR(IDiscRecorder2Ex_SetModePage(recorder, 0, NULL, 4), "SetModePage", E_POINTER);
    PAIR(IDiscRecorder2Ex_GetByteAlignmentMask(recorder, NULL), "GetByteAlignmentMask", E_POINTER);
    PAIR(IDiscRecorder2Ex_GetMaximumNonPageAlignedTransferSize(recorder, NULL),
         "GetMaximumNonPageAlignedTransferSize", E_POINTER);
    PAIR(IDiscRecorder2Ex_GetMaximumPageAlignedTransferSize(recorder, NULL),
         "GetMaximumPageAlignedTransferSize", E_POINTER);
    close_ex(recorder);
}

TEST(nothing_works_before_initializing)
{
    BYTE cdb[6] = { 0 }, sense[18], *data = NULL;
    HRESULT none = HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE);
    IDiscRecorder2Ex *recorder;
    ULONG size = 0;

    ok_hr(com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2Ex, (void **)&recorder),
          S_OK, "recorder");
    if (!recorder) return;
    PAIR(IDiscRecorder2Ex_SendCommandNoData(recorder, cdb, 6, sense, 10), "SendCommandNoData", none);
    PAIR(IDiscRecorder2Ex_SendCommandSendDataToDevice(recorder, cdb, 6, sense, 10, cdb, 6),
         "SendCommandSendDataToDevice", none);
    PAIR(IDiscRecorder2Ex_SendCommandGetDataFromDevice(recorder, cdb, 6, sense, 10, cdb, 6, &size),
         "SendCommandGetDataFromDevice", none);
    PAIR(IDiscRecorder2Ex_ReadDvdStructure(recorder, 0, 0, 0, 0, &data, &size), "ReadDvdStructure", none);
    PAIR(IDiscRecorder2Ex_SendDvdStructure(recorder, 0, cdb, 4), "SendDvdStructure", none);
    PAIR(IDiscRecorder2Ex_GetDiscInformation(recorder, &data, &size), "GetDiscInformation", none);
    PAIR(IDiscRecorder2Ex_GetTrackInformation(recorder, 1, 1, &data, &size), "GetTrackInformation", none);
    PAIR(IDiscRecorder2Ex_GetFeaturePage(recorder, 0, FALSE, &data, &size), "GetFeaturePage", none);
    PAIR(IDiscRecorder2Ex_GetModePage(recorder, 5, 0, &data, &size), "GetModePage", none);
    cdb[1] = 4;
    PAIR(IDiscRecorder2Ex_SetModePage(recorder, 0, cdb, 6), "SetModePage", none);
    PAIR(IDiscRecorder2Ex_GetSupportedFeaturePages(recorder, 0, (void *)&data, &size),
         "GetSupportedFeaturePages", none);
    PAIR(IDiscRecorder2Ex_GetSupportedProfiles(recorder, 0, (void *)&data, &size), "GetSupportedProfiles",
         none);
    PAIR(IDiscRecorder2Ex_GetSupportedModePages(recorder, 0, (void *)&data, &size), "GetSupportedModePages",
         none);
    PAIR(IDiscRecorder2Ex_GetByteAlignmentMask(recorder, &size), "GetByteAlignmentMask", E_FAIL);
    PAIR(IDiscRecorder2Ex_GetMaximumNonPageAlignedTransferSize(recorder, &size),
         "GetMaximumNonPageAlignedTransferSize", E_FAIL);
    PAIR(IDiscRecorder2Ex_GetMaximumPageAlignedTransferSize(recorder, &size),
         "GetMaximumPageAlignedTransferSize", E_FAIL);
    PAIR(IDiscRecorder2Ex_GetAdapterDescriptor(recorder, &data, &size), "GetAdapterDescriptor", E_FAIL);
    PAIR(IDiscRecorder2Ex_GetDeviceDescriptor(recorder, &data, &size), "GetDeviceDescriptor", E_FAIL);
    check_last_release(recorder);
}

TEST_MAIN(TEST_CASE(disc_and_track_information_come_with_their_length),
          TEST_CASE(features_come_without_the_header_of_the_reply),
          TEST_CASE(mode_pages_are_read_and_written_without_a_header),
          TEST_CASE(lists_are_arrays_of_32_bit_codes), TEST_CASE(disc_structures_come_without_header),
          TEST_CASE(descriptors_are_those_of_the_storage_stack), TEST_CASE(transfer_limits_are_told),
          TEST_CASE(null_out_pointers_are_refused), TEST_CASE(nothing_works_before_initializing))
