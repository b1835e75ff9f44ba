/* Members that give an object, each alone without memory: every allocation fails in turn (fsi_memory.h), and
   the pointer that came in is cleared. */
#include "fsi_memory.h"

/* What the members are called on; made anew for each attempt. */
static IFsiFileItem *file;
static IFileSystemImageResult *result;
static IProgressItems *progress_items;
static IEnumFsiItems *items;
static IEnumProgressItems *list;

static void let_go(void *slot)
{
    IUnknown **object = slot;

    if (*object) IUnknown_Release(*object);
    *object = NULL;
}

static void finish(void)
{
    let_go(&file);
    let_go(&items);
    let_go(&list);
    let_go(&progress_items);
    let_go(&result);
}

/* Calls with an out parameter that holds something, and gives back what comes. */
#define MEMBER(name, type, call)                                                                             \
    static HRESULT name(struct fsi *fsi)                                                                     \
    {                                                                                                        \
        type *value = (type *)1;                                                                             \
        HRESULT hr = call;                                                                                   \
                                                                                                             \
        (void)fsi;                                                                                           \
        if (SUCCEEDED(hr)) IUnknown_Release((IUnknown *)value);                                              \
        else ok(!value, "the pointer is cleared");                                                           \
        return hr;                                                                                           \
    }

/* --- the image and its items ------------------------------------------------------------------------- */

static void get_objects(struct fsi *fsi)
{
    file = fsi_item(fsi, L"second\\below.text", &IID_IFsiFileItem);
    IFsiDirectoryItem2_get_EnumFsiItems(fsi->root, &items);
}

MEMBER(get_root, IFsiDirectoryItem, IFileSystemImage3_get_Root(fsi->image, &value))
MEMBER(create_directory, IFsiDirectoryItem,
       IFileSystemImage3_CreateDirectoryItem(fsi->image, B("directory"), &value))
MEMBER(create_file, IFsiFileItem, IFileSystemImage3_CreateFileItem(fsi->image, B("file"), &value))
MEMBER(get_new_enum, IEnumVARIANT, IFsiDirectoryItem2_get__NewEnum(fsi->root, &value))
MEMBER(get_item, IFsiItem, IFsiDirectoryItem2_get_Item(fsi->root, B("second\\below.text"), &value))
MEMBER(get_enum, IEnumFsiItems, IFsiDirectoryItem2_get_EnumFsiItems(fsi->root, &value))
MEMBER(get_data, IStream, IFsiFileItem_get_Data(file, &value))
MEMBER(clone_items, IEnumFsiItems, IEnumFsiItems_Clone(items, &value))

TEST(members_of_images_and_items)
{
    static const struct fsi_use uses[] =
    {
        { .run = get_root, .of = L"IFileSystemImage", .method = L"get_Root" },
        { .run = create_directory, .of = L"IFileSystemImage", .method = L"CreateDirectoryItem" },
        { .run = create_file, .of = L"IFileSystemImage", .method = L"CreateFileItem" },
        { .run = get_new_enum, .of = L"IFsiDirectoryItem", .method = L"get__NewEnum" },
        { .run = get_item, .of = L"IFsiDirectoryItem", .method = L"get_Item" },
        { .run = get_enum, .of = L"IFsiDirectoryItem", .method = L"get_EnumFsiItems" },
        { .prepare = get_objects, .finish = finish, .run = get_data, .of = L"IFsiFileItem",
          .method = L"get_Data" },
        { .prepare = get_objects, .finish = finish, .run = clone_items, .of = L"IEnumFsiItems",
          .method = L"Clone" },
    };

    for (size_t i = 0; i < ARRAYSIZE(uses); i++) fsi_without_memory(&uses[i]);
}

/* --- the result -------------------------------------------------------------------------------------- */

static void make_result(struct fsi *fsi)
{
    IFileSystemImage3_CreateResultImage(fsi->image, &result);
    IFileSystemImageResult_get_ProgressItems(result, &progress_items);
    IProgressItems_get_EnumProgressItems(progress_items, &list);
}

MEMBER(get_image_stream, IStream, IFileSystemImageResult_get_ImageStream(result, &value))
MEMBER(get_progress_items, IProgressItems, IFileSystemImageResult_get_ProgressItems(result, &value))
MEMBER(get_progress_new_enum, IEnumVARIANT, IProgressItems_get__NewEnum(progress_items, &value))
MEMBER(get_progress_item, IProgressItem, IProgressItems_get_Item(progress_items, 0, &value))
MEMBER(get_from_block, IProgressItem, IProgressItems_ProgressItemFromBlock(progress_items, 16, &value))
MEMBER(get_from_description, IProgressItem,
       IProgressItems_ProgressItemFromDescription(progress_items, B("\\first"), &value))
MEMBER(get_progress_enum, IEnumProgressItems, IProgressItems_get_EnumProgressItems(progress_items, &value))
MEMBER(clone_list, IEnumProgressItems, IEnumProgressItems_Clone(list, &value))

TEST(members_of_results)
{
    static const struct
    {
        HRESULT (*run)(struct fsi *fsi);
        const WCHAR *of, *method;
    } rows[] =
    {
        { get_image_stream, L"IFileSystemImageResult", L"get_ImageStream" },
        { get_progress_items, L"IFileSystemImageResult", L"get_ProgressItems" },
        { get_progress_new_enum, L"IProgressItems", L"get__NewEnum" },
        { get_progress_item, L"IProgressItems", L"get_Item" },
        { get_from_block, L"IProgressItems", L"ProgressItemFromBlock" },
        { get_from_description, L"IProgressItems", L"ProgressItemFromDescription" },
        { get_progress_enum, L"IProgressItems", L"get_EnumProgressItems" },
        { clone_list, L"IEnumProgressItems", L"Clone" },
    };

    for (size_t i = 0; i < ARRAYSIZE(rows); i++)
    {
        fsi_without_memory(&(struct fsi_use){ .prepare = make_result, .finish = finish, .run = rows[i].run,
                                              .of = rows[i].of, .method = rows[i].method });
    }
}

TEST_MAIN(
    TEST_CASE(members_of_images_and_items),
    TEST_CASE(members_of_results))
