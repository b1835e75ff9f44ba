/*
 * Imports during which each allocation fails in turn, and each read of the disc: the answer says so, the tree
 * is as it was, nothing leaks, and the next attempt succeeds.
 */
#include "helpers/disc_kit.h"
#include "helpers/fs_kit.h"
#include "helpers/memory_faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER 2
#define MORE 0x80

/* A record under a name of two letters, in whichever characters the volume has. */
static uint8_t *put(uint8_t *at, enum fs_kind kind, char first, char second, uint32_t block, uint32_t bytes,
                    uint8_t flags)
{
    const char narrow[] = { first, second }, wide[] = { 0, first, 0, second };

    if (kind == FS_JOLIET) return kit_record(at, wide, sizeof(wide), block, bytes, flags);
    return kit_record(at, narrow, sizeof(narrow), block, bytes, flags);
}

/* 44 directories with 4 files each, and a file of six extents. */
static struct kit_disc *make_disc(enum fs_kind kind)
{
    uint8_t *at;
    struct kit_disc *disc = kind == FS_JOLIET ? kit_joliet(120, &at) : kit_iso(120, &at);

    for (uint32_t i = 0; i < 44; i++)
    {
        uint8_t *inner = kit_dots(kit_block(disc, 30 + i), 30 + i, 20);

        at = put(at, kind, (char)('A' + i / 10), (char)('A' + i % 10), 30 + i, 2048, FOLDER);
        for (char j = '0'; j < '4'; j++) inner = put(inner, kind, 'F', j, 90, 1000, 0);
    }
    for (uint32_t i = 0; i < 6; i++) at = put(at, kind, 'X', 'X', 90 + 2 * i, 2048, i < 5 ? MORE : 0);
    return disc;
}

/* One attempt in a tree that has items already; returns its status. */
static enum oi_status attempt(struct kit_disc *disc, enum fs_kind kind, void (*arm)(struct kit_disc *, long),
                              long successes, int *failed)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = kit_tree();
    char *before, *after;
    enum oi_status status;
    uint32_t point;

    kit_folder(tree, "cc");
    kit_file(tree, "cc/f1", 7);
    before = kit_dump(tree);
    point = fs_change_point(tree);
    arm(disc, successes);
    status = kit_import(disc, 0, kind, tree, &detail);
    *failed = memory_disarm() || disc->until_failure == 0;
    disc->until_failure = -1;
    if (status)
    {
        after = kit_dump(tree);
        assert_string_equal(after, before);
        assert_int_equal(fs_change_point(tree), point);
        free(after);
        fs_detail_clear(&detail);
        assert_int_equal(kit_import(disc, 0, kind, tree, NULL), OI_OK);
    }
    assert_int_equal(fs_tree_file_count(tree), 177);
    assert_int_equal(fs_tree_directory_count(tree), 45);
    free(before);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    return status;
}

static void one_allocation_fails(struct kit_disc *disc, long successes)
{
    (void)disc;
    memory_arm(successes, 1);
}
static void allocations_fail(struct kit_disc *disc, long successes) { (void)disc; memory_arm(successes, 0); }
static void reads_fail(struct kit_disc *disc, long successes) { disc->until_failure = successes; }

static void fail_each(enum fs_kind kind, void (*arm)(struct kit_disc *, long), enum oi_status expected)
{
    struct kit_disc *disc = make_disc(kind);
    long successes = 0, before;
    int failed = 1;

    for (before = memory_alive; failed; successes++)
    {
        enum oi_status status = attempt(disc, kind, arm, successes, &failed);

        if (status) assert_string_equal(status_name(status), status_name(expected));
        if (status) assert_true(failed);
        assert_int_equal(memory_alive, before);
        assert_int_equal(kit_sources_alive, 0);
    }
    assert_true(successes > 40);
    source_unref(&disc->base);
    assert_int_equal(kit_discs_alive, 0);
}

static void an_import_without_memory_changes_nothing(void **state)
{
    (void)state;
    fail_each(FS_ISO9660, one_allocation_fails, OI_NO_MEMORY);
    fail_each(FS_ISO9660, allocations_fail, OI_NO_MEMORY);
    fail_each(FS_JOLIET, one_allocation_fails, OI_NO_MEMORY);
}

static void an_import_from_a_disc_that_fails_changes_nothing(void **state)
{
    (void)state;
    fail_each(FS_ISO9660, reads_fail, OI_SOURCE_READ);
    fail_each(FS_JOLIET, reads_fail, OI_SOURCE_READ);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_import_without_memory_changes_nothing),
        cmocka_unit_test(an_import_from_a_disc_that_fails_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
