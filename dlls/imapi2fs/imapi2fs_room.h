/*
 * Private to imapi2fs.dll: the structs of its classes, and what their files give each other. Who may do what:
 * the tree of an image is touched only under the image's lock (image_lock); nothing of a client (a stream, a
 * sink) is called under it. Work that needs both marks the image busy instead (image_begin), which turns
 * every other change away.
 */
#ifndef IMAPI2FS_ROOM_H
#define IMAPI2FS_ROOM_H

#include "com/com.h"
#include "com/stream.h"
#include "com/values.h"

#include "openimapi/fs_image.h"
#include "openimapi/fs_import.h"

#include <imapi2.h>
#include <imapi2fs.h>

#include "imapi2error.h"
#include "imapi2fserror.h"

struct image;
struct sessions;

/* --- errors.c ---------------------------------------------------------------------------------------- */

/* The one table from statuses to result codes. */
HRESULT fsi_hresult(enum oi_status status);

/* Ends a method that failed in the core: sets IErrorInfo with the inserts of the code, clears the detail
   (which may be NULL), returns the code. S_OK for OI_OK. */
HRESULT fsi_fail(void *iface, enum oi_status status, struct fs_detail *detail);

/* IMAPI_E_INVALID_PARAM, naming the parameter. */
HRESULT fsi_invalid(void *iface, const WCHAR *parameter);

/* Ends a method that failed in a Windows call. */
HRESULT fsi_fail_win32(void *iface, DWORD error);

/* Ends a method in which a file's source could not be read, or gave found instead of source->size bytes
   (OI_SOURCE_SIZE). Says why, when the source knows. path is what the user calls the file. */
HRESULT fsi_fail_source(void *iface, enum oi_status status, struct source *source, const WCHAR *path,
                        uint64_t found);

/* --- image.c ----------------------------------------------------------------------------------------- */

/* MsftFileSystemImage. */
struct image
{
    struct com_object base;
    struct fs_tree *tree;
    unsigned results;                   /* result images that still have a stream: read-only while not 0 */
    BOOL busy;                          /* a change is going on that calls clients */
    size_t step;                        /* of the journal, while busy */
    BOOL stage_files;
    LONG free_blocks;                   /* as put: 0 and less are no limit */
    LONG session_start;
    WCHAR volume_name[FS_VOLUME_NAME_MAX + 1];
    WCHAR *working_directory;
    struct stash *stash;                /* NULL until the first file is staged */
    struct sessions *sessions;          /* counted; NULL until MultisessionInterfaces is put */
    struct imported *imported;          /* the session that the image goes on from; NULL: none */
    struct stream_gate *gate;
    struct source **streams;            /* clients' streams in the tree, see image_keep_stream */
    size_t stream_count, stream_room;
    struct boot_list *boot;             /* the IBootOptions that were put; NULL: none */
};

extern const struct com_class image_class;

#define IMAGE_SELF(iface) COM_SELF(struct image, iface)

static inline void image_lock(struct image *image) { com_lock(&image->base); }
static inline void image_unlock(struct image *image) { com_unlock(&image->base); }

/* With the lock held: may the tree and its items be changed? Else IMAPI_E_READONLY (nothing set on a
   thread). */
HRESULT image_check_changeable(const struct image *image);

/*
 * A change that calls clients or takes long: marks the image busy, and everything until image_end becomes
 * one step of the journal, which is taken back unless keep is set. Both take the lock themselves.
 * image_begin fails with IMAPI_E_READONLY, set on iface.
 */
HRESULT image_begin(struct image *image, void *iface);
void image_end(struct image *image, BOOL keep);

/*
 * A client's stream in the tree may be released only with no lock held, but the tree lets go of its items
 * under the lock. So the image counts each once more (image_keep_stream, lock not held) until
 * image_drop_streams, which is called without the lock after anything that may have freed items, finds that
 * nobody else has it.
 */
enum oi_status image_keep_stream(struct image *image, struct source *stream);
void image_drop_streams(struct image *image);

/* Now, for the times of items. */
fs_time fsi_now(void);

/* --- boot_options.c, image_boot.c: booting ------------------------------------------------------------ */

extern const struct com_class boot_options_class;

/* What there is of an IBootOptions; argument of com_create for a copy. */
struct boot_values
{
    struct source *image;
    WCHAR manufacturer[FS_BOOT_MANUFACTURER + 2];   /* one more, to see that it is too long */
    PlatformId platform;
    EmulationType emulation;
};

/* The bytes that are recorded of a manufacturer. FALSE: not ANSI, or too many of them. NULL is allowed. */
BOOL boot_manufacturer(const WCHAR *text, uint8_t bytes[FS_BOOT_MANUFACTURER]);

/* The boot image of options that are one of our copies, counted. NULL: another object, or none. */
struct source *boot_options_copy(IBootOptions *options);

/* Looks at the options that were put once more, for a result. Sets the error. Lock not held. */
HRESULT image_boot_refresh(struct image *image, void *iface);

/* Were boot options put? Takes the lock. */
BOOL image_is_bootable(struct image *image);

/* With the lock held: may the image be bootable? Else IMAPI_E_BOOT_OBJECT_CONFLICT (nothing set on a
   thread). bootable: whether it is to be. */
HRESULT image_check_boot(const struct image *image, BOOL bootable);

/* For the end of the image. */
void image_boot_release(struct image *image);

/* --- image_events.c ---------------------------------------------------------------------------------- */

/* Tells the sinks that copied of total bytes of a file are taken in, as DFileSystemImageEvents wants it: at
   0, at each whole megabyte that lies between *told and copied, and at the end. *told starts at 0. No lock
   may be held. */
struct image_progress
{
    const WCHAR *path;                  /* in the image */
    uint64_t total;                     /* bytes */
    uint64_t told;                      /* sectors reported last */
    BOOL begun;
};

void image_progress(struct image *image, struct image_progress *progress, uint64_t copied);

/* Tells the sinks of DFileSystemImageImportEvents how far an import is. No lock may be held. */
void image_import_progress(struct image *image, enum fs_kind kind, const struct fs_import_progress *progress);

#include "imapi2fs/sources_room.h"

/* --- sessions.c: multi-session objects ---------------------------------------------------------------- */

/* What the object in use says of the disc, in blocks. */
struct session_facts
{
    BOOL random;                        /* rewritable: the session to come shares one with those before */
    BOOL blank;                         /* nothing else is set then, but free_blocks and next_writable */
    LONG previous_start, last_written;  /* the last session */
    LONG next_writable;                 /* random: 0 */
    LONG free_blocks;                   /* random: the whole medium */
    LONG write_unit;
};

/* Takes the objects of put_MultisessionInterfaces and chooses among them. Fails with the codes documented for
   it, set on iface. No lock may be held here and below. */
HRESULT sessions_create(void *iface, SAFEARRAY *array, struct sessions **out);
struct sessions *sessions_ref(struct sessions *sessions);
void sessions_release(struct sessions *sessions);       /* NULL is allowed */

/* The objects again, in a new array; none for NULL. */
HRESULT sessions_array(const struct sessions *sessions, SAFEARRAY **out);

/* Does the object in use still work with what is in the drive? Else IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE.
   */
HRESULT sessions_check(const struct sessions *sessions, void *iface);

/* Asks the object in use now. Failures are set on iface. */
HRESULT sessions_facts(const struct sessions *sessions, void *iface, struct session_facts *facts);
HRESULT sessions_recorder(const struct sessions *sessions, void *iface, IDiscRecorder2 **out);

/* --- image_disc.c, image_import.c -------------------------------------------------------------------- */

/* What was imported. */
struct imported
{
    unsigned file_systems;              /* all that the session has: the new one must have the same */
    uint64_t disc_identifier;
    struct source *disc;
    struct session_facts facts;
    struct fs_volume_info volume;       /* the file system that was taken */
    struct fs_earlier earlier;          /* how the new session goes on from it */
};

void imported_free(struct imported *imported);          /* NULL is allowed; no lock may be held */

/* The objects that were put last, counted; NULL without any. */
struct sessions *image_sessions(struct image *image);

/* Opens the disc that the sessions speak of; disc->source is counted. Failures are set on iface, here and
   below. IMAPI_E_EMPTY_DISC. */
HRESULT image_open_disc(void *iface, const struct sessions *sessions, struct session_facts *facts,
                        struct fs_disc *disc);

/* The file systems of a session. Trouble on the way to them is told as none that is supported. */
HRESULT image_identify(void *iface, const struct fs_disc *disc, unsigned *kinds);

/* Is there anything at all where a session's file systems begin? */
BOOL image_disc_has_data(const struct fs_disc *disc);

/* Ends a failed look at a disc; kind: the file system that was looked at, 0 for none in particular. Clears
   the detail, which may be NULL. */
HRESULT image_fail_import(void *iface, enum oi_status status, const struct fs_disc *disc, unsigned kind,
                          struct fs_detail *detail);

/* Sixteen digits: of a disc, 0 for none. */
void disc_identifier_text(uint64_t identifier, WCHAR out[17]);

/* With the lock held: may the image have this UDF revision? An imported session fixes it. Nothing is set on a
   thread. */
HRESULT image_check_revision(const struct image *image, unsigned revision);

/* For a result: looks whether the disc in the drive is the one that was imported (else IMAPI_E_DISC_MISMATCH,
   set on iface), and gives it as fs_layout_create wants it, counted. S_OK, NULL and 0 without an import. No
   lock may be held. */
HRESULT image_take_disc(struct image *image, void *iface, struct source **disc, uint64_t *identifier);

/* For a result, before the one above: copies imported files that the new session records anew into the stash,
   since a recorder that writes cannot read. Failures are set on iface. No lock may be held. */
HRESULT image_fetch_moving(struct image *image, void *iface);

/* --- item.c, directory.c, directory_tree.c, file.c --------------------------------------------------- */

/* FsiDirectoryItem and FsiFileItem: an item of the tree seen from COM. Every one that is asked for is a new
   object. */
struct item
{
    struct com_object base;
    struct image *image;                /* counted */
    struct fs_item *node;               /* counted */
};

extern const struct com_class directory_item_class, file_item_class;

/* An object of the class that the node's type needs. Counts both for itself. */
HRESULT item_create(struct image *image, struct fs_item *node, REFIID iid, void **out);

/* The same of another class whose object is a struct item. */
HRESULT item_create_of(const struct com_class *class, struct image *image, struct fs_item *node, REFIID iid,
                       void **out);

/* The item behind a client's IFsiItem, when it is one of ours and belongs to this image; else NULL. */
struct item *item_of_client(struct image *image, void *iface);

/* init and destroy of both classes. */
HRESULT item_init(struct com_object *object, void *args);
void item_destroy(struct com_object *object);

/* Path in the image; for an item outside of it what there is. NULL when memory is out; free(). Takes the
   lock. */
WCHAR *item_path(struct image *image, const struct fs_item *node);

/* IMAPI_E_NOT_IN_FILE_SYSTEM, naming the item. Lock not held. */
HRESULT item_not_in_image(void *iface, struct item *item);

HRESULT STDMETHODCALLTYPE item_get_Name(IFsiItem *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE item_get_FullPath(IFsiItem *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE item_get_CreationTime(IFsiItem *iface, DATE *value);
HRESULT STDMETHODCALLTYPE item_put_CreationTime(IFsiItem *iface, DATE value);
HRESULT STDMETHODCALLTYPE item_get_LastAccessedTime(IFsiItem *iface, DATE *value);
HRESULT STDMETHODCALLTYPE item_put_LastAccessedTime(IFsiItem *iface, DATE value);
HRESULT STDMETHODCALLTYPE item_get_LastModifiedTime(IFsiItem *iface, DATE *value);
HRESULT STDMETHODCALLTYPE item_put_LastModifiedTime(IFsiItem *iface, DATE value);
HRESULT STDMETHODCALLTYPE item_get_IsHidden(IFsiItem *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE item_put_IsHidden(IFsiItem *iface, VARIANT_BOOL value);
HRESULT STDMETHODCALLTYPE item_FileSystemName(IFsiItem *iface, FsiFileSystems file_system, BSTR *value);
HRESULT STDMETHODCALLTYPE item_FileSystemPath(IFsiItem *iface, FsiFileSystems file_system, BSTR *value);

/* Slots 7 to 18 of interface I, derived from IFsiItem. */
#define FSI_ITEM_METHODS(I)                                                                                  \
    (HRESULT(STDMETHODCALLTYPE *)(I *, BSTR *))item_get_Name,                                                \
    (HRESULT(STDMETHODCALLTYPE *)(I *, BSTR *))item_get_FullPath,                                            \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE *))item_get_CreationTime,                                        \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE))item_put_CreationTime,                                          \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE *))item_get_LastAccessedTime,                                    \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE))item_put_LastAccessedTime,                                      \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE *))item_get_LastModifiedTime,                                    \
    (HRESULT(STDMETHODCALLTYPE *)(I *, DATE))item_put_LastModifiedTime,                                      \
    (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL *))item_get_IsHidden,                                    \
    (HRESULT(STDMETHODCALLTYPE *)(I *, VARIANT_BOOL))item_put_IsHidden,                                      \
    (HRESULT(STDMETHODCALLTYPE *)(I *, FsiFileSystems, BSTR *))item_FileSystemName,                          \
    (HRESULT(STDMETHODCALLTYPE *)(I *, FsiFileSystems, BSTR *))item_FileSystemPath

/* directory.c: puts a file item with its data below a directory, and stages the data first if wanted.
   Reports progress. The image is busy, the lock is not held. Sets the error. */
HRESULT directory_add_file(struct image *image, void *iface, struct fs_item *directory, struct fs_item *file,
                           BOOL stage);

/* directory_tree.c: AddTree once the arguments are checked; iface is that of the method, for errors. */
HRESULT directory_add_tree(struct item *self, void *iface, const WCHAR *source, BOOL with_base,
                           BOOL with_streams);

/* item_enum.c: the children of a directory, or the named streams of a file, as they are now. Sets no
   error. */
HRESULT item_enum_variant(struct image *image, const struct fs_item *of, IEnumVARIANT **out);
HRESULT item_enum(struct image *image, const struct fs_item *of, IEnumFsiItems **out);

/* --- named_streams.c, host_streams.c ----------------------------------------------------------------- */

extern const struct com_class named_streams_class;

/* The collection of a file's named streams. */
HRESULT named_streams_create(struct item *file, IFsiNamedStreams **out);

/* Puts a stream with its data behind those of a file in the tree, and stages the data first if wanted. The
   image is busy, the lock is not held. Sets the error. */
HRESULT named_stream_add(struct image *image, void *iface, struct fs_item *file, const WCHAR *name,
                         struct source *data, const struct fs_times *times, BOOL stage);

/* The success code after a change of named streams: are they recorded? Takes the lock. */
HRESULT named_streams_done(struct image *image);

#define HOST_STREAMS_MAX 1000           /* of one file; the others are lost, as the reference has it */

/* Gives the names of the named streams of a file of this computer to a function, until it fails with what is
   returned then. *error: a Windows error of the listing itself, else 0. */
HRESULT host_streams_each(const WCHAR *path, DWORD *error, HRESULT (*take)(void *context, const WCHAR *name),
                          void *context);

/* --- iso_manager.c ----------------------------------------------------------------------------------- */

extern const struct com_class iso_manager_class;

/* --- block_range.c ----------------------------------------------------------------------------------- */

extern const struct com_class block_range_class, block_range_list_class;

/* An IBlockRangeList over the modified blocks of a layout that has such. */
HRESULT block_range_list_create(struct fs_layout *layout, IBlockRangeList **out);

/* Its BlockRanges, for any object of the interface: a fresh array. Sets no error. */
HRESULT block_ranges_of(const struct fs_layout *layout, SAFEARRAY **out);

/* --- image_result.c, progress_items.c ---------------------------------------------------------------- */

/* Lays out the tree as it is and makes the result object. */
HRESULT result_create(struct image *image, void *iface, IFileSystemImageResult **out);

HRESULT progress_items_create(struct fs_layout *layout, IProgressItems **out);

extern const struct com_class result_class, image_stream_class, progress_items_class, progress_item_class,
    partial_stream_class;

/* --- the slots of IFileSystemImage3 that stand in other files than image.c --------------------------- */

/* image_media.c: how much fits, which file systems, what suits a medium. */

/* Ends a put of options of the tree. Content that no longer fits is IMAPI_E_IMAGE_TOO_BIG: no item is to
   blame. Clears the detail. */
HRESULT image_fail_options(void *iface, enum oi_status status, struct fs_detail *detail);

HRESULT STDMETHODCALLTYPE image_get_FreeMediaBlocks(IFileSystemImage3 *iface, LONG *value);
HRESULT STDMETHODCALLTYPE image_put_FreeMediaBlocks(IFileSystemImage3 *iface, LONG value);
HRESULT STDMETHODCALLTYPE image_SetMaxMediaBlocksFromDevice(IFileSystemImage3 *iface,
                                                            IDiscRecorder2 *recorder);
HRESULT STDMETHODCALLTYPE image_get_UsedBlocks(IFileSystemImage3 *iface, LONG *value);
HRESULT STDMETHODCALLTYPE image_get_FileSystemsToCreate(IFileSystemImage3 *iface, FsiFileSystems *value);
HRESULT STDMETHODCALLTYPE image_put_FileSystemsToCreate(IFileSystemImage3 *iface, FsiFileSystems value);
HRESULT STDMETHODCALLTYPE image_get_FileSystemsSupported(IFileSystemImage3 *iface, FsiFileSystems *value);
HRESULT STDMETHODCALLTYPE image_ChooseImageDefaults(IFileSystemImage3 *iface, IDiscRecorder2 *recorder);
HRESULT STDMETHODCALLTYPE image_ChooseImageDefaultsForMediaType(IFileSystemImage3 *iface,
                                                                IMAPI_MEDIA_PHYSICAL_TYPE value);

/* image_rules.c: what names and structures may be. */
HRESULT STDMETHODCALLTYPE image_get_StrictFileSystemCompliance(IFileSystemImage3 *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE image_put_StrictFileSystemCompliance(IFileSystemImage3 *iface, VARIANT_BOOL value);
HRESULT STDMETHODCALLTYPE image_get_UseRestrictedCharacterSet(IFileSystemImage3 *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE image_put_UseRestrictedCharacterSet(IFileSystemImage3 *iface, VARIANT_BOOL value);
HRESULT STDMETHODCALLTYPE image_put_UDFRevision(IFileSystemImage3 *iface, LONG value);
HRESULT STDMETHODCALLTYPE image_get_UDFRevision(IFileSystemImage3 *iface, LONG *value);
HRESULT STDMETHODCALLTYPE image_get_UDFRevisionsSupported(IFileSystemImage3 *iface, SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE image_put_ISO9660InterchangeLevel(IFileSystemImage3 *iface, LONG value);
HRESULT STDMETHODCALLTYPE image_get_ISO9660InterchangeLevel(IFileSystemImage3 *iface, LONG *value);
HRESULT STDMETHODCALLTYPE image_get_ISO9660InterchangeLevelsSupported(IFileSystemImage3 *iface,
                                                                      SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE image_get_CreateRedundantUdfMetadataFiles(IFileSystemImage3 *iface,
                                                                    VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE image_put_CreateRedundantUdfMetadataFiles(IFileSystemImage3 *iface,
                                                                    VARIANT_BOOL value);

/* image_volume.c: volume names and the working directory. */
HRESULT STDMETHODCALLTYPE image_get_VolumeName(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_put_VolumeName(IFileSystemImage3 *iface, BSTR value);
HRESULT STDMETHODCALLTYPE image_get_VolumeNameUDF(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_get_VolumeNameJoliet(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_get_VolumeNameISO9660(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_get_WorkingDirectory(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_put_WorkingDirectory(IFileSystemImage3 *iface, BSTR value);
HRESULT STDMETHODCALLTYPE image_get_StageFiles(IFileSystemImage3 *iface, VARIANT_BOOL *value);
HRESULT STDMETHODCALLTYPE image_put_StageFiles(IFileSystemImage3 *iface, VARIANT_BOOL value);

/* image_boot.c: booting. */
HRESULT STDMETHODCALLTYPE image_get_BootImageOptions(IFileSystemImage3 *iface, IBootOptions **value);
HRESULT STDMETHODCALLTYPE image_put_BootImageOptions(IFileSystemImage3 *iface, IBootOptions *value);
HRESULT STDMETHODCALLTYPE image_get_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE image_put_BootImageOptionsArray(IFileSystemImage3 *iface, SAFEARRAY *value);

/* image_disc.c, image_import.c: earlier sessions. */
HRESULT STDMETHODCALLTYPE image_get_SessionStartBlock(IFileSystemImage3 *iface, LONG *value);
HRESULT STDMETHODCALLTYPE image_put_SessionStartBlock(IFileSystemImage3 *iface, LONG value);
HRESULT STDMETHODCALLTYPE image_get_ImportedVolumeName(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_CalculateDiscIdentifier(IFileSystemImage3 *iface, BSTR *value);
HRESULT STDMETHODCALLTYPE image_IdentifyFileSystemsOnDisc(IFileSystemImage3 *iface, IDiscRecorder2 *recorder,
                                                          FsiFileSystems *value);
HRESULT STDMETHODCALLTYPE image_GetDefaultFileSystemForImport(IFileSystemImage3 *iface,
                                                              FsiFileSystems file_systems,
                                                              FsiFileSystems *value);
HRESULT STDMETHODCALLTYPE image_ImportFileSystem(IFileSystemImage3 *iface, FsiFileSystems *value);
HRESULT STDMETHODCALLTYPE image_ImportSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value);
HRESULT STDMETHODCALLTYPE image_get_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY **value);
HRESULT STDMETHODCALLTYPE image_put_MultisessionInterfaces(IFileSystemImage3 *iface, SAFEARRAY *value);
HRESULT STDMETHODCALLTYPE image_ProbeSpecificFileSystem(IFileSystemImage3 *iface, FsiFileSystems value,
                                                        VARIANT_BOOL *appendable);

#endif
