/*
 * Everything a burn needs, on a virtual clock: a recorder with a disc in a folder of its own, a fault script
 * in front of it, a source of known content that can misbehave, and callbacks that record what they are told.
 */
#ifndef TESTS_BURN_RIG_H
#define TESTS_BURN_RIG_H

#include "openimapi/burn.h"
#include "openimapi/emu.h"

#define RIG_EVENTS 4096

struct rig_source
{
    struct source base;
    uint32_t seed;
    uint64_t real_size;                 /* there are no bytes behind it, whatever base.size says */
    uint64_t fails_at;                  /* reading this byte or a later one is OI_SOURCE_READ */
    uint64_t bytes_read;
};

struct rig
{
    struct clock_virtual clock;
    struct emu_options options;
    bool in_memory;                     /* folder is empty then, and disc no path */
    char folder[64], disc[96], state[112];
    struct transport *emu;              /* the recorder itself */
    struct transport *transport;        /* what the drive handle speaks to: with faults in front */
    struct mmc_drive drive;
    struct rig_source source;

    struct burn_callbacks callbacks;
    struct burn_progress events[RIG_EVENTS];
    size_t event_count;
    int cancel_at_action;               /* enum burn_action, -1 never */
    size_t cancel_after_events;         /* 0 never */
    void (*on_event)(struct rig *rig, const struct burn_progress *progress);     /* may be NULL */

    struct burn_options burn;
    struct burn_result result;
};

/* Makes the folder; the recorder is there after rig_plug_in. Options may be changed in between. */
void rig_prepare(struct rig *rig, const char *medium);

/* The same with the disc in memory, for who needs thousands. */
void rig_prepare_in_memory(struct rig *rig, const char *medium);
void rig_plug_in(struct rig *rig, const char *faults);

/* Both at once, without faults. */
void rig_open(struct rig *rig, const char *medium);

/* Unplugs and plugs in again, with other faults or without (NULL): another program looks at the disc. */
void rig_again(struct rig *rig, const char *faults);
void rig_close(struct rig *rig);

/* Burns blocks of the content of that seed, with rig->burn. */
enum oi_status rig_burn(struct rig *rig, uint32_t blocks, uint32_t seed);

/* The same, asserting the status; says what the drive said when it is another one. */
void rig_expect(struct rig *rig, uint32_t blocks, uint32_t seed, enum oi_status expected);

/* Asserts that blocks first.. of the disc's image are source blocks from.. of that seed. */
void rig_check_image(struct rig *rig, uint32_t first, uint32_t count, uint32_t seed, uint32_t from);
void rig_check_zeros(struct rig *rig, uint32_t first, uint32_t count);

/* One block of the content. */
void rig_block(uint32_t seed, uint32_t block, uint8_t out[MMC_BLOCK_SIZE]);

/* The medium as a fresh recorder tells it; asserts that the disc is usable. */
void rig_probe(struct rig *rig, struct mmc_medium *medium);

/* How often an action was told. */
size_t rig_count_action(const struct rig *rig, enum burn_action action);

/* Asserts what holds for every event of every burn. */
void rig_check_events(const struct rig *rig);

#endif
