/*
 * MsftMultisessionSequential and MsftMultisessionRandomWrite: the two ways of adding to a disc, as the writer
 * offers them to whoever builds the image. Each looks at the disc that is in the drive when it is asked.
 */
#include "imapi2_room.h"

struct multisession
{
    struct com_object base;
    struct disc_recorder *recorder; /* NULL: the writer had none */
    struct burn_options options;
    VARIANT_BOOL in_use; /* under base.lock */
};

#define SELF(iface) COM_SELF(struct multisession, iface)

static HRESULT multisession_init(struct com_object *object, void *args)
{
    const struct multisession_args *from = args;
    struct multisession *self = (struct multisession *)object;

    self->recorder = from->recorder;
    self->options = from->options;
    if (self->recorder) com_addref(&self->recorder->base);
    return S_OK;
}

static void multisession_destroy(struct com_object *object)
{
    struct multisession *self = (struct multisession *)object;

    if (self->recorder) com_release(&self->recorder->base);
}

static HRESULT read_medium(void *iface, struct mmc_medium *medium)
{
    struct multisession *self = SELF(iface);

    if (!self->recorder) return com_fail(iface, E_IMAPI_RECORDER_REQUIRED);
    return disc_recorder_medium(self->recorder, iface, medium);
}

/* The disc, when it is one for writing, and for this way of doing it. */
static HRESULT read_suitable(void *iface, BOOL random, struct mmc_medium *medium)
{
    HRESULT hr = read_medium(iface, medium);
    WCHAR name[RECORDER_NAME_MAX];

    if (SUCCEEDED(hr)) hr = imapi2_check_medium(iface, SELF(iface)->recorder, medium);
    if (SUCCEEDED(hr) && random && !(medium->state & MMC_STATE_OVERWRITABLE))
        hr = imapi2_fail(iface, E_IMAPI_DF2DATA_INVALID_MEDIA_STATE, DETAIL_DISC,
                         COM_TEXT(disc_recorder_name(SELF(iface)->recorder, name)),
                         COM_TEXT(imapi2_medium_name(medium->type)));
    return hr;
}

/* --- IMultisession -------------------------------------------------------------------------------------- */

static HRESULT is_supported(void *iface, BOOL random, VARIANT_BOOL *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    if (FAILED(hr = read_medium(iface, &medium))) return hr;
    *value = com_bool(burn_data_knows_type(medium.type) && !(medium.state & MMC_STATE_UNSUPPORTED_MASK) &&
                      !random == !(medium.state & MMC_STATE_OVERWRITABLE));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE multisession_put_InUse(IMultisession *iface, VARIANT_BOOL value)
{
    COM_TRACE(iface, "%d", value);
    com_lock(COM_OBJECT(iface));
    SELF(iface)->in_use = com_bool(value);
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE multisession_get_InUse(IMultisession *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(COM_OBJECT(iface));
    *value = SELF(iface)->in_use;
    com_unlock(COM_OBJECT(iface));
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE multisession_get_ImportRecorder(IMultisession *iface, IDiscRecorder2 **value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, disc_recorder_return(SELF(iface)->recorder, value));
}

#define MULTISESSION_METHODS(I)                                                                              \
    (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL)) multisession_put_InUse,                                \
        (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL *))multisession_get_InUse,                           \
        (HRESULT(STDMETHODCALLTYPE *)(I *, IDiscRecorder2 **))multisession_get_ImportRecorder

/* A number out of the disc's description. */
#define READER(class, interface, member, random, expression)                                                 \
    static HRESULT STDMETHODCALLTYPE class##_get_##member(interface *iface, LONG *value)                     \
    {                                                                                                        \
        struct mmc_medium medium;                                                                            \
        HRESULT hr;                                                                                          \
                                                                                                             \
        COM_TRACE(iface, "%p", value);                                                                       \
        if (!value) return com_fail(iface, E_POINTER);                                                       \
        *value = 0;                                                                                          \
        hr = read_suitable(iface, random, &medium);                                                          \
        if (SUCCEEDED(hr)) *value = (LONG)(expression);                                                      \
        return hr;                                                                                           \
    }

/* --- sequential ----------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE
sequential_get_IsSupportedOnCurrentMediaState(IMultisessionSequential2 *iface, VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    return is_supported(iface, FALSE, value);
}

/* MMC-5 4.2.3.3: bit 2 of a track's CONTROL field tells data from audio. */
static BOOL toc_has_data(const struct mmc_toc *toc)
{
    for (size_t i = 0; i < toc->count; i++)
        if (toc->entries[i].number != 0xAA && toc->entries[i].control & 4) return TRUE;
    return FALSE;
}

/* Sessions of audio alone do not count: the first data session of a CD Extra is its second one. */
static HRESULT STDMETHODCALLTYPE sequential_get_IsFirstDataSession(IMultisessionSequential2 *iface,
                                                                   VARIANT_BOOL *value)
{
    struct disc_recorder *recorder = SELF(iface)->recorder;
    struct mmc_medium medium;
    struct mmc_toc toc;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = VARIANT_FALSE;
    if (FAILED(hr = read_suitable(iface, FALSE, &medium))) return hr;
    *value = com_bool(!medium.sessions);
    if (!medium.sessions || (medium.type != MMC_MEDIUM_CD_R && medium.type != MMC_MEDIUM_CD_RW)) return S_OK;
    if (FAILED(hr = disc_recorder_enter(recorder, iface))) return hr;
    hr = disc_recorder_finish(recorder, iface, mmc_read_toc(&recorder->drive, &toc));
    if (SUCCEEDED(hr)) *value = com_bool(!toc_has_data(&toc));
    return hr;
}

READER(sequential, IMultisessionSequential2, StartAddressOfPreviousSession, FALSE, medium.previous_session)
READER(sequential, IMultisessionSequential2, LastWrittenAddressOfPreviousSession, FALSE, medium.last_written)
READER(sequential, IMultisessionSequential2, NextWritableAddress, FALSE, medium.next_writable)
READER(sequential, IMultisessionSequential2, FreeSectorsOnMedia, FALSE,
       burn_data_free_blocks(&medium, &SELF(iface)->options))
READER(sequential, IMultisessionSequential2, WriteUnitSize, FALSE, medium.write_unit)

static const IMultisessionSequential2Vtbl sequential_vtbl =
{
    COM_DISPATCH(IMultisessionSequential2),
    sequential_get_IsSupportedOnCurrentMediaState,
    MULTISESSION_METHODS(IMultisessionSequential2),
    sequential_get_IsFirstDataSession,
    sequential_get_StartAddressOfPreviousSession,
    sequential_get_LastWrittenAddressOfPreviousSession,
    sequential_get_NextWritableAddress,
    sequential_get_FreeSectorsOnMedia,
    sequential_get_WriteUnitSize,
};

static const struct com_iface sequential_ifaces[] =
{
    { &IID_IMultisessionSequential2, &sequential_vtbl },
    { &IID_IMultisessionSequential, NULL },
    { &IID_IMultisession, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class multisession_sequential_class =
{
    .clsid = &CLSID_MsftMultisessionSequential,
    .noncreatable = TRUE,
    .size = sizeof(struct multisession),
    .init = multisession_init,
    .destroy = multisession_destroy,
    .ifaces = sequential_ifaces,
    .iface_count = COM_COUNT(sequential_ifaces),
};

/* --- random --------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE random_get_IsSupportedOnCurrentMediaState(IMultisessionRandomWrite *iface,
                                                                           VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    return is_supported(iface, TRUE, value);
}

READER(random, IMultisessionRandomWrite, WriteUnitSize, TRUE, medium.write_unit)
READER(random, IMultisessionRandomWrite, TotalSectorsOnMedia, TRUE, medium.total_blocks)

static HRESULT STDMETHODCALLTYPE random_get_LastWrittenAddress(IMultisessionRandomWrite *iface, LONG *value)
{
    struct mmc_medium medium;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = 0;
    if (FAILED(hr = read_suitable(iface, TRUE, &medium))) return hr;
    if (medium.last_written < 0) return com_fail(iface, E_NOTIMPL); /* the drive does not tell */
    *value = medium.last_written;
    return S_OK;
}

static const IMultisessionRandomWriteVtbl random_vtbl =
{
    COM_DISPATCH(IMultisessionRandomWrite),
    random_get_IsSupportedOnCurrentMediaState,
    MULTISESSION_METHODS(IMultisessionRandomWrite),
    random_get_WriteUnitSize,
    random_get_LastWrittenAddress,
    random_get_TotalSectorsOnMedia,
};

static const struct com_iface random_ifaces[] =
{
    { &IID_IMultisessionRandomWrite, &random_vtbl },
    { &IID_IMultisession, NULL },
    COM_STANDARD_IFACES,
};

const struct com_class multisession_random_class =
{
    .clsid = &CLSID_MsftMultisessionRandomWrite,
    .noncreatable = TRUE,
    .size = sizeof(struct multisession),
    .init = multisession_init,
    .destroy = multisession_destroy,
    .ifaces = random_ifaces,
    .iface_count = COM_COUNT(random_ifaces),
};
