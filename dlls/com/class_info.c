/* ISupportErrorInfo and IProvideClassInfo2: what an object says about itself. */
#include "com/com_room.h"

/* --- ISupportErrorInfo ---------------------------------------------------------------------------------- */

/* Yes for the interfaces of the class's own, that is for those above the kit's rows. */
static HRESULT STDMETHODCALLTYPE error_info_InterfaceSupportsErrorInfo(ISupportErrorInfo *iface, REFIID iid)
{
    const struct com_class *class = COM_OBJECT(iface)->class;
    unsigned i;

    for (i = 0; i < class->iface_count && class->ifaces[i].vtbl != &com_error_info_vtbl; i++)
        if (IsEqualIID(iid, class->ifaces[i].iid)) return S_OK;
    return S_FALSE;
}

const ISupportErrorInfoVtbl com_error_info_vtbl =
{
    COM_UNKNOWN(ISupportErrorInfo),
    error_info_InterfaceSupportsErrorInfo,
};

/* --- IProvideClassInfo2 --------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE class_info_GetClassInfo(IProvideClassInfo2 *iface, ITypeInfo **out)
{
    if (!out) return E_POINTER;
    *out = NULL;
    return com_type_info(COM_OBJECT(iface)->class->clsid, out);
}

static HRESULT STDMETHODCALLTYPE class_info_GetGUID(IProvideClassInfo2 *iface, DWORD kind, GUID *guid)
{
    const struct com_class *class = COM_OBJECT(iface)->class;

    if (!guid) return E_POINTER;
    *guid = GUID_NULL;
    if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID) return E_INVALIDARG;
    if (!class->events) return E_FAIL;
    *guid = *class->events[0];
    return S_OK;
}

const IProvideClassInfo2Vtbl com_class_info_vtbl =
{
    COM_UNKNOWN(IProvideClassInfo2),
    class_info_GetClassInfo,
    class_info_GetGUID,
};
