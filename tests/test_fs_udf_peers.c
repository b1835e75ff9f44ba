/*
 * UDF images judged by programs and a library that others wrote: libudfread and 7z read everything back,
 * udfinfo says what it sees, xorriso and isoinfo still read the volumes of ECMA-119 beside. A program that is
 * not there skips its tests.
 */
#include "helpers/fs_kit.h"
#include "helpers/peer_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <udfread/udfread.h>

static struct fs_tree *troublesome(void)
{
    static const char *const names[] =
    {
        "UPPER.TXT", "lower", "two.dots.here", ".hidden", "with space.c", "semi;colon", "caf\xC3\xA9.txt",
        "\xE4\xB8\xAD\xE6\x96\x87.\xE5\x90\x8D", "\xD0\x96\xD0\xB6", "\xF0\x9F\x98\x80 smile.png", "a",
        "~1", "-dash", "[x]{y}(z)", "percent%20 #hash",
    };
    struct fs_tree *tree = kit_tree();
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
    memset(path, 'j', 240);
    strcpy(path + 240, ".extension");
    kit_file(tree, path, 2048);
    kit_file(tree, "large", 3000000);
    return tree;
}

/* --- each kind of volume -------------------------------------------------------------------------------- */

struct volume
{
    unsigned file_systems, revision;
    int redundant;
};

static void write_image(struct fs_tree *tree, const struct volume *volume)
{
    struct fs_options options = *fs_tree_options(tree);
    struct fs_layout *layout;
    char path[300];
    uint8_t *bytes;
    size_t size;
    FILE *file;

    options.file_systems = volume->file_systems;
    options.udf_revision = volume->revision;
    options.udf_redundant = volume->redundant;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    layout = kit_layout(tree, 0);
    size = (size_t)fs_layout_blocks(layout) * FS_BLOCK_SIZE;
    bytes = kit_read(layout, 1 << 20);
    snprintf(path, sizeof(path), "%s/image.iso", peer_folder);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    free(bytes);
    fs_layout_unref(layout);
}

static void each_volume(void (*judge)(struct fs_tree *tree, const struct volume *volume))
{
    static const unsigned masks[] = { FS_UDF, KIT_ISO_JOLIET | FS_UDF };
    struct fs_tree *tree = troublesome();

    for (size_t i = 0; fs_udf_revision(i); i++)
    {
        for (unsigned mask = 0; mask < 2; mask++)
        {
            struct volume volume = { masks[mask], fs_udf_revision(i), 0 };

            for (; volume.redundant <= (volume.revision >= 0x250); volume.redundant++)
            {
                write_image(tree, &volume);
                judge(tree, &volume);
            }
        }
    }
    fs_tree_destroy(tree);
}

/* --- libudfread ----------------------------------------------------------------------------------------- */

static void compare_bytes(const uint8_t *bytes, size_t size, const struct fs_item *item, uint64_t at)
{
    const struct kit_source *source = (const struct kit_source *)fs_item_data(item);

    for (size_t i = 0; i < size; i++) assert_int_equal(bytes[i], kit_byte(source->seed, at + i));
}

static void compare_file(UDFFILE *file, const struct fs_item *item)
{
    static uint8_t bytes[1 << 16];
    uint64_t at = 0;

    assert_int_equal(udfread_file_size(file), fs_item_size(item));
    while (at < fs_item_size(item))
    {
        ssize_t got = udfread_file_read(file, bytes, sizeof(bytes));

        assert_true(got > 0);
        compare_bytes(bytes, (size_t)got, item, at);
        at += (uint64_t)got;
    }
}

/* Its names have each unit by itself, those of pairs of surrogates too. */
static void units_of(const char *text, char16_t *out)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at)
    {
        unsigned more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : 2;
        unsigned unit = *at++ & (more == 0 ? 0x7F : more == 1 ? 0x1F : 0x0F);

        while (more--) unit = unit << 6 | (*at++ & 0x3F);
        *out++ = (char16_t)unit;
    }
    *out = 0;
}

static void compare_folder(UDFDIR *folder, const struct fs_item *item)
{
    struct udfread_dirent entry;
    size_t count = 0;

    while (udfread_readdir(folder, &entry))
    {
        struct fs_item *child;
        char16_t name[FS_NAME_MAX + 1];

        if (!strcmp(entry.d_name, ".") || !strcmp(entry.d_name, "..")) continue;
        units_of(entry.d_name, name);
        child = fs_item_child(item, name);
        if (!child) fail_msg("%s is not in the tree", entry.d_name);
        count++;
        if (fs_item_type(child) == FS_DIRECTORY)
        {
            UDFDIR *below = udfread_opendir_at(folder, entry.d_name);

            assert_int_equal(entry.d_type, UDF_DT_DIR);
            assert_non_null(below);
            compare_folder(below, child);
            udfread_closedir(below);
        }
        else
        {
            UDFFILE *file = udfread_file_openat(folder, entry.d_name);

            assert_int_equal(entry.d_type, UDF_DT_REG);
            assert_non_null(file);
            compare_file(file, child);
            udfread_file_close(file);
        }
    }
    assert_int_equal(count, fs_item_child_count(item));
}

static void judge_by_libudfread(struct fs_tree *tree, const struct volume *volume)
{
    udfread *reader = udfread_init();
    char path[300];
    UDFDIR *root;

    (void)volume;
    snprintf(path, sizeof(path), "%s/image.iso", peer_folder);
    assert_non_null(reader);
    assert_int_equal(udfread_open(reader, path), 0);
    assert_string_equal(udfread_get_volume_id(reader), "Test");
    assert_non_null(root = udfread_opendir(reader, "/"));
    compare_folder(root, fs_tree_root(tree));
    udfread_closedir(root);
    udfread_close(reader);
}

static void libudfread_reads_everything_back(void **state)
{
    (void)state;
    each_volume(judge_by_libudfread);
}

/* --- programs ------------------------------------------------------------------------------------------- */

static void compare_extracted(struct fs_tree *tree)
{
    const struct fs_item *root = fs_tree_root(tree);
    size_t files = 0;

    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        static uint8_t bytes[1 << 22];
        char *path = kit_path(at), name[1000];
        size_t got;
        FILE *file;

        for (char *c = path; *c; c++) *c = *c == '\\' ? '/' : *c;
        snprintf(name, sizeof(name), "%s/out%s", peer_folder, path);
        free(path);
        if (!(file = fopen(name, "rb"))) fail_msg("not there: %s", name);
        if (fs_item_type(at) == FS_FILE)
        {
            got = fread(bytes, 1, sizeof(bytes), file);
            assert_int_equal(got, fs_item_size(at));
            if (got) compare_bytes(bytes, got, at, 0);
            files++;
        }
        fclose(file);
    }
    assert_int_equal(files, fs_tree_file_count(tree));
}

/* Version 16 takes a second copy of the metadata, which it does not look for, for data behind the volume. */
static void judge_by_seven_zip(struct fs_tree *tree, const struct volume *volume)
{
    peer_must_run("rm -rf out && { LC_ALL=C.UTF-8 7z x -y -tudf -oout image.iso >seven 2>&1 %s; }",
                  volume->redundant ? "|| grep -q 'Headers Error' seven" : "");
    compare_extracted(tree);
}

static void seven_zip_extracts_everything(void **state)
{
    (void)state;
    peer_need("7z");
    each_volume(judge_by_seven_zip);
}

/* What it calls the revision is the least that a reader needs. */
static void judge_by_udfinfo(struct fs_tree *tree, const struct volume *volume)
{
    unsigned read = volume->revision > 0x250 ? 0x250 : volume->revision, write = volume->revision;

    peer_must_run("udfinfo image.iso >info 2>warnings");
    peer_must_run("! grep -i 'warning\\|error' warnings info");
    peer_must_run("grep -qx 'udfrev=%x.%02x' info", read >> 8, read & 0xFF);
    peer_must_run("grep -qx 'udfwriterev=%x.%02x' info", write >> 8, write & 0xFF);
    peer_must_run("grep -qx 'numfiles=%u' info && grep -qx 'numdirs=%u' info",
                  (unsigned)fs_tree_file_count(tree), (unsigned)fs_tree_directory_count(tree));
    peer_must_run("grep -qx lvid=Test info && grep -qx vid=Test info && grep -qx fsid=Test info");
    peer_must_run("grep -qx integrity=closed info && grep -qx accesstype=readonly info");
    peer_must_run("test $(grep -c type=ANCHOR info) = 3 && grep -q type=RVDS info");
}

static void udfinfo_sees_what_was_meant(void **state)
{
    (void)state;
    peer_need("udfinfo");
    each_volume(judge_by_udfinfo);
}

static void judge_by_xorriso(struct fs_tree *tree, const struct volume *volume)
{
    if (!(volume->file_systems & FS_ISO9660)) return;
    peer_must_run("rm -rf out && LC_ALL=C.UTF-8 xorriso -read_fs norock -osirrox on -indev image.iso "
                  "-extract / out && chmod -R u+w out");
    (void)tree;
    peer_must_run("test $(find out -type f | wc -l) = %u", (unsigned)fs_tree_file_count(tree));
    peer_must_run("isoinfo -d -i image.iso | grep -q 'Volume id: TEST'");
    peer_must_run("isovfy image.iso | grep -q 'No errors found'");
}

static void others_still_read_the_volumes_beside(void **state)
{
    (void)state;
    peer_need("xorriso");
    peer_need("isoinfo");
    each_volume(judge_by_xorriso);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(libudfread_reads_everything_back),
        cmocka_unit_test(seven_zip_extracts_everything),
        cmocka_unit_test(udfinfo_sees_what_was_meant),
        cmocka_unit_test(others_still_read_the_volumes_beside),
    };

    return cmocka_run_group_tests(tests, peer_stage_make, peer_stage_remove);
}
