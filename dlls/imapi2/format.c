/*
 * What the writers have in common: the recorder and client name that they are given, the busy mark, and the
 * methods of IDiscFormat2.
 */
#include "imapi2_room.h"

#include <stdlib.h>
#include <string.h>

void format_destroy(struct format *format)
{
    if (format->recorder) com_release(&format->recorder->base);
}

/* --- busy ----------------------------------------------------------------------------------------------- */

HRESULT format_begin(struct format *format, void *iface)
{
    BOOL busy;

    com_lock(&format->base);
    busy = format->busy;
    format->busy = TRUE;
    if (!busy) format->cancel = FALSE; /* together, so that no CancelWrite is lost */
    com_unlock(&format->base);
    return busy ? com_fail(iface, format->kind->busy) : S_OK;
}

void format_end(struct format *format)
{
    com_lock(&format->base);
    format->busy = FALSE;
    com_unlock(&format->base);
}

BOOL format_is_busy(struct format *format)
{
    BOOL busy;

    com_lock(&format->base);
    busy = format->busy;
    com_unlock(&format->base);
    return busy;
}

BOOL format_cancel(struct format *format)
{
    BOOL busy;

    com_lock(&format->base);
    busy = format->busy;
    if (busy) format->cancel = TRUE;
    com_unlock(&format->base);
    return busy;
}

BOOL format_is_cancelled(struct format *format)
{
    BOOL cancel;

    com_lock(&format->base);
    cancel = format->cancel;
    com_unlock(&format->base);
    return cancel;
}

/* --- the recorder --------------------------------------------------------------------------------------- */

enum oi_status format_drive_suits(const struct format_kind *kind, struct mmc_drive *drive, BOOL *suits)
{
    struct mmc_capabilities capabilities;
    uint16_t *profiles;
    size_t count;
    enum oi_status status = mmc_list_profiles(drive, false, &profiles, &count);

    *suits = FALSE;
    if (status == OI_NO_GET_CONFIGURATION)
    {
        /* A drive from before MMC-2 writes CDs or nothing. */
        TRY(mmc_read_capabilities(drive, &capabilities));
        *suits = (capabilities.writes_cd_r && kind->knows_type(MMC_MEDIUM_CD_R)) ||
                 (capabilities.writes_cd_rw && kind->knows_type(MMC_MEDIUM_CD_RW));
        return OI_OK;
    }
    if (status) return status;
    for (size_t i = 0; i < count && !*suits; i++) *suits = kind->knows_profile(profiles[i]);
    free(profiles);
    return OI_OK;
}

/* Enters and leaves the recorder. */
static HRESULT recorder_suits(struct format *format, void *iface, struct disc_recorder *recorder, BOOL *suits)
{
    enum oi_status status;
    int tries = 0;
    HRESULT hr;

    if (FAILED(hr = disc_recorder_enter(recorder, iface))) return hr;
    do
        status = format_drive_suits(format->kind, &recorder->drive, suits);
    while (disc_recorder_again(recorder, status, &tries));
    return disc_recorder_finish(recorder, iface, status);
}

struct disc_recorder *format_recorder(struct format *format)
{
    struct disc_recorder *recorder;

    com_lock(&format->base);
    if ((recorder = format->recorder)) com_addref(&recorder->base);
    com_unlock(&format->base);
    return recorder;
}

HRESULT format_put_Recorder(struct format *format, void *iface, IDiscRecorder2 *value)
{
    struct disc_recorder *recorder = NULL, *old;
    BOOL suits = FALSE, busy;
    HRESULT hr;

    if (format_is_busy(format)) return com_fail(iface, format->kind->busy);
    if (value)
    {
        if (FAILED(hr = disc_recorder_from(value, &recorder)))
            return imapi2_fail_args(iface, format->kind->recorder_not_supported, DETAIL_FOREIGN_RECORDER,
                                    NULL, 0);
        hr = recorder_suits(format, iface, recorder, &suits);
        /* A drive that somebody else uses right now cannot be asked. It will be when it is used. */
        if (hr == E_IMAPI_RECORDER_LOCKED || hr == E_IMAPI_RECORDER_MEDIA_BUSY)
        {
            SetErrorInfo(0, NULL);
            hr = S_OK;
        }
        else if (hr == HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE) || (SUCCEEDED(hr) && !suits))
        {
            WCHAR name[RECORDER_NAME_MAX];

            hr = imapi2_fail(iface, format->kind->recorder_not_supported, DETAIL_DRIVE,
                             COM_TEXT(disc_recorder_name(recorder, name)));
        }
        if (FAILED(hr))
        {
            com_release(&recorder->base);
            return hr;
        }
    }
    com_lock(&format->base);
    busy = format->busy;
    old = busy ? recorder : format->recorder;
    if (!busy) format->recorder = recorder;
    com_unlock(&format->base);
    if (old) com_release(&old->base);
    return busy ? com_fail(iface, format->kind->busy) : S_OK;
}

HRESULT format_get_Recorder(struct format *format, void *iface, IDiscRecorder2 **value)
{
    struct disc_recorder *recorder;
    HRESULT hr;

    if (!value) return com_fail(iface, E_POINTER);
    recorder = format_recorder(format);
    hr = disc_recorder_return(recorder, value);
    if (recorder) com_release(&recorder->base);
    return com_fail(iface, hr);
}

/* --- the client name ------------------------------------------------------------------------------------ */

HRESULT format_put_ClientName(struct format *format, void *iface, const WCHAR *value)
{
    HRESULT hr;

    if (!value || !host_client_name_is_valid(value))
        return imapi2_fail(iface, format->kind->client_name_not_valid, DETAIL_CLIENT_NAME, COM_TEXT(value));
    com_lock(&format->base);
    hr = format->busy ? format->kind->busy : S_OK;
    if (SUCCEEDED(hr)) wcscpy(format->client_name, value);
    com_unlock(&format->base);
    return com_fail(iface, hr);
}

HRESULT format_get_ClientName(struct format *format, void *iface, BSTR *value)
{
    WCHAR name[CLIENT_NAME_MAX + 1];

    if (!value) return com_fail(iface, E_POINTER);
    com_lock(&format->base);
    wcscpy(name, format->client_name);
    com_unlock(&format->base);
    return com_fail(iface, com_return_text(name, value));
}

HRESULT format_put_bool(struct format *format, void *iface, VARIANT_BOOL *field, VARIANT_BOOL value)
{
    HRESULT hr;

    com_lock(&format->base);
    hr = format->busy ? format->kind->busy : S_OK;
    if (SUCCEEDED(hr)) *field = com_bool(value);
    com_unlock(&format->base);
    return com_fail(iface, hr);
}

/* --- the medium ----------------------------------------------------------------------------------------- */

HRESULT format_medium(struct format *format, void *iface, struct disc_recorder **out,
                      struct mmc_medium *medium)
{
    struct disc_recorder *recorder;
    BOOL known = FALSE;
    HRESULT hr = S_OK;

    com_lock(&format->base);
    if ((recorder = format->recorder)) com_addref(&recorder->base);
    if (format->medium)
    {
        *medium = *format->medium;
        known = TRUE;
    }
    com_unlock(&format->base);
    if (!recorder) return com_fail(iface, format->kind->recorder_required);
    if (!known) hr = disc_recorder_medium(recorder, iface, medium);
    if (SUCCEEDED(hr) && out)
        *out = recorder;
    else
        com_release(&recorder->base);
    return hr;
}

/* --- IDiscFormat2 --------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE format_IsRecorderSupported(IDiscFormat2 *iface, IDiscRecorder2 *client,
                                                     VARIANT_BOOL *value)
{
    struct disc_recorder *recorder;
    BOOL suits = FALSE;
    HRESULT hr;

    COM_TRACE(iface, "%p, %p", client, value);
    if (value) *value = VARIANT_FALSE;
    if (!client || !value) return com_fail(iface, E_POINTER);
    if (FAILED(hr = disc_recorder_from(client, &recorder))) return com_forward(iface, hr);
    hr = recorder_suits(COM_SELF(struct format, iface), iface, recorder, &suits);
    com_release(&recorder->base);
    if (FAILED(hr)) return hr;
    *value = com_bool(suits);
    return suits ? S_OK : S_FALSE;
}

HRESULT STDMETHODCALLTYPE format_IsCurrentMediaSupported(IDiscFormat2 *iface, IDiscRecorder2 *client,
                                                         VARIANT_BOOL *value)
{
    struct format *self = COM_SELF(struct format, iface);
    struct disc_recorder *recorder;
    struct mmc_medium medium;
    BOOL suits = FALSE;
    HRESULT hr;

    COM_TRACE(iface, "%p, %p", client, value);
    if (value) *value = VARIANT_FALSE;
    if (!client || !value) return com_fail(iface, E_POINTER);
    if (FAILED(hr = disc_recorder_from(client, &recorder))) return com_forward(iface, hr);
    /* True here has to mean true from IsRecorderSupported. */
    hr = recorder_suits(self, iface, recorder, &suits);
    if (SUCCEEDED(hr)) hr = disc_recorder_medium(recorder, iface, &medium);
    com_release(&recorder->base);
    if (FAILED(hr)) return hr;
    suits = suits && self->kind->knows_type(medium.type) && !(medium.state & MMC_STATE_UNSUPPORTED_MASK);
    *value = com_bool(suits);
    return suits ? S_OK : S_FALSE;
}

HRESULT STDMETHODCALLTYPE format_get_MediaPhysicallyBlank(IDiscFormat2 *iface, VARIANT_BOOL *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    hr = format_medium(COM_SELF(struct format, iface), iface, NULL, &medium);
    if (SUCCEEDED(hr)) *value = com_bool(medium.state & MMC_STATE_BLANK);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_get_MediaHeuristicallyBlank(IDiscFormat2 *iface, VARIANT_BOOL *value)
{
    struct disc_recorder *recorder;
    struct mmc_medium medium;
    bool blank = false;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    hr = format_medium(COM_SELF(struct format, iface), iface, &recorder, &medium);
    if (FAILED(hr)) return hr;
    if (medium.state & MMC_STATE_BLANK || !(medium.state & MMC_STATE_OVERWRITABLE))
        blank = medium.state & MMC_STATE_BLANK;
    else if (SUCCEEDED(hr = disc_recorder_enter(recorder, iface)))
        hr = disc_recorder_finish(recorder, iface, mmc_medium_reads_blank(&recorder->drive, &medium, &blank));
    com_release(&recorder->base);
    if (SUCCEEDED(hr)) *value = com_bool(blank);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_get_SupportedMediaTypes(IDiscFormat2 *iface, SAFEARRAY **value)
{
    const struct format_kind *kind = COM_SELF(struct format, iface)->kind;
    LONG types[IMAPI_MEDIA_TYPE_MAX + 1];
    size_t count = 0;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    for (LONG type = 0; type <= IMAPI_MEDIA_TYPE_MAX; type++)
        if (kind->knows_type((enum mmc_medium_type)type)) types[count++] = type;
    return com_fail(iface, com_array_of_longs(types, count, value));
}
