/* Joliet volumes byte by byte: names in UCS-2, and what is different from ISO 9660. */
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
#define MORE 0x80

/* A literal with the zeros of its big-endian units. */
#define UNITS(text) text, sizeof(text) - 1

static void assert_list(struct kit_disc *disc, const char *expected)
{
    struct fs_tree *tree = kit_imported(disc, 0, FS_JOLIET);
    char *list = kit_list(tree);

    assert_string_equal(list, expected);
    free(list);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static void an_empty_volume_has_no_items(void **state)
{
    uint8_t *at;

    (void)state;
    assert_list(kit_joliet(22, &at), "");
}

static void the_volume_has_a_name_of_its_own(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(30, &at);
    struct fs_disc session = kit_session(disc, 0);
    struct fs_volume *volume;

    (void)state;
    assert_int_equal(fs_volume_open(&session, FS_JOLIET, &volume, NULL), OI_OK);
    assert_int_equal(text_compare(fs_volume_info(volume)->name, u"V\u00E4 B"), 0);
    assert_int_equal(fs_volume_info(volume)->kind, FS_JOLIET);
    fs_volume_close(volume);
    /* All of its 16 units, then zeros instead of spaces. */
    for (int i = 0; i < 16; i++) put_be16(kit_block(disc, 17) + 40 + 2 * i, (uint16_t)('a' + i));
    assert_int_equal(fs_volume_open(&session, FS_JOLIET, &volume, NULL), OI_OK);
    assert_int_equal(text_compare(fs_volume_info(volume)->name, u"abcdefghijklmnop"), 0);
    fs_volume_close(volume);
    memset(kit_block(disc, 17) + 40, 0, 32);
    assert_int_equal(fs_volume_open(&session, FS_JOLIET, &volume, NULL), OI_OK);
    assert_int_equal(fs_volume_info(volume)->name[0], 0);
    fs_volume_close(volume);
    source_unref(&disc->base);
}

static void both_volumes_have_their_own_tree(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(30, &at);
    struct fs_tree *tree;
    char *list;

    (void)state;
    kit_record(at, UNITS("\0l\0o\0n\0g\0 \0n\0a\0m\0e\0;\0001"), 25, 7, HIDDEN);
    kit_record(kit_dots(kit_block(disc, 20), 20, 20), "LONG_NAM.;1", 11, 25, 7, 0);
    source_ref(&disc->base);
    tree = kit_imported(disc, 0, FS_ISO9660);
    list = kit_list(tree);
    assert_string_equal(list, "/LONG_NAM f 7|");
    free(list);
    fs_tree_destroy(tree);
    tree = kit_imported(disc, 0, FS_JOLIET);
    list = kit_list(tree);
    assert_string_equal(list, "/long name f 7|");
    assert_int_equal(fs_item_hidden(fs_item_first_child(fs_tree_root(tree))), 1);
    free(list);
    fs_tree_destroy(tree);
    assert_int_equal(kit_discs_alive, 0);
}

static void names_are_as_recorded_without_version(void **state)
{
    static const struct { const char *identifier; size_t length; const char *path; } cases[] =
    {
        { UNITS("\0a\0.\0t\0x\0t\0;\0001"), "/a.txt" },
        { UNITS("\0a\0.\0t\0x\0t"), "/a.txt" },
        { UNITS("\0a\0;\0003\0002\0007\0006\0007"), "/a" },
        { UNITS("\0a\0;\0b"), "/a;b" },
        { UNITS("\0.\0a"), "/.a" },
        { UNITS("\0a\0."), "/a." },                             /* no empty extension here */
        { UNITS("\0a\0 \0b\0[\0]\0=\0+\0,"), "/a b[]=+," },
        { UNITS("\x4E\x2D\x65\x87"), "/\xE4\xB8\xAD\xE6\x96\x87" },
        { UNITS("\xD8\x3D\xDE\x00"), "/\xF0\x9F\x98\x80" },     /* a pair of surrogates */
        { UNITS("\0a\0b\0"), "/ab" },                           /* half a unit too many */
        { UNITS("\x30\x3B"), "/\xE3\x80\xBB" },                 /* ';' and '1' as low bytes are no version */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
    {
        char expected[100];
        uint8_t *at;
        struct kit_disc *disc = kit_joliet(30, &at);

        sprintf(expected, "%s f 0|", cases[i].path);
        kit_record(at, cases[i].identifier, cases[i].length, 0, 0, 0);
        assert_list(disc, expected);
    }
}

static void the_longest_identifier_is_a_name(void **state)
{
    char identifier[220], expected[200];
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(30, &at);

    (void)state;
    for (int i = 0; i < 110; i++)
    {
        put_be16((uint8_t *)identifier + 2 * i, 'y');
        expected[i + 1] = 'y';
    }
    expected[0] = '/';
    strcpy(expected + 111, " f 0|");
    kit_record(at, identifier, sizeof(identifier), 0, 0, 0);
    assert_list(disc, expected);
}

static void names_that_no_item_can_have_are_told(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(30, &at);

    (void)state;
    kit_record(at, UNITS("\0a\0*"), 25, 7, 0);
    kit_refused(disc, FS_JOLIET, OI_NAME_INVALID, "\\a*");
    disc = kit_joliet(30, &at);
    kit_record(at, UNITS("\0a\0\0"), 25, 7, 0);
    kit_refused(disc, FS_JOLIET, OI_NAME_INVALID, "\\a");
    disc = kit_joliet(30, &at);
    kit_record(at, UNITS("x"), 25, 7, 0);              /* half a unit is no name */
    kit_refused(disc, FS_JOLIET, OI_NAME_INVALID, "\\");
}

static void directories_go_as_deep_as_they_like(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(40, &at);

    (void)state;
    for (uint32_t i = 0; i < 12; i++)
    {
        kit_record(at, UNITS("\0d\0e\0e\0p"), 22 + i, 2048, FOLDER);
        at = kit_dots(kit_block(disc, 22 + i), 22 + i, 21 + i);
    }
    kit_record(at, UNITS("\0e\0n\0d"), 0, 0, 0);
    assert_list(disc, "/deep d|/deep/deep d|/deep/deep/deep d|/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep d|/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep d|/deep/deep/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep d|"
                "/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/deep/end f 0|");
}

static void two_names_that_differ_in_case_are_one(void **state)
{
    uint8_t *at;
    struct kit_disc *disc = kit_joliet(30, &at);

    (void)state;
    at = kit_record(at, UNITS("\0M\0a\0k\0e"), 25, 1, 0);
    kit_record(at, UNITS("\0m\0a\0k\0e"), 25, 2, 0);
    assert_list(disc, "/Make f 1|");
    disc = kit_joliet(30, &at);
    at = kit_record(at, UNITS("\0L\0i\0b"), 25, 1, 0);
    kit_record(at, UNITS("\0l\0i\0b"), 25, 2048, FOLDER);
    kit_refused(disc, FS_JOLIET, OI_NOT_DIRECTORY, "\\lib");
}

static void large_files_have_several_extents(void **state)
{
    uint8_t *at, *data;
    struct kit_disc *disc = kit_joliet(40, &at);
    struct fs_tree *tree;

    (void)state;
    at = kit_record(at, UNITS("\0b\0;\0001"), 30, 2048, MORE);
    kit_record(at, UNITS("\0b\0;\0001"), 25, 1, 0);
    kit_block(disc, 30)[2047] = 'm';
    kit_block(disc, 25)[0] = 'n';
    tree = kit_imported(disc, 0, FS_JOLIET);
    data = kit_data(fs_item_first_child(fs_tree_root(tree)), 2049);
    assert_int_equal(data[2047], 'm');
    assert_int_equal(data[2048], 'n');
    free(data);
    fs_tree_destroy(tree);
}

static void lies_are_refused_with_their_path(void **state)
{
    uint8_t *at, *folder;
    struct kit_disc *disc = kit_joliet(30, &at);

    (void)state;
    kit_record(at, UNITS("\0f\0o\0o"), 25, 0xFFFFFFFF, 0);
    kit_refused(disc, FS_JOLIET, OI_FORMAT, "\\foo");
    disc = kit_joliet(30, &at);
    kit_record(at, UNITS("\0f\0o\0o"), 22, 2048, FOLDER);
    folder = kit_dots(kit_block(disc, 22), 22, 21);
    kit_record(folder, UNITS("\0f\0o\0o"), 22, 2048, 0);
    folder[32] = 20;
    kit_refused(disc, FS_JOLIET, OI_FORMAT, "\\foo");
    disc = kit_joliet(30, &at);
    put_le16(kit_block(disc, 17) + 128, 0);
    kit_refused(disc, FS_JOLIET, OI_FORMAT, NULL);
    disc = kit_iso(30, &at);
    kit_refused(disc, FS_JOLIET, OI_NOT_FOUND, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(an_empty_volume_has_no_items),
        cmocka_unit_test(the_volume_has_a_name_of_its_own),
        cmocka_unit_test(both_volumes_have_their_own_tree),
        cmocka_unit_test(names_are_as_recorded_without_version),
        cmocka_unit_test(the_longest_identifier_is_a_name),
        cmocka_unit_test(names_that_no_item_can_have_are_told),
        cmocka_unit_test(directories_go_as_deep_as_they_like),
        cmocka_unit_test(two_names_that_differ_in_case_are_one),
        cmocka_unit_test(large_files_have_several_extents),
        cmocka_unit_test(lies_are_refused_with_their_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
