/* What the tests of dlls/host share: a configuration of virtual recorders, and commands to them. */
#ifndef WINE_TESTS_HOST_TEST_H
#define WINE_TESTS_HOST_TEST_H

#include "test.h"

#include "host/host_room.h"
#include "openimapi/log.h"

#include <stdlib.h>
#include <string.h>

#define VIRTUAL_ID(name)                                                                                     \
    L"\\\\?\\openimapi#cdrom&ven_openimap&prod_virtual_recorder#" name                                       \
    L"#{53f56308-b6bf-11d0-94f2-00a0c91efb8b}"

static inline void write_file(const WCHAR *path, const char *text)
{
    HANDLE file = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;

    WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
    CloseHandle(file);
}

/* Names the configuration file in the environment, written with that text. */
static inline void set_config(WCHAR path[MAX_PATH], const char *text)
{
    if (!*path) test_temp_path(path, L".ini");
    write_file(path, text);
    SetEnvironmentVariableW(L"OPENIMAPI_RECORDERS", path);
}

/* Sends a command without data or with data from the drive. */
static inline enum oi_status send_cdb(struct transport *transport, const BYTE *cdb, BYTE size, BYTE *data,
                                      ULONG data_size, struct transport_command *command)
{
    memset(command, 0, sizeof(*command));
    memcpy(command->cdb, cdb, size);
    command->cdb_size = size;
    command->direction = data_size ? TRANSPORT_DATA_IN : TRANSPORT_NO_DATA;
    command->data = data;
    command->data_size = data_size;
    command->timeout = 10000;
    return transport_execute(transport, command);
}

/* TEST UNIT READY until no unit attention is left. */
static inline enum oi_status get_ready(struct transport *transport)
{
    static const BYTE cdb[6] = { 0x00 };
    struct transport_command command;
    enum oi_status status = OI_OK;

    for (int i = 0; i < 5; i++)
    {
        status = send_cdb(transport, cdb, 6, NULL, 0, &command);
        if (status != OI_SENSE || (command.sense[2] & 0xF) != 6) break;
    }
    return status;
}

static inline void ignore_log(void *context, enum log_level level, const char *line)
{
    (void)context;
    (void)level;
    (void)line;
}

#endif
