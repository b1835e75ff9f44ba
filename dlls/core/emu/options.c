/*
 * What a recorder is when nobody says otherwise, and how long things take.
 */
#include "emu_room.h"

#include <string.h>

const struct emu_times emu_times_instant = { 0 };

const struct emu_times emu_times_realistic =
{
    .load = 8000,
    .opc = 5000,
    .blank_quick = 30000,
    .blank_full = 15 * 60000,
    .format = 60000,
    .format_background = 15 * 60000,
    .sync = 2000,
    .close_track = 5000,
    .close_session = 20000,
    .info_late = 500,
};

void emu_options_init(struct emu_options *options)
{
    memset(options, 0, sizeof(*options));
    options->medium = "none";
    options->vendor = "OPENIMAP";
    options->product = "Virtual Recorder";
    options->revision = "1.00";
    options->serial = "OI0000000001";
    options->max_transfer = 512 * 1024;
    options->buffer_size = 4096 * 1024;
    options->lock_timeout = 5000;
}

void emu_options_from_config(const struct emu_recorder_config *config, struct emu_options *options)
{
    emu_options_init(options);
    options->medium = config->medium ? config->medium : "none";
    options->disc = config->disc;
    options->speed = config->speed;
    if (config->speed) options->times = emu_times_realistic;
}
