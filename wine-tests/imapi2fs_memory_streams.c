/* Named streams without memory: every allocation fails in turn (fsi_memory.h). As UDF 2.00 is not chosen, the
   good answer to a change is that the streams are kept, but stay out of the image. */
#include "fsi_memory.h"

#define KEPT IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED

static IFsiFileItem2 *file;

static void open_file(struct fsi *fsi)
{
    file = fsi_item(fsi, L"second\\below.text", &IID_IFsiFileItem2);
}

static void open_staged(struct fsi *fsi)
{
    open_file(fsi);
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
}

static void add_two(struct fsi *fsi)
{
    open_file(fsi);
    IFsiFileItem2_AddStream(file, B("one"), &fsi_memory_stream.iface);
    IFsiFileItem2_AddStream(file, B("two"), &fsi_memory_stream.iface);
}

static void finish(void)
{
    IFsiFileItem2_Release(file);
}

static HRESULT add(struct fsi *fsi)
{
    (void)fsi;
    return IFsiFileItem2_AddStream(file, B("three"), &fsi_memory_stream.iface);
}

TEST(adding_a_stream)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = open_file, .run = add, .finish = finish,
                                          .expected = KEPT });
    fsi_without_memory(&(struct fsi_use){ .prepare = add_two, .run = add, .finish = finish,
                                          .expected = KEPT });
}

TEST(adding_a_staged_stream)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = open_staged, .run = add, .finish = finish,
                                          .expected = KEPT });
}

static HRESULT take_away(struct fsi *fsi)
{
    (void)fsi;
    return IFsiFileItem2_RemoveStream(file, B("one"));
}

TEST(removing_a_stream)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = add_two, .run = take_away, .finish = finish,
                                          .expected = KEPT });
}

static HRESULT read(struct fsi *fsi)
{
    IFsiNamedStreams *streams = (IFsiNamedStreams *)1;
    IFsiFileItem2 *stream = (IFsiFileItem2 *)1;
    IEnumVARIANT *variants = NULL;
    IEnumFsiItems *items = NULL;
    BSTR path = NULL;
    HRESULT hr = IFsiFileItem2_get_FsiNamedStreams(file, &streams);

    (void)fsi;
    ok(SUCCEEDED(hr) || !streams, "collection is cleared");
    if (FAILED(hr)) return hr;
    hr = IFsiNamedStreams_get_Item(streams, 1, &stream);
    ok(SUCCEEDED(hr) || !stream, "stream is cleared");
    if (SUCCEEDED(hr))
    {
        hr = IFsiFileItem2_get_FullPath(stream, &path);
        SysFreeString(path);
        IFsiFileItem2_Release(stream);
    }
    if (SUCCEEDED(hr)) hr = IFsiNamedStreams_get__NewEnum(streams, &variants);
    if (SUCCEEDED(hr)) hr = IFsiNamedStreams_get_EnumNamedStreams(streams, &items);
    if (items) IEnumFsiItems_Release(items);
    if (variants) IEnumVARIANT_Release(variants);
    IFsiNamedStreams_Release(streams);
    return hr;
}

TEST(reading_streams)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = add_two, .run = read, .finish = finish });
}

TEST_MAIN(
    TEST_CASE(adding_a_stream),
    TEST_CASE(adding_a_staged_stream),
    TEST_CASE(removing_a_stream),
    TEST_CASE(reading_streams))
