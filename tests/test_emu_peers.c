/*
 * The virtual recorder judged by a burner that others wrote: xorriso takes it for a drive of the system (the
 * SG_IO bridge and node.c stand in for the kernel) and burns, appends, blanks and formats. Then our own
 * reader has to see the same disc, and the data have to lie in the disc's file. Without xorriso the tests
 * are skipped.
 */
#define _XOPEN_SOURCE 700

#include "helpers/peer_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/*
 * What is done with each medium, in a folder of its own: one folder is burned, another one appended; the disc
 * is kept as "burned". A rewritable one is then made empty ("emptied") and burned once more ("again"). All
 * media at once, because xorriso mostly waits for its own seconds to pass.
 */
static const char script[] =
    "set -eu\n"
    "export LC_ALL=C.UTF-8 OPENIMAPI_BRIDGE_DEVICE=device OPENIMAPI_BRIDGE_MEDIUM=$1\n"
    "export OPENIMAPI_BRIDGE_DISC=disc.iso\n"
    "burner() {\n"
    "    LD_PRELOAD=\"$bridge/node.so $bridge/sg_io.so\" timeout 50 xorriso -abort_on FAILURE \"$@\"\n"
    "}\n"
    "keep() { cp --sparse=always disc.iso \"$1.iso\"; cp disc.iso.state \"$1.iso.state\"; }\n"
    "mkdir \"$1\"; cd \"$1\"; : > device\n"
    "burner -outdev /dev/sr0 -write_type tao -map ../one /one -commit\n"
    "burner -dev /dev/sr0 -write_type tao -map ../two /two -commit\n"
    "burner -indev /dev/sr0 -osirrox on -extract / read -commit\n"
    "keep burned\n"
    "case $1 in\n"
    "cd-rw) burner -outdev /dev/sr0 -blank fast ;;\n"
    "dvd+rw | bd-re) burner -outdev /dev/sr0 -format full ;;\n"
    "*) : > done; exit ;;\n"
    "esac\n"
    "keep emptied\n"
    "burner -outdev /dev/sr0 -write_type tao -map ../two /again -commit\n"
    "keep again\n"
    ": > done\n";

static int burn_all(void **state)
{
    char bridge[600];

    if (peer_stage_make(state)) return -1;
    if (peer_run("command -v xorriso")) return 0;
    peer_build_path("bridge/lib/x86_64-linux-gnu", bridge, sizeof(bridge));
    setenv("bridge", bridge, 1);
    peer_write_file("script", script);
    peer_must_run("mkdir -p one/deep/er two && echo one > one/one.txt && : > one/deep/empty && "
                  "head -c 3000001 /dev/urandom > one/deep/er/large && "
                  "head -c 2000003 /dev/urandom > two/large && echo two > two/two.txt");
    return peer_run("for medium in cd-r cd-rw dvd+r dvd+rw bd-r bd-re; do\n"
                    "    bash ./script $medium > $medium.log 2>&1 &\n"
                    "done; wait");
}

/* xorriso did all it was asked, and what it read back in the drive was right. */
static void check_burner(const char *medium)
{
    peer_must_run("[ -e %s/done ] || { tail -n 40 %s.log; false; }", medium, medium);
    peer_must_run("cd %s && diff -r ../one read/one && diff -r ../two read/two", medium);
}

static void look(const char *medium, const char *disc, struct mmc_medium *info)
{
    char path[60];

    snprintf(path, sizeof(path), "%s/%s.iso", medium, disc);
    peer_look(medium, path, info);
}

/* The disc's file holds the folder in the session that begins at that block. */
static void check_file(const char *medium, const char *disc, int32_t session, const char *original,
                       const char *name)
{
    peer_must_run("cd %s && rm -rf out && xorriso -load sbsector %d -osirrox on -indev stdio:%s.iso "
                  "-extract /%s out && diff -r ../%s out", medium, (int)session, disc, name, original);
}

/* --- the tests ------------------------------------------------------------------------------------------ */

static void sequential(const char *medium, enum mmc_medium_type type)
{
    struct mmc_medium info;

    peer_need("xorriso");
    check_burner(medium);
    look(medium, "burned", &info);
    assert_int_equal(info.type, type);
    assert_int_equal(info.sessions, 2);
    assert_int_equal(info.tracks, 2);
    assert_int_equal(info.state & (MMC_STATE_BLANK | MMC_STATE_APPENDABLE | MMC_STATE_UNSUPPORTED_MASK),
                     MMC_STATE_APPENDABLE);
    assert_true(info.previous_session > 3000001 / 2048);
    assert_true(info.next_writable > (uint32_t)info.previous_session);
    check_file(medium, "burned", 0, "one", "one");
    check_file(medium, "burned", info.previous_session, "one", "one");
    check_file(medium, "burned", info.previous_session, "two", "two");
}

#define OVERWRITABLE_MASK (MMC_STATE_OVERWRITABLE | MMC_STATE_UNSUPPORTED_MASK)

static void overwritable(const char *medium, enum mmc_medium_type type)
{
    struct mmc_medium info;

    peer_need("xorriso");
    check_burner(medium);
    look(medium, "burned", &info);
    assert_int_equal(info.type, type);
    assert_int_equal(info.state & OVERWRITABLE_MASK, MMC_STATE_OVERWRITABLE);
    assert_false(info.unformatted);
    check_file(medium, "burned", 0, "one", "one");
    check_file(medium, "burned", 0, "two", "two");
    look(medium, "emptied", &info);
    assert_false(info.unformatted);
    look(medium, "again", &info);
    assert_int_equal(info.state & OVERWRITABLE_MASK, MMC_STATE_OVERWRITABLE);
    check_file(medium, "again", 0, "two", "again");
}

static void xorriso_burns_and_appends_to_cd_r(void **state)
{
    (void)state;
    sequential("cd-r", MMC_MEDIUM_CD_R);
}

static void xorriso_burns_appends_to_and_blanks_cd_rw(void **state)
{
    struct mmc_medium info;

    (void)state;
    sequential("cd-rw", MMC_MEDIUM_CD_RW);
    look("cd-rw", "emptied", &info);
    assert_int_equal(info.state & (MMC_STATE_BLANK | MMC_STATE_APPENDABLE), MMC_STATE_BLANK);
    assert_int_equal(info.tracks, 0);
    look("cd-rw", "again", &info);
    assert_int_equal(info.sessions, 1);
    check_file("cd-rw", "again", 0, "two", "again");
}

static void xorriso_burns_and_appends_to_dvd_plus_r(void **state)
{
    (void)state;
    sequential("dvd+r", MMC_MEDIUM_DVD_PLUS_R);
}

static void xorriso_burns_grows_and_formats_dvd_plus_rw(void **state)
{
    (void)state;
    overwritable("dvd+rw", MMC_MEDIUM_DVD_PLUS_RW);
}

static void xorriso_burns_and_appends_to_bd_r(void **state)
{
    (void)state;
    sequential("bd-r", MMC_MEDIUM_BD_R);
}

static void xorriso_burns_grows_and_formats_bd_re(void **state)
{
    (void)state;
    overwritable("bd-re", MMC_MEDIUM_BD_RE);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(xorriso_burns_and_appends_to_cd_r),
        cmocka_unit_test(xorriso_burns_appends_to_and_blanks_cd_rw),
        cmocka_unit_test(xorriso_burns_and_appends_to_dvd_plus_r),
        cmocka_unit_test(xorriso_burns_grows_and_formats_dvd_plus_rw),
        cmocka_unit_test(xorriso_burns_and_appends_to_bd_r),
        cmocka_unit_test(xorriso_burns_grows_and_formats_bd_re),
    };

    return cmocka_run_group_tests(tests, burn_all, peer_stage_remove);
}
