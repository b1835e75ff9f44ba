/* A client in C as programmers write them against the public headers and the GUID library: it is compiled and
 * linked for both targets, never run. */
#define COBJMACROS
#include <windows.h>

#include <imapi.h>
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2fs.h>
#include <imapi2fserror.h>
#include <imapierror.h>

#include <stdio.h>

/* What stands in the headers beside interfaces, and so in no type library. */
_Static_assert(IMAPI_SECTOR_SIZE == 2048 && IMAPI2_DEFAULT_COMMAND_TIMEOUT == 10, "sizes");
_Static_assert(IMAPI_SECTORS_PER_SECOND_AT_1X_CD == 75, "speeds");
_Static_assert(IMAPI_SECTORS_PER_SECOND_AT_1X_DVD == 680, "speeds");
_Static_assert(IMAPI_SECTORS_PER_SECOND_AT_1X_BD == 2195, "speeds");
_Static_assert(IMAPI_SECTORS_PER_SECOND_AT_1X_HD_DVD == 4568, "speeds");
_Static_assert(IMAPI2FS_BOOT_ENTRY_COUNT_MAX == 32 && FACILITY_IMAPI2 == 0xAA, "limits");
_Static_assert(IMAPI_FSI_ERROR_FIRST == 0xB100 && IMAPI_FSI_ERROR_LAST == 0xB2FF, "limits");
_Static_assert(IMAPILib2_MajorVersion == 1 && IMAPILib2_MinorVersion == 0, "version");
_Static_assert(IMAPI2FS_MajorVersion == 1 && IMAPI2FS_MinorVersion == 0, "version");
_Static_assert(DISPID_DDISCMASTER2EVENTS_DEVICEADDED == 0x100, "events");
_Static_assert(DISPID_DDISCMASTER2EVENTS_DEVICEREMOVED == 0x101, "events");
_Static_assert(DISPID_DFILESYSTEMIMAGEEVENTS_UPDATE == 0x100, "events");
_Static_assert(DISPID_DFILESYSTEMIMAGEIMPORTEVENTS_UPDATEIMPORT == 0x101, "events");
_Static_assert(DISPID_IDISCFORMAT2DATA_MUTLISESSIONINTERFACES == 0x118, "a name that is spelled so");
_Static_assert(DISPID_IDISCFORMAT2TRACKATONCE_FINISHMEDIA == 0x203, "a name of its own");
_Static_assert(DISPID_IRAWCDIMAGECREATOR_USEDSECTORSONDISC == 0x108, "a name of its own");
_Static_assert(DISPID_IWRITEENGINE2EVENTARGS_TOTALDEVICEBUFFER == 0x104, "an id without a member");
_Static_assert(DISPID_IMULTISESSION_FREESECTORS == 0x204, "one prefix for the descendants of IMultisession");
_Static_assert(RECORDER_DOING_NOTHING == 0 && RECORDER_OPENED == 1 && RECORDER_BURNING == 2, "states");
_Static_assert(sizeof(enum _IMAPI_MEDIA_PHYSICAL_TYPE) == 4, "v1_enum");
_Static_assert(sizeof(*(PIMAPI_PROFILE_TYPE)0) == 4, "v1_enum");
_Static_assert(sizeof(ULONG_IMAPI2_DVD_STRUCTURE) == 4 && sizeof(ULONG_IMAPI2_NONZERO) == 4, "ULONG");

/* A sink as C clients make them: the whole vtable by hand. */
static HRESULT STDMETHODCALLTYPE sink_QueryInterface(DDiscFormat2DataEvents *iface, REFIID iid, void **out)
{
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch)
        && !IsEqualIID(iid, &DIID_DDiscFormat2DataEvents))
    {
        *out = NULL;
        return E_NOINTERFACE;
    }
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(DDiscFormat2DataEvents *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE sink_Release(DDiscFormat2DataEvents *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfoCount(DDiscFormat2DataEvents *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfo(DDiscFormat2DataEvents *iface, UINT index, LCID lcid,
                                                  ITypeInfo **out)
{
    (void)iface, (void)index, (void)lcid;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(DDiscFormat2DataEvents *iface, REFIID iid,
                                                    LPOLESTR *names, UINT count, LCID lcid, DISPID *ids)
{
    (void)iface, (void)iid, (void)names, (void)count, (void)lcid, (void)ids;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE sink_Invoke(DDiscFormat2DataEvents *iface, DISPID id, REFIID iid, LCID lcid,
                                             WORD flags, DISPPARAMS *params, VARIANT *result,
                                             EXCEPINFO *exception, UINT *bad)
{
    (void)iid, (void)lcid, (void)flags, (void)result, (void)exception, (void)bad;
    if (id != DISPID_DDISCFORMAT2DATAEVENTS_UPDATE || params->cArgs != 2) return DISP_E_MEMBERNOTFOUND;
    return DDiscFormat2DataEvents_Update(iface, V_DISPATCH(&params->rgvarg[1]),
                                         V_DISPATCH(&params->rgvarg[0]));
}

static HRESULT STDMETHODCALLTYPE sink_Update(DDiscFormat2DataEvents *iface, IDispatch *object,
                                             IDispatch *progress)
{
    IMAPI_FORMAT2_DATA_WRITE_ACTION action = IMAPI_FORMAT2_DATA_WRITE_ACTION_VALIDATING_MEDIA;
    IDiscFormat2DataEventArgs *args;
    LONG sectors = 0;

    (void)iface, (void)object;
    if (FAILED(IDispatch_QueryInterface(progress, &IID_IDiscFormat2DataEventArgs, (void **)&args)))
    {
        return S_OK;
    }
    IDiscFormat2DataEventArgs_get_SectorCount(args, &sectors);
    IDiscFormat2DataEventArgs_get_CurrentAction(args, &action);
    if (action == IMAPI_FORMAT2_DATA_WRITE_ACTION_WRITING_DATA) printf("of %ld sectors\n", sectors);
    IDiscFormat2DataEventArgs_Release(args);
    return S_OK;
}

static DDiscFormat2DataEventsVtbl sink_vtbl =
{
    sink_QueryInterface,
    sink_AddRef,
    sink_Release,
    sink_GetTypeInfoCount,
    sink_GetTypeInfo,
    sink_GetIDsOfNames,
    sink_Invoke,
    sink_Update,
};

static DDiscFormat2DataEvents sink = { &sink_vtbl };

static HRESULT advise(IDiscFormat2Data *writer, DWORD *cookie)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point;
    HRESULT hr = IDiscFormat2Data_QueryInterface(writer, &IID_IConnectionPointContainer, (void **)&container);

    if (FAILED(hr)) return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_DDiscFormat2DataEvents, &point);
    if (SUCCEEDED(hr))
    {
        hr = IConnectionPoint_Advise(point, (IUnknown *)&sink, cookie);
        IConnectionPoint_Release(point);
    }
    IConnectionPointContainer_Release(container);
    return hr;
}

static HRESULT burn(IDiscRecorder2 *recorder, IDiscFormat2Data *writer, IFileSystemImage3 *image)
{
    IMAPI_MEDIA_PHYSICAL_TYPE type = IMAPI_MEDIA_TYPE_UNKNOWN;
    IFileSystemImageResult *result = NULL;
    IStream *stream = NULL;
    LONG blocks = 0;
    DWORD cookie;
    HRESULT hr;

    IDiscFormat2Data_put_Recorder(writer, recorder);
    hr = IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, &type);
    if (hr == E_IMAPI_RECORDER_MEDIA_NO_MEDIA || type == IMAPI_MEDIA_TYPE_UNKNOWN) return hr;
    IFileSystemImage3_put_FileSystemsToCreate(image, FsiFileSystemISO9660 | FsiFileSystemJoliet);
    if (FAILED(hr = IFileSystemImage3_ChooseImageDefaultsForMediaType(image, type))) return hr;
    hr = IFileSystemImage3_CreateResultImage(image, &result);
    if (hr == IMAPI_E_IMAGE_TOO_BIG || FAILED(hr)) return hr;
    IFileSystemImageResult_get_TotalBlocks(result, &blocks);
    if (SUCCEEDED(hr = IFileSystemImageResult_get_ImageStream(result, &stream)))
    {
        if (SUCCEEDED(advise(writer, &cookie))) hr = IDiscFormat2Data_Write(writer, stream);
        IStream_Release(stream);
    }
    printf("%.1f MiB: 0x%08lX\n", blocks * (double)IMAPI_SECTOR_SIZE / 1048576, hr);
    IFileSystemImageResult_Release(result);
    return hr;
}

/* The way of Windows XP. */
static HRESULT record(IDiscMaster *master)
{
    IJolietDiscMaster *joliet = NULL;
    HRESULT hr = IDiscMaster_Open(master);

    if (hr == IMAPI_E_STASHINUSE || FAILED(hr)) return hr;
    hr = IDiscMaster_SetActiveDiscMasterFormat(master, &IID_IJolietDiscMaster, (void **)&joliet);
    if (SUCCEEDED(hr))
    {
        hr = IDiscMaster_RecordDisc(master, FALSE, TRUE);
        IJolietDiscMaster_Release(joliet);
    }
    IDiscMaster_Close(master);
    return hr;
}

int main(void)
{
    IDiscRecorder2 *recorder = NULL;
    IFileSystemImage3 *image = NULL;
    IDiscFormat2Data *writer = NULL;
    IDiscMaster *master = NULL;
    ITypeLib *library = NULL;

    CoInitialize(NULL);
    LoadRegTypeLib(&LIBID_IMAPILib2, IMAPILib2_MajorVersion, IMAPILib2_MinorVersion, 0, &library);
    LoadRegTypeLib(&LIBID_IMAPI2FS, IMAPI2FS_MajorVersion, IMAPI2FS_MinorVersion, 0, &library);
    CoCreateInstance(&CLSID_MsftDiscRecorder2, NULL, CLSCTX_ALL, &IID_IDiscRecorder2, (void **)&recorder);
    CoCreateInstance(&CLSID_MsftDiscFormat2Data, NULL, CLSCTX_ALL, &IID_IDiscFormat2Data, (void **)&writer);
    CoCreateInstance(&CLSID_MsftFileSystemImage, NULL, CLSCTX_ALL, &IID_IFileSystemImage3, (void **)&image);
    CoCreateInstance(&CLSID_MSDiscMasterObj, NULL, CLSCTX_ALL, &IID_IDiscMaster, (void **)&master);
    if (recorder && writer && image) burn(recorder, writer, image);
    if (master) record(master);
    CoUninitialize();
    return 0;
}
