/*
 * The whole way of a folder onto a disc, judged at its end by programs of others: mkimage makes the image,
 * burn writes it to each kind of virtual disc, a second session follows where the medium has sessions, and
 * xorriso, 7z and isoinfo read the disc's file as it lies. Programs that are not there skip their tests.
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

struct kind
{
    const char *name;
    int sequential;
};

static const struct kind kinds[] =
{
    { "cd-r", 1 }, { "cd-rw", 1 }, { "dvd+r", 1 }, { "dvd+rw", 0 }, { "bd-r", 1 }, { "bd-re", 0 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static uint32_t second_start[KINDS];

/* The second session holds files of its own, and is made for the place where it will lie. */
static void burn_one(size_t i)
{
    const char *name = kinds[i].name;
    struct mmc_medium medium;
    char disc[40];

    snprintf(disc, sizeof(disc), "%s.iso", name);
    peer_must_run("\"$tools/burn\" %s %s first.image append", name, disc);
    peer_look(name, disc, &medium);
    if (!kinds[i].sequential) return;
    assert_int_equal(medium.state & (MMC_STATE_BLANK | MMC_STATE_APPENDABLE), MMC_STATE_APPENDABLE);
    assert_int_equal(medium.sessions, 1);
    second_start[i] = medium.next_writable;
    peer_must_run("\"$tools/mkimage\" -2 -n SECOND -b %u second second.image && "
                  "\"$tools/burn\" %s %s second.image | grep '^[0-9]* blocks from %u on, disc closed$'",
                  (unsigned)second_start[i], name, disc, (unsigned)second_start[i]);
    peer_look(name, disc, &medium);
    assert_int_equal(medium.state & (MMC_STATE_APPENDABLE | MMC_STATE_FINALIZED), MMC_STATE_FINALIZED);
    assert_int_equal(medium.sessions, 2);
    assert_int_equal(medium.previous_session, second_start[i]);
}

static int burn_all(void **state)
{
    char tools[600];

    if (peer_stage_make(state)) return -1;
    peer_build_path("san/tests/tools", tools, sizeof(tools));
    setenv("tools", tools, 1);
    peer_must_run("mkdir -p first/a/b/c/d first/empty 'second/with space' && : > first/a/nothing && "
                  "for n in 1 2047 2048 2049 70001 1500000; do\n"
                  "    head -c $n /dev/urandom > first/a/b/$n.bin; done && "
                  "for i in $(seq 150); do echo $i > \"first/a/b/c/file number $i.text\"; done && "
                  "head -c 900001 /dev/urandom > second/large && "
                  "echo 2 > 'second/with space/\xC3\xA9t\xC3\xA9.txt'");
    peer_must_run("\"$tools/mkimage\" -2 -n FIRST first first.image");
    return 0;
}

static void discs_are_burned_and_appended_to(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) burn_one(i);
}

static void extract_by_xorriso(const char *disc, uint32_t start, const char *original)
{
    peer_must_run("rm -rf out && xorriso -load sbsector %u -osirrox on -indev stdio:%s.iso -extract / out && "
                  "chmod -R u+w out && diff -r %s out", (unsigned)start, disc, original);
}

static void xorriso_extracts_every_session(void **state)
{
    (void)state;
    peer_need("xorriso");
    for (size_t i = 0; i < KINDS; i++)
    {
        extract_by_xorriso(kinds[i].name, 0, "first");
        if (kinds[i].sequential) extract_by_xorriso(kinds[i].name, second_start[i], "second");
    }
}

/* 7z knows no sessions; it reads the first one, whatever lies behind it. */
static void seven_zip_extracts_the_first_session(void **state)
{
    (void)state;
    peer_need("7z");
    for (size_t i = 0; i < KINDS; i++)
    {
        peer_must_run("rm -rf out && { 7z x -oout %s.iso || [ $? = 1 ]; } && diff -r first out",
                      kinds[i].name);
    }
}

/* isoinfo shows the versions of files, too, and writes Latin 1. */
static void list_by_isoinfo(const char *disc, uint32_t start, const char *original)
{
    peer_must_run("isoinfo -J -f -T %u -i %s.iso | iconv -f LATIN1 -t UTF-8 | sed 's,;1$,,' | sort > listed "
                  "&& (cd %s && find . -mindepth 1 | sed 's,^\\.,,' | sort) > there && diff there listed",
                  (unsigned)start, disc, original);
}

static void isoinfo_lists_every_session(void **state)
{
    (void)state;
    peer_need("isoinfo");
    for (size_t i = 0; i < KINDS; i++)
    {
        list_by_isoinfo(kinds[i].name, 0, "first");
        if (kinds[i].sequential) list_by_isoinfo(kinds[i].name, second_start[i], "second");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(discs_are_burned_and_appended_to),
        cmocka_unit_test(xorriso_extracts_every_session),
        cmocka_unit_test(seven_zip_extracts_the_first_session),
        cmocka_unit_test(isoinfo_lists_every_session),
    };

    return cmocka_run_group_tests(tests, burn_all, peer_stage_remove);
}
