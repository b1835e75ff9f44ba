/* Virtual recorders of recorders.h: the configuration file, discs and fault scripts of one test. */
#include "../recorders.h"

#include <stdlib.h>
#include <string.h>

#define RECORDER_MAX 8

static struct
{
    WCHAR config[MAX_PATH];
    size_t count;
    struct
    {
        char medium[64];
        WCHAR disc[MAX_PATH], faults[MAX_PATH];
    } items[RECORDER_MAX];
} state;

static void write_text(const WCHAR *path, const char *text)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;

    if (!ok(file != INVALID_HANDLE_VALUE, "cannot write %s: error %lu", test_text(path), GetLastError()))
        return;
    WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
    CloseHandle(file);
}

static void remove_disc(const WCHAR *path)
{
    WCHAR name[MAX_PATH + 8];

    DeleteFileW(path);
    swprintf(name, ARRAYSIZE(name), L"%ls.state", path);
    DeleteFileW(name);
}

static void write_config(void)
{
    char text[RECORDER_MAX * (3 * MAX_PATH + 128)], disc[MAX_PATH * 3], faults[MAX_PATH * 3];
    size_t used = 0;

    for (size_t i = 0; i < state.count; i++)
    {
        WideCharToMultiByte(CP_UTF8, 0, state.items[i].disc, -1, disc, sizeof(disc), NULL, NULL);
        WideCharToMultiByte(CP_UTF8, 0, state.items[i].faults, -1, faults, sizeof(faults), NULL, NULL);
        used += (size_t)snprintf(text + used, sizeof(text) - used, "[test%u]\nMedium = %s\n", (unsigned)i,
                                 state.items[i].medium);
        if (strcmp(state.items[i].medium, "none"))
            used += (size_t)snprintf(text + used, sizeof(text) - used, "Disc = %s\n", disc);
        if (*faults) used += (size_t)snprintf(text + used, sizeof(text) - used, "Faults = %s\n", faults);
    }
    text[used] = 0;
    write_text(state.config, text);
}

void test_recorders_end(void)
{
    for (size_t i = 0; i < state.count; i++)
    {
        remove_disc(state.items[i].disc);
        if (*state.items[i].faults) DeleteFileW(state.items[i].faults);
    }
    if (*state.config) DeleteFileW(state.config);
    memset(&state, 0, sizeof(state));
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", NULL);
}

void test_recorders_set(const struct test_recorder *recorders, size_t count)
{
    WCHAR config[MAX_PATH];

    wcscpy(config, state.config);
    *state.config = 0; /* the file itself stays: only its content changes */
    test_recorders_end();
    if (*config)
        wcscpy(state.config, config);
    else
        test_temp_path(state.config, L".recorders");
    state.count = count;
    for (size_t i = 0; i < count; i++)
    {
        snprintf(state.items[i].medium, sizeof(state.items[i].medium), "%s", recorders[i].medium);
        test_temp_path(state.items[i].disc, L".iso");
        if (recorders[i].faults)
        {
            test_temp_path(state.items[i].faults, L".faults");
            write_text(state.items[i].faults, recorders[i].faults);
        }
    }
    write_config();
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", state.config);
}

void test_recorder_set(const char *medium, const char *faults)
{
    test_recorders_set(&(struct test_recorder){ .medium = medium, .faults = faults }, 1);
}

void test_recorder_faults(size_t index, const char *faults)
{
    if (!*state.items[index].faults) test_temp_path(state.items[index].faults, L".faults");
    write_text(state.items[index].faults, faults ? faults : "");
    write_config();
}

const WCHAR *test_recorder_disc(size_t index)
{
    return state.items[index].disc;
}

BSTR test_recorder_id(size_t index)
{
    IDiscMaster2 *master;
    LONG count = 0;
    BSTR id = NULL;
    HRESULT hr;

    hr = com_test_create("imapi2.dll", &CLSID_MsftDiscMaster2, &IID_IDiscMaster2, (void **)&master);
    if (!ok_hr(hr, S_OK, "disc master")) return NULL;
    hr = IDiscMaster2_get_Count(master, &count);
    /* Real drives of this machine come first. */
    if (SUCCEEDED(hr)) hr = IDiscMaster2_get_Item(master, count - (LONG)state.count + (LONG)index, &id);
    ok_hr(hr, S_OK, "id of recorder %u of %ld", (unsigned)index, count);
    IDiscMaster2_Release(master);
    return id;
}

IDiscRecorder2 *test_recorder_open(size_t index)
{
    BSTR id = test_recorder_id(index);
    IDiscRecorder2 *recorder;
    HRESULT hr;

    if (!id) return NULL;
    hr = com_test_create("imapi2.dll", &CLSID_MsftDiscRecorder2, &IID_IDiscRecorder2, (void **)&recorder);
    if (ok_hr(hr, S_OK, "recorder"))
    {
        hr = IDiscRecorder2_InitializeDiscRecorder(recorder, id);
        if (!ok_hr(hr, S_OK, "InitializeDiscRecorder"))
        {
            IDiscRecorder2_Release(recorder);
            recorder = NULL;
        }
    }
    SysFreeString(id);
    return recorder;
}

IDiscFormat2Data *test_writer_open(IDiscRecorder2 *recorder)
{
    BSTR name = SysAllocString(L"openimapi test");
    IDiscFormat2Data *writer;
    HRESULT hr;

    hr = com_test_create("imapi2.dll", &CLSID_MsftDiscFormat2Data, &IID_IDiscFormat2Data, (void **)&writer);
    if (ok_hr(hr, S_OK, "data writer"))
    {
        ok_hr(IDiscFormat2Data_put_ClientName(writer, name), S_OK, "ClientName");
        if (recorder) ok_hr(IDiscFormat2Data_put_Recorder(writer, recorder), S_OK, "Recorder");
    }
    SysFreeString(name);
    return writer;
}

BOOL test_bench_begin(struct test_bench *bench, const char *medium, const char *faults, ULONGLONG size)
{
    test_recorder_set(medium, faults);
    test_stream_init(&bench->stream, size);
    bench->writer = NULL;
    if (!(bench->recorder = test_recorder_open(0))) return FALSE;
    bench->writer = test_writer_open(bench->recorder);
    return bench->writer != NULL;
}

void test_bench_end(struct test_bench *bench)
{
    ok_int(bench->stream.references, 1, "references to the stream");
    ok_int(bench->stream.wrong_thread, 0, "reads on another thread");
    check_last_release(bench->writer);
    check_last_release(bench->recorder);
    test_recorders_end();
}
