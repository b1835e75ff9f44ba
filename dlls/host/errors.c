/* Errors of the system, as they arise from a device, in the terms of the core. */
#include "host_room.h"

#define NO_SUCH_DEVICE 433              /* ERROR_NO_SUCH_DEVICE, which older headers lack */

enum oi_status host_status_from_win32(DWORD error)
{
    switch (error)
    {
    case ERROR_SUCCESS: return OI_OK;
    case ERROR_INVALID_HANDLE: return OI_DEVICE_HANDLE;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_DRIVE:
    case ERROR_DEV_NOT_EXIST:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_DEVICE_REMOVED:
    case NO_SUCH_DEVICE:
    case ERROR_NOT_READY:
    case ERROR_BAD_UNIT:
    case ERROR_GEN_FAILURE:
        return OI_DEVICE_GONE; /* what an unplugged drive gives, on Wine as well (ENODEV) */
    case ERROR_SEM_TIMEOUT:
    case ERROR_TIMEOUT:
    case WAIT_TIMEOUT: return OI_TIMEOUT;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_BUSY:
    case ERROR_DEVICE_IN_USE: return OI_LOCKED;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_NO_SYSTEM_RESOURCES: return OI_NO_MEMORY;
    case ERROR_INVALID_FUNCTION:
    case ERROR_NOT_SUPPORTED: return OI_NOT_SUPPORTED;
    case ERROR_INVALID_PARAMETER: return OI_INVALID_ARGUMENT;
    default: return OI_IO;
    }
}
