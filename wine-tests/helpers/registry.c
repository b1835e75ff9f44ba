/* Snapshots of HKEY_CLASSES_ROOT as text, and where two of them part. */
#include "../registry.h"

#include <stdlib.h>
#include <string.h>

struct snapshot
{
    char *text;
    size_t length, capacity;
};

static void put(struct snapshot *snapshot, const char *text, size_t length)
{
    if (snapshot->length + length + 1 > snapshot->capacity)
    {
        snapshot->capacity = (snapshot->length + length + 1) * 2;
        snapshot->text = realloc(snapshot->text, snapshot->capacity);
        if (!snapshot->text) abort();
    }
    memcpy(snapshot->text + snapshot->length, text, length);
    snapshot->length += length;
    snapshot->text[snapshot->length] = 0;
}

static void put_value(struct snapshot *snapshot, const char *path, const char *name, DWORD type,
                      const BYTE *data, DWORD size)
{
    char line[2048];
    int length;
    DWORD i;

    length = snprintf(line, sizeof(line), "%s [%s] %lu ", path, name, type);
    put(snapshot, line, (size_t)length);
    if (type == REG_SZ || type == REG_EXPAND_SZ)
        put(snapshot, (const char *)data, size && !data[size - 1] ? size - 1 : size);
    else
        for (i = 0; i < size; i++) put(snapshot, line, (size_t)snprintf(line, sizeof(line), "%02x", data[i]));
    put(snapshot, "\n", 1);
}

static void put_key(struct snapshot *snapshot, const char *path, REGSAM view)
{
    static BYTE data[65536];
    char name[512], below[1024];
    DWORD i, name_size, size, type;
    HKEY key;

    if (RegOpenKeyExA(HKEY_CLASSES_ROOT, path, 0, KEY_READ | view, &key)) return;
    put(snapshot, path, strlen(path));
    put(snapshot, "\n", 1);
    for (i = 0;; i++)
    {
        name_size = sizeof(name);
        size = sizeof(data);
        if (RegEnumValueA(key, i, name, &name_size, NULL, &type, data, &size)) break;
        put_value(snapshot, path, name, type, data, size);
    }
    for (i = 0;; i++)
    {
        name_size = sizeof(name);
        if (RegEnumKeyExA(key, i, name, &name_size, NULL, NULL, NULL, NULL)) break;
        snprintf(below, sizeof(below), "%s\\%s", path, name);
        put_key(snapshot, below, view);
    }
    RegCloseKey(key);
}

static BOOL wanted(const char *name, const char *const *parts)
{
    for (; parts && *parts; parts++)
        if (strstr(name, *parts)) return TRUE;
    return !parts;
}

/* The keys below one by name, and those that are wanted with all that is in them. */
static void put_names(struct snapshot *snapshot, const char *path, REGSAM view, const char *const *parts)
{
    char name[512], below[1024];
    DWORD i, size;
    HKEY key;

    if (RegOpenKeyExA(HKEY_CLASSES_ROOT, path, 0, KEY_READ | view, &key)) return;
    for (i = 0;; i++)
    {
        size = sizeof(name);
        if (RegEnumKeyExA(key, i, name, &size, NULL, NULL, NULL, NULL)) break;
        /* The 32-bit classes, which have a view of their own. */
        if (!lstrcmpiA(name, "Wow6432Node")) continue;
        snprintf(below, sizeof(below), "%s%s%s", path, *path ? "\\" : "", name);
        put(snapshot, below, strlen(below));
        put(snapshot, "\n", 1);
        if (wanted(name, parts)) put_key(snapshot, below, view);
    }
    RegCloseKey(key);
}

char *registry_snapshot(const char *const *parts)
{
    struct snapshot snapshot = { 0 };

    put(&snapshot, "64 bit, and what both share:\n", 29);
    put_names(&snapshot, "", KEY_WOW64_64KEY, parts);
    if (parts)
    {
        put_names(&snapshot, "CLSID", KEY_WOW64_64KEY, parts);
        put_names(&snapshot, "Interface", KEY_WOW64_64KEY, parts);
        put_names(&snapshot, "TypeLib", KEY_WOW64_64KEY, parts);
        put_names(&snapshot, "AppID", KEY_WOW64_64KEY, parts);
    }
    put(&snapshot, "32 bit:\n", 8);
    put_names(&snapshot, "CLSID", KEY_WOW64_32KEY, parts);
    put_names(&snapshot, "Interface", KEY_WOW64_32KEY, parts);
    return snapshot.text;
}

static int line_length(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? (int)(end - line) : (int)strlen(line);
}

int registry_same(const char *file, int line, const char *before, const char *after, const char *what)
{
    size_t same = 0, start;

    while (before[same] && before[same] == after[same]) same++;
    for (start = same; start && before[start - 1] != '\n';) start--;
    return test_check(file, line, !before[same] && !after[same], "%s: was \"%.*s\", is \"%.*s\"", what,
                      line_length(before + start), before + start, line_length(after + start), after + start);
}

char *registry_get(const char *path, const char *name, REGSAM view)
{
    static char data[4][MAX_PATH];
    static unsigned next;
    char *buffer = data[next++ % 4];
    DWORD size = MAX_PATH - 1, type = 0;
    LSTATUS error;
    HKEY key;

    memset(buffer, 0, MAX_PATH);
    if (RegOpenKeyExA(HKEY_CLASSES_ROOT, path, 0, KEY_READ | view, &key)) return NULL;
    error = RegQueryValueExA(key, name, NULL, &type, (BYTE *)buffer, &size);
    RegCloseKey(key);
    return error || type != REG_SZ ? NULL : buffer;
}

int registry_set(const char *path, const char *name, const char *data)
{
    HKEY key;
    LSTATUS error = RegCreateKeyExA(HKEY_CLASSES_ROOT, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);

    if (error) return 0;
    error = RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)data, (DWORD)strlen(data) + 1);
    RegCloseKey(key);
    return !error;
}
