/*
 * MsftDiscFormat2Data: the writer of data discs. Here are its properties and tables; what it says about the
 * disc is in format_data_media.c, the write in format_data_write.c.
 */
#include "imapi2_room.h"

#define SELF(iface)   FORMAT_DATA(iface)
#define FORMAT(iface) (&FORMAT_DATA(iface)->format)

/* --- recorder and name ---------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE format_data_put_Recorder(IDiscFormat2Data *iface, IDiscRecorder2 *value)
{
    COM_TRACE(iface, "%p", value);
    return format_put_Recorder(FORMAT(iface), iface, value);
}

static HRESULT STDMETHODCALLTYPE format_data_get_Recorder(IDiscFormat2Data *iface, IDiscRecorder2 **value)
{
    COM_TRACE(iface, "%p", value);
    return format_get_Recorder(FORMAT(iface), iface, value);
}

static HRESULT STDMETHODCALLTYPE format_data_put_ClientName(IDiscFormat2Data *iface, BSTR value)
{
    COM_TRACE(iface, "%s", com_trace_text(value));
    return format_put_ClientName(FORMAT(iface), iface, value);
}

static HRESULT STDMETHODCALLTYPE format_data_get_ClientName(IDiscFormat2Data *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    return format_get_ClientName(FORMAT(iface), iface, value);
}

/* --- switches ------------------------------------------------------------------------------------------- */

static HRESULT get_bool(IDiscFormat2Data *iface, const VARIANT_BOOL *field, VARIANT_BOOL *value)
{
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(COM_OBJECT(iface));
    *value = *field;
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

#define SWITCH(member, field)                                                                                \
    static HRESULT STDMETHODCALLTYPE format_data_put_##member(IDiscFormat2Data *iface, VARIANT_BOOL value)   \
    {                                                                                                        \
        COM_TRACE(iface, "%d", value);                                                                       \
        return format_put_bool(FORMAT(iface), iface, &SELF(iface)->field, value);                            \
    }                                                                                                        \
    static HRESULT STDMETHODCALLTYPE format_data_get_##member(IDiscFormat2Data *iface, VARIANT_BOOL *value)  \
    {                                                                                                        \
        COM_TRACE(iface, "%p", value);                                                                       \
        return get_bool(iface, &SELF(iface)->field, value);                                                  \
    }

SWITCH(BufferUnderrunFreeDisabled, underrun_free_disabled)
SWITCH(PostgapAlreadyInImage, postgap_in_image)
SWITCH(ForceMediaToBeClosed, force_close)
SWITCH(DisableConsumerDvdCompatibilityMode, no_compatibility)

/* The one switch that never fails: during a write it counts for the next one. */
static HRESULT STDMETHODCALLTYPE format_data_put_ForceOverwrite(IDiscFormat2Data *iface, VARIANT_BOOL value)
{
    COM_TRACE(iface, "%d", value);
    com_lock(COM_OBJECT(iface));
    SELF(iface)->force_overwrite = com_bool(value);
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE format_data_get_ForceOverwrite(IDiscFormat2Data *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    return get_bool(iface, &SELF(iface)->force_overwrite, value);
}

static HRESULT STDMETHODCALLTYPE format_data_get_RequestedWriteSpeed(IDiscFormat2Data *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(COM_OBJECT(iface));
    *value = SELF(iface)->requested_speed;
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE format_data_get_RequestedRotationTypeIsPureCAV(IDiscFormat2Data *iface,
                                                                                VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    return get_bool(iface, &SELF(iface)->requested_cav, value);
}

void format_data_options(struct format_data *self, struct burn_options *options)
{
    com_lock(&self->format.base);
    *options = (struct burn_options){
        .force_close = self->force_close,
        .no_compatibility = self->no_compatibility,
        .force_overwrite = self->force_overwrite,
        .no_underrun_protection = self->underrun_free_disabled,
        .postgap_in_source = self->postgap_in_image,
        .verify = (enum burn_verify)self->verification,
        .set_speed = self->speed_set,
        .speed = self->requested_speed < 0 ? MMC_FASTEST : (uint32_t)self->requested_speed,
        .pure_cav = self->requested_cav,
    };
    com_unlock(&self->format.base);
}

/* --- IBurnVerification ---------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE format_data_put_BurnVerificationLevel(IBurnVerification *iface,
                                                                       IMAPI_BURN_VERIFICATION_LEVEL value)
{
    COM_TRACE(iface, "%d", value);
    if ((ULONG)value > IMAPI_BURN_VERIFICATION_FULL)
        return imapi2_bad_argument(iface, L"BurnVerificationLevel", value);
    com_lock(COM_OBJECT(iface));
    SELF(iface)->verification = value;
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE format_data_get_BurnVerificationLevel(IBurnVerification *iface,
                                                                       IMAPI_BURN_VERIFICATION_LEVEL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(COM_OBJECT(iface));
    *value = SELF(iface)->verification;
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

/* --- tables --------------------------------------------------------------------------------------------- */

static const struct format_kind format_data_kind =
{
    .knows_type = burn_data_knows_type,
    .knows_profile = burn_data_knows_profile,
    .recorder_required = E_IMAPI_RECORDER_REQUIRED,
    .recorder_not_supported = E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED,
    .busy = E_IMAPI_DF2DATA_WRITE_IN_PROGRESS,
    .client_name_not_valid = E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID,
};

/* Scripts cannot reach IBurnVerification: OPENIMAPI_VERIFY (none, quick, full) sets the level that a writer
   starts with, for whoever runs them. */
static IMAPI_BURN_VERIFICATION_LEVEL default_verification(void)
{
    WCHAR level[8];
    DWORD length = GetEnvironmentVariableW(L"OPENIMAPI_VERIFY", level, ARRAYSIZE(level));

    if (!length || length >= ARRAYSIZE(level)) return IMAPI_BURN_VERIFICATION_NONE;
    if (!lstrcmpiW(level, L"full")) return IMAPI_BURN_VERIFICATION_FULL;
    return lstrcmpiW(level, L"quick") ? IMAPI_BURN_VERIFICATION_NONE : IMAPI_BURN_VERIFICATION_QUICK;
}

static HRESULT format_data_init(struct com_object *object, void *args)
{
    struct format_data *self = (struct format_data *)object;

    (void)args;
    self->format.kind = &format_data_kind;
    self->requested_speed = -1;
    self->verification = default_verification();
    return S_OK;
}

static void format_data_destroy(struct com_object *object)
{
    format_destroy(&((struct format_data *)object)->format);
}

static const IDiscFormat2DataVtbl format_data_vtbl =
{
    COM_DISPATCH(IDiscFormat2Data),
    FORMAT_METHODS(IDiscFormat2Data),
    /* IDiscFormat2Data */
    format_data_put_Recorder,
    format_data_get_Recorder,
    format_data_put_BufferUnderrunFreeDisabled,
    format_data_get_BufferUnderrunFreeDisabled,
    format_data_put_PostgapAlreadyInImage,
    format_data_get_PostgapAlreadyInImage,
    format_data_get_CurrentMediaStatus,
    format_data_get_WriteProtectStatus,
    format_data_get_TotalSectorsOnMedia,
    format_data_get_FreeSectorsOnMedia,
    format_data_get_NextWritableAddress,
    format_data_get_StartAddressOfPreviousSession,
    format_data_get_LastWrittenAddressOfPreviousSession,
    format_data_put_ForceMediaToBeClosed,
    format_data_get_ForceMediaToBeClosed,
    format_data_put_DisableConsumerDvdCompatibilityMode,
    format_data_get_DisableConsumerDvdCompatibilityMode,
    format_data_get_CurrentPhysicalMediaType,
    format_data_put_ClientName,
    format_data_get_ClientName,
    format_data_get_RequestedWriteSpeed,
    format_data_get_RequestedRotationTypeIsPureCAV,
    format_data_get_CurrentWriteSpeed,
    format_data_get_CurrentRotationTypeIsPureCAV,
    format_data_get_SupportedWriteSpeeds,
    format_data_get_SupportedWriteSpeedDescriptors,
    format_data_put_ForceOverwrite,
    format_data_get_ForceOverwrite,
    format_data_get_MultisessionInterfaces,
    format_data_Write,
    format_data_CancelWrite,
    format_data_SetWriteSpeed,
};

static const IBurnVerificationVtbl burn_verification_vtbl =
{
    COM_UNKNOWN(IBurnVerification),
    format_data_put_BurnVerificationLevel,
    format_data_get_BurnVerificationLevel,
};

static const struct com_iface format_data_ifaces[] =
{
    { &IID_IDiscFormat2Data, &format_data_vtbl },
    { &IID_IDiscFormat2, NULL },
    { &IID_IBurnVerification, &burn_verification_vtbl },
    COM_STANDARD_IFACES,
    COM_EVENT_IFACES,
};

static const IID *const format_data_events[] = { &IID_DDiscFormat2DataEvents, NULL };

const struct com_class format_data_class =
{
    .clsid = &CLSID_MsftDiscFormat2Data,
    .progid = L"IMAPI2.MsftDiscFormat2Data",
    .version = 1,
    .size = sizeof(struct format_data),
    .init = format_data_init,
    .destroy = format_data_destroy,
    .ifaces = format_data_ifaces,
    .iface_count = COM_COUNT(format_data_ifaces),
    .events = format_data_events,
};
