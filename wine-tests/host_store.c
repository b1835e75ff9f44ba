/* dlls/host/store.c: the files of virtual recorders, as core/emu relies on them. */
#include "test.h"

#include "host/host_room.h"
#include "openimapi/log.h"
#include "openimapi/text.h"

#include <stdlib.h>

static WCHAR wide_path[MAX_PATH];
static char *path;
static const struct emu_store_ops *ops;

static void quiet(void *context, enum log_level level, const char *line)
{
    (void)level;
    (void)line;
    ++*(unsigned int *)context;
}

static unsigned int errors;

static void start(const WCHAR *suffix)
{
    log_set_sink(quiet, &errors);
    errors = 0;
    test_temp_path(wide_path, suffix);
    path = text_to_utf8((const char16_t *)wide_path);
    ops = host_store()->ops;
}

static void end(void)
{
    SetFileAttributesW(wide_path, FILE_ATTRIBUTE_NORMAL);
    DeleteFileW(wide_path);
    free(path);
    log_set_sink(NULL, NULL);
}

static struct emu_file *open_file(enum emu_open_mode mode)
{
    struct emu_file *file = NULL;
    int writable = -1;

    ok_int(ops->open(host_store(), path, mode, &file, &writable), OI_OK, "open");
    ok_int(writable, 1, "writable");
    return file;
}

TEST(a_missing_file_or_folder_is_not_found)
{
    struct emu_file *file = NULL;
    int writable;

    start(L".iso");
    ok_int(ops->open(host_store(), path, EMU_OPEN_EXISTING, &file, &writable), OI_NOT_FOUND, "missing file");
    ok_int(ops->open(host_store(), "C:\\no\\such\\folder\\x", EMU_OPEN_EXISTING, &file, &writable),
           OI_NOT_FOUND, "missing folder");
    ok_int(ops->open(host_store(), "C:\\no\\such\\folder\\x", EMU_OPEN_CREATE, &file, &writable),
           OI_NOT_FOUND, "create in a missing folder");
    ok(!file, "a file was handed out");
    ok_int(errors, 0, "lines logged");
    ok_int(GetFileAttributesW(wide_path), INVALID_FILE_ATTRIBUTES, "nothing was made");
    end();
}

TEST(a_folder_is_no_file)
{
    struct emu_file *file = NULL;
    int writable;

    start(L".dir");
    CreateDirectoryW(wide_path, NULL);
    ok_int(ops->open(host_store(), path, EMU_OPEN_CREATE, &file, &writable), OI_IO, "folder");
    ok(errors > 0, "nothing was logged");
    RemoveDirectoryW(wide_path);
    end();
}

TEST(create_makes_an_empty_file_and_keeps_a_full_one)
{
    struct emu_file *file;
    uint64_t size = 9;

    start(L"-\x00E4\x4E2D.iso");
    file = open_file(EMU_OPEN_CREATE);
    ok_int(ops->get_size(file, &size), OI_OK, "get_size");
    ok_int(size, 0, "size");
    ok_int(ops->write(file, 0, "abc", 3), OI_OK, "write");
    ops->close(file);
    file = open_file(EMU_OPEN_CREATE);
    ops->get_size(file, &size);
    ok_int(size, 3, "size after the second open");
    ops->close(file);
    file = open_file(EMU_OPEN_EXISTING);
    ops->close(file);
    ok(GetFileAttributesW(wide_path) != INVALID_FILE_ATTRIBUTES, "not under its UTF-16 name");
    end();
}

TEST(what_is_written_is_read_and_holes_are_zeros)
{
    const uint64_t distant = ((uint64_t)5 << 30) + 2048;
    struct emu_file *file;
    char buffer[16];
    uint64_t size;
    size_t got;

    start(L".iso");
    file = open_file(EMU_OPEN_CREATE);
    ok_int(ops->write(file, distant, "0123456789", 10), OI_OK, "write");
    ok_int(ops->get_size(file, &size), OI_OK, "get_size");
    ok_int(size, distant + 10, "size");
    ok_int(ops->read(file, distant + 4, buffer, 3, &got), OI_OK, "read");
    ok(got == 3 && !memcmp(buffer, "456", 3), "read %u bytes", (unsigned int)got);
    ok_int(ops->read(file, distant + 8, buffer, 16, &got), OI_OK, "read over the end");
    ok(got == 2 && !memcmp(buffer, "89", 2), "read %u bytes", (unsigned int)got);
    ok_int(ops->read(file, distant + 10, buffer, 16, &got), OI_OK, "read at the end");
    ok_int(got, 0, "bytes at the end");
    ok_int(ops->read(file, distant + 4096, buffer, 16, &got), OI_OK, "read behind the end");
    ok_int(got, 0, "bytes behind the end");
    ok_int(ops->read(file, distant - 4, buffer, 5, &got), OI_OK, "read a hole");
    ok(got == 5 && !memcmp(buffer, "\0\0\0\0" "0", 5), "a hole is no zeros");
    ok_int(ops->set_size(file, 100), OI_OK, "set_size");
    ops->get_size(file, &size);
    ok_int(size, 100, "size");
    ok_int(ops->set_size(file, 200), OI_OK, "set_size");
    ok_int(ops->read(file, 150, buffer, 4, &got), OI_OK, "read");
    ok(got == 4 && !memcmp(buffer, "\0\0\0\0", 4), "lengthened by no zeros");
    ok_int(ops->flush(file), OI_OK, "flush");
    ops->close(file);
    end();
}

TEST(a_change_is_seen_through_another_handle_at_once)
{
    struct emu_file *one, *two;
    char buffer[4] = "";
    uint64_t size;
    size_t got;

    start(L".iso");
    one = open_file(EMU_OPEN_CREATE);
    two = open_file(EMU_OPEN_EXISTING);
    ok_int(ops->write(one, 0, "new", 3), OI_OK, "write");
    ok_int(ops->get_size(two, &size), OI_OK, "get_size");
    ok_int(size, 3, "size through the other handle");
    ok_int(ops->read(two, 0, buffer, 3, &got), OI_OK, "read");
    ok(got == 3 && !memcmp(buffer, "new", 3), "other bytes");
    ops->close(one);
    ops->close(two);
    end();
}

TEST(a_write_protected_file_is_opened_for_reading)
{
    struct emu_file *file;
    int writable = -1;
    char buffer[4];
    size_t got;

    start(L".iso");
    file = open_file(EMU_OPEN_CREATE);
    ops->write(file, 0, "abc", 3);
    ops->close(file);
    SetFileAttributesW(wide_path, FILE_ATTRIBUTE_READONLY);
    ok_int(ops->open(host_store(), path, EMU_OPEN_CREATE, &file, &writable), OI_OK, "open");
    ok_int(writable, 0, "writable");
    ok_int(ops->read(file, 0, buffer, 3, &got), OI_OK, "read");
    ok_int(got, 3, "bytes");
    ok_int(ops->write(file, 0, "x", 1), OI_IO, "write");
    ops->close(file);
    end();
}

TEST(a_lock_excludes_other_handles_until_it_goes)
{
    struct emu_file *one, *two;
    ULONGLONG before;

    start(L".state");
    one = open_file(EMU_OPEN_CREATE);
    two = open_file(EMU_OPEN_EXISTING);
    ok_int(ops->lock(one, 0), OI_OK, "first lock");
    ok_int(ops->lock(two, 0), OI_LOCKED, "second lock");
    before = GetTickCount64();
    ok_int(ops->lock(two, 100), OI_LOCKED, "second lock, waiting");
    ok(GetTickCount64() - before >= 90, "waited only %u ms", (unsigned int)(GetTickCount64() - before));
    ok_int(ops->write(two, 0, "x", 1), OI_OK, "the content is not locked");
    ops->unlock(one);
    ok_int(ops->lock(two, 0), OI_OK, "after unlock");
    ok_int(ops->lock(one, 0), OI_LOCKED, "the other way round");
    ops->close(two);
    ok_int(ops->lock(one, 0), OI_OK, "after close");
    ops->close(one);
    end();
}

TEST_MAIN(TEST_CASE(a_missing_file_or_folder_is_not_found), TEST_CASE(a_folder_is_no_file),
          TEST_CASE(create_makes_an_empty_file_and_keeps_a_full_one),
          TEST_CASE(what_is_written_is_read_and_holes_are_zeros),
          TEST_CASE(a_change_is_seen_through_another_handle_at_once),
          TEST_CASE(a_write_protected_file_is_opened_for_reading),
          TEST_CASE(a_lock_excludes_other_handles_until_it_goes))
