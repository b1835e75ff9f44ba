/*
 * Every allocation of core/fs made to fail in turn, alone and with all that follow: the answer is
 * OI_NO_MEMORY or the work is done all the same, the tree is as it was, nothing leaks, and the next attempt
 * succeeds. The linker leads malloc, calloc, realloc and free here.
 */
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

/* --- one operation, with each of its allocations failing ------------------------------------------------ */

struct operation
{
    void (*prepare)(struct fs_tree *tree);
    enum oi_status (*run)(struct fs_tree *tree, struct fs_detail *detail);
};

static struct fs_tree *prepared(const struct operation *operation)
{
    struct fs_tree *tree = kit_tree();

    if (operation->prepare) operation->prepare(tree);
    return tree;
}

/* Everything that a client sees of a tree. */
static char *state_of(struct fs_tree *tree)
{
    char *dump = kit_dump(tree), *state = malloc(strlen(dump) + 100);
    const struct fs_options *options = fs_tree_options(tree);
    uint64_t blocks;

    assert_int_equal(fs_tree_used_blocks(tree, &blocks), OI_OK);
    sprintf(state, "%s%llu %llu %llu %u %llu %u", dump, (unsigned long long)fs_tree_file_count(tree),
            (unsigned long long)fs_tree_directory_count(tree), (unsigned long long)blocks,
            fs_change_point(tree), (unsigned long long)options->block_limit, options->iso9660_level);
    free(dump);
    return state;
}

static void assert_state(struct fs_tree *tree, const char *expected)
{
    char *state = state_of(tree);

    assert_string_equal(state, expected);
    free(state);
}

/* One attempt; returns whether an allocation was refused. */
static int attempt(const struct operation *operation, long successes, int alone, const char *before,
                   const char *after)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = prepared(operation);
    enum oi_status status;
    int refused;

    memory_arm(successes, alone);
    status = operation->run(tree, &detail);
    refused = memory_disarm();
    if (status)
    {
        assert_int_equal(status, OI_NO_MEMORY);
        assert_true(refused);
        assert_null(detail.item);
        assert_state(tree, before);
        assert_int_equal(operation->run(tree, &detail), OI_OK);
    }
    assert_state(tree, after);
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
    return refused != 0;
}

static void fail_each(const struct operation *operation)
{
    long at_first = memory_alive;
    struct fs_tree *tree = prepared(operation);
    char *before = state_of(tree), *after;

    assert_int_equal(operation->run(tree, NULL), OI_OK);
    after = state_of(tree);
    fs_tree_destroy(tree);
    for (int alone = 0; alone < 2; alone++)
    {
        long successes = 0, here = memory_alive;

        for (; attempt(operation, successes, alone, before, after); successes++)
        {
            assert_int_equal(memory_alive, here);
            assert_int_equal(kit_sources_alive, 0);
        }
        assert_true(successes > 0);
    }
    free(before);
    free(after);
    assert_int_equal(memory_alive, at_first);
}

/* --- changes -------------------------------------------------------------------------------------------- */

static enum oi_status add_new(struct fs_tree *tree, struct fs_item *parent, enum fs_type type,
                              const char16_t *name, struct fs_detail *detail, struct fs_item **added)
{
    enum oi_status status;
    struct fs_item *item;

    TRY(fs_item_create(tree, type, name, &item, detail));
    if (!(status = fs_add(parent, item, detail)) && added) *added = item;
    fs_item_unref(item);
    return status;
}

static enum oi_status add_many(struct fs_tree *tree, struct fs_detail *detail)
{
    char16_t name[FS_NAME_MAX + 1] = { 0 };             /* too long for every file system */
    struct fs_item *folder = NULL;
    size_t mark = fs_step_begin(tree);
    enum oi_status status = add_new(tree, fs_tree_root(tree), FS_DIRECTORY, u"folder", detail, &folder);

    for (int i = 0; i < FS_NAME_MAX; i++) name[i] = 'n';
    for (int i = 0; i < 40 && !status; i++)
    {
        name[22] = (char16_t)('0' + i / 10);
        name[23] = (char16_t)('0' + i % 10);
        status = add_new(tree, i % 3 ? folder : fs_tree_root(tree), i % 7 ? FS_FILE : FS_DIRECTORY, name,
                         detail, NULL);
    }
    fs_step_end(tree, mark, !status);
    return status;
}

static void additions_are_taken_back(void **state)
{
    (void)state;
    fail_each(&(struct operation){ NULL, add_many });
}

/* 32 changes: the journal has to grow for the next one. */
static void several_things(struct fs_tree *tree)
{
    kit_folder(tree, "one");
    kit_folder(tree, "one/two");
    kit_file(tree, "one/two/a name that is too long.text", 3000);
    kit_file(tree, "one/a name that is too long.text", 3000);
    kit_file(tree, "one/a name that is too long too.text", 1);
    for (int i = 0; i < 27; i++)
    {
        char path[40];

        sprintf(path, "one/two/%c%d", 'a' + i % 26, i);
        kit_file(tree, path, 10);
    }
}

/* Without memory of the test's own. */
static struct fs_item *find(struct fs_tree *tree, const char16_t *path)
{
    struct fs_item *item;

    assert_int_equal(fs_find(fs_tree_root(tree), path, &item, NULL), OI_OK);
    return item;
}

static enum oi_status remove_all(struct fs_tree *tree, struct fs_detail *detail)
{
    size_t mark = fs_step_begin(tree);
    enum oi_status status = fs_remove(find(tree, u"one/two/a0"), detail);

    if (!status) status = fs_remove_tree(find(tree, u"one/two"), detail);
    if (!status) status = fs_remove_tree(fs_tree_root(tree), detail);
    fs_step_end(tree, mark, !status);
    return status;
}

static void removals_are_taken_back(void **state)
{
    (void)state;
    fail_each(&(struct operation){ several_things, remove_all });
}

static void several_steps(struct fs_tree *tree)
{
    several_things(tree);
    assert_int_equal(fs_remove_tree(kit_find(tree, "one/two"), NULL), OI_OK);
    kit_file(tree, "one/more", 1);
}

static enum oi_status roll_back(struct fs_tree *tree, struct fs_detail *detail)
{
    return fs_rollback(tree, 7, detail);
}

static void a_rollback_is_done_wholly_or_not_at_all(void **state)
{
    (void)state;
    fail_each(&(struct operation){ several_steps, roll_back });
}

static void files_for_streams(struct fs_tree *tree)
{
    several_things(tree);
    kit_stream(tree, kit_find(tree, "one/two/a0"), "kept", 3000);
    kit_stream(tree, kit_find(tree, "one/two/a0"), "removed", 3000);
}

static enum oi_status change_streams(struct fs_tree *tree, struct fs_detail *detail)
{
    char16_t name[] = u"stream 00";
    size_t mark = fs_step_begin(tree);
    enum oi_status status = fs_stream_remove(fs_stream_at(find(tree, u"one/two/a0"), 1), detail);

    for (int i = 0; i < 40 && !status; i++)
    {
        struct fs_item *stream;

        name[7] = (char16_t)('0' + i / 10);
        name[8] = (char16_t)('0' + i % 10);
        if ((status = fs_item_create(tree, FS_FILE, name, &stream, detail))) break;
        status = fs_stream_add(find(tree, i % 2 ? u"one/two/a0" : u"one/two/b1"), stream, detail);
        fs_item_unref(stream);
    }
    if (!status) status = fs_remove(find(tree, u"one/two/b1"), detail);
    fs_step_end(tree, mark, !status);
    return status;
}

static void changes_of_streams_are_taken_back(void **state)
{
    (void)state;
    fail_each(&(struct operation){ files_for_streams, change_streams });
}

/* --- directories of more than one block ----------------------------------------------------------------- */

static void large_directories(struct fs_tree *tree)
{
    kit_folder(tree, "folder");
    for (int i = 0; i < 120; i++)
    {
        char path[60];

        sprintf(path, "folder/a file with a long name of its own %d", i);
        kit_file(tree, path, 10);
    }
}

static void large_directories_in_udf(struct fs_tree *tree)
{
    kit_set_udf(tree, FS_SUPPORTED, 0x250);
    large_directories(tree);
    kit_stream(tree, kit_file(tree, "folder/file", 3000), "stream", 5000);
}

static enum oi_status count_blocks(struct fs_tree *tree, struct fs_detail *detail)
{
    uint64_t blocks;

    (void)detail;
    return fs_tree_used_blocks(tree, &blocks);
}

static void blocks_are_counted_later(void **state)
{
    (void)state;
    fail_each(&(struct operation){ large_directories, count_blocks });
}

static enum oi_status set_options(struct fs_tree *tree, struct fs_detail *detail)
{
    struct fs_options options = *fs_tree_options(tree);

    options.iso9660_level = 2;
    options.block_limit = 157;          /* between the need and what is estimated of it */
    return fs_tree_set_options(tree, &options, detail);
}

static void options_stay_as_they_were(void **state)
{
    (void)state;
    fail_each(&(struct operation){ large_directories, set_options });
}

/* --- layouts and images --------------------------------------------------------------------------------- */

static enum oi_status lay_out_and_read(struct fs_tree *tree, struct fs_detail *detail)
{
    static uint8_t bytes[5000];
    struct fs_layout_params params = { .time = KIT_TIME, .session_start = 100 };
    struct source *image = NULL;
    struct fs_layout *layout;
    enum oi_status status;
    char16_t *text = NULL;
    uint64_t at = 0;
    size_t got = 1;

    TRY(fs_layout_create(tree, &params, &layout, detail));
    status = fs_image_create(layout, &image);
    for (; !status && got; at += got) status = source_read_some(image, at, bytes, sizeof(bytes), &got);
    if (!status) assert_true(at == image->size);
    if (status && image) assert_int_equal(fs_image_failure(image, detail), OI_NOT_FOUND);
    for (size_t i = 0; !status && i < fs_layout_range_count(layout); i += 50)
    {
        status = fs_layout_range_description(layout, i, &text);
        free(text);
    }
    source_unref(image);
    fs_layout_unref(layout);
    return status;
}

static void layouts_and_images_are_had_later(void **state)
{
    (void)state;
    fail_each(&(struct operation){ large_directories, lay_out_and_read });
    fail_each(&(struct operation){ large_directories_in_udf, lay_out_and_read });
}

/* A structure that could not be made when it was read is made when it is read again. */
static void a_read_that_failed_can_be_repeated(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_layout *layout;
    struct source *image;
    uint8_t *whole, *bytes;
    size_t size, got;

    (void)state;
    large_directories(tree);
    layout = kit_layout(tree, 0);
    size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    whole = kit_read(layout, size);
    bytes = malloc(size);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    for (size_t at = 0; at < size; at += got)
    {
        memory_arm(0, 1);
        if (source_read_some(image, at, bytes + at, size - at, &got))
        {
            size_t more;

            assert_memory_equal(bytes + at, whole + at, got);
            assert_int_equal(source_read_some(image, at + got, bytes + at + got, 1, &more), OI_OK);
        }
        memory_disarm();
    }
    assert_memory_equal(bytes, whole, size);
    source_unref(image);
    free(bytes);
    free(whole);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

/* --- the rest ------------------------------------------------------------------------------------------- */

static void no_tree_and_no_item_come_of_nothing(void **state)
{
    struct fs_tree *tree;
    struct fs_item *item;
    char16_t *path;
    int failures = 0;
    long before = memory_alive;

    (void)state;
    for (;; failures++)
    {
        memory_arm(failures, 0);
        if (fs_tree_create(NULL, &tree) == OI_OK) break;
        assert_null(tree);
    }
    memory_disarm();
    assert_true(failures > 0);
    for (failures = 0;; failures++)
    {
        memory_arm(failures, 0);
        if (fs_item_create(tree, FS_DIRECTORY, u"name", &item, NULL) == OI_OK) break;
        assert_null(item);
    }
    memory_disarm();
    assert_true(failures > 0);
    memory_arm(0, 0);
    assert_int_equal(fs_item_path(item, &path), OI_NO_MEMORY);
    assert_null(path);
    assert_int_equal(fs_item_file_system_path(item, FS_JOLIET, &path), OI_NO_MEMORY);
    assert_null(path);
    memory_disarm();
    fs_item_unref(item);
    fs_tree_destroy(tree);
    assert_int_equal(memory_alive, before);
}

/* What there is to say about a failure is lost before the failure itself is. */
static void a_failure_is_told_without_its_details(void **state)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = kit_tree();
    struct fs_item *item;

    (void)state;
    kit_file(tree, "there", 1);
    item = kit_item(tree, FS_FILE, "THERE");
    memory_arm(0, 0);
    assert_int_equal(fs_add(fs_tree_root(tree), item, &detail), OI_NAME_EXISTS);
    assert_null(detail.item);
    fs_item_unref(item);
    assert_int_equal(fs_find(fs_tree_root(tree), u"not there", &item, &detail), OI_NOT_FOUND);
    assert_null(detail.item);
    memory_disarm();
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(additions_are_taken_back),
        cmocka_unit_test(removals_are_taken_back),
        cmocka_unit_test(a_rollback_is_done_wholly_or_not_at_all),
        cmocka_unit_test(changes_of_streams_are_taken_back),
        cmocka_unit_test(blocks_are_counted_later),
        cmocka_unit_test(options_stay_as_they_were),
        cmocka_unit_test(layouts_and_images_are_had_later),
        cmocka_unit_test(a_read_that_failed_can_be_repeated),
        cmocka_unit_test(no_tree_and_no_item_come_of_nothing),
        cmocka_unit_test(a_failure_is_told_without_its_details),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
