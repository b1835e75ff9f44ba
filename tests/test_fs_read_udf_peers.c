/*
 * UDF volumes that others made, read by us: those of mkudffs on all media and in all revisions, described as
 * udfinfo describes them; those of genisoimage and of the Linux kernel (tests/corpus/udf), whose files come
 * out with the names and bytes that went in. 7z extracts the same. What is not installed skips its tests.
 */
#define _XOPEN_SOURCE 700

#include "helpers/peer_stage.h"

#include "openimapi/fs_import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char lsimage[400], corpus[400];

static int make_stage(void **state)
{
    int rc = peer_stage_make(state);

    peer_build_path("san/tests/tools/lsimage", lsimage, sizeof(lsimage));
    assert_non_null(getcwd(corpus, sizeof(corpus) - 20));
    strcat(corpus, "/tests/corpus/udf");
    return rc;
}

/* --- mkudffs -------------------------------------------------------------------------------------------- */

static void read_info(const char *image, struct fs_volume_info *info)
{
    struct fs_disc disc = { 0 };
    struct fs_volume *volume;
    char path[400];

    snprintf(path, sizeof(path), "%s/%s", peer_folder, image);
    assert_int_equal(source_file_create(path, &disc.source), OI_OK);
    assert_int_equal(fs_volume_open(&disc, FS_UDF, &volume, NULL), OI_OK);
    *info = *fs_volume_info(volume);
    fs_volume_close(volume);
    source_unref(disc.source);
}

/* What udfinfo says, in its own order. */
static void write_info(const char *image)
{
    struct fs_volume_info info;
    char text[600], *name;

    read_info(image, &info);
    name = text_to_utf8(info.name);
    snprintf(text, sizeof(text), "lvid=%s\nudfwriterev=%x.%02x\n", name, info.udf_revision >> 8,
             info.udf_revision & 255);
    peer_write_file("ours", text);
    free(name);
}

static void a_volume_of(const char *options, const char *blocks)
{
    peer_must_run("rm -f volume && mkudffs --utf8 --new-file -b 2048 -l 'Größe 中文' %s volume %s", options,
                  blocks);
    peer_must_run("udfinfo --utf8 volume | grep '^lvid=\\|^udfwriterev=' > theirs");
    write_info("volume");
    peer_must_run("diff theirs ours");
    peer_must_run("'%s' volume udf > list && cmp list /dev/null", lsimage);
}

static void volumes_of_mkudffs_are_as_udfinfo_says(void **state)
{
    static const char *const old[] = { "hd", "dvd", "dvdram", "cd" };
    static const char *const packets[] = { "cdrw", "dvdrw" };
    static const char *const virtuals[] = { "cdr", "dvdr", "bdr" };
    static const char *const revisions[] = { "1.01", "1.02", "1.50", "2.00", "2.01", "2.50", "2.60" };
    char options[100];

    (void)state;
    peer_need("mkudffs");
    peer_need("udfinfo");
    for (unsigned r = 0; r < 7; r++)
    {
        for (unsigned m = 0; m < 4 && r < 5; m++)
        {
            snprintf(options, sizeof(options), "-m %s -r %s", old[m], revisions[r]);
            a_volume_of(options, "4096");
        }
        for (unsigned m = 0; m < 2 && r >= 2 && r < 5; m++)
        {
            snprintf(options, sizeof(options), "-m %s -r %s", packets[m], revisions[r]);
            a_volume_of(options, "8192");
        }
        for (unsigned m = 0; m < 3 && r >= 2; m++)
        {
            if (m == 2 && r < 5) continue;
            snprintf(options, sizeof(options), "-m %s -r %s", virtuals[m], revisions[r]);
            a_volume_of(options, "8192");
            snprintf(options, sizeof(options), "-m %s -r %s --closed", virtuals[m], revisions[r]);
            a_volume_of(options, "8192");
        }
    }
}

static void all_ways_of_mkudffs_to_allocate_are_read(void **state)
{
    static const char *const ways[] =
    {
        "--ad=inicb", "--ad=short", "--ad=long", "--noefe", "--space=freedtable", "--space=unalloctable",
        "--strategy=4096", "--spartable=4 -r 2.01",
    };

    (void)state;
    peer_need("mkudffs");
    peer_need("udfinfo");
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) a_volume_of(ways[i], "4096");
}

static void sectors_of_other_sizes_are_told_apart(void **state)
{
    static const int sizes[] = { 512, 1024 };

    (void)state;
    peer_need("mkudffs");
    for (unsigned i = 0; i < 2; i++)
    {
        peer_must_run("rm -f volume && mkudffs --new-file -b %d volume 4096", sizes[i]);
        peer_must_run("! ASAN_OPTIONS=detect_leaks=0 '%s' volume udf 2> said && "
                      "grep -q 'open: OI_NOT_SUPPORTED' said", lsimage);
    }
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void files_of_genisoimage_come_out_as_they_went_in(void **state)
{
    (void)state;
    peer_need("genisoimage");
    peer_must_run("rm -rf tree out && mkdir -p tree/folder/deep/deeper tree/empty tree/many out && "
                  "seq 1 50000 > tree/large && : > tree/folder/nothing && "
                  "echo x > tree/folder/deep/deeper/x && "
                  "echo u > \"tree/$(printf 'na\\303\\257ve \\346\\227\\245.txt')\" && "
                  "for i in $(seq 1 300); do seq 1 $i > \"tree/many/a file with a number $i\"; done");
    peer_must_run("genisoimage -quiet -udf -J -joliet-long -R -input-charset utf-8 -V NAME -o image tree");
    peer_must_run("'%s' image udf 0 out && diff -r tree out", lsimage);
}

static void seven_zip_extracts_the_same(void **state)
{
    (void)state;
    peer_need("genisoimage");
    peer_need("7z");
    peer_must_run("rm -rf theirs && 7z x -tudf -otheirs image && diff -r theirs out");
}

/* What tests/corpus/make had the kernel write. */
static const char kernel_tree[] =
    "rm -rf tree && mkdir tree && (cd tree && mkdir empty folder 'a folder with blanks' folder/deep "
    "folder/deep/deeper many && echo small > small.txt && : > nothing && "
    "printf 'x%.0s' $(seq 1 1500) > in-icb.txt && "
    "head -c 150000 /dev/zero | tr '\\0' z > large.bin && { head -c 30000 /dev/zero | tr '\\0' y; "
    "head -c 20480 /dev/zero | tr '\\0' w; } > folder/other.bin && "
    "truncate -s 99997 sparse.bin && printf end >> sparse.bin && "
    "perl -e 'for (0 .. 249) { sysseek(STDOUT, $_ * 4096, 0); syswrite(STDOUT, \"f\" x 2048) }' "
    "> fragments.bin && "
    "echo unicode > \"$(printf 'na\\303\\257ve \\316\\251 "
    "\\346\\227\\245\\346\\234\\254.txt')\" && "
    "echo emoji > \"$(printf 'emoji \\360\\237\\230\\200.txt')\" && "
    "echo latin > \"$(printf 'caf\\303\\251.txt')\" && echo long > \"$(printf 'l%.0s' $(seq 1 240)).txt\" && "
    "for i in $(seq 1 80); do echo $i > \"many/file number $i\"; done && cp small.txt folder/hardlink.txt)";

static void files_of_the_linux_kernel_come_out_as_they_went_in(void **state)
{
    (void)state;
    if (peer_run("ls '%s'/linux-*.udf.gz", corpus))
    {
        print_message("tests/corpus/udf is not there: SKIPPED\n");
        skip();
    }
    peer_must_run("%s", kernel_tree);
    peer_must_run("for i in '%s'/linux-*.udf.gz; do rm -rf out && mkdir out && gzip -dc \"$i\" > image && "
                  "echo \"$i\" && '%s' image udf 0 out > list && diff -r tree out && "
                  "grep -q 'f 1500 - 1999-12-31T23:59:59 /in-icb.txt' list || exit 1; done", corpus, lsimage);
}

/* By tests/corpus/metadata.py. */
static void metadata_partitions_streams_and_sessions_of_a_script_are_read(void **state)
{
    (void)state;
    if (peer_run("test -e '%s/metadata-250.udf.gz'", corpus))
    {
        print_message("tests/corpus/udf is not there: SKIPPED\n");
        skip();
    }
    peer_must_run("gzip -dc '%s/metadata-250.udf.gz' > image && '%s' image udf > list", corpus, lsimage);
    peer_write_file("expected", "f 6 - 2020-02-29T10:34:56 /small.txt\n"
                                "f 5000 - 2020-02-29T10:34:56 /large.bin\n"
                                "f 3000 - 2020-02-29T10:34:56 /real-time.bin\n"
                                "d 0 - 2020-02-29T10:34:56 /folder\n"
                                "f 7 h 2020-02-29T10:34:56 /folder/hidden Ω.txt\n");
    peer_must_run("diff expected list");
    peer_must_run("gzip -dc '%s/session-201-base.udf.gz' > image && "
                  "gzip -dc '%s/session-201.udf.gz' > session && "
                  "dd if=session of=image bs=2048 seek=1000 conv=notrunc", corpus, corpus);
    peer_write_file("expected", "f 7 - 2020-02-29T10:34:56 /second.txt\n"
                                "f 4000 - 2020-02-29T10:34:56 /first.bin\n");
    peer_must_run("'%s' image udf 1000 > list && diff expected list", lsimage);
    peer_must_run("'%s' image udf 0 > list && tail -n 1 expected | diff - list", lsimage);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(volumes_of_mkudffs_are_as_udfinfo_says),
        cmocka_unit_test(all_ways_of_mkudffs_to_allocate_are_read),
        cmocka_unit_test(sectors_of_other_sizes_are_told_apart),
        cmocka_unit_test(files_of_genisoimage_come_out_as_they_went_in),
        cmocka_unit_test(seven_zip_extracts_the_same),
        cmocka_unit_test(files_of_the_linux_kernel_come_out_as_they_went_in),
        cmocka_unit_test(metadata_partitions_streams_and_sessions_of_a_script_are_read),
    };

    return cmocka_run_group_tests(tests, make_stage, peer_stage_remove);
}
