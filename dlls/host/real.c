/* Real optical drives: by SetupDi's interface class where it lists any, else by drive letters. */
#include "host_room.h"

#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <winioctl.h>

#define TEXT_MAX 1024                   /* characters of one answer of the system */

/* Opens for questions only: needs no rights, spins nothing up. */
static HANDLE open_for_queries(const WCHAR *device)
{
    return CreateFileW(device, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
}

static int get_device_number(const WCHAR *device, DWORD *number)
{
    STORAGE_DEVICE_NUMBER answer;
    HANDLE handle = open_for_queries(device);
    DWORD returned;
    BOOL good;

    if (handle == INVALID_HANDLE_VALUE) return 0;
    good = DeviceIoControl(handle, IOCTL_STORAGE_GET_DEVICE_NUMBER, NULL, 0, &answer, sizeof(answer),
                           &returned, NULL);
    CloseHandle(handle);
    if (!good || returned < sizeof(answer) || answer.DeviceType != FILE_DEVICE_CD_ROM) return 0;
    *number = answer.DeviceNumber;
    return 1;
}

/* n of \Device\CdRomN, which a drive letter is a link to. */
static int get_legacy_number(WCHAR letter, DWORD *number)
{
    WCHAR name[] = { letter, ':', 0 }, target[TEXT_MAX], *digits;

    if (!QueryDosDeviceW(name, target, TEXT_MAX)) return 0;
    digits = target + lstrlenW(target);
    while (digits > target && digits[-1] >= '0' && digits[-1] <= '9') digits--;
    if (!*digits) return 0;
    *number = wcstoul(digits, NULL, 10);
    return 1;
}

static enum oi_status add_path(struct host_drive_info *info, const WCHAR *path)
{
    WCHAR **paths = realloc(info->paths, (info->path_count + 1) * sizeof(*paths));

    if (!paths) return OI_NO_MEMORY;
    info->paths = paths;
    if (!(paths[info->path_count] = host_copy_text(path))) return OI_NO_MEMORY;
    info->path_count++;
    return OI_OK;
}

/* Name of the volume in the drive and all places where it is mounted. */
static enum oi_status set_volume(struct host_drive_info *info, const WCHAR *volume)
{
    WCHAR paths[TEXT_MAX];
    DWORD length;

    free(info->volume_name);
    if (!(info->volume_name = host_copy_text(volume))) return OI_NO_MEMORY;
    if (!*volume || !GetVolumePathNamesForVolumeNameW(volume, paths, TEXT_MAX - 1, &length)) return OI_OK;
    for (const WCHAR *path = paths; *path; path += lstrlenW(path) + 1) TRY(add_path(info, path));
    return OI_OK;
}

/* --- by interface class --------------------------------------------------------------------------------- */

/* Whether the volume ("\\?\Volume{...}\") lies in the drive of that number. */
static int volume_is_in_drive(const WCHAR *volume, DWORD number)
{
    WCHAR device[64];
    size_t length = (size_t)lstrlenW(volume);
    DWORD found;

    if (length < 2 || length >= sizeof(device) / sizeof(device[0])) return 0;
    CopyMemory(device, volume, length * sizeof(*device));
    device[length - 1] = 0;             /* with the backslash it would be the root folder */
    return get_device_number(device, &found) && found == number;
}

static enum oi_status find_volume(struct host_drive_info *info, DWORD number)
{
    enum oi_status status = OI_OK;
    WCHAR volume[64];
    HANDLE find = FindFirstVolumeW(volume, sizeof(volume) / sizeof(volume[0]));
    BOOL more = find != INVALID_HANDLE_VALUE;

    for (; more; more = FindNextVolumeW(find, volume, sizeof(volume) / sizeof(volume[0])))
    {
        if (GetDriveTypeW(volume) != DRIVE_CDROM || !volume_is_in_drive(volume, number)) continue;
        status = set_volume(info, volume);
        break;
    }
    if (find != INVALID_HANDLE_VALUE) FindVolumeClose(find);
    return status;
}

static enum oi_status add_by_interface(struct host_drives *drives, const WCHAR *path)
{
    DWORD number = (DWORD)drives->count;
    struct host_drive_info *info = host_drives_add(drives);

    if (!info) return OI_NO_MEMORY;
    info->kind = HOST_DRIVE_REAL;
    if (!(info->id = host_copy_text(path)) || !(info->device = host_copy_text(path))) return OI_NO_MEMORY;
    if (!(info->volume_name = host_copy_text(L""))) return OI_NO_MEMORY;
    if (get_device_number(path, &number)) TRY(find_volume(info, number));
    info->legacy_number = (LONG)number;
    return OI_OK;
}

static enum oi_status list_by_interface(struct host_drives *drives)
{
    HDEVINFO devices =
        SetupDiGetClassDevsW(&GUID_DEVINTERFACE_CDROM, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    SP_DEVICE_INTERFACE_DATA device = { .cbSize = sizeof(device) };
    enum oi_status status = OI_OK;
    union
    {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W data;
        BYTE room[sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) + TEXT_MAX * sizeof(WCHAR)];
    } detail;

    if (devices == INVALID_HANDLE_VALUE) return OI_OK;
    for (DWORD i = 0; !status; i++)
    {
        if (!SetupDiEnumDeviceInterfaces(devices, NULL, &GUID_DEVINTERFACE_CDROM, i, &device)) break;
        detail.data.cbSize = sizeof(detail.data);
        if (!SetupDiGetDeviceInterfaceDetailW(devices, &device, &detail.data, sizeof(detail), NULL, NULL))
        {
            continue;
        }
        status = add_by_interface(drives, detail.data.DevicePath);
    }
    SetupDiDestroyDeviceInfoList(devices);
    return status;
}

/* --- by drive letter ------------------------------------------------------------------------------------ */

static enum oi_status add_by_letter(struct host_drives *drives, WCHAR letter)
{
    WCHAR root[] = { letter, ':', '\\', 0 }, device[] = { '\\', '\\', '.', '\\', letter, ':', 0 };
    WCHAR id[96], volume[64] = L"";
    DWORD number = (DWORD)drives->count;
    struct host_drive_info *info = host_drives_add(drives);

    if (!info) return OI_NO_MEMORY;
    info->kind = HOST_DRIVE_REAL;
    _snwprintf(id, sizeof(id) / sizeof(id[0]),
               L"\\\\?\\cdrom#drive#%c#{53f56308-b6bf-11d0-94f2-00a0c91efb8b}", letter | 0x20);
    if (!(info->id = host_copy_text(id)) || !(info->device = host_copy_text(device))) return OI_NO_MEMORY;
    if (!get_legacy_number(letter, &number)) get_device_number(device, &number);
    info->legacy_number = (LONG)number;
    GetVolumeNameForVolumeMountPointW(root, volume, sizeof(volume) / sizeof(volume[0]));
    TRY(set_volume(info, volume));
    return info->path_count ? OI_OK : add_path(info, root);
}

enum oi_status host_real_list(struct host_drives *drives, DWORD letters)
{
    DWORD present = GetLogicalDrives() & ~letters;

    TRY(list_by_interface(drives));
    if (drives->count) return OI_OK;
    for (WCHAR letter = 'A'; letter <= 'Z'; letter++)
    {
        WCHAR root[] = { letter, ':', '\\', 0 };

        if (!(present & 1u << (letter - 'A')) || GetDriveTypeW(root) != DRIVE_CDROM) continue;
        TRY(add_by_letter(drives, letter));
    }
    return OI_OK;
}
