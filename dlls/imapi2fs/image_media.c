/* MsftFileSystemImage: how much fits, which file systems are made, and what suits a medium. */
#include "imapi2fs/imapi2fs_room.h"

/* --- limits ------------------------------------------------------------------------------------------ */

HRESULT image_fail_options(void *iface, enum oi_status status, struct fs_detail *detail)
{
    if (status != OI_TOO_LARGE) return fsi_fail(iface, status, detail);
    fs_detail_clear(detail);
    return com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);
}

/* An imported session fixes the file systems of the one to come. The lock is held. */
static HRESULT check_imported(const struct image *self, unsigned file_systems, unsigned revision)
{
    if (!self->imported) return S_OK;
    if (file_systems != self->imported->file_systems) return IMAPI_E_FILE_SYSTEM_CHANGE_NOT_ALLOWED;
    return image_check_revision(self, revision);
}

/* Sets the mask, the UDF revision (0: as it is) and the limit of blocks, all or none.
   IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED when a mask alone leaves a part of the content out of the image. */
static HRESULT set_options(struct image *self, void *iface, const unsigned *file_systems, unsigned revision,
                           const LONG *free_blocks)
{
    struct fs_detail detail = { 0 };
    struct fs_options options;
    enum oi_status status = OI_OK;
    HRESULT hr = S_OK;
    BOOL left_out;

    image_lock(self);
    options = *fs_tree_options(self->tree);
    if (file_systems)
    {
        hr = image_check_changeable(self);
        options.file_systems = *file_systems;
        if (revision) options.udf_revision = revision;
        if (SUCCEEDED(hr)) hr = check_imported(self, options.file_systems, options.udf_revision);
    }
    if (free_blocks) options.block_limit = *free_blocks > 0 ? (uint64_t)*free_blocks : 0;
    if (SUCCEEDED(hr)) status = fs_tree_set_options(self->tree, &options, &detail);
    if (SUCCEEDED(hr) && !status && free_blocks) self->free_blocks = *free_blocks;
    left_out = file_systems && !free_blocks && fs_tree_leaves_out(self->tree);
    image_unlock(self);
    if (FAILED(hr)) return com_fail(iface, hr);
    if (!status && left_out) return IMAPI_S_IMAGE_FEATURE_NOT_SUPPORTED;
    return image_fail_options(iface, status, &detail);
}

HRESULT STDMETHODCALLTYPE image_get_FreeMediaBlocks(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = self->free_blocks;
    image_unlock(self);
    return S_OK;
}

/* 0 and negative numbers mean no limit. */
HRESULT STDMETHODCALLTYPE image_put_FreeMediaBlocks(IFileSystemImage3 *iface, LONG value)
{
    COM_TRACE(iface, "%ld", value);
    return set_options(IMAGE_SELF(iface), iface, NULL, 0, &value);
}

HRESULT STDMETHODCALLTYPE image_get_UsedBlocks(IFileSystemImage3 *iface, LONG *value)
{
    struct image *self = IMAGE_SELF(iface);
    uint64_t blocks = 0;
    enum oi_status status;

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    status = fs_tree_used_blocks(self->tree, &blocks);
    image_unlock(self);
    *value = blocks > MAXLONG ? MAXLONG : (LONG)blocks;
    return fsi_fail(iface, status, NULL);
}

/* --- file systems ------------------------------------------------------------------------------------ */

HRESULT STDMETHODCALLTYPE image_get_FileSystemsToCreate(IFileSystemImage3 *iface, FsiFileSystems *value)
{
    struct image *self = IMAGE_SELF(iface);

    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    image_lock(self);
    *value = (FsiFileSystems)fs_tree_options(self->tree)->file_systems;
    image_unlock(self);
    return S_OK;
}

/* None is taken, and found lacking when the image is created; Joliet does not stand without ISO9660. */
HRESULT STDMETHODCALLTYPE image_put_FileSystemsToCreate(IFileSystemImage3 *iface, FsiFileSystems value)
{
    unsigned file_systems = (unsigned)value;

    COM_TRACE(iface, "%#x", file_systems);
    if (file_systems & ~(unsigned)FS_SUPPORTED ||
        (file_systems & (FS_ISO9660 | FS_JOLIET)) == (unsigned)FS_JOLIET)
        return fsi_invalid(iface, L"newVal");
    return set_options(IMAGE_SELF(iface), iface, &file_systems, 0, NULL);
}

HRESULT STDMETHODCALLTYPE image_get_FileSystemsSupported(IFileSystemImage3 *iface, FsiFileSystems *value)
{
    COM_TRACE(iface, "%p", value);
    if (!value) return com_fail(iface, E_POINTER);
    *value = (FsiFileSystems)FS_SUPPORTED;
    return S_OK;
}

/* --- media ------------------------------------------------------------------------------------------- */

/*
 * The blocks of a blank medium of a type, the usual one where there are several sizes: 80 minutes of CD, the
 * capacities that drives report for single and dual layer DVD, 15 GB of HD DVD, 25 GB of BD (BD-RE with the
 * usual spare areas). A hard disk has no usual size: no limit.
 */
#define BLOCKS_CD 359844
#define BLOCKS_DVD_PLUS 2295104
#define BLOCKS_DVD_DASH_R 2298496
#define BLOCKS_DVD_DASH_RW 2297888
#define BLOCKS_DVD_RAM 2236704
#define BLOCKS_DVD_PLUS_DL 4173824
#define BLOCKS_DVD_DASH_DL 4171712
#define BLOCKS_HD_DVD 7324218
#define BLOCKS_BD_R 12219392
#define BLOCKS_BD_RE 11826176

static const LONG media_blocks[IMAPI_MEDIA_TYPE_MAX + 1] =
{
    [IMAPI_MEDIA_TYPE_UNKNOWN] = -1,
    [IMAPI_MEDIA_TYPE_CDROM] = BLOCKS_CD,
    [IMAPI_MEDIA_TYPE_CDR] = BLOCKS_CD,
    [IMAPI_MEDIA_TYPE_CDRW] = BLOCKS_CD,
    [IMAPI_MEDIA_TYPE_DVDROM] = BLOCKS_DVD_PLUS,
    [IMAPI_MEDIA_TYPE_DVDRAM] = BLOCKS_DVD_RAM,
    [IMAPI_MEDIA_TYPE_DVDPLUSR] = BLOCKS_DVD_PLUS,
    [IMAPI_MEDIA_TYPE_DVDPLUSRW] = BLOCKS_DVD_PLUS,
    [IMAPI_MEDIA_TYPE_DVDPLUSR_DUALLAYER] = BLOCKS_DVD_PLUS_DL,
    [IMAPI_MEDIA_TYPE_DVDDASHR] = BLOCKS_DVD_DASH_R,
    [IMAPI_MEDIA_TYPE_DVDDASHRW] = BLOCKS_DVD_DASH_RW,
    [IMAPI_MEDIA_TYPE_DVDDASHR_DUALLAYER] = BLOCKS_DVD_DASH_DL,
    [IMAPI_MEDIA_TYPE_DISK] = 0,
    [IMAPI_MEDIA_TYPE_DVDPLUSRW_DUALLAYER] = BLOCKS_DVD_PLUS_DL,
    [IMAPI_MEDIA_TYPE_HDDVDROM] = BLOCKS_HD_DVD,
    [IMAPI_MEDIA_TYPE_HDDVDR] = BLOCKS_HD_DVD,
    [IMAPI_MEDIA_TYPE_HDDVDRAM] = BLOCKS_HD_DVD,
    [IMAPI_MEDIA_TYPE_BDROM] = BLOCKS_BD_R,
    [IMAPI_MEDIA_TYPE_BDR] = BLOCKS_BD_R,
    [IMAPI_MEDIA_TYPE_BDRE] = BLOCKS_BD_RE,
};

/* The file systems for a medium: ISO9660 and Joliet for CD, UDF for all others, of the revision that is
   usual on BD there and of the default one elsewhere. */
static HRESULT choose(struct image *self, void *iface, IMAPI_MEDIA_PHYSICAL_TYPE type, LONG free_blocks)
{
    unsigned file_systems = FS_UDF, revision = 0x102;

    switch (type)
    {
    case IMAPI_MEDIA_TYPE_CDROM:
    case IMAPI_MEDIA_TYPE_CDR:
    case IMAPI_MEDIA_TYPE_CDRW:
        file_systems = FS_ISO9660 | FS_JOLIET;
        break;
    case IMAPI_MEDIA_TYPE_BDROM:
    case IMAPI_MEDIA_TYPE_BDR:
    case IMAPI_MEDIA_TYPE_BDRE:
        revision = 0x250;
        break;
    default:
        break;
    }
    return set_options(self, iface, &file_systems, revision, &free_blocks);
}

HRESULT STDMETHODCALLTYPE image_ChooseImageDefaultsForMediaType(IFileSystemImage3 *iface,
                                                                IMAPI_MEDIA_PHYSICAL_TYPE value)
{
    COM_TRACE(iface, "%d", (int)value);
    if ((unsigned)value > IMAPI_MEDIA_TYPE_MAX || media_blocks[value] < 0)
        return fsi_invalid(iface, L"value");
    return choose(IMAGE_SELF(iface), iface, value, media_blocks[value]);
}

/* The recorder belongs to another DLL, or to nobody we know: it is asked through the data writer's
   interface. */
HRESULT STDMETHODCALLTYPE image_ChooseImageDefaults(IFileSystemImage3 *iface, IDiscRecorder2 *recorder)
{
    struct image *self = IMAGE_SELF(iface);
    IMAPI_MEDIA_PHYSICAL_TYPE type = IMAPI_MEDIA_TYPE_UNKNOWN;
    VARIANT_BOOL supported = VARIANT_FALSE;
    IDiscFormat2Data *writer = NULL;
    LONG free_blocks = 0;
    HRESULT hr;

    COM_TRACE(iface, "%p", recorder);
    if (!recorder) return com_fail(iface, E_POINTER);
    image_lock(self);
    hr = image_check_changeable(self);
    image_unlock(self);
    if (FAILED(hr)) return com_fail(iface, hr);
    SetErrorInfo(0, NULL);                          /* see com_forward */
    hr = CoCreateInstance(&CLSID_MsftDiscFormat2Data, NULL, CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER,
                          &IID_IDiscFormat2Data, (void **)&writer);
    if (FAILED(hr)) return com_fail(iface, hr);
    hr = IDiscFormat2Data_put_Recorder(writer, recorder);
    if (SUCCEEDED(hr)) hr = IDiscFormat2Data_get_CurrentPhysicalMediaType(writer, &type);
    if (SUCCEEDED(hr)) hr = IDiscFormat2Data_IsCurrentMediaSupported(writer, recorder, &supported);
    if (SUCCEEDED(hr) && supported) hr = IDiscFormat2Data_get_FreeSectorsOnMedia(writer, &free_blocks);
    IDiscFormat2Data_Release(writer);
    if (FAILED(hr)) return com_forward(iface, hr);
    if (!supported || (unsigned)type > IMAPI_MEDIA_TYPE_MAX || media_blocks[type] < 0)
        return com_fail(iface, E_IMAPI_RECORDER_MEDIA_INCOMPATIBLE);
    if (free_blocks <= 0) return com_fail(iface, IMAPI_E_IMAGE_TOO_BIG);    /* full: 0 would mean no limit */
    return choose(self, iface, type, free_blocks);
}

/* Blocks of the largest medium that a recorder with this profile writes; 0 for one that writes none. */
static LONG profile_blocks(LONG profile)
{
    switch (profile)
    {
    case IMAPI_PROFILE_TYPE_CD_RECORDABLE:
    case IMAPI_PROFILE_TYPE_CD_REWRITABLE:
        return BLOCKS_CD;
    case IMAPI_PROFILE_TYPE_DVD_DASH_RECORDABLE:
        return BLOCKS_DVD_DASH_R;
    case IMAPI_PROFILE_TYPE_DVD_RAM:
        return BLOCKS_DVD_RAM;
    case IMAPI_PROFILE_TYPE_DVD_DASH_REWRITABLE:
    case IMAPI_PROFILE_TYPE_DVD_DASH_RW_SEQUENTIAL:
        return BLOCKS_DVD_DASH_RW;
    case IMAPI_PROFILE_TYPE_DVD_DASH_R_DUAL_SEQUENTIAL:
    case IMAPI_PROFILE_TYPE_DVD_DASH_R_DUAL_LAYER_JUMP:
        return BLOCKS_DVD_DASH_DL;
    case IMAPI_PROFILE_TYPE_DVD_PLUS_RW:
    case IMAPI_PROFILE_TYPE_DVD_PLUS_R:
        return BLOCKS_DVD_PLUS;
    case IMAPI_PROFILE_TYPE_DVD_PLUS_RW_DUAL:
    case IMAPI_PROFILE_TYPE_DVD_PLUS_R_DUAL:
        return BLOCKS_DVD_PLUS_DL;
    case IMAPI_PROFILE_TYPE_BD_R_SEQUENTIAL:
    case IMAPI_PROFILE_TYPE_BD_R_RANDOM_RECORDING:
        return 2 * BLOCKS_BD_R;
    case IMAPI_PROFILE_TYPE_BD_REWRITABLE:
        return 2 * BLOCKS_BD_RE;
    case IMAPI_PROFILE_TYPE_HD_DVD_RECORDABLE:
    case IMAPI_PROFILE_TYPE_HD_DVD_RAM:
        return BLOCKS_HD_DVD;
    default:
        return 0;
    }
}

static LONG largest(SAFEARRAY *profiles)
{
    VARIANT *values;
    LONG most = 0;

    if (!profiles || SafeArrayGetDim(profiles) != 1 || SafeArrayGetElemsize(profiles) != sizeof(VARIANT) ||
        FAILED(SafeArrayAccessData(profiles, (void **)&values)))
        return 0;
    for (ULONG i = 0; i < profiles->rgsabound[0].cElements; i++)
    {
        LONG blocks = V_VT(&values[i]) == VT_I4 ? profile_blocks(V_I4(&values[i])) : 0;

        if (blocks > most) most = blocks;
    }
    SafeArrayUnaccessData(profiles);
    return most;
}

/* The largest disc that the recorder writes, whatever lies in it; 0 (no limit) when it does not say. */
HRESULT STDMETHODCALLTYPE image_SetMaxMediaBlocksFromDevice(IFileSystemImage3 *iface,
                                                            IDiscRecorder2 *recorder)
{
    SAFEARRAY *profiles = NULL;
    LONG blocks;
    HRESULT hr;

    COM_TRACE(iface, "%p", recorder);
    if (!recorder) return com_fail(iface, E_POINTER);
    hr = IDiscRecorder2_get_SupportedProfiles(recorder, &profiles);
    if (FAILED(hr)) return com_fail_args(iface, IMAPI_E_FSI_INTERNAL_ERROR, hr, NULL, 0);
    blocks = largest(profiles);
    SafeArrayDestroy(profiles);
    return set_options(IMAGE_SELF(iface), iface, NULL, 0, &blocks);
}
