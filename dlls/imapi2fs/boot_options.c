/* BootOptions: a boot image, and what the boot catalog is to say of it. */
#include "imapi2fs/imapi2fs_room.h"

#include <string.h>

struct boot_options
{
    struct com_object base;
    struct source *image;               /* a client's stream, or a copy of one; NULL: none */
    BOOL copied;
    WCHAR manufacturer[FS_BOOT_MANUFACTURER + 1];   /* a unit makes one byte at least */
    PlatformId platform;
    EmulationType emulation;
};

#define SELF(iface) COM_SELF(struct boot_options, iface)

/* --- life -------------------------------------------------------------------------------------------- */

static HRESULT boot_options_init(struct com_object *object, void *args)
{
    struct boot_options *self = (struct boot_options *)object;
    const struct boot_values *values = args;

    if (!values) return S_OK;
    self->image = source_ref(values->image);
    self->copied = TRUE;
    lstrcpyW(self->manufacturer, values->manufacturer);
    self->platform = values->platform;
    self->emulation = values->emulation;
    return S_OK;
}

static void boot_options_destroy(struct com_object *object)
{
    source_unref(((struct boot_options *)object)->image);
}

/* The boot image, counted, or NULL. */
static struct source *image_of(struct boot_options *self, BOOL *copied)
{
    struct source *image;

    com_lock(&self->base);
    image = self->image ? source_ref(self->image) : NULL;
    *copied = self->copied;
    com_unlock(&self->base);
    return image;
}

struct source *boot_options_copy(IBootOptions *options)
{
    struct com_object *own = com_own_object(options, &boot_options_class);
    struct source *image;
    BOOL copied;

    if (!own || !(image = image_of((struct boot_options *)own, &copied))) return NULL;
    if (copied) return image;
    source_unref(image);
    return NULL;
}

/* --- the manufacturer -------------------------------------------------------------------------------- */

/* A code page that is UTF-8 has every character, and no default one to be told of. */
BOOL boot_manufacturer(const WCHAR *text, uint8_t bytes[FS_BOOT_MANUFACTURER])
{
    BOOL utf8 = GetACP() == CP_UTF8, replaced = FALSE;
    char ansi[FS_BOOT_MANUFACTURER];
    size_t units = text_length(text);
    int length;

    memset(bytes, 0, FS_BOOT_MANUFACTURER);
    if (!units) return TRUE;
    if (units > FS_BOOT_MANUFACTURER) return FALSE;
    length = WideCharToMultiByte(CP_ACP, utf8 ? WC_ERR_INVALID_CHARS : WC_NO_BEST_FIT_CHARS, text, (int)units,
                                 ansi, sizeof(ansi), NULL, utf8 ? NULL : &replaced);
    if (length <= 0 || replaced) return FALSE;
    memcpy(bytes, ansi, (size_t)length);
    return TRUE;
}

static HRESULT STDMETHODCALLTYPE boot_options_get_Manufacturer(IBootOptions *iface, BSTR *value)
{
    struct boot_options *self = SELF(iface);
    WCHAR text[FS_BOOT_MANUFACTURER + 1];

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(&self->base);
    lstrcpyW(text, self->manufacturer);
    com_unlock(&self->base);
    return com_fail(iface, com_return_text(text, value));
}

static HRESULT STDMETHODCALLTYPE boot_options_put_Manufacturer(IBootOptions *iface, BSTR value)
{
    struct boot_options *self = SELF(iface);
    uint8_t bytes[FS_BOOT_MANUFACTURER];

    COM_TRACE(iface, "%s", com_trace_text(value));
    if (!value) return com_fail(iface, E_POINTER);
    if (!boot_manufacturer(value, bytes)) return fsi_invalid(iface, L"newVal");
    com_lock(&self->base);
    lstrcpyW(self->manufacturer, value);
    com_unlock(&self->base);
    return S_OK;
}

/* --- platform and emulation -------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE boot_options_get_PlatformId(IBootOptions *iface, PlatformId *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = SELF(iface)->platform;
    return S_OK;
}

/* There are more platforms than the reference knows; the catalog has one byte for them. */
static HRESULT STDMETHODCALLTYPE boot_options_put_PlatformId(IBootOptions *iface, PlatformId value)
{
    COM_TRACE(iface, "%#x", (unsigned)value);
    if ((unsigned)value > UINT8_MAX) return fsi_invalid(iface, L"newVal");
    SELF(iface)->platform = value;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE boot_options_get_Emulation(IBootOptions *iface, EmulationType *value)
{
    struct boot_options *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(&self->base);
    *value = self->emulation;
    com_unlock(&self->base);
    return S_OK;
}

/* El Torito 2.2 has no further media types. */
static HRESULT STDMETHODCALLTYPE boot_options_put_Emulation(IBootOptions *iface, EmulationType value)
{
    struct boot_options *self = SELF(iface);
    uint64_t size = fs_boot_medium_size((unsigned)value);
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%d", (int)value);
    if ((unsigned)value > EmulationHardDisk) return fsi_invalid(iface, L"newVal");
    com_lock(&self->base);
    if (size && self->image && self->image->size != size) hr = IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH;
    else self->emulation = value;
    com_unlock(&self->base);
    return com_fail(iface, hr);
}

/* --- the boot image ---------------------------------------------------------------------------------- */

/* The client's own stream; of a copy one that cannot be written to. */
static HRESULT STDMETHODCALLTYPE boot_options_get_BootImage(IBootOptions *iface, IStream **value)
{
    struct source *image;
    BOOL copied;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(image = image_of(SELF(iface), &copied))) return S_OK;
    hr = copied ? stream_out_create(image, NULL, value) : stream_in_get(image, value);
    source_unref(image);
    return com_fail(iface, hr);
}

static HRESULT STDMETHODCALLTYPE boot_options_get_ImageSize(IBootOptions *iface, ULONG *value)
{
    struct boot_options *self = SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    com_lock(&self->base);
    *value = self->image ? (ULONG)self->image->size : 0;
    com_unlock(&self->base);
    return S_OK;
}

/* What an image of that size is: a floppy by its size alone. One that is none cannot go on as a floppy that
   an earlier image was; a hard disk can have any size. */
static EmulationType emulation_of(uint64_t size, EmulationType before)
{
    for (unsigned type = Emulation12MFloppy; type <= Emulation288MFloppy; type++)
    {
        if (fs_boot_medium_size(type) == size) return (EmulationType)type;
    }
    return before == EmulationHardDisk ? before : EmulationNone;
}

/* Reads nothing yet. */
static HRESULT STDMETHODCALLTYPE boot_options_AssignBootImage(IBootOptions *iface, IStream *value)
{
    struct boot_options *self = SELF(iface);
    struct source *image = NULL, *old;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    hr = stream_in_create(value, &image);
    if (hr == E_OUTOFMEMORY) return com_fail(iface, hr);
    if (FAILED(hr) || !image->size || image->size > MAXDWORD)
    {
        source_unref(image);
        return com_fail(iface, IMAPI_E_BOOT_IMAGE_DATA);
    }
    com_lock(&self->base);
    old = self->image;
    self->image = image;
    self->copied = FALSE;
    self->emulation = emulation_of(image->size, self->emulation);
    com_unlock(&self->base);
    source_unref(old);
    return S_OK;
}

/* --- the class --------------------------------------------------------------------------------------- */

static const IBootOptionsVtbl boot_options_vtbl =
{
    COM_DISPATCH(IBootOptions),
    boot_options_get_BootImage,
    boot_options_get_Manufacturer,
    boot_options_put_Manufacturer,
    boot_options_get_PlatformId,
    boot_options_put_PlatformId,
    boot_options_get_Emulation,
    boot_options_put_Emulation,
    boot_options_get_ImageSize,
    boot_options_AssignBootImage,
};

static const struct com_iface boot_options_ifaces[] =
{
    { &IID_IBootOptions, &boot_options_vtbl },
    COM_STANDARD_IFACES,
};

/* Two ProgIDs, as MsftFileSystemImage has. */
const struct com_class boot_options_class =
{
    .clsid = &CLSID_BootOptions, .progid = L"IMAPI2FS.BootOptions", .alias = L"IMAPI2.BootOptions",
    .version = 1, .size = sizeof(struct boot_options),
    .init = boot_options_init, .destroy = boot_options_destroy,
    .ifaces = boot_options_ifaces, .iface_count = COM_COUNT(boot_options_ifaces),
};
