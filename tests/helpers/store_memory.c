/* Disc files in memory: pages where something was written, holes elsewhere. */
#include "helpers/store_memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE (64u * 1024)
#define FILES_MAX 4
#define SPARES_MAX 64

struct page
{
    uint64_t number;
    uint8_t *bytes;
};

struct memory_file
{
    char path[160];                     /* "": free */
    uint64_t size;
    struct page *pages;
    size_t page_count, page_room;
    unsigned int handles;
    struct emu_file *locked_by;
};

struct emu_file
{
    struct memory_file *file;
};

static struct memory_file files[FILES_MAX];

/* Pages given back, for the next disc: fresh memory is slow under the address sanitizer. */
static uint8_t *spares[SPARES_MAX];
static size_t spare_count;

static uint8_t *new_page(void)
{
    uint8_t *bytes = spare_count ? spares[--spare_count] : malloc(PAGE_SIZE);

    if (bytes) memset(bytes, 0, PAGE_SIZE);
    return bytes;
}

static void free_page(uint8_t *bytes)
{
    if (spare_count < SPARES_MAX) spares[spare_count++] = bytes;
    else free(bytes);
}

static struct memory_file *find(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++)
    {
        if (!strcmp(files[i].path, path)) return &files[i];
    }
    return NULL;
}

/* NULL: a hole, or no memory for a new one. */
static uint8_t *page_at(struct memory_file *file, uint64_t number, int create)
{
    struct page *page;

    for (size_t i = file->page_count; i > 0; i--)
    {
        if (file->pages[i - 1].number == number) return file->pages[i - 1].bytes;
    }
    if (!create) return NULL;
    if (file->page_count == file->page_room)
    {
        size_t room = file->page_room * 2 + 16;
        struct page *pages = realloc(file->pages, room * sizeof(*pages));

        if (!pages) return NULL;
        file->pages = pages;
        file->page_room = room;
    }
    page = &file->pages[file->page_count];
    page->number = number;
    page->bytes = new_page();
    if (page->bytes) file->page_count++;
    return page->bytes;
}

static enum oi_status memory_open(struct emu_store *store, const char *path, enum emu_open_mode mode,
                                  struct emu_file **out, int *writable)
{
    struct memory_file *file = find(path);

    (void)store;
    *writable = 1;
    if (!file && mode == EMU_OPEN_EXISTING) return OI_NOT_FOUND;
    if (!file)
    {
        file = find("");
        if (!file || strlen(path) >= sizeof(file->path)) return OI_IO;
        strcpy(file->path, path);
    }
    *out = malloc(sizeof(**out));
    if (!*out) return OI_NO_MEMORY;
    (*out)->file = file;
    file->handles++;
    return OI_OK;
}

static void memory_unlock(struct emu_file *handle)
{
    if (handle->file->locked_by == handle) handle->file->locked_by = NULL;
}

static void memory_close(struct emu_file *handle)
{
    memory_unlock(handle);
    handle->file->handles--;
    free(handle);
}

static void read_file(struct memory_file *file, uint64_t offset, uint8_t *out, size_t size)
{
    while (size)
    {
        size_t at = (size_t)(offset % PAGE_SIZE), part = PAGE_SIZE - at < size ? PAGE_SIZE - at : size;
        const uint8_t *page = page_at(file, offset / PAGE_SIZE, 0);

        if (page) memcpy(out, page + at, part);
        else memset(out, 0, part);
        offset += part;
        out += part;
        size -= part;
    }
}

static size_t read_some(struct memory_file *file, uint64_t offset, void *buffer, size_t size)
{
    if (offset >= file->size) return 0;
    if (size > file->size - offset) size = (size_t)(file->size - offset);
    read_file(file, offset, buffer, size);
    return size;
}

static enum oi_status memory_read(struct emu_file *handle, uint64_t offset, void *buffer, size_t size,
                                  size_t *got)
{
    *got = read_some(handle->file, offset, buffer, size);
    return OI_OK;
}

static enum oi_status memory_write(struct emu_file *handle, uint64_t offset, const void *buffer, size_t size)
{
    struct memory_file *file = handle->file;
    const uint8_t *bytes = buffer;

    if (offset + size > file->size) file->size = offset + size;
    while (size)
    {
        size_t at = (size_t)(offset % PAGE_SIZE), part = PAGE_SIZE - at < size ? PAGE_SIZE - at : size;
        uint8_t *page = page_at(file, offset / PAGE_SIZE, 1);

        if (!page) return OI_IO;
        memcpy(page + at, bytes, part);
        offset += part;
        bytes += part;
        size -= part;
    }
    return OI_OK;
}

static enum oi_status memory_get_size(struct emu_file *handle, uint64_t *size)
{
    *size = handle->file->size;
    return OI_OK;
}

/* What is cut off is zeros when the file grows again. */
static enum oi_status memory_set_size(struct emu_file *handle, uint64_t size)
{
    struct memory_file *file = handle->file;

    for (size_t i = 0; i < file->page_count; i++)
    {
        struct page *page = &file->pages[i];
        uint64_t start = page->number * PAGE_SIZE;

        if (size <= start) memset(page->bytes, 0, PAGE_SIZE);
        else if (size - start < PAGE_SIZE)
        {
            memset(page->bytes + (size - start), 0, PAGE_SIZE - (size_t)(size - start));
        }
    }
    file->size = size;
    return OI_OK;
}

static enum oi_status memory_flush(struct emu_file *handle)
{
    (void)handle;
    return OI_OK;
}

static enum oi_status memory_lock(struct emu_file *handle, uint32_t milliseconds)
{
    (void)milliseconds;
    if (handle->file->locked_by) return OI_LOCKED;
    handle->file->locked_by = handle;
    return OI_OK;
}

struct emu_store *store_memory(void)
{
    static const struct emu_store_ops ops =
    {
        .open = memory_open, .close = memory_close, .read = memory_read, .write = memory_write,
        .get_size = memory_get_size, .set_size = memory_set_size, .flush = memory_flush, .lock = memory_lock,
        .unlock = memory_unlock,
    };
    static struct emu_store store = { &ops };

    return &store;
}

void store_memory_clear(void)
{
    for (size_t i = 0; i < FILES_MAX; i++)
    {
        struct memory_file *file = &files[i];

        assert(!file->handles);
        for (size_t j = 0; j < file->page_count; j++) free_page(file->pages[j].bytes);
        free(file->pages);
        memset(file, 0, sizeof(*file));
    }
}

size_t store_memory_read(const char *path, uint64_t offset, void *buffer, size_t size)
{
    struct memory_file *file = find(path);

    return file ? read_some(file, offset, buffer, size) : 0;
}
