/*
 * Several recorders, in one process or in two, on the same disc.
 */
#include "helpers/emu_kit.h"

#include <sys/wait.h>

#define TUR(kit) kit_none(kit, 0, 0, 0, 0, 0, 0)

static void put_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void two_recorders_see_one_disc_change(void **state)
{
    static struct kit one, two;

    (void)state;
    kit_open(&one, "dvd+r");
    kit_open_beside(&two, &one);
    assert_done(kit_write(&one, 0, 32, 1));
    assert_done(kit_track(&two, 1));                    /* in mid-track, nothing flushed */
    assert_bytes(&two, 12, 0, 0, 0, 32);
    kit_compare(&two, 0, 32, 1);
    assert_sense(kit_write(&two, 0, 32, 1), 5, 0x21, 0x02);
    assert_done(kit_write(&two, 32, 32, 1));            /* the other one may go on */
    assert_sense(kit_write(&one, 32, 32, 1), 5, 0x21, 0x02);
    assert_done(kit_write(&one, 64, 32, 1));
    assert_done(kit_finish(&two, 1, 1));
    assert_sense(kit_write(&one, 64, 32, 1), 5, 0x21, 0x02);
    assert_done(kit_finish(&one, 6, 0));
    assert_done(kit_disc(&two));
    assert_bytes(&two, 2, 0x0E);
    kit_compare(&one, 0, 96, 1);
    transport_close(two.drive);
    kit_close(&one);
}

static void a_disc_exchanged_by_another_host_is_noticed(void **state)
{
    static struct kit one, two;

    (void)state;
    kit_open(&one, "dvd+r");
    assert_done(kit_write(&one, 0, 32, 1));
    assert_int_equal(unlink(one.disc), 0);              /* while the first recorder has it open */
    kit_open_beside(&two, &one);
    assert_done(kit_write(&two, 0, 16, 2));
    assert_sense(kit_disc(&one), 6, 0x28, 0x00);
    assert_done(kit_write(&one, 16, 16, 2));
    kit_compare(&one, 0, 32, 2);
    kit_compare(&two, 0, 32, 2);
    transport_close(two.drive);
    kit_close(&one);
}

static void a_disc_too_busy_to_load_is_loaded_later(void **state)
{
    static struct kit kit;
    struct emu_store *store = store_posix();
    struct emu_file *file;
    int writable;

    (void)state;
    kit_quiet(1);
    kit_open(&kit, "dvd+r");
    transport_close(kit.drive);
    assert_int_equal(store->ops->open(store, kit.state, EMU_OPEN_EXISTING, &file, &writable), OI_OK);
    assert_int_equal(store->ops->lock(file, 0), OI_OK);
    kit_plug_in(&kit);
    assert_int_equal(emu_medium_status(kit.drive), OI_LOCKED);
    assert_int_equal(emu_press_button(kit.drive), OI_OK);       /* the tray alone can move */
    assert_int_equal(emu_press_button(kit.drive), OI_OK);
    store->ops->close(file);
    kit_settle(&kit);
    assert_done(kit_write(&kit, 0, 16, 1));
    kit_close(&kit);
    kit_quiet(0);
}

static void the_tray_is_one_for_all(void **state)
{
    static struct kit one, two;

    (void)state;
    kit_open(&one, "cd-rw");
    kit_open_beside(&two, &one);
    assert_done(kit_none(&one, 0x1B, 0, 0, 0, 2, 0));
    assert_sense(TUR(&two), 2, 0x3A, 0x02);
    assert_done(kit_in(&two, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0));
    assert_done(kit_in(&two, 8, 0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0));
    assert_bytes(&two, 4, 3, 1);                        /* new media at first, then removal */
    assert_done(kit_none(&two, 0x1B, 0, 0, 0, 3, 0));
    assert_sense(TUR(&one), 6, 0x28, 0x00);
    assert_done(TUR(&one));
    assert_sense(TUR(&two), 6, 0x28, 0x00);

    /* An open tray stays open when the recorder is gone for a while. */
    assert_done(kit_none(&two, 0x1B, 0, 0, 0, 2, 0));
    transport_close(two.drive);
    transport_close(one.drive);
    kit_plug_in(&one);
    assert_sense(TUR(&one), 6, 0x29, 0x00);
    assert_sense(TUR(&one), 2, 0x3A, 0x02);
    kit_close(&one);
}

static void a_held_lock_ends_a_command_after_a_while(void **state)
{
    static struct kit kit;
    struct emu_store *store = store_posix();
    struct emu_file *file;
    int writable;

    (void)state;
    kit_open(&kit, "dvd+r");
    assert_int_equal(store->ops->open(store, kit.state, EMU_OPEN_EXISTING, &file, &writable), OI_OK);
    assert_int_equal(store->ops->lock(file, 0), OI_OK);
    assert_sense(TUR(&kit), 0x0B, 0x00, 0x00);
    assert_sense(kit_write(&kit, 0, 16, 1), 0x0B, 0x00, 0x00);
    assert_done(kit_in(&kit, 96, 0x12, 0, 0, 0, 96, 0));       /* does not look at the disc */
    store->ops->unlock(file);
    assert_done(TUR(&kit));
    assert_int_equal(store->ops->lock(file, 0), OI_OK);
    store->ops->close(file);                                    /* the lock goes with the handle */
    assert_done(kit_write(&kit, 0, 16, 1));
    kit_close(&kit);
}

static void two_processes_write_in_turn_and_lose_nothing(void **state)
{
    static struct kit kit;
    int status;
    pid_t child;

    (void)state;
    kit_open(&kit, "dvd+r");
    kit.options.lock_timeout = 5000;
    transport_close(kit.drive);
    child = fork();
    kit_plug_in(&kit);
    kit_settle(&kit);
    /* Each writes at the address it is told, and asks again when the other was quicker. */
    for (int done = 0; done < 50;)
    {
        uint32_t next;

        if (kit_track(&kit, 0xFF) != KIT_DONE) _exit(1);
        next = get_be32(kit.data + 12);
        if (kit_write(&kit, next, 16, 1) == KIT_DONE) ++done;
    }
    if (!child) _exit(0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_done(kit_track(&kit, 0xFF));
    assert_int_equal(get_be32(kit.data + 12), 1600);
    kit_compare(&kit, 0, 1600, 1);
    kit_close(&kit);
}

static void a_state_file_that_goes_bad_meanwhile_stops_everything(void **state)
{
    static struct kit kit;

    (void)state;
    kit_quiet(1);
    kit_open(&kit, "dvd+r");
    assert_done(kit_write(&kit, 0, 16, 1));
    put_file(kit.state, "something else", 14);
    assert_sense(kit_write(&kit, 16, 16, 1), 2, 0x30, 0x00);
    assert_int_equal(emu_medium_status(kit.drive), OI_FORMAT);
    assert_int_equal(kit_file_size(kit.state), 14);
    assert_int_equal(kit_file_size(kit.disc), 16 * 2048);
    kit_close(&kit);
    kit_quiet(0);
}

static void write_protection_is_kept_with_the_disc(void **state)
{
    static struct kit kit;

    (void)state;
    kit_open(&kit, "cd-rw");
    assert_int_equal(emu_set_write_protect(kit.drive, 1), OI_OK);
    assert_sense(kit_write(&kit, 0, 32, 1), 7, 0x27, 0x00);
    kit_restart(&kit);
    assert_sense(kit_none(&kit, 0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 7, 0x27, 0x00);
    assert_sense(kit_finish(&kit, 2, 0), 7, 0x27, 0x00);
    assert_int_equal(emu_set_write_protect(kit.drive, 0), OI_OK);
    assert_done(kit_write(&kit, 0, 32, 1));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] =
    {
        cmocka_unit_test(two_recorders_see_one_disc_change),
        cmocka_unit_test(a_disc_exchanged_by_another_host_is_noticed),
        cmocka_unit_test(a_disc_too_busy_to_load_is_loaded_later),
        cmocka_unit_test(the_tray_is_one_for_all),
        cmocka_unit_test(a_held_lock_ends_a_command_after_a_while),
        cmocka_unit_test(two_processes_write_in_turn_and_lose_nothing),
        cmocka_unit_test(a_state_file_that_goes_bad_meanwhile_stops_everything),
        cmocka_unit_test(write_protection_is_kept_with_the_disc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
