/* The text of an IErrorInfo: what a result code says, and behind it what exactly it was about. */
#include "imapi2_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* The kit has set the thread's error object; its text becomes a longer one. Without memory it stays as it is.
 */
static void append_to_error(const WCHAR *detail)
{
    ICreateErrorInfo *create = NULL;
    IErrorInfo *info = NULL;
    BSTR text = NULL;

    if (GetErrorInfo(0, &info) != S_OK) return;
    if (SUCCEEDED(IErrorInfo_GetDescription(info, &text)) &&
        SUCCEEDED(IErrorInfo_QueryInterface(info, &IID_ICreateErrorInfo, (void **)&create)))
    {
        size_t size = (text ? wcslen(text) : 0) + wcslen(detail) + 2;
        WCHAR *longer = malloc(size * sizeof(*longer));

        if (longer)
        {
            swprintf(longer, size, L"%ls%ls%ls", text ? text : L"", text && *text ? L" " : L"", detail);
            ICreateErrorInfo_SetDescription(create, longer);
        }
        free(longer);
        ICreateErrorInfo_Release(create);
    }
    SysFreeString(text);
    SetErrorInfo(0, info);
    IErrorInfo_Release(info);
}

HRESULT imapi2_fail_args(void *iface, HRESULT hr, enum imapi2_detail detail, const struct com_insert *inserts,
                         size_t count)
{
    BSTR text;

    com_fail(iface, hr);
    if (SUCCEEDED(hr)) return hr;
    text = com_message((HRESULT)detail, 0, S_OK, inserts, count);
    if (text) append_to_error(text);
    SysFreeString(text);
    return hr;
}

const WCHAR *imapi2_medium_name(enum mmc_medium_type type)
{
    static const WCHAR *const names[] =
    {
        L"?",          L"CD-ROM",   L"CD-R",       L"CD-RW",  L"DVD-ROM",  L"DVD-RAM", L"DVD+R",
        L"DVD+RW",     L"DVD+R DL", L"DVD-R",      L"DVD-RW", L"DVD-R DL", L"MO",      L"DVD+RW DL",
        L"HD DVD-ROM", L"HD DVD-R", L"HD DVD-RAM", L"BD-ROM", L"BD-R",     L"BD-RE",
    };

    return names[(size_t)type < COM_COUNT(names) ? type : 0];
}
