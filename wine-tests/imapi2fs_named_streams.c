/* Named streams of files: FsiNamedStreams, AddStream and RemoveStream, their codes and change points. */
#include "named_streams.h"

#define IFACE &IID_IFsiFileItem2

/* --- the collection ---------------------------------------------------------------------------------- */

TEST(the_collection_answers_its_interfaces)
{
    static const IID *const has[] = {
        &IID_IUnknown,          &IID_IDispatch,          &IID_IFsiNamedStreams,
        &IID_ISupportErrorInfo, &IID_IProvideClassInfo2, NULL,
    };
    static const IID *const lacks[] = {&IID_IFsiItem, &IID_IEnumVARIANT, &IID_IConnectionPointContainer,
                                       NULL};
    struct rig rig;

    if (!rig_open(&rig)) return;
    check_interfaces(rig.streams, has, lacks);
    check_identity(rig.streams, has);
    ok_int(count(&rig), 0, "Count");
    rig_close(&rig);
}

TEST(streams_stand_in_the_order_of_their_addition)
{
    IFsiFileItem2 *stream = (void *)1;
    struct rig rig;

    if (!rig_open(&rig)) return;
    check_pair(add(&rig, L"one", 10), IF2, L"AddStream", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    check_pair(add(&rig, L"Two", 0), IF2, L"AddStream", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(count(&rig), 2, "Count");
    stream = item(&rig, 0);
    check_name(stream, L"one");
    check_last_release(stream);
    stream = item(&rig, 1);
    check_name(stream, L"Two");
    check_last_release(stream);
#undef IFACE
#define IFACE &IID_IFsiNamedStreams
    for (LONG index = -1; index <= 2; index += 3)
    {
        stream = (void *)1;
        check_told(IFsiNamedStreams_get_Item(rig.streams, index, &stream), INS, L"get_Item",
                   IMAPI_E_INVALID_PARAM, L"'index'");
        ok(!stream, "the item is cleared");
    }
    check_told(IFsiNamedStreams_get_Item(rig.streams, 0, NULL), INS, L"get_Item", E_POINTER, NULL);
    check_told(IFsiNamedStreams_get_Count(rig.streams, NULL), INS, L"get_Count", E_POINTER, NULL);
    check_told(IFsiNamedStreams_get__NewEnum(rig.streams, NULL), INS, L"get__NewEnum", E_POINTER, NULL);
    check_told(IFsiNamedStreams_get_EnumNamedStreams(rig.streams, NULL), INS, L"get_EnumNamedStreams",
               E_POINTER, NULL);
#undef IFACE
#define IFACE &IID_IFsiFileItem2
    ok_int(fsi_file_count(&rig.fsi), 1, "files: streams are none");
    rig_close(&rig);
}

TEST(enumerators_are_snapshots_of_items)
{
    IEnumVARIANT *variants = NULL;
    IEnumFsiItems *items = NULL;
    IFsiItem *one = NULL;
    VARIANT value;
    ULONG got = 0;
    struct rig rig;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    add(&rig, L"two", 10);
    check_pair(IFsiNamedStreams_get__NewEnum(rig.streams, &variants), INS, L"get__NewEnum", S_OK);
    check_pair(IFsiNamedStreams_get_EnumNamedStreams(rig.streams, &items), INS, L"get_EnumNamedStreams",
               S_OK);
    ok(SUCCEEDED(IFsiFileItem2_RemoveStream(rig.file, B("one"))), "RemoveStream");
    ok_hr(IEnumVARIANT_Next(variants, 1, &value, &got), S_OK, "Next");
    ok_int(V_VT(&value), VT_DISPATCH, "type");
    if (V_VT(&value) == VT_DISPATCH)
    {
        IFsiFileItem2 *file = NULL;

        IDispatch_QueryInterface(V_DISPATCH(&value), &IID_IFsiFileItem2, (void **)&file);
        check_name(file, L"one");
        IFsiFileItem2_Release(file);
    }
    VariantClear(&value);
    ok_hr(IEnumVARIANT_Skip(variants, 1), S_OK, "Skip");
    ok_hr(IEnumVARIANT_Next(variants, 1, &value, NULL), S_FALSE, "Next at the end");
    ok_hr(IEnumFsiItems_Skip(items, 1), S_OK, "Skip");
    ok_hr(IEnumFsiItems_Next(items, 1, &one, &got), S_OK, "Next");
    if (one)
    {
        IFsiFileItem2 *file = NULL;

        IFsiItem_QueryInterface(one, &IID_IFsiFileItem2, (void **)&file);
        check_name(file, L"two");
        IFsiFileItem2_Release(file);
        IFsiItem_Release(one);
    }
    ok_hr(IEnumFsiItems_Next(items, 1, &one, &got), S_FALSE, "Next at the end");
    check_last_release(variants);
    check_last_release(items);
    ok_int(count(&rig), 1, "Count");
    rig_close(&rig);
}

TEST(scripts_reach_the_collection_by_its_dispids)
{
    VARIANT index = test_v_i4(0), value;
    EXCEPINFO exception;
    struct rig rig;
    UINT bad;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    ok_hr(test_get(rig.streams, L"Count", &value), S_OK, "Count");
    ok_int(V_VT(&value) == VT_I4 ? V_I4(&value) : -1, 1, "Count");
    ok_hr(test_invoke_ex(rig.streams, DISPID_VALUE, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &index, 1, &value,
                         &exception, &bad),
          S_OK, "the default property");
    ok_int(V_VT(&value), VT_DISPATCH, "its type");
    VariantClear(&value);
    ok_hr(test_invoke_ex(rig.streams, DISPID_NEWENUM, DISPATCH_METHOD, NULL, 0, &value, &exception, &bad),
          S_OK, "_NewEnum");
    ok_int(V_VT(&value), VT_UNKNOWN, "its type");
    VariantClear(&value);
    rig_close(&rig);
}

/* --- streams as items -------------------------------------------------------------------------------- */

TEST(a_stream_is_a_file_item_without_streams_and_mark)
{
    IFsiNamedStreams *streams = (void *)1;
    IFsiFileItem2 *stream;
    IStream *data = NULL;
    VARIANT_BOOL flag;
    LONGLONG size;
    struct rig rig;
    BSTR path;
    DATE date;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    stream = item(&rig, 0);
    check_pair(IFsiFileItem2_get_IsNamedStream(stream, &flag), IF2, L"get_IsNamedStream", S_OK);
    ok_int(flag, VARIANT_TRUE, "IsNamedStream");
    IFsiFileItem2_get_IsNamedStream(rig.file, &flag);
    ok_int(flag, VARIANT_FALSE, "IsNamedStream of the file");
    ok_hr(IFsiFileItem2_get_FullPath(stream, &path), S_OK, "FullPath");
    ok_text(path, L"\\file:one", "FullPath");
    SysFreeString(path);
    ok_hr(IFsiFileItem2_get_DataSize(stream, &size), S_OK, "DataSize");
    ok_int(size, 10, "DataSize");
    ok_hr(IFsiFileItem2_get_LastModifiedTime(stream, &date), S_OK, "LastModifiedTime");
    ok(date > 40000, "the time of its addition: %f", date);
    ok_hr(IFsiFileItem2_get_Data(stream, &data), S_OK, "Data");
    if (data)
    {
        size_t got;
        BYTE *bytes = fsi_read_all(data, &got);

        ok_int(got, 10, "bytes");
        for (ULONG i = 0; bytes && i < got; i++)
        {
            if (!ok(bytes[i] == fsi_byte(i), "byte %lu", i)) break;
        }
        free(bytes);
        ok_hr(IFsiFileItem2_put_Data(stream, data), IMAPI_E_READONLY, "put_Data");
        check_last_release(data);
    }
    check_told(IFsiFileItem2_get_FsiNamedStreams(stream, &streams), IF2, L"get_FsiNamedStreams",
               IMAPI_E_PROPERTY_NOT_ACCESSIBLE, L"FsiNamedStreams");
    ok(!streams, "the collection is cleared");
    check_told(IFsiFileItem2_get_IsRealTime(stream, &flag), IF2, L"get_IsRealTime",
               IMAPI_E_PROPERTY_NOT_ACCESSIBLE, L"IsRealTime");
    check_told(IFsiFileItem2_put_IsRealTime(stream, VARIANT_TRUE), IF2, L"put_IsRealTime",
               IMAPI_E_PROPERTY_NOT_ACCESSIBLE, L"IsRealTime");
    ok_hr(IFsiFileItem2_RemoveStream(stream, B("x")), IMAPI_E_PROPERTY_NOT_ACCESSIBLE,
          "a stream of a stream");
    check_last_release(stream);
    rig_close(&rig);
}

TEST(a_stream_is_no_child_of_a_directory)
{
    IFsiFileItem2 *stream;
    struct rig rig;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    ok_int(fsi_exists(&rig.fsi, L"\\file:one"), (LONG)IMAPI_E_INVALID_PATH, "Exists");
    stream = item(&rig, 0);
    ok_hr(IFsiDirectoryItem2_Add(rig.fsi.root, (IFsiItem *)stream), IMAPI_E_INVALID_PARAM, "Add of a stream");
    IFsiFileItem2_RemoveStream(rig.file, B("one"));
    ok_hr(IFsiDirectoryItem2_Add(rig.fsi.root, (IFsiItem *)stream), IMAPI_E_INVALID_PARAM,
          "Add of a removed one");
    check_name(stream, L"one");
    check_last_release(stream);
    rig_close(&rig);
}

/* --- adding and removing ----------------------------------------------------------------------------- */

TEST(addstream_refuses_what_it_cannot_take)
{
    IFsiFileItem *free_file = NULL;
    IFsiFileItem2 *free_file2 = NULL;
    IStream *data = fsi_stream(5);
    struct rig rig;
    HRESULT hr;

    if (!rig_open(&rig)) return;
    check_told(IFsiFileItem2_AddStream(rig.file, NULL, data), IF2, L"AddStream", E_POINTER, NULL);
    check_told(IFsiFileItem2_AddStream(rig.file, B("s"), NULL), IF2, L"AddStream", E_POINTER, NULL);
    check_told(IFsiFileItem2_AddStream(rig.file, B(""), data), IF2, L"AddStream", IMAPI_E_INVALID_PARAM,
               L"'name'");
    check_told(IFsiFileItem2_AddStream(rig.file, B("a\\b"), data), IF2, L"AddStream", IMAPI_E_INVALID_PARAM,
               L"'name'");
    add(&rig, L"one", 10);
    check_told(add(&rig, L"ONE", 20), IF2, L"AddStream", IMAPI_E_DUP_NAME, L"ONE");
    ok_int(count(&rig), 1, "Count: the old one stays");
    IFileSystemImage3_CreateFileItem(rig.fsi.image, B("free"), &free_file);
    IFsiFileItem_QueryInterface(free_file, &IID_IFsiFileItem2, (void **)&free_file2);
    hr = IFsiFileItem2_AddStream(free_file2, B("s"), data);
    check_told(hr, IF2, L"AddStream", IMAPI_E_NOT_IN_FILE_SYSTEM, L"free");
    hr = IFsiFileItem2_RemoveStream(free_file2, B("s"));
    check_told(hr, IF2, L"RemoveStream", IMAPI_E_NOT_IN_FILE_SYSTEM, L"free");
    IFsiFileItem2_Release(free_file2);
    check_last_release(free_file);
    check_last_release(data);
    rig_close(&rig);
}

TEST(addstream_tells_what_is_wrong_with_the_data)
{
    static const struct
    {
        HRESULT stat, read, expected;
        ULONGLONG end;
    } rows[] = {
        {STG_E_ACCESSDENIED, S_OK, IMAPI_E_DATA_STREAM_READ_FAILURE, 0},
        {E_OUTOFMEMORY, S_OK, E_OUTOFMEMORY, 0},
        {S_OK, STG_E_READFAULT, IMAPI_E_DATA_STREAM_READ_FAILURE, 0},
        {S_OK, S_OK, IMAPI_E_DATA_STREAM_INCONSISTENCY, 2048},
    };
    struct rig rig;

    if (!rig_open(&rig)) return;
    IFileSystemImage3_put_StageFiles(rig.fsi.image, VARIANT_TRUE); /* so that the data are read at once */
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        struct test_stream data = {.size = 0};
        LONG point = -1;

        test_stream_init(&data, 4096);
        data.stat_result = rows[i].stat;
        data.fail_at = FAILED(rows[i].read) ? 2048 : 0;
        data.fail_with = rows[i].read;
        data.end = rows[i].end;
        test_push("row %u", (unsigned)i);
        check_told(IFsiFileItem2_AddStream(rig.file, B("spoilt"), &data.iface), IF2, L"AddStream",
                   rows[i].expected, rows[i].expected == E_OUTOFMEMORY ? NULL : L"spoilt");
        ok_int(data.references, 1, "references to the stream");
        ok_int(count(&rig), 0, "Count");
        IFileSystemImage3_get_ChangePoint(rig.fsi.image, &point);
        ok_int(point, 1, "ChangePoint");
        test_pop();
    }
    check_pair(add(&rig, L"good", 5000), IF2, L"AddStream", IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    rig_close(&rig);
}

TEST(staged_streams_are_copies)
{
    struct test_stream data = {.size = 0};
    IFsiFileItem2 *stream;
    IStream *copy = NULL;
    struct rig rig;

    if (!rig_open(&rig)) return;
    IFileSystemImage3_put_StageFiles(rig.fsi.image, VARIANT_TRUE);
    test_stream_init(&data, 5000);
    ok(SUCCEEDED(IFsiFileItem2_AddStream(rig.file, B("s"), &data.iface)), "AddStream");
    ok_int(data.references, 1, "references to the stream");
    data.fail_with = E_FAIL;
    data.fail_at = 1;
    stream = item(&rig, 0);
    IFsiFileItem2_get_Data(stream, &copy);
    if (ok(copy != NULL, "Data"))
    {
        BYTE block[2048];
        size_t size;
        BYTE *bytes = fsi_read_all(copy, &size);

        test_stream_block(&data, 1, block);
        ok(bytes && size == 5000 && !memcmp(bytes + 2048, block, 2048), "the second block");
        free(bytes);
        IStream_Release(copy);
    }
    check_last_release(stream);
    rig_close(&rig);
}

TEST(removestream_takes_one_away)
{
    struct test_stream data = {.size = 0};
    struct rig rig;

    if (!rig_open(&rig)) return;
    test_stream_init(&data, 10);
    IFsiFileItem2_AddStream(rig.file, B("one"), &data.iface);
    add(&rig, L"two", 1);
    check_told(IFsiFileItem2_RemoveStream(rig.file, NULL), IF2, L"RemoveStream", E_POINTER, NULL);
    check_told(IFsiFileItem2_RemoveStream(rig.file, B("a/b")), IF2, L"RemoveStream", IMAPI_E_INVALID_PARAM,
               L"'name'");
    check_told(IFsiFileItem2_RemoveStream(rig.file, B("three")), IF2, L"RemoveStream", IMAPI_E_INVALID_PARAM,
               L"'name'");
    ok_int(count(&rig), 2, "Count");
    check_pair(IFsiFileItem2_RemoveStream(rig.file, B("ONE")), IF2, L"RemoveStream",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    ok_int(count(&rig), 1, "Count");
    ok_hr(IFileSystemImage3_LockInChangePoint(rig.fsi.image), S_OK, "LockInChangePoint");
    ok_int(data.references, 1, "references to the stream, when nothing can be taken back");
    rig_close(&rig);
}

TEST(change_points_bring_streams_back)
{
    struct rig rig;
    LONG point = -1;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    add(&rig, L"two", 10);
    IFileSystemImage3_get_ChangePoint(rig.fsi.image, &point);
    ok_int(point, 3, "ChangePoint");
    IFsiFileItem2_RemoveStream(rig.file, B("one"));
    ok_hr(IFsiDirectoryItem2_Remove(rig.fsi.root, B("file")), S_OK, "Remove of the file");
    ok_hr(add(&rig, L"x", 1), IMAPI_E_NOT_IN_FILE_SYSTEM, "AddStream to a removed file");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(rig.fsi.image, 3), S_OK, "Rollback");
    ok_int(count(&rig), 2, "Count");
    ok_hr(IFileSystemImage3_RollbackToChangePoint(rig.fsi.image, 1), S_OK, "Rollback");
    ok_int(count(&rig), 0, "Count");
    rig_close(&rig);
}

TEST(a_result_image_makes_streams_read_only)
{
    IFileSystemImageResult *result;
    struct rig rig;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    result = fsi_result(&rig.fsi);
    check_told(add(&rig, L"two", 10), IF2, L"AddStream", IMAPI_E_READONLY, NULL);
    check_told(IFsiFileItem2_RemoveStream(rig.file, B("one")), IF2, L"RemoveStream", IMAPI_E_READONLY, NULL);
    ok_int(count(&rig), 1, "Count");
    if (result) check_last_release(result);
    check_pair(IFsiFileItem2_RemoveStream(rig.file, B("one")), IF2, L"RemoveStream",
               IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED);
    rig_close(&rig);
}

static void change_meanwhile(struct test_stream *data, ULONGLONG position)
{
    struct rig *rig = data->context;

    if (position) return;
    ok_hr(add(rig, L"inner", 1), IMAPI_E_READONLY, "AddStream while a stream is read");
    ok_hr(IFsiFileItem2_RemoveStream(rig->file, B("one")), IMAPI_E_READONLY, "RemoveStream then");
    ok_int(count(rig), 1, "Count then");
}

TEST(nothing_changes_while_a_stream_is_staged)
{
    struct test_stream data = {.size = 0};
    struct rig rig;

    if (!rig_open(&rig)) return;
    add(&rig, L"one", 10);
    IFileSystemImage3_put_StageFiles(rig.fsi.image, VARIANT_TRUE);
    test_stream_init(&data, 5000);
    data.on_read = change_meanwhile;
    data.context = &rig;
    ok(SUCCEEDED(IFsiFileItem2_AddStream(rig.file, B("two"), &data.iface)), "AddStream");
    ok_int(count(&rig), 2, "Count");
    rig_close(&rig);
}

TEST_MAIN(TEST_CASE(the_collection_answers_its_interfaces),
          TEST_CASE(streams_stand_in_the_order_of_their_addition),
          TEST_CASE(enumerators_are_snapshots_of_items),
          TEST_CASE(scripts_reach_the_collection_by_its_dispids),
          TEST_CASE(a_stream_is_a_file_item_without_streams_and_mark),
          TEST_CASE(a_stream_is_no_child_of_a_directory), TEST_CASE(addstream_refuses_what_it_cannot_take),
          TEST_CASE(addstream_tells_what_is_wrong_with_the_data), TEST_CASE(staged_streams_are_copies),
          TEST_CASE(removestream_takes_one_away), TEST_CASE(change_points_bring_streams_back),
          TEST_CASE(a_result_image_makes_streams_read_only),
          TEST_CASE(nothing_changes_while_a_stream_is_staged))
