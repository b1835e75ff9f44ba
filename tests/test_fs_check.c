/*
 * Whole images against an independent reader: every structure of both volumes is as the standards have it,
 * and the names, sizes, times and bytes are those of the tree.
 */
#include "helpers/fs_check.h"
#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- comparing what was read with the tree -------------------------------------------------------------- */

struct seen
{
    struct fs_tree *tree;
    enum fs_kind kind;
    size_t count;
};

/* The item whose recorded path this is, found the slow way: by the recorded name of each child. */
static struct fs_item *find_recorded(const struct seen *seen, const char16_t *path)
{
    struct fs_item *at = fs_tree_root(seen->tree);

    while (*path)
    {
        char16_t recorded[FS_NAME_MAX + 1];
        size_t length = 0;
        struct fs_item *child;

        for (path++; path[length] && path[length] != '/';) length++;
        for (child = fs_item_first_child(at); child; child = fs_item_next(child))
        {
            assert_int_equal(fs_item_file_system_name(child, seen->kind, recorded), OI_OK);
            if (!text_compare_n(path, length, recorded, text_length(recorded))) break;
        }
        assert_non_null(child);
        at = child;
        path += length;
    }
    return at;
}

static void compare_time(const struct fs_item *item, const uint8_t *recorded)
{
    struct fs_times times;
    struct text_date date;

    fs_item_times(item, &times);
    text_date_from_seconds(times.modified / FS_TIME_SECOND, &date);
    assert_int_equal(recorded[0], date.year - 1900);
    assert_int_equal(recorded[1], date.month);
    assert_int_equal(recorded[2], date.day);
    assert_int_equal(recorded[3], date.hour);
    assert_int_equal(recorded[4], date.minute);
    assert_int_equal(recorded[5], date.second);
    assert_int_equal(recorded[6], 0);
}

static void compare_entry(void *context, const struct check_entry *entry)
{
    struct seen *seen = context;
    const struct fs_item *item = find_recorded(seen, entry->path);
    const struct kit_source *source = (const struct kit_source *)fs_item_data(item);

    seen->count++;
    compare_time(item, entry->time);
    assert_int_equal(fs_item_type(item), entry->is_directory ? FS_DIRECTORY : FS_FILE);
    assert_int_equal(fs_item_hidden(item), entry->is_hidden);
    if (entry->is_directory) return;
    assert_true(fs_item_size(item) == entry->size);
    for (uint32_t i = 0; i < entry->size; i++)
    {
        if (entry->data[i] != kit_byte(source->seed, i)) fail_msg("wrong byte %u", i);
    }
}

static void check_tree(struct fs_tree *tree, uint32_t start)
{
    const struct fs_options *options = fs_tree_options(tree);
    struct fs_layout *layout = kit_layout(tree, start);
    uint8_t *bytes = kit_read(layout, 32768);
    struct check_image image = { bytes, fs_layout_blocks(layout), start, options->iso9660_level,
                                 options->strict ? 64 : 108 };
    int joliet = (options->file_systems & FS_JOLIET) != 0;

    check_descriptors(&image, joliet);
    for (int i = 0; i <= joliet; i++)
    {
        struct seen seen = { tree, i ? FS_JOLIET : FS_ISO9660, 0 };

        check_volume(&image, i, compare_entry, &seen);
        assert_int_equal(seen.count, fs_tree_file_count(tree) + fs_tree_directory_count(tree) - 1);
    }
    free(bytes);
    fs_layout_unref(layout);
}

/* --- trees ---------------------------------------------------------------------------------------------- */

static void the_empty_image_is_right(void **state)
{
    (void)state;
    for (unsigned mask = FS_ISO9660; mask <= KIT_ISO_JOLIET; mask += FS_JOLIET)
    {
        struct fs_tree *tree = kit_tree_with(mask, 1, 0);

        check_tree(tree, 0);
        check_tree(tree, 12345678);
        fs_tree_destroy(tree);
    }
}

static void names_of_every_length_are_right(void **state)
{
    (void)state;
    for (int strict = 0; strict < 2; strict++)
    {
        struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1 + (unsigned)strict, strict);
        char name[300];

        for (size_t length = 1; length <= 251; length++)
        {
            memset(name, 'n', length);
            name[length] = 0;
            kit_file(tree, name, length);
            name[0] = 'd';
            kit_folder(tree, name);
            name[0] = 'e';
            strcpy(name + length, ".ext");
            kit_file(tree, name, 0);
        }
        check_tree(tree, 0);
        fs_tree_destroy(tree);
    }
}

/* Two letters out of many scripts as folders and files, and every unit alone that may stand in a name. */
static void names_of_every_script_are_right(void **state)
{
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 2, 0);
    struct fs_item *at = NULL;
    size_t refused = 0;

    (void)state;
    for (uint32_t unit = 1; unit < 0x10000; unit += unit < 0x600 ? 1 : 37)
    {
        char16_t name[] = { (char16_t)unit, 'x', (char16_t)(0xFFFF - unit), 0 };
        char folder[16];
        struct fs_item *item;

        if (unit % 64 == 1 || !at)
        {
            sprintf(folder, "f%x", unit);
            at = kit_folder(tree, folder);
        }
        if (fs_item_create(tree, FS_FILE, name, &item, NULL))
        {
            refused++;
            continue;
        }
        /* Different units may be one letter in another case. */
        if (fs_add(at, item, NULL)) refused++;
        fs_item_unref(item);
    }
    assert_true(fs_tree_file_count(tree) > 1500 && refused > 31);
    check_tree(tree, 0);
    fs_tree_destroy(tree);
}

static void many_files_of_one_short_name_are_right(void **state)
{
    struct fs_tree *tree = kit_tree();
    char path[64];

    (void)state;
    kit_folder(tree, "folder");
    for (int i = 0; i < 2500; i++)
    {
        sprintf(path, "folder/one and the same %d.text", i);
        kit_file(tree, path, 1 + (unsigned)i % 7);
    }
    check_tree(tree, 0);
    fs_tree_destroy(tree);
}

static void eight_levels_and_many_folders_are_right(void **state)
{
    struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 2, 0);
    char path[400] = "";

    (void)state;
    for (int level = 2; level <= 8; level++)
    {
        for (int i = 9; i >= 0; i--)
        {
            sprintf(path + strlen(path), "%slevel %d folder %d of ten", level == 2 ? "" : "/", level, i);
            kit_folder(tree, path);
            if (i) *(strrchr(path, '/') ? strrchr(path, '/') : path) = 0;
        }
    }
    strcat(path, "/file");
    kit_file(tree, path, 10);
    fs_item_set_hidden(kit_find(tree, path), 1);
    fs_item_set_hidden(fs_item_parent(kit_find(tree, path)), 1);
    check_tree(tree, 0);
    fs_tree_destroy(tree);
}

static void random_trees_are_right(void **state)
{
    static const char letters[] = "abcXYZ019 ._-+;'~";
    uint32_t random = 777;

    (void)state;
    for (int round = 0; round < 30; round++)
    {
        struct fs_tree *tree =
            kit_tree_with(round % 4 ? KIT_ISO_JOLIET : FS_ISO9660, 1 + (unsigned)round % 2, round % 3 == 0);
        struct fs_item *folders[20] = { fs_tree_root(tree) };
        size_t folder_count = 1;

        for (int i = 0; i < 400; i++)
        {
            struct fs_item *parent = folders[kit_random(&random, (uint32_t)folder_count)], *item;
            size_t length = 1 + kit_random(&random, kit_random(&random, 10) ? 14 : 150);
            int is_folder = folder_count < 20 && kit_random(&random, 12) == 0;
            struct fs_times times = { 1, 2, 0 };
            char name[256];

            for (size_t j = 0; j < length; j++) name[j] = letters[kit_random(&random, sizeof(letters) - 1)];
            name[length] = 0;
            if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
            item = kit_item(tree, is_folder ? FS_DIRECTORY : FS_FILE, name);
            if (!is_folder)
            {
                struct kit_source *data =
                    kit_source_create(kit_random(&random, 1 << 24), kit_random(&random, 9000));

                fs_item_set_data(item, &data->base);
                source_unref(&data->base);
            }
            times.modified = (fs_time)kit_random(&random, 1 << 24) * 250 * FS_TIME_SECOND;
            fs_item_set_times(item, &times);
            if (!fs_add(parent, item, NULL) && is_folder) folders[folder_count++] = item;
            fs_item_unref(item);
        }
        check_tree(tree, round % 2 ? 0 : kit_random(&random, 1 << 20));
        fs_tree_destroy(tree);
        assert_int_equal(kit_sources_alive, 0);
    }
}

/* No two names of a folder agree in Joliet in any letter case, nor in ISO 9660 at all. */
static void assert_unique(const struct fs_item *folder)
{
    for (const struct fs_item *a = fs_item_first_child(folder); a; a = fs_item_next(a))
    {
        char16_t one[2][FS_NAME_MAX + 1], other[FS_NAME_MAX + 1];

        fs_item_file_system_name(a, FS_ISO9660, one[0]);
        fs_item_file_system_name(a, FS_JOLIET, one[1]);
        for (const struct fs_item *b = fs_item_next(a); b; b = fs_item_next(b))
        {
            fs_item_file_system_name(b, FS_ISO9660, other);
            assert_int_not_equal(text_compare_fold(one[0], other), 0);
            fs_item_file_system_name(b, FS_JOLIET, other);
            assert_int_not_equal(text_compare_fold(one[1], other), 0);
        }
    }
}

/* Units of every class: halves of surrogate pairs, no characters, marks that combine, letters whose other
   case is odd, and what divides names; mostly near the lengths at which names are cut. */
static void hostile_name(uint32_t *random, char16_t *name)
{
    static const char16_t units[] =
    {
        0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFFFF, 0xFFFE, 0xFEFF, 0xFFFD, 0xE000, 0x0301, 0x200B, 0x200D,
        0x2028, 0x0130, 0x0131, 0x00DF, 0x1E9E, 0x00B5, 0x03C2, 0x0345, 0x1F80, 0x10D0, 0x7F, 0x80, 0xA0,
        0x3000, 0xAC00, '.', '.', '.', ' ', ' ', ';', '~', '~', '1', '_', '_', 'a', 'A', 'b', '$', '%',
    };
    static const uint16_t lengths[] = { 1, 2, 3, 8, 9, 12, 13, 31, 32, 63, 64, 65, 108, 109, 110, 254, 255 };
    uint32_t kinds = 1 + kit_random(random, 4), first = kit_random(random, sizeof(units) / sizeof(*units));
    size_t length = lengths[kit_random(random, sizeof(lengths) / sizeof(*lengths))];

    for (size_t i = 0; i < length; i++)
    {
        uint32_t which = kit_random(random, 8) ? first + kit_random(random, kinds) : kit_random(random, 1000);

        name[i] = units[which % (sizeof(units) / sizeof(*units))];
    }
    name[length] = 0;
}

static void hostile_names_are_right(void **state)
{
    uint32_t random = 31337;

    (void)state;
    for (unsigned round = 0; round < 8; round++)
    {
        struct fs_tree *tree = kit_tree_with(KIT_ISO_JOLIET, 1 + round % 2, round / 2 % 2);
        struct fs_item *at = fs_tree_root(tree);

        for (int i = 0; i < 600; i++)
        {
            char16_t name[FS_NAME_MAX + 1];
            int is_folder = kit_random(&random, 4) == 0;
            struct fs_item *item;

            hostile_name(&random, name);
            if (fs_item_create(tree, is_folder ? FS_DIRECTORY : FS_FILE, name, &item, NULL))
            {
                assert_true(name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])));
                continue;
            }
            if (!fs_add(at, item, NULL) && is_folder && i % 200 == 199) at = item;
            fs_item_unref(item);
        }
        check_tree(tree, 0);
        for (at = fs_tree_root(tree); at; at = fs_item_walk(fs_tree_root(tree), at)) assert_unique(at);
        fs_tree_destroy(tree);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_empty_image_is_right),
        cmocka_unit_test(names_of_every_length_are_right),
        cmocka_unit_test(names_of_every_script_are_right),
        cmocka_unit_test(many_files_of_one_short_name_are_right),
        cmocka_unit_test(eight_levels_and_many_folders_are_right),
        cmocka_unit_test(random_trees_are_right),
        cmocka_unit_test(hostile_names_are_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
