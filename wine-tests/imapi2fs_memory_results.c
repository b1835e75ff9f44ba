/* Result images without memory: every allocation fails in turn (fsi_memory.h). */
#include "fsi_memory.h"

#include <shlwapi.h>

/* What the uses share; made anew for each attempt. */
static IFileSystemImageResult *result;
static IStream *target;

static void stage_one(struct fsi *fsi)
{
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
    IFsiDirectoryItem2_AddFile(fsi->root, B("staged"), &fsi_memory_stream.iface);
}

static HRESULT create_result(struct fsi *fsi)
{
    IFileSystemImageResult *made = (IFileSystemImageResult *)1;
    HRESULT hr = IFileSystemImage3_CreateResultImage(fsi->image, &made);

    if (SUCCEEDED(hr)) IFileSystemImageResult_Release(made);
    else ok(!made, "result is cleared");
    return hr;
}

TEST(creating_a_result)
{
    fsi_without_memory(&(struct fsi_use){ .run = create_result,
                                          .of = L"IFileSystemImage", .method = L"CreateResultImage" });
    fsi_without_memory(&(struct fsi_use){ .prepare = stage_one, .run = create_result });
}

static void make_result(struct fsi *fsi)
{
    IFsiDirectoryItem2_AddFile(fsi->root, B("streamed"), &fsi_memory_stream.iface);
    IFileSystemImage3_CreateResultImage(fsi->image, &result);
    target = SHCreateMemStream(NULL, 0);
}

static void make_staged_result(struct fsi *fsi)
{
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
    make_result(fsi);
}

static void finish(void)
{
    if (result) IFileSystemImageResult_Release(result);
    if (target) IStream_Release(target);
    result = NULL;
    target = NULL;
}

static HRESULT read_image(struct fsi *fsi)
{
    static BYTE bytes[3 << 20];
    ULARGE_INTEGER all = { .QuadPart = MAXLONGLONG };
    LARGE_INTEGER zero = { .QuadPart = 0 };
    IStream *image = (IStream *)1, *clone = NULL;
    STATSTG stat;
    ULONG got;
    HRESULT hr = IFileSystemImageResult_get_ImageStream(result, &image);

    (void)fsi;
    ok(SUCCEEDED(hr) || !image, "stream is cleared");
    if (FAILED(hr)) return hr;
    hr = IStream_Read(image, bytes, sizeof(bytes), &got);
    if (SUCCEEDED(hr)) hr = IStream_Clone(image, &clone);
    if (SUCCEEDED(hr)) hr = IStream_Seek(clone, zero, STREAM_SEEK_SET, NULL);
    if (SUCCEEDED(hr)) hr = IStream_CopyTo(clone, target, all, NULL, NULL);
    if (SUCCEEDED(hr)) hr = IStream_Stat(clone, &stat, STATFLAG_DEFAULT);
    if (SUCCEEDED(hr)) CoTaskMemFree(stat.pwcsName);
    if (clone) IStream_Release(clone);
    IStream_Release(image);
    return hr;
}

TEST(reading_an_image)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = make_result, .finish = finish, .run = read_image });
    fsi_without_memory(&(struct fsi_use){ .prepare = make_staged_result, .run = read_image,
                                          .finish = finish });
}

static HRESULT read_progress_item(IProgressItems *items)
{
    IProgressItem *item = (IProgressItem *)1;
    BSTR text;
    HRESULT hr = IProgressItems_get_Item(items, 0, &item);

    ok(SUCCEEDED(hr) || !item, "item is cleared");
    if (FAILED(hr)) return hr;
    text = (BSTR)1;
    hr = IProgressItem_get_Description(item, &text);
    ok(SUCCEEDED(hr) || !text, "text is cleared");
    SysFreeString(text);
    IProgressItem_Release(item);
    if (FAILED(hr)) return hr;
    hr = IProgressItems_ProgressItemFromBlock(items, 16, &item);
    if (FAILED(hr)) return hr;
    IProgressItem_Release(item);
    hr = IProgressItems_ProgressItemFromDescription(items, B("\\first"), &item);
    if (SUCCEEDED(hr)) IProgressItem_Release(item);
    return hr;
}

static HRESULT read_progress_items(struct fsi *fsi)
{
    IProgressItems *items = (IProgressItems *)1;
    IEnumProgressItems *list = NULL, *clone = NULL;
    IEnumVARIANT *variants = NULL;
    BSTR text = NULL;
    HRESULT hr = IFileSystemImageResult_get_ProgressItems(result, &items);

    (void)fsi;
    ok(SUCCEEDED(hr) || !items, "items are cleared");
    if (FAILED(hr)) return hr;
    hr = read_progress_item(items);
    if (SUCCEEDED(hr)) hr = IProgressItems_get__NewEnum(items, &variants);
    if (SUCCEEDED(hr)) hr = IProgressItems_get_EnumProgressItems(items, &list);
    if (SUCCEEDED(hr)) hr = IEnumProgressItems_Clone(list, &clone);
    if (SUCCEEDED(hr)) hr = IFileSystemImageResult_get_DiscId(result, &text);
    SysFreeString(text);
    if (clone) IEnumProgressItems_Release(clone);
    if (list) IEnumProgressItems_Release(list);
    if (variants) IEnumVARIANT_Release(variants);
    IProgressItems_Release(items);
    return hr;
}

TEST(reading_progress_items)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = make_result, .run = read_progress_items,
                                          .finish = finish });
}

TEST_MAIN(
    TEST_CASE(creating_a_result),
    TEST_CASE(reading_an_image),
    TEST_CASE(reading_progress_items))
