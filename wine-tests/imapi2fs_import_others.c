/* Imports of discs that other programs made: genisoimage, xorriso, mkudffs. The host makes them, a virtual
   recorder has them as finished discs, and the test's own multi-session object says that they can be gone on
   from. */
#include "append.h"

#include <stdlib.h>

#define IFACE &IID_IFileSystemImage3
#define I1 L"IFileSystemImage"
#define I3 L"IFileSystemImage3"

struct bench
{
    WCHAR folder[MAX_PATH];
    IDiscRecorder2 *recorder;
    struct test_session session;
    struct fsi fsi;
};

static void end(struct bench *bench)
{
    if (bench->fsi.image)
    {
        fsi_close(&bench->fsi);
        ok_int(bench->session.references, 1, "references of the session");
    }
    if (bench->recorder) check_last_release(bench->recorder);
    test_recorders_end();
    fsi_delete_tree(bench->folder);
}

/* A script of the host makes disc.iso of a folder "files" with three files. */
static BOOL begin(struct bench *bench, const char *tool, const char *script)
{
    char command[1500];
    HANDLE disc;
    LARGE_INTEGER size = { .QuadPart = 0 };
    SAFEARRAY *array;

    memset(bench, 0, sizeof(*bench));
    fsi_folder(bench->folder);
    fsi_mkdir(bench->folder, L"files");
    fsi_mkdir(bench->folder, L"files\\Sub folder");
    fsi_write(bench->folder, L"files\\Long name of a file.text", 5000);
    fsi_write(bench->folder, L"files\\Sub folder\\data.bin", 70000);
    fsi_write(bench->folder, L"files\\empty", 0);
    snprintf(command, sizeof(command), "PATH=$PATH:/usr/sbin; command -v %s >/dev/null && %s", tool, script);
    if (!fsi_host_shell(bench->folder, command))
    {
        skip("no disc made by %s", tool);
        end(bench);
        return FALSE;
    }
    test_recorder_set("dvd+r", NULL);
    if (!ok(CopyFileW(fsi_path(bench->folder, L"disc.iso"), test_recorder_disc(0), FALSE), "copy: %lu",
            GetLastError()))
        return FALSE;
    disc = CreateFileW(test_recorder_disc(0), GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    GetFileSizeEx(disc, &size);
    CloseHandle(disc);
    if (!(bench->recorder = test_recorder_open(0)) || !fsi_open(&bench->fsi)) return FALSE;
    test_session_init(&bench->session, bench->recorder, (LONG)(size.QuadPart / 2048) - 1);
    array = test_array((void *[]){ &bench->session.iface }, 1);
    ok_hr(IFileSystemImage3_put_MultisessionInterfaces(bench->fsi.image, array), S_OK, "put");
    SafeArrayDestroy(array);
    return TRUE;
}

static void check_files(struct bench *bench)
{
    struct fsi *fsi = &bench->fsi;

    append_check_file(fsi, L"Long name of a file.text", 5000);
    append_check_file(fsi, L"Sub folder\\data.bin", 70000);
    append_check_file(fsi, L"empty", 0);
}

/* The session to come can be made, and has none of the old data. */
static void check_append(struct bench *bench)
{
    IStream *stream;
    size_t size;
    BYTE *image;

    ok_hr(fsi_add_file(&bench->fsi, L"new", 3000), S_OK, "AddFile");
    ok_int(append_start(&bench->fsi), bench->session.next, "start");
    if (!(stream = fsi_result_stream(&bench->fsi))) return;
    if ((image = fsi_read_all(stream, &size)))
    {
        ok_int(size, append_used(&bench->fsi) * 2048, "bytes");
        free(image);
    }
    IStream_Release(stream);
}

TEST(disc_of_genisoimage)
{
    static const char script[] = "genisoimage -quiet -J -udf -V OTHERS -o disc.iso files";
    FsiFileSystems kind = FsiFileSystemNone;
    VARIANT_BOOL flag = 7;
    struct bench bench;
    BSTR name = NULL;

    for (LONG wanted = 1; wanted <= 4; wanted *= 2)
    {
        if (!begin(&bench, "genisoimage", script)) return;
        ok_hr(IFileSystemImage3_IdentifyFileSystemsOnDisc(bench.fsi.image, bench.recorder, &kind), S_OK,
              "identify");
        ok_int(kind, 7, "file systems");
        check_pair(IFileSystemImage3_ProbeSpecificFileSystem(bench.fsi.image, (FsiFileSystems)wanted, &flag),
                   I3, L"ProbeSpecificFileSystem", S_OK);
        ok_int(flag, wanted == 4 ? VARIANT_FALSE : VARIANT_TRUE, "appendable");
        if (wanted == 4)                            /* its domain flags, UDF 2.1.5.3, protect it */
        {
            check_fail(IFileSystemImage3_ImportSpecificFileSystem(bench.fsi.image, FsiFileSystemUDF),
                       IMAPI_E_UDF_NOT_WRITE_COMPATIBLE, IFACE, NULL);
            end(&bench);
            break;
        }
        ok_hr(IFileSystemImage3_ImportSpecificFileSystem(bench.fsi.image, (FsiFileSystems)wanted), S_OK,
              "import");
        IFileSystemImage3_get_ImportedVolumeName(bench.fsi.image, &name);
        ok_text(name, L"OTHERS", "name");
        SysFreeString(name);
        if (wanted != FsiFileSystemISO9660) check_files(&bench);
        ok_int(fsi_file_count(&bench.fsi), 3, "files");
        check_append(&bench);
        end(&bench);
    }
}

TEST(second_session_of_xorriso)
{
    static const char script[] = "xorriso -outdev disc.iso -volid FIRST -joliet on -map files / -commit "
                                 ">/dev/null 2>&1 && mkdir more && "
                                 "echo two > more/two.txt && xorriso -dev disc.iso -joliet on -volid SECOND "
                                 "-map more /more -commit >/dev/null 2>&1 && "
                                 "xorriso -indev disc.iso -toc 2>/dev/null | grep 'ISO session  :   2' | cut "
                                 "-d, -f2 | tr -d ' \\n' > start.txt";
    char text[16] = "";
    FsiFileSystems kind = FsiFileSystemNone;
    struct bench bench;
    DWORD got = 0;
    HANDLE file;
    BSTR name = NULL;

    if (!begin(&bench, "xorriso", script)) return;
    file = CreateFileW(fsi_path(bench.folder, L"start.txt"), GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
    ok(ReadFile(file, text, sizeof(text) - 1, &got, NULL), "start: %lu", GetLastError());
    CloseHandle(file);
    bench.session.start = atol(text);
    ok(bench.session.start > 32, "the second session at %ld", bench.session.start);
    ok_hr(IFileSystemImage3_ImportFileSystem(bench.fsi.image, &kind), S_OK, "import");
    ok_int(kind, FsiFileSystemJoliet, "file system");
    IFileSystemImage3_get_ImportedVolumeName(bench.fsi.image, &name);
    ok_text(name, L"SECOND", "name");
    SysFreeString(name);
    check_files(&bench);
    ok_int(fsi_file_count(&bench.fsi), 4, "files");
    ok_int(fsi_exists(&bench.fsi, L"\\more\\two.txt"), FsiItemFile, "the new file");
    check_append(&bench);
    end(&bench);
}

/* A sparable partition: nobody can go on from that as IMAPI does. */
TEST(volume_of_mkudffs_that_cannot_be_appended_to)
{
    FsiFileSystems kind = FsiFileSystemNone;
    VARIANT_BOOL flag = 7;
    struct bench bench;

    if (!begin(&bench, "mkudffs", "truncate -s 4M disc.iso && mkudffs -b 2048 -m cdrw disc.iso >/dev/null"))
        return;
    ok_hr(IFileSystemImage3_IdentifyFileSystemsOnDisc(bench.fsi.image, bench.recorder, &kind), S_OK,
          "identify");
    ok_int(kind, FsiFileSystemUDF, "file systems");
    IFileSystemImage3_ProbeSpecificFileSystem(bench.fsi.image, FsiFileSystemUDF, &flag);
    ok_int(flag, VARIANT_FALSE, "appendable");
    check_fail(IFileSystemImage3_ImportFileSystem(bench.fsi.image, &kind), IMAPI_E_UDF_NOT_WRITE_COMPATIBLE,
               IFACE, NULL);
    ok_int(fsi_file_count(&bench.fsi), 0, "files");
    ok_int(append_start(&bench.fsi), 0, "start");
    end(&bench);
}

TEST_MAIN(
    TEST_CASE(disc_of_genisoimage),
    TEST_CASE(second_session_of_xorriso),
    TEST_CASE(volume_of_mkudffs_that_cannot_be_appended_to))
