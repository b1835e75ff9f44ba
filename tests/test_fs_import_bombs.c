/* Volumes made in order to keep an import busy: depth, loops, and directories that lie in one another. */
#include "helpers/fs_kit.h"
#include "helpers/volume_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Every directory has one more. */
static enum oi_status list_deeper(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                  void *context)
{
    struct fs_found found = {
        .type = FS_DIRECTORY, .name = u"d", .name_length = 1, .place = {place->key + 1, 0}};

    (void)volume;
    return take(context, &found);
}

static void depth_ends_where_paths_do(void **state)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;

    (void)state;
    kit_volume_init(&invention, NULL, 0);
    invention.list = list_deeper;
    assert_int_equal(fs_import(tree, &invention.base, NULL, &detail), OI_TOO_DEEP);
    assert_true(text_length(detail.item) > 32000);
    assert_int_equal(fs_tree_directory_count(tree), 1);
    fs_detail_clear(&detail);
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

/* Every directory reads all of the disc, and has two more. */
static enum oi_status list_bomb(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                void *context)
{
    static uint8_t bytes[100 * FS_BLOCK_SIZE];
    struct fs_found found = {
        .type = FS_DIRECTORY, .name = u"a", .name_length = 1, .place = {place->key * 2, 0}};

    TRY(fs_volume_read(volume, 0, 100, bytes));
    TRY(take(context, &found));
    found.name = u"b";
    found.place.key++;
    return take(context, &found);
}

static void directories_that_overlap_end_soon(void **state)
{
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;
    struct kit_disc *disc;

    (void)state;
    disc = kit_volume_init(&invention, NULL, 0);
    invention.list = list_bomb;
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\b\\b");
    assert_true(disc->given <= 10 * 100 * FS_BLOCK_SIZE);
    /* The next import has its own measure. */
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\b\\b");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

static void directories_met_twice_are_refused(void **state)
{
    static const struct kit_entry entries[] = {FOLDER_IN(1, u"a", 2), FOLDER_IN(2, u"b", 3),
                                           FOLDER_IN(3, u"c", 2)};
    static const struct kit_entry root[] = { FOLDER_IN(1, u"a", 1) };
    struct fs_tree *tree = kit_tree_of_udf();
    struct kit_volume invention;

    (void)state;
    INVENT(&invention, entries);
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\a\\b\\c");
    fs_volume_close(&invention.base);
    INVENT(&invention, root);
    kit_import_refused(tree, &invention, OI_FORMAT, u"\\a");
    fs_volume_close(&invention.base);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(depth_ends_where_paths_do),
        cmocka_unit_test(directories_that_overlap_end_soon),
        cmocka_unit_test(directories_met_twice_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
