/*
 * UDF volumes of all kinds of partitions opened and listed while each allocation, and then each read, fails
 * in turn: the answer says so, or the volume is read all the same; nothing leaks, and the next attempt
 * succeeds.
 * The linker leads malloc, calloc, realloc and free here.
 */
#define _XOPEN_SOURCE 700

#include "core/fs/read_room.h"
#include "helpers/memory_faults.h"
#include "helpers/peer_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* --- a disc whose reads fail ---------------------------------------------------------------------------- */

struct image
{
    struct source base;
    uint8_t *bytes;
    long until_failure;                 /* successful reads to come before it; -1: none fails */
    int for_good;                       /* and all reads of that block after it */
    uint64_t bad;                       /* offset; UINT64_MAX: none yet */
    int failed;
};

static enum oi_status image_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                               size_t *got)
{
    struct image *image = (struct image *)source;
    int fails = image->bad != UINT64_MAX && image->for_good && image->bad >= offset &&
                image->bad < offset + size;

    *got = 0;
    if (image->until_failure >= 0 && image->bad == UINT64_MAX && !image->until_failure--)
    {
        image->bad = offset + (size > FS_BLOCK_SIZE ? size / FS_BLOCK_SIZE / 2 * FS_BLOCK_SIZE : 0);
        fails = 1;
    }
    image->failed |= fails;
    if (fails) return OI_SOURCE_READ;
    memcpy(buffer, image->bytes + offset, size);
    *got = size;
    return OI_OK;
}

static void image_destroy(struct source *source) { (void)source; }

static const struct source_ops image_ops = { image_read, image_destroy };

static void load(struct image *image, const char *name)
{
    char path[300];
    FILE *file;
    long size;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(file = fopen(path, "rb"));
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_true((size = ftell(file)) > 0);
    rewind(file);
    assert_non_null(image->bytes = malloc((size_t)size));
    assert_int_equal(fread(image->bytes, 1, (size_t)size, file), size);
    fclose(file);
    source_init(&image->base, &image_ops, (uint64_t)size);
    image->until_failure = -1;
}

/* --- listing all ---------------------------------------------------------------------------------------- */

#define PLACES_MAX 64

struct walk
{
    struct fs_place places[PLACES_MAX];
    size_t count;
    uint64_t digest;
};

static enum oi_status take(void *context, const struct fs_found *found)
{
    struct walk *walk = context;

    walk->digest = walk->digest * 31 + text_hash_fold(found->name, found->name_length) + found->size;
    walk->digest = walk->digest * 31 + found->extent_count + (uint64_t)found->times.modified;
    if (found->fault) return found->fault;
    if (found->type == FS_DIRECTORY) walk->places[walk->count++] = found->place;
    if (found->streams.key) walk->places[walk->count++] = found->streams;
    assert_true(walk->count < PLACES_MAX);
    return OI_OK;
}

static enum oi_status read_all(struct image *image, uint64_t *digest)
{
    struct fs_disc disc = { .source = &image->base };
    struct walk walk = { .count = 1 };
    struct fs_detail detail = { 0 };
    struct fs_volume *volume;
    enum oi_status status = fs_volume_open(&disc, FS_UDF, &volume, &detail);

    fs_detail_clear(&detail);
    if (status) return status;
    walk.places[0] = volume->root;
    for (size_t i = 0; i < walk.count && !status; i++)
    {
        status = volume->ops->list(volume, &walk.places[i], take, &walk);
    }
    fs_volume_close(volume);
    *digest = walk.digest;
    return status;
}

static void each_allocation_fails(struct image *image)
{
    uint64_t whole, digest;

    assert_int_equal(read_all(image, &whole), OI_OK);
    for (long n = 0;; n++)
    {
        long before = memory_alive;
        enum oi_status status;
        int refused;

        memory_arm(n, 1);
        status = read_all(image, &digest);
        refused = memory_disarm();
        assert_int_equal(status, refused ? OI_NO_MEMORY : OI_OK);
        assert_int_equal(memory_alive, before);
        assert_int_equal(image->base.references, 1);
        if (!refused) break;
        assert_true(n < 1000);
    }
    assert_int_equal(read_all(image, &digest), OI_OK);
    assert_true(digest == whole);
}

/* once: a moment's weakness, which has to be overcome where a block was read with its neighbours. */
static void each_read_fails(struct image *image, int for_good)
{
    uint64_t whole, digest;
    int failures = 0;

    image->for_good = for_good;
    assert_int_equal(read_all(image, &whole), OI_OK);
    for (long n = 0;; n++)
    {
        long before = memory_alive;
        enum oi_status status;

        image->until_failure = n;
        image->bad = UINT64_MAX;
        image->failed = 0;
        status = read_all(image, &digest);
        image->until_failure = -1;
        assert_int_equal(memory_alive, before);
        assert_int_equal(image->base.references, 1);
        /* A recognition sequence that cannot be read to its end ends there. */
        if (status == OI_NOT_FOUND) assert_in_range(image->bad / FS_BLOCK_SIZE, 17, 18);
        else if (status) assert_int_equal(status, OI_SOURCE_READ);
        if (!status) assert_true(digest == whole);
        failures += status != OI_OK;
        if (!image->failed) break;
        assert_true(n < 5000);
    }
    image->bad = UINT64_MAX;
    if (for_good) assert_true(failures > 0);
    assert_int_equal(read_all(image, &digest), OI_OK);
    assert_true(digest == whole);
}

static void with_all_faults(const char *name)
{
    struct image image = { .bad = UINT64_MAX };

    load(&image, name);
    each_allocation_fails(&image);
    each_read_fails(&image, 0);
    each_read_fails(&image, 1);
    free(image.bytes);
}

/* --- volumes -------------------------------------------------------------------------------------------- */

static void of_corpus(const char *name)
{
    char folder[400];

    assert_non_null(getcwd(folder, sizeof(folder)));
    if (peer_run("gzip -dc '%s/tests/corpus/udf/%s.udf.gz' > image", folder, name))
    {
        print_message("tests/corpus/udf/%s is not there: SKIPPED\n", name);
        skip();
    }
    with_all_faults("image");
}

static void a_plain_partition(void **state)
{
    (void)state;
    of_corpus("linux-201-hd");
}

static void a_sparable_partition(void **state)
{
    (void)state;
    of_corpus("linux-201-dvdrw");
}

static void a_metadata_partition(void **state)
{
    (void)state;
    of_corpus("metadata-250");
}

static void a_virtual_partition(void **state)
{
    (void)state;
    peer_need("mkudffs");
    peer_must_run("rm -f image && mkudffs --new-file -b 2048 -m cdr -r 1.50 image 8192");
    with_all_faults("image");
    peer_must_run("rm -f image && mkudffs --new-file -b 2048 -m bdr -r 2.60 image 8192");
    with_all_faults("image");
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_plain_partition),
        cmocka_unit_test(a_sparable_partition),
        cmocka_unit_test(a_metadata_partition),
        cmocka_unit_test(a_virtual_partition),
    };

    return cmocka_run_group_tests(tests, peer_stage_make, peer_stage_remove);
}
