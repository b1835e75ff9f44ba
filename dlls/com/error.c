/* Failures of methods: the thread's IErrorInfo is set with who failed and what the user should read. */
#include "com/com_room.h"

#include <string.h>

static void set_error_info(const struct com_slot *slot, BSTR text)
{
    const WCHAR *progid = slot->object->class->progid;
    ICreateErrorInfo *making = NULL;
    IErrorInfo *info = NULL;

    if (text && SUCCEEDED(CreateErrorInfo(&making)))
    {
        ICreateErrorInfo_SetGUID(making, slot->row->iid);
        ICreateErrorInfo_SetSource(making, (WCHAR *)(progid ? progid : com_dll.name));
        ICreateErrorInfo_SetDescription(making, text);
        ICreateErrorInfo_QueryInterface(making, &IID_IErrorInfo, (void **)&info);
        ICreateErrorInfo_Release(making);
    }
    /* Without memory for it at least the one of an older failure goes. */
    SetErrorInfo(0, info);
    if (info) IErrorInfo_Release(info);
}

HRESULT com_fail_args(void *iface, HRESULT hr, HRESULT cause, const struct com_insert *inserts, size_t count)
{
    const struct com_slot *slot = iface;
    BSTR text;

    if (SUCCEEDED(hr)) return hr;
    text = com_message(hr, 0, cause, inserts, count);
    set_error_info(slot, text);
    if (log_enabled(LOG_INFO)) com_log_failure(slot, hr, text);
    SysFreeString(text);
    return hr;
}

HRESULT com_fail(void *iface, HRESULT hr)
{
    return com_fail_args(iface, hr, S_OK, NULL, 0);
}

HRESULT com_forward(void *iface, HRESULT hr)
{
    IErrorInfo *info = NULL;

    if (SUCCEEDED(hr)) return hr;
    if (GetErrorInfo(0, &info) != S_OK || !info) return com_fail(iface, hr);
    SetErrorInfo(0, info);
    IErrorInfo_Release(info);
    return hr;
}
