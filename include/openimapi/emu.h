/*
 * The virtual recorder: a complete MMC recorder behind the transport interface, whose discs are files.
 * Nothing above the transport can tell it from a real drive.
 *
 * A data disc is a plain image of 2048-byte blocks at the path given (block n at offset n * 2048; what was
 * never written is a hole or lies past the end) and beside it, at the same path with ".state" appended, a
 * small text file: medium, capacity, sessions, tracks, next writable address, tray. The state file is also
 * what is locked, for the time of one command: any number of recorders, in any number of DLLs and
 * processes of either bitness, may be opened on the same disc and see it change as hosts of one drive do.
 *
 *   image and state are missing        a blank disc of the configured medium
 *   image there, state missing         a finished disc of the configured medium (an empty image: blank)
 *   image missing, state there         somebody took the disc away: a blank disc takes its place
 *   state not understood, or damaged   refused: the medium answers 2/30/00, and neither file is touched
 *
 * What the state file says about the medium wins over the configuration, unless the disc is blank.
 * Paths and texts are UTF-8. Sizes are in blocks of 2048 bytes unless another unit is named.
 */
#ifndef OPENIMAPI_EMU_H
#define OPENIMAPI_EMU_H

#include "openimapi/transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- files, as the host gives them --------------------------------------------------------------------- */

struct emu_store;
struct emu_file;                        /* the host's own; the core only passes it back */

#define EMU_STATE_SUFFIX ".state"

/* The one byte that lock() locks, the same for every host, far behind any content: POSIX open file
   description locks and LockFileEx (of Wine as well) then exclude each other. */
#define EMU_LOCK_OFFSET 0x3FFFFFFFFFFFFFF0u
#define EMU_LOCK_SIZE 1u

enum emu_open_mode
{
    EMU_OPEN_EXISTING,                  /* never makes a file */
    EMU_OPEN_CREATE,                    /* makes an empty one when there is none; never shortens one */
};

/* Functions of one recorder are called one at a time. Paths are UTF-8, as configured. */
struct emu_store_ops
{
    /*
     * Opens for reading and writing, binary, shared with everybody (Windows: FILE_SHARE_READ, _WRITE and
     * _DELETE). A file that may be read but not written (attribute, rights, medium) is opened for reading
     * only and *writable becomes 0, else 1. OI_NOT_FOUND: no such file or folder. OI_IO: anything else,
     * a folder of that name included; the host logs why.
     */
    enum oi_status (*open)(struct emu_store *store, const char *path, enum emu_open_mode mode,
                           struct emu_file **out, int *writable);

    /* Gives up a lock that is still held, too. */
    void (*close)(struct emu_file *file);

    /* Reads size bytes at offset; fewer only at the end of the file, past it *got = 0. A hole reads as
       zeros. Interrupted and partial reads are repeated inside. OI_IO. */
    enum oi_status (*read)(struct emu_file *file, uint64_t offset, void *buffer, size_t size, size_t *got);

    /* Writes all of size bytes at offset. Past the end the file grows, and the gap is a hole of zeros
       where the file system knows holes. Seen by every other handle on return. OI_IO, the host's disc
       being full included. */
    enum oi_status (*write)(struct emu_file *file, uint64_t offset, const void *buffer, size_t size);

    /* Size in bytes, as it is now, also when another process changed it. */
    enum oi_status (*get_size)(struct emu_file *file, uint64_t *size);

    /* Cuts off, or lengthens by a hole. */
    enum oi_status (*set_size)(struct emu_file *file, uint64_t size);

    /* Returns when everything written so far would survive a crash of the system (fdatasync,
       FlushFileBuffers). Called on SYNCHRONIZE CACHE and when tracks and sessions are closed. */
    enum oi_status (*flush)(struct emu_file *file);

    /*
     * Locks the byte at EMU_LOCK_OFFSET exclusively, against other handles of the same process too
     * (LockFileEx; F_OFD_SETLK, not F_SETLK), at most `milliseconds` long: it is held for no longer than
     * one command needs. OI_LOCKED when the time is over. It must go with the handle, so that a killed
     * process leaves none. A file opened read-only is never locked.
     */
    enum oi_status (*lock)(struct emu_file *file, uint32_t milliseconds);
    void (*unlock)(struct emu_file *file);
};

struct emu_store
{
    const struct emu_store_ops *ops;
};

/* --- the recorder -------------------------------------------------------------------------------------- */

/* How long what takes, in milliseconds on the recorder's clock. */
struct emu_times
{
    uint32_t load;                      /* tray in to ready: 2/04/01 */
    uint32_t opc;
    uint32_t blank_quick;               /* BLANK type 1 and the like */
    uint32_t blank_full;
    uint32_t format;
    uint32_t format_background;         /* DVD+RW: until the background format is complete */
    uint32_t sync;                      /* SYNCHRONIZE CACHE with anything in the cache */
    uint32_t close_track;
    uint32_t close_session;             /* finalizing too */
    uint32_t info_late;                 /* READ DISC/TRACK INFORMATION stay busy so long after TUR is good */
};

/* Everything 0; and what recorders really need (load 8 s, OPC 5 s, quick blank 30 s, format 60 s, close
   20 s, ...), for a virtual clock or a throttled recorder. */
extern const struct emu_times emu_times_instant;
extern const struct emu_times emu_times_realistic;

/* Ways in which good drives differ; all 0 is the usual one. */
struct emu_behaviour
{
    uint8_t report_long_write;          /* buffer full: WRITE answers 2/04/08 instead of waiting */
    uint8_t info_while_busy;            /* 51h and 52h answer while an Immed operation runs, else 2/04/07 */
    uint8_t close_nothing_is_error;     /* CLOSE with nothing to close: 5/2C/00 instead of GOOD */
    uint8_t immed_ignored;              /* long commands return only when they are done */
    uint8_t no_fixed_tray;              /* reports a pop-up mechanism: cannot load */
};

struct emu_options
{
    struct emu_store *store;            /* outlives the recorder; NULL only with medium "none" */
    struct clock *clock;                /* outlives the recorder */
    const char *medium;                 /* "dvd+r", "cd-rw 74min", "bd-r 50gb"; see emu_medium_parse */
    const char *disc;                   /* path of the disc; NULL only with medium "none" */
    const char *vendor;                 /* at most 8, 16 and 4 characters of ASCII */
    const char *product;
    const char *revision;
    const char *serial;                 /* feature 0108; at most 16 characters of ASCII, even count */
    uint32_t speed;                     /* times the medium's 1x, a real throttle; 0 = as fast as it goes */
    uint32_t max_transfer;              /* bytes; a multiple of 64 KiB */
    uint32_t buffer_size;               /* bytes of the drive's buffer: what 5Ch and page 2Ah tell */
    uint32_t lock_timeout;              /* milliseconds for another host's command to end, then B/00/00 */
    struct emu_times times;
    struct emu_behaviour behaviour;
};

/* The defaults: medium "none", no disc, instant times, no throttle. Set store, clock, medium, disc. */
void emu_options_init(struct emu_options *options);

/*
 * A recorder that was just switched on: the first command meets 6/29/00, then 6/28/00 when a disc is in.
 * The options and their texts are copied. A disc that cannot be used is no failure: it lies in the drive
 * and answers 2/30/00, see emu_medium_status. OI_INVALID_ARGUMENT for an unknown medium or an odd option.
 * Closing the transport, at whatever moment, leaves on the disc what a power failure would leave.
 */
enum oi_status emu_create(const struct emu_options *options, struct transport **out);

/*
 * OI_OK, OI_NO_MEDIUM, or why the disc in the tray is unusable: OI_FORMAT (state file damaged, truncated, or
 * of something else), OI_LOCKED, OI_IO. Looks at the files anew.
 */
enum oi_status emu_medium_status(struct transport *emu);

/* What a person does to the drive. The transport must be one of emu_create; decorators do not count. Each
   answers OI_LOCKED, and nothing happens, while another host's command holds the disc for too long. */

/* Opens the tray, exchanges the disc and closes the tray, whatever PREVENT says. Medium and disc as in the
   options. The files of the disc taken out stay as they are. OI_INVALID_ARGUMENT changes nothing. */
enum oi_status emu_insert(struct transport *emu, const char *medium, const char *disc);

/* Presses the button: opens a closed tray (after PREVENT: only an eject request event, and OI_LOCKED),
   closes an open one. */
enum oi_status emu_press_button(struct transport *emu);

/* Pulls the disc out in mid-command with a paper clip: PREVENT or not, written or not. */
enum oi_status emu_pull_out(struct transport *emu);

/* The write-protect tab of the disc (kept in its state file): WRITE, BLANK, FORMAT answer 7/27/00. */
enum oi_status emu_set_write_protect(struct transport *emu, int on);

/* Bus reset: 6/29/00, default mode pages, PREVENT forgotten, what runs is broken off. */
void emu_reset(struct transport *emu);

/* The cable: every command from now on is OI_DEVICE_GONE; 0 plugs it in again. */
void emu_unplug(struct transport *emu, int unplugged);

/* The next command is not executed but answers this sense (MMC_SENSE) as a deferred error, 71h. */
void emu_defer(struct transport *emu, uint32_t sense);

/* --- media and configuration --------------------------------------------------------------------------- */

/*
 * Reads the text of a medium: a name (cd-r cd-rw dvd+r dvd+rw bd-r bd-re none, any letter case) and, after
 * spaces, an optional capacity: "74min", "700mb", "4.7gb", "25gb" and so on as sold, or a number of blocks.
 * *name becomes the name in lower case (static), *capacity the blocks. OI_NOT_SUPPORTED: a medium this
 * version cannot make (dvd-r and others); OI_INVALID_ARGUMENT: not understood. Either pointer may be NULL.
 */
enum oi_status emu_medium_parse(const char *text, const char **name, uint32_t *capacity);

/* The names, in order; NULL after the last. "none" is the last one. */
const char *emu_medium_name(size_t index);

/* One virtual recorder as configured, in the registry or in the file named by OPENIMAPI_RECORDERS. Texts
   are owned by the struct; NULL where nothing was said. */
struct emu_recorder_config
{
    char *name;                         /* of the key or section: unique, not empty */
    char *medium;                       /* as emu_medium_parse takes it; "none" when not said */
    char *disc;
    char *faults;                       /* path of a fault script */
    uint32_t speed;                     /* 0: no throttle */
    char letter;                        /* 'A' to 'Z', 0 when not said */
};

/* Sets one value as text: Medium, Disc, Letter, Speed, Faults in any letter case. Copies. The registry's
   reader uses it as well. OI_NOT_FOUND: no such key; OI_INVALID_ARGUMENT: bad value; OI_NO_MEMORY. */
enum oi_status emu_config_set(struct emu_recorder_config *config, const char *key, const char *value);

/* Checks a whole configuration: a medium other than "none" needs a disc. */
enum oi_status emu_config_check(const struct emu_recorder_config *config);

/*
 * Reads a configuration text: "[name]" starts a recorder, "Key = Value" lines follow, ';' or '#' at the start
 * of a line a comment; a byte order mark and any line ends are accepted. *out is an array to free with
 * emu_config_free, NULL when *count is 0. OI_INVALID_ARGUMENT: *line (may be NULL) is the line's number, from
 * 1; two recorders of one name, or with one letter, are an error too.
 */
enum oi_status emu_config_parse(const char *text, size_t size, struct emu_recorder_config **out,
                                size_t *count, size_t *line);
void emu_config_free(struct emu_recorder_config *configs, size_t count);

/* Frees the texts of one struct, not the struct. */
void emu_config_clear(struct emu_recorder_config *config);

/* Options of a configured recorder: init, then medium, disc and speed; with a speed, realistic times. The
   texts stay the configuration's. Store and clock are left to set. */
void emu_options_from_config(const struct emu_recorder_config *config, struct emu_options *options);

#ifdef __cplusplus
}
#endif

#endif
