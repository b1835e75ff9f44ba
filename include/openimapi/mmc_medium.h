/*
 * What lies in the drive: one snapshot of type, state, capacity, addresses and speeds, put together from
 * all that the drive tells about it.
 */
#ifndef OPENIMAPI_MMC_MEDIUM_H
#define OPENIMAPI_MMC_MEDIUM_H

#include "openimapi/mmc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The physical kind. The values are those of IMAPI_MEDIA_PHYSICAL_TYPE. */
enum mmc_medium_type
{
    MMC_MEDIUM_UNKNOWN = 0x00,
    MMC_MEDIUM_CD_ROM = 0x01,
    MMC_MEDIUM_CD_R = 0x02,
    MMC_MEDIUM_CD_RW = 0x03,
    MMC_MEDIUM_DVD_ROM = 0x04,
    MMC_MEDIUM_DVD_RAM = 0x05,
    MMC_MEDIUM_DVD_PLUS_R = 0x06,
    MMC_MEDIUM_DVD_PLUS_RW = 0x07,
    MMC_MEDIUM_DVD_PLUS_R_DL = 0x08,
    MMC_MEDIUM_DVD_R = 0x09,
    MMC_MEDIUM_DVD_RW = 0x0A,
    MMC_MEDIUM_DVD_R_DL = 0x0B,
    MMC_MEDIUM_DISK = 0x0C,
    MMC_MEDIUM_DVD_PLUS_RW_DL = 0x0D,
    MMC_MEDIUM_HD_DVD_ROM = 0x0E,
    MMC_MEDIUM_HD_DVD_R = 0x0F,
    MMC_MEDIUM_HD_DVD_RAM = 0x10,
    MMC_MEDIUM_BD_ROM = 0x11,
    MMC_MEDIUM_BD_R = 0x12,
    MMC_MEDIUM_BD_RE = 0x13,
};

/* State bits. The values are those of IMAPI_FORMAT2_DATA_MEDIA_STATE. */
enum
{
    MMC_STATE_OVERWRITABLE = 0x0001,
    MMC_STATE_BLANK = 0x0002,           /* as the drive says; see mmc_medium_reads_blank for the rest */
    MMC_STATE_APPENDABLE = 0x0004,
    MMC_STATE_FINAL_SESSION = 0x0008,
    MMC_STATE_DAMAGED = 0x0400,
    MMC_STATE_ERASE_REQUIRED = 0x0800,
    MMC_STATE_NON_EMPTY_SESSION = 0x1000,
    MMC_STATE_WRITE_PROTECTED = 0x2000,
    MMC_STATE_FINALIZED = 0x4000,
    MMC_STATE_UNSUPPORTED = 0x8000,
    MMC_STATE_UNSUPPORTED_MASK = 0xFC00,
};

/* Reasons for write protection. The values are those of IMAPI_MEDIA_WRITE_PROTECT_STATE. */
enum
{
    MMC_PROTECT_UNTIL_POWERDOWN = 0x0001,
    MMC_PROTECT_CARTRIDGE = 0x0002,
    MMC_PROTECT_MEDIA_SPECIFIC = 0x0004,
    MMC_PROTECT_SOFTWARE = 0x0008,
    MMC_PROTECT_CONTROL_BLOCK = 0x0010,
    MMC_PROTECT_READ_ONLY_MEDIUM = 0x4000,
};

struct mmc_medium
{
    uint16_t profile;                   /* as the drive sees the medium now; 0 without GET CONFIGURATION */
    enum mmc_medium_type type;
    uint32_t state;                     /* MMC_STATE_... */
    uint32_t write_protect;             /* MMC_PROTECT_... */
    uint32_t write_unit;                /* blocks: 1 CD, 16 DVD, 32 BD */
    bool erasable;
    bool unformatted;                   /* must be formatted before it takes data */
    bool pseudo_overwrite;              /* BD-R SRM+POW */

    uint32_t total_blocks;              /* recorded and free ones */
    uint32_t free_blocks;               /* from next_writable on; all of them when overwritable */
    uint32_t next_writable;             /* 0 when blank or overwritable */
    uint32_t formatted_blocks;          /* overwritable: what can be read and written now */
    int32_t previous_session;           /* first LBA of the last complete session; -1: none */
    int32_t last_written;               /* last LBA recorded in it, -1: none or not known */
    uint32_t recorded_blocks;           /* READ CAPACITY, 0 when nothing is recorded */

    uint16_t sessions;                  /* complete ones */
    uint16_t tracks;                    /* recorded ones */
    uint16_t next_track;                /* number of the track to be written, 0: none */
    struct mmc_disc_info disc;
    struct mmc_track_info track;        /* the one to be written; all zero when there is none */
    struct mmc_speeds speeds;
};

/*
 * Takes the snapshot. Waits up to patience for a drive that is becoming ready or busy. OI_NO_MEDIUM when
 * there is none; OI_SENSE when the drive stays not ready (drive->failure says why). A medium that can only
 * be read, or that is damaged, full or unknown, is no error: see state.
 */
enum oi_status mmc_medium_probe(struct mmc_drive *drive, uint32_t patience, struct mmc_medium *medium);

/* Type of a profile, state not considered. */
enum mmc_medium_type mmc_profile_type(uint16_t profile);

/* Blocks of a write unit: 1, 16 or 32. */
uint32_t mmc_profile_write_unit(uint16_t profile);

/* True in *blank when the medium is blank by state, or (overwritable) its first and last 2 MiB read as
   zeros. Reads up to 4 MiB. */
enum oi_status mmc_medium_reads_blank(struct mmc_drive *drive, const struct mmc_medium *medium, bool *blank);

#ifdef __cplusplus
}
#endif

#endif
