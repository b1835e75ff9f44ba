/* IDispatch for every dual interface, over the type library; what scripts say in their own way is brought
   into the form that ITypeInfo::Invoke understands. */
#include "com/com_room.h"

static HRESULT own_type_info(void *iface, ITypeInfo **out)
{
    return com_type_info(((struct com_slot *)iface)->row->iid, out);
}

HRESULT STDMETHODCALLTYPE com_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    if (!count) return E_POINTER;
    *count = 1;
    return S_OK;
}

HRESULT STDMETHODCALLTYPE com_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **out)
{
    (void)lcid;
    if (!out) return E_POINTER;
    *out = NULL;
    if (index) return DISP_E_BADINDEX;
    return own_type_info(iface, out);
}

HRESULT STDMETHODCALLTYPE com_GetIDsOfNames(IDispatch *iface, REFIID iid, LPOLESTR *names, UINT count,
                                            LCID lcid, DISPID *ids)
{
    ITypeInfo *info;
    HRESULT hr;
    UINT i;

    (void)lcid;
    if (!IsEqualIID(iid, &IID_NULL)) return DISP_E_UNKNOWNINTERFACE;
    if (!names || !ids) return E_POINTER;
    for (i = 0; i < count; i++) ids[i] = DISPID_UNKNOWN;
    if (!count) return E_INVALIDARG;
    if (FAILED(hr = own_type_info(iface, &info))) return hr;
    hr = ITypeInfo_GetIDsOfNames(info, names, count, ids);
    ITypeInfo_Release(info);
    return hr;
}

HRESULT STDMETHODCALLTYPE com_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    ITypeInfo *info;
    HRESULT hr;

    (void)lcid;
    if (!IsEqualIID(iid, &IID_NULL)) return DISP_E_UNKNOWNINTERFACE;
    if (!params) return E_INVALIDARG;
    if (FAILED(hr = own_type_info(iface, &info))) return hr;
    SetErrorInfo(0, NULL);
    hr = ITypeInfo_Invoke(info, iface, id, flags, params, result, exception, bad);
    ITypeInfo_Release(info);
    return hr;
}
