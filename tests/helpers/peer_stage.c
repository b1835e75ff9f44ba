/* The stage of tests in which programs of others are the judges: a folder, a shell, a log. */
#define _XOPEN_SOURCE 700

#include "helpers/peer_stage.h"

#include "helpers/fs_kit.h"
#include "helpers/store_posix.h"

#include "openimapi/emu.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE 10000                  /* milliseconds of the virtual clock */
#define CHUNK (1 << 20)

char peer_folder[200];

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

int peer_stage_make(void **state)
{
    const char *parent = getenv("OPENIMAPI_TEST_TMP");

    (void)state;
    snprintf(peer_folder, sizeof(peer_folder), "%s/peers_XXXXXX", parent ? parent : "/tmp");
    return !mkdtemp(peer_folder);
}

int peer_stage_remove(void **state)
{
    (void)state;
    return nftw(peer_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void peer_build_path(const char *name, char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);

    assert_true(length > 0);
    path[length] = 0;
    for (int i = 0; i < 3; i++) *strrchr(path, '/') = 0;
    assert_true(strlen(path) + strlen(name) + 2 < size);
    strcat(path, "/");
    strcat(path, name);
}

static int run(const char *format, va_list args)
{
    char text[1500], command[2000];

    assert_in_range(vsnprintf(text, sizeof(text), format, args), 1, sizeof(text) - 1);
    snprintf(command, sizeof(command), "cd '%s' && { export LC_ALL=C.UTF-8; %s; } >> log 2>&1", peer_folder,
             text);
    return system(command);
}

int peer_run(const char *format, ...)
{
    va_list args;
    int result;

    va_start(args, format);
    result = run(format, args);
    va_end(args);
    return result;
}

void peer_must_run(const char *format, ...)
{
    char command[300];
    va_list args;
    int result;

    va_start(args, format);
    result = run(format, args);
    va_end(args);
    if (!result) return;
    snprintf(command, sizeof(command), "tail -n 40 '%s/log'", peer_folder);
    if (system(command)) print_message("there is no log\n");
    fail_msg("failed: %s", format);
}

void peer_need(const char *program)
{
    if (!peer_run("command -v %s", program)) return;
    print_message("%s is not installed: SKIPPED\n", program);
    skip();
}

void peer_write_file(const char *name, const char *text)
{
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(file = fopen(path, "wb"));
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

void peer_write_source(const char *name, struct source *source)
{
    static uint8_t bytes[CHUNK], zeros[CHUNK];
    char path[300];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(file = fopen(path, "wb"));
    for (uint64_t at = 0; at < source->size; at += CHUNK)
    {
        size_t size = source->size - at < CHUNK ? (size_t)(source->size - at) : CHUNK;
        int is_last = at + size == source->size;

        assert_int_equal(source_read(source, at, bytes, size), OI_OK);
        if (!is_last && !memcmp(bytes, zeros, size))
        {
            assert_int_equal(fseek(file, (long)size, SEEK_CUR), 0);
            continue;
        }
        assert_int_equal(fwrite(bytes, 1, size, file), size);
    }
    assert_int_equal(fclose(file), 0);
}

void peer_write_tree(const char *name, struct fs_tree *tree)
{
    struct fs_layout *layout = kit_layout(tree, 0);
    struct source *image;

    assert_int_equal(fs_image_create(layout, &image), OI_OK);
    peer_write_source(name, image);
    source_unref(image);
    fs_layout_unref(layout);
}

void peer_look(const char *medium, const char *disc, struct mmc_medium *out)
{
    struct clock_virtual clock;
    struct emu_options options;
    struct transport *transport;
    struct mmc_drive drive;
    char path[300];

    snprintf(path, sizeof(path), "%s/%s", peer_folder, disc);
    clock_virtual_init(&clock);
    emu_options_init(&options);
    options.store = store_posix();
    options.clock = &clock.base;
    options.medium = medium;
    options.disc = path;
    assert_int_equal(emu_create(&options, &transport), OI_OK);
    mmc_drive_init(&drive, transport);
    assert_int_equal(mmc_medium_probe(&drive, PATIENCE, out), OI_OK);
    transport_close(transport);
}
