/*
 * Images judged by programs that others wrote: xorriso, 7z and iso-read extract them, isoinfo and iso-info
 * list them, isovfy verifies them. What comes out is compared byte for byte and name for name with the tree.
 * A program that is not there skips its tests.
 */
#define _XOPEN_SOURCE 700

#include "helpers/fs_kit.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[200];                /* of this test */

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int make_folder(void **state)
{
    const char *parent = getenv("OPENIMAPI_TEST_TMP");

    (void)state;
    snprintf(folder, sizeof(folder), "%s/fs_peers_XXXXXX", parent ? parent : "/tmp");
    return !mkdtemp(folder);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void need(const char *program)
{
    char command[100];

    snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", program);
    if (!system(command)) return;
    print_message("%s is not installed: SKIPPED\n", program);
    skip();
}

/* Runs a shell command in the test's folder; its output shows when it fails. */
static void run(const char *text)
{
    char command[600];

    snprintf(command, sizeof(command), "cd '%s' && { LC_ALL=C.UTF-8 %s; } >log 2>&1 || { cat log; false; }",
             folder, text);
    if (system(command)) fail_msg("failed: %s", text);
}

/* --- trees that give trouble ---------------------------------------------------------------------------- */

static struct fs_tree *troublesome(unsigned file_systems, unsigned level)
{
    static const char *const names[] =
    {
        "UPPER.TXT", "lower", "two.dots.here", ".hidden", "with space.c", "semi;colon", "caf\xC3\xA9.txt",
        "\xE4\xB8\xAD\xE6\x96\x87.\xE5\x90\x8D", "\xD0\x96\xD0\xB6", "\xF0\x9F\x98\x80 smile.png", "a",
        "b.", "~1", "-dash", "[x]{y}(z)", "percent%20 #hash",
        "this name has exactly sixty-four characters in it, no more no less",
    };
    struct fs_tree *tree = kit_tree_with(file_systems, level, 0);
    char path[400], deep[300] = "";

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) kit_file(tree, names[i], i * 1777);
    kit_folder(tree, "empty folder");
    kit_folder(tree, "many");
    for (int i = 0; i < 600; i++)
    {
        sprintf(path, "many/many files that begin alike %d.data", i * 7919 % 600);
        kit_file(tree, path, (unsigned)i % 5 * 1024);
    }
    for (int i = 2; i <= 8; i++)
    {
        sprintf(deep + strlen(deep), "%sLevel %d.folder", i > 2 ? "/" : "", i);
        kit_folder(tree, deep);
        sprintf(path, "%s/file %d", deep, i);
        kit_file(tree, path, 1u << (2 * i));
    }
    memset(path, 'j', 108);
    strcpy(path + 108, ".long extension");
    kit_file(tree, path, 2048);
    kit_file(tree, "large", 3000000);
    return tree;
}

static void write_image(struct fs_tree *tree)
{
    struct fs_layout *layout = kit_layout(tree, 0);
    size_t size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    uint8_t *bytes = kit_read(layout, 1 << 20);
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/image.iso", folder);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(bytes);
    fs_layout_unref(layout);
}

/* --- comparing ------------------------------------------------------------------------------------------ */

/* The recorded path of an item with slashes; with versions as ISO 9660 records them when wanted. */
static char *recorded_path(const struct fs_item *item, enum fs_kind kind, int versions)
{
    char16_t *path;
    char *text, *result, *last;

    assert_int_equal(fs_item_file_system_path(item, kind, &path), OI_OK);
    text = text_to_utf8(path);
    result = malloc(strlen(text) + 4);
    strcpy(result, text);
    for (char *at = result; *at; at++) *at = *at == '\\' ? '/' : *at;
    last = strrchr(result, '/');
    if (versions && fs_item_type(item) == FS_FILE)
    {
        if (kind == FS_ISO9660 && !strchr(last, '.')) strcat(result, ".");
        strcat(result, ";1");
    }
    free(text);
    free(path);
    return result;
}

static void compare_file(const char *path, const struct fs_item *item)
{
    const struct kit_source *source = (const struct kit_source *)fs_item_data(item);
    FILE *file = fopen(path, "rb");
    uint64_t at = 0;
    int byte;

    if (!file) fail_msg("not there: %s", path);
    for (; (byte = getc(file)) != EOF; at++)
    {
        if (at < source->true_size && byte != kit_byte(source->seed, at)) fail_msg("differs: %s", path);
    }
    fclose(file);
    assert_true(at == source->true_size);
}

static size_t entries;

static int count_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)path;
    (void)info;
    (void)type;
    entries += ftw->level > 0;
    return 0;
}

static void compare_extracted(struct fs_tree *tree, enum fs_kind kind, int versions)
{
    const struct fs_item *root = fs_tree_root(tree);
    char top[300], path[2000];
    struct stat info;

    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        char *recorded = recorded_path(at, kind, versions);

        snprintf(path, sizeof(path), "%s/out%s", folder, recorded);
        free(recorded);
        if (fs_item_type(at) == FS_FILE)
        {
            compare_file(path, at);
        }
        else if (stat(path, &info) || !S_ISDIR(info.st_mode))
        {
            fail_msg("no folder: %s", path);
        }
    }
    snprintf(top, sizeof(top), "%s/out", folder);
    entries = 0;
    assert_int_equal(nftw(top, count_one, 16, FTW_PHYS), 0);
    assert_int_equal(entries, fs_tree_file_count(tree) + fs_tree_directory_count(tree) - 1);
}

static void judge(const char *program, const char *command, unsigned file_systems, unsigned level,
                  enum fs_kind kind, int versions)
{
    struct fs_tree *tree;

    need(program);
    tree = troublesome(file_systems, level);
    write_image(tree);
    run(command);
    compare_extracted(tree, kind, versions);
    fs_tree_destroy(tree);
}

#define EXTRACT(read, more)                                                                                  \
    "xorriso -read_fs " read more " -osirrox on -indev image.iso -extract / out && chmod -R u+w out"

static void xorriso_extracts_joliet(void **state)
{
    (void)state;
    judge("xorriso", EXTRACT("norock", ""), KIT_ISO_JOLIET, 1, FS_JOLIET, 0);
}

static void xorriso_extracts_iso9660_level_1(void **state)
{
    (void)state;
    judge("xorriso", EXTRACT("nojoliet", " -ecma119_map unmapped"), KIT_ISO_JOLIET, 1, FS_ISO9660, 1);
}

static void xorriso_extracts_iso9660_level_2(void **state)
{
    (void)state;
    judge("xorriso", EXTRACT("nojoliet", " -ecma119_map unmapped"), FS_ISO9660, 2, FS_ISO9660, 1);
}

static void seven_zip_extracts_joliet(void **state)
{
    (void)state;
    judge("7z", "7z x -y -oout image.iso", KIT_ISO_JOLIET, 2, FS_JOLIET, 0);
}

static void seven_zip_extracts_iso9660(void **state)
{
    (void)state;
    judge("7z", "7z x -y -oout image.iso", FS_ISO9660, 1, FS_ISO9660, 0);
}

/* --- listings ------------------------------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* libcdio shows names of ISO 9660 in lower case and without version. */
static void fold(char *text)
{
    for (; *text; text++)
    {
        if (*text >= 'A' && *text <= 'Z') *text = (char)(*text - 'A' + 'a');
    }
}

/* The command writes a path a line into "list". */
static void judge_list(struct fs_tree *tree, const char *command, enum fs_kind kind, int versions, int folded)
{
    const struct fs_item *root = fs_tree_root(tree);
    char **expected, path[300], line[1000];
    size_t count = 0, seen = 0;
    FILE *list;

    expected = calloc((size_t)(fs_tree_file_count(tree) + fs_tree_directory_count(tree)), sizeof(*expected));
    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        expected[count] = recorded_path(at, kind, versions);
        if (folded) fold(expected[count]);
        count++;
    }
    qsort(expected, count, sizeof(*expected), compare_lines);
    write_image(tree);
    run(command);
    run("LC_ALL=C sort list > sorted");
    snprintf(path, sizeof(path), "%s/sorted", folder);
    assert_non_null(list = fopen(path, "r"));
    while (fgets(line, sizeof(line), list))
    {
        line[strcspn(line, "\n")] = 0;
        assert_true(seen < count);
        assert_string_equal(line, expected[seen]);
        seen++;
    }
    fclose(list);
    assert_int_equal(seen, count);
    while (count) free(expected[--count]);
    free(expected);
}

static void isoinfo_lists_every_name(void **state)
{
    struct fs_tree *tree;

    (void)state;
    need("isoinfo");
    tree = troublesome(KIT_ISO_JOLIET, 1);
    judge_list(tree, "isoinfo -f -i image.iso > list", FS_ISO9660, 1, 0);
    fs_tree_destroy(tree);
}

/* libcdio gives up a whole directory at a pair of surrogates: to it, Joliet is UCS-2 and no more. */
static struct fs_tree *troublesome_ucs2(void)
{
    struct fs_tree *tree = troublesome(KIT_ISO_JOLIET, 1);

    assert_int_equal(fs_remove(kit_find(tree, "\xF0\x9F\x98\x80 smile.png"), NULL), OI_OK);
    return tree;
}

#define ISO_INFO(more) "iso-info --no-header -q -f " more "-i image.iso | sed -n 's,^ *[0-9]* /,/,p' > list"

static void iso_info_lists_joliet(void **state)
{
    struct fs_tree *tree;

    (void)state;
    need("iso-info");
    tree = troublesome_ucs2();
    judge_list(tree, ISO_INFO(""), FS_JOLIET, 0, 0);
    fs_tree_destroy(tree);
}

static void iso_info_lists_iso9660(void **state)
{
    (void)state;
    need("iso-info");
    for (unsigned level = 1; level <= 2; level++)
    {
        struct fs_tree *tree = troublesome(KIT_ISO_JOLIET, level);

        judge_list(tree, ISO_INFO("--no-joliet "), FS_ISO9660, 0, 1);
        fs_tree_destroy(tree);
    }
}

/* --- one file after the other by its path --------------------------------------------------------------- */

/* iso-read knows ISO 9660 names only. */
static void judge_files(struct fs_tree *tree)
{
    const struct fs_item *root = fs_tree_root(tree);
    size_t count = 0;
    char path[300];
    FILE *script;

    write_image(tree);
    snprintf(path, sizeof(path), "%s/script", folder);
    assert_non_null(script = fopen(path, "w"));
    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        char *recorded = recorded_path(at, FS_ISO9660, 0);

        fold(recorded);
        if (fs_item_size(at)) fprintf(script, "iso-read -i image.iso -e '%s' -o %zu\n", recorded, count++);
        free(recorded);
    }
    assert_int_equal(fclose(script), 0);
    run("sh -e script");
    count = 0;
    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        if (!fs_item_size(at)) continue;
        snprintf(path, sizeof(path), "%s/%zu", folder, count++);
        compare_file(path, at);
    }
}

static void iso_read_extracts_iso9660(void **state)
{
    (void)state;
    need("iso-read");
    for (unsigned level = 1; level <= 2; level++)
    {
        struct fs_tree *tree = troublesome(KIT_ISO_JOLIET, level);

        judge_files(tree);
        fs_tree_destroy(tree);
    }
}

static void isoinfo_names_the_volume(void **state)
{
    struct fs_tree *tree;

    (void)state;
    need("isoinfo");
    tree = troublesome(KIT_ISO_JOLIET, 1);
    write_image(tree);
    run("isoinfo -d -i image.iso > info");
    run("grep -qx 'Volume id: TEST' info");
    run("grep -qx 'Logical block size is: 2048' info");
    run("grep -q 'Joliet with UCS level 3 found' info");
    run("grep -q 'NO Rock Ridge' info");
    fs_tree_destroy(tree);
}

static void isovfy_finds_no_errors(void **state)
{
    struct fs_tree *tree;

    (void)state;
    need("isovfy");
    tree = troublesome(KIT_ISO_JOLIET, 2);
    write_image(tree);
    run("isovfy image.iso > found && grep -qx 'No errors found' found");
    fs_tree_destroy(tree);
}

int main(void)
{
#define PEER_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    static const struct CMUnitTest tests[] =
    {
        PEER_TEST(xorriso_extracts_joliet),
        PEER_TEST(xorriso_extracts_iso9660_level_1),
        PEER_TEST(xorriso_extracts_iso9660_level_2),
        PEER_TEST(seven_zip_extracts_joliet),
        PEER_TEST(seven_zip_extracts_iso9660),
        PEER_TEST(isoinfo_lists_every_name),
        PEER_TEST(iso_info_lists_joliet),
        PEER_TEST(iso_info_lists_iso9660),
        PEER_TEST(iso_read_extracts_iso9660),
        PEER_TEST(isoinfo_names_the_volume),
        PEER_TEST(isovfy_finds_no_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
