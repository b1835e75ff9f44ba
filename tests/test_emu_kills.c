/*
 * Burns that are cut off: a process that is killed, at every single write to the files, and a host disc that
 * is full.
 */
#include "helpers/emu_kit.h"

#include <sys/wait.h>

static void a_process_killed_in_mid_burn_leaves_an_open_track(void **state)
{
    static struct kit kit;
    int status;
    pid_t child;

    (void)state;
    kit_prepare(&kit, "dvd+r");
    child = fork();
    if (!child)
    {
        kit_plug_in(&kit);
        kit_settle(&kit);
        if (kit_write(&kit, 0, 320, 1) != KIT_DONE) _exit(1);
        _exit(0);                                       /* neither flush nor close */
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x05, 1, 1, 1, 1);
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 2, 1, 1, 0, 0x05, 0x01, 0x03);
    assert_int_equal(get_be32(kit.data + 12), 320);
    assert_done(kit_write(&kit, 320, 16, 1));           /* it can go on, be closed, be read */
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 6, 0));
    kit_compare(&kit, 0, 336, 1);
    kit_close(&kit);
}

/* A store whose process is killed before its n-th change: from then on nothing reaches the files. */
struct mortal_store
{
    struct emu_store base;
    long left;
};

static struct mortal_store mortal;

static int dies(void)
{
    return mortal.left-- <= 0;
}

static enum oi_status mortal_write(struct emu_file *file, uint64_t offset, const void *bytes, size_t size)
{
    return dies() ? OI_IO : store_posix()->ops->write(file, offset, bytes, size);
}

static enum oi_status mortal_set_size(struct emu_file *file, uint64_t size)
{
    return dies() ? OI_IO : store_posix()->ops->set_size(file, size);
}

static enum oi_status mortal_open(struct emu_store *store, const char *path, enum emu_open_mode mode,
                                  struct emu_file **out, int *writable)
{
    if (mode == EMU_OPEN_CREATE && dies()) return OI_IO;
    return store_posix()->ops->open(store, path, mode, out, writable);
}

/* A burn of two sessions; whatever fails, it goes on, as a program with no sense would. */
static void burn_regardless(struct kit *kit)
{
    uint32_t next;

    kit_none(kit, 0, 0, 0, 0, 0, 0);
    kit_none(kit, 0, 0, 0, 0, 0, 0);
    kit_write(kit, 0, 32, 1);
    kit_none(kit, 0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);      /* where it can be blanked */
    kit_write(kit, kit_track(kit, 0xFF) == KIT_DONE ? get_be32(kit->data + 12) : 0, 64, 1);
    kit_sync(kit);
    kit_finish(kit, 1, 1);
    kit_finish(kit, 2, 0);
    if (kit_track(kit, 2) == KIT_DONE)
    {
        next = get_be32(kit->data + 12);
        kit_write(kit, next, 64, 1);
    }
    kit_finish(kit, 1, 2);
    kit_finish(kit, 6, 0);
}

static void kill_at_any_write(const char *medium)
{
    static struct kit kit;
    struct emu_store_ops ops = *store_posix()->ops;
    int finished = 0;

    kit_quiet(1);
    ops.write = mortal_write;
    ops.set_size = mortal_set_size;
    ops.open = mortal_open;
    mortal.base.ops = &ops;
    for (long n = 0; n < 200 && !finished; ++n)
    {
        uint32_t end = 0, blocks;
        uint8_t status;

        kit_prepare(&kit, medium);
        kit.options.store = &mortal.base;
        mortal.left = n;
        kit_plug_in(&kit);
        burn_regardless(&kit);
        finished = mortal.left > 0;
        transport_close(kit.drive);

        kit.options.store = store_posix();
        kit_plug_in(&kit);
        kit_settle(&kit);
        assert_int_equal(emu_medium_status(kit.drive), OI_OK);
        assert_done(kit_disc(&kit));
        status = kit.data[2] & 0x03;
        assert_true(status != 3);
        /* What the tracks say is there can be read back. */
        for (uint8_t number = 1; kit_track(&kit, number) == KIT_DONE; ++number)
        {
            if (kit.data[6] & 0x40) break;
            end = get_be32(kit.data + 8);
            blocks = kit.data[7] & 0x02 ? get_be32(kit.data + 28) + 1 - end : 0;
            kit_compare(&kit, end, blocks, 1);
            assert_true(number < 3);
        }
        /* And unless it is finalized it takes more. */
        if (status != 2)
        {
            assert_done(kit_track(&kit, 0xFF));
            assert_int_equal(kit.data[7] & 0x01, 1);
            assert_done(kit_write(&kit, get_be32(kit.data + 12), 32, 1));
        }
        kit_close(&kit);
    }
    assert_true(finished);
    kit_quiet(0);
}

static enum oi_status set_size_never(struct emu_file *file, uint64_t size)
{
    (void)file;
    return size ? store_posix()->ops->set_size(file, size) : OI_IO;
}

static void an_erasure_cut_off_leaves_nothing_that_passes_for_data(void **state)
{
    static struct kit kit;
    struct emu_store_ops ops = *store_posix()->ops;
    struct emu_store store = { &ops };

    (void)state;
    ops.set_size = set_size_never;
    kit_prepare(&kit, "cd-rw");
    kit.options.store = &store;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_write(&kit, 0, 400, 1));
    assert_done(kit_finish(&kit, 2, 0));
    assert_sense(kit_none(&kit, 0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 3, 0x0C, 0x00);
    assert_int_equal(kit_file_size(kit.disc), 400 * 2048);      /* blank, but the old blocks lie there */
    ops.set_size = store_posix()->ops->set_size;
    kit_restart(&kit);
    assert_done(kit_disc(&kit));
    assert_bytes(&kit, 2, 0x10);
    assert_done(kit_write(&kit, 0, 10, 2));
    assert_done(kit_track(&kit, 0xFF));
    assert_bytes(&kit, 12, 0, 0, 0, 10);
    kit_compare(&kit, 0, 10, 2);
    assert_sense(kit_read(&kit, 10), 5, 0x21, 0x00);
    kit_close(&kit);
}

static void a_kill_at_any_write_leaves_a_disc_that_can_be(void **state)
{
    (void)state;
    kill_at_any_write("dvd+r");
    kill_at_any_write("bd-r");
    kill_at_any_write("cd-r");
    kill_at_any_write("cd-rw");
}

/* A host disc that is full in mid-write: half of the blocks get there. */
static enum oi_status full_write(struct emu_file *file, uint64_t offset, const void *bytes, size_t size)
{
    if (offset < 40 * 2048 || size < 2048) return store_posix()->ops->write(file, offset, bytes, size);
    store_posix()->ops->write(file, offset, bytes, size / 2);
    return OI_IO;
}

static void a_full_host_disc_is_a_write_error_and_the_track_goes_on_behind_it(void **state)
{
    static struct kit kit;
    struct emu_store_ops ops = *store_posix()->ops;
    struct emu_store store = { &ops };

    (void)state;
    ops.write = full_write;
    kit_prepare(&kit, "dvd+r");
    kit.options.store = &store;
    kit_plug_in(&kit);
    kit_settle(&kit);
    assert_done(kit_write(&kit, 0, 32, 1));
    assert_done(kit_write(&kit, 32, 16, 1));
    assert_sense(kit_write(&kit, 48, 32, 1), 3, 0x0C, 0x00);
    assert_done(kit_track(&kit, 0xFF));
    assert_int_equal(get_be32(kit.data + 12), 64);      /* what got there is spent */
    ops.write = store_posix()->ops->write;
    assert_done(kit_write(&kit, 64, 16, 1));
    assert_done(kit_finish(&kit, 1, 1));
    assert_done(kit_finish(&kit, 6, 0));
    kit_compare(&kit, 0, 80, 1);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(a_process_killed_in_mid_burn_leaves_an_open_track),
        cmocka_unit_test(an_erasure_cut_off_leaves_nothing_that_passes_for_data),
        cmocka_unit_test(a_kill_at_any_write_leaves_a_disc_that_can_be),
        cmocka_unit_test(a_full_host_disc_is_a_write_error_and_the_track_goes_on_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
