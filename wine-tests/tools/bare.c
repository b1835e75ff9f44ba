/*
 * bare FOLDER: lists a tree, opens each file and reads it whole: the least that anything does that puts the
 * files of a tree into an image. What a program takes longer than this under the same Wine is its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>
#include <shellapi.h>

#define ROOM (1024 * 1024)

static BYTE buffer[ROOM];
static long files;

static void fail(const WCHAR *path)
{
    printf("%ls: error %lu\n", path, (unsigned long)GetLastError());
    exit(1);
}

static unsigned long long read_file(const WCHAR *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    unsigned long long size = 0;
    DWORD got = 0;

    if (file == INVALID_HANDLE_VALUE) fail(path);
    do
    {
        if (!ReadFile(file, buffer, ROOM, &got, NULL)) fail(path);
        size += got;
    } while (got);
    CloseHandle(file);
    files++;
    return size;
}

static unsigned long long read_folder(const WCHAR *folder)
{
    size_t room = wcslen(folder) + MAX_PATH + 2;
    WCHAR *path = malloc(room * sizeof(*path));
    unsigned long long size = 0;
    WIN32_FIND_DATAW data;
    HANDLE find;

    if (!path) exit(1);
    swprintf(path, room, L"%ls\\*", folder);
    find = FindFirstFileW(path, &data);
    if (find == INVALID_HANDLE_VALUE) fail(path);
    do
    {
        if (!wcscmp(data.cFileName, L".") || !wcscmp(data.cFileName, L"..")) continue;
        swprintf(path, room, L"%ls\\%ls", folder, data.cFileName);
        size += data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? read_folder(path) : read_file(path);
    } while (FindNextFileW(find, &data));
    FindClose(find);
    free(path);
    return size;
}

int main(void)
{
    int argc = 0;
    WCHAR **argv = CommandLineToArgvW(GetCommandLineW(), &argc);
    unsigned long long size;

    if (argc != 2)
    {
        printf("usage: bare FOLDER\n");
        return 2;
    }
    size = read_folder(argv[1]);
    printf("%ld files, %llu bytes\n", files, size);
    return 0;
}
