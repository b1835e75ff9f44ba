/* The stage of the burn tests: recorder, faults, source, and a record of what was told. */
#define _XOPEN_SOURCE 700               /* mkdtemp */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "helpers/burn_rig.h"

#include "helpers/store_memory.h"
#include "helpers/store_posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- the source ----------------------------------------------------------------------------------------- */

static void make_block(uint32_t seed, uint32_t block, uint8_t out[MMC_BLOCK_SIZE])
{
    uint64_t x = ((uint64_t)seed << 32 | block) * 0x9E3779B97F4A7C15u + 1;

    for (size_t i = 0; i < MMC_BLOCK_SIZE; i += 8)
    {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        memcpy(out + i, &x, 8);
    }
}

/* The first blocks are kept: thousands of burns want them again. */
void rig_block(uint32_t seed, uint32_t block, uint8_t out[MMC_BLOCK_SIZE])
{
    enum { SEEDS = 8, BLOCKS = 512 };
    static uint8_t kept[SEEDS][BLOCKS][MMC_BLOCK_SIZE];
    static bool known[SEEDS][BLOCKS];

    if (seed >= SEEDS || block >= BLOCKS)
    {
        make_block(seed, block, out);
        return;
    }
    if (!known[seed][block]) make_block(seed, block, kept[seed][block]);
    known[seed][block] = true;
    memcpy(out, kept[seed][block], MMC_BLOCK_SIZE);
}

static enum oi_status rig_source_read(struct source *base, uint64_t offset, void *buffer, size_t size,
                                      size_t *got)
{
    struct rig_source *source = (struct rig_source *)base;
    uint8_t *out = buffer;

    *got = 0;
    if (offset + size > source->fails_at) return OI_SOURCE_READ;
    if (offset >= source->real_size) return OI_OK;
    if (size > source->real_size - offset) size = (size_t)(source->real_size - offset);
    while (*got < size)
    {
        uint8_t block[MMC_BLOCK_SIZE];
        size_t at = (size_t)(offset % MMC_BLOCK_SIZE), part = MMC_BLOCK_SIZE - at;

        if (part > size - *got) part = size - *got;
        rig_block(source->seed, (uint32_t)(offset / MMC_BLOCK_SIZE), block);
        memcpy(out + *got, block + at, part);
        *got += part;
        offset += part;
    }
    source->bytes_read += *got;
    return OI_OK;
}

static void rig_source_destroy(struct source *base) { (void)base; }

static const struct source_ops rig_source_ops = { rig_source_read, rig_source_destroy };

/* --- callbacks ------------------------------------------------------------------------------------------ */

static bool rig_progress(void *context, const struct burn_progress *progress)
{
    struct rig *rig = context;

    if (rig->event_count < RIG_EVENTS) rig->events[rig->event_count] = *progress;
    rig->event_count++;
    if (rig->on_event) rig->on_event(rig, progress);
    if (rig->cancel_after_events && rig->event_count >= rig->cancel_after_events) return false;
    return rig->cancel_at_action != (int)progress->action;
}

size_t rig_count_action(const struct rig *rig, enum burn_action action)
{
    size_t count = 0;

    for (size_t i = 0; i < rig->event_count && i < RIG_EVENTS; i++) count += rig->events[i].action == action;
    return count;
}

void rig_check_events(const struct rig *rig)
{
    for (size_t i = 0; i < rig->event_count && i < RIG_EVENTS; i++)
    {
        const struct burn_progress *event = &rig->events[i];

        assert_int_not_equal(event->count, 0);
        assert_int_not_equal(event->total, 0);
        assert_true(event->last_read >= event->start);
        assert_true(event->last_written >= event->start);
        assert_true((int64_t)event->last_written < (int64_t)event->start + event->count);
        assert_true(event->buffer_used <= event->buffer_total);
        if (i) assert_true(event->elapsed >= event[-1].elapsed);
    }
}

/* --- files: not pressed onto the host's disk at each flush, or thousands of burns take too long --------- */

static enum oi_status no_flush(struct emu_file *file)
{
    (void)file;
    return OI_OK;
}

static struct emu_store *quick_store(void)
{
    static struct emu_store_ops ops;
    static struct emu_store store;

    ops = *store_posix()->ops;
    ops.flush = no_flush;
    store.ops = &ops;
    return &store;
}

/* --- the recorder --------------------------------------------------------------------------------------- */

static void set_up(struct rig *rig, const char *medium, struct emu_store *store)
{
    clock_virtual_init(&rig->clock);
    snprintf(rig->disc, sizeof(rig->disc), "%s/disc.iso", rig->folder);
    snprintf(rig->state, sizeof(rig->state), "%s%s", rig->disc, EMU_STATE_SUFFIX);
    emu_options_init(&rig->options);
    rig->options.store = store;
    rig->options.clock = &rig->clock.base;
    rig->options.medium = medium;
    rig->options.disc = rig->disc;
    rig->callbacks.context = rig;
    rig->callbacks.progress = rig_progress;
    rig->cancel_at_action = -1;
    rig->burn.large_writes = true;
}

void rig_prepare(struct rig *rig, const char *medium)
{
    const char *folder = getenv("OPENIMAPI_TEST_TMP");

    memset(rig, 0, sizeof(*rig));
    snprintf(rig->folder, sizeof(rig->folder), "%.40s/burn-XXXXXX", folder ? folder : "/tmp");
    assert_non_null(mkdtemp(rig->folder));
    set_up(rig, medium, quick_store());
}

void rig_prepare_in_memory(struct rig *rig, const char *medium)
{
    memset(rig, 0, sizeof(*rig));
    rig->in_memory = true;
    set_up(rig, medium, store_memory());
}

void rig_plug_in(struct rig *rig, const char *faults)
{
    size_t line = 0;

    assert_int_equal(emu_create(&rig->options, &rig->emu), OI_OK);
    rig->transport = rig->emu;
    if (faults && transport_fault_create(rig->emu, faults, &line, &rig->transport))
    {
        fail_msg("line %zu of the fault script: %s", line, faults);
    }
    mmc_drive_init(&rig->drive, rig->transport);
}

void rig_open(struct rig *rig, const char *medium)
{
    rig_prepare(rig, medium);
    rig_plug_in(rig, NULL);
}

void rig_again(struct rig *rig, const char *faults)
{
    transport_close(rig->transport);
    rig->transport = NULL;
    rig_plug_in(rig, faults);
}

void rig_close(struct rig *rig)
{
    transport_close(rig->transport);
    if (rig->in_memory)
    {
        store_memory_clear();
        return;
    }
    unlink(rig->disc);
    unlink(rig->state);
    rmdir(rig->folder);
}

enum oi_status rig_burn(struct rig *rig, uint32_t blocks, uint32_t seed)
{
    uint64_t fails_at = rig->source.fails_at, real_size = rig->source.real_size;
    enum oi_status status;

    source_init(&rig->source.base, &rig_source_ops, (uint64_t)blocks * MMC_BLOCK_SIZE);
    rig->source.seed = seed;
    rig->source.fails_at = fails_at ? fails_at : UINT64_MAX;
    rig->source.real_size = real_size ? real_size : rig->source.base.size;
    rig->source.bytes_read = 0;
    rig->event_count = 0;
    status = burn_data(&rig->drive, &rig->source.base, &rig->burn, &rig->callbacks, &rig->result);
    rig->source.fails_at = fails_at;
    rig->source.real_size = real_size;
    rig_check_events(rig);
    return status;
}

void rig_expect(struct rig *rig, uint32_t blocks, uint32_t seed, enum oi_status expected)
{
    enum oi_status status = rig_burn(rig, blocks, seed);
    const struct mmc_failure *failure = &rig->drive.failure;

    if (status == expected) return;
    fail_msg("%s: %s instead of %s; %s %s %06X", rig->options.medium, status_name(status),
             status_name(expected), mmc_opcode_name(failure->opcode), status_name(failure->status),
             (unsigned int)mmc_sense_code(&failure->sense));
}

/* --- the disc ------------------------------------------------------------------------------------------- */

/* Compares blocks first.. of the image with the content of a seed, or with zeros (seed 0). */
static void compare(struct rig *rig, uint32_t first, uint32_t count, uint32_t seed, uint32_t from)
{
    uint8_t expected[MMC_BLOCK_SIZE] = { 0 }, bytes[MMC_BLOCK_SIZE];
    FILE *file = rig->in_memory ? NULL : fopen(rig->disc, "rb");
    uint32_t wrong = UINT32_MAX;

    if (!rig->in_memory) assert_non_null(file);
    for (uint32_t i = 0; i < count && wrong == UINT32_MAX; i++)
    {
        if (seed) rig_block(seed, from + i, expected);
        /* What was never written may lie behind the end of the file. */
        memset(bytes, 0, sizeof(bytes));
        if (!file) store_memory_read(rig->disc, (uint64_t)(first + i) * MMC_BLOCK_SIZE, bytes, sizeof(bytes));
        else if (!i && fseek(file, (long)first * MMC_BLOCK_SIZE, SEEK_SET)) break;
        else (void)!fread(bytes, 1, sizeof(bytes), file);
        if (memcmp(bytes, expected, sizeof(bytes))) wrong = i;
    }
    if (file) fclose(file);
    if (wrong != UINT32_MAX) fail_msg("block %u of the disc is wrong", first + wrong);
}

void rig_check_image(struct rig *rig, uint32_t first, uint32_t count, uint32_t seed, uint32_t from)
{
    compare(rig, first, count, seed, from);
}

void rig_check_zeros(struct rig *rig, uint32_t first, uint32_t count)
{
    compare(rig, first, count, 0, 0);
}

void rig_probe(struct rig *rig, struct mmc_medium *medium)
{
    rig_again(rig, NULL);
    assert_int_equal(emu_medium_status(rig->emu), OI_OK);
    assert_int_equal(mmc_medium_probe(&rig->drive, 3600 * 1000, medium), OI_OK);
}
