/* Changes of an image without memory: every allocation fails in turn (fsi_memory.h). */
#include "fsi_memory.h"

#include <string.h>

#define ID L"IFsiDirectoryItem"

/* What the uses share; made anew for each attempt. */
static struct test_sink sink;
static IFsiFileItem *file_item;
static WCHAR folder[MAX_PATH], other_folder[MAX_PATH];

static void finish(void)
{
    if (file_item) IFsiFileItem_Release(file_item);
    file_item = NULL;
}

/* --- changes ----------------------------------------------------------------------------------------- */

static HRESULT add_directory(struct fsi *fsi)
{
    return IFsiDirectoryItem2_AddDirectory(fsi->root, B("second\\another"));
}

TEST(adding_a_directory)
{
    fsi_without_memory(&(struct fsi_use){ .run = add_directory });
}

static HRESULT add_stream(struct fsi *fsi)
{
    return IFsiDirectoryItem2_AddFile(fsi->root, B("second\\added"), &fsi_memory_stream.iface);
}

static void stage(struct fsi *fsi)
{
    IFileSystemImage3_put_StageFiles(fsi->image, VARIANT_TRUE);
}

TEST(adding_a_file)
{
    fsi_without_memory(&(struct fsi_use){ .run = add_stream });
}

TEST(adding_a_staged_file)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = stage, .run = add_stream });
}

static void make_items(struct fsi *fsi)
{
    IFileSystemImage3_CreateFileItem(fsi->image, B("item"), &file_item);
    IFsiFileItem_put_Data(file_item, &fsi_memory_stream.iface);
}

static void make_items_to_stage(struct fsi *fsi)
{
    stage(fsi);
    make_items(fsi);
}

static HRESULT create_items(struct fsi *fsi)
{
    IFsiDirectoryItem *directory = (IFsiDirectoryItem *)1;
    IFsiFileItem *file = (IFsiFileItem *)1;
    HRESULT hr = IFileSystemImage3_CreateFileItem(fsi->image, B("item"), &file);

    if (FAILED(hr))
    {
        ok(!file, "file is cleared");
        return hr;
    }
    hr = IFsiFileItem_put_Data(file, &fsi_memory_stream.iface);
    if (SUCCEEDED(hr))
    {
        hr = IFileSystemImage3_CreateDirectoryItem(fsi->image, B("directory"), &directory);
        if (SUCCEEDED(hr)) IFsiDirectoryItem_Release(directory);
        else ok(!directory, "directory is cleared");
    }
    IFsiFileItem_Release(file);
    return hr;
}

TEST(creating_items)
{
    fsi_without_memory(&(struct fsi_use){ .run = create_items });
}

static HRESULT add_file_item(struct fsi *fsi)
{
    return IFsiDirectoryItem2_Add(fsi->root, (IFsiItem *)file_item);
}

TEST(adding_an_item)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = make_items, .finish = finish, .run = add_file_item,
                                          .of = ID, .method = L"Add" });
}

TEST(adding_an_item_that_is_staged)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = make_items_to_stage, .run = add_file_item,
                                          .finish = finish });
}

static HRESULT remove_file(struct fsi *fsi)
{
    return IFsiDirectoryItem2_Remove(fsi->root, B("first"));
}

static HRESULT remove_tree(struct fsi *fsi)
{
    return IFsiDirectoryItem2_RemoveTree(fsi->root, B("\\"));
}

static HRESULT rollback(struct fsi *fsi)
{
    return IFileSystemImage3_RollbackToChangePoint(fsi->image, 1);
}

TEST(removing)
{
    fsi_without_memory(&(struct fsi_use){ .run = remove_file, .of = ID, .method = L"Remove" });
    fsi_without_memory(&(struct fsi_use){ .run = remove_tree });
}

TEST(rolling_back)
{
    fsi_without_memory(&(struct fsi_use){ .run = rollback });
}

/* --- AddTree ----------------------------------------------------------------------------------------- */

static HRESULT add_tree(struct fsi *fsi)
{
    return fsi_add_tree(fsi, folder, TRUE);
}

/* Over what is there: one file replaced, one directory joined. */
static HRESULT add_tree_over(struct fsi *fsi)
{
    return fsi_add_tree(fsi, folder, FALSE);
}

static void make_rivals(struct fsi *fsi)
{
    fsi_add_file(fsi, L"READ ME.txt", 9);
    IFsiDirectoryItem2_AddDirectory(fsi->root, B("Sub folder"));
    fsi_add_file(fsi, L"Sub folder\\data.bin", 9);
}

static void stage_rivals(struct fsi *fsi)
{
    stage(fsi);
    make_rivals(fsi);
}

static HRESULT add_one_file(struct fsi *fsi)
{
    return fsi_add_tree(fsi, fsi_path(folder, L"Read me.txt"), FALSE);
}

static HRESULT add_named_streams(struct fsi *fsi)
{
    return IFsiDirectoryItem2_AddTreeWithNamedStreams(fsi->root, folder, VARIANT_FALSE);
}

TEST(adding_a_tree)
{
    fsi_make_folder(folder);
    fsi_without_memory(&(struct fsi_use){ .run = add_tree, .of = ID, .method = L"AddTree" });
    fsi_without_memory(&(struct fsi_use){ .prepare = make_rivals, .run = add_tree_over });
    fsi_without_memory(&(struct fsi_use){ .run = add_one_file });
    fsi_without_memory(&(struct fsi_use){ .run = add_named_streams,
                                          .expected = IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED });
    fsi_delete_tree(folder);
}

TEST(adding_a_staged_tree)
{
    fsi_make_folder(folder);
    fsi_without_memory(&(struct fsi_use){ .prepare = stage_rivals, .run = add_tree_over });
    fsi_delete_tree(folder);
}

/* Lists of all kinds grow on the way. */
TEST(adding_a_larger_tree)
{
    WCHAR name[40];

    fsi_make_folder(folder);
    for (unsigned i = 0; i < 40; i++)
    {
        swprintf(name, ARRAYSIZE(name), L"%lsfile of a long name %u", i % 2 ? L"Sub folder\\" : L"", i);
        fsi_write(folder, name, i);
    }
    fsi_without_memory(&(struct fsi_use){ .prepare = make_rivals, .run = add_tree_over });
    fsi_delete_tree(folder);
}

/* --- the stash --------------------------------------------------------------------------------------- */

static void stage_one(struct fsi *fsi)
{
    stage(fsi);
    IFsiDirectoryItem2_AddFile(fsi->root, B("staged"), &fsi_memory_stream.iface);
}

static HRESULT move_stash(struct fsi *fsi)
{
    return IFileSystemImage3_put_WorkingDirectory(fsi->image, other_folder);
}

TEST(moving_the_stash)
{
    fsi_folder(other_folder);
    fsi_without_memory(&(struct fsi_use){ .run = move_stash });
    fsi_without_memory(&(struct fsi_use){ .prepare = stage_one, .run = move_stash });
    fsi_delete_tree(other_folder);
}

/* --- errors and events ------------------------------------------------------------------------------- */

static HRESULT fail_with_texts(struct fsi *fsi)
{
    return IFsiDirectoryItem2_AddDirectory(fsi->root, B("no\\such\\parent"));
}

static HRESULT fail_with_names(struct fsi *fsi)
{
    FsiItemType type;

    return IFileSystemImage3_Exists(fsi->image, B("relative"), &type);
}

static void announce_too_much(struct fsi *fsi)
{
    stage(fsi);
    fsi_memory_stream.end = 2048;
}

/* A failure without memory for its text is the same failure. */
TEST(failing)
{
    fsi_without_memory(&(struct fsi_use){ .run = fail_with_texts, .expected = IMAPI_E_DIR_NOT_FOUND });
    fsi_without_memory(&(struct fsi_use){ .run = fail_with_names, .expected = IMAPI_E_INVALID_PATH });
    fsi_without_memory(&(struct fsi_use){ .prepare = announce_too_much, .run = add_stream,
                                          .expected = IMAPI_E_DATA_STREAM_INCONSISTENCY });
}

static HRESULT listen(struct fsi *fsi)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point = NULL;
    DWORD cookie = 0;
    HRESULT hr;

    hr = IFileSystemImage3_QueryInterface(fsi->image, &IID_IConnectionPointContainer, (void **)&container);
    if (FAILED(hr)) return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_DFileSystemImageEvents, &point);
    if (SUCCEEDED(hr)) hr = IConnectionPoint_Advise(point, (IUnknown *)&sink.iface, &cookie);
    if (SUCCEEDED(hr)) hr = add_stream(fsi);
    if (cookie) IConnectionPoint_Unadvise(point, cookie);
    if (point) IConnectionPoint_Release(point);
    IConnectionPointContainer_Release(container);
    test_sink_clear(&sink);
    ok_int(sink.references, 1, "references of the sink");
    return hr;
}

TEST(adding_a_file_while_somebody_listens)
{
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageEvents;
    test_sink_init(&sink);
    fsi_without_memory(&(struct fsi_use){ .run = listen });
}

TEST_MAIN(
    TEST_CASE(adding_a_directory),
    TEST_CASE(adding_a_file),
    TEST_CASE(adding_a_staged_file),
    TEST_CASE(creating_items),
    TEST_CASE(adding_an_item),
    TEST_CASE(adding_an_item_that_is_staged),
    TEST_CASE(removing),
    TEST_CASE(rolling_back),
    TEST_CASE(adding_a_tree),
    TEST_CASE(adding_a_staged_tree),
    TEST_CASE(adding_a_larger_tree),
    TEST_CASE(moving_the_stash),
    TEST_CASE(failing),
    TEST_CASE(adding_a_file_while_somebody_listens))
