/*
 * IDiscRecorder2Ex of MsftDiscRecorder2, the typed part: structures, information, features and mode pages of
 * a drive. The raw commands are in disc_recorder_command.c.
 */
#include "imapi2_room.h"

#include <stdlib.h>
#include <string.h>

#define SELF(iface) COM_SELF(struct disc_recorder, iface)

static HRESULT return_bytes(IDiscRecorder2Ex *iface, const void *bytes, uint32_t size, BYTE **data,
                            ULONG *count)
{
    BYTE *copy = CoTaskMemAlloc(size ? size : 1);

    if (!copy) return com_fail(iface, E_OUTOFMEMORY);
    memcpy(copy, bytes, size);
    *data = copy;
    *count = size;
    return S_OK;
}

static HRESULT return_reply(IDiscRecorder2Ex *iface, enum oi_status status, struct mmc_reply *reply,
                            BYTE **data, ULONG *count)
{
    HRESULT hr = disc_recorder_finish(SELF(iface), iface, status);

    if (SUCCEEDED(hr)) hr = return_bytes(iface, reply->bytes, reply->size, data, count);
    mmc_reply_free(reply);
    return hr;
}

/* --- disc structures ------------------------------------------------------------------------------------ */

/*
 * READ DISC STRUCTURE is only sent to a drive that reads DVD or BD, with such a disc in it: some drives lock
 * up otherwise. *medium becomes the media type field of the command.
 */
static enum oi_status structure_medium(struct mmc_drive *drive, uint8_t *medium)
{
    struct mmc_configuration configuration;
    struct mmc_feature_info feature;
    enum oi_status status = OI_OK;
    bool dvd, bd;

    TRY(mmc_read_configuration(drive, false, &configuration));
    dvd = mmc_find_feature(&configuration, MMC_FEATURE_DVD_READ, &feature) && feature.current;
    bd = mmc_find_feature(&configuration, MMC_FEATURE_BD_READ, &feature) && feature.current;
    if (!dvd && !bd && !mmc_find_feature(&configuration, MMC_FEATURE_DVD_READ, &feature) &&
        !mmc_find_feature(&configuration, MMC_FEATURE_BD_READ, &feature))
        status = OI_NO_FEATURE;
    mmc_configuration_free(&configuration);
    if (status) return status;
    *medium = bd ? 1 : 0;
    if (dvd || bd) return OI_OK;
    TRY(mmc_test_unit_ready(drive)); /* no disc at all is the better answer */
    return OI_FEATURE_NOT_CURRENT;
}

static HRESULT STDMETHODCALLTYPE disc_recorder_ReadDvdStructure(IDiscRecorder2Ex *iface, ULONG format,
                                                                ULONG address, ULONG layer, ULONG agid,
                                                                BYTE **data, ULONG *count)
{
    struct disc_recorder *self = SELF(iface);
    struct mmc_reply reply = { 0 };
    enum oi_status status;
    uint8_t medium = 0;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "0x%lx, %lu, %lu, %lu, %p, %p", format, address, layer, agid, data, count);
    if (data) *data = NULL;
    if (count) *count = 0;
    if (!data || !count) return com_fail(iface, E_POINTER);
    if (layer > 0xFF) return imapi2_bad_argument(iface, L"layer", layer);
    if (agid > 3) return imapi2_bad_argument(iface, L"agid", agid);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
    {
        status = structure_medium(&self->drive, &medium);
        if (!status)
            status = mmc_read_structure(&self->drive, medium, (uint8_t)format, address, (uint8_t)layer,
                                        (uint8_t)agid, &reply);
    } while (disc_recorder_again(self, status, &tries));
    return return_reply(iface, status, &reply, data, count);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_SendDvdStructure(IDiscRecorder2Ex *iface, ULONG format,
                                                                BYTE *data, ULONG count)
{
    struct disc_recorder *self = SELF(iface);
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "0x%lx, %p, %lu", format, data, count);
    if (!data) return com_fail(iface, E_POINTER);
    if (!count || count > 0xFFFF - 4) return imapi2_bad_argument(iface, L"count", count);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_send_structure(&self->drive, (uint8_t)format, data, count);
    while (disc_recorder_again(self, status, &tries));
    return disc_recorder_finish(self, iface, status);
}

/* --- descriptors of the device -------------------------------------------------------------------------- */

static HRESULT return_descriptor(IDiscRecorder2Ex *iface, enum host_descriptor which, BYTE **data,
                                 ULONG *byteSize)
{
    struct mmc_failure none = { .status = OI_OK };
    struct host_drive *host;
    enum oi_status status;
    void *bytes = NULL;
    ULONG size = 0;
    HRESULT hr;

    if (data) *data = NULL;
    if (byteSize) *byteSize = 0;
    if (!data || !byteSize) return com_fail(iface, E_POINTER);
    if (!(host = disc_recorder_host(SELF(iface)))) return disc_recorder_not_initialized(iface, E_FAIL);
    status = host_drive_get_descriptor(host, which, &bytes, &size);
    host_drive_unref(host);
    hr = status ? disc_recorder_fail(SELF(iface), iface, status, &none)
                : return_bytes(iface, bytes, size, data, byteSize);
    free(bytes);
    return hr;
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetAdapterDescriptor(IDiscRecorder2Ex *iface, BYTE **data,
                                                                    ULONG *byteSize)
{
    COM_TRACE(iface, "%p, %p", data, byteSize);
    return return_descriptor(iface, HOST_ADAPTER_DESCRIPTOR, data, byteSize);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetDeviceDescriptor(IDiscRecorder2Ex *iface, BYTE **data,
                                                                   ULONG *byteSize)
{
    COM_TRACE(iface, "%p, %p", data, byteSize);
    return return_descriptor(iface, HOST_DEVICE_DESCRIPTOR, data, byteSize);
}

/* --- information ---------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE disc_recorder_GetDiscInformation(IDiscRecorder2Ex *iface,
                                                                  BYTE **discInformation, ULONG *byteSize)
{
    struct disc_recorder *self = SELF(iface);
    struct mmc_reply reply = { 0 };
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p, %p", discInformation, byteSize);
    if (discInformation) *discInformation = NULL;
    if (byteSize) *byteSize = 0;
    if (!discInformation || !byteSize) return com_fail(iface, E_POINTER);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_read_disc_info_raw(&self->drive, &reply);
    while (disc_recorder_again(self, status, &tries));
    return return_reply(iface, status, &reply, discInformation, byteSize);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetTrackInformation(IDiscRecorder2Ex *iface, ULONG address,
                                                                   IMAPI_READ_TRACK_ADDRESS_TYPE addressType,
                                                                   BYTE **trackInformation, ULONG *byteSize)
{
    struct disc_recorder *self = SELF(iface);
    struct mmc_reply reply = { 0 };
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "%lu, %d, %p, %p", address, addressType, trackInformation, byteSize);
    if (trackInformation) *trackInformation = NULL;
    if (byteSize) *byteSize = 0;
    if (!trackInformation || !byteSize) return com_fail(iface, E_POINTER);
    if ((ULONG)addressType > IMAPI_READ_TRACK_ADDRESS_TYPE_SESSION)
        return imapi2_bad_argument(iface, L"addressType", addressType);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_read_track_info_raw(&self->drive, (enum mmc_track_address)addressType, address, &reply);
    while (disc_recorder_again(self, status, &tries));
    return return_reply(iface, status, &reply, trackInformation, byteSize);
}

/* --- features, profiles, mode pages --------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE disc_recorder_GetFeaturePage(IDiscRecorder2Ex *iface,
                                                              IMAPI_FEATURE_PAGE_TYPE requestedFeature,
                                                              BOOLEAN currentFeatureOnly, BYTE **featureData,
                                                              ULONG *byteSize)
{
    struct disc_recorder *self = SELF(iface);
    struct mmc_reply reply = { 0 };
    WCHAR name[RECORDER_NAME_MAX];
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "0x%x, %d, %p, %p", requestedFeature, currentFeatureOnly, featureData, byteSize);
    if (featureData) *featureData = NULL;
    if (byteSize) *byteSize = 0;
    if (!featureData || !byteSize) return com_fail(iface, E_POINTER);
    if ((ULONG)requestedFeature > 0xFFFF)
        return imapi2_bad_argument(iface, L"requestedFeature", requestedFeature);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_read_feature(&self->drive, (uint16_t)requestedFeature, currentFeatureOnly, &reply);
    while (disc_recorder_again(self, status, &tries));
    if (status == OI_NO_FEATURE || status == OI_FEATURE_NOT_CURRENT)
    {
        disc_recorder_leave(self);
        return imapi2_fail(iface, imapi2_result(status, 0, 0), DETAIL_FEATURE,
                           COM_TEXT(disc_recorder_name(self, name)), COM_NUMBER(requestedFeature));
    }
    return return_reply(iface, status, &reply, featureData, byteSize);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetModePage(IDiscRecorder2Ex *iface,
                                                           IMAPI_MODE_PAGE_TYPE requestedModePage,
                                                           IMAPI_MODE_PAGE_REQUEST_TYPE requestType,
                                                           BYTE **modePageData, ULONG *byteSize)
{
    struct disc_recorder *self = SELF(iface);
    struct mmc_reply reply = { 0 };
    WCHAR name[RECORDER_NAME_MAX];
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "0x%x, %d, %p, %p", requestedModePage, requestType, modePageData, byteSize);
    if (modePageData) *modePageData = NULL;
    if (byteSize) *byteSize = 0;
    if (!modePageData || !byteSize) return com_fail(iface, E_POINTER);
    /* SPC 7.4: six bits of page code; 3Fh means all of them. */
    if ((ULONG)requestedModePage >= MMC_PAGE_ALL)
        return imapi2_bad_argument(iface, L"requestedModePage", requestedModePage);
    if ((ULONG)requestType > IMAPI_MODE_PAGE_REQUEST_TYPE_SAVED_VALUES)
        return imapi2_bad_argument(iface, L"requestType", requestType);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_read_mode_page(&self->drive, (uint8_t)requestedModePage,
                                    (enum mmc_page_control)requestType, &reply);
    while (disc_recorder_again(self, status, &tries));
    if (status == OI_NO_MODE_PAGE)
    {
        disc_recorder_leave(self);
        return imapi2_fail(iface, E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE, DETAIL_MODE_PAGE,
                           COM_TEXT(disc_recorder_name(self, name)), COM_NUMBER(requestedModePage));
    }
    return return_reply(iface, status, &reply, modePageData, byteSize);
}

/* Values can be set for now (current) or to stay (saved); the two other kinds are the drive's own. */
static HRESULT STDMETHODCALLTYPE disc_recorder_SetModePage(IDiscRecorder2Ex *iface,
                                                           IMAPI_MODE_PAGE_REQUEST_TYPE requestType,
                                                           BYTE *data, ULONG byteSize)
{
    struct disc_recorder *self = SELF(iface);
    BOOL save = requestType == IMAPI_MODE_PAGE_REQUEST_TYPE_SAVED_VALUES;
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "%d, %p, %lu", requestType, data, byteSize);
    if (!data) return com_fail(iface, E_POINTER);
    if (requestType != IMAPI_MODE_PAGE_REQUEST_TYPE_CURRENT_VALUES && !save)
        return imapi2_bad_argument(iface, L"requestType", requestType);
    if (byteSize < 2 || byteSize > 0x101 || byteSize != 2u + data[1])
        return imapi2_bad_argument(iface, L"byteSize", byteSize);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_write_mode_page(&self->drive, data, byteSize, save);
    while (disc_recorder_again(self, status, &tries));
    return disc_recorder_finish(self, iface, status);
}

/* A list of codes as 32-bit enumeration values; the second out parameter counts them, whatever its name. */
static HRESULT return_list(IDiscRecorder2Ex *iface, enum recorder_list what, unsigned how, void *out,
                           ULONG *out_count)
{
    ULONG *values, *codes;
    size_t count;
    HRESULT hr;

    if (FAILED(hr = disc_recorder_list(SELF(iface), iface, what, how, &codes, &count))) return hr;
    values = CoTaskMemAlloc((count ? count : 1) * sizeof(*values));
    if (values)
    {
        if (count) memcpy(values, codes, count * sizeof(*values));
        *(ULONG **)out = values;
        *out_count = (ULONG)count;
    }
    free(codes);
    return values ? S_OK : com_fail(iface, E_OUTOFMEMORY);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetSupportedFeaturePages(IDiscRecorder2Ex *iface,
                                                                        BOOLEAN currentFeatureOnly,
                                                                        IMAPI_FEATURE_PAGE_TYPE **featureData,
                                                                        ULONG *byteSize)
{
    COM_TRACE(iface, "%d, %p, %p", currentFeatureOnly, featureData, byteSize);
    if (featureData) *featureData = NULL;
    if (byteSize) *byteSize = 0;
    if (!featureData || !byteSize) return com_fail(iface, E_POINTER);
    return return_list(iface, LIST_FEATURES, currentFeatureOnly, featureData, byteSize);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetSupportedProfiles(IDiscRecorder2Ex *iface,
                                                                    BOOLEAN currentOnly,
                                                                    IMAPI_PROFILE_TYPE **profileTypes,
                                                                    ULONG *validProfiles)
{
    COM_TRACE(iface, "%d, %p, %p", currentOnly, profileTypes, validProfiles);
    if (profileTypes) *profileTypes = NULL;
    if (validProfiles) *validProfiles = 0;
    if (!profileTypes || !validProfiles) return com_fail(iface, E_POINTER);
    return return_list(iface, LIST_PROFILES, currentOnly, profileTypes, validProfiles);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetSupportedModePages(IDiscRecorder2Ex *iface,
                                                                     IMAPI_MODE_PAGE_REQUEST_TYPE requestType,
                                                                     IMAPI_MODE_PAGE_TYPE **modePageTypes,
                                                                     ULONG *validPages)
{
    COM_TRACE(iface, "%d, %p, %p", requestType, modePageTypes, validPages);
    if (modePageTypes) *modePageTypes = NULL;
    if (validPages) *validPages = 0;
    if (!modePageTypes || !validPages) return com_fail(iface, E_POINTER);
    if ((ULONG)requestType > IMAPI_MODE_PAGE_REQUEST_TYPE_SAVED_VALUES)
        return imapi2_bad_argument(iface, L"requestType", requestType);
    return return_list(iface, LIST_MODE_PAGES, requestType, modePageTypes, validPages);
}

/* --- transfers ------------------------------------------------------------------------------------------ */

static HRESULT read_limits(IDiscRecorder2Ex *iface, struct host_limits *limits)
{
    struct host_drive *host = disc_recorder_host(SELF(iface));

    if (!host) return disc_recorder_not_initialized(iface, E_FAIL);
    host_drive_get_limits(host, limits);
    host_drive_unref(host);
    return S_OK;
}

/* The reference tests addresses with (value - 1): it is the alignment, a power of two, rather than a mask. */
static HRESULT STDMETHODCALLTYPE disc_recorder_GetByteAlignmentMask(IDiscRecorder2Ex *iface, ULONG *value)
{
    struct host_limits limits;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = read_limits(iface, &limits);
    if (SUCCEEDED(hr)) *value = limits.alignment_mask + 1;
    return hr;
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetMaximumNonPageAlignedTransferSize(IDiscRecorder2Ex *iface,
                                                                                    ULONG *value)
{
    struct host_limits limits;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = read_limits(iface, &limits);
    if (SUCCEEDED(hr)) *value = limits.max_transfer;
    return hr;
}

static HRESULT STDMETHODCALLTYPE disc_recorder_GetMaximumPageAlignedTransferSize(IDiscRecorder2Ex *iface,
                                                                                 ULONG *value)
{
    struct host_limits limits;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = read_limits(iface, &limits);
    if (SUCCEEDED(hr)) *value = limits.max_transfer_page_aligned;
    return hr;
}

const IDiscRecorder2ExVtbl disc_recorder_ex_vtbl =
{
    COM_UNKNOWN(IDiscRecorder2Ex),
    disc_recorder_SendCommandNoData,
    disc_recorder_SendCommandSendDataToDevice,
    disc_recorder_SendCommandGetDataFromDevice,
    disc_recorder_ReadDvdStructure,
    disc_recorder_SendDvdStructure,
    disc_recorder_GetAdapterDescriptor,
    disc_recorder_GetDeviceDescriptor,
    disc_recorder_GetDiscInformation,
    disc_recorder_GetTrackInformation,
    disc_recorder_GetFeaturePage,
    disc_recorder_GetModePage,
    disc_recorder_SetModePage,
    disc_recorder_GetSupportedFeaturePages,
    disc_recorder_GetSupportedProfiles,
    disc_recorder_GetSupportedModePages,
    disc_recorder_GetByteAlignmentMask,
    disc_recorder_GetMaximumNonPageAlignedTransferSize,
    disc_recorder_GetMaximumPageAlignedTransferSize,
};
