/* MsftFileSystemImage: the disc in a recorder, as far as it can be told without its files: which file systems
   it has, and which disc it is. */
#include "imapi2fs/imapi2fs_room.h"

struct sessions *image_sessions(struct image *self)
{
    struct sessions *sessions;

    image_lock(self);
    sessions = self->sessions ? sessions_ref(self->sessions) : NULL;
    image_unlock(self);
    return sessions;
}

void disc_identifier_text(uint64_t identifier, WCHAR out[17])
{
    for (int i = 15; i >= 0; i--, identifier >>= 4) out[i] = L"0123456789ABCDEF"[identifier & 15];
    out[16] = 0;
}

HRESULT image_open_disc(void *iface, const struct sessions *sessions, struct session_facts *facts,
                         struct fs_disc *disc)
{
    IDiscRecorder2 *recorder;
    HRESULT hr = sessions_facts(sessions, iface, facts);

    *disc = (struct fs_disc){ 0 };
    if (FAILED(hr)) return hr;
    if (facts->blank) return com_fail(iface, IMAPI_E_EMPTY_DISC);
    hr = sessions_recorder(sessions, iface, &recorder);
    if (FAILED(hr)) return hr;
    disc->session_start = (uint32_t)facts->previous_start;
    disc->end = (uint32_t)facts->last_written + 1;
    hr = disc_source_create(recorder, disc->end, &disc->source);
    IDiscRecorder2_Release(recorder);
    return SUCCEEDED(hr) ? S_OK : com_forward(iface, hr);
}

HRESULT image_fail_import(void *iface, enum oi_status status, const struct fs_disc *disc, unsigned kind,
                           struct fs_detail *detail)
{
    WCHAR *name = text_from_utf8(fs_kind_name(kind));
    uint32_t block = 0;
    HRESULT hr = S_OK;

    switch (status)
    {
    case OI_FORMAT:
        hr = com_fail_with(iface, IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR, COM_TEXT(name));
        break;
    case OI_NOT_SUPPORTED:
        hr = com_fail_with(iface, IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED, COM_TEXT(name));
        break;
    case OI_NOT_FOUND:
        hr = com_fail_with(iface, IMAPI_E_FILE_SYSTEM_NOT_FOUND, COM_TEXT(name));
        break;
    case OI_NOT_FILE:
        hr = com_fail_with(iface, IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY,
                           COM_TEXT(detail ? detail->item : NULL), COM_TEXT(name));
        break;
    case OI_NOT_DIRECTORY:
        hr = com_fail_with(iface, IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE,
                           COM_TEXT(detail ? detail->item : NULL), COM_TEXT(name));
        break;
    case OI_TOO_LARGE:
        hr = com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);
        break;
    case OI_SOURCE_READ:
        hr = disc_source_error(disc->source, &block);
        /* Somebody else's recorder says so; any other trouble is a block that cannot be read. */
        if (hr == E_IMAPI_RECORDER_LOCKED) hr = com_forward(iface, hr);
        else hr = com_fail_with(iface, IMAPI_E_IMPORT_READ_FAILURE, COM_NUMBER(block));
        break;
    default:
        hr = fsi_fail(iface, status, detail);
        break;
    }
    free(name);
    if (detail) fs_detail_clear(detail);
    return hr;
}

HRESULT image_identify(void *iface, const struct fs_disc *disc, unsigned *kinds)
{
    struct fs_detail detail = { 0 };
    enum oi_status status = fs_identify(disc, kinds, &detail);
    uint32_t block;
    HRESULT hr;

    fs_detail_clear(&detail);
    if (status == OI_NO_MEMORY) return com_fail(iface, E_OUTOFMEMORY);
    hr = status == OI_SOURCE_READ ? disc_source_error(disc->source, &block) : S_OK;
    if (hr == E_IMAPI_RECORDER_LOCKED) return com_forward(iface, hr);
    return com_fail(iface, status || !*kinds ? IMAPI_E_NO_SUPPORTED_FILE_SYSTEM : S_OK);
}

HRESULT STDMETHODCALLTYPE image_CalculateDiscIdentifier(IFileSystemImage3 *iface, BSTR *value)
{
    struct sessions *sessions;
    struct session_facts facts;
    struct fs_disc disc;
    WCHAR text[17];
    uint64_t identifier = 0;
    enum oi_status status;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(sessions = image_sessions(IMAGE_SELF(iface)))) return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
    hr = image_open_disc(iface, sessions, &facts, &disc);
    sessions_release(sessions);
    if (FAILED(hr)) return hr;
    status = fs_disc_identifier(&disc, &identifier);
    if (status) hr = image_fail_import(iface, status, &disc, 0, NULL);
    source_unref(disc.source);
    if (FAILED(hr)) return hr;
    disc_identifier_text(identifier, text);
    return com_fail(iface, com_return_text(text, value));
}

/* The same disc as at its import? */
static HRESULT check_disc(void *iface, const struct sessions *sessions, uint64_t identifier)
{
    struct session_facts facts;
    struct fs_disc disc;
    uint64_t found = 0;
    uint32_t block;
    enum oi_status status;
    HRESULT hr = image_open_disc(iface, sessions, &facts, &disc);

    if (hr == IMAPI_E_EMPTY_DISC || hr == IMAPI_E_BAD_MULTISESSION_PARAMETER)
        return com_fail(iface, IMAPI_E_DISC_MISMATCH);
    if (FAILED(hr)) return hr;
    status = fs_disc_identifier(&disc, &found);
    if (status) hr = disc_source_error(disc.source, &block);
    if (hr == E_IMAPI_RECORDER_LOCKED || hr == E_OUTOFMEMORY) hr = com_forward(iface, hr);
    else if (status || found != identifier) hr = com_fail(iface, IMAPI_E_DISC_MISMATCH);
    source_unref(disc.source);
    return hr;
}

HRESULT image_take_disc(struct image *image, void *iface, struct source **disc, uint64_t *identifier)
{
    struct sessions *sessions = image_sessions(image);
    struct fs_earlier earlier = { 0 };
    struct source *imported = NULL;
    enum oi_status status;
    HRESULT hr = S_OK;

    *disc = NULL;
    *identifier = 0;
    image_lock(image);
    if (image->imported)
    {
        imported = source_ref(image->imported->disc);
        earlier = image->imported->earlier;
        *identifier = image->imported->disc_identifier;
    }
    image_unlock(image);
    if (imported && sessions) hr = check_disc(iface, sessions, *identifier);
    if (imported && SUCCEEDED(hr) && (status = fs_earlier_source(&earlier, imported, disc)))
    {
        struct fs_disc opened = { .source = imported };

        hr = image_fail_import(iface, status, &opened, FS_UDF, NULL);
    }
    sessions_release(sessions);
    source_unref(imported);
    return hr;
}

static HRESULT fetch(struct image *image, void *iface, struct fs_item *item, struct source *data)
{
    struct fs_disc disc = { .source = (struct source *)fs_source_disc(data) };
    struct source *copy;
    uint32_t block;
    HRESULT hr = stash_copy(image, iface, data, NULL, &copy);

    if (FAILED(hr))
        return FAILED(disc_source_error(disc.source, &block))
                   ? image_fail_import(iface, OI_SOURCE_READ, &disc, 0, NULL)
                   : hr;
    image_lock(image);
    fs_item_move(item, copy);
    image_unlock(image);
    source_unref(copy);
    return S_OK;
}

HRESULT image_fetch_moving(struct image *image, void *iface)
{
    struct fs_item *item = NULL;
    HRESULT hr;

    image_lock(image);
    if (image->imported) item = fs_earlier_moving(image->tree, NULL);
    image_unlock(image);
    if (!item) return S_OK;
    if (FAILED(hr = image_begin(image, iface))) return hr;
    for (item = NULL; SUCCEEDED(hr);)
    {
        struct source *data;

        image_lock(image);
        item = fs_earlier_moving(image->tree, item);
        data = item ? source_ref(fs_item_data(item)) : NULL;
        image_unlock(image);
        if (!item) break;
        hr = fetch(image, iface, item, data);
        source_unref(data);
    }
    image_end(image, TRUE);
    image_drop_streams(image);
    return hr;
}

BOOL image_disc_has_data(const struct fs_disc *disc)
{
    uint8_t bytes[FS_BLOCK_SIZE];

    for (uint32_t i = 0; i < 32; i++)
    {
        if (source_read(disc->source, ((uint64_t)disc->session_start + i) * FS_BLOCK_SIZE, bytes,
                        sizeof(bytes)))
            continue;
        for (size_t at = 0; at < sizeof(bytes); at++)
            if (bytes[at]) return TRUE;
    }
    return FALSE;
}

/* Without a recorder that of the multi-session objects is used. A disc that cannot be looked at (blank, none)
   has no file system; only a recorder that refuses to work says so. */
HRESULT STDMETHODCALLTYPE image_IdentifyFileSystemsOnDisc(IFileSystemImage3 *iface, IDiscRecorder2 *recorder,
                                                          FsiFileSystems *value)
{
    struct sessions *sessions = NULL;
    struct fs_disc disc = { 0 };
    unsigned kinds = 0;
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%p, %p", recorder, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FsiFileSystemNone;
    if (recorder) IDiscRecorder2_AddRef(recorder);
    else if (!(sessions = image_sessions(IMAGE_SELF(iface))))
        return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
    if (sessions) hr = sessions_recorder(sessions, iface, &recorder);
    sessions_release(sessions);
    if (FAILED(hr)) return hr;
    hr = disc_extent(recorder, &disc.session_start, &disc.end);
    if (SUCCEEDED(hr)) hr = disc_source_create(recorder, disc.end, &disc.source);
    IDiscRecorder2_Release(recorder);
    if (hr == E_OUTOFMEMORY || hr == E_IMAPI_RECORDER_LOCKED) return com_forward(iface, hr);
    if (FAILED(hr)) return S_OK;
    hr = image_identify(iface, &disc, &kinds);
    if (SUCCEEDED(hr)) *value = (FsiFileSystems)kinds;
    if (hr == IMAPI_E_NO_SUPPORTED_FILE_SYSTEM)
    {
        if (image_disc_has_data(&disc)) *value = FsiFileSystemUnknown;
        SetErrorInfo(0, NULL);
        hr = S_OK;
    }
    source_unref(disc.source);
    return hr;
}
