/* A program on libudfread, which knows UDF only, that walks through an image and reads every file. */
#include "helpers/tool_readers.h"

#include "helpers/peer_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <udfread/udfread.h>

#define PATH_SIZE 4000

/* Its names have each unit by itself, those of pairs of surrogates too. */
static char *name_of(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    char16_t units[FS_NAME_MAX + 1], *out = units;

    while (*at)
    {
        unsigned more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : 2;
        unsigned unit = *at++ & (more == 0 ? 0x7F : more == 1 ? 0x1F : 0x0F);

        while (more--) unit = unit << 6 | (*at++ & 0x3F);
        assert_true(out < units + FS_NAME_MAX);
        *out++ = (char16_t)unit;
    }
    *out = 0;
    return text_to_utf8(units);
}

static size_t read_some(void *from, void *buffer, size_t size)
{
    ssize_t got = udfread_file_read(from, buffer, size);

    return got > 0 ? (size_t)got : 0;
}

static void judge_folder(struct tool_judge *judge, UDFDIR *folder, char *path)
{
    size_t length = strlen(path);
    struct udfread_dirent entry;

    while (udfread_readdir(folder, &entry))
    {
        int is_folder = entry.d_type == UDF_DT_DIR;
        struct tool_want *want;
        char *name;

        if (!strcmp(entry.d_name, ".") || !strcmp(entry.d_name, "..")) continue;
        name = name_of(entry.d_name);
        assert_true(length + strlen(name) + 2 < PATH_SIZE);
        sprintf(path + length, "/%s", name);
        free(name);
        want = tool_judge_name(judge, path, is_folder ? FS_DIRECTORY : FS_FILE);
        if (!want) continue;
        if (is_folder)
        {
            UDFDIR *below = udfread_opendir_at(folder, entry.d_name);

            assert_non_null(below);
            judge_folder(judge, below, path);
            udfread_closedir(below);
        }
        else
        {
            UDFFILE *file = udfread_file_openat(folder, entry.d_name);

            assert_non_null(file);
            tool_judge_bytes(want, read_some, file);
            udfread_file_close(file);
        }
    }
    path[length] = 0;
}

struct tool_cell tool_judge_udfread(const struct tool_image *image, enum fs_kind kind)
{
    udfread *reader = udfread_init();
    char path[PATH_SIZE];
    struct tool_judge judge;
    UDFDIR *root;

    assert_non_null(reader);
    snprintf(path, sizeof(path), "%s/image.iso", peer_folder);
    if (kind != FS_UDF)
    {
        if (!(image->file_systems & FS_UDF)) assert_int_equal(udfread_open(reader, path), -1);
        udfread_close(reader);
        return (struct tool_cell){ TOOL_NOTHING, TOOL_NOTE_NONE };
    }
    assert_int_equal(udfread_open(reader, path), 0);
    assert_string_equal(udfread_get_volume_id(reader), "Test");
    assert_non_null(root = udfread_opendir(reader, "/"));
    tool_judge_open(&judge, image->first ? image->first : image->tree, kind, 0, NULL);
    path[0] = 0;
    judge_folder(&judge, root, path);
    tool_judge_close(&judge, TOOL_NAME | TOOL_BYTES);
    udfread_closedir(root);
    udfread_close(reader);
    if (image->first) return (struct tool_cell){ TOOL_NOTHING, TOOL_NOTE_FIRST_SESSION };
    return (struct tool_cell){ TOOL_ALL, TOOL_NOTE_NONE };
}
