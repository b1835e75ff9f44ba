/* MsftWriteSpeedDescriptor: one write configuration that a drive offers for the disc in it. */
#include "imapi2_room.h"

struct speed_descriptor
{
    struct com_object base;
    struct write_speed speed;
};

static HRESULT STDMETHODCALLTYPE speed_descriptor_get_MediaType(IWriteSpeedDescriptor *iface,
                                                                IMAPI_MEDIA_PHYSICAL_TYPE *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = COM_SELF(struct speed_descriptor, iface)->speed.media_type;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE speed_descriptor_get_RotationTypeIsPureCAV(IWriteSpeedDescriptor *iface,
                                                                            VARIANT_BOOL *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = COM_SELF(struct speed_descriptor, iface)->speed.pure_cav;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE speed_descriptor_get_WriteSpeed(IWriteSpeedDescriptor *iface, LONG *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = COM_SELF(struct speed_descriptor, iface)->speed.sectors_per_second;
    return S_OK;
}

static const IWriteSpeedDescriptorVtbl speed_descriptor_vtbl =
{
    COM_DISPATCH(IWriteSpeedDescriptor),
    speed_descriptor_get_MediaType,
    speed_descriptor_get_RotationTypeIsPureCAV,
    speed_descriptor_get_WriteSpeed,
};

static HRESULT speed_descriptor_init(struct com_object *object, void *args)
{
    ((struct speed_descriptor *)object)->speed = *(const struct write_speed *)args;
    return S_OK;
}

static const struct com_iface speed_descriptor_ifaces[] =
{
    { &IID_IWriteSpeedDescriptor, &speed_descriptor_vtbl },
    COM_STANDARD_IFACES,
};

const struct com_class speed_descriptor_class =
{
    .clsid = &CLSID_MsftWriteSpeedDescriptor,
    .noncreatable = TRUE,
    .size = sizeof(struct speed_descriptor),
    .init = speed_descriptor_init,
    .ifaces = speed_descriptor_ifaces,
    .iface_count = COM_COUNT(speed_descriptor_ifaces),
};
