/*
 * UDF volumes opened: recognition, anchors, tags, file sets. Each structure good, then short, lying and
 * damaged, byte by byte. What stands in the sequences is in test_fs_read_udf_sequence.c.
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
    assert_int_equal(udf_bytes_info(&kit).blocks, 736);
}

static void all_revisions_are_read(void **state)
{
    static const unsigned revisions[] = { 0x100, 0x101, 0x102, 0x150, 0x200, 0x201, 0x250, 0x260 };

    (void)state;
    for (unsigned i = 0; i < sizeof(revisions) / sizeof(*revisions); i++)
    {
        udf_bytes_destroy(&kit);
        udf_bytes_create(&kit, revisions[i]);
        assert_int_equal(udf_bytes_info(&kit).udf_revision, revisions[i]);
        assert_string_equal(udf_bytes_list_root(&kit), "");
    }
}

static void a_revision_of_the_future_is_not_supported(void **state)
{
    (void)state;
    udf_bytes_change32(&kit, 2, 240, 0x270);
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
    udf_bytes_change32(&kit, 2, 240, 0x201);
    udf_bytes_assert_opens(&kit, OI_OK);
    put_le16(udf_bytes_block(&kit, KIT_INTEGRITY) + 88 + 40, 0x270);  /* needed to read */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_INTEGRITY));
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
}

static void a_name_of_16_bits_is_read(void **state)
{
    uint8_t *name = udf_bytes_block(&kit, KIT_MAIN + 2) + 84;

    (void)state;
    memset(name, 0, 128);
    memcpy(name, "\x10\x4e\x2d\x65\x87\x00\x41", 7);
    name[127] = 7;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(udf_bytes_is_named(&kit, u"\u4e2d\u6587A"));
    name[127] = 6;                              /* half a character */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(udf_bytes_is_named(&kit, u"\u4e2d\u6587"));
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
    result = udf_bytes_info(&kit);
    assert_int_equal(text_length(result.name), 126);
    name[0] = 7;
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_true(udf_bytes_is_named(&kit, u""));
}

/* --- recognition and anchors ---------------------------------------------------------------------------- */

static void without_its_recognition_there_is_no_udf(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, 17);
    udf_bytes_assert_opens(&kit, OI_NOT_FOUND);
}

static void the_anchor_at_the_end_is_used(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, KIT_ANCHOR);
    udf_bytes_assert_opens(&kit, OI_OK);
    kit.bad_block = KIT_ANCHOR;
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void the_anchor_256_before_the_end_is_used(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, KIT_BLOCKS - 257);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_wipe(&kit, KIT_ANCHOR);
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    udf_bytes_assert_opens(&kit, OI_FORMAT);                    /* its tag says another place */
    udf_bytes_seal(anchor, 2, 512, KIT_BLOCKS - 257);
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void the_anchor_at_512_is_used(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, 512);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(anchor, 2, 512, 512);
    udf_bytes_wipe(&kit, KIT_ANCHOR);
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void the_end_of_the_disc_is_where_the_caller_says(void **state)
{
    uint8_t *anchor = udf_bytes_block(&kit, 720);

    (void)state;
    memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(anchor, 2, 512, 720);
    udf_bytes_wipe(&kit, KIT_ANCHOR);
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    kit.disc.end = 721;
    udf_bytes_assert_opens(&kit, OI_OK);
    assert_int_equal(udf_bytes_info(&kit).blocks, 721);
}

static void without_an_anchor_the_volume_is_damaged(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, KIT_ANCHOR);
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    kit.bad_block = KIT_ANCHOR;
    udf_bytes_assert_opens(&kit, OI_SOURCE_READ);
}

static void an_anchor_that_leads_nowhere_is_passed_over(void **state)
{
    (void)state;
    put_le32(udf_bytes_block(&kit, KIT_ANCHOR) + 20, 100);
    put_le32(udf_bytes_block(&kit, KIT_ANCHOR) + 28, UINT32_MAX);
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_ANCHOR));
    udf_bytes_assert_opens(&kit, OI_OK);
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_session_has_its_own_recognition_and_anchor(void **state)
{
    (void)state;
    kit.disc.session_start = 128;
    udf_bytes_assert_opens(&kit, OI_NOT_FOUND);
    memcpy(udf_bytes_block(&kit, 144), udf_bytes_block(&kit, 16), 3 * FS_BLOCK_SIZE);
    udf_bytes_assert_opens(&kit, OI_OK);                        /* by the anchor at the end */
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    udf_bytes_assert_opens(&kit, OI_FORMAT);                   /* the first session's does not count */
    memcpy(udf_bytes_block(&kit, 384), udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
    udf_bytes_seal(udf_bytes_block(&kit, 384), 2, 512, 384);
    udf_bytes_assert_opens(&kit, OI_OK);
}

static void sectors_of_another_size_are_not_supported(void **state)
{
    static const uint32_t places[] = { 64, 128 };

    (void)state;
    udf_bytes_wipe(&kit, KIT_BLOCKS - 1);
    for (unsigned i = 0; i < 2; i++)
    {
        uint8_t anchor[FS_BLOCK_SIZE];

        memcpy(anchor, udf_bytes_block(&kit, KIT_ANCHOR), FS_BLOCK_SIZE);
        udf_bytes_wipe(&kit, KIT_ANCHOR);
        udf_bytes_assert_opens(&kit, OI_FORMAT);
        memcpy(udf_bytes_block(&kit, places[i]), anchor, 512);
        udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
        udf_bytes_wipe(&kit, places[i]);
        memcpy(udf_bytes_block(&kit, KIT_ANCHOR), anchor, FS_BLOCK_SIZE);
    }
}

static void logical_blocks_of_another_size_are_not_supported(void **state)
{
    (void)state;
    udf_bytes_change32(&kit, 2, 212, 4096);
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
}

static void another_domain_is_not_supported(void **state)
{
    (void)state;
    udf_bytes_block(&kit, KIT_MAIN + 2)[220] = 'x';
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    udf_bytes_assert_opens(&kit, OI_NOT_SUPPORTED);
}

/* --- tags ----------------------------------------------------------------------------------------------- */

static void every_byte_of_a_tag_and_of_what_it_covers_is_checked(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, KIT_RESERVE + 2);
    for (unsigned i = 0; i < 446; i++)
    {
        uint8_t *byte = udf_bytes_block(&kit, KIT_MAIN + 2) + i;

        if (i == 2) continue;                   /* 3 becomes 2, below */
        *byte ^= 1;
        udf_bytes_assert_opens(&kit, OI_FORMAT);
        *byte ^= 1;
    }
    udf_bytes_block(&kit, KIT_MAIN + 2)[2] = 2;   /* the version of NSR02 */
    udf_bytes_block(&kit, KIT_MAIN + 2)[4]--;
    udf_bytes_assert_opens(&kit, OI_OK);
    udf_bytes_block(&kit, KIT_MAIN + 2)[2] = 4;
    udf_bytes_block(&kit, KIT_MAIN + 2)[4] += 2;
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_crc_of_more_than_the_block_is_not_read(void **state)
{
    uint8_t *tag = udf_bytes_block(&kit, KIT_MAIN + 2);

    (void)state;
    udf_bytes_wipe(&kit, KIT_RESERVE + 2);
    put_le16(tag + 10, 2033);
    tag[4] = 0;
    for (unsigned i = 0; i < 16; i++) tag[4] = (uint8_t)(tag[4] + (i == 4 ? 0 : tag[i]));
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

/* --- file sets ------------------------------------------------------------------------------------------ */

static void write_protection_is_respected(void **state)
{
    (void)state;
    udf_bytes_logical(&kit, KIT_SET)[442] = 1;    /* hard, of the file set */
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
    udf_bytes_logical(&kit, KIT_SET)[442] = 0;
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    assert_int_equal(udf_bytes_info(&kit).writable, 1);
    udf_bytes_block(&kit, KIT_MAIN + 2)[242] = 2; /* soft, of the logical volume */
    udf_bytes_reseal(udf_bytes_block(&kit, KIT_MAIN + 2));
    assert_int_equal(udf_bytes_info(&kit).writable, 0);
}

static void the_newest_file_set_counts(void **state)
{
    uint8_t *other = udf_bytes_logical(&kit, KIT_SET + 1);

    (void)state;
    memcpy(other, udf_bytes_logical(&kit, KIT_SET), FS_BLOCK_SIZE);
    put_le32(other + 44, 1);
    put_le32(other + 404, KIT_FREE);            /* a root that is not there */
    udf_bytes_seal(other, 256, 512, KIT_SET + 1);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    put_le32(udf_bytes_logical(&kit, KIT_SET) + 44, 2);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    udf_bytes_assert_opens(&kit, OI_OK);
    put_le32(other + 40, 1);                    /* a later set */
    udf_bytes_reseal(other);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
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
    udf_bytes_assert_opens(&kit, OI_OK);
    udf_bytes_long(next + 448, FS_BLOCK_SIZE, KIT_SET, 0);
    udf_bytes_reseal(next);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void without_a_file_set_the_volume_is_damaged(void **state)
{
    (void)state;
    udf_bytes_wipe(&kit, KIT_PARTITION + KIT_SET);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    kit.bad_block = KIT_PARTITION + KIT_SET;
    udf_bytes_assert_opens(&kit, OI_SOURCE_READ);
}

static void a_root_that_is_a_file_is_none(void **state)
{
    uint8_t *root = udf_bytes_logical(&kit, KIT_ROOT);

    (void)state;
    root[27] = 5;
    udf_bytes_reseal(root);
    udf_bytes_assert_opens(&kit, OI_FORMAT);
}

static void a_root_in_another_partition_is_nowhere(void **state)
{
    (void)state;
    put_le16(udf_bytes_logical(&kit, KIT_SET) + 408, 1);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    udf_bytes_assert_opens(&kit, OI_FORMAT);
    put_le16(udf_bytes_logical(&kit, KIT_SET) + 408, UINT16_MAX);
    udf_bytes_reseal(udf_bytes_logical(&kit, KIT_SET));
    udf_bytes_assert_opens(&kit, OI_FORMAT);
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
