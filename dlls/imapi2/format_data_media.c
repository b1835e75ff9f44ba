/* MsftDiscFormat2Data: what it says about the disc in the drive, and about the speeds for it. */
#include "imapi2_room.h"

#define FORMAT(iface) (&FORMAT_DATA(iface)->format)

/* --- state ---------------------------------------------------------------------------------------------- */

/* A drive says 'blank' only of discs that can be erased to it; the others are looked at. */
HRESULT STDMETHODCALLTYPE format_data_get_CurrentMediaStatus(IDiscFormat2Data *iface,
                                                             IMAPI_FORMAT2_DATA_MEDIA_STATE *value)
{
    struct disc_recorder *recorder;
    struct mmc_medium medium;
    bool blank = false;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = IMAPI_FORMAT2_DATA_MEDIA_STATE_UNKNOWN;
    if (FAILED(hr = format_medium(FORMAT(iface), iface, &recorder, &medium))) return hr;
    if ((medium.state & MMC_STATE_OVERWRITABLE) &&
        !(medium.state & (MMC_STATE_BLANK | MMC_STATE_UNSUPPORTED_MASK)) && !format_is_busy(FORMAT(iface)) &&
        SUCCEEDED(hr = disc_recorder_enter(recorder, iface)))
    {
        hr = disc_recorder_finish(recorder, iface, mmc_medium_reads_blank(&recorder->drive, &medium, &blank));
    }
    com_release(&recorder->base);
    if (SUCCEEDED(hr))
        *value = (IMAPI_FORMAT2_DATA_MEDIA_STATE)(medium.state | (blank ? MMC_STATE_BLANK : 0));
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_WriteProtectStatus(IDiscFormat2Data *iface,
                                                             IMAPI_MEDIA_WRITE_PROTECT_STATE *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = format_medium(FORMAT(iface), iface, NULL, &medium);
    if (SUCCEEDED(hr)) *value = (IMAPI_MEDIA_WRITE_PROTECT_STATE)medium.write_protect;
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_CurrentPhysicalMediaType(IDiscFormat2Data *iface,
                                                                   IMAPI_MEDIA_PHYSICAL_TYPE *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = IMAPI_MEDIA_TYPE_UNKNOWN;
    hr = format_medium(FORMAT(iface), iface, NULL, &medium);
    if (SUCCEEDED(hr)) *value = (IMAPI_MEDIA_PHYSICAL_TYPE)medium.type;
    return hr;
}

/* --- addresses and sizes -------------------------------------------------------------------------------- */

HRESULT imapi2_check_medium(void *iface, struct disc_recorder *recorder, const struct mmc_medium *medium)
{
    WCHAR name[RECORDER_NAME_MAX];

    if (burn_data_knows_type(medium->type) && !(medium->state & MMC_STATE_UNSUPPORTED_MASK)) return S_OK;
    return imapi2_fail(iface, E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, DETAIL_DISC,
                       COM_TEXT(disc_recorder_name(recorder, name)),
                       COM_TEXT(imapi2_medium_name(medium->type)));
}

/* The disc, which has to be one that can be written to. */
static HRESULT writable_medium(IDiscFormat2Data *iface, struct mmc_medium *medium)
{
    struct disc_recorder *recorder;
    HRESULT hr = format_medium(FORMAT(iface), iface, &recorder, medium);

    if (FAILED(hr)) return hr;
    hr = imapi2_check_medium(iface, recorder, medium);
    com_release(&recorder->base);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_TotalSectorsOnMedia(IDiscFormat2Data *iface, LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = writable_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = (LONG)medium.total_blocks;
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_FreeSectorsOnMedia(IDiscFormat2Data *iface, LONG *value)
{
    struct burn_options options;
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    if (FAILED(hr = writable_medium(iface, &medium))) return hr;
    format_data_options(FORMAT_DATA(iface), &options);
    *value = (LONG)burn_data_free_blocks(&medium, &options);
    return S_OK;
}

HRESULT STDMETHODCALLTYPE format_data_get_NextWritableAddress(IDiscFormat2Data *iface, LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = writable_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = (LONG)medium.next_writable;
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_StartAddressOfPreviousSession(IDiscFormat2Data *iface, LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = writable_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = medium.previous_session;
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_LastWrittenAddressOfPreviousSession(IDiscFormat2Data *iface,
                                                                              LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = writable_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = medium.last_written;
    return hr;
}

/* --- speeds --------------------------------------------------------------------------------------------- */

/* The disc with its speeds. A drive that tells none cannot be used for what the speed members promise. */
static HRESULT speeds_of_medium(IDiscFormat2Data *iface, struct mmc_medium *medium)
{
    struct mmc_failure none = { .status = OI_OK };
    struct disc_recorder *recorder;
    HRESULT hr = format_medium(FORMAT(iface), iface, &recorder, medium);

    if (FAILED(hr)) return hr;
    if (!medium->speeds.count) hr = disc_recorder_fail(recorder, iface, OI_UNEXPECTED_RESPONSE, &none);
    com_release(&recorder->base);
    return hr;
}

/* The speed in force; drives that do not know theirs use the fastest. */
static const struct mmc_speed *current_speed(const struct mmc_medium *medium)
{
    return medium->speeds.current.sectors ? &medium->speeds.current : &medium->speeds.supported[0];
}

HRESULT STDMETHODCALLTYPE format_data_get_CurrentWriteSpeed(IDiscFormat2Data *iface, LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    hr = speeds_of_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = (LONG)current_speed(&medium)->sectors;
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_CurrentRotationTypeIsPureCAV(IDiscFormat2Data *iface,
                                                                       VARIANT_BOOL *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    hr = speeds_of_medium(iface, &medium);
    if (SUCCEEDED(hr)) *value = com_bool(current_speed(&medium)->rotation == 1);
    return hr;
}

HRESULT STDMETHODCALLTYPE format_data_get_SupportedWriteSpeeds(IDiscFormat2Data *iface, SAFEARRAY **value)
{
    ULONG speeds[MMC_SPEED_MAX];
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (FAILED(hr = speeds_of_medium(iface, &medium))) return hr;
    for (size_t i = 0; i < medium.speeds.count; i++) speeds[i] = medium.speeds.supported[i].sectors;
    return com_fail(iface, com_array_of_ulongs(speeds, medium.speeds.count, value));
}

HRESULT STDMETHODCALLTYPE format_data_get_SupportedWriteSpeedDescriptors(IDiscFormat2Data *iface,
                                                                         SAFEARRAY **value)
{
    void *objects[MMC_SPEED_MAX] = { NULL };
    struct mmc_medium medium;
    size_t count = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (FAILED(hr = speeds_of_medium(iface, &medium))) return hr;
    for (; count < medium.speeds.count && SUCCEEDED(hr); count++)
    {
        struct write_speed speed =
        {
            .media_type = (IMAPI_MEDIA_PHYSICAL_TYPE)medium.type,
            .sectors_per_second = (LONG)medium.speeds.supported[count].sectors,
            .pure_cav = com_bool(medium.speeds.supported[count].rotation == 1),
        };

        hr = com_create(&speed_descriptor_class, &speed, &IID_IDispatch, &objects[count]);
    }
    if (SUCCEEDED(hr)) hr = com_array_of_objects(objects, count, value);
    for (size_t i = 0; i < count; i++)
        if (objects[i]) IDispatch_Release((IDispatch *)objects[i]);
    return com_fail(iface, hr);
}

HRESULT STDMETHODCALLTYPE format_data_SetWriteSpeed(IDiscFormat2Data *iface, LONG RequestedSectorsPerSecond,
                                                    VARIANT_BOOL RotationTypeIsPureCAV)
{
    struct format_data *self = FORMAT_DATA(iface);
    uint32_t wish = RequestedSectorsPerSecond == -1 ? MMC_FASTEST : (uint32_t)RequestedSectorsPerSecond;
    bool cav = RotationTypeIsPureCAV != VARIANT_FALSE, speed_adjusted, rotation_adjusted;
    struct disc_recorder *recorder;
    struct mmc_medium medium;
    struct mmc_speed actual;
    HRESULT hr;

    COM_TRACE(iface, "%ld, %d", RequestedSectorsPerSecond, RotationTypeIsPureCAV);
    if (!(recorder = format_recorder(&self->format))) return com_fail(iface, E_IMAPI_RECORDER_REQUIRED);
    com_release(&recorder->base);
    if (RequestedSectorsPerSecond < -1 || !RequestedSectorsPerSecond)
        return imapi2_bad_argument(iface, L"RequestedSectorsPerSecond", RequestedSectorsPerSecond);
    if (FAILED(hr = format_medium(&self->format, iface, &recorder, &medium))) return hr;
    if (SUCCEEDED(hr = disc_recorder_enter(recorder, iface)))
        hr = disc_recorder_finish(recorder, iface,
                                  mmc_set_write_speed(&recorder->drive, medium.profile, wish, cav, &actual));
    com_release(&recorder->base);
    if (FAILED(hr)) return hr;

    com_lock(&self->format.base);
    self->requested_speed = RequestedSectorsPerSecond;
    self->requested_cav = com_bool(cav);
    self->speed_set = TRUE;
    com_unlock(&self->format.base);
    speed_adjusted = wish != MMC_FASTEST && actual.sectors != wish;
    rotation_adjusted = (actual.rotation == 1) != cav;
    if (speed_adjusted && rotation_adjusted) return S_IMAPI_BOTHADJUSTED;
    return speed_adjusted ? S_IMAPI_SPEEDADJUSTED : rotation_adjusted ? S_IMAPI_ROTATIONADJUSTED : S_OK;
}

/* --- multi-session -------------------------------------------------------------------------------------- */

/* Both kinds, whatever is in the drive: each can be asked whether it suits the disc. */
HRESULT STDMETHODCALLTYPE format_data_get_MultisessionInterfaces(IDiscFormat2Data *iface, SAFEARRAY **value)
{
    struct multisession_args args;
    void *objects[2] = { NULL };
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    format_data_options(FORMAT_DATA(iface), &args.options);
    args.recorder = format_recorder(FORMAT(iface));
    hr = com_create(&multisession_sequential_class, &args, &IID_IDispatch, &objects[0]);
    if (SUCCEEDED(hr)) hr = com_create(&multisession_random_class, &args, &IID_IDispatch, &objects[1]);
    if (SUCCEEDED(hr)) hr = com_array_of_objects(objects, COM_COUNT(objects), value);
    for (size_t i = 0; i < COM_COUNT(objects); i++)
        if (objects[i]) IDispatch_Release((IDispatch *)objects[i]);
    if (args.recorder) com_release(&args.recorder->base);
    return com_fail(iface, hr);
}
