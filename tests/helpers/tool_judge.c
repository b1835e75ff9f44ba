/* The verdict over a tool that read an image of ours: every item shown, and nothing else. */
#define _XOPEN_SOURCE 700

#include "helpers/tool_judge.h"

#include "helpers/fs_kit.h"
#include "helpers/peer_stage.h"
#include "helpers/tool_tree.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define PATH_SIZE 4000
#define CHUNK 65536

/* --- what is expected ----------------------------------------------------------------------------------- */

static char *recorded_path(const struct fs_item *item, enum fs_kind kind, unsigned names)
{
    char16_t *path;
    char *text, *result;

    assert_int_equal(fs_item_file_system_path(item, kind, &path), OI_OK);
    text = text_to_utf8(path);
    assert_non_null(result = malloc(strlen(text) + 4));
    strcpy(result, text);
    for (char *at = result; *at; at++)
    {
        if (*at == '\\') *at = '/';
        if (names & TOOL_LOWER && *at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
    }
    if (names & TOOL_VERSIONS && fs_item_type(item) == FS_FILE)
    {
        if (kind == FS_ISO9660 && !strchr(strrchr(result, '/'), '.')) strcat(result, ".");
        strcat(result, ";1");
    }
    free(text);
    free(path);
    return result;
}

static int compare_wants(const void *a, const void *b)
{
    return strcmp(((const struct tool_want *)a)->path, ((const struct tool_want *)b)->path);
}

void tool_judge_open(struct tool_judge *judge, const struct fs_tree *tree, enum fs_kind kind, unsigned names,
                     tool_excuse excuse)
{
    const struct fs_item *root = fs_tree_root((struct fs_tree *)tree);
    size_t most = (size_t)(fs_tree_file_count(tree) + fs_tree_directory_count(tree));

    *judge = (struct tool_judge){ 0 };
    assert_non_null(judge->wants = calloc(most, sizeof(*judge->wants)));
    for (const struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        struct tool_want *want = &judge->wants[judge->count++];

        want->item = at;
        want->path = recorded_path(at, kind, names);
        want->excused = excuse && excuse(at, kind);
    }
    assert_int_equal(judge->count, most - 1);
    qsort(judge->wants, judge->count, sizeof(*judge->wants), compare_wants);
}

/* --- what is shown -------------------------------------------------------------------------------------- */

struct tool_want *tool_judge_name(struct tool_judge *judge, const char *path, enum fs_type type)
{
    struct tool_want key = { .path = (char *)path }, *want;

    want = bsearch(&key, judge->wants, judge->count, sizeof(key), compare_wants);
    if (!want || (type && fs_item_type(want->item) != type) || want->shown & TOOL_NAME)
    {
        if (!judge->strange++) snprintf(judge->first, sizeof(judge->first), "%s", path);
        return NULL;
    }
    want->shown |= TOOL_NAME;
    return want;
}

void tool_judge_list(struct tool_judge *judge, const char *name)
{
    char path[300], line[PATH_SIZE];
    FILE *list;

    snprintf(path, sizeof(path), "%s/%s", peer_folder, name);
    assert_non_null(list = fopen(path, "r"));
    while (fgets(line, sizeof(line), list))
    {
        line[strcspn(line, "\n")] = 0;
        tool_judge_name(judge, line, FS_NOTHING);
    }
    fclose(list);
}

void tool_judge_bytes(struct tool_want *want, tool_read *read, void *from)
{
    static uint8_t bytes[CHUNK], expected[CHUNK];
    struct source *data = tool_tree_data(want->item);
    uint64_t at = 0;
    int good = 1;
    size_t got;

    while ((got = read(from, bytes, sizeof(bytes))))
    {
        size_t there = 0;

        if (good) assert_int_equal(source_read_some(data, at, expected, got, &there), OI_OK);
        good = good && there == got && !memcmp(bytes, expected, got);
        at += got;
    }
    if (good && at == fs_item_size(want->item)) want->shown |= TOOL_BYTES;
    source_unref(data);
}

static size_t read_file(void *from, void *buffer, size_t size)
{
    return fread(buffer, 1, size, from);
}

void tool_judge_file(struct tool_want *want, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (!file) return;
    tool_judge_bytes(want, read_file, file);
    fclose(file);
}

/* nftw hands nothing through. */
static struct tool_judge *walked;
static size_t walked_root;

static int judge_one(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    int is_folder = type == FTW_D;
    struct tool_want *want;
    struct fs_times times;

    if (!ftw->level) return 0;
    want = tool_judge_name(walked, path + walked_root, is_folder ? FS_DIRECTORY : FS_FILE);
    if (!want) return 0;
    if (!is_folder) tool_judge_file(want, path);
    fs_item_times(want->item, &times);
    if (info->st_mtim.tv_sec == times.modified / FS_TIME_SECOND) want->shown |= TOOL_DATE;
    return 0;
}

void tool_judge_extracted(struct tool_judge *judge, const char *folder)
{
    char top[300];

    snprintf(top, sizeof(top), "%s/%s", peer_folder, folder);
    walked = judge;
    walked_root = strlen(top);
    assert_int_equal(nftw(top, judge_one, 16, FTW_PHYS), 0);
}

/* --- verdict -------------------------------------------------------------------------------------------- */

void tool_judge_close(struct tool_judge *judge, unsigned all)
{
    size_t excused = 0;

    for (size_t i = 0; i < judge->count; i++)
    {
        struct tool_want *want = &judge->wants[i];
        unsigned wanted = fs_item_type(want->item) == FS_FILE ? all : all & ~(unsigned)TOOL_BYTES;
        unsigned missing = wanted & ~want->shown;

        if (!want->excused && missing)
            fail_msg("%s: no good %s%s%s(and %zu strange names, %s ...)", want->path,
                     missing & TOOL_NAME ? "name " : "", missing & TOOL_BYTES ? "bytes " : "",
                     missing & TOOL_DATE ? "date " : "", judge->strange, judge->first);
        if (want->excused && wanted && !missing) fail_msg("%s: is read after all", want->path);
        excused += want->excused != 0;
    }
    if (judge->strange > excused)
        fail_msg("%zu strange names, %s the first of them", judge->strange, judge->first);
    for (size_t i = 0; i < judge->count; i++) free(judge->wants[i].path);
    free(judge->wants);
}
