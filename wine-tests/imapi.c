/* imapi.dll while IMAPI version 1 has no classes: it says so, leaves no trace in the registry, may always
 * be unloaded, and has the texts of its result codes. */
#include "com_test.h"
#include "type_rows.h"

#include <imapi.h>

#include <stdlib.h>
#include <string.h>

TEST(no_class_is_available)
{
    static const CLSID *const classes[] =
    {
        &CLSID_MSDiscMasterObj, &CLSID_MSDiscRecorderObj, &CLSID_MSEnumDiscRecordersObj, &IID_IUnknown,
    };
    HRESULT(WINAPI *get)(REFCLSID, REFIID, void **);
    HMODULE dll = com_test_dll("imapi.dll");
    void *factory;
    size_t i;

    if (!dll) return;
    get = (void *)GetProcAddress(dll, "DllGetClassObject");
    if (!ok(get != NULL, "no DllGetClassObject")) return;
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        factory = (void *)1;
        ok_hr(get(classes[i], &IID_IClassFactory, &factory), CLASS_E_CLASSNOTAVAILABLE, "class %u",
              (unsigned)i);
        ok(factory == NULL, "the factory of class %u is not cleared", (unsigned)i);
    }
    ok_hr(get(&CLSID_MSDiscMasterObj, &IID_IClassFactory, NULL), E_POINTER, "no place for the factory");
}

TEST(it_may_be_unloaded)
{
    ok_hr(com_test_can_unload("imapi.dll"), S_OK, "DllCanUnloadNow");
}

/* The keys directly below a key of HKEY_CLASSES_ROOT, counted. */
static DWORD count_keys(const WCHAR *path)
{
    DWORD count = 0;
    HKEY key;

    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, path, 0, KEY_READ, &key)) return 0;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return count;
}

TEST(registering_leaves_no_trace)
{
    static const WCHAR *const keys[] = { L"", L"CLSID", L"Interface", L"TypeLib", L"AppID" };
    static const char *const calls[] = { "DllRegisterServer", "DllUnregisterServer" };
    HMODULE dll = com_test_dll("imapi.dll");
    DWORD before[ARRAYSIZE(keys)];
    HRESULT(WINAPI *call)(void);
    size_t i, j;

    for (i = 0; i < ARRAYSIZE(keys); i++) before[i] = count_keys(keys[i]);
    for (j = 0; dll && j < ARRAYSIZE(calls); j++)
    {
        if (!ok((call = (void *)GetProcAddress(dll, calls[j])) != NULL, "no %s", calls[j])) continue;
        ok_hr(call(), S_OK, "%s", calls[j]);
        for (i = 0; i < ARRAYSIZE(keys); i++) ok_int(count_keys(keys[i]), before[i], test_text(keys[i]));
    }
}

TEST(every_code_has_a_text)
{
    HMODULE dll = com_test_dll("imapi.dll");
    char header[32], name[64], value[16];
    struct rows rows = { 0 };
    unsigned seen = 0;
    size_t i;

    if (!dll || !rows_load(&rows, "result-codes.tsv")) return;
    for (i = 0; i < rows.count; i++)
    {
        DWORD code = strtoul(rows_field(rows.items[i], 1, value, sizeof(value)), NULL, 16), length;
        WCHAR text[512];

        if (strcmp(rows_field(rows.items[i], 2, header, sizeof(header)), "imapierror.h")) continue;
        rows_field(rows.items[i], 0, name, sizeof(name));
        length = FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS, dll, code,
                                MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), text, ARRAYSIZE(text), NULL);
        ok(length > 10 && !wcschr(text, '%'), "the text of %s is \"%s\"", name,
           length ? test_text(text) : "");
        seen++;
    }
    ok_int(seen, 38, "codes");
    rows_free(&rows);
}

TEST_MAIN(TEST_CASE(no_class_is_available), TEST_CASE(it_may_be_unloaded),
          TEST_CASE(registering_leaves_no_trace), TEST_CASE(every_code_has_a_text))
