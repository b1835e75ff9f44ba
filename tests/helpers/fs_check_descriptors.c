/* The independent reader's first half: volume descriptors. */
#include "helpers/fs_check_room.h"

/* 7.4: d-characters and a-characters, filled with spaces at the end only; Joliet: UCS-2. */
static void check_text(const uint8_t *field, size_t size, int joliet, int a_characters)
{
    static const char more[] = " !\"%&'()*+,-./:;<=>?";
    int ended = 0;

    if (joliet)
    {
        for (size_t i = 0; i + 1 < size; i += 2)
        {
            assert_true(msb(field + i, 2) >= 0x20);
            if (!a_characters) assert_null(strchr("*/:;?\\", field[i] ? 0x7F : field[i + 1]));
        }
        if (size % 2) assert_int_equal(field[size - 1], 0);
        return;
    }
    for (size_t i = 0; i < size; i++)
    {
        int c = field[i], d = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';

        if (a_characters) assert_true(c && (d || strchr(more, c)));
        else assert_true(ended ? c == ' ' : d || c == ' ');
        ended |= c == ' ';
    }
}

/* 8.4.26.1 */
static void check_volume_time(const uint8_t *field)
{
    static const struct { unsigned at, digits, least, most; } parts[] =
    {
        { 0, 4, 1, 9999 }, { 4, 2, 1, 12 }, { 6, 2, 1, 31 }, { 8, 2, 0, 23 },
        { 10, 2, 0, 59 }, { 12, 2, 0, 59 }, { 14, 2, 0, 99 },
    };

    if (!memcmp(field, "0000000000000000", 16))
    {
        assert_int_equal(field[16], 0);
        return;
    }
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
    {
        unsigned value = 0;

        for (unsigned j = 0; j < parts[i].digits; j++)
        {
            assert_in_range(field[parts[i].at + j], '0', '9');
            value = value * 10 + field[parts[i].at + j] - '0';
        }
        assert_in_range(value, parts[i].least, parts[i].most);
    }
    assert_true((int8_t)field[16] >= -48 && (int8_t)field[16] <= 52);
}

/* 8.4, 8.5: every byte of the sector is looked at once. */
const uint8_t *check_descriptor(const struct check_image *image, int joliet)
{
    const uint8_t *d = block(image, image->start + 16 + (joliet ? 1 : 0), 1);

    assert_int_equal(d[0], joliet ? 2 : 1);
    assert_memory_equal(d + 1, "CD001", 5);
    assert_int_equal(d[6], 1);
    assert_int_equal(d[7], 0);
    check_text(d + 8, 32, joliet, 1);
    check_text(d + 40, 32, joliet, 0);
    assert_all(d + 72, 8, 0);
    assert_int_equal(both(d + 80, 4), image->start + image->blocks);
    if (joliet) assert_memory_equal(d + 88, "%/E", 3);
    assert_all(d + (joliet ? 91 : 88), joliet ? 29 : 32, 0);
    assert_int_equal(both(d + 120, 2), 1);
    assert_int_equal(both(d + 124, 2), 1);
    assert_int_equal(both(d + 128, 2), SECTOR);
    assert_true(both(d + 132, 4) >= 10);
    assert_all(d + 144, 4, 0);
    assert_all(d + 152, 4, 0);
    check_text(d + 190, 128, joliet, 0);
    check_text(d + 318, 128, joliet, 1);
    check_text(d + 446, 128, joliet, 1);
    check_text(d + 574, 128, joliet, 1);
    check_text(d + 702, 37, joliet, 0);
    check_text(d + 739, 37, joliet, 0);
    check_text(d + 776, 37, joliet, 0);
    for (unsigned at = 813; at < 881; at += 17) check_volume_time(d + at);
    assert_int_equal(d[881], 1);
    assert_all(d + 882, 2048 - 882, 0);
    return d;
}

void check_descriptors(const struct check_image *image, int joliet)
{
    const uint8_t *terminator = block(image, image->start + 17 + (joliet ? 1 : 0), 1);

    assert_all(block(image, image->start, 16), 16 * SECTOR, 0);
    check_descriptor(image, 0);
    if (joliet) check_descriptor(image, 1);
    assert_int_equal(terminator[0], 255);
    assert_memory_equal(terminator + 1, "CD001", 5);
    assert_int_equal(terminator[6], 1);
    assert_all(terminator + 7, SECTOR - 7, 0);
}

