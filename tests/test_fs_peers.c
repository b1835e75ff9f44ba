/*
 * What programs of others say of a volume as a whole: its names and sizes as isoinfo shows them, and
 * whether isovfy finds anything wrong; whether the files can be read is tested with test_fs_tools.c. A
 * program that is not there skips its tests.
 */
#include "helpers/fs_kit.h"
#include "helpers/peer_stage.h"
#include "helpers/tool_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* An image for each of the ways in which a volume of ECMA-119 can lie beside others. Nothing in it is
   hidden: that would be worth a line to isovfy. */
static void each_image(void (*judge)(const struct fs_options *options))
{
    static const unsigned masks[] =
    {
        FS_ISO9660, KIT_ISO_JOLIET, FS_ISO9660 | FS_UDF, KIT_ISO_JOLIET | FS_UDF,
    };
    struct fs_tree *tree = tool_tree();
    struct fs_options options = *fs_tree_options(tree);
    const struct fs_item *root = fs_tree_root(tree);

    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        fs_item_set_hidden(at, 0);
    }
    for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++)
    {
        options.file_systems = masks[i];
        for (size_t j = 0; fs_udf_revision(j); j++)
        {
            options.udf_revision = fs_udf_revision(j);
            options.iso9660_level = 1 + j % 2;
            assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
            peer_write_tree("image.iso", tree);
            judge(&options);
            if (!(masks[i] & FS_UDF) && j) break;
        }
    }
    fs_tree_destroy(tree);
}

static void judge_by_isoinfo(const struct fs_options *options)
{
    peer_must_run("isoinfo -d -i image.iso > info");
    peer_must_run("grep -qx 'Volume id: TEST' info");
    peer_must_run("grep -qx 'Logical block size is: 2048' info");
    peer_must_run("%s grep -q 'Joliet with UCS level 3 found' info",
                  options->file_systems & FS_JOLIET ? "" : "!");
    peer_must_run("grep -q 'NO Rock Ridge' info");
}

static void isoinfo_names_the_volume(void **state)
{
    (void)state;
    peer_need("isoinfo");
    each_image(judge_by_isoinfo);
}

static void judge_by_isovfy(const struct fs_options *options)
{
    (void)options;
    peer_must_run("isovfy image.iso > found && grep -qx 'No errors found' found");
}

static void isovfy_finds_no_errors(void **state)
{
    (void)state;
    peer_need("isovfy");
    each_image(judge_by_isovfy);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(isoinfo_names_the_volume),
        cmocka_unit_test(isovfy_finds_no_errors),
    };

    return cmocka_run_group_tests(tests, peer_stage_make, peer_stage_remove);
}
