/*
 * burn FILE [close] [quick | full]: burns an image file to the first recorder through the registered
 * imapi2.dll; 'close' closes the disc, 'quick' and 'full' verify it.
 */
#include "client.h"

#include <imapi2.h>

int main(void)
{
    int argc = 0;
    WCHAR **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    IDiscMaster2 *master = NULL;
    IDiscRecorder2 *recorder = NULL;
    IDiscFormat2Data *writer = NULL;
    IBurnVerification *verification = NULL;
    IMAPI_BURN_VERIFICATION_LEVEL level = IMAPI_BURN_VERIFICATION_NONE;
    IStream *stream;
    BSTR id = NULL, name;
    LONG count = 0;
    int i;

    if (argc < 2)
    {
        printf("usage: burn FILE [close] [quick | full]\n");
        return 2;
    }
    CLIENT_TRY(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    CLIENT_TRY(CoCreateInstance(&CLSID_MsftDiscMaster2, NULL, CLSCTX_INPROC_SERVER, &IID_IDiscMaster2,
                                (void **)&master));
    CLIENT_TRY(IDiscMaster2_get_Count(master, &count));
    printf("%ld recorders\n", (long)count);
    CLIENT_TRY(IDiscMaster2_get_Item(master, 0, &id));
    CLIENT_TRY(CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_INPROC_SERVER, &IID_IDiscRecorder2,
                                (void **)&recorder));
    CLIENT_TRY(IDiscRecorder2_InitializeDiscRecorder(recorder, id));
    CLIENT_TRY(CoCreateInstance(&CLSID_MsftDiscFormat2Data, NULL, CLSCTX_INPROC_SERVER, &IID_IDiscFormat2Data,
                                (void **)&writer));
    CLIENT_TRY(IDiscFormat2Data_put_Recorder(writer, recorder));
    name = SysAllocString(L"burn");
    CLIENT_TRY(IDiscFormat2Data_put_ClientName(writer, name));
    for (i = 2; i < argc; i++)
    {
        if (!wcscmp(argv[i], L"close"))
            CLIENT_TRY(IDiscFormat2Data_put_ForceMediaToBeClosed(writer, VARIANT_TRUE));
        if (!wcscmp(argv[i], L"quick")) level = IMAPI_BURN_VERIFICATION_QUICK;
        if (!wcscmp(argv[i], L"full")) level = IMAPI_BURN_VERIFICATION_FULL;
    }
    CLIENT_TRY(IDiscFormat2Data_QueryInterface(writer, &IID_IBurnVerification, (void **)&verification));
    CLIENT_TRY(IBurnVerification_put_BurnVerificationLevel(verification, level));

    stream = client_open(argv[1], STGM_READ | STGM_SHARE_DENY_WRITE, FALSE);
    CLIENT_TRY(IDiscFormat2Data_Write(writer, stream));
    printf("burned\n");

    IStream_Release(stream);
    IBurnVerification_Release(verification);
    IDiscFormat2Data_Release(writer);
    IDiscRecorder2_Release(recorder);
    IDiscMaster2_Release(master);
    SysFreeString(id);
    SysFreeString(name);
    CoUninitialize();
    return 0;
}
