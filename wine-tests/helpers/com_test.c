/* Checks of com_test.h: loading by path, identity, counting, result codes and IErrorInfo, calls by name. */
#include "../com_test.h"

#include <stdlib.h>
#include <string.h>

/* --- loading -------------------------------------------------------------------------------------------- */

static void dll_path(const char *name, char path[MAX_PATH])
{
    char *slash;
    int i;

    if (GetEnvironmentVariableA("OPENIMAPI_DLL_DIR", path, MAX_PATH - 32))
        strcat(path, "\\");
    else
    {
        GetModuleFileNameA(NULL, path, MAX_PATH - 32);
        for (i = 0; i < 2; i++)
            if ((slash = strrchr(path, '\\'))) *slash = 0;
        strcat(path, "\\");
    }
    strncat(path, name, MAX_PATH - strlen(path) - 1);
}

HMODULE com_test_dll(const char *name)
{
    static struct
    {
        char name[32];
        HMODULE module;
    } loaded[8];
    char path[MAX_PATH];
    HMODULE module;
    size_t i;

    for (i = 0; i < ARRAYSIZE(loaded) && loaded[i].module; i++)
        if (!strcmp(loaded[i].name, name)) return loaded[i].module;
    dll_path(name, path);
    module = LoadLibraryA(path);
    ok(module != NULL, "cannot load %s: error %lu", path, GetLastError());
    if (module && i < ARRAYSIZE(loaded))
    {
        snprintf(loaded[i].name, sizeof(loaded[i].name), "%s", name);
        loaded[i].module = module;
    }
    return module;
}

HRESULT com_test_create(const char *dll, REFCLSID clsid, REFIID iid, void **out)
{
    HRESULT(WINAPI * get_class_object)(REFCLSID, REFIID, void **);
    HMODULE module = com_test_dll(dll);
    IClassFactory *factory;
    HRESULT hr;

    *out = NULL;
    if (!module) return E_UNEXPECTED;
    get_class_object = (void *)GetProcAddress(module, "DllGetClassObject");
    if (!ok(get_class_object != NULL, "%s has no DllGetClassObject", dll)) return E_UNEXPECTED;
    if (FAILED(hr = get_class_object(clsid, &IID_IClassFactory, (void **)&factory))) return hr;
    hr = IClassFactory_CreateInstance(factory, NULL, iid, out);
    IClassFactory_Release(factory);
    return hr;
}

HRESULT com_test_can_unload(const char *dll)
{
    HRESULT(WINAPI * can_unload)(void);
    HMODULE module = com_test_dll(dll);

    if (!module) return E_UNEXPECTED;
    can_unload = (void *)GetProcAddress(module, "DllCanUnloadNow");
    if (!ok(can_unload != NULL, "%s has no DllCanUnloadNow", dll)) return E_UNEXPECTED;
    return can_unload();
}

/* --- the rules of COM ----------------------------------------------------------------------------------- */

static const char *iid_text(REFIID iid)
{
    WCHAR text[40];

    StringFromGUID2(iid, text, ARRAYSIZE(text));
    return test_text(text);
}

static ULONG references(void *object)
{
    IUnknown_AddRef((IUnknown *)object);
    return IUnknown_Release((IUnknown *)object);
}

void test_interfaces(const char *file, int line, void *object, const IID *const *has,
                     const IID *const *lacks)
{
    IUnknown *unknown = object, *found;
    HRESULT hr;

    for (; has && *has; has++)
    {
        found = NULL;
        hr = IUnknown_QueryInterface(unknown, *has, (void **)&found);
        test_check(file, line, hr == S_OK && found, "has not %s: 0x%08lX", iid_text(*has), (unsigned long)hr);
        if (found) IUnknown_Release(found);
    }
    for (; lacks && *lacks; lacks++)
    {
        found = (IUnknown *)(ULONG_PTR)0xDEAD;
        hr = IUnknown_QueryInterface(unknown, *lacks, (void **)&found);
        test_check(file, line, hr == E_NOINTERFACE, "asked for %s: 0x%08lX, expected E_NOINTERFACE",
                   iid_text(*lacks), (unsigned long)hr);
        test_check(file, line, hr == S_OK || !found, "pointer not cleared for %s", iid_text(*lacks));
        if (hr == S_OK && found) IUnknown_Release(found);
    }
}

static void check_pairs(const char *file, int line, IUnknown *from, IUnknown *identity,
                        const IID *const *interfaces)
{
    IUnknown *there, *back;
    HRESULT hr;

    for (; *interfaces; interfaces++)
    {
        hr = IUnknown_QueryInterface(from, *interfaces, (void **)&there);
        if (!test_check(file, line, hr == S_OK, "cannot reach %s: 0x%08lX", iid_text(*interfaces),
                        (unsigned long)hr))
            continue;
        hr = IUnknown_QueryInterface(there, &IID_IUnknown, (void **)&back);
        test_check(file, line, hr == S_OK && back == identity, "%s has another IUnknown",
                   iid_text(*interfaces));
        if (hr == S_OK) IUnknown_Release(back);
        IUnknown_Release(there);
    }
}

void test_identity(const char *file, int line, void *object, const IID *const *interfaces)
{
    ULONG before = references(object), after;
    IUnknown *identity, *from;
    const IID *const *iid;
    HRESULT hr;

    hr = IUnknown_QueryInterface((IUnknown *)object, &IID_IUnknown, (void **)&identity);
    if (!test_check(file, line, hr == S_OK, "no IUnknown: 0x%08lX", (unsigned long)hr)) return;
    check_pairs(file, line, identity, identity, interfaces);
    for (iid = interfaces; *iid; iid++)
    {
        if (FAILED(IUnknown_QueryInterface(identity, *iid, (void **)&from))) continue;
        hr = IUnknown_QueryInterface(from, &IID_IUnknown, NULL);
        test_check(file, line, hr == E_POINTER, "%s: QueryInterface with NULL: 0x%08lX", iid_text(*iid),
                   (unsigned long)hr);
        check_pairs(file, line, from, identity, interfaces);
        IUnknown_Release(from);
    }
    IUnknown_Release(identity);
    after = references(object);
    test_check(file, line, before == after, "%lu references before, %lu after", before, after);
}

void test_last_release(const char *file, int line, void *object)
{
    ULONG left = IUnknown_Release((IUnknown *)object);

    test_check(file, line, left == 0, "%lu references left", left);
}

/* --- result codes --------------------------------------------------------------------------------------- */

static void log_pair(const WCHAR *interface_, const WCHAR *method, HRESULT hr)
{
    char path[MAX_PATH], text[256];
    DWORD size, written;
    HANDLE file;

    if (!GetEnvironmentVariableA("OPENIMAPI_PAIRS", path, sizeof(path))) return;
    size = (DWORD)snprintf(text, sizeof(text), "%ls\t%ls\t0x%08lX\n", interface_, method, (unsigned long)hr);
    file = CreateFileA(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_ALWAYS, 0,
                       NULL);
    if (file == INVALID_HANDLE_VALUE) return;
    WriteFile(file, text, size, &written, NULL);
    CloseHandle(file);
}

int test_pair(const char *file, int line, HRESULT hr, const WCHAR *interface_, const WCHAR *method,
              HRESULT expected)
{
    if (!test_check_hr(file, line, hr, expected, "%s::%s", test_text(interface_), test_text(method)))
        return 0;
    log_pair(interface_, method, hr);
    return 1;
}

int test_error_info(const char *file, int line, REFIID iid, const WCHAR *source, const WCHAR *part)
{
    BSTR text = NULL, origin = NULL;
    IErrorInfo *info = NULL;
    GUID guid;
    int good;

    if (!test_check(file, line, GetErrorInfo(0, &info) == S_OK && info, "no IErrorInfo")) return 0;
    IErrorInfo_GetGUID(info, &guid);
    IErrorInfo_GetDescription(info, &text);
    IErrorInfo_GetSource(info, &origin);
    good = test_check(file, line, IsEqualGUID(&guid, iid), "IErrorInfo is from %s, expected %s",
                      iid_text(&guid), iid_text(iid));
    good &= test_check(file, line, text && *text && (!part || wcsstr(text, part)),
                       "IErrorInfo says \"%s\", expected \"%s\" in it", test_text(text), test_text(part));
    if (source) good &= test_check_text(file, line, origin, source, "source of the error");
    SysFreeString(text);
    SysFreeString(origin);
    IErrorInfo_Release(info);
    return good;
}

int test_error(const char *file, int line, HRESULT hr, HRESULT expected, REFIID iid, const WCHAR *part)
{
    return test_check_hr(file, line, hr, expected, "result") && test_error_info(file, line, iid, NULL, part);
}

int test_no_error_info(const char *file, int line)
{
    IErrorInfo *info = NULL;
    HRESULT hr = GetErrorInfo(0, &info);

    if (info) IErrorInfo_Release(info);
    return test_check(file, line, hr == S_FALSE && !info, "an IErrorInfo is set: 0x%08lX", (unsigned long)hr);
}

/* --- calls by name -------------------------------------------------------------------------------------- */

HRESULT test_invoke_ex(void *object, DISPID id, WORD flags, VARIANT *args, UINT count, VARIANT *result,
                       EXCEPINFO *exception, UINT *bad)
{
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = { 0 };
    IDispatch *dispatch;
    VARIANT list[16];
    HRESULT hr;
    UINT i;

    if (result) VariantInit(result);
    memset(exception, 0, sizeof(*exception));
    if (count > ARRAYSIZE(list)) return E_INVALIDARG;
    for (i = 0; i < count; i++) list[i] = args[count - 1 - i];
    params.rgvarg = list;
    params.cArgs = count;
    if (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF))
    {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    hr = IUnknown_QueryInterface((IUnknown *)object, &IID_IDispatch, (void **)&dispatch);
    if (FAILED(hr)) return hr;
    hr = IDispatch_Invoke(dispatch, id, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params, result, exception,
                          bad);
    IDispatch_Release(dispatch);
    return hr;
}

HRESULT test_invoke(void *object, const WCHAR *name, WORD flags, VARIANT *args, UINT count, VARIANT *result)
{
    WCHAR *names[] = { (WCHAR *)name };
    EXCEPINFO exception;
    IDispatch *dispatch;
    UINT bad = 0;
    HRESULT hr;
    DISPID id;

    if (result) VariantInit(result);
    hr = IUnknown_QueryInterface((IUnknown *)object, &IID_IDispatch, (void **)&dispatch);
    if (FAILED(hr)) return hr;
    hr = IDispatch_GetIDsOfNames(dispatch, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &id);
    IDispatch_Release(dispatch);
    if (FAILED(hr)) return hr;
    hr = test_invoke_ex(object, id, flags, args, count, result, &exception, &bad);
    if (hr == DISP_E_EXCEPTION) hr = exception.scode;
    SysFreeString(exception.bstrSource);
    SysFreeString(exception.bstrDescription);
    SysFreeString(exception.bstrHelpFile);
    return hr;
}

HRESULT test_get(void *object, const WCHAR *name, VARIANT *result)
{
    return test_invoke(object, name, DISPATCH_METHOD | DISPATCH_PROPERTYGET, NULL, 0, result);
}

HRESULT test_put(void *object, const WCHAR *name, VARIANT value)
{
    return test_invoke(object, name, DISPATCH_PROPERTYPUT, &value, 1, NULL);
}

HRESULT test_putref(void *object, const WCHAR *name, VARIANT value)
{
    return test_invoke(object, name, DISPATCH_PROPERTYPUTREF, &value, 1, NULL);
}
