/* What tests of named streams share: an image with one file, and the collection of its streams. */
#ifndef WINE_TESTS_NAMED_STREAMS_H
#define WINE_TESTS_NAMED_STREAMS_H

#include "fsi.h"

#define IF2 L"IFsiFileItem2"
#define INS L"IFsiNamedStreams"

struct rig
{
    struct fsi fsi;
    IFsiFileItem2 *file;
    IFsiNamedStreams *streams;
};

static inline BOOL rig_open(struct rig *rig)
{
    memset(rig, 0, sizeof(*rig));
    if (!fsi_open(&rig->fsi)) return FALSE;
    fsi_add_file(&rig->fsi, L"file", 1);
    rig->file = fsi_item(&rig->fsi, L"file", &IID_IFsiFileItem2);
    if (!rig->file) return FALSE;
    check_pair(IFsiFileItem2_get_FsiNamedStreams(rig->file, &rig->streams), IF2, L"get_FsiNamedStreams",
               S_OK);
    return rig->streams != NULL;
}

static inline void rig_close(struct rig *rig)
{
    check_last_release(rig->streams);
    check_last_release(rig->file);
    fsi_close(&rig->fsi);
}

static inline HRESULT add(struct rig *rig, const WCHAR *name, ULONG size)
{
    IStream *data = fsi_stream(size);
    HRESULT hr = IFsiFileItem2_AddStream(rig->file, (BSTR)name, data);

    IStream_Release(data);
    return hr;
}

static inline LONG count(struct rig *rig)
{
    LONG value = -1;

    check_pair(IFsiNamedStreams_get_Count(rig->streams, &value), INS, L"get_Count", S_OK);
    return value;
}

static inline void check_name(IFsiFileItem2 *item, const WCHAR *expected)
{
    BSTR name = NULL;

    if (!ok(item != NULL, "an item for %s", test_text(expected))) return;
    IFsiFileItem2_get_Name(item, &name);
    ok_text(name, expected, "Name");
    SysFreeString(name);
}

static inline IFsiFileItem2 *item(struct rig *rig, LONG index)
{
    IFsiFileItem2 *out = NULL;

    check_pair(IFsiNamedStreams_get_Item(rig->streams, index, &out), INS, L"get_Item", S_OK);
    return out;
}

static inline LONG used(struct fsi *fsi)
{
    LONG blocks = -1;

    ok_hr(IFileSystemImage3_get_UsedBlocks(fsi->image, &blocks), S_OK, "UsedBlocks");
    return blocks;
}

#endif
