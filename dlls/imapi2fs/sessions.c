/* The multi-session objects that a client put into an image: which of them is used, and what it says of the
   disc. They may be anybody's, so everything is asked through their interfaces. */
#include "imapi2fs/imapi2fs_room.h"

struct sessions
{
    LONG references;
    size_t count, used;                 /* used: index of the one that imports and burns */
    BOOL random;                        /* it is an IMultisessionRandomWrite */
    struct com_ref given[];             /* IMultisession, as put */
};

struct sessions *sessions_ref(struct sessions *sessions)
{
    InterlockedIncrement(&sessions->references);
    return sessions;
}

void sessions_release(struct sessions *sessions)
{
    if (!sessions || InterlockedDecrement(&sessions->references)) return;
    for (size_t i = 0; i < sessions->count; i++) com_ref_clear(&sessions->given[i]);
    free(sessions);
}

/* --- choosing ---------------------------------------------------------------------------------------- */

static BOOL has_interface(IMultisession *session, REFIID iid)
{
    IUnknown *found;

    if (FAILED(IMultisession_QueryInterface(session, iid, (void **)&found))) return FALSE;
    IUnknown_Release(found);
    return TRUE;
}

/* S_FALSE: it does not work with the disc in the drive, or with none. A recorder that another client holds,
   and want of memory, are what they are. */
static HRESULT check_supported(IMultisession *session)
{
    VARIANT_BOOL supported = VARIANT_FALSE;
    HRESULT hr;

    if (!has_interface(session, &IID_IMultisessionSequential) &&
        !has_interface(session, &IID_IMultisessionRandomWrite))
        return S_FALSE;
    hr = IMultisession_get_IsSupportedOnCurrentMediaState(session, &supported);
    if (hr == E_IMAPI_RECORDER_LOCKED || hr == E_OUTOFMEMORY) return hr;
    return SUCCEEDED(hr) && supported ? S_OK : S_FALSE;
}

/* Discs that nobody writes, as their profile says: MMC-6 5.3.1. */
static BOOL is_read_only_disc(IMultisession *session)
{
    static const LONG profiles[] =
    {
        IMAPI_PROFILE_TYPE_CDROM, IMAPI_PROFILE_TYPE_DVDROM, IMAPI_PROFILE_TYPE_HD_DVD_ROM,
        IMAPI_PROFILE_TYPE_BD_ROM,
    };
    IDiscRecorder2Ex *extended = NULL;
    IDiscRecorder2 *recorder = NULL;
    IMAPI_PROFILE_TYPE *current = NULL;
    ULONG count = 0;
    BOOL found = FALSE;

    if (FAILED(IMultisession_get_ImportRecorder(session, &recorder)) || !recorder) return FALSE;
    if (SUCCEEDED(IDiscRecorder2_QueryInterface(recorder, &IID_IDiscRecorder2Ex, (void **)&extended)))
    {
        if (FAILED(IDiscRecorder2Ex_GetSupportedProfiles(extended, TRUE, &current, &count))) count = 0;
        for (size_t i = 0; count && i < COM_COUNT(profiles); i++) found |= (LONG)current[0] == profiles[i];
        CoTaskMemFree(current);
        IDiscRecorder2Ex_Release(extended);
    }
    IDiscRecorder2_Release(recorder);
    return found;
}

/* The one in use must work; without one, the first that does is taken. */
static HRESULT choose(IMultisession *const *sessions, size_t count, size_t *used)
{
    size_t in_use = 0;
    HRESULT hr;

    for (size_t i = 0; i < count; i++)
    {
        VARIANT_BOOL value = VARIANT_FALSE;

        if (FAILED(IMultisession_get_InUse(sessions[i], &value))) return IMAPI_E_BAD_MULTISESSION_PARAMETER;
        if (value) *used = i;
        if (value && in_use++) return IMAPI_E_BAD_MULTISESSION_PARAMETER;
    }
    if (in_use)
    {
        hr = check_supported(sessions[*used]);
        return hr == S_FALSE ? IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE : hr;
    }
    for (size_t i = 0; i < count; i++)
    {
        *used = i;
        if ((hr = check_supported(sessions[i])) != S_FALSE) return hr;
    }
    for (size_t i = 0; i < count; i++)
        if (is_read_only_disc(sessions[i])) return IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED;
    return IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE;
}

/* Ends a refusal: nothing was taken. */
static HRESULT refuse(void *iface, HRESULT hr, void **objects, size_t count)
{
    com_free_objects(objects, count);
    return hr == E_IMAPI_RECORDER_LOCKED ? com_forward(iface, hr) : com_fail(iface, hr);
}

HRESULT sessions_create(void *iface, SAFEARRAY *array, struct sessions **out)
{
    struct session_facts facts;
    struct sessions *sessions;
    void **objects = NULL;
    size_t count = 0, used = 0;
    HRESULT hr;

    *out = NULL;
    if (!array) return com_fail(iface, E_POINTER);
    hr = com_array_read_objects(array, &IID_IMultisession, &objects, &count);
    if (FAILED(hr))
        return refuse(iface, hr == E_OUTOFMEMORY ? hr : IMAPI_E_BAD_MULTISESSION_PARAMETER, objects, count);
    hr = choose((IMultisession *const *)objects, count, &used);
    if (FAILED(hr)) return refuse(iface, hr, objects, count);
    if (!(sessions = calloc(1, sizeof(*sessions) + count * sizeof(sessions->given[0]))))
        return refuse(iface, E_OUTOFMEMORY, objects, count);
    sessions->references = 1;
    sessions->used = used;
    sessions->random = has_interface(objects[used], &IID_IMultisessionRandomWrite);
    for (; sessions->count < count; sessions->count++)
        com_ref_set(&sessions->given[sessions->count], objects[sessions->count], &IID_IMultisession);
    com_free_objects(objects, count);
    hr = sessions_facts(sessions, iface, &facts);
    /* A disc that is written once and blank has no session before the one to come. */
    if (SUCCEEDED(hr) && facts.blank && !facts.random)
        hr = com_fail_with(iface, IMAPI_E_IMPORT_SEEK_FAILURE, COM_NUMBER(0));
    if (SUCCEEDED(hr)) *out = sessions;
    else sessions_release(sessions);
    return hr;
}

HRESULT sessions_array(const struct sessions *sessions, SAFEARRAY **out)
{
    size_t count = sessions ? sessions->count : 0, got = 0;
    void **objects = calloc(count + 1, sizeof(*objects));
    HRESULT hr = objects ? S_OK : E_OUTOFMEMORY;

    *out = NULL;
    while (SUCCEEDED(hr) && got < count)
    {
        hr = com_ref_get(&sessions->given[got], &objects[got]);
        if (SUCCEEDED(hr)) got++;
    }
    if (SUCCEEDED(hr)) hr = com_array_of_objects(objects, count, out);
    for (size_t i = 0; i < got; i++) IUnknown_Release((IUnknown *)objects[i]);
    free(objects);
    return hr;
}

/* --- what it says of the disc ------------------------------------------------------------------------ */

static HRESULT used_session(const struct sessions *sessions, IMultisession **out)
{
    return com_ref_get(&sessions->given[sessions->used], (void **)out);
}

/* A recorder that another client holds says so itself; any other trouble is the object's. */
static HRESULT bad_parameter(void *iface, HRESULT hr)
{
    if (hr == E_IMAPI_RECORDER_LOCKED || hr == E_OUTOFMEMORY) return com_forward(iface, hr);
    return com_fail(iface, IMAPI_E_BAD_MULTISESSION_PARAMETER);
}

HRESULT sessions_check(const struct sessions *sessions, void *iface)
{
    IMultisession *session;
    HRESULT hr = used_session(sessions, &session);

    if (FAILED(hr)) return bad_parameter(iface, hr);
    hr = check_supported(session);
    IMultisession_Release(session);
    if (hr == S_FALSE) return com_fail(iface, IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE);
    return SUCCEEDED(hr) ? S_OK : com_forward(iface, hr);
}

static HRESULT sequential_facts(IMultisessionSequential *session, struct session_facts *facts)
{
    VARIANT_BOOL first = VARIANT_FALSE;
    HRESULT hr = IMultisessionSequential_get_IsFirstDataSession(session, &first);

    facts->blank = first != VARIANT_FALSE;
    if (SUCCEEDED(hr)) hr = IMultisessionSequential_get_NextWritableAddress(session, &facts->next_writable);
    if (SUCCEEDED(hr)) hr = IMultisessionSequential_get_FreeSectorsOnMedia(session, &facts->free_blocks);
    if (FAILED(hr) || facts->blank) return hr;
    hr = IMultisessionSequential_get_StartAddressOfPreviousSession(session, &facts->previous_start);
    if (SUCCEEDED(hr))
        hr = IMultisessionSequential_get_LastWrittenAddressOfPreviousSession(session, &facts->last_written);
    if (hr == E_NOTIMPL && facts->next_writable > 0)
    {
        facts->last_written = facts->next_writable - 1;
        hr = S_OK;
    }
    return hr;
}

static HRESULT random_facts(IMultisessionRandomWrite *session, struct session_facts *facts)
{
    HRESULT hr = IMultisessionRandomWrite_get_TotalSectorsOnMedia(session, &facts->free_blocks);

    if (SUCCEEDED(hr)) hr = IMultisessionRandomWrite_get_WriteUnitSize(session, &facts->write_unit);
    if (FAILED(hr)) return hr;
    /* Only some drives know how far a disc was written: what was never written reads as zeros. */
    facts->last_written = facts->free_blocks - 1;
    return S_OK;
}

static BOOL plausible(const struct session_facts *facts)
{
    return facts->previous_start >= 0 && facts->last_written >= facts->previous_start &&
           facts->next_writable >= 0 && facts->free_blocks >= 0 && facts->write_unit >= 1 &&
           facts->write_unit <= 1 << 16 && (facts->random || facts->next_writable > facts->last_written);
}

HRESULT sessions_facts(const struct sessions *sessions, void *iface, struct session_facts *facts)
{
    IMultisession *session;
    IUnknown *typed = NULL;
    HRESULT hr = used_session(sessions, &session);

    *facts = (struct session_facts){ .random = sessions->random, .write_unit = 1 };
    if (FAILED(hr)) return bad_parameter(iface, hr);
    hr = IMultisession_QueryInterface(
        session, sessions->random ? &IID_IMultisessionRandomWrite : &IID_IMultisessionSequential,
        (void **)&typed);
    if (SUCCEEDED(hr) && sessions->random) hr = random_facts((IMultisessionRandomWrite *)typed, facts);
    else if (SUCCEEDED(hr)) hr = sequential_facts((IMultisessionSequential *)typed, facts);
    if (typed) IUnknown_Release(typed);
    IMultisession_Release(session);
    if (FAILED(hr)) return bad_parameter(iface, hr);
    if (!facts->blank && !plausible(facts)) return com_fail(iface, IMAPI_E_BAD_MULTISESSION_PARAMETER);
    return S_OK;
}

HRESULT sessions_recorder(const struct sessions *sessions, void *iface, IDiscRecorder2 **out)
{
    IMultisession *session;
    HRESULT hr = used_session(sessions, &session);

    *out = NULL;
    if (SUCCEEDED(hr))
    {
        hr = IMultisession_get_ImportRecorder(session, out);
        IMultisession_Release(session);
    }
    if (SUCCEEDED(hr) && !*out) hr = E_IMAPI_RECORDER_REQUIRED;
    return FAILED(hr) ? bad_parameter(iface, hr) : S_OK;
}
