/* Names: which are allowed, and what ISO 9660 and Joliet make of them. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- what may be a name --------------------------------------------------------------------------------- */

static void names_with_forbidden_characters_are_invalid(void **state)
{
    static const char16_t bad[] = u"\\/:*?\"<>|\x01\x1F";

    (void)state;
    for (size_t i = 0; bad[i]; i++)
    {
        char16_t name[] = { 'a', bad[i], 'b', 0 };

        assert_int_equal(fs_name_check(name, 0), OI_NAME_INVALID);
        assert_int_equal(fs_name_check(name + 1, 0), OI_NAME_INVALID);
    }
    assert_int_equal(fs_name_check(u"", 0), OI_NAME_INVALID);
    assert_int_equal(fs_name_check(u".", 0), OI_NAME_INVALID);
    assert_int_equal(fs_name_check(u"..", 0), OI_NAME_INVALID);
}

static void other_names_are_valid(void **state)
{
    (void)state;
    assert_int_equal(fs_name_check(u"...", 0), OI_OK);
    assert_int_equal(fs_name_check(u".profile", 0), OI_OK);
    assert_int_equal(fs_name_check(u" a b;c,d=e[f]{g}~'`!@#$%^&()-+.", 0), OI_OK);
    assert_int_equal(fs_name_check(u"\x4F60\x597D \xD83D\xDE00 \x0416", 0), OI_OK);
    assert_int_equal(fs_name_check((const char16_t[]){ 0xDC00, 0xD800, 0 }, 0), OI_OK);
}

static void names_have_at_most_255_units(void **state)
{
    char16_t name[257];

    (void)state;
    for (size_t i = 0; i < 256; i++) name[i] = 'n';
    name[256] = 0;
    assert_int_equal(fs_name_check(name, 0), OI_NAME_INVALID);
    name[255] = 0;
    assert_int_equal(fs_name_check(name, 0), OI_OK);
}

static void restricted_names_end_at_code_point_127(void **state)
{
    (void)state;
    assert_int_equal(fs_name_check(u"plain ~\x7F", 1), OI_OK);
    assert_int_equal(fs_name_check(u"caf\xE9", 1), OI_NAME_RESTRICTED);
    assert_int_equal(fs_name_check(u"a:\xE9", 1), OI_NAME_INVALID);
    assert_int_equal(fs_name_check(u"caf\xE9", 0), OI_OK);
}

static void items_of_a_restricted_tree_are_restricted_from_then_on(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item;

    (void)state;
    kit_folder(tree, "caf\xC3\xA9");
    options.restricted = 1;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_int_equal(fs_item_create(tree, FS_FILE, u"na\xEFve", &item, &detail), OI_NAME_RESTRICTED);
    assert_null(item);
    assert_int_equal(text_compare(detail.item, u"na\xEFve"), 0);
    fs_detail_clear(&detail);
    assert_non_null(kit_find(tree, "caf\xC3\xA9"));
    fs_tree_destroy(tree);
}

/* --- natural names -------------------------------------------------------------------------------------- */

struct expected
{
    const char *name;
    enum fs_type type;
    const char *level1, *level2, *joliet;
};

static const struct expected table[] =
{
    { "readme.txt", FS_FILE, "README.TXT", "README.TXT", "readme.txt" },
    { "README", FS_FILE, "README", "README", "README" },
    { "index.html", FS_FILE, "INDEX.HTM", "INDEX.HTML", "index.html" },
    { "archive.tar.gz", FS_FILE, "ARCHIVE_.GZ", "ARCHIVE_TAR.GZ", "archive.tar.gz" },
    { ".profile", FS_FILE, "_PROFILE", "_PROFILE", ".profile" },
    { "trailing.", FS_FILE, "TRAILING", "TRAILING", "trailing" },
    { "...", FS_FILE, "__", "__", "_" },
    { "a b+c;d.e-f", FS_FILE, "A_B_C_D.E_F", "A_B_C_D.E_F", "a b+c_d.e-f" },
    { "caf\xC3\xA9.\xC3\xA9t\xC3\xA9", FS_FILE, "CAF_._T_", "CAF_._T_", "caf\xC3\xA9.\xC3\xA9t\xC3\xA9" },
    { "\xF0\x9F\x98\x80.png", FS_FILE, "__.PNG", "__.PNG", "\xF0\x9F\x98\x80.png" },
    { "123456789012345678901234567890.txt", FS_FILE, "12345678.TXT", "123456789012345678901234567.TXT",
      "123456789012345678901234567890.txt" },
    { "1234567890123456789012345678901234", FS_FILE, "12345678", "123456789012345678901234567890",
      "1234567890123456789012345678901234" },
    { "short.an extension without any end in sight", FS_FILE, "SHORT.AN_", "SHORT.AN_EXTENSION_WITHOUT_ANY_",
      "short.an extension without any end in sight" },
    { "a long file name before.an extension without end", FS_FILE, "A_LONG_F.AN_",
      "A_LONG_FILE_NAM.AN_EXTENSION_WI", "a long file name before.an extension without end" },
    { "folder.name", FS_DIRECTORY, "FOLDER_N", "FOLDER_NAME", "folder.name" },
    { "123456789012345678901234567890123", FS_DIRECTORY, "12345678", "1234567890123456789012345678901",
      "123456789012345678901234567890123" },
};

static void natural_names_follow_the_levels(void **state)
{
    (void)state;
    for (unsigned level = 1; level <= 2; level++)
    {
        struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, level, 0);

        for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        {
            struct fs_item *item = kit_item(tree, table[i].type, table[i].name);
            char *iso = kit_recorded(item, FS_ISO9660), *joliet = kit_recorded(item, FS_JOLIET);

            assert_string_equal(iso, level == 1 ? table[i].level1 : table[i].level2);
            assert_string_equal(joliet, table[i].joliet);
            free(iso);
            free(joliet);
            fs_item_unref(item);
        }
        fs_tree_destroy(tree);
    }
}

static void joliet_cuts_at_108_or_strictly_at_64(void **state)
{
    char name[256], *joliet;

    (void)state;
    memset(name, 'n', sizeof(name));
    for (size_t length = 1; length <= 255; length++)
    {
        for (int strict = 0; strict <= 1; strict++)
        {
            struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1, strict);
            size_t limit = strict ? 64 : 108;
            struct fs_item *item;

            name[length] = 0;
            if (length > 4) memcpy(name + length - 4, ".txt", 4);
            item = kit_item(tree, FS_FILE, name);
            joliet = kit_recorded(item, FS_JOLIET);
            assert_int_equal(strlen(joliet), length < limit ? length : limit);
            if (length > 4) assert_string_equal(joliet + strlen(joliet) - 4, ".txt");
            free(joliet);
            fs_item_unref(item);
            fs_tree_destroy(tree);
            name[length] = 'n';
            if (length > 4) memcpy(name + length - 4, "nnnn", 4);
        }
    }
}

static void joliet_never_cuts_a_surrogate_pair(void **state)
{
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1, 1);
    char16_t name[80], recorded[FS_NAME_MAX + 1];
    struct fs_item *item;

    (void)state;
    for (size_t i = 0; i < 79; i++) name[i] = i % 2 ? 0xD83D : 0xDE00;
    name[0] = 'a';
    name[79] = 0;
    assert_int_equal(fs_item_create(tree, FS_DIRECTORY, name, &item, NULL), OI_OK);
    fs_item_file_system_name(item, FS_JOLIET, recorded);
    assert_int_equal(text_length(recorded), 63);
    assert_int_equal(recorded[62], 0xDE00);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

static void lone_surrogates_are_kept_in_joliet(void **state)
{
    static const char16_t name[] = { 0xDC00, 'a', 0xD800, 0 };
    struct fs_tree *tree = kit_tree();
    char16_t recorded[FS_NAME_MAX + 1];
    struct fs_item *item;

    (void)state;
    assert_int_equal(fs_item_create(tree, FS_FILE, name, &item, NULL), OI_OK);
    assert_int_equal(fs_add(fs_tree_root(tree), item, NULL), OI_OK);
    fs_item_file_system_name(item, FS_JOLIET, recorded);
    assert_int_equal(text_compare(recorded, name), 0);
    fs_item_file_system_name(item, FS_ISO9660, recorded);
    assert_int_equal(text_compare(recorded, u"_A_"), 0);
    fs_item_unref(item);
    fs_tree_destroy(tree);
}

static void other_kinds_are_refused(void **state)
{
    struct fs_tree *tree = kit_tree();
    char16_t name[FS_NAME_MAX + 1], *path;

    (void)state;
    assert_int_equal(fs_item_file_system_name(fs_tree_root(tree), 8, name), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_item_file_system_name(fs_tree_root(tree), 3, name), OI_INVALID_ARGUMENT);
    assert_int_equal(fs_item_file_system_path(fs_tree_root(tree), 0, &path), OI_INVALID_ARGUMENT);
    assert_null(path);
    fs_tree_destroy(tree);
}

/* --- unique names --------------------------------------------------------------------------------------- */

static void assert_recorded(struct fs_tree *tree, const char *path, enum fs_kind kind, const char *expected)
{
    char *name = kit_recorded(kit_find(tree, path), kind);

    assert_string_equal(name, expected);
    free(name);
}

static void taken_names_are_numbered_before_the_extension(void **state)
{
    struct fs_tree *tree = kit_tree();
    char path[32];

    (void)state;
    for (int i = 0; i < 12; i++)
    {
        sprintf(path, "long file name %02d.txt", i);
        kit_file(tree, path, 1);
    }
    assert_recorded(tree, "long file name 00.txt", FS_ISO9660, "LONG_FIL.TXT");
    assert_recorded(tree, "long file name 01.txt", FS_ISO9660, "LONG_F_1.TXT");
    assert_recorded(tree, "long file name 09.txt", FS_ISO9660, "LONG_F_9.TXT");
    assert_recorded(tree, "long file name 10.txt", FS_ISO9660, "LONG__10.TXT");
    assert_recorded(tree, "long file name 10.txt", FS_JOLIET, "long file name 10.txt");
    fs_tree_destroy(tree);
}

static void a_numbered_name_avoids_names_that_look_numbered(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_file(tree, "LONG_F_1.TXT", 1);
    kit_file(tree, "long file a.txt", 1);
    kit_file(tree, "long file b.txt", 1);
    assert_recorded(tree, "long file b.txt", FS_ISO9660, "LONG_F_2.TXT");
    fs_tree_destroy(tree);
}

static void a_file_and_a_folder_never_share_a_name(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_folder(tree, "some thing");
    kit_file(tree, "some_thing", 1);
    assert_recorded(tree, "some thing", FS_ISO9660, "SOME_THI");
    assert_recorded(tree, "some_thing", FS_ISO9660, "SOME_T_1");
    fs_tree_destroy(tree);
}

static void joliet_numbers_names_that_agree_up_to_its_limit(void **state)
{
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1, 1);
    char one[80], other[80], expected[80];

    (void)state;
    memset(one, 'x', 79);
    strcpy(one + 70, "1.txt");
    memcpy(other, one, 80);
    other[70] = '2';
    kit_file(tree, one, 1);
    kit_file(tree, other, 1);
    memset(expected, 'x', 80);
    strcpy(expected + 60, ".txt");
    assert_recorded(tree, one, FS_JOLIET, expected);
    strcpy(expected + 58, "~1.txt");
    assert_recorded(tree, other, FS_JOLIET, expected);
    fs_tree_destroy(tree);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void joliet_keeps_names_apart_that_differ_in_periods_at_the_end(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_file(tree, "b.", 1);
    kit_file(tree, "b", 1);
    kit_folder(tree, "b..");
    assert_recorded(tree, "b.", FS_JOLIET, "b");
    /* The true name wins. */
    assert_ptr_equal(kit_find(tree, "b"), fs_item_next(kit_find(tree, "b.")));
    assert_recorded(tree, "b", FS_JOLIET, "b~1");
    assert_recorded(tree, "b..", FS_JOLIET, "b..~2");
    fs_tree_destroy(tree);
}

static void thousands_of_colliding_names_stay_unique(void **state)
{
    enum { COUNT = 20000 };
    struct fs_tree *tree = kit_tree();
    char **names = calloc(COUNT, sizeof(*names)), path[64];

    (void)state;
    for (int i = 0; i < COUNT; i++)
    {
        sprintf(path, "the same beginning %d.data", i);
        names[i] = kit_recorded(kit_file(tree, path, 0), FS_ISO9660);
        assert_true(strlen(names[i]) <= 12);
    }
    qsort(names, COUNT, sizeof(*names), compare_names);
    for (int i = 1; i < COUNT; i++) assert_string_not_equal(names[i - 1], names[i]);
    for (int i = 0; i < COUNT; i++) free(names[i]);
    free(names);
    fs_tree_destroy(tree);
}

static void another_level_names_everything_anew(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_options options = *fs_tree_options(tree);

    (void)state;
    kit_file(tree, "long file a.txt", 1);
    kit_file(tree, "long file b.txt", 1);
    assert_recorded(tree, "long file b.txt", FS_ISO9660, "LONG_F_1.TXT");
    options.iso9660_level = 2;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_recorded(tree, "long file b.txt", FS_ISO9660, "LONG_FILE_B.TXT");
    options.iso9660_level = 1;
    assert_int_equal(fs_tree_set_options(tree, &options, NULL), OI_OK);
    assert_recorded(tree, "long file b.txt", FS_ISO9660, "LONG_F_1.TXT");
    fs_tree_destroy(tree);
}

static void names_stay_when_a_neighbour_leaves(void **state)
{
    struct fs_tree *tree = kit_tree();

    (void)state;
    kit_file(tree, "long file a.txt", 1);
    kit_file(tree, "long file b.txt", 1);
    assert_int_equal(fs_remove(kit_find(tree, "long file a.txt"), NULL), OI_OK);
    assert_recorded(tree, "long file b.txt", FS_ISO9660, "LONG_F_1.TXT");
    kit_file(tree, "long file c.txt", 1);
    assert_recorded(tree, "long file c.txt", FS_ISO9660, "LONG_FIL.TXT");
    fs_tree_destroy(tree);
}

/* --- volume names --------------------------------------------------------------------------------------- */

static void assert_volume(const char16_t *name, const char16_t *iso, const char16_t *joliet,
                          const char16_t *udf)
{
    char16_t out[FS_VOLUME_NAME_MAX + 1];

    assert_int_equal(fs_volume_name_check(name), OI_OK);
    fs_volume_name(name, FS_ISO9660, out);
    assert_int_equal(text_compare(out, iso), 0);
    fs_volume_name(name, FS_JOLIET, out);
    assert_int_equal(text_compare(out, joliet), 0);
    fs_volume_name(name, FS_UDF, out);
    assert_int_equal(text_compare(out, udf), 0);
}

static void volume_names_are_folded_for_each_file_system(void **state)
{
    (void)state;
    assert_volume(u"", u"", u"", u"");
    assert_volume(u"Test_FileSystem", u"TEST_FILESYSTEM", u"Test_FileSystem", u"Test_FileSystem");
    assert_volume(u"20260131-120000.1234", u"20260131_120000_1234", u"20260131-120000.",
                  u"20260131-120000.1234");
    assert_volume(u"caf\xE9 \x4E2D", u"CAF___", u"caf\xE9 \x4E2D", u"caf\xE9 \x4E2D");
    /* Never half a surrogate pair. */
    assert_volume(u"fifteen units..\xD83D\xDE00.", u"FIFTEEN_UNITS_____", u"fifteen units..",
                  u"fifteen units..\xD83D\xDE00.");
    assert_volume(u"fourteen units\xD83D\xDE00.", u"FOURTEEN_UNITS___", u"fourteen units\xD83D\xDE00",
                  u"fourteen units\xD83D\xDE00.");
}

static void bad_volume_names_are_refused(void **state)
{
    (void)state;
    assert_int_equal(fs_volume_name_check(u"12345678901234567890123456789012"), OI_OK);
    assert_int_equal(fs_volume_name_check(u"123456789012345678901234567890123"), OI_NAME_INVALID);
    assert_int_equal(fs_volume_name_check(u"a/b"), OI_NAME_INVALID);
    assert_int_equal(fs_volume_name_check(u"a*b"), OI_NAME_INVALID);
    assert_int_equal(fs_volume_name_check(u"a\tb"), OI_NAME_INVALID);
}

static void file_systems_have_names_for_messages(void **state)
{
    (void)state;
    assert_string_equal(fs_kind_name(FS_ISO9660), "ISO9660");
    assert_string_equal(fs_kind_name(FS_JOLIET), "Joliet");
    assert_string_equal(fs_kind_name(FS_ISO9660 | FS_JOLIET), "ISO9660/Joliet");
    assert_string_equal(fs_kind_name(FS_UDF), "UDF");
    assert_string_equal(fs_kind_name(0), "");
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(names_with_forbidden_characters_are_invalid),
        cmocka_unit_test(other_names_are_valid),
        cmocka_unit_test(names_have_at_most_255_units),
        cmocka_unit_test(restricted_names_end_at_code_point_127),
        cmocka_unit_test(items_of_a_restricted_tree_are_restricted_from_then_on),
        cmocka_unit_test(natural_names_follow_the_levels),
        cmocka_unit_test(joliet_cuts_at_108_or_strictly_at_64),
        cmocka_unit_test(joliet_never_cuts_a_surrogate_pair),
        cmocka_unit_test(lone_surrogates_are_kept_in_joliet),
        cmocka_unit_test(other_kinds_are_refused),
        cmocka_unit_test(taken_names_are_numbered_before_the_extension),
        cmocka_unit_test(a_numbered_name_avoids_names_that_look_numbered),
        cmocka_unit_test(a_file_and_a_folder_never_share_a_name),
        cmocka_unit_test(joliet_numbers_names_that_agree_up_to_its_limit),
        cmocka_unit_test(joliet_keeps_names_apart_that_differ_in_periods_at_the_end),
        cmocka_unit_test(thousands_of_colliding_names_stay_unique),
        cmocka_unit_test(another_level_names_everything_anew),
        cmocka_unit_test(names_stay_when_a_neighbour_leaves),
        cmocka_unit_test(volume_names_are_folded_for_each_file_system),
        cmocka_unit_test(bad_volume_names_are_refused),
        cmocka_unit_test(file_systems_have_names_for_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
