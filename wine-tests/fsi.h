/*
 * What tests of imapi2fs.dll share: images, host folders to add, and looking at result streams. Plain wide
 * strings stand for BSTRs, as some programs pass them.
 */
#ifndef WINE_TESTS_FSI_H
#define WINE_TESTS_FSI_H

#include "com_test.h"
#include "recorders.h"                  /* test_stream */

#include "imapi2fs.h"
#include "imapi2fserror.h"

#define B(text) ((BSTR)L##text)
#define DLL "imapi2fs.dll"

/* check_error as a statement. */
#define check_fail(hr, expected, iid, part) ((void)check_error(hr, expected, iid, part))

/* check_pair, and the IErrorInfo of the test's IFACE with this part in its text. */
#define check_told(hr, interface_, method, expected, part)                                                   \
    ((void)(check_pair(hr, interface_, method, expected) && check_error_info(IFACE, NULL, part)))

/* A new MsftFileSystemImage; NULL and a failed check. */
IFileSystemImage3 *fsi_image(void);

/* Its root. */
IFsiDirectoryItem2 *fsi_root(IFileSystemImage3 *image);

/* Root and image in one: most tests need no more. fsi_close checks that the releases are the last ones. */
struct fsi
{
    IFileSystemImage3 *image;
    IFsiDirectoryItem2 *root;
};

BOOL fsi_open(struct fsi *fsi);
#define fsi_close(fsi) fsi_close_at(__FILE__, __LINE__, fsi)
void fsi_close_at(const char *file, int line, struct fsi *fsi);

/* An item by path from the root; NULL and a failed check when it is not there. */
void *fsi_item(struct fsi *fsi, const WCHAR *path, REFIID iid);

/* Exists, as a number: 0 nothing, 1 directory, 2 file; negative the code. */
LONG fsi_exists(struct fsi *fsi, const WCHAR *path);

/* AddFile with a memory stream of that many bytes (fsi_byte). */
HRESULT fsi_add_file(struct fsi *fsi, const WCHAR *path, ULONG size);

/* Files "first" and "third", with a directory "second" between them. */
void fsi_add_three(struct fsi *fsi);

/* All three file systems, and a revision of UDF. */
void fsi_udf(struct fsi *fsi, LONG revision);

LONG fsi_file_count(struct fsi *fsi);
LONG fsi_directory_count(struct fsi *fsi);
HRESULT fsi_add_tree(struct fsi *fsi, const WCHAR *path, BOOL with_base);

/* A memory stream of fsi_byte. */
IStream *fsi_stream(ULONG size);
BYTE fsi_byte(ULONG at);

/* The result, its stream; NULL and a failed check. */
IFileSystemImageResult *fsi_result(struct fsi *fsi);
IStream *fsi_result_stream(struct fsi *fsi);

/* Everything from the stream's beginning to its end. Free with free(). NULL and a failed check. */
BYTE *fsi_read_all(IStream *stream, size_t *size);

/* Reads the image to its end, a MiB at a time, or to the first failure, which it gives. */
HRESULT fsi_read_through(IStream *stream);

/* The blocks of a file in an image, by the result's progress items; NULL: a failed check. */
const BYTE *fsi_file_in(IFileSystemImageResult *result, const BYTE *image, const WCHAR *description);

/* A fresh folder below the temp folder, and what is done in it. Paths are below the folder. */
void fsi_folder(WCHAR folder[MAX_PATH]);
/* With two files ("Read me.txt" of 100 bytes, "empty"), a folder with a third ("Sub folder\data.bin" of
   5000), and an empty folder ("Nothing in it"). */
void fsi_make_folder(WCHAR folder[MAX_PATH]);
BOOL fsi_write(const WCHAR *folder, const WCHAR *path,
               ULONG size); /* fsi_byte; 64-bit sizes are not needed */
BOOL fsi_mkdir(const WCHAR *folder, const WCHAR *path);
void fsi_delete_tree(const WCHAR *folder);

/* Under Wine: runs a script of the host's shell in a folder, for what only the host can make there (links,
   pipes, names that differ in letter case). FALSE on Windows, and when it did not end well within some
   seconds. */
BOOL fsi_host_shell(const WCHAR *folder, const char *script);

/* A path below a folder; valid for 8 calls. */
const WCHAR *fsi_path(const WCHAR *folder, const WCHAR *path);

#endif
