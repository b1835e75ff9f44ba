/* Uses of images without memory: fsi_memory.h. */
#include "../fsi_memory.h"

#include <string.h>

struct test_stream fsi_memory_stream;

/* --- what is seen of an image ------------------------------------------------------------------------ */

static void add_text(WCHAR *text, size_t size, const WCHAR *format, const WCHAR *name, LONGLONG number)
{
    size_t length = wcslen(text);

    _snwprintf(text + length, size - length - 1, format, name, number);
}

static void add_streams(WCHAR *text, size_t size, IFsiFileItem *file)
{
    IFsiFileItem2 *file2 = NULL, *stream;
    IFsiNamedStreams *streams = NULL;

    IFsiFileItem_QueryInterface(file, &IID_IFsiFileItem2, (void **)&file2);
    if (file2) IFsiFileItem2_get_FsiNamedStreams(file2, &streams);
    for (LONG i = 0; streams && SUCCEEDED(IFsiNamedStreams_get_Item(streams, i, &stream)); i++)
    {
        LONGLONG length = -1;
        BSTR path = NULL;

        IFsiFileItem2_get_FullPath(stream, &path);
        IFsiFileItem2_get_DataSize(stream, &length);
        add_text(text, size, L"%ls %lld\n", path, length);
        SysFreeString(path);
        IFsiFileItem2_Release(stream);
    }
    if (streams) IFsiNamedStreams_Release(streams);
    if (file2) IFsiFileItem2_Release(file2);
}

static void add_children(WCHAR *text, size_t size, IFsiDirectoryItem *directory)
{
    IEnumFsiItems *items = NULL;
    IFsiItem *item;
    BSTR path;

    IFsiDirectoryItem_get_EnumFsiItems(directory, &items);
    while (items && IEnumFsiItems_Next(items, 1, &item, NULL) == S_OK)
    {
        IFsiDirectoryItem *below = NULL;
        IFsiFileItem *file = NULL;
        LONGLONG length = -1;

        IFsiItem_get_FullPath(item, &path);
        if (SUCCEEDED(IFsiItem_QueryInterface(item, &IID_IFsiFileItem, (void **)&file)))
        {
            IFsiFileItem_get_DataSize(file, &length);
        }
        add_text(text, size, L"%ls %lld\n", path, length);
        SysFreeString(path);
        if (file)
        {
            add_streams(text, size, file);
            IFsiFileItem_Release(file);
        }
        if (SUCCEEDED(IFsiItem_QueryInterface(item, &IID_IFsiDirectoryItem, (void **)&below)))
        {
            add_children(text, size, below);
            IFsiDirectoryItem_Release(below);
        }
        IFsiItem_Release(item);
    }
    if (items) IEnumFsiItems_Release(items);
}

/* All that can be seen of an image. */
static void describe(struct fsi *fsi, WCHAR *text, size_t size)
{
    VARIANT_BOOL flag = 0;
    FsiFileSystems kinds = 0;
    LONG number = 0;
    BSTR name = NULL;

    *text = 0;
#define NUMBER(property)                                                                                     \
    IFileSystemImage3_get_##property(fsi->image, &number);                                                   \
    add_text(text, size, L"%ls %lld\n", L## #property, number)
    NUMBER(FileCount);
    NUMBER(DirectoryCount);
    NUMBER(ChangePoint);
    NUMBER(UsedBlocks);
    NUMBER(FreeMediaBlocks);
    NUMBER(ISO9660InterchangeLevel);
#define FLAG(property)                                                                                       \
    IFileSystemImage3_get_##property(fsi->image, &flag);                                                     \
    add_text(text, size, L"%ls %lld\n", L## #property, flag)
    FLAG(StrictFileSystemCompliance);
    FLAG(UseRestrictedCharacterSet);
    IFileSystemImage3_get_FileSystemsToCreate(fsi->image, &kinds);
    add_text(text, size, L"%ls %lld\n", L"FileSystemsToCreate", kinds);
#define NAME(property)                                                                                       \
    IFileSystemImage3_get_##property(fsi->image, &name);                                                     \
    add_text(text, size, L"%ls %lld\n", name, 0);                                                            \
    SysFreeString(name)
    NAME(VolumeName);
    NAME(WorkingDirectory);
    add_children(text, size, (IFsiDirectoryItem *)fsi->root);
}

/* --- one use ----------------------------------------------------------------------------------------- */

BOOL fsi_memory_begin(struct fsi *fsi, const struct fsi_use *use)
{
    test_stream_init(&fsi_memory_stream, 3 * 2048 + 1);
    if (!fsi_open(fsi)) return FALSE;
    fsi_add_three(fsi);
    fsi_add_file(fsi, L"second\\below.text", 4000);
    if (use->prepare) use->prepare(fsi);
    return TRUE;
}

void fsi_memory_end(struct fsi *fsi, const struct fsi_use *use)
{
    if (use->finish) use->finish();
    fsi_close(fsi);
    ok_int(fsi_memory_stream.references, 1, "references of the stream");
    SetErrorInfo(0, NULL);
}

/* How often the nth allocation failed and did not matter. */
static unsigned tolerated;

/* All that there is to see after the use, when it has the memory. */
static WCHAR good[16384];

static void check_image(struct fsi *fsi, const WCHAR *expected, const char *what)
{
    static WCHAR now[ARRAYSIZE(good)];

    describe(fsi, now, ARRAYSIZE(now));
    ok_text(now, expected, what);
}

/* What is made once and kept (type information) is there afterwards. */
static BOOL rehearse(const struct fsi_use *use)
{
    struct fsi fsi;

    if (!fsi_memory_begin(&fsi, use)) return FALSE;
    ok_hr(use->run(&fsi), use->expected, "with memory");
    describe(&fsi, good, ARRAYSIZE(good));
    fsi_memory_end(&fsi, use);
    return TRUE;
}

/* With the nth allocation failing. FALSE when the use needs fewer than n. */
static BOOL attempt(const struct fsi_use *use, LONG n)
{
    static WCHAR before[ARRAYSIZE(good)];
    LONG live = memory_live(), asked;
    struct fsi fsi;
    HRESULT hr;

    if (!fsi_memory_begin(&fsi, use)) return FALSE;
    describe(&fsi, before, ARRAYSIZE(before));
    memory_fail(n);
    hr = use->run(&fsi);
    asked = memory_asked();
    memory_fail(0);
    if (asked < n || hr == use->expected)
    {
        ok_hr(hr, use->expected, "with the memory that it needs");
        tolerated += asked >= n;
    }
    else
    {
        if (use->method) check_pair(hr, use->of, use->method, E_OUTOFMEMORY);
        else ok_hr(hr, E_OUTOFMEMORY, "without memory");
        check_image(&fsi, before, "the image without memory");
        ok_hr(use->run(&fsi), use->expected, "with memory again");
    }
    check_image(&fsi, good, "the image in the end");
    fsi_memory_end(&fsi, use);
    ok_int(memory_live(), live, "blocks alive");
    ok_hr(com_test_can_unload(DLL), S_OK, "DllCanUnloadNow");
    return asked >= n;
}

void fsi_without_memory(const struct fsi_use *use)
{
    static BOOL watched;
    BOOL more = TRUE;
    LONG n = 0;

    if (!watched && !memory_watch(DLL)) return;
    watched = TRUE;
    tolerated = 0;
    if (!rehearse(use)) return;
    while (more && ++n < 5000)
    {
        test_push("allocation %ld", n);
        more = attempt(use, n);
        test_pop();
    }
    ok(n > 1 && !more, "%ld allocations", n - 1);
    ok(!use->method || tolerated < (unsigned)(n - 1), "%s gave E_OUTOFMEMORY", test_text(use->method));
    test_note("%ld allocations failed in turn, %u of them did not matter", n - 1, tolerated);
}
