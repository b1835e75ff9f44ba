/*
 * The independent UDF reader, against volumes that others made: it takes them as right, but for the rules
 * that they are known to break, and finds in them what was put in.
 */
#include "helpers/udf_check.h"
#include "helpers/udf_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALL_ALLOWED 0x7Fu
#define LINUX_ALLOWED (UDF_CHECK_ALLOW_WRITABLE | UDF_CHECK_ALLOW_SPARSE | UDF_CHECK_ALLOW_SYMLINKS)

static const struct
{
    const char *name;
    unsigned revision, allow;
} volumes[] =
{
    { "mkudffs-102-dvd", 0x0102, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-150-dvd", 0x0150, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-200-dvd", 0x0200, UDF_CHECK_ALLOW_WRITABLE },
    { "mkudffs-201-dvd", 0x0201, UDF_CHECK_ALLOW_WRITABLE },
    { "linux-102-hd", 0x0102, LINUX_ALLOWED },
    { "linux-102-dvdram", 0x0102, LINUX_ALLOWED },
    { "linux-150-hd", 0x0150, LINUX_ALLOWED },
    { "linux-200-hd", 0x0200, LINUX_ALLOWED },
    { "linux-201-hd", 0x0201, LINUX_ALLOWED },
    { "linux-201-hd-long", 0x0201, LINUX_ALLOWED },
    { "linux-201-hd-noefe", 0x0201, LINUX_ALLOWED },
    { "linux-201-dvdrw", 0x0201, LINUX_ALLOWED | UDF_CHECK_ALLOW_SPARABLE },
    { "linux-201-cdrw", 0x0201, LINUX_ALLOWED | UDF_CHECK_ALLOW_SPARABLE },
    { "genisoimage-102", 0x0102, UDF_CHECK_ALLOW_ODD_RESERVE },
    { "pycdlib-102", 0x0102,
      UDF_CHECK_ALLOW_LONG_CRC | UDF_CHECK_ALLOW_ODD_RESERVE | UDF_CHECK_ALLOW_ODD_UNIQUE_IDS },
    { "metadata-250", 0x0250, 0 },
    { "session-201-base", 0x0201, 0 },
};

#define VOLUME_COUNT (sizeof(volumes) / sizeof(*volumes))

static void volumes_of_others_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOLUME_COUNT; i++)
    {
        struct udf_check_expect expect = { volumes[i].revision, volumes[i].allow, 0, NULL };
        size_t size;
        uint8_t *bytes = udf_kit_load(volumes[i].name, &size);
        FILE *file = udf_kit_file(bytes, size);
        char message[500];

        if (udf_check(file, &expect, NULL, message, sizeof(message)))
            fail_msg("%s: %s", volumes[i].name, message);
        fclose(file);
        free(bytes);
    }
}

/* Without any one option that it needs, or in another revision, a volume is wrong. */
static void each_allowance_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOLUME_COUNT; i++)
    {
        size_t size;
        uint8_t *bytes = udf_kit_load(volumes[i].name, &size);
        FILE *file = udf_kit_file(bytes, size);
        char message[500];

        for (unsigned option = 1; option <= ALL_ALLOWED; option *= 2)
        {
            struct udf_check_expect expect = { 0, volumes[i].allow & ~option, 0, NULL };

            if (!(volumes[i].allow & option)) continue;
            if (!udf_check(file, &expect, NULL, message, sizeof(message)))
                fail_msg("%s does not need option %X", volumes[i].name, option);
        }
        for (size_t j = 0; j < VOLUME_COUNT; j++)
        {
            struct udf_check_expect expect = { volumes[j].revision, ALL_ALLOWED, 0, NULL };
            int same = volumes[i].revision == volumes[j].revision;

            assert_int_equal(!udf_check(file, &expect, NULL, message, sizeof(message)), same);
        }
        fclose(file);
        free(bytes);
    }
}

/* --- what is in them -------------------------------------------------------------------------------- */

struct volume
{
    FILE *file;
    struct udf_check_tree *tree;
};

static struct volume open_volume(const char *name, unsigned allow)
{
    struct udf_check_expect expect = { 0, allow, 0, NULL };
    struct volume volume;
    char message[500];
    size_t size;
    uint8_t *bytes = udf_kit_load(name, &size);

    volume.file = udf_kit_file(bytes, size);
    free(bytes);
    if (udf_check(volume.file, &expect, &volume.tree, message, sizeof(message)))
        fail_msg("%s: %s", name, message);
    return volume;
}

static void close_volume(struct volume *volume)
{
    udf_check_free(volume->tree);
    fclose(volume->file);
}

static const struct udf_check_node *find(const struct volume *volume, const char *path,
                                         enum udf_check_type type, uint64_t size)
{
    const struct udf_check_node *node = udf_check_find(volume->tree, path);

    if (!node) fail_msg("no %s", path);
    assert_int_equal(node->type, type);
    assert_int_equal(node->size, size);
    return node;
}

/* The file holds that text, from offset on. */
static void assert_content(const struct volume *volume, const char *path, uint64_t offset, const char *text)
{
    char bytes[100];
    size_t length = strlen(text);

    assert_int_equal(udf_check_read(volume->tree, udf_check_find(volume->tree, path), offset, bytes, length),
                     length);
    assert_memory_equal(bytes, text, length);
}

static void assert_time(const struct udf_check_time *time, int year, int month, int day, int hour, int minute,
                        int second, int microseconds, int zone)
{
    assert_int_equal(time->year, year);
    assert_int_equal(time->month, month);
    assert_int_equal(time->day, day);
    assert_int_equal(time->hour, hour);
    assert_int_equal(time->minute, minute);
    assert_int_equal(time->second, second);
    assert_int_equal(time->microseconds, microseconds);
    assert_int_equal(time->zone, zone);
}

static void check_linux(const struct volume *volume)
{
    const struct udf_check_node *node;
    char path[400], *l = path + 1;
    char16_t emoji[] = u"emoji \U0001F600.txt";

    find(volume, "/empty", UDF_CHECK_DIRECTORY, 40);
    find(volume, "/folder/deep/deeper", UDF_CHECK_DIRECTORY, 40);
    find(volume, "/nothing", UDF_CHECK_FILE, 0);
    node = find(volume, "/small.txt", UDF_CHECK_FILE, 6);
    assert_int_equal(node->links, 2);
    assert_int_equal(node->icb, find(volume, "/folder/hardlink.txt", UDF_CHECK_FILE, 6)->icb);
    assert_content(volume, "/folder/hardlink.txt", 0, "small\n");
    node = find(volume, "/in-icb.txt", UDF_CHECK_FILE, 1500);
    assert_time(&node->modified, 1999, 12, 31, 23, 59, 59, 123456, 0);
    assert_content(volume, "/in-icb.txt", 1490, "xxxxxxxxxx");
    assert_true(find(volume, "/large.bin", UDF_CHECK_FILE, 150000)->extent_count > 1);
    assert_content(volume, "/large.bin", 149998, "zz");
    find(volume, "/folder/other.bin", UDF_CHECK_FILE, 50480);
    assert_content(volume, "/folder/other.bin", 29998, "yyww");
    find(volume, "/sparse.bin", UDF_CHECK_FILE, 100000);
    assert_content(volume, "/sparse.bin", 99997, "end");
    assert_int_equal(find(volume, "/fragments.bin", UDF_CHECK_FILE, 249 * 4096 + 2048)->extent_count, 499);
    assert_content(volume, "/fragments.bin", 248 * 4096, "ffff");
    assert_content(volume, "/fragments.bin", 249 * 4096 + 2047, "f");
    assert_content(volume, "/na\u00EFve \u03A9 \u65E5\u672C.txt", 0, "unicode\n");
    assert_content(volume, "/caf\u00E9.txt", 0, "latin\n");
    node = find(volume, "/emoji \U0001F600.txt", UDF_CHECK_FILE, 6);
    assert_memory_equal(node->name, emoji, sizeof(emoji));
    path[0] = '/';
    memset(l, 'l', 240);
    strcpy(l + 240, ".txt");
    assert_content(volume, path, 0, "long\n");
    for (int i = 1; i <= 80; i++)
    {
        char text[20];

        snprintf(path, sizeof(path), "/many/file number %d", i);
        snprintf(text, sizeof(text), "%d\n", i);
        assert_content(volume, path, 0, text);
    }
    find(volume, "/symlink", UDF_CHECK_OTHER, 14);
    assert_null(udf_check_find(volume->tree, "/deleted.txt"));
    assert_null(udf_check_find(volume->tree, "/many/gone.txt"));
}

static void the_trees_of_the_linux_kernel_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < VOLUME_COUNT; i++)
    {
        struct volume volume;

        if (strncmp(volumes[i].name, "linux", 5)) continue;
        volume = open_volume(volumes[i].name, volumes[i].allow);
        assert_int_equal(udf_check_volume(volume.tree)->revision, volumes[i].revision);
        /* The root, folders, files in many and elsewhere, a hard link and a symbolic one; a stream that says
           which blocks a sparable partition keeps for itself. */
        assert_int_equal(udf_check_count(volume.tree),
                         1 + 6 + 80 + 11 + 2 + ((volumes[i].allow & UDF_CHECK_ALLOW_SPARABLE) != 0));
        assert_int_equal(udf_check_find(volume.tree, ":*UDF Non-Allocatable Space") != NULL,
                         (volumes[i].allow & UDF_CHECK_ALLOW_SPARABLE) != 0);
        check_linux(&volume);
        close_volume(&volume);
    }
}

static void the_tree_of_genisoimage_is_found(void **state)
{
    struct volume volume = open_volume("genisoimage-102", UDF_CHECK_ALLOW_ODD_RESERVE);
    const struct udf_check_volume *about = udf_check_volume(volume.tree);

    (void)state;
    assert_int_equal(udf_check_count(volume.tree), 11);
    assert_string_equal(about->logical_volume, "BRIDGE");
    assert_string_equal(about->volume, "BRIDGE");
    assert_string_equal(about->implementation, "*genisoimage");
    assert_int_equal(about->access_type, 1);
    assert_int_equal(about->directories, 5);
    assert_int_equal(about->files, 6);
    assert_time(&find(&volume, "/small.txt", UDF_CHECK_FILE, 6)->modified, 1999, 12, 31, 23, 59, 58, 0, 0);
    assert_content(&volume, "/small.txt", 0, "small\n");
    find(&volume, "/empty", UDF_CHECK_DIRECTORY, 40);
    find(&volume, "/folder/nothing", UDF_CHECK_FILE, 0);
    find(&volume, "/folder/large.bin", UDF_CHECK_FILE, 5000);
    assert_content(&volume, "/folder/large.bin", 4999, "z");
    assert_content(&volume, "/folder/\u65E5\u672C.txt", 0, "unicode\n");
    assert_content(&volume, "/folder/deep/a rather long name with blanks.text", 0, "long\n");
    assert_content(&volume, "/folder/deep/deeper/caf\u00E9.txt", 0, "latin\n");
    close_volume(&volume);
}

static void metadata_streams_and_real_time_files_are_found(void **state)
{
    struct volume volume = open_volume("metadata-250", 0);
    const struct udf_check_volume *about = udf_check_volume(volume.tree);
    const struct udf_check_node *node;

    (void)state;
    assert_int_equal(udf_check_count(volume.tree), 8);
    assert_true(about->has_metadata && about->metadata_is_duplicated);
    assert_int_equal(about->metadata_blocks, 32);
    node = find(&volume, "/small.txt:thumbnail", UDF_CHECK_STREAM, 5000);
    assert_string_equal(udf_check_node(volume.tree, node->parent)->path, "/small.txt");
    assert_content(&volume, "/small.txt:thumbnail", 4096, "tttt");
    assert_content(&volume, "/small.txt:author", 0, "nobody\n");
    node = find(&volume, "/large.bin", UDF_CHECK_FILE, 5000);
    assert_int_equal(node->extent_count, 2);
    assert_int_equal(node->extents[1].block, 288 + 80);
    assert_int_equal(node->extents[1].bytes, 904);
    assert_content(&volume, "/large.bin", 4094, "aabb");
    find(&volume, "/real-time.bin", UDF_CHECK_REAL_TIME_FILE, 3000);
    node = find(&volume, "/folder/hidden \u03A9.txt", UDF_CHECK_FILE, 7);
    assert_true(node->is_hidden);
    assert_time(&node->created, 2020, 2, 29, 12, 34, 56, 10203, 120);
    assert_false(find(&volume, "/folder", UDF_CHECK_DIRECTORY, 104)->is_hidden);
    close_volume(&volume);
}

/* --- one session of a disc -------------------------------------------------------------------------- */

static void a_session_is_right_with_the_blocks_before_it_alone(void **state)
{
    struct udf_check_expect expect = { 0x0201, 0, 1000, NULL };
    struct volume volume;
    size_t size, base_size;
    uint8_t *bytes = udf_kit_load("session-201", &size), *base = udf_kit_load("session-201-base", &base_size);
    char message[500];

    (void)state;
    volume.file = udf_kit_file(bytes, size);
    assert_int_equal(udf_check(volume.file, &expect, NULL, message, sizeof(message)), -1);
    assert_non_null(strstr(message, "before the image"));
    expect.base = udf_kit_file(base, base_size);
    if (udf_check(volume.file, &expect, &volume.tree, message, sizeof(message))) fail_msg("%s", message);
    assert_int_equal(udf_check_count(volume.tree), 3);
    assert_int_equal(find(&volume, "/first.bin", UDF_CHECK_FILE, 4000)->extents[0].block, 288 + 50);
    assert_content(&volume, "/first.bin", 3999, "1");
    assert_content(&volume, "/second.txt", 0, "second\n");
    udf_check_free(volume.tree);
    expect.start = 999;
    assert_int_equal(udf_check(volume.file, &expect, NULL, message, sizeof(message)), -1);
    fclose(expect.base);
    fclose(volume.file);
    free(bytes);
    free(base);
}

static void what_is_no_volume_is_refused(void **state)
{
    static const struct
    {
        size_t size;
        const char *complaint;
    } files[] = {
        { 0, "too few" }, { 257 * 2048, "too few" }, { 400 * 2048 + 1, "multiple" }, { 400 * 2048, "BEA01" }
    };
    struct udf_check_expect expect = { 0, ALL_ALLOWED, 0, NULL };
    uint8_t *bytes = calloc(1, 401 * 2048);

    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
    {
        struct udf_check_tree *tree = (struct udf_check_tree *)bytes;
        FILE *file = udf_kit_file(bytes, files[i].size);
        char message[500];

        assert_int_equal(udf_check(file, &expect, &tree, message, sizeof(message)), -1);
        assert_null(tree);
        assert_non_null(strstr(message, files[i].complaint));
        fclose(file);
    }
    free(bytes);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(volumes_of_others_are_right),
        cmocka_unit_test(each_allowance_is_needed),
        cmocka_unit_test(the_trees_of_the_linux_kernel_are_found),
        cmocka_unit_test(the_tree_of_genisoimage_is_found),
        cmocka_unit_test(metadata_streams_and_real_time_files_are_found),
        cmocka_unit_test(what_is_no_volume_is_refused),
        cmocka_unit_test(a_session_is_right_with_the_blocks_before_it_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
