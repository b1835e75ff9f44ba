/*
 * The Windows side of drives, for the DLLs: which drives there are, opening one, commands to it, exclusive
 * access, arrival and removal. Real drives and virtual recorders are alike here.
 *
 * Functions may be called on any thread unless said otherwise. Texts are UTF-16 ended by zero; those handed
 * out as struct members stay the owner's, those through an out pointer are the caller's to free().
 */
#ifndef OPENIMAPI_HOST_H
#define OPENIMAPI_HOST_H

#include "openimapi/clock.h"
#include "openimapi/status.h"
#include "openimapi/transport.h"

#include <windows.h>

/* --- which drives there are: enumerate.c ---------------------------------------------------------------- */

enum host_drive_kind
{
    HOST_DRIVE_REAL,
    HOST_DRIVE_VIRTUAL,
};

struct host_drive_info
{
    WCHAR *id;                          /* unique, and the same as long as the drive is there */
    enum host_drive_kind kind;
    WCHAR *volume_name;                 /* "\\?\Volume{...}\"; L"" when the system knows none */
    WCHAR **paths;                      /* "D:\" and other mount points; may be none */
    size_t path_count;
    LONG legacy_number;                 /* n of \Device\CdRomN */
    WCHAR *device;                      /* what CreateFile opens; NULL for a virtual recorder */
    ULONG signature;                    /* another one when the configuration was changed */
};

/* A snapshot: real drives first, then the virtual recorders in the order of their configuration. */
struct host_drives
{
    struct host_drive_info *items;
    size_t count;
};

/* No drive opens, no disc spins up for it. A configuration that is not understood is logged, and the
   recorders in it are not there. *drives is empty on failure: OI_NO_MEMORY. */
enum oi_status host_drives_list(struct host_drives *drives);

/* Frees the snapshot and empties it. */
void host_drives_free(struct host_drives *drives);

/* --- one drive: drive.c --------------------------------------------------------------------------------- */

struct host_drive;

/*
 * Opens the drive with that id (compared without regard to case), locked by somebody or not; *out has one
 * reference. OI_NOT_FOUND: no such drive now. OI_LOCKED: no right to open it, or another program shares it
 * with nobody. OI_DEVICE_GONE, OI_IO, OI_NO_MEMORY; OI_INVALID_ARGUMENT: its fault script is wrong (logged).
 */
enum oi_status host_drive_open(const WCHAR *id, struct host_drive **out);

/* Counted atomically. The last reference closes the drive and gives up what it held: exclusive access, media
   change notification, write-behind. NULL is allowed for unref. */
struct host_drive *host_drive_ref(struct host_drive *drive);
void host_drive_unref(struct host_drive *drive);

/* As in the list at the time of opening. */
const struct host_drive_info *host_drive_get_info(const struct host_drive *drive);

/* What INQUIRY said at the time of opening, even if the drive was locked; trailing spaces removed. */
struct host_identity
{
    WCHAR vendor[8 + 1], product[16 + 1], revision[4 + 1];
};

const struct host_identity *host_drive_get_identity(const struct host_drive *drive);

/*
 * Commands to the drive, through trace, write-behind and the configured faults. The drive's own: never close
 * it, and hold a reference to the drive as long as it is used. Commands of several threads take turns.
 * OI_LOCKED while somebody else has exclusive access, OI_DEVICE_GONE when a virtual recorder is no longer
 * configured as it was. The first commands may meet UNIT ATTENTION, as after power on.
 */
struct transport *host_drive_get_transport(struct host_drive *drive);

/* Sizes of transfers, in bytes, as the system tells them of the adapter. The transport copies where it must:
   its own limits are the ones for commands sent through it. */
struct host_limits
{
    ULONG alignment_mask;               /* data buffers: address & mask == 0 */
    ULONG max_transfer;                 /* buffers at any address */
    ULONG max_transfer_page_aligned;    /* buffers that begin on a page */
};

void host_drive_get_limits(const struct host_drive *drive, struct host_limits *limits);

enum host_descriptor
{
    HOST_ADAPTER_DESCRIPTOR,            /* STORAGE_ADAPTER_DESCRIPTOR */
    HOST_DEVICE_DESCRIPTOR,             /* STORAGE_DEVICE_DESCRIPTOR with the texts behind it */
};

/* As IOCTL_STORAGE_QUERY_PROPERTY gives it; where the system has none, made of what is known. The caller
   frees *bytes. */
enum oi_status host_drive_get_descriptor(struct host_drive *drive, enum host_descriptor which, void **bytes,
                                         ULONG *size);

/* --- exclusive access and media change notification: claim.c -------------------------------------------- */

/* 1 to 62 characters out of A-Z a-z 0-9 space . , : ; - _ */
int host_client_name_is_valid(const WCHAR *name);

/*
 * Claims the drive for a client, or counts one more when this object has claimed it already. Several objects
 * and processes may hold it at once under one name (compared exactly); OI_LOCKED when it is held under
 * another one. force takes a drive whose volume is in use, too; without it that is OI_LOCKED as well.
 * OI_INVALID_ARGUMENT: name. A process that dies releases.
 */
enum oi_status host_drive_acquire(struct host_drive *drive, const WCHAR *client, int force);

/* Undoes one acquire of this object; OI_INVALID_ARGUMENT when it holds nothing, or only what a job took. */
enum oi_status host_drive_release(struct host_drive *drive);

/*
 * Acquires with force for a long job such as a write. Several may hold a drive under one name, but only one
 * of them has a job at a time: OI_LOCKED with *busy set while another object's job runs, in any process.
 */
enum oi_status host_drive_begin_job(struct host_drive *drive, const WCHAR *client, int *busy);
void host_drive_end_job(struct host_drive *drive);

/* Client name of whoever holds the drive, new memory; L"" when nobody does, or when the name is not known. */
enum oi_status host_drive_get_owner(struct host_drive *drive, WCHAR **name);

/* How often this object has acquired and not released. */
ULONG host_drive_get_claims(const struct host_drive *drive);

/* Media change notification of the system, counted for each object: off at the first disable, on at the last
   enable. OI_INVALID_ARGUMENT for one enable too many. */
enum oi_status host_drive_disable_mcn(struct host_drive *drive);
enum oi_status host_drive_enable_mcn(struct host_drive *drive);

/* --- write-behind: write_behind.c ----------------------------------------------------------------------- */

/*
 * From now on WRITE commands of the drive's transport return as soon as their data are copied, and a worker
 * thread sends them; it waits by itself while the drive's buffer is full (2/04/08). A failed one is reported
 * by the next command, with its own status and sense, made a deferred error (71h, 73h) as it belongs to an
 * earlier command; what was queued behind it is dropped. All other commands wait until the queue is empty.
 * OI_NO_MEMORY: nothing changes. Not counted: a second start is OI_OK and changes nothing.
 */
enum oi_status host_drive_start_write_behind(struct host_drive *drive);

/* Waits for the queue, ends the thread. The status of a failed write that nobody heard of yet. */
enum oi_status host_drive_stop_write_behind(struct host_drive *drive);

/* The queue, in bytes; all zero while it is stopped. */
struct host_buffer
{
    ULONG total, used, free;
};

void host_drive_get_buffer(const struct host_drive *drive, struct host_buffer *buffer);

/* --- arrival and removal: notify.c ---------------------------------------------------------------------- */

struct host_watch;

/* On the watch's own thread, with no lock held and COM not initialised on it. id is the watch's. */
typedef void host_changed(void *context, int arrived, const WCHAR *id);

/* Compares host_drives_list from time to time (1 s) and when the system announces a device, until stopped. */
enum oi_status host_watch_start(host_changed *changed, void *context, struct host_watch **out);

/* No call runs or comes after it has returned, and the thread is gone; but within a call of the watch itself
   it returns at once and the thread ends after that call. NULL is allowed. */
void host_watch_stop(struct host_watch *watch);

/* --- time: clock.c -------------------------------------------------------------------------------------- */

/* The system's clock. Nothing to free. */
struct clock *host_clock(void);

#endif
