/* ProgressItems and ProgressItem: the blocks of a result. */
#include "fsi.h"

static const WCHAR *const IR = L"IFileSystemImageResult", *const IP = L"IProgressItems",
                  *const IPI = L"IProgressItem";

#define IFACE &IID_IProgressItems

/* --- progress items ---------------------------------------------------------------------------------- */

TEST(progress_items_cover_every_block_in_order)
{
    static const IID *const has[] = {&IID_IUnknown, &IID_IDispatch, &IID_IProgressItems,
                                     &IID_ISupportErrorInfo, NULL};
    static const IID *const item_has[] = { &IID_IUnknown, &IID_IDispatch, &IID_IProgressItem, NULL };
    static const IID *const lacks[] = { &IID_IFileSystemImageResult, NULL };
    IFileSystemImageResult *result;
    IProgressItems *items = NULL;
    LONG count = 0, blocks = 0, files = 0;
    ULONG next = 0, first, last, size;
    IProgressItem *item;
    struct fsi fsi;
    BSTR text;

    if (!fsi_open(&fsi)) return;
    IFsiDirectoryItem2_AddDirectory(fsi.root, B("folder"));
    fsi_add_file(&fsi, L"folder\\first.bin", 5000);
    fsi_add_file(&fsi, L"second.bin", 2048);
    fsi_add_file(&fsi, L"empty.bin", 0);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_TotalBlocks(result, &blocks);
    check_pair(IFileSystemImageResult_get_ProgressItems(result, &items), IR, L"get_ProgressItems", S_OK);
    check_last_release(result);
    check_interfaces(items, has, lacks);
    check_identity(items, has);
    check_pair(IProgressItems_get_Count(items, &count), IP, L"get_Count", S_OK);
    for (LONG i = 0; i < count; i++)
    {
        item = NULL;
        check_pair(IProgressItems_get_Item(items, i, &item), IP, L"get_Item", S_OK);
        if (!item) break;
        check_pair(IProgressItem_get_FirstBlock(item, &first), IPI, L"get_FirstBlock", S_OK);
        check_pair(IProgressItem_get_LastBlock(item, &last), IPI, L"get_LastBlock", S_OK);
        check_pair(IProgressItem_get_BlockCount(item, &size), IPI, L"get_BlockCount", S_OK);
        check_pair(IProgressItem_get_Description(item, &text), IPI, L"get_Description", S_OK);
        ok_int(first, next, "first block");
        ok_int(size, last - first + 1, "block count");
        if (!wcscmp(text, L"\\folder\\first.bin")) ok_int(size, 3, "blocks of the first file"), files++;
        else if (!wcscmp(text, L"\\second.bin")) ok_int(size, 1, "blocks of the second file"), files++;
        else ok(*text == '<', "description of a structure: %s", test_text(text));
        SysFreeString(text);
        next = last + 1;
        if (!i)
        {
            check_interfaces(item, item_has, lacks);
            check_identity(item, item_has);
            check_pair(IProgressItem_get_FirstBlock(item, NULL), IPI, L"get_FirstBlock", E_POINTER);
            check_pair(IProgressItem_get_LastBlock(item, NULL), IPI, L"get_LastBlock", E_POINTER);
            check_pair(IProgressItem_get_BlockCount(item, NULL), IPI, L"get_BlockCount", E_POINTER);
            check_pair(IProgressItem_get_Description(item, NULL), IPI, L"get_Description", E_POINTER);
        }
        check_last_release(item);
    }
    ok_int(next, blocks, "blocks covered");
    ok_int(files, 2, "files: the empty one has no blocks");
    check_last_release(items);
    fsi_close(&fsi);
}

TEST(progress_items_are_found_by_block_and_by_description)
{
#undef IFACE
#define IFACE &IID_IProgressItems
    IFileSystemImageResult *result;
    IProgressItem *item = (IProgressItem *)1;
    IProgressItems *items = NULL;
    ULONG first = 0, again = 0;
    LONG count, blocks;
    struct fsi fsi;
    BSTR text;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"Data.bin", 5000);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_ProgressItems(result, &items);
    IFileSystemImageResult_get_TotalBlocks(result, &blocks);
    check_pair(IProgressItems_ProgressItemFromDescription(items, B("\\data.BIN"), &item), IP,
               L"ProgressItemFromDescription", S_OK);
    IProgressItem_get_FirstBlock(item, &first);
    check_last_release(item);
    check_pair(IProgressItems_ProgressItemFromBlock(items, first + 2, &item), IP, L"ProgressItemFromBlock",
               S_OK);
    IProgressItem_get_FirstBlock(item, &again);
    ok_int(again, first, "the same item");
    IProgressItem_get_Description(item, &text);
    ok_text(text, L"\\Data.bin", "description");
    SysFreeString(text);
    check_last_release(item);
    item = (IProgressItem *)1;
    check_told(IProgressItems_ProgressItemFromBlock(items, (ULONG)blocks, &item), IP,
               L"ProgressItemFromBlock", E_INVALIDARG, NULL);
    ok(!item, "item is cleared");
    check_told(IProgressItems_ProgressItemFromDescription(items, B("nothing"), &item), IP,
               L"ProgressItemFromDescription", E_INVALIDARG, NULL);
    check_told(IProgressItems_ProgressItemFromDescription(items, NULL, &item), IP,
               L"ProgressItemFromDescription", E_FAIL, NULL);
    IProgressItems_get_Count(items, &count);
    check_told(IProgressItems_get_Item(items, count, &item), IP, L"get_Item", E_INVALIDARG, NULL);
    check_told(IProgressItems_get_Item(items, -1, &item), IP, L"get_Item", E_INVALIDARG, NULL);
    check_pair(IProgressItems_get_Item(items, 0, NULL), IP, L"get_Item", E_POINTER);
    check_pair(IProgressItems_get_Count(items, NULL), IP, L"get_Count", E_POINTER);
    check_pair(IProgressItems_get__NewEnum(items, NULL), IP, L"get__NewEnum", E_POINTER);
    check_pair(IProgressItems_get_EnumProgressItems(items, NULL), IP, L"get_EnumProgressItems", E_POINTER);
    check_pair(IProgressItems_ProgressItemFromBlock(items, 0, NULL), IP, L"ProgressItemFromBlock", E_POINTER);
    check_pair(IProgressItems_ProgressItemFromDescription(items, B("x"), NULL), IP,
               L"ProgressItemFromDescription", E_POINTER);
    check_last_release(items);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST(progress_items_are_enumerated_both_ways)
{
    static const WCHAR *const IE = L"IEnumProgressItems";
    IEnumProgressItems *enumerator = NULL, *clone = NULL;
    IProgressItem *list[64] = { 0 };
    IFileSystemImageResult *result;
    IProgressItems *items = NULL;
    IEnumVARIANT *variants = NULL;
    VARIANT values[64];
    LONG count = 0;
    ULONG got = 0;
    struct fsi fsi;

    if (!fsi_open(&fsi)) return;
    fsi_add_file(&fsi, L"file", 1);
    result = fsi_result(&fsi);
    IFileSystemImageResult_get_ProgressItems(result, &items);
    IProgressItems_get_Count(items, &count);
    check_pair(IProgressItems_get__NewEnum(items, &variants), IP, L"get__NewEnum", S_OK);
    ok_hr(IEnumVARIANT_Next(variants, 64, values, &got), S_FALSE, "Next of more than there are");
    ok_int(got, count, "fetched");
    for (ULONG i = 0; i < got; i++)
    {
        ok_int(V_VT(&values[i]), VT_DISPATCH, "type");
        VariantClear(&values[i]);
    }
    check_last_release(variants);
    check_pair(IProgressItems_get_EnumProgressItems(items, &enumerator), IP, L"get_EnumProgressItems", S_OK);
    check_pair(IEnumProgressItems_Next(enumerator, 1, list, NULL), IE, L"Next", S_OK);
    IProgressItem_Release(list[0]);
    check_pair(IEnumProgressItems_Clone(enumerator, &clone), IE, L"Clone", S_OK);
    check_pair(IEnumProgressItems_Clone(enumerator, NULL), IE, L"Clone", E_POINTER);
    check_pair(IEnumProgressItems_Skip(enumerator, (ULONG)count - 1), IE, L"Skip", S_OK);
    check_pair(IEnumProgressItems_Skip(enumerator, 1), IE, L"Skip", S_FALSE);
    check_pair(IEnumProgressItems_Reset(enumerator), IE, L"Reset", S_OK);
    ok_hr(IEnumProgressItems_Next(enumerator, (ULONG)count, list, &got), S_OK, "all");
    for (ULONG i = 0; i < got; i++) IProgressItem_Release(list[i]);
    ok_hr(IEnumProgressItems_Next(clone, 64, list, &got), S_FALSE, "the rest");
    ok_int(got, count - 1, "fetched by the clone");
    for (ULONG i = 0; i < got; i++) IProgressItem_Release(list[i]);
    check_pair(IEnumProgressItems_Next(clone, 1, NULL, &got), IE, L"Next", E_POINTER);
    check_pair(IEnumProgressItems_Next(clone, 0x80000000, list, &got), IE, L"Next", E_INVALIDARG);
    check_last_release(clone);
    check_last_release(enumerator);
    check_last_release(items);
    check_last_release(result);
    fsi_close(&fsi);
}

TEST_MAIN(
    TEST_CASE(progress_items_cover_every_block_in_order),
    TEST_CASE(progress_items_are_found_by_block_and_by_description),
    TEST_CASE(progress_items_are_enumerated_both_ways))
