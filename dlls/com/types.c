/* The type library in the DLL's own resource: loaded once, its entries kept by GUID until the DLL goes. Not
   taken from the registry: right bitness, right version, and it works unregistered. */
#include "com/com_room.h"

#include <string.h>

#define KEPT 64

static SRWLOCK lock = SRWLOCK_INIT;
static ITypeLib *library;
static struct
{
    GUID guid;
    ITypeInfo *info;
} kept[KEPT];
static unsigned kept_count;

static ITypeInfo *find(REFGUID guid)
{
    unsigned i;

    for (i = 0; i < kept_count; i++)
        if (IsEqualGUID(&kept[i].guid, guid))
        {
            ITypeInfo_AddRef(kept[i].info);
            return kept[i].info;
        }
    return NULL;
}

/* With the lock held for writing. */
static HRESULT load(REFGUID guid, ITypeInfo **out)
{
    WCHAR path[MAX_PATH];
    HRESULT hr;
    DWORD size;

    if (!com_dll.libid) return TYPE_E_ELEMENTNOTFOUND;
    if (!library)
    {
        size = GetModuleFileNameW(com_module(), path, MAX_PATH);
        if (!size || size >= MAX_PATH) return TYPE_E_CANTLOADLIBRARY;
        if (FAILED(hr = LoadTypeLibEx(path, REGKIND_NONE, &library))) return hr;
    }
    if (FAILED(hr = ITypeLib_GetTypeInfoOfGuid(library, guid, out))) return hr;
    if (kept_count < KEPT)
    {
        kept[kept_count].guid = *guid;
        kept[kept_count++].info = *out;
        ITypeInfo_AddRef(*out);
    }
    return S_OK;
}

HRESULT com_type_info(REFGUID guid, ITypeInfo **out)
{
    HRESULT hr = S_OK;

    AcquireSRWLockShared(&lock);
    *out = find(guid);
    ReleaseSRWLockShared(&lock);
    if (*out) return S_OK;

    AcquireSRWLockExclusive(&lock);
    if (!(*out = find(guid))) hr = load(guid, out);
    ReleaseSRWLockExclusive(&lock);
    return hr;
}

void com_types_release(void)
{
    while (kept_count)
    {
        kept_count--;
        ITypeInfo_Release(kept[kept_count].info);
    }
    if (library) ITypeLib_Release(library);
    library = NULL;
}
