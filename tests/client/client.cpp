// A client in C++17 as programmers write them against the public headers and the GUID library: it is compiled
// and linked for both targets, never run.
#include <windows.h>

#include <imapi.h>
#include <imapi2.h>
#include <imapi2error.h>
#include <imapi2fs.h>
#include <imapi2fserror.h>
#include <imapierror.h>

#include <cstdio>

template <class Interface> class Pointer
{
public:
    Pointer() = default;
    Pointer(const Pointer &) = delete;
    Pointer &operator=(const Pointer &) = delete;
    ~Pointer()
    {
        if (pointer) pointer->Release();
    }
    Interface *operator->() const { return pointer; }
    Interface **operator&() { return &pointer; }
    Interface *get() const { return pointer; }
    HRESULT create(REFCLSID clsid)
    {
        return CoCreateInstance(clsid, nullptr, CLSCTX_ALL, __uuidof(Interface), (void **)&pointer);
    }

private:
    Interface *pointer = nullptr;
};

// A sink by inheritance from the interface of the header.
class EraseSink final : public DDiscFormat2EraseEvents
{
public:
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        bool known = iid == __uuidof(IUnknown) || iid == __uuidof(IDispatch)
                     || iid == __uuidof(DDiscFormat2EraseEvents) || iid == DIID_DDiscFormat2EraseEvents;

        *out = known ? this : nullptr;
        return known ? S_OK : E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return 2; }
    ULONG STDMETHODCALLTYPE Release() override { return 1; }
    HRESULT STDMETHODCALLTYPE GetTypeInfoCount(UINT *count) override
    {
        *count = 0;
        return S_OK;
    }
    HRESULT STDMETHODCALLTYPE GetTypeInfo(UINT, LCID, ITypeInfo **) override { return E_NOTIMPL; }
    HRESULT STDMETHODCALLTYPE GetIDsOfNames(REFIID, LPOLESTR *, UINT, LCID, DISPID *) override
    {
        return E_NOTIMPL;
    }
    HRESULT STDMETHODCALLTYPE Invoke(DISPID id, REFIID, LCID, WORD, DISPPARAMS *params, VARIANT *,
                                     EXCEPINFO *, UINT *) override
    {
        if (id != DISPID_DDISCFORMAT2ERASEEVENTS_UPDATE || params->cArgs != 3) return DISP_E_MEMBERNOTFOUND;
        return Update(V_DISPATCH(&params->rgvarg[2]), V_I4(&params->rgvarg[1]), V_I4(&params->rgvarg[0]));
    }
    HRESULT STDMETHODCALLTYPE Update(IDispatch *, LONG elapsed, LONG total) override
    {
        std::printf("%ld of %ld s\n", (long)elapsed, (long)total);
        return S_OK;
    }
};

// Enumerations are types of their own, and the sizes of replies are ULONG.
static HRESULT first_feature(IDiscRecorder2Ex *recorder, IMAPI_FEATURE_PAGE_TYPE &feature)
{
    IMAPI_FEATURE_PAGE_TYPE *features = nullptr;
    BYTE sense[18] = {}, command[6] = {};
    ULONG count = 0;
    HRESULT hr = recorder->SendCommandNoData(command, sizeof(command), sense, IMAPI2_DEFAULT_COMMAND_TIMEOUT);

    if (hr == S_IMAPI_COMMAND_HAS_SENSE_DATA) return E_FAIL;
    hr = recorder->GetSupportedFeaturePages(VARIANT_FALSE, &features, &count);
    if (SUCCEEDED(hr) && count) feature = features[0];
    CoTaskMemFree(features);
    return hr;
}

static HRESULT erase(IDiscRecorder2 *recorder, IDiscFormat2Erase *eraser)
{
    Pointer<IConnectionPointContainer> container;
    Pointer<IConnectionPoint> point;
    Pointer<IDiscRecorder2Ex> ex;
    IMAPI_FEATURE_PAGE_TYPE feature = IMAPI_FEATURE_PAGE_TYPE_PROFILE_LIST;
    EraseSink sink;
    DWORD cookie = 0;

    if (SUCCEEDED(recorder->QueryInterface(__uuidof(IDiscRecorder2Ex), (void **)&ex)))
    {
        first_feature(ex.get(), feature);
    }
    if (SUCCEEDED(eraser->QueryInterface(__uuidof(IConnectionPointContainer), (void **)&container))
        && SUCCEEDED(container->FindConnectionPoint(IID_DDiscFormat2EraseEvents, &point)))
    {
        point->Advise(&sink, &cookie);
    }
    eraser->put_Recorder(recorder);
    eraser->put_FullErase(VARIANT_FALSE);
    HRESULT hr = eraser->EraseMedia();
    return hr == E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED ? S_FALSE : hr;
}

static HRESULT add(IFileSystemImage *image, BSTR folder)
{
    Pointer<IFsiDirectoryItem> root;
    Pointer<IEnumFsiItems> items;
    Pointer<IFsiItem> item;
    ULONG fetched = 0;
    HRESULT hr = image->get_Root(&root);

    if (FAILED(hr)) return hr;
    hr = root->AddTree(folder, VARIANT_TRUE);
    if (hr == IMAPI_E_IMAGE_SIZE_LIMIT) std::printf("too large\n");
    if (SUCCEEDED(root->get_EnumFsiItems(&items))) items->Next(1, &item, &fetched);
    return hr;
}

int main()
{
    Pointer<IDiscFormat2Erase> eraser;
    Pointer<IDiscRecorder2> recorder;
    Pointer<IFileSystemImage> image;
    Pointer<IDiscMaster2> master;
    Pointer<IDiscMaster> old;
    BSTR id = nullptr;

    CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    if (SUCCEEDED(master.create(__uuidof(MsftDiscMaster2))) && SUCCEEDED(master->get_Item(0, &id))
        && SUCCEEDED(recorder.create(CLSID_MsftDiscRecorder2))
        && SUCCEEDED(recorder->InitializeDiscRecorder(id))
        && SUCCEEDED(eraser.create(CLSID_MsftDiscFormat2Erase)))
    {
        erase(recorder.get(), eraser.get());
    }
    if (SUCCEEDED(image.create(__uuidof(MsftFileSystemImage)))) add(image.get(), id);
    if (SUCCEEDED(old.create(__uuidof(MSDiscMasterObj))) && old->Open() == IMAPI_E_ALREADYOPEN) old->Close();
    SysFreeString(id);
    return 0;
}
