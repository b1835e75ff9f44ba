/* Images and their items without memory: every allocation fails in turn (fsi_memory.h). */
#include "fsi_memory.h"

/* --- objects and properties -------------------------------------------------------------------------- */

static HRESULT create(struct fsi *fsi)
{
    IFileSystemImage3 *image = (IFileSystemImage3 *)1;
    HRESULT hr = com_test_create(DLL, &CLSID_MsftFileSystemImage, &IID_IFileSystemImage3, (void **)&image);

    (void)fsi;
    if (SUCCEEDED(hr)) IFileSystemImage3_Release(image);
    else ok(!image, "image is cleared");
    return hr;
}

TEST(creating_an_image)
{
    fsi_without_memory(&(struct fsi_use){ .run = create });
}

#define TRY_TEXT(call)                                                                                       \
    do                                                                                                       \
    {                                                                                                        \
        BSTR *value = &text;                                                                                 \
                                                                                                             \
        text = (BSTR)1;                                                                                      \
        hr = call;                                                                                           \
        ok(SUCCEEDED(hr) || !text, "text is cleared");                                                       \
        SysFreeString(text);                                                                                 \
        if (FAILED(hr)) return hr;                                                                           \
    } while (0)

static HRESULT read_texts(struct fsi *fsi)
{
    IFileSystemImage3 *image = fsi->image;
    BSTR text;
    HRESULT hr;

    TRY_TEXT(IFileSystemImage3_get_VolumeName(image, value));
    TRY_TEXT(IFileSystemImage3_get_VolumeNameUDF(image, value));
    TRY_TEXT(IFileSystemImage3_get_VolumeNameJoliet(image, value));
    TRY_TEXT(IFileSystemImage3_get_VolumeNameISO9660(image, value));
    TRY_TEXT(IFileSystemImage3_get_WorkingDirectory(image, value));
    return hr;
}

TEST(reading_texts_of_an_image)
{
    fsi_without_memory(&(struct fsi_use){ .run = read_texts });
}

static HRESULT read_arrays(struct fsi *fsi)
{
    SAFEARRAY *array;
    HRESULT hr;

#define TRY_ARRAY(property)                                                                                  \
    array = (SAFEARRAY *)1;                                                                                  \
    hr = IFileSystemImage3_get_##property(fsi->image, &array);                                               \
    ok(SUCCEEDED(hr) || !array, "array is cleared");                                                         \
    if (FAILED(hr)) return hr;                                                                               \
    SafeArrayDestroy(array)
    TRY_ARRAY(ISO9660InterchangeLevelsSupported);
    TRY_ARRAY(UDFRevisionsSupported);
    TRY_ARRAY(MultisessionInterfaces);
    TRY_ARRAY(BootImageOptionsArray);
    return hr;
}

TEST(reading_arrays)
{
    fsi_without_memory(&(struct fsi_use){ .run = read_arrays });
}

static HRESULT read_item_texts(IFsiItem *item)
{
    BSTR text;
    HRESULT hr;

    TRY_TEXT(IFsiItem_get_Name(item, value));
    TRY_TEXT(IFsiItem_get_FullPath(item, value));
    TRY_TEXT(IFsiItem_FileSystemName(item, FsiFileSystemISO9660, value));
    TRY_TEXT(IFsiItem_FileSystemPath(item, FsiFileSystemJoliet, value));
    return hr;
}

static HRESULT read_item(struct fsi *fsi)
{
    IFsiItem *item = (IFsiItem *)1;
    HRESULT hr = IFsiDirectoryItem2_get_Item(fsi->root, B("second\\below.text"), &item);

    ok(SUCCEEDED(hr) || !item, "item is cleared");
    if (FAILED(hr)) return hr;
    hr = read_item_texts(item);
    IFsiItem_Release(item);
    return hr;
}

TEST(reading_an_item)
{
    fsi_without_memory(&(struct fsi_use){ .run = read_item });
}

static HRESULT enumerate(struct fsi *fsi)
{
    IEnumVARIANT *variants = NULL, *copy = NULL;
    IEnumFsiItems *items = NULL, *clone = NULL;
    VARIANT value;
    IFsiItem *item;
    HRESULT hr;

    VariantInit(&value);
    hr = IFsiDirectoryItem2_get__NewEnum(fsi->root, &variants);
    if (SUCCEEDED(hr)) hr = IEnumVARIANT_Clone(variants, &copy);
    if (SUCCEEDED(hr)) hr = IEnumVARIANT_Next(copy, 1, &value, NULL);
    VariantClear(&value);
    if (SUCCEEDED(hr)) hr = IFsiDirectoryItem2_get_EnumFsiItems(fsi->root, &items);
    if (SUCCEEDED(hr)) hr = IEnumFsiItems_Clone(items, &clone);
    if (SUCCEEDED(hr)) hr = IEnumFsiItems_Next(clone, 1, &item, NULL);
    if (SUCCEEDED(hr)) IFsiItem_Release(item);
    if (copy) IEnumVARIANT_Release(copy);
    if (variants) IEnumVARIANT_Release(variants);
    if (clone) IEnumFsiItems_Release(clone);
    if (items) IEnumFsiItems_Release(items);
    return hr;
}

TEST(enumerating_items)
{
    fsi_without_memory(&(struct fsi_use){ .run = enumerate });
}

static HRESULT put_volume_name(struct fsi *fsi)
{
    return IFileSystemImage3_put_VolumeName(fsi->image, B("Name"));
}

static HRESULT put_level(struct fsi *fsi)
{
    return IFileSystemImage3_put_ISO9660InterchangeLevel(fsi->image, 2);
}

static HRESULT put_kinds(struct fsi *fsi)
{
    return IFileSystemImage3_put_FileSystemsToCreate(fsi->image, FsiFileSystemISO9660);
}

static HRESULT lock_in(struct fsi *fsi)
{
    return IFileSystemImage3_LockInChangePoint(fsi->image);
}

TEST(putting_what_renames_all_items)
{
    fsi_without_memory(&(struct fsi_use){ .run = put_level });
}

/* What stands in unreachable.tsv because it takes no memory. */
static IFsiItem *first;
static IEnumFsiItems *items;

static void get_item(struct fsi *fsi)
{
    first = fsi_item(fsi, L"first", &IID_IFsiItem);
    IFsiDirectoryItem2_get_EnumFsiItems(fsi->root, &items);
}

static void let_item_go(void)
{
    if (first) IFsiItem_Release(first);
    if (items) IEnumFsiItems_Release(items);
    first = NULL;
    items = NULL;
}

static HRESULT put_of_item(struct fsi *fsi)
{
    HRESULT hr = IFsiItem_put_CreationTime(first, 40000.5);

    (void)fsi;
    if (SUCCEEDED(hr)) hr = IFsiItem_put_LastAccessedTime(first, 40001.5);
    if (SUCCEEDED(hr)) hr = IFsiItem_put_LastModifiedTime(first, 40002.5);
    return FAILED(hr) ? hr : IFsiItem_put_IsHidden(first, VARIANT_TRUE);
}

static HRESULT next_items(struct fsi *fsi)
{
    IFsiItem *next[3] = { NULL };
    ULONG got = 0;
    HRESULT hr = IEnumFsiItems_Next(items, 3, next, &got);

    (void)fsi;
    for (ULONG i = 0; i < got; i++) IFsiItem_Release(next[i]);
    ok_int(got, 3, "items");
    return hr;
}

/* Nothing of it takes memory. */
TEST(putting_properties_and_locking_in_and_going_on_need_none)
{
    static const struct fsi_use uses[] =
    {
        { .run = put_volume_name },
        { .run = put_kinds },
        { .run = lock_in },
        { .prepare = get_item, .finish = let_item_go, .run = put_of_item },
        { .prepare = get_item, .finish = let_item_go, .run = next_items },
    };
    struct fsi fsi;

    for (size_t i = 0; i < ARRAYSIZE(uses); i++)
    {
        if (!fsi_memory_begin(&fsi, &uses[i])) return;
        memory_fail(1);
        ok_hr(uses[i].run(&fsi), S_OK, "use %u", (unsigned)i);
        ok_int(memory_asked(), 0, "allocations");
        memory_fail(0);
        fsi_memory_end(&fsi, &uses[i]);
    }
}

static HRESULT read_data(struct fsi *fsi)
{
    IStream *data = (IStream *)1;
    IFsiFileItem *file;
    BYTE bytes[1000];
    IFsiItem *item;
    ULONG got;
    HRESULT hr = IFsiDirectoryItem2_get_Item(fsi->root, B("second\\below.text"), &item);

    if (FAILED(hr)) return hr;
    IFsiItem_QueryInterface(item, &IID_IFsiFileItem, (void **)&file);
    IFsiItem_Release(item);
    hr = IFsiFileItem_get_Data(file, &data);
    IFsiFileItem_Release(file);
    ok(SUCCEEDED(hr) || !data, "stream is cleared");
    if (FAILED(hr)) return hr;
    hr = IStream_Read(data, bytes, sizeof(bytes), &got);
    IStream_Release(data);
    return hr;
}

TEST(reading_data_of_a_file)
{
    fsi_without_memory(&(struct fsi_use){ .run = read_data });
}

/* --- the kit's interfaces ---------------------------------------------------------------------------- */

static HRESULT ask_for_interfaces(struct fsi *fsi)
{
    IProvideClassInfo *provider;
    IMarshal *marshal;
    ITypeInfo *info = NULL;
    CLSID clsid;
    HRESULT hr = IFsiDirectoryItem2_QueryInterface(fsi->root, &IID_IMarshal, (void **)&marshal);

    if (FAILED(hr)) return hr;
    hr = IMarshal_GetUnmarshalClass(marshal, &IID_IFsiItem, fsi->root, MSHCTX_INPROC, NULL, 0, &clsid);
    IMarshal_Release(marshal);
    if (SUCCEEDED(hr))
        hr = IFsiDirectoryItem2_QueryInterface(fsi->root, &IID_IProvideClassInfo, (void **)&provider);
    if (FAILED(hr)) return hr;
    hr = IProvideClassInfo_GetClassInfo(provider, &info);
    if (info) ITypeInfo_Release(info);
    IProvideClassInfo_Release(provider);
    return hr;
}

TEST(asking_for_interfaces)
{
    fsi_without_memory(&(struct fsi_use){ .run = ask_for_interfaces });
}

TEST_MAIN(
    TEST_CASE(creating_an_image),
    TEST_CASE(reading_texts_of_an_image),
    TEST_CASE(reading_arrays),
    TEST_CASE(reading_an_item),
    TEST_CASE(enumerating_items),
    TEST_CASE(putting_what_renames_all_items),
    TEST_CASE(putting_properties_and_locking_in_and_going_on_need_none),
    TEST_CASE(reading_data_of_a_file),
    TEST_CASE(asking_for_interfaces))
