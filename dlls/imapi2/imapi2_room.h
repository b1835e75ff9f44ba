/*
 * Private to dlls/imapi2: the classes, how they reach a drive through a recorder object, and how they fail.
 */
#ifndef IMAPI2_ROOM_H
#define IMAPI2_ROOM_H

#include "com/com.h"
#include "com/stream.h"
#include "com/values.h"
#include "host/host.h"

#include "imapi2.h"
#include "imapi2error.h"

#include "openimapi/burn.h"
#include "openimapi/mmc.h"
#include "openimapi/mmc_medium.h"

/* --- classes -------------------------------------------------------------------------------------------- */

extern const struct com_class disc_master_class, disc_recorder_class, format_data_class,
    speed_descriptor_class, multisession_sequential_class, multisession_random_class, data_event_args_class;

/* Rows of a class's table that hold a vtable. */
enum
{
    DISC_RECORDER_ROW = 0,              /* IDiscRecorder2 */
    DISC_RECORDER_EX_ROW = 1,           /* IDiscRecorder2Ex */
};

/* Arguments of speed_descriptor_class. */
struct write_speed
{
    IMAPI_MEDIA_PHYSICAL_TYPE media_type;
    LONG sectors_per_second;
    VARIANT_BOOL pure_cav;
};

/* Arguments of data_event_args_class. */
struct data_progress
{
    LONG start_lba, sector_count;       /* sectors, count never 0 */
    LONG last_read_lba, last_written_lba;
    LONG buffer_total, buffer_used, buffer_free;        /* bytes */
    LONG elapsed, remaining, total;     /* seconds, total never 0 */
    IMAPI_FORMAT2_DATA_WRITE_ACTION action;
};

/* --- errors --------------------------------------------------------------------------------------------- */

/* The result code for a status; sense (MMC_SENSE) and opcode count with OI_SENSE only. */
HRESULT imapi2_result(enum oi_status status, uint32_t sense, uint8_t opcode);

/* Texts that stand behind that of a result code: what exactly, which drive. Values as in messages.mc. */
enum imapi2_detail
{
    DETAIL_DRIVE = 0x40AA1000,          /* drive */
    DETAIL_SENSE,                       /* drive, command, sense */
    DETAIL_COMMAND,                     /* drive, command */
    DETAIL_DISC,                        /* drive, disc */
    DETAIL_SIZES,                       /* drive, disc, sectors of the image, free sectors */
    DETAIL_STREAM_SIZE,                 /* bytes */
    DETAIL_STREAM_READ,                 /* size, result code */
    DETAIL_STREAM_SHORT,                /* announced size */
    DETAIL_OWNER,                       /* drive, client name */
    DETAIL_CLIENT_NAME,                 /* the name */
    DETAIL_CLIENT_NAME_MISSING,
    DETAIL_UNKNOWN_RECORDER,            /* the identifier */
    DETAIL_INDEX,                       /* index, count */
    DETAIL_NOT_INITIALIZED,
    DETAIL_ARGUMENT,                    /* name, value */
    DETAIL_CDB_SIZE,                    /* size, operation code */
    DETAIL_FEATURE,                     /* drive, feature */
    DETAIL_MODE_PAGE,                   /* drive, page */
    DETAIL_BLOCK_RANGE,                 /* first, last, sectors of the image */
    DETAIL_FOREIGN_RECORDER,
    DETAIL_MOUNTED,                     /* drive */
};

/* com_fail with a detail behind the text. iface is a method's own first argument. Returns hr. */
HRESULT imapi2_fail_args(void *iface, HRESULT hr, enum imapi2_detail detail, const struct com_insert *inserts,
                         size_t count);
#define imapi2_fail(iface, hr, detail, ...)                                                                  \
    imapi2_fail_args(iface, hr, detail, (const struct com_insert[]){ __VA_ARGS__ },                          \
                     COM_COUNT(((const struct com_insert[]){ __VA_ARGS__ })))

/* E_INVALIDARG that names the argument. */
#define imapi2_bad_argument(iface, name, value)                                                              \
    imapi2_fail(iface, E_INVALIDARG, DETAIL_ARGUMENT, COM_TEXT(name), COM_NUMBER(value))

/* "DVD+R" and the like, for texts. */
const WCHAR *imapi2_medium_name(enum mmc_medium_type type);

/* --- recorder ------------------------------------------------------------------------------------------- */

/*
 * A recorder object. Its drive works for one caller at a time: whoever wants to send commands enters and
 * leaves. Short users wait for each other; while a job (a write) runs, everybody else is told that the drive
 * is busy, so that a sink or another thread never waits for a burn. No lock is held meanwhile.
 */
enum recorder_gate
{
    GATE_FREE,
    GATE_COMMAND,
    GATE_JOB,
};

struct disc_recorder
{
    struct com_object base;
    CONDITION_VARIABLE left;            /* the gate became free; with base.lock */
    enum recorder_gate gate;
    /* Changed by InitializeDiscRecorder only, within the gate and under base.lock. */
    struct host_drive *host;            /* NULL before */
    struct mmc_drive drive;
    WCHAR *id;                          /* as the client gave it */
    struct com_ref client;              /* fixed: the foreign object that this one stands in for, if any */
};

/* The object behind an IDiscRecorder2 that a client gave, counted: itself when it is ours, else a new one on
   the same drive. Sets no IErrorInfo. */
HRESULT disc_recorder_from(IDiscRecorder2 *client, struct disc_recorder **out);

/* What disc_recorder_from was given: for get_Recorder and its like. NULL for NULL. */
HRESULT disc_recorder_return(struct disc_recorder *recorder, IDiscRecorder2 **out);

/* The drive, counted; NULL before InitializeDiscRecorder. Needs no entering. */
struct host_drive *disc_recorder_host(struct disc_recorder *recorder);

/* What a text calls the drive. Returns its argument. */
#define RECORDER_NAME_MAX 64
const WCHAR *disc_recorder_name(struct disc_recorder *recorder, WCHAR text[RECORDER_NAME_MAX]);

/* Enters for a short time, or for a job. ERROR_INVALID_HANDLE before InitializeDiscRecorder, MEDIA_BUSY
   during somebody's job; IErrorInfo is set for iface. */
HRESULT disc_recorder_enter(struct disc_recorder *recorder, void *iface);
HRESULT disc_recorder_begin_job(struct disc_recorder *recorder, void *iface);

/* Enters whether initialized or not; FALSE during a job. */
BOOL disc_recorder_pass(struct disc_recorder *recorder, enum recorder_gate as);

/* Leaves after any of them. */
void disc_recorder_leave(struct disc_recorder *recorder);

/* Leaves, and turns the status of what was done into a result code with a text that names drive, command and
   sense. */
HRESULT disc_recorder_finish(struct disc_recorder *recorder, void *iface, enum oi_status status);

/* The same after leaving, with a copy of drive.failure. */
HRESULT disc_recorder_fail(struct disc_recorder *recorder, void *iface, enum oi_status status,
                           const struct mmc_failure *failure);

/* hr with the text that InitializeDiscRecorder is needed first. */
HRESULT disc_recorder_not_initialized(void *iface, HRESULT hr);

/* Whether InitializeDiscRecorder would take that drive. */
enum oi_status disc_recorder_try(const WCHAR *id);

/* True when a command met a unit attention and is worth sending again; *tries counts them, from 0. */
BOOL disc_recorder_again(struct disc_recorder *recorder, enum oi_status status, int *tries);

/* Takes exclusive access for a write, on top of what the client has taken, until host_drive_end_job.
   MEDIA_BUSY while a write runs through another recorder object. */
HRESULT disc_recorder_claim(struct disc_recorder *recorder, void *iface, const WCHAR *client);

/* What lies in the drive. Enters and leaves. */
HRESULT disc_recorder_medium(struct disc_recorder *recorder, void *iface, struct mmc_medium *medium);

/* Codes of features, profiles or mode pages, in new memory. Enters and leaves. */
enum recorder_list
{
    LIST_FEATURES,
    LIST_PROFILES,
    LIST_MODE_PAGES,
};

HRESULT disc_recorder_list(struct disc_recorder *recorder, void *iface, enum recorder_list what, unsigned how,
                           ULONG **codes, size_t *count);

/* Methods of MsftDiscRecorder2 that stand in other files than their vtables. */
HRESULT STDMETHODCALLTYPE disc_recorder_AcquireExclusiveAccess(IDiscRecorder2 *iface, VARIANT_BOOL force,
                                                               BSTR client);
HRESULT STDMETHODCALLTYPE disc_recorder_ReleaseExclusiveAccess(IDiscRecorder2 *iface);
HRESULT STDMETHODCALLTYPE disc_recorder_DisableMcn(IDiscRecorder2 *iface);
HRESULT STDMETHODCALLTYPE disc_recorder_EnableMcn(IDiscRecorder2 *iface);
HRESULT STDMETHODCALLTYPE disc_recorder_get_ExclusiveAccessOwner(IDiscRecorder2 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandNoData(IDiscRecorder2Ex *iface, BYTE *Cdb, ULONG CdbSize,
                                                          BYTE SenseBuffer[18], ULONG Timeout);
HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandSendDataToDevice(IDiscRecorder2Ex *iface, BYTE *Cdb,
                                                                    ULONG CdbSize, BYTE SenseBuffer[18],
                                                                    ULONG Timeout, BYTE *Buffer,
                                                                    ULONG_IMAPI2_NONZERO BufferSize);
HRESULT STDMETHODCALLTYPE disc_recorder_SendCommandGetDataFromDevice(
    IDiscRecorder2Ex *iface, BYTE *Cdb, ULONG CdbSize, BYTE SenseBuffer[18], ULONG Timeout, BYTE *Buffer,
    ULONG_IMAPI2_NONZERO BufferSize, ULONG_IMAPI2_NOT_NEGATIVE *BufferFetched);
extern const IDiscRecorder2ExVtbl disc_recorder_ex_vtbl;

/* --- formats -------------------------------------------------------------------------------------------- */

/* What tells one way of writing from another. */
struct format_kind
{
    bool (*knows_type)(enum mmc_medium_type type);
    bool (*knows_profile)(uint16_t profile);
    HRESULT recorder_required;          /* no recorder is attached */
    HRESULT recorder_not_supported;
    HRESULT busy;                       /* a write is running */
    HRESULT client_name_not_valid;
};

#define CLIENT_NAME_MAX 62

/* First member of the writers: what IDiscFormat2 needs, a recorder and a client name. */
struct format
{
    struct com_object base;
    const struct format_kind *kind;     /* set by the writer's init */
    /* Under base.lock. */
    struct disc_recorder *recorder;     /* NULL: none */
    WCHAR client_name[CLIENT_NAME_MAX + 1];
    BOOL busy;                          /* a write is running */
    BOOL cancel;                        /* it is to stop */
    const struct mmc_medium *medium;    /* the disc it writes to, while it runs */
};

void format_destroy(struct format *format);

/* The recorder, counted; NULL when there is none. */
struct disc_recorder *format_recorder(struct format *format);

/* Marks the format as busy, or fails with the code for that. */
HRESULT format_begin(struct format *format, void *iface);
void format_end(struct format *format);

/* Asks the running write to stop; FALSE when none runs. */
BOOL format_cancel(struct format *format);
BOOL format_is_cancelled(struct format *format);

BOOL format_is_busy(struct format *format);

/* Whether the drive can write any disc that the format knows. */
enum oi_status format_drive_suits(const struct format_kind *kind, struct mmc_drive *drive, BOOL *suits);

/* What lies in the drive; during a write, what did when it began. *recorder (may be NULL) is counted. */
HRESULT format_medium(struct format *format, void *iface, struct disc_recorder **recorder,
                      struct mmc_medium *medium);

/* Properties that all writers have. */
HRESULT format_put_Recorder(struct format *format, void *iface, IDiscRecorder2 *value);
HRESULT format_get_Recorder(struct format *format, void *iface, IDiscRecorder2 **value);
HRESULT format_put_ClientName(struct format *format, void *iface, const WCHAR *value);
HRESULT format_get_ClientName(struct format *format, void *iface, BSTR *value);
HRESULT format_put_bool(struct format *format, void *iface, VARIANT_BOOL *field, VARIANT_BOOL value);

/* IDiscFormat2 from the first own slot on; for the vtables of its descendants. */
HRESULT STDMETHODCALLTYPE format_IsRecorderSupported(IDiscFormat2 *iface, IDiscRecorder2 *recorder,
                                                     VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE format_IsCurrentMediaSupported(IDiscFormat2 *iface, IDiscRecorder2 *recorder,
                                                         VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE format_get_MediaPhysicallyBlank(IDiscFormat2 *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE format_get_MediaHeuristicallyBlank(IDiscFormat2 *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE format_get_SupportedMediaTypes(IDiscFormat2 *iface, SAFEARRAY **value);

#define FORMAT_METHODS(I)                                                                                    \
    (HRESULT(STDMETHODCALLTYPE *)(I *, IDiscRecorder2 *, VARIANT_BOOL *))format_IsRecorderSupported,         \
    (HRESULT(STDMETHODCALLTYPE *)(I *, IDiscRecorder2 *, VARIANT_BOOL *))format_IsCurrentMediaSupported,     \
    (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL *))format_get_MediaPhysicallyBlank,                      \
    (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL *))format_get_MediaHeuristicallyBlank,                   \
    (HRESULT(STDMETHODCALLTYPE *)(I *, SAFEARRAY **))format_get_SupportedMediaTypes

/* --- MsftDiscFormat2Data -------------------------------------------------------------------------------- */

struct format_data
{
    struct format format;               /* and the com_object within it */
    /* Under the object's lock; fixed while a write runs, but for force_overwrite and verification. */
    VARIANT_BOOL underrun_free_disabled, postgap_in_image, force_close, no_compatibility, force_overwrite;
    LONG requested_speed;               /* sectors a second, -1: the fastest */
    VARIANT_BOOL requested_cav;
    BOOL speed_set;                     /* SetWriteSpeed was called */
    IMAPI_BURN_VERIFICATION_LEVEL verification;
};

#define FORMAT_DATA(iface) COM_SELF(struct format_data, iface)

/* The options of a burn, as the properties are now. */
void format_data_options(struct format_data *self, struct burn_options *options);

/* Whether the disc can be used by this format as it is: INVALID_MEDIA_STATE when not. */
HRESULT imapi2_check_medium(void *iface, struct disc_recorder *recorder, const struct mmc_medium *medium);

HRESULT STDMETHODCALLTYPE format_data_get_CurrentMediaStatus(IDiscFormat2Data *iface,
                                                             IMAPI_FORMAT2_DATA_MEDIA_STATE *value);
HRESULT STDMETHODCALLTYPE format_data_get_WriteProtectStatus(IDiscFormat2Data *iface,
                                                             IMAPI_MEDIA_WRITE_PROTECT_STATE *value);
HRESULT STDMETHODCALLTYPE format_data_get_TotalSectorsOnMedia(IDiscFormat2Data *iface, LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_FreeSectorsOnMedia(IDiscFormat2Data *iface, LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_NextWritableAddress(IDiscFormat2Data *iface, LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_StartAddressOfPreviousSession(IDiscFormat2Data *iface, LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_LastWrittenAddressOfPreviousSession(IDiscFormat2Data *iface,
                                                                              LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_CurrentPhysicalMediaType(IDiscFormat2Data *iface,
                                                                   IMAPI_MEDIA_PHYSICAL_TYPE *value);
HRESULT STDMETHODCALLTYPE format_data_get_CurrentWriteSpeed(IDiscFormat2Data *iface, LONG *value);
HRESULT STDMETHODCALLTYPE format_data_get_CurrentRotationTypeIsPureCAV(IDiscFormat2Data *iface,
                                                                       VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE format_data_get_SupportedWriteSpeeds(IDiscFormat2Data *iface, SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE format_data_get_SupportedWriteSpeedDescriptors(IDiscFormat2Data *iface,
                                                                         SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE format_data_get_MultisessionInterfaces(IDiscFormat2Data *iface, SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE format_data_SetWriteSpeed(IDiscFormat2Data *iface, LONG RequestedSectorsPerSecond,
                                                    VARIANT_BOOL RotationTypeIsPureCAV);
HRESULT STDMETHODCALLTYPE format_data_Write(IDiscFormat2Data *iface, IStream *data);
HRESULT STDMETHODCALLTYPE format_data_CancelWrite(IDiscFormat2Data *iface);

/* --- multi-session objects ------------------------------------------------------------------------------ */

/* Arguments of multisession_sequential_class and multisession_random_class. */
struct multisession_args
{
    struct disc_recorder *recorder;     /* NULL: the writer has none */
    struct burn_options options;        /* the writer's, for the free space */
};

#endif
