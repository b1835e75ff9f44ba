/* MsftFileSystemImage: the session that an image goes on from, imported from the disc in a recorder. */
#include "imapi2fs/imapi2fs_room.h"

#define NEWEST 0                        /* as the file system to import */

void imported_free(struct imported *imported)
{
    if (!imported) return;
    source_unref(imported->disc);
    free(imported);
}

/* --- where the image begins -------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE image_get_SessionStartBlock(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = self->session_start;
    image_unlock(self);
    return S_OK;
}

/* What an import found is fixed. */
HRESULT STDMETHODCALLTYPE image_put_SessionStartBlock(IFileSystemImage3 *iface, LONG value)
{
    struct image *self = IMAGE_SELF(iface);
    BOOL fixed;

    COM_TRACE(iface, "%ld", value);
    if (value < 0) return fsi_invalid(iface, L"newVal");
    image_lock(self);
    fixed = self->imported && value != self->session_start;
    if (!fixed) self->session_start = value;
    image_unlock(self);
    return com_fail(iface, fixed ? IMAPI_E_READONLY : S_OK);
}

HRESULT STDMETHODCALLTYPE image_get_ImportedVolumeName(IFileSystemImage3 *iface, BSTR *value)
{
    struct image *self = IMAGE_SELF(iface);
    WCHAR name[FS_IMPORTED_NAME_MAX + 1];
    BOOL imported;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    image_lock(self);
    imported = self->imported != NULL;
    if (imported) lstrcpyW(name, self->imported->volume.name);
    image_unlock(self);
    return imported ? com_fail(iface, com_return_text(name, value)) : S_OK;
}

/* The reference has the order for ImportFileSystem: UDF, then Joliet, then ISO9660. */
static unsigned newest_of(unsigned kinds)
{
    if (kinds & FS_UDF) return FS_UDF;
    if (kinds & FS_JOLIET) return FS_JOLIET;
    return kinds & FS_ISO9660;
}

HRESULT STDMETHODCALLTYPE image_GetDefaultFileSystemForImport(IFileSystemImage3 *iface,
                                                              FsiFileSystems file_systems,
                                                              FsiFileSystems *value)
{
    COM_TRACE(iface, "%#x, %p", (unsigned)file_systems, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (FsiFileSystems)newest_of((unsigned)file_systems);
    return *value ? S_OK : fsi_invalid(iface, L"fileSystems");
}

/* --- import ------------------------------------------------------------------------------------------ */

struct import
{
    struct image *image;
    enum fs_kind kind;
};

static int import_progress(void *context, const struct fs_import_progress *progress)
{
    const struct import *import = context;

    image_import_progress(import->image, import->kind, progress);
    return 0;
}

static void import_lock(void *context, int locked)
{
    const struct import *import = context;

    if (locked) image_lock(import->image);
    else image_unlock(import->image);
}

/* What the new session must be like to go on from the old one. */
static enum oi_status follow(struct image *self, const struct imported *imported, struct fs_options *before,
                             struct fs_detail *detail)
{
    struct fs_options options;
    enum oi_status status;

    image_lock(self);
    options = *before = *fs_tree_options(self->tree);
    options.file_systems = imported->file_systems;
    if (imported->volume.udf_revision) options.udf_revision = imported->volume.udf_revision;
    options.block_limit = 0;
    status = fs_tree_set_options(self->tree, &options, detail);
    image_unlock(self);
    return status;
}

/* As it was before, when it was good. */
static void follow_no_more(struct image *self, const struct fs_options *before)
{
    struct fs_detail detail = { 0 };

    image_lock(self);
    fs_tree_set_earlier(self->tree, self->imported ? &self->imported->earlier : NULL, &detail);
    fs_tree_set_options(self->tree, before, &detail);
    image_unlock(self);
    fs_detail_clear(&detail);
}

/* Where the new session stands: on rewritable media behind everything that the volume has, in whole units. */
static enum oi_status place(struct image *self, struct imported *imported, struct fs_detail *detail)
{
    struct fs_earlier *earlier = &imported->earlier;
    enum oi_status status;

    earlier->disc = imported->disc;
    earlier->partition_start = imported->volume.partition_start;
    if (imported->facts.random)
    {
        uint64_t unit = (uint64_t)imported->facts.write_unit;
        uint64_t append = (imported->volume.blocks + unit - 1) / unit * unit;

        if (append >= (uint64_t)imported->facts.free_blocks) return OI_TOO_LARGE;
        earlier->append = (uint32_t)append;
        earlier->write_unit = (uint32_t)unit;
    }
    image_lock(self);
    status = fs_tree_set_earlier(self->tree, earlier, detail);
    image_unlock(self);
    return status;
}

/* The tree has what the session has; now the rest of the image. The limit is what the disc still takes. */
static HRESULT settle(struct image *self, void *iface, struct imported *imported)
{
    struct fs_detail detail = { 0 };
    struct fs_options options;
    enum oi_status status;

    image_lock(self);
    options = *fs_tree_options(self->tree);
    options.block_limit = (uint64_t)imported->facts.free_blocks;
    status = fs_tree_set_options(self->tree, &options, &detail);
    if (!status)
    {
        self->free_blocks = imported->facts.free_blocks;
        self->session_start = imported->facts.random ? 0 : imported->facts.next_writable;
        self->imported = imported;
    }
    image_unlock(self);
    if (status != OI_TOO_LARGE) return fsi_fail(iface, status, &detail);
    fs_detail_clear(&detail);
    return com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);
}

/* Of a session with UDF of which another file system was taken: the new volume is to be like the old one
   there, too. One that cannot be read does not matter then. */
static enum oi_status take_udf(const struct fs_disc *disc, struct imported *imported)
{
    const struct fs_volume_info *info;
    struct fs_volume *volume;
    enum oi_status status;

    if (!(imported->file_systems & FS_UDF) || imported->volume.kind == FS_UDF) return OI_OK;
    status = fs_volume_open(disc, FS_UDF, &volume, NULL);
    if (status) return status == OI_NO_MEMORY ? status : OI_OK;
    info = fs_volume_info(volume);
    imported->volume.udf_revision = info->udf_revision;
    imported->volume.partition_start = info->partition_start;
    fs_volume_close(volume);
    return OI_OK;
}

/* With the image busy. */
static HRESULT import_volume(struct image *self, void *iface, unsigned kind, const struct fs_disc *disc,
                             struct imported *imported)
{
    struct import import = { self, (enum fs_kind)kind };
    struct fs_import_events events = { import_progress, import_lock, &import };
    struct fs_detail detail = { 0 };
    struct fs_options before;
    struct fs_volume *volume;
    enum oi_status status = fs_volume_open(disc, (enum fs_kind)kind, &volume, &detail);
    HRESULT hr;

    if (status) return image_fail_import(iface, status, disc, kind, &detail);
    imported->volume = *fs_volume_info(volume);
    if (!imported->volume.writable)
    {
        fs_volume_close(volume);
        return com_fail(iface, IMAPI_E_UDF_NOT_WRITE_COMPATIBLE);
    }
    status = take_udf(disc, imported);
    if (!status) status = fs_disc_identifier(disc, &imported->disc_identifier);
    if (!status) status = image_keep_stream(self, disc->source);
    if (!status) status = follow(self, imported, &before, &detail);
    if (!status)
    {
        status = place(self, imported, &detail);
        if (!status) status = fs_import(self->tree, volume, &events, &detail);
        hr = status ? image_fail_import(iface, status, disc, kind, &detail) : settle(self, iface, imported);
        if (FAILED(hr)) follow_no_more(self, &before);
    }
    else
        hr = image_fail_import(iface, status, disc, kind, &detail);
    fs_volume_close(volume);
    return hr;
}

/* For who wonders why the disc boots no more: the new session has volume descriptors of its own, without a
   boot record, and firmware looks at the last ones. On rewritable media the old ones stay. */
static void tell_of_booting(const struct imported *imported, const struct fs_disc *disc)
{
    struct fs_boot_catalog catalog;
    enum oi_status status;

    if (imported->facts.random || !log_enabled(LOG_INFO)) return;
    status = fs_boot_read(disc, NULL, 0, &catalog, NULL);
    if (!status)
        log_info("boot images of the imported session, not taken over into the new one: %u",
                 (unsigned)catalog.count);
    else if (status != OI_NOT_FOUND)
        log_info("the boot catalog of the imported session cannot be read: %s", status_name(status));
}

/* Which of the file systems on the disc, and whether a session can follow it at all. */
static HRESULT choose(void *iface, const struct imported *imported, unsigned wanted, unsigned *kind)
{
    WCHAR *name;
    HRESULT hr;

    /* The anchors of such a session cannot be moved while the descriptor of ISO 9660 stays at block 16. */
    if (imported->facts.random && imported->file_systems & FS_ISO9660)
        return com_fail(iface, IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION);
    *kind = wanted ? wanted : newest_of(imported->file_systems);
    if (imported->file_systems & *kind) return S_OK;
    name = text_from_utf8(fs_kind_name(*kind));
    hr = com_fail_with(iface, IMAPI_E_FILE_SYSTEM_NOT_FOUND, COM_TEXT(name));
    free(name);
    return hr;
}

/* Imports again: from the same disc, or from one that got sessions since, so that the files of the first
   import are where they were. */
static HRESULT check_again(void *iface, const struct imported *old, struct fs_disc *disc)
{
    struct fs_disc before = { disc->source, (uint32_t)old->facts.previous_start,
                              (uint32_t)old->facts.last_written + 1 };
    uint64_t now = 0, then = 0;

    if (before.end > disc->end || fs_disc_identifier(disc, &now) || fs_disc_identifier(&before, &then) ||
        then != old->disc_identifier)
        return com_fail(iface, IMAPI_E_DISC_MISMATCH);
    if (now != then) return S_OK;
    source_unref(disc->source);
    disc->source = source_ref(old->disc);
    return S_OK;
}

static HRESULT import(struct image *self, void *iface, unsigned wanted, unsigned *taken)
{
    struct sessions *sessions = image_sessions(self);
    struct imported *imported, *old = NULL;
    struct fs_disc disc = { 0 };
    HRESULT hr;

    if (!sessions) return com_fail(iface, IMAPI_E_MULTISESSION_NOT_SET);
    if (!(imported = calloc(1, sizeof(*imported)))) hr = com_fail(iface, E_OUTOFMEMORY);
    else if (SUCCEEDED(hr = image_begin(self, iface)))
    {
        /* Busy, the image gets no boot image any more. */
        if (image_is_bootable(self)) hr = com_fail(iface, IMAPI_E_BOOT_OBJECT_CONFLICT);
        if (SUCCEEDED(hr)) hr = sessions_check(sessions, iface);
        if (SUCCEEDED(hr)) hr = image_open_disc(iface, sessions, &imported->facts, &disc);
        if (SUCCEEDED(hr)) hr = image_identify(iface, &disc, &imported->file_systems);
        /* A rewritable disc has no session to be counted: it is blank when nothing is on it. */
        if (hr == IMAPI_E_NO_SUPPORTED_FILE_SYSTEM && imported->facts.random && !image_disc_has_data(&disc))
            hr = com_fail(iface, IMAPI_E_EMPTY_DISC);
        if (SUCCEEDED(hr)) hr = choose(iface, imported, wanted, taken);
        old = self->imported;
        if (SUCCEEDED(hr) && old) hr = check_again(iface, old, &disc);
        if (SUCCEEDED(hr))
        {
            imported->disc = source_ref(disc.source);
            hr = import_volume(self, iface, *taken, &disc, imported);
            if (SUCCEEDED(hr)) tell_of_booting(imported, &disc);
        }
        image_end(self, SUCCEEDED(hr));
    }
    imported_free(SUCCEEDED(hr) ? old : imported);
    source_unref(disc.source);
    image_drop_streams(self);
    sessions_release(sessions);
    return hr;
}

HRESULT STDMETHODCALLTYPE image_ImportFileSystem(IFileSystemImage3 *iface, FsiFileSystems *value)
{
    unsigned kind = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = FsiFileSystemNone;
    hr = import(IMAGE_SELF(iface), iface, NEWEST, &kind);
    if (SUCCEEDED(hr)) *value = (FsiFileSystems)kind;
    return hr;
}

HRESULT STDMETHODCALLTYPE image_ImportSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value)
{
    unsigned kind;

    COM_TRACE(iface, "%#x", (unsigned)value);
    if (value != FsiFileSystemISO9660 && value != FsiFileSystemJoliet && value != FsiFileSystemUDF)
        return fsi_invalid(iface, L"fileSystemToUse");
    return import(IMAGE_SELF(iface), iface, (unsigned)value, &kind);
}

/* Can a session with that file system be appended to the disc? Whatever stands in the way is a no. */
HRESULT STDMETHODCALLTYPE image_ProbeSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value,
                                                        VARIANT_BOOL *appendable)
{
    struct sessions *sessions;
    struct imported found = { 0 };
    struct fs_volume *volume;
    struct fs_disc disc = { 0 };
    unsigned kind;
    HRESULT hr;

    COM_TRACE(iface, "%#x, %p", (unsigned)value, appendable);
    if (!appendable) return com_fail(iface, E_POINTER);
    *appendable = VARIANT_FALSE;
    if (value != FsiFileSystemISO9660 && value != FsiFileSystemJoliet && value != FsiFileSystemUDF)
        return S_OK;
    if (!(sessions = image_sessions(IMAGE_SELF(iface)))) return S_OK;
    hr = image_open_disc(iface, sessions, &found.facts, &disc);
    if (SUCCEEDED(hr)) hr = image_identify(iface, &disc, &found.file_systems);
    if (SUCCEEDED(hr)) hr = choose(iface, &found, (unsigned)value, &kind);
    if (SUCCEEDED(hr) && !fs_volume_open(&disc, (enum fs_kind)kind, &volume, NULL))
    {
        *appendable = com_bool(fs_volume_info(volume)->writable);
        fs_volume_close(volume);
    }
    source_unref(disc.source);
    sessions_release(sessions);
    SetErrorInfo(0, NULL);
    return S_OK;
}

/* --- multi-session objects --------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE image_get_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY **value)
{
    struct sessions *sessions;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    sessions = image_sessions(IMAGE_SELF(iface));
    hr = sessions_array(sessions, value);
    sessions_release(sessions);
    return com_fail(iface, hr);
}

HRESULT STDMETHODCALLTYPE image_put_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY *value)
{
    struct image *self = IMAGE_SELF(iface);
    struct sessions *sessions, *old;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    hr = sessions_create(iface, value, &sessions);
    if (FAILED(hr)) return hr;
    image_lock(self);
    old = self->sessions;
    self->sessions = sessions;
    image_unlock(self);
    sessions_release(old);
    return S_OK;
}
