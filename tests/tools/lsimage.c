/*
 * lsimage [-t] IMAGE iso|joliet|udf [SESSION [OUT]]: lists what an import finds in an image, a line per
 * item: "d" or "f", size, "h" if hidden, time (UTC), path. With OUT, a folder that is there, all is extracted
 * to it. -t tells the seconds of the import instead.
 * lsimage IMAGE boot [SESSION]: lists what it boots, a line per boot image: section, platform, "y" if
 * bootable, emulation, load segment, system type, sectors loaded, block, bytes.
 */
#define _XOPEN_SOURCE 700

#include "openimapi/fs_import.h"
#include "openimapi/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static int complain(const char *what, enum oi_status status, struct fs_detail *detail)
{
    char *item = detail->item ? text_to_utf8(detail->item) : NULL;

    fprintf(stderr, "lsimage: %s: %s (%s, %s, block %" PRIu64 ")\n", what, status_name(status),
            item ? item : "no item", fs_kind_name(detail->file_systems), detail->found);
    free(item);
    return 1;
}

static int extract(const char *out, const char *path, const struct fs_item *item)
{
    static uint8_t buffer[1 << 20];
    char name[4096];
    uint64_t at = 0;
    size_t got;
    FILE *file;

    snprintf(name, sizeof(name), "%s%s", out, path);
    if (fs_item_type(item) == FS_DIRECTORY) return mkdir(name, 0777);
    if (!(file = fopen(name, "wb"))) return 1;
    for (; at < fs_item_size(item); at += got)
    {
        if (source_read_some(fs_item_data(item), at, buffer, sizeof(buffer), &got) || !got) return 1;
        if (fwrite(buffer, 1, got, file) != got) return 1;
    }
    return fclose(file);
}

static int list(struct fs_tree *tree, const char *out)
{
    struct fs_item *root = fs_tree_root(tree);

    for (struct fs_item *at = fs_item_walk(root, root); at; at = fs_item_walk(root, at))
    {
        struct fs_times times;
        struct text_date date;
        char16_t *unicode;
        char *path;

        if (fs_item_path(at, &unicode) || !(path = text_to_utf8(unicode))) return 1;
        for (char *separator = path; (separator = strchr(separator, '\\'));) *separator = '/';
        fs_item_times(at, &times);
        text_date_from_seconds(times.modified / FS_TIME_SECOND, &date);
        printf("%c %" PRIu64 " %c %04d-%02d-%02dT%02d:%02d:%02d %s\n", "?df"[fs_item_type(at)],
               fs_item_size(at), fs_item_hidden(at) ? 'h' : '-', (int)date.year, date.month, date.day,
               date.hour, date.minute, date.second, path);
        if (out && extract(out, path, at)) return complain("cannot extract", OI_IO, &(struct fs_detail){ 0 });
        free(path);
        free(unicode);
    }
    return 0;
}

static int list_boot(const struct fs_disc *disc)
{
    struct fs_boot_found found[100];
    struct fs_boot_catalog catalog;
    struct fs_detail detail = { 0 };
    enum oi_status status = fs_boot_read(disc, found, sizeof(found) / sizeof(*found), &catalog, &detail);

    if (status) return complain("boot", status, &detail);
    printf("catalog %" PRIu32 "\n", catalog.block);
    for (size_t i = 0; i < catalog.count && i < sizeof(found) / sizeof(*found); i++)
    {
        const struct fs_boot_found *image = &found[i];

        printf("%u 0x%02x %c %u 0x%04x 0x%02x %u %" PRIu32 " %" PRIu64 "\n", image->section, image->platform,
               image->bootable ? 'y' : 'n', image->emulation, image->load_segment, image->system_type,
               image->sector_count, image->block, image->size);
    }
    return 0;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct fs_options options = { .iso9660_level = 2, .udf_revision = 0x102 };
    struct fs_detail detail = { 0 };
    struct fs_disc disc = { 0 };
    struct fs_volume *volume;
    enum oi_status status;
    struct fs_tree *tree;
    enum fs_kind kind;
    unsigned kinds;
    double start = seconds();
    int result = 0, timed = argc > 1 && !strcmp(argv[1], "-t");

    argc -= timed;
    argv += timed;
    if (argc < 3) return 2;
    kind = argv[2][0] == 'i' ? FS_ISO9660 : argv[2][0] == 'j' ? FS_JOLIET : FS_UDF;
    if (argc > 3) disc.session_start = (uint32_t)strtoul(argv[3], NULL, 0);
    if ((status = source_file_create(argv[1], &disc.source))) return complain(argv[1], status, &detail);
    if (argv[2][0] == 'b')
    {
        result = list_boot(&disc);
        source_unref(disc.source);
        return result;
    }
    if ((status = fs_identify(&disc, &kinds, &detail))) return complain("identify", status, &detail);
    if (!(kinds & kind)) fprintf(stderr, "lsimage: not identified\n");
    if ((status = fs_volume_open(&disc, kind, &volume, &detail))) return complain("open", status, &detail);
    if ((status = fs_tree_create(&options, &tree))) return complain("tree", status, &detail);
    if ((status = fs_import(tree, volume, NULL, &detail))) return complain("import", status, &detail);
    fs_volume_close(volume);
    source_unref(disc.source);
    if (timed) printf("import %.6f\n", seconds() - start);
    else result = list(tree, argc > 4 ? argv[4] : NULL);
    fs_tree_destroy(tree);
    return result;
}
