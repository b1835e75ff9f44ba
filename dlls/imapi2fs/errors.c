/* What the core says, as result codes of IMAPI with the inserts of their texts: one table. */
#include "imapi2fs/imapi2fs_room.h"

/* Which inserts the text of a code has. */
enum insert
{
    NONE,
    ITEM,                               /* %1 the item */
    KINDS,                              /* %1 the file systems */
    ITEM_KINDS,                         /* %1 the item, %2 the file systems */
    ITEM_SIZES,                         /* %1 the item, %2 bytes expected, %3 bytes found */
};

static const struct row
{
    enum oi_status status;
    HRESULT hr;
    enum insert insert;
} rows[] =
{
    { OI_NO_MEMORY, E_OUTOFMEMORY, NONE },
    { OI_NOT_SUPPORTED, E_NOTIMPL, NONE },
    { OI_SOURCE_OPEN, IMAPI_E_DATA_STREAM_READ_FAILURE, ITEM },
    { OI_SOURCE_READ, IMAPI_E_DATA_STREAM_READ_FAILURE, ITEM },
    { OI_IO, IMAPI_E_DATA_STREAM_READ_FAILURE, ITEM },
    { OI_SOURCE_SIZE, IMAPI_E_DATA_STREAM_INCONSISTENCY, ITEM_SIZES },
    { OI_TOO_LARGE, IMAPI_E_IMAGE_SIZE_LIMIT, ITEM },
    { OI_NAME_INVALID, IMAPI_E_INVALID_PATH, ITEM },
    { OI_NAME_RESTRICTED, IMAPI_E_RESTRICTED_NAME_VIOLATION, ITEM },
    { OI_PATH_INVALID, IMAPI_E_INVALID_PATH, ITEM },
    { OI_NAME_EXISTS, IMAPI_E_DUP_NAME, ITEM },
    { OI_NAME_NOT_UNIQUE, IMAPI_E_NO_UNIQUE_NAME, ITEM_KINDS },
    { OI_NOT_FOUND, IMAPI_E_ITEM_NOT_FOUND, ITEM },
    { OI_DIRECTORY_NOT_FOUND, IMAPI_E_DIR_NOT_FOUND, ITEM },
    { OI_NOT_DIRECTORY, IMAPI_E_NOT_DIR, ITEM },
    { OI_NOT_FILE, IMAPI_E_NOT_FILE, ITEM },
    { OI_NOT_EMPTY, IMAPI_E_DIR_NOT_EMPTY, ITEM },
    { OI_NOT_IN_TREE, IMAPI_E_NOT_IN_FILE_SYSTEM, ITEM },
    { OI_TOO_DEEP, IMAPI_E_ISO9660_LEVELS, NONE },
    { OI_TOO_MANY_DIRECTORIES, IMAPI_E_TOO_MANY_DIRS, KINDS },
    { OI_FILE_TOO_BIG, IMAPI_E_DATA_TOO_BIG, KINDS },
    { OI_NO_FILE_SYSTEM, IMAPI_E_NO_OUTPUT, NONE },
};

/* Everything else should not happen here. */
static const struct row row_internal = { OI_STATUS_COUNT, IMAPI_E_FSI_INTERNAL_ERROR, NONE };

static const struct row *row_of(enum oi_status status)
{
    for (size_t i = 0; i < COM_COUNT(rows); i++)
    {
        if (rows[i].status == status) return &rows[i];
    }
    return &row_internal;
}

HRESULT fsi_hresult(enum oi_status status)
{
    return status ? row_of(status)->hr : S_OK;
}

HRESULT fsi_fail(void *iface, enum oi_status status, struct fs_detail *detail)
{
    static const struct fs_detail no_detail;
    const struct fs_detail *d = detail ? detail : &no_detail;
    const struct row *row = row_of(status);
    HRESULT hr = row->hr;

    if (!status) return S_OK;
    if (row == &row_internal) log_error("imapi2fs: unexpected status %s", status_name(status));
    switch (row->insert)
    {
    case NONE:
        com_fail(iface, hr);
        break;
    case ITEM:
        com_fail_with(iface, hr, COM_TEXT(d->item));
        break;
    case KINDS:
    {
        WCHAR *kinds = text_from_utf8(fs_kind_name(d->file_systems));

        com_fail_with(iface, hr, COM_TEXT(kinds));
        free(kinds);
        break;
    }
    case ITEM_KINDS:
    {
        WCHAR *kinds = text_from_utf8(fs_kind_name(d->file_systems));

        com_fail_with(iface, hr, COM_TEXT(d->item), COM_TEXT(kinds));
        free(kinds);
        break;
    }
    case ITEM_SIZES:
        com_fail_with(iface, hr, COM_TEXT(d->item), COM_NUMBER(d->expected), COM_NUMBER(d->found));
        break;
    }
    if (detail) fs_detail_clear(detail);
    return hr;
}

HRESULT fsi_invalid(void *iface, const WCHAR *parameter)
{
    return com_fail_with(iface, IMAPI_E_INVALID_PARAM, COM_TEXT(parameter));
}

HRESULT fsi_fail_win32(void *iface, DWORD error)
{
    if (error == ERROR_NOT_ENOUGH_MEMORY) return com_fail(iface, E_OUTOFMEMORY);
    return com_fail(iface, HRESULT_FROM_WIN32(error ? error : ERROR_GEN_FAILURE));
}

HRESULT fsi_fail_source(void *iface, enum oi_status status, struct source *source, const WCHAR *path,
                        uint64_t found)
{
    struct fs_detail detail = { .item = text_copy(path), .expected = source->size, .found = found };
    DWORD error = host_file_error(source);
    HRESULT cause = error ? HRESULT_FROM_WIN32(error) : client_stream_error(source);
    WCHAR *stash = stash_path(source);
    HRESULT hr;

    if (stash)
        hr = com_fail_with(iface, IMAPI_E_STASHFILE_READ_FAILURE, COM_TEXT(stash));
    else if (FAILED(cause) && fsi_hresult(status) == IMAPI_E_DATA_STREAM_READ_FAILURE)
        hr = com_fail_cause(iface, IMAPI_E_DATA_STREAM_READ_FAILURE, cause, COM_TEXT(path));
    else
        hr = fsi_fail(iface, status, &detail);
    fs_detail_clear(&detail);
    free(stash);
    return hr;
}
