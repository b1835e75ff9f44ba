/*
 * The mode pages themselves: defaults, what may be changed, and the capabilities page (2Ah), which is made
 * anew each time because it tells speeds and the state of the lock.
 */
#include "emu_room.h"

#include <string.h>

const uint8_t emu_page_codes[] =
{
    MMC_PAGE_ERROR_RECOVERY, MMC_PAGE_WRITE_PARAMETERS, MMC_PAGE_CACHING, MMC_PAGE_POWER_CONDITION,
    MMC_PAGE_TIMEOUT_PROTECT, MMC_PAGE_CAPABILITIES, 0,
};

struct page
{
    uint8_t code, length;               /* length as in byte 1 */
    const uint8_t *defaults, *changeable;
};

/* SPC/MMC error recovery: automatic reallocation on, 32 retries for reading, none for writing. */
static const uint8_t page_01[12] = { 0x01, 0x0A, 0x80, 0x20 };
static const uint8_t page_01_mask[12] = { 0x01, 0x0A, 0x3D, 0xFF, [8] = 0xFF };

/* Write parameters: BUFE on, further sessions allowed, data blocks of 2048 bytes, pause of 150 blocks. */
static const uint8_t page_05[52] = { 0x05, 0x32, 0x40, 0xC5, 0x08, 0x10, [15] = 150 };
static const uint8_t page_05_mask[52] =
{
    0x05, 0x32, 0x7F, 0xFF, 0x0F, 0xFF, 0x00, 0x3F, 0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF,
};

/* Caching: write cache on. */
static const uint8_t page_08[12] = { 0x08, 0x0A, 0x04 };
static const uint8_t page_08_mask[12] = { 0x08, 0x0A, 0x05 };

static const uint8_t page_1a[12] = { 0x1A, 0x0A };
static const uint8_t page_1a_mask[12] =
{
    0x1A, 0x0A, 0x00, 0x03, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
};

/* Timeout and protect: 8 s and 120 s for the command groups. */
static const uint8_t page_1d[10] = { 0x1D, 0x08, 0, 0, 0, 0, 0, 8, 0, 120 };
static const uint8_t page_1d_mask[10] = { 0x1D, 0x08, 0, 0, 0x07, 0, 0xFF, 0xFF, 0xFF, 0xFF };

static const struct page pages[] =
{
    { 0x01, 0x0A, page_01, page_01_mask },
    { 0x05, 0x32, page_05, page_05_mask },
    { 0x08, 0x0A, page_08, page_08_mask },
    { 0x1A, 0x0A, page_1a, page_1a_mask },
    { 0x1D, 0x08, page_1d, page_1d_mask },
};

#define PAGE_COUNT (sizeof(pages) / sizeof(pages[0]))

static size_t find(uint8_t code)
{
    size_t i = 0;

    while (i < PAGE_COUNT && pages[i].code != code) ++i;
    return i;
}

/* What a disc of this kind is written with when nobody says otherwise. */
static void default_write_parameters(const struct emu_recorder *emu, uint8_t *page)
{
    memcpy(page, page_05, sizeof(page_05));
    if (!emu_disc_present(emu) || emu->disc.medium->family != EMU_CD) return;
    page[2] = 0x41;                     /* track at once */
    page[3] = 0xC4;
    page[5] = 0;
}

/* MMC-5 annex E: capabilities. Speeds are those of the medium in the drive, without one of CD-R. */
static size_t capabilities(const struct emu_recorder *emu, uint8_t *page)
{
    const struct emu_medium *medium = emu_disc_present(emu) ? emu->disc.medium : &emu_media[0];
    uint32_t buffer = emu->options.buffer_size / 1024;
    size_t count = 0, length;

    memset(page, 0, EMU_PAGE_MAX);
    page[0] = MMC_PAGE_CAPABILITIES;
    page[2] = 0x0F;                     /* reads CD-R, CD-RW, method 2, DVD-ROM */
    page[3] = 0x07;                     /* writes CD-R, CD-RW; test write */
    page[4] = 0xD0;                     /* BUF, multi-session, mode 2 form 1 */
    page[6] = (uint8_t)(emu->options.behaviour.no_fixed_tray ? 0x40 : 0x20) | 0x08 | 0x01;
    if (emu->prevent & 1) page[6] |= 0x02;
    put_be16(page + 8, (uint16_t)emu_kilobytes(medium->family, medium->read_speed));
    put_be16(page + 12, (uint16_t)(buffer > 0xFFFF ? 0xFFFF : buffer));
    put_be16(page + 14, (uint16_t)emu->read_speed);
    put_be16(page + 18, (uint16_t)emu_kilobytes(medium->family, medium->speeds[0]));
    put_be16(page + 20, (uint16_t)emu->write_speed);
    put_be16(page + 22, 0x0001);        /* copy management revision */
    put_be16(page + 28, (uint16_t)emu->write_speed);
    for (; medium->speeds[count]; ++count)
    {
        put_be16(page + 34 + 4 * count, (uint16_t)emu_kilobytes(medium->family, medium->speeds[count]));
    }
    put_be16(page + 30, (uint16_t)count);
    length = 32 + 4 * count;
    page[1] = (uint8_t)(length - 2);
    return length;
}

void emu_pages_reset(struct emu_recorder *emu)
{
    for (size_t i = 0; i < PAGE_COUNT; ++i) memcpy(emu->pages[i], pages[i].defaults, pages[i].length + 2u);
    emu_pages_medium(emu);
}

void emu_pages_medium(struct emu_recorder *emu)
{
    const struct emu_medium *medium = emu_disc_present(emu) ? emu->disc.medium : &emu_media[0];

    default_write_parameters(emu, emu->pages[find(MMC_PAGE_WRITE_PARAMETERS)]);
    emu->read_speed = emu_kilobytes(medium->family, medium->read_speed);
    emu->write_speed = emu_kilobytes(medium->family, medium->speeds[0]);
}

size_t emu_page_get(const struct emu_recorder *emu, uint8_t code, enum emu_page_control control, uint8_t *out)
{
    size_t i = find(code), length;

    if (code == MMC_PAGE_CAPABILITIES)
    {
        length = capabilities(emu, out);
        if (control == EMU_PAGE_CHANGEABLE) memset(out + 2, 0, length - 2);
        return length;
    }
    if (i == PAGE_COUNT) return 0;
    length = pages[i].length + 2u;
    if (control == EMU_PAGE_CHANGEABLE) memcpy(out, pages[i].changeable, length);
    else if (control == EMU_PAGE_CURRENT) memcpy(out, emu->pages[i], length);
    else if (code == MMC_PAGE_WRITE_PARAMETERS) default_write_parameters(emu, out);
    else memcpy(out, pages[i].defaults, length);
    return length;
}

void emu_page_set(struct emu_recorder *emu, const uint8_t *page)
{
    size_t i = find(page[0]);

    if (i < PAGE_COUNT) memcpy(emu->pages[i], page, pages[i].length + 2u);
}

const uint8_t *emu_write_parameters(const struct emu_recorder *emu)
{
    return emu->pages[find(MMC_PAGE_WRITE_PARAMETERS)];
}

int emu_software_write_protect(const struct emu_recorder *emu)
{
    return emu->pages[find(MMC_PAGE_TIMEOUT_PROTECT)][4] & 0x01;
}
