/*
 * MsftDiscRecorder2: one drive. Here are its identity, tray, names and lists; the way to the drive and
 * exclusive access are in disc_recorder_access.c, IDiscRecorder2Ex is in disc_recorder_ex.c and
 * disc_recorder_command.c.
 */
#include "imapi2_room.h"

#include <stdlib.h>
#include <string.h>

#define SELF(iface) COM_SELF(struct disc_recorder, iface)

/* Milliseconds that a question about the disc waits for a drive that is getting ready: for those whose disc
   information lags behind a little. Who has longer to wait is told so, and asks again. */
#define PATIENCE 100

/* --- life ----------------------------------------------------------------------------------------------- */

static HRESULT disc_recorder_init(struct com_object *object, void *args)
{
    (void)args;
    InitializeConditionVariable(&((struct disc_recorder *)object)->left);
    return S_OK;
}

static void disc_recorder_destroy(struct com_object *object)
{
    struct disc_recorder *self = (struct disc_recorder *)object;

    com_ref_clear(&self->client);
    host_drive_unref(self->host);
    free(self->id);
}

/*
 * A drive that cannot even say who it is is of no use; one that another client holds may be used later.
 * Drives report that they were switched on, or that a disc was put in, once to every new host: the class
 * driver of Windows has heard that long before a client sends its first command.
 */
static enum oi_status greet(struct mmc_drive *drive)
{
    struct mmc_inquiry inquiry;
    enum oi_status status = mmc_inquiry(drive, &inquiry);

    for (int i = 0; i < 4 && !status; i++)
        if (mmc_test_unit_ready(drive) != OI_SENSE || drive->failure.sense.key != MMC_KEY_UNIT_ATTENTION)
            break;
    return status == OI_LOCKED ? OI_OK : status;
}

enum oi_status disc_recorder_try(const WCHAR *id)
{
    struct host_drive *host;
    struct mmc_drive drive;
    enum oi_status status;

    TRY(host_drive_open(id, &host));
    mmc_drive_init(&drive, host_drive_get_transport(host));
    status = greet(&drive);
    host_drive_unref(host);
    return status;
}

/* The object keeps its former drive when the new one cannot be had. Exclusive access goes with the drive. */
static HRESULT attach(struct disc_recorder *self, void *iface, const WCHAR *id)
{
    struct mmc_failure none = { .status = OI_OK };
    struct host_drive *host, *old_host;
    struct mmc_drive drive;
    WCHAR *copy, *old_id;
    enum oi_status status;

    if (!(copy = wcsdup(id))) return com_fail(iface, E_OUTOFMEMORY);
    if ((status = host_drive_open(id, &host)))
    {
        free(copy);
        if (status == OI_NOT_FOUND)
            return imapi2_fail(iface, HRESULT_FROM_WIN32(ERROR_DEV_NOT_EXIST), DETAIL_UNKNOWN_RECORDER,
                               COM_TEXT(id));
        return disc_recorder_fail(self, iface, status, &none);
    }
    mmc_drive_init(&drive, host_drive_get_transport(host));
    if ((status = greet(&drive)))
    {
        host_drive_unref(host);
        free(copy);
        return disc_recorder_fail(self, iface, status, &drive.failure);
    }
    if (!disc_recorder_pass(self, GATE_COMMAND))
    {
        host_drive_unref(host);
        free(copy);
        return com_fail(iface, E_IMAPI_RECORDER_MEDIA_BUSY);
    }
    com_lock(&self->base);
    old_host = self->host;
    old_id = self->id;
    self->host = host;
    self->id = copy;
    self->drive = drive;
    com_unlock(&self->base);
    disc_recorder_leave(self);
    host_drive_unref(old_host);
    free(old_id);
    return S_OK;
}

HRESULT disc_recorder_from(IDiscRecorder2 *client, struct disc_recorder **out)
{
    struct com_object *object = com_own_object(client, &disc_recorder_class);
    BSTR id = NULL;
    HRESULT hr;

    *out = NULL;
    if (object)
    {
        com_addref(object);
        *out = (struct disc_recorder *)object;
        return S_OK;
    }
    /* A proxy, or an object of another maker: all that it has to be able to do is to tell its drive. */
    if (FAILED(hr = IDiscRecorder2_get_ActiveDiscRecorder(client, &id))) return hr;
    hr = com_new(&disc_recorder_class, NULL, &object);
    if (SUCCEEDED(hr))
    {
        struct disc_recorder *recorder = (struct disc_recorder *)object;

        hr = attach(recorder, COM_IFACE(IDiscRecorder2, object, DISC_RECORDER_ROW), id ? id : L"");
        if (SUCCEEDED(hr))
        {
            com_ref_set(&recorder->client, client, &IID_IDiscRecorder2);
            *out = recorder;
        }
        else
            com_release(object);
    }
    SysFreeString(id);
    return hr;
}

HRESULT disc_recorder_return(struct disc_recorder *recorder, IDiscRecorder2 **out)
{
    HRESULT hr;

    *out = NULL;
    if (!recorder) return S_OK;
    hr = com_ref_get(&recorder->client, (void **)out);
    if (hr != E_POINTER) return hr;
    return com_return_object(COM_IFACE(IDiscRecorder2, &recorder->base, DISC_RECORDER_ROW), out);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_InitializeDiscRecorder(IDiscRecorder2 *iface,
                                                                      BSTR recorderUniqueId)
{
    COM_TRACE(iface, "%s", com_trace_text(recorderUniqueId));
    if (!recorderUniqueId || !*recorderUniqueId) return com_fail(iface, E_INVALIDARG);
    return attach(SELF(iface), iface, recorderUniqueId);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_ActiveDiscRecorder(IDiscRecorder2 *iface, BSTR *value)
{
    struct disc_recorder *self = SELF(iface);
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_INVALIDARG); /* the one page of these that lists no E_POINTER */
    *value = NULL;
    com_lock(&self->base);
    if (self->id) hr = com_return_text(self->id, value);
    com_unlock(&self->base);
    if (SUCCEEDED(hr) && !*value) return disc_recorder_not_initialized(iface, E_FAIL);
    return com_fail(iface, hr);
}

/* --- tray ----------------------------------------------------------------------------------------------- */

static HRESULT move_tray(IDiscRecorder2 *iface, enum mmc_start_stop what)
{
    struct disc_recorder *self = SELF(iface);
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = mmc_start_stop(&self->drive, what, false);
    while (disc_recorder_again(self, status, &tries));
    return disc_recorder_finish(self, iface, status);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_EjectMedia(IDiscRecorder2 *iface)
{
    COM_TRACE(iface, "%s", "");
    return move_tray(iface, MMC_EJECT);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_CloseTray(IDiscRecorder2 *iface)
{
    COM_TRACE(iface, "%s", "");
    return move_tray(iface, MMC_LOAD);
}

/* MMC-5 5.3.4: a drive that ejects, and whose mechanism takes the disc back by itself. */
static enum oi_status can_load(struct mmc_drive *drive, BOOL *loads)
{
    struct mmc_capabilities capabilities;
    struct mmc_reply feature;
    enum oi_status status = mmc_read_feature(drive, MMC_FEATURE_REMOVABLE_MEDIUM, false, &feature);

    if (!status)
    {
        uint8_t flags = feature.size > 4 ? feature.bytes[4] : 0;
        uint8_t mechanism = flags >> 5;
        uint8_t version = feature.bytes[2] >> 2 & 0xF;

        /* From version 1 on a Load bit says it; before, the tray and the changers did. */
        *loads = (flags & 0x08) && (version >= 1 ? (flags & 0x10) != 0 : mechanism == 1 || mechanism >= 4);
        mmc_reply_free(&feature);
        return OI_OK;
    }
    if (status != OI_NO_FEATURE && status != OI_NO_GET_CONFIGURATION) return status;
    TRY(mmc_read_capabilities(drive, &capabilities));
    *loads = capabilities.ejects && (capabilities.mechanism == 1 || capabilities.mechanism >= 4);
    return OI_OK;
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_DeviceCanLoadMedia(IDiscRecorder2 *iface,
                                                                      VARIANT_BOOL *value)
{
    struct disc_recorder *self = SELF(iface);
    enum oi_status status;
    BOOL loads = FALSE;
    int tries = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    if (!self->host) return disc_recorder_not_initialized(iface, E_FAIL);
    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    do
        status = can_load(&self->drive, &loads);
    while (disc_recorder_again(self, status, &tries));
    hr = disc_recorder_finish(self, iface, status);
    if (SUCCEEDED(hr)) *value = com_bool(loads);
    return hr;
}

/* --- names ---------------------------------------------------------------------------------------------- */

/* A text that lies at a fixed place of the drive's identity. */
static HRESULT return_identity(IDiscRecorder2 *iface, size_t offset, BSTR *value)
{
    struct host_drive *host;
    HRESULT hr;

    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(host = disc_recorder_host(SELF(iface)))) return disc_recorder_not_initialized(iface, E_FAIL);
    hr = com_return_text((const WCHAR *)((const BYTE *)host_drive_get_identity(host) + offset), value);
    host_drive_unref(host);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_VendorId(IDiscRecorder2 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return return_identity(iface, offsetof(struct host_identity, vendor), value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_ProductId(IDiscRecorder2 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return return_identity(iface, offsetof(struct host_identity, product), value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_ProductRevision(IDiscRecorder2 *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return return_identity(iface, offsetof(struct host_identity, revision), value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_VolumeName(IDiscRecorder2 *iface, BSTR *value)
{
    struct host_drive *host;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(host = disc_recorder_host(SELF(iface)))) return disc_recorder_not_initialized(iface, E_FAIL);
    hr = com_return_text(host_drive_get_info(host)->volume_name, value);
    host_drive_unref(host);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_VolumePathNames(IDiscRecorder2 *iface, SAFEARRAY **value)
{
    const struct host_drive_info *info;
    struct host_drive *host;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(host = disc_recorder_host(SELF(iface)))) return disc_recorder_not_initialized(iface, E_FAIL);
    info = host_drive_get_info(host);
    hr = com_array_of_texts((const WCHAR *const *)info->paths, info->path_count, value);
    host_drive_unref(host);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_LegacyDeviceNumber(IDiscRecorder2 *iface, LONG *value)
{
    struct host_drive *host;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    if (!(host = disc_recorder_host(SELF(iface)))) return disc_recorder_not_initialized(iface, E_FAIL);
    *value = host_drive_get_info(host)->legacy_number;
    host_drive_unref(host);
    return S_OK;
}

/* --- lists ---------------------------------------------------------------------------------------------- */

static enum oi_status read_list(struct mmc_drive *drive, enum recorder_list what, unsigned how, ULONG **codes,
                                size_t *count)
{
    uint16_t *words = NULL;
    uint8_t *bytes = NULL;

    if (what == LIST_FEATURES)
        TRY(mmc_list_features(drive, how != 0, &words, count));
    else if (what == LIST_PROFILES)
        TRY(mmc_list_profiles(drive, how != 0, &words, count));
    else
        TRY(mmc_list_mode_pages(drive, (enum mmc_page_control)how, &bytes, count));
    *codes = malloc((*count ? *count : 1) * sizeof(**codes));
    if (*codes)
        for (size_t i = 0; i < *count; i++) (*codes)[i] = what == LIST_MODE_PAGES ? bytes[i] : words[i];
    free(words);
    free(bytes);
    return *codes ? OI_OK : OI_NO_MEMORY;
}

HRESULT disc_recorder_list(struct disc_recorder *recorder, void *iface, enum recorder_list what, unsigned how,
                           ULONG **codes, size_t *count)
{
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    if (FAILED(hr = disc_recorder_enter(recorder, iface))) return hr;
    do
        status = read_list(&recorder->drive, what, how, codes, count);
    while (disc_recorder_again(recorder, status, &tries));
    return disc_recorder_finish(recorder, iface, status);
}

static HRESULT return_list(IDiscRecorder2 *iface, enum recorder_list what, unsigned how, SAFEARRAY **value)
{
    ULONG *codes;
    size_t count;
    HRESULT hr;

    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (FAILED(hr = disc_recorder_list(SELF(iface), iface, what, how, &codes, &count))) return hr;
    hr = com_array_of_longs((const LONG *)codes, count, value);
    free(codes);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_SupportedFeaturePages(IDiscRecorder2 *iface,
                                                                         SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    return return_list(iface, LIST_FEATURES, FALSE, value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_CurrentFeaturePages(IDiscRecorder2 *iface,
                                                                       SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    return return_list(iface, LIST_FEATURES, TRUE, value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_SupportedProfiles(IDiscRecorder2 *iface, SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    return return_list(iface, LIST_PROFILES, FALSE, value);
}

static HRESULT STDMETHODCALLTYPE disc_recorder_get_CurrentProfiles(IDiscRecorder2 *iface, SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    return return_list(iface, LIST_PROFILES, TRUE, value);
}

/* The request that most drives answer is that for current values. */
static HRESULT STDMETHODCALLTYPE disc_recorder_get_SupportedModePages(IDiscRecorder2 *iface,
                                                                      SAFEARRAY **value)
{
    COM_TRACE(iface, "%p", value);
    return return_list(iface, LIST_MODE_PAGES, MMC_PAGE_CURRENT, value);
}

HRESULT disc_recorder_medium(struct disc_recorder *recorder, void *iface, struct mmc_medium *medium)
{
    HRESULT hr;

    if (FAILED(hr = disc_recorder_enter(recorder, iface))) return hr;
    return disc_recorder_finish(recorder, iface, mmc_medium_probe(&recorder->drive, PATIENCE, medium));
}

/* --- tables --------------------------------------------------------------------------------------------- */

static const IDiscRecorder2Vtbl disc_recorder_vtbl =
{
    COM_DISPATCH(IDiscRecorder2),
    disc_recorder_EjectMedia,
    disc_recorder_CloseTray,
    disc_recorder_AcquireExclusiveAccess,
    disc_recorder_ReleaseExclusiveAccess,
    disc_recorder_DisableMcn,
    disc_recorder_EnableMcn,
    disc_recorder_InitializeDiscRecorder,
    disc_recorder_get_ActiveDiscRecorder,
    disc_recorder_get_VendorId,
    disc_recorder_get_ProductId,
    disc_recorder_get_ProductRevision,
    disc_recorder_get_VolumeName,
    disc_recorder_get_VolumePathNames,
    disc_recorder_get_DeviceCanLoadMedia,
    disc_recorder_get_LegacyDeviceNumber,
    disc_recorder_get_SupportedFeaturePages,
    disc_recorder_get_CurrentFeaturePages,
    disc_recorder_get_SupportedProfiles,
    disc_recorder_get_CurrentProfiles,
    disc_recorder_get_SupportedModePages,
    disc_recorder_get_ExclusiveAccessOwner,
};

static const struct com_iface disc_recorder_ifaces[] =
{
    { &IID_IDiscRecorder2, &disc_recorder_vtbl },
    { &IID_IDiscRecorder2Ex, &disc_recorder_ex_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class disc_recorder_class =
{
    .clsid = &CLSID_MsftDiscRecorder2,
    .progid = L"IMAPI2.MsftDiscRecorder2",
    .version = 1,
    .size = sizeof(struct disc_recorder),
    .init = disc_recorder_init,
    .destroy = disc_recorder_destroy,
    .ifaces = disc_recorder_ifaces,
    .iface_count = COM_COUNT(disc_recorder_ifaces),
};
