/*
 * Private to the virtual recorder. From the bottom: media.c (what each kind of medium is, as data), disc.c
 * (tracks and sessions of one disc), disc_text.c (the disc as text), files.c (image and state file, lock),
 * recorder.c (commands: table, conditions, dispatch), cmd_*.c and the like (handlers).
 */
#ifndef OPENIMAPI_EMU_ROOM_H
#define OPENIMAPI_EMU_ROOM_H

#include "openimapi/bytes.h"
#include "openimapi/emu.h"
#include "openimapi/mmc_codes.h"

#include <stddef.h>
#include <stdint.h>

/* --- media.c ------------------------------------------------------------------------------------------- */

enum emu_family
{
    EMU_CD,
    EMU_DVD,
    EMU_BD,
};

enum emu_medium_flags
{
    EMU_SEQUENTIAL = 0x01,              /* tracks and sessions, written at a next writable address */
    EMU_OVERWRITE = 0x02,               /* any block at any time, once formatted */
    EMU_ERASABLE = 0x04,                /* the Erasable bit of READ DISC INFORMATION */
    EMU_BLANKABLE = 0x08,               /* BLANK works */
    EMU_FORMATTABLE = 0x10,             /* FORMAT UNIT works */
    EMU_BACKGROUND = 0x20,              /* formats in the background (DVD+RW) */
    EMU_SYNC_CLOSES = 0x40,             /* SYNCHRONIZE CACHE ends a track-at-once track (CD) */
};

/* A capacity under the name it is sold by. */
struct emu_capacity_name
{
    const char *text;
    uint32_t blocks;
};

/* One row of READ FORMAT CAPACITIES, and what FORMAT UNIT takes. */
struct emu_format
{
    uint8_t type;
    uint8_t sub_types;                  /* bit n: sub-type n is taken */
    uint32_t spare;                     /* blocks less than the medium has; of each 25 GB layer for BD */
    uint32_t parameter;                 /* the type-dependent parameter */
};

struct emu_medium
{
    const char *name;
    uint16_t profile;
    enum emu_family family;
    unsigned flags;                     /* enum emu_medium_flags */
    uint16_t unit;                      /* WRITE starts and ends on multiples of so many blocks */
    uint16_t blocking;                  /* blocks of an ECC block */
    uint16_t max_tracks, max_sessions;
    uint16_t min_track;                 /* shorter tracks are padded to so many blocks */
    uint16_t run_out;                   /* blocks at a track's end that no data are in */
    uint16_t track_gap;                 /* between the end of a track and the start of the next */
    uint16_t first_gap, next_gap;       /* lead-out and lead-in: after session 1, after later ones */
    uint32_t capacity;                  /* default: blocks; a CD's last possible lead-out start */
    const struct emu_capacity_name *capacities;     /* ended by a NULL text */
    const struct emu_format *formats;   /* first is the default; ended by type FFh; NULL: none */
    const uint16_t *features;           /* current ones besides the persistent; ended by 0 */
    const uint8_t *speeds;              /* times 1x, fastest first, ended by 0 */
    uint16_t read_speed;                /* times 1x */
    uint8_t book_type;                  /* DVD physical format information byte 0; BD: 0 */
    const char *identity;               /* manufacturer and type in ADIP or disc information, 11 characters */
};

/* All media, "none" not among them; ended by a NULL name. */
extern const struct emu_medium emu_media[];

const struct emu_medium *emu_medium_find(const char *name);

/* kB/s (of 1000 bytes) of so many times 1x on media of the family. */
uint32_t emu_kilobytes(enum emu_family family, uint32_t times);

/* --- disc.c -------------------------------------------------------------------------------------------- */

#define EMU_TRACKS_MAX 512
#define EMU_NO_TRACK 0u

enum emu_track_state
{
    EMU_TRACK_RESERVED,                 /* room kept, nothing in it */
    EMU_TRACK_OPEN,                     /* data in it, more may follow */
    EMU_TRACK_COMPLETE,
    EMU_TRACK_INVISIBLE,                /* never stored: where a track would begin that nobody has begun */
};

struct emu_track
{
    enum emu_track_state state;
    uint32_t session;                   /* from 1 */
    uint32_t start;
    uint32_t size;                      /* blocks; of an open track: as far as it may grow */
    uint32_t next;                      /* next writable address; of a complete track: end of its data */
    uint32_t end;                       /* end of what can be read: next, and padding when complete */
    uint8_t control;                    /* CONTROL nibble: 4 data, 5 data recorded incrementally */
    uint8_t mode;                       /* data mode of its sectors: 1, or 2 for XA form 1 */
    uint8_t reserved;                   /* made by RESERVE TRACK: the size is fixed */
    uint8_t packet;                     /* written in packets */
    uint8_t damaged;
};

/* One disc. Everything that is stored; no pointers but the medium. */
struct emu_disc
{
    const struct emu_medium *medium;
    uint32_t capacity;                  /* blocks, without any format */
    uint32_t formatted;                 /* blocks usable in the present format; 0 = not formatted */
    uint8_t format_type, format_sub;    /* as FORMAT UNIT had them */
    uint8_t background;                 /* DVD+RW: 0 none, 1 started but inactive, 2 running, 3 complete */
    uint8_t used;                       /* overwritable: anything was ever written */
    uint8_t finalized;
    uint8_t write_protected;            /* the tab */
    uint8_t tray_open;                  /* where the disc lies */
    uint32_t identification;            /* of the disc, as written on closing; 0 = none */
    uint32_t changes;                   /* how often the disc went in or out */
    uint32_t sessions_closed;
    uint32_t writing;                   /* the track whose data end where the image ends; 0 = none */
    uint32_t track_count;
    struct emu_track tracks[EMU_TRACKS_MAX];
};

/* A virgin disc; and one that holds an image of so many blocks. */
void emu_disc_blank(struct emu_disc *disc, const struct emu_medium *medium, uint32_t capacity);
void emu_disc_finished(struct emu_disc *disc, const struct emu_medium *medium, uint32_t capacity,
                       uint32_t blocks);

int emu_disc_is_blank(const struct emu_disc *disc);             /* nothing written, nothing reserved */
int emu_disc_is_appendable(const struct emu_disc *disc);        /* sequential, not blank, not finalized */

/* Sessions and tracks as the standard counts them: the empty session and the invisible track included. */
uint32_t emu_disc_session_count(const struct emu_disc *disc);
uint32_t emu_disc_track_count(const struct emu_disc *disc);

/* Track by number from 1; 0 when there is no such track. */
int emu_disc_track(const struct emu_disc *disc, uint32_t number, struct emu_track *track);
uint32_t emu_disc_track_at(const struct emu_disc *disc, uint32_t lba);      /* EMU_NO_TRACK */
uint32_t emu_disc_first_track_of(const struct emu_disc *disc, uint32_t session);
uint32_t emu_disc_last_track_of(const struct emu_disc *disc, uint32_t session);
uint32_t emu_disc_lead_out(const struct emu_disc *disc, uint32_t session);

/* Writable blocks from the track's next address on: 0 when it takes none. */
uint32_t emu_disc_free(const struct emu_disc *disc, const struct emu_track *track);

/* Blocks that READ CAPACITY counts. */
uint32_t emu_disc_readable(const struct emu_disc *disc);

/* Image end -> next writable address of the track that is being written. */
void emu_disc_follow_image(struct emu_disc *disc, uint64_t image_size);

/* The changes. Each returns sense, 0 when done. */
uint32_t emu_disc_begin_track(struct emu_disc *disc, uint32_t number, int packet);
uint32_t emu_disc_reserve(struct emu_disc *disc, uint32_t blocks);
uint32_t emu_disc_close_track(struct emu_disc *disc, uint32_t number);
uint32_t emu_disc_close_session(struct emu_disc *disc, int finalize);

/* --- disc_text.c --------------------------------------------------------------------------------------- */

/* The disc as text, new memory, the caller frees; NULL when memory is out. */
char *emu_disc_to_text(const struct emu_disc *disc);

/* OI_FORMAT for whatever emu_disc_to_text would not have written so. The text need not end in a zero. */
enum oi_status emu_disc_from_text(struct emu_disc *disc, const char *text, size_t size);

/* --- files.c ------------------------------------------------------------------------------------------- */

#define EMU_HEADER_SIZE 128             /* first line of a state file, padded: points at the record */

/* The two files of a disc. */
struct emu_files
{
    struct emu_store *store;
    char *path, *state_path;            /* own copies */
    struct emu_file *state;             /* NULL: the disc is kept without one, and cannot be changed */
    struct emu_file *image;             /* NULL as long as there is none */
    int state_writable, image_writable;
    uint32_t lock_timeout;
    uint32_t generation;
    uint32_t record_at, record_size;
    char header[EMU_HEADER_SIZE];       /* as last read or written */
};

/* Opens and reads what is there, or makes a blank disc; see emu.h for the rules. On failure nothing is
   held and no file was changed. */
enum oi_status emu_files_open(struct emu_files *files, struct emu_store *store, const char *path,
                              uint32_t lock_timeout, const struct emu_medium *medium, uint32_t capacity,
                              struct emu_disc *disc);
void emu_files_close(struct emu_files *files);      /* harmless when not open */

/* Around every command: locks, and brings disc up to date. OI_FORMAT when the file went bad meanwhile. */
enum oi_status emu_files_begin(struct emu_files *files, struct emu_disc *disc);
void emu_files_end(struct emu_files *files);

/* Stores the disc; a process killed in between leaves the old record or the new one. */
enum oi_status emu_files_commit(struct emu_files *files, const struct emu_disc *disc);

int emu_files_writable(const struct emu_files *files);
enum oi_status emu_files_write(struct emu_files *files, uint32_t lba, const void *data, uint32_t blocks);

/* What the image does not hold reads as zeros. */
enum oi_status emu_files_read(struct emu_files *files, uint32_t lba, void *data, uint32_t blocks);
enum oi_status emu_files_cut(struct emu_files *files, uint32_t blocks);      /* lengthens, too */
enum oi_status emu_files_trim(struct emu_files *files, uint32_t blocks);     /* only shortens */
enum oi_status emu_files_flush(struct emu_files *files);

/* --- recorder.c ---------------------------------------------------------------------------------------- */

#define EMU_EVENTS_MAX 8
#define EMU_PAGE_MAX 128

enum emu_tray
{
    EMU_TRAY_CLOSED,
    EMU_TRAY_OPEN,
};

struct emu_recorder
{
    struct transport transport;         /* first, so that a transport leads here */
    struct emu_options options;         /* its texts are own copies */

    /* The medium. */
    const struct emu_medium *medium;    /* configured; NULL = none */
    uint32_t medium_capacity;
    enum oi_status medium_status;       /* OI_OK: files and disc are valid */
    struct emu_files files;
    struct emu_disc disc;
    enum emu_tray tray;                 /* when there is no disc to remember it */
    uint32_t changes_seen;              /* of disc.changes */

    /* What the drive has to tell. */
    uint32_t attention[4];              /* unit attentions, oldest first; 0 ends */
    uint32_t deferred;                  /* sense of a deferred error; 0 = none */
    uint8_t events[EMU_EVENTS_MAX];     /* media events, oldest first */
    size_t event_count;

    /* What it is doing. */
    uint64_t ready_at;                  /* clock: end of 2/04/01 */
    uint64_t busy_from, busy_until;     /* clock: an Immed operation */
    uint32_t busy_sense;
    uint64_t background_until;          /* clock: DVD+RW format */
    uint32_t wait;                      /* milliseconds to sleep once the lock is given up */
    uint32_t progress;                  /* SKS for the sense being answered, 0x10000 = none */

    /* Settings. */
    uint8_t pages[8][EMU_PAGE_MAX];     /* current mode pages, in the order of emu_page_codes */
    uint8_t prevent;                    /* PREVENT ALLOW bits */
    uint8_t unplugged;
    uint32_t read_speed, write_speed;   /* kB/s */

    /* The write buffer, as it would be with the throttle on. */
    uint64_t buffer_time;               /* clock: when the level was taken */
    uint64_t buffer_level;              /* bytes */
    uint32_t unflushed;                 /* anything written since the last flush */

    /* A simulated track: nothing of it is stored. */
    uint32_t simulated_track;           /* number, 0 = none */
    uint32_t simulated_next;
};

/* A handler: 0 for GOOD, else sense. Conditions were checked before. */
typedef uint32_t emu_handler(struct emu_recorder *emu, struct transport_command *command);

/* Data for the host: as much as it asked for, as it has room for, and as there is. */
void emu_reply(struct transport_command *command, const uint8_t *data, size_t size, uint32_t allocation);

uint64_t emu_now(const struct emu_recorder *emu);
int emu_disc_present(const struct emu_recorder *emu);       /* usable, in the closed tray */
void emu_attention(struct emu_recorder *emu, uint32_t sense);
void emu_event(struct emu_recorder *emu, uint8_t event);

/* An operation that takes time: with Immed the drive is busy, else the command waits. */
void emu_take_time(struct emu_recorder *emu, uint32_t milliseconds, int immed, uint32_t sense);

/* Stores the changed disc; 3/0C/00 (or 4/3E/00...) when that fails. Returns sense. */
uint32_t emu_commit(struct emu_recorder *emu);

/* Current profile. */
uint16_t emu_profile(const struct emu_recorder *emu);

/* medium.c: disc in and out. */
enum oi_status emu_load(struct emu_recorder *emu);
void emu_unload(struct emu_recorder *emu);
uint32_t emu_open_tray(struct emu_recorder *emu);
uint32_t emu_close_tray(struct emu_recorder *emu);

/* page_list.c: the current mode pages. */
enum emu_page_control
{
    EMU_PAGE_CURRENT,
    EMU_PAGE_CHANGEABLE,
    EMU_PAGE_DEFAULT,
};

void emu_pages_reset(struct emu_recorder *emu);
void emu_pages_medium(struct emu_recorder *emu);            /* another medium: page 05 and the speeds anew */
extern const uint8_t emu_page_codes[];                      /* ascending; ended by 0 */

/* Length of the whole page, which is then in out (EMU_PAGE_MAX bytes); 0 when there is no such page. */
size_t emu_page_get(const struct emu_recorder *emu, uint8_t code, enum emu_page_control control,
                    uint8_t *out);
void emu_page_set(struct emu_recorder *emu, const uint8_t *page);
const uint8_t *emu_write_parameters(const struct emu_recorder *emu);     /* current page 05h */
int emu_software_write_protect(const struct emu_recorder *emu);          /* SWPP of page 1Dh */

/* write_buffer.c: the FIFO between host and disc, and its throttle. */
uint32_t emu_buffer_take(struct emu_recorder *emu, uint32_t bytes);      /* sense: 2/04/08, 3/0C/09 */
uint32_t emu_buffer_free(struct emu_recorder *emu);
uint32_t emu_buffer_drain(struct emu_recorder *emu);        /* milliseconds until it is empty */

/* cmd_close.c */
uint32_t emu_sync(struct emu_recorder *emu);

/* --- handlers ------------------------------------------------------------------------------------------ */

emu_handler emu_test_unit_ready, emu_request_sense, emu_inquiry, emu_start_stop_unit, emu_prevent_allow,
    emu_get_event_status, emu_mechanism_status, emu_load_unload, emu_seek;                  /* cmd_drive.c */
emu_handler emu_get_configuration;                                                          /* features.c */
emu_handler emu_mode_sense, emu_mode_select;                                                /* cmd_mode.c */
emu_handler emu_read_disc_information, emu_read_track_information, emu_read_capacity;       /* cmd_info.c */
emu_handler emu_read_toc, emu_read_sub_channel;                                             /* cmd_toc.c */
emu_handler emu_read_10, emu_read_12, emu_verify_10, emu_read_cd, emu_read_cd_msf;          /* cmd_read.c */
emu_handler emu_write_10, emu_write_12, emu_write_verify_10;                                /* cmd_write.c */
emu_handler emu_synchronize_cache, emu_close_track_session, emu_reserve_track, emu_send_opc; /* cmd_close.c */
emu_handler emu_blank, emu_format_unit, emu_read_format_capacities;                         /* cmd_format.c */
emu_handler emu_get_performance, emu_set_streaming, emu_set_cd_speed,
    emu_read_buffer_capacity;                                                               /* cmd_speed.c */
emu_handler emu_read_disc_structure;                                                        /* structures.c */

/* --- sense --------------------------------------------------------------------------------------------- */

/* Names and numbers of SPC-4 annex D. */
#define EMU_BECOMING_READY MMC_SENSE(2, 0x04, 0x01)
#define EMU_FORMAT_IN_PROGRESS MMC_SENSE(2, 0x04, 0x04)
#define EMU_OPERATION_IN_PROGRESS MMC_SENSE(2, 0x04, 0x07)
#define EMU_LONG_WRITE_IN_PROGRESS MMC_SENSE(2, 0x04, 0x08)
#define EMU_INCOMPATIBLE_MEDIUM MMC_SENSE(2, 0x30, 0x00)
#define EMU_NO_MEDIUM_TRAY_CLOSED MMC_SENSE(2, 0x3A, 0x01)
#define EMU_NO_MEDIUM_TRAY_OPEN MMC_SENSE(2, 0x3A, 0x02)
#define EMU_WRITE_ERROR MMC_SENSE(3, 0x0C, 0x00)
#define EMU_LOSS_OF_STREAMING MMC_SENSE(3, 0x0C, 0x09)
#define EMU_UNRECOVERED_READ MMC_SENSE(3, 0x11, 0x05)
#define EMU_NOT_FORMATTED MMC_SENSE(3, 0x31, 0x00)
#define EMU_PARAMETER_LIST_LENGTH MMC_SENSE(5, 0x1A, 0x00)
#define EMU_INVALID_OPCODE MMC_SENSE(5, 0x20, 0x00)
#define EMU_LBA_OUT_OF_RANGE MMC_SENSE(5, 0x21, 0x00)
#define EMU_INVALID_WRITE_ADDRESS MMC_SENSE(5, 0x21, 0x02)
#define EMU_INVALID_FIELD_IN_CDB MMC_SENSE(5, 0x24, 0x00)
#define EMU_INVALID_FIELD_IN_LIST MMC_SENSE(5, 0x26, 0x00)
#define EMU_SEQUENCE_ERROR MMC_SENSE(5, 0x2C, 0x00)
#define EMU_CANNOT_READ_FORMAT MMC_SENSE(5, 0x30, 0x02)
#define EMU_CANNOT_WRITE_INCOMPATIBLE MMC_SENSE(5, 0x30, 0x05)
#define EMU_CANNOT_FORMAT_INCOMPATIBLE MMC_SENSE(5, 0x30, 0x06)
#define EMU_SAVING_NOT_SUPPORTED MMC_SENSE(5, 0x39, 0x00)
#define EMU_REMOVAL_PREVENTED MMC_SENSE(5, 0x53, 0x02)
#define EMU_END_OF_USER_AREA MMC_SENSE(5, 0x63, 0x00)
#define EMU_ILLEGAL_MODE_FOR_TRACK MMC_SENSE(5, 0x64, 0x00)
#define EMU_INVALID_PACKET_SIZE MMC_SENSE(5, 0x64, 0x01)
#define EMU_INCOMPLETE_TRACK_IN_SESSION MMC_SENSE(5, 0x72, 0x03)
#define EMU_EMPTY_RESERVED_TRACK MMC_SENSE(5, 0x72, 0x04)
#define EMU_NO_MORE_RESERVATIONS MMC_SENSE(5, 0x72, 0x05)
#define EMU_MEDIUM_CHANGED MMC_SENSE(6, 0x28, 0x00)
#define EMU_POWER_ON MMC_SENSE(6, 0x29, 0x00)
#define EMU_WRITE_PROTECTED MMC_SENSE(7, 0x27, 0x00)
#define EMU_BLANK_CHECK MMC_SENSE(8, 0x00, 0x00)
#define EMU_ABORTED MMC_SENSE(0xB, 0x00, 0x00)
#define EMU_DATA_PHASE_ERROR MMC_SENSE(0xB, 0x4B, 0x00)
#define EMU_MISCOMPARE MMC_SENSE(0xE, 0x1D, 0x00)

#endif
