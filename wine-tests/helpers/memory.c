/* Allocations of a DLL under test, made to fail and counted: memory.h. */
#include "../memory.h"

#include <stdlib.h>

static LONG asked, failing, live;
static DWORD thread;

void memory_fail(LONG nth)
{
    thread = GetCurrentThreadId();
    asked = 0;
    failing = nth;
}

LONG memory_asked(void)
{
    return asked;
}

LONG memory_live(void)
{
    return live;
}

static BOOL fails(void)
{
    return thread == GetCurrentThreadId() && ++asked == failing;
}

static void *count(void *block)
{
    if (block) InterlockedIncrement(&live);
    return block;
}

/* --- the import table -------------------------------------------------------------------------------- */

static void *(__cdecl *real_malloc)(size_t size);
static void *(__cdecl *real_calloc)(size_t number, size_t size);
static void *(__cdecl *real_realloc)(void *block, size_t size);
static void(__cdecl *real_free)(void *block);
static WCHAR *(__cdecl *real_wcsdup)(const WCHAR *text);
static HANDLE(WINAPI *real_event)(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL set, const WCHAR *name);
static HRESULT(WINAPI *real_marshaler)(IUnknown *outer, IUnknown **out);
static HRESULT(WINAPI *real_error_info)(ICreateErrorInfo **out);

static void *__cdecl my_malloc(size_t size)
{
    return fails() ? NULL : count(real_malloc(size));
}

static void *__cdecl my_calloc(size_t number, size_t size)
{
    return fails() ? NULL : count(real_calloc(number, size));
}

static void *__cdecl my_realloc(void *block, size_t size)
{
    if (fails()) return NULL;
    return block ? real_realloc(block, size) : count(real_realloc(NULL, size));
}

static void __cdecl my_free(void *block)
{
    if (block) InterlockedDecrement(&live);
    real_free(block);
}

static WCHAR *__cdecl my_wcsdup(const WCHAR *text)
{
    return fails() ? NULL : count(real_wcsdup(text));
}

/* Not memory of ours, but what a system that has none left says to these. */
static HANDLE WINAPI my_event(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL set, const WCHAR *name)
{
    return fails() ? NULL : real_event(security, manual, set, name);
}

static HRESULT WINAPI my_marshaler(IUnknown *outer, IUnknown **out)
{
    *out = NULL;
    return fails() ? E_OUTOFMEMORY : real_marshaler(outer, out);
}

static HRESULT WINAPI my_error_info(ICreateErrorInfo **out)
{
    *out = NULL;
    return fails() ? E_OUTOFMEMORY : real_error_info(out);
}

static const struct
{
    const char *name;
    void *ours;
    void *real;                         /* pointer to where the entry found goes */
} hooks[] =
{
    { "malloc", (void *)my_malloc, &real_malloc },
    { "calloc", (void *)my_calloc, &real_calloc },
    { "realloc", (void *)my_realloc, &real_realloc },
    { "free", (void *)my_free, &real_free },
    { "_wcsdup", (void *)my_wcsdup, &real_wcsdup },
    { "CreateEventW", (void *)my_event, &real_event },
    { "CoCreateFreeThreadedMarshaler", (void *)my_marshaler, &real_marshaler },
    { "CreateErrorInfo", (void *)my_error_info, &real_error_info },
};

static void hook(const char *name, void **entry)
{
    DWORD before;

    for (size_t i = 0; i < ARRAYSIZE(hooks); i++)
    {
        if (strcmp(name, hooks[i].name)) continue;
        *(void **)hooks[i].real = *entry;
        VirtualProtect(entry, sizeof(*entry), PAGE_READWRITE, &before);
        *entry = hooks[i].ours;
        VirtualProtect(entry, sizeof(*entry), before, &before);
    }
}

static void hook_imports(HMODULE module)
{
    BYTE *base = (BYTE *)module;
    const IMAGE_NT_HEADERS *headers = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
    const IMAGE_DATA_DIRECTORY *where = &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    const IMAGE_IMPORT_DESCRIPTOR *import = (void *)(base + where->VirtualAddress);

    for (; import->Name; import++)
    {
        const IMAGE_THUNK_DATA *name = (void *)(base + import->OriginalFirstThunk);
        void **entry = (void **)(base + import->FirstThunk);

        for (; name->u1.AddressOfData; name++, entry++)
        {
            if (IMAGE_SNAP_BY_ORDINAL(name->u1.Ordinal)) continue;
            hook((const char *)((IMAGE_IMPORT_BY_NAME *)(base + name->u1.AddressOfData))->Name, entry);
        }
    }
}

/* --- task memory ------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE spy_QueryInterface(IMallocSpy *iface, REFIID iid, void **out)
{
    *out = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IMallocSpy) ? iface : NULL;
    return *out ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE spy_AddRef(IMallocSpy *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE spy_Release(IMallocSpy *iface)
{
    (void)iface;
    return 1;
}

/* 0 makes it fail. */
static SIZE_T STDMETHODCALLTYPE spy_PreAlloc(IMallocSpy *iface, SIZE_T size)
{
    (void)iface;
    if (!size) size = 1;
    return fails() ? 0 : size;
}

static void *STDMETHODCALLTYPE spy_PostAlloc(IMallocSpy *iface, void *block)
{
    (void)iface;
    return count(block);
}

static void *STDMETHODCALLTYPE spy_PreFree(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface;
    if (block && spied) InterlockedDecrement(&live);
    return block;
}

static void STDMETHODCALLTYPE spy_PostFree(IMallocSpy *iface, BOOL spied)
{
    (void)iface, (void)spied;
}

static SIZE_T STDMETHODCALLTYPE spy_PreRealloc(IMallocSpy *iface, void *block, SIZE_T size, void **out,
                                               BOOL spied)
{
    (void)iface, (void)spied;
    *out = block;
    return fails() ? 0 : size;
}

static void *STDMETHODCALLTYPE spy_PostRealloc(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface, (void)spied;
    return block;
}

static void *STDMETHODCALLTYPE spy_PreGetSize(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface, (void)spied;
    return block;
}

static SIZE_T STDMETHODCALLTYPE spy_PostGetSize(IMallocSpy *iface, SIZE_T size, BOOL spied)
{
    (void)iface, (void)spied;
    return size;
}

static void *STDMETHODCALLTYPE spy_PreDidAlloc(IMallocSpy *iface, void *block, BOOL spied)
{
    (void)iface, (void)spied;
    return block;
}

static int STDMETHODCALLTYPE spy_PostDidAlloc(IMallocSpy *iface, void *block, BOOL spied, int did)
{
    (void)iface, (void)block, (void)spied;
    return did;
}

static void STDMETHODCALLTYPE spy_nothing(IMallocSpy *iface)
{
    (void)iface;
}

static IMallocSpyVtbl spy_vtbl =
{
    spy_QueryInterface, spy_AddRef, spy_Release, spy_PreAlloc, spy_PostAlloc, spy_PreFree, spy_PostFree,
    spy_PreRealloc, spy_PostRealloc, spy_PreGetSize, spy_PostGetSize, spy_PreDidAlloc, spy_PostDidAlloc,
    spy_nothing, spy_nothing,
};

/* --- the beginning ----------------------------------------------------------------------------------- */

BOOL memory_watch(const char *dll)
{
    static IMallocSpy spy = { &spy_vtbl };
    HMODULE module = com_test_dll(dll);
    void(WINAPI * no_cache)(void) = (void *)GetProcAddress(LoadLibraryW(L"oleaut32.dll"), "SetOaNoCache");

    if (!module) return FALSE;
    if (no_cache) no_cache();                       /* else freed BSTRs are kept for the next one */
    hook_imports(module);
    return ok(real_malloc && real_calloc && real_realloc && real_free, "the imports of %s", dll) &&
           ok_hr(CoRegisterMallocSpy(&spy), S_OK, "CoRegisterMallocSpy");
}
