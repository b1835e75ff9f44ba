/*
 * The files of a disc: what lies there when a disc is loaded, and what cannot be written.
 */
#include "helpers/emu_kit.h"

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)

static void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static uint8_t *get_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);

    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

/* --- what lies there ----------------------------------------------------------------------------------- */

static void a_plain_image_is_a_finished_disc(void **state)
{
    static const char *const media[] = { "cd-r", "cd-rw", "dvd+r", "bd-r" };
    static struct kit kit;
    uint8_t image[40 * 2048 + 100];

    (void)state;
    for (uint32_t i = 0; i < 40; ++i) kit_fill(image + 2048 * i, i, 5);
    memset(image + 40 * 2048, 'x', 100);
    for (size_t m = 0; m < sizeof(media) / sizeof(media[0]); ++m)
    {
        kit_prepare(&kit, media[m]);
        put_file(kit.disc, image, sizeof(image));
        kit_plug_in(&kit);
        kit_settle(&kit);
        assert_done(kit_disc(&kit));
        assert_int_equal(kit.data[2] & 0x0F, 0x0E);
        assert_bytes(&kit, 3, 1, 1, 1, 1);
        kit_compare(&kit, 0, 40, 5);
        assert_done(kit_read(&kit, 40));            /* a last block in part, with zeros behind */
        assert_bytes(&kit, 98, 'x', 'x', 0, 0);
        assert_sense(kit_write(&kit, 64, 32, 1), 5, 0x30, 0x05);
        kit_restart(&kit);
        assert_done(kit_disc(&kit));
        assert_int_equal(kit.data[2] & 0x0F, 0x0E);
        assert_int_equal(kit_file_size(kit.disc), sizeof(image));
        kit_close(&kit);
    }
}

static void a_plain_image_on_an_overwritable_medium_is_formatted(void **state)
{
    static struct kit kit;
    uint8_t image[2048 * 2];

    (void)state;
    kit_fill(image, 0, 9);
    kit_fill(image + 2048, 1, 9);
    kit_prepare(&kit, "bd-re");
    put_file(kit.disc, image, sizeof(image));
    kit_plug_in(&kit);
    kit_settle(&kit);
    kit_compare(&kit, 0, 2, 9);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0x00, 0xBA, 0x73, 0xFF);      /* 12219392 blocks */
    assert_done(kit_write(&kit, 32, 32, 9));
    kit_compare(&kit, 32, 32, 9);
    kit_close(&kit);
}

static void an_empty_image_is_a_blank_disc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    put_file(kit.disc, "", 0);
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00);
    kit_close(&kit);
}

static void an_image_larger_than_the_medium_is_read_all_the_same(void **state)
{
    static struct kit kit;

    (void)state;
    kit_prepare(&kit, "cd-r 21min");
    put_file(kit.disc, "", 0);
    assert_int_equal(truncate(kit.disc, 100000LL * 2048), 0);
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_in(&kit, 8, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assert_bytes(&kit, 0, 0, 0x01, 0x86, 0x9F);
    assert_done(kit_read(&kit, 99999));
    kit_close(&kit);
}

/* With a disc of one closed session in it, the files as they lie. */
static void make_appendable(struct kit *kit)
{
    kit_open(kit, "dvd+r");
    assert_done(kit_write(kit, 0, 64, 1));
    assert_done(kit_sync(kit));
    assert_done(kit_finish(kit, 1, 1));
    assert_done(kit_finish(kit, 2, 0));
    transport_close(kit->drive);
    kit->drive = NULL;
}

/* Everything that changes discs is refused, and the files stay what they are. */
static void assert_refused(struct kit *kit)
{
    size_t state_size, image_size, size;
    uint8_t *state_bytes = get_file(kit->state, &state_size), *image = get_file(kit->disc, &image_size), *now;

    kit_plug_in(kit);
    assert_sense(TUR(kit), 6, 0x29, 0x00);
    assert_sense(TUR(kit), 6, 0x28, 0x00);
    assert_sense(TUR(kit), 2, 0x30, 0x00);
    assert_int_equal(emu_medium_status(kit->drive), OI_FORMAT);
    assert_sense(kit_none(kit, 0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 6, 0x28, 0x00);
    assert_sense(kit_none(kit, 0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 2, 0x30, 0x00);
    assert_sense(kit_write(kit, 0, 16, 2), 2, 0x30, 0x00);
    assert_sense(kit_finish(kit, 2, 0), 2, 0x30, 0x00);
    assert_done(kit_none(kit, 0x1B, 0, 0, 0, 2, 0));
    assert_sense(TUR(kit), 2, 0x3A, 0x02);
    assert_done(kit_none(kit, 0x1B, 0, 0, 0, 3, 0));
    transport_close(kit->drive);
    kit->drive = NULL;

    now = get_file(kit->state, &size);
    assert_int_equal(size, state_size);
    assert_memory_equal(now, state_bytes, size);
    free(now);
    now = get_file(kit->disc, &size);
    assert_int_equal(size, image_size);
    assert_memory_equal(now, image, size);
    free(now);
    free(state_bytes);
    free(image);
}

static void a_damaged_state_file_is_refused_and_kept(void **state)
{
    static struct kit kit;
    size_t size;
    uint8_t *bytes;

    (void)state;
    kit_quiet(1);
    make_appendable(&kit);
    bytes = get_file(kit.state, &size);
    for (size_t at = 0; at < size; at += 5)
    {
        bytes[at] ^= 0x01;
        put_file(kit.state, bytes, size);
        assert_refused(&kit);
        bytes[at] ^= 0x01;
    }
    for (size_t length = 1; length < size; length += 7)
    {
        put_file(kit.state, bytes, length);
        assert_refused(&kit);
    }
    put_file(kit.state, bytes, size);
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_track(&kit, 2));
    free(bytes);
    kit_close(&kit);
    kit_quiet(0);
}

static void a_foreign_state_file_is_refused_and_kept(void **state)
{
    static struct kit kit;
    char text[400];

    (void)state;
    kit_quiet(1);
    make_appendable(&kit);
    memset(text, 'A', sizeof(text));
    put_file(kit.state, text, sizeof(text));
    assert_refused(&kit);
    memset(text, ' ', sizeof(text));
    snprintf(text, sizeof(text), "openimapi-disc 2 generation 1 at 128 size 10 crc 00000000");
    put_file(kit.state, text, sizeof(text));
    assert_refused(&kit);
    /* A record with a good checksum, but of tracks that cannot be. */
    memset(text, ' ', sizeof(text));
    snprintf(text, sizeof(text), "openimapi-disc 1 generation 1 at 4294967295 size 4294967295 crc 00000000");
    put_file(kit.state, text, sizeof(text));
    assert_refused(&kit);
    kit_close(&kit);
    kit_quiet(0);
}

static void an_image_taken_away_leaves_a_blank_disc(void **state)
{
    static struct kit kit;

    (void)state;
    make_appendable(&kit);
    assert_int_equal(unlink(kit.disc), 0);
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x00, 1, 1, 1, 1);
    kit_close(&kit);
}

static void a_written_disc_keeps_its_kind_and_a_blank_one_does_not(void **state)
{
    static struct kit kit;

    (void)state;
    kit_quiet(1);
    make_appendable(&kit);
    kit.options.medium = "cd-rw";
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_in(&kit, 8, 0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 6, 0x00, 0x1B);
    kit_close(&kit);

    kit_open(&kit, "dvd+r");
    kit.options.medium = "cd-rw";
    kit_restart(&kit);
    assert_done(kit_in(&kit, 8, 0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_bytes(&kit, 6, 0x00, 0x0A);
    kit_close(&kit);
    kit_quiet(0);
}

/* --- read-only ----------------------------------------------------------------------------------------- */

static int state_denied;

static enum oi_status read_only_open(struct emu_store *store, const char *path, enum emu_open_mode mode,
                                     struct emu_file **out, int *writable)
{
    size_t length = strlen(path);
    enum oi_status status;

    if (state_denied && length > 6 && !strcmp(path + length - 6, ".state")) return OI_IO;
    status = store_posix()->ops->open(store, path, EMU_OPEN_EXISTING, out, writable);
    *writable = 0;
    (void)mode;
    return status;
}

static void files_that_cannot_be_written_make_a_protected_disc(void **state)
{
    static struct kit kit;
    struct emu_store_ops ops = *store_posix()->ops;
    struct emu_store store = { &ops };

    (void)state;
    kit_quiet(1);
    make_appendable(&kit);
    ops.open = read_only_open;
    state_denied = 0;
    kit.options.store = &store;
    kit_plug_in(&kit);
    kit_settle(&kit);
    kit_compare(&kit, 0, 64, 1);
    assert_done(kit_track(&kit, 0xFF));
    assert_sense(kit_write(&kit, get_be32(kit.data + 12), 16, 1), 7, 0x27, 0x00);
    assert_sense(kit_finish(&kit, 6, 0), 7, 0x27, 0x00);
    assert_int_equal(emu_set_write_protect(kit.drive, 1), OI_IO);

    /* Nor a folder in which no state file can be made. */
    assert_int_equal(unlink(kit.state), 0);
    state_denied = 1;
    kit_restart(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x0E);
    kit_compare(&kit, 0, 64, 1);
    assert_done(kit_none(&kit, 0x1B, 0, 0, 0, 2, 0));
    assert_sense(TUR(&kit), 2, 0x3A, 0x02);
    kit_close(&kit);
    kit_quiet(0);
}

static void a_folder_that_is_missing_is_an_unreadable_disc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_quiet(1);
    kit_prepare(&kit, "dvd+r");
    kit.options.disc = "/nonexistent/folder/disc.iso";
    kit_plug_in(&kit);
    assert_sense(TUR(&kit), 6, 0x29, 0x00);
    assert_sense(TUR(&kit), 6, 0x28, 0x00);
    assert_sense(TUR(&kit), 2, 0x30, 0x00);
    assert_int_not_equal(emu_medium_status(kit.drive), OI_OK);
    kit_close(&kit);
    kit_quiet(0);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_plain_image_is_a_finished_disc),
        cmocka_unit_test(a_plain_image_on_an_overwritable_medium_is_formatted),
        cmocka_unit_test(an_empty_image_is_a_blank_disc),
        cmocka_unit_test(an_image_larger_than_the_medium_is_read_all_the_same),
        cmocka_unit_test(a_damaged_state_file_is_refused_and_kept),
        cmocka_unit_test(a_foreign_state_file_is_refused_and_kept),
        cmocka_unit_test(an_image_taken_away_leaves_a_blank_disc),
        cmocka_unit_test(a_written_disc_keeps_its_kind_and_a_blank_one_does_not),
        cmocka_unit_test(files_that_cannot_be_written_make_a_protected_disc),
        cmocka_unit_test(a_folder_that_is_missing_is_an_unreadable_disc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
