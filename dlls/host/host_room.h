/* What the files of dlls/host share: how they call each other, and nothing that a DLL needs. */
#ifndef OPENIMAPI_HOST_ROOM_H
#define OPENIMAPI_HOST_ROOM_H

#include "host/host.h"

#include "openimapi/emu.h"

/* --- errors.c ------------------------------------------------------------------------------------------- */

/* What an error of the system means for a drive. */
enum oi_status host_status_from_win32(DWORD error);

/* --- config.c: the virtual recorders -------------------------------------------------------------------- */

/* What looks at the configuration again and again does so quietly: what is wrong has been logged. */
enum host_voice
{
    HOST_QUIET,
    HOST_LOUD,
};

struct host_config
{
    struct emu_recorder_config *items;
    size_t count;
    enum host_voice voice;
};

/* From the file that OPENIMAPI_RECORDERS names, else from the registry. What is wrong is logged and left out.
   Free with host_config_free. */
enum oi_status host_config_read(struct host_config *config, enum host_voice voice);
void host_config_free(struct host_config *config);

/* "\\?\openimapi#cdrom&...#name#{...}" in new memory. */
WCHAR *host_config_make_id(const struct emu_recorder_config *recorder);

/* A number that is another one when any value is. */
ULONG host_config_signature(const struct emu_recorder_config *recorder);

/* --- store.c: files of the virtual recorders ------------------------------------------------------------ */

struct emu_store *host_store(void);

/* --- real.c: which real drives there are ---------------------------------------------------------------- */

/* Appends them to the list; letters is a mask of drive letters (bit 0 is A) that are left out. */
enum oi_status host_real_list(struct host_drives *drives, DWORD letters);

/* --- enumerate.c ---------------------------------------------------------------------------------------- */

/* host_drives_list, loud or not. */
enum oi_status host_drives_look(struct host_drives *drives, enum host_voice voice);

/* One more cleared element at the end of the list; NULL when memory is out. */
struct host_drive_info *host_drives_add(struct host_drives *drives);

void host_drive_info_clear(struct host_drive_info *info);
enum oi_status host_drive_info_copy(struct host_drive_info *to, const struct host_drive_info *from);

/* Identifiers are compared without regard to case, as the system does. */
int host_same_id(const WCHAR *a, const WCHAR *b);

/* New memory, NULL when it is out. */
WCHAR *host_copy_text(const WCHAR *text);

/* --- spti.c --------------------------------------------------------------------------------------------- */

/* A drive behind IOCTL_SCSI_PASS_THROUGH_DIRECT. The handle stays the caller's and outlives the transport. */
enum oi_status host_spti_create(HANDLE device, struct transport **out);
void host_spti_get_limits(HANDLE device, struct host_limits *limits);

/* --- descriptors.c -------------------------------------------------------------------------------------- */

/* From the system; OI_NOT_SUPPORTED where it does not know it. The caller frees *bytes. */
enum oi_status host_query_descriptor(HANDLE device, enum host_descriptor which, void **bytes, ULONG *size);

enum oi_status host_make_adapter_descriptor(const struct host_limits *limits, void **bytes, ULONG *size);
enum oi_status host_make_device_descriptor(const struct host_identity *identity, void **bytes, ULONG *size);

/* Vendor, product and revision out of a device descriptor; false when it has none. */
int host_read_device_descriptor(const void *bytes, ULONG size, struct host_identity *identity);

/* --- guard.c -------------------------------------------------------------------------------------------- */

/* Whether the recorder is no longer configured, or in another way; real drives tell it themselves. */
enum oi_status host_guard_look(const struct host_drive_info *info, int *gone);

/* Decorator: one command at a time, and none while somebody else has the drive or when it was taken away. */
enum oi_status host_guard_create(struct transport *inner, struct host_drive *drive, struct transport **out);

/* A turn without a command. */
void host_guard_enter(struct transport *guard);
void host_guard_leave(struct transport *guard);

/* --- write_behind.c ------------------------------------------------------------------------------------- */

/* Decorator: does nothing until started. Takes over inner, also on failure. Closing it while it is started
   drops what is queued. */
enum oi_status host_write_behind_create(struct transport *inner, struct transport **out);
enum oi_status host_write_behind_start(struct transport *write_behind, ULONG size);
enum oi_status host_write_behind_stop(struct transport *write_behind);
void host_write_behind_get_buffer(struct transport *write_behind, struct host_buffer *buffer);

/* --- claim.c -------------------------------------------------------------------------------------------- */

#define HOST_CLIENT_NAME_MAX 62         /* characters; the driver's field has 64 with the end */

/* Who has the drive. All handles vanish with the process, and so does the claim. */
struct host_claim
{
    WCHAR key[32];                      /* name of the drive's objects, without "Global\" or "Local\" */
    HANDLE device;                      /* of a real drive, else NULL */
    HANDLE section;                     /* there while the drive is held by this object */
    HANDLE job;                         /* there while this object has a job, which counts once in count */
    int driver_locked;                  /* the system's driver knows of it, too */
    WCHAR client[HOST_CLIENT_NAME_MAX + 1];
    ULONG count;
    ULONG mcn_disabled;
};

void host_claim_init(struct host_claim *claim, const WCHAR *id, HANDLE device);
void host_claim_release_all(struct host_claim *claim);
enum oi_status host_claim_acquire(struct host_claim *claim, const WCHAR *client, int force);
enum oi_status host_claim_release(struct host_claim *claim);
enum oi_status host_claim_begin_job(struct host_claim *claim, const WCHAR *client, int *busy);
void host_claim_end_job(struct host_claim *claim);
enum oi_status host_claim_get_owner(const struct host_claim *claim, WCHAR **name);
enum oi_status host_claim_set_mcn(struct host_claim *claim, int enable);

/* True when somebody has the drive, and it is not this object. */
int host_claim_is_foreign(const struct host_claim *claim);

/* --- drive.c -------------------------------------------------------------------------------------------- */

struct host_drive
{
    LONG references;
    struct host_drive_info info;
    struct host_identity identity;
    struct host_limits limits;
    HANDLE device;                      /* of a real drive, else NULL */
    struct transport *top;              /* trace; owns all below */
    struct transport *guard;
    struct transport *write_behind;
    CRITICAL_SECTION lock;              /* for claim */
    struct host_claim claim;
};

#endif
