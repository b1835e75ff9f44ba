/*
 * MsftFileSystemImage: booting. The image keeps IBootOptions objects: a copy of its own of a single one that
 * was put, the client's own of an array. They are looked at when they are put, so that what cannot be had is
 * told then and counts in UsedBlocks, and once more for every result, for they may have changed.
 */
#include "imapi2fs/imapi2fs_room.h"

#include <string.h>

/* Boot images are read when they are taken, so that clients may close their streams. Most are floppies; what
   is larger than this goes into the stash file instead of memory. */
#define MEMORY_MAX (16u << 20)

/* What was put last: not changed, so that it can be looked at without a lock. */
struct boot_list
{
    LONG references;
    size_t count;
    struct com_ref items[];             /* IBootOptions */
};

static void list_release(struct boot_list *list)
{
    if (!list || InterlockedDecrement(&list->references)) return;
    for (size_t i = 0; i < list->count; i++) com_ref_clear(&list->items[i]);
    free(list);
}

void image_boot_release(struct image *image) { list_release(image->boot); }

static struct boot_list *list_create(IBootOptions *const *objects, size_t count)
{
    struct boot_list *list = calloc(1, sizeof(*list) + count * sizeof(*list->items));

    if (!list) return NULL;
    list->references = 1;
    list->count = count;
    for (size_t i = 0; i < count; i++) com_ref_set(&list->items[i], objects[i], &IID_IBootOptions);
    return list;
}

/* The objects behind the image's list, most of them; free with com_free_objects. */
static HRESULT kept_objects(struct image *image, size_t most, void ***objects, size_t *count)
{
    struct boot_list *list;
    HRESULT hr = S_OK;

    *objects = NULL;
    *count = 0;
    image_lock(image);
    if ((list = image->boot)) InterlockedIncrement(&list->references);
    image_unlock(image);
    if (!list) return S_OK;
    *count = min(list->count, most);
    if (!(*objects = calloc(*count, sizeof(**objects)))) hr = E_OUTOFMEMORY;
    for (size_t i = 0; i < *count && SUCCEEDED(hr); i++) hr = com_ref_get(&list->items[i], &(*objects)[i]);
    list_release(list);
    if (SUCCEEDED(hr)) return S_OK;
    com_free_objects(*objects, *count);
    *objects = NULL;
    *count = 0;
    return hr;
}

/* --- taking options in ------------------------------------------------------------------------------- */

static HRESULT copy_to_memory(struct source *stream, struct source **out)
{
    size_t size = (size_t)stream->size, got = 0;
    BYTE *bytes = malloc(size + 1);
    enum oi_status status = OI_NO_MEMORY;

    if (bytes) status = source_read_some(stream, 0, bytes, size + 1, &got);
    if (!status && got != size) status = OI_SOURCE_SIZE;
    if (!status) status = source_memory_create(bytes, size, out);
    free(bytes);
    if (!status) return S_OK;
    return status == OI_NO_MEMORY ? E_OUTOFMEMORY : IMAPI_E_BOOT_IMAGE_DATA;
}

/* The bytes of the options' boot image, not to change any more. */
static HRESULT copy_image(struct image *image, void *iface, IBootOptions *options, struct source **out)
{
    struct source *source = NULL;
    IStream *stream = NULL;
    HRESULT hr;

    if ((*out = boot_options_copy(options))) return S_OK;
    hr = IBootOptions_get_BootImage(options, &stream);
    if (FAILED(hr) || !stream) return hr == E_OUTOFMEMORY ? hr : IMAPI_E_BOOT_IMAGE_DATA;
    hr = stream_in_create(stream, &source);
    if (FAILED(hr) || !source->size || source->size > MAXDWORD)
        hr = FAILED(hr) ? hr : IMAPI_E_BOOT_IMAGE_DATA;
    else if (source->size <= MEMORY_MAX)
        hr = copy_to_memory(source, out);
    else
        hr = stash_copy(image, iface, source, NULL, out);
    source_unref(source);
    IStream_Release(stream);
    return SUCCEEDED(hr) || hr == E_OUTOFMEMORY ? hr : IMAPI_E_BOOT_IMAGE_DATA;
}

static HRESULT get_values(IBootOptions *options, struct boot_values *values)
{
    BSTR manufacturer = NULL;
    HRESULT hr = IBootOptions_get_PlatformId(options, &values->platform);

    if (SUCCEEDED(hr)) hr = IBootOptions_get_Emulation(options, &values->emulation);
    if (SUCCEEDED(hr)) hr = IBootOptions_get_Manufacturer(options, &manufacturer);
    if (FAILED(hr)) return hr;
    if (manufacturer) lstrcpynW(values->manufacturer, manufacturer, COM_COUNT(values->manufacturer));
    SysFreeString(manufacturer);
    return S_OK;
}

/* Options by others may be anything; ours have been checked when they were put. */
static HRESULT make_entry(const struct boot_values *values, struct fs_boot_entry *entry)
{
    uint64_t size = fs_boot_medium_size((unsigned)values->emulation);

    if ((unsigned)values->platform > UINT8_MAX || (unsigned)values->emulation > EmulationHardDisk ||
        !boot_manufacturer(values->manufacturer, entry->manufacturer))
        return IMAPI_E_BOOT_IMAGE_DATA;
    if (size && values->image->size != size) return IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH;
    entry->platform = (uint8_t)values->platform;
    entry->emulation = (uint8_t)values->emulation;
    entry->image = values->image;
    if (values->emulation == EmulationHardDisk && fs_boot_system_type(values->image, &entry->system_type))
        return IMAPI_E_BOOT_IMAGE_DATA;
    return S_OK;
}

/* One boot image for the tree. values->image and entry->image are one reference, the caller's. */
static HRESULT take(struct image *image, void *iface, IBootOptions *options, struct boot_values *values,
                    struct fs_boot_entry *entry)
{
    HRESULT hr = get_values(options, values);

    if (FAILED(hr)) return hr == E_OUTOFMEMORY ? hr : IMAPI_E_BOOT_IMAGE_DATA;
    if (FAILED(hr = copy_image(image, iface, options, &values->image))) return hr;
    if (SUCCEEDED(hr = make_entry(values, entry))) return S_OK;
    source_unref(values->image);
    values->image = entry->image = NULL;
    return hr;
}

/* --- setting ----------------------------------------------------------------------------------------- */

BOOL image_is_bootable(struct image *image)
{
    BOOL bootable;

    image_lock(image);
    bootable = image->boot != NULL;
    image_unlock(image);
    return bootable;
}

HRESULT image_check_boot(const struct image *image, BOOL bootable)
{
    return bootable && (image->imported || image->session_start) ? IMAPI_E_BOOT_OBJECT_CONFLICT : S_OK;
}

static HRESULT check_conflict(struct image *image, size_t count)
{
    HRESULT hr;

    image_lock(image);
    hr = image_check_boot(image, count != 0);
    image_unlock(image);
    return hr;
}

/* Of a single one a copy is kept. */
static HRESULT make_list(void *const *objects, size_t count, const struct boot_values *single,
                         struct boot_list **out)
{
    IBootOptions *copy;
    HRESULT hr;

    *out = NULL;
    if (!count) return S_OK;
    if (!single) *out = list_create((IBootOptions *const *)objects, count);
    else
    {
        hr = com_create(&boot_options_class, (void *)single, &IID_IBootOptions, (void **)&copy);
        if (FAILED(hr)) return hr;
        *out = list_create(&copy, 1);
        IBootOptions_Release(copy);
    }
    return *out ? S_OK : E_OUTOFMEMORY;
}

/* Gives the entries to the tree, and the list to the image if there is to be another one. */
static HRESULT commit(struct image *image, void *iface, const struct fs_boot_entry *entries, size_t count,
                      BOOL keep_list, struct boot_list *list)
{
    struct boot_list *old = NULL;
    struct fs_detail detail = { 0 };
    enum oi_status status;
    HRESULT hr;

    image_lock(image);
    status = fs_tree_set_boot(image->tree, entries, count, &detail);
    if (!status && !keep_list)
    {
        old = image->boot;
        image->boot = list;
    }
    image_unlock(image);
    if (status == OI_TOO_LARGE && !detail.item) detail.item = text_copy(L"<boot image>");
    hr = fsi_fail(iface, status, &detail);
    list_release(SUCCEEDED(hr) ? old : list);
    return hr;
}

/* The image is busy. single: the objects are one, to be copied; keep_list: they are those of the list. */
static HRESULT set_boot(struct image *image, void *iface, void *const *objects, size_t count, BOOL single,
                        BOOL keep_list)
{
    struct fs_boot_entry entries[FS_BOOT_ENTRIES_MAX];
    struct boot_values values = { 0 };
    struct boot_list *list = NULL;
    size_t taken = 0;
    HRESULT hr = check_conflict(image, count);

    memset(entries, 0, sizeof(entries));
    for (; taken < count && SUCCEEDED(hr); taken++)
    {
        memset(&values, 0, sizeof(values));
        hr = take(image, iface, objects[taken], &values, &entries[taken]);
    }
    if (SUCCEEDED(hr) && !keep_list) hr = make_list(objects, count, single ? &values : NULL, &list);
    if (FAILED(hr)) com_fail(iface, hr);
    else hr = commit(image, iface, entries, count, keep_list, list);
    while (taken) source_unref(entries[--taken].image);
    return hr;
}

static HRESULT put_boot(struct image *image, void *iface, void *const *objects, size_t count, BOOL single)
{
    HRESULT hr = image_begin(image, iface);

    if (FAILED(hr)) return hr;
    hr = set_boot(image, iface, objects, count, single && count, FALSE);
    image_end(image, TRUE);
    return hr;
}

/* Beside a living result the tree does not change: another result is one of the same boot images. */
HRESULT image_boot_refresh(struct image *image, void *iface)
{
    void **objects = NULL;
    size_t count = 0;
    BOOL needed;
    HRESULT hr;

    image_lock(image);
    needed = image->boot && !image->results;
    image_unlock(image);
    if (!needed) return S_OK;
    if (FAILED(hr = image_begin(image, iface))) return hr;
    hr = kept_objects(image, FS_BOOT_ENTRIES_MAX, &objects, &count);
    if (SUCCEEDED(hr)) hr = set_boot(image, iface, objects, count, FALSE, TRUE);
    else hr = com_fail(iface, hr == E_OUTOFMEMORY ? hr : IMAPI_E_BOOT_IMAGE_DATA);
    image_end(image, TRUE);
    com_free_objects(objects, count);
    return hr;
}

/* --- the properties ---------------------------------------------------------------------------------- */

/* Of several the first, which is the one that boots by default. */
HRESULT STDMETHODCALLTYPE image_get_BootImageOptions(IFileSystemImage3 *iface, IBootOptions **value)
{
    void **objects;
    size_t count;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    hr = kept_objects(IMAGE_SELF(iface), 1, &objects, &count);
    if (SUCCEEDED(hr) && count) hr = com_return_object(objects[0], value);
    com_free_objects(objects, count);
    return com_fail(iface, hr);
}

HRESULT STDMETHODCALLTYPE image_put_BootImageOptions(IFileSystemImage3 *iface, IBootOptions *value)
{
    COM_TRACE(iface, "%p", value);
    return put_boot(IMAGE_SELF(iface), iface, (void *const *)&value, value != NULL, TRUE);
}

HRESULT STDMETHODCALLTYPE image_get_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY **value)
{
    void **objects;
    size_t count;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    hr = kept_objects(IMAGE_SELF(iface), FS_BOOT_ENTRIES_MAX, &objects, &count);
    if (SUCCEEDED(hr)) hr = com_array_of_objects(objects, count, value);
    com_free_objects(objects, count);
    return com_fail(iface, hr);
}

/* No array is an empty one, as NULL for the single one is none. */
HRESULT STDMETHODCALLTYPE image_put_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY *value)
{
    void **objects = NULL;
    size_t count = 0;
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%p", value);
    if (value) hr = com_array_read_objects(value, &IID_IBootOptions, &objects, &count);
    if (hr == E_OUTOFMEMORY) return com_fail(iface, hr);
    if (FAILED(hr)) return com_fail(iface, E_NOINTERFACE);
    if (count > IMAPI2FS_BOOT_ENTRY_COUNT_MAX) hr = fsi_invalid(iface, L"newVal");
    else hr = put_boot(IMAGE_SELF(iface), iface, objects, count, FALSE);
    com_free_objects(objects, count);
    return hr;
}
