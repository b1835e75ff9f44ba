/* Enumerators over items: the children of a directory, or the named streams of a file. */
#include "imapi2fs/imapi2fs_room.h"

/* Objects for all of them, in the order in which they were added: a snapshot. */
static HRESULT snapshot(struct image *image, const struct fs_item *of, IFsiItem ***items, size_t *count)
{
    struct fs_item **nodes = NULL;
    size_t n = 0, made = 0;
    HRESULT hr = S_OK;

    *items = NULL;
    *count = 0;
    image_lock(image);
    n = fs_item_child_count(of) + fs_stream_count(of);
    nodes = malloc((n + 1) * sizeof(*nodes));
    if (nodes)
    {
        struct fs_item *node = fs_stream_count(of) ? fs_stream_first(of) : fs_item_first_child(of);

        for (size_t i = 0; i < n; i++, node = fs_item_next(node)) nodes[i] = fs_item_ref(node);
    }
    image_unlock(image);
    *items = nodes ? calloc(n + 1, sizeof(**items)) : NULL;
    if (!*items) hr = E_OUTOFMEMORY;
    for (; SUCCEEDED(hr) && made < n; made++)
    {
        hr = item_create(image, nodes[made], &IID_IFsiItem, (void **)&(*items)[made]);
        if (FAILED(hr)) break;
    }
    for (size_t i = 0; nodes && i < n; i++) fs_item_unref(nodes[i]);
    free(nodes);
    *count = made;
    return hr;
}

static void free_snapshot(IFsiItem **items, size_t count)
{
    for (size_t i = 0; i < count; i++) IFsiItem_Release(items[i]);
    free(items);
}

HRESULT item_enum_variant(struct image *image, const struct fs_item *of, IEnumVARIANT **out)
{
    IFsiItem **items;
    size_t count;
    HRESULT hr;

    *out = NULL;
    hr = snapshot(image, of, &items, &count);
    if (SUCCEEDED(hr)) hr = com_enum_objects_create((void *const *)items, count, out);
    free_snapshot(items, count);
    return hr;
}

COM_ENUM_CLASS(enum_fsi_items_class, &CLSID_EnumFsiItems, &IID_IEnumFsiItems);

HRESULT item_enum(struct image *image, const struct fs_item *of, IEnumFsiItems **out)
{
    IFsiItem **items;
    size_t count;
    HRESULT hr;

    *out = NULL;
    hr = snapshot(image, of, &items, &count);
    if (SUCCEEDED(hr))
        hr = com_enum_create(&enum_fsi_items_class, (void *const *)items, count, (void **)out);
    free_snapshot(items, count);
    return hr;
}
