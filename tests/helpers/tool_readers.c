/* xorriso, isoinfo, 7z, udfinfo and the programs of libcdio before an image of ours. */
#define _XOPEN_SOURCE 700

#include "helpers/tool_readers.h"

#include "helpers/peer_stage.h"
#include "helpers/tool_tree.h"

#include "openimapi/fs_image.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct tool_cell cell(const char *text, enum tool_note note)
{
    return (struct tool_cell){ text, note };
}

static const struct fs_tree *first_of(const struct tool_image *image)
{
    return image->first ? image->first : image->tree;
}

/* --- xorriso -------------------------------------------------------------------------------------------- */

static struct tool_cell judge_xorriso(const struct tool_image *image, enum fs_kind kind)
{
    struct tool_judge judge;

    peer_must_run("rm -rf out && mkdir out");
    if (kind == FS_UDF)
    {
        if (image->file_systems == FS_UDF)
            peer_must_run("xorriso -osirrox on -indev image.iso -extract / out && rmdir out");
        return cell(TOOL_NOTHING, TOOL_NOTE_NONE);
    }
    peer_must_run("xorriso -read_fs %s -load sbsector %u -osirrox on -indev image.iso -extract / out && "
                  "chmod -R u+w out", kind == FS_JOLIET ? "norock" : "nojoliet -ecma119_map unmapped",
                  (unsigned)image->session_start);
    tool_judge_open(&judge, image->tree, kind, kind == FS_ISO9660 ? TOOL_VERSIONS : 0, NULL);
    tool_judge_extracted(&judge, "out");
    tool_judge_close(&judge, TOOL_NAME | TOOL_BYTES | TOOL_DATE);
    return cell(TOOL_ALL_DATES, TOOL_NOTE_NONE);
}

/* --- one file after the other by its path --------------------------------------------------------------- */

/* Runs "COMMAND 'PATH' MORE NUMBER" for each file, excused or not, and looks at the files called NUMBER. */
static void judge_each_file(struct tool_judge *judge, const char *command, const char *more,
                            const char *convert)
{
    char path[300];
    FILE *script;

    snprintf(path, sizeof(path), "%s/script", peer_folder);
    assert_non_null(script = fopen(path, "w"));
    for (size_t i = 0; i < judge->count; i++)
    {
        if (fs_item_type(judge->wants[i].item) != FS_FILE) continue;
        fprintf(script, "%s '", command);
        for (const char *at = judge->wants[i].path; *at; at++)
        {
            fputs(*at == '\'' ? "'\\''" : (char[]){ *at, 0 }, script);
        }
        fprintf(script, "' %s out/%zu || rm -f out/%zu\n", more, i, i);
    }
    assert_int_equal(fclose(script), 0);
    peer_must_run("rm -rf out && mkdir out && %s < script | sh", convert);
    for (size_t i = 0; i < judge->count; i++)
    {
        snprintf(path, sizeof(path), "%s/out/%zu", peer_folder, i);
        tool_judge_file(&judge->wants[i], path);
    }
}

static size_t read_pipe(void *from, void *buffer, size_t size)
{
    return fread(buffer, 1, size, from);
}

/* The one file of an image, which goes through a pipe. */
static void judge_sparse(const struct tool_image *image, const char *command)
{
    struct tool_judge judge;
    char text[500];
    FILE *pipe;

    snprintf(text, sizeof(text), "cd '%s' && %s", peer_folder, command);
    tool_judge_open(&judge, image->tree, FS_UDF, 0, NULL);
    assert_non_null(pipe = popen(text, "r"));
    tool_judge_bytes(tool_judge_name(&judge, "/" TOOL_SPARSE_FILE, FS_FILE), read_pipe, pipe);
    assert_int_equal(pclose(pipe), 0);
    tool_judge_close(&judge, TOOL_NAME | TOOL_BYTES);
}

/* --- isoinfo -------------------------------------------------------------------------------------------- */

static int beyond_8_bit(const struct fs_item *item, enum fs_kind kind)
{
    char16_t *path;
    int beyond = 0;

    assert_int_equal(fs_item_file_system_path(item, kind, &path), OI_OK);
    for (const char16_t *at = path; *at; at++) beyond |= *at > 0xFF;
    free(path);
    return beyond;
}

static struct tool_cell judge_isoinfo(const struct tool_image *image, enum fs_kind kind)
{
    int joliet = kind == FS_JOLIET;
    struct tool_judge judge;
    char command[100];

    if (kind == FS_UDF)
    {
        if (image->file_systems == FS_UDF)
            peer_must_run("! isoinfo -f -i image.iso > list || test ! -s list");
        return cell(TOOL_NOTHING, TOOL_NOTE_NONE);
    }
    snprintf(command, sizeof(command), "isoinfo %s-T %u -i image.iso", joliet ? "-J -j iso8859-1 " : "",
             (unsigned)image->session_start);
    tool_judge_open(&judge, image->tree, kind, TOOL_VERSIONS, joliet ? beyond_8_bit : NULL);
    peer_must_run("%s -f > raw && iconv -f latin1 -t utf-8 raw > list", command);
    tool_judge_list(&judge, "list");
    strcat(command, " -x");
    judge_each_file(&judge, command, ">", "iconv -c -f utf-8 -t latin1");
    tool_judge_close(&judge, TOOL_NAME | TOOL_BYTES);
    return joliet ? cell(TOOL_LATIN_1, TOOL_NOTE_ISOINFO_8_BIT) : cell(TOOL_ALL, TOOL_NOTE_NONE);
}

/* --- 7z ------------------------------------------------------------------------------------------------- */

/* A second copy of the metadata it takes for data behind the volume: it does not look where the mirror
   lies, finds no anchor where it thinks that the volume ends, and says so. */
static struct tool_cell judge_seven_zip(const struct tool_image *image, enum fs_kind kind)
{
    int second_copy = kind == FS_UDF && image->redundant;
    const char *boot = fs_tree_boot_count(image->tree) && kind != FS_UDF ? "rm -r out/'[BOOT]'" : "true";
    struct tool_judge judge;

    if (kind == FS_ISO9660 && image->file_systems & FS_JOLIET) return cell(TOOL_NOTHING, TOOL_NOTE_7Z_JOLIET);
    if (image->sparse)
    {
        judge_sparse(image, "7z x -so -tudf image.iso '" TOOL_SPARSE_FILE "' 2>> log");
        return cell(TOOL_ALL, TOOL_NOTE_NONE);
    }
    peer_must_run("rm -rf out && { %s 7z x -y -t%s -oout image.iso > said 2>&1; } %s", second_copy ? "!" : "",
                  kind == FS_UDF ? "udf" : "iso", second_copy ? "&& grep -q 'Headers Error' said" : "");
    peer_must_run("%s", boot);
    tool_judge_open(&judge, first_of(image), kind, 0, NULL);
    tool_judge_extracted(&judge, "out");
    tool_judge_close(&judge, TOOL_NAME | TOOL_BYTES | TOOL_DATE);
    if (image->first) return cell(TOOL_NOTHING, TOOL_NOTE_FIRST_SESSION);
    return cell(TOOL_ALL_DATES, second_copy ? TOOL_NOTE_7Z_SECOND_COPY : TOOL_NOTE_NONE);
}

/* --- udfinfo -------------------------------------------------------------------------------------------- */

/* What it calls the revision is the least that a reader needs. */
static struct tool_cell judge_udfinfo(const struct tool_image *image, enum fs_kind kind)
{
    unsigned read = image->revision > 0x250 ? 0x250 : image->revision, write = image->revision;

    if (kind != FS_UDF)
    {
        if (!(image->file_systems & FS_UDF)) peer_must_run("! udfinfo image.iso");
        return cell(TOOL_NOTHING, TOOL_NOTE_NONE);
    }
    peer_must_run("udfinfo --startblock=%u image.iso >info 2>warnings", (unsigned)image->session_start);
    if (image->first)
        peer_must_run("grep 'Partition Space overlaps with other blocks' warnings && "
                      "test $(wc -l < warnings) = 1");
    else
        peer_must_run("! grep -i 'warning\\|error' warnings info");
    peer_must_run("grep -qx 'udfrev=%x.%02x' info && grep -qx 'udfwriterev=%x.%02x' info", read >> 8,
                  read & 0xFF, write >> 8, write & 0xFF);
    peer_must_run("grep -qx 'numfiles=%u' info && grep -qx 'numdirs=%u' info",
                  (unsigned)fs_tree_file_count(image->tree), (unsigned)fs_tree_directory_count(image->tree));
    peer_must_run("grep -qx lvid=Test info && grep -qx vid=Test info && grep -qx fsid=Test info");
    peer_must_run("grep -qx integrity=closed info && grep -qx accesstype=readonly info");
    peer_must_run("test $(grep -c type=ANCHOR info) = 3 && grep -q type=RVDS info");
    return cell(TOOL_COUNTS, image->first ? TOOL_NOTE_UDFINFO_OVERLAP : TOOL_NOTE_UDFINFO);
}

/* --- libcdio -------------------------------------------------------------------------------------------- */

static int is_in_pairs(const struct fs_item *item)
{
    const struct fs_item *parent = fs_item_parent(item);

    return !text_compare(fs_item_name(parent), u"pairs");
}

/* A pair of surrogates ends its reading of a directory: to it, Joliet is UCS-2 and no more. And it cuts
   UTF-8 at as many bytes as the name has in UCS-2, with the version of a file. */
static int cdio_fails_in_joliet(const struct fs_item *item, enum fs_kind kind)
{
    size_t units = fs_item_type(item) == FS_FILE ? 2 : 0, bytes = units;
    char16_t name[FS_NAME_MAX + 1];

    assert_int_equal(fs_item_file_system_name(item, kind, name), OI_OK);
    for (const char16_t *at = name; *at; at++)
    {
        units++;
        bytes += *at < 0x80 ? 1 : *at < 0x800 ? 2 : 3;
    }
    return is_in_pairs(item) || bytes > 2 * units;
}

/* In UDF it takes names of 8 bits a unit for UTF-8, too. */
static int cdio_fails_in_udf(const struct fs_item *item, enum fs_kind kind)
{
    char16_t name[FS_NAME_MAX + 1];
    int latin = 0;

    assert_int_equal(fs_item_file_system_name(item, kind, name), OI_OK);
    for (const char16_t *at = name; *at; at++)
    {
        if (*at > 0xFF) return is_in_pairs(item);
        latin |= *at > 0x7F;
    }
    return latin;
}

static struct tool_cell judge_cdio_udf(const struct tool_image *image)
{
    const struct fs_item *first = fs_item_first_child(fs_tree_root(image->tree));
    struct tool_judge judge;

    if (image->revision >= 0x200)
    {
        peer_must_run("! iso-read -U -i image.iso -e /sizes/2048 -o read > said 2>&1 && "
                      "grep \"couldn't find / \" said");
        return cell(TOOL_NOTHING, TOOL_NOTE_CDIO_UDF_200);
    }
    if (image->sparse)
    {
        char command[200];

        /* What it writes are blocks, of which it then cuts the last: no pipe lets it do that. */
        snprintf(command, sizeof(command), "iso-read -U -i image.iso -e '/" TOOL_SPARSE_FILE
                 "' -o /dev/stdout 2>> log | head -c %llu", (unsigned long long)fs_item_size(first));
        judge_sparse(image, command);
        return cell(TOOL_FILES, TOOL_NOTE_CDIO_UDF);
    }
    tool_judge_open(&judge, first_of(image), FS_UDF, 0, cdio_fails_in_udf);
    judge_each_file(&judge, "iso-read -U -i image.iso -e", "-o", "cat");
    tool_judge_close(&judge, TOOL_BYTES);
    if (image->first) return cell(TOOL_NOTHING, TOOL_NOTE_FIRST_SESSION);
    return cell(TOOL_FILES, TOOL_NOTE_CDIO_UDF);
}

static struct tool_cell judge_cdio(const struct tool_image *image, enum fs_kind kind)
{
    int joliet = kind == FS_JOLIET;
    struct tool_judge judge;

    if (kind == FS_UDF) return judge_cdio_udf(image);
    tool_judge_open(&judge, first_of(image), kind, TOOL_LOWER & (joliet ? 0 : ~0u),
                    joliet ? cdio_fails_in_joliet : NULL);
    peer_must_run("iso-info --no-header -q -f %s -i image.iso > raw && sed -n 's,^ *[0-9]* /,/,p' raw > list",
                  joliet ? "" : "--no-joliet");
    tool_judge_list(&judge, "list");
    if (!joliet) judge_each_file(&judge, "iso-read -i image.iso -e", "-o", "cat");
    tool_judge_close(&judge, joliet ? TOOL_NAME : TOOL_NAME | TOOL_BYTES);
    if (image->first) return cell(TOOL_NOTHING, TOOL_NOTE_FIRST_SESSION);
    return joliet ? cell(TOOL_NAMES, TOOL_NOTE_CDIO_JOLIET) : cell(TOOL_ALL, TOOL_NOTE_NONE);
}

/* --- all ------------------------------------------------------------------------------------------------ */

const struct tool_reader tool_readers[TOOL_READERS] =
{
    { "`xorriso -osirrox`", "xorriso", judge_xorriso },
    { "`isoinfo -f`, `-x`", "isoinfo", judge_isoinfo },
    { "`7z x`", "7z", judge_seven_zip },
    { "`udfinfo`", "udfinfo", judge_udfinfo },
    { "libudfread", NULL, tool_judge_udfread },
    { "libcdio's `iso-info`, `iso-read`", "iso-read", judge_cdio },
};

const char *tool_note(enum tool_note note)
{
    static const char *const texts[TOOL_NOTES] =
    {
        [TOOL_NOTE_FIRST_SESSION] =
            "It finds the first session only, and of that everything.",
        [TOOL_NOTE_ISOINFO_8_BIT] =
            "It knows character sets of 8 bits: everything whose path is in Latin-1, names and bytes.",
        [TOOL_NOTE_7Z_JOLIET] =
            "It reads Joliet where there is one.",
        [TOOL_NOTE_7Z_SECOND_COPY] =
            "It takes the second copy of the metadata, which it does not look for, for data behind the "
            "volume, and says \"Headers Error\" after extracting all.",
        [TOOL_NOTE_UDFINFO] =
            "It lists nothing: revision, names of the volume, number of files and of folders.",
        [TOOL_NOTE_UDFINFO_OVERLAP] =
            "The same; it warns that the partition, which reaches back to the files of before, goes over "
            "the descriptors.",
        [TOOL_NOTE_CDIO_JOLIET] =
            "`iso-read` knows no Joliet; `iso-info` gives up a folder at a pair of surrogates, and cuts "
            "names that have more bytes in UTF-8 than in UCS-2.",
        [TOOL_NOTE_CDIO_UDF] =
            "By path; it finds no name with a character of Latin-1 beyond ASCII, and crashes at a pair of "
            "surrogates.",
        [TOOL_NOTE_CDIO_UDF_200] =
            "It knows no extended file entries, and so not even the root.",
    };

    return texts[note];
}
