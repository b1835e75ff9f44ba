/*
 * The way to the drive of a recorder object: who may send commands now, what a failure means to the client,
 * exclusive access and media change notification.
 */
#include "imapi2_room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the gate ------------------------------------------------------------------------------------------- */

/* Enters whether initialized or not; FALSE while a job runs. */
BOOL disc_recorder_pass(struct disc_recorder *recorder, enum recorder_gate as)
{
    BOOL passed;

    com_lock(&recorder->base);
    while (recorder->gate == GATE_COMMAND)
        SleepConditionVariableSRW(&recorder->left, &recorder->base.lock, INFINITE, 0);
    passed = recorder->gate == GATE_FREE;
    if (passed) recorder->gate = as;
    com_unlock(&recorder->base);
    return passed;
}

void disc_recorder_leave(struct disc_recorder *recorder)
{
    com_lock(&recorder->base);
    recorder->gate = GATE_FREE;
    com_unlock(&recorder->base);
    WakeAllConditionVariable(&recorder->left);
}

HRESULT disc_recorder_not_initialized(void *iface, HRESULT hr)
{
    return imapi2_fail_args(iface, hr, DETAIL_NOT_INITIALIZED, NULL, 0);
}

static HRESULT enter(struct disc_recorder *recorder, void *iface, enum recorder_gate as)
{
    WCHAR name[RECORDER_NAME_MAX];

    if (!disc_recorder_pass(recorder, as))
        return imapi2_fail(iface, E_IMAPI_RECORDER_MEDIA_BUSY, DETAIL_DRIVE,
                           COM_TEXT(disc_recorder_name(recorder, name)));
    if (recorder->host) return S_OK;
    disc_recorder_leave(recorder);
    return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
}

HRESULT disc_recorder_enter(struct disc_recorder *recorder, void *iface)
{
    return enter(recorder, iface, GATE_COMMAND);
}

HRESULT disc_recorder_begin_job(struct disc_recorder *recorder, void *iface)
{
    return enter(recorder, iface, GATE_JOB);
}

struct host_drive *disc_recorder_host(struct disc_recorder *recorder)
{
    struct host_drive *host = NULL;

    com_lock(&recorder->base);
    if (recorder->host) host = host_drive_ref(recorder->host);
    com_unlock(&recorder->base);
    return host;
}

/* "VENDOR PRODUCT (D:)", or as much of it as there is. */
const WCHAR *disc_recorder_name(struct disc_recorder *recorder, WCHAR text[RECORDER_NAME_MAX])
{
    struct host_drive *host = disc_recorder_host(recorder);
    const struct host_identity *identity;
    const struct host_drive_info *info;
    size_t length;

    *text = 0;
    if (!host) return text;
    identity = host_drive_get_identity(host);
    info = host_drive_get_info(host);
    swprintf(text, RECORDER_NAME_MAX, L"%ls%ls%ls", identity->vendor, *identity->vendor ? L" " : L"",
             identity->product);
    length = wcslen(text);
    if (info->path_count)
    {
        size_t path_length = wcslen(info->paths[0]);

        if (path_length && info->paths[0][path_length - 1] == '\\') path_length--;
        swprintf(text + length, RECORDER_NAME_MAX - length, length ? L" (%.*ls)" : L"%.*ls",
                 (int)min(path_length, RECORDER_NAME_MAX - length - 4), info->paths[0]);
    }
    host_drive_unref(host);
    return text;
}

/* --- failures ------------------------------------------------------------------------------------------- */

BOOL disc_recorder_again(struct disc_recorder *recorder, enum oi_status status, int *tries)
{
    const struct mmc_failure *failure = &recorder->drive.failure;

    return status == OI_SENSE && failure->sense.key == MMC_KEY_UNIT_ATTENTION && ++*tries < 4;
}

static HRESULT fail_locked(struct disc_recorder *recorder, void *iface)
{
    struct host_drive *host = disc_recorder_host(recorder);
    WCHAR name[RECORDER_NAME_MAX], *owner = NULL;
    HRESULT hr;

    if (host) host_drive_get_owner(host, &owner);
    host_drive_unref(host);
    if (owner && *owner)
        hr = imapi2_fail(iface, E_IMAPI_RECORDER_LOCKED, DETAIL_OWNER,
                         COM_TEXT(disc_recorder_name(recorder, name)), COM_TEXT(owner));
    else
        hr = imapi2_fail(iface, E_IMAPI_RECORDER_LOCKED, DETAIL_DRIVE,
                         COM_TEXT(disc_recorder_name(recorder, name)));
    free(owner);
    return hr;
}

HRESULT disc_recorder_fail(struct disc_recorder *recorder, void *iface, enum oi_status status,
                           const struct mmc_failure *failure)
{
    HRESULT hr = imapi2_result(status, mmc_sense_code(&failure->sense), failure->opcode);
    WCHAR name[RECORDER_NAME_MAX], command[40], what[16];

    if (status == OI_OK) return S_OK;
    /* Whoever asked for data has none, however small the drive makes the matter. */
    if (SUCCEEDED(hr)) hr = E_FAIL;
    if (status == OI_LOCKED) return fail_locked(recorder, iface);
    if (failure->status == OI_OK)
        return imapi2_fail(iface, hr, DETAIL_DRIVE, COM_TEXT(disc_recorder_name(recorder, name)));
    swprintf(command, COM_COUNT(command), L"%hs", mmc_opcode_name(failure->opcode));
    if (failure->status != OI_SENSE)
        return imapi2_fail(iface, hr, DETAIL_COMMAND, COM_TEXT(disc_recorder_name(recorder, name)),
                           COM_TEXT(command));
    swprintf(what, COM_COUNT(what), L"%X/%02X/%02X", failure->sense.key, failure->sense.asc,
             failure->sense.ascq);
    return imapi2_fail(iface, hr, DETAIL_SENSE, COM_TEXT(disc_recorder_name(recorder, name)),
                       COM_TEXT(command), COM_TEXT(what));
}

HRESULT disc_recorder_finish(struct disc_recorder *recorder, void *iface, enum oi_status status)
{
    struct mmc_failure failure = recorder->drive.failure;

    disc_recorder_leave(recorder);
    return disc_recorder_fail(recorder, iface, status, &failure);
}

/* --- exclusive access ----------------------------------------------------------------------------------- */

HRESULT disc_recorder_claim(struct disc_recorder *recorder, void *iface, const WCHAR *client)
{
    struct host_drive *host = disc_recorder_host(recorder);
    struct mmc_failure none = { .status = OI_OK };
    WCHAR name[RECORDER_NAME_MAX];
    enum oi_status status;
    int busy;

    if (!host) return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    status = host_drive_begin_job(host, client, &busy);
    host_drive_unref(host);
    if (busy)
        return imapi2_fail(iface, E_IMAPI_RECORDER_MEDIA_BUSY, DETAIL_DRIVE,
                           COM_TEXT(disc_recorder_name(recorder, name)));
    return disc_recorder_fail(recorder, iface, status, &none);
}

HRESULT STDMETHODCALLTYPE disc_recorder_AcquireExclusiveAccess(IDiscRecorder2 *iface, VARIANT_BOOL force,
                                                               BSTR client)
{
    struct disc_recorder *self = COM_SELF(struct disc_recorder, iface);
    struct host_drive *host;
    WCHAR name[RECORDER_NAME_MAX], *owner = NULL;
    enum oi_status status;
    HRESULT hr = S_OK;

    COM_TRACE(iface, "%d, %s", force, com_trace_text(client));
    if (!client || !*client) return com_fail(iface, E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID);
    if (!host_client_name_is_valid(client))
        return imapi2_fail(iface, E_INVALIDARG, DETAIL_CLIENT_NAME, COM_TEXT(client));
    if (!(host = disc_recorder_host(self)))
        return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    status = host_drive_acquire(host, client, force != VARIANT_FALSE);
    /* Held by another client: LOCKED, and ExclusiveAccessOwner tells by whom. Used by somebody who holds
       nothing (a mounted file system, a program with the device open): ACCESSDENIED. */
    if (status == OI_LOCKED && host_drive_get_owner(host, &owner) == OI_OK && !*owner)
        hr = imapi2_fail(iface, E_ACCESSDENIED, DETAIL_MOUNTED, COM_TEXT(disc_recorder_name(self, name)));
    else
    {
        struct mmc_failure none = { .status = OI_OK };

        hr = disc_recorder_fail(self, iface, status, &none);
    }
    free(owner);
    host_drive_unref(host);
    return hr;
}

HRESULT STDMETHODCALLTYPE disc_recorder_ReleaseExclusiveAccess(IDiscRecorder2 *iface)
{
    struct disc_recorder *self = COM_SELF(struct disc_recorder, iface);
    struct mmc_failure none = { .status = OI_OK };
    struct host_drive *host = disc_recorder_host(self);
    WCHAR name[RECORDER_NAME_MAX], *owner = NULL;
    enum oi_status status;
    HRESULT hr;

    COM_TRACE(iface, "%s", "");
    if (!host) return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    status = host_drive_release(host);
    if (status == OI_INVALID_ARGUMENT)
    {
        /* Not ours: as the driver says of a handle that is not the owner's, or of a device that nobody holds.
         */
        hr = host_drive_get_owner(host, &owner) == OI_OK && *owner ? HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE)
                                                                   : E_FAIL;
        hr = imapi2_fail(iface, hr, DETAIL_DRIVE, COM_TEXT(disc_recorder_name(self, name)));
        free(owner);
    }
    else
        hr = disc_recorder_fail(self, iface, status, &none);
    host_drive_unref(host);
    return hr;
}

HRESULT STDMETHODCALLTYPE disc_recorder_get_ExclusiveAccessOwner(IDiscRecorder2 *iface, BSTR *value)
{
    struct disc_recorder *self = COM_SELF(struct disc_recorder, iface);
    struct mmc_failure none = { .status = OI_OK };
    struct host_drive *host;
    enum oi_status status;
    WCHAR *owner = NULL;
    HRESULT hr;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = NULL;
    if (!(host = disc_recorder_host(self)))
        return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    status = host_drive_get_owner(host, &owner);
    hr = status ? disc_recorder_fail(self, iface, status, &none)
                : com_fail(iface, com_return_text(owner, value));
    free(owner);
    host_drive_unref(host);
    return hr;
}

/* --- media change notification -------------------------------------------------------------------------- */

static HRESULT change_notification(IDiscRecorder2 *iface, enum oi_status (*change)(struct host_drive *))
{
    struct disc_recorder *self = COM_SELF(struct disc_recorder, iface);
    struct mmc_failure none = { .status = OI_OK };
    struct host_drive *host = disc_recorder_host(self);
    WCHAR name[RECORDER_NAME_MAX];
    enum oi_status status;

    if (!host) return disc_recorder_not_initialized(iface, HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
    status = change(host);
    host_drive_unref(host);
    /* One enable too many: the page lists nothing closer. */
    if (status == OI_INVALID_ARGUMENT)
        return imapi2_fail(iface, E_FAIL, DETAIL_DRIVE, COM_TEXT(disc_recorder_name(self, name)));
    return disc_recorder_fail(self, iface, status, &none);
}

HRESULT STDMETHODCALLTYPE disc_recorder_DisableMcn(IDiscRecorder2 *iface)
{
    COM_TRACE(iface, "%s", "");
    return change_notification(iface, host_drive_disable_mcn);
}

HRESULT STDMETHODCALLTYPE disc_recorder_EnableMcn(IDiscRecorder2 *iface)
{
    COM_TRACE(iface, "%s", "");
    return change_notification(iface, host_drive_enable_mcn);
}
