/* Named streams and the image manager without memory: every allocation fails in turn (fsi_memory.h). */
#include "fsi_memory.h"

#include <shlwapi.h>

/* --- named streams ----------------------------------------------------------------------------------- */

static IFsiFileItem2 *file;
static IFsiNamedStreams *streams;

static void get_file(struct fsi *fsi)
{
    file = fsi_item(fsi, L"first", &IID_IFsiFileItem2);
    if (file) IFsiFileItem2_get_FsiNamedStreams(file, &streams);
}

static void get_file_with_streams(struct fsi *fsi)
{
    get_file(fsi);
    IFsiFileItem2_AddStream(file, B("one"), &fsi_memory_stream.iface);
    IFsiFileItem2_AddStream(file, B("two"), &fsi_memory_stream.iface);
}

static void get_file_to_stage_for(struct fsi *fsi)
{
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
    get_file(fsi);
}

static void let_file_go(void)
{
    if (streams) IFsiNamedStreams_Release(streams);
    if (file) IFsiFileItem2_Release(file);
    streams = NULL;
    file = NULL;
}

static HRESULT add_stream(struct fsi *fsi)
{
    (void)fsi;
    return IFsiFileItem2_AddStream(file, B("added"), &fsi_memory_stream.iface);
}

static HRESULT remove_stream(struct fsi *fsi)
{
    (void)fsi;
    return IFsiFileItem2_RemoveStream(file, B("two"));
}

TEST(adding_a_named_stream)
{
    fsi_without_memory(&(struct fsi_use){.prepare = get_file,
                                         .run = add_stream,
                                         .finish = let_file_go,
                                         .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED});
    fsi_without_memory(&(struct fsi_use){.prepare = get_file_with_streams,
                                         .run = add_stream,
                                         .finish = let_file_go,
                                         .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED});
}

TEST(staging_a_named_stream)
{
    fsi_without_memory(&(struct fsi_use){.prepare = get_file_to_stage_for,
                                         .run = add_stream,
                                         .finish = let_file_go,
                                         .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED});
}

TEST(removing_a_named_stream)
{
    fsi_without_memory(&(struct fsi_use){.prepare = get_file_with_streams,
                                         .run = remove_stream,
                                         .finish = let_file_go,
                                         .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED});
}

static HRESULT look_at_streams(struct fsi *fsi)
{
    IFsiNamedStreams *collection = (IFsiNamedStreams *)1;
    IFsiFileItem2 *stream = (IFsiFileItem2 *)1;
    IEnumVARIANT *variants = NULL;
    IEnumFsiItems *items = NULL;
    BSTR path = NULL;
    HRESULT hr = IFsiFileItem2_get_FsiNamedStreams(file, &collection);

    (void)fsi;
    ok(SUCCEEDED(hr) || !collection, "collection is cleared");
    if (FAILED(hr)) return hr;
    IFsiNamedStreams_Release(collection);
    hr = IFsiNamedStreams_get_Item(streams, 1, &stream);
    ok(SUCCEEDED(hr) || !stream, "stream is cleared");
    if (FAILED(hr)) return hr;
    hr = IFsiFileItem2_get_FullPath(stream, &path);
    SysFreeString(path);
    IFsiFileItem2_Release(stream);
    if (SUCCEEDED(hr)) hr = IFsiNamedStreams_get__NewEnum(streams, &variants);
    if (SUCCEEDED(hr)) hr = IFsiNamedStreams_get_EnumNamedStreams(streams, &items);
    if (variants) IEnumVARIANT_Release(variants);
    if (items) IEnumFsiItems_Release(items);
    return hr;
}

TEST(looking_at_named_streams)
{
    fsi_without_memory(
        &(struct fsi_use){.prepare = get_file_with_streams, .run = look_at_streams, .finish = let_file_go});
}

/* The pairs that only memory brings about. */
static void check_out_of_memory(HRESULT (*run)(void), const WCHAR *interface_, const WCHAR *method)
{
    LONG n = 1;
    HRESULT hr;

    do
    {
        memory_fail(n++);
        hr = run();
        memory_fail(0);
    } while (SUCCEEDED(hr) && n < 20);
    check_pair(hr, interface_, method, E_OUTOFMEMORY);
}

static HRESULT get_collection(void)
{
    IFsiNamedStreams *collection = NULL;
    HRESULT hr = IFsiFileItem2_get_FsiNamedStreams(file, &collection);

    if (collection) IFsiNamedStreams_Release(collection);
    return hr;
}

static HRESULT get_new_enum(void)
{
    IEnumVARIANT *variants = NULL;
    HRESULT hr = IFsiNamedStreams_get__NewEnum(streams, &variants);

    if (variants) IEnumVARIANT_Release(variants);
    return hr;
}

static HRESULT get_enum(void)
{
    IEnumFsiItems *items = NULL;
    HRESULT hr = IFsiNamedStreams_get_EnumNamedStreams(streams, &items);

    if (items) IEnumFsiItems_Release(items);
    return hr;
}

static HRESULT remove_one(void)
{
    return IFsiFileItem2_RemoveStream(file, B("two"));
}
static HRESULT add_one(void)
{
    return IFsiFileItem2_AddStream(file, B("three"), &fsi_memory_stream.iface);
}

TEST(without_memory_each_member_says_so)
{
    static const struct fsi_use use = {.prepare = get_file_with_streams, .finish = let_file_go};
    struct fsi fsi;

    if (!fsi_memory_begin(&fsi, &use)) return;
    check_out_of_memory(get_collection, L"IFsiFileItem2", L"get_FsiNamedStreams");
    check_out_of_memory(add_one, L"IFsiFileItem2", L"AddStream");
    check_out_of_memory(remove_one, L"IFsiFileItem2", L"RemoveStream");
    check_out_of_memory(get_new_enum, L"IFsiNamedStreams", L"get__NewEnum");
    check_out_of_memory(get_enum, L"IFsiNamedStreams", L"get_EnumNamedStreams");
    fsi_memory_end(&fsi, &use);
}

/* --- host files -------------------------------------------------------------------------------------- */

static WCHAR folder[MAX_PATH];

static HRESULT add_tree(struct fsi *fsi)
{
    return IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi->root, folder, VARIANT_TRUE);
}

TEST(addtreewithnamedstreams)
{
    struct fsi_use use = {.run = add_tree, .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED};
    struct fsi fsi;

    fsi_make_folder(folder);
    fsi_without_memory(&use);
    if (fsi_memory_begin(&fsi, &use))
    {
        memory_fail(1);
        check_pair(add_tree(&fsi), L"IFsiDirectoryItem2", L"AddTreeWithNamedStreams", E_OUTOFMEMORY);
        memory_fail(0);
        fsi_memory_end(&fsi, &use);
    }
    fsi_delete_tree(folder);
}

/* --- the image manager ------------------------------------------------------------------------------- */

static IIsoImageManager *manager;
static WCHAR image_path[MAX_PATH];

static void make_manager(struct fsi *fsi)
{
    (void)fsi;
    com_test_create(DLL, &CLSID_MsftIsoImageManager, &IID_IIsoImageManager, (void **)&manager);
}

static void let_manager_go(void)
{
    if (manager) IIsoImageManager_Release(manager);
    manager = NULL;
}

static HRESULT use_manager(struct fsi *fsi)
{
    BSTR path = (BSTR)1;
    IStream *stream = NULL;
    HRESULT hr = IIsoImageManager_SetStream(manager, &fsi_memory_stream.iface);

    (void)fsi;
    if (SUCCEEDED(hr)) hr = IIsoImageManager_SetPath(manager, image_path);
    if (FAILED(hr)) return hr;
    hr = IIsoImageManager_get_Path(manager, &path);
    ok(SUCCEEDED(hr) || !path, "path is cleared");
    SysFreeString(path);
    if (SUCCEEDED(hr)) hr = IIsoImageManager_get_Stream(manager, &stream);
    if (stream) IStream_Release(stream);
    return SUCCEEDED(hr) ? IIsoImageManager_Validate(manager) : hr;
}

TEST(using_an_image_manager)
{
    GetTempPathW(MAX_PATH - 20, image_path);
    fsi_write(image_path, L"manager.iso", 40 * 2048);
    lstrcatW(image_path, L"\\manager.iso");
    fsi_without_memory(&(struct fsi_use){.prepare = make_manager,
                                         .run = use_manager,
                                         .finish = let_manager_go,
                                         .expected = IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND});
    ok(DeleteFileW(image_path), "nothing holds the file");
}

static HRESULT create_manager(struct fsi *fsi)
{
    IIsoImageManager *made = (IIsoImageManager *)1;
    HRESULT hr = com_test_create(DLL, &CLSID_MsftIsoImageManager, &IID_IIsoImageManager, (void **)&made);

    (void)fsi;
    if (SUCCEEDED(hr))
        IIsoImageManager_Release(made);
    else
        ok(!made, "manager is cleared");
    return hr;
}

TEST(creating_an_image_manager)
{
    fsi_without_memory(&(struct fsi_use){.run = create_manager});
}

TEST_MAIN(TEST_CASE(adding_a_named_stream), TEST_CASE(staging_a_named_stream),
          TEST_CASE(removing_a_named_stream), TEST_CASE(looking_at_named_streams),
          TEST_CASE(without_memory_each_member_says_so), TEST_CASE(addtreewithnamedstreams),
          TEST_CASE(using_an_image_manager), TEST_CASE(creating_an_image_manager))
