/*
 * What the small client programs share: they use the registered classes just as any program does, and say
 * in words what failed.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdio.h>
#include <windows.h>
#include <ole2.h>
#include <shellapi.h>
#include <shlwapi.h>

/* Prints what failed, with the text of IErrorInfo when there is one, and ends the program with status 1. */
static inline void client_fail(const char *what, HRESULT hr)
{
    IErrorInfo *info = NULL;
    BSTR text = NULL;

    if (GetErrorInfo(0, &info) == S_OK && info)
    {
        IErrorInfo_GetDescription(info, &text);
        IErrorInfo_Release(info);
    }
    printf("%s failed: 0x%08lX %ls\n", what, (unsigned long)hr, text ? text : L"");
    SysFreeString(text);
    fflush(stdout);
    ExitProcess(1);
}

#define CLIENT_TRY(call)                                                                                     \
    do                                                                                                       \
    {                                                                                                        \
        HRESULT client_hr_ = (call);                                                                         \
        if (FAILED(client_hr_)) client_fail(#call, client_hr_);                                              \
    } while (0)

static inline IStream *client_open(const WCHAR *path, DWORD mode, BOOL create)
{
    IStream *stream = NULL;

    CLIENT_TRY(SHCreateStreamOnFileEx(path, mode, FILE_ATTRIBUTE_NORMAL, create, NULL, &stream));
    return stream;
}

#endif
