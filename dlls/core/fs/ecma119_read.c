/*
 * Reader of one ECMA-119 volume. Directory records are the truth; path tables, which repeat them and are
 * wrong on many discs, are not looked at. Of numbers recorded in both byte orders the little-endian one
 * counts, as for all readers on personal computers: there are discs on which they differ.
 */
#include "read_room.h"

#include "openimapi/bytes.h"

#include <stdlib.h>
#include <string.h>

#define SECTOR FS_BLOCK_SIZE            /* a logical sector: 6.1.2 */
#define KEY_UNIT 512                    /* the smallest logical block: 6.2.2 */
#define WINDOW 16                       /* sectors of a directory read at once */
#define RECORD_HEAD 33                  /* 9.1 */
#define FLAG_HIDDEN 0x01                /* 9.1.6 */
#define FLAG_DIRECTORY 0x02
#define FLAG_ASSOCIATED 0x04
#define FLAG_MORE 0x80                  /* not the last record of the file */

struct ecma119_reader
{
    struct fs_volume base;
    const struct ecma119_dialect *dialect;
    unsigned block_size;                /* of a logical block */
    unsigned set_size, sequence;        /* volumes in the set, and which of them this is */
};

/* A directory on its way through the reader. */
struct listing
{
    struct ecma119_reader *reader;
    fs_take take;
    void *context;
    uint8_t *window;
    uint64_t window_start, window_end;  /* bytes of the disc */
    uint64_t end;                       /* of the directory, byte on the disc */

    /* The file whose records are being read: several when it has several extents. */
    struct fs_found file;
    int open;
    uint8_t identifier[255];
    size_t identifier_length;
    struct fs_extent *extents;
    size_t extent_capacity;
    char16_t name[FS_NAME_MAX + 1];
};

/* --- records -------------------------------------------------------------------------------------------- */

/* Byte on the disc at which the data of a record begin, behind an extended attribute record. */
static uint64_t start_of(const struct ecma119_reader *reader, const uint8_t *record)
{
    return ((uint64_t)get_le32(record + 2) + record[1]) * reader->block_size;   /* 9.1.3, 9.1.2 */
}

static struct fs_place place_of(const struct ecma119_reader *reader, const uint8_t *record)
{
    return (struct fs_place){ start_of(reader, record) / KEY_UNIT, get_le32(record + 10) };     /* 9.1.4 */
}

/* What keeps a file or directory that is consistent from being read. */
static enum oi_status unreadable(const struct ecma119_reader *reader, const uint8_t *record)
{
    unsigned sequence = get_le16(record + 28);                                  /* 9.1.9 */

    if (!get_le32(record + 10)) return OI_OK;
    if (record[26] || record[27]) return OI_NOT_SUPPORTED;      /* interleaved: 9.1.7, 9.1.8 */
    /* On another disc of the set. Discs that are alone often have any number here. */
    if (reader->set_size > 1 && sequence && sequence <= reader->set_size && sequence != reader->sequence)
    {
        return OI_NOT_SUPPORTED;
    }
    return OI_OK;
}

static void describe(struct listing *listing, const uint8_t *record, enum fs_type type)
{
    fs_time time = fs_ecma119_time_of(record + 18);

    listing->file = (struct fs_found){ .type = type, .name = listing->name };
    listing->file.name_length = listing->reader->dialect->name(type, record + RECORD_HEAD, record[32],
                                                               listing->name);
    /* The one time that there is stands for all, as Windows shows it. */
    listing->file.times = (struct fs_times){ time, time, time };
    listing->file.hidden = record[25] & FLAG_HIDDEN;
    listing->file.fault = unreadable(listing->reader, record);
}

/* The file is complete, or never will be. */
static enum oi_status show_file(struct listing *listing)
{
    listing->open = 0;
    listing->file.extents = listing->extents;
    return listing->take(listing->context, &listing->file);
}

static enum oi_status fault_file(struct listing *listing)
{
    listing->file.fault = OI_FORMAT;
    return show_file(listing);
}

static enum oi_status add_extent(struct listing *listing, const uint8_t *record)
{
    uint64_t start = start_of(listing->reader, record);
    uint32_t bytes = get_le32(record + 10);
    struct fs_found *file = &listing->file;

    /* Where a file without bytes would be is recorded in many ways. */
    if (!bytes) return OI_OK;
    if (start / SECTOR >= listing->reader->base.disc.end)
    {
        file->fault = OI_FORMAT;
        return OI_OK;
    }
    if (file->extent_count == listing->extent_capacity)
    {
        size_t capacity = file->extent_count ? file->extent_count * 2 : 4;
        struct fs_extent *larger = realloc(listing->extents, capacity * sizeof(*larger));

        if (!larger) return OI_NO_MEMORY;
        listing->extents = larger;
        listing->extent_capacity = capacity;
    }
    listing->extents[file->extent_count++] = (struct fs_extent){ (uint32_t)(start / SECTOR),
                                                                 (uint32_t)(start % SECTOR), bytes };
    file->size += bytes;
    return OI_OK;
}

static enum oi_status take_file(struct listing *listing, const uint8_t *record)
{
    if (!listing->open)
    {
        describe(listing, record, FS_FILE);
        listing->open = 1;
        listing->identifier_length = record[32];
        memcpy(listing->identifier, record + RECORD_HEAD, record[32]);
    }
    else if (!listing->file.fault) listing->file.fault = unreadable(listing->reader, record);
    TRY(add_extent(listing, record));
    return record[25] & FLAG_MORE ? OI_OK : show_file(listing);
}

static enum oi_status take_directory(struct listing *listing, const uint8_t *record)
{
    describe(listing, record, FS_DIRECTORY);
    listing->file.place = place_of(listing->reader, record);
    if (record[25] & FLAG_MORE) listing->file.fault = OI_FORMAT;               /* one extent: 6.8.1 */
    return listing->take(listing->context, &listing->file);
}

static int is_dot(const uint8_t *record)
{
    return record[32] == 1 && record[RECORD_HEAD] <= 1;                         /* 6.8.2.2 */
}

static enum oi_status take_record(struct listing *listing, const uint8_t *record)
{
    /* Associated files are another program's; their records stand before those of the files. */
    if (is_dot(record) || record[25] & FLAG_ASSOCIATED) return OI_OK;
    if (listing->open && (record[25] & FLAG_DIRECTORY || record[32] != listing->identifier_length
                          || memcmp(record + RECORD_HEAD, listing->identifier, record[32])))
    {
        return fault_file(listing);
    }
    return record[25] & FLAG_DIRECTORY ? take_directory(listing, record) : take_file(listing, record);
}

/* --- directories ---------------------------------------------------------------------------------------- */

/* Bytes of the directory from an address on, as many as asked for. They may lie in two sectors: the standard
   says no (6.8.1.1), some discs do. */
static enum oi_status look(struct listing *listing, uint64_t at, size_t count, const uint8_t **bytes)
{
    if (at < listing->window_start || at + count > listing->window_end)
    {
        uint64_t first = at / SECTOR, last = (listing->end - 1) / SECTOR;
        uint32_t sectors = last - first < WINDOW ? (uint32_t)(last - first) + 1 : WINDOW;

        TRY(fs_volume_read(&listing->reader->base, (uint32_t)first, sectors, listing->window));
        listing->window_start = first * SECTOR;
        listing->window_end = (first + sectors) * SECTOR;
    }
    *bytes = listing->window + (at - listing->window_start);
    return OI_OK;
}

static enum oi_status list_records(struct listing *listing, uint64_t at)
{
    const uint8_t *record;
    int first = 1;

    while (at < listing->end)
    {
        TRY(look(listing, at, 1, &record));
        if (!record[0])
        {
            at = (at / SECTOR + 1) * SECTOR;
            continue;
        }
        if (record[0] <= RECORD_HEAD || record[0] > listing->end - at) return OI_FORMAT;
        TRY(look(listing, at, record[0], &record));
        if (!record[32] || record[32] > record[0] - RECORD_HEAD) return OI_FORMAT;
        /* What does not begin with itself is no directory. */
        if (first && !is_dot(record)) return OI_FORMAT;
        first = 0;
        at += record[0];
        TRY(take_record(listing, record));
    }
    return listing->open ? fault_file(listing) : OI_OK;
}

static enum oi_status list(struct fs_volume *volume, const struct fs_place *place, fs_take take,
                           void *context)
{
    struct listing listing = { .reader = (struct ecma119_reader *)volume, .take = take, .context = context };
    uint64_t start = place->key * KEY_UNIT;
    enum oi_status status;

    listing.end = start + place->size;
    if (listing.end > (uint64_t)volume->disc.end * SECTOR) return OI_FORMAT;
    if (!(listing.window = malloc(WINDOW * SECTOR))) return OI_NO_MEMORY;
    status = list_records(&listing, start);
    free(listing.window);
    free(listing.extents);
    return status;
}

static void destroy(struct fs_volume *volume)
{
    free(volume);
}

static const struct fs_reader_ops reader_ops = { .list = list, .destroy = destroy };

/* --- volumes -------------------------------------------------------------------------------------------- */

/* 8.4 and 8.5. */
static enum oi_status read_descriptor(struct ecma119_reader *reader, const uint8_t *descriptor)
{
    struct fs_volume *volume = &reader->base;
    const uint8_t *root = descriptor + 156;
    uint64_t blocks;

    reader->set_size = get_le16(descriptor + 120);
    reader->sequence = get_le16(descriptor + 124);
    reader->block_size = get_le16(descriptor + 128);
    if (reader->block_size != 512 && reader->block_size != 1024 && reader->block_size != SECTOR)
    {
        return OI_FORMAT;
    }
    if (root[0] <= RECORD_HEAD || !is_dot(root)) return OI_FORMAT;
    volume->root = place_of(reader, root);
    reader->dialect->text(descriptor + 40, 32, volume->info.name);
    blocks = ((uint64_t)get_le32(descriptor + 80) * reader->block_size + SECTOR - 1) / SECTOR;
    /* Some count from the beginning of the session, as genisoimage, some from that of the disc. */
    if (blocks + volume->disc.session_start <= volume->disc.end) blocks += volume->disc.session_start;
    volume->info.blocks = (uint32_t)blocks;
    volume->info.writable = 1;
    return OI_OK;
}

enum oi_status fs_ecma119_open(const struct fs_disc *disc, enum fs_kind kind, struct fs_volume **out,
                               struct fs_detail *detail)
{
    struct fs_recognition found;
    struct ecma119_reader *reader;
    uint8_t descriptor[SECTOR];
    enum oi_status status;
    uint32_t block;

    TRY(fs_recognize(disc, &found, detail));
    block = kind == FS_JOLIET ? found.joliet : found.primary;
    if (!block) return fs_fail_numbers(OI_NOT_FOUND, detail, NULL, kind, 0, 0);
    if (!(reader = malloc(sizeof(*reader)))) return fs_fail(OI_NO_MEMORY, detail);
    fs_volume_init(&reader->base, &reader_ops, disc, kind);
    reader->dialect = kind == FS_JOLIET ? &fs_joliet_dialect : &fs_iso9660_dialect;
    status = fs_volume_read(&reader->base, block, 1, descriptor);
    if (!status) status = read_descriptor(reader, descriptor);
    if (status)
    {
        fs_fail_numbers(status, detail, NULL, kind, 0, reader->base.bad);
        fs_volume_close(&reader->base);
        return status;
    }
    *out = &reader->base;
    return OI_OK;
}
