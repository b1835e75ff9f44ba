/*
 * Numbers of the standards (SPC, MMC-3 to MMC-6) under their names there: all that the two sides of the
 * transport share. Layouts are not here: the one who builds a reply and the one who reads it know the
 * offsets each for himself, so that a wrong one cannot agree with itself.
 */
#ifndef OPENIMAPI_MMC_CODES_H
#define OPENIMAPI_MMC_CODES_H

/* Operation codes. X(name, value, text): the text is the command's name in the standard. */
#define MMC_OPCODE_LIST(X)                                                                                   \
    X(MMC_TEST_UNIT_READY, 0x00, "TEST UNIT READY")                                                          \
    X(MMC_REQUEST_SENSE, 0x03, "REQUEST SENSE")                                                              \
    X(MMC_FORMAT_UNIT, 0x04, "FORMAT UNIT")                                                                  \
    X(MMC_INQUIRY, 0x12, "INQUIRY")                                                                          \
    X(MMC_START_STOP_UNIT, 0x1B, "START STOP UNIT")                                                          \
    X(MMC_PREVENT_ALLOW_MEDIUM_REMOVAL, 0x1E, "PREVENT ALLOW MEDIUM REMOVAL")                                \
    X(MMC_READ_FORMAT_CAPACITIES, 0x23, "READ FORMAT CAPACITIES")                                            \
    X(MMC_READ_CAPACITY, 0x25, "READ CAPACITY")                                                              \
    X(MMC_READ_10, 0x28, "READ(10)")                                                                         \
    X(MMC_SEEK_10, 0x2B, "SEEK(10)")                                                                         \
    X(MMC_WRITE_10, 0x2A, "WRITE(10)")                                                                       \
    X(MMC_WRITE_AND_VERIFY_10, 0x2E, "WRITE AND VERIFY(10)")                                                 \
    X(MMC_VERIFY_10, 0x2F, "VERIFY(10)")                                                                     \
    X(MMC_SYNCHRONIZE_CACHE, 0x35, "SYNCHRONIZE CACHE")                                                      \
    X(MMC_WRITE_BUFFER, 0x3B, "WRITE BUFFER")                                                                \
    X(MMC_READ_BUFFER, 0x3C, "READ BUFFER")                                                                  \
    X(MMC_READ_SUB_CHANNEL, 0x42, "READ SUB-CHANNEL")                                                        \
    X(MMC_READ_TOC, 0x43, "READ TOC/PMA/ATIP")                                                               \
    X(MMC_GET_CONFIGURATION, 0x46, "GET CONFIGURATION")                                                      \
    X(MMC_GET_EVENT_STATUS, 0x4A, "GET EVENT STATUS NOTIFICATION")                                           \
    X(MMC_READ_DISC_INFORMATION, 0x51, "READ DISC INFORMATION")                                              \
    X(MMC_READ_TRACK_INFORMATION, 0x52, "READ TRACK INFORMATION")                                            \
    X(MMC_RESERVE_TRACK, 0x53, "RESERVE TRACK")                                                              \
    X(MMC_SEND_OPC_INFORMATION, 0x54, "SEND OPC INFORMATION")                                                \
    X(MMC_MODE_SELECT_10, 0x55, "MODE SELECT(10)")                                                           \
    X(MMC_REPAIR_TRACK, 0x58, "REPAIR TRACK")                                                                \
    X(MMC_MODE_SENSE_10, 0x5A, "MODE SENSE(10)")                                                             \
    X(MMC_CLOSE_TRACK_SESSION, 0x5B, "CLOSE TRACK/SESSION")                                                  \
    X(MMC_READ_BUFFER_CAPACITY, 0x5C, "READ BUFFER CAPACITY")                                                \
    X(MMC_SEND_CUE_SHEET, 0x5D, "SEND CUE SHEET")                                                            \
    X(MMC_BLANK, 0xA1, "BLANK")                                                                              \
    X(MMC_SEND_KEY, 0xA3, "SEND KEY")                                                                        \
    X(MMC_REPORT_KEY, 0xA4, "REPORT KEY")                                                                    \
    X(MMC_LOAD_UNLOAD_MEDIUM, 0xA6, "LOAD/UNLOAD MEDIUM")                                                    \
    X(MMC_SET_READ_AHEAD, 0xA7, "SET READ AHEAD")                                                            \
    X(MMC_READ_12, 0xA8, "READ(12)")                                                                         \
    X(MMC_WRITE_12, 0xAA, "WRITE(12)")                                                                       \
    X(MMC_READ_MEDIA_SERIAL_NUMBER, 0xAB, "READ MEDIA SERIAL NUMBER")                                        \
    X(MMC_GET_PERFORMANCE, 0xAC, "GET PERFORMANCE")                                                          \
    X(MMC_READ_DISC_STRUCTURE, 0xAD, "READ DISC STRUCTURE")                                                  \
    X(MMC_SET_STREAMING, 0xB6, "SET STREAMING")                                                              \
    X(MMC_READ_CD_MSF, 0xB9, "READ CD MSF")                                                                  \
    X(MMC_SET_CD_SPEED, 0xBB, "SET CD SPEED")                                                                \
    X(MMC_MECHANISM_STATUS, 0xBD, "MECHANISM STATUS")                                                        \
    X(MMC_READ_CD, 0xBE, "READ CD")                                                                          \
    X(MMC_SEND_DISC_STRUCTURE, 0xBF, "SEND DISC STRUCTURE")

enum mmc_opcode
{
#define X(name, value, text) name = value,
    MMC_OPCODE_LIST(X)
#undef X
};

/* Profiles (GET CONFIGURATION, feature 0000h). X(name, value, text). */
#define MMC_PROFILE_LIST(X)                                                                                  \
    X(MMC_PROFILE_NONE, 0x0000, "no medium")                                                                 \
    X(MMC_PROFILE_NON_REMOVABLE_DISK, 0x0001, "non-removable disk")                                          \
    X(MMC_PROFILE_REMOVABLE_DISK, 0x0002, "removable disk")                                                  \
    X(MMC_PROFILE_MO_ERASABLE, 0x0003, "MO erasable")                                                        \
    X(MMC_PROFILE_MO_WRITE_ONCE, 0x0004, "MO write once")                                                    \
    X(MMC_PROFILE_AS_MO, 0x0005, "AS-MO")                                                                    \
    X(MMC_PROFILE_CD_ROM, 0x0008, "CD-ROM")                                                                  \
    X(MMC_PROFILE_CD_R, 0x0009, "CD-R")                                                                      \
    X(MMC_PROFILE_CD_RW, 0x000A, "CD-RW")                                                                    \
    X(MMC_PROFILE_DVD_ROM, 0x0010, "DVD-ROM")                                                                \
    X(MMC_PROFILE_DVD_R, 0x0011, "DVD-R sequential")                                                         \
    X(MMC_PROFILE_DVD_RAM, 0x0012, "DVD-RAM")                                                                \
    X(MMC_PROFILE_DVD_RW_OVERWRITE, 0x0013, "DVD-RW restricted overwrite")                                   \
    X(MMC_PROFILE_DVD_RW_SEQUENTIAL, 0x0014, "DVD-RW sequential")                                            \
    X(MMC_PROFILE_DVD_R_DL_SEQUENTIAL, 0x0015, "DVD-R DL sequential")                                        \
    X(MMC_PROFILE_DVD_R_DL_JUMP, 0x0016, "DVD-R DL layer jump")                                              \
    X(MMC_PROFILE_DVD_PLUS_RW, 0x001A, "DVD+RW")                                                             \
    X(MMC_PROFILE_DVD_PLUS_R, 0x001B, "DVD+R")                                                               \
    X(MMC_PROFILE_DVD_PLUS_RW_DL, 0x002A, "DVD+RW DL")                                                       \
    X(MMC_PROFILE_DVD_PLUS_R_DL, 0x002B, "DVD+R DL")                                                         \
    X(MMC_PROFILE_BD_ROM, 0x0040, "BD-ROM")                                                                  \
    X(MMC_PROFILE_BD_R_SRM, 0x0041, "BD-R sequential")                                                       \
    X(MMC_PROFILE_BD_R_RRM, 0x0042, "BD-R random")                                                           \
    X(MMC_PROFILE_BD_RE, 0x0043, "BD-RE")                                                                    \
    X(MMC_PROFILE_HD_DVD_ROM, 0x0050, "HD DVD-ROM")                                                          \
    X(MMC_PROFILE_HD_DVD_R, 0x0051, "HD DVD-R")                                                              \
    X(MMC_PROFILE_HD_DVD_RAM, 0x0052, "HD DVD-RAM")                                                          \
    X(MMC_PROFILE_NON_CONFORMING, 0xFFFF, "non-conforming")

enum mmc_profile
{
#define X(name, value, text) name = value,
    MMC_PROFILE_LIST(X)
#undef X
};

/* Features. */
enum mmc_feature
{
    MMC_FEATURE_PROFILE_LIST = 0x0000,
    MMC_FEATURE_CORE = 0x0001,
    MMC_FEATURE_MORPHING = 0x0002,
    MMC_FEATURE_REMOVABLE_MEDIUM = 0x0003,
    MMC_FEATURE_WRITE_PROTECT = 0x0004,
    MMC_FEATURE_RANDOM_READABLE = 0x0010,
    MMC_FEATURE_MULTI_READ = 0x001D,
    MMC_FEATURE_CD_READ = 0x001E,
    MMC_FEATURE_DVD_READ = 0x001F,
    MMC_FEATURE_RANDOM_WRITABLE = 0x0020,
    MMC_FEATURE_INCREMENTAL_STREAMING_WRITABLE = 0x0021,
    MMC_FEATURE_SECTOR_ERASABLE = 0x0022,
    MMC_FEATURE_FORMATTABLE = 0x0023,
    MMC_FEATURE_DEFECT_MANAGEMENT = 0x0024,
    MMC_FEATURE_WRITE_ONCE = 0x0025,
    MMC_FEATURE_RESTRICTED_OVERWRITE = 0x0026,
    MMC_FEATURE_CD_RW_CAV_WRITE = 0x0027,
    MMC_FEATURE_MRW = 0x0028,
    MMC_FEATURE_ENHANCED_DEFECT_REPORTING = 0x0029,
    MMC_FEATURE_DVD_PLUS_RW = 0x002A,
    MMC_FEATURE_DVD_PLUS_R = 0x002B,
    MMC_FEATURE_RIGID_RESTRICTED_OVERWRITE = 0x002C,
    MMC_FEATURE_CD_TRACK_AT_ONCE = 0x002D,
    MMC_FEATURE_CD_MASTERING = 0x002E,
    MMC_FEATURE_DVD_R_RW_WRITE = 0x002F,
    MMC_FEATURE_LAYER_JUMP = 0x0033,
    MMC_FEATURE_CD_RW_MEDIA_WRITE = 0x0037,
    MMC_FEATURE_BD_R_POW = 0x0038,
    MMC_FEATURE_DVD_PLUS_RW_DL = 0x003A,
    MMC_FEATURE_DVD_PLUS_R_DL = 0x003B,
    MMC_FEATURE_BD_READ = 0x0040,
    MMC_FEATURE_BD_WRITE = 0x0041,
    MMC_FEATURE_HD_DVD_READ = 0x0050,
    MMC_FEATURE_HD_DVD_WRITE = 0x0051,
    MMC_FEATURE_POWER_MANAGEMENT = 0x0100,
    MMC_FEATURE_SMART = 0x0101,
    MMC_FEATURE_CHANGER = 0x0102,
    MMC_FEATURE_TIMEOUT = 0x0105,
    MMC_FEATURE_DVD_CSS = 0x0106,
    MMC_FEATURE_REAL_TIME_STREAMING = 0x0107,
    MMC_FEATURE_SERIAL_NUMBER = 0x0108,
    MMC_FEATURE_MEDIA_SERIAL_NUMBER = 0x0109,
    MMC_FEATURE_DISC_CONTROL_BLOCKS = 0x010A,
    MMC_FEATURE_DVD_CPRM = 0x010B,
    MMC_FEATURE_FIRMWARE_INFORMATION = 0x010C,
    MMC_FEATURE_AACS = 0x010D,
};

/* Mode pages. */
enum mmc_mode_page
{
    MMC_PAGE_ERROR_RECOVERY = 0x01,
    MMC_PAGE_MRW = 0x03,
    MMC_PAGE_WRITE_PARAMETERS = 0x05,
    MMC_PAGE_CACHING = 0x08,
    MMC_PAGE_POWER_CONDITION = 0x1A,
    MMC_PAGE_INFORMATIONAL_EXCEPTIONS = 0x1C,
    MMC_PAGE_TIMEOUT_PROTECT = 0x1D,
    MMC_PAGE_CAPABILITIES = 0x2A,
    MMC_PAGE_ALL = 0x3F,
};

/* Sense keys. */
enum mmc_sense_key
{
    MMC_KEY_NO_SENSE = 0x0,
    MMC_KEY_RECOVERED_ERROR = 0x1,
    MMC_KEY_NOT_READY = 0x2,
    MMC_KEY_MEDIUM_ERROR = 0x3,
    MMC_KEY_HARDWARE_ERROR = 0x4,
    MMC_KEY_ILLEGAL_REQUEST = 0x5,
    MMC_KEY_UNIT_ATTENTION = 0x6,
    MMC_KEY_DATA_PROTECT = 0x7,
    MMC_KEY_BLANK_CHECK = 0x8,
    MMC_KEY_VENDOR = 0x9,
    MMC_KEY_COPY_ABORTED = 0xA,
    MMC_KEY_ABORTED_COMMAND = 0xB,
    MMC_KEY_VOLUME_OVERFLOW = 0xD,
    MMC_KEY_MISCOMPARE = 0xE,
};

/* Key, ASC and ASCQ in one number, 0xKKAACC: 0x023A01 is 2/3A/01. */
#define MMC_SENSE(key, asc, ascq) ((uint32_t)(key) << 16 | (uint32_t)(asc) << 8 | (uint32_t)(ascq))

/* Blocks a second at 1x: CD, DVD, BD (IMAPI's numbers). */
#define MMC_CD_1X_SECTORS 75u
#define MMC_DVD_1X_SECTORS 680u
#define MMC_BD_1X_SECTORS 2195u

#define MMC_BLOCK_SIZE 2048u

#endif
