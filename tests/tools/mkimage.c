/*
 * mkimage [-1|-2] [-i] [-f iso,joliet,udf] [-u REVISION] [-o] [-s] [-n NAME] [-b BLOCK] [-t] FOLDER IMAGE:
 * makes an image file of a folder with the core alone: level 1 (default) or 2, -i without Joliet, -f the file
 * systems (default iso,joliet), -u the UDF revision (default 1.02), -o with one copy of UDF's metadata, -s
 * strict, volume name, session start, -t tells the seconds of each phase. It is measured beside genisoimage
 * and xorriso, and makes images for them to read. What is neither folder nor file is left out.
 */
#define _FILE_OFFSET_BITS 64
#define _POSIX_C_SOURCE 200809L

#include "openimapi/fs_image.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHUNK ((size_t)1 << 17)         /* measured with warm caches; from 1 MiB on the system takes longer */

/* --- host files: an image is read forwards, so that one of them is open at a time ----------------------- */

struct host_file
{
    struct source base;
    const char *folder;                 /* shared by its files */
    char name[];
};

static const struct host_file *open_file;
static int open_handle = -1;

static char *join(const char *folder, const char *name)
{
    size_t length = strlen(folder), size = length + strlen(name) + 2;
    char *path = malloc(size);

    if (!path) return NULL;
    memcpy(path, folder, length);
    path[length] = '/';
    memcpy(path + length + 1, name, size - length - 1);
    return path;
}

static void close_host(void)
{
    if (open_handle >= 0) close(open_handle);
    open_handle = -1;
    open_file = NULL;
}

static enum oi_status open_host(const struct host_file *file)
{
    char *path;

    if (open_file == file) return OI_OK;
    close_host();
    if (!(path = join(file->folder, file->name))) return OI_NO_MEMORY;
    open_handle = open(path, O_RDONLY);
    free(path);
    if (open_handle < 0) return OI_SOURCE_OPEN;
    open_file = file;
    return OI_OK;
}

static enum oi_status host_read(struct source *source, uint64_t offset, void *buffer, size_t size,
                                size_t *got)
{
    struct host_file *file = (struct host_file *)source;

    *got = 0;
    TRY(open_host(file));
    while (*got < size)
    {
        ssize_t part = pread(open_handle, (char *)buffer + *got, size - *got, (off_t)(offset + *got));

        if (part < 0 && errno == EINTR) continue;
        if (part < 0) return OI_SOURCE_READ;
        *got += (size_t)part;
        if (part == 0 || *got + offset >= source->size) break;
    }
    if (*got < size) close_host();
    return OI_OK;
}

static void host_destroy(struct source *source)
{
    if (open_file == (struct host_file *)source) close_host();
    free(source);
}

static const struct source_ops host_ops = { .read = host_read, .destroy = host_destroy };

static struct source *host_create(const char *folder, const char *name, uint64_t size)
{
    size_t length = strlen(name) + 1;
    struct host_file *file = malloc(sizeof(*file) + length);

    if (!file) return NULL;
    source_init(&file->base, &host_ops, size);
    file->folder = folder;
    memcpy(file->name, name, length);
    return &file->base;
}

/* --- the folder ----------------------------------------------------------------------------------------- */

/* The paths of all folders, as long as files may ask for them. */
struct paths
{
    char **items;
    size_t count, capacity;
};

/* Takes over the path; NULL when memory is out. */
static char *keep_path(struct paths *paths, char *path)
{
    if (path && paths->count == paths->capacity)
    {
        size_t capacity = paths->capacity * 2 + 16;
        char **larger = realloc(paths->items, capacity * sizeof(*larger));

        if (!larger)
        {
            free(path);
            return NULL;
        }
        paths->items = larger;
        paths->capacity = capacity;
    }
    if (path) paths->items[paths->count++] = path;
    return path;
}

static void free_paths(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) free(paths->items[i]);
    free(paths->items);
}

static fs_time time_of(const struct timespec *time)
{
    return (fs_time)time->tv_sec * FS_TIME_SECOND + time->tv_nsec / 100;
}

static int complain(const char *path, enum oi_status status, struct fs_detail *detail)
{
    char *item = detail && detail->item ? text_to_utf8(detail->item) : NULL;

    fprintf(stderr, "mkimage: %s: %s%s%s (%llu, %llu)\n", path, status_text(status), item ? ": " : "",
            item ? item : "", detail ? (unsigned long long)detail->expected : 0,
            detail ? (unsigned long long)detail->found : 0);
    free(item);
    fs_detail_clear(detail);
    return 1;
}

/* Adds one entry; *child is its item when it is a folder. */
static int add_entry(struct fs_tree *tree, struct fs_item *parent, int handle, const char *folder,
                     const char *name, struct fs_item **child)
{
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_item *item = NULL;
    struct source *data = NULL;
    enum oi_status status = OI_NO_MEMORY;
    struct fs_times times;
    char16_t *unicode;
    struct stat info;

    *child = NULL;
    if (fstatat(handle, name, &info, AT_SYMLINK_NOFOLLOW)) return complain(name, OI_SOURCE_OPEN, NULL);
    if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) return 0;
    times = (struct fs_times){ time_of(&info.st_ctim), time_of(&info.st_atim), time_of(&info.st_mtim) };
    if (!(unicode = text_from_utf8(name))) goto done;
    status = fs_item_create(tree, S_ISDIR(info.st_mode) ? FS_DIRECTORY : FS_FILE, unicode, &item, &detail);
    if (status) goto done;
    fs_item_set_times(item, &times);
    if (S_ISREG(info.st_mode))
    {
        status = OI_NO_MEMORY;
        if (!(data = host_create(folder, name, (uint64_t)info.st_size))) goto done;
        if ((status = fs_item_set_data(item, data))) goto done;
    }
    if ((status = fs_add(parent, item, &detail))) goto done;
    if (S_ISDIR(info.st_mode)) *child = item;

done:
    source_unref(data);
    fs_item_unref(item);
    free(unicode);
    return status ? complain(name, status, &detail) : 0;
}

static int add_folder(struct fs_tree *tree, struct fs_item *item, const char *path, struct paths *paths)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    int failed = 0;

    if (!folder) return complain(path, OI_SOURCE_OPEN, NULL);
    while (!failed && (entry = readdir(folder)))
    {
        struct fs_item *child;

        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        failed = add_entry(tree, item, dirfd(folder), path, entry->d_name, &child);
        if (!failed && child)
        {
            const char *below = keep_path(paths, join(path, entry->d_name));

            failed = below ? add_folder(tree, child, below, paths) : complain(path, OI_NO_MEMORY, NULL);
        }
    }
    closedir(folder);
    return failed;
}

/* --- the image ------------------------------------------------------------------------------------------ */

/* The size is known: claiming it first spares the file system a third of its time, and a full one shows. */
static int claim(int handle, uint64_t size)
{
    int error = posix_fallocate(handle, 0, (off_t)size);

    return error == ENOSPC || error == EFBIG;
}

static int write_image(struct source *image, const char *path)
{
    int handle = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666), failed = 0;
    char *buffer = malloc(CHUNK);

    if (handle < 0 || !buffer || claim(handle, image->size)) failed = complain(path, OI_IO, NULL);
    for (uint64_t at = 0; !failed && at < image->size;)
    {
        struct fs_detail detail = { NULL, 0, 0, 0 };
        size_t got = 0;
        enum oi_status status = source_read_some(image, at, buffer, CHUNK, &got);

        if (status)
        {
            fs_image_failure(image, &detail);
            failed = complain(path, status, &detail);
        }
        else if (write(handle, buffer, got) != (ssize_t)got)
        {
            failed = complain(path, OI_IO, NULL);
        }
        at += got;
    }
    free(buffer);
    if (handle >= 0 && close(handle)) failed = complain(path, OI_IO, NULL);
    return failed;
}

/* --- phases --------------------------------------------------------------------------------------------- */

#define JUMPS 1000
#define JUMP_SIZE 4096

static int told;                        /* -t */

/* The seconds since the last call. */
static void tell(const char *phase)
{
    static struct timespec last;
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    if (told && phase)
    {
        printf("%s %.6f\n", phase,
               (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9);
    }
    last = now;
}

/* What a program does that looks into an image here and there; the same places each time. */
static int jump(struct source *image)
{
    static uint8_t buffer[JUMP_SIZE];
    uint64_t state = 0x9E3779B97F4A7C15u, blocks = image->size / JUMP_SIZE;

    for (int i = 0; i < JUMPS && blocks; i++)
    {
        state = state * 6364136223846793005u + 1442695040888963407u;
        if (source_read(image, (state >> 20) % blocks * JUMP_SIZE, buffer, sizeof(buffer))) return 1;
    }
    return 0;
}

static int make(const struct fs_options *options, const struct fs_layout_params *params, const char *folder,
                const char *path)
{
    struct paths paths = { NULL, 0, 0 };
    struct fs_detail detail = { NULL, 0, 0, 0 };
    struct fs_tree *tree = NULL;
    struct fs_layout *layout = NULL;
    struct source *image = NULL;
    enum oi_status status = fs_tree_create(options, &tree);
    int failed = 0;

    tell(NULL);
    if (!status) failed = add_folder(tree, fs_tree_root(tree), folder, &paths);
    tell("tree");
    if (!status && !failed) status = fs_layout_create(tree, params, &layout, &detail);
    tell("layout");
    fs_tree_destroy(tree);
    if (!status && !failed) status = fs_image_create(layout, &image);
    fs_layout_unref(layout);
    if (status) failed = complain(folder, status, &detail);
    tell(NULL);
    if (!failed) failed = write_image(image, path);
    tell("image");
    if (!failed && told) failed = jump(image);
    tell("jumps");
    source_unref(image);
    free_paths(&paths);
    return failed;
}

static unsigned file_systems_of(const char *text)
{
    unsigned kinds = strstr(text, "iso") ? FS_ISO9660 : 0;

    if (strstr(text, "joliet")) kinds |= FS_JOLIET;
    return strstr(text, "udf") ? kinds | FS_UDF : kinds;
}

/* "2.50" is 0x250. */
static unsigned revision_of(const char *text)
{
    unsigned whole = 0, part = 0;

    return sscanf(text, "%x.%x", &whole, &part) == 2 ? whole << 8 | part : 0;
}

int main(int argc, char **argv)
{
    struct fs_layout_params params = { .volume_name = NULL };
    struct fs_options options;
    struct timespec now;
    int option, failed;
    char16_t *name = NULL;

    fs_options_init(&options);
    clock_gettime(CLOCK_REALTIME, &now);
    params.time = time_of(&now);
    while ((option = getopt(argc, argv, "12if:u:osn:b:t")) != -1)
    {
        switch (option)
        {
        case '1': options.iso9660_level = 1; break;
        case '2': options.iso9660_level = 2; break;
        case 'i': options.file_systems = FS_ISO9660; break;
        case 'f': options.file_systems = file_systems_of(optarg); break;
        case 'u': options.udf_revision = revision_of(optarg); break;
        case 'o': options.udf_redundant = 0; break;
        case 's': options.strict = 1; break;
        case 'n': free(name); name = text_from_utf8(optarg); break;
        case 'b': params.session_start = (uint32_t)strtoul(optarg, NULL, 0); break;
        case 't': told = 1; break;
        default: argc = 0; break;
        }
    }
    if (argc - optind != 2)
    {
        fprintf(stderr, "usage: mkimage [-1|-2] [-i] [-f iso,joliet,udf] [-u REVISION] [-o] [-s] [-n NAME] "
                        "[-b BLOCK] [-t] FOLDER IMAGE\n");
        free(name);
        return 2;
    }
    params.volume_name = name;
    failed = make(&options, &params, argv[optind], argv[optind + 1]);
    free(name);
    return failed;
}
