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

/* Hosts read a property in call syntax as DISPATCH_METHOD, alone too (the Enumerator of JScript does so with
   _NewEnum), and put objects with Set as PROPERTYPUTREF. The type libraries have propget and propput only. */
static WORD plain_flags(WORD flags)
{
    if (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) return DISPATCH_PROPERTYPUT;
    if (flags & DISPATCH_METHOD) return DISPATCH_METHOD | DISPATCH_PROPERTYGET;
    return flags;
}

/* --- objects as arguments ------------------------------------------------------------------------------- */

/* The object that an argument holds, not counted; NULL when it holds none. */
static IUnknown *object_of(const VARIANT *value)
{
    if (value->vt == (VT_BYREF | VT_VARIANT)) value = value->pvarVal;
    if (!value) return NULL;
    if (value->vt == VT_DISPATCH || value->vt == VT_UNKNOWN) return value->punkVal;
    if (value->vt != (VT_BYREF | VT_DISPATCH) && value->vt != (VT_BYREF | VT_UNKNOWN)) return NULL;
    return value->ppunkVal ? *value->ppunkVal : NULL;
}

/* The declared place of argument k of the list, which runs from the end, names first. */
static UINT declared_place(const FUNCDESC *function, const DISPPARAMS *params, UINT k)
{
    if (k >= params->cNamedArgs) return params->cArgs - 1 - k;
    if (params->rgdispidNamedArgs[k] == DISPID_PROPERTYPUT) return (UINT)function->cParams - 1;
    return (UINT)params->rgdispidNamedArgs[k];
}

/* Whether the object has the interface that the parameter declares; yes when it declares no certain one. */
static BOOL object_fits(ITypeInfo *info, const TYPEDESC *type, IUnknown *object)
{
    IUnknown *found = NULL;
    BOOL fits = TRUE;
    ITypeInfo *declared;
    TYPEATTR *attr;

    if (type->vt != VT_PTR || type->lptdesc->vt != VT_USERDEFINED) return TRUE;
    if (FAILED(ITypeInfo_GetRefTypeInfo(info, type->lptdesc->hreftype, &declared))) return TRUE;
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(declared, &attr)))
    {
        if (attr->typekind == TKIND_INTERFACE || attr->typekind == TKIND_DISPATCH)
            fits = SUCCEEDED(IUnknown_QueryInterface(object, &attr->guid, (void **)&found));
        if (fits && found) IUnknown_Release(found);
        ITypeInfo_ReleaseTypeAttr(declared, attr);
    }
    ITypeInfo_Release(declared);
    return fits;
}

/* The member that a call means, to be released; NULL when there is none. */
static FUNCDESC *find_function(ITypeInfo *info, DISPID id, WORD flags)
{
    FUNCDESC *function;
    UINT index;

    for (index = 0; SUCCEEDED(ITypeInfo_GetFuncDesc(info, index, &function)); index++)
    {
        if (function->memid == id && (function->invkind & flags)) return function;
        ITypeInfo_ReleaseFuncDesc(info, function);
    }
    return NULL;
}

/* ITypeInfo::Invoke asks objects for the declared interface, but under Wine it keeps a reference to one that
   has it not. So those are sent away before. */
static HRESULT check_objects(ITypeInfo *info, DISPID id, WORD flags, const DISPPARAMS *params, UINT *bad)
{
    FUNCDESC *function = find_function(info, id, flags);
    HRESULT hr = S_OK;
    IUnknown *object;
    UINT k, place;

    if (!function) return S_OK;
    for (k = 0; k < params->cArgs && SUCCEEDED(hr); k++)
    {
        if (!(object = object_of(&params->rgvarg[k]))) continue;
        place = declared_place(function, params, k);
        if (place >= (UINT)function->cParams) continue;
        if (object_fits(info, &function->lprgelemdescParam[place].tdesc, object)) continue;
        if (bad) *bad = k;
        hr = DISP_E_TYPEMISMATCH;
    }
    ITypeInfo_ReleaseFuncDesc(info, function);
    return hr;
}

static BOOL has_objects(const DISPPARAMS *params)
{
    UINT k;

    for (k = 0; k < params->cArgs; k++)
        if (object_of(&params->rgvarg[k])) return TRUE;
    return FALSE;
}

/* --- Invoke --------------------------------------------------------------------------------------------- */

HRESULT STDMETHODCALLTYPE com_Invoke(IDispatch *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad)
{
    ITypeInfo *info;
    HRESULT hr;

    (void)lcid;
    COM_TRACE(iface, "id %#lx, flags %#x, %u arguments", id, flags, params ? params->cArgs : 0);
    if (!IsEqualIID(iid, &IID_NULL)) return DISP_E_UNKNOWNINTERFACE;
    if (!params || (params->cArgs && !params->rgvarg)) return E_INVALIDARG;
    if (params->cNamedArgs > params->cArgs || (params->cNamedArgs && !params->rgdispidNamedArgs))
        return E_INVALIDARG;
    if (FAILED(hr = own_type_info(iface, &info))) return hr;
    /* What the method leaves belongs to this call, and to a failed one only. */
    SetErrorInfo(0, NULL);
    flags = plain_flags(flags);
    if (has_objects(params)) hr = check_objects(info, id, flags, params, bad);
    if (SUCCEEDED(hr)) hr = ITypeInfo_Invoke(info, iface, id, flags, params, result, exception, bad);
    ITypeInfo_Release(info);
    if (SUCCEEDED(hr)) SetErrorInfo(0, NULL);
    return hr;
}
