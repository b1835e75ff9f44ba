/*
 * The two files of a disc: the image of its blocks, and the state file, which is also what is locked. The
 * state file begins with one padded line that points at a record and carries its checksum; a new record is
 * written beside the old one before that line is exchanged, so that a kill at any moment leaves one of them.
 */
#include "emu_room.h"

#include "openimapi/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_MAX (256u * 1024u)

static const char header_format[] = "openimapi-disc 1 generation %u at %u size %u crc %08x";

/* CRC-32 of ISO 3309, bit by bit: records are small and rarely written. */
static uint32_t checksum(const char *text, size_t size)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (size_t i = 0; i < size; ++i)
    {
        crc ^= (uint8_t)text[i];
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void make_header(char header[EMU_HEADER_SIZE], uint32_t generation, uint32_t at, uint32_t size,
                        uint32_t crc)
{
    int length = snprintf(header, EMU_HEADER_SIZE, header_format, (unsigned)generation, (unsigned)at,
                          (unsigned)size, (unsigned)crc);

    memset(header + length, ' ', (size_t)(EMU_HEADER_SIZE - 1 - length));
    header[EMU_HEADER_SIZE - 1] = '\n';
}

/* Reads the record that files->header points at. */
static enum oi_status read_record(struct emu_files *files, struct emu_disc *disc)
{
    char header[EMU_HEADER_SIZE], text[EMU_HEADER_SIZE];
    unsigned generation, at, size, crc;
    enum oi_status status;
    char *record;
    size_t got;

    memcpy(text, files->header, EMU_HEADER_SIZE);
    text[EMU_HEADER_SIZE - 1] = 0;
    if (sscanf(text, header_format, &generation, &at, &size, &crc) != 4) return OI_FORMAT;
    make_header(header, generation, at, size, crc);
    if (memcmp(header, files->header, EMU_HEADER_SIZE)) return OI_FORMAT;
    if (at < EMU_HEADER_SIZE || at > RECORD_MAX || size > RECORD_MAX) return OI_FORMAT;

    record = malloc(size + 1);
    if (!record) return OI_NO_MEMORY;
    status = files->store->ops->read(files->state, at, record, size, &got);
    if (!status && (got != size || checksum(record, size) != crc)) status = OI_FORMAT;
    if (!status) status = emu_disc_from_text(disc, record, size);
    free(record);
    if (status) return status;
    files->generation = generation;
    files->record_at = at;
    files->record_size = size;
    return OI_OK;
}

/* Takes over what another recorder has stored since. */
static enum oi_status refresh(struct emu_files *files, struct emu_disc *disc)
{
    char header[EMU_HEADER_SIZE];
    uint32_t changes = disc->changes;
    size_t got;

    TRY(files->store->ops->read(files->state, 0, header, EMU_HEADER_SIZE, &got));
    if (got != EMU_HEADER_SIZE) return OI_FORMAT;
    if (!memcmp(header, files->header, EMU_HEADER_SIZE)) return OI_OK;
    memcpy(files->header, header, EMU_HEADER_SIZE);
    TRY(read_record(files, disc));
    /* The disc was out: what is at the path now may be another file than the one held open. */
    if (disc->changes != changes && files->image)
    {
        files->store->ops->close(files->image);
        files->image = NULL;
    }
    return OI_OK;
}

/* The image is made by whoever writes first; the others find it when they need it. */
static enum oi_status open_image(struct emu_files *files, enum emu_open_mode mode)
{
    enum oi_status status;

    if (files->image) return OI_OK;
    status = files->store->ops->open(files->store, files->path, mode, &files->image, &files->image_writable);
    if (status) files->image = NULL;
    return status == OI_NOT_FOUND && mode == EMU_OPEN_EXISTING ? OI_OK : status;
}

static enum oi_status follow(struct emu_files *files, struct emu_disc *disc)
{
    uint64_t size;

    if (!disc->writing) return OI_OK;
    TRY(open_image(files, EMU_OPEN_EXISTING));
    if (!files->image) return OI_OK;
    TRY(files->store->ops->get_size(files->image, &size));
    emu_disc_follow_image(disc, size);
    return OI_OK;
}

/* Whether the disc remembers data, which only an image could hold. How much an open track holds, the image
   alone knows. */
static int has_data(const struct emu_disc *disc)
{
    if (disc->used) return 1;
    for (uint32_t i = 0; i < disc->track_count; ++i)
    {
        if (disc->tracks[i].state != EMU_TRACK_RESERVED) return 1;
    }
    return 0;
}

/* What lies there: decides about the disc and stores it where it is new. The state file is locked. */
static enum oi_status examine(struct emu_files *files, const struct emu_medium *medium, uint32_t capacity,
                              struct emu_disc *disc)
{
    const struct emu_store_ops *ops = files->store->ops;
    uint64_t state_size = 0, image_size = 0;
    uint32_t changes;
    size_t got = 0;

    TRY(open_image(files, EMU_OPEN_EXISTING));
    if (files->image) TRY(ops->get_size(files->image, &image_size));
    if (files->state) TRY(ops->get_size(files->state, &state_size));

    if (!state_size)
    {
        /* An empty state file is one whose maker was killed before he wrote it. */
        if (image_size / MMC_BLOCK_SIZE > 0x7FFFFFFFu) return OI_TOO_LARGE;
        if (image_size)
        {
            emu_disc_finished(disc, medium, capacity,
                              (uint32_t)((image_size + MMC_BLOCK_SIZE - 1) / MMC_BLOCK_SIZE));
        }
        else emu_disc_blank(disc, medium, capacity);
        return files->state && files->state_writable ? emu_files_commit(files, disc) : OI_OK;
    }

    TRY(ops->read(files->state, 0, files->header, EMU_HEADER_SIZE, &got));
    if (got != EMU_HEADER_SIZE) return OI_FORMAT;
    TRY(read_record(files, disc));
    changes = disc->changes;
    if (!files->image && has_data(disc) && files->state_writable)
    {
        log_info("%s is gone: a blank %s takes its place", files->path, medium->name);
        emu_disc_blank(disc, medium, capacity);
        disc->changes = changes + 1;
        return emu_files_commit(files, disc);
    }
    if (emu_disc_is_blank(disc) && !has_data(disc) && !image_size && files->state_writable &&
        (disc->medium != medium || disc->capacity != capacity))
    {
        emu_disc_blank(disc, medium, capacity);
        disc->changes = changes + 1;
        return emu_files_commit(files, disc);
    }
    if (disc->medium != medium)
    {
        log_warning("%s is a %s, though a %s is configured", files->path, disc->medium->name, medium->name);
    }
    return follow(files, disc);
}

enum oi_status emu_files_open(struct emu_files *files, struct emu_store *store, const char *path,
                              uint32_t lock_timeout, const struct emu_medium *medium, uint32_t capacity,
                              struct emu_disc *disc)
{
    size_t length = strlen(path);
    enum oi_status status;

    memset(files, 0, sizeof(*files));
    files->store = store;
    files->lock_timeout = lock_timeout;
    files->path = malloc(length + 1);
    files->state_path = malloc(length + sizeof(EMU_STATE_SUFFIX));
    status = files->path && files->state_path ? OI_OK : OI_NO_MEMORY;
    if (!status)
    {
        memcpy(files->path, path, length + 1);
        memcpy(files->state_path, path, length);
        memcpy(files->state_path + length, EMU_STATE_SUFFIX, sizeof(EMU_STATE_SUFFIX));
        status = store->ops->open(store, files->state_path, EMU_OPEN_CREATE, &files->state,
                                  &files->state_writable);
        if (status) files->state = NULL;
        if (status == OI_IO || status == OI_NOT_FOUND)
        {
            /* A folder that takes no new file: an image in it can still be read. */
            status = open_image(files, EMU_OPEN_EXISTING);
            if (!status && !files->image) status = OI_IO;
        }
    }
    if (!status && files->state && files->state_writable)
    {
        status = store->ops->lock(files->state, lock_timeout);
    }
    if (!status)
    {
        status = examine(files, medium, capacity, disc);
        emu_files_end(files);
    }
    if (!status) return OI_OK;
    log_error("%s: %s", files->state_path ? files->state_path : path,
              status == OI_FORMAT ? "not the state file of a disc, or damaged" : status_text(status));
    emu_files_close(files);
    return status;
}

void emu_files_close(struct emu_files *files)
{
    if (files->image) files->store->ops->close(files->image);
    if (files->state) files->store->ops->close(files->state);
    free(files->path);
    free(files->state_path);
    memset(files, 0, sizeof(*files));
}

enum oi_status emu_files_begin(struct emu_files *files, struct emu_disc *disc)
{
    enum oi_status status;

    if (!files->state) return OI_OK;
    if (files->state_writable) TRY(files->store->ops->lock(files->state, files->lock_timeout));
    status = refresh(files, disc);
    if (!status) status = follow(files, disc);
    if (status) emu_files_end(files);
    return status;
}

void emu_files_end(struct emu_files *files)
{
    if (files->state && files->state_writable) files->store->ops->unlock(files->state);
}

/* The record at its place first, then the line that points at it. */
static enum oi_status store_record(struct emu_files *files, const char *record, uint32_t size, uint32_t at)
{
    const struct emu_store_ops *ops = files->store->ops;

    TRY(ops->write(files->state, at, record, size));
    make_header(files->header, files->generation, at, size, checksum(record, size));
    TRY(ops->write(files->state, 0, files->header, EMU_HEADER_SIZE));
    files->record_at = at;
    files->record_size = size;
    return OI_OK;
}

/* Into an empty file, line and record go in one write: there is nothing yet to fall back to. */
static enum oi_status store_first_record(struct emu_files *files, const char *record, uint32_t size)
{
    char *both = malloc(EMU_HEADER_SIZE + size);
    enum oi_status status;

    if (!both) return OI_NO_MEMORY;
    make_header(files->header, files->generation, EMU_HEADER_SIZE, size, checksum(record, size));
    memcpy(both, files->header, EMU_HEADER_SIZE);
    memcpy(both + EMU_HEADER_SIZE, record, size);
    status = files->store->ops->write(files->state, 0, both, EMU_HEADER_SIZE + size);
    free(both);
    if (status)
    {
        files->store->ops->set_size(files->state, 0);
        return status;
    }
    files->record_at = EMU_HEADER_SIZE;
    files->record_size = size;
    return OI_OK;
}

/* Behind the valid record first, then at its fixed place, so that a reader of the file sees one only. */
static enum oi_status store_next_record(struct emu_files *files, const char *record, uint32_t size)
{
    uint32_t behind = files->record_at + files->record_size;

    if (behind < EMU_HEADER_SIZE + size) behind = EMU_HEADER_SIZE + size;
    TRY(store_record(files, record, size, behind));
    TRY(store_record(files, record, size, EMU_HEADER_SIZE));
    return files->store->ops->set_size(files->state, EMU_HEADER_SIZE + size);
}

enum oi_status emu_files_commit(struct emu_files *files, const struct emu_disc *disc)
{
    enum oi_status status;
    char *record;
    uint32_t size;

    if (!files->state || !files->state_writable) return OI_IO;
    record = emu_disc_to_text(disc);
    if (!record) return OI_NO_MEMORY;
    size = (uint32_t)strlen(record);
    files->generation++;
    if (files->record_size) status = store_next_record(files, record, size);
    else status = store_first_record(files, record, size);
    if (status)
    {
        log_error("%s: %s", files->state_path, status_text(status));
        memset(files->header, 0, EMU_HEADER_SIZE);      /* the next command reads what really is there */
    }
    free(record);
    return status;
}

int emu_files_writable(const struct emu_files *files)
{
    return files->state && files->state_writable && (!files->image || files->image_writable);
}

enum oi_status emu_files_write(struct emu_files *files, uint32_t lba, const void *data, uint32_t blocks)
{
    TRY(open_image(files, EMU_OPEN_CREATE));
    return files->store->ops->write(files->image, (uint64_t)lba * MMC_BLOCK_SIZE, data,
                                    (size_t)blocks * MMC_BLOCK_SIZE);
}

enum oi_status emu_files_read(struct emu_files *files, uint32_t lba, void *data, uint32_t blocks)
{
    size_t size = (size_t)blocks * MMC_BLOCK_SIZE, got = 0;

    TRY(open_image(files, EMU_OPEN_EXISTING));
    if (files->image)
    {
        TRY(files->store->ops->read(files->image, (uint64_t)lba * MMC_BLOCK_SIZE, data, size, &got));
    }
    memset((uint8_t *)data + got, 0, size - got);
    return OI_OK;
}

enum oi_status emu_files_cut(struct emu_files *files, uint32_t blocks)
{
    TRY(open_image(files, EMU_OPEN_EXISTING));
    return files->image ? files->store->ops->set_size(files->image, (uint64_t)blocks * MMC_BLOCK_SIZE)
                        : OI_OK;
}

enum oi_status emu_files_trim(struct emu_files *files, uint32_t blocks)
{
    uint64_t size;

    TRY(open_image(files, EMU_OPEN_EXISTING));
    if (!files->image) return OI_OK;
    TRY(files->store->ops->get_size(files->image, &size));
    return size > (uint64_t)blocks * MMC_BLOCK_SIZE ? emu_files_cut(files, blocks) : OI_OK;
}

enum oi_status emu_files_flush(struct emu_files *files)
{
    if (files->image) TRY(files->store->ops->flush(files->image));
    return files->state && files->state_writable ? files->store->ops->flush(files->state) : OI_OK;
}
