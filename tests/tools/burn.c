/*
 * burn MEDIUM DISC IMAGE [append] [quick | full]: burns an image file to the virtual disc DISC with the core
 * alone, and closes the disc unless it shall stay appendable. It is measured beside other burners.
 */
#include "helpers/store_posix.h"
#include "openimapi/burn.h"
#include "openimapi/emu.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct clock_virtual clock;
    struct emu_options recorder;
    struct burn_options options = { .force_close = true, .large_writes = true };
    struct burn_result result;
    struct transport *transport = NULL;
    struct source *source = NULL;
    struct mmc_drive drive;
    enum oi_status status;
    int i;

    if (argc < 4)
    {
        fprintf(stderr, "usage: burn MEDIUM DISC IMAGE [append] [quick | full]\n");
        return 2;
    }
    for (i = 4; i < argc; i++)
    {
        if (!strcmp(argv[i], "append")) options.force_close = false, options.no_compatibility = true;
        if (!strcmp(argv[i], "quick")) options.verify = BURN_VERIFY_QUICK;
        if (!strcmp(argv[i], "full")) options.verify = BURN_VERIFY_FULL;
    }
    clock_virtual_init(&clock);
    emu_options_init(&recorder);
    recorder.store = store_posix();
    recorder.clock = &clock.base;
    recorder.medium = argv[1];
    recorder.disc = argv[2];

    status = source_file_create(argv[3], &source);
    if (!status) status = emu_create(&recorder, &transport);
    if (!status)
    {
        mmc_drive_init(&drive, transport);
        status = burn_data(&drive, source, &options, NULL, &result);
    }
    if (status)
        fprintf(stderr, "burn: %s\n", status_text(status));
    else
        printf("%u blocks from %u on, disc %s\n", result.count, result.start,
               result.closed ? "closed" : "open");
    transport_close(transport);
    source_unref(source);
    return status ? 1 : 0;
}
