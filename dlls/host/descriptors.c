/* Storage descriptors: asked for, read, and made for drives whose system has none. */
#include "host_room.h"

#include <stdlib.h>
#include <string.h>
#include <winioctl.h>

#define VENDOR_SIZE 8
#define PRODUCT_SIZE 16
#define REVISION_SIZE 4

enum oi_status host_query_descriptor(HANDLE device, enum host_descriptor which, void **bytes, ULONG *size)
{
    STORAGE_PROPERTY_QUERY query = { .PropertyId = which == HOST_ADAPTER_DESCRIPTOR ? StorageAdapterProperty
                                                                                    : StorageDeviceProperty,
                                     .QueryType = PropertyStandardQuery };
    STORAGE_DESCRIPTOR_HEADER header = { 0 };
    DWORD returned;
    void *answer;

    if (!DeviceIoControl(device, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), &header, sizeof(header),
                         &returned, NULL) ||
        header.Size < sizeof(header) || header.Size > 65536)
    {
        return OI_NOT_SUPPORTED;
    }
    if (!(answer = calloc(1, header.Size))) return OI_NO_MEMORY;
    if (!DeviceIoControl(device, IOCTL_STORAGE_QUERY_PROPERTY, &query, sizeof(query), answer, header.Size,
                         &returned, NULL))
    {
        free(answer);
        return OI_NOT_SUPPORTED;
    }
    *bytes = answer;
    *size = returned < header.Size ? returned : header.Size;
    return OI_OK;
}

enum oi_status host_make_adapter_descriptor(const struct host_limits *limits, void **bytes, ULONG *size)
{
    STORAGE_ADAPTER_DESCRIPTOR *adapter = calloc(1, sizeof(*adapter));

    if (!adapter) return OI_NO_MEMORY;
    adapter->Version = adapter->Size = sizeof(*adapter);
    adapter->MaximumTransferLength = limits->max_transfer_page_aligned;
    adapter->MaximumPhysicalPages = limits->max_transfer_page_aligned / 4096;
    adapter->AlignmentMask = limits->alignment_mask;
    adapter->BusType = BusTypeAtapi;
    *bytes = adapter;
    *size = sizeof(*adapter);
    return OI_OK;
}

/* Copies as ASCII with an end; what is no ASCII becomes '?'. The offset of the next text. */
static ULONG put_text(BYTE *base, ULONG offset, const WCHAR *text)
{
    for (; *text; text++) base[offset++] = *text < 0x80 ? (BYTE)*text : '?';
    base[offset] = 0;
    return offset + 1;
}

enum oi_status host_make_device_descriptor(const struct host_identity *identity, void **bytes, ULONG *size)
{
    const ULONG room = sizeof(STORAGE_DEVICE_DESCRIPTOR) + VENDOR_SIZE + PRODUCT_SIZE + REVISION_SIZE + 3;
    STORAGE_DEVICE_DESCRIPTOR *device = calloc(1, room);
    ULONG offset = offsetof(STORAGE_DEVICE_DESCRIPTOR, RawDeviceProperties);

    if (!device) return OI_NO_MEMORY;
    device->Version = sizeof(*device);
    device->DeviceType = 5;             /* SPC: CD/DVD device */
    device->RemovableMedia = TRUE;
    device->BusType = BusTypeAtapi;
    device->VendorIdOffset = offset;
    offset = put_text((BYTE *)device, offset, identity->vendor);
    device->ProductIdOffset = offset;
    offset = put_text((BYTE *)device, offset, identity->product);
    device->ProductRevisionOffset = offset;
    offset = put_text((BYTE *)device, offset, identity->revision);
    if (offset < sizeof(*device)) offset = sizeof(*device);
    device->Size = offset;
    *bytes = device;
    *size = offset;
    return OI_OK;
}

/* The text at an offset, without the spaces behind it, at most room units with the end. */
static void get_text(const BYTE *bytes, ULONG size, ULONG offset, WCHAR *text, size_t room)
{
    size_t length = 0;

    while (offset && offset < size && bytes[offset] && length + 1 < room) text[length++] = bytes[offset++];
    while (length && text[length - 1] == ' ') length--;
    text[length] = 0;
}

int host_read_device_descriptor(const void *bytes, ULONG size, struct host_identity *identity)
{
    const STORAGE_DEVICE_DESCRIPTOR *device = bytes;

    if (size < offsetof(STORAGE_DEVICE_DESCRIPTOR, RawDeviceProperties)) return 0;
    if (!device->ProductIdOffset || device->ProductIdOffset >= size) return 0;
    get_text(bytes, size, device->VendorIdOffset, identity->vendor, VENDOR_SIZE + 1);
    get_text(bytes, size, device->ProductIdOffset, identity->product, PRODUCT_SIZE + 1);
    get_text(bytes, size, device->ProductRevisionOffset, identity->revision, REVISION_SIZE + 1);
    return 1;
}
