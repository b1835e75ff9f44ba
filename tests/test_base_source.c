/* core/base/source.c, source_concat.c: what is read is what is there, and references are given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "openimapi/source.h"

#include <string.h>

/* A source that holds fewer bytes than announced, or fails at an offset, and tells when it goes. */
struct odd_source
{
    struct source base;
    uint64_t real_size, fails_at;
    int destroyed;
    int reads;
};

static enum oi_status odd_read(struct source *base, uint64_t offset, void *buffer, size_t size, size_t *got)
{
    struct odd_source *odd = (struct odd_source *)base;

    odd->reads++;
    if (offset + size > odd->fails_at) return OI_SOURCE_READ;
    *got = 0;
    if (offset >= odd->real_size) return OI_OK;
    *got = size < odd->real_size - offset ? size : (size_t)(odd->real_size - offset);
    for (size_t i = 0; i < *got; i++) ((uint8_t *)buffer)[i] = (uint8_t)(offset + i);
    return OI_OK;
}

static void odd_destroy(struct source *base)
{
    ((struct odd_source *)base)->destroyed++;
}

static const struct source_ops odd_ops = { odd_read, odd_destroy };

static void odd_init(struct odd_source *odd, uint64_t size)
{
    memset(odd, 0, sizeof(*odd));
    source_init(&odd->base, &odd_ops, size);
    odd->real_size = size;
    odd->fails_at = UINT64_MAX;
}

static void the_last_reference_destroys(void **state)
{
    struct odd_source odd;

    (void)state;
    odd_init(&odd, 1);
    assert_ptr_equal(source_ref(&odd.base), &odd.base);
    source_unref(&odd.base);
    assert_int_equal(odd.destroyed, 0);
    source_unref(&odd.base);
    assert_int_equal(odd.destroyed, 1);
    source_unref(NULL);
}

static void memory_is_copied_and_read_anywhere(void **state)
{
    uint8_t bytes[] = { 1, 2, 3, 4, 5 }, buffer[8] = { 0 };
    struct source *source;
    size_t got;

    (void)state;
    assert_int_equal(source_memory_create(bytes, sizeof(bytes), &source), OI_OK);
    memset(bytes, 0, sizeof(bytes));
    assert_int_equal(source->size, 5);
    assert_int_equal(source_read(source, 0, buffer, 5), OI_OK);
    assert_memory_equal(buffer, "\1\2\3\4\5", 5);
    assert_int_equal(source_read(source, 3, buffer, 2), OI_OK);
    assert_memory_equal(buffer, "\4\5", 2);
    assert_int_equal(source_read_some(source, 3, buffer, 8, &got), OI_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source_read_some(source, 5, buffer, 8, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source_read_some(source, UINT64_MAX, buffer, 8, &got), OI_OK);
    assert_int_equal(got, 0);
    assert_int_equal(source_read(source, 3, buffer, 3), OI_SOURCE_SIZE);
    source_unref(source);
}

static void empty_memory_is_a_source(void **state)
{
    struct source *source;
    size_t got = 9;

    (void)state;
    assert_int_equal(source_memory_create(NULL, 0, &source), OI_OK);
    assert_int_equal(source->size, 0);
    assert_int_equal(source_read(source, 0, NULL, 0), OI_OK);
    assert_int_equal(source_read_some(source, 0, &got, 1, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(source);
    assert_int_equal(source_memory_create(NULL, SIZE_MAX, &source), OI_NO_MEMORY);
}

static void zeros_end_where_announced(void **state)
{
    uint8_t buffer[4] = { 9, 9, 9, 9 };
    struct source *source;
    size_t got;

    (void)state;
    assert_int_equal(source_zero_create((uint64_t)1 << 40, &source), OI_OK);
    assert_int_equal(source_read(source, ((uint64_t)1 << 40) - 4, buffer, 4), OI_OK);
    assert_memory_equal(buffer, "\0\0\0\0", 4);
    memset(buffer, 9, 4);
    assert_int_equal(source_read_some(source, ((uint64_t)1 << 40) - 1, buffer, 4, &got), OI_OK);
    assert_int_equal(got, 1);
    assert_memory_equal(buffer, "\0\t\t\t", 4);
    assert_int_equal(source_read_some(source, (uint64_t)1 << 40, buffer, 4, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(source);
}

static void reading_nothing_asks_nobody(void **state)
{
    struct odd_source odd;

    (void)state;
    odd_init(&odd, 1);
    assert_int_equal(source_read(&odd.base, 0, NULL, 0), OI_OK);
    assert_int_equal(odd.reads, 0);
}

static void failures_are_passed_on(void **state)
{
    struct odd_source odd;
    uint8_t buffer[10];
    size_t got = 7;

    (void)state;
    odd_init(&odd, 10);
    odd.fails_at = 5;
    assert_int_equal(source_read(&odd.base, 0, buffer, 5), OI_OK);
    assert_int_equal(source_read(&odd.base, 0, buffer, 6), OI_SOURCE_READ);
    assert_int_equal(source_read_some(&odd.base, 0, buffer, 6, &got), OI_SOURCE_READ);
    assert_int_equal(got, 0);
}

static void concat_reads_across_its_parts(void **state)
{
    struct source *parts[4], *whole;
    uint8_t buffer[6];
    size_t got;

    (void)state;
    assert_int_equal(source_memory_create("ab", 2, &parts[0]), OI_OK);
    assert_int_equal(source_memory_create("", 0, &parts[1]), OI_OK);
    assert_int_equal(source_memory_create("cde", 3, &parts[2]), OI_OK);
    assert_int_equal(source_memory_create("", 0, &parts[3]), OI_OK);
    assert_int_equal(source_concat_create(parts, 4, &whole), OI_OK);
    for (int i = 0; i < 4; i++) source_unref(parts[i]);
    assert_int_equal(whole->size, 5);
    /* Every range, in an order that goes back as well. */
    for (uint64_t first = 5; first-- > 0;)
    {
        for (size_t size = 1; size <= 5 - first; size++)
        {
            assert_int_equal(source_read(whole, first, buffer, size), OI_OK);
            assert_memory_equal(buffer, "abcde" + first, size);
        }
    }
    assert_int_equal(source_read_some(whole, 1, buffer, 6, &got), OI_OK);
    assert_int_equal(got, 4);
    assert_memory_equal(buffer, "bcde", 4);
    assert_int_equal(source_read_some(whole, 5, buffer, 6, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(whole);
}

static void concat_holds_a_reference_to_each_part(void **state)
{
    struct source *parts[2], *whole;
    struct odd_source odd;

    (void)state;
    odd_init(&odd, 3);
    parts[0] = parts[1] = &odd.base;
    assert_int_equal(source_concat_create(parts, 2, &whole), OI_OK);
    assert_int_equal(whole->size, 6);
    source_unref(&odd.base);
    assert_int_equal(odd.destroyed, 0);
    source_unref(whole);
    assert_int_equal(odd.destroyed, 1);
}

static void concat_of_nothing_is_empty(void **state)
{
    struct source *whole;

    (void)state;
    assert_int_equal(source_concat_create(NULL, 0, &whole), OI_OK);
    assert_int_equal(whole->size, 0);
    source_unref(whole);
}

static void concat_ends_where_a_part_is_short(void **state)
{
    struct source *parts[2], *whole;
    struct odd_source odd;
    uint8_t buffer[8];
    size_t got;

    (void)state;
    odd_init(&odd, 4);
    odd.real_size = 2;
    parts[0] = &odd.base;
    assert_int_equal(source_memory_create("xyz", 3, &parts[1]), OI_OK);
    assert_int_equal(source_concat_create(parts, 2, &whole), OI_OK);
    assert_int_equal(source_read_some(whole, 0, buffer, 7, &got), OI_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source_read(whole, 0, buffer, 7), OI_SOURCE_SIZE);
    assert_int_equal(source_read(whole, 4, buffer, 3), OI_OK);
    assert_memory_equal(buffer, "xyz", 3);
    odd.fails_at = 1;
    assert_int_equal(source_read(whole, 0, buffer, 7), OI_SOURCE_READ);
    source_unref(whole);
    source_unref(parts[1]);
    source_unref(&odd.base);
    assert_int_equal(odd.destroyed, 1);
}

static void concat_of_more_than_fits_is_refused(void **state)
{
    struct source *parts[2], *whole = NULL;

    (void)state;
    assert_int_equal(source_zero_create(UINT64_MAX - 1, &parts[0]), OI_OK);
    assert_int_equal(source_zero_create(2, &parts[1]), OI_OK);
    assert_int_equal(source_concat_create(parts, 2, &whole), OI_INVALID_ARGUMENT);
    assert_null(whole);
    source_unref(parts[0]);
    source_unref(parts[1]);
}

static void slice_is_a_window(void **state)
{
    struct source *whole, *slice;
    uint8_t buffer[8];
    size_t got;

    (void)state;
    assert_int_equal(source_memory_create("abcdef", 6, &whole), OI_OK);
    assert_int_equal(source_slice_create(whole, 2, 3, &slice), OI_OK);
    source_unref(whole);
    assert_int_equal(slice->size, 3);
    assert_int_equal(source_read(slice, 0, buffer, 3), OI_OK);
    assert_memory_equal(buffer, "cde", 3);
    assert_int_equal(source_read_some(slice, 1, buffer, 8, &got), OI_OK);
    assert_int_equal(got, 2);
    assert_int_equal(source_read_some(slice, 3, buffer, 8, &got), OI_OK);
    assert_int_equal(got, 0);
    source_unref(slice);
}

static void slice_past_the_end_is_refused(void **state)
{
    struct source *whole, *slice = NULL;

    (void)state;
    assert_int_equal(source_zero_create(6, &whole), OI_OK);
    assert_int_equal(source_slice_create(whole, 7, 0, &slice), OI_INVALID_ARGUMENT);
    assert_int_equal(source_slice_create(whole, 2, 5, &slice), OI_INVALID_ARGUMENT);
    assert_int_equal(source_slice_create(whole, 2, UINT64_MAX, &slice), OI_INVALID_ARGUMENT);
    assert_null(slice);
    assert_int_equal(source_slice_create(whole, 6, 0, &slice), OI_OK);
    source_unref(slice);
    source_unref(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(the_last_reference_destroys),
        cmocka_unit_test(memory_is_copied_and_read_anywhere),
        cmocka_unit_test(empty_memory_is_a_source),
        cmocka_unit_test(zeros_end_where_announced),
        cmocka_unit_test(reading_nothing_asks_nobody),
        cmocka_unit_test(failures_are_passed_on),
        cmocka_unit_test(concat_reads_across_its_parts),
        cmocka_unit_test(concat_holds_a_reference_to_each_part),
        cmocka_unit_test(concat_of_nothing_is_empty),
        cmocka_unit_test(concat_ends_where_a_part_is_short),
        cmocka_unit_test(concat_of_more_than_fits_is_refused),
        cmocka_unit_test(slice_is_a_window),
        cmocka_unit_test(slice_past_the_end_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
