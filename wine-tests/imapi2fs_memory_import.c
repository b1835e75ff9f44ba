/* Imports and what comes behind them without memory. Only allocations of imapi2fs.dll fail: the recorder has
   what it needs. */
#include "append.h"
#include "fsi_memory.h"

static struct append bench;
static struct test_session session;
static SAFEARRAY *array;
static LONG file_systems, revision;

static void put_sessions(struct fsi *fsi)
{
    ok_hr(append_put(&bench, fsi), S_OK, "MultisessionInterfaces");
}

static HRESULT use_import(struct fsi *fsi)
{
    FsiFileSystems kind = FsiFileSystemNone;
    HRESULT hr = IFileSystemImage3_ImportFileSystem(fsi->image, &kind);

    ok(SUCCEEDED(hr) == (kind != FsiFileSystemNone), "kind %d", kind);
    check_pair(hr, L"IFileSystemImage", L"ImportFileSystem", FAILED(hr) ? E_OUTOFMEMORY : S_OK);
    return hr;
}

static HRESULT use_specific_import(struct fsi *fsi)
{
    HRESULT hr = IFileSystemImage3_ImportSpecificFileSystem(fsi->image, FsiFileSystemISO9660);

    check_pair(hr, L"IFileSystemImage", L"ImportSpecificFileSystem", FAILED(hr) ? E_OUTOFMEMORY : S_OK);
    return hr;
}

static void burn_first(const char *medium)
{
    if (append_begin(&bench, medium, NULL)) append_first(&bench, file_systems, revision);
}

TEST(importing)
{
    static const struct { const char *medium; LONG file_systems, revision; } discs[] =
    {
        { "cd-r", 3, 0 }, { "cd-r", 7, 0x102 }, { "dvd+rw", 4, 0x250 },
    };

    for (size_t i = 0; i < ARRAYSIZE(discs); i++)
    {
        test_push("%s, %ld", discs[i].medium, discs[i].file_systems);
        file_systems = discs[i].file_systems;
        revision = discs[i].revision;
        burn_first(discs[i].medium);
        fsi_without_memory(&(struct fsi_use){ .prepare = put_sessions, .run = use_import });
        if (file_systems & FsiFileSystemISO9660)
            fsi_without_memory(&(struct fsi_use){ .prepare = put_sessions, .run = use_specific_import });
        append_end(&bench);
        test_pop();
    }
}

static void import_first(struct fsi *fsi)
{
    put_sessions(fsi);
    ok_hr(use_import(fsi), S_OK, "import");
}

static HRESULT make_result(struct fsi *fsi)
{
    IFileSystemImageResult2 *result2 = NULL;
    IFileSystemImageResult *result = NULL;
    IBlockRangeList *list = NULL;
    SAFEARRAY *ranges = NULL;
    BSTR text = NULL;
    HRESULT hr = IFileSystemImage3_CreateResultImage(fsi->image, &result);

    if (FAILED(hr)) return hr;
    IFileSystemImageResult_QueryInterface(result, &IID_IFileSystemImageResult2, (void **)&result2);
    hr = IFileSystemImageResult_get_DiscId(result, &text);
    SysFreeString(text);
    if (SUCCEEDED(hr)) hr = IFileSystemImageResult2_get_ModifiedBlocks(result2, &list);
    if (SUCCEEDED(hr))
    {
        hr = IBlockRangeList_get_BlockRanges(list, &ranges);
        check_pair(hr, L"IBlockRangeList", L"get_BlockRanges", FAILED(hr) ? E_OUTOFMEMORY : S_OK);
    }
    if (ranges) SafeArrayDestroy(ranges);
    if (list) IBlockRangeList_Release(list);
    IFileSystemImageResult2_Release(result2);
    IFileSystemImageResult_Release(result);
    return hr;
}

TEST(making_the_result_of_an_appended_image)
{
    file_systems = 4;
    revision = 0x102;
    burn_first("dvd+rw");
    fsi_without_memory(&(struct fsi_use){ .prepare = import_first, .run = make_result });
    append_end(&bench);
}

static HRESULT look(struct fsi *fsi)
{
    FsiFileSystems kinds = FsiFileSystemNone;
    BSTR text = NULL;
    SAFEARRAY *back = NULL;
    HRESULT hr = IFileSystemImage3_CalculateDiscIdentifier(fsi->image, &text);

    ok(SUCCEEDED(hr) == (text != NULL), "identifier");
    SysFreeString(text);
    if (SUCCEEDED(hr)) hr = IFileSystemImage3_IdentifyFileSystemsOnDisc(fsi->image, NULL, &kinds);
    if (SUCCEEDED(hr)) hr = IFileSystemImage3_get_ImportedVolumeName(fsi->image, &text);
    if (SUCCEEDED(hr)) SysFreeString(text);
    if (FAILED(hr)) return hr;
    hr = IFileSystemImage3_get_MultisessionInterfaces(fsi->image, &back);
    check_pair(hr, L"IFileSystemImage", L"get_MultisessionInterfaces", FAILED(hr) ? E_OUTOFMEMORY : S_OK);
    if (back) SafeArrayDestroy(back);
    return hr;
}

TEST(looking_at_a_disc)
{
    file_systems = 7;
    revision = 0x102;
    burn_first("cd-r");
    fsi_without_memory(&(struct fsi_use){ .prepare = import_first, .run = look });
    append_end(&bench);
}

static void make_array(struct fsi *fsi)
{
    (void)fsi;
    test_session_init(&session, NULL, 999);
    array = test_array((void *[]){ &session.iface }, 1);
}

static HRESULT use_array(struct fsi *fsi)
{
    return IFileSystemImage3_put_MultisessionInterfaces(fsi->image, array);
}

static void free_array(void)
{
    SafeArrayDestroy(array);
}

TEST(putting_multisession_objects)
{
    fsi_without_memory(&(struct fsi_use){ .prepare = make_array, .run = use_array, .finish = free_array });
    ok_int(session.references, 1, "references of the session");
}

TEST_MAIN(
    TEST_CASE(importing),
    TEST_CASE(making_the_result_of_an_appended_image),
    TEST_CASE(looking_at_a_disc),
    TEST_CASE(putting_multisession_objects))
