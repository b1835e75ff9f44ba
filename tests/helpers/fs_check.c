/* The independent reader of ECMA-119 and Joliet volumes: directories and path tables. It trusts nothing. */
#include "helpers/fs_check_room.h"

/* --- directory records ---------------------------------------------------------------------------------- */

struct record
{
    const uint8_t *bytes;
    const uint8_t *id;
    uint8_t id_size, flags;
    uint32_t extent, size;
};

/* 9.1 */
static struct record check_record(const uint8_t *bytes, size_t room)
{
    struct record record = { bytes, bytes + 33, bytes[32], bytes[25], both(bytes + 2, 4),
                             both(bytes + 10, 4) };

    assert_true(bytes[0] >= 34 && bytes[0] <= room);
    assert_int_equal(bytes[0] % 2, 0);
    assert_int_equal(bytes[0], 33 + record.id_size + (record.id_size % 2 == 0));
    if (record.id_size % 2 == 0) assert_int_equal(bytes[33 + record.id_size], 0);
    assert_int_equal(bytes[1], 0);
    assert_in_range(bytes[19], 0, 12);
    assert_in_range(bytes[20], 0, 31);
    assert_in_range(bytes[21], 0, 23);
    assert_in_range(bytes[22], 0, 59);
    assert_in_range(bytes[23], 0, 59);
    assert_int_equal(record.flags & ~3, 0);
    assert_int_equal(bytes[26], 0);
    assert_int_equal(bytes[27], 0);
    assert_int_equal(both(bytes + 28, 2), 1);
    return record;
}

/* One unit of an identifier; beyond its end the filler. */
static unsigned unit(const uint8_t *id, size_t size, size_t index, int joliet)
{
    if (joliet) return 2 * index < size ? msb(id + 2 * index, 2) : 0;
    return index < size ? id[index] : ' ';
}

struct parts
{
    size_t name, extension, end;        /* name is 0..name, extension extension..end; units */
};

/* 7.5: file name, separator 1, extension, separator 2, version. In Joliet the name may have more periods, and
   none at all: the last one divides. */
static struct parts split(const struct record *record, int joliet)
{
    size_t units = record->id_size / (joliet ? 2u : 1u), dot;

    if (record->flags & 2) return (struct parts){ units, units, units };
    assert_true(units > 2);
    assert_int_equal(unit(record->id, record->id_size, units - 2, joliet), ';');
    assert_int_equal(unit(record->id, record->id_size, units - 1, joliet), '1');
    units -= 2;
    for (dot = units; dot-- > 0;)
    {
        if (dot && unit(record->id, record->id_size, dot, joliet) == '.') break;
    }
    if (dot == SIZE_MAX || dot == 0)
    {
        assert_true(joliet);
        return (struct parts){ units, units, units };
    }
    return (struct parts){ dot, dot + 1, units };
}

static int compare_part(const struct record *a, size_t from_a, size_t to_a, const struct record *b,
                        size_t from_b, size_t to_b, int joliet)
{
    unsigned filler = joliet ? 0 : ' ';

    for (size_t i = 0; i < to_a - from_a || i < to_b - from_b; i++)
    {
        unsigned x = i < to_a - from_a ? unit(a->id, a->id_size, from_a + i, joliet) : filler;
        unsigned y = i < to_b - from_b ? unit(b->id, b->id_size, from_b + i, joliet) : filler;

        if (x != y) return x < y ? -1 : 1;
    }
    return 0;
}

/* 9.3 */
static void check_order(const struct record *a, const struct record *b, int joliet)
{
    struct parts x = split(a, joliet), y = split(b, joliet);
    int order = compare_part(a, 0, x.name, b, 0, y.name, joliet);

    if (!order) order = compare_part(a, x.extension, x.end, b, y.extension, y.end, joliet);
    assert_true(order < 0);
}

static void check_identifier(const struct check_image *image, const struct record *record, int joliet)
{
    struct parts parts = split(record, joliet);
    size_t name = parts.name, extension = parts.end - parts.extension;

    if (joliet)
    {
        assert_int_equal(record->id_size % 2, 0);
        assert_in_range(parts.end, 1, image->joliet_max);
        assert_int_not_equal(unit(record->id, record->id_size, parts.end - 1, 1), '.');
        for (size_t i = 0; i < parts.end; i++)
        {
            unsigned c = unit(record->id, record->id_size, i, 1);

            assert_true(c >= 0x20 && (c > 0x7E || !strchr("*/:;?\\", (int)c)));
        }
        return;
    }
    for (size_t i = 0; i < parts.end; i++)
    {
        int c = record->id[i];

        if (!(record->flags & 2) && i == parts.name) continue;
        assert_true((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
    assert_true(name + extension > 0);
    if (image->level == 1)
    {
        assert_true(name <= 8 && extension <= 3);
    }
    else
    {
        assert_true(record->flags & 2 ? name <= 31 : name + extension <= 30);
    }
}

/* --- the hierarchy -------------------------------------------------------------------------------------- */

struct directory
{
    const uint8_t *record;              /* in its parent; the root's in the descriptor */
    uint32_t extent, size;
    size_t parent;                      /* index of it; the root's is itself */
    const uint8_t *id;
    uint8_t id_size;
    unsigned level;
    char16_t *path;
};

struct walk
{
    const struct check_image *image;
    int joliet;
    struct directory *items;
    size_t count, capacity;
    check_visit *visit;
    void *context;
    uint8_t *owners;                    /* by block: 1 structure, 2 file data */
};

static void own(struct walk *walk, uint32_t extent, uint32_t bytes, uint8_t owner)
{
    uint32_t blocks = (bytes + SECTOR - 1) / SECTOR;

    block(walk->image, extent, blocks);
    for (uint32_t i = 0; i < blocks; i++)
    {
        assert_int_equal(walk->owners[extent - walk->image->start + i], 0);
        walk->owners[extent - walk->image->start + i] = owner;
    }
}

static void add_directory(struct walk *walk, struct directory directory)
{
    if (walk->count == walk->capacity)
    {
        walk->capacity = walk->capacity * 2 + 64;
        walk->items = realloc(walk->items, walk->capacity * sizeof(*walk->items));
        assert_non_null(walk->items);
    }
    walk->items[walk->count++] = directory;
}

static char16_t *make_path(const char16_t *folder, const struct record *record, int joliet)
{
    struct parts parts = split(record, joliet);
    size_t length = 0, units = record->flags & 2 || parts.end == parts.extension ? parts.name : parts.end;
    char16_t *path;

    if (joliet) units = parts.end;
    while (folder[length]) length++;
    path = malloc((length + units + 2) * sizeof(*path));
    assert_non_null(path);
    memcpy(path, folder, length * sizeof(*path));
    path[length++] = '/';
    for (size_t i = 0; i < units; i++)
        path[length++] = (char16_t)unit(record->id, record->id_size, i, joliet);
    path[length] = 0;
    return path;
}

static void check_entry_of(struct walk *walk, size_t folder, const struct record *record)
{
    char16_t *path = make_path(walk->items[folder].path, record, walk->joliet);
    struct check_entry entry = { path, (record->flags & 2) != 0, (record->flags & 1) != 0, record->extent,
                                 record->size, record->bytes + 18, NULL };

    check_identifier(walk->image, record, walk->joliet);
    if (entry.is_directory)
    {
        assert_true(record->size > 0 && record->size % SECTOR == 0);
        add_directory(walk,
                      (struct directory){ record->bytes, record->extent, record->size, folder, record->id,
                                          record->id_size, walk->items[folder].level + 1, path });
    }
    else if (record->size)
    {
        uint32_t padded = (record->size + SECTOR - 1) / SECTOR * SECTOR;

        own(walk, record->extent, record->size, 2);
        entry.data = block(walk->image, record->extent, padded / SECTOR);
        assert_all(entry.data + record->size, padded - record->size, 0);
    }
    else
    {
        assert_int_equal(record->extent, 0);
    }
    if (walk->visit) walk->visit(walk->context, &entry);
    if (!entry.is_directory) free(path);
}

static void check_dots(const struct walk *walk, size_t index, const struct record *dot,
                       const struct record *dotdot)
{
    const struct directory *self = &walk->items[index], *parent = &walk->items[self->parent];

    assert_int_equal(dot->id_size, 1);
    assert_int_equal(dot->id[0], 0);
    assert_int_equal(dot->extent, self->extent);
    assert_int_equal(dot->size, self->size);
    assert_memory_equal(dot->bytes + 18, self->record + 18, 8);
    assert_int_equal(dotdot->id_size, 1);
    assert_int_equal(dotdot->id[0], 1);
    assert_int_equal(dotdot->extent, parent->extent);
    assert_int_equal(dotdot->size, parent->size);
    assert_memory_equal(dotdot->bytes + 18, parent->record + 18, 8);
}

/* 6.8.1: records one after the other, none over a sector's end, zeros behind the last one of a sector. */
static void check_directory(struct walk *walk, size_t index)
{
    struct directory directory = walk->items[index];
    const uint8_t *bytes = block(walk->image, directory.extent, directory.size / SECTOR);
    struct record last = { NULL, NULL, 0, 0, 0, 0 }, dot = last;
    size_t count = 0;

    own(walk, directory.extent, directory.size, 1);
    for (uint32_t sector = 0; sector < directory.size; sector += SECTOR)
    {
        size_t at = 0;

        assert_int_not_equal(bytes[sector], 0);
        while (at < SECTOR && bytes[sector + at])
        {
            struct record record = check_record(bytes + sector + at, SECTOR - at);

            if (count == 0) dot = record;
            else if (count == 1) check_dots(walk, index, &dot, &record);
            else check_entry_of(walk, index, &record);
            if (count > 2) check_order(&last, &record, walk->joliet);
            last = record;
            at += record.bytes[0];
            count++;
        }
        assert_all(bytes + sector + at, SECTOR - at, 0);
        /* A sector is left only when the next record does not fit. */
        if (sector + SECTOR < directory.size) assert_true(SECTOR - at < bytes[sector + SECTOR]);
    }
    assert_true(count >= 2);
}

/* --- path tables ---------------------------------------------------------------------------------------- */

struct table_row
{
    uint32_t extent, parent;
    const uint8_t *id;
    uint8_t id_size;
};

/* 9.4: record at at; moves it. */
static struct table_row table_row(const uint8_t *table, size_t *at,
                                  uint32_t (*number)(const uint8_t *, unsigned))
{
    const uint8_t *p = table + *at;
    struct table_row row = { number(p + 2, 4), number(p + 6, 2), p + 8, p[0] };

    assert_true(row.id_size > 0);
    assert_int_equal(p[1], 0);
    if (row.id_size % 2) assert_int_equal(p[8 + row.id_size], 0);
    *at += 8u + row.id_size + row.id_size % 2;
    return row;
}

static size_t directory_at(const struct walk *walk, uint32_t extent)
{
    for (size_t i = 0; i < walk->count; i++)
    {
        if (walk->items[i].extent == extent) return i;
    }
    fail_msg("no directory at block %u", extent);
    return 0;
}

/* 6.9.1: by level, then by the parent's number, then by identifier. */
static void check_table_order(const struct walk *walk, const size_t *numbers, uint32_t count,
                              struct table_row a, struct table_row b)
{
    unsigned x = walk->items[numbers[count - 1]].level, y = walk->items[numbers[count]].level;
    struct record one = { NULL, a.id, a.id_size, 2, 0, 0 }, other = { NULL, b.id, b.id_size, 2, 0, 0 };

    assert_true(x <= y);
    if (x < y) return;
    assert_true(a.parent <= b.parent);
    if (a.parent == b.parent) check_order(&one, &other, walk->joliet);
}

static void check_path_tables(struct walk *walk, const uint8_t *descriptor)
{
    uint32_t size = both(descriptor + 132, 4), blocks = (size + SECTOR - 1) / SECTOR, count = 0;
    const uint8_t *l = block(walk->image, lsb(descriptor + 140, 4), blocks);
    const uint8_t *m = block(walk->image, msb(descriptor + 148, 4), blocks);
    size_t at_l = 0, at_m = 0, *numbers = calloc(walk->count, sizeof(*numbers));
    struct table_row last = { 0, 0, NULL, 0 };

    own(walk, lsb(descriptor + 140, 4), size, 1);
    own(walk, msb(descriptor + 148, 4), size, 1);
    while (at_l < size)
    {
        struct table_row row = table_row(l, &at_l, lsb), same = table_row(m, &at_m, msb);
        const struct directory *directory;

        assert_true(count < walk->count);
        assert_int_equal(row.extent, same.extent);
        assert_int_equal(row.parent, same.parent);
        assert_int_equal(row.id_size, same.id_size);
        assert_memory_equal(row.id, same.id, row.id_size);
        numbers[count] = directory_at(walk, row.extent);
        directory = &walk->items[numbers[count]];
        assert_int_equal(row.id_size, directory->id_size);
        assert_memory_equal(row.id, directory->id, row.id_size);
        assert_in_range(row.parent, 1, count ? count : 1);
        assert_int_equal(numbers[row.parent - 1], directory->parent);
        if (count) check_table_order(walk, numbers, count, last, row);
        last = row;
        count++;
    }
    assert_int_equal(at_l, size);
    assert_int_equal(count, walk->count);
    assert_all(l + size, blocks * SECTOR - size, 0);
    assert_all(m + size, blocks * SECTOR - size, 0);
    free(numbers);
}

void check_volume(const struct check_image *image, int joliet, check_visit *visit, void *context)
{
    const uint8_t *descriptor = check_descriptor(image, joliet);
    struct record root = check_record(descriptor + 156, 34);
    struct walk walk = { image, joliet, NULL, 0, 0, visit, context, calloc(image->blocks, 1) };

    assert_int_equal(root.id_size, 1);
    assert_int_equal(root.id[0], 0);
    assert_int_equal(root.flags & 2, 2);
    assert_true(root.size > 0 && root.size % SECTOR == 0);
    add_directory(&walk, (struct directory){ root.bytes, root.extent, root.size, 0, root.id, 1, 1,
                                             calloc(1, sizeof(char16_t)) });
    for (size_t i = 0; i < walk.count; i++)
    {
        /* 6.8.2.1 */
        assert_true(walk.items[i].level <= 8);
        check_directory(&walk, i);
    }
    check_path_tables(&walk, descriptor);
    for (size_t i = 0; i < walk.count; i++) free(walk.items[i].path);
    free(walk.items);
    free(walk.owners);
}
