/* Result codes of IMAPI version 2 for recorders and writers (imapi2.dll): facility 0xAA. Most failures are
 * 0xC0AAxxxx, those of erasing and of raw images mostly 0x80AAxxxx. */
#ifndef OPENIMAPI_IMAPI2ERROR_H
#define OPENIMAPI_IMAPI2ERROR_H

#include <winerror.h>

#ifndef FACILITY_IMAPI2
#define FACILITY_IMAPI2 (0xAA)
#endif

/* --- General -------------------------------------------------------------------------------------------- */

/* CancelWrite or CancelAddTrack ended the operation. */
#define E_IMAPI_REQUEST_CANCELLED _HRESULT_TYPEDEF_(0xC0AA0002L)
/* No recorder is attached. */
#define E_IMAPI_RECORDER_REQUIRED _HRESULT_TYPEDEF_(0xC0AA0003L)
/* Success, but with another speed than the requested one. */
#define S_IMAPI_SPEEDADJUSTED _HRESULT_TYPEDEF_(0x00AA0004L)
/* Success, but with another type of rotation than the requested one. */
#define S_IMAPI_ROTATIONADJUSTED _HRESULT_TYPEDEF_(0x00AA0005L)
/* Success, but with another speed and another type of rotation. */
#define S_IMAPI_BOTHADJUSTED _HRESULT_TYPEDEF_(0x00AA0006L)
/* Verification found that the disc does not hold what was written. */
#define E_IMAPI_BURN_VERIFICATION_FAILED _HRESULT_TYPEDEF_(0xC0AA0007L)

/* --- Recorder ------------------------------------------------------------------------------------------- */

/* The drive took the command and answered it with sense data. */
#define S_IMAPI_COMMAND_HAS_SENSE_DATA _HRESULT_TYPEDEF_(0x00AA0200L)
/* The drive has no mode page of that code and kind. */
#define E_IMAPI_RECORDER_NO_SUCH_MODE_PAGE _HRESULT_TYPEDEF_(0xC0AA0201L)
/* The drive is empty. */
#define E_IMAPI_RECORDER_MEDIA_NO_MEDIA _HRESULT_TYPEDEF_(0xC0AA0202L)
/* The disc is of an unknown physical format, or one that the drive cannot use. */
#define E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE _HRESULT_TYPEDEF_(0xC0AA0203L)
/* The disc lies with the wrong side up. */
#define E_IMAPI_RECORDER_MEDIA_UPSIDE_DOWN _HRESULT_TYPEDEF_(0xC0AA0204L)
/* The drive is getting ready; try again. */
#define E_IMAPI_RECORDER_MEDIA_BECOMING_READY _HRESULT_TYPEDEF_(0xC0AA0205L)
/* The disc is being formatted. */
#define E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0206L)
/* The drive is busy with a long operation, such as the completion of a write. */
#define E_IMAPI_RECORDER_MEDIA_BUSY _HRESULT_TYPEDEF_(0xC0AA0207L)
/* The drive refuses this combination of mode parameters. */
#define E_IMAPI_RECORDER_INVALID_MODE_PARAMETERS _HRESULT_TYPEDEF_(0xC0AA0208L)
/* The drive reports the disc as write protected. */
#define E_IMAPI_RECORDER_MEDIA_WRITE_PROTECTED _HRESULT_TYPEDEF_(0xC0AA0209L)
/* The drive does not have the feature. */
#define E_IMAPI_RECORDER_NO_SUCH_FEATURE _HRESULT_TYPEDEF_(0xC0AA020AL)
/* The drive has the feature, but not with what is in it now. */
#define E_IMAPI_RECORDER_FEATURE_IS_NOT_CURRENT _HRESULT_TYPEDEF_(0xC0AA020BL)
/* The drive does not know GET CONFIGURATION. */
#define E_IMAPI_RECORDER_GET_CONFIGURATION_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA020CL)
/* The drive did not accept the command in time. */
#define E_IMAPI_RECORDER_COMMAND_TIMEOUT _HRESULT_TYPEDEF_(0xC0AA020DL)
/* The drive or the disc does not have the DVD structure. */
#define E_IMAPI_RECORDER_DVD_STRUCTURE_NOT_PRESENT _HRESULT_TYPEDEF_(0xC0AA020EL)
/* The speed class of the disc is outside the range of the drive. */
#define E_IMAPI_RECORDER_MEDIA_SPEED_MISMATCH _HRESULT_TYPEDEF_(0xC0AA020FL)
/* Somebody else holds exclusive access to the drive. */
#define E_IMAPI_RECORDER_LOCKED _HRESULT_TYPEDEF_(0xC0AA0210L)
/* The client name is empty, too long, or has a forbidden character. */
#define E_IMAPI_RECORDER_CLIENT_NAME_IS_NOT_VALID _HRESULT_TYPEDEF_(0xC0AA0211L)
/* The disc has to be formatted before it can be used. */
#define E_IMAPI_RECORDER_MEDIA_NOT_FORMATTED _HRESULT_TYPEDEF_(0xC0AA0212L)
/* The reply of the drive is malformed. */
#define E_IMAPI_RECORDER_INVALID_RESPONSE_FROM_DEVICE _HRESULT_TYPEDEF_(0xC0AA02FFL)

/* --- Write engine --------------------------------------------------------------------------------------- */

/* The data came too slowly, and the write broke off. */
#define E_IMAPI_LOSS_OF_STREAMING _HRESULT_TYPEDEF_(0xC0AA0300L)
/* The drive reported an error that cannot be recovered from. */
#define E_IMAPI_UNEXPECTED_RESPONSE_FROM_DEVICE _HRESULT_TYPEDEF_(0xC0AA0301L)
/* Success, but the write has not begun, so that there is nothing to cancel. */
#define S_IMAPI_WRITE_NOT_IN_PROGRESS _HRESULT_TYPEDEF_(0x00AA0302L)

/* --- Data discs: IDiscFormat2Data ----------------------------------------------------------------------- */

/* A write is running. */
#define E_IMAPI_DF2DATA_WRITE_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0400L)
/* No write is running. */
#define E_IMAPI_DF2DATA_WRITE_NOT_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0401L)
/* The disc is not in a state that the call can be answered for. */
#define E_IMAPI_DF2DATA_INVALID_MEDIA_STATE _HRESULT_TYPEDEF_(0xC0AA0402L)
/* The size of the stream is no multiple of 2048 bytes. */
#define E_IMAPI_DF2DATA_STREAM_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0403L)
/* The stream does not fit onto the disc. */
#define E_IMAPI_DF2DATA_STREAM_TOO_LARGE_FOR_CURRENT_MEDIA _HRESULT_TYPEDEF_(0xC0AA0404L)
/* The disc is not blank, and ForceOverwrite is not set. */
#define E_IMAPI_DF2DATA_MEDIA_NOT_BLANK _HRESULT_TYPEDEF_(0xC0AA0405L)
/* The type of the disc is not supported. */
#define E_IMAPI_DF2DATA_MEDIA_IS_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0406L)
/* The drive lacks what writing data needs. */
#define E_IMAPI_DF2DATA_RECORDER_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0407L)
/* The client name is empty, too long, or has a forbidden character. */
#define E_IMAPI_DF2DATA_CLIENT_NAME_IS_NOT_VALID _HRESULT_TYPEDEF_(0xC0AA0408L)

/* --- Audio discs, track at once: IDiscFormat2TrackAtOnce ------------------------------------------------ */

/* A track is being written. */
#define E_IMAPI_DF2TAO_WRITE_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0500L)
/* No track is being written. */
#define E_IMAPI_DF2TAO_WRITE_NOT_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0501L)
/* PrepareMedia has to be called first. */
#define E_IMAPI_DF2TAO_MEDIA_IS_NOT_PREPARED _HRESULT_TYPEDEF_(0xC0AA0502L)
/* The disc is prepared; ReleaseMedia has to be called first. */
#define E_IMAPI_DF2TAO_MEDIA_IS_PREPARED _HRESULT_TYPEDEF_(0xC0AA0503L)
/* The property cannot be changed any more once the disc has been written to. */
#define E_IMAPI_DF2TAO_PROPERTY_FOR_BLANK_MEDIA_ONLY _HRESULT_TYPEDEF_(0xC0AA0504L)
/* A blank disc has no table of contents. */
#define E_IMAPI_DF2TAO_TABLE_OF_CONTENTS_EMPTY_DISC _HRESULT_TYPEDEF_(0xC0AA0505L)
/* The disc is CD-R or CD-RW, but not blank. */
#define E_IMAPI_DF2TAO_MEDIA_IS_NOT_BLANK _HRESULT_TYPEDEF_(0xC0AA0506L)
/* The disc is neither CD-R nor CD-RW. */
#define E_IMAPI_DF2TAO_MEDIA_IS_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0507L)
/* The disc has 99 tracks already. */
#define E_IMAPI_DF2TAO_TRACK_LIMIT_REACHED _HRESULT_TYPEDEF_(0xC0AA0508L)
/* The track does not fit into the space that is left. */
#define E_IMAPI_DF2TAO_NOT_ENOUGH_SPACE _HRESULT_TYPEDEF_(0xC0AA0509L)
/* No recorder is attached. */
#define E_IMAPI_DF2TAO_NO_RECORDER_SPECIFIED _HRESULT_TYPEDEF_(0xC0AA050AL)
/* The ISRC is not valid. */
#define E_IMAPI_DF2TAO_INVALID_ISRC _HRESULT_TYPEDEF_(0xC0AA050BL)
/* The media catalog number is not valid. */
#define E_IMAPI_DF2TAO_INVALID_MCN _HRESULT_TYPEDEF_(0xC0AA050CL)
/* The stream is no acceptable audio track. */
#define E_IMAPI_DF2TAO_STREAM_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA050DL)
/* The drive lacks what writing audio tracks needs. */
#define E_IMAPI_DF2TAO_RECORDER_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA050EL)
/* The client name is empty, too long, or has a forbidden character. */
#define E_IMAPI_DF2TAO_CLIENT_NAME_IS_NOT_VALID _HRESULT_TYPEDEF_(0xC0AA050FL)

/* --- Raw CDs: IDiscFormat2RawCD ------------------------------------------------------------------------- */

/* A write is running. */
#define E_IMAPI_DF2RAW_WRITE_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0600L)
/* No write is running. */
#define E_IMAPI_DF2RAW_WRITE_NOT_IN_PROGRESS _HRESULT_TYPEDEF_(0xC0AA0601L)
/* PrepareMedia has to be called first. */
#define E_IMAPI_DF2RAW_MEDIA_IS_NOT_PREPARED _HRESULT_TYPEDEF_(0xC0AA0602L)
/* The disc is prepared; ReleaseMedia has to be called first. */
#define E_IMAPI_DF2RAW_MEDIA_IS_PREPARED _HRESULT_TYPEDEF_(0xC0AA0603L)
/* The client name is empty, too long, or has a forbidden character. */
#define E_IMAPI_DF2RAW_CLIENT_NAME_IS_NOT_VALID _HRESULT_TYPEDEF_(0xC0AA0604L)
/* The disc is CD-R or CD-RW, but not blank. */
#define E_IMAPI_DF2RAW_MEDIA_IS_NOT_BLANK _HRESULT_TYPEDEF_(0xC0AA0606L)
/* The disc is neither CD-R nor CD-RW. */
#define E_IMAPI_DF2RAW_MEDIA_IS_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0607L)
/* The image does not fit onto the disc. */
#define E_IMAPI_DF2RAW_NOT_ENOUGH_SPACE _HRESULT_TYPEDEF_(0xC0AA0609L)
/* No recorder is attached. */
#define E_IMAPI_DF2RAW_NO_RECORDER_SPECIFIED _HRESULT_TYPEDEF_(0xC0AA060AL)
/* The stream is no acceptable raw image. */
#define E_IMAPI_DF2RAW_STREAM_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA060DL)
/* The drive cannot write sectors of the requested type. */
#define E_IMAPI_DF2RAW_DATA_BLOCK_TYPE_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA060EL)
/* The stream has fewer lead-in sectors than the disc needs. */
#define E_IMAPI_DF2RAW_STREAM_LEADIN_TOO_SHORT _HRESULT_TYPEDEF_(0xC0AA060FL)
/* The drive lacks what raw writing needs. */
#define E_IMAPI_DF2RAW_RECORDER_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0610L)

/* --- Erasing: IDiscFormat2Erase ------------------------------------------------------------------------- */

/* The recorder cannot be changed while it erases. */
#define E_IMAPI_ERASE_RECORDER_IN_USE _HRESULT_TYPEDEF_(0x80AA0900L)
/* A recorder is attached already and has to be cleared first. */
#define E_IMAPI_ERASE_ONLY_ONE_RECORDER_SUPPORTED _HRESULT_TYPEDEF_(0x80AA0901L)
/* The drive's reply to READ DISC INFORMATION is too short. */
#define E_IMAPI_ERASE_DISC_INFORMATION_TOO_SMALL _HRESULT_TYPEDEF_(0x80AA0902L)
/* The drive's mode page 2Ah is too short. */
#define E_IMAPI_ERASE_MODE_PAGE_2A_TOO_SMALL _HRESULT_TYPEDEF_(0x80AA0903L)
/* The drive reports the disc as not erasable. */
#define E_IMAPI_ERASE_MEDIA_IS_NOT_ERASABLE _HRESULT_TYPEDEF_(0x80AA0904L)
/* The drive failed the command that erases. */
#define E_IMAPI_ERASE_DRIVE_FAILED_ERASE_COMMAND _HRESULT_TYPEDEF_(0x80AA0905L)
/* The erase did not end within an hour. */
#define E_IMAPI_ERASE_TOOK_LONGER_THAN_ONE_HOUR _HRESULT_TYPEDEF_(0x80AA0906L)
/* The drive reported an odd error; the state of the disc is unknown. */
#define E_IMAPI_ERASE_UNEXPECTED_DRIVE_RESPONSE_DURING_ERASE _HRESULT_TYPEDEF_(0x80AA0907L)
/* The drive did not spin up. */
#define E_IMAPI_ERASE_DRIVE_FAILED_SPINUP_COMMAND _HRESULT_TYPEDEF_(0x80AA0908L)
/* Discs of this type cannot be erased. */
#define E_IMAPI_ERASE_MEDIA_IS_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA0909L)
/* The drive lacks what erasing needs. */
#define E_IMAPI_ERASE_RECORDER_NOT_SUPPORTED _HRESULT_TYPEDEF_(0xC0AA090AL)
/* The client name is empty, too long, or has a forbidden character. */
#define E_IMAPI_ERASE_CLIENT_NAME_IS_NOT_VALID _HRESULT_TYPEDEF_(0xC0AA090BL)

/* --- Raw CD images: IRawCDImageCreator, IRawCDImageTrackInfo -------------------------------------------- */

/* The image cannot be changed any more once its result has been made. */
#define E_IMAPI_RAW_IMAGE_IS_READ_ONLY _HRESULT_TYPEDEF_(0x80AA0A00L)
/* The track would have a number above 99. */
#define E_IMAPI_RAW_IMAGE_TOO_MANY_TRACKS _HRESULT_TYPEDEF_(0x80AA0A01L)
/* The image cannot hold sectors of that type. */
#define E_IMAPI_RAW_IMAGE_SECTOR_TYPE_NOT_SUPPORTED _HRESULT_TYPEDEF_(0x80AA0A02L)
/* The image has no track yet. */
#define E_IMAPI_RAW_IMAGE_NO_TRACKS _HRESULT_TYPEDEF_(0x80AA0A03L)
/* The call is only possible before the first track. */
#define E_IMAPI_RAW_IMAGE_TRACKS_ALREADY_ADDED _HRESULT_TYPEDEF_(0x80AA0A04L)
/* The lead-out would start behind its limit. */
#define E_IMAPI_RAW_IMAGE_INSUFFICIENT_SPACE _HRESULT_TYPEDEF_(0x80AA0A05L)
/* The track has 99 indexes already. */
#define E_IMAPI_RAW_IMAGE_TOO_MANY_TRACK_INDEXES _HRESULT_TYPEDEF_(0x80AA0A06L)
/* The track has no index at that place. */
#define E_IMAPI_RAW_IMAGE_TRACK_INDEX_NOT_FOUND _HRESULT_TYPEDEF_(0x80AA0A07L)
/* Success, but the index was there already. */
#define S_IMAPI_RAW_IMAGE_TRACK_INDEX_ALREADY_EXISTS _HRESULT_TYPEDEF_(0x00AA0A08L)
/* The index at the start of a track cannot be removed. */
#define E_IMAPI_RAW_IMAGE_TRACK_INDEX_OFFSET_ZERO_CANNOT_BE_CLEARED _HRESULT_TYPEDEF_(0x80AA0A09L)
/* Fewer than ten sectors lie between two indexes. */
#define E_IMAPI_RAW_IMAGE_TRACK_INDEX_TOO_CLOSE_TO_OTHER_INDEX _HRESULT_TYPEDEF_(0x80AA0A0AL)

#endif
