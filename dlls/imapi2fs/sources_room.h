/*
 * Private to imapi2fs.dll, a part of imapi2fs_room.h: where the bytes of files come from. Clients' streams,
 * discs in recorders, files of this computer, and the stash that takes copies of any of them.
 */
#ifndef IMAPI2FS_SOURCES_ROOM_H
#define IMAPI2FS_SOURCES_ROOM_H

#include "com/com.h"

#include "openimapi/source.h"

#include <imapi2.h>

struct image;
struct image_progress;
struct stash;

/* --- client_stream.c: streams of clients ------------------------------------------------------------- */

/* Lets one stream of an image be read at a time; counted, by the image and by its streams. */
struct stream_gate *stream_gate_create(void);
void stream_gate_release(struct stream_gate *gate);     /* NULL is allowed */

/* A source over a client's stream. What Stat said when it fails, or E_OUTOFMEMORY. */
HRESULT client_stream_create(struct stream_gate *gate, IStream *client, struct source **out);

/* The same for the data of a file; a stream that is the Data of an imported file gives that file's source:
   the new file lies on the disc, too. */
HRESULT image_take_stream(struct image *image, IStream *client, struct source **out);

/* What the stream said when a read failed last; S_OK for none, or for another kind of source. */
HRESULT client_stream_error(struct source *source);

/* The client's stream again, counted. E_NOINTERFACE for another kind of source. */
HRESULT client_stream_get(struct source *source, IStream **out);

/* --- disc_source.c: discs in recorders --------------------------------------------------------------- */

/* A source over so many blocks of the disc in a recorder, from block 0 on. No lock may be held when it is
   read or released. What the recorder said on failure. */
HRESULT disc_source_create(IDiscRecorder2 *recorder, uint32_t blocks, struct source **out);

/* Why the last read failed, and at which block; S_OK when it did not, or for another kind of source. */
HRESULT disc_source_error(const struct source *source, uint32_t *block);

/* First block of the last session, and the block behind the last one that can be read, of the disc in a
   recorder. What the recorder said on failure: of a blank disc there is nothing to tell. */
HRESULT disc_extent(IDiscRecorder2 *recorder, uint32_t *session_start, uint32_t *end);

/* --- stash.c: staged files --------------------------------------------------------------------------- */

/* Copies a source into the stash file of the image, made in its working directory when first needed, and
   gives a source of the copy. Reports progress, unless that is NULL: then nobody is told, and failures name
   no file. On failure sets the error on iface. The image is busy, the lock is not held. */
HRESULT stash_copy(struct image *image, void *iface, struct source *source, struct image_progress *progress,
                   struct source **out);

/* Moves the stash file to another folder. E_* or IMAPI_E_*, set on iface. stash may be NULL: only checks
   the folder. */
HRESULT stash_move(void *iface, struct stash *stash, const WCHAR *folder);

void stash_release(struct stash *stash);        /* NULL is allowed */

/* The path of the stash file behind such a source, new memory; NULL when it is another kind of source. */
WCHAR *stash_path(const struct source *source);

/* --- host_path.c: paths of this computer ------------------------------------------------------------- */

/* An absolute path that is lengthened and cut while folders are walked. Zeroed it is empty. */
struct host_path
{
    WCHAR *text;
    size_t length, room;                /* units, room with the ending zero */
    size_t prefix;                      /* units of text that the user did not write */
};

/* Makes a source absolute, with the prefix. 0 or a Windows error. */
DWORD host_path_start(struct host_path *path, const WCHAR *source);

/* Cuts to a length and puts a component behind it. */
enum oi_status host_path_set(struct host_path *path, size_t length, const WCHAR *component);

/* The same with another character in between. */
enum oi_status host_path_append(struct host_path *path, size_t length, WCHAR separator, const WCHAR *text);

void host_path_cut(struct host_path *path, size_t length);
void host_path_clear(struct host_path *path);

/* As the user knows it: without \\?\, and of \\?\UNC\server only \\server. The path cannot be used any
   more: what is shown of a share is written over the prefix. */
const WCHAR *host_path_shown(struct host_path *path);

/* On a drive whose medium can be taken out (a stick, a disc). */
BOOL host_path_is_removable(const struct host_path *path);

/* --- host_file.c: files of this computer ------------------------------------------------------------- */

struct host_folder;

/* A source over a file, opened at the first read and closed at its end. size: what it is to have. path must
   be absolute and may have the \\?\ prefix. Any thread may read. *folder: that of the file before, or NULL;
   becomes this one's, to be released behind the last. */
enum oi_status host_file_create(struct host_folder **folder, const WCHAR *path, uint64_t size,
                                struct source **out);
void host_folder_release(struct host_folder *folder);   /* NULL is allowed */

/* Opens a file as host_file does, and tells its size: what AddTree checks. attributes: as the listing of the
   folder has them. A Windows error, 0 for success. */
DWORD host_file_probe(const WCHAR *path, DWORD attributes, uint64_t *size);

/* The same, opened at once and kept open, with the size that it has. A Windows error, 0 for success. */
DWORD host_file_open(const WCHAR *path, struct source **out);

/* About the last failed read of such a source: the Windows error, 0 for none or when it is another kind of
   source. */
DWORD host_file_error(const struct source *source);

#endif
