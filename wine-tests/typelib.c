/*
 * The type library in the resource of each built DLL against the tables in data/: every row of the table is
 * in the library, and nothing is in the library that no table has. The DLLs come from OPENIMAPI_DLL_DIR.
 *
 * How a table is read where it leaves something open:
 * - "SAFEARRAY" without an element (the sense buffer of IDiscRecorder2Ex) is the inline array BYTE[18].
 * - A dispid of "-" says that the member belongs to a plain interface; the ids of two such interfaces are
 *   checked by the_ids_of_plain_interfaces.
 * - What a library takes over from oaidl and ocidl is in no table; `system_types` names it.
 * - The library of imapi2fs takes over types of imapi2, which have to be the same there.
 * - abi-imapi.tsv comes from a header: C spelling of types, with names, and without library, type row of
 *   RECORDER_STATE and interfaces of the classes.
 */
#include "type_rows.h"

#include <stdlib.h>
#include <string.h>

/* Types of oaidl.idl, objidl.idl and ocidl.idl that come along with what the libraries mention. */
static const char *const system_types[] =
{
    "IConnectionPoint", "IConnectionPointContainer", "IEnumConnectionPoints", "IEnumConnections",
    "tagCONNECTDATA", "ISequentialStream", "IStream", "_FILETIME", "_LARGE_INTEGER", "_ULARGE_INTEGER",
    "tagSTATSTG", "GUID", "tagRemSNB", "wireSNB",
};

static ITypeLib *load_library(const WCHAR *name)
{
    WCHAR path[MAX_PATH];
    ITypeLib *library = NULL;
    HRESULT hr;
    DWORD length = GetEnvironmentVariableW(L"OPENIMAPI_DLL_DIR", path, MAX_PATH - 32);

    if (!ok(length > 0 && length < MAX_PATH - 32, "OPENIMAPI_DLL_DIR is not set")) return NULL;
    wcscat(path, L"\\");
    wcscat(path, name);
    hr = LoadTypeLibEx(path, REGKIND_NONE, &library);
    if (!ok_hr(hr, S_OK, "LoadTypeLibEx(%s)", test_text(path))) return NULL;
    return library;
}

static BOOL is_system_type(const char *name)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(system_types); i++)
    {
        if (!strcmp(name, system_types[i])) return TRUE;
    }
    return strstr(name, "_generated_name_") != NULL;    /* the struct that GUID is a name of */
}

/* The library's rows without those of types that the system owns. */
static void rows_of_own_types(struct rows *rows, ITypeLib *library, BOOL names)
{
    struct rows all = { 0 };
    char name[256];
    size_t i;

    rows_of_library(&all, library, names);
    for (i = 0; i < all.count; i++)
    {
        rows_field(all.items[i], 1, name, sizeof(name));
        if (!is_system_type(name)) rows_add(rows, "%s", all.items[i]);
    }
    rows_free(&all);
}

/* Both sorted. Prints every row that one of them lacks. */
static void compare_rows(struct rows *table, struct rows *library)
{
    unsigned differences = 0;
    size_t i = 0, j = 0;

    rows_sort(table);
    rows_sort(library);
    while (i < table->count || j < library->count)
    {
        int order = i == table->count     ? 1
                    : j == library->count ? -1
                                          : strcmp(table->items[i], library->items[j]);

        if (!order)
        {
            i++;
            j++;
            continue;
        }
        differences++;
        if (order < 0) ok(0, "the library lacks: %s", table->items[i++]);
        else ok(0, "no table has: %s", library->items[j++]);
    }
    ok(!differences, "%u differences", differences);
    test_note("%u rows of the tables, %u of the library", (unsigned)table->count, (unsigned)library->count);
}

static void replace(char *text, size_t size, const char *from, const char *to)
{
    char *at = strstr(text, from), rest[1024];

    if (!at) return;
    snprintf(rest, sizeof(rest), "%s", at + strlen(from));
    snprintf(at, size - (at - text), "%s%s", to, rest);
}

/* Rows of a table in the spelling of type_rows.c. */
static void add_table_row(struct rows *rows, const char *row)
{
    char text[1100];

    snprintf(text, sizeof(text), "%s\t", row);
    replace(text, sizeof(text), "[out] SAFEARRAY\t", "[out] BYTE[18]\t");
    text[strlen(text) - 1] = 0;
    rows_add(rows, "%s", text);
}

static BOOL load_table(struct rows *rows, const char *file)
{
    struct rows raw = { 0 };
    size_t i;

    if (!rows_load(&raw, file)) return FALSE;
    for (i = 0; i < raw.count; i++) add_table_row(rows, raw.items[i]);
    rows_free(&raw);
    return TRUE;
}

TEST(the_library_of_imapi2_is_the_table)
{
    struct rows table = { 0 }, rows = { 0 };
    ITypeLib *library = load_library(L"imapi2.dll");

    if (library && load_table(&table, "abi-imapi2.tsv"))
    {
        rows_of_own_types(&rows, library, FALSE);
        compare_rows(&table, &rows);
    }
    rows_free(&table);
    rows_free(&rows);
    if (library) ITypeLib_Release(library);
}

TEST(the_library_of_imapi2fs_is_the_table)
{
    struct rows table = { 0 }, other = { 0 }, rows = { 0 };
    ITypeLib *library = load_library(L"imapi2fs.dll");
    char name[256];
    size_t i, own;

    if (library && load_table(&table, "abi-imapi2fs.tsv") && load_table(&other, "abi-imapi2.tsv"))
    {
        rows_of_own_types(&rows, library, FALSE);
        own = table.count;
        for (i = 0; i < other.count; i++)
        {
            struct rows first = { table.items, own };

            rows_field(other.items[i], 1, name, sizeof(name));
            if (rows_have(&first, "type", name) || !rows_have(&rows, "type", name)) continue;
            rows_add(&table, "%s", other.items[i]);
        }
        compare_rows(&table, &rows);
    }
    rows_free(&table);
    rows_free(&other);
    rows_free(&rows);
    if (library) ITypeLib_Release(library);
}

/* "[size_is,out,in] byte *pbyUniqueID" as "[in,out] BYTE* pbyUniqueID". */
static void respell_parameter(const char *param, char *text, size_t size)
{
    static const struct { const char *c, *library; } types[] =
    {
        { "byte", "BYTE" }, { "long", "LONG" }, { "boolean", "CHAR" }, { "LPIID", "GUID*" },
        { "REFIID", "GUID*" }, { "UINT_PTR", sizeof(void *) == 8 ? "ULONGLONG" : "ULONG" },
    };
    char attributes[64], type[128], suffix[8] = "";
    const char *end = strchr(param, ']'), *name = param + strlen(param);
    size_t i, length;

    snprintf(attributes, sizeof(attributes), ",%.*s,", (int)(end - param - 1), param + 1);
    while (name > end && name[-1] != ' ' && name[-1] != '*') name--;
    length = 0;
    for (param = end + 1; param < name; param++)
    {
        if (*param == '*') strcat(suffix, "*");
        else if (*param != ' ' && length < sizeof(type) - 1) type[length++] = *param;
    }
    type[length] = 0;
    for (i = 0; i < ARRAYSIZE(types); i++)
    {
        if (!strcmp(type, types[i].c)) snprintf(type, sizeof(type), "%s", types[i].library);
    }
    snprintf(text, size, "[%s%s%s] %s%s %s", strstr(attributes, ",in,") ? "in" : "",
             strstr(attributes, ",out,") ? strstr(attributes, ",in,") ? ",out" : "out" : "",
             strstr(attributes, ",retval,") ? ",retval" : "", type, suffix, name);
}

static void add_header_row(struct rows *rows, const char *row)
{
    char text[1024], field[256], param[256];
    unsigned i;

    if (strcmp(rows_field(row, 0, field, sizeof(field)), "method"))
    {
        rows_add(rows, "%s", row);
        return;
    }
    text[0] = 0;
    for (i = 0; rows_field(row, i, field, sizeof(field))[0]; i++)
    {
        if (i >= 6)
        {
            respell_parameter(field, param, sizeof(param));
            strcpy(field, param);
        }
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "\t" : "", field);
    }
    rows_add(rows, "%s", text);
}

TEST(the_library_of_imapi_is_the_table)
{
    static const char *const beside_the_table[] =
    {
        "type\tRECORDER_STATE\tenum\t-",
        "implements\tMSDiscRecorderObj\tIDiscRecorder\tdefault",
        "implements\tMSEnumDiscRecordersObj\tIEnumDiscRecorders\tdefault",
        "implements\tMSDiscMasterObj\tIDiscMaster\tdefault",
        "implements\tMSDiscMasterObj\tIJolietDiscMaster",
        "implements\tMSDiscMasterObj\tIRedbookDiscMaster",
        "library\tIMAPILib\t{CFAE3FDE-FEB4-4867-8A67-603608938247}\t1.0",
    };
    struct rows raw = { 0 }, table = { 0 }, all = { 0 }, rows = { 0 };
    ITypeLib *library = load_library(L"imapi.dll");
    char name[256];
    size_t i;

    if (library && rows_load(&raw, "abi-imapi.tsv"))
    {
        for (i = 0; i < raw.count; i++) add_header_row(&table, raw.items[i]);
        for (i = 0; i < ARRAYSIZE(beside_the_table); i++) rows_add(&table, "%s", beside_the_table[i]);
        rows_of_own_types(&all, library, TRUE);
        for (i = 0; i < all.count; i++)
        {
            /* Of the storage interfaces only the names matter: their definition is the system's. */
            rows_field(all.items[i], 1, name, sizeof(name));
            if (strcmp(name, "IStorage") && strcmp(name, "IEnumSTATSTG") && strcmp(name, "IPropertyStorage"))
            {
                rows_add(&rows, "%s", all.items[i]);
            }
        }
        compare_rows(&table, &rows);
    }
    rows_free(&raw);
    rows_free(&table);
    rows_free(&all);
    rows_free(&rows);
    if (library) ITypeLib_Release(library);
}

TEST(each_library_is_for_the_bitness_of_its_dll)
{
    static const WCHAR *const names[] = { L"imapi.dll", L"imapi2.dll", L"imapi2fs.dll" };
    ITypeLib *library;
    TLIBATTR *attr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(names); i++)
    {
        if (!(library = load_library(names[i]))) continue;
        if (ok_hr(ITypeLib_GetLibAttr(library, &attr), S_OK, "GetLibAttr(%s)", test_text(names[i])))
        {
            ok_int(attr->syskind, sizeof(void *) == 8 ? SYS_WIN64 : SYS_WIN32, test_text(names[i]));
            ok_int(attr->lcid, 0, "language");
            ITypeLib_ReleaseTLibAttr(library, attr);
        }
        ITypeLib_Release(library);
    }
}

struct member
{
    const WCHAR *type, *name;
    MEMBERID id;
    WORD flags;
};

/* Id and flags of named members, which the tables do not hold. */
static void check_members(const WCHAR *dll, const struct member *members, size_t count)
{
    ITypeLib *library = load_library(dll);
    FUNCDESC *func;
    size_t i;

    for (i = 0; library && i < count; i++)
    {
        WCHAR name[64];
        ITypeInfo *info = NULL;
        BOOL found = FALSE;
        MEMBERID id;
        USHORT one = 1;
        UINT j;

        wcscpy(name, members[i].type);
        ITypeLib_FindName(library, name, 0, &info, &id, &one);
        if (!ok(one == 1 && info, "no type %s", test_text(members[i].type))) continue;
        for (j = 0; !found && SUCCEEDED(ITypeInfo_GetFuncDesc(info, j, &func)); j++)
        {
            BSTR text = NULL;
            UINT used = 0;

            ITypeInfo_GetNames(info, func->memid, &text, 1, &used);
            found = text && !wcsicmp(text, members[i].name);
            if (found)
            {
                test_push("%s.%s", test_text(members[i].type), test_text(members[i].name));
                ok_int(func->memid, members[i].id, "dispatch id");
                ok_int(func->wFuncFlags, members[i].flags, "flags");
                test_pop();
            }
            SysFreeString(text);
            ITypeInfo_ReleaseFuncDesc(info, func);
        }
        ok(found, "no member %s.%s", test_text(members[i].type), test_text(members[i].name));
        ITypeInfo_Release(info);
    }
    if (library) ITypeLib_Release(library);
}

TEST(the_ids_of_plain_interfaces)
{
    static const struct member imapi2[] =
    {
        { L"IBurnVerification", L"BurnVerificationLevel", 0x400, 0 },
    };
    static const struct member imapi2fs[] =
    {
        { L"IIsoImageManager", L"Path", 0x100, 0 }, { L"IIsoImageManager", L"Stream", 0x101, 0 },
        { L"IIsoImageManager", L"SetPath", 0x200, 0 }, { L"IIsoImageManager", L"SetStream", 0x201, 0 },
        { L"IIsoImageManager", L"Validate", 0x202, 0 },
    };

    check_members(L"imapi2.dll", imapi2, ARRAYSIZE(imapi2));
    check_members(L"imapi2fs.dll", imapi2fs, ARRAYSIZE(imapi2fs));
}

TEST(members_for_for_each_and_for_c_are_hidden_and_restricted)
{
    static const WORD flags = FUNCFLAG_FHIDDEN | FUNCFLAG_FRESTRICTED;
    const struct member imapi2[] =
    {
        { L"IDiscMaster2", L"_NewEnum", DISPID_NEWENUM, flags },
        { L"IDiscMaster2", L"Item", DISPID_VALUE, 0 },
        { L"IDiscRecorder2", L"ActiveDiscRecorder", DISPID_VALUE, 0 },
    };
    const struct member imapi2fs[] =
    {
        { L"IFsiDirectoryItem", L"_NewEnum", DISPID_NEWENUM, flags },
        { L"IFsiDirectoryItem", L"EnumFsiItems", 2, flags },
        { L"IFsiNamedStreams", L"_NewEnum", DISPID_NEWENUM, flags },
        { L"IFsiNamedStreams", L"EnumNamedStreams", 0x52, flags },
        { L"IProgressItems", L"_NewEnum", DISPID_NEWENUM, flags },
        { L"IProgressItems", L"EnumProgressItems", 4, flags },
        { L"IFsiFileItem2", L"FsiNamedStreams", 0x2d, flags },
        { L"IFileSystemImage", L"Root", DISPID_VALUE, 0 },
    };

    check_members(L"imapi2.dll", imapi2, ARRAYSIZE(imapi2));
    check_members(L"imapi2fs.dll", imapi2fs, ARRAYSIZE(imapi2fs));
}

TEST_MAIN(TEST_CASE(the_library_of_imapi2_is_the_table), TEST_CASE(the_library_of_imapi2fs_is_the_table),
          TEST_CASE(the_library_of_imapi_is_the_table), TEST_CASE(each_library_is_for_the_bitness_of_its_dll),
          TEST_CASE(the_ids_of_plain_interfaces),
          TEST_CASE(members_for_for_each_and_for_c_are_hidden_and_restricted))
