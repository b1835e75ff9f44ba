/* A reader that invents its volumes. */
#include "helpers/volume_kit.h"

#include "helpers/fs_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum oi_status list_entries(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                                   void *context)
{
    struct kit_volume *invented = (struct kit_volume *)volume;

    if (invented->list) return invented->list(volume, place, take, context);
    for (size_t i = 0; i < invented->count; i++)
    {
        struct fs_found found = invented->entries[i].found;

        if (invented->entries[i].in != place->key) continue;
        found.name_length = text_length(found.name);
        TRY(take(context, &found));
    }
    return OI_OK;
}

static void no_destroy(struct fs_volume *volume) { (void)volume; }

const struct fs_extent kit_extents[2] = { { 10, 0, 2048 }, { 20, 0, 1000 } };

static const struct fs_reader_ops ops = { list_entries, no_destroy };

struct kit_disc *kit_volume_init(struct kit_volume *volume, const struct kit_entry *entries, size_t count)
{
    struct kit_disc *disc = kit_disc_create(100);
    struct fs_disc session = kit_session(disc, 0);

    session.end = 100;
    *volume = (struct kit_volume){ .entries = entries, .count = count };
    fs_volume_init(&volume->base, &ops, &session, FS_UDF);
    volume->base.root.key = 1;
    source_unref(&disc->base);
    for (size_t i = 0; i < 100 * FS_BLOCK_SIZE; i++) disc->bytes[i] = (uint8_t)(i / FS_BLOCK_SIZE);
    return disc;
}

struct fs_tree *kit_tree_of_udf(void)
{
    struct fs_options options = { .file_systems = FS_UDF, .iso9660_level = 1, .udf_revision = 0x201 };
    struct fs_tree *tree;

    assert_int_equal(fs_tree_create(&options, &tree), OI_OK);
    return tree;
}

void kit_import_refused(struct fs_tree *tree, struct kit_volume *volume, enum oi_status status,
                        const char16_t *path)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    char *before = kit_dump(tree), *after;
    uint32_t point = fs_change_point(tree);

    assert_string_equal(status_name(fs_import(tree, &volume->base, NULL, &detail)), status_name(status));
    if (path) assert_int_equal(text_compare(detail.item, path), 0);
    after = kit_dump(tree);
    assert_string_equal(after, before);
    assert_int_equal(fs_change_point(tree), point);
    free(before);
    free(after);
    fs_detail_clear(&detail);
}
