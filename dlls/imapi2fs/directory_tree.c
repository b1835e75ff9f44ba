/* AddTree: mirrors a folder of this computer, or one file, below a directory of the image. Folders are
   walked without recursion, by paths with the \\?\ prefix, so that neither the stack nor MAX_PATH ends the
   walk. */
#include "imapi2fs/imapi2fs_room.h"

/* Tells a folder from all others, to find a link that leads back to a folder above it. The times stand in
   for volumes, which not every system numbers. */
struct identity
{
    DWORD volume, index_high, index_low;
    FILETIME created, written;
};

/* A folder that is being listed. */
struct level
{
    HANDLE find;
    struct fs_item *directory;          /* where its content goes; stays in the tree meanwhile */
    size_t length;                      /* of its path in walk.path */
    BOOL identified;                    /* the next is known: only asked for when a link is met */
    struct identity identity;
    BOOL found_there; /* the directory was in the image before: its children may be replaced */
    struct fs_item **taken;             /* then: children that came from this folder */
    size_t taken_count, taken_room;
};

struct walk
{
    struct image *image;
    void *iface;
    BOOL stage;
    BOOL streams;                       /* take the named streams of files as well */
    struct host_path path;              /* of the folder or file that the walk is at */
    struct host_folder *folder;         /* of the last file */
    struct level *levels;
    size_t depth, level_room;
    WIN32_FIND_DATAW data;              /* the entry that the walk is at */
};

/* --- failures ---------------------------------------------------------------------------------------- */

static HRESULT folder_failure(struct walk *walk, DWORD error)
{
    return com_fail_cause(walk->iface, IMAPI_E_DIRECTORY_READ_FAILURE, HRESULT_FROM_WIN32(error),
                          COM_TEXT(host_path_shown(&walk->path)));
}

/* --- items ------------------------------------------------------------------------------------------- */

static fs_time time_of(FILETIME time)
{
    return (fs_time)((ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime) - FS_TIME_FILETIME;
}

/* An item with the name, the times and the hidden attribute of the entry: who copies a folder to a disc
   expects to find them there. */
static HRESULT new_item(struct walk *walk, enum fs_type type, struct fs_item **out)
{
    const WIN32_FIND_DATAW *data = &walk->data;
    struct fs_times times =
    {
        time_of(data->ftCreationTime), time_of(data->ftLastAccessTime), time_of(data->ftLastWriteTime)
    };
    struct fs_detail detail = { 0 };
    enum oi_status status;

    image_lock(walk->image);
    status = fs_item_create(walk->image->tree, type, data->cFileName, out, &detail);
    if (!status)
    {
        fs_item_set_times(*out, &times);
        fs_item_set_hidden(*out, (data->dwFileAttributes & FILE_ATTRIBUTE_HIDDEN) != 0);
    }
    image_unlock(walk->image);
    if (status == OI_NAME_INVALID)
    {
        fs_detail_clear(&detail);
        return com_fail_with(walk->iface, IMAPI_E_INVALID_PATH, COM_TEXT(host_path_shown(&walk->path)));
    }
    return fsi_fail(walk->iface, status, &detail);
}

/* Remembers a child that came from the folder of this level. */
static enum oi_status note_taken(struct level *level, struct fs_item *item)
{
    if (!level->found_there) return OI_OK;
    if (level->taken_count == level->taken_room)
    {
        size_t room = level->taken_room ? 2 * level->taken_room : 16;
        struct fs_item **taken = realloc(level->taken, room * sizeof(*taken));

        if (!taken) return OI_NO_MEMORY;
        level->taken = taken;
        level->taken_room = room;
    }
    level->taken[level->taken_count++] = item;
    return OI_OK;
}

/* Did the child come from this very folder? Two of its entries then differ in letter case only, and the
   image cannot have both. */
static BOOL was_taken(const struct level *level, const struct fs_item *item)
{
    if (!level->found_there) return TRUE;
    for (size_t i = 0; i < level->taken_count; i++)
    {
        if (level->taken[i] == item) return TRUE;
    }
    return FALSE;
}

/* Makes room for an entry: what the image had under its name before goes, for the source wins; except that
   folders of one name become one (*existing). */
static HRESULT clear_name(struct walk *walk, struct level *level, enum fs_type type,
                          struct fs_item **existing)
{
    const WCHAR *name = walk->data.cFileName;
    struct fs_detail detail = { 0 };
    enum oi_status status = OI_OK;
    struct fs_item *item;

    *existing = NULL;
    if (!level->found_there) return S_OK;           /* fs_add finds duplicates */
    image_lock(walk->image);
    item = fs_item_child(level->directory, name);
    if (item && text_compare_fold(fs_item_name(item), name))
        item = NULL; /* only its shortened name is like it */
    if (item && was_taken(level, item))
    {
        status = OI_NAME_EXISTS;
        detail.item = text_copy(name);
    }
    else if (item && type == FS_DIRECTORY && fs_item_type(item) == FS_DIRECTORY)
        *existing = item;
    else if (item)
        status = fs_remove_tree(item, &detail);
    image_unlock(walk->image);
    return fsi_fail(walk->iface, status, &detail);
}

/* The file that walk->path leads to, or ":name" behind it, could not be opened. */
static HRESULT file_failure(struct walk *walk, DWORD error)
{
    return com_fail_cause(walk->iface, IMAPI_E_DATA_STREAM_CREATE_FAILURE, HRESULT_FROM_WIN32(error),
                          COM_TEXT(host_path_shown(&walk->path)));
}

struct streams
{
    struct walk *walk;
    struct fs_item *file;
    size_t length;                      /* of the file's path */
};

static HRESULT add_stream(void *context, const WCHAR *name)
{
    const struct streams *streams = context;
    struct walk *walk = streams->walk;
    struct source *data = NULL;
    enum oi_status status;
    struct fs_times times;
    uint64_t size;
    DWORD error;
    HRESULT hr;

    if (host_path_append(&walk->path, streams->length, L':', name))
        return com_fail(walk->iface, E_OUTOFMEMORY);
    if (fs_name_check(name, FALSE))
        return com_fail_with(walk->iface, IMAPI_E_INVALID_PATH, COM_TEXT(host_path_shown(&walk->path)));
    /* As a link: its handle tells the size, whatever a system says about such a name. */
    error = host_file_probe(walk->path.text, FILE_ATTRIBUTE_REPARSE_POINT, &size);
    if (error) return file_failure(walk, error);
    status = host_file_create(&walk->folder, walk->path.text, size, &data);
    fs_item_times(streams->file, &times);
    hr = status ? fsi_fail(walk->iface, status, NULL)
                : named_stream_add(walk->image, walk->iface, streams->file, name, data, &times, walk->stage);
    source_unref(data);
    host_path_cut(&walk->path, streams->length);
    return hr;
}

static HRESULT add_streams(struct walk *walk, struct fs_item *file)
{
    struct streams streams = { walk, file, walk->path.length };
    DWORD error;
    HRESULT hr = host_streams_each(walk->path.text, &error, add_stream, &streams);

    return SUCCEEDED(hr) && error ? file_failure(walk, error) : hr;
}

static HRESULT add_file(struct walk *walk, struct level *level)
{
    struct fs_item *item = NULL, *existing;
    struct source *data = NULL;
    enum oi_status status;
    uint64_t size;
    DWORD error;
    HRESULT hr;

    /* Opened once now, to know that it can be, and how long it is: the listing may be out of date. */
    error = host_file_probe(walk->path.text, walk->data.dwFileAttributes, &size);
    if (error) return file_failure(walk, error);
    hr = clear_name(walk, level, FS_FILE, &existing);
    if (SUCCEEDED(hr)) hr = new_item(walk, FS_FILE, &item);
    if (SUCCEEDED(hr))
    {
        status = host_file_create(&walk->folder, walk->path.text, size, &data);
        if (!status) status = fs_item_set_data(item, data);
        hr = status ? fsi_fail(walk->iface, status, NULL)
                    : directory_add_file(walk->image, walk->iface, level->directory, item, walk->stage);
    }
    if (SUCCEEDED(hr) && walk->streams) hr = add_streams(walk, item);
    if (SUCCEEDED(hr) && note_taken(level, item)) hr = com_fail(walk->iface, E_OUTOFMEMORY);
    source_unref(data);
    fs_item_unref(item);
    return hr;
}

/* The directory of the image for a folder: a new one, or what is there already. */
static HRESULT add_directory(struct walk *walk, struct level *level, struct fs_item **out, BOOL *found_there)
{
    struct fs_detail detail = { 0 };
    struct fs_item *item = NULL;
    enum oi_status status;
    HRESULT hr = clear_name(walk, level, FS_DIRECTORY, out);

    *found_there = *out != NULL;
    if (SUCCEEDED(hr) && !*out)
    {
        hr = new_item(walk, FS_DIRECTORY, &item);
        if (FAILED(hr)) return hr;
        image_lock(walk->image);
        status = fs_add(level->directory, item, &detail);
        image_unlock(walk->image);
        fs_item_unref(item);                        /* the tree has it */
        hr = fsi_fail(walk->iface, status, &detail);
        *out = item;
    }
    if (SUCCEEDED(hr) && note_taken(level, *out)) hr = com_fail(walk->iface, E_OUTOFMEMORY);
    return hr;
}

/* --- folders ----------------------------------------------------------------------------------------- */

static DWORD identify(const WCHAR *path, struct identity *identity)
{
    HANDLE handle =
        CreateFileW(path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    BY_HANDLE_FILE_INFORMATION info;
    DWORD error = 0;

    if (handle == INVALID_HANDLE_VALUE) return GetLastError();
    if (GetFileInformationByHandle(handle, &info))
    {
        memset(identity, 0, sizeof(*identity));
        identity->volume = info.dwVolumeSerialNumber;
        identity->index_high = info.nFileIndexHigh;
        identity->index_low = info.nFileIndexLow;
        identity->created = info.ftCreationTime;
        identity->written = info.ftLastWriteTime;
    }
    else
        error = GetLastError();
    CloseHandle(handle);
    return error;
}

static BOOL is_entry(const WIN32_FIND_DATAW *data)
{
    return wcscmp(data->cFileName, L".") && wcscmp(data->cFileName, L"..");
}

/* Does the link at walk->path lead to a folder that the walk is in? Every circle has a link in it, so that
   looking at links alone finds all of them, and spares an open of each folder. 0, or a Windows error. */
static DWORD check_link(struct walk *walk)
{
    struct identity target;
    DWORD error = identify(walk->path.text, &target);

    for (size_t i = 0; i < walk->depth && !error; i++)
    {
        struct level *level = &walk->levels[i];
        WCHAR behind = walk->path.text[level->length];

        if (!level->identified)
        {
            walk->path.text[level->length] = 0;
            error = identify(walk->path.text, &level->identity);
            walk->path.text[level->length] = behind;
            level->identified = !error;
        }
        if (!error && !memcmp(&level->identity, &target, sizeof(target))) error = ERROR_CANT_RESOLVE_FILENAME;
    }
    return error;
}

/* Opens the folder at walk->path. */
static HRESULT enter(struct walk *walk, struct fs_item *directory, BOOL found_there)
{
    struct level level = { .directory = directory, .length = walk->path.length, .found_there = found_there };
    DWORD error = 0;

    if (walk->depth && walk->data.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) error = check_link(walk);
    if (error) return folder_failure(walk, error);
    if (walk->depth == walk->level_room)
    {
        size_t room = walk->level_room ? 2 * walk->level_room : 16;
        struct level *levels = realloc(walk->levels, room * sizeof(*levels));

        if (!levels) return com_fail(walk->iface, E_OUTOFMEMORY);
        walk->levels = levels;
        walk->level_room = room;
    }
    if (host_path_set(&walk->path, level.length, L"*")) return com_fail(walk->iface, E_OUTOFMEMORY);
    level.find = FindFirstFileExW(walk->path.text, FindExInfoBasic, &walk->data, FindExSearchNameMatch, NULL,
                                  FIND_FIRST_EX_LARGE_FETCH);
    error = level.find == INVALID_HANDLE_VALUE ? GetLastError() : 0;
    host_path_cut(&walk->path, level.length);
    /* The root of a drive may have no entry at all, not even "." */
    if (error == ERROR_FILE_NOT_FOUND) return S_OK;
    if (error) return folder_failure(walk, error);
    walk->levels[walk->depth++] = level;
    return S_OK;
}

static void leave(struct walk *walk)
{
    struct level *level = &walk->levels[--walk->depth];

    FindClose(level->find);
    free(level->taken);
}

/* The entry at walk->data, in the folder of the innermost level. */
static HRESULT take_entry(struct walk *walk)
{
    struct level *level = &walk->levels[walk->depth - 1];
    struct fs_item *directory;
    BOOL found_there;
    HRESULT hr;

    if (host_path_set(&walk->path, level->length, walk->data.cFileName))
        return com_fail(walk->iface, E_OUTOFMEMORY);
    if (!(walk->data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) return add_file(walk, level);
    hr = add_directory(walk, level, &directory, &found_there);
    return FAILED(hr) ? hr : enter(walk, directory, found_there);
}

/* Everything in and below the folder at walk->path. */
static HRESULT take_content(struct walk *walk, struct fs_item *directory, BOOL found_there)
{
    HRESULT hr = enter(walk, directory, found_there);
    BOOL fresh = walk->depth != 0;                  /* walk->data holds an entry that was not looked at */

    while (SUCCEEDED(hr) && walk->depth)
    {
        size_t depth = walk->depth;
        DWORD error;

        if (fresh || FindNextFileW(walk->levels[depth - 1].find, &walk->data))
        {
            fresh = FALSE;
            if (!is_entry(&walk->data)) continue;
            hr = take_entry(walk);
            fresh = walk->depth > depth;
            continue;
        }
        error = GetLastError();
        host_path_cut(&walk->path, walk->levels[depth - 1].length);
        if (error == ERROR_NO_MORE_FILES) leave(walk);
        else hr = folder_failure(walk, error);
    }
    while (walk->depth) leave(walk);
    return hr;
}

/* --- the method -------------------------------------------------------------------------------------- */

static HRESULT take_source(struct walk *walk, struct fs_item *target, BOOL with_base)
{
    /* The target as a level of its own, for the one entry that the source is. */
    struct level above = { .find = INVALID_HANDLE_VALUE, .directory = target, .found_there = TRUE };
    WIN32_FILE_ATTRIBUTE_DATA attributes;
    struct fs_item *directory = target;
    BOOL is_directory, found_there = TRUE;
    HANDLE find;
    HRESULT hr = S_OK;

    if (!GetFileAttributesExW(walk->path.text, GetFileExInfoStandard, &attributes))
        return fsi_fail_win32(walk->iface, GetLastError());
    is_directory = (attributes.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (!is_directory || with_base)
    {
        /* The entry has the name as it is written on the disk. A drive's root has no entry, and so no base
           to include. */
        find = FindFirstFileW(walk->path.text, &walk->data);
        if (find == INVALID_HANDLE_VALUE)
        {
            DWORD error = GetLastError();
            BOOL is_root = walk->path.text[walk->path.length - 1] == '\\';

            if (!is_directory || !is_root) return fsi_fail_win32(walk->iface, error);
        }
        else
        {
            FindClose(find);
            hr =
                is_directory ? add_directory(walk, &above, &directory, &found_there) : add_file(walk, &above);
        }
    }
    if (SUCCEEDED(hr) && is_directory) hr = take_content(walk, directory, found_there);
    free(above.taken);
    return hr;
}

HRESULT directory_add_tree(struct item *self, void *iface, const WCHAR *source, BOOL with_base,
                           BOOL with_streams)
{
    struct walk *walk;
    DWORD error;
    HRESULT hr = image_begin(self->image, iface);

    if (FAILED(hr)) return hr;
    walk = calloc(1, sizeof(*walk));
    if (walk)
    {
        walk->image = self->image;
        walk->iface = iface;
        walk->streams = with_streams;
        error = host_path_start(&walk->path, source);
        if (error)
            hr = fsi_fail_win32(iface, error);
        else
        {
            /* What may be gone when the disc is written, or may be the very disc, is staged in any case. */
            walk->stage = self->image->stage_files || host_path_is_removable(&walk->path);
            hr = take_source(walk, self->node, with_base);
        }
        free(walk->levels);
        host_path_clear(&walk->path);
        host_folder_release(walk->folder);
        free(walk);
    }
    else
        hr = com_fail(iface, E_OUTOFMEMORY);
    image_end(self->image, SUCCEEDED(hr));
    return hr;
}
