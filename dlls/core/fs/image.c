/* The image as a source: structures are made and files are read when their blocks are asked for. */
#include "layout_room.h"

#include <stdlib.h>
#include <string.h>

#define NO_NODE UINT32_MAX

struct fs_image
{
    struct source base;
    struct fs_layout *layout;
    uint32_t file;                      /* where the last read was: index in the layout's files */

    /* The structure made last. */
    struct fs_piece piece;              /* blocks 0: none */
    uint8_t *bytes;
    size_t capacity;

    /* The last failure. */
    uint32_t failed_node;               /* NO_NODE: none */
    uint64_t expected, found;
};

/* --- structures ----------------------------------------------------------------------------------------- */

static void make_descriptor(const struct fs_layout *layout, uint32_t index, uint8_t *bytes)
{
    struct fs_descriptor descriptor = layout->descriptors[index];

    if (!descriptor.writer) fs_ecma119_terminator(bytes);
    else descriptor.writer->ops->descriptor(descriptor.writer, layout, descriptor.number, bytes);
}

static enum oi_status make_piece(struct fs_image *image, uint32_t block)
{
    const struct fs_layout *layout = image->layout;
    struct fs_piece piece = { block, 1, 0, 0, 0 };
    const struct fs_writer *writer;
    size_t size;

    if (block - image->piece.first < image->piece.blocks) return OI_OK;
    writer = fs_layout_area_at(layout, block)->writer;
    if (writer) writer->ops->find(writer, layout, block, &piece);
    image->piece.blocks = 0;
    size = (size_t)piece.blocks * FS_BLOCK_SIZE;
    if (size > image->capacity)
    {
        uint8_t *bytes = realloc(image->bytes, size);

        if (!bytes) return OI_NO_MEMORY;
        image->bytes = bytes;
        image->capacity = size;
    }
    memset(image->bytes, 0, size);
    if (writer)
    {
        writer->ops->write(writer, layout, &piece, image->bytes);
    }
    else if (block - FS_SYSTEM_AREA_BLOCKS < layout->descriptor_count)
    {
        make_descriptor(layout, block - FS_SYSTEM_AREA_BLOCKS, image->bytes);
    }
    image->piece = piece;
    return OI_OK;
}

static enum oi_status read_structure(struct fs_image *image, uint64_t offset, uint8_t *buffer, size_t size,
                                     size_t *got)
{
    uint64_t start, end;

    TRY(make_piece(image, (uint32_t)(offset / FS_BLOCK_SIZE)));
    start = (uint64_t)image->piece.first * FS_BLOCK_SIZE;
    end = start + (uint64_t)image->piece.blocks * FS_BLOCK_SIZE;
    if (size > end - offset) size = (size_t)(end - offset);
    memcpy(buffer, image->bytes + (offset - start), size);
    *got = size;
    return OI_OK;
}

/* --- files ---------------------------------------------------------------------------------------------- */

static uint32_t file_at(struct fs_image *image, uint32_t block)
{
    const struct fs_layout *layout = image->layout;

    for (uint32_t i = image->file; i < layout->file_count && i < image->file + 2; i++)
    {
        const struct fs_node *node = &layout->nodes[layout->files[i]];

        if (block < node->where) continue;
        if (block - node->where < fs_blocks_of(fs_entity_size(node->entity))) return i;
    }
    return fs_layout_file_at(layout, block);
}

static enum oi_status fail(struct fs_image *image, enum oi_status status, uint64_t expected, uint64_t found)
{
    image->failed_node = image->layout->files[image->file];
    image->expected = expected;
    image->found = found;
    return status;
}

static int has_byte(struct source *data, uint64_t offset)
{
    uint8_t byte;
    size_t got = 0;

    return !source_read_some(data, offset, &byte, 1, &got) && got;
}

/* Where a source really ends that goes on behind its announced size. */
static uint64_t true_size(struct source *data)
{
    uint64_t low = data->size, high = 1;

    while (high < (uint64_t)1 << 62 && has_byte(data, data->size + high)) high *= 2;
    high += data->size;
    while (high - low > 1)
    {
        uint64_t middle = low + (high - low) / 2;

        if (has_byte(data, middle)) low = middle;
        else high = middle;
    }
    return high;
}

/* Into the caller's buffer, the rest of the last block included: asking for that as well shows whether the
   file has more than announced, and costs nothing. */
static enum oi_status read_file(struct fs_image *image, uint64_t offset, uint8_t *buffer, size_t room,
                                size_t *got)
{
    struct source *data;
    const struct fs_node *node;
    uint64_t size, at, padded;
    size_t wanted;
    enum oi_status status;

    image->file = file_at(image, (uint32_t)(offset / FS_BLOCK_SIZE));
    node = &image->layout->nodes[image->layout->files[image->file]];
    data = node->entity->data;
    size = data->size;
    at = offset - (uint64_t)node->where * FS_BLOCK_SIZE;
    padded = fs_blocks_of(size) * FS_BLOCK_SIZE;
    if (room > padded - at) room = (size_t)(padded - at);
    wanted = at >= size ? 0 : room > size - at ? (size_t)(size - at) : room;
    if (wanted)
    {
        int ends = at + wanted == size;
        size_t more;

        if ((status = source_read_some(data, at, buffer, ends ? room : wanted, got)))
        {
            if (*got > wanted) *got = wanted;
            return fail(image, status, size, at + *got);
        }
        if (*got < wanted) return fail(image, OI_SOURCE_SIZE, size, at + *got);
        more = *got - wanted;
        *got = wanted;
        if (ends && (more || (room == wanted && has_byte(data, size))))
        {
            return fail(image, OI_SOURCE_SIZE, size, true_size(data));
        }
    }
    memset(buffer + wanted, 0, room - wanted);
    *got = room;
    return OI_OK;
}

/* --- the source ----------------------------------------------------------------------------------------- */

/* One run of bytes from where they are: earlier sessions, structures, a file. */
static enum oi_status read_part(struct fs_image *image, uint64_t at, uint8_t *buffer, size_t size,
                                size_t *got)
{
    const struct fs_layout *layout = image->layout;
    uint64_t block = at / FS_BLOCK_SIZE;
    enum oi_status status;

    if (block >= layout->structures && block < layout->files_end)
    {
        return read_file(image, at, buffer, size, got);
    }
    status = block < layout->earlier.append ? fs_layout_read_before(layout, at, buffer, size, got)
                                            : read_structure(image, at, buffer, size, got);
    if (status) image->failed_node = NO_NODE;
    return status;
}

static enum oi_status image_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                 size_t *got)
{
    struct fs_image *image = (struct fs_image *)source;
    uint8_t *bytes = buffer;

    *got = 0;
    if (offset >= source->size) return OI_OK;
    if (size > source->size - offset) size = (size_t)(source->size - offset);
    while (*got < size)
    {
        size_t part = 0;
        enum oi_status status = read_part(image, offset + *got, bytes + *got, size - *got, &part);

        *got += part;
        if (status) return status;
    }
    return OI_OK;
}

static void image_destroy(struct source *source)
{
    struct fs_image *image = (struct fs_image *)source;

    fs_layout_unref(image->layout);
    free(image->bytes);
    free(image);
}

static const struct source_ops image_ops = { .read = image_read, .destroy = image_destroy };

enum oi_status fs_image_create(struct fs_layout *layout, struct source **out)
{
    struct fs_image *image = calloc(1, sizeof(*image));

    *out = NULL;
    if (!image) return OI_NO_MEMORY;
    source_init(&image->base, &image_ops, (uint64_t)layout->blocks * FS_BLOCK_SIZE);
    image->layout = fs_layout_ref(layout);
    image->failed_node = NO_NODE;
    *out = &image->base;
    return OI_OK;
}

enum oi_status fs_image_failure(const struct source *source, struct fs_detail *detail)
{
    const struct fs_image *image = (const struct fs_image *)source;

    if (source->ops != &image_ops || image->failed_node == NO_NODE) return OI_NOT_FOUND;
    fs_detail_clear(detail);
    detail->expected = image->expected;
    detail->found = image->found;
    return fs_layout_path(image->layout, image->failed_node, &detail->item);
}

struct source *fs_image_failed_source(const struct source *source)
{
    const struct fs_image *image = (const struct fs_image *)source;

    if (source->ops != &image_ops || image->failed_node == NO_NODE) return NULL;
    return image->layout->nodes[image->failed_node].entity->data;
}
