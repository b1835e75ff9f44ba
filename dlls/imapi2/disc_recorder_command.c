/*
 * IDiscRecorder2Ex of MsftDiscRecorder2: commands as the client writes them. What the drive answers is passed
 * on without a translation; only a command that never reached an end is an error.
 */
#include "imapi2_room.h"

#include "openimapi/log.h"

#include <string.h>

/* Operation codes of groups 0 and 1 whose size is not checked against the group. */
static const uint8_t exempt[] =
{
    0x02, 0x05, 0x06, 0x09, 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x13, 0x14,
    0x19, 0x20, 0x21, 0x22, 0x23, 0x24, 0x26, 0x27, 0x29, 0x2C, 0x2D,
};

/* SPC 4.2.5.1: the group code, the top three bits of the operation code, says how long the command is. 0:
 * any. */
static const uint8_t group_sizes[8] = { 6, 10, 10, 0, 16, 12, 0, 0 };

static BOOL cdb_size_fits(uint8_t opcode, ULONG size)
{
    uint8_t expected = group_sizes[opcode >> 5];

    if (size < 6 || size > TRANSPORT_CDB_MAX) return FALSE;
    return !expected || expected == size || memchr(exempt, opcode, sizeof(exempt));
}

/* The part that the three methods share; their own pointers are checked. */
static HRESULT send_command(IDiscRecorder2Ex *iface, const BYTE *cdb, ULONG cdb_size, BYTE *sense,
                            ULONG timeout, enum transport_direction direction, BYTE *data, ULONG data_size,
                            ULONG *transferred)
{
    struct disc_recorder *self = COM_SELF(struct disc_recorder, iface);
    struct transport_command command = { .direction = direction, .data = data, .data_size = data_size };
    enum oi_status status;
    HRESULT hr;

    if (!cdb_size_fits(cdb[0], cdb_size))
        return imapi2_fail(iface, E_INVALIDARG, DETAIL_CDB_SIZE, COM_NUMBER(cdb_size), COM_NUMBER(cdb[0]));
    if (data_size > INT32_MAX) return imapi2_bad_argument(iface, L"BufferSize", data_size);
    if (!timeout) timeout = IMAPI2_DEFAULT_COMMAND_TIMEOUT;
    memcpy(command.cdb, cdb, cdb_size);
    command.cdb_size = (uint8_t)cdb_size;
    command.timeout = timeout > UINT32_MAX / 1000 ? UINT32_MAX : timeout * 1000;

    if (FAILED(hr = disc_recorder_enter(self, iface))) return hr;
    status = mmc_execute(&self->drive, &command);
    if (transferred && (status == OI_OK || status == OI_SENSE)) *transferred = command.transferred;
    if (status != OI_SENSE) return disc_recorder_finish(self, iface, status);
    disc_recorder_leave(self);
    mmc_sense_to_fixed(command.sense, command.sense_size, sense);
    return S_IMAPI_COMMAND_HAS_SENSE_DATA;
}

HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandNoData(IDiscRecorder2Ex *iface, BYTE *Cdb, ULONG CdbSize,
                                                          BYTE SenseBuffer[18], ULONG Timeout)
{
    COM_TRACE(iface, "%p, %lu, %p, %lu", Cdb, CdbSize, SenseBuffer, Timeout);
    if (SenseBuffer) memset(SenseBuffer, 0, MMC_FIXED_SENSE_SIZE);
    if (!Cdb || !SenseBuffer) return com_fail(iface, E_POINTER);
    return send_command(iface, Cdb, CdbSize, SenseBuffer, Timeout, TRANSPORT_NO_DATA, NULL, 0, NULL);
}

HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandSendDataToDevice(IDiscRecorder2Ex *iface, BYTE *Cdb,
                                                                    ULONG CdbSize, BYTE SenseBuffer[18],
                                                                    ULONG Timeout, BYTE *Buffer,
                                                                    ULONG_IMAPI2_NONZERO BufferSize)
{
    COM_TRACE(iface, "%p, %lu, %p, %lu, %p, %lu", Cdb, CdbSize, SenseBuffer, Timeout, Buffer, BufferSize);
    if (SenseBuffer) memset(SenseBuffer, 0, MMC_FIXED_SENSE_SIZE);
    if (!Cdb || !SenseBuffer || !Buffer) return com_fail(iface, E_POINTER);
    if (!BufferSize) return imapi2_bad_argument(iface, L"BufferSize", BufferSize);
    return send_command(iface, Cdb, CdbSize, SenseBuffer, Timeout, TRANSPORT_DATA_OUT, Buffer, BufferSize,
                        NULL);
}

HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandGetDataFromDevice(IDiscRecorder2Ex *iface, BYTE *Cdb,
                                                                     ULONG CdbSize, BYTE SenseBuffer[18],
                                                                     ULONG Timeout, BYTE *Buffer,
                                                                     ULONG_IMAPI2_NONZERO BufferSize,
                                                                     ULONG_IMAPI2_NOT_NEGATIVE *BufferFetched)
{
    COM_TRACE(iface, "%p, %lu, %p, %lu, %p, %lu, %p", Cdb, CdbSize, SenseBuffer, Timeout, Buffer, BufferSize,
              BufferFetched);
    if (SenseBuffer) memset(SenseBuffer, 0, MMC_FIXED_SENSE_SIZE);
    if (BufferFetched) *BufferFetched = 0;
    if (!Cdb || !SenseBuffer || !Buffer || !BufferFetched) return com_fail(iface, E_POINTER);
    if (!BufferSize) return imapi2_bad_argument(iface, L"BufferSize", BufferSize);
    return send_command(iface, Cdb, CdbSize, SenseBuffer, Timeout, TRANSPORT_DATA_IN, Buffer, BufferSize,
                        BufferFetched);
}
