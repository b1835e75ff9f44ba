/* Options that the content does not allow: they are refused, and then nothing is other than it was. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Names that depend on what was there before: made anew, every one of them would be another. */
static void names_with_a_past(struct fs_tree *tree)
{
    char path[300];

    kit_folder(tree, "folder");
    kit_folder(tree, "folder/a long name of a folder");
    for (int i = 0; i < 12; i++)
    {
        sprintf(path, "folder/a long name of file %d.text", i);
        kit_file(tree, path, 1);
        sprintf(path, "folder/a long name of a folder/%0120d", i);
        kit_file(tree, path, 1);
    }
    for (int i = 0; i < 12; i += 3)
    {
        sprintf(path, "folder/a long name of file %d.text", i);
        assert_int_equal(fs_remove(kit_find(tree, path), NULL), OI_OK);
        sprintf(path, "folder/a long name of a folder/%0120d", i);
        assert_int_equal(fs_remove(kit_find(tree, path), NULL), OI_OK);
    }
}

static void assert_refused(struct fs_tree *tree, unsigned level, int strict)
{
    struct fs_options options = *fs_tree_options(tree);
    uint64_t blocks, after;

    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    options.iso9660_level = level;
    options.strict = strict;
    options.block_limit = 20;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_TOO_LARGE);
    assert_int_equal(fs_tree_options(tree)->block_limit, 0);
    assert_int_equal(fs_tree_used_blocks(tree, &after), OI_OK);
    assert_true(blocks == after);
}

static void refused_options_leave_every_name(void **state)
{
    struct fs_tree *tree = kit_tree();
    char *before, *now;

    (void)state;
    names_with_a_past(tree);
    before = kit_dump(tree);
    for (unsigned level = 1; level <= 2; level++)
    {
        for (int strict = 0; strict < 2; strict++)
        {
            assert_refused(tree, level, strict);
            now = kit_dump(tree);
            assert_string_equal(now, before);
            free(now);
        }
    }
    assert_non_null(kit_find(tree, "FOLDER/A_LONG_5.TEX"));
    free(before);
    fs_tree_destroy(tree);
}

/* The next number given, and what a rollback brings, are those of a tree that nobody asked. */
static void refused_options_leave_no_trace_for_what_follows(void **state)
{
    char *dumps[2][2];

    (void)state;
    for (int asked = 0; asked < 2; asked++)
    {
        struct fs_tree *tree = kit_tree();

        names_with_a_past(tree);
        if (asked) assert_refused(tree, 2, 1);
        kit_file(tree, "folder/a long name of file 99.text", 1);
        dumps[asked][0] = kit_dump(tree);
        assert_int_equal(fs_rollback(tree, 26, NULL), OI_OK);
        dumps[asked][1] = kit_dump(tree);
        fs_tree_destroy(tree);
    }
    for (int i = 0; i < 2; i++)
    {
        assert_string_equal(dumps[1][i], dumps[0][i]);
        free(dumps[0][i]);
        free(dumps[1][i]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(refused_options_leave_every_name),
        cmocka_unit_test(refused_options_leave_no_trace_for_what_follows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
