/*
 * Result of every core function.
 *
 * Zero is success; results come back through pointers, which are untouched on failure unless a function
 * says otherwise. A drive that answers CHECK CONDITION yields OI_SENSE: the sense bytes stay where the
 * command was sent from (struct transport_command, struct mmc_drive).
 */
#ifndef OPENIMAPI_STATUS_H
#define OPENIMAPI_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* X(name, text): the text is for logs, in English; users read the message tables of the DLLs. */
#define OI_STATUS_LIST(X)                                                                                    \
    X(OI_OK, "success")                                                                                      \
    X(OI_NO_MEMORY, "out of memory")                                                                         \
    X(OI_INVALID_ARGUMENT, "invalid argument")                                                               \
    X(OI_NOT_SUPPORTED, "not supported")                                                                     \
    X(OI_CANCELLED, "cancelled on request")                                                                  \
    X(OI_IO, "input or output error")                                                                        \
    /* sources */                                                                                            \
    X(OI_SOURCE_OPEN, "the source could not be opened")                                                      \
    X(OI_SOURCE_READ, "the source could not be read")                                                        \
    X(OI_SOURCE_SIZE, "the source gave another number of bytes than announced")                              \
    /* transport and drive */                                                                                \
    X(OI_SENSE, "the drive answered with sense data")                                                        \
    X(OI_TIMEOUT, "the drive did not answer in time")                                                        \
    X(OI_DEVICE_GONE, "the device is gone")                                                                  \
    X(OI_DEVICE_HANDLE, "the device handle is no longer valid")                                              \
    X(OI_LOCKED, "another client holds the device")                                                          \
    X(OI_INVALID_RESPONSE, "the drive answered too little or garbage")                                       \
    X(OI_UNEXPECTED_RESPONSE, "the drive answered something else than was asked for")                        \
    X(OI_NO_GET_CONFIGURATION, "the drive does not know GET CONFIGURATION")                                  \
    X(OI_NO_FEATURE, "the drive lacks the feature")                                                          \
    X(OI_FEATURE_NOT_CURRENT, "the feature is not current")                                                  \
    X(OI_NO_MODE_PAGE, "the drive lacks the mode page")                                                      \
    X(OI_NO_DISC_STRUCTURE, "the disc structure is not present")                                             \
    /* medium and burn */                                                                                    \
    X(OI_NO_MEDIUM, "no medium in the drive")                                                                \
    X(OI_MEDIUM_UNSUPPORTED, "the medium is not supported")                                                  \
    X(OI_MEDIUM_STATE, "the medium is in a state that does not allow the operation")                         \
    X(OI_MEDIUM_NOT_BLANK, "the medium is not blank")                                                        \
    X(OI_MEDIUM_NOT_FORMATTED, "the medium is not formatted")                                                \
    X(OI_MEDIUM_PROTECTED, "the medium is write protected")                                                  \
    X(OI_TOO_LARGE, "the data do not fit")                                                                   \
    X(OI_NOT_ALIGNED, "the size is no multiple of the block size")                                           \
    X(OI_LOSS_OF_STREAMING, "data came too slowly")                                                          \
    X(OI_VERIFY_FAILED, "what was read back differs from what was written")                                  \
    /* file system images */                                                                                 \
    X(OI_NAME_INVALID, "the name is not valid")                                                              \
    X(OI_PATH_INVALID, "the path is not valid")                                                              \
    X(OI_NAME_RESTRICTED, "the name has characters outside the restricted set")                              \
    X(OI_NAME_EXISTS, "the name exists already")                                                             \
    X(OI_NAME_NOT_UNIQUE, "no unique name can be made")                                                      \
    X(OI_NOT_FOUND, "no such item")                                                                          \
    X(OI_DIRECTORY_NOT_FOUND, "no such directory")                                                           \
    X(OI_NOT_IN_TREE, "the item is not in the image")                                                        \
    X(OI_NO_FILE_SYSTEM, "no file system is chosen")                                                         \
    X(OI_NOT_DIRECTORY, "not a directory")                                                                   \
    X(OI_NOT_FILE, "not a file")                                                                             \
    X(OI_NOT_EMPTY, "the directory is not empty")                                                            \
    X(OI_TOO_DEEP, "directories are nested too deeply")                                                      \
    X(OI_TOO_MANY_DIRECTORIES, "too many directories")                                                       \
    X(OI_FILE_TOO_BIG, "the file is too big for the file system")                                            \
    X(OI_FORMAT, "the structure read is not valid")

enum oi_status
{
#define X(name, text) name,
    OI_STATUS_LIST(X)
#undef X
    OI_STATUS_COUNT
};

/* English text of a status; "unknown status" for a value outside the list. Never NULL, never freed. */
const char *status_text(enum oi_status status);

/* The name as written above, "OI_IO" for example. Never NULL, never freed. */
const char *status_name(enum oi_status status);

/* Forwards a failure when nothing is held. */
#define TRY(call)                                                                                            \
    do                                                                                                       \
    {                                                                                                        \
        enum oi_status try_status_ = (call);                                                                 \
        if (try_status_) return try_status_;                                                                 \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
