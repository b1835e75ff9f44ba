/* Result codes of IMAPI version 1 (imapi.dll): FACILITY_ITF, 0x200 and up. */
#ifndef OPENIMAPI_IMAPIERROR_H
#define OPENIMAPI_IMAPIERROR_H

#include <winerror.h>

/* --- Success with a remark ------------------------------------------------------------------------------ */

/* Success, but unknown or read-only properties of the set were skipped. */
#define IMAPI_S_PROPERTIESIGNORED _HRESULT_TYPEDEF_(0x00040200L)
/* Success, but the buffer holds only a part of the result. */
#define IMAPI_S_BUFFER_TO_SMALL _HRESULT_TYPEDEF_(0x00040201L)

/* --- Failures ------------------------------------------------------------------------------------------- */

/* Open (of a disc master) or OpenExclusive (of a recorder) has to be called first. */
#define IMAPI_E_NOTOPENED _HRESULT_TYPEDEF_(0x8004020BL)
/* The recorder object is not bound to a device. */
#define IMAPI_E_NOTINITIALIZED _HRESULT_TYPEDEF_(0x8004020CL)
/* QueryCancel of a progress sink asked for the end of the operation. */
#define IMAPI_E_USERABORT _HRESULT_TYPEDEF_(0x8004020DL)
/* The operation failed for a reason without a code of its own. */
#define IMAPI_E_GENERIC _HRESULT_TYPEDEF_(0x8004020EL)
/* There is no disc in the drive. */
#define IMAPI_E_MEDIUM_NOTPRESENT _HRESULT_TYPEDEF_(0x8004020FL)
/* The disc is of a type that the operation cannot use, such as CD-R for Erase. */
#define IMAPI_E_MEDIUM_INVALIDTYPE _HRESULT_TYPEDEF_(0x80040210L)
/* The recorder or the format has no properties. */
#define IMAPI_E_DEVICE_NOPROPERTIES _HRESULT_TYPEDEF_(0x80040211L)
/* The recorder is in use, or opened exclusively. */
#define IMAPI_E_DEVICE_NOTACCESSIBLE _HRESULT_TYPEDEF_(0x80040212L)
/* The recorder has been removed from the computer. */
#define IMAPI_E_DEVICE_NOTPRESENT _HRESULT_TYPEDEF_(0x80040213L)
/* The drive lacks the ability, such as Erase on a drive for CD-R only. */
#define IMAPI_E_DEVICE_INVALIDTYPE _HRESULT_TYPEDEF_(0x80040214L)
/* The drive could not be made ready for writing. */
#define IMAPI_E_INITIALIZE_WRITE _HRESULT_TYPEDEF_(0x80040215L)
/* The drive could not be made ready for closing the disc. */
#define IMAPI_E_INITIALIZE_ENDWRITE _HRESULT_TYPEDEF_(0x80040216L)
/* File system access to the drive could not be suspended; try again later. */
#define IMAPI_E_FILESYSTEM _HRESULT_TYPEDEF_(0x80040217L)
/* The staging file could not be read or written. */
#define IMAPI_E_FILEACCESS _HRESULT_TYPEDEF_(0x80040218L)
/* Information about the disc could not be read. */
#define IMAPI_E_DISCINFO _HRESULT_TYPEDEF_(0x80040219L)
/* No audio track is open; CreateAudioTrack has to be called first. */
#define IMAPI_E_TRACKNOTOPEN _HRESULT_TYPEDEF_(0x8004021AL)
/* An audio track is open; CloseAudioTrack has to be called first. */
#define IMAPI_E_TRACKOPEN _HRESULT_TYPEDEF_(0x8004021BL)
/* The data does not fit onto the disc. */
#define IMAPI_E_DISCFULL _HRESULT_TYPEDEF_(0x8004021CL)
/* A name cannot be used on a Joliet disc. */
#define IMAPI_E_BADJOLIETNAME _HRESULT_TYPEDEF_(0x8004021DL)
/* The image is empty or damaged; there is nothing to burn. */
#define IMAPI_E_INVALIDIMAGE _HRESULT_TYPEDEF_(0x8004021EL)
/* No disc master format has been selected. */
#define IMAPI_E_NOACTIVEFORMAT _HRESULT_TYPEDEF_(0x8004021FL)
/* No recorder has been selected. */
#define IMAPI_E_NOACTIVERECORDER _HRESULT_TYPEDEF_(0x80040220L)
/* The call belongs to another disc master format than the active one. */
#define IMAPI_E_WRONGFORMAT _HRESULT_TYPEDEF_(0x80040221L)
/* The disc master is open already. */
#define IMAPI_E_ALREADYOPEN _HRESULT_TYPEDEF_(0x80040222L)
/* Another disc is in the drive than the one that the session is to be added to. */
#define IMAPI_E_WRONGDISC _HRESULT_TYPEDEF_(0x80040223L)
/* A file of that path is staged already, and overwriting was not asked for. */
#define IMAPI_E_FILEEXISTS _HRESULT_TYPEDEF_(0x80040224L)
/* The staging file is in use by another program. */
#define IMAPI_E_STASHINUSE _HRESULT_TYPEDEF_(0x80040225L)
/* Another program still uses the recorder. */
#define IMAPI_E_DEVICE_STILL_IN_USE _HRESULT_TYPEDEF_(0x80040226L)
/* The data did not reach the drive in time. */
#define IMAPI_E_LOSS_OF_STREAMING _HRESULT_TYPEDEF_(0x80040227L)
/* The staging file would lie on a compressed volume. */
#define IMAPI_E_COMPRESSEDSTASH _HRESULT_TYPEDEF_(0x80040228L)
/* The staging file would lie on an encrypted volume. */
#define IMAPI_E_ENCRYPTEDSTASH _HRESULT_TYPEDEF_(0x80040229L)
/* The volume of the staging file has too little free space. */
#define IMAPI_E_NOTENOUGHDISKFORSTASH _HRESULT_TYPEDEF_(0x8004022AL)
/* The staging file would lie on a removable disk. */
#define IMAPI_E_REMOVABLESTASH _HRESULT_TYPEDEF_(0x8004022BL)
/* The disc cannot be written to. */
#define IMAPI_E_CANNOT_WRITE_TO_MEDIA _HRESULT_TYPEDEF_(0x8004022CL)
/* An audio track is shorter than the format allows. */
#define IMAPI_E_TRACK_NOT_BIG_ENOUGH _HRESULT_TYPEDEF_(0x8004022DL)
/* A boot image can only be put onto a blank disc. */
#define IMAPI_E_BOOTIMAGE_AND_NONBLANK_DISC _HRESULT_TYPEDEF_(0x8004022EL)

#endif
