/* DFileSystemImageEvents: how far the taking in of a file is, and what a sink may do meanwhile. */
#include "fsi.h"

#include <string.h>

static HRESULT meddle(struct test_sink *sink, const struct test_call *call)
{
    struct fsi *fsi = sink->context;
    LONG count;

    if (call->id == DISPID_DFILESYSTEMIMAGEEVENTS_UPDATE && fsi)
    {
        ok_hr(IFsiDirectoryItem2_AddDirectory(fsi->root, B("from the sink")), IMAPI_E_READONLY,
              "a change from a sink");
        ok_hr(IFileSystemImage3_get_FileCount(fsi->image, &count), S_OK, "a look from a sink");
    }
    return E_FAIL;                                  /* does not matter */
}

static void check_call(struct test_sink *sink, LONG at, const WCHAR *path, LONG copied, LONG total)
{
    const struct test_call *call = &sink->calls[at];

    test_push("call %ld", at);
    if (ok(at < sink->total, "there are %ld calls", sink->total))
    {
        ok_int(call->id, 0x100, "DISPID");
        ok_int(call->count, 4, "arguments");
        ok_int(V_VT(&call->args[0]), VT_DISPATCH, "type of object");
        ok_text(V_BSTR(&call->args[1]), path, "currentFile");
        ok_int(V_VT(&call->args[2]), VT_I4, "type of copiedSectors");
        ok_int(V_I4(&call->args[2]), copied, "copiedSectors");
        ok_int(V_I4(&call->args[3]), total, "totalSectors");
    }
    test_pop();
}

/* 0, every 512 sectors, the end: the same whether the file is copied now or only noted. An empty file has
   none: its total is a divisor. */
static void check_updates(BOOL stage)
{
    static struct test_sink sink;
    IFileSystemImage *sender = NULL;
    IFsiFileItem *item = NULL;
    WCHAR folder[MAX_PATH];
    IStream *stream;
    struct fsi fsi;
    DWORD cookie;

    fsi_folder(folder);
    fsi_write(folder, L"host.bin", 1000);
    if (!fsi_open(&fsi)) return;
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageEvents;
    sink.on_call = meddle;
    sink.context = &fsi;
    test_sink_init(&sink);
    ok_hr(test_advise(fsi.image, &IID_DFileSystemImageEvents, &sink.iface, &cookie), S_OK, "Advise");
    IFileSystemImage3_put_StageFiles(fsi.image, stage ? VARIANT_TRUE : VARIANT_FALSE);
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("d"));
    ok_int(sink.total, 0, "calls for a directory");
    ok_hr(fsi_add_file(&fsi, L"d\\two.bin", 1024 * 2048 + 5), S_OK, "AddFile");
    check_call(&sink, 0, L"\\d\\two.bin", 0, 1025);
    check_call(&sink, 1, L"\\d\\two.bin", 512, 1025);
    check_call(&sink, 2, L"\\d\\two.bin", 1024, 1025);
    check_call(&sink, 3, L"\\d\\two.bin", 1025, 1025);
    ok_int(sink.total, 4, "calls");
    if (sink.total)
    {
        IDispatch_QueryInterface(V_DISPATCH(&sink.calls[0].args[0]), &IID_IFileSystemImage, (void **)&sender);
        ok(sender == (void *)fsi.image, "the sender is the image");
        if (sender) IFileSystemImage_Release(sender);
        ok_int(sink.calls[0].thread, GetCurrentThreadId(), "thread");
    }
    test_sink_clear(&sink);
    ok_hr(fsi_add_file(&fsi, L"even.bin", 512 * 2048), S_OK, "AddFile of a megabyte");
    check_call(&sink, 0, L"\\even.bin", 0, 512);
    check_call(&sink, 1, L"\\even.bin", 512, 512);
    ok_int(sink.total, 2, "calls");
    test_sink_clear(&sink);
    ok_hr(IFsiDirectoryItem2_AddTree(fsi.root, folder, VARIANT_FALSE), S_OK, "AddTree");
    check_call(&sink, 0, L"\\host.bin", 0, 1);
    check_call(&sink, 1, L"\\host.bin", 1, 1);
    ok_int(sink.total, 2, "calls");
    test_sink_clear(&sink);
    IFileSystemImage3_CreateFileItem(fsi.image, B("item"), &item);
    stream = fsi_stream(2049);
    IFsiFileItem_put_Data(item, stream);
    ok_hr(IFsiDirectoryItem2_Add(fsi.root, (IFsiItem *)item), S_OK, "Add");
    check_call(&sink, 0, L"\\item", 0, 2);
    check_call(&sink, 1, L"\\item", 2, 2);
    ok_int(sink.total, 2, "calls");
    check_last_release(item);
    test_sink_clear(&sink);
    ok_hr(fsi_add_file(&fsi, L"empty", 0), S_OK, "AddFile of nothing");
    ok_int(sink.total, 0, "calls for an empty file");
    test_sink_clear(&sink);
    ok_hr(test_unadvise(fsi.image, &IID_DFileSystemImageEvents, cookie), S_OK, "Unadvise");
    ok_hr(fsi_add_file(&fsi, L"unseen", 1), S_OK, "AddFile");
    ok_int(sink.total, 0, "calls after Unadvise");
    fsi_close(&fsi);
    IStream_Release(stream);
    ok_int(sink.references, 1, "references to the sink");
    fsi_delete_tree(folder);
}

TEST(update_comes_at_0_at_each_megabyte_and_at_the_end)
{
    check_updates(FALSE);
}

TEST(update_comes_while_a_file_is_staged)
{
    check_updates(TRUE);
}

static HRESULT release_image(struct test_sink *sink, const struct test_call *call)
{
    struct fsi *fsi = sink->context;

    (void)call;
    if (fsi->image) IFileSystemImage3_Release(fsi->image);
    fsi->image = NULL;
    return S_OK;
}

/* The directory that is added to keeps the image. */
TEST(sink_may_release_the_image)
{
    static struct test_sink sink;
    IFsiItem *item = NULL;
    WCHAR folder[MAX_PATH];
    struct fsi fsi;
    DWORD cookie;

    fsi_make_folder(folder);
    if (!fsi_open(&fsi)) return;
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageEvents;
    sink.on_call = release_image;
    sink.context = &fsi;
    test_sink_init(&sink);
    ok_hr(test_advise(fsi.image, &IID_DFileSystemImageEvents, &sink.iface, &cookie), S_OK, "Advise");
    ok_hr(IFsiDirectoryItem2_AddTree(fsi.root, folder, VARIANT_FALSE), S_OK, "AddTree");
    ok(!fsi.image, "the sink was called");
    ok_hr(IFsiDirectoryItem2_get_Item(fsi.root, B("Sub folder\\data.bin"), &item), S_OK, "the tree is whole");
    if (item) IFsiItem_Release(item);
    check_last_release(fsi.root);
    test_sink_clear(&sink);                         /* the senders of the calls */
    ok_int(sink.references, 1, "references to the sink when the image is gone");
    fsi_delete_tree(folder);
}

TEST(both_events_can_be_advised)
{
    static struct test_sink sink;
    DWORD first = 0, second = 0;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    memset(&sink, 0, sizeof(sink));
    sink.event = &IID_DFileSystemImageImportEvents;
    test_sink_init(&sink);
    ok_hr(test_advise(fsi.image, &IID_DFileSystemImageImportEvents, &sink.iface, &first), S_OK,
          "import events");
    ok_hr(test_advise(fsi.image, &IID_DFileSystemImageEvents, &sink.iface, &second), S_OK,
          "a sink with IDispatch alone");
    ok_hr(test_unadvise(fsi.image, &IID_DFileSystemImageImportEvents, first), S_OK, "Unadvise");
    fsi_close(&fsi);                                /* the other goes with the image */
    ok_int(sink.references, 1, "references to the sink");
}

TEST_MAIN(
    TEST_CASE(update_comes_at_0_at_each_megabyte_and_at_the_end),
    TEST_CASE(update_comes_while_a_file_is_staged),
    TEST_CASE(sink_may_release_the_image),
    TEST_CASE(both_events_can_be_advised))
