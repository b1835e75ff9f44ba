/*
 * UDF volumes opened: recognition, anchors, descriptor sequences, integrity, file sets. Each structure good,
 * then short, lying and damaged, byte by byte.
 */
#include "helpers/udf_bytes.h"

#include "openimapi/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct udf_bytes kit;

static int setup(void **state)
{
    (void)state;
    udf_bytes_create(&kit, 0x201);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    udf_bytes_destroy(&kit);
    return 0;
}

static void assert_opens(enum oi_status expected)
{
    struct fs_volume *volume;
    enum oi_status status = udf_bytes_open(&kit, &volume);

    if (!status) fs_volume_close(volume);
    assert_string_equal(status_name(status), status_name(expected));
}

static struct fs_volume_info info(void)
{
    struct fs_volume_info result;
    struct fs_volume *volume;

    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    result = *fs_volume_info(volume);
    fs_volume_close(volume);
    return result;
}

static int is_named(const char16_t *name)
{
    struct fs_volume_info result = info();

    return !text_compare(result.name, name);
}

/* Both copies of a descriptor: what has to be found in the main sequence has to be in the reserve, too. */
static void change32(unsigned descriptor, unsigned offset, uint32_t value)
{
    put_le32(udf_bytes_block(&kit, KIT_MAIN + descriptor) + offset, value);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + descriptor));
}

static void wipe(uint32_t block) { memset(udf_bytes_block(&kit, block), 0, FS_BLOCK_SIZE); }

/* --- good ----------------------------------------------------------------------------------------------- */

static void a_whole_volume_says_what_it_is(void **state)
{
    struct fs_volume *volume;
    const struct fs_volume_info *its;

    (void)state;
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    its = fs_volume_info(volume);
    assert_int_equal(its->kind, FS_UDF);
    assert_int_equal(text_compare(its->name, u"Logical"), 0);
    assert_int_equal(its->udf_revision, 0x201);
    assert_int_equal(its->redundant_metadata, 0);
    assert_int_equal(its->partition_start, KIT_PARTITION);
    assert_int_equal(its->next_unique_id, 0x123456789);
    assert_int_equal(its->blocks, KIT_PARTITION + KIT_LENGTH);
    assert_int_equal(its->writable, 1);
    assert_int_equal(volume->files_total, 5);
    assert_int_equal(volume->directories_total, 7);
    assert_string_equal(udf_bytes_list(volume, &volume->root), "");
    fs_volume_close(volume);
}

static void the_reserve_reaches_as_far_as_it_says(void **state)
{
    (void)state;
    put_le32(udf_bytes_block(&kit, KIT_ANCHOR) + 28, 720);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_ANCHOR));
    assert_int_equal(info().blocks, 736);
}

static void all_revisions_are_read(void **state)
{
    static const unsigned revisions[] = { 0x100, 0x101, 0x102, 0x150, 0x200, 0x201, 0x250, 0x260 };

    (void)state;
    for (unsigned i = 0; i < sizeof(revisions) / sizeof(*revisions); i++)
    {
        udf_bytes_destroy(&kit);
        udf_bytes_create(&kit, revisions[i]);
        assert_int_equal(info().udf_revision, revisions[i]);
        assert_string_equal(udf_bytes_list_root(&kit), "");
    }
}

static void a_revision_of_the_future_is_not_supported(void **state)
{
    (void)state;
    change32(2, 240, 0x270);
    assert_opens(OI_NOT_SUPPORTED);
    change32(2, 240, 0x201);
    assert_opens(OI_OK);
    put_le16(udf_bytes_block(&kit, KIT_INTEGRITY) + 88 + 40, 0x270);  /* needed to read */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_INTEGRITY));
    assert_opens(OI_NOT_SUPPORTED);
}

static void a_name_of_16_bits_is_read(void **state)
{
    uint8_t *name = udf_bytes_block(&kit, KIT_MAIN + 2) + 84;

    (void)state;
    memset(name, 0, 128);
    memcpy(name, "\x10\x4e\x2d\x65\x87\x00\x41", 7);
    name[127] = 7;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(is_named(u"\u4e2d\u6587A"));
    name[127] = 6;                              /* half a character */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(is_named(u"\u4e2d\u6587"));
}

static void a_name_that_is_too_long_or_of_an_unknown_kind_does_no_harm(void **state)
{
    uint8_t *name = udf_bytes_block(&kit, KIT_MAIN + 2) + 84;
    struct fs_volume_info result;

    (void)state;
    memset(name, 'x', 128);
    name[0] = 8;
    name[127] = 255;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    result = info();
    assert_int_equal(text_length(result.name), 126);
    name[0] = 7;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(is_named(u""));
}

/* --- recognition and anchors ---------------------------------------------------------------------------- */

static void without_its_recognition_there_is_no_udf(void **state)
{
    (void)state;
    wipe(17);
    assert_opens(OI_NOT_FOUND);
}

static void the_anchor_at_the_end_is_used(void **state)
{
    (void)state;
    wipe(KIT_ANCHOR);
    assert_opens(OI_OK);
    kit.bad_block = KIT_ANCHOR;
    assert_opens(OI_OK);
}

static void the_anchor_256_before_the_end_is_used(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, KIT_BLOCKS - 257);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    wipe(KIT_ANCHOR);
    wipe(KIT_BLOCKS - 1);
    assert_opens(OI_FORMAT);                    /* its tag says another place */
    udf_bytes_seal(anchor, 2, 512, KIT_BLOCKS - 257);
    assert_opens(OI_OK);
}

static void the_anchor_at_512_is_used(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, 512);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(anchor, 2, 512, 512);
    wipe(KIT_ANCHOR);
    wipe(KIT_BLOCKS - 1);
    assert_opens(OI_OK);
}

static void the_end_of_the_disc_is_where_the_caller_says(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, 720);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(anchor, 2, 512, 720);
    wipe(KIT_ANCHOR);
    wipe(KIT_BLOCKS - 1);
    kit.disc.end = 721;
    assert_opens(OI_OK);
    assert_int_equal(info().blocks, 721);
}

static void without_an_anchor_the_volume_is_damaged(void **state)
{
    (void)state;
    wipe(KIT_ANCHOR);
    wipe(KIT_BLOCKS - 1);
    assert_opens(OI_FORMAT);
    kit.bad_block = KIT_ANCHOR;
    assert_opens(OI_SOURCE_READ);
}

static void an_anchor_that_leads_nowhere_is_passed_over(void **state)
{
    (void)state;
    put_le32(udf_bytes_block(&kit, KIT_ANCHOR) + 20, 100);
    put_le32(udf_bytes_block(&kit, KIT_ANCHOR) + 28, UINT32_MAX);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_ANCHOR));
    assert_opens(OI_OK);
    wipe(KIT_BLOCKS - 1);
    assert_opens(OI_FORMAT);
}

static void a_session_has_its_own_recognition_and_anchor(void **state)
{
    (void)state;
    kit.disc.session_start = 128;
    assert_opens(OI_NOT_FOUND);
    memcpy(udf_bytes_block(&kit, 144), udf_bytes_block(&kit, 16), 3 * FS_BLOCK_SIZE);
    assert_opens(OI_OK);                        /* by the anchor at the end */
    wipe(KIT_BLOCKS - 1);
    assert_opens(OI_FORMAT);                    /* that of the session before does not count */
    memcpy(udf_bytes_block(&kit, 384), udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(udf_bytes_block(&kit, 384), 2, 512, 384);
    assert_opens(OI_OK);
}

static void sectors_of_another_size_are_not_supported(void **state)
{
    static const uint32_t places[] = { 64, 128 };

    (void)state;
    wipe(KIT_BLOCKS - 1);
    for (unsigned i = 0; i < 2; i++)
    {
        uint8_t anchor[FS_BLOCK_SIZE];

        memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
        wipe(KIT_ANCHOR);
        assert_opens(OI_FORMAT);
        memcpy(udf_bytes_block(&kit, places[i]), anchor, 512);
        assert_opens(OI_NOT_SUPPORTED);
        wipe(places[i]);
        memcpy(udf_bytes_block(&kit, KIT_ANCHOR), anchor, FS_BLOCK_SIZE);
    }
}

static void logical_blocks_of_another_size_are_not_supported(void **state)
{
    (void)state;
    change32(2, 212, 4096);
    assert_opens(OI_NOT_SUPPORTED);
}

static void another_domain_is_not_supported(void **state)
{
    (void)state;
    udf_bytes_block(&kit, KIT_MAIN + 2)[220] = 'x';
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_opens(OI_NOT_SUPPORTED);
}

/* --- tags ----------------------------------------------------------------------------------------------- */

static void every_byte_of_a_tag_and_of_what_it_covers_is_checked(void **state)
{
    (void)state;
    wipe(KIT_RESERVE + 2);
    for (unsigned i = 0; i < 446; i++)
    {
        uint8_t *byte = udf_bytes_block(&kit, KIT_MAIN + 2) + i;

        if (i == 2) continue;                   /* 3 becomes 2, below */
        *byte ^= 1;
        assert_opens(OI_FORMAT);
        *byte ^= 1;
    }
    udf_bytes_block(&kit, KIT_MAIN + 2)[2] = 2;   /* the version of NSR02 */
    udf_bytes_block(&kit, KIT_MAIN + 2)[4]--;
    assert_opens(OI_OK);
    udf_bytes_block(&kit, KIT_MAIN + 2)[2] = 4;
    udf_bytes_block(&kit, KIT_MAIN + 2)[4] += 2;
    assert_opens(OI_FORMAT);
}

static void a_crc_of_more_than_the_block_is_not_read(void **state)
{
    uint8_t *tag = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    wipe(KIT_RESERVE + 2);
    put_le16(tag + 10, 2033);
    tag[4] = 0;
    for (unsigned i = 0; i < 16; i++) tag[4] = (uint8_t)(tag[4] + (i == 4 ? 0 : tag[i]));
    assert_opens(OI_FORMAT);
}

/* --- sequences ------------------------------------------------------------------------------------------ */

static void the_reserve_sequence_is_used(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
    {
        udf_bytes_block(&kit, KIT_MAIN + i)[100] ^= 1;
        assert_opens(OI_OK);
    }
    assert_int_equal(info().writable, 0);       /* it is damaged */
    wipe(KIT_MAIN);
    assert_opens(OI_OK);
    kit.bad_block = KIT_MAIN + 1;
    assert_opens(OI_OK);
}

static void without_both_sequences_the_volume_is_damaged(void **state)
{
    (void)state;
    wipe(KIT_MAIN);
    wipe(KIT_RESERVE);
    assert_opens(OI_FORMAT);
}

static void the_descriptor_with_the_highest_number_prevails(void **state)
{
    uint8_t *other = udf_bytes_block(&kit, KIT_MAIN + 3);

    (void)state;
    memcpy(other, udf_bytes_block(&kit, KIT_MAIN + 2), FS_BLOCK_SIZE);
    other[85] = 'X';
    put_le32(other + 16, 4);
    udf_bytes_seal(other, 6, 446, KIT_MAIN + 3);
    assert_true(is_named(u"Xogical"));
    put_le32(other + 16, 2);
    udf_bytes_reseal(other);
    assert_true(is_named(u"Logical"));
    memcpy(other, udf_bytes_block(&kit, KIT_MAIN + 1), FS_BLOCK_SIZE);
    put_le32(other + 188, 0);                   /* another partition of the same number */
    udf_bytes_seal(other, 5, 512, KIT_MAIN + 3);
    assert_opens(OI_OK);
    put_le32(other + 16, 9);
    udf_bytes_reseal(other);
    assert_opens(OI_FORMAT);
}

static void a_pointer_continues_a_sequence(void **state)
{
    uint8_t *pointer = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    memcpy(udf_bytes_block(&kit, 100), pointer, FS_BLOCK_SIZE);
    udf_bytes_reseal(udf_bytes_block(&kit, 100));
    udf_bytes_seal(udf_bytes_block(&kit, 100), 6, 446, 100);
    memset(pointer, 0, FS_BLOCK_SIZE);
    put_le32(pointer + 20, FS_BLOCK_SIZE);
    put_le32(pointer + 24, 100);
    udf_bytes_seal(pointer, 3, 512, KIT_MAIN + 2);
    wipe(KIT_RESERVE);
    assert_opens(OI_OK);
    assert_int_equal(info().writable, 1);
    put_le32(pointer + 20, 0);
    udf_bytes_reseal(pointer);
    assert_opens(OI_FORMAT);
}

static void pointers_in_a_circle_end(void **state)
{
    uint8_t *pointer = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    wipe(KIT_RESERVE);
    memset(pointer, 0, FS_BLOCK_SIZE);
    put_le32(pointer + 20, 16 * FS_BLOCK_SIZE);
    put_le32(pointer + 24, KIT_MAIN);
    udf_bytes_seal(pointer, 3, 512, KIT_MAIN + 2);
    assert_opens(OI_FORMAT);
}

static void a_sequence_behind_the_end_of_the_disc_ends(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++)
    {
        uint8_t *anchor = udf_bytes_block(&kit, i ? KIT_ANCHOR : KIT_BLOCKS - 1);

        put_le32(anchor + 16, UINT32_MAX);
        put_le32(anchor + 20, UINT32_MAX);
        put_le32(anchor + 24, UINT32_MAX);
        put_le32(anchor + 28, KIT_BLOCKS - 2);
        udf_bytes_reseal(anchor);
    }
    assert_opens(OI_FORMAT);
}

static void maps_must_be_whole_and_known(void **state)
{
    (void)state;
    change32(2, 264, 5);
    assert_opens(OI_FORMAT);
    change32(2, 264, UINT32_MAX);
    assert_opens(OI_FORMAT);
    change32(2, 264, 6);
    change32(2, 268, 0);
    assert_opens(OI_FORMAT);
    change32(2, 268, 2);
    assert_opens(OI_FORMAT);
    change32(2, 268, UINT32_MAX);
    assert_opens(OI_NOT_SUPPORTED);
    change32(2, 268, 1);
    assert_opens(OI_OK);
    udf_bytes_block(&kit, KIT_MAIN + 2)[440] = 3;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_opens(OI_NOT_SUPPORTED);
    udf_bytes_block(&kit, KIT_MAIN + 2)[440] = 1;
    udf_bytes_block(&kit, KIT_MAIN + 2)[444] = 1;     /* a partition that has no descriptor */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_opens(OI_FORMAT);
}

static void a_map_of_a_kind_that_nobody_knows_is_not_supported(void **state)
{
    (void)state;
    udf_bytes_map(&kit, "*UDF Some Partition", 0);
    assert_opens(OI_NOT_SUPPORTED);
}

static void a_partition_that_is_no_partition_of_udf_does_not_count(void **state)
{
    (void)state;
    memcpy(udf_bytes_block(&kit, KIT_MAIN + 1) + 25, "+CD001", 6);
    memcpy(udf_bytes_block(&kit, KIT_RESERVE + 1) + 25, "+CD001", 6);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 1));
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_RESERVE + 1));
    assert_opens(OI_FORMAT);
}

static void a_partition_behind_the_end_of_the_disc_holds_nothing(void **state)
{
    (void)state;
    change32(1, 188, KIT_BLOCKS);
    assert_opens(OI_FORMAT);
    change32(1, 188, UINT32_MAX - 10);
    assert_opens(OI_FORMAT);
}

static void a_partition_may_be_longer_than_the_disc(void **state)
{
    (void)state;
    change32(1, 192, 1000000);
    assert_opens(OI_OK);
    assert_int_equal(info().blocks, KIT_BLOCKS);
}

/* --- integrity ------------------------------------------------------------------------------------------ */

static void an_open_volume_is_for_reading_only(void **state)
{
    (void)state;
    put_le32(udf_bytes_block(&kit, KIT_INTEGRITY) + 28, 0);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_INTEGRITY));
    assert_int_equal(info().writable, 0);
}

static void a_volume_without_integrity_is_for_reading_only(void **state)
{
    struct fs_volume *volume;

    (void)state;
    wipe(KIT_INTEGRITY);
    assert_int_equal(udf_bytes_open(&kit, &volume), OI_OK);
    assert_int_equal(volume->info.writable, 0);
    assert_true(volume->files_total == UINT64_MAX && volume->directories_total == UINT64_MAX);
    fs_volume_close(volume);
    kit.bad_block = KIT_INTEGRITY;
    assert_int_equal(info().writable, 0);
}

static void the_newest_integrity_counts(void **state)
{
    uint8_t *first = udf_bytes_block(&kit, KIT_INTEGRITY), *next = udf_bytes_block(&kit, KIT_INTEGRITY + 1);

    (void)state;
    memcpy(next, first, FS_BLOCK_SIZE);
    put_le64(next + 40, 55);
    udf_bytes_seal(next, 9, 134, KIT_INTEGRITY + 1);
    assert_int_equal(info().next_unique_id, 55);
    put_le32(next + 32, 2 * FS_BLOCK_SIZE);     /* it goes on elsewhere */
    put_le32(next + 36, 120);
    udf_bytes_reseal(next);
    assert_int_equal(info().next_unique_id, 55);
    memcpy(udf_bytes_block(&kit, 120), first, FS_BLOCK_SIZE);
    put_le64(udf_bytes_block(&kit, 120) + 40, 66);
    udf_bytes_seal(udf_bytes_block(&kit, 120), 9, 134, 120);
    assert_int_equal(info().next_unique_id, 66);
}

static void integrity_in_a_circle_ends(void **state)
{
    uint8_t *bytes = udf_bytes_block(&kit, KIT_INTEGRITY);

    (void)state;
    put_le32(bytes + 32, FS_BLOCK_SIZE);
    put_le32(bytes + 36, KIT_INTEGRITY);
    udf_bytes_reseal(bytes);
    assert_opens(OI_OK);
}

static void integrity_that_lies_about_its_size_is_damaged(void **state)
{
    uint8_t *bytes = udf_bytes_block(&kit, KIT_INTEGRITY);

    (void)state;
    put_le32(bytes + 72, 246);
    udf_bytes_reseal(bytes);
    assert_int_equal(info().writable, 0);
    put_le32(bytes + 72, UINT32_MAX);
    udf_bytes_reseal(bytes);
    assert_int_equal(info().writable, 0);
    put_le32(bytes + 72, 1);
    put_le32(bytes + 76, 1961);
    udf_bytes_reseal(bytes);
    assert_int_equal(info().writable, 0);
    put_le32(bytes + 76, 45);                   /* too little for UDF: nothing is said */
    udf_bytes_reseal(bytes);
    assert_int_equal(info().writable, 1);
}

/* --- file sets ------------------------------------------------------------------------------------------ */

static void write_protection_is_respected(void **state)
{
    (void)state;
    udf_bytes_logical(&kit, KIT_SET)[442] = 1;    /* hard, of the file set */
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_int_equal(info().writable, 0);
    udf_bytes_logical(&kit, KIT_SET)[442] = 0;
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_int_equal(info().writable, 1);
    udf_bytes_block(&kit, KIT_MAIN + 2)[242] = 2; /* soft, of the logical volume */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_int_equal(info().writable, 0);
}

static void the_newest_file_set_counts(void **state)
{
    uint8_t *other = udf_bytes_logical(&kit, KIT_SET + 1);

    (void)state;
    memcpy(other, udf_bytes_logical(&kit, KIT_SET), FS_BLOCK_SIZE);
    put_le32(other + 44, 1);
    put_le32(other + 404, KIT_FREE);            /* a root that is not there */
    udf_bytes_seal(other, 256, 512, KIT_SET + 1);
    assert_opens(OI_FORMAT);
    put_le32(udf_bytes_logical(&kit, KIT_SET) + 44, 2);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_opens(OI_OK);
    put_le32(other + 40, 1);                    /* a later set */
    udf_bytes_reseal(other);
    assert_opens(OI_FORMAT);
}

static void file_sets_go_on_elsewhere_and_in_a_circle(void **state)
{
    uint8_t *set = udf_bytes_logical(&kit, KIT_SET), *next = udf_bytes_logical(&kit, KIT_FREE);

    (void)state;
    memcpy(next, set, FS_BLOCK_SIZE);
    put_le32(next + 44, 1);
    udf_bytes_seal(next, 256, 512, KIT_FREE);
    udf_bytes_long(set + 448, FS_BLOCK_SIZE, KIT_FREE, 0);
    put_le32(set + 404, KIT_FREE);
    udf_bytes_reseal(set);
    assert_opens(OI_OK);
    udf_bytes_long(next + 448, FS_BLOCK_SIZE, KIT_SET, 0);
    udf_bytes_reseal(next);
    assert_opens(OI_FORMAT);
}

static void without_a_file_set_the_volume_is_damaged(void **state)
{
    (void)state;
    wipe(KIT_PARTITION + KIT_SET);
    assert_opens(OI_FORMAT);
    kit.bad_block = KIT_PARTITION + KIT_SET;
    assert_opens(OI_SOURCE_READ);
}

static void a_root_that_is_a_file_is_none(void **state)
{
    uint8_t *root = udf_bytes_logical(&kit, KIT_ROOT);

    (void)state;
    root[27] = 5;
    udf_bytes_reseal(root);
    assert_opens(OI_FORMAT);
}

static void a_root_in_another_partition_is_nowhere(void **state)
{
    (void)state;
    put_le16(udf_bytes_logical(&kit, KIT_SET) + 408, 1);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_opens(OI_FORMAT);
    put_le16(udf_bytes_logical(&kit, KIT_SET) + 408, UINT16_MAX);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_opens(OI_FORMAT);
}

static void the_block_that_cannot_be_read_is_named(void **state)
{
    struct fs_detail detail = { 0 };
    struct fs_volume *volume;

    (void)state;
    kit.bad_block = KIT_PARTITION + KIT_ROOT;
    assert_int_equal(fs_volume_open(&kit.disc, FS_UDF, &volume, &detail), OI_SOURCE_READ);
    assert_int_equal(detail.found, KIT_PARTITION + KIT_ROOT);
    assert_int_equal(detail.file_systems, FS_UDF);
    assert_null(volume);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        T(a_whole_volume_says_what_it_is),
        T(the_reserve_reaches_as_far_as_it_says),
        T(all_revisions_are_read),
        T(a_revision_of_the_future_is_not_supported),
        T(a_name_of_16_bits_is_read),
        T(a_name_that_is_too_long_or_of_an_unknown_kind_does_no_harm),
        T(without_its_recognition_there_is_no_udf),
        T(the_anchor_at_the_end_is_used),
        T(the_anchor_256_before_the_end_is_used),
        T(the_anchor_at_512_is_used),
        T(the_end_of_the_disc_is_where_the_caller_says),
        T(without_an_anchor_the_volume_is_damaged),
        T(an_anchor_that_leads_nowhere_is_passed_over),
        T(a_session_has_its_own_recognition_and_anchor),
        T(sectors_of_another_size_are_not_supported),
        T(logical_blocks_of_another_size_are_not_supported),
        T(another_domain_is_not_supported),
        T(every_byte_of_a_tag_and_of_what_it_covers_is_checked),
        T(a_crc_of_more_than_the_block_is_not_read),
        T(the_reserve_sequence_is_used),
        T(without_both_sequences_the_volume_is_damaged),
        T(the_descriptor_with_the_highest_number_prevails),
        T(a_pointer_continues_a_sequence),
        T(pointers_in_a_circle_end),
        T(a_sequence_behind_the_end_of_the_disc_ends),
        T(maps_must_be_whole_and_known),
        T(a_map_of_a_kind_that_nobody_knows_is_not_supported),
        T(a_partition_that_is_no_partition_of_udf_does_not_count),
        T(a_partition_behind_the_end_of_the_disc_holds_nothing),
        T(a_partition_may_be_longer_than_the_disc),
        T(an_open_volume_is_for_reading_only),
        T(a_volume_without_integrity_is_for_reading_only),
        T(the_newest_integrity_counts),
        T(integrity_in_a_circle_ends),
        T(integrity_that_lies_about_its_size_is_damaged),
        T(write_protection_is_respected),
        T(the_newest_file_set_counts),
        T(file_sets_go_on_elsewhere_and_in_a_circle),
        T(without_a_file_set_the_volume_is_damaged),
        T(a_root_that_is_a_file_is_none),
        T(a_root_in_another_partition_is_nowhere),
        T(the_block_that_cannot_be_read_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
