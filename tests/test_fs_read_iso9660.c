/* ISO 9660 volumes as discs have them, byte by byte: good ones, odd ones, and those that lie. */
#include "helpers/disc_kit.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HIDDEN 1
#define FOLDER 2
#define ASSOCIATED 4
#define MORE 0x80

#define NAME(text) text, sizeof(text) - 1

static void assert_list(struct kit_disc *disc, const char *expected)
{
    struct fs_tree *tree = kit_imported(disc, 0, FS_ISO9660);
    char *list = kit_list(tree);

    assert_string_equal(list, expected);
    free(list);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static struct fs_item *only(struct fs_tree *tree)
{
    struct fs_item *item = fs_item_first_child(fs_tree_root(tree));

    assert_non_null(item);
    assert_null(fs_item_next(item));
    return item;
}


/* --- good ----------------------------------------------------------------------------------------------- */

static void an_empty_volume_has_no_items(void **state)
{
    uint8_t *at;

    (void)state;
    assert_list(kit_iso(21, &at), "");
}

static void files_and_directories_are_found_with_their_bytes(void **state)
{
    uint8_t *at, *data;
    struct kit_disc *disc = kit_iso(25, &at);
    struct fs_tree *tree;
    struct fs_item *file;
    size_t count;
    char *list;

    (void)state;
    at = kit_record(at, NAME("A.TXT;1"), 23, 2100, 0);
    at = kit_record(at, NAME("SUB"), 22, 2048, FOLDER);
    kit_record(kit_dots(kit_block(disc, 22), 22, 20), NAME("B.;1"), 22, 5, 0);
    memset(kit_block(disc, 23), 'a', 2048);
    memset(kit_block(disc, 24), 'b', 2048);
    tree = kit_imported(disc, 0, FS_ISO9660);
    list = kit_list(tree);
    assert_string_equal(list, "/A.TXT f 2100|/SUB d|/SUB/B f 5|");
    file = fs_item_first_child(fs_tree_root(tree));
    data = kit_data(file, 2100);
    assert_int_equal(data[0], 'a');
    assert_int_equal(data[2047], 'a');
    assert_int_equal(data[2048], 'b');
    assert_int_equal(data[2099], 'b');
    assert_int_equal(fs_source_extents(fs_item_data(file), &count)[0].block, 23);
    assert_int_equal(fs_source_extents(fs_item_data(file), &count)[0].bytes, 2100);
    assert_int_equal(count, 1);
    free(data);
    free(list);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static void the_volume_tells_its_name_and_how_far_it_reaches(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);
    struct fs_disc session = kit_session(disc, 0);
    const struct fs_volume_info *info;
    struct fs_volume *volume;

    (void)state;
    assert_int_equal(fs_volume_open(&session, FS_ISO9660, &volume, NULL), OI_OK);
    info = fs_volume_info(volume);
    assert_int_equal(info->kind, FS_ISO9660);
    assert_int_equal(text_compare(info->name, u"VOLUME"), 0);
    assert_int_equal(info->blocks, 30);
    assert_int_equal(info->writable, 1);
    fs_volume_close(volume);
    fs_volume_close(NULL);
    assert_int_equal(fs_volume_open(&session, FS_JOLIET, &volume, NULL), OI_NOT_FOUND);
    assert_null(volume);
    source_unref(&disc->base);
}

static void a_session_is_read_where_it_starts(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(100, &at);
    struct fs_tree *tree;
    char *list;

    (void)state;
    kit_record(at, NAME("OLD"), 0, 0, 0);
    kit_descriptor(disc, 66, 1, "", 70, 2048);
    kit_terminator(disc, 67);
    at = kit_dots(kit_block(disc, 70), 70, 70);
    /* Addresses count from the beginning of the disc: a new file, and one of the first session. */
    at = kit_record(at, NAME("NEW"), 71, 3, 0);
    kit_record(at, NAME("OLD"), 22, 3, 0);
    tree = kit_imported(disc, 50, FS_ISO9660);
    list = kit_list(tree);
    assert_string_equal(list, "/NEW f 3|/OLD f 3|");
    free(list);
    fs_tree_destroy(tree);
}

static void a_session_may_count_its_blocks_from_its_start(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(100, &at);
    struct fs_disc session = kit_session(disc, 50);
    struct fs_volume *volume;

    (void)state;
    at = kit_descriptor(disc, 66, 1, "", 70, 2048);
    kit_terminator(disc, 67);
    assert_int_equal(fs_volume_open(&session, FS_ISO9660, &volume, NULL), OI_OK);
    assert_int_equal(fs_volume_info(volume)->blocks, 100);
    fs_volume_close(volume);
    put_le32(at + 80, 50);
    assert_int_equal(fs_volume_open(&session, FS_ISO9660, &volume, NULL), OI_OK);
    assert_int_equal(fs_volume_info(volume)->blocks, 100);
    fs_volume_close(volume);
    source_unref(&disc->base);
}

static void times_have_a_zone_and_may_be_unknown(void **state)
{
    static const struct { uint8_t bytes[7]; int64_t seconds; } cases[] =
    {
        { { 101, 2, 3, 4, 5, 6, 0 }, 981173106 },
        { { 101, 2, 3, 4, 5, 6, 4 }, 981173106 - 3600 },                /* an hour east of Greenwich */
        { { 101, 2, 3, 4, 5, 6, 0xEC }, 981173106 + 5 * 3600 },         /* five hours west */
        { { 101, 2, 3, 4, 5, 6, 99 }, 981173106 },                      /* no such zone */
        { { 70, 1, 1, 0, 0, 0, 0 }, 0 },
        { { 0, 1, 1, 0, 0, 0, 0 }, -2208988800 },
        { { 255, 12, 31, 23, 59, 59, 0 }, 5869583999 },
        { { 0, 0, 0, 0, 0, 0, 0 }, 0 },
        { { 101, 13, 3, 4, 5, 6, 0 }, 0 },
        { { 101, 2, 32, 4, 5, 6, 0 }, 0 },
        { { 101, 2, 3, 24, 5, 6, 0 }, 0 },
        { { 101, 2, 3, 4, 60, 6, 0 }, 0 },
        { { 101, 2, 3, 4, 5, 60, 0 }, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        uint8_t *at;
        struct kit_disc *disc = kit_iso(21, &at);
        struct fs_times times;
        struct fs_tree *tree;

        kit_record(at, NAME("A"), 0, 0, 0);
        memcpy(at + 18, cases[i].bytes, 7);
        tree = kit_imported(disc, 0, FS_ISO9660);
        fs_item_times(only(tree), &times);
        assert_true(times.modified == cases[i].seconds * FS_TIME_SECOND);
        assert_true(times.created == times.modified && times.accessed == times.modified);
        fs_tree_destroy(tree);
    }
}

static void the_existence_bit_hides(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(22, &at);
    struct fs_tree *tree;
    struct fs_item *item;

    (void)state;
    at = kit_record(at, NAME("A"), 0, 0, HIDDEN);
    at = kit_record(at, NAME("B"), 21, 2048, FOLDER | HIDDEN);
    kit_record(at, NAME("C"), 0, 0, 0);
    kit_dots(kit_block(disc, 21), 21, 20);
    tree = kit_imported(disc, 0, FS_ISO9660);
    item = fs_item_first_child(fs_tree_root(tree));
    assert_int_equal(fs_item_hidden(item), 1);
    assert_int_equal(fs_item_hidden(fs_item_next(item)), 1);
    assert_int_equal(fs_item_hidden(fs_item_next(fs_item_next(item))), 0);
    fs_tree_destroy(tree);
}

/* --- names ---------------------------------------------------------------------------------------------- */

static void names_lose_version_and_empty_extension(void **state)
{
    static const char *const cases[][2] =
    {
        { "FILE.TXT;1", "/FILE.TXT" }, { "FILE.;1", "/FILE" }, { ".TXT;1", "/.TXT" }, { "FILE", "/FILE" },
        { "FILE.", "/FILE" }, { "FILE;32767", "/FILE" }, { "FILE.TXT;", "/FILE.TXT" }, { "A;B;2", "/A;B" },
        { "lower case.txt", "/lower case.txt" }, { "two.dots.txt;1", "/two.dots.txt" }, { "A;B", "/A;B" },
        { ";1", "/;1" }, { "12", "/12" }, { "A;1B", "/A;1B" },
        { "caf\xC3\xA9.txt;1", "/caf\xC3\xA9.txt" },                    /* UTF-8 */
        { "caf\xE9.txt;1", "/caf\xC3\xA9.txt" },                        /* Latin-1, no UTF-8 */
        { "\xF0\x9F\x98\x80;1", "/\xF0\x9F\x98\x80" },
        { "\xED\xA0\x80", "/\xC3\xAD\xC2\xA0\xC2\x80" },                /* a surrogate is no UTF-8 */
        { "\xC0\xAF", "/\xC3\x80\xC2\xAF" },                            /* nor is what could be shorter */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        char expected[100];
        uint8_t *at;
        struct kit_disc *disc = kit_iso(21, &at);

        sprintf(expected, "%s f 0|", cases[i][1]);
        kit_record(at, cases[i][0], strlen(cases[i][0]), 0, 0, 0);
        assert_list(disc, expected);
    }
}

static void directories_keep_what_looks_like_a_version(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(22, &at);

    (void)state;
    kit_record(at, NAME("DIR.;1"), 21, 2048, FOLDER);
    kit_dots(kit_block(disc, 21), 21, 20);
    assert_list(disc, "/DIR.;1 d|");
}

static void of_several_versions_the_first_record_counts(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(24, &at);

    (void)state;
    at = kit_record(at, NAME("A.TXT;3"), 21, 3, 0);
    at = kit_record(at, NAME("A.TXT;2"), 21, 2, 0);
    kit_record(at, NAME("a.txt"), 21, 1, 0);
    assert_list(disc, "/A.TXT f 3|");
}

static void the_longest_identifier_is_a_name(void **state)
{
    char identifier[222], expected[300];
    uint8_t *at;
    struct kit_disc *disc = kit_iso(21, &at);

    (void)state;
    memset(identifier, 'X', sizeof(identifier));
    kit_record(at, identifier, 221, 0, 0, 0);
    sprintf(expected, "/%.221s f 0|", identifier);
    assert_list(disc, expected);
}

static void names_that_no_item_can_have_are_told(void **state)
{
    static const char *const names[] = { "A*B", "A/B", "..", ".", "A\tB", "A:B;1" };
    static const char *const told[] = { "\\A*B", "\\A/B", "\\..", "\\.", "\\A\tB", "\\A:B" };

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
    {
        uint8_t *at;
        struct kit_disc *disc = kit_iso(22, &at);

        kit_record(at, names[i], strlen(names[i]), 21, 2048, strcmp(names[i], "..") ? 0 : FOLDER);
        kit_refused(disc, FS_ISO9660, OI_NAME_INVALID, told[i]);
    }
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void a_file_of_several_extents_is_one(void **state)
{
    uint8_t *at, *data;
    struct kit_disc *disc = kit_iso(40, &at);
    const struct fs_extent *extents;
    struct fs_tree *tree;
    size_t count;

    (void)state;
    at = kit_record(at, NAME("BIG.DAT;1"), 30, 4096, MORE);
    at = kit_record(at, NAME("BIG.DAT;1"), 32, 2048, MORE);     /* goes on where the first ends */
    kit_record(at, NAME("BIG.DAT;1"), 25, 100, 0);
    memset(kit_block(disc, 30), 1, 2048);
    memset(kit_block(disc, 32), 3, 2048);
    memset(kit_block(disc, 25), 4, 2048);
    tree = kit_imported(disc, 0, FS_ISO9660);
    data = kit_data(only(tree), 6244);
    assert_int_equal(data[0], 1);
    assert_int_equal(data[4096], 3);
    assert_int_equal(data[6144], 4);
    assert_int_equal(data[6243], 4);
    extents = fs_source_extents(fs_item_data(only(tree)), &count);
    assert_int_equal(count, 2);
    assert_int_equal(extents[0].block, 30);
    assert_int_equal(extents[0].bytes, 6144);
    assert_int_equal(extents[1].block, 25);
    assert_int_equal(extents[1].bytes, 100);
    free(data);
    fs_tree_destroy(tree);
}

static void an_extent_in_the_middle_may_end_within_a_block(void **state)
{
    uint8_t *at, *data;
    struct kit_disc *disc = kit_iso(40, &at);
    struct fs_tree *tree;
    size_t count;

    (void)state;
    at = kit_record(at, NAME("A"), 30, 3, MORE);
    kit_record(at, NAME("A"), 25, 2, 0);
    memcpy(kit_block(disc, 30), "abcd", 4);
    memcpy(kit_block(disc, 25), "efgh", 4);
    tree = kit_imported(disc, 0, FS_ISO9660);
    data = kit_data(only(tree), 5);
    assert_memory_equal(data, "abcef", 5);
    assert_null(fs_source_extents(fs_item_data(only(tree)), &count));
    free(data);
    fs_tree_destroy(tree);
}

static void extents_that_lack_their_last_are_refused(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 22, 2048, MORE);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
    disc = kit_iso(30, &at);
    at = kit_record(at, NAME("A"), 22, 2048, MORE);
    kit_record(at, NAME("B"), 22, 2048, 0);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
    disc = kit_iso(30, &at);
    at = kit_record(at, NAME("A"), 22, 2048, MORE);
    kit_record(at, NAME("A"), 22, 2048, FOLDER);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
    disc = kit_iso(30, &at);
    kit_record(at, NAME("A"), 22, 2048, FOLDER | MORE);
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
}

static void interleaved_files_are_not_supported(void **state)
{
    for (int i = 0; i < 4; i++)
    {
        uint8_t *at;
        struct kit_disc *disc = kit_iso(30, &at);

        (void)state;
        kit_record(at, NAME("A"), 22, 2048, i & 2 ? FOLDER : 0);
        at[26 + i % 2] = 1;             /* file unit size, interleave gap size */
        kit_refused(disc, FS_ISO9660, OI_NOT_SUPPORTED, "\\A");
    }
}

static void extended_attribute_records_stand_before_the_data(void **state)
{
    uint8_t *at, *data;
    struct kit_disc *disc = kit_iso(30, &at);
    struct fs_tree *tree;
    char *list;

    (void)state;
    kit_record(at, NAME("A"), 25, 1, 0);
    at[1] = 2;
    at += at[0];
    kit_record(at, NAME("B"), 21, 2048, FOLDER);
    at[1] = 1;
    kit_record(kit_dots(kit_block(disc, 22), 21, 20), NAME("C"), 0, 0, 0);
    kit_block(disc, 27)[0] = 'x';
    tree = kit_imported(disc, 0, FS_ISO9660);
    list = kit_list(tree);
    assert_string_equal(list, "/A f 1|/B d|/B/C f 0|");
    data = kit_data(fs_item_first_child(fs_tree_root(tree)), 1);
    assert_int_equal(data[0], 'x');
    free(data);
    free(list);
    fs_tree_destroy(tree);
}

static void associated_files_are_left_out(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    at = kit_record(at, NAME("A"), 22, 17, ASSOCIATED);
    at = kit_record(at, NAME("A"), 23, 18, 0);
    kit_record(at, NAME("B"), 24, 19, ASSOCIATED | MORE);
    assert_list(disc, "/A f 18|");
}

static void files_of_other_discs_of_the_set_are_not_supported(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 22, 17, 0);
    put_le16(at + 28, 2);               /* without a set it says nothing */
    assert_list(disc, "/A f 17|");
    disc = kit_iso(30, &at);
    kit_record(at, NAME("A"), 22, 17, 0);
    put_le16(at + 28, 2);
    put_le16(kit_block(disc, 16) + 120, 2);
    kit_refused(disc, FS_ISO9660, OI_NOT_SUPPORTED, "\\A");
}

static void empty_files_may_be_recorded_anywhere(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 0xFFFFFFFF, 0, 0);
    assert_list(disc, "/A f 0|");
}

static void files_end_where_the_disc_does(void **state)
{
    static const uint32_t cases[][2] = { { 29, 2049 }, { 30, 1 }, { 0xFFFFFFFF, 1 }, { 22, 0xFFFFFFFF } };
    uint8_t *at;
    struct kit_disc *disc = kit_iso(30, &at);

    (void)state;
    kit_record(at, NAME("A"), 29, 2048, 0);
    assert_list(disc, "/A f 2048|");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        disc = kit_iso(30, &at);
        kit_record(at, NAME("FILE.TXT;1"), cases[i][0], cases[i][1], 0);
        kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\FILE.TXT");
    }
    /* An extended attribute record that leads past 32 bits. */
    disc = kit_iso(30, &at);
    kit_record(at, NAME("A"), 0xFFFFFFFE, 1, 0);
    at[1] = 20;
    kit_refused(disc, FS_ISO9660, OI_FORMAT, "\\A");
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_volume_has_no_items),
        cmocka_unit_test(files_and_directories_are_found_with_their_bytes),
        cmocka_unit_test(the_volume_tells_its_name_and_how_far_it_reaches),
        cmocka_unit_test(a_session_is_read_where_it_starts),
        cmocka_unit_test(a_session_may_count_its_blocks_from_its_start),
        cmocka_unit_test(times_have_a_zone_and_may_be_unknown),
        cmocka_unit_test(the_existence_bit_hides),
        cmocka_unit_test(names_lose_version_and_empty_extension),
        cmocka_unit_test(directories_keep_what_looks_like_a_version),
        cmocka_unit_test(of_several_versions_the_first_record_counts),
        cmocka_unit_test(the_longest_identifier_is_a_name),
        cmocka_unit_test(names_that_no_item_can_have_are_told),
        cmocka_unit_test(a_file_of_several_extents_is_one),
        cmocka_unit_test(an_extent_in_the_middle_may_end_within_a_block),
        cmocka_unit_test(extents_that_lack_their_last_are_refused),
        cmocka_unit_test(interleaved_files_are_not_supported),
        cmocka_unit_test(extended_attribute_records_stand_before_the_data),
        cmocka_unit_test(associated_files_are_left_out),
        cmocka_unit_test(files_of_other_discs_of_the_set_are_not_supported),
        cmocka_unit_test(empty_files_may_be_recorded_anywhere),
        cmocka_unit_test(files_end_where_the_disc_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
