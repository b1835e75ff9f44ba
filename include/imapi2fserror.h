/* Result codes of IMAPI version 2 for file system images (imapi2fs.dll): facility 0xAA, 0xB100 to 0xB2FF.
 * %1, %2 and %3 are the inserts of the message that goes with a code. */
#ifndef OPENIMAPI_IMAPI2FSERROR_H
#define OPENIMAPI_IMAPI2FSERROR_H

#include <winerror.h>

#ifndef FACILITY_IMAPI2
#define FACILITY_IMAPI2 (0xAA)
#endif
#define IMAPI_FSI_ERROR_FIRST (0xB100)
#define IMAPI_FSI_ERROR_LAST  (0xB2FF)

/* --- The image object ----------------------------------------------------------------------------------- */

/* Internal error. */
#define IMAPI_E_FSI_INTERNAL_ERROR _HRESULT_TYPEDEF_(0xC0AAB100L)
/* A parameter has an invalid value; %1 parameter. */
#define IMAPI_E_INVALID_PARAM _HRESULT_TYPEDEF_(0xC0AAB101L)
/* The image or the item is read-only. */
#define IMAPI_E_READONLY _HRESULT_TYPEDEF_(0xC0AAB102L)
/* No file system has been chosen for the image. */
#define IMAPI_E_NO_OUTPUT _HRESULT_TYPEDEF_(0xC0AAB103L)
/* The volume name is too long or has a forbidden character. */
#define IMAPI_E_INVALID_VOLUME_NAME _HRESULT_TYPEDEF_(0xC0AAB104L)
/* One time of an item lies before another; %1 the earlier one, %2 the other. */
#define IMAPI_E_INVALID_DATE _HRESULT_TYPEDEF_(0xC0AAB105L)
/* The setting can only be changed while the image is empty. */
#define IMAPI_E_FILE_SYSTEM_NOT_EMPTY _HRESULT_TYPEDEF_(0xC0AAB106L)
/* The imported session fixes the file system. */
#define IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED _HRESULT_TYPEDEF_(0xC0AAB163L)

/* --- Items ---------------------------------------------------------------------------------------------- */

/* The path leads to something that is no file; %1 path. */
#define IMAPI_E_NOT_FILE _HRESULT_TYPEDEF_(0xC0AAB108L)
/* The path leads to something that is no directory; %1 path. */
#define IMAPI_E_NOT_DIR _HRESULT_TYPEDEF_(0xC0AAB109L)
/* The directory is not empty; %1 directory. */
#define IMAPI_E_DIR_NOT_EMPTY _HRESULT_TYPEDEF_(0xC0AAB10AL)
/* The item has not been added to the image; %1 item. */
#define IMAPI_E_NOT_IN_FILE_SYSTEM _HRESULT_TYPEDEF_(0xC0AAB10BL)
/* The path is malformed or has a forbidden character; %1 path. */
#define IMAPI_E_INVALID_PATH _HRESULT_TYPEDEF_(0xC0AAB110L)
/* The name has a character outside the restricted set; %1 name. */
#define IMAPI_E_RESTRICTED_NAME_VIOLATION _HRESULT_TYPEDEF_(0xC0AAB111L)
/* The name is taken; %1 name. */
#define IMAPI_E_DUP_NAME _HRESULT_TYPEDEF_(0xC0AAB112L)
/* No unique name can be made for a file system; %1 item, %2 file system. */
#define IMAPI_E_NO_UNIQUE_NAME _HRESULT_TYPEDEF_(0xC0AAB113L)
/* There is no such item; %1 item. */
#define IMAPI_E_ITEM_NOT_FOUND _HRESULT_TYPEDEF_(0xC0AAB118L)
/* There is no such file; %1 file. */
#define IMAPI_E_FILE_NOT_FOUND _HRESULT_TYPEDEF_(0xC0AAB119L)
/* There is no such directory; %1 directory. */
#define IMAPI_E_DIR_NOT_FOUND _HRESULT_TYPEDEF_(0xC0AAB11AL)
/* The item would make the image larger than FreeMediaBlocks; %1 item. */
#define IMAPI_E_IMAGE_SIZE_LIMIT _HRESULT_TYPEDEF_(0xC0AAB120L)
/* FreeMediaBlocks would be below the size of what the image holds. */
#define IMAPI_E_IMAGE_TOO_BIG _HRESULT_TYPEDEF_(0xC0AAB121L)
/* A named stream does not have the property; %1 property. */
#define IMAPI_E_PROPERTY_NOT_ACCESSIBLE _HRESULT_TYPEDEF_(0xC0AAB160L)
/* Success, but the chosen UDF revision leaves the feature out of the image. */
#define IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x00AAB15FL)

/* --- Sources -------------------------------------------------------------------------------------------- */

/* A stream changed its size; %1 file, %2 expected bytes, %3 bytes found. */
#define IMAPI_E_DATA_STREAM_INCONSISTENCY _HRESULT_TYPEDEF_(0xC0AAB128L)
/* A stream could not be read; %1 file. */
#define IMAPI_E_DATA_STREAM_READ_FAILURE _HRESULT_TYPEDEF_(0xC0AAB129L)
/* A source file could not be opened; %1 file. */
#define IMAPI_E_DATA_STREAM_CREATE_FAILURE _HRESULT_TYPEDEF_(0xC0AAB12AL)
/* A source directory could not be listed; %1 directory. */
#define IMAPI_E_DIRECTORY_READ_FAILURE _HRESULT_TYPEDEF_(0xC0AAB12BL)

/* --- Limits of the file systems ------------------------------------------------------------------------- */

/* There are more directories than a file system can hold; %1 file system. */
#define IMAPI_E_TOO_MANY_DIRS _HRESULT_TYPEDEF_(0xC0AAB130L)
/* ISO 9660 allows eight levels of directories. */
#define IMAPI_E_ISO9660_LEVELS _HRESULT_TYPEDEF_(0xC0AAB131L)
/* A file is larger than a file system can hold; %1 file system. */
#define IMAPI_E_DATA_TOO_BIG _HRESULT_TYPEDEF_(0xC0AAB132L)
/* The layout of the last session does not suit the file systems to create. */
#define IMAPI_E_INCOMPATIBLE_PREVIOUS_SESSION _HRESULT_TYPEDEF_(0xC0AAB133L)

/* --- Working directory ---------------------------------------------------------------------------------- */

/* A staging file could not be opened; %1 file. */
#define IMAPI_E_STASHFILE_OPEN_FAILURE _HRESULT_TYPEDEF_(0xC0AAB138L)
/* A seek in a staging file failed; %1 file. */
#define IMAPI_E_STASHFILE_SEEK_FAILURE _HRESULT_TYPEDEF_(0xC0AAB139L)
/* A staging file could not be written; %1 file. */
#define IMAPI_E_STASHFILE_WRITE_FAILURE _HRESULT_TYPEDEF_(0xC0AAB13AL)
/* A staging file could not be read; %1 file. */
#define IMAPI_E_STASHFILE_READ_FAILURE _HRESULT_TYPEDEF_(0xC0AAB13BL)
/* The working directory cannot be used; %1 directory. */
#define IMAPI_E_INVALID_WORKING_DIRECTORY _HRESULT_TYPEDEF_(0xC0AAB140L)
/* The working directory lacks space; %1 directory, %2 bytes free, %3 bytes needed. */
#define IMAPI_E_WORKING_DIRECTORY_SPACE _HRESULT_TYPEDEF_(0xC0AAB141L)
/* The staging files could not be moved; %1 new directory. */
#define IMAPI_E_STASHFILE_MOVE _HRESULT_TYPEDEF_(0xC0AAB142L)

/* --- Boot images ---------------------------------------------------------------------------------------- */

/* The boot image could not be taken over. */
#define IMAPI_E_BOOT_IMAGE_DATA _HRESULT_TYPEDEF_(0xC0AAB148L)
/* A boot image can only be in the first session of a disc. */
#define IMAPI_E_BOOT_OBJECT_CONFLICT _HRESULT_TYPEDEF_(0xC0AAB149L)
/* The boot image does not have the size of the emulated medium. */
#define IMAPI_E_BOOT_EMULATION_IMAGE_SIZE_MISMATCH _HRESULT_TYPEDEF_(0xC0AAB14AL)

/* --- Import of earlier sessions ------------------------------------------------------------------------- */

/* The disc is blank. */
#define IMAPI_E_EMPTY_DISC _HRESULT_TYPEDEF_(0xC0AAB150L)
/* The last session has no file system that can be imported. */
#define IMAPI_E_NO_SUPPORTED_FILE_SYSTEM _HRESULT_TYPEDEF_(0xC0AAB151L)
/* The disc does not have the file system; %1 file system. */
#define IMAPI_E_FILE_SYSTEM_NOT_FOUND _HRESULT_TYPEDEF_(0xC0AAB152L)
/* The file system of the disc is damaged; %1 file system. */
#define IMAPI_E_FILE_SYSTEM_READ_CONSISTENCY_ERROR _HRESULT_TYPEDEF_(0xC0AAB153L)
/* The file system of the disc uses an unknown feature; %1 file system. */
#define IMAPI_E_FILE_SYSTEM_FEATURE_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AAB154L)
/* A file is a directory in the other file system; %1 path, %2 file system. */
#define IMAPI_E_IMPORT_TYPE_COLLISION_FILE_EXISTS_AS_DIRECTORY _HRESULT_TYPEDEF_(0xC0AAB155L)
/* A seek on the disc failed; %1 block. */
#define IMAPI_E_IMPORT_SEEK_FAILURE _HRESULT_TYPEDEF_(0xC0AAB156L)
/* The disc could not be read; %1 block. */
#define IMAPI_E_IMPORT_READ_FAILURE _HRESULT_TYPEDEF_(0xC0AAB157L)
/* Another disc is in the drive than the imported one. */
#define IMAPI_E_DISC_MISMATCH _HRESULT_TYPEDEF_(0xC0AAB158L)
/* Discs of this type do not allow several sessions. */
#define IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED _HRESULT_TYPEDEF_(0xC0AAB159L)
/* The disc has no UDF revision that can be written. */
#define IMAPI_E_UDF_NOT_WRITE_COMPATIBLE _HRESULT_TYPEDEF_(0xC0AAB15AL)
/* The kind of multi-session is not supported. */
#define IMAPI_E_INCOMPATIBLE_MULTISESSION_TYPE _HRESULT_TYPEDEF_(0xC0AAB15BL)
/* None of the multi-session objects suits the disc. */
#define IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE _HRESULT_TYPEDEF_(0xC0AAB15CL)
/* MultisessionInterfaces has to be set first. */
#define IMAPI_E_MULTISESSION_NOT_SET _HRESULT_TYPEDEF_(0xC0AAB15DL)
/* A directory is a file in the other file system; %1 path, %2 file system. */
#define IMAPI_E_IMPORT_TYPE_COLLISION_DIRECTORY_EXISTS_AS_FILE _HRESULT_TYPEDEF_(0xC0AAB15EL)
/* The imported session fixes the UDF revision. */
#define IMAPI_E_UDF_REVISION_CHANGE_NOT_ALLOWED _HRESULT_TYPEDEF_(0xC0AAB161L)
/* A multi-session object has an invalid or unreadable property. */
#define IMAPI_E_BAD_MULTISESSION_PARAMETER _HRESULT_TYPEDEF_(0xC0AAB162L)

/* --- Image manager -------------------------------------------------------------------------------------- */

/* The length of the image is no multiple of 2048 bytes. */
#define IMAPI_E_IMAGEMANAGER_IMAGE_NOT_ALIGNED _HRESULT_TYPEDEF_(0xC0AAB200L)
/* The image has no valid volume descriptor. */
#define IMAPI_E_IMAGEMANAGER_NO_VALID_VD_FOUND _HRESULT_TYPEDEF_(0xC0AAB201L)
/* Neither SetPath nor SetStream has been called. */
#define IMAPI_E_IMAGEMANAGER_NO_IMAGE _HRESULT_TYPEDEF_(0xC0AAB202L)
/* The image has more sectors than a LONG can count. */
#define IMAPI_E_IMAGEMANAGER_IMAGE_TOO_BIG _HRESULT_TYPEDEF_(0xC0AAB203L)

#endif
