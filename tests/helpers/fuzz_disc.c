/* A disc of any bytes, its import, and what must hold after it. */
#include "helpers/fuzz_disc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYSTEM_AREA ((uint64_t)16 * FS_BLOCK_SIZE)
#define PIECE 3000                      /* bytes read of the beginning and of the end of a file */

struct bytes_source
{
    struct source base;
    const uint8_t *bytes;
    uint64_t given;
};

static void require(int condition, const char *what)
{
    if (condition) return;
    fprintf(stderr, "it does not hold: %s\n", what);
    abort();
}

static enum oi_status read_bytes(struct source *source, uint64_t offset, void *buffer, size_t size,
                                 size_t *got)
{
    struct bytes_source *disc = (struct bytes_source *)source;
    uint8_t *at = buffer;

    require(offset <= source->size && size <= source->size - offset, "reads stay on the disc");
    for (*got = 0; *got < size && offset < SYSTEM_AREA; offset++, ++*got) at[*got] = 0;
    if (*got < size) memcpy(at + *got, disc->bytes + (offset - SYSTEM_AREA), size - *got);
    *got = size;
    disc->given += size;
    return OI_OK;
}

static void no_destroy(struct source *source) { (void)source; }

static const struct source_ops bytes_ops = { read_bytes, no_destroy };

/* --- trees ---------------------------------------------------------------------------------------------- */

static void add(struct fs_tree *tree, struct fs_item *parent, enum fs_type type, const char16_t *name)
{
    struct fs_item *item;

    require(!fs_item_create(tree, type, name, &item, NULL), "items can be made");
    require(!fs_add(parent, item, NULL), "items can be added");
    fs_item_unref(item);
}

static struct fs_tree *make_tree(void)
{
    struct fs_options options;
    struct fs_tree *tree;

    fs_options_init(&options);
    options.file_systems = FS_UDF;      /* any depth, any number of directories */
    options.udf_revision = 0x201;
    require(!fs_tree_create(&options, &tree), "trees can be made");
    add(tree, fs_tree_root(tree), FS_DIRECTORY, u"FOLDER");
    add(tree, fs_tree_root(tree), FS_FILE, u"file.txt");
    add(tree, fs_item_first_child(fs_tree_root(tree)), FS_FILE, u"ONE");
    fs_lock_in(tree);
    return tree;
}

/* A number that two trees of the same items have, and others hardly. */
static uint64_t digest(struct fs_tree *tree)
{
    struct fs_item *root = fs_tree_root(tree);
    uint64_t hash = 14695981039346656037u, blocks;

    for (struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        hash = (hash ^ text_hash_fold(fs_item_name(at), text_length(fs_item_name(at)))) * 1099511628211u;
        hash = (hash ^ fs_item_type(at) ^ fs_item_size(at)) * 1099511628211u;
        hash = (hash ^ fs_item_child_count(at) ^ fs_stream_count(at)) * 1099511628211u;
    }
    require(!fs_tree_used_blocks(tree, &blocks), "blocks can be counted");
    return (hash ^ blocks ^ fs_tree_file_count(tree)) * 1099511628211u ^ fs_tree_directory_count(tree)
           ^ fs_tree_stream_count(tree) << 32;
}

/* --- files ---------------------------------------------------------------------------------------------- */

static void read_piece(struct source *source, uint64_t offset)
{
    uint8_t buffer[PIECE];
    uint64_t left = source->size - offset;
    size_t want = left < PIECE ? (size_t)left : PIECE, got;

    require(!source_read_some(source, offset, buffer, PIECE, &got), "files can be read");
    require(got == want, "files have their size");
}

static void read_file(const struct fs_item *file)
{
    struct source *source = fs_item_data(file);
    size_t count;

    if (!source) return;
    read_piece(source, 0);
    if (source->size > PIECE) read_piece(source, source->size - PIECE);
    read_piece(source, source->size / 2);
    require(fs_source_extents(source, &count) ? count > 0 : count == 0, "extents are counted");
}

static void read_files(struct fs_tree *tree)
{
    struct fs_item *root = fs_tree_root(tree);

    for (struct fs_item *at = root; at; at = fs_item_walk(root, at))
    {
        if (fs_item_type(at) != FS_FILE) continue;
        read_file(at);
        for (struct fs_item *stream = fs_stream_first(at); stream; stream = fs_item_next(stream))
            read_file(stream);
    }
}

/* --- one input ------------------------------------------------------------------------------------------ */

static void check_import(struct fs_volume *volume, struct bytes_source *disc)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = make_tree();
    uint32_t point = fs_change_point(tree);
    uint64_t before = digest(tree);
    enum oi_status status;

    disc->given = 0;
    status = fs_import(tree, volume, NULL, &detail);
    require(disc->given <= 8 * disc->base.size + (1 << 20), "little more is read than there is");
    if (status)
    {
        require(digest(tree) == before && fs_change_point(tree) == point,
                "a failure leaves the tree as it was");
        require(status == OI_FORMAT || status == OI_NOT_SUPPORTED || status == OI_NOT_FILE
                || status == OI_NOT_DIRECTORY || status == OI_NAME_INVALID || status == OI_TOO_DEEP
                || status == OI_TOO_LARGE, status_name(status));
        require(detail.item != NULL, "failures have a path");
    }
    else
    {
        require(fs_change_point(tree) - point <= 1, "an import is one step");
        read_files(tree);
        require(!fs_rollback(tree, point, NULL) && digest(tree) == before, "imports can be taken back");
    }
    fs_detail_clear(&detail);
    fs_tree_destroy(tree);
}

static void open_disc(struct bytes_source *source, const uint8_t *bytes, size_t size, struct fs_disc *disc)
{
    *source = (struct bytes_source){ .bytes = bytes };
    *disc = (struct fs_disc){ .source = &source->base };
    source_init(&source->base, &bytes_ops, SYSTEM_AREA + size / FS_BLOCK_SIZE * FS_BLOCK_SIZE);
}

void fuzz_import(const uint8_t *bytes, size_t size, enum fs_kind kind)
{
    struct bytes_source source;
    struct fs_disc disc;
    struct fs_volume *volume;
    uint64_t identifier;
    unsigned kinds;

    open_disc(&source, bytes, size, &disc);
    require(!fs_identify(&disc, &kinds, NULL), "file systems are identified");
    (void)fs_disc_identifier(&disc, &identifier);
    if (!fs_volume_open(&disc, kind, &volume, NULL))
    {
        require(kinds & kind, "only what was identified opens");
        check_import(volume, &source);
        fs_volume_close(volume);
    }
    require(source.base.references == 1, "nobody keeps the disc");
}

/* --- what boots ----------------------------------------------------------------------------------------- */

#define MOST_READ (256 + 1 + 32)        /* blocks: descriptors, the boot record once more, the catalog */
#define ROOM 3

static void check_image(const struct fs_boot_found *image, uint64_t blocks)
{
    require(image->emulation <= 4, "media are known");
    require(image->bootable == 0 || image->bootable == 1, "bootable or not");
    require(image->block < blocks, "images begin on the disc");
    require(image->size <= (blocks - image->block) * FS_BLOCK_SIZE, "images end on the disc");
}

void fuzz_boot(const uint8_t *bytes, size_t size)
{
    struct fs_boot_found found[ROOM + 1] = { [ROOM] = { .section = 0xABCD } };
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_boot_catalog catalog, counted;
    struct bytes_source source;
    struct fs_disc disc;
    enum oi_status status;
    uint64_t blocks;

    open_disc(&source, bytes, size, &disc);
    blocks = source.base.size / FS_BLOCK_SIZE;
    status = fs_boot_read(&disc, found, ROOM, &catalog, &detail);
    require(status == OI_OK || status == OI_FORMAT || status == OI_NOT_FOUND, status_name(status));
    require(source.given <= (uint64_t)MOST_READ * FS_BLOCK_SIZE, "few blocks are read");
    require(found[ROOM].section == 0xABCD, "there was no more room");
    if (status) require(!catalog.block && !catalog.count, "a failure gives no catalog");
    else require(catalog.block < blocks && catalog.count >= 1, "a catalog has a place and a default entry");
    for (size_t i = 0; i < catalog.count && i < ROOM; i++)
    {
        check_image(&found[i], blocks);
        require(i ? found[i].section >= found[i - 1].section && found[i].section : !found[i].section,
                "sections follow the default entry");
    }
    require(fs_boot_read(&disc, NULL, 0, &counted, NULL) == status && counted.block == catalog.block
            && counted.count == catalog.count, "room makes no difference");
    require(source.base.references == 1, "nobody keeps the disc");
}
