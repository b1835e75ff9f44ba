/*
 * Sessions behind others: on discs that are written once a session of its own that leads to the files of old,
 * on rewritable ones a new part behind the old one and an anchor that leads to it. Judged by an independent
 * reader of UDF and by xorriso, and then imported again.
 */
#define _XOPEN_SOURCE 700

#include "helpers/append_kit.h"
#include "helpers/fs_kit.h"
#include "helpers/udf_check.h"

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

static void first_session(struct append_disc *disc, unsigned file_systems, unsigned revision)
{
    struct fs_tree *tree = append_tree(file_systems, revision);
    struct fs_layout *layout;
    uint8_t *bytes;

    kit_folder(tree, "folder");
    kit_file(tree, "folder/old.bin", 3000000);
    kit_file(tree, "folder/small", 10);
    kit_file(tree, "removed", 50000);
    kit_file(tree, "replaced", 7777);
    kit_file(tree, "empty", 0);
    layout = append_layout(tree, 0, NULL);
    bytes = kit_read(layout, 1 << 20);
    *disc = (struct append_disc){ 0 };
    append_put(disc, 0, bytes, fs_layout_blocks(layout));
    free(bytes);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
}

static void change(struct fs_tree *tree, unsigned round)
{
    char path[40];

    if (!round)
    {
        assert_int_equal(fs_remove(kit_find(tree, "removed"), NULL), OI_OK);
        assert_int_equal(fs_remove(kit_find(tree, "replaced"), NULL), OI_OK);
        kit_file(tree, "replaced", 8888);
    }
    snprintf(path, sizeof(path), "folder/new%u", round);
    kit_file(tree, path, 123456 + round);
}

static uint64_t size_of(const char *path, unsigned rounds)
{
    if (!strcmp(path, "folder/old.bin")) return 3000000;
    if (!strcmp(path, "folder/small")) return 10;
    if (!strcmp(path, "replaced")) return 8888;
    if (strncmp(path, "folder/new", 10)) return 0;
    return path[10] < (char)('0' + rounds) ? 123456u + (unsigned)(path[10] - '0') : 0;
}

static const char *const expected[] =
{
    "folder/old.bin", "folder/small", "replaced", "empty", "folder/new0", "folder/new1", "folder/new2",
};

static void check_bytes(const uint8_t *bytes, const char *path, size_t size)
{
    for (size_t i = 0; i < size; i++)
    {
        if (bytes[i] != kit_byte(kit_seed(path), i)) fail_msg("%s: byte %zu", path, i);
    }
}

/* Our own reader finds all of it again. */
static void check_import(const struct append_disc *disc, unsigned file_systems, unsigned rounds)
{
    struct fs_disc from;
    struct source *source = append_open(disc, &from);
    struct fs_tree *tree = append_tree(file_systems, 0x102);
    struct fs_volume *volume;

    assert_int_equal(fs_volume_open(&from, append_newest(file_systems), &volume, NULL), OI_OK);
    assert_int_equal(fs_import(tree, volume, NULL, NULL), OI_OK);
    fs_volume_close(volume);
    assert_int_equal(fs_tree_file_count(tree), 4 + rounds);
    for (size_t i = 0; i < 4 + rounds; i++)
    {
        struct fs_item *item = kit_find(tree, expected[i]);
        uint64_t size = size_of(expected[i], rounds);
        uint8_t *bytes = malloc((size_t)size + 1);

        if (!item) fail_msg("%s is missing", expected[i]);
        assert_int_equal(fs_item_size(item), size);
        assert_int_equal(source_read(fs_item_data(item), 0, bytes, (size_t)size), OI_OK);
        check_bytes(bytes, expected[i], (size_t)size);
        free(bytes);
    }
    fs_tree_destroy(tree);
    source_unref(source);
}

static FILE *file_of(const uint8_t *bytes, uint32_t blocks)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, FS_BLOCK_SIZE, blocks, file), blocks);
    return file;
}

/* So does a reader that knows nothing of us. */
static void check_udf(const struct append_disc *disc, unsigned revision, unsigned rounds)
{
    FILE *image = file_of(disc->bytes + (size_t)disc->last_start * FS_BLOCK_SIZE,
                          disc->blocks - disc->last_start);
    FILE *base = disc->last_start ? file_of(disc->bytes, disc->last_start) : NULL;
    struct udf_check_expect expect = { .revision = revision, .start = disc->last_start, .base = base };
    struct udf_check_tree *tree;
    char message[500];

    if (udf_check(image, &expect, &tree, message, sizeof(message))) fail_msg("%x: %s", revision, message);
    for (size_t i = 0; i < 4 + rounds; i++)
    {
        char path[50];
        const struct udf_check_node *node;
        size_t size = (size_t)size_of(expected[i], rounds);
        uint8_t *bytes = malloc(size + 1);

        snprintf(path, sizeof(path), "/%s", expected[i]);
        if (!(node = udf_check_find(tree, path))) fail_msg("%s is missing", path);
        assert_int_equal(node->size, size);
        assert_int_equal(udf_check_read(tree, node, 0, bytes, size), size);
        check_bytes(bytes, expected[i], size);
        free(bytes);
    }
    assert_null(udf_check_find(tree, "/removed"));
    udf_check_free(tree);
    fclose(image);
    if (base) fclose(base);
}

static void write_file(const char *path, const uint8_t *bytes, uint32_t blocks)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, FS_BLOCK_SIZE, blocks, file), blocks);
    fclose(file);
}

/* xorriso reads the session's ISO 9660 or Joliet tree, as a whole disc would be mounted. */
static void check_xorriso(const struct append_disc *disc, unsigned file_systems, unsigned rounds)
{
    const char *tmp = getenv("OPENIMAPI_TEST_TMP");
    char image[400], folder[300], command[2400];

    if (!(file_systems & FS_JOLIET) || system("command -v xorriso >/dev/null 2>&1")) return;
    snprintf(folder, sizeof(folder), "%s/append_XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    snprintf(image, sizeof(image), "%s/disc", folder);
    write_file(image, disc->bytes, disc->blocks);
    snprintf(command, sizeof(command),
             "xorriso -read_fs norock -load sbsector %u -osirrox on -indev '%s' -extract / '%s/out'"
             " >'%s/log' 2>&1 || { cat '%s/log'; false; }",
             (unsigned)disc->last_start, image, folder, folder, folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < 4 + rounds; i++)
    {
        size_t size = (size_t)size_of(expected[i], rounds);
        uint8_t *bytes = malloc(size + 1);
        char path[400];
        FILE *file;

        snprintf(path, sizeof(path), "%s/out/%s", folder, expected[i]);
        if (!(file = fopen(path, "rb"))) fail_msg("%s is missing", path);
        assert_int_equal(fread(bytes, 1, size + 1, file), size);
        check_bytes(bytes, expected[i], size);
        fclose(file);
        free(bytes);
    }
    snprintf(command, sizeof(command), "chmod -R u+w '%s' && rm -rf '%s'", folder, folder);
    assert_int_equal(system(command), 0);
}

static const struct combination
{
    unsigned file_systems, revision;
} combinations[] =
{
    { FS_ISO9660, 0x102 },
    { FS_ISO9660 | FS_JOLIET, 0x102 },
    { FS_UDF, 0x102 },
    { FS_UDF, 0x150 },
    { FS_UDF, 0x200 },
    { FS_UDF, 0x201 },
    { FS_UDF, 0x250 },
    { FS_UDF, 0x260 },
    { FS_ISO9660 | FS_UDF, 0x102 },
    { FS_ISO9660 | FS_JOLIET | FS_UDF, 0x102 },
    { FS_ISO9660 | FS_JOLIET | FS_UDF, 0x250 },
};

static void add_session(struct append_disc *disc, struct combination kinds, unsigned round)
{
    struct fs_disc from;
    struct source *source = append_open(disc, &from);
    struct fs_tree *tree = append_import(&from, kinds.file_systems, kinds.revision, 0);
    uint32_t start = append_next_start(disc);
    struct fs_layout *layout;
    uint8_t *bytes;

    change(tree, round);
    layout = append_layout(tree, start, NULL);
    assert_in_range(fs_layout_blocks(layout), 60, 1400);        /* the 1465 blocks of old.bin are not in it */
    bytes = kit_read(layout, 1 << 20);
    append_put(disc, start, bytes, fs_layout_blocks(layout));
    disc->last_start = start;
    free(bytes);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
    source_unref(source);
}

static void sessions_lead_to_the_files_of_those_before(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(combinations) / sizeof(*combinations); i++)
    {
        struct combination kinds = combinations[i];
        struct append_disc disc;

        first_session(&disc, kinds.file_systems, kinds.revision);
        for (unsigned round = 0; round < 3; round++)
        {
            add_session(&disc, kinds, round);
            if (kinds.file_systems != FS_ISO9660) check_import(&disc, kinds.file_systems, round + 1);
            if (kinds.file_systems & FS_UDF) check_udf(&disc, kinds.revision, round + 1);
            check_xorriso(&disc, kinds.file_systems, round + 1);
        }
        free(disc.bytes);
    }
    assert_int_equal(kit_sources_alive, 0);
}

/* --- rewritable media ----------------------------------------------------------------------------------- */

static void check_ranges(const struct fs_layout *layout, const uint8_t *image, struct append_disc *disc,
                         uint32_t unit, unsigned rounds)
{
    size_t count;
    const struct fs_range *ranges = fs_layout_modified(layout, &count);

    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++)
    {
        assert_int_equal(ranges[i].first % unit, 0);
        assert_int_equal((ranges[i].last + 1) % unit, 0);
        append_put(disc, ranges[i].first, image + (size_t)ranges[i].first * FS_BLOCK_SIZE,
                 ranges[i].last - ranges[i].first + 1);
        /* Until the last range is written the disc is as it was. */
        if (i + 1 < count && rounds) check_import(disc, FS_UDF, rounds);
    }
    assert_int_equal(disc->blocks, fs_layout_blocks(layout));
    assert_memory_equal(disc->bytes, image, (size_t)disc->blocks * FS_BLOCK_SIZE);
}

static void rewritable_discs_get_a_new_part_and_another_anchor(void **state)
{
    static const struct { unsigned revision; uint32_t unit; } rows[] =
    {
        { 0x102, 1 }, { 0x102, 16 }, { 0x150, 32 }, { 0x200, 16 }, { 0x201, 16 }, { 0x250, 16 },
        { 0x250, 32 }, { 0x260, 64 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
    {
        struct append_disc disc;

        first_session(&disc, FS_UDF, rows[i].revision);
        for (unsigned round = 0; round < 3; round++)
        {
            struct fs_disc from;
            struct source *source = append_open(&disc, &from);
            struct fs_tree *tree = append_import(&from, FS_UDF, rows[i].revision, rows[i].unit);
            struct fs_layout *layout;
            uint8_t *image;

            change(tree, round);
            layout = append_layout(tree, 0, source);
            image = kit_read(layout, 77777);
            check_ranges(layout, image, &disc, rows[i].unit, round);
            check_import(&disc, FS_UDF, round + 1);
            check_udf(&disc, rows[i].revision, round + 1);
            free(image);
            fs_layout_unref(layout);
            fs_tree_destroy(tree);
            source_unref(source);
        }
        free(disc.bytes);
    }
    assert_int_equal(kit_sources_alive, 0);
}

static void what_cannot_be_appended_to_is_refused(void **state)
{
    static const struct fs_earlier bad[] =
    {
        { .append = 0, .write_unit = 16 },   { .append = 1000, .write_unit = 0 },
        { .append = 1000, .write_unit = 16 }, { .append = 1008, .write_unit = 3 },
        { .append = 256, .write_unit = 16 }, { .append = 4096, .write_unit = 4096 },
    };
    struct fs_tree *tree = append_tree(FS_UDF, 0x102);
    struct fs_layout_params params = { .time = KIT_TIME };
    struct fs_layout *layout;
    struct source *disc;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
    {
        assert_int_equal(fs_tree_set_earlier(tree, &bad[i], NULL), OI_INVALID_ARGUMENT);
    }
    assert_int_equal(fs_tree_set_earlier(tree, &(struct fs_earlier){ 257, 1008, 16, NULL }, NULL), OI_OK);
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_INVALID_ARGUMENT);
    assert_int_equal(source_zero_create(100 * FS_BLOCK_SIZE, &disc), OI_OK);
    params.earlier = disc;
    /* It ends before the anchor. */
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_SOURCE_SIZE);
    source_unref(disc);
    assert_int_equal(source_zero_create(1008 * FS_BLOCK_SIZE, &disc), OI_OK);
    params.earlier = disc;
    params.session_start = 16;
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_INVALID_ARGUMENT);
    source_unref(disc);
    fs_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(sessions_lead_to_the_files_of_those_before),
        cmocka_unit_test(rewritable_discs_get_a_new_part_and_another_anchor),
        cmocka_unit_test(what_cannot_be_appended_to_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
