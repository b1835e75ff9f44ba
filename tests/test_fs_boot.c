/* Boot images of a tree: what is refused, the count of blocks, and where they stand in an image. */
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

#define SEED 77

static struct fs_boot_entry entry(uint8_t platform, uint8_t emulation, const char *manufacturer,
                                  uint64_t size)
{
    struct fs_boot_entry made = { .platform = platform, .emulation = emulation };

    memcpy(made.manufacturer, manufacturer, strlen(manufacturer));
    made.image = &kit_source_create(SEED, size)->base;
    return made;
}

/* Gives the entries, and this test's references to their images, to the tree. */
static void set_boot(struct fs_tree *tree, struct fs_boot_entry *entries, size_t count)
{
    assert_int_equal(fs_tree_set_boot(tree, entries, count, NULL), OI_OK);
    for (size_t i = 0; i < count; i++) source_unref(entries[i].image);
}

/* Whatever the tree holds, for every set of file systems. */
static void the_count_is_exact_for_every_mask_and_revision(void **state)
{
    static const unsigned masks[] =
    {
        FS_ISO9660, FS_ISO9660 | FS_JOLIET, FS_UDF, FS_ISO9660 | FS_UDF, FS_SUPPORTED,
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(masks) / sizeof(*masks); i++)
    {
        struct fs_options options;
        struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 70000);
        struct fs_tree *tree;
        struct fs_layout *layout;
        uint64_t used;

        fs_options_init(&options);
        options.file_systems = masks[i / 2];
        options.udf_revision = i % 2 ? 0x250 : 0x102;
        assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
        kit_folder(tree, "folder");
        kit_file(tree, "folder/file", 5000);
        set_boot(tree, &one, 1);
        assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
        layout = kit_layout(tree, 0);
        assert_int_equal(fs_layout_blocks(layout), used);
        fs_layout_unref(layout);
        fs_tree_destroy(tree);
    }
    assert_int_equal(kit_sources_alive, 0);
}

static void refused(struct fs_tree *tree, struct fs_boot_entry one, enum oi_status status)
{
    assert_int_equal(fs_tree_set_boot(tree, &one, 1, NULL), status);
    assert_int_equal(fs_tree_boot_count(tree), 1);
    source_unref(one.image);
}

static void what_cannot_boot_is_refused_and_changes_nothing(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_boot_entry good = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000), many[33];
    struct fs_boot_entry none = { .image = NULL };
    struct fs_detail detail = { 0 };
    uint64_t before, after;

    (void)state;
    set_boot(tree, &good, 1);
    assert_int_equal(fs_tree_used_blocks(tree, &before), OI_OK);
    refused(tree, none, OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_NO_EMULATION, "", 0), OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_HARD_DISK + 1, "", 512), OI_INVALID_ARGUMENT);
    refused(tree, entry(0, FS_BOOT_FLOPPY_1_44, "", 1474561), OI_INVALID_ARGUMENT);
    many[0] = entry(0, FS_BOOT_FLOPPY_1_2, "", 1228799);
    assert_int_equal(fs_tree_set_boot(tree, many, 1, &detail), OI_INVALID_ARGUMENT);
    assert_int_equal(detail.expected, 1228800);
    assert_int_equal(detail.found, 1228799);
    for (int i = 1; i < 33; i++) many[i] = many[0];
    assert_int_equal(fs_tree_set_boot(tree, many, 33, NULL), OI_INVALID_ARGUMENT);
    source_unref(many[0].image);
    assert_int_equal(fs_tree_used_blocks(tree, &after), OI_OK);
    assert_int_equal(after, before);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void used_blocks_count_record_catalog_and_images(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_layout *layout;
    uint64_t plain, used;

    (void)state;
    kit_file(tree, "file", 3000);
    assert_int_equal(fs_tree_used_blocks(tree, &plain), OI_OK);
    set_boot(tree, &one, 1);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(used, plain + 1 + 1 + 3);
    layout = kit_layout(tree, 0);
    assert_int_equal(fs_layout_blocks(layout), used);
    fs_layout_unref(layout);
    assert_int_equal(fs_change_point(tree), 1);
    assert_int_equal(fs_rollback(tree, 0, NULL), OI_OK);
    assert_int_equal(fs_tree_boot_count(tree), 1);              /* not journalled */
    assert_int_equal(fs_tree_set_boot(tree, NULL, 0, NULL), OI_OK);
    assert_int_equal(fs_tree_boot_count(tree), 0);
    assert_int_equal(fs_tree_used_blocks(tree, &used), OI_OK);
    assert_int_equal(used, plain - 2);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void the_block_limit_holds_for_boot_images(void **state)
{
    struct fs_options options;
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_tree *tree;
    struct fs_detail detail = { 0 };

    (void)state;
    fs_options_init(&options);
    options.block_limit = 25 + 4;               /* the empty image has 25 */
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    assert_int_equal(fs_tree_set_boot(tree, &one, 1, &detail), OI_TOO_LARGE);
    assert_int_equal(detail.expected, 29);
    assert_int_equal(detail.found, 30);
    assert_int_equal(fs_tree_boot_count(tree), 0);
    options.block_limit = 30;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    set_boot(tree, &one, 1);
    options.block_limit = 29;
    assert_int_equal(fs_tree_set_options(tree, &options, &detail), OI_TOO_LARGE);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

static void only_an_image_from_block_0_may_be_bootable(void **state)
{
    struct fs_layout_params params = { .volume_name = u"Test", .time = KIT_TIME, .session_start = 1 };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_tree *tree = kit_tree();
    struct fs_layout *layout;

    (void)state;
    set_boot(tree, &one, 1);
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_INVALID_ARGUMENT);
    assert_null(layout);
    fs_tree_destroy(tree);
}

static void description_is(const struct fs_layout *layout, size_t index, const char *expected, uint32_t first,
                           uint32_t last, int is_file)
{
    struct fs_range range;
    char16_t *description;
    char *text;
    size_t found;

    assert_int_equal(fs_layout_range(layout, index, &range), OI_OK);
    assert_int_equal(range.first, first);
    assert_int_equal(range.last, last);
    assert_int_equal(range.is_file, is_file);
    assert_int_equal(fs_layout_range_description(layout, index, &description), OI_OK);
    text = text_to_utf8(description);
    assert_string_equal(text, expected);
    assert_int_equal(fs_layout_range_from_description(layout, description, &found), OI_OK);
    assert_int_equal(found, index);
    for (uint32_t block = first; block <= last; block++)
    {
        assert_int_equal(fs_layout_range_from_block(layout, block, &found), OI_OK);
        assert_int_equal(found, index);
    }
    free(description);
    free(text);
}

static void catalog_and_images_have_ranges_of_their_own(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_ISO9660, 1, 0);
    struct fs_boot_entry entries[] =
    {
        entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000),
        entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 1),
    };
    struct fs_layout *layout;
    size_t none;

    (void)state;
    kit_file(tree, "file", 3000);
    set_boot(tree, entries, 2);
    layout = kit_layout(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(fs_layout_range_count(layout), 7);
    description_is(layout, 0, "<system area>", 0, 15, 0);
    description_is(layout, 1, "<volume descriptors>", 16, 18, 0);
    description_is(layout, 2, "<ISO9660>", 19, 21, 0);
    description_is(layout, 3, "<boot catalog>", 22, 22, 0);
    description_is(layout, 4, "<boot image>", 23, 25, 0);
    description_is(layout, 5, "<boot image 2>", 26, 26, 0);
    description_is(layout, 6, "\\file", 27, 28, 1);
    assert_int_equal(fs_layout_range_from_description(layout, u"<boot image 3>", &none), OI_NOT_FOUND);
    fs_layout_unref(layout);
    assert_int_equal(kit_sources_alive, 0);
}

static void boot_images_are_read_when_their_blocks_are_and_checked_like_files(void **state)
{
    struct fs_tree *tree = kit_tree_with(FS_ISO9660, 1, 0);
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct kit_source *boot = (struct kit_source *)one.image;
    struct fs_detail detail = { 0 };
    struct fs_layout *layout;
    struct source *image;
    uint8_t bytes[8 * 2048];
    size_t got;

    (void)state;
    set_boot(tree, &one, 1);
    layout = kit_layout(tree, 0);
    fs_tree_destroy(tree);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    fs_layout_unref(layout);
    assert_int_equal(source_read(image, 16 * 2048, bytes, 7 * 2048), OI_OK);
    assert_int_equal(boot->reads, 0);
    assert_int_equal(source_read(image, 23 * 2048, bytes, 3 * 2048), OI_OK);
    for (size_t i = 0; i < 3 * 2048; i++) assert_int_equal(bytes[i], i < 5000 ? kit_byte(SEED, i) : 0);

    boot->true_size = 4999;
    assert_int_equal(source_read_some(image, 22 * 2048, bytes, 4 * 2048, &got), OI_SOURCE_SIZE);
    assert_int_equal(got, 2048 + 4999);
    assert_int_equal(fs_image_failure(image, &detail), OI_OK);
    assert_memory_equal(detail.item, u"<boot image>", sizeof(u"<boot image>"));
    assert_int_equal(detail.expected, 5000);
    assert_int_equal(detail.found, 4999);
    assert_ptr_equal(fs_image_failed_source(image), &boot->base);
    fs_detail_clear(&detail);
    source_unref(image);
    assert_int_equal(kit_sources_alive, 0);
}

/* What was set before stays; nothing leaks; the next attempt succeeds. */
static void memory_that_fails_changes_nothing(void **state)
{
    struct fs_boot_entry before = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000), two[2];
    struct fs_tree *tree = kit_tree();
    enum oi_status status = OI_NO_MEMORY;
    int failures = 0;

    (void)state;
    set_boot(tree, &before, 1);
    two[0] = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 512);
    two[1] = entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, "", 512);
    while (status)
    {
        memory_arm(failures++, 1);
        status = fs_tree_set_boot(tree, two, 2, NULL);
        memory_disarm();
        assert_int_equal(fs_tree_boot_count(tree), status ? 1 : 2);
        if (status) assert_int_equal(status, OI_NO_MEMORY);
    }
    assert_int_equal(failures, 4);
    source_unref(two[0].image);
    source_unref(two[1].image);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

static void a_layout_that_finds_no_memory_leaves_none(void **state)
{
    struct fs_layout_params params = { .volume_name = u"Test", .time = KIT_TIME };
    struct fs_boot_entry one = entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, "", 5000);
    struct fs_tree *tree = kit_tree_with(FS_SUPPORTED, 1, 0);
    enum oi_status status = OI_NO_MEMORY;
    struct fs_layout *layout = NULL;
    int failures = 0;

    (void)state;
    set_boot(tree, &one, 1);
    for (; status; failures++)
    {
        memory_arm(failures, 1);
        status = fs_layout_create(tree, &params, &layout, NULL);
        memory_disarm();
        assert_int_equal(status, layout ? OI_OK : OI_NO_MEMORY);
    }
    assert_true(failures > 10);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
    assert_int_equal(kit_sources_alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_count_is_exact_for_every_mask_and_revision),
        cmocka_unit_test(what_cannot_boot_is_refused_and_changes_nothing),
        cmocka_unit_test(used_blocks_count_record_catalog_and_images),
        cmocka_unit_test(the_block_limit_holds_for_boot_images),
        cmocka_unit_test(only_an_image_from_block_0_may_be_bootable),
        cmocka_unit_test(catalog_and_images_have_ranges_of_their_own),
        cmocka_unit_test(boot_images_are_read_when_their_blocks_are_and_checked_like_files),
        cmocka_unit_test(memory_that_fails_changes_nothing),
        cmocka_unit_test(a_layout_that_finds_no_memory_leaves_none),
    };

    return cmocka_run_group_tests_name("fs_boot", tests, NULL, NULL);
}
