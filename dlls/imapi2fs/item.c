/* What directories and files have in common: the members of IFsiItem, for the tables of both classes. */
#include "imapi2fs/imapi2fs_room.h"

#include <math.h>

struct item_args
{
    struct image *image;
    struct fs_item *node;
};

HRESULT item_init(struct com_object *object, void *args)
{
    struct item *self = (struct item *)object;
    const struct item_args *from = args;

    com_addref(&from->image->base);
    self->image = from->image;
    self->node = fs_item_ref(from->node);
    return S_OK;
}

void item_destroy(struct com_object *object)
{
    struct item *self = (struct item *)object;
    BOOL in_tree;

    image_lock(self->image);
    in_tree = fs_item_in_tree(self->node) != 0;
    image_unlock(self->image);
    fs_item_unref(self->node);
    if (!in_tree) image_drop_streams(self->image);  /* it may have gone, and its stream is the client's */
    com_release(&self->image->base);
}

HRESULT item_create(struct image *image, struct fs_item *node, REFIID iid, void **out)
{
    const struct com_class *class =
        fs_item_type(node) == FS_DIRECTORY ? &directory_item_class : &file_item_class;

    return item_create_of(class, image, node, iid, out);
}

HRESULT item_create_of(const struct com_class *class, struct image *image, struct fs_item *node, REFIID iid,
                       void **out)
{
    return com_create(class, &(struct item_args){ image, node }, iid, out);
}

struct item *item_of_client(struct image *image, void *iface)
{
    struct item *item = (struct item *)com_own_object(iface, &directory_item_class);

    if (!item) item = (struct item *)com_own_object(iface, &file_item_class);
    return item && item->image == image ? item : NULL;
}

WCHAR *item_path(struct image *image, const struct fs_item *node)
{
    WCHAR *path;
    enum oi_status status;

    image_lock(image);
    status = fs_item_path(node, &path);
    image_unlock(image);
    return status ? NULL : path;
}

HRESULT item_not_in_image(void *iface, struct item *item)
{
    return com_fail_with(iface, IMAPI_E_NOT_IN_FILE_SYSTEM, COM_TEXT(fs_item_name(item->node)));
}

/* --- names ------------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE item_get_Name(IFsiItem *iface, BSTR *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    return com_fail(iface, com_return_text(fs_item_name(COM_SELF(struct item, iface)->node), value));
}

static HRESULT return_and_free(void *iface, enum oi_status status, WCHAR *text, BSTR *value)
{
    HRESULT hr;

    if (status) return fsi_fail(iface, status, NULL);
    hr = com_return_text(text, value);
    free(text);
    return com_fail(iface, hr);
}

HRESULT STDMETHODCALLTYPE item_get_FullPath(IFsiItem *iface, BSTR *value)
{
    struct item *self = COM_SELF(struct item, iface);
    WCHAR *path = NULL;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    path = item_path(self->image, self->node);
    return return_and_free(iface, path ? OI_OK : OI_NO_MEMORY, path, value);
}

static BOOL is_one_file_system(FsiFileSystems file_system)
{
    return file_system == FsiFileSystemISO9660 || file_system == FsiFileSystemJoliet ||
           file_system == FsiFileSystemUDF;
}

HRESULT STDMETHODCALLTYPE item_FileSystemName(IFsiItem *iface, FsiFileSystems file_system, BSTR *value)
{
    struct item *self = COM_SELF(struct item, iface);
    WCHAR name[FS_NAME_MAX + 1];
    enum oi_status status;

    COM_TRACE(iface, "%#x, %p", (unsigned)file_system, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!is_one_file_system(file_system)) return fsi_invalid(iface, L"fileSystem");
    image_lock(self->image);
    status = fs_item_file_system_name(self->node, (enum fs_kind)file_system, name);
    image_unlock(self->image);
    return status ? fsi_fail(iface, status, NULL) : com_fail(iface, com_return_text(name, value));
}

HRESULT STDMETHODCALLTYPE item_FileSystemPath(IFsiItem *iface, FsiFileSystems file_system, BSTR *value)
{
    struct item *self = COM_SELF(struct item, iface);
    WCHAR *path = NULL;
    enum oi_status status;

    COM_TRACE(iface, "%#x, %p", (unsigned)file_system, value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!is_one_file_system(file_system)) return fsi_invalid(iface, L"fileSystem");
    image_lock(self->image);
    status = fs_item_file_system_path(self->node, (enum fs_kind)file_system, &path);
    image_unlock(self->image);
    return return_and_free(iface, status, path, value);
}

/* --- times ------------------------------------------------------------------------------------------- */

#define DAY (86400 * (fs_time)FS_TIME_SECOND)

/* The years 100 to 9999, as automation dates have it: the day after 9999-12-31 is none. */
#define DATE_FIRST (-657434)
#define DATE_END 2958466

/* An automation date counts days from 1899-12-30; before that, the part of the day still counts forwards:
   -1.25 is six o'clock on the 29th. Times that no date can say, which damaged volumes have, are shown as the
   first or the last. */
static DATE date_from_time(fs_time time)
{
    fs_time first = FS_TIME_DATE_0 + DATE_FIRST * DAY;
    fs_time last = FS_TIME_DATE_0 + DATE_END * DAY - FS_TIME_SECOND;
    fs_time since = (time < first ? first : time > last ? last : time) - FS_TIME_DATE_0;
    fs_time days = since / DAY - (since % DAY < 0);
    double part = (double)(since - days * DAY) / (double)DAY;
    DATE date = (double)days - part;

    if (days >= 0) return (double)days + part;
    /* Far back the last moments of a day have no date of their own: the nearest is the next midnight, while
       the difference, rounded, is a midnight two days before that. */
    return date > (double)(days - 1) ? date : (double)(days + 1);
}

static BOOL date_to_time(DATE date, fs_time *time)
{
    double days = trunc(date);

    if (!(days >= DATE_FIRST && days < DATE_END)) return FALSE;     /* also no number at all */
    *time = FS_TIME_DATE_0 + (fs_time)days * DAY + (fs_time)llround(fabs(date - days) * (double)DAY);
    return TRUE;
}

static HRESULT get_time(IFsiItem *iface, size_t offset, DATE *value)
{
    struct item *self = COM_SELF(struct item, iface);
    struct fs_times times;

    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self->image);
    fs_item_times(self->node, &times);
    image_unlock(self->image);
    *value = date_from_time(*(const fs_time *)((const char *)&times + offset));
    return S_OK;
}

static HRESULT put_time(IFsiItem *iface, size_t offset, DATE value)
{
    struct item *self = COM_SELF(struct item, iface);
    struct fs_times times;
    fs_time time;
    HRESULT hr;

    if (!date_to_time(value, &time)) return fsi_invalid(iface, L"newVal");
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr))
    {
        fs_item_times(self->node, &times);
        *(fs_time *)((char *)&times + offset) = time;
        fs_item_set_times(self->node, &times);
    }
    image_unlock(self->image);
    return com_fail(iface, hr);
}

HRESULT STDMETHODCALLTYPE item_get_CreationTime(IFsiItem *iface, DATE *value)
{
    COM_TRACE(iface, "%p", value);
    return get_time(iface, offsetof(struct fs_times, created), value);
}

HRESULT STDMETHODCALLTYPE item_put_CreationTime(IFsiItem *iface, DATE value)
{
    COM_TRACE(iface, "%f", value);
    return put_time(iface, offsetof(struct fs_times, created), value);
}

HRESULT STDMETHODCALLTYPE item_get_LastAccessedTime(IFsiItem *iface, DATE *value)
{
    COM_TRACE(iface, "%p", value);
    return get_time(iface, offsetof(struct fs_times, accessed), value);
}

HRESULT STDMETHODCALLTYPE item_put_LastAccessedTime(IFsiItem *iface, DATE value)
{
    COM_TRACE(iface, "%f", value);
    return put_time(iface, offsetof(struct fs_times, accessed), value);
}

HRESULT STDMETHODCALLTYPE item_get_LastModifiedTime(IFsiItem *iface, DATE *value)
{
    COM_TRACE(iface, "%p", value);
    return get_time(iface, offsetof(struct fs_times, modified), value);
}

HRESULT STDMETHODCALLTYPE item_put_LastModifiedTime(IFsiItem *iface, DATE value)
{
    COM_TRACE(iface, "%f", value);
    return put_time(iface, offsetof(struct fs_times, modified), value);
}

/* --- attributes -------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE item_get_IsHidden(IFsiItem *iface, VARIANT_BOOL *value)
{
    struct item *self = COM_SELF(struct item, iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self->image);
    *value = com_bool(fs_item_hidden(self->node));
    image_unlock(self->image);
    return S_OK;
}

HRESULT STDMETHODCALLTYPE item_put_IsHidden(IFsiItem *iface, VARIANT_BOOL value)
{
    struct item *self = COM_SELF(struct item, iface);
    HRESULT hr;

    COM_TRACE(iface, "%d", value);
    image_lock(self->image);
    hr = image_check_changeable(self->image);
    if (SUCCEEDED(hr)) fs_item_set_hidden(self->node, value != VARIANT_FALSE);
    image_unlock(self->image);
    return com_fail(iface, hr);
}
