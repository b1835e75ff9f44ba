/*
 * Images judged by others: each file system in each revision, alone and beside others, bootable, and with a
 * session behind another, is read by the programs that people have for that. What they say is a table: it
 * is written to OPENIMAPI_TOOLS_TABLE when that is set, and the README has to say the same.
 */
#include "helpers/append_kit.h"
#include "helpers/boot_kit.h"
#include "helpers/fs_kit.h"
#include "helpers/peer_stage.h"
#include "helpers/tool_readers.h"
#include "helpers/tool_table.h"
#include "helpers/tool_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHUNK (1 << 20)
#define WRITE_UNIT 16                   /* blocks: of a DVD+RW */

static struct tool_table table;
static int tool_is_there[TOOL_READERS];

static int look_for_tools(void **state)
{
    int rc = peer_stage_make(state);

    for (size_t i = 0; i < TOOL_READERS; i++)
    {
        const char *program = tool_readers[i].program;

        tool_is_there[i] = !program || !peer_run("command -v %s", program);
    }
    return rc;
}

static void judge_by_all(const char *name, const struct tool_image *image)
{
    for (unsigned kind = FS_ISO9660; kind <= FS_UDF; kind <<= 1)
    {
        struct tool_row *row;

        if (!(image->file_systems & kind)) continue;
        row = tool_table_row(&table, name, (enum fs_kind)kind);
        for (size_t i = 0; i < TOOL_READERS; i++)
        {
            peer_must_run("echo '%s: %s in %s'", tool_readers[i].program ? tool_readers[i].program : "ours",
                          row->kind, row->image);
            if (tool_is_there[i]) row->cells[i] = tool_readers[i].judge(image, (enum fs_kind)kind);
        }
    }
}

/* --- images --------------------------------------------------------------------------------------------- */

struct volume
{
    const char *name;
    unsigned file_systems, level, revision;
    int redundant;
};

static void judge_tree(struct fs_tree *tree, const struct volume *volume, int sparse)
{
    struct fs_options options = *fs_tree_options(tree);
    struct tool_image image =
    {
        .tree = tree, .file_systems = volume->file_systems, .revision = volume->revision,
        .redundant = volume->redundant, .sparse = sparse,
    };

    options.file_systems = volume->file_systems;
    options.iso9660_level = volume->level;
    options.udf_revision = volume->revision;
    options.udf_redundant = volume->redundant;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    peer_write_tree("image.iso", tree);
    judge_by_all(volume->name, &image);
}

#define ISO_JOLIET (FS_ISO9660 | FS_JOLIET)
#define ALL_THREE (FS_ISO9660 | FS_JOLIET | FS_UDF)

static void each_file_system_is_read_by_others(void **state)
{
    static const struct volume volumes[] =
    {
        { "ISO 9660 level 1", FS_ISO9660, 1, 0x102, 0 },
        { "ISO 9660 level 2", FS_ISO9660, 2, 0x102, 0 },
        { "ISO 9660 level 1 + Joliet", ISO_JOLIET, 1, 0x102, 0 },
        { "ISO 9660 level 2 + Joliet", ISO_JOLIET, 2, 0x102, 0 },
        { "UDF 1.02", FS_UDF, 1, 0x102, 0 },
        { "UDF 1.50", FS_UDF, 1, 0x150, 0 },
        { "UDF 2.00", FS_UDF, 1, 0x200, 0 },
        { "UDF 2.01", FS_UDF, 1, 0x201, 0 },
        { "UDF 2.50", FS_UDF, 1, 0x250, 0 },
        { "UDF 2.50, redundant metadata", FS_UDF, 1, 0x250, 1 },
        { "UDF 2.60", FS_UDF, 1, 0x260, 0 },
        { "UDF 2.60, redundant metadata", FS_UDF, 1, 0x260, 1 },
        { "ISO 9660 + UDF 1.02", FS_ISO9660 | FS_UDF, 1, 0x102, 0 },
        { "ISO 9660 + UDF 2.50", FS_ISO9660 | FS_UDF, 2, 0x250, 0 },
        { "ISO 9660 + Joliet + UDF 1.02", ALL_THREE, 1, 0x102, 0 },
        { "ISO 9660 + Joliet + UDF 2.50", ALL_THREE, 2, 0x250, 0 },
    };
    struct fs_tree *tree = tool_tree();

    (void)state;
    for (size_t i = 0; i < sizeof(volumes) / sizeof(*volumes); i++) judge_tree(tree, &volumes[i], 0);
    fs_tree_destroy(tree);
}

static void bootable_images_are_read_by_others(void **state)
{
    static const struct volume volumes[] =
    {
        { "bootable, ISO 9660 + Joliet", ISO_JOLIET, 2, 0x102, 0 },
        { "bootable, UDF 2.01", FS_UDF, 1, 0x201, 0 },
        { "bootable, ISO 9660 + Joliet + UDF 1.02", ALL_THREE, 1, 0x102, 0 },
    };
    static const uint8_t sectors[3000] = { 0xEB, 0xFE };
    struct fs_boot_entry entries[] =
    {
        boot_entry(FS_BOOT_PLATFORM_X86, FS_BOOT_NO_EMULATION, sectors, sizeof(sectors)),
        boot_entry(FS_BOOT_PLATFORM_EFI, FS_BOOT_NO_EMULATION, sectors, 512),
    };
    struct fs_tree *tree = tool_tree();

    (void)state;
    assert_int_equal(fs_tree_set_boot(tree, entries, 2, NULL), OI_OK);
    for (size_t i = 0; i < 2; i++) source_unref(entries[i].image);
    for (size_t i = 0; i < sizeof(volumes) / sizeof(*volumes); i++) judge_tree(tree, &volumes[i], 0);
    fs_tree_destroy(tree);
}

static void a_file_of_two_extents_is_read_by_others(void **state)
{
    static const struct volume volumes[] =
    {
        { "UDF 1.02, a file of 1 GiB in two extents", FS_UDF, 1, 0x102, 0 },
        { "UDF 2.50, a file of 1 GiB in two extents", FS_UDF, 1, 0x250, 0 },
    };
    struct fs_tree *tree = tool_tree_sparse();

    (void)state;
    for (size_t i = 0; i < sizeof(volumes) / sizeof(*volumes); i++) judge_tree(tree, &volumes[i], 1);
    fs_tree_destroy(tree);
}

/* --- sessions ------------------------------------------------------------------------------------------- */

/* Behind another session, or, when the medium can be rewritten, behind what there is with a new anchor. */
static void judge_session(const char *name, unsigned file_systems, unsigned revision, uint32_t unit)
{
    struct tool_image image = { .file_systems = file_systems, .revision = revision };
    struct fs_tree *first = tool_tree_session(file_systems, revision);
    struct fs_options options = *fs_tree_options(first);
    struct append_disc disc = { 0 };
    struct source *source, *whole;
    struct fs_layout *layout;
    struct fs_disc from;
    uint8_t *bytes;

    options.udf_redundant = 0;
    assert_int_equal(fs_tree_set_options(first, &options, NULL), OI_OK);
    layout = append_layout(first, 0, NULL);
    bytes = kit_read(layout, CHUNK);
    append_put(&disc, 0, bytes, fs_layout_blocks(layout));
    free(bytes);
    fs_layout_unref(layout);

    source = append_open(&disc, &from);
    image.tree = append_import(&from, file_systems, revision, unit);
    assert_int_equal(fs_tree_set_options(image.tree, &options, NULL), OI_OK);
    tool_tree_change(image.tree);
    if (!unit)
    {
        image.first = first;
        image.session_start = append_next_start(&disc);
    }
    layout = append_layout(image.tree, image.session_start, unit ? source : NULL);
    bytes = kit_read(layout, CHUNK);
    append_put(&disc, image.session_start, bytes, fs_layout_blocks(layout));
    free(bytes);
    fs_layout_unref(layout);
    assert_int_equal(source_memory_create(disc.bytes, (size_t)disc.blocks * FS_BLOCK_SIZE, &whole), OI_OK);
    peer_write_source("image.iso", whole);
    source_unref(whole);
    judge_by_all(name, &image);
    fs_tree_destroy(image.tree);
    fs_tree_destroy(first);
    source_unref(source);
    free(disc.bytes);
}

static void a_session_behind_another_is_read_by_others(void **state)
{
    (void)state;
    judge_session("second session, ISO 9660", FS_ISO9660, 0x102, 0);
    judge_session("second session, ISO 9660 + Joliet", ISO_JOLIET, 0x102, 0);
    judge_session("second session, UDF 1.02", FS_UDF, 0x102, 0);
    judge_session("second session, ISO 9660 + Joliet + UDF 2.50", ALL_THREE, 0x250, 0);
    judge_session("UDF 1.02, appended on a rewritable disc", FS_UDF, 0x102, WRITE_UNIT);
    judge_session("UDF 2.50, appended on a rewritable disc", FS_UDF, 0x250, WRITE_UNIT);
}

/* --- the table ------------------------------------------------------------------------------------------ */

static void every_tool_is_there(void **state)
{
    int missing = 0;

    (void)state;
    for (size_t i = 0; i < TOOL_READERS; i++)
    {
        if (tool_is_there[i]) continue;
        print_message("%s IS NOT INSTALLED: its column was not made\n", tool_readers[i].program);
        missing = 1;
    }
    if (missing) skip();
}

static void every_note_is_of_a_cell(void **state)
{
    (void)state;
    for (enum tool_note note = TOOL_NOTE_NONE + 1; note < TOOL_NOTES; note++)
    {
        size_t cells = 0;

        for (size_t i = 0; i < table.count * TOOL_READERS; i++)
        {
            cells += table.rows[i / TOOL_READERS].cells[i % TOOL_READERS].note == note;
        }
        for (size_t i = 0; i < TOOL_READERS; i++) cells += !tool_is_there[i];
        if (!cells) fail_msg("no cell has the note \"%s\"", tool_note(note));
    }
}

static void the_readme_says_the_same(void **state)
{
    const char *path = getenv("OPENIMAPI_TOOLS_TABLE");

    (void)state;
    if (path)
    {
        tool_table_write(&table, path);
        return;
    }
    if (tool_table_compare(&table, "README.md"))
        fail_msg("the table of tools in README.md is not true any more: make tools-table");
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(every_tool_is_there),
        cmocka_unit_test(each_file_system_is_read_by_others),
        cmocka_unit_test(bootable_images_are_read_by_others),
        cmocka_unit_test(a_file_of_two_extents_is_read_by_others),
        cmocka_unit_test(a_session_behind_another_is_read_by_others),
        cmocka_unit_test(every_note_is_of_a_cell),
        cmocka_unit_test(the_readme_says_the_same),
    };

    return cmocka_run_group_tests(tests, look_for_tools, peer_stage_remove);
}
