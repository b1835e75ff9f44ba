/*
 * Speaking to an optical drive: the commands of MMC over a struct transport, and what the answers mean.
 *
 * Every function that sends a command returns OI_OK, OI_SENSE (the drive refused: see drive->failure), a
 * status of the transport, OI_INVALID_RESPONSE (the drive answered less than the standard demands, or
 * lengths that contradict each other) or OI_UNEXPECTED_RESPONSE (something else than was asked for).
 * Nothing is read past what the drive delivered, whatever its length fields claim; no loop lacks a bound.
 * Out parameters are only valid with OI_OK unless said otherwise. Blocks are 2048 bytes, addresses LBAs,
 * times milliseconds, speeds kB/s of 1000 bytes unless said otherwise.
 */
#ifndef OPENIMAPI_MMC_H
#define OPENIMAPI_MMC_H

#include "openimapi/mmc_codes.h"
#include "openimapi/source.h"
#include "openimapi/status.h"
#include "openimapi/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- sense ---------------------------------------------------------------------------------------------- */

#define MMC_FIXED_SENSE_SIZE 18

struct mmc_sense
{
    uint8_t key, asc, ascq;             /* all zero: no sense */
    bool deferred;                      /* 71h, 73h: belongs to an earlier command */
    bool progress_valid;                /* SKSV with NO SENSE or NOT READY */
    uint16_t progress;                  /* of 65536 */
};

/* Fixed and descriptor format; anything else, or too little, gives no sense. The valid bit is not needed. */
void mmc_sense_parse(const uint8_t *bytes, size_t size, struct mmc_sense *sense);

/* The 18 bytes of the fixed format (SPC 4.5.3) that say the same; fixed sense is copied. */
void mmc_sense_to_fixed(const uint8_t *bytes, size_t size, uint8_t fixed[MMC_FIXED_SENSE_SIZE]);

/* MMC_SENSE(key, asc, ascq) */
uint32_t mmc_sense_code(const struct mmc_sense *sense);

/* What a careful host does about a sense; one row of the table in sense_rules.c. */
enum mmc_action
{
    MMC_ACTION_GO_ON,                   /* not an error: log and go on */
    MMC_ACTION_POLL,                    /* busy or becoming ready: ask again later, up to a limit */
    MMC_ACTION_REPEAT,                  /* long write in progress: the same command again, soon */
    MMC_ACTION_START,                   /* START UNIT once, then poll */
    MMC_ACTION_RETRY,                   /* once more, then fail */
    MMC_ACTION_RETRY_SLOWER,            /* lower the speed, then once more */
    MMC_ACTION_FLUSH_AND_RETRY,         /* SYNCHRONIZE CACHE, then once more */
    MMC_ACTION_RESYNC,                  /* ask for the next writable address and go on there */
    MMC_ACTION_CLOSE_TRACK,             /* CLOSE TRACK first */
    MMC_ACTION_CLOSE_SESSION,           /* CLOSE SESSION first */
    MMC_ACTION_FORMAT,                  /* FORMAT UNIT first */
    MMC_ACTION_FINALIZE,                /* the medium takes no more: close it to keep what is there */
    MMC_ACTION_ALLOW,                   /* removal is prevented: ALLOW MEDIUM REMOVAL first */
    MMC_ACTION_ANOTHER_WAY,             /* the drive cannot do this command: use another one */
    MMC_ACTION_ANOTHER_PARAMETER,       /* the next of several possible parameter sets */
    MMC_ACTION_MEDIUM_CHANGED,          /* forget all that is known of the medium; fatal in a burn */
    MMC_ACTION_FAIL,
};

struct mmc_sense_rule
{
    int16_t key, asc;                   /* -1: any */
    int16_t ascq_first, ascq_last;      /* both -1: any */
    enum mmc_action action;
    enum oi_status status;              /* what it is in the end: OI_SENSE when nothing closer exists */
    const char *text;                   /* English, for logs */
};

/* The first row that fits; the last row fits everything. Never NULL. */
const struct mmc_sense_rule *mmc_sense_rule(const struct mmc_sense *sense);

/* --- drive ---------------------------------------------------------------------------------------------- */

/* How a command failed: enough for the error tables above the core. */
struct mmc_failure
{
    enum oi_status status;              /* OI_OK: it did not */
    uint8_t opcode;
    struct mmc_sense sense;             /* with OI_SENSE */
    uint8_t bytes[TRANSPORT_SENSE_MAX];
    uint8_t size;
};

struct mmc_wait;

struct mmc_drive
{
    struct transport *transport;        /* the caller's; outlives the drive */
    struct mmc_failure failure;         /* of the last command; a burn puts the failure that ended it here */
    bool avoid_immediate;               /* bridges that mishandle Immed: send long commands without it */
    /* While a drive is busy, commands that it answers at once otherwise (all that only ask, MODE SELECT,
       FORMAT UNIT) are sent again as this says, which the caller sets and takes back. NULL: the first answer
       counts. */
    const struct mmc_wait *patience;
};

/* Nothing to free. */
void mmc_drive_init(struct mmc_drive *drive, struct transport *transport);

/* Any command. The data buffer may have any alignment (a misaligned one costs a copy). */
enum oi_status mmc_execute(struct mmc_drive *drive, struct transport_command *command);

/* A command with the given CDB; *transferred may be NULL. */
enum oi_status mmc_execute_cdb(struct mmc_drive *drive, const uint8_t *cdb, size_t cdb_size,
                               enum transport_direction direction, void *data, uint32_t data_size,
                               uint32_t timeout, uint32_t *transferred);

/* "READ(10)" for 0x28; "command" for an unknown one. Never NULL. */
const char *mmc_opcode_name(uint8_t opcode);

/* Bytes from the drive in new memory. */
struct mmc_reply
{
    uint8_t *bytes;
    uint32_t size;
};

void mmc_reply_free(struct mmc_reply *reply);           /* and clears it */

struct mmc_inquiry
{
    uint8_t device_type;                /* 5: CD/DVD */
    bool removable;
    uint8_t version, response_format;
    char vendor[8 + 1], product[16 + 1], revision[4 + 1];   /* trailing spaces removed */
};

enum oi_status mmc_inquiry(struct mmc_drive *drive, struct mmc_inquiry *inquiry);

/* --- readiness and tray --------------------------------------------------------------------------------- */

enum mmc_start_stop
{
    MMC_STOP = 0,
    MMC_START = 1,
    MMC_EJECT = 2,
    MMC_LOAD = 3,
};

enum oi_status mmc_test_unit_ready(struct mmc_drive *drive);
enum oi_status mmc_request_sense(struct mmc_drive *drive, struct mmc_sense *sense);
enum oi_status mmc_start_stop(struct mmc_drive *drive, enum mmc_start_stop what, bool immediate);
enum oi_status mmc_prevent_removal(struct mmc_drive *drive, bool prevent);

/* How long to wait, and who wants to know. */
struct mmc_wait
{
    uint32_t limit;                     /* OI_TIMEOUT after this */
    uint32_t period;                    /* between two questions; up to 5 s once it has taken minutes */
    bool disc_information;              /* ready only when READ DISC INFORMATION answers too */
    /* Called before every pause, and every half second of it; progress is 0..65535 or -1 when unknown. False
       ends it: OI_CANCELLED. */
    bool (*tick)(void *context, int32_t progress);      /* may be NULL */
    void *context;
};

/* Polls TEST UNIT READY. Unit attentions are cleared, START UNIT is sent once if the drive wants it.
   OI_NO_MEDIUM for 2/3A; other senses that no waiting cures end it at once with OI_SENSE. */
enum oi_status mmc_wait_ready(struct mmc_drive *drive, const struct mmc_wait *wait);

/* One media event (GET EVENT STATUS NOTIFICATION, polled); event 0 when nothing happened. */
struct mmc_media_event
{
    uint8_t event;                      /* 0 none, 1 eject request, 2 new medium, 3 removal, 4 changed */
    bool present, door_open;
};

enum oi_status mmc_media_event(struct mmc_drive *drive, struct mmc_media_event *event);

/* --- configuration -------------------------------------------------------------------------------------- */

struct mmc_feature_info
{
    uint16_t code;
    uint8_t version;
    bool current, persistent;
    const uint8_t *data;                /* behind the 4-byte header, inside the reply */
    uint8_t size;
};

/* The whole answer of GET CONFIGURATION. */
struct mmc_configuration
{
    uint16_t profile;                   /* current one */
    struct mmc_reply reply;
};

/* OI_NO_GET_CONFIGURATION when the drive does not know the command. Free with mmc_configuration_free. */
enum oi_status mmc_read_configuration(struct mmc_drive *drive, bool current_only,
                                      struct mmc_configuration *configuration);
void mmc_configuration_free(struct mmc_configuration *configuration);

/* The next feature; *position starts at 0. False at the end, or where the reply stops making sense. */
bool mmc_next_feature(const struct mmc_configuration *configuration, uint32_t *position,
                      struct mmc_feature_info *feature);
bool mmc_find_feature(const struct mmc_configuration *configuration, uint16_t code,
                      struct mmc_feature_info *feature);
bool mmc_feature_is_current(const struct mmc_configuration *configuration, uint16_t code);

/* One feature descriptor with its 4 header bytes. OI_NO_FEATURE, OI_FEATURE_NOT_CURRENT (when asked for). */
enum oi_status mmc_read_feature(struct mmc_drive *drive, uint16_t code, bool current_only,
                                struct mmc_reply *descriptor);

/* Codes in the drive's order, in new memory (free() them); *count may come out 0 with *codes NULL. */
enum oi_status mmc_list_features(struct mmc_drive *drive, bool current_only, uint16_t **codes, size_t *count);
enum oi_status mmc_list_profiles(struct mmc_drive *drive, bool current_only, uint16_t **codes, size_t *count);

/* --- mode pages ----------------------------------------------------------------------------------------- */

enum mmc_page_control
{
    MMC_PAGE_CURRENT = 0,
    MMC_PAGE_CHANGEABLE = 1,
    MMC_PAGE_DEFAULT = 2,
    MMC_PAGE_SAVED = 3,
};

/* The page alone: code, length and data; header and block descriptors are left out. */
enum oi_status mmc_read_mode_page(struct mmc_drive *drive, uint8_t page, enum mmc_page_control control,
                                  struct mmc_reply *reply);

/* Page code, length and data; the header is added. OI_INVALID_ARGUMENT when size and length disagree. */
enum oi_status mmc_write_mode_page(struct mmc_drive *drive, const uint8_t *page, uint32_t size, bool save);

/* Codes of all pages, in the drive's order; in new memory (free() it). */
enum oi_status mmc_list_mode_pages(struct mmc_drive *drive, enum mmc_page_control control, uint8_t **codes,
                                   size_t *count);

/* Page 05h, the fields that a burn owns; the rest of the page stays as the drive has it. */
struct mmc_write_parameters
{
    bool underrun_free, test_write, copy, fixed_packet, link_size_valid;
    uint8_t write_type;                 /* 0 incremental, 1 TAO, 2 SAO, 3 raw, 4 layer jump */
    uint8_t multi_session;              /* 0 final, 3 another session may follow */
    uint8_t track_mode;                 /* CONTROL nibble */
    uint8_t block_type;                 /* 8: mode 1, 2048 bytes */
    uint8_t link_size, session_format;
    uint32_t packet_size;
};

/* MODE SENSE, MODE SELECT, and with test_write MODE SENSE again: OI_NOT_SUPPORTED when the drive did not
   take the bit. Drops underrun protection when the drive refuses it; *underrun_free (may be NULL) tells. */
enum oi_status mmc_set_write_parameters(struct mmc_drive *drive,
                                        const struct mmc_write_parameters *parameters, bool *underrun_free);

/* Page 2Ah. */
struct mmc_capabilities
{
    bool writes_cd_r, writes_cd_rw, writes_dvd_r, writes_dvd_ram, test_write;
    bool ejects, locks, underrun_free;
    uint8_t mechanism;                  /* 0 caddy, 1 tray, 2 pop-up, 4 and 5 changers */
    uint32_t buffer;                    /* bytes */
    uint16_t current_write_speed;       /* kB/s, 0 unknown */
    bool pure_cav;
};

enum oi_status mmc_read_capabilities(struct mmc_drive *drive, struct mmc_capabilities *capabilities);

/* --- the disc ------------------------------------------------------------------------------------------- */

enum mmc_disc_status
{
    MMC_DISC_BLANK = 0,
    MMC_DISC_APPENDABLE = 1,
    MMC_DISC_COMPLETE = 2,
    MMC_DISC_OTHER = 3,
};

enum mmc_session_status
{
    MMC_SESSION_EMPTY = 0,
    MMC_SESSION_INCOMPLETE = 1,
    MMC_SESSION_DAMAGED = 2,
    MMC_SESSION_COMPLETE = 3,
};

/* READ DISC INFORMATION, MMC-5 6.26. */
struct mmc_disc_info
{
    enum mmc_disc_status status;
    enum mmc_session_status last_session;
    bool erasable;
    uint16_t first_track, sessions;     /* sessions: the open or empty one included */
    uint16_t first_track_of_last, last_track_of_last;
    uint8_t background_format;          /* 0 none, 1 started but idle, 2 running, 3 complete */
    uint8_t disc_type;
    bool identification_valid;
    uint32_t identification;
    bool last_lead_out_valid;
    uint32_t last_lead_out;             /* 4 bytes as they come: MSF on CD, LBA elsewhere */
    uint8_t opc_tables;                 /* 0 too when the reply ends before them */
};

enum oi_status mmc_disc_info_parse(const uint8_t *bytes, size_t size, struct mmc_disc_info *info);
enum oi_status mmc_read_disc_info(struct mmc_drive *drive, struct mmc_disc_info *info);
enum oi_status mmc_read_disc_info_raw(struct mmc_drive *drive, struct mmc_reply *reply);

enum mmc_track_address
{
    MMC_ADDRESS_LBA = 0,
    MMC_ADDRESS_TRACK = 1,
    MMC_ADDRESS_SESSION = 2,
};

#define MMC_INVISIBLE_TRACK 0xFFu

/* READ TRACK INFORMATION, MMC-5 6.27. */
struct mmc_track_info
{
    uint16_t track, session;
    bool damage, copy, reserved, blank, packet, fixed_packet;
    uint8_t track_mode, data_mode;      /* data mode: 1, 2, Fh unknown */
    bool next_writable_valid, last_recorded_valid;
    uint32_t start, next_writable, free_blocks, fixed_packet_size, size, last_recorded;
};

enum oi_status mmc_track_info_parse(const uint8_t *bytes, size_t size, struct mmc_track_info *info);
enum oi_status mmc_read_track_info(struct mmc_drive *drive, enum mmc_track_address kind, uint32_t address,
                                   struct mmc_track_info *info);
enum oi_status mmc_read_track_info_raw(struct mmc_drive *drive, enum mmc_track_address kind, uint32_t address,
                                       struct mmc_reply *reply);

/* The track number under which this profile tells what is written next. */
uint32_t mmc_next_track_number(uint16_t profile, const struct mmc_disc_info *disc);

/* READ TOC format 0: at most 99 tracks and the lead-out. */
struct mmc_toc_entry
{
    uint8_t control, adr, number;       /* AAh: lead-out */
    uint32_t start;
};

struct mmc_toc
{
    uint8_t first, last;
    size_t count;
    struct mmc_toc_entry entries[100];
};

enum oi_status mmc_toc_parse(const uint8_t *bytes, size_t size, struct mmc_toc *toc);
enum oi_status mmc_read_toc(struct mmc_drive *drive, struct mmc_toc *toc);

/* READ TOC format 1: complete sessions only. */
struct mmc_session_info
{
    uint8_t first, last;                /* sessions */
    uint8_t control, first_track;       /* of the last one */
    uint32_t start;                     /* of that track */
};

enum oi_status mmc_session_info_parse(const uint8_t *bytes, size_t size, struct mmc_session_info *info);
enum oi_status mmc_read_session_info(struct mmc_drive *drive, struct mmc_session_info *info);

/* READ TOC format 4; OI_INVALID_RESPONSE also for an all-zero ATIP, and lead-in at or above lead-out. */
struct mmc_atip
{
    bool rewritable;
    uint8_t reference_speed;
    int32_t lead_in;                    /* LBA, negative */
    uint32_t lead_out;                  /* last possible start, LBA */
};

enum oi_status mmc_atip_parse(const uint8_t *bytes, size_t size, struct mmc_atip *atip);
enum oi_status mmc_read_atip(struct mmc_drive *drive, struct mmc_atip *atip);

/* Any format of READ TOC/PMA/ATIP, header included. */
enum oi_status mmc_read_toc_raw(struct mmc_drive *drive, uint8_t format, bool msf, uint8_t number,
                                struct mmc_reply *reply);

/* Minutes, seconds, frames to LBA and back (both cases below 00:02:00 and from 90 minutes on). */
int32_t mmc_msf_to_lba(uint8_t minute, uint8_t second, uint8_t frame);
void mmc_lba_to_msf(int32_t lba, uint8_t msf[3]);

/* Last readable block. 0 or FFFFFFFFh mean that nothing is recorded. */
enum oi_status mmc_read_capacity(struct mmc_drive *drive, uint32_t *last_block, uint32_t *block_size);

struct mmc_format_capacity
{
    uint32_t blocks;                    /* in current: scaled to 2048 bytes */
    uint8_t type;                       /* format type; in current: 1 unformatted, 2 formatted, 3 unknown */
    uint32_t parameter;                 /* type-dependent, 24 bits; block length in the current descriptor */
};

struct mmc_format_capacities
{
    struct mmc_format_capacity current;
    size_t count;
    struct mmc_format_capacity formats[31];
};

enum oi_status mmc_format_capacities_parse(const uint8_t *bytes, size_t size,
                                           struct mmc_format_capacities *caps);
enum oi_status mmc_read_format_capacities(struct mmc_drive *drive, struct mmc_format_capacities *caps);

/* The first descriptor of that format type, or NULL. */
const struct mmc_format_capacity *mmc_find_format(const struct mmc_format_capacities *caps, uint8_t type);

/* READ DISC STRUCTURE: the data without its 4 header bytes. medium: 0 DVD, 1 BD. OI_NO_DISC_STRUCTURE when
   the drive has none of it. */
enum oi_status mmc_read_structure(struct mmc_drive *drive, uint8_t medium, uint8_t format, uint32_t address,
                                  uint8_t layer, uint8_t agid, struct mmc_reply *reply);
enum oi_status mmc_send_structure(struct mmc_drive *drive, uint8_t format, const uint8_t *data,
                                  uint32_t size);

/* --- speeds --------------------------------------------------------------------------------------------- */

#define MMC_SPEED_MAX 32
#define MMC_FASTEST UINT32_MAX

struct mmc_speed
{
    uint32_t kilobytes;                 /* kB/s */
    uint32_t sectors;                   /* a second, IMAPI's unit */
    uint32_t read_kilobytes;            /* 0 unknown */
    uint32_t end;                       /* last LBA it holds for, 0 unknown */
    uint8_t rotation;                   /* WRC: 0 CLV or default, 1 CAV */
};

struct mmc_speeds
{
    struct mmc_speed supported[MMC_SPEED_MAX];          /* fastest first, no two alike */
    size_t count;                       /* 0: the drive does not say */
    struct mmc_speed current;
};

/* For the present medium: GET PERFORMANCE type 3, else page 2Ah. */
enum oi_status mmc_read_speeds(struct mmc_drive *drive, uint16_t profile, struct mmc_speeds *speeds);

/* Takes the supported speed nearest to the wish (MMC_FASTEST or blocks a second) and tells what it became.
   OI_UNEXPECTED_RESPONSE when the drive tells no speeds at all. */
enum oi_status mmc_set_write_speed(struct mmc_drive *drive, uint16_t profile, uint32_t sectors, bool pure_cav,
                                   struct mmc_speed *actual);

uint32_t mmc_speed_to_sectors(uint16_t profile, uint32_t kilobytes);
uint32_t mmc_speed_to_kilobytes(uint16_t profile, uint32_t sectors);    /* rounded up, drives truncate */

/* --- reading, writing, closing -------------------------------------------------------------------------- */

enum oi_status mmc_read_10(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, void *data);
/* With FUA: not out of the drive's cache. Some drives refuse the bit on some media (5/24/00). */
enum oi_status mmc_read_10_from_medium(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, void *data);
enum oi_status mmc_write_10(struct mmc_drive *drive, uint32_t lba, uint16_t blocks, const void *data);
enum oi_status mmc_synchronize_cache(struct mmc_drive *drive, bool immediate);

/* CLOSE TRACK/SESSION, functions of MMC-5 6.3. */
enum mmc_close
{
    MMC_CLOSE_STOP_FORMAT = 0,
    MMC_CLOSE_TRACK = 1,
    MMC_CLOSE_SESSION = 2,
    MMC_CLOSE_FINALIZE_DVD_RW = 3,
    MMC_CLOSE_FINALIZE_MINIMAL = 5,
    MMC_CLOSE_FINALIZE = 6,
};

enum oi_status mmc_close(struct mmc_drive *drive, enum mmc_close function, uint16_t number, bool immediate);

enum oi_status mmc_calibrate(struct mmc_drive *drive);                  /* SEND OPC INFORMATION, DoOPC */
enum oi_status mmc_reserve_track(struct mmc_drive *drive, uint32_t blocks);
enum oi_status mmc_format_unit(struct mmc_drive *drive, uint8_t type, uint8_t sub_type, uint32_t blocks,
                               uint32_t parameter, bool immediate);

enum mmc_blank
{
    MMC_BLANK_DISC = 0,
    MMC_BLANK_MINIMAL = 1,
};

enum oi_status mmc_blank(struct mmc_drive *drive, enum mmc_blank type, bool immediate);

/* READ BUFFER CAPACITY, bytes; OI_INVALID_RESPONSE for nonsense (size 0, more free than there is). */
enum oi_status mmc_read_buffer_capacity(struct mmc_drive *drive, uint32_t *size, uint32_t *free_bytes);

/* Blocks first..first+count-1 of the disc in the drive as a source; the drive must outlive it. */
enum oi_status mmc_drive_source_create(struct mmc_drive *drive, uint32_t first, uint32_t count,
                                       struct source **out);

#ifdef __cplusplus
}
#endif

#endif
