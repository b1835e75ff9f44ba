/* Trees for the programs of others to read: all that a user may have called a file, and more. */
#include "helpers/tool_tree.h"

#include "helpers/append_kit.h"
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SPARSE_PART 4096
#define EXTENT_MAX (((uint64_t)1 << 30) - FS_BLOCK_SIZE)

/* Each item a date of its own, from 1971 to 2047; two apart, because not all tools count single seconds. */
static void date_items(struct fs_tree *tree)
{
    const struct fs_item *root = fs_tree_root(tree);
    fs_time seconds = 31536000;

    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        struct fs_times times = { 0, 0, 0 };

        times.created = times.accessed = times.modified = seconds * FS_TIME_SECOND;
        fs_item_set_times(at, &times);
        seconds = 31536000 + (seconds + 15485864) % 2400000000;
    }
}

static void add_scripts(struct fs_tree *tree)
{
    static const char *const names[] =
    {
        "UPPER.TXT", "lower", "two.dots.here", ".hidden", "with space.c", "semi;colon", "a", "b.", "~1",
        "-dash",
        "[x]{y}(z)", "percent%20 #hash", "it's", "$HOME", "caf\xC3\xA9.txt", "\xC3\x9F\xC3\xBF\xC3\x86",
        "e\xCC\x81 combining", "\xD0\x96\xD0\xB6.\xD1\x8A", "\xCE\xA9\xCE\xBC\xCE\xAD\xCE\xB3\xCE\xB1",
        "\xE4\xB8\xAD\xE6\x96\x87.\xE5\x90\x8D", "\xED\x95\x9C\xEA\xB8\x80", "\xE3\x82\xAB\xE3\x82\x99",
        "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85.txt",
        "\xE0\xB8\x81\xE0\xB8\xB3",
        "\xE0\xA4\xA8\xE0\xA4\xAE\xE0\xA5\x8D", "\xEF\xBC\xA6\xEF\xBC\xB5\xEF\xBC\xAC",
        "mixed \xC3\xA9\xD0\x96",
    };
    char path[100];

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) kit_file(tree, names[i], i * 777);
    kit_folder(tree, "pairs");
    kit_file(tree, "pairs/\xF0\x9F\x98\x80 smile.png", 1234);
    kit_file(tree, "pairs/\xF0\x9D\x92\xB3", 1);
    kit_folder(tree, "pairs/\xF0\xA0\x9C\x8E");
    kit_folder(tree, "\xD0\x9F\xD0\xB0\xD0\xBF\xD0\xBA\xD0\xB0");
    sprintf(path, "\xD0\x9F\xD0\xB0\xD0\xBF\xD0\xBA\xD0\xB0/%s", names[19]);
    kit_file(tree, path, 5000);
}

/* Names at the limits of a file system, beyond them, and such as are alike when they are cut. */
static void add_long_names(struct fs_tree *tree)
{
    static const struct { const char *unit; unsigned count; const char *end; } rows[] =
    {
        { "j", 64, "" }, { "j", 65, "" }, { "j", 108, "" }, { "j", 109, "" }, { "k", 108, ".long extension" },
        { "k", 240, ".extension" }, { "l", 254, "" }, { "l", 255, "" }, { "m", 251, ".txt" },
        { "\xD0\xAF", 123, ".txt" }, { "\xD0\xAE", 127, "" },
        { "\xD0\xAE", 128, "" }, { "\xD0\xAE", 180, "" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
    {
        char path[600] = "";

        for (unsigned n = 0; n < rows[i].count; n++) strcat(path, rows[i].unit);
        strcat(path, rows[i].end);
        kit_file(tree, path, 100 + i);
    }
    kit_file(tree, "this name has exactly sixty-four characters in it, no more no less", 2);
}

static void add_sizes(struct fs_tree *tree)
{
    static const unsigned sizes[] = { 0, 1, 2047, 2048, 2049, 4096, 3 << 20 };
    char path[40];

    kit_folder(tree, "sizes");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
    {
        sprintf(path, "sizes/%u", sizes[i]);
        kit_file(tree, path, sizes[i]);
    }
}

static void add_folders(struct fs_tree *tree)
{
    char path[400], deep[300] = "";

    kit_folder(tree, "empty folder");
    kit_folder(tree, "many");
    for (int i = 0; i < 70; i++)
    {
        sprintf(path, "many/many files that begin alike %d.data", i * 7919 % 70);
        kit_file(tree, path, (unsigned)i % 5 * 1024);
    }
    for (int i = 2; i <= FS_ISO9660_LEVELS_MAX; i++)
    {
        sprintf(deep + strlen(deep), "%sLevel %d.folder", i > 2 ? "/" : "", i);
        kit_folder(tree, deep);
        sprintf(path, "%s/file %d", deep, i);
        kit_file(tree, path, 1u << (2 * i));
    }
    fs_item_set_hidden(kit_folder(tree, "hidden folder"), 1);
    kit_file(tree, "hidden folder/in it", 10);
    fs_item_set_hidden(kit_file(tree, "hidden folder/hidden too", 3000), 1);
}

struct fs_tree *tool_tree(void)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);

    add_scripts(tree);
    add_long_names(tree);
    add_sizes(tree);
    add_folders(tree);
    date_items(tree);
    return tree;
}

/* --- two extents ---------------------------------------------------------------------------------------- */

static struct source *sparse_create(void)
{
    struct source *parts[5], *whole;

    parts[0] = &kit_source_create(1, SPARSE_PART)->base;
    assert_int_equal(source_zero_create(EXTENT_MAX - 2 * SPARSE_PART, &parts[1]), OI_OK);
    parts[2] = &kit_source_create(2, 2 * SPARSE_PART)->base;
    assert_int_equal(source_zero_create(4 * SPARSE_PART, &parts[3]), OI_OK);
    parts[4] = &kit_source_create(3, SPARSE_PART - 7)->base;
    assert_int_equal(source_concat_create(parts, 5, &whole), OI_OK);
    for (int i = 0; i < 5; i++) source_unref(parts[i]);
    return whole;
}

struct fs_tree *tool_tree_sparse(void)
{
    struct fs_tree *tree = kit_tree_with(FS_UDF, 1, 0);
    struct fs_item *file = kit_item(tree, FS_FILE, TOOL_SPARSE_FILE);
    struct source *data = sparse_create();

    assert_int_equal(fs_item_set_data(file, data), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), file, NULL), OI_OK);
    fs_item_unref(file);
    source_unref(data);
    date_items(tree);
    return tree;
}

/* --- sessions ------------------------------------------------------------------------------------------- */

struct fs_tree *tool_tree_session(unsigned file_systems, unsigned revision)
{
    struct fs_tree *tree = append_tree(file_systems, revision);

    kit_folder(tree, "FOLDER");
    kit_file(tree, "FOLDER/OLD.BIN", 1000000);
    kit_file(tree, "FOLDER/EMPTY.BIN", 0);
    kit_file(tree, "REMOVED.BIN", 50000);
    kit_file(tree, "REPLACED.BIN", 7777);
    if (file_systems & (FS_JOLIET | FS_UDF))
        kit_file(tree, "FOLDER/\xE4\xB8\xAD\xE6\x96\x87 \xC3\xA9.old", 2049);
    date_items(tree);
    return tree;
}

void tool_tree_change(struct fs_tree *tree)
{
    assert_int_equal(fs_remove(kit_find(tree, "REMOVED.BIN"), NULL), OI_OK);
    assert_int_equal(fs_remove(kit_find(tree, "REPLACED.BIN"), NULL), OI_OK);
    kit_file(tree, "REPLACED.BIN", 8888);
    kit_file(tree, "FOLDER/NEW.BIN", 123456);
    kit_folder(tree, "NEW");
    if (fs_tree_options(tree)->file_systems & (FS_JOLIET | FS_UDF))
        kit_file(tree, "NEW/\xD0\x96\xD0\xB6.new", 2047);
    date_items(tree);
}

/* --- data ----------------------------------------------------------------------------------------------- */

struct source *tool_tree_data(const struct fs_item *file)
{
    char *path = kit_path(file);
    struct source *data;

    for (char *at = path; *at; at++) *at = *at == '\\' ? '/' : *at;
    if (!strcmp(path + 1, TOOL_SPARSE_FILE))
        data = sparse_create();
    else
        data = &kit_source_create(kit_seed(path + 1), fs_item_size(file))->base;
    free(path);
    return data;
}
