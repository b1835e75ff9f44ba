/*
 * Self-registration. One walk over the DLL's table yields every registry value that is needed; registering
 * writes them in that order, unregistering goes back and removes those that still hold what was written, and
 * keys that are empty then. What belongs to somebody else stays.
 *
 * CLSID and Interface are kept apart for 32 and 64 bit; ProgIDs, AppIDs and type libraries are shared by the
 * two, so they stay as long as the other one is registered.
 */
#include "com/com_room.h"

#include <olectl.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX (MAX_PATH + 64)

#ifdef _WIN64
#define PLATFORM L"win64"
#define OTHER_VIEW KEY_WOW64_32KEY
#else
#define PLATFORM L"win32"
#define OTHER_VIEW KEY_WOW64_64KEY
#endif

/* Types are marshalled by the automation marshaler, dispinterfaces by that of IDispatch. */
#define AUTOMATION_MARSHALER L"{00020424-0000-0000-C000-000000000046}"
#define DISPATCH_MARSHALER L"{00020420-0000-0000-C000-000000000046}"

struct value
{
    WCHAR key[TEXT_MAX];                /* below HKEY_CLASSES_ROOT */
    WCHAR name[COM_GUID_TEXT];          /* "": the default value */
    WCHAR data[TEXT_MAX];
    WCHAR heir[COM_GUID_TEXT];          /* what removing puts in its place; "": nothing */
    BOOL key_only;                      /* the key has no value of ours */
    BOOL shared;                        /* seen by 32 and 64 bit alike */
};

/* The values in the order of writing. */
struct plan
{
    struct value *values;
    size_t count, capacity;
    HRESULT hr;
    BOOL removing;
    BOOL shared;                        /* of the values that are added now */
    WCHAR path[MAX_PATH];
};

/* --- the plan ------------------------------------------------------------------------------------------- */

static struct value *add(struct plan *plan, const WCHAR *format, ...)
{
    struct value *more;
    va_list args;

    if (plan->count == plan->capacity)
    {
        plan->capacity = plan->capacity ? plan->capacity * 2 : 64;
        if (!(more = realloc(plan->values, plan->capacity * sizeof(*more))))
        {
            plan->capacity = plan->count;
            plan->hr = E_OUTOFMEMORY;
            return NULL;
        }
        plan->values = more;
    }
    more = &plan->values[plan->count++];
    memset(more, 0, sizeof(*more));
    va_start(args, format);
    _vsnwprintf(more->key, TEXT_MAX - 1, format, args);
    va_end(args);
    more->shared = plan->shared;
    return more;
}

static struct value *set(struct value *value, const WCHAR *name, const WCHAR *data)
{
    if (!value) return NULL;
    if (name) wcsncpy(value->name, name, COM_GUID_TEXT - 1);
    wcsncpy(value->data, data, TEXT_MAX - 1);
    return value;
}

static void set_heir(struct value *value, const WCHAR *heir)
{
    if (value) wcsncpy(value->heir, heir, COM_GUID_TEXT - 1);
}

static void set_key_only(struct value *value)
{
    if (value) value->key_only = TRUE;
}

static const WCHAR *guid_text(REFGUID guid, WCHAR text[COM_GUID_TEXT])
{
    StringFromGUID2(guid, text, COM_GUID_TEXT);
    return text;
}

/* "MsftDiscMaster2" of "IMAPI2.MsftDiscMaster2". */
static const WCHAR *class_title(const struct com_class *class)
{
    const WCHAR *dot = class->progid ? wcsrchr(class->progid, L'.') : NULL;

    return dot ? dot + 1 : com_dll.name;
}

/* The default value of a key; FALSE when there is none. */
static BOOL get_default(const WCHAR *key, REGSAM view, WCHAR data[TEXT_MAX])
{
    DWORD size = (TEXT_MAX - 1) * sizeof(WCHAR), type = REG_NONE;
    HKEY handle;
    LSTATUS error;

    memset(data, 0, TEXT_MAX * sizeof(WCHAR));
    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, key, 0, KEY_QUERY_VALUE | view, &handle)) return FALSE;
    error = RegQueryValueExW(handle, NULL, NULL, &type, (BYTE *)data, &size);
    RegCloseKey(handle);
    return !error && type == REG_SZ;
}

/* Removing stops at what somebody else has registered in our place meanwhile: the key's value is another. */
static BOOL is_others(const struct plan *plan, const WCHAR *key, const WCHAR *data)
{
    WCHAR found[TEXT_MAX];

    return plan->removing && get_default(key, 0, found) && lstrcmpiW(found, data);
}

static BOOL is_others_class(const struct plan *plan, const struct com_class *class)
{
    WCHAR clsid[COM_GUID_TEXT], key[96];

    _snwprintf(key, ARRAYSIZE(key), L"CLSID\\%ls\\InprocServer32", guid_text(class->clsid, clsid));
    return is_others(plan, key, plan->path);
}

static void plan_progid(struct plan *plan, const struct com_class *class, const WCHAR *progid)
{
    WCHAR versioned[128], clsid[COM_GUID_TEXT], key[160];

    if (!progid) return;
    guid_text(class->clsid, clsid);
    _snwprintf(key, ARRAYSIZE(key), L"%ls\\CLSID", progid);
    if (is_others(plan, key, clsid)) return;
    _snwprintf(versioned, ARRAYSIZE(versioned), L"%ls.%u", progid, class->version);
    set(add(plan, L"%ls", versioned), NULL, class_title(class));
    set(add(plan, L"%ls\\CLSID", versioned), NULL, clsid);
    set(add(plan, L"%ls", progid), NULL, class_title(class));
    set(add(plan, L"%ls\\CLSID", progid), NULL, clsid);
    set(add(plan, L"%ls\\CurVer", progid), NULL, versioned);
}

static void plan_class(struct plan *plan, const struct com_class *class)
{
    WCHAR clsid[COM_GUID_TEXT], guid[COM_GUID_TEXT], versioned[128];

    guid_text(class->clsid, clsid);
    set(add(plan, L"CLSID\\%ls", clsid), NULL, class_title(class));
    set(add(plan, L"CLSID\\%ls", clsid), L"AppID", guid_text(com_dll.appid, guid));
    set(add(plan, L"CLSID\\%ls\\InprocServer32", clsid), NULL, plan->path);
    set(add(plan, L"CLSID\\%ls\\InprocServer32", clsid), L"ThreadingModel", L"Both");
    set_key_only(add(plan, L"CLSID\\%ls\\Programmable", clsid));
    if (com_dll.libid) set(add(plan, L"CLSID\\%ls\\TypeLib", clsid), NULL, guid_text(com_dll.libid, guid));
    if (!class->progid) return;
    _snwprintf(versioned, ARRAYSIZE(versioned), L"%ls.%u", class->progid, class->version);
    set(add(plan, L"CLSID\\%ls\\ProgID", clsid), NULL, versioned);
    set(add(plan, L"CLSID\\%ls\\VersionIndependentProgID", clsid), NULL, class->progid);
}

static void plan_typelib(struct plan *plan, ITypeLib *library)
{
    WCHAR libid[COM_GUID_TEXT], base[96], key[160];
    BSTR title = NULL;

    _snwprintf(base, ARRAYSIZE(base), L"TypeLib\\%ls\\%x.%x", guid_text(com_dll.libid, libid), com_dll.major,
               com_dll.minor);
    _snwprintf(key, ARRAYSIZE(key), L"%ls\\0\\" PLATFORM, base);
    ITypeLib_GetDocumentation(library, -1, NULL, &title, NULL, NULL);
    set(add(plan, L"%ls", base), NULL, title ? title : com_dll.name);
    set(add(plan, L"%ls\\FLAGS", base), NULL, L"0");
    SysFreeString(title);
    /* The file of one platform is not shared with the other. */
    plan->shared = FALSE;
    set(add(plan, L"%ls", key), NULL, plan->path);
}

/* A library other than the owner that says, by a value of its own in the interface's TypeLib key, that it
   describes the interface too: "{LIBID}" = version. FALSE when there is none. */
static BOOL find_heir(const WCHAR *path, WCHAR libid[COM_GUID_TEXT], WCHAR version[COM_GUID_TEXT])
{
    DWORD i, name_size, size, type;
    LSTATUS error;
    BOOL found = FALSE;
    GUID guid;
    HKEY key;

    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, path, 0, KEY_QUERY_VALUE, &key)) return FALSE;
    for (i = 0; !found; i++)
    {
        name_size = COM_GUID_TEXT;
        size = (COM_GUID_TEXT - 1) * sizeof(WCHAR);
        memset(version, 0, COM_GUID_TEXT * sizeof(WCHAR));
        error = RegEnumValueW(key, i, libid, &name_size, NULL, &type, (BYTE *)version, &size);
        if (error == ERROR_MORE_DATA) continue;
        if (error) break;
        found = type == REG_SZ && name_size == COM_GUID_TEXT - 1 && SUCCEEDED(IIDFromString(libid, &guid));
    }
    RegCloseKey(key);
    return found;
}

/*
 * Two libraries may describe one interface. The first that comes owns the key; the second leaves word in it,
 * by a value with its LIBID as name, so that the key can be handed on to it when the first one goes.
 */
static void plan_interface(struct plan *plan, ITypeInfo *info, const TYPEATTR *attr)
{
    WCHAR heir[COM_GUID_TEXT], heir_version[COM_GUID_TEXT];
    BOOL dual = attr->wTypeFlags & TYPEFLAG_FDUAL, automation = attr->wTypeFlags & TYPEFLAG_FOLEAUTOMATION;
    WCHAR iid[COM_GUID_TEXT], libid[COM_GUID_TEXT], version[16], key[96], found[TEXT_MAX];
    BSTR name = NULL;

    /* Only what can be marshalled from the type information alone. */
    if (attr->typekind != TKIND_DISPATCH && !(attr->typekind == TKIND_INTERFACE && automation)) return;
    guid_text(&attr->guid, iid);
    guid_text(com_dll.libid, libid);
    _snwprintf(version, ARRAYSIZE(version), L"%x.%x", com_dll.major, com_dll.minor);
    _snwprintf(key, ARRAYSIZE(key), L"Interface\\%ls\\TypeLib", iid);
    if (get_default(key, 0, found) && lstrcmpiW(found, libid))
    {
        set(add(plan, L"%ls", key), libid, version);
        return;
    }
    if (plan->removing && find_heir(key, heir, heir_version))
    {
        set_heir(set(add(plan, L"%ls", key), NULL, libid), heir);
        set_heir(set(add(plan, L"%ls", key), L"Version", version), heir_version);
        set(add(plan, L"%ls", key), heir, heir_version);
        return;
    }
    if (FAILED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL))) return;
    set(add(plan, L"Interface\\%ls", iid), NULL, name);
    set(add(plan, L"Interface\\%ls\\ProxyStubClsid32", iid), NULL,
        dual || attr->typekind == TKIND_INTERFACE ? AUTOMATION_MARSHALER : DISPATCH_MARSHALER);
    set(add(plan, L"%ls", key), NULL, libid);
    set(add(plan, L"%ls", key), L"Version", version);
    SysFreeString(name);
}

static void plan_interfaces(struct plan *plan, ITypeLib *library)
{
    UINT i, count = ITypeLib_GetTypeInfoCount(library);
    TYPEATTR *attr;
    ITypeInfo *info;

    for (i = 0; i < count; i++)
    {
        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info))) continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr)))
        {
            plan_interface(plan, info, attr);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
}

static BOOL is_others_library(const struct plan *plan)
{
    WCHAR libid[COM_GUID_TEXT], key[160];

    _snwprintf(key, ARRAYSIZE(key), L"TypeLib\\%ls\\%x.%x\\0\\" PLATFORM, guid_text(com_dll.libid, libid),
               com_dll.major, com_dll.minor);
    return is_others(plan, key, plan->path);
}

/* Creatable classes, and whether one of them is somebody else's now, who needs the AppID too then. */
static unsigned count_classes(const struct plan *plan, BOOL *others)
{
    const struct com_class *const *class;
    unsigned count = 0;

    *others = FALSE;
    for (class = com_dll.classes; *class; class++)
    {
        if ((*class)->noncreatable) continue;
        if (is_others_class(plan, *class)) *others = TRUE;
        count++;
    }
    return count;
}

static void plan_appid(struct plan *plan)
{
    WCHAR appid[COM_GUID_TEXT];

    guid_text(com_dll.appid, appid);
    set(add(plan, L"AppID\\%ls", appid), NULL, com_dll.name);
    set(add(plan, L"AppID\\%ls", appid), L"DllSurrogate", L"");
}

/* The shared ones first, so that they are the last to go. A DLL without classes needs nothing. */
static void plan_make(struct plan *plan, BOOL removing)
{
    const struct com_class *const *class;
    ITypeLib *library = NULL;
    BOOL others;
    DWORD size;

    memset(plan, 0, sizeof(*plan));
    plan->removing = removing;
    size = GetModuleFileNameW(com_module(), plan->path, MAX_PATH);
    if (!size || size >= MAX_PATH) plan->hr = E_UNEXPECTED;
    if (FAILED(plan->hr) || !count_classes(plan, &others)) return;
    if (com_dll.libid && FAILED(plan->hr = LoadTypeLibEx(plan->path, REGKIND_NONE, &library))) return;
    if (library && is_others_library(plan))
    {
        ITypeLib_Release(library);
        library = NULL;
    }

    plan->shared = TRUE;
    if (!others) plan_appid(plan);
    for (class = com_dll.classes; *class; class++)
    {
        if ((*class)->noncreatable || is_others_class(plan, *class)) continue;
        plan_progid(plan, *class, (*class)->progid);
        plan_progid(plan, *class, (*class)->alias);
    }
    if (library) plan_typelib(plan, library);
    plan->shared = FALSE;
    if (library) plan_interfaces(plan, library);
    for (class = com_dll.classes; *class; class++)
        if (!(*class)->noncreatable && !is_others_class(plan, *class)) plan_class(plan, *class);
    if (library) ITypeLib_Release(library);
}

/* --- writing and removing ------------------------------------------------------------------------------- */

static LSTATUS put_text(HKEY key, const WCHAR *name, const WCHAR *data)
{
    return RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)data,
                          (DWORD)((wcslen(data) + 1) * sizeof(WCHAR)));
}

static LSTATUS write_value(const struct value *value)
{
    LSTATUS error;
    HKEY key;

    error = RegCreateKeyExW(HKEY_CLASSES_ROOT, value->key, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    if (!value->key_only) error = put_text(key, value->name, value->data);
    RegCloseKey(key);
    return error;
}

/* The key when nothing is left in it, and then the ones above it; not CLSID, TypeLib and so on themselves. */
static void remove_empty_keys(const WCHAR *path)
{
    WCHAR part[TEXT_MAX], *slash;
    DWORD keys, values;
    LSTATUS error;
    HKEY key;

    wcscpy(part, path);
    do
    {
        if (RegOpenKeyExW(HKEY_CLASSES_ROOT, part, 0, KEY_QUERY_VALUE, &key)) return;
        error = RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
        RegCloseKey(key);
        if (error || keys || values || RegDeleteKeyW(HKEY_CLASSES_ROOT, part)) return;
        if ((slash = wcsrchr(part, L'\\'))) *slash = 0;
    } while (slash && wcschr(part, L'\\'));
}

static void remove_value(const struct value *value)
{
    DWORD size = (TEXT_MAX - 1) * sizeof(WCHAR), type = REG_NONE;
    WCHAR data[TEXT_MAX] = L"";
    HKEY key;

    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, value->key, 0, KEY_QUERY_VALUE | KEY_SET_VALUE, &key)) return;
    if (!value->key_only && !RegQueryValueExW(key, value->name, NULL, &type, (BYTE *)data, &size) &&
        type == REG_SZ && !lstrcmpiW(data, value->data))
    {
        if (value->heir[0]) put_text(key, value->name, value->heir);
        else RegDeleteValueW(key, value->name);
    }
    RegCloseKey(key);
    remove_empty_keys(value->key);
}

/* Our classes, as the other bitness sees them. On a 32-bit system its view is ours, where they are gone by
   the time that this is asked. */
static BOOL other_bitness_registered(void)
{
    const struct com_class *const *class;
    WCHAR guid[COM_GUID_TEXT], key[96], data[TEXT_MAX];

    for (class = com_dll.classes; *class; class++)
    {
        if ((*class)->noncreatable) continue;
        _snwprintf(key, ARRAYSIZE(key), L"CLSID\\%ls\\InprocServer32", guid_text((*class)->clsid, guid));
        if (get_default(key, OTHER_VIEW, data)) return TRUE;
    }
    return FALSE;
}

static void remove_all(const struct plan *plan)
{
    BOOL asked = FALSE, keep = FALSE;
    size_t i;

    for (i = plan->count; i--;)
    {
        if (plan->values[i].shared && !asked)
        {
            keep = other_bitness_registered();
            asked = TRUE;
        }
        if (!plan->values[i].shared || !keep) remove_value(&plan->values[i]);
    }
}

HRESULT com_register(void)
{
    struct plan plan;
    LSTATUS error = 0;
    HRESULT hr;
    size_t i;

    if (!com_dll.classes[0]) return S_OK;       /* a DLL without classes leaves no trace */
    plan_make(&plan, FALSE);
    for (i = 0; SUCCEEDED(plan.hr) && i < plan.count && !error; i++) error = write_value(&plan.values[i]);
    hr = plan.hr;
    if (error)
    {
        log_error("registering failed at %s: error %ld", com_trace_text(plan.values[i - 1].key), error);
        plan.count = i;
        remove_all(&plan);
        hr = error == ERROR_ACCESS_DENIED ? E_ACCESSDENIED : SELFREG_E_CLASS;
    }
    free(plan.values);
    return hr;
}

HRESULT com_unregister(void)
{
    struct plan plan;
    HRESULT hr;

    if (!com_dll.classes[0]) return S_OK;
    plan_make(&plan, TRUE);
    if (SUCCEEDED(hr = plan.hr)) remove_all(&plan);
    free(plan.values);
    return hr;
}
