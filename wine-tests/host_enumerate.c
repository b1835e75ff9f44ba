/* dlls/host/enumerate.c and config.c: which drives there are, from the file, the registry and the system. */
#include "test.h"

#include "host/host_room.h"
#include "openimapi/log.h"

#include <stdlib.h>

#define KEY L"Software\\openimapi\\Recorders"
#define ID_BEFORE L"\\\\?\\openimapi#cdrom&ven_openimap&prod_virtual_recorder#"
#define ID_AFTER L"#{53f56308-b6bf-11d0-94f2-00a0c91efb8b}"

static WCHAR config_path[MAX_PATH];
static char lines[4][256];
static unsigned int line_count;

static void remember(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    if (line_count < 4) lstrcpynA(lines[line_count], line, sizeof(lines[0]));
    line_count++;
}

static void set_config(const char *text)
{
    HANDLE file;
    DWORD written;

    line_count = 0;
    log_set_sink(remember, NULL);
    if (!*config_path) test_temp_path(config_path, L".ini");
    file = CreateFileW(config_path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
    CloseHandle(file);
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", config_path);
}

static void end(void)
{
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", NULL);
    DeleteFileW(config_path);
    log_set_sink(NULL, NULL);
}

/* The virtual ones of the list; real ones stand in front. */
static struct host_drive_info *list_virtual(struct host_drives *drives, size_t *count)
{
    size_t first = 0;

    ok_int(host_drives_list(drives), OI_OK, "host_drives_list");
    while (first < drives->count && drives->items[first].kind == HOST_DRIVE_REAL) first++;
    *count = drives->count - first;
    for (size_t i = first; i < drives->count; i++) ok_int(drives->items[i].kind, HOST_DRIVE_VIRTUAL, "kind");
    return drives->items + first;
}

TEST(recorders_of_the_file_are_listed_in_order)
{
    struct host_drives drives;
    struct host_drive_info *info;
    size_t count;

    set_config("[First]\nMedium = dvd+r\nDisc = C:\\one.iso\n[second one]\nMedium = none\nLetter = T\n");
    info = list_virtual(&drives, &count);
    if (ok_int(count, 2, "virtual recorders"))
    {
        ok_text(info[0].id, ID_BEFORE L"First" ID_AFTER, "id");
        ok_text(info[1].id, ID_BEFORE L"second one" ID_AFTER, "id");
        ok_int(info[1].path_count, 1, "paths");
        ok_text(info[1].paths[0], L"T:\\", "path");
        ok(!info[0].device, "a virtual recorder has a device");
        ok_int(info[1].legacy_number, info[0].legacy_number + 1, "legacy number");
        ok(lstrcmpW(info[0].volume_name, info[1].volume_name), "both have one volume name");
        ok(!wcsncmp(info[0].volume_name, L"\\\\?\\Volume{", 11) && lstrlenW(info[0].volume_name) == 49,
           "volume name is %s", test_text(info[0].volume_name));
    }
    host_drives_free(&drives);
    ok(!drives.items && !drives.count, "the list is not empty after it was freed");
    end();
}

TEST(a_recorder_without_a_letter_gets_a_free_one)
{
    struct host_drives drives;
    struct host_drive_info *info;
    size_t count;
    WCHAR first;

    set_config("[a]\nMedium = none\n[b]\nMedium = none\n[c]\nMedium = none\nLetter = G\n[d]\n[e]\n");
    info = list_virtual(&drives, &count);
    if (ok_int(count, 5, "virtual recorders"))
    {
        for (size_t i = 0; i < count; i++)
        {
            if (!ok_int(info[i].path_count, 1, "paths")) continue;
            first = info[i].paths[0][0];
            ok(first >= 'D' && first <= 'Z' && !lstrcmpW(info[i].paths[0] + 1, L":\\"), "path is %s",
               test_text(info[i].paths[0]));
            ok(i == 2 || !(GetLogicalDrives() & 1u << (first - 'A')), "%c: is in use", (char)first);
            for (size_t j = 0; j < i; j++)
            {
                ok(info[j].paths[0][0] != first, "%c: was given twice", (char)first);
            }
        }
        ok_text(info[2].paths[0], L"G:\\", "configured path");
    }
    host_drives_free(&drives);
    end();
}

TEST(the_same_configuration_gives_the_same_list)
{
    struct host_drives one, two;
    struct host_drive_info *a, *b;
    size_t count;

    set_config("[a]\nMedium = bd-re\nDisc = C:\\a.iso\nSpeed = 4\n");
    a = list_virtual(&one, &count);
    b = list_virtual(&two, &count);
    if (ok_int(count, 1, "virtual recorders"))
    {
        ok_text(b->id, a->id, "id");
        ok_text(b->volume_name, a->volume_name, "volume name");
        ok_int(b->signature, a->signature, "signature");
    }
    host_drives_free(&two);
    set_config("[a]\nMedium = bd-re\nDisc = C:\\a.iso\nSpeed = 5\n");
    b = list_virtual(&two, &count);
    if (ok_int(count, 1, "virtual recorders"))
    {
        ok_text(b->id, a->id, "id");
        ok(b->signature != a->signature, "another speed gives the same signature");
    }
    host_drives_free(&one);
    host_drives_free(&two);
    end();
}

TEST(a_wrong_file_gives_no_recorders_and_says_where)
{
    struct host_drives drives;
    size_t count;

    set_config("[a]\nMedium = none\nColour = red\n");
    list_virtual(&drives, &count);
    ok_int(count, 0, "virtual recorders");
    ok_int(line_count, 1, "lines logged");
    ok(strstr(lines[0], "line 3") != NULL, "logged: %s", lines[0]);
    host_drives_free(&drives);

    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", L"C:\\no\\such\\file");
    line_count = 0;
    list_virtual(&drives, &count);
    ok_int(count, 0, "virtual recorders of a missing file");
    ok_int(line_count, 1, "lines logged");
    host_drives_free(&drives);

    set_config("");
    list_virtual(&drives, &count);
    ok_int(count, 0, "virtual recorders of an empty file");
    ok_int(line_count, 0, "lines logged");
    host_drives_free(&drives);
    end();
}

static void set_value(HKEY root, const WCHAR *name, const WCHAR *value, const WCHAR *text)
{
    WCHAR path[128];

    wsprintfW(path, KEY L"\\%s", name);
    ok_int(RegSetKeyValueW(root, path, value, REG_SZ, text, (lstrlenW(text) + 1) * sizeof(*text)), 0,
           "RegSetKeyValue");
}

static void remove_recorder(HKEY root, const WCHAR *name)
{
    WCHAR path[128];

    wsprintfW(path, KEY L"\\%s", name);
    RegDeleteKeyW(root, path);
}

static const struct host_drive_info *find(const struct host_drives *drives, const WCHAR *id)
{
    for (size_t i = 0; i < drives->count; i++)
    {
        if (!lstrcmpW(drives->items[i].id, id)) return &drives->items[i];
    }
    return NULL;
}

TEST(recorders_of_the_registry_are_listed)
{
    const struct host_drive_info *info;
    struct host_drives drives;
    DWORD speed = 8;

    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", NULL);
    line_count = 0;
    log_set_sink(remember, NULL);
    set_value(HKEY_CURRENT_USER, L"openimapi test 1", L"Medium", L"cd-rw");
    set_value(HKEY_CURRENT_USER, L"openimapi test 1", L"Disc", L"C:\\test1.iso");
    set_value(HKEY_CURRENT_USER, L"openimapi test 1", L"Letter", L"U");
    RegSetKeyValueW(HKEY_CURRENT_USER, KEY L"\\openimapi test 1", L"Speed", REG_DWORD, &speed, sizeof(speed));
    set_value(HKEY_LOCAL_MACHINE, L"openimapi test 1", L"Medium", L"none");
    set_value(HKEY_LOCAL_MACHINE, L"openimapi test 1", L"Letter", L"V");
    set_value(HKEY_LOCAL_MACHINE, L"openimapi test 2", L"Medium", L"none");
    set_value(HKEY_LOCAL_MACHINE, L"openimapi test 2", L"Letter", L"U");
    set_value(HKEY_CURRENT_USER, L"openimapi test 3", L"Medium", L"vinyl");
    ok_int(host_drives_list(&drives), OI_OK, "host_drives_list");
    info = find(&drives, ID_BEFORE L"openimapi test 1" ID_AFTER);
    if (ok(info != NULL, "the one of HKCU is not there"))
    {
        ok_text(info->path_count ? info->paths[0] : NULL, L"U:\\", "path, HKCU over HKLM");
    }
    info = find(&drives, ID_BEFORE L"openimapi test 2" ID_AFTER);
    if (ok(info != NULL, "the one of HKLM is not there"))
    {
        ok(info->path_count == 1 && info->paths[0][0] != 'U', "one letter for two drives");
    }
    ok(!find(&drives, ID_BEFORE L"openimapi test 3" ID_AFTER), "one with an unknown medium is there");
    ok(line_count == 1 && strstr(lines[0], "openimapi test 3"), "logged %u lines, the first: %s", line_count,
       lines[0]);
    host_drives_free(&drives);

    /* The file takes the place of the registry. */
    set_config("");
    ok_int(host_drives_list(&drives), OI_OK, "host_drives_list");
    ok(!find(&drives, ID_BEFORE L"openimapi test 2" ID_AFTER), "the registry's recorders are there, too");
    host_drives_free(&drives);

    remove_recorder(HKEY_CURRENT_USER, L"openimapi test 1");
    remove_recorder(HKEY_LOCAL_MACHINE, L"openimapi test 1");
    remove_recorder(HKEY_LOCAL_MACHINE, L"openimapi test 2");
    remove_recorder(HKEY_CURRENT_USER, L"openimapi test 3");
    end();
}

TEST(real_drives_are_those_of_the_system)
{
    struct host_drives drives;
    unsigned int letters = 0, real = 0;

    set_config("");
    for (WCHAR root[] = L"A:\\"; *root <= 'Z'; ++*root) letters += GetDriveTypeW(root) == DRIVE_CDROM;
    ok_int(host_drives_list(&drives), OI_OK, "host_drives_list");
    for (size_t i = 0; i < drives.count; i++)
    {
        real += drives.items[i].kind == HOST_DRIVE_REAL;
        ok(drives.items[i].device && *drives.items[i].device, "no device");
        ok(drives.items[i].legacy_number >= 0, "legacy number");
    }
    ok(real >= letters, "%u real drives for %u letters", real, letters);
    host_drives_free(&drives);
    end();
}

TEST_MAIN(TEST_CASE(recorders_of_the_file_are_listed_in_order),
          TEST_CASE(a_recorder_without_a_letter_gets_a_free_one),
          TEST_CASE(the_same_configuration_gives_the_same_list),
          TEST_CASE(a_wrong_file_gives_no_recorders_and_says_where),
          TEST_CASE(recorders_of_the_registry_are_listed), TEST_CASE(real_drives_are_those_of_the_system))
