/*
 * Fills a folder with files of random content for the benchmarks; the same arguments make the same files.
 *   maketree FOLDER FILES FOLDERS SMALLEST LARGEST
 * makes FILES files of SMALLEST to LARGEST bytes, spread over FOLDERS folders (0: all directly in FOLDER).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t state = 0x9E3779B97F4A7C15u;

/* xorshift64*, good enough that no peer gains by compressing. */
static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545F4914F6CDD1Du;
}

static int make_folder(const char *path)
{
    struct stat info;

    return mkdir(path, 0777) && (stat(path, &info) || !S_ISDIR(info.st_mode)) ? -1 : 0;
}

static int make_file(const char *path, uint64_t size)
{
    static uint64_t buffer[8192];
    FILE *file = fopen(path, "wb");
    int failed = !file;

    while (!failed && size)
    {
        size_t part = size < sizeof(buffer) ? (size_t)size : sizeof(buffer), i;

        for (i = 0; i < (part + 7) / 8; i++) buffer[i] = next_random();
        failed = fwrite(buffer, 1, part, file) != part;
        size -= part;
    }
    if (file && fclose(file)) failed = 1;
    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    unsigned long files, folders, i;
    uint64_t smallest, largest;
    char path[4096];

    if (argc != 6)
    {
        fprintf(stderr, "usage: maketree FOLDER FILES FOLDERS SMALLEST LARGEST\n");
        return 2;
    }
    files = strtoul(argv[2], NULL, 10);
    folders = strtoul(argv[3], NULL, 10);
    smallest = strtoull(argv[4], NULL, 10);
    largest = strtoull(argv[5], NULL, 10);
    if (largest < smallest || make_folder(argv[1])) return 1;
    for (i = 0; i < files; i++)
    {
        if (folders)
        {
            snprintf(path, sizeof(path), "%s/Folder %03lu", argv[1], i % folders);
            if (i < folders && make_folder(path)) return 1;
            snprintf(path, sizeof(path), "%s/Folder %03lu/Some file %05lu.data", argv[1], i % folders, i);
        }
        else
            snprintf(path, sizeof(path), "%s/Large file %05lu.data", argv[1], i);
        if (make_file(path, smallest + next_random() % (largest - smallest + 1)))
        {
            fprintf(stderr, "maketree: %s cannot be written\n", path);
            return 1;
        }
    }
    return 0;
}
