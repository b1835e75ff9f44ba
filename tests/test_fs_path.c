/* Finding items by path: separators, letter case, shortened names, and what is missing. */
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(char16_t *text, const char *expected)
{
    char *utf8 = text_to_utf8(text);

    assert_string_equal(utf8, expected);
    free(utf8);
}

static void assert_detail(struct fs_detail *detail, const char *item)
{
    assert_non_null(detail->item);
    assert_text(detail->item, item);
    fs_detail_clear(detail);
    assert_null(detail->item);
}

static enum oi_status find(struct fs_item *base, const char *path, struct fs_item **out,
                           struct fs_detail *detail)
{
    char16_t *unicode = text_from_utf8(path);
    enum oi_status status = fs_find(base, unicode, out, detail);

    free(unicode);
    return status;
}

static void paths_are_found_with_either_separator_in_any_case(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *root = fs_tree_root(tree), *file, *folder, *found;
    const char *good[] = { "folder\\Sub/file.TXT", "/FOLDER/sub\\FILE.txt", "\\folder\\sub\\file.txt", NULL };

    (void)state;
    folder = kit_folder(tree, "Folder");
    kit_folder(tree, "Folder/sub");
    file = kit_file(tree, "Folder/sub/file.txt", 1);
    for (int i = 0; good[i]; i++)
    {
        assert_int_equal(find(root, good[i], &found, NULL), OI_OK);
        assert_ptr_equal(found, file);
    }
    assert_int_equal(find(folder, "sub/file.txt", &found, NULL), OI_OK);
    assert_ptr_equal(found, file);
    assert_int_equal(find(root, "folder\\", &found, NULL), OI_OK);
    assert_ptr_equal(found, folder);
    assert_int_equal(find(root, "\\", &found, NULL), OI_OK);
    assert_ptr_equal(found, root);
    assert_int_equal(find(folder, "", &found, NULL), OI_OK);
    assert_ptr_equal(found, folder);
    fs_tree_destroy(tree);
}

static void shortened_names_find_their_items(void **state)
{
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1, 1);
    struct fs_item *file, *found;
    char16_t *path;
    char *text;

    (void)state;
    kit_folder(tree, "a folder with a name");
    kit_file(tree, "a folder with a name/some long file.text", 1);
    file = kit_file(tree, "a folder with a name/some long file again.text", 1);
    assert_int_equal(fs_item_file_system_path(file, FS_ISO9660, &path), OI_OK);
    text = text_to_utf8(path);
    assert_string_equal(text, "\\A_FOLDER\\SOME_L_1.TEX");
    free(text);
    assert_int_equal(fs_find(fs_tree_root(tree), path, &found, NULL), OI_OK);
    assert_ptr_equal(found, file);
    free(path);
    /* A true name goes before a shortened one. */
    found = kit_file(tree, "A_FOLDER", 1);
    assert_ptr_equal(kit_find(tree, "a_folder"), found);
    fs_tree_destroy(tree);
}

static void missing_things_are_told_apart(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *root = fs_tree_root(tree), *found, *folder;
    struct fs_detail detail = { NULL, 0, 0, 0 };
    const char *bad[] = { "a//b", "\\\\a", "a\\\\", "a/./b", "..", "a/b*c", "a:", NULL };

    (void)state;
    folder = kit_folder(tree, "a");
    kit_file(tree, "file", 1);
    assert_int_equal(find(root, "\\a\\none", &found, &detail), OI_NOT_FOUND);
    assert_null(found);
    assert_detail(&detail, "\\a\\none");
    assert_int_equal(find(root, "\\a\\none\\deeper", &found, &detail), OI_DIRECTORY_NOT_FOUND);
    assert_detail(&detail, "\\a\\none");
    assert_int_equal(find(root, "file/x", &found, &detail), OI_DIRECTORY_NOT_FOUND);
    assert_detail(&detail, "file");
    for (int i = 0; bad[i]; i++)
    {
        assert_int_equal(find(root, bad[i], &found, &detail), OI_PATH_INVALID);
        assert_detail(&detail, bad[i]);
    }
    assert_int_equal(find(folder, "\\x", &found, NULL), OI_PATH_INVALID);
    fs_tree_destroy(tree);
}

static void the_parent_of_a_new_item_is_found(void **state)
{
    struct fs_tree *tree = kit_tree();
    struct fs_item *root = fs_tree_root(tree), *parent, *folder = kit_folder(tree, "a");
    const char16_t *name;
    size_t length;

    (void)state;
    assert_int_equal(fs_find_parent(root, u"\\a\\new\\", &parent, &name, &length, NULL), OI_OK);
    assert_ptr_equal(parent, folder);
    assert_int_equal(length, 3);
    assert_int_equal(text_compare_n(name, length, u"new", 3), 0);
    assert_int_equal(fs_find_parent(root, u"b\\new", &parent, &name, &length, NULL), OI_DIRECTORY_NOT_FOUND);
    assert_null(parent);
    assert_int_equal(fs_find_parent(root, u"\\", &parent, &name, &length, NULL), OI_PATH_INVALID);
    assert_int_equal(fs_find_parent(root, u"", &parent, &name, &length, NULL), OI_PATH_INVALID);
    assert_int_equal(fs_find_parent(root, u"a\\x?", &parent, &name, &length, NULL), OI_PATH_INVALID);
    fs_tree_destroy(tree);
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(paths_are_found_with_either_separator_in_any_case),
        cmocka_unit_test(shortened_names_find_their_items),
        cmocka_unit_test(missing_things_are_told_apart),
        cmocka_unit_test(the_parent_of_a_new_item_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
