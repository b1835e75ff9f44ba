/*
 * Images that genisoimage, xorriso and our writer made of a folder, imported and compared with the folder:
 * names, bytes and times; and with what isoinfo lists where names are shortened. A program that is not there
 * skips its tests.
 */
#define _XOPEN_SOURCE 700

#include "helpers/disc_kit.h"
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
#include <time.h>
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
    snprintf(folder, sizeof(folder), "%s/fs_read_peers_XXXXXX", parent ? parent : "/tmp");
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
    char command[3000];

    snprintf(command, sizeof(command), "cd '%s' && { LC_ALL=C.UTF-8 %s; } >log 2>&1 || { cat log; false; }",
             folder, text);
    if (system(command)) fail_msg("failed: %s", text);
}

/* --- folders -------------------------------------------------------------------------------------------- */

/* A folder "tree" in which names are as ISO 9660 level 1 has them, and one with all kinds. */
#define PLAIN                                                                                                \
    "mkdir -p tree/SUB/INNER tree/EMPTY && echo one > tree/ONE.TXT && : > tree/SUB/NOTHING && "              \
    "head -c 99999 /dev/urandom > tree/SUB/RANDOM.BIN && head -c 2048 /dev/urandom > tree/SUB/INNER/BLOCK"

#define MIXED                                                                                                \
    "mkdir -p tree/a/b/c/d/e/f/g/h/i 'tree/many files' tree/empty && cd tree && : > nothing && "             \
    "echo x > Gr\xC3\xBC\xC3\x9F""e.txt && echo x > \xE4\xB8\xAD\xE6\x96\x87.\xE5\x90\x8D && "               \
    "echo x > .hidden && echo x > two.dots.x && echo deep > a/b/c/d/e/f/g/h/i/deep && "                      \
    "echo x > 'with space' && head -c 1000000 /dev/urandom > a/large && cd 'many files' && "                 \
    "for i in $(seq 300); do echo $i > \"a file with the number $i.text\"; done"

/* --- comparing ------------------------------------------------------------------------------------------ */

static void compare_file(const char *path, const struct fs_item *item)
{
    static uint8_t here[65536], there[65536];
    FILE *file = fopen(path, "rb");
    uint64_t at = 0;
    size_t count, got;

    if (!file) fail_msg("not in the folder: %s", path);
    while ((count = fread(here, 1, sizeof(here), file)))
    {
        assert_int_equal(source_read_some(fs_item_data(item), at, there, sizeof(there), &got), OI_OK);
        if (got != count || memcmp(here, there, count)) fail_msg("differs: %s", path);
        at += count;
    }
    fclose(file);
    assert_true(at == fs_item_size(item));
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

static void compare_time(const char *path, const struct stat *info, const struct fs_item *item)
{
    struct fs_times times;

    fs_item_times(item, &times);
    if (times.modified / FS_TIME_SECOND != info->st_mtime) fail_msg("another time: %s", path);
}

static void compare(const char *image, uint32_t session, enum fs_kind kind, const char *with)
{
    char path[3000];
    struct fs_tree *tree;
    struct fs_item *root;

    snprintf(path, sizeof(path), "%s/%s", folder, image);
    tree = kit_imported(kit_disc_load(path), session, kind);
    root = fs_tree_root(tree);
    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        char *name = kit_path(at);
        struct stat info;

        for (char *c = name; *c; c++) *c = *c == '\\' ? '/' : *c;
        snprintf(path, sizeof(path), "%s/%s%s", folder, with, name);
        free(name);
        if (stat(path, &info)) fail_msg("not in the folder: %s", path);
        assert_int_equal(S_ISDIR(info.st_mode), fs_item_type(at) == FS_DIRECTORY);
        if (fs_item_type(at) == FS_DIRECTORY) continue;
        compare_file(path, at);
        compare_time(path, &info, at);
    }
    entries = 0;
    snprintf(path, sizeof(path), "%s/%s", folder, with);
    assert_int_equal(nftw(path, count_one, 16, FTW_PHYS), 0);
    assert_int_equal(entries, fs_tree_file_count(tree) + fs_tree_directory_count(tree) - 1);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

/* --- genisoimage ---------------------------------------------------------------------------------------- */

static void genisoimage_iso9660(void **state)
{
    static const char *const options[] = {"",      "-iso-level 2", "-iso-level 3 -R", "-iso-level 4",
                                          "-J -no-pad", "-udf"};

    (void)state;
    need("genisoimage");
    run(PLAIN);
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
    {
        char command[200];

        snprintf(command, sizeof(command), "genisoimage -quiet %s -o image.iso tree", options[i]);
        run(command);
        compare("image.iso", 0, FS_ISO9660, "tree");
    }
}

static void genisoimage_joliet(void **state)
{
    static const char *const options[] = {"-J -D", "-J -joliet-long -D -iso-level 3",
                                          "-J -R -D -ucs-level 1"};

    (void)state;
    need("genisoimage");
    run(MIXED);
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
    {
        char command[200];

        snprintf(command, sizeof(command), "genisoimage -quiet -input-charset utf-8 %s -o image.iso tree",
                 options[i]);
        run(command);
        compare("image.iso", 0, FS_JOLIET, "tree");
    }
}

/* Level 4: names of any length and letter case, in UTF-8. */
static void genisoimage_beyond_iso9660(void **state)
{
    (void)state;
    need("genisoimage");
    run(MIXED);
    run("genisoimage -quiet -iso-level 4 -o image.iso tree");
    compare("image.iso", 0, FS_ISO9660, "tree");
}

static void genisoimage_appends_sessions(void **state)
{
    (void)state;
    need("genisoimage");
    run(PLAIN);
    run("genisoimage -quiet -J -R -o image.iso tree && cp -r --preserve=timestamps tree first && "
        "mkdir -p new/NEW && echo new > new/NEW/FILE.TXT && echo changed > new/ONE.TXT && "
        "genisoimage -quiet -J -R -C 0,1600 -M image.iso -o second.iso new && "
        "dd if=second.iso of=image.iso bs=2048 seek=1600 status=none && "
        "cp -r --preserve=timestamps new/* tree/");
    compare("image.iso", 0, FS_ISO9660, "first");
    compare("image.iso", 0, FS_JOLIET, "first");
    compare("image.iso", 1600, FS_ISO9660, "tree");
    compare("image.iso", 1600, FS_JOLIET, "tree");
}

/* --- xorriso -------------------------------------------------------------------------------------------- */

static void xorriso_iso9660(void **state)
{
    static const char *const options[] = {"", "-iso-level 2 -J", "-iso-level 3 -R",
                                          "-iso-level 3 -relaxed-filenames"};

    (void)state;
    need("xorriso");
    run(PLAIN);
    for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
    {
        char command[200];

        snprintf(command, sizeof(command), "xorriso -as mkisofs -quiet %s -o image.iso tree", options[i]);
        run(command);
        compare("image.iso", 0, FS_ISO9660, "tree");
    }
}

static void xorriso_joliet(void **state)
{
    (void)state;
    need("xorriso");
    run(MIXED);
    run("xorriso -as mkisofs -quiet -J -joliet-long -o image.iso tree");
    compare("image.iso", 0, FS_JOLIET, "tree");
    run("rm image.iso && xorriso -joliet on -outdev image.iso -map tree /");
    compare("image.iso", 0, FS_JOLIET, "tree");
}

/* On media that can be overwritten, block 16 always tells of the newest session; the first is at 32. */
static void xorriso_grows_sessions(void **state)
{
    (void)state;
    need("xorriso");
    run(PLAIN);
    run("xorriso -joliet on -compliance iso_9660_level=3 -outdev image.iso -map tree / && "
        "cp -r --preserve=timestamps tree first && mkdir -p tree/NEW && echo new > tree/NEW/FILE.TXT && "
        "echo changed > tree/ONE.TXT && rm -r tree/EMPTY && "
        "xorriso -joliet on -compliance iso_9660_level=3 -dev image.iso -rm_r /EMPTY -- "
        "-map tree/NEW /NEW -map tree/ONE.TXT /ONE.TXT");
    compare("image.iso", 0, FS_ISO9660, "tree");
    compare("image.iso", 0, FS_JOLIET, "tree");
    compare("image.iso", 32, FS_ISO9660, "first");
    compare("image.iso", 32, FS_JOLIET, "first");
}

/* --- isoinfo -------------------------------------------------------------------------------------------- */

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Shortened names, Rock Ridge with directories that were moved: isoinfo tells what there is. */
static void isoinfo_lists_the_same_names(void **state)
{
    static const char *const makers[] =
    {
        "genisoimage -quiet -input-charset utf-8 -R -o image.iso tree",
        "genisoimage -quiet -input-charset utf-8 -l -D -o image.iso tree",
        "genisoimage -quiet -input-charset utf-8 -relaxed-filenames -allow-lowercase -allow-multidot -D -l "
        "-allow-leading-dots -o image.iso tree",
        "xorriso -as mkisofs -quiet -R -o image.iso tree",
    };

    (void)state;
    need("genisoimage");
    need("isoinfo");
    need("xorriso");
    run(MIXED);
    for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++)
    {
        char path[300], line[1000], *lines[1000];
        struct fs_item *root;
        struct fs_tree *tree;
        size_t count = 0;
        FILE *list;

        run(makers[i]);
        run("isoinfo -f -i image.iso | sed 's/;1$//; s/\\.$//' | sort > list");
        snprintf(path, sizeof(path), "%s/image.iso", folder);
        tree = kit_imported(kit_disc_load(path), 0, FS_ISO9660);
        root = fs_tree_root(tree);
        for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
        {
            assert_true(count < 1000);
            lines[count] = kit_path(at);
            for (char *c = lines[count]; *c; c++) *c = *c == '\\' ? '/' : *c;
            count++;
        }
        assert_true(count > 300);
        qsort(lines, count, sizeof(*lines), compare_lines);
        snprintf(path, sizeof(path), "%s/list", folder);
        assert_non_null(list = fopen(path, "r"));
        for (size_t j = 0; j < count; j++)
        {
            assert_non_null(fgets(line, sizeof(line), list));
            line[strcspn(line, "\n")] = 0;
            assert_string_equal(lines[j], line);
            free(lines[j]);
        }
        assert_null(fgets(line, sizeof(line), list));
        fclose(list);
        fs_tree_destroy(tree);
    }
}

/* --- ours ----------------------------------------------------------------------------------------------- */

/* Written by our writer, in a session of its own, from the first disc's data: what comes back is the same. */
static void an_imported_session_can_be_written_again(void **state)
{
    char path[300];
    struct fs_layout_params params = { .volume_name = u"AGAIN", .session_start = 0 };
    struct fs_options options = {
        .file_systems = FS_ISO9660 | FS_JOLIET, .iso9660_level = 2, .udf_revision = 0x102};
    struct fs_layout *layout;
    struct fs_tree *tree;
    struct kit_disc *disc;
    struct source *image;
    uint8_t *bytes;
    FILE *file;

    (void)state;
    need("genisoimage");
    run(PLAIN);
    run("genisoimage -quiet -J -o image.iso tree");
    snprintf(path, sizeof(path), "%s/image.iso", folder);
    disc = kit_disc_load(path);
    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    assert_int_equal(kit_import(disc, 0, FS_JOLIET, tree, NULL), OI_OK);
    source_unref(&disc->base);
    assert_int_equal(fs_layout_create(tree, &params, &layout, NULL), OI_OK);
    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    assert_non_null(bytes = malloc((size_t)image->size));
    assert_int_equal(source_read(image, 0, bytes, (size_t)image->size), OI_OK);
    snprintf(path, sizeof(path), "%s/again.iso", folder);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(bytes, 1, (size_t)image->size, file), image->size);
    fclose(file);
    free(bytes);
    source_unref(image);
    fs_layout_unref(layout);
    fs_tree_destroy(tree);
    compare("again.iso", 0, FS_ISO9660, "tree");
    compare("again.iso", 0, FS_JOLIET, "tree");
}

int main(void)
{
#define PEER_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    static const struct CMUnitTest tests[] =
    {
        PEER_TEST(genisoimage_iso9660),
        PEER_TEST(genisoimage_joliet),
        PEER_TEST(genisoimage_beyond_iso9660),
        PEER_TEST(genisoimage_appends_sessions),
        PEER_TEST(xorriso_iso9660),
        PEER_TEST(xorriso_joliet),
        PEER_TEST(xorriso_grows_sessions),
        PEER_TEST(isoinfo_lists_the_same_names),
        PEER_TEST(an_imported_session_can_be_written_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
