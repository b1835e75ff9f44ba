/*
 * image FOLDER FILE [FILESYSTEMS [REVISION]]: makes an image of a folder through the registered imapi2fs.dll
 * and copies it into a file, in the way that most programs do who only want one. FILESYSTEMS: the sum of 1
 * for ISO 9660, 2 for Joliet and 4 for UDF, 3 by default. REVISION: of UDF, as 0x250.
 */
#include "client.h"

#include <imapi2fs.h>

int main(void)
{
    int argc = 0;
    WCHAR **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    IFileSystemImage *image = NULL;
    IFileSystemImageResult *result = NULL;
    IFsiDirectoryItem *root = NULL;
    IStream *stream = NULL, *file;
    ULARGE_INTEGER all, copied;
    BSTR path, name;
    STATSTG stat;
    FsiFileSystems kinds = FsiFileSystemISO9660 | FsiFileSystemJoliet;
    LONG files = 0;

    if (argc < 3 || argc > 5)
    {
        printf("usage: image FOLDER FILE [FILESYSTEMS [REVISION]]\n");
        return 2;
    }
    CLIENT_TRY(CoInitializeEx(NULL, COINIT_MULTITHREADED));
    CLIENT_TRY(CoCreateInstance(&CLSID_MsftFileSystemImage, NULL, CLSCTX_INPROC_SERVER, &IID_IFileSystemImage,
                                (void **)&image));
    if (argc > 3) kinds = (FsiFileSystems)wcstol(argv[3], NULL, 0);
    CLIENT_TRY(IFileSystemImage_put_FileSystemsToCreate(image, kinds));
    if (argc > 4) CLIENT_TRY(IFileSystemImage_put_UDFRevision(image, wcstol(argv[4], NULL, 0)));
    CLIENT_TRY(IFileSystemImage_put_FreeMediaBlocks(image, 0));
    name = SysAllocString(L"BENCH");
    CLIENT_TRY(IFileSystemImage_put_VolumeName(image, name));
    CLIENT_TRY(IFileSystemImage_get_Root(image, &root));
    path = SysAllocString(argv[1]);
    CLIENT_TRY(IFsiDirectoryItem_AddTree(root, path, VARIANT_FALSE));
    CLIENT_TRY(IFileSystemImage_get_FileCount(image, &files));
    CLIENT_TRY(IFileSystemImage_CreateResultImage(image, &result));
    CLIENT_TRY(IFileSystemImageResult_get_ImageStream(result, &stream));
    CLIENT_TRY(IStream_Stat(stream, &stat, STATFLAG_NONAME));

    file = client_open(argv[2], STGM_CREATE | STGM_WRITE | STGM_SHARE_EXCLUSIVE, TRUE);
    all.QuadPart = (ULONGLONG)-1;
    CLIENT_TRY(IStream_CopyTo(stream, file, all, NULL, &copied));
    printf("%ld files, %llu of %llu bytes\n", (long)files, (unsigned long long)copied.QuadPart,
           (unsigned long long)stat.cbSize.QuadPart);

    IStream_Release(file);
    IStream_Release(stream);
    IFileSystemImageResult_Release(result);
    IFsiDirectoryItem_Release(root);
    IFileSystemImage_Release(image);
    SysFreeString(path);
    SysFreeString(name);
    CoUninitialize();
    return copied.QuadPart == stat.cbSize.QuadPart ? 0 : 1;
}
